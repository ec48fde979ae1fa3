//! `osiscope run`: a program inside a lab's network, its packets captured.
//!
//! In: a command line, or the name of an exchange whose shipped programs are meant. Out: the program's own input, output and exit
//! code; the story of its packets on standard error when it has ended; a capture file. Where a lab of this user runs already,
//! the program joins it instead, and that lab's window shows the packets.

use super::lab::{INTERRUPTED, Story, on_interrupt, write};
use super::print::Out;
use crate::app::lab::Running as Run;
use crate::app::{Action, Effect, Loading, Model, Prefs, World, update};
use crate::engine::Engine;
use crate::engine::folders::Folders;
use crate::lab::programs::{self, ready::ready};
use crate::lab::running::{Running, labs, sockets};
use crate::lab::{enter, session};
use crate::lang::{Lang, Text};
use crate::timeline::{Language, Place, RunSpec};
use crate::trace::Host;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::ffi::OsString;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

/// How soon the end of a program is noticed.
const LOOK: Duration = Duration::from_millis(15);
/// A shipped server must listen by then.
const LISTENS_WITHIN: Duration = Duration::from_secs(10);
/// A server may go on so long after its client, while it still talks …
const TALKS_ON: Duration = Duration::from_secs(5);
/// … and so long if it only waits for the next one.
const WAITS_ON: Duration = Duration::from_millis(200);
/// A program may take so long to end when it was asked to.
const GRACE: Duration = Duration::from_secs(1);

#[derive(clap::Args)]
pub struct Args {
    /// The program and its arguments; with --program: arguments for both of its programs
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "PROGRAM")]
    command: Vec<OsString>,
    /// Run the shipped server and client of this exchange instead, for example tcp-echo
    #[arg(long, value_name = "EXCHANGE")]
    program: Option<String>,
    /// The language of the shipped programs
    #[arg(long, value_name = "go|python|c|rust", default_value = "python", value_parser = language_of, requires = "program")]
    language: Language,
    /// Join the running lab of this agent's process id
    #[arg(long = "in", value_name = "PID", conflicts_with_all = ["new", "write", "program", "place"])]
    inside: Option<u32>,
    /// Make a new lab, even if one is running
    #[arg(long)]
    new: bool,
    /// Where: a network of its own (no right needed), or this machine's loopback (needs the right to capture)
    #[arg(long, value_name = "own|loopback", default_value = "own", value_parser = ["own", "loopback"])]
    place: String,
    /// Be root over the lab's network, for tcpdump or ip; files are still yours only
    #[arg(long)]
    root: bool,
    /// Write the capture to this file; .pcap or .pcapng
    #[arg(short, long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Do not tell the story, only run and write
    #[arg(short, long)]
    quiet: bool,
}

fn language_of(text: &str) -> Result<Language, String> {
    Language::by_name(text).ok_or_else(|| "choose go, python, c or rust".to_owned())
}

/// Runs the program to its end. The exit code is the program's; 1 if the lab failed; 126 or 127 if the program cannot be started.
pub fn run(args: &Args, lang: Lang) -> Result<ExitCode, Text> {
    if args.command.is_empty() && args.program.is_none() {
        return Err(Text::new(
            "プログラムを書いてください。例：osiscope run -- nc 127.0.0.1 7、または --program tcp-echo",
            "name a program, for example: osiscope run -- nc 127.0.0.1 7, or --program tcp-echo",
        ));
    }
    let own = args.place == "own";
    let wants_its_own = args.new || args.write.is_some() || args.program.is_some() || !own;
    if let Some(pid) = args.inside {
        return Ok(join(pid, args, lang));
    }
    if !wants_its_own && let Some(lab) = labs().pop() {
        let (name, pid) = (lab.spec.exchange.as_deref().unwrap_or("run"), lab.pid);
        let said = lang.pick(
            format!("動いているラボ（{name}、プロセス {pid}）の中で実行します。新しく作るときは --new"),
            format!("runs inside the lab that is running ({name}, process {pid}); --new makes another"),
        );
        eprintln!("osiscope: {said}");
        return Ok(join(pid, args, lang));
    }
    // Compiled first: a lab is not to wait for that.
    let folder = Folder::new()?;
    let cast = match &args.program {
        None => Cast::alone(args.command.clone()),
        Some(exchange) => Cast::shipped(exchange, args.language, &args.command, &folder.0)?,
    };
    new_lab(args, cast, own, lang)
}

/// Becomes the program, inside. It returns only if that fails.
fn join(pid: u32, args: &Args, lang: Lang) -> ExitCode {
    let (why, code) = enter::exec(Some(pid), args.root, &args.command);
    eprintln!("osiscope: {}", why.get(lang));
    ExitCode::from(code)
}

/// A new lab that only captures, with the programs put into it.
fn new_lab(args: &Args, mut cast: Cast, own: bool, lang: Lang) -> Result<ExitCode, Text> {
    cast.as_root = args.root;
    let place = match own {
        true => Place::Own,
        false => Place::Interface { name: "lo".to_owned(), filter: String::new() },
    };
    let spec = RunSpec { exchange: None, params: Default::default(), place };
    let mut model = Model::new(Prefs::default(), lang);
    let (wake_to, woken) = sync_channel::<()>(1);
    let wake = Arc::new(move || {
        let _ = wake_to.try_send(());
    });
    let mut engine = Engine::new(wake, Folders::of_environment());
    model.lab.running = Some(Run { spec: spec.clone(), started: false, stopping: false });
    model.loading = Some(Loading { read: 0, total: None });
    engine.run(vec![Effect::Run { spec, generation: model.generation }], &model.prefs);

    let interrupted = on_interrupt();
    let mut story = Story::new(lang, Out::beside(), args.quiet);
    let mut outcome = None;
    loop {
        let _ = woken.recv_timeout(LOOK);
        let mut news = engine.news(Duration::from_millis(50));
        let ready = model.lab.running.as_ref().is_some_and(|r| r.started && !r.stopping);
        if ready && outcome.is_none() {
            let inside = own.then(own_lab).transpose()?.map(|lab| lab.pid);
            outcome = cast.go_on(inside, interrupted.load(Ordering::Relaxed)).transpose();
            news.extend(outcome.is_some().then_some(Action::Stop));
        } else if !ready && interrupted.load(Ordering::Relaxed) && outcome.is_none() {
            news.push(Action::Stop);
        }
        for action in news {
            let effects = update(&mut model, action);
            engine.run(effects, &model.prefs);
        }
        if model.lab.running.is_none() && model.loading.is_none() {
            break;
        }
    }
    cast.end();
    story.go_on(&model, true)?;
    if !args.quiet {
        story.end(&model)?;
    }
    if let Some(path) = &args.write {
        write(&model, path, lang)?;
    }
    match outcome {
        Some(status) => Ok(exit_code(status?)),
        None if interrupted.load(Ordering::Relaxed) => Ok(ExitCode::from(INTERRUPTED)),
        None => Ok(ExitCode::FAILURE),
    }
}

/// The lab that this process has just started.
fn own_lab() -> Result<Running, Text> {
    let own = std::process::id();
    let found = labs().into_iter().rfind(|lab| lab.parent == own);
    found.ok_or_else(|| Text::new("作ったラボのプロセスが見つかりません。", "The process of the new lab cannot be found."))
}

/// As a shell says it: 128 and the signal that ended the program.
fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

/// The programs of a run, and how far they are.
struct Cast {
    server: Option<Vec<OsString>>,
    client: Vec<OsString>,
    as_root: bool,
    running: [Option<Child>; 2],
    /// When the present step began: the server was started, the client has ended, an end was asked for.
    since: Option<Instant>,
    /// How many sockets of the server waited at the last look.
    waiting: usize,
    ended: Option<ExitStatus>,
}

const SERVER: usize = 0;
const CLIENT: usize = 1;

impl Cast {
    fn alone(client: Vec<OsString>) -> Self {
        Self { server: None, client, as_root: false, running: [None, None], since: None, waiting: 0, ended: None }
    }

    fn shipped(exchange: &str, language: Language, args: &[OsString], folder: &Path) -> Result<Self, Text> {
        let Some(client) = programs::of(exchange, Host::Client, language) else {
            let names: Vec<_> = programs::exchanges().collect();
            return Err(Text::new(
                format!("「{exchange}」のプログラムはありません。あるのは：{}", names.join("、")),
                format!("there are no programs of {exchange}. There are: {}", names.join(", ")),
            ));
        };
        let command = |program| {
            let mut command = ready(program, folder)?;
            command.extend_from_slice(args);
            Ok::<_, Text>(command)
        };
        let server = programs::of(exchange, Host::Server, language).map(command).transpose()?;
        let mut cast = Self::alone(command(client)?);
        cast.server = server;
        Ok(cast)
    }

    /// Does what is next. `Some`: the program has ended, or the client and then its server.
    fn go_on(&mut self, inside: Option<u32>, interrupted: bool) -> Result<Option<ExitStatus>, Text> {
        if let Some(command) = self.server.take() {
            self.running[SERVER] = Some(self.start(inside, &command, true)?);
            self.since = Some(Instant::now());
        }
        if self.running[CLIENT].is_none() && self.ended.is_none() {
            if interrupted {
                return Err(Text::new("始まる前に中断されました。", "interrupted before it began"));
            }
            if !self.listens()? {
                return Ok(None);
            }
            let command = std::mem::take(&mut self.client);
            self.running[CLIENT] = Some(self.start(inside, &command, false)?);
            return Ok(None);
        }
        if let Some(child) = &mut self.running[CLIENT]
            && let Some(status) = child.try_wait().map_err(|e| Text::same(e.to_string()))?
        {
            (self.ended, self.running[CLIENT], self.since) = (Some(status), None, Some(Instant::now()));
        }
        if self.ended.is_none() {
            return Ok(None);
        }
        let Some(server) = &mut self.running[SERVER] else { return Ok(self.ended) };
        if server.try_wait().is_ok_and(|status| status.is_none()) {
            // A server over UDP, or one that waits for the next client, is not told that this was all.
            let talks = sockets(server.id()).is_some_and(|s| s.all > s.waiting);
            let grace = if talks { TALKS_ON } else { WAITS_ON };
            if self.since.is_some_and(|since| since.elapsed() > grace) {
                terminate(server, SERVER);
                self.since = None;
            }
            return Ok(None);
        }
        self.running[SERVER] = None;
        Ok(self.ended)
    }

    /// Does the server listen? So many sockets as at the last look: no more are being made.
    fn listens(&mut self) -> Result<bool, Text> {
        let Some(server) = &mut self.running[SERVER] else { return Ok(true) };
        let over = server.try_wait().is_ok_and(|status| status.is_some());
        if over || self.since.is_some_and(|since| since.elapsed() > LISTENS_WITHIN) {
            return Err(Text::new("サーバのプログラムが待ち受けを始めませんでした。", "The server's program did not begin to listen."));
        }
        let waiting = sockets(server.id()).map_or(0, |s| s.waiting);
        let settled = waiting > 0 && waiting == self.waiting;
        self.waiting = waiting;
        Ok(settled)
    }

    fn start(&self, inside: Option<u32>, command: &[OsString], behind: bool) -> Result<Child, Text> {
        // From the main thread: the program is asked to end when the thread that started it does.
        let mut program = Command::new(session::THIS_PROGRAM);
        program.arg0("osiscope").args(enter::arguments(inside, self.as_root, command));
        if behind {
            // A group of its own, so that whatever it starts can be ended with it; it has no terminal to read from.
            program.process_group(0).stdin(Stdio::null());
        }
        program.spawn().map_err(|e| Text::same(e.to_string()))
    }

    /// Leaves no program behind.
    fn end(&mut self) {
        for (which, child) in self.running.iter_mut().enumerate().filter_map(|(n, c)| Some((n, c.as_mut()?))) {
            terminate(child, which);
            let since = Instant::now();
            while since.elapsed() < GRACE && child.try_wait().is_ok_and(|status| status.is_none()) {
                std::thread::sleep(LOOK);
            }
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Cast {
    fn drop(&mut self) {
        self.end();
    }
}

/// Asks our own child to end; the server with all that it has started.
fn terminate(child: &Child, which: usize) {
    let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) else { return };
    let _ = match which {
        SERVER => kill_process_group(pid, Signal::TERM),
        _ => kill_process(pid, Signal::TERM),
    };
}

/// A folder for texts and what is compiled of them, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, Text> {
        let (temp, pid) = (std::env::temp_dir(), std::process::id());
        let mut error = None;
        // A folder that a killed run has left may have the name.
        for n in 0..100 {
            let path = temp.join(format!("osiscope-run-{pid}-{n}"));
            match std::fs::DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(e) => error = Some(e),
            }
        }
        let (shown, why) = (temp.display(), error.map(|e| e.to_string()).unwrap_or_default());
        Err(Text::new(format!("{shown} に書けません：{why}"), format!("{shown} cannot be written: {why}")))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
