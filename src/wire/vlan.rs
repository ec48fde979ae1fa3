//! VLAN tags, one layer a tag: IEEE 802.1Q (customer tag) and 802.1ad (service tag).
//!
//! In: the bytes behind the EtherType that announced the tag. Out: priority, drop eligibility and VLAN number, and the
//! EtherType of what follows, which may be another tag.

use super::dissect::{Hop, Tail};
use super::read::{Head, be16};
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, Osi, Span, Step, Value, ethernet, names};
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

/// The service tag has its own names in Wireshark.
pub(super) mod service {
    use crate::wire::Kind;

    crate::fields! {
        PRIORITY: "ieee8021ad.priority", Kind::Dec, ("優先度", "Priority"),
            ("スイッチがどのフレームを先に送るかを決める 0 から 7 の値です（IEEE 802.1Q §6.9）。", "0 to 7: which frames a switch sends first. (IEEE 802.1Q §6.9)");
        DEI: "ieee8021ad.dei", Kind::Dec, ("破棄可能", "DEI"),
            ("混雑したときに先に捨ててよいフレームの印です。", "Marks frames that may be dropped first under congestion.");
        ID: "ieee8021ad.id", Kind::Dec, ("サービス VLAN 番号", "Service VLAN ID"),
            ("通信事業者が顧客のフレームをまとめて運ぶための VLAN の番号です。", "The VLAN in which a provider carries all the frames of one customer.");
        ETYPE: "ieee8021ah.etype", Kind::Hex(4), ("タイプ", "Type"),
            ("タグの後ろがどのプロトコルかを示す番号（EtherType）です。", "Says which protocol follows the tag (the EtherType).");
        TRAILER: "ieee8021ah.trailer", Kind::Bytes, ("トレーラ", "Trailer"),
            ("パケットの終わりより後ろにある、詰め物などのバイトです。", "Bytes behind the end of the packet, such as padding.");
    }
}

/// The EtherTypes that announce a tag: the customer's (802.1Q), the provider's (802.1ad), and one used before 802.1ad.
pub const TAGS: [u16; 3] = [0x8100, 0x88a8, 0x9100];

pub struct ServiceTag;

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
        &[Key::EtherType(TAGS[0]), Key::EtherType(TAGS[2])]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let defs = [&PRIORITY, &DEI, &ID, &ETYPE, &LEN, &TRAILER];
        tag(self, input, defs, |dei| Value::Bool(dei != 0))
    }

    fn hop(&self, key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(key, area, full_len)
    }

    fn trailer(&self, tail: &Tail<'_>) -> Vec<Field> {
        ethernet::trailer(&TRAILER, tail, false)
    }

    fn through(&self, layer: &Layer) -> Option<&'static str> {
        layer.field(ETYPE.name).map(|_| "ethertype")
    }
}

impl Header for ServiceTag {
    fn proto(&self) -> &'static str {
        "ieee8021ad"
    }

    fn title(&self) -> &'static str {
        "Service VLAN"
    }

    fn about(&self) -> Words {
        words(
            "通信事業者が、顧客の VLAN タグの外側に付ける札です。",
            "A tag that a provider puts around the VLAN tags of its customer.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::EtherType(TAGS[1])]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        service::FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        use service::{DEI, ETYPE, ID, PRIORITY, TRAILER};
        tag(self, input, [&PRIORITY, &DEI, &ID, &ETYPE, &ETYPE, &TRAILER], |dei| Value::Uint(dei.into()))
    }

    fn hop(&self, key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(key, area, full_len)
    }

    fn trailer(&self, tail: &Tail<'_>) -> Vec<Field> {
        ethernet::trailer(&service::TRAILER, tail, false)
    }

    fn through(&self, layer: &Layer) -> Option<&'static str> {
        layer.field(service::ETYPE.name).map(|_| "ethertype")
    }
}

const NEED: usize = VlanPacket::minimum_packet_size();

/// Only the customer's tag may have a length in the place of the type.
fn hop(key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
    match be16(area, 2)? {
        length @ 0..=1500 if key != Key::EtherType(TAGS[1]) => ethernet::by_length(length, NEED, area, full_len),
        kind => Hop::rest(Key::EtherType(kind), NEED, area, full_len),
    }
}

/// Both tags have one format; `defs` are the fields of this one.
fn tag(header: &dyn Header, input: &Input<'_>, defs: [&'static FieldDef; 6], flag: fn(u8) -> Value) -> Step {
    let [priority_def, dei_def, id_def, etype_def, len_def, trailer_def] = defs;
    let head = Head::<NEED>::of(input.slice());
    let base = input.area.start as usize;
    let Some(view) = VlanPacket::new(&head.bytes) else {
        return Step::truncated(header.proto(), base, NEED, head.have);
    };
    let at = |from, len| Span::new(base + from, len);
    let (priority, id) = (view.get_priority_code_point().0, view.get_vlan_identifier());
    let kind = view.get_ethertype().0;
    let length = kind <= 1500 && input.key != Key::EtherType(TAGS[1]);
    let mut last = Field::new(if length { len_def } else { etype_def }, Value::Uint(kind.into()), at(2, 2));
    last.meaning = names::ether_type(kind).map(str::to_owned);
    let mut fields = vec![
        Field::new(priority_def, Value::Uint(priority.into()), at(0, 1)).bits(0, 3),
        Field::new(dei_def, flag(view.get_drop_eligible_indicator()), at(0, 1)).bits(3, 1),
        Field::new(id_def, Value::Uint(id.into()), at(0, 2)).bits(4, 12),
        last,
    ];
    let Some(hop) = hop(input.key, input.slice(), input.full_len) else {
        return Step::cut(header, input, NEED, fields);
    };
    if length {
        fields.extend(ethernet::after_length(input, &hop, trailer_def, false));
    }
    Step { tail: length, ..Step::hop(header, input, hop, format!("ID {id}, priority {priority}"), fields) }
}
