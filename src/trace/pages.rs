//! Lists that grow at their end, most of which nobody looks at: what has come to rest is packed, and unpacked when it is asked for.
//!
//! In: items. Out: the same, by their place. They stand in boards of a fixed number. A board that is full and was not changed
//! since [`Pages::rest`] was last called is packed; to look at one of its items unpacks it once more, beside the packed ones.
//! A copy shares all boards and stays as it is.

use std::fmt::Debug;
use std::sync::{Arc, OnceLock};

/// Items of a board.
const BOARD: usize = 256;

/// What can be packed.
pub trait Item: Clone + Debug {
    /// Many of them.
    type Page: Clone + Debug;

    /// `None`: these cannot be packed.
    fn pack(items: &[Self]) -> Option<Self::Page>;

    /// The same items.
    fn unpack(page: &Self::Page) -> Vec<Self>;
}

/// A list of items.
#[derive(Clone, Debug)]
pub struct Pages<T: Item> {
    boards: Vec<Arc<Board<T>>>,
    len: usize,
    /// Boards that are not packed.
    loose: Vec<usize>,
}

#[derive(Clone, Debug)]
enum Board<T: Item> {
    /// As they are, and whether one was changed since the last rest.
    Loose { items: Vec<T>, changed: bool },
    Packed { page: T::Page, open: OnceLock<Vec<T>> },
}

impl<T: Item> Board<T> {
    fn items(&self) -> &[T] {
        match self {
            Self::Loose { items, .. } => items,
            Self::Packed { page, open } => open.get_or_init(|| T::unpack(page)),
        }
    }
}

impl<T: Item> Default for Pages<T> {
    fn default() -> Self {
        Self { boards: Vec::new(), len: 0, loose: Vec::new() }
    }
}

impl<T: Item> Pages<T> {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    #[inline]
    pub fn get(&self, at: usize) -> Option<&T> {
        self.boards.get(at / BOARD)?.items().get(at % BOARD)
    }

    pub fn first(&self) -> Option<&T> {
        self.get(0)
    }

    pub fn last(&self) -> Option<&T> {
        self.get(self.len.checked_sub(1)?)
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.boards.iter().flat_map(|board| board.items())
    }

    /// The items from this place on, without a walk over those before.
    pub fn from(&self, at: usize) -> impl Iterator<Item = &T> {
        self.boards.iter().skip(at / BOARD).flat_map(|board| board.items()).skip(at % BOARD)
    }

    /// The items before this place, the nearest first.
    pub fn before(&self, at: usize) -> impl Iterator<Item = &T> {
        (0..at).rev().filter_map(|at| self.get(at))
    }

    /// How many items at the front this holds for; it must hold for none behind one for which it does not.
    pub fn partition_point(&self, is: impl Fn(&T) -> bool) -> usize {
        let full = self.boards.partition_point(|board| board.items().last().is_some_and(&is));
        self.boards.get(full).map_or(self.len, |board| full * BOARD + board.items().partition_point(&is))
    }

    /// Replaces the item at this place, or adds it at the end.
    pub fn put(&mut self, at: usize, item: T) {
        if at >= self.len {
            return self.push(item);
        }
        let Some(board) = self.boards.get_mut(at / BOARD) else { return };
        if let Board::Packed { .. } = **board {
            *board = Arc::new(Board::Loose { items: board.items().to_vec(), changed: true });
            self.loose.push(at / BOARD);
        }
        if let Board::Loose { items, changed } = Arc::make_mut(board) {
            *changed = true;
            if let Some(old) = items.get_mut(at % BOARD) {
                *old = item;
            }
        }
    }

    fn push(&mut self, item: T) {
        if self.len.is_multiple_of(BOARD) {
            self.loose.push(self.boards.len());
            self.boards.push(Arc::new(Board::Loose { items: Vec::new(), changed: true }));
        }
        if let Some(Board::Loose { items, changed }) = self.boards.last_mut().map(Arc::make_mut) {
            items.push(item);
            *changed = true;
            self.len += 1;
        }
    }

    /// Packs what is full and was not changed since this was last called.
    pub fn rest(&mut self) {
        let boards = &mut self.boards;
        self.loose.retain(|at| {
            let Some(board) = boards.get_mut(*at) else { return false };
            let page = match &**board {
                Board::Packed { .. } => return false,
                Board::Loose { items, changed: false } if items.len() == BOARD => T::pack(items),
                Board::Loose { changed: false, .. } => None,
                Board::Loose { changed: true, .. } => {
                    if let Board::Loose { changed, .. } = Arc::make_mut(board) {
                        *changed = false;
                    }
                    None
                }
            };
            match page {
                Some(page) => {
                    *board = Arc::new(Board::Packed { page, open: OnceLock::new() });
                    false
                }
                None => true,
            }
        });
    }
}

impl<'a, T: Item> IntoIterator for &'a Pages<T> {
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

    impl Item for usize {
        type Page = Vec<u64>;

        fn pack(items: &[Self]) -> Option<Vec<u64>> {
            (!items.contains(&usize::MAX)).then(|| items.iter().map(|i| *i as u64).collect())
        }

        fn unpack(page: &Vec<u64>) -> Vec<Self> {
            page.iter().map(|i| *i as usize).collect()
        }
    }

    fn numbers(n: usize) -> Pages<usize> {
        let mut pages = Pages::default();
        (0..n).for_each(|i| pages.put(i, i));
        pages
    }

    fn packed(pages: &Pages<usize>) -> usize {
        pages.boards.iter().filter(|b| matches!(***b, Board::Packed { .. })).count()
    }

    #[test]
    fn every_item_is_at_its_place_packed_or_not() {
        for n in [0, 1, BOARD - 1, BOARD, BOARD + 1, 3 * BOARD] {
            let mut pages = numbers(n);
            for round in 0..3 {
                assert_eq!(packed(&pages), if round == 2 { n / BOARD } else { 0 }, "{n} items, after {round} rests");
                assert_eq!((pages.len(), pages.is_empty(), pages.last().copied()), (n, n == 0, n.checked_sub(1)));
                assert!(pages.iter().copied().eq(0..n) && pages.iter().rev().copied().eq((0..n).rev()));
                assert!((0..=n).all(|at| pages.get(at).copied() == (at < n).then_some(at)));
                assert!((0..=n).all(|at| pages.from(at).copied().eq(at..n)));
                assert!((0..=n).all(|at| pages.partition_point(|i| *i < at) == at));
                pages.rest();
            }
        }
    }

    #[test]
    fn what_is_changed_is_unpacked_and_a_copy_stays_as_it_was() {
        let mut pages = numbers(2 * BOARD + 5);
        pages.rest();
        pages.rest();
        let copy = pages.clone();
        pages.put(3, 1000);
        pages.put(2 * BOARD + 5, 7);
        assert_eq!((copy.get(3), copy.len(), packed(&copy)), (Some(&3), 2 * BOARD + 5, 2));
        assert_eq!((pages.get(3), pages.len(), packed(&pages)), (Some(&1000), 2 * BOARD + 6, 1));
        pages.rest();
        pages.rest();
        assert_eq!((pages.get(3), pages.get(4), packed(&pages)), (Some(&1000), Some(&4), 2));
    }

    #[test]
    fn what_cannot_be_packed_stays_as_it_is() {
        let mut pages = numbers(2 * BOARD);
        pages.put(BOARD, usize::MAX);
        (0..3).for_each(|_| pages.rest());
        assert_eq!((packed(&pages), pages.get(BOARD)), (1, Some(&usize::MAX)));
    }
}
