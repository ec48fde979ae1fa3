//! A listening TCP socket.

use super::{Opt, Stream, close, fd, make_inet, own_address};
use crate::lab::record::{Ends, Recorder};
use crate::trace::{Addr, CallResult, What};
use rustix::net::SocketType;
use std::io;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// How many finished handshakes may wait for `accept`.
pub const BACKLOG: u32 = 16;

pub struct Listener {
    inner: Option<TcpListener>,
    recorder: Recorder,
    ends: Ends,
}

impl Listener {
    /// socket, bind, listen. A run right after a cancelled one must not wait for the old connection's TIME_WAIT.
    pub fn open(recorder: Recorder, at: SocketAddr) -> io::Result<Self> {
        Self::open_with(recorder, at, BACKLOG, &[Opt::ReuseAddr])
    }

    /// The same with options of one's own choice. Of a backlog of n the kernel lets n + 1 connections wait for `accept`.
    pub fn open_with(
        recorder: Recorder,
        at: SocketAddr,
        backlog: u32,
        options: &[Opt],
    ) -> io::Result<Self> {
        let (socket, mut ends) = make_inet(&recorder, SocketType::STREAM, at)?;
        let mut prepare = || {
            options
                .iter()
                .try_for_each(|o| o.set(&recorder, &mut ends, &socket))?;
            let bind = || Ok(rustix::net::bind(&socket, &at)?);
            recorder.call(&mut ends, What::Bind { to: at.into() }, bind, |(), ends| {
                ends.local = own_address(&socket).map(Addr::Inet);
                CallResult::Done
            })?;
            let listen = || {
                Ok(rustix::net::listen(
                    &socket,
                    i32::try_from(backlog).unwrap_or(i32::MAX),
                )?)
            };
            recorder.call(&mut ends, What::Listen { backlog }, listen, |(), _| {
                CallResult::Done
            })
        };
        if let Err(e) = prepare() {
            close(&recorder, ends, socket);
            return Err(e);
        }
        Ok(Self {
            inner: Some(TcpListener::from_std(socket.into())?),
            recorder,
            ends,
        })
    }

    pub fn local(&self) -> Option<SocketAddr> {
        self.ends.local.as_ref().and_then(Addr::inet)
    }

    /// Waits for the next connection.
    pub async fn accept(&mut self) -> io::Result<Stream> {
        let Some(inner) = &self.inner else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        let mut ends = self.ends.clone();
        let (stream, peer) = self
            .recorder
            .wait(
                &mut ends,
                What::Accept,
                inner.accept(),
                |(stream, peer), ends| {
                    ends.peer = Some((*peer).into());
                    CallResult::Fd(fd(stream))
                },
            )
            .await?;
        let ends = Ends {
            fd: fd(&stream),
            local: stream.local_addr().ok().map(Addr::Inet),
            peer: Some(peer.into()),
        };
        Ok(Stream::new(stream, self.recorder.clone(), ends))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.take() {
            close(&self.recorder, self.ends.clone(), inner);
        }
    }
}
