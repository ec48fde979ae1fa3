//! Messages of applications: which one of a frame speaks, and those that have no sentence of their own protocol.

use super::now::{Now, number};
use super::words::{QUOTE_MAX, add, cut, say, shrink};
use super::{Caption, dns, http, tcp, tls, websocket};
use crate::flow::{Message, MessageId, MessageKind, Row};
use crate::lang::Text;
use crate::wire::Layer;

/// The row of the protocol table for bytes of unknown programs.
const UNKNOWN: &str = "data";

/// Messages of one frame that are dissected at most.
const MAX_LAYERS: usize = 64;

/// What a message says.
#[derive(Default)]
pub struct Found {
    pub large: Text,
    pub tag: String,
    pub second: Text,
    /// It says where in the stream it goes on with an earlier message.
    pub goes_on: bool,
}

/// The message of a segment that speaks: the first that begins in it; otherwise the one that it continues.
pub fn in_segment(now: &Now, row: &Row) -> Option<Found> {
    now.data()?;
    // Bytes of an unknown program speak as TCP's data.
    let messages: Vec<_> = all(now).into_iter().filter(|(_, m)| m.proto != UNKNOWN).collect();
    let begins = |m: &Message| m.first_frame == now.explained.frame;
    let at = messages.iter().position(|(_, m)| begins(m));
    let Some((id, m)) = at.and_then(|i| messages.get(i)).copied() else {
        return messages.first().and_then(|(_, m)| continued(now, row, m));
    };
    let mut found = speak(now, id, m, layer_of(now, &messages, id, m))?;
    found.tag = format!("{}  {}", found.tag, tcp::numbers(now, row));
    if m.last_frame != m.first_frame {
        add(
            &mut found.second,
            Text::new("メッセージの残りは、あとのセグメントで届く。", "The rest of the message comes in later segments."),
        );
    }
    let others = messages.iter().filter(|(other, m)| *other != id && begins(m)).count();
    if others > 0 {
        add(
            &mut found.second,
            Text::new(
                format!("同じセグメントで、ほかに {others} 個のメッセージが始まる。"),
                format!("{others} more message(s) begin in the same segment."),
            ),
        );
    }
    Some(found)
}

/// The messages with bytes in this frame, in the order of their bytes.
fn all<'a>(now: &Now<'a>) -> Vec<(MessageId, &'a Message)> {
    let index = &now.capture.index;
    let ids = index.messages_in(now.explained.frame);
    let mut messages: Vec<_> = ids.into_iter().filter_map(|id| index.message(id).map(|m| (id, m))).collect();
    messages.sort_by_key(|(_, m)| m.range.start);
    messages
}

/// The dissected layer of a message: the layers of its protocol stand in the order of the messages.
fn layer_of<'a>(now: &Now<'a>, messages: &[(MessageId, &Message)], id: MessageId, m: &Message) -> Option<&'a Layer> {
    let layers: Vec<_> = now.explained.dissected.layers.iter().filter(|l| l.proto == m.proto).collect();
    let same: Vec<_> = messages.iter().filter(|(_, other)| other.proto == m.proto).map(|(id, _)| *id).collect();
    let nth = same.iter().position(|&other| other == id)?;
    // A frame with very many messages has only its first ones dissected.
    if layers.len() == same.len() || layers.len() == MAX_LAYERS { layers.get(nth).copied() } else { None }
}

fn speak(now: &Now, id: MessageId, m: &Message, layer: Option<&Layer>) -> Option<Found> {
    match m.proto {
        "http" => http::speak(now, id, m, layer),
        "websocket" => Some(websocket::speak(now, id, m, layer)),
        "tls" => Some(tls::speak(now, m, layer)),
        "quic" => Some(tls::quic(now, m)),
        "http2" => Some(tls::http2(now, m)),
        "dns" | "mdns" => Some(dns::speak(now, m, layer)),
        _ => None,
    }
    .or_else(|| Some(plain(now, m)))
}

fn continued(now: &Now, row: &Row, m: &Message) -> Option<Found> {
    let (ja, en) = match m.kind {
        MessageKind::Response => ("本文の続きだよ", "More of the same answer"),
        MessageKind::Request => ("頼みの続きだよ", "More of the same request"),
        _ => ("さっきの続きだよ", "More of the same message"),
    };
    let title = short(m);
    Some(Found {
        large: tcp::continuation(now, ja, en)?,
        tag: tcp::tag(now, row),
        second: Text::new(
            format!("{} で始まったメッセージ（{title}）の続き。", number(m.first_frame)),
            format!("It goes on with the message that began in {} ({title}).", number(m.first_frame)),
        ),
        goes_on: true,
    })
}

/// Its method and path, or its status, or its title: what the second line calls a message.
pub fn short(m: &Message) -> String {
    let title = title_of(m);
    let words: Vec<_> = m.title.split(' ').collect();
    match (m.proto, words.as_slice()) {
        ("http", [method, path, _]) if m.kind == MessageKind::Request => {
            cut(&format!("{method} {}", path.split('?').next().unwrap_or_default()), QUOTE_MAX)
        }
        ("http", [_, rest @ ..]) if m.kind == MessageKind::Response => cut(&rest.join(" "), QUOTE_MAX),
        _ => title,
    }
}

/// The title as it may be shown: without the query of a path (it may hold form fields), without secrets.
pub fn title_of(m: &Message) -> String {
    let title = m.title.split('?').next().unwrap_or_default().trim();
    // Commands whose argument proves who somebody is (SMTP, POP3, FTP, IMAP); in IMAP a tag stands before them.
    let secret = |word: &str| ["AUTH", "AUTHENTICATE", "PASS", "LOGIN", "APOP"].iter().any(|c| word.eq_ignore_ascii_case(c));
    if m.proto != "http" && title.split(' ').take(2).any(secret) {
        return format!("{} …", title.split(' ').take_while(|w| !secret(w)).chain(title.split(' ').find(|w| secret(w))).collect::<Vec<_>>().join(" "));
    }
    if title.len() < m.title.trim().len() { format!("{}?…", cut(title, QUOTE_MAX - 2)) } else { cut(title, QUOTE_MAX) }
}

/// A protocol with no sentences of its own.
fn plain(now: &Now, m: &Message) -> Found {
    let who = now.who(m.dir);
    let title = title_of(m);
    let name = crate::proto::by_name(m.proto).map_or(m.proto, |p| p.title());
    let len = m.range.end.saturating_sub(m.range.start);
    let large = match m.kind {
        _ if title.is_empty() => say(
            &who,
            &format!("{name} のメッセージを送るよ（{len} バイト）"),
            &format!("Here is a {name} message ({len} bytes)."),
        ),
        _ => shrink(|n| say(&who, &cut(&title, n), &cut(&title, n))),
    };
    let second = Text::new(format!("{name} のメッセージ。"), format!("A message of {name}."));
    Found { large, tag: name.to_owned(), second, ..Found::default() }
}

/// A UDP datagram: its message, or its bytes.
pub fn datagram(now: &Now) -> Caption {
    let messages: Vec<_> = all(now).into_iter().filter(|(_, m)| m.proto != UNKNOWN).collect();
    let udp = udp_tag(now);
    let mut caption = Caption { tag: udp.clone(), ..Caption::default() };
    let first = messages.first().copied();
    let found = first.and_then(|(id, m)| speak(now, id, m, layer_of(now, &messages, id, m))).or_else(|| {
        // A datagram that the lean pass did not name, but the eye can read.
        let layer = now.explained.dissected.layers.iter().find(|l| l.proto == "dns")?;
        Some(dns::read(now, layer))
    });
    match found {
        Some(found) => {
            caption.large = found.large;
            caption.tag = format!("{}  {udp}", found.tag);
            caption.second = found.second;
        }
        None => {
            let len = payload_len(now);
            caption.large = say(
                &now.sender(),
                &format!("{len} バイト送るよー（届いたかどうか、UDP は確かめないよ）"),
                &format!("Here are {len} bytes. (UDP does not check whether they arrive.)"),
            );
            caption.second = unknown_text(now).unwrap_or_default();
        }
    }
    add(
        &mut caption.second,
        Text::new(
            "返事があるなら、それは UDP ではなくアプリケーションが送ったもの。",
            "If an answer comes, the application sent it, not UDP.",
        ),
    );
    caption
}

fn payload_len(now: &Now) -> u64 {
    let claimed = now.number("udp.length").map(|n| n.saturating_sub(8));
    claimed.or(now.row.map(|r| u64::from(r.payload_len))).unwrap_or(0)
}

fn udp_tag(now: &Now) -> String {
    let port = |name| now.print(name).unwrap_or_else(|| "?".into());
    format!("UDP  {} → {}  len={}", port("udp.srcport"), port("udp.dstport"), payload_len(now))
}

/// All values of one field in a layer, as printed.
pub fn values(now: &Now, layer: &Layer, name: &str) -> Vec<String> {
    let bytes = now.explained.dissected.bytes(layer);
    let mut out = Vec::new();
    for field in &layer.fields {
        field.walk(&mut |f| {
            if f.def.name == name {
                out.push(f.print(bytes));
            }
        });
    }
    out
}

/// What an unknown program says, for the second line: the text of a line, if it is one.
pub fn unknown_text(now: &Now) -> Option<Text> {
    let messages = all(now);
    let (_, m) = messages.iter().find(|(_, m)| m.proto == UNKNOWN && m.first_frame == now.explained.frame)?;
    let title = title_of(m);
    title.starts_with('"').then(|| {
        let inner = title.trim_matches('"');
        Text::new(format!("中身は「{inner}」。"), format!("It says \"{inner}\"."))
    })
}
