//! Free talk: programs that are not osiscope's come into the lab as a person would send them, and talk.

use super::{EXE, Run, possible, spec};
use osiscope::timeline::LabEvent;
use osiscope::trace::{CallResult, Host};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A running talk of this role.
fn talk(role: &str, more: &[(&str, &str)]) -> Run {
    let mut run = Run::start(&spec(Some("free-talk"), &[&[("role", role)], more].concat()));
    run.until(|e| matches!(e, LabEvent::Started { .. }));
    run.until(|e| matches!(e, LabEvent::Note { text } if text.en.contains("osiscope run -- ")));
    run
}

/// What a person does in another terminal: a program inside this lab. Gives what it wrote.
fn inside(run: &Run, text: &str) -> String {
    let mut command = Command::new(EXE);
    command.args(["run", "--in", &run.session.pid().to_string(), "--", "python3", "-c", text]);
    let out = command.stdin(Stdio::null()).output().unwrap();
    assert!(out.status.success(), "{out:?}");
    String::from_utf8_lossy(&out.stdout).into_owned()
}

fn possible_with_python() -> bool {
    let has = Command::new("python3").arg("--version").stdout(Stdio::null()).status().is_ok_and(|s| s.success());
    if !has {
        eprintln!("SKIPPED: no python3 here");
    }
    has && possible()
}

#[test]
fn a_program_of_one_s_own_talks_to_the_echo_server_until_the_user_stops_it() {
    if !possible_with_python() {
        return;
    }
    let mut run = talk("tcp-echo", &[]);
    let hello = "import socket; s = socket.create_connection(('127.0.0.1', 7)); s.sendall('もしもし'.encode()); print(s.recv(99).decode())";
    assert_eq!(inside(&run, hello), "もしもし\n");
    run.until(|e| matches!(e, LabEvent::Note { text } if text.en.contains("“もしもし”")));
    // A browser that was told https://, and bytes that mean nothing: each is stated, and the server goes on.
    let garbage = "import socket; s = socket.create_connection(('127.0.0.1', 7)); s.sendall(bytes([22, 3, 1, 255])); s.recv(9)";
    inside(&run, garbage);
    run.until(|e| matches!(e, LabEvent::Note { text } if text.en.contains("ClientHello")));
    inside(&run, hello);
    run.session.stop();
    assert!(run.ended(), "to be stopped is its normal end");
    assert!(run.failures().is_empty(), "{:#?}", run.seen);
    let content = run.content();
    assert_eq!(content.moved(Host::Server, "read"), 2 * "もしもし".len() as u64 + 4);
    assert_eq!(content.moved(Host::Server, "write"), content.moved(Host::Server, "read"));
    assert_eq!(content.names(Host::Server).iter().filter(|n| **n == "close").count(), 4, "three guests and the listener");
    assert!(content.calls_of(Host::Client).is_empty(), "the client's calls are its own");
    assert_eq!(run.count("tcp.flags.syn == 1 && tcp.flags.ack == 0"), 3);
    assert!(run.count("tcp.srcport == 7 && tcp.len > 0") >= 3);
}

#[test]
fn http_and_websocket_servers_answer_any_client_and_state_what_is_neither() {
    if !possible_with_python() {
        return;
    }
    let mut run = talk("http", &[]);
    let get = "import urllib.request as u; print(u.urlopen('http://127.0.0.1/page?x=1').read().decode())";
    assert!(inside(&run, get).starts_with("GET /page?x=1 HTTP/1.1\n"));
    run.until(|e| matches!(e, LabEvent::Note { text } if text.en.contains("GET /page?x=1")));
    let garbage = "import socket; s = socket.create_connection(('127.0.0.1', 80)); s.sendall(b'\\x16\\x03\\x01\\xff\\r\\n\\r\\n'); print(s.recv(99))";
    assert!(inside(&run, garbage).contains("400"));
    run.until(|e| matches!(e, LabEvent::Note { text } if text.en.contains("cannot be read as a request")));
    run.session.stop();
    assert!(run.ended());
    assert_eq!(run.count("http.request"), 1);

    let mut run = talk("websocket", &[]);
    // One masked text frame, its mask 0; then the answer: the greeting and the same text.
    let client = "import socket; s = socket.create_connection(('127.0.0.1', 80)); f = s.makefile('rb')\n\
        s.sendall(b'GET / HTTP/1.1\\r\\nHost: a\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\
        Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n')\n\
        while f.readline().strip(): pass\n\
        s.sendall(b'\\x81\\x82\\0\\0\\0\\0hi'); print(f.read(14)); s.sendall(b'\\x88\\x80\\0\\0\\0\\0'); f.read()";
    assert_eq!(inside(&run, client), "b'\\x81\\x08osiscope\\x81\\x02hi'\n");
    let browser = "import urllib.request as u; print(u.urlopen('http://127.0.0.1/').read().decode())";
    assert!(inside(&run, browser).contains("new WebSocket("));
    run.session.stop();
    assert!(run.ended());
    assert!(run.said("“hi”") && run.said("Close (1005)") && run.said("page"), "{:#?}", run.seen);
    assert!(run.failures().is_empty(), "{:#?}", run.seen);
}

#[test]
fn as_a_client_it_waits_for_the_user_s_server_and_sends_its_lines() {
    if !possible_with_python() {
        return;
    }
    let mut run = talk("tcp-client", &[("text", "one\\ntwo"), ("port", "5000")]);
    run.until(|e| matches!(e, LabEvent::Note { text } if text.en.contains("ECONNREFUSED")));
    let server = "import socket; l = socket.create_server(('127.0.0.1', 5000)); c, _ = l.accept(); f = c.makefile('rb')\n\
        print(f.readline(), f.readline()); c.sendall(b'thanks'); c.close()";
    assert_eq!(inside(&run, server), "b'one\\n' b'two\\n'\n");
    assert!(!run.ended(), "the server's end is the end");
    assert!(run.said("“thanks”") && run.failures().is_empty(), "{:#?}", run.seen);
    let content = run.content();
    assert_eq!((content.moved(Host::Client, "write"), content.moved(Host::Client, "read")), (8, 6));

    let mut run = talk("udp-client", &[("text", "one"), ("port", "5000"), ("seconds", "8")]);
    run.until(|e| matches!(e, LabEvent::Note { text } if text.en.contains("ECONNREFUSED")));
    let server = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', 5000))\n\
        d, a = s.recvfrom(99); s.sendto(d.upper(), a); print(d)";
    assert_eq!(inside(&run, server), "b'one\\n'\n");
    run.until(|e| matches!(e, LabEvent::Note { text } if text.en.contains("“ONE”")));
    run.session.stop();
    assert!(run.ended());
}

#[test]
fn with_a_time_it_ends_by_itself_and_udp_is_answered_too() {
    if !possible_with_python() {
        return;
    }
    let since = Instant::now();
    let mut run = talk("udp-echo", &[("seconds", "3")]);
    let hello = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(3)\n\
        s.sendto(b'a letter', ('127.0.0.1', 7)); print(s.recv(99))";
    assert_eq!(inside(&run, hello), "b'a letter'\n");
    assert!(!run.ended() && run.failures().is_empty(), "{:#?}", run.seen);
    assert!((Duration::from_secs(3)..Duration::from_secs(12)).contains(&since.elapsed()), "{:?}", since.elapsed());
    assert_eq!(run.count("udp.port == 7"), 2);
    let received = run.content().calls.iter().filter(|c| c.what.name() == "recvfrom" && c.result == CallResult::Bytes(8)).count();
    assert_eq!(received, 1);
}
