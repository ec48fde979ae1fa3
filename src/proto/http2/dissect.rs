//! One frame for the eye.
//!
//! In: a frame with its header, or the magic words. Out: a layer with fields.

use super::fields::*;
use super::{HEADER, Header, MAGIC, error_name, kind_name};
use crate::lang::Text;
use crate::proto::MessageLayers;
use crate::proto::take::Take;
use crate::wire::{Field, FieldDef, Layer, Osi, Span, Stop, Value, Why};
use std::cell::Cell;

const PROTO: &str = "http2";
/// The bits of a 32-bit number that are not reserved.
const NUMBER: u32 = 0x7fff_ffff;

pub fn dissect(message: &[u8]) -> MessageLayers {
    let whole = Span::new(0, message.len());
    let layer = |header, payload, summary, fields| Layer {
        proto: PROTO,
        title: "HTTP2",
        osi: Osi::Application,
        buffer: 0,
        header,
        payload,
        summary,
        fields,
    };
    let done = |layer, stop| MessageLayers { buffers: Vec::new(), layers: vec![layer], stop };
    if message == MAGIC {
        let magic = Field::new(&MAGIC_FIELD, Value::Text("PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n".into()), whole);
        let group = Field::new(&STREAM, Value::None, whole).with(vec![magic]);
        return done(layer(whole, Span::new(message.len(), 0), "Magic".into(), vec![group]), None);
    }
    let truncated = |need| Some(Stop { proto: PROTO, at: message.len(), why: Why::Truncated { need, have: message.len() } });
    let Some(header) = Header::read(message) else {
        return done(layer(whole, Span::new(message.len(), 0), "…".into(), Vec::new()), truncated(HEADER));
    };
    let short = Cell::new(false);
    let mut fields = head_fields(header);
    let mut take = Take::new(message, HEADER, HEADER + header.len, &short);
    let have = take.left();
    // A payload that ends early shows what it has.
    let _ = payload(header, &mut take, &mut fields);
    let title = header.title();
    let group = Field::new(&STREAM, Value::None, Span::new(0, HEADER + have)).means(title.clone()).with(fields);
    let stop = if have < header.len || short.get() { truncated(HEADER + header.len) } else { None };
    done(layer(Span::new(0, HEADER), Span::new(HEADER, have), title, vec![group]), stop)
}

/// The header's fields; flags by the type that gives them their meaning.
fn head_fields(header: Header) -> Vec<Field> {
    let flag = |def: &'static FieldDef, bit: u8| {
        let on = header.flags >> bit & 1 == 1;
        Field::new(def, Value::Bool(on), Span::new(4, 1)).bits(39 - u32::from(bit), 1)
    };
    let flags = match header.kind {
        0 => vec![flag(&PADDED, 3), flag(&END_STREAM, 0)],
        1 => vec![flag(&PRIORITY, 5), flag(&PADDED, 3), flag(&END_HEADERS, 2), flag(&END_STREAM, 0)],
        4 => vec![flag(&ACK_SETTINGS, 0)],
        5 => vec![flag(&PADDED, 3), flag(&END_HEADERS, 2)],
        6 => vec![flag(&ACK_PING, 0)],
        // RFC 9113 §6.10 knows no padding here; Wireshark reads it all the same.
        9 => vec![flag(&END_HEADERS, 2), flag(&PADDED, 3)],
        _ => Vec::new(),
    };
    let mut kind = Field::new(&TYPE, Value::Uint(header.kind.into()), Span::new(3, 1));
    kind.meaning = kind_name(header.kind).map(str::to_owned);
    let mut fields = vec![
        Field::new(&LENGTH, Value::Uint(header.len as u64), Span::new(0, 3)),
        kind,
        Field::new(&FLAGS, Value::Uint(header.flags.into()), Span::new(4, 1)).with(flags),
    ];
    fields.extend(number((&RESERVED, &STREAM_ID), header.stream, 5));
    fields
}

/// A reserved bit and 31 bits of number.
fn number((reserved, def): (&'static FieldDef, &'static FieldDef), value: u32, at: usize) -> [Field; 2] {
    let first = u32::try_from(at * 8).unwrap_or(0);
    [
        Field::new(reserved, Value::Uint((value >> 31).into()), Span::new(at, 4)).bits(first, 1),
        Field::new(def, Value::Uint((value & NUMBER).into()), Span::new(at, 4)).bits(first + 1, 31),
    ]
}

fn read_number(defs: (&'static FieldDef, &'static FieldDef), take: &mut Take<'_>, out: &mut Vec<Field>) -> Option<()> {
    let at = take.at();
    let value = take.number(4).and_then(|n| u32::try_from(n).ok())?;
    out.extend(number(defs, value, at));
    Some(())
}

fn payload(header: Header, take: &mut Take<'_>, out: &mut Vec<Field>) -> Option<()> {
    match header.kind {
        0 => {
            let padding = padding(header, take, out)?;
            take.bytes(&DATA, take.left().saturating_sub(padding), out);
        }
        1 => {
            let padding = padding(header, take, out)?;
            if header.flags & 0x20 != 0 {
                priority(take, out)?;
            }
            block(&HEADERS, take, padding, out);
        }
        2 => priority(take, out)?,
        3 => error(&RST_ERROR, take, out)?,
        4 => {
            while take.left() >= 6 {
                setting(take, out)?;
            }
        }
        5 => {
            let padding = padding(header, take, out)?;
            read_number((&PROMISED_R, &PROMISED_ID), take, out)?;
            block(&PROMISED_HEADERS, take, padding, out);
        }
        6 => {
            take.bytes(if header.flags & 1 == 1 { &PONG } else { &PING }, take.left(), out);
        }
        7 => {
            read_number((&GOAWAY_R, &GOAWAY_LAST), take, out)?;
            error(&GOAWAY_ERROR, take, out)?;
            if take.left() > 0 {
                take.bytes(&GOAWAY_DATA, take.left(), out);
            }
        }
        8 => read_number((&WINDOW_R, &WINDOW_INCREMENT), take, out)?,
        9 => {
            let padding = padding(header, take, out)?;
            block(&CONTINUATION, take, padding, out);
        }
        // ALTSVC and ORIGIN (RFC 7838 §4, RFC 8336 §2): known, and not read here.
        0xa | 0xc => {}
        _ if take.left() > 0 => {
            take.bytes(&UNKNOWN, take.left(), out);
        }
        _ => {}
    }
    Some(())
}

/// How many bytes of padding stand at the end (RFC 9113 §6.1); Wireshark says 0 where there can be none.
fn padding(header: Header, take: &mut Take<'_>, out: &mut Vec<Field>) -> Option<usize> {
    if header.flags & 8 != 0 {
        return take.length(&PAD_LENGTH, 1, out);
    }
    out.push(Field::new(&PAD_LENGTH, Value::Uint(0), Span::NONE));
    Some(0)
}

fn priority(take: &mut Take<'_>, out: &mut Vec<Field>) -> Option<()> {
    let at = take.at();
    let value = take.number(4).and_then(|n| u32::try_from(n).ok())?;
    let [mut exclusive, dependency] = number((&EXCLUSIVE, &DEPENDENCY), value, at);
    exclusive.value = Value::Bool(value >> 31 == 1);
    out.extend([exclusive, dependency]);
    take.uint(&WEIGHT, 1, out).map(|_| ())
}

/// A block of headers that HPACK has compressed.
fn block(def: &'static FieldDef, take: &mut Take<'_>, padding: usize, out: &mut Vec<Field>) {
    let n = take.bytes(def, take.left().saturating_sub(padding), out).len();
    if let Some(field) = out.last_mut() {
        field.because = Some(Text::new(
            format!("HPACK で圧縮されたヘッダ、{n} バイト。まだ読めません"),
            format!("headers, compressed by HPACK, {}; not read yet", crate::proto::bytes_of(n as u64)),
        ));
    }
}

fn error(def: &'static FieldDef, take: &mut Take<'_>, out: &mut Vec<Field>) -> Option<()> {
    let code = take.uint(def, 4, out)?;
    let name = u32::try_from(code).ok().and_then(error_name);
    if let (Some(name), Some(field)) = (name, out.last_mut()) {
        field.meaning = Some(name.to_owned());
    }
    Some(())
}

/// RFC 9113 §6.5.1.
fn setting(take: &mut Take<'_>, out: &mut Vec<Field>) -> Option<()> {
    let span = Span::new(take.at(), 6);
    let mut children = Vec::new();
    let id = take.uint(&SETTING_ID, 2, &mut children)?;
    let def: &'static FieldDef = match id {
        1 => &HEADER_TABLE_SIZE,
        2 => &ENABLE_PUSH,
        3 => &MAX_STREAMS,
        4 => &WINDOW_SIZE,
        5 => &MAX_FRAME,
        6 => &MAX_HEADERS,
        8 => &EXTENDED_CONNECT,
        _ => &SETTING_UNKNOWN,
    };
    take.uint(def, 4, &mut children)?;
    out.push(Field::new(&SETTINGS, Value::None, span).with(children));
    Some(())
}
