//! What holds for every protocol of the table, and the script runner that the framers' own tests use.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::claim::Hint;
use super::*;
use std::collections::HashSet;
use Dir::{ToClient, ToServer};

/// A small random source with a fixed seed: the same failure comes again.
pub struct Rng(pub u64);

impl Rng {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % n.max(1)
    }
}

#[derive(Clone, Debug)]
pub enum Item {
    Bytes(Dir, Vec<u8>),
    Gap(Dir, u64),
    End(Dir),
}

/// The client sends.
pub fn c(bytes: impl AsRef<[u8]>) -> Item {
    Item::Bytes(ToServer, bytes.as_ref().to_vec())
}

/// The server sends.
pub fn s(bytes: impl AsRef<[u8]>) -> Item {
    Item::Bytes(ToClient, bytes.as_ref().to_vec())
}

#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    pub proto: &'static str,
    pub dir: Dir,
    pub range: std::ops::Range<u64>,
    pub complete: bool,
    pub kind: Option<MessageKind>,
    pub title: String,
}

/// Plays the caller's part: keeps what a framer leaves unread, follows switches, and checks the contract on the way.
pub struct Runner {
    proto: &'static str,
    framer: Box<dyn Framer>,
    at: [u64; 2],
    unread: [Vec<u8>; 2],
    open: [Option<Seen>; 2],
    behind: [u64; 2],
    pub seen: Vec<Seen>,
}

impl Runner {
    pub fn new(proto: &'static str) -> Self {
        Self {
            proto,
            framer: by_name(proto).unwrap().framer().unwrap(),
            at: [0; 2],
            unread: [Vec::new(), Vec::new()],
            open: [None, None],
            behind: [0; 2],
            seen: Vec::new(),
        }
    }

    fn note(&mut self, found: Vec<Framed>) {
        let count = found.len();
        for (i, framed) in found.into_iter().enumerate() {
            match framed {
                Framed::Begin { dir, at } => {
                    let d = dir.index();
                    assert!(self.open[d].is_none(), "a message begins inside another");
                    assert!(at >= self.behind[d], "a message begins before the one before it ended");
                    let (proto, title) = (self.proto, String::new());
                    self.open[d] = Some(Seen { proto, dir, range: at..at, complete: false, kind: None, title });
                }
                Framed::Number { dir, .. } => assert!(self.open[dir.index()].is_some(), "a number without a message"),
                Framed::Title { dir, kind, title } => {
                    let open = self.open[dir.index()].as_mut().expect("a title without a message");
                    (open.kind, open.title) = (Some(kind), title);
                }
                Framed::Note { dir, .. } => assert!(self.open[dir.index()].is_some(), "a note without a message"),
                Framed::End { dir, at, complete } => {
                    let mut open = self.open[dir.index()].take().expect("an end without a begin");
                    assert!(at >= open.range.start && at <= self.at[dir.index()] + self.unread[dir.index()].len() as u64);
                    (open.range.end, open.complete) = (at, complete);
                    self.behind[dir.index()] = at;
                    // A message whose end is its begin was withdrawn.
                    if !open.range.is_empty() {
                        assert!(open.kind.is_some() && !open.title.is_empty(), "{open:?} has no title");
                        self.seen.push(open);
                    }
                }
                Framed::Switch { to, at } => {
                    assert_eq!(i + 1, count, "nothing follows a switch");
                    for (d, at) in at.into_iter().enumerate() {
                        let skip = (at - self.at[d]) as usize;
                        self.unread[d].drain(..skip);
                        self.at[d] = at;
                    }
                    // What the bytes behind a tunnel's beginning are, is the caller's to find out.
                    self.hand_over(if to == ANEW { "data" } else { to });
                }
                Framed::GiveUp => {
                    assert_eq!(i + 1, count, "nothing follows giving up");
                    self.hand_over("data");
                }
            }
        }
    }

    fn hand_over(&mut self, to: &'static str) {
        assert!(self.open.iter().all(Option::is_none), "messages are closed before a switch");
        self.proto = to;
        self.framer = by_name(to).unwrap().framer().unwrap();
        self.feed(ToServer);
        self.feed(ToClient);
    }

    fn feed(&mut self, dir: Dir) {
        let d = dir.index();
        if self.unread[d].is_empty() {
            return;
        }
        let mut found = Vec::new();
        let taken = self.framer.push(dir, self.at[d], &self.unread[d], &mut |f| found.push(f));
        assert!(taken <= self.unread[d].len(), "took more than there was");
        assert!(self.unread[d].len() - taken <= 2 * MAX_HEAD, "holds back too much");
        // Ends are checked against what was pushed; then the taken bytes go.
        let handed = matches!(found.last(), Some(Framed::Switch { .. } | Framed::GiveUp));
        if handed {
            self.unread[d].drain(..taken);
            self.at[d] += taken as u64;
            self.note(found);
        } else {
            self.note(found);
            self.unread[d].drain(..taken);
            self.at[d] += taken as u64;
        }
    }

    pub fn bytes(&mut self, dir: Dir, bytes: &[u8]) {
        self.unread[dir.index()].extend_from_slice(bytes);
        self.feed(dir);
    }

    pub fn gap(&mut self, dir: Dir, len: u64) {
        let d = dir.index();
        let at = self.at[d] + self.unread[d].len() as u64;
        self.unread[d].clear();
        self.at[d] = at + len;
        let mut found = Vec::new();
        self.framer.gap(dir, at, len, &mut |f| found.push(f));
        self.note(found);
    }

    pub fn end(&mut self, dir: Dir) {
        let mut found = Vec::new();
        let at = self.at[dir.index()] + self.unread[dir.index()].len() as u64;
        self.framer.end(dir, at, &mut |f| found.push(f));
        self.note(found);
    }

    pub fn done(mut self) -> Vec<Seen> {
        self.end(ToServer);
        self.end(ToClient);
        assert!(self.open.iter().all(Option::is_none), "the end closes all messages");
        self.seen.sort_by_key(|m| (m.dir.index(), m.range.start));
        self.seen
    }
}

/// Runs a script; `piece` says how long the next piece of the bytes left is.
pub fn run(proto: &'static str, script: &[Item], mut piece: impl FnMut(usize) -> usize) -> Vec<Seen> {
    let mut runner = Runner::new(proto);
    for item in script {
        match item {
            Item::Bytes(dir, bytes) => {
                let mut rest = &bytes[..];
                while !rest.is_empty() {
                    let (now, later) = rest.split_at(piece(rest.len()).clamp(1, rest.len()));
                    runner.bytes(*dir, now);
                    rest = later;
                }
            }
            Item::Gap(dir, len) => runner.gap(*dir, *len),
            Item::End(dir) => runner.end(*dir),
        }
    }
    runner.done()
}

/// The messages of a script, which must be the same whole, byte by byte and in random pieces.
pub fn messages(proto: &'static str, script: &[Item]) -> Vec<Seen> {
    let whole = run(proto, script, |left| left);
    assert_eq!(run(proto, script, |_| 1), whole, "byte by byte");
    let mut rng = Rng(0x5eed);
    for _ in 0..40 {
        assert_eq!(run(proto, script, |_| 1 + rng.below(40)), whole, "in pieces");
    }
    whole
}

/// Titles with their ends and completeness, which is what most tests are about.
pub fn titles(proto: &'static str, script: &[Item]) -> Vec<String> {
    messages(proto, script)
        .into_iter()
        .map(|m| {
            let arrow = if m.dir == ToServer { '>' } else { '<' };
            let cut = if m.complete { "" } else { " (cut)" };
            format!("{arrow} {}..{} {}{cut}", m.range.start, m.range.end, m.title)
        })
        .collect()
}

/// One of each: real exchanges, as messages to dissect and as streams to frame.
fn samples(proto: &str) -> Vec<(Dir, Option<&'static str>, Vec<u8>)> {
    let text = |dir, asked, text: &str| (dir, asked, text.as_bytes().to_vec());
    match proto {
        "http" => http::samples().into_iter().map(|(dir, asked, t)| text(dir, asked, t)).collect(),
        "ssdp" => http::ssdp_samples().into_iter().map(|(dir, t)| text(dir, None, t)).collect(),
        "dns" => dns::samples().into_iter().map(|(asked, b)| (ToClient, asked, b)).collect(),
        "smtp" => smtp::samples().into_iter().map(|(dir, asked, t)| text(dir, asked, t)).collect(),
        "ftp-data" => vec![text(ToClient, None, "a file\n")],
        "pop" => pop::samples().into_iter().map(|(dir, asked, t)| text(dir, asked, t)).collect(),
        "ftp" => ftp::samples().into_iter().map(|(dir, asked, t)| text(dir, asked, t)).collect(),
        "mdns" | "llmnr" | "nbns" => dns::samples().into_iter().take(4).chain(dns::update()).map(|(asked, b)| (ToClient, asked, b)).collect(),
        "http2" => http2::samples().into_iter().map(|(dir, b)| (dir, None, b)).collect(),
        "quic" => quic::samples().into_iter().map(|(dir, b)| (dir, None, b)).collect(),
        "tls" => tls::samples().into_iter().map(|(dir, note, b)| (dir, Some(noted(note)), b)).collect(),
        "websocket" => websocket::samples().into_iter().map(|b| (ToServer, None, b)).collect(),
        _ => vec![
            text(ToServer, None, "hello\n"),
            text(ToServer, None, "{\"a\": [1, 2.50]}"),
            (ToClient, None, vec![0, 1, 2, 0xff]),
            (ToClient, None, "こんにちは\n".into()),
            (ToClient, None, Vec::new()),
        ],
    }
}

/// A note, where a sample has the words of the request it answers: [`about`] reads it.
fn noted(note: u32) -> &'static str {
    Box::leak(format!("note {note}").into_boxed_str())
}

fn check(message: &[u8], out: &MessageLayers) -> Vec<&'static FieldDef> {
    let mut defs = Vec::new();
    for layer in &out.layers {
        let bytes = match layer.buffer.checked_sub(1) {
            None => message,
            Some(i) => &out.buffers[i].bytes,
        };
        let inside = |span: crate::wire::Span| assert!(span.end() as usize <= bytes.len(), "{span:?} of {}", bytes.len());
        inside(layer.header);
        inside(layer.payload);
        for field in &layer.fields {
            field.walk(&mut |f| {
                inside(f.span);
                if let Some(bits) = f.bits {
                    let span = f.span;
                    assert!(bits.first / 8 >= span.start && (bits.first + bits.len).div_ceil(8) <= span.end(), "{f:?}");
                }
                let _ = f.show(bytes);
                defs.push(f.def);
            });
        }
    }
    if let Some(stop) = &out.stop {
        assert!(stop.at <= message.len() && !stop.text().ja.is_empty());
    }
    defs
}

#[test]
fn every_row_has_its_words_and_names_are_unique() {
    let mut names = HashSet::new();
    let mut fields: std::collections::HashMap<&str, &FieldDef> = std::collections::HashMap::new();
    for row in TABLE {
        assert!(names.insert(row.name()), "{} twice", row.name());
        assert!(!row.title().is_empty() && !row.about().ja.is_empty() && !row.about().en.is_empty());
        assert!(row.framer().is_some() || !row.udp_ports().is_empty() || row.name() == "quic");
        for def in row.fields() {
            // DNS's relatives say the same fields.
            let same = fields.insert(def.name, def).is_none_or(|known| std::ptr::eq(known, *def));
            assert!(same, "{} twice", def.name);
            for words in [def.label, def.note] {
                assert!(!words.ja.trim().is_empty() && !words.en.trim().is_empty(), "{}", def.name);
            }
            assert!(def.note.ja.ends_with('。') && def.note.en.ends_with('.'), "{}: a note is a sentence", def.name);
            for wrong in ["サーバー", "ヘッダー", "ユーザー"] {
                assert!(!def.note.ja.contains(wrong) && !def.label.ja.contains(wrong), "{}: {wrong}", def.name);
            }
        }
    }
    assert_eq!(TABLE.last().unwrap().name(), "data", "what reads anything comes last");
}

/// Fields that only a conversation gives: see `a_conversation_gives_its_messages_their_places`.
const BY_CONVERSATION: &[&str] = &[
    "http.request_number",
    "http.response_number",
    "http.request_in",
    "http.prev_request_in",
    "http.prev_response_in",
    "http.time",
    "http.response_for.uri",
    "websocket.fragments",
    "websocket.fragment",
    "websocket.fragment.count",
    "websocket.reassembled.length",
    "websocket.pmc",
    // Only where something is much too much: see the tests of `http` and `unpack`.
    "presentation.limit",
];

/// A conversation in which everything was said before.
struct Amid {
    head: Vec<u8>,
    before: Vec<(MessageKind, Vec<u8>)>,
}

impl Around for Amid {
    fn head(&self, _member: Member) -> Vec<u8> {
        self.head.clone()
    }

    fn turn(&self) -> Option<Turn> {
        Some(Turn { number: 3, request: Some((7, 5)), before: [Some(4), Some(6)] })
    }

    fn requests(&self, visit: &mut dyn FnMut(&[u8]) -> bool) {
        let _ = visit(b"GET /late HTTP/1.0\r\n\r\n") && visit(b"GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
    }

    fn back(&self, visit: &mut dyn FnMut(&Past<'_>) -> bool) {
        for (kind, bytes) in self.before.iter().rev() {
            if !visit(&Past { frame: 8, kind: *kind, bytes: &|| bytes.clone() }) {
                return;
            }
        }
    }

    fn earlier(&self, _behind: Option<u32>, visit: &mut dyn FnMut(&[u8]) -> bool) -> bool {
        self.before.iter().all(|(_, bytes)| visit(bytes))
    }

    fn number(&self) -> u32 {
        9
    }

    fn frame(&self) -> u64 {
        9
    }
}

#[test]
fn a_conversation_gives_its_messages_their_places() {
    let amid = Amid {
        head: b"HTTP/1.1 101 S\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n".to_vec(),
        before: vec![
            (MessageKind::Text, vec![0x01, 3, b'a', 0xe3, 0x81]),
            (MessageKind::Ping, vec![0x89, 0]),
        ],
    };
    let print = |proto: &str, dir, bytes: &[u8]| {
        let out = by_name(proto).unwrap().dissect(bytes, About { nanos: 1_500_000_005, ..about(dir, &amid, true) });
        let mut all = Vec::new();
        for layer in &out.layers {
            for field in &layer.fields {
                field.walk(&mut |f| all.push((f.def.name, f.print(bytes))));
            }
        }
        all
    };
    let has = |all: &[(&str, String)], name: &str, value: &str| {
        assert!(all.iter().any(|(n, v)| *n == name && v == value), "no {name} = {value} in {all:?}");
    };
    let answer = print("http", ToClient, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    for (name, value) in [
        ("http.response_number", "3"),
        ("http.request_in", "7"),
        ("http.prev_request_in", "4"),
        ("http.prev_response_in", "6"),
        ("http.time", "1.500000000"),
        ("http.response_for.uri", "http://h/x"),
    ] {
        has(&answer, name, value);
    }
    has(&print("http", ToServer, b"GET / HTTP/1.1\r\n\r\n"), "http.request_number", "3");
    let last = print("websocket", ToServer, &[0x80, 2, 0x82, b'z']);
    for (name, value) in [
        ("websocket.pmc", "0"),
        ("websocket.payload.text", "aあz"),
        ("websocket.fragment", "8"),
        ("websocket.fragment", "9"),
        ("websocket.fragment.count", "2"),
        ("websocket.reassembled.length", "5"),
    ] {
        has(&last, name, value);
    }
    let tunnel = http::tunnel::layer("h.example", Some(443));
    assert_eq!(tunnel.field("http.proxy_connect_host").unwrap().print(&[]), "h.example");
    assert_eq!(tunnel.field("http.proxy_connect_port").unwrap().print(&[]), "443");
}

#[test]
fn every_field_that_is_shown_is_in_a_table() {
    // A mail's own fields are shown by its tests.
    let mail: HashSet<_> = imf::FIELDS.iter().map(|d| d.name).collect();
    let known: HashSet<_> = TABLE.iter().flat_map(|p| p.fields()).map(|d| d.name).collect();
    let mut shown = HashSet::new();
    for row in TABLE {
        for (dir, answers, message) in samples(row.name()) {
            let out = row.dissect(&message, about(dir, &Asked(answers), true));
            assert!(!out.layers.is_empty());
            // What needs a conversation around it is shown by the tests of `flow`.
            shown.extend(check(&message, &out).into_iter().map(|d| d.name));
        }
    }
    shown.retain(|name| !mail.contains(name));
    assert!(shown.is_subset(&known), "{:?}", shown.difference(&known));
    let unused: Vec<_> = known.difference(&shown).filter(|name| !BY_CONVERSATION.contains(name)).collect();
    assert!(unused.is_empty(), "no sample shows {unused:?}");
}

#[test]
fn samples_are_recognised_as_themselves_and_nothing_else() {
    for name in ["http", "dns"] {
        for (dir, _, message) in samples(name) {
            let claims = |p: &&&dyn Protocol, ask: Ask<'_>| p.claim(&ask) >= Claim::Guess;
            let is_datagram = claims(&&by_name(name).unwrap(), Ask::datagram(&message));
            let ask = if is_datagram { Ask::datagram(&message) } else { Ask::stream(dir, &message) };
            let found = TABLE.iter().find(|p| claims(p, ask));
            assert_eq!(found.unwrap().name(), name, "{:?}", String::from_utf8_lossy(&message));
        }
    }
}

#[test]
fn what_learners_type_into_an_echo_program_is_data_at_once() {
    for text in ["hello\n", "hello", "hello world", "HELLO WORLD", "こんにちは", "GET\n", "\u{0}\u{1}\u{2}", "1 + 1\n", "quit\r\n"] {
        for dir in Dir::BOTH {
            for row in &TABLE[..TABLE.len() - 1] {
                assert_eq!(row.claim(&Ask::stream(dir, text.as_bytes())), Claim::No, "{} {text:?}", row.name());
            }
        }
    }
}

fn mutate(rng: &mut Rng, bytes: &mut Vec<u8>) {
    const TELLING: &[u8] = b"\0\n\r :;0AFHf\x7e\x7f\x80\x81\xc0\xc1\xfe\xff";
    for _ in 0..1 + rng.below(4) {
        let at = rng.below(bytes.len());
        match rng.below(6) {
            0 => bytes.truncate(at),
            1 if !bytes.is_empty() => bytes[at] = TELLING[rng.below(TELLING.len())],
            2 if !bytes.is_empty() => bytes[at] = rng.below(256) as u8,
            3 => bytes.insert(at, TELLING[rng.below(TELLING.len())]),
            4 if !bytes.is_empty() => {
                bytes.remove(at);
            }
            _ => {
                let piece: Vec<u8> = bytes.iter().skip(at).take(rng.below(24)).copied().collect();
                let to = rng.below(bytes.len());
                bytes.splice(to..to, piece);
            }
        }
    }
}

/// The samples to damage: short ones, so that the damage hits what is read.
fn short_samples(name: &str) -> Vec<(Dir, Option<&'static str>, Vec<u8>)> {
    samples(name).into_iter().filter(|(_, _, bytes)| bytes.len() < 1000).collect()
}

/// How often each protocol is given damaged bytes.
const MUTATIONS: usize = 200_000;

fn dissect_damaged(name: &str) {
    let (row, samples, mut rng) = (by_name(name).unwrap(), short_samples(name), Rng(0x0d15_5ec7 + name.len() as u64));
    // Each datagram of QUIC is tried with several keys.
    for _ in 0..if name == "quic" { MUTATIONS / 10 } else { MUTATIONS } {
        let (dir, answers, mut message) = samples[rng.below(samples.len())].clone();
        mutate(&mut rng, &mut message);
        let out = row.dissect(&message, about(dir, &Asked(answers), rng.below(2) == 0));
        check(&message, &out);
        for hint in [Hint::Nothing, Hint::Port, Hint::Before] {
            row.claim(&Ask::stream(dir, &message).with(hint));
            row.claim(&Ask::datagram(&message).with(hint));
        }
        row.kind(&message);
        row.headline(&message);
    }
}

fn frame_damaged(name: &'static str) {
    let (samples, mut rng) = (short_samples(name), Rng(0xf4a3e + name.len() as u64));
    let mut done = 0;
    while done < MUTATIONS {
        let mut runner = Runner::new(name);
        for _ in 0..8 {
            let (dir, _, mut bytes) = samples[rng.below(samples.len())].clone();
            let dir = if name == "websocket" || name == "data" { Dir::BOTH[rng.below(2)] } else { dir };
            if rng.below(4) > 0 {
                mutate(&mut rng, &mut bytes);
            }
            let (first, second) = bytes.split_at(rng.below(bytes.len()));
            runner.bytes(dir, first);
            if rng.below(12) == 0 {
                runner.gap(dir, rng.below(60) as u64 + 1);
            }
            runner.bytes(dir, second);
            done += 1;
        }
        runner.done();
    }
}

#[test]
fn damaged_http_is_dissected_without_panic() {
    dissect_damaged("http");
}

#[test]
fn damaged_ssdp_is_dissected_without_panic() {
    dissect_damaged("ssdp");
}

#[test]
fn damaged_http_is_framed_without_panic() {
    frame_damaged("http");
}

#[test]
fn damaged_dns_is_dissected_without_panic() {
    dissect_damaged("dns");
}

#[test]
fn damaged_dns_is_framed_without_panic() {
    frame_damaged("dns");
}

#[test]
fn damaged_multicast_names_are_dissected_without_panic() {
    dissect_damaged("mdns");
    dissect_damaged("llmnr");
}

#[test]
fn damaged_lines_are_dissected_and_framed_without_panic() {
    for name in ["smtp", "pop", "ftp"] {
        dissect_damaged(name);
        frame_damaged(name);
    }
}

#[test]
fn damaged_websocket_is_dissected_without_panic() {
    dissect_damaged("websocket");
}

#[test]
fn damaged_websocket_is_framed_without_panic() {
    frame_damaged("websocket");
}

#[test]
fn damaged_tls_is_dissected_without_panic() {
    dissect_damaged("tls");
}

#[test]
fn damaged_tls_is_framed_without_panic() {
    frame_damaged("tls");
}

#[test]
fn damaged_http2_is_dissected_without_panic() {
    dissect_damaged("http2");
}

#[test]
fn damaged_http2_is_framed_without_panic() {
    frame_damaged("http2");
}

#[test]
fn damaged_quic_is_dissected_without_panic() {
    dissect_damaged("quic");
}

#[test]
fn damaged_data_is_dissected_without_panic() {
    dissect_damaged("data");
}

#[test]
fn damaged_data_is_framed_without_panic() {
    frame_damaged("data");
}

/// What [`Asked`] says of a message that is the copy of another one.
pub(super) const AGAIN: &str = "again";

/// A conversation of which only the request that this answers is known.
pub(super) struct Asked<'a>(pub Option<&'a str>);

impl Around for Asked<'_> {
    fn peer(&self, member: Member) -> Option<Peer> {
        let known = |title: &&str| matches!(member, Member::Request | Member::Before) || (member == Member::Original && *title == AGAIN);
        let title = self.0.filter(known)?.to_owned();
        Some(Peer { frame: 1, nanos: 0, title })
    }

    fn head(&self, member: Member) -> Vec<u8> {
        quic::Talk.head(member)
    }
}

pub(super) fn about<'a>(dir: Dir, around: &'a dyn Around, complete: bool) -> About<'a> {
    let asked = around.peer(Member::Request).map(|p| p.title).unwrap_or_default();
    let note = asked.strip_prefix("note ").and_then(|n| n.parse().ok()).unwrap_or(0);
    About { complete, around, note, ..About::alone(dir) }
}
