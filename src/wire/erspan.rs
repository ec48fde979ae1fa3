//! ERSPAN: frames that a switch mirrors to a far analyser, inside GRE.
//!
//! In: the bytes behind the GRE header. Out: from which VLAN and session the mirrored frame came, and the frame. Type 1 has no
//! header at all. Optional parts of type 3 are stepped over.

use super::dissect::Hop;
use super::read::{be16, be32};
use super::{Field, FieldDef, Header, Input, Key, Kind, Osi, Span, Step, Value};
use crate::lang::{Words, words};

crate::fields! {
    VERSION: "erspan.version", Kind::Dec, ("バージョン", "Version"),
        ("1 はタイプ II、2 はタイプ III です。", "1 is type II, 2 is type III.");
    VLAN: "erspan.vlan", Kind::Dec, ("VLAN", "VLAN"),
        ("写し取られたフレームが属していた VLAN です。", "The VLAN of the mirrored frame.");
    COS: "erspan.cos", Kind::Dec, ("優先度", "COS"),
        ("写し取られたフレームの優先度です。", "The priority of the mirrored frame.");
    ENCAP: "erspan.encap", Kind::Dec, ("タグの扱い", "Encap"),
        ("元のフレームにタグがあったかどうかです。", "Whether the frame had a VLAN tag.");
    BSO: "erspan.bso", Kind::Dec, ("異常", "Bad/Short/Oversized"),
        ("元のフレームが壊れていた、短すぎた、長すぎたことを示します。", "The frame was damaged, too short or too long.");
    TRUNCATED: "erspan.truncated", Kind::Dec, ("切り詰め", "Truncated"),
        ("1 なら、写すときに後ろが切られています。", "1: the end was cut off when it was mirrored.");
    SPAN_ID: "erspan.spanid", Kind::Dec, ("セッション番号", "SpanID"),
        ("どの写し取りの設定によるものかです。", "Which mirroring session it belongs to.");
    RESERVED: "erspan.reserved", Kind::Dec, ("予約", "Reserved"),
        ("使われていないビットです。", "Bits that are not used.");
    INDEX: "erspan.index", Kind::Dec, ("ポート", "Index"),
        ("写し取ったスイッチのポートを示す番号です。", "Which port of the switch it was mirrored from.");
    TIMESTAMP: "erspan.timestamp", Kind::Dec, ("時刻", "Timestamp"),
        ("スイッチがフレームを写した時刻です。", "When the switch mirrored the frame.");
    SGT: "erspan.sgt", Kind::Dec, ("グループ", "Security Group Tag"),
        ("送信元が属するセキュリティ上のグループです。", "The security group of the sender.");
    P: "erspan.p", Kind::Dec, ("Ethernet か", "Has Ethernet PDU"),
        ("中身が Ethernet のフレームかどうかです。", "Whether it carries an Ethernet frame.");
    FT: "erspan.ft", Kind::Dec, ("フレームの種類", "Frame type"),
        ("0 は Ethernet、2 は IP です。", "0 Ethernet, 2 IP.");
    HW: "erspan.hw", Kind::Dec, ("ハードウェア番号", "Hardware ID"),
        ("写し取った装置の番号です。", "The unit that mirrored the frame.");
    DIRECTION: "erspan.direction", Kind::Bool, ("向き", "Direction"),
        ("0 はポートに入るところ、1 は出るところで写したことを示します。", "0 mirrored when it came in, 1 when it went out.");
    GRA: "erspan.gra", Kind::Dec, ("時刻の単位", "Timestamp granularity"),
        ("時刻の 1 がどれだけの長さかです。", "The unit of the timestamp.");
    O: "erspan.o", Kind::Dec, ("追加ヘッダ", "Optional sub headers"),
        ("1 なら 8 バイトの追加ヘッダが続きます。", "1: eight more bytes of header follow.");
}

pub struct Erspan;

impl Header for Erspan {
    fn proto(&self) -> &'static str {
        "erspan"
    }

    fn title(&self) -> &'static str {
        "ERSPAN"
    }

    fn about(&self) -> Words {
        words(
            "スイッチが写し取ったフレームを、離れた解析装置まで運びます。",
            "Carries frames that a switch mirrors to an analyser somewhere else.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::Erspan(1), Key::Erspan(2), Key::Erspan(3)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let base = input.area.start as usize;
        let Some(hop) = hop(input.key, area, input.full_len) else {
            return Step::truncated(self.proto(), base, if input.key == Key::Erspan(3) { 12 } else { 8 }, area.len());
        };
        if input.key == Key::Erspan(1) {
            return Step::hop(self, input, hop, "type I".into(), Vec::new());
        }
        let part = |def: &'static FieldDef, first: u32, len: u32| {
            let bytes = ((first / 8) as usize, ((first + len - 1) / 8) as usize);
            let mut n = 0;
            for bit in first..first + len {
                let byte = area.get((bit / 8) as usize).copied().unwrap_or_default();
                n = n << 1 | u64::from(byte >> (7 - bit % 8) & 1);
            }
            let value = if def.kind == Kind::Bool { Value::Bool(n != 0) } else { Value::Uint(n) };
            Field::new(def, value, Span::new(base + bytes.0, bytes.1 - bytes.0 + 1)).bits(first, len)
        };
        let mut fields = vec![part(&VERSION, 0, 4), part(&VLAN, 4, 12), part(&COS, 16, 3)];
        let third = input.key == Key::Erspan(3);
        fields.push(part(if third { &BSO } else { &ENCAP }, 19, 2));
        fields.extend([part(&TRUNCATED, 21, 1), part(&SPAN_ID, 22, 10)]);
        if third {
            fields.extend([part(&TIMESTAMP, 32, 32), part(&SGT, 64, 16), part(&P, 80, 1), part(&FT, 81, 5), part(&HW, 86, 6)]);
            fields.extend([part(&DIRECTION, 92, 1), part(&GRA, 93, 2), part(&O, 95, 1)]);
        } else {
            fields.extend([part(&RESERVED, 32, 12), part(&INDEX, 44, 20)]);
        }
        let summary = format!("type {}", if third { "III" } else { "II" });
        Step::hop(self, input, hop, summary, fields)
    }

    fn hop(&self, key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(key, area, full_len)
    }
}

fn hop(key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
    let ethernet = Key::EtherType(0x6558);
    let (next, len) = match key {
        Key::Erspan(1) => (ethernet, 0),
        Key::Erspan(3) => {
            let word = be16(area, 10)?;
            let len = if word & 1 != 0 { 20 } else { 12 };
            (if word >> 10 & 0x1f == 2 { Key::Named("data") } else { ethernet }, len)
        }
        _ => {
            be32(area, 4)?;
            (ethernet, 8)
        }
    };
    Hop::rest(next, len, area, full_len)
}
