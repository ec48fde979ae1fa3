//! A capture as the views see it: the trace, its index, and which frames are in question.

use crate::flow::{FlowId, Index};
use crate::trace::column::Columns;
use crate::trace::{Call, FrameId, Host, Nanos, ReadAt, Trace};
use std::sync::Arc;

/// A trace and what is known of it. Grows at its end only.
#[derive(Clone)]
pub struct Capture {
    pub trace: Trace,
    pub index: Index,
}

impl Capture {
    pub fn new(source: Arc<dyn ReadAt>) -> Self {
        Self { trace: Trace::new(source), index: Index::default() }
    }

    /// A capture with nothing in it.
    pub fn empty() -> Self {
        Self::new(Arc::new(Vec::new()))
    }

    /// The time of the first frame: zero on the time axis.
    pub fn start(&self) -> Nanos {
        self.trace.frames.first().map_or(Nanos(0), |m| m.at)
    }

    /// Nanoseconds from the first frame to this one.
    pub fn relative(&self, frame: FrameId) -> i64 {
        self.trace.meta(frame).map_or(0, |m| m.at.since(self.start()))
    }

    /// A host's calls that had begun by `at`, the latest last.
    pub fn calls_until(&self, host: Host, at: Nanos) -> impl DoubleEndedIterator<Item = &Call> {
        self.trace.calls.until(at).filter(move |c| c.host == host)
    }
}

/// Which frames the story is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All frames of the capture.
    #[default]
    All,
    /// One conversation.
    Flow(FlowId),
}

/// The frames of a scope, in order, addressable by position. Where a display filter is in force, those of them that it lets
/// through: both hold together, neither wins.
#[derive(Clone, Debug, Default)]
pub struct Sequence {
    scope: Scope,
    /// For a flow: its frames. For all: empty, position and number are the same.
    frames: Vec<FrameId>,
    /// The frames that a filter let through, in order, whatever the scope.
    passed: Option<Columns<1>>,
    len: usize,
    /// For a flow: frames before this one have been looked at.
    looked: usize,
}

impl Sequence {
    pub fn of(scope: Scope, capture: &Capture) -> Self {
        let mut sequence = Self { scope, ..Self::default() };
        sequence.grow(capture);
        sequence
    }

    /// An empty sequence that takes what a filter lets through: see [`Sequence::add`].
    pub fn filtered(scope: Scope) -> Self {
        Self { scope, passed: Some(Columns::default()), ..Self::default() }
    }

    /// Only frames that a filter let through are in it.
    pub fn is_filtered(&self) -> bool {
        self.passed.is_some()
    }

    /// Takes in the next frames that the filter let through; they stand behind those before.
    pub fn add(&mut self, frames: &[FrameId]) {
        if let Some(passed) = &mut self.passed {
            frames.iter().for_each(|f| passed.push([i64::from(*f)]));
            self.len = passed.len();
        }
    }

    /// The position of the first frame with this number or a greater one; the length where there is none.
    pub fn first_from(&self, frame: FrameId) -> usize {
        let (mut from, mut to) = (0, self.len);
        while from < to {
            let middle = from + (to - from) / 2;
            if self.frame(middle).is_some_and(|f| f < frame) { from = middle + 1 } else { to = middle }
        }
        from
    }

    /// Takes in the frames that came since. Where a filter is in force it is asked first: see [`Sequence::add`].
    pub fn grow(&mut self, capture: &Capture) {
        if self.is_filtered() {
            return;
        }
        match self.scope {
            Scope::All => self.len = capture.index.rows.len(),
            Scope::Flow(flow) => {
                let known = self.frames.last().copied();
                let mut next = match known {
                    None => capture.index.flow(flow).map(|f| f.first_frame),
                    Some(last) => capture.index.next_in_flow(flow, last),
                };
                while let Some(frame) = next.filter(|&f| (f as usize) < capture.index.rows.len()) {
                    self.frames.push(frame);
                    next = capture.index.next_in_flow(flow, frame);
                }
                self.len = self.frames.len();
                self.looked = capture.index.rows.len();
            }
        }
    }

    /// As [`Sequence::grow`], but looks at no more than `most` frames. True when there are no others.
    pub fn step(&mut self, capture: &Capture, most: usize) -> bool {
        let Scope::Flow(flow) = self.scope else {
            self.grow(capture);
            return true;
        };
        let (rows, Some(known)) = (&capture.index.rows, capture.index.flow(flow)) else { return true };
        if self.is_filtered() || self.looked >= rows.len() {
            return true;
        }
        // Outside of its first and last frame there is nothing to look at.
        let from = self.looked.max(known.first_frame as usize);
        let all = rows.len().min((known.last_frame as usize).saturating_add(1));
        let to = all.min(from.saturating_add(most));
        self.frames.extend((from..to).map(|frame| frame as FrameId).filter(|frame| rows.flow(*frame) == flow));
        self.len = self.frames.len();
        self.looked = if to < all { to } else { rows.len() };
        to >= all
    }

    pub fn scope(&self) -> Scope {
        self.scope
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn frame(&self, position: usize) -> Option<FrameId> {
        if let Some(passed) = &self.passed {
            return passed.number(position, 0).and_then(|f| FrameId::try_from(f).ok());
        }
        match self.scope {
            Scope::All => (position < self.len).then_some(position as FrameId),
            Scope::Flow(_) => self.frames.get(position).copied(),
        }
    }

    /// Where a frame stands in this sequence.
    pub fn position(&self, frame: FrameId) -> Option<usize> {
        if self.is_filtered() {
            return Some(self.first_from(frame)).filter(|at| self.frame(*at) == Some(frame));
        }
        match self.scope {
            Scope::All => Some(frame as usize).filter(|&p| p < self.len),
            Scope::Flow(_) => self.frames.binary_search(&frame).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::timeline::Intake;

    #[test]
    fn a_sequence_that_grows_by_steps_becomes_the_same_as_one_that_grows_at_once() {
        let bytes = include_bytes!("../../captures/udp-echo.pcapng");
        let (mut intake, mut capture) = (Intake::new(), Capture::new(Arc::new(bytes.to_vec())));
        let mut all = vec![Sequence::default(); 4];
        for part in bytes.chunks(500) {
            intake.feed(part);
            let (records, batch) = intake.take();
            records.into_iter().for_each(|r| capture.trace.append(r));
            capture.index.apply(batch);
            for (most, sequence) in all.iter_mut().enumerate() {
                let scope = Scope::Flow(0);
                *sequence = Sequence { scope, ..std::mem::take(sequence) };
                match most {
                    0 => sequence.grow(&capture),
                    _ => _ = sequence.step(&capture, most),
                }
            }
        }
        for (most, sequence) in all.iter_mut().enumerate().skip(1) {
            while !sequence.step(&capture, most) {}
        }
        let frames = |s: &Sequence| (0..s.len()).map(|at| s.frame(at)).collect::<Vec<_>>();
        assert!(all[0].len() > 2 && all.iter().all(|s| frames(s) == frames(&all[0])), "{all:?}");
    }
}
