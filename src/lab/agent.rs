//! The agent: one process that makes a network, captures in it, and runs the exchange.
//!
//! In: a [`RunSpec`] as JSON and the path of the spool, as arguments; "stop" or the end of standard input cancels. Out:
//! [`LabEvent`]s as lines of JSON on standard output, and the spool file. It must make its name spaces before its first
//! thread, must begin the exchange only when the capture runs, and must leave nothing behind: no process, no name space.

use super::ctx::Ctx;
use super::diag;
use super::pace::Pace;
use super::params::Params;
use super::record::{Sink, now};
use super::spool::{self, Item};
use super::{Exchange, by_name};
use crate::capture::helper::arguments;
use crate::capture::live::Options;
use crate::capture::rights::{Capturer, Rights, rights};
use crate::capture::Splitter;
use crate::lang::Text;
use crate::netns;
use crate::timeline::{LabEvent, Place, RunSpec};
use crate::trace::Note;
use rustix::process::{Signal, set_parent_process_death_signal};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// The hidden subcommand.
pub const SUBCOMMAND: &str = "__agent";
/// This very program file, even if another was installed over it meanwhile.
const SELF: &str = "/proc/self/exe";
/// Ring buffers: what the lab's loopback needs, what it needs for messages of megabytes (one `write` takes up to 4 MB at
/// once, see `pace`), and what a busy real interface needs. A larger one takes longer to open.
const LAB_MIB: u16 = 16;
const LAB_LARGE_MIB: u16 = 32;
const LARGE: u64 = 1_000_000;
const REAL_MIB: u16 = 64;
/// The exchange is over on the wire when no frame has come for this long …
const QUIET: Duration = Duration::from_millis(150);
/// … but other programs may go on talking on a real interface.
const QUIET_AT_MOST: Duration = Duration::from_secs(2);
/// Opening the capture takes 20 to 500 ms.
const OPEN_AT_MOST: Duration = Duration::from_secs(10);
/// After "stop" the capture passes on what it has.
const CLOSE_AT_MOST: Duration = Duration::from_secs(5);

/// What may end a run from outside.
enum Outside {
    Stop,
    CaptureOver,
    SpoolFailed(String),
}

/// The whole process. `args`: SPECJSON --spool PATH.
pub fn main(args: &[String]) -> ExitCode {
    // Whoever started us may be killed: then standard input ends, and if we are too busy to see that, this does it.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    match run(args) {
        Ok(cancelled) => say(&LabEvent::Ended { cancelled }),
        Err(text) => {
            say(&LabEvent::Failed { text });
            say(&LabEvent::Ended { cancelled: false });
        }
    }
    ExitCode::SUCCESS
}

/// One line of JSON. Nobody reads it any more: then standard input has ended, too, and that is looked at.
fn say(event: &LabEvent) {
    let mut line = serde_json::to_string(event).unwrap_or_default();
    line.push('\n');
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
}

/// What is to be done, checked.
struct Plan {
    exchange: Option<(&'static dyn Exchange, Params)>,
    place: Place,
    spool: File,
}

impl Plan {
    fn new(args: &[String]) -> Result<Self, Text> {
        let [spec, flag, spool] = args else { return Err(Text::same("__agent SPECJSON --spool PATH")) };
        let spec: RunSpec = serde_json::from_str(spec).map_err(|e| Text::same(format!("spec: {e}")))?;
        if flag != "--spool" {
            return Err(Text::same(format!("{flag}?")));
        }
        let exchange = check(&spec)?;
        // Before the name spaces are made: inside, a file of another user is out of reach even for root.
        let spool = open_spool(Path::new(spool)).map_err(|e| {
            Text::new(
                format!("記録用のファイル {spool} を作れません（{e}）。"),
                format!("The recording file {spool} cannot be made ({e})."),
            )
        })?;
        Ok(Self { exchange, place: spec.place, spool })
    }
}

/// Is there such an exchange, and can it run with these values?
pub fn check(spec: &RunSpec) -> Result<Option<(&'static dyn Exchange, Params)>, Text> {
    let Some(name) = &spec.exchange else { return Ok(None) };
    let exchange = by_name(name).ok_or_else(|| {
        let names: Vec<_> = super::TABLE.iter().map(|e| e.info().name).collect();
        Text::new(
            format!("「{name}」という通信はありません（あるのは {}）。", names.join("、")),
            format!("There is no exchange “{name}” (there are {}).", names.join(", ")),
        )
    })?;
    let params = Params::new(exchange.info(), &spec.params)?;
    Ok(Some((exchange, params)))
}

/// Only its owner may read what was captured.
fn open_spool(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

fn run(args: &[String]) -> Result<bool, Text> {
    let plan = Plan::new(args)?;
    let own = plan.place == Place::Own;
    if own {
        netns::make().map_err(netns::NetnsError::text)?;
    }
    let options = match &plan.place {
        Place::Own => {
            let large = plan.exchange.as_ref().is_some_and(|(_, params)| params.number("size") > LARGE);
            let buffer_mib = if large { LAB_LARGE_MIB } else { LAB_MIB };
            Options { interface: "lo".into(), filter: String::new(), buffer_mib }
        }
        Place::Interface { name, filter } => {
            Options { interface: name.clone(), filter: filter.clone(), buffer_mib: REAL_MIB }
        }
    };
    let program = capture_program(own)?;
    // From the main thread, which lives as long as the process: a death signal is that of the parent *thread*.
    let mut capture = Capture::start(&program, &options)?;

    let (signals, mut from_outside) = unbounded_channel();
    listen_to_stdin(signals.clone());
    let (to_spool, items) = spool::channel();
    let progress = Arc::new(Progress::default());
    capture.pass_on(to_spool.clone(), progress.clone(), signals.clone())?;
    let file = plan.spool;
    let writer = std::thread::spawn(move || {
        if let Err(e) = spool::write(file, &items, |event| say(&event)) {
            let _ = signals.send(Outside::SpoolFailed(e.to_string()));
        }
    });

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Text::same(format!("tokio: {e}")))?;
    let (knock, door) = diag::door();
    // Only in the lab's own network: elsewhere the sockets of all other programs would be told, too. A kernel that does not answer is
    // no reason not to run: then states are inferred from the packets, and said to be.
    let asking = own.then(|| {
        let to_spool = to_spool.clone();
        std::thread::spawn(move || drop(diag::watch(&door, |sockets| drop(to_spool.send(Some(Item::Sockets(sockets)))))))
    });
    let ended = runtime.block_on(async {
        let sink = {
            let to_spool = to_spool.clone();
            // An error means that the writer has failed, which ends the run by its own signal.
            // On a real interface other programs' frames come, or a filter takes ours away: nothing to keep pace with.
            let pace = if own { progress.pace.clone() } else { Arc::new(Pace::free()) };
            Sink::new(pace, move |call| {
                let _ = to_spool.send(Some(Item::Call(call)));
                knock.knock();
            })
        };
        let ended = exchange(plan.exchange, &options.interface, own, &sink, to_spool.clone(), &mut from_outside).await;
        // The tasks of a cancelled exchange close their sockets in here; their last segments still count.
        if !matches!(ended, Ended::CaptureOver | Ended::SpoolFailed(_)) {
            progress.quiet(&mut from_outside).await;
        }
        ended
    });
    // Closes what is left, so that every close is recorded before the spool ends.
    drop(runtime);
    if let Some(asking) = asking {
        let _ = asking.join();
    }
    let said = capture.stop();
    let _ = to_spool.send(None);
    let _ = writer.join();
    match ended {
        Ended::Done(Ok(())) => Ok(false),
        Ended::Done(Err(text)) => Err(text),
        Ended::Cancelled => Ok(true),
        Ended::CaptureOver => Err(capture_over(&said)),
        Ended::SpoolFailed(why) => Err(Text::new(
            format!("記録用のファイルに書けなくなりました（{why}）。それまでのフレームは残っています。"),
            format!("The recording file can no longer be written ({why}). The frames so far are kept."),
        )),
    }
}

/// Which program captures: the lab's own network needs no helper, a real interface needs somebody with the right.
fn capture_program(own: bool) -> Result<PathBuf, Text> {
    if own {
        return Ok(SELF.into());
    }
    let exe = std::env::current_exe().unwrap_or_else(|_| SELF.into());
    match rights(&exe) {
        Rights::Can(Capturer::Itself) => Ok(SELF.into()),
        Rights::Can(Capturer::Helper(path)) => Ok(path),
        Rights::Cannot { found, advice, command } => Err(Text::new(
            format!("{}{}\n$ {command}", found.ja, advice.ja),
            format!("{} {}\n$ {command}", found.en, advice.en),
        )),
    }
}

enum Ended {
    Done(Result<(), Text>),
    Cancelled,
    CaptureOver,
    SpoolFailed(String),
}

/// Runs the exchange (or just waits) until it ends, or something from outside ends it.
async fn exchange(
    what: Option<(&'static dyn Exchange, Params)>,
    interface: &str,
    own: bool,
    sink: &Arc<Sink>,
    to_spool: spool::Sender,
    from_outside: &mut UnboundedReceiver<Outside>,
) -> Ended {
    let running = match what {
        Some((exchange, params)) => exchange.run(Ctx {
            params,
            sink: sink.clone(),
            say: Arc::new(move |event| {
                if let LabEvent::Note { text } = &event {
                    let _ = to_spool.send(Some(Item::Note(Note { at: now(), text: text.clone() })));
                }
                say(&event);
            }),
            interface: interface.to_owned(),
            own,
        }),
        None => {
            say(&LabEvent::Started { interface: interface.to_owned(), server: None });
            Box::pin(std::future::pending())
        }
    };
    tokio::select! {
        biased;
        signal = from_outside.recv() => {
            // Before `running` is dropped, so that the calls it waits in are written down as cancelled.
            sink.cancel();
            match signal {
                Some(Outside::Stop) | None => Ended::Cancelled,
                Some(Outside::CaptureOver) => Ended::CaptureOver,
                Some(Outside::SpoolFailed(why)) => Ended::SpoolFailed(why),
            }
        }
        done = running => Ended::Done(done),
    }
}

/// A thread that waits for "stop" or the end of standard input. It ends with the process.
fn listen_to_stdin(signals: UnboundedSender<Outside>) {
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            if line.is_err() || line.is_ok_and(|l| l.trim() == "stop") {
                break;
            }
        }
        let _ = signals.send(Outside::Stop);
    });
}

/// How far the capture is.
struct Progress {
    began: Instant,
    last_frame_millis: AtomicU64,
    pace: Arc<Pace>,
}

impl Default for Progress {
    fn default() -> Self {
        Self { began: Instant::now(), last_frame_millis: AtomicU64::new(0), pace: Arc::default() }
    }
}

impl Progress {
    fn frames(&self, bytes: usize, frames: u64) {
        self.pace.captured(bytes as u64, frames);
        let millis = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_frame_millis.store(millis, Ordering::Relaxed);
    }

    /// Waits until frames have stopped coming. A second stop, or the end of the capture, ends the wait.
    async fn quiet(&self, from_outside: &mut UnboundedReceiver<Outside>) {
        let now = Instant::now();
        let wait = async {
            loop {
                let last = self.began + Duration::from_millis(self.last_frame_millis.load(Ordering::Relaxed));
                let calm = last.max(now).elapsed();
                if calm >= QUIET || now.elapsed() >= QUIET_AT_MOST {
                    break;
                }
                tokio::time::sleep((QUIET - calm).max(Duration::from_millis(5))).await;
            }
        };
        tokio::select! {
            () = wait => {}
            () = async { while let Some(Outside::Stop) = from_outside.recv().await {} } => {}
        }
    }
}

/// The capture process and the threads that read from it.
struct Capture {
    child: Child,
    /// Open while it is to go on.
    go_on: Option<ChildStdin>,
    out: Option<ChildStdout>,
    reader: Option<JoinHandle<()>>,
    done: Option<mpsc::Receiver<()>>,
    complaints: Option<JoinHandle<String>>,
}

impl Capture {
    fn start(program: &Path, options: &Options) -> Result<Self, Text> {
        let mut command = Command::new(program);
        command.args(arguments(options)).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if program == Path::new(SELF) {
            command.arg0("osiscope");
        }
        let mut child = command.spawn().map_err(|e| {
            Text::new(
                format!("キャプチャのプロセスを起動できません（{}：{e}）。", program.display()),
                format!("The capturing process cannot be started ({}: {e}).", program.display()),
            )
        })?;
        let (go_on, out) = (child.stdin.take(), child.stdout.take());
        let complaints = child.stderr.take().map(|pipe| {
            std::thread::spawn(move || {
                let mut said = Vec::new();
                let _ = pipe.take(16 * 1024).read_to_end(&mut said);
                String::from_utf8_lossy(&said).into_owned()
            })
        });
        Ok(Self { child, go_on, out, reader: None, done: None, complaints })
    }

    /// Passes whole blocks on to the spool from now on, and returns when the first have come: then the capture runs.
    fn pass_on(
        &mut self,
        spool: spool::Sender,
        progress: Arc<Progress>,
        signals: UnboundedSender<Outside>,
    ) -> Result<(), Text> {
        let Some(out) = self.out.take() else { return Ok(()) };
        let ((ready, runs), (end, done)) = (mpsc::channel(), mpsc::channel());
        self.reader = Some(std::thread::spawn(move || {
            read_blocks(out, &spool, &progress, || ready.send(()).unwrap_or_default());
            drop(ready);
            let _ = end.send(());
            let _ = signals.send(Outside::CaptureOver);
        }));
        self.done = Some(done);
        match runs.recv_timeout(OPEN_AT_MOST) {
            Ok(()) => Ok(()),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(capture_over(&self.stop())),
            Err(mpsc::RecvTimeoutError::Timeout) => {
                self.stop();
                let seconds = OPEN_AT_MOST.as_secs();
                Err(Text::new(
                    format!("{seconds} 秒待ってもキャプチャが始まりませんでした。"),
                    format!("The capture did not begin within {seconds} seconds."),
                ))
            }
        }
    }

    /// Ends the capture, waits until all it had is passed on, and returns its last words.
    fn stop(&mut self) -> String {
        drop(self.go_on.take());
        if let Some(done) = &self.done
            && done.recv_timeout(CLOSE_AT_MOST) == Err(mpsc::RecvTimeoutError::Timeout)
        {
            // Our own child, by its handle.
            let _ = self.child.kill();
        }
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
        let status = self.child.wait();
        let said = self.complaints.take().and_then(|c| c.join().ok()).unwrap_or_default();
        if said.trim().is_empty() { status.map_or_else(|e| e.to_string(), |s| s.to_string()) } else { said }
    }
}

/// Reads the capture's stream to its end. `ready` is called after every hand-over.
fn read_blocks(mut out: ChildStdout, spool: &spool::Sender, progress: &Progress, ready: impl Fn()) {
    let mut splitter = Splitter::default();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let n = match out.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(n) => n,
        };
        let Ok((bytes, counts)) = splitter.push(buffer.get(..n).unwrap_or_default()) else { return };
        if counts.frames > 0 {
            progress.frames(bytes.len(), counts.frames);
        }
        if bytes.is_empty() {
            continue;
        }
        if spool.send(Some(Item::Blocks { bytes, frames: counts.frames, dropped: counts.dropped })).is_err() {
            return;
        }
        ready();
    }
}

/// Why the capture is over: in its own words (a [`Text`] as JSON), or what the kernel says about its end.
fn capture_over(said: &str) -> Text {
    let own = said.lines().rev().find_map(|line| serde_json::from_str::<Text>(line).ok());
    own.unwrap_or_else(|| {
        let said = said.trim();
        Text::new(
            format!("キャプチャのプロセスが途中で終わりました（{said}）。それまでのフレームは残っています。"),
            format!("The capturing process ended early ({said}). The frames so far are kept."),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_capture_own_words_come_through_and_a_kill_is_named() {
        let text = Text::new("権限がありません", "no right");
        let json = serde_json::to_string(&text).unwrap_or_default();
        assert_eq!(capture_over(&format!("warning: x\n{json}\n")), text);
        assert!(capture_over("signal: 9 (SIGKILL)").en.contains("SIGKILL"));
    }
}
