//! Packed bytes in a buffer, with what an unpacker asks of them.
//!
//! In: a reader. Out: the next bytes without taking them, single bytes, and how many have been taken. At most [`ROOM`] bytes
//! are held.

use std::io::{self, Read};

const ROOM: usize = 1 << 17;

pub struct Input<R> {
    from: R,
    buffer: Vec<u8>,
    /// The bytes not taken yet are those from here
    start: usize,
    /// to here.
    end: usize,
    used: u64,
    /// What the reader failed with, for decoders that hide it.
    pub error: Option<io::Error>,
}

impl<R: Read> Input<R> {
    pub fn new(from: R) -> Self {
        Self { from, buffer: vec![0; ROOM], start: 0, end: 0, used: 0, error: None }
    }

    /// Bytes taken so far.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// At least `n` bytes (at most [`ROOM`] can be asked for), or fewer if the reader has come to its end.
    pub fn peek(&mut self, n: usize) -> io::Result<&[u8]> {
        while self.end - self.start < n.min(ROOM) {
            if self.start > 0 {
                self.buffer.copy_within(self.start..self.end, 0);
                self.end -= self.start;
                self.start = 0;
            }
            match self.from.read(self.buffer.get_mut(self.end..).unwrap_or_default()) {
                Ok(0) => break,
                Ok(n) => self.end = self.end.saturating_add(n).min(ROOM),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(self.buffer.get(self.start..self.end).unwrap_or_default())
    }

    pub fn take(&mut self, n: usize) {
        let n = n.min(self.end - self.start);
        self.start += n;
        self.used += n as u64;
    }

    pub fn byte(&mut self) -> io::Result<Option<u8>> {
        let byte = self.peek(1)?.first().copied();
        self.take(usize::from(byte.is_some()));
        Ok(byte)
    }

    /// The next `N` bytes. `None`: there are not so many.
    pub fn array<const N: usize>(&mut self) -> io::Result<Option<[u8; N]>> {
        let found = self.peek(N)?.first_chunk::<N>().copied();
        self.take(if found.is_some() { N } else { 0 });
        Ok(found)
    }

    /// Passes over `n` bytes. False: there are not so many.
    pub fn skip(&mut self, mut n: u64) -> io::Result<bool> {
        while n > 0 {
            let here = self.peek(1)?.len().min(usize::try_from(n).unwrap_or(usize::MAX));
            if here == 0 {
                return Ok(false);
            }
            self.take(here);
            n -= here as u64;
        }
        Ok(true)
    }

    /// Takes zeros, which tapes and disks leave behind data. True if nothing else is left.
    pub fn only_zeros_left(&mut self) -> io::Result<bool> {
        loop {
            let held = self.peek(1)?;
            let (all, zeros) = (held.len(), held.iter().take_while(|b| **b == 0).count());
            self.take(zeros);
            if all == 0 || zeros < all {
                return Ok(all == 0);
            }
        }
    }
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.peek(1) {
            Ok(held) => {
                let n = held.len().min(out.len());
                for (to, from) in out.iter_mut().zip(held) {
                    *to = *from;
                }
                self.take(n);
                Ok(n)
            }
            Err(e) => {
                let kind = e.kind();
                self.error = Some(e);
                Err(kind.into())
            }
        }
    }
}
