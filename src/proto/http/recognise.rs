//! Is it HTTP/1.x? What the first bytes of a message tell, while its start line is still incomplete.

use super::head::{self, Start};
use super::tell;
use crate::proto::{Dir, MessageKind};

pub fn kind_of(start: &Start) -> MessageKind {
    match start {
        Start::Request { .. } => MessageKind::Request,
        Start::Response { .. } => MessageKind::Response,
    }
}

/// In a conversation that is HTTP: is this a start line?
pub fn is_start(line: &[u8]) -> bool {
    head::lenient(line).is_some()
}

/// Do the first bytes of a conversation begin with a start line as it should be? `None`: they may still become one.
pub fn looks_like_start(dir: Dir, bytes: &[u8]) -> Option<bool> {
    // RFC 9112 §2.2: an empty line may stand before it.
    let bytes = bytes.strip_prefix(b"\r\n").unwrap_or(bytes);
    match head::line(bytes) {
        Some((bare, _)) => Some(head::start(bytes.get(..bare).unwrap_or(&[])).is_some()),
        None if may_become_start(dir, bytes) || may_become_start(dir.reverse(), bytes) => None,
        None => Some(false),
    }
}

/// ... on a port where HTTP is expected: also with any version, as Wireshark takes it there.
pub fn looks_like_start_here(dir: Dir, bytes: &[u8]) -> Option<bool> {
    // A bare word may be what somebody typed; with a whole head behind it, it is a request.
    let more = |line: &[u8]| line.contains(&b' ') || head::end(bytes, 0).is_some();
    let spoken = |line: &[u8]| tell::begins(line).is_some() && more(line) && is_start(line);
    match head::line(bytes) {
        Some((bare, _)) if spoken(bytes.get(..bare).unwrap_or(&[])) => Some(true),
        _ => looks_like_start(dir, bytes),
    }
}

/// Is the first line, which is whole, a header as Wireshark takes it: a name (RFC 9110 §5.6.2) and a colon?
pub fn looks_like_header(bytes: &[u8]) -> bool {
    let (bare, full) = tell::line(bytes);
    let line = bytes.get(..bare).filter(|_| full > bare).unwrap_or(&[]);
    let name = memchr::memchr(b':', line).and_then(|colon| line.get(..colon)).unwrap_or(&[]);
    !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(b))
}

/// In a conversation that is HTTP: may these bytes be the beginning of a start line?
pub fn may_begin(bytes: &[u8]) -> Option<bool> {
    match head::line(bytes) {
        Some((bare, _)) => Some(is_start(bytes.get(..bare).unwrap_or(&[]))),
        None if Dir::BOTH.iter().any(|dir| may_become_start(*dir, bytes)) => None,
        None => Some(false),
    }
}

fn may_become_start(dir: Dir, bytes: &[u8]) -> bool {
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
    let clean = || !bytes.iter().any(|&b| (b < 0x20 && b != b'\t' && b != b'\r') || b == 0x7f);
    may_be && !enough && clean()
}
