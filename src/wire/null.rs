//! BSD loopback headers: NULL (host byte order) and LOOP (network byte order).
//!
//! In: four bytes with an address family. Out: that family as the EtherType it stands for. The numbers of IPv6 differ between
//! the BSDs, and a NULL file does not say its byte order: both are tried.

use super::read::Head;
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, LinkType, Next, Osi, Span, Step, Value};
use crate::lang::{Words, words};

crate::fields! {
    FAMILY: "null.family", Kind::Dec, ("アドレスファミリ", "Family"),
        ("続くパケットが IPv4 か IPv6 かを示す、OS 内部の番号です。", "The operating system's number for what follows: IPv4 or IPv6.");
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
        const NEED: usize = 4;
        let head = Head::<NEED>::of(input.slice());
        let base = input.area.start as usize;
        if !head.whole() {
            return Step::truncated(self.proto(), base, NEED, head.have);
        }
        let at = |from, len| Span::new(base + from, len);
        let family = family(head.bytes);
        let kind = ether_type(family);
        let mut field = Field::new(&FAMILY, Value::Uint(family.into()), at(0, NEED));
        field.meaning = kind.map(|k| if k == 0x0800 { "IPv4".into() } else { "IPv6".into() });
        let summary = field.meaning.clone().unwrap_or_default();
        let payload = at(NEED, input.slice().len() - NEED);
        let layer = Layer::of(self, at(0, NEED), payload, summary, vec![field]);
        match kind {
            Some(kind) => Step::read(layer, Next::Header(Key::EtherType(kind)), input.full_len.saturating_sub(NEED)),
            None => Step::malformed(layer, words("IP ではないアドレスファミリです", "an address family that is not IP")),
        }
    }
}

/// The family in either byte order: families are small numbers, so the right order is the one with empty high bytes.
pub(super) fn family(bytes: [u8; 4]) -> u32 {
    let little = u32::from_le_bytes(bytes);
    if little > 0xffff { u32::from_be_bytes(bytes) } else { little }
}

/// 2 is AF_INET everywhere; AF_INET6 is 24 (NetBSD, OpenBSD), 28 (FreeBSD), 30 (macOS), 10 (Linux) or 23 (Windows).
pub(super) fn ether_type(family: u32) -> Option<u16> {
    match family {
        2 => Some(0x0800),
        10 | 23 | 24 | 28 | 30 => Some(0x86dd),
        _ => None,
    }
}
