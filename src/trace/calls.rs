//! The socket calls of a trace: kept as they come, read in the order in which they began.
//!
//! In: calls, mostly in the order in which they returned. Out: each under a number that never changes, and all of them by their time of
//! entry. A call that blocks long comes late and began early, so the two orders differ.

use super::shelf::Shelf;
use super::{Call, Nanos};
use std::sync::Arc;

/// A call's number: its place in the order of arrival. It stays when more calls come.
pub type CallId = u32;

/// Grows at its end only. A copy costs next to nothing, and stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    came: Shelf<Call>,
    began: Began,
}

/// Numbers by time of entry; of two that began at once, first who came first. None of its boards is empty; a copy shares them.
#[derive(Clone, Debug, Default)]
struct Began(Vec<Arc<Vec<(Nanos, CallId)>>>);

/// Entries of a board at most.
const BOARD: usize = 256;

impl Began {
    fn insert(&mut self, entry: (Nanos, CallId)) {
        // The board that ends behind it, else the last.
        let at = self.0.partition_point(|board| board.last().is_some_and(|last| *last < entry));
        let Some(board) = self.0.get(at) else { return self.append(entry) };
        if board.len() < BOARD {
            return self.put(at, entry);
        }
        let mut front = board.to_vec();
        let back = front.split_off(BOARD / 2);
        let behind = front.last().is_some_and(|last| *last < entry);
        self.0.splice(at..=at, [front, back].map(Arc::new));
        self.put(at + usize::from(behind), entry);
    }

    fn append(&mut self, entry: (Nanos, CallId)) {
        match self.0.last_mut() {
            Some(board) if board.len() < BOARD => Arc::make_mut(board).push(entry),
            _ => self.0.push(Arc::new(vec![entry])),
        }
    }

    fn put(&mut self, at: usize, entry: (Nanos, CallId)) {
        if let Some(board) = self.0.get_mut(at) {
            let place = board.partition_point(|other| *other < entry);
            Arc::make_mut(board).insert(place, entry);
        }
    }

    /// Those after the first entry and no later than the second; none where the two are the wrong way round.
    fn between(
        &self,
        after: Option<(Nanos, CallId)>,
        upto: (Nanos, CallId),
    ) -> impl DoubleEndedIterator<Item = CallId> + Clone + '_ {
        let is_before = |entry: &(Nanos, CallId)| after.is_some_and(|after| *entry <= after);
        let whole = |is: &dyn Fn(&(Nanos, CallId)) -> bool| self.0.partition_point(|board| board.last().is_some_and(is));
        let board = |at: usize| self.0.get(at).map_or(&[][..], |board| board);
        let (first, last) = (whole(&is_before), whole(&|entry| *entry <= upto));
        let from = board(first).partition_point(is_before);
        let to = board(last).partition_point(|entry| *entry <= upto);
        let (head, middle, tail) = match first < last {
            true => (from..board(first).len(), first + 1..last, 0..to),
            false => (0..0, 0..0, if first == last { from..to } else { 0..0 }),
        };
        let part = |at: usize, range: std::ops::Range<usize>| board(at).get(range).unwrap_or_default();
        let middle = self.0.get(middle).unwrap_or_default();
        part(first, head).iter().chain(middle.iter().flat_map(|board| board.iter())).chain(part(last, tail)).map(|(_, id)| *id)
    }
}

impl Calls {
    pub fn push(&mut self, call: Call) {
        let Ok(id) = CallId::try_from(self.came.len()) else { return };
        self.began.insert((call.at_enter, id));
        self.came.push(call);
    }

    pub fn len(&self) -> usize {
        self.came.len()
    }

    pub fn is_empty(&self) -> bool {
        self.came.is_empty()
    }

    pub fn get(&self, id: CallId) -> Option<&Call> {
        self.came.get(id as usize)
    }

    /// Those from this number on, in the order in which they came: what is new since the last look.
    pub fn since(&self, id: CallId) -> impl Iterator<Item = (CallId, &Call)> {
        (id..).zip(self.came.from(id as usize))
    }

    /// By time of entry.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Call> + Clone {
        self.ids().filter_map(|id| self.get(id))
    }

    /// Numbers by time of entry.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = CallId> + Clone + '_ {
        self.ids_until(Nanos(i64::MAX))
    }

    /// Numbers of those that had begun by `at`, by time of entry.
    pub fn ids_until(&self, at: Nanos) -> impl DoubleEndedIterator<Item = CallId> + Clone + '_ {
        self.began.between(None, (at, CallId::MAX))
    }

    /// Numbers of those that began after `after` and by `upto`, by time of entry; none where the two are the wrong way round.
    pub fn ids_between(&self, after: Nanos, upto: Nanos) -> impl DoubleEndedIterator<Item = CallId> + Clone + '_ {
        self.began.between(Some((after, CallId::MAX)), (upto, CallId::MAX))
    }

    /// Those that had begun by `at`, by time of entry.
    pub fn until(&self, at: Nanos) -> impl DoubleEndedIterator<Item = &Call> + Clone {
        self.ids_until(at).filter_map(|id| self.get(id))
    }
}

impl From<Vec<Call>> for Calls {
    fn from(calls: Vec<Call>) -> Self {
        let mut all = Self::default();
        calls.into_iter().for_each(|c| all.push(c));
        all
    }
}

/// The same calls in the same order of entry; how they came does not matter.
impl PartialEq for Calls {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::trace::{CallResult, Host, What};

    fn call(enter: i64, back: i64) -> Call {
        Call {
            at_enter: Nanos(enter),
            at_return: Nanos(back),
            host: Host::Client,
            program: 0,
            fd: 3,
            what: What::Accept,
            result: CallResult::Done,
            local: None,
            peer: None,
            waits: 0,
        }
    }

    #[test]
    fn a_long_wait_that_comes_late_keeps_its_number_and_stands_where_it_began() {
        let mut calls = Calls::from(vec![call(5, 6), call(7, 8)]);
        calls.push(call(1, 90));
        assert_eq!(
            calls.iter().map(|c| c.at_enter.0).collect::<Vec<_>>(),
            [1, 5, 7]
        );
        assert_eq!(calls.ids().collect::<Vec<_>>(), [2, 0, 1]);
        assert_eq!(calls.get(2).unwrap().at_return, Nanos(90));
        assert_eq!(
            [0, 1, 5, 6, 7, 99].map(|at| calls.until(Nanos(at)).count()),
            [0, 1, 2, 2, 3, 3]
        );
        assert_eq!(
            calls
                .since(1)
                .map(|(id, c)| (id, c.at_enter.0))
                .collect::<Vec<_>>(),
            [(1, 7), (2, 1)]
        );
        assert!(calls == Calls::from(vec![call(1, 90), call(5, 6), call(7, 8)]));
    }

    #[test]
    fn calls_stand_in_order_of_entry_in_whatever_order_they_come() {
        let n = 3 * BOARD as i64;
        // Forwards, backwards, in both halves in turn, and all at once.
        let orders: [&dyn Fn(i64) -> i64; 4] = [&|i| i, &|i| n - i, &|i| i % 2 * n + i, &|_| 7];
        for order in orders {
            let all: Vec<_> = (0..n).map(|i| call(order(i), n)).collect();
            let mut sorted: Vec<_> = (0..).zip(&all).map(|(id, c)| (c.at_enter, id)).collect::<Vec<(Nanos, CallId)>>();
            sorted.sort_unstable();
            let calls = Calls::from(all);
            let copy = calls.clone();
            assert!(copy.ids().eq(sorted.iter().map(|(_, id)| *id)));
            assert!(copy.ids().rev().eq(sorted.iter().rev().map(|(_, id)| *id)));
            for at in (0..2 * n).step_by(7) {
                let until = sorted.partition_point(|(enter, _)| enter.0 <= at);
                assert_eq!(calls.ids_until(Nanos(at)).count(), until);
                let after = Nanos(at - 7);
                let between = calls.ids_until(Nanos(at)).filter(|id| calls.get(*id).unwrap().at_enter > after).collect::<Vec<_>>();
                assert_eq!(calls.ids_between(after, Nanos(at)).collect::<Vec<_>>(), between);
                assert_eq!(calls.ids_between(Nanos(at), after).count(), 0);
            }
        }
    }

    #[test]
    fn a_copy_of_calls_stays_as_it_was() {
        let mut calls = Calls::from((0..BOARD as i64).map(|i| call(2 * i, 2 * i)).collect::<Vec<_>>());
        let copy = calls.clone();
        calls.push(call(5, 9));
        assert_eq!((copy.len(), copy.ids().count(), calls.ids().nth(3)), (BOARD, BOARD, Some(BOARD as CallId)));
        assert!(Arc::ptr_eq(&copy.began.0[0], &copy.clone().began.0[0]) && copy.began.0.len() < calls.began.0.len());
    }
}
