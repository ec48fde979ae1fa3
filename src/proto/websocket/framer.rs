//! Finds frames in both directions (RFC 6455 §5.2): a header that counts the payload. Of a text, the title waits for the first
//! bytes.

use super::head::{self, HeadError, TITLE_BYTES};
use crate::proto::both::Both;
use crate::proto::counted::{CountedFramer, Head, Script};
use crate::proto::{Dir, MessageKind};

/// The framer of WebSocket.
pub type WebSocketFramer = CountedFramer<Frames>;

/// What headers of WebSocket say.
#[derive(Debug, Default)]
pub struct Frames {
    /// The message that is being sent in pieces is uncompressed text.
    of_text: Both<bool>,
    untitled: bool,
}

impl Script for Frames {
    fn head(&mut self, dir: Dir, rest: &[u8]) -> Head {
        let head = match head::Head::read(rest) {
            Ok(head) => head,
            Err(HeadError::TooFew(_)) => return Head::More(None),
            Err(HeadError::Impossible) => return Head::Wrong,
        };
        let of_text = match head.opcode {
            0 => self.of_text[dir],
            op => op == 1 && head.rsv & 4 == 0,
        };
        let wanted = match head.opcode {
            _ if self.untitled => 0,
            _ if of_text => TITLE_BYTES,
            8 => 2,
            _ => 0,
        };
        let wanted = usize::try_from(head.payload).unwrap_or(usize::MAX).min(wanted);
        let Some(start) = rest.get(head.len..head.len + wanted) else { return Head::More(None) };
        if !head.is_control() {
            self.of_text[dir] = of_text && !head.fin;
        }
        let title = if self.untitled { String::new() } else { head.title(&head.unmask(start), of_text) };
        Head::Is { kind: head.kind(), title, len: head.payload.saturating_add(head.len as u64), number: None }
    }

    fn unread(&self, _dir: Dir) -> (MessageKind, String) {
        (MessageKind::Data, "WebSocket …".to_owned())
    }

    fn restart(&mut self, dir: Dir) {
        self.of_text[dir] = false;
    }

    fn untitled(&mut self) {
        self.untitled = true;
    }
}
