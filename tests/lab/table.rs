//! The whole table, walked: every exchange with its defaults and with each of its choices.

use super::{EXE, PATIENCE, bounded, possible};
use osiscope::flow::{Row, Transport};
use osiscope::lab::TABLE;
use osiscope::timeline::{Capture, ExchangeInfo, Intake, Joins, ParamKind};
use osiscope::timeline::join::Sender;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

/// The defaults, and then each other choice alone.
fn ways(info: &ExchangeInfo) -> Vec<Option<String>> {
    let mut ways = vec![None];
    for param in info.params {
        if let ParamKind::Choice { options } = param.kind {
            ways.extend(options.iter().skip(1).map(|o| Some(format!("{}={}", param.name, o.0))));
        }
    }
    ways
}

fn open(bytes: Vec<u8>) -> (Capture, Joins) {
    let mut intake = Intake::new();
    intake.feed(&bytes);
    intake.finish();
    let (records, batch) = intake.take();
    let mut capture = Capture::new(Arc::new(bytes));
    records.into_iter().for_each(|r| capture.trace.append(r));
    capture.index.apply(batch);
    let mut joins = Joins::default();
    joins.grow(&capture);
    (capture, joins)
}

/// Frames of TCP with data, SYN or FIN, and datagrams of UDP, that no call is known to have sent. The SYN of an answer is the
/// kernel's, and what the kernel sends again is asked for by nobody.
fn without_a_call(capture: &Capture, joins: &Joins) -> Vec<String> {
    let mut without = Vec::new();
    for frame in 0..capture.trace.len() {
        let Some(row) = capture.index.row(frame) else { continue };
        let asked = match row.transport {
            Transport::Tcp => row.payload_len > 0 || row.has(Row::FIN) || row.has(Row::SYN) && !row.has(Row::ACK),
            Transport::Udp => true,
            _ => false,
        };
        let joined = joins.of_frame(capture, frame);
        if asked && joined.as_ref().is_none_or(|j| j.why != Sender::Calls || j.sent_by.is_empty()) {
            without.push(format!("#{}: {joined:?}", frame + 1));
        }
    }
    without
}

#[test]
fn every_exchange_ends_by_itself_and_every_frame_that_was_asked_for_has_its_call() {
    if !possible() {
        return;
    }
    for exchange in TABLE {
        let info = exchange.info();
        for way in ways(info) {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("run.pcapng");
            let mut command = Command::new(EXE);
            command.args(["lab", info.name, "-q", "-w"]).arg(&file);
            if let Some(way) = &way {
                command.args(["-p", way]);
            }
            for (name, value) in bounded(info) {
                command.args(["-p", &format!("{name}={value}")]);
            }
            let since = Instant::now();
            let out = command.stdin(Stdio::null()).output().unwrap();
            let took = since.elapsed();
            assert!(out.status.success(), "{} {way:?}: {out:?}", info.name);
            assert!(took < PATIENCE, "{} {way:?}: {took:?}", info.name);
            let (capture, joins) = open(std::fs::read(&file).unwrap());
            assert!(!capture.trace.calls.is_empty(), "{} {way:?}: no calls", info.name);
            let without = without_a_call(&capture, &joins);
            assert!(without.is_empty(), "{} {way:?}: {without:#?}", info.name);
        }
    }
}
