//! Socket options that exchanges set: each is a `setsockopt` of its own, written down like every call.

use crate::lab::record::{Ends, Recorder};
use crate::trace::{CallResult, What};
use rustix::fd::AsFd;
use rustix::net::sockopt;
use std::io;
use std::time::Duration;

/// One option with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opt {
    /// Bind although an old connection of this port is still in TIME_WAIT.
    ReuseAddr,
    /// Send small segments at once: no waiting for the ACK of the one before (Nagle's algorithm, RFC 896).
    NoDelay,
    /// Close at once, by a RST, and forget what was not sent yet.
    LingerZero,
    /// Ask the other side whether it is still there: after this much silence, then this often, so many times.
    KeepAlive {
        idle: Duration,
        interval: Duration,
        probes: u32,
    },
    /// Room for bytes that the program has not read yet; the kernel doubles it.
    ReceiveBuffer(usize),
    /// Room for bytes that the other side has not confirmed yet; the kernel doubles it.
    SendBuffer(usize),
    /// How long what was sent, a SYN included, may stay unconfirmed before the kernel gives up (RFC 5482).
    UserTimeout(Duration),
    /// Which algorithm decides how much may be under way: "reno", "cubic".
    Congestion(&'static str),
}

impl Opt {
    fn value(self) -> (&'static str, String) {
        match self {
            Self::ReuseAddr => ("SO_REUSEADDR", "1".into()),
            Self::NoDelay => ("TCP_NODELAY", "1".into()),
            Self::LingerZero => ("SO_LINGER", "on, 0 s".into()),
            Self::KeepAlive {
                idle,
                interval,
                probes,
            } => (
                "SO_KEEPALIVE",
                format!(
                    "1, TCP_KEEPIDLE {idle:?}, TCP_KEEPINTVL {interval:?}, TCP_KEEPCNT {probes}"
                ),
            ),
            Self::ReceiveBuffer(n) => ("SO_RCVBUF", n.to_string()),
            Self::SendBuffer(n) => ("SO_SNDBUF", n.to_string()),
            Self::UserTimeout(time) => ("TCP_USER_TIMEOUT", format!("{} ms", time.as_millis())),
            Self::Congestion(name) => ("TCP_CONGESTION", name.into()),
        }
    }

    fn apply(self, socket: &impl AsFd) -> io::Result<()> {
        match self {
            Self::ReuseAddr => sockopt::set_socket_reuseaddr(socket, true)?,
            Self::NoDelay => sockopt::set_tcp_nodelay(socket, true)?,
            Self::LingerZero => sockopt::set_socket_linger(socket, Some(Duration::ZERO))?,
            Self::KeepAlive {
                idle,
                interval,
                probes,
            } => {
                sockopt::set_socket_keepalive(socket, true)?;
                sockopt::set_tcp_keepidle(socket, idle)?;
                sockopt::set_tcp_keepintvl(socket, interval)?;
                sockopt::set_tcp_keepcnt(socket, probes)?;
            }
            Self::ReceiveBuffer(n) => sockopt::set_socket_recv_buffer_size(socket, n)?,
            Self::SendBuffer(n) => sockopt::set_socket_send_buffer_size(socket, n)?,
            Self::UserTimeout(time) => {
                let millis = u32::try_from(time.as_millis()).unwrap_or(u32::MAX);
                sockopt::set_tcp_user_timeout(socket, millis)?;
            }
            Self::Congestion(name) => sockopt::set_tcp_congestion(socket, name)?,
        }
        Ok(())
    }

    /// Sets it on this socket and writes that down.
    pub(super) fn set(
        self,
        recorder: &Recorder,
        ends: &mut Ends,
        socket: &impl AsFd,
    ) -> io::Result<()> {
        let (option, value) = self.value();
        let what = What::Setsockopt {
            option: option.to_owned(),
            value,
        };
        recorder.call(ends, what, || self.apply(socket), |(), _| CallResult::Done)
    }
}
