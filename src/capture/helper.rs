//! The capturing process: `osiscope __capture`, or the copy `osiscope-capture` that carries the right to capture.
//!
//! In: arguments; a pipe on standard input that means "go on" while it is open. Out: pcapng on standard output, one line of
//! JSON (a [`Text`]) on standard error if it fails. It must not outlive its parent and must not do anything else: the copy
//! has a right that its caller has not.

use super::{live, rights};
use crate::lang::Text;
use crate::netns::errno;
use rustix::pipe::fcntl_setpipe_size;
use rustix::process::{Signal, set_parent_process_death_signal};
use serde::{Deserialize, Serialize};
use std::process::ExitCode;

/// The hidden subcommand.
pub const SUBCOMMAND: &str = "__capture";

/// The answer to `__capture --probe`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    pub version: String,
    /// 0: it may capture. Else the errno of `socket(AF_PACKET)`.
    pub errno: i32,
}

/// The whole process. `args`: what follows the subcommand.
pub fn main(args: &[String]) -> ExitCode {
    // Here and not before exec: the kernel clears it when a program file with capabilities is started.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    if args.first().is_some_and(|a| a == "--probe") {
        let errno = rights::may_capture().err().map_or(0, |e| e.raw_os_error());
        let probe = Probe { version: env!("CARGO_PKG_VERSION").to_owned(), errno };
        println!("{}", serde_json::to_string(&probe).unwrap_or_default());
        return ExitCode::SUCCESS;
    }
    match parse(args).and_then(|options| capture(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("{}", serde_json::to_string(&text).unwrap_or_default());
            ExitCode::FAILURE
        }
    }
}

fn capture(options: &live::Options) -> Result<(), Text> {
    // libpcap reports a missing right in words that differ between its versions; the kernel says it plainly.
    if let Err(e) = rights::may_capture() {
        let why = errno::text(e.raw_os_error());
        return Err(Text::new(
            format!("キャプチャする権限がありません（socket(AF_PACKET)：{why}）。"),
            format!("The right to capture is missing (socket(AF_PACKET): {why})."),
        ));
    }
    let capture = live::open(options)?;
    let out = std::io::stdout();
    // A larger pipe, so that a slow reader costs fewer wake-ups; the default will do if it is refused.
    let _ = fcntl_setpipe_size(&out, 1 << 20);
    live::run(capture, options, out, std::io::stdin())
}

/// The arguments that a parent passes.
pub fn arguments(options: &live::Options) -> Vec<String> {
    let words = [
        SUBCOMMAND,
        "--interface",
        &options.interface,
        "--filter",
        &options.filter,
        "--buffer-mib",
        &options.buffer_mib.to_string(),
    ];
    words.map(str::to_owned).to_vec()
}

fn parse(args: &[String]) -> Result<live::Options, Text> {
    let mut options = live::Options { interface: "lo".into(), filter: String::new(), buffer_mib: 16 };
    for pair in args.chunks(2) {
        match pair {
            [name, value] if name == "--interface" => options.interface.clone_from(value),
            [name, value] if name == "--filter" => options.filter.clone_from(value),
            // The upper end keeps a helper with a right from taking the machine's memory.
            [name, value] if name == "--buffer-mib" && matches!(value.parse::<u16>(), Ok(1..=256)) => {
                options.buffer_mib = value.parse().unwrap_or(16);
            }
            other => {
                let what = other.join(" ");
                return Err(Text::new(format!("引数が不正です：{what}"), format!("Bad argument: {what}")));
            }
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn the_arguments_a_parent_passes_are_understood_again() {
        let options = live::Options { interface: "any".into(), filter: "tcp port 80".into(), buffer_mib: 64 };
        let args = arguments(&options);
        assert_eq!(args.first().map(String::as_str), Some(SUBCOMMAND));
        assert_eq!(parse(args.get(1..).unwrap()).unwrap(), options);
    }

    #[test]
    fn an_unknown_or_huge_argument_is_refused() {
        for args in [["--write", "/etc/passwd"], ["--buffer-mib", "9999"], ["--buffer-mib", "0"]] {
            assert!(parse(&args.map(str::to_owned)).is_err(), "{args:?}");
        }
    }
}
