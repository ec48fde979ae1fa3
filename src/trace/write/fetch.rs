//! The frames of a trace one after the other, read from its file in large pieces.
//!
//! In: a trace. Out: each frame's bytes. At most [`WINDOW`] bytes, or one frame, are held.

use crate::trace::read::MAX_FRAME;
use crate::trace::{FrameId, FrameMeta, Trace};

const WINDOW: u64 = 1 << 18;

pub struct Window<'t> {
    trace: &'t Trace,
    /// Where `bytes` begins in the file.
    start: u64,
    bytes: Vec<u8>,
}

fn end(meta: &FrameMeta) -> u64 {
    meta.offset.saturating_add(u64::from(meta.cap_len))
}

impl<'t> Window<'t> {
    pub fn new(trace: &'t Trace) -> Self {
        Self { trace, start: 0, bytes: Vec::new() }
    }

    /// `None` if the file does not have these bytes (any more), or if no reader would take a frame of this length.
    pub fn frame(&mut self, id: FrameId) -> Option<&[u8]> {
        let meta = self.trace.meta(id)?;
        if meta.cap_len > MAX_FRAME {
            return None;
        }
        if self.range(meta).is_none() {
            self.load(id)?;
        }
        let range = self.range(meta)?;
        self.bytes.get(range)
    }

    fn range(&self, meta: &FrameMeta) -> Option<std::ops::Range<usize>> {
        let from = usize::try_from(meta.offset.checked_sub(self.start)?).ok()?;
        let to = from.checked_add(meta.cap_len as usize)?;
        (to <= self.bytes.len()).then_some(from..to)
    }

    /// Reads this frame and as many of those behind it as fit.
    fn load(&mut self, id: FrameId) -> Option<()> {
        let frames = self.trace.frames.get(id as usize..)?;
        let first = frames.first()?;
        let mut stop = end(first);
        for meta in frames.get(1..)? {
            if meta.offset < stop || end(meta).saturating_sub(first.offset) > WINDOW {
                break;
            }
            stop = end(meta);
        }
        self.start = first.offset;
        self.bytes.resize(usize::try_from(stop.checked_sub(first.offset)?).ok()?, 0);
        let read = self.trace.source.read_at(self.start, &mut self.bytes);
        if read.is_err() {
            self.bytes.clear();
        }
        read.ok()
    }
}
