//! Holds the table of rooms: which may use which, and what the pure ones must never do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A room and the rooms it may name. `lang` (the two languages) is free to all.
const TABLE: &[(&str, &[&str])] = &[
    ("lang", &[]),
    ("wire", &[]),
    ("proto", &["wire"]),
    ("trace", &["wire"]),
    ("flow", &["wire", "proto", "trace"]),
    ("filter", &["wire", "proto", "trace", "flow"]),
    ("timeline", &["wire", "proto", "trace", "flow", "filter"]),
    ("app", &["wire", "proto", "trace", "flow", "filter", "timeline"]),
    ("view", &["wire", "proto", "trace", "flow", "filter", "timeline", "app"]),
    ("netns", &["trace", "timeline"]),
    ("capture", &["trace", "wire", "timeline", "netns"]),
    ("lab", &["trace", "wire", "timeline", "capture", "netns"]),
    ("engine", &["wire", "trace", "flow", "filter", "timeline", "app", "capture", "lab", "netns"]),
    ("gui", &["wire", "proto", "trace", "flow", "filter", "timeline", "app", "view", "engine", "lab"]),
    ("cli", &["wire", "proto", "trace", "flow", "filter", "timeline", "app", "view", "engine", "lab", "gui", "capture"]),
];

const PURE: &[&str] = &["lang", "wire", "proto", "trace", "flow", "filter", "timeline", "app", "view"];

/// What a pure room must not do: read a clock, open a file, start something, say something.
const IMPURE: &[&str] = &[
    "Instant::now", "SystemTime::now", "thread::spawn", "process::Command", "File::open", "File::create", "OpenOptions",
    "fs::read", "fs::write", "fs::create", "println!", "eprintln!", "env::var", "TcpStream", "UdpSocket",
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // What stands in `tests/` or `tests.rs` inside a room is test code.
        if path.file_stem().is_some_and(|name| name == "tests") {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

/// The lines of a file that are code and not tests, each with its number.
fn code(text: &str) -> Vec<(usize, &str)> {
    let lines = text.lines().enumerate().map(|(n, line)| (n + 1, line));
    lines.take_while(|(_, line)| line.trim() != "#[cfg(test)]").filter(|(_, line)| !line.trim_start().starts_with("//")).collect()
}

/// Every room named after `crate::` in a line, also in `crate::{a, b}`.
fn rooms_named(line: &str) -> BTreeSet<&str> {
    let rooms: Vec<&str> = TABLE.iter().map(|(room, _)| *room).collect();
    let mut named = BTreeSet::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        let names = rest.strip_prefix('{').map_or_else(|| vec![rest], |list| list.split(", ").collect());
        for name in names {
            let word: &str = name.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            named.extend(rooms.iter().filter(|r| **r == word));
        }
    }
    named
}

fn each_line(mut visit: impl FnMut(&str, &Path, usize, &str)) {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (room, _) in TABLE {
        let folder = src.join(room);
        let all = if folder.is_dir() { files(&folder) } else { vec![src.join(format!("{room}.rs"))] };
        assert!(!all.is_empty(), "the room {room} has no file");
        for path in all {
            let text = fs::read_to_string(&path).unwrap();
            for (number, line) in code(&text) {
                visit(room, &path, number, line);
            }
        }
    }
}

#[test]
fn no_room_uses_one_on_its_right() {
    let mut wrong = Vec::new();
    let mut arrows = 0;
    each_line(|room, path, number, line| {
        let allowed = TABLE.iter().find(|(r, _)| *r == room).unwrap().1;
        for named in rooms_named(line) {
            arrows += 1;
            if named != room && named != "lang" && !allowed.contains(&named) {
                wrong.push(format!("{}:{number}: {room} uses {named}: {}", path.display(), line.trim()));
            }
        }
    });
    assert!(arrows > 50, "the test no longer finds the arrows it is to check: {arrows}");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn pure_rooms_read_no_clock_and_open_nothing() {
    let mut wrong = Vec::new();
    each_line(|room, path, number, line| {
        if PURE.contains(&room) {
            wrong.extend(IMPURE.iter().filter(|i| line.contains(**i)).map(|i| format!("{}:{number}: {i}", path.display())));
        }
    });
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn each_great_library_has_one_home() {
    let homes: &[(&str, &[&str])] = &[
        ("pnet::", &["wire"]),
        ("egui::", &["gui"]),
        ("eframe::", &["gui"]),
        ("pcap::Capture", &["capture"]),
        ("pcap::Device", &["capture"]),
        ("pcap::Error", &["capture"]),
        ("hyper::", &["lab"]),
        ("hickory_proto::", &["lab"]),
        ("tokio_tungstenite::", &["lab"]),
        ("clap::", &["cli"]),
    ];
    let mut wrong = Vec::new();
    each_line(|room, path, number, line| {
        for (library, rooms) in homes {
            let named = line.match_indices(library).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
            if named && !rooms.contains(&room) {
                wrong.push(format!("{}:{number}: {library} outside {rooms:?}", path.display()));
            }
        }
    });
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_file_of_the_source_is_in_a_room() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(&src).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let known = TABLE.iter().any(|(room, _)| name == *room || name == format!("{room}.rs"));
        assert!(known || name == "lib.rs" || name == "main.rs", "src/{name} is in no room of the table");
    }
}
