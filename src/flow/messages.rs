//! What two programs say to each other: the framer of their protocol is chosen, fed, and its findings become [`Message`]s.
//!
//! In: [`Piece`]s of both directions, each in its stream's order. Out: messages with the frames that carried them. It keeps
//! no bodies: only what a framer left unread, and where the last pieces came from.

use super::arrival::{Open, Reads};
use super::assemble::{Piece, Source};
use super::claims::{self, Place, Verdict};
use super::table::Quick;
use super::tally::{App, Limits, Tally};
use super::{Dir, FlowId, Message, MessageId, MessageKind, NO_FRAME};
use crate::trace::FrameId;
use crate::proto::claim::Claim;
use crate::proto::{self, Framed, Framer, MAX_HEAD, Protocol};
use crate::trace::Nanos;
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::Hash;

/// Protocols that one connection may go through on one piece; a framer that switches for ever is stopped here.
const MAX_SWITCHES: usize = 8;
/// Requests without an answer that are remembered a connection.
const MAX_ASKED: usize = 4096;

/// The protocol of bytes that no other one claims.
const DATA: &str = "data";

/// What all conversations of a capture share.
#[derive(Default)]
pub struct Found {
    /// Messages that are finished since they were last taken.
    pub done: Vec<(MessageId, Message)>,
    pub next_id: MessageId,
    events: Vec<Framed>,
    /// What was found is counted; it is kept, too, unless only the counts are wanted.
    pub tally: Tally,
    pub only_counts: bool,
    /// Ports that FTP announced, on which its data is waited for.
    announced: HashSet<u16>,
    /// Segments are read in the order in which they came, as Wireshark reads them.
    pub arriving: bool,
    /// This direction is being ended here, and not by a FIN.
    torn: Option<(Dir, u64)>,
}

impl Found {
    pub fn counting() -> Self {
        Self { only_counts: true, ..Self::default() }
    }

    /// `arriving`: see [`Found::arriving`].
    pub fn reading(arriving: bool) -> Self {
        Self { arriving, ..Self::default() }
    }

    fn finish(&mut self, id: MessageId, app: App, mut message: Message) {
        // Only a FIN tells that nothing is missing (RFC 9112 §8).
        if self.torn.is_some_and(|(dir, at)| message.range.end >= at && message.dir == dir) {
            message.complete = false;
            message.shown_in = NO_FRAME;
        }
        self.tally.message(app, &message);
        if !self.only_counts {
            self.done.push((id, message));
        }
    }
}

/// One conversation over a stream.
#[derive(Default)]
pub struct Talk {
    framer: Option<Box<dyn Framer>>,
    proto: Option<&'static dyn Protocol>,
    app: App,
    ways: [Way; 2],
    /// Requests that wait for their answer, the oldest first.
    asked: VecDeque<MessageId>,
    /// ... and those that bear a number, by it.
    numbered: Numbered<u16>,
    /// The number of the message whose title comes next.
    number: Option<u16>,
    /// Nobody reads this conversation.
    deaf: bool,
    /// Bytes are missing at its start or in its middle: a protocol may be recognised later.
    lost_the_thread: bool,
}

#[derive(Default)]
struct Way {
    /// What the framer left unread; it ends where the stream was delivered to.
    unread: Vec<u8>,
    /// The offset of the first byte that the framer has not taken.
    at: u64,
    /// Where the bytes from `at` on came from, as (end offset, source); one more piece before it.
    sources: Sources,
    open: Option<(MessageId, Message)>,
    over: bool,
}

impl Way {
    fn source_of(&self, at: u64) -> Option<Source> {
        self.sources.of(at)
    }

    fn note_source(&mut self, end: u64, from: Source) {
        self.sources.note(self.at, end, from);
    }

    fn delivered(&self) -> u64 {
        self.at + self.unread.len() as u64
    }
}

/// Where bytes came from, as (end offset, source) in the order of the stream. Mostly only the last two pieces matter, and they
/// stand here; only where a head came in many pieces those before them are kept, too.
#[derive(Default)]
struct Sources {
    earlier: VecDeque<(u64, Source)>,
    last: [Option<(u64, Source)>; 2],
}

impl Sources {
    /// A piece up to `end`. Of those that end before `at`, all but the last are forgotten.
    #[inline]
    fn note(&mut self, at: u64, end: u64, from: Source) {
        let [before, last] = &mut self.last;
        if let Some(last) = last.as_mut().filter(|(_, source)| *source == from) {
            last.0 = end;
            return;
        }
        let old = std::mem::replace(before, last.replace((end, from)));
        if let (Some(old), Some((before, _))) = (old, *before)
            && before > at
        {
            self.earlier.push_back(old);
        }
        if !self.earlier.is_empty() {
            self.forget(at);
        }
    }

    fn forget(&mut self, at: u64) {
        let next = |all: &Self| all.earlier.get(1).or(all.last[0].as_ref()).is_some_and(|(end, _)| *end <= at);
        while !self.earlier.is_empty() && next(self) {
            self.earlier.pop_front();
        }
    }

    fn of(&self, at: u64) -> Option<Source> {
        let all = self.earlier.iter().chain(self.last.iter().flatten());
        let mut newest = None;
        for (end, source) in all {
            if *end > at {
                return Some(*source);
            }
            newest = Some(*source);
        }
        newest
    }

    fn newest(&self) -> Option<Source> {
        self.last[1].map(|(_, source)| source)
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}

/// The conversation's surroundings in one call.
pub struct Scene<'a> {
    pub id: FlowId,
    /// The frame at hand.
    pub now: FrameId,
    /// Of client and server.
    pub ports: [u16; 2],
    pub start_seen: bool,
    pub app: &'a mut App,
    pub found: &'a mut Found,
}

impl Scene<'_> {
    /// Whose are these bytes of a direction?
    fn ask(&self, dir: Dir, bytes: &[u8]) -> Verdict {
        let announced = &self.found.announced;
        let announced = !announced.is_empty() && self.ports.iter().any(|port| announced.contains(port));
        claims::of_stream(Place { dir, ports: self.ports, announced, guesses: !self.found.arriving }, bytes)
    }
}

impl Talk {
    /// The next piece of a direction.
    pub fn take(&mut self, scene: &mut Scene<'_>, dir: Dir, piece: Piece<'_>) {
        match piece {
            Piece::Bytes { at, bytes, from } => self.bytes(scene, dir, at, bytes, from),
            Piece::Gap { at, len } => self.gap(scene, dir, at, len),
            Piece::Jump { to } => self.jump(scene, dir, to),
            Piece::End { at, orderly } => self.end(scene, dir, at, orderly),
        }
    }

    /// Asks memory for what the next piece will need, so that it comes while the segment is judged.
    #[inline]
    pub fn warm(&self, dir: Dir) {
        let way = &self.ways[dir.index()];
        std::hint::black_box((self.deaf, way.at, way.unread.len(), way.sources.newest().map(|s| s.frame)));
    }

    /// Both directions are over: nothing more can be found.
    pub fn is_over(&self) -> bool {
        self.ways.iter().all(|w| w.over)
    }

    /// The messages that have begun and not ended, as far as they have come.
    pub fn open(&self) -> impl Iterator<Item = (MessageId, Message)> + '_ {
        self.ways.iter().filter_map(|way| {
            let (id, message) = way.open.as_ref()?;
            let mut message = message.clone();
            message.range.end = way.delivered().max(message.range.start);
            message.last_frame = way.sources.newest().map_or(message.first_frame, |s| s.frame);
            Some((*id, message))
        })
    }

    fn bytes(&mut self, scene: &mut Scene<'_>, dir: Dir, at: u64, bytes: &[u8], from: Source) {
        if self.deaf {
            return;
        }
        let way = &mut self.ways[dir.index()];
        if way.unread.is_empty() {
            way.at = at;
        }
        way.note_source(at + bytes.len() as u64, from);
        if self.framer.is_some() {
            self.find_the_thread(scene, dir, bytes);
            self.read(scene, dir, bytes);
            self.settle(scene);
        } else if self.ways.iter().all(|w| w.unread.is_empty())
            && let Some(proto) = scene.ask(dir, bytes).protocol(false)
        {
            self.speak(scene, proto);
            self.read(scene, dir, bytes);
            self.settle(scene);
        } else {
            self.ways[dir.index()].unread.extend_from_slice(bytes);
            self.decide(scene, dir, false);
        }
    }

    /// Where the beginning was not captured, or a gap made the framer give up, a later message may still show what is spoken;
    /// so may the answer to a request that nobody recognised.
    fn find_the_thread(&mut self, scene: &mut Scene<'_>, dir: Dir, bytes: &[u8]) {
        let lost = self.lost_the_thread || !scene.start_seen || scene.found.arriving;
        let first_words = self.ways[dir.index()].at == 0;
        if self.proto.is_none_or(|p| p.name() != DATA) || !self.ways[dir.index()].unread.is_empty() {
            return;
        }
        let verdict = scene.ask(dir, bytes);
        if !(lost || first_words || verdict.claim == Claim::Unmistakable) {
            return;
        }
        if let Some(proto) = verdict.protocol(false).filter(|p| p.name() != DATA) {
            for d in Dir::BOTH {
                let at = self.ways[d.index()].at;
                self.close(scene, d, at, !lost);
            }
            self.lost_the_thread = false;
            self.speak(scene, proto);
        }
    }

    /// Chooses a protocol for what waits unread, and reads it. `at_last`: no more will be known.
    fn decide(&mut self, scene: &mut Scene<'_>, dir: Dir, at_last: bool) {
        if self.framer.is_some() || self.deaf {
            return;
        }
        if let Some(proto) = self.choose(scene, dir, at_last) {
            self.speak(scene, proto);
            self.reread(scene);
            self.settle(scene);
        }
    }

    fn choose(&self, scene: &Scene<'_>, dir: Dir, at_last: bool) -> Option<&'static dyn Protocol> {
        // The other end may have said the telling words.
        let both_spoke = self.ways.iter().all(|w| !w.unread.is_empty());
        let mut choice: Option<&'static dyn Protocol> = None;
        for d in [dir, dir.reverse()] {
            let unread = &self.ways[d.index()].unread;
            if !unread.is_empty() && choice.is_none_or(|p| p.name() == DATA) {
                choice = scene.ask(d, unread).protocol(at_last || both_spoke).or(choice);
            }
        }
        choice
    }

    /// From here on this protocol is spoken.
    fn speak(&mut self, scene: &mut Scene<'_>, proto: &'static dyn Protocol) {
        self.framer = proto.framer();
        if let Some(framer) = self.framer.as_mut() {
            if scene.found.arriving {
                framer.arriving();
            }
            if scene.found.only_counts {
                framer.untitled();
            }
        }
        self.deaf = self.framer.is_none();
        self.proto = Some(proto);
        self.app = App::of(proto);
        *scene.app = self.app;
        if proto.name() == "ftp-data" {
            scene.ports.iter().for_each(|port| {
                scene.found.announced.remove(port);
            });
        }
        if self.deaf {
            self.ways.iter_mut().for_each(|w| w.unread = Vec::new());
        }
    }

    /// Gives a direction's next bytes to the framer; what it leaves is kept.
    fn read(&mut self, scene: &mut Scene<'_>, dir: Dir, bytes: &[u8]) {
        let way = &mut self.ways[dir.index()];
        let Some(framer) = self.framer.as_mut() else { return };
        let events = &mut scene.found.events;
        let mut found = |event| events.push(event);
        if way.unread.is_empty() {
            let taken = framer.push(dir, way.at, bytes, &mut found).min(bytes.len());
            way.at += taken as u64;
            way.unread.extend_from_slice(bytes.get(taken..).unwrap_or(&[]));
        } else {
            way.unread.extend_from_slice(bytes);
            let taken = framer.push(dir, way.at, &way.unread, &mut found).min(way.unread.len());
            way.at += taken as u64;
            way.unread.drain(..taken);
        }
        if way.unread.len() > MAX_HEAD {
            scene.found.tally.limits.heads += 1;
            events.push(Framed::GiveUp);
        }
    }

    /// Turns the framer's events into messages; a change of protocol reads again what is left.
    #[inline]
    fn settle(&mut self, scene: &mut Scene<'_>) {
        // Most pieces are the middle of a body: nothing begins, nothing ends.
        if !scene.found.events.is_empty() {
            self.settle_events(scene);
        }
    }

    fn settle_events(&mut self, scene: &mut Scene<'_>) {
        for _ in 0..MAX_SWITCHES {
            match self.note_events(scene) {
                None => return,
                Some(next) => {
                    self.speak(scene, next);
                    self.reread(scene);
                }
            }
        }
        // Still switching: leave it at that. The framer stays, its last events are dropped.
        scene.found.events.clear();
    }

    /// Reads what waits in both directions, the earlier one first.
    fn reread(&mut self, scene: &mut Scene<'_>) {
        let frame = |dir: Dir| self.ways[dir.index()].source_of(self.ways[dir.index()].at).map(|s| s.frame);
        let first = if frame(Dir::ToClient) < frame(Dir::ToServer) && frame(Dir::ToClient).is_some() {
            Dir::ToClient
        } else {
            Dir::ToServer
        };
        for dir in [first, first.reverse()] {
            let unread = std::mem::take(&mut self.ways[dir.index()].unread);
            if !unread.is_empty() {
                self.read(scene, dir, &unread);
            }
            let way = &self.ways[dir.index()];
            if way.over && let Some(framer) = self.framer.as_mut() {
                framer.end(dir, way.delivered(), &mut |e| scene.found.events.push(e));
            }
        }
    }

    /// Returns the protocol to go on with, if the framer named another one.
    fn note_events(&mut self, scene: &mut Scene<'_>) -> Option<&'static dyn Protocol> {
        let mut events = std::mem::take(&mut scene.found.events);
        let mut next = None;
        let mut anew = false;
        for event in events.drain(..) {
            match event {
                Framed::Begin { dir, at } => self.begin(scene, dir, at),
                Framed::Number { number, .. } => self.number = Some(number),
                Framed::Title { dir, kind, title } => self.title(scene, dir, kind, title),
                Framed::Note { dir, note } => {
                    if let Some((_, message)) = self.ways[dir.index()].open.as_mut() {
                        message.note = note;
                    }
                }
                Framed::End { dir, at, complete } => self.close(scene, dir, at, complete),
                Framed::Switch { to, at } => {
                    for dir in Dir::BOTH {
                        self.ways[dir.index()].skip_to(at[dir.index()]);
                    }
                    if to == proto::ANEW {
                        self.framer = None;
                        self.proto = None;
                        anew = true;
                        break;
                    }
                    next = Some(proto::by_name(to).unwrap_or(&proto::data::Data));
                    break;
                }
                Framed::GiveUp => {
                    for dir in Dir::BOTH {
                        let at = self.ways[dir.index()].at;
                        self.close(scene, dir, at, false);
                    }
                    next = Some(&proto::data::Data);
                    // The framer for everything must not give up; if it does, that is the end.
                    if self.proto.is_some_and(|p| p.name() == DATA) {
                        next = None;
                    }
                    break;
                }
            }
        }
        events.clear();
        scene.found.events = events;
        let waits = |dir: &Dir| !self.ways[dir.index()].unread.is_empty();
        if anew && let Some(dir) = Dir::BOTH.into_iter().find(waits) {
            return self.choose(scene, dir, false);
        }
        next
    }

    fn begin(&mut self, scene: &mut Scene<'_>, dir: Dir, at: u64) {
        // A framer that forgets to end a message ends it by beginning the next.
        self.close(scene, dir, at, true);
        let Some(source) = self.ways[dir.index()].source_of(at) else { return };
        let id = scene.found.next_id;
        scene.found.next_id += 1;
        let message = Message {
            flow: scene.id,
            dir,
            proto: self.proto.map_or(DATA, |p| p.name()),
            kind: MessageKind::Data,
            title: String::new(),
            range: at..at,
            first_frame: source.frame,
            last_frame: source.frame,
            at: source.at,
            shown_in: NO_FRAME,
            complete: false,
            answers: None,
            note: 0,
        };
        self.ways[dir.index()].open = Some((id, message));
    }

    fn title(&mut self, scene: &mut Scene<'_>, dir: Dir, kind: MessageKind, title: String) {
        if self.proto.is_some_and(|p| p.name() == "ftp")
            && scene.found.announced.len() < MAX_ASKED
            && let Some(port) = proto::ftp::data::announced(kind, &title)
        {
            scene.found.announced.insert(port);
        }
        let asked = &mut self.asked;
        let number = self.number.take();
        let Some((id, message)) = self.ways[dir.index()].open.as_mut() else { return };
        if let Some(number) = number {
            message.answers = self.numbered.pair(number, kind, *id, message.at, &mut scene.found.tally.limits);
            message.kind = kind;
            message.title = title;
            return;
        }
        if kind == MessageKind::Request && message.kind != MessageKind::Request && asked.len() < MAX_ASKED {
            asked.push_back(*id);
        }
        if kind == MessageKind::Response && message.answers.is_none() {
            // RFC 9110 §15.2: an interim (1xx) response is followed by the final one; 101 is final.
            let mut words = title.split(' ').filter(|w| !w.starts_with("HTTP/"));
            let code = words.next().unwrap_or("");
            let interim = message.proto == "http" && code.starts_with('1') && code != "101";
            message.answers = if interim { asked.front().copied() } else { asked.pop_front() };
        }
        message.kind = kind;
        message.title = title;
    }

    fn close(&mut self, scene: &mut Scene<'_>, dir: Dir, at: u64, complete: bool) {
        let way = &mut self.ways[dir.index()];
        let Some((id, mut message)) = way.open.take() else { return };
        message.range.end = at.max(message.range.start);
        message.last_frame = way.source_of(at.saturating_sub(1)).map_or(message.first_frame, |s| s.frame);
        message.complete = complete;
        message.shown_in = if complete { scene.now } else { NO_FRAME };
        scene.found.finish(id, self.app, message);
    }

    fn gap(&mut self, scene: &mut Scene<'_>, dir: Dir, at: u64, len: u64) {
        if !self.ways[dir.index()].unread.is_empty() {
            self.decide(scene, dir, true);
        }
        self.lost_the_thread = true;
        let way = &mut self.ways[dir.index()];
        // An unfinished head cannot be finished any more.
        way.unread.clear();
        way.at = at + len;
        if let Some(framer) = self.framer.as_mut() {
            framer.gap(dir, at, len, &mut |e| scene.found.events.push(e));
            self.settle(scene);
        }
    }

    /// The next bytes stand elsewhere in the stream and begin something.
    fn jump(&mut self, scene: &mut Scene<'_>, dir: Dir, to: u64) {
        let at = self.ways[dir.index()].at;
        self.close(scene, dir, at, false);
        let way = &mut self.ways[dir.index()];
        way.unread.clear();
        way.sources.clear();
        way.at = to;
        if let Some(framer) = self.framer.as_mut() {
            framer.restart(dir);
        }
    }

    fn end(&mut self, scene: &mut Scene<'_>, dir: Dir, at: u64, orderly: bool) {
        if !self.ways[dir.index()].unread.is_empty() {
            self.decide(scene, dir, true);
        }
        scene.found.torn = (!orderly).then_some((dir, at));
        if let Some(framer) = self.framer.as_mut() {
            framer.end(dir, at, &mut |e| scene.found.events.push(e));
            self.settle(scene);
        }
        self.close(scene, dir, at, false);
        self.ways[dir.index()].over = true;
        scene.found.torn = None;
        if self.is_over() {
            *self = Self { ways: [Way { over: true, ..Way::default() }, Way { over: true, ..Way::default() }], ..Self::default() };
        }
    }
}

/// A talk that is read in the order in which segments came.
pub struct Arriving<'t, 's, 'f> {
    pub talk: &'t mut Talk,
    pub scene: &'s mut Scene<'f>,
    pub dir: Dir,
}

impl Reads for Arriving<'_, '_, '_> {
    fn open(&self) -> Option<Open> {
        let (_, message) = self.talk.ways[self.dir.index()].open.as_ref()?;
        let until = self.talk.framer.as_ref().and_then(|f| f.until(self.dir));
        Some(Open { begin: message.range.start, until })
    }

    fn take(&mut self, piece: Piece<'_>) {
        let unknown = self.talk.framer.is_none();
        self.talk.take(self.scene, self.dir, piece);
        // In the segment in which HTTP finds HTTP/2's first line, Wireshark asks for no more bytes.
        if unknown && self.talk.proto.is_some_and(|p| p.name() == "http2") {
            self.cut_off();
        }
    }

    fn cut_off(&mut self) {
        let way = &self.talk.ways[self.dir.index()];
        if way.open.is_some() {
            let at = way.delivered();
            self.talk.close(self.scene, self.dir, at, false);
            if let Some((_, message)) = self.scene.found.done.last_mut() {
                message.shown_in = self.scene.now;
            }
            self.talk.jump(self.scene, self.dir, at);
        }
    }
}

impl Way {
    /// Drops the unread bytes before `to`.
    fn skip_to(&mut self, to: u64) {
        let to = to.clamp(self.at.min(self.delivered()), self.delivered());
        let n = usize::try_from(to - self.at).unwrap_or(0);
        self.unread.drain(..n.min(self.unread.len()));
        self.at = to;
    }
}

/// Requests by a number that their answers repeat, the latest with each number.
struct Numbered<K> {
    /// Two generations: what was not asked for again among the last [`MAX_QUESTIONS`] is forgotten.
    fresh: HashMap<K, Asked, Quick>,
    old: HashMap<K, Asked, Quick>,
}

impl<K> Default for Numbered<K> {
    fn default() -> Self {
        Self { fresh: HashMap::default(), old: HashMap::default() }
    }
}

#[derive(Clone, Copy)]
struct Asked {
    id: MessageId,
    at: Nanos,
    answered: bool,
}

/// Requests of a generation.
const MAX_QUESTIONS: usize = 1 << 15;
/// A request with the number of one that was asked less than this ago, and is not answered, is that one sent again (Wireshark's
/// `dns.retransmission_timer`).
const SENT_AGAIN: i64 = 5_000_000_000;

impl<K: Copy + Eq + Hash> Numbered<K> {
    /// The request that a message with this number answers, or of which it is a repetition.
    fn pair(&mut self, number: K, kind: MessageKind, id: MessageId, at: Nanos, limits: &mut Limits) -> Option<MessageId> {
        let known = self.fresh.get_mut(&number).or_else(|| self.old.get_mut(&number));
        match (kind, known) {
            (MessageKind::Response, Some(asked)) => {
                asked.answered = true;
                Some(asked.id)
            }
            (MessageKind::Request, Some(asked)) if !asked.answered && at.since(asked.at) < SENT_AGAIN => Some(asked.id),
            (MessageKind::Request, _) => {
                if self.fresh.len() >= MAX_QUESTIONS {
                    limits.questions += self.old.values().filter(|asked| !asked.answered).count() as u64;
                    self.old = std::mem::take(&mut self.fresh);
                }
                self.fresh.insert(number, Asked { id, at, answered: false });
                None
            }
            _ => None,
        }
    }
}

/// Datagrams: each is one message.
#[derive(Default)]
pub struct Datagrams {
    /// Questions, by flow and by the identifier in their first two bytes (RFC 1035 §4.1.1).
    asked: Numbered<(FlowId, u16)>,
}

impl Datagrams {
    /// One datagram's payload, which the capture may have cut (`complete` is false then).
    pub fn take(&mut self, scene: &mut Scene<'_>, dir: Dir, bytes: &[u8], complete: bool, from: Source) {
        if bytes.is_empty() {
            return;
        }
        let spoken = scene.app.protocol().filter(|p| p.name() != DATA);
        let untitled = scene.found.only_counts;
        let proto = claims::of_datagram(spoken, scene.ports, bytes);
        let kind = proto.kind(bytes);
        let app = match spoken {
            Some(p) if p.name() == proto.name() => *scene.app,
            _ => App::of(proto),
        };
        if spoken.is_none() {
            *scene.app = app;
        }
        if untitled {
            scene.found.tally.said(app, kind, bytes.len() as u64, complete, "");
            return;
        }
        let id = scene.found.next_id;
        scene.found.next_id += 1;
        let number = bytes.first_chunk().map(|b| (scene.id, u16::from_be_bytes(*b)));
        let numbered = number.filter(|_| matches!(kind, MessageKind::Request | MessageKind::Response));
        let limits = &mut scene.found.tally.limits;
        let answers = numbered.and_then(|number| self.asked.pair(number, kind, id, from.at, limits));
        let message = Message {
            flow: scene.id,
            dir,
            proto: proto.name(),
            kind,
            title: proto.headline(bytes),
            range: 0..bytes.len() as u64,
            first_frame: from.frame,
            last_frame: from.frame,
            at: from.at,
            shown_in: from.frame,
            complete,
            answers,
            note: 0,
        };
        scene.found.finish(id, app, message);
    }
}
