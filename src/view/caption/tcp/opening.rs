//! How a connection begins or fails to: SYN, SYN + ACK, the ACK that ends the handshake, and RST.

use super::acking::Acked;
use super::{Event, Said, said};
use crate::flow::{Dir, MarkKind, Row};
use crate::lang::Text;
use crate::trace::{Host, What};
use crate::view::caption::now::{Now, number, span};
use crate::view::caption::words::{add, say, say_note};

pub(super) fn syn(now: &Now, row: &Row) -> Said {
    let who = now.sender();
    let mut second;
    let large;
    if row.has(Row::ACK) {
        large = say(&who, "いいよー。こっちからも送っていい？", "Sure. May I send to you too?");
        second = Text::new(
            "3 ウェイハンドシェイク 2 / 3。自分の初期シーケンス番号（ISN）を知らせ、「次は相手の ISN + 1 番から」と確認応答する。\
             待ち受けソケットは LISTEN のまま。SYN_RECEIVED になるのは、この接続だけ。",
            "Handshake 2 of 3: it tells its own initial sequence number (ISN) and confirms the other's ISN + 1. \
             The listening socket stays in LISTEN. Only this connection is in SYN_RECEIVED.",
        );
        if now.past.syn(row.dir, true).is_some() {
            add(&mut second, Text::new("同じ SYN + ACK をもう一度送っている。", "The same SYN + ACK is sent once more."));
        }
    } else {
        let before = now.past.syn(row.dir, false).filter(|(_, r)| r.stream_at == row.stream_at);
        let unanswered = now.past.last(row.dir.reverse()).is_none();
        let again = before.filter(|_| unanswered && !row.marked(MarkKind::ReusedPorts));
        large = match again {
            Some(_) => say(&who, "返事がないな。もう一度聞くね。送っていい？", "No answer. I ask again: may I send to you?"),
            None => say(&who, "送っていい？", "May I send to you?"),
        };
        second = match again.and_then(|(frame, _)| now.since(frame).map(|nanos| (frame, nanos))) {
            Some((frame, nanos)) => Text::new(
                format!("前の SYN（{}）から {} たっても答えがない。待ち時間は 1 回ごとに倍になる。", number(frame), span(nanos)),
                format!("No answer to the SYN in {} for {}. The wait doubles each time.", number(frame), span(nanos)),
            ),
            None => Text::new("3 ウェイハンドシェイク 1 / 3。", "Handshake 1 of 3."),
        };
        if now.data().is_none() {
            add(
                &mut second,
                Text::new(
                    "データはまだ 0 バイト。SYN が番号を 1 つ使うので、データは 1 番から始まる。",
                    "No data yet. The SYN uses up one number, so data starts at 1.",
                ),
            );
        }
    }
    if let Some((_, _, len)) = now.data() {
        add(
            &mut second,
            Text::new(
                format!("SYN と一緒にデータが {len} バイト届いている（TCP Fast Open など）。"),
                format!("{len} bytes of data come with the SYN (as in TCP Fast Open)."),
            ),
        );
    }
    said(Event::Syn, large, second)
}

/// The third step: the first thing that the side of the SYN sends after the SYN + ACK.
pub(super) fn handshake_ack(now: &Now, row: &Row, acked: &Acked) -> Option<Said> {
    let other = row.dir.reverse();
    now.past.syn(row.dir, false)?;
    now.past.syn(other, true)?;
    let nothing_since = now.past.segments(row.dir).all(|(_, r)| r.has(Row::SYN));
    if acked.ack != 1 || !nothing_since {
        return None;
    }
    let large = say_note(&now.sender(), "いいよー", "Sure.", "サーバに届けば準備完了", "Once this arrives, both sides are ready.");
    let large = if now.start_seen() { large } else { say(&now.sender(), "いいよー", "Sure.") };
    let second = Text::new(
        "3 ウェイハンドシェイク 3 / 3。送った側は、もう ESTABLISHED。",
        "Handshake 3 of 3. The side that sent this is ESTABLISHED already.",
    );
    Some(said(Event::Ack, large, second))
}

pub(super) fn rst(now: &Now, row: &Row) -> Said {
    let who = now.sender();
    let other = row.dir.reverse();
    let asked = now.past.syn(other, false);
    let agreed = now.past.segments(row.dir).any(|(_, r)| !r.has(Row::RST));
    let answers_syn = row.has(Row::ACK) && asked.is_some() && !agreed && row.dir == Dir::ToClient;
    if let (true, Some(flow)) = (answers_syn, now.flow) {
        let port = flow.ends[1].port();
        let large = if nobody_listens(now) {
            say(
                &who,
                &format!("ポート {port} では、誰も待ち受けてないよ"),
                &format!("Nobody is listening on port {port}."),
            )
        } else {
            say(&who, &format!("ポート {port} には、つなげないよ"), &format!("You cannot connect to port {port}."))
        };
        let second = Text::new(
            "SYN への答えが RST：接続はできない。connect() は ECONNREFUSED で戻る。",
            "A RST answers the SYN: there will be no connection, and connect() returns ECONNREFUSED.",
        );
        return said(Event::Rst, large, second);
    }
    let large = say(&who, "この接続は、ここで打ち切るよ", "I am breaking this connection off, now.");
    let second = Text::new(
        "RST は両方向をすぐに終わらせる。まだ届いていないデータは捨てられ、RST への返事はない。",
        "A RST ends both directions at once. Data still on its way is thrown away, and nobody answers a RST.",
    );
    said(Event::Rst, large, second)
}

/// Proven by the calls of a lab run on its own loopback: somebody connected there and no program listened on that port.
fn nobody_listens(now: &Now) -> bool {
    let Some(flow) = now.flow else { return false };
    let server = flow.ends[1];
    if !server.ip().is_loopback() {
        return false;
    }
    let at = now.explained.meta.at;
    let connected = now
        .capture
        .calls_until(Host::Client, at)
        .any(|c| matches!(&c.what, What::Connect { to } if to.inet() == Some(server)));
    let listened = now.capture.calls_until(Host::Server, at).any(|c| {
        let bound = matches!(&c.what, What::Bind { to } if matches!(to.port(), Some(port) if port == server.port() || port == 0));
        bound || matches!(c.what, What::Listen { .. }) && c.local.as_ref().is_none_or(|l| l.port() == Some(server.port()))
    });
    connected && !listened
}
