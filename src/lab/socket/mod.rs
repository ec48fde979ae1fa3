//! Sockets that write down every call: the real ones of the kernel, asked through tokio.
//!
//! In: what a client or a server wants to do. Out: the same, done, and a [`Call`](crate::trace::Call) for each step:
//! socket, bind, listen, accept, connect, read, write, shutdown, close. They add nothing and change nothing: what goes over
//! the network is what the program asked for, in the same pieces.

mod listener;
mod stream;
mod udp;

pub use listener::Listener;
pub use stream::Stream;
pub use udp::Udp;

use super::record::{Ends, Recorder};
use crate::trace::{CallResult, What};
use std::io;
use std::os::fd::{AsRawFd, RawFd};

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
