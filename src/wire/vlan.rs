//! VLAN tags, one layer a tag: IEEE 802.1Q (customer tag) and 802.1ad (service tag).
//!
//! In: the bytes behind the EtherType that announced the tag. Out: priority, drop eligibility and VLAN number, and the
//! EtherType of what follows, which may be another tag.

use super::read::Head;
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, Next, Osi, Span, Step, Value, names};
use crate::lang::{Words, words};
use pnet::packet::vlan::VlanPacket;

crate::fields! {
    PRIORITY: "vlan.priority", Kind::Dec, ("優先度", "Priority"),
        ("スイッチがどのフレームを先に送るかを決める 0 から 7 の値です（IEEE 802.1Q §6.9）。", "0 to 7: which frames a switch sends first. (IEEE 802.1Q §6.9)");
    DEI: "vlan.dei", Kind::Bool, ("破棄可能", "DEI"),
        ("混雑したときに先に捨ててよいフレームの印です。", "Marks frames that may be dropped first under congestion.");
    ID: "vlan.id", Kind::Dec, ("VLAN 番号", "VLAN ID"),
        ("1 本の線を分け合う仮想的なネットワークのどれに属するかを示します（1〜4094）。", "Which of the virtual networks sharing the wire the frame belongs to (1 to 4094).");
    ETYPE: "vlan.etype", Kind::Hex(4), ("タイプ", "Type"),
        ("タグの後ろがどのプロトコルかを示す番号（EtherType）です。", "Says which protocol follows the tag (the EtherType).");
    LEN: "vlan.len", Kind::Dec, ("長さ", "Length"),
        ("1500 以下ならタイプではなく中身の長さで、続きは LLC です。", "A value up to 1500 is not a type but the length of the data, which begins with LLC.");
    TRAILER: "vlan.trailer", Kind::Bytes, ("トレーラ", "Trailer"),
        ("パケットの終わりより後ろにある、詰め物などのバイトです。", "Bytes behind the end of the packet, such as padding.");
}

/// The EtherTypes that announce a tag.
pub const TAGS: [u16; 4] = [0x8100, 0x88a8, 0x9100, 0x9200];

pub struct Vlan;

impl Header for Vlan {
    fn proto(&self) -> &'static str {
        "vlan"
    }

    fn title(&self) -> &'static str {
        "VLAN"
    }

    fn about(&self) -> Words {
        words(
            "1 本の線の上に、別々のネットワークをいくつも通すための札です。",
            "A tag that lets several separate networks share one wire.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[
            Key::EtherType(TAGS[0]),
            Key::EtherType(TAGS[1]),
            Key::EtherType(TAGS[2]),
            Key::EtherType(TAGS[3]),
        ]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        const NEED: usize = VlanPacket::minimum_packet_size();
        let head = Head::<NEED>::of(input.slice());
        let base = input.area.start as usize;
        let Some(view) = VlanPacket::new(&head.bytes) else {
            return Step::truncated(self.proto(), base, NEED, head.have);
        };
        let at = |from, len| Span::new(base + from, len);
        let (priority, id) = (view.get_priority_code_point().0, view.get_vlan_identifier());
        let kind = view.get_ethertype().0;
        let length = kind <= 1500;
        let mut last = Field::new(if length { &LEN } else { &ETYPE }, Value::Uint(kind.into()), at(2, 2));
        last.meaning = names::ether_type(kind).map(str::to_owned);
        let fields = vec![
            Field::new(&PRIORITY, Value::Uint(priority.into()), at(0, 1)).bits(0, 3),
            Field::new(&DEI, Value::Bool(view.get_drop_eligible_indicator() != 0), at(0, 1)).bits(3, 1),
            Field::new(&ID, Value::Uint(id.into()), at(0, 2)).bits(4, 12),
            last,
        ];
        if !head.whole() {
            return Step::cut(self, input, NEED, fields);
        }
        let mut payload = at(NEED, input.slice().len() - NEED);
        let mut full = input.full_len.saturating_sub(NEED);
        if length {
            payload.len = payload.len.min(kind.into());
            full = full.min(kind.into());
        }
        let next = if length { Key::Llc } else { Key::EtherType(kind) };
        let layer = Layer::of(self, at(0, NEED), payload, format!("ID {id}, priority {priority}"), fields);
        Step::read(layer, Next::Header(next), full)
    }

    fn trailer(&self, _bytes: &[u8], left: Span) -> Vec<Field> {
        vec![Field::new(&TRAILER, Value::Bytes, left)]
    }
}
