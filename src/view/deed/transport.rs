//! L4: ports, numbers and acknowledgements; what TCP hands up, and what it keeps back.

use super::network::is_fragment;
use super::{Side, own_layers};
use crate::flow::{Dir, MarkKind, Row};
use crate::lang::Text;
use crate::view::caption::now::{Carrier, Now};
use crate::wire::Osi;

pub(super) fn transport(now: &Now, side: Side) -> Text {
    match now.carrier {
        Carrier::Tcp => match now.row {
            Some(row) if side == Side::Sender => tcp_sends(now, &row),
            Some(row) => tcp_receives(now, &row),
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
                    format!("ポート {dst} → このソケット。{len} バイト、返事はしない"),
                    format!("Port {dst} → this socket. {len} bytes, no ACK"),
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
pub(super) fn held_back(now: &Now, side: Side) -> bool {
    let kept = |r: &Row| r.marked(MarkKind::SpuriousRetransmission) || r.marked(MarkKind::LostSegment);
    side == Side::Receiver && now.carrier == Carrier::Tcp && now.row.as_ref().is_some_and(kept)
}
