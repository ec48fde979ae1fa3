//! The command line as a person types it: output, exit codes, errors on standard error.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_osiscope"));
        command.args(args).env("HOME", self.0.path()).env("LANG", "C").stdin(Stdio::null());
        for variable in ["XDG_STATE_HOME", "XDG_CONFIG_HOME", "DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "LC_ALL", "LC_MESSAGES"] {
            command.env_remove(variable);
        }
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn capture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(name)
}

fn have(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|o| o.status.success())
}

/// Exchanges can run here; says so loudly where they cannot.
fn lab_works(home: &Home) -> bool {
    let works = home.run(&["doctor"]).status.success();
    if !works {
        eprintln!("SKIPPED: no name space of one's own can be made here: {}", text(&home.run(&["doctor"]).stdout));
    }
    works
}

#[test]
fn help_names_every_command_and_gives_examples() {
    let out = Home::new().run(&["--help"]);
    assert!(out.status.success());
    let help = text(&out.stdout);
    for word in ["lab", "read", "doctor", "tcpdump", "Exit codes", "--lang"] {
        assert!(help.contains(word), "{word}");
    }
    assert!(!help.contains("__"), "the helper processes are nobody's business");
}

#[test]
fn without_a_display_the_window_names_what_works_without_one() {
    let out = Home::new().run(&[]);
    assert_eq!(out.status.code(), Some(1));
    let why = text(&out.stderr);
    assert_eq!(why.lines().count(), 1, "{why}");
    for command in ["osiscope lab", "osiscope read", "osiscope doctor"] {
        assert!(why.contains(command), "{why}");
    }
}

#[test]
fn mistakes_end_with_a_code_and_a_reason_on_standard_error() {
    let home = Home::new();
    let cases: [(&[&str], i32, &str); 8] = [
        (&["lab", "nothing"], 1, "tcp-echo"),
        (&["lab", "http", "-p", "size=-1"], 1, "whole number"),
        (&["lab", "http", "-p", "colour=red"], 1, "request"),
        (&["lab", "http", "-p", "size"], 1, "NAME=VALUE"),
        (&["capture.pcap", "doctor"], 2, "capture.pcap"),
        (&["read"], 2, "FILE"),
        (&["read", "/there/is/none"], 1, "/there/is/none"),
        (&["--lang", "de"], 2, "ja or en"),
    ];
    for (args, code, word) in cases {
        let out = home.run(args);
        assert_eq!(out.status.code(), Some(code), "{args:?}");
        assert!(text(&out.stderr).contains(word), "{args:?}: {}", text(&out.stderr));
        assert!(out.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn read_prints_a_line_a_frame_from_a_file_and_from_a_pipe() {
    let home = Home::new();
    let path = capture("http.pcap");
    let file = home.run(&["read", path.to_str().unwrap()]);
    assert!(file.status.success());
    assert_eq!(text(&file.stdout).lines().count(), 12);
    let mut child = home.command(&["read", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(child.wait_with_output().unwrap().stdout, file.stdout);
    let few = home.run(&["read", "-c", "3", path.to_str().unwrap()]);
    assert_eq!(text(&few.stdout).lines().count(), 3);
}

#[test]
fn read_of_a_damaged_file_prints_what_is_good_then_says_where_it_ends() {
    let home = Home::new();
    let whole = std::fs::read(capture("http.pcap")).unwrap();
    let path = home.0.path().join("cut.pcap");
    std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    let out = home.run(&["read", path.to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(1));
    assert_eq!(text(&out.stdout).lines().count(), 11);
    assert!(text(&out.stderr).contains("cut off"), "{}", text(&out.stderr));
}

#[test]
fn a_reader_that_goes_away_ends_the_printing_quietly() {
    let home = Home::new();
    let mut child = home.command(&["read", capture("websocket.pcap").to_str().unwrap()]);
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let out = child.wait_with_output().unwrap();
    assert_eq!(text(&out.stderr), "", "no panic, no word");
}

#[test]
fn the_list_names_every_exchange_and_every_choice() {
    let out = Home::new().run(&["lab", "--list"]);
    let list = text(&out.stdout);
    for exchange in osiscope::lab::infos() {
        assert!(list.contains(exchange.name));
        for param in exchange.params {
            assert!(list.contains(&format!("-p {}=", param.name)), "{} {}", exchange.name, param.name);
        }
    }
}

#[test]
fn a_lab_run_tells_its_story_in_both_languages_and_tshark_reads_what_it_wrote() {
    let home = Home::new();
    if !lab_works(&home) {
        return;
    }
    for (lang, words) in [("en", "May I send to you?"), ("ja", "送っていい？")] {
        let path = home.0.path().join(format!("{lang}.pcapng"));
        let out = home.run(&["--lang", lang, "lab", "http", "-w", path.to_str().unwrap()]);
        assert!(out.status.success(), "{}", text(&out.stderr));
        let story = text(&out.stdout);
        for word in [words, "GET /users/1", "200 OK", "connect(", "accept("] {
            assert!(story.contains(word), "{word} is not in:\n{story}");
        }
        if have("tshark") {
            let out = Command::new("tshark").args(["-n", "-T", "fields", "-e", "http.request.method", "-e", "http.response.code", "-r"]).arg(&path).output().unwrap();
            let seen: Vec<_> = text(&out.stdout).split_whitespace().map(str::to_owned).collect();
            assert_eq!(seen, ["GET", "200", "GET", "200"]);
        } else {
            eprintln!("SKIPPED: no tshark to compare with");
        }
    }
}

#[test]
fn a_closed_udp_port_answers_with_icmp() {
    let home = Home::new();
    if !lab_works(&home) {
        return;
    }
    let out = home.run(&["lab", "udp-echo", "-p", "target=closed", "-p", "count=1"]);
    assert!(out.status.success(), "{}", text(&out.stderr));
    assert!(text(&out.stdout).contains("cannot be reached"), "{}", text(&out.stdout));
}

#[test]
fn an_error_is_explained_in_both_languages_where_it_is_met() {
    let home = Home::new();
    if !lab_works(&home) {
        return;
    }
    for (lang, cause, seen) in [("en", "no program listens on that port", "See it in: refused"), ("ja", "待っているプログラムがありません", "実験で見る：refused")] {
        let out = home.run(&["--lang", lang, "lab", "refused", "-p", "count=3"]);
        assert!(out.status.success(), "{}", text(&out.stderr));
        let story = text(&out.stdout);
        assert_eq!(story.matches("→ ECONNREFUSED: Connection refused").count(), 3, "{story}");
        assert_eq!((story.matches(cause).count(), story.matches(seen).count()), (1, 1), "explained once: {story}");
    }
}

#[test]
fn with_the_right_to_capture_the_hosts_loopback_works_with_a_filter() {
    let home = Home::new();
    if osiscope::capture::rights::may_capture().is_err() {
        eprintln!("SKIPPED: no right to capture from the host's interfaces");
        return;
    }
    let out = home.run(&["lab", "tcp-echo", "--interface", "lo", "--filter", "tcp port 4717", "-p", "port=4717", "-p", "count=1"]);
    assert!(out.status.success(), "{}", text(&out.stderr));
    let story = text(&out.stdout);
    assert!(story.contains("SYN seq=0") && story.contains("FIN") && story.contains(", 0 frames lost"), "{story}");
    let bad = home.run(&["lab", "tcp-echo", "--interface", "lo", "--filter", "no such filter"]);
    assert_eq!(bad.status.code(), Some(1));
    assert!(!bad.stderr.is_empty());
}

#[test]
fn an_interrupt_ends_a_run_and_what_was_captured_is_written() {
    let home = Home::new();
    if !lab_works(&home) {
        return;
    }
    let path = home.0.path().join("part.pcapng");
    let args = ["lab", "tcp-echo", "-p", "count=1000", "-p", "pause=100", "-q", "-w", path.to_str().unwrap()];
    let child = home.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT).unwrap();
    let out = child.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(130), "{}", text(&out.stderr));
    let read = home.run(&["read", path.to_str().unwrap()]);
    assert!(read.status.success(), "{}", text(&read.stderr));
    assert!(text(&read.stdout).lines().count() > 10, "{}", text(&read.stdout));
}
