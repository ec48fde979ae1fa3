//! Holds filters against tshark: the same frames, and refused where it refuses.
//!
//! `tests/golden/filters.txt` has what tshark 4.0 said: a capture in brackets, then lines of a filter, a tab and its frames
//! (`-` none, `!` refused), and behind another tab the reason where osiscope differs on purpose. `OSISCOPE_BLESS=1` asks tshark
//! for the frames of those filters that have none behind them, and writes the file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/corpus.rs"]
mod corpus;

use osiscope::engine::load;
use osiscope::filter::{Every, Fact, Facts, Filter, Look, Name, Plan, names};
use osiscope::flow::Order;
use osiscope::flow::explain::{Shown, WhenWhole};
use osiscope::timeline::Capture;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

const REFUSED: &str = "!";
const NONE: &str = "-";
/// A field that is not ours.
const FOREIGN: &str = "?";

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/filters.txt")
}

fn capture(path: &Path) -> Capture {
    let bytes = Arc::new(std::fs::read(path).unwrap());
    load::whole(bytes.clone(), &mut bytes.as_slice(), Order::Arrived).unwrap()
}

/// Frame numbers as in the golden file: `1-4 7`.
fn shown(frames: &[u32]) -> String {
    let mut out = String::new();
    let mut all = frames.iter().copied().peekable();
    while let Some(first) = all.next() {
        let mut last = first;
        while all.peek() == Some(&(last + 1)) {
            last = all.next().unwrap();
        }
        let space = if out.is_empty() { "" } else { " " };
        let range = if first == last { first.to_string() } else { format!("{first}-{last}") };
        write!(out, "{space}{range}").unwrap();
    }
    if out.is_empty() { NONE.to_owned() } else { out }
}

fn ours(capture: &Capture, filter: &str) -> String {
    let filter = match Filter::parse(filter, &Every) {
        Ok(filter) => filter,
        Err(error) => return if error.unknown { FOREIGN } else { REFUSED }.to_owned(),
    };
    let again = Filter::parse(&filter.to_string(), &Every);
    let again = again.unwrap_or_else(|e| panic!("{filter} is not read again: {}", e.why.en));
    assert_eq!(again.to_string(), filter.to_string(), "the normal form is not the normal form");
    let mut look = Look::new(&capture.trace, &capture.index, Shown::WhenWhole(WhenWhole::of(&capture.index)));
    let all: Vec<u32> = (0..capture.trace.len()).filter(|f| filter.passes(look.at(*f))).map(|f| f + 1).collect();
    let same: Vec<u32> = (0..capture.trace.len()).filter(|f| again.passes(look.at(*f))).map(|f| f + 1).collect();
    assert_eq!(all, same, "{filter} means another thing when read again");
    let showing = Plan::showing(&filter, &capture.trace, &capture.index, look.shown());
    for plan in [Plan::new(&filter, &capture.trace, &capture.index), showing] {
        let planned: Vec<u32> = plan.passing(0..capture.trace.len(), &mut look).map(|f| f + 1).collect();
        assert_eq!(all, planned, "{filter} lets other frames through when asked of the columns");
    }
    shown(&all)
}

fn tshark(path: &Path, filter: &str) -> String {
    let mut run = Command::new("tshark");
    run.arg("-n").arg("-r").arg(path).args(["-Y", filter, "-T", "fields", "-e", "frame.number"]);
    match run_of(&mut run) {
        Some(text) => shown(&text.lines().filter_map(|l| l.parse().ok()).collect::<Vec<u32>>()),
        None => REFUSED.to_owned(),
    }
}

fn run_of(command: &mut Command) -> Option<String> {
    let out = command.output().unwrap();
    out.status.success().then(|| String::from_utf8(out.stdout).unwrap())
}

#[test]
fn the_same_frames_pass_as_in_tshark() {
    let Some(folder) = corpus::folder() else { return };
    let bless = std::env::var_os("OSISCOPE_BLESS").is_some();
    let text = std::fs::read_to_string(golden()).unwrap();
    let (mut out, mut wrong, mut asked, mut foreign) = (String::new(), String::new(), 0, 0);
    let mut open: Option<(PathBuf, Capture)> = None;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            let path = folder.join("open").join(name);
            open = Some((path.clone(), capture(&path)));
            writeln!(out, "{line}").unwrap();
            continue;
        }
        if line.starts_with("# ") || line.is_empty() {
            writeln!(out, "{line}").unwrap();
            continue;
        }
        let (path, capture) = open.as_ref().expect("a capture stands before its filters");
        let mut cells = line.split('\t');
        let (filter, stored, why) = (cells.next().unwrap(), cells.next().unwrap_or(""), cells.next());
        let expected = if bless && stored.is_empty() { tshark(path, filter) } else { stored.to_owned() };
        writeln!(out, "{filter}\t{expected}{}", why.map(|why| format!("\t{why}")).unwrap_or_default()).unwrap();
        let found = ours(capture, filter);
        asked += 1;
        foreign += usize::from(found == FOREIGN && expected != REFUSED);
        let same = found == expected || found == FOREIGN;
        if same == why.is_some() {
            writeln!(wrong, "{}: {filter}\n    tshark   {expected}\n    osiscope {found}", corpus::name(path)).unwrap();
        }
    }
    if bless {
        std::fs::write(golden(), out).unwrap();
    }
    assert!(asked >= 200, "only {asked} filters");
    assert!(foreign * 10 < asked, "{foreign} of {asked} filters ask for fields that are not known");
    assert!(wrong.is_empty(), "{wrong}");
}

/// Frames of each capture whose every protocol is asked both ways.
const FRAMES: u32 = 100;

#[test]
fn every_protocol_is_the_same_read_quickly_and_by_dissection() {
    let Some(folder) = corpus::folder() else { return };
    let protocols = names::all().iter().filter(|n| matches!(names::find(n), Some(Name::Protocol(_))));
    let protocols: Vec<&str> = protocols.copied().collect();
    let mut there = 0;
    for path in corpus::captures(&folder.join("open")) {
        let capture = capture(&path);
        let shown = Shown::WhenWhole(WhenWhole::of(&capture.index));
        let mut quick = Look::new(&capture.trace, &capture.index, shown.clone());
        let mut thorough = Look::thorough(&capture.trace, &capture.index, shown);
        for frame in 0..capture.trace.len().min(FRAMES) {
            for name in &protocols {
                let found = names::find(name).unwrap();
                let all = |look: &mut Look<'_>| {
                    let mut all = Vec::new();
                    look.at(frame).each(found, &mut |fact, bytes| {
                        let own = if let Fact::Layer(own) = fact { own } else { bytes.len() };
                        all.push((own, bytes.to_vec()));
                        true
                    });
                    all
                };
                let (one, other) = (all(&mut quick), all(&mut thorough));
                let place = format!("{name} in frame {} of {}", frame + 1, corpus::name(&path));
                assert_eq!(one, other, "{place}: read quickly, and by dissection");
                assert_eq!(quick.has(found), !other.is_empty(), "{place}: is it there?");
                there += other.len();
            }
        }
    }
    assert!(there > 1000);
}
