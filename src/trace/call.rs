//! Socket calls of a lab run: what a program asked its kernel to do, when, and what it was told.

use super::Nanos;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// Whose program it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

/// Where a socket is: an IP address and a port, or the path of a Unix socket.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Addr {
    Inet(SocketAddr),
    /// "" is a Unix socket without a name: the client's end mostly is one.
    Path(String),
}

impl Addr {
    /// The address and port; a Unix socket has none.
    pub fn inet(&self) -> Option<SocketAddr> {
        match self {
            Self::Inet(at) => Some(*at),
            Self::Path(_) => None,
        }
    }

    pub fn port(&self) -> Option<u16> {
        self.inet().map(|at| at.port())
    }

    pub fn ip(&self) -> Option<IpAddr> {
        self.inet().map(|at| at.ip())
    }
}

impl From<SocketAddr> for Addr {
    fn from(at: SocketAddr) -> Self {
        Self::Inet(at)
    }
}

impl fmt::Display for Addr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inet(at) => at.fmt(f),
            Self::Path(path) if path.is_empty() => f.write_str("(unnamed)"),
            Self::Path(path) => f.write_str(path),
        }
    }
}

/// Which call, with its arguments. Names are those of the POSIX calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// "SOCK_STREAM", "AF_UNIX SOCK_SEQPACKET"; without a family it is AF_INET.
    Socket {
        kind: String,
    },
    /// "SO_REUSEADDR" is "1"; "SO_LINGER" is "on, 0 s".
    Setsockopt {
        option: String,
        value: String,
    },
    Bind {
        to: Addr,
    },
    Listen {
        backlog: u32,
    },
    Accept,
    Connect {
        to: Addr,
    },
    Write {
        bytes: u64,
    },
    Read {
        up_to: u64,
    },
    Sendto {
        to: Addr,
        bytes: u64,
    },
    Recvfrom {
        up_to: u64,
    },
    Shutdown,
    Close,
    /// Makes a pipe; the call's `fd` is its reading end.
    Pipe,
    /// Removes a name from the file system: a Unix socket's path stays behind its socket.
    Unlink {
        path: String,
    },
    /// No call of the kernel but a step of the program itself, under the name its text gives it: "handler GET /users/1".
    Step {
        name: String,
    },
}

impl What {
    /// The call's name as in a manual page: "connect"; a step of the program by its first word: "handler".
    pub fn name(&self) -> &str {
        match self {
            Self::Socket { .. } => "socket",
            Self::Setsockopt { .. } => "setsockopt",
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
            Self::Pipe => "pipe",
            Self::Unlink { .. } => "unlink",
            Self::Step { name } => name.split(' ').next().unwrap_or_default(),
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
    /// Which of the host's programs, from 0: a chat has several clients.
    #[serde(default, skip_serializing_if = "is_first")]
    pub program: u8,
    pub fd: i32,
    pub what: What,
    pub result: CallResult,
    /// The socket's own address, once it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local: Option<Addr>,
    /// The other end's address, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<Addr>,
    /// How often the kernel said "not yet" (EAGAIN, EINPROGRESS) while the program waited.
    #[serde(default)]
    pub waits: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks for a reference
fn is_first(program: &u8) -> bool {
    *program == 0
}

impl Call {
    /// The first thirty-some characters a person needs: `connect(127.0.0.1:80)`, `write(82 B)`.
    pub fn text(&self) -> String {
        match &self.what {
            What::Socket { kind } => format!("socket({kind})"),
            What::Setsockopt { option, value } => format!("setsockopt({option}, {value})"),
            What::Bind { to } | What::Connect { to } => format!("{}({to})", self.what.name()),
            What::Listen { backlog } => format!("listen({backlog})"),
            What::Write { bytes } | What::Sendto { bytes, .. } => {
                format!("{}({bytes} B)", self.what.name())
            }
            What::Unlink { path } => format!("unlink({path})"),
            What::Step { name } => name.clone(),
            What::Accept
            | What::Read { .. }
            | What::Recvfrom { .. }
            | What::Shutdown
            | What::Close
            | What::Pipe => format!("{}()", self.what.name()),
        }
    }

    /// Who called: "client", "client 2", "server".
    pub fn who(&self) -> String {
        match self.program {
            0 => self.host.name().to_owned(),
            n => format!("{} {}", self.host.name(), u32::from(n) + 1),
        }
    }

    /// The bytes that it moved; nothing where it failed or moves none.
    pub fn bytes(&self) -> u64 {
        match self.result {
            CallResult::Bytes(n) => n,
            _ => 0,
        }
    }

    /// The errno it failed with.
    pub fn errno(&self) -> Option<i32> {
        match self.result {
            CallResult::Failed { errno, .. } => Some(errno),
            _ => None,
        }
    }

    /// The kernel was asked; a step of the program is no call.
    pub fn is_call(&self) -> bool {
        !matches!(self.what, What::Step { .. })
    }
}
