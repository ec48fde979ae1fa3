//! Ethernet II, and 802.3 frames with a length (IEEE 802.3 §3).
//!
//! In: the frame from its destination address on. Out: both addresses and the EtherType that says what follows. The frame check
//! sequence is not part of it: network cards remove it before the capture.

use super::read::Head;
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, LinkType, Next, Osi, Span, Step, Value, names};
use crate::lang::{Words, words};
use pnet::packet::ethernet::EthernetPacket;

crate::fields! {
    DST: "eth.dst", Kind::Mac, ("宛先 MAC アドレス", "Destination"),
        ("この区間でフレームを受け取る相手の番号です（IEEE 802.3 §3.2.4）。", "Which station on this link is to receive the frame. (IEEE 802.3 §3.2.4)");
    SRC: "eth.src", Kind::Mac, ("送信元 MAC アドレス", "Source"),
        ("この区間でフレームを送り出した側の番号です。ルータを越えると書き換わります。", "Which station put the frame on this link; every router replaces it with its own.");
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
}

/// Frames shorter than this are padded (the frame check sequence not counted).
const SHORTEST: u32 = 60;

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
        &[Key::Link(LinkType::ETHERNET), Key::EtherType(0x6558)]
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
        let mut fields = vec![address(&DST, dst, at(0, 6)), address(&SRC, src, at(6, 6))];
        let (def, name) = match kind {
            0..=1500 => (&LEN, Some("802.3 frame")),
            0x600.. => (&TYPE, names::ether_type(kind)),
            _ => (&BAD_TYPE, None),
        };
        let mut field = Field::new(def, Value::Uint(kind.into()), at(12, 2));
        field.meaning = name.map(str::to_owned);
        fields.push(field);
        if !head.whole() {
            return Step::cut(self, input, NEED, fields);
        }
        let print = |m: [u8; 6]| m.map(|b| format!("{b:02x}")).join(":");
        let summary = format!("{} → {}", print(src), print(dst));
        let mut payload = at(NEED, input.slice().len() - NEED);
        let mut full = input.full_len.saturating_sub(NEED);
        let next = match kind {
            0..=1500 => {
                full = full.min(kind.into());
                payload.len = payload.len.min(kind.into());
                Key::Llc
            }
            _ => Key::EtherType(kind),
        };
        let layer = Layer::of(self, at(0, NEED), payload, summary, fields);
        if (1501..0x600).contains(&kind) {
            return Step::malformed(layer, words("長さでもタイプでもない値です", "neither a length nor a type"));
        }
        Step::read(layer, Next::Header(next), full)
    }

    fn trailer(&self, bytes: &[u8], left: Span) -> Vec<Field> {
        // Padding fills up to the shortest frame with zeros; anything else is a trailer.
        let padding = Span { len: SHORTEST.saturating_sub(left.start), ..left };
        let zeros = left.end() >= SHORTEST && padding.of(bytes).iter().all(|b| *b == 0);
        let split = if zeros { padding.end() } else { left.start };
        let parts = [(&PADDING, left.start, split), (&TRAILER, split, left.end())];
        let some = parts.into_iter().filter(|(_, from, to)| from < to);
        some.map(|(def, from, to)| Field::new(def, Value::Bytes, Span { start: from, len: to - from })).collect()
    }
}

/// A MAC address with what its bits say.
pub(super) fn address(def: &'static FieldDef, mac: [u8; 6], span: Span) -> Field {
    let mut field = Field::new(def, Value::Mac(mac), span);
    field.meaning = names::mac(mac).map(str::to_owned);
    field
}
