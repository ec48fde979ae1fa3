//! What the kernel said of its sockets, and what an exchange said of itself, each at its time.

use super::Nanos;
use crate::lang::Text;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// All IP sockets of a run's network at one moment, as `sock_diag(7)` told them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sockets {
    /// When the kernel was asked.
    pub at: Nanos,
    pub list: Vec<KernelSocket>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Tcp,
    Udp,
}

/// One socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KernelSocket {
    pub kind: Kind,
    /// The kernel's number for its state (`tcp_states.h`), see [`KernelSocket::state_name`].
    pub state: u8,
    pub local: SocketAddr,
    /// Port 0: not connected.
    pub peer: SocketAddr,
    /// Bytes that the program has not read yet; of a listening socket the connections that wait for `accept`.
    pub recv_q: u32,
    /// Bytes sent and not confirmed, or not sent yet; of a listening socket how many connections may wait.
    pub send_q: u32,
    /// The timer that runs: which, and the milliseconds that are left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timer: Option<(Timer, u32)>,
    /// How often the oldest segment has been sent again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub retransmits: u8,
    /// The inode of the descriptor; 0 once no program holds it any more (TIME_WAIT).
    #[serde(default)]
    pub inode: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub info: Option<TcpInfo>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks for a reference
fn is_zero(n: &u8) -> bool {
    *n == 0
}

/// What a socket waits for (`idiag_timer`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timer {
    Retransmission,
    KeepAlive,
    TimeWait,
    ZeroWindow,
    Other,
}

/// Parts of `struct tcp_info` (`linux/tcp.h`). Times in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TcpInfo {
    pub rto: u32,
    pub rtt: u32,
    pub rttvar: u32,
    /// Segments.
    pub cwnd: u32,
    /// Segments; 2^31 − 1 where no loss has set it yet.
    pub ssthresh: u32,
    /// Bytes.
    pub mss: u32,
    /// Segments under way, and those of them taken for lost.
    pub unacked: u32,
    pub lost: u32,
    /// Segments sent again since the connection began.
    pub retransmitted: u32,
}

impl KernelSocket {
    pub const LISTEN: u8 = 10;

    /// The state's name as `ss` and `netstat` spell it, RFC 9293's where they differ from it.
    pub fn state_name(&self) -> &'static str {
        match (self.kind, self.state) {
            (Kind::Udp, 1) => "CONNECTED",
            (Kind::Udp, _) => "UNCONNECTED",
            (_, 1) => "ESTABLISHED",
            (_, 2) => "SYN-SENT",
            (_, 3 | 12) => "SYN-RECEIVED",
            (_, 4) => "FIN-WAIT-1",
            (_, 5) => "FIN-WAIT-2",
            (_, 6) => "TIME-WAIT",
            (_, 8) => "CLOSE-WAIT",
            (_, 9) => "LAST-ACK",
            (_, Self::LISTEN) => "LISTEN",
            (_, 11) => "CLOSING",
            _ => "CLOSED",
        }
    }

    pub fn is_listening(&self) -> bool {
        self.kind == Kind::Tcp && self.state == Self::LISTEN
    }

    /// The same but for what changes by itself all the time: a timer's rest, measured times.
    pub fn alike(&self, other: &Self) -> bool {
        let still = |s: &Self| {
            let info = s.info.map(|i| (i.cwnd, i.ssthresh, i.unacked, i.lost, i.retransmitted, i.rto));
            let ends = (s.kind, s.state, s.local, s.peer, s.inode);
            (ends, s.recv_q, s.send_q, s.retransmits, s.timer.map(|t| t.0), info)
        };
        still(self) == still(other)
    }
}

/// What an exchange said of itself while it ran: "3 of 5 echoed".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub at: Nanos,
    pub text: Text,
}
