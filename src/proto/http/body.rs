//! Where the body of a message ends (RFC 9112 §6.3), and how a chunked body is put together (§7.1).

use super::head::{Header, Start, has_token};
use super::tell;
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
            // RFC 2616 §3.6: "identity" is none at all.
            coding = Some(header.value(head)).filter(|value| !value.trim().eq_ignore_ascii_case("identity")).or(coding);
        } else if name.eq_ignore_ascii_case(b"content-length") {
            // 5. A list of the same number again and again is that number; of several lines Wireshark takes the last.
            let value = header.value(head);
            let mut numbers = value.split(',').map(number);
            let first = numbers.next().flatten();
            let number = if numbers.all(|n| n == first) { first } else { None };
            told = Some(number.or(told.flatten()));
        }
    }
    match (coding, told) {
        // 3. and 4. Transfer-Encoding overrides Content-Length.
        (Some(coding), _) if coding.rsplit(',').next().is_some_and(|last| has_token(last, "chunked")) => Length::Chunked,
        (Some(_), _) => Length::UntilClose,
        (None, Some(Some(n))) => Length::Known(n),
        (None, Some(None)) if is_response => Length::UntilClose,
        (None, Some(None)) => Length::Known(0),
        // 7. and 8.
        (None, None) if is_response => Length::UntilClose,
        (None, None) => Length::Known(0),
    }
}

/// The number of a Content-Length, as C's `strtoull` reads it: spaces and `+` before it, spaces behind it.
pub fn number(text: &str) -> Option<u64> {
    let text = text.trim_start().strip_prefix('+').unwrap_or(text.trim_start());
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits)?;
    if rest.starts_with(|c: char| !c.is_ascii_whitespace()) {
        return None;
    }
    number.parse().ok().filter(|n| *n != u64::MAX)
}

/// The number on a chunk's size line, which may go on with extensions (RFC 9112 §7.1.1).
pub fn chunk_size(line: &[u8]) -> Option<u64> {
    let line = line.trim_ascii();
    let digits = line.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    let (number, rest) = line.split_at_checked(digits)?;
    if number.is_empty() || rest.first().is_some_and(|&b| b != b';' && !b.is_ascii_whitespace()) {
        return None;
    }
    u64::from_str_radix(std::str::from_utf8(number).ok()?, 16).ok()
}

/// One chunk: its size line, its size, its data and the line end behind it.
pub struct Chunk {
    pub line: Span,
    pub size: u64,
    pub data: Span,
    pub behind: Span,
}

/// A chunked body, as far as it could be read.
#[derive(Default)]
pub struct Chunked {
    /// The last (0) included.
    pub chunks: Vec<Chunk>,
    /// There are more than are listed.
    pub unlisted: bool,
    /// All trailers, with their line ends.
    pub trailer: Span,
    /// The chunks' data, joined.
    pub joined: Vec<u8>,
    /// Where `joined` comes from: (start in it, span in the message), of every chunk with data.
    pub pieces: Vec<(u32, Span)>,
    /// Where it ends in the message.
    pub end: usize,
    /// Where reading stopped before the end, and whether the bytes ran out (true) or broke the rule (false).
    pub stopped: Option<(usize, bool)>,
}

/// Chunks that are listed one by one at most; all of them are joined.
const MAX_LISTED: usize = 10_000;

/// Reads the chunked body that begins at `from`, as leniently as Wireshark does: a size that is no number is the last chunk.
pub fn chunks(bytes: &[u8], from: usize) -> Chunked {
    let mut out = Chunked { end: from, ..Chunked::default() };
    let mut at = from;
    loop {
        let rest = bytes.get(at..).unwrap_or(&[]);
        let (bare, full) = tell::line(rest);
        if bare == 0 || full == bare {
            out.stopped = out.stopped.or(Some((at, rest.is_empty() || bare > 0)));
            break;
        }
        let line = rest.get(..bare).unwrap_or(&[]);
        let size = chunk_size(line).unwrap_or_else(|| {
            out.stopped = Some((at, false));
            0
        });
        let data = at + full;
        let have = bytes.len().saturating_sub(data);
        let len = usize::try_from(size).unwrap_or(usize::MAX).min(have);
        if size == 0 {
            out.list(Chunk { line: Span::new(at, full), size, data: Span::new(data, 0), behind: Span::new(data, 0) });
            at = out.trailers(bytes, data);
            break;
        }
        let piece = bytes.get(data..data + len).unwrap_or(&[]);
        if !piece.is_empty() {
            out.pieces.push((u32::try_from(out.joined.len()).unwrap_or(u32::MAX), Span::new(data, len)));
        }
        out.joined.extend_from_slice(piece);
        let behind = Span::new(data + len, 2.min(have - len));
        out.list(Chunk { line: Span::new(at, full), size, data: Span::new(data, len), behind });
        at = behind.end() as usize;
        if (len as u64) < size || behind.len < 2 {
            out.stopped = Some((at, true));
            break;
        }
        if !matches!(behind.of(bytes), b"\r\n") {
            out.stopped = out.stopped.or(Some((data + len, false)));
        }
    }
    out.end = at;
    out
}

impl Chunked {
    fn list(&mut self, chunk: Chunk) {
        if self.chunks.len() < MAX_LISTED || chunk.size == 0 {
            self.chunks.push(chunk);
        } else {
            self.unlisted = true;
        }
    }

    /// Reads the lines behind the last chunk, up to the empty one; returns where they end.
    fn trailers(&mut self, bytes: &[u8], from: usize) -> usize {
        let mut at = from;
        loop {
            let (bare, full) = tell::line(bytes.get(at..).unwrap_or(&[]));
            if bare == 0 || full == bare {
                self.trailer = Span::new(from, at - from);
                if full == bare {
                    self.stopped = self.stopped.or(Some((at, true)));
                }
                return at + full;
            }
            at += full;
        }
    }
}
