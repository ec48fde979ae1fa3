//! Everything that the program does with a capture, done to one file.
//!
//! In: the bytes of a file. Out: nothing, or a panic where a law of any capture does not hold.

use crate::mutate::Random;
use osiscope::app::{Model, OsiView, Prefs};
use osiscope::filter::{Every, Filter, Look, Plan, look, names};
use osiscope::flow::explain::{Explained, Shown, WhenWhole};
use osiscope::flow::tables::{Ask, Form, Found, Order as Sorting, Place, answer};
use osiscope::flow::{Order, Transport};
use osiscope::lang::{Lang, Text};
use osiscope::timeline::{Capture, Census, Intake, Scope, Sequence};
use osiscope::trace::unpack::{Unpacker, packing};
use osiscope::trace::write::{Format, save};
use osiscope::view::deed::Side;
use osiscope::view::talks::Talks;
use osiscope::view::{bits, bytes, caption, deed, ladder, layers, messages, packets, stage};
use osiscope::wire::Osi;
use std::io::Read;
use std::sync::{Arc, LazyLock};

/// As much as a packed file may become here: what is beyond is the unpacker's own test.
const MAX_UNPACKED: usize = 1 << 20;
/// Frames that are looked at with every field, and in the window.
const LOOKED_AT: u32 = 60;
const SHOWN: usize = 4;

static FILTERS: LazyLock<Vec<Filter>> = LazyLock::new(|| {
    [
        "tcp.analysis.flags",
        "tcp.port == 80 or udp.port in {53, 1000 .. 6000}",
        "http.request.method matches \"^[A-Z]+$\" or http.host contains \"a\"",
        "frame contains \"HTTP\"",
        "frame[0:4] == 02:00:00:00 or tcp.payload[0] >= 20",
        "ip.addr == 10.0.0.0/8 and not ipv6",
        "len(http.file_data) > 10 or count(dns.a) > 1",
        "websocket.payload or tls.handshake.type == 1",
        "dns.qry.name contains \"www\" or lower(dns.qry.name) == \"a\"",
        "frame.time_delta < 0 or frame.len != frame.cap_len",
        "tcp.seq + 1 > tcp.ack or max(tcp.port) == 443",
        "_ws.expert or eth.addr[0:3] == 02:00:00",
        "tcp.stream == 0 and tcp.len > 0",
        "smtp or pop or ftp or http2 or quic or icmp or icmpv6 or arp",
        "ip.ttl & 1 or vlan.id",
    ]
    .into_iter()
    .filter_map(|text| Filter::parse(text, &Every).ok())
    .collect()
});

fn is_said(text: &Text) {
    assert!(!text.ja.is_empty() && !text.en.is_empty());
}

/// What a file holds, unpacked.
fn unpacked(file: &[u8]) -> Vec<u8> {
    let Some(packing) = packing(file) else { return file.to_vec() };
    let mut from = Unpacker::new(packing, file);
    let (mut out, mut piece) = (Vec::new(), vec![0; 1 << 16]);
    while out.len() < MAX_UNPACKED {
        match from.read(&mut piece) {
            Ok(0) => break,
            Ok(n) => out.extend_from_slice(&piece[..n]),
            Err(e) => assert_eq!(e.kind(), std::io::ErrorKind::Interrupted),
        }
    }
    if let Some(fault) = from.fault() {
        is_said(fault);
    }
    out
}

fn load(file: &[u8], order: Order, piece: usize) -> Capture {
    let mut capture = Capture::new(Arc::new(file.to_vec()));
    let mut intake = Intake::reading(order);
    let mut hand_over = |intake: &mut Intake| {
        let (records, batch) = intake.take();
        records.into_iter().for_each(|r| capture.trace.append(r));
        capture.index.apply(batch);
    };
    for (n, bytes) in file.chunks(piece).enumerate() {
        intake.feed(bytes);
        if n % 7 == 0 {
            hand_over(&mut intake);
        }
    }
    let damage = intake.finish();
    hand_over(&mut intake);
    if let Some(damage) = &damage {
        is_said(&damage.why);
        assert!(damage.at <= file.len() as u64);
    }
    capture.trace.damage = damage;
    assert_eq!(capture.trace.len(), intake.frames());
    assert_eq!(capture.index.rows.len(), intake.frames() as usize);
    capture
}

pub fn judge(random: &mut Random, file: &[u8]) {
    let file = unpacked(file);
    let order = if random.once_in(2) { Order::Sent } else { Order::Arrived };
    let piece = if random.once_in(2) { 1 << 18 } else { 1 + random.below(900) };
    let capture = load(&file, order, piece);
    let mut census = Census::new();
    census.feed(&file);
    census.finish();
    assert_eq!(census.frames(), capture.trace.len());
    if capture.trace.is_empty() {
        return;
    }
    let shown = if order == Order::Sent { Shown::Everywhere } else { Shown::WhenWhole(WhenWhole::of(&capture.index)) };
    fields(random, &capture, shown.clone());
    filters(random, &capture, &shown);
    tables(random, &capture);
    let mut saved = Vec::new();
    let format = if random.once_in(2) { Format::Pcap } else { Format::Pcapng };
    if let Err(why) = save(&capture.trace, format, &mut saved, &mut |_| true) {
        is_said(&why.text());
    }
    window(random, capture);
}

/// Each frame with all its fields, and some of the names by which they are asked for.
fn fields(random: &mut Random, capture: &Capture, shown: Shown) {
    let mut look = Look::new(&capture.trace, &capture.index, shown);
    let everything = random.once_in(100);
    let mut line = String::new();
    for frame in 0..capture.trace.len().min(LOOKED_AT) {
        look.at(frame);
        let some: Vec<_> = match everything {
            true => names::all().to_vec(),
            false => (0..10).filter_map(|_| random.pick(names::all()).copied()).collect(),
        };
        for name in some.into_iter().filter_map(names::find) {
            line.clear();
            look.print_into(name, &mut line, ",");
        }
        look.protocols();
        if let Some(explained) = look.explained() {
            laws(explained);
        }
    }
}

/// What holds for any frame.
fn laws(explained: &Explained) {
    let dissected = &explained.dissected;
    for layer in &dissected.layers {
        let bytes = dissected.bytes(layer);
        let len = bytes.len() as u32;
        assert!(layer.header.end() <= len && layer.payload.end() <= len, "{} reaches beyond its bytes", layer.proto);
        for field in &layer.fields {
            field.walk(&mut |field| {
                assert!(field.span.end() <= len, "{} reaches beyond its bytes", field.def.name);
                look::print(field.def, look::fact_of(field, bytes));
            });
        }
    }
    if let Some(stop) = &dissected.stop {
        is_said(&stop.text());
    }
}

fn filters(random: &mut Random, capture: &Capture, shown: &Shown) {
    let all = capture.trace.len().min(LOOKED_AT * 4);
    for _ in 0..3 {
        let Some(filter) = random.pick(&FILTERS) else { return };
        let mut look = Look::new(&capture.trace, &capture.index, shown.clone());
        let passing: Vec<_> = Plan::new(filter, &capture.trace, &capture.index).passing(0..all, &mut look).collect();
        assert!(passing.is_sorted() && passing.len() <= all as usize);
    }
}

fn tables(random: &mut Random, capture: &Capture) {
    let order = Sorting { column: random.below(12), descending: random.once_in(2) };
    let transport = [None, Some(Transport::Tcp), Some(Transport::Udp)][random.below(3)];
    let asks = [Ask::Conversations { transport, order }, Ask::Endpoints { order }, Ask::Hierarchy, Ask::Expert];
    let find = |ask: &Ask| answer(&capture.trace, &capture.index, ask, None, &mut |_, _| true).unwrap();
    for ask in asks {
        let found = find(&ask);
        found.copy(&capture.index, capture.start(), Lang::En);
    }
    let flow = random.below(capture.index.flows.len()) as u32;
    for form in Form::ALL {
        let mut from = Place::default();
        for _ in 0..20 {
            let Found::Follow(page) = find(&Ask::Follow { flow, from, form, unpacked: random.once_in(2) }) else { panic!("another table") };
            page.lines.iter().for_each(|line| drop(line.words(Lang::Ja)));
            match page.next {
                Some(next) => assert_ne!(std::mem::replace(&mut from, next), next, "the next page is this one"),
                None => break,
            }
        }
    }
}

fn window(random: &mut Random, capture: Capture) {
    let prefs = Prefs { osi: if random.once_in(2) { OsiView::Osi } else { OsiView::Tcpip }, ..Prefs::default() };
    let mut model = Model::new(prefs, Lang::Ja);
    let frames = capture.trace.len() as usize;
    let scope = if random.once_in(3) && !capture.index.flows.is_empty() { Scope::Flow(0) } else { Scope::All };
    model.sequence = Sequence::of(scope, &capture);
    model.capture = std::sync::Arc::new(capture);
    let mut talks = Talks::default();
    while !talks.keep_up(&model) {}
    for id in (0..talks.len().min(6)).filter_map(|at| talks.get(at)) {
        messages::card(&model, id);
        messages::body(&model, id);
    }
    for _ in 0..SHOWN {
        let at = random.below(frames);
        let Some(frame) = model.sequence.frame(at) else { continue };
        packets::row(&model, at).unwrap().line();
        model.play.put(Some(at), false);
        let explained = model.explain(frame).unwrap();
        let dissected = &explained.dissected;
        for (n, layer) in dissected.layers.iter().enumerate() {
            let of = dissected.bytes(layer);
            for row in layers::rows(layer, &|_| true).iter().take(200) {
                layers::value(row.field, of, Lang::Ja);
            }
            bits::diagram(frame, n, layer, of, 600.0, Lang::En, bits::Light::default());
        }
        for buffer in 0..dissected.buffers.len() {
            bytes::runs(dissected, buffer);
            bytes::innermost(dissected, buffer, random.below(2000) as u32);
        }
        is_said(&caption::caption(&model.capture, &explained).large);
        for osi in [Osi::Physical, Osi::DataLink, Osi::Network, Osi::Transport, Osi::Session, Osi::Presentation, Osi::Application] {
            for side in [Side::Sender, Side::Receiver] {
                is_said(&deed::deed(&model.capture, &explained, osi, side).text);
            }
        }
        stage::scene(&model, 1000.0, 600.0);
        ladder::scene(&model, 500.0, 600.0);
    }
}
