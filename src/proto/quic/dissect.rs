//! One datagram for the eye: its packets and, of Initial packets, what they hold.
//!
//! In: a datagram, and the first datagrams of its conversation, which tell the connection IDs. Out: a layer a packet; for an
//! Initial packet that could be opened a further one with its frames, in a buffer of its own, and one of TLS.

use super::fields::*;
use super::frames::{self, Frames};
use super::initial::{self, Opened};
use super::packet::{self, Kind, Packet, V2};
use crate::lang::{Text, words};
use crate::proto::take::Take;
use crate::proto::tls::{handshake, session};
use crate::proto::{About, Dir, Member, MessageLayers, bytes_of};
use crate::wire::{Buffer, Field, FieldDef, Layer, Osi, Span, Stop, Value, Why};
use std::cell::Cell;
use std::ops::Range;

const PROTO: &str = "quic";
/// Handshake messages longer than this are not put together.
const MAX_CRYPTO: usize = 1 << 16;

fn span(range: &Range<usize>) -> Span {
    Span::new(range.start, range.len())
}

pub fn dissect(message: &[u8], about: About<'_>) -> MessageLayers {
    let mut out = MessageLayers { buffers: Vec::new(), layers: Vec::new(), stop: None };
    let packets = packet::all(message);
    let behind = packets.last().map_or(0, |p| p.all.end);
    for packet in &packets {
        one(message, packet, about, &mut out);
    }
    if out.layers.is_empty() {
        let whole = Span::new(0, message.len());
        out.layers.push(layer(0, Span::new(0, 0), whole, "QUIC".into(), Vec::new()));
    }
    let cut = packets.last().is_some_and(|p| p.cut);
    if behind < message.len() || cut {
        let need = packets.last().and_then(|p| p.length.as_ref().map(|l| l.at.end as u64 + l.value)).unwrap_or(0);
        let need = usize::try_from(need).unwrap_or(usize::MAX).max(message.len() + 1);
        out.stop = Some(Stop { proto: PROTO, at: behind.min(message.len()), why: Why::Truncated { need, have: message.len() } });
    }
    out
}

fn layer(buffer: usize, header: Span, payload: Span, summary: String, fields: Vec<Field>) -> Layer {
    Layer { proto: PROTO, title: "QUIC", osi: Osi::Transport, buffer, header, payload, summary, fields }
}

fn bytes(def: &'static FieldDef, range: &Range<usize>) -> Field {
    Field::new(def, Value::Bytes, span(range))
}

fn one(message: &[u8], packet: &Packet, about: About<'_>, out: &mut MessageLayers) {
    let start = packet.all.start;
    let first = message.get(start).copied().unwrap_or(0);
    let bit = |def, at: u32| {
        let on = first >> (7 - at) & 1 == 1;
        Field::new(def, Value::Bool(on), Span::new(start, 1)).bits(u32::try_from(start * 8).unwrap_or(0) + at, 1)
    };
    let form = bit(&HEADER_FORM, 0).means(if first & 0x80 != 0 { "Long Header" } else { "Short Header" });
    let mut fields = vec![Field::new(&PACKET_LENGTH, Value::Uint(packet.all.len() as u64), Span::NONE), form];
    if packet.kind == Kind::Short {
        return short(message, packet, about, (fields, &bit), out);
    }
    let opened = open(message, packet, about);
    let bits = |at: u32, len: u32| u64::from(first >> (8 - at - len) & ((1 << len) - 1));
    let part = |def, value: u64, at: u32, len: u32| {
        Field::new(def, Value::Uint(value), Span::new(start, 1)).bits(u32::try_from(start * 8).unwrap_or(0) + at, len)
    };
    match packet.kind {
        Kind::Negotiation => fields.push(part(&VN_UNUSED, bits(1, 7), 1, 7)),
        _ => {
            if packet.kind != Kind::Retry {
                fields.push(bit(&FIXED_BIT, 1));
            }
            let def = if packet.version == V2 { &TYPE_V2 } else { &TYPE };
            fields.push(part(def, bits(2, 2), 2, 2).means(packet.kind.name()));
        }
    }
    if let Some(opened) = &opened {
        fields.push(part(&RESERVED, u64::from(opened.first >> 2 & 3), 4, 2));
        let name = bytes_of(opened.number_len as u64);
        fields.push(part(&NUMBER_LENGTH, u64::from(opened.first & 3), 6, 2).means(name));
    }
    let version = Field::new(&VERSION, Value::Uint(packet.version.into()), Span::new(start + 1, 4));
    fields.push(match packet.version {
        0 => version.means("Version Negotiation"),
        1 => version.means("1"),
        V2 => version.means("2"),
        draft @ 0xff00_0000..=0xff00_00ff => version.means(format!("draft-{}", draft & 0xff)),
        _ => version,
    });
    for (len_def, def, id) in [(&DCIL, &DCID, &packet.dcid), (&SCIL, &SCID, &packet.scid)] {
        fields.push(Field::new(len_def, Value::Uint(id.len() as u64), Span::new(id.start.saturating_sub(1), 1)));
        if !id.is_empty() {
            fields.push(bytes(def, id));
        }
    }
    if let Some((len, token)) = &packet.token {
        fields.push(Field::new(&TOKEN_LENGTH, Value::Uint(len.value), span(&len.at)));
        if !token.is_empty() {
            fields.push(bytes(&TOKEN, token));
        }
    }
    if let Some(length) = &packet.length {
        fields.push(Field::new(&LENGTH, Value::Uint(length.value), span(&length.at)));
    }
    match (packet.kind, &opened) {
        (Kind::Negotiation, _) => {
            let never = Cell::new(false);
            let mut take = Take::new(message, packet.rest.start, packet.rest.end, &never);
            take.list32(&SUPPORTED_VERSION, &mut fields);
        }
        (Kind::Retry, _) => {
            // RFC 9000 §17.2.5: the last 16 bytes are the tag.
            let tag = packet.rest.end.saturating_sub(16).max(packet.rest.start);
            fields.push(bytes(&RETRY_TOKEN, &(packet.rest.start..tag)));
            fields.push(bytes(&RETRY_TAG, &(tag..packet.rest.end)));
        }
        (_, Some(opened)) => {
            let number = packet.rest.start..packet.rest.start + opened.number_len;
            fields.push(Field::new(&NUMBER, Value::Uint(opened.number.into()), span(&number)));
            fields.push(bytes(&PAYLOAD, &(number.end..packet.rest.end)));
        }
        _ => fields.push(encrypted(&packet.rest)),
    }
    let hex = |range: &Range<usize>| crate::wire::hex(message.get(range.clone()).unwrap_or(&[]));
    let mut summary = packet.kind.name().to_owned();
    for (name, id) in [("DCID", &packet.dcid), ("SCID", &packet.scid)] {
        if !id.is_empty() {
            summary += &format!(", {name}={}", hex(id));
        }
    }
    let head = Span::new(start, packet.rest.start.saturating_sub(start));
    let Some(opened) = opened else {
        out.layers.push(layer(0, head, span(&packet.rest), summary, fields));
        return;
    };
    let frames = frames::read(&opened.payload);
    summary += &format!(", PKN: {}", opened.number);
    out.layers.push(layer(0, head, span(&packet.rest), summary, fields));
    show(opened, frames, out);
}

/// What cannot be read without the keys.
fn encrypted(range: &Range<usize>) -> Field {
    let n = range.len();
    let mut field = bytes(&REMAINING, range);
    field.because = Some(Text::new(
        format!("QUIC の中身、暗号化されている、{n} バイト"),
        format!("QUIC's payload, encrypted, {}", bytes_of(n as u64)),
    ));
    field
}

fn short(
    message: &[u8],
    packet: &Packet,
    about: About<'_>,
    (mut fields, bit): (Vec<Field>, &dyn Fn(&'static FieldDef, u32) -> Field),
    out: &mut MessageLayers,
) {
    let start = packet.all.start;
    let mut children = vec![bit(&FIXED_BIT, 1), bit(&SPIN, 2)];
    // A short header does not tell how long the ID is: it is the one that the other end chose (RFC 9000 §5.1).
    let theirs = about.around.head(Member::First(about.dir.reverse()));
    let id = packet::all(&theirs).first().and_then(|p| theirs.get(p.scid.clone())).unwrap_or(&[]).to_vec();
    let mut rest = packet.rest.clone();
    if !id.is_empty() && message.get(rest.clone()).is_some_and(|r| r.starts_with(&id)) {
        let range = rest.start..rest.start + id.len();
        rest.start = range.end;
        children.push(bytes(&DCID, &range));
    }
    let head = Span::new(start, rest.start - start);
    fields.push(Field::new(&SHORT, Value::None, head).with(children));
    fields.push(encrypted(&rest));
    out.layers.push(layer(0, head, span(&rest), packet.kind.name().into(), fields));
}

/// Opens an Initial packet with the ID that the client chose first: in its own first datagram, or after a Retry the one that the
/// server gave it.
fn open(message: &[u8], packet: &Packet, about: About<'_>) -> Option<Opened> {
    if packet.kind != Kind::Initial {
        return None;
    }
    let id_of = |datagram: &[u8], of: fn(&Packet) -> Range<usize>| {
        let packets = packet::all(datagram);
        packets.first().and_then(|p| datagram.get(of(p))).map(<[u8]>::to_vec)
    };
    let attempt = |id: &[u8]| initial::open(message, packet, about.dir, id);
    if about.dir == Dir::ToServer
        && let Some(opened) = attempt(message.get(packet.dcid.clone())?)
    {
        return Some(opened);
    }
    let client = about.around.head(Member::First(Dir::ToServer));
    if let Some(opened) = id_of(&client, |p| p.dcid.clone()).and_then(|id| attempt(&id)) {
        return Some(opened);
    }
    let server = about.around.head(Member::First(Dir::ToClient));
    let retried = packet::all(&server).first().is_some_and(|p| p.kind == Kind::Retry);
    id_of(&server, |p| p.scid.clone()).filter(|_| retried).and_then(|id| attempt(&id))
}

/// Adds what an opened packet holds: its frames, and the TLS handshake in them.
fn show(opened: Opened, frames: Frames, out: &mut MessageLayers) {
    let len = opened.payload.len();
    let name = Text::new("暗号を解いた Initial パケット", "Initial packet, decrypted");
    let crypto = together(&opened.payload, &frames.crypto);
    out.buffers.push(Buffer { name, bytes: opened.payload, in_frame: Vec::new() });
    let summary = frames.names.join(", ");
    let mut frames_layer = layer(out.buffers.len(), Span::new(0, len), Span::new(len, 0), summary, frames.fields);
    if let Some(at) = frames.fault {
        frames_layer.payload = Span::new(at, len - at);
        let rule = words("Initial パケットにないはずのフレームです", "a frame that an Initial packet cannot hold");
        out.stop = Some(Stop { proto: PROTO, at: 0, why: Why::Malformed(rule) });
    }
    out.layers.push(frames_layer);
    let Some(bytes) = crypto else { return };
    tls(bytes, out);
}

/// The beginning of the stream of TLS messages, as far as this packet has it without a hole.
fn together(payload: &[u8], pieces: &[(u64, Range<usize>)]) -> Option<Vec<u8>> {
    let mut pieces = pieces.to_vec();
    pieces.sort_by_key(|(offset, _)| *offset);
    let mut bytes = Vec::new();
    for (offset, range) in pieces {
        let known = u64::try_from(bytes.len()).ok()?;
        if offset > known || bytes.len() > MAX_CRYPTO {
            break;
        }
        let skip = usize::try_from(known - offset).ok()?;
        bytes.extend_from_slice(payload.get(range).and_then(|p| p.get(skip..)).unwrap_or(&[]));
    }
    Some(bytes).filter(|b| !b.is_empty())
}

/// Handshake messages without records (RFC 9001 §4).
fn tls(bytes: Vec<u8>, out: &mut MessageLayers) {
    let short = Cell::new(false);
    let mut state = session::Session::of_version(session::TLS13);
    let (mut fields, mut titles, mut at) = (Vec::new(), Vec::new(), 0);
    while let Some(&[_, a, b, c]) = bytes.get(at..).and_then(|r| r.first_chunk()) {
        let end = at + handshake::HEADER + (usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c));
        let Some(message) = bytes.get(at..end) else { break };
        titles.push(handshake::title(message, &mut state.clone()));
        fields.push(handshake::dissect(&bytes, at, end, &mut state, &short));
        at = end;
    }
    if fields.is_empty() {
        return;
    }
    let name = Text::new("QUIC が運んだ TLS のメッセージ", "TLS messages carried by QUIC");
    let (header, payload) = (Span::new(0, at), Span::new(at, bytes.len() - at));
    out.buffers.push(Buffer { name, bytes, in_frame: Vec::new() });
    let summary = titles.join(", ");
    let (osi, buffer) = (Osi::Presentation, out.buffers.len());
    out.layers.push(Layer { proto: "tls", title: "TLSv1.3", osi, buffer, header, payload, summary, fields });
}
