//! Linux "cooked" captures, as made on the device `any`: SLL and SLL2.
//!
//! In: the header that libpcap puts in place of the real link header. Out: which way the packet went, through which kind of
//! device, the sender's address there, and the protocol that follows. It was never on a wire.

use super::dissect::{Hop, Tail};
use super::read::{Head, array, be16, be32};
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, LinkType, Osi, Span, Step, Value, ethernet, gre, names};
use crate::lang::{Words, words};

crate::fields! {
    PKTTYPE: "sll.pkttype", Kind::Dec, ("パケットの向き", "Packet type"),
        ("自分宛て、ブロードキャスト、自分が送ったもの、などの別です。", "Whether the packet came to us, to everybody, or was sent by us.");
    HATYPE: "sll.hatype", Kind::Dec, ("デバイスの種類", "Link-layer address type"),
        ("通ったデバイスの種類を Linux の番号（ARPHRD）で示します。", "The kind of device it went through, as Linux numbers them (ARPHRD).");
    HALEN: "sll.halen", Kind::Dec, ("アドレスの長さ", "Link-layer address length"),
        ("続くアドレスのうち意味のあるバイト数です。", "How many bytes of the address that follows are used.");
    SRC_ETH: "sll.src.eth", Kind::Mac, ("送信元 MAC アドレス", "Source"),
        ("パケットを送り出したデバイスの MAC アドレスです。宛先は記録されません。", "The MAC address of the device that sent the packet; the destination is not recorded.");
    SRC_IPV4: "sll.src.ipv4", Kind::Ipv4, ("送信元アドレス", "Source"),
        ("トンネルのデバイスでは、アドレスとして IPv4 アドレスが入ります。", "Tunnel devices have an IPv4 address as their link address.");
    SRC_OTHER: "sll.src.other", Kind::Bytes, ("送信元アドレス", "Source"),
        ("パケットを送り出したデバイスのアドレスです。", "The address of the device that sent the packet.");
    UNUSED: "sll.unused", Kind::Bytes, ("未使用", "Unused"),
        ("使われていないバイトです。", "Bytes that are not used.");
    RESERVED: "sll.reserved", Kind::Bytes, ("予約", "Reserved"),
        ("将来のために空けてあるバイトで、0 です。", "Kept for the future, zero.");
    ETYPE: "sll.etype", Kind::Hex(4), ("プロトコル", "Protocol"),
        ("続くパケットのプロトコルを示す番号（EtherType）です。", "Says which protocol follows (the EtherType).");
    LTYPE: "sll.ltype", Kind::Hex(4), ("プロトコル（Linux）", "Protocol (Linux)"),
        ("EtherType を持たないフレームを Linux 独自の番号で示します。", "Linux's own number for frames that have no EtherType.");
    GRETYPE: "sll.gretype", Kind::Hex(4), ("プロトコル（GRE）", "Protocol (GRE)"),
        ("GRE トンネルのデバイスでは、GRE と同じ番号でプロトコルを示します。", "On GRE tunnel devices: the protocol, numbered as in a GRE header.");
    IFINDEX: "sll.ifindex", Kind::Dec, ("インタフェース番号", "Interface index"),
        ("パケットが通ったネットワークインタフェースの番号です。", "The number of the network interface that the packet went through.");
    TRAILER: "sll.trailer", Kind::Bytes, ("トレーラ", "Trailer"),
        ("パケットの終わりより後ろにある、詰め物などのバイトです。", "Bytes behind the end of the packet, such as padding.");
}

/// Bytes of the SLL header, and of the SLL2 header.
pub(super) const LEN: [usize; 2] = [16, 20];

pub struct Sll;

impl Header for Sll {
    fn proto(&self) -> &'static str {
        "sll"
    }

    fn title(&self) -> &'static str {
        "Linux cooked"
    }

    fn about(&self) -> Words {
        words(
            "すべてのデバイスをまとめて記録したとき、Linux が元のヘッダの代わりに置く見出しです。",
            "What Linux puts in place of the real link header when all devices are captured at once.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::Link(LinkType::LINUX_SLL), Key::Link(LinkType::LINUX_SLL2)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let second = input.key == Key::Link(LinkType::LINUX_SLL2);
        let need = LEN[usize::from(second)];
        let base = input.area.start as usize;
        let head = Head::<20>::of(input.slice());
        let b = &head.bytes;
        let at = |from, len| Span::new(base + from, len);
        let number = |def, from| Field::new(def, Value::Uint(be16(b, from).unwrap_or_default().into()), at(from, 2));
        let protocol = be16(b, if second { 0 } else { 14 }).unwrap_or_default();
        let hardware_type = be16(b, if second { 8 } else { 2 }).unwrap_or_default();
        let (way, halen) = match second {
            true => (b[10].into(), b[11].into()),
            false => (be16(b, 0).unwrap_or_default(), be16(b, 4).unwrap_or_default()),
        };
        let byte = |def, value: u16, from| Field::new(def, Value::Uint(value.into()), at(from, 1));
        let hardware = |from| named(number(&HATYPE, from), names::hardware(hardware_type));
        let fields = if second {
            let index = Value::Uint(be32(b, 4).unwrap_or_default().into());
            let mut all = vec![
                kind(hardware_type, protocol, at(0, 2)),
                Field::new(&RESERVED, Value::Bytes, at(2, 2)),
                Field::new(&IFINDEX, index, at(4, 4)),
                hardware(8),
                named(byte(&PKTTYPE, way, 10), direction(way)),
                byte(&HALEN, halen, 11),
            ];
            all.extend(source(b, 12, halen.into(), base));
            all
        } else {
            let mut all = vec![named(number(&PKTTYPE, 0), direction(way)), hardware(2), number(&HALEN, 4)];
            all.extend(source(b, 6, halen.into(), base));
            all.push(kind(hardware_type, protocol, at(14, 2)));
            all
        };
        let summary = direction(way).unwrap_or("unknown direction").to_owned();
        // Wireshark reads the header of netlink messages as part of netlink, and has no fields of this name for it.
        let fields = if hardware_type == device::NETLINK { Vec::new() } else { fields };
        let Some(hop) = hop(second, input.slice(), input.full_len) else { return Step::cut(self, input, need, fields) };
        Step::hop(self, input, hop, summary, fields)
    }

    fn hop(&self, key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(key == Key::Link(LinkType::LINUX_SLL2), area, full_len)
    }

    fn trailer(&self, tail: &Tail<'_>) -> Vec<Field> {
        match tail.next {
            Key::EtherType(_) => ethernet::trailer(&TRAILER, tail, false),
            _ => Vec::new(),
        }
    }

    fn through(&self, layer: &Layer) -> Option<&'static str> {
        layer.field(ETYPE.name).map(|_| "ethertype")
    }
}

/// Linux's device numbers (ARPHRD) whose packets do not follow by EtherType.
mod device {
    pub const GRE: u16 = 778;
    pub const RADIOTAP: u16 = 803;
    pub const NETLINK: u16 = 824;
}

/// From here on the protocol is an EtherType.
const FIRST_ETHER_TYPE: u16 = 0x600;

/// May the EtherType be followed without looking at the device?
pub(super) fn plain(hardware: u16) -> bool {
    !matches!(hardware, device::GRE | device::RADIOTAP | device::NETLINK)
}

fn hop(second: bool, area: &[u8], full_len: usize) -> Option<Hop> {
    let (hardware, protocol) = if second { (be16(area, 8)?, be16(area, 0)?) } else { (be16(area, 2)?, be16(area, 14)?) };
    let next = match (hardware, protocol) {
        (device::GRE, n) => gre::carried(n),
        (device::RADIOTAP, _) => Key::Link(LinkType::IEEE802_11_RADIOTAP),
        (device::NETLINK, _) => Key::Named("netlink"),
        // Linux's own numbers: 802.3 frames without LLC (old NetWare), with LLC, and CAN.
        (_, 1) => Key::Named("ipx"),
        (_, 4) => Key::Llc,
        (_, 0x0c) => Key::Named("can"),
        (_, 0x0d) => Key::Named("canfd"),
        (_, 0xf6) => Key::Named("wpan"),
        (_, 0..FIRST_ETHER_TYPE) => Key::Named("data"),
        (_, n) => Key::EtherType(n),
    };
    Hop::rest(next, LEN[usize::from(second)], area, full_len)
}

fn named(mut field: Field, name: Option<&str>) -> Field {
    field.meaning = name.map(str::to_owned);
    field
}

fn kind(hardware: u16, n: u16, span: Span) -> Field {
    let def = match (hardware, n) {
        (device::GRE, _) => &GRETYPE,
        (device::RADIOTAP, _) | (_, 0..FIRST_ETHER_TYPE) => &LTYPE,
        _ => &ETYPE,
    };
    named(Field::new(def, Value::Uint(n.into()), span), names::ether_type(n))
}

/// The address in eight bytes at `from`, and what is left of them.
fn source(b: &[u8], from: usize, halen: usize, base: usize) -> Vec<Field> {
    let at = |from, len| Span::new(base + from, len);
    let used = halen.min(8);
    let mut out = match (used, array::<6>(b, from), array::<4>(b, from)) {
        (6, Some(mac), _) => vec![ethernet::address(&SRC_ETH, mac, at(from, 6))],
        (4, _, Some(ip)) => vec![Field::new(&SRC_IPV4, Value::Ipv4(ip.into()), at(from, 4))],
        (0, ..) => Vec::new(),
        _ => vec![Field::new(&SRC_OTHER, Value::Bytes, at(from, used))],
    };
    if used < 8 {
        out.push(Field::new(&UNUSED, Value::Bytes, at(from + used, 8 - used)));
    }
    out
}

/// Linux's packet types (`PACKET_HOST` and so on).
fn direction(n: u16) -> Option<&'static str> {
    Some(match n {
        0 => "unicast to us",
        1 => "broadcast",
        2 => "multicast",
        3 => "unicast to another host",
        4 => "sent by us",
        _ => return None,
    })
}
