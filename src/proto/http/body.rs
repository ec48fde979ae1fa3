//! Where the body of a message ends (RFC 9112 §6.3), and how a chunked body is put together (§7.1).

use super::head::{Header, Start, has_token, line};
use crate::wire::Span;

/// How the length of a body is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    Known(u64),
    Chunked,
    /// All that comes until the connection is closed.
    UntilClose,
    /// No more HTTP: the bytes of a tunnel (CONNECT) or of another protocol (101).
    Tunnel,
}

/// What is known of the request that a response answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub head: bool,
    pub connect: bool,
}

/// The rules of RFC 9112 §6.3, in their order. `asked` matters for responses only.
pub fn length(start: &Start, head: &[u8], headers: &[Header], asked: Asked) -> Length {
    let is_response = match start {
        Start::Response { code: 101, .. } => return Length::Tunnel,
        // 1. "Any response to a HEAD request and any response with a 1xx, 204 or 304 status code is always terminated by
        //    the first empty line after the header fields".
        Start::Response { code, .. } if asked.head || matches!(code, 100..=199 | 204 | 304) => return Length::Known(0),
        // 2. "Any 2xx response to a CONNECT request implies that the connection will become a tunnel".
        Start::Response { code: 200..=299, .. } if asked.connect => return Length::Tunnel,
        Start::Response { .. } => true,
        Start::Request { .. } => false,
    };
    let mut coding: Option<String> = None;
    let mut told: Option<Option<u64>> = None;
    for header in headers {
        let name = header.name.of(head);
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            coding = Some(header.value(head));
        } else if name.eq_ignore_ascii_case(b"content-length") {
            // 5. A list of the same number again and again is that number.
            for item in header.value(head).split(',') {
                let number = number(item.trim());
                told = Some(if told.is_none() || told == Some(number) { number } else { None });
            }
        }
    }
    match (coding, told) {
        // 3. and 4. Transfer-Encoding overrides Content-Length.
        (Some(coding), _) if coding.rsplit(',').next().is_some_and(|last| has_token(last, "chunked")) => Length::Chunked,
        (Some(_), _) => Length::UntilClose,
        (None, Some(Some(n))) => Length::Known(n),
        (None, Some(None)) => Length::UntilClose,
        // 7. and 8.
        (None, None) if is_response => Length::UntilClose,
        (None, None) => Length::Known(0),
    }
}

fn number(text: &str) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// The number on a chunk's size line, which may go on with extensions (RFC 9112 §7.1.1).
pub fn chunk_size(line: &[u8]) -> Option<u64> {
    let line = line.trim_ascii();
    let digits = line.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    let (number, rest) = line.split_at_checked(digits)?;
    if number.is_empty() || rest.trim_ascii_start().first().is_some_and(|&b| b != b';') {
        return None;
    }
    u64::from_str_radix(std::str::from_utf8(number).ok()?, 16).ok()
}

/// A chunked body, as far as it could be read.
#[derive(Default)]
pub struct Chunked {
    /// Size line, size and data of each chunk, the last (0) included.
    pub chunks: Vec<(Span, u64, Span)>,
    pub trailers: Vec<Span>,
    /// The chunks' data, joined.
    pub joined: Vec<u8>,
    /// Where `joined` comes from: (start in it, span in the message), of every chunk with data.
    pub pieces: Vec<(u32, Span)>,
    /// Where reading stopped before the end, and whether the bytes ran out (true) or broke the rule (false).
    pub stopped: Option<(usize, bool)>,
}

/// Chunks that are listed one by one at most; all of them are joined.
const MAX_LISTED: usize = 1000;

/// Reads the chunked body that begins at `from`.
pub fn chunks(bytes: &[u8], from: usize) -> Chunked {
    let mut out = Chunked::default();
    let mut at = from;
    loop {
        let Some((bare, full)) = line(bytes.get(at..).unwrap_or(&[])) else {
            out.stopped = Some((at, true));
            return out;
        };
        let Some(size) = chunk_size(bytes.get(at..at + bare).unwrap_or(&[])) else {
            out.stopped = Some((at, false));
            return out;
        };
        let data = at + full;
        let have = bytes.len() - data.min(bytes.len());
        let len = usize::try_from(size).unwrap_or(usize::MAX).min(have);
        let piece = bytes.get(data..data + len).unwrap_or(&[]);
        if !piece.is_empty() {
            out.pieces.push((u32::try_from(out.joined.len()).unwrap_or(u32::MAX), Span::new(data, len)));
        }
        out.joined.extend_from_slice(piece);
        if out.chunks.len() < MAX_LISTED || size == 0 {
            out.chunks.push((Span::new(at, full), size, Span::new(data, len)));
        }
        at = data + len;
        if (len as u64) < size {
            out.stopped = Some((at, true));
            return out;
        }
        if size == 0 {
            break;
        }
        at += match bytes.get(at..).unwrap_or(&[]) {
            [b'\r', b'\n', ..] => 2,
            [b'\n', ..] => 1,
            rest => {
                out.stopped = Some((at, rest.is_empty() || rest == b"\r"));
                return out;
            }
        };
    }
    while let Some((bare, full)) = line(bytes.get(at..).unwrap_or(&[])) {
        if bare == 0 {
            return out;
        }
        out.trailers.push(Span::new(at, full));
        at += full;
    }
    out.stopped = Some((at, true));
    out
}
