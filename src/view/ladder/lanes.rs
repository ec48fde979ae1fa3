//! The two outer lanes of the ladder: what the programs call, beside the frames that their calls send and that wake them.
//!
//! In: the steps in sight. Out: a bar from each call's entry to its return, its name where it began, and thin lines: from a call to the
//! arrows it sent, from an arrow to the call that returned because of it. What a call waits in is hollow, what failed is marked.

use super::steps::{LANES, ROW, Step, Steps, return_y};
use super::{ARRIVES, HEAD, LEAVES, Lanes};
use crate::app::{Action, Model};
use crate::trace::{Call, CallId, Host, Nanos, What};
use crate::view::{Anchor, Font, Ink, Pt, Rect, Scene, calls, pt};
use crate::wire::Osi;
use std::collections::HashMap;

/// Columns of bars: one for `accept`, two for what waits, one for what does not.
const COLUMNS: usize = 4;
const COLUMN: f32 = 6.0;
const BAR: f32 = 5.0;
/// Width of a lane, from the edge of the picture to its calls' names.
pub const LANE: f32 = 4.0 + COLUMN * COLUMNS as f32;
/// How far beside a life line the lines to the calls run.
const RAIL: f32 = 7.5;
/// About the width of a letter in the type of the names.
const LETTER: f32 = 6.65;

/// Where a call stands.
struct Bar<'a> {
    call: &'a Call,
    /// Its line; `None`: it began above what is in sight.
    row: Option<f32>,
    top: f32,
    bottom: f32,
    /// It goes on below what is in sight.
    open: bool,
}

impl Bar<'_> {
    fn column(&self) -> usize {
        let of = usize::from(self.call.program) + self.call.fd.unsigned_abs() as usize;
        match self.call.what {
            What::Accept => 0,
            What::Read { .. } | What::Recvfrom { .. } => 1 + of % 2,
            _ => COLUMNS - 1,
        }
    }

    fn rect(&self, lanes: &Lanes) -> Rect {
        let inside = 3.0 + COLUMN * self.column() as f32;
        let x = match self.call.host {
            Host::Client => inside,
            Host::Server => lanes.w - inside - BAR,
        };
        Rect::new(x, self.top, BAR, (self.bottom - self.top).max(3.0))
    }
}

/// Ground and titles of the lanes.
pub fn grounds(scene: &mut Scene, model: &Model, lanes: &Lanes, h: f32) {
    for host in LANES {
        let x = if host == Host::Client { 0.0 } else { lanes.w - LANE };
        scene.rect(Rect::new(x, HEAD - 4.0, LANE, h - HEAD + 4.0), 4.0, Ink::Raised.alpha(0.5));
        let (at, anchor) = if host == Host::Client { (2.0, Anchor::LeftCenter) } else { (lanes.w - 2.0, Anchor::RightCenter) };
        let words = model.lang().pick("プログラム", "program");
        scene.text(pt(at, 12.0), anchor, words, Font::Small, Ink::Secondary.solid(), lanes.margin - 26.0);
        let room = Rect::new(if host == Host::Client { 0.0 } else { lanes.w - lanes.margin + 26.0 }, 2.0, lanes.margin - 26.0, 20.0);
        let tip = model.lang().pick(
            "プログラムのソケット呼び出しです。棒は呼んでから戻るまで、中が白い棒は待っている間です。\n細い線は、呼び出しが送ったフレームと、呼び出しを戻らせたフレームにつながります。",
            "The program's socket calls. A bar lasts from the call to its return; a hollow one is a wait.\nThin lines lead to the frames a call sent, and from the frames that made it return.",
        );
        scene.hit_tip(room, format!("{} program", host.name()), tip.to_owned(), None, None);
    }
}

/// Bars, names and lines of the calls in sight.
pub fn draw(scene: &mut Scene, model: &Model, lanes: &Lanes, steps: &Steps<'_>, sight: &[Step], h: f32) {
    let bars = bars(model, steps, sight, h);
    let now = calls::now(model);
    let joined = model.current().and_then(|f| model.joins.of_frame(&model.capture, f));
    let lit = |id: CallId| joined.as_ref().is_some_and(|j| j.has(id));
    for step in sight {
        lines(scene, model, lanes, step, &bars, h);
    }
    let mut order: Vec<_> = bars.iter().collect();
    order.sort_by_key(|(id, _)| **id);
    for (id, bar) in &order {
        paint(scene, lanes, bar, lit(**id), strength(bar.call, now));
        let click = calls::may_send(bar.call).then_some(Action::GoCall(**id));
        let mut rect = bar.rect(lanes);
        rect.y = rect.y.max(HEAD);
        rect.h = (bar.bottom - rect.y).max(3.0);
        let tip = calls::tip(bar.call, model.lang(), now);
        // The name is pointed at as well; where there is one it is the place.
        match bar.row.filter(|y| *y >= HEAD - 1.0) {
            Some(y) => named(scene, lanes, bar, y, (lit(**id), strength(bar.call, now)), (calls::name(bar.call, **id), tip, click)),
            None => scene.hit_tip(rect, calls::name(bar.call, **id), tip, None, click),
        }
    }
    for step in sight.iter().filter(|s| s.gap.more > 0) {
        let words = model.lang().pick(format!("ほかに {} 回の呼び出し", step.gap.more), format!("{} more calls", step.gap.more));
        let y = step.row(step.gap.rows.len()) + ROW / 2.0;
        scene.text(pt(lanes.w / 2.0, y), Anchor::Center, words, Font::Small, Ink::Secondary.solid(), lanes.w * 0.5);
    }
}

fn strength(call: &Call, now: Nanos) -> f32 {
    if call.at_enter > now { 0.38 } else { 1.0 }
}

fn bars<'a>(model: &'a Model, steps: &Steps<'_>, sight: &[Step], h: f32) -> HashMap<CallId, Bar<'a>> {
    let all = &model.capture.trace.calls;
    let mut bars = HashMap::new();
    let mut add = |id: CallId, row: Option<f32>| {
        let Some(call) = all.get(id) else { return };
        let end = return_y(sight, call, all);
        let top = row.map_or(HEAD, |y| y + 1.5);
        // What returns at once is as high as its line.
        let least = row.map_or(HEAD, |y| y + ROW - 1.5);
        let bottom = end.unwrap_or(h).max(least).min(h);
        bars.insert(id, Bar { call, row, top: top.max(HEAD), bottom, open: end.is_none_or(|y| y > h) });
    };
    for id in steps.lasting(sight) {
        add(id, None);
    }
    for step in sight {
        for (at, row) in step.gap.rows.iter().enumerate() {
            for id in row.iter().flatten() {
                add(*id, Some(step.row(at)));
            }
        }
    }
    // Of a step that is scrolled halfway out, what has gone is not drawn above the names.
    bars.retain(|_, bar| bar.bottom > HEAD);
    bars
}

fn ink(call: &Call) -> Ink {
    match &call.what {
        _ if calls::errno_name(call).is_some() => Ink::Error,
        What::Step { .. } => Ink::Layer(Osi::Application),
        _ => Ink::Secondary,
    }
}

fn paint(scene: &mut Scene, lanes: &Lanes, bar: &Bar<'_>, lit: bool, strength: f32) {
    let rect = bar.rect(lanes);
    let ink = match ink(bar.call) {
        Ink::Secondary if lit => Ink::Accent,
        ink => ink,
    };
    if bar.call.waits > 0 {
        scene.frame(rect, 1.5, Some(ink.alpha(0.14 * strength)), 1.0, ink.alpha(if lit { 1.0 } else { 0.8 * strength }));
        let x = rect.center().x;
        if rect.h > 10.0 {
            scene.dashed(&[pt(x, rect.y + 3.0), pt(x, rect.bottom() - 3.0)], 1.0, ink.alpha(0.8 * strength), 2.0, 4.0);
        }
    } else {
        scene.rect(rect, 1.5, ink.alpha(if lit { 1.0 } else { 0.75 * strength }));
    }
    // The return: a foot.
    if !bar.open && bar.row.is_some_and(|y| bar.bottom > y + ROW) {
        scene.rect(Rect::new(rect.x - 0.5, rect.bottom() - 2.0, BAR + 1.0, 2.0), 0.0, ink.alpha(strength));
    }
}

/// What is said of a call where there is this much room.
fn said(call: &Call, room: f32) -> (String, f32) {
    let fits = |text: &String| text.chars().count() as f32 * LETTER <= room;
    let text = [calls::label(call), calls::brief(call)].into_iter().find(fits);
    let bare = || if call.errno().is_some() { calls::brief(call) } else { call.what.name().to_owned() };
    let text = text.unwrap_or_else(bare);
    let width = (text.chars().count() as f32 * LETTER).min(room);
    (text, width)
}

fn name_room(lanes: &Lanes) -> f32 {
    lanes.margin - LANE - RAIL - 4.5
}

fn named(scene: &mut Scene, lanes: &Lanes, bar: &Bar<'_>, y: f32, (lit, strength): (bool, f32), hit: (String, String, Option<Action>)) {
    let room = name_room(lanes);
    let (text, _) = said(bar.call, room);
    let (x, anchor, left) = match bar.call.host {
        Host::Client => (LANE + 3.0, Anchor::LeftCenter, 0.0),
        Host::Server => (lanes.w - LANE - 3.0, Anchor::RightCenter, lanes.w - LANE - 3.0 - room),
    };
    let paint = match ink(bar.call) {
        Ink::Error => Ink::Error.alpha(strength),
        Ink::Layer(osi) => Ink::Layer(osi).alpha(strength),
        _ if lit => Ink::Accent.solid(),
        _ => Ink::Text.alpha(0.9 * strength),
    };
    scene.text(pt(x, y + ROW / 2.0), anchor, text, Font::MonoSmall, paint, room);
    let (name, tip, click) = hit;
    scene.hit_tip(Rect::new(left, y, LANE + 3.0 + room, ROW), name, tip, None, click);
}

/// From the calls that sent a step's frame to its arrow, and from the arrow to the calls that it woke.
fn lines(scene: &mut Scene, model: &Model, lanes: &Lanes, step: &Step, bars: &HashMap<CallId, Bar<'_>>, h: f32) {
    let Some(frame) = step.frame else { return };
    let (Some(row), Some(joined)) = (model.capture.index.row(frame), model.joins.of_frame(&model.capture, frame)) else { return };
    let is_now = model.current() == Some(frame);
    let future = model.play.at.is_some_and(|cursor| step.at > cursor);
    let (width, paint) = match (is_now, future) {
        (true, _) => (1.5, Ink::Accent.solid()),
        (_, true) => (1.0, Ink::Secondary.alpha(0.25)),
        _ => (1.0, Ink::Secondary.alpha(0.6)),
    };
    let (leaves, arrives) = (step.arrow() + LEAVES, step.arrow() + ARRIVES);
    let mut line = |points: &[Pt]| {
        let points: Vec<_> = points.iter().map(|p| pt(p.x, p.y.clamp(HEAD, h))).collect();
        scene.line(&points, width, paint);
    };
    let mut heads = Vec::new();
    for bar in joined.sent_by.iter().filter_map(|id| bars.get(id)) {
        let host = bar.call.host;
        let (rail, life) = (lanes.rail(host), lanes.x[host.index()]);
        match bar.row {
            Some(y) => {
                let (_, name) = said(bar.call, name_room(lanes));
                let end = lanes.inward(host, LANE + 3.0 + name + 2.0);
                line(&[pt(end, y + ROW / 2.0), pt(rail, y + ROW / 2.0), pt(rail, leaves), pt(life, leaves)]);
            }
            None => line(&[pt(rail, HEAD), pt(rail, leaves), pt(life, leaves)]),
        }
    }
    for bar in joined.woke.iter().filter_map(|id| bars.get(id)) {
        let host = bar.call.host;
        // A frame that this host sent itself does not wake it.
        if (row.dir.index() == 0) == (host == Host::Client) {
            continue;
        }
        let (rail, life) = (lanes.rail(host), lanes.x[host.index()]);
        if bar.open {
            line(&[pt(life, arrives), pt(rail, arrives), pt(rail, h)]);
            continue;
        }
        let (_, name) = said(bar.call, name_room(lanes));
        // What returned at once is met at its name: lines do not cross the names below.
        let (y, inside) = match bar.row.filter(|y| bar.bottom < y + ROW + 1.0) {
            Some(y) => (y + ROW / 2.0, LANE + 3.0 + name + 1.0),
            None => (bar.bottom - 1.0, 3.0 + COLUMN * bar.column() as f32 + BAR + 1.0),
        };
        let inside = lanes.inward(host, inside);
        line(&[pt(life, arrives), pt(rail, arrives), pt(rail, y), pt(inside, y)]);
        heads.push((pt(rail, y), pt(inside, y)));
    }
    for (from, to) in heads.into_iter().filter(|(_, to)| to.y < h) {
        scene.head(from, to, 6.0, paint);
    }
}

impl Lanes {
    /// The same distance from this host's edge of the picture.
    pub fn inward(&self, host: Host, x: f32) -> f32 {
        if host == Host::Client { x } else { self.w - x }
    }

    fn rail(&self, host: Host) -> f32 {
        self.inward(host, self.margin - RAIL)
    }
}
