//! Protocols that are lines: what SMTP, POP3 and FTP share. A line is a request or a part of an answer; some carry a text or a
//! number of bytes behind them.
//!
//! In: bytes and gaps in order. Out: [`Framed`]. What a line means is said by a [`Script`]; it keeps the state of the talk, the
//! framer only where a message began. A line longer than [`MAX_LINE`] counts as ended there.

use super::both::{Both, count_until};
use super::{Dir, Framed, Framer, MessageKind};

/// A line holds at most this many bytes (RFC 5321 §4.5.3.1.6 allows 1000); the rest counts as another line.
pub const MAX_LINE: usize = 16 * 1024;

/// The note of a text whose beginning is where a segment began, as Wireshark takes it ([`super::About::note`]).
pub const AS_IT_CAME: u32 = 1;

/// What a line is.
#[derive(Debug, Default)]
pub struct Act {
    /// Of the open message, if now known.
    pub title: Option<(MessageKind, String)>,
    /// The message ends with this line.
    pub ends: bool,
    /// So many bytes of this direction follow, whatever they are, and end the next message.
    pub counted: u64,
    /// From the next byte on this is spoken.
    pub switch: Option<&'static str>,
}

/// What a segment is to Wireshark in a protocol whose segments it reads one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its first line is a command or a reply, whatever follows.
    Line,
    /// A piece of a text, which ends with it.
    Last,
    /// A piece of a text that goes on.
    More,
}

/// The meaning of lines.
pub trait Script: Send + Default {
    /// Wireshark reads each segment by itself, and does not wait for the end of a line.
    const BY_SEGMENT: bool = false;
    /// What a segment is, if they are read one by one.
    fn segment(&mut self, _dir: Dir, _bytes: &[u8]) -> Part {
        Part::Line
    }
    /// The next line of a direction, with its end; `first` if it begins a message.
    fn line(&mut self, dir: Dir, line: &[u8], first: bool) -> Act;
    /// Counted bytes were read: the title of their message.
    fn counted(&mut self, dir: Dir) -> (MessageKind, String);
    /// Bytes of this direction are missing.
    fn lost(&mut self, dir: Dir);
}

#[derive(Debug, Default)]
struct Side {
    open: Option<u64>,
    titled: bool,
    /// The open message is a text and not a reply.
    text: bool,
    /// Bytes still to come of a counted message.
    counted: u64,
    taken: u64,
}

/// The framer of such a protocol.
#[derive(Debug, Default)]
pub struct LineFramer<S> {
    sides: Both<Side>,
    script: S,
    /// A reply ends with its segment, as in Wireshark, which knows no replies over several.
    arriving: bool,
    over: bool,
}

impl<S: Script> LineFramer<S> {
    fn begin(&mut self, dir: Dir, found: &mut dyn FnMut(Framed)) -> bool {
        let side = &mut self.sides[dir];
        if side.open.is_some() {
            return false;
        }
        side.open = Some(side.taken);
        side.titled = false;
        found(Framed::Begin { dir, at: side.taken });
        true
    }

    fn finish(&mut self, dir: Dir, complete: bool, found: &mut dyn FnMut(Framed)) {
        let side = &mut self.sides[dir];
        if side.open.take().is_none() {
            return;
        }
        if !side.titled {
            found(Framed::Title { dir, kind: MessageKind::Data, title: "…".to_owned() });
        }
        found(Framed::End { dir, at: side.taken, complete });
    }

    fn name(&mut self, dir: Dir, (kind, title): (MessageKind, String), found: &mut dyn FnMut(Framed)) {
        self.sides[dir].titled = true;
        self.sides[dir].text = kind == MessageKind::Data;
        found(Framed::Title { dir, kind, title });
    }
}

impl<S: Script> LineFramer<S> {
    /// A segment as Wireshark reads it: one message, or a piece of a text.
    fn segment(&mut self, dir: Dir, bytes: &[u8], found: &mut dyn FnMut(Framed)) {
        let part = self.script.segment(dir, bytes);
        if part != Part::Line {
            if self.begin(dir, found) {
                let title = self.script.counted(dir);
                self.name(dir, title, found);
                found(Framed::Note { dir, note: AS_IT_CAME });
            }
            self.sides[dir].taken += bytes.len() as u64;
            if part == Part::Last {
                self.finish(dir, true, found);
            }
            return;
        }
        // A text that was still open does not become whole any more.
        self.finish(dir, false, found);
        self.begin(dir, found);
        for (i, line) in bytes.split_inclusive(|b| *b == b'\n').enumerate() {
            let act = self.script.line(dir, line, i == 0);
            self.sides[dir].taken += line.len() as u64;
            if let Some(title) = act.title.filter(|_| i == 0) {
                self.name(dir, title, found);
            }
            if let Some(to) = act.switch {
                self.switch(to, found);
                return;
            }
        }
        self.finish(dir, true, found);
    }

    /// From the next byte on `to` is spoken.
    fn switch(&mut self, to: &'static str, found: &mut dyn FnMut(Framed)) {
        for dir in Dir::BOTH {
            self.finish(dir, true, found);
        }
        self.over = true;
        let [a, b] = Dir::BOTH.map(|d| self.sides[d].taken);
        found(Framed::Switch { to, at: [a, b] });
    }
}

impl<S: Script> Framer for LineFramer<S> {
    fn push(&mut self, dir: Dir, at: u64, bytes: &[u8], found: &mut dyn FnMut(Framed)) -> usize {
        self.sides[dir].taken = at;
        if self.arriving && S::BY_SEGMENT && !self.over && !bytes.is_empty() {
            self.segment(dir, bytes, found);
            return count_until(self.sides[dir].taken, at, bytes);
        }
        while !self.over {
            let rest = bytes.get(count_until(self.sides[dir].taken, at, bytes)..).unwrap_or(&[]);
            if rest.is_empty() {
                break;
            }
            if self.sides[dir].counted > 0 {
                if self.begin(dir, found) {
                    let title = self.script.counted(dir);
                    self.name(dir, title, found);
                }
                let side = &mut self.sides[dir];
                let n = side.counted.min(rest.len() as u64);
                side.counted -= n;
                side.taken += n;
                if side.counted == 0 {
                    self.finish(dir, true, found);
                }
                continue;
            }
            let len = match rest.iter().take(MAX_LINE).position(|b| *b == b'\n') {
                Some(end) => end + 1,
                None if rest.len() >= MAX_LINE => MAX_LINE,
                None => break,
            };
            let line = rest.get(..len).unwrap_or(rest);
            let first = self.begin(dir, found);
            let act = self.script.line(dir, line, first);
            self.sides[dir].taken += len as u64;
            if let Some(title) = act.title {
                self.name(dir, title, found);
            }
            if act.ends {
                self.finish(dir, true, found);
            }
            self.sides[dir].counted = act.counted;
            if let Some(to) = act.switch {
                self.switch(to, found);
            }
        }
        let side = &self.sides[dir];
        if self.arriving && !side.text && side.open.is_some_and(|open| open < side.taken) {
            self.finish(dir, true, found);
        }
        count_until(self.sides[dir].taken, at, bytes)
    }

    fn arriving(&mut self) {
        self.arriving = true;
    }

    fn gap(&mut self, dir: Dir, at: u64, len: u64, found: &mut dyn FnMut(Framed)) {
        if self.over {
            return;
        }
        let side = &mut self.sides[dir];
        side.taken = at;
        self.finish(dir, false, found);
        let side = &mut self.sides[dir];
        side.taken = at.saturating_add(len);
        side.counted = side.counted.saturating_sub(len);
        self.script.lost(dir);
    }

    fn end(&mut self, dir: Dir, at: u64, found: &mut dyn FnMut(Framed)) {
        if self.over {
            return;
        }
        // The last line had no end.
        if self.sides[dir].taken < at {
            self.begin(dir, found);
        }
        self.sides[dir].taken = at;
        self.finish(dir, false, found);
    }

    fn restart(&mut self, dir: Dir) {
        self.sides[dir] = Side::default();
        self.script.lost(dir);
    }
}

/// Would Wireshark call these bytes lines of text: ASCII that can be seen, and spaces?
pub fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| matches!(b, 0x20..=0x7e | b'\t'..=b'\r'))
}

/// A line without its end: CR LF, or a bare LF.
pub fn bare(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The first word of a line and what stands behind the space after it.
pub fn words(line: &[u8]) -> (&[u8], &[u8]) {
    let end = line.iter().position(|b| *b == b' ').unwrap_or(line.len());
    let (word, rest) = line.split_at_checked(end).unwrap_or((line, &[]));
    (word, rest.strip_prefix(b" ").unwrap_or(rest))
}

/// Does this line begin as a reply: three digits, then the end, a space or a hyphen?
pub fn code(line: &[u8]) -> Option<(u16, bool)> {
    let [a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', rest @ ..] = line else { return None };
    let digit = |d: &u8| u16::from(*d - b'0');
    let more = match rest.first() {
        None | Some(b' ' | b'\r' | b'\n') => false,
        Some(b'-') => true,
        _ => return None,
    };
    Some((digit(a) * 100 + digit(b) * 10 + digit(c), more))
}

/// Does a server's greeting begin with these bytes: a line with this prefix that `greets`? `None`: too few to say.
pub fn greeting(dir: Dir, first: &[u8], prefix: &[u8], greets: impl FnOnce(&[u8]) -> bool) -> Option<bool> {
    if dir == Dir::ToServer || !first.iter().zip(prefix).all(|(a, b)| a == b) || first.len() > MAX_LINE {
        return Some(false);
    }
    let end = first.iter().position(|b| *b == b'\n')?;
    Some(greets(first.get(..end).unwrap_or(first)))
}

/// Does this line say the word, in large or small letters?
pub fn says(line: &[u8], word: &str) -> bool {
    line.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word.as_bytes()))
}

/// Is this one of the commands, in large or small letters?
pub fn is_command(word: &[u8], commands: &[&str]) -> bool {
    commands.iter().any(|c| word.eq_ignore_ascii_case(c.as_bytes()))
}
