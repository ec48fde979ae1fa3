//! Options of IPv6 neighbour discovery (RFC 4861 §4.6).
//!
//! In: a message and where its options begin. Out: a group each. A length of zero would never end: it ends the list.

use super::icmpv6::*;
use super::read::{array, be16, be32};
use super::{Field, Span, Value};

/// The options of `area` from `from` to its end.
pub(super) fn options(area: &[u8], base: usize, mut from: usize) -> Vec<Field> {
    let at = |from, len| Span::new(base + from, len);
    let mut all = Vec::new();
    while from < area.len() {
        let (kind, units) = (area.get(from).copied().unwrap_or_default(), area.get(from + 1).copied().unwrap_or_default());
        let len = usize::from(units) * 8;
        if len == 0 || from + len > area.len() {
            let rest = Field::new(&OPT_DATA, Value::Bytes, at(from, area.len() - from));
            all.push(rest.means("length is wrong: the rest cannot be read"));
            break;
        }
        let data = from + 2;
        let mut children = vec![
            Field::new(&OPT_TYPE, Value::Uint(kind.into()), at(from, 1)).means(name(kind)),
            Field::new(&OPT_LEN, Value::Uint(units.into()), at(from + 1, 1)).means(format!("{len} bytes")),
        ];
        let long = |def, from| Field::new(def, Value::Uint(be32(area, from).unwrap_or_default().into()), at(from, 4));
        let byte = |def, from: usize| Field::new(def, Value::Uint(area.get(from).copied().unwrap_or_default().into()), at(from, 1));
        let short = |def, from| Field::new(def, Value::Uint(be16(area, from).unwrap_or_default().into()), at(from, 2));
        let flag = |def, from: usize, mask: u8| {
            Field::new(def, Value::Bool(area.get(from).is_some_and(|b| b & mask != 0)), at(from, 1)).bits(from as u32 * 8 + mask.leading_zeros(), 1)
        };
        let bits = |def, from: usize, shift: u8, mask: u8| {
            let value = area.get(from).copied().unwrap_or_default() >> shift & mask;
            let len = mask.count_ones();
            Field::new(def, Value::Uint(value.into()), at(from, 1)).bits(from as u32 * 8 + 8 - u32::from(shift) - len, len)
        };
        let address = |def, from| Field::new(def, Value::Ipv6(array::<16>(area, from).unwrap_or_default().into()), at(from, 16));
        let there = |def, from, len| Field::new(def, Value::None, at(from, len));
        let mut words = name(kind).to_owned();
        let end = from + len;
        match (kind, len) {
            (1 | 2, 8) => {
                let mac = array::<6>(area, data).unwrap_or_default();
                words += &format!(" {}", mac.map(|b| format!("{b:02x}")).join(":"));
                children.push(Field::new(&OPT_LINK, Value::Mac(mac), at(data, 6)));
                let def = if kind == 1 { &OPT_SOURCE_LINK } else { &OPT_TARGET_LINK };
                children.push(Field::new(def, Value::Mac(mac), Span::NONE));
            }
            (3, 32) => {
                children.push(byte(&OPT_PREFIX_LEN, data));
                children.push(byte(&OPT_PREFIX_FLAGS, data + 1).with(vec![
                    flag(&OPT_PREFIX_L, data + 1, 0x80),
                    flag(&OPT_PREFIX_A, data + 1, 0x40),
                    flag(&OPT_PREFIX_R, data + 1, 0x20),
                    bits(&OPT_PREFIX_REST, data + 1, 0, 0x1f),
                ]));
                children.push(long(&OPT_VALID, data + 2));
                children.push(long(&OPT_PREFERRED, data + 6));
                children.push(there(&OPT_RESERVED, data + 10, 4));
                children.push(address(&OPT_PREFIX, data + 14));
            }
            (4, 48..) => {
                children.push(there(&OPT_RESERVED, data, 6));
                children.push(there(&OPT_REDIRECTED, data + 6, len - 8));
            }
            (5, 8) => {
                children.push(there(&OPT_RESERVED, data, 2));
                children.push(long(&OPT_MTU, data + 2));
            }
            (7, 8) => children.extend([there(&OPT_RESERVED, data, 2), long(&OPT_INTERVAL, data + 2)]),
            (8, 8) => children.extend([
                there(&OPT_RESERVED, data, 2),
                short(&OPT_HOME_PREFERENCE, data + 2),
                short(&OPT_HOME_LIFETIME, data + 4),
            ]),
            (14, _) => children.push(Field::new(&OPT_NONCE, Value::Bytes, at(data, len - 2))),
            (24, 8..=24) => {
                children.push(byte(&OPT_PREFIX_LEN, data));
                children.push(byte(&OPT_ROUTE_FLAGS, data + 1).with(vec![
                    bits(&OPT_ROUTE_PREFERENCE, data + 1, 3, 3),
                    Field::new(&OPT_ROUTE_REST, Value::Uint(0), Span::NONE),
                ]));
                if let Some(rest) = children.last_mut().and_then(|f| f.children.last_mut()) {
                    let value = area.get(data + 1).copied().unwrap_or_default();
                    rest.value = Value::Uint(u64::from(value >> 5) << 3 | u64::from(value & 7));
                }
                children.push(long(&OPT_ROUTE_LIFETIME, data + 2));
                if len > 8 {
                    let mut prefix = [0; 16];
                    for (to, from) in prefix.iter_mut().zip(area.get(data + 6..end).unwrap_or(&[])) {
                        *to = *from;
                    }
                    children.push(Field::new(&OPT_PREFIX, Value::Ipv6(prefix.into()), at(data + 6, len - 8)));
                }
            }
            (25, 24..) => {
                children.extend([there(&OPT_RESERVED, data, 2), long(&OPT_RDNSS_LIFETIME, data + 2)]);
                children.extend((data + 6..end.saturating_sub(15)).step_by(16).map(|from| address(&OPT_RDNSS, from)));
            }
            (31, 16..) => {
                children.extend([there(&OPT_RESERVED, data, 2), long(&OPT_DNSSL_LIFETIME, data + 2)]);
                let mut from = data + 6;
                while let Some((domain, next)) = domain(area, from, end) {
                    children.push(Field::new(&OPT_DNSSL, Value::Text(domain), at(from, next - from)));
                    from = next;
                }
                if from < end {
                    children.push(there(&OPT_PADDING, from, end - from));
                }
            }
            (26, 8) => {
                children.push(short(&OPT_EFO, data));
                children.push(there(&OPT_RESERVED, data + 2, 4));
            }
            (37, _) => {
                let text = area.get(data..end).unwrap_or(&[]);
                let text = text.split(|b| *b == 0).next().unwrap_or(&[]);
                let shown = String::from_utf8_lossy(text).into_owned();
                children.push(Field::new(&OPT_PORTAL, Value::Text(shown), at(data, len - 2)));
            }
            (38, 16) => {
                let word = be16(area, data).unwrap_or_default();
                let mut prefix = [0; 16];
                for (to, from) in prefix.iter_mut().zip(area.get(data + 2..end).unwrap_or(&[])) {
                    *to = *from;
                }
                children.push(Field::new(&OPT_PREF64_LIFETIME, Value::Uint((word >> 3).into()), at(data, 2)).bits(data as u32 * 8, 13));
                children.push(Field::new(&OPT_PREF64_PLC, Value::Uint((word & 7).into()), at(data, 2)).bits(data as u32 * 8 + 13, 3));
                children.push(Field::new(&OPT_PREF64, Value::Ipv6(prefix.into()), at(data + 2, 12)));
            }
            _ => {
                children.push(there(&UNDECODED, data, 0));
                children.push(Field::new(&OPT_DATA, Value::Bytes, at(data, len - 2)));
            }
        }
        all.push(Field::new(&OPT, Value::None, at(from, len)).means(words).with(children));
        from += len;
    }
    all
}

/// One domain name (RFC 1035 §3.1, never compressed here), and where the next one begins. An empty one is padding.
fn domain(area: &[u8], mut from: usize, end: usize) -> Option<(String, usize)> {
    let mut labels = Vec::new();
    loop {
        let len = usize::from(*area.get(from).filter(|_| from < end)?);
        from += 1;
        if len == 0 {
            break;
        }
        let label = area.get(from..from + len).filter(|_| from + len <= end && len < 64)?;
        labels.push(String::from_utf8_lossy(label).into_owned());
        from += len;
    }
    (!labels.is_empty()).then(|| (labels.join("."), from))
}

fn name(kind: u8) -> &'static str {
    match kind {
        1 => "source link-layer address",
        2 => "target link-layer address",
        3 => "prefix information",
        4 => "redirected header",
        5 => "MTU",
        14 => "nonce",
        24 => "route information",
        25 => "recursive DNS server",
        31 => "DNS search list",
        _ => "unknown option",
    }
}
