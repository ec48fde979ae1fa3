//! Lists that grow at their end and are copied for next to nothing: whoever works on a copy sees the list as it was.
//!
//! In: items. Out: the same, by their place. They stand in boards of a fixed number; a copy shares all boards, and only a board
//! that is changed while somebody else holds it is made anew. Items are never moved to another place.

use std::sync::Arc;

/// Items of a board.
const BOARD: usize = 256;

/// A list of items.
#[derive(Clone, Debug)]
pub struct Shelf<T>(Vec<Arc<Vec<T>>>);

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Shelf<T> {
    pub fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * BOARD + last.len())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn get(&self, at: usize) -> Option<&T> {
        self.0.get(at / BOARD)?.get(at % BOARD)
    }

    pub fn first(&self) -> Option<&T> {
        self.get(0)
    }

    pub fn last(&self) -> Option<&T> {
        self.0.last()?.last()
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + Clone {
        self.0.iter().flat_map(|board| board.iter())
    }

    /// The items from this place on, without a walk over those before.
    pub fn from(&self, at: usize) -> impl Iterator<Item = &T> {
        self.0.iter().skip(at / BOARD).flat_map(|board| board.iter()).skip(at % BOARD)
    }

    /// The items before this place, the nearest first.
    pub fn before(&self, at: usize) -> impl Iterator<Item = &T> {
        (0..at).rev().filter_map(|at| self.get(at))
    }

    /// How many items at the front this holds for; it must hold for none behind one for which it does not.
    pub fn partition_point(&self, is: impl Fn(&T) -> bool) -> usize {
        let full = self.0.partition_point(|board| board.last().is_some_and(&is));
        // All hold: the last board need not be full.
        self.0.get(full).map_or(self.len(), |board| full * BOARD + board.partition_point(&is))
    }
}

impl<T: Clone> Shelf<T> {
    pub fn push(&mut self, item: T) {
        match self.0.last_mut() {
            Some(last) if last.len() < BOARD => Arc::make_mut(last).push(item),
            _ => self.0.push(Arc::new(vec![item])),
        }
    }

    pub fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        Arc::make_mut(self.0.get_mut(at / BOARD)?).get_mut(at % BOARD)
    }
}

impl<T: Clone> Extend<T> for Shelf<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.push(item));
    }
}

impl<'a, T> IntoIterator for &'a Shelf<T> {
    type Item = &'a T;
    type IntoIter = Box<dyn DoubleEndedIterator<Item = &'a T> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn numbers(n: usize) -> Shelf<usize> {
        let mut shelf = Shelf::default();
        shelf.extend(0..n);
        shelf
    }

    #[test]
    fn every_item_is_at_its_place_whatever_the_number() {
        for n in [0, 1, BOARD - 1, BOARD, BOARD + 1, 3 * BOARD] {
            let shelf = numbers(n);
            assert_eq!((shelf.len(), shelf.is_empty()), (n, n == 0));
            assert!(shelf.iter().copied().eq(0..n) && shelf.iter().rev().copied().eq((0..n).rev()));
            assert!((0..=n).all(|at| shelf.get(at).copied() == (at < n).then_some(at)));
            assert!((0..=n).all(|at| shelf.from(at).copied().eq(at..n)), "from a place on, of {n}");
            assert!((0..=n).all(|at| shelf.partition_point(|i| *i < at) == at), "sorted in two, of {n}");
        }
    }

    #[test]
    fn a_copy_stays_as_it_was_and_shares_what_has_not_changed() {
        let mut shelf = numbers(2 * BOARD + 5);
        let copy = shelf.clone();
        *shelf.get_mut(3).unwrap() = 1000;
        shelf.push(7);
        assert_eq!((copy.get(3), copy.len()), (Some(&3), 2 * BOARD + 5));
        assert_eq!((shelf.get(3), shelf.len()), (Some(&1000), 2 * BOARD + 6));
        assert!(Arc::ptr_eq(&shelf.0[1], &copy.0[1]));
    }
}
