//! ARP: which MAC address has this IPv4 address? (RFC 826) And RARP, the reverse question in the same format (RFC 903).
//!
//! In: the bytes behind EtherType 0x0806. Out: question or answer with both ends' addresses. Other address kinds than Ethernet
//! and IPv4 are shown as bytes.

use super::read::{Head, array};
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, Next, Osi, Span, Step, Value, ethernet, names};
use crate::lang::{Words, words};
use pnet::packet::arp::ArpPacket;
use std::net::Ipv4Addr;

crate::fields! {
    HW_TYPE: "arp.hw.type", Kind::Dec, ("ハードウェアの種類", "Hardware type"),
        ("どの種類のリンクのアドレスを探すかを示します。Ethernet は 1 です（RFC 826）。", "Which kind of link address is asked for; Ethernet is 1. (RFC 826)");
    PROTO_TYPE: "arp.proto.type", Kind::Hex(4), ("プロトコルの種類", "Protocol type"),
        ("どのプロトコルのアドレスから探すかを EtherType で示します。IPv4 は 0x0800 です。", "Which protocol's address is given, as an EtherType; IPv4 is 0x0800.");
    HW_SIZE: "arp.hw.size", Kind::Dec, ("ハードウェアアドレスの長さ", "Hardware size"),
        ("リンクのアドレスのバイト数です。MAC アドレスは 6 です。", "Bytes in a link address; a MAC address has 6.");
    PROTO_SIZE: "arp.proto.size", Kind::Dec, ("プロトコルアドレスの長さ", "Protocol size"),
        ("プロトコルのアドレスのバイト数です。IPv4 は 4 です。", "Bytes in a protocol address; IPv4 has 4.");
    OPCODE: "arp.opcode", Kind::Dec, ("動作", "Opcode"),
        ("1 は「誰ですか」という質問、2 は「私です」という返事です。", "1 asks \"who has this address?\", 2 answers \"I do\".");
    SRC_MAC: "arp.src.hw_mac", Kind::Mac, ("送信側 MAC アドレス", "Sender MAC address"),
        ("この ARP を送った側の MAC アドレスです。受け取った側はこれを覚えます。", "The MAC address of the sender; whoever receives this remembers it.");
    SRC_IP: "arp.src.proto_ipv4", Kind::Ipv4, ("送信側 IP アドレス", "Sender IP address"),
        ("この ARP を送った側の IPv4 アドレスです。", "The IPv4 address of the sender.");
    DST_MAC: "arp.dst.hw_mac", Kind::Mac, ("対象 MAC アドレス", "Target MAC address"),
        ("探している MAC アドレスです。質問ではまだ分からないので 0 で埋めます。", "The MAC address that is looked for; in a question it is not known yet and zero.");
    DST_IP: "arp.dst.proto_ipv4", Kind::Ipv4, ("対象 IP アドレス", "Target IP address"),
        ("「このアドレスは誰ですか」と尋ねている IPv4 アドレスです。", "The IPv4 address the question is about.");
    SRC_HW: "arp.src.hw", Kind::Bytes, ("送信側ハードウェアアドレス", "Sender hardware address"),
        ("この ARP を送った側のリンクのアドレスです。", "The link address of the sender.");
    SRC_PROTO: "arp.src.proto", Kind::Bytes, ("送信側プロトコルアドレス", "Sender protocol address"),
        ("この ARP を送った側のプロトコルのアドレスです。", "The protocol address of the sender.");
    DST_HW: "arp.dst.hw", Kind::Bytes, ("対象ハードウェアアドレス", "Target hardware address"),
        ("探しているリンクのアドレスです。", "The link address that is looked for.");
    DST_PROTO: "arp.dst.proto", Kind::Bytes, ("対象プロトコルアドレス", "Target protocol address"),
        ("質問の対象となるプロトコルのアドレスです。", "The protocol address the question is about.");
    PROBE: "arp.isprobe", Kind::Bool, ("重複の確認", "Is probe"),
        ("送信側の IP が 0 の質問で、使い始める前に同じアドレスの機器がいないか確かめます（RFC 5227 §2.1）。", "A question with the sender's address 0: is anybody using this address already? (RFC 5227 §2.1)");
    ANNOUNCEMENT: "arp.isannouncement", Kind::Bool, ("使用の宣言", "Is announcement"),
        ("自分がこのアドレスを使うことを、周りに知らせます（RFC 5227 §2.3）。", "Tells the others: I am using this address. (RFC 5227 §2.3)");
    GRATUITOUS: "arp.isgratuitous", Kind::Bool, ("自分についての通知", "Is gratuitous"),
        ("送信側と対象の IP が同じ ARP は、質問ではなく自分の存在を知らせるものです（RFC 5227）。", "Sender and target are the same address: not a question but an announcement. (RFC 5227)");
}

pub struct Arp;

impl Header for Arp {
    fn proto(&self) -> &'static str {
        "arp"
    }

    fn title(&self) -> &'static str {
        "ARP"
    }

    fn about(&self) -> Words {
        words(
            "IPv4 アドレスから、同じネットワーク内の相手の MAC アドレスを調べます。",
            "Finds the MAC address that belongs to an IPv4 address on the same network.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::EtherType(0x0806), Key::EtherType(0x8035)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        const COMMON: usize = 8;
        let head = Head::<{ ArpPacket::minimum_packet_size() }>::of(input.slice());
        let base = input.area.start as usize;
        let Some(view) = ArpPacket::new(&head.bytes) else {
            return Step::truncated(self.proto(), base, COMMON, head.have);
        };
        let at = |from, len| Span::new(base + from, len);
        let hardware = view.get_hardware_type().0;
        let protocol = view.get_protocol_type().0;
        let (hw, ip) = (usize::from(view.get_hw_addr_len()), usize::from(view.get_proto_addr_len()));
        let opcode = view.get_operation().0;
        let named = |mut f: Field, name: Option<&str>| {
            f.meaning = name.map(str::to_owned);
            f
        };
        let mut fields = vec![
            named(Field::new(&HW_TYPE, Value::Uint(hardware.into()), at(0, 2)), names::hardware(hardware)),
            named(Field::new(&PROTO_TYPE, Value::Uint(protocol.into()), at(2, 2)), names::ether_type(protocol)),
            Field::new(&HW_SIZE, Value::Uint(hw as u64), at(4, 1)),
            Field::new(&PROTO_SIZE, Value::Uint(ip as u64), at(5, 1)),
            named(Field::new(&OPCODE, Value::Uint(opcode.into()), at(6, 2)), operation(opcode)),
        ];
        let len = COMMON + 2 * hw + 2 * ip;
        let area = input.slice();
        if area.len() < len.max(COMMON) {
            return Step::cut(self, input, len.max(COMMON), fields);
        }
        let part = |from, len| area.get(from..from + len).unwrap_or_default();
        let ips = [part(COMMON + hw, ip), part(COMMON + 2 * hw + ip, ip)];
        let same = ip > 0 && ips[0] == ips[1];
        let probe = opcode == 1 && ips[0].iter().all(|b| *b == 0) && !same;
        // RFC 5227 §3: an announcement is a request whose target has no hardware address yet.
        let target = part(COMMON + hw + ip, hw);
        let nobody = target.iter().all(|b| *b == 0) || target.iter().all(|b| *b == 0xff);
        let marks = [(&GRATUITOUS, same && matches!(opcode, 1 | 2)), (&PROBE, probe), (&ANNOUNCEMENT, same && opcode == 1 && nobody)];
        for (def, _) in marks.into_iter().filter(|(_, is)| *is) {
            fields.push(Field::new(def, Value::Bool(true), Span::NONE));
        }
        // IEEE 802 networks (6) have the same addresses as Ethernet (1).
        let mac = matches!((hardware, hw), (1 | 6, 6));
        let ipv4 = (protocol, ip) == (0x0800, 4);
        let mut from = COMMON;
        let parts = [(&SRC_MAC, &SRC_HW, mac, hw), (&SRC_IP, &SRC_PROTO, ipv4, ip), (&DST_MAC, &DST_HW, mac, hw), (&DST_IP, &DST_PROTO, ipv4, ip)];
        for (known, other, is_known, len) in parts {
            let span = at(from, len);
            if len > 0 {
                fields.push(match (array::<6>(area, from), array::<4>(area, from)) {
                    (Some(mac), _) if is_known && len == 6 => ethernet::address(known, mac, span),
                    (_, Some(ip)) if is_known => Field::new(known, Value::Ipv4(ip.into()), span),
                    _ => Field::new(other, Value::Bytes, span),
                });
            }
            from += len;
        }
        let summary = if ipv4 {
            let ips = ips.map(|a| array::<4>(a, 0).map(Ipv4Addr::from).unwrap_or(Ipv4Addr::UNSPECIFIED));
            match opcode {
                1 if same => format!("ARP Announcement for {}", ips[0]),
                1 if probe => format!("Who has {}? (ARP Probe)", ips[1]),
                1 => format!("Who has {}? Tell {}", ips[1], ips[0]),
                2 if same => format!("Gratuitous ARP for {} (Reply)", ips[0]),
                2 => {
                    let mac: Vec<_> = part(COMMON, hw).iter().map(|b| format!("{b:02x}")).collect();
                    format!("{} is at {}", ips[0], mac.join(":"))
                }
                _ => operation(opcode).map_or_else(|| format!("opcode {opcode}"), str::to_owned),
            }
        } else {
            format!("hardware type {hardware}, protocol 0x{protocol:04x}, opcode {opcode}")
        };
        let mut layer = Layer::of(self, at(0, len), at(len, 0), summary, fields);
        layer.title = match opcode {
            3 | 4 => "RARP",
            8 | 9 => "Inverse ARP",
            _ => layer.title,
        };
        Step::read(layer, Next::Nothing, 0)
    }
}

fn operation(n: u16) -> Option<&'static str> {
    Some(match n {
        1 => "request",
        2 => "reply",
        3 => "reverse request",
        4 => "reverse reply",
        8 => "inverse request",
        9 => "inverse reply",
        _ => return None,
    })
}
