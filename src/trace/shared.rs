//! Short lists of which many copies are made.
//!
//! In: items. Out: the same, by their place. All copies share one list; only who changes it while somebody else holds it
//! makes it anew. For what most captures have little of; what grows with the frames stands in [`super::shelf`].

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A list that is used as a [`Vec`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared<T>(Arc<Vec<T>>);

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Deref for Shared<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        Arc::make_mut(&mut self.0)
    }
}

impl<T> From<Vec<T>> for Shared<T> {
    fn from(items: Vec<T>) -> Self {
        Self(Arc::new(items))
    }
}

impl<T: PartialEq<U>, U, const N: usize> PartialEq<[U; N]> for Shared<T> {
    fn eq(&self, other: &[U; N]) -> bool {
        **self == *other
    }
}

impl<'a, T> IntoIterator for &'a Shared<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_stays_as_it_was_and_shares_until_then() {
        let mut list = Shared::from(vec![1, 2]);
        let copy = list.clone();
        assert!(Arc::ptr_eq(&list.0, &copy.0));
        list.push(3);
        assert!(list == [1, 2, 3] && copy == [1, 2]);
    }
}
