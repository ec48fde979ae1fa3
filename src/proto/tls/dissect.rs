//! One record for the eye: its header and, where it is not encrypted, all that it says.
//!
//! In: a record, and the state of the session before it, in the message's note. Out: layers. A handshake message that began in
//! an earlier record is put together from there, and has a buffer of its own.

use super::fields::*;
use super::handshake;
use super::record::{self, Header, Pending, Piece, walk};
use super::session::{Mark, Session, TLS13, column, inside_by_port};
use super::{names, ssl2};
use crate::proto::take::Take;
use crate::lang::{Text, words};
use crate::proto::{About, Member, Memory, MessageLayers};
use crate::wire::{Buffer, Field, Layer, Osi, Span, Stop, Value, Why};
use std::cell::Cell;

const PROTO: &str = "tls";
/// Handshake messages have less than 64 kB: more is not put together.
const MAX_MESSAGE: usize = (1 << 16) + handshake::HEADER;

fn layer(title: &'static str, buffer: usize, header: Span, payload: Span, summary: String, fields: Vec<Field>) -> Layer {
    Layer { proto: PROTO, title, osi: Osi::Presentation, buffer, header, payload, summary, fields }
}

pub fn dissect(message: &[u8], about: About<'_>) -> MessageLayers {
    let (session, mark) = Session::of_note(about.note);
    let all = Span::new(0, message.len());
    let plain = |title, summary: &str, fields, stop| MessageLayers {
        buffers: Vec::new(),
        layers: vec![layer(title, 0, Span::new(0, 0), all, summary.to_owned(), fields)],
        stop,
    };
    if mark.lost {
        return plain(column(session.version), session.lost_words(), Vec::new(), None);
    }
    if mark.ssl2 {
        let short = Cell::new(false);
        let fields = ssl2::dissect(message, &short);
        let group = Field::new(&RECORD, Value::None, all).with(fields);
        let need = ssl2::length(message).map_or(2, |(_, whole)| whole);
        let have = message.len();
        let stop = (have < need || short.get()).then_some(Stop { proto: PROTO, at: have, why: Why::Truncated { need, have } });
        return plain("SSLv2", ssl2::title(message), vec![group], stop);
    }
    match Header::read(message) {
        Some(header) => whole(message, header, session, mark, about),
        None => {
            let why = Why::Truncated { need: record::HEADER, have: message.len() };
            plain(column(session.version), "…", Vec::new(), Some(Stop { proto: PROTO, at: message.len(), why }))
        }
    }
}

fn whole(message: &[u8], header: Header, mut session: Session, mark: Mark, about: About<'_>) -> MessageLayers {
    let short = Cell::new(false);
    let mut take = Take::new(message, 0, record::HEADER + header.len, &short);
    let mut fields = Vec::new();
    let kind_def = if record::is_opaque(&session, header.kind) { &OPAQUE_TYPE } else { &CONTENT_TYPE };
    take.named(kind_def, 1, |n| u8::try_from(n).ok().and_then(names::content_type), &mut fields);
    take.named(&RECORD_VERSION, 2, names::version, &mut fields);
    take.uint(&RECORD_LENGTH, 2, &mut fields);
    let content = take.rest();
    let mut shown = record::shown_version(&session, header);
    session.see_record(header.kind, content.first().copied(), header.version);
    let mut inner = Inner { session, pending: Pending::default(), titles: Vec::new(), handed_on: None };
    match header.kind {
        record::CHANGE_CIPHER_SPEC => {
            inner.titles.push("Change Cipher Spec".into());
            fields.push(Field::new(&CHANGE_CIPHER_SPEC, Value::None, Span::new(take.at(), take.left())));
        }
        record::ALERT => inner.alert(&mut take, header.len, &mut fields),
        record::HANDSHAKE => inner.handshake(message, content, mark, about, &short, &mut fields),
        record::APPLICATION_DATA => inner.application_data(&mut take, about, &mut fields),
        record::HEARTBEAT if inner.session.version != TLS13 => inner.heartbeat(&mut take, &mut fields),
        _ => {}
    }
    if inner.session.version != 0 {
        shown = inner.session.version;
    }
    let (head, body) = (Span::new(0, record::HEADER), Span::new(record::HEADER, content.len()));
    // What follows a message that was put together from several records stands behind it.
    let later = inner.handed_on.as_ref().map(|(_, _, at)| fields.split_off((*at).min(fields.len())));
    let record = Field::new(&RECORD, Value::None, Span::new(0, record::HEADER + content.len())).with(fields);
    let title = column(shown);
    let summary = if inner.titles.is_empty() { "Record".to_owned() } else { inner.titles.join(", ") };
    let mut layers = vec![layer(title, 0, head, body, summary.clone(), vec![record])];
    let mut buffers = Vec::new();
    if let Some((bytes, field, _)) = inner.handed_on {
        let span = Span::new(0, bytes.len());
        layers.push(layer(title, 1, span, Span::new(bytes.len(), 0), summary.clone(), vec![field]));
        let name = Text::new("組み立てたハンドシェイクメッセージ", "Handshake message, put together");
        buffers.push(Buffer { name, bytes, in_frame: Vec::new() });
    }
    if let Some(later) = later.filter(|l| !l.is_empty()) {
        let from = later.first().map_or(0, |f| f.span.start as usize).min(message.len());
        layers.push(layer(title, 0, Span::new(from, 0), Span::new(from, message.len() - from), summary, later));
    }
    let (need, have) = (record::HEADER.saturating_add(header.len), message.len());
    let stop = if have < need {
        Some(Stop { proto: PROTO, at: have, why: Why::Truncated { need, have } })
    } else if short.get() {
        let rule = words("長さの合計が合いません", "lengths inside it do not add up");
        Some(Stop { proto: PROTO, at: record::HEADER.min(have), why: Why::Malformed(rule) })
    } else {
        None
    };
    MessageLayers { buffers, layers, stop }
}

/// What is found in the content of one record.
struct Inner {
    session: Session,
    pending: Pending,
    titles: Vec<String>,
    /// A handshake message that earlier records began and this one ended, its field, and how many of the record's fields
    /// stand before it.
    handed_on: Option<(Vec<u8>, Field, usize)>,
}

impl Inner {
    fn alert(&mut self, take: &mut Take<'_>, told: usize, out: &mut Vec<Field>) {
        let span = Span::new(take.at(), take.left());
        let mut children = Vec::new();
        // RFC 8446 §6: an alert has two bytes. A longer one is encrypted.
        if told == 2 && take.left() == 2 {
            let level = take.named(&ALERT_LEVEL, 1, |n| u8::try_from(n).ok().and_then(names::alert_level), &mut children);
            let what = take.named(&ALERT_DESC, 1, |n| u8::try_from(n).ok().and_then(names::alert), &mut children);
            self.titles.push(alert_title(level.unwrap_or(0), what.unwrap_or(0)));
        } else {
            self.titles.push("Encrypted Alert".into());
        }
        out.push(Field::new(&ALERT, Value::None, span).with(children));
    }

    fn application_data(&mut self, take: &mut Take<'_>, about: About<'_>, out: &mut Vec<Field>) {
        self.titles.push("Application Data".into());
        let n = take.left();
        take.bytes(&APP_DATA, n, out);
        if let Some(field) = out.last_mut() {
            field.because = Some(Text::new(
                format!("アプリケーションのデータ、暗号化されている、{n} バイト"),
                format!("application data, encrypted, {}", crate::proto::bytes_of(n as u64)),
            ));
        }
        // Behind a proxy's CONNECT stands what the proxy was asked for: nearly always the web.
        let tunnel = || {
            let opening = about.around.peer(Member::Opening)?;
            opening.title.starts_with("HTTP/").then_some("Hypertext Transfer Protocol")
        };
        let inside = self.session.inside().or_else(|| inside_by_port(about.ports)).or_else(tunnel);
        if let Some(inside) = inside {
            out.push(Field::new(&APP_PROTO, Value::Text(inside.to_owned()), Span::NONE));
        }
    }

    fn heartbeat(&mut self, take: &mut Take<'_>, out: &mut Vec<Field>) {
        let span = Span::new(take.at(), take.left());
        let mut children = Vec::new();
        let name = |n| match n {
            1 => Some("Request"),
            2 => Some("Response"),
            _ => None,
        };
        match take.rest().first().and_then(|kind| name(u16::from(*kind))) {
            Some(kind) => {
                self.titles.push(format!("Heartbeat {kind}"));
                take.named(&HEARTBEAT_TYPE, 1, name, &mut children);
                let told = take.length(&HEARTBEAT_LENGTH, 2, &mut children).unwrap_or(0);
                take.bytes(&HEARTBEAT_PAYLOAD, told.min(take.left()), &mut children);
                if take.left() > 0 {
                    take.bytes(&HEARTBEAT_PADDING, take.left(), &mut children);
                }
            }
            None => self.titles.push("Encrypted Heartbeat".into()),
        }
        out.push(Field::new(&HEARTBEAT, Value::None, span).with(children));
    }

    fn handshake(
        &mut self,
        message: &[u8],
        content: &[u8],
        mark: Mark,
        about: About<'_>,
        short: &Cell<bool>,
        out: &mut Vec<Field>,
    ) {
        let mut begun = Vec::new();
        if mark.continues {
            (self.pending, begun) = begun_before(about);
        }
        let mut pieces = Vec::new();
        let changed = self.session.is_changed(about.dir);
        walk(content, record::HEADER, &mut self.pending, changed, &mut |piece| pieces.push(piece));
        for (i, piece) in pieces.into_iter().enumerate() {
            let (at, end) = match piece {
                Piece::Whole { at, end } => {
                    self.titles.push(handshake::title(message.get(at..end).unwrap_or(&[]), &mut self.session.clone()));
                    out.push(handshake::dissect(message, at, end, &mut self.session, short));
                    continue;
                }
                Piece::Begin { at, end, kind } => {
                    if i == 0 {
                        self.titles.push(fragment_title(kind));
                    }
                    (at, end)
                }
                Piece::More { at, end, kind, last } => {
                    begun.extend_from_slice(message.get(at..end).unwrap_or(&[]));
                    if last {
                        self.titles.push(handshake::title(&begun, &mut self.session.clone()));
                        let bytes = std::mem::take(&mut begun);
                        let field = handshake::dissect(&bytes, 0, bytes.len(), &mut self.session, short);
                        self.handed_on = Some((bytes, field, out.len() + 1));
                    } else {
                        self.titles.push(fragment_title(kind));
                    }
                    (at, end)
                }
                Piece::Encrypted { at, end } => {
                    self.titles.push(ENCRYPTED.into());
                    (at, end)
                }
            };
            out.push(Field::new(&HANDSHAKE, Value::None, Span::new(at, end.saturating_sub(at))));
        }
    }
}

/// The words for handshake messages that nobody without the keys can read.
pub const ENCRYPTED: &str = "Encrypted Handshake Message";

pub fn alert_title(level: u16, what: u16) -> String {
    let name = |n: u16, of: fn(u8) -> Option<&'static str>| u8::try_from(n).ok().and_then(of).unwrap_or("Unknown");
    format!("Alert (Level: {}, Description: {})", name(level, names::alert_level), name(what, names::alert))
}

pub fn fragment_title(kind: u8) -> String {
    format!("[{} Fragment]", names::handshake(kind).unwrap_or(ENCRYPTED))
}

/// The handshake message that earlier records of this direction have begun: how far it came, and its bytes. What was read for the
/// record before is remembered, so that a message in ten thousand records is not read ten thousand times.
fn begun_before(about: About<'_>) -> (Pending, Vec<u8>) {
    let mut out = (Pending::default(), Vec::new());
    let me = about.around.number();
    about.around.remember(&mut |memory| {
        if memory.upto.is_some_and(|upto| upto >= me) {
            *memory = Memory::default();
        }
        let mut begun = memory.pending.take().unwrap_or_default();
        // All that came of it: what is kept of a message that is too long is less.
        let mut came = memory.agreed.take().unwrap_or(0);
        let mut pending = Pending::after(&begun, came);
        let all = about.around.earlier(memory.upto, &mut |earlier| {
            let Some(header) = Header::read(earlier).filter(|h| h.kind == record::HANDSHAKE) else { return true };
            let end = earlier.len().min(record::HEADER + header.len);
            let content = earlier.get(record::HEADER..end).unwrap_or(&[]);
            walk(content, record::HEADER, &mut pending, false, &mut |piece| match piece {
                Piece::Begin { at, end, .. } => {
                    begun = earlier.get(at..end).unwrap_or(&[]).to_vec();
                    came = begun.len() as u32;
                }
                Piece::More { at, end, last: false, .. } => {
                    came = came.saturating_add(end.saturating_sub(at) as u32);
                    if begun.len() < MAX_MESSAGE {
                        begun.extend_from_slice(earlier.get(at..end).unwrap_or(&[]));
                    }
                }
                _ => (begun, came) = (Vec::new(), 0),
            });
            true
        });
        if all {
            memory.upto = me.checked_sub(1);
            (memory.pending, memory.agreed) = (Some(begun.clone()), Some(came));
        }
        out = (pending, begun);
    });
    out
}
