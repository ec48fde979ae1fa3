//! Finds frames in both directions.
//!
//! In: bytes and gaps in order. Out: [`Framed`], one message a frame. Held back is a header of 9 bytes; payloads are counted.

use super::{HEADER, Header, MAGIC, kind_name};
use crate::proto::both::{Both, count_until};
use crate::proto::{Dir, Framed, Framer, MessageKind};

#[derive(Debug, Default)]
struct Side {
    open: Option<u64>,
    end: Option<u64>,
    titled: bool,
    holed: bool,
    taken: u64,
    /// Something was read: the magic words are behind.
    begun: bool,
}

/// The framer of HTTP/2.
#[derive(Debug, Default)]
pub struct Http2Framer {
    sides: Both<Side>,
    over: bool,
}

impl Http2Framer {
    fn finish(&mut self, dir: Dir, at: u64, complete: bool, found: &mut dyn FnMut(Framed)) {
        let side = &mut self.sides[dir];
        side.end = None;
        let titled = std::mem::take(&mut side.titled);
        let holed = std::mem::take(&mut side.holed);
        let Some(begin) = side.open.take() else { return };
        if !titled && at > begin {
            found(Framed::Title { dir, kind: MessageKind::Data, title: "HTTP2 …".into() });
        }
        found(Framed::End { dir, at, complete: complete && !holed });
    }

    fn give_up(&mut self, found: &mut dyn FnMut(Framed)) {
        for dir in Dir::BOTH {
            let at = self.sides[dir].taken;
            self.finish(dir, at, false, found);
        }
        self.over = true;
        found(Framed::GiveUp);
    }

    /// Reads what begins here. `false`: more bytes are needed, or it is no HTTP/2.
    fn head(&mut self, dir: Dir, rest: &[u8], found: &mut dyn FnMut(Framed)) -> bool {
        let side = &mut self.sides[dir];
        let magic = !side.begun && dir == Dir::ToServer;
        let (kind, title, len) = if magic && MAGIC.starts_with(rest.get(..rest.len().min(MAGIC.len())).unwrap_or(&[])) {
            if rest.len() < MAGIC.len() {
                return false;
            }
            (MessageKind::Data, "Magic".to_owned(), MAGIC.len())
        } else {
            let Some(header) = Header::read(rest) else { return false };
            // Unknown types are allowed (RFC 9113 §5.5), but nobody begins with one.
            if !side.begun && kind_name(header.kind).is_none() {
                self.give_up(found);
                return false;
            }
            (header.message_kind(), header.title(), HEADER + header.len)
        };
        side.begun = true;
        side.titled = true;
        side.end = Some(side.taken.saturating_add(len as u64));
        found(Framed::Title { dir, kind, title });
        true
    }
}

impl Framer for Http2Framer {
    fn push(&mut self, dir: Dir, at: u64, bytes: &[u8], found: &mut dyn FnMut(Framed)) -> usize {
        self.sides[dir].taken = at;
        while !self.over {
            let side = &mut self.sides[dir];
            let rest = bytes.get(count_until(side.taken, at, bytes)..).unwrap_or(&[]);
            if let Some(end) = side.end {
                side.taken += end.saturating_sub(side.taken).min(rest.len() as u64);
                if side.taken < end {
                    break;
                }
                self.finish(dir, end, true, found);
                continue;
            }
            if rest.is_empty() {
                break;
            }
            if side.open.is_none() {
                side.open = Some(side.taken);
                found(Framed::Begin { dir, at: side.taken });
            }
            if !self.head(dir, rest, found) {
                break;
            }
        }
        count_until(self.sides[dir].taken, at, bytes)
    }

    fn gap(&mut self, dir: Dir, at: u64, len: u64, found: &mut dyn FnMut(Framed)) {
        if self.over {
            return;
        }
        let side = &mut self.sides[dir];
        side.taken = at.saturating_add(len);
        match side.end {
            Some(end) if side.taken < end => side.holed = true,
            Some(end) if side.taken == end => self.finish(dir, end, false, found),
            end => {
                // Frames are found by counting only: once the count is lost, nothing marks the next one.
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

    fn until(&self, dir: Dir) -> Option<u64> {
        self.sides[dir].end
    }

    fn restart(&mut self, dir: Dir) {
        let begun = self.sides[dir].begun;
        self.sides[dir] = Side { begun, ..Side::default() };
    }
}
