//! The order of a table's rows where it is not that of time.
//!
//! In: a capture, a sequence and what to order by. Out: which position of the sequence stands in which row, and the other way
//! round. It may take seconds, so it stops when told to; it must never run where a window is drawn.

use super::{Capture, Sequence};
use crate::filter::Look;
use crate::flow::explain::{Shown, WhenWhole};
use crate::flow::{Dir, FlowId, NO_FLOW};
use crate::trace::FrameId;
use std::net::SocketAddr;

/// Rows between two questions whether to go on.
const STEP: usize = 4_096;

/// What rows can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Number,
    Time,
    Source,
    Destination,
    Protocol,
    Length,
}

/// The rows of a sequence in another order. Positions that came later stand behind it, in their own order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// By row.
    positions: Vec<u32>,
    /// By position.
    rows: Vec<u32>,
}

impl Order {
    /// Orders a sequence; rows that are equal stay as they were. `going` is told how many rows have been looked at and says
    /// whether to go on. `None`: told to stop.
    pub fn of(
        capture: &Capture,
        sequence: &Sequence,
        by: By,
        descending: bool,
        going: &mut dyn FnMut(usize) -> bool,
    ) -> Option<Self> {
        let mut keys = Keys::new(capture, by);
        let len = sequence.len().min(u32::MAX as usize);
        let mut all: Vec<(i64, u32)> = Vec::with_capacity(len);
        for at in 0..len {
            if at.is_multiple_of(STEP) && !going(at) {
                return None;
            }
            let key = sequence.frame(at).map_or(i64::MAX, |frame| keys.of(frame));
            all.push((if descending { key.saturating_neg() } else { key }, at as u32));
        }
        all.sort_unstable();
        let positions: Vec<u32> = all.iter().map(|(_, at)| *at).collect();
        drop(all);
        let mut rows = vec![0; positions.len()];
        for (row, at) in positions.iter().enumerate() {
            if let Some(slot) = rows.get_mut(*at as usize) {
                *slot = row as u32;
            }
        }
        going(len).then_some(Self { positions, rows })
    }

    /// Positions that are ordered; those behind stand in the order of the sequence.
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    pub fn position(&self, row: usize) -> usize {
        self.positions.get(row).map_or(row, |at| *at as usize)
    }

    pub fn row(&self, position: usize) -> usize {
        self.rows.get(position).map_or(position, |row| *row as usize)
    }
}

/// A number for each frame that orders as its words do.
struct Keys<'a> {
    capture: &'a Capture,
    by: By,
    /// Of each flow: the rank of its ends among all ends.
    ends: Vec<[u32; 2]>,
    look: Option<Look<'a>>,
}

impl<'a> Keys<'a> {
    fn new(capture: &'a Capture, by: By) -> Self {
        let index = &capture.index;
        let ends = if matches!(by, By::Source | By::Destination) { ranks(capture) } else { Vec::new() };
        let look = || Look::new(&capture.trace, index, Shown::WhenWhole(WhenWhole::of(index)));
        Self { capture, by, ends, look: (by == By::Protocol).then(look) }
    }

    fn of(&mut self, frame: FrameId) -> i64 {
        let end = |to: bool| {
            let row = self.capture.index.row(frame).filter(|r| r.flow != NO_FLOW)?;
            // What the server sends comes from the second end.
            let second = (row.dir == Dir::ToClient) != to;
            self.ends.get(row.flow as usize).map(|ends| i64::from(ends[usize::from(second)]))
        };
        match self.by {
            By::Number => frame.into(),
            By::Time => self.capture.trace.meta(frame).map_or(i64::MAX, |m| m.at.0),
            By::Length => self.capture.trace.meta(frame).map_or(i64::MAX, |m| m.wire_len.into()),
            // Without addresses: behind those that have some.
            By::Source => end(false).unwrap_or(i64::MAX),
            By::Destination => end(true).unwrap_or(i64::MAX),
            By::Protocol => self.look.as_mut().map_or(i64::MAX, |look| word(look.at(frame).protocols().1)),
        }
    }
}

/// The first letters of a name as a number; capitals count as small letters do.
fn word(name: &str) -> i64 {
    let letters = name.bytes().map(|b| b.to_ascii_lowercase() & 0x7f).chain(std::iter::repeat(0)).take(9);
    letters.fold(0, |sum, letter| sum << 7 | i64::from(letter))
}

/// The rank of both ends of each flow among the ends of all flows.
fn ranks(capture: &Capture) -> Vec<[u32; 2]> {
    let index = &capture.index;
    let mut all: Vec<(SocketAddr, FlowId, u8)> = Vec::with_capacity(index.flows.len() * 2);
    for flow in 0..FlowId::try_from(index.flows.len()).unwrap_or(FlowId::MAX) {
        if let Some(found) = index.flow(flow) {
            all.extend([(found.ends[0], flow, 0), (found.ends[1], flow, 1)]);
        }
    }
    all.sort_unstable();
    let mut ranks = vec![[0; 2]; index.flows.len()];
    let (mut rank, mut last) = (0, None);
    for (end, flow, which) in all {
        if last != Some(end) {
            (rank, last) = (rank + 1, Some(end));
        }
        if let Some(slot) = ranks.get_mut(flow as usize).and_then(|r| r.get_mut(usize::from(which))) {
            *slot = rank;
        }
    }
    ranks
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::timeline::{Intake, Scope};
    use std::sync::Arc;

    fn capture(bytes: &[u8]) -> Capture {
        let mut capture = Capture::new(Arc::new(bytes.to_vec()));
        let mut intake = Intake::new();
        intake.feed(bytes);
        intake.finish();
        let (records, batch) = intake.take();
        for record in records {
            capture.trace.append(record);
        }
        capture.index.apply(batch);
        capture
    }

    #[test]
    fn rows_and_positions_lead_back_to_each_other_in_every_order() {
        let capture = capture(include_bytes!("../../captures/http.pcapng"));
        let sequence = Sequence::of(Scope::All, &capture);
        let length = |at: usize| capture.trace.meta(at as FrameId).unwrap().wire_len;
        for by in [By::Number, By::Time, By::Source, By::Destination, By::Protocol, By::Length] {
            for descending in [false, true] {
                let order = Order::of(&capture, &sequence, by, descending, &mut |_| true).unwrap();
                assert_eq!(order.len(), sequence.len());
                assert!((0..order.len()).all(|row| order.row(order.position(row)) == row), "{by:?}");
                let lengths: Vec<_> = (0..order.len()).map(|row| length(order.position(row))).collect();
                if by == By::Length {
                    assert!(lengths.is_sorted_by(|a, b| if descending { a >= b } else { a <= b }), "{lengths:?}");
                }
            }
        }
        let order = Order::of(&capture, &sequence, By::Number, true, &mut |_| true).unwrap();
        assert_eq!((order.position(0), order.row(0), order.position(99)), (11, 11, 99));
        assert!(Order::of(&capture, &sequence, By::Time, false, &mut |_| false).is_none());
    }

    #[test]
    fn equal_rows_stay_in_the_order_of_time_both_ways() {
        let capture = capture(include_bytes!("../../captures/http.pcapng"));
        let sequence = Sequence::of(Scope::All, &capture);
        for descending in [false, true] {
            let order = Order::of(&capture, &sequence, By::Protocol, descending, &mut |_| true).unwrap();
            let runs = (0..order.len()).map(|row| order.position(row)).collect::<Vec<_>>();
            let falls = runs.windows(2).filter(|w| w[0] > w[1]).count();
            assert!(falls <= 2, "three names, so at most two steps back: {runs:?}");
        }
    }

    #[test]
    fn names_order_as_words_do() {
        assert!(word("DNS") < word("HTTP") && word("http") < word("TCP") && word("TLS") < word("TLSv1.2") && word("") == 0);
    }
}
