//! SSL 2.0: only its Client Hello is still met, as the first words of old clients that also know SSL 3.0 or TLS
//! (RFC 5246 §E.2).
//!
//! In: a record of SSL 2.0. Out: its length, its title, its fields.

use super::fields::*;
use super::names;
use super::suites;
use crate::proto::take::Take;
use crate::wire::{Field, Span, Value};
use std::cell::Cell;

/// A record's header: its own length, and that of the whole record.
pub fn length(bytes: &[u8]) -> Option<(usize, usize)> {
    let &[a, b] = bytes.first_chunk()?;
    // Without the highest bit, a third byte tells how much padding there is.
    let (own, mask) = if a & 0x80 != 0 { (2, 0x7f) } else { (3, 0x3f) };
    Some((own, own + (usize::from(a & mask) << 8 | usize::from(b))))
}

/// Is this the Client Hello of SSL 2.0? `None`: too few bytes to say.
pub fn is_client_hello(bytes: &[u8]) -> Option<bool> {
    let at = |i: usize| bytes.get(i).copied();
    let number = |i: usize| Some(usize::from(at(i)?) << 8 | usize::from(at(i + 1)?));
    if at(0)? != 0x80 || at(2).is_some_and(|kind| kind != 1) {
        return Some(false);
    }
    let (ciphers, id, challenge) = (number(5)?, number(7)?, number(9)?);
    let told = 11_usize.saturating_sub(2) + ciphers + id + challenge;
    Some(ciphers != 0 && ciphers % 3 == 0 && matches!(id, 0 | 16) && challenge == 32 && at(1).map(usize::from) == Some(told))
}

/// Is this the Server Hello of SSL 2.0 (and so the answer of a server that knows nothing newer)?
pub fn is_server_hello(bytes: &[u8]) -> bool {
    matches!(bytes, [a, _, 4, 0 | 1, 0 | 1, 0, 2, ..] if a & 0x80 != 0)
}

/// What the record says.
pub fn title(record: &[u8]) -> &'static str {
    kind(record).and_then(names::ssl2_message).unwrap_or("Encrypted Data")
}

fn kind(record: &[u8]) -> Option<u8> {
    let (own, _) = length(record)?;
    // Messages behind the hellos are encrypted; their first byte means nothing.
    record.get(own).copied().filter(|kind| matches!(kind, 1 | 2 | 4))
}

/// The fields of a record.
pub fn dissect(record: &[u8], short: &Cell<bool>) -> Vec<Field> {
    // The record has no version field: Wireshark makes one, so that records can be filtered by it.
    let mut out = vec![Field::new(&RECORD_VERSION, Value::Uint(super::session::SSL2.into()), Span::NONE).means("SSL 2.0")];
    let (Some((own, whole)), Some(kind)) = (length(record), kind(record)) else { return out };
    let own = own.min(record.len());
    out.push(Field::new(&RECORD_LENGTH, Value::Uint(whole.saturating_sub(own) as u64), Span::new(0, own)));
    if let (3, [first, _, padding, ..]) = (own, record) {
        out.push(Field::new(&IS_ESCAPE, Value::Bool(first & 0x40 != 0), Span::new(0, 1)).bits(1, 1));
        out.push(Field::new(&PADDING_LENGTH, Value::Uint((*padding).into()), Span::new(2, 1)));
    }
    let mut take = Take::new(record, own, whole, short);
    let _ = take.named(&TYPE, 1, |n| u8::try_from(n).ok().and_then(names::ssl2_message), &mut out);
    if kind == 1 {
        let _ = client_hello(&mut take, &mut out);
    }
    out
}

fn client_hello(take: &mut Take<'_>, out: &mut Vec<Field>) -> Option<()> {
    take.named(&VERSION, 2, names::version, out)?;
    let ciphers = take.length(&CIPHER_SPEC_LEN, 2, out)?;
    let id = take.length(&SESSION_ID_LENGTH, 2, out)?;
    let challenge = take.length(&CHALLENGE_LENGTH, 2, out)?;
    take.group(&SUITES, ciphers, out, |mut part, out| {
        while part.left() >= 3 {
            let Some(cipher) = part.uint(&CIPHERSPEC, 3, out) else { break };
            let name = u16::try_from(cipher).ok().and_then(suites::name);
            if let (Some(name), Some(field)) = (name, out.last_mut()) {
                field.meaning = Some(name.to_owned());
            }
        }
    });
    if id > 0 {
        take.bytes(&SESSION_ID, id, out);
    }
    if challenge > 0 {
        take.group(&CHALLENGE, challenge, out, |_, _| {});
    }
    Some(())
}
