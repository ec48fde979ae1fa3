//! The state machine of RFC 9293 (§3.3.2, figure 5), with the way that client and server have come and where they are.
//!
//! In: the model and a size. Out: a scene. A state that the kernel was asked for is marked as measured, any other as inferred.

use super::sockets::{Here, here, source, state};
use super::{Anchor, Font, Ink, Paint, Pt, Rect, Scene, pt};
use crate::app::Model;
use crate::flow::{Row, TcpState as S, Transport};
use crate::lang::{Words, words};
use crate::trace::Host;

/// Frames of the conversation that are walked through from its beginning, and back from the cursor.
const WALK: usize = 2_000;

/// In less width the legend has two lines.
const STACKED: f32 = 440.0;

/// Where a state stands: column 0 to 2, row 0 to 6. CLOSED stands twice: at the beginning and at the end.
fn place(state: S, end: bool) -> Option<(f32, f32)> {
    Some(match state {
        S::None => return None,
        S::Closed if end => (2.0, 6.0),
        S::Closed => (1.0, 0.0),
        S::Listen => (0.0, 1.0),
        S::SynSent => (2.0, 1.0),
        S::SynReceived => (0.0, 2.0),
        S::Established => (1.0, 3.0),
        S::FinWait1 => (0.0, 4.0),
        S::CloseWait => (2.0, 4.0),
        S::FinWait2 => (0.0, 5.0),
        S::Closing => (1.0, 5.0),
        S::LastAck => (2.0, 5.0),
        S::TimeWait => (1.0, 6.0),
    })
}

/// From, to, what makes it happen and what is sent because of it.
type Edge = (S, S, &'static str);

const EDGES: [Edge; 16] = [
    (S::Closed, S::Listen, "listen()"),
    (S::Closed, S::SynSent, "connect() → SYN"),
    (S::Listen, S::SynReceived, "SYN → SYN+ACK"),
    (S::SynSent, S::SynReceived, "SYN → SYN+ACK"),
    (S::SynReceived, S::Established, "ACK"),
    (S::SynSent, S::Established, "SYN+ACK → ACK"),
    (S::Established, S::FinWait1, "close() → FIN"),
    (S::Established, S::CloseWait, "FIN → ACK"),
    (S::FinWait1, S::FinWait2, "ACK"),
    (S::FinWait1, S::Closing, "FIN → ACK"),
    (S::FinWait1, S::TimeWait, "FIN+ACK"),
    (S::FinWait2, S::TimeWait, "FIN → ACK"),
    (S::Closing, S::TimeWait, "ACK"),
    (S::CloseWait, S::LastAck, "close() → FIN"),
    (S::LastAck, S::Closed, "ACK"),
    (S::TimeWait, S::Closed, "2 MSL"),
];

/// Whether the RFC's figure leads from one state to the other.
pub fn is_edge(from: S, to: S) -> bool {
    EDGES.iter().any(|e| (e.0, e.1) == (from, to))
}

fn about(state: S) -> Words {
    match state {
        S::None | S::Closed => words("接続がありません。", "There is no connection."),
        S::Listen => words("SYN を待っています。", "It waits for a SYN."),
        S::SynSent => words("SYN を送り、返事を待っています。", "It has sent a SYN and waits for the answer."),
        S::SynReceived => words("SYN に答え、最後の ACK を待っています。", "It has answered a SYN and waits for the last ACK."),
        S::Established => words("つながっています。両側からデータを送れます。", "Connected: both sides may send data."),
        S::FinWait1 => words("FIN を送り、その確認を待っています。", "It has sent its FIN and waits for the confirmation."),
        S::FinWait2 => words("自分の FIN は確認されました。相手の FIN を待っています。", "Its FIN is confirmed. It waits for the other side's."),
        S::CloseWait => words("相手の FIN が来ました。自分のプログラムが close するのを待っています。", "The other side's FIN has come. It waits for its own program to close."),
        S::Closing => words("FIN がすれ違いました。確認を待っています。", "The FINs crossed. It waits for the confirmation."),
        S::LastAck => words("あとから FIN を送りました。最後の ACK を待っています。", "It sent the second FIN and waits for the last ACK."),
        S::TimeWait => words("最後の ACK が失われたときのために、しばらく待ちます（Linux では 60 秒）。", "It waits a while, in case the last ACK is lost (60 s on Linux)."),
    }
}

/// The states that an end has been in up to the frame that is now, in order; the last one is the present.
pub fn path(model: &Model, here: &Here<'_>, host: Host) -> Vec<S> {
    let index = &model.capture.index;
    let row = |f| index.row(f).map(|r: Row| r.states[host.index()]);
    let mut path = vec![S::Closed];
    // A server listens before it is asked.
    let first = index.states_before(here.flow.first_frame)[host.index()];
    let mut seen = vec![first];
    let early: Vec<_> = index.frames_of(here.id).take_while(|f| *f <= here.frame).take(WALK).collect();
    seen.extend(early.iter().filter_map(|f| row(*f)));
    if early.last().is_some_and(|last| *last < here.frame) {
        // What lies between was too much to walk through: in a long conversation nothing changes there.
        let from = here.frame.saturating_sub(WALK as u32);
        let late = (from..=here.frame).filter(|f| index.row(*f).is_some_and(|r| r.flow == here.id));
        seen.extend(late.filter_map(row));
    }
    for state in seen.into_iter().filter(|s| *s != S::None) {
        if path.last() != Some(&state) {
            path.push(state);
        }
    }
    let known = state(model, here, host).state;
    if path.last() != Some(&known) && known != S::None {
        path.push(known);
    }
    path
}

struct Plan {
    w: f32,
    top: f32,
    pitch: f32,
    size: Pt,
}

impl Plan {
    fn new(w: f32, h: f32) -> Self {
        let top = if w < STACKED { 54.0 } else { 44.0 };
        let height = (h * 0.062).clamp(18.0, 26.0);
        let pitch = ((h - top - height - 16.0) / 6.0).max(10.0);
        Self { w, top, pitch, size: pt((w * 0.25).clamp(56.0, 136.0), height) }
    }

    fn rect(&self, (column, row): (f32, f32)) -> Rect {
        let x = self.w * (0.17 + 0.33 * column);
        Rect::new(x - self.size.x / 2.0, self.top + self.pitch * row, self.size.x, self.size.y)
    }

    /// From the edge of one box to the edge of the other.
    fn edge(&self, from: Rect, to: Rect) -> [Pt; 2] {
        let (a, b) = (from.center(), to.center());
        if (a.x - b.x).abs() < 1.0 {
            return [pt(a.x, from.bottom()), pt(b.x, to.y)];
        }
        if (a.y - b.y).abs() < 1.0 {
            return if b.x > a.x { [pt(from.right(), a.y), pt(to.x, b.y)] } else { [pt(from.x, a.y), pt(to.right(), b.y)] };
        }
        // Downwards, from a side of the upper box towards the top of the lower.
        let sign = if b.x > a.x { 1.0 } else { -1.0 };
        [pt(a.x + sign * self.size.x * 0.32, from.bottom()), pt(b.x - sign * self.size.x * 0.32, to.y)]
    }
}

/// The colour of an end, in this drawing only.
pub fn ink(host: Host) -> Ink {
    match host {
        Host::Client => Ink::Accent,
        Host::Server => Ink::Warn,
    }
}

pub fn scene(model: &Model, w: f32, h: f32) -> Scene {
    let mut scene = Scene::new(w, h);
    let lang = model.lang();
    let title = lang.pick("TCP の状態（RFC 9293）", "TCP states (RFC 9293)");
    scene.text(pt(0.0, 9.5), Anchor::LeftCenter, title, Font::Strong, Ink::Text.solid(), w);
    let here = here(model).filter(|h| h.flow.transport == Transport::Tcp);
    if here.is_none() {
        let words = lang.pick("UDP には状態がありません。いまのフレームは TCP ではありません。", "UDP has no states; the frame that is now is not TCP.");
        let words = if model.current().is_none() { lang.pick("フレームを選ぶと、ここまでの道が出ます。", "Choose a frame to see the way so far.") } else { words };
        scene.text(pt(0.0, 27.0), Anchor::LeftCenter, words, Font::Small, Ink::Secondary.solid(), w);
    }
    let plan = Plan::new(w, h);
    let paths = here.as_ref().map(|here| Host::BOTH.map(|host| path(model, here, host))).unwrap_or_default();
    edges(&mut scene, &plan);
    for (host, path) in Host::BOTH.into_iter().zip(&paths) {
        way(&mut scene, &plan, host, path);
    }
    if let Some(here) = &here {
        legend(&mut scene, model, here, w);
    }
    let current = paths.each_ref().map(|p| p.last().copied().map(|s| (s, p.len() > 1)));
    for state in S::ALL {
        for end in [false, true] {
            if end && state != S::Closed {
                continue;
            }
            let Some(rect) = place(state, end).map(|p| plan.rect(p)) else { continue };
            let now: Vec<_> = Host::BOTH.into_iter().zip(current).filter(|(_, c)| *c == Some((state, end)) || !end && c.is_some_and(|c| c.0 == state && state != S::Closed)).map(|(h, _)| h).collect();
            node(&mut scene, model, rect, state, end, &now, paths.iter().any(|p| p.contains(&state)));
        }
    }
    scene
}

fn edges(scene: &mut Scene, plan: &Plan) {
    let both = |s: S| [place(s, false), place(s, true)];
    let nodes: Vec<_> = S::ALL.into_iter().flat_map(both).flatten().map(|p| plan.rect(p)).collect();
    let mut said: Vec<Rect> = Vec::new();
    for (from, to, label) in EDGES {
        let [Some(a), Some(b)] = [place(from, false), place(to, to == S::Closed)].map(|p| p.map(|p| plan.rect(p))) else { continue };
        let [start, goal] = plan.edge(a, b);
        let paint = Ink::Line.solid();
        scene.line(&[start, goal], 1.2, paint);
        scene.head(start, goal, 6.0, Ink::Secondary.alpha(0.7));
        let text = Ink::Secondary.alpha(0.95);
        let width = super::fit::small_width(label);
        let ground = |share: f32| {
            let middle = pt(start.x + (goal.x - start.x) * share, start.y + (goal.y - start.y) * share);
            Rect::new(middle.x - width / 2.0 - 2.0, middle.y - 6.5, width + 4.0, 13.0)
        };
        // On its line, where no state stands; where the states are too near each other it goes without.
        let apart = |a: &Rect, b: &Rect| a.right() < b.x || b.right() < a.x || a.bottom() < b.y || b.bottom() < a.y;
        let free = |r: &Rect| nodes.iter().all(|node| apart(r, node)) && said.iter().all(|other| apart(r, other));
        let shares: &[f32] = if (from, to) == (S::SynSent, S::SynReceived) { &[0.3, 0.22] } else { &[0.5, 0.58, 0.42, 0.3, 0.7] };
        if let Some(ground) = shares.iter().map(|share| ground(*share)).find(free) {
            scene.rect(ground, 2.0, Ink::Panel.alpha(0.94));
            scene.text(ground.center(), Anchor::Center, label, Font::Small, text, width + 12.0);
            said.push(ground);
        }
    }
}

/// The edges an end has taken, each in its colour and beside the other's; the server's in long strokes.
fn way(scene: &mut Scene, plan: &Plan, host: Host, path: &[S]) {
    let shift = if host == Host::Client { -2.5 } else { 2.5 };
    for (at, pair) in path.windows(2).enumerate() {
        let &[from, to] = pair else { continue };
        let last = to == S::Closed;
        let [Some(a), Some(b)] = [place(from, at > 0 && from == S::Closed), place(to, last)].map(|p| p.map(|p| plan.rect(p))) else { continue };
        let known = is_edge(from, to);
        let paint = if known { ink(host).solid() } else { Ink::Error.solid() };
        let [start, goal] = plan.edge(a, b).map(|p| pt(p.x + shift, p.y));
        // The words of the edge stay readable: the line leaves its middle free.
        let between = |share: f32| pt(start.x + (goal.x - start.x) * share, start.y + (goal.y - start.y) * share);
        for [from, to] in [[0.0, 0.28], [0.72, 1.0]].map(|part| part.map(between)) {
            match host {
                _ if !known => scene.dashed(&[from, to], 2.0, paint, 2.0, 3.0),
                Host::Client => scene.line(&[from, to], 2.2, paint),
                Host::Server => scene.dashed(&[from, to], 2.2, paint, 6.0, 2.5),
            }
        }
        scene.head(start, goal, 8.0, paint);
    }
}

fn node(scene: &mut Scene, model: &Model, rect: Rect, state: S, end: bool, now: &[Host], passed: bool) {
    let lang = model.lang();
    let fill: Paint = match now {
        [host] => ink(*host).alpha(0.22),
        [_, ..] => Ink::Ok.alpha(0.2),
        [] => Ink::Raised.solid(),
    };
    scene.rect(rect, 5.0, Ink::Panel.solid());
    scene.rect(rect, 5.0, fill);
    for (at, host) in now.iter().enumerate() {
        scene.frame(rect.shrink(-2.5 * at as f32), 5.0, None, 2.0, ink(*host).solid());
    }
    let text = if passed || !now.is_empty() { Ink::Text.solid() } else { Ink::Secondary.solid() };
    let font = if rect.w < 96.0 { Font::Small } else { Font::MonoSmall };
    let name = if rect.w < 84.0 { super::stage::short_state(state) } else { state.name() };
    scene.text(rect.center(), Anchor::Center, name, font, text, rect.w - 4.0);
    let who: Vec<_> = now.iter().map(|h| super::sockets::side(*h).get(lang)).collect();
    let here = if who.is_empty() { String::new() } else { format!(": {}", who.join(" + ")) };
    let twin = if end { " (end)" } else { "" };
    scene.hit_tip(rect, format!("state {}{twin}{here}", state.name()), format!("{}{here}\n{}", state.name(), about(state).get(lang)), None, None);
}

/// Which colour is whose, its state, and how that is known.
fn legend(scene: &mut Scene, model: &Model, here: &Here<'_>, w: f32) {
    let lang = model.lang();
    let stacked = w < STACKED;
    for host in Host::BOTH {
        let (x, y, room) = match (stacked, host) {
            (true, Host::Client) => (0.0, 24.0, w),
            (true, Host::Server) => (0.0, 38.0, w),
            _ => (w * 0.5 * host.index() as f32, 27.0, w * 0.5 - 4.0),
        };
        let known = state(model, here, host);
        let (said, tip) = source(known.measured);
        let [side, state, said] = [super::sockets::side(host).get(lang), known.state.name(), said.get(lang)];
        let words = lang.pick(format!("{side} {state}（{said}）"), format!("{side} {state} ({said})"));
        match host {
            Host::Client => scene.line(&[pt(x, y), pt(x + 18.0, y)], 2.5, ink(host).solid()),
            Host::Server => scene.dashed(&[pt(x, y), pt(x + 18.0, y)], 2.5, ink(host).solid(), 6.0, 2.5),
        }
        scene.text(pt(x + 23.0, y), Anchor::LeftCenter, words.as_str(), Font::Small, Ink::Text.solid(), room - 23.0);
        scene.hit_tip(Rect::new(x, y - 7.0, room, 14.0), words, tip.get(lang).to_owned(), None, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_states_share_a_place_and_every_edge_leads_somewhere() {
        let all: Vec<_> = S::ALL.into_iter().flat_map(|s| [place(s, false), place(s, true)]).flatten().collect();
        for (i, a) in all.iter().enumerate() {
            assert!(all.iter().skip(i + 1).filter(|b| a == *b).count() <= 1, "{a:?}");
        }
        for (from, to, label) in EDGES {
            assert!(place(from, false).is_some() && place(to, true).is_some() && label.len() > 1);
        }
    }
}
