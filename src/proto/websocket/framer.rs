//! Finds where frames begin and end in both directions.
//!
//! In: bytes and gaps in order. Out: [`Framed`]. Payloads are counted; what is held back is a header and the beginning of a
//! text, for its title.

use super::head::{Head, HeadError, TITLE_BYTES};
use crate::proto::both::{Both, count_until};
use crate::proto::{Dir, Framed, Framer, MessageKind};

#[derive(Debug, Default)]
struct Side {
    /// The open frame began here.
    open: Option<u64>,
    /// Payload bytes of the open frame still to come; `None`: its header is not read yet.
    left: Option<u64>,
    titled: bool,
    holed: bool,
    /// The message that is being sent in pieces is uncompressed text.
    of_text: bool,
    taken: u64,
}

/// The framer of WebSocket.
#[derive(Debug, Default)]
pub struct WebSocketFramer {
    sides: Both<Side>,
    over: bool,
    untitled: bool,
}

impl WebSocketFramer {
    fn finish(&mut self, dir: Dir, at: u64, complete: bool, found: &mut dyn FnMut(Framed)) {
        let side = &mut self.sides[dir];
        side.left = None;
        let titled = std::mem::take(&mut side.titled);
        let holed = std::mem::take(&mut side.holed);
        let Some(begin) = side.open.take() else { return };
        if !titled && at > begin {
            found(Framed::Title { dir, kind: MessageKind::Data, title: "WebSocket …".into() });
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

    /// Reads a header and as much of the payload as the title needs. `false`: it needs more bytes, or gave up.
    fn head(&mut self, dir: Dir, bytes: &[u8], found: &mut dyn FnMut(Framed)) -> bool {
        let head = match Head::read(bytes) {
            Ok(head) => head,
            Err(HeadError::TooFew(_)) => return false,
            Err(HeadError::Impossible) => {
                self.give_up(found);
                return false;
            }
        };
        let side = &mut self.sides[dir];
        let of_text = match head.opcode {
            0 => side.of_text,
            op => op == 1 && head.rsv & 4 == 0,
        };
        let wanted = match head.opcode {
            _ if self.untitled => 0,
            _ if of_text => TITLE_BYTES,
            8 => 2,
            _ => 0,
        };
        let wanted = usize::try_from(head.payload).unwrap_or(usize::MAX).min(wanted);
        let Some(start) = bytes.get(head.len..head.len + wanted) else { return false };
        if !head.is_control() {
            side.of_text = of_text && !head.fin;
        }
        side.taken += head.len as u64;
        side.left = Some(head.payload);
        side.titled = true;
        let title = if self.untitled { String::new() } else { head.title(&head.unmask(start), of_text) };
        found(Framed::Title { dir, kind: head.kind(), title });
        true
    }
}

impl Framer for WebSocketFramer {
    fn push(&mut self, dir: Dir, at: u64, bytes: &[u8], found: &mut dyn FnMut(Framed)) -> usize {
        self.sides[dir].taken = at;
        while !self.over {
            let side = &mut self.sides[dir];
            let rest = bytes.get(count_until(side.taken, at, bytes)..).unwrap_or(&[]);
            if let Some(left) = side.left {
                let take = left.min(rest.len() as u64);
                side.taken += take;
                side.left = Some(left - take);
                if left > take {
                    break;
                }
                let at = side.taken;
                self.finish(dir, at, true, found);
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

    fn untitled(&mut self) {
        self.untitled = true;
    }

    fn gap(&mut self, dir: Dir, at: u64, len: u64, found: &mut dyn FnMut(Framed)) {
        if self.over {
            return;
        }
        let side = &mut self.sides[dir];
        side.holed = true;
        match side.left {
            Some(left) if len <= left => {
                side.taken = at.saturating_add(len);
                side.left = Some(left - len);
                if left == len {
                    let at = side.taken;
                    self.finish(dir, at, false, found);
                }
            }
            left => {
                // Frames are found by counting only: once the count is lost, nothing marks where the next one begins.
                self.finish(dir, at.saturating_add(left.unwrap_or(0)), false, found);
                self.sides[dir].taken = at.saturating_add(len);
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
        let side = &self.sides[dir];
        side.taken.checked_add(side.left?)
    }

    fn restart(&mut self, dir: Dir) {
        self.sides[dir] = Side::default();
    }
}
