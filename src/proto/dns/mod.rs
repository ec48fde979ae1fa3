//! DNS (RFC 1035) in datagrams and over TCP behind a length; mDNS (RFC 6762) and LLMNR (RFC 4795), which say the same words.

mod dissect;
pub mod fields;
mod framer;
mod glance;
mod message;
mod name;
mod rdata;
mod read;
mod types;

#[cfg(test)]
mod tests;

use super::{About, Dir, Framer, MessageKind, MessageLayers, Protocol};
use super::glance::{Found, Glimpse};
use crate::lang::{Words, words};
use crate::wire::{FieldDef, Layer, Osi, Span};
use dissect::Flavour;
use message::{HEADER, Head, is_likely, is_plausible, title, u16_at};

/// A first message longer than this (query, response) is not believed: text begins with bytes that would be such a length.
const MAX_FIRST: [u16; 2] = [4096, 16_384];

fn kind(response: bool) -> MessageKind {
    if response { MessageKind::Response } else { MessageKind::Request }
}

/// Whatever stands in a datagram of a port of DNS.
fn vouched(bytes: &[u8], name: &str) -> Option<(MessageKind, String)> {
    Some(match Head::read(bytes, 0) {
        Some(head) => (kind(head.is_response()), title(bytes, 0, head)),
        None => (MessageKind::Data, format!("{name} …")),
    })
}

/// The row of DNS in the table.
pub struct Dns;

impl Protocol for Dns {
    fn name(&self) -> &'static str {
        "dns"
    }

    fn title(&self) -> &'static str {
        "DNS"
    }

    fn about(&self) -> Words {
        words(
            "名前から IP アドレスなどを調べる、インターネットの電話帳です。",
            "The Internet's telephone book: finds the IP address, and more, that belongs to a name.",
        )
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        fields::FIELDS
    }

    fn tcp_ports(&self) -> &'static [u16] {
        &[53]
    }

    fn udp_ports(&self) -> &'static [u16] {
        &[53]
    }

    fn recognise(&self, dir: Dir, first: &[u8]) -> Option<bool> {
        // Two printable bytes would be a length beyond 8000: that is a text.
        if matches!(first, [0x20..=0x7e, ..]) {
            return Some(false);
        }
        let len = u16_at(first, 0)?;
        let [query, response] = MAX_FIRST;
        let most = if dir == Dir::ToServer { query } else { response };
        if usize::from(len) < HEADER || len > most {
            return Some(false);
        }
        if let Some(&flags) = first.get(4) {
            let response = flags & 0x80 != 0;
            if response != (dir == Dir::ToClient) || types::opcode_name(u16::from(flags >> 3 & 15)).is_none() {
                return Some(false);
            }
        }
        let whole = first.get(..2 + usize::from(len))?;
        Some(is_plausible(whole, 2))
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        Some(Box::<framer::DnsFramer>::default())
    }

    fn datagram(&self, bytes: &[u8]) -> Option<(MessageKind, String)> {
        let head = Head::read(bytes, 0).filter(|_| is_likely(bytes))?;
        Some((kind(head.is_response()), title(bytes, 0, head)))
    }

    fn vouched(&self, bytes: &[u8]) -> Option<(MessageKind, String)> {
        vouched(bytes, self.title())
    }

    fn datagram_kind(&self, bytes: &[u8]) -> Option<MessageKind> {
        Head::read(bytes, 0).filter(|_| is_likely(bytes)).map(|head| kind(head.is_response()))
    }

    fn further_kind(&self, bytes: &[u8]) -> Option<MessageKind> {
        self.datagram_kind(bytes)
    }

    fn vouched_kind(&self, bytes: &[u8]) -> Option<MessageKind> {
        Some(Head::read(bytes, 0).map_or(MessageKind::Data, |head| kind(head.is_response())))
    }

    fn dissect(&self, message: &[u8], about: About<'_>) -> MessageLayers {
        dissect::dissect(message, Flavour::Dns, about)
    }

    fn glance(&self, def: &FieldDef, seen: &Glimpse<'_>, found: &mut Found<'_>) -> Option<bool> {
        glance::glance(def, Flavour::Dns, seen, found)
    }
}

/// The row of multicast DNS in the table.
pub struct Mdns;

impl Protocol for Mdns {
    fn name(&self) -> &'static str {
        "mdns"
    }

    fn title(&self) -> &'static str {
        "MDNS"
    }

    fn about(&self) -> Words {
        words(
            "サーバなしに、同じネットワークの全員に名前やサービスを尋ねる DNS です（RFC 6762）。",
            "DNS without a server: everyone in the same network is asked for names and services (RFC 6762).",
        )
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        fields::FIELDS
    }

    fn udp_ports(&self) -> &'static [u16] {
        &[5353]
    }

    fn recognise(&self, _dir: Dir, _first: &[u8]) -> Option<bool> {
        Some(false)
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        None
    }

    fn vouched(&self, bytes: &[u8]) -> Option<(MessageKind, String)> {
        vouched(bytes, self.title())
    }

    fn dissect(&self, message: &[u8], about: About<'_>) -> MessageLayers {
        dissect::dissect(message, Flavour::Mdns, about)
    }

    fn glance(&self, def: &FieldDef, seen: &Glimpse<'_>, found: &mut Found<'_>) -> Option<bool> {
        glance::glance(def, Flavour::Mdns, seen, found)
    }
}

/// The row of link-local multicast name resolution in the table.
pub struct Llmnr;

impl Protocol for Llmnr {
    fn name(&self) -> &'static str {
        "llmnr"
    }

    fn title(&self) -> &'static str {
        "LLMNR"
    }

    fn about(&self) -> Words {
        words(
            "DNS サーバのないネットワークで、近くのホストの名前を尋ねます（RFC 4795）。",
            "Finds hosts nearby by their names where there is no DNS server (RFC 4795).",
        )
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        fields::FIELDS
    }

    fn udp_ports(&self) -> &'static [u16] {
        &[5355]
    }

    fn recognise(&self, _dir: Dir, _first: &[u8]) -> Option<bool> {
        Some(false)
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        None
    }

    fn vouched(&self, bytes: &[u8]) -> Option<(MessageKind, String)> {
        vouched(bytes, self.title())
    }

    fn dissect(&self, message: &[u8], about: About<'_>) -> MessageLayers {
        dissect::dissect(message, Flavour::Llmnr, about)
    }
}

/// The row of NetBIOS's name service in the table: named only.
pub struct Nbns;

impl Protocol for Nbns {
    fn name(&self) -> &'static str {
        "nbns"
    }

    fn title(&self) -> &'static str {
        "NBNS"
    }

    fn about(&self) -> Words {
        words(
            "Windows の古い名前解決で、形は DNS に似ています。ここでは名前だけを示します（RFC 1002 §4.2）。",
            "The older name service of Windows, in a form like that of DNS; here it is only named (RFC 1002 §4.2).",
        )
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        &[]
    }

    fn udp_ports(&self) -> &'static [u16] {
        &[137]
    }

    fn recognise(&self, _dir: Dir, _first: &[u8]) -> Option<bool> {
        Some(false)
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        None
    }

    fn vouched(&self, _bytes: &[u8]) -> Option<(MessageKind, String)> {
        Some((MessageKind::Data, "NetBIOS name service".to_owned()))
    }

    fn dissect(&self, message: &[u8], _about: About<'_>) -> MessageLayers {
        let layer = Layer {
            proto: self.name(),
            title: self.title(),
            osi: Osi::Application,
            buffer: 0,
            header: Span::new(0, message.len()),
            payload: Span::new(message.len(), 0),
            summary: "NetBIOS name service".to_owned(),
            fields: Vec::new(),
        };
        MessageLayers { buffers: Vec::new(), layers: vec![layer], stop: None }
    }
}

#[cfg(test)]
pub use tests::{samples, update};
