//! Cisco HDLC: the framing of Cisco's serial lines when they do not speak PPP.
//!
//! In: one byte of address, one of control, and an EtherType. Out: the EtherType. Frames that begin with PPP's 0xff are PPP.

use super::dissect::Hop;
use super::read::be16;
use super::{Field, FieldDef, Header, Input, Key, Kind, LinkType, Osi, Span, Step, Value, names};
use crate::lang::{Words, words};

crate::fields! {
    ADDRESS: "chdlc.address", Kind::Hex(2), ("アドレス", "Address"),
        ("0x0f は相手宛て、0x8f は全員宛てです。", "0x0f for the other end, 0x8f for all.");
    CONTROL: "chdlc.control", Kind::Hex(2), ("制御", "Control"),
        ("使われず、0 です。", "Not used, zero.");
    PROTOCOL: "chdlc.protocol", Kind::Hex(4), ("プロトコル", "Protocol"),
        ("中身がどのプロトコルかを示す番号（EtherType）です。", "Says which protocol the frame carries (the EtherType).");
}

pub struct Chdlc;

impl Header for Chdlc {
    fn proto(&self) -> &'static str {
        "chdlc"
    }

    fn title(&self) -> &'static str {
        "Cisco HDLC"
    }

    fn about(&self) -> Words {
        words("2 台のルータを結ぶ専用線の上でパケットを運びます。", "Carries packets over a serial line between two routers.")
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::Link(LinkType::C_HDLC)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let base = input.area.start as usize;
        let byte = |at: usize| Value::Uint(area.get(at).copied().unwrap_or_default().into());
        let protocol = be16(area, 2).unwrap_or_default();
        let mut last = Field::new(&PROTOCOL, Value::Uint(protocol.into()), Span::new(base + 2, 2));
        last.meaning = names::ether_type(protocol).map(str::to_owned);
        let fields = vec![
            Field::new(&ADDRESS, byte(0), Span::new(base, 1)),
            Field::new(&CONTROL, byte(1), Span::new(base + 1, 1)),
            last,
        ];
        match hop(area, input.full_len) {
            Some(hop) => Step::hop(self, input, hop, format!("protocol 0x{protocol:04x}"), fields),
            None => Step::cut(self, input, NEED, fields),
        }
    }

    fn hop(&self, _key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(area, full_len)
    }
}

const NEED: usize = 4;

fn hop(area: &[u8], full_len: usize) -> Option<Hop> {
    let next = match be16(area, 2)? {
        n @ (0x0800 | 0x86dd | 0x8847 | 0x8848) => Key::EtherType(n),
        0x2000 => Key::Named("cdp"),
        0x8035 => Key::Named("slarp"),
        0xfefe => Key::Named("osi"),
        _ => Key::Named("data"),
    };
    Hop::rest(next, NEED, area, full_len)
}
