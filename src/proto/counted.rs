//! Protocols whose messages are counted: each begins with a header that says how long it is. What HTTP/2, WebSocket and DNS over
//! TCP share.
//!
//! In: bytes and gaps in order. Out: [`Framed`]. What a header means is said by a [`Script`]; payloads are only counted. Once the
//! count is lost, nothing marks where the next message begins: the framer gives up.

use super::both::{Both, count_until};
use super::{Dir, Framed, Framer, MessageKind};

/// What stands where a message begins.
#[derive(Debug)]
pub enum Head {
    /// More bytes are needed; the message is so long, if that can be said already.
    More(Option<u64>),
    /// A message of `len` bytes with its header.
    Is { kind: MessageKind, title: String, len: u64, number: Option<u16> },
    /// This cannot be the protocol.
    Wrong,
}

/// The meaning of headers.
pub trait Script: Send + Default {
    /// Reads what begins here. It is asked again, with more bytes, until it knows.
    fn head(&mut self, dir: Dir, rest: &[u8]) -> Head;
    /// The title of a message whose header was never read.
    fn unread(&self, dir: Dir) -> (MessageKind, String);
    /// The next bytes of this direction begin a message, whatever was before.
    fn restart(&mut self, _dir: Dir) {}
    /// Titles may be empty.
    fn untitled(&mut self) {}
}

#[derive(Debug, Default)]
struct Side {
    /// The open message began here.
    open: Option<u64>,
    /// ... and ends here, as far as that is known.
    end: Option<u64>,
    titled: bool,
    /// A part of the open message was never captured: the rest is only counted.
    holed: bool,
    taken: u64,
}

/// The framer of such a protocol.
#[derive(Debug, Default)]
pub struct CountedFramer<S> {
    sides: Both<Side>,
    script: S,
    over: bool,
}

impl<S: Script> CountedFramer<S> {
    fn finish(&mut self, dir: Dir, at: u64, complete: bool, found: &mut dyn FnMut(Framed)) {
        let side = std::mem::take(&mut self.sides[dir]);
        self.sides[dir].taken = side.taken;
        let Some(begin) = side.open else { return };
        if !side.titled && at > begin {
            let (kind, title) = self.script.unread(dir);
            found(Framed::Title { dir, kind, title });
        }
        found(Framed::End { dir, at, complete: complete && !side.holed });
    }

    fn give_up(&mut self, found: &mut dyn FnMut(Framed)) {
        for dir in Dir::BOTH {
            let at = self.sides[dir].taken;
            self.finish(dir, at, false, found);
        }
        self.over = true;
        found(Framed::GiveUp);
    }

    /// Reads the header of the open message. `false`: more bytes are needed, or it gave up.
    fn head(&mut self, dir: Dir, begin: u64, rest: &[u8], found: &mut dyn FnMut(Framed)) -> bool {
        let head = self.script.head(dir, rest);
        let side = &mut self.sides[dir];
        match head {
            Head::More(len) => {
                side.end = len.map(|len| begin.saturating_add(len));
                false
            }
            Head::Is { kind, title, len, number } => {
                side.end = Some(begin.saturating_add(len));
                side.titled = true;
                if let Some(number) = number {
                    found(Framed::Number { dir, number });
                }
                found(Framed::Title { dir, kind, title });
                true
            }
            Head::Wrong => {
                self.give_up(found);
                false
            }
        }
    }
}

impl<S: Script> Framer for CountedFramer<S> {
    fn push(&mut self, dir: Dir, at: u64, bytes: &[u8], found: &mut dyn FnMut(Framed)) -> usize {
        self.sides[dir].taken = at;
        while !self.over {
            let side = &mut self.sides[dir];
            let rest = bytes.get(count_until(side.taken, at, bytes)..).unwrap_or(&[]);
            if let Some(end) = side.end.filter(|_| side.titled || side.holed) {
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
            let begin = side.taken;
            if side.open.is_none() {
                side.open = Some(begin);
                found(Framed::Begin { dir, at: begin });
            }
            if !self.head(dir, begin, rest, found) {
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
        self.sides[dir] = Side::default();
        self.script.restart(dir);
    }

    fn untitled(&mut self) {
        self.script.untitled();
    }
}
