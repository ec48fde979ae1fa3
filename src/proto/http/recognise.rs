//! Is it HTTP/1.x? What the first bytes of a message tell, while its start line is still incomplete.

use super::head::{self, Start};
use crate::proto::Dir;

pub fn dir_of(start: &Start) -> Dir {
    match start {
        Start::Request { .. } => Dir::ToServer,
        Start::Response { .. } => Dir::ToClient,
    }
}

pub fn is_start(dir: Dir, line: &[u8]) -> bool {
    head::start(line).is_some_and(|s| dir_of(&s) == dir)
}

/// Do these bytes begin like a start line? `None`: they may still become one.
pub fn looks_like_start(dir: Dir, bytes: &[u8]) -> Option<bool> {
    if let Some((bare, _)) = head::line(bytes) {
        return Some(is_start(dir, bytes.get(..bare).unwrap_or(&[])));
    }
    // No line is longer than a head may be held back; and long before that, its beginning tells.
    let enough = bytes.len() > head::MAX_LINE;
    let begins = |word: &[u8]| bytes.starts_with(word) || word.starts_with(bytes);
    let may_be = match dir {
        Dir::ToClient => begins(b"HTTP/1."),
        Dir::ToServer => {
            // Tokens may be anything, but methods in use are upper case words, and targets begin in three ways.
            let word = |b: &u8| b.is_ascii_uppercase() || matches!(b, b'-' | b'_');
            let method = bytes.iter().take_while(|b| word(b)).count();
            let target = bytes.get(method..).unwrap_or(&[]);
            let target_fits = match target.trim_ascii_start().first() {
                None => true,
                Some(b'/' | b'*' | b'h' | b'H') => true,
                Some(_) => bytes.starts_with(b"CONNECT "),
            };
            method <= 32 && (target.is_empty() || (method > 0 && target.starts_with(b" ") && target_fits))
        }
    };
    let clean = !bytes.iter().any(|&b| (b < 0x20 && b != b'\t' && b != b'\r') || b == 0x7f);
    if may_be && clean && !enough { None } else { Some(false) }
}
