#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::initial::{Opened, open, seal};
use super::packet::{self, Kind};
use super::{Quic, frames};
use crate::proto::claim::{Ask, Claim, Hint};
use crate::proto::{About, Around, Dir, Member, MessageLayers, Protocol};
use crate::wire::Why;

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|d| u8::from_str_radix(std::str::from_utf8(d).unwrap(), 16).unwrap()).collect()
}

/// RFC 9001 §A.3: the server's first packet, an acknowledgement and a Server Hello.
fn server_initial() -> Vec<u8> {
    bytes(
        "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73c3ec2493a1839b3dbcb\
         a3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc42158407dd074ee",
    )
}

/// RFC 9001 §A: the ID that the client chose.
const ID: [u8; 8] = [0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08];

fn long(first: u8, version: u32, rest: &[u8]) -> Vec<u8> {
    [&[first][..], &version.to_be_bytes(), &[8], &ID, &[4], b"abcd", rest].concat()
}

/// The client's first packet, shortened: it cannot be opened, but its ID stands in it.
fn client_initial() -> Vec<u8> {
    long(0xc3, 1, &[&[3][..], b"tok", &[0x40, 60], &[7; 60]].concat())
}

/// One of each. The server's Initial packet can be opened where the client's ID is known: `Talk` tells it.
pub fn samples() -> Vec<(Dir, Vec<u8>)> {
    let handshake = long(0xe3, 1, &[&[0x40, 64][..], &[9; 64]].concat());
    vec![
        (Dir::ToServer, client_initial()),
        (Dir::ToServer, [client_initial(), handshake, vec![0x45; 40]].concat()),
        (Dir::ToClient, server_initial()),
        (Dir::ToServer, seal(ID, &[&[1, 0x1c, 10, 6, 3][..], b"bye", &[0; 40]].concat()).unwrap()),
        (Dir::ToClient, long(0xc0, 0, &[0, 0, 0, 1, 0x6b, 0x33, 0x43, 0xcf])),
        (Dir::ToClient, long(0xf0, 1, &[7; 40])),
        (Dir::ToServer, long(0xd0, packet::V2, &[&[0, 0x40, 60][..], &[7; 60]].concat())),
        (Dir::ToClient, [&[0x60][..], b"abcd", &[1; 30]].concat()),
    ]
}

/// A conversation that began with the client's packet.
pub struct Talk;

impl Around for Talk {
    fn head(&self, member: Member) -> Vec<u8> {
        match member {
            Member::First(Dir::ToServer) => client_initial(),
            _ => Vec::new(),
        }
    }
}

fn dissect(dir: Dir, datagram: &[u8]) -> MessageLayers {
    Quic.dissect(datagram, About { around: &Talk, ..About::alone(dir) })
}

fn print(out: &MessageLayers, datagram: &[u8], name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for layer in &out.layers {
        let buffer = if layer.buffer == 0 { datagram } else { &out.buffers[layer.buffer - 1].bytes };
        layer.fields.iter().for_each(|f| f.walk(&mut |f| if f.def.name == name { found.push(f.print(buffer)) }));
    }
    found
}

#[test]
fn the_example_of_rfc_9001_is_opened() {
    let datagram = server_initial();
    let packets = packet::all(&datagram);
    let opened = open(&datagram, &packets[0], Dir::ToClient, &ID).unwrap();
    assert_eq!((opened.number, opened.number_len), (1, 2));
    let found = frames::read(&opened.payload);
    assert_eq!((found.names, found.fault), (vec!["ACK", "CRYPTO"], None));
    assert_eq!(open(&datagram, &packets[0], Dir::ToServer, &ID), None, "the other direction's key does not fit");
    let mut damaged = datagram;
    *damaged.last_mut().unwrap() ^= 1;
    assert_eq!(open(&damaged, &packets[0], Dir::ToClient, &ID), None::<Opened>);
}

#[test]
fn a_server_hello_in_quic_is_read() {
    let datagram = server_initial();
    let out = dissect(Dir::ToClient, &datagram);
    assert_eq!(out.stop, None);
    let one = |name: &str| print(&out, &datagram, name).join(",");
    assert_eq!(one("quic.frame_type"), "2,6");
    assert_eq!(one("quic.packet_number"), "1");
    assert_eq!(one("tls.handshake.type"), "2");
    assert_eq!(one("tls.handshake.ciphersuite"), "0x1301");
    assert_eq!(out.layers.iter().map(|l| l.proto).collect::<Vec<_>>(), ["quic", "quic", "tls"]);
}

#[test]
fn what_is_sealed_is_opened_again() {
    let datagram = seal(ID, &[6, 0, 4, 14, 0, 0, 0, 0, 0]).unwrap();
    let out = dissect(Dir::ToServer, &datagram);
    assert_eq!(out.stop, None);
    assert_eq!(print(&out, &datagram, "quic.packet_number"), ["2"]);
    assert_eq!(print(&out, &datagram, "tls.handshake.type"), ["14"]);
    assert_eq!(print(&out, &datagram, "quic.padding_length"), ["2"]);
}

#[test]
fn packets_of_one_datagram_are_told_apart() {
    let datagram = &samples()[1].1;
    let kinds: Vec<_> = packet::all(datagram).iter().map(|p| p.kind).collect();
    assert_eq!(kinds, [Kind::Initial, Kind::Handshake, Kind::Short]);
    let out = dissect(Dir::ToServer, datagram);
    assert_eq!(print(&out, datagram, "quic.packet_length"), ["85", "85", "40"]);
    assert_eq!(print(&out, datagram, "quic.header_form"), ["1", "1", "0"]);
    assert!(out.layers[1].field("quic.remaining_payload").unwrap().because.as_ref().unwrap().en.contains("encrypted, 64 bytes"));
}

#[test]
fn a_short_header_carries_the_id_that_the_other_end_chose() {
    let datagram = &samples()[7].1;
    assert_eq!(print(&dissect(Dir::ToClient, datagram), datagram, "quic.dcid"), ["61626364"]);
    assert!(print(&dissect(Dir::ToServer, datagram), datagram, "quic.dcid").is_empty());
}

#[test]
fn only_the_conversation_makes_a_short_header_quic() {
    let datagram = &samples()[7].1;
    assert_eq!(Quic.claim(&Ask::datagram(datagram)), Claim::No);
    assert_eq!(Quic.claim(&Ask::datagram(datagram).with(Hint::Before)), Claim::Begins);
    assert_eq!(Quic.headline(datagram), "Protected Payload");
    assert_eq!(Quic.claim(&Ask::datagram(&client_initial())), Claim::Begins);
    assert_eq!(Quic.headline(&client_initial()), "Initial");
    assert_eq!(Quic.claim(&Ask::datagram(&long(0xc3, 77, &[0, 0x40, 60]))), Claim::No);
}

#[test]
fn retry_and_negotiation_are_read() {
    let [negotiation, retry] = [&samples()[4].1, &samples()[5].1];
    let out = dissect(Dir::ToClient, negotiation);
    assert_eq!(print(&out, negotiation, "quic.supported_version"), ["0x00000001", "0x6b3343cf"]);
    let out = dissect(Dir::ToClient, retry);
    assert_eq!(print(&out, retry, "quic.retry_token"), ["07".repeat(24)]);
}

#[test]
fn a_cut_datagram_says_so() {
    let whole = client_initial();
    assert!(matches!(dissect(Dir::ToServer, &whole[..50]).stop.unwrap().why, Why::Truncated { .. }));
    assert!(matches!(dissect(Dir::ToServer, &whole[..9]).stop.unwrap().why, Why::Truncated { .. }));
}

#[test]
fn frames_that_lie_end_the_walk() {
    assert_eq!(frames::read(&[6, 0, 60, 1, 2]).fault, Some(0));
    assert_eq!(frames::read(&[1, 2, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]).fault, Some(1));
    let close = frames::read(&[0x1c, 10, 6, 3, b'b', b'y', b'e', 0, 0]);
    assert_eq!((close.names, close.fault), (vec!["CC", "PADDING"], None));
}
