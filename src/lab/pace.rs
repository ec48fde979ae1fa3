//! Keeps an exchange from outrunning its capture.
//!
//! In: bytes that programs gave to their sockets, bytes that the capture has handed over. Out: whether the next write should
//! wait a moment. On loopback two programs move gigabytes a second, more than any ring holds; a learner wants every segment.
//! It acts between calls only: it must never hold a call that has begun, and never wait for frames that will not come.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Bytes that may be under way between a program and the spool. On `lo` a frame is in the ring twice (going out and coming
/// in, libpcap drops one), and blocks of the ring are filled to three quarters: 3 MiB take 8 of its 16 MiB.
const UNDER_WAY: u64 = 3 << 20;
/// How long to wait before looking again; the capture hands over every 5 ms.
pub const BREATH: Duration = Duration::from_millis(1);
/// How often in a row, before what is missing counts as lost.
const BREATHS: u32 = 200;
/// What a frame's block has besides the payload: block header and end 32, Ethernet 14, IPv4 20, TCP with time stamps 32, and padding.
const OVERHEAD: u64 = 100;

/// The account of one run.
#[derive(Debug, Default)]
pub struct Pace {
    sent: AtomicU64,
    captured: AtomicU64,
}

impl Pace {
    /// One that never makes anybody wait.
    pub fn free() -> Self {
        Self { captured: AtomicU64::new(u64::MAX), ..Self::default() }
    }

    /// A program has given this many bytes to a socket.
    pub fn sent(&self, bytes: u64) {
        self.sent.fetch_add(bytes, Ordering::Relaxed);
    }

    /// The capture has handed over blocks of this length in all, with this many frames.
    pub fn captured(&self, bytes: u64, frames: u64) {
        self.captured.fetch_add(bytes.saturating_sub(frames * OVERHEAD), Ordering::Relaxed);
    }

    fn must_wait(&self) -> bool {
        let (sent, captured) = (self.sent.load(Ordering::Relaxed), self.captured.load(Ordering::Relaxed));
        sent.saturating_sub(captured) > UNDER_WAY
    }

    /// What has not come by now never will: dropped frames must not stop the exchange.
    fn forgive(&self) {
        self.captured.fetch_max(self.sent.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

/// One writer's place in it.
#[derive(Debug)]
pub struct Breath {
    pace: Arc<Pace>,
    taken: u32,
}

impl Breath {
    pub fn new(pace: Arc<Pace>) -> Self {
        Self { pace, taken: 0 }
    }

    /// Should the next write wait for one more [`BREATH`]?
    pub fn more(&mut self) -> bool {
        if !self.pace.must_wait() {
            self.taken = 0;
            return false;
        }
        self.taken += 1;
        if self.taken > BREATHS {
            self.pace.forgive();
            self.taken = 0;
            return false;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writer_waits_while_the_capture_is_behind_and_goes_on_when_it_has_caught_up() {
        let pace = Arc::new(Pace::default());
        let mut breath = Breath::new(pace.clone());
        pace.sent(UNDER_WAY);
        assert!(!breath.more());
        pace.sent(1);
        assert!(breath.more());
        pace.captured(10 * OVERHEAD, 10);
        assert!(breath.more(), "frames without payload are no progress");
        pace.captured(1 + OVERHEAD, 1);
        assert!(!breath.more());
    }

    #[test]
    fn lost_frames_delay_a_writer_once_and_not_for_ever() {
        let pace = Arc::new(Pace::default());
        let mut breath = Breath::new(pace.clone());
        pace.sent(UNDER_WAY * 2);
        let waits = (0..10_000).take_while(|_| breath.more()).count();
        assert_eq!(waits, BREATHS as usize);
        pace.sent(UNDER_WAY);
        assert!(!breath.more(), "the lost ones are forgiven");
    }
}
