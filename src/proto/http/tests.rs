#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::proto::claim::{Ask, Claim, Hint};
use crate::proto::tests::{Asked, Item, about, c, messages, s, titles};
use crate::proto::{Dir, Framed, MAX_HEAD, MessageKind};
use crate::wire::{Osi, Why};

/// Messages that together show every field.
pub fn samples() -> Vec<(Dir, Option<&'static str>, &'static str)> {
    use Dir::{ToClient as S, ToServer as C};
    vec![
        (C, None, "GET /users/1?q=%41 HTTP/1.1\r\nHost: example.org\r\nUser-Agent: curl/8\r\nAccept: */*\r\nAccept-Language: ja\r\nAccept-Encoding: gzip\r\nReferer: /\r\nConnection: keep-alive\r\nCookie: a=1\r\nCache-Control: no-cache\r\nAuthorization: Basic eDp5\r\nX-Forwarded-For: 192.0.2.1\r\nX-Own: 1\r\n\r\n"),
        (C, None, "POST /users HTTP/1.1\r\nHost: example.org\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 16\r\n\r\n{\"name\": \"Aiko\"}"),
        (C, None, "GET /chat HTTP/1.1\r\nHost: example.org\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"),
        (S, Some("GET /chat HTTP/1.1"), "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"),
        (S, Some("GET / HTTP/1.1"), "HTTP/1.1 200 OK\r\nDate: Mon, 27 Jul 2009 12:28:53 GMT\r\nServer: x\r\nSet-Cookie: a=1\r\nLast-Modified: Mon\r\nX-Own: a\r\n  folded\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"),
        (S, Some("GET / HTTP/1.1"), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n8;x=1\r\n{\"a\": [1\r\n4\r\n, 2]\r\n1\r\n}\r\n0\r\nX-Sum: 9\r\n\r\n"),
        (S, Some("GET / HTTP/1.1"), "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u{1f}\u{b}\u{8}\u{0}"),
        (S, Some("HEAD / HTTP/1.1"), "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 99\r\n\r\n"),
        (S, None, "HTTP/1.0 500 \r\n\r\nuntil close"),
        (C, None, "\r\nPOST /a/b?x=1&y HTTP/1.1\r\nHost: h\r\nCookie: a=1; b=2\r\nProxy-Authorization: Basic eDp5\r\nHTTP2-Settings: AAMAAABk\r\nBad Name: 1\r\nContent-Type: image/x-own\r\nContent-Length: 3\r\n\r\nabc"),
        (S, None, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nTransfer-Encoding: own, chunked\r\nContent-Length: 3\r\n\r\n2\r\nab\r\n0\r\n\r\n"),
        (S, None, "HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x\r\n\r\n{}\r\n--x--\r\n"),
    ]
}

/// Messages in HTTP's form over UDP.
pub fn ssdp_samples() -> Vec<(Dir, &'static str)> {
    vec![
        (Dir::ToServer, "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n\r\n"),
        (Dir::ToServer, "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNTS: ssdp:alive\r\n\r\n"),
        (Dir::ToClient, "HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\n\r\n"),
    ]
}

const GET: &str = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

#[test]
fn pairs_of_a_kept_connection_follow_each_other() {
    let post = "POST /b HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc";
    let got = titles("http", &[c(GET), s(OK), c(post), s(OK)]);
    assert_eq!(
        got,
        [
            "> 0..28 GET /a HTTP/1.1",
            "> 28..70 POST /b HTTP/1.1",
            "< 0..43 HTTP/1.1 200 OK",
            "< 43..86 HTTP/1.1 200 OK"
        ]
    );
    let kinds: Vec<_> = messages("http", &[c(GET), s(OK)]).into_iter().map(|m| m.kind.unwrap()).collect();
    assert_eq!(kinds, [MessageKind::Request, MessageKind::Response]);
}

#[test]
fn answers_to_head_and_304_and_204_have_no_body_whatever_their_length_says() {
    let head = "HEAD /a HTTP/1.1\r\n\r\n";
    let not_modified = "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n";
    let headers_only = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    let none = "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n";
    let got = titles("http", &[
        c(head),
        s(headers_only),
        c(GET),
        s(not_modified),
        c(GET),
        s(none),
        c(GET),
        s(OK),
    ]);
    assert_eq!(got[4..], ["< 0..38 HTTP/1.1 200 OK", "< 38..86 HTTP/1.1 304 Not Modified", "< 86..141 HTTP/1.1 204 No Content", "< 141..184 HTTP/1.1 200 OK"]);
}

#[test]
fn pipelined_requests_keep_the_order_of_their_methods() {
    let requests = format!("{GET}HEAD /b HTTP/1.1\r\n\r\n{GET}");
    let answers = format!("{OK}HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{OK}");
    let got = titles("http", &[c(requests), s(answers)]);
    assert_eq!(got.len(), 6);
    assert_eq!(got[3..], ["< 0..43 HTTP/1.1 200 OK", "< 43..81 HTTP/1.1 200 OK", "< 81..124 HTTP/1.1 200 OK"]);
}

#[test]
fn chunked_bodies_end_behind_their_trailers() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\nContent-Length: 3\r\n\r\n5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\nX-Sum: 1\r\nX-B: 2\r\n\r\n";
    let got = titles("http", &[c(GET), s(format!("{chunked}{OK}")), c(GET)]);
    assert_eq!(got[2], format!("< 0..{} HTTP/1.1 200 OK", chunked.len()));
    assert_eq!(got[3], format!("< {}..{} HTTP/1.1 200 OK", chunked.len(), chunked.len() + OK.len()));
}

#[test]
fn a_body_without_length_goes_on_until_the_close() {
    let got = titles("http", &[c(GET), s("HTTP/1.0 200 OK\r\n\r\nabc\r\nHTTP/1.1 200 OK\r\n\r\n"), Item::End(Dir::ToClient)]);
    assert_eq!(got[1], "< 0..43 HTTP/1.0 200 OK");
}

#[test]
fn an_interim_answer_does_not_use_up_the_request() {
    let put = "HEAD /up HTTP/1.1\r\nExpect: 100-continue\r\n\r\n";
    let got = titles("http", &[c(put), s("HTTP/1.1 100 Continue\r\n\r\n"), s("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), c(GET), s(OK)]);
    assert_eq!(got[2..], ["< 0..25 HTTP/1.1 100 Continue", "< 25..63 HTTP/1.1 200 OK", "< 63..106 HTTP/1.1 200 OK"]);
}

#[test]
fn bytes_behind_the_101_are_websocket_frames() {
    let ask = "GET /chat HTTP/1.1\r\nUpgrade: foo, WebSocket\r\nConnection: Upgrade\r\n\r\n";
    let switch = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
    let server = [switch.as_bytes(), b"\x81\x05hello"].concat();
    let client = [ask.as_bytes(), &[0x89, 0x80, 1, 2, 3, 4]].concat();
    let (a, b) = (ask.len(), switch.len());
    let expected = [
        format!("> 0..{a} GET /chat HTTP/1.1"),
        format!("> {a}..{} Ping", a + 6),
        format!("< 0..{b} HTTP/1.1 101 Switching Protocols"),
        format!("< {b}..{} Text \"hello\"", b + 7),
    ];
    // The client's first frame before the answer was seen, and behind it.
    assert_eq!(titles("http", &[c(client), s(&server)]), expected);
    assert_eq!(titles("http", &[c(ask), s(&server), c([0x89, 0x80, 1, 2, 3, 4])]), expected);
    let protos: Vec<_> = messages("http", &[c(ask), s(&server)]).into_iter().map(|m| m.proto).collect();
    assert_eq!(protos, ["http", "http", "websocket"]);
}

#[test]
fn a_refused_upgrade_stays_http() {
    let ask = "GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";
    let got = titles("http", &[c(ask), s(OK), c(GET), s(OK)]);
    assert_eq!(got.len(), 4);
    assert_eq!(got[1], format!("> {}..{} GET /a HTTP/1.1", ask.len(), ask.len() + GET.len()));
}

#[test]
fn held_bytes_are_not_lost_when_the_answer_never_comes() {
    let ask = "GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";
    let got = titles("http", &[c(ask), c("abc")]);
    assert_eq!(got[1], format!("> {}..{} 3 bytes (cut)", ask.len(), ask.len() + 3));
}

#[test]
fn a_tunnel_carries_plain_data() {
    let connect = "CONNECT example.org:443 HTTP/1.1\r\n\r\n";
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
    let got = messages("http", &[c(connect), s(ok), c([0x16, 3, 1]), s([0x16, 3, 3])]);
    assert_eq!(got.iter().map(|m| m.proto).collect::<Vec<_>>(), ["http", "data", "http", "data"]);
    assert_eq!(got[1].range.start, connect.len() as u64);
    assert_eq!(got[3].range.start, ok.len() as u64);
}

#[test]
fn other_upgrades_become_data() {
    let got = messages("http", &[c("GET / HTTP/1.1\r\nUpgrade: chat\r\n\r\n"), s("HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\n\r\n"), s([0, 0, 4])]);
    assert_eq!(got.iter().map(|m| m.proto).collect::<Vec<_>>(), ["http", "http", "data"]);
}

#[test]
fn a_gap_inside_a_counted_body_is_counted() {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc";
    let got = titles("http", &[c(GET), s(half), Item::Gap(Dir::ToClient, 4), s("def"), c(GET), s(OK)]);
    let end = half.len() + 7;
    assert_eq!(got[2..], [format!("< 0..{end} HTTP/1.1 200 OK (cut)"), format!("< {end}..{} HTTP/1.1 200 OK", end + OK.len())]);
}

#[test]
fn a_gap_beyond_a_body_ends_it_and_the_next_start_line_is_found() {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc";
    let got = titles("http", &[c(GET), s(half), Item::Gap(Dir::ToClient, 100), s(format!("HTTP/1.1 rest\r\nmore\r\n{OK}"))]);
    let body = half.len() + 7;
    let next = half.len() + 100 + 21;
    assert_eq!(got[1..], [format!("< 0..{body} HTTP/1.1 200 OK (cut)"), format!("< {next}..{} HTTP/1.1 200 OK", next + OK.len())]);
}

#[test]
fn a_gap_inside_a_chunk_is_counted_and_between_chunks_is_not_survived() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let inside = titles("http", &[c(GET), s(format!("{head}5\r\nhe")), Item::Gap(Dir::ToClient, 2), s("o\r\n0\r\n\r\n")]);
    assert_eq!(inside[1], format!("< 0..{} HTTP/1.1 200 OK (cut)", head.len() + 15));
    let across = titles("http", &[c(GET), s(format!("{head}5\r\nhe")), Item::Gap(Dir::ToClient, 9), s(OK)]);
    assert_eq!(across[1], format!("< 0..{} HTTP/1.1 200 OK (cut)", head.len() + 5));
    assert_eq!(across.len(), 3);
}

#[test]
fn a_gap_in_a_head_ends_the_message() {
    let got = titles("http", &[c("GET /a HTTP/1.1\r\nHos"), Item::Gap(Dir::ToServer, 10), c(format!("\r\n\r\n{GET}"))]);
    assert_eq!(got, ["> 0..20 GET /a HTTP/1.1 (cut)", "> 34..62 GET /a HTTP/1.1"]);
    let early = titles("http", &[c("GET"), Item::Gap(Dir::ToServer, 10), c(GET)]);
    assert_eq!(early, ["> 0..3 HTTP … (cut)", "> 13..41 GET /a HTTP/1.1"]);
}

#[test]
fn a_head_that_the_capture_cuts_is_incomplete() {
    assert_eq!(titles("http", &[c("GET /a HTTP/1.1\r\nHost: x\r\n")]), ["> 0..26 GET /a HTTP/1.1 (cut)"]);
    assert_eq!(titles("http", &[c(GET), s("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")])[1], "< 0..41 HTTP/1.1 200 OK (cut)");
}

#[test]
fn empty_lines_before_a_request_and_bare_line_feeds_are_accepted() {
    assert_eq!(titles("http", &[c("\r\n\nGET  /a b  HTTP/1.0\nHost: x\n\n")]), ["> 3..32 GET  /a b  HTTP/1.0"]);
}

#[test]
fn a_request_without_target_is_http_and_named_malformed() {
    let text = "OPTIONS HTTP/1.1\r\nHost: x\r\n\r\n";
    assert_eq!(titles("http", &[c(text)]), ["> 0..29 OPTIONS HTTP/1.1"]);
    let out = layers(Dir::ToServer, None, text);
    assert_eq!(print(&out, text, "http.request.method"), "OPTIONS");
    assert_eq!(print(&out, text, "http.request.uri"), "HTTP/1.1", "as Wireshark reads it");
    assert!(matches!(out.stop.unwrap().why, Why::Malformed(_)));
}

#[test]
fn garbage_becomes_data_from_its_first_byte_on() {
    for garbage in ["\u{1}\u{2}bin", "hello\r\nworld\r\n", "get /\r\n", "PURGE / HTTP/2.0\r\n\r\n"] {
        let got = messages("http", &[c(GET), s(OK), c(garbage)]);
        assert!(got.iter().filter(|m| m.dir == Dir::ToServer).skip(1).all(|m| m.proto == "data"), "{garbage:?}: {got:?}");
        assert_eq!(got[1].range.start, GET.len() as u64, "{garbage:?}");
    }
    let got = messages("http", &[c(GET), s("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]);
    assert_eq!((got[1].complete, got[2].proto), (false, "data"));
}

#[test]
fn a_head_without_end_is_given_up_and_not_held_for_ever() {
    let mut framer = Http.framer().unwrap();
    let endless = [b"GET / HTTP/1.1\r\n".to_vec(), b"a: b\r\n".repeat(MAX_HEAD / 6 + 10)].concat();
    let mut found = Vec::new();
    let taken = framer.push(Dir::ToServer, 0, &endless, &mut |f| found.push(f));
    assert_eq!(taken, 0);
    assert_eq!(found.last(), Some(&Framed::GiveUp));
}

#[test]
fn requests_that_are_never_answered_do_not_pile_up() {
    let many = GET.repeat(5000);
    assert_eq!(titles("http", &[c(&many)]).len(), 5000);
}

fn layers(dir: Dir, answers: Option<&str>, message: &str) -> MessageLayers {
    Http.dissect(message.as_bytes(), about(dir, &Asked(answers), true))
}

/// The values of all fields of this name, of those that hold no bytes.
fn all<'a>(out: &'a MessageLayers, name: &'a str) -> impl Iterator<Item = String> + 'a {
    let mut found = Vec::new();
    for field in out.layers.iter().flat_map(|l| &l.fields) {
        field.walk(&mut |f| {
            if f.def.name == name {
                found.push(f.print(&[]));
            }
        });
    }
    found.into_iter()
}

fn print(out: &MessageLayers, message: &str, name: &str) -> String {
    let layer = &out.layers[0];
    layer.field(name).unwrap_or_else(|| panic!("no {name}")).print(message.as_bytes())
}

#[test]
fn a_request_shows_each_part_with_its_bytes() {
    let text = "GET /users/1 HTTP/1.1\r\nHost: example.org\r\nX-Own:  1 \r\n\r\n";
    let out = layers(Dir::ToServer, None, text);
    assert_eq!(out.stop, None);
    let spans = |name: &str| String::from_utf8(out.layers[0].field(name).unwrap().span.of(text.as_bytes()).to_vec()).unwrap();
    assert_eq!((spans("http.request.method"), spans("http.request.uri")), ("GET".into(), "/users/1".into()));
    assert_eq!((spans("http.request.version"), spans("http.host")), ("HTTP/1.1".into(), "Host: example.org\r\n".into()));
    assert_eq!(print(&out, text, "http.host"), "example.org");
    let lines: Vec<_> = all(&out, "http.request.line").collect();
    assert_eq!(lines, ["Host: example.org\r\n", "X-Own:  1 \r\n"]);
    assert_eq!(print(&out, text, "http.request.full_uri"), "http://example.org/users/1");
    assert_eq!(out.layers[0].field("http.chat").unwrap().show(&[]), "GET /users/1 HTTP/1.1");
    assert!(out.layers[0].field("http.request.method").unwrap().def.note.en.starts_with("GET "));
}

#[test]
fn a_response_shows_its_status_and_its_body_as_layer_6() {
    let text = "HTTP/1.1 404 Nope\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"a\": 10}";
    let out = layers(Dir::ToClient, Some("GET / HTTP/1.1"), text);
    assert_eq!(print(&out, text, "http.response.code"), "404");
    assert_eq!(print(&out, text, "http.response.code.desc"), "Not Found");
    assert_eq!(print(&out, text, "http.response.phrase"), "Nope");
    assert_eq!(print(&out, text, "http.content_length_header"), "9");
    assert_eq!(print(&out, text, "http.content_length"), "9");
    assert_eq!(print(&out, text, "http.file_data"), "{\"a\": 10}");
    let body = &out.layers[1];
    assert_eq!((body.proto, body.osi, body.buffer), ("json", Osi::Presentation, 0));
    assert_eq!(body.field("presentation.json").unwrap().print(&[]), "{\n  \"a\": 10\n}");
    assert_eq!(body.field("presentation.media_type").unwrap().span.of(text.as_bytes()), b"application/json");
    assert_eq!(body.field("presentation.charset").unwrap().print(&[]), "utf-8");
}

#[test]
fn a_chunked_body_is_shown_in_pieces_and_joined() {
    let text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\nX-Sum: 1\r\n\r\n";
    let out = layers(Dir::ToClient, None, text);
    assert_eq!(out.stop, None);
    assert_eq!(out.buffers[0].bytes, b"abcde");
    assert_eq!((out.layers[1].buffer, out.layers[1].proto), (1, "data-text-lines"));
    assert_eq!(print(&out, text, "http.file_data"), "abcde");
    let sizes: Vec<_> = out.layers[0].fields.iter().filter(|f| f.def.name == "http.chunk_size").collect();
    assert_eq!(sizes.iter().map(|f| f.show(&[])).collect::<Vec<_>>(), ["3 (0x3)", "2 (0x2)", "0 (last chunk)"]);
    assert_eq!(sizes[1].span.of(text.as_bytes()), b"2;x\r\n");
    assert_eq!(sizes[1].children[0].print(text.as_bytes()), "6465");
    assert_eq!(sizes[1].children[1].print(text.as_bytes()), "0d0a");
    assert_eq!(print(&out, text, "http.chunked_trailer_part"), "X-Sum: 1\r\n");
}

#[test]
fn the_answer_to_head_promises_a_body_that_is_not_missing() {
    let text = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n";
    assert_eq!(layers(Dir::ToClient, Some("HEAD / HTTP/1.1"), text).stop, None);
    let stop = layers(Dir::ToClient, Some("GET / HTTP/1.1"), text).stop.unwrap();
    assert_eq!(stop.why, Why::Truncated { need: text.len() + 99, have: text.len() });
}

#[test]
fn folded_and_broken_header_lines_are_shown_and_named_as_such() {
    let text = "HTTP/1.1 200 OK\r\nServer: a\r\nBad Name : x\r\n\r\n";
    let out = layers(Dir::ToClient, None, text);
    assert_eq!(all(&out, "http.response.line").collect::<Vec<_>>(), ["Server: a\r\n", "Bad Name : x\r\n"]);
    assert!(out.layers[0].field("http.bad_header_name").is_some());
    // Wireshark takes the head to end where a line is folded or no header.
    for broken in ["  b\r\nX: y\r\n\r\n", "not a header\r\nX: y\r\n\r\n"] {
        let text = format!("HTTP/1.1 200 OK\r\nServer: a\r\n{broken}");
        let out = layers(Dir::ToClient, None, &text);
        assert_eq!(all(&out, "http.response.line").collect::<Vec<_>>(), ["Server: a\r\n"]);
        assert_eq!(print(&out, &text, "http.file_data"), broken);
        assert!(matches!(out.stop.unwrap().why, Why::Malformed(_)));
    }
}

#[test]
fn what_stands_behind_a_message_is_a_continuation() {
    let text = "POST / HTTP/1.1\r\nContent-Length: 4\r\nHost: a\r\n b\r\nC: d\r\n\r\nabcd";
    let out = layers(Dir::ToServer, None, text);
    assert_eq!(all(&out, "http.file_data").collect::<Vec<_>>(), [" b\r\n", "abcd"]);
    assert_eq!(all(&out, "http.unknown_header").collect::<Vec<_>>(), ["C: d\r\n"]);
    assert_eq!(out.layers.iter().map(|l| l.proto).collect::<Vec<_>>(), ["http", "data", "http", "data"]);
    let out = layers(Dir::ToServer, None, "\u{1}binary");
    assert_eq!(out.layers[0].summary, "Continuation");
    assert!(out.layers[0].fields.is_empty());
}

#[test]
fn values_are_printed_as_wireshark_prints_them() {
    let message = b"GET /a?b?c=1&&d&=3 HTTP/1.1\r\nHost: \x01a\xe3\x81\x82 \r\nUser-Agent: x\0y\r\nCookie: ; a=1;;b=2 ; \r\nAuthorization: Basic dXNlcjpwYXNz\r\n\r\n";
    let out = Http.dissect(message, about(Dir::ToServer, &Asked(None), true));
    let one = |name: &'static str| all(&out, name).collect::<Vec<_>>();
    assert_eq!(one("http.request.uri.path"), ["/a"]);
    assert_eq!(one("http.request.uri.query"), ["b?c=1&&d&=3"]);
    assert_eq!(one("http.request.uri.query.parameter"), ["b?c=1", "d", "=3"]);
    assert_eq!(one("http.host"), ["\u{1}a\u{fffd}\u{fffd}\u{fffd} "]);
    assert_eq!(one("http.user_agent"), ["x"]);
    assert_eq!(one("http.cookie_pair"), ["a=1", "b=2 "]);
    assert_eq!(one("http.authbasic"), ["user:pass"]);
    for (line, code, desc, phrase) in [
        ("HTTP/1.1 200", "200", "OK", None),
        ("HTTP/1.1  299  x y ", "299", "Success - Others", Some("x y ")),
        ("HTTP/2 abc no", "0", "Unknown (0)", Some("no")),
        ("HTTP/1.1 -12 no", "4294967284", "Unknown (-12)", Some("no")),
        ("ICY 2000 OK", "200", "OK", Some("OK")),
    ] {
        let text = format!("{line}\r\nContent-Length: 0\r\n\r\n");
        let out = layers(Dir::ToClient, None, &text);
        assert_eq!(print(&out, &text, "http.response.code"), code, "{line}");
        assert_eq!(print(&out, &text, "http.response.code.desc"), desc, "{line}");
        assert_eq!(all(&out, "http.response.phrase").next().as_deref(), phrase, "{line}");
    }
}

#[test]
fn packed_bodies_are_unpacked_and_what_is_not_packed_says_so() {
    let packed = [0x4b, 0x4c, 0x4a, 0x06, 0x00];
    let of = |coding: &str, body: &[u8]| {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: {coding}\r\nContent-Length: {}\r\n\r\n", body.len());
        Http.dissect(&[head.as_bytes(), body].concat(), about(Dir::ToClient, &Asked(None), true))
    };
    let out = of("deflate", &packed);
    assert_eq!(all(&out, "http.file_data").collect::<Vec<_>>(), ["abc"]);
    assert_eq!((out.layers[1].proto, out.layers[1].buffer, out.buffers[0].bytes.as_slice()), ("data-text-lines", 1, &b"abc"[..]));
    let out = of("zstd", b"abc");
    assert_eq!(all(&out, "http.decompression_failed").count(), 1);
    assert_eq!((all(&out, "http.file_data").count(), out.layers[1].proto), (0, "data"));
}

#[test]
fn a_flood_of_headers_is_bounded_and_said() {
    let text = format!("GET / HTTP/1.1\r\n{}\r\n", "a:b\r\n".repeat(20_000));
    let out = layers(Dir::ToServer, None, &text);
    assert!(all(&out, "http.request.line").count() < 5000);
    assert_eq!(all(&out, "presentation.limit").count(), 1);
}

#[test]
fn a_cut_head_shows_its_whole_lines() {
    let text = "GET / HTTP/1.1\r\nHost: example.org\r\nUser-Ag";
    let out = Http.dissect(text.as_bytes(), About { complete: false, ..About::alone(Dir::ToServer) });
    assert_eq!(print(&out, text, "http.host"), "example.org");
    assert!(matches!(out.stop.unwrap().why, Why::Truncated { .. }));
}

#[test]
fn codes_and_lengths_that_lie_do_not_mislead() {
    use super::body::chunk_size;
    assert_eq!(chunk_size(b"1F ; a=b"), Some(31));
    assert_eq!(chunk_size(b"1 2"), Some(1), "as C reads a number");
    for bad in [&b""[..], b"x", b"-1", b"1x", b"11111111111111111"] {
        assert_eq!(chunk_size(bad), None, "{bad:?}");
    }
    let two = "POST / HTTP/1.1\r\nContent-Length: 3, 3\r\n\r\nabc";
    let got = titles("http", &[c(format!("{two}{GET}"))]);
    assert_eq!(got.len(), 2, "the same length twice is that length");
    let differ = "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc";
    assert!(titles("http", &[c(format!("{differ}d{GET}"))])[0].starts_with(&format!("> 0..{} ", differ.len() + 1)), "the last line counts");
}

#[test]
fn the_headers_that_frame_are_those_of_all_headers() {
    let lines = [
        "Content-Length: 5", " 7", "content-length : 5", "\tx", "Transfer-Encoding: chunked", "UPGRADE: a", "Cookie: a", "User-Agent: b", "broken", ":c",
        "Content-Lengthy: 9", " Content-Length: 3", "",
    ];
    let mut seed = 5u64;
    for _ in 0..5000 {
        let mut head = "GET / HTTP/1.1\r\n".to_owned();
        for _ in 0..8 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            head += lines[(seed >> 33) as usize % lines.len()];
            head += if seed >> 60 < 12 { "\r\n" } else { "\n" };
        }
        let bytes = head.as_bytes();
        let wanted = |h: &super::head::Header| {
            let name = h.name.of(bytes).to_ascii_lowercase();
            [&b"content-length"[..], b"transfer-encoding", b"upgrade"].contains(&name.as_slice())
        };
        let all: Vec<_> = super::head::headers(bytes).into_iter().filter(wanted).collect();
        let end = super::head::end(bytes, 0);
        assert_eq!(super::head::framing(bytes), end.map(|end| (all, end)), "{head:?}");
    }
}

#[test]
fn a_head_whose_beginning_was_not_captured_is_a_continuation_where_segments_are_read_as_they_come() {
    use crate::proto::{Framed, Protocol};
    let rest = b"tion: keep-alive\r\nAccept: */*\r\n\r\n";
    let claim = |bytes| Http.claim(&Ask::stream(Dir::ToServer, bytes).with(Hint::Port));
    assert_eq!(claim(rest), Claim::Middle);
    for other in [&b"hello world\r\n"[..], b"a b: c\r\n", b": c\r\n", b"no-end: x", b""] {
        assert!(claim(other) != Claim::Middle, "{other:?}");
    }
    let mut framer = Http.framer().unwrap();
    framer.arriving();
    let mut found = Vec::new();
    framer.push(Dir::ToServer, 0, rest, &mut |f| found.push(f));
    assert!(found.contains(&Framed::End { dir: Dir::ToServer, at: rest.len() as u64, complete: true }), "{found:?}");
}

#[test]
fn a_body_in_chunks_behind_another_coding_is_waited_for_until_its_end_where_segments_are_read_as_they_come() {
    use crate::proto::{Framed, Protocol};
    let ends = |coding: &str| {
        let mut framer = Http.framer().unwrap();
        framer.arriving();
        let answer = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: {coding}\r\n\r\n1\r\na\r\n0\r\n\r\n");
        let mut ended = false;
        framer.push(Dir::ToClient, 0, answer.as_bytes(), &mut |f| ended |= matches!(f, Framed::End { .. }));
        ended
    };
    assert_eq!(["chunked", " Chunked", "gzip, chunked"].map(ends), [true, true, false]);
}
