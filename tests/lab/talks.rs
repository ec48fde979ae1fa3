//! WebSocket, chat, polling and Unix sockets: what they say they show is in the file, as tshark and our own pass see it.

use super::*;
use osiscope::trace::Addr;
use std::path::Path;

/// The values of this field, by tshark, of the frames that a filter lets through. `None`: tshark is not here.
fn fields(run: &Run, filter: &str, field: &str) -> Option<Vec<String>> {
    let out = Command::new("tshark").args(["-n", "-r"]).arg(run.spool()).args(["-Y", filter, "-T", "fields", "-e", field]).output();
    let out = out.ok().filter(|out| out.status.success())?;
    Some(String::from_utf8_lossy(&out.stdout).lines().map(str::to_owned).collect())
}

#[test]
fn the_accept_is_computed_before_one_s_eyes_and_masks_are_shown_byte_by_byte() {
    if !possible() {
        return;
    }
    let (run, _) = run("websocket", &[("count", "1")]);
    assert_eq!(run.count("http.response.code == 101"), 1);
    let heads = [("http.request", "http.sec_websocket_key"), ("http.response", "http.sec_websocket_accept")];
    for (filter, field) in heads {
        let Some(values) = fields(&run, filter, field) else { return };
        assert!(values.iter().all(|v| !v.is_empty() && run.said(v)), "{field}: {values:?}");
    }
    assert!(run.said("258EAFA5-E914-47DA-95CA-C5AB0DC85B11") && run.said("SHA-1"));
    let masks = fields(&run, "websocket.opcode == 1", "websocket.masking_key").unwrap();
    let shown: Vec<String> = masks.iter().flat_map(|m| m.split(',')).map(|m| m.trim_start_matches("0x").to_owned()).collect();
    let first = shown.iter().find(|m| !m.is_empty()).unwrap();
    let spaced = [&first[..2], &first[2..4], &first[4..6], &first[6..]].join(" ");
    assert!(run.said(&format!("The mask {spaced}")), "{masks:?} {:#?}", run.seen);
}

#[test]
fn fragments_are_continued_and_a_ping_goes_in_between() {
    if !possible() {
        return;
    }
    let (run, content) = run("websocket", &[("fragments", "4"), ("count", "2")]);
    whole_connection(&content);
    honest_calls(&content);
    // Small frames may share a segment: frames of WebSocket are counted, not packets.
    if let Some(codes) = fields(&run, "websocket", "websocket.opcode") {
        let codes: Vec<&str> = codes.iter().flat_map(|c| c.split(',')).collect();
        let of = |code: &str| codes.iter().filter(|c| **c == code).count();
        assert_eq!((of("0"), of("1"), of("8"), of("9"), of("10")), (6, 4, 2, 1, 1), "{codes:?}");
        let at = |code: &str| codes.iter().position(|c| *c == code).unwrap();
        assert!(at("1") < at("9") && at("9") < codes.iter().rposition(|c| *c == "0").unwrap(), "{codes:?}");
    }
}

#[test]
fn compressed_messages_say_so_get_shorter_and_come_out_whole() {
    if !possible() {
        return;
    }
    for (size, fragments) in [("0", "1"), ("300", "3"), ("70000", "2"), ("2000000", "1")] {
        let (run, content) = run("websocket", &[("deflate", "on"), ("size", size), ("fragments", fragments)]);
        whole_connection(&content);
        assert!(run.count("http.sec_websocket_extensions == \"permessage-deflate\"") == 2, "offered and taken");
        assert!(run.said("by compression"));
        let sent = content.moved(Host::Client, "write");
        assert!(sent < 20_000, "{size}: {sent} bytes on the wire");
    }
    let (run, _) = run("websocket", &[]);
    assert!(!run.said("by compression"));
}

#[test]
fn a_server_that_refuses_leaves_http() {
    if !possible() {
        return;
    }
    for code in ["403", "426"] {
        let (run, content) = run("websocket", &[("server", code)]);
        whole_connection(&content);
        assert_eq!((run.count(&format!("http.response.code == {code}")), run.count("websocket")), (1, 0));
        assert!(run.said("refuses to switch"));
    }
}

#[test]
fn every_way_to_close_is_on_the_wire_as_it_is_called() {
    if !possible() {
        return;
    }
    for code in ["1000", "1001", "1002", "1003", "1007", "1009", "1005", "1006"] {
        let (run, content) = run("websocket", &[("close", code), ("count", "1")]);
        assert!(content.segments().iter().all(|s| s.2 & RST == 0), "{code}: nobody breaks off");
        // 1005 and 1006 are told to programs and never sent (RFC 6455, 7.4.1).
        assert_eq!(run.count("websocket.opcode == 8"), if code == "1006" { 0 } else { 2 }, "{code}");
        let with_code = run.count(&format!("websocket.payload.close.status_code == {code}"));
        assert_eq!(with_code, if ["1005", "1006"].contains(&code) { 0 } else { 2 }, "{code}");
        assert!(run.said(code), "{code}: {:#?}", run.seen);
    }
}

#[test]
fn in_a_chat_everybody_hears_everything_also_who_was_away() {
    if !possible() {
        return;
    }
    for (cut, connections) in [("none", 4), ("client", 6), ("server", 4)] {
        let (run, content) = run("chat", &[("clients", "4"), ("count", "2"), ("cut", cut), ("text", "hello")]);
        let programs: std::collections::BTreeSet<u8> = content.calls_of(Host::Client).iter().map(|c| c.program).collect();
        assert_eq!(programs.len(), 4, "{cut}: each client is a program of its own");
        assert_eq!(run.count("http.response.code == 101"), if cut == "server" { 8 } else { connections - usize::from(cut == "client") });
        assert_eq!(run.count("http.response.code == 503"), usize::from(cut == "client"));
        assert_eq!(run.said("tries again"), cut != "none");
        // Each of the eight messages reaches each of four clients, also those that are away when it is said.
        if let Some(texts) = fields(&run, "websocket && tcp.srcport == 80", "websocket.payload.text") {
            let all = texts.join("\n");
            for seq in 0..8 {
                assert_eq!(all.matches(&format!("\"seq\":{seq},")).count(), 4, "{cut}: message {seq}: {all}");
            }
            assert!(all.starts_with("{\"from\":\"server\",\"here\":1"), "the server speaks first: {all}");
        }
        let refused = content.errors(Host::Client, "connect");
        assert_eq!(refused.contains(&libc::ECONNREFUSED), cut == "server", "{cut}: {refused:?}");
    }
}

#[test]
fn the_numbers_of_polling_are_those_of_the_capture() {
    if !possible() {
        return;
    }
    for way in ["polling", "long-polling", "websocket"] {
        let (run, content) = run("polling-vs-websocket", &[("way", way), ("count", "3"), ("pause", "60"), ("interval", "25")]);
        let frames = content.frames.len();
        assert!(run.said(&format!(" {frames} packets")), "{way}: {frames} frames: {:#?}", run.seen);
        let requests = run.count("http.request");
        assert!(run.said(&format!(": {requests} requests")), "{way}: {requests} requests: {:#?}", run.seen);
        let empty = run.count("http.response.code == 204");
        assert!(run.said(&format!("({empty} of them for nothing)")), "{way}: {empty}");
        assert_eq!(empty > 0, way == "polling", "{way}");
    }
}

/// Runs the program itself and gives what it wrote, read back.
fn saved(params: &[&str]) -> Capture {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.pcapng");
    let mut command = Command::new(EXE);
    command.args(["lab", "unix-socket", "-q", "-w"]).arg(&file);
    for param in params {
        command.args(["-p", param]);
    }
    let out = command.stdin(Stdio::null()).output().unwrap();
    assert!(out.status.success(), "{out:?}");
    let bytes = std::fs::read(file).unwrap();
    let mut intake = Intake::new();
    intake.feed(&bytes);
    intake.finish();
    let (records, batch) = intake.take();
    let mut capture = Capture::new(Arc::new(bytes));
    records.into_iter().for_each(|r| capture.trace.append(r));
    capture.index.apply(batch);
    capture
}

#[test]
fn a_unix_socket_makes_calls_and_no_frame_and_both_come_back_from_the_file() {
    if !possible() {
        return;
    }
    for kind in ["stream", "seqpacket"] {
        let capture = saved(&["beside=none", &format!("kind={kind}"), "count=2"]);
        assert!(capture.trace.is_empty(), "{kind}");
        let calls: Vec<_> = capture.trace.calls.iter().collect();
        let names: Vec<_> = calls.iter().filter(|c| c.host == Host::Server).map(|c| c.what.name()).collect();
        assert_eq!(&names[..4], ["socket", "bind", "listen", "accept"], "{kind}: {names:?}");
        assert_eq!(names.last(), Some(&"unlink"), "{kind}");
        let path = calls.iter().find_map(|c| if let What::Unlink { path } = &c.what { Some(path.clone()) } else { None }).unwrap();
        assert!(calls.iter().any(|c| c.what == What::Connect { to: Addr::Path(path.clone()) }), "{kind}");
        assert!(!Path::new(&path).exists(), "nothing is left behind");
        // Two messages written at once: a stream joins them, packets stay apart.
        let reads = calls.iter().filter(|c| c.host == Host::Server && c.what.name() == "read" && c.bytes() > 0).count();
        assert_eq!(reads, if kind == "stream" { 3 } else { 4 }, "{kind}");
        assert!(capture.trace.notes.iter().any(|n| n.text.en.contains("inode")), "the notes come back, too");
    }
}

#[test]
fn over_unix_sockets_pipes_and_tcp_each_read_leads_to_the_write_it_came_from() {
    if !possible() {
        return;
    }
    let capture = saved(&["left=again"]);
    assert!(!capture.trace.is_empty(), "TCP beside it makes packets");
    let mut joins = Joins::default();
    joins.grow(&capture);
    let (mut paths, mut pipes, mut inet) = (0, 0, 0);
    for (id, call) in capture.trace.calls.since(0) {
        if call.bytes() == 0 || !matches!(call.what, What::Read { .. } | What::Write { .. }) {
            continue;
        }
        let partner = joins.partner(&capture, id);
        assert!(!partner.is_empty(), "{call:?}");
        for other in partner.iter().map(|id| capture.trace.calls.get(*id).unwrap()) {
            assert_ne!(other.host, call.host, "{call:?}");
            assert_ne!(other.what.name(), call.what.name(), "{call:?}");
        }
        match &call.local {
            Some(Addr::Path(path)) if path.starts_with("pipe:[") => pipes += 1,
            Some(Addr::Path(_)) => paths += 1,
            _ => inet += 1,
        }
    }
    assert!(paths >= 12 && pipes >= 12 && inet >= 12, "{paths} {pipes} {inet}");
    let failed = |name: &str| capture.trace.calls.iter().filter(|c| c.what.name() == name).find_map(|c| c.errno());
    assert_eq!((failed("bind"), failed("connect")), (Some(libc::EADDRINUSE), Some(libc::ECONNREFUSED)));
}

#[test]
fn a_cancelled_run_leaves_no_path_behind() {
    if !possible() {
        return;
    }
    let mut run = Run::start(&spec(Some("unix-socket"), &[("count", "1000"), ("size", "50000"), ("beside", "none")]));
    let LabEvent::Started { server: Some(path), .. } = run.until(|e| matches!(e, LabEvent::Started { .. })) else { unreachable!() };
    run.session.stop();
    run.ended();
    assert!(path.starts_with('/') && !Path::new(&path).exists(), "{path}");
}
