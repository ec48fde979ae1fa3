//! Packed captures: gzip (RFC 1952) and zstd (RFC 8878), unpacked as a stream.
//!
//! In: packed bytes from any reader, told by [`packing`] from their beginning. Out: the unpacked bytes, as a reader that ends
//! where the packed data ends or breaks; [`Unpacker::fault`] then says in words what is wrong, and all that could be unpacked
//! before it has been given. Memory is bounded by the window that the format allows ([`MAX_WINDOW`]), output by
//! [`MAX_UNPACKED`], and data that grows beyond [`MAX_RATIO`] is stopped once it has grown beyond [`ANY_RATIO`]. What is inside
//! is not looked at: packed data in packed data stays packed.

mod gzip;
mod input;
mod zstd;

use crate::lang::Text;
use input::Input;
use std::io::{self, Read};

/// The most bytes that one packed file may unpack to: 64 GiB.
pub const MAX_UNPACKED: u64 = 64 << 30;

/// How many times larger unpacked data may be. Real captures stay below 100; deflate itself cannot do more than 1032.
pub const MAX_RATIO: u64 = 1000;

/// Up to this size the ratio does not matter: 256 MiB.
pub const ANY_RATIO: u64 = 256 << 20;

/// The most memory that zstd data may ask for to look back into: 128 MiB, as for the zstd command itself.
pub const MAX_WINDOW: u64 = 128 << 20;

/// Packed bytes taken without giving any before the reader lets its caller breathe.
const PATIENCE: u64 = 1 << 20;

/// How many bytes [`packing`] looks at.
pub const LOOK: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// How a file is packed, by its first [`LOOK`] bytes. `None`: it is not, or not in a way that is known here.
pub fn packing(first: &[u8]) -> Option<Packing> {
    match first {
        [0x1f, 0x8b, ..] => Some(Packing::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Packing::Zstd),
        // A skippable frame may stand first (RFC 8878, section 3.1.2); other formats have no such beginning.
        [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Packing::Zstd),
        _ => None,
    }
}

/// What limits the output. Other than [`Limits::default`] only in tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub unpacked: u64,
    pub ratio: u64,
    pub any_ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { unpacked: MAX_UNPACKED, ratio: MAX_RATIO, any_ratio: ANY_RATIO }
    }
}

/// What an unpacker did when asked for bytes.
enum Step {
    /// So many bytes were given; 0: none yet, ask again.
    Gave(usize),
    End,
    Broken(Text),
}

enum Decoder {
    Gzip(gzip::Decoder),
    Zstd(Box<zstd::Decoder>),
}

/// A reader of unpacked bytes.
pub struct Unpacker<R> {
    input: Input<R>,
    decoder: Decoder,
    packing: Packing,
    limits: Limits,
    given: u64,
    ended: bool,
    fault: Option<Text>,
}

impl<R: Read> Unpacker<R> {
    /// `from` stands at the beginning of the packed data.
    pub fn new(packing: Packing, from: R) -> Self {
        Self::with_limits(packing, from, Limits::default())
    }

    pub fn with_limits(packing: Packing, from: R, limits: Limits) -> Self {
        let decoder = match packing {
            Packing::Gzip => Decoder::Gzip(gzip::Decoder::default()),
            Packing::Zstd => Decoder::Zstd(Box::default()),
        };
        Self { input: Input::new(from), decoder, packing, limits, given: 0, ended: false, fault: None }
    }

    /// What is wrong with the packed data, once its end has been reached.
    pub fn fault(&self) -> Option<&Text> {
        self.fault.as_ref()
    }

    /// Packed bytes used so far.
    pub fn packed(&self) -> u64 {
        self.input.used()
    }

    /// Unpacked bytes given so far.
    pub fn unpacked(&self) -> u64 {
        self.given
    }

    fn step(&mut self, out: &mut [u8]) -> io::Result<Step> {
        match &mut self.decoder {
            Decoder::Gzip(decoder) => decoder.step(&mut self.input, out),
            Decoder::Zstd(decoder) => decoder.step(&mut self.input, out),
        }
    }

    fn stop(&mut self, what: &Text) {
        let (at, name) = (self.input.used(), self.packing.name());
        self.ended = true;
        self.fault = Some(Text::new(
            format!("{name} で圧縮されたデータの {at} バイト目付近: {}", what.ja),
            format!("In the {name} data, near its byte {at}: {}", what.en),
        ));
    }

    /// The limit that giving `more` bytes would break.
    fn over(&self, more: u64) -> Option<Text> {
        let Limits { unpacked, ratio, any_ratio } = self.limits;
        let sum = self.given.saturating_add(more);
        if sum > unpacked {
            return Some(Text::new(
                format!("展開すると上限の {unpacked} バイトを超えるので、ここで止めました"),
                format!("it unpacks to more than {unpacked} bytes, so unpacking stopped here"),
            ));
        }
        (sum > any_ratio && sum / self.input.used().max(1) > ratio).then(|| {
            Text::new(
                format!("展開すると {ratio} 倍を超えて大きくなります。ディスクを埋めるための不正なファイルの恐れがあるので、ここで止めました"),
                format!("it grows more than {ratio} times when unpacked, as files made to fill a disk do, so unpacking stopped here"),
            )
        })
    }
}

impl<R: Read> Read for Unpacker<R> {
    /// [`io::ErrorKind::Interrupted`] means: ask again; much was read and nothing came of it yet.
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let before = self.input.used();
        while !self.ended && !out.is_empty() {
            match self.step(out)? {
                Step::Gave(0) if self.input.used() - before > PATIENCE => return Err(io::ErrorKind::Interrupted.into()),
                Step::Gave(0) => {}
                Step::Gave(n) => {
                    if let Some(what) = self.over(n as u64) {
                        self.stop(&what);
                        return Ok(0);
                    }
                    self.given += n as u64;
                    return Ok(n);
                }
                Step::End => self.ended = true,
                Step::Broken(what) => self.stop(&what),
            }
        }
        Ok(0)
    }
}

fn cut_off() -> Text {
    Text::new(
        "データが途中で切れています。ファイルのコピーやダウンロードが終わっていないのかもしれません",
        "the data is cut off; copying or downloading it may not have been finished",
    )
}

fn broken(why: &str) -> Text {
    Text::new(format!("データが壊れています（{why}）"), format!("the data is broken ({why})"))
}

fn checksum() -> Text {
    Text::new(
        "展開したデータの検査値が合いません。表示しているフレームにも誤りがあるかもしれません",
        "the checksum of the unpacked data does not match; the frames shown may be wrong too",
    )
}

/// Something that is not packed data stands behind packed data.
fn trailing() -> Text {
    Text::new(
        "圧縮されたデータの後ろに別のデータが続いています。その部分は読みません",
        "other data follows the packed data; it is not read",
    )
}

#[cfg(test)]
mod tests;
