//! The programs that talk: client and server in a language of one's choice, with the line lit that is now.
//!
//! In: the model. Out: going to the next frame of a line, another language, saving and copying a text. The lines of a text
//! come from the program's table; nothing of the capture is drawn here but the call that is now.

use super::super::theme::{Colors, RADIUS};
use super::super::widgets::{Icon, choice, icon_button, rich, weak};
use super::list::{self, List};
use super::{empty_ui, remember, remembered, text, width};
use crate::app::{Action, Model, Purpose};
use crate::lang::words;
use crate::timeline::{Language, Program};
use crate::trace::Host;
use crate::view::Font;
use crate::view::program::{Lit, about, beside, host as host_words, lit, missing, next_frame};
use eframe::egui::{Align, Align2, Color32, Id, Layout, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

const HEADER: f32 = 30.0;
const HEAD: f32 = 30.0;
const ROW: f32 = 18.0;
/// Room for the line's number.
const NUMBER: f32 = 34.0;
/// From this width on the two programs stand beside each other.
const BESIDE: f32 = 1100.0;
/// Tabs of the text, in spaces.
const TAB: &str = "    ";

/// Shows both programs in all the room there is.
pub fn program_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let rect = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(rect);
    let mut actions = Vec::new();
    ui.scope_builder(UiBuilder::new().id_salt("programs").max_rect(rect), |ui| {
        ui.set_clip_rect(ui.clip_rect().intersect(rect));
        let (top, rest) = rect.split_top_bottom_at_y((rect.top() + HEADER).min(rect.bottom()));
        header_ui(ui, top, model, &mut actions);
        let [client, server] = halves(rest);
        sheet_ui(ui, client, model, Host::Client, &mut actions);
        sheet_ui(ui, server, model, Host::Server, &mut actions);
    });
    actions
}

/// The room of the client's and of the server's program.
fn halves(rect: Rect) -> [Rect; 2] {
    if rect.width() >= BESIDE {
        let (left, right) = rect.split_left_right_at_fraction(0.5);
        [left.with_max_x(left.right() - 6.0), right.with_min_x(right.left() + 6.0)]
    } else {
        let (top, bottom) = rect.split_top_bottom_at_fraction(0.5);
        [top.with_max_y(top.bottom() - 4.0), bottom.with_min_y(bottom.top() + 4.0)]
    }
}

/// The language, and whose programs they are.
fn header_ui(ui: &mut Ui, rect: Rect, model: &Model, actions: &mut Vec<Action>) {
    let lang = model.lang();
    ui.scope_builder(UiBuilder::new().id_salt("header").max_rect(rect).layout(Layout::left_to_right(Align::Center)), |ui| {
        let all = Language::ALL.map(|l| (l, l.title()));
        actions.extend(choice(ui, &all, model.prefs.language).map(Action::SetLanguage));
        if let Some(exchange) = model.exchange_shown() {
            ui.label(rich(exchange.title.get(lang), Font::Strong));
        }
        let hint = words("行をクリックすると、次のフレームへ", "Click a line to go to its next frame").get(lang);
        if ui.available_width() > width(ui, hint, Font::Small) + 16.0 {
            ui.label(weak(ui, hint, Font::Small));
        }
    });
}

/// One program.
fn sheet_ui(ui: &mut Ui, rect: Rect, model: &Model, host: Host, actions: &mut Vec<Action>) {
    if !rect.is_positive() {
        return;
    }
    let colors = *Colors::here(ui);
    let Some(program) = model.program(host) else {
        ui.painter().rect_filled(rect, RADIUS, colors.canvas);
        let room = rect.shrink(8.0);
        ui.scope_builder(UiBuilder::new().id_salt(("none", host)).max_rect(room), |ui| {
            empty_ui(ui, room, missing(model, host), model.lang());
        });
        return;
    };
    let now = lit(model, program);
    let (head, body) = rect.split_top_bottom_at_y((rect.top() + HEAD).min(rect.bottom()));
    head_ui(ui, head, model, program, actions);
    ui.painter().rect_filled(body, RADIUS, colors.canvas);
    // Whole lines: half a line at the edge would look like a fault.
    let mut body = body.shrink(4.0);
    body.max.y = body.min.y + (body.height() / ROW).floor() * ROW;
    if body.is_positive() {
        let id = ui.scope_id().with(("sheet", host));
        lines_ui(ui, id, body, &Sheet { model, program, now }, actions);
    }
}

/// Whose it is, its file, and what can be done with it.
fn head_ui(ui: &mut Ui, rect: Rect, model: &Model, program: &'static Program, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let layout = Layout::left_to_right(Align::Center);
    ui.scope_builder(UiBuilder::new().id_salt(("head", program.host)).max_rect(rect).layout(layout), |ui| {
        ui.label(rich(host_words(program.host).get(lang), Font::Strong));
        ui.label(weak(ui, program.file_name(), Font::MonoSmall));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let file = program.file_name();
            let save = lang.pick(format!("{file} を保存…"), format!("Save {file}…"));
            if icon_button(ui, Icon::File, &save, "", true, false).clicked() {
                actions.push(Action::Browse(Purpose::Program(program.host)));
            }
            let copy = lang.pick(format!("{file} をコピー"), format!("Copy {file}"));
            if icon_button(ui, Icon::Copy, &copy, "", true, false).clicked() {
                actions.push(Action::Copy(program.text()));
            }
        });
    });
}

/// A program with what is now.
struct Sheet<'a> {
    model: &'a Model,
    program: &'static Program,
    now: Option<Lit>,
}

/// What the list followed last: the program's file and its line.
type Followed = Option<(String, Option<usize>)>;

fn lines_ui(ui: &mut Ui, id: Id, rect: Rect, sheet: &Sheet<'_>, actions: &mut Vec<Action>) {
    let lang = sheet.model.lang();
    let line = sheet.now.map(|n| n.line);
    let following = Some((sheet.program.file_name(), line));
    let before: Followed = remembered(ui, id);
    let reveal = line.filter(|_| before != following);
    remember(ui, id, following);
    let name = host_words(sheet.program.host).get(lang);
    let list = List { id: id.with("list"), rect, row: ROW, count: sheet.program.lines().len(), name };
    let shown = list.show(ui, reveal, lang);
    let mut clipped = ui.new_child(UiBuilder::new().id_salt(("lines", sheet.program.host)).max_rect(shown.body));
    clipped.set_clip_rect(ui.clip_rect().intersect(shown.body));
    for (row, place) in shown.rows() {
        sheet.line_ui(&mut clipped, id.with(row), row, place, actions);
    }
    list::ring(ui, &shown);
}

impl Sheet<'_> {
    fn line_ui(&self, ui: &mut Ui, id: Id, row: usize, place: Rect, actions: &mut Vec<Action>) {
        let Some(line) = self.program.lines().get(row) else { return };
        let colors = *Colors::here(ui);
        let lang = self.model.lang();
        let now = self.now.filter(|n| n.line == row);
        let calls = line.marks.iter().map(|m| m.name.as_str()).collect::<Vec<_>>().join(" ");
        let said = now.map_or_else(|| calls.clone(), |lit| beside(self.model, lit, lang));
        let sense = if calls.is_empty() { Sense::hover() } else { Sense::CLICK };
        let response = ui.interact(place.intersect(ui.clip_rect()), id, sense);
        response.widget_info(|| {
            let name = format!("{} {}  {said}", row + 1, line.text.trim());
            WidgetInfo::selected(Role::ListItem, true, now.is_some(), name.trim_end())
        });
        if let Some(lit) = now {
            ui.painter().rect_filled(place, 3, colors.selected);
            let bar = Rect::from_min_size(place.min, vec2(4.0, place.height()));
            ui.painter().rect_filled(bar, 0, colors.ink(lit.how.ink()));
        } else if response.hovered() && !calls.is_empty() {
            ui.painter().rect_filled(place, 3, colors.raised);
        }
        let number = Rect::from_min_max(place.min, pos2(place.left() + NUMBER, place.bottom())).shrink2(vec2(6.0, 0.0));
        let quiet = if now.is_some() { colors.text } else { colors.secondary };
        text(ui, number, Align2::RIGHT_CENTER, &(row + 1).to_string(), Font::MonoSmall, quiet);
        let mut room = Rect::from_min_max(pos2(place.left() + NUMBER + 4.0, place.top()), place.max);
        // What is now is always said; the names of calls only where the line leaves room for them.
        let wanted = width(ui, &said, Font::MonoSmall);
        let code = width(ui, &line.text.replace('\t', TAB), Font::Mono);
        let fits = code + wanted + 24.0 <= room.width();
        if !said.is_empty() && (now.is_some() || fits) {
            let side = Rect::from_min_max(pos2(room.right() - wanted.min(room.width() * 0.6) - 8.0, room.top()), room.max);
            text(ui, side.shrink2(vec2(4.0, 0.0)), Align2::RIGHT_CENTER, &said, Font::MonoSmall, quiet);
            room.max.x = side.left() - 8.0;
        }
        self.code_ui(ui, room, &line.text, quiet);
        if calls.is_empty() {
            return;
        }
        if response.has_focus() {
            ui.painter().rect_stroke(place, 3, Stroke::new(1.0, colors.accent), eframe::egui::StrokeKind::Inside);
        }
        list::hand(ui, &response);
        if response.clicked() {
            actions.extend(next_frame(self.model, self.program, row).map(Action::Go));
        }
        response.on_hover_ui(|ui| {
            ui.label(about(self.program, row, lang));
        });
    }

    /// The line itself, its comment standing back.
    fn code_ui(&self, ui: &Ui, rect: Rect, line: &str, quiet: Color32) {
        let colors = Colors::here(ui);
        let at = self.program.language.comment_at(line).unwrap_or(line.len());
        let (code, comment) = line.split_at_checked(at).unwrap_or((line, ""));
        let mut rect = rect;
        let code = code.replace('\t', TAB);
        rect.min.x += text(ui, rect, Align2::LEFT_CENTER, &code, Font::Mono, colors.text);
        text(ui, rect, Align2::LEFT_CENTER, comment, Font::Mono, quiet);
    }
}
