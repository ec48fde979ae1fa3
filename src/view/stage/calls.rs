//! The strip of socket calls above a stack: what the program has asked its kernel to do by now; the call that sent the frame, or
//! that the frame wakes, is lit.

use super::Act;
use crate::app::{Action, Model};
use crate::trace::{Call, CallId, CallResult, Host, Nanos};
use crate::view::{Anchor, Font, Ink, Rect, Scene, calls, pt};

/// Calls that are looked through for those of this conversation.
const LOOK: usize = 400;
const GAP: f32 = 4.0;

/// Shows the latest calls of a host, as many as fit, and the one that belongs to the frame however long ago it was.
pub fn draw(scene: &mut Scene, model: &Model, act: Option<&Act<'_>>, area: Rect, host: Host) {
    let lang = model.lang();
    let Some(act) = act else { return };
    let all = &model.capture.trace.calls;
    if all.is_empty() {
        let words = lang.pick("ソケット呼び出しの記録なし", "no socket calls recorded");
        scene.text(pt(area.x, area.y + area.h / 2.0), Anchor::LeftCenter, words, Font::Small, Ink::Secondary.alpha(0.8), area.w);
        return;
    }
    let now = act.now();
    let ours = |id: &CallId| all.get(*id).is_some_and(|c| c.host == host && act.flow.is_none_or(|f| calls::concerns(c, f)));
    let lit = lit(model, act, host).into_iter().filter(ours).next_back();
    let latest: Vec<_> = all.ids_until(now).rev().take(LOOK).filter(ours).collect();
    // From the latest leftwards, until there is no more room; then the strip reads from left to right.
    let mut chips = Vec::new();
    let mut room = area.w;
    let kept = lit.filter(|id| !fits(all, &latest, now, area.w).contains(id));
    if let Some(chip) = kept.and_then(|id| Chip::of(all.get(id)?, id, now)) {
        room -= chip.width + GAP + 12.0;
        chips.push(chip);
    }
    let mut rest = Vec::new();
    for chip in latest.iter().filter(|id| Some(**id) != kept).filter_map(|id| Chip::of(all.get(*id)?, *id, now)) {
        if room < chip.width {
            break;
        }
        room -= chip.width + GAP;
        rest.push(chip);
    }
    chips.extend(rest.into_iter().rev());
    let mut x = area.x;
    for (at, chip) in chips.into_iter().enumerate() {
        let width = chip.width.min(area.right() - x);
        let rect = Rect::new(x, area.y, width, area.h);
        paint(scene, &chip, rect, lit == Some(chip.id), now);
        let click = calls::may_send(chip.call).then_some(Action::GoCall(chip.id));
        scene.hit_tip(rect, calls::name(chip.call, chip.id), calls::tip(chip.call, lang, now), None, click);
        x += width + GAP;
        if at == 0 && kept.is_some() {
            scene.text(pt(x + 2.0, rect.center().y), Anchor::LeftCenter, "…", Font::Small, Ink::Secondary.solid(), 12.0);
            x += 12.0;
        }
    }
}

/// One call in the strip.
struct Chip<'a> {
    call: &'a Call,
    id: CallId,
    label: String,
    width: f32,
}

impl<'a> Chip<'a> {
    fn of(call: &'a Call, id: CallId, now: Nanos) -> Option<Self> {
        let label = label(call, now);
        let width = label.chars().map(|c| if c.is_ascii() { 6.7 } else { 9.0 }).sum::<f32>() + 12.0;
        Some(Self { call, id, label, width })
    }
}

/// The latest calls for which there is room.
fn fits(all: &crate::trace::Calls, latest: &[CallId], now: Nanos, mut room: f32) -> Vec<CallId> {
    let mut out = Vec::new();
    for chip in latest.iter().filter_map(|id| Chip::of(all.get(*id)?, *id, now)) {
        if room < chip.width {
            break;
        }
        room -= chip.width + GAP;
        out.push(chip.id);
    }
    out
}

/// The calls of this host that belong to the frame: at the sender those that sent it, at the receiver those it wakes.
fn lit(model: &Model, act: &Act<'_>, host: Host) -> Vec<CallId> {
    let Some(joined) = model.joins.of_frame(&model.capture, act.explained.frame) else { return Vec::new() };
    if act.sender() == host { joined.sent_by } else { joined.woke }
}

fn paint(scene: &mut Scene, chip: &Chip<'_>, rect: Rect, lit: bool, now: Nanos) {
    let waits = chip.call.at_return > now;
    let failed = matches!(chip.call.result, CallResult::Failed { .. }) && !waits;
    let (fill, ink) = match (lit, failed) {
        (true, false) => (Ink::Accent.solid(), Ink::OnAccent.solid()),
        (_, true) => (Ink::Error.alpha(0.18), Ink::Error.solid()),
        _ => (Ink::Raised.solid(), Ink::Text.solid()),
    };
    scene.rect(rect, 4.0, fill);
    match (waits, lit && failed) {
        // It has not returned: a dashed edge.
        (true, _) => {
            let r = rect.shrink(0.5);
            let edge = [pt(r.x, r.y), pt(r.right(), r.y), pt(r.right(), r.bottom()), pt(r.x, r.bottom()), pt(r.x, r.y)];
            scene.dashed(&edge, 1.0, if lit { Ink::OnAccent.solid() } else { Ink::Accent.solid() }, 3.0, 3.0);
        }
        (_, true) => scene.frame(rect, 4.0, None, 1.5, Ink::Error.solid()),
        _ => {}
    }
    scene.text(rect.center(), Anchor::Center, chip.label.as_str(), Font::MonoSmall, ink, (rect.w - 6.0).max(0.0));
}

fn label(call: &Call, now: Nanos) -> String {
    let program = if call.program > 0 { format!("#{} ", u32::from(call.program) + 1) } else { String::new() };
    match calls::errno_name(call) {
        _ if call.at_return > now => format!("{program}{} …", call.what.name()),
        Some(errno) => format!("{program}{} × {errno}", call.what.name()),
        None => calls::brief(call),
    }
}
