//! One SMTP message for the eye: a command, a reply, or a mail. What a line of the client is depends on the one before it.

use super::fields as f;
use super::{BOTH, COMMANDS, MAIL, PASSWORD, USER};
use crate::proto::imf;
use crate::proto::lines::{bare, code, is_command, words};
use crate::proto::{About, Dir, Member, MessageLayers, snippet};
use crate::wire::{Field, FieldDef, Layer, Osi, Span, Value};

fn text(def: &'static FieldDef, bytes: &[u8], at: usize, len: usize) -> Field {
    let span = Span::new(at, len);
    Field::new(def, Value::Text(String::from_utf8_lossy(span.of(bytes)).into_owned()), span)
}

fn mark(def: &'static FieldDef) -> Field {
    Field::new(def, Value::Bool(true), Span::NONE)
}

pub fn dissect(bytes: &[u8], about: About<'_>) -> MessageLayers {
    let before = about.around.peer(Member::Before);
    let (fields, summary, is_mail) = match about.dir {
        Dir::ToClient => {
            // Wireshark says once a segment that it holds a response.
            let first = before.is_none_or(|b| b.nanos != about.nanos);
            reply(bytes, first)
        }
        Dir::ToServer => request(bytes, before.map(|b| b.title).as_deref().unwrap_or("")),
    };
    let smtp = Layer {
        proto: "smtp",
        title: if is_mail { "SMTP/IMF" } else { "SMTP" },
        osi: Osi::Application,
        buffer: 0,
        header: Span::new(0, bytes.len()),
        payload: Span::new(bytes.len(), 0),
        summary,
        fields,
    };
    let mut layers = vec![smtp];
    if is_mail {
        layers.extend(imf::layers(bytes, Span::new(0, end(bytes).unwrap_or(bytes.len()))));
    }
    MessageLayers { buffers: Vec::new(), layers, stop: None }
}

/// Where the line with the dot stands that ends a mail.
fn end(bytes: &[u8]) -> Option<usize> {
    let dot = bytes.strip_suffix(b"\n").map(bare).filter(|b| *b == b"." || b.ends_with(b"\n."))?;
    Some(dot.len() - 1)
}

fn request(bytes: &[u8], before: &str) -> (Vec<Field>, String, bool) {
    let line = bare(bytes);
    let asks = |command: &str| before.len() >= command.len() && before.get(..command.len()).is_some_and(|b| b.eq_ignore_ascii_case(command));
    let end = end(bytes);
    if asks("DATA") && (end.is_some() || bytes.iter().filter(|b| **b == b'\n').count() > 1) {
        let len = end.unwrap_or(bytes.len());
        let mut fields = Vec::new();
        if let Some(end) = end {
            fields.push(Field::new(&f::EOM, Value::Bool(true), Span::new(end, bytes.len() - end)));
        }
        if len > 0 {
            let length = Field::new(&f::LENGTH, Value::Uint(len as u64), Span::NONE);
            fields.push(Field::new(&f::FRAGMENTS, Value::Bool(true), Span::new(0, len)).with(vec![length]));
        }
        return (fields, MAIL.to_owned(), len > 0);
    }
    if asks("BDAT") && words(before.as_bytes()).1.split(|b| *b == b' ').next() == Some(bytes.len().to_string().as_bytes()) {
        return (Vec::new(), MAIL.to_owned(), true);
    }
    let mut fields = vec![mark(&f::REQ)];
    let whole = |def| text(def, bytes, 0, line.len());
    let proves = match before {
        "AUTH LOGIN" => Some((&f::USERNAME, USER)),
        "AUTH LOGIN …" | USER => Some((&f::PASSWORD, PASSWORD)),
        "AUTH PLAIN" => Some((&f::BOTH, BOTH)),
        _ => None,
    };
    let (command, parameter) = words(line);
    let known = is_command(command, COMMANDS);
    if let Some((def, summary)) = proves.filter(|_| !known) {
        let mut field = whole(def);
        if std::ptr::eq(def, &f::BOTH) {
            field.children.push(mark(&f::BASE64));
        }
        fields.push(field);
        return (fields, summary.to_owned(), false);
    }
    if !known {
        return (Vec::new(), snippet(line, 60), false);
    }
    // Wireshark takes the first four letters for the command, of STARTTLS too.
    let mut children = vec![text(&f::COMMAND, bytes, 0, 4)];
    if line.len() > 5 {
        children.push(text(&f::PARAMETER, bytes, 5, line.len() - 5));
    }
    let mut summary = snippet(line, 60);
    if is_command(command, &["AUTH"]) {
        let (how, first) = words(parameter);
        let at = line.len() - first.len();
        summary = format!("AUTH {}{}", snippet(how, 20), if first.is_empty() { "" } else { " …" });
        if !first.is_empty() {
            match how.to_ascii_uppercase().as_slice() {
                b"LOGIN" => children.push(text(&f::USERNAME, bytes, at, first.len())),
                b"PLAIN" => children.push(text(&f::BOTH, bytes, at, first.len()).with(vec![mark(&f::BASE64)])),
                _ => {}
            }
        }
    }
    fields.push(text(&f::COMMAND_LINE, bytes, 0, bytes.len()).with(children));
    (fields, summary, false)
}

fn reply(bytes: &[u8], first: bool) -> (Vec<Field>, String, bool) {
    let mut fields = Vec::new();
    if first {
        fields.push(mark(&f::RSP));
    }
    let mut at = 0;
    let mut response: Option<Field> = None;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let text_of = bare(line);
        if let Some((number, _)) = code(text_of) {
            let field = response.get_or_insert_with(|| {
                let number = Field::new(&f::CODE, Value::Uint(number.into()), Span::new(at, 3));
                text(&f::RESPONSE, bytes, at, line.len()).with(vec![number])
            });
            if text_of.len() > 3 {
                field.children.push(text(&f::RSP_PARAMETER, bytes, at + 4, text_of.len() - 4));
            }
        }
        at += line.len();
    }
    fields.extend(response);
    (fields, snippet(bare(bytes.split(|b| *b == b'\n').next().unwrap_or(bytes)), 60), false)
}
