//! One frame for the eye: its header, its payload as it was sent, and as it was meant.
//!
//! In: a frame's bytes, and what was said before it. Out: its fields as Wireshark 4.0 prints them; the payload without its
//! mask, the whole message behind its last frame, and the message as it was before it was compressed, each as a buffer.

use super::deflate::{self, Agreed};
use super::fields::{
    CLOSE, CONTINUE, FAILED, FIN, FRAGMENT, FRAGMENT_COUNT, FRAGMENTS, KEY, LENGTH, LENGTH_16, LENGTH_64, MASK, MASKED, OPCODE,
    PAYLOAD, PING, PMC, PONG, REASON, REASSEMBLED, RSV, STATUS, TEXT, UNKNOWN, UNKNOWN_OPCODE,
};
use super::head::{Head, HeadError};
use crate::lang::{Text, words};
use crate::proto::media::Reads;
use crate::proto::presentation::{self, Nature, Place, utf8};
use crate::proto::{About, MessageKind, MessageLayers};
use crate::wire::{Buffer, Field, FieldDef, Layer, Osi, Span, Stop, Value, Why};

const PROTO: &str = "websocket";
/// Frames that one message is put together from at most.
const MAX_FRAGMENTS: usize = 4096;
/// Bytes that one message is put together to at most.
const MAX_MESSAGE: usize = 1 << 20;

pub fn dissect(message: &[u8], about: About<'_>) -> MessageLayers {
    let head = match Head::read(message) {
        Ok(head) => head,
        Err(error) => {
            let why = match error {
                HeadError::TooFew(need) => Why::Truncated { need, have: message.len() },
                HeadError::Impossible => Why::Malformed(words("64 ビット長の最上位ビットは 0 でなければなりません", "the highest bit of a 64-bit length must be 0")),
            };
            let layer = presentation::layer(message, 0, Span::new(0, message.len()), &Nature::default());
            return MessageLayers { buffers: Vec::new(), layers: vec![layer], stop: Some(Stop { proto: PROTO, at: 0, why }) };
        }
    };
    let have = message.len().saturating_sub(head.len);
    let told = usize::try_from(head.payload).unwrap_or(usize::MAX);
    let span = Span::new(head.len, have.min(told));
    let plain = head.unmask(span.of(message));
    let agreed = deflate::agreed(&about);
    let mut fields = header_fields(&head, agreed);
    if head.mask.is_some() && !span.is_empty() {
        fields.push(Field::new(&MASKED, Value::None, span).means(format!("{} bytes", span.len)));
    }
    let mut payload = Payload { head, span, buffers: Vec::new(), layers: Vec::new(), fields: Vec::new() };
    if !span.is_empty() {
        if head.mask.is_some() {
            let name = Text::new("マスクを外したペイロード", "Unmasked payload");
            payload.buffers.push(Buffer { name, bytes: plain.clone(), in_frame: vec![(0, span)] });
        }
        let fragments = payload.read(&plain, agreed, &about);
        fields.push(Field::new(&PAYLOAD, Value::None, span).means(format!("{} bytes", span.len)).with(payload.fields));
        fields.extend(fragments);
    } else if !head.is_control() && head.fin && head.opcode == 0 {
        let fragments = payload.read(&plain, agreed, &about);
        fields.extend(payload.fields);
        fields.extend(fragments);
    }
    let mut layers = vec![Layer {
        proto: PROTO,
        title: "WebSocket",
        osi: Osi::Application,
        buffer: 0,
        header: Span::new(0, head.len),
        payload: span,
        summary: format!(
            "WebSocket {}{}{}",
            head.opcode_name(),
            if head.fin { " [FIN]" } else { "" },
            if head.mask.is_some() { " [MASKED]" } else { "" }
        ),
        fields,
    }];
    layers.extend(payload.layers);
    MessageLayers { buffers: payload.buffers, layers, stop: broken_rule(&head, have, told, message.len()) }
}

fn header_fields(head: &Head, agreed: Agreed) -> Vec<Field> {
    let flag = |def, bit, on: bool| Field::new(def, Value::Bool(on), Span::new(bit as usize / 8, 1)).bits(bit, 1);
    let rsv = Field::new(&RSV, Value::Uint(head.rsv.into()), Span::new(0, 1)).bits(1, 3);
    let length = Field::new(&LENGTH, Value::Uint(head.short.into()), Span::new(1, 1)).bits(9, 7);
    let compressed = head.rsv & 4 != 0;
    let mut fields =
        vec![flag(&FIN, 0, head.fin), if compressed && !head.is_control() { rsv.means("RSV1: compressed") } else { rsv }];
    if agreed.compress {
        fields.push(flag(&PMC, 1, compressed));
    }
    fields.extend([
        Field::new(&OPCODE, Value::Uint(head.opcode.into()), Span::new(0, 1)).bits(4, 4).means(head.opcode_name()),
        flag(&MASK, 8, head.mask.is_some()),
        length,
    ]);
    let key_at = match head.short {
        126 => {
            fields.push(Field::new(&LENGTH_16, Value::Uint(head.payload), Span::new(2, 2)));
            4
        }
        127 => {
            fields.push(Field::new(&LENGTH_64, Value::Uint(head.payload), Span::new(2, 8)));
            10
        }
        _ => 2,
    };
    if head.mask.is_some() {
        fields.push(Field::new(&KEY, Value::Bytes, Span::new(key_at, 4)));
    }
    fields
}

/// What is made of a payload. Spans of its fields are those of the (masked) bytes it was read from.
struct Payload {
    head: Head,
    span: Span,
    buffers: Vec<Buffer>,
    layers: Vec<Layer>,
    fields: Vec<Field>,
}

impl Payload {
    fn hex(&mut self, def: &'static FieldDef, bytes: &[u8]) {
        let shown = bytes.get(..MAX_MESSAGE).unwrap_or(bytes);
        self.fields.push(Field::new(def, Value::Text(shown.iter().map(|b| format!("{b:02x}")).collect()), self.span));
    }

    /// The place of the payload without its mask.
    fn place(&self) -> Place {
        match self.head.mask {
            Some(_) => Place { buffer: self.buffers.len(), area: Span::new(0, self.span.len as usize) },
            None => Place { buffer: 0, area: self.span },
        }
    }

    /// The place of a new buffer.
    fn add(&mut self, ja: &str, en: &str, bytes: Vec<u8>) -> Place {
        let area = Span::new(0, bytes.len());
        self.buffers.push(Buffer { name: Text::new(ja, en), bytes, in_frame: Vec::new() });
        Place { buffer: self.buffers.len(), area }
    }

    /// Reads the payload; gives the field about the frames that the message came in.
    fn read(&mut self, plain: &[u8], agreed: Agreed, about: &About<'_>) -> Option<Field> {
        let head = self.head;
        match head.opcode {
            8 => {
                let close = Field::new(&CLOSE, Value::None, self.span).with(close_fields(plain, self.span));
                self.fields.push(close);
            }
            9 => self.hex(&PING, plain),
            10 => self.hex(&PONG, plain),
            // A part of a message: what it says is read when its last part has come.
            0 if !head.fin => {
                self.hex(&CONTINUE, plain);
                self.for_reading(plain);
            }
            1 | 2 if !head.fin => self.for_reading(plain),
            1 | 2 if head.rsv & 4 != 0 && agreed.may_compress() => self.compressed(head.opcode, plain, about),
            1 | 2 => self.message(head.opcode, plain, self.place()),
            0 => return self.last_part(plain, agreed, about),
            _ => self.unknown(plain),
        }
        None
    }

    fn unknown(&mut self, plain: &[u8]) {
        self.hex(&UNKNOWN, plain);
        if let Some(field) = self.fields.last_mut() {
            let why = format!("opcode {}", self.head.opcode);
            field.children.push(Field::new(&UNKNOWN_OPCODE, Value::None, Span::NONE).means(why));
        }
    }

    /// A layer of ours for a part that Wireshark shows as bytes or not at all.
    fn for_reading(&mut self, plain: &[u8]) {
        if self.head.rsv & 4 != 0 {
            return;
        }
        let area = Span::new(0, plain.len());
        let place = self.place();
        if let Some(mut layer) = presentation::for_reading(plain, Place { buffer: place.buffer, area }) {
            // Of an unmasked payload the bytes stand behind the header.
            layer.header.start += place.area.start;
            layer.payload.start += place.area.start;
            for field in layer.fields.iter_mut().filter(|f| !f.span.is_empty()) {
                field.span.start += place.area.start;
            }
            self.layers.push(layer);
        }
    }

    /// A whole message, whose bytes stand at `place`.
    fn message(&mut self, opcode: u8, bytes: &[u8], place: Place) {
        let reads = match opcode {
            1 => Reads::TEXT,
            _ => Reads::DATA,
        };
        if opcode == 1 {
            self.fields.push(Field::new(&TEXT, Value::Text(utf8(bytes)), self.span));
        }
        let mut layer = presentation::read_as(reads, bytes, Place { buffer: place.buffer, area: Span::new(0, bytes.len()) });
        layer.header.start += place.area.start;
        layer.payload.start += place.area.start;
        for field in layer.fields.iter_mut().filter(|f| !f.span.is_empty()) {
            field.span.start += place.area.start;
        }
        self.layers.push(layer);
    }

    fn compressed(&mut self, opcode: u8, plain: &[u8], about: &About<'_>) {
        match deflate::inflate(&self.head, plain, about) {
            Some(unpacked) => {
                self.fields.extend(unpacked.limit().map(presentation::limit));
                let bytes = unpacked.bytes;
                let place = self.add("展開したメッセージ", "Decompressed message", bytes.clone());
                self.message(opcode, &bytes, place);
            }
            None => self.fields.push(Field::new(&FAILED, Value::None, self.span)),
        }
    }

    /// The last part: the whole message is put together.
    fn last_part(&mut self, plain: &[u8], agreed: Agreed, about: &About<'_>) -> Option<Field> {
        let mut parts: Vec<(u64, Vec<u8>)> = vec![(about.around.frame(), plain.to_vec())];
        let mut first = None;
        let mut size = plain.len();
        about.around.back(&mut |past| {
            if matches!(past.kind, MessageKind::Ping | MessageKind::Pong | MessageKind::Close) {
                return true;
            }
            let bytes = (past.bytes)();
            let Some(head) = Head::read(&bytes).ok().filter(|h| !h.fin && !h.is_control()) else { return false };
            let part = head.unmask(bytes.get(head.len..).unwrap_or(&[]));
            size = size.saturating_add(part.len());
            parts.push((past.frame, part));
            if head.opcode != 0 {
                first = Some(head);
            }
            head.opcode == 0 && parts.len() < MAX_FRAGMENTS && size <= MAX_MESSAGE
        });
        let Some(first) = first else {
            // Its beginning was not captured, or there is none.
            self.unknown(plain);
            return None;
        };
        parts.reverse();
        let whole: Vec<u8> = parts.iter().flat_map(|(_, part)| part.iter().copied()).collect();
        let computed = |def, n: u64| Field::new(def, Value::Uint(n), Span::NONE);
        let mut list: Vec<_> = parts.iter().map(|(frame, _)| computed(&FRAGMENT, *frame)).collect();
        list.push(computed(&FRAGMENT_COUNT, parts.len() as u64));
        list.push(computed(&REASSEMBLED, whole.len() as u64));
        let place = self.add("つないだメッセージ", "Reassembled message", whole.clone());
        self.message(first.opcode, &whole, place);
        if first.rsv & 4 != 0 && agreed.may_compress() {
            // Wireshark 4.0 shows these bytes as they are; for the reader they are unpacked all the same.
            if let Some(unpacked) = deflate::inflate(&self.head, plain, about) {
                self.fields.extend(unpacked.limit().map(presentation::limit));
                let bytes = unpacked.bytes;
                let place = self.add("展開したメッセージ", "Decompressed message", bytes.clone());
                self.layers.extend(presentation::for_reading(&bytes, place));
            }
        }
        Some(Field::new(&FRAGMENTS, Value::None, Span::NONE).means(format!("{} frames", parts.len())).with(list))
    }
}

fn close_fields(plain: &[u8], span: Span) -> Vec<Field> {
    let [a, b, reason @ ..] = plain else { return Vec::new() };
    let code = u16::from_be_bytes([*a, *b]);
    let at = span.start as usize;
    let mut status = Field::new(&STATUS, Value::Uint(code.into()), Span::new(at, 2));
    status.meaning = close_meaning(code).map(str::to_owned);
    let mut fields = vec![status];
    if !reason.is_empty() {
        fields.push(Field::new(&REASON, Value::Text(utf8(reason)), Span::new(at + 2, reason.len())));
    }
    fields
}

/// RFC 6455 §7.4.1 and the IANA registry of close codes.
fn close_meaning(code: u16) -> Option<&'static str> {
    Some(match code {
        1000 => "Normal Closure",
        1001 => "Going Away",
        1002 => "Protocol error",
        1003 => "Unsupported Data",
        1007 => "Invalid frame payload data",
        1008 => "Policy Violation",
        1009 => "Message Too Big",
        1010 => "Mandatory Extension",
        1011 => "Internal Error",
        1012 => "Service Restart",
        1013 => "Try Again Later",
        1014 => "Bad Gateway",
        3000..=3999 => "registered use",
        4000..=4999 => "private use",
        _ => return None,
    })
}

fn broken_rule(head: &Head, have: usize, told: usize, len: usize) -> Option<Stop> {
    let stop = |at, why| Some(Stop { proto: PROTO, at, why });
    if have < told {
        return stop(len, Why::Truncated { need: told.saturating_add(head.len), have: len });
    }
    if matches!(head.opcode, 3..=7 | 11..=15) {
        return stop(0, Why::Malformed(words("予約されたオペコードです（RFC 6455 §5.2）", "a reserved opcode (RFC 6455 §5.2)")));
    }
    if head.is_control() && (head.payload > 125 || !head.fin) {
        return stop(0, Why::Malformed(words(
            "制御フレームは 125 バイト以下で、分割できません（RFC 6455 §5.5）",
            "a control frame has at most 125 bytes and is never split (RFC 6455 §5.5)",
        )));
    }
    None
}
