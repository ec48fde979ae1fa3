//! One compact row a frame, and the table of them.

use super::{Dir, FlowId, MarkKind, NO_FLOW, TcpState, Transport};
use crate::trace::FrameId;
use crate::trace::column::{CHUNK, Columns};
use std::ops::Range;

/// What the lean pass found of one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub flow: FlowId,
    /// Where the payload stands in its direction's stream: the first byte after the SYN is 0. TCP only.
    ///
    /// A payload that begins before the stream (a keep-alive's byte, or older data where the start was not captured) has
    /// the negative number as two's complement: read it through [`Row::stream_range`].
    pub stream_at: u64,
    /// The payload of the transport header: offset in the frame, and length as captured.
    pub payload_at: u16,
    pub payload_len: u32,
    /// TCP's flags: CWR ECE URG ACK PSH RST SYN FIN from the highest bit.
    pub flags: u8,
    pub transport: Transport,
    pub dir: Dir,
    /// State of client and server after this frame.
    pub states: [TcpState; 2],
    /// One bit a [`MarkKind`].
    pub marks: u16,
    /// The frame has one IP header only: its addresses are those of its flow, and of no tunnel.
    pub alone: bool,
}

impl Row {
    pub const FIN: u8 = 1;
    pub const SYN: u8 = 2;
    pub const RST: u8 = 4;
    pub const PSH: u8 = 8;
    pub const ACK: u8 = 16;

    /// A frame of which nothing is known.
    pub const UNKNOWN: Self = Self {
        flow: NO_FLOW,
        stream_at: 0,
        payload_at: 0,
        payload_len: 0,
        flags: 0,
        transport: Transport::Other,
        dir: Dir::ToServer,
        states: [TcpState::None; 2],
        marks: 0,
        alone: false,
    };

    pub fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// The part of the stream that this frame's payload covers; empty if there is none.
    pub fn stream_range(&self) -> Range<u64> {
        // Streams are shorter than 2^63 bytes, so the sign is exact.
        let start = self.stream_at as i64;
        let end = start.saturating_add(i64::from(self.payload_len)).max(0);
        start.max(0) as u64..end as u64
    }

    pub fn marked(&self, kind: MarkKind) -> bool {
        self.marks & kind.bit() != 0
    }

    /// As numbers: flow (-1: none), place in the stream, payload, flags, the small ones together, marks.
    fn numbers(&self) -> [i64; 7] {
        let flow = if self.flow == NO_FLOW { -1 } else { i64::from(self.flow) };
        let [client, server] = self.states.map(|s| s as i64);
        let small = small(self.transport, self.dir, self.alone) | client << 4 | server << 8;
        let payload = [i64::from(self.payload_at), i64::from(self.payload_len)];
        [flow, self.stream_at as i64, payload[0], payload[1], i64::from(self.flags), small, i64::from(self.marks)]
    }

    fn of(numbers: [i64; 7]) -> Self {
        let [flow, stream_at, payload_at, payload_len, flags, small, marks] = numbers;
        let state = |shift: u32| TcpState::ALL.get((small >> shift & 15) as usize).copied().unwrap_or_default();
        Self {
            flow: u32::try_from(flow).unwrap_or(NO_FLOW),
            stream_at: stream_at as u64,
            payload_at: payload_at as u16,
            payload_len: payload_len as u32,
            flags: flags as u8,
            transport: Transport::ALL.get((small & 7) as usize).copied().unwrap_or_default(),
            dir: if small & 8 == 0 { Dir::ToServer } else { Dir::ToClient },
            states: [state(4), state(8)],
            marks: marks as u16,
            alone: small & ALONE != 0,
        }
    }
}

const ALONE: i64 = 1 << 12;

fn small(transport: Transport, dir: Dir, alone: bool) -> i64 {
    transport as i64 | (dir.index() as i64) << 3 | if alone { ALONE } else { 0 }
}

const FLOW: usize = 0;
const FLAGS: usize = 4;
const SMALL: usize = 5;
const MARKS: usize = 6;

/// Transport, direction and [`Row::alone`] of a number that [`Rows::kinds`] gave.
#[inline]
pub fn kind(small: i64) -> (Transport, Dir, bool) {
    let transport = Transport::ALL.get((small & 7) as usize).copied().unwrap_or_default();
    (transport, if small & 8 == 0 { Dir::ToServer } else { Dir::ToClient }, small & ALONE != 0)
}

/// The rows of a capture, by frame. About 14 bytes each.
#[derive(Clone, Debug, Default)]
pub struct Rows(Columns<7>);

impl Rows {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn push(&mut self, row: Row) {
        self.0.push(row.numbers());
    }

    pub fn get(&self, frame: usize) -> Option<Row> {
        self.0.get(frame).map(Row::of)
    }

    pub fn last(&self) -> Option<Row> {
        self.get(self.len().checked_sub(1)?)
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Row> + ExactSizeIterator + '_ {
        (0..self.len()).map(|i| self.get(i).unwrap_or(Row::UNKNOWN))
    }

    /// The next frame from `from` on that belongs to this flow.
    pub fn of_flow(&self, flow: FlowId, from: FrameId) -> Option<FrameId> {
        let wanted = i64::from(flow);
        self.0.find(from as usize, FLOW, |n| n == wanted).and_then(|i| FrameId::try_from(i).ok())
    }

    /// The next frame from `from` on that bears one of these marks ([`MarkKind::bit`]).
    pub fn marked(&self, marks: u16, from: FrameId) -> Option<FrameId> {
        let wanted = i64::from(marks);
        self.0.find(from as usize, MARKS, |n| n & wanted != 0).and_then(|i| FrameId::try_from(i).ok())
    }

    /// A frame's flow, or [`NO_FLOW`], without the rest of its row.
    pub fn flow(&self, frame: FrameId) -> FlowId {
        self.0.number(frame as usize, FLOW).and_then(|n| u32::try_from(n).ok()).unwrap_or(NO_FLOW)
    }

    /// The flows (-1: none) of the frames from `first` on, a multiple of [`CHUNK`].
    pub fn flows(&self, first: FrameId, out: &mut [i64; CHUNK]) {
        self.0.fill(first as usize, FLOW, out);
    }

    /// Their marks.
    pub fn all_marks(&self, first: FrameId, out: &mut [i64; CHUNK]) {
        self.0.fill(first as usize, MARKS, out);
    }

    /// Their TCP flags.
    pub fn flags(&self, first: FrameId, out: &mut [i64; CHUNK]) {
        self.0.fill(first as usize, FLAGS, out);
    }

    /// What carries their data, their direction, and [`Row::alone`]: read each through [`kind`].
    pub fn kinds(&self, first: FrameId, out: &mut [i64; CHUNK]) {
        self.0.fill(first as usize, SMALL, out);
    }

    /// A frame's marks without the rest of its row.
    pub fn marks(&self, frame: FrameId) -> u16 {
        self.0.number(frame as usize, MARKS).map_or(0, |n| n as u16)
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Bytes that it takes in memory.
    pub fn bytes(&self) -> usize {
        self.0.bytes()
    }
}

impl Extend<Row> for Rows {
    fn extend<T: IntoIterator<Item = Row>>(&mut self, rows: T) {
        rows.into_iter().for_each(|row| self.push(row));
    }
}

impl<'a> IntoIterator for &'a Rows {
    type Item = Row;
    type IntoIter = Box<dyn Iterator<Item = Row> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_row_comes_back_as_it_was() {
        let row = Row {
            flow: 3,
            stream_at: -5i64 as u64,
            payload_at: 66,
            payload_len: 1448,
            flags: 0xff,
            transport: Transport::Tcp,
            dir: Dir::ToClient,
            states: [TcpState::TimeWait, TcpState::LastAck],
            marks: 0xffff,
            alone: true,
        };
        let all = [row, Row::UNKNOWN, Row { flow: NO_FLOW - 1, stream_at: 1 << 40, ..row }];
        let mut rows = Rows::default();
        (0..10_000).for_each(|i| rows.push(all[i % 3]));
        assert!((0..10_000).all(|i| rows.get(i) == Some(all[i % 3])));
        assert_eq!((rows.of_flow(3, 1), rows.marked(1, 1), rows.flow(1)), (Some(3), Some(2), NO_FLOW));
    }
}
