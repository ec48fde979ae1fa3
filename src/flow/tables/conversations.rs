//! The table of conversations.
//!
//! In: a capture, a transport, an order. Out: the numbers of the flows in that order, and what each amounts to: the words of
//! a row are made when it is in sight.

use super::amounts::{Amounts, by_flow};
use super::{Column, Going, Order, Row, address_filter, seconds};
use crate::flow::{Flow, FlowId, Index, TcpState, Transport};
use crate::lang::words;
use crate::trace::{FrameId, Nanos, Trace};
use std::cmp::Ordering;
use std::sync::Arc;

const fn column(title: crate::lang::Words, about: crate::lang::Words, number: bool) -> Column {
    Column { title, about, number }
}

/// From left to right.
pub static COLUMNS: &[Column] = &[
    column(
        words("#", "#"),
        words("トランスポートごとの会話の番号です（tcp.stream、udp.stream）。", "Its number among its transport (tcp.stream, udp.stream)."),
        true,
    ),
    column(words("種類", "Kind"), words("会話を運ぶトランスポートです。", "The transport that carries it."), false),
    column(words("クライアント", "Client"), words("会話を始めた側のアドレスです。", "The address of the end that began."), false),
    column(words("ポート", "Port"), words("クライアントのポートです。", "The client's port."), true),
    column(words("サーバ", "Server"), words("応じた側のアドレスです。", "The address of the end that answered."), false),
    column(words("ポート", "Port"), words("サーバのポートです。", "The server's port."), true),
    column(words("フレーム", "Frames"), words("両方向のフレーム数です。", "Frames both ways."), true),
    column(words("バイト", "Bytes"), words("両方向のバイト数です（ヘッダを含む、線の上での長さ）。", "Bytes both ways, as on the wire, headers included."), true),
    column(words("→ フレーム", "→ Frames"), words("クライアントからサーバへのフレーム数です。", "Frames from client to server."), true),
    column(words("→ バイト", "→ Bytes"), words("クライアントからサーバへのバイト数です。", "Bytes from client to server."), true),
    column(words("← フレーム", "← Frames"), words("サーバからクライアントへのフレーム数です。", "Frames from server to client."), true),
    column(words("← バイト", "← Bytes"), words("サーバからクライアントへのバイト数です。", "Bytes from server to client."), true),
    column(words("開始 s", "Start s"), words("キャプチャの先頭から会話の最初のフレームまでの秒数です。", "Seconds from the capture's start to its first frame."), true),
    column(words("期間 s", "Length s"), words("最初のフレームから最後のフレームまでの秒数です。", "Seconds from its first frame to its last."), true),
    column(words("アプリ", "Spoken"), words("見分けたアプリケーションプロトコルです。", "The application protocol that was recognised."), false),
    column(words("TCP の状態", "TCP states"), words("最後に見たクライアントとサーバの状態です。", "The last states of client and server."), false),
    column(
        words("完全さ", "Complete"),
        words(
            "接続のどこまでが見えたかです（tcp.completeness）。R:RST、F:FIN、D:データ、A:ACK、S:SYN+ACK、S:SYN。",
            "How much of the connection was seen (tcp.completeness): RST, FIN, data, ACK, SYN+ACK, SYN.",
        ),
        false,
    ),
];

/// The conversations of a capture, in an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversations {
    pub rows: Vec<FlowId>,
    pub transport: Option<Transport>,
    pub order: Order,
    pub frames: FrameId,
    amounts: Arc<Vec<Amounts>>,
}

impl Conversations {
    /// `known`: the same capture's, in another order.
    pub fn of(
        trace: &Trace,
        index: &Index,
        transport: Option<Transport>,
        order: Order,
        known: Option<&Self>,
        going: Going<'_>,
    ) -> Option<Self> {
        let (amounts, frames) = match known {
            Some(known) => (Arc::clone(&known.amounts), known.frames),
            None => {
                let (amounts, frames) = by_flow(trace, index, going, &mut |_, _| ())?;
                (Arc::new(amounts), frames)
            }
        };
        let all = amounts.len().min(index.flows.len());
        let wanted = |id: &FlowId| match index.flow(*id) {
            Some(flow) => transport.is_none_or(|t| t == flow.transport) && flow.transport != Transport::Arp,
            None => false,
        };
        let mut rows: Vec<FlowId> = (0..all as FlowId).filter(wanted).collect();
        let amount = |id: FlowId| amounts.get(id as usize).copied().unwrap_or_default();
        rows.sort_by(|a, b| {
            let by = match (index.flow(*a), index.flow(*b)) {
                (Some(one), Some(two)) => compare(order.column, one, two, amount(*a), amount(*b)),
                _ => Ordering::Equal,
            };
            if order.descending { by.reverse() } else { by }
        });
        Some(Self { rows, transport, order, frames, amounts })
    }

    pub fn amounts(&self, flow: FlowId) -> Amounts {
        self.amounts.get(flow as usize).copied().unwrap_or_default()
    }

    pub fn row(&self, index: &Index, start: Nanos, at: usize) -> Option<Row> {
        let id = *self.rows.get(at)?;
        let flow = index.flow(id)?;
        let of = self.amounts(id);
        let [client, server] = flow.ends;
        let tcp = flow.transport == Transport::Tcp;
        let states = flow.states.map(TcpState::name);
        let port = |end: std::net::SocketAddr| if flow.transport == Transport::Icmp { String::new() } else { end.port().to_string() };
        let cells = vec![
            flow.number.to_string(),
            kind(flow).to_owned(),
            client.ip().to_string(),
            port(client),
            server.ip().to_string(),
            port(server),
            (u64::from(of.frames[0]) + u64::from(of.frames[1])).to_string(),
            of.bytes[0].saturating_add(of.bytes[1]).to_string(),
            of.frames[0].to_string(),
            of.bytes[0].to_string(),
            of.frames[1].to_string(),
            of.bytes[1].to_string(),
            seconds(flow.first_at.since(start)),
            seconds(flow.last_at.since(flow.first_at)),
            flow.app.unwrap_or("").to_owned(),
            if tcp { format!("{} · {}", states[0], states[1]) } else { String::new() },
            if tcp { completeness(of.seen) } else { String::new() },
        ];
        let first = Some(flow.first_frame);
        Some(Row { cells, filter: filter(flow), first, flow: Some(id), ..Row::default() })
    }
}

fn kind(flow: &Flow) -> &'static str {
    match flow.transport {
        Transport::Tcp => "TCP",
        Transport::Udp => "UDP",
        Transport::Icmp if flow.ends[0].is_ipv6() => "ICMPv6",
        Transport::Icmp => "ICMP",
        Transport::Arp => "ARP",
        Transport::Other => "IP",
    }
}

/// The filter that shows a conversation.
pub fn filter(flow: &Flow) -> Option<String> {
    let between = || format!("{} && {}", address_filter(flow.ends[0].ip()), address_filter(flow.ends[1].ip()));
    match flow.transport {
        Transport::Tcp => Some(format!("tcp.stream == {}", flow.number)),
        Transport::Udp => Some(format!("udp.stream == {}", flow.number)),
        Transport::Icmp if flow.ends[0].is_ipv6() => Some(format!("icmpv6 && {}", between())),
        Transport::Icmp => Some(format!("icmp && {}", between())),
        Transport::Other => Some(between()),
        Transport::Arp => None,
    }
}

/// "31 ·FDASS".
fn completeness(seen: u8) -> String {
    let letters = "RFDASS".chars().zip((0..6).rev()).map(|(c, bit)| if seen >> bit & 1 == 1 { c } else { '·' });
    format!("{seen} {}", letters.collect::<String>())
}

fn compare(column: usize, a: &Flow, b: &Flow, of_a: Amounts, of_b: Amounts) -> Ordering {
    let total = |of: Amounts| (u64::from(of.frames[0]) + u64::from(of.frames[1]), of.bytes[0].saturating_add(of.bytes[1]));
    match column {
        0 => a.number.cmp(&b.number),
        1 => kind(a).cmp(kind(b)),
        2 => a.ends[0].cmp(&b.ends[0]),
        3 => a.ends[0].port().cmp(&b.ends[0].port()),
        4 => a.ends[1].cmp(&b.ends[1]),
        5 => a.ends[1].port().cmp(&b.ends[1].port()),
        6 => total(of_a).0.cmp(&total(of_b).0),
        7 => total(of_a).1.cmp(&total(of_b).1),
        8 => of_a.frames[0].cmp(&of_b.frames[0]),
        9 => of_a.bytes[0].cmp(&of_b.bytes[0]),
        10 => of_a.frames[1].cmp(&of_b.frames[1]),
        11 => of_a.bytes[1].cmp(&of_b.bytes[1]),
        12 => a.first_at.cmp(&b.first_at),
        13 => a.last_at.since(a.first_at).cmp(&b.last_at.since(b.first_at)),
        14 => a.app.cmp(&b.app),
        15 => a.states.map(|s| s as u8).cmp(&b.states.map(|s| s as u8)),
        _ => of_a.seen.cmp(&of_b.seen),
    }
}
