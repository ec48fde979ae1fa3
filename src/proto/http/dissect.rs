//! One HTTP message for the eye: every part of its head and its body with the bytes it was read from.
//!
//! In: a message's bytes. Out: its fields as Wireshark 4.0 reads them, to the byte, also where the message breaks the rules; what
//! the RFC says of that is the [`Stop`]. Bytes that belong to no request or answer are a continuation: a layer without a
//! first line.

mod content;
mod headers;
pub(super) mod uri;
mod verdict;

use super::fields as f;
use super::framer::UNASKED;
use super::head;
use super::meaning;
use super::tell::{self, Begins};
use crate::lang::words;
use crate::proto::presentation::{self, Nature, ascii};
use crate::proto::{About, MessageLayers, snippet};
use crate::wire::{Field, FieldDef, Layer, Osi, Span, Stop, Value, Why};
use uri::{full_uri, uris};

const PROTO: &str = "http";
/// Parts of one message's bytes that are read one after the other at most.
const MAX_PIECES: usize = 16;
/// Header lines that are read at most.
const MAX_HEADERS: usize = 4096;
/// Parts of a query, and cookies of a line, that are listed at most.
const MAX_PARTS: usize = 1024;

/// Reads one message; its first byte is the first of its start line, or of an empty line before it.
pub fn dissect(message: &[u8], about: About<'_>) -> MessageLayers {
    let mut out = MessageLayers { buffers: Vec::new(), layers: Vec::new(), stop: None };
    let mut at = 0;
    for _ in 0..MAX_PIECES {
        at += Piece::read(message, at, about, &mut out).max(1);
        if at >= message.len() {
            break;
        }
    }
    out
}

/// A message, or what follows one.
struct Piece<'a> {
    message: &'a [u8],
    about: About<'a>,
    begins: Option<Begins>,
    /// Without its line end.
    start: Span,
    fields: Vec<Field>,
    told: Told,
}

/// What the header lines say of the body.
#[derive(Default)]
struct Told {
    length: Option<u64>,
    has_length_line: bool,
    chunked: bool,
    /// A transfer coding that packs.
    packed: bool,
    any_transfer: bool,
    coding: Option<String>,
    host: Option<Vec<u8>>,
    nature: Nature,
    typed: bool,
}

fn printable(b: u8) -> bool {
    (0x20..0x7f).contains(&b)
}

impl<'a> Piece<'a> {
    /// Reads what begins at `at`; returns how many bytes it had.
    fn read(message: &'a [u8], at: usize, about: About<'a>, out: &mut MessageLayers) -> usize {
        let rest = message.get(at..).unwrap_or(&[]);
        let (mut bare, mut full) = tell::line(rest);
        let mut pos = 0;
        // RFC 9112 §2.2: "A server that is expecting to receive and parse a request-line SHOULD ignore at least one empty line".
        let second = rest.get(full..).unwrap_or(&[]);
        let (second_bare, second_full) = tell::line(second);
        let leading = bare == 0 && full > 0 && second.get(..second_bare).is_some_and(|line| tell::begins(line).is_some());
        if leading {
            pos = full;
            (bare, full) = (second_bare, second_full);
        }
        let line = rest.get(pos..pos + bare).unwrap_or(&[]);
        // A method that Wireshark does not know, in an otherwise plain request.
        let plain = || head::start(line).filter(|_| at == 0).map(|s| match s {
            head::Start::Request { .. } => Begins::Request,
            head::Start::Response { .. } => Begins::Response,
        });
        let begins = tell::begins(line).or_else(plain);
        let start = Span::new(at + pos, bare);
        let mut piece = Piece { message, about, begins, start, fields: Vec::new(), told: Told::default() };
        if begins.is_none() && !rest.first().is_some_and(|&b| printable(b)) {
            return piece.opaque(at, out);
        }
        if leading {
            piece.fields.push(Field::new(&f::LEADING_CRLF, Value::None, Span::new(at, pos)).means("an empty line before the first"));
        }
        if begins.is_some() {
            piece.start_line(line, full);
            pos += full;
        }
        let (head_len, ended) = piece.headers(rest, at, pos);
        pos = head_len;
        if at == 0 && begins.is_some() {
            out.stop = piece.verdict(pos, ended);
        }
        piece.after_headers();
        let body = piece.body_len(rest.len() - pos);
        let area = Span::new(at + pos, body);
        let (end, presented) = piece.body(area, out);
        let unasked = begins.is_none() && about.note == UNASKED;
        let layer = Layer {
            proto: PROTO,
            title: if unasked { "TCP" } else { "HTTP" },
            osi: Osi::Application,
            buffer: 0,
            header: Span::new(at, pos),
            payload: area,
            summary: if begins.is_some() { snippet(line, 200) } else { "Continuation".into() },
            fields: piece.fields,
        };
        out.layers.push(layer);
        out.layers.extend(presented);
        end.saturating_sub(at)
    }

    /// Bytes that are not even text.
    fn opaque(self, at: usize, out: &mut MessageLayers) -> usize {
        let area = Span::new(at, self.message.len().saturating_sub(at));
        if at == 0 && self.about.complete && self.message.first().is_some() {
            let rule = words("HTTP/1.x の 1 行目ではありません", "this is not a start line of HTTP/1.x");
            out.stop = Some(Stop { proto: PROTO, at: 0, why: Why::Malformed(rule) });
        }
        out.layers.push(Layer {
            proto: PROTO,
            title: "HTTP",
            osi: Osi::Application,
            buffer: 0,
            header: Span::new(at, 0),
            payload: area,
            summary: "Continuation".into(),
            fields: Vec::new(),
        });
        if !area.is_empty() {
            out.layers.push(presentation::layer(self.message, 0, area, &Nature::default()));
        }
        area.len as usize
    }

    fn text(&self, def: &'static FieldDef, span: Span) -> Field {
        Field::new(def, Value::Text(ascii(span.of(self.message))), span)
    }

    fn start_line(&mut self, line: &[u8], full: usize) {
        let base = self.start.start as usize;
        let at = |from: usize, len: usize| Span::new(base + from, len);
        let (first, second) = tell::word(line, 0);
        let mut parts = Vec::new();
        if self.begins == Some(Begins::Response) {
            let (len, third) = tell::word(line, second);
            parts.push(self.text(&f::RESPONSE_VERSION, at(0, first)));
            if len >= 3 {
                let code = status(line.get(second..second + 3).unwrap_or(&[]));
                let (def, class) = meaning::class(u16::try_from(code).unwrap_or(0));
                let mut field = Field::new(def, Value::Uint(code), at(second, 3));
                field.meaning = class.map(str::to_owned);
                parts.push(field);
                let named = u16::try_from(code).ok().and_then(meaning::reason).map(str::to_owned);
                let named = named.unwrap_or_else(|| format!("Unknown ({})", code as u32 as i32));
                parts.push(Field::new(&f::CODE_DESC, Value::Text(named), Span::NONE));
                if third < line.len() {
                    parts.push(self.text(&f::PHRASE, at(third, line.len() - third)));
                }
            }
        } else {
            let (def, meaning) = meaning::method(&String::from_utf8_lossy(line.get(..first).unwrap_or(&[])));
            let mut method = self.text(def, at(0, first));
            method.meaning = meaning.map(str::to_owned);
            parts.push(method);
            // Two spaces: the target between them is empty.
            let second = if second > first + 1 { first + 1 } else { second };
            let (len, third) = tell::word(line, second);
            if second <= line.len() && first < line.len() {
                parts.push(self.target(at(second, len)));
                parts.push(self.text(&f::REQUEST_VERSION, at(third, line.len().saturating_sub(third))));
            }
        }
        let heading = Field::new(&f::CHAT, Value::None, at(0, full)).means(snippet(line, 200));
        self.fields.push(heading.with(parts));
    }

    /// The fields that stand behind the headers: what the conversation says of this message.
    fn after_headers(&mut self) {
        let Some(begins) = self.begins else { return };
        let fact = |def, value| Field::new(def, value, Span::NONE);
        let frame = |def, frame: Option<u64>| frame.map(|n| fact(def, Value::Uint(n)));
        if begins == Begins::Response {
            self.fields.push(fact(&f::RESPONSE, Value::Bool(true)));
            let Some(turn) = self.about.around.turn() else { return };
            self.fields.push(fact(&f::RESPONSE_NUMBER, Value::Uint(turn.number.into())));
            if let Some((_, asked)) = turn.request {
                self.fields.push(fact(&f::TIME, Value::Nanos(self.about.nanos.saturating_sub(asked))));
            }
            let [request, response] = turn.before;
            self.fields.extend(frame(&f::PREV_REQUEST_IN, request));
            self.fields.extend(frame(&f::PREV_RESPONSE_IN, response));
            self.fields.extend(frame(&f::REQUEST_IN, turn.request.map(|(n, _)| n)));
            let mut uri = None;
            self.about.around.requests(&mut |head| {
                let (full, bare) = uris(head);
                // Without a Host, the address before stays the one that is known.
                let found = full.is_some();
                uri = full.or(uri.take().or(bare));
                !found
            });
            self.fields.extend(uri.map(|uri| fact(&f::RESPONSE_FOR, Value::Text(uri))));
            return;
        }
        let target = self.start.of(self.message);
        if let Some(host) = &self.told.host {
            self.fields.push(fact(&f::FULL_URI, Value::Text(full_uri(target, host))));
        }
        if begins == Begins::Notification {
            self.fields.push(fact(&f::NOTIFICATION, Value::Bool(true)));
            return;
        }
        self.fields.push(fact(&f::REQUEST, Value::Bool(true)));
        if let Some(turn) = self.about.around.turn() {
            self.fields.push(fact(&f::REQUEST_NUMBER, Value::Uint(turn.number.into())));
            self.fields.extend(frame(&f::PREV_REQUEST_IN, turn.before[0]));
        }
    }

    fn code(&self) -> u64 {
        let line = self.start.of(self.message);
        let (_, second) = tell::word(line, 0);
        status(line.get(second..second + 3).unwrap_or(&[]))
    }
}

/// The number of three characters, as C's `strtoul` reads it: what is no number is 0, and `-1` wraps.
pub(super) fn status(chars: &[u8]) -> u64 {
    let digits = |text: &[u8]| text.iter().take_while(|b| b.is_ascii_digit()).fold(0u32, |n, d| n * 10 + u32::from(d - b'0'));
    match chars.trim_ascii_start() {
        [b'-', rest @ ..] => digits(rest).wrapping_neg().into(),
        [b'+', rest @ ..] => digits(rest).into(),
        rest => digits(rest).into(),
    }
}

/// The non-empty parts between separators.
fn split<'b>(span: Span, bytes: &'b [u8], separator: u8) -> impl Iterator<Item = Span> + 'b {
    let mut at = span.start as usize;
    bytes.split(move |&b| b == separator).filter_map(move |part| {
        let here = Span::new(at, part.len());
        at += part.len() + 1;
        (!part.is_empty()).then_some(here)
    })
}
