//! The rich form of one frame: what the capture, its headers, its conversation and its messages say of it.
//!
//! In: the trace, the index and a frame's number. Out: [`Explained`]: every layer from the frame itself up to the messages
//! that have bytes in it, each field with its bytes. It is made when somebody looks and must not be kept for a whole
//! capture. What the lean pass says of the frame is added here, so the two cannot disagree unseen.

use super::around::{self, Memories};
use super::history::Histories;
use super::stream::{ChunkKind, Gathered, datagram, of_message, of_message_once};
use super::{Index, MarkKind, Message, MessageId, MessageKind, NO_FRAME, Row, Transport, enrich, fragments, frame_layer};
use crate::lang::Text;
use crate::proto::{self, About, MessageLayers, Protocol};
use crate::trace::{FrameId, FrameMeta, Trace, frame_number};
use std::sync::Arc;
use crate::wire::{Buffer, Dissected, Layer, Next, Osi, Span, dissect};

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

/// On which frames a message is shown.
#[derive(Clone, Debug, Default)]
pub enum Shown {
    /// On every frame that brought a part of it: for the eye.
    #[default]
    Everywhere,
    /// On the frame that made it whole, as tshark does; a message that never became whole is not shown.
    WhenWhole(WhenWhole),
    /// Nowhere: headers only.
    Nowhere,
}

impl Shown {
    /// The messages that are shown on this frame.
    pub fn on(&self, index: &Index, frame: FrameId) -> Vec<MessageId> {
        match self {
            Self::Everywhere => index.messages_in(frame),
            Self::WhenWhole(whole) => whole.completed_in(frame),
            Self::Nowhere => Vec::new(),
        }
    }

    /// As [`Shown::on`], into a list of whoever asks for one frame after the other; `from` is what it was left at before.
    pub fn list(&self, index: &Index, frame: FrameId, from: &mut usize, into: &mut Vec<MessageId>) {
        into.clear();
        match self {
            Self::WhenWhole(whole) => into.extend(whole.next_in(frame, from).iter().map(|c| c.id)),
            _ => into.extend(self.on(index, frame)),
        }
    }

    /// What is remembered while frames are looked at one after the other.
    pub fn memories(&self) -> Option<&Memories> {
        match self {
            Self::WhenWhole(whole) => Some(whole.memories()),
            _ => None,
        }
    }
}

/// A message that became whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completed {
    /// The frame with which it did.
    pub frame: FrameId,
    pub id: MessageId,
    /// Its protocol's number ([`proto::number`]).
    pub proto: u8,
    pub kind: MessageKind,
}

/// The whole messages of a capture by the frame that completed them.
#[derive(Clone, Debug)]
pub struct WhenWhole(Arc<Vec<Completed>>, Memories);

impl WhenWhole {
    pub fn of(index: &Index) -> Self {
        // Mostly it is the same protocol as before.
        let mut last: (&str, u8) = ("", u8::MAX);
        let mut number = |name: &'static str| {
            if !std::ptr::eq(last.0, name) {
                last = (name, proto::number(name).unwrap_or(u8::MAX));
            }
            last.1
        };
        let mut all = Vec::with_capacity(index.messages.len());
        for (id, m) in index.messages.iter().enumerate().filter(|(_, m)| m.shown_in != NO_FRAME) {
            all.push(Completed { frame: m.shown_in, id: id as MessageId, proto: number(m.proto), kind: m.kind });
        }
        all.sort_unstable_by_key(|c| (c.frame, c.id));
        Self(Arc::new(all), Memories::default())
    }

    /// All of them, by frame.
    pub fn all(&self) -> &Arc<Vec<Completed>> {
        &self.0
    }

    /// What is remembered while these are looked at one after the other.
    pub fn memories(&self) -> &Memories {
        &self.1
    }

    fn completed_in(&self, frame: FrameId) -> Vec<MessageId> {
        let mut from = 0;
        self.next_in(frame, &mut from).iter().map(|c| c.id).collect()
    }

    /// Those of a frame. `from` is where they were looked for last: frames asked in order cost next to nothing.
    pub fn next_in(&self, frame: FrameId, from: &mut usize) -> &[Completed] {
        const NEAR: usize = 4;
        let is_before = |at: usize| self.0.get(at).is_some_and(|c| c.frame < frame);
        let goes_on = *from <= self.0.len() && from.checked_sub(1).is_none_or(is_before);
        let near = (*from..from.saturating_add(NEAR)).find(|at| !is_before(*at)).filter(|_| goes_on);
        *from = near.unwrap_or_else(|| self.0.partition_point(|c| c.frame < frame));
        let rest = self.0.get(*from..).unwrap_or(&[]);
        let count = rest.iter().take_while(|c| c.frame == frame).count();
        rest.get(..count).unwrap_or(&[])
    }
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
            Shown::WhenWhole(whole) => add_whole(&mut out, trace, index, whole, datagram),
            Shown::Nowhere => {}
        }
    }
    out.loopback = frame_layer::is_loopback(trace, &f.meta, &out.dissected);
    let layer = frame_layer::layer(trace, frame, &f.meta, out.loopback, out.inside_http, &out.dissected);
    out.dissected.layers.insert(0, layer);
    Some(out)
}

/// Appends the layers of the messages that this frame made whole; the bytes of a conversation that nobody knows as data.
fn add_whole(out: &mut Explained, trace: &Trace, index: &Index, whole: &WhenWhole, datagram: Option<usize>) {
    let (messages, memories) = (whole.completed_in(out.frame), whole.memories());
    // Bytes of nobody, and files, are shown as they come.
    let known = |id: &MessageId| index.message(*id).is_some_and(|m| !matches!(m.proto, "data" | "ftp-data"));
    let messages: Vec<MessageId> = messages.into_iter().filter(known).collect();
    if let Some(protocol) = in_parts(index, out.frame, &messages) {
        add_part(out, protocol);
        return;
    }
    let tls = begins_tls(index, out.frame);
    if !messages.is_empty() || is_data(index, out.frame) || tls {
        let row = index.row(out.frame);
        let handed = row.filter(|row| !row.marked(MarkKind::KeepAlive)).and_then(|row| around::handed(index, row.flow, out.frame));
        out.inside_http = handed.is_some();
        if let Some(around::Handed::To(host, port)) = handed {
            out.dissected.layers.push(proto::http::tunnel::layer(&host, port));
        }
        let earlier = messages.iter().filter_map(|id| index.message(*id)).any(|m| m.proto == "tls" && m.first_frame < out.frame);
        let nothing = messages.is_empty();
        if !nothing || !tls {
            add_messages(out, trace, index, messages, Some(memories), datagram);
        }
        // Wireshark is at TLS, for the first time or once more, though no record may be whole: its columns stay TCP's.
        if tls && (nothing || earlier) {
            let (proto, title, osi, end) = ("tls", "TCP", Osi::Presentation, Span::NONE);
            let (summary, fields) = (String::new(), Vec::new());
            out.dissected.layers.push(Layer { proto, title, osi, buffer: 0, header: end, payload: end, summary, fields });
        }
    }
}

/// Does a record of TLS begin in this frame? Wireshark names TLS from there on, whole or not.
pub fn begins_tls(index: &Index, frame: FrameId) -> bool {
    let Some(row) = index.row(frame).filter(|row| row.payload_len > 0) else { return false };
    let again = row.marked(MarkKind::Retransmission) || row.marked(MarkKind::KeepAlive);
    let spoken = !again && index.flow(row.flow).is_some_and(|f| f.app == Some("tls"));
    let begins = |id: &MessageId| index.message(*id).is_some_and(|m| m.proto == "tls" && m.first_frame == frame);
    spoken && index.messages_in(frame).iter().any(begins)
}

/// The protocol that tshark names on this frame although none of its messages became whole here: a part of a mail or a file.
/// `whole`: the messages that did.
pub fn in_parts(index: &Index, frame: FrameId, whole: &[MessageId]) -> Option<&'static dyn Protocol> {
    let row = index.row(frame)?;
    let protocol = proto::by_name(index.flow(row.flow)?.app?).filter(|p| p.in_parts())?;
    if row.payload_len == 0 || row.transport != Transport::Tcp || row.marked(MarkKind::Retransmission) {
        return None;
    }
    // A file is nothing but parts; of a mail only the last is more.
    let is_file = protocol.name() == "ftp-data";
    let text = |id: &MessageId| index.message(*id).is_some_and(|m| m.proto == protocol.name() && m.kind == MessageKind::Data);
    (is_file || (whole.is_empty() && index.messages_in(frame).iter().any(text))).then_some(protocol)
}

/// Appends the bare layer of a protocol over this frame's payload.
fn add_part(out: &mut Explained, protocol: &dyn Protocol) {
    let payload = out.dissected.layers.last().map_or(Span::NONE, |l| l.payload);
    let bytes = out.dissected.buffers.first().map_or(&[][..], |b| payload.of(&b.bytes)).to_vec();
    let area = Span::new(0, bytes.len());
    let layer = |proto, title, osi| Layer {
        proto,
        title,
        osi,
        buffer: 0,
        header: Span::NONE,
        payload: area,
        summary: format!("{title}: {} bytes", area.len),
        fields: Vec::new(),
    };
    let mut layers = vec![layer(protocol.name(), protocol.title(), Osi::Application)];
    if proto::lines::is_text(&bytes) {
        layers.push(layer("data-text-lines", "Text", Osi::Presentation));
    }
    let buffer = Buffer { name: Text::new("ペイロード", "Payload"), bytes, in_frame: vec![(0, payload)] };
    append(&mut out.dissected, buffer, MessageLayers { buffers: Vec::new(), layers, stop: None });
}

/// Does tshark show the payload of this frame, in which no message became whole, as data of nobody?
pub fn is_data(index: &Index, frame: FrameId) -> bool {
    let Some(row) = index.row(frame) else { return false };
    let spoken = index.flow(row.flow).is_some_and(|f| f.app.is_some_and(|app| app != "data"));
    // On HTTP's ports Wireshark knows that it is no HTTP, and says nothing.
    let kept = || index.flow(row.flow).is_some_and(|f| f.ends.iter().any(|end| proto::http::PORTS.contains(&end.port())));
    let nobodys = !spoken && !row.marked(MarkKind::Retransmission) && !(row.transport == Transport::Tcp && kept() && around::handed(index, row.flow, frame).is_none());
    // A keep-alive's byte is nobody's.
    row.payload_len > 0 && (row.marked(MarkKind::KeepAlive) || nobodys)
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
            let used = enrich::data_time(bytes(payload), out.meta.at).map_or(0, |_| 8);
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
/// belongs to none of them, data.
/// `whole` is the buffer that holds the transport header, if it is not the frame's.
fn add_messages(
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
        let Some((gathered, layers)) = of_message_layers(trace, index, id, out.frame, limit, copies, memories) else { continue };
        beyond |= !gathered.chunks.iter().any(|c| c.frame == out.frame);
        let Some(protocol) = proto::by_name(message.proto) else { continue };
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
    let layers = proto::data::Data.dissect(&bytes, About { complete: false, ..About::alone(super::Dir::ToServer) });
    let in_frame = outer.map_or_else(|| vec![(0, payload)], |outer| through(&[(0, payload)], &outer));
    let buffer = Buffer { name: Text::new("ペイロード", "Payload"), bytes, in_frame };
    append(&mut out.dissected, buffer, layers);
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
fn append(dissected: &mut Dissected, buffer: Buffer, message: MessageLayers) {
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

/// Is this layer an application protocol (and not a header, a body's content, or bytes that nobody claims)?
pub(super) fn speaks(layer: &Layer) -> bool {
    layer.buffer != 0 && layer.proto != "data" && proto::by_name(layer.proto).is_some_and(|p| p.osi() == layer.osi)
}

/// Is this layer one of the headers below the applications?
fn is_header(layer: &Layer) -> bool {
    layer.proto != "data" && (layer.buffer == 0 || dissect::TABLE.iter().any(|h| h.proto() == layer.proto))
}

/// The words of the Protocol column: the topmost protocol that has a name.
pub fn protocol_column(explained: &Explained) -> &'static str {
    let layers = &explained.dissected.layers;
    let header = || layers.iter().rfind(|l| is_header(l) && !l.proto.starts_with("ipv6.")).map_or("", |l| l.title);
    column_of(layers).unwrap_or_else(header)
}

/// What messages say of the Protocol column: nothing, if there is none.
pub fn column_of(layers: &[Layer]) -> Option<&'static str> {
    // What a message carries inside (QUIC a handshake of TLS) does not take its name away.
    let inside = |l: &&Layer| layers.iter().any(|o| speaks(o) && proto::by_name(o.proto).is_some_and(|p| p.carries().contains(&l.proto)));
    let at = layers.iter().rposition(|l| speaks(l) && !inside(&l))?;
    let spoken = layers.get(at).map_or("", |l| l.title);
    let inside = layers.get(at + 1..).unwrap_or(&[]).iter().filter_map(|l| proto::media::column(l.proto));
    Some(if spoken == "HTTP" { inside.last().unwrap_or(spoken) } else { spoken })
}

/// The words of the Info column, as Wireshark would put them. Language-neutral.
pub fn info(explained: &Explained) -> String {
    let layers = &explained.dissected.layers;
    let mut said: Vec<&str> = layers.iter().filter(|l| speaks(l)).map(|l| l.summary.as_str()).collect();
    if said.is_empty() {
        let header = layers.iter().rfind(|l| is_header(l));
        return header.map_or_else(String::new, |l| l.summary.clone());
    }
    let more = said.len().saturating_sub(3);
    said.truncate(3);
    let mut out: String = explained.verdicts.iter().map(|v| format!("[{v}] ")).collect();
    if let Some(first) = explained.continues {
        out += &format!("[continuation of #{}] ", frame_number(first));
    }
    out += &said.join(" | ");
    if more > 0 {
        out += &format!(" (+{more})");
    }
    out
}
