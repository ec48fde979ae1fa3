//! One property a test, on frames made by hand.

use super::*;
use crate::wire::lean;

fn print(seen: &Dissected, name: &str) -> String {
    seen.print(name).unwrap_or_else(|| panic!("no {name}"))
}

fn meaning(seen: &Dissected, name: &str) -> String {
    let field = seen.layers.iter().find_map(|l| l.field(name)).unwrap_or_else(|| panic!("no {name}"));
    field.meaning.clone().unwrap_or_default()
}

fn over_ip4(proto: u8, inner: &[u8]) -> Dissected {
    show(LinkType::RAW, &ip4(proto, inner))
}

#[test]
fn syn_reads_like_wireshark() {
    let seen = over_ip4(6, &tcp(false, 2, &SYN_OPTIONS, &[]));
    let summary = &seen.layer("tcp").unwrap().summary;
    assert_eq!(summary, "49152 → 80 [SYN] Seq=287454020 Win=64240 Len=0 MSS=1460 SACK_PERM TSval=258 TSecr=0 WS=128");
    for (name, value) in [
        ("ip.id", "0x30a7"),
        ("ip.dsfield", "0x2a"),
        ("ip.flags", "0x02"),
        ("ip.flags.df", "1"),
        ("ip.hdr_len", "20"),
        ("ip.src", "192.0.2.1"),
        ("tcp.flags", "0x0002"),
        ("tcp.flags.syn", "1"),
        ("tcp.flags.ack", "0"),
        ("tcp.flags.str", "··········S·"),
        ("tcp.hdr_len", "40"),
        ("tcp.seq_raw", "287454020"),
        ("tcp.options", "020405b40402080a000001020000000001030307"),
        ("tcp.options.wscale.multiplier", "128"),
        ("tcp.checksum.status", "2"),
        ("ip.checksum.status", "2"),
    ] {
        assert_eq!(print(&seen, name), value, "{name}");
    }
    assert_eq!(seen.next, Next::Payload { proto: 6, src_port: 49152, dst_port: 80 });
    assert_eq!([meaning(&seen, "tcp.checksum"), meaning(&seen, "ip.checksum")], ["correct", "correct"]);
}

#[test]
fn checksum_left_to_the_card_is_not_called_bad() {
    let mut segment = tcp(false, 0x18, &[], b"data");
    let partial = checksum::fold(checksum::pseudo(ips(false), 6, segment.len()));
    segment[16..18].copy_from_slice(&partial.to_be_bytes());
    let seen = over_ip4(6, &segment);
    assert_eq!(meaning(&seen, "tcp.checksum"), "not yet computed (offload)");
    assert_eq!(print(&seen, "tcp.checksum.status"), "2");
}

#[test]
fn segmentation_offload_sums_without_the_length_and_leaves_the_ip_checksum_zero() {
    let mut packet = ip4(6, &tcp(false, 0x18, &[], &[7; 3000]));
    let partial = checksum::fold(checksum::pseudo(ips(false), 6, 0));
    packet[36..38].copy_from_slice(&partial.to_be_bytes());
    packet[10..12].fill(0);
    let seen = show(LinkType::RAW, &packet);
    assert_eq!(meaning(&seen, "tcp.checksum"), "not yet computed (offload)");
    assert_eq!(meaning(&seen, "ip.checksum"), "not yet computed (offload)");
}

#[test]
fn damaged_byte_names_the_right_checksum() {
    let good = tcp(false, 0x18, &[], b"data");
    let mut segment = good.clone();
    segment[16] ^= 0x40;
    let seen = over_ip4(6, &segment);
    let right = u16::from_be_bytes([good[16], good[17]]);
    assert_eq!(meaning(&seen, "tcp.checksum"), format!("bad, should be 0x{right:04x}"));
    assert_eq!(print(&seen, "tcp.checksum.status"), "2", "Wireshark does not compute it unless told to");
}

#[test]
fn udp_without_checksum_is_not_bad() {
    let mut datagram = udp(false, b"x");
    datagram[6..8].fill(0);
    assert_eq!(meaning(&over_ip4(17, &datagram), "udp.checksum"), "not used");
    let seen = show(LinkType::RAW, &ip6(17, &datagram));
    assert_eq!(print(&seen, "udp.checksum.status"), "4");
}

#[test]
fn payload_cut_by_the_snapshot_length_leaves_the_checksum_open() {
    let frame = ip4(6, &tcp(false, 0x18, &[], &[7; 100]));
    let seen = dissect(LinkType::RAW, &frame[..60], frame.len());
    assert_eq!(print(&seen, "tcp.checksum.status"), "2");
    assert_eq!(print(&seen, "tcp.len"), "100");
    assert_eq!(seen.layer("tcp").unwrap().payload, Span::new(40, 20));
    let lean = lean::read(LinkType::RAW, &frame[..60], frame.len()).unwrap();
    assert_eq!((lean.payload_at, lean.payload_len, lean.payload_full_len), (40, 20, 100));
}

#[test]
fn padding_is_not_payload() {
    let mut frame = eth(0x0800, &ip4(6, &tcp(false, 0x10, &[], &[])));
    frame.resize(60, 0);
    frame.extend([1, 2, 3, 4]);
    let seen = show(LinkType::ETHERNET, &frame);
    assert_eq!(print(&seen, "tcp.len"), "0");
    assert!(seen.layer("tcp").unwrap().payload.is_empty());
    // Up to byte 60 it is padding; what follows is something else: the check sequence, as the frame is long enough.
    assert_eq!(print(&seen, "eth.padding"), "000000000000");
    assert_eq!(print(&seen, "eth.fcs"), "0x01020304");
    frame[58] = 1;
    assert_eq!(print(&show(LinkType::ETHERNET, &frame), "eth.trailer"), "000000000100");
}

#[test]
fn segmentation_offload_leaves_the_length_zero() {
    let mut packet = ip4(6, &tcp(false, 0x18, &[], &[7; 3000]));
    packet[2..4].fill(0);
    let seen = show(LinkType::RAW, &packet);
    assert_eq!(print(&seen, "tcp.len"), "3000");
    assert_eq!(lean::read(LinkType::RAW, &packet, packet.len()).unwrap().payload_full_len, 3000);
}

#[test]
fn total_length_beyond_the_frame_is_said_and_not_believed() {
    let mut packet = ip4(6, &tcp(false, 0x18, &[], b"data"));
    packet[2..4].copy_from_slice(&1000u16.to_be_bytes());
    let seen = show(LinkType::RAW, &packet);
    assert_eq!(meaning(&seen, "ip.len"), "956 bytes more than the frame has");
    assert_eq!(print(&seen, "tcp.len"), "4");
}

#[test]
fn later_fragments_have_no_ports() {
    let seen = show(LinkType::RAW, &ip4_with(17, 0x0005, &[], &udp(false, b"not a header")));
    assert_eq!((seen.layers.len(), seen.next), (2, Next::Nothing));
    assert_eq!(seen.stop, None);
    assert_eq!(print(&seen, "ip.frag_offset"), "5");
    let lean = lean::read(LinkType::RAW, &ip4_with(17, 0x0005, &[], &udp(false, b"x")), 29).unwrap();
    assert!(lean.fragment && lean.src_port == 0 && !lean.transport);
}

#[test]
fn first_fragment_has_ports_and_an_open_checksum() {
    let fragment = ip4_with(17, 0x2000, &[], &udp(false, b"first part"));
    let seen = show(LinkType::RAW, &fragment);
    assert!(seen.layer("udp").is_none() && seen.stop.is_none(), "with all its bytes it waits for the others");
    assert!(lean::read(LinkType::RAW, &fragment, fragment.len()).unwrap().held);
    let seen = show(LinkType::RAW, &fragment[..fragment.len() - 1]);
    assert_eq!(print(&seen, "udp.dstport"), "53", "cut off, it will never be put together");
    assert_eq!(meaning(&seen, "udp.checksum"), "unverified: not all bytes are here");
}

#[test]
fn quoted_ports_do_not_become_the_frames_own() {
    let quoted = ip4(6, &tcp(false, 2, &[], &[])[..8]);
    let frame = ip4(1, &icmp(3, 3, &[&[0; 4], &quoted[..]].concat()));
    let seen = show(LinkType::RAW, &frame);
    assert!(seen.layer("tcp").is_none() && seen.next == Next::Nothing && seen.stop.is_none());
    let layer = seen.layer("icmp").unwrap();
    assert_eq!(layer.field("tcp.dstport").unwrap().print(&frame), "80");
    assert!(layer.field("tcp.window_size_value").is_none(), "was not quoted");
    // Its bits count from the ICMP header: 8 bytes of it, then the quoted IP header.
    assert_eq!(layer.field("ip.flags.df").unwrap().bits, Some(Bits { first: 64 + 49, len: 1 }));
    let quote = lean::read(LinkType::RAW, &frame, frame.len()).unwrap().icmp_quote.unwrap();
    assert_eq!((quote.proto, quote.src_port, quote.dst_port), (6, 49152, 80));
    assert_eq!(quote.dst, IpAddr::from(B4));
}

#[test]
fn cut_tcp_header_keeps_what_is_there() {
    let frame = ip4(6, &tcp(false, 2, &SYN_OPTIONS, &[]));
    let seen = dissect(LinkType::RAW, &frame[..46], frame.len());
    assert_eq!(print(&seen, "tcp.seq_raw"), "287454020");
    assert_eq!(print(&seen, "tcp.options.mss_val"), "1460");
    assert!(seen.print("tcp.options.timestamp.tsval").is_none());
    assert_eq!(seen.stop.unwrap().why, Why::Truncated { need: 40, have: 26 });
    let lean = lean::read(LinkType::RAW, &frame[..46], frame.len()).unwrap();
    let tcp = lean.tcp.unwrap();
    assert_eq!((tcp.seq, tcp.mss, tcp.wscale, lean.transport), (287_454_020, Some(1460), None, false));
}

#[test]
fn option_with_a_wrong_length_does_not_hide_the_data() {
    for bad in [[2, 4, 5, 180, 8, 0, 0, 0], [2, 4, 5, 180, 8, 60, 0, 0], [2, 4, 5, 180, 3, 1, 3, 3]] {
        let seen = over_ip4(6, &tcp(false, 0x18, &bad, b"data"));
        assert_eq!(print(&seen, "tcp.options.mss_val"), "1460");
        assert_eq!(meaning(&seen, "tcp.option.len.invalid"), "length is wrong: the rest cannot be read");
        assert!(seen.stop.is_none());
        assert_eq!(seen.layer("tcp").unwrap().payload.len, 4);
    }
}

#[test]
fn tcp_header_length_below_twenty_stops() {
    let mut segment = tcp(false, 2, &[], &[]);
    segment[12] = 0x40;
    let seen = over_ip4(6, &segment);
    assert!(matches!(seen.stop, Some(Stop { proto: "tcp", why: Why::Malformed(_), .. })));
    assert_eq!(print(&seen, "tcp.srcport"), "49152");
    assert_eq!(seen.next, Next::Nothing);
}

#[test]
fn length_frames_end_in_llc_and_are_cut_to_their_length() {
    let frame = eth(3, &[0x42, 0x42, 3, 0, 0, 0, 0, 0]);
    let seen = show(LinkType::ETHERNET, &frame);
    assert_eq!(seen.layers[0].payload.len, 3);
    assert_eq!(print(&seen, "llc.dsap"), "0x42");
    assert_eq!(print(&seen, "eth.len"), "3");
}

#[test]
fn every_tag_of_a_stack_is_a_layer() {
    let frame = eth(0x88a8, &vlan(7, 0x8100, &vlan(9, 0x0800, &ip4(17, &udp(false, b"x")))));
    let seen = show(LinkType::ETHERNET, &frame);
    let ids: Vec<_> = seen.layers.iter().filter_map(|l| l.field("ieee8021ad.id").or(l.field("vlan.id"))).map(|f| f.print(&frame)).collect();
    assert_eq!(ids, ["7", "9"]);
    assert_eq!(lean::read(LinkType::ETHERNET, &frame, frame.len()).unwrap().l3_at, 22);
}

#[test]
fn routed_ipv6_checksum_counts_the_last_stop() {
    // In the header stands another stop; the checksum was made for b6, the last one.
    let route = [&[6, 2, 0, 1, 0, 0, 0, 0], &b6()[..]].concat();
    let mut packet = ip6(43, &[route, tcp(true, 2, &[], &[])].concat());
    packet[24..40].copy_from_slice(&a6());
    assert_eq!(meaning(&show(LinkType::RAW, &packet), "tcp.checksum"), "correct");
}

#[test]
fn null_header_in_either_byte_order() {
    let packet = ip4(17, &udp(false, b"x"));
    for family in [[2, 0, 0, 0], [0, 0, 0, 2]] {
        let frame = [&family, &packet[..]].concat();
        let seen = show(LinkType::NULL, &frame);
        assert_eq!(print(&seen, "null.family"), "2");
        assert_eq!(print(&seen, "udp.srcport"), "49153");
    }
}

#[test]
fn unknown_link_type_is_said() {
    let seen = show(LinkType(147), &[1, 2, 3]);
    assert_eq!(seen.stop.unwrap().why, Why::Unknown(Key::Link(LinkType(147))));
    assert!(lean::read(LinkType(147), &[1, 2, 3], 3).is_none());
}

#[test]
fn arp_reads_as_question_and_answer() {
    let question = show(LinkType::ETHERNET, &eth(0x0806, &arp(1)));
    assert_eq!(question.layer("arp").unwrap().summary, "Who has 198.51.100.2? Tell 192.0.2.1");
    let answer = show(LinkType::ETHERNET, &eth(0x0806, &arp(2)));
    assert_eq!(answer.layer("arp").unwrap().summary, "192.0.2.1 is at 02:01:02:03:04:06");
    assert!(lean::read(LinkType::ETHERNET, &eth(0x0806, &arp(1)), 42).unwrap().is_arp);
}
