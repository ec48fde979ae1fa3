//! The header lines of a message (RFC 9112 §5), as Wireshark reads them.
//!
//! In: a piece behind its start line. Out: a field a line, and what the lines say of the body.

use super::{MAX_HEADERS, MAX_PARTS, Piece, split};
use crate::lang::Text;
use crate::proto::http::tell::{self, Begins};
use crate::proto::http::{body, fields as f, head};
use crate::proto::presentation::{self, Nature, ascii};
use crate::wire::{Field, Span, Value};

impl Piece<'_> {
    /// Reads header lines from `pos` of `rest` on. Returns where the body begins, and whether the empty line was there.
    pub(super) fn headers(&mut self, rest: &[u8], at: usize, mut pos: usize) -> (usize, bool) {
        let mut seen = self.begins.is_some();
        for count in 0.. {
            let here = rest.get(pos..).unwrap_or(&[]);
            let (bare, full) = tell::line(here);
            if full == 0 {
                return (pos, false);
            }
            if bare == 0 {
                return (pos + full, true);
            }
            let line = here.get(..bare).unwrap_or(&[]);
            let colon = memchr::memchr(b':', line).filter(|&c| seen || is_name(line.get(..c).unwrap_or(&[])));
            let last = pos + full >= rest.len();
            if colon.is_none() && !(seen && last && self.begins.is_some()) {
                return (pos, false);
            }
            if count >= MAX_HEADERS {
                self.fields.push(presentation::limit(Text::new(
                    format!("ヘッダは {MAX_HEADERS} 行までを示します"),
                    format!("only the first {MAX_HEADERS} header lines are shown"),
                )));
                let end = head::end(rest, pos.saturating_sub(2)).unwrap_or(rest.len());
                return (end, true);
            }
            self.header(Span::new(at + pos, full), line, colon);
            seen = true;
            pos += full;
        }
        (pos, false)
    }

    /// One header line.
    fn header(&mut self, span: Span, line: &[u8], colon: Option<usize>) {
        let name = line.get(..colon.unwrap_or(0)).unwrap_or(&[]);
        let after = colon.map_or(0, |c| c + 1);
        let skipped = line.get(after..).unwrap_or(&[]).iter().take_while(|&&b| b == b' ' || b == b'\t').count();
        let value = Span::new(span.start as usize + after + skipped, line.len().saturating_sub(after + skipped));
        let whole = match self.begins {
            Some(Begins::Request) => Some(self.text(&f::REQUEST_LINE, span)),
            Some(Begins::Response) => Some(self.text(&f::RESPONSE_LINE, span)),
            _ => None,
        };
        let lower = String::from_utf8_lossy(name).to_ascii_lowercase();
        let Some(def) = f::of_header(&lower).filter(|_| colon.is_some()) else {
            let mut field = whole.unwrap_or_else(|| self.text(&f::UNKNOWN_HEADER, span));
            if colon.is_some() && !is_name(name) {
                field.children.push(Field::new(&f::BAD_HEADER_NAME, Value::None, Span::new(span.start as usize, name.len())));
            }
            self.fields.push(field);
            return;
        };
        let mut field = Field::new(def, Value::Text(ascii(value.of(self.message))), span);
        field.children = self.learn(&lower, value);
        field.children.extend(whole);
        self.fields.push(field);
    }

    /// What a known header says; the fields inside its value.
    fn learn(&mut self, name: &str, span: Span) -> Vec<Field> {
        let bytes = span.of(self.message);
        let value = ascii(bytes);
        let told = &mut self.told;
        match name {
            "content-length" => {
                told.has_length_line = true;
                if let Some(n) = body::number(&value) {
                    told.length = Some(n);
                    return vec![Field::new(&f::CONTENT_LENGTH, Value::Uint(n), span)];
                }
            }
            "content-type" => {
                told.typed = true;
                told.nature = Nature { coding: told.nature.coding.take(), ..Nature::default() };
                told.nature.set_content_type(bytes, span);
            }
            "content-encoding" => {
                told.nature.coding = Some((value.to_ascii_lowercase(), span));
                told.coding = Some(value);
            }
            "transfer-encoding" => {
                told.any_transfer = true;
                let mut unknown = false;
                for item in value.split(',') {
                    match item.trim() {
                        "chunked" => told.chunked = true,
                        "gzip" | "x-gzip" | "deflate" | "compress" | "x-compress" => told.packed = true,
                        "identity" | "" => {}
                        other => {
                            unknown = true;
                            told.chunked |= other.starts_with("chunked");
                        }
                    }
                }
                if unknown {
                    return vec![Field::new(&f::TE_UNKNOWN, Value::None, span)];
                }
            }
            "host" => told.host = Some(bytes.to_vec()),
            "cookie" => {
                let pairs = split(span, bytes, b';').filter_map(|part| {
                    let kept = part.of(self.message);
                    let lead = kept.iter().take_while(|b| b.is_ascii_whitespace()).count();
                    (lead < kept.len()).then(|| self.text(&f::COOKIE_PAIR, Span::new(part.start as usize + lead, kept.len() - lead)))
                });
                return pairs.take(MAX_PARTS).collect();
            }
            "authorization" | "proxy-authorization" => {
                if let Some(coded) = bytes.strip_prefix(b"Basic ") {
                    let plain = presentation::utf8(&base64(coded.trim_ascii_start()));
                    return vec![Field::new(&f::AUTH_BASIC, Value::Text(plain), span)];
                }
            }
            _ => {}
        }
        Vec::new()
    }
}

/// A header's name as Wireshark wants it: letters, digits and some marks (RFC 9110 §5.6.2, without the apostrophe).
fn is_name(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|&b| head::is_token(b) && b != b'\'')
}

/// Base64 (RFC 4648 §4), as far as it goes; what is no digit of it is skipped.
fn base64(coded: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(coded.len() / 4 * 3);
    let (mut bits, mut have) = (0u32, 0);
    for &b in coded.iter().take_while(|&&b| b != b'=') {
        let digit = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(digit);
        have += 6;
        if have >= 8 {
            have -= 8;
            out.push((bits >> have) as u8);
        }
    }
    out
}
