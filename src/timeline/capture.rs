//! A capture as the views see it: the trace, its index, and which frames are in question.

use crate::flow::{FlowId, Index};
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
        let upto = self.trace.calls.partition_point(|c| c.at_enter <= at);
        self.trace.calls.iter().take(upto).filter(move |c| c.host == host)
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

/// The frames of a scope, in order, addressable by position.
#[derive(Clone, Debug, Default)]
pub struct Sequence {
    scope: Scope,
    /// For a flow: its frames. For all: empty, position and number are the same.
    frames: Vec<FrameId>,
    len: usize,
}

impl Sequence {
    pub fn of(scope: Scope, capture: &Capture) -> Self {
        let mut sequence = Self { scope, frames: Vec::new(), len: 0 };
        sequence.grow(capture);
        sequence
    }

    /// Takes in the frames that came since.
    pub fn grow(&mut self, capture: &Capture) {
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
            }
        }
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
        match self.scope {
            Scope::All => (position < self.len).then_some(position as FrameId),
            Scope::Flow(_) => self.frames.get(position).copied(),
        }
    }

    /// Where a frame stands in this sequence.
    pub fn position(&self, frame: FrameId) -> Option<usize> {
        match self.scope {
            Scope::All => Some(frame as usize).filter(|&p| p < self.len),
            Scope::Flow(_) => self.frames.binary_search(&frame).ok(),
        }
    }
}
