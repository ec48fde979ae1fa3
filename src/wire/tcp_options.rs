//! TCP's options (RFC 9293 §3.2): one field an option, each with its own bytes and children.
//!
//! In: a TCP header, perhaps cut off. Out: the field `tcp.options`, and the words that the Info column adds for them. A wrong
//! length ends the list with a statement; the segment's data is still good.

use super::read::{be16, be32};
use super::tcp::*;
use super::{Bits, Field, FieldDef, Span, Value};

/// Kinds (IANA "TCP Option Kind Numbers").
pub(super) mod kind {
    pub const EOL: u8 = 0;
    pub const NOP: u8 = 1;
    pub const MSS: u8 = 2;
    pub const WSCALE: u8 = 3;
    pub const SACK_PERM: u8 = 4;
    pub const SACK: u8 = 5;
    pub const TIMESTAMP: u8 = 8;
    pub const TFO: u8 = 34;
}

/// TCP Fast Open before it got its number (RFC 7413 §7).
pub(super) const FAST_OPEN: u16 = 0xf989;

/// One option: where it begins in the header, and its length with kind and length byte.
struct Raw {
    kind: u8,
    from: usize,
    len: usize,
}

/// The options of `header`, which should be `need` bytes long and begins at `base` in the frame.
pub(super) fn fields(header: &[u8], base: usize, need: usize) -> (Option<Field>, String) {
    if need <= FIXED {
        return (None, String::new());
    }
    let at = |from, len| Span::new(base + from, len);
    let syn = header.get(13).is_some_and(|flags| flags & 2 != 0);
    let mut all: Vec<Field> = Vec::new();
    let mut words = String::new();
    let (mut from, mut nops, mut mss) = (FIXED, 0, false);
    while let Some(&kind) = header.get(from).filter(|_| from < need) {
        let known_len = (kind <= kind::NOP).then_some(1);
        let len = known_len.or_else(|| header.get(from + 1).map(|l| usize::from(*l)).filter(|l| *l >= 2));
        let Some(len) = len.filter(|len| from + len <= need) else {
            let rest = Field::new(&LEN_INVALID, Value::None, at(from, need - from));
            all.push(rest.means("length is wrong: the rest cannot be read"));
            from = need;
            break;
        };
        let (mut field, word) = option(header, base, &Raw { kind, from, len });
        mss |= kind == kind::MSS;
        if kind == kind::MSS && !syn {
            field.children.push(Field::new(&MSS_PRESENT, Value::None, Span::NONE));
        }
        // Counted where a word begins: NOPs that fill up two options side by side are nothing strange.
        nops = match kind {
            kind::NOP if nops > 0 || (from - FIXED) % 4 == 0 => nops + 1,
            _ => 0,
        };
        if nops == 4 && let Some(before) = all.last_mut() {
            before.children.push(Field::new(&NOPS, Value::None, Span::NONE));
        }
        all.push(field);
        words += &word;
        from += len;
        // What follows the end is padding; zeros are shown as more end marks, as Wireshark does.
        if kind == kind::EOL && header.get(from).is_some_and(|next| *next != kind::EOL) {
            break;
        }
    }
    if from < need {
        let zeros = header.get(from..).unwrap_or(&[]).iter().all(|b| *b == 0);
        let mut padding = Field::new(&OPT_PADDING, Value::Bytes, at(from, need - from));
        if !zeros {
            padding.children.push(Field::new(&AFTER_END, Value::None, Span::NONE));
        }
        all.push(padding);
    }
    if syn && !mss {
        all.push(Field::new(&MSS_ABSENT, Value::None, Span::NONE));
    }
    (Some(Field::new(&OPTIONS, Value::Bytes, at(FIXED, need - FIXED)).with(all)), words)
}

/// The lengths that the options with a fixed one must have.
fn fixed_len(kind: u8) -> Option<usize> {
    Some(match kind {
        kind::MSS | 28 => 4,
        kind::WSCALE => 3,
        kind::SACK_PERM => 2,
        kind::TIMESTAMP => 10,
        6 | 7 | 11..=13 => 6,
        19 => 18,
        27 => 8,
        _ => return None,
    })
}

fn option(header: &[u8], base: usize, raw: &Raw) -> (Field, String) {
    let Raw { kind, from, len } = *raw;
    let at = |from, len| Span::new(base + from, len);
    let number = |def, value: Option<u32>, from, len| Field::new(def, Value::Uint(value.unwrap_or_default().into()), at(from, len));
    let byte = |def, from: usize| number(def, header.get(from).map(|b| u32::from(*b)), from, 1);
    let rest = |def, from: usize, end: usize| Field::new(def, Value::Bytes, at(from, end.saturating_sub(from)));
    let there = |def| Field::new(def, Value::None, Span::NONE);
    let mut children = vec![number(&OPT_KIND, Some(kind.into()), from, 1).means(name(kind))];
    if kind > kind::NOP {
        children.push(number(&OPT_LEN, Some(len as u32), from + 1, 1));
    }
    let (data, end) = (from + 2, from + len);
    let mut word = String::new();
    let fits = fixed_len(kind).is_none_or(|must| must == len);
    if !fits {
        children.push(there(&LEN_INVALID));
    }
    let def: &'static FieldDef = match kind {
        kind::EOL => &EOL,
        kind::NOP => &NOP,
        kind::MSS => &MSS,
        kind::WSCALE => &WSCALE,
        kind::SACK_PERM => &SACK_PERM,
        kind::SACK => &SACK,
        kind::TIMESTAMP => &TIMESTAMP,
        6 | 7 => &ECHO,
        11..=13 => &CC,
        19 => &MD5,
        27 => &QS,
        28 => &USER_TIMEOUT,
        29 => &AO,
        30 => &MPTCP,
        172 | 174 => &ACC_ECN,
        kind::TFO => &TFO,
        253 | 254 => &EXPERIMENTAL,
        _ => &UNKNOWN,
    };
    match kind {
        _ if !fits => {}
        kind::MSS => {
            let value = be16(header, data).unwrap_or_default();
            word = format!(" MSS={value}");
            children.push(number(&MSS_VAL, Some(value.into()), data, 2));
        }
        kind::WSCALE => {
            let shift = header.get(data).copied().unwrap_or_default();
            // A shift above 14 counts as 14 (RFC 7323 §2.3).
            let factor = 1 << shift.min(14);
            word = format!(" WS={factor}");
            let mut field = number(&WSCALE_SHIFT, Some(shift.into()), data, 1);
            if shift > 14 {
                field = field.means("above 14: used as 14").with(vec![there(&SHIFT_INVALID)]);
            }
            children.push(field);
            children.push(Field::new(&WSCALE_FACTOR, Value::Uint(factor), Span::NONE));
        }
        kind::SACK_PERM => word = " SACK_PERM".into(),
        kind::SACK => {
            let mut blocks = Vec::new();
            for block in (data..end.saturating_sub(7)).step_by(8) {
                let (left, right) = (be32(header, block), be32(header, block + 4));
                if let (Some(left), Some(right)) = (left, right) {
                    word += &format!(" SLE={left} SRE={right}");
                    blocks.push((left, right));
                }
                children.push(number(&SACK_LE, left, block, 4));
                children.push(number(&SACK_RE, right, block + 4, 4));
            }
            children.push(Field::new(&SACK_COUNT, Value::Uint((len as u64 - 2) / 8), Span::NONE));
            if let Some((left, right)) = twice(&blocks, be32(header, 8).unwrap_or_default()) {
                children.push(Field::new(&DSACK_LE, Value::Uint(left.into()), Span::NONE));
                children.push(Field::new(&DSACK_RE, Value::Uint(right.into()), Span::NONE));
                children.push(there(&DSACK));
            }
        }
        kind::TIMESTAMP => {
            let (value, echo) = (be32(header, data), be32(header, data + 4));
            if let (Some(value), Some(echo)) = (value, echo) {
                word = format!(" TSval={value} TSecr={echo}");
            }
            children.push(number(&TSVAL, value, data, 4));
            children.push(number(&TSECR, echo, data + 4, 4));
        }
        6 | 7 => children.push(number(&ECHO_VALUE, be32(header, data), data, 4)),
        11..=13 => children.push(number(&CC_VALUE, be32(header, data), data, 4)),
        19 => children.push(rest(&MD5_DIGEST, data, end)),
        27 => {
            let rate = header.get(data).map(|b| u32::from(b & 15));
            children.extend([number(&QS_RATE, rate, data, 1), byte(&QS_TTL, data + 1)]);
        }
        28 => {
            let value = be16(header, data).unwrap_or_default();
            children.push(Field::new(&USER_TIMEOUT_UNIT, Value::Bool(value & 0x8000 != 0), at(data, 2)).bits(data as u32 * 8, 1));
            children.push(number(&USER_TIMEOUT_VAL, Some(u32::from(value & 0x7fff)), data, 2).bits(data as u32 * 8 + 1, 15));
        }
        29 if len >= 4 => {
            children.extend([byte(&AO_KEY, data), byte(&AO_NEXT, data + 1)]);
            if len > 4 {
                children.push(rest(&AO_MAC, data + 2, end));
            }
        }
        30 if len > 2 => children.extend(multipath(header, base, data, end)),
        172 | 174 => {
            // Order 0 begins with ECT(0), order 1 with ECT(1); the last may be left out.
            let order = if kind == 172 { [&ACC_ECN_E0, &ACC_ECN_CE, &ACC_ECN_E1] } else { [&ACC_ECN_E1, &ACC_ECN_CE, &ACC_ECN_E0] };
            for (def, from) in order.into_iter().zip((data..end.saturating_sub(2)).step_by(3)) {
                let value = header.get(from..from + 3).map(|b| b.iter().fold(0, |n, b| n << 8 | u32::from(*b)));
                children.push(number(def, value, from, 3));
            }
        }
        kind::TFO => {
            word = if len > 2 { " TFO=C".into() } else { " TFO=R".into() };
            children.push(if len > 2 { rest(&TFO_COOKIE, data, end) } else { there(&TFO_REQUEST) });
        }
        253 | 254 if len >= 4 => {
            let id = be16(header, data).unwrap_or_default();
            let mut field = number(&EXPERIMENT_ID, Some(id.into()), data, 2);
            field.meaning = (id == FAST_OPEN).then(|| "TCP Fast Open".to_owned());
            children.push(field);
            if id == FAST_OPEN {
                word = if len > 4 { " TFO=C".into() } else { " TFO=R".into() };
                children.push(if len > 4 { rest(&TFO_COOKIE, data + 2, end) } else { there(&TFO_REQUEST) });
            } else if len > 4 {
                children.push(rest(&EXPERIMENT_DATA, data + 2, end));
            }
        }
        _ if kind > kind::NOP && len > 2 => children.push(rest(&UNKNOWN_PAYLOAD, data, end)),
        _ => {}
    }
    // What is not interpreted.
    let read = children.iter().map(|f| f.span.end()).max().unwrap_or_default();
    let (read, all) = (read.max(at(from, 0).start), at(from, len).end());
    if read < all {
        children.push(Field::new(&OPT_PADDING, Value::Bytes, Span { start: read, len: all - read }));
    }
    let mut field = Field::new(def, Value::Bytes, at(from, len)).with(children);
    field.meaning = Some(if word.is_empty() { name(kind).to_owned() } else { word.trim_start().to_owned() });
    (field, word)
}

/// A D-SACK (RFC 2883 §4): the first block lies at or below the acknowledgement, or within the second one.
fn twice(blocks: &[(u32, u32)], ack: u32) -> Option<(u32, u32)> {
    let not_above = |a: u32, b: u32| (a.wrapping_sub(b) as i32) <= 0;
    let first = *blocks.first()?;
    let within = |second: &(u32, u32)| not_above(second.0, first.0) && not_above(first.1, second.1);
    (not_above(first.1, ack) || blocks.get(1).is_some_and(within)).then_some(first)
}

/// Multipath TCP (RFC 8684 §3), its most common parts.
fn multipath(header: &[u8], base: usize, data: usize, end: usize) -> Vec<Field> {
    let number = |def, value: u64, from, len| Field::new(def, Value::Uint(value), Span::new(base + from, len));
    let byte = |at: usize| header.get(at).copied().unwrap_or_default();
    let long = |at: usize| u64::from(be32(header, at).unwrap_or_default());
    let eight = |at: usize| long(at) << 32 | long(at + 4);
    let (subtype, flags) = (byte(data) >> 4, byte(data + 1));
    let bit = |def, mask: u8| {
        number(def, u64::from(flags & mask != 0), data + 1, 1).bits((data as u32 + 1) * 8 + mask.leading_zeros(), 1)
    };
    let first = data as u32 * 8;
    let mut out = vec![number(&MP_SUBTYPE, subtype.into(), data, 1)];
    if matches!(subtype, 0 | 1)
        && let Some(field) = out.first_mut()
    {
        field.bits = Some(Bits { first, len: 4 });
    }
    let len = end - data + 2;
    match subtype {
        0 if len >= 4 => {
            let version = byte(data) & 15;
            out.push(number(&MP_VERSION, version.into(), data, 1).bits(first + 4, 4));
            let rest = |mask: u8, len| number(&MP_RESERVED, u64::from(flags >> 1 & mask), data + 1, 1).bits(first + 15 - len, len);
            let mut bits = vec![bit(&MP_CHECKSUM_REQ, 0x80), bit(&MP_EXTENSIBILITY, 0x40)];
            if version == 1 {
                bits.extend([bit(&MP_NO_MORE, 0x20), bit(&MP_SHA256, 1), rest(0x0f, 4)]);
            } else {
                bits.extend([bit(&MP_SHA1, 1), rest(0x1f, 5)]);
            }
            out.push(number(&MP_FLAGS, flags.into(), data + 1, 1).with(bits));
            if len >= 12 {
                out.push(number(&MP_SEND_KEY, eight(data + 2), data + 2, 8));
            }
            if len >= 20 {
                out.push(number(&MP_RECV_KEY, eight(data + 10), data + 10, 8));
            }
        }
        1 if len == 12 => {
            let flags = byte(data) & 15;
            let backup = number(&MP_BACKUP, u64::from(flags & 1), data, 1).bits(first + 7, 1);
            out.push(number(&MP_FLAGS, flags.into(), data, 1).bits(first + 4, 4).with(vec![backup]));
            out.push(number(&MP_ADDRESS_ID, byte(data + 1).into(), data + 1, 1));
            out.push(number(&MP_TOKEN, long(data + 2), data + 2, 4));
            out.push(number(&MP_RANDOM, long(data + 6), data + 6, 4));
        }
        2 => {
            let bits = [(&MP_DATA_FIN, 0x10), (&MP_DSN8, 8), (&MP_DSN, 4), (&MP_ACK8, 2), (&MP_ACK, 1)];
            let free = number(&OPT_PADDING, u64::from(flags >> 5), data + 1, 1).bits(first + 8, 3);
            let bits = std::iter::once(free).chain(bits.into_iter().map(|(def, mask)| bit(def, mask))).collect();
            out.push(number(&MP_FLAGS, flags.into(), data + 1, 1).with(bits));
            let mut at = data + 2;
            let wide = |set: bool, at: usize| if set { (eight(at), 8) } else { (long(at), 4) };
            if flags & 1 != 0 {
                let (value, len) = wide(flags & 2 != 0, at);
                if at + len <= end {
                    out.push(number(&MP_RAW_ACK, value, at, len));
                }
                at += len;
            }
            if flags & 4 != 0 {
                let (value, len) = wide(flags & 8 != 0, at);
                if at + len + 6 <= end {
                    out.push(number(&MP_RAW_SEQ, value, at, len));
                    at += len;
                    out.push(number(&MP_SUB_SEQ, long(at), at, 4));
                    out.push(number(&MP_LEN, be16(header, at + 4).unwrap_or_default().into(), at + 4, 2));
                    if at + 8 <= end {
                        out.push(number(&MP_SUM, be16(header, at + 6).unwrap_or_default().into(), at + 6, 2));
                    }
                }
            }
        }
        _ => {}
    }
    out
}

fn name(kind: u8) -> &'static str {
    match kind {
        kind::EOL => "end of option list",
        kind::NOP => "no-operation",
        kind::MSS => "maximum segment size",
        kind::WSCALE => "window scale",
        kind::SACK_PERM => "SACK permitted",
        kind::SACK => "SACK",
        kind::TIMESTAMP => "timestamps",
        19 => "MD5 signature",
        27 => "quick start",
        28 => "user timeout",
        29 => "TCP-AO",
        30 => "Multipath TCP",
        kind::TFO => "TCP Fast Open",
        69 => "encryption negotiation",
        172 | 174 => "accurate ECN",
        253 | 254 => "experimental",
        _ => "unknown option",
    }
}
