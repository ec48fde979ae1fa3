//! The flow so far: a bounded look back from one frame, latest first.
//!
//! The index links a flow's frames forwards only, so the look back goes over rows. Its cost is bounded whatever the size
//! of the capture; what lies beyond the bound counts as not known, and the plain sentence speaks.

use crate::flow::{Dir, MarkKind, Row, Transport};
use crate::timeline::Capture;
use crate::trace::FrameId;
use crate::wire::{self, Dissected};

/// Rows looked at, of any flow.
const ROWS: usize = 30_000;
/// Frames of the flow itself that are kept.
const FRAMES: usize = 400;
/// Frames whose bytes are fetched again for one question.
const FETCHES: usize = 64;

/// Where a payload stands in its stream: start and end (exclusive). Negative before the first byte of the stream (the byte
/// of a keep-alive, older data where the start was not captured): the row holds it as two's complement.
pub fn stream_of(row: &Row) -> (i64, i64) {
    let start = row.stream_at as i64;
    (start, start.saturating_add(i64::from(row.payload_len)))
}

/// What tells one IPv4 packet with TCP from another.
#[derive(Clone, Copy, PartialEq, Eq)]
struct PacketId {
    id: u64,
    ack: u64,
    /// Covers the timestamps too.
    checksum: u64,
}

fn packet_id(packet: &Dissected) -> Option<PacketId> {
    let number = |proto: &str, name: &str| packet.layer(proto)?.field(name)?.value.as_uint();
    Some(PacketId {
        id: number("ip", "ip.id")?,
        ack: number("tcp", "tcp.ack_raw")?,
        checksum: number("tcp", "tcp.checksum")?,
    })
}

/// The frames of a flow before one frame, the latest first.
pub struct Past<'a> {
    capture: &'a Capture,
    rows: Vec<(FrameId, Row)>,
}

impl<'a> Past<'a> {
    pub fn of(capture: &'a Capture, frame: FrameId) -> Self {
        let mut rows = Vec::new();
        if let Some(row) = capture.index.row(frame)
            && let Some(flow) = capture.index.flow(row.flow)
        {
            let first = flow.first_frame;
            let from = frame.saturating_sub(u32::try_from(ROWS).unwrap_or(u32::MAX)).max(first);
            for at in (from..frame).rev() {
                let Some(r) = capture.index.row(at).filter(|r| r.flow == row.flow) else { continue };
                rows.push((at, r));
                if rows.len() >= FRAMES {
                    break;
                }
            }
        }
        Self { capture, rows }
    }

    /// The TCP segments of one direction, the latest first.
    pub fn segments(&self, dir: Dir) -> impl Iterator<Item = (FrameId, Row)> + '_ {
        self.rows.iter().copied().filter(move |(_, r)| r.transport == Transport::Tcp && r.dir == dir)
    }

    pub fn last(&self, dir: Dir) -> Option<(FrameId, Row)> {
        self.segments(dir).next()
    }

    fn dissected(&self, frame: FrameId) -> Option<Dissected> {
        let mut buf = Vec::new();
        let f = self.capture.trace.frame(frame, &mut buf)?;
        Some(wire::dissect(f.link, f.bytes, f.meta.wire_len as usize))
    }

    /// The raw acknowledgement number of an earlier frame.
    fn ack_raw(&self, frame: FrameId) -> Option<u32> {
        let ack = self.dissected(frame)?.layer("tcp")?.field("tcp.ack_raw")?.value.as_uint()?;
        u32::try_from(ack).ok()
    }

    /// An earlier frame that is this very packet: captured on another interface or twice on the same one.
    ///
    /// Proven by the identification of IPv4 (RFC 6864), where this sender gives each packet another one: a segment that is
    /// sent again gets a new number.
    pub fn same_packet(&self, row: &Row, packet: &Dissected) -> Option<FrameId> {
        let id = packet_id(packet).filter(|p| p.id != 0)?;
        let mut copy = None;
        let mut told_apart = false;
        for (frame, r) in self.segments(row.dir).take(FETCHES / 2) {
            let Some(other) = self.dissected(frame).as_ref().and_then(packet_id) else { continue };
            let alike = (r.flags, r.stream_at, r.payload_len) == (row.flags, row.stream_at, row.payload_len) && other == id;
            match (alike, other.id == id.id) {
                (true, _) => copy = Some(frame),
                // The number says nothing if different packets have the same.
                (false, true) => return None,
                (false, false) => told_apart = true,
            }
        }
        copy.filter(|_| told_apart)
    }

    /// The raw acknowledgement number that this direction sent last.
    pub fn last_ack_raw(&self, dir: Dir) -> Option<u32> {
        let (frame, _) = self.segments(dir).find(|(_, r)| r.has(Row::ACK) && !r.has(Row::RST))?;
        self.ack_raw(frame)
    }

    /// How many duplicate ACKs with this number the direction sent without a break until now. `None`: beyond the bound.
    pub fn duplicates(&self, dir: Dir, ack_raw: u32) -> Option<u32> {
        let mut count = 0;
        for (i, (frame, row)) in self.segments(dir).enumerate() {
            if i >= FETCHES {
                return None;
            }
            if row.has(Row::ACK) && self.ack_raw(frame) != Some(ack_raw) {
                return Some(count);
            }
            count += u32::from(row.marked(MarkKind::DuplicateAck));
        }
        Some(count)
    }

    /// The latest frame that carried this byte of the direction's stream.
    pub fn carried(&self, dir: Dir, stream_at: i64) -> Option<FrameId> {
        let has = |r: &Row| {
            let (start, end) = stream_of(r);
            start <= stream_at && stream_at < end
        };
        self.segments(dir).find(|(_, r)| has(r)).map(|(f, _)| f)
    }

    /// The first FIN that this direction sent, as the number that acknowledges it, relative.
    pub fn fin(&self, dir: Dir) -> Option<(FrameId, i64)> {
        let (frame, row) = self.segments(dir).filter(|(_, r)| r.has(Row::FIN)).last()?;
        Some((frame, stream_of(&row).1.saturating_add(2)))
    }

    /// This direction has sent a SYN (`ack`: one that also acknowledges).
    pub fn syn(&self, dir: Dir, ack: bool) -> Option<(FrameId, Row)> {
        self.segments(dir).find(|(_, r)| r.has(Row::SYN) && r.has(Row::ACK) == ack)
    }
}
