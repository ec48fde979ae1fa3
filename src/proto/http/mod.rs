//! HTTP/1.x (RFC 9110, RFC 9112): requests and responses as text with counted bodies.

mod body;
mod dissect;
pub mod fields;
mod framer;
mod head;
mod meaning;
mod recognise;
mod tell;
pub mod tunnel;
#[cfg(test)]
mod tests;

use super::{About, Dir, Framer, MessageKind, MessageLayers, Protocol, snippet};
use crate::lang::{Words, words};
use crate::wire::FieldDef;

/// The TCP ports on which Wireshark expects HTTP.
pub const PORTS: &[u16] = &[80, 631, 3128, 3132, 5985, 8080, 8088, 11371, 1900, 2869, 2710];

/// The row of HTTP/1.x in the table.
pub struct Http;

impl Protocol for Http {
    fn name(&self) -> &'static str {
        "http"
    }

    fn title(&self) -> &'static str {
        "HTTP"
    }

    fn about(&self) -> Words {
        words(
            "ウェブの会話の約束で、クライアントが 1 つ頼むとサーバが 1 つ答えます。",
            "How the web talks: the client asks for one thing, the server gives one answer.",
        )
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        fields::FIELDS
    }

    fn tcp_ports(&self) -> &'static [u16] {
        // Wireshark's, and those on which people try out what they write.
        &[80, 631, 3128, 3132, 5985, 8080, 8088, 11371, 1900, 2869, 2710, 3000, 5000, 8000, 8888]
    }

    fn recognise(&self, dir: Dir, first: &[u8]) -> Option<bool> {
        recognise::looks_like_start(dir, first)
    }

    fn recognise_on_port(&self, dir: Dir, first: &[u8]) -> Option<bool> {
        recognise::looks_like_start_here(dir, first)
    }

    /// A header line: the rest of a head.
    fn on_port(&self, first: &[u8]) -> bool {
        recognise::looks_like_header(first)
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        Some(Box::<framer::HttpFramer>::default())
    }

    fn dissect(&self, message: &[u8], about: About<'_>) -> MessageLayers {
        dissect::dissect(message, about)
    }
}

/// The row of SSDP (UPnP Device Architecture 1.1 §1): HTTP's messages as datagrams.
pub struct Ssdp;

impl Protocol for Ssdp {
    fn name(&self) -> &'static str {
        "ssdp"
    }

    fn title(&self) -> &'static str {
        "SSDP"
    }

    fn about(&self) -> Words {
        words(
            "家庭のネットワークで機器を探すために、HTTP の形のメッセージを UDP で全員に送ります。",
            "Finds devices in a home network: messages in HTTP's form, sent to everybody over UDP.",
        )
    }

    /// Its fields are HTTP's.
    fn fields(&self) -> &'static [&'static FieldDef] {
        fields::FIELDS
    }

    fn udp_ports(&self) -> &'static [u16] {
        &[1900]
    }

    fn recognise(&self, _dir: Dir, _first: &[u8]) -> Option<bool> {
        Some(false)
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        None
    }

    fn datagram(&self, bytes: &[u8]) -> Option<(MessageKind, String)> {
        let (bare, full) = tell::line(bytes);
        let line = bytes.get(..bare).filter(|_| full > bare)?;
        let told = [&b"M-SEARCH "[..], b"NOTIFY ", b"HTTP/1."].iter().any(|word| line.starts_with(word));
        let kind = match tell::begins(line).filter(|_| told)? {
            tell::Begins::Response => MessageKind::Response,
            _ => MessageKind::Request,
        };
        Some((kind, snippet(line, 200)))
    }

    fn dissect(&self, message: &[u8], about: About<'_>) -> MessageLayers {
        let mut out = dissect::dissect(message, about);
        for layer in out.layers.iter_mut().filter(|l| l.proto == "http") {
            (layer.proto, layer.title) = (self.name(), self.title());
        }
        out
    }
}

#[cfg(test)]
pub use tests::{samples, ssdp_samples};
