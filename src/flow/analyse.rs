//! TCP analysis: what Wireshark 4.0 would say of a segment, by its rules and in its order, and why.
//!
//! In: the numbers of each segment of one connection, in the order of the capture. Out: [`Mark`]s, each with the rule and
//! the numbers that were compared. It holds a fixed few bytes a connection and must never look at payload.
//!
//! The rules are those of the Wireshark User's Guide, chapter "TCP Analysis", as the program behaves: a sequence number 0 is
//! "not known yet" to it, so it is here. All comparisons are modulo 2^32 (RFC 9293 §3.4).

use super::state::before;
use super::reason::{Doubt, Reason};
use super::{Dir, Mark, MarkKind, Row};
use crate::trace::{FrameId, Nanos};
use std::num::NonZeroI64;

/// What the analysis needs of one segment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Segment {
    pub frame: FrameId,
    pub at: Nanos,
    pub seq: u32,
    pub ack: u32,
    /// Payload bytes it had on the wire.
    pub len: u32,
    /// As in [`Row::flags`].
    pub flags: u8,
    /// As in the header, not scaled.
    pub window: u16,
    /// The shift of the window scale option (RFC 7323 §2), if there is one.
    pub wscale: Option<u8>,
    /// Its options were not captured to their end: what they say of scaling is not known.
    pub cut: bool,
}

impl Segment {
    fn has(&self, flags: u8) -> bool {
        self.flags & flags != 0
    }

    /// SYN and FIN take one number each; Wireshark counts one for both.
    fn end(&self) -> u32 {
        let one = u32::from(self.has(Row::SYN | Row::FIN));
        self.seq.wrapping_add(self.len).wrapping_add(one)
    }
}

/// What is known of an end's window scaling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Scale {
    /// Its SYN was not captured.
    #[default]
    Unknown,
    /// Not agreed on: the window stands in the header as it is.
    Off,
    Shift(u8),
}

/// One direction: what its segments said so far.
#[derive(Clone, Copy, Debug, Default)]
struct Way {
    /// The number before the first data byte.
    base: Option<u32>,
    /// The highest number that follows a segment; 0 = none seen.
    next_seq: u32,
    next_seq_at: Nanos,
    /// The highest number that the other end can acknowledge without a byte being missing here; 0 = none seen.
    ackable: u32,
    /// The other end has acknowledged what was not seen of this end, since this end's own acknowledgement last changed. What
    /// is missing may include repeated ACKs, so that a fast retransmission needs none.
    unseen: bool,
    last_ack: u32,
    last_ack_at: Nanos,
    /// A segment of this end was seen.
    seen: bool,
    /// As in the header.
    window: u16,
    /// That header was a SYN's: its window is never scaled (RFC 7323 §2.2).
    window_of_syn: bool,
    scale: Scale,
    repeated_acks: u32,
    /// The frame that said `last_ack` first.
    first_ack_frame: FrameId,
    /// The marks of its last segment.
    last_marks: u16,
}

impl Way {
    fn shift(&self) -> u8 {
        match self.scale {
            Scale::Shift(n) if !self.window_of_syn => n,
            _ => 0,
        }
    }

    fn relative(&self, number: u32) -> u32 {
        number.wrapping_sub(self.base.unwrap_or(0))
    }
}

/// The analysis of one connection.
#[derive(Clone, Copy, Debug, Default)]
pub struct Analysis {
    ways: [Way; 2],
    /// The most recent SYN.
    syn_at: Option<Nanos>,
    /// Nanoseconds from the last SYN to the first segment after it that is no SYN and acknowledges; 0 = not known.
    irtt: i64,
    renumbered: bool,
}

/// A fast retransmission follows the last repeated ACK within this time (nanoseconds).
const FAST_NANOS: i64 = 20_000_000;
/// Out of order means: within the initial round trip, or this where it is not known (nanoseconds).
const REORDER_NANOS: i64 = 3_000_000;

impl Analysis {
    /// The initial round trip time in nanoseconds, if the handshake was seen.
    pub fn irtt(&self) -> Option<i64> {
        (self.irtt != 0).then_some(self.irtt)
    }

    /// The initial sequence numbers, as far as known or inferred (a start not captured: the first number seen, minus one).
    pub fn isn(&self) -> [Option<u32>; 2] {
        [self.ways[0].base, self.ways[1].base]
    }

    /// The shifts in use; `None` where scaling is off or not known.
    pub fn wscale(&self) -> [Option<u8>; 2] {
        [0, 1].map(|i: usize| match self.ways[i & 1].scale {
            Scale::Shift(n) => Some(n),
            _ => None,
        })
    }

    /// Has one of [`Analysis::isn`] changed after it was known?
    pub fn renumbered(&self) -> bool {
        self.renumbered
    }

    /// The shift in use in one direction: -1 where it is not known, -2 where none was agreed on (Wireshark's numbers).
    pub fn scale_factor(&self, dir: Dir) -> i64 {
        match self.ways[dir.index()].scale {
            Scale::Unknown => -1,
            Scale::Off => -2,
            Scale::Shift(n) => 1 << n.min(14),
        }
    }

    /// How often a direction's last acknowledgement was repeated.
    pub fn repeated(&self, dir: Dir) -> u32 {
        self.ways[dir.index()].repeated_acks
    }

    /// The highest number that can be acknowledged in a direction without a byte being missing before it; 0: not known.
    pub fn ackable(&self, dir: Dir) -> u32 {
        self.ways[dir.index()].ackable
    }

    /// The number that follows all that was seen of a direction, and since when; 0: nothing was seen.
    pub fn next_seq(&self, dir: Dir) -> (u32, Nanos) {
        let way = &self.ways[dir.index()];
        (way.next_seq, way.next_seq_at)
    }

    /// Would this SYN begin another connection on the same addresses and ports?
    pub fn begins_anew(&self, dir: Dir, seg: &Segment) -> bool {
        seg.has(Row::SYN) && !seg.has(Row::ACK) && self.ways[dir.index()].base.is_some_and(|base| base != seg.seq)
    }

    /// Judges the next segment of the connection. `found` is called for each verdict, in the order of the rules. Returns
    /// the bits of all marks.
    pub fn judge(&mut self, dir: Dir, seg: &Segment, found: &mut dyn FnMut(Mark)) -> u16 {
        self.learn_of_start(dir, seg);
        let mut marks = Marks { bits: 0, found };
        if self.ways[dir.index()].base.is_some_and(|b| b != seg.seq) && seg.has(Row::SYN) && seg.has(Row::ACK) {
            let base = self.ways[dir.index()].base.unwrap_or(0);
            marks.add(MarkKind::ReusedPorts, Reason::OtherStart { seq: seg.seq, base });
            self.ways[dir.index()].base = Some(seg.seq);
            self.renumbered = true;
        }
        self.look_at_windows_and_acks(dir, seg, &mut marks);
        self.look_at_what_is_resent(dir, seg, &mut marks);
        let bits = marks.bits;
        self.remember(dir, seg, bits);
        bits
    }

    /// Says that this SYN reuses the addresses and ports of an earlier connection, whose number began at `old`.
    pub fn reused(seg: &Segment, old: Option<u32>) -> Mark {
        let old = old.unwrap_or(0);
        Mark { kind: MarkKind::ReusedPorts, reason: Reason::NewConnection { seq: seg.seq, old } }
    }

    fn learn_of_start(&mut self, dir: Dir, seg: &Segment) {
        let (me, peer) = (dir.index(), dir.reverse().index());
        let (syn, ack) = (seg.has(Row::SYN), seg.has(Row::ACK));
        if self.ways[me].base.is_none() {
            self.ways[me].base = Some(if syn { seg.seq } else { seg.seq.wrapping_sub(1) });
        }
        // The other end's start, where its SYN was not captured (yet), follows from what is acknowledged.
        if ack && self.ways[peer].base.is_none() {
            self.ways[peer].base = Some(seg.ack.wrapping_sub(1));
        }
        if syn {
            // RFC 7323 §2.2: scaling is used only if both SYNs offer it; shifts above 14 count as 14 (§2.3). A SYN sent again
            // without the option takes nothing back.
            if let Some(n) = seg.wscale {
                self.ways[me].scale = Scale::Shift(n.min(14));
            }
            match self.ways[me].scale {
                _ if seg.cut => {}
                Scale::Unknown => (self.ways[me].scale, self.ways[peer].scale) = (Scale::Off, Scale::Off),
                _ if ack && self.ways[peer].scale == Scale::Off => self.ways[me].scale = Scale::Off,
                _ => {}
            }
            if !ack {
                self.syn_at = Some(seg.at);
            }
        }
    }

    fn look_at_windows_and_acks(&mut self, dir: Dir, seg: &Segment, marks: &mut Marks<'_>) {
        let [fwd, rev] = self.both(dir);
        let plain = !seg.has(Row::SYN | Row::FIN | Row::RST);
        let seq = fwd.relative(seg.seq);
        let ack = rev.relative(seg.ack);
        let (window, len) = (seg.window, seg.len);
        let mut repeat = false;

        'acks: {
            if len == 1 && seg.seq == fwd.next_seq && rev.seen && rev.window == 0 {
                marks.add(MarkKind::ZeroWindowProbe, Reason::ZeroWindowProbe { seq });
                break 'acks;
            }
            if window == 0 && plain {
                marks.add(MarkKind::ZeroWindow, Reason::ZeroWindow);
            }
            if fwd.next_seq != 0 && before(fwd.next_seq, seg.seq) && !seg.has(Row::RST) {
                let (next, missing) = (fwd.relative(fwd.next_seq), seg.seq.wrapping_sub(fwd.next_seq));
                marks.add(MarkKind::LostSegment, Reason::LostSegment { next, seq, missing });
            }
            if len <= 1 && seg.seq == fwd.next_seq.wrapping_sub(1) && plain {
                let truth = match (rev.window, len) {
                    (0, _) if rev.seen => Doubt::Probe,
                    (_, 1) => Doubt::Resent,
                    _ => Doubt::None,
                };
                marks.add(MarkKind::KeepAlive, Reason::KeepAlive { seq, len, truth });
            }
            let same_ack = len == 0 && seg.seq == fwd.next_seq && seg.ack == fwd.last_ack;
            if same_ack && window != 0 && window != fwd.window && plain {
                let (old, new) = (u32::from(fwd.window) << fwd.shift(), u32::from(window) << scaled(fwd.scale));
                marks.add(MarkKind::WindowUpdate, Reason::WindowUpdate { old, new });
            }
            let room = u32::from(rev.window) << rev.shift();
            if len > 0
                && rev.scale != Scale::Unknown
                && seg.seq.wrapping_add(len) == rev.last_ack.wrapping_add(room)
                && plain
            {
                let (end, acked) = (seq.wrapping_add(len), fwd.relative(rev.last_ack));
                marks.add(MarkKind::WindowFull, Reason::WindowFull { end, acked, room });
            }
            if same_ack && window != 0 && window == fwd.window && plain && rev.last_marks & MarkKind::KeepAlive.bit() != 0 {
                marks.add(MarkKind::KeepAliveAck, Reason::KeepAliveAck { ack });
                break 'acks;
            }
            if same_ack && window == 0 && fwd.window == 0 && plain && rev.last_marks & MarkKind::ZeroWindowProbe.bit() != 0 {
                marks.add(MarkKind::ZeroWindowProbeAck, Reason::ZeroWindowProbeAck);
                break 'acks;
            }
            if same_ack && window != 0 && window == fwd.window && plain {
                repeat = true;
            }
        }

        let way = &mut self.ways[dir.index()];
        if repeat {
            way.repeated_acks = way.repeated_acks.saturating_add(1);
            way.unseen = false;
            let (times, first) = (way.repeated_acks, way.first_ack_frame);
            marks.add(MarkKind::DuplicateAck, Reason::DuplicateAck { ack, times, first });
        }
        if seg.ack != way.last_ack {
            way.first_ack_frame = seg.frame;
            way.repeated_acks = 0;
            way.unseen = false;
        }

        let other = &mut self.ways[dir.reverse().index()];
        // Once a hole: where nothing new came from the other end, the same thing is not said again.
        let no_hole = other.ackable == other.next_seq;
        let said = no_hole && (other.unseen || other.repeated_acks > 0);
        if other.ackable != 0 && before(other.ackable, seg.ack) && seg.has(Row::ACK) && !said {
            let seen = other.relative(other.ackable);
            marks.add(MarkKind::AckLostSegment, Reason::AckLostSegment { ack, seen });
            other.ackable = other.next_seq;
            other.unseen |= no_hole;
        } else if other.ackable != 0 && before(other.ackable, seg.ack) && seg.has(Row::ACK) {
            (other.repeated_acks, other.unseen) = (0, true);
        }
    }

    fn look_at_what_is_resent(&self, dir: Dir, seg: &Segment, marks: &mut Marks<'_>) {
        if !(seg.len > 0 || seg.has(Row::SYN | Row::FIN)) || marks.bits & MarkKind::KeepAlive.bit() != 0 {
            return;
        }
        let [fwd, rev] = self.both(dir);
        let (seq, next) = (fwd.relative(seg.seq), fwd.relative(fwd.next_seq));
        let end = seg.seq.wrapping_add(seg.len);
        let beside_probe = seg.len > 1 && seg.seq == fwd.next_seq.wrapping_sub(1);
        let not_advanced = fwd.next_seq != 0 && before(seg.seq, fwd.next_seq) && !beside_probe;

        if seg.len > 0 && rev.last_ack != 0 && !before(rev.last_ack, end) {
            let (to, acked) = (fwd.relative(end), fwd.relative(rev.last_ack));
            marks.also(MarkKind::Retransmission);
            marks.add(MarkKind::SpuriousRetransmission, Reason::Spurious { seq, to, acked });
            return;
        }
        if !not_advanced {
            return;
        }
        let since_ack = seg.at.since(rev.last_ack_at);
        if (rev.repeated_acks >= 2 || rev.unseen) && rev.last_ack == seg.seq && under(since_ack, FAST_NANOS) {
            marks.also(MarkKind::Retransmission);
            marks.add(MarkKind::FastRetransmission, Reason::Fast { seq, repeats: rev.repeated_acks, since: since_ack });
            return;
        }
        let since_next = seg.at.since(fwd.next_seq_at);
        let known = NonZeroI64::new(self.irtt);
        let limit = known.map_or(REORDER_NANOS, NonZeroI64::get);
        if under(since_next, limit) && fwd.next_seq != seg.end() {
            marks.add(MarkKind::OutOfOrder, Reason::OutOfOrder { seq, next, since: since_next, limit: known });
            return;
        }
        let reason = match !under(since_next, limit) {
            true => Reason::Late { seq, next, since: since_next, limit: known },
            false => Reason::SameEnd { seq, next },
        };
        marks.add(MarkKind::Retransmission, reason);
    }

    fn remember(&mut self, dir: Dir, seg: &Segment, bits: u16) {
        // Not before the segment is judged: the round trip that it ends is not yet its measure.
        if self.irtt == 0
            && seg.has(Row::ACK)
            && !seg.has(Row::SYN)
            && let Some(syn_at) = self.syn_at
        {
            self.irtt = seg.at.since(syn_at);
        }
        let way = &mut self.ways[dir.index()];
        let probe = bits & MarkKind::ZeroWindowProbe.bit() != 0;
        let end = seg.end();
        if !probe {
            if way.next_seq == 0 || before(way.next_seq, end) {
                way.next_seq = end;
                way.next_seq_at = seg.at;
            }
            if way.ackable == 0 || seg.seq == way.ackable {
                way.ackable = way.next_seq;
            }
        }
        way.seen = true;
        way.window = seg.window;
        way.window_of_syn = seg.has(Row::SYN);
        way.last_ack = seg.ack;
        way.last_ack_at = seg.at;
        way.last_marks = bits;
    }

    fn both(&self, dir: Dir) -> [&Way; 2] {
        [&self.ways[dir.index()], &self.ways[dir.reverse().index()]]
    }
}

/// Less, as Wireshark compares times: a clock that went back counts as very late.
fn under(nanos: i64, limit: i64) -> bool {
    (nanos as u64) < limit as u64
}

fn scaled(scale: Scale) -> u8 {
    if let Scale::Shift(n) = scale { n } else { 0 }
}

struct Marks<'a> {
    bits: u16,
    found: &'a mut dyn FnMut(Mark),
}

impl Marks<'_> {
    fn add(&mut self, kind: MarkKind, reason: Reason) {
        self.bits |= kind.bit();
        (self.found)(Mark { kind, reason });
    }

    /// A mark that another one implies: the other one has the words.
    fn also(&mut self, kind: MarkKind) {
        self.bits |= kind.bit();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    /// (milliseconds, "c" or "s", flags, seq, ack, payload bytes, window, the marks expected)
    type Line<'a> = (i64, &'a str, &'a str, u32, u32, u32, u16, &'a [MarkKind]);

    fn judge(lines: &[Line<'_>]) -> Vec<Mark> {
        let mut analysis = Analysis::default();
        let mut all = Vec::new();
        for (i, (ms, who, letters, seq, ack, len, window, want)) in lines.iter().enumerate() {
            let bits = [('F', Row::FIN), ('S', Row::SYN), ('R', Row::RST), ('A', Row::ACK)];
            let flags = bits.iter().filter(|(c, _)| letters.contains(*c)).map(|(_, bit)| bit).sum();
            let (at, frame) = (Nanos(ms * 1_000_000), i as FrameId);
            let segment = Segment { frame, at, seq: *seq, ack: *ack, len: *len, flags, window: *window, wscale: None, cut: false };
            let dir = if *who == "c" { Dir::ToServer } else { Dir::ToClient };
            let mut found = Vec::new();
            analysis.judge(dir, &segment, &mut |mark| found.push(mark));
            let kinds: Vec<_> = found.iter().map(|m| m.kind).collect();
            assert_eq!(kinds, *want, "segment {}", i + 1);
            all.extend(found);
        }
        all
    }

    #[test]
    fn numbers_in_reasons_count_from_the_start_of_the_connection_and_over_the_wrap() {
        let marks = judge(&[
            (0, "c", "S", u32::MAX, 0, 0, 900, &[]),
            (1, "s", "SA", 500, 0, 0, 900, &[]),
            (2, "c", "A", 0, 501, 0, 900, &[]),
            (3, "c", "A", 0, 501, 10, 900, &[]),
            (4, "c", "A", 30, 501, 10, 900, &[MarkKind::LostSegment]),
            (900, "c", "A", 10, 501, 20, 900, &[MarkKind::Retransmission]),
        ]);
        assert!(marks[0].because().en.contains("should be 11, but this is 31: the 20 bytes"), "{}", marks[0].because().en);
        assert!(marks[0].because().ja.contains("11 なのに 31"), "{}", marks[0].because().ja);
        assert!(marks[1].because().en.contains("896.0 ms after 41 was reached"), "{}", marks[1].because().en);
    }

    #[test]
    fn an_acknowledgement_of_the_unseen_is_told_once_a_hole() {
        judge(&[
            (0, "c", "A", 1001, 5001, 100, 900, &[]),
            (1, "s", "A", 5001, 1101, 0, 900, &[]),
            (2, "s", "A", 5001, 1201, 0, 900, &[MarkKind::AckLostSegment]),
            (3, "s", "A", 5001, 1301, 0, 900, &[]),
            (4, "c", "A", 1401, 5001, 100, 900, &[MarkKind::LostSegment]),
            (5, "s", "A", 5001, 1601, 0, 900, &[MarkKind::AckLostSegment]),
        ]);
    }

    #[test]
    fn three_equal_acks_make_the_retransmission_fast_and_count_themselves() {
        let marks = judge(&[
            (0, "c", "A", 1001, 5001, 100, 900, &[]),
            (1, "s", "A", 5001, 1001, 0, 900, &[]),
            (2, "s", "A", 5001, 1001, 0, 900, &[MarkKind::DuplicateAck]),
            (3, "s", "A", 5001, 1001, 0, 900, &[MarkKind::DuplicateAck]),
            (4, "c", "A", 1001, 5001, 100, 900, &[MarkKind::FastRetransmission]),
        ]);
        assert!(marks[1].because().en.contains("the 2. time again (first in #2)"), "{}", marks[1].because().en);
    }

    #[test]
    fn windows_are_judged_against_the_other_end() {
        judge(&[
            (0, "c", "S", 1000, 0, 0, 900, &[]),
            (1, "s", "SA", 5000, 1001, 0, 300, &[]),
            (2, "c", "A", 1001, 5001, 0, 900, &[]),
            (3, "c", "A", 1001, 5001, 300, 900, &[MarkKind::WindowFull]),
            (4, "s", "A", 5001, 1301, 0, 0, &[MarkKind::ZeroWindow]),
            (5, "c", "A", 1301, 5001, 1, 900, &[MarkKind::ZeroWindowProbe]),
            (6, "s", "A", 5001, 1301, 0, 0, &[MarkKind::ZeroWindow, MarkKind::ZeroWindowProbeAck]),
            (7, "s", "A", 5001, 1301, 0, 500, &[MarkKind::WindowUpdate]),
            (8, "c", "A", 1300, 5001, 0, 900, &[MarkKind::KeepAlive]),
            (9, "s", "A", 5001, 1301, 0, 500, &[MarkKind::KeepAliveAck]),
        ]);
    }
}
