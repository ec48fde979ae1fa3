//! The stage: two hosts, their layers, and the frame that travels between them.
//!
//! ```text
//!  client  [state]                                   server  [state]
//!  calls: socket connect write …                     calls: …
//!  ┌ L7 ┐                 nested headers             ┌ L7 ┐
//!  │ …  │           [Eth][IP][TCP][ data ]           │ …  │
//!  └ L1 ┘                                            └ L1 ┘
//!     └──────────────[ frame ]──────────────────────────┘
//! ```

pub mod motion;

mod calls;
mod nested;
mod stack;
mod wire;

use super::{Anchor, Font, Ink, Rect, Scene, pt};
use crate::app::{Model, OsiView};
use crate::flow::explain::Explained;
use crate::flow::{Dir, Flow, Row, TcpState, Transport};
use crate::lang::{Words, words};
use crate::trace::{Host, Nanos};
use crate::wire::{Layer, Osi};
use motion::Place;
use std::rc::Rc;

/// What the stage shows, gathered once a picture.
pub(crate) struct Act<'a> {
    pub model: &'a Model,
    pub explained: Rc<Explained>,
    pub row: Row,
    pub flow: Option<&'a Flow>,
    /// The highest layer that takes part.
    pub top: Osi,
    pub place: Place,
}

impl Act<'_> {
    pub fn sender(&self) -> Host {
        match self.row.dir {
            Dir::ToServer => Host::Client,
            Dir::ToClient => Host::Server,
        }
    }

    /// The frame's own layer of this OSI number, with its index: the outermost one.
    pub fn layer(&self, osi: Osi) -> Option<(usize, &Layer)> {
        let own = self.explained.dissected.layers.iter().enumerate();
        own.filter(|(_, l)| l.proto != "frame").find(|(_, l)| l.osi == osi)
    }

    /// The name and address that stand above a stack.
    fn address(&self, host: Host) -> String {
        if let Some(flow) = self.flow {
            let end = flow.ends[host.index()];
            return if end.port() == 0 { end.ip().to_string() } else { end.to_string() };
        }
        let (src, dst) = ends_by_header(&self.explained);
        if host == self.sender() { src } else { dst }
    }

    /// The TCP state of a host at this moment of the frame's way.
    fn state(&self, host: Host) -> TcpState {
        let done = if host == self.sender() { self.place.sent() } else { self.place.received() };
        let index = &self.model.capture.index;
        let states = if done { self.row.states } else { index.states_before(self.explained.frame) };
        states[host.index()]
    }

    /// The time up to which calls are shown: while the frame travels its own time, at rest until the next one.
    fn now(&self) -> Nanos {
        let next = self.explained.frame as usize + 1;
        match self.model.capture.trace.frames.get(next) {
            _ if self.model.play.progress < 1.0 => self.explained.meta.at,
            Some(next) => Nanos(next.at.0 - 1),
            None => Nanos(i64::MAX),
        }
    }
}

/// Source and destination as far as some header names them.
fn ends_by_header(explained: &Explained) -> (String, String) {
    let d = &explained.dissected;
    let pairs = [
        ("arp.src.proto_ipv4", "arp.dst.proto_ipv4"),
        ("ip.src", "ip.dst"),
        ("ipv6.src", "ipv6.dst"),
        ("eth.src", "eth.dst"),
    ];
    pairs
        .iter()
        .find_map(|(src, dst)| Some((d.print(src)?, d.print(dst)?)))
        .unwrap_or_else(|| (d.print("sll.src.eth").unwrap_or_default(), String::new()))
}

/// A line of a stack: one OSI layer, or one of TCP/IP's four.
pub(crate) struct Level {
    /// "L4", or nothing where a level is several layers.
    pub tag: &'static str,
    pub name: Words,
    /// The OSI layers it covers; the first one gives colour and words.
    pub covers: &'static [Osi],
}

const OSI: [Level; 7] = [
    Level { tag: "L7", name: words("アプリケーション層", "Application"), covers: &[Osi::Application] },
    Level { tag: "L6", name: words("プレゼンテーション層", "Presentation"), covers: &[Osi::Presentation] },
    Level { tag: "L5", name: words("セッション層", "Session"), covers: &[Osi::Session] },
    Level { tag: "L4", name: words("トランスポート層", "Transport"), covers: &[Osi::Transport] },
    Level { tag: "L3", name: words("ネットワーク層", "Network"), covers: &[Osi::Network] },
    Level { tag: "L2", name: words("データリンク層", "Data link"), covers: &[Osi::DataLink] },
    Level { tag: "L1", name: words("物理層", "Physical"), covers: &[Osi::Physical] },
];

/// RFC 1122 §1.1.3.
const TCPIP: [Level; 4] = [
    Level {
        tag: "L5–7",
        name: words("アプリケーション層", "Application"),
        covers: &[Osi::Application, Osi::Presentation, Osi::Session],
    },
    Level { tag: "L4", name: words("トランスポート層", "Transport"), covers: &[Osi::Transport] },
    Level { tag: "L3", name: words("インターネット層", "Internet"), covers: &[Osi::Network] },
    Level { tag: "L1–2", name: words("リンク層", "Link"), covers: &[Osi::DataLink, Osi::Physical] },
];

pub(crate) fn levels(osi: OsiView) -> &'static [Level] {
    match osi {
        OsiView::Osi => &OSI,
        OsiView::Tcpip => &TCPIP,
    }
}

/// Where things stand; logical pixels.
pub(crate) struct Plan {
    /// The stacks of client and server, and what is between them.
    pub stacks: [Rect; 2],
    pub middle: Rect,
    /// Height of a level with its gap.
    pub pitch: f32,
    pub wire: Rect,
}

const HEAD: f32 = 46.0;
const CALLS: f32 = 30.0;
const GAP: f32 = 4.0;

impl Plan {
    pub fn new(w: f32, h: f32, levels: usize) -> Self {
        let wire_h = (h * 0.15).clamp(56.0, 96.0);
        let top = HEAD + CALLS;
        let height = (h - top - wire_h).max(40.0);
        let pitch = (height / levels as f32).min(if levels > 4 { 78.0 } else { 110.0 });
        let stack_w = (w * 0.325).clamp(150.0, 380.0);
        let used = pitch * levels as f32;
        let stacks = [Rect::new(0.0, top, stack_w, used), Rect::new(w - stack_w, top, stack_w, used)];
        let middle = Rect::new(stack_w + 14.0, top, (w - 2.0 * stack_w - 28.0).max(0.0), used);
        Self { stacks, middle, pitch, wire: Rect::new(0.0, top + used, w, (h - top - used).min(130.0)) }
    }

    /// The box of a level in a stack (0 = the highest).
    pub fn level(&self, host: Host, at: usize) -> Rect {
        let stack = self.stacks[host.index()];
        Rect::new(stack.x, stack.y + self.pitch * at as f32, stack.w, self.pitch - GAP)
    }
}

/// Draws the stage at this size.
pub fn scene(model: &Model, w: f32, h: f32) -> Scene {
    let mut scene = Scene::new(w, h);
    let levels = levels(model.prefs.osi);
    let plan = Plan::new(w, h, levels.len());
    let act = act(model);
    for host in Host::BOTH {
        head(&mut scene, model, act.as_ref(), &plan, host);
        calls::draw(&mut scene, model, act.as_ref(), Rect { y: HEAD, h: CALLS - 6.0, ..plan.stacks[host.index()] }, host);
        stack::draw(&mut scene, model, act.as_ref(), &plan, levels, host);
    }
    nested::draw(&mut scene, model, act.as_ref(), &plan, levels);
    wire::draw(&mut scene, model, act.as_ref(), &plan);
    scene
}

/// The present frame with all that the stage wants of it.
fn act(model: &Model) -> Option<Act<'_>> {
    let frame = model.current()?;
    let explained = model.explain(frame)?;
    let row = model.capture.index.row(frame)?;
    let flow = model.capture.index.flow(row.flow);
    let own = explained.dissected.layers.iter().filter(|l| l.proto != "frame");
    let top = match row.transport {
        // A quoted packet inside an ICMP message is not a layer of its own frame.
        Transport::Icmp => Osi::Network,
        _ => own.map(|l| l.osi).max().unwrap_or(Osi::Physical),
    };
    Some(Act { model, row, flow, top, place: motion::place(model.play.progress, top), explained })
}

/// A host's name, address and state.
fn head(scene: &mut Scene, model: &Model, act: Option<&Act<'_>>, plan: &Plan, host: Host) {
    let lang = model.lang();
    let stack = plan.stacks[host.index()];
    let name = match (host, act.and_then(|a| a.flow)) {
        // Without the start of the conversation nobody knows who began it.
        (_, Some(flow)) if !flow.start_seen => words("ホスト", "Host"),
        (host, None) if act.is_some_and(|a| a.sender() == host) => words("送信側", "Sender"),
        (_, None) if act.is_some() => words("受信側", "Receiver"),
        (Host::Client, _) => words("クライアント", "Client"),
        (Host::Server, _) => words("サーバ", "Server"),
    };
    let mut left = stack.w;
    if let Some(act) = act {
        let state = act.state(host);
        let (text, ink) = match (act.row.transport, state) {
            (Transport::Tcp, TcpState::None) | (Transport::Other | Transport::Arp | Transport::Icmp, _) => ("", Ink::Secondary),
            (Transport::Udp, _) => (lang.pick("UDP：状態なし", "UDP: no state"), Ink::Secondary),
            (Transport::Tcp, state) if stack.w < 225.0 => (short_state(state), state_ink(state)),
            (Transport::Tcp, state) => (state.name(), state_ink(state)),
        };
        if !text.is_empty() {
            let width = (text.chars().map(|c| if c.is_ascii() { 9.0 } else { 14.5 }).sum::<f32>() + 18.0).min(stack.w * 0.62);
            let pill = Rect::new(stack.right() - width, 4.0, width, 22.0);
            scene.rect(pill, 11.0, ink.alpha(0.18));
            scene.frame(pill, 11.0, None, 1.0, ink.alpha(0.5));
            scene.text(pill.center(), Anchor::Center, text, Font::Strong, ink.solid(), width - 10.0);
            let tip = lang.pick(
                "キャプチャから推定した TCP の状態です（RFC 9293 §3.3.2）。",
                "The TCP state, inferred from the capture (RFC 9293 §3.3.2).",
            );
            let who = lang.pick(name.ja, name.en);
            scene.hit_tip(pill, format!("{who}: {text}"), tip.to_owned(), None, None);
            left -= width + 8.0;
        }
    }
    let font = if stack.w < 290.0 { Font::Subtitle } else { Font::Heading };
    scene.text(pt(stack.x, 14.0), Anchor::LeftCenter, name.get(lang), font, Ink::Text.solid(), left);
    let address = act.map(|a| a.address(host)).unwrap_or_default();
    // An IPv6 address may need the smaller type to be whole.
    let font = if address.len() as f32 * 7.9 > stack.w { Font::MonoSmall } else { Font::Mono };
    scene.text(pt(stack.x, 27.0), Anchor::LeftTop, address, font, Ink::Secondary.solid(), stack.w);
}

/// The names of `ss`, for little room.
pub(crate) fn short_state(state: TcpState) -> &'static str {
    match state {
        TcpState::SynReceived => "SYN_RCVD",
        TcpState::Established => "ESTAB",
        TcpState::FinWait1 => "FIN_W_1",
        TcpState::FinWait2 => "FIN_W_2",
        TcpState::CloseWait => "CLOSE_W",
        TcpState::TimeWait => "TIME_W",
        other => other.name(),
    }
}

/// States are coloured by how far a connection is, never by a layer's colour.
pub(crate) fn state_ink(state: TcpState) -> Ink {
    match state {
        TcpState::Established => Ink::Ok,
        TcpState::SynSent | TcpState::SynReceived => Ink::Warn,
        _ => Ink::Secondary,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_levels_of_both_models_cover_the_seven_layers_once_and_in_order() {
        for view in [OsiView::Osi, OsiView::Tcpip] {
            let covered: Vec<_> = levels(view).iter().flat_map(|l| l.covers).copied().collect();
            let from_the_top: Vec<_> = Osi::ALL.into_iter().rev().collect();
            assert_eq!(covered, from_the_top);
        }
    }

    #[test]
    fn everything_of_the_plan_is_inside_the_scene() {
        for (w, h) in [(560.0, 360.0), (740.0, 420.0), (1380.0, 640.0), (300.0, 120.0)] {
            for levels in [4, 7] {
                let plan = Plan::new(w, h, levels);
                assert!(plan.stacks[1].right() <= w + 0.1 && plan.stacks[0].right() <= plan.stacks[1].x, "{w}x{h}");
                assert!(h < 200.0 || plan.wire.bottom() <= h + 0.1 && plan.wire.h >= 50.0, "{w}x{h}: {:?}", plan.wire);
            }
        }
    }
}
