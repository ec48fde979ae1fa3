//! One DNS message for the eye.

use super::fields as f;
use super::message::{HEADER, Message, Question, Record, name, u16_at, u32_at};
use super::types;
use crate::proto::presentation::{self, Nature};
use crate::proto::MessageLayers;
use crate::wire::{Field, FieldDef, Layer, Osi, Span, Value};

/// Reads one message. Over TCP its length stands in front of it; the bytes themselves tell.
pub fn dissect(bytes: &[u8]) -> MessageLayers {
    let base = base(bytes);
    let message = match Message::read(bytes, base) {
        Ok(message) => message,
        Err(stop) => {
            let layer = presentation::layer(bytes, 0, Span::new(0, bytes.len()), &Nature::default());
            return MessageLayers { buffers: Vec::new(), layers: vec![layer], stop: Some(stop) };
        }
    };
    let mut fields = Vec::new();
    let uint = |def, at: usize, value: u16| Field::new(def, Value::Uint(value.into()), Span::new(at, 2));
    if base == 2 {
        fields.push(uint(&f::LENGTH, 0, u16_at(bytes, 0).unwrap_or(0)));
    }
    fields.push(uint(&f::ID, base, message.id));
    fields.push(flags(&message));
    let counts = [&f::QUERIES, &f::ANSWERS, &f::AUTH_RR, &f::ADD_RR];
    for (i, (def, count)) in counts.into_iter().zip(message.counts).enumerate() {
        fields.push(uint(def, base + 4 + 2 * i, count));
    }
    fields.extend(message.questions.iter().map(question));
    fields.extend(message.records.iter().map(|r| record(bytes, base, r)));
    let rest = bytes.len() - message.end.min(bytes.len());
    let layer = Layer {
        proto: "dns",
        title: "DNS",
        osi: Osi::Application,
        buffer: 0,
        header: Span::new(0, bytes.len() - rest),
        payload: Span::new(bytes.len() - rest, rest),
        summary: message.title(bytes),
        fields,
    };
    MessageLayers { buffers: Vec::new(), layers: vec![layer], stop: message.stop }
}

fn base(bytes: &[u8]) -> usize {
    let plausible = |base| Message::read(bytes, base).is_ok_and(|m| m.is_plausible());
    let told = u16_at(bytes, 0).map_or(0, usize::from);
    let prefixed = told + 2 == bytes.len() || (told + 2 > bytes.len() && plausible(2));
    if prefixed && bytes.len() >= 2 + HEADER && !plausible(0) { 2 } else { 0 }
}

fn flags(message: &Message) -> Field {
    let at = message.base + 2;
    let flags = message.flags;
    let bit = |def, index: usize| {
        let on = flags >> (15 - index) & 1 != 0;
        Field::new(def, Value::Bool(on), Span::new(at + index / 8, 1)).bits((at * 8 + index) as u32, 1)
    };
    let opcode = types::opcode_name(message.opcode()).unwrap_or("unknown");
    let rcode = types::rcode_name(message.rcode()).unwrap_or("unknown");
    let mut children = vec![
        bit(&f::RESPONSE, 0).means(if message.is_response() { "response" } else { "query" }),
        Field::new(&f::OPCODE, Value::Uint(message.opcode().into()), Span::new(at, 1)).bits((at * 8 + 1) as u32, 4).means(opcode),
    ];
    // As in Wireshark: what only a server can say is shown in responses only.
    if message.is_response() {
        children.push(bit(&f::AUTHORITATIVE, 5));
    }
    children.extend([bit(&f::TRUNCATED, 6), bit(&f::RECDESIRED, 7)]);
    if message.is_response() {
        children.push(bit(&f::RECAVAIL, 8));
    }
    children.push(bit(&f::Z, 9));
    if message.is_response() {
        children.push(bit(&f::AUTHENTICATED, 10));
    }
    children.push(bit(&f::CHECKDISABLE, 11));
    let meaning = match message.is_response() {
        true => {
            let value = Value::Uint(message.rcode().into());
            children.push(Field::new(&f::RCODE, value, Span::new(at + 1, 1)).bits((at * 8 + 12) as u32, 4).means(rcode));
            format!("{opcode} response, {rcode}")
        }
        false => opcode.to_owned(),
    };
    Field::new(&f::FLAGS, Value::Uint(flags.into()), Span::new(at, 2)).means(meaning).with(children)
}

/// Type and class, and the bit that mDNS took from the class.
fn kinds(
    at: usize,
    (ty, class): (u16, u16),
    [ty_def, class_def, mdns_def]: [&'static FieldDef; 3],
) -> Vec<Field> {
    let mut fields = vec![
        Field::new(ty_def, Value::Uint(ty.into()), Span::new(at, 2)).means(types::long_type(ty)),
    ];
    let known = types::class_name(class & 0x7fff);
    let mdns = class & 0x8000 != 0 && known.is_some();
    let shown = if mdns { class & 0x7fff } else { class };
    let mut class_field = Field::new(class_def, Value::Uint(shown.into()), Span::new(at + 2, 2));
    class_field.meaning = types::class_name(shown).map(str::to_owned);
    if mdns {
        class_field = class_field.bits(((at + 2) * 8 + 1) as u32, 15);
    }
    fields.push(class_field);
    if mdns {
        fields.push(Field::new(mdns_def, Value::Bool(true), Span::new(at + 2, 1)).bits(((at + 2) * 8) as u32, 1));
    }
    fields
}

fn question(q: &Question) -> Field {
    let children = kinds(q.at, (q.ty, q.class), [&f::QRY_TYPE, &f::QRY_CLASS, &f::QRY_QU]);
    Field::new(&f::QRY_NAME, Value::Text(q.name.clone()), q.name_span)
        .means(types::short_type(q.ty))
        .with(children)
}

fn record(bytes: &[u8], base: usize, r: &Record) -> Field {
    let section = ["answer", "authority", "additional"].get(r.section).copied().unwrap_or("");
    let num = |def, at: usize, len: usize, value: u64| Field::new(def, Value::Uint(value), Span::new(at, len));
    let mut children;
    if r.ty == types::OPT {
        // RFC 6891 §6.1.2: class and time to live carry other things here.
        let [rcode, version, z @ ..] = r.ttl.to_be_bytes();
        children = vec![
            num(&f::RESP_TYPE, r.at, 2, r.ty.into()).means(types::long_type(r.ty)),
            num(&f::UDP_SIZE, r.at + 2, 2, r.class.into()).means(format!("{} bytes", r.class)),
            num(&f::EXT_RCODE, r.at + 4, 1, rcode.into()),
            num(&f::EDNS_VERSION, r.at + 5, 1, version.into()),
            num(&f::EDNS_Z, r.at + 6, 2, u16::from_be_bytes(z).into()),
        ];
    } else {
        children = kinds(r.at, (r.ty, r.class), [&f::RESP_TYPE, &f::RESP_CLASS, &f::CACHE_FLUSH]);
        children.push(num(&f::TTL, r.at + 4, 4, r.ttl.into()).means(duration(r.ttl)));
    }
    children.push(num(&f::RESP_LEN, r.at + 8, 2, r.len.into()));
    children.extend(data(bytes, base, r));
    Field::new(&f::RESP_NAME, Value::Text(r.name.clone()), r.name_span).means(section).with(children)
}

/// "1 h 30 min", "2 d".
fn duration(seconds: u32) -> String {
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let said: Vec<_> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n} {unit}")).collect();
    if said.is_empty() { "0 s".to_owned() } else { said.join(" ") }
}

/// The record's own data; bytes as they are where its type's rules do not hold.
fn data(bytes: &[u8], base: usize, r: &Record) -> Vec<Field> {
    let raw = |def| if r.data.is_empty() { Vec::new() } else { vec![Field::new(def, Value::Bytes, r.data)] };
    let read = match r.ty {
        types::A => r.ipv4(bytes).map(|a| vec![Field::new(&f::A, Value::Ipv4(a), r.data)]),
        types::AAAA => r.ipv6(bytes).map(|a| vec![Field::new(&f::AAAA, Value::Ipv6(a), r.data)]),
        types::TXT => Some(strings(bytes, r.data)),
        types::OPT => return raw(&f::OPT),
        types::CNAME => parts(bytes, base, r, &[Part::Name(&f::CNAME)]),
        types::NS => parts(bytes, base, r, &[Part::Name(&f::NS)]),
        types::PTR => parts(bytes, base, r, &[Part::Name(&f::PTR)]),
        types::MX => parts(bytes, base, r, &[Part::Short(&f::MX_PREFERENCE), Part::Name(&f::MX)]),
        types::SRV => parts(bytes, base, r, &[
            Part::Short(&f::SRV_PRIORITY),
            Part::Short(&f::SRV_WEIGHT),
            Part::Short(&f::SRV_PORT),
            Part::Name(&f::SRV_TARGET),
        ]),
        types::SOA => parts(bytes, base, r, &[
            Part::Name(&f::SOA_MNAME),
            Part::Name(&f::SOA_RNAME),
            Part::Long(&f::SOA_SERIAL),
            Part::Long(&f::SOA_REFRESH),
            Part::Long(&f::SOA_RETRY),
            Part::Long(&f::SOA_EXPIRE),
            Part::Long(&f::SOA_MINIMUM),
        ]),
        _ => None,
    };
    read.unwrap_or_else(|| raw(&f::RDATA))
}

enum Part {
    Name(&'static FieldDef),
    Short(&'static FieldDef),
    Long(&'static FieldDef),
}

fn parts(bytes: &[u8], base: usize, r: &Record, plan: &[Part]) -> Option<Vec<Field>> {
    let mut at = r.data.start as usize;
    let mut fields = Vec::new();
    for part in plan {
        let (def, value, next) = match part {
            Part::Name(def) => {
                let (text, next) = name(bytes, base, at).ok()?;
                (def, Value::Text(text), next)
            }
            Part::Short(def) => (def, Value::Uint(u16_at(bytes, at)?.into()), at + 2),
            Part::Long(def) => (def, Value::Uint(u32_at(bytes, at)?.into()), at + 4),
        };
        if next > r.data.end() as usize {
            return None;
        }
        fields.push(Field::new(def, value, Span::new(at, next - at)));
        at = next;
    }
    Some(fields)
}

fn strings(bytes: &[u8], data: Span) -> Vec<Field> {
    let end = data.end() as usize;
    let mut at = data.start as usize;
    let mut fields = Vec::new();
    while let Some(&len) = bytes.get(at).filter(|_| at < end) {
        let span = Span::new(at + 1, usize::from(len).min(end - at - 1));
        fields.push(Field::new(&f::TXT_LENGTH, Value::Uint(len.into()), Span::new(at, 1)));
        fields.push(Field::new(&f::TXT, Value::Text(String::from_utf8_lossy(span.of(bytes)).into_owned()), span));
        at += 1 + usize::from(len);
    }
    fields
}
