//! Runs a program inside a lab that is running: goes in, then becomes the program.
//!
//! In: PID of the lab's agent, and a command line. Out: nothing of its own: input, output and exit code are the program's. A
//! program that cannot be started ends with 127 (not found) or 126, as in a shell.

use crate::lang::{Lang, Text};
use crate::netns::{self, errno};
use rustix::process::{Signal, set_parent_process_death_signal};
use std::ffi::{OsStr, OsString};
use std::io::ErrorKind;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

/// The hidden subcommand: `__enter PID|host user|root PROGRAM ARGS…`.
pub const SUBCOMMAND: &str = "__enter";
/// Instead of a process: stay in the network of the machine.
pub const HOST: &str = "host";

/// The arguments for [`main`].
pub fn arguments(lab: Option<u32>, as_root: bool, command: &[OsString]) -> Vec<OsString> {
    let lab = lab.map_or_else(|| HOST.to_owned(), |pid| pid.to_string());
    let who = if as_root { "root" } else { "user" };
    let mut out: Vec<OsString> = vec![SUBCOMMAND.into(), lab.into(), who.into()];
    out.extend_from_slice(command);
    out
}

/// The process that becomes the program. It ends when the one that started it does.
pub fn main(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    let (Some(lab), Some(who)) = (args.next(), args.next()) else { return ExitCode::from(2) };
    let lab = lab.to_str().and_then(|pid| pid.parse().ok());
    let (why, code) = exec_tied(lab, who == OsStr::new("root"), &args.collect::<Vec<_>>());
    eprintln!("osiscope: {}", why.get(Lang::of_locale(&std::env::var("LANG").unwrap_or_default())));
    ExitCode::from(code)
}

/// Becomes the program. It returns only if that fails: why, and the exit code.
pub fn exec(lab: Option<u32>, as_root: bool, command: &[OsString]) -> (Text, u8) {
    become_program(lab, as_root, command, || ())
}

fn exec_tied(lab: Option<u32>, as_root: bool, command: &[OsString]) -> (Text, u8) {
    // Late: the kernel forgets the signal when a process changes who it is.
    become_program(lab, as_root, command, || {
        let _ = set_parent_process_death_signal(Some(Signal::TERM));
    })
}

fn become_program(lab: Option<u32>, as_root: bool, command: &[OsString], inside: impl FnOnce()) -> (Text, u8) {
    if let Some(pid) = lab
        && let Err(why) = netns::enter(pid, as_root)
    {
        let why = errno::text(why.raw_os_error());
        return (
            Text::new(
                format!("動いているラボ（プロセス {pid}）に入れません：{why}"),
                format!("The running lab (process {pid}) cannot be entered: {why}"),
            ),
            1,
        );
    }
    inside();
    let Some((program, args)) = command.split_first() else { return (Text::same("?"), 2) };
    let error = Command::new(program).args(args).exec();
    let shown = program.to_string_lossy();
    let why = error.raw_os_error().map_or_else(|| error.to_string(), errno::text);
    let text = Text::new(format!("{shown} を起動できません：{why}"), format!("{shown} cannot be started: {why}"));
    (text, if error.kind() == ErrorKind::NotFound { 127 } else { 126 })
}
