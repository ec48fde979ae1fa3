//! Runs a program and says what it cost.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What a run cost.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Seconds of processor time, the kernel's share included.
    pub cpu: f64,
    pub wall: f64,
    /// The most memory it had of its own, in MB, as far as it was seen: it is looked at every few milliseconds.
    pub anon: f64,
}

/// Processor time of all children that have ended, in seconds.
#[allow(unsafe_code)]
fn children() -> f64 {
    // SAFETY: `rusage` is plain old data for which all zeroes is a valid value, and the call only writes into it.
    let used = unsafe {
        let mut used: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut used);
        used
    };
    let seconds = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 / 1e6;
    seconds(used.ru_utime) + seconds(used.ru_stime)
}

/// Processor time of the thread that asks, in seconds: what other programs take does not count.
#[allow(unsafe_code)]
pub fn thread() -> f64 {
    // SAFETY: `timespec` is plain old data for which all zeroes is a valid value, and the call only writes into it.
    let used = unsafe {
        let mut used: libc::timespec = std::mem::zeroed();
        libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut used);
        used
    };
    used.tv_sec as f64 + used.tv_nsec as f64 / 1e9
}

/// A process's own memory now, in MB: `RssAnon`.
pub fn anon(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("RssAnon:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// One program at a time: what children cost is told of all of them together.
static ALONE: Mutex<()> = Mutex::new(());

/// Runs it to its end. `None`: it could not be started, or failed.
pub fn run(program: &Path, args: &[&str]) -> Option<Cost> {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (before, begun) = (children(), Instant::now());
    let mut child = Command::new(program).args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    let mut most: f64 = 0.0;
    let status = loop {
        most = most.max(anon(child.id()));
        if let Some(status) = child.try_wait().ok()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(4));
    };
    status.success().then(|| Cost { cpu: children() - before, wall: begun.elapsed().as_secs_f64(), anon: most })
}

/// The run in the middle, by processor time, of several; the most memory of all.
pub fn median(mut costs: Vec<Cost>) -> Option<Cost> {
    costs.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    let middle = *costs.get(costs.len() / 2)?;
    Some(Cost { anon: costs.iter().fold(0.0, |m, c| m.max(c.anon)), ..middle })
}
