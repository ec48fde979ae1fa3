//! The head of an HTTP/1.x message: its start line and its header lines, as spans.
//!
//! In: bytes from the first byte of a message on. Out: where each part of the head stands. It is as lenient as receivers
//! are (bare LF, repeated spaces, folded lines, lines that are no headers); what the RFC forbids is judged elsewhere.

use super::tell;
use crate::wire::Span;

/// A start line longer than this is not believed (RFC 9112 §3 asks for 8000 bytes at least).
pub const MAX_LINE: usize = 64 * 1024;

/// The first line, with spans relative to its own start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    Request { method: Span, target: Span, version: Span },
    Response { version: Span, code: u16, code_span: Span, phrase: Span },
}

/// One header line (with the lines folded into it).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// With its line end.
    pub line: Span,
    /// Empty where the line is no "name: value".
    pub name: Span,
    pub value: Span,
}

impl Header {
    /// The value as text; folds become one space (RFC 9112 §5.2).
    pub fn value(&self, head: &[u8]) -> String {
        let raw = String::from_utf8_lossy(self.value.of(head));
        if raw.contains('\n') { raw.lines().map(str::trim).collect::<Vec<_>>().join(" ") } else { raw.into_owned() }
    }
}

/// A byte of a token (RFC 9110 §5.6.2).
pub fn is_token(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

/// Where the first line ends: (without its line end, with it).
pub fn line(bytes: &[u8]) -> Option<(usize, usize)> {
    let newline = memchr::memchr(b'\n', bytes)?;
    let bare = match newline.checked_sub(1).and_then(|i| bytes.get(i)) {
        Some(b'\r') => newline - 1,
        _ => newline,
    };
    Some((bare, newline + 1))
}

/// The length of the head with its empty line. Bytes before `from` are known not to hold its end.
pub fn end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let newline = at + memchr::memchr(b'\n', bytes.get(at..)?)?;
        match bytes.get(newline + 1..) {
            Some([b'\n', ..]) => return Some(newline + 2),
            Some([b'\r', b'\n', ..]) => return Some(newline + 3),
            _ => at = newline + 1,
        }
    }
}

/// Reads a start line without its line end. `None`: it is not one of HTTP/1.x.
pub fn start(line: &[u8]) -> Option<Start> {
    // Without an early end, so that many bytes are looked at at once.
    let control = |bad: bool, &b: &u8| bad | ((b < 0x20) & (b != b'\t')) | (b == 0x7f);
    if line.len() > MAX_LINE || line.iter().fold(false, control) {
        return None;
    }
    if line.starts_with(b"HTTP/") { response(line) } else { request(line) }
}

/// As [`start`], and also what Wireshark reads in a conversation that is known to be HTTP: any version, any number.
pub fn lenient(line: &[u8]) -> Option<Start> {
    if let Some(start) = start(line) {
        return Some(start);
    }
    let begins = tell::begins(line).filter(|_| line.len() <= MAX_LINE)?;
    let (first, second) = tell::word(line, 0);
    if begins == tell::Begins::Response {
        let (len, third) = tell::word(line, second);
        let digits = line.get(second..second + 3).filter(|_| len >= 3).unwrap_or(&[]);
        let code = digits.iter().take_while(|b| b.is_ascii_digit()).fold(0u16, |n, d| n * 10 + u16::from(d - b'0'));
        return Some(Start::Response {
            version: Span::new(0, first),
            code,
            code_span: Span::new(second, digits.len()),
            phrase: Span::new(third, line.len().saturating_sub(third)),
        });
    }
    let (len, third) = tell::word(line, second);
    Some(Start::Request {
        method: Span::new(0, first),
        target: Span::new(second, len),
        version: Span::new(third, line.len().saturating_sub(third)),
    })
}

fn is_version(bytes: &[u8]) -> bool {
    matches!(bytes, [b'H', b'T', b'T', b'P', b'/', b'1', b'.', minor] if minor.is_ascii_digit())
}

fn skip_spaces(line: &[u8], from: usize) -> usize {
    from + line.get(from..).unwrap_or(&[]).iter().take_while(|&&b| b == b' ' || b == b'\t').count()
}

fn request(line: &[u8]) -> Option<Start> {
    let kept = line.trim_ascii_end();
    let method = kept.iter().take_while(|&&b| is_token(b)).count();
    if method == 0 || kept.get(method) != Some(&b' ') {
        return None;
    }
    // The version stands behind the last space: targets with raw spaces exist, and servers accept them.
    let version = kept.iter().rposition(|&b| b == b' ')? + 1;
    if version <= method || !is_version(kept.get(version..)?) {
        return None;
    }
    // "GET HTTP/1.1", typed by hand, has no target; servers answer it with 400, which is worth seeing as HTTP.
    let target = skip_spaces(kept, method);
    let target_len = kept.get(target..version).unwrap_or(&[]).trim_ascii_end().len();
    Some(Start::Request {
        method: Span::new(0, method),
        target: Span::new(target, target_len),
        version: Span::new(version, kept.len() - version),
    })
}

fn response(line: &[u8]) -> Option<Start> {
    if !is_version(line.get(..8)?) || !matches!(line.get(8), Some(b' ' | b'\t')) {
        return None;
    }
    let at = skip_spaces(line, 8);
    let digits = line.get(at..at + 3)?;
    if !digits.iter().all(u8::is_ascii_digit) || line.get(at + 3).is_some_and(|&b| b != b' ' && b != b'\t') {
        return None;
    }
    let code = digits.iter().fold(0u16, |n, d| n * 10 + u16::from(d - b'0'));
    let phrase = skip_spaces(line, at + 3);
    Some(Start::Response {
        version: Span::new(0, 8),
        code,
        code_span: Span::new(at, 3),
        phrase: Span::new(phrase, line.len() - phrase),
    })
}

/// The header lines of a whole head, which begins at 0 with its start line and ends with its empty line.
pub fn headers(head: &[u8]) -> Vec<Header> {
    let mut all: Vec<Header> = Vec::with_capacity(16);
    let mut at = line(head).map_or(head.len(), |(_, full)| full);
    while let Some((bare, full)) = line(head.get(at..).unwrap_or(&[])) {
        let text = head.get(at..at + bare).unwrap_or(&[]);
        if text.is_empty() {
            break;
        }
        match all.last_mut() {
            // RFC 9112 §5.2: a line that begins with a space continues the one before it.
            Some(before) if matches!(text.first(), Some(b' ' | b'\t')) && !before.name.is_empty() => {
                let begin = before.line.start as usize;
                before.line = Span::new(begin, at + full - begin);
                let value = before.value.start as usize;
                before.value = Span::new(value, at + text.trim_ascii_end().len() - value);
            }
            _ => all.push(header(text, at, full)),
        }
        at += full;
    }
    all
}

/// Of [`headers`], only those that tell where a message ends and what is spoken behind it: found without reading the others. And
/// the length of the head, with its empty line; `None`: it is not all here.
pub fn framing(head: &[u8]) -> Option<(Vec<Header>, usize)> {
    const NAMES: [&[u8]; 3] = [b"content-length", b"transfer-encoding", b"upgrade"];
    let mut all: Vec<Header> = Vec::new();
    let (_, mut at) = line(head)?;
    // The header before, if it was one of them: a folded line goes on with it.
    let mut wanted = false;
    loop {
        let (bare, full) = line(head.get(at..)?)?;
        let text = head.get(at..at + bare).unwrap_or(&[]);
        match text.first() {
            None => return Some((all, at + full)),
            Some(b' ' | b'\t') => {
                if let Some(before) = all.last_mut().filter(|_| wanted) {
                    let begin = before.line.start as usize;
                    before.line = Span::new(begin, at + full - begin);
                    let value = before.value.start as usize;
                    before.value = Span::new(value, at + text.trim_ascii_end().len() - value);
                }
            }
            Some(b'c' | b'C' | b't' | b'T' | b'u' | b'U') => {
                let header = header(text, at, full);
                wanted = NAMES.iter().any(|name| header.name.of(head).eq_ignore_ascii_case(name));
                if wanted {
                    all.push(header);
                }
            }
            Some(_) => wanted = false,
        }
        at += full;
    }
}

fn header(text: &[u8], at: usize, full: usize) -> Header {
    let line = Span::new(at, full);
    let Some(colon) = text.iter().position(|&b| b == b':').filter(|&c| c > 0) else {
        return Header { line, name: Span::NONE, value: Span::new(at, text.len()) };
    };
    let name = text.get(..colon).unwrap_or(&[]).trim_ascii_end();
    let value = skip_spaces(text, colon + 1);
    let len = text.get(value..).unwrap_or(&[]).trim_ascii_end().len();
    Header { line, name: Span::new(at, name.len()), value: Span::new(at + value, len) }
}

/// Does a comma-separated header value hold this token, whatever its case?
pub fn has_token(value: &str, token: &str) -> bool {
    value.split(',').any(|t| t.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case(token))
}
