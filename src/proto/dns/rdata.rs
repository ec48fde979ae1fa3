//! The data of a record, by its type: most are a row of parts, the others have a function of their own.
//!
//! In: a [`Hand`] at the first byte of the data. Out: its fields, or the place where a part was not there.

use super::fields as f;
use super::read::{Hand, Read, ascii};
use super::signed;
use super::types::{self, option, param};
use crate::wire::{Field, FieldDef, Span, Value};
use std::net::{Ipv4Addr, Ipv6Addr};

/// A part of a record's data.
enum Part {
    Name(&'static FieldDef),
    U8(&'static FieldDef),
    U16(&'static FieldDef),
    U32(&'static FieldDef),
    V4(&'static FieldDef),
    V6(&'static FieldDef),
    /// A text behind its length.
    Str(&'static FieldDef, &'static FieldDef),
    /// Bytes up to the end of the data.
    Rest(&'static FieldDef),
}

use Part::{Name, Rest, Str, U8, U16, U32, V4, V6};

/// The types whose data is a row of parts.
fn plan(ty: u16) -> Option<&'static [Part]> {
    Some(match ty {
        types::A => const { &[V4(&f::A)] },
        types::AAAA => const { &[V6(&f::AAAA)] },
        types::CNAME => const { &[Name(&f::CNAME)] },
        types::NS => const { &[Name(&f::NS)] },
        types::PTR => const { &[Name(&f::PTR)] },
        types::DNAME => const { &[Name(&f::DNAME)] },
        types::MX => const { &[U16(&f::MX_PREFERENCE), Name(&f::MX)] },
        types::SRV => const { &[U16(&f::SRV_PRIORITY), U16(&f::SRV_WEIGHT), U16(&f::SRV_PORT), Name(&f::SRV_TARGET)] },
        types::SOA => const { &[
            Name(&f::SOA_MNAME),
            Name(&f::SOA_RNAME),
            U32(&f::SOA_SERIAL),
            U32(&f::SOA_REFRESH),
            U32(&f::SOA_RETRY),
            U32(&f::SOA_EXPIRE),
            U32(&f::SOA_MINIMUM),
        ] },
        types::NULL => const { &[Rest(&f::NULL)] },
        types::HINFO => const { &[Str(&f::HINFO_CPU_LEN, &f::HINFO_CPU), Str(&f::HINFO_OS_LEN, &f::HINFO_OS)] },
        types::RP => const { &[Name(&f::RP_MAILBOX), Name(&f::RP_TXT)] },
        types::DS | types::CDS | types::DLV => const { &[U16(&f::DS_KEY_ID), U8(&f::DS_ALGORITHM), U8(&f::DS_DIGEST_TYPE), Rest(&f::DS_DIGEST)] },
        types::SSHFP => const { &[U8(&f::SSHFP_ALGORITHM), U8(&f::SSHFP_TYPE), Rest(&f::SSHFP)] },
        types::TLSA => const { &[U8(&f::TLSA_USAGE), U8(&f::TLSA_SELECTOR), U8(&f::TLSA_MATCHING), Rest(&f::TLSA_DATA)] },
        _ => return None,
    })
}

/// Reads `len` bytes of data of this type.
pub fn read(hand: &mut Hand<'_>, ty: u16, len: usize) -> Read<()> {
    let end = hand.at.saturating_add(len);
    if let Some(plan) = plan(ty) {
        return plan.iter().try_for_each(|part| one(hand, part, end));
    }
    match ty {
        types::TXT => strings(hand, end, &f::TXT_LENGTH, &f::TXT),
        types::SPF => strings(hand, end, &f::SPF_LENGTH, &f::SPF),
        types::OPT => options(hand, end),
        types::SVCB | types::HTTPS => service(hand, end),
        types::CAA => authority(hand, len),
        types::NAPTR => naptr(hand),
        types::DNSKEY | types::CDNSKEY => signed::key(hand, end),
        types::RRSIG | types::SIG => signed::signature(hand, end),
        types::NSEC => {
            hand.name(&f::NSEC_NEXT)?;
            signed::bitmap(hand, end)
        }
        types::NSEC3 | types::NSEC3PARAM => signed::hashed(hand, ty, end),
        types::LOC => location(hand, end),
        types::TSIG => signed::tsig(hand),
        _ if types::is_undecoded(ty) => {
            hand.note(Field::new(&f::UNDECODED, Value::Bool(true), Span::NONE).means(types::short_type(ty)));
            hand.data(&f::RDATA, len)
        }
        _ => Ok(()),
    }
}

fn one(hand: &mut Hand<'_>, part: &Part, end: usize) -> Read<()> {
    match part {
        Name(def) => hand.name(def).map(|_| ()),
        U8(def) => hand.u8(def).map(|_| ()),
        U16(def) => hand.u16(def).map(|_| ()),
        U32(def) => hand.u32(def).map(|_| ()),
        V4(def) => hand.v4(def),
        V6(def) => hand.v6(def),
        Str(len, def) => hand.string(len, def),
        Rest(def) => rest(hand, def, end),
    }
}

/// The bytes up to the end of the data; that end may lie behind the hand, if the parts before lied.
pub fn rest(hand: &mut Hand<'_>, def: &'static FieldDef, end: usize) -> Read<()> {
    match end.checked_sub(hand.at) {
        Some(0) => Ok(()),
        Some(len) => hand.data(def, len),
        None => Err(hand.wrong("データが長さより先まで続いています", "the data goes on behind its length")),
    }
}

fn strings(hand: &mut Hand<'_>, end: usize, len: &'static FieldDef, def: &'static FieldDef) -> Read<()> {
    while hand.at < end {
        hand.string(len, def)?;
    }
    Ok(())
}

/// RFC 6891 §6.1.2: pairs of a code and a value.
fn options(hand: &mut Hand<'_>, end: usize) -> Read<()> {
    while hand.at < end {
        let mut inside = Hand::new(hand.bytes, hand.base, hand.at);
        let done = edns_option(&mut inside);
        let what = inside.fields.first().and_then(|f| f.value.as_uint());
        let mut field = Field::new(&f::OPT, Value::Bool(true), Span::new(hand.at, inside.at.min(hand.bytes.len()).saturating_sub(hand.at)));
        field.meaning = what.and_then(|w| option::name(u16::try_from(w).ok()?)).map(str::to_owned);
        if !inside.fields.is_empty() {
            field.children = inside.fields;
            hand.note(field);
        }
        hand.at = inside.at;
        done?;
    }
    Ok(())
}

fn edns_option(hand: &mut Hand<'_>) -> Read<()> {
    // The whole option must be there before anything of it is shown.
    let [_, _, high, low] = hand.array()?;
    let len = usize::from(u16::from_be_bytes([high, low]));
    let code = hand.u16(&f::OPT_CODE)?;
    if let Some(last) = hand.fields.last_mut() {
        last.meaning = option::name(code).map(str::to_owned);
    }
    hand.u16(&f::OPT_LEN)?;
    let at = hand.at;
    let end = at + len;
    hand.data(&f::OPT_DATA, len)?;
    hand.at = at;
    match code {
        option::DAU => bytes(hand, &f::OPT_DAU, end)?,
        option::DHU => bytes(hand, &f::OPT_DHU, end)?,
        option::N3U => bytes(hand, &f::OPT_N3U, end)?,
        option::SUBNET => subnet(hand, len)?,
        option::COOKIE => {
            hand.data(&f::COOKIE_CLIENT, 8)?;
            match end.checked_sub(hand.at) {
                Some(len) => hand.data(&f::COOKIE_SERVER, len)?,
                None => return Err(hand.wrong("クッキーが短すぎます", "the cookie is too short")),
            }
        }
        option::KEEPALIVE if len == 2 => {
            hand.u16(&f::KEEPALIVE)?;
        }
        option::PADDING => hand.data(&f::PADDING, len)?,
        option::CHAIN => {
            hand.text(&f::CHAIN, len)?;
        }
        option::ERROR => {
            hand.u16(&f::EDE_CODE)?;
            if let Some(left) = len.checked_sub(2).filter(|l| *l > 0) {
                hand.text(&f::EDE_TEXT, left)?;
            }
        }
        _ => {}
    }
    hand.at = end;
    Ok(())
}

fn bytes(hand: &mut Hand<'_>, def: &'static FieldDef, end: usize) -> Read<()> {
    while hand.at < end {
        let n = hand.u8(def)?;
        if let Some(last) = hand.fields.last_mut() {
            last.meaning = types::algorithm(n).filter(|_| std::ptr::eq(def, &f::OPT_DAU)).map(str::to_owned);
        }
    }
    Ok(())
}

/// RFC 7871 §6: an address of which only the first bits are told.
fn subnet(hand: &mut Hand<'_>, len: usize) -> Read<()> {
    let family = hand.u16(&f::ECS_FAMILY)?;
    hand.u8(&f::ECS_SOURCE)?;
    hand.u8(&f::ECS_SCOPE)?;
    let Some(len) = len.checked_sub(4) else {
        return Err(hand.wrong("アドレスの入る長さがありません", "too short to hold an address"));
    };
    let told = hand.peek(len)?;
    let span = Span::new(hand.at, len);
    let mut whole = [0; 16];
    for (to, from) in whole.iter_mut().zip(told) {
        *to = *from;
    }
    match family {
        1 => {
            let [a, b, c, d, ..] = whole;
            hand.note(Field::new(&f::ECS_ADDR4, Value::Ipv4(Ipv4Addr::new(a, b, c, d)), span));
        }
        2 => hand.note(Field::new(&f::ECS_ADDR6, Value::Ipv6(Ipv6Addr::from(whole)), span)),
        _ => return hand.data(&f::ECS_ADDR, len),
    }
    Ok(())
}

/// RFC 9460 §2.2.
fn service(hand: &mut Hand<'_>, end: usize) -> Read<()> {
    hand.u16(&f::SVCB_PRIORITY)?;
    hand.name(&f::SVCB_TARGET)?;
    while hand.at < end {
        let mut inside = Hand::new(hand.bytes, hand.base, hand.at);
        let done = parameter(&mut inside);
        let mut field = Field::new(&f::SVCB_PARAM, Value::Bool(true), Span::new(hand.at, inside.at.min(hand.bytes.len()).saturating_sub(hand.at)));
        field.meaning = inside.fields.first().and_then(|f| f.meaning.clone());
        if !inside.fields.is_empty() {
            field.children = inside.fields;
            hand.note(field);
        }
        hand.at = inside.at;
        done?;
    }
    Ok(())
}

fn parameter(hand: &mut Hand<'_>) -> Read<()> {
    let key = hand.u16(&f::SVCB_KEY)?;
    if let Some(last) = hand.fields.last_mut() {
        last.meaning = Some(param::name(key).map_or_else(|| format!("key{key}"), str::to_owned));
    }
    let len = usize::from(hand.u16(&f::SVCB_LENGTH)?);
    let end = hand.at + len;
    match key {
        param::MANDATORY => {
            while hand.at < end {
                hand.u16(&f::SVCB_MANDATORY)?;
            }
        }
        param::ALPN => strings(hand, end, &f::SVCB_ALPN_LENGTH, &f::SVCB_ALPN)?,
        param::NO_DEFAULT_ALPN => {}
        param::PORT => {
            hand.u16(&f::SVCB_PORT)?;
        }
        param::IPV4HINT => {
            while hand.at < end {
                hand.v4(&f::SVCB_IPV4)?;
            }
        }
        param::IPV6HINT => {
            while hand.at < end {
                hand.v6(&f::SVCB_IPV6)?;
            }
        }
        param::ECH => hand.data(&f::SVCB_ECH, len)?,
        param::ODOH => hand.data(&f::SVCB_ODOH, len)?,
        _ if len == 0 => {}
        _ => hand.data(&f::SVCB_VALUE, len)?,
    }
    hand.at = end;
    Ok(())
}

/// RFC 8659 §4.1.
fn authority(hand: &mut Hand<'_>, len: usize) -> Read<()> {
    let flags_at = hand.at;
    let flags = hand.u8(&f::CAA_FLAGS)?;
    let bit = Field::new(&f::CAA_CRITICAL, Value::Bool(flags & 0x80 != 0), Span::new(flags_at, 1)).bits(flags_at as u32 * 8, 1);
    if let Some(last) = hand.fields.last_mut() {
        last.children.push(bit);
    }
    let mut inside = Hand::new(hand.bytes, hand.base, hand.at);
    let tag_len = usize::from(inside.u8(&f::CAA_TAG_LENGTH)?);
    let Some(value_len) = len.checked_sub(2 + tag_len) else {
        return Err(inside.wrong("タグがデータより長くなっています", "the tag is longer than the data"));
    };
    let whole = inside.peek(tag_len + value_len)?;
    let value = ascii(whole.get(tag_len..).unwrap_or(&[]));
    let tag = inside.text(&f::CAA_TAG, tag_len)?;
    inside.text(&f::CAA_VALUE, value_len)?;
    let def = match tag.as_str() {
        "issue" => &f::CAA_ISSUE,
        "issuewild" => &f::CAA_ISSUEWILD,
        "iodef" => &f::CAA_IODEF,
        _ => &f::CAA_UNKNOWN,
    };
    hand.note(Field::new(def, Value::Text(value), Span::new(hand.at, inside.at - hand.at)).with(inside.fields));
    hand.at = inside.at;
    Ok(())
}

/// RFC 3403 §4.1.
fn naptr(hand: &mut Hand<'_>) -> Read<()> {
    hand.u16(&f::NAPTR_ORDER)?;
    hand.u16(&f::NAPTR_PREFERENCE)?;
    hand.string(&f::NAPTR_FLAGS_LEN, &f::NAPTR_FLAGS)?;
    hand.string(&f::NAPTR_SERVICE_LEN, &f::NAPTR_SERVICE)?;
    hand.string(&f::NAPTR_REGEX_LEN, &f::NAPTR_REGEX)?;
    let name = super::name::read(hand.bytes, hand.base, hand.at)?;
    hand.note(Field::new(&f::NAPTR_REPLACEMENT_LEN, Value::Uint(name.len as u64), Span::NONE));
    hand.name(&f::NAPTR_REPLACEMENT)?;
    Ok(())
}

/// RFC 1876 §2.
fn location(hand: &mut Hand<'_>, end: usize) -> Read<()> {
    let version_at = hand.at;
    if hand.u8(&f::LOC_VERSION)? != 0 {
        hand.at = version_at;
        return rest(hand, &f::LOC_UNKNOWN, end);
    }
    hand.u8(&f::LOC_SIZE)?;
    hand.u8(&f::LOC_HORIZ)?;
    hand.u8(&f::LOC_VERT)?;
    hand.u32(&f::LOC_LATITUDE)?;
    hand.u32(&f::LOC_LONGITUDE)?;
    hand.u32(&f::LOC_ALTITUDE)?;
    Ok(())
}
