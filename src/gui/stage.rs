//! The stage, its caption, and the ladder: scenes of `view`, placed in the window.

use super::theme::{Colors, font_id};
use super::widgets::{rich, weak};
use super::{paint, welcome};
use crate::app::{Action, Model};
use crate::lang::words;
use crate::view::caption::caption;
use crate::view::{Font, ladder, packets, stage, unseen};
use eframe::egui::{Color32, Galley, Role, Sense, Ui, WidgetInfo, vec2};
use std::sync::Arc;

pub fn stage_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let filtered = model.filter.is_on() && !model.capture.trace.is_empty();
    if model.sequence.is_empty() && (filtered || unseen::why(model).is_some()) {
        return nothing_ui(ui, model, filtered);
    }
    if model.sequence.is_empty() {
        return welcome::welcome_ui(ui, model);
    }
    let size = ui.available_size();
    paint::scene_ui(ui, &stage::scene(model, size.x, size.y))
}

/// There is no frame to show: why, and where a filter is the reason, what to do.
fn nothing_ui(ui: &mut Ui, model: &Model, filtered: bool) -> Vec<Action> {
    let lang = model.lang();
    let [missing, advice] = packets::empty(model).map(|w| w.get(lang));
    let mut actions = Vec::new();
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.35);
        ui.label(rich(missing, Font::Subtitle));
        ui.label(weak(ui, advice, Font::Body));
        ui.add_space(8.0);
        if filtered && ui.button(words("すべてのフレームを表示", "Show all frames").get(lang)).clicked() {
            actions.push(Action::Filter(String::new()));
        }
    });
    actions
}

/// The sentence that says what happens, the same in the words of the protocol, and why.
/// The tag in the room there is: its last words go, none is cut.
fn tag(ui: &Ui, words: &str, color: Color32, room: f32) -> Arc<Galley> {
    let mut words = words;
    loop {
        let galley = paint::line(ui, words, font_id(Font::Mono), color, room);
        match words.rsplit_once(' ') {
            Some((fewer, _)) if galley.elided => words = fewer.trim_end(),
            _ => return galley,
        }
    }
}

pub fn caption_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let lang = model.lang();
    let c = *Colors::here(ui);
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, 56.0), Sense::hover());
    let spoken = model.current().and_then(|f| model.explain(f)).map(|e| caption(&model.capture, &e));
    let Some(spoken) = spoken else {
        let words = words("ここに、いま起きていることが 1 文で出ます。", "Here one sentence says what is happening.");
        let galley = paint::line(ui, words.get(lang), font_id(Font::Body), c.secondary, width);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.get(lang)));
        ui.painter().galley(rect.min, galley, c.secondary);
        return Vec::new();
    };
    let large = spoken.large.get(lang);
    // A long sentence is set smaller rather than cut.
    let fits = |font: &Font| paint::line(ui, large, font_id(*font), c.text, f32::INFINITY).size().x <= width;
    let font = [Font::Caption, Font::Subtitle, Font::Strong].into_iter().find(fits).unwrap_or(Font::Strong);
    let galley = paint::line(ui, large, font_id(font), c.text, width);
    let used = galley.size().x + 16.0;
    let baseline = rect.top() + 14.0;
    let middle = |h: f32| baseline - h / 2.0;
    let painter = ui.painter();
    painter.galley(vec2(rect.left(), middle(galley.size().y)).to_pos2(), galley, c.text);
    let mut shortened = false;
    if width - used > 60.0 {
        let tag = tag(ui, &spoken.tag, c.accent, width - used);
        shortened = tag.text() != spoken.tag;
        painter.galley(vec2(rect.left() + used, middle(tag.size().y) + 2.0).to_pos2(), tag, c.accent);
    }
    let second = spoken.second.get(lang);
    let mut galley = paint::line(ui, second, font_id(Font::Body), c.secondary, width);
    if galley.elided {
        galley = paint::lines(ui, second, font_id(Font::Small), c.secondary, width, 2);
    }
    let cut = galley.elided || width - used <= 60.0 || shortened;
    painter.galley(vec2(rect.left(), rect.top() + 30.0).to_pos2(), galley, c.secondary);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{large} {} {second}", spoken.tag)));
    if cut {
        response.on_hover_text(format!("{large}\n{}\n{second}", spoken.tag));
    }
    Vec::new()
}

/// The sequence diagram; the wheel scrolls it, and it follows the cursor again once that moves.
pub fn ladder_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let size = ui.available_size();
    let rect = ui.available_rect_before_wrap();
    let mut actions = paint::scene_ui(ui, &ladder::scene(model, size.x, size.y));
    if ui.rect_contains_pointer(rect) {
        let wheel = ui.input(|i| i.smooth_scroll_delta.y);
        if wheel != 0.0 {
            actions.push(Action::ScrollLadder(ladder::scrolled(model, size.x, size.y, -wheel)));
        }
    }
    actions
}
