#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::dissect::dissect;
use super::{Http2, MAGIC};
use crate::proto::claim::{Ask, Claim};
use crate::proto::tests::{Item, c, messages, s, titles};
use crate::proto::{Dir, Protocol};
use crate::wire::Why;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    [&(payload.len() as u32).to_be_bytes()[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// One of each.
pub fn samples() -> Vec<(Dir, Vec<u8>)> {
    let setting = |id: u16, value: u32| [&id.to_be_bytes()[..], &value.to_be_bytes()].concat();
    let settings: Vec<u8> = [1, 2, 3, 4, 5, 6, 8, 0x99].into_iter().flat_map(|id| setting(id, 100)).collect();
    let to_server = [
        MAGIC.to_vec(),
        frame(4, 0, 0, &settings),
        frame(2, 0, 3, &[0x80, 0, 0, 1, 200]),
        frame(1, 0x2d, 13, &[1, 0, 0, 0, 11, 15, 0x82, 0x86, 0]),
        frame(9, 4, 13, &[0x82]),
        frame(6, 0, 0, &[1; 8]),
        frame(8, 0, 0, &[0, 0, 1, 0]),
        frame(3, 0, 13, &[0, 0, 0, 8]),
    ];
    let to_client = [
        frame(4, 1, 0, &[]),
        frame(6, 1, 0, &[1; 8]),
        frame(5, 4, 13, &[0, 0, 0, 2, 0x82]),
        frame(0, 8, 13, b"\x02body\0\0"),
        frame(7, 0, 0, &[0, 0, 0, 13, 0, 0, 0, 11, b'?']),
        frame(0x42, 0, 1, b"what"),
    ];
    let with = |dir| move |b| (dir, b);
    to_server.into_iter().map(with(Dir::ToServer)).chain(to_client.into_iter().map(with(Dir::ToClient))).collect()
}

#[test]
fn frames_are_messages_behind_the_magic_words() {
    let script: Vec<_> = samples().iter().take(14).map(|(dir, b)| if *dir == Dir::ToServer { c(b) } else { s(b) }).collect();
    let got: Vec<_> = messages("http2", &script).into_iter().map(|m| m.title).collect();
    assert_eq!(got, [
        "Magic",
        "SETTINGS[0]",
        "PRIORITY[3]",
        "HEADERS[13]",
        "CONTINUATION[13]",
        "PING[0]",
        "WINDOW_UPDATE[0]",
        "RST_STREAM[13]",
        "SETTINGS[0]",
        "PING[0]",
        "PUSH_PROMISE[13]",
        "DATA[13]",
        "GOAWAY[0]",
        "Unknown[1]",
    ]);
}

#[test]
fn only_the_magic_words_begin_it() {
    let claim = |dir, bytes: &[u8]| Http2.claim(&Ask::stream(dir, bytes));
    assert_eq!(claim(Dir::ToServer, MAGIC), Claim::Unmistakable);
    assert_eq!(claim(Dir::ToServer, &MAGIC[..10]), Claim::Perhaps);
    assert_eq!(claim(Dir::ToServer, b"PRIVATE"), Claim::No);
    assert_eq!(claim(Dir::ToClient, MAGIC), Claim::No);
}

#[test]
fn a_gap_in_a_payload_is_counted_and_one_over_frames_gives_up() {
    let data = frame(0, 0, 1, &[7; 50]);
    let got = titles("http2", &[s(&data[..20]), Item::Gap(Dir::ToClient, 30), s(&data[50..]), s(frame(6, 0, 0, &[0; 8]))]);
    assert_eq!(got, ["< 0..59 DATA[1] (cut)", "< 59..76 PING[0]"]);
    let got = messages("http2", &[s(&data[..20]), Item::Gap(Dir::ToClient, 60), s("abc\n")]);
    assert_eq!((got[0].range.clone(), got[1].proto), (0..59, "data"));
}

#[test]
fn headers_say_that_they_are_compressed_and_padding_is_left_out() {
    let bytes = frame(1, 0x2d, 13, &[1, 0, 0, 0, 11, 15, 0x82, 0x86, 0]);
    let out = dissect(&bytes);
    assert_eq!(out.stop, None);
    let print = |name: &str| out.layers[0].field(name).unwrap().print(&bytes);
    for (name, value) in [
        ("http2.length", "9"),
        ("http2.type", "1"),
        ("http2.flags", "0x2d"),
        ("http2.flags.priority", "1"),
        ("http2.streamid", "13"),
        ("http2.pad_length", "1"),
        ("http2.stream_dependency", "11"),
        ("http2.headers", "8286"),
    ] {
        assert_eq!(print(name), value, "{name}");
    }
    assert!(out.layers[0].field("http2.headers").unwrap().because.as_ref().unwrap().en.contains("HPACK"));
    assert!(matches!(dissect(&bytes[..12]).stop.unwrap().why, Why::Truncated { .. }));
}
