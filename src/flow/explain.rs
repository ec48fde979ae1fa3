//! The rich form of one frame: what the capture, its headers, its conversation and its messages say of it.
//!
//! In: the trace, the index and a frame's number. Out: [`Explained`]: every layer from the frame itself up to the messages
//! that have bytes in it, each field with its bytes. It is made when somebody looks and must not be kept for a whole
//! capture. What the lean pass says of the frame is added here, so the two cannot disagree unseen.

use super::around::{self, Memories};
pub use super::brief::{column_of, info, protocol_column};
use super::history::Histories;
pub use super::shown::{Completed, Shown, WhenWhole, begins_tls, in_parts, is_data};
use super::stream::{ChunkKind, Gathered, datagram, of_message, of_message_once};
use super::{Index, Message, MessageId, Row, Transport, enrich, fragments, frame_layer, shown};
use crate::lang::Text;
use crate::proto::named::Named;
use crate::proto::{self, About, MessageLayers, Protocol};
use crate::trace::{FrameId, FrameMeta, Trace, frame_number};
use crate::wire::{Buffer, Dissected, Layer, Next, Span, dissect};

/// Messages of one frame that are dissected at most; a segment of 64 kB may hold thousands.
pub const MAX_MESSAGES: usize = 1024;

/// One frame with all its layers, from the frame itself to the messages that have bytes in it.
#[derive(Clone, Debug)]
pub struct Explained {
    pub frame: FrameId,
    pub meta: FrameMeta,
    pub dissected: Dissected,
    /// It never left its machine: there was no wire, and no Ethernet.
    pub loopback: bool,
    /// No message begins here: the frame in which the first message that has bytes here began.
    pub continues: Option<FrameId>,
    /// HTTP has handed the conversation over to what is spoken here.
    pub inside_http: bool,
    /// Wireshark's words for the marks: "TCP Retransmission".
    pub verdicts: Vec<&'static str>,
}

/// Dissects one frame for the eye. `None`: no such frame, or its file cannot be read any more.
pub fn explain(trace: &Trace, index: &Index, frame: FrameId) -> Option<Explained> {
    explain_after(trace, index, frame, &Shown::Everywhere, &mut Histories::brief())
}

/// As [`explain`], with each message where `shown` says, and with the histories of conversations told so far: frames asked for in
/// order cost least.
pub fn explain_after(
    trace: &Trace,
    index: &Index,
    frame: FrameId,
    shown: &Shown,
    histories: &mut Histories,
) -> Option<Explained> {
    let mut buf = Vec::new();
    let f = trace.frame(frame, &mut buf)?;
    let mut out = Explained {
        frame,
        meta: f.meta,
        dissected: dissect(f.link, f.bytes, f.meta.wire_len as usize),
        loopback: false,
        continues: None,
        inside_http: false,
        verdicts: Vec::new(),
    };
    let datagram = add_datagram(&mut out, trace, index);
    add_rest(&mut out);
    if let (Some(row), Some((_, flow))) = (index.row(frame), index.flow_of(frame)) {
        let seen = histories.seen(trace, index, frame);
        match row.transport {
            Transport::Tcp => enrich::tcp(&mut out, index, &row, flow, seen.as_ref()),
            Transport::Udp => enrich::udp(&mut out, flow, seen.as_ref()),
            Transport::Icmp => enrich::icmp(&mut out, flow, seen.as_ref()),
            _ => {}
        }
    }
    if let Next::Payload { .. } = out.dissected.next {
        match shown {
            Shown::Everywhere => add_messages(&mut out, trace, index, index.messages_in(frame), None, datagram),
            Shown::WhenWhole(whole) => shown::add_whole(&mut out, trace, index, whole, datagram),
            Shown::Nowhere => {}
        }
    }
    out.loopback = frame_layer::is_loopback(trace, &f.meta, &out.dissected);
    let layer = frame_layer::layer(trace, frame, &f.meta, out.loopback, out.inside_http, &out.dissected);
    out.dissected.layers.insert(0, layer);
    Some(out)
}

/// If this frame completed a datagram that came in fragments: the datagram as a buffer, and the layers in it. Returns the
/// buffer's number.
fn add_datagram(out: &mut Explained, trace: &Trace, index: &Index) -> Option<usize> {
    let again = fragments::again(trace, index, out.frame)?;
    let (layers, next, stop) = dissect::carried(again.proto, &again.bytes, (again.src, again.dst));
    let carrier = out.dissected.layers.iter_mut().rfind(|l| matches!(l.proto, "ip" | "ipv6.fraghdr"))?;
    carrier.fields.extend(again.fields);
    let n = again.fragments;
    let name = Text::new(format!("組み立てたデータグラム（断片 {n} 個）"), format!("reassembled datagram ({n} fragments)"));
    let number = out.dissected.buffers.len();
    out.dissected.buffers.push(Buffer { name, bytes: again.bytes, in_frame: again.in_frame });
    out.dissected.layers.extend(layers.into_iter().map(|l| Layer { buffer: number, ..l }));
    (out.dissected.next, out.dissected.stop) = (next, stop);
    Some(number)
}

/// Bytes that are no header: a fragment that waits for the others, and what an echo carries.
fn add_rest(out: &mut Explained) {
    let Some(carrier) = out.dissected.layers.last() else { return };
    let mut payload = carrier.payload;
    let buffer = carrier.buffer;
    let bytes = |payload: Span| out.dissected.buffers.get(buffer).map_or(&[][..], |b| payload.of(&b.bytes));
    match carrier.proto {
        "ip" | "ipv6.fraghdr" => {}
        "icmp" | "icmpv6" if enrich::is_echo(carrier) => {
            // Wireshark 4.0 looks for the time of ping in version 4 only.
            let time = (carrier.proto == "icmp").then(|| enrich::data_time(bytes(payload), out.meta.at)).flatten();
            let used = time.map_or(0, |_| 8);
            payload = Span { start: payload.start + used, len: payload.len.saturating_sub(used) };
        }
        _ => return,
    }
    if out.dissected.next == Next::Nothing && out.dissected.stop.is_none() && !payload.is_empty() {
        let outer = if buffer == 0 { None } else { out.dissected.buffers.get(buffer).map(|b| b.in_frame.clone()) };
        let in_frame = outer.map_or_else(|| vec![(0, payload)], |outer| through(&[(0, payload)], &outer));
        let bytes = bytes(payload).to_vec();
        let mut layers = proto::data::Data.dissect(&bytes, About { complete: false, ..About::alone(super::Dir::ToServer) });
        let buffer = Buffer { name: Text::new("中身", "Data"), bytes, in_frame };
        // Part of something else: what it says cannot be read.
        layers.layers.truncate(1);
        append(&mut out.dissected, buffer, layers);
    }
}

/// Appends the layers of these messages, each as it came first where somebody remembers those before; of payload that
/// belongs to none of them, data. `whole` is the buffer that holds the transport header, if it is not the frame's.
pub(super) fn add_messages(
    out: &mut Explained,
    trace: &Trace,
    index: &Index,
    messages: Vec<MessageId>,
    memories: Option<&Memories>,
    whole: Option<usize>,
) {
    let once = memories.is_some();
    let carrier = out.dissected.layers.iter().rfind(|l| matches!(l.proto, "tcp" | "udp"));
    let payload = carrier.or(out.dissected.layers.last()).map_or(Span::NONE, |l| l.payload);
    let outer = whole.and_then(|n| out.dissected.buffers.get(n)).map(|b| b.in_frame.clone());
    let (mut begins_here, mut beyond) = (false, false);
    let mut first_frame = None;
    for id in messages.into_iter().take(MAX_MESSAGES) {
        let (Some(message), Some(row)) = (index.message(id), index.row(out.frame)) else { continue };
        begins_here |= message.first_frame == out.frame;
        first_frame = first_frame.or(Some(message.first_frame));
        let (limit, copies) = (limit(message, &row, once), !once);
        let Some((gathered, mut layers)) = of_message_layers(trace, index, id, out.frame, limit, copies, memories) else { continue };
        beyond |= !gathered.chunks.iter().any(|c| c.frame == out.frame);
        let Some(protocol) = proto::by_name(message.proto) else { continue };
        if let Some(named) = (message.proto == "data").then(|| named(out, index, &gathered.bytes, once)).flatten() {
            by_name_only(&mut layers, named);
        }
        if once {
            enrich::segments(&mut out.dissected.layers, &gathered);
        }
        let mut buffer = buffer_of(out.frame, protocol, message, gathered);
        if let Some(outer) = &outer {
            buffer.in_frame = through(&buffer.in_frame, outer);
        }
        append(&mut out.dissected, buffer, layers);
    }
    if first_frame.is_some() {
        out.continues = first_frame.filter(|_| !begins_here);
        if !beyond {
            return;
        }
    }
    if payload.is_empty() {
        return;
    }
    let bytes = out.dissected.buffers.get(whole.unwrap_or(0)).map_or(&[][..], |b| payload.of(&b.bytes)).to_vec();
    let mut layers = proto::data::Data.dissect(&bytes, About { complete: false, ..About::alone(super::Dir::ToServer) });
    if let Some(named) = named(out, index, &bytes, once) {
        by_name_only(&mut layers, named);
    }
    let in_frame = outer.map_or_else(|| vec![(0, payload)], |outer| through(&[(0, payload)], &outer));
    let buffer = Buffer { name: Text::new("ペイロード", "Payload"), bytes, in_frame };
    append(&mut out.dissected, buffer, layers);
}

/// The name of the protocol between this frame's ports, if it has nothing else to be known by. An echo is what was sent: for
/// the eye (not `once`) it stays data.
fn named(out: &Explained, index: &Index, bytes: &[u8], once: bool) -> Option<Named> {
    let Next::Payload { proto, src_port, dst_port } = out.dissected.next else { return None };
    let named = proto::named::of(proto == 6, [src_port, dst_port], bytes).filter(|n| once || n.proto != "echo")?;
    // Wireshark tells the version of SSH once the client has said its own.
    let heard = || out.dissected.print("tcp.ack").and_then(|n| n.parse::<u32>().ok()).is_some_and(|n| n > 1);
    let answered = || src_port < dst_port && heard();
    let begun = index.flow_of(out.frame).is_some_and(|(_, flow)| flow.start_seen);
    let told = named.proto == "ssh" && begun && (!bytes.starts_with(b"SSH-") || answered());
    Some(if told { Named { proto: "ssh", title: "SSHv2" } } else { named })
}

/// What was shown as data bears this name instead; it stays bytes.
fn by_name_only(layers: &mut MessageLayers, named: Named) {
    if let Some(data) = layers.layers.iter_mut().find(|l| l.proto == "data") {
        (data.proto, data.title) = (named.proto, named.title);
        data.summary = format!("{}: {} bytes (not dissected)", named.title, data.payload.len.max(data.header.len));
        data.fields.clear();
    }
}

/// One message, put together and dissected, for a frame on which it is shown: at most `limit` bytes of it. With `copies`,
/// what was sent again is listed too.
pub fn of_message_layers(
    trace: &Trace,
    index: &Index,
    id: MessageId,
    frame: FrameId,
    limit: u64,
    copies: bool,
    memories: Option<&Memories>,
) -> Option<(Gathered, MessageLayers)> {
    let message = index.message(id)?;
    let protocol = proto::by_name(message.proto)?;
    let gathered = match index.row(frame)?.transport {
        Transport::Tcp if copies => of_message(trace, index, message, limit),
        Transport::Tcp => of_message_once(trace, index, message, limit),
        _ => datagram(trace, index, frame),
    };
    let whole = message.complete && gathered.gaps.is_empty() && !gathered.capped;
    let talk = around::Talk::new(trace, index, id).remembering(memories);
    let about = About { complete: whole, ..around::about(message, &talk) };
    let layers = protocol.dissect(&gathered.bytes, about);
    Some((gathered, layers))
}

/// Bytes of a message that are put together for the eye, if this frame has a part in them.
const MUCH: u64 = 256 << 10;
/// ... and if it carries a part further on: enough for the head, its own part is shown beside.
const LITTLE: u64 = 16 << 10;

fn limit(message: &Message, row: &Row, once: bool) -> u64 {
    if once {
        return super::stream::MAX_BYTES;
    }
    let until = row.stream_range().end.saturating_sub(message.range.start);
    if until <= MUCH || row.stream_range().start <= message.range.start { MUCH } else { LITTLE }
}

/// The message as a buffer: its name says which segments it came in, and the part in this frame is mapped to it.
fn buffer_of(frame: FrameId, protocol: &dyn Protocol, message: &Message, gathered: Gathered) -> Buffer {
    let frames = gathered.frames();
    let list: Vec<String> = frames.iter().take(8).map(|f| format!("#{}", frame_number(*f))).collect();
    let list = list.join(", ") + if frames.len() > 8 { ", …" } else { "" };
    let (title, n) = (protocol.title(), frames.len());
    let missing: u64 = gathered.gaps.iter().map(|g| g.end - g.start).sum();
    let (mut ja, mut en) = match n {
        0 | 1 => (format!("{title} メッセージ（{list}）"), format!("{title} message ({list})")),
        _ => (format!("{title} メッセージ、{n} セグメント（{list}）"), format!("{title} message, {n} segments ({list})")),
    };
    if missing > 0 {
        ja += &format!("、{missing} バイト欠落");
        en += &format!(", {missing} bytes missing");
    }
    if gathered.capped {
        let shown = gathered.bytes.len();
        ja += &format!("、先頭の {shown} バイトだけ");
        en += &format!(", only the first {shown} bytes");
    } else if !message.complete {
        ja += "、途中まで";
        en += ", incomplete";
    }
    let here = gathered.chunks.iter().filter(|c| c.frame == frame && c.kind != ChunkKind::Conflict);
    let in_frame = here
        .map(|c| {
            let at = u32::try_from(c.stream_at.saturating_sub(gathered.at)).unwrap_or(u32::MAX);
            (at, Span { start: c.frame_at, len: c.len })
        })
        .collect();
    Buffer { name: Text::new(ja, en), bytes: gathered.bytes, in_frame }
}

/// Adds a message's buffers and layers behind those that are there.
pub(super) fn append(dissected: &mut Dissected, buffer: Buffer, message: MessageLayers) {
    let base = dissected.buffers.len();
    let derived = message.buffers.into_iter().map(|b| Buffer { in_frame: through(&b.in_frame, &buffer.in_frame), ..b });
    let derived: Vec<_> = derived.collect();
    dissected.buffers.push(buffer);
    dissected.buffers.extend(derived);
    let last = dissected.buffers.len() - 1;
    dissected.layers.extend(message.layers.into_iter().map(|mut layer| {
        layer.buffer = layer.buffer.saturating_add(base).min(last);
        layer
    }));
    if dissected.stop.is_none() {
        dissected.stop = message.stop;
    }
}

/// Leads a map into a message on into the frame: of each piece, what this frame has a part in. `outer` is the message's own
/// map, in order and without overlap.
fn through(inner: &[(u32, Span)], outer: &[(u32, Span)]) -> Vec<(u32, Span)> {
    let mut out = Vec::new();
    for &(at, piece) in inner {
        let first = outer.partition_point(|(start, span)| start.saturating_add(span.len) <= piece.start);
        let rest = outer.get(first..).unwrap_or(&[]);
        for &(start, span) in rest.iter().take_while(|(start, _)| *start < piece.end()) {
            let (from, to) = (start.max(piece.start), start.saturating_add(span.len).min(piece.end()));
            let in_frame = Span { start: span.start.saturating_add(from - start), len: to.saturating_sub(from) };
            out.push((at.saturating_add(from - piece.start), in_frame));
        }
    }
    out
}
