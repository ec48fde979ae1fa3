//! Deeds: what each OSI layer does with a frame, on the sending and on the receiving side.
//!
//! In: a frame of a capture, explained; a layer and a side. Out: one short line for the layer's box on the stage. Where the
//! model has a layer but the frame has no header for it, the line says so, or names what plays its part.

use super::caption::message::{title_of, values};
use super::caption::now::{Carrier, Now};
use super::caption::words::{cut, ip_name};
use crate::flow::explain::Explained;
use crate::flow::{Dir, MarkKind, Row};
use crate::lang::Text;
use crate::timeline::Capture;
use crate::trace::Host;
use crate::wire::{Layer, Osi, Value};
use std::net::IpAddr;

/// The widest line that a box takes: 34 Japanese or 48 Latin characters, in the unit of [`width`].
pub const WIDTH_MAX: u32 = 34 * WIDE;
const WIDE: u32 = 24;
const NARROW: u32 = 17;

/// How wide a line is: Japanese characters (and arrows) are wider than Latin ones.
pub fn width(text: &str) -> u32 {
    text.chars().map(|c| if c < '\u{2000}' { NARROW } else { WIDE }).sum()
}

/// As much of a line as a box takes.
fn fit(text: &str) -> String {
    let count = text.chars().count();
    (1..=count).rev().map(|n| cut(text, n)).find(|t| width(t) <= WIDTH_MAX).unwrap_or_default()
}

/// Whose boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Sender,
    Receiver,
}

/// What a layer does with the frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    pub text: Text,
    /// The frame has bytes of this layer's own: a header or a message.
    pub header: bool,
}

/// What this layer does with the frame on this side.
pub fn deed(capture: &Capture, explained: &Explained, osi: Osi, side: Side) -> Deed {
    let now = Now::new(capture, explained);
    let text = match osi {
        Osi::Session | Osi::Presentation | Osi::Application if carries_data(&now) && held_back(&now, side) => {
            Text::new("渡されない（L4 で止まる）", "Not handed up: it stops at L4")
        }
        Osi::Physical => physical(&now, side),
        Osi::DataLink => link(&now, side),
        Osi::Network => network(&now, side),
        Osi::Transport => transport(&now, side),
        Osi::Session => session(&now, side),
        Osi::Presentation => presentation(&now),
        Osi::Application => application(&now, side),
    };
    let own = |l: &&Layer| l.osi == osi && l.proto != "frame" && !l.header.is_empty() && (osi != Osi::DataLink || !not_on_the_wire(l));
    let header = own_layers(&now).find(own).is_some();
    Deed { text: Text::new(fit(&text.ja), fit(&text.en)), header }
}

/// The layers of the frame itself, without those that an ICMP message quotes.
fn own_layers<'a>(now: &Now<'a>) -> impl Iterator<Item = &'a Layer> {
    let layers = &now.explained.dissected.layers;
    let upto = match now.carrier {
        Carrier::Icmp(at) => at + 1,
        _ => layers.len(),
    };
    layers.iter().take(upto)
}

/// Headers that the capturing system invents and no wire carries.
fn not_on_the_wire(layer: &Layer) -> bool {
    matches!(layer.proto, "sll" | "null" | "loop" | "raw")
}

/// Is there any link header that a wire would carry?
fn has_link(now: &Now) -> bool {
    own_layers(now).any(|l| l.osi == Osi::DataLink && !not_on_the_wire(l))
}

fn physical(now: &Now, side: Side) -> Text {
    let len = now.explained.meta.wire_len;
    if now.explained.loopback {
        return Text::new("ループバック：本物の線はない", "Loopback: there is no real wire");
    }
    if !has_link(now) {
        return Text::new("線の上の姿は記録されていない", "How it looked on the wire was not captured");
    }
    match side {
        Side::Sender => Text::new(format!("{len} バイトを 0 と 1 の信号にする"), format!("Makes {len} bytes into signals of 0 and 1")),
        Side::Receiver => Text::new(format!("信号から {len} バイトを取り出す"), format!("Takes {len} bytes out of the signals")),
    }
}

/// What follows the link headers, by name.
fn above_link<'a>(now: &Now<'a>) -> &'a str {
    own_layers(now).find(|l| l.osi > Osi::DataLink || l.proto == "arp").map_or("?", |l| l.title)
}

fn link(now: &Now, side: Side) -> Text {
    if now.explained.loopback {
        return Text::new("ループバック：Ethernet はない", "Loopback: there is no Ethernet");
    }
    let Some(eth) = own_layers(now).find(|l| l.proto == "eth") else {
        return match own_layers(now).find(|l| l.osi == Osi::DataLink) {
            Some(l) if l.proto == "sll" => Text::new(
                "Linux cooked：L2 のかわりの記録用ヘッダ",
                "Linux cooked: a stand-in for the real L2 header",
            ),
            Some(l) if !not_on_the_wire(l) => Text::same(l.title),
            _ => Text::new("リンク層のヘッダは記録されていない", "The link header was not captured"),
        };
    };
    let vlan = now.number("vlan.id").map(|id| format!("  VLAN {id}")).unwrap_or_default();
    match side {
        Side::Sender => {
            let typ = now.print_in(eth, "eth.type").map(|t| format!("  type {t}")).unwrap_or_default();
            let title = if typ.is_empty() { "IEEE 802.3" } else { "Ethernet II" };
            Text::same(format!("{title}{typ}{vlan}"))
        }
        Side::Receiver => {
            let above = above_link(now);
            let dst = eth.field("eth.dst").map(|f| &f.value);
            match dst {
                Some(Value::Mac(mac)) if mac.iter().all(|&b| b == 0xff) => {
                    Text::new(format!("全員あて → 中身は {above}"), format!("To everyone → it holds {above}"))
                }
                Some(Value::Mac([first, ..])) if first & 1 == 1 => {
                    Text::new(format!("グループあて → 中身は {above}"), format!("To a group → it holds {above}"))
                }
                _ => Text::new(format!("私の MAC あて → 中身は {above}"), format!("To my MAC address → it holds {above}")),
            }
        }
    }
}

fn ip_of(layer: &Layer, names: [&str; 2]) -> Option<IpAddr> {
    names.iter().find_map(|n| layer.field(n)).and_then(|f| match f.value {
        Value::Ipv4(a) => Some(a.into()),
        Value::Ipv6(a) => Some(a.into()),
        _ => None,
    })
}

/// A piece of an IP packet: nothing above L3 gets it before all pieces are there.
fn is_fragment(now: &Now) -> bool {
    let number = |l: &Layer, name: &str| l.field(name).and_then(|f| f.value.as_uint());
    own_layers(now).any(|l| {
        l.proto == "ip" && (number(l, "ip.frag_offset").is_some_and(|n| n > 0) || number(l, "ip.flags.mf") == Some(1))
            || l.field("ipv6.fraghdr.offset").is_some()
    })
}

fn network(now: &Now, side: Side) -> Text {
    if let Carrier::Arp(_) = now.carrier {
        return match side {
            Side::Sender => Text::new("IP パケットはまだ送れない：MAC を調べる", "No IP packet yet: it needs a MAC address"),
            Side::Receiver => Text::new("ARP 表を調べる（IP パケットではない）", "Looks into its ARP table (no IP packet)"),
        };
    }
    // The last of several IP headers (a tunnel) is the one that the transport stands on.
    let Some(ip) = own_layers(now).filter(|l| matches!(l.proto, "ip" | "ipv6")).last() else {
        return Text::new("IP のヘッダはない", "There is no IP header");
    };
    let (src, dst) = (ip_of(ip, ["ip.src", "ipv6.src"]), ip_of(ip, ["ip.dst", "ipv6.dst"]));
    match side {
        Side::Sender => {
            let name = |a: Option<IpAddr>| a.map_or_else(|| "?".into(), ip_name);
            let ttl = now.print_in(ip, "ip.ttl").map(|t| format!("  TTL {t}"));
            let ttl = ttl.or_else(|| now.print_in(ip, "ipv6.hlim").map(|h| format!("  HL {h}"))).unwrap_or_default();
            let with = format!("{} → {}{ttl}", name(src), name(dst));
            if width(&with) <= WIDTH_MAX {
                return Text::same(with);
            }
            // Long IPv6 addresses: what counts on the way is where it goes.
            Text::same(format!("→ {}{ttl}", name(dst)))
        }
        Side::Receiver if is_fragment(now) => Text::new("断片：全部そろうまで待つ", "A fragment: waits until all are here"),
        Side::Receiver => {
            let above = match now.carrier {
                Carrier::Tcp => "TCP".to_owned(),
                Carrier::Udp => "UDP".to_owned(),
                Carrier::Icmp(_) => {
                    return Text::new("宛先は私の IP → ICMP は L3 が読む", "To my IP → ICMP is read here, in L3");
                }
                _ => own_layers(now).find(|l| l.osi > Osi::Network).map_or_else(|| "上".into(), |l| l.title.to_owned()),
            };
            let en = if above == "上" { "up" } else { above.as_str() };
            let ja = if above == "上" { "上へ".to_owned() } else { format!("上の {above} へ") };
            match dst {
                Some(IpAddr::V4(a)) if a.is_broadcast() => Text::new(format!("全員あて → {ja}"), format!("To everyone → {en}")),
                Some(a) if a.is_multicast() => Text::new(format!("グループあて → {ja}"), format!("To a group → {en}")),
                _ => Text::new(format!("宛先は私の IP → {ja}"), format!("To my IP address → on to {en}")),
            }
        }
    }
}

fn transport(now: &Now, side: Side) -> Text {
    match now.carrier {
        Carrier::Tcp => match now.row {
            Some(row) if side == Side::Sender => tcp_sends(now, row),
            Some(row) => tcp_receives(now, row),
            None => Text::same("TCP"),
        },
        Carrier::Udp => {
            let port = |name| now.print(name).unwrap_or_else(|| "?".into());
            let (src, dst) = (port("udp.srcport"), port("udp.dstport"));
            let len = now.number("udp.length").map_or(0, |n| n.saturating_sub(8));
            match side {
                Side::Sender => Text::new(
                    format!("ポート {src} → {dst}  8 バイトのヘッダだけ"),
                    format!("Port {src} → {dst}, a header of 8 bytes, no more"),
                ),
                Side::Receiver => Text::new(
                    format!("ポート {dst} のソケットへ {len} バイト。返事はしない"),
                    format!("{len} bytes for the socket of port {dst}, no ACK"),
                ),
            }
        }
        Carrier::Icmp(_) => Text::new("関わらない（ICMP は L3 の一部）", "Takes no part (ICMP belongs to L3)"),
        Carrier::Arp(_) => Text::new("関わらない（ARP は L3 より下）", "Takes no part (ARP works below L3)"),
        Carrier::Other if is_fragment(now) => match side {
            Side::Sender => Text::new("断片の 1 つ：もとは 1 つのデータグラム", "One piece of what was one datagram"),
            Side::Receiver => Text::new("断片がそろうまで待つ", "Waits until all fragments are there"),
        },
        Carrier::Other => match own_layers(now).find(|l| l.osi == Osi::Transport) {
            Some(layer) => Text::same(layer.title),
            None => Text::new("この先は読めていない", "Nothing is read from here on"),
        },
    }
}

fn ports(now: &Now) -> (u16, u16) {
    let dir = now.dir();
    now.flow.map_or((0, 0), |f| match dir {
        Dir::ToServer => (f.ends[0].port(), f.ends[1].port()),
        Dir::ToClient => (f.ends[1].port(), f.ends[0].port()),
    })
}

fn tcp_sends(now: &Now, row: &Row) -> Text {
    let (src, dst) = ports(now);
    if row.has(Row::RST) {
        return Text::new("RST を作る：接続を打ち切る", "Makes a RST: the connection is cut off");
    }
    if row.has(Row::SYN) && row.has(Row::ACK) {
        return Text::new("SYN を受け SYN + ACK を作った", "Got the SYN, made SYN + ACK");
    }
    if row.has(Row::SYN) {
        return Text::new(format!("ポート {src} → {dst}  SYN を作る"), format!("Port {src} → {dst}: makes the SYN"));
    }
    if let Some((a, b, _)) = now.data() {
        return Text::new(
            format!("ポート {src} → {dst}  {a}〜{b} 番を付ける"),
            format!("Port {src} → {dst}: numbers {a} to {b}"),
        );
    }
    if row.has(Row::FIN) {
        return Text::new("FIN を作る：こちらからはもう送らない", "Makes a FIN: this side sends no more");
    }
    match now.ack() {
        Some(ack) => Text::new(format!("ACK を作る：次は {ack} 番から"), format!("Makes an ACK: next is number {ack}")),
        None => Text::new("セグメントを作る", "Makes a segment"),
    }
}

fn tcp_receives(now: &Now, row: &Row) -> Text {
    let (_, dst) = ports(now);
    let asked = now.past.syn(row.dir.reverse(), false).is_some();
    let agreed = now.past.syn(row.dir, true).is_some();
    if row.has(Row::RST) {
        return if asked && !agreed && row.dir == Dir::ToClient {
            Text::new("RST を受けた。connect() は ECONNREFUSED", "Got a RST: connect() returns ECONNREFUSED")
        } else {
            Text::new("RST を受けた。接続はここで終わり", "Got a RST: the connection is over")
        };
    }
    if row.has(Row::SYN) && row.has(Row::ACK) {
        return Text::new("SYN + ACK を受けた。connect() が成功する", "Got SYN + ACK: connect() succeeds");
    }
    if row.has(Row::SYN) {
        return Text::new(
            "SYN を受けた。LISTEN のソケットが新しい接続を作る",
            "SYN: the LISTEN socket makes a new connection",
        );
    }
    if let Some((_, _, len)) = now.data() {
        if row.marked(MarkKind::SpuriousRetransmission) {
            return Text::new("もう持っているデータ：捨てて ACK を返す", "Has this data already: drops it, sends an ACK");
        }
        if row.marked(MarkKind::LostSegment) {
            return Text::new("前が抜けている：そろうまで渡さない", "Data before it is missing: holds it back");
        }
        if row.marked(MarkKind::OutOfOrder) || row.marked(MarkKind::Retransmission) {
            return Text::new("抜けた所にはめて、続きがそろえば渡す", "Fills the hole, hands up what is in order");
        }
        return Text::new(
            format!("ポート {dst} → このソケット。順番どおり：{len} バイトを渡す"),
            format!("Port {dst} → this socket: {len} bytes, in order"),
        );
    }
    if row.has(Row::FIN) {
        return Text::new("FIN を受けた。read() は 0 を返す", "Got a FIN: read() returns 0");
    }
    if row.marked(MarkKind::ZeroWindow) {
        return Text::new("相手に空きがない：送るのを待つ", "No room there: waits before it sends more");
    }
    if row.marked(MarkKind::DuplicateAck) {
        return Text::new("また同じ ACK：どこか抜けたかもしれない", "The same ACK again: something may be lost");
    }
    let first = now.past.segments(row.dir).all(|(_, r)| r.has(Row::SYN));
    if first && asked_before(now, row) {
        return Text::new("ACK を受けた。accept() できる接続になる", "Got the ACK: accept() can have the connection");
    }
    match now.ack() {
        Some(ack) if ack > 1 => Text::new(
            format!("{} 番まで届いた：送信バッファから消す", ack - 1),
            format!("Up to {} arrived: out of the send buffer", ack - 1),
        ),
        _ => Text::new("ACK を受けた", "Got the ACK"),
    }
}

/// This direction opened the connection and got its SYN + ACK.
fn asked_before(now: &Now, row: &Row) -> bool {
    now.past.syn(row.dir, false).is_some() && now.past.syn(row.dir.reverse(), true).is_some()
}

/// The receiving TCP does not hand these bytes up (now): it has them already, or some before them are missing.
fn held_back(now: &Now, side: Side) -> bool {
    let kept = |r: &Row| r.marked(MarkKind::SpuriousRetransmission) || r.marked(MarkKind::LostSegment);
    side == Side::Receiver && now.carrier == Carrier::Tcp && now.row.is_some_and(kept)
}

/// Whether the frame carries bytes for a program.
fn carries_data(now: &Now) -> bool {
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
    let calls = now.capture.calls_until(host, now.explained.meta.at).rev().take(200);
    let mut same = calls.filter(|c| c.local == Some(own) && c.peer == Some(peer));
    same.next().map(|c| c.fd)
}

fn session(now: &Now, side: Side) -> Text {
    if !carries_data(now) {
        return no_part(now);
    }
    match descriptor(now, side) {
        Some(fd) => Text::new(format!("ヘッダなし・ソケット fd {fd}"), format!("No header: the socket, fd {fd}")),
        None => Text::new("ヘッダなし・ソケット", "No header: the socket plays its part"),
    }
}

fn presentation(now: &Now) -> Text {
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

fn application(now: &Now, side: Side) -> Text {
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
