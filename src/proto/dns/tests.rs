#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::proto::tests::{AGAIN, Item, c, messages, s, titles};
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

fn be(n: impl Into<u64>, len: usize) -> Vec<u8> {
    n.into().to_be_bytes()[8 - len..].to_vec()
}

/// A code or key, the length and the value.
fn pair(code: u16, value: &[u8]) -> Vec<u8> {
    [&code.to_be_bytes()[..], &(value.len() as u16).to_be_bytes(), value].concat()
}

fn text(text: &str) -> Vec<u8> {
    [&[text.len() as u8][..], text.as_bytes()].concat()
}

/// Records of all types that are read, in one answer.
fn all_types() -> Vec<u8> {
    let key = [&be(257u16, 2)[..], &[3, 8], &(0..40).collect::<Vec<u8>>()].concat();
    let signature = [&be(1u16, 2)[..], &[8, 2], &be(3600u32, 4), &be(1_700_000_000u32, 4), &be(1_690_000_000u32, 4), &be(4711u16, 2)];
    let service = [
        pair(1, &[text("h2"), text("h3")].concat()),
        pair(3, &be(443u16, 2)),
        pair(4, &[1, 2, 3, 4, 5, 6, 7, 8]),
        pair(6, &[0; 16]),
        pair(5, b"abc"),
        pair(0, &[0, 1, 0, 3]),
        pair(2, b""),
        pair(7, b"/dns"),
        pair(32769, b"odo"),
    ];
    let options = [
        pair(5, &[8, 10]),
        pair(6, &[1]),
        pair(7, &[1]),
        pair(8, &[0, 1, 24, 0, 192, 0, 2]),
        pair(8, &[0, 2, 56, 0, 0x20, 1]),
        pair(8, &[0, 3, 0, 0]),
        pair(10, b"cclientxserverpart"),
        pair(11, &[0, 100]),
        pair(12, &[0; 3]),
        pair(13, b"\x01a\0"),
        pair(15, b"\0\x16why"),
    ];
    let tsig = [name("hmac-sha256"), be(1_700_000_000u64, 6), be(300u16, 2), be(2u16, 2), vec![1, 2], be(7u16, 2), be(0u16, 2), pair(1, b"")[2..].to_vec()];
    let mut tsig = tsig.concat();
    let end = tsig.len();
    tsig[end - 1] = 2;
    tsig.extend([9, 9]);
    let location = [&[0, 0x12, 0x16, 0x13][..], &be(2_147_484_648u32, 4), &be(2_147_478_648u32, 4), &be(10_001_000u32, 4)].concat();
    let naptr = [be(10u16, 2), be(20u16, 2), text("u"), text("E2U+sip"), text("!a!b!"), vec![0]].concat();
    let records = [
        record(OWNER, types::DNAME, 1, 0x8000_0001, &name("other.example")),
        record(OWNER, types::HINFO, 1, 60, &[text("CPU"), text("OS")].concat()),
        record(OWNER, types::RP, 1, 60, &[name("mb.x"), name("txt.x")].concat()),
        record(OWNER, types::SPF, 1, 60, &text("v=spf1")),
        record(OWNER, types::NULL, 1, 60, b"any"),
        record(OWNER, types::NAPTR, 1, 60, &naptr),
        record(OWNER, types::HTTPS, 1, 60, &[be(1u16, 2), vec![0], service.concat()].concat()),
        record(OWNER, types::CAA, 1, 60, b"\x80\x05issueca.net"),
        record(OWNER, types::CAA, 1, 60, b"\0\x09issuewildca.net"),
        record(OWNER, types::CAA, 1, 60, b"\0\x05iodefmailto:a"),
        record(OWNER, types::CAA, 1, 60, b"\0\x03fooval"),
        record(OWNER, types::DS, 1, 60, &[&be(1234u16, 2)[..], &[8, 2], &[7; 32]].concat()),
        record(OWNER, types::DNSKEY, 1, 60, &key),
        record(OWNER, types::RRSIG, 1, 60, &[signature.concat(), name("example.org"), b"sig".to_vec()].concat()),
        record(OWNER, types::NSEC, 1, 60, &[&name("b.example.org")[..], &[0, 6, 0x40, 1, 0, 0, 0, 3]].concat()),
        record(OWNER, types::NSEC3, 1, 60, &[&[1, 1, 0, 10, 2, 0xab, 0xcd, 5][..], &[0, 1, 2, 3, 4], &[0, 1, 0x40]].concat()),
        record(OWNER, types::NSEC3PARAM, 1, 60, &[1, 0, 0, 10, 0]),
        record(OWNER, types::TLSA, 1, 60, &[3, 1, 1, 9, 9]),
        record(OWNER, types::SSHFP, 1, 60, &[4, 2, 9, 9]),
        record(OWNER, types::LOC, 1, 60, &location),
        record(OWNER, types::LOC, 1, 60, b"\x01zz"),
        record(OWNER, types::TSIG, 255, 0, &tsig),
        record(&[0], types::OPT, 1232, 0x8000, &options.concat()),
    ];
    message(8, 0x8580, [1, records.len() as u16, 0, 0], &[&question("example.org", 255), &records.concat(), b"left over"])
}

/// A dynamic update: not guessed on ports that are not DNS's.
pub fn update() -> Option<(Option<&'static str>, Vec<u8>)> {
    Some((None, message(6, 0x2800, [1, 0, 1, 0], &[&question("example.org", 6), &record(OWNER, types::A, 255, 0, b"")])))
}

/// Messages that together show every field, and the title of what they answer, if the conversation knows it.
pub fn samples() -> Vec<(Option<&'static str>, Vec<u8>)> {
    let mail = [&[0, 10][..], &[4, b'm', b'a', b'i', b'l', 0xc0, 12]].concat();
    let srv = [&[0, 1, 0, 2, 0x1f, 0x90][..], &name("srv.example.org")].concat();
    let soa = [name("ns.example.org"), name("admin.example.org"), (1u32..=5).flat_map(u32::to_be_bytes).collect()].concat();
    let v6 = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    let records = [
        record(OWNER, types::A, 1, 90_061, &[192, 0, 2, 1]),
        record(OWNER, types::AAAA, 1, 60, &v6),
        record(OWNER, types::CNAME, 1, 60, &name("other.example.org")),
        record(OWNER, types::NS, 1, 60, &[2, b'n', b's', 0xc0, 12]),
        record(OWNER, types::PTR, 1, 60, &name("host.local")),
        record(OWNER, types::MX, 1, 60, &mail),
        record(OWNER, types::TXT, 1, 60, b"\x03abc\x02\xc3\xa4"),
        record(&name("_http._tcp.example.org"), types::SRV, 1, 60, &srv),
        record(OWNER, types::SOA, 1, 60, &soa),
        record(OWNER, 4711, 1, 60, &[1, 2, 3]),
        record(&[0], types::OPT, 4096, 0x8000, &[0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]),
    ];
    let all = message(7, 0x8580, [1, 10, 0, 1], &[&question("example.org", 255), &records.concat()]);
    let mut mdns = message(0, 0, [1, 0, 0, 0], &[&question("_http._tcp.local", 12)]);
    let class = mdns.len() - 2;
    mdns[class] = 0x80;
    vec![
        (None, query()),
        (Some("A"), answer()),
        (None, all),
        (None, mdns),
        (None, message(9, 0x8183, [1, 0, 0, 0], &[&question("nowhere.example", 28)])),
        (None, tcp(&answer())),
        (None, all_types()),
        (Some(AGAIN), query()),
        (Some(AGAIN), answer()),
    ]
}

fn layers(bytes: &[u8]) -> MessageLayers {
    Dns.dissect(bytes, About::alone(Dir::ToServer))
}

#[test]
fn titles_say_what_is_asked_and_answered() {
    assert_eq!(Dns.headline(&query()), "Standard query A example.org");
    assert_eq!(Dns.headline(&answer()), "Standard query response A 192.0.2.1");
    assert_eq!(Dns.headline(&samples()[4].1), "Standard query response No such name AAAA nowhere.example");
    assert_eq!((Dns.kind(&query()), Dns.kind(&answer())), (MessageKind::Request, MessageKind::Response));
}

#[test]
fn a_datagram_that_only_looks_like_dns_is_its_own_on_the_port() {
    let claims = [&query()[..], &samples()[4].1].map(|bytes| Dns.claim(&Ask::datagram(bytes)));
    assert_eq!(claims, [Claim::Begins; 2]);
    for other in [&b"hello, this is a text of an echo program"[..], &[0; 40]] {
        assert_eq!(Dns.claim(&Ask::datagram(other)), Claim::No);
        assert_eq!(Dns.claim(&Ask::datagram(other).with(Hint::Port)), Claim::Vouched);
    }
    assert_eq!((Dns.kind(b"short"), Dns.headline(b"short").as_str()), (MessageKind::Data, "DNS …"));
}

#[test]
fn every_field_prints_as_in_wireshark() {
    let bytes = &samples()[2].1;
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
        ("dns.rr.udp_payload_size", "4096"),
        ("dns.srv.service", "_http"),
        ("dns.srv.proto", "_tcp"),
        ("dns.srv.name", "example.org"),
        ("dns.data", "010203"),
        ("dns.resp.z", "0x8000"),
    ] {
        assert_eq!(print(name), value, "{name}");
    }
    assert_eq!(out.layers[0].field("dns.resp.ttl").unwrap().show(bytes), "90061 (1 d 1 h 1 min 1 s)");
    assert!(out.layers[0].payload.is_empty());
}

#[test]
fn a_pointer_loop_is_said_in_the_name_as_wireshark_does() {
    let bytes = message(1, 0x0100, [1, 0, 0, 0], &[&[0xc0, 12], &[0, 1, 0, 1]]);
    let out = layers(&bytes);
    assert_eq!(out.layers[0].field("dns.qry.name").unwrap().print(&bytes), "<Name contains a pointer that loops>");
    let ahead = message(1, 0x0100, [1, 0, 0, 0], &[&[0xff, 0xff], &[0, 1, 0, 1]]);
    assert!(layers(&ahead).stop.is_some());
}

#[test]
fn records_of_all_types_print_as_in_wireshark() {
    let bytes = all_types();
    let out = layers(&bytes);
    assert_eq!(out.stop, None);
    let print = |name: &str| {
        let mut all = Vec::new();
        for field in &out.layers[0].fields {
            field.walk(&mut |f| if f.def.name == name { all.push(f.print(&bytes)) });
        }
        all.join(",")
    };
    for (name, value) in [
        ("dns.svcb.svcparam.alpn", "h2,h3"),
        ("dns.svcb.svcparam", "1,1,1,1,1,1,1,1,1"),
        ("dns.svcb.svcparam.key", "1,3,4,6,5,0,2,7,32769"),
        ("dns.svcb.svcparam.ipv4hint.ip", "1.2.3.4,5.6.7.8"),
        ("dns.svcb.svcparam.mandatory.key", "1,3"),
        ("dns.caa.issue", "ca.net"),
        ("dns.caa.value", "ca.net,ca.net,mailto:a,val"),
        ("dns.dnskey.key_id", "33178"),
        ("dns.rrsig.signature_expiration", "Nov 14, 2023 22:13:20.000000000 UTC"),
        ("dns.nsec3.hash_value", "000g40o4"),
        ("dns.nsec3.salt_value", "abcd,<MISSING>"),
        ("dns.naptr.replacement", "<Root>"),
        ("dns.naptr.replacement_length", "6"),
        ("dns.opt.client.addr4", "192.0.2.0"),
        ("dns.opt.client.addr", "<MISSING>"),
        ("dns.opt.cookie.server", "73657276657270617274"),
        ("dns.tsig.mac", "1"),
        ("dns.extraneous.data", "6c656674206f766572"),
        // The record's own type, and those in the bit maps.
        ("dns.resp.type", "39,13,17,99,10,35,65,257,257,257,257,43,48,46,47,1,15,46,47,50,1,51,52,44,29,29,250,41"),
    ] {
        assert_eq!(print(name), value, "{name}");
    }
}

#[test]
fn copies_point_at_the_first_and_answers_at_their_question() {
    let names = |around: Option<&'static str>, bytes: &[u8]| {
        let asked = crate::proto::tests::Asked(around);
        let out = Dns.dissect(bytes, crate::proto::tests::about(Dir::ToClient, &asked, true));
        let shown = |f: &&crate::wire::Field| ["dns.re", "dns.uns", "dns.time"].iter().any(|n| f.def.name.starts_with(n)) && !f.def.name.starts_with("dns.resp.");
        out.layers[0].fields.iter().filter(shown).map(|f| f.def.name).collect::<Vec<_>>()
    };
    assert!(names(None, &query()).is_empty());
    assert_eq!(names(Some(AGAIN), &query()), ["dns.retransmit_request", "dns.retransmit_request_in", "dns.retransmission"]);
    assert_eq!(names(None, &answer()), ["dns.unsolicited"]);
    assert_eq!(names(Some("A"), &answer()), ["dns.response_to", "dns.time"]);
    assert_eq!(names(Some(AGAIN), &answer()), ["dns.retransmit_response", "dns.retransmit_response_in", "dns.retransmission"]);
}

#[test]
fn multicast_and_link_local_names_have_their_own_bits() {
    let bytes = &samples()[3].1;
    let out = MDNS.dissect(bytes, About::alone(Dir::ToServer));
    let print = |name: &str| out.layers[0].field(name).map(|f| f.print(bytes));
    assert_eq!(print("dns.qry.qu").unwrap(), "1");
    assert_eq!(print("dns.qry.class").unwrap(), "0x0001");
    assert_eq!((out.layers[0].proto, out.layers[0].title), ("mdns", "MDNS"));
    let out = LLMNR.dissect(&query(), About::alone(Dir::ToServer));
    assert_eq!(out.layers[0].field("dns.flags.tentative").unwrap().print(&query()), "1");
    assert!(out.layers[0].field("dns.flags.recdesired").is_none());
}

#[test]
fn a_cut_record_says_how_much_is_missing() {
    let whole = answer();
    let cut = &whole[..whole.len() - 2];
    assert_eq!(layers(cut).stop.unwrap().why, Why::Truncated { need: whole.len(), have: cut.len() });
    assert!(layers(cut).layers[0].field("dns.resp.name").is_none(), "as in Wireshark, a record is there or not");
    assert_eq!(Dns.headline(cut), "Standard query response A");
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
    let claim = |bytes: &[u8]| Dns.claim(&Ask::stream(Dir::ToServer, bytes));
    assert_eq!(claim(&tcp(&query())), Claim::Guess);
    assert_eq!(Dns.claim(&Ask::stream(Dir::ToServer, &tcp(&query())).with(Hint::Port)), Claim::Begins);
    assert_eq!(claim(&tcp(&query())[..8]), Claim::Perhaps);
    assert_eq!(claim(&tcp(&answer())), Claim::No);
}
