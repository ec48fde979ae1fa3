//! What the capture and its index know of a frame, and what single bytes of a plain frame say.

use super::Look;
use super::plain::Plain;
use super::way::{Known, Meta};
use crate::filter::Fact;
use crate::flow::history::Seen;
use crate::flow::Row;
use crate::trace::{FrameId, Nanos, frame_number};

impl Look<'_> {
    /// What the capture says of the frame at hand, where no time is too far for 64 bits.
    pub(super) fn said_by_capture(&mut self, meta: Meta) -> Option<Fact<'static>> {
        if let Meta::Number = meta {
            return Some(Fact::Uint(frame_number(self.frame)));
        }
        let at = self.meta()?;
        // Mostly every frame has a time, and it is counted from that of another.
        let from = |id: FrameId| match self.trace.untimed.is_empty() {
            true => self.trace.frames.at(id as usize),
            false => self.trace.counted_from(id).map(|n| Nanos(i64::try_from(n).unwrap_or(i64::MAX))),
        };
        let since = |id: Option<FrameId>| Fact::Nanos(at.at.since(id.and_then(from).unwrap_or(at.at)));
        Some(match meta {
            Meta::Epoch | Meta::Relative | Meta::Delta if !self.trace.is_timed(self.frame) => return None,
            Meta::Number => Fact::Uint(frame_number(self.frame)),
            Meta::Epoch => Fact::Nanos(at.at.0),
            Meta::Relative => since(Some(0)),
            Meta::Delta => since(self.frame.checked_sub(1)),
            Meta::Len => Fact::Uint(at.wire_len.into()),
            Meta::CapLen => Fact::Uint(at.cap_len.into()),
        })
    }

    /// How long after its conversation's first frame this one came, or after the one before.
    pub(super) fn since(&mut self, known: Known, plain: &Plain) -> Option<Fact<'static>> {
        if matches!(known, Known::TcpTime { .. }) != plain.tcp {
            return None;
        }
        let (first, before) = match self.histories.seen(self.trace, self.index, self.frame)? {
            Seen::Tcp(known) => (known.since_first, known.since_before),
            Seen::Udp { since_first, since_before } => (since_first, since_before),
            Seen::Echo { .. } => return None,
        };
        let from_first = matches!(known, Known::TcpTime { first: true } | Known::UdpTime { first: true });
        Some(Fact::Nanos(if from_first { first } else { before }))
    }

    /// `Err`: it takes a look at the headers.
    #[allow(clippy::type_complexity)]
    pub(super) fn known(&self, known: Known, row: &Row, plain: &Plain) -> Option<Result<(Fact<'_>, &[u8]), ()>> {
        let flow = self.index.flow(row.flow)?;
        let bytes = self.sweep.bytes();
        let at = |from: usize, len: usize| bytes.get(from..from + len).unwrap_or(&[]);
        let transport = plain.transport();
        let word = |from: usize| {
            let raw = at(transport + from, 4);
            (raw.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)), raw)
        };
        let half = |from: usize| {
            let raw = at(transport + from, 2);
            (raw.iter().fold(0u16, |n, b| n << 8 | u16::from(*b)), raw)
        };
        let tcp = plain.tcp;
        let fact = match known {
            Known::IpVersion => (Fact::Uint(if plain.version_6 { 6 } else { 4 }), at(plain.net(), 1)),
            Known::TcpFlow if tcp => (Fact::Uint(flow.number.into()), &[][..]),
            Known::UdpFlow if !tcp => (Fact::Uint(flow.number.into()), &[][..]),
            Known::TcpLen if tcp => (Fact::Uint(plain.payload.1.into()), &[][..]),
            Known::Seq | Known::Ack if tcp && flow.renumbered => return Some(Err(())),
            Known::Seq if tcp => {
                let (seq, raw) = word(4);
                (Fact::Uint(seq.wrapping_sub(flow.isn[row.dir.index()].unwrap_or(seq)).into()), raw)
            }
            Known::Ack if tcp => {
                let (ack, raw) = word(8);
                let zero = flow.isn[row.dir.reverse().index()].unwrap_or(0);
                (Fact::Uint(if row.has(Row::ACK) { ack.wrapping_sub(zero).into() } else { ack.into() }), raw)
            }
            Known::Window if tcp => {
                let (window, raw) = half(14);
                match (row.has(Row::SYN), flow.wscale[row.dir.index()]) {
                    // RFC 7323 §2.2: the window of a SYN is never scaled.
                    (true, _) => (Fact::Uint(window.into()), raw),
                    (false, Some(shift)) if flow.start_seen && row.has(Row::ACK) && !flow.renumbered => {
                        (Fact::Uint(u64::from(window) << shift.min(14)), raw)
                    }
                    // What is known of the scaling here is the conversation's business.
                    _ => return Some(Err(())),
                }
            }
            Known::Option { kind, at: from, len } if tcp => {
                let end = plain.payload.0 as usize;
                return self.option(transport + 20..end, kind, from, len).transpose();
            }
            Known::Mark(kind) if tcp => return row.marked(kind).then_some(Err(())),
            Known::TcpPayload if tcp && plain.payload.1 > 0 && !row.has(Row::RST) => self.payload(plain),
            Known::UdpPayload if !tcp && plain.payload.1 > 0 => self.payload(plain),
            _ => return None,
        };
        Some(Ok(fact))
    }

    /// The number that stands at an offset in the one option of this kind. `Err`: the options are not of the usual kind.
    fn option(&self, area: std::ops::Range<usize>, kind: u8, at: usize, len: usize) -> Result<Option<(Fact<'_>, &[u8])>, ()> {
        let mut rest = self.sweep.bytes().get(area).unwrap_or(&[]);
        let mut found = None;
        loop {
            match *rest {
                [] | [0, ..] => return Ok(found),
                [1, ..] => rest = rest.get(1..).unwrap_or(&[]),
                [what, size, ..] => {
                    let size = usize::from(size);
                    let option = rest.get(..size).filter(|_| size >= 2).ok_or(())?;
                    if what == kind {
                        let raw = option.get(at..at + len).filter(|_| size == at + len || kind == 8).ok_or(())?;
                        if found.is_some() {
                            return Err(());
                        }
                        found = Some((Fact::Uint(raw.iter().fold(0u64, |n, b| n << 8 | u64::from(*b))), raw));
                    }
                    rest = rest.get(size..).unwrap_or(&[]);
                }
                [_] => return Err(()),
            }
        }
    }

    pub(super) fn payload(&self, plain: &Plain) -> (Fact<'_>, &[u8]) {
        let raw = plain.carried(self.sweep.bytes());
        (Fact::Bytes(raw), raw)
    }

}
