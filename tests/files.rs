//! Capture files: what is written is read back, what is foreign or broken ends in a clear statement.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use osiscope::trace::read::{MAX_BLOCK, MAX_FRAME, Parser};
use osiscope::trace::write::{Format, PcapWriter, PcapngWriter, Unsaved, save};
use osiscope::trace::{
    Addr, Call, CallResult, Calls, Damage, FrameMeta, Host, Interface, Kept, NO_INTERFACE, Nanos,
    Part, Place, Record, Trace, What,
};
use osiscope::wire::LinkType;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

#[path = "files/dialects.rs"]
mod dialects;
#[path = "files/kept.rs"]
mod kept;
#[path = "files/packed.rs"]
mod packed;
#[path = "files/hostile.rs"]
mod hostile;

// ---- helpers -----------------------------------------------------------------------------------------------------------

/// A small generator with a fixed seed (SplitMix64): the same numbers in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next() as u8).collect()
    }
}

/// All that a file said.
#[derive(Clone, Debug, PartialEq)]
struct Said {
    records: Vec<(Record, Vec<u8>)>,
    damage: Option<Damage>,
}

impl Said {
    fn frames(&self) -> Vec<(FrameMeta, &[u8])> {
        self.records
            .iter()
            .filter_map(|(r, b)| if let Record::Frame(m, _) = r { Some((*m, b.as_slice())) } else { None })
            .collect()
    }

    fn calls(&self) -> Vec<Call> {
        self.records.iter().filter_map(|(r, _)| if let Record::Call(c) = r { Some(c.clone()) } else { None }).collect()
    }
}

fn read_in(file: &[u8], piece: usize) -> Said {
    let mut parser = Parser::new();
    let mut records = Vec::new();
    for bytes in file.chunks(piece) {
        parser.feed(bytes, &mut |record, bytes| records.push((record, bytes.to_vec())));
    }
    let damage = parser.finish();
    Said { records, damage }
}

fn read(file: &[u8]) -> Said {
    read_in(file, file.len().max(1))
}

fn load(file: &[u8]) -> Trace {
    let mut trace = Trace::new(Arc::new(file.to_vec()));
    let said = read(file);
    for (record, _) in said.records {
        trace.append(record);
    }
    trace.damage = said.damage;
    trace
}

fn saved(trace: &Trace, format: Format) -> Vec<u8> {
    let mut out = Vec::new();
    save(trace, format, &mut out, &mut |_| true).map_err(|e| e.text().en).unwrap();
    out
}

/// What a person would call the same capture: everything but where the frames stand in the file.
fn contents(trace: &Trace) -> impl PartialEq + std::fmt::Debug + use<> {
    let mut buf = Vec::new();
    let frames: Vec<_> = (0..trace.len())
        .map(|id| {
            let frame = trace.frame(id, &mut buf).unwrap();
            (FrameMeta { offset: 0, ..frame.meta }, frame.link, frame.bytes.to_vec())
        })
        .collect();
    (
        trace.interfaces.iter().cloned().map(|i| Interface { place: None, ..i }).collect::<Vec<_>>(),
        frames,
        trace.comments.clone(),
        trace.about.clone(),
        trace.calls.clone(),
        trace.dropped.clone(),
    )
}

/// Numbers in one byte order.
#[derive(Clone, Copy, Debug)]
enum Order {
    Little,
    Big,
}

use Order::{Big, Little};

impl Order {
    fn n(self, n: u64, width: usize) -> Vec<u8> {
        match self {
            Little => n.to_le_bytes()[..width].to_vec(),
            Big => n.to_be_bytes()[8 - width..].to_vec(),
        }
    }

    fn u16(self, n: u16) -> Vec<u8> {
        self.n(u64::from(n), 2)
    }

    fn u32(self, n: u32) -> Vec<u8> {
        self.n(u64::from(n), 4)
    }

    fn u64(self, n: u64) -> Vec<u8> {
        self.n(n, 8)
    }

    fn pcap(self, magic: u32, version: (u16, u16), link: u32) -> Vec<u8> {
        [self.u32(magic), self.u16(version.0), self.u16(version.1), vec![0; 8], self.u32(65535), self.u32(link)].concat()
    }

    fn record(self, secs: u32, fraction: u32, kept: u32, wire: u32, more: &[u8], bytes: &[u8]) -> Vec<u8> {
        [self.u32(secs), self.u32(fraction), self.u32(kept), self.u32(wire), more.to_vec(), bytes.to_vec()].concat()
    }

    fn block(self, kind: u32, body: &[u8]) -> Vec<u8> {
        let body = padded(body);
        let total = body.len() as u32 + 12;
        [self.u32(kind), self.u32(total), body, self.u32(total)].concat()
    }

    fn section(self, options: &[Vec<u8>]) -> Vec<u8> {
        let body = [self.u32(0x1a2b_3c4d), self.u16(1), self.u16(0), vec![0xff; 8], options.concat()].concat();
        self.block(0x0a0d_0d0a, &body)
    }

    fn interface(self, link: u16, snap_len: u32, options: &[Vec<u8>]) -> Vec<u8> {
        self.block(1, &[self.u16(link), self.u16(0), self.u32(snap_len), options.concat()].concat())
    }

    fn option(self, code: u16, value: &[u8]) -> Vec<u8> {
        [self.u16(code), self.u16(value.len() as u16), padded(value)].concat()
    }

    fn enhanced(self, interface: u32, ticks: u64, wire: u32, bytes: &[u8], options: &[Vec<u8>]) -> Vec<u8> {
        let head =
            [self.u32(interface), self.u32((ticks >> 32) as u32), self.u32(ticks as u32), self.u32(bytes.len() as u32)];
        self.block(6, &[head.concat(), self.u32(wire), padded(bytes), options.concat()].concat())
    }
}

fn padded(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn call(at: i64, took: i64, host: Host, what: What, result: CallResult) -> Call {
    let local = Some(Addr::Inet("127.0.0.1:40000".parse().unwrap()));
    Call {
        at_enter: Nanos(at),
        at_return: Nanos(at + took),
        host,
        program: 0,
        fd: 7,
        what,
        result,
        local,
        peer: None,
        waits: 2,
    }
}

fn connect(at: i64) -> Call {
    call(
        at,
        35_000,
        Host::Client,
        What::Connect {
            to: Addr::Inet("127.0.0.1:80".parse().unwrap()),
        },
        CallResult::Done,
    )
}

fn ethernet(name: &str) -> Interface {
    Interface { name: Some(name.into()), snap_len: 262_144, ..Interface::new(LinkType::ETHERNET) }
}

/// Both orders, several sections, and every kind of block there is a reading for, and some there is none for.
fn everything() -> Vec<u8> {
    let (l, b) = (Little, Big);
    let json = |c: &Call| format!("{{\"call\":{}}}", serde_json::to_string(c).unwrap());
    let custom = |o: Order, text: &str| [o.u32(32473), text.as_bytes().to_vec()].concat();
    [
        l.section(&[l.option(1, "講義 1".as_bytes()), l.option(3, b"Linux"), l.option(0, b"")]),
        l.interface(1, 96, &[l.option(2, b"eth0\0"), l.option(9, &[9]), l.option(11, b"\0tcp port 80"), l.option(0, b"")]),
        l.interface(101, 0, &[l.option(3, b"tunnel"), l.option(14, &l.u64(1000))]),
        l.enhanced(
            0,
            5_000_000_001,
            60,
            &[1; 60],
            &[l.option(1, b"first"), l.option(1, "二番目".as_bytes()), l.option(2, &l.u32(1))],
        ),
        l.enhanced(1, 7, 1500, &[2; 41], &[l.option(4, &l.u64(3))]),
        l.block(4, &[9; 40]),
        l.block(10, &[8; 33]),
        l.block(0xbad, &custom(l, &json(&connect(4_000_000_000)))),
        l.block(0xbad, &[l.u32(4711), vec![7; 10]].concat()),
        l.block(0x8000_0001, &[6; 20]),
        l.block(3, &[l.u32(120), vec![3; 96]].concat()),
        l.block(
            2,
            &[l.u16(1), l.u16(2), l.u32(0), l.u32(9), l.u32(10), l.u32(11), padded(&[4; 10]), l.option(1, b"old")].concat(),
        ),
        l.block(5, &[l.u32(0), vec![0; 8], l.option(5, &l.u64(40)), l.option(7, &l.u64(2))].concat()),
        b.section(&[]),
        b.interface(1, 0, &[b.option(9, &[0x80 | 10])]),
        b.enhanced(
            0,
            (6 << 10) + 512,
            60,
            &[5; 60],
            &[
                b.option(1, b"osiscope call: client: connect"),
                b.option(2988, &custom(b, &json(&connect(6_000_000_000)))),
                b.option(1, b"mine"),
            ],
        ),
    ]
    .concat()
}

/// A capture as the lab may leave it, with everything in it that a trace can hold.
fn random_trace(random: &mut Random, links: &[LinkType]) -> Trace {
    let mut file = Vec::new();
    let mut trace = Trace::new(Arc::new(Vec::new()));
    for (n, link) in links.iter().enumerate() {
        trace.append(Record::Interface(Interface {
            name: (n > 0).then(|| format!("veth{n}・右")),
            link: *link,
            snap_len: [0, 262_144][n % 2],
            filter: (n % 2 == 1).then(|| "tcp port 80".into()),
            ..Interface::new(*link)
        }));
    }
    let mut at = 1_700_000_000_123_456_789;
    for _ in 0..random.below(60) {
        // Now and then time stands still or goes backwards.
        at += random.below(3_000_000) as i64 - 200_000;
        let len = if random.below(20) == 0 { random.below(70_000) } else { random.below(200) } as usize;
        let bytes = random.bytes(len);
        let interface = random.below(links.len() as u64) as u16;
        let wire_len = (len as u64 + random.below(2) * random.below(100)) as u32;
        let meta = FrameMeta { at: Nanos(at), offset: file.len() as u64, cap_len: len as u32, wire_len, interface };
        let comments =
            (0..random.below(8).saturating_sub(5)).map(|i| format!("コメント {i} {}", random.below(1000))).collect();
        file.extend_from_slice(&bytes);
        file.extend(std::iter::repeat_n(0, random.below(40) as usize));
        trace.append(Record::Frame(meta, comments));
        while random.below(3) == 0 {
            let when = at + random.below(8_000_000) as i64 - 4_000_000;
            let what = match random.below(4) {
                0 => What::Socket { kind: "TCP \"v4\"".into() },
                1 => What::Write { bytes: random.below(1 << 40) },
                2 => What::Connect { to: Addr::Inet("[fe80::1%3]:443".parse().unwrap()) },
                _ => What::Accept,
            };
            let result = match random.below(4) {
                0 => CallResult::Failed { errno: 111, text: "ECONNREFUSED: 接続拒否".into() },
                1 => CallResult::Bytes(random.below(1 << 40)),
                2 => CallResult::Fd(5),
                _ => CallResult::Cancelled,
            };
            let host = Host::BOTH[random.below(2) as usize];
            trace.append(Record::Call(call(when, random.below(2_000_000_000) as i64, host, what, result)));
        }
    }
    for interface in 0..links.len() as u16 {
        trace.append(Record::Dropped { interface, frames: random.below(3) * random.below(1000) });
    }
    for n in 0..random.below(3) {
        trace.append(Record::Comment(format!("about {n}\nsecond line")));
    }
    trace.source = Arc::new(file);
    trace
}

/// tshark, editcap: there, or say loudly that a test was not run.
fn tool(name: &str) -> Option<Command> {
    let there = Command::new(name).arg("--version").output().is_ok_and(|o| o.status.success());
    if !there {
        eprintln!("SKIPPED: {name} is not on the PATH, so what we write was not compared with it");
    }
    there.then(|| Command::new(name))
}

fn tshark(file: &Path, fields: &[&str]) -> Option<Vec<Vec<String>>> {
    let mut command = tool("tshark")?;
    command.arg("-n").arg("-r").arg(file).args(["-T", "fields", "-E", "separator=/t", "-E", "aggregator=|"]);
    for field in fields {
        command.args(["-e", field]);
    }
    let out = command.output().unwrap();
    assert!(out.status.success(), "tshark: {}", String::from_utf8_lossy(&out.stderr));
    Some(String::from_utf8(out.stdout).unwrap().lines().map(|l| l.split('\t').map(Into::into).collect()).collect())
}

/// "12.000000345" as nanoseconds; what 64 bits cannot say ends at the largest time.
fn epoch(text: &str) -> i64 {
    let (secs, fraction) = text.split_once('.').unwrap();
    let fraction = format!("{fraction:0<9}").parse::<i64>().unwrap();
    secs.parse::<i64>().unwrap().saturating_mul(1_000_000_000).saturating_add(fraction)
}

// ---- reading -----------------------------------------------------------------------------------------------------------

#[test]
fn pcap_in_every_byte_order_and_resolution() {
    let forms: [(u32, i64, &[u8]); 3] =
        [(0xa1b2_c3d4, 1000, b""), (0xa1b2_3c4d, 1, b""), (0xa1b2_cd34, 1000, &[0, 0, 0, 2, 8, 0, 4, 0])];
    for order in [Little, Big] {
        for (magic, unit, more) in forms {
            let head = order.pcap(magic, (2, 4), 113);
            let (one, two) =
                (order.record(5, 7, 60, 1514, more, &[1; 60]), order.record(u32::MAX, 999_999, 0, 0, more, &[]));
            let said = read(&[head, one, two].concat());
            assert_eq!(said.damage, None, "{order:?} {magic:x}");
            let interface = Interface { snap_len: 65535, ..Interface::new(LinkType::LINUX_SLL) };
            assert_eq!(said.records[0].0, Record::Interface(interface));
            let begin = 24 + 16 + more.len() as u64;
            let first =
                FrameMeta { at: Nanos(5_000_000_000 + 7 * unit), offset: begin, cap_len: 60, wire_len: 1514, interface: 0 };
            let at = Nanos(i64::from(u32::MAX) * 1_000_000_000 + 999_999 * unit);
            let second = FrameMeta { at, offset: begin + 60 + begin - 24, cap_len: 0, wire_len: 0, interface: 0 };
            assert_eq!(said.frames(), [(first, &[1; 60][..]), (second, &[][..])]);
        }
    }
}

#[test]
fn old_pcap_versions_give_the_length_on_the_wire_first() {
    for (version, first, second) in [((2, 2), 90, 60), ((2, 3), 90, 60), ((2, 3), 60, 90), ((543, 0), 90, 60)] {
        let file = [Big.pcap(0xa1b2_c3d4, version, 1), Big.record(1, 0, first, second, b"", &[1; 60])].concat();
        let said = read(&file);
        assert_eq!(said.damage, None);
        assert_eq!((said.frames()[0].0.cap_len, said.frames()[0].0.wire_len), (60, 90), "{version:?}");
    }
    assert!(read(&Big.pcap(0xa1b2_c3d4, (3, 0), 1)).damage.unwrap().why.en.contains("Version 3.0"));
}

#[test]
fn a_check_sequence_length_in_the_pcap_header_is_not_part_of_the_link_type() {
    let said = read(&Little.pcap(0xa1b2_c3d4, (2, 4), 0x5400_0001));
    assert!(matches!(&said.records[0].0, Record::Interface(i) if i.link == LinkType::ETHERNET));
}

#[test]
fn pcapng_in_every_byte_order_and_resolution() {
    let clocks: [(Option<u8>, u64, i64); 7] = [
        (None, 1_700_000_000_000_001, 1_700_000_000_000_001_000),
        (Some(0), 1_700_000_000, 1_700_000_000_000_000_000),
        (Some(3), 1_700_000_000_001, 1_700_000_000_001_000_000),
        (Some(9), 1_700_000_000_000_000_001, 1_700_000_000_000_000_001),
        (Some(10), 17_000_000_000_000_000_019, 1_700_000_000_000_000_001),
        (Some(0x80 | 20), (1_700_000_000 << 20) + 1, 1_700_000_000_000_000_953),
        (Some(0x80), 1_700_000_000, 1_700_000_000_000_000_000),
    ];
    for order in [Little, Big] {
        for (resolution, ticks, nanos) in clocks {
            for offset in [None, Some(-1_700_000_001i64), Some(3600)] {
                let mut options = Vec::new();
                options.extend(resolution.map(|r| order.option(9, &[r])));
                options.extend(offset.map(|o| order.option(14, &order.u64(o.cast_unsigned()))));
                let file =
                    [order.section(&[]), order.interface(1, 0, &options), order.enhanced(0, ticks, 99, &[1; 61], &[])]
                        .concat();
                let said = read(&file);
                assert_eq!(said.damage, None);
                let frames = said.frames();
                assert_eq!(
                    frames[0].0.at,
                    Nanos(nanos + offset.unwrap_or(0) * 1_000_000_000),
                    "{order:?} {resolution:?} {offset:?}"
                );
                assert_eq!((frames[0].0.cap_len, frames[0].0.wire_len, frames[0].1), (61, 99, &[1; 61][..]));
                assert_eq!(file[frames[0].0.offset as usize..][..61], [1; 61]);
            }
        }
    }
}

#[test]
fn every_block_is_read_or_skipped_and_sections_keep_their_interfaces_apart() {
    let file = everything();
    let said = read(&file);
    assert_eq!(said.damage, None);
    for (meta, bytes) in said.frames() {
        assert_eq!(&file[meta.offset as usize..][..meta.cap_len as usize], bytes);
    }
    let trace = load(&file);
    let frames: Vec<_> = trace.frames.iter().map(|f| FrameMeta { offset: 0, ..f }).collect();
    let frame = |at, cap_len, wire_len, interface| FrameMeta { at: Nanos(at), offset: 0, cap_len, wire_len, interface };
    assert_eq!(
        frames,
        [
            frame(5_000_000_001, 60, 60, 0),
            frame(1_000_000_007_000, 41, 1500, 1),
            // A custom block of somebody else: Wireshark counts it as a frame.
            frame(1_000_000_007_000, 12, 12, NO_INTERFACE),
            // A simple packet: the interface's limit cuts it, and it has no time of its own.
            frame(1_000_000_007_000, 96, 120, 0),
            frame(1_000_000_009_000, 10, 11, 1),
            frame(6_500_000_000, 60, 60, 2),
        ]
    );
    let interface = |name: Option<&str>, link, snap_len| Interface {
        name: name.map(Into::into),
        snap_len,
        place: Some(Place { section: 1, id: 0 }),
        ..Interface::new(LinkType(link))
    };
    assert_eq!(
        trace.interfaces,
        [
            Interface { filter: Some("tcp port 80".into()), ..interface(Some("eth0"), 1, 96) },
            Interface {
                description: Some("tunnel".into()),
                place: Some(Place { section: 1, id: 1 }),
                ..interface(Some("tunnel"), 101, 0)
            },
            Interface { place: Some(Place { section: 2, id: 0 }), ..interface(None, 1, 0) },
        ]
    );
    let untimed: Vec<_> = (0..trace.len()).filter(|id| !trace.is_timed(*id)).collect();
    assert_eq!(untimed, [2, 3]);
    let comments = [(0, "first"), (0, "二番目"), (4, "old"), (5, "mine")];
    assert_eq!(trace.comments, comments.map(|(id, c)| (id, c.to_string())));
    assert_eq!(trace.about, ["講義 1"]);
    assert_eq!(
        trace.calls,
        vec![connect(4_000_000_000), connect(6_000_000_000)].into()
    );
    assert_eq!(trace.dropped, [42, 5, 0]);
}

#[test]
fn words_about_a_call_stay_if_the_call_itself_is_gone() {
    let l = Little;
    let comment = l.option(1, b"osiscope call: client: connect(127.0.0.1:80)");
    let trace = load(&[l.section(&[]), l.interface(1, 0, &[]), l.enhanced(0, 1, 4, &[1; 4], &[comment])].concat());
    assert_eq!(trace.comments.len(), 1);
}

#[test]
fn pieces_of_any_size_say_the_same_as_the_whole() {
    let pcap = [
        Big.pcap(0xa1b2_c3d4, (2, 4), 1),
        (0..300u32).flat_map(|n| Big.record(n, n, n, n + 5, b"", &vec![n as u8; n as usize])).collect(),
    ]
    .concat();
    let broken = [everything(), vec![0; 5], everything()].concat();
    for file in
        [pcap, everything(), broken, b"This is no capture at all, just words".to_vec(), b"\x1f\x8b\x08".to_vec(), vec![]]
    {
        let whole = read(&file);
        for piece in [1, 2, 3, 7, 4096] {
            assert_eq!(read_in(&file, piece), whole, "in pieces of {piece}");
        }
    }
}

/// Where records begin and end, by walking the file without the parser.
fn boundaries(file: &[u8]) -> Vec<usize> {
    let mut ends = vec![0];
    let u32_at = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    let mut at = 0;
    while at < file.len() {
        at += match (file[0], at) {
            (0x0a, _) => u32_at(at + 4),
            (_, 0) => 24,
            _ => 16 + u32_at(at + 8),
        };
        ends.push(at);
    }
    ends
}

#[test]
fn a_cut_at_any_byte_keeps_the_whole_frames_and_says_where_it_is_cut() {
    let l = Little;
    let pcap = [
        l.pcap(0xa1b2_3c4d, (2, 4), 1),
        l.record(1, 2, 60, 60, b"", &[1; 60]),
        l.record(1, 3, 0, 9, b"", &[]),
        l.record(2, 0, 7, 7, b"", &[3; 7]),
    ];
    let json = format!("{{\"call\":{}}}", serde_json::to_string(&connect(1)).unwrap());
    let pcapng = [
        l.section(&[l.option(1, b"about")]),
        l.interface(1, 0, &[l.option(2, b"eth0")]),
        l.enhanced(0, 1, 60, &[1; 59], &[l.option(1, b"hello")]),
        l.block(0xbad, &[l.u32(32473), json.into_bytes()].concat()),
        l.enhanced(0, 2, 5, &[2; 5], &[]),
        l.block(3, &[l.u32(6), vec![3; 6]].concat()),
    ];
    for file in [pcap.concat(), pcapng.concat()] {
        let whole = read(&file);
        assert_eq!(whole.damage, None);
        let ends = boundaries(&file);
        for cut in 0..file.len() {
            let said = read(&file[..cut]);
            let last = *ends.iter().rfind(|e| **e <= cut).unwrap();
            let frames = whole
                .frames()
                .into_iter()
                .filter(|(m, _)| m.offset + u64::from(m.cap_len) <= last as u64)
                .collect::<Vec<_>>();
            assert_eq!(said.frames(), frames, "cut at {cut}");
            assert_eq!(said.records, whole.records[..said.records.len()]);
            match said.damage {
                None => assert!(cut == last && cut > 0, "a cut at {cut} went unnoticed"),
                Some(damage) => {
                    assert!(cut == 0 || cut != last, "a whole file of {cut} bytes called damaged");
                    assert_eq!(damage.at, last as u64, "cut at {cut}");
                    if cut >= 4 {
                        assert!(damage.why.en.contains("cut off") && damage.why.ja.contains("切れて"));
                        let count =
                            if frames.is_empty() { "no frame".into() } else { format!("the {} frame", frames.len()) };
                        assert!(damage.why.en.contains(&count), "{}", damage.why.en);
                    }
                }
            }
        }
    }
}

#[test]
fn a_growing_file_is_read_as_it_grows() {
    let file = everything();
    let mut parser = Parser::new();
    let mut trace = Trace::new(Arc::new(file.clone()));
    let mut random = Random(3);
    let mut at = 0;
    while at < file.len() {
        let more = (random.below(90) as usize).min(file.len() - at);
        parser.feed(&file[at..at + more], &mut |record, _| trace.append(record));
        at += more;
        assert_eq!(parser.at(), at as u64);
        assert_eq!(parser.damage(), None);
        assert_eq!(parser.frames(), u64::from(trace.len()));
    }
    assert_eq!(parser.finish(), None);
    assert_eq!(contents(&trace), contents(&load(&file)));
}

#[test]
fn lies_about_lengths_are_damage_at_the_right_place() {
    let l = Little;
    let pcap = [l.pcap(0xa1b2_c3d4, (2, 4), 1), l.record(1, 2, 60, 60, b"", &[1; 60])].concat();
    let good = [l.section(&[]), l.interface(1, 0, &[]), l.enhanced(0, 1, 60, &[1; 60], &[])].concat();
    let mut claim = l.enhanced(0, 1, 60, &[1; 60], &[]);
    claim[20..24].copy_from_slice(&61u32.to_le_bytes());
    let mut ends = l.enhanced(0, 1, 60, &[1; 60], &[]);
    *ends.last_mut().unwrap() = 1;
    let mut big_frame = l.enhanced(0, 1, MAX_FRAME + 1, &vec![1; MAX_FRAME as usize + 1], &[]);
    big_frame.extend_from_slice(&[0; 100]);
    let mut bad_order = l.section(&[]);
    bad_order[8] = 0;
    let cases: Vec<(&[u8], Vec<u8>, &str)> = vec![
        (&pcap, l.record(1, 2, MAX_FRAME + 1, 60, b"", &[0; 60]), "none is longer than"),
        (&pcap, l.record(1, 2, u32::MAX, 60, b"", &[0; 60]), "none is longer than"),
        (&good, [l.u32(6), l.u32(8), l.u32(8)].concat(), "a block has 12 to"),
        (&good, [l.u32(6), l.u32(MAX_BLOCK + 1), l.u32(8)].concat(), "a block has 12 to"),
        (&good, [l.u32(6), l.u32(u32::MAX), l.u32(8)].concat(), "a block has 12 to"),
        (&good, claim, "only 60 bytes of its block are left"),
        (&good, ends, "two ends of a block differ"),
        (&good, big_frame, "none is longer than"),
        (&good, l.block(6, &[0; 16]), "it needs at least 20"),
        (&good, l.block(2, &[0; 16]), "it needs at least 20"),
        (&good, l.block(3, &[]), "it needs at least 4"),
        (&good, l.block(1, &[0; 4]), "it needs at least 8"),
        (&good, l.block(5, &[0; 8]), "it needs at least 12"),
        (&good, l.block(3, &[l.u32(60), vec![1; 20]].concat()), "only 20 bytes of its block are left"),
        (&good, l.enhanced(1, 1, 4, &[1; 4], &[]), "names interface 1, but only 1"),
        (&good, l.interface(1, 0, &[[l.u16(9), l.u16(400)].concat()]), "description of an interface is broken"),
        (&good, bad_order, "byte-order mark"),
        (&good, [l.section(&[]), l.enhanced(0, 1, 4, &[1; 4], &[])].concat(), "names interface 0, but only 0"),
    ];
    for (before, broken, words) in cases {
        let file = [before, &broken, before].concat();
        let said = read(&file);
        let damage = said.damage.unwrap();
        assert_eq!(said.records.iter().filter(|(r, _)| matches!(r, Record::Frame(..))).count(), 1, "{words}");
        let new_section = if words.contains("only 0") { l.section(&[]).len() } else { 0 };
        assert_eq!(damage.at, (before.len() + new_section) as u64, "{words}");
        assert!(damage.why.en.contains(words), "{}", damage.why.en);
        assert!(damage.why.en.contains("the 1 frame before it is good"), "{}", damage.why.en);
        assert!(damage.why.ja.contains("その前の 1 フレーム"), "{}", damage.why.ja);
    }
}

#[test]
fn a_block_length_without_its_padding_is_understood_as_wireshark_does() {
    let l = Little;
    let mut block = l.enhanced(0, 1, 5, &[1; 5], &[]);
    let (total, end) = (block.len() as u32 - 3, block.len());
    block[4..8].copy_from_slice(&total.to_le_bytes());
    block[end - 4..].copy_from_slice(&total.to_le_bytes());
    let said = read(&[l.section(&[]), l.interface(1, 0, &[]), block, l.enhanced(0, 2, 5, &[1; 5], &[])].concat());
    assert_eq!((said.frames().len(), said.damage), (2, None));
}

#[test]
fn broken_options_cost_the_options_not_the_frame() {
    let l = Little;
    let bad = [l.option(1, b"kept"), [l.u16(1), l.u16(500), b"abcd".to_vec()].concat()].concat();
    let trace = load(
        &[l.section(&[]), l.interface(1, 0, &[]), l.enhanced(0, 1, 4, &[1; 4], &[bad]), l.enhanced(0, 2, 4, &[1; 4], &[])]
            .concat(),
    );
    assert_eq!((trace.len(), trace.comments.clone(), trace.damage), (2, vec![(0, "kept".to_string())].into(), None));
}

#[test]
fn more_interfaces_than_a_frame_can_name_are_refused() {
    let l = Little;
    let file =
        [l.section(&[]), l.interface(1, 0, &[]).repeat(40_000), l.section(&[]), l.interface(1, 0, &[]).repeat(40_000)]
            .concat();
    let said = read(&file);
    assert_eq!(said.records.iter().filter(|(r, _)| matches!(r, Record::Interface(_))).count(), 65_535);
    assert!(said.damage.unwrap().why.en.contains("more than 65535"));
}

#[test]
fn what_is_no_capture_is_named_with_advice() {
    let cases: [(&[u8], &str); 10] = [
        (b"", "empty"),
        (b"\xd4\xc3", "too few"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\0\0\0\0\0\0\0", "gzip -d"),
        (b"\x28\xb5\x2f\xfd\x04", "zstd -d"),
        (b"\xfd7zXZ\0\0\0\0\0\0\0\0\0\0\0\0", "xz -d"),
        (b"PK\x03\x04aaaaaaaaaaaaaaaa", "unzip"),
        (b"snoop\0\0\0aaaaaaaaaaaaaaaaa", "editcap"),
        ("パケットの一覧です。".as_bytes(), "text2pcap"),
        (b"0000  00 11 22 33 44 55", "text2pcap"),
        (b"\0\x01\x02\x03\x04\x05\x06\x07\0\x01\x02\x03\x04\x05\x06\x07\x08", "00 01 02 03"),
    ];
    for (file, words) in cases {
        let said = read(file);
        let damage = said.damage.unwrap();
        assert_eq!((said.records.len(), damage.at), (0, 0));
        assert!(damage.why.en.contains(words), "{file:?}: {}", damage.why.en);
        assert!(damage.why.ja.chars().any(|c| ('ぁ'..='ん').contains(&c)), "{}", damage.why.ja);
    }
}

#[test]
fn nothing_is_read_after_damage() {
    let mut parser = Parser::new();
    parser.feed(b"not a capture, but long enough to tell", &mut |_, _| panic!("nothing to find"));
    let damage = parser.damage().cloned().unwrap();
    parser.feed(&everything(), &mut |_, _| panic!("read on after damage"));
    assert_eq!((parser.finish(), parser.held(), parser.at()), (Some(damage), 0, 0));
}

fn random_small() -> Trace {
    let mut file = Vec::new();
    let mut out = PcapngWriter::new(&mut file, &["about".into()]).unwrap();
    out.interface(&ethernet("eth0")).unwrap();
    for n in 0..4 {
        let meta = FrameMeta { at: Nanos(1000 * n), offset: 0, cap_len: 20, wire_len: 20, interface: 0 };
        out.frame(&meta, &[n as u8; 20], &["hello"]).unwrap();
        out.call(&connect(1000 * n)).unwrap();
    }
    out.dropped(0, 3, Nanos(9)).unwrap();
    load(&file)
}

// ---- writing -----------------------------------------------------------------------------------------------------------

#[test]
fn a_saved_pcapng_holds_everything_and_saving_it_again_changes_nothing() {
    let mut random = Random(1);
    let links = [LinkType::ETHERNET, LinkType::RAW, LinkType::LINUX_SLL2];
    for round in 0..150 {
        let trace = random_trace(&mut random, &links[..1 + round % 3]);
        let first = saved(&trace, Format::Pcapng);
        let again = load(&first);
        assert_eq!(again.damage, None);
        assert_eq!(contents(&again), contents(&trace), "round {round}");
        assert_eq!(saved(&again, Format::Pcapng), first, "round {round}");
    }
}

#[test]
fn a_saved_pcap_holds_the_frames() {
    let mut random = Random(2);
    for round in 0..150 {
        let trace = random_trace(&mut random, &[LinkType::RAW]);
        let again = load(&saved(&trace, Format::Pcap));
        assert_eq!(again.damage, None);
        let mut kept = trace.clone();
        (kept.calls, kept.comments, kept.about, kept.dropped) =
            (Calls::default(), vec![].into(), vec![].into(), vec![0].into());
        kept.interfaces = again.interfaces.clone();
        assert_eq!(again.interfaces.iter().map(|i| i.link).collect::<Vec<_>>(), [LinkType::RAW]);
        assert_eq!(contents(&again), contents(&kept), "round {round}");
    }
}

#[test]
fn times_before_1970_survive_in_pcapng_and_end_at_the_edge_in_pcap() {
    let mut trace = Trace::new(Arc::new(vec![7; 10]));
    trace.append(Record::Interface(ethernet("eth0")));
    for at in [-1_500_000_000, 3, i64::MIN, i64::MAX] {
        trace.append(Record::Frame(FrameMeta { at: Nanos(at), offset: 0, cap_len: 10, wire_len: 10, interface: 0 }, vec![]));
    }
    let times = |trace: &Trace| trace.frames.iter().map(|f| f.at.0).collect::<Vec<_>>();
    // The last one is 584 years after the first, which is all that 64 bits of nanoseconds can say.
    let again = times(&load(&saved(&trace, Format::Pcapng)));
    assert_eq!(again[..3], times(&trace)[..3]);
    assert!(again[3] > i64::MAX - 1_000_000_000);
    let last = i64::from(u32::MAX) * 1_000_000_000 + 999_999_999;
    assert_eq!(times(&load(&saved(&trace, Format::Pcap))), [0, 3, 0, last]);
    let losses = Format::Pcap.losses(&trace);
    assert!(losses.iter().any(|l| l.en.contains("3 time(s)") && l.ja.contains("時刻 3 件")), "{losses:?}");
    assert!(Format::Pcapng.losses(&trace).is_empty());
}

#[test]
fn pcap_refuses_several_link_types_and_says_what_to_do() {
    let mut trace = random_small();
    trace.interfaces.push(Interface::new(LinkType::RAW));
    // An interface without frames does not matter.
    assert!(save(&trace, Format::Pcap, &mut Vec::new(), &mut |_| true).is_ok());
    trace.frames.edit(2, |f| f.interface = 1);
    let refused = save(&trace, Format::Pcap, &mut Vec::new(), &mut |_| true).unwrap_err();
    assert!(matches!(&refused, Unsaved::SeveralLinks(l) if *l == [LinkType::ETHERNET, LinkType::RAW]));
    assert!(refused.text().en.contains("EN10MB, RAW") && refused.text().ja.contains("pcapng"));
    assert!(save(&trace, Format::Pcapng, &mut Vec::new(), &mut |_| true).is_ok());
}

#[test]
fn saving_stops_when_told_and_when_the_capture_or_the_disk_is_gone() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut trace = random_small();
    let frame = trace.frames.get(0).unwrap();
    trace.frames = vec![frame; 10_000].into_iter().collect();
    for format in [Format::Pcap, Format::Pcapng] {
        let mut seen = Vec::new();
        assert_eq!(
            save(&trace, format, &mut Vec::new(), &mut |n| {
                seen.push(n);
                true
            })
            .ok(),
            Some(10_000)
        );
        assert_eq!(seen, [0, 4096, 8192, 10_000]);
        assert!(matches!(save(&trace, format, &mut Vec::new(), &mut |n| n < 4096), Err(Unsaved::Cancelled)));
        assert!(matches!(save(&trace, format, &mut Full, &mut |_| true), Err(Unsaved::Io(_))));
        let mut cut = trace.clone();
        cut.frames.edit(5, |f| f.offset = 1 << 40);
        let lost = save(&cut, format, &mut Vec::new(), &mut |_| true).unwrap_err();
        assert!(lost.text().en.contains("Frame 6"), "{lost:?}");
        cut.frames.edit(5, |f| *f = FrameMeta { cap_len: u32::MAX, ..frame });
        assert!(matches!(save(&cut, format, &mut Vec::new(), &mut |_| true), Err(Unsaved::Unreadable(5))));
    }
}

/// A sink that the reader of a live spool can look into.
#[derive(Clone, Default)]
struct Shared(Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_live_spool_can_be_read_block_by_block_while_it_is_written() {
    let file = Shared::default();
    let mut spool = PcapngWriter::new(file.clone(), &[]).unwrap();
    let mut parser = Parser::new();
    let mut records = Vec::new();
    let meta = FrameMeta { at: Nanos(1_700_000_000_000_000_001), offset: 0, cap_len: 61, wire_len: 70, interface: 0 };
    let mut offset = 0;
    for step in 0..6 {
        match step {
            0 => spool.interface(&ethernet("lo")).unwrap(),
            1 => spool.call(&connect(1)).unwrap(),
            2 => offset = spool.frame(&meta, &[9; 61], &["look"]).unwrap(),
            3 => spool.dropped(0, 12, Nanos(2)).unwrap(),
            4 => spool.comment("終わり").unwrap(),
            _ => spool.dropped(0, 13, Nanos(3)).unwrap(),
        }
        let now = file.0.lock().unwrap().clone();
        assert_eq!(now.len() as u64, spool.written());
        parser.feed(&now[parser.at() as usize..], &mut |record, _| {
            // Where blocks stand is of no interest here.
            records.extend(Some(record).filter(|r| !matches!(r, Record::Block(_))));
        });
        assert_eq!((parser.held(), records.len(), parser.damage()), (0, step + 1, None));
    }
    let expected = [
        Record::Interface(Interface { place: Some(Place { section: 1, id: 0 }), ..ethernet("lo") }),
        Record::Call(connect(1)),
        Record::Frame(FrameMeta { offset, ..meta }, vec!["look".into()]),
        Record::Dropped { interface: 0, frames: 12 },
        Record::Comment("終わり".into()),
        Record::Dropped { interface: 0, frames: 13 },
    ];
    assert_eq!(records, expected);
    assert_eq!(file.0.lock().unwrap()[offset as usize..][..61], [9; 61]);
    assert!(spool.frame(&FrameMeta { interface: 1, ..meta }, &[], &[]).is_err(), "an interface that was never described");
    assert!(spool.frame(&meta, &vec![0; MAX_FRAME as usize + 1], &[]).is_err(), "a frame that no reader would take");
}

#[test]
fn calls_without_any_frame_are_saved_too() {
    let mut trace = Trace::new(Arc::new(Vec::new()));
    trace.append(Record::Interface(ethernet("lo")));
    trace.append(Record::Call(connect(5)));
    let again = load(&saved(&trace, Format::Pcapng));
    assert_eq!((again.calls, again.damage), (vec![connect(5)].into(), None));
}

#[test]
fn very_many_or_very_long_calls_and_comments_do_not_break_the_file() {
    let mut trace = random_small();
    trace.calls = (0..20_000)
        .map(|n| connect(1_000_000_000 + n))
        .collect::<Vec<_>>()
        .into();
    trace.calls.push(call(
        2_000_000_000,
        1,
        Host::Server,
        What::Socket {
            kind: "x".repeat(100_000),
        },
        CallResult::Done,
    ));
    trace.comments = vec![(1, "長い".repeat(20_000))].into();
    let said = read(&saved(&trace, Format::Pcapng));
    assert_eq!((said.damage.clone(), said.frames().len()), (None, 4));
    let mut calls = said.calls();
    calls.sort_by_key(|c| c.at_enter);
    assert!(trace.calls == calls.into(), "a call was lost");
    let comment = said
        .records
        .iter()
        .find_map(|(r, _)| {
            if let Record::Frame(_, c) = r {
                c.first()
            } else {
                None
            }
        })
        .unwrap();
    assert_eq!((comment.len(), &comment[..12]), (65_535, "長い長い"));
}

#[test]
fn the_format_follows_the_file_name() {
    for (name, format) in [
        ("a.pcap", Format::Pcap),
        ("A.CAP", Format::Pcap),
        ("a.pcapng", Format::Pcapng),
        ("a", Format::Pcapng),
        ("pcap", Format::Pcapng),
    ] {
        assert_eq!(Format::of_name(name), format, "{name}");
    }
    assert_eq!(Format::of_name(&format!("x.{}", Format::Pcap.extension())), Format::Pcap);
}

// ---- against other programs --------------------------------------------------------------------------------------------

const FIELDS: [&str; 6] =
    ["frame.number", "frame.time_epoch", "frame.len", "frame.cap_len", "frame.comment", "frame.interface_id"];

#[test]
fn tshark_reads_what_we_write_and_counts_the_same_frames() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random(77);
    let links = [LinkType::ETHERNET, LinkType::RAW];
    for round in 0..4 {
        let mut trace = random_trace(&mut random, &links[..1 + round % 2]);
        if round == 3 {
            // Custom blocks would be counted as frames.
            assert!(!trace.calls.is_empty());
            trace.comments.clear();
        }
        for format in [Format::Pcap, Format::Pcapng] {
            if format == Format::Pcap && round % 2 == 1 {
                continue;
            }
            let path = folder.path().join(format!("{round}.{}", format.extension()));
            std::fs::write(&path, saved(&trace, format)).unwrap();
            let Some(rows) = tshark(&path, &FIELDS) else { return };
            assert_eq!(rows.len(), trace.frames.len());
            for (n, (row, meta)) in rows.iter().zip(&trace.frames).enumerate() {
                assert_eq!(row[0], (n + 1).to_string());
                assert_eq!(epoch(&row[1]), meta.at.0);
                assert_eq!((&row[2], &row[3]), (&meta.wire_len.to_string(), &meta.cap_len.to_string()));
                if format == Format::Pcapng {
                    assert_eq!(row[5], meta.interface.to_string());
                    for (_, comment) in trace.comments.iter().filter(|(id, _)| *id as usize == n) {
                        assert!(row[4].contains(comment), "{row:?} lacks {comment}");
                    }
                }
            }
            if format == Format::Pcapng {
                let said: usize = rows.iter().map(|r| r[4].matches("osiscope call: ").count()).sum();
                assert_eq!(said, trace.calls.len());
            }
        }
    }
}

#[test]
fn editcap_keeps_the_calls_and_wireshark_shows_them_on_the_right_frame() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (folder.path().join("ours.pcapng"), folder.path().join("theirs.pcapng"));
    let mut trace = random_small();
    trace.calls = vec![connect(500), connect(1000), connect(1001), connect(99_000)].into();
    std::fs::write(&ours, saved(&trace, Format::Pcapng)).unwrap();
    let Some(mut editcap) = tool("editcap") else { return };
    let out = editcap.args([&ours, &theirs]).output().unwrap();
    assert!(out.status.success(), "editcap: {}", String::from_utf8_lossy(&out.stderr));
    let again = load(&std::fs::read(&theirs).unwrap());
    assert_eq!((&again.calls, again.damage.clone()), (&trace.calls, None));
    // editcap drops the statistics of interfaces, so `dropped` is not among what is compared.
    assert_eq!((again.comments.clone(), again.len()), (trace.comments.clone(), 4));
    assert_eq!((again.interfaces.clone(), again.about.clone()), (trace.interfaces.clone(), trace.about.clone()));
    let Some(rows) = tshark(&theirs, &FIELDS) else { return };
    let counts: Vec<_> =
        rows.iter().map(|r| r[4].matches("osiscope call: client: connect(127.0.0.1:80) → done, 35 µs").count()).collect();
    assert_eq!(counts, [0, 2, 1, 1]);
}

#[test]
fn real_captures_give_the_frames_that_tshark_gives() {
    let Ok(corpus) = std::env::var("OSISCOPE_CORPUS").map(PathBuf::from) else {
        eprintln!("SKIPPED: OSISCOPE_CORPUS does not name the folder of real captures; none was read");
        return;
    };
    let index = std::fs::read_to_string(corpus.join("INDEX.tsv")).unwrap();
    let mut files = 0;
    for line in index.lines().skip(1) {
        let columns: Vec<_> = line.split('\t').collect();
        let (name, packets) = (columns[0], columns[3].parse::<usize>().unwrap());
        let bytes = std::fs::read(corpus.join("open").join(name)).unwrap();
        let said = read(&bytes);
        let frames = said.frames();
        assert_eq!(frames.len(), packets, "{name}");
        assert_eq!(said.damage.is_some(), line.contains("tshark_err="), "{name}: {:?}", said.damage);
        assert!(read_in(&bytes, 61) == said, "{name} in pieces");
        let oracle = std::fs::read_to_string(corpus.join("oracle").join(format!("{name}.tsv"))).unwrap();
        let mut rows = oracle.lines();
        let columns: BTreeMap<_, _> = rows.next().unwrap().split('\t').enumerate().map(|(n, c)| (c, n)).collect();
        let mut rows_seen = 0;
        for (row, (meta, _)) in rows.zip(&frames) {
            let cells: Vec<_> = row.split('\t').collect();
            let cell = |field: &str| cells[columns[field]];
            assert_eq!(epoch(cell("frame.time_epoch")), meta.at.0, "{name}: {}", cell("frame.number"));
            assert_eq!(cell("frame.len"), meta.wire_len.to_string(), "{name}");
            assert_eq!(cell("frame.cap_len"), meta.cap_len.to_string(), "{name}");
            if let Some(interface) = columns.get("frame.interface_id").map(|n| cells[*n]).filter(|c| !c.is_empty()) {
                assert_eq!(interface, meta.interface.to_string(), "{name}");
            }
            rows_seen += 1;
        }
        assert_eq!(rows_seen, packets, "{name}");
        // And what was read can be saved and read again.
        let trace = load(&bytes);
        assert_eq!(contents(&load(&saved(&trace, Format::Pcapng))), contents(&trace), "{name}");
        files += 1;
    }
    assert!(files > 0, "the corpus is empty");
    eprintln!("{files} real captures compared");
}

#[test]
fn a_pcap_writer_can_be_used_frame_by_frame() {
    let mut out = PcapWriter::new(Vec::new(), LinkType::RAW, 100).unwrap();
    out.frame(Nanos(1_000_000_002), 3, &[1; 5]).unwrap();
    assert_eq!(out.written(), 24 + 16 + 5);
    let said = read(&out.into_inner());
    let meta = FrameMeta { at: Nanos(1_000_000_002), offset: 40, cap_len: 5, wire_len: 5, interface: 0 };
    assert_eq!((said.frames(), said.damage.clone()), (vec![(meta, &[1; 5][..])], None));
}
