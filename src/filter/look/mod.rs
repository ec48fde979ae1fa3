//! Looking into frames, one after the other: every field of a frame, by its name.
//!
//! In: a capture and the number of a frame. Out: its fields as filters and columns ask for them ([`Facts`], [`Look::fields`]).
//! What it costs depends on the question: a field at a fixed place of a plain frame is read there; what the index knows is
//! taken from it; headers are dissected only for fields of headers, messages only for fields of their protocol, and of those
//! only where a glance is not enough. What was dissected is forgotten with the next frame. A test asks all ways the same and
//! compares.

mod known;
mod layers;
mod plain;
mod said;
mod way;
mod write;

pub use said::never_in;
pub use way::is_in_headers;
pub use write::print;

use super::{Fact, Facts, Name};
use crate::flow::explain::{Explained, Shown, explain_after};
use crate::flow::history::Histories;
use crate::flow::{Index, Row, frame_layer};
use crate::trace::{FrameId, FrameMeta, Sweep, Trace};
use crate::wire::{Field, FieldDef, Layer, Value};
use plain::Plain;
use said::Said;
use way::{Known, Meta, Way, has};
use write::{write, write_text};

/// Bytes of a message that are put together for its fields.
const MUCH: u64 = 1 << 20;

/// A capture whose frames can be asked.
pub struct Look<'a> {
    trace: &'a Trace,
    index: &'a Index,
    shown: Shown,
    sweep: Sweep,
    histories: Histories,
    frame: FrameId,
    row: Option<Option<Row>>,
    meta: Option<Option<FrameMeta>>,
    plain: Option<Plain>,
    /// The bytes in the sweep's hand are this frame's.
    read: bool,
    headers: Option<Option<Explained>>,
    explained: Option<Option<Explained>>,
    said: Said,
    ways: Vec<(*const FieldDef, Way)>,
    /// Where the way that was asked for last stands among them: the same fields are asked of every frame, in the same order.
    turn: usize,
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
            row: None,
            meta: None,
            plain: None,
            read: false,
            headers: None,
            explained: None,
            said: Said::default(),
            ways: Vec::new(),
            turn: 0,
            quick: true,
        }
    }

    /// As [`Look::new`], but every question is answered by dissecting the whole frame: what the quick ways are tested against.
    pub fn thorough(trace: &'a Trace, index: &'a Index, shown: Shown) -> Self {
        Self { quick: false, ..Self::new(trace, index, shown) }
    }

    /// On which frames messages are shown.
    pub fn shown(&self) -> &Shown {
        &self.shown
    }

    /// From now on this frame is asked.
    pub fn at(&mut self, frame: FrameId) -> &mut Self {
        if self.frame != frame {
            self.frame = frame;
            self.row = None;
            self.meta = None;
            self.read = false;
            self.headers = None;
            self.explained = None;
            self.said.forget();
        }
        self
    }

    fn row(&mut self) -> Option<Row> {
        let (index, frame) = (self.index, self.frame);
        *self.row.get_or_insert_with(|| index.row(frame))
    }

    fn meta(&mut self) -> Option<FrameMeta> {
        let (trace, frame) = (self.trace, self.frame);
        *self.meta.get_or_insert_with(|| trace.meta(frame))
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
        let meta = self.meta();
        self.plain = match meta {
            Some(meta) if self.sweep.take(self.trace, self.frame, &meta) => {
                Plain::read(self.trace.link(&meta), self.sweep.bytes(), meta.wire_len)
            }
            _ => {
                self.sweep = Sweep::default();
                None
            }
        };
    }

    fn way(&mut self, def: &'static FieldDef) -> Way {
        let same = |(known, _): &&(*const FieldDef, Way)| std::ptr::eq(*known, def);
        let next = self.turn + 1;
        for at in [next, 0] {
            if let Some((_, way)) = self.ways.get(at).filter(same) {
                self.turn = at;
                return *way;
            }
        }
        if let Some(at) = self.ways.iter().position(|known| same(&known)) {
            self.turn = at;
            return self.ways.get(at).map_or(Way::Whole, |(_, way)| *way);
        }
        let way = if self.quick { Way::of(def) } else { Way::Whole };
        self.ways.push((std::ptr::from_ref(def), way));
        way
    }

    /// Each value of this field in the frame at hand, with its bytes; until `found` is false. True to go on.
    fn one(&mut self, def: &'static FieldDef, found: &mut dyn FnMut(Fact<'_>, &[u8]) -> bool) -> bool {
        match self.way(def) {
            // What 64 bits of nanoseconds cannot say stands in the frame's layer as text.
            Way::Meta(Meta::Epoch | Meta::Relative | Meta::Delta) if !self.trace.far.is_empty() => self.in_whole(def, found),
            Way::Meta(meta) => match self.said_by_capture(meta) {
                Some(fact) => found(fact, &[]),
                None => true,
            },
            Way::Place(place) => {
                self.bytes();
                match &self.plain {
                    Some(plain) => plain.fact(self.sweep.bytes(), &place).is_none_or(|(fact, raw)| found(fact, raw)),
                    None => self.in_headers(def, found),
                }
            }
            Way::Known(known @ (Known::TcpTime { .. } | Known::UdpTime { .. })) => {
                self.bytes();
                match self.plain {
                    Some(plain) => self.since(known, &plain).is_none_or(|fact| found(fact, &[])),
                    None => self.in_headers(def, found),
                }
            }
            Way::Known(known) => {
                self.bytes();
                let Some(row) = self.row() else { return true };
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
            Way::Data { len } => match (self.has_data(), self.plain) {
                (Some(false), _) => true,
                (Some(true), Some(plain)) if len => found(Fact::Uint(plain.payload.1.into()), &[]),
                (Some(true), Some(plain)) => {
                    let (fact, raw) = self.payload(&plain);
                    found(fact, raw)
                }
                _ => self.in_whole(def, found),
            },
            Way::Messages(protos) => self.in_messages(protos, def, found),
            Way::Whole => self.in_whole(def, found),
        }
    }

    fn in_headers(&mut self, def: &'static FieldDef, found: &mut dyn FnMut(Fact<'_>, &[u8]) -> bool) -> bool {
        let Some(explained) = self.headers() else { return true };
        in_explained(explained, &|d| d.name == def.name, &mut |f, b| found(fact_of(f, b), f.span.of(b)))
    }

    fn in_whole(&mut self, def: &'static FieldDef, found: &mut dyn FnMut(Fact<'_>, &[u8]) -> bool) -> bool {
        if self.quick && self.row().is_some_and(|row| row.payload_len == 0) && self.messages().is_empty() {
            return self.in_headers(def, found);
        }
        let Some(explained) = self.explained() else { return true };
        in_explained(explained, &|d| d.name == def.name, &mut |f, b| found(fact_of(f, b), f.span.of(b)))
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
        self.plain.filter(|_| self.quick)?.protocol(self.sweep.bytes(), proto)
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
                found(Fact::Present, self.sweep.bytes());
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
        if let (Name::Protocol("data"), Some(there)) = (name, self.has_data()) {
            return there;
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
