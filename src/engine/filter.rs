//! The pass of a display filter over the frames of a capture.
//!
//! In: a [`Pass`], with a copy of the capture as it was. Out: the frames that pass, in pieces, in their order, with how far the
//! pass has come. What the columns can answer is not looked into; whoever waits sees the first frames at once.

use crate::app::{Action, Pass};
use crate::filter::{Look, Plan};
use crate::flow::explain::{Shown, WhenWhole};
use crate::trace::FrameId;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long found frames may wait before they are shown; the first wait less.
const SHOW_EVERY: Duration = Duration::from_millis(30);
const SHOW_FIRST: Duration = Duration::from_millis(8);
/// Frames handed over at once, at most: taking them in must not hold up a picture.
const PIECE: usize = 1 << 15;
/// Frames between two looks at the clock.
const ROUND: FrameId = 4096;
/// Frames looked into between two looks at the clock.
const LOOKS: u32 = 32;

/// Runs a pass to its end, until `stop`, or until `post` is false: nobody listens any more.
pub fn run(pass: &Pass, stop: &AtomicBool, post: &mut dyn FnMut(Action) -> bool) {
    let (trace, index) = (&pass.capture.trace, &pass.capture.index);
    let mut plan = Plan::new(&pass.filter, trace, index);
    // Who completed what is only asked where frames are looked into.
    let mut look: Option<Look<'_>> = None;
    if !plan.is_in_columns() {
        let look = look.insert(Look::new(trace, index, Shown::WhenWhole(WhenWhole::of(index))));
        plan = Plan::showing(&pass.filter, trace, index, look.shown());
    }
    let mut out = Out { pass, post, frames: Vec::new(), since: Instant::now(), wait: SHOW_FIRST };
    let mut first = pass.frames.start;
    while first < pass.frames.end {
        let end = (first / ROUND).saturating_add(1).saturating_mul(ROUND).min(pass.frames.end);
        let mut looked = 0_u32;
        for (frame, sure) in plan.candidates(first..end) {
            if pass.flow.is_some_and(|flow| index.rows.flow(frame) != flow) {
                continue;
            }
            if !sure {
                looked += 1;
                if looked.is_multiple_of(LOOKS) && (stop.load(Ordering::Relaxed) || !out.show(frame)) {
                    return;
                }
                let look = look.get_or_insert_with(|| Look::new(trace, index, Shown::WhenWhole(WhenWhole::of(index))));
                if !pass.filter.passes(look.at(frame)) {
                    continue;
                }
            }
            out.frames.push(frame);
        }
        if stop.load(Ordering::Relaxed) || !out.show(end) {
            return;
        }
        first = end;
    }
    out.send(pass.frames.end, true);
}

struct Out<'a> {
    pass: &'a Pass,
    post: &'a mut dyn FnMut(Action) -> bool,
    frames: Vec<FrameId>,
    /// When something was handed over last.
    since: Instant,
    wait: Duration,
}

impl Out<'_> {
    /// Hands over what was found before this frame, if it is time; false when nobody listens.
    fn show(&mut self, upto: FrameId) -> bool {
        let due = self.since.elapsed() >= self.wait || self.frames.len() >= PIECE;
        !due || self.send(upto, false)
    }

    fn send(&mut self, upto: FrameId, done: bool) -> bool {
        (self.since, self.wait) = (Instant::now(), SHOW_EVERY);
        let frames = std::mem::take(&mut self.frames);
        (self.post)(Action::FilterFound { generation: self.pass.generation, frames, upto, done })
    }
}
