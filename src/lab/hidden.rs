//! The hidden subcommands: the same program file started as one of its helper processes.
//!
//! In: the arguments of the process. Out: its exit code, if it was started as a helper. This must be asked before the
//! process has a second thread, because the agent makes name spaces.

use crate::capture::{helper, rights};
use crate::netns;
use std::path::Path;
use std::process::ExitCode;

use super::{agent, enter};

/// Runs the helper that the arguments name. `None`: this is the program that people start.
pub fn dispatch() -> Option<ExitCode> {
    let args: Vec<String> = std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
    let subcommand = args.get(1).map(String::as_str);
    let rest = args.get(2..).unwrap_or_default();
    match subcommand {
        Some(helper::SUBCOMMAND) => Some(helper::main(rest)),
        // The copy that carries the right to capture must not lend it to anything else.
        _ if is_the_copy(args.first()) => {
            let name = rights::HELPER;
            eprintln!("{name} は osiscope のためにキャプチャするだけです。osiscope を起動してください。");
            eprintln!("{name} only captures for osiscope. Start osiscope instead.");
            Some(ExitCode::from(2))
        }
        _ if rights::runs_with_borrowed_rights() => {
            let exe = std::env::current_exe().unwrap_or_default();
            let (exe, name) = (exe.display(), rights::HELPER);
            eprintln!("この実行ファイルには権限（file capability）が付いています。安全のため、権限は {name} という写しにだけ付けてください。");
            eprintln!("This program file carries capabilities. For safety give them only to a copy named {name}.");
            eprintln!("$ sudo setcap -r '{exe}'");
            Some(ExitCode::from(2))
        }
        Some(agent::SUBCOMMAND) => Some(agent::main(rest)),
        // Names of files need not be text: it takes its arguments as they are.
        Some(enter::SUBCOMMAND) => Some(enter::main(std::env::args_os().skip(2))),
        Some(netns::probe::SUBCOMMAND) => Some(netns::probe::main()),
        _ => None,
    }
}

/// Is this the copy? By the name it was started with, or by the name of its file: the first can be forged.
fn is_the_copy(started_as: Option<&String>) -> bool {
    let named = |path: &Path| path.file_name().is_some_and(|name| name == rights::HELPER);
    started_as.is_some_and(|name| named(Path::new(name))) || std::env::current_exe().is_ok_and(|exe| named(&exe))
}
