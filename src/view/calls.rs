//! Socket calls in words: what one is, what came of it, how long it waited; and why a frame was sent.
//!
//! In: a call of a run, a moment. Out: labels for little room, the words beside the pointer, and for the present frame the calls around it.

use crate::app::Model;
use crate::flow::{Flow, Row};
use crate::lang::{Lang, Text, Words, words};
use crate::timeline::{Scope, Sender, errors};
use crate::trace::{Addr, Call, CallId, CallResult, FrameId, Host, Nanos, What};

/// The end of the present: while a frame travels its own time, once it has arrived the moment before the next one. A capture
/// that nobody walks through is over.
pub fn now(model: &Model) -> Nanos {
    let trace = &model.capture.trace;
    let Some(frame) = model.current() else { return Nanos(i64::MAX) };
    match trace.frames.at(frame as usize + 1) {
        _ if model.play.progress < 1.0 => trace.frames.at(frame as usize).unwrap_or_default(),
        Some(next) => Nanos(next.0.saturating_sub(1)),
        None => Nanos(i64::MAX),
    }
}

/// A call of another connection of the same program is not of this conversation; one of a listening socket is.
pub fn concerns(call: &Call, flow: &Flow) -> bool {
    let ports = [flow.ends[0].port(), flow.ends[1].port()];
    [&call.local, &call.peer].into_iter().flatten().filter_map(Addr::port).all(|p| ports.contains(&p))
}

/// Whether the call is of what is shown.
pub fn is_shown(model: &Model, call: &Call) -> bool {
    match model.scope() {
        Scope::All => true,
        Scope::Flow(flow) => model.capture.index.flow(flow).is_none_or(|f| concerns(call, f)),
    }
}

/// Whether frames may belong to it: what only makes or names a socket sends nothing.
pub fn may_send(call: &Call) -> bool {
    matches!(
        call.what,
        What::Accept
            | What::Connect { .. }
            | What::Write { .. }
            | What::Read { .. }
            | What::Sendto { .. }
            | What::Recvfrom { .. }
            | What::Shutdown
            | What::Close
    )
}

/// "ECONNREFUSED".
pub fn errno_name(call: &Call) -> Option<&str> {
    match &call.result {
        CallResult::Failed { text, .. } => Some(text.split(':').next().unwrap_or(text)),
        _ => None,
    }
}

/// The call in one or two words: "write 82", "connect :80", "accept × EMFILE". The first of several programs has no number.
pub fn label(call: &Call) -> String {
    let name = call.what.name();
    let said = match (&call.result, &call.what) {
        (CallResult::Failed { .. }, _) => format!("{name} × {}", errno_name(call).unwrap_or_default()),
        (CallResult::Cancelled, _) => format!("{name} ×"),
        (_, What::Step { name }) => name.clone(),
        (CallResult::Bytes(n), _) => format!("{name} {n}"),
        (_, What::Bind { to } | What::Connect { to }) => match to.port() {
            Some(port) => format!("{name} :{port}"),
            None => name.to_owned(),
        },
        (CallResult::Fd(fd), _) => format!("{name} {fd}"),
        _ => name.to_owned(),
    };
    match call.program {
        0 => said,
        n => format!("#{} {said}", u32::from(n) + 1),
    }
}

/// The same for still less room: "write 82", "connect ×", "socket".
pub fn brief(call: &Call) -> String {
    let name = call.what.name();
    let said = match &call.result {
        CallResult::Failed { .. } | CallResult::Cancelled => format!("{name} ×"),
        CallResult::Bytes(n) => format!("{name} {}", rounded(*n)),
        _ => name.to_owned(),
    };
    match call.program {
        0 => said,
        n => format!("#{} {said}", u32::from(n) + 1),
    }
}

/// Bytes in at most five letters: "9999", "66k", "10M".
fn rounded(n: u64) -> String {
    match n {
        0..10_000 => n.to_string(),
        10_000..9_999_500 => format!("{}k", (n + 500) / 1_000),
        _ => format!("{}M", n.saturating_add(500_000) / 1_000_000),
    }
}

/// What a screen reader says; the number makes it one of its kind.
pub fn name(call: &Call, id: CallId) -> String {
    format!("call {}: {} {}", u64::from(id) + 1, call.who(), label(call))
}

/// "client: write(82 B) fd 5 → 82 B".
pub fn line(call: &Call, lang: Lang) -> String {
    let fd = if call.is_call() && call.fd >= 0 { format!("  fd {}", call.fd) } else { String::new() };
    format!("{} {}{fd} → {}", who(call, lang), call.text(), result(call, lang))
}

/// Who called, in words.
pub fn who(call: &Call, lang: Lang) -> String {
    let name = match call.host {
        Host::Client => lang.pick("クライアント", "client"),
        Host::Server => lang.pick("サーバ", "server"),
    };
    match call.program {
        0 => name.to_owned(),
        n => format!("{name} {}", u32::from(n) + 1),
    }
}

/// What the kernel answered, in words.
pub fn result(call: &Call, lang: Lang) -> String {
    let reads = matches!(call.what, What::Read { .. } | What::Recvfrom { .. });
    match &call.result {
        CallResult::Done => lang.pick("成功", "done").to_owned(),
        CallResult::Bytes(0) if reads => lang.pick("0 バイト（相手はもう送らない）", "0 bytes (the other side sends no more)").to_owned(),
        CallResult::Bytes(n) => format!("{n} B"),
        CallResult::Fd(fd) => format!("fd {fd}"),
        CallResult::Failed { text, .. } => format!("× {text}"),
        CallResult::Cancelled => lang.pick("待っている間に中止", "cancelled while it waited").to_owned(),
    }
}

/// How long a call took, in the unit that fits.
pub fn lasted(call: &Call) -> String {
    let nanos = call.at_return.since(call.at_enter).max(0) as f64;
    match nanos {
        n if n < 1e6 => format!("{:.0} µs", n / 1e3),
        n if n < 1e9 => format!("{:.1} ms", n / 1e6),
        n => format!("{:.2} s", n / 1e9),
    }
}

/// What the call is for, in one sentence.
pub fn purpose(what: &What) -> Words {
    match what {
        What::Socket { .. } => words("ソケットを作り、その番号（fd）をもらいます。まだ何も送りません。", "Makes a socket and gets its number (fd). Nothing is sent yet."),
        What::Setsockopt { .. } => words("ソケットの設定を変えます。", "Changes a setting of the socket."),
        What::Bind { .. } => words("ソケットに自分のアドレスとポートを付けます。", "Gives the socket its own address and port."),
        What::Listen { .. } => words("接続を待つソケットにします。ハンドシェイクはこのあとカーネルが行います。", "Makes it wait for connections. From now on the kernel does the handshakes."),
        What::Accept => words("できあがった接続を列から 1 つ受け取り、新しい fd をもらいます。", "Takes one finished connection from the queue, as a new fd."),
        What::Connect { .. } => words("接続を始めます。TCP では SYN が出ていきます。", "Begins a connection. With TCP a SYN goes out."),
        What::Write { .. } => words("バイトをカーネルに渡します。いつどのセグメントで送るかはカーネルが決めます。", "Gives bytes to the kernel, which decides when and in which segments they go."),
        What::Read { .. } => words("届いたバイトを受け取ります。まだなければ待ちます。", "Takes bytes that have arrived. If there are none it waits."),
        What::Sendto { .. } => words("データグラムを 1 つ送ります。", "Sends one datagram."),
        What::Recvfrom { .. } => words("データグラムを 1 つ受け取ります。まだなければ待ちます。", "Takes one datagram. If there is none it waits."),
        What::Shutdown => words("もう送らないと伝えます。FIN が出ていきます。受け取ることはまだできます。", "Says that it sends no more: a FIN goes out. It can still receive."),
        What::Close => words("fd を返します。まだ送っていなければ FIN が出ていきます。", "Gives the fd back. A FIN goes out if none has yet."),
        What::Pipe => words("パイプを作ります。パケットは出ません。", "Makes a pipe. No packets."),
        What::Unlink { .. } => words("ファイルの名前を消します。", "Removes a name from the file system."),
        What::Step { .. } => words("カーネルの呼び出しではなく、プログラム自身の処理です。", "No call of the kernel but a step of the program itself."),
    }
}

/// The program waited in it: the kernel said "not yet".
pub fn waited(call: &Call) -> Option<Text> {
    let n = call.waits;
    let errno = if matches!(call.what, What::Connect { .. }) { "EINPROGRESS" } else { "EAGAIN" };
    let times = if n == 1 { "once" } else { "times" };
    let count = if n == 1 { times.to_owned() } else { format!("{n} {times}") };
    (n > 0).then(|| {
        Text::new(
            format!("プログラムはここで待ちました（カーネルの「まだ」＝ {errno} が {n} 回）"),
            format!("the program waited here (the kernel said \"not yet\", {errno}, {count})"),
        )
    })
}

/// The words beside the pointer. `now`: a call that has not returned by then has no answer yet.
pub fn tip(call: &Call, lang: Lang, now: Nanos) -> String {
    let mut lines = vec![format!("{}  fd {}  {}", who(call, lang), call.fd, call.text())];
    if !call.is_call() {
        lines = vec![format!("{}  {}", who(call, lang), call.text())];
    }
    match call.at_return > now {
        true => lines.push(lang.pick("まだ戻っていません", "has not returned yet").to_owned()),
        false => lines.push(format!("→ {}  ({})", result(call, lang), lasted(call))),
    }
    lines.extend(waited(call).map(|t| t.get(lang).to_owned()));
    lines.push(purpose(&call.what).get(lang).to_owned());
    if let Some(known) = errors::of_call(call).filter(|_| call.at_return <= now) {
        lines.push(known.text().get(lang).to_owned());
        lines.extend(known.seen_in(lang));
    }
    lines.join("\n")
}

/// Why a frame that no call asked for was sent.
pub fn reason(why: Sender, row: &Row) -> Words {
    match why {
        Sender::Calls => words("プログラムの呼び出しが送りました", "sent by a call of the program"),
        Sender::Listening => {
            words("カーネルが listen 中のソケットの代わりに答えました。accept はまだ関わりません", "the kernel answered for the listening socket; accept has no part in it yet")
        }
        Sender::Acknowledging if row.has(Row::SYN) => words("カーネルが送りました", "sent by the kernel"),
        Sender::Acknowledging => words("カーネルが受信を確認しました。プログラムは何も呼んでいません", "the kernel confirms what it got; no program called anything"),
        Sender::Refusing => words("カーネルが断りました。相手のいないソケットへのセグメントです", "the kernel refused: there is no such socket, or it is closed"),
        Sender::Reporting => words("カーネルがエラーを知らせました（ICMP）", "the kernel reports an error (ICMP)"),
        Sender::Unknown => words("送った呼び出しは記録にありません", "no recorded call sent this"),
    }
}

/// The calls around one frame, in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Around {
    /// One line for little room.
    pub summary: String,
    pub sent_by: Vec<CallId>,
    pub woke: Vec<CallId>,
    /// The kernel's reason, where no call asked for the frame.
    pub reason: Option<Words>,
    /// What is worth knowing of this.
    pub notes: Vec<Words>,
}

/// `None`: the capture holds no calls, or none of this frame's conversation.
pub fn around(model: &Model, frame: FrameId) -> Option<Around> {
    let lang = model.lang();
    let calls = &model.capture.trace.calls;
    let joined = model.joins.of_frame(&model.capture, frame)?;
    let row = model.capture.index.row(frame)?;
    let list = |ids: &[CallId]| {
        let mut said: Vec<_> = ids.iter().filter_map(|id| calls.get(*id)).take(2).map(|c| format!("{} {}", who(c, lang), label(c))).collect();
        if ids.len() > said.len() {
            said.push(format!("+{}", ids.len() - said.len()));
        }
        said.join(", ")
    };
    let reason = (joined.why != Sender::Calls).then(|| reason(joined.why, &row));
    let mut parts = vec![match &reason {
        None => format!("{}{}", lang.pick("送った：", "sent by "), list(&joined.sent_by)),
        Some(words) => words.get(lang).to_owned(),
    }];
    if !joined.woke.is_empty() {
        parts.push(format!("{}{}", lang.pick("戻った：", "woke "), list(&joined.woke)));
    }
    let mut notes = Vec::new();
    let writes = |id: &&CallId| calls.get(**id).is_some_and(|c| matches!(c.what, What::Write { .. }));
    let reads = |id: &&CallId| calls.get(**id).is_some_and(|c| matches!(c.what, What::Read { .. }) && c.bytes() > 0);
    if joined.sent_by.iter().filter(writes).count() > 1 {
        notes.push(words("いくつかの write が 1 つのセグメントに：TCP にメッセージの境目はありません。", "Several writes in one segment: TCP has no message boundaries."));
    }
    if joined.woke.iter().filter(reads).count() > 1 {
        notes.push(words("1 つのセグメントをいくつかの read が受け取りました：TCP にメッセージの境目はありません。", "One segment was taken by several reads: TCP has no message boundaries."));
    }
    let larger = |id: &CallId| calls.get(*id).is_some_and(|c| matches!(c.what, What::Write { .. }) && c.bytes() > u64::from(row.payload_len));
    if row.payload_len > 0 && joined.sent_by.iter().any(larger) {
        notes.push(words("1 つの write がいくつかのセグメントに分かれて送られます。", "One write travels in several segments."));
    }
    let many = |id: &CallId| calls.get(*id).is_some_and(|c| matches!(c.what, What::Read { .. }) && c.bytes() > u64::from(row.payload_len));
    if row.payload_len > 0 && joined.woke.iter().any(many) {
        notes.push(words("この read は、いくつかのセグメントをまとめて受け取りました。", "This read took several segments at once."));
    }
    Some(Around { summary: parts.join("　"), sent_by: joined.sent_by, woke: joined.woke, reason, notes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(what: What, result: CallResult) -> Call {
        Call { at_enter: Nanos(0), at_return: Nanos(1_500_000), host: Host::Client, program: 0, fd: 5, what, result, local: None, peer: None, waits: 0 }
    }

    #[test]
    fn a_call_that_failed_says_so_with_its_errno_and_one_of_a_second_program_has_its_number() {
        let failed = CallResult::Failed { errno: 111, text: "ECONNREFUSED: Connection refused".into() };
        let to: std::net::SocketAddr = ([127, 0, 0, 1], 80).into();
        let mut c = call(What::Connect { to: to.into() }, failed);
        assert_eq!(label(&c), "connect × ECONNREFUSED");
        c.program = 1;
        assert_eq!((label(&c).as_str(), brief(&c).as_str()), ("#2 connect × ECONNREFUSED", "#2 connect ×"));
        assert!(tip(&c, Lang::En, Nanos(i64::MAX)).contains("→ × ECONNREFUSED: Connection refused  (1.5 ms)"));
    }

    #[test]
    fn a_call_that_has_not_returned_has_no_answer_and_one_that_waited_says_it() {
        let mut c = call(What::Read { up_to: 100 }, CallResult::Bytes(7));
        c.waits = 2;
        let early = tip(&c, Lang::En, Nanos(10));
        assert!(early.contains("has not returned yet") && !early.contains("7 B"), "{early}");
        assert!(tip(&c, Lang::En, Nanos(1_500_000)).contains("the program waited here"));
        assert!(tip(&c, Lang::Ja, Nanos(1_500_000)).contains("EAGAIN が 2 回"));
    }

    #[test]
    fn the_tip_of_a_call_that_failed_says_why_and_where_to_see_it() {
        let call = Call {
            at_enter: Nanos(0),
            at_return: Nanos(1000),
            host: Host::Client,
            program: 0,
            fd: 3,
            what: What::Write { bytes: 1 },
            result: CallResult::Failed { errno: 32, text: "EPIPE: Broken pipe".into() },
            local: None,
            peer: None,
            waits: 0,
        };
        let tips = [tip(&call, Lang::Ja, Nanos(1000)), tip(&call, Lang::En, Nanos(1000))];
        assert!(tips.iter().all(|t| t.contains("EPIPE") && t.contains("reset (kind=broken-pipe)") && t.contains("SIGPIPE")), "{tips:?}");
        assert!(!tip(&call, Lang::En, Nanos(999)).contains("EPIPE"), "what has not returned has not failed");
    }
}
