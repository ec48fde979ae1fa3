//! The strip of socket calls above a stack: what the program has asked its kernel to do by now.

use super::Act;
use crate::app::Model;
use crate::lang::Lang;
use crate::timeline::errors;
use crate::trace::{Call, CallResult, Host, Nanos};
use crate::view::{Anchor, Font, Ink, Rect, Scene, pt};

/// Shows the latest calls of a host, as many as fit, the one it waits in lit.
pub fn draw(scene: &mut Scene, model: &Model, act: Option<&Act<'_>>, area: Rect, host: Host) {
    let lang = model.lang();
    let Some(act) = act else { return };
    if model.capture.trace.calls.is_empty() {
        let words = lang.pick("ソケット呼び出しの記録なし", "no socket calls recorded");
        scene.text(pt(area.x, area.y + area.h / 2.0), Anchor::LeftCenter, words, Font::Small, Ink::Secondary.alpha(0.8), area.w);
        return;
    }
    let now = act.now();
    let mut x = area.right();
    // From the latest leftwards, until there is no more room; then the strip reads from left to right.
    let mut chips = Vec::new();
    for call in model.capture.calls_until(host, now).rev().filter(|c| concerns(c, act)) {
        let label = label(call, now);
        let width = label.chars().count() as f32 * 6.4 + 12.0;
        if x - width < area.x {
            break;
        }
        x -= width + 4.0;
        chips.push((call, label, width));
    }
    let mut x = area.x;
    for (at, (call, label, width)) in chips.into_iter().rev().enumerate() {
        let chip = Rect::new(x, area.y, width, area.h);
        let waits = call.at_return > now;
        let failed = matches!(call.result, CallResult::Failed { .. }) && !waits;
        let (fill, ink) = match (waits, failed) {
            (true, _) => (Ink::Accent.solid(), Ink::OnAccent.solid()),
            (_, true) => (Ink::Error.alpha(0.18), Ink::Error.solid()),
            _ => (Ink::Raised.solid(), Ink::Text.solid()),
        };
        scene.rect(chip, 4.0, fill);
        scene.text(chip.center(), Anchor::Center, label, Font::MonoSmall, ink, width);
        scene.hit_tip(chip, format!("{host:?} call {} {}", at + 1, call.text()), tip(call, lang, waits), None, None);
        x += width + 4.0;
    }
}

/// A call of another connection of the same program is not of this story.
fn concerns(call: &Call, act: &Act<'_>) -> bool {
    let Some(flow) = act.flow else { return true };
    let ports = [flow.ends[0].port(), flow.ends[1].port()];
    [&call.local, &call.peer]
        .into_iter()
        .flatten()
        .filter_map(crate::trace::Addr::port)
        .all(|p| ports.contains(&p))
}

fn label(call: &Call, now: Nanos) -> String {
    let name = call.what.name();
    match &call.result {
        _ if call.at_return > now => format!("{name} …"),
        CallResult::Failed { .. } => format!("{name} ✗"),
        CallResult::Bytes(n) => format!("{name} {n}"),
        _ => name.to_owned(),
    }
}

fn tip(call: &Call, lang: Lang, waits: bool) -> String {
    let what = format!("fd {}  {}", call.fd, call.text());
    let micros = call.at_return.since(call.at_enter) as f64 / 1000.0;
    let result = match &call.result {
        _ if waits => lang.pick("まだ戻っていません", "has not returned yet").to_owned(),
        CallResult::Done => lang.pick("成功", "done").to_owned(),
        CallResult::Bytes(n) => lang.pick(format!("{n} バイト"), format!("{n} bytes")),
        CallResult::Fd(fd) => format!("fd {fd}"),
        CallResult::Failed { text, .. } => text.clone(),
        CallResult::Cancelled => lang.pick("中止", "cancelled").to_owned(),
    };
    if waits {
        return format!("{what}\n{result}");
    }
    let mut tip = format!("{what}\n→ {result}  ({micros:.0} µs)");
    if let Some(known) = errors::of_call(call) {
        tip.push('\n');
        tip.push_str(known.text().get(lang));
        tip.extend(known.seen_in(lang).map(|seen| format!("\n{seen}")));
    }
    tip
}
