//! Finds DNS messages in a byte stream: each stands behind its length (RFC 1035 §4.2.2).
//!
//! In: bytes and gaps in order. Out: [`Framed`]. A message that is not whole yet stays with the caller (64 kB at most).

use super::kind;
use super::message::{HEADER, Head, is_plausible, title, u16_at};
use crate::proto::both::{Both, count_until};
use crate::proto::{Dir, Framed, Framer};

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
    sides: Both<Side>,
    over: bool,
}

impl DnsFramer {
    fn finish(&mut self, dir: Dir, at: u64, complete: bool, found: &mut dyn FnMut(Framed)) {
        let side = &mut self.sides[dir];
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
            let at = self.sides[dir].taken;
            self.finish(dir, at, false, found);
        }
        self.over = true;
        found(Framed::GiveUp);
    }
}

impl Framer for DnsFramer {
    fn push(&mut self, dir: Dir, at: u64, bytes: &[u8], found: &mut dyn FnMut(Framed)) -> usize {
        self.sides[dir].taken = at;
        while !self.over {
            let side = &mut self.sides[dir];
            let rest = bytes.get(count_until(side.taken, at, bytes)..).unwrap_or(&[]);
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
            match Head::read(whole, 2).filter(|_| is_plausible(whole, 2)) {
                Some(head) => {
                    side.taken += whole.len() as u64;
                    let at = side.taken;
                    // RFC 7766 §6.2.1.1: answers may come in another order than the questions.
                    found(Framed::Number { dir, number: head.id });
                    found(Framed::Title { dir, kind: kind(head.is_response()), title: title(whole, 2, head) });
                    self.finish(dir, at, true, found);
                }
                None => self.give_up(found),
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

    fn until(&self, dir: Dir) -> Option<u64> {
        self.sides[dir].end
    }

    fn restart(&mut self, dir: Dir) {
        self.sides[dir] = Side::default();
    }
}
