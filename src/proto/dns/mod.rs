//! DNS (RFC 1035) in datagrams and over TCP behind a length, and its relatives, which say the same words.

mod dissect;
pub mod fields;
mod framer;
mod glance;
mod message;
mod name;
mod nbns;
mod neighbour;
mod rdata;
mod read;
mod signed;
mod types;

#[cfg(test)]
mod tests;

use super::claim::{Ask, Carrier, Claim, Hint};
use super::{About, Dir, Framer, MessageKind, MessageLayers, Protocol};
use super::glance::{Found, Glimpse};
use crate::lang::{Words, words};
use crate::wire::FieldDef;
use dissect::Flavour;
use message::{HEADER, Head, is_likely, is_plausible, title, u16_at};
pub use nbns::Nbns;
pub use neighbour::{LLMNR, MDNS};

/// A first message longer than this (query, response) is not believed: text begins with bytes that would be such a length.
const MAX_FIRST: [u16; 2] = [4096, 16_384];

fn kind(response: bool) -> MessageKind {
    if response { MessageKind::Response } else { MessageKind::Request }
}

/// What a datagram is that belongs to DNS or one of its relatives: a header too short is theirs, too.
fn kind_of(datagram: &[u8]) -> MessageKind {
    Head::read(datagram, 0).map_or(MessageKind::Data, |head| kind(head.is_response()))
}

fn headline(datagram: &[u8], protocol: &str) -> String {
    Head::read(datagram, 0).map_or_else(|| format!("{protocol} …"), |head| title(datagram, 0, head))
}

/// Does a stream of DNS begin with these bytes: a length, and a message behind it? `None`: too few to say.
fn begins(dir: Dir, first: &[u8]) -> Option<bool> {
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

    fn claim(&self, ask: &Ask<'_>) -> Claim {
        match ask.carrier {
            Carrier::Stream(_) => ask.begins_on_port(begins),
            // What is damaged is its own too.
            Carrier::Datagram if ask.hint == Hint::Port => Claim::Vouched,
            Carrier::Datagram => ask.is(is_likely),
        }
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        Some(Box::<framer::DnsFramer>::default())
    }

    fn kind(&self, datagram: &[u8]) -> MessageKind {
        kind_of(datagram)
    }

    fn headline(&self, datagram: &[u8]) -> String {
        headline(datagram, self.title())
    }

    fn dissect(&self, message: &[u8], about: About<'_>) -> MessageLayers {
        dissect::dissect(message, Flavour::Dns, about)
    }

    fn glance(&self, def: &FieldDef, seen: &Glimpse<'_>, found: &mut Found<'_>) -> Option<bool> {
        glance::glance(def, Flavour::Dns, seen, found)
    }
}

#[cfg(test)]
pub use tests::{samples, update};
