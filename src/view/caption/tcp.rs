//! TCP: what a segment says, from its flags, its numbers and what both sides have sent before.

use super::message;
use super::now::{Now, number, span};
use super::past::stream_of;
use super::words::{add, first_fitting, say, say_note};
use super::{Caption, words};
use crate::flow::{Dir, MarkKind, Row, TcpState};
use crate::lang::Text;
use crate::trace::{Host, What};

/// A retransmission timer never fires earlier (Linux; RFC 6298 §2.4 wants a second).
const RTO_MIN_NANOS: i64 = 200_000_000;
/// RFC 5681 §3.2: so many duplicate ACKs start a fast retransmit.
const FAST_DUPACKS: u32 = 3;

pub fn caption(now: &Now) -> Caption {
    let Some(row) = now.row else { return Caption::default() };
    let said = speak(now, row);
    let mut second = said.second;
    for more in also(now, row, said.event) {
        add(&mut second, more);
    }
    for reason in now.reasons() {
        add(&mut second, reason);
    }
    Caption { large: said.large, tag: said.tag.unwrap_or_else(|| tag(now, row)), second }
}

/// Which of the events of a segment speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Copy,
    Rst,
    Syn,
    Again,
    Message,
    Window,
    Fin,
    Data,
    Ack,
}

struct Said {
    event: Event,
    large: Text,
    second: Text,
    tag: Option<String>,
}

fn said(event: Event, large: Text, second: Text) -> Said {
    Said { event, large, second, tag: None }
}

/// The first event that fits.
fn speak(now: &Now, row: &Row) -> Said {
    if let Some(copy) = copied(now, row) {
        return copy;
    }
    if row.has(Row::RST) {
        return rst(now, row);
    }
    if row.has(Row::SYN) {
        return syn(now, row);
    }
    if let Some(again) = retransmission(now, row) {
        return again;
    }
    if let Some(found) = message::in_segment(now, row) {
        let event = if found.goes_on { Event::Data } else { Event::Message };
        return Said { event, large: found.large, second: found.second, tag: Some(found.tag) };
    }
    if let Some(window) = window(now, row) {
        return window;
    }
    if row.has(Row::FIN) {
        return fin(now, row);
    }
    if let Some(data) = data(now, row) {
        return data;
    }
    ack(now, row)
}

/// A segment that analysis takes for a repetition, but which is one packet captured twice: nobody sent it again.
fn copied(now: &Now, row: &Row) -> Option<Said> {
    let marked = is_again(row) || [MarkKind::DuplicateAck, MarkKind::OutOfOrder].iter().any(|&kind| row.marked(kind));
    let again = marked || row.has(Row::SYN) && now.past.segments(row.dir).any(|(_, r)| r.flags == row.flags);
    let first = again.then(|| now.past.same_packet(row, &now.explained.dissected)).flatten()?;
    let n = number(first);
    let large = Text::new(
        format!("（{}：パケット {n} が、もう一度記録されている）", now.sender().ja),
        format!("({}: packet {n} was captured once more.)", now.sender().en),
    );
    let second = Text::new(
        format!("IP の識別番号もチェックサムも {n} と同じ：送り直しではなく、同じパケットが 2 か所で記録された。"),
        format!("Its IP identification and checksum are those of {n}: not sent again, but captured in two places."),
    );
    Some(said(Event::Copy, large, second))
}

/// `SYN + ACK  seq=0 ack=1`, relative where the start of the numbers is known.
pub fn tag(now: &Now, row: &Row) -> String {
    format!("{}  {}", flags(row), numbers(now, row))
}

fn flags(row: &Row) -> String {
    let names = [(Row::SYN, "SYN"), (Row::FIN, "FIN"), (Row::RST, "RST"), (Row::PSH, "PSH"), (Row::ACK, "ACK")];
    let set: Vec<_> = names.iter().filter(|(bit, _)| row.has(*bit)).map(|(_, name)| *name).collect();
    if set.is_empty() { "no flags".into() } else { set.join(" + ") }
}

/// `seq=1 ack=83 len=82`.
pub fn numbers(now: &Now, row: &Row) -> String {
    let seq = now.seq().or(now.seq_raw()).map(|n| format!("seq={n}"));
    let ack = if row.has(Row::ACK) { now.ack().or(now.ack_raw().map(i64::from)).map(|n| format!("ack={n}")) } else { None };
    let len = now.data().map(|(_, _, len)| format!("len={len}"));
    let win = if row.has(Row::SYN) || len.is_none() { now.window().map(|n| format!("win={n}")) } else { None };
    let parts: Vec<_> = [seq, ack, len, win].into_iter().flatten().collect();
    parts.join(" ")
}

fn rst(now: &Now, row: &Row) -> Said {
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
    let connected = now.capture.calls_until(Host::Client, at).any(|c| matches!(&c.what, What::Connect { to } if *to == server));
    let listened = now.capture.calls_until(Host::Server, at).any(|c| {
        let bound = matches!(&c.what, What::Bind { to } if to.port() == server.port() || to.port() == 0);
        bound || matches!(c.what, What::Listen { .. }) && c.local.is_none_or(|l| l.port() == server.port())
    });
    connected && !listened
}

fn syn(now: &Now, row: &Row) -> Said {
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

fn is_again(row: &Row) -> bool {
    [MarkKind::Retransmission, MarkKind::FastRetransmission, MarkKind::SpuriousRetransmission]
        .iter()
        .any(|&kind| row.marked(kind))
}

/// The byte of this one-byte "keep-alive" has not been confirmed yet: then it is simply sent again.
fn unconfirmed_byte(now: &Now, row: &Row) -> bool {
    let Some((a, _, 1)) = now.data() else { return false };
    let acked = now.past.last_ack_raw(row.dir.reverse()).zip(now.seq_raw());
    row.marked(MarkKind::KeepAlive) && a > 0 && acked.is_some_and(|(ack, seq)| ack == seq)
}

fn retransmission(now: &Now, row: &Row) -> Option<Said> {
    let (a, b, _) = now.data()?;
    if !is_again(row) && !unconfirmed_byte(now, row) {
        return None;
    }
    let (who, unit) = (now.sender(), now.unit());
    let other = row.dir.reverse();
    let plain = match (a, b) {
        // Numbers of another connection on the same ports.
        (..0, _) => say(&who, "同じところを、もう一度送るね", "Here is the same once more."),
        (0, _) => say(&who, "1 つ前の番号から、もう一度送るね", "Here is the number before once more."),
        (a, b) if a == b => say(
            &who,
            &format!("{a} {}を、もう一度送るね", unit.ja),
            &format!("Here is {} {a} once more.", unit.one),
        ),
        (a, b) => say(
            &who,
            &format!("{a}〜{b} {}を、もう一度送るね", unit.ja),
            &format!("Here are {} {a} to {b} once more.", unit.many),
        ),
    };
    let repeats = now.seq_raw().filter(|_| a > 0).and_then(|seq| now.past.duplicates(other, seq));
    let original = now.past.carried(row.dir, stream_of(row).0);
    let waited = original.and_then(|frame| now.since(frame).map(|nanos| (frame, nanos)));
    let spurious = row.marked(MarkKind::SpuriousRetransmission);

    // Fast: Wireshark's verdict, and as many duplicate ACKs for exactly this byte as the RFC asks for.
    if let Some(n) = repeats.filter(|&n| n >= FAST_DUPACKS && row.marked(MarkKind::FastRetransmission) && !spurious) {
        let fast = say(
            &who,
            &format!("同じ返事ばかり来る（{n} 回）。{a} {}からが抜けたみたいだから、もう一度送るね", unit.ja),
            &format!("The same ACK came {n} more times: {} {a} seems lost, so I send it again.", unit.one),
        );
        let second = Text::new(
            format!("高速再送：重複 ACK が {n} 個来たので、タイマを待たずに送る（RFC 5681 §3.2）。"),
            format!("Fast retransmit: {n} duplicate ACKs, so it does not wait for the timer (RFC 5681 §3.2)."),
        );
        return Some(said(Event::Again, first_fitting(vec![fast, plain]), second));
    }
    // Timeout: seen before, nothing confirmed it, no duplicate ACK asked for it, and a timer could have fired.
    let unconfirmed = now.past.last_ack_raw(other).zip(now.seq_raw()).is_none_or(|(ack, seq)| ack.wrapping_sub(seq) as i32 <= 0);
    if let Some((frame, nanos)) =
        waited.filter(|&(_, nanos)| nanos >= RTO_MIN_NANOS && !spurious && unconfirmed && repeats == Some(0))
    {
        let timeout = if a == b {
            say(
                &who,
                &format!("届いたって返事がこないな。{a} {}を、もう一度送るね", unit.ja),
                &format!("Nobody confirmed {} {a}, so I send it again.", unit.one),
            )
        } else {
            say(
                &who,
                &format!("届いたって返事がこないな。{a}〜{b} {}を、もう一度送るね", unit.ja),
                &format!("Nobody confirmed {} {a} to {b}, so I send them again.", unit.many),
            )
        };
        let second = Text::new(
            format!("再送タイムアウト：{} で送ってから {} の間、確認応答がない。", number(frame), span(nanos)),
            format!("Retransmission timeout: sent in {}, and no ACK for {}.", number(frame), span(nanos)),
        );
        return Some(said(Event::Again, first_fitting(vec![timeout, plain]), second));
    }
    let second = match waited {
        Some((frame, nanos)) => Text::new(
            format!("同じ番号のデータは {}（{} 前）にもあった。", number(frame), span(nanos)),
            format!("Data with the same number was in {}, {} ago.", number(frame), span(nanos)),
        ),
        None => Text::new("この番号まではもう送られている。", "Numbers up to here have been sent already."),
    };
    Some(said(Event::Again, plain, second))
}

fn pure_ack(now: &Now, row: &Row) -> bool {
    row.has(Row::ACK) && !row.has(Row::FIN | Row::SYN | Row::RST) && now.data().is_none()
}

/// The last segment of this direction said that there is no room.
fn was_full(now: &Now, dir: Dir) -> bool {
    now.past.last(dir).is_some_and(|(_, r)| r.marked(MarkKind::ZeroWindow))
}

fn window(now: &Now, row: &Row) -> Option<Said> {
    let who = now.sender();
    if row.marked(MarkKind::ZeroWindow) {
        return Some(said(
            Event::Window,
            say(&who, "受け取る場所がいっぱい。ちょっと待って", "My receive buffer is full. Please wait."),
            Text::new(
                "相手のプログラムが read しないと、空きができない。",
                "Room appears only when the program there reads.",
            ),
        ));
    }
    let full_there = was_full(now, row.dir.reverse());
    let probe = row.marked(MarkKind::ZeroWindowProbe);
    if probe || row.marked(MarkKind::KeepAlive) && full_there {
        let mut second = Text::new(
            "ゼロウィンドウプローブ：空いたという知らせがなくなっても止まらないように、ときどき聞く。",
            "Zero window probe: asked now and then, in case the word that there is room gets lost.",
        );
        if !probe {
            add(&mut second, Text::new("Wireshark では Keep-Alive と呼ばれる。", "Wireshark calls it Keep-Alive."));
        }
        return Some(said(Event::Window, say(&who, "もう空いた？", "Any room yet?"), second));
    }
    if row.marked(MarkKind::KeepAlive) {
        return Some(said(
            Event::Window,
            say(&who, "まだつながってる？", "Are we still connected?"),
            Text::new(
                "Keep-Alive：もう確認された番号をわざと送り、相手に ACK を返させる。",
                "Keep-alive: it sends a number that is confirmed already, so that the other side must answer with an ACK.",
            ),
        ));
    }
    if row.marked(MarkKind::KeepAliveAck) {
        return Some(said(
            Event::Window,
            say(&who, "うん、つながってるよ", "Yes, we are still connected."),
            Text::new("Keep-Alive への返事。データは動いていない。", "The answer to a keep-alive. No data has moved."),
        ));
    }
    if !pure_ack(now, row) {
        return None;
    }
    let win = now.window();
    if was_full(now, row.dir) && win != Some(0) {
        let large = match win {
            Some(win) => say(
                &who,
                &format!("空いたよ。あと {win} バイト受け取れるよ"),
                &format!("There is room again. I can take {win} bytes."),
            ),
            None => say(&who, "空いたよ。また受け取れるよ", "There is room again."),
        };
        let second = Text::new(
            "ウィンドウ更新：プログラムが読んだので、受信バッファに空きができた。",
            "Window update: the program has read, so there is room in the receive buffer.",
        );
        return Some(said(Event::Window, large, second));
    }
    if row.marked(MarkKind::WindowUpdate) {
        let large = match win {
            Some(win) => say(
                &who,
                &format!("受け取れる量が変わったよ。今は {win} バイトまで"),
                &format!("What I can take has changed: now up to {win} bytes."),
            ),
            None => say(&who, "受け取れる量が変わったよ", "How much I can take has changed."),
        };
        let second = Text::new("ウィンドウ更新。確認応答番号は動いていない。", "Window update. The ACK number has not moved.");
        return Some(said(Event::Window, large, second));
    }
    None
}

/// How this frame's ACK number stands to what its sender acknowledged before.
struct Acked {
    ack: i64,
    /// `None`: nothing to compare with.
    before: Option<i64>,
}

impl Acked {
    fn of(now: &Now, row: &Row) -> Option<Self> {
        if !row.has(Row::ACK) {
            return None;
        }
        let ack = now.ack()?;
        let last = now.past.last_ack_raw(row.dir);
        // Whoever has sent a SYN and no ACK yet has received nothing.
        let nothing = now.past.syn(row.dir, false).map(|_| 0);
        Some(Self { ack, before: last.and_then(|raw| now.relative_ack(raw)).or(nothing) })
    }

    fn moved(&self) -> bool {
        self.before.is_some_and(|before| self.ack > before)
    }

    /// This is the first ACK that covers this number.
    fn newly(&self, number: i64) -> bool {
        self.ack >= number && self.before.is_none_or(|before| before < number)
    }
}

fn fin(now: &Now, row: &Row) -> Said {
    let who = now.sender();
    let acked = Acked::of(now, row);
    let other_fin = now.past.fin(row.dir.reverse());
    let covers = other_fin.zip(acked.as_ref()).filter(|((_, fin), acked)| acked.ack >= *fin);
    let (large, mut second) = match covers {
        Some(((_, fin), acked)) if acked.newly(fin) && acked.before.is_some() => (
            say(&who, "わかった。こっちも、もう送るものはないよ", "Understood. I have nothing more to send either."),
            Text::new(
                "相手の FIN への ACK と自分の FIN が 1 つのセグメントに入っている：4 回ではなく 3 回で終わる。",
                "The ACK of the other's FIN and its own FIN in one segment: three steps instead of four.",
            ),
        ),
        Some(_) => (
            say(&who, "こっちも、もう送るものはないよ", "I have nothing more to send either."),
            Text::new("これで両方向が閉じられる。", "With this, both directions are being closed."),
        ),
        None => (
            say(&who, "こっちから送るものは、もうないよ", "I have nothing more to send."),
            Text::new("閉じるのは片方向だけ。相手はまだ送れる。", "This closes one direction only. The other side may still send."),
        ),
    };
    if other_fin.is_some() && covers.is_none() {
        second = Text::new(
            "相手の FIN と行き違い：両方が同時に閉じようとしている。",
            "It crosses the other side's FIN: both are closing at the same time.",
        );
    }
    if now.past.fin(row.dir).is_some() {
        add(&mut second, Text::new("同じ FIN をもう一度送っている。", "The same FIN is sent once more."));
    }
    add(&mut second, Text::new("FIN も番号を 1 つ使う。", "A FIN uses up one number too."));
    said(Event::Fin, large, second)
}

fn data(now: &Now, row: &Row) -> Option<Said> {
    let (a, b, len) = now.data()?;
    let (unit, who) = (now.unit(), now.sender());
    let large = match (a, b) {
        (..1, _) => say(&who, &format!("{len} バイト送るよ"), &format!("Here are {len} byte(s).")),
        (a, b) if a == b => {
            say(&who, &format!("1 バイト送るよ（{a} {}）", unit.ja), &format!("Here is 1 byte (number {a})."))
        }
        (a, b) => say(
            &who,
            &format!("{len} バイト送るよ（{a}〜{b} {}）", unit.ja),
            &format!("Here are {len} bytes ({a} to {b})."),
        ),
    };
    let mut second = if row.marked(MarkKind::OutOfOrder) {
        Text::new(
            format!("順番が前後して届いたデータ。次に続くのは {} 番。", b + 1),
            format!("Data out of order. The next number after it is {}.", b + 1),
        )
    } else if row.marked(MarkKind::LostSegment) {
        Text::new(
            "この前のデータが、まだ見えていない。届いても順番がそろうまでプログラムには渡らない。",
            "Data before it has not been seen. It is not handed to the program until the order is complete.",
        )
    } else {
        Text::new(
            format!("届けば、次に待たれるのは {} 番。境目はアプリケーションのメッセージと一致するとは限らない。", b + 1),
            format!("Once it arrives, {} is wanted next. Segments need not end where messages end.", b + 1),
        )
    };
    if let Some(text) = message::unknown_text(now) {
        let why = std::mem::replace(&mut second, text);
        add(&mut second, why);
    }
    Some(said(Event::Data, large, second))
}

fn ack(now: &Now, row: &Row) -> Said {
    let (who, unit) = (now.sender(), now.unit());
    let other = row.dir.reverse();
    let Some(acked) = Acked::of(now, row) else {
        let large = if row.has(Row::ACK) {
            say(&who, "待っているのは、別の番号だよ", "I wait for quite another number.")
        } else {
            Text::new(format!("{}：何も言わないセグメント（フラグなし）", who.ja), format!("{}: a segment that says nothing (no flags)", who.en))
        };
        let second = match now.ack_raw().filter(|_| row.has(Row::ACK)) {
            Some(raw) => Text::new(
                format!("確認応答番号 {raw} は、この接続で見えている番号と合わない。"),
                format!("The ACK number {raw} does not fit the numbers seen in this connection."),
            ),
            None => Text::default(),
        };
        return said(Event::Ack, large, second);
    };
    let n = acked.ack;
    if let Some(done) = handshake_ack(now, row, &acked) {
        return done;
    }
    if let Some((_, fin)) = now.past.fin(other)
        && acked.newly(fin)
    {
        return fin_ack(now, row, &who);
    }
    if row.marked(MarkKind::DuplicateAck) {
        return dup_ack(now, row, n);
    }
    if acked.moved() && n > 1 {
        let large = say(
            &who,
            &format!("{} {}まで届いたよ。次は {n} {}からね", n - 1, unit.ja, unit.ja),
            &format!("I have everything up to {} {}. Next I want {} {n}.", unit.one, n - 1, unit.one),
        );
        let second = Text::new(
            "届いた先は相手のカーネル。プログラムが読んだとは限らない。",
            "It has reached the other kernel. The program may not have read it yet.",
        );
        return said(Event::Ack, large, second);
    }
    let large = say(&who, &format!("次に待っているのは {n} {}だよ", unit.ja), &format!("The next {} I wait for is {n}.", unit.one));
    let second = match acked.before {
        Some(before) if n < before => Text::new(
            format!("もっと新しい ACK（{before}）がすでに出ている。古いものが遅れて来た。"),
            format!("A newer ACK ({before}) was there already: this older one came late."),
        ),
        Some(_) => Text::new("確認応答番号は前と同じ。", "The ACK number is the same as before."),
        None => Text::new("この向きの ACK を初めて見る。", "The first ACK seen in this direction."),
    };
    said(Event::Ack, large, second)
}

/// The third step: the first thing that the side of the SYN sends after the SYN + ACK.
fn handshake_ack(now: &Now, row: &Row, acked: &Acked) -> Option<Said> {
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

fn fin_ack(now: &Now, row: &Row, who: &Text) -> Said {
    let mine = now.past.fin(row.dir);
    let theirs = now.past.fin(row.dir.reverse());
    let state = row.states.get(row.dir.index()).copied().unwrap_or_default();
    match mine.zip(theirs) {
        None => said(
            Event::Ack,
            say_note(who, "わかった", "Understood.", "こっちは、まだ送るかも", "I may still send."),
            Text::new(
                "相手の FIN への ACK。この側の read() は 0 を返す：もう来ない、という意味。",
                "The ACK of the other's FIN. On this side read() returns 0: nothing more will come.",
            ),
        ),
        // Whoever closed first and got the other's FIN waits (RFC 9293 §3.6, TIME-WAIT).
        Some(((first, _), (second, _))) if first < second && state == TcpState::TimeWait => said(
            Event::Ack,
            say(who, "わかった。念のため、少し待ってから片づけるね", "Understood. To be safe, I wait a little before clearing up."),
            Text::new(
                "TIME_WAIT：この ACK がなくなって FIN がもう一度来ても、答えられるように待つ。",
                "TIME_WAIT: it stays, so that it can answer if this ACK is lost and the FIN comes again.",
            ),
        ),
        Some(_) => said(
            Event::Ack,
            say(who, "わかった", "Understood."),
            Text::new("相手の FIN への ACK。", "The ACK of the other's FIN."),
        ),
    }
}

fn dup_ack(now: &Now, row: &Row, n: i64) -> Said {
    let (who, unit) = (now.sender(), now.unit());
    let told = now.number("tcp.analysis.duplicate_ack_num");
    let counted = || now.ack_raw().and_then(|raw| now.past.duplicates(row.dir, raw)).map(|c| u64::from(c) + 1);
    let ja = format!("{n} {}から待ってるよ", unit.ja);
    let en = format!("I am still waiting for {} {n}.", unit.one);
    let large = match told.or_else(counted) {
        Some(count) => say(
            &who,
            &format!("{ja}（同じ返事の {count} 回目）"),
            &format!("{en} (Repeat number {count}.)"),
        ),
        None => say(&who, &ja, &en),
    };
    let second = Text::new(
        "重複 ACK：番号が抜けると、受け手は同じ番号を言い続ける。",
        "Duplicate ACK: when a number is missing, the receiver keeps naming the same one.",
    );
    said(Event::Ack, large, second)
}

/// What else is in the segment, for the second line.
fn also(now: &Now, row: &Row, spoke: Event) -> Vec<Text> {
    let mut more = Vec::new();
    if matches!(spoke, Event::Copy | Event::Rst | Event::Syn) {
        return more;
    }
    let data = now.data();
    if spoke != Event::Fin && row.has(Row::FIN) {
        more.push(Text::new(
            "FIN も付いている：これが送る最後。",
            "It carries a FIN too: this is the last it sends.",
        ));
    }
    if let Some((a, b, len)) = data.filter(|_| !matches!(spoke, Event::Data | Event::Again)) {
        more.push(Text::new(
            format!("TCP のデータ {len} バイト（{a}〜{b} {}）。", now.unit().ja),
            format!("TCP data: {len} bytes ({a} to {b})."),
        ));
    }
    let acked = Acked::of(now, row).filter(|a| a.moved() && a.ack > 1 && spoke != Event::Ack);
    if let Some(acked) = acked.filter(|_| spoke != Event::Fin) {
        let fin = now.past.fin(row.dir.reverse()).filter(|(_, fin)| acked.newly(*fin));
        more.push(match fin {
            Some(_) => Text::new("相手の FIN への ACK も付いている。", "It also acknowledges the other side's FIN."),
            None => Text::new(
                format!("ACK も付いている：{} {}まで届いた。", acked.ack - 1, now.unit().ja),
                format!("It also confirms everything up to {} {}.", now.unit().one, acked.ack - 1),
            ),
        });
    }
    if row.marked(MarkKind::WindowFull) {
        more.push(Text::new(
            "これで相手の受信ウィンドウを使い切る。",
            "With this the other side's receive window is used up.",
        ));
    }
    more
}

/// A later segment of a message that began before.
pub fn continuation(now: &Now, ja: &str, en: &str) -> Option<Text> {
    let (a, b, _) = now.data()?;
    let unit = now.unit();
    if a < 1 {
        return Some(words::say(&now.sender(), ja, &format!("{en}.")));
    }
    Some(words::say(
        &now.sender(),
        &format!("{ja}：{a}〜{b} {}", unit.ja),
        &format!("{en}: {} {a} to {b}.", unit.many),
    ))
}
