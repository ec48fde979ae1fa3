//! Watches what one input costs.
//!
//! In: inputs, one after the other. Out: a panic at the end that names each input that panicked, took too long or too much memory; the slowest are
//! told. An input that never ends is named by a thread of its own, which then ends the process.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What an input of some kilobytes may take of the processor. It takes some milliseconds; checks and no optimisation cost some times that.
const MAX_TIME: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 4 });
/// What it may take by the clock before it counts as endless.
const ENDLESS: Duration = Duration::from_secs(180);
/// By how many bytes the largest size of the process may grow through one input: a bound of 32 MiB for an unpacked body, some
/// times over.
const MAX_GROWTH: u64 = 384 << 20;
/// Failures after which a run ends.
const ENOUGH: usize = 12;

pub struct Watch {
    kind: &'static str,
    failed: Vec<String>,
    slowest: (Duration, u64),
    largest: (u64, u64),
    count: u64,
    bytes: u64,
    now: Arc<Mutex<Option<(Instant, u64, Vec<u8>)>>>,
}

impl Watch {
    pub fn new(kind: &'static str) -> Self {
        let now: Arc<Mutex<Option<(Instant, u64, Vec<u8>)>>> = Arc::default();
        let seen = Arc::downgrade(&now);
        std::thread::spawn(move || {
            while let Some(now) = seen.upgrade() {
                if let Some((since, seed, file)) = now.lock().unwrap().as_ref()
                    && since.elapsed() > ENDLESS
                {
                    eprintln!("{kind} {seed} does not end: {}", keep(kind, *seed, file).display());
                    std::process::abort();
                }
                drop(now);
                std::thread::sleep(Duration::from_secs(1));
            }
        });
        Self { kind, failed: Vec::new(), slowest: Default::default(), largest: (0, 0), count: 0, bytes: 0, now }
    }

    pub fn input(&mut self, seed: u64, file: &[u8], judge: impl FnOnce(&[u8])) {
        *self.now.lock().unwrap() = Some((Instant::now(), seed, file.to_vec()));
        let (time, size) = (processor_time(), peak());
        let outcome = catch_unwind(AssertUnwindSafe(|| judge(file)));
        let (time, grown) = (processor_time().saturating_sub(time), peak().saturating_sub(size));
        *self.now.lock().unwrap() = None;
        self.slowest = self.slowest.max((time, seed));
        self.largest = self.largest.max((grown, seed));
        self.count += 1;
        self.bytes += file.len() as u64;
        let wrong = match outcome {
            Err(_) => "panicked".to_owned(),
            Ok(()) if time > MAX_TIME => format!("took {time:?}"),
            Ok(()) if grown > MAX_GROWTH => format!("took {} MiB", grown >> 20),
            Ok(()) => return,
        };
        let words = format!("{} {seed} ({} bytes) {wrong}: {}", self.kind, file.len(), keep(self.kind, seed, file).display());
        eprintln!("{words}");
        self.failed.push(words);
        assert!(self.failed.len() < ENOUGH, "enough:\n{}", self.failed.join("\n"));
    }

    pub fn end(self) {
        let Self { kind, count, bytes, slowest: (time, slow), largest: (grown, large), .. } = self;
        eprintln!("{kind}: {count} inputs, {bytes} bytes; slowest {time:?} (seed {slow}), largest {} KiB (seed {large})", grown >> 10);
        assert!(self.failed.is_empty(), "{}", self.failed.join("\n"));
    }
}

/// Leaves a file where tests may.
fn keep(kind: &str, seed: u64, file: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("hostile-{kind}-{seed}.bin"));
    std::fs::write(&path, file).unwrap();
    path
}

/// What this thread took of the processor, as far as the kernel says it.
fn processor_time() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(told.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0))
}

/// The largest size that this process has had in memory, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) * 1024
}
