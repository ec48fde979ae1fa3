//! The socket calls around the frame that is now: which sent it, which it woke, or why the kernel sent it unasked.
//!
//! In: the model and a frame. Out: going to a call's frames. One line above the layers, which opens to one line a call.

use super::super::theme::Colors;
use super::layers::triangle;
use super::{focus_ring, list, remember, remembered, text};
use crate::app::{Action, Model};
use crate::trace::{CallId, FrameId};
use crate::view::{Font, calls};
use eframe::egui::{Align2, Label, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

const HEAD: f32 = 24.0;
const ROW: f32 = 21.0;

/// What the part keeps: open or not.
#[derive(Clone, Copy, Default)]
struct Open(bool);

/// Nothing where no calls are recorded.
pub fn around_ui(ui: &mut Ui, model: &Model, frame: FrameId, actions: &mut Vec<Action>) {
    let Some(around) = calls::around(model, frame) else { return };
    let lang = model.lang();
    let colors = *Colors::here(ui);
    let id = ui.scope_id().with("calls around");
    let Open(open) = remembered(ui, id);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), HEAD));
    let response = ui.interact(rect, id, Sense::click());
    let title = lang.pick("呼び出し", "Calls");
    response.widget_info(|| WidgetInfo::selected(Role::DisclosureTriangle, true, open, format!("{title}  {}", around.summary)));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0, colors.raised);
    }
    triangle(ui, pos2(rect.left() + 9.0, rect.center().y), open, colors.secondary);
    let mut rest = Rect::from_min_max(pos2(rect.left() + 20.0, rect.top()), pos2(rect.right() - 6.0, rect.bottom()));
    rest.min.x += text(ui, rest, Align2::LEFT_CENTER, title, Font::Strong, colors.accent) + 10.0;
    text(ui, rest, Align2::LEFT_CENTER, &around.summary, Font::Body, colors.text);
    list::hand(ui, &response);
    if response.has_focus() {
        focus_ring(ui.painter(), rect, &colors);
    }
    if response.clicked() {
        remember(ui, id, Open(!open));
    }
    if !open {
        response.on_hover_text(&around.summary);
        return;
    }
    if let Some(reason) = around.reason {
        line(ui, lang.pick("理由", "Why"), reason.get(lang), &colors);
    }
    for (title, ids) in [(lang.pick("送った", "Sent by"), &around.sent_by), (lang.pick("戻った", "Woke"), &around.woke)] {
        for call in ids {
            call_ui(ui, model, title, *call, actions);
        }
    }
    for note in &around.notes {
        line(ui, "", note.get(lang), &colors);
    }
    ui.add_space(6.0);
}

fn line(ui: &mut Ui, title: &str, words: &str, colors: &Colors) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
    let head = Rect::from_min_max(pos2(rect.left() + 20.0, rect.top()), rect.max);
    text(ui, head, Align2::LEFT_CENTER, title, Font::Body, colors.secondary);
    let body = Rect::from_min_max(pos2(rect.left() + 84.0, rect.top()), pos2(rect.right() - 4.0, rect.bottom()));
    // A sentence may want more than its line.
    let mut inner = ui.new_child(eframe::egui::UiBuilder::new().max_rect(body));
    let shown = inner.add(Label::new(eframe::egui::RichText::new(words).color(colors.text)).wrap()).rect;
    ui.add_space((shown.height() + 2.0 - ROW).max(0.0));
}

fn call_ui(ui: &mut Ui, model: &Model, title: &str, id: CallId, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let Some(call) = model.capture.trace.calls.get(id) else { return };
    let colors = *Colors::here(ui);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
    let said = calls::line(call, lang);
    let response = ui.interact(rect, ui.scope_id().with(("call around", id)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{title} {said}")));
    if response.hovered() {
        ui.painter().rect_filled(rect, 0, colors.raised);
    }
    let head = Rect::from_min_max(pos2(rect.left() + 20.0, rect.top()), rect.max);
    text(ui, head, Align2::LEFT_CENTER, title, Font::Body, colors.secondary);
    let body = Rect::from_min_max(pos2(rect.left() + 84.0, rect.top()), pos2(rect.right() - 4.0, rect.bottom()));
    let ink = if call.errno().is_some() { colors.error } else { colors.text };
    text(ui, body, Align2::LEFT_CENTER, &said, Font::MonoSmall, ink);
    list::hand(ui, &response);
    if response.has_focus() {
        focus_ring(ui.painter(), rect, &colors);
    }
    if response.clicked() {
        actions.push(Action::GoCall(id));
    }
    response.on_hover_text(calls::tip(call, lang, calls::now(model)));
}
