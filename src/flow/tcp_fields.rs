//! What only the conversation knows of a TCP segment: which segment it acknowledges, bytes in flight, round trips, what was seen
//! of the connection so far.
//!
//! In: the segments of one flow, in the order of the capture. Out: for each of them what Wireshark 4.0 computes in one pass
//! ([`Known`]). It costs a bounded number of bytes a connection and nothing a frame, so it is made when somebody asks, and never
//! in the lean pass. A flow's history from its start gives the same numbers whoever asks.

use super::analyse::{Analysis, Segment};
use super::state::before;
use super::{Dir, MarkKind, Row};
use crate::trace::{FrameId, Nanos};
use std::collections::VecDeque;

/// Segments without an acknowledgement that are remembered a direction (Wireshark's number: more are not counted).
pub const MAX_UNACKED: usize = 10_000;
/// SACK blocks of one segment (RFC 2018 §3: as many as 40 bytes of options hold).
pub const MAX_SACK: usize = 4;
/// More cannot be in flight (RFC 7323 §2.3: windows are at most 2^30; this is Wireshark's limit).
const MAX_IN_FLIGHT: u32 = 2_000_000_000;

/// One segment, as far as its own header tells.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told {
    pub segment: Segment,
    /// Left and right edges; unused ones are `None`.
    pub sack: [Option<(u32, u32)>; MAX_SACK],
    /// It brings a cookie of TCP Fast Open (RFC 7413 §4.1.1).
    pub cookie: bool,
    /// It brings an option of Accurate ECN (RFC 9768 §3.2.3), well formed.
    pub accurate_ecn: bool,
    /// AE, CWR and ECE, from the highest bit.
    pub ecn: u8,
    /// It began this connection on the addresses and ports of an earlier one.
    pub reuses: bool,
}

/// What the conversation adds to a segment. Times are nanoseconds; sequence numbers count from the start of the stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// What was seen of the connection *before* this segment (Wireshark in one pass): 1 SYN, 2 SYN+ACK, 4 ACK, 8 data, 16 FIN, 32 RST.
    pub completeness: u8,
    pub since_first: i64,
    pub since_before: i64,
    pub seq: u32,
    pub ack: u32,
    pub next_seq: u32,
    /// -1: not known; -2: no scaling.
    pub scale: i64,
    pub window: u64,
    /// There is something to say of it under "SEQ/ACK analysis".
    pub analysed: bool,
    /// Bits of [`MarkKind`].
    pub marks: u16,
    /// The segment that it acknowledges, and how long ago that was.
    pub acks: Option<(FrameId, i64)>,
    pub initial_rtt: Option<i64>,
    pub in_flight: Option<u32>,
    /// Bytes since the last segment with PSH.
    pub pushed: Option<u32>,
    /// How often the acknowledgement was repeated, and where it stood first.
    pub repeated: Option<(u32, Option<FrameId>)>,
    /// A retransmission: the segment whose timer ran out, and how long ago it was sent.
    pub timeout: Option<(FrameId, i64)>,
    pub fast_open: Option<FastOpen>,
    /// A FIN: this end closes first (or again).
    pub closes_first: Option<bool>,
    /// AE, CWR and ECE are a number: both ends speak Accurate ECN.
    pub counts_marks: bool,
    /// What the relative numbers of both ends count from: this one's and the other's.
    pub bases: [Option<u32>; 2],
}

/// What TCP Fast Open does here (RFC 7413).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FastOpen {
    /// A SYN with a cookie.
    Asked,
    /// The SYN+ACK takes the data of the SYN.
    Taken,
    /// ... or leaves it.
    Ignored,
}

/// A segment that was not acknowledged yet.
#[derive(Clone, Copy, Debug)]
struct Sent {
    frame: FrameId,
    at: Nanos,
    /// What is not acknowledged of it: the first number, and the one after the last.
    seq: u32,
    end: u32,
}

/// One direction.
#[derive(Clone, Debug)]
struct Way {
    unacked: VecDeque<Sent>,
    /// Smallest start and largest end of `unacked`, counted from the start of the stream; `None`: to be counted again.
    edges: Option<(u32, u32)>,
    /// Nothing is missing since the other end last acknowledged something: bytes in flight can be counted.
    countable: bool,
    pushed: u32,
    push_over: bool,
    sack: [Option<(u32, u32)>; MAX_SACK],
    /// The latest acknowledgement number, and the frame that said it first (none did: it is the 0 before all).
    last_ack: u32,
    first_ack: Option<FrameId>,
    /// The frame that brought the highest number.
    next_frame: FrameId,
}

impl Default for Way {
    fn default() -> Self {
        let (unacked, sack) = (VecDeque::new(), [None; MAX_SACK]);
        Self { unacked, edges: None, countable: true, pushed: 0, push_over: false, sack, last_ack: 0, first_ack: None, next_frame: 0 }
    }
}

/// One connection, as far as it was told.
#[derive(Clone, Debug, Default)]
pub struct History {
    analysis: Analysis,
    ways: [Way; 2],
    /// When the first and the latest segment came.
    times: Option<[Nanos; 2]>,
    completeness: u8,
    /// The end that sent the first FIN.
    closing: Option<Dir>,
    cookie: bool,
    /// The SYN asks for Accurate ECN; it is spoken.
    accurate: [bool; 2],
}

impl History {
    /// The next segment of the connection.
    pub fn next(&mut self, dir: Dir, told: &Told) -> Known {
        let seg = &told.segment;
        let (me, peer) = (dir.index(), dir.reverse().index());
        let mut out = Known { completeness: self.completeness, ..Known::default() };
        self.count_time(seg, &mut out);
        self.complete(told, &mut out);

        // What the other end can acknowledge, before the analysis moves it.
        let ackable = self.analysis.ackable(dir.reverse());
        let beyond = ackable != 0 && before(ackable, seg.ack) && has(seg, Row::ACK);
        let base_before = self.analysis.isn()[me];
        let next_before = self.analysis.next_seq(dir);
        // The measure of this frame's own retransmission is the round trip known before it; the one shown is known after it.
        let mut marks = self.analysis.judge(dir, seg, &mut |_| {});
        out.repeated = (marks & MarkKind::DuplicateAck.bit() != 0).then(|| (self.analysis.repeated(dir), self.ways[me].first_ack));
        if told.reuses {
            marks |= MarkKind::ReusedPorts.bit();
        }
        out.marks = marks;
        let marked = |kind: MarkKind| marks & kind.bit() != 0;

        let isn = self.analysis.isn();
        out.bases = [isn[me], isn[peer]];
        let base = isn[me].unwrap_or(0);
        let one = u32::from(has(seg, Row::SYN | Row::FIN));
        let end = seg.seq.wrapping_add(seg.len).wrapping_add(one);
        out.seq = seg.seq.wrapping_sub(base);
        out.next_seq = end.wrapping_sub(base);
        out.ack = if has(seg, Row::ACK) { seg.ack.wrapping_sub(isn[peer].unwrap_or(0)) } else { seg.ack };
        out.scale = self.analysis.scale_factor(dir);
        let factor = if has(seg, Row::SYN) { 1 } else { out.scale.max(1) };
        out.window = u64::from(seg.window).saturating_mul(factor.unsigned_abs());

        if has(seg, Row::ACK) {
            self.ways[peer].countable = true;
        }
        let again = MarkKind::FastRetransmission.bit() | MarkKind::SpuriousRetransmission.bit();
        let timer = marked(MarkKind::Retransmission) && marks & again == 0;
        let way = &mut self.ways[me];
        if seg.ack != way.last_ack {
            (way.last_ack, way.first_ack) = (seg.ack, Some(seg.frame));
        }
        if isn[me] != base_before {
            way.edges = None;
        }
        if marked(MarkKind::LostSegment) {
            way.countable = false;
        }
        if timer {
            let recent = (way.next_frame, next_before.1);
            let (frame, at) = way.unacked.front().map_or(recent, |s| (s.frame, s.at));
            out.timeout = Some((frame, seg.at.since(at))).filter(|(_, t)| *t != 0);
        }
        if self.analysis.next_seq(dir) != next_before {
            way.next_frame = seg.frame;
        }
        if (seg.len > 0 || one > 0) && way.unacked.len() < MAX_UNACKED {
            let sent = Sent { frame: seg.frame, at: seg.at, seq: seg.seq, end };
            way.widen(sent, base);
            way.unacked.push_back(sent);
        }
        out.acks = self.ways[peer].acknowledge(seg);
        let sacked = self.ways[peer].sack;
        let way = &mut self.ways[me];
        let counted = seg.len > 0 && way.countable && !way.unacked.is_empty();
        if counted {
            let (first, last) = way.edges(base);
            let gone = sacked.iter().flatten().fold(0u32, |n, (l, r)| n.wrapping_add(r.wrapping_sub(*l)));
            let flight = last.wrapping_sub(first).wrapping_sub(one).wrapping_sub(gone);
            out.in_flight = Some(flight).filter(|n| (1..MAX_IN_FLIGHT).contains(n));
            way.pushed = if std::mem::take(&mut way.push_over) { seg.len } else { way.pushed.saturating_add(seg.len) };
            way.push_over = has(seg, Row::PSH);
            out.pushed = out.in_flight.map(|_| way.pushed);
        }
        way.sack = told.sack;
        out.analysed = marks != 0 || out.acks.is_some() || counted || beyond;
        // A SYN whose number was known before it came: its answer overtook it.
        out.analysed |= has(seg, Row::SYN) && !has(seg, Row::ACK) && base_before.is_some();
        out.initial_rtt = self.analysis.irtt().filter(|_| out.analysed);
        out
    }

    fn count_time(&mut self, seg: &Segment, out: &mut Known) {
        let [first, latest] = *self.times.get_or_insert([seg.at; 2]);
        (out.since_first, out.since_before) = (seg.at.since(first), seg.at.since(latest));
        self.times = Some([first, seg.at]);
    }

    /// Wireshark's marks of how much of a connection was seen; the first segment counts only if it is a SYN.
    fn complete(&mut self, told: &Told, out: &mut Known) {
        let seg = &told.segment;
        let first = out.since_first == 0 && self.analysis.isn() == [None; 2];
        match (first, has(seg, Row::SYN), has(seg, Row::ACK)) {
            (true, true, false) if told.reuses => (self.completeness, out.completeness) = (1, 1),
            (true, true, false) => self.completeness = 1 | u8::from(seg.len > 0) << 3,
            (true, ..) | (false, true, false) => {}
            (false, true, true) => self.completeness |= 2,
            (false, false, true) => self.completeness |= if seg.len > 0 { 8 } else { 4 },
            (false, false, false) => {}
        }
        if !first {
            // A FIN without ACK is none of an established connection (RFC 9293 §3.10.7.4).
            self.completeness |= u8::from(has(seg, Row::FIN) && has(seg, Row::ACK)) << 4 | u8::from(has(seg, Row::RST)) << 5;
        }
    }

    /// What the segment means for a connection's end and for Fast Open; after [`History::next`] gave `known`.
    pub fn turns(&mut self, dir: Dir, told: &Told, known: &mut Known) {
        let seg = &told.segment;
        if has(seg, Row::FIN) {
            known.closes_first = Some(*self.closing.get_or_insert(dir) == dir);
        }
        let (syn, ack) = (has(seg, Row::SYN), has(seg, Row::ACK));
        known.counts_marks = self.accurate[1] && !syn;
        self.accurate[0] |= syn && !ack && told.ecn == 7;
        // RFC 9768 §3.1.1: what the SYN+ACK answers then.
        self.accurate[1] |= told.accurate_ecn || syn && ack && self.accurate[0] && matches!(told.ecn, 2 | 3 | 4 | 6);
        known.fast_open = match (has(seg, Row::SYN), has(seg, Row::ACK)) {
            (true, false) if told.cookie => {
                self.cookie = true;
                Some(FastOpen::Asked)
            }
            (true, true) if known.ack > 1 => Some(FastOpen::Taken),
            (true, true) if self.cookie => Some(FastOpen::Ignored),
            _ => None,
        };
    }
}

impl Way {
    fn widen(&mut self, sent: Sent, base: u32) {
        let (from, to) = (sent.seq.wrapping_sub(base), sent.end.wrapping_sub(base));
        if self.unacked.is_empty() {
            self.edges = Some((from, to));
        } else if let Some((first, last)) = &mut self.edges {
            (*first, *last) = ((*first).min(from), (*last).max(to));
        }
    }

    fn edges(&mut self, base: u32) -> (u32, u32) {
        *self.edges.get_or_insert_with(|| {
            let ends = self.unacked.iter().map(|s| (s.seq.wrapping_sub(base), s.end.wrapping_sub(base)));
            ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or_default()
        })
    }

    /// Forgets what this segment of the other end acknowledges. Returns the segment that ends just there, and how old it is.
    fn acknowledge(&mut self, seg: &Segment) -> Option<(FrameId, i64)> {
        let (mut found, mut changed) = (None, false);
        self.unacked.retain_mut(|sent| {
            if seg.ack == sent.end {
                found = found.or(Some((sent.frame, seg.at.since(sent.at))));
            } else if before(sent.seq, seg.ack) && before(seg.ack, sent.end) {
                sent.seq = seg.ack;
                changed = true;
                return true;
            } else if before(seg.ack, sent.end) {
                return true;
            }
            changed = true;
            false
        });
        if changed {
            self.edges = None;
        }
        found
    }
}

fn has(seg: &Segment, flags: u8) -> bool {
    seg.flags & flags != 0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    /// (milliseconds, "c" or "s", flags, seq, ack, payload bytes)
    type Line<'a> = (i64, &'a str, &'a str, u32, u32, u32);

    fn tell(lines: &[Line<'_>]) -> Vec<Known> {
        let mut history = History::default();
        let mut all = Vec::new();
        for (i, (ms, who, letters, seq, ack, len)) in lines.iter().enumerate() {
            let bits = [('F', Row::FIN), ('S', Row::SYN), ('R', Row::RST), ('P', Row::PSH), ('A', Row::ACK)];
            let flags = bits.iter().filter(|(c, _)| letters.contains(*c)).map(|(_, bit)| bit).sum();
            let (at, frame) = (Nanos(ms * 1_000_000), i as FrameId);
            let segment = Segment { frame, at, seq: *seq, ack: *ack, len: *len, flags, window: 900, wscale: None, cut: false };
            let told = Told { segment, ..Told::default() };
            let dir = if *who == "c" { Dir::ToServer } else { Dir::ToClient };
            let mut known = history.next(dir, &told);
            history.turns(dir, &told, &mut known);
            all.push(known);
        }
        all
    }

    const OPEN: [Line<'static>; 3] =
        [(0, "c", "S", u32::MAX, 0, 0), (10, "s", "SA", 500, 0, 0), (11, "c", "A", 0, 501, 0)];

    #[test]
    fn what_was_seen_counts_before_the_segment_and_the_first_data_does_not_count_as_the_third_ack() {
        let mut lines = OPEN.to_vec();
        lines.extend([(12, "c", "PA", 0, 501, 10), (13, "s", "FA", 501, 10, 0), (14, "c", "R", 10, 0, 0), (15, "c", "A", 10, 502, 0)]);
        let seen: Vec<u8> = tell(&lines).iter().map(|k| k.completeness).collect();
        assert_eq!(seen, [0, 1, 3, 7, 15, 31, 63]);
        let bare = tell(&[OPEN[0], OPEN[1], OPEN[2], (12, "c", "FP", 0, 501, 1), (13, "c", "A", 1, 501, 0)]);
        assert_eq!(bare.last().map(|k| k.completeness), Some(7), "a FIN without ACK does not count");
        let late = tell(&[(0, "c", "A", 5, 9, 10), (1, "s", "A", 9, 15, 0), (2, "s", "A", 9, 15, 0)]);
        assert_eq!(late.iter().map(|k| k.completeness).collect::<Vec<_>>(), [0, 0, 4], "the first segment counts only if it is a SYN");
    }

    #[test]
    fn bytes_in_flight_go_over_the_wrap_and_shrink_with_each_ack() {
        let mut lines = OPEN.to_vec();
        lines.extend([
            (12, "c", "A", 0, 501, 100),
            (13, "c", "PA", 100, 501, 50),
            (20, "s", "A", 501, 100, 0),
            (21, "c", "A", 150, 501, 30),
        ]);
        let all = tell(&lines);
        let flight: Vec<_> = all.iter().map(|k| (k.in_flight, k.pushed)).collect();
        assert_eq!(flight[3..], [(Some(100), Some(100)), (Some(150), Some(150)), (None, None), (Some(80), Some(30))]);
        assert_eq!(all[5].acks, Some((3, 8_000_000)));
        assert_eq!(all[2].initial_rtt, Some(11_000_000));
        assert_eq!((all[3].seq, all[3].next_seq, all[3].ack), (1, 101, 1));
    }

    #[test]
    fn nothing_is_in_flight_that_is_known_once_a_segment_is_missing() {
        let mut lines = OPEN.to_vec();
        lines.extend([(12, "c", "A", 0, 501, 5), (12, "c", "A", 50, 501, 10), (13, "s", "A", 501, 60, 0), (14, "c", "A", 60, 501, 10)]);
        let flight: Vec<_> = tell(&lines).iter().map(|k| k.in_flight).collect();
        assert_eq!(flight[3..], [Some(5), None, None, Some(10)]);
    }

    #[test]
    fn a_retransmission_waited_since_the_oldest_segment_without_an_ack() {
        let mut lines = OPEN.to_vec();
        lines.extend([(12, "c", "A", 0, 501, 10), (15, "c", "A", 10, 501, 10), (300, "c", "A", 0, 501, 10)]);
        let all = tell(&lines);
        assert_eq!(all[5].timeout, Some((3, 288_000_000)));
        assert_eq!(all[4].timeout, None);
    }

    #[test]
    fn a_repeated_ack_names_the_first_and_the_end_that_closes_first_is_told() {
        let mut lines = OPEN.to_vec();
        lines.extend([(12, "s", "A", 501, 0, 0), (13, "s", "FA", 501, 0, 0), (14, "c", "FA", 0, 502, 0), (900, "s", "FA", 501, 0, 0)]);
        let all = tell(&lines);
        assert_eq!(all[3].repeated, Some((1, None)), "acknowledgement 0 stood before all frames");
        assert_eq!(all[4..].iter().map(|k| k.closes_first).collect::<Vec<_>>(), [Some(true), Some(false), Some(true)]);
    }

    #[test]
    fn unacknowledged_segments_are_bounded() {
        let mut history = History::default();
        for n in 0..MAX_UNACKED as u32 + 500 {
            let segment = Segment { frame: n, seq: 1 + n * 10, len: 10, flags: Row::ACK, ack: 1, ..Segment::default() };
            history.next(Dir::ToServer, &Told { segment, ..Told::default() });
        }
        assert_eq!(history.ways[0].unacked.len(), MAX_UNACKED);
    }
}
