#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::proto::tests::{Item, c, messages, s, titles};
use crate::proto::{Dir, Framed, MessageKind};
use crate::wire::{Osi, Why};

fn dissect(bytes: &[u8]) -> MessageLayers {
    super::dissect::dissect(bytes, About::alone(Dir::ToServer))
}

const MASK: [u8; 4] = [0xe1, 0x7e, 0x8e, 0xb9];

fn frame(first: u8, masked: bool, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![first];
    let bit = if masked { 0x80 } else { 0 };
    match payload.len() {
        n @ 0..=125 => out.push(bit | n as u8),
        n @ 126..=0xffff => {
            out.push(bit | 126);
            out.extend((n as u16).to_be_bytes());
        }
        n => {
            out.push(bit | 127);
            out.extend((n as u64).to_be_bytes());
        }
    }
    if masked {
        out.extend(MASK);
    }
    out.extend(payload.iter().enumerate().map(|(i, b)| if masked { b ^ MASK[i % 4] } else { *b }));
    out
}

/// Frames that together show every field.
pub fn samples() -> Vec<Vec<u8>> {
    vec![
        frame(0x81, true, b"test message"),
        frame(0x81, false, br#"{"type": "chat"}"#),
        frame(0x82, true, &[7; 200]),
        frame(0x82, false, &[0xff; 66_000]),
        frame(0x01, true, "こん".as_bytes()),
        frame(0x80, true, "にちは".as_bytes()),
        frame(0xc1, true, &[1, 2, 3]),
        frame(0x88, true, b"\x03\xe8bye"),
        frame(0x88, false, b""),
        frame(0x89, true, b"ping"),
        frame(0x8a, false, b"ping"),
        frame(0x83, false, b"?"),
        frame(0x00, true, b"and on"),
    ]
}

#[test]
fn each_frame_is_a_message_and_its_text_is_readable() {
    let got: Vec<_> = titles("websocket", &[c(samples().concat())]).iter().map(|t| t.split_once(' ').unwrap().1.split_once(' ').unwrap().1.to_owned()).collect();
    assert_eq!(got, [
        "Text \"test message\"",
        "Text \"{\"type\": \"chat\"}\"",
        "Binary 200 B",
        "Binary 66000 B",
        "Text \"こん\"",
        "Continuation \"にちは\"",
        "Text 3 B (compressed)",
        "Close 1000",
        "Close",
        "Ping",
        "Pong",
        "Opcode 3 1 B",
        "Continuation 6 B"
    ]);
}

#[test]
fn a_long_text_is_cut_in_its_title_and_not_held_back() {
    let long = frame(0x81, true, "あ".repeat(40_000).as_bytes());
    let got = titles("websocket", &[c(&long)]);
    assert_eq!(got, [format!("> 0..{} Text \"{}…\"", long.len(), "あ".repeat(40))]);
    let mut framer = WebSocketFramer::default();
    let taken = framer.push(Dir::ToServer, 0, &long[..200], &mut |_| {});
    assert_eq!(taken, 200);
}

#[test]
fn a_continuation_goes_on_with_what_was_begun() {
    let kinds: Vec<_> = messages("websocket", &[s([frame(1, false, b"a"), frame(0x89, false, b""), frame(0x80, false, b"b"), frame(0x80, false, b"c")].concat())])
        .into_iter()
        .map(|m| (m.kind.unwrap(), m.title))
        .collect();
    assert_eq!(kinds[0], (MessageKind::Text, "Text \"a\"".into()));
    assert_eq!(kinds[2], (MessageKind::Continuation, "Continuation \"b\"".into()));
    assert_eq!(kinds[3], (MessageKind::Continuation, "Continuation 1 B".into()));
}

#[test]
fn a_huge_length_is_counted_and_an_impossible_one_given_up() {
    let huge = [&[0x82, 127][..], &(1u64 << 62).to_be_bytes(), b"abc"].concat();
    assert_eq!(titles("websocket", &[s(&huge)]), [format!("< 0..13 Binary {} B (cut)", 1u64 << 62)]);
    let mut found = Vec::new();
    let impossible = [&[0x82, 127][..], &u64::MAX.to_be_bytes()].concat();
    WebSocketFramer::default().push(Dir::ToClient, 0, &impossible, &mut |f| found.push(f));
    assert_eq!(found.last(), Some(&Framed::GiveUp));
    assert!(matches!(dissect(&impossible).stop.unwrap().why, Why::Malformed(_)));
    assert!(dissect(&huge).layers[0].payload.len == 3);
}

#[test]
fn a_gap_in_a_payload_is_counted_and_one_across_frames_gives_up() {
    let f = frame(0x82, false, &[5; 50]);
    let got = titles("websocket", &[s(&f[..10]), Item::Gap(Dir::ToClient, 30), s(&f[40..]), s(frame(0x8a, false, b""))]);
    assert_eq!(got, ["< 0..52 Binary 50 B (cut)", "< 52..54 Pong"]);
    let got = messages("websocket", &[s(&f[..10]), Item::Gap(Dir::ToClient, 60), s("abc\n")]);
    assert_eq!((got[0].range.clone(), got[1].proto), (0..52, "data"));
}

#[test]
fn a_masked_text_is_shown_as_sent_and_as_meant() {
    let bytes = frame(0x81, true, b"test message");
    let out = dissect(&bytes);
    assert_eq!(out.stop, None);
    let layer = &out.layers[0];
    let print = |name: &str| layer.field(name).unwrap_or_else(|| panic!("no {name}")).print(&bytes);
    for (name, value) in [
        ("websocket.fin", "1"),
        ("websocket.rsv", "0x00"),
        ("websocket.opcode", "1"),
        ("websocket.mask", "1"),
        ("websocket.payload_length", "12"),
        ("websocket.masking_key", "e17e8eb9"),
        ("websocket.payload.text", "test message"),
    ] {
        assert_eq!(print(name), value, "{name}");
    }
    assert_eq!(layer.field("websocket.masked_payload").unwrap().span.of(&bytes), &bytes[6..]);
    assert_eq!(out.buffers[0].bytes, b"test message");
    assert_eq!((out.layers[1].proto, out.layers[1].buffer, out.layers[1].osi), ("data-text-lines", 1, Osi::Presentation));
}

#[test]
fn close_says_why() {
    let bytes = frame(0x88, true, b"\x03\xe9bye");
    let out = dissect(&bytes);
    let show = |name: &str| out.layers[0].field(name).unwrap().show(&bytes);
    assert_eq!(show("websocket.payload.close.status_code"), "1001 (Going Away)");
    assert_eq!(show("websocket.payload.close.reason"), "bye");
}

#[test]
fn rules_of_control_frames_are_checked() {
    assert!(matches!(dissect(&frame(0x09, false, b"x")).stop.unwrap().why, Why::Malformed(_)));
    assert!(matches!(dissect(&frame(0x89, false, &[0; 126])).stop.unwrap().why, Why::Malformed(_)));
    assert!(matches!(dissect(&frame(0x83, false, b"")).stop.unwrap().why, Why::Malformed(_)));
    assert_eq!(dissect(&frame(0x81, true, b"abc")[..8]).stop.unwrap().why, Why::Truncated { need: 9, have: 8 });
}
