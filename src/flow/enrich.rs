//! What only the conversation knows, as fields of a frame's transport layer: relative numbers, the scaled window, times, marks.
//!
//! In: a dissected frame, its row, its flow and what the flow's history says of it. Out: more fields in its TCP, UDP or ICMP
//! layer, where Wireshark has them.

use super::frame_layer::date;
use super::explain::Explained;
use super::history::Seen;
use super::mark_fields::*;
use super::tcp_fields::{FastOpen, Known};
use super::stream::Gathered;
use super::{Flow, Index, MarkKind, Message, MessageKind, NO_FRAME, Row, Transport};
use crate::trace::{FrameId, Nanos, frame_number};
use crate::wire::{Field, FieldDef, Layer, Span, Value, Why, icmp, icmpv6, tcp, udp};

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
        layer.fields.push(computed(&udp::SINCE_FIRST, Value::Nanos(*since_first)));
        layer.fields.push(computed(&udp::SINCE_BEFORE, Value::Nanos(*since_before)));
    }
}

pub(super) fn icmp(out: &mut Explained, flow: &Flow, seen: Option<&Seen>) {
    let at = out.meta.at;
    let buffers = &out.dissected.buffers;
    let Some(layer) = out.dissected.layers.iter_mut().rfind(|l| matches!(l.proto, "icmp" | "icmpv6")) else { return };
    let v4 = layer.proto == "icmp";
    if let Some(Seen::Echo { request, since }) = seen {
        let (to, time) = if v4 { (&icmp::RESP_TO, &icmp::RESP_TIME) } else { (&icmpv6::RESP_TO, &icmpv6::RESP_TIME) };
        layer.fields.extend([frame(to, *request), computed(time, Value::Text(milliseconds(*since)))]);
    }
    if v4 && is_echo(layer) {
        let data = buffers.get(layer.buffer).map_or(&[][..], |b| layer.payload.of(&b.bytes));
        if let Some(time) = data_time(data, at) {
            let span = Span { start: layer.payload.start, len: 8 };
            layer.fields.push(Field::new(&icmp::DATA_TIME, Value::Text(date(time.0.into())), span));
            layer.fields.push(computed(&icmp::DATA_TIME_RELATIVE, Value::Nanos(at.since(time))));
        }
    }
    quoted(layer, flow);
}

/// The conversation of a quoted packet, among the quoted fields.
fn quoted(layer: &mut Layer, flow: &Flow) {
    let Some(quote) = layer.fields.iter_mut().find(|f| f.def.name.ends_with(".quoted")) else { return };
    let number = Value::Uint(flow.number.into());
    for header in &mut quote.children {
        let place = |name: &str| header.children.iter().position(|f| f.def.name == name);
        match (flow.transport, place("tcp.dstport"), place("udp.length")) {
            (Transport::Tcp, Some(at), _) if place("tcp.flags").is_some() => {
                header.children.insert(at + 1, computed(&tcp::STREAM, number.clone()));
                if let Some(at) = header.children.iter().position(|f| f.def.name == "tcp.window_size") {
                    header.children.insert(at + 1, computed(&SCALE, Value::Int(-1)));
                }
            }
            (Transport::Udp, _, Some(at)) if place("udp.checksum").is_some() => {
                header.children.insert(at, computed(&udp::STREAM, number.clone()));
            }
            _ => {}
        }
    }
}

/// An echo, asked for or answered.
pub(super) fn is_echo(layer: &Layer) -> bool {
    let kind = layer.fields.first().and_then(|f| f.value.as_uint());
    matches!((layer.proto, kind), ("icmp", Some(0 | 8)) | ("icmpv6", Some(128 | 129)))
}

/// The time that ping writes at the beginning of its data: seconds and microseconds, in whichever byte order comes close to the
/// time of the frame.
pub(super) fn data_time(data: &[u8], at: Nanos) -> Option<Nanos> {
    const DAY: u64 = 86_400_000_000_000;
    let (pairs, _) = data.as_chunks::<4>();
    let [seconds, micros] = [*pairs.first()?, *pairs.get(1)?];
    let time = |s: u32, us: u32| Nanos(i64::from(s) * 1_000_000_000 + i64::from(us) * 1000);
    let both = [
        time(u32::from_be_bytes(seconds), u32::from_be_bytes(micros)),
        time(u32::from_le_bytes(seconds), u32::from_le_bytes(micros)),
    ];
    both.into_iter().min_by_key(|t| at.since(*t).unsigned_abs()).filter(|t| at.since(*t).unsigned_abs() < DAY)
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
    let frame = out.frame;
    let cut = out.dissected.stop.as_ref().is_some_and(|s| s.proto == "tcp" && matches!(s.why, Why::Truncated { .. }));
    let snapped = out.meta.cap_len < out.meta.wire_len;
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
    if raw(layer, "tcp.flags").is_none() && raw(layer, "tcp.hdr_len").is_some() {
        // A header that breaks off: only its number is read.
        insert(layer, "tcp.dstport", 1, computed(&tcp::STREAM, Value::Uint(flow.number.into())));
        if let Some((seq, span)) = raw(layer, "tcp.seq_raw") {
            let relative = seq.wrapping_sub(bases[0].unwrap_or(0));
            insert(layer, "tcp.seq_raw", 0, Field::new(&tcp::SEQ, Value::Uint(relative.into()), span));
        }
        return;
    }
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
        if known.is_some_and(|k| k.counts_marks) {
            count_of_marks(flags);
        }
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
        let because = mark.because();
        let mut field = there(mark_def(mark.kind)).means(because.en.clone());
        field.because = Some(because);
        field
    });
    let mut verdicts: Vec<Field> = verdicts.collect();
    // A verdict that another one implies has no reason of its own.
    for kind in MarkKind::ALL.into_iter().filter(|k| row.marked(*k)) {
        if !verdicts.iter().any(|f| f.def.name == kind.field()) {
            verdicts.insert(0, there(mark_def(kind)));
        }
    }
    // Wireshark comes to its analysis behind the options only.
    let about = analysis(verdicts, known.as_ref());
    if let Some(about) = about.filter(|_| !cut) {
        insert(layer, "tcp.payload", 0, about);
    }
    let again = MarkKind::FastRetransmission.bit() | MarkKind::SpuriousRetransmission.bit();
    if row.marked(MarkKind::Retransmission) && row.marks & again == 0 && !layer.payload.is_empty() && !row.has(Row::RST) {
        layer.fields.push(Field::new(&SEGMENT_DATA, Value::Bytes, layer.payload));
    } else if !snapped {
        // Of a segment that was cut Wireshark puts nothing together.
        let parts = parts_of_messages(index, frame, row, layer.payload);
        layer.fields.extend(parts.into_iter().map(|part| Field::new(&SEGMENT_DATA, Value::Bytes, part)));
    }
    layer.fields.extend(sizes(index, frame));
    layer.summary = words + &layer.summary;
}

/// Protocols whose messages Wireshark measures before it reads them: `tcp.pdu.size`.
const MEASURED: [&str; 4] = ["dns", "http2", "mysql", "websocket"];

/// The lengths of the messages that became whole in this frame.
fn sizes(index: &Index, frame: FrameId) -> Vec<Field> {
    let here = |m: &&Message| MEASURED.contains(&m.proto) && m.shown_in != NO_FRAME && m.shown_in == frame;
    let ids = index.messages_in(frame).into_iter().take(MAX_PARTS);
    let size = |m: &Message| computed(&PDU_SIZE, Value::Uint(m.range.end.saturating_sub(m.range.start)));
    ids.filter_map(|id| index.message(id)).filter(here).map(size).collect()
}

/// Says on its TCP header in which segments a message came, if they were several.
pub(super) fn segments(layers: &mut [Layer], gathered: &Gathered) {
    let frames = gathered.frames();
    let Some(tcp) = layers.iter_mut().rfind(|l| l.proto == "tcp").filter(|_| frames.len() > 1) else { return };
    let mut parts: Vec<Field> = frames.iter().map(|f| frame(&SEGMENT, *f)).collect();
    parts.push(computed(&SEGMENT_COUNT, Value::Uint(frames.len() as u64)));
    parts.push(computed(&REASSEMBLED_LENGTH, Value::Uint(gathered.bytes.len() as u64)));
    tcp.fields.push(there(&SEGMENTS).with(parts));
}

/// Messages of one frame that are looked at for their parts.
const MAX_PARTS: usize = 1024;

/// What this frame carries of messages that took several segments, or never became whole.
fn parts_of_messages(index: &Index, frame: FrameId, row: &Row, payload: Span) -> Vec<Span> {
    let here = row.stream_range();
    let shared = |m: &&Message| m.first_frame != m.last_frame || m.first_frame != m.shown_in;
    let ids = index.messages_in(frame).into_iter().take(MAX_PARTS);
    let messages = ids.filter_map(|id| index.message(id)).filter(|m| match m.proto {
        // What Wireshark reads as it comes.
        "data" | "ftp-data" | "ftp" | "pop" => false,
        "smtp" => m.kind != MessageKind::Data,
        _ => true,
    });
    let part = |m: &Message| {
        let (from, to) = (m.range.start.max(here.start), m.range.end.min(here.end));
        let at = u32::try_from(from.saturating_sub(here.start)).ok()?;
        let len = u32::try_from(to.saturating_sub(from)).ok()?;
        Some(Span { start: payload.start.saturating_add(at), len }).filter(|s| !s.is_empty())
    };
    messages.filter(shared).filter_map(part).collect()
}

/// Where Accurate ECN is spoken (RFC 9768), three of the flags are one number.
fn count_of_marks(flags: &mut Field) {
    let Some(set) = flags.value.as_uint() else { return };
    let ace = set >> 6 & 7;
    let Some(at) = flags.children.iter().position(|f| f.def.name == "tcp.flags.ae") else { return };
    flags.children.retain(|f| !["tcp.flags.ae", "tcp.flags.cwr", "tcp.flags.ece"].contains(&f.def.name));
    flags.children.insert(at, Field::new(&tcp::ACE, Value::Uint(ace), flags.span));
    if let Some(Value::Text(letters)) = flags.children.iter_mut().find(|f| f.def.name == "tcp.flags.str").map(|f| &mut f.value) {
        let mut all: Vec<char> = letters.chars().collect();
        let count = char::from_digit(ace as u32, 10).unwrap_or('-');
        for (place, letter) in all.iter_mut().skip(3).zip(['-', count, '-']) {
            *place = letter;
        }
        *letters = all.into_iter().collect();
    }
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
            out.push(computed(&DUPLICATE_FRAME, Value::Uint(first.map_or(0, frame_number))));
        }
    }
    let analysed = known.is_none_or(|k| k.analysed) || !flags.is_empty();
    if !flags.is_empty() {
        out.insert(0, there(&FLAGS).with(flags));
    }
    (analysed && (known.is_some() || !out.is_empty())).then(|| there(&ANALYSIS).with(out))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn dates_of_leap_years_and_new_year_are_right() {
        let shown = |s: i64| date(i128::from(s) * 1_000_000_000);
        assert_eq!(shown(0), "Jan  1, 1970 00:00:00.000000000 UTC");
        assert_eq!(shown(951_782_400), "Feb 29, 2000 00:00:00.000000000 UTC");
        assert_eq!(shown(1_767_225_599), "Dec 31, 2025 23:59:59.000000000 UTC");
        assert_eq!(shown(1_760_884_476), "Oct 19, 2025 14:34:36.000000000 UTC");
    }

    #[test]
    fn a_round_trip_has_no_zeros_at_its_end() {
        assert_eq!([418_000, 1_000_000, 0, -1_500_000].map(milliseconds), ["0.418", "1", "0", "-1.5"]);
    }

    #[test]
    fn the_time_of_a_ping_is_found_in_either_byte_order_and_only_near_the_frame() {
        let at = Nanos(1_760_884_476_122_148_000);
        let mut data = 1_760_884_476u32.to_le_bytes().to_vec();
        data.extend(122_000u32.to_le_bytes());
        assert_eq!(data_time(&data, at), Some(Nanos(1_760_884_476_122_000_000)));
        data.iter_mut().for_each(|b| *b = b.reverse_bits());
        assert_eq!(data_time(&data, at), None);
        assert_eq!(data_time(&[1, 2, 3], at), None);
    }
}
