#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::proto::tests::{Item, c, messages, s, titles};
use crate::wire::Why;

fn name(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for label in text.split('.').filter(|l| !l.is_empty()) {
        out.push(label.len() as u8);
        out.extend(label.as_bytes());
    }
    out.push(0);
    out
}

fn message(id: u16, flags: u16, counts: [u16; 4], body: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for n in [id, flags, counts[0], counts[1], counts[2], counts[3]] {
        out.extend(n.to_be_bytes());
    }
    for part in body {
        out.extend_from_slice(part);
    }
    out
}

fn question(text: &str, ty: u16) -> Vec<u8> {
    [&name(text)[..], &ty.to_be_bytes(), &1u16.to_be_bytes()].concat()
}

fn record(owner: &[u8], ty: u16, class: u16, ttl: u32, data: &[u8]) -> Vec<u8> {
    [owner, &ty.to_be_bytes(), &class.to_be_bytes(), &ttl.to_be_bytes(), &(data.len() as u16).to_be_bytes(), data].concat()
}

fn tcp(message: &[u8]) -> Vec<u8> {
    [&(message.len() as u16).to_be_bytes()[..], message].concat()
}

fn query() -> Vec<u8> {
    message(0x1234, 0x0100, [1, 0, 0, 0], &[&question("example.org", 1)])
}

/// The question's name stands at 12.
const OWNER: &[u8] = &[0xc0, 12];

fn answer() -> Vec<u8> {
    message(0x1234, 0x8180, [1, 1, 0, 0], &[&question("example.org", 1), &record(OWNER, 1, 1, 3600, &[192, 0, 2, 1])])
}

/// Messages that together show every field.
pub fn samples() -> Vec<Vec<u8>> {
    let mail = [&[0, 10][..], &[4, b'm', b'a', b'i', b'l', 0xc0, 12]].concat();
    let srv = [&[0, 1, 0, 2, 0x1f, 0x90][..], &name("srv.example.org")].concat();
    let soa = [name("ns.example.org"), name("admin.example.org"), (1u32..=5).flat_map(u32::to_be_bytes).collect()].concat();
    let v6 = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    let records = [
        record(OWNER, types::A, 1, 90_061, &[192, 0, 2, 1]),
        record(OWNER, types::AAAA, 1, 60, &v6),
        record(OWNER, types::CNAME, 1, 60, &name("other.example.org")),
        record(OWNER, types::NS, 1, 60, &[2, b'n', b's', 0xc0, 12]),
        record(OWNER, types::PTR, 0x8001, 60, &name("host.local")),
        record(OWNER, types::MX, 1, 60, &mail),
        record(OWNER, types::TXT, 1, 60, b"\x03abc\x02\xc3\xa4"),
        record(OWNER, types::SRV, 1, 60, &srv),
        record(OWNER, types::SOA, 1, 60, &soa),
        record(OWNER, 4711, 1, 60, &[1, 2, 3]),
        record(&[0], types::OPT, 4096, 0x8000, &[0, 10, 0, 2, 1, 2]),
    ];
    let all = message(7, 0x8580, [1, 10, 0, 1], &[&question("example.org", 255), &records.concat()]);
    let mut mdns = message(0, 0, [1, 0, 0, 0], &[&question("_http._tcp.local", 12)]);
    let class = mdns.len() - 2;
    mdns[class] = 0x80;
    let over_tcp = tcp(&answer());
    vec![query(), answer(), all, mdns, message(9, 0x8183, [1, 0, 0, 0], &[&question("nowhere.example", 28)]), over_tcp]
}

fn layers(bytes: &[u8]) -> MessageLayers {
    Dns.dissect(bytes, About::alone(Dir::ToServer))
}

#[test]
fn titles_say_what_is_asked_and_answered() {
    let title = |bytes: &[u8]| Dns.datagram(bytes).map(|(_, title)| title);
    assert_eq!(title(&query()).unwrap(), "Standard query A example.org");
    assert_eq!(title(&answer()).unwrap(), "Standard query response A 192.0.2.1");
    assert_eq!(title(&samples()[4]).unwrap(), "Standard query response No such name AAAA nowhere.example");
    assert_eq!(Dns.datagram(&answer()).unwrap().0, MessageKind::Response);
    assert_eq!(title(b"hello, this is a text of an echo program"), None);
    assert_eq!(title(&[0; 40]), None);
}

#[test]
fn every_field_prints_as_in_wireshark() {
    let bytes = &samples()[2];
    let out = layers(bytes);
    assert_eq!(out.stop, None);
    let print = |name: &str| out.layers[0].field(name).unwrap_or_else(|| panic!("no {name}")).print(bytes);
    for (name, value) in [
        ("dns.id", "0x0007"),
        ("dns.flags", "0x8580"),
        ("dns.flags.response", "1"),
        ("dns.flags.authoritative", "1"),
        ("dns.flags.rcode", "0"),
        ("dns.count.answers", "10"),
        ("dns.qry.name", "example.org"),
        ("dns.qry.type", "255"),
        ("dns.qry.class", "0x0001"),
        ("dns.a", "192.0.2.1"),
        ("dns.aaaa", "2001:db8::1"),
        ("dns.cname", "other.example.org"),
        ("dns.ns", "ns.example.org"),
        ("dns.ptr.domain_name", "host.local"),
        ("dns.mx.preference", "10"),
        ("dns.mx.mail_exchange", "mail.example.org"),
        ("dns.txt", "abc"),
        ("dns.srv.port", "8080"),
        ("dns.srv.target", "srv.example.org"),
        ("dns.soa.mname", "ns.example.org"),
        ("dns.soa.minimum_ttl", "5"),
        ("dns.rr.udp_payload_size", "0x1000"),
        ("dns.resp.z", "0x8000"),
    ] {
        assert_eq!(print(name), value, "{name}");
    }
    assert_eq!(out.layers[0].field("dns.resp.ttl").unwrap().show(bytes), "90061 (1 d 1 h 1 min 1 s)");
    assert!(out.layers[0].payload.is_empty());
}

#[test]
fn a_pointer_loop_ends_in_a_stop() {
    for pointer in [[0xc0, 12], [0xc0, 14], [0xff, 0xff]] {
        let bytes = message(1, 0x0100, [1, 0, 0, 0], &[&pointer, &[0, 1, 0, 1]]);
        let stop = layers(&bytes).stop.unwrap();
        assert!(matches!(stop.why, Why::Malformed(_)), "{pointer:?}");
    }
    // Two names that point at each other: the second is ahead of the first.
    let bytes = message(1, 0x0100, [2, 0, 0, 0], &[&[0xc0, 18, 0, 1, 0, 1], &[0xc0, 12, 0, 1, 0, 1]]);
    assert!(layers(&bytes).stop.is_some());
}

#[test]
fn a_name_built_of_pointers_stays_within_255_bytes() {
    // Each name is a label of 63 and a pointer to the one before it.
    let mut body = question("a", 1);
    let mut at = 12;
    for _ in 0..6 {
        let here = 12 + body.len();
        body.push(63);
        body.extend([b'x'; 63]);
        body.extend([0xc0 | (at >> 8) as u8, at as u8, 0, 1, 0, 1]);
        at = here;
    }
    let stop = layers(&message(1, 0x0100, [7, 0, 0, 0], &[&body])).stop.unwrap();
    assert!(matches!(stop.why, Why::Malformed(w) if w.en.contains("255")));
}

#[test]
fn a_cut_record_says_how_much_is_missing() {
    let whole = answer();
    let cut = &whole[..whole.len() - 2];
    assert_eq!(layers(cut).stop.unwrap().why, Why::Truncated { need: whole.len(), have: cut.len() });
    assert_eq!(Dns.datagram(cut).unwrap().1, "Standard query response A");
}

#[test]
fn over_tcp_messages_are_found_by_their_length() {
    let (q, a) = (tcp(&query()), tcp(&answer()));
    let got = titles("dns", &[c([q.clone(), q.clone()].concat()), s(&a)]);
    assert_eq!(got, [
        "> 0..31 Standard query A example.org",
        "> 31..62 Standard query A example.org",
        "< 0..47 Standard query response A 192.0.2.1"
    ]);
    let out = layers(&a);
    assert_eq!(out.layers[0].field("dns.length").unwrap().print(&a), "45");
    assert_eq!(out.layers[0].field("dns.a").unwrap().print(&a), "192.0.2.1");
    assert_eq!(out.layers[0].field("dns.flags.response").unwrap().bits.unwrap().first, 32);
}

#[test]
fn a_gap_inside_a_message_over_tcp_is_counted() {
    let a = tcp(&answer());
    let got = titles("dns", &[s(&a[..10]), Item::Gap(Dir::ToClient, 20), s(&a[30..]), s(&a)]);
    assert_eq!(got, ["< 0..47 DNS … (cut)", "< 47..94 Standard query response A 192.0.2.1"]);
    let lost = messages("dns", &[s(&a[..10]), Item::Gap(Dir::ToClient, 200), s(&a)]);
    assert_eq!((lost[0].range.clone(), lost[1].proto), (0..47, "data"));
}

#[test]
fn what_is_no_dns_over_tcp_is_data() {
    assert!(messages("dns", &[c("hello\n")]).iter().all(|m| m.proto == "data" || !m.complete));
    assert_eq!(messages("dns", &[c([0, 3, 1, 2, 3])])[0].proto, "data");
    assert_eq!(Dns.recognise(Dir::ToServer, &tcp(&query())), Some(true));
    assert_eq!(Dns.recognise(Dir::ToServer, &tcp(&query())[..8]), None);
    assert_eq!(Dns.recognise(Dir::ToServer, &tcp(&answer())), Some(false));
}
