//! IPv4's options (RFC 791 §3.1): rarely used, and often filtered.
//!
//! In: a header, perhaps cut off. Out: the field of all options, with a group each. A wrong length ends the list with a statement.

use super::ipv4::*;
use super::read::{array, be16, be32};
use super::{Field, Span, Value};

/// The options between `FIXED` and `end` of a header that begins at `base` in the frame; `header` may end earlier.
pub(super) fn options(header: &[u8], base: usize, end: usize) -> Option<Field> {
    if end <= FIXED {
        return None;
    }
    let at = |from, len| Span::new(base + from, len);
    let mut all = Vec::new();
    let mut from = FIXED;
    while let Some(&kind) = header.get(from).filter(|_| from < end) {
        if kind < 2 {
            all.push(group(kind, at(from, 1), vec![type_field(kind, from, at(from, 1))]));
            from += 1;
            if kind == 0 {
                break;
            }
            continue;
        }
        let Some(len) = header.get(from + 1).map(|l| usize::from(*l)).filter(|l| *l >= 2 && from + l <= end) else {
            let rest = Field::new(&OPT_LEN_INVALID, Value::None, at(from, end - from));
            all.push(rest.means("length is wrong: the rest cannot be read"));
            return Some(Field::new(&OPTIONS, Value::Bytes, at(FIXED, end - FIXED)).with(all));
        };
        let children = if name(kind).is_some() {
            let length = Field::new(&OPT_LEN, Value::Uint(len as u64), at(from + 1, 1));
            let mut children = vec![type_field(kind, from, at(from, 1)), length];
            children.extend(content(header, base, kind, from, len));
            children
        } else {
            Vec::new()
        };
        all.push(group(kind, at(from, len), children));
        from += len;
    }
    Some(Field::new(&OPTIONS, Value::Bytes, at(FIXED, end - FIXED)).with(all))
}

/// Does a source route (RFC 791) still lead elsewhere? The address in the header is the next stop then; this is the last one.
pub(super) fn last_stop(header: &[u8], end: usize) -> Option<[u8; 4]> {
    let mut from = FIXED;
    while from < end {
        let kind = *header.get(from)?;
        if kind == 0 {
            return None;
        }
        if kind == 1 {
            from += 1;
            continue;
        }
        let len = usize::from(*header.get(from + 1)?);
        if len < 2 || from + len > end {
            return None;
        }
        if matches!(kind, 131 | 137) {
            let pointer = usize::from(*header.get(from + 2)?);
            let ahead = len >= 7 && pointer >= 4 && pointer % 4 == 0 && pointer + 3 <= len;
            return array::<4>(header, from + len - 4).filter(|_| ahead);
        }
        from += len;
    }
    None
}

fn group(kind: u8, span: Span, children: Vec<Field>) -> Field {
    Field::new(&OPTION, Value::None, span).means(name(kind).unwrap_or("unknown option")).with(children)
}

fn type_field(kind: u8, from: usize, span: Span) -> Field {
    let first = from as u32 * 8;
    let part = |def, n: u8, at: u32, len| Field::new(def, Value::Uint(n.into()), span).bits(first + at, len);
    Field::new(&OPT_TYPE, Value::Uint(kind.into()), span).means(name(kind).unwrap_or("unknown option")).with(vec![
        Field::new(&OPT_COPY, Value::Bool(kind & 0x80 != 0), span).bits(first, 1),
        part(&OPT_CLASS, kind >> 5 & 3, 1, 2),
        part(&OPT_NUMBER, kind & 31, 3, 5),
    ])
}

/// What stands behind the length byte.
fn content(header: &[u8], base: usize, kind: u8, from: usize, len: usize) -> Vec<Field> {
    let at = |from, len| Span::new(base + from, len);
    let byte = |from: usize| header.get(from).copied().unwrap_or_default();
    let number = |def, value: u64, from, len| Field::new(def, Value::Uint(value), at(from, len));
    let short = |def, from| number(def, be16(header, from).unwrap_or_default().into(), from, 2);
    let address = |def, from| Field::new(def, Value::Ipv4(array::<4>(header, from).unwrap_or_default().into()), at(from, 4));
    let there = |def| Field::new(def, Value::None, Span::NONE);
    let data = from + 2;
    let (must, exact) = match kind {
        7 | 131 | 137 => (3, false),
        68 => (4, false),
        130 => (3, false),
        133 => (3, false),
        11 | 12 | 136 | 148 => (4, true),
        82 => (12, true),
        25 => (8, true),
        _ => (2, false),
    };
    if len < must || exact && len != must {
        return vec![there(&OPT_LEN_INVALID)];
    }
    match kind {
        7 | 131 | 137 => {
            let mut pointer = number(&OPT_PTR, byte(data).into(), data, 1);
            let next = usize::from(byte(data));
            if next < 4 {
                pointer.children.push(there(&OPT_PTR_BEFORE));
            } else if next % 4 != 0 {
                pointer.children.push(there(&OPT_PTR_MIDDLE));
            }
            let stops = (data + 1..(from + len).saturating_sub(3)).step_by(4);
            let last = stops.clone().last();
            let routed = kind != 7;
            let stop = |stop: usize| {
                // The pointer counts from the option's first byte, from 1.
                let ahead = stop + 1 - from >= next;
                match (ahead, routed) {
                    (true, true) if Some(stop) == last => address(&DST, stop),
                    (true, true) => address(&SOURCE_ROUTE, stop),
                    (true, false) => address(&EMPTY_ROUTE, stop),
                    (false, _) => address(&RECORDED_ROUTE, stop),
                }
            };
            std::iter::once(pointer).chain(stops.map(stop)).collect()
        }
        68 => {
            let flags = byte(data + 1);
            let mut out = vec![
                number(&OPT_PTR, byte(data).into(), data, 1),
                number(&OPT_OVERFLOW, u64::from(flags >> 4), data + 1, 1).bits((data as u32 + 1) * 8, 4),
                number(&OPT_FLAG, u64::from(flags & 15), data + 1, 1).bits((data as u32 + 1) * 8 + 4, 4),
            ];
            let with_address = matches!(flags & 15, 1 | 3);
            let mut inside = data + 2;
            while inside < from + len {
                let need = if with_address { 8 } else { 4 };
                if inside + need > from + len {
                    out.push(there(&SUBOPTION_TOO_LONG));
                    break;
                }
                if with_address {
                    out.push(address(&OPT_TIME_ADDR, inside));
                    inside += 4;
                }
                out.push(number(&OPT_TIME, be32(header, inside).unwrap_or_default().into(), inside, 4));
                inside += 4;
            }
            out
        }
        130 => {
            let mut out = vec![number(&OPT_SEC_LEVEL, byte(data).into(), data, 1)];
            for (n, from) in (data + 1..from + len).enumerate() {
                let flags = byte(from);
                let first = from as u32 * 8;
                let bit = |def, mask: u8| Field::new(def, Value::Bool(flags & mask != 0), at(from, 1)).bits(first + mask.leading_zeros(), 1);
                let named = match n {
                    0 => vec![
                        bit(&OPT_SEC_GENSER, 0x80),
                        bit(&OPT_SEC_SIOP, 0x40),
                        bit(&OPT_SEC_SCI, 0x20),
                        bit(&OPT_SEC_NSA, 0x10),
                        bit(&OPT_SEC_DOE, 8),
                        number(&OPT_SEC_REST, u64::from(flags & 6), from, 1).bits(first + 5, 2),
                        bit(&OPT_SEC_MORE, 1),
                    ],
                    _ => vec![bit(&OPT_SEC_MORE, 1)],
                };
                out.push(number(&OPT_SEC_FLAGS, flags.into(), from, 1).with(named));
                if flags & 1 == 0 {
                    break;
                }
            }
            out
        }
        133 => {
            let mut out = vec![number(&OPT_EXT_FORMAT, byte(data).into(), data, 1)];
            if len > 3 {
                out.push(Field::new(&OPT_EXT_INFO, Value::Bytes, at(data + 1, len - 3)));
            }
            out
        }
        11 | 12 => vec![short(&OPT_MTU, data)],
        136 => vec![short(&OPT_STREAM, data)],
        148 => vec![short(&OPT_ALERT, data)],
        82 => vec![
            short(&OPT_TRACE_ID, data),
            short(&OPT_OUT_HOPS, data + 2),
            short(&OPT_RETURN_HOPS, data + 4),
            address(&OPT_ORIGINATOR, data + 6),
        ],
        25 => {
            let (what, nonce) = (byte(data), be32(header, data + 2).unwrap_or_default());
            let mut out = vec![
                number(&OPT_QS_FUNC, u64::from(what >> 4), data, 1).bits(data as u32 * 8, 4),
                number(&OPT_QS_RATE, u64::from(what & 15), data, 1).bits(data as u32 * 8 + 4, 4),
            ];
            out.push(number(if what >> 4 == 0 { &OPT_QS_TTL } else { &OPT_QS_UNUSED }, byte(data + 1).into(), data + 1, 1));
            out.push(number(&OPT_QS_NONCE, u64::from(nonce >> 2), data + 2, 4).bits((data as u32 + 2) * 8, 30));
            out.push(number(&OPT_QS_RESERVED, u64::from(nonce & 3), data + 2, 4).bits((data as u32 + 2) * 8 + 30, 2));
            out
        }
        _ => Vec::new(),
    }
}

/// The options that are known.
fn name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        0 => "end of options",
        1 => "no operation",
        7 => "record route",
        11 => "MTU probe",
        12 => "MTU reply",
        25 => "quick-start",
        68 => "time stamp",
        82 => "traceroute",
        130 => "security",
        131 => "loose source route",
        133 => "extended security",
        136 => "stream ID",
        137 => "strict source route",
        148 => "router alert",
        _ => return None,
    })
}
