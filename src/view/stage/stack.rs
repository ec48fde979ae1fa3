//! One host's stack of layers: what each does with the present frame, and which one it is in.

use super::motion::Phase;
use super::{Act, Level, Plan};
use crate::app::{ByteRef, Model};
use crate::trace::Host;
use crate::view::deed::{Side, deed};
use crate::view::{Anchor, Font, Ink, Rect, Scene, fit, pt};
use crate::wire::Osi;

pub fn draw(scene: &mut Scene, model: &Model, act: Option<&Act<'_>>, plan: &Plan, levels: &[Level], host: Host) {
    for (at, level) in levels.iter().enumerate() {
        one(scene, model, act, plan.level(host, at), level, host);
    }
}

/// The phase of a level: the liveliest of its layers'.
fn phase(act: &Act<'_>, level: &Level, sending: bool) -> Phase {
    let of = |layer: &Osi| match sending {
        true => act.place.at_sender(*layer, act.top),
        false => act.place.at_receiver(*layer, act.top),
    };
    let mut all = level.covers.iter().map(of);
    let mut best = Phase::Untouched;
    for phase in all.by_ref() {
        match (phase, best) {
            (Phase::Now, _) => return Phase::Now,
            (Phase::Passed, Phase::Untouched) => best = Phase::Passed,
            _ => {}
        }
    }
    best
}

fn one(scene: &mut Scene, model: &Model, act: Option<&Act<'_>>, area: Rect, level: &Level, host: Host) {
    let lang = model.lang();
    let Some(&osi) = level.covers.first() else { return };
    let sending = act.is_some_and(|a| a.sender() == host);
    let phase = act.map_or(Phase::Untouched, |a| phase(a, level, sending));
    let layer = act.and_then(|a| level.covers.iter().find_map(|&o| a.layer(o)));
    let reference = act.zip(layer).map(|(a, (at, l))| ByteRef { frame: a.explained.frame, buffer: l.buffer, span: l.header, layer: Some(at) });
    let lit = model.lit().zip(reference).is_some_and(|(lit, own)| {
        lit.frame == own.frame && !lit.span.is_empty() && (lit.layer == own.layer || (lit.buffer == own.buffer && lit.span.overlaps(own.span)))
    });
    let colour = Ink::Layer(osi);
    let strength = if phase == Phase::Untouched { 0.42 } else { 1.0 };

    scene.rect(area, 6.0, if phase == Phase::Now { colour.alpha(0.18) } else { Ink::Raised.alpha(0.45 + 0.4 * strength) });
    scene.rect(Rect::new(area.x, area.y, 5.0, area.h), 2.0, colour.alpha(strength));
    if phase == Phase::Now {
        scene.frame(area, 6.0, None, 1.5, colour.solid());
    }
    if lit {
        scene.frame(area.shrink(1.0), 6.0, None, 2.0, Ink::Accent.solid());
    }

    let tag_w = if level.tag.len() > 2 { 50.0 } else { 34.0 };
    let text_x = area.x + 12.0 + tag_w;
    let room = area.right() - text_x - 8.0;
    let words = words(act, osi, sending, phase, lang);
    let two_lines = area.h >= 26.5;
    let title = level.name.get(lang);
    let brief = fit::parts(&words, room);
    scene.text(pt(area.x + 14.0, area.center().y), Anchor::LeftCenter, level.tag, Font::Strong, colour.alpha(strength), tag_w);
    if two_lines {
        let middle = area.center().y;
        scene.text(pt(text_x, middle - 7.0), Anchor::LeftCenter, title, Font::Strong, Ink::Text.alpha(strength), room);
        scene.text(pt(text_x, middle + 8.0), Anchor::LeftCenter, brief, Font::Small, Ink::Secondary.alpha(strength.max(0.75)), room);
    } else {
        // Little height: the name, and what the layer does only where there is room for it beside the name.
        let line = format!("{title}  {brief}");
        let line = if fit::small_width(&line) <= room { &line } else { title };
        scene.text(pt(text_x, area.center().y), Anchor::LeftCenter, line, Font::Small, Ink::Text.alpha(strength), room);
    }
    let who = match host {
        Host::Client => lang.pick("クライアント", "Client"),
        Host::Server => lang.pick("サーバ", "Server"),
    };
    let click = reference.map(|r| crate::app::Action::Pin(Some(r)));
    let tip = if words.is_empty() { title.to_owned() } else { format!("{title}\n{words}") };
    scene.hit_tip(area, format!("{who} {} {title}", level.tag), tip, reference, click);
}

/// What stands under a layer's name. A stack that has not got the frame shows nothing of it.
fn words(act: Option<&Act<'_>>, osi: Osi, sending: bool, phase: Phase, lang: crate::lang::Lang) -> String {
    let Some(act) = act else { return String::new() };
    if osi > act.top {
        let side = if sending { Side::Sender } else { Side::Receiver };
        return deed(&act.model.capture, &act.explained, osi, side).text.get(lang).to_owned();
    }
    match (phase, sending) {
        (Phase::Untouched, true) => lang.pick("まだ来ていない", "not here yet").to_owned(),
        (Phase::Untouched, false) => lang.pick("まだ届いていない", "nothing has arrived yet").to_owned(),
        _ => {
            let side = if sending { Side::Sender } else { Side::Receiver };
            deed(&act.model.capture, &act.explained, osi, side).text.get(lang).to_owned()
        }
    }
}
