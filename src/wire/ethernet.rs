//! Ethernet II, and 802.3 frames with a length (IEEE 802.3 §3).
//!
//! In: the frame from its destination address on. Out: both addresses and the EtherType that says what follows; padding and
//! trailer behind the packet. Network cards mostly remove the frame check sequence before the capture and no file says whether
//! they did: as Wireshark does, four bytes behind a frame that needs no padding are taken for it.

use super::dissect::{Hop, Tail};
use super::read::{Head, be16, be32};
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, LinkType, Osi, Span, Step, Value, names};
use crate::lang::{Words, words};
use pnet::packet::ethernet::EthernetPacket;

crate::fields! {
    DST: "eth.dst", Kind::Mac, ("宛先 MAC アドレス", "Destination"),
        ("この区間でフレームを受け取る相手の番号です（IEEE 802.3 §3.2.4）。", "Which station on this link is to receive the frame. (IEEE 802.3 §3.2.4)");
    SRC: "eth.src", Kind::Mac, ("送信元 MAC アドレス", "Source"),
        ("この区間でフレームを送り出した側の番号です。ルータを越えると書き換わります。", "Which station put the frame on this link; every router replaces it with its own.");
    DST_OUI: "eth.dst.oui", Kind::Dec, ("宛先の製造者番号", "Destination OUI"),
        ("アドレスの前半 3 バイトは、機器の製造者に割り当てられた番号です。", "The first three bytes of an address: the number assigned to the maker of the device.");
    DST_LG: "eth.dst.lg", Kind::Bool, ("宛先は独自番号か", "Destination LG bit"),
        ("1 なら製造者の番号ではなく、自分で決めたアドレスです。", "1: an address chosen locally, not the maker's.");
    DST_IG: "eth.dst.ig", Kind::Bool, ("宛先はグループか", "Destination IG bit"),
        ("1 なら 1 台ではなく、グループ宛て（マルチキャスト、ブロードキャスト）です。", "1: meant for a group (multicast, broadcast), not for one station.");
    SRC_OUI: "eth.src.oui", Kind::Dec, ("送信元の製造者番号", "Source OUI"),
        ("アドレスの前半 3 バイトは、機器の製造者に割り当てられた番号です。", "The first three bytes of an address: the number assigned to the maker of the device.");
    SRC_LG: "eth.src.lg", Kind::Bool, ("送信元は独自番号か", "Source LG bit"),
        ("1 なら製造者の番号ではなく、自分で決めたアドレスです。", "1: an address chosen locally, not the maker's.");
    SRC_IG: "eth.src.ig", Kind::Bool, ("送信元はグループか", "Source IG bit"),
        ("送信元では 0 でなければなりません（IEEE 802.3 §3.2.3）。", "Must be 0 in a source address. (IEEE 802.3 §3.2.3)");
    LG: "eth.lg", Kind::Bool, ("独自番号か", "LG bit"),
        ("宛先または送信元のアドレスが、自分で決めたものかどうかです。", "Whether the destination or source address was chosen locally.");
    IG: "eth.ig", Kind::Bool, ("グループか", "IG bit"),
        ("宛先または送信元のアドレスが、グループを指すかどうかです。", "Whether the destination or source address means a group.");
    TYPE: "eth.type", Kind::Hex(4), ("タイプ", "Type"),
        ("中身がどのプロトコルかを示す番号（EtherType）です。", "Says which protocol the frame carries (the EtherType).");
    LEN: "eth.len", Kind::Dec, ("長さ", "Length"),
        ("1500 以下ならタイプではなく中身の長さで、続きは LLC です（IEEE 802.3 §3.2.6）。", "A value up to 1500 is not a type but the length of the data, which begins with LLC. (IEEE 802.3 §3.2.6)");
    BAD_TYPE: "eth.invalid_lentype", Kind::Hex(4), ("誤った長さまたはタイプ", "Invalid length or type"),
        ("1501 から 1535 は長さでもタイプでもなく、使われない値です。", "1501 to 1535 are neither a length nor a type and are not used.");
    PADDING: "eth.padding", Kind::Bytes, ("パディング", "Padding"),
        ("最短の 60 バイトに足りないとき、送信側が埋めた中身のないバイトです。", "Bytes without meaning that fill the frame up to the shortest length allowed, 60 bytes.");
    TRAILER: "eth.trailer", Kind::Bytes, ("トレーラ", "Trailer"),
        ("パケットの終わりより後ろにある、どのヘッダにも属さないバイトです。", "Bytes behind the end of the packet that belong to no header.");
    FCS: "eth.fcs", Kind::Hex(8), ("フレーム検査シーケンス", "Frame check sequence"),
        ("途中でビットが化けていないかを受信側が確かめる値です（IEEE 802.3 §3.2.9）。記録に含まれることはまれです。", "By this the receiver notices changed bits; captures rarely have it. (IEEE 802.3 §3.2.9)");
    FCS_STATUS: "eth.fcs.status", Kind::Dec, ("検査の状態", "FCS status"),
        ("2 は、確かめていないことを示します。", "2: it was not verified.");
}

/// Frames shorter than this are padded (the frame check sequence not counted).
const SHORTEST: usize = 60;
const FCS_LEN: usize = 4;

pub struct Ethernet;

impl Header for Ethernet {
    fn proto(&self) -> &'static str {
        "eth"
    }

    fn title(&self) -> &'static str {
        "Ethernet"
    }

    fn about(&self) -> Words {
        words(
            "同じネットワークの中で、隣の機器までフレームを届けます。",
            "Carries a frame to the next station on the same network.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::Link(LinkType::ETHERNET), Key::EtherType(0x6558), Key::IpProto(143)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        const NEED: usize = EthernetPacket::minimum_packet_size();
        let head = Head::<NEED>::of(input.slice());
        let base = input.area.start as usize;
        let Some(view) = EthernetPacket::new(&head.bytes) else {
            return Step::truncated(self.proto(), base, NEED, head.have);
        };
        let (dst, src) = (view.get_destination().octets(), view.get_source().octets());
        let kind = view.get_ethertype().0;
        let at = |from, len| Span::new(base + from, len);
        if !head.whole() {
            return Step::cut(self, input, NEED, Vec::new());
        }
        let mut fields = vec![
            address(&DST, dst, at(0, 6)).with(parts([&DST_OUI, &DST_LG, &DST_IG], dst)),
            address(&SRC, src, at(6, 6)).with(parts([&SRC_OUI, &SRC_LG, &SRC_IG], src)),
        ];
        let (def, name) = match kind {
            1..=1500 => (&LEN, Some("802.3 frame")),
            1501..0x600 => (&BAD_TYPE, None),
            _ => (&TYPE, names::ether_type(kind)),
        };
        let mut field = Field::new(def, Value::Uint(kind.into()), at(12, 2));
        field.meaning = name.map(str::to_owned);
        fields.push(field);
        let print = |m: [u8; 6]| m.map(|b| format!("{b:02x}")).join(":");
        let summary = format!("{} → {}", print(src), print(dst));
        let area = input.slice();
        let Some(hop) = hop(area, input.full_len) else {
            let layer = Layer::of(self, at(0, NEED), at(NEED, area.len() - NEED), summary, fields);
            return Step::malformed(layer, words("長さでもタイプでもない値です", "neither a length nor a type"));
        };
        if (1..=1500).contains(&kind) {
            fields.extend(after_length(input, &hop, &TRAILER, has_fcs(input.key)));
        }
        Step::hop(self, input, hop, summary, fields)
    }

    fn hop(&self, _key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(area, full_len)
    }

    fn trailer(&self, tail: &Tail<'_>) -> Vec<Field> {
        match tail.next {
            Key::EtherType(_) => trailer(&TRAILER, tail, has_fcs(tail.key)),
            _ => Vec::new(),
        }
    }

    fn through(&self, layer: &Layer) -> Option<&'static str> {
        layer.field(TYPE.name).map(|_| "ethertype")
    }
}

fn hop(area: &[u8], full_len: usize) -> Option<Hop> {
    const NEED: usize = 14;
    let kind = be16(area, 12)?;
    match kind {
        1..=1500 => by_length(kind, NEED, area, full_len),
        1501..0x600 => None,
        _ => Hop::rest(Key::EtherType(kind), NEED, area, full_len),
    }
}

/// What follows a length at the end of a header of `need` bytes: LLC, or old NetWare frames, which begin with 0xffff instead.
pub(super) fn by_length(length: u16, need: usize, area: &[u8], full_len: usize) -> Option<Hop> {
    let next = if be16(area, need) == Some(0xffff) { Key::Named("ipx") } else { Key::Llc };
    Hop::claimed(next, need, length.into(), area, full_len)
}

/// Only the outermost frame can end in a check sequence.
fn has_fcs(key: Key) -> bool {
    key == Key::Link(LinkType::ETHERNET)
}

/// What an address says of itself.
fn parts([oui, lg, ig]: [&'static FieldDef; 3], mac: [u8; 6]) -> Vec<Field> {
    let computed = |def, value| Field::new(def, value, Span::NONE);
    let number = u64::from(mac[0]) << 16 | u64::from(mac[1]) << 8 | u64::from(mac[2]);
    let [local, group] = [mac[0] & 2 != 0, mac[0] & 1 != 0].map(Value::Bool);
    vec![
        computed(oui, Value::Uint(number)),
        computed(lg, local.clone()),
        computed(&LG, local),
        computed(ig, group.clone()),
        computed(&IG, group),
    ]
}

/// The bytes behind the data of a frame that says its length.
pub(super) fn after_length(input: &Input<'_>, hop: &Hop, def: &'static FieldDef, fcs: bool) -> Vec<Field> {
    let from = input.area.start as usize + hop.to;
    let span = Span::new(from, (input.area.end() as usize).saturating_sub(from));
    let full_len = input.full_len.saturating_sub(hop.from + hop.full).max(span.len as usize);
    if span.is_empty() {
        return Vec::new();
    }
    let (bytes, key, area_len, frame_len) = (input.bytes, input.key, input.full_len, input.frame_len);
    trailer(def, &Tail { bytes, span, full_len, key, area_len, next: hop.next, frame_len }, fcs)
}

/// Padding fills the frame up to the shortest length with zeros; then the check sequence is told apart, if there can be one.
/// What is left is a trailer.
pub(super) fn trailer(def: &'static FieldDef, tail: &Tail<'_>, fcs: bool) -> Vec<Field> {
    let have = tail.span.len as usize;
    let missing = SHORTEST.saturating_sub(tail.frame_len.saturating_sub(tail.full_len));
    let mut padding = if tail.frame_len < SHORTEST { 0 } else { missing.min(tail.full_len) };
    if padding > have {
        return Vec::new();
    }
    let part = |from, len| Span::new(tail.span.start as usize + from, len);
    if part(0, padding).of(tail.bytes).iter().any(|b| *b != 0) {
        padding = 0;
    }
    let full = tail.full_len - padding;
    let fcs = fcs && tail.area_len >= SHORTEST + FCS_LEN && full >= FCS_LEN;
    let len = if fcs { (have - padding).min(full - FCS_LEN) } else { have - padding };
    let mut out = Vec::new();
    for (def, span) in [(&PADDING, part(0, padding)), (def, part(padding, len))] {
        if !span.is_empty() {
            out.push(Field::new(def, Value::Bytes, span));
        }
    }
    let span = part(padding + len, FCS_LEN);
    if fcs
        && have == tail.full_len
        && let Some(sum) = be32(tail.bytes, span.start as usize)
    {
        let status = Field::new(&FCS_STATUS, Value::Uint(2), Span::NONE).means("not verified");
        out.push(Field::new(&FCS, Value::Uint(sum.into()), span).with(vec![status]));
    }
    out
}

/// A MAC address with what its bits say.
pub(super) fn address(def: &'static FieldDef, mac: [u8; 6], span: Span) -> Field {
    let mut field = Field::new(def, Value::Mac(mac), span);
    field.meaning = names::mac(mac).map(str::to_owned);
    field
}
