//! DNS (RFC 1035) in datagrams (also mDNS, RFC 6762, and LLMNR, RFC 4795) and over TCP behind a length.

mod dissect;
pub mod fields;
mod framer;
mod message;
mod types;

#[cfg(test)]
mod tests;

use super::{About, Dir, Framer, MessageKind, MessageLayers, Protocol};
use crate::lang::{Words, words};
use crate::wire::FieldDef;
use message::{HEADER, Message, u16_at};

/// A first message longer than this (query, response) is not believed: text begins with bytes that would be such a length.
const MAX_FIRST: [u16; 2] = [4096, 16_384];

fn kind(response: bool) -> MessageKind {
    if response { MessageKind::Response } else { MessageKind::Request }
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
        &[53, 5353, 5355]
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
        Some(Message::read(whole, 2).is_ok_and(|m| m.is_plausible()))
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        Some(Box::<framer::DnsFramer>::default())
    }

    fn datagram(&self, bytes: &[u8]) -> Option<(MessageKind, String)> {
        let message = Message::read(bytes, 0).ok().filter(Message::is_plausible)?;
        Some((kind(message.is_response()), message.title(bytes)))
    }

    fn dissect(&self, message: &[u8], _about: About<'_>) -> MessageLayers {
        dissect::dissect(message)
    }
}

#[cfg(test)]
pub use tests::samples;
