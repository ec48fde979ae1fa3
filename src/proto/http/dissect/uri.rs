//! The address that a request is for: its target, with the host that it names.
//!
//! In: bytes of a head. Out: text, and the target's field.

use super::{MAX_HEADERS, MAX_PARTS, Piece, split};
use crate::proto::http::{fields as f, tell};
use crate::proto::presentation::{self, ascii};
use crate::wire::{Field, Span};

impl Piece<'_> {
    /// A request's target with its parts.
    pub(super) fn target(&self, span: Span) -> Field {
        let uri = self.text(&f::URI, span);
        let bytes = span.of(self.message);
        let Some(mark) = bytes.iter().position(|&b| b == b'?').filter(|m| m + 1 < bytes.len()) else { return uri };
        let from = span.start as usize;
        let mut parts = Vec::new();
        if mark > 0 {
            parts.push(self.text(&f::URI_PATH, Span::new(from, mark)));
        }
        let query = Span::new(from + mark + 1, bytes.len() - mark - 1);
        let parameters = split(query, query.of(self.message), b'&').map(|part| self.text(&f::URI_PARAMETER, part));
        parts.push(self.text(&f::URI_QUERY, query).with(parameters.take(MAX_PARTS).collect()));
        uri.with(parts)
    }
}

/// The address of a request: its target, with the host before it unless it holds one already.
pub(in crate::proto::http) fn full_uri(start_line: &[u8], host: &[u8]) -> String {
    let (first, second) = tell::word(start_line, 0);
    let second = if second > first + 1 { first + 1 } else { second };
    let (len, _) = tell::word(start_line, second);
    let target = ascii(start_line.get(second..second + len).unwrap_or(&[]));
    let has = |scheme: &str| target.get(..scheme.len()).is_some_and(|t| t.eq_ignore_ascii_case(scheme));
    if has("http://") || has("https://") || start_line.get(..first) == Some(b"CONNECT") {
        return target;
    }
    format!("http://{}{target}", presentation::utf8(host).trim())
}

/// Of a request's head: its full address, if it names a host, and its bare target.
pub(super) fn uris(head: &[u8]) -> (Option<String>, Option<String>) {
    let skipped = head.iter().take_while(|&&b| b == b'\r' || b == b'\n').count();
    let head = head.get(skipped..).unwrap_or(&[]);
    let (bare, full) = tell::line(head);
    let start = head.get(..bare).unwrap_or(&[]);
    let mut host = None;
    let mut at = full;
    for _ in 0..MAX_HEADERS {
        let rest = head.get(at..).unwrap_or(&[]);
        let (bare, full) = tell::line(rest);
        let line = rest.get(..bare).unwrap_or(&[]);
        let Some(colon) = memchr::memchr(b':', line) else { break };
        if line.get(..colon).is_some_and(|name| name.eq_ignore_ascii_case(b"host")) {
            let value = line.get(colon + 1..).unwrap_or(&[]);
            host = Some(value.iter().position(|&b| b != b' ' && b != b'\t').and_then(|i| value.get(i..)).unwrap_or(&[]));
        }
        at += full;
    }
    let (_, second) = tell::word(start, 0);
    let (len, _) = tell::word(start, second);
    let target = ascii(start.get(second..second + len).unwrap_or(&[]));
    (host.map(|host| full_uri(start, host)), Some(target))
}
