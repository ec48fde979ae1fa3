//! Finds where HTTP messages begin and end in both directions of a connection.
//!
//! In: bytes and gaps in order. Out: [`Framed`]. It keeps no bytes: an unfinished head or chunk line stays with the caller,
//! bodies are counted. A message that turns out to be no HTTP is withdrawn: its `End` stands at its own `Begin`. Who asks
//! and who answers is told by the messages, not by the direction: a capture may begin in the middle.
//!
//! Bytes that come as Wireshark reads them ([`Framer::arriving`]) are never given up once a request was seen: what is no
//! message is a continuation, as far as the segment goes.

use super::body::{self, Asked, Length};
use super::head::{self, Header, Start};
use super::recognise::{is_start, kind_of, looks_like_header, may_begin};
use super::tell;
use crate::proto::both::{Both, count_until};
use crate::proto::{ANEW, Dir, Framed, Framer, MAX_HEAD, MessageKind, bytes_of, snippet};
use std::collections::VecDeque;

type Found<'a> = &'a mut dyn FnMut(Framed);

/// Requests that may wait for their answers; a capture of one direction only must not grow for ever.
const MAX_WAITING: usize = 1024;
/// A chunk's size line with its extensions, or a line in which a start line is looked for after a gap.
const MAX_SHORT_LINE: usize = 8 * 1024;
/// The note of a continuation of which no request was seen: Wireshark reads its headers, but does not call it HTTP.
pub const UNASKED: u32 = 1;
/// Characters of a start line that a title keeps.
const TITLE: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between messages.
    Between,
    Head,
    Counted(u64),
    ChunkSize,
    ChunkData(u64),
    /// The line end behind a chunk's data.
    ChunkEnd,
    Trailers,
    UntilClose,
    /// After a gap: looking for a line that looks like a start line. `true`: inside a line too long for that.
    Lost(bool),
}

#[derive(Clone, Copy, Debug)]
struct Open {
    at: u64,
    titled: bool,
    /// Some of its bytes were never captured.
    holed: bool,
}

#[derive(Debug)]
struct Side {
    state: State,
    open: Option<Open>,
    /// The stream offset up to which bytes were taken.
    taken: u64,
    /// Bytes of the unfinished head that are known not to hold its end.
    scanned: usize,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    asked: Asked,
    /// Asked to go on with another protocol.
    leaves: bool,
}

/// What one step did.
enum Step {
    Took(usize),
    NeedMore,
    Over,
}

/// Is "chunked" the first word of a Transfer-Encoding?
fn starts_chunked(head: &[u8], headers: &[Header]) -> bool {
    const WORD: &[u8] = b"chunked";
    let codings = headers.iter().filter(|h| h.name.of(head).eq_ignore_ascii_case(b"transfer-encoding"));
    let begins = |value: String| value.trim_start().as_bytes().get(..WORD.len()).is_some_and(|w| w.eq_ignore_ascii_case(WORD));
    codings.map(|h| h.value(head)).any(begins)
}

/// The framer of HTTP/1.x.
#[derive(Debug)]
pub struct HttpFramer {
    sides: Both<Side>,
    waiting: VecDeque<Waiting>,
    /// This direction asked to leave HTTP: its further bytes are read when the answer is known.
    hold: Option<Dir>,
    over: bool,
    /// Read as Wireshark reads.
    arriving: bool,
    /// A request was seen.
    asked: bool,
}

impl Default for HttpFramer {
    fn default() -> Self {
        let side = || Side { state: State::Between, open: None, taken: 0, scanned: 0 };
        Self { sides: Both([side(), side()]), waiting: VecDeque::new(), hold: None, over: false, arriving: false, asked: false }
    }
}

impl HttpFramer {
    fn begin(&mut self, dir: Dir, found: Found<'_>) {
        let side = &mut self.sides[dir];
        let at = side.taken;
        side.open = Some(Open { at, titled: false, holed: false });
        side.state = State::Head;
        side.scanned = 0;
        found(Framed::Begin { dir, at });
    }

    /// Ends the open message of this direction, if there is one.
    fn finish(&mut self, dir: Dir, at: u64, complete: bool, found: Found<'_>) {
        let side = &mut self.sides[dir];
        side.state = State::Between;
        side.scanned = 0;
        let Some(open) = side.open.take() else { return };
        if !open.titled && at > open.at {
            let kind = if dir == Dir::ToServer { MessageKind::Request } else { MessageKind::Response };
            found(Framed::Title { dir, kind, title: "HTTP …".into() });
        }
        found(Framed::End { dir, at, complete: complete && !open.holed });
    }

    /// Hands the rest of both directions over to `last`. A head still unfinished is withdrawn.
    fn leave(&mut self, last: Framed, found: Found<'_>) -> Step {
        for dir in Dir::BOTH {
            let side = &mut self.sides[dir];
            let at = side.taken;
            self.finish(dir, at, false, found);
        }
        self.over = true;
        found(last);
        Step::Over
    }

    /// These bytes are no HTTP: the end of this framer, or a continuation.
    fn give_up(&mut self, dir: Dir, bytes: &[u8], found: Found<'_>) -> Step {
        if !self.arriving || !(self.asked || looks_like_header(bytes)) {
            return self.leave(Framed::GiveUp, found);
        }
        if self.sides[dir].open.is_none() {
            self.begin(dir, found);
        }
        found(Framed::Title { dir, kind: MessageKind::Data, title: "Continuation".into() });
        if !self.asked {
            found(Framed::Note { dir, note: UNASKED });
        }
        let side = &mut self.sides[dir];
        if let Some(open) = &mut side.open {
            open.titled = true;
        }
        side.taken += bytes.len() as u64;
        let at = side.taken;
        self.finish(dir, at, true, found);
        Step::Took(0)
    }

    /// What stands between messages, as Wireshark takes it: an empty line may belong to the message behind it.
    fn between_arriving(&mut self, dir: Dir, bytes: &[u8], found: Found<'_>) -> Step {
        let empty = match bytes {
            [b'\r', b'\n', ..] => 2,
            [b'\n' | b'\r', ..] => 1,
            _ => 0,
        };
        let rest = bytes.get(empty..).unwrap_or(&[]);
        let binary = rest.first().is_some_and(|b| !(0x20..0x7f).contains(b));
        let whole = tell::line(rest);
        let told = whole.1 > whole.0;
        let begins = rest.get(..whole.0).is_some_and(is_start);
        if binary || (told && !begins && (self.asked || empty > 0 || looks_like_header(bytes))) {
            return self.give_up(dir, bytes, found);
        }
        if told && !begins {
            return self.leave(Framed::GiveUp, found);
        }
        if rest.is_empty() && empty > 0 {
            return Step::Took(empty);
        }
        self.begin(dir, found);
        Step::Took(0)
    }

    fn step(&mut self, dir: Dir, bytes: &[u8], found: Found<'_>) -> Step {
        let side = &mut self.sides[dir];
        match side.state {
            State::Between if self.arriving => self.between_arriving(dir, bytes, found),
            State::Between => {
                // RFC 9112 §2.2: empty lines before a start line are ignored.
                let empty = bytes.iter().take_while(|&&b| b == b'\r' || b == b'\n').count();
                if empty > 0 {
                    return Step::Took(empty);
                }
                let first = head::line(bytes);
                let start = first.and_then(|(bare, _)| head::lenient(bytes.get(..bare)?));
                if start.is_none() && (first.is_some() || may_begin(bytes) == Some(false)) {
                    return self.leave(Framed::GiveUp, found);
                }
                self.begin(dir, found);
                match (first, start) {
                    (Some((bare, _)), Some(start)) => self.started(dir, bytes, (0, bare), &start, found),
                    _ => Step::Took(0),
                }
            }
            State::Head => self.head(dir, bytes, found),
            State::Counted(left) => self.count(dir, left, bytes.len(), State::Counted, found),
            State::UntilClose => Step::Took(bytes.len()),
            State::ChunkSize => {
                let Some((bare, full)) = head::line(bytes) else {
                    let hopeless = bytes.len() > MAX_SHORT_LINE;
                    return if hopeless { self.leave(Framed::GiveUp, found) } else { Step::NeedMore };
                };
                let size = bytes.get(..bare).filter(|_| full <= MAX_SHORT_LINE).and_then(body::chunk_size);
                // For Wireshark what is no number is 0, the last chunk.
                let size = size.or(self.arriving.then_some(0));
                side.state = match size {
                    None => return self.leave(Framed::GiveUp, found),
                    Some(0) => State::Trailers,
                    Some(size) => State::ChunkData(size),
                };
                Step::Took(full)
            }
            State::ChunkData(left) => self.count(dir, left, bytes.len(), State::ChunkData, found),
            State::ChunkEnd => match bytes {
                [b'\n', ..] => {
                    side.state = State::ChunkSize;
                    Step::Took(1)
                }
                [b'\r', b'\n', ..] => {
                    side.state = State::ChunkSize;
                    Step::Took(2)
                }
                [b'\r'] => Step::NeedMore,
                [_, _, ..] if self.arriving => {
                    side.state = State::ChunkSize;
                    Step::Took(2)
                }
                [_] if self.arriving => Step::NeedMore,
                _ => self.leave(Framed::GiveUp, found),
            },
            State::Trailers => match head::line(bytes) {
                Some((0, full)) => {
                    side.taken += full as u64;
                    let at = side.taken;
                    self.finish(dir, at, true, found);
                    Step::Took(0)
                }
                Some((_, full)) => Step::Took(full),
                None if bytes.len() > MAX_SHORT_LINE => self.leave(Framed::GiveUp, found),
                None => Step::NeedMore,
            },
            State::Lost(in_long_line) => match head::line(bytes) {
                Some((bare, full)) => {
                    let line = bytes.get(..bare).unwrap_or(&[]);
                    if !in_long_line && full <= MAX_SHORT_LINE && head::start(line).is_some() {
                        side.state = State::Between;
                        return Step::Took(0);
                    }
                    side.state = State::Lost(false);
                    Step::Took(full)
                }
                None if bytes.len() > MAX_SHORT_LINE || in_long_line => {
                    side.state = State::Lost(true);
                    Step::Took(bytes.len())
                }
                None => Step::NeedMore,
            },
        }
    }

    /// Counts body bytes down; at 0 the message (or the chunk) is over.
    fn count(&mut self, dir: Dir, left: u64, have: usize, state: fn(u64) -> State, found: Found<'_>) -> Step {
        let take = left.min(have as u64);
        let side = &mut self.sides[dir];
        side.taken += take;
        let at = side.taken;
        match (left - take, state(0)) {
            (0, State::ChunkData(_)) => side.state = State::ChunkEnd,
            (0, _) => self.finish(dir, at, true, found),
            (left, _) => side.state = state(left),
        }
        Step::Took(0)
    }

    fn head(&mut self, dir: Dir, bytes: &[u8], found: Found<'_>) -> Step {
        // An empty line before the first belongs to the message as Wireshark takes it.
        let skipped = bytes.iter().take(2).take_while(|&&b| b == b'\r' || b == b'\n').count();
        let message = bytes.get(skipped..).unwrap_or(&[]);
        let first = head::line(message);
        let start = first.and_then(|(bare, _)| Some((bare, head::lenient(message.get(..bare)?)?)));
        let Some((bare, start)) = start else {
            self.sides[dir].scanned = bytes.len().saturating_sub(3);
            let hopeless = first.is_some() || (may_begin(message) == Some(false) && !self.arriving) || message.len() > MAX_HEAD;
            return if hopeless { self.give_up(dir, bytes, found) } else { Step::NeedMore };
        };
        self.started(dir, bytes, (skipped, bare), &start, found)
    }

    /// The head's first line is whole: so long, behind so many bytes that are skipped.
    fn started(&mut self, dir: Dir, bytes: &[u8], (skipped, bare): (usize, usize), start: &Start, found: Found<'_>) -> Step {
        let side = &mut self.sides[dir];
        let scanned = std::mem::replace(&mut side.scanned, bytes.len().saturating_sub(3));
        let message = bytes.get(skipped..).unwrap_or(&[]);
        let line = message.get(..bare).unwrap_or(&[]);
        let titled = side.open.is_some_and(|o| o.titled);
        if !titled {
            if let Some(open) = &mut side.open {
                open.titled = true;
            }
            found(Framed::Title { dir, kind: kind_of(start), title: snippet(line, TITLE) });
        }
        // What is known not to hold the head's end is not looked at once more.
        let known = scanned > skipped && head::end(bytes, scanned).is_none();
        let Some((headers, len)) = (!known).then(|| head::framing(message)).flatten() else {
            return if bytes.len() > MAX_HEAD { self.leave(Framed::GiveUp, found) } else { Step::NeedMore };
        };
        let side = &mut self.sides[dir];
        side.taken += (skipped + len) as u64;
        let at = side.taken;
        self.headed(dir, at, start, message.get(..len).unwrap_or(message), &headers, found)
    }

    /// A head is read, up to `at`: what follows?
    fn headed(&mut self, dir: Dir, at: u64, start: &Start, head: &[u8], headers: &[Header], found: Found<'_>) -> Step {
        // The protocol that the head names as the next one, if it is known here.
        let upgrades = || {
            let named = headers.iter().find(|h| h.name.of(head).eq_ignore_ascii_case(b"upgrade"))?;
            let known = [("websocket", "websocket"), ("h2c", "http2")];
            known.into_iter().find(|(token, _)| head::has_token(&named.value(head), token)).map(|(_, to)| to)
        };
        let mut asked = Asked::default();
        match *start {
            Start::Request { method, .. } => {
                asked = Asked { head: method.of(head) == b"HEAD", connect: method.of(head) == b"CONNECT" };
                let leaves = asked.connect || upgrades().is_some();
                self.asked = true;
                if leaves {
                    self.hold = Some(dir);
                }
                self.waiting.push_back(Waiting { asked, leaves });
                if self.waiting.len() > MAX_WAITING {
                    self.waiting.pop_front();
                }
            }
            // An interim answer: the final one is still to come (RFC 9110 §15.2).
            Start::Response { code: 100 | 102..=199, .. } => {}
            Start::Response { .. } => {
                if let Some(waiting) = self.waiting.pop_front() {
                    asked = waiting.asked;
                }
                if !self.waiting.iter().any(|w| w.leaves) {
                    self.hold = None;
                }
            }
        }
        match body::length(start, head, headers, asked) {
            Length::Known(0) => self.finish(dir, at, true, found),
            Length::Known(left) => self.sides[dir].state = State::Counted(left),
            // Where other codings stand before it, Wireshark does not see that the body is chunked, and waits for its end.
            Length::Chunked if self.arriving && !starts_chunked(head, headers) && matches!(start, Start::Response { .. }) => {
                self.sides[dir].state = State::UntilClose;
            }
            Length::Chunked => self.sides[dir].state = State::ChunkSize,
            Length::UntilClose => self.sides[dir].state = State::UntilClose,
            Length::Tunnel => {
                self.finish(dir, at, true, found);
                let next = upgrades().filter(|_| matches!(start, Start::Response { code: 101, .. }));
                let at = Dir::BOTH.map(|dir| self.sides[dir].taken);
                // What is spoken in a tunnel, or after an upgrade to what is not known here, its own bytes must tell.
                return self.leave(Framed::Switch { to: next.unwrap_or(ANEW), at }, found);
            }
        }
        Step::Took(0)
    }
}

impl Framer for HttpFramer {
    fn push(&mut self, dir: Dir, at: u64, bytes: &[u8], found: &mut dyn FnMut(Framed)) -> usize {
        self.sides[dir].taken = at;
        while !self.over {
            let rest = bytes.get(count_until(self.sides[dir].taken, at, bytes)..).unwrap_or(&[]);
            let between = matches!(self.sides[dir].state, State::Between | State::Lost(_));
            let held = self.hold == Some(dir) && between && rest.len() <= MAX_HEAD;
            if rest.is_empty() || held {
                break;
            }
            match self.step(dir, rest, found) {
                Step::Took(n) => self.sides[dir].taken += n as u64,
                Step::NeedMore | Step::Over => break,
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
        if let Some(open) = &mut side.open {
            open.holed = true;
        }
        match side.state {
            State::UntilClose => return,
            State::Counted(left) if len < left => side.state = State::Counted(left - len),
            State::ChunkData(left) if len < left => side.state = State::ChunkData(left - len),
            State::ChunkData(left) if len == left => side.state = State::ChunkEnd,
            State::Counted(left) => {
                self.finish(dir, at.saturating_add(left), false, found);
                if len > left {
                    self.sides[dir].state = State::Lost(false);
                }
            }
            _ => {
                self.finish(dir, at, false, found);
                self.sides[dir].state = State::Lost(false);
            }
        }
        if dir == Dir::ToClient && matches!(self.sides[dir].state, State::Lost(_)) {
            // Nobody knows which requests were answered in there.
            self.waiting.clear();
            self.hold = None;
        }
    }

    fn end(&mut self, dir: Dir, at: u64, found: &mut dyn FnMut(Framed)) {
        if self.over {
            return;
        }
        let held = self.hold == Some(dir);
        let side = &mut self.sides[dir];
        let until_close = side.state == State::UntilClose;
        let from = side.taken;
        if held && side.open.is_none() && from < at {
            // Bytes behind a request to leave HTTP that was never answered: nobody knows what they are.
            found(Framed::Begin { dir, at: from });
            found(Framed::Title { dir, kind: MessageKind::Data, title: bytes_of(at - from) });
            found(Framed::End { dir, at, complete: false });
        }
        self.finish(dir, at, until_close, found);
    }

    fn until(&self, dir: Dir) -> Option<u64> {
        let side = &self.sides[dir];
        match side.state {
            State::Counted(left) | State::ChunkData(left) => side.taken.checked_add(left),
            _ => None,
        }
    }

    fn restart(&mut self, dir: Dir) {
        let side = &mut self.sides[dir];
        side.state = State::Between;
        side.open = None;
        side.scanned = 0;
    }

    fn arriving(&mut self) {
        self.arriving = true;
    }
}
