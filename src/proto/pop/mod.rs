//! POP3 (RFC 1939): how a program fetches mail. Commands and replies are lines; lists and mails follow a reply up to a dot.

mod dissect;
pub mod fields;
#[cfg(test)]
mod tests;

use super::claim::{Ask, Claim};
use super::lines::{Act, LineFramer, Part, Script, bare, greeting, is_command, says, words};
use super::{About, Dir, Framer, MessageKind, MessageLayers, Protocol, snippet};
use crate::lang::{Words, words as say};
use crate::wire::FieldDef;
use std::collections::VecDeque;

const COMMANDS: &[&str] =
    &["USER", "PASS", "APOP", "AUTH", "CAPA", "STLS", "STAT", "LIST", "RETR", "DELE", "NOOP", "RSET", "QUIT", "TOP", "UIDL", "XTND", "UTF8", "LANG"];

const TITLE_CHARS: usize = 60;
/// Commands without an answer that are remembered (RFC 2449 §6.6: they may be sent ahead).
const MAX_AHEAD: usize = 256;

/// The title of what follows a reply.
const CONTENT: &str = "Content";
/// The title of a line that proves who somebody is.
const SECRET: &str = "AUTH (secret)";

/// How the answer to a command looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Line,
    /// A reply and, if it is a good one, lines up to a dot.
    Lines,
    Tls,
    /// The server may ask for more words of the client.
    Proof,
}

#[derive(Debug, Default)]
struct Pop1939 {
    asked: VecDeque<Answer>,
    /// The server is in the middle of lines.
    content: bool,
    /// The next line of the client answers a challenge.
    secret: bool,
    /// As Wireshark counts: a mail was asked for; so many bytes of it were announced, and came behind the segment of the reply.
    mail_asked: bool,
    announced: u64,
    came: u64,
}

impl Pop1939 {
    fn client(&mut self, text: &[u8]) -> Act {
        let one = |title: String| Act { title: Some((MessageKind::Request, title)), ends: true, ..Act::default() };
        if std::mem::take(&mut self.secret) {
            return one(SECRET.to_owned());
        }
        let (command, parameter) = words(text);
        let is = |commands: &[&str]| is_command(command, commands);
        let answer = match () {
            () if is(&["RETR", "TOP", "CAPA"]) || (is(&["LIST", "UIDL"]) && parameter.is_empty()) => Answer::Lines,
            () if is(&["STLS"]) => Answer::Tls,
            () if is(&["AUTH"]) => Answer::Proof,
            () => Answer::Line,
        };
        if self.asked.len() < MAX_AHEAD {
            self.asked.push_back(answer);
        }
        // What proves who somebody is never gets into a title.
        match () {
            () if is(&["PASS", "APOP"]) => one(format!("{} …", snippet(command, 4))),
            () if is(&["AUTH"]) => {
                let (how, first) = words(parameter);
                one(format!("AUTH {}{}", snippet(how, 20), if first.is_empty() { "" } else { " …" }))
            }
            () if text.is_empty() => one("(empty line)".to_owned()),
            () => one(snippet(text, TITLE_CHARS)),
        }
    }

    fn server(&mut self, text: &[u8]) -> Act {
        if self.content {
            self.content = text != b".";
            return Act { title: Some((MessageKind::Data, CONTENT.to_owned())), ends: !self.content, ..Act::default() };
        }
        let title = if text.is_empty() { "(empty line)".to_owned() } else { snippet(text, TITLE_CHARS) };
        let mut act = Act { title: Some((MessageKind::Response, title)), ends: true, ..Act::default() };
        let good = text.starts_with(b"+OK");
        // RFC 5034 §4: "+ " and a challenge.
        if !good && text.first() == Some(&b'+') && self.asked.front() == Some(&Answer::Proof) {
            self.secret = true;
            return act;
        }
        match self.asked.pop_front() {
            Some(Answer::Lines) if good => self.content = true,
            Some(Answer::Tls) if good => act.switch = Some("tls"),
            _ => {}
        }
        act
    }
}

impl Script for Pop1939 {
    const BY_SEGMENT: bool = true;

    fn segment(&mut self, dir: Dir, bytes: &[u8]) -> Part {
        let line = bare(bytes.split_inclusive(|b| *b == b'\n').next().unwrap_or(bytes));
        if dir == Dir::ToServer {
            let asks = |command: &str| line.get(..command.len()).is_some_and(|l| l.eq_ignore_ascii_case(command.as_bytes()));
            self.mail_asked |= asks("RETR") || asks("TOP");
            return Part::Line;
        }
        if !is_reply(line) {
            self.came = self.came.saturating_add(bytes.len() as u64);
            if self.came < self.announced {
                return Part::More;
            }
            (self.announced, self.came) = (0, 0);
            return Part::Last;
        }
        if std::mem::take(&mut self.mail_asked) && line.starts_with(b"+OK ") {
            let number = words(words(line).1).0;
            self.announced = std::str::from_utf8(number).ok().and_then(|n| n.parse().ok()).unwrap_or(0);
            self.came = 0;
        }
        Part::Line
    }

    fn line(&mut self, dir: Dir, line: &[u8], _first: bool) -> Act {
        match dir {
            Dir::ToServer => self.client(bare(line)),
            Dir::ToClient => self.server(bare(line)),
        }
    }

    fn counted(&mut self, _dir: Dir) -> (MessageKind, String) {
        (MessageKind::Data, CONTENT.to_owned())
    }

    fn lost(&mut self, _dir: Dir) {
        // Nobody can tell any more which answer belongs to which command.
        self.asked.clear();
        self.secret = false;
    }
}

/// The row of POP3 in the table.
pub struct Pop;

impl Protocol for Pop {
    fn name(&self) -> &'static str {
        "pop"
    }

    fn title(&self) -> &'static str {
        "POP"
    }

    fn about(&self) -> Words {
        say("届いたメールをサーバから受け取るためのプロトコルです。", "Fetches the mail that has come, from the server.")
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        fields::FIELDS
    }

    fn tcp_ports(&self) -> &'static [u16] {
        &[110]
    }

    fn in_parts(&self) -> bool {
        true
    }

    /// A server begins: "+OK". Redis and others say "+OK" too, so that the word must be said.
    fn claim(&self, ask: &Ask<'_>) -> Claim {
        ask.begins_on_port(|dir, first| greeting(dir, first, b"+OK", |line| says(line, "pop"))).max(ask.vouched())
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        Some(Box::<LineFramer<Pop1939>>::default())
    }

    fn dissect(&self, message: &[u8], about: About<'_>) -> MessageLayers {
        dissect::dissect(message, about)
    }
}

/// Does a reply begin so, and not a text (RFC 1939 §3)?
fn is_reply(line: &[u8]) -> bool {
    line.starts_with(b"+OK") || line.starts_with(b"-ERR")
}

/// Is this the first word of a command?
fn known(command: &[u8]) -> bool {
    is_command(command, COMMANDS)
}

#[cfg(test)]
pub use tests::samples;
