//! The bytes of one direction of a flow, put together when somebody looks at them; every byte knows its segment.
//!
//! In: the trace, the index and a range of a stream. Out: [`Gathered`]: the bytes, which frame brought which of them (first,
//! again, or differently), and what is missing. It reads only the frames that touch the range, and never gives more than
//! [`MAX_BYTES`].

use super::{Dir, FlowId, Index, Message, NO_FRAME, Row, Transport, fragments};
use crate::trace::{FrameId, Trace};
use std::ops::Range;

/// Bytes that one call gives at most.
pub const MAX_BYTES: u64 = 1 << 20;
/// Chunks that one call lists at most.
const MAX_CHUNKS: usize = 1 << 16;

/// What a segment brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChunkKind {
    /// The first copy of these bytes: the one that counts.
    New,
    /// The same bytes again.
    Retransmitted,
    /// Other bytes for the same place in the stream. The first copy is shown; which one the receiver took cannot be seen.
    Conflict,
}

/// A piece of a stream, as one frame brought it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Offset in the stream.
    pub stream_at: u64,
    pub len: u32,
    pub frame: FrameId,
    /// Offset in the frame; in the datagram, if the frame completed one that came in fragments.
    pub frame_at: u32,
    pub kind: ChunkKind,
}

/// A range of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gathered {
    /// The stream offset of `bytes[0]`.
    pub at: u64,
    /// Missing bytes are 0: see `gaps`.
    pub bytes: Vec<u8>,
    /// In the order of the capture.
    pub chunks: Vec<Chunk>,
    /// Ranges of the stream, within what was asked for (and given), that were never captured.
    pub gaps: Vec<Range<u64>>,
    /// There was more than may be given at once: `bytes` ends early.
    pub capped: bool,
}

impl Gathered {
    /// The frames that brought the first copy of some byte, each once, in the order of the capture.
    pub fn frames(&self) -> Vec<FrameId> {
        let mut frames: Vec<_> = self.chunks.iter().filter(|c| c.kind == ChunkKind::New).map(|c| c.frame).collect();
        frames.dedup();
        frames
    }
}

/// Puts a range of one direction's bytes together. It walks all frames of the flow: for a message, [`of_message`] is faster.
/// UDP has no stream: give the datagram's frame to [`datagram`].
pub fn gather(trace: &Trace, index: &Index, flow: FlowId, dir: Dir, range: Range<u64>) -> Gathered {
    let frames = index.frames_of(flow).filter(|id| index.row(*id).is_some_and(|row| row.dir == dir));
    put_together(trace, index, frames, range, MAX_BYTES, Copies::Within(NEAR))
}

/// How far from a message's frames its other segments are looked for (frames of the capture): those that came too early, and
/// copies sent later.
const NEAR: FrameId = 1 << 15;
/// ... and first of all, which is enough where nothing is missing: a frame must not cost as much as its neighbourhood.
const NEAREST: FrameId = 1 << 10;

/// The bytes of a message of a stream, at most `limit` of them, as they came first: copies sent later are not looked for.
pub fn of_message_once(trace: &Trace, index: &Index, message: &Message, limit: u64) -> Gathered {
    let next = |&id: &FrameId| index.next_in_flow(message.flow, id);
    let last = match message.shown_in {
        NO_FRAME => message.last_frame,
        shown => message.last_frame.max(shown),
    };
    let frames = std::iter::successors(Some(message.first_frame), next).take_while(|id| *id <= last);
    let mine = frames.filter(|id| index.row(*id).is_some_and(|row| row.dir == message.dir));
    let found = put_together(trace, index, mine, message.range.clone(), limit, Copies::None);
    let asked = (message.range.end - message.range.start).min(limit.min(MAX_BYTES));
    // A part of it came before its beginning.
    if found.gaps.is_empty() && found.bytes.len() as u64 == asked { found } else { of_message(trace, index, message, limit) }
}

/// The bytes of a message of a stream, at most `limit` of them, with the copies of them that stand near.
pub fn of_message(trace: &Trace, index: &Index, message: &Message, limit: u64) -> Gathered {
    let within = |near: FrameId| {
        let first = message.first_frame.min(message.last_frame).saturating_sub(near);
        let last = message.first_frame.max(message.last_frame).saturating_add(near).min(trace.len());
        let next = |from: FrameId| index.rows.of_flow(message.flow, from).filter(|id| *id < last);
        let all = std::iter::successors(next(first), |id| next(id.saturating_add(1)));
        let mine = all.filter(|id| index.row(*id).is_some_and(|row| row.dir == message.dir));
        put_together(trace, index, mine, message.range.clone(), limit, Copies::Within(near))
    };
    let found = within(NEAREST);
    let asked = (message.range.end - message.range.start).min(limit.min(MAX_BYTES));
    if found.gaps.is_empty() && found.bytes.len() as u64 == asked { found } else { within(NEAR) }
}

/// Which copies of bytes that are there already are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Copies {
    None,
    /// In so many frames of the direction behind the one with which nothing was missing any more.
    Within(FrameId),
}

fn put_together(
    trace: &Trace,
    index: &Index,
    frames: impl Iterator<Item = FrameId>,
    range: Range<u64>,
    limit: u64,
    copies: Copies,
) -> Gathered {
    let end = range.end.min(range.start.saturating_add(limit.min(MAX_BYTES))).max(range.start);
    let mut out = Gathered { at: range.start, capped: end < range.end, ..Gathered::default() };
    let mut missing = Holes::new(range.start..end);
    let mut buf = Vec::new();
    // Frames since the last hole was closed.
    let mut since_whole = 0;
    for id in frames {
        let Some(row) = index.row(id) else { break };
        since_whole = if missing.open.is_empty() { since_whole + 1 } else { 0 };
        let most = match copies {
            Copies::None => 0,
            Copies::Within(near) => near,
        };
        if since_whole > most {
            break;
        }
        // What a reset carries is not part of the stream (RFC 9293 §3.5.3).
        if row.transport != Transport::Tcp || row.has(Row::RST) {
            continue;
        }
        let here = row.stream_range();
        let (from, to) = (here.start.max(range.start), here.end.min(end));
        if from >= to {
            continue;
        }
        let Some(all) = fragments::bytes_of(trace, index, id, &mut buf) else { continue };
        // A payload that begins before byte 0 of the stream shows its rest only.
        let skipped = from.wrapping_sub(row.stream_at);
        let at = u64::from(row.payload_at).saturating_add(skipped);
        let bytes = usize::try_from(at).ok().and_then(|a| all.get(a..)).unwrap_or(&[]);
        let bytes = bytes.get(..usize::try_from(to - from).unwrap_or(0)).unwrap_or(bytes);
        take(&mut out, &mut missing, from, bytes, id, at);
        if out.chunks.len() >= MAX_CHUNKS {
            out.capped = true;
            break;
        }
    }
    // Shorter where the stream ends (or the capture does).
    let have = missing.covered_end().saturating_sub(range.start);
    out.bytes.truncate(usize::try_from(have).unwrap_or(usize::MAX));
    out.gaps = missing.before(range.start + out.bytes.len() as u64);
    out
}

/// The payload of one frame as a range of its own: for UDP and everything else without a stream.
pub fn datagram(trace: &Trace, index: &Index, frame: FrameId) -> Gathered {
    let mut out = Gathered::default();
    let mut buf = Vec::new();
    if let (Some(row), Some(data)) = (index.row(frame), fragments::bytes_of(trace, index, frame, &mut buf)) {
        let payload = data.get(row.payload_at as usize..).unwrap_or(&[]);
        let payload = payload.get(..row.payload_len as usize).unwrap_or(payload);
        out.capped = payload.len() as u64 > MAX_BYTES;
        out.bytes = payload.get(..MAX_BYTES as usize).unwrap_or(payload).to_vec();
        if !out.bytes.is_empty() {
            let len = out.bytes.len() as u32;
            out.chunks.push(Chunk { stream_at: 0, len, frame, frame_at: row.payload_at.into(), kind: ChunkKind::New });
        }
    }
    out
}

/// Puts the bytes of one segment where they are new, and compares them where they are not.
fn take(out: &mut Gathered, missing: &mut Holes, from: u64, bytes: &[u8], frame: FrameId, frame_at: u64) {
    let end = from + bytes.len() as u64;
    let need = usize::try_from(end - out.at).unwrap_or(0);
    if out.bytes.len() < need {
        out.bytes.resize(need, 0);
    }
    let slot = |at: u64, len: u64| (at - out.at) as usize..(at - out.at + len) as usize;
    let part = |at: u64, len: u64| bytes.get((at - from) as usize..(at - from + len) as usize).unwrap_or(&[]);
    let mut chunks = Vec::new();
    let mut at = from;
    let holes = missing.fill(from..end);
    let mut known_until = |upto: u64, at: &mut u64, old: &[u8]| {
        if upto > *at {
            let len = upto - *at;
            let same = old.get(slot(*at, len)) == Some(part(*at, len));
            let kind = if same { ChunkKind::Retransmitted } else { ChunkKind::Conflict };
            chunks.push((*at, len, kind));
            *at = upto;
        }
    };
    let mut new = Vec::new();
    for hole in holes {
        known_until(hole.start, &mut at, &out.bytes);
        new.push(hole.clone());
        at = hole.end;
    }
    known_until(end, &mut at, &out.bytes);
    for hole in &new {
        let len = hole.end - hole.start;
        if let Some(to) = out.bytes.get_mut((hole.start - out.at) as usize..(hole.start - out.at + len) as usize) {
            to.copy_from_slice(part(hole.start, len));
        }
        chunks.push((hole.start, len, ChunkKind::New));
    }
    chunks.sort_unstable_by_key(|c| c.0);
    out.chunks.extend(chunks.into_iter().map(|(at, len, kind)| Chunk {
        stream_at: at,
        len: len as u32,
        frame,
        frame_at: (frame_at + (at - from)) as u32,
        kind,
    }));
}

/// The parts of a range that nothing has covered yet, in order.
struct Holes {
    whole: Range<u64>,
    open: Vec<Range<u64>>,
}

impl Holes {
    fn new(whole: Range<u64>) -> Self {
        let open = if whole.is_empty() { Vec::new() } else { vec![whole.clone()] };
        Self { whole, open }
    }

    /// Covers a range; returns the parts of it that were open.
    fn fill(&mut self, with: Range<u64>) -> Vec<Range<u64>> {
        let from = self.open.partition_point(|h| h.end <= with.start);
        let to = self.open.partition_point(|h| h.start < with.end);
        let mut filled = Vec::new();
        let mut rest = Vec::new();
        for hole in self.open.get(from..to).unwrap_or(&[]) {
            filled.push(hole.start.max(with.start)..hole.end.min(with.end));
            if hole.start < with.start {
                rest.push(hole.start..with.start);
            }
            if hole.end > with.end {
                rest.push(with.end..hole.end);
            }
        }
        if from < to {
            self.open.splice(from..to, rest);
        }
        filled
    }

    /// The end of the last covered part.
    fn covered_end(&self) -> u64 {
        match self.open.last() {
            Some(hole) if hole.end == self.whole.end => hole.start,
            _ => self.whole.end,
        }
    }

    fn before(&self, end: u64) -> Vec<Range<u64>> {
        self.open.iter().filter(|h| h.start < end).map(|h| h.start..h.end.min(end)).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[allow(clippy::type_complexity)]
    fn put(pieces: &[(u64, &str)]) -> (String, Vec<(u64, u32, ChunkKind)>, Vec<Range<u64>>) {
        let mut out = Gathered { at: 10, ..Gathered::default() };
        let mut missing = Holes::new(10..20);
        for (i, (at, text)) in pieces.iter().enumerate() {
            take(&mut out, &mut missing, *at, text.as_bytes(), i as u32, 100);
        }
        let end = missing.covered_end();
        let chunks = out.chunks.iter().map(|c| (c.stream_at, c.len, c.kind)).collect();
        (String::from_utf8(out.bytes).unwrap(), chunks, missing.before(end))
    }

    #[test]
    fn overlap_with_the_same_bytes_is_a_retransmission() {
        use ChunkKind::{New, Retransmitted};
        let (text, chunks, gaps) = put(&[(10, "abcd"), (12, "cdef")]);
        assert_eq!(text, "abcdef");
        assert_eq!(chunks, [(10, 4, New), (12, 2, Retransmitted), (14, 2, New)]);
        assert!(gaps.is_empty());
    }

    #[test]
    fn other_bytes_at_the_same_place_are_a_conflict_and_the_first_are_kept() {
        let (text, chunks, _) = put(&[(10, "abcd"), (11, "XY")]);
        assert_eq!(text, "abcd");
        assert_eq!(chunks[1], (11, 2, ChunkKind::Conflict));
    }

    #[test]
    fn a_segment_over_two_known_islands_fills_only_the_sea() {
        use ChunkKind::{New, Retransmitted};
        let (text, chunks, gaps) = put(&[(11, "b"), (13, "d"), (10, "abcde")]);
        assert_eq!(text, "abcde");
        assert_eq!(chunks[2..], [(10, 1, New), (11, 1, Retransmitted), (12, 1, New), (13, 1, Retransmitted), (14, 1, New)]);
        assert!(gaps.is_empty());
    }

    #[test]
    fn what_is_missing_inside_is_a_gap() {
        let (text, _, gaps) = put(&[(10, "ab"), (14, "ef")]);
        assert_eq!(text, "ab\0\0ef");
        assert_eq!(gaps.iter().map(|g| (g.start, g.end)).collect::<Vec<_>>(), [(12, 14)]);
    }
}
