//! On which frames a message is shown: for the eye on each that brought a part of it, as tshark prints on the one that made it
//! whole.
//!
//! In: the index, and a frame with its headers. Out: the messages of the frame, and tshark's layers of them. What tshark names on
//! a frame where nothing became whole is said here, too.

use super::around::{self, Memories};
use super::explain::{Explained, add_messages, append};
use super::{Index, MarkKind, MessageId, MessageKind, NO_FRAME, Row, Transport};
use crate::lang::Text;
use crate::proto::{self, MessageLayers, Protocol};
use crate::trace::{FrameId, Trace};
use crate::wire::{Buffer, Layer, Osi, Span};
use std::sync::Arc;

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

/// Appends the layers of the messages that this frame made whole; the bytes of a conversation that nobody knows as data.
pub(super) fn add_whole(out: &mut Explained, trace: &Trace, index: &Index, whole: &WhenWhole, datagram: Option<usize>) {
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
    // Of a mail that is fetched, Wireshark shows no part.
    if protocol.name() != "pop" && proto::lines::is_text(&bytes) {
        layers.push(layer("data-text-lines", "Text", Osi::Presentation));
    }
    let buffer = Buffer { name: Text::new("ペイロード", "Payload"), bytes, in_frame: vec![(0, payload)] };
    append(&mut out.dissected, buffer, MessageLayers { buffers: Vec::new(), layers, stop: None });
}

/// Does tshark leave the payload of this segment unread? That of a fast retransmission it reads once more; that of a segment
/// that breaks the connection off is its reason.
fn is_passed_over(row: &Row) -> bool {
    let again = row.marked(MarkKind::Retransmission) && !row.marked(MarkKind::FastRetransmission);
    row.transport == Transport::Tcp && (again || row.marked(MarkKind::OutOfOrder) || row.has(Row::RST))
}

/// Does tshark show the payload of this frame, in which no message became whole, as data of nobody?
pub fn is_data(index: &Index, frame: FrameId) -> bool {
    let Some(row) = index.row(frame) else { return false };
    let spoken = index.flow(row.flow).is_some_and(|f| f.app.is_some_and(|app| app != "data"));
    // What came before anything was recognised stays nobody's.
    let early = || {
        let ids = index.messages_in(frame);
        !ids.is_empty() && ids.iter().all(|id| index.message(*id).is_some_and(|m| m.proto == "data"))
    };
    let spoken = spoken && !early();
    // On HTTP's ports Wireshark knows that it is no HTTP, and says nothing.
    let kept = || index.flow(row.flow).is_some_and(|f| f.ends.iter().any(|end| proto::http::PORTS.contains(&end.port())));
    let nobodys = !spoken && !is_passed_over(&row) && !(row.transport == Transport::Tcp && kept() && around::handed(index, row.flow, frame).is_none());
    // A keep-alive's byte is nobody's.
    row.payload_len > 0 && (row.marked(MarkKind::KeepAlive) || nobodys)
}
