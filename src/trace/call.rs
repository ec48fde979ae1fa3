//! Socket calls of a lab run: what a program asked its kernel to do, when, and what it was told.

use super::Nanos;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// Whose program it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Host {
    Client,
    Server,
}

impl Host {
    pub const BOTH: [Self; 2] = [Self::Client, Self::Server];

    pub fn index(self) -> usize {
        match self {
            Self::Client => 0,
            Self::Server => 1,
        }
    }
}

/// Which call, with its arguments. Names are those of the POSIX calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Socket { kind: String },
    Bind { to: SocketAddr },
    Listen { backlog: u32 },
    Accept,
    Connect { to: SocketAddr },
    Write { bytes: u64 },
    Read { up_to: u64 },
    Sendto { to: SocketAddr, bytes: u64 },
    Recvfrom { up_to: u64 },
    Shutdown,
    Close,
}

impl What {
    /// The call's name as in a manual page: "connect".
    pub fn name(&self) -> &'static str {
        match self {
            Self::Socket { .. } => "socket",
            Self::Bind { .. } => "bind",
            Self::Listen { .. } => "listen",
            Self::Accept => "accept",
            Self::Connect { .. } => "connect",
            Self::Write { .. } => "write",
            Self::Read { .. } => "read",
            Self::Sendto { .. } => "sendto",
            Self::Recvfrom { .. } => "recvfrom",
            Self::Shutdown => "shutdown",
            Self::Close => "close",
        }
    }
}

/// What the kernel answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallResult {
    Done,
    /// Bytes written or read; 0 from a read means the other side has closed.
    Bytes(u64),
    /// A new descriptor (`socket`, `accept`).
    Fd(i32),
    /// The errno's name and the system's sentence: "ECONNREFUSED", "Connection refused".
    Failed { errno: i32, text: String },
    /// The run was cancelled while the program still waited in this call.
    Cancelled,
}

/// One socket call, recorded around the operation on the clock of the capture. Under tokio a call is one operation, from
/// its first poll until it is ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    pub at_enter: Nanos,
    pub at_return: Nanos,
    pub host: Host,
    pub fd: i32,
    pub what: What,
    pub result: CallResult,
    /// The socket's own address, once it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local: Option<SocketAddr>,
    /// The other end's address, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<SocketAddr>,
    /// How often the kernel said "not yet" (EAGAIN, EINPROGRESS) while the program waited.
    #[serde(default)]
    pub waits: u32,
}

impl Call {
    /// The first thirty-some characters a person needs: `connect(127.0.0.1:80)`, `write(82 B)`.
    pub fn text(&self) -> String {
        match &self.what {
            What::Socket { kind } => format!("socket({kind})"),
            What::Bind { to } | What::Connect { to } => format!("{}({to})", self.what.name()),
            What::Listen { backlog } => format!("listen({backlog})"),
            What::Write { bytes } | What::Sendto { bytes, .. } => format!("{}({bytes} B)", self.what.name()),
            What::Accept | What::Read { .. } | What::Recvfrom { .. } | What::Shutdown | What::Close => {
                format!("{}()", self.what.name())
            }
        }
    }
}
