//! Looking into frames, one after the other: every field of a frame, by its name.
//!
//! In: a capture and the number of a frame. Out: its fields as filters and columns ask for them ([`Facts`], [`Look::fields`]).
//! A frame is dissected when the first question comes, and forgotten with the next frame.

use super::{Fact, Facts, Name};
use crate::flow::Index;
use crate::flow::explain::{Explained, Shown, explain_after};
use crate::flow::history::Histories;
use crate::trace::{FrameId, Trace};
use crate::wire::{Field, FieldDef, Kind, Layer, Value};

/// A capture whose frames can be asked.
pub struct Look<'a> {
    trace: &'a Trace,
    index: &'a Index,
    shown: Shown,
    histories: Histories,
    frame: FrameId,
    explained: Option<Option<Explained>>,
}

impl<'a> Look<'a> {
    /// Messages are shown where `shown` says.
    pub fn new(trace: &'a Trace, index: &'a Index, shown: Shown) -> Self {
        Self { trace, index, shown, histories: Histories::whole(), frame: 0, explained: None }
    }

    /// From now on this frame is asked.
    pub fn at(&mut self, frame: FrameId) {
        if self.frame != frame {
            self.frame = frame;
            self.explained = None;
        }
    }

    /// The whole of it. `None`: the file cannot be read there any more.
    pub fn explained(&mut self) -> Option<&Explained> {
        let (trace, index, shown, frame) = (self.trace, self.index, &self.shown, self.frame);
        let histories = &mut self.histories;
        self.explained.get_or_insert_with(|| explain_after(trace, index, frame, shown, histories)).as_ref()
    }

    /// Every field under this name, in the order of the frame, with the bytes of its buffer; until `found` is false.
    pub fn fields(&mut self, name: Name, found: &mut dyn FnMut(&Field, &[u8]) -> bool) {
        let Some(explained) = self.explained() else { return };
        let wanted = |def: &'static FieldDef| match name {
            Name::Field(one) => std::ptr::eq(one, def) || one.name == def.name,
            Name::Fields(some) => some.iter().any(|one| one.name == def.name),
            Name::Protocol(_) => false,
        };
        let dissected = &explained.dissected;
        let mut go_on = true;
        for layer in &dissected.layers {
            let bytes = dissected.bytes(layer);
            for field in &layer.fields {
                field.walk(&mut |f| {
                    if go_on && wanted(f.def) {
                        go_on = found(f, bytes);
                    }
                });
            }
            if !go_on {
                return;
            }
        }
    }

    /// The layers of this protocol, by Wireshark's name.
    pub fn layers(&mut self, proto: &str, found: &mut dyn FnMut(&Layer, &[u8]) -> bool) {
        let Some(explained) = self.explained() else { return };
        let dissected = &explained.dissected;
        for layer in dissected.layers.iter().filter(|l| l.proto == proto) {
            if !found(layer, dissected.bytes(layer)) {
                return;
            }
        }
    }
}

impl Facts for Look<'_> {
    fn each(&mut self, name: Name, found: &mut dyn FnMut(Fact<'_>, &[u8]) -> bool) {
        match name {
            Name::Protocol(proto) => self.layers(proto, &mut |layer, bytes| {
                let whole = crate::wire::Span {
                    start: layer.header.start,
                    len: layer.payload.end().max(layer.header.end()).saturating_sub(layer.header.start),
                };
                found(Fact::Present, if layer.proto == "frame" { bytes } else { whole.of(bytes) })
            }),
            _ => self.fields(name, &mut |field, buffer| {
                let bytes = field.span.of(buffer);
                let fact = match &field.value {
                    Value::None => Fact::Present,
                    Value::Bool(b) => Fact::Bool(*b),
                    Value::Uint(n) => Fact::Uint(*n),
                    Value::Int(n) => Fact::Int(*n),
                    Value::Mac(m) => Fact::Mac(*m),
                    Value::Ipv4(a) => Fact::Ipv4(*a),
                    Value::Ipv6(a) => Fact::Ipv6(*a),
                    Value::Text(t) => Fact::Text(t),
                    Value::Bytes => Fact::Bytes(bytes),
                    Value::Nanos(n) => Fact::Nanos(*n),
                };
                found(fact, bytes)
            }),
        }
    }
}

/// A field's value as `tshark -T fields` prints it. `buffer` is its layer's.
pub fn print(field: &Field, buffer: &[u8]) -> String {
    match field.value {
        // Wireshark's fields without a value (FT_NONE) show that they are there.
        Value::None if matches!(field.def.kind, Kind::Group | Kind::Text) => "1".to_owned(),
        _ => field.print(buffer),
    }
}
