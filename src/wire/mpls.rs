//! MPLS: labels by which routers forward without looking at the IP address (RFC 3032).
//!
//! In: a stack of four-byte labels, the last one marked. Out: one group of fields a label, all in one layer. No number says
//! what follows the last label: it is guessed from the first four bits, as routers and Wireshark do (RFC 4928).

use super::dissect::Hop;
use super::read::be32;
use super::{Field, FieldDef, Header, Input, Key, Kind, Osi, Span, Step, Value};
use crate::lang::{Words, words};

crate::fields! {
    LABEL: "mpls.label", Kind::Dec, ("ラベル", "Label"),
        ("次のルータが転送先を引くための番号です（RFC 3032 §2.1）。", "By this number the next router looks up where to send the packet. (RFC 3032 §2.1)");
    EXP: "mpls.exp", Kind::Dec, ("優先度", "Experimental bits"),
        ("どのパケットを先に送るかを決める値です（RFC 5462）。", "Which packets are sent first. (RFC 5462)");
    BOTTOM: "mpls.bottom", Kind::Dec, ("最後のラベル", "Bottom of stack"),
        ("1 ならラベルの積み重ねはここまでで、次はパケットです。", "1: the last label; the packet follows.");
    TTL: "mpls.ttl", Kind::Dec, ("残りホップ数", "TTL"),
        ("ルータを通るたびに 1 減り、0 になると捨てられます。", "Falls by 1 at each router; at 0 the packet is dropped.");
}

/// Labels of one stack at most.
const MAX_LABELS: usize = 64;

pub struct Mpls;

impl Header for Mpls {
    fn proto(&self) -> &'static str {
        "mpls"
    }

    fn title(&self) -> &'static str {
        "MPLS"
    }

    fn about(&self) -> Words {
        words(
            "通信事業者の網の中で、宛先の代わりに短いラベルを見てパケットを運びます。",
            "Inside a provider's network: packets are forwarded by short labels in place of addresses.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::EtherType(0x8847), Key::EtherType(0x8848), Key::IpProto(137)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let base = input.area.start as usize;
        let (mut fields, mut labels) = (Vec::new(), Vec::new());
        let mut at = 0;
        while let Some(word) = be32(area, at) {
            if labels.len() >= MAX_LABELS {
                break;
            }
            let first = at as u32 * 8;
            let part = |def, from: u32, len: u32| {
                let n = word >> (32 - from - len) & ((1 << len) - 1);
                let bytes = (from / 8, (from + len - 1) / 8);
                let span = Span::new(base + at + bytes.0 as usize, (bytes.1 - bytes.0 + 1) as usize);
                Field::new(def, Value::Uint(n.into()), span).bits(first + from, len)
            };
            fields.extend([part(&LABEL, 0, 20), part(&EXP, 20, 3), part(&BOTTOM, 23, 1), part(&TTL, 24, 8)]);
            labels.push((word >> 12).to_string());
            at += 4;
            if word & BOTTOM_BIT != 0 {
                break;
            }
        }
        match hop(area, input.full_len) {
            Some(hop) => Step::hop(self, input, hop, format!("label {}", labels.join(", ")), fields),
            None => Step::cut(self, input, (at + 4).max(area.len() + 1), fields),
        }
    }

    fn hop(&self, _key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(area, full_len)
    }

    fn passes_tail(&self) -> bool {
        true
    }
}

const BOTTOM_BIT: u32 = 0x100;

fn hop(area: &[u8], full_len: usize) -> Option<Hop> {
    for n in 0..MAX_LABELS {
        let word = be32(area, n * 4)?;
        if word & BOTTOM_BIT == 0 {
            continue;
        }
        let len = n * 4 + 4;
        // RFC 3032 §2.1: 0 and 2 say what follows. Otherwise the first four bits do: an IP version, or a pseudowire.
        let next = match (word >> 12, area.get(len).map(|b| b >> 4)) {
            (_, None) => Key::Named("data"),
            (0, _) => Key::EtherType(0x0800),
            (2, _) => Key::EtherType(0x86dd),
            (13, _) | (_, Some(1)) => Key::Named("pwach"),
            (14, _) => Key::Named("data"),
            (_, Some(4)) => Key::EtherType(0x0800),
            (_, Some(6)) => Key::EtherType(0x86dd),
            (_, Some(0)) => Key::PseudoWire,
            _ => Key::Named("data"),
        };
        return Hop::rest(next, len, area, full_len);
    }
    None
}
