//! Undoing what was done to bytes to make them fewer: gzip, deflate, Brotli, and deflate with a shared window.
//!
//! In: packed bytes from a capture, which may be hostile. Out: [`Unpacked`], never more than [`MAX_UNPACKED`] bytes and never
//! more than [`MAX_RATIO`] times what came in. What could be unpacked before the bytes end is kept, as Wireshark keeps it.

use crate::lang::Text;
use flate2::{Decompress, FlushDecompress, Status};
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
    let most = room(packed.len());
    if packed.starts_with(&[0x1f, 0x8b]) {
        return inflate(&mut Decompress::new(false), packed.get(gzip_header(packed)?..)?, most).filter(|u| !u.bytes.is_empty());
    }
    let whole = |header: bool| inflate(&mut Decompress::new(header), packed, most).filter(|u| !u.bytes.is_empty());
    whole(true).or_else(|| whole(false))
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

/// Runs the bytes through, until they end, their end mark comes, or `most` bytes are there. `None`: they break the rules
/// before anything worth keeping came out.
fn inflate(state: &mut Decompress, packed: &[u8], most: usize) -> Option<Unpacked> {
    // Wireshark keeps whole buffers of this size when the bytes break later.
    let step = packed.len().saturating_mul(2).clamp(32 << 10, 10 << 20);
    let mut out = Unpacked::default();
    let mut at = 0;
    loop {
        let have = out.bytes.len();
        let more = step.min(most.saturating_sub(have));
        if more == 0 {
            out.limited = true;
            return Some(out);
        }
        out.bytes.reserve(more.min(have.max(32 << 10)));
        let before = state.total_in();
        let result = state.decompress_vec(packed.get(at..).unwrap_or(&[]), &mut out.bytes, FlushDecompress::Sync);
        let took = usize::try_from(state.total_in() - before).unwrap_or(0);
        at += took;
        if out.bytes.len() > most {
            out.bytes.truncate(most);
            out.limited = true;
            return Some(out);
        }
        match result {
            Ok(Status::StreamEnd) => return Some(out),
            Ok(_) if took == 0 && out.bytes.len() == have && out.bytes.capacity() > have => return Some(out),
            Ok(_) => {}
            Err(_) if have >= step => {
                out.bytes.truncate(have - have % step);
                return Some(out);
            }
            Err(_) => return None,
        }
    }
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
    let mut state = Decompress::new(false);
    prime(&mut state, window)?;
    let most = room(packed.len()).max(1 << 10);
    // "Append 4 octets of 0x00 0x00 0xff 0xff to the tail end of the payload of the message."
    let packed = [packed, &[0, 0, 0xff, 0xff]].concat();
    let mut out = Unpacked::default();
    let mut at = 0;
    loop {
        let have = out.bytes.len();
        if have > most {
            out.bytes.truncate(most);
            out.limited = true;
            return Some(out);
        }
        out.bytes.reserve((most + 1 - have).min(have.max(4 << 10)));
        let before = state.total_in();
        let status = state.decompress_vec(packed.get(at..).unwrap_or(&[]), &mut out.bytes, FlushDecompress::Sync).ok()?;
        let took = usize::try_from(state.total_in() - before).unwrap_or(0);
        at += took;
        let stuck = took == 0 && out.bytes.len() == have && out.bytes.capacity() > have;
        if status == Status::StreamEnd || stuck {
            break;
        }
    }
    window.extend_from_slice(&out.bytes);
    let old = window.len().saturating_sub(WINDOW);
    window.drain(..old);
    Some(out)
}

/// Gives a fresh inflater the bytes that came before: as one stored block (RFC 1951 §3.2.4), whose output is thrown away.
fn prime(state: &mut Decompress, window: &[u8]) -> Option<()> {
    let tail = window.get(window.len().saturating_sub(WINDOW)..).unwrap_or(&[]);
    if tail.is_empty() {
        return Some(());
    }
    let len = u16::try_from(tail.len()).ok()?;
    let [a, b] = len.to_le_bytes();
    let block = [&[0, a, b, !a, !b][..], tail].concat();
    let mut gone = Vec::with_capacity(tail.len() + 64);
    let mut at = 0;
    while at < block.len() {
        let before = state.total_in();
        state.decompress_vec(block.get(at..)?, &mut gone, FlushDecompress::Sync).ok()?;
        let took = usize::try_from(state.total_in() - before).unwrap_or(0);
        if took == 0 {
            return None;
        }
        at += took;
    }
    Some(())
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
