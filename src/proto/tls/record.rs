//! The record layer (RFC 8446 §5.1): the header of 5 bytes, and handshake messages as they lie in records.
//!
//! In: bytes that may begin a record, or the content of one of handshake messages. Out: the header, and the pieces of
//! messages in the content. A message may begin in one record and end in another: [`Pending`] remembers that, 9 bytes at most.

use super::names;
use super::session::{Session, TLS13};

/// The header's length.
pub const HEADER: usize = 5;
/// RFC 8446 §5.2 allows 2^14 + 256 bytes, RFC 5246 §6.2.3 allows 2^14 + 2048.
const MAX_LENGTH: usize = (1 << 14) + 2048;

pub const CHANGE_CIPHER_SPEC: u8 = 20;
pub const ALERT: u8 = 21;
pub const HANDSHAKE: u8 = 22;
pub const APPLICATION_DATA: u8 = 23;
pub const HEARTBEAT: u8 = 24;

/// A record's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub kind: u8,
    pub version: u16,
    /// Of the content.
    pub len: usize,
}

impl Header {
    /// `None`: fewer than five bytes.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let &[kind, a, b, c, d] = bytes.first_chunk()?;
        Some(Self { kind, version: u16::from_be_bytes([a, b]), len: usize::from(u16::from_be_bytes([c, d])) })
    }

    /// May these be the first bytes of a record? As many as there are are judged.
    pub fn may_begin(bytes: &[u8]) -> bool {
        let at = |i: usize| bytes.get(i).copied();
        at(0).is_none_or(|kind| (CHANGE_CIPHER_SPEC..=HEARTBEAT).contains(&kind))
            && at(1).is_none_or(|major| major == 3)
            && at(2).is_none_or(|minor| minor <= 4)
            && Self::read(bytes).is_none_or(|h| h.len <= MAX_LENGTH)
    }

    /// Does a conversation of which nothing is known begin with this? Stricter, since other protocols may look like it.
    pub fn begins_talk(bytes: &[u8]) -> Option<bool> {
        let first = bytes.get(..bytes.len().min(3))?;
        let kind = first.first().is_none_or(|k| matches!(*k, HANDSHAKE | APPLICATION_DATA));
        let version = first.get(1).is_none_or(|v| *v == 3) && first.get(2).is_none_or(|v| *v <= 3);
        if !kind || !version {
            return Some(false);
        }
        Self::read(bytes).map(|h| h.len > 0 && h.len < MAX_LENGTH)
    }
}

/// A handshake message that has begun and not ended: its header as far as it came, and the bytes of its body still to come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    head: [u8; 4],
    have: u8,
    left: u32,
}

impl Pending {
    pub fn is_open(self) -> bool {
        self.have > 0
    }

    /// A message is open that begins with these bytes, of which so many have come.
    pub fn after(begun: &[u8], came: u32) -> Self {
        let mut pending = Self::default();
        pending.take(begun.get(..4).unwrap_or(begun));
        pending.left = pending.left.saturating_sub(came.saturating_sub(4));
        pending
    }

    /// The type of the message that is open.
    pub fn kind(self) -> u8 {
        self.head[0]
    }

    /// Takes what of `rest` belongs to the open message; returns how much, and whether the message is whole now.
    fn take(&mut self, rest: &[u8]) -> (usize, bool) {
        let mut used = 0;
        for byte in rest {
            let Some(slot) = self.head.get_mut(usize::from(self.have)) else { break };
            *slot = *byte;
            self.have += 1;
            used += 1;
            if self.have == 4 {
                let [_, a, b, c] = self.head;
                self.left = u32::from_be_bytes([0, a, b, c]);
            }
        }
        if self.have == 4 {
            let body = (rest.len() - used).min(self.left as usize);
            self.left -= body as u32;
            used += body;
        }
        (used, self.have == 4 && self.left == 0)
    }
}

/// What lies in a record of handshake messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A whole message, with its header of 4 bytes.
    Whole { at: usize, end: usize },
    /// The beginning of a message of this type.
    Begin { at: usize, end: usize, kind: u8 },
    /// A further part of a message that an earlier record began; `last`: its end.
    More { at: usize, end: usize, kind: u8, last: bool },
    /// Nobody without the keys can read it.
    Encrypted { at: usize, end: usize },
}

/// Walks over the messages in a record's content, which stands from `base` in some buffer. `changed`: this end has said that
/// it encrypts from now on.
pub fn walk(content: &[u8], base: usize, pending: &mut Pending, changed: bool, visit: &mut dyn FnMut(Piece)) {
    let mut at = 0;
    if pending.is_open() {
        let kind = pending.kind();
        let (used, last) = pending.take(content);
        visit(Piece::More { at: base, end: base + used, kind, last });
        if !last {
            return;
        }
        *pending = Pending::default();
        at = used;
    } else if is_encrypted(content, changed) {
        visit(Piece::Encrypted { at: base, end: base + content.len() });
        return;
    }
    while let Some(rest) = content.get(at..).filter(|r| !r.is_empty()) {
        let (used, whole) = pending.take(rest);
        let kind = pending.kind();
        let (from, end) = (base + at, base + at + used);
        if !whole {
            visit(Piece::Begin { at: from, end, kind });
            return;
        }
        *pending = Pending::default();
        visit(Piece::Whole { at: from, end });
        at += used;
    }
}

/// Does a record of handshake messages look encrypted?
fn is_encrypted(content: &[u8], changed: bool) -> bool {
    // A MAC or an authentication tag alone has 16 bytes: what is shorter is plain.
    if content.len() < 16 {
        return false;
    }
    // Five zeros would be two Hello Requests: rather the nonce that stands before the encrypted text (RFC 5288 §3).
    let zeros = content.iter().take(5).all(|b| *b == 0);
    // Messages are shorter than 64 kB.
    let plausible = content.first_chunk::<2>().is_some_and(|[kind, high]| names::handshake(*kind).is_some() && *high == 0);
    changed || zeros || !plausible
}

/// The version that a record's own header gives to the Protocol column, or the session's, once that is known.
pub fn shown_version(session: &Session, header: Header) -> u16 {
    if session.version == 0 { header.version } else { session.version }
}

/// An encrypted record of TLS 1.3 does not say what it holds.
pub fn is_opaque(session: &Session, kind: u8) -> bool {
    session.version == TLS13 && kind == APPLICATION_DATA
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(records: &[&[u8]]) -> Vec<Piece> {
        let (mut pending, mut out) = (Pending::default(), Vec::new());
        for record in records {
            walk(record, 5, &mut pending, false, &mut |p| out.push(p));
        }
        out
    }

    #[test]
    fn messages_are_found_over_the_borders_of_records() {
        assert_eq!(pieces(&[&[14, 0, 0, 0, 1, 0, 0, 2, 7, 7]]), [
            Piece::Whole { at: 5, end: 9 },
            Piece::Whole { at: 9, end: 15 }
        ]);
        assert_eq!(pieces(&[&[11, 0], &[0, 3, 1, 2], &[3, 14, 0, 0, 0]]), [
            Piece::Begin { at: 5, end: 7, kind: 11 },
            Piece::More { at: 5, end: 9, kind: 11, last: false },
            Piece::More { at: 5, end: 6, kind: 11, last: true },
            Piece::Whole { at: 6, end: 10 }
        ]);
    }

    #[test]
    fn a_message_goes_on_after_what_is_remembered_of_it() {
        let message = [11, 0, 0, 3, 1, 2, 3, 14, 0, 0, 0];
        for came in 1..7 {
            let (begun, rest) = message.split_at(came);
            let mut told = Pending::default();
            walk(begun, 0, &mut told, false, &mut |_| {});
            assert_eq!(Pending::after(begun, came as u32), told, "{came} bytes");
            let mut pieces = Vec::new();
            walk(rest, 0, &mut told, false, &mut |p| pieces.push(p));
            assert_eq!(pieces[0], Piece::More { at: 0, end: 7 - came, kind: if came > 0 { 11 } else { 0 }, last: true });
        }
    }

    #[test]
    fn what_cannot_be_a_message_is_encrypted() {
        let encrypted = [Piece::Encrypted { at: 5, end: 25 }];
        assert_eq!(pieces(&[&[0; 20]]), encrypted);
        assert_eq!(pieces(&[&[99; 20]]), encrypted);
        assert_eq!(pieces(&[&[[1, 1, 0, 0].as_slice(), &[5; 16]].concat()]), encrypted);
        assert!(matches!(pieces(&[&[[1, 0, 0, 16].as_slice(), &[5; 16]].concat()])[..], [Piece::Whole { .. }]));
        let mut out = Vec::new();
        walk(&[[20, 0, 0, 12].as_slice(), &[5; 12]].concat(), 0, &mut Pending::default(), true, &mut |p| out.push(p));
        assert_eq!(out, [Piece::Encrypted { at: 0, end: 16 }]);
    }
}
