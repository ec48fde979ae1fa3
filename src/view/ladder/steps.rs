//! How high the steps of the ladder are, and where each stands.
//!
//! In: the model, the room and how far it is scrolled. Out: the steps in sight. A step is one frame, below the calls that began
//! since the frame before it; behind the last frame stand the calls that began after it. Nothing here grows with the capture: only what is in
//! sight is asked for.

use super::{HEAD, PITCH};
use crate::app::Model;
use crate::trace::{Call, CallId, FrameId, Host, Nanos};
use crate::view::calls;

/// Height of the line of one call.
pub const ROW: f32 = 14.0;
/// Room above the first call of a step, for the returns before it.
pub const LEAD: f32 = 10.0;
/// Lines of calls between two frames; of more only the number is said.
const MAX_ROWS: usize = 10;
/// The same where there are no frames at all.
const MAX_ALONE: usize = 400;
/// Calls that are looked at between two frames.
const LOOK: usize = 2_000;
/// Calls that are looked through for one that began before what is in sight and still lasts.
const LOOK_BACK: usize = 512;

/// What happened between two frames that follow each other in the picture.
#[derive(Clone, Debug, Default)]
pub struct Gap {
    /// The times of the two frames; calls that began after the first and until the second are here.
    pub after: Nanos,
    pub upto: Nanos,
    /// By time; client and server share a line only where the second began before the first had returned.
    pub rows: Vec<[Option<CallId>; 2]>,
    /// Calls for which there was no line.
    pub more: usize,
    /// Some call returns here, because of the frame before.
    woken: bool,
}

impl Gap {
    pub fn height(&self) -> f32 {
        let lines = self.rows.len() + usize::from(self.more > 0);
        match lines {
            0 if self.woken => LEAD,
            0 => 0.0,
            n => LEAD + ROW * n as f32,
        }
    }

    fn holds(&self, at: Nanos) -> bool {
        self.after < at && at <= self.upto
    }
}

/// A step in sight.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its position; the number of frames for what stands behind the last.
    pub at: usize,
    pub frame: Option<FrameId>,
    pub gap: Gap,
    /// Its top.
    pub y: f32,
}

impl Step {
    /// Where the arrow's part begins.
    pub fn arrow(&self) -> f32 {
        self.y + self.gap.height()
    }

    /// Top of a line of calls.
    pub fn row(&self, row: usize) -> f32 {
        self.y + LEAD + ROW * row as f32
    }
}

/// The steps of a model, computed as they are asked for.
pub struct Steps<'a> {
    model: &'a Model,
    with_calls: bool,
    /// Positions, with the one behind the last frame where there is something.
    pub len: usize,
}

impl<'a> Steps<'a> {
    pub fn new(model: &'a Model, with_calls: bool) -> Self {
        let mut steps = Self { model, with_calls, len: model.sequence.len() };
        if with_calls && !steps.gap(steps.len).rows.is_empty() {
            steps.len += 1;
        }
        steps
    }

    fn call(&self, id: CallId) -> Option<&'a Call> {
        self.model.capture.trace.calls.get(id).filter(|c| calls::is_shown(self.model, c))
    }

    fn time(&self, at: usize) -> Option<Nanos> {
        self.model.capture.trace.frames.at(self.model.sequence.frame(at)? as usize)
    }

    pub fn gap(&self, at: usize) -> Gap {
        let before = at.checked_sub(1).and_then(|b| self.model.sequence.frame(b));
        let after = at.checked_sub(1).and_then(|b| self.time(b)).unwrap_or(Nanos(i64::MIN));
        let upto = self.time(at).unwrap_or(Nanos(i64::MAX));
        let mut gap = Gap { after, upto, ..Gap::default() };
        if !self.with_calls {
            return gap;
        }
        let max = if self.model.sequence.is_empty() { MAX_ALONE } else { MAX_ROWS };
        let trace = &self.model.capture.trace;
        let mut until = Nanos(i64::MIN);
        for id in trace.calls.ids_between(after, upto).take(LOOK) {
            let Some(call) = self.call(id) else { continue };
            let host = call.host.index();
            let shares = call.at_enter < until;
            let free = gap.rows.len() < max;
            match gap.rows.last_mut().and_then(|row| row.get_mut(host)).filter(|place| shares && place.is_none()) {
                Some(place) => *place = Some(id),
                None if free => {
                    let mut row = [None; 2];
                    if let Some(place) = row.get_mut(host) {
                        *place = Some(id);
                    }
                    gap.rows.push(row);
                    until = call.at_return;
                }
                None => gap.more += 1,
            }
        }
        let joined = before.and_then(|f| self.model.joins.of_frame(&self.model.capture, f));
        let woke = joined.map(|j| j.woke).unwrap_or_default();
        gap.woken = woke.iter().filter_map(|id| self.call(*id)).any(|c| gap.holds(c.at_return));
        gap
    }

    fn height(&self, at: usize) -> f32 {
        let arrow = if at < self.model.sequence.len() { PITCH } else { LEAD };
        self.gap(at).height() + arrow
    }

    /// The place so many pixels below (above, where negative) another; a place is a position and a share of its step.
    fn walk(&self, from: f64, pixels: f32) -> f64 {
        let mut at = from.max(0.0).floor() as usize;
        let mut inside = pixels + ((from - at as f64) as f32) * if at < self.len { self.height(at) } else { 0.0 };
        while inside < 0.0 && at > 0 {
            at -= 1;
            inside += self.height(at);
        }
        while at < self.len {
            let height = self.height(at);
            if inside < height {
                return at as f64 + f64::from(inside.max(0.0) / height);
            }
            inside -= height;
            at += 1;
        }
        self.len as f64
    }

    /// The place at the top of the picture: where the user has scrolled to, else so that the cursor is in sight.
    pub fn top(&self, h: f32) -> f64 {
        let room = (h - HEAD).max(PITCH);
        let last = self.walk(self.len as f64, -room);
        let follow = || self.model.play.at.map_or(0.0, |at| self.walk(at as f64, self.gap(at).height() - (room * 0.45 / PITCH).floor() * PITCH));
        self.model.ladder_top.unwrap_or_else(follow).clamp(0.0, last)
    }

    /// The place that so many pixels of scrolling lead to.
    pub fn scrolled(&self, h: f32, down: f32) -> f64 {
        self.walk(self.top(h), down)
    }

    pub fn in_sight(&self, h: f32) -> Vec<Step> {
        let top = self.top(h);
        let first = top.floor() as usize;
        let mut y = HEAD;
        if first < self.len {
            y -= ((top - first as f64) as f32) * self.height(first);
        }
        let mut steps = Vec::new();
        for at in first..self.len {
            if y >= h {
                break;
            }
            let step = Step { at, frame: self.model.sequence.frame(at), gap: self.gap(at), y };
            y = step.arrow() + if step.frame.is_some() { PITCH } else { LEAD };
            steps.push(step);
        }
        steps
    }

    /// Calls that began before the first of these steps and last into them.
    pub fn lasting(&self, steps: &[Step]) -> Vec<CallId> {
        let Some(first) = steps.first().filter(|_| self.with_calls) else { return Vec::new() };
        let since = first.gap.after;
        let earlier = self.model.capture.trace.calls.ids_until(since).rev().take(LOOK_BACK);
        earlier.filter(|id| self.call(*id).is_some_and(|c| c.at_return > since)).collect()
    }
}

/// Where a call returns, among these steps: below the lines of the calls that had begun by then. `None`: below what is in sight.
pub fn return_y(steps: &[Step], call: &Call, calls: &crate::trace::Calls) -> Option<f32> {
    let step = steps.iter().find(|s| call.at_return <= s.gap.upto)?;
    // In a line that both hosts share, its own host's call counts: a program does one thing after the other.
    let began = |row: &&[Option<CallId>; 2]| {
        let own = row.get(call.host.index()).copied().flatten();
        own.or(row.iter().flatten().next().copied()).and_then(|id| calls.get(id)).is_some_and(|c| c.at_enter < call.at_return)
    };
    let rows = step.gap.rows.iter().filter(began).count();
    Some(match rows {
        0 => step.y + (step.gap.height() - 2.0).clamp(1.0, LEAD - 3.0),
        n => step.row(n) - 1.5,
    })
}

/// The hosts in the order of their lanes.
pub const LANES: [Host; 2] = Host::BOTH;
