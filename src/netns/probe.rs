//! Finds out whether a rootless lab works here, by trying it in a process that is thrown away.
//!
//! In: the path of this program. Out: a [`Report`]. Only trying tells: on some systems `unshare` succeeds and a later step fails.

use super::error::{NetnsError, Settings, Step};
use super::make::{make, packet_socket};
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::process::{Command, ExitCode, Stdio};

/// The hidden subcommand that the probing process is started with.
pub const SUBCOMMAND: &str = "__probe";

/// What the probing process says: one line of JSON on its standard output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    Works,
    Fails(NetnsError),
    /// The probing process could not be started or said nothing sensible.
    Silent(String),
}

/// Runs `exe __probe` and reads its answer. Takes 15 to 50 ms.
pub fn probe(exe: impl AsRef<OsStr>) -> Report {
    let run = Command::new(exe).arg(SUBCOMMAND).stdin(Stdio::null()).stderr(Stdio::null()).output();
    match run {
        Err(e) => Report::Silent(e.to_string()),
        Ok(out) => serde_json::from_slice(&out.stdout).unwrap_or_else(|e| Report::Silent(format!("{} ({e})", out.status))),
    }
}

/// The probing process itself: makes the name spaces, opens a packet socket inside, reports and ends.
pub fn main() -> ExitCode {
    let tried = make().and_then(|_| {
        packet_socket().map_err(|e| NetnsError { step: Step::PacketSocket, errno: e.raw_os_error() })
    });
    let report = match tried {
        Ok(()) => Report::Works,
        Err(error) => Report::Fails(error),
    };
    println!("{}", serde_json::to_string(&report).unwrap_or_default());
    ExitCode::SUCCESS
}

impl Report {
    /// The error with this kernel's advice, if there is one.
    pub fn advice(&self) -> Option<(crate::lang::Text, Option<String>)> {
        match self {
            Self::Fails(error) => Some(error.advice(Settings::read())),
            Self::Works | Self::Silent(_) => None,
        }
    }
}
