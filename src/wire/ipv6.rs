//! IPv6's fixed header (RFC 8200 §3).
//!
//! In: a packet. Out: its header, and its payload cut to the payload length. Extension headers are layers of their own, in
//! `ipv6_ext`.

use super::read::Head;
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, Next, Osi, Span, Step, Value, names};
use crate::lang::{Words, words};
use pnet::packet::ipv6::Ipv6Packet;
use std::net::Ipv6Addr;

crate::fields! {
    VERSION: "ipv6.version", Kind::Dec, ("バージョン", "Version"),
        ("IP の版です。6 なら IPv6 です（RFC 8200 §3）。", "The version of IP; 6 here. (RFC 8200 §3)");
    TCLASS: "ipv6.tclass", Kind::Hex(8), ("トラフィッククラス", "Traffic class"),
        ("ルータでの扱い（DSCP）と混雑の通知（ECN）をまとめた 8 ビットです。", "Eight bits for the treatment by routers (DSCP) and congestion signals (ECN).");
    DSCP: "ipv6.tclass.dscp", Kind::Dec, ("DSCP", "DSCP"),
        ("音声などを優先させたいとき、ルータに頼む扱いの種類です（RFC 2474 §3）。", "The treatment asked of routers, for instance priority for voice. (RFC 2474 §3)");
    ECN: "ipv6.tclass.ecn", Kind::Dec, ("ECN", "ECN"),
        ("混雑したルータが、捨てる代わりに印を付けるための 2 ビットです（RFC 3168 §5）。", "Two bits that let a congested router mark a packet instead of dropping it. (RFC 3168 §5)");
    FLOW: "ipv6.flow", Kind::Hex(6), ("フローラベル", "Flow label"),
        ("同じ通信のパケットに同じ値を付け、ルータが同じ道を選べるようにします（RFC 6437）。", "The same for all packets of one conversation, so that routers can send them the same way. (RFC 6437)");
    PLEN: "ipv6.plen", Kind::Dec, ("ペイロード長", "Payload length"),
        ("この 40 バイトのヘッダより後ろのバイト数です。拡張ヘッダも含みます。", "Bytes behind this 40-byte header, extension headers included.");
    NXT: "ipv6.nxt", Kind::Dec, ("次のヘッダ", "Next header"),
        ("すぐ後ろのヘッダの種類を示す番号です。TCP は 6、UDP は 17 です。", "Says which header follows: 6 is TCP, 17 is UDP.");
    HLIM: "ipv6.hlim", Kind::Dec, ("ホップリミット", "Hop limit"),
        ("ルータを 1 つ越えるたびに 1 減り、0 になると捨てられます。IPv4 の TTL にあたります。", "Every router takes one off and drops the packet at zero, like IPv4's time to live.");
    SRC: "ipv6.src", Kind::Ipv6, ("送信元アドレス", "Source address"),
        ("パケットを送り出したホストの IPv6 アドレスです。", "The IPv6 address of the host that sent the packet.");
    DST: "ipv6.dst", Kind::Ipv6, ("宛先アドレス", "Destination address"),
        ("パケットを受け取るホストの IPv6 アドレスです。", "The IPv6 address of the host it is for.");
}

pub(super) const LEN_BYTES: usize = Ipv6Packet::minimum_packet_size();

pub struct Ipv6;

impl Header for Ipv6 {
    fn proto(&self) -> &'static str {
        "ipv6"
    }

    fn title(&self) -> &'static str {
        "IPv6"
    }

    fn about(&self) -> Words {
        words(
            "IPv4 の後継で、128 ビットの広いアドレスを使ってパケットを運びます。",
            "The successor of IPv4: carries packets between hosts with 128-bit addresses.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::Network
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::Link(super::LinkType::IPV6), Key::EtherType(0x86dd), Key::IpProto(41)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let head = Head::<LEN_BYTES>::of(area);
        let base = input.area.start as usize;
        let Some(view) = Ipv6Packet::new(&head.bytes) else {
            return Step::truncated(self.proto(), base, LEN_BYTES, head.have);
        };
        let at = |from, len| Span::new(base + from, len);
        let number = |def, value: u64, from, len| Field::new(def, Value::Uint(value), at(from, len));
        let (src, dst) = (Ipv6Addr::from(view.get_source().octets()), Ipv6Addr::from(view.get_destination().octets()));
        let (class, plen, proto) = (view.get_traffic_class(), usize::from(view.get_payload_length()), view.get_next_header().0);
        let after = input.full_len.saturating_sub(LEN_BYTES);
        // 0: a jumbogram's length is in an option (RFC 2675), or the network card splits this packet later.
        let claimed = if plen == 0 { after } else { plen };
        let named = |mut f: Field, name: Option<String>| {
            f.meaning = name;
            f
        };
        let plen_means = match () {
            () if plen == 0 && after > 0 => Some("not filled in: jumbogram or segmentation offload".to_owned()),
            () if plen > after && !input.quoted => Some(format!("{} bytes more than the frame has", plen - after)),
            () => None,
        };
        let address = |def, a: Ipv6Addr, from| named(Field::new(def, Value::Ipv6(a), at(from, 16)), kind(a).map(str::to_owned));
        let fields = vec![
            number(&VERSION, view.get_version().into(), 0, 1).bits(0, 4).with(vec![
                Field::new(&super::ipv4::VERSION, Value::Uint(view.get_version().into()), Span::NONE),
            ]),
            number(&TCLASS, class.into(), 0, 2).bits(4, 8).with(vec![
                named(number(&DSCP, (class >> 2).into(), 0, 2).bits(4, 6), names::dscp(class >> 2).map(str::to_owned)),
                number(&ECN, (class & 3).into(), 1, 1).bits(10, 2).means(names::ecn(class)),
            ]),
            number(&FLOW, view.get_flow_label().into(), 1, 3).bits(12, 20),
            named(number(&PLEN, plen as u64, 4, 2), plen_means),
            named(number(&NXT, proto.into(), 6, 1), names::ip_proto(proto).map(str::to_owned)),
            number(&HLIM, view.get_hop_limit().into(), 7, 1),
            address(&SRC, src, 8),
            address(&DST, dst, 24),
        ];
        if !head.whole() {
            return Step::cut(self, input, LEN_BYTES, fields);
        }
        let payload = at(LEN_BYTES, claimed.min(area.len() - LEN_BYTES));
        let layer = Layer::of(self, at(0, LEN_BYTES), payload, format!("{src} → {dst}"), fields);
        if view.get_version() != 6 {
            return Step::malformed(layer, words("バージョンが 6 ではありません", "the version is not 6"));
        }
        let full = if input.quoted { claimed } else { claimed.min(after) };
        let cut = claimed > area.len() - LEN_BYTES;
        Step { cut, ips: Some((src.into(), dst.into())), ..Step::read(layer, next(proto), full) }
    }
}

/// What a next header number leads to; 59 says that nothing follows (RFC 8200 §4.7).
pub(super) fn next(proto: u8) -> Next {
    if proto == 59 { Next::Nothing } else { Next::Header(Key::IpProto(proto)) }
}

/// What kind of address it is, where that is worth saying (RFC 4291 §2.4).
fn kind(a: Ipv6Addr) -> Option<&'static str> {
    match a {
        _ if a.is_loopback() => Some("loopback: this host itself"),
        _ if a.is_unspecified() => Some("no address"),
        _ if a.is_multicast() => Some("multicast"),
        _ if a.is_unicast_link_local() => Some("link-local"),
        _ if a.is_unique_local() => Some("unique local"),
        _ => None,
    }
}
