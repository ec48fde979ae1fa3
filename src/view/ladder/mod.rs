//! The ladder: life lines of client and server, and an arrow a frame, from top to bottom in time; outside them, where a run was
//! recorded and there is room, the calls of both programs.
//!
//! Each frame has one step of the same height, so that microseconds and seconds can both be read, below a line for each call
//! since the frame before; a pause that is long for this capture is marked with its length. Only the steps in sight are computed.

mod lanes;
mod steps;

use super::stage::{short_state, state_ink};
use steps::{Step, Steps};
use super::{Anchor, Font, Ink, Paint, Rect, Scene, fit, label, pt};
use crate::app::{Action, ByteRef, Model};
use crate::flow::{Dir, Row, Severity, MarkKind, TcpState, Transport};
use crate::lang::Text;
use crate::timeline::Scope;
use crate::trace::{FrameId, frame_number};

/// Height of a step.
pub const PITCH: f32 = 38.0;
/// Height of the names above the life lines.
pub const HEAD: f32 = 44.0;
/// A pause of at least this many nanoseconds is written down.
const PAUSE_NANOS: i64 = 100_000_000;

/// Where in a step's arrow part the arrow leaves and arrives.
const LEAVES: f32 = PITCH * 0.58;
const ARRIVES: f32 = PITCH * 0.9;
/// A picture narrower than this has no lanes for the calls.
pub const WITH_CALLS: f32 = 340.0;

/// Whether the calls have their lanes at this width.
fn with_calls(model: &Model, w: f32) -> bool {
    w >= WITH_CALLS && !model.capture.trace.calls.is_empty()
}

/// The place that so many pixels of scrolling lead to, for [`Action::ScrollLadder`].
pub fn scrolled(model: &Model, w: f32, h: f32, down: f32) -> f64 {
    Steps::new(model, with_calls(model, w)).scrolled(h, down)
}

struct Lanes {
    /// The life lines.
    x: [f32; 2],
    margin: f32,
    /// How far beside its life line the name of a state stands, and how wide it may be.
    beside: f32,
    room: f32,
    w: f32,
}

impl Lanes {
    fn new(w: f32, calls: bool) -> Self {
        if calls {
            let names = (w * 0.2).clamp(68.0, 128.0);
            let margin = lanes::LANE + names;
            return Self { x: [margin, w - margin], margin, beside: 10.5, room: names - 6.0, w };
        }
        let margin = (w * 0.23).clamp(76.0, 118.0).min(w * 0.3);
        Self { x: [margin, w - margin], margin, beside: 8.0, room: margin - 10.0, w }
    }
}

pub fn scene(model: &Model, w: f32, h: f32) -> Scene {
    let mut scene = Scene::new(w, h);
    let calls = with_calls(model, w);
    let lanes = Lanes::new(w, calls);
    if calls {
        lanes::grounds(&mut scene, model, &lanes, h);
    }
    names(&mut scene, model, &lanes, w);
    let steps = Steps::new(model, calls);
    if steps.len == 0 || model.sequence.is_empty() && model.filter.is_on() {
        let words = match model.filter.is_on() && !model.capture.trace.is_empty() {
            true => super::packets::empty(model)[0].get(model.lang()),
            false => model.lang().pick("フレームが来ると、ここに矢印が並びます", "arrows appear here as frames come"),
        };
        scene.text(pt(w / 2.0, h / 2.0), Anchor::Center, words, Font::Body, Ink::Secondary.solid(), w - 16.0);
        return scene;
    }
    let sight = steps.in_sight(h);
    for one in &sight {
        match one.frame {
            Some(frame) => step(&mut scene, model, &lanes, one, frame, h),
            None => after(&mut scene, model, &lanes, one, h),
        }
    }
    if calls {
        lanes::draw(&mut scene, model, &lanes, &steps, &sight, h);
    }
    scene
}

fn names(scene: &mut Scene, model: &Model, lanes: &Lanes, w: f32) {
    let lang = model.lang();
    let index = &model.capture.index;
    let flow = match model.scope() {
        Scope::Flow(flow) => index.flow(flow),
        Scope::All if index.flows.len() == 1 => index.flows.first(),
        Scope::All => None,
    };
    // Without a conversation there is nobody who began it.
    let known = !index.flows.is_empty() && flow.is_none_or(|f| f.start_seen);
    let titles = if known { ["client", "server"] } else { ["A", "B"] };
    for (at, title) in titles.into_iter().enumerate() {
        let x = lanes.x[at];
        scene.text(pt(x, 12.0), Anchor::Center, title, Font::Strong, Ink::Text.solid(), lanes.margin * 1.7);
        let port = flow.map(|f| f.ends[at]).filter(|e| e.port() != 0).map(|e| format!(":{}", e.port()));
        scene.text(pt(x, 29.0), Anchor::Center, port.unwrap_or_default(), Font::MonoSmall, Ink::Secondary.solid(), lanes.margin * 1.8);
    }
    if w >= 260.0 {
        let title = match model.sequence.is_filtered() {
            true => lang.pick("フィルタ中", "filtered"),
            false => lang.pick("シーケンス図", "Sequence"),
        };
        scene.text(pt(w / 2.0, 12.0), Anchor::Center, title, Font::Small, Ink::Secondary.solid(), w * 0.4);
    }
    if w < WITH_CALLS && !model.capture.trace.calls.is_empty() {
        let hint = lang.pick("広げると呼び出し", "wider: calls");
        let tip = lang.pick(
            "このパネルの端を引いて広げると、両側にプログラムのソケット呼び出しが出ます。",
            "Drag the edge of this panel: wider, it shows the programs' socket calls on both sides.",
        );
        let room = lanes.x[1] - lanes.x[0] - 56.0;
        let text = Some(hint).filter(|hint| fit::small_width(hint) <= room);
        let half = text.map_or(12.0, |t| fit::small_width(t) / 2.0 + 2.0);
        match text {
            Some(text) => scene.text(pt(w / 2.0, 29.0), Anchor::Center, text, Font::Small, Ink::Accent.solid(), room),
            None => {
                let (left, right) = (pt(w / 2.0 - half, 29.0), pt(w / 2.0 + half, 29.0));
                scene.line(&[left, right], 1.5, Ink::Accent.solid());
                scene.head(right, left, 7.0, Ink::Accent.solid());
                scene.head(left, right, 7.0, Ink::Accent.solid());
            }
        }
        scene.hit_tip(Rect::new(w / 2.0 - half, 22.0, 2.0 * half, 14.0), "calls are folded", tip.to_owned(), None, None);
    }
}

/// Behind the last frame: the life lines go on.
fn after(scene: &mut Scene, model: &Model, lanes: &Lanes, step: &Step, h: f32) {
    let states = step.at.checked_sub(1).and_then(|at| model.sequence.frame(at)).and_then(|f| model.capture.index.row(f)).map(|r| r.states);
    for (end, state) in states.unwrap_or_default().into_iter().enumerate() {
        life(scene, lanes, end, step.y, (step.arrow() + 6.0).min(h), state, 1.0);
    }
}

fn step(scene: &mut Scene, model: &Model, lanes: &Lanes, step: &Step, frame: FrameId, h: f32) {
    let (at, w, y) = (step.at, lanes.w, step.arrow());
    let Some(row) = model.capture.index.row(frame) else { return };
    let Some(explained) = model.explain(frame) else { return };
    let now = model.play.at == Some(at);
    let future = model.play.at.is_some_and(|cursor| at > cursor);
    let strength = if future { 0.38 } else { 1.0 };
    let reference = ByteRef::frame(frame);
    let (from, to) = match row.dir {
        Dir::ToServer => (0, 1),
        Dir::ToClient => (1, 0),
    };
    let leaves = y + LEAVES;
    let arrives = y + ARRIVES;
    let before = model.capture.index.states_before(frame);
    for (end, state) in before.into_iter().enumerate() {
        life(scene, lanes, end, step.y, y, state, strength);
    }
    // Of a step that is scrolled halfway out only its calls are left.
    if y < HEAD - 1.0 {
        for (end, when) in [(from, leaves), (to, arrives)] {
            life(scene, lanes, end, y, when, before[end], strength);
            life(scene, lanes, end, when, y + PITCH, row.states[end], strength);
        }
        return;
    }
    let area = Rect::new(0.0, y, w, PITCH.min((h - y).max(0.0)));

    if now {
        scene.rect(area, 0.0, Ink::Selected.alpha(0.45));
        scene.rect(Rect::new(0.0, y, 3.0, area.h), 0.0, Ink::Accent.solid());
    } else if model.lit().is_some_and(|l| l.frame == frame) {
        scene.rect(area, 0.0, Ink::Selected.alpha(0.25));
    }

    for (end, when) in [(from, leaves), (to, arrives)] {
        life(scene, lanes, end, y, when, before[end], strength);
        life(scene, lanes, end, when, y + PITCH, row.states[end], strength);
        let first = at == 0 || at as f64 <= model.ladder_top.unwrap_or(0.0);
        if before[end] != row.states[end] {
            if when < h - 6.0 {
                state_name(scene, lanes, end, when, row.states[end], strength);
            }
            if first {
                state_name(scene, lanes, end, y + 8.0, before[end], strength);
            }
        }
    }
    if at > 0 {
        pause(scene, model, lanes, at, frame, y);
    }
    arrow(scene, model, lanes, &Arrow { frame, row, from, to, leaves, arrives, now, strength }, &explained);
    let number = frame_number(frame);
    let words = label::long(&model.capture, &explained);
    let seconds = model.capture.relative(frame) as f64 / 1e9;
    let tip = format!("#{number}  {seconds:.6} s\n{words}");
    scene.hit_tip(area, format!("arrow {number}: {words}"), tip, Some(reference), Some(Action::Go(frame)));
}

/// A piece of a life line, coloured by the state of that end.
fn life(scene: &mut Scene, lanes: &Lanes, end: usize, from: f32, to: f32, state: TcpState, strength: f32) {
    let paint = match state {
        TcpState::None | TcpState::Closed => Ink::Line.alpha(strength),
        state => state_ink(state).alpha(0.65 * strength),
    };
    let from = from.max(HEAD);
    if to > from {
        scene.rect(Rect::new(lanes.x[end] - 4.0, from, 8.0, to - from), 0.0, paint);
    }
}

fn state_name(scene: &mut Scene, lanes: &Lanes, end: usize, y: f32, state: TcpState, strength: f32) {
    let long = fit::small_width(state.name()) * 1.12 <= lanes.room;
    let name = if long { state.name() } else { short_state(state) };
    let paint = state_ink(state).alpha(strength);
    let (x, anchor) = if end == 0 { (lanes.x[0] - lanes.beside, Anchor::RightCenter) } else { (lanes.x[1] + lanes.beside, Anchor::LeftCenter) };
    scene.text(pt(x, y), anchor, name, Font::Small, paint, lanes.room);
}

/// How much later, in the unit that fits.
fn later(nanos: i64) -> Text {
    let seconds = nanos as f64 / 1e9;
    let (n, ja, en) = match seconds {
        s if s < 60.0 => return Text::new(format!("{s:.2} 秒あと"), format!("{s:.2} s later")),
        s if s < 3600.0 => (s / 60.0, "分あと", "min later"),
        s if s < 86_400.0 => (s / 3600.0, "時間あと", "h later"),
        s => (s / 86_400.0, "日あと", "days later"),
    };
    Text::new(format!("{n:.1} {ja}"), format!("{n:.1} {en}"))
}

/// Frames of the capture between these two that the filter leaves out.
fn left_out(model: &Model, earlier: FrameId, here: FrameId) -> Option<Text> {
    let n = here.saturating_sub(earlier).saturating_sub(1);
    let some = model.sequence.is_filtered() && model.scope() == Scope::All && n > 0;
    let s = if n == 1 { "" } else { "s" };
    some.then(|| Text::new(format!("{n} フレーム省略"), format!("{n} frame{s} left out")))
}

/// A pause before this frame that is worth a word, and what the filter leaves out there.
fn pause(scene: &mut Scene, model: &Model, lanes: &Lanes, at: usize, frame: FrameId, y: f32) {
    let trace = &model.capture.trace;
    let Some(before) = model.sequence.frame(at - 1) else { return };
    let (Some(earlier), Some(here)) = (trace.meta(before), trace.meta(frame)) else { return };
    let nanos = here.at.since(earlier.at);
    let left_out = left_out(model, before, frame);
    if nanos < PAUSE_NANOS && left_out.is_none() {
        return;
    }
    let pause = (nanos >= PAUSE_NANOS).then(|| later(nanos));
    let words: Vec<&str> = [&pause, &left_out].into_iter().flatten().map(|t| t.get(model.lang())).collect();
    let words = words.join(" · ");
    let half = (fit::small_width(&words) / 2.0 + 6.0).clamp(42.0, ((lanes.x[1] - lanes.x[0]) / 2.0 - 8.0).max(42.0));
    let middle = f32::midpoint(lanes.x[0], lanes.x[1]);
    if pause.is_none() {
        scene.text(pt(middle, y), Anchor::Center, words, Font::Small, Ink::Secondary.alpha(0.8), 2.0 * half);
        return;
    }
    for x in lanes.x {
        scene.rect(Rect::new(x - 5.0, y - 2.0, 10.0, 4.0), 0.0, Ink::Panel.solid());
        scene.line(&[pt(x - 7.0, y + 3.0), pt(x + 7.0, y - 1.0)], 1.0, Ink::Secondary.solid());
        scene.line(&[pt(x - 7.0, y + 1.0 - 4.0 + 2.0), pt(x + 7.0, y - 5.0)], 1.0, Ink::Secondary.solid());
    }
    scene.dashed(&[pt(lanes.x[0] + 8.0, y), pt(middle - half, y)], 1.0, Ink::Line.solid(), 2.0, 4.0);
    scene.dashed(&[pt(middle + half, y), pt(lanes.x[1] - 8.0, y)], 1.0, Ink::Line.solid(), 2.0, 4.0);
    scene.text(pt(middle, y), Anchor::Center, words, Font::Small, Ink::Secondary.solid(), 2.0 * half);
}

struct Arrow {
    frame: FrameId,
    row: Row,
    from: usize,
    to: usize,
    leaves: f32,
    arrives: f32,
    now: bool,
    strength: f32,
}

fn arrow(scene: &mut Scene, model: &Model, lanes: &Lanes, arrow: &Arrow, explained: &crate::flow::explain::Explained) {
    let inset = 5.0;
    let sign = if arrow.to > arrow.from { 1.0 } else { -1.0 };
    let start = pt(lanes.x[arrow.from] + sign * inset, arrow.leaves);
    let goal = pt(lanes.x[arrow.to] - sign * inset, arrow.arrives);
    let share = if arrow.now { model.play.progress as f32 } else { 1.0 };
    let tip = pt(start.x + (goal.x - start.x) * share, start.y + (goal.y - start.y) * share);
    let (paint, text) = paints(model, arrow);
    let width = if arrow.now { 2.5 } else { 1.6 };
    if arrow.now && share < 1.0 {
        scene.dashed(&[start, goal], 1.0, Ink::Line.solid(), 3.0, 4.0);
    }
    // Direction has a dash pattern as well as a head: what the server sends is drawn in long strokes.
    match arrow.row.dir {
        Dir::ToServer => scene.line(&[start, tip], width, paint),
        Dir::ToClient => scene.dashed(&[start, tip], width, paint, 9.0, 3.0),
    }
    scene.head(start, tip, 9.0, paint);
    if arrow.row.has(Row::RST) && arrow.row.transport == Transport::Tcp {
        let cross = 4.0;
        scene.line(&[pt(goal.x - cross, goal.y - cross), pt(goal.x + cross, goal.y + cross)], 2.0, Ink::Error.alpha(arrow.strength));
        scene.line(&[pt(goal.x - cross, goal.y + cross), pt(goal.x + cross, goal.y - cross)], 2.0, Ink::Error.alpha(arrow.strength));
    }
    let several = model.scope() == Scope::All && model.capture.index.flows.len() > 1;
    let tag = model.capture.index.flow(arrow.row.flow).filter(|_| several).map(|_| format!("[{}] ", arrow.row.flow));
    let words = format!("{}{}", tag.unwrap_or_default(), label::long(&model.capture, explained));
    let middle = f32::midpoint(lanes.x[0], lanes.x[1]);
    let room = lanes.x[1] - lanes.x[0] - 12.0;
    // A FIN acknowledges as well; the number alone says so.
    let words = if arrow.row.has(Row::FIN) && fit::small_width(&words) > room { words.replacen(", ACK seq=", " seq=", 1) } else { words };
    scene.text(pt(middle, arrow.leaves - 6.0), Anchor::Center, words, Font::Small, text, room);
}

/// Colour of an arrow and of its words: the layer that speaks; a bad mark overrides it.
fn paints(model: &Model, arrow: &Arrow) -> (Paint, Paint) {
    let worst = MarkKind::ALL.iter().filter(|k| arrow.row.marked(**k)).map(|k| k.severity()).max();
    let text = if arrow.now { Ink::Text.solid() } else { Ink::Secondary.alpha(arrow.strength) };
    let reset = arrow.row.transport == Transport::Tcp && arrow.row.has(Row::RST);
    let ink = match worst {
        _ if reset => Ink::Error,
        Some(Severity::Warn | Severity::Note) => Ink::Warn,
        _ => Ink::Layer(label::colour(&model.capture, arrow.frame)),
    };
    (ink.alpha(if arrow.now { 1.0 } else { 0.85 * arrow.strength }), text)
}
