//! Bytes of a program whose protocol is not known: the echo server that somebody has just written.
//!
//! In: any bytes. Out: one message a line while a direction speaks text; otherwise one a turn, that is all bytes of one
//! direction until the other one speaks. It keeps the first bytes of an open message for its title, nothing else.

use super::both::Both;
use super::claim::{Ask, Claim};
use super::presentation::{self, Place};
use super::{About, Dir, Framed, Framer, MessageKind, MessageLayers, Protocol, bytes_of, snippet};
use crate::lang::{Words, words};
use crate::wire::{Field, FieldDef, Layer, Osi, Span, Value};

/// A message ends here even if nobody else speaks and no line ends.
pub const MAX_MESSAGE: u64 = 1024 * 1024;

/// Bytes of a message that are kept for its title.
const TITLE_BYTES: usize = 160;
const TITLE_CHARS: usize = 40;
/// Bytes that a title shows in hexadecimal.
const TITLE_HEX: usize = 8;

#[derive(Debug, Default)]
struct Side {
    open: Option<u64>,
    /// The beginning of the open message.
    first: Vec<u8>,
    /// Bytes of a UTF-8 character still to come.
    pending: u8,
    /// Some byte of this direction was no text: it speaks in turns from then on.
    binary: bool,
    taken: u64,
}

impl Side {
    /// Is this byte text, after those before it?
    fn text(&mut self, b: u8) -> bool {
        if self.pending > 0 {
            self.pending -= 1;
            return b & 0xc0 == 0x80;
        }
        self.pending = match b {
            0xc2..=0xdf => 1,
            0xe0..=0xef => 2,
            0xf0..=0xf4 => 3,
            _ => return matches!(b, b'\t' | b'\r' | b'\n' | 0x20..=0x7e),
        };
        true
    }

    /// How many of these bytes go on with the open message, and whether it ends behind them.
    fn advance(&mut self, bytes: &[u8]) -> (usize, bool) {
        let room = self.open.map_or(MAX_MESSAGE, |at| MAX_MESSAGE.saturating_sub(self.taken.saturating_sub(at)));
        let room = usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len());
        let bytes = bytes.get(..room).unwrap_or(bytes);
        let mut end = None;
        if !self.binary {
            for (i, &b) in bytes.iter().enumerate() {
                if !self.text(b) {
                    self.binary = true;
                    break;
                }
                if b == b'\n' {
                    end = Some(i + 1);
                    break;
                }
            }
        }
        let n = end.unwrap_or(bytes.len());
        let missing = TITLE_BYTES.saturating_sub(self.first.len());
        self.first.extend(bytes.iter().take(n.min(missing)));
        self.taken += n as u64;
        let full = self.open.is_some_and(|at| self.taken.saturating_sub(at) >= MAX_MESSAGE);
        (n, end.is_some() || full)
    }

    fn title(&self) -> String {
        title(&self.first, self.taken.saturating_sub(self.open.unwrap_or(self.taken)), self.binary)
    }
}

fn title(first: &[u8], len: u64, binary: bool) -> String {
    if binary {
        let shown = first.get(..TITLE_HEX.min(first.len())).unwrap_or(first);
        let hex: Vec<_> = shown.iter().map(|b| format!("{b:02x}")).collect();
        let more = if len > shown.len() as u64 { " …" } else { "" };
        return format!("{} {}{more}", bytes_of(len), hex.join(" "));
    }
    let kept = match std::str::from_utf8(first) {
        Err(e) if e.error_len().is_none() => first.get(..e.valid_up_to()).unwrap_or(first),
        _ => first,
    };
    format!("\"{}\"", snippet(kept.strip_suffix(b"\n").map_or(kept, |k| k.strip_suffix(b"\r").unwrap_or(k)), TITLE_CHARS))
}

/// The framer of unknown protocols.
#[derive(Debug, Default)]
pub struct DataFramer {
    sides: Both<Side>,
    untitled: bool,
}

impl DataFramer {
    fn finish(&mut self, dir: Dir, complete: bool, found: &mut dyn FnMut(Framed)) {
        let side = &mut self.sides[dir];
        if side.open.is_some() {
            let title = if self.untitled { String::new() } else { side.title() };
            found(Framed::Title { dir, kind: MessageKind::Data, title });
            found(Framed::End { dir, at: side.taken, complete });
        }
        side.open = None;
        side.first.clear();
    }
}

impl Framer for DataFramer {
    fn push(&mut self, dir: Dir, at: u64, bytes: &[u8], found: &mut dyn FnMut(Framed)) -> usize {
        if bytes.is_empty() {
            return 0;
        }
        self.finish(dir.reverse(), true, found);
        let side = &mut self.sides[dir];
        side.taken = at;
        let mut rest = bytes;
        while !rest.is_empty() {
            let side = &mut self.sides[dir];
            if side.open.is_none() {
                side.open = Some(side.taken);
                found(Framed::Begin { dir, at: side.taken });
            }
            let known = side.first.len();
            let (n, ended) = side.advance(rest);
            if ended {
                self.finish(dir, true, found);
            } else if side.first.len() > known && !self.untitled {
                let title = side.title();
                found(Framed::Title { dir, kind: MessageKind::Data, title });
            }
            rest = rest.get(n..).unwrap_or(&[]);
        }
        bytes.len()
    }

    fn gap(&mut self, dir: Dir, at: u64, len: u64, found: &mut dyn FnMut(Framed)) {
        self.finish(dir, false, found);
        let side = &mut self.sides[dir];
        side.taken = at.saturating_add(len);
        side.pending = 0;
    }

    fn end(&mut self, dir: Dir, _at: u64, found: &mut dyn FnMut(Framed)) {
        self.finish(dir, true, found);
    }

    fn untitled(&mut self) {
        self.untitled = true;
    }
}

/// The row of unknown protocols, the last in the table.
pub struct Data;

impl Protocol for Data {
    fn name(&self) -> &'static str {
        "data"
    }

    fn title(&self) -> &'static str {
        "Data"
    }

    fn about(&self) -> Words {
        words(
            "決まったプロトコルとして読めない、アプリケーション独自のバイト列です。",
            "Bytes of an application that follow no protocol known here.",
        )
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        presentation::FIELDS
    }

    /// It has no words of its own: what nobody claims is data.
    fn claim(&self, _ask: &Ask<'_>) -> Claim {
        Claim::No
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        Some(Box::<DataFramer>::default())
    }

    fn headline(&self, datagram: &[u8]) -> String {
        let first = datagram.get(..TITLE_BYTES.min(datagram.len())).unwrap_or(datagram);
        title(first, datagram.len() as u64, !presentation::readable(datagram))
    }

    fn dissect(&self, message: &[u8], _about: About<'_>) -> MessageLayers {
        let area = Span::new(0, message.len());
        let mut fields = vec![Field::new(&presentation::DATA, Value::Bytes, area)];
        if !message.is_empty() && presentation::readable(message) {
            fields.push(Field::new(&presentation::TEXT, Value::Text(presentation::decode(message, None)), area));
        }
        fields.push(Field::new(&presentation::LEN, Value::Uint(message.len() as u64), Span::NONE));
        let mut layers = vec![Layer {
            proto: "data",
            title: "Data",
            osi: Osi::Application,
            buffer: 0,
            header: Span::new(0, 0),
            payload: area,
            summary: format!("Len={}", message.len()),
            fields,
        }];
        if !message.is_empty() {
            layers.extend(presentation::for_reading(message, Place { buffer: 0, area }));
        }
        MessageLayers { buffers: Vec::new(), layers, stop: None }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::proto::tests::{Item, c, s, titles};

    #[test]
    fn lines_of_text_are_messages_of_their_own() {
        let got = titles("data", &[c("hello\r\nこんにちは\n"), s("hello\r\n"), s("こんにちは\n")]);
        assert_eq!(got, ["> 0..7 \"hello\"", "> 7..23 \"こんにちは\"", "< 0..7 \"hello\"", "< 7..23 \"こんにちは\""]);
    }

    #[test]
    fn without_line_ends_a_message_is_a_turn() {
        let got = titles("data", &[c("hel"), c("lo"), s("hello"), c("bye"), Item::End(Dir::ToServer), s("bye")]);
        assert_eq!(got, ["> 0..5 \"hello\"", "> 5..8 \"bye\"", "< 0..5 \"hello\"", "< 5..8 \"bye\""]);
    }

    #[test]
    fn binary_bytes_are_not_cut_at_what_looks_like_a_line_end() {
        let got = titles("data", &[c([0, 10, 1, 10]), s("ok\n"), c("abc\ndef\n")]);
        assert_eq!(got, ["> 0..4 4 bytes 00 0a 01 0a", "> 4..12 8 bytes 61 62 63 0a 64 65 66 0a", "< 0..3 \"ok\""]);
    }

    #[test]
    fn an_endless_turn_is_split() {
        let got = crate::proto::tests::run("data", &[c(vec![7; (MAX_MESSAGE + 5) as usize])], |n| n);
        assert_eq!(got.iter().map(|m| m.range.end).collect::<Vec<_>>(), [MAX_MESSAGE, MAX_MESSAGE + 5]);
        let text = "あ".repeat((MAX_MESSAGE as usize + 5) / 3);
        assert!(crate::proto::tests::run("data", &[c(text)], |n| n).iter().all(|m| m.title.starts_with('"')), "a split character is still text");
    }

    #[test]
    fn a_gap_cuts_the_message_before_it() {
        let got = titles("data", &[c("abc"), Item::Gap(Dir::ToServer, 10), c("def\n")]);
        assert_eq!(got, ["> 0..3 \"abc\" (cut)", "> 13..17 \"def\""]);
    }

    #[test]
    fn a_datagram_is_a_message() {
        assert_eq!((Data.kind(b"hi"), Data.headline(b"hi").as_str()), (MessageKind::Data, "\"hi\""));
        assert_eq!(Data.headline(&[1; 20]), "20 bytes 01 01 01 01 01 01 01 01 …");
    }

    #[test]
    fn text_is_also_shown_as_layer_6() {
        let about = About::alone(Dir::ToServer);
        let out = Data.dissect("日本\n".as_bytes(), about);
        assert_eq!(out.layers.iter().map(|l| (l.proto, l.osi)).collect::<Vec<_>>(), [("data", Osi::Application), ("text", Osi::Presentation)]);
        assert_eq!(out.layers[0].field("data.data").unwrap().print("日本\n".as_bytes()), "e697a5e69cac0a");
        assert_eq!(out.layers[1].field("presentation.charset").unwrap().print(&[]), "utf-8");
        assert_eq!(Data.dissect(&[0xff], about).layers.len(), 1);
    }
}
