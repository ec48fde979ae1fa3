#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::flow::{Dir, Tracker};
use crate::trace::read::Parser;
use crate::trace::{Frame, Record};
use std::sync::Arc;

fn open(file: &[u8]) -> (Trace, Index) {
    let mut trace = Trace::new(Arc::new(file.to_vec()));
    let (mut tracker, mut parser) = (Tracker::new(), Parser::new());
    parser.feed(file, &mut |record, bytes| {
        if let Record::Frame(meta, _) = &record {
            tracker.push(&Frame { id: trace.len(), meta: *meta, link: trace.link(meta), bytes });
        }
        trace.append(record);
    });
    tracker.finish();
    let mut index = Index::default();
    index.apply(tracker.take());
    (trace, index)
}

const HTTP: &[u8] = include_bytes!("../../../captures/http.pcapng");
const WEBSOCKET: &[u8] = include_bytes!("../../../captures/websocket.pcapng");
const UDP: &[u8] = include_bytes!("../../../captures/udp-echo.pcapng");

fn ask(file: &[u8], ask: &Ask) -> (Trace, Index, Found) {
    let (trace, index) = open(file);
    let found = answer(&trace, &index, ask, None, &mut |_, _| true).unwrap();
    (trace, index, found)
}

fn start(trace: &Trace) -> Nanos {
    trace.frames.first().unwrap().at
}

fn segment(to_server: bool, port: u16, seq: u32, flags: u8, data: &[u8]) -> Vec<u8> {
    let ends: [([u8; 4], u16); 2] = [([10, 0, 0, 1], port), ([10, 0, 0, 2], 9999)];
    let [from, to] = if to_server { ends } else { [ends[1], ends[0]] };
    let mut f = vec![2, 0, 0, 0, 0, to.0[3], 2, 0, 0, 0, 0, from.0[3], 8, 0, 0x45, 0];
    f.extend((40 + data.len() as u16).to_be_bytes());
    f.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
    f.extend(from.0);
    f.extend(to.0);
    f.extend(from.1.to_be_bytes());
    f.extend(to.1.to_be_bytes());
    f.extend(seq.to_be_bytes());
    f.extend(1u32.to_be_bytes());
    f.extend([0x50, flags]);
    f.extend(64240_u16.to_be_bytes());
    f.extend([0; 4]);
    f.extend(data);
    f
}

fn pcap(frames: &[Vec<u8>]) -> Vec<u8> {
    let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0];
    for (i, frame) in frames.iter().enumerate() {
        for n in [i as u32, 0, frame.len() as u32, frame.len() as u32] {
            file.extend(n.to_le_bytes());
        }
        file.extend(frame);
    }
    file
}

const SYN: u8 = crate::flow::Row::SYN;
const ACK: u8 = crate::flow::Row::ACK;

fn words(found: &Found) -> Vec<String> {
    let Found::Follow(page) = found else { panic!("a page") };
    page.lines.iter().map(|l| l.words(Lang::En)).collect()
}

fn follow(form: Form, unpacked: bool) -> Ask {
    Ask::Follow { flow: 0, from: Place::default(), form, unpacked }
}

#[test]
fn the_conversation_of_the_sample_has_wiresharks_numbers() {
    let all = Ask::Conversations { transport: Some(Transport::Tcp), order: Order::default() };
    let (trace, index, found) = ask(HTTP, &all);
    assert_eq!(found.len(), 1);
    let row = found.row(&index, start(&trace), 0, Lang::En).unwrap();
    // tshark -z conv,tcp: 7 frames with 636 bytes there, 5 with 720 back.
    assert_eq!(row.cells[..12], ["0", "TCP", "127.0.0.1", "46424", "127.0.0.1", "80", "12", "1356", "7", "636", "5", "720"]);
    assert_eq!((row.cells[14].as_str(), row.cells[16].as_str()), ("http", "31 ·FDASS"));
    assert_eq!((row.filter.as_deref(), row.first), (Some("tcp.stream == 0"), Some(0)));
    let none = Ask::Conversations { transport: Some(Transport::Udp), order: Order::default() };
    assert!(ask(HTTP, &none).2.is_empty());
}

#[test]
fn the_endpoint_of_the_sample_sent_what_it_received() {
    let (trace, index, found) = ask(HTTP, &Ask::Endpoints { order: Order::default() });
    let row = found.row(&index, start(&trace), 0, Lang::En).unwrap();
    assert_eq!(row.cells, ["127.0.0.1", "24", "2712", "12", "1356", "12", "1356"]);
    assert_eq!(row.filter.as_deref(), Some("ip.addr == 127.0.0.1"));
}

#[test]
fn the_tree_holds_what_tshark_counts_on_the_sample() {
    let (_, _, found) = ask(WEBSOCKET, &Ask::Hierarchy);
    let Found::Hierarchy(tree) = found else { panic!("a tree") };
    let rows: Vec<_> = tree.rows.iter().map(|n| (n.proto, n.depth, n.frames, n.bytes)).collect();
    let above = ["eth", "ip", "tcp"].into_iter().enumerate().map(|(depth, proto)| (proto, depth, 18, 1735));
    let all: Vec<_> = above.chain([("websocket", 3, 8, 778), ("http", 3, 2, 413)]).collect();
    assert_eq!(rows, all);
}

#[test]
fn conversations_are_sorted_by_any_column_both_ways() {
    let mut frames = Vec::new();
    for (port, data) in [(5000, &b"ab"[..]), (4000, b"abcd"), (6000, b"a")] {
        frames.push(segment(true, port, 0, SYN, b""));
        frames.push(segment(true, port, 1, ACK, data));
    }
    let (trace, index) = open(&pcap(&frames));
    for column in 0..conversations::COLUMNS.len() {
        let mut ways = Vec::new();
        for descending in [false, true] {
            let ask = Ask::Conversations { transport: None, order: Order { column, descending } };
            let Some(Found::Conversations(found)) = answer(&trace, &index, &ask, None, &mut |_, _| true) else { panic!() };
            ways.push(found.rows);
        }
        match column {
            0 | 12 => assert_eq!(ways, [[0, 1, 2], [2, 1, 0]], "{column}"),
            3 => assert_eq!(ways, [[1, 0, 2], [2, 0, 1]], "{column}"),
            7 | 9 => assert_eq!(ways, [[2, 0, 1], [1, 0, 2]], "{column}"),
            _ => assert_eq!(ways[0].len(), 3),
        }
    }
}

#[test]
fn another_order_needs_no_second_pass() {
    let (trace, index) = open(HTTP);
    let ask = |column| Ask::Conversations { transport: None, order: Order { column, descending: false } };
    let first = answer(&trace, &index, &ask(0), None, &mut |_, _| true).unwrap();
    let again = answer(&trace, &index, &ask(3), Some(&first), &mut |_, _| panic!("a second pass"));
    assert_eq!(again.unwrap().len(), 1);
}

#[test]
fn told_to_stop_it_stops() {
    let (trace, index) = open(HTTP);
    for ask in [Ask::Hierarchy, Ask::Expert, Ask::Endpoints { order: Order::default() }, follow(Form::Text, false)] {
        assert_eq!(answer(&trace, &index, &ask, None, &mut |_, _| false), None, "{ask:?}");
    }
}

#[test]
fn what_is_worth_a_look_is_counted_and_the_weightiest_comes_first() {
    let mut frames = vec![segment(true, 5000, 0, SYN, b""), segment(true, 5000, 1, ACK, b"abcd")];
    frames.push(segment(true, 5000, 1, ACK, b"abcd"));
    frames.push(segment(true, 5000, 9, ACK, b"late"));
    frames.push(segment(true, 5000, 13, crate::flow::Row::RST, b""));
    // An IP header that claims to be shorter than it may be.
    let mut bad = segment(true, 1, 0, 0, b"");
    bad[14] = 0x41;
    frames.push(bad);
    let (trace, index, found) = ask(&pcap(&frames), &Ask::Expert);
    let rows: Vec<_> = (0..found.len()).map(|n| found.row(&index, start(&trace), n, Lang::En).unwrap()).collect();
    let of = |filter: &str| rows.iter().find(|r| r.filter.as_deref() == Some(filter)).map(|r| (r.cells[2].as_str(), r.first));
    assert_eq!(of("tcp.analysis.retransmission"), Some(("1", Some(2))));
    assert_eq!(of("tcp.analysis.lost_segment"), Some(("1", Some(3))));
    assert_eq!(of("tcp.flags.reset == 1"), Some(("1", Some(4))));
    assert_eq!(of("frame.number in {6}"), Some(("1", Some(5))));
    assert!(rows.is_sorted_by_key(|r| r.level), "{rows:?}");
}

#[test]
fn every_filter_of_a_row_can_be_parsed() {
    let mut filters = Vec::new();
    for file in [HTTP, WEBSOCKET, UDP] {
        let all = [
            Ask::Conversations { transport: None, order: Order::default() },
            Ask::Endpoints { order: Order::default() },
            Ask::Hierarchy,
            Ask::Expert,
        ];
        for one in all {
            let (trace, index, found) = ask(file, &one);
            filters.extend((0..found.len()).filter_map(|n| found.row(&index, start(&trace), n, Lang::En)?.filter));
        }
    }
    for text in ["ipv6.addr == fe80::1", "icmp && ip.addr == 10.0.0.1", "frame.number in {1, 5}", "frame.cap_len < frame.len"] {
        filters.push(text.to_owned());
    }
    for filter in &filters {
        assert!(crate::filter::Filter::parse(filter, &crate::filter::Every).is_ok(), "{filter}");
    }
    assert!(filters.iter().any(|f| f == "udp.stream == 0") && filters.iter().any(|f| f == "websocket"), "{filters:?}");
}

#[test]
fn a_stream_is_read_in_turns_and_lines_do_not_end_with_segments() {
    let (_, _, found) = ask(HTTP, &follow(Form::Text, false));
    let Found::Follow(page) = &found else { panic!() };
    let first = &page.lines[0];
    assert!(first.words(Lang::En).starts_with("GET /users/1"), "{first:?}");
    let turns: Vec<Dir> = page.lines.iter().map(|l| l.dir).collect::<Vec<_>>().chunk_by(|a, b| a == b).map(|c| c[0]).collect();
    assert_eq!(turns, [Dir::ToServer, Dir::ToClient, Dir::ToServer, Dir::ToClient]);
    assert_eq!((first.frame, page.next), (3, None));
}

#[test]
fn what_is_missing_and_what_contradicts_has_a_line_of_its_own() {
    let frames = [
        segment(true, 5000, 0, SYN, b""),
        segment(true, 5000, 1, ACK, b"abcd"),
        segment(true, 5000, 1, ACK, b"abXX"),
        segment(true, 5000, 15, ACK, b"end\n"),
    ];
    let (_, _, found) = ask(&pcap(&frames), &follow(Form::Text, false));
    assert_eq!(words(&found), ["abcd", "[frame 3 sent other bytes for 4 of these]", "[10 bytes were not captured here]", "end"]);
}

#[test]
fn a_long_stream_comes_in_pages_that_together_are_all_of_it() {
    let mut frames = vec![segment(true, 5000, 0, SYN, b""), segment(false, 5000, 0, SYN | ACK, b"")];
    let (mut sent, mut there, mut back) = (0, 1u32, 1u32);
    while sent < 3 * PAGE_BYTES {
        let data = [b'a' + (sent / 1400 % 26) as u8; 1400];
        frames.push(segment(true, 5000, there, ACK, &data));
        frames.push(segment(false, 5000, back, ACK, b"ok\n"));
        (sent, there, back) = (sent + 1400, there + 1400, back + 3);
    }
    let (trace, index) = open(&pcap(&frames));
    let (mut from, mut bytes, mut pages, mut last) = (Place::default(), [0; 2], 0, 0);
    loop {
        let page = follow::page(&trace, &index, 0, from, Form::Hex, false, &mut |_, _| true).unwrap();
        assert!(page.bytes.iter().all(|n| *n <= follow::PAGE) && page.lines[0].frame >= last);
        last = page.lines.last().unwrap().frame;
        bytes = [bytes[0] + page.bytes[0], bytes[1] + page.bytes[1]];
        pages += 1;
        match page.next {
            Some(next) => from = next,
            None => break,
        }
    }
    assert_eq!(bytes, [u64::from(there) - 1, u64::from(back) - 1]);
    assert!(pages >= 3, "{pages}");
}

const PAGE_BYTES: usize = follow::PAGE as usize;

#[test]
fn datagrams_and_forms() {
    let (_, _, found) = ask(UDP, &follow(Form::Hex, false));
    assert!(words(&found)[0].starts_with("00000000  "), "{:?}", words(&found));
    let frames = [segment(true, 5000, 0, SYN, b""), segment(true, 5000, 1, ACK, b"a\\\r\nb\0\xff")];
    let (_, _, found) = ask(&pcap(&frames), &follow(Form::Escaped, false));
    assert_eq!(words(&found), ["a\\\\\\r\\n", "b\\x00\\xff"]);
}

#[test]
fn unpacked_masked_words_can_be_read() {
    let (_, _, packed) = ask(WEBSOCKET, &follow(Form::Text, false));
    let (_, _, found) = ask(WEBSOCKET, &follow(Form::Text, true));
    let to_server = |found: &Found| {
        let Found::Follow(page) = found else { panic!() };
        page.lines.iter().filter(|l| l.dir == Dir::ToServer).map(|l| l.words(Lang::En)).collect::<Vec<_>>()
    };
    assert_ne!(to_server(&packed), to_server(&found));
    assert!(to_server(&found)[0].starts_with("GET "), "{:?}", to_server(&found));
}

#[test]
fn a_conversation_is_written_whole_by_direction_and_as_text() {
    let mut frames = vec![segment(true, 5000, 0, SYN, b""), segment(false, 5000, 0, SYN | ACK, b"")];
    let (mut there, mut sent) = (1u32, Vec::new());
    // More than is read at once, and 7 bytes that were never captured.
    while sent.len() < 2 * crate::flow::stream::MAX_BYTES as usize {
        let data = [b'a' + (sent.len() / 1400 % 26) as u8; 1400];
        frames.push(segment(true, 5000, there, ACK, &data));
        sent.extend(data);
        there += 1400;
    }
    frames.push(segment(false, 5000, 1, ACK, b"ok\n"));
    frames.push(segment(true, 5000, there + 7, ACK, b"end"));
    sent.extend(b"end");
    let (trace, index) = open(&pcap(&frames));
    let all = |part| {
        let mut out = Vec::new();
        let written = follow::all(&trace, &index, 0, part, false, &mut |bytes| {
            out.extend_from_slice(bytes);
            true
        });
        (out, written.unwrap())
    };
    let (out, written) = all(Part::Way(Dir::ToServer));
    assert!(out == sent && written == Written { bytes: sent.len() as u64, missing: 7 }, "{written:?}");
    assert_eq!(all(Part::Way(Dir::ToClient)), (b"ok\n".to_vec(), Written { bytes: 3, missing: 0 }));
    assert_eq!(all(Part::Both).1, Written { bytes: sent.len() as u64 + 3, missing: 7 });
    let text = String::from_utf8(all(Part::Text(Form::Text, Lang::En)).0).unwrap();
    let heads: Vec<_> = text.lines().filter(|l| l.starts_with("[client") || l.starts_with("[server")).collect();
    assert_eq!(heads.len(), 3, "{heads:?}");
    assert!(heads[0] == "[client → server, frame 3]" && text.contains("[7 bytes were not captured here]\nend\n"));
    assert_eq!(follow::all(&trace, &index, 0, Part::Both, false, &mut |_| false), None);
}

#[test]
fn weights_have_rows_of_their_own_with_a_filter_for_all_their_kinds() {
    let frames = [segment(true, 5000, 0, SYN, b""), segment(false, 5000, 0, SYN | ACK, b""), segment(true, 5000, 1, ACK, b"abcd")];
    let (trace, index, found) = ask(&pcap(&frames), &Ask::Expert);
    let rows: Vec<_> = (0..found.len()).filter_map(|at| found.row(&index, start(&trace), at, Lang::En)).collect();
    let heads: Vec<_> = rows.iter().filter(|r| r.depth == 0).map(|r| (r.cells[0].as_str(), r.cells[2].as_str())).collect();
    assert_eq!(heads, [("Chat", "2")], "{rows:?}");
    assert_eq!(
        rows[0].filter.as_deref(),
        Some("(tcp.flags.syn == 1 && tcp.flags.ack == 0) || (tcp.flags.syn == 1 && tcp.flags.ack == 1)")
    );
}

#[test]
fn a_copied_table_is_csv() {
    let (trace, index, found) = ask(HTTP, &Ask::Hierarchy);
    let copy = found.copy(&index, start(&trace), Lang::En);
    assert!(copy.starts_with("Protocol,Frames,Frames %,Bytes,Bytes %\neth,12,100.0,1356,100.0\n"), "{copy}");
    let mut out = String::new();
    csv(&mut out, &["a,b".into(), "say \"x\"".into()]);
    assert_eq!(out, "\"a,b\",\"say \"\"x\"\"\"\n");
}
