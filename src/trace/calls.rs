//! The socket calls of a trace: kept as they come, read in the order in which they began.
//!
//! In: calls, mostly in the order in which they returned. Out: each under a number that never changes, and all of them by their time of
//! entry. A call that blocks long comes late and began early, so the two orders differ.

use super::{Call, Nanos};
use std::collections::BTreeSet;
use std::ops::Bound;

/// A call's number: its place in the order of arrival. It stays when more calls come.
pub type CallId = u32;

/// Grows at its end only.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    came: Vec<Call>,
    /// By time of entry; of two that began at once, first who came first.
    began: BTreeSet<(Nanos, CallId)>,
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
        (id..).zip(self.came.get(id as usize..).unwrap_or_default())
    }

    /// By time of entry.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Call> + Clone {
        self.ids().filter_map(|id| self.get(id))
    }

    /// Numbers by time of entry.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = CallId> + Clone + '_ {
        self.began.iter().map(|(_, id)| *id)
    }

    /// Numbers of those that had begun by `at`, by time of entry.
    pub fn ids_until(&self, at: Nanos) -> impl DoubleEndedIterator<Item = CallId> + Clone + '_ {
        self.began.range(..=(at, CallId::MAX)).map(|(_, id)| *id)
    }

    /// Numbers of those that began after `after` and by `upto`, by time of entry; none where the two are the wrong way round.
    pub fn ids_between(&self, after: Nanos, upto: Nanos) -> impl DoubleEndedIterator<Item = CallId> + Clone + '_ {
        let (from, to) = ((after, CallId::MAX), (upto, CallId::MAX));
        let range = (from < to).then(|| self.began.range((Bound::Excluded(from), Bound::Included(to))));
        range.into_iter().flatten().map(|(_, id)| *id)
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
}
