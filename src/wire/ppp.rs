//! PPP: the link between two ends of a line (RFC 1661), in the framing of RFC 1662 without its flags and check sequence.
//!
//! In: a frame with or without address and control bytes and with a protocol number of one byte or two. Out: the number and what
//! it announces. Which of them were left out is seen from the bytes.

use super::dissect::Hop;
use super::{Field, FieldDef, Header, Input, Key, Kind, LinkType, Osi, Span, Step, Value};
use crate::lang::{Words, words};

crate::fields! {
    DIRECTION: "ppp.direction", Kind::Dec, ("向き", "Direction"),
        ("1 は受信、0 は送信です。記録したプログラムが書いたもので、回線には流れていません。", "1 received, 0 sent; noted by the capturing program, never on the line.");
    ADDRESS: "ppp.address", Kind::Hex(2), ("アドレス", "Address"),
        ("常に 0xff です。相手は 1 台だけなので、送らないこともあります（RFC 1662 §3.1）。", "Always 0xff: there is only one other end, so it is often left out. (RFC 1662 §3.1)");
    CONTROL: "ppp.control", Kind::Hex(2), ("制御", "Control"),
        ("常に 0x03 です（RFC 1662 §3.1）。", "Always 0x03. (RFC 1662 §3.1)");
    PROTOCOL: "ppp.protocol", Kind::Hex(4), ("プロトコル", "Protocol"),
        ("中身がどのプロトコルかを示す番号です。0x0021 は IPv4、0x0057 は IPv6 です（RFC 1661 §2）。", "Says what the frame carries: 0x0021 IPv4, 0x0057 IPv6. (RFC 1661 §2)");
}

pub struct Ppp;

impl Header for Ppp {
    fn proto(&self) -> &'static str {
        "ppp"
    }

    fn title(&self) -> &'static str {
        "PPP"
    }

    fn about(&self) -> Words {
        words(
            "電話回線や ADSL のように、2 台だけを結ぶ線の上でパケットを運びます。",
            "Carries packets over a line with two ends only, such as a telephone or ADSL line.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[
            Key::Link(LinkType::PPP),
            Key::Link(LinkType::PPP_SERIAL),
            Key::Link(LinkType::PPP_PPPD),
            Key::Link(LinkType::PPP_WITH_DIR),
            Key::PppFrame,
            Key::PppBare,
        ]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let base = input.area.start as usize;
        let parts = Parts::of(input.key, area);
        let byte = |def, at: usize| {
            area.get(at).map(|n| Field::new(def, Value::Uint((*n).into()), Span::new(base + at, 1)))
        };
        let mut fields = Vec::new();
        if parts.direction {
            // In the file 0 stands for a received frame, and anything else for one that was sent.
            let received = area.first().map(|n| Value::Uint((*n == 0).into()));
            fields.extend(received.map(|value| Field::new(&DIRECTION, value, Span::new(base, 1))));
        }
        if parts.address {
            fields.extend(byte(&ADDRESS, parts.protocol - 2));
            fields.extend(byte(&CONTROL, parts.protocol - 1));
        }
        let Some(hop) = hop(input.key, area, input.full_len) else {
            if parts.chdlc {
                return Step::hop(self, input, parts.hdlc(area, input.full_len), "Cisco HDLC".into(), fields);
            }
            return Step::cut(self, input, parts.protocol + 2, fields);
        };
        let mut summary = String::new();
        if let Key::Ppp(n) | Key::EtherType(n) = hop.next
            && !parts.chdlc
        {
            let n = number(area, parts.protocol).map_or(n, |(n, _)| n);
            let name = super::named::name(Key::Ppp(n)).map(|(_, title)| title).or(match n {
                0x21 => Some("IPv4"),
                0x57 => Some("IPv6"),
                _ => None,
            });
            let mut field = Field::new(&PROTOCOL, Value::Uint(n.into()), Span::new(base + parts.protocol, hop.from - parts.protocol));
            field.meaning = name.map(str::to_owned);
            fields.push(field);
            summary = name.map_or_else(|| format!("protocol 0x{n:04x}"), str::to_owned);
        }
        Step::hop(self, input, hop, summary, fields)
    }

    fn hop(&self, key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(key, area, full_len)
    }
}

/// What stands before the protocol number.
struct Parts {
    direction: bool,
    address: bool,
    /// No PPP at all, but Cisco's own framing: its first byte is 0x0f or 0x8f.
    chdlc: bool,
    /// Where the protocol number is.
    protocol: usize,
}

impl Parts {
    fn of(key: Key, area: &[u8]) -> Self {
        let direction = matches!(key, Key::Link(LinkType::PPP_PPPD | LinkType::PPP_WITH_DIR));
        let at = usize::from(direction);
        let first = area.get(at).copied();
        let framed = key != Key::PppBare;
        let address = framed && first == Some(0xff);
        let chdlc = framed && matches!(first, Some(0x0f | 0x8f));
        Self { direction, address, chdlc, protocol: at + if address { 2 } else { 0 } }
    }

    fn hdlc(&self, area: &[u8], full_len: usize) -> Hop {
        let from = self.protocol.min(area.len());
        Hop { next: Key::Link(LinkType::C_HDLC), from, to: area.len(), full: full_len.saturating_sub(from) }
    }
}

/// The protocol number at `at` and how many bytes it has: the first of two is even (RFC 1661 §2).
fn number(area: &[u8], at: usize) -> Option<(u16, usize)> {
    let first = u16::from(*area.get(at)?);
    if first & 1 != 0 {
        return Some((first, 1));
    }
    Some((first << 8 | u16::from(*area.get(at + 1)?), 2))
}

fn hop(key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
    let parts = Parts::of(key, area);
    if parts.chdlc {
        return Some(parts.hdlc(area, full_len));
    }
    let (n, len) = number(area, parts.protocol)?;
    let next = match n {
        0x0021 => Key::EtherType(0x0800),
        0x0057 => Key::EtherType(0x86dd),
        0x0281 => Key::EtherType(0x8847),
        0x0283 => Key::EtherType(0x8848),
        n => Key::Ppp(n),
    };
    Hop::rest(next, parts.protocol + len, area, full_len)
}
