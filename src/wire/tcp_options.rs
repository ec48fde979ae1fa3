//! TCP's options (RFC 9293 §3.2): one field an option, each with its own bytes and children.
//!
//! In: a TCP header, perhaps cut off. Out: the field `tcp.options`, and the words that the Info column adds for them. A wrong
//! length ends the list with a statement; the segment's data is still good.

use super::read::{be16, be32};
use super::tcp::*;
use super::{Field, FieldDef, Span, Value};

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
    let mut all = Vec::new();
    let mut words = String::new();
    let mut from = FIXED;
    while let Some(&kind) = header.get(from).filter(|_| from < need) {
        let known_len = (kind <= kind::NOP).then_some(1);
        let len = known_len.or_else(|| header.get(from + 1).map(|l| usize::from(*l)).filter(|l| *l >= 2));
        let Some(len) = len.filter(|len| from + len <= need) else {
            let rest = Field::new(&UNKNOWN, Value::Bytes, at(from, need - from));
            all.push(rest.means("length is wrong: the rest cannot be read"));
            from = need;
            break;
        };
        let (field, word) = option(header, base, &Raw { kind, from, len });
        all.push(field);
        words += &word;
        from += len;
        // What follows the end is padding; zeros are shown as more end marks, as Wireshark does.
        if kind == kind::EOL && header.get(from).is_some_and(|next| *next != kind::EOL) {
            break;
        }
    }
    if from < need {
        all.push(Field::new(&OPT_PADDING, Value::Bytes, at(from, need - from)));
    }
    (Some(Field::new(&OPTIONS, Value::Bytes, at(FIXED, need - FIXED)).with(all)), words)
}

fn option(header: &[u8], base: usize, raw: &Raw) -> (Field, String) {
    let Raw { kind, from, len } = *raw;
    let at = |from, len| Span::new(base + from, len);
    let number = |def, value: Option<u32>, from, len| Field::new(def, Value::Uint(value.unwrap_or_default().into()), at(from, len));
    let mut children = vec![number(&OPT_KIND, Some(kind.into()), from, 1).means(name(kind))];
    if kind > kind::NOP {
        children.push(number(&OPT_LEN, Some(len as u32), from + 1, 1));
    }
    let data = from + 2;
    let mut word = String::new();
    let def: &'static FieldDef = match (kind, len) {
        (kind::EOL, _) => &EOL,
        (kind::NOP, _) => &NOP,
        (kind::MSS, 4) => {
            let value = be16(header, data).unwrap_or_default();
            word = format!(" MSS={value}");
            children.push(number(&MSS_VAL, Some(value.into()), data, 2));
            &MSS
        }
        (kind::WSCALE, 3) => {
            let shift = header.get(data).copied().unwrap_or_default();
            // A shift above 14 counts as 14 (RFC 7323 §2.3).
            let factor = 1 << shift.min(14);
            word = format!(" WS={factor}");
            let mut field = number(&WSCALE_SHIFT, Some(shift.into()), data, 1);
            field.meaning = (shift > 14).then(|| "above 14: used as 14".to_owned());
            children.push(field);
            children.push(Field::new(&WSCALE_FACTOR, Value::Uint(factor), Span::NONE));
            &WSCALE
        }
        (kind::SACK_PERM, 2) => {
            word = " SACK_PERM".into();
            &SACK_PERM
        }
        (kind::SACK, _) if len > 2 && (len - 2) % 8 == 0 => {
            for block in (data..from + len).step_by(8) {
                let (left, right) = (be32(header, block), be32(header, block + 4));
                if let (Some(left), Some(right)) = (left, right) {
                    word += &format!(" SLE={left} SRE={right}");
                }
                children.push(number(&SACK_LE, left, block, 4));
                children.push(number(&SACK_RE, right, block + 4, 4));
            }
            children.push(Field::new(&SACK_COUNT, Value::Uint((len as u64 - 2) / 8), Span::NONE));
            &SACK
        }
        (kind::TIMESTAMP, 10) => {
            let (value, echo) = (be32(header, data), be32(header, data + 4));
            if let (Some(value), Some(echo)) = (value, echo) {
                word = format!(" TSval={value} TSecr={echo}");
            }
            children.push(number(&TSVAL, value, data, 4));
            children.push(number(&TSECR, echo, data + 4, 4));
            &TIMESTAMP
        }
        (kind::TFO, _) => {
            word = if len > 2 { " TFO=C".into() } else { " TFO=R".into() };
            if len > 2 {
                children.push(Field::new(&TFO_COOKIE, Value::Bytes, at(data, len - 2)));
            }
            &TFO
        }
        (253 | 254, 4..) => {
            let id = be16(header, data).unwrap_or_default();
            let mut field = number(&EXPERIMENT_ID, Some(id.into()), data, 2);
            field.meaning = (id == FAST_OPEN).then(|| "TCP Fast Open".to_owned());
            children.push(field);
            if id == FAST_OPEN {
                word = if len > 4 { " TFO=C".into() } else { " TFO=R".into() };
            }
            if len > 4 {
                let def = if id == FAST_OPEN { &TFO_COOKIE } else { &EXPERIMENT_DATA };
                children.push(Field::new(def, Value::Bytes, at(data + 2, len - 4)));
            }
            &EXPERIMENTAL
        }
        _ => {
            if len > 2 {
                children.push(Field::new(&UNKNOWN_PAYLOAD, Value::Bytes, at(data, len - 2)));
            }
            &UNKNOWN
        }
    };
    let mut field = Field::new(def, Value::Bytes, at(from, len)).with(children);
    field.meaning = Some(if word.is_empty() { name(kind).to_owned() } else { word.trim_start().to_owned() });
    (field, word)
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
