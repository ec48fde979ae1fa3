//! One DNS message for the eye, with the fields that Wireshark shows and where it stops.
//!
//! Like Wireshark, an entry is shown only if all of it is there, and the first thing that cannot be read ends the message.

use super::fields as f;
use super::message::{HEADER, Head, is_plausible, title, u16_at};
use super::name;
use super::rdata;
use super::read::{Hand, Read};
use super::types;
use crate::proto::{About, Member, MessageLayers};
use crate::wire::{Field, FieldDef, Layer, Osi, Span, Value};

/// The three protocols that speak DNS messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    Dns,
    /// RFC 6762: the highest bit of a class means something else.
    Mdns,
    /// RFC 4795: some flags mean something else.
    Llmnr,
}

impl Flavour {
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Dns => ("dns", "DNS"),
            Self::Mdns => ("mdns", "MDNS"),
            Self::Llmnr => ("llmnr", "LLMNR"),
        }
    }
}

/// Questions and records of one message at most that are shown; more do not fit into 64 kB.
const MAX_ENTRIES: usize = 16_384;
/// Fields that one message may have: records of very many short strings are cut here.
const MAX_FIELDS: usize = 200_000;

/// Reads one message. Over TCP its length stands in front of it; the bytes themselves tell.
pub fn dissect(bytes: &[u8], flavour: Flavour, about: About<'_>) -> MessageLayers {
    let base = base(bytes);
    let mut hand = Hand::new(bytes, base, 0);
    let stop = message(&mut hand, flavour, about).err();
    let end = hand.at.min(bytes.len());
    let (proto, name) = flavour.names();
    let layer = Layer {
        proto,
        title: name,
        osi: Osi::Application,
        buffer: 0,
        header: Span::new(0, end),
        payload: Span::new(end, bytes.len() - end),
        summary: Head::read(bytes, base).map_or_else(|| format!("{name} (cut off)"), |head| title(bytes, base, head)),
        fields: hand.fields,
    };
    MessageLayers { buffers: Vec::new(), layers: vec![layer], stop }
}

pub(super) fn base(bytes: &[u8]) -> usize {
    let told = u16_at(bytes, 0).map_or(0, usize::from);
    let prefixed = told + 2 == bytes.len() || (told + 2 > bytes.len() && is_plausible(bytes, 2));
    if prefixed && bytes.len() >= 2 + HEADER && !is_plausible(bytes, 0) { 2 } else { 0 }
}

fn message(hand: &mut Hand<'_>, flavour: Flavour, about: About<'_>) -> Read<()> {
    let (bytes, base) = (hand.bytes, hand.base);
    if base == 2 {
        hand.u16(&f::LENGTH)?;
    }
    // Number and flags are there together or not at all.
    let [_, _, high, low] = hand.array()?;
    let word = u16::from_be_bytes([high, low]);
    let is_response = word & 0x8000 != 0;
    let opcode = word >> 11 & 15;
    hand.u16(&f::ID)?;
    hand.note(flags(base + 2, word, flavour));
    hand.at = base + 4;
    let update = opcode == types::UPDATE;
    let defs = match update {
        true => [&f::ZONES, &f::PREREQUISITES, &f::UPDATES, &f::ADD_RR],
        false => [&f::QUERIES, &f::ANSWERS, &f::AUTH_RR, &f::ADD_RR],
    };
    let mut counts = [0; 4];
    for (count, def) in counts.iter_mut().zip(defs) {
        *count = hand.u16(def)?;
    }
    let [questions, sections @ ..] = counts;
    let mut left = MAX_ENTRIES;
    let mut shown = 0;
    for _ in 0..questions {
        let field = question(hand, flavour)?;
        hand.note(field);
    }
    for (section, count) in sections.into_iter().enumerate() {
        for _ in 0..count {
            let (field, done) = record(hand, section, flavour)?;
            field.walk(&mut |_| shown += 1);
            hand.note(field);
            done?;
            left = left.saturating_sub(1);
            if left == 0 || shown > MAX_FIELDS {
                return Err(hand.wrong("レコードが多すぎます", "too many records"));
            }
        }
    }
    if hand.at < bytes.len() && about.complete {
        let len = bytes.len() - hand.at;
        let mark = Field::new(&f::EXTRANEOUS, Value::Bool(true), Span::NONE);
        hand.note(Field::new(&f::EXTRANEOUS_DATA, Value::Bytes, Span::new(hand.at, len)));
        hand.note(Field::new(&f::EXTRANEOUS_LENGTH, Value::Uint(len as u64), Span::NONE).with(vec![mark]));
    }
    let told = talk(is_response, about);
    hand.fields.extend(told);
    Ok(())
}

/// What the conversation says of the message; Wireshark says it of those only that could be read to their end.
fn talk(is_response: bool, about: About<'_>) -> Vec<Field> {
    let field = |def, value| Field::new(def, value, Span::NONE);
    let peer = |member| about.around.peer(member);
    let again = |mark, link, frame| {
        let mark = field(mark, Value::Bool(true));
        vec![mark, field(link, Value::Uint(frame)), field(&f::RETRANSMISSION, Value::Bool(true))]
    };
    match (is_response, peer(Member::Original)) {
        (false, Some(first)) => again(&f::RETRANSMIT_REQUEST, &f::RETRANSMIT_REQUEST_IN, first.frame),
        (true, Some(first)) => again(&f::RETRANSMIT_RESPONSE, &f::RETRANSMIT_RESPONSE_IN, first.frame),
        (false, None) => Vec::new(),
        (true, None) => {
            let Some(request) = peer(Member::Request) else {
                return vec![field(&f::UNSOLICITED, Value::Bool(true))];
            };
            let time = Value::Nanos(about.nanos.saturating_sub(request.nanos));
            vec![field(&f::RESPONSE_TO, Value::Uint(request.frame)), field(&f::TIME, time)]
        }
    }
}

fn flags(at: usize, flags: u16, flavour: Flavour) -> Field {
    let bit = |def, index: usize| {
        let on = flags >> (15 - index) & 1 != 0;
        Field::new(def, Value::Bool(on), Span::new(at + index / 8, 1)).bits((at * 8 + index) as u32, 1)
    };
    let (is_response, opcode, rcode) = (flags & 0x8000 != 0, flags >> 11 & 15, flags & 15);
    let operation = types::opcode_name(opcode).unwrap_or("unknown");
    let mut children = vec![
        bit(&f::RESPONSE, 0).means(if is_response { "response" } else { "query" }),
        Field::new(&f::OPCODE, Value::Uint(opcode.into()), Span::new(at, 1)).bits((at * 8 + 1) as u32, 4).means(operation),
    ];
    if flavour == Flavour::Llmnr {
        children.extend([bit(&f::CONFLICT, 5), bit(&f::TRUNCATED, 6), bit(&f::TENTATIVE, 7)]);
    } else {
        // As in Wireshark: what only a server can say is shown in responses only.
        if is_response {
            children.push(bit(&f::AUTHORITATIVE, 5));
        }
        children.extend([bit(&f::TRUNCATED, 6), bit(&f::RECDESIRED, 7)]);
        if is_response {
            children.push(bit(&f::RECAVAIL, 8));
        }
        children.push(bit(&f::Z, 9));
        if is_response || flags & 0x20 != 0 {
            children.push(bit(&f::AUTHENTICATED, 10));
        }
        children.push(bit(&f::CHECKDISABLE, 11));
    }
    let mut meaning = operation.to_owned();
    if is_response {
        let result = types::rcode_name(rcode).unwrap_or("unknown");
        let field = Field::new(&f::RCODE, Value::Uint(rcode.into()), Span::new(at + 1, 1)).bits((at * 8 + 12) as u32, 4);
        children.push(field.means(result));
        meaning = format!("{operation} response, {result}");
    }
    Field::new(&f::FLAGS, Value::Uint(flags.into()), Span::new(at, 2)).means(meaning).with(children)
}

/// A class, and the bit that mDNS took from it.
fn class(hand: &mut Hand<'_>, flavour: Flavour, class_def: &'static FieldDef, bit_def: &'static FieldDef) -> Read<()> {
    let at = hand.at;
    let class = hand.u16(class_def)?;
    let mdns = flavour == Flavour::Mdns;
    let shown = if mdns { class & 0x7fff } else { class };
    if let Some(field) = hand.fields.last_mut() {
        field.value = Value::Uint(shown.into());
        field.meaning = types::class_name(shown).map(str::to_owned);
        field.bits = mdns.then_some(crate::wire::Bits { first: at as u32 * 8 + 1, len: 15 });
    }
    if mdns {
        hand.note(Field::new(bit_def, Value::Bool(class & 0x8000 != 0), Span::new(at, 1)).bits(at as u32 * 8, 1));
    }
    Ok(())
}

fn question(hand: &mut Hand<'_>, flavour: Flavour) -> Read<Field> {
    let name = name::read(hand.bytes, hand.base, hand.at)?;
    let span = Span::new(hand.at, name.next.saturating_sub(hand.at));
    let mut inside = Hand::new(hand.bytes, hand.base, name.next);
    // A name of one character counts as none: Wireshark's way to say "root".
    let (len, labels) = if name.len > 1 { (name.len, name.labels) } else { (0, 0) };
    inside.note(Field::new(&f::QRY_NAME_LEN, Value::Uint(len as u64), Span::NONE));
    inside.note(Field::new(&f::QRY_LABELS, Value::Uint(labels as u64), Span::NONE));
    inside.peek(4)?;
    let ty = inside.u16(&f::QRY_TYPE)?;
    if let Some(last) = inside.fields.last_mut() {
        last.meaning = Some(types::long_type(ty));
    }
    class(&mut inside, flavour, &f::QRY_CLASS, &f::QRY_QU)?;
    hand.at = inside.at;
    Ok(Field::new(&f::QRY_NAME, Value::Text(name.text), span).means(types::short_type(ty)).with(inside.fields))
}

/// One record as far as it could be read, and whether that was all.
fn record(hand: &mut Hand<'_>, section: usize, flavour: Flavour) -> Read<(Field, Read<()>)> {
    let name = name::read(hand.bytes, hand.base, hand.at)?;
    let span = Span::new(hand.at, name.next.saturating_sub(hand.at));
    let mut inside = Hand::new(hand.bytes, hand.base, name.next);
    let [ty_high, ty_low, _, _, ttl, _, _, _, len_high, len_low] = inside.array()?;
    let ty = u16::from_be_bytes([ty_high, ty_low]);
    let len = usize::from(u16::from_be_bytes([len_high, len_low]));
    inside.peek(10 + len)?;
    if ty == types::SRV {
        service_of(&name.text, span, &mut inside);
    }
    inside.u16(&f::RESP_TYPE)?;
    if let Some(last) = inside.fields.last_mut() {
        last.meaning = Some(types::long_type(ty));
    }
    match (ty, flavour) {
        (types::OPT, _) => edns(&mut inside, flavour)?,
        _ => {
            class(&mut inside, flavour, &f::RESP_CLASS, &f::CACHE_FLUSH)?;
            let seconds = inside.u32(&f::TTL)?;
            if let Some(last) = inside.fields.last_mut() {
                last.meaning = Some(duration(seconds));
                if ttl & 0x80 != 0 {
                    last.children.push(Field::new(&f::TTL_HIGH, Value::Bool(true), Span::NONE));
                }
            }
        }
    }
    inside.u16(&f::RESP_LEN)?;
    let data = inside.at;
    let done = if len == 0 { Ok(()) } else { rdata::read(&mut inside, ty, len) };
    hand.at = data + len;
    let section = ["answer", "authority", "additional"].get(section).copied().unwrap_or("");
    // Of an SRV record Wireshark gives the name in its parts only.
    let (def, value) = if ty == types::SRV { (&f::RECORD, Value::None) } else { (&f::RESP_NAME, Value::Text(name.text)) };
    Ok((Field::new(def, value, span).means(section).with(inside.fields), done))
}

/// RFC 2782: the name of an SRV record says the service, the protocol and the domain.
fn service_of(name: &str, span: Span, inside: &mut Hand<'_>) {
    for (part, def) in name.splitn(3, '.').zip([&f::SRV_SERVICE, &f::SRV_PROTO, &f::SRV_NAME]) {
        inside.note(Field::new(def, Value::Text(part.to_owned()), span));
    }
}

/// RFC 6891 §6.1.2: class and time to live of an OPT record carry other things.
fn edns(hand: &mut Hand<'_>, flavour: Flavour) -> Read<()> {
    match flavour {
        Flavour::Mdns => {
            let at = hand.fields.len();
            class(hand, flavour, &f::UDP_SIZE, &f::CACHE_FLUSH)?;
            // Wireshark prints it as hexadecimal digits here.
            if let Some(field) = hand.fields.get_mut(at) {
                let size = field.value.as_uint().unwrap_or(0);
                field.value = Value::Text(format!("0x{size:04x}"));
                field.meaning = Some(format!("{size} bytes"));
            }
        }
        _ => {
            hand.u16(&f::UDP_SIZE)?;
        }
    }
    hand.u8(&f::EXT_RCODE)?;
    hand.u8(&f::EDNS_VERSION)?;
    let at = hand.at;
    let z = hand.u16(&f::EDNS_Z)?;
    if let Some(last) = hand.fields.last_mut() {
        let wants = Field::new(&f::EDNS_DO, Value::Bool(z & 0x8000 != 0), Span::new(at, 1)).bits(at as u32 * 8, 1);
        let rest = Field::new(&f::EDNS_RESERVED, Value::Uint((z & 0x7fff).into()), Span::new(at, 2));
        last.children = vec![wants, rest.bits(at as u32 * 8 + 1, 15)];
    }
    Ok(())
}

/// "1 h 30 min", "2 d".
fn duration(seconds: u32) -> String {
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let said: Vec<_> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n} {unit}")).collect();
    if said.is_empty() { "0 s".to_owned() } else { said.join(" ") }
}
