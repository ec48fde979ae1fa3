//! What stands around a message: the request it answers, its answer, those before and after it.
//!
//! In: the index and a message. Out: what a protocol's dissection asks for through [`Around`]. Nothing is looked up before it
//! is asked for.

use super::stream::{datagram, of_message_once};
use super::{Dir, Index, Message, MessageId, MessageKind, Transport};
use crate::proto::{About, Around, Member, Peer};
use crate::trace::{Trace, frame_number};

/// Bytes of a neighbour that are read for its head.
const HEAD: u64 = 16 << 10;
/// Bytes of earlier messages that are read again for one message at most.
const MAX_EARLIER: u64 = 1 << 20;
/// Messages that an answer is looked for among.
const MAX_LOOK: usize = 4096;

/// One message's place in the talk of its flow.
pub struct Talk<'a> {
    trace: &'a Trace,
    index: &'a Index,
    id: MessageId,
}

impl<'a> Talk<'a> {
    pub fn new(trace: &'a Trace, index: &'a Index, id: MessageId) -> Self {
        Self { trace, index, id }
    }

    fn find(&self, member: Member) -> Option<&'a Message> {
        let me = self.index.message(self.id)?;
        let get = |id: &MessageId| self.index.message(*id);
        let said = |dir: Dir| self.index.said(me.flow, dir);
        match member {
            Member::Original if me.kind == MessageKind::Request => get(&me.answers?),
            Member::Original => {
                let request = me.answers?;
                let mine = said(me.dir);
                let from = mine.partition_point(|id| *id <= request);
                let near = mine.iter().skip(from).take_while(|id| **id < self.id).take(MAX_LOOK);
                near.filter_map(get).find(|m| m.answers == Some(request))
            }
            Member::Request if me.kind == MessageKind::Request => None,
            Member::Request => get(&me.answers?),
            Member::Response => {
                let theirs = said(me.dir.reverse());
                let from = theirs.partition_point(|id| *id < self.id);
                let answers = |m: &&Message| m.answers == Some(self.id);
                // Interim answers come first: the last of them is the final one.
                let near = theirs.iter().skip(from).take(MAX_LOOK).filter_map(get);
                near.skip_while(|m| !answers(m)).take_while(answers).last()
            }
            Member::Before => {
                let mine = said(me.dir);
                let at = mine.partition_point(|id| *id < self.id);
                mine.get(..at)?.iter().rev().take(MAX_LOOK).filter_map(get).find(|m| m.proto == me.proto)
            }
            Member::After => {
                let mine = said(me.dir);
                let at = mine.partition_point(|id| *id <= self.id);
                mine.get(at..)?.iter().take(MAX_LOOK).filter_map(get).find(|m| m.proto == me.proto)
            }
            Member::First(dir) => said(dir).iter().take(MAX_LOOK).filter_map(get).find(|m| m.proto == me.proto),
            Member::Opening => said(Dir::ToClient).iter().filter_map(get).take_while(|m| m.proto != me.proto).last(),
        }
    }
}

impl Around for Talk<'_> {
    fn peer(&self, member: Member) -> Option<Peer> {
        let message = self.find(member)?;
        let nanos = self.trace.meta(message.last_frame).map_or(message.at, |m| m.at).0;
        Some(Peer { frame: frame_number(message.last_frame), nanos, title: message.title.clone() })
    }

    fn head(&self, member: Member) -> Vec<u8> {
        let Some(message) = self.find(member) else { return Vec::new() };
        match self.index.flow(message.flow).map(|f| f.transport) {
            Some(Transport::Udp) => datagram(self.trace, self.index, message.first_frame).bytes,
            _ => of_message_once(self.trace, self.index, message, HEAD).bytes,
        }
    }

    fn earlier(&self, visit: &mut dyn FnMut(&[u8]) -> bool) -> bool {
        let Some(me) = self.index.message(self.id) else { return false };
        let mut left = MAX_EARLIER;
        for id in self.index.said(me.flow, me.dir).iter().take_while(|id| **id < self.id) {
            let Some(message) = self.index.message(*id).filter(|m| m.proto == me.proto) else { continue };
            let gathered = of_message_once(self.trace, self.index, message, left);
            let whole = message.complete && gathered.gaps.is_empty() && !gathered.capped;
            left = left.saturating_sub(gathered.bytes.len() as u64);
            if !whole || left == 0 {
                return false;
            }
            if !visit(&gathered.bytes) {
                break;
            }
        }
        true
    }
}

/// What dissection is told of a message.
pub fn about<'a>(message: &Message, talk: &'a Talk<'_>) -> About<'a> {
    let ports = talk.index.flow(message.flow).map_or([0; 2], |f| f.ends.map(|e| e.port()));
    let nanos = talk.trace.meta(message.last_frame).map_or(message.at, |m| m.at).0;
    About { dir: message.dir, complete: message.complete, nanos, ports, note: message.note, around: talk }
}
