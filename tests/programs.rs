//! The exchanges' programs: what holds for every row of the table, and those whose language is installed here run in the lab,
//! their packets compared with what the exchange's own run sends.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use osiscope::lab::programs::ready::is_installed;
use osiscope::lab::{by_name, programs};
use osiscope::netns::{Report, probe};
use osiscope::timeline::{Capture, Intake, Language, Program};
use osiscope::trace::Host;
use osiscope::flow::{Dir, Transport};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

const EXE: &str = env!("CARGO_BIN_EXE_osiscope");
/// The names a mark may have: calls, and steps of the program itself.
const NAMES: &[&str] = &[
    "socket", "setsockopt", "bind", "listen", "accept", "connect", "write", "read", "sendto", "recvfrom", "shutdown", "close",
    "pipe", "unlink", "handler",
];

/// Said past the test harness, which keeps what a good test prints to itself.
fn skipped(why: &str) {
    std::io::stderr().write_all(format!("SKIPPED: {why}\n").as_bytes()).unwrap();
}

#[test]
fn every_exchange_has_its_programs_in_all_four_languages() {
    let all = programs::all();
    for exchange in programs::exchanges() {
        let count = |host| all.iter().filter(|p| p.exchange == exchange && p.host == host).count();
        assert_eq!(count(Host::Client), Language::ALL.len(), "{exchange}");
        assert!([0, Language::ALL.len()].contains(&count(Host::Server)), "{exchange}");
        assert!(count(Host::Server) > 0 || exchange == "refused", "only where nobody listens there is no server: {exchange}");
    }
    for exchange in ["tcp-echo", "udp-echo", "http", "websocket"] {
        assert!(programs::exchanges().any(|e| e == exchange), "{exchange}");
    }
}

#[test]
fn every_text_is_short_enough_to_read_and_says_how_it_is_used() {
    for program in programs::all() {
        let name = program.file_name();
        for (number, line) in program.lines().iter().enumerate() {
            let columns = line.text.replace('\t', "    ").chars().count();
            assert!(columns <= 100, "{name}:{}: {columns} columns", number + 1);
            assert!(!line.text.contains("//~") && !line.text.contains("#~"), "{name}:{}: a mark is left: {}", number + 1, line.text);
        }
        assert!((10..=150).contains(&program.lines().len()), "{name}: {} lines", program.lines().len());
        assert!(program.lines()[0].text.contains("Usage: "), "{name}");
    }
}

#[test]
fn every_mark_names_a_call_that_the_host_s_side_makes() {
    for program in programs::all() {
        let name = program.file_name();
        let marks: Vec<_> = program.lines().iter().flat_map(|l| &l.marks).collect();
        for mark in &marks {
            assert!(NAMES.contains(&mark.name.as_str()), "{name}: {mark:?}");
        }
        let has = |call: &str| marks.iter().any(|m| m.name == call);
        assert!(has("socket") && has("close"), "{name}: begins and ends: {marks:?}");
        match program.host {
            Host::Client => assert!(has("connect") && !has("listen"), "{name}"),
            Host::Server => assert!(has("bind"), "{name}"),
        }
    }
}

/// What a client and a server made of their streams.
#[derive(Debug, PartialEq)]
struct Told {
    /// For each conversation: transport, whether it began with a handshake, bytes each way, how it ended.
    talks: Vec<(Transport, bool, [u64; 2], [&'static str; 2])>,
}

fn told(file: &Path) -> Told {
    let bytes = std::fs::read(file).unwrap();
    let mut intake = Intake::new();
    intake.feed(&bytes);
    intake.finish();
    let (records, batch) = intake.take();
    let mut capture = Capture::new(Arc::new(bytes));
    records.into_iter().for_each(|r| capture.trace.append(r));
    capture.index.apply(batch);
    let index = &capture.index;
    let mut talks = Vec::new();
    for (id, flow) in index.flows.iter().enumerate() {
        let (mut handshake, mut bytes, mut ends) = ([false; 2], [0; 2], [""; 2]);
        for frame in index.frames_of(id.try_into().unwrap()) {
            let row = index.row(frame).unwrap();
            let at = row.dir.index();
            handshake[at] |= row.has(osiscope::flow::Row::SYN);
            bytes[at] += u64::from(row.payload_len);
            for (flag, name) in [(osiscope::flow::Row::FIN, "FIN"), (osiscope::flow::Row::RST, "RST")] {
                if flow.transport == Transport::Tcp && row.has(flag) {
                    ends[at] = name;
                }
            }
        }
        assert_eq!([Dir::ToServer.index(), Dir::ToClient.index()], [0, 1]);
        talks.push((flow.transport, flow.transport == Transport::Tcp && handshake == [true; 2], bytes, ends));
    }
    Told { talks }
}

/// Runs something in a lab of its own and gives what it said and what was captured.
fn run(args: &[&str]) -> (Output, Told) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.pcapng");
    let out = Command::new(EXE).args(args).arg("-w").arg(&file).stdin(Stdio::null()).output().unwrap();
    assert!(out.status.success(), "{args:?}: {out:?}");
    (out, told(&file))
}

fn possible() -> bool {
    let report = probe(EXE);
    if report != Report::Works {
        skipped(&format!("no name spaces here: {report:?}"));
    }
    report == Report::Works
}

/// The shipped programs of an exchange, run as a person runs them.
fn shipped(exchange: &str, language: Language) -> (Output, Told) {
    run(&["run", "-q", "--program", exchange, "--language", language.name()])
}

#[test]
fn the_programs_of_a_language_send_what_the_others_send() {
    if !possible() {
        return;
    }
    // Compiling takes long: of what is compiled only what differs most.
    let chosen: [(Language, &[&str]); 4] = [
        (Language::Python, &["tcp-echo", "udp-echo", "http", "websocket", "reset"]),
        (Language::C, &["tcp-echo", "udp-echo", "http", "websocket", "reset"]),
        (Language::Rust, &["tcp-echo", "websocket"]),
        (Language::Go, &["tcp-echo", "websocket"]),
    ];
    for (language, exchanges) in chosen {
        if !is_installed(language) {
            skipped(&format!("{} is not installed: its programs were not run", language.title()));
            continue;
        }
        for exchange in exchanges {
            let (out, told) = shipped(exchange, language);
            let what = format!("{exchange} in {}: {told:?} {out:?}", language.title());
            let [(transport, handshake, bytes, ends)] = told.talks[..] else { panic!("{what}") };
            match *exchange {
                "tcp-echo" => {
                    assert!(handshake && ends == ["FIN"; 2] && bytes == [48; 2], "{what}");
                }
                "udp-echo" => assert_eq!((transport, bytes), (Transport::Udp, [48; 2]), "{what}"),
                "http" => assert!(handshake && ends == ["FIN"; 2] && bytes[0] > 80 && bytes[1] > 120, "{what}"),
                "websocket" => {
                    assert!(handshake && ends == ["FIN"; 2], "{what}");
                    assert!(String::from_utf8_lossy(&out.stdout).contains("pong osiscope"), "{what}");
                }
                "reset" => assert_eq!((handshake, ends[1]), (true, "RST"), "{what}"),
                other => panic!("{other}"),
            }
        }
    }
}

#[test]
fn a_shipped_echo_sends_the_bytes_that_the_exchange_sends() {
    if !possible() || !is_installed(Language::Python) {
        return;
    }
    for exchange in ["tcp-echo", "udp-echo"] {
        let (_, own) = run(&["lab", exchange, "-q"]);
        assert_eq!(shipped(exchange, Language::Python).1, own, "{exchange}");
    }
}

#[test]
fn the_line_of_every_call_of_the_exchange_is_in_the_text() {
    for (exchange, file) in [("tcp-echo", "tcp-echo"), ("udp-echo", "udp-echo"), ("http", "http"), ("websocket", "websocket")] {
        let bytes = std::fs::read(format!("{}/captures/{file}.pcapng", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let mut intake = Intake::new();
        intake.feed(&bytes);
        intake.finish();
        for record in intake.take().0 {
            let osiscope::trace::Record::Call(call) = record else { continue };
            for language in Language::ALL {
                let program: &Program = programs::of(exchange, call.host, language).unwrap();
                // A connecting call is what the client's text may hide in another; options differ between languages.
                let line = program.line_of(&call, Default::default());
                assert!(line.is_some() || call.what.name() == "setsockopt" || call.what.name() == "shutdown", "{exchange} {language:?}: {call:?}");
            }
        }
    }
}

#[test]
fn a_program_of_one_s_own_runs_inside_with_its_input_its_output_and_its_exit_code() {
    if !possible() || !is_installed(Language::Python) {
        return;
    }
    // Port 80 of a network of its own; the same user as outside.
    let text = "import os, socket, sys\n\
                a = socket.create_server(('127.0.0.1', 80))\n\
                b = socket.create_connection(('127.0.0.1', 80)); b.close()\n\
                print(os.getuid(), sys.stdin.read()); sys.exit(7)";
    let mut child = Command::new(EXE)
        .args(["run", "--new", "--", "python3", "-c", text])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"hello").unwrap();
    let out = child.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(7), "{out:?}");
    let uid = rustix::process::getuid().as_raw();
    assert_eq!(String::from_utf8_lossy(&out.stdout), format!("{uid} hello\n"), "only what the program says");
    assert!(String::from_utf8_lossy(&out.stderr).contains("SYN"), "the story is told beside: {out:?}");
    let missing = Command::new(EXE).args(["run", "--new", "-q", "--", "/no/such/program"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(127), "{missing:?}");
}

#[test]
fn a_second_program_joins_the_lab_of_the_first() {
    if !possible() || !is_installed(Language::Python) {
        return;
    }
    let (server, client) = (programs::of("tcp-echo", Host::Server, Language::Python).unwrap(), "import socket, sys\n\
        s = socket.create_connection(('127.0.0.1', 7)); s.sendall(b'joined'); print(s.recv(9).decode())");
    let folder = tempfile::tempdir().unwrap();
    let (text, file) = (folder.path().join("server.py"), folder.path().join("run.pcapng"));
    std::fs::write(&text, server.text()).unwrap();
    let mut first = Command::new(EXE).args(["run", "-q", "-w"]).arg(&file).args(["--", "python3"]).arg(&text).spawn().unwrap();
    let lab = soon(|| osiscope::lab::running::labs().into_iter().find(|l| l.parent == first.id()));
    // Its port is open once a connection to it succeeds.
    let out = soon(|| {
        let mut command = Command::new(EXE);
        let out = command.args(["run", "--in", &lab.pid.to_string(), "--", "python3", "-c", client]).output().unwrap();
        out.status.success().then_some(out)
    });
    assert_eq!(String::from_utf8_lossy(&out.stdout), "joined\n");
    assert!(first.wait().unwrap().success());
    let talks = told(&file).talks;
    assert_eq!(talks.last().map(|t| t.2), Some([6, 6]), "{talks:?}");
    assert!(by_name("tcp-echo").is_some());
}

fn soon<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let since = std::time::Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(since.elapsed() < std::time::Duration::from_secs(20), "it did not come");
        std::thread::sleep(std::time::Duration::from_millis(30));
    }
}
