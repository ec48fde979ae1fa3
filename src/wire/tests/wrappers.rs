//! Frames of every wrapper, written out by hand, and what must be seen in them.

use super::*;
use crate::wire::lean;

const STATION: [u8; 6] = [0x20, 0, 0, 0, 0, 2];
const POINT: [u8; 6] = [0x10, 0, 0, 0, 0, 1];
const FAR: [u8; 6] = [0x30, 0, 0, 0, 0, 3];

fn be(n: usize) -> [u8; 2] {
    (n as u16).to_be_bytes()
}

fn le(n: usize) -> [u8; 2] {
    (n as u16).to_le_bytes()
}

fn web() -> Vec<u8> {
    ip4(6, &tcp(false, 0x18, &[], b"GET / HTTP/1.1\r\n\r\n"))
}

fn web6() -> Vec<u8> {
    ip6(6, &tcp(true, 0x18, &[], b"GET / HTTP/1.1\r\n\r\n"))
}

fn snap(kind: u16, inner: &[u8]) -> Vec<u8> {
    cat(&[&[0xaa, 0xaa, 3, 0, 0, 0], &kind.to_be_bytes(), inner])
}

/// A frame with a length in the place of the type.
fn eth_len(inner: &[u8]) -> Vec<u8> {
    eth(inner.len() as u16, inner)
}

fn gre(flags: u16, proto: u16, rest: &[u8]) -> Vec<u8> {
    eth(0x0800, &ip4(47, &cat(&[&flags.to_be_bytes(), &proto.to_be_bytes(), rest])))
}

fn gre_summed() -> Vec<u8> {
    let body = cat(&[&[0x80, 0, 8, 0, 0, 0, 0, 0], &web()]);
    eth(0x0800, &ip4(47, &sealed(body, 4, 0)))
}

fn pppoe(code: u8, rest: &[u8]) -> Vec<u8> {
    cat(&[&[0x11, code, 0, 5], &be(rest.len()), rest])
}

fn tlv(kind: usize, value: &[u8]) -> Vec<u8> {
    let mut out = cat(&[&le(value.len() + 4), &le(kind), value]);
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

fn nflog(packet: &[u8]) -> Vec<u8> {
    let parts = [
        tlv(1, &[8, 0, 3, 0]),
        tlv(10, b"web\0"),
        tlv(5, &[0, 0, 0, 2]),
        tlv(11, &[0, 0, 3, 0xe8]),
        tlv(3, &[0, 0, 0, 0, 0x59, 0x68, 0x2f, 0, 0, 0, 0, 0, 0, 1, 0xe2, 0x40]),
        tlv(15, &[0, 1, 2, 3]),
    ];
    // The packet last and its length whole, so that no byte is left over.
    cat(&[&[2, 0, 0, 40], &parts.concat(), &le(packet.len() + 4), &le(9), packet])
}

/// A data frame of kind `first` with `flags`.
fn wlan(first: u8, flags: u8, more: &[u8], body: &[u8]) -> Vec<u8> {
    cat(&[&[first, flags, 0x3a, 1], &STATION, &POINT, &FAR, &[0x30, 0x12], more, body])
}

fn radiotap(present: u32, fields: &[u8], frame: &[u8]) -> Vec<u8> {
    cat(&[&[0, 0], &le(8 + fields.len()), &present.to_le_bytes(), fields, frame])
}

fn label(n: u32, bottom: bool) -> [u8; 4] {
    (n << 12 | u32::from(bottom) << 8 | 64).to_be_bytes()
}

pub fn frames() -> Vec<(LinkType, Vec<u8>)> {
    let e = LinkType::ETHERNET;
    let (web, six) = (web(), web6());
    let data = wlan(0x08, 0x02, &[], &snap(0x0800, &web));
    let stp = [&[0x42, 0x42, 3][..], &[0; 35]].concat();
    let lcp = [0xc0, 0x21, 1, 1, 0, 4];
    let sll = |hardware: usize, proto: usize, inner: &[u8]| {
        cat(&[&[0, 0], &be(hardware), &[0, 4, 192, 0, 2, 9, 0, 0, 0, 0], &be(proto), inner])
    };
    let prism = cat(&[&[0x44, 0, 0, 0, 144, 0, 0, 0], b"wlan0\0\0\0\0\0\0\0\0\0\0\0", &[7; 120], &data]);
    let avs = cat(&[&[0x80, 0x21, 0x10, 1, 0, 0, 0, 64], &[0; 56], &data]);
    let ppi = |dlt: u8, fields: &[u8], frame: &[u8]| cat(&[&[0, 0], &le(8 + fields.len()), &[dlt, 0, 0, 0], fields, frame]);
    let redirect = cat(&[&[4, 0, 0, 1], &web]);
    vec![
        (e, cat(&[&eth_len(&stp), &[0; 8]])),
        (e, eth_len(&snap(0x0800, &web))),
        (e, eth_len(&snap(0x86dd, &six))),
        (e, eth_len(&snap(0x1234, b"unknown"))),
        (e, eth_len(&cat(&[&[0xaa, 0xaa, 3, 0, 0, 0x0c, 0x20, 0], b"a device"]))),
        (e, eth_len(&cat(&[&[6, 6, 3], &web]))),
        (e, eth_len(&[0xf0, 0xf1, 1, 3])),
        (e, eth_len(&[0xf0, 0xf0, 2, 5, 1, 2, 3])),
        (e, eth_len(&[0x42, 0x43, 0xf3, 1, 2])),
        (e, eth_len(&cat(&[&[0xff, 0xff], &[0; 28]]))),
        (e, eth(0x88a8, &vlan(7, 0x86dd, &six))),
        (e, eth(0x8100, &vlan(7, 38, &stp))),
        (e, eth(0x9100, &vlan(7, 0x8100, &vlan(9, 0x0800, &web)))),
        (e, eth(0x88cc, &[2, 7, 4, 2, 1, 2, 3, 4, 6])),
        (e, eth(0x1234, b"who knows")),
        (e, gre(0, 0x0800, &web)),
        (e, gre(0, 0x86dd, &six)),
        (e, gre(0x3000, 0x0800, &cat(&[&[0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 7], &web]))),
        (e, gre_summed()),
        (e, gre(0x4000, 0x0800, &cat(&[&[0; 4], &[8, 0, 0, 4, 192, 0, 2, 1], &[0; 4], &web]))),
        (e, gre(0x3081, 0x880b, &cat(&[&be(web.len() + 4), &[0, 9, 0, 0, 0, 5, 0, 0, 0, 4, 0xff, 3, 0, 0x21], &web]))),
        (e, gre(0x2081, 0x880b, &[0, 0, 0, 9, 0, 0, 0, 4])),
        (e, gre(0x2000, 0x6558, &cat(&[&[0, 0, 0x12, 0], &eth(0x0800, &web)]))),
        (e, gre(0x1000, 0x88be, &cat(&[&[0, 0, 0, 9, 0x10, 5, 0, 1, 0, 0, 0, 2], &eth(0x0800, &web)]))),
        (e, gre(0, 0x88be, &eth(0x0800, &web))),
        (e, gre(0x1000, 0x22eb, &cat(&[&[0, 0, 0, 9, 0x20, 5, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0], &eth(0x86dd, &six)]))),
        (e, gre(0, 0x8847, &cat(&[&label(16, true), &web]))),
        (e, gre(0, 0x883e, &redirect)),
        (e, gre(0, 0x0806, &arp(1))),
        (e, gre(0, 0x1234, b"unknown")),
        (e, eth(0x86dd, &ip6(47, &cat(&[&[0, 0, 0x86, 0xdd], &six])))),
        (e, eth(0x0800, &ip4(97, &cat(&[&[0x30, 0], &eth(0x0800, &web)])))),
        (e, eth(0x86dd, &ip6(143, &eth(0x86dd, &six)))),
        (e, eth(0x0800, &ip4(51, &cat(&[&[6, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 9], &[5; 12], &tcp(false, 2, &[], &[])])))),
        (e, eth(0x0800, &ip4(51, &cat(&[&[4, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 9, 5, 5, 5, 5], &web])))),
        (e, eth(0x8864, &pppoe(0, &cat(&[&[0, 0x21], &web])))),
        (e, cat(&[&eth(0x8864, &pppoe(0, &cat(&[&[0, 0x57], &six]))), &[0; 12]])),
        (e, eth(0x8864, &pppoe(0, &lcp))),
        (e, eth(0x8863, &pppoe(9, b"\x01\x01\0\0\x01\x03\0\x04abcd"))),
        (e, eth(0x8863, &pppoe(7, b"\x01\x01\0\x03isp\x01\x02\0\x02ac\x01\x04\0\x04cook\x01\x10\0\x02re\x7f\0\0\x01x"))),
        (e, eth(0x8847, &cat(&[&label(16, false), &label(32, true), &web]))),
        (e, cat(&[&eth(0x8847, &cat(&[&label(16, true), &six])), &[0; 9]])),
        (e, eth(0x8847, &cat(&[&label(16, true), &[0, 0, 0, 1], &eth(0x0800, &web)]))),
        (e, eth(0x8847, &cat(&[&label(16, true), &[0, 2, 0x2d, 1, 2, 3, 0, 0, 0x0c, 4, 5, 6, 8, 0], &web]))),
        (e, eth(0x8848, &cat(&[&label(16, true), &[0x10, 0, 0, 0x21, 1, 2, 3, 4]]))),
        (e, eth(0x0800, &ip4(137, &cat(&[&label(16, true), &web])))),
        (LinkType::PPP, cat(&[&[0xff, 3, 0, 0x21], &web])),
        (LinkType::PPP, cat(&[&[0x21], &web])),
        (LinkType::PPP_SERIAL, cat(&[&[0, 0x57], &six])),
        (LinkType::PPP_SERIAL, cat(&[&[0x0f, 0, 8, 0], &web])),
        (LinkType::PPP, cat(&[&[0xff, 3], &lcp])),
        (LinkType::PPP_WITH_DIR, cat(&[&[0, 0xff, 3, 0, 0x21], &web])),
        (LinkType::PPP_ETHER, pppoe(0, &cat(&[&[0, 0x21], &web]))),
        (LinkType::C_HDLC, cat(&[&[0x8f, 0, 0x86, 0xdd], &six])),
        (LinkType::C_HDLC, cat(&[&[0x8f, 0, 0x20, 0], b"a device"])),
        (LinkType::NFLOG, nflog(&web)),
        (LinkType::NFLOG, cat(&[&[10, 0, 0, 1], &le(six.len() + 4), &le(9), &six])),
        (LinkType::NFLOG, cat(&[&[2, 0, 0, 1], &tlv(1, &[8, 0, 3, 0])])),
        (LinkType::IEEE802_11, data.clone()),
        (LinkType::IEEE802_11, wlan(0x88, 0x01, &[5, 0], &snap(0x86dd, &six))),
        (LinkType::IEEE802_11, wlan(0x88, 0x83, &[0x40, 0, 0, 0, 0, 4, 0x65, 0x0a, 3, 0, 0, 0], &snap(0x0800, &web))),
        (LinkType::IEEE802_11, wlan(0x08, 0x41, &[], &[1, 2, 3, 0, 9, 9, 9, 9, 8, 8, 8, 8, 7, 7, 7, 7])),
        (LinkType::IEEE802_11, wlan(0x48, 0x11, &[], &[])),
        (LinkType::IEEE802_11, wlan(0x80, 0, &[], &[0; 12])),
        (LinkType::IEEE802_11, cat(&[&[0xd4, 0, 0, 0], &STATION])),
        (LinkType::IEEE802_11, cat(&[&[0xa4, 0, 1, 0xc0], &POINT, &STATION])),
        (LinkType::IEEE802_11, wlan(0x08, 0x06, &[], b"the first part")),
        (LinkType::IEEE802_11_RADIOTAP, radiotap(0, &[], &data)),
        (
            LinkType::IEEE802_11_RADIOTAP,
            radiotap(0x2e, &[0x10, 11, 0x6c, 9, 0xc0, 0, 0xd6], &cat(&[&data, &[0xde, 0xad, 0xbe, 0xef]])),
        ),
        (LinkType::IEEE802_11_RADIOTAP, radiotap(2, &[0x20], &wlan(0x88, 2, &[5, 0, 0, 0], &snap(0x0800, &web)))),
        (LinkType::IEEE802_11_RADIOTAP, radiotap(0x8000_0020, &[0x20, 0, 0, 0, 0xd6], &data)),
        (LinkType::IEEE802_11_PRISM, prism),
        (LinkType::IEEE802_11_PRISM, avs.clone()),
        (LinkType::IEEE802_11_AVS, avs),
        (LinkType::PPI, ppi(105, &[], &data)),
        (LinkType::PPI, ppi(105, &cat(&[&[2, 0, 20, 0], &[0; 8], &[1], &[0; 11]]), &cat(&[&data, &[1, 2, 3, 4]]))),
        (LinkType::PPI, ppi(1, &[], &eth(0x0800, &web))),
        (LinkType::LINUX_SLL, sll(778, 0x0800, &web)),
        (LinkType::LINUX_SLL, sll(778, 0x6558, &eth(0x0800, &web))),
        (LinkType::LINUX_SLL, sll(1, 4, &stp)),
        (LinkType::LINUX_SLL, sll(1, 0x88a8, &vlan(5, 0x0800, &web))),
        (LinkType::LINUX_SLL, cat(&[&sll(1, 0x0806, &arp(1)), &[0; 18]])),
        (LinkType::NULL, cat(&[&[0xff, 3, 0, 0x21], &web])),
        (LinkType::NULL, cat(&[&[0, 8, 0, 0], &web])),
        (LinkType::NULL, cat(&[&[30, 0, 0, 0], &six])),
        (LinkType::NULL, [99, 0, 0, 0, 1, 2, 3].to_vec()),
        (LinkType::RAW, cat(&[&[0xff, 3, 0, 0x21], &web])),
        (LinkType::RAW, [0x50, 1, 2, 3, 4, 5, 6, 7, 8].to_vec()),
        (LinkType(147), b"made by nobody knows whom".to_vec()),
    ]
}

fn protos(seen: &Dissected) -> String {
    seen.layers.iter().map(|l| l.proto).collect::<Vec<_>>().join(":")
}

#[test]
fn a_wrapper_that_hides_the_packet_in_it() {
    for (link, frame) in frames() {
        let seen = show(link, &frame);
        // Every frame here with this address in it carries an IP packet that must be found (or an ARP question, or an AVS name).
        let hidden = frame.windows(8).any(|w| w == [192, 0, 2, 1, 198, 51, 100, 2]) || frame.windows(16).any(|w| w == a6());
        let found = seen.layers.iter().any(|l| matches!(l.proto, "tcp" | "udp" | "arp"));
        let lean = lean::read(link, &frame, frame.len());
        let expected = hidden && !matches!(seen.next, Next::Nothing if protos(&seen).ends_with("gre"));
        let unknown = protos(&seen).ends_with("gre:data");
        assert!(!expected || found || unknown, "{}", protos(&seen));
        assert_eq!(found, lean.is_some_and(|l| l.transport || l.is_arp), "{}", protos(&seen));
    }
}

#[test]
fn tunnels_in_tunnels_end() {
    let mut frame = gre(0, 0x0800, &web())[14..].to_vec();
    for _ in 0..100 {
        frame = ip4(47, &cat(&[&[0, 0, 8, 0], &frame]));
    }
    let seen = show(LinkType::RAW, &frame);
    assert!(matches!(seen.stop, Some(Stop { why: Why::TooDeep, .. })), "{:?}", seen.stop);
    assert_eq!(lean::read(LinkType::RAW, &frame, frame.len()).unwrap().src_port, 0);
}

#[test]
fn a_label_stack_without_a_bottom_ends() {
    let frame = eth(0x8847, &label(16, false).repeat(5000));
    let seen = show(LinkType::ETHERNET, &frame);
    assert!(seen.stop.is_some());
    assert!(seen.layers.iter().all(|l| l.fields.len() <= 300));
    assert!(lean::read(LinkType::ETHERNET, &frame, frame.len()).is_none());
}

#[test]
fn the_length_of_a_session_cuts_off_the_padding() {
    let frame = cat(&[&eth(0x8864, &pppoe(0, &cat(&[&[0, 0x21], &ip4(17, &udp(false, b"x"))]))), &[7; 30]]);
    let seen = show(LinkType::ETHERNET, &frame);
    assert_eq!(protos(&seen), "eth:pppoes:ppp:ip:udp");
    assert_eq!(seen.print("eth.trailer"), None);
    assert_eq!(lean::read(LinkType::ETHERNET, &frame, frame.len()).unwrap().payload_len, 1);
}

#[test]
fn a_check_sequence_is_told_from_padding_and_trailer() {
    let packet = eth(0x0800, &ip4(17, &udp(false, b"hello")));
    let long = cat(&[&packet, &[0; 13], &[1, 2, 3], &[0xde, 0xad, 0xbe, 0xef]]);
    let seen = show(LinkType::ETHERNET, &long);
    let print = |name| seen.print(name).unwrap_or_default();
    assert_eq!((print("eth.padding"), print("eth.trailer")), ("00".repeat(13), "010203".into()));
    assert_eq!((print("eth.fcs"), print("eth.fcs.status")), ("0xdeadbeef".into(), "2".into()));
    // 60 bytes have no room for it.
    let seen = show(LinkType::ETHERNET, &long[..60]);
    assert_eq!(seen.print("eth.fcs"), None);
}

#[test]
fn unknown_link_types_are_bytes_with_a_statement() {
    let seen = show(LinkType(150), &[1, 2, 3]);
    assert_eq!(protos(&seen), "user_dlt");
    assert!(seen.stop.unwrap().text().en.contains("USER3"));
    let seen = show(LinkType(8), &[1, 2, 3]);
    assert_eq!(protos(&seen), "data");
}

#[test]
fn a_later_fragment_in_a_tunnel_has_no_ports() {
    let inner = ip4_with(17, 0x0005, &[], &udp(false, b"not a header"));
    let frame = ip4(4, &inner);
    let lean = lean::read(LinkType::RAW, &frame, frame.len()).unwrap();
    assert!(lean.fragment && lean.src_port == 0 && !lean.transport);
}
