//! Numbers from bytes that may end anywhere.
//!
//! In: captured bytes and an offset. Out: the number, or `None` where the bytes end before it. Nothing here may panic.

/// The big-endian 16-bit number at `at`.
pub fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_be_bytes)
}

/// The big-endian 32-bit number at `at`.
pub fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_be_bytes)
}

/// The `N` bytes at `at`.
pub fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

/// The first `N` bytes of a header, with zeros where the capture ends before them: a view over it can always be made, and
/// [`Step::cut`](super::Step::cut) drops the fields that were never captured.
pub struct Head<const N: usize> {
    pub bytes: [u8; N],
    /// How many of them were really there.
    pub have: usize,
}

impl<const N: usize> Head<N> {
    pub fn of(area: &[u8]) -> Self {
        let mut bytes = [0; N];
        for (to, from) in bytes.iter_mut().zip(area) {
            *to = *from;
        }
        Self { bytes, have: area.len().min(N) }
    }

    pub fn whole(&self) -> bool {
        self.have == N
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn numbers_at_the_very_end_are_read_and_beyond_it_are_not() {
        let bytes = [1, 2, 3, 4];
        assert_eq!(be16(&bytes, 2), Some(0x0304));
        assert_eq!(be16(&bytes, 3), None);
        assert_eq!(be32(&bytes, 0), Some(0x0102_0304));
        assert_eq!(be32(&bytes, usize::MAX), None);
    }

    #[test]
    fn a_short_head_is_padded_and_says_so() {
        let head = Head::<4>::of(&[9, 8]);
        assert_eq!((head.bytes, head.have, head.whole()), ([9, 8, 0, 0], 2, false));
    }
}
