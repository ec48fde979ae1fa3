//! Finds records in both directions, and follows what both ends agree on as far as it is readable.
//!
//! In: bytes and gaps in order. Out: [`Framed`], one message a record. What is encrypted is counted; held back are a header, or
//! a record of handshake messages that is not encrypted (18 kB at most). After a gap, the next record is looked for where a
//! piece of the stream begins, since most programs write whole records.

use super::dissect::{ENCRYPTED, alert_title, fragment_title};
use super::record::{self, Header, Pending, Piece, walk};
use super::session::{Mark, SSL2, Session};
use super::{handshake, ssl2};
use crate::proto::both::{Both, count_until};
use crate::proto::{Dir, Framed, Framer, MessageKind};

type Found<'a> = &'a mut dyn FnMut(Framed);

#[derive(Debug, Default)]
struct Side {
    /// The open record began here.
    open: Option<u64>,
    /// ... and ends here, once its header is read.
    end: Option<u64>,
    /// ... or will end here: its header is read, and the rest is waited for.
    told: Option<u64>,
    titled: bool,
    /// Some of its bytes were never captured.
    holed: bool,
    taken: u64,
    pending: Pending,
    /// The beginning of the stream, or what came before, is unknown: the next bytes may be the middle of a record.
    seen_record: bool,
}

/// The framer of TLS.
#[derive(Debug, Default)]
pub struct TlsFramer {
    sides: Both<Side>,
    session: Session,
    over: bool,
}

/// What one step did.
enum Step {
    Go,
    NeedMore,
}

impl TlsFramer {
    fn begin(&mut self, dir: Dir, found: Found<'_>) {
        let side = &mut self.sides[dir];
        if side.open.is_none() {
            side.open = Some(side.taken);
            found(Framed::Begin { dir, at: side.taken });
        }
    }

    fn title(&mut self, dir: Dir, title: String, note: u32, found: Found<'_>) {
        self.sides[dir].titled = true;
        found(Framed::Title { dir, kind: MessageKind::Data, title });
        found(Framed::Note { dir, note });
    }

    fn finish(&mut self, dir: Dir, at: u64, complete: bool, found: Found<'_>) {
        let side = &mut self.sides[dir];
        (side.end, side.told) = (None, None);
        let titled = std::mem::take(&mut side.titled);
        let holed = std::mem::take(&mut side.holed);
        let Some(begin) = side.open.take() else { return };
        if !titled && at > begin {
            found(Framed::Title { dir, kind: MessageKind::Data, title: "TLS …".into() });
            found(Framed::Note { dir, note: self.session.note(Mark::default()) });
        }
        found(Framed::End { dir, at, complete: complete && !holed });
    }

    fn give_up(&mut self, found: Found<'_>) {
        for dir in Dir::BOTH {
            let at = self.sides[dir].taken;
            self.finish(dir, at, false, found);
        }
        self.over = true;
        found(Framed::GiveUp);
    }

    fn step(&mut self, dir: Dir, rest: &[u8], found: Found<'_>) -> Step {
        let side = &self.sides[dir];
        if let Some(end) = side.end {
            return self.count(dir, end, rest.len(), found);
        }
        self.begin(dir, found);
        if let Some(step) = self.ssl2(dir, rest, found) {
            return step;
        }
        if !Header::may_begin(rest) {
            return self.lost(dir, rest, found);
        }
        let Some(header) = Header::read(rest) else { return Step::NeedMore };
        let content = rest.get(record::HEADER..).unwrap_or(&[]);
        let whole = content.get(..header.len);
        // What can be read of a record stands in its first bytes, but for handshake messages: they are waited for.
        let waits = match header.kind {
            record::HANDSHAKE => whole.is_none(),
            record::ALERT | record::HEARTBEAT => content.len() < header.len.min(3),
            _ => false,
        };
        if waits {
            let side = &mut self.sides[dir];
            side.told = Some(side.taken.saturating_add((record::HEADER + header.len) as u64));
            return Step::NeedMore;
        }
        let mark = Mark { continues: header.kind == record::HANDSHAKE && self.sides[dir].pending.is_open(), ..Mark::default() };
        let note = self.session.note(mark);
        self.session.see_record(header.kind, content.first().copied(), header.version);
        let title = self.read(dir, header, whole.unwrap_or(content));
        self.title(dir, title, note, found);
        let side = &mut self.sides[dir];
        side.seen_record = true;
        let len = (record::HEADER + header.len) as u64;
        let end = side.taken.saturating_add(len);
        side.end = Some(end);
        self.count(dir, end, rest.len(), found)
    }

    /// Counts the bytes of the open record through.
    fn count(&mut self, dir: Dir, end: u64, have: usize, found: Found<'_>) -> Step {
        let side = &mut self.sides[dir];
        let take = end.saturating_sub(side.taken).min(have as u64);
        side.taken += take;
        if side.taken < end {
            return Step::NeedMore;
        }
        self.finish(dir, end, true, found);
        Step::Go
    }

    /// What a record says, as far as it is not encrypted.
    fn read(&mut self, dir: Dir, header: Header, content: &[u8]) -> String {
        match header.kind {
            record::CHANGE_CIPHER_SPEC => {
                self.session.see_change(dir);
                "Change Cipher Spec".into()
            }
            record::ALERT => match content {
                [level, what, ..] if header.len == 2 => alert_title((*level).into(), (*what).into()),
                _ => "Encrypted Alert".into(),
            },
            record::HANDSHAKE => self.handshake(dir, content),
            record::APPLICATION_DATA => "Application Data".into(),
            _ => match content.first() {
                Some(1) => "Heartbeat Request".into(),
                Some(2) => "Heartbeat Response".into(),
                _ => "Encrypted Heartbeat".into(),
            },
        }
    }

    fn handshake(&mut self, dir: Dir, content: &[u8]) -> String {
        let (session, side) = (&mut self.session, &mut self.sides[dir]);
        let mut titles: Vec<String> = Vec::new();
        let changed = session.is_changed(dir);
        walk(content, 0, &mut side.pending, changed, &mut |piece| match piece {
            Piece::Whole { at, end } => titles.push(handshake::title(content.get(at..end).unwrap_or(&[]), session)),
            Piece::Begin { kind, .. } => {
                if titles.is_empty() {
                    titles.push(fragment_title(kind));
                }
            }
            Piece::More { kind, last: true, .. } => titles.push(super::names::handshake(kind).unwrap_or(ENCRYPTED).into()),
            Piece::More { kind, .. } => titles.push(fragment_title(kind)),
            Piece::Encrypted { .. } => titles.push(ENCRYPTED.into()),
        });
        if titles.is_empty() { "Handshake".into() } else { titles.join(", ") }
    }

    /// A record of SSL 2.0, if this is one.
    fn ssl2(&mut self, dir: Dir, rest: &[u8], found: Found<'_>) -> Option<Step> {
        let spoken = self.session.version == SSL2;
        let hello = self.session.version == 0 && !self.sides[dir].seen_record;
        if !spoken && !hello {
            return None;
        }
        if !spoken && !ssl2::is_server_hello(rest) {
            match ssl2::is_client_hello(rest) {
                Some(false) => return None,
                None => return Some(Step::NeedMore),
                Some(true) => {}
            }
        }
        let Some(whole) = ssl2::length(rest).and_then(|(_, len)| rest.get(..len)) else { return Some(Step::NeedMore) };
        let note = self.session.note(Mark { ssl2: true, ..Mark::default() });
        if ssl2::is_server_hello(rest) {
            self.session.see_ssl2();
        }
        self.title(dir, ssl2::title(whole).to_owned(), note, found);
        let side = &mut self.sides[dir];
        side.seen_record = true;
        let end = side.taken.saturating_add(whole.len() as u64);
        side.end = Some(end);
        Some(self.count(dir, end, rest.len(), found))
    }

    /// These bytes begin no record: they are passed over.
    fn lost(&mut self, dir: Dir, rest: &[u8], found: Found<'_>) -> Step {
        // Text is another protocol's: real records never begin with four printable characters.
        let text = rest.iter().take(4).all(|b| b.is_ascii_graphic() || *b == b' ');
        if text && !self.sides[dir].seen_record {
            if rest.len() < 4 {
                return Step::NeedMore;
            }
            self.give_up(found);
            return Step::NeedMore;
        }
        let note = self.session.note(Mark { lost: true, ..Mark::default() });
        self.title(dir, "Continuation Data".into(), note, found);
        let side = &mut self.sides[dir];
        side.pending = Pending::default();
        side.taken += rest.len() as u64;
        let end = side.taken;
        self.finish(dir, end, false, found);
        Step::Go
    }
}

impl Framer for TlsFramer {
    fn push(&mut self, dir: Dir, at: u64, bytes: &[u8], found: Found<'_>) -> usize {
        self.sides[dir].taken = at;
        while !self.over {
            let rest = bytes.get(count_until(self.sides[dir].taken, at, bytes)..).unwrap_or(&[]);
            if rest.is_empty() || matches!(self.step(dir, rest, found), Step::NeedMore) {
                break;
            }
        }
        count_until(self.sides[dir].taken, at, bytes)
    }

    fn gap(&mut self, dir: Dir, at: u64, len: u64, found: Found<'_>) {
        if self.over {
            return;
        }
        let side = &mut self.sides[dir];
        side.taken = at.saturating_add(len);
        side.pending = Pending::default();
        match side.end {
            Some(end) if side.taken < end => side.holed = true,
            Some(end) => {
                side.holed = true;
                self.finish(dir, end, false, found);
            }
            None => self.finish(dir, at, false, found),
        }
    }

    fn end(&mut self, dir: Dir, at: u64, found: Found<'_>) {
        if !self.over {
            self.finish(dir, at, false, found);
        }
    }

    fn until(&self, dir: Dir) -> Option<u64> {
        let side = &self.sides[dir];
        side.end.or(side.told)
    }

    fn restart(&mut self, dir: Dir) {
        let seen_record = self.sides[dir].seen_record;
        self.sides[dir] = Side { seen_record, ..Side::default() };
    }
}
