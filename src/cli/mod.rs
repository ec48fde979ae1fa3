//! The command line: the window's doors, and all that works without a window.
//!
//! Results go to standard output, everything about them to standard error. Exit codes: 0 done, 1 it could not be done (the
//! reason stands on standard error), 2 the command line is wrong, 130 ended by Ctrl+C (what was captured is kept).

mod columns;
mod doctor;
mod fields;
mod lab;
mod print;
mod read;
mod run;
mod summary;

use crate::lang::{Lang, Text};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  osiscope                          the window
  osiscope capture.pcapng           the window, with this capture
  sudo tcpdump -i lo -w - | osiscope -
                                    the window, with what comes from a pipe
  osiscope lab http                 run an HTTP exchange without a window and tell its story
  osiscope lab tcp-echo -p text=hi -p count=3 -w echo.pcapng
  osiscope run -- python3 talk.py   run a program of your own inside and tell what it sent
  osiscope run -- nc 127.0.0.1 7    the same, inside the lab that is running now, if there is one
  osiscope run --program tcp-echo --language c
                                    compile and run the shipped server and client in C
  osiscope read capture.pcapng      one line a frame
  osiscope read capture.pcapng -T fields -e frame.number -e ip.src -e tcp.seq
                                    columns of fields, as tshark prints them
  osiscope summary capture.pcapng   what the capture holds, in numbers
  osiscope doctor                   what works on this machine, and what would help

No command needs root: exchanges run in a name space of their own.

Exit codes: 0 done; 1 it could not be done; 2 the command line is wrong; 130 ended by Ctrl+C.";

/// See network programming: real programs talk, their real packets are shown layer by layer.
#[derive(Parser)]
#[command(name = "osiscope", version, after_help = EXAMPLES)]
struct Cli {
    /// A .pcap or .pcapng to open in the window; `-` reads one from standard input
    file: Option<PathBuf>,
    /// The language of the window or of the output; else as chosen before, or as the locale says
    #[arg(long, global = true, value_name = "ja|en", value_parser = lang_of)]
    lang: Option<Lang>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Run an exchange without a window: its packets are captured and its story is told line by line
    Lab(lab::Args),
    /// Run a program of your own inside a lab: its packets are captured and told; or join the lab that is running
    Run(run::Args),
    /// Print a capture: one line a frame, or columns of chosen fields as tshark does
    Read(read::Args),
    /// Say what a capture holds: frames, conversations, protocols, marks of the TCP analysis, messages
    Summary(summary::Args),
    /// List every field that can be printed and filtered by
    Fields(fields::Args),
    /// Say what works on this machine, and the commands that would help where something does not
    Doctor,
}

fn lang_of(text: &str) -> Result<Lang, String> {
    match text {
        "ja" => Ok(Lang::Ja),
        "en" => Ok(Lang::En),
        _ => Err("choose ja or en".to_owned()),
    }
}

/// The language of the machine, from the variables in POSIX's order.
pub fn locale() -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|v| std::env::var(v).ok().filter(|v| !v.is_empty()));
    Lang::of_locale(&set.unwrap_or_default())
}

/// Runs the program with the arguments of this process. No thread may exist yet.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    if let (Some(file), Some(_)) = (&cli.file, &cli.command) {
        let words = format!("{} is a file for the window; a command takes its file after its name", file.display());
        Cli::command().error(ErrorKind::ArgumentConflict, words).exit();
    }
    let lang = cli.lang;
    let outcome = match cli.command {
        Some(Command::Lab(args)) => lab::run(&args, lang.unwrap_or_else(locale)),
        Some(Command::Run(args)) => run::run(&args, lang.unwrap_or_else(locale)),
        Some(Command::Read(args)) => read::run(&args),
        Some(Command::Summary(args)) => summary::run(&args, lang.unwrap_or_else(locale)),
        Some(Command::Fields(args)) => fields::run(&args, lang.unwrap_or_else(locale)),
        Some(Command::Doctor) => doctor::run(lang.unwrap_or_else(locale)),
        None => window(cli.file, lang),
    };
    match outcome {
        Ok(code) => code,
        Err(why) => {
            eprintln!("osiscope: {}", why.get(lang.unwrap_or_else(locale)));
            ExitCode::FAILURE
        }
    }
}

#[cfg(feature = "gui")]
fn window(file: Option<PathBuf>, lang: Option<Lang>) -> Result<ExitCode, Text> {
    crate::gui::start(file, lang, locale())?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(not(feature = "gui"))]
fn window(_file: Option<PathBuf>, _lang: Option<Lang>) -> Result<ExitCode, Text> {
    Err(Text::new(
        "このプログラムは窓なしで作られています。窓を使わないコマンド：osiscope lab、osiscope read、osiscope doctor（osiscope --help）",
        "this build has no window. Without one: osiscope lab, osiscope read, osiscope doctor (see osiscope --help)",
    ))
}
