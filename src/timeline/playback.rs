//! The time cursor: which frame is now, how far it has travelled, and how it goes on.
//!
//! Positions are those of a [`Sequence`](super::Sequence). Time is an argument, in seconds.

use crate::trace::Nanos;
use serde::{Deserialize, Serialize};

/// How long the frames of a running playback take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Timing {
    /// One frame after the other, each the same time, so that the eye can follow.
    #[default]
    Steps,
    /// The pauses of the capture, slowed down or sped up.
    Original,
}

/// Seconds that one frame's way from program to program takes at speed 1.
pub const MOTION_SECONDS: f64 = 1.6;
/// Seconds it rests at its goal before the next sets off, at speed 1 and in steps.
pub const REST_SECONDS: f64 = 0.5;

/// The choices of speed for stepped playback: a factor on one frame in about two seconds.
pub const STEP_SPEEDS: [f64; 6] = [0.25, 0.5, 1.0, 2.0, 4.0, 16.0];
/// The choices of speed for original timing: a factor on real time.
pub const ORIGINAL_SPEEDS: [f64; 6] = [0.0001, 0.001, 0.01, 0.1, 1.0, 10.0];

#[derive(Clone, Debug, PartialEq)]
pub struct Playback {
    /// The frame that is now; `None`: before the first.
    pub at: Option<usize>,
    /// How far that frame has come: 0 = in the sender's program, 1 = delivered.
    pub progress: f64,
    pub playing: bool,
    pub timing: Timing,
    pub step_speed: f64,
    pub original_speed: f64,
    /// Seconds waited since the frame arrived.
    waited: f64,
}

impl Default for Playback {
    fn default() -> Self {
        Self {
            at: None,
            progress: 1.0,
            playing: false,
            timing: Timing::Steps,
            step_speed: 1.0,
            original_speed: 0.001,
            waited: 0.0,
        }
    }
}

impl Playback {
    pub fn speed(&self) -> f64 {
        match self.timing {
            Timing::Steps => self.step_speed,
            Timing::Original => self.original_speed,
        }
    }

    /// Something moves: the window must be drawn again.
    pub fn moving(&self) -> bool {
        self.at.is_some() && (self.progress < 1.0 || self.playing)
    }

    /// Puts the cursor on a frame. `travel`: show its way; otherwise it has arrived.
    pub fn put(&mut self, at: Option<usize>, travel: bool) {
        self.at = at;
        self.progress = if travel && at.is_some() { 0.0 } else { 1.0 };
        self.waited = 0.0;
    }

    /// One frame on (its way is shown) or back (it has arrived). At the ends it stays.
    pub fn step(&mut self, forward: bool, len: usize) {
        if len == 0 {
            return;
        }
        match (self.at, forward) {
            (None, true) => self.put(Some(0), true),
            (None, false) => {}
            (Some(at), true) if at + 1 < len => self.put(Some(at + 1), true),
            (Some(_), true) => self.progress = 1.0,
            (Some(at), false) => self.put(at.checked_sub(1), false),
        }
    }

    /// Lets `seconds` pass. `time_of` gives a position's time in the capture; `open_end`: more frames may still come.
    pub fn tick(&mut self, seconds: f64, len: usize, time_of: &dyn Fn(usize) -> Nanos, open_end: bool) {
        if self.at.is_none() && self.playing && len > 0 {
            self.put(Some(0), true);
            return;
        }
        let Some(at) = self.at else { return };
        if self.progress < 1.0 {
            let speed = if self.playing { self.motion_speed(at, len, time_of) } else { self.step_speed.max(1.0) };
            self.progress = (self.progress + seconds * speed / MOTION_SECONDS).min(1.0);
            return;
        }
        if !self.playing {
            return;
        }
        if at + 1 >= len {
            self.playing = open_end;
            return;
        }
        self.waited += seconds;
        let rest = match self.timing {
            Timing::Steps => REST_SECONDS / self.step_speed,
            Timing::Original => 0.0,
        };
        if self.waited >= rest {
            self.put(Some(at + 1), true);
        }
    }

    /// In original timing a frame travels for as long as the capture waited for the next one, within what an eye can
    /// follow on one side and patience on the other.
    fn motion_speed(&self, at: usize, len: usize, time_of: &dyn Fn(usize) -> Nanos) -> f64 {
        match self.timing {
            Timing::Steps => self.step_speed,
            Timing::Original => {
                let gap_nanos = if at + 1 < len { time_of(at + 1).since(time_of(at)).max(0) } else { 0 };
                let seconds = gap_nanos as f64 / 1e9 / self.original_speed;
                MOTION_SECONDS / seconds.clamp(0.02, 30.0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(at: usize) -> Nanos {
        Nanos(at as i64 * 1_000_000)
    }

    #[test]
    fn stepping_stays_within_the_capture() {
        let mut play = Playback::default();
        play.step(true, 0);
        assert_eq!(play.at, None, "an empty capture has no frame to go to");
        for _ in 0..5 {
            play.step(true, 3);
        }
        assert_eq!(play.at, Some(2));
        for _ in 0..5 {
            play.step(false, 3);
        }
        assert_eq!(play.at, None);
    }

    #[test]
    fn playing_ends_at_the_last_frame_and_is_still_then() {
        let mut play = Playback { playing: true, ..Playback::default() };
        for _ in 0..400 {
            play.tick(0.05, 4, &millis, false);
        }
        assert_eq!(play.at, Some(3));
        assert!(!play.moving(), "nothing may ask for repaints once the end is reached");
    }

    #[test]
    fn a_live_capture_waits_for_the_next_frame() {
        let mut play = Playback { playing: true, ..Playback::default() };
        for _ in 0..200 {
            play.tick(0.05, 2, &millis, true);
        }
        assert!(play.playing);
        play.tick(0.05, 3, &millis, true);
        for _ in 0..20 {
            play.tick(0.05, 3, &millis, true);
        }
        assert_eq!(play.at, Some(2));
    }

    #[test]
    fn original_timing_keeps_the_proportions_of_the_capture() {
        let times = [0, 1_000_000_000, 1_500_000_000].map(Nanos);
        let mut play =
            Playback { playing: true, timing: Timing::Original, original_speed: 1.0, ..Playback::default() };
        let time_of = |at: usize| times.get(at).copied().unwrap_or_default();
        let mut arrivals = Vec::new();
        for tick in 0..400 {
            let before = play.at;
            play.tick(0.01, 3, &time_of, false);
            if play.at != before {
                arrivals.push(tick);
            }
        }
        let first = arrivals[1] - arrivals[0];
        let second = arrivals[2] - arrivals[1];
        assert!((95..=105).contains(&first) && (45..=55).contains(&second), "{first} {second}");
    }
}
