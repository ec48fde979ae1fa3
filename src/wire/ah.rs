//! AH: proof that an IP packet comes from whom it says and was not changed on its way (RFC 4302). Nothing in it is encrypted.
//!
//! In: the bytes behind an IP header with protocol 51. Out: the agreement's number, the packet's number and the proof; the
//! protocol inside follows. The proof is not verified: that needs the key.

use super::dissect::Hop;
use super::read::be32;
use super::{Field, FieldDef, Header, Input, Key, Kind, Osi, Span, Step, Value, ipv6, names};
use crate::lang::{Words, words};

crate::fields! {
    NEXT: "ah.next_header", Kind::Dec, ("次のヘッダ", "Next header"),
        ("続くのがどのプロトコルかを示します（RFC 4302 §2.1）。", "Says which protocol follows. (RFC 4302 §2.1)");
    LENGTH: "ah.length", Kind::Dec, ("長さ", "Length"),
        ("このヘッダの長さで、4 バイトを単位とし、2 を引いた数です（RFC 4302 §2.2）。", "The length of this header in units of four bytes, minus 2. (RFC 4302 §2.2)");
    RESERVED: "ah.reserved", Kind::Bytes, ("予約", "Reserved"),
        ("使われず、0 です。", "Not used, zero.");
    SPI: "ah.spi", Kind::Hex(8), ("取り決めの番号", "SPI"),
        ("両端が決めた鍵と方式の組を示します（RFC 4302 §2.4）。", "Which key and method the two ends agreed on. (RFC 4302 §2.4)");
    SEQ: "ah.sequence", Kind::Dec, ("順序番号", "Sequence"),
        ("記録されたパケットを送り直す攻撃を防ぐ番号です（RFC 4302 §2.5）。", "Keeps an attacker from sending old packets again. (RFC 4302 §2.5)");
    ICV: "ah.icv", Kind::Bytes, ("証明", "ICV"),
        ("パケットが本物で、変わっていないことの証明です（RFC 4302 §2.6）。", "The proof that the packet is genuine and unchanged. (RFC 4302 §2.6)");
}

pub(super) const PROTO: u8 = 51;
const NEED: usize = 12;

pub struct Ah;

/// The header's length as it says itself.
pub(super) fn header_len(area: &[u8]) -> Option<usize> {
    Some((usize::from(*area.get(1)?) + 2) * 4).filter(|len| *len >= NEED)
}

impl Header for Ah {
    fn proto(&self) -> &'static str {
        "ah"
    }

    fn title(&self) -> &'static str {
        "AH"
    }

    fn about(&self) -> Words {
        words(
            "パケットが本当にその相手から来て、途中で変わっていないことを証明します。",
            "Proves that a packet comes from whom it says and was not changed on its way.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::Network
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::IpProto(PROTO)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let base = input.area.start as usize;
        let at = |from, len| Span::new(base + from, len);
        let byte = |n: usize| area.get(n).copied().unwrap_or_default();
        let word = |from| Value::Uint(be32(area, from).unwrap_or_default().into());
        let mut next = Field::new(&NEXT, Value::Uint(byte(0).into()), at(0, 1));
        next.meaning = names::ip_proto(byte(0)).map(str::to_owned);
        let mut fields = vec![
            next,
            Field::new(&LENGTH, Value::Uint(byte(1).into()), at(1, 1)),
            Field::new(&RESERVED, Value::Bytes, at(2, 2)),
            Field::new(&SPI, word(4), at(4, 4)),
            Field::new(&SEQ, word(8), at(8, 4)),
        ];
        let len = header_len(area).unwrap_or(NEED);
        if len > NEED {
            fields.push(Field::new(&ICV, Value::Bytes, at(NEED, len - NEED)));
        }
        match header_len(area).and_then(|len| Hop::rest(Key::IpProto(byte(0)), len, area, input.full_len)) {
            Some(hop) => {
                let summary = format!("SPI 0x{:08x}", be32(area, 4).unwrap_or_default());
                Step { next: ipv6::next(byte(0)), ..Step::hop(self, input, hop, summary, fields) }
            }
            None => Step::cut(self, input, len.max(area.len() + 1), fields),
        }
    }
}
