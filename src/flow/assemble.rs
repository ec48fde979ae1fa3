//! In-order delivery of one direction's bytes, while the capture is read.
//!
//! In: the payload of each segment, with its offset in the stream, in the order of the capture. Out: [`Piece`]s in the order
//! of the stream: bytes, gaps, the end. In-order bytes are handed on without a copy; what came too early is kept, within
//! [`MAX_HELD`]. Of two different copies of a byte the first captured wins.

use crate::trace::{FrameId, Nanos};
use std::collections::VecDeque;

/// Bytes that one direction may hold back while a hole before them is open.
pub const MAX_HELD: usize = 4 << 20;
/// Segments that one direction may hold back.
pub const MAX_HELD_SEGMENTS: usize = 8192;
/// Bytes that all connections of a capture may hold back together.
pub const MAX_HELD_TOTAL: usize = 128 << 20;
/// What keeping a segment costs besides its bytes.
const HELD_COST: usize = 64;
/// A segment further ahead than the largest window there is (RFC 7323 §2.3: 2^30) is not of this stream.
const MAX_AHEAD: u64 = 1 << 30;

/// The frame that brought some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    pub frame: FrameId,
    pub at: Nanos,
}

/// What comes next in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Bytes { at: u64, bytes: &'a [u8], from: Source },
    /// These bytes were never captured.
    Gap { at: u64, len: u64 },
    /// What comes next begins there, before or behind what has been delivered: see [`super::arrival`].
    Jump { to: u64 },
    /// The direction is over. `orderly`: by a FIN, with all bytes before it seen or declared missing.
    End { at: u64, orderly: bool },
}

struct Held {
    at: u64,
    bytes: Box<[u8]>,
    from: Source,
}

/// What all connections of a capture hold back together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Budget {
    /// Bytes, with what keeping them costs.
    pub held: usize,
    /// Times that a limit was exceeded and holes were given up.
    pub exceeded: u64,
}

/// One direction of one connection.
#[derive(Default)]
pub struct Assembler {
    /// The offset of the first byte not yet delivered.
    next: u64,
    /// The other end has acknowledged all before this offset.
    acked: u64,
    /// Where the FIN stands.
    fin: Option<u64>,
    over: bool,
    /// By offset, without overlap.
    held: VecDeque<Held>,
    held_bytes: usize,
}

impl Assembler {
    pub fn next(&self) -> u64 {
        self.next
    }

    /// No byte has come yet.
    pub fn is_untouched(&self) -> bool {
        self.next == 0 && self.held.is_empty() && self.fin.is_none() && !self.over
    }

    /// A segment's payload. `at` may be negative: bytes before the stream. `cut` bytes after it were on the wire but are not
    /// in the capture. `budget` counts the held bytes of all connections.
    pub fn push(
        &mut self,
        at: i64,
        bytes: &[u8],
        cut: u64,
        from: Source,
        budget: &mut Budget,
        deliver: &mut (impl FnMut(Piece<'_>) + ?Sized),
    ) {
        if self.over {
            return;
        }
        let skip = usize::try_from(at.saturating_neg()).unwrap_or(0);
        let bytes = bytes.get(skip..).unwrap_or(&[]);
        let at = at.max(0) as u64;
        let end = at + bytes.len() as u64;
        if self.held.is_empty() && at <= self.next {
            // The usual case: what is expected, perhaps with a beginning that is known already.
            let known = usize::try_from(self.next - at).unwrap_or(usize::MAX);
            if let Some(new) = bytes.get(known..).filter(|new| !new.is_empty()) {
                deliver(Piece::Bytes { at: self.next, bytes: new, from });
                self.next = end;
            }
        } else if end > self.next && at.saturating_sub(self.next) <= MAX_AHEAD {
            self.hold(at, bytes, from, budget);
            self.release(budget, deliver);
        }
        // The snapshot length cut the rest of this segment: nobody will ever see those bytes.
        if cut > 0 && self.next == end && self.held.front().is_none_or(|h| h.at >= end + cut) {
            self.gap(cut, deliver);
            self.release(budget, deliver);
        }
        let over_limit = self.held_bytes > MAX_HELD || self.held.len() > MAX_HELD_SEGMENTS || budget.held > MAX_HELD_TOTAL;
        if over_limit {
            budget.exceeded += 1;
            self.give_up_holes(budget, deliver);
        }
        self.accept_acked_holes(budget, deliver);
        self.end_if_complete(deliver);
    }

    /// The other end acknowledges all before `upto`.
    pub fn acknowledged(&mut self, upto: i64, budget: &mut Budget, deliver: &mut (impl FnMut(Piece<'_>) + ?Sized)) {
        let upto = u64::try_from(upto).unwrap_or(0);
        if upto > self.acked && upto.saturating_sub(self.next) <= MAX_AHEAD {
            self.acked = upto;
            if !self.held.is_empty() || self.fin.is_some() {
                self.accept_acked_holes(budget, deliver);
                self.end_if_complete(deliver);
            }
        }
    }

    /// A FIN stands at this offset.
    pub fn fin(&mut self, at: i64, budget: &mut Budget, deliver: &mut (impl FnMut(Piece<'_>) + ?Sized)) {
        let at = u64::try_from(at).unwrap_or(0);
        if !self.over && self.fin.is_none() && at >= self.next && at - self.next <= MAX_AHEAD {
            self.fin = Some(at);
            self.accept_acked_holes(budget, deliver);
            self.end_if_complete(deliver);
        }
    }

    /// Nothing more comes: a reset, or the end of the capture. What is held is delivered, with its gaps.
    pub fn finish(&mut self, budget: &mut Budget, deliver: &mut (impl FnMut(Piece<'_>) + ?Sized)) {
        if self.over {
            return;
        }
        self.give_up_holes(budget, deliver);
        if let Some(fin) = self.fin {
            if self.next < fin {
                self.gap(fin - self.next, deliver);
            }
            self.end_if_complete(deliver);
        }
        if !self.over {
            self.over = true;
            deliver(Piece::End { at: self.next, orderly: false });
        }
    }

    fn gap(&mut self, len: u64, deliver: &mut (impl FnMut(Piece<'_>) + ?Sized)) {
        deliver(Piece::Gap { at: self.next, len });
        self.next += len;
    }

    fn end_if_complete(&mut self, deliver: &mut (impl FnMut(Piece<'_>) + ?Sized)) {
        if !self.over && self.fin.is_some_and(|fin| self.next >= fin) {
            self.over = true;
            deliver(Piece::End { at: self.next, orderly: true });
        }
    }

    /// Keeps the parts that are not held yet.
    fn hold(&mut self, at: u64, bytes: &[u8], from: Source, budget: &mut Budget) {
        let end = at + bytes.len() as u64;
        let mut from_here = at.max(self.next);
        let mut i = self.held.partition_point(|h| h.at + h.bytes.len() as u64 <= from_here);
        while from_here < end {
            let (hole_end, resume) = match self.held.get(i) {
                Some(h) => (h.at.min(end), h.at + h.bytes.len() as u64),
                None => (end, end),
            };
            if hole_end > from_here {
                let part = bytes.get((from_here - at) as usize..(hole_end - at) as usize).unwrap_or(&[]);
                self.held_bytes += part.len() + HELD_COST;
                budget.held += part.len() + HELD_COST;
                self.held.insert(i, Held { at: from_here, bytes: part.into(), from });
                i += 1;
            }
            from_here = resume;
            i += 1;
        }
    }

    /// Delivers what is held and has become next.
    fn release(&mut self, budget: &mut Budget, deliver: &mut (impl FnMut(Piece<'_>) + ?Sized)) {
        while let Some(first) = self.held.front() {
            if first.at > self.next {
                break;
            }
            let Some(held) = self.held.pop_front() else { break };
            self.held_bytes -= held.bytes.len() + HELD_COST;
            budget.held -= held.bytes.len() + HELD_COST;
            let known = usize::try_from(self.next - held.at).unwrap_or(usize::MAX);
            if let Some(new) = held.bytes.get(known..).filter(|new| !new.is_empty()) {
                deliver(Piece::Bytes { at: self.next, bytes: new, from: held.from });
                self.next += new.len() as u64;
            }
        }
    }

    /// A hole whose bytes the receiver has acknowledged was lost to the capture only: it will not be filled. It is declared
    /// when something behind it waits; until then an acknowledgement may just have overtaken its data.
    fn accept_acked_holes(&mut self, budget: &mut Budget, deliver: &mut (impl FnMut(Piece<'_>) + ?Sized)) {
        while let Some(at) = self.held.front().map(|h| h.at) {
            if at > self.acked {
                return;
            }
            self.gap(at - self.next, deliver);
            self.release(budget, deliver);
        }
        if let Some(fin) = self.fin
            && !self.over
            && self.next < fin
            && self.acked >= fin
        {
            self.gap(fin - self.next, deliver);
        }
    }

    fn give_up_holes(&mut self, budget: &mut Budget, deliver: &mut (impl FnMut(Piece<'_>) + ?Sized)) {
        while let Some(at) = self.held.front().map(|h| h.at) {
            self.gap(at.saturating_sub(self.next), deliver);
            self.release(budget, deliver);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    /// The pieces as one line: `abc[3]d.` = bytes, a gap of 3, bytes, an orderly end (`!`: a cut one).
    #[derive(Default)]
    struct Script {
        side: Assembler,
        total: Budget,
        out: String,
    }

    impl Script {
        fn run(&mut self, act: impl FnOnce(&mut Assembler, &mut Budget, &mut dyn FnMut(Piece<'_>))) -> &mut Self {
            let out = &mut self.out;
            act(&mut self.side, &mut self.total, &mut |piece| match piece {
                Piece::Bytes { bytes, .. } => out.push_str(std::str::from_utf8(bytes).unwrap()),
                Piece::Jump { .. } => panic!("in-order delivery never jumps"),
                Piece::Gap { len, .. } => out.push_str(&format!("[{len}]")),
                Piece::End { orderly, .. } => out.push(if orderly { '.' } else { '!' }),
            });
            self
        }

        fn data(&mut self, at: i64, text: &str) -> &mut Self {
            self.run(|a, t, d| a.push(at, text.as_bytes(), 0, Source { frame: 0, at: Nanos(0) }, t, d))
        }

        fn ack(&mut self, upto: i64) -> &mut Self {
            self.run(|a, t, d| a.acknowledged(upto, t, d))
        }

        fn fin(&mut self, at: i64) -> &mut Self {
            self.run(|a, t, d| a.fin(at, t, d))
        }

        fn finish(&mut self) -> String {
            self.run(|a, t, d| a.finish(t, d));
            assert_eq!(self.total.held, 0, "held bytes are counted back");
            assert_eq!(self.side.held_bytes, 0);
            self.out.clone()
        }
    }

    #[test]
    fn early_segments_wait_for_the_hole() {
        assert_eq!(Script::default().data(0, "ab").data(4, "ef").data(6, "gh").data(2, "cd").fin(8).finish(), "abcdefgh.");
    }

    #[test]
    fn first_copy_wins_in_order_and_out_of_order() {
        assert_eq!(Script::default().data(0, "abc").data(1, "XYd").finish(), "abcd!");
        assert_eq!(Script::default().data(2, "cd").data(1, "bXXe").data(0, "a").finish(), "abcde!");
        assert_eq!(Script::default().data(1, "b").data(3, "d").data(5, "f").data(0, "aXcXeX").finish(), "abcdef!");
    }

    #[test]
    fn an_acknowledged_hole_becomes_a_gap_only_when_something_waits_behind_it() {
        let mut s = Script::default();
        s.data(0, "ab").ack(5);
        assert_eq!(s.out, "ab", "the data may come after its acknowledgement");
        s.data(2, "cde").data(8, "ij");
        assert_eq!(s.out, "abcde");
        s.ack(10);
        assert_eq!(s.out, "abcde[3]ij");
        s.data(5, "fgh");
        assert_eq!(s.finish(), "abcde[3]ij!", "bytes of a declared gap come too late");
    }

    #[test]
    fn fin_before_its_data_waits() {
        assert_eq!(Script::default().fin(3).data(0, "abc").finish(), "abc.");
        assert_eq!(Script::default().data(0, "a").fin(3).ack(3).finish(), "a[2].");
    }

    #[test]
    fn bytes_before_the_stream_are_not_its_bytes() {
        assert_eq!(Script::default().data(-2, "XYab").data(2, "c").finish(), "abc!");
        assert_eq!(Script::default().data(-5, "XY").data(0, "a").finish(), "a!");
        assert_eq!(Script::default().data(i64::MIN, "XY").data(i64::MAX / 2, "Z").finish(), "!");
    }

    #[test]
    fn what_is_cut_off_is_a_gap_at_once() {
        let mut s = Script::default();
        s.run(|a, t, d| a.push(0, b"ab", 3, Source { frame: 0, at: Nanos(0) }, t, d));
        assert_eq!(s.data(5, "f").finish(), "ab[3]f!");
    }

    #[test]
    fn a_hole_that_is_never_filled_cannot_hold_memory() {
        let mut s = Script::default();
        let piece = "x".repeat(1 << 16);
        for i in 0..200 {
            s.data(1 + i * (1 << 16), &piece);
        }
        assert!(s.total.held <= MAX_HELD + (1 << 17), "{} bytes held", s.total.held);
        assert!(s.out.starts_with("[1]x"));
        let mut s = Script::default();
        for i in 0..20_000 {
            s.data(1 + 2 * i, "x");
        }
        assert!(s.side.held.len() <= MAX_HELD_SEGMENTS);
    }
}
