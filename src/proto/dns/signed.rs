//! The data of records that prove something: keys, signatures, and which names there are not (DNSSEC: RFC 4034, RFC 5155;
//! TSIG: RFC 8945).
//!
//! In: a [`Hand`] at the first byte of the data. Out: its fields, or the place where a part was not there. Nothing is verified.

use super::fields as f;
use super::rdata::rest;
use super::read::{Hand, Read};
use super::types;
use crate::wire::{Field, Span, Value};

/// RFC 4034 §2.1.
pub fn key(hand: &mut Hand<'_>, end: usize) -> Read<()> {
    let start = hand.at;
    let flags = hand.u16(&f::DNSKEY_FLAGS)?;
    let bit = |def, index: usize| {
        let on = flags >> (15 - index) & 1 != 0;
        Field::new(def, Value::Bool(on), Span::new(start + index / 8, 1)).bits((start * 8 + index) as u32, 1)
    };
    let reserved = Field::new(&f::DNSKEY_RESERVED, Value::Uint((flags & 0xfe7e).into()), Span::new(start, 2));
    if let Some(last) = hand.fields.last_mut() {
        last.children = vec![bit(&f::DNSKEY_ZONE, 7), bit(&f::DNSKEY_REVOKED, 8), bit(&f::DNSKEY_SEP, 15), reserved];
    }
    hand.u8(&f::DNSKEY_PROTOCOL)?;
    let algorithm = hand.u8(&f::DNSKEY_ALGORITHM)?;
    if let Some(last) = hand.fields.last_mut() {
        last.meaning = types::algorithm(algorithm).map(str::to_owned);
    }
    let data = hand.bytes.get(start..end).unwrap_or(&[]);
    if let Some(tag) = key_tag(data, algorithm) {
        hand.note(Field::new(&f::DNSKEY_ID, Value::Uint(tag.into()), Span::NONE));
    }
    rest(hand, &f::DNSKEY_KEY, end)
}

/// RFC 4034, appendix B.
fn key_tag(data: &[u8], algorithm: u8) -> Option<u16> {
    if algorithm == types::RSA_MD5 {
        let [.., high, low, _] = data else { return None };
        return Some(u16::from_be_bytes([*high, *low]));
    }
    let sum = data.chunks(2).fold(0u32, |sum, pair| {
        let word = match pair {
            [high, low] => u32::from(*high) << 8 | u32::from(*low),
            [high] => u32::from(*high) << 8,
            _ => 0,
        };
        sum.wrapping_add(word)
    });
    (data.len() >= 4).then_some((sum.wrapping_add(sum >> 16) & 0xffff) as u16)
}

/// RFC 4034 §3.1.
pub fn signature(hand: &mut Hand<'_>, end: usize) -> Read<()> {
    let ty = hand.u16(&f::RRSIG_TYPE)?;
    if let Some(last) = hand.fields.last_mut() {
        last.meaning = Some(types::short_type(ty));
    }
    let algorithm = hand.u8(&f::RRSIG_ALGORITHM)?;
    if let Some(last) = hand.fields.last_mut() {
        last.meaning = types::algorithm(algorithm).map(str::to_owned);
    }
    hand.u8(&f::RRSIG_LABELS)?;
    hand.u32(&f::RRSIG_TTL)?;
    hand.time(&f::RRSIG_EXPIRATION, 4)?;
    hand.time(&f::RRSIG_INCEPTION, 4)?;
    hand.u16(&f::RRSIG_KEY_TAG)?;
    hand.name(&f::RRSIG_SIGNER)?;
    rest(hand, &f::RRSIG_SIGNATURE, end)
}

/// RFC 4034 §4.1.2: windows of types, a bit each. Wireshark gives each as one more `dns.resp.type`.
pub fn bitmap(hand: &mut Hand<'_>, end: usize) -> Read<()> {
    while hand.at < end {
        let [window, len] = hand.array()?;
        hand.at += 2;
        for byte in 0..u16::from(len) {
            let [bits] = hand.array()?;
            for bit in (0..8).filter(|bit| bits >> (7 - bit) & 1 != 0) {
                let ty = u16::from(window) << 8 | (byte * 8 + bit) & 0xff;
                hand.note(Field::new(&f::RESP_TYPE, Value::Uint(ty.into()), Span::new(hand.at, 1)).means(types::long_type(ty)));
            }
            hand.at += 1;
        }
    }
    Ok(())
}

/// RFC 5155 §3.2, §4.2.
pub fn hashed(hand: &mut Hand<'_>, ty: u16, end: usize) -> Read<()> {
    hand.u8(&f::NSEC3_ALGO)?;
    let at = hand.at;
    let flags = hand.u8(&f::NSEC3_FLAGS)?;
    if ty == types::NSEC3
        && let Some(last) = hand.fields.last_mut()
    {
        let bit = Field::new(&f::NSEC3_OPT_OUT, Value::Bool(flags & 1 != 0), Span::new(at, 1));
        last.children.push(bit.bits(at as u32 * 8 + 7, 1));
    }
    hand.u16(&f::NSEC3_ITERATIONS)?;
    let salt = hand.u8(&f::NSEC3_SALT_LENGTH)?;
    hand.data(&f::NSEC3_SALT, salt.into())?;
    if ty == types::NSEC3PARAM {
        return Ok(());
    }
    let len = usize::from(hand.u8(&f::NSEC3_HASH_LENGTH)?);
    let text = base32hex(hand.peek(len)?);
    hand.note(Field::new(&f::NSEC3_HASH, Value::Text(text), Span::new(hand.at, len)));
    hand.at += len;
    bitmap(hand, end)
}

/// RFC 4648 §7, in small letters and without padding.
fn base32hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
    let mut out = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut held, mut bits) = (0u32, 0);
    let mut push = |five: u32| out.push(DIGITS.get((five & 31) as usize).map_or('0', |d| char::from(*d)));
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            push(held >> bits);
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        push(held << (5 - bits));
    }
    out
}

/// RFC 8945 §4.2.
pub fn tsig(hand: &mut Hand<'_>) -> Read<()> {
    hand.name(&f::TSIG_ALGORITHM)?;
    hand.time(&f::TSIG_TIME, 6)?;
    hand.u16(&f::TSIG_FUDGE)?;
    let len = usize::from(hand.u16(&f::TSIG_MAC_SIZE)?);
    hand.peek(len)?;
    let noalg = Field::new(&f::TSIG_NOALG, Value::Bool(true), Span::NONE);
    hand.note(Field::new(&f::TSIG_MAC, Value::Bool(true), Span::new(hand.at, len)).with(vec![noalg]));
    hand.at += len;
    hand.u16(&f::TSIG_ORIGINAL_ID)?;
    hand.u16(&f::TSIG_ERROR)?;
    let other = usize::from(hand.u16(&f::TSIG_OTHER_LEN)?);
    if other > 0 {
        hand.data(&f::TSIG_OTHER, other)?;
    }
    Ok(())
}
