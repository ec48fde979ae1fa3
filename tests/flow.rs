//! The lean pass and the rich view against real captures, and against what tshark says of them.
//!
//! The captures are in the folder that `OSISCOPE_CORPUS` names; without it these tests say so and do nothing.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/corpus.rs"]
mod corpus;

use corpus::{captures, folder, name};
use osiscope::flow::explain::{Explained, explain, info, protocol_column};
use osiscope::flow::stream::{ChunkKind, Gathered, gather};
use osiscope::flow::{Dir, Index, MarkKind, MessageKind, Row, Tracker, Transport};
use osiscope::trace::read::Parser;
use osiscope::trace::{FrameId, FrameMeta, Interface, Nanos, Record, Trace};
use osiscope::view::bytes::translate;
use osiscope::wire::{LinkType, Span};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

fn read(file: Vec<u8>) -> (Trace, Index) {
    let mut tracker = Tracker::new();
    let mut index = Index::default();
    let mut records = Vec::new();
    let mut parser = Parser::new();
    parser.feed(&file, &mut |record, _| records.push(record));
    parser.finish();
    let mut trace = Trace::new(Arc::new(file));
    let mut buf = Vec::new();
    for record in records {
        let frame = matches!(record, Record::Frame(..));
        trace.append(record);
        if frame {
            let id = trace.len() - 1;
            tracker.push(&trace.frame(id, &mut buf).unwrap());
            // Odd-sized batches: what is found must not depend on when it is asked for.
            if id % 7 == 3 {
                index.apply(tracker.take());
            }
        }
    }
    tracker.finish();
    index.apply(tracker.take());
    assert_eq!(index.rows.len(), trace.frames.len());
    (trace, index)
}

fn load(path: &Path) -> (Trace, Index) {
    read(std::fs::read(path).unwrap())
}

/// The rows of a table of tshark's, each as column name to value.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let mut lines = text.lines();
    let head: Vec<String> = lines.next().unwrap_or("").split('\t').map(str::to_owned).collect();
    lines.map(|l| head.iter().cloned().zip(l.split('\t').map(str::to_owned)).collect()).collect()
}

fn at(index: &Index, frame: FrameId) -> Row {
    index.row(frame).unwrap()
}

const MARKS: [(MarkKind, &str); 15] = [
    (MarkKind::Retransmission, "tcp.analysis.retransmission"),
    (MarkKind::FastRetransmission, "tcp.analysis.fast_retransmission"),
    (MarkKind::SpuriousRetransmission, "tcp.analysis.spurious_retransmission"),
    (MarkKind::OutOfOrder, "tcp.analysis.out_of_order"),
    (MarkKind::LostSegment, "tcp.analysis.lost_segment"),
    (MarkKind::AckLostSegment, "tcp.analysis.ack_lost_segment"),
    (MarkKind::DuplicateAck, "tcp.analysis.duplicate_ack_num"),
    (MarkKind::KeepAlive, "tcp.analysis.keep_alive"),
    (MarkKind::KeepAliveAck, "tcp.analysis.keep_alive_ack"),
    (MarkKind::ZeroWindow, "tcp.analysis.zero_window"),
    (MarkKind::ZeroWindowProbe, "tcp.analysis.zero_window_probe"),
    (MarkKind::ZeroWindowProbeAck, "tcp.analysis.zero_window_probe_ack"),
    (MarkKind::WindowUpdate, "tcp.analysis.window_update"),
    (MarkKind::WindowFull, "tcp.analysis.window_full"),
    (MarkKind::ReusedPorts, "tcp.analysis.reused_ports"),
];

/// Where our marks differ from tshark's columns, one line a frame and mark.
fn mark_differences(name: &str, index: &Index, rows: &[BTreeMap<String, String>]) -> Vec<String> {
    let mut out = Vec::new();
    for (i, want) in rows.iter().enumerate() {
        for (kind, column) in MARKS {
            let Some(theirs) = want.get(column) else { continue };
            let theirs = !theirs.is_empty() && theirs != "0";
            let ours = index.rows.get(i).is_some_and(|r| r.marked(kind));
            if ours != theirs {
                let who = if ours { "only ours" } else { "only tshark's" };
                out.push(format!("{name} #{}: {} ({who})", i + 1, kind.field()));
            }
        }
    }
    out
}

#[test]
fn marks_are_tsharks_on_the_vectors() {
    let Some(corpus) = folder() else { return };
    let mut wrong = Vec::new();
    for path in captures(&corpus.join("tcp-vectors")) {
        let (_, index) = load(&path);
        let rows = table(&path.with_extension("tsv"));
        assert_eq!(rows.len(), index.rows.len(), "{}", path.display());
        wrong.extend(mark_differences(&name(&path), &index, &rows));
        let mut streams = BTreeMap::new();
        for (i, want) in rows.iter().enumerate() {
            let ours = index.rows.flow(i as u32);
            assert_eq!(*streams.entry(want["tcp.stream"].clone()).or_insert(ours), ours, "{} #{}", name(&path), i + 1);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn marks_are_tsharks_on_real_captures() {
    let Some(corpus) = folder() else { return };
    let mut wrong = Vec::new();
    for path in captures(&corpus.join("open")) {
        let (_, index) = load(&path);
        let rows = table(&corpus.join("oracle").join(format!("{}.tsv", name(&path))));
        assert_eq!(rows.len(), index.rows.len(), "{}", path.display());
        wrong.extend(mark_differences(&name(&path), &index, &rows));
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_mark_says_why_in_both_languages() {
    let Some(corpus) = folder() else { return };
    let mut seen = 0;
    for path in captures(&corpus.join("tcp-vectors")).into_iter().chain(captures(&corpus.join("open"))) {
        let (_, index) = load(&path);
        for (frame, mark) in &index.marks {
            assert!(at(&index, *frame).marked(mark.kind));
            let because = mark.because();
            assert!(because.ja.len() > 20 && because.en.len() > 20, "{mark:?}");
            assert_ne!(because.ja, because.en);
            seen |= mark.kind.bit();
        }
    }
    // No real capture of ours shows a probe that is answered with the window still at 0 and nothing taken.
    for (kind, _) in MARKS.iter().filter(|(k, _)| *k != MarkKind::ZeroWindowProbeAck) {
        assert!(seen & kind.bit() != 0, "no capture shows {kind:?}");
    }
}

/// Captures whose link or network headers we do not read (NFLOG, GRE, PPP): tshark sees flows there, we do not.
const UNREAD_HEADERS: [&str; 4] =
    ["arkime__nflog.pcap", "arkime__gre-sample.pcap", "ndpi__dns.pcap", "zeek__quic__interop__quic-go_quic-go__handshake.pcap"];

/// Two copies of some bytes differ in this stream. tshark shows the copy that it came upon when it closed the hole; we keep
/// the one that was captured first, and say that there is another.
const CONFLICT: (&str, &str) = ("zeek__tcp__reassembly.pcap", "0");

fn not_ours(path: &Path) -> bool {
    UNREAD_HEADERS.contains(&name(path).as_str())
}

#[test]
fn lean_and_rich_agree() {
    let Some(corpus) = folder() else { return };
    let mut wrong = Vec::new();
    for path in captures(&corpus.join("open")).into_iter().chain(captures(&corpus.join("tcp-vectors"))) {
        let (trace, index) = load(&path);
        for id in 0..trace.len() {
            let row = at(&index, id);
            let rich = explain(&trace, &index, id).unwrap();
            let d = &rich.dissected;
            let mut differ = |what: &str, lean: String, rich: String| {
                if lean != rich {
                    wrong.push(format!("{} #{}: {what}: lean {lean}, rich {rich}", name(&path), id + 1));
                }
            };
            assert_eq!(d.layers[0].proto, "frame");
            assert_eq!(d.print("frame.number"), Some((id + 1).to_string()));
            for layer in &d.layers {
                assert!(layer.buffer < d.buffers.len());
            }
            for buffer in &d.buffers {
                // Unmasked bytes differ from those of the frame by the key, of which every fourth byte is the same.
                let mut key = (buffer.name.en == "Unmasked payload").then_some([None; 4]);
                for (from, span) in &buffer.in_frame {
                    let there = span.of(&d.buffers[0].bytes);
                    assert_eq!(there.len(), span.len as usize);
                    for (i, other) in (*from as usize..).zip(there) {
                        let by = buffer.bytes[i] ^ other;
                        let want = key.as_mut().map_or(0, |key| *key[i % 4].get_or_insert(by));
                        assert_eq!(by, want, "{} #{}: {} byte {i}", name(&path), id + 1, buffer.name.en);
                    }
                }
            }
            let Some((_, flow)) = index.flow_of(id) else { continue };
            match row.transport {
                Transport::Tcp => {
                    let tcp = d.layers.iter().rfind(|l| l.proto == "tcp").unwrap();
                    let print = |n: &str| tcp.field(n).map(|f| f.print(d.bytes(tcp))).unwrap_or_default();
                    let seq: u32 = print("tcp.seq_raw").parse().unwrap();
                    let isn = flow.isn[row.dir.index()].unwrap();
                    // Numbers count from what was known when the segment came; a SYN+ACK that begins elsewhere changes it for good.
                    let (me, flags) = (row.flow, Row::SYN | Row::ACK);
                    let anew = |f: FrameId| at(&index, f).marked(MarkKind::ReusedPorts) && at(&index, f).flags & flags == flags;
                    if !index.frames_of(me).any(|f| f > id && anew(f)) {
                        differ("tcp.seq", seq.wrapping_sub(isn).to_string(), print("tcp.seq"));
                    }
                    differ("tcp.stream", flow.number.to_string(), print("tcp.stream"));
                    let port = flow.ends[row.dir.index()].port();
                    differ("tcp.srcport", port.to_string(), print("tcp.srcport"));
                    differ("flags", format!("0x{:02x}", row.flags), format!("0x{}", &print("tcp.flags")[4..]));
                    if d.stop.is_none() {
                        differ("payload", format!("{} {}", row.payload_at, row.payload_len), format!("{} {}", tcp.payload.start, tcp.payload.len));
                    }
                    // Where the payload stands in the stream is its relative number, less the SYN.
                    if row.payload_len > 0 && !row.has(Row::SYN) {
                        differ("stream_at", (row.stream_at as u32).wrapping_add(1).to_string(), print("tcp.seq"));
                    }
                    let marks = index.marks_of(id).iter().filter(|(_, m)| tcp.field(m.kind.field()).is_some()).count();
                    differ("marks", index.marks_of(id).len().to_string(), marks.to_string());
                }
                Transport::Udp => {
                    let udp = d.layers.iter().rfind(|l| l.proto == "udp").unwrap();
                    let payload = format!("{} {}", udp.payload.start, udp.payload.len);
                    differ("payload", format!("{} {}", row.payload_at, row.payload_len), payload);
                }
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

#[test]
fn relative_numbers_and_flows_are_tsharks() {
    let Some(corpus) = folder() else { return };
    let mut wrong = Vec::new();
    for path in captures(&corpus.join("open")) {
        if not_ours(&path) {
            continue;
        }
        let (trace, index) = load(&path);
        let rows = table(&corpus.join("oracle").join(format!("{}.tsv", name(&path))));
        for (id, want) in rows.iter().enumerate() {
            let rich = explain(&trace, &index, id as FrameId).unwrap();
            for column in ["frame.number", "frame.time_epoch", "frame.len", "frame.cap_len", "tcp.stream", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.len", "udp.srcport"] {
                let theirs = want.get(column).map(|v| v.split('|').next().unwrap_or("").to_owned()).unwrap_or_default();
                let ours = rich.dissected.print(column).unwrap_or_default();
                // Times beyond the year 2262 do not fit into 64 bits of nanoseconds.
                let never = column == "frame.time_epoch" && theirs.starts_with("18446744");
                // A header that was cut off by the snapshot length: its data has no length for us.
                let cut = column == "tcp.len" && rich.dissected.stop.is_some();
                if ours != theirs && !never && !cut {
                    wrong.push(format!("{} #{}: {column}: ours {ours:?}, tshark's {theirs:?}", name(&path), id + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
}

#[test]
fn streams_are_tsharks() {
    let Some(corpus) = folder() else { return };
    let mut wrong = Vec::new();
    for path in captures(&corpus.join("open")) {
        let oracle = corpus.join("oracle").join(format!("{}.streams.tsv", name(&path)));
        if !oracle.exists() || not_ours(&path) {
            continue;
        }
        let (trace, index) = load(&path);
        for want in table(&oracle) {
            let number: u32 = want["tcp.stream"].parse().unwrap();
            let found = index.flows.iter().position(|f| f.transport == Transport::Tcp && f.number == number);
            let Some(id) = found else {
                wrong.push(format!("{} stream {number}: not found", name(&path)));
                continue;
            };
            let node0 = want["node0"].clone();
            let client = index.flows.get(id).unwrap().ends[0].to_string();
            for dir in Dir::BOTH {
                let whole = gather(&trace, &index, id as u32, dir, 0..u64::MAX);
                let theirs = if (node0 == client) == (dir == Dir::ToServer) { "0" } else { "1" };
                let gaps: u64 = whole.gaps.iter().map(|g| g.end - g.start).sum();
                let hash = &want[&format!("sha256_{theirs}")];
                // tshark writes a sentence into each gap, but joins what is left of segments that the snapshot length cut.
                let (told, joined) = (sha256(&fill(&whole, true)), sha256(&fill(&whole, false)));
                let conflict = (name(&path).as_str(), want["tcp.stream"].as_str()) == CONFLICT
                    && whole.chunks.iter().any(|c| c.kind == ChunkKind::Conflict);
                if *hash != told && *hash != joined && !conflict {
                    let ours = format!("{} bytes, {} gaps", whole.bytes.len() as u64 - gaps, whole.gaps.len());
                    let their = format!("{} bytes, {} gaps", want[&format!("bytes{theirs}")], want[&format!("gaps{theirs}")]);
                    wrong.push(format!("{} stream {number} {dir:?}: ours {ours}, tshark's {their}", name(&path)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// The bytes with each gap left out, or told as tshark tells it.
fn fill(stream: &Gathered, tell: bool) -> Vec<u8> {
    let mut data = Vec::new();
    let mut at = stream.at;
    for gap in stream.gaps.iter().cloned().chain(std::iter::once(stream.at + stream.bytes.len() as u64..u64::MAX)) {
        data.extend_from_slice(&stream.bytes[(at - stream.at) as usize..(gap.start - stream.at) as usize]);
        if tell && gap.end != u64::MAX {
            data.extend_from_slice(format!("[{} bytes missing in capture file]\0", gap.end - gap.start).as_bytes());
        }
        at = gap.end;
    }
    data
}

/// SHA-256 (FIPS 180-4) in hexadecimal digits.
fn sha256(data: &[u8]) -> String {
    let mut data = data.to_vec();
    // The first 32 bits of the fractional parts of the roots of the first primes (FIPS 180-4 §4.2.2, §5.3.3).
    let mut primes = (2_u32..).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0));
    let first: Vec<u32> = primes.by_ref().take(64).collect();
    let root = |n: u32, power: u32| {
        let (mut low, mut high) = (0_u128, 1 << 50);
        let target = u128::from(n) << (32 * power);
        while high - low > 1 {
            let mid = (low + high) / 2;
            if mid.checked_pow(power).is_some_and(|p| p <= target) { low = mid } else { high = mid }
        }
        low as u32
    };
    let k: Vec<u32> = first.iter().map(|p| root(*p, 3)).collect();
    let mut h: Vec<u32> = first[..8].iter().map(|p| root(*p, 2)).collect();
    let bits = data.len() as u64 * 8;
    data.push(0x80);
    while data.len() % 64 != 56 {
        data.push(0);
    }
    data.extend_from_slice(&bits.to_be_bytes());
    for block in data.chunks(64) {
        let mut w: Vec<u32> = block.chunks(4).map(|b| u32::from_be_bytes(b.try_into().unwrap())).collect();
        for i in 16..64 {
            let s0 = w[i - 15].rotate_right(7) ^ w[i - 15].rotate_right(18) ^ (w[i - 15] >> 3);
            let s1 = w[i - 2].rotate_right(17) ^ w[i - 2].rotate_right(19) ^ (w[i - 2] >> 10);
            w.push(w[i - 16].wrapping_add(s0).wrapping_add(w[i - 7]).wrapping_add(s1));
        }
        let mut v = h.clone();
        for i in 0..64 {
            let s1 = v[4].rotate_right(6) ^ v[4].rotate_right(11) ^ v[4].rotate_right(25);
            let choose = (v[4] & v[5]) ^ (!v[4] & v[6]);
            let t1 = v[7].wrapping_add(s1).wrapping_add(choose).wrapping_add(k[i]).wrapping_add(w[i]);
            let s0 = v[0].rotate_right(2) ^ v[0].rotate_right(13) ^ v[0].rotate_right(22);
            let most = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
            v.rotate_right(1);
            v[4] = v[4].wrapping_add(t1);
            v[0] = t1.wrapping_add(s0).wrapping_add(most);
        }
        for (h, v) in h.iter_mut().zip(&v) {
            *h = h.wrapping_add(*v);
        }
    }
    h.iter().map(|n| format!("{n:08x}")).collect()
}

/// Small numbers that are the same on every machine (xorshift64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }
}

#[test]
fn damaged_captures_never_panic() {
    let mut dice = Dice(0x05c0_9e00_2026);
    let mut frames = 0;
    let mut files = captures(&Path::new(env!("CARGO_MANIFEST_DIR")).join("captures"));
    if let Some(corpus) = folder() {
        files.extend(captures(&corpus.join("open")));
        files.extend(captures(&corpus.join("tcp-vectors")));
    }
    while frames < 50_000 {
        let path = &files[dice.roll(files.len())];
        let mut records = Vec::new();
        let mut parser = Parser::new();
        parser.feed(&std::fs::read(path).unwrap(), &mut |record, bytes| records.push((record, bytes.to_vec())));
        let mut file = Vec::new();
        let mut trace = Trace::new(Arc::new(Vec::new()));
        for (record, mut bytes) in records {
            let Record::Frame(mut meta, _) = record else {
                trace.append(record);
                continue;
            };
            // Most damage goes where the headers are; some frames are lost, doubled, cut or moved in time.
            for _ in 0..dice.roll(4) {
                let near = if dice.roll(3) > 0 { 80 } else { bytes.len() };
                let at = dice.roll(near.min(bytes.len()));
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = match dice.roll(3) {
                        0 => *byte ^ (1 << dice.roll(8)),
                        1 => 0xff,
                        _ => dice.roll(256) as u8,
                    };
                }
            }
            match dice.roll(40) {
                0 => continue,
                1 => bytes.truncate(dice.roll(bytes.len())),
                2 => meta.wire_len = dice.roll(1 << 32) as u32,
                3 => meta.at.0 = meta.at.0.wrapping_add(dice.roll(usize::MAX) as i64),
                _ => {}
            }
            for _ in 0..1 + dice.roll(30) / 29 {
                meta.offset = file.len() as u64;
                meta.cap_len = bytes.len() as u32;
                file.extend_from_slice(&bytes);
                trace.append(Record::Frame(meta, Vec::new()));
            }
        }
        trace.source = Arc::new(file);
        let mut tracker = Tracker::new();
        let mut index = Index::default();
        let mut buf = Vec::new();
        for id in 0..trace.len() {
            tracker.push(&trace.frame(id, &mut buf).unwrap());
            if dice.roll(50) == 0 {
                index.apply(tracker.take());
            }
        }
        tracker.finish();
        index.apply(tracker.take());
        assert_eq!(index.rows.len(), trace.frames.len());
        for id in 0..trace.len() {
            if id % 16 == 0 || trace.len() < 64 {
                let rich = explain(&trace, &index, id).unwrap();
                assert!(!protocol_column(&rich).is_empty() || rich.dissected.layers.len() <= 1);
                info(&rich);
            }
        }
        for flow in 0..index.flows.len() as u32 {
            assert!(index.frames_of(flow).all(|f| at(&index, f).flow == flow));
            for message in index.messages_of(flow) {
                let m = index.message(message).unwrap();
                assert!(m.flow == flow && m.range.start <= m.range.end);
            }
        }
        frames += trace.frames.len();
    }
}

/// Start lines that are not RFC 9112's ("GET / HTTP/1."), which tshark reads all the same: only the answers are compared.
const UNLIKE_HTTP: [&str; 1] = ["zeek__http__methods.pcap"];
/// What tshark does not show: a response of which the end was not captured, a request to an SSH server, half a word, a request
/// with a method that nobody has heard of (the capture's text was replaced by letters).
const OTHER_TASTE: [&str; 4] = [
    "zeek__http__entity_gap.pcap",
    "zeek__http__get-to-ssh-server.pcap",
    "suricata__eve-overlap-payload-01__tcp-overlap.pcap",
    "zeek__tcp__reassembly.pcap",
];

/// What each frame's messages are, next to what tshark says when it puts segments together out of order.
#[test]
fn http_and_websocket_messages_are_tsharks() {
    let Some(corpus) = folder() else { return };
    let (mut wrong, mut right) = (Vec::new(), 0);
    for path in captures(&corpus.join("open")) {
        let oracle = corpus.join("oracle").join(format!("{}.ooo.tsv", name(&path)));
        if !oracle.exists() || not_ours(&path) {
            continue;
        }
        let (_, index) = load(&path);
        let split = |v: Option<&String>| -> Vec<String> {
            v.map(|v| v.split('|').filter(|v| !v.is_empty()).map(str::to_owned).collect()).unwrap_or_default()
        };
        let mut theirs: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in table(&oracle) {
            let stream = row.get("tcp.stream").cloned().unwrap_or_default();
            let methods = split(row.get("http.request.method"));
            let uris = split(row.get("http.request.uri"));
            let list = theirs.entry(stream).or_default();
            list.extend(methods.iter().zip(&uris).map(|(m, u)| format!("{m} {u}")));
            list.extend(split(row.get("http.response.code")));
            list.extend(split(row.get("websocket.opcode")).iter().map(|o| format!("opcode {o}")));
        }
        for (id, flow) in index.flows.iter().enumerate().filter(|(_, f)| f.transport == Transport::Tcp) {
            let mut ours = Vec::new();
            for m in index.messages_of(id as u32).into_iter().filter_map(|m| index.message(m)) {
                match m.proto {
                    "http" if m.kind == MessageKind::Request && !m.title.contains(" HTTP/1.") => {}
                    "http" if m.kind == MessageKind::Request => ours.push(m.title.rsplit_once(' ').unwrap().0.to_owned()),
                    "http" if m.kind == MessageKind::Response => ours.push(m.title.split(' ').nth(1).unwrap_or("?").to_owned()),
                    "websocket" => ours.push(format!("opcode {}", opcode(m.kind))),
                    _ => {}
                }
            }
            let mut want = theirs.remove(&flow.number.to_string()).unwrap_or_default();
            right += want.len();
            if UNLIKE_HTTP.contains(&name(&path).as_str()) {
                let answer = |m: &String| m.bytes().all(|b| b.is_ascii_digit());
                ours.retain(answer);
                want.retain(answer);
            }
            if OTHER_TASTE.contains(&name(&path).as_str()) {
                continue;
            }
            // Both directions run at once: tshark lists by the frame that completes, we by the one that begins.
            ours.sort();
            want.sort();
            if ours != want {
                wrong.push(format!("{} stream {}:\n   ours    {ours:?}\n   tshark's {want:?}", name(&path), flow.number));
            }
        }
    }
    assert!(right > 150, "only {right} messages to compare");
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

fn opcode(kind: MessageKind) -> u8 {
    match kind {
        MessageKind::Continuation => 0,
        MessageKind::Text => 1,
        MessageKind::Close => 8,
        MessageKind::Ping => 9,
        MessageKind::Pong => 10,
        _ => 2,
    }
}

#[test]
fn the_hash_is_sha256() {
    let of = |text: &str| sha256(text.as_bytes());
    assert_eq!(of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/// Frames made here, so that something is tested where there is no corpus: IPv4 without a link header.
#[derive(Default)]
struct Lab {
    file: Vec<u8>,
    metas: Vec<FrameMeta>,
}

const CLIENT: ([u8; 4], u16) = ([10, 0, 0, 1], 40000);
const SERVER: ([u8; 4], u16) = ([10, 0, 0, 2], 80);
const DNS: ([u8; 4], u16) = ([10, 0, 0, 3], 53);

impl Lab {
    fn ip(&mut self, proto: u8, src: [u8; 4], dst: [u8; 4], body: &[u8]) -> Vec<u8> {
        let len = (20 + body.len()) as u16;
        let mut packet = vec![0x45, 0, (len >> 8) as u8, len as u8, 0, 1, 0, 0, 64, proto, 0, 0];
        packet.extend(src.into_iter().chain(dst));
        packet.extend_from_slice(body);
        self.metas.push(FrameMeta {
            at: Nanos(1_000_000 * self.metas.len() as i64),
            offset: self.file.len() as u64,
            cap_len: packet.len() as u32,
            wire_len: packet.len() as u32,
            interface: 0,
        });
        self.file.extend_from_slice(&packet);
        packet
    }

    fn tcp(&mut self, from: ([u8; 4], u16), to: ([u8; 4], u16), seq: u32, ack: u32, flags: u8, data: impl AsRef<[u8]>) -> &mut Self {
        let mut segment = [from.1.to_be_bytes(), to.1.to_be_bytes()].concat();
        segment.extend_from_slice(&[seq.to_be_bytes(), ack.to_be_bytes()].concat());
        segment.extend_from_slice(&[0x50, flags, 4, 0, 0, 0, 0, 0]);
        segment.extend_from_slice(data.as_ref());
        self.ip(6, from.0, to.0, &segment);
        self
    }

    fn handshake(&mut self) -> &mut Self {
        self.tcp(CLIENT, SERVER, 100, 0, Row::SYN, "");
        self.tcp(SERVER, CLIENT, 900, 101, Row::SYN | Row::ACK, "");
        self.tcp(CLIENT, SERVER, 101, 901, Row::ACK, "")
    }

    fn udp(&mut self, from: ([u8; 4], u16), to: ([u8; 4], u16), data: &[u8]) -> Vec<u8> {
        let mut datagram = [from.1.to_be_bytes(), to.1.to_be_bytes(), (8 + data.len() as u16).to_be_bytes(), [0, 0]].concat();
        datagram.extend_from_slice(data);
        self.ip(17, from.0, to.0, &datagram)
    }

    fn read(&self) -> (Trace, Index) {
        let mut trace = Trace::new(Arc::new(self.file.clone()));
        trace.append(Record::Interface(Interface { name: Some("lo".into()), ..Interface::new(LinkType::RAW) }));
        let (mut tracker, mut index, mut buf) = (Tracker::new(), Index::default(), Vec::new());
        for (id, meta) in self.metas.iter().enumerate() {
            trace.append(Record::Frame(*meta, Vec::new()));
            tracker.push(&trace.frame(id as FrameId, &mut buf).unwrap());
            // After every frame: a live capture is looked at while it grows.
            index.apply(tracker.take());
        }
        tracker.finish();
        index.apply(tracker.take());
        (trace, index)
    }
}

const DATA: u8 = Row::ACK | Row::PSH;

#[test]
fn a_message_over_three_segments_is_one_message_with_its_segments_named() {
    let mut lab = Lab::default();
    lab.handshake().tcp(CLIENT, SERVER, 101, 901, DATA, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    lab.tcp(SERVER, CLIENT, 901, 128, DATA, "HTTP/1.1 200 OK\r\nContent-Le");
    lab.tcp(SERVER, CLIENT, 928, 128, DATA, "ngth: 6\r\n\r\nabc").tcp(SERVER, CLIENT, 942, 128, DATA, "def");
    let (trace, index) = lab.read();
    let all: Vec<_> = index.messages_of(0).into_iter().map(|m| index.message(m).unwrap()).collect();
    assert_eq!(all.iter().map(|m| m.title.as_str()).collect::<Vec<_>>(), ["GET / HTTP/1.1", "HTTP/1.1 200 OK"]);
    assert_eq!((all[1].first_frame, all[1].last_frame, all[1].range.clone()), (4, 6, 0..44));
    assert!(all.iter().all(|m| m.complete));
    assert_eq!(all[1].answers, Some(0));

    let middle = explain(&trace, &index, 5).unwrap();
    assert_eq!(middle.dissected.buffers[1].name.en, "HTTP message, 3 segments (#5, #6, #7)");
    assert_eq!(middle.dissected.buffers[1].name.ja, "HTTP メッセージ、3 セグメント（#5, #6, #7）");
    assert_eq!(middle.dissected.buffers[1].in_frame, [(27, Span { start: 40, len: 14 })]);
    assert_eq!(info(&middle), "[continuation of #5] HTTP/1.1 200 OK");
    assert_eq!(protocol_column(&middle), "HTTP");
    assert_eq!(middle.dissected.print("http.content_length"), Some("6".into()));
    assert!(middle.dissected.layers[0].summary.ends_with("loopback: no physical medium"));

    let request = explain(&trace, &index, 3).unwrap();
    assert_eq!(request.dissected.print("tcp.seq"), Some("1".into()));
    assert_eq!(request.dissected.print("frame.protocols"), Some("raw:ip:tcp:http".into()));
    let syn = explain(&trace, &index, 0).unwrap();
    assert_eq!((info(&syn), protocol_column(&syn)), ("40000 → 80 [SYN] Seq=0 Win=1024 Len=0".into(), "TCP"));
}

/// The buffer of this name, and for each of its bytes the byte of the frame that it was made from, if this frame has it.
/// The way back must lead to the same byte.
fn made_from<'a>(rich: &'a Explained, name: &str) -> Option<(&'a [u8], Vec<Option<u8>>)> {
    let buffers = &rich.dissected.buffers;
    let at = buffers.iter().position(|b| b.name.en == name)?;
    let origin = |i: u32| {
        let byte = Span { start: i, len: 1 };
        let there = translate(buffers, at, byte, 0);
        let place = there.first()?;
        assert_eq!((there.len(), place.len), (1, 1), "one byte is one byte");
        assert_eq!(translate(buffers, 0, *place, at), [byte], "the way back from byte {} of the frame", place.start);
        Some(buffers[0].bytes[place.start as usize])
    };
    Some((&buffers[at].bytes, (0..buffers[at].bytes.len() as u32).map(origin).collect()))
}

#[test]
fn each_unmasked_byte_leads_to_its_masked_byte_of_the_frame_and_back() {
    let (trace, index) = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/websocket.pcapng"));
    let mut bytes = 0;
    for frame in 0..trace.len() {
        let rich = explain(&trace, &index, frame).unwrap();
        let Some((plain, origin)) = made_from(&rich, "Unmasked payload") else { continue };
        let layer = rich.dissected.layer("websocket").unwrap();
        let key = layer.field("websocket.masking_key").unwrap().span.of(rich.dissected.bytes(layer));
        let masked: Vec<_> = plain.iter().zip(key.iter().cycle()).map(|(b, k)| Some(b ^ k)).collect();
        assert_eq!(origin, masked, "frame {frame}");
        bytes += plain.len();
    }
    assert!(bytes > 50, "the capture has masked payloads: {bytes}");
}

#[test]
fn a_masked_payload_over_two_segments_has_in_each_frame_the_bytes_that_came_in_it() {
    let (ask, agree) = (
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    );
    let masked = [0x81, 0x85, 1, 2, 3, 4, b'h' ^ 1, b'e' ^ 2, b'l' ^ 3, b'l' ^ 4, b'o' ^ 1];
    let (asked, agreed) = (101 + ask.len() as u32, 901 + agree.len() as u32);
    let mut lab = Lab::default();
    lab.handshake().tcp(CLIENT, SERVER, 101, 901, DATA, ask).tcp(SERVER, CLIENT, 901, asked, DATA, agree);
    lab.tcp(CLIENT, SERVER, asked, agreed, DATA, &masked[..8]).tcp(CLIENT, SERVER, asked + 8, agreed, DATA, &masked[8..]);
    let (trace, index) = lab.read();
    let [h, e, l, l2, o] = [6, 7, 8, 9, 10].map(|i| Some(masked[i]));
    for (frame, origin) in [(5, [h, e, None, None, None]), (6, [None, None, l, l2, o])] {
        let rich = explain(&trace, &index, frame).unwrap();
        assert_eq!(made_from(&rich, "Unmasked payload").unwrap(), (&b"hello"[..], origin.to_vec()), "frame {frame}");
    }
}

#[test]
fn the_bytes_of_a_de_chunked_body_lead_past_the_size_lines() {
    let mut lab = Lab::default();
    lab.handshake().tcp(CLIENT, SERVER, 101, 901, DATA, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\nde";
    lab.tcp(SERVER, CLIENT, 901, 128, DATA, head);
    lab.tcp(SERVER, CLIENT, 901 + head.len() as u32, 128, DATA, "fg\r\n1\r\nh\r\n0\r\n\r\n");
    let (trace, index) = lab.read();
    let only = |here: &str| "abcdefgh".bytes().map(|b| here.as_bytes().contains(&b).then_some(b)).collect::<Vec<_>>();
    for (frame, here) in [(4, "abcde"), (5, "fgh")] {
        let rich = explain(&trace, &index, frame).unwrap();
        assert_eq!(made_from(&rich, "De-chunked body").unwrap(), (&b"abcdefgh"[..], only(here)), "frame {frame}");
    }
}

#[test]
fn an_open_message_is_there_before_it_ends_and_incomplete_if_it_never_does() {
    let mut lab = Lab::default();
    lab.handshake().tcp(CLIENT, SERVER, 101, 901, DATA, "POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\n0123");
    let (_, index) = lab.read();
    let message = index.message(0).unwrap();
    assert_eq!((message.title.as_str(), message.complete), ("POST / HTTP/1.1", false));
    assert_eq!(message.range, 0..44);
    assert_eq!(index.messages_in(3), [0]);
}

#[test]
fn segments_out_of_order_give_the_same_message_and_a_lost_one_leaves_a_gap() {
    let text = "GET /abcdefghij HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut lab = Lab::default();
    lab.handshake().tcp(CLIENT, SERVER, 111, 901, DATA, &text[10..]).tcp(CLIENT, SERVER, 101, 901, DATA, &text[..10]);
    let (_, index) = lab.read();
    let message = index.message(0).unwrap();
    assert_eq!((message.title.as_str(), message.first_frame, message.last_frame), ("GET /abcdefghij HTTP/1.1", 4, 3));

    let mut lab = Lab::default();
    lab.handshake().tcp(CLIENT, SERVER, 101, 901, DATA, "one\n").tcp(CLIENT, SERVER, 125, 901, DATA, "three\n");
    lab.tcp(SERVER, CLIENT, 901, 131, Row::ACK, "");
    let (trace, index) = lab.read();
    let whole = gather(&trace, &index, 0, Dir::ToServer, 0..u64::MAX);
    assert_eq!((whole.gaps.len(), whole.gaps[0].clone(), whole.bytes.len()), (1, 4..24, 30));
    assert!(at(&index, 4).marked(MarkKind::LostSegment) && at(&index, 5).marked(MarkKind::AckLostSegment));
    let rich = explain(&trace, &index, 4).unwrap();
    let mark = rich.dissected.layer("tcp").unwrap().field("tcp.analysis.lost_segment").unwrap();
    assert!(mark.because.as_ref().unwrap().ja.contains("20 バイト"), "{:?}", mark.because);
    assert!(mark.meaning.as_ref().unwrap().contains("20 bytes"));
}

#[test]
fn an_icmp_error_belongs_to_the_flow_it_is_about() {
    let mut lab = Lab::default();
    let question = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x01a\0\0\x01\0\x01";
    let packet = lab.udp(CLIENT, DNS, question);
    let unreachable = [&[3, 3, 0, 0, 0, 0, 0, 0][..], &packet[..28]].concat();
    lab.ip(1, DNS.0, CLIENT.0, &unreachable);
    lab.ip(1, CLIENT.0, DNS.0, &[8, 0, 0, 0, 0, 1, 0, 1]);
    let (_, index) = lab.read();
    assert_eq!((at(&index, 1).flow, at(&index, 1).dir, at(&index, 1).transport), (0, Dir::ToClient, Transport::Icmp));
    assert_eq!(index.frames_of(0).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(at(&index, 2).flow, 1, "an echo request is about no flow");
}

#[test]
fn dns_answers_find_their_question_by_its_number() {
    let mut lab = Lab::default();
    let question = |id: u8, flags: u8| [&[0, id, flags, 0, 0, 1, 0, 0, 0, 0, 0, 0][..], b"\x01a\0\0\x01\0\x01"].concat();
    lab.udp(CLIENT, DNS, &question(1, 1));
    lab.udp(CLIENT, DNS, &question(2, 1));
    lab.udp(DNS, CLIENT, &question(2, 0x81));
    lab.udp(DNS, CLIENT, &question(1, 0x81));
    let (trace, index) = lab.read();
    assert_eq!(index.messages.iter().map(|m| (m.proto, m.answers)).collect::<Vec<_>>(), [
        ("dns", None),
        ("dns", None),
        ("dns", Some(1)),
        ("dns", Some(0)),
    ]);
    assert_eq!(index.messages_in(2), [2]);
    assert_eq!(protocol_column(&explain(&trace, &index, 2).unwrap()), "DNS");
}

#[test]
fn reused_ports_are_a_new_flow_with_its_own_streams() {
    let mut lab = Lab::default();
    lab.handshake().tcp(CLIENT, SERVER, 101, 901, DATA, "one\n").tcp(SERVER, CLIENT, 901, 105, Row::RST | Row::ACK, "");
    lab.tcp(CLIENT, SERVER, 5000, 0, Row::SYN, "").tcp(SERVER, CLIENT, 7000, 5001, Row::SYN | Row::ACK, "");
    lab.tcp(CLIENT, SERVER, 5001, 7001, DATA, "two\n");
    let (trace, index) = lab.read();
    assert_eq!(index.flows.len(), 2);
    assert!(at(&index, 5).marked(MarkKind::ReusedPorts));
    assert_eq!(gather(&trace, &index, 0, Dir::ToServer, 0..99).bytes, b"one\n");
    assert_eq!(gather(&trace, &index, 1, Dir::ToServer, 0..99).bytes, b"two\n");
}

#[test]
fn a_refused_connection_may_be_asked_for_again_with_the_same_number() {
    let mut lab = Lab::default();
    lab.tcp(CLIENT, SERVER, 100, 0, Row::SYN, "").tcp(SERVER, CLIENT, 0, 101, Row::RST | Row::ACK, "");
    lab.handshake().tcp(CLIENT, SERVER, 101, 901, DATA, "hello\n");
    let (trace, index) = lab.read();
    assert_eq!((index.flows.len(), index.messages.len()), (1, 1));
    assert_eq!(gather(&trace, &index, 0, Dir::ToServer, 0..99).bytes, b"hello\n");
}

#[test]
fn a_frame_deep_in_a_long_message_shows_its_own_bytes_and_the_head() {
    let mut lab = Lab::default();
    lab.handshake().tcp(SERVER, CLIENT, 901, 101, DATA, "HTTP/1.1 200 OK\r\nContent-Length: 600000\r\n\r\n");
    let piece = "x".repeat(10_000);
    for i in 0..60 {
        lab.tcp(SERVER, CLIENT, 944 + i * 10_000, 101, DATA, &piece);
    }
    let (trace, index) = lab.read();
    assert!(index.message(0).unwrap().complete);
    let deep = explain(&trace, &index, 60).unwrap();
    assert_eq!(info(&deep), "[continuation of #4] HTTP/1.1 200 OK");
    assert_eq!(deep.dissected.print("http.content_length"), Some("600000".into()));
    let own = deep.dissected.buffers.last().unwrap();
    assert_eq!((own.bytes.len(), own.in_frame.clone()), (10_000, vec![(0, Span { start: 40, len: 10_000 })]));
    let whole = gather(&trace, &index, 0, Dir::ToClient, 0..u64::MAX);
    assert_eq!((whole.bytes.len(), whole.frames().len(), whole.gaps.len()), (600_043, 61, 0));
}
