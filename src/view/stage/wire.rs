//! The wire under the stacks, and the frame on it.

use super::motion::Place;
use super::{Act, Plan, levels};
use crate::app::{ByteRef, Model};
use crate::trace::Host;
use crate::view::{Anchor, Font, Ink, Pt, Rect, Scene, label, pt};
use crate::wire::Osi;

pub fn draw(scene: &mut Scene, model: &Model, act: Option<&Act<'_>>, plan: &Plan) {
    let lang = model.lang();
    let [left, right] = plan.stacks;
    let y = plan.wire.y + (plan.wire.h - 16.0) * 0.5;
    let ends = [pt(left.center().x, y), pt(right.center().x, y)];
    let down = [pt(ends[0].x, left.bottom() + 2.0), ends[0], ends[1], pt(ends[1].x, right.bottom() + 2.0)];
    let lit = act.is_some_and(|a| matches!(a.place, Place::Across(_)));
    scene.line(&down, 2.0, if lit { Ink::Text.solid() } else { Ink::Line.solid() });
    let Some(act) = act else { return };

    if act.explained.loopback {
        let words = lang.pick("ループバック：カーネルの中を通るだけで、物理的な線はない", "loopback: it passes through the kernel only, there is no physical line");
        scene.text(pt(plan.wire.center().x, plan.wire.bottom() - 9.0), Anchor::Center, words, Font::Small, Ink::Secondary.alpha(0.9), ends[1].x - ends[0].x);
    }
    match act.place {
        Place::Across(share) => {
            let (from, to) = if act.sender() == Host::Client { (ends[0], ends[1]) } else { (ends[1], ends[0]) };
            let share = ease(share as f32);
            let here = pt(from.x + (to.x - from.x) * share, y);
            parcel(scene, act, here, to);
        }
        Place::Down(osi, within) => token(scene, act, plan, act.sender(), osi, within, true),
        Place::Up(osi, within) => {
            let receiver = if act.sender() == Host::Client { Host::Server } else { Host::Client };
            token(scene, act, plan, receiver, osi, within, false);
        }
        Place::Arrived(_) => {
            // At rest an arrow still says who sent what to whom.
            let (from, to) = if act.sender() == Host::Client { (ends[0], ends[1]) } else { (ends[1], ends[0]) };
            parcel(scene, act, pt((from.x + to.x) / 2.0, y), to);
        }
    }
}

/// Slow at both ends.
fn ease(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}

/// The frame on the wire, with what it is and where it goes.
fn parcel(scene: &mut Scene, act: &Act<'_>, at: Pt, to: Pt) {
    let text = label::short(&act.model.capture, &act.explained);
    let width = (text.chars().map(|c| if c.is_ascii() { 7.6 } else { 14.0 }).sum::<f32>() + 22.0).clamp(56.0, 240.0);
    let rect = Rect::new(at.x - width / 2.0, at.y - 14.0, width, 28.0);
    let colour = Ink::Layer(if act.top > Osi::Transport { Osi::Application } else { act.top });
    scene.rect(rect, 5.0, colour.solid());
    scene.text(rect.center(), Anchor::Center, text.clone(), Font::Strong, Ink::OnLayer.solid(), width - 8.0);
    let forward = if to.x > at.x { 1.0 } else { -1.0 };
    let nose = at.x + forward * (width / 2.0 + 4.0);
    scene.line(&[pt(nose, at.y), pt(nose + forward * 26.0, at.y)], 2.5, colour.solid());
    scene.head(pt(nose, at.y), pt(nose + forward * 34.0, at.y), 11.0, colour.solid());
    let number = crate::trace::frame_number(act.explained.frame);
    let reference = ByteRef::frame(act.explained.frame);
    scene.hit(rect, format!("frame {number} on the wire: {text}"), Some(reference), None);
}

/// The small block that climbs or descends beside a stack.
fn token(scene: &mut Scene, act: &Act<'_>, plan: &Plan, host: Host, osi: Osi, within: f64, down: bool) {
    let levels = levels(act.model.prefs.osi);
    let Some(at) = levels.iter().position(|l| l.covers.contains(&osi)) else { return };
    let level = plan.level(host, at);
    let covers = levels.get(at).map_or(1, |l| l.covers.len()) as f32;
    let place = levels.get(at).and_then(|l| l.covers.iter().position(|&o| o == osi)).unwrap_or(0) as f32;
    let through = if down { within as f32 } else { 1.0 - within as f32 };
    let y = level.y + level.h * (place + through) / covers;
    let x = match host {
        Host::Client => level.right() + 2.0,
        Host::Server => level.x - 12.0,
    };
    scene.rect(Rect::new(x, y - 8.0, 10.0, 16.0), 2.0, Ink::Accent.solid());
}
