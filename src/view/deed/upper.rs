//! L5 to L7: the program and its socket. TCP/IP has no header for L5 and L6: the line says what plays their part.

use super::network::is_fragment;
use super::{Side, own_layers};
use crate::flow::{Dir, Row};
use crate::lang::Text;
use crate::trace::Host;
use crate::view::caption::message::{title_of, values};
use crate::view::caption::now::{Carrier, Now};
use crate::view::caption::words::cut;
use crate::wire::Osi;

/// Whether the frame carries bytes for a program.
pub(super) fn carries_data(now: &Now) -> bool {
    match now.carrier {
        Carrier::Tcp => now.data().is_some() && !now.row.is_some_and(|r| r.has(Row::RST)),
        Carrier::Udp => now.number("udp.length").map_or(now.row.is_some_and(|r| r.payload_len > 0), |n| n > 8),
        _ => false,
    }
}

fn no_part(now: &Now) -> Text {
    match now.carrier {
        Carrier::Other if is_fragment(now) => Text::new("断片がそろうまで待つ", "Waits until all fragments are there"),
        Carrier::Other if now.explained.dissected.stop.is_some() => {
            Text::new("ここまで読めていない", "Not read as far as this")
        }
        _ => Text::new("関わらない（カーネルだけで済む）", "Takes no part: the kernel does it alone"),
    }
}

/// The descriptor of the program on this side, where its calls were recorded.
fn descriptor(now: &Now, side: Side) -> Option<i32> {
    let flow = now.flow?;
    let from_client = now.dir() == Dir::ToServer;
    let client = from_client == (side == Side::Sender);
    let (host, own, peer) = if client {
        (Host::Client, flow.ends[0], flow.ends[1])
    } else {
        (Host::Server, flow.ends[1], flow.ends[0])
    };
    let calls = now
        .capture
        .calls_until(host, now.explained.meta.at)
        .rev()
        .take(200);
    let mut same = calls.filter(|c| c.local == Some(own.into()) && c.peer == Some(peer.into()));
    same.next().map(|c| c.fd)
}

pub(super) fn session(now: &Now, side: Side) -> Text {
    if !carries_data(now) {
        return no_part(now);
    }
    match descriptor(now, side) {
        Some(fd) => Text::new(format!("ヘッダなし・ソケット fd {fd}"), format!("No header: the socket, fd {fd}")),
        None => Text::new("ヘッダなし・ソケット", "No header: the socket plays its part"),
    }
}

pub(super) fn presentation(now: &Now) -> Text {
    if !carries_data(now) {
        return no_part(now);
    }
    let layers: Vec<_> = own_layers(now).filter(|l| l.osi == Osi::Presentation).collect();
    let mut parts: Vec<String> = Vec::new();
    let mut push = |part: String| {
        if !part.is_empty() && !parts.contains(&part) {
            parts.push(part);
        }
    };
    for layer in &layers {
        // What is no text and has no type is just bytes.
        if layer.proto != "data" {
            push(layer.title.to_owned());
        }
        for name in ["presentation.charset", "presentation.content_coding"] {
            values(now, layer, name).iter().for_each(|v| push(cut(&v.replace("utf-8", "UTF-8"), 18)));
        }
    }
    for layer in own_layers(now).filter(|l| l.proto == "http") {
        values(now, layer, "http.transfer_encoding").iter().for_each(|v| push(cut(v, 12)));
    }
    for layer in own_layers(now).filter(|l| l.proto == "websocket") {
        if let Some(key) = now.print_in(layer, "websocket.masking_key") {
            push(format!("XOR {}", key.trim_start_matches("0x")));
        }
    }
    if parts.is_empty() {
        return Text::new("ヘッダなし", "No header");
    }
    if layers.iter().all(|l| l.header.is_empty()) {
        return Text::new(format!("ヘッダなし・{}", parts.join("・")), format!("No header: {}", parts.join(", ")));
    }
    Text::new(parts.join("・"), parts.join(", "))
}

pub(super) fn application(now: &Now, side: Side) -> Text {
    if !carries_data(now) {
        let Some(row) = now.row.filter(|_| now.carrier == Carrier::Tcp) else { return no_part(now) };
        if row.has(Row::FIN) && !row.has(Row::RST) {
            return match side {
                Side::Sender => Text::new("もう送るものがない", "Has nothing more to send"),
                Side::Receiver => Text::new("読み終われば read() が 0 で戻る", "After the rest, read() returns 0"),
            };
        }
        let before = Dir::BOTH.iter().any(|&d| now.past.segments(d).any(|(_, r)| r.payload_len > 0));
        if !before && now.start_seen() && !row.has(Row::RST) {
            return Text::new("まだ何もない", "Nothing yet");
        }
        return no_part(now);
    }
    let index = &now.capture.index;
    let ids = index.messages_in(now.explained.frame);
    let messages: Vec<_> = ids.iter().filter_map(|&id| index.message(id)).collect();
    let begins = messages.iter().find(|m| m.first_frame == now.explained.frame);
    if let Some(m) = begins {
        let title = title_of(m);
        let short = title.strip_suffix(" HTTP/1.1").or_else(|| title.strip_suffix(" HTTP/1.0")).unwrap_or(&title);
        if !short.is_empty() {
            return Text::same(short);
        }
        return Text::same(m.proto.to_uppercase());
    }
    if let Some(m) = messages.first() {
        let name = crate::proto::by_name(m.proto).map_or(m.proto, |p| p.title());
        return Text::new(format!("{name} メッセージの続き"), format!("More of the same {name} message"));
    }
    match own_layers(now).find(|l| l.osi == Osi::Application) {
        Some(layer) => Text::same(layer.title),
        None => Text::new("アプリケーションのデータ", "Data of the application"),
    }
}
