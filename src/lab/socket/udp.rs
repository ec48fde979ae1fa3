//! A UDP socket.

use super::{close, make_inet};
use crate::lab::record::{Ends, Recorder};
use crate::trace::{Addr, CallResult, What};
use rustix::net::{SocketType, bind};
use std::io;
use std::net::SocketAddr;
use tokio::net::UdpSocket;

pub struct Udp {
    inner: Option<UdpSocket>,
    recorder: Recorder,
    ends: Ends,
}

impl Udp {
    /// socket, and bind if an address is given: a server needs one that clients know, a client takes what it gets.
    pub fn open(recorder: Recorder, at: Option<SocketAddr>) -> io::Result<Self> {
        let like = at.unwrap_or_else(|| (std::net::Ipv4Addr::UNSPECIFIED, 0).into());
        let (socket, mut ends) = make_inet(&recorder, SocketType::DGRAM, like)?;
        if let Some(at) = at {
            let bound = recorder.call(
                &mut ends,
                What::Bind { to: at.into() },
                || Ok(bind(&socket, &at)?),
                |(), ends| {
                    ends.local = Some(at.into());
                    CallResult::Done
                },
            );
            if let Err(e) = bound {
                close(&recorder, ends, socket);
                return Err(e);
            }
        }
        let inner = UdpSocket::from_std(socket.into())?;
        if at.is_some() {
            // Port 0 asks for any: now it is known.
            ends.local = inner.local_addr().ok().map(Addr::Inet);
        }
        Ok(Self { inner: Some(inner), recorder, ends })
    }

    pub fn local(&self) -> Option<SocketAddr> {
        self.ends.local.as_ref().and_then(Addr::inet)
    }

    fn inner(&self) -> io::Result<&UdpSocket> {
        self.inner.as_ref().ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    /// Sets the address of the other end: nothing is sent. Only a connected socket is told that its port was unreachable.
    pub async fn connect(&mut self, to: SocketAddr) -> io::Result<()> {
        let inner = self.inner.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        self.recorder
            .wait(
                &mut self.ends,
                What::Connect { to: to.into() },
                inner.connect(to),
                |(), ends| {
                    (ends.local, ends.peer) =
                        (inner.local_addr().ok().map(Addr::Inet), Some(to.into()));
                    CallResult::Done
                },
            )
            .await
    }

    /// Sends one datagram, to the connected address (as `send` does) if none is given.
    pub async fn send(&self, bytes: &[u8], to: Option<SocketAddr>) -> io::Result<usize> {
        let inner = self.inner()?;
        let mut ends = Ends {
            peer: to.map(Addr::Inet).or(self.ends.peer.clone()),
            ..self.ends.clone()
        };
        let Some(peer) = ends.peer.clone() else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        let send = async {
            match to {
                Some(to) => inner.send_to(bytes, to).await,
                None => inner.send(bytes).await,
            }
        };
        let what = What::Sendto {
            to: peer,
            bytes: bytes.len() as u64,
        };
        let sent = self.recorder.wait(&mut ends, what, send, |n, ends| {
            // A socket that was never bound has an address from its first datagram on.
            ends.local = inner
                .local_addr()
                .ok()
                .map(Addr::Inet)
                .or(ends.local.take());
            CallResult::Bytes(*n as u64)
        });
        sent.await
    }

    /// Waits for one datagram.
    pub async fn receive(&self, buf: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        let inner = self.inner()?;
        let mut ends = self.ends.clone();
        let what = What::Recvfrom {
            up_to: buf.len() as u64,
        };
        self.recorder
            .wait(&mut ends, what, inner.recv_from(buf), |(n, from), ends| {
                ends.peer = Some((*from).into());
                CallResult::Bytes(*n as u64)
            })
            .await
    }
}

impl Drop for Udp {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.take() {
            close(&self.recorder, self.ends.clone(), inner);
        }
    }
}
