//! The display filter's bar: the field with its completions, what is wrong with the text, how many frames pass.
//!
//! In: the model. Out: what is typed and applied. Which word is chosen among the completions is in egui's
//! memory; the text is the model's.

use super::filter_menus::kept_ui;
use super::paint;
use super::theme::{Colors, MARGIN, font_id};
use super::widgets::{Icon, grouped, icon_button};
use crate::app::{Action, Model, Source, Tab};
use crate::filter::complete::{Completion, complete};
use crate::filter::Every;
use crate::lang::{Lang, words};
use crate::trace::FrameId;
use crate::view::Font;
use eframe::egui::text::{CCursor, CCursorRange, LayoutJob, TextFormat};
use eframe::egui::text_edit::TextEditState;
use eframe::egui::{
    Align, Area, Button, Color32, Context, EventFilter, Frame, Id, Key, Layout, Margin, Modifiers, Order, Panel, Rect, Role,
    ScrollArea, Sense, Stroke, TextBuffer, TextEdit, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use std::ops::Range;
use std::sync::Arc;

/// Height of a line of the completions, and how many are in sight.
const LINE: f32 = 22.0;
const LINES: f32 = 10.0;
/// In a window lower than this the stage needs the room while nobody filters.
const LOW: f32 = 700.0;

/// What the bar keeps.
#[derive(Clone, Default)]
struct State {
    /// The completions are shown, if there are any.
    open: bool,
    /// The line that the arrows have reached.
    chosen: Option<usize>,
    /// What the completions are of.
    text: String,
    cursor: usize,
    all: Arc<Vec<Completion>>,
    /// How often the model had sent the keyboard here.
    focus: u64,
}

fn id() -> Id {
    Id::unique("display filter")
}

fn field_id() -> Id {
    id().with("field")
}

/// Completions are shown: Escape is theirs.
pub fn is_listing(ctx: &Context) -> bool {
    let state: State = ctx.data(|d| d.get_temp(id())).unwrap_or_default();
    state.open && !state.all.is_empty() && ctx.memory(|m| m.has_focus(field_id()))
}

/// Somebody filters, or is about to.
fn is_used(ui: &Ui, model: &Model) -> bool {
    let state: State = ui.data(|d| d.get_temp(id())).unwrap_or_default();
    let asked = state.focus != model.filter.focus || ui.memory(|m| m.has_focus(field_id()));
    asked || model.filter.is_on() || !model.filter.text.is_empty()
}

/// A strip under the top bar, while a capture is open.
pub fn filter_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let mut actions = Vec::new();
    if model.source == Source::Nothing && model.capture.trace.is_empty() {
        return actions;
    }
    if model.tab == Tab::Stage && ui.ctx().content_rect().height() < LOW && !is_used(ui, model) {
        return actions;
    }
    let c = *Colors::here(ui);
    let frame = Frame::new().fill(c.panel).inner_margin(Margin::symmetric(MARGIN, 3));
    Panel::top("filter").exact_size(34.0).resizable(false).frame(frame).show(ui, |ui| {
        let wide = ui.available_width();
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            status_ui(ui, model, &c, (wide - 460.0).clamp(0.0, wide * 0.45), &mut actions);
            kept_ui(ui, model, &mut actions);
            if wide > 420.0 {
                apply_ui(ui, model, &mut actions);
            }
            let clear = words("フィルタを外す", "Clear the filter").get(model.lang());
            let some = !model.filter.text.is_empty() || model.filter.is_on();
            if icon_button(ui, Icon::Close, clear, "", some, false).clicked() {
                actions.push(Action::Filter(String::new()));
            }
            field_ui(ui, model, &c, &mut actions);
        });
    });
    actions
}

fn apply_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let apply = words("適用", "Apply").get(model.lang());
    let ready = model.filter.error.is_none() && (model.filter.is_edited() || model.filter.stopped);
    if ui.add_enabled(ready, Button::new(apply)).clicked() {
        actions.push(Action::Filter(model.filter.text.clone()));
    }
}

/// What is wrong, or how many frames pass.
fn status_ui(ui: &mut Ui, model: &Model, c: &Colors, room: f32, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let state = &model.filter;
    if state.running.is_some() {
        let stop = words("絞り込みを止める", "Stop filtering").get(lang);
        if icon_button(ui, Icon::Stop, stop, &format!("{stop}  [Esc]"), true, false).clicked() {
            actions.push(Action::StopFilter);
        }
    }
    let (text, color) = match &state.error {
        Some(error) => (error.why.get(lang).to_owned(), c.error),
        None if state.is_on() => (count(model), if state.stopped { c.warn } else { c.text }),
        None if state.is_edited() => (words("Enter で適用", "Enter applies it").get(lang).to_owned(), c.secondary),
        None => return,
    };
    if room < 40.0 {
        return;
    }
    let font = if state.error.is_some() { Font::Small } else { Font::Body };
    let galley = paint::line(ui, &text, font_id(font), color, room);
    let elided = galley.elided;
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &text));
    ui.painter().galley(rect.min, galley, color);
    if elided {
        response.on_hover_text(text);
    }
}

/// "1 234 of 480 000 frames".
fn count(model: &Model) -> String {
    let state = &model.filter;
    let all = model.capture.trace.len();
    let (passed, of) = (grouped(model.sequence.len() as u64), grouped(all.into()));
    let lang = model.lang();
    if state.stopped {
        let judged = grouped(state.judged.into());
        return lang.pick(
            format!("{passed} 件（{judged} フレームまでで中止）"),
            format!("{passed} frames; stopped after {judged}"),
        );
    }
    let mut text = lang.pick(format!("{of} フレーム中 {passed}"), format!("{passed} of {of} frames"));
    if let Some(end) = state.running.filter(|_| model.loading.is_none()) {
        text.push_str(&format!("  {} %", percent(state.judged, end)));
    }
    text
}

fn percent(done: FrameId, of: FrameId) -> u64 {
    u64::from(done) * 100 / u64::from(of).max(1)
}

fn field_ui(ui: &mut Ui, model: &Model, c: &Colors, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let mut state: State = ui.data(|d| d.get_temp(id())).unwrap_or_default();
    let listing = is_listing(ui.ctx());
    let focused = ui.memory(|m| m.has_focus(field_id()));
    let taken = if listing { keys(ui, &mut state) } else { None };
    if focused && !listing && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::ArrowDown)) {
        state.open = true;
    }
    let mut text = model.filter.text.clone();
    let wrong = model.filter.error.as_ref().map(|e| underlined(&text, &e.at));
    let (ink, red) = (c.text, c.error);
    let mut layouter = |ui: &Ui, text: &dyn TextBuffer, _wrap: f32| {
        ui.painter().layout_job(job(text.as_str(), wrong.as_ref(), ink, red))
    };
    let ground = match (&model.filter.error, model.filter.text.trim().is_empty()) {
        (Some(_), _) => mixed(c.canvas, c.error),
        (None, true) => c.canvas,
        (None, false) => mixed(c.canvas, c.ok),
    };
    let hint = words("表示フィルタ（例：tcp.port == 80、http.request）", "Display filter, such as tcp.port == 80 or http.request").get(lang);
    let filter = EventFilter { tab: listing, escape: listing, horizontal_arrows: true, vertical_arrows: true };
    let edit = TextEdit::singleline(&mut text)
        .id(field_id())
        .hint_text(hint)
        .font(font_id(Font::Mono))
        .background_color(ground)
        .event_filter(filter)
        .desired_width(ui.available_width())
        .layouter(&mut layouter);
    let output = edit.show(ui);
    let field = output.response.response.clone().accessible_name(words("表示フィルタ", "Display filter").get(lang));
    if state.focus != model.filter.focus {
        state.focus = model.filter.focus;
        field.request_focus();
    }
    if field.changed() {
        actions.push(Action::FilterEdit(text.clone()));
        (state.open, state.chosen) = (true, None);
    }
    if field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter)) {
        actions.push(Action::Filter(text.clone()));
        state.open = false;
    }
    if let Some(range) = output.cursor_range.filter(|_| field.has_focus()) {
        let cursor = byte_of(&text, range.primary.index.0);
        if state.open && (state.text != text || state.cursor != cursor) {
            state.all = Arc::new(complete(&text, cursor, &Every));
            state.chosen = state.chosen.filter(|_| state.text == text && state.cursor == cursor);
            (state.text, state.cursor) = (text.clone(), cursor);
        }
    }
    let open = state.open && !state.all.is_empty() && (field.has_focus() || listing);
    let clicked = if open { list_ui(ui, &state, field.rect, lang) } else { None };
    if let Some(completion) = taken.or(clicked).and_then(|at| state.all.get(at).cloned()) {
        insert(ui, &text, &completion, actions);
        field.request_focus();
        (state.chosen, state.text) = (None, "\0".to_owned());
    } else if !field.has_focus() && !listing {
        state.open = false;
    }
    ui.data_mut(|d| d.insert_temp(id(), state));
}

/// The keys of the completions; gives the one that is taken.
fn keys(ui: &Ui, state: &mut State) -> Option<usize> {
    let len = state.all.len();
    ui.input_mut(|i| {
        if i.consume_key(Modifiers::NONE, Key::ArrowDown) {
            state.chosen = Some(state.chosen.map_or(0, |at| (at + 1) % len));
        }
        if i.consume_key(Modifiers::NONE, Key::ArrowUp) {
            state.chosen = Some(state.chosen.map_or(len - 1, |at| (at + len - 1) % len));
        }
        if i.consume_key(Modifiers::NONE, Key::Escape) {
            state.open = false;
            state.chosen = None;
        }
        if i.consume_key(Modifiers::NONE, Key::Tab) {
            return Some(state.chosen.unwrap_or(0));
        }
        // Enter without a choice applies the filter as it stands.
        let chosen = state.chosen?;
        i.consume_key(Modifiers::NONE, Key::Enter).then_some(chosen)
    })
}

/// Puts a completion in the place of what was typed of it.
fn insert(ui: &Ui, text: &str, completion: &Completion, actions: &mut Vec<Action>) {
    let Some(before) = text.get(..completion.replace.start) else { return };
    let after = text.get(completion.replace.end..).unwrap_or("");
    let cursor = CCursor::new(before.chars().count() + completion.with.chars().count());
    let mut edit = TextEditState::load(ui.ctx(), field_id()).unwrap_or_default();
    edit.cursor.set_char_range(Some(CCursorRange::one(cursor)));
    edit.store(ui.ctx(), field_id());
    actions.push(Action::FilterEdit(format!("{before}{}{after}", completion.with)));
}

/// The completions below the field: each with what it is; gives the one that was clicked.
fn list_ui(ui: &Ui, state: &State, field: Rect, lang: Lang) -> Option<usize> {
    let c = *Colors::here(ui);
    let mut clicked = None;
    let wide = field.width().clamp(240.0, 640.0);
    let area = Area::new(id().with("list")).order(Order::Foreground).fixed_pos(field.left_bottom() + vec2(0.0, 4.0));
    area.constrain(true).show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).inner_margin(Margin::same(4)).show(ui, |ui| {
            ui.set_width(wide);
            ui.spacing_mut().item_spacing = Vec2::ZERO;
            ScrollArea::vertical().max_height(LINE * LINES).auto_shrink([false, true]).show(ui, |ui| {
                for (at, completion) in state.all.iter().enumerate() {
                    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::click());
                    let chosen = state.chosen == Some(at);
                    let label = completion.label.get(lang);
                    let note = completion.note.get(lang);
                    response.widget_info(|| {
                        WidgetInfo::selected(Role::ListBoxOption, true, chosen, format!("{}  {label}  {note}", completion.with.trim()))
                    });
                    if chosen || response.hovered() {
                        ui.painter().rect_filled(rect, 3, if chosen { c.selected } else { c.raised });
                    }
                    if chosen {
                        ui.scroll_to_rect(rect, None);
                    }
                    let mut x = rect.left() + 6.0;
                    let parts = [
                        (completion.with.trim(), Font::Mono, c.text),
                        (label, Font::Body, c.text),
                        (note, Font::Small, c.secondary),
                    ];
                    for (i, (words, font, color)) in parts.into_iter().enumerate() {
                        let room = rect.right() - 6.0 - x;
                        if words.is_empty() || room < 24.0 {
                            continue;
                        }
                        let galley = paint::line(ui, words, font_id(font), color, room);
                        let size = galley.size();
                        ui.painter().galley(pos2(x, rect.center().y - size.y / 2.0), galley, color);
                        // Labels stand under each other where names are short.
                        let least = if i == 0 { 150.0_f32.min(wide * 0.35) } else { 0.0 };
                        x += size.x.max(least) + 12.0;
                    }
                    if response.clicked() {
                        clicked = Some(at);
                    }
                    if !note.is_empty() {
                        response.on_hover_text(note);
                    }
                }
            });
        });
    });
    clicked
}

/// The byte at which a character begins.
fn byte_of(text: &str, char: usize) -> usize {
    text.char_indices().nth(char).map_or(text.len(), |(at, _)| at)
}

/// What is underlined: the wrong bytes; where something is missing, the character before.
fn underlined(text: &str, at: &Range<usize>) -> Range<usize> {
    if !at.is_empty() {
        return at.clone();
    }
    let before = text.get(..at.start).unwrap_or("").trim_end();
    let start = before.char_indices().next_back().map_or(0, |(at, _)| at);
    start..before.len()
}

fn job(text: &str, wrong: Option<&Range<usize>>, ink: Color32, red: Color32) -> LayoutJob {
    let plain = TextFormat::simple(font_id(Font::Mono), ink);
    let mut job = LayoutJob::default();
    let none = text.len()..text.len();
    let wrong = wrong.filter(|r| text.get((*r).clone()).is_some()).unwrap_or(&none);
    let marked = TextFormat { underline: Stroke::new(2.0, red), ..plain.clone() };
    for (part, format) in [(0..wrong.start, &plain), (wrong.clone(), &marked), (wrong.end..text.len(), &plain)] {
        job.append(text.get(part).unwrap_or(""), 0.0, format.clone());
    }
    job
}

/// A ground with a little of a colour in it.
fn mixed(ground: Color32, color: Color32) -> Color32 {
    let mix = |a: u8, b: u8| ((u16::from(a) * 21 + u16::from(b) * 4) / 25) as u8;
    Color32::from_rgb(mix(ground.r(), color.r()), mix(ground.g(), color.g()), mix(ground.b(), color.b()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_shown_at_the_word_before_it() {
        assert_eq!(underlined("tcp.port == ", &(12..12)), 10..11);
        assert_eq!(underlined("é ", &(3..3)), 0..2);
        assert_eq!(underlined("", &(0..0)), 0..0);
        assert_eq!(underlined("tcp.prot", &(0..8)), 0..8);
    }

    #[test]
    fn the_text_is_whole_whatever_is_underlined() {
        for wrong in [None, Some(0..3), Some(2..2), Some(1..400), Some(2..5)] {
            assert_eq!(job("日本 tcp", wrong.as_ref(), Color32::WHITE, Color32::RED).text, "日本 tcp");
        }
    }
}
