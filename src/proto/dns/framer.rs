//! Finds DNS messages in a byte stream: each stands behind its length (RFC 1035 §4.2.2, RFC 7766). A message that is not whole yet
//! stays with the caller (64 kB at most): only the whole one tells whether it is DNS.

use super::kind;
use super::message::{HEADER, Head as Message, is_plausible, title, u16_at};
use crate::proto::counted::{CountedFramer, Head, Script};
use crate::proto::{Dir, MessageKind};

/// The framer of DNS over TCP.
pub type DnsFramer = CountedFramer<Lengths>;

/// What lengths say.
#[derive(Debug, Default)]
pub struct Lengths {
    /// A message could be read: from then on the lengths are believed, whatever stands between them.
    sure: bool,
}

impl Script for Lengths {
    fn head(&mut self, dir: Dir, rest: &[u8]) -> Head {
        let Some(told) = u16_at(rest, 0).map(usize::from) else { return Head::More(None) };
        if told < HEADER && !self.sure {
            return Head::Wrong;
        }
        let len = 2 + told as u64;
        let Some(whole) = rest.get(..2 + told) else { return Head::More(Some(len)) };
        match Message::read(whole, 2).filter(|_| is_plausible(whole, 2)) {
            Some(head) => {
                self.sure = true;
                // RFC 7766 §6.2.1.1: answers may come in another order than the questions.
                Head::Is { kind: kind(head.is_response()), title: title(whole, 2, head), len, number: Some(head.id) }
            }
            None if self.sure => {
                let (kind, title) = self.unread(dir);
                Head::Is { kind, title, len, number: None }
            }
            None => Head::Wrong,
        }
    }

    fn unread(&self, dir: Dir) -> (MessageKind, String) {
        (kind(dir == Dir::ToClient), "DNS …".to_owned())
    }
}
