//! Undoing what was done to bytes to make them fewer: gzip, deflate, Brotli, and deflate with a shared window.
//!
//! In: packed bytes from a capture, which may be hostile. Out: [`Unpacked`], never more than [`MAX_UNPACKED`] bytes and never
//! more than [`MAX_RATIO`] times what came in. What could be unpacked before the bytes end is kept, as Wireshark keeps it.

use crate::lang::Text;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};
use std::io::Read;

/// Bytes that one message is unpacked to at most.
pub const MAX_UNPACKED: usize = 32 << 20;
/// How many bytes may come of one at most: deflate can reach 1032, Brotli much more.
pub const MAX_RATIO: usize = 4096;
/// The window of deflate (RFC 1951 §2).
pub const WINDOW: usize = 32 << 10;

/// What came out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unpacked {
    pub bytes: Vec<u8>,
    /// A limit ended it: there would be more.
    pub limited: bool,
}

impl Unpacked {
    /// What is said of a limit that ended it.
    pub fn limit(&self) -> Option<Text> {
        let n = self.bytes.len();
        self.limited.then(|| {
            Text::new(
                format!("展開は {n} バイトで打ち切りました（上限 {MAX_UNPACKED} バイト、{MAX_RATIO} 倍）"),
                format!("unpacking was ended after {n} bytes (limits: {MAX_UNPACKED} bytes, {MAX_RATIO} times)"),
            )
        })
    }
}

/// Content codings that can be undone (RFC 9110 §8.4.1; RFC 7932), by their name in any case.
pub fn content(coding: &str, packed: &[u8]) -> Option<Unpacked> {
    match coding.to_ascii_lowercase().as_str() {
        // Wireshark looks at the bytes, not at the name: servers mix these up.
        "gzip" | "x-gzip" | "deflate" | "x-deflate" => zlib(packed),
        "br" => brotli(packed),
        _ => None,
    }
}

fn room(packed: usize) -> usize {
    packed.saturating_mul(MAX_RATIO).clamp(1, MAX_UNPACKED)
}

/// gzip (RFC 1952), zlib (RFC 1950) or bare deflate (RFC 1951). `None`: none of them.
fn zlib(packed: &[u8]) -> Option<Unpacked> {
    if packed.is_empty() {
        return None;
    }
    if packed.starts_with(&[0x1f, 0x8b]) {
        return body(packed.get(gzip_header(packed)?..)?, false);
    }
    body(packed, true).or_else(|| body(packed, false))
}

/// Bytes of a gzip header (RFC 1952 §2.3).
fn gzip_header(bytes: &[u8]) -> Option<usize> {
    let flags = *bytes.get(3)?;
    if bytes.get(2) != Some(&8) {
        return None;
    }
    let mut at = 10;
    if flags & 4 != 0 {
        let len = bytes.get(at..at + 2)?.first_chunk().map(|b| u16::from_le_bytes(*b))?;
        at += 2 + usize::from(len);
    }
    for bit in [8, 16] {
        if flags & bit != 0 {
            at += bytes.get(at..)?.iter().position(|&b| b == 0)? + 1;
        }
    }
    Some(at + if flags & 2 != 0 { 2 } else { 0 })
}

/// What an inflater did.
struct Inflated {
    /// With the window before it.
    bytes: Vec<u8>,
    limited: bool,
    broken: bool,
}

/// Inflates bare deflate, or zlib with `header`, behind the `window`, until the bytes end, their end mark comes, they break
/// the rules, or `most` bytes are there.
fn inflate(packed: &[u8], window: &[u8], most: usize, header: bool) -> Inflated {
    let mut state = DecompressorOxide::new();
    let mut flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    if header {
        flags |= inflate_flags::TINFL_FLAG_PARSE_ZLIB_HEADER | inflate_flags::TINFL_FLAG_IGNORE_ADLER32;
    }
    let mut out = Inflated { bytes: window.to_vec(), limited: false, broken: false };
    let (mut from, mut at, end) = (0, window.len(), window.len().saturating_add(most));
    loop {
        let room = out.bytes.len().saturating_sub(window.len()).max(packed.len()).saturating_mul(2).max(1 << 10);
        out.bytes.resize(window.len().saturating_add(room).min(end), 0);
        let rest = packed.get(from..).unwrap_or(&[]);
        let (status, took, gave) = decompress(&mut state, rest, &mut out.bytes, at, flags);
        from += took;
        at += gave;
        match status {
            TINFLStatus::HasMoreOutput if at < end => {}
            TINFLStatus::HasMoreOutput => {
                out.limited = true;
                break;
            }
            TINFLStatus::Done | TINFLStatus::NeedsMoreInput | TINFLStatus::FailedCannotMakeProgress => break,
            _ => {
                out.broken = true;
                break;
            }
        }
    }
    out.bytes.truncate(at);
    out
}

/// What a body's packed bytes hold. `None`: they break the rules before anything worth keeping came out.
fn body(packed: &[u8], header: bool) -> Option<Unpacked> {
    let mut out = inflate(packed, &[], room(packed.len()), header);
    if out.broken {
        // Wireshark keeps whole buffers of this size when the bytes break later.
        let step = packed.len().saturating_mul(2).clamp(32 << 10, 10 << 20);
        out.bytes.truncate(out.bytes.len() - out.bytes.len() % step);
    }
    (!out.bytes.is_empty()).then_some(Unpacked { bytes: out.bytes, limited: out.limited })
}

fn brotli(packed: &[u8]) -> Option<Unpacked> {
    let most = room(packed.len());
    let mut out = Unpacked::default();
    let reader = brotli_decompressor::Decompressor::new(packed, 4096);
    let result = reader.take(most as u64 + 1).read_to_end(&mut out.bytes);
    if out.bytes.len() > most {
        out.bytes.truncate(most);
        out.limited = true;
    }
    (result.is_ok() || !out.bytes.is_empty()).then_some(out)
}

/// A message of a stream whose deflate window goes on from message to message (RFC 7692 §7.2.2). `window` holds the bytes
/// that came before (at most [`WINDOW`] count) and afterwards those that count for the next. `None`: the bytes break the rules.
pub fn with_window(packed: &[u8], window: &mut Vec<u8>) -> Option<Unpacked> {
    let old = window.len().saturating_sub(WINDOW);
    window.drain(..old);
    // "Append 4 octets of 0x00 0x00 0xff 0xff to the tail end of the payload of the message."
    let told = [packed, &[0, 0, 0xff, 0xff]].concat();
    let mut out = inflate(&told, window, room(packed.len()).max(1 << 10), false);
    if out.broken {
        return None;
    }
    let bytes = out.bytes.split_off(window.len());
    window.extend_from_slice(&bytes);
    let old = window.len().saturating_sub(WINDOW);
    window.drain(..old);
    Some(Unpacked { bytes, limited: out.limited })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use flate2::{Compress, Compression, FlushCompress};
    use std::io::Write;

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), Compression::best());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn gzip_zlib_and_bare_deflate_are_told_by_their_bytes() {
        let text = b"hello hello hello".repeat(100);
        let mut zl = flate2::write::ZlibEncoder::new(Vec::new(), Compression::best());
        zl.write_all(&text).unwrap();
        let mut raw = flate2::write::DeflateEncoder::new(Vec::new(), Compression::best());
        raw.write_all(&text).unwrap();
        for packed in [gz(&text), zl.finish().unwrap(), raw.finish().unwrap()] {
            assert_eq!(content("gzip", &packed).unwrap().bytes, text);
            assert_eq!(content("x-deflate", &packed).unwrap().bytes, text);
        }
        assert_eq!(content("gzip", b"abcd"), None);
        assert_eq!(content("zstd", b"abcd"), None);
        assert_eq!(content("gzip", b""), None);
    }

    #[test]
    fn what_came_before_a_cut_is_kept() {
        let packed = gz(b"hello gz");
        assert_eq!(content("gzip", &packed[..packed.len() - 6]).unwrap().bytes, b"hello gz");
        assert_eq!(content("gzip", &packed[..12]).unwrap().bytes, b"h");
        assert_eq!(content("gzip", &packed[..9]), None);
    }

    #[test]
    fn brotli_is_undone() {
        assert_eq!(content("br", &[0x0b, 0x02, 0x80, b'h', b'e', b'l', b'l', b'o', 0x03]).unwrap().bytes, b"hello");
        assert_eq!(content("br", b"\xff\xff\xff"), None);
    }

    #[test]
    fn a_bomb_is_ended_and_said() {
        let bomb = gz(&vec![0; MAX_UNPACKED * 2]);
        let out = content("gzip", &bomb).unwrap();
        assert!(out.limited && out.bytes.len() <= MAX_UNPACKED && out.limit().is_some());
        let mut window = Vec::new();
        let out = with_window(&bomb[10..bomb.len() - 8], &mut window).unwrap();
        assert!(out.limited && out.bytes.len() <= MAX_UNPACKED);
    }

    #[test]
    fn the_window_goes_on_from_message_to_message() {
        let mut pack = Compress::new(Compression::best(), false);
        let mut one = |text: &[u8]| {
            let mut out = Vec::with_capacity(4096);
            pack.compress_vec(text, &mut out, FlushCompress::Sync).unwrap();
            out.truncate(out.len() - 4);
            out
        };
        let text = b"hello hello, what is this good for?";
        let (first, second) = (one(text), one(text));
        assert!(second.len() < first.len());
        let mut window = Vec::new();
        assert_eq!(with_window(&first, &mut window).unwrap().bytes, text);
        assert_eq!(with_window(&second, &mut window).unwrap().bytes, text);
        assert_eq!(with_window(&second, &mut Vec::new()), None, "without the window it cannot be read");
        assert_eq!(with_window(&[0], &mut window).unwrap().bytes, b"", "an empty message");
        assert_eq!(with_window(&first[..first.len() - 3], &mut Vec::new()).map(|u| u.bytes.len() < text.len()), Some(true));
    }
}
