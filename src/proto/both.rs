//! What framers share: a value for each direction, and where in the bytes at hand an offset of the stream is.

use super::Dir;
use std::ops::{Index, IndexMut};

/// One value for each direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Both<T>(pub [T; 2]);

impl<T> Index<Dir> for Both<T> {
    type Output = T;

    fn index(&self, dir: Dir) -> &T {
        let [to_server, to_client] = &self.0;
        match dir {
            Dir::ToServer => to_server,
            Dir::ToClient => to_client,
        }
    }
}

impl<T> IndexMut<Dir> for Both<T> {
    fn index_mut(&mut self, dir: Dir) -> &mut T {
        let [to_server, to_client] = &mut self.0;
        match dir {
            Dir::ToServer => to_server,
            Dir::ToClient => to_client,
        }
    }
}

/// How many of these bytes, of which the first stands at `at` in the stream, come before the offset `upto`.
pub fn count_until(upto: u64, at: u64, bytes: &[u8]) -> usize {
    usize::try_from(upto.saturating_sub(at)).unwrap_or(usize::MAX).min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_stays_within_the_bytes() {
        assert_eq!([9, 10, 12, 14, u64::MAX].map(|upto| count_until(upto, 10, b"abc")), [0, 0, 2, 3, 3]);
    }

    #[test]
    fn each_direction_has_its_own() {
        let mut both = Both([1, 2]);
        both[Dir::ToClient] = 3;
        assert_eq!((both[Dir::ToServer], both[Dir::ToClient]), (1, 3));
    }
}
