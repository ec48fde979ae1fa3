//! FTP's control connection (RFC 959): commands and replies in lines. The files go over connections of their own.

pub mod data;
mod dissect;
pub mod fields;
#[cfg(test)]
mod tests;

use super::claim::{Ask, Claim};
use super::lines::{Act, LineFramer, Script, bare, code, greeting, is_command, says, words};
use super::{About, Dir, Framer, MessageKind, MessageLayers, Protocol, snippet};
use crate::lang::{Words, words as say};
use crate::wire::FieldDef;

const TITLE_CHARS: usize = 60;
/// Commands whose argument proves who somebody is.
const SECRETS: &[&str] = &["PASS", "ACCT", "ADAT"];

#[derive(Debug, Default)]
struct Ftp959 {
    /// The code of the reply of several lines that is open: a line with it and a space ends it (RFC 959 §4.2).
    open: Option<u16>,
    /// `AUTH TLS` was said, and not answered yet.
    tls: bool,
}

/// A command as it may be shown.
fn shown(line: &[u8]) -> String {
    let (command, argument) = words(line);
    match () {
        () if line.is_empty() => "(empty line)".to_owned(),
        () if is_command(command, SECRETS) && !argument.is_empty() => format!("{} …", snippet(command, 4)),
        () => snippet(line, TITLE_CHARS),
    }
}

impl Script for Ftp959 {
    const BY_SEGMENT: bool = true;

    fn line(&mut self, dir: Dir, line: &[u8], first: bool) -> Act {
        let text = bare(line);
        if dir == Dir::ToServer {
            let (command, argument) = words(text);
            self.tls |= is_command(command, &["AUTH"]) && is_command(argument, &["TLS", "TLS-C", "SSL"]);
            return Act { title: Some((MessageKind::Request, shown(text))), ends: true, ..Act::default() };
        }
        let code = code(text);
        let ends = match (self.open, code) {
            (Some(open), Some((number, more))) => open == number && !more,
            (Some(_), None) => false,
            (None, Some((number, true))) => {
                self.open = Some(number);
                false
            }
            (None, _) => true,
        };
        if ends {
            self.open = None;
        }
        // RFC 4217 §4: 234 is the yes.
        let switch = ends && self.tls && matches!(code, Some((234, _)));
        if ends && code.is_some() {
            self.tls = false;
        }
        let title = if text.is_empty() { "(empty line)".to_owned() } else { snippet(text, TITLE_CHARS) };
        Act { title: first.then_some((MessageKind::Response, title)), ends, counted: 0, switch: switch.then_some("tls") }
    }

    fn counted(&mut self, _dir: Dir) -> (MessageKind, String) {
        (MessageKind::Data, "…".to_owned())
    }

    fn lost(&mut self, dir: Dir) {
        if dir == Dir::ToClient {
            self.open = None;
            self.tls = false;
        }
    }
}

/// The port among the six numbers of an address.
fn six_numbers_of(text: &[u8]) -> Option<u16> {
    dissect::six_numbers(text, 0).map(|(_, port, _)| port)
}

/// The row of FTP in the table.
pub struct Ftp;

impl Protocol for Ftp {
    fn name(&self) -> &'static str {
        "ftp"
    }

    fn title(&self) -> &'static str {
        "FTP"
    }

    fn about(&self) -> Words {
        say(
            "ファイルを送り受けするためのプロトコルで、中身は別の接続で運びます。",
            "Moves files; what is in them goes over connections of its own.",
        )
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        fields::FIELDS
    }

    fn tcp_ports(&self) -> &'static [u16] {
        &[21]
    }

    /// A server begins: "220 … FTP …".
    fn claim(&self, ask: &Ask<'_>) -> Claim {
        let greets = |line: &[u8]| code(bare(line)).is_some() && says(line, "ftp");
        ask.begins_on_port(|dir, first| greeting(dir, first, b"220", greets)).max(ask.vouched())
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        Some(Box::<LineFramer<Ftp959>>::default())
    }

    fn dissect(&self, message: &[u8], about: About<'_>) -> MessageLayers {
        dissect::dissect(message, about)
    }
}

#[cfg(test)]
pub use tests::samples;
