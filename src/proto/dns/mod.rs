//! DNS (RFC 1035) in datagrams (also mDNS, RFC 6762, and LLMNR, RFC 4795) and over TCP behind a length.

mod dissect;
pub mod fields;
mod message;
mod types;

#[cfg(test)]
mod tests;

use super::{About, Dir, Framed, Framer, MessageKind, MessageLayers, Protocol};
use crate::lang::{Words, words};
use crate::wire::FieldDef;
use message::{HEADER, Message, u16_at};

/// A first message longer than this (query, response) is not believed: text begins with bytes that would be such a length.
const MAX_FIRST: [u16; 2] = [4096, 16_384];

#[derive(Debug, Default)]
struct Side {
    open: Option<u64>,
    /// Where the open message ends, once its length is read.
    end: Option<u64>,
    /// A part of the open message was never captured: the rest is only counted.
    holed: bool,
    taken: u64,
}

/// The framer of DNS over TCP (RFC 1035 §4.2.2, RFC 7766).
#[derive(Debug, Default)]
pub struct DnsFramer {
    sides: [Side; 2],
    over: bool,
}

impl DnsFramer {
    fn side(&mut self, dir: Dir) -> &mut Side {
        let [client, server] = &mut self.sides;
        match dir {
            Dir::ToServer => client,
            Dir::ToClient => server,
        }
    }

    fn finish(&mut self, dir: Dir, at: u64, complete: bool, found: &mut dyn FnMut(Framed)) {
        let side = self.side(dir);
        side.end = None;
        side.holed = false;
        let Some(begin) = side.open.take() else { return };
        if !complete && at > begin {
            found(Framed::Title { dir, kind: kind(dir == Dir::ToClient), title: "DNS …".into() });
        }
        found(Framed::End { dir, at, complete });
    }

    fn give_up(&mut self, found: &mut dyn FnMut(Framed)) {
        for dir in Dir::BOTH {
            let at = self.side(dir).taken;
            self.finish(dir, at, false, found);
        }
        self.over = true;
        found(Framed::GiveUp);
    }
}

impl Framer for DnsFramer {
    fn push(&mut self, dir: Dir, at: u64, bytes: &[u8], found: &mut dyn FnMut(Framed)) -> usize {
        self.side(dir).taken = at;
        while !self.over {
            let side = self.side(dir);
            let from = usize::try_from(side.taken.saturating_sub(at)).unwrap_or(usize::MAX);
            let rest = bytes.get(from..).unwrap_or(&[]);
            if rest.is_empty() {
                break;
            }
            let begin = side.taken;
            if side.open.is_none() {
                side.open = Some(begin);
                found(Framed::Begin { dir, at: begin });
            }
            if let (true, Some(end)) = (side.holed, side.end) {
                side.taken = end.min(begin + rest.len() as u64);
                if side.taken == end {
                    self.finish(dir, end, false, found);
                }
                continue;
            }
            let Some(len) = u16_at(rest, 0) else { break };
            side.end = Some(begin + 2 + u64::from(len));
            if usize::from(len) < HEADER {
                self.give_up(found);
                break;
            }
            let Some(whole) = rest.get(..2 + usize::from(len)) else { break };
            match Message::read(whole, 2).ok().filter(Message::is_plausible) {
                Some(message) => {
                    let title = message.title(whole);
                    side.taken += whole.len() as u64;
                    let at = side.taken;
                    found(Framed::Title { dir, kind: kind(message.is_response()), title });
                    self.finish(dir, at, true, found);
                }
                None => self.give_up(found),
            }
        }
        let taken = self.side(dir).taken.saturating_sub(at);
        usize::try_from(taken).unwrap_or(usize::MAX).min(bytes.len())
    }

    fn gap(&mut self, dir: Dir, at: u64, len: u64, found: &mut dyn FnMut(Framed)) {
        if self.over {
            return;
        }
        let side = self.side(dir);
        side.taken = at.saturating_add(len);
        match side.end {
            Some(end) if side.taken < end => side.holed = true,
            Some(end) if side.taken == end => self.finish(dir, end, false, found),
            end => {
                // Messages are found by counting only: once the count is lost, nothing marks the next one.
                self.finish(dir, end.unwrap_or(at), false, found);
                self.give_up(found);
            }
        }
    }

    fn end(&mut self, dir: Dir, at: u64, found: &mut dyn FnMut(Framed)) {
        if !self.over {
            self.finish(dir, at, false, found);
        }
    }
}

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
        Some(Box::<DnsFramer>::default())
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
