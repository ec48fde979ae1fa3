//! Options of IPv6 neighbour discovery (RFC 4861 §4.6).
//!
//! In: a message and where its options begin. Out: a group each. A length of zero would never end: it ends the list.

use super::icmpv6::*;
use super::read::{array, be32};
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
        let reserved = |from, len| Field::new(&RESERVED, Value::Bytes, at(from, len));
        let mut words = name(kind).to_owned();
        match (kind, len) {
            (1 | 2, 8) => {
                let mac = array::<6>(area, data).unwrap_or_default();
                words += &format!(" {}", mac.map(|b| format!("{b:02x}")).join(":"));
                children.push(Field::new(&OPT_LINK, Value::Mac(mac), at(data, 6)));
            }
            (3, 32) => {
                children.push(byte(&OPT_PREFIX_LEN, data));
                children.push(byte(&OPT_PREFIX_FLAGS, data + 1));
                children.push(long(&OPT_VALID, data + 2));
                children.push(long(&OPT_PREFERRED, data + 6));
                children.push(reserved(data + 10, 4));
                let prefix = array::<16>(area, data + 14).unwrap_or_default();
                children.push(Field::new(&OPT_PREFIX, Value::Ipv6(prefix.into()), at(data + 14, 16)));
            }
            (5, 8) => {
                children.push(reserved(data, 2));
                children.push(long(&OPT_MTU, data + 2));
            }
            _ => children.push(Field::new(&OPT_DATA, Value::Bytes, at(data, len - 2))),
        }
        all.push(Field::new(&OPT, Value::None, at(from, len)).means(words).with(children));
        from += len;
    }
    all
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
