//! One frame for the eye: its header, its payload as it was sent, and as it was meant.

use super::fields::{
    CLOSE, CONTINUE, FIN, KEY, LENGTH, LENGTH_16, LENGTH_64, MASK, MASKED, OPCODE, PAYLOAD, PING, PONG, REASON, RSV, STATUS,
    TEXT, UNKNOWN,
};
use super::head::{Head, HeadError};
use crate::lang::{Text, words};
use crate::proto::MessageLayers;
use crate::proto::presentation::{self, Nature};
use crate::wire::{Buffer, Field, Layer, Osi, Span, Stop, Value, Why};

const PROTO: &str = "websocket";

pub fn dissect(message: &[u8]) -> MessageLayers {
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
    let mut fields = header_fields(&head);
    if head.mask.is_some() && !span.is_empty() {
        fields.push(Field::new(&MASKED, Value::Bytes, span));
    }
    if !span.is_empty() {
        fields.push(Field::new(&PAYLOAD, Value::None, span).with(payload_fields(&head, &plain, span)));
    }
    let mut out = MessageLayers { buffers: Vec::new(), layers: Vec::new(), stop: broken_rule(&head, have, told, message.len()) };
    out.layers.push(Layer {
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
    });
    if span.is_empty() {
        return out;
    }
    let mut nature = Nature::default();
    if head.rsv & 4 != 0 && !head.is_control() {
        nature.coding = Some(("permessage-deflate".into(), Span::NONE));
    }
    let area = Span::new(0, plain.len());
    let presents = matches!(head.opcode, 0..=2);
    if head.mask.is_some() {
        if presents {
            out.layers.push(presentation::layer(&plain, 1, area, &nature));
        }
        let name = Text::new("マスクを外したペイロード", "Unmasked payload");
        out.buffers.push(Buffer { name, bytes: plain, in_frame: vec![(0, span)] });
    } else if presents {
        out.layers.push(presentation::layer(message, 0, span, &nature));
    }
    out
}

fn header_fields(head: &Head) -> Vec<Field> {
    let flag = |def, bit, on: bool| Field::new(def, Value::Bool(on), Span::new(bit as usize / 8, 1)).bits(bit, 1);
    let rsv = Field::new(&RSV, Value::Uint(head.rsv.into()), Span::new(0, 1)).bits(1, 3);
    let length = Field::new(&LENGTH, Value::Uint(head.short.into()), Span::new(1, 1)).bits(9, 7);
    let mut fields = vec![
        flag(&FIN, 0, head.fin),
        if head.rsv & 4 != 0 && !head.is_control() { rsv.means("RSV1: compressed") } else { rsv },
        Field::new(&OPCODE, Value::Uint(head.opcode.into()), Span::new(0, 1)).bits(4, 4).means(head.opcode_name()),
        flag(&MASK, 8, head.mask.is_some()),
        length,
    ];
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

/// What the payload says. Spans are those of the (masked) bytes it was read from.
fn payload_fields(head: &Head, plain: &[u8], span: Span) -> Vec<Field> {
    let hex = |bytes: &[u8]| bytes.iter().take(presentation::MAX_TEXT).map(|b| format!("{b:02x}")).collect::<String>();
    let one = |def, text: String| vec![Field::new(def, Value::Text(text), span)];
    match head.opcode {
        _ if head.rsv & 4 != 0 && !head.is_control() => one(&UNKNOWN, hex(plain)),
        0 => one(&CONTINUE, hex(plain)),
        1 => one(&TEXT, presentation::decode(plain, None)),
        8 => vec![Field::new(&CLOSE, Value::None, span).with(close_fields(plain, span))],
        9 => one(&PING, hex(plain)),
        10 => one(&PONG, hex(plain)),
        _ => one(&UNKNOWN, hex(plain)),
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
        fields.push(Field::new(&REASON, Value::Text(presentation::decode(reason, None)), Span::new(at + 2, reason.len())));
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
