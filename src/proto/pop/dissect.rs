//! One POP3 message for the eye: a command, a reply, or the lines behind a reply.

use super::fields as f;
use super::{CONTENT, SECRET, known};
use crate::proto::lines::{bare, words};
use crate::proto::{About, Dir, Member, MessageLayers, snippet};
use crate::wire::{Field, FieldDef, Layer, Osi, Span, Value};

/// Lines of a list or mail that are shown.
const MAX_LINES: usize = 10_000;

fn text(def: &'static FieldDef, bytes: &[u8], at: usize, len: usize) -> Field {
    let span = Span::new(at, len);
    Field::new(def, Value::Text(String::from_utf8_lossy(span.of(bytes)).into_owned()), span)
}

/// A heading that Wireshark gives no value.
fn heading(def: &'static FieldDef, at: usize, len: usize) -> Field {
    Field::new(def, Value::Text(String::new()), Span::new(at, len))
}

pub fn dissect(bytes: &[u8], about: About<'_>) -> MessageLayers {
    let line = bare(bytes);
    let (word, rest) = words(line);
    let pair = |first, second| {
        let mut children = vec![text(first, bytes, 0, word.len())];
        if !rest.is_empty() {
            children.push(text(second, bytes, line.len() - rest.len(), rest.len()));
        }
        children
    };
    let before = || about.around.peer(Member::Before).map(|b| b.title);
    let is_reply = word.starts_with(b"+") || word.starts_with(b"-ERR");
    let several = bytes.iter().filter(|b| **b == b'\n').count() > 1;
    let (fields, summary) = match about.dir {
        Dir::ToServer => {
            let proof = !known(word) && before().is_some_and(|b| b.starts_with("AUTH"));
            let hidden = proof || ["PASS", "APOP", "AUTH"].iter().any(|c| word.eq_ignore_ascii_case(c.as_bytes()));
            let summary = match (proof, hidden) {
                (true, _) => SECRET.to_owned(),
                (_, true) => format!("{} …", snippet(word, 4)),
                _ => snippet(line, 60),
            };
            (vec![heading(&f::REQUEST, 0, bytes.len()).with(pair(&f::COMMAND, &f::PARAMETER))], summary)
        }
        Dir::ToClient if is_reply && !several => {
            (vec![heading(&f::RESPONSE, 0, bytes.len()).with(pair(&f::INDICATOR, &f::DESCRIPTION))], snippet(line, 60))
        }
        Dir::ToClient => {
            let mut at = 0;
            let mut lines = Vec::new();
            for line in bytes.split_inclusive(|b| *b == b'\n').take(MAX_LINES) {
                lines.push(heading(&f::DATA, at, line.len()).means(snippet(bare(line), 120)));
                at += line.len();
            }
            (lines, CONTENT.to_owned())
        }
    };
    let layer = Layer {
        proto: "pop",
        title: "POP",
        osi: Osi::Application,
        buffer: 0,
        header: Span::new(0, bytes.len()),
        payload: Span::new(bytes.len(), 0),
        summary,
        fields,
    };
    MessageLayers { buffers: Vec::new(), layers: vec![layer], stop: None }
}
