//! Which layers a frame has, as far as that is known without dissecting it.

use super::way::has;
use super::{Look, MUCH};
use crate::flow::explain::{self, Shown};
use crate::flow::{Message, MessageId, around, frame_layer};
use crate::filter::{Fact, Name, names};
use crate::proto::{self, media};
use crate::wire::{Dissected, Layer, Next, Span};

impl Look<'_> {
    /// Is it known without dissecting that this frame has no layer of this protocol?
    pub(super) fn surely_without(&mut self, proto: &str) -> bool {
        self.bytes();
        let Some(plain) = self.plain else { return false };
        let (index, frame) = (self.index, self.frame);
        match proto::by_name(proto) {
            None if has(&plain, proto) || proto == "frame" => false,
            // What is readable in bytes of nobody, and in a part of a text.
            None if proto == "text" && explain::is_data(index, frame) => false,
            None if proto == "data-text-lines" && explain::in_parts(index, frame, &[]).is_some() => false,
            None => self.messages().is_empty(),
            Some(_) if proto == "data" => self.has_data() == Some(false),
            Some(_) if proto == "tls" && explain::begins_tls(index, frame) => false,
            Some(protocol) if protocol.in_parts() && explain::in_parts(index, frame, &[]).is_some() => false,
            Some(_) => {
                let hosts = proto::hosts(proto);
                !self.messages().iter().any(|id| index.message(*id).is_some_and(|m| proto::is_in(hosts, m.proto)))
            }
        }
    }

    /// Is what this plain frame carries shown as data of nobody? `None`: it takes a look at its messages.
    pub(super) fn has_data(&mut self) -> Option<bool> {
        self.bytes();
        let plain = self.plain.filter(|_| self.quick)?;
        if !matches!(self.shown, Shown::WhenWhole(_)) {
            return None;
        }
        let (index, frame) = (self.index, self.frame);
        let of_nobody = |id: &MessageId| index.message(*id).is_some_and(|m| matches!(m.proto, "data" | "ftp-data"));
        if !self.messages().iter().all(of_nobody) || explain::in_parts(index, frame, &[]).is_some() {
            return None;
        }
        // Under the name of a protocol of which nothing is read they are no data.
        let named = || proto::named::of(plain.tcp, plain.ports(self.sweep.bytes()), plain.carried(self.sweep.bytes())).is_some();
        match plain.payload.1 > 0 && explain::is_data(index, frame) && !explain::begins_tls(index, frame) {
            true if named() => None,
            there => Some(there),
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

    /// Wireshark's Protocol column alone.
    pub fn protocol_column(&mut self) -> &'static str {
        match self.column_of_messages() {
            Some(column) => column,
            None => self.protocols().1,
        }
    }

    /// What the last message of a plain frame says of that column, as far as its type alone tells.
    fn column_of_messages(&mut self) -> Option<&'static str> {
        self.bytes();
        self.plain.filter(|_| self.quick)?;
        let (index, frame) = (self.index, self.frame);
        let ids = self.messages();
        let (last, count) = (*ids.last()?, ids.len());
        let simple = |id: &MessageId| {
            let known = |m: &Message| matches!(m.proto, "http" | "dns" | "mdns" | "websocket") && m.complete;
            index.message(*id).is_some_and(known)
        };
        if count > explain::MAX_MESSAGES || !ids.iter().all(simple) {
            return None;
        }
        let message = index.message(last)?;
        if message.proto == "websocket" {
            return Some(proto::by_name(message.proto)?.title());
        }
        if message.proto != "http" || around::handed(index, index.row(frame)?.flow, frame).is_some() {
            return None;
        }
        let Some(Name::Field(def)) = names::find("http.content_type") else { return None };
        // Whatever becomes of a body of such a type, it has no name of its own in the column.
        let (mut types, mut nameless) = (0, true);
        let read = self.at_a_glance(last, message, def, &mut |value, _| {
            let media = match value {
                Fact::Text(text) => media::media_protocol(text.split(';').next().unwrap_or("").trim()),
                _ => None,
            };
            types += 1;
            nameless &= media.is_some_and(|proto| proto != "mime_multipart" && media::column(proto).is_none());
            true
        });
        (read.is_some() && types == 1 && nameless).then_some("HTTP")
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
            // There is nothing within it.
            if let Some(dns) = index.message(id).filter(|m| m.proto == "dns").and_then(|_| proto::by_name("dns")) {
                let (proto, title, osi) = (dns.name(), dns.title(), dns.osi());
                let (header, payload, summary, fields) = (Span::NONE, Span::NONE, String::new(), Vec::new());
                layers.push(Layer { proto, title, osi, buffer: 1, header, payload, summary, fields });
                continue;
            }
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
}
