//! A run of the lab, as the program that started it sees it.
//!
//! In: a [`RunSpec`] and the path of a spool. Out: [`LabEvent`]s, the last of which is always `Ended`; frames and calls are
//! in the spool. Dropping the session ends the run and leaves no process.

use super::agent;
use crate::lang::Text;
use crate::timeline::{LabEvent, RunSpec};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long an agent may live after its last word.
const LINGER: Duration = Duration::from_secs(2);

/// A running (or ended) run.
pub struct Session {
    events: Receiver<LabEvent>,
    stdin: Option<ChildStdin>,
    child: Arc<Mutex<Child>>,
    pid: u32,
    reader: Option<JoinHandle<()>>,
}

/// The file of the running program. Not `current_exe`: if another version was installed over it, that path is gone; this
/// one still works.
pub const THIS_PROGRAM: &str = "/proc/self/exe";

/// Starts a run with the program file `exe` as its agent: [`THIS_PROGRAM`], or, from a test, the program under test.
pub fn start(exe: &Path, spec: &RunSpec, spool: &Path) -> Result<Session, Text> {
    agent::check(spec)?;
    let spec = serde_json::to_string(spec).map_err(|e| Text::same(e.to_string()))?;
    let (exe, spool) = (exe.to_owned(), spool.to_owned());
    let ((to, events), (born, birth)) = (channel(), channel());
    let reader = std::thread::spawn(move || agent_thread(&exe, &spec, spool, &born, &to));
    let failed = |why: String| {
        Text::new(format!("通信のプロセスを起動できません（{why}）。"), format!("The lab's process cannot be started ({why})."))
    };
    let (child, stdin) = birth.recv().map_err(|e| failed(e.to_string()))?.map_err(|e| failed(e.to_string()))?;
    let pid = lock(&child).id();
    Ok(Session { events, stdin: Some(stdin), child, pid, reader: Some(reader) })
}

impl Session {
    /// What happens, as it happens. After `Ended` the channel is closed.
    pub fn events(&self) -> &Receiver<LabEvent> {
        &self.events
    }

    /// Asks the run to end: sockets are closed, what was captured is kept, `Ended` follows.
    pub fn stop(&mut self) {
        if let Some(mut stdin) = self.stdin.take() {
            // The end of the pipe says the same; the word is for whoever looks.
            let _ = stdin.write_all(b"stop\n");
        }
    }

    /// The agent's process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        drop(self.stdin.take());
        // Its capture sees the end of its own standard input and gets a death signal; the name space goes with the last process.
        let _ = lock(&self.child).kill();
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}

type Born = std::io::Result<(Arc<Mutex<Child>>, ChildStdin)>;

/// Starts the agent and reads it to its end. It is started *by this thread*, because the kernel's death signal comes when the
/// starting thread ends, not the process: this thread lives exactly as long as it should.
fn agent_thread(exe: &Path, spec: &str, spool: PathBuf, born: &Sender<Born>, to: &Sender<LabEvent>) {
    let started = Command::new(exe)
        .arg0("osiscope")
        .args([agent::SUBCOMMAND, spec, "--spool"])
        .arg(spool)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // Ctrl-C in a terminal goes to a whole group of processes; the one who started us decides what it means.
        .process_group(0)
        .spawn();
    let (child, out) = match started {
        Err(e) => return drop(born.send(Err(e))),
        Ok(mut child) => {
            let (Some(stdin), Some(out)) = (child.stdin.take(), child.stdout.take()) else { return };
            let child = Arc::new(Mutex::new(child));
            let _ = born.send(Ok((child.clone(), stdin)));
            (child, out)
        }
    };
    let ended = pass_on(out, to);
    let status = wait(&child);
    if !ended {
        let text = Text::new(
            format!("通信のプロセスが途中で終わりました（{status}）。それまでのフレームは残っています。"),
            format!("The lab's process ended early ({status}). The frames so far are kept."),
        );
        let _ = to.send(LabEvent::Failed { text });
        let _ = to.send(LabEvent::Ended { cancelled: false });
    }
}

/// Passes events on. True if the agent itself said that it has ended.
fn pass_on(out: ChildStdout, to: &Sender<LabEvent>) -> bool {
    for line in BufReader::new(out).lines().map_while(Result::ok) {
        // A line that is none of ours would be a bug of the agent, and no reason to lose the run.
        let Ok(event) = serde_json::from_str(&line) else { continue };
        let ended = matches!(event, LabEvent::Ended { .. });
        let _ = to.send(event);
        if ended {
            return true;
        }
    }
    false
}

/// Waits for the agent's end without holding the lock, so that a drop can kill it meanwhile.
fn wait(child: &Mutex<Child>) -> String {
    let since = Instant::now();
    loop {
        let mut child = lock(child);
        match child.try_wait() {
            Ok(Some(status)) => return status.to_string(),
            Ok(None) if since.elapsed() > LINGER => drop(child.kill()),
            Ok(None) => {}
            Err(e) => return e.to_string(),
        }
        drop(child);
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn lock(child: &Mutex<Child>) -> std::sync::MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}
