//! EtherIP: an Ethernet frame right behind an IP header (RFC 3378).
//!
//! In: two bytes with a version. Out: the version; the frame follows.

use super::dissect::Hop;
use super::read::be16;
use super::{Field, FieldDef, Header, Input, Key, Kind, Osi, Span, Step, Value};
use crate::lang::{Words, words};

crate::fields! {
    VERSION: "etherip.ver", Kind::Dec, ("バージョン", "Version"),
        ("EtherIP のバージョンで、3 です（RFC 3378 §2）。", "The version of EtherIP: 3. (RFC 3378 §2)");
    RESERVED: "etherip.reserved", Kind::Hex(4), ("予約", "Reserved"),
        ("使われず、0 です（RFC 3378 §2）。", "Not used, zero. (RFC 3378 §2)");
}

pub struct EtherIp;

const NEED: usize = 2;

impl Header for EtherIp {
    fn proto(&self) -> &'static str {
        "etherip"
    }

    fn title(&self) -> &'static str {
        "EtherIP"
    }

    fn about(&self) -> Words {
        words("Ethernet のフレームを丸ごと IP の中に入れて運びます。", "Carries whole Ethernet frames inside IP.")
    }

    fn osi(&self) -> Osi {
        Osi::Network
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::IpProto(97)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let word = be16(area, 0).unwrap_or_default();
        let span = Span::new(input.area.start as usize, NEED);
        let fields = vec![
            Field::new(&VERSION, Value::Uint((word >> 12).into()), span).bits(0, 4),
            Field::new(&RESERVED, Value::Uint((word & 0xfff).into()), span).bits(4, 12),
        ];
        match self.hop(input.key, area, input.full_len) {
            Some(hop) => Step::hop(self, input, hop, String::new(), fields),
            None => Step::cut(self, input, NEED, fields),
        }
    }

    fn hop(&self, _key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        Hop::rest(Key::EtherType(0x6558), NEED, area, full_len)
    }
}
