//! Tables of numbers that grow at their end: millions of rows, a few bytes each, any row found at once.
//!
//! In: rows of whole numbers. Out: the same. Rows are put away in chunks; in a chunk each column keeps how far its numbers
//! are from the smallest, in as few bytes as the farthest needs: what is the same in all rows takes none. A chunk that was
//! put away is not moved any more, so that growing never copies what there is.

use std::sync::Arc;

/// Rows of a chunk.
pub const CHUNK: usize = 4096;

/// A table of `N` columns.
#[derive(Clone, Debug)]
pub struct Columns<const N: usize> {
    full: Vec<Arc<Chunk<N>>>,
    /// The rows that do not make a chunk yet.
    last: Vec<[i64; N]>,
}

/// One column of a chunk.
#[derive(Clone, Copy, Debug)]
struct Column {
    least: i64,
    /// Where it begins in the chunk's bytes.
    start: u32,
    /// Bytes a number, 0 to 8.
    width: u8,
}

/// Rows that are put away.
#[derive(Clone, Debug)]
pub struct Chunk<const N: usize> {
    columns: [Column; N],
    bytes: Box<[u8]>,
}

impl<const N: usize> Default for Columns<N> {
    fn default() -> Self {
        Self { full: Vec::new(), last: Vec::new() }
    }
}

/// The lowest `W` bytes of each number less `least`. A known width lets the compiler make a few instructions of it.
fn pack<const W: usize>(numbers: impl Iterator<Item = i64>, least: i64, to: &mut [u8]) {
    for (to, n) in to.as_chunks_mut::<W>().0.iter_mut().zip(numbers) {
        let apart = n.wrapping_sub(least).to_le_bytes();
        to.iter_mut().zip(apart).for_each(|(to, byte)| *to = byte);
    }
}

impl<const N: usize> Chunk<N> {
    pub fn of(rows: &[[i64; N]]) -> Self {
        let (mut least, mut most) = ([i64::MAX; N], [i64::MIN; N]);
        for row in rows {
            for ((least, most), n) in least.iter_mut().zip(&mut most).zip(row) {
                (*least, *most) = ((*least).min(*n), (*most).max(*n));
            }
        }
        let mut columns = [Column { least: 0, start: 0, width: 0 }; N];
        let mut len = 0;
        for ((column, least), most) in columns.iter_mut().zip(least).zip(most) {
            let width = 8 - (most.wrapping_sub(least) as u64).leading_zeros() as usize / 8;
            *column = Column { least, start: len as u32, width: width as u8 };
            len += width * rows.len();
        }
        let mut bytes = vec![0; len].into_boxed_slice();
        for (c, Column { least, start, width }) in columns.iter().copied().enumerate() {
            let numbers = rows.iter().map(|row| row.get(c).copied().unwrap_or(0));
            let to = bytes.get_mut(start as usize..).unwrap_or_default();
            match width {
                0 => {}
                1 => pack::<1>(numbers, least, to),
                2 => pack::<2>(numbers, least, to),
                3 => pack::<3>(numbers, least, to),
                4 => pack::<4>(numbers, least, to),
                5 => pack::<5>(numbers, least, to),
                6 => pack::<6>(numbers, least, to),
                7 => pack::<7>(numbers, least, to),
                _ => pack::<8>(numbers, least, to),
            }
        }
        Self { columns, bytes }
    }

    /// A row, if it is one of those that were put away.
    pub fn row(&self, row: usize) -> [i64; N] {
        std::array::from_fn(|column| self.number(row, column))
    }

    /// Bytes that its numbers take.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    #[inline]
    fn number(&self, row: usize, column: usize) -> i64 {
        let Some(Column { least, start, width }) = self.columns.get(column).copied() else { return 0 };
        let width = usize::from(width);
        let from = start as usize + row * width;
        let bytes = self.bytes.get(from..).unwrap_or(&[]);
        let apart = match width {
            0 => 0,
            1 => bytes.first().map_or(0, |b| u64::from(*b)),
            2 => bytes.first_chunk().map_or(0, |b| u64::from(u16::from_le_bytes(*b))),
            4 => bytes.first_chunk().map_or(0, |b| u64::from(u32::from_le_bytes(*b))),
            _ => bytes.iter().take(width).rev().fold(0, |n, b| n << 8 | u64::from(*b)),
        };
        least.wrapping_add(apart as i64)
    }

    fn fill(&self, column: usize, out: &mut [i64; CHUNK]) {
        let Some(Column { least, start, width }) = self.columns.get(column).copied() else { return };
        let bytes = self.bytes.get(start as usize..).unwrap_or(&[]);
        /// A known width lets the compiler make a few instructions of it.
        fn wide<const W: usize>(bytes: &[u8], least: i64, out: &mut [i64]) {
            for (to, apart) in out.iter_mut().zip(bytes.as_chunks::<W>().0) {
                let mut all = [0; 8];
                all.iter_mut().zip(apart).for_each(|(to, byte)| *to = *byte);
                *to = least.wrapping_add(i64::from_le_bytes(all));
            }
        }
        match width {
            0 => out.fill(least),
            1 => wide::<1>(bytes, least, out),
            2 => wide::<2>(bytes, least, out),
            3 => wide::<3>(bytes, least, out),
            4 => wide::<4>(bytes, least, out),
            5 => wide::<5>(bytes, least, out),
            6 => wide::<6>(bytes, least, out),
            7 => wide::<7>(bytes, least, out),
            _ => wide::<8>(bytes, least, out),
        }
    }
}

impl<const N: usize> Columns<N> {
    pub fn len(&self) -> usize {
        self.full.len() * CHUNK + self.last.len()
    }

    pub fn is_empty(&self) -> bool {
        self.full.is_empty() && self.last.is_empty()
    }

    #[inline]
    pub fn push(&mut self, row: [i64; N]) {
        self.last.push(row);
        if self.last.len() >= CHUNK {
            self.full.push(Arc::new(Chunk::of(&self.last)));
            self.last.clear();
        }
    }

    #[inline]
    pub fn get(&self, row: usize) -> Option<[i64; N]> {
        match self.full.get(row / CHUNK) {
            Some(chunk) => Some(chunk.row(row % CHUNK)),
            None => self.last.get(row - self.full.len() * CHUNK).copied(),
        }
    }

    /// One number of one row.
    #[inline]
    pub fn number(&self, row: usize, column: usize) -> Option<i64> {
        match self.full.get(row / CHUNK) {
            Some(chunk) => Some(chunk.number(row % CHUNK, column)),
            None => self.last.get(row - self.full.len() * CHUNK)?.get(column).copied(),
        }
    }

    /// The numbers of one column in the chunk that begins with row `first`, a multiple of [`CHUNK`]; what there is no row for
    /// stays as it is.
    pub fn fill(&self, first: usize, column: usize, out: &mut [i64; CHUNK]) {
        match self.full.get(first / CHUNK) {
            Some(chunk) => chunk.fill(column, out),
            None => {
                for (to, row) in out.iter_mut().zip(&self.last) {
                    *to = row.get(column).copied().unwrap_or(0);
                }
            }
        }
    }

    /// The next row from `from` on whose number in this column is one that `is` accepts. Chunks in which all are the same
    /// are asked once.
    pub fn find(&self, from: usize, column: usize, is: impl Fn(i64) -> bool) -> Option<usize> {
        let mut row = from;
        while let Some(chunk) = self.full.get(row / CHUNK) {
            let end = (row / CHUNK + 1) * CHUNK;
            let uniform = chunk.columns.get(column).filter(|c| c.width == 0);
            if uniform.is_none_or(|c| is(c.least))
                && let Some(found) = (row..end).find(|r| is(chunk.number(r % CHUNK, column)))
            {
                return Some(found);
            }
            row = end;
        }
        let first = self.full.len() * CHUNK;
        let rest = self.last.iter().enumerate().skip(row.saturating_sub(first));
        rest.filter(|(_, row)| row.get(column).is_some_and(|n| is(*n))).map(|(i, _)| first + i).next()
    }

    /// Replaces a row. Costs a chunk: for the rare case.
    pub fn set(&mut self, row: usize, with: [i64; N]) {
        match self.full.get_mut(row / CHUNK) {
            Some(chunk) => {
                let mut rows: Vec<[i64; N]> =
                    (0..CHUNK).map(|r| chunk.row(r)).collect();
                if let Some(old) = rows.get_mut(row % CHUNK) {
                    *old = with;
                }
                *chunk = Arc::new(Chunk::of(&rows));
            }
            None => {
                let first = self.full.len() * CHUNK;
                if let Some(old) = self.last.get_mut(row - first) {
                    *old = with;
                }
            }
        }
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Bytes that it takes in memory.
    pub fn bytes(&self) -> usize {
        let chunks: usize = self.full.iter().map(|c| c.bytes.len() + std::mem::size_of::<Chunk<N>>()).sum();
        chunks + self.last.capacity() * std::mem::size_of::<[i64; N]>()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn every_number_comes_back_whatever_its_neighbours() {
        let rows: Vec<[i64; 3]> = (0..CHUNK as i64 * 2 + 7)
            .map(|i| [i * 1_000_003, 7, if i % 1000 == 0 { i64::MIN } else { i64::MAX - i }])
            .collect();
        let mut columns = Columns::default();
        rows.iter().for_each(|row| columns.push(*row));
        assert_eq!(columns.len(), rows.len());
        for (i, row) in rows.iter().enumerate() {
            assert_eq!(columns.get(i), Some(*row));
            assert_eq!(columns.number(i, 2), Some(row[2]));
        }
        for column in 0..3 {
            for (first, rows) in rows.chunks(CHUNK).enumerate() {
                let mut out = [0; CHUNK];
                columns.fill(first * CHUNK, column, &mut out);
                assert!(rows.iter().zip(out).all(|(row, n)| row[column] == n), "column {column}");
            }
        }
        assert_eq!(columns.get(rows.len()), None);
        assert_eq!(columns.get(usize::MAX), None);
    }

    #[test]
    fn columns_that_never_change_take_no_room() {
        let mut columns = Columns::default();
        (0..CHUNK as i64).for_each(|i| columns.push([1_700_000_000, i % 200, -1]));
        assert!(columns.full[0].bytes.len() == CHUNK, "{} bytes", columns.full[0].bytes.len());
    }

    #[test]
    fn a_row_is_found_and_replaced_in_full_chunks_and_in_the_last() {
        let mut columns = Columns::default();
        (0..CHUNK as i64 + 10).for_each(|i| columns.push([i, 0]));
        columns.set(5, [5, 9]);
        columns.set(CHUNK + 3, [0, 9]);
        assert_eq!(columns.find(0, 1, |n| n == 9), Some(5));
        assert_eq!(columns.find(6, 1, |n| n == 9), Some(CHUNK + 3));
        assert_eq!(columns.find(CHUNK + 4, 1, |n| n == 9), None);
        assert_eq!(columns.find(usize::MAX - 1, 1, |_| true), None);
        assert_eq!(columns.get(4), Some([4, 0]));
    }
}
