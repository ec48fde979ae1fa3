#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::framer::TlsFramer;
use super::session::{Mark, Session, TLS12, TLS13};
use crate::proto::claim::{Ask, Claim, Hint};
use crate::proto::tests::{Item, c, messages, s, titles};
use crate::proto::{About, Around, Dir, Framed, Framer, MessageLayers, Protocol};
use crate::wire::Why;

/// Behind a length of `n` bytes.
fn vector(n: usize, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut out = (body.len() as u64).to_be_bytes()[8 - n..].to_vec();
    out.extend_from_slice(body);
    out
}

pub fn record(kind: u8, version: u16, content: impl AsRef<[u8]>) -> Vec<u8> {
    [&[kind][..], &version.to_be_bytes(), &vector(2, content)].concat()
}

fn message(kind: u8, body: impl AsRef<[u8]>) -> Vec<u8> {
    [&[kind][..], &vector(3, body)].concat()
}

fn ext(kind: u16, body: impl AsRef<[u8]>) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &vector(2, body)].concat()
}

fn client_hello(extensions: &[Vec<u8>]) -> Vec<u8> {
    let list = vector(2, extensions.concat());
    let body = [&[3, 3][..], &[0x11; 32], &vector(1, [7; 4]), &vector(2, [0x0a, 0x0a, 0x13, 0x01, 0xc0, 0x2f]), &[1, 0], &list].concat();
    message(1, body)
}

fn server_hello(suite: u16, extensions: &[Vec<u8>]) -> Vec<u8> {
    let list = if extensions.is_empty() { Vec::new() } else { vector(2, extensions.concat()) };
    message(2, [&[3, 3][..], &[0x22; 32], &[0], &suite.to_be_bytes(), &[0], &list].concat())
}

fn sni(name: &str) -> Vec<u8> {
    ext(0, vector(2, [&[0][..], &vector(2, name)].concat()))
}

fn full_client_hello() -> Vec<u8> {
    let scts = vector(2, "");
    client_hello(&[
        ext(0x2a2a, ""),
        sni("example.org"),
        ext(1, [2]),
        ext(5, [1, 0, 0, 0, 0]),
        ext(10, vector(2, [0x0a, 0x0a, 0, 29, 0, 23])),
        ext(11, vector(1, [0])),
        ext(12, vector(1, "ann")),
        ext(13, vector(2, [4, 3, 8, 4])),
        ext(15, [1]),
        ext(16, vector(2, [vector(1, "h2"), vector(1, "http/1.1")].concat())),
        ext(17, vector(2, [&[2][..], &vector(2, [0, 0, 0, 0])].concat())),
        ext(18, ""),
        ext(21, [0; 5]),
        ext(23, ""),
        ext(27, vector(1, [0, 2])),
        ext(28, [0x40, 1]),
        ext(35, scts),
        ext(43, vector(1, [3, 4, 3, 3])),
        ext(44, vector(2, "again")),
        ext(45, vector(1, [1])),
        ext(51, vector(2, [&[0, 29][..], &vector(2, [9; 32])].concat())),
        ext(57, quic_parameters()),
        ext(13172, ""),
        ext(17513, vector(2, vector(1, "h2"))),
        ext(0xff01, [0]),
        ext(41, [vector(2, [vector(2, "ticket"), vec![0, 0, 0, 9]].concat()), vector(2, vector(1, [5; 32]))].concat()),
    ])
}

fn quic_parameters() -> Vec<u8> {
    let numbers = [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 0x20].map(|n: u8| [&[n][..], &vector(1, [0x43, 0xe8])].concat());
    let ids = [0, 2, 15, 16, 27].map(|n: u8| [&[n][..], &vector(1, [7; 4])].concat());
    [numbers.concat(), ids.concat()].concat()
}

fn sct() -> Vec<u8> {
    let one = [&[0][..], &[6; 32], &[0, 0, 1, 0x80, 0, 0, 0, 0], &[0, 0], &[4, 3], &vector(2, [7; 8])].concat();
    ext(18, vector(2, vector(2, one)))
}

/// One of each record, with the note that its framer would have made.
pub fn samples() -> Vec<(Dir, u32, Vec<u8>)> {
    let newer = Session::of_version(TLS13).note(Mark::default());
    let tls12 = |suite, mark| {
        let mut session = Session::default();
        session.see_server_hello(TLS12, suite, None);
        session.note(mark)
    };
    let plain = Mark::default();
    let mut session = Session::default();
    session.see_server_hello(TLS12, 0xc02f, Some("h2"));
    let over_http2 = session.note(plain);
    let with = |suite, kind, body: Vec<u8>| (Dir::ToServer, tls12(suite, plain), record(22, 0x303, message(kind, body)));
    let dh = [vector(2, [0xd7; 16]), vector(2, [2]), vector(2, [0x5e; 16]), vec![4, 1], vector(2, [3; 20])].concat();
    let point = [&[3, 0, 23][..], &vector(1, [4; 65]), &[4, 1], &vector(2, [3; 20])].concat();
    let v2 = [
        &[0x80, 0x32, 1, 3, 1, 0, 9, 0, 0, 0, 32][..],
        &[1, 0, 0x80, 0, 0, 0x2f, 0, 0, 5],
        &[8; 32],
    ]
    .concat();
    let with_id = [
        &[0x80, 0x3c, 1, 3, 1, 0, 3, 0, 16, 0, 32][..],
        &[0, 0, 0x2f],
        &[9; 16],
        &[8; 32],
    ]
    .concat();
    let ssl2 = Session::default().note(Mark { ssl2: true, ..plain });
    vec![
        (Dir::ToServer, 0, record(22, 0x301, full_client_hello())),
        (Dir::ToServer, 0, record(22, 0x301, client_hello(&[sni("例え.example"), ext(99, "?")]))),
        (Dir::ToClient, 0, record(22, 0x303, server_hello(0x1301, &[ext(51, [&[0, 29][..], &vector(2, [9; 32])].concat()), ext(43, [3, 4]), ext(41, [0, 0])]))),
        (Dir::ToClient, 0, record(22, 0x303, [server_hello(0xc02f, &[ext(0xff01, vector(1, [1; 12])), sct(), ext(16, vector(2, vector(1, "h2"))), ext(13172, vector(1, "spdy/3"))]), message(14, "")].concat())),
        (Dir::ToClient, 0, {
            let mut retry = server_hello(0x1301, &[ext(43, [3, 4]), ext(51, [0, 23]), ext(44, vector(2, "c"))]);
            retry[6..38].copy_from_slice(&super::hello::RETRY);
            record(22, 0x303, retry)
        }),
        (Dir::ToClient, newer, record(22, 0x303, message(4, [&[0, 0, 1, 0, 9, 9, 9, 9][..], &vector(1, [0]), &vector(2, "ticket"), &vector(2, ext(42, [0, 0, 0x40, 0]))].concat()))),
        with(0xc02f, 4, [&[0, 0, 1, 0][..], &vector(2, "ticket")].concat()),
        with(0xc02f, 11, vector(3, [vector(3, [0x30, 3, 1, 1, 1]), vector(3, [0x30, 0x82, 0, 1, 5])].concat())),
        with(0xc02f, 11, vector(3, "")),
        with(0xc02f, 12, point),
        with(0x0033, 12, dh),
        with(0x00a8, 12, vector(2, "hint")),
        with(0xc02f, 13, [vector(1, [1, 64]), vector(2, [4, 1]), vector(2, vector(2, [0x30, 0]))].concat()),
        with(0xc02f, 15, [&[4, 1][..], &vector(2, [3; 20])].concat()),
        with(0xc02f, 16, vector(1, [4; 65])),
        with(0x0033, 16, vector(2, [4; 64])),
        with(0x002f, 16, vector(2, [4; 64])),
        with(0x00a8, 16, vector(2, "me")),
        with(0xc02f, 20, vec![7; 8]),
        with(0xc02f, 22, [&[1][..], &vector(3, [0x30, 0])].concat()),
        (Dir::ToServer, tls12(0xc02f, plain), record(20, 0x303, [1])),
        (Dir::ToServer, tls12(0xc02f, plain), record(22, 0x303, [0xee; 40])),
        (Dir::ToServer, tls12(0xc02f, plain), record(21, 0x303, [2, 40])),
        (Dir::ToServer, tls12(0xc02f, plain), record(21, 0x303, [0xee; 26])),
        (Dir::ToServer, tls12(0xc02f, plain), record(24, 0x303, [&[1, 0, 4][..], b"echo", &[0; 16]].concat())),
        (Dir::ToServer, tls12(0xc02f, plain), record(23, 0x303, [0xee; 100])),
        (Dir::ToServer, newer, record(23, 0x303, [0xee; 100])),
        (Dir::ToServer, over_http2, record(23, 0x303, [0xee; 30])),
        (Dir::ToServer, ssl2, v2),
        (Dir::ToServer, ssl2, with_id),
        (Dir::ToServer, ssl2, [&[0x40, 40, 3, 1][..], &[7; 39]].concat()),
        (Dir::ToServer, tls12(0xc02f, Mark { lost: true, ..plain }), vec![7; 30]),
    ]
}

fn dissect(dir: Dir, note: u32, bytes: &[u8]) -> MessageLayers {
    super::Tls.dissect(bytes, About { note, ports: [50_000, 443], ..About::alone(dir) })
}

fn print(out: &MessageLayers, bytes: &[u8], name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for layer in &out.layers {
        let buffer = if layer.buffer == 0 { bytes } else { &out.buffers[layer.buffer - 1].bytes };
        for field in &layer.fields {
            field.walk(&mut |f| {
                if f.def.name == name {
                    found.push(f.print(buffer));
                }
            });
        }
    }
    found
}

#[test]
fn a_whole_exchange_is_told_record_by_record() {
    let client = record(22, 0x301, client_hello(&[sni("example.org")]));
    let server = [
        record(22, 0x303, server_hello(0xc02f, &[])),
        record(22, 0x303, [message(11, vector(3, "")), message(14, "")].concat()),
    ]
    .concat();
    let rest = [record(20, 0x303, [1]), record(22, 0x303, [0; 40]), record(23, 0x303, [5; 9])].concat();
    let got = titles("tls", &[c(&client), s(&server), c(&rest), s(record(21, 0x303, [1, 0]))]);
    let got: Vec<_> = got.iter().map(|t| t.splitn(3, ' ').nth(2).unwrap().to_owned()).collect();
    assert_eq!(got, [
        "Client Hello (SNI=example.org)",
        "Change Cipher Spec",
        "Encrypted Handshake Message",
        "Application Data",
        "Server Hello",
        "Certificate, Server Hello Done",
        "Alert (Level: Warning, Description: Close Notify)",
    ]);
}

#[test]
fn a_long_record_is_not_held_back() {
    let long = record(23, 0x303, vec![1; 16_000]);
    let mut framer = TlsFramer::default();
    assert_eq!(framer.push(Dir::ToServer, 0, &long[..100], &mut |_| {}), 100);
    assert_eq!(framer.until(Dir::ToServer), Some(long.len() as u64));
}

#[test]
fn a_record_with_a_hole_is_cut_and_the_next_one_is_found() {
    let long = record(23, 0x303, vec![1; 500]);
    let got = titles("tls", &[c(&long[..50]), Item::Gap(Dir::ToServer, 100), c(&long[150..]), c(record(21, 0x303, [2, 40]))]);
    assert_eq!(got, ["> 0..505 Application Data (cut)", "> 505..512 Alert (Level: Fatal, Description: Handshake Failure)"]);
}

#[test]
fn after_a_long_gap_a_record_is_found_where_a_piece_begins() {
    let first = record(22, 0x303, server_hello(0xc02f, &[]));
    let script = [s(&first), Item::Gap(Dir::ToClient, 9000), s([0xee; 60]), s(record(23, 0x303, [1; 20]))];
    let got = crate::proto::tests::run("tls", &script, |n| n);
    let got: Vec<_> = got.iter().map(|m| (m.title.as_str(), m.complete)).collect();
    assert_eq!(got, [("Server Hello", true), ("Ignored Unknown Record", true), ("Application Data", true)]);
}

#[test]
fn text_is_not_taken_for_tls() {
    let got = messages("tls", &[s("220 hello\r\n")]);
    assert_eq!(got[0].proto, "data");
    let ask = Ask::stream(Dir::ToServer, b"GET / HTTP/1.1");
    assert_eq!([ask, ask.with(Hint::Port)].map(|ask| super::Tls.claim(&ask)), [Claim::No; 2]);
}

#[test]
fn names_and_fingerprints_stand_in_the_fields() {
    let bytes = record(22, 0x301, full_client_hello());
    let out = dissect(Dir::ToServer, 0, &bytes);
    assert_eq!(out.stop, None);
    let one = |name: &str| print(&out, &bytes, name).join(",");
    assert_eq!(one("tls.handshake.extensions_server_name"), "example.org");
    assert_eq!(one("tls.handshake.extensions_alpn_str"), "h2,http/1.1");
    assert_eq!(one("tls.handshake.extensions_supported_group"), "0x0a0a,0x001d,0x0017");
    assert_eq!(
        one("tls.handshake.ja3_full"),
        "771,4865-49199,0-1-5-10-11-12-13-15-16-17-18-21-23-27-28-35-43-44-45-51-57-13172-17513-65281-41,29-23,0"
    );
    assert_eq!(one("tls.quic.parameter.max_idle_timeout"), "1000");
    assert_eq!(out.layers[0].title, "TLSv1");
    assert_eq!(out.layers[0].summary, "Client Hello (SNI=example.org)");
}

#[test]
fn tls_13_hides_what_a_record_holds() {
    let bytes = record(23, 0x303, [1; 30]);
    let newer = Session::of_version(TLS13).note(Mark::default());
    let out = dissect(Dir::ToServer, newer, &bytes);
    assert_eq!(print(&out, &bytes, "tls.record.opaque_type"), ["23"]);
    assert!(print(&out, &bytes, "tls.record.content_type").is_empty());
    assert_eq!(print(&out, &bytes, "tls.app_data_proto"), ["Hypertext Transfer Protocol"]);
    assert_eq!(out.layers[0].title, "TLSv1.3");
    let field = out.layers[0].field("tls.app_data").unwrap();
    assert_eq!(field.because.as_ref().unwrap().en, "application data, encrypted, 30 bytes");
}

/// The records of a direction before this one.
struct Before(Vec<Vec<u8>>);

impl Around for Before {
    fn earlier(&self, _behind: Option<u32>, visit: &mut dyn FnMut(&[u8]) -> bool) -> bool {
        self.0.iter().all(|r| visit(r))
    }
}

#[test]
fn a_message_over_three_records_is_put_together() {
    let certificate = message(11, vector(3, vector(3, [&[0x30, 0x82, 1, 0x2c][..], &[6; 300]].concat())));
    let records: Vec<_> = [&certificate[..2], &certificate[2..200], &certificate[200..]].map(|part| record(22, 0x303, part)).into();
    let mut notes = Vec::new();
    let mut got = Vec::new();
    let hello = record(22, 0x303, server_hello(0xc02f, &[]));
    TlsFramer::default().push(Dir::ToClient, 0, &[hello, records.concat()].concat(), &mut |f| match f {
        Framed::Note { note, .. } => notes.push(note),
        Framed::Title { title, .. } => got.push(title),
        _ => {}
    });
    assert_eq!(got, ["Server Hello", "[Certificate Fragment]", "[Certificate Fragment]", "Certificate"]);
    let around = Before(records[..2].to_vec());
    let about = About { note: notes[3], around: &around, ..About::alone(Dir::ToClient) };
    let out = super::Tls.dissect(&records[2], about);
    assert_eq!(out.stop, None);
    assert_eq!(out.buffers[0].bytes, certificate);
    assert_eq!(print(&out, &records[2], "tls.handshake.certificate_length"), ["304"]);
}

#[test]
fn a_cut_record_says_so() {
    let bytes = record(22, 0x301, full_client_hello());
    assert!(matches!(dissect(Dir::ToServer, 0, &bytes[..80]).stop.unwrap().why, Why::Truncated { .. }));
    let mut wrong = bytes;
    wrong[9 + 2 + 32] = 250;
    assert!(matches!(dissect(Dir::ToServer, 0, &wrong).stop.unwrap().why, Why::Malformed(_)));
}

#[test]
fn the_hello_of_ssl_2_is_read() {
    let hello = samples().iter().find(|(_, _, b)| b.starts_with(&[0x80, 0x32])).unwrap().2.clone();
    assert_eq!(super::Tls.claim(&Ask::stream(Dir::ToServer, &hello)), Claim::Unmistakable);
    let got = titles("tls", &[c(&hello), s(record(22, 0x301, server_hello(0x002f, &[])))]);
    assert_eq!(got[0], "> 0..52 Client Hello");
    assert!(got[1].ends_with("Server Hello"));
}
