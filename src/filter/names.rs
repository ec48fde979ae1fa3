//! The names that filters and columns may use: every field, every protocol, and names for several fields at once.

use super::Name;
use crate::flow::{frame_layer, mark_fields};
use crate::proto;
use crate::wire::{FieldDef, dissect};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A name that stands for several fields, in Wireshark's order.
struct Alias {
    name: &'static str,
    fields: &'static [&'static str],
}

const fn alias(name: &'static str, fields: &'static [&'static str]) -> Alias {
    Alias { name, fields }
}

/// Wireshark's hidden fields: each is a copy of those it stands for.
static ALIASES: &[Alias] = &[
    alias("eth.addr", &["eth.dst", "eth.src"]),
    alias("eth.addr.oui", &["eth.dst.oui", "eth.src.oui"]),
    alias("eth.addr_resolved", &["eth.dst", "eth.src"]),
    alias("eth.dst_resolved", &["eth.dst"]),
    alias("eth.src_resolved", &["eth.src"]),
    alias("ip.addr", &["ip.src", "ip.dst"]),
    alias("ip.host", &["ip.src", "ip.dst"]),
    alias("ip.src_host", &["ip.src"]),
    alias("ip.dst_host", &["ip.dst"]),
    alias("ipv6.addr", &["ipv6.src", "ipv6.dst"]),
    alias("ipv6.host", &["ipv6.src", "ipv6.dst"]),
    alias("ipv6.src_host", &["ipv6.src"]),
    alias("ipv6.dst_host", &["ipv6.dst"]),
    alias("tcp.port", &["tcp.srcport", "tcp.dstport"]),
    alias("udp.port", &["udp.srcport", "udp.dstport"]),
    alias("wlan.addr", &["wlan.ra", "wlan.da", "wlan.ta", "wlan.sa", "wlan.bssid"]),
];

/// A group of fields that one part of the program defines.
pub struct Group {
    /// Wireshark's protocol name, as before the first point of the fields' names.
    pub proto: &'static str,
    pub title: &'static str,
    /// 1 to 7.
    pub osi: u8,
    pub fields: Vec<&'static FieldDef>,
}

/// Every field of the program, by protocol: the frame, headers from the lowest layer up, applications.
pub fn groups() -> Vec<Group> {
    let mut out = vec![Group { proto: "frame", title: "Frame", osi: 1, fields: frame_layer::FIELDS.to_vec() }];
    let header = |h: &&'static dyn dissect::Header| Group {
        proto: h.proto(),
        title: h.title(),
        osi: h.osi().number(),
        fields: h.fields().to_vec(),
    };
    out.extend(dissect::TABLE.iter().map(header));
    // What only the conversation knows of a header.
    for header in dissect::TABLE {
        let mut fields = mark_fields::FIELDS.iter().copied();
        if fields.any(|d| before_point(d.name) == header.proto()) {
            let fields = mark_fields::FIELDS.iter().copied().filter(|d| before_point(d.name) == header.proto()).collect();
            out.push(Group { proto: header.proto(), title: header.title(), osi: header.osi().number(), fields });
        }
    }
    let app = |p: &&'static dyn proto::Protocol| Group {
        proto: p.name(),
        title: p.title(),
        osi: p.osi().number(),
        fields: p.fields().to_vec(),
    };
    // SSDP's fields are HTTP's.
    out.extend(proto::TABLE.iter().map(app).filter(|g| g.proto != "ssdp"));
    out.push(Group { proto: "ssdp", title: "SSDP", osi: 7, fields: Vec::new() });
    out.push(Group { proto: "http", title: "HTTP", osi: 7, fields: proto::http::tunnel::FIELDS.to_vec() });
    // Who reads bodies has a name to filter by, also without fields.
    let body = |reader: &proto::media::Reads| Group { proto: reader.proto, title: reader.title, osi: 6, fields: Vec::new() };
    let new = |g: &Group| proto::by_name(g.proto).is_none() && g.proto != "imf";
    out.extend(proto::media::READERS.iter().map(body).filter(new));
    out.push(Group { proto: "imf", title: "IMF", osi: 6, fields: proto::imf::FIELDS.to_vec() });
    out
}

/// Where a field can be found in a frame.
#[derive(Clone, Copy, Debug)]
pub enum Home {
    /// In the header of this protocol.
    Header(&'static str),
    /// In messages of these protocols.
    Messages(&'static [&'static str]),
    Anywhere,
}

/// Where this field lives.
pub fn home(def: &FieldDef) -> Home {
    ALL.homes.get(def.name).copied().unwrap_or(Home::Anywhere)
}

/// The protocol in a field's name.
fn before_point(name: &'static str) -> &'static str {
    name.split('.').next().unwrap_or(name)
}

struct All {
    by_name: HashMap<&'static str, Name>,
    homes: HashMap<&'static str, Home>,
    sorted: Vec<&'static str>,
}

static ALL: LazyLock<All> = LazyLock::new(|| {
    let mut by_name: HashMap<&'static str, Name> = HashMap::new();
    let mut same: HashMap<&'static str, Vec<&'static FieldDef>> = HashMap::new();
    for group in groups() {
        by_name.entry(group.proto).or_insert(Name::Protocol(group.proto));
        for def in group.fields.iter().copied() {
            let all = same.entry(def.name).or_default();
            if !all.iter().any(|d| std::ptr::eq(*d, def)) {
                all.push(def);
            }
        }
    }
    let defs = |name: &str| same.get(name).and_then(|all| all.first()).copied();
    for alias in ALIASES {
        let fields: Vec<_> = alias.fields.iter().filter_map(|f| defs(f)).collect();
        if !fields.is_empty() {
            by_name.insert(alias.name, Name::Fields(fields.leak()));
        }
    }
    for (name, all) in &same {
        if let Some(def) = all.first() {
            by_name.insert(name, Name::Field(def));
        }
    }
    let mut homes = HashMap::new();
    for name in same.keys() {
        let has = |fields: &[&FieldDef]| fields.iter().any(|d| d.name == *name);
        let headers: Vec<_> = dissect::TABLE.iter().filter(|h| has(h.fields())).collect();
        let shows = |p: &&&dyn proto::Protocol| {
            has(p.fields()) || p.carries().iter().filter_map(|n| proto::by_name(n)).any(|inner| has(inner.fields()))
        };
        let apps: Vec<_> = proto::TABLE.iter().filter(shows).map(|p| p.name()).collect();
        let home = match (headers.as_slice(), apps.as_slice()) {
            ([header], []) => Home::Header(header.proto()),
            ([], []) if has(mark_fields::FIELDS) => Home::Header(before_point(name)),
            ([], some) if !some.is_empty() && !some.contains(&"data") => Home::Messages(apps.leak()),
            _ => Home::Anywhere,
        };
        homes.insert(*name, home);
    }
    let mut sorted: Vec<_> = by_name.keys().copied().collect();
    sorted.sort_unstable();
    All { by_name, homes, sorted }
});

/// What a name stands for.
pub fn find(name: &str) -> Option<Name> {
    ALL.by_name.get(name).copied()
}

/// Every name, sorted.
pub fn all() -> &'static [&'static str] {
    &ALL.sorted
}

/// All names of the program.
pub struct Every;

impl super::Names for Every {
    fn find(&self, name: &str) -> Option<Name> {
        find(name)
    }

    fn all(&self) -> &[&'static str] {
        all()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn every_alias_stands_for_fields_that_exist() {
        for alias in ALIASES {
            let known = alias.fields.iter().filter(|f| find(f).is_some()).count();
            assert!(known > 0 || alias.name.starts_with("wlan"), "{} stands for nothing", alias.name);
        }
    }

    #[test]
    fn names_of_fields_protocols_and_pairs_are_found() {
        assert!(matches!(find("tcp.srcport"), Some(Name::Field(def)) if def.name == "tcp.srcport"));
        assert!(matches!(find("tcp.port"), Some(Name::Fields(two)) if two.len() == 2));
        assert!(matches!(find("tcp"), Some(Name::Protocol("tcp"))));
        assert!(matches!(find("tcp.analysis.retransmission"), Some(Name::Field(_))));
        assert!(find("tcp.srcportt").is_none());
    }
}
