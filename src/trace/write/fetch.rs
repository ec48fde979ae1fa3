//! The bytes of a trace's source one piece after the other, read in large pieces.
//!
//! In: a trace. Out: each frame's bytes, or whatever else stands in the source. At most [`WINDOW`] bytes, or what is asked for
//! at once, are held.

use crate::trace::read::{MAX_BLOCK, MAX_FRAME};
use crate::trace::{FrameId, FrameMeta, Kept, Trace};

const WINDOW: usize = 1 << 18;

pub struct Window<'t> {
    trace: &'t Trace,
    /// What is known to be in the source ends here.
    limit: u64,
    /// Where `bytes` begins in the source.
    start: u64,
    bytes: Vec<u8>,
}

fn end(meta: &FrameMeta) -> u64 {
    meta.offset.saturating_add(u64::from(meta.cap_len))
}

impl<'t> Window<'t> {
    pub fn new(trace: &'t Trace) -> Self {
        let limit = trace.frames.last().map_or(0, |meta| end(&meta)).max(trace.kept.last().map_or(0, Kept::end));
        Self { trace, limit, start: 0, bytes: Vec::new() }
    }

    /// `None` if the source does not have these bytes (any more), or if no reader would take a frame of this length.
    pub fn frame(&mut self, id: FrameId) -> Option<&[u8]> {
        let meta = self.trace.meta(id)?;
        if meta.cap_len > MAX_FRAME {
            return None;
        }
        self.at(meta.offset, meta.cap_len as usize)
    }

    /// `len` bytes from `offset`. `None` if the source does not have them, or if no block is that long.
    pub fn at(&mut self, offset: u64, len: usize) -> Option<&[u8]> {
        if self.range(offset, len).is_none() {
            self.load(offset, len)?;
        }
        let range = self.range(offset, len)?;
        self.bytes.get(range)
    }

    fn range(&self, offset: u64, len: usize) -> Option<std::ops::Range<usize>> {
        let from = usize::try_from(offset.checked_sub(self.start)?).ok()?;
        let to = from.checked_add(len)?;
        (to <= self.bytes.len()).then_some(from..to)
    }

    /// Reads these bytes and as many behind them as fit and are known to be there.
    fn load(&mut self, offset: u64, len: usize) -> Option<()> {
        if len > MAX_BLOCK as usize {
            return None;
        }
        let there = usize::try_from(self.limit.saturating_sub(offset)).unwrap_or(usize::MAX);
        self.start = offset;
        let more = there.min(WINDOW).max(len);
        self.bytes.resize(more, 0);
        let mut read = self.trace.source.read_at(offset, &mut self.bytes);
        if read.is_err() && more > len {
            // A trace may have been made by hand, or the file cut since: what was asked for may still be there.
            self.bytes.resize(len, 0);
            read = self.trace.source.read_at(offset, &mut self.bytes);
        }
        if read.is_err() {
            self.bytes.clear();
        }
        read.ok()
    }
}
