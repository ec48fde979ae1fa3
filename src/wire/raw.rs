//! Frames that begin with the IP header: link types RAW, IPV4 and IPV6.
//!
//! In: a frame with no link header. Out: a layer without bytes, which says so, and the kind of IP that follows. It must not
//! invent a link header.

use super::{Field, FieldDef, Header, Input, Key, Layer, LinkType, Next, Osi, Span, Step};
use crate::lang::{Words, words};

crate::fields! {}

pub struct Raw;

impl Header for Raw {
    fn proto(&self) -> &'static str {
        "raw"
    }

    fn title(&self) -> &'static str {
        "Raw IP"
    }

    fn about(&self) -> Words {
        words(
            "このキャプチャにはデータリンク層のヘッダが記録されていません。",
            "This capture has no data link header: it was not recorded or never existed.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[
            Key::Link(LinkType::RAW),
            Key::Link(LinkType(12)),
            Key::Link(LinkType(14)),
            Key::Link(LinkType::IPV4),
            Key::Link(LinkType::IPV6),
        ]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let Some(first) = input.slice().first() else {
            return Step::truncated(self.proto(), input.area.start as usize, 1, 0);
        };
        let none = Span::new(input.area.start as usize, 0);
        let layer = Layer::of(self, none, input.area, "no link header".into(), Vec::<Field>::new());
        match ether_type(*first) {
            Some(kind) => Step::read(layer, Next::Header(Key::EtherType(kind)), input.full_len),
            None => Step::malformed(layer, words("IP のバージョンが 4 でも 6 でもありません", "the IP version is neither 4 nor 6")),
        }
    }
}

/// By the version in the first four bits.
pub(super) fn ether_type(first: u8) -> Option<u16> {
    match first >> 4 {
        4 => Some(0x0800),
        6 => Some(0x86dd),
        _ => None,
    }
}
