//! A listening TCP socket.

use super::{Stream, close, fd, make};
use crate::lab::record::{Ends, Recorder};
use crate::trace::{CallResult, What};
use std::io;
use std::net::SocketAddr;
use tokio::net::{TcpListener, TcpSocket};

/// How many finished handshakes may wait for `accept`.
const BACKLOG: u32 = 16;

pub struct Listener {
    inner: Option<TcpListener>,
    recorder: Recorder,
    ends: Ends,
}

impl Listener {
    /// socket, bind, listen.
    pub fn open(recorder: Recorder, at: SocketAddr) -> io::Result<Self> {
        let (socket, mut ends) = make(&recorder, "SOCK_STREAM", TcpSocket::new_v4)?;
        // A run right after a cancelled one must not wait for the old connection's TIME_WAIT.
        let _ = socket.set_reuseaddr(true);
        let bound = recorder.call(&mut ends, What::Bind { to: at }, || socket.bind(at), |(), ends| {
            ends.local = socket.local_addr().ok();
            CallResult::Done
        });
        if let Err(e) = bound {
            close(&recorder, ends, socket);
            return Err(e);
        }
        let listening = recorder.call(
            &mut ends,
            What::Listen { backlog: BACKLOG },
            || socket.listen(BACKLOG),
            |_, _| CallResult::Done,
        );
        match listening {
            Ok(inner) => Ok(Self { inner: Some(inner), recorder, ends }),
            Err(e) => {
                close(&recorder, ends, ());
                Err(e)
            }
        }
    }

    pub fn local(&self) -> Option<SocketAddr> {
        self.ends.local
    }

    /// Waits for the next connection.
    pub async fn accept(&mut self) -> io::Result<Stream> {
        let Some(inner) = &self.inner else { return Err(io::ErrorKind::NotConnected.into()) };
        let mut ends = self.ends;
        let (stream, peer) = self
            .recorder
            .wait(&mut ends, What::Accept, inner.accept(), |(stream, peer), ends| {
                ends.peer = Some(*peer);
                CallResult::Fd(fd(stream))
            })
            .await?;
        let ends = Ends { fd: fd(&stream), local: stream.local_addr().ok(), peer: Some(peer) };
        Ok(Stream::new(stream, self.recorder.clone(), ends))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.take() {
            close(&self.recorder, self.ends, inner);
        }
    }
}
