//! The hidden subcommands: the same program file started as one of its helper processes.
//!
//! In: the arguments of the process. Out: its exit code, if it was started as a helper. This must be asked before the
//! process has a second thread, because the agent makes name spaces.

use crate::capture::{helper, rights};
use crate::netns;
use std::path::Path;
use std::process::ExitCode;

use super::agent;

/// Runs the helper that the arguments name. `None`: this is the program that people start.
pub fn dispatch() -> Option<ExitCode> {
    let args: Vec<String> = std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
    let subcommand = args.get(1).map(String::as_str);
    let rest = args.get(2..).unwrap_or_default();
    match subcommand {
        Some(helper::SUBCOMMAND) => Some(helper::main(rest)),
        // The copy that carries the right to capture must not lend it to anything else.
        _ if only_captures(args.first()) => {
            eprintln!(
                "{0} only captures for osiscope; start osiscope instead.\n{0} は osiscope のためにキャプチャするだけです。osiscope を起動してください。",
                rights::HELPER
            );
            Some(ExitCode::from(2))
        }
        Some(agent::SUBCOMMAND) => Some(agent::main(rest)),
        Some(netns::probe::SUBCOMMAND) => Some(netns::probe::main()),
        _ => None,
    }
}

/// Is this the copy? By the name it was started with, by the name of its file (the first can be forged), or because the
/// kernel says that it has rights its caller has not (the second can be changed by whoever installs it).
fn only_captures(started_as: Option<&String>) -> bool {
    let is_copy = |path: &Path| path.file_name().is_some_and(|name| name == rights::HELPER);
    started_as.is_some_and(|name| is_copy(Path::new(name)))
        || std::env::current_exe().is_ok_and(|exe| is_copy(&exe))
        || rights::runs_with_borrowed_rights()
}
