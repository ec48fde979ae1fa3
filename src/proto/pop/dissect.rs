//! One POP3 message for the eye: a command, a reply, or the lines behind a reply.

use super::fields as f;
use super::{CONTENT, SECRET, known};
use crate::proto::imf;
use crate::proto::lines::{AS_IT_CAME, bare, words};
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
    if about.note == AS_IT_CAME {
        let mut layers = vec![layer("POP/IMF", bytes, CONTENT.to_owned(), Vec::new())];
        layers.extend(imf::layers(bytes, Span::new(0, bytes.len())));
        return MessageLayers { buffers: Vec::new(), layers, stop: None };
    }
    // A segment may hold more behind the line of which Wireshark takes note.
    let whole = bytes.split_inclusive(|b| *b == b'\n').next().unwrap_or(bytes);
    let line = bare(whole);
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
    let rows = |from: usize| {
        let mut at = from;
        let mut lines = Vec::new();
        for line in bytes.get(from..).unwrap_or(&[]).split_inclusive(|b| *b == b'\n').take(MAX_LINES) {
            lines.push(heading(&f::DATA, at, line.len()).means(snippet(bare(line), 120)));
            at += line.len();
        }
        lines
    };
    let (fields, summary) = match about.dir {
        Dir::ToServer => {
            let proof = !known(word) && before().is_some_and(|b| b.starts_with("AUTH"));
            let hidden = proof || ["PASS", "APOP", "AUTH"].iter().any(|c| word.eq_ignore_ascii_case(c.as_bytes()));
            let summary = match (proof, hidden) {
                (true, _) => SECRET.to_owned(),
                (_, true) => format!("{} …", snippet(word, 4)),
                _ => snippet(line, 60),
            };
            (vec![heading(&f::REQUEST, 0, whole.len()).with(pair(&f::COMMAND, &f::PARAMETER))], summary)
        }
        Dir::ToClient if is_reply => {
            let mut fields = vec![heading(&f::RESPONSE, 0, whole.len()).with(pair(&f::INDICATOR, &f::DESCRIPTION))];
            fields.extend(rows(whole.len()));
            (fields, snippet(line, 60))
        }
        Dir::ToClient => (rows(0), CONTENT.to_owned()),
    };
    MessageLayers { buffers: Vec::new(), layers: vec![layer("POP", bytes, summary, fields)], stop: None }
}

fn layer(title: &'static str, bytes: &[u8], summary: String, fields: Vec<Field>) -> Layer {
    Layer {
        proto: "pop",
        title,
        osi: Osi::Application,
        buffer: 0,
        header: Span::new(0, bytes.len()),
        payload: Span::new(bytes.len(), 0),
        summary,
        fields,
    }
}
