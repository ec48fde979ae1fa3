//! The life of both sockets: made, named, listening or connecting, in use, closed; the step that is now is lit.
//!
//! In: the model and a size. Out: a scene with a column a host; what belongs together stands side by side. With recorded calls
//! the steps are those calls; without, they are inferred from packets, and the drawing says so.

use super::sockets::{Here, here, side};
use super::states::ink;
use super::{Anchor, Font, Ink, Rect, Scene, calls, pt};
use crate::app::{Action, Model};
use crate::flow::{TcpState as S, Transport};
use crate::lang::{Lang, Words, words};
use crate::timeline::join::Socket;
use crate::trace::{Call, CallId, CallResult, Host, Nanos, What};

/// Calls at the beginning and at the end of a socket's life that are looked through for a step.
const LOOK: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Future,
    /// The program is in it.
    Waits,
    Done,
    Failed,
    /// The kernel does it unasked.
    Kernel,
}

/// One step of a socket's life.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Beside which step of the other host it stands.
    pub line: usize,
    pub name: &'static str,
    pub about: Words,
    pub status: Status,
    pub call: Option<CallId>,
    /// What is to be said of it: an address, a descriptor, a count.
    pub said: String,
}

const LINES: [&str; 6] = ["socket", "bind", "listen", "open", "talk", "close"];

/// The steps of one end of the present conversation, and whether its calls are recorded.
pub fn steps(model: &Model, here: &Here<'_>, host: Host) -> (Vec<Step>, bool) {
    let socket = model.joins.socket_in(&model.capture, here.flow, host);
    let recorded = socket.is_some();
    let steps = plan(here.flow.transport, host).into_iter().map(|(line, name, about)| {
        let step = Step { line, name, about, status: Status::Future, call: None, said: String::new() };
        match socket {
            Some(socket) => by_calls(model, here, socket, step),
            None => by_packets(model, here, host, step),
        }
    });
    (steps.collect(), recorded)
}

fn plan(transport: Transport, host: Host) -> Vec<(usize, &'static str, Words)> {
    let socket = (0, "socket", words("ソケットを作る", "make a socket"));
    let close = (5, "close", words("閉じる", "close it"));
    let name = (1, "bind", words("自分のポートを決める", "take a port of its own"));
    let kernel = (1, "bind", words("ポートはカーネルが選ぶ", "the kernel picks a port"));
    match (transport, host) {
        (Transport::Udp, Host::Server) => vec![socket, name, (4, "recvfrom / sendto", words("データグラムをやりとりする", "exchange datagrams")), close],
        (Transport::Udp, Host::Client) => vec![socket, kernel, (4, "sendto / recvfrom", words("データグラムをやりとりする", "exchange datagrams")), close],
        (_, Host::Server) => vec![
            socket,
            name,
            (2, "listen", words("接続を待ち始める", "begin to wait")),
            (3, "accept", words("接続を 1 つ受け取る", "take one connection")),
            (4, "read / write", words("バイトをやりとりする", "exchange bytes")),
            close,
        ],
        (_, Host::Client) => vec![
            socket,
            kernel,
            (3, "connect", words("接続を始める", "begin the connection")),
            (4, "write / read", words("バイトをやりとりする", "exchange bytes")),
            close,
        ],
    }
}

fn is(name: &str, what: &What) -> bool {
    match name {
        "recvfrom / sendto" | "sendto / recvfrom" | "read / write" | "write / read" => {
            matches!(what, What::Read { .. } | What::Write { .. } | What::Sendto { .. } | What::Recvfrom { .. })
        }
        "close" => matches!(what, What::Close | What::Shutdown),
        name => what.name() == name,
    }
}

fn status(call: &Call, now: Nanos) -> Status {
    match &call.result {
        _ if call.at_enter > now => Status::Future,
        _ if call.at_return > now => Status::Waits,
        CallResult::Failed { .. } | CallResult::Cancelled => Status::Failed,
        _ => Status::Done,
    }
}

fn by_calls(model: &Model, here: &Here<'_>, socket: &Socket, step: Step) -> Step {
    let all = &model.capture.trace.calls;
    let get = |id: &CallId| all.get(*id).map(|c| (*id, c));
    // What was done to the listening socket belongs to the life of the one accepted from it.
    let parent = model.joins.parent(socket);
    let early = [parent, Some(socket)].into_iter().flatten().flat_map(|s| s.calls.iter().take(LOOK));
    let opened = socket.opened.and_then(|id| get(&id));
    let found = match step.name {
        "accept" | "connect" => opened,
        "close" => socket.calls.iter().rev().take(LOOK).filter_map(get).filter(|(_, c)| is("close", &c.what)).last(),
        name if step.line == 4 => {
            let began = socket.calls.partition_point(|id| all.get(*id).is_some_and(|c| c.at_return <= here.now));
            // The one under way, else the last that has returned.
            let near = socket.calls.get(began.saturating_sub(4)..(began + 4).min(socket.calls.len())).unwrap_or_default();
            let fits = near.iter().filter_map(get).filter(|(_, c)| is(name, &c.what) && c.at_enter <= here.now);
            fits.max_by_key(|(_, c)| c.at_enter)
        }
        name => early.filter_map(get).find(|(_, c)| is(name, &c.what)),
    };
    match found {
        Some((id, call)) => {
            let at = status(call, here.now);
            let said = match (&call.what, &call.result) {
                _ if matches!(at, Status::Future) => String::new(),
                (What::Bind { to } | What::Connect { to }, _) => to.to_string(),
                (What::Listen { backlog }, _) => format!("backlog {backlog}"),
                _ if matches!(at, Status::Waits) => format!("{} …", call.what.name()),
                (_, CallResult::Fd(fd)) => format!("fd {fd}"),
                _ if step.line == 4 => calls::brief(call),
                (What::Shutdown | What::Close, _) => calls::label(call),
                _ => String::new(),
            };
            let said = if at == Status::Failed { calls::label(call) } else { said };
            Step { status: at, call: Some(id), said, ..step }
        }
        None if step.name == "bind" => {
            // The kernel chose the port when it was needed.
            let known = opened.is_some_and(|(_, c)| c.at_enter <= here.now) || socket.opened.is_none();
            let said = socket.local.as_ref().filter(|_| known).map_or_else(String::new, ToString::to_string);
            Step { status: if known { Status::Kernel } else { Status::Future }, said, ..step }
        }
        None => step,
    }
}

/// What packets say of a step: who has sent a SYN has connected.
fn by_packets(model: &Model, here: &Here<'_>, host: Host, step: Step) -> Step {
    let state = super::sockets::state(model, here, host).state;
    let open = !matches!(state, S::None | S::Closed | S::Listen | S::SynSent | S::SynReceived);
    let closed = matches!(state, S::FinWait1 | S::FinWait2 | S::Closing | S::TimeWait | S::LastAck | S::Closed);
    let udp = here.flow.transport == Transport::Udp;
    let row = model.capture.index.row(here.frame);
    let talked = row.is_some_and(|r| r.payload_len > 0 || r.stream_range().start > 0);
    let status = match (step.line, host) {
        (0..=2, _) => Status::Done,
        (3, Host::Client) if matches!(state, S::SynSent | S::SynReceived) => Status::Waits,
        (3, Host::Server) if matches!(state, S::Listen | S::SynReceived) => Status::Waits,
        (3, _) if open || closed => Status::Done,
        (4, _) if udp => Status::Done,
        (4, _) if talked && (open || closed) => Status::Done,
        (5, _) if closed && !udp => Status::Done,
        _ => Status::Future,
    };
    let said = if step.line == 1 { here.flow.ends[host.index()].to_string() } else { String::new() };
    Step { status, said, ..step }
}

pub fn scene(model: &Model, w: f32, h: f32) -> Scene {
    let mut scene = Scene::new(w, h);
    let lang = model.lang();
    let title = lang.pick("ソケットの一生", "The life of the sockets");
    scene.text(pt(0.0, 9.5), Anchor::LeftCenter, title, Font::Strong, Ink::Text.solid(), w);
    let Some(here) = here(model) else {
        let words = lang.pick("フレームを選ぶと、ここに両側のソケットが出ます。", "Choose a frame to see the sockets of both sides.");
        scene.text(pt(0.0, 27.0), Anchor::LeftCenter, words, Font::Small, Ink::Secondary.solid(), w);
        return scene;
    };
    let top = 44.0;
    let pitch = ((h - top) / LINES.len() as f32).max(20.0);
    let box_h = (pitch * 0.74).clamp(18.0, 46.0);
    let gap = (w * 0.06).clamp(10.0, 28.0);
    let box_w = ((w - gap) / 2.0).max(20.0);
    for host in Host::BOTH {
        let x = (box_w + gap) * host.index() as f32;
        let (steps, recorded) = steps(model, &here, host);
        let said = if recorded { lang.pick("呼び出しの記録", "from its calls") } else { lang.pick("パケットから推定", "inferred from packets") };
        scene.text(pt(x, 27.0), Anchor::LeftCenter, format!("{}  {said}", side(host).get(lang)), Font::Small, ink(host).solid(), box_w);
        // The step that is now: the last that was begun.
        let began = |s: &Step| matches!(s.status, Status::Waits | Status::Done | Status::Failed);
        let lit = steps.iter().rposition(began);
        let mut above: Option<Rect> = None;
        for (at, step) in steps.iter().enumerate() {
            let rect = Rect::new(x, top + pitch * step.line as f32, box_w, box_h);
            if let Some(above) = above {
                let (from, to) = (pt(rect.center().x, above.bottom()), pt(rect.center().x, rect.y));
                let paint = if step.status == Status::Future { Ink::Line.solid() } else { ink(host).alpha(0.8) };
                scene.line(&[from, to], 1.5, paint);
                scene.head(from, to, 6.0, paint);
            }
            above = Some(rect);
            draw(&mut scene, lang, rect, step, host, lit == Some(at), recorded);
        }
    }
    // What the two do with each other.
    let opens = if here.flow.transport == Transport::Udp { 4 } else { 3 };
    for line in opens..=4 {
        let y = top + pitch * line as f32 + box_h / 2.0;
        scene.dashed(&[pt(box_w + 2.0, y), pt(box_w + gap - 2.0, y)], 1.5, Ink::Secondary.alpha(0.8), 3.0, 3.0);
    }
    scene
}

fn draw(scene: &mut Scene, lang: Lang, rect: Rect, step: &Step, host: Host, lit: bool, recorded: bool) {
    let fill = match step.status {
        Status::Failed => Ink::Error.alpha(0.16),
        _ if lit => ink(host).alpha(0.22),
        Status::Future => Ink::Raised.alpha(0.4),
        _ => Ink::Raised.solid(),
    };
    scene.rect(rect, 6.0, fill);
    if lit {
        scene.frame(rect, 6.0, None, 2.0, if step.status == Status::Failed { Ink::Error.solid() } else { ink(host).solid() });
    }
    if step.status == Status::Kernel || !recorded && step.status != Status::Future {
        let r = rect.shrink(0.5);
        let edge = [pt(r.x, r.y), pt(r.right(), r.y), pt(r.right(), r.bottom()), pt(r.x, r.bottom()), pt(r.x, r.y)];
        scene.dashed(&edge, 1.0, Ink::Secondary.alpha(0.7), 3.0, 3.0);
    }
    let sign = match step.status {
        Status::Future => "",
        Status::Waits => "…",
        Status::Failed => "×",
        Status::Done | Status::Kernel => "✓",
    };
    let strength = if step.status == Status::Future { 0.55 } else { 1.0 };
    let room = rect.w - 28.0;
    let two = rect.h >= 32.0;
    let y = if two { rect.center().y - 7.5 } else { rect.center().y };
    scene.text(pt(rect.x + 8.0, y), Anchor::LeftCenter, step.name, Font::Mono, Ink::Text.alpha(strength), room);
    let sign_ink = if step.status == Status::Failed { Ink::Error } else { ink(host) };
    scene.text(pt(rect.right() - 8.0, y), Anchor::RightCenter, sign, Font::Strong, sign_ink.alpha(strength), 20.0);
    let about = step.about.get(lang);
    let kernel = step.status == Status::Kernel;
    if two {
        let both = if step.said.is_empty() { about.to_owned() } else { format!("{about}  {}", step.said) };
        let fits = super::fit::small_width(&both) <= rect.w - 14.0;
        let words = if fits || step.said.is_empty() { both } else { step.said.clone() };
        scene.text(pt(rect.x + 8.0, rect.center().y + 9.0), Anchor::LeftCenter, words, Font::Small, Ink::Secondary.alpha(strength.max(0.75)), rect.w - 14.0);
    }
    let status = match step.status {
        Status::Future => lang.pick("まだ", "not yet"),
        Status::Waits => lang.pick("この中で待っています", "the program is in it"),
        Status::Done => lang.pick("済み", "done"),
        Status::Failed => lang.pick("失敗", "failed"),
        Status::Kernel => lang.pick("プログラムは呼んでいません", "no call of the program"),
    };
    let source = if recorded || kernel { "" } else { lang.pick("（パケットから推定）", " (inferred from packets)") };
    let tip = format!("{}  {}\n{about}\n{status}{source}", step.name, step.said);
    let name = format!("{} {}: {status}", host.name(), step.name);
    scene.hit_tip(rect, name, tip, None, step.call.filter(|_| step.line >= 3).map(Action::GoCall));
}
