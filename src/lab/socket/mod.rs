//! Sockets that write down every call: the real ones of the kernel, asked through tokio.
//!
//! In: what a client or a server wants to do. Out: the same, done, and a [`Call`](crate::trace::Call) for each step:
//! socket, bind, listen, accept, connect, read, write, shutdown, close. They add nothing and change nothing: what goes over
//! the network is what the program asked for, in the same pieces.

mod listener;
mod option;
mod stream;
mod udp;
mod unix;

pub use listener::{BACKLOG, Listener};
pub use option::Opt;
pub use stream::Stream;
pub use udp::Udp;
pub use unix::{Descriptor, Local, LocalListener, LocalStream, pipe};

use super::record::{Ends, Recorder};
use crate::trace::{CallResult, What};
use rustix::net::{AddressFamily, SocketFlags, SocketType, socket_with};
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// What a [`Stream`] reads from and writes to.
pub trait Inner: AsyncRead + AsyncWrite + AsFd + AsRawFd + Unpin + Send {
    /// Its bytes travel in packets, which the capture sees.
    const ON_WIRE: bool;
}

impl Inner for TcpStream {
    const ON_WIRE: bool = true;
}

/// Makes a socket by `make` and writes that down.
fn make<T: AsRawFd>(recorder: &Recorder, kind: &str, make: impl FnOnce() -> io::Result<T>) -> io::Result<(T, Ends)> {
    let mut ends = Ends { fd: -1, ..Ends::default() };
    let what = What::Socket { kind: kind.to_owned() };
    let socket = recorder.call(&mut ends, what, make, |socket, ends| {
        ends.fd = fd(socket);
        CallResult::Fd(ends.fd)
    })?;
    Ok((socket, ends))
}

/// Makes an IP socket that never blocks, for addresses like this one.
fn make_inet(
    recorder: &Recorder,
    kind: SocketType,
    like: SocketAddr,
) -> io::Result<(OwnedFd, Ends)> {
    let family = if like.is_ipv4() {
        AddressFamily::INET
    } else {
        AddressFamily::INET6
    };
    let name = if kind == SocketType::DGRAM {
        "SOCK_DGRAM"
    } else {
        "SOCK_STREAM"
    };
    make(recorder, name, || {
        Ok(socket_with(
            family,
            kind,
            SocketFlags::CLOEXEC | SocketFlags::NONBLOCK,
            None,
        )?)
    })
}

/// The address that the kernel has given a socket.
fn own_address(socket: &OwnedFd) -> Option<SocketAddr> {
    rustix::net::getsockname(socket)
        .ok()
        .and_then(|at| at.try_into().ok())
}

fn fd(socket: &impl AsRawFd) -> RawFd {
    socket.as_raw_fd()
}

/// Closes a socket by dropping it, and writes that down.
fn close<T>(recorder: &Recorder, mut ends: Ends, socket: T) {
    let _ = recorder.call(
        &mut ends,
        What::Close,
        || {
            drop(socket);
            Ok(())
        },
        |(), _| CallResult::Done,
    );
}
