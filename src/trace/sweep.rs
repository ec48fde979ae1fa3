//! Frames one after the other, without a system call for each.
//!
//! In: a trace. Out: the bytes of its frames, read in blocks: for whoever looks into all of them, in order.

use super::{Frame, FrameId, Trace};

/// Bytes read at once.
const BLOCK: usize = 1 << 20;

/// Reads ahead. Frames may be asked in any order; only rising ones are fast.
#[derive(Default)]
pub struct Sweep {
    block: Vec<u8>,
    /// Where the block stands in the file.
    at: u64,
    /// The file cannot give whole blocks here (it is shorter): frames are fetched one by one.
    alone: Vec<u8>,
}

impl Sweep {
    /// A frame's bytes. `None`: no such frame, or the file can no longer be read there.
    pub fn frame<'a>(&'a mut self, trace: &Trace, id: FrameId) -> Option<Frame<'a>> {
        let meta = trace.meta(id)?;
        let len = meta.cap_len as usize;
        let within = |block: &[u8], at: u64| -> Option<usize> {
            let from = usize::try_from(meta.offset.checked_sub(at)?).ok()?;
            (from.checked_add(len)? <= block.len()).then_some(from)
        };
        if within(&self.block, self.at).is_none() {
            self.fill(trace, id, meta.offset);
        }
        let bytes = match within(&self.block, self.at) {
            Some(from) => self.block.get(from..from + len)?,
            None => return trace.frame(id, &mut self.alone),
        };
        Some(Frame { id, meta, link: trace.link(&meta), bytes })
    }

    /// Reads a block that begins with this frame: as many of the frames that follow as fit.
    fn fill(&mut self, trace: &Trace, id: FrameId, offset: u64) {
        let limit = offset.saturating_add(BLOCK as u64);
        let ends = (id..trace.len()).map_while(|next| {
            let meta = trace.meta(next)?;
            let end = meta.offset.checked_add(u64::from(meta.cap_len))?;
            (meta.offset >= offset && end <= limit).then_some(end)
        });
        let len = ends.last().map_or(0, |end| usize::try_from(end - offset).unwrap_or(0));
        self.at = offset;
        self.block.resize(len, 0);
        if trace.source.read_at(offset, &mut self.block).is_err() {
            self.block.clear();
        }
    }
}
