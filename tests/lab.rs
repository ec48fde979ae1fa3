//! Runs every exchange of the lab for real: an agent, a name space, a capture. Where name spaces are refused the tests say
//! so loudly and pass, because nothing can be said there; CI runs where they work.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use osiscope::filter::{Every, Filter, Look};
use osiscope::flow::explain::{Shown, WhenWhole};
use osiscope::flow::{Dir, Row, Transport};
use osiscope::lab::doctor::doctor_with;
use osiscope::lab::session::{Session, start};
use osiscope::lab::{TABLE, by_name, programs};
use osiscope::netns::{Report, probe};
use osiscope::timeline::join::Sender;
use osiscope::timeline::{Capture, ExchangeInfo, Intake, Joins, LabEvent, Param, ParamKind, Place, RunSpec, errors};
use osiscope::trace::read::Parser;
use osiscope::trace::{Call, CallResult, Host, Record, What};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};
use tempfile::TempDir;

#[path = "lab/free_talk.rs"]
mod free_talk;
#[path = "lab/web.rs"]
mod web;
#[path = "lab/talks.rs"]
mod talks;

const EXE: &str = env!("CARGO_BIN_EXE_osiscope");
/// Generous: another build may be running on the machine.
const PATIENCE: Duration = Duration::from_secs(30);

const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const ACK: u8 = 16;

/// Is the lab possible here? If not, says so.
fn possible() -> bool {
    let report = probe(EXE);
    if report != Report::Works {
        eprintln!("SKIPPED: no name spaces here: {report:?}");
    }
    report == Report::Works
}

fn spec(exchange: Option<&str>, params: &[(&str, &str)]) -> RunSpec {
    RunSpec {
        exchange: exchange.map(str::to_owned),
        params: params.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        place: Place::Own,
    }
}

/// A run with its folder.
struct Run {
    session: Session,
    folder: TempDir,
    seen: Vec<LabEvent>,
}

impl Run {
    fn start(spec: &RunSpec) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let session = start(Path::new(EXE), spec, &folder.path().join("spool")).unwrap();
        Self { session, folder, seen: Vec::new() }
    }

    fn spool(&self) -> PathBuf {
        self.folder.path().join("spool")
    }

    /// Waits for an event; everything before it is kept in `seen`.
    fn until(&mut self, wanted: impl Fn(&LabEvent) -> bool) -> LabEvent {
        let since = Instant::now();
        loop {
            match self.session.events().recv_timeout(PATIENCE.saturating_sub(since.elapsed())) {
                Ok(event) => {
                    self.seen.push(event.clone());
                    if wanted(&event) {
                        return event;
                    }
                }
                Err(e) => panic!("{e:?} after {:?}: {:#?}", since.elapsed(), self.seen),
            }
        }
    }

    fn ended(&mut self) -> bool {
        let LabEvent::Ended { cancelled } = self.until(|e| matches!(e, LabEvent::Ended { .. })) else { unreachable!() };
        // `Ended` is the last word.
        assert_eq!(self.session.events().recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected));
        cancelled
    }

    fn failures(&self) -> Vec<&LabEvent> {
        self.seen.iter().filter(|e| matches!(e, LabEvent::Failed { .. })).collect()
    }

    /// The last announcement: bytes, frames, dropped.
    fn announced(&self) -> (u64, u64, u64) {
        let last = self.seen.iter().rev().find_map(|e| match e {
            LabEvent::Spooled { bytes, frames, dropped } => Some((*bytes, *frames, *dropped)),
            _ => None,
        });
        last.unwrap_or_default()
    }

    fn content(&self) -> Content {
        Content::read(&std::fs::read(self.spool()).unwrap())
    }

    /// What it left, as the program's own pass reads it.
    fn capture(&self) -> Capture {
        let bytes = std::fs::read(self.spool()).unwrap();
        let mut intake = Intake::new();
        intake.feed(&bytes);
        intake.finish();
        let (records, batch) = intake.take();
        let mut capture = Capture::new(Arc::new(bytes));
        records.into_iter().for_each(|r| capture.trace.append(r));
        capture.index.apply(batch);
        capture
    }

    /// How many frames this display filter lets through: here, and in tshark where it is installed.
    fn count(&self, filter: &str) -> usize {
        let capture = self.capture();
        let parsed = Filter::parse(filter, &Every).unwrap_or_else(|e| panic!("{filter}: {}", e.why.en));
        let mut look = Look::new(&capture.trace, &capture.index, Shown::WhenWhole(WhenWhole::of(&capture.index)));
        let ours = (0..capture.trace.len()).filter(|f| parsed.passes(look.at(*f))).count();
        let out = Command::new("tshark").args(["-n", "-r"]).arg(self.spool()).args(["-Y", filter]).output();
        if let Some(out) = out.ok().filter(|out| out.status.success()) {
            assert_eq!(ours, String::from_utf8_lossy(&out.stdout).lines().count(), "{filter}: osiscope against tshark");
        }
        ours
    }

    /// Did the exchange say this?
    fn said(&self, words: &str) -> bool {
        self.seen.iter().any(|e| matches!(e, LabEvent::Note { text } if text.en.contains(words)))
    }
}

/// A spool, read back.
#[derive(Default)]
struct Content {
    interfaces: usize,
    frames: Vec<(i64, Vec<u8>)>,
    calls: Vec<Call>,
}

impl Content {
    fn read(bytes: &[u8]) -> Self {
        let (mut content, mut parser) = (Self::default(), Parser::new());
        let mut sink = |record: Record, bytes: &[u8]| match record {
            Record::Interface(_) => content.interfaces += 1,
            Record::Frame(meta, _) => content.frames.push((meta.at.0, bytes.to_vec())),
            Record::Call(call) => content.calls.push(call),
            _ => {}
        };
        parser.feed(bytes, &mut sink);
        assert_eq!(parser.finish(), None, "the spool is damaged");
        content
    }

    /// TCP segments: time, source port, flags, and whether it carries data. Loopback has an Ethernet header of 14 bytes.
    fn segments(&self) -> Vec<(i64, u16, u8, bool)> {
        self.frames
            .iter()
            .filter(|(_, f)| f.get(12..14) == Some(&[8, 0]) && f.get(23) == Some(&6))
            .map(|(at, f)| {
                let ip = usize::from(f[14] & 15) * 4;
                let tcp = 14 + ip;
                let header = ip + usize::from(f[tcp + 12] >> 4) * 4;
                let total = usize::from(u16::from_be_bytes([f[16], f[17]]));
                (*at, u16::from_be_bytes([f[tcp], f[tcp + 1]]), f[tcp + 13], total > header)
            })
            .collect()
    }

    fn calls_of(&self, host: Host) -> Vec<&Call> {
        self.calls.iter().filter(|c| c.host == host).collect()
    }

    /// The errors that this host's calls of this name met.
    fn errors(&self, host: Host, name: &str) -> Vec<i32> {
        self.calls_of(host).iter().filter(|c| c.what.name() == name).filter_map(|c| c.errno()).collect()
    }

    fn names(&self, host: Host) -> Vec<&str> {
        self.calls_of(host).iter().map(|c| c.what.name()).collect()
    }

    /// Bytes that this host's calls of this name moved.
    fn moved(&self, host: Host, name: &str) -> u64 {
        let bytes = |c: &&Call| if let CallResult::Bytes(n) = c.result { n } else { 0 };
        self.calls_of(host).iter().filter(|c| c.what.name() == name).map(bytes).sum()
    }
}

/// Runs one exchange to its good end and gives what it left.
fn run(exchange: &str, params: &[(&str, &str)]) -> (Run, Content) {
    let mut run = Run::start(&spec(Some(exchange), params));
    assert!(!run.ended(), "nobody cancelled it");
    assert!(run.failures().is_empty(), "{:#?}", run.seen);
    assert!(run.seen.iter().any(|e| matches!(e, LabEvent::Started { server: Some(_), .. })), "{:#?}", run.seen);
    let content = run.content();
    let (bytes, frames, dropped) = run.announced();
    assert_eq!(bytes, std::fs::metadata(run.spool()).unwrap().len(), "all of the file is announced");
    assert_eq!((frames, dropped, content.interfaces), (content.frames.len() as u64, 0, 1));
    (run, content)
}

/// What makes an exchange end by itself that else runs until it is stopped.
fn bounded(info: &ExchangeInfo) -> &'static [(&'static str, &'static str)] {
    let endless = |p: &Param| p.name == "seconds" && matches!(p.kind, ParamKind::Number { min: 0, .. });
    if info.params.iter().any(endless) { &[("seconds", "1")] } else { &[] }
}

/// One whole connection: three segments begin it, both sides end it, the last segment acknowledges the last FIN.
fn whole_connection(content: &Content) {
    let segments = content.segments();
    let flags: Vec<u8> = segments.iter().map(|s| s.2 & (FIN | SYN | RST | ACK)).collect();
    assert_eq!(&flags[..3], [SYN, SYN | ACK, ACK], "{flags:?}");
    assert_eq!(flags.iter().filter(|f| **f & FIN != 0).count(), 2, "both sides say FIN: {flags:?}");
    assert_eq!(flags.last(), Some(&ACK), "the last FIN is acknowledged: {flags:?}");
    assert!(flags.iter().all(|f| f & RST == 0), "nobody breaks off: {flags:?}");
}

/// What must be true of the calls of any TCP exchange, and of calls and segments on one clock.
fn honest_calls(content: &Content) {
    let server = content.names(Host::Server);
    assert_eq!(&server[..5], ["socket", "setsockopt", "bind", "listen", "accept"], "{server:?}");
    let client = content.names(Host::Client);
    assert_eq!(&client[..2], ["socket", "connect"], "{client:?}");
    for names in [&server, &client] {
        assert!(names.contains(&"read") && names.contains(&"write"), "{names:?}");
        assert_eq!(names.last(), Some(&"close"), "{names:?}");
    }
    for (from, to) in [(Host::Client, Host::Server), (Host::Server, Host::Client)] {
        assert_eq!(content.moved(from, "write"), content.moved(to, "read"), "what {from:?} wrote, the other read");
    }
    let opened = content.calls.iter().filter(|c| matches!(c.result, CallResult::Fd(_))).count();
    assert_eq!(opened, content.calls.iter().filter(|c| c.what == What::Close).count(), "every descriptor is closed");
    let connect = content.calls.iter().find(|c| c.what.name() == "connect").unwrap();
    let syn = content.segments()[0];
    assert!((connect.at_enter.0..=connect.at_return.0).contains(&syn.0), "the SYN leaves within connect: {connect:?} {syn:?}");
    assert_eq!(connect.local.as_ref().unwrap().port(), Some(syn.1));
    assert!(content.calls.iter().all(|c| c.at_enter <= c.at_return));
}

#[test]
fn tcp_echo_is_captured_from_its_syn_to_its_last_ack() {
    if !possible() {
        return;
    }
    let (_, content) = run("tcp-echo", &[("count", "4"), ("text", "こんにちは")]);
    whole_connection(&content);
    honest_calls(&content);
    assert_eq!(content.moved(Host::Client, "write"), 4 * "こんにちは\n".len() as u64);
    assert_eq!(content.segments().iter().filter(|s| s.3).count(), 8, "four there, four back");
    assert!(content.names(Host::Client).contains(&"shutdown"));
    let end = content.calls_of(Host::Server).into_iter().rfind(|c| c.what.name() == "read").unwrap();
    assert_eq!(end.result, CallResult::Bytes(0), "the server learns of the end by reading 0 bytes");
}

#[test]
fn megabytes_are_captured_without_a_loss() {
    if !possible() {
        return;
    }
    let (_, content) = run("tcp-echo", &[("count", "2"), ("size", "10000000")]);
    whole_connection(&content);
    honest_calls(&content);
    assert_eq!(content.moved(Host::Server, "write"), 20_000_000);
}

#[test]
fn udp_echo_has_a_datagram_there_and_one_back_and_nothing_else() {
    if !possible() {
        return;
    }
    let (_, content) = run("udp-echo", &[("count", "5"), ("size", "65507")]);
    assert_eq!(content.frames.len(), 10);
    assert_eq!(content.moved(Host::Client, "sendto"), 5 * 65507);
    assert_eq!(content.moved(Host::Client, "recvfrom"), 5 * 65507);
    assert_eq!(&content.names(Host::Server)[..2], ["socket", "bind"]);
    assert_eq!(content.names(Host::Client).last(), Some(&"close"));
}

#[test]
fn udp_to_a_closed_port_is_answered_by_icmp_and_the_program_is_told() {
    if !possible() {
        return;
    }
    let (run, content) = run("udp-echo", &[("count", "2"), ("target", "closed")]);
    // IP protocol 1, type 3 (destination unreachable), code 3 (port).
    let unreachable = content.frames.iter().filter(|(_, f)| f.get(23) == Some(&1) && f.get(34..36) == Some(&[3, 3]));
    assert_eq!(unreachable.count(), 2);
    let refused = content.calls.iter().filter(|c| matches!(&c.result, CallResult::Failed { errno, .. } if *errno == libc::ECONNREFUSED));
    assert_eq!(refused.count(), 2);
    assert!(run.seen.iter().any(|e| matches!(e, LabEvent::Note { text } if text.en.contains("ECONNREFUSED"))));
    assert!(content.calls_of(Host::Server).is_empty());
}

#[test]
fn http_keeps_one_connection_for_all_requests() {
    if !possible() {
        return;
    }
    for request in ["get-json", "get-large", "post", "not-found"] {
        let (run, content) = run("http", &[("request", request), ("count", "3")]);
        whole_connection(&content);
        honest_calls(&content);
        let all: Vec<u8> = content.frames.iter().flat_map(|(_, f)| f.iter().copied()).collect();
        assert_eq!(all.windows(9).filter(|w| w == b"HTTP/1.1 ").count(), 3, "{request}: three status lines");
        let notes = run.seen.iter().filter(|e| matches!(e, LabEvent::Note { .. })).count();
        assert_eq!(notes, 3, "{request}");
    }
}

#[test]
fn websocket_switches_talks_and_closes_on_both_sides() {
    if !possible() {
        return;
    }
    let (run, content) = run("websocket", &[("count", "2")]);
    whole_connection(&content);
    honest_calls(&content);
    let has = |needle: &[u8]| content.frames.iter().any(|(_, f)| f.windows(needle.len()).any(|w| w == needle));
    assert!(has(b"101 Switching Protocols") && has(b"GET /chat HTTP/1.1"));
    // A close frame of the server: FIN + opcode 8, length 5, status 1000, "bye" (RFC 6455, 5.5.1).
    assert!(has(&[0x88, 5, 0x03, 0xE8, b'b', b'y', b'e']));
    assert!(run.seen.iter().any(|e| matches!(e, LabEvent::Note { text } if text.en.contains("pong"))));
}

/// Of a TCP exchange every frame with data, SYN or FIN was sent by a call, and that call had begun before it.
fn every_frame_has_its_call(what: &str, capture: &Capture) {
    let mut joins = Joins::default();
    joins.grow(capture);
    for frame in 0..capture.trace.len() {
        let row = capture.index.row(frame).unwrap();
        let begins = row.has(Row::SYN) && !row.has(Row::ACK);
        if row.transport != Transport::Tcp || !(row.payload_len > 0 || row.has(Row::FIN) || begins) {
            continue;
        }
        let joined = joins.of_frame(capture, frame).unwrap();
        assert!(joined.why == Sender::Calls && !joined.sent_by.is_empty(), "{what}: frame {} {joined:?}", frame + 1);
        let at = capture.trace.meta(frame).unwrap().at;
        for call in joined.sent_by.iter().map(|id| capture.trace.calls.get(*id).unwrap()) {
            assert!(call.at_enter <= at, "{what}: frame {} was sent before {call:?}", frame + 1);
        }
    }
}

/// The whole table: as it stands, and with every choice that each exchange offers.
#[test]
fn every_exchange_ends_by_itself_whatever_is_chosen_and_each_frame_has_its_call() {
    if !possible() {
        return;
    }
    for exchange in TABLE {
        let info = exchange.info();
        let mut ways = vec![None];
        for param in info.params {
            if let ParamKind::Choice { options } = &param.kind {
                ways.extend(options.iter().skip(1).map(|(value, _)| Some((param.name, *value))));
            }
        }
        for way in ways {
            let what = format!("{} {way:?}", info.name);
            let since = Instant::now();
            let (run, content) = run(info.name, &[way.as_slice(), bounded(info)].concat());
            assert!(since.elapsed() < Duration::from_secs(12), "{what}: {:?}", since.elapsed());
            assert!(!content.calls.is_empty(), "{what}");
            let opened = content.calls.iter().filter(|c| matches!(c.result, CallResult::Fd(_)));
            for call in opened {
                let CallResult::Fd(fd) = call.result else { unreachable!() };
                let closed = |c: &&Call| c.what == What::Close && c.fd == fd && c.at_return >= call.at_return;
                assert!(content.calls.iter().any(|c| closed(&c)), "{what}: never closed: {call:?}");
            }
            let mut capture = run.capture();
            every_frame_has_its_call(&what, &capture);
            // A saved file has the calls by entry: an `accept` that waited long comes before what returned meanwhile.
            capture.trace.calls = capture.trace.calls.iter().cloned().collect::<Vec<_>>().into();
            every_frame_has_its_call(&format!("{what}, saved"), &capture);
        }
    }
}

#[test]
fn every_exchange_has_its_programs_or_says_why_not_and_speaks_both_languages() {
    for exchange in TABLE {
        let info = exchange.info();
        let programs: Vec<_> = programs::all().iter().filter(|p| p.exchange == info.name).collect();
        match programs::why_none(info.name) {
            Some(why) => assert!(programs.is_empty() && !why.ja.is_empty() && why.en.is_ascii(), "{}: {why:?}", info.name),
            None => assert!(programs.iter().any(|p| p.host == Host::Client), "{} has no programs and does not say why", info.name),
        }
        let mut all = vec![info.title, info.tagline, info.about];
        for param in info.params {
            all.extend([param.label, param.note]);
            if let ParamKind::Choice { options } = &param.kind {
                all.extend(options.iter().map(|o| o.1));
            }
        }
        assert!(all.iter().all(|w| !w.ja.trim().is_empty() && !w.en.trim().is_empty()), "{}: {all:?}", info.name);
        assert_ne!(info.about.ja, info.about.en, "{}", info.name);
    }
    for exchange in programs::exchanges() {
        assert!(by_name(exchange).is_some(), "programs of {exchange}, which is no exchange");
    }
}

#[test]
fn every_error_that_is_explained_by_an_exchange_is_met_there() {
    for known in errors::TABLE {
        for see in known.see {
            let exchange = by_name(see.exchange).unwrap_or_else(|| panic!("{} names {}", known.name, see.exchange));
            if let Some((param, value)) = see.choice {
                let param = exchange.info().params.iter().find(|p| p.name == param).unwrap();
                assert_eq!(param.check(value), Ok(()), "{}", see.text());
            }
            if !possible() {
                continue;
            }
            let (_, content) = run(see.exchange, see.choice.as_slice());
            let met = content.calls.iter().any(|c| errors::of_call(c) == Some(known));
            assert!(met, "{} does not show {} at {:?}", see.text(), known.name, known.at);
        }
    }
}

#[test]
fn nagle_gathers_what_is_written_byte_by_byte_unless_it_is_switched_off() {
    if !possible() {
        return;
    }
    let params = |writes| [("writes", writes), ("count", "5"), ("text", "0123456789")];
    let bytes = 5 * "0123456789\n".len();
    let data = "tcp.len > 0 && tcp.dstport == 7";
    let (gathered, content) = run("tcp-echo", &params("bytes"));
    assert_eq!(content.names(Host::Client).iter().filter(|n| **n == "write").count(), bytes);
    assert!(gathered.count(data) < bytes, "{}", gathered.count(data));
    assert!(gathered.said("Nagle") && gathered.said("a second") && gathered.said("the server read"));
    let (each, content) = run("tcp-echo", &params("bytes-nodelay"));
    assert_eq!(each.count(data), bytes);
    assert!(content.calls.iter().any(|c| matches!(&c.what, What::Setsockopt { option, .. } if option == "TCP_NODELAY")));
    whole_connection(&content);
}

#[test]
fn a_half_closed_connection_still_carries_the_answer() {
    if !possible() {
        return;
    }
    let (run, content) = run("tcp-echo", &[("answer", "after-end")]);
    whole_connection(&content);
    honest_calls(&content);
    let segments = content.segments();
    let fin = segments.iter().position(|s| s.1 != 7 && s.2 & FIN != 0).unwrap();
    assert!(segments.iter().enumerate().all(|(at, s)| s.1 != 7 || !s.3 || at > fin), "{segments:?}");
    assert!(run.said("after the client's FIN"));
}

#[test]
fn the_telephone_and_the_letter_are_counted_as_the_capture_has_them() {
    if !possible() {
        return;
    }
    for size in ["0", "20000"] {
        let (run, content) = run("tcp-vs-udp", &[("count", "4"), ("size", size)]);
        let data: u64 = content.moved(Host::Client, "write") + content.moved(Host::Server, "write");
        assert_eq!(data, content.moved(Host::Client, "sendto") + content.moved(Host::Server, "sendto"), "the same bytes both ways");
        for (way, protocol) in [("Telephone", 6), ("Letter", 17)] {
            let frames: Vec<_> = content.frames.iter().filter(|(_, f)| f.get(23) == Some(&protocol)).collect();
            let headers = frames.iter().map(|(_, f)| f.len() as u64 - 14).sum::<u64>() - data;
            let words = format!("{} frames, {headers} bytes of headers for {data} bytes of data", frames.len());
            assert!(run.said(&words), "{way}: {words}: {:#?}", run.seen);
        }
        assert_eq!(run.count("udp"), 8);
    }
}

#[test]
fn the_port_number_decides_which_server_gets_the_data() {
    if !possible() {
        return;
    }
    let (there, content) = run("two-services", &[("text", "たこ焼き\n.\nおいしい")]);
    assert_eq!((there.count("http.request"), there.count("http.response")), (1, 1));
    assert_eq!(there.count("smtp.response.code == 354"), 1);
    assert_eq!(there.count("pop.request.command == \"RETR\""), 1);
    assert_eq!(there.count("tcp.flags.syn == 1 && tcp.flags.ack == 0"), 3);
    assert_eq!(there.count("tcp.flags.reset == 1"), 0);
    for call in content.calls_of(Host::Server) {
        let port = call.local.as_ref().and_then(|l| l.port());
        assert!(port.is_none_or(|port| (port == 80) == (call.program == 0)), "{call:?}");
    }
    let (lost, _) = run("two-services", &[("browser", "mail")]);
    assert!(lost.count("tcp.dstport == 25 && tcp contains \"GET / HTTP/1.1\"") == 1 && lost.said("it is the mail server"));
}

#[test]
fn a_refused_connection_is_a_syn_and_a_reset() {
    if !possible() {
        return;
    }
    let (run, content) = run("refused", &[("count", "2")]);
    let flags: Vec<u8> = content.segments().iter().map(|s| s.2).collect();
    assert_eq!(flags, [SYN, RST | ACK, SYN, RST | ACK]);
    assert_eq!(content.errors(Host::Client, "connect"), [libc::ECONNREFUSED; 2]);
    assert_eq!(run.count("tcp.flags.reset == 1 && tcp.srcport == 9"), 2);
    assert!(run.said("ECONNREFUSED"));
}

#[test]
fn a_full_queue_leaves_the_syn_unanswered_until_the_client_gives_up() {
    if !possible() {
        return;
    }
    let (run_out, content) = run("timeout", &[("wait", "2500")]);
    assert_eq!(content.errors(Host::Client, "connect"), [libc::ETIMEDOUT]);
    assert!(run_out.count("tcp.flags.syn == 1 && tcp.flags.ack == 0 && tcp.analysis.retransmission") >= 1);
    let waited = content.calls.iter().find(|c| c.errno().is_some()).unwrap();
    let millis = waited.at_return.since(waited.at_enter) / 1_000_000;
    assert!((2400..6000).contains(&millis), "{millis} ms");
    let (late, content) = run("timeout", &[("kind", "late")]);
    assert!(content.errors(Host::Client, "connect").is_empty());
    assert_eq!(late.count("tcp.flags.syn == 1 && tcp.flags.ack == 1"), 2);
    assert!(late.count("tcp.flags.syn == 1 && tcp.analysis.retransmission") >= 1);
    let (silent, content) = run("timeout", &[("kind", "silent"), ("wait", "1500")]);
    assert!(!content.names(Host::Server).contains(&"accept"), "nobody accepts, and yet the connection stands");
    assert_eq!(silent.count("tcp.len > 0"), 1);
}

#[test]
fn each_bad_end_is_on_the_wire_and_in_the_calls() {
    if !possible() {
        return;
    }
    let (linger, content) = run("reset", &[("kind", "linger")]);
    assert_eq!((linger.count("tcp.flags.reset == 1"), linger.count("tcp.flags.fin == 1")), (1, 0));
    assert_eq!(content.errors(Host::Client, "read"), [libc::ECONNRESET]);
    assert_eq!(content.errors(Host::Client, "write"), [libc::EPIPE]);
    let (unread, content) = run("reset", &[("kind", "unread")]);
    assert_eq!((unread.count("tcp.flags.reset == 1"), unread.count("tcp.flags.fin == 1")), (1, 0));
    assert_eq!(content.errors(Host::Client, "read"), [libc::ECONNRESET]);
    let (pipe, content) = run("reset", &[("kind", "broken-pipe")]);
    assert_eq!((pipe.count("tcp.flags.reset == 1"), pipe.count("tcp.flags.fin == 1 && tcp.srcport == 7")), (1, 1));
    assert_eq!(content.errors(Host::Client, "write"), [libc::EPIPE]);
    let (wait, content) = run("reset", &[("kind", "time-wait")]);
    assert_eq!(content.errors(Host::Server, "bind"), [libc::EADDRINUSE]);
    assert_eq!(content.names(Host::Server).iter().filter(|n| **n == "bind").count(), 3);
    assert_eq!((wait.count("tcp.flags.reset == 1"), wait.count("tcp.flags.syn == 1 && tcp.flags.ack == 0")), (0, 2));
}

#[test]
fn a_reader_that_sleeps_closes_the_window_and_holds_the_writer() {
    if !possible() {
        return;
    }
    let (run_out, content) = run("flow-control", &[]);
    for (filter, least) in [
        ("tcp.analysis.zero_window", 2),
        ("tcp.analysis.window_full", 1),
        ("tcp.analysis.window_update", 1),
        ("tcp.analysis.keep_alive && tcp.dstport == 7", 1),
    ] {
        assert!(run_out.count(filter) >= least, "{filter}");
    }
    assert_eq!(content.moved(Host::Server, "read"), 60_000);
    let held = |c: &&Call| c.what.name() == "write" && c.at_return.since(c.at_enter) > 1_000_000_000;
    assert!(content.calls.iter().any(|c| held(&c)), "a write waited for more than a second");
    let (fast, content) = run("flow-control", &[("reader", "fast"), ("size", "5000000")]);
    assert_eq!(content.moved(Host::Server, "read"), 5_000_000);
    assert_eq!(fast.capture().index.flows.len(), 1);
}

#[test]
fn the_kernel_answers_for_a_program_that_hangs_and_a_ping_finds_it_out() {
    if !possible() {
        return;
    }
    let (kernel, content) = run("keep-alive", &[("way", "tcp"), ("server", "hangs"), ("seconds", "2")]);
    assert_eq!(kernel.count("tcp.analysis.keep_alive"), 2);
    assert!(kernel.count("tcp.analysis.keep_alive_ack") >= 1);
    assert_eq!(kernel.count("tcp.len > 0"), 0);
    assert!(content.calls.iter().all(|c| c.errno().is_none()), "no program has noticed anything");
    let (ping, _) = run("keep-alive", &[("way", "ping"), ("server", "hangs"), ("seconds", "2")]);
    assert!(ping.said("No pong") && ping.count("tcp.len > 0 && tcp.srcport == 7") == 0);
    let (both, _) = run("keep-alive", &[("server", "hangs"), ("seconds", "2")]);
    assert!(both.count("tcp.analysis.keep_alive") >= 2 && both.said("No pong"), "answered by the kernel, not by the program");
    let (pong, _) = run("keep-alive", &[("way", "ping"), ("seconds", "2")]);
    assert_eq!((pong.count("tcp contains \"ping\""), pong.count("tcp contains \"pong\"")), (2, 2));
}

#[test]
fn each_trouble_ends_in_a_clear_statement_with_its_capture_kept() {
    if !possible() {
        return;
    }
    let (_, content) = run("trouble", &[("kind", "port-taken")]);
    assert_eq!(content.errors(Host::Server, "bind"), [libc::EADDRINUSE]);
    whole_connection(&content);
    let (gone, content) = run("trouble", &[("kind", "server-gone")]);
    assert_eq!(content.errors(Host::Client, "write"), [libc::EPIPE]);
    assert_eq!(content.errors(Host::Client, "connect"), [libc::ECONNREFUSED]);
    assert!(gone.count("tcp.flags.reset == 1") == 2 && gone.said("Of 36 bytes sent, 16 came back"));
    let (killed, content) = run("trouble", &[("kind", "client-killed")]);
    assert!(content.names(Host::Client).contains(&"killed") && killed.said("cut after 16"));
    let (empty, content) = run("trouble", &[("kind", "empty")]);
    assert_eq!((empty.count("tcp.len > 0"), empty.count("udp.length == 8")), (0, 1));
    assert!(content.calls.iter().any(|c| c.what == What::Write { bytes: 0 } && c.result == CallResult::Bytes(0)));
    let (one, _) = run("trouble", &[("kind", "one-byte")]);
    assert_eq!(one.count("tcp.len == 1"), 2);
    let (large, content) = run("trouble", &[("kind", "large")]);
    assert_eq!(content.errors(Host::Client, "sendto"), [libc::EMSGSIZE]);
    let back: u64 = large.capture().index.flows.iter().map(|f| f.bytes[Dir::ToClient.index()]).sum();
    assert!(back >= 10_000_000, "{back}");
    let (other, _) = run("trouble", &[("kind", "not-utf8")]);
    assert!(other.count("tcp contains 91:e5:8d:e3") == 2 && other.said("0x91"));
    let (wrong, _) = run("trouble", &[("kind", "wrong-protocol")]);
    assert!(wrong.said("GET / HTTP/1.1"));
}

#[test]
fn a_cancelled_run_closes_its_sockets_and_keeps_what_it_has() {
    if !possible() {
        return;
    }
    let mut run = Run::start(&spec(Some("tcp-echo"), &[("count", "1000"), ("pause", "5000")]));
    run.until(|e| matches!(e, LabEvent::Spooled { frames, .. } if *frames >= 6));
    let since = Instant::now();
    run.session.stop();
    assert!(run.ended(), "it says that it was cancelled");
    assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
    assert!(run.failures().is_empty(), "a wish is no failure: {:#?}", run.seen);
    let content = run.content();
    assert!(content.segments().iter().any(|s| s.2 & (FIN | RST) != 0), "the end is in the capture");
    for host in Host::BOTH {
        assert_eq!(content.names(host).last(), Some(&"close"), "{host:?}");
    }
    let waiting = content.calls_of(Host::Server).into_iter().find(|c| c.result == CallResult::Cancelled);
    assert_eq!(waiting.map(|c| c.what.name()), Some("read"), "what the server was waiting in");
}

#[test]
fn a_run_that_only_waits_can_be_cancelled_and_closes_its_sockets() {
    if !possible() {
        return;
    }
    for exchange in ["timeout", "flow-control", "keep-alive"] {
        let mut run = Run::start(&spec(Some(exchange), &[]));
        run.until(|e| matches!(e, LabEvent::Spooled { frames, .. } if *frames >= 3));
        let since = Instant::now();
        run.session.stop();
        assert!(run.ended(), "{exchange}");
        assert!(since.elapsed() < Duration::from_secs(3), "{exchange}: {:?}", since.elapsed());
        let content = run.content();
        for host in Host::BOTH {
            assert_eq!(content.names(host).last(), Some(&"close"), "{exchange} {host:?}");
        }
    }
}

#[test]
fn only_capturing_ends_when_asked_to() {
    if !possible() {
        return;
    }
    let mut run = Run::start(&spec(None, &[]));
    let started = run.until(|e| matches!(e, LabEvent::Started { .. }));
    assert_eq!(started, LabEvent::Started { interface: "lo".into(), server: None });
    run.session.stop();
    assert!(run.ended());
    assert_eq!(run.content().interfaces, 1, "an empty capture is a good file");
}

#[test]
fn the_first_frame_comes_soon_after_the_start() {
    if !possible() {
        return;
    }
    let since = Instant::now();
    let mut run = Run::start(&spec(Some("tcp-echo"), &[]));
    run.until(|e| matches!(e, LabEvent::Spooled { frames, .. } if *frames > 0));
    let first = since.elapsed();
    eprintln!("start to first frame: {first:?}");
    assert!(first < Duration::from_secs(1), "{first:?}");
    run.ended();
}

#[test]
fn what_cannot_run_is_refused_in_words_before_anything_starts() {
    let folder = tempfile::tempdir().unwrap();
    for (exchange, params) in [("gopher", vec![]), ("tcp-echo", vec![("count", "0")]), ("http", vec![("request", "brew")])] {
        let spool = folder.path().join("spool");
        let refused = start(Path::new(EXE), &spec(Some(exchange), &params), &spool).err().unwrap();
        assert!(!refused.ja.is_empty() && !refused.en.is_empty());
        assert!(!spool.exists());
    }
}

#[test]
fn a_spool_that_cannot_be_made_is_a_failure_in_words() {
    let mut run = Run {
        session: start(Path::new(EXE), &spec(Some("tcp-echo"), &[]), Path::new("/proc/no/such/place")).unwrap(),
        folder: tempfile::tempdir().unwrap(),
        seen: Vec::new(),
    };
    assert!(!run.ended());
    assert!(matches!(run.failures()[..], [LabEvent::Failed { text }] if text.ja.contains("/proc/no/such/place")), "{:#?}", run.seen);
}

/// Direct children of a process, by /proc.
fn children(pid: u32) -> Vec<u32> {
    let Ok(tasks) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return Vec::new() };
    let lists = tasks.flatten().filter_map(|t| std::fs::read_to_string(t.path().join("children")).ok());
    lists.flat_map(|l| l.split_whitespace().filter_map(|p| p.parse().ok()).collect::<Vec<u32>>()).collect()
}

/// Is the process gone (or only a dead entry that its parent has not collected yet)?
fn gone(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().unwrap_or_default().split_whitespace().next().is_none_or(|state| state == "Z")
}

fn soon(what: &str, check: impl Fn() -> bool) {
    let since = Instant::now();
    while !check() {
        assert!(since.elapsed() < Duration::from_secs(5), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Kills one process, by its id, that this test has started.
fn kill(pid: u32) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

/// A run that would go on for hours, with the ids of agent and capture.
fn long_run() -> (Run, u32, u32) {
    let mut run = Run::start(&spec(Some("tcp-echo"), &[("count", "1000"), ("pause", "5000")]));
    run.until(|e| matches!(e, LabEvent::Spooled { frames, .. } if *frames >= 6));
    let agent = run.session.pid();
    let [capture] = children(agent)[..] else { panic!("{:?}", children(agent)) };
    (run, agent, capture)
}

#[test]
fn a_killed_agent_leaves_no_process_and_says_so() {
    if !possible() {
        return;
    }
    let (mut run, agent, capture) = long_run();
    kill(agent);
    soon("the capture outlived its agent", || gone(capture));
    assert!(!run.ended());
    assert!(matches!(run.failures()[..], [LabEvent::Failed { text }] if text.en.contains("signal")), "{:#?}", run.seen);
    let (bytes, frames, _) = run.announced();
    let file = std::fs::read(run.spool()).unwrap();
    assert_eq!(Content::read(&file[..bytes as usize]).frames.len() as u64, frames, "what was announced is good");
}

#[test]
fn a_killed_capture_is_a_failure_in_words_and_the_frames_stay() {
    if !possible() {
        return;
    }
    let (mut run, agent, capture) = long_run();
    kill(capture);
    assert!(!run.ended());
    assert!(matches!(run.failures()[..], [LabEvent::Failed { text }] if text.en.contains("frames so far are kept")), "{:#?}", run.seen);
    assert!(run.content().frames.len() >= 6);
    soon("the agent stayed", || gone(agent));
}

#[test]
fn dropping_the_session_leaves_no_process() {
    if !possible() {
        return;
    }
    let (run, agent, capture) = long_run();
    drop(run);
    soon("agent or capture stayed", || gone(agent) && gone(capture));
}

/// Standard input stays open here, so only the kernel's death signal can end the agent.
#[test]
fn an_agent_does_not_outlive_the_program_that_started_it() {
    if !possible() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let spec = serde_json::to_string(&spec(None, &[])).unwrap();
    let mut program = Command::new("sh")
        .args(["-c", r#"exec 3<&0; "$0" __agent "$1" --spool "$2" <&3 & wait"#, EXE, &spec])
        .arg(folder.path().join("spool"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(program.stdout.as_mut().unwrap()), &mut line).unwrap();
    let [agent] = children(program.id())[..] else { panic!("{line}") };
    let [capture] = children(agent)[..] else { panic!("{line}") };
    let open = program.stdin.take();
    kill(program.id());
    soon("agent or capture outlived their program", || gone(agent) && gone(capture));
    drop(open);
    program.wait().unwrap();
}

#[test]
fn the_doctor_speaks_about_everything_in_both_languages() {
    let services = doctor_with(Path::new(EXE), &std::env::temp_dir());
    assert_eq!(services.len(), 4);
    for service in &services {
        eprintln!("{service:#?}");
        let texts = [Some(&service.name), Some(&service.found), service.advice.as_ref()];
        assert!(texts.into_iter().flatten().all(|t| !t.ja.is_empty() && !t.en.is_empty()), "{service:?}");
        assert!(service.works || service.advice.is_some(), "what does not work needs advice: {service:?}");
    }
    assert_eq!(services[0].works, probe(EXE) == Report::Works);
}

#[test]
fn the_copy_named_osiscope_capture_does_nothing_but_capture() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("osiscope-capture");
    std::fs::copy(EXE, &copy).unwrap();
    for args in [&["__probe"][..], &["__agent", "{}", "--spool", "x"], &[]] {
        for name in ["osiscope-capture", "osiscope"] {
            let mut command = Command::new(&copy);
            std::os::unix::process::CommandExt::arg0(&mut command, name);
            let out = command.args(args).stdin(Stdio::null()).output().unwrap();
            assert_eq!(out.status.code(), Some(2), "{args:?} as {name}");
            assert!(String::from_utf8_lossy(&out.stderr).contains("only captures"));
        }
    }
    let out = Command::new(&copy).args(["__capture", "--probe"]).stdin(Stdio::null()).output().unwrap();
    assert!(String::from_utf8_lossy(&out.stdout).contains("version"), "{out:?}");
}

#[test]
fn an_ordinary_user_without_any_right_can_run_every_exchange() {
    if !possible() {
        return;
    }
    if !rustix::process::geteuid().is_root() {
        eprintln!("SKIPPED: these tests already run as an ordinary user");
        return;
    }
    let has_setpriv = Command::new("setpriv").arg("--version").stdout(Stdio::null()).status().is_ok_and(|s| s.success());
    if !has_setpriv {
        eprintln!("SKIPPED: no setpriv here to become an ordinary user");
        return;
    }
    // The folders of a build may be closed to others: a place that is open.
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    let exe = folder.path().join("osiscope");
    std::fs::copy(EXE, &exe).unwrap();
    for info in TABLE.iter().map(|e| e.info()) {
        let exchange = info.name;
        let spool = folder.path().join(exchange);
        let spec = serde_json::to_string(&spec(Some(exchange), bounded(info))).unwrap();
        let mut child = Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", "--no-new-privs"])
            .arg(&exe)
            .args(["__agent", &spec, "--spool"])
            .arg(&spool)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // Its standard input stays open until it has ended by itself.
        let stdin = child.stdin.take();
        let out = child.wait_with_output().unwrap();
        drop(stdin);
        let said = String::from_utf8(out.stdout).unwrap();
        assert!(said.lines().last().is_some_and(|l| l == r#"{"event":"ended","cancelled":false}"#), "{exchange}: {said}");
        assert!(!said.contains("failed"), "{exchange}: {said}");
        assert!(!Content::read(&std::fs::read(&spool).unwrap()).calls.is_empty(), "{exchange}");
    }
}
