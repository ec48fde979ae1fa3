//! `cargo bench`: what the program costs beside tshark, on captures made for it.
//!
//! ```text
//! cargo bench                          the table: summary against tshark, memory, one long body, the curve
//! cargo bench -- load [FRAMES]         loading a large web capture (10,000,000 frames: 8 GB in the temporary folder)
//! cargo bench -- live                  eight HTTP clients captured live, tcpdump beside it
//! cargo bench -- generate KIND N FILE  one of the captures: web, ws, dns, bulk, lo, bodyMB
//! ```
//! `OSISCOPE_BENCH_FRAMES` (1,000,000) and `OSISCOPE_BENCH_RUNS` (5) change the table; `TMPDIR` says where captures go.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod generate;
mod live;
mod load;
mod measure;

use generate::Kind;
use measure::{Cost, median, run};
use std::path::{Path, PathBuf};

/// Processor time against `tshark -q -z io,stat,0`: not more than one in so many.
const GOALS: [(&str, f64); 5] = [("web", 60.0), ("ws", 25.0), ("dns", 18.0), ("bulk", 30.0), ("lo", 20.0)];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    match words.as_slice() {
        ["generate", kind, frames, file] => {
            let kind = Kind::of(kind).expect("web, ws, dns, bulk, lo, bodyMB");
            generate::write(kind, frames.parse().expect("a number of frames"), file.as_ref()).expect("written");
        }
        ["live"] => live::live(folder.path()),
        ["load", rest @ ..] => {
            let frames = rest.first().map_or(10_000_000, |n| n.parse().expect("a number of frames"));
            load_all(folder.path(), frames);
        }
        ["load-file", file] => print_load(file.as_ref(), folder.path()),
        _ => table(folder.path()),
    }
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(usual)
}

fn make(folder: &Path, kind: &str, frames: u64) -> PathBuf {
    let path = folder.join(format!("{kind}-{frames}.pcap"));
    generate::write(Kind::of(kind).expect("a kind"), frames, &path).expect("a capture");
    path
}

fn ours(file: &Path) -> Option<Cost> {
    run(Path::new(env!("CARGO_BIN_EXE_osiscope")), &["summary", file.to_str()?])
}

fn theirs(file: &Path) -> Option<Cost> {
    run(Path::new("tshark"), &["-n", "-q", "-z", "io,stat,0", "-r", file.to_str()?])
}

fn table(folder: &Path) {
    let (frames, runs) = (number("OSISCOPE_BENCH_FRAMES", 1_000_000), number("OSISCOPE_BENCH_RUNS", 5));
    println!("{:<6} {:>10} {:>10} {:>10} {:>9} {:>7} {:>14} {:>14}", "", "frames", "tshark s", "summary s", "ratio", "goal", "tshark B/frame", "ours B/frame");
    for (kind, goal) in GOALS {
        let frames = if kind == "lo" { frames * 9 / 40 } else { frames };
        let file = make(folder, kind, frames);
        let (mut a, mut b) = (Vec::new(), Vec::new());
        // In turn, so that both meet the same machine.
        for i in 0..runs {
            a.extend(ours(&file));
            if i < runs.div_ceil(2) {
                b.extend(theirs(&file));
            }
        }
        let ours = median(a).expect("osiscope summary runs");
        let per_frame = |cost: Cost| cost.anon * 1048576.0 / frames as f64;
        match median(b) {
            Some(theirs) => println!(
                "{kind:<6} {frames:>10} {:>10.2} {:>10.3} {:>9.1} {goal:>7} {:>14.0} {:>14.0}",
                theirs.cpu,
                ours.cpu,
                theirs.cpu / ours.cpu,
                per_frame(theirs),
                per_frame(ours)
            ),
            None => println!("{kind:<6} {frames:>10} {:>10} {:>10.3} (no tshark here) {:>22.0}", "-", ours.cpu, per_frame(ours)),
        }
        let _ = std::fs::remove_file(file);
    }
    let bodies: Vec<Cost> = ["body10", "body40"]
        .map(|kind| {
            let file = make(folder, kind, 0);
            median((0..2 * runs).filter_map(|_| ours(&file)).collect()).expect("osiscope summary runs")
        })
        .to_vec();
    println!("one body of 40 MB against 10 MB: {:.1} times ({:.3} s, {:.3} s)", bodies[1].cpu / bodies[0].cpu, bodies[1].cpu, bodies[0].cpu);
    println!("the curve (web, and a million flows of dns):");
    for (kind, n) in [("web", frames / 10), ("web", frames), ("web", frames * 3), ("dns", frames * 164 / 100)] {
        let file = make(folder, kind, n);
        let cost = median((0..3).filter_map(|_| ours(&file)).collect()).expect("osiscope summary runs");
        println!("  {kind} {n:>9} frames: {:>7.3} s, {:>5.0} ns a frame", cost.cpu, cost.cpu * 1e9 / n as f64);
        let _ = std::fs::remove_file(file);
    }
}

fn load_all(folder: &Path, frames: u64) {
    for n in [frames / 100, frames / 10, frames] {
        let file = make(folder, "web", n);
        let cost = ours(&file).expect("osiscope summary runs");
        println!("summary, {n:>9} frames: {:>6.2} s CPU, {:>6.2} s, {:>4.0} ns a frame, {:.0} MB", cost.cpu, cost.wall, cost.cpu * 1e9 / n as f64, cost.anon);
        print_load(&file, folder);
        let _ = std::fs::remove_file(file);
    }
}

fn print_load(file: &Path, folder: &Path) {
    // The file is in memory before it is measured, as far as it fits.
    let _ = ours(file);
    let l = load::load(file, folder);
    println!(
        "load, {:>12} frames: first rows {:.3} s, all {:.2} s; the window's thread at most {:.1} ms at once ({:.1} ms of processor); {:.0} MB ({:.1} B a frame; at most {:.0} MB), of it tables {:.0} MB",
        l.frames,
        l.first,
        l.all,
        l.longest,
        l.busiest,
        l.anon,
        l.anon * 1048576.0 / l.frames as f64,
        l.most,
        l.tables
    );
}
