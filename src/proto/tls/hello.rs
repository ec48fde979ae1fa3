//! Client Hello and Server Hello (RFC 8446 §4.1.2, §4.1.3; RFC 5246 §7.4.1).
//!
//! In: the body of the message. Out: its fields and fingerprint; or, for the framer, only the few values that matter later.

use super::extension::{self, Place, Seen};
use super::fields::*;
use super::md5::md5_hex;
use super::names::{self, is_grease};
use super::session::{Session, TLS13};
use super::suites;
use crate::proto::take::Take;
use super::time;
use crate::wire::{Field, Span, Value};
use std::cell::Cell;

/// A Server Hello with this random asks to begin again (RFC 8446 §4.1.3).
pub(super) const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a,
    0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// What a hello means for what follows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Peek {
    /// Of a server: the version it chose.
    pub version: u16,
    pub suite: u16,
    pub server_name: Option<String>,
    pub alpn: Option<String>,
    pub early_data: bool,
    pub retry: bool,
}

impl Peek {
    /// Reads the body of a hello without making fields of it.
    pub fn read(body: &[u8], of_client: bool) -> Self {
        let mut peek = Self::default();
        let short = Cell::new(false);
        let _ = peek.walk(&mut Take::new(body, 0, body.len(), &short), of_client);
        peek
    }

    fn walk(&mut self, take: &mut Take<'_>, of_client: bool) -> Option<()> {
        self.version = take.u16()?;
        self.retry = !of_client && take.slice(32)? == RETRY;
        if of_client {
            take.slice(32)?;
        }
        let id = take.u8()?;
        take.slice(usize::from(id))?;
        if of_client {
            let suites = take.u16()?;
            take.slice(usize::from(suites))?;
            let methods = take.u8()?;
            take.slice(usize::from(methods))?;
        } else {
            self.suite = take.u16()?;
            take.u8()?;
        }
        let len = take.u16()?;
        let mut list = take.part(usize::from(len));
        while list.left() > 0 {
            let kind = list.u16()?;
            let len = list.u16()?;
            let mut body = list.part(usize::from(len));
            match kind {
                0 if of_client => {
                    body.slice(3)?;
                    let len = body.u16()?;
                    self.server_name = Some(String::from_utf8_lossy(body.part(usize::from(len)).rest()).into_owned());
                }
                16 if !of_client => {
                    body.u16()?;
                    let len = body.u8()?;
                    self.alpn = Some(String::from_utf8_lossy(body.part(usize::from(len)).rest()).into_owned());
                }
                42 => self.early_data = of_client,
                43 if !of_client => self.version = body.u16()?,
                _ => {}
            }
        }
        Some(())
    }
}

/// A hello's fields.
pub fn client(take: &mut Take<'_>, session: &mut Session, out: &mut Vec<Field>) -> Option<()> {
    let version = take.named(&VERSION, 2, names::version, out)?;
    random(take, session, out)?;
    session_id(take, out)?;
    let len = take.length(&SUITES_LENGTH, 2, out)?;
    let mut offered = Vec::new();
    take.group(&SUITES, len, out, |mut part, out| offered = part.list(&SUITE, 2, suites::name, out));
    let len = take.length(&COMPS_LENGTH, 1, out)?;
    let method = |n: u16| u8::try_from(n).ok().and_then(names::compression);
    take.group(&COMPS, len, out, |mut part, out| {
        part.list(&COMP, 1, method, out);
    });
    let seen = extension::read(take, Place::Client, out);
    if seen.early_data {
        session.see_early_data();
    }
    let full = format!(
        "{version},{},{},{},{}",
        dashes(&offered),
        dashes(&seen.types),
        dashes(&seen.groups),
        seen.points.iter().map(u16::to_string).collect::<Vec<_>>().join("-")
    );
    fingerprint((&JA3_FULL, &JA3), full, out);
    Some(())
}

/// ... of the server; `peek` is what was read of it before.
pub fn server(take: &mut Take<'_>, peek: &Peek, session: &mut Session, out: &mut Vec<Field>) -> Option<()> {
    session.see_server_hello(peek.version, peek.suite, peek.alpn.as_deref());
    let version = take.named(&VERSION, 2, names::version, out)?;
    random(take, session, out)?;
    session_id(take, out)?;
    let suite = take.named(&SUITE, 2, suites::name, out)?;
    take.named(&COMP, 1, |n| u8::try_from(n).ok().and_then(names::compression), out)?;
    let seen: Seen = extension::read(take, if peek.retry { Place::Retry } else { Place::Server }, out);
    let types: Vec<_> = seen.types.iter().map(u16::to_string).collect();
    fingerprint((&JA3S_FULL, &JA3S), format!("{version},{suite},{}", types.join("-")), out);
    Some(())
}

/// 32 random bytes; up to TLS 1.2 the first four of them are a time.
fn random(take: &mut Take<'_>, session: &Session, out: &mut Vec<Field>) -> Option<()> {
    let at = take.at();
    let bytes = take.slice(32)?;
    let mut field = Field::new(&RANDOM, Value::Bytes, Span::new(at, 32));
    if session.version != TLS13
        && let Some(seconds) = bytes.first_chunk().map(|b| u32::from_be_bytes(*b))
    {
        let when = Value::Text(time::of_seconds(seconds.into()));
        field.children = vec![
            Field::new(&RANDOM_TIME, when, Span::new(at, 4)),
            Field::new(&RANDOM_BYTES, Value::Bytes, Span::new(at + 4, 28)),
        ];
    }
    out.push(field);
    Some(())
}

fn session_id(take: &mut Take<'_>, out: &mut Vec<Field>) -> Option<()> {
    let len = take.length(&SESSION_ID_LENGTH, 1, out)?;
    if len > 0 {
        take.bytes(&SESSION_ID, len, out);
    }
    Some(())
}

/// Numbers with dashes between them, without those that mean nothing.
fn dashes(numbers: &[u16]) -> String {
    let plain = numbers.iter().filter(|n| !is_grease(**n));
    plain.map(u16::to_string).collect::<Vec<_>>().join("-")
}

fn fingerprint(
    (full_def, def): (&'static crate::wire::FieldDef, &'static crate::wire::FieldDef),
    full: String,
    out: &mut Vec<Field>,
) {
    let digest = md5_hex(full.as_bytes());
    out.push(Field::new(full_def, Value::Text(full), Span::NONE));
    out.push(Field::new(def, Value::Text(digest), Span::NONE));
}
