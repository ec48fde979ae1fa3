//! Every file in `captures/`, read and told in full: one line a frame, its captions, its layers with all fields.
//!
//! `OSISCOPE_BLESS=1 cargo test --test golden` writes the texts anew; look at the difference before it is committed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use osiscope::app::{Model, Prefs};
use osiscope::engine::load;
use osiscope::flow::Order;
use osiscope::lang::Lang;
use osiscope::timeline::{Scope, Sequence};
use osiscope::view::{caption, label, packets};
use osiscope::wire::{Field, Layer};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn captures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures");
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "pcap" || e == "pcapng"))
        .collect();
    found.sort();
    found
}

fn field(out: &mut String, field: &Field, buffer: &[u8], depth: usize) {
    let (name, show, span) = (field.def.name, field.show(buffer), field.span);
    let show: String = show.chars().take(120).collect();
    let show = show.escape_debug();
    writeln!(out, "{:indent$}{name} = {show}  [{}+{}]", "", span.start, span.len, indent = 8 + 2 * depth).unwrap();
    for child in &field.children {
        self::field(out, child, buffer, depth + 1);
    }
}

fn layer(out: &mut String, layer: &Layer, buffer: &[u8]) {
    writeln!(out, "    L{} {} ({} B): {}", layer.osi.number(), layer.title, layer.header.len, layer.summary).unwrap();
    for f in &layer.fields {
        field(out, f, buffer, 0);
    }
}

fn tell(path: &Path) -> String {
    let bytes = Arc::new(fs::read(path).unwrap());
    let capture = load::whole(bytes.clone(), &mut bytes.as_slice(), Order::Sent).unwrap();
    assert_eq!(capture.trace.damage, None, "{}", path.display());
    let mut model = Model::new(Prefs::default(), Lang::En);
    model.sequence = Sequence::of(Scope::All, &capture);
    model.capture = std::sync::Arc::new(capture);
    let mut out = String::new();
    for call in model.capture.trace.calls.iter() {
        writeln!(out, "{:?}: {} -> {:?}", call.host, call.text(), call.result).unwrap();
    }
    for at in 0..model.sequence.len() {
        let frame = model.sequence.frame(at).unwrap();
        let explained = model.explain(frame).unwrap();
        let caption = caption::caption(&model.capture, &explained);
        let states = model.capture.index.row(frame).unwrap().states;
        writeln!(out, "\n{}", packets::row(&model, at).unwrap().line()).unwrap();
        writeln!(out, "    arrow: {}", label::long(&model.capture, &explained)).unwrap();
        writeln!(out, "    states: {} {}", states[0].name(), states[1].name()).unwrap();
        for lang in Lang::ALL {
            writeln!(out, "    {lang:?}: {} | {}", caption.large.get(lang), caption.second.get(lang)).unwrap();
        }
        for l in &explained.dissected.layers {
            layer(&mut out, l, explained.dissected.bytes(l));
        }
        if let Some(stop) = &explained.dissected.stop {
            writeln!(out, "    stop: {}", stop.text().en).unwrap();
        }
    }
    for message in &model.capture.index.messages {
        writeln!(out, "message: {} {:?} {} {:?}", message.proto, message.kind, message.title, message.range).unwrap();
    }
    out
}

#[test]
fn every_capture_reads_as_it_did() {
    let all = captures();
    assert!(all.len() >= 8, "one .pcap and one .pcapng for each exchange: {all:?}");
    let bless = std::env::var_os("OSISCOPE_BLESS").is_some();
    for path in all {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.txt"));
        let told = tell(&path);
        if bless {
            fs::create_dir_all(golden.parent().unwrap()).unwrap();
            fs::write(&golden, &told).unwrap();
            continue;
        }
        let expected = fs::read_to_string(&golden).unwrap_or_else(|e| panic!("{}: {e}", golden.display()));
        if let Some((n, (was, is))) = expected.lines().zip(told.lines()).enumerate().find(|(_, (a, b))| a != b) {
            panic!("{name}, line {}:\n was: {was}\n is:  {is}", n + 1);
        }
        assert_eq!(expected.lines().count(), told.lines().count(), "{name}: one text is longer");
    }
}

#[test]
fn each_capture_inside_the_program_is_of_an_exchange_and_only_the_pcapng_holds_its_calls() {
    for sample in osiscope::engine::samples::SAMPLES {
        let name = sample.name.trim_end_matches(".pcapng");
        assert!(osiscope::lab::by_name(name).is_some(), "{name}");
        for ending in ["pcap", "pcapng"] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(format!("{name}.{ending}"));
            let bytes = Arc::new(fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())));
            let capture = load::whole(bytes.clone(), &mut bytes.as_slice(), Order::Sent).unwrap();
            assert!(capture.trace.len() >= 2, "{}", path.display());
            assert_eq!(capture.trace.total_dropped(), 0, "{}", path.display());
            assert_eq!(capture.trace.calls.is_empty(), ending == "pcap", "{}", path.display());
        }
    }
}
