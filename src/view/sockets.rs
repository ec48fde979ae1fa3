//! The sockets of both hosts at the cursor: what the kernel said of them, what is known without it, and how to see the same
//! from outside.
//!
//! In: the model. Out: rows of words, and for each end of the present conversation its state with where it is known from. What
//! the kernel said is taken for the present only where it was asked after the frame that is now; else it is told with its time.

use super::calls;
use crate::app::Model;
use crate::flow::{Flow, FlowId, TcpState, Transport};
use crate::lang::{Text, Words, words};
use crate::timeline::Scope;
use crate::trace::kernel::{Kind, KernelSocket, Timer};
use crate::trace::{FrameId, Host, Nanos, Sockets};
use std::net::SocketAddr;

/// Rows of the table at most.
const MAX_ROWS: usize = 200;

/// The frame that is now, its conversation, and when "now" ends.
#[derive(Clone, Copy)]
pub struct Here<'a> {
    pub frame: FrameId,
    pub id: FlowId,
    pub flow: &'a Flow,
    pub at: Nanos,
    pub now: Nanos,
}

/// `None`: no frame is now, or it is of no conversation.
pub fn here(model: &Model) -> Option<Here<'_>> {
    let frame = model.current()?;
    let (id, flow) = match (model.capture.index.flow_of(frame), model.scope()) {
        (Some(found), _) => found,
        (None, Scope::Flow(id)) => (id, model.capture.index.flow(id)?),
        (None, Scope::All) => return None,
    };
    let at = model.capture.trace.frames.at(frame as usize)?;
    Some(Here { frame, id, flow, at, now: calls::now(model) })
}

/// What the kernel said last by now.
pub fn snapshot(model: &Model) -> Option<&Sockets> {
    let now = calls::now(model);
    let all = &model.capture.trace.sockets;
    all.get(all.partition_point(|s| s.at <= now).checked_sub(1)?)
}

/// A state, and how it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    pub state: TcpState,
    pub measured: bool,
}

/// The state of one end of the present TCP conversation.
pub fn state(model: &Model, here: &Here<'_>, host: Host) -> Known {
    let inferred = model.capture.index.row(here.frame).map_or(TcpState::None, |r| r.states[host.index()]);
    let (own, other) = (here.flow.ends[host.index()], here.flow.ends[1 - host.index()]);
    let fresh = snapshot(model).filter(|s| s.at > here.at);
    let socket = fresh.and_then(|s| s.list.iter().find(|k| k.kind == Kind::Tcp && k.local == own && k.peer == other));
    match socket.and_then(|k| state_of(k.state)) {
        Some(state) => Known { state, measured: true },
        None => Known { state: inferred, measured: false },
    }
}

/// The kernel's number for a state (`tcp_states.h`).
fn state_of(number: u8) -> Option<TcpState> {
    Some(match number {
        1 => TcpState::Established,
        2 => TcpState::SynSent,
        3 | 12 => TcpState::SynReceived,
        4 => TcpState::FinWait1,
        5 => TcpState::FinWait2,
        6 => TcpState::TimeWait,
        7 => TcpState::Closed,
        8 => TcpState::CloseWait,
        9 => TcpState::LastAck,
        KernelSocket::LISTEN => TcpState::Listen,
        11 => TcpState::Closing,
        _ => return None,
    })
}

/// "measured" or "inferred", with what it means.
pub fn source(measured: bool) -> (Words, Words) {
    if measured {
        (
            words("実測", "measured"),
            words("このフレームのあとにカーネルに聞いた状態です（sock_diag）。", "The kernel was asked after this frame (sock_diag)."),
        )
    } else {
        (
            words("推定", "inferred"),
            words("パケットから推定した状態です。この間カーネルには聞いていません。", "Inferred from the packets: the kernel was not asked in this moment."),
        )
    }
}

/// A column of the table.
pub struct Column {
    pub title: Words,
    pub about: Words,
    pub right: bool,
}

const fn column(title: Words, about: Words, right: bool) -> Column {
    Column { title, about, right }
}

pub static COLUMNS: [Column; 10] = [
    column(words("側", "Side"), words("どちらのプログラムのソケットか", "Whose socket it is"), false),
    column(words("fd", "fd"), words("プログラムの中での番号（ファイルディスクリプタ）", "Its number in the program (file descriptor)"), true),
    column(words("状態", "State"), words("カーネルの言う状態。ss と同じ名前", "The kernel's state, as ss names it"), false),
    column(words("自分", "Local"), words("自分のアドレスとポート", "Its own address and port"), false),
    column(words("相手", "Peer"), words("相手のアドレスとポート", "The other end's address and port"), false),
    column(
        words("Recv-Q", "Recv-Q"),
        words("届いたがまだ read されていないバイト。LISTEN では accept を待つ接続の数", "Bytes not read yet. Of LISTEN: connections that wait for accept"),
        true,
    ),
    column(
        words("Send-Q", "Send-Q"),
        words("送ったがまだ確認されていないバイト。LISTEN では待てる接続の数", "Bytes not confirmed yet. Of LISTEN: how many connections may wait"),
        true,
    ),
    column(words("タイマー", "Timer"), words("動いているタイマーと残りの時間", "The timer that runs, and the time left"), false),
    column(words("RTT", "RTT"), words("カーネルが測った往復時間（ミリ秒）", "The round-trip time that the kernel measured (ms)"), true),
    column(words("cwnd", "cwnd"), words("輻輳ウィンドウ：一度に送ってよいセグメントの数", "Congestion window: segments that may be under way"), true),
];

/// One socket in words, a cell a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub cells: [String; 10],
    /// It is one of the two of the present conversation, or listens for it.
    pub here: bool,
}

/// The table, and where it is known from.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub rows: Vec<Row>,
    pub about: Text,
    /// The kernel was asked after the frame that is now.
    pub measured: bool,
}

pub fn table(model: &Model) -> Table {
    match snapshot(model) {
        Some(seen) => measured(model, seen),
        None => inferred(model),
    }
}

fn seconds(model: &Model, at: Nanos) -> String {
    format!("{:.6}", at.since(model.capture.start()) as f64 / 1e9)
}

fn measured(model: &Model, seen: &Sockets) -> Table {
    let here = here(model);
    let rows = seen.list.iter().take(MAX_ROWS).map(|k| row(model, here.as_ref(), k)).collect();
    let at = seconds(model, seen.at);
    let old = here.as_ref().is_some_and(|h| seen.at <= h.at);
    let about = match old {
        false => Text::new(format!("実測：このフレームのあと、{at} 秒にカーネルに聞いた答え"), format!("Measured: the kernel was asked after this frame, at {at} s")),
        true => Text::new(
            format!("実測：このフレームより前、{at} 秒にカーネルに聞いた答え（そのあと変わったかもしれません）"),
            format!("Measured: the kernel was asked before this frame, at {at} s (it may have changed since)"),
        ),
    };
    Table { rows, about, measured: !old }
}

fn row(model: &Model, here: Option<&Here<'_>>, k: &KernelSocket) -> Row {
    let host = host_of(model, k);
    let listens = k.is_listening();
    let fd = fd_of(model, here, k, host);
    let timer = k.timer.map_or_else(String::new, |(timer, millis)| format!("{} {:.1} s", timer_name(timer), f64::from(millis) / 1e3));
    let info = k.info.filter(|i| i.rtt > 0);
    let peer = if k.peer.port() == 0 { "*".to_owned() } else { k.peer.to_string() };
    let [waiting, room] = [k.recv_q, k.send_q].map(|n| n.to_string());
    let cells = [
        host.map_or_else(String::new, |h| side(h).get(model.lang()).to_owned()),
        fd.map_or_else(|| "–".to_owned(), |fd| fd.to_string()),
        k.state_name().to_owned(),
        k.local.to_string(),
        peer,
        waiting,
        room,
        timer,
        info.map_or_else(String::new, |i| format!("{:.3}", f64::from(i.rtt) / 1e3)),
        k.info.map_or_else(String::new, |i| i.cwnd.to_string()),
    ];
    let ours = |f: &Flow| {
        let [a, b] = f.ends;
        (k.local, k.peer) == (a, b) || (k.local, k.peer) == (b, a) || listens && k.local.port() == b.port()
    };
    Row { cells, here: here.is_some_and(|h| ours(h.flow)) }
}

pub fn side(host: Host) -> Words {
    match host {
        Host::Client => words("クライアント", "client"),
        Host::Server => words("サーバ", "server"),
    }
}

fn timer_name(timer: Timer) -> &'static str {
    match timer {
        Timer::Retransmission => "retransmit",
        Timer::KeepAlive => "keep-alive",
        Timer::TimeWait => "TIME-WAIT",
        Timer::ZeroWindow => "probe",
        Timer::Other => "timer",
    }
}

/// Whose socket it is: who connected from there, or who listens there.
fn host_of(model: &Model, k: &KernelSocket) -> Option<Host> {
    let socket = find(model, k.local, k.peer).map(|s| s.host);
    let ends = || here(model).map(|h| h.flow.ends);
    socket.or_else(|| ends().and_then(|e| e.iter().position(|end| end.port() == k.local.port())).map(|at| Host::BOTH[at.min(1)]))
}

/// The recorded socket with these addresses, among the latest.
fn find(model: &Model, local: SocketAddr, peer: SocketAddr) -> Option<&crate::timeline::join::Socket> {
    let same = |s: &&crate::timeline::join::Socket| {
        let inet = |a: &Option<crate::trace::Addr>| a.as_ref().and_then(crate::trace::Addr::inet);
        let own = inet(&s.local).is_some_and(|a| a == local || a.port() == local.port() && (a.ip().is_unspecified() || local.ip().is_unspecified()));
        own && (peer.port() == 0 && s.parent.is_none() || inet(&s.peer) == Some(peer))
    };
    model.joins.sockets().iter().rev().take(MAX_ROWS * 4).find(same)
}

fn fd_of(model: &Model, here: Option<&Here<'_>>, k: &KernelSocket, host: Option<Host>) -> Option<i32> {
    // No program holds it any more.
    if k.inode == 0 {
        return None;
    }
    let of_flow = here.zip(host).filter(|(h, host)| {
        let [own, other] = [h.flow.ends[host.index()], h.flow.ends[1 - host.index()]];
        (k.local, k.peer) == (own, other)
    });
    let own = of_flow.and_then(|(h, host)| model.joins.socket_in(&model.capture, h.flow, host));
    own.or_else(|| find(model, k.local, k.peer)).map(|s| s.fd)
}

/// Without the kernel: the two ends of the present conversation, as far as packets and calls say.
fn inferred(model: &Model) -> Table {
    let about = match model.capture.trace.sockets.is_empty() {
        true => Text::new(
            "推定：このキャプチャではカーネルに聞いていません。パケットと呼び出しから分かることだけです",
            "Inferred: the kernel was not asked in this capture. This is what packets and calls tell",
        ),
        false => Text::new(
            "推定：この時点ではまだカーネルに聞いていません。パケットと呼び出しから分かることだけです",
            "Inferred: by now the kernel had not been asked. This is what packets and calls tell",
        ),
    };
    let mut rows = Vec::new();
    if let Some(here) = here(model) {
        for host in Host::BOTH {
            let (own, other) = (here.flow.ends[host.index()], here.flow.ends[1 - host.index()]);
            let fd = model.joins.socket_in(&model.capture, here.flow, host).map_or_else(|| "–".to_owned(), |s| s.fd.to_string());
            let state = match here.flow.transport {
                Transport::Tcp => state(model, &here, host).state.name().replace('_', "-"),
                _ => "–".to_owned(),
            };
            let none = String::new;
            let cells =
                [side(host).get(model.lang()).to_owned(), fd, state, own.to_string(), other.to_string(), none(), none(), none(), none(), none()];
            rows.push(Row { cells, here: true });
        }
    }
    Table { rows, about, measured: false }
}

/// A line for a terminal that shows the same, and what it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    pub line: String,
    pub about: Words,
}

/// For the present conversation; outside a lab they are typed as they stand.
pub fn commands(model: &Model) -> Vec<Command> {
    let port = here(model).map_or(80, |h| h.flow.ends[1].port());
    let udp = here(model).is_some_and(|h| h.flow.transport == Transport::Udp);
    let (flag, name) = if udp { ("u", "udp") } else { ("t", "tcp") };
    vec![
        Command {
            line: format!("ss -{flag}anoi '( sport = :{port} or dport = :{port} )'"),
            about: words("ソケットの一覧：状態、Recv-Q と Send-Q、タイマー、RTT、cwnd", "The sockets: state, Recv-Q and Send-Q, timer, RTT, cwnd"),
        },
        Command {
            line: "strace -f -tt -T -e trace=%network,read,write,close -p PID".to_owned(),
            about: words("プログラムの呼び出し（PID はプログラムの番号）", "A program's calls (PID is its number)"),
        },
        Command {
            line: format!("sudo tcpdump -i lo -nn -X '{name} port {port}'"),
            about: words("流れるパケット", "The packets"),
        },
    ]
}
