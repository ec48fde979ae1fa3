//! The text of a program, and which of its lines makes which socket call.
//!
//! In: a text whose lines carry marks, as in `conn.sendall(data)  #~ write`. Out: the text as a person reads and saves it, and for
//! each call its line. A call is found by its name; where several lines make calls of one name a mark says in brackets
//! which is meant:
//!
//! | mark | meant is |
//! |---|---|
//! | `write(1)` | the first of its name on its socket |
//! | `write(last)` | the last of its name on a socket that is closed |
//! | `read(end)` | the one that returned 0 bytes: the other side has closed |
//! | `connect(failed)` | one that failed |
//! | `close(listener)`, `close(connection)` | one on a socket that listens, that does not |
//! | `accept(25)` | one on a socket with this port at one of its ends |
//! | `setsockopt(SO_LINGER)` | one whose text holds this |

use crate::lang::Words;
use crate::trace::{Call, CallResult, Host};
use serde::{Deserialize, Serialize};

/// A language that every exchange's programs exist in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    Go,
    Python,
    C,
    Rust,
}

impl Language {
    pub const ALL: [Self; 4] = [Self::Go, Self::Python, Self::C, Self::Rust];

    /// As people write it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Go => "Go",
            Self::Python => "Python",
            Self::C => "C",
            Self::Rust => "Rust",
        }
    }

    /// As it is written on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::Python => "python",
            Self::C => "c",
            Self::Rust => "rust",
        }
    }

    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.name() == name)
    }

    /// The ending of its files, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::Python => "py",
            Self::C => "c",
            Self::Rust => "rs",
        }
    }

    /// What begins a comment.
    pub fn comment(self) -> &'static str {
        match self {
            Self::Python => "#",
            _ => "//",
        }
    }

    /// Where the comment of a line begins, if it has one; not inside a string.
    pub fn comment_at(self, line: &str) -> Option<usize> {
        let mut quote = None;
        let mut escaped = false;
        for (at, c) in line.char_indices() {
            match quote {
                Some(_) if escaped => escaped = false,
                Some(_) if c == '\\' => escaped = true,
                Some(q) if c == q => quote = None,
                Some(_) => {}
                None if c == '"' || (c == '\'' && self == Self::Python) => quote = Some(c),
                None if line.get(at..).is_some_and(|rest| rest.starts_with(self.comment())) => return Some(at),
                None => {}
            }
        }
        None
    }
}

/// What is known of a call from its socket: which of its name it is, and what the socket is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nth {
    pub first: bool,
    /// Nothing more can follow.
    pub last: bool,
    /// The socket waits for others.
    pub listens: bool,
}

/// One call that a line makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// "accept"; the first word of a step's name.
    pub name: String,
    /// What stands in brackets.
    pub which: Option<String>,
}

impl Mark {
    /// Of "write" and "write(last)"; `None` where the brackets do not close.
    fn new(word: &str) -> Option<Self> {
        let (name, which) = match word.split_once('(') {
            None => (word, None),
            Some((name, rest)) => (name, Some(rest.strip_suffix(')')?.to_owned())),
        };
        (!name.is_empty()).then(|| Self { name: name.to_owned(), which })
    }

    fn means(&self, call: &Call, nth: Nth) -> bool {
        self.name == call.what.name()
            && match self.which.as_deref() {
                None => true,
                Some("1") => nth.first,
                Some("last") => nth.last,
                Some("end") => call.result == CallResult::Bytes(0),
                Some("failed") => call.errno().is_some(),
                Some("listener") => nth.listens,
                Some("connection") => !nth.listens,
                Some(part) => match part.parse() {
                    Ok(port) => [&call.local, &call.peer].into_iter().flatten().any(|at| at.port() == Some(port)),
                    Err(_) => call.text().contains(part),
                },
            }
    }

    /// Can a frame leave, or come, because of such a call?
    pub fn reaches_the_wire(&self) -> bool {
        const WIRE: [&str; 8] = ["accept", "connect", "write", "read", "sendto", "recvfrom", "shutdown", "close"];
        WIRE.contains(&self.name.as_str()) && self.which.as_deref() != Some("listener")
    }
}

/// One line, without what marks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    pub marks: Vec<Mark>,
}

/// A program that a person can read, save and run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub exchange: &'static str,
    pub host: Host,
    pub language: Language,
    /// "TCP echo".
    pub title: Words,
    lines: Vec<Line>,
}

impl Program {
    /// Takes the marks out of a text.
    pub fn new(exchange: &'static str, host: Host, language: Language, title: Words, marked: &str) -> Self {
        let marker = format!("{}~ ", language.comment());
        let lines = marked.lines().map(|line| match line.rsplit_once(&marker) {
            None => Line { text: line.trim_end().to_owned(), marks: Vec::new() },
            Some((text, marks)) => {
                let marks = marks.split_whitespace().filter_map(Mark::new).collect();
                Line { text: text.trim_end().to_owned(), marks }
            }
        });
        Self { exchange, host, language, title, lines: lines.collect() }
    }

    /// The name it is saved under: "tcp-echo-server.py".
    pub fn file_name(&self) -> String {
        format!("{}-{}.{}", self.exchange, self.host.name(), self.language.ending())
    }

    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// All of it, as it is saved and run.
    pub fn text(&self) -> String {
        self.lines.iter().flat_map(|l| [l.text.as_str(), "\n"]).collect()
    }

    /// The line, from 0, that makes this call. A mark that says which of several it means goes before one that does not.
    pub fn line_of(&self, call: &Call, nth: Nth) -> Option<usize> {
        let fits = |exact: bool| {
            let fits = move |m: &Mark| m.which.is_some() == exact && m.means(call, nth);
            self.lines.iter().position(|l| l.marks.iter().any(fits))
        };
        if call.host != self.host {
            return None;
        }
        fits(true).or_else(|| fits(false))
    }

    /// The calls that a line, from 0, makes.
    pub fn calls_at(&self, line: usize) -> &[Mark] {
        self.lines.get(line).map(|l| l.marks.as_slice()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::lang::words;
    use crate::trace::{Nanos, What};

    fn program() -> Program {
        let text = "a = 1\nopen()  #~ socket bind\nsay(1)  #~ write(1)\nsay(2)  #~ write\nbye()  #~ write(last) shutdown\n\
                    rest = get()  #~ read\nif not rest:  #~ read(end)\n    conn.close()  #~ close(connection)\nlistener.close()  #~ close(listener)\n";
        Program::new("x", Host::Server, Language::Python, words("x", "x"), text)
    }

    fn call(what: What, result: CallResult) -> Call {
        let at = Nanos(1);
        Call { at_enter: at, at_return: at, host: Host::Server, program: 0, fd: 3, what, result, local: None, peer: None, waits: 0 }
    }

    #[test]
    fn marks_are_not_in_the_text_that_is_saved() {
        let program = program();
        assert!(program.text().lines().all(|l| !l.contains('~') && !l.ends_with(' ')), "{}", program.text());
        assert_eq!(program.lines().len(), 9);
        assert_eq!(program.calls_at(1).iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), ["socket", "bind"]);
        assert_eq!(program.calls_at(99), []);
    }

    #[test]
    fn of_several_lines_with_a_call_the_one_that_is_meant_is_found() {
        let program = program();
        let write = call(What::Write { bytes: 3 }, CallResult::Bytes(3));
        let line = |first, last| program.line_of(&write, Nth { first, last, listens: false });
        assert_eq!([line(true, false), line(false, false), line(false, true)], [Some(2), Some(3), Some(4)]);
        let read = |n| program.line_of(&call(What::Read { up_to: 9 }, CallResult::Bytes(n)), Nth::default());
        assert_eq!([read(9), read(0)], [Some(5), Some(6)]);
        let mut close = call(What::Close, CallResult::Done);
        assert_eq!(program.line_of(&close, Nth { listens: true, ..Nth::default() }), Some(8));
        assert_eq!(program.line_of(&close, Nth::default()), Some(7));
        assert_eq!(program.line_of(&call(What::Accept, CallResult::Done), Nth::default()), None);
        close.host = Host::Client;
        assert_eq!(program.line_of(&close, Nth::default()), None, "another host's call is not in this program");
    }

    #[test]
    fn a_comment_begins_where_no_string_is_open() {
        assert_eq!(Language::Python.comment_at("a = '#' # b"), Some(8));
        assert_eq!(Language::C.comment_at("url = \"http://x\"; // y"), Some(18));
        assert_eq!(Language::Go.comment_at("a := 1"), None);
    }
}
