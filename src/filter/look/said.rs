//! The messages that are shown on the frame at hand, and what they say.
//!
//! In: a field that stands in messages. Out: its values. A message that begins in a frame at hand, or whose beginning one frame
//! holds, is read at a glance; what takes more is put together and dissected, once a frame.

use super::{Look, MUCH, fact_of, in_layer};
use crate::filter::Fact;
use crate::flow::explain::{self, of_message_layers};
use crate::flow::{Index, Message, MessageId, MessageKind, Row, Transport, around};
use crate::proto::glance::{Glance, Glimpse};
use crate::proto::{self, MessageLayers};
use crate::trace::FrameId;
use crate::wire::FieldDef;

/// Bytes that are put together for fields in a message's head.
const HEAD: u64 = 1024;
/// Bytes of a message's beginning that are fetched for a glance.
const GLANCE: u64 = 2048;

/// A message, whether all of it was looked at, its bytes and its layers.
type Looked = (MessageId, bool, Vec<u8>, MessageLayers);

/// The messages on the frame at hand.
#[derive(Default)]
pub struct Said {
    ids: Vec<MessageId>,
    /// They were asked for.
    known: bool,
    /// Where they were found among all.
    cursor: usize,
    dissected: Vec<Looked>,
    /// The beginning of a message that began in another frame.
    head: Vec<u8>,
    head_of: Option<MessageId>,
}

impl Said {
    /// Another frame is asked.
    pub fn forget(&mut self) {
        self.known = false;
        self.dissected.clear();
        self.head_of = None;
    }
}

/// Does this field stand in the head of its message, whatever comes behind?
fn in_head(def: &FieldDef) -> bool {
    let behind = ["http.file_data", "http.chunk", "http.content_length_", "http.leading"];
    def.name.starts_with("http.") && !behind.iter().any(|name| def.name.starts_with(name))
}

/// Do these first bytes hold the whole head of a message of HTTP, which has nothing behind its body?
fn holds_head(bytes: &[u8]) -> bool {
    let ends = memchr::memmem::find(bytes, b"\r\n\r\n").or_else(|| memchr::memmem::find(bytes, b"\n\n"));
    ends.is_some_and(|end| {
        let head = bytes.get(..end).unwrap_or(bytes).to_ascii_lowercase();
        memchr::memmem::find(&head, b"transfer-encoding").is_none()
    })
}

/// What a request line says is in no response, and the other way round: messages of HTTP that cannot have this field.
pub fn never_in(def: &FieldDef) -> Option<MessageKind> {
    match def.name {
        name if name.starts_with("http.request.") => Some(MessageKind::Response),
        name if name.starts_with("http.response.") => Some(MessageKind::Request),
        _ => None,
    }
}

/// Where a message's first bytes stand in the frame in which it begins: their offset and number. `None`: not in one frame alone.
fn beginning(index: &Index, frame: FrameId, row: &Row, message: &Message) -> Option<(u64, u64)> {
    if index.whole(frame).is_some() {
        return None;
    }
    if row.transport != Transport::Tcp {
        return Some((row.payload_at.into(), row.payload_len.into()));
    }
    let here = row.stream_range();
    let mine = row.flow == message.flow && row.dir == message.dir && !row.has(Row::RST) && here.contains(&message.range.start);
    let at = u64::from(row.payload_at).saturating_add(message.range.start.wrapping_sub(row.stream_at));
    mine.then(|| (at, here.end.min(message.range.end) - message.range.start))
}

fn fact<'a>(glance: Glance<'a>) -> Fact<'a> {
    match glance {
        Glance::Present => Fact::Present,
        Glance::Bool(b) => Fact::Bool(b),
        Glance::Uint(n) => Fact::Uint(n),
        Glance::Text(t) => Fact::Text(t),
        Glance::Bytes(b) => Fact::Bytes(b),
        Glance::Ipv4(a) => Fact::Ipv4(a),
        Glance::Ipv6(a) => Fact::Ipv6(a),
        Glance::Nanos(n) => Fact::Nanos(n),
    }
}

impl Look<'_> {
    /// The messages that are shown on the frame at hand.
    pub(super) fn messages(&mut self) -> &[MessageId] {
        if !self.said.known {
            self.said.known = true;
            self.shown.list(self.index, self.frame, &mut self.said.cursor, &mut self.said.ids);
        }
        &self.said.ids
    }

    pub(super) fn in_messages(
        &mut self,
        protos: &[&'static str],
        def: &'static FieldDef,
        found: &mut dyn FnMut(Fact<'_>, &[u8]) -> bool,
    ) -> bool {
        let (index, other) = (self.index, never_in(def));
        let count = self.messages().len().min(explain::MAX_MESSAGES);
        for n in 0..count {
            let Some((id, message)) = self.said.ids.get(n).and_then(|id| Some((*id, index.message(*id)?))) else { continue };
            if !protos.contains(&message.proto) || message.proto == "http" && other == Some(message.kind) {
                continue;
            }
            if let Some(go_on) = self.at_a_glance(id, message, def, found) {
                if !go_on {
                    return false;
                }
                continue;
            }
            let Some((_, _, bytes, layers)) = self.message(id, in_head(def)) else { continue };
            for layer in &layers.layers {
                let buffer = match layer.buffer.checked_sub(1) {
                    None => bytes,
                    Some(n) => layers.buffers.get(n).map_or(bytes, |b| &b.bytes),
                };
                if !in_layer(layer, buffer, &|d| d.name == def.name, &mut |f, b| found(fact_of(f, b), f.span.of(b))) {
                    return false;
                }
            }
        }
        true
    }

    /// Each value of the field in this message, read where it stands; true to go on. `None`: it takes dissection.
    pub(super) fn at_a_glance(
        &mut self,
        id: MessageId,
        message: &Message,
        def: &'static FieldDef,
        found: &mut dyn FnMut(Fact<'_>, &[u8]) -> bool,
    ) -> Option<bool> {
        let (trace, index, frame) = (self.trace, self.index, self.frame);
        let protocol = proto::by_name(message.proto)?;
        let row = self.row()?;
        let over_stream = row.transport == Transport::Tcp;
        let here = message.first_frame == frame || !over_stream;
        if !here && self.said.head_of != Some(id) {
            let first = index.row(message.first_frame)?;
            let (at, len) = beginning(index, message.first_frame, &first, message).filter(|_| first.transport == Transport::Tcp)?;
            let meta = trace.meta(message.first_frame)?;
            let len = len.min(GLANCE).min(u64::from(meta.cap_len).saturating_sub(at));
            self.said.head.resize(usize::try_from(len).ok()?, 0);
            trace.source.read_at(meta.offset.saturating_add(at), &mut self.said.head).ok()?;
            self.said.head_of = Some(id);
        }
        if here {
            self.bytes();
        }
        let bytes = match here {
            true => {
                let (at, len) = beginning(index, frame, &row, message)?;
                let all = self.sweep.bytes().get(usize::try_from(at).ok()?..)?;
                all.get(..usize::try_from(len).ok()?).unwrap_or(all)
            }
            false => &self.said.head,
        };
        let len = if over_stream { message.range.end.saturating_sub(message.range.start) } else { row.payload_len.into() };
        if bytes.is_empty() || len > MUCH {
            return None;
        }
        let memories = self.shown.memories();
        let about = |told: &mut dyn FnMut(proto::About<'_>)| {
            let talk = around::Talk::new(trace, index, id).remembering(memories);
            told(around::about(message, &talk));
        };
        let seen = Glimpse { bytes, len, about: &about };
        protocol.glance(def, &seen, &mut |value, raw| found(fact(value), raw))
    }

    /// A message that is shown on this frame, put together and dissected: with `head_only`, as much of it as holds its head.
    pub(super) fn message(&mut self, id: MessageId, head_only: bool) -> Option<&Looked> {
        let enough = |(known, whole, ..): &Looked| *known == id && (*whole || head_only);
        if !self.said.dissected.iter().any(enough) {
            let of = |limit| of_message_layers(self.trace, self.index, id, self.frame, limit, false, self.shown.memories());
            let length = self.index.message(id).map_or(0, |m| m.range.end.saturating_sub(m.range.start));
            let head = (head_only && length > HEAD).then(|| of(HEAD)).flatten().filter(|(g, _)| holds_head(&g.bytes));
            let whole = head.is_none();
            let (gathered, layers) = head.or_else(|| of(MUCH))?;
            self.said.dissected.push((id, whole, gathered.bytes, layers));
        }
        self.said.dissected.iter().find(|looked| enough(looked))
    }
}
