//! HTTP/1.x (RFC 9110, RFC 9112): requests and responses as text with counted bodies.

mod body;
mod dissect;
pub mod fields;
mod framer;
mod glance;
mod head;
mod meaning;
mod recognise;
mod tell;
pub mod tunnel;
#[cfg(test)]
mod tests;

use super::claim::{Ask, Claim, Hint};
use super::glance::{Found, Glimpse};
use super::{About, Framer, MessageKind, MessageLayers, Protocol, snippet};
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

    fn claim(&self, ask: &Ask<'_>) -> Claim {
        if ask.hint != Hint::Port {
            return ask.begins(recognise::looks_like_start);
        }
        match ask.begins(recognise::looks_like_start_here) {
            // A header line: the rest of a head whose begin was not captured.
            Claim::No if recognise::looks_like_header(ask.bytes) => Claim::Middle,
            told => told,
        }
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        Some(Box::<framer::HttpFramer>::default())
    }

    fn dissect(&self, message: &[u8], about: About<'_>) -> MessageLayers {
        dissect::dissect(message, about)
    }

    fn glance(&self, def: &FieldDef, seen: &Glimpse<'_>, found: &mut Found<'_>) -> Option<bool> {
        glance::glance(def, seen, found)
    }
}

/// What a datagram of SSDP begins, and its first line. `None`: it is not one.
fn ssdp(datagram: &[u8]) -> Option<(tell::Begins, &[u8])> {
    let told = [&b"M-SEARCH "[..], b"NOTIFY ", b"HTTP/1."].iter().any(|word| datagram.starts_with(word));
    if !told {
        return None;
    }
    let (bare, full) = tell::line(datagram);
    let line = datagram.get(..bare).filter(|_| full > bare)?;
    Some((tell::begins(line)?, line))
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

    fn claim(&self, ask: &Ask<'_>) -> Claim {
        ask.is(|bytes| ssdp(bytes).is_some())
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        None
    }

    fn kind(&self, datagram: &[u8]) -> MessageKind {
        match ssdp(datagram) {
            Some((tell::Begins::Response, _)) => MessageKind::Response,
            _ => MessageKind::Request,
        }
    }

    fn headline(&self, datagram: &[u8]) -> String {
        ssdp(datagram).map_or_else(String::new, |(_, line)| snippet(line, 200))
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
