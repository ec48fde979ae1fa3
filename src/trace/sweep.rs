//! Frames one after the other, without a system call for each.
//!
//! In: a trace. Out: the bytes of its frames, for whoever looks into many of them. Frames that follow each other closely are read in
//! blocks, which grow while that goes on; a frame far from the one before is read alone.

use super::{Frame, FrameId, FrameMeta, Trace};
use std::ops::Range;

/// Bytes read at once, at first and at most.
const FIRST: u64 = 1 << 15;
const MOST: u64 = 1 << 20;
/// Frames between two that are asked for, up to which it is worth to read what is between them.
const NEAR: FrameId = 6;

/// Reads ahead. Frames may be asked in any order; only rising ones are fast.
#[derive(Default)]
pub struct Sweep {
    block: Vec<u8>,
    /// Where the block stands in the file.
    at: u64,
    /// How much is read next.
    size: u64,
    /// The frame asked for last.
    last: FrameId,
    /// A frame read by itself.
    alone: Vec<u8>,
    /// Where the bytes of the frame at hand are.
    hand: Hand,
}

#[derive(Default)]
enum Hand {
    #[default]
    Nothing,
    Block(Range<usize>),
    Alone,
}

impl Sweep {
    /// A frame's bytes. `None`: no such frame, or the file can no longer be read there.
    pub fn frame<'a>(&'a mut self, trace: &Trace, id: FrameId) -> Option<Frame<'a>> {
        let meta = trace.meta(id)?;
        self.take(trace, id, &meta).then(|| Frame { id, meta, link: trace.link(&meta), bytes: self.bytes() })
    }

    /// Takes a frame in hand: [`Sweep::bytes`] gives it. `meta` is what the trace says of it. False: it cannot be read.
    pub fn take(&mut self, trace: &Trace, id: FrameId, meta: &FrameMeta) -> bool {
        let len = meta.cap_len as usize;
        if let Some(range) = self.within(meta.offset, len) {
            (self.hand, self.last) = (Hand::Block(range), id);
            return true;
        }
        let near = id >= self.last && id - self.last <= NEAR;
        self.last = id;
        self.size = if near { (self.size * 2).clamp(FIRST, MOST) } else { 0 };
        if near {
            self.fill(trace, meta.offset);
            if let Some(range) = self.within(meta.offset, len) {
                self.hand = Hand::Block(range);
                return true;
            }
        }
        self.alone.resize(len, 0);
        let read = trace.source.read_at(meta.offset, &mut self.alone).is_ok();
        self.hand = if read { Hand::Alone } else { Hand::Nothing };
        read
    }

    /// The bytes of the frame in hand.
    pub fn bytes(&self) -> &[u8] {
        match &self.hand {
            Hand::Nothing => &[],
            Hand::Block(range) => self.block.get(range.clone()).unwrap_or(&[]),
            Hand::Alone => &self.alone,
        }
    }

    fn within(&self, offset: u64, len: usize) -> Option<Range<usize>> {
        let from = usize::try_from(offset.checked_sub(self.at)?).ok()?;
        let to = from.checked_add(len)?;
        (to <= self.block.len()).then_some(from..to)
    }

    /// Reads a block that begins here, and ends at the end of the last frame at most.
    fn fill(&mut self, trace: &Trace, offset: u64) {
        let end = trace.frames.last().map_or(0, |last| last.offset.saturating_add(last.cap_len.into()));
        let len = end.saturating_sub(offset).min(self.size);
        self.at = offset;
        self.block.resize(usize::try_from(len).unwrap_or(0), 0);
        if trace.source.read_at(offset, &mut self.block).is_err() {
            self.block.clear();
        }
    }
}
