//! Frames that begin with the IP header: link type RAW (IPV4 and IPV6 are read by the headers themselves).
//!
//! In: a frame with no link header. Out: a layer without bytes, which says so, and the kind of IP that follows. It must not
//! invent a link header.

use super::dissect::Hop;
use super::{Field, FieldDef, Header, Input, Key, LinkType, Osi, Step};
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
        ]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let Some(hop) = hop(input.slice(), input.full_len) else {
            return Step::truncated(self.proto(), input.area.start as usize, 1, 0);
        };
        Step::hop(self, input, hop, "no link header".into(), Vec::<Field>::new())
    }

    fn hop(&self, _key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(area, full_len)
    }
}

fn hop(area: &[u8], full_len: usize) -> Option<Hop> {
    // Some systems leave a PPP header in front.
    let next = match ether_type(*area.first()?) {
        Some(kind) => Key::EtherType(kind),
        None if area.starts_with(&[0xff, 0x03]) => Key::PppFrame,
        None => Key::Named("data"),
    };
    Hop::rest(next, 0, area, full_len)
}

/// By the version in the first four bits.
pub(super) fn ether_type(first: u8) -> Option<u16> {
    match first >> 4 {
        4 => Some(0x0800),
        6 => Some(0x86dd),
        _ => None,
    }
}
