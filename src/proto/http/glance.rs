//! Fields of an HTTP head at a glance: the start line, and the header lines that have a field of their own.
//!
//! In: a message as far as one frame holds it. Out: the values of one field, as dissection gives them. Only plain messages are read
//! here: a head that ends in this frame, lines that are all “name: value”, no transfer coding, and nothing behind the body.

use super::dissect::status;
use super::dissect::uri::full_uri;
use super::tell::{self, Begins};
use super::{body, fields, head, meaning};
use crate::proto::glance::{Found, Glance, Glimpse};
use crate::proto::presentation;
use crate::proto::Turn;
use crate::wire::FieldDef;
use std::borrow::Cow;

/// Header lines that are read at a glance at most.
const MAX_LINES: usize = 256;
/// A name as long as this is no field's.
const MAX_NAME: usize = 48;

/// What is asked for.
#[derive(Clone, Copy)]
enum Part {
    Method,
    Target,
    RequestVersion,
    ResponseVersion,
    Code,
    CodeWords,
    Phrase,
    IsRequest,
    IsResponse,
    RequestLine,
    ResponseLine,
    Length,
    FullUri,
    Turn(fn(&Turn, i64) -> Option<Glance<'static>>, Begins),
    Header,
}

/// Fields of one header line each.
const HEADERS: &[&str] = &[
    "http.accept", "http.accept_encoding", "http.accept_language", "http.authorization", "http.cache_control", "http.connection",
    "http.content_encoding", "http.content_length_header", "http.content_type", "http.cookie", "http.date", "http.host",
    "http.last_modified", "http.location", "http.referer", "http.server", "http.set_cookie", "http.upgrade", "http.user_agent",
    "http.www_authenticate", "http.x_forwarded_for",
];

fn part(name: &str) -> Option<Part> {
    Some(match name {
        "http.request.method" => Part::Method,
        "http.request.uri" => Part::Target,
        "http.request.version" => Part::RequestVersion,
        "http.response.version" => Part::ResponseVersion,
        "http.response.code" => Part::Code,
        "http.response.code.desc" => Part::CodeWords,
        "http.response.phrase" => Part::Phrase,
        "http.request" => Part::IsRequest,
        "http.response" => Part::IsResponse,
        "http.request.line" => Part::RequestLine,
        "http.response.line" => Part::ResponseLine,
        "http.content_length" => Part::Length,
        "http.request.full_uri" => Part::FullUri,
        "http.request_number" => Part::Turn(|turn, _| Some(Glance::Uint(turn.number.into())), Begins::Request),
        "http.response_number" => Part::Turn(|turn, _| Some(Glance::Uint(turn.number.into())), Begins::Response),
        "http.request_in" => Part::Turn(|turn, _| turn.request.map(|(frame, _)| Glance::Uint(frame)), Begins::Response),
        "http.time" => Part::Turn(|turn, now| turn.request.map(|(_, at)| Glance::Nanos(now.saturating_sub(at))), Begins::Response),
        _ if HEADERS.contains(&name) => Part::Header,
        _ => return None,
    })
}

/// A head of the plain kind.
struct Head<'a> {
    begins: Begins,
    /// Without its line end.
    start: &'a [u8],
    /// The header lines.
    lines: &'a [u8],
    host: Option<&'a [u8]>,
    /// A Content-Length that is a number, and its bytes.
    lengths: Option<(u64, &'a [u8])>,
}

/// One header line with its end, its name and its value.
struct Line<'a> {
    whole: &'a [u8],
    name: &'a [u8],
    value: &'a [u8],
}

/// The line at the beginning of these bytes. `None`: it has no colon, or is empty.
fn line(bytes: &[u8]) -> Option<Line<'_>> {
    let (bare, full) = tell::line(bytes);
    let text = bytes.get(..bare)?;
    let colon = memchr::memchr(b':', text)?;
    let value = text.get(colon + 1..)?;
    let skipped = value.iter().take_while(|&&b| b == b' ' || b == b'\t').count();
    Some(Line { whole: bytes.get(..full)?, name: text.get(..colon)?, value: value.get(skipped..)? })
}

impl<'a> Head<'a> {
    /// `None`: it takes dissection to say what this is.
    fn read(seen: &Glimpse<'a>) -> Option<Self> {
        let (bare, full) = tell::line(seen.bytes);
        let start = seen.bytes.get(..bare)?;
        let begins = tell::begins(start)?;
        let behind = seen.bytes.get(full..)?;
        let mut head = Self { begins, start, lines: &[], host: None, lengths: None };
        let mut at = 0;
        for _ in 0..MAX_LINES {
            let rest = behind.get(at..)?;
            match rest {
                [b'\r', b'\n', ..] => return head.ending(behind, at, full + at + 2, seen),
                [b'\n', ..] => return head.ending(behind, at, full + at + 1, seen),
                // A line end that may go on in another frame, or an unusual one.
                [] | [b'\r', ..] => return None,
                _ => {}
            }
            let line = line(rest)?;
            match line.name.len() {
                4 if line.name.eq_ignore_ascii_case(b"host") => head.host = Some(line.value),
                14 if line.name.eq_ignore_ascii_case(b"content-length") => {
                    // What is no number changes nothing of what a line before said.
                    let told = body::number(&presentation::ascii(line.value)).map(|n| (n, line.value));
                    if head.lengths.is_some() {
                        return None;
                    }
                    head.lengths = told;
                }
                17 if line.name.eq_ignore_ascii_case(b"transfer-encoding") => return None,
                _ => {}
            }
            at += line.whole.len();
        }
        None
    }

    /// The head ends: is what follows its body, and nothing else?
    fn ending(mut self, behind: &'a [u8], at: usize, len: usize, seen: &Glimpse<'a>) -> Option<Self> {
        self.lines = behind.get(..at)?;
        let have = seen.len.checked_sub(len as u64)?;
        let body = match (self.lengths, self.begins) {
            (Some((n, _)), _) => n.min(have),
            (None, Begins::Request) => 0,
            (None, Begins::Response) if matches!(self.code().0, 100..=199 | 204 | 304) => 0,
            (None, _) => have,
        };
        (body == have).then_some(self)
    }

    fn lines(&self) -> impl Iterator<Item = Line<'a>> + use<'a> {
        let mut rest = self.lines;
        std::iter::from_fn(move || {
            let line = line(rest)?;
            rest = rest.get(line.whole.len()..)?;
            Some(line)
        })
    }

    /// The status code and its bytes.
    fn code(&self) -> (u64, &'a [u8]) {
        let (_, second) = tell::word(self.start, 0);
        let chars = self.start.get(second..second + 3).unwrap_or(&[]);
        (status(chars), chars)
    }

    /// Of an answer: the code, its bytes and the phrase; nothing, if there is no room for a code.
    fn verdict(&self) -> Option<(u64, &'a [u8], &'a [u8])> {
        let (_, second) = tell::word(self.start, 0);
        let (len, third) = tell::word(self.start, second);
        let (code, chars) = self.code();
        (self.begins == Begins::Response && len >= 3).then_some((code, chars, self.start.get(third..).unwrap_or(&[])))
    }

    /// Of what is no answer: method, target and version; the last two, if they are there.
    fn request(&self) -> Option<(&'a [u8], Option<(&'a [u8], &'a [u8])>)> {
        let (first, second) = tell::word(self.start, 0);
        let second = if second > first + 1 { first + 1 } else { second };
        let (len, third) = tell::word(self.start, second);
        let method = self.start.get(..first)?;
        let more = (second <= self.start.len() && first < self.start.len())
            .then(|| Some((self.start.get(second..second + len)?, self.start.get(third..).unwrap_or(&[]))));
        (self.begins != Begins::Response).then_some((method, more.flatten()))
    }
}

/// Surely neither a start line nor a header line stands at the beginning: these are bytes of a body whose head was not captured.
fn is_continuation(seen: &Glimpse<'_>) -> bool {
    /// Longer than any method's name.
    const TELLING: usize = 64;
    let Some(&first) = seen.bytes.first().filter(|b| !matches!(b, b'\r' | b'\n')) else { return false };
    let (bare, full) = tell::line(seen.bytes);
    let line = seen.bytes.get(..bare).unwrap_or(&[]);
    let whole = seen.whole().is_some();
    if tell::begins(line).is_some() || seen.bytes.len() < TELLING && !whole {
        return false;
    }
    if !head::is_token(first) {
        return true;
    }
    let behind_name = line.iter().find(|&&b| !head::is_token(b));
    (full > bare || whole) && behind_name != Some(&b':') && head::start(line).is_none()
}

/// As `presentation::ascii`, without a copy where there is nothing to change.
fn ascii(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() && memchr::memchr(0, bytes).is_none() => Cow::Borrowed(text),
        _ => Cow::Owned(presentation::ascii(bytes)),
    }
}

/// Each value of this field; true to go on. `None`: it takes dissection.
pub fn glance(def: &FieldDef, seen: &Glimpse<'_>, found: &mut Found<'_>) -> Option<bool> {
    let part = part(def.name)?;
    if is_continuation(seen) {
        return Some(true);
    }
    let head = Head::read(seen)?;
    let text = |bytes: &[u8], found: &mut Found<'_>| found(Glance::Text(&ascii(bytes)), bytes);
    let is = |begins: Begins| head.begins == begins;
    Some(match part {
        Part::Method => head.request().is_none_or(|(method, _)| text(method, found)),
        Part::Target => head.request().and_then(|r| r.1).is_none_or(|(target, _)| text(target, found)),
        Part::RequestVersion => head.request().and_then(|r| r.1).is_none_or(|(_, version)| text(version, found)),
        Part::ResponseVersion if is(Begins::Response) => text(head.start.get(..tell::word(head.start, 0).0)?, found),
        Part::Code => head.verdict().is_none_or(|(code, chars, _)| found(Glance::Uint(code), chars)),
        Part::CodeWords => match head.verdict().map(|v| (v.0, u16::try_from(v.0).ok().and_then(meaning::reason))) {
            None => true,
            Some((_, Some(words))) => found(Glance::Text(words), &[]),
            Some(_) => return None,
        },
        Part::Phrase => head.verdict().filter(|v| !v.2.is_empty()).is_none_or(|(.., phrase)| text(phrase, found)),
        Part::IsRequest if is(Begins::Request) => found(Glance::Bool(true), &[]),
        Part::IsResponse if is(Begins::Response) => found(Glance::Bool(true), &[]),
        Part::RequestLine if is(Begins::Request) => head.lines().all(|line| text(line.whole, found)),
        Part::ResponseLine if is(Begins::Response) => head.lines().all(|line| text(line.whole, found)),
        Part::Length => head.lengths.is_none_or(|(n, value)| found(Glance::Uint(n), value)),
        Part::FullUri if !is(Begins::Response) => {
            head.host.is_none_or(|host| found(Glance::Text(&full_uri(head.start, host)), &[]))
        }
        Part::Turn(of, begins) if is(begins) => {
            let mut value = None;
            (seen.about)(&mut |about| value = about.around.turn().and_then(|turn| of(&turn, about.nanos)));
            value.is_none_or(|value| found(value, &[]))
        }
        Part::Header => head.lines().all(|line| !is_of(def, line.name) || {
            found(Glance::Text(&ascii(line.value)), line.whole)
        }),
        _ => true,
    })
}

/// Is this the name of the header whose field this is?
fn is_of(def: &FieldDef, name: &[u8]) -> bool {
    let mut lower = [0; MAX_NAME];
    let Some(room) = lower.get_mut(..name.len()) else { return false };
    room.copy_from_slice(name);
    room.make_ascii_lowercase();
    let name = std::str::from_utf8(room).ok();
    name.and_then(fields::of_header).is_some_and(|found| found.name == def.name)
}
