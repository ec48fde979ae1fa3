//! The lean pass and the rich view against real captures, and against what tshark says of them.
//!
//! The captures are in the folder that `OSISCOPE_CORPUS` names; without it these tests say so and do nothing.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use osiscope::flow::stream::gather;
use osiscope::flow::{Dir, Index, MarkKind, NO_FLOW, Row, Tracker, Transport};
use osiscope::trace::read::Parser;
use osiscope::trace::{FrameId, Record, Trace};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn corpus() -> Option<PathBuf> {
    let dir = std::env::var_os("OSISCOPE_CORPUS").map(PathBuf::from).filter(|d| d.is_dir());
    if dir.is_none() {
        eprintln!("SKIPPED: OSISCOPE_CORPUS names no folder of captures");
    }
    dir
}

fn captures(dir: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    all.retain(|p| p.extension().is_some_and(|e| e == "pcap" || e == "pcapng"));
    all.sort();
    assert!(!all.is_empty(), "no captures in {}", dir.display());
    all
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn read(file: Vec<u8>) -> (Trace, Index) {
    let mut tracker = Tracker::new();
    let mut index = Index::default();
    let mut records = Vec::new();
    let mut parser = Parser::new();
    parser.feed(&file, &mut |record, _| records.push(record));
    parser.finish();
    let mut trace = Trace::new(Arc::new(file));
    let mut buf = Vec::new();
    for record in records {
        let frame = matches!(record, Record::Frame(..));
        trace.append(record);
        if frame {
            let id = trace.len() - 1;
            tracker.push(&trace.frame(id, &mut buf).unwrap());
            // Odd-sized batches: what is found must not depend on when it is asked for.
            if id % 7 == 3 {
                index.apply(tracker.take());
            }
        }
    }
    tracker.finish();
    index.apply(tracker.take());
    assert_eq!(index.rows.len(), trace.frames.len());
    (trace, index)
}

fn load(path: &Path) -> (Trace, Index) {
    read(std::fs::read(path).unwrap())
}

/// The rows of a table of tshark's, each as column name to value.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let mut lines = text.lines();
    let head: Vec<String> = lines.next().unwrap_or("").split('\t').map(str::to_owned).collect();
    lines.map(|l| head.iter().cloned().zip(l.split('\t').map(str::to_owned)).collect()).collect()
}

fn at(index: &Index, frame: FrameId) -> &Row {
    index.row(frame).unwrap()
}

const MARKS: [(MarkKind, &str); 15] = [
    (MarkKind::Retransmission, "tcp.analysis.retransmission"),
    (MarkKind::FastRetransmission, "tcp.analysis.fast_retransmission"),
    (MarkKind::SpuriousRetransmission, "tcp.analysis.spurious_retransmission"),
    (MarkKind::OutOfOrder, "tcp.analysis.out_of_order"),
    (MarkKind::LostSegment, "tcp.analysis.lost_segment"),
    (MarkKind::AckLostSegment, "tcp.analysis.ack_lost_segment"),
    (MarkKind::DuplicateAck, "tcp.analysis.duplicate_ack_num"),
    (MarkKind::KeepAlive, "tcp.analysis.keep_alive"),
    (MarkKind::KeepAliveAck, "tcp.analysis.keep_alive_ack"),
    (MarkKind::ZeroWindow, "tcp.analysis.zero_window"),
    (MarkKind::ZeroWindowProbe, "tcp.analysis.zero_window_probe"),
    (MarkKind::ZeroWindowProbeAck, "tcp.analysis.zero_window_probe_ack"),
    (MarkKind::WindowUpdate, "tcp.analysis.window_update"),
    (MarkKind::WindowFull, "tcp.analysis.window_full"),
    (MarkKind::ReusedPorts, "tcp.analysis.reused_ports"),
];

/// Where our marks differ from tshark's columns, one line a frame and mark.
fn mark_differences(name: &str, index: &Index, rows: &[BTreeMap<String, String>]) -> Vec<String> {
    let mut out = Vec::new();
    for (i, want) in rows.iter().enumerate() {
        for (kind, column) in MARKS {
            let Some(theirs) = want.get(column) else { continue };
            let theirs = !theirs.is_empty() && theirs != "0";
            let ours = index.rows.get(i).is_some_and(|r| r.marked(kind));
            if ours != theirs {
                let who = if ours { "only ours" } else { "only tshark's" };
                out.push(format!("{name} #{}: {} ({who})", i + 1, kind.field()));
            }
        }
    }
    out
}

#[test]
fn marks_are_tsharks_on_the_vectors() {
    let Some(corpus) = corpus() else { return };
    let mut wrong = Vec::new();
    for path in captures(&corpus.join("tcp-vectors")) {
        let (_, index) = load(&path);
        let rows = table(&path.with_extension("tsv"));
        assert_eq!(rows.len(), index.rows.len(), "{}", path.display());
        wrong.extend(mark_differences(&name(&path), &index, &rows));
        let mut streams = BTreeMap::new();
        for (i, want) in rows.iter().enumerate() {
            let ours = index.rows[i].flow;
            assert_eq!(*streams.entry(want["tcp.stream"].clone()).or_insert(ours), ours, "{} #{}", name(&path), i + 1);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn marks_are_tsharks_on_real_captures() {
    let Some(corpus) = corpus() else { return };
    let mut wrong = Vec::new();
    for path in captures(&corpus.join("open")) {
        let (_, index) = load(&path);
        let rows = table(&corpus.join("oracle").join(format!("{}.tsv", name(&path))));
        assert_eq!(rows.len(), index.rows.len(), "{}", path.display());
        wrong.extend(mark_differences(&name(&path), &index, &rows));
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_mark_says_why_in_both_languages() {
    let Some(corpus) = corpus() else { return };
    let mut seen = 0;
    for path in captures(&corpus.join("tcp-vectors")).into_iter().chain(captures(&corpus.join("open"))) {
        let (_, index) = load(&path);
        for (frame, mark) in &index.marks {
            assert!(at(&index, *frame).marked(mark.kind));
            assert!(mark.because.ja.len() > 20 && mark.because.en.len() > 20, "{mark:?}");
            assert_ne!(mark.because.ja, mark.because.en);
            seen |= mark.kind.bit();
        }
    }
    for (kind, _) in MARKS {
        assert!(seen & kind.bit() != 0, "no capture shows {kind:?}");
    }
}
