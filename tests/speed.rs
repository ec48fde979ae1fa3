//! The speed of the whole pass, on small captures: fails only where something has gone badly wrong. `cargo bench` measures.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../benches/generate/mod.rs"]
#[allow(dead_code)]
mod generate;
#[path = "../benches/measure.rs"]
#[allow(dead_code)]
#[allow(dead_code)]
mod measure;

use generate::Kind;
use measure::{Cost, median, run};
use std::path::{Path, PathBuf};

/// Built without optimisation the program is many times slower; what grows too fast grows too fast all the same.
const SLOW: bool = cfg!(debug_assertions);

fn make(folder: &Path, kind: &str, frames: u64) -> PathBuf {
    let path = folder.join(format!("{kind}-{frames}.pcap"));
    generate::write(Kind::of(kind).unwrap(), frames, &path).unwrap();
    path
}

fn summary(file: &Path) -> Cost {
    let program = Path::new(env!("CARGO_BIN_EXE_osiscope"));
    median((0..3).map(|_| run(program, &["summary", file.to_str().unwrap()]).unwrap()).collect()).unwrap()
}

#[test]
fn a_summary_costs_a_small_part_of_what_tshark_needs() {
    let folder = tempfile::tempdir().unwrap();
    for (kind, frames) in [("web", 60_000), ("ws", 60_000), ("dns", 60_000)] {
        let file = make(folder.path(), kind, frames);
        let args = ["-n", "-q", "-z", "io,stat,0", "-r", file.to_str().unwrap()];
        let Some(theirs) = run(Path::new("tshark"), &args) else {
            println!("SKIPPED: there is no tshark here to compare with");
            return;
        };
        let ours = summary(&file);
        let ratio = theirs.cpu / ours.cpu.max(0.001);
        println!("{kind}: tshark {:.2} s, summary {:.3} s: {ratio:.1}", theirs.cpu, ours.cpu);
        let least = if SLOW { 0.8 } else { 8.0 };
        assert!(ratio > least, "{kind}: only {ratio:.1} times faster than tshark");
    }
}

#[test]
fn cost_grows_with_the_frames_and_not_faster() {
    let folder = tempfile::tempdir().unwrap();
    for kind in ["web", "dns", "bulk"] {
        let [small, large] = [30_000, 120_000].map(|n| summary(&make(folder.path(), kind, n)));
        println!("{kind}: {:.3} s, {:.3} s, {:.1} MB", small.cpu, large.cpu, large.anon);
        assert!(large.cpu < small.cpu * 8.0 + 0.1, "{kind}: four times the frames cost {:.1} times", large.cpu / small.cpu);
        assert!(large.anon < 40.0, "{kind}: {:.0} MB of memory for 120,000 frames", large.anon);
    }
}

#[test]
fn one_long_body_costs_no_more_than_its_length() {
    let folder = tempfile::tempdir().unwrap();
    let [small, large] = ["body5", "body20"].map(|kind| summary(&make(folder.path(), kind, 0)));
    println!("body: {:.3} s, {:.3} s", small.cpu, large.cpu);
    assert!(large.cpu < small.cpu * 8.0 + 0.1, "four times the body costs {:.1} times", large.cpu / small.cpu);
}

#[test]
fn a_capture_made_twice_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b] = [1, 2].map(|n| {
        let path = folder.path().join(n.to_string());
        generate::write(Kind::Web, 4000, &path).unwrap();
        std::fs::read(path).unwrap()
    });
    assert!(a == b && a.len() > 1_000_000, "{} and {} bytes", a.len(), b.len());
}
