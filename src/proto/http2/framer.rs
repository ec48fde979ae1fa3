//! Finds frames in both directions (RFC 9113 §4.1): a header of 9 bytes that counts what follows; before the client's first, the
//! magic words.

use super::{HEADER, Header, MAGIC, kind_name};
use crate::proto::both::Both;
use crate::proto::counted::{CountedFramer, Head, Script};
use crate::proto::{Dir, MessageKind};

/// The framer of HTTP/2.
pub type Http2Framer = CountedFramer<Frames>;

/// What headers of HTTP/2 say.
#[derive(Debug, Default)]
pub struct Frames {
    /// Something was read: the magic words are behind.
    begun: Both<bool>,
}

impl Script for Frames {
    fn head(&mut self, dir: Dir, rest: &[u8]) -> Head {
        let begun = self.begun[dir];
        let magic = !begun && dir == Dir::ToServer;
        let (kind, title, len) = if magic && MAGIC.starts_with(rest.get(..rest.len().min(MAGIC.len())).unwrap_or(&[])) {
            if rest.len() < MAGIC.len() {
                return Head::More(None);
            }
            (MessageKind::Data, "Magic".to_owned(), MAGIC.len())
        } else {
            let Some(header) = Header::read(rest) else { return Head::More(None) };
            // Unknown types are allowed (RFC 9113 §5.5), but nobody begins with one.
            if !begun && kind_name(header.kind).is_none() {
                return Head::Wrong;
            }
            (header.message_kind(), header.title(), HEADER + header.len)
        };
        self.begun[dir] = true;
        Head::Is { kind, title, len: len as u64, number: None }
    }

    fn unread(&self, _dir: Dir) -> (MessageKind, String) {
        (MessageKind::Data, "HTTP2 …".to_owned())
    }
}
