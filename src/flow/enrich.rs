//! What only the conversation knows, as fields of a frame's transport layer: relative numbers, the scaled window, times, marks.
//!
//! In: a dissected frame, its row, its flow and what the flow's history says of it. Out: more fields in its TCP, UDP or ICMP
//! layer, where Wireshark has them.

use super::explain::Explained;
use super::history::Seen;
use super::mark_fields::*;
use super::tcp_fields::{FastOpen, Known};
use super::{Flow, Index, MarkKind, Row};
use crate::trace::{FrameId, frame_number};
use crate::wire::{Field, FieldDef, Layer, Span, Value, icmp, icmpv6, tcp, udp};

/// A field without bytes of its own.
fn computed(def: &'static FieldDef, value: Value) -> Field {
    Field::new(def, value, Span::NONE)
}

fn there(def: &'static FieldDef) -> Field {
    computed(def, Value::None)
}

fn frame(def: &'static FieldDef, id: FrameId) -> Field {
    computed(def, Value::Uint(frame_number(id)))
}

/// The frame's own layer of this protocol (not one that is quoted or outside of a tunnel).
fn own<'a>(out: &'a mut Explained, proto: &str) -> Option<&'a mut Layer> {
    out.dissected.layers.iter_mut().rfind(|l| l.proto == proto)
}

pub(super) fn udp(out: &mut Explained, flow: &Flow, seen: Option<&Seen>) {
    let Some(layer) = own(out, "udp") else { return };
    let at = layer.fields.iter().position(|f| f.def.name == "udp.length").unwrap_or(layer.fields.len());
    layer.fields.insert(at, computed(&udp::STREAM, Value::Uint(flow.number.into())));
    if let Some(Seen::Udp { since_first, since_before }) = seen {
        layer.fields.push(computed(&UDP_SINCE_FIRST, Value::Nanos(*since_first)));
        layer.fields.push(computed(&UDP_SINCE_BEFORE, Value::Nanos(*since_before)));
    }
}

pub(super) fn icmp(out: &mut Explained, seen: Option<&Seen>) {
    let Some(Seen::Echo { request, since }) = seen else { return };
    // Milliseconds with a fraction, as short as it can be.
    let shown = Value::Text(milliseconds(*since));
    if let Some(layer) = own(out, "icmp") {
        layer.fields.extend([frame(&icmp::RESP_TO, *request), computed(&icmp::RESP_TIME, shown)]);
    } else if let Some(layer) = own(out, "icmpv6") {
        layer.fields.extend([frame(&icmpv6::RESP_TO, *request), computed(&icmpv6::RESP_TIME, shown)]);
    }
}

/// Nanoseconds as milliseconds, without zeros at the end.
fn milliseconds(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let n = nanos.unsigned_abs();
    let text = format!("{sign}{}.{:06}", n / 1_000_000, n % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub(super) fn tcp(out: &mut Explained, index: &Index, row: &Row, flow: &Flow, seen: Option<&Seen>) {
    let marks = index.marks_of(out.frame);
    out.verdicts = MarkKind::ALL.into_iter().filter(|k| row.marked(*k)).filter_map(verdict).collect();
    if row.marked(MarkKind::FastRetransmission) || row.marked(MarkKind::SpuriousRetransmission) {
        out.verdicts.retain(|v| *v != "TCP Retransmission");
    }
    let words: String = out.verdicts.iter().map(|v| format!("[{v}] ")).collect();
    let Some(layer) = own(out, "tcp") else { return };
    let (mine, its) = (row.dir.index(), row.dir.reverse().index());
    let raw = |layer: &Layer, name: &str| {
        let field = layer.fields.iter().find(|f| f.def.name == name)?;
        Some((u32::try_from(field.value.as_uint()?).ok()?, field.span))
    };
    let insert = |layer: &mut Layer, before: &str, step: usize, field: Field| {
        let at = layer.fields.iter().position(|f| f.def.name == before).map_or(layer.fields.len(), |i| i + step);
        layer.fields.insert(at, field);
    };
    let known = match seen {
        Some(Seen::Tcp(known)) => Some(*known),
        _ => None,
    };
    let bases = known.map_or([flow.isn[mine], flow.isn[its]], |k| k.bases);
    insert(layer, "tcp.dstport", 1, computed(&tcp::STREAM, Value::Uint(flow.number.into())));
    if let Some(known) = known {
        insert(layer, "tcp.stream", 1, computed(&COMPLETENESS, Value::Uint(known.completeness.into())));
    }
    if let Some((seq, span)) = raw(layer, "tcp.seq_raw") {
        let relative = seq.wrapping_sub(bases[0].unwrap_or(seq));
        insert(layer, "tcp.seq_raw", 0, Field::new(&tcp::SEQ, Value::Uint(relative.into()), span));
        layer.summary = layer.summary.replacen(&format!(" Seq={seq} "), &format!(" Seq={relative} "), 1);
        if let Some(known) = known {
            insert(layer, "tcp.seq_raw", 1, computed(&NEXT_SEQ, Value::Uint(known.next_seq.into())));
        }
    }
    if let Some((ack, span)) = raw(layer, "tcp.ack_raw") {
        let relative = if row.has(Row::ACK) { ack.wrapping_sub(bases[1].unwrap_or(0)) } else { ack };
        let mut field = Field::new(&tcp::ACK, Value::Uint(relative.into()), span);
        if ack != 0 && !row.has(Row::ACK) {
            field.children.push(there(&ACK_NONZERO));
        }
        insert(layer, "tcp.ack_raw", 0, field);
        layer.summary = layer.summary.replacen(&format!(" Ack={ack} "), &format!(" Ack={relative} "), 1);
    }
    if let Some((window, span)) = raw(layer, "tcp.window_size_value") {
        // RFC 7323 §2.2: the window of a SYN is never scaled.
        let shift = if row.has(Row::SYN) { 0 } else { flow.wscale[mine].unwrap_or(0) };
        let size = known.map_or(u64::from(window) << shift.min(14), |k| k.window);
        insert(layer, "tcp.window_size_value", 1, Field::new(&tcp::WINDOW_SIZE, Value::Uint(size), span));
        layer.summary = layer.summary.replacen(&format!(" Win={window} "), &format!(" Win={size} "), 1);
        if let Some(known) = known.filter(|_| !row.has(Row::SYN)) {
            insert(layer, "tcp.window_size", 1, computed(&SCALE, Value::Int(known.scale)));
        }
    }
    if let Some(flags) = layer.fields.iter_mut().find(|f| f.def.name == "tcp.flags") {
        flags.children.extend(turns(row, known.as_ref()));
    }
    if let Some(options) = layer.fields.iter_mut().find(|f| f.def.name == "tcp.options") {
        relative_edges(options, bases[1].unwrap_or(0));
    }
    if let Some(known) = known {
        insert(layer, "tcp.payload", 0, computed(&SINCE_FIRST, Value::Nanos(known.since_first)));
        insert(layer, "tcp.payload", 0, computed(&SINCE_BEFORE, Value::Nanos(known.since_before)));
    }
    let verdicts = marks.iter().map(|(_, mark)| {
        let mut field = there(mark_def(mark.kind)).means(mark.because.en.clone());
        field.because = Some(mark.because.clone());
        field
    });
    let mut verdicts: Vec<Field> = verdicts.collect();
    // A verdict that another one implies has no reason of its own.
    for kind in MarkKind::ALL.into_iter().filter(|k| row.marked(*k)) {
        if !verdicts.iter().any(|f| f.def.name == kind.field()) {
            verdicts.insert(0, there(mark_def(kind)));
        }
    }
    let about = analysis(verdicts, known.as_ref());
    if let Some(about) = about {
        insert(layer, "tcp.payload", 0, about);
    }
    let again = MarkKind::FastRetransmission.bit() | MarkKind::SpuriousRetransmission.bit();
    if row.marked(MarkKind::Retransmission) && row.marks & again == 0 && !layer.payload.is_empty() {
        layer.fields.push(Field::new(&SEGMENT_DATA, Value::Bytes, layer.payload));
    }
    layer.summary = words + &layer.summary;
}

/// What the flags mean for the connection.
fn turns(row: &Row, known: Option<&Known>) -> Vec<Field> {
    let mut out = Vec::new();
    match (row.has(Row::SYN), row.has(Row::ACK)) {
        (true, true) => out.push(there(&SYN_ACK)),
        (true, false) => out.push(there(&SYN)),
        _ => {}
    }
    if row.has(Row::FIN) {
        out.push(there(&FIN));
        match known.and_then(|k| k.closes_first) {
            Some(true) => out.push(there(&FIN_ACTIVE)),
            Some(false) => out.push(there(&FIN_PASSIVE)),
            None => {}
        }
    }
    if row.has(Row::RST) {
        out.push(there(&RST));
    }
    out.extend(known.and_then(|k| k.fast_open).map(|what| {
        there(match what {
            FastOpen::Asked => &TFO_SYN,
            FastOpen::Taken => &TFO_ACK,
            FastOpen::Ignored => &TFO_IGNORED,
        })
    }));
    out
}

/// The edges of SACK blocks count from the start of the other end's stream, as acknowledgements do.
fn relative_edges(options: &mut Field, base: u32) {
    let edge = |f: &Field| ["tcp.options.sack_le", "tcp.options.sack_re", "tcp.options.sack.dsack_le", "tcp.options.sack.dsack_re"].contains(&f.def.name);
    for option in options.children.iter_mut().filter(|f| f.def.name == "tcp.options.sack") {
        for field in option.children.iter_mut().filter(|f| edge(f)) {
            if let Value::Uint(n) = &mut field.value {
                *n = u64::from((*n as u32).wrapping_sub(base));
            }
        }
    }
}

fn analysis(verdicts: Vec<Field>, known: Option<&Known>) -> Option<Field> {
    let mut out = Vec::new();
    let flags = verdicts;
    if let Some(known) = known {
        if let Some((acked, since)) = known.acks {
            out.push(frame(&ACKS_FRAME, acked));
            if since != 0 {
                out.push(computed(&ACK_RTT, Value::Nanos(since)));
            }
        }
        out.extend(known.initial_rtt.map(|t| computed(&INITIAL_RTT, Value::Nanos(t))));
        out.extend(known.in_flight.map(|n| computed(&IN_FLIGHT, Value::Uint(n.into()))));
        out.extend(known.pushed.map(|n| computed(&PUSHED, Value::Uint(n.into()))));
        if let Some((from, since)) = known.timeout {
            out.push(computed(&RTO, Value::Nanos(since)));
            out.push(frame(&RTO_FRAME, from));
        }
        if let Some((n, first)) = known.repeated {
            out.push(there(&DUPLICATE_ACK));
            out.push(computed(&DUPLICATE_NUM, Value::Uint(n.into())));
            out.push(frame(&DUPLICATE_FRAME, first));
        }
    }
    let analysed = known.is_none_or(|k| k.analysed) || !flags.is_empty();
    if !flags.is_empty() {
        out.insert(0, there(&FLAGS).with(flags));
    }
    (analysed && !out.is_empty()).then(|| there(&ANALYSIS).with(out))
}
