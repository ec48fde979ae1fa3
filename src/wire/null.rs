//! BSD loopback headers: NULL (host byte order) and LOOP (network byte order).
//!
//! In: four bytes with an address family. Out: that family as the EtherType it stands for. The numbers of IPv6 differ between
//! the BSDs, and a NULL file does not say its byte order: both are tried. Some systems write an EtherType there, or a PPP header
//! in the place of all; Wireshark's rules tell them apart.

use super::dissect::Hop;
use super::read::{Head, array};
use super::{Field, FieldDef, Header, Input, Key, Kind, LinkType, Osi, Span, Step, Value, names};
use crate::lang::{Words, words};

crate::fields! {
    FAMILY: "null.family", Kind::Dec, ("アドレスファミリ", "Family"),
        ("続くパケットが IPv4 か IPv6 かを示す、OS 内部の番号です。", "The operating system's number for what follows: IPv4 or IPv6.");
    TYPE: "null.type", Kind::Hex(4), ("タイプ", "Type"),
        ("アドレスファミリの代わりに EtherType を書く OS もあります。", "Some systems write an EtherType in place of the address family.");
}

pub struct Null;

impl Header for Null {
    fn proto(&self) -> &'static str {
        "null"
    }

    fn title(&self) -> &'static str {
        "Null/Loopback"
    }

    fn about(&self) -> Words {
        words(
            "自分自身との通信に Ethernet はなく、OS が種類だけを 4 バイトで記録したものです。",
            "Traffic of a machine with itself has no Ethernet header; the system notes only the kind, in four bytes.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::Link(LinkType::NULL), Key::Link(LinkType::LOOP)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let head = Head::<NEED>::of(input.slice());
        let base = input.area.start as usize;
        if !head.whole() {
            return Step::truncated(self.proto(), base, NEED, head.have);
        }
        let loops = input.key == Key::Link(LinkType::LOOP);
        let content = content(head.bytes, loops);
        let Some(hop) = hop(loops, input.slice(), input.full_len) else {
            return Step::truncated(self.proto(), base, NEED, head.have);
        };
        let all = Span::new(base, NEED);
        let field = match content {
            Content::Ppp => {
                return Step::hop(self, input, hop, "PPP".into(), Vec::new());
            }
            Content::EtherType(n) => {
                let mut field = Field::new(&TYPE, Value::Uint(n.into()), all);
                field.meaning = names::ether_type(n).map(str::to_owned);
                field
            }
            Content::Family(n) => {
                let mut field = Field::new(&FAMILY, Value::Uint(n.into()), all);
                let name = ether_type(n).map(|k| if k == 0x0800 { "IPv4" } else { "IPv6" });
                field.meaning = name.map(str::to_owned);
                field
            }
        };
        let summary = field.meaning.clone().unwrap_or_default();
        Step::hop(self, input, hop, summary, vec![field])
    }

    fn hop(&self, key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(key == Key::Link(LinkType::LOOP), area, full_len)
    }
}

const NEED: usize = 4;

/// What the four bytes are.
enum Content {
    Family(u32),
    EtherType(u16),
    /// The first bytes of a PPP frame: there is no loopback header.
    Ppp,
}

fn content(bytes: [u8; 4], loops: bool) -> Content {
    if loops {
        return Content::Family(u32::from_be_bytes(bytes));
    }
    if bytes.starts_with(&[0xff, 0x03]) {
        return Content::Ppp;
    }
    // Families are small numbers, in the byte order of a host that is not known, and may be written in two bytes or four.
    let n = match u32::from_le_bytes(bytes) {
        n @ 0x0001_0000..0x0006_0000 => n >> 16,
        n @ 0x0001_0000.. => n.swap_bytes(),
        n @ 0..0x0600 if n & 0xff == 0 => n >> 8,
        n => n,
    };
    match u16::try_from(n & 0xffff) {
        Ok(kind) if n > 1500 => Content::EtherType(kind),
        _ => Content::Family(n),
    }
}

fn hop(loops: bool, area: &[u8], full_len: usize) -> Option<Hop> {
    let (next, len) = match content(array(area, 0)?, loops) {
        Content::Ppp => (Key::PppFrame, 0),
        Content::EtherType(kind) => (Key::EtherType(kind), NEED),
        Content::Family(7) => (Key::Named("osi"), NEED),
        Content::Family(23) => (Key::Named("ipx"), NEED),
        Content::Family(n) => (ether_type(n).map_or(Key::Named("data"), Key::EtherType), NEED),
    };
    Hop::rest(next, len, area, full_len)
}

/// The EtherType in a header that says IP in the plainest way: all that a fast reader needs.
pub(super) fn plain(bytes: [u8; 4], loops: bool) -> Option<u16> {
    match content(bytes, loops) {
        Content::Family(n) => ether_type(n),
        _ => None,
    }
}

/// 2 is AF_INET everywhere; AF_INET6 is 24 (NetBSD, OpenBSD), 28 (FreeBSD) or 30 (macOS).
fn ether_type(family: u32) -> Option<u16> {
    match family {
        2 => Some(0x0800),
        24 | 28 | 30 => Some(0x86dd),
        _ => None,
    }
}
