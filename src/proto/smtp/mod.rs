//! SMTP (RFC 5321): how mail is handed on. Commands and replies are lines; the mail itself follows `DATA` or `BDAT`.

mod dissect;
pub mod fields;
#[cfg(test)]
mod tests;

use super::claim::{Ask, Claim};
use super::lines::{Act, LineFramer, Script, bare, code, greeting, is_command, says, words};
use super::{About, Dir, Framer, MessageKind, MessageLayers, Protocol, snippet};
use crate::lang::{Words, words as say};
use crate::wire::FieldDef;

/// Commands that Wireshark knows (RFC 5321 §4.1.1 and extensions). Other lines of a client are taken for a part of a mail.
const COMMANDS: &[&str] = &[
    "HELO", "EHLO", "MAIL", "RCPT", "DATA", "RSET", "VRFY", "EXPN", "HELP", "NOOP", "QUIT", "TURN", "BDAT", "AUTH", "SEND", "SOML",
    "SAML", "ETRN", "STARTTLS",
];

const TITLE_CHARS: usize = 60;

/// The title of a mail's text.
const MAIL: &str = "Mail";
/// Titles of lines that prove who somebody is: their words are never shown.
const USER: &str = "AUTH (user name)";
const PASSWORD: &str = "AUTH (password)";
const BOTH: &str = "AUTH (user name and password)";

/// What the next line of the client is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Await {
    #[default]
    Command,
    User,
    Password,
    Both,
    Mail,
}

#[derive(Debug, Default)]
struct Smtp5321 {
    next: Await,
    /// `STARTTLS` was said, and not answered yet.
    tls: bool,
}

impl Smtp5321 {
    fn client(&mut self, line: &[u8]) -> Act {
        let text = bare(line);
        let one = |title: String| Act { title: Some((MessageKind::Request, title)), ends: true, ..Act::default() };
        match self.next {
            Await::Mail => {
                // RFC 5321 §4.5.2: a line with a single dot ends the mail.
                let ends = text == b".";
                if ends {
                    self.next = Await::Command;
                }
                return Act { title: Some((MessageKind::Data, MAIL.to_owned())), ends, ..Act::default() };
            }
            Await::User => {
                self.next = Await::Password;
                return one(USER.to_owned());
            }
            Await::Password | Await::Both => {
                let title = if self.next == Await::Both { BOTH } else { PASSWORD };
                self.next = Await::Command;
                return one(title.to_owned());
            }
            Await::Command => {}
        }
        let (command, parameter) = words(text);
        let mut act = one(snippet(text, TITLE_CHARS));
        if is_command(command, &["DATA"]) {
            self.next = Await::Mail;
        } else if is_command(command, &["STARTTLS"]) {
            self.tls = true;
        } else if is_command(command, &["BDAT"]) {
            // RFC 3030 §2: so many bytes follow at once.
            act.counted = std::str::from_utf8(words(parameter).0).ok().and_then(|n| n.parse().ok()).unwrap_or(0);
        } else if is_command(command, &["AUTH"]) {
            let (how, first) = words(parameter);
            self.next = match (how.to_ascii_uppercase().as_slice(), first.is_empty()) {
                (b"LOGIN", true) => Await::User,
                (b"LOGIN", false) => Await::Password,
                (b"PLAIN", true) => Await::Both,
                _ => Await::Command,
            };
            act = one(format!("AUTH {}{}", snippet(how, 20), if first.is_empty() { "" } else { " …" }));
        } else if text.is_empty() {
            act = one("(empty line)".to_owned());
        }
        act
    }

    fn server(&mut self, line: &[u8], first: bool) -> Act {
        let text = bare(line);
        let code = code(text);
        let more = code.is_some_and(|(_, more)| more);
        if let Some((code, false)) = code {
            // The server may refuse: then no mail and no password follows.
            let refused = match self.next {
                Await::Mail => code != 354 && code >= 400,
                Await::User | Await::Password | Await::Both => code != 334,
                Await::Command => false,
            };
            if refused {
                self.next = Await::Command;
            }
        }
        let switch = self.tls && matches!(code, Some((220, false)));
        if code.is_some_and(|(_, more)| !more) {
            self.tls = false;
        }
        let title = if text.is_empty() { "(empty line)".to_owned() } else { snippet(text, TITLE_CHARS) };
        Act {
            title: first.then_some((MessageKind::Response, title)),
            ends: !more,
            counted: 0,
            switch: switch.then_some("tls"),
        }
    }
}

impl Script for Smtp5321 {
    fn line(&mut self, dir: Dir, line: &[u8], first: bool) -> Act {
        match dir {
            Dir::ToServer => self.client(line),
            Dir::ToClient => self.server(line, first),
        }
    }

    fn counted(&mut self, _dir: Dir) -> (MessageKind, String) {
        (MessageKind::Data, MAIL.to_owned())
    }

    fn lost(&mut self, dir: Dir) {
        if dir == Dir::ToClient {
            self.tls = false;
        }
    }
}

/// Is this the first command of a client, "EHLO me"? `None`: too few bytes to say.
fn is_hello(first: &[u8]) -> Option<bool> {
    if !first.first().is_some_and(|b| b.eq_ignore_ascii_case(&b'E') || b.eq_ignore_ascii_case(&b'H')) {
        return Some(false);
    }
    let line = first.split(|b| *b == b'\n').next().unwrap_or(first);
    let (word, rest) = words(bare(line));
    if !["EHLO", "HELO"].iter().any(|c| c.as_bytes().starts_with(&word.to_ascii_uppercase())) {
        return Some(false);
    }
    first.contains(&b'\n').then(|| word.len() == 4 && !rest.is_empty())
}

/// The row of SMTP in the table.
pub struct Smtp;

impl Protocol for Smtp {
    fn name(&self) -> &'static str {
        "smtp"
    }

    fn title(&self) -> &'static str {
        "SMTP"
    }

    fn about(&self) -> Words {
        say(
            "メールを相手のサーバへ届けるためのプロトコルです。",
            "Hands mail on to the server of whom it is for.",
        )
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        fields::FIELDS
    }

    fn tcp_ports(&self) -> &'static [u16] {
        &[25, 587]
    }

    fn in_parts(&self) -> bool {
        true
    }

    /// A server begins: "220 mail.example.org ESMTP …". FTP's greeting looks alike, so that the word must be said.
    fn claim(&self, ask: &Ask<'_>) -> Claim {
        let greets = |line: &[u8]| {
            let mail = says(line, "smtp") || says(line, "mail");
            code(bare(line)).is_some() && mail && !says(line, "ftp")
        };
        let told = ask.begins_on_port(|dir, first| match dir {
            Dir::ToClient => greeting(dir, first, b"220", greets),
            Dir::ToServer => is_hello(first),
        });
        told.max(ask.vouched())
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        Some(Box::<LineFramer<Smtp5321>>::default())
    }

    fn dissect(&self, message: &[u8], about: About<'_>) -> MessageLayers {
        dissect::dissect(message, about)
    }
}

#[cfg(test)]
pub use tests::samples;
