//! Looking into frames, one after the other: every field of a frame, by its name.
//!
//! In: a capture and the number of a frame. Out: its fields as filters and columns ask for them ([`Facts`], [`Look::fields`]).
//! What it costs depends on the question: a field at a fixed place of a plain frame is read there; what the index knows is
//! taken from it; headers are dissected only for fields of headers, messages only for fields of their protocol. What was
//! dissected is forgotten with the next frame. A test asks all ways the same and compares.

use super::plain::{self, Place, Plain};
use super::names::{self, Home};
use super::{Fact, Facts, Name};
use crate::flow::explain::{self, Explained, Shown, explain_after, of_message_layers};
use crate::flow::around;
use crate::flow::history::Histories;
use crate::flow::{Index, MarkKind, Message, MessageId, MessageKind, Row, frame_layer};
use crate::proto::MessageLayers;
use crate::trace::{FrameId, Nanos, Sweep, Trace, frame_number};
use crate::wire::{Dissected, Field, FieldDef, Kind, Layer, Next, Value};

/// Bytes of a message that are put together for its fields.
const MUCH: u64 = 1 << 20;

/// ... for those that stand in its head.
const HEAD: u64 = 1024;

/// A message, whether all of it was looked at, its bytes and its layers.
type Looked = (MessageId, bool, Vec<u8>, MessageLayers);

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

/// How a field is found.
#[derive(Clone, Copy)]
enum Way {
    /// The capture says it about the frame.
    Meta(Meta),
    /// At a fixed place of a plain frame.
    Place(Place),
    /// The index knows it of a plain frame.
    Known(Known),
    /// In the headers; of a plain frame only if this is one of its protocols.
    Headers(&'static str),
    /// In messages of the protocols that have this field.
    Messages(&'static [&'static str]),
    /// Anywhere.
    Whole,
}

#[derive(Clone, Copy)]
enum Meta {
    Number,
    Epoch,
    Relative,
    Delta,
    Len,
    CapLen,
}

#[derive(Clone, Copy)]
enum Known {
    /// Wireshark gives it to IPv6 too.
    IpVersion,
    TcpFlow,
    UdpFlow,
    TcpLen,
    Seq,
    Ack,
    Window,
    Mark(MarkKind),
    TcpPayload,
    UdpPayload,
    /// A number in the option of TCP of this kind.
    Option { kind: u8, at: usize, len: usize },
}

/// A capture whose frames can be asked.
pub struct Look<'a> {
    trace: &'a Trace,
    index: &'a Index,
    shown: Shown,
    sweep: Sweep,
    histories: Histories,
    frame: FrameId,
    bytes: Vec<u8>,
    plain: Option<Plain>,
    /// The bytes at hand are this frame's.
    read: bool,
    headers: Option<Option<Explained>>,
    explained: Option<Option<Explained>>,
    messages: Option<Vec<MessageId>>,
    dissected: Vec<Looked>,
    ways: Vec<(*const FieldDef, Way)>,
    quick: bool,
}

impl<'a> Look<'a> {
    /// Messages are shown where `shown` says.
    pub fn new(trace: &'a Trace, index: &'a Index, shown: Shown) -> Self {
        Self {
            trace,
            index,
            shown,
            sweep: Sweep::default(),
            histories: Histories::whole(),
            frame: FrameId::MAX,
            bytes: Vec::new(),
            plain: None,
            read: false,
            headers: None,
            explained: None,
            messages: None,
            dissected: Vec::new(),
            ways: Vec::new(),
            quick: true,
        }
    }

    /// As [`Look::new`], but every question is answered by dissecting the whole frame: what the quick ways are tested against.
    pub fn thorough(trace: &'a Trace, index: &'a Index, shown: Shown) -> Self {
        Self { quick: false, ..Self::new(trace, index, shown) }
    }

    /// From now on this frame is asked.
    pub fn at(&mut self, frame: FrameId) -> &mut Self {
        if self.frame != frame {
            self.frame = frame;
            self.read = false;
            self.headers = None;
            self.explained = None;
            self.messages = None;
            self.dissected.clear();
        }
        self
    }

    /// The whole of it. `None`: the file cannot be read there any more.
    pub fn explained(&mut self) -> Option<&Explained> {
        let (trace, index, shown, frame) = (self.trace, self.index, &self.shown, self.frame);
        let histories = &mut self.histories;
        self.explained.get_or_insert_with(|| explain_after(trace, index, frame, shown, histories)).as_ref()
    }

    fn headers(&mut self) -> Option<&Explained> {
        if self.explained.is_some() {
            return self.explained();
        }
        let (trace, index, frame, histories) = (self.trace, self.index, self.frame, &mut self.histories);
        self.headers.get_or_insert_with(|| explain_after(trace, index, frame, &Shown::Nowhere, histories)).as_ref()
    }

    /// The bytes of the frame at hand, and where its headers stand if it is of the usual kind.
    fn bytes(&mut self) {
        if self.read {
            return;
        }
        self.read = true;
        self.bytes.clear();
        self.plain = None;
        if let Some(frame) = self.sweep.frame(self.trace, self.frame) {
            self.bytes.extend_from_slice(frame.bytes);
            self.plain = Plain::read(frame.link, frame.bytes, frame.meta.wire_len);
        }
    }

    fn messages(&mut self) -> &[MessageId] {
        let (shown, index, frame) = (&self.shown, self.index, self.frame);
        self.messages.get_or_insert_with(|| shown.on(index, frame))
    }

    fn way(&mut self, def: &'static FieldDef) -> Way {
        let same = |(known, _): &&(*const FieldDef, Way)| std::ptr::eq(*known, def);
        if let Some((_, way)) = self.ways.iter().find(same) {
            return *way;
        }
        let way = if self.quick { way_of(def) } else { Way::Whole };
        self.ways.push((std::ptr::from_ref(def), way));
        way
    }

    /// Each value of this field in the frame at hand, with its bytes; until `found` is false. True to go on.
    fn one(&mut self, def: &'static FieldDef, found: &mut dyn FnMut(Fact<'_>, &[u8]) -> bool) -> bool {
        let Some(row) = self.index.row(self.frame) else { return true };
        match self.way(def) {
            // What 64 bits of nanoseconds cannot say stands in the frame's layer as text.
            Way::Meta(Meta::Epoch | Meta::Relative | Meta::Delta) if !self.trace.far.is_empty() => {
                let Some(explained) = self.explained() else { return true };
                in_explained(explained, &|d| d.name == def.name, &mut |f, b| found(fact_of(f, b), f.span.of(b)))
            }
            Way::Meta(meta) => match self.meta(meta) {
                Some(fact) => found(fact, &[]),
                None => true,
            },
            Way::Place(place) => {
                self.bytes();
                match &self.plain {
                    Some(plain) => plain.fact(&self.bytes, &place).is_none_or(|(fact, raw)| found(fact, raw)),
                    None => self.in_headers(def, found),
                }
            }
            Way::Known(known) => {
                self.bytes();
                match self.plain {
                    Some(plain) => match self.known(known, &row, &plain) {
                        Some(Ok((fact, raw))) => found(fact, raw),
                        Some(Err(())) => self.in_headers(def, found),
                        None => true,
                    },
                    None => self.in_headers(def, found),
                }
            }
            Way::Headers(proto) => {
                self.bytes();
                match &self.plain {
                    Some(plain) if !has(plain, proto) => true,
                    _ => self.in_headers(def, found),
                }
            }
            Way::Messages(protos) => self.in_messages(protos, def, found),
            Way::Whole if self.quick && row.payload_len == 0 && self.messages().is_empty() => self.in_headers(def, found),
            Way::Whole => {
                let Some(explained) = self.explained() else { return true };
                in_explained(explained, &|d| d.name == def.name, &mut |f, b| found(fact_of(f, b), f.span.of(b)))
            }
        }
    }

    fn meta(&self, meta: Meta) -> Option<Fact<'static>> {
        let at = self.trace.meta(self.frame)?;
        // Times too far for this are not asked here.
        let since = |id: Option<FrameId>| {
            let from = id.and_then(|i| self.trace.counted_from(i)).map_or(at.at, |n| Nanos(i64::try_from(n).unwrap_or(i64::MAX)));
            Fact::Nanos(at.at.since(from))
        };
        Some(match meta {
            Meta::Epoch | Meta::Relative | Meta::Delta if !self.trace.is_timed(self.frame) => return None,
            Meta::Number => Fact::Uint(frame_number(self.frame)),
            Meta::Epoch => Fact::Nanos(at.at.0),
            Meta::Relative => since(Some(0)),
            Meta::Delta => since(self.frame.checked_sub(1)),
            Meta::Len => Fact::Uint(at.wire_len.into()),
            Meta::CapLen => Fact::Uint(at.cap_len.into()),
        })
    }

    /// `Err`: it takes a look at the headers.
    #[allow(clippy::type_complexity)]
    fn known(&self, known: Known, row: &Row, plain: &Plain) -> Option<Result<(Fact<'_>, &[u8]), ()>> {
        let flow = self.index.flow(row.flow)?;
        let at = |from: usize, len: usize| self.bytes.get(from..from + len).unwrap_or(&[]);
        let transport = plain.transport();
        let word = |from: usize| {
            let raw = at(transport + from, 4);
            (raw.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)), raw)
        };
        let half = |from: usize| {
            let raw = at(transport + from, 2);
            (raw.iter().fold(0u16, |n, b| n << 8 | u16::from(*b)), raw)
        };
        let tcp = plain.tcp;
        let fact = match known {
            Known::IpVersion => (Fact::Uint(if plain.version_6 { 6 } else { 4 }), at(plain.net(), 1)),
            Known::TcpFlow if tcp => (Fact::Uint(flow.number.into()), &[][..]),
            Known::UdpFlow if !tcp => (Fact::Uint(flow.number.into()), &[][..]),
            Known::TcpLen if tcp => (Fact::Uint(plain.payload.1.into()), &[][..]),
            Known::Seq | Known::Ack if tcp && flow.renumbered => return Some(Err(())),
            Known::Seq if tcp => {
                let (seq, raw) = word(4);
                (Fact::Uint(seq.wrapping_sub(flow.isn[row.dir.index()].unwrap_or(seq)).into()), raw)
            }
            Known::Ack if tcp => {
                let (ack, raw) = word(8);
                let zero = flow.isn[row.dir.reverse().index()].unwrap_or(0);
                (Fact::Uint(if row.has(Row::ACK) { ack.wrapping_sub(zero).into() } else { ack.into() }), raw)
            }
            Known::Window if tcp => {
                let (window, raw) = half(14);
                match (row.has(Row::SYN), flow.wscale[row.dir.index()]) {
                    // RFC 7323 §2.2: the window of a SYN is never scaled.
                    (true, _) => (Fact::Uint(window.into()), raw),
                    (false, Some(shift)) if flow.start_seen && row.has(Row::ACK) && !flow.renumbered => {
                        (Fact::Uint(u64::from(window) << shift.min(14)), raw)
                    }
                    // What is known of the scaling here is the conversation's business.
                    _ => return Some(Err(())),
                }
            }
            Known::Option { kind, at: from, len } if tcp => {
                let end = plain.payload.0 as usize;
                return self.option(transport + 20..end, kind, from, len).transpose();
            }
            Known::Mark(kind) if tcp => return row.marked(kind).then_some(Err(())),
            Known::TcpPayload if tcp && plain.payload.1 > 0 => self.payload(plain),
            Known::UdpPayload if !tcp && plain.payload.1 > 0 => self.payload(plain),
            _ => return None,
        };
        Some(Ok(fact))
    }

    /// The number that stands at an offset in the one option of this kind. `Err`: the options are not of the usual kind.
    fn option(&self, area: std::ops::Range<usize>, kind: u8, at: usize, len: usize) -> Result<Option<(Fact<'_>, &[u8])>, ()> {
        let mut rest = self.bytes.get(area).unwrap_or(&[]);
        let mut found = None;
        loop {
            match *rest {
                [] | [0, ..] => return Ok(found),
                [1, ..] => rest = rest.get(1..).unwrap_or(&[]),
                [what, size, ..] => {
                    let size = usize::from(size);
                    let option = rest.get(..size).filter(|_| size >= 2).ok_or(())?;
                    if what == kind {
                        let raw = option.get(at..at + len).filter(|_| size == at + len || kind == 8).ok_or(())?;
                        if found.is_some() {
                            return Err(());
                        }
                        found = Some((Fact::Uint(raw.iter().fold(0u64, |n, b| n << 8 | u64::from(*b))), raw));
                    }
                    rest = rest.get(size..).unwrap_or(&[]);
                }
                [_] => return Err(()),
            }
        }
    }

    fn payload(&self, plain: &Plain) -> (Fact<'_>, &[u8]) {
        let (from, len) = (plain.payload.0 as usize, plain.payload.1 as usize);
        let raw = self.bytes.get(from..from + len).unwrap_or(&[]);
        (Fact::Bytes(raw), raw)
    }

    fn in_headers(&mut self, def: &'static FieldDef, found: &mut dyn FnMut(Fact<'_>, &[u8]) -> bool) -> bool {
        let Some(explained) = self.headers() else { return true };
        in_explained(explained, &|d| d.name == def.name, &mut |f, b| found(fact_of(f, b), f.span.of(b)))
    }

    fn in_messages(
        &mut self,
        protos: &[&'static str],
        def: &'static FieldDef,
        found: &mut dyn FnMut(Fact<'_>, &[u8]) -> bool,
    ) -> bool {
        // What a request line says is in no response, and the other way round.
        let other = match def.name {
            name if name.starts_with("http.request.") => Some(MessageKind::Response),
            name if name.starts_with("http.response.") => Some(MessageKind::Request),
            _ => None,
        };
        let has = |m: &Message| protos.contains(&m.proto) && !(m.proto == "http" && other == Some(m.kind));
        let of = |index: &Index, id: MessageId| index.message(id).is_some_and(&has);
        let index = self.index;
        if !self.messages().iter().any(|id| of(index, *id)) {
            return true;
        }
        for id in self.messages().to_vec().into_iter().take(explain::MAX_MESSAGES).filter(|id| of(index, *id)) {
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

    /// A message that is shown on this frame, put together and dissected: with `head_only`, as much of it as holds its head.
    fn message(&mut self, id: MessageId, head_only: bool) -> Option<&Looked> {
        let enough = |(known, whole, ..): &Looked| *known == id && (*whole || head_only);
        if !self.dissected.iter().any(enough) {
            let of = |limit| of_message_layers(self.trace, self.index, id, self.frame, limit, false, self.shown.memories());
            let length = self.index.message(id).map_or(0, |m| m.range.end.saturating_sub(m.range.start));
            let head = (head_only && length > HEAD).then(|| of(HEAD)).flatten().filter(|(g, _)| holds_head(&g.bytes));
            let whole = head.is_none();
            let (gathered, layers) = head.or_else(|| of(MUCH))?;
            self.dissected.push((id, whole, gathered.bytes, layers));
        }
        self.dissected.iter().find(|looked| enough(looked))
    }

    /// Every field under this name, in the order of the frame, with the bytes of its buffer; until `found` is false.
    pub fn fields(&mut self, name: Name, found: &mut dyn FnMut(&Field, &[u8]) -> bool) {
        let Some(explained) = self.explained() else { return };
        in_explained(explained, &|def| asks(name, def), found);
    }

    /// The layers of this protocol, by Wireshark's name.
    pub fn layers(&mut self, proto: &str, found: &mut dyn FnMut(&Layer, &[u8]) -> bool) {
        if self.quick && self.surely_without(proto) {
            return;
        }
        let Some(explained) = self.explained() else { return };
        let dissected = &explained.dissected;
        for layer in dissected.layers.iter().filter(|l| l.proto == proto) {
            if !found(layer, dissected.bytes(layer)) {
                return;
            }
        }
    }

    /// Is it known without dissecting that this frame has no layer of this protocol?
    fn surely_without(&mut self, proto: &str) -> bool {
        self.bytes();
        let Some(plain) = self.plain else { return false };
        match crate::proto::by_name(proto) {
            // A part of a mail or of a file is text although no message ends with it.
            None if proto == "data-text-lines" && explain::in_parts(self.index, self.frame, &[]).is_some() => false,
            None => !has(&plain, proto) && proto != "frame" && self.messages().is_empty(),
            Some(_) if proto == "data" => false,
            Some(_) if proto == "tls" && explain::begins_tls(self.index, self.frame) => false,
            // Their layers are of their own messages only; those of others may be within something else (TLS in QUIC).
            Some(_) => {
                let index = self.index;
                let own = matches!(proto, "dns" | "websocket" | "smtp" | "pop" | "ftp" | "http2" | "quic");
                !self.messages().iter().any(|id| index.message(*id).is_some_and(|m| !own || m.proto == proto))
            }
        }
    }

    /// `frame.protocols` and Wireshark's Protocol column.
    pub fn protocols(&mut self) -> (String, &'static str) {
        self.bytes();
        if self.quick
            && let Some(plain) = self.plain
            && self.messages().is_empty()
            && !explain::is_data(self.index, self.frame)
            && explain::in_parts(self.index, self.frame, &[]).is_none()
            && !explain::begins_tls(self.index, self.frame)
        {
            return plain.protocols();
        }
        if let Some(quick) = self.protocols_of_messages() {
            return quick;
        }
        let Some(explained) = self.explained() else { return Default::default() };
        (frame_layer::protocols(&explained.dissected, explained.inside_http), explain::protocol_column(explained))
    }

    /// The same of a plain frame whose messages are of protocols that stand alone.
    fn protocols_of_messages(&mut self) -> Option<(String, &'static str)> {
        let (index, frame) = (self.index, self.frame);
        let plain = self.plain.filter(|_| self.quick)?;
        let ids = self.messages().to_vec();
        let simple = |id: &MessageId| {
            let known = |m: &Message| matches!(m.proto, "http" | "dns" | "mdns") && m.range.end - m.range.start < MUCH;
            index.message(*id).is_some_and(known)
        };
        let handed = || index.row(frame).is_none_or(|row| around::handed(index, row.flow, frame).is_some());
        if ids.is_empty() || ids.len() > explain::MAX_MESSAGES || !ids.iter().all(simple) || handed() {
            return None;
        }
        let mut layers = Vec::new();
        for id in ids {
            let (.., found) = self.message(id, false)?;
            layers.extend(found.layers.iter().map(|l| Layer {
                proto: l.proto,
                title: l.title,
                osi: l.osi,
                buffer: l.buffer.saturating_add(1),
                header: l.header,
                payload: l.payload,
                summary: String::new(),
                fields: Vec::new(),
            }));
        }
        let column = explain::column_of(&layers)?;
        let dissected = Dissected { buffers: Vec::new(), layers, next: Next::Nothing, stop: None };
        Some((format!("{}:{}", plain.protocols().0, frame_layer::protocols(&dissected, false)), column))
    }

    /// The values under this name as `tshark -T fields` prints them.
    pub fn print(&mut self, name: Name, out: &mut Vec<String>) {
        self.each_printable(name, &mut |def, fact| {
            let mut text = String::new();
            match def {
                Some(def) => write(&mut text, def, fact),
                None => write_text(&mut text, fact),
            }
            out.push(text);
        });
    }

    /// The same, at the end of a line, `between` them: without a string for each.
    pub fn print_into(&mut self, name: Name, line: &mut String, between: &str) {
        let mut first = true;
        self.each_printable(name, &mut |def, fact| {
            if !std::mem::take(&mut first) {
                line.push_str(between);
            }
            match def {
                Some(def) => write(line, def, fact),
                None => write_text(line, fact),
            }
        });
    }

    /// Each value with its field; what is no field's is text.
    fn each_printable(&mut self, name: Name, put: &mut dyn FnMut(Option<&FieldDef>, Fact<'_>)) {
        match name {
            Name::Field(def) if def.name == frame_layer::PROTOCOLS.name => {
                let (text, _) = self.protocols();
                put(None, Fact::Text(&text));
            }
            Name::Field(def) => {
                self.one(def, &mut |fact, _| {
                    put(Some(def), fact);
                    true
                });
            }
            Name::Fields(defs) if self.is_plain() => {
                for def in defs {
                    self.one(def, &mut |fact, _| {
                        put(Some(def), fact);
                        true
                    });
                }
            }
            Name::Fields(_) => self.fields(name, &mut |field, buffer| {
                put(Some(field.def), fact_of(field, buffer));
                true
            }),
            Name::Protocol(proto) => self.layers(proto, &mut |layer, _| {
                put(None, Fact::Text(layer.title));
                true
            }),
        }
    }

    /// A header of a plain frame: how many bytes are its own, and its bytes with all that it carries.
    fn in_plain(&mut self, proto: &str) -> Option<(usize, &[u8])> {
        self.bytes();
        self.plain.filter(|_| self.quick)?.protocol(&self.bytes, proto)
    }

    fn is_plain(&mut self) -> bool {
        self.bytes();
        self.quick && self.plain.is_some()
    }
}

impl Facts for Look<'_> {
    fn each(&mut self, name: Name, found: &mut dyn FnMut(Fact<'_>, &[u8]) -> bool) {
        match name {
            Name::Protocol("frame") => {
                self.bytes();
                found(Fact::Present, &self.bytes);
            }
            Name::Protocol(proto) if self.in_plain(proto).is_some() => {
                if let Some((own, whole)) = self.in_plain(proto) {
                    found(Fact::Layer(own), whole);
                }
            }
            Name::Protocol(proto) => self.layers(proto, &mut |layer, bytes| {
                let (fact, whole) = own(layer, bytes);
                found(fact, whole)
            }),
            Name::Field(def) => {
                self.one(def, found);
            }
            Name::Fields(defs) if self.is_plain() => {
                let mut go_on = true;
                for def in defs {
                    go_on = go_on && self.one(def, found);
                }
            }
            Name::Fields(_) => self.fields(name, &mut |field, buffer| found(fact_of(field, buffer), field.span.of(buffer))),
        }
    }

    fn has(&mut self, name: Name) -> bool {
        if let Name::Protocol(proto) = name
            && self.quick
            && proto != "data"
        {
            let index = self.index;
            if self.messages().iter().any(|id| index.message(*id).is_some_and(|m| m.proto == proto)) {
                return true;
            }
        }
        let mut there = false;
        self.each(name, &mut |_, _| {
            there = true;
            false
        });
        there
    }

    fn each_at(&mut self, name: Name, found: &mut dyn FnMut(u32, Fact<'_>, &[u8]) -> bool) {
        let Some(explained) = self.explained() else { return };
        let dissected = &explained.dissected;
        let mut before: Vec<&str> = Vec::new();
        for layer in &dissected.layers {
            let bytes = dissected.bytes(layer);
            let same = before.iter().filter(|proto| **proto == layer.proto).count();
            // Messages stand beside each other, not within each other.
            let number = if layer.buffer == 0 { u32::try_from(same).unwrap_or(u32::MAX).saturating_add(1) } else { 1 };
            before.push(layer.proto);
            let go_on = match name {
                Name::Protocol(proto) => {
                    let (fact, whole) = own(layer, bytes);
                    layer.proto != proto || found(number, fact, whole)
                }
                _ => in_layer(layer, bytes, &|def| asks(name, def), &mut |f, b| found(number, fact_of(f, b), f.span.of(b))),
            };
            if !go_on {
                return;
            }
        }
    }
}

/// A protocol's bytes with all that it carries, and how many of them Wireshark counts as its own.
fn own<'a>(layer: &Layer, bytes: &'a [u8]) -> (Fact<'static>, &'a [u8]) {
    if layer.proto == "frame" {
        return (Fact::Present, bytes);
    }
    let end = layer.payload.end().max(layer.header.end());
    let whole = crate::wire::Span { start: layer.header.start, len: end.saturating_sub(layer.header.start) };
    let all = layer.buffer != 0 || matches!(layer.proto, "icmp" | "icmpv6");
    (if all { Fact::Present } else { Fact::Layer(layer.header.len as usize) }, whole.of(bytes))
}

fn way_of(def: &'static FieldDef) -> Way {
    if let Some(place) = plain::place(def) {
        return Way::Place(place);
    }
    if let Some(kind) = MarkKind::ALL.into_iter().find(|k| k.field() == def.name) {
        return Way::Known(Known::Mark(kind));
    }
    match def.name {
        "frame.number" => Way::Meta(Meta::Number),
        "frame.time_epoch" => Way::Meta(Meta::Epoch),
        "frame.time_relative" => Way::Meta(Meta::Relative),
        "frame.time_delta" => Way::Meta(Meta::Delta),
        "frame.len" => Way::Meta(Meta::Len),
        "frame.cap_len" => Way::Meta(Meta::CapLen),
        "ip.version" => Way::Known(Known::IpVersion),
        "tcp.stream" => Way::Known(Known::TcpFlow),
        "udp.stream" => Way::Known(Known::UdpFlow),
        "tcp.len" => Way::Known(Known::TcpLen),
        "tcp.seq" => Way::Known(Known::Seq),
        "tcp.ack" => Way::Known(Known::Ack),
        "tcp.window_size" => Way::Known(Known::Window),
        "tcp.payload" => Way::Known(Known::TcpPayload),
        "udp.payload" => Way::Known(Known::UdpPayload),
        "tcp.options.mss_val" => Way::Known(Known::Option { kind: 2, at: 2, len: 2 }),
        "tcp.options.wscale.shift" => Way::Known(Known::Option { kind: 3, at: 2, len: 1 }),
        "tcp.options.timestamp.tsval" => Way::Known(Known::Option { kind: 8, at: 2, len: 4 }),
        "tcp.options.timestamp.tsecr" => Way::Known(Known::Option { kind: 8, at: 6, len: 4 }),
        _ => match names::home(def) {
            Home::Header(proto) => Way::Headers(proto),
            Home::Messages(protos) => Way::Messages(protos),
            Home::Anywhere => Way::Whole,
        },
    }
}

/// Does a plain frame have this header?
fn has(plain: &Plain, proto: &str) -> bool {
    match proto {
        "frame" => true,
        "eth" => plain.ethernet,
        "raw" => !plain.ethernet,
        "ip" => !plain.version_6,
        "ipv6" => plain.version_6,
        "tcp" => plain.tcp,
        "udp" => !plain.tcp,
        _ => false,
    }
}

fn asks(name: Name, def: &'static FieldDef) -> bool {
    match name {
        Name::Field(one) => one.name == def.name,
        Name::Fields(some) => some.iter().any(|one| one.name == def.name),
        Name::Protocol(_) => false,
    }
}

fn in_explained(
    explained: &Explained,
    wanted: &dyn Fn(&'static FieldDef) -> bool,
    found: &mut dyn FnMut(&Field, &[u8]) -> bool,
) -> bool {
    let dissected = &explained.dissected;
    dissected.layers.iter().all(|layer| in_layer(layer, dissected.bytes(layer), wanted, found))
}

fn in_layer(
    layer: &Layer,
    bytes: &[u8],
    wanted: &dyn Fn(&'static FieldDef) -> bool,
    found: &mut dyn FnMut(&Field, &[u8]) -> bool,
) -> bool {
    let mut go_on = true;
    for field in &layer.fields {
        field.walk(&mut |f| {
            if go_on && wanted(f.def) {
                go_on = found(f, bytes);
            }
        });
    }
    go_on
}

/// The value of a field.
pub fn fact_of<'a>(field: &'a Field, buffer: &'a [u8]) -> Fact<'a> {
    match &field.value {
        Value::None => Fact::Present,
        Value::Bool(b) => Fact::Bool(*b),
        Value::Uint(n) => Fact::Uint(*n),
        Value::Int(n) => Fact::Int(*n),
        Value::Mac(m) => Fact::Mac(*m),
        Value::Ipv4(a) => Fact::Ipv4(*a),
        Value::Ipv6(a) => Fact::Ipv6(*a),
        Value::Text(t) => Fact::Text(t),
        Value::Bytes => Fact::Bytes(field.span.of(buffer)),
        Value::Nanos(n) => Fact::Nanos(*n),
    }
}

/// A value as `tshark -T fields` prints it.
pub fn print(def: &FieldDef, fact: Fact<'_>) -> String {
    let mut out = String::new();
    write(&mut out, def, fact);
    out
}

/// What is no field's value: the words alone.
fn write_text(out: &mut String, fact: Fact<'_>) {
    if let Fact::Text(text) = fact {
        out.push_str(text);
    }
}

/// Appends a value as `tshark -T fields` prints it.
fn write(out: &mut String, def: &FieldDef, fact: Fact<'_>) {
    use std::fmt::Write;
    // Writing to a string cannot fail.
    let _ = match fact {
        // Wireshark's fields without a value (FT_NONE) show that they are there.
        Fact::Present if matches!(def.kind, Kind::Group | Kind::Text) => out.write_str("1"),
        Fact::Present | Fact::Layer(_) => Ok(()),
        Fact::Bool(b) => out.write_str(if b { "1" } else { "0" }),
        Fact::Uint(n) => match def.kind {
            Kind::Hex(digits) => write!(out, "0x{n:0width$x}", width = digits as usize),
            _ => {
                decimal(out, n);
                Ok(())
            }
        },
        Fact::Int(n) => write!(out, "{n}"),
        Fact::Mac([a, b, c, d, e, f]) => write!(out, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}"),
        Fact::Ipv4(a) => {
            for (n, octet) in a.octets().into_iter().enumerate() {
                if n > 0 {
                    out.push('.');
                }
                decimal(out, octet.into());
            }
            Ok(())
        }
        Fact::Ipv6(a) => write!(out, "{a}"),
        Fact::Text(t) => out.write_str(&crate::wire::in_a_line(t)),
        // tshark 4.0 says so of a field of bytes that has none.
        Fact::Bytes([]) => out.write_str("<MISSING>"),
        Fact::Bytes(bytes) => out.write_str(&crate::wire::hex(bytes)),
        Fact::Nanos(n) => {
            if n < 0 {
                out.push('-');
            }
            decimal(out, n.unsigned_abs() / 1_000_000_000);
            // Nine digits, with zeros before.
            let from = out.len();
            decimal(out, 1_000_000_000 + n.unsigned_abs() % 1_000_000_000);
            out.replace_range(from..=from, ".");
            Ok(())
        }
    };
}

/// Appends a number, faster than formatting does: there are as many as cells.
fn decimal(out: &mut String, mut n: u64) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        if let Some(digit) = digits.get_mut(at) {
            *digit = b'0' + (n % 10) as u8;
        }
        n /= 10;
        if n == 0 {
            break;
        }
    }
    out.push_str(digits.get(at..).and_then(|d| std::str::from_utf8(d).ok()).unwrap_or_default());
}
