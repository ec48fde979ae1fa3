//! The bytes of a capture as a reader: plain as they are, packed ones unpacked on the way.
//!
//! In: any reader that stands at the beginning of a capture. Out: the capture's bytes, how far the packed data has been used,
//! and what is wrong with it. It is told by the first bytes how they are packed; a name does not count.

use crate::lang::Text;
use crate::trace::unpack::{self, Unpacker};
use crate::trace::Damage;
use std::io::{self, Read};

/// A reader whose first bytes were looked at already. They come again together with those behind them, so that a file is read
/// at multiples of the piece's length all the same: copying from page to page is twice as fast as from anywhere.
pub struct Rejoined<'a> {
    first: Vec<u8>,
    from: &'a mut dyn Read,
}

impl Read for Rejoined<'_> {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        let n = self.first.len().min(piece.len());
        if n == 0 {
            return self.from.read(piece);
        }
        let (now, rest) = piece.split_at_mut(n);
        now.copy_from_slice(self.first.get(..n).unwrap_or_default());
        self.first.drain(..n);
        // What is wrong will be so the next time too.
        Ok(n + if self.first.is_empty() { self.from.read(rest).unwrap_or(0) } else { 0 })
    }
}

/// Room for a piece that begins where a page begins.
pub struct Piece {
    bytes: Vec<u8>,
    from: usize,
    len: usize,
}

impl Piece {
    pub fn new(len: usize) -> Self {
        let bytes = vec![0; len + PAGE];
        let from = bytes.as_ptr().align_offset(PAGE).min(PAGE);
        Self { bytes, from, len }
    }

    pub fn room(&mut self) -> &mut [u8] {
        self.bytes.get_mut(self.from..self.from + self.len).unwrap_or_default()
    }

    /// The first `n` bytes.
    pub fn first(&self, n: usize) -> &[u8] {
        self.bytes.get(self.from..self.from + n.min(self.len)).unwrap_or_default()
    }
}

const PAGE: usize = 4096;

pub enum Stream<'a> {
    Plain(Box<dyn Read + 'a>),
    Packed(Box<Unpacker<Box<dyn Read + 'a>>>),
}

impl<'a> Stream<'a> {
    /// Looks at the first bytes.
    ///
    /// # Errors
    /// The reader's own.
    pub fn open(from: &'a mut dyn Read) -> io::Result<Self> {
        let mut first = Vec::new();
        Read::take(&mut *from, unpack::LOOK as u64).read_to_end(&mut first)?;
        let packing = unpack::packing(&first);
        let whole: Box<dyn Read + 'a> = Box::new(Rejoined { first, from });
        Ok(match packing {
            Some(packing) => Self::Packed(Box::new(Unpacker::new(packing, whole))),
            None => Self::Plain(whole),
        })
    }

    pub fn is_packed(&self) -> bool {
        matches!(self, Self::Packed(_))
    }

    /// Of packed data: how many of its bytes have been unpacked.
    pub fn packed_bytes(&self) -> Option<u64> {
        match self {
            Self::Plain(_) => None,
            Self::Packed(from) => Some(from.packed()),
        }
    }

    /// What is wrong with packed data; known after its end.
    pub fn fault(&self) -> Option<&Text> {
        match self {
            Self::Plain(_) => None,
            Self::Packed(from) => from.fault(),
        }
    }

    /// The damage of the whole: `inner` is what the capture's reader says, after `at` bytes with `frames` frames.
    pub fn damage(&self, at: u64, frames: u64, inner: Option<Damage>) -> Option<Damage> {
        match self.fault() {
            Some(why) => Some(ended_early(why, at, frames, inner.as_ref())),
            None => inner,
        }
    }
}

impl Read for Stream<'_> {
    /// [`io::ErrorKind::Interrupted`] means: look whether to go on, then ask again.
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(from) => from.read(piece),
            Self::Packed(from) => from.read(piece),
        }
    }
}

/// Why a capture ends here though more was to come, and what there is of it.
pub fn ended_early(why: &Text, at: u64, frames: u64, inner: Option<&Damage>) -> Damage {
    let why = match (frames, inner) {
        // Nothing in it could be read: what it seems to be is said too.
        (0, Some(inner)) if at > 0 => {
            Text::new(format!("{}。{}", why.ja, inner.why.ja), format!("{}. {}", why.en, inner.why.en))
        }
        _ => Text::new(
            format!("{}。その前の {frames} フレームだけを表示しています。", why.ja),
            format!("{}. Only the {frames} frames before it are shown.", why.en),
        ),
    };
    Damage { at, why }
}
