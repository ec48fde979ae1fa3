//! One HTTP message for the eye: every part of its head and its body with the bytes it was read from.

use super::body::{self, Asked, Chunked, Length};
use super::fields as f;
use super::head::{self, Header, Start};
use super::meaning;
use crate::lang::{Text, words};
use crate::proto::presentation::{self, Nature};
use crate::proto::{About, Member, MessageLayers, snippet};
use crate::wire::{Buffer, Field, Layer, Osi, Span, Stop, Value, Why};

const PROTO: &str = "http";

/// Reads one message; its first byte is the first of its start line.
pub fn dissect(message: &[u8], about: About<'_>) -> MessageLayers {
    let whole = head::end(message, 0);
    // Of a cut head, the lines that are whole are read; the copy ends them with the empty line that is missing.
    let cut: Vec<u8>;
    let head = match whole {
        Some(len) => message.get(..len).unwrap_or(message),
        None => {
            let lines = message.iter().rposition(|&b| b == b'\n').map_or(0, |i| i + 1);
            cut = [message.get(..lines).unwrap_or(&[]), b"\r\n"].concat();
            &cut
        }
    };
    let line = head::line(message).and_then(|(bare, _)| message.get(..bare)).unwrap_or(message);
    let Some(start) = head::start(line) else {
        let why = if head::line(message).is_some() || about.complete {
            Why::Malformed(words("HTTP/1.x の 1 行目ではありません", "this is not a start line of HTTP/1.x"))
        } else {
            Why::Truncated { need: message.len() + 1, have: message.len() }
        };
        let layer = presentation::layer(message, 0, Span::new(0, message.len()), &Nature::default());
        return MessageLayers { buffers: Vec::new(), layers: vec![layer], stop: Some(Stop { proto: PROTO, at: 0, why }) };
    };
    let headers = head::headers(head);
    let is_request = matches!(start, Start::Request { .. });
    let mut nature = Nature::default();
    let mut fields = start_fields(line, &start);
    for header in &headers {
        fields.push(header_field(head, header, is_request));
        match header.name(head).as_str() {
            "content-type" => nature.set_content_type(header.value.of(head), header.value),
            "content-encoding" => nature.coding = Some((header.value(head).to_ascii_lowercase(), header.value)),
            _ => {}
        }
    }
    let mut out = MessageLayers { buffers: Vec::new(), layers: Vec::new(), stop: None };
    let head_len = whole.unwrap_or(message.len());
    let body = Span::new(head_len, message.len() - head_len);
    let presented = match whole {
        None => {
            let (need, have) = (message.len() + 1, message.len());
            out.stop = Some(Stop { proto: PROTO, at: message.len(), why: Why::Truncated { need, have } });
            None
        }
        Some(_) => {
            out.stop = verdict(head, &headers, is_request);
            let asked = if is_request { None } else { about.around.peer(Member::Request) };
            let method = asked.as_ref().and_then(|peer| peer.title.split(' ').next());
            let asked = Asked { head: method == Some("HEAD"), connect: method == Some("CONNECT") };
            let length = body::length(&start, head, &headers, asked);
            read_body(message, body, length, about, nature, &mut fields, &mut out)
        }
    };
    let layer = Layer {
        proto: PROTO,
        title: "HTTP",
        osi: Osi::Application,
        buffer: 0,
        header: Span::new(0, head_len),
        payload: body,
        summary: snippet(line, 200),
        fields,
    };
    out.layers.push(layer);
    out.layers.extend(presented);
    out
}

/// Adds the body's fields; gives the layer that says what its bytes mean.
fn read_body(
    message: &[u8],
    body: Span,
    length: Length,
    about: About<'_>,
    nature: Nature,
    fields: &mut Vec<Field>,
    out: &mut MessageLayers,
) -> Option<Layer> {
    let stop = |at: usize, why| Some(Stop { proto: PROTO, at, why });
    if length == Length::Chunked {
        let chunked = body::chunks(message, body.start as usize);
        if let Some((at, ran_out)) = chunked.stopped {
            out.stop = out.stop.take().or(stop(at, match ran_out {
                true => Why::Truncated { need: message.len() + 1, have: message.len() },
                false => Why::Malformed(words("チャンクの長さの行が読めません", "a chunk's size line cannot be read")),
            }));
        }
        fields.push(chunk_fields(message, body, &chunked));
        if chunked.joined.is_empty() {
            return None;
        }
        let area = Span::new(0, chunked.joined.len());
        out.buffers.push(Buffer {
            name: Text::new("チャンクをつないだボディ", "De-chunked body"),
            bytes: chunked.joined,
            in_frame: chunked.pieces,
        });
        let bytes = out.buffers.last().map_or(&[] as &[u8], |b| &b.bytes);
        return Some(presentation::layer(bytes, out.buffers.len(), area, &nature.without_spans()));
    }
    if let Length::Known(told) = length {
        let have = u64::from(body.len);
        if have < told && !(about.around.peer(Member::Request).is_none() && have == 0 && about.complete) {
            let need = usize::try_from(told).unwrap_or(usize::MAX).saturating_add(body.start as usize);
            out.stop = out.stop.take().or(stop(message.len(), Why::Truncated { need, have: message.len() }));
        }
    }
    if body.is_empty() {
        return None;
    }
    fields.push(file_data(body.of(message), body));
    Some(presentation::layer(message, 0, body, &nature))
}

fn text(def: &'static crate::wire::FieldDef, bytes: &[u8], span: Span) -> Field {
    Field::new(def, Value::Text(String::from_utf8_lossy(span.of(bytes)).into_owned()), span)
}

fn start_fields(line: &[u8], start: &Start) -> Vec<Field> {
    let whole = Span::new(0, line.len());
    let heading = |def| Field::new(def, Value::None, whole).means(snippet(line, 200));
    match *start {
        Start::Request { method, target, version } => {
            let (def, meaning) = meaning::method(&String::from_utf8_lossy(method.of(line)));
            let mut asked = text(def, line, method);
            asked.meaning = meaning.map(str::to_owned);
            let target = (!target.is_empty()).then(|| text(&f::URI, line, target));
            let parts = [Some(asked), target, Some(text(&f::REQUEST_VERSION, line, version))];
            vec![heading(&f::REQUEST).with(parts.into_iter().flatten().collect())]
        }
        Start::Response { version, code, code_span, phrase } => {
            let (def, class) = meaning::class(code);
            let mut status = Field::new(def, Value::Uint(u64::from(code)), code_span);
            status.meaning = class.map(str::to_owned);
            let mut parts = vec![text(&f::RESPONSE_VERSION, line, version), status];
            if let Some(reason) = meaning::reason(code) {
                parts.push(Field::new(&f::CODE_DESC, Value::Text(reason.into()), Span::NONE));
            }
            parts.push(text(&f::PHRASE, line, phrase));
            vec![heading(&f::RESPONSE).with(parts)]
        }
    }
}

fn header_field(head: &[u8], header: &Header, is_request: bool) -> Field {
    let name = header.name(head);
    let value = header.value(head);
    let Some(def) = f::of_header(&name) else {
        let line = match header.name.is_empty() {
            true => value,
            false => format!("{}: {value}", String::from_utf8_lossy(header.name.of(head))),
        };
        return Field::new(if is_request { &f::REQUEST_LINE } else { &f::RESPONSE_LINE }, Value::Text(line), header.line);
    };
    let number = value.parse().ok().filter(|_| name == "content-length").map(Value::Uint);
    let children = number.map(|n| Field::new(&f::CONTENT_LENGTH, n, header.value));
    Field::new(def, Value::Text(value), header.line).with(children.into_iter().collect())
}

fn file_data(body: &[u8], span: Span) -> Field {
    let value = match presentation::readable(body) {
        true => Value::Text(presentation::decode(body, None)),
        false => Value::Bytes,
    };
    Field::new(&f::FILE_DATA, value, span)
}

fn chunk_fields(message: &[u8], body: Span, chunked: &Chunked) -> Field {
    let mut children = Vec::new();
    for (line, size, data) in &chunked.chunks {
        let meaning = if *size == 0 { "last chunk".to_owned() } else { format!("0x{size:x}") };
        let data = (!data.is_empty()).then(|| Field::new(&f::CHUNK_DATA, Value::Bytes, *data));
        let chunk = Field::new(&f::CHUNK_SIZE, Value::Uint(*size), *line).means(meaning);
        children.push(chunk.with(data.into_iter().collect()));
    }
    for trailer in &chunked.trailers {
        let line = String::from_utf8_lossy(trailer.of(message)).trim_end().to_owned();
        children.push(Field::new(&f::TRAILER, Value::Text(line), *trailer));
    }
    let mut field = file_data(&chunked.joined, body);
    if field.value == Value::Bytes {
        // The joined bytes stand in another buffer; those of the body hold the size lines too.
        field.value = Value::Text(chunked.joined.iter().take(presentation::MAX_TEXT).map(|b| format!("{b:02x}")).collect());
    }
    field.with(children)
}

/// What a strict receiver says of a head that was read leniently here.
fn verdict(head: &[u8], headers: &[Header], is_request: bool) -> Option<Stop> {
    let mut room = vec![httparse::EMPTY_HEADER; headers.len() + 1];
    let result = match is_request {
        true => httparse::Request::new(&mut room).parse(head),
        false => httparse::Response::new(&mut room).parse(head),
    };
    let rule = match result.err()? {
        httparse::Error::HeaderName => words("ヘッダの名前に使えない文字があります", "a header's name holds a character it may not hold"),
        httparse::Error::HeaderValue => words("ヘッダの値に使えない文字があります", "a header's value holds a character it may not hold"),
        httparse::Error::NewLine => words("行の終わりが正しくありません", "a line does not end as it should"),
        _ => words("1 行目が規則どおりではありません", "the start line is not as the rules want it"),
    };
    let bad = |h: &&Header| {
        let name = h.name.of(head);
        name.is_empty() || !name.iter().all(|&b| head::is_token(b)) || h.value.of(head).iter().any(|&b| b < 0x20 && b != b'\t')
    };
    let at = headers.iter().find(bad).map_or(0, |h| h.line.start as usize);
    Some(Stop { proto: PROTO, at, why: Why::Malformed(rule) })
}
