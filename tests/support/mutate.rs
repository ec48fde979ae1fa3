//! The one way in which tests damage bytes.
//!
//! In: a random number, good bytes, other good bytes, words that mean something to whoever reads them. Out: bytes as disks, snap
//! lengths and evil people make them. The same seed gives the same damage on every machine. It knows no format: who wants lengths
//! that lie at a certain place puts them into the words.
#![allow(dead_code)]

/// A small generator with a fixed seed (SplitMix64): the same numbers in every run.
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `n`; 0 where there is nothing below it.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// True once in `n` times.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next() as u8).collect()
    }
}

/// How many mutated inputs a test makes: few by default, more where `OSISCOPE_MUTATIONS` says so.
pub fn rounds(few: usize) -> usize {
    number("OSISCOPE_MUTATIONS").unwrap_or(few)
}

/// What is added to the seeds of this run, so that two long runs do not make the same inputs.
pub fn salt() -> u64 {
    number("OSISCOPE_MUTATIONS_SALT").unwrap_or(0) as u64
}

fn number(name: &str) -> Option<usize> {
    std::env::var(name).ok().and_then(|n| n.parse().ok())
}

/// Numbers at which counting goes wrong.
const EDGES: [u32; 16] =
    [0, 1, 2, 3, 7, 8, 12, 28, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, u32::MAX];

/// Bytes that end, begin or announce something in many formats.
const TELLING: &[u8] = b"\0\n\r \t:;,=0AFHf\x01\x7e\x7f\x80\x81\xc0\xc1\xfe\xff";

/// Damages bytes in one to a few places. `other`: bytes of the same kind, of which pieces are taken; `words`: what means something here.
pub fn bytes(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8], words: &[&[u8]]) {
    for _ in 0..=random.below(4) {
        once(random, bytes, other, words);
    }
}

fn once(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8], words: &[&[u8]]) {
    let at = random.below(bytes.len());
    match random.below(12) {
        0 => bytes.truncate(at),
        1 => over(bytes, at, &[random.next() as u8]),
        2 => over(bytes, at, &[TELLING[random.below(TELLING.len())]]),
        3 => {
            let n = *random.pick(&EDGES).unwrap_or(&0);
            // At a place where numbers stand in most formats, or anywhere.
            let at = if random.once_in(3) { at } else { at & !3 };
            match random.below(4) {
                0 => over(bytes, at, &n.to_le_bytes()),
                1 => over(bytes, at, &n.to_be_bytes()),
                2 => over(bytes, at, &(n as u16).to_be_bytes()),
                _ => over(bytes, at, &(n as u16).to_le_bytes()),
            }
        }
        4 => {
            let n = 1 + random.below(7);
            let new = random.bytes(n);
            drop(bytes.splice(at..at, new));
        }
        5 => {
            let to = (at + 1 + random.below(24)).min(bytes.len());
            drop(bytes.drain(at..to));
        }
        // A piece of its own, again: once, or so often that counters run over.
        6 => {
            let to = (at + 1 + random.below(40)).min(bytes.len());
            let times = if random.once_in(8) { 1 + random.below(300) } else { 1 };
            let piece = bytes.get(at..to).unwrap_or_default().repeat(times);
            let to = random.below(bytes.len());
            drop(bytes.splice(to..to, piece));
        }
        7 => {
            let from = random.below(other.len());
            let piece = other.get(from..(from + 1 + random.below(60)).min(other.len())).unwrap_or_default();
            let to = if random.once_in(2) { at } else { (at + piece.len()).min(bytes.len()) };
            drop(bytes.splice(at..to, piece.iter().copied()));
        }
        8 | 9 if !words.is_empty() => {
            let word = random.pick(words).copied().unwrap_or_default();
            let to = if random.once_in(2) { at } else { (at + word.len()).min(bytes.len()) };
            drop(bytes.splice(at..to, word.iter().copied()));
        }
        10 => bytes.extend((0..random.below(40)).map(|n| n as u8)),
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
    }
}

/// Puts bytes over those that stand there, as far as there are any.
fn over(bytes: &mut [u8], at: usize, new: &[u8]) {
    for (old, new) in bytes.iter_mut().skip(at).zip(new) {
        *old = *new;
    }
}
