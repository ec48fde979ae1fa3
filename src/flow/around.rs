//! What stands around a message: the request it answers, its answer, those before and after it.
//!
//! In: the index and a message. Out: what a protocol's dissection asks for through [`Around`]. Nothing is looked up before it
//! is asked for.

use super::stream::{datagram, of_message_once};
use super::{Dir, FlowId, Index, Message, MessageId, MessageKind, NO_FRAME, Transport};
use crate::proto::{About, Around, Member, Memory, Past, Peer, Turn};
use crate::trace::{FrameId, Trace, frame_number};
use std::cell::RefCell;
use std::collections::HashMap;

/// Bytes of a neighbour that are read for its head.
const HEAD: u64 = 16 << 10;
/// Bytes of earlier messages that are read again for one message at most.
const MAX_EARLIER: u64 = 1 << 20;
/// Messages that an answer is looked for among.
const MAX_LOOK: usize = 4096;
/// Messages that are read again for a frame here and there.
const MAX_AGAIN: usize = 1 << 14;

/// Requests before a message that are read again at most.
const MAX_REQUESTS: usize = 8;
/// Conversations of which something is remembered.
const MAX_REMEMBERED: usize = 4096;

/// What is remembered from message to message by whoever walks the frames of a capture in order. It only saves work: without
/// it, and in any order, the same is found.
#[derive(Clone, Debug, Default)]
pub struct Memories {
    sides: RefCell<HashMap<(FlowId, Dir), Memory>>,
    turns: RefCell<HashMap<FlowId, Turns>>,
}

/// When a message was whole: the frame, and its number among those of the same frame.
type When = (FrameId, MessageId);

fn when(id: MessageId, message: &Message) -> When {
    (if message.shown_in == NO_FRAME { message.last_frame } else { message.shown_in }, id)
}

/// Requests and answers of one conversation, counted up to some message.
#[derive(Clone, Copy, Debug, Default)]
struct Turns {
    upto: Option<When>,
    /// How far each direction's list has been read.
    read: [usize; 2],
    number: u32,
    last: Pair,
    before: Pair,
}

#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    request: Option<(u64, i64)>,
    response: Option<u64>,
}

impl Turns {
    /// Counts this message; gives its place.
    fn count(&mut self, asks: bool, frame: u64, nanos: i64) -> Turn {
        if asks || self.number == 0 || self.last.response.is_some() {
            self.number += 1;
            self.before = std::mem::take(&mut self.last);
        }
        match asks {
            true => self.last.request = Some((frame, nanos)),
            false => self.last.response = Some(frame),
        }
        let request = self.last.request.filter(|_| !asks);
        Turn { number: self.number, request, before: [self.before.request.map(|(n, _)| n), self.before.response] }
    }
}

/// Does it ask (true) or answer (false)? Notifications and what is neither have no turn.
fn asks(message: &Message) -> Option<bool> {
    let told = |word: &str| message.title.starts_with(word);
    match message.kind {
        MessageKind::Request if told("NOTIFY ") || told("SUBSCRIBE ") || told("UNSUBSCRIBE ") => None,
        MessageKind::Request => Some(true),
        MessageKind::Response => Some(false),
        _ => None,
    }
}

/// One message's place in the talk of its flow.
pub struct Talk<'a> {
    trace: &'a Trace,
    index: &'a Index,
    id: MessageId,
    memories: Option<&'a Memories>,
}

impl<'a> Talk<'a> {
    pub fn new(trace: &'a Trace, index: &'a Index, id: MessageId) -> Self {
        Self { trace, index, id, memories: None }
    }

    /// With what is remembered of the messages before.
    pub fn remembering(self, memories: Option<&'a Memories>) -> Self {
        Self { memories, ..self }
    }

    fn nanos(&self, message: &Message) -> i64 {
        let frame = when(0, message).0;
        self.trace.meta(frame).map_or(message.at, |m| m.at).0
    }

    /// The first bytes of a message.
    fn bytes(&self, message: &Message, limit: u64) -> Vec<u8> {
        of_message_once(self.trace, self.index, message, limit).bytes
    }

    /// The messages of one protocol in both directions, as they were whole, from these places of the lists on.
    fn next_whole(&self, flow: FlowId, proto: &str, read: &mut [usize; 2]) -> Option<(MessageId, &'a Message)> {
        let mut first: Option<(When, usize, &'a Message)> = None;
        for dir in Dir::BOTH {
            let list = self.index.said(flow, dir);
            let slot = &mut read[dir.index()];
            while let Some(id) = list.get(*slot) {
                let Some(message) = self.index.message(*id).filter(|m| m.proto == proto) else {
                    *slot += 1;
                    continue;
                };
                let at = when(*id, message);
                if first.as_ref().is_none_or(|(other, ..)| at < *other) {
                    first = Some((at, dir.index(), message));
                }
                break;
            }
        }
        let ((_, id), side, message) = first?;
        read[side] += 1;
        Some((id, message))
    }

    fn count_to_me(&self, turns: &mut Turns) -> Option<Turn> {
        let me = self.index.message(self.id)?;
        let mine = when(self.id, me);
        if turns.upto.is_some_and(|upto| upto >= mine) {
            *turns = Turns::default();
        }
        loop {
            let (id, message) = self.next_whole(me.flow, me.proto, &mut turns.read)?;
            let at = when(id, message);
            turns.upto = Some(at);
            let turn = asks(message).map(|asks| turns.count(asks, frame_number(at.0), self.nanos(message)));
            if at >= mine {
                return turn;
            }
        }
    }

    fn find(&self, member: Member) -> Option<&'a Message> {
        let me = self.index.message(self.id)?;
        let get = |id: &MessageId| self.index.message(*id);
        let said = |dir: Dir| self.index.said(me.flow, dir);
        match member {
            Member::Original if me.kind == MessageKind::Request => get(&me.answers?),
            // A stream repeats nothing: a second answer (of a zone in several messages) is one more.
            Member::Original if self.index.flow(me.flow).is_some_and(|f| f.transport == Transport::Tcp) => None,
            Member::Original => {
                let request = me.answers?;
                let mine = said(me.dir);
                let from = mine.partition_point(|id| *id <= request);
                let near = mine.iter().skip(from).take_while(|id| **id < self.id).take(MAX_LOOK);
                near.filter_map(get).find(|m| m.kind == me.kind && m.answers == Some(request))
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
        Some(Peer { frame: frame_number(when(0, message).0), nanos: self.nanos(message), title: message.title.clone() })
    }

    fn head(&self, member: Member) -> Vec<u8> {
        let Some(message) = self.find(member) else { return Vec::new() };
        match self.index.flow(message.flow).map(|f| f.transport) {
            Some(Transport::Udp) => datagram(self.trace, self.index, message.first_frame).bytes,
            _ => self.bytes(message, HEAD),
        }
    }

    fn earlier(&self, behind: Option<u32>, visit: &mut dyn FnMut(&[u8]) -> bool) -> bool {
        let Some(me) = self.index.message(self.id) else { return false };
        let mut left = MAX_EARLIER;
        let list = self.index.said(me.flow, me.dir);
        let from = behind.map_or(0, |behind| list.partition_point(|id| *id <= behind));
        // Whoever remembers reads each of them once; for a frame here and there so many are too many.
        let upto = list.partition_point(|id| *id < self.id);
        if self.memories.is_none() && upto.saturating_sub(from) > MAX_AGAIN {
            return false;
        }
        for id in list.iter().skip(from).take_while(|id| **id < self.id) {
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

    fn back(&self, visit: &mut dyn FnMut(&Past<'_>) -> bool) {
        let Some(me) = self.index.message(self.id) else { return };
        let list = self.index.said(me.flow, me.dir);
        let at = list.partition_point(|id| *id < self.id);
        for id in list.get(..at).unwrap_or(&[]).iter().rev().take(MAX_LOOK) {
            let Some(message) = self.index.message(*id).filter(|m| m.proto == me.proto) else { continue };
            let bytes = || if message.complete { self.bytes(message, MAX_EARLIER) } else { Vec::new() };
            if !visit(&Past { frame: frame_number(when(*id, message).0), kind: message.kind, bytes: &bytes }) {
                return;
            }
        }
    }

    fn number(&self) -> u32 {
        self.id
    }

    fn frame(&self) -> u64 {
        self.index.message(self.id).map_or(0, |m| frame_number(when(self.id, m).0))
    }

    fn turn(&self) -> Option<Turn> {
        let flow = self.index.message(self.id)?.flow;
        let Some(memories) = self.memories else { return self.count_to_me(&mut Turns::default()) };
        let mut all = memories.turns.borrow_mut();
        if all.len() >= MAX_REMEMBERED && !all.contains_key(&flow) {
            all.clear();
        }
        self.count_to_me(all.entry(flow).or_default())
    }

    fn requests(&self, visit: &mut dyn FnMut(&[u8]) -> bool) {
        let Some(me) = self.index.message(self.id) else { return };
        let mine = when(self.id, me);
        let lists = Dir::BOTH.map(|dir| self.index.said(me.flow, dir));
        let before = |id: &MessageId| self.index.message(*id).is_some_and(|m| when(*id, m) < mine);
        let mut left = lists.map(|list| list.partition_point(before));
        let mut looked = 0;
        for _ in 0..MAX_LOOK {
            let last = |side: usize| {
                let id = *lists.get(side)?.get(left.get(side)?.checked_sub(1)?)?;
                Some((when(id, self.index.message(id)?), side))
            };
            let Some(((_, id), side)) = last(0).max(last(1)) else { return };
            left[side] -= 1;
            let Some(message) = self.index.message(id).filter(|m| m.proto == me.proto && m.kind == MessageKind::Request) else { continue };
            looked += 1;
            if !visit(&self.bytes(message, HEAD)) || looked >= MAX_REQUESTS {
                return;
            }
        }
    }

    fn remember(&self, work: &mut dyn FnMut(&mut Memory)) {
        let (Some(memories), Some(me)) = (self.memories, self.index.message(self.id)) else { return work(&mut Memory::default()) };
        let key = (me.flow, me.dir);
        // Taken out while it is worked on: the work may ask for other things here.
        let mut memory = memories.sides.borrow_mut().remove(&key).unwrap_or_default();
        work(&mut memory);
        let mut sides = memories.sides.borrow_mut();
        if sides.len() >= MAX_REMEMBERED {
            sides.clear();
        }
        sides.insert(key, memory);
    }
}

/// What HTTP handed this conversation over to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handed {
    /// To another protocol, by an upgrade.
    Over,
    /// To a host and port behind a proxy, by CONNECT.
    To(String, Option<u16>),
}

/// What HTTP handed a conversation over to before this frame, if it did.
pub fn handed(index: &Index, flow: FlowId, frame: FrameId) -> Option<Handed> {
    let answers = index.said(flow, Dir::ToClient);
    let before = answers.partition_point(|id| index.message(*id).is_some_and(|m| when(*id, m).0 < frame));
    let near = answers.get(..before)?.iter().rev().take(MAX_LOOK).filter_map(|id| index.message(*id));
    let last = near.skip_while(|m| m.proto != "http").find(|m| m.kind == MessageKind::Response)?;
    let code = last.title.split(' ').nth(1).unwrap_or("");
    if code == "101" {
        return Some(Handed::Over);
    }
    let asked = index.message(last.answers?)?.title.strip_prefix("CONNECT ").filter(|_| code.starts_with('2'))?;
    let target = asked.split(' ').next().unwrap_or(asked);
    let (host, port) = target.rsplit_once(':').unwrap_or((target, ""));
    Some(Handed::To(host.to_owned(), port.parse().ok()))
}

/// What dissection is told of a message.
pub fn about<'a>(message: &Message, talk: &'a Talk<'_>) -> About<'a> {
    let ports = talk.index.flow(message.flow).map_or([0; 2], |f| f.ends.map(|e| e.port()));
    About { dir: message.dir, complete: message.complete, nanos: talk.nanos(message), ports, note: message.note, around: talk }
}
