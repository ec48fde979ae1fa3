//! The lab: choose an exchange, set it up, start it; and what to look at.

use super::keys::tip;
use super::theme::{Colors, RADIUS, font_id};
use super::widgets::{Icon, command, elided, focus_ring, main_button, rich, section, side_button, weak};
use super::{paint, welcome};
use crate::app::{Action, Dialog, Model};
use crate::lang::{Lang, Words, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::view::Font;
use eframe::egui::{
    self, Align2, Color32, ComboBox, CursorIcon, DragValue, FontId, Id, Panel, Rect, RichText, Role, ScrollArea, Sense, TextEdit,
    Ui, Vec2, WidgetInfo, pos2, vec2,
};
use std::sync::Arc;

/// The part of the room that the list of exchanges may take.
const LIST: f32 = 0.5;
/// The part of the room that the words before a field may take; longer ones stand above it.
const LABEL: f32 = 0.45;
/// Padding of a field and, of a menu, its arrow.
const FIELD: f32 = 24.0;
const ARROW: f32 = 28.0;

pub fn lab_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let mut actions = Vec::new();
    Panel::bottom("lab start").resizable(false).show_separator_line(false).frame(egui::Frame::new()).show(ui, |ui| {
        ui.add_space(8.0);
        start_ui(ui, model, &mut actions);
    });
    let lang = model.lang();
    section(ui, words("実験", "EXCHANGES").get(lang));
    let chosen = model.lab.chosen;
    let moved = ui.data_mut(|data| data.get_temp_mut_or_default::<Option<usize>>(Id::unique("chosen exchange")).replace(chosen)) != Some(chosen);
    // What the chosen one is about stays in sight, however long the list is.
    let list = ScrollArea::vertical().id_salt("exchanges").auto_shrink([false, true]);
    list.max_height(ui.available_height() * LIST).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        for (at, exchange) in model.lab.exchanges.iter().enumerate() {
            if row(ui, model, exchange, at == chosen, moved) {
                actions.push(Action::Choose(at));
            }
        }
        if model.lab.exchanges.is_empty() {
            ui.label(weak(ui, words("実験はありません", "There are no exchanges").get(lang), Font::Body));
        }
    });
    ui.add_space(6.0);
    ScrollArea::vertical().id_salt("chosen exchange").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        if !model.lab.rootless_works() && model.lab.interface.is_none() {
            broken(ui, model, &mut actions);
            place(ui, model, &mut actions);
            return;
        }
        if let Some(exchange) = model.lab.exchange() {
            // Before the settings: it is why one runs the exchange, and most run it as it is.
            section(ui, words("見どころ", "WHAT TO LOOK AT").get(lang));
            ui.label(RichText::new(breakable(exchange.about.get(lang))).font(reading()).color(Colors::here(ui).secondary));
            ui.add_space(6.0);
            section(ui, words("設定", "SETTINGS").get(lang));
            // Where one may capture elsewhere, where is the first question; else it has but one answer.
            let elsewhere = !model.lab.interfaces.is_empty() || model.lab.interface.is_some();
            if elsewhere {
                place(ui, model, &mut actions);
            }
            params(ui, model, exchange, &mut actions);
            if !elsewhere {
                place(ui, model, &mut actions);
            }
            ui.add_space(8.0);
        }
    });
    actions
}

/// A Latin word after a full stop begins on a new line if it must: without a space, it would take the words before with it.
fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if out.ends_with('。') && c.is_ascii_alphanumeric() {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// For paragraphs in a narrow column.
fn reading() -> FontId {
    FontId::new(12.5, egui::FontFamily::Proportional)
}

/// Where the words of a row begin: after the badge.
const BADGE: f32 = 50.0;

/// One exchange in the list; true when it is chosen.
fn row(ui: &mut Ui, model: &Model, exchange: &ExchangeInfo, on: bool, moved: bool) -> bool {
    let lang = model.lang();
    let c = *Colors::here(ui);
    let enabled = model.lab.running.is_none();
    let width = ui.available_width() - BADGE - 4.0;
    let small = paint::lines(ui, exchange.tagline.get(lang), font_id(Font::Small), c.secondary, width, 2);
    let height = 22.0 + small.size().y.max(14.0);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    if on && moved {
        // Chosen by a key, by a file's name or in an earlier run: it may be out of sight.
        response.scroll_to_me(Some(egui::Align::Center));
    }
    let title = exchange.title.get(lang);
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, on, title));
    let fill = match (on, response.hovered() && enabled) {
        (true, _) => c.selected,
        (false, true) => c.raised,
        (false, false) => Color32::TRANSPARENT,
    };
    let painter = ui.painter();
    painter.rect_filled(rect, RADIUS, fill);
    let badge = Rect::from_center_size(pos2(rect.left() + 24.0, rect.center().y), vec2(36.0, 24.0));
    let (ground, ink) = if on { (c.accent, c.on_accent) } else { (c.raised, c.secondary) };
    painter.rect_filled(badge, 4, ground);
    painter.text(badge.center(), Align2::CENTER_CENTER, exchange.badge, FontId::new(11.0, super::fonts::strong()), ink);
    let left = rect.left() + BADGE;
    let big = paint::line(ui, title, font_id(Font::Strong), c.text, width);
    painter.galley(pos2(left, rect.top() + 1.0), big, c.text);
    let ink = if on { c.text } else { c.secondary };
    painter.galley_with_override_text_color(pos2(left, rect.bottom() - 3.0 - small.size().y), small, ink);
    focus_ring(ui, &response, rect);
    if response.hovered() && enabled {
        ui.set_cursor_icon(CursorIcon::PointingHand);
    }
    let clicked = response.clicked() && enabled && !on;
    response.on_hover_text(format!("{title}\n{}\n\n{}", exchange.tagline.get(lang), exchange.about.get(lang)));
    clicked
}

fn params(ui: &mut Ui, model: &Model, exchange: &ExchangeInfo, actions: &mut Vec<Action>) {
    if model.lab.only_capture && model.lab.interface.is_some() {
        return;
    }
    ui.add_enabled_ui(model.lab.running.is_none(), |ui| {
        let column = column(ui, model);
        for param in exchange.params {
            if let Some(value) = param_ui(ui, model, param, column) {
                actions.push(Action::SetParam { name: param.name.to_owned(), value });
            }
        }
    });
}

const WHERE: Words = words("場所", "Where");
const FILTER: Words = words("フィルタ", "Filter");

/// The width of the words before the fields: of the widest that leaves room for a field.
fn column(ui: &Ui, model: &Model) -> f32 {
    let lang = model.lang();
    let params = model.lab.exchange().map_or(&[][..], |e| e.params);
    let labels = params.iter().map(|p| p.label.get(lang)).chain([WHERE.get(lang), FILTER.get(lang)]);
    labels.map(|l| width(ui, l)).filter(|w| *w <= ui.available_width() * LABEL).fold(0.0, f32::max)
}

fn width(ui: &Ui, text: &str) -> f32 {
    paint::line(ui, text, font_id(Font::Body), Color32::PLACEHOLDER, f32::INFINITY).size().x
}

/// The room that a field takes to show its default, or all of its choices.
fn wants(ui: &Ui, param: &Param, lang: Lang) -> f32 {
    match &param.kind {
        ParamKind::Text { default, .. } => width(ui, default) + FIELD,
        ParamKind::Number { default, unit, .. } => width(ui, &format!("{default} {}", unit.get(lang))) + FIELD,
        ParamKind::Choice { options } => options.iter().map(|o| width(ui, o.1.get(lang))).fold(0.0, f32::max) + FIELD + ARROW,
    }
}

fn param_ui(ui: &mut Ui, model: &Model, param: &Param, column: f32) -> Option<String> {
    let lang = model.lang();
    let label = param.label.get(lang);
    let now = model.lab.value(param.name);
    let wrong = param.check(&now).err();
    let mut new = None;
    let wants = wants(ui, param, lang);
    let response = field(ui, column, label, param.note.get(lang), wants, |ui| match &param.kind {
        ParamKind::Text { .. } => {
            let mut text = now.clone();
            let mut edit = TextEdit::singleline(&mut text).desired_width(f32::INFINITY);
            if wrong.is_some() {
                edit = edit.text_color(Colors::here(ui).error);
            }
            let response = ui.add(edit).accessible_name(label);
            new = response.changed().then_some(text);
            response
        }
        ParamKind::Number { min, max, unit, .. } => {
            let mut number = now.parse::<u64>().unwrap_or(*min);
            let speed = ((max - min) as f64 / 2_000.0).clamp(0.05, 50.0);
            let unit = unit.get(lang);
            let suffix = if unit.is_empty() { String::new() } else { format!(" {unit}") };
            let drag = DragValue::new(&mut number).range(*min..=*max).speed(speed).suffix(suffix);
            let response = ui.add(drag).accessible_name(label);
            new = response.changed().then(|| number.to_string());
            response
        }
        ParamKind::Choice { options } => {
            let words = options.iter().find(|o| o.0 == now).map_or(now.as_str(), |o| o.1.get(lang));
            let combo = ComboBox::from_id_salt(param.name).selected_text(words).width(ui.available_width()).truncate();
            let response = combo.show_ui(ui, |ui| {
                for (value, words) in *options {
                    if ui.selectable_label(*value == now, words.get(lang)).clicked() {
                        new = Some((*value).to_owned());
                    }
                }
            });
            response.response.accessible_name(label)
        }
    });
    response.on_hover_text(param.note.get(lang));
    if let Some(wrong) = wrong {
        ui.label(rich(wrong.get(lang), Font::Small).color(Colors::here(ui).error));
    }
    new
}

/// A name and the field it names, in one line; where the two do not fit, the name stands above.
fn field<R>(ui: &mut Ui, column: f32, label: &str, note: &str, wants: f32, add: impl FnOnce(&mut Ui) -> R) -> R {
    const GAP: f32 = 8.0;
    let color = Colors::here(ui).secondary;
    let galley = paint::line(ui, label, font_id(Font::Body), color, ui.available_width());
    let beside = galley.size().x <= column && column + GAP + wants <= ui.available_width();
    let name = |ui: &mut Ui, size: Vec2| {
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, label));
        ui.painter().galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), Arc::clone(&galley), color);
        if !note.is_empty() {
            response.on_hover_text(note);
        }
    };
    if !beside {
        name(ui, vec2(galley.size().x, 18.0));
        return ui.horizontal(add).inner;
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = GAP;
        name(ui, vec2(column, 24.0));
        add(ui)
    })
    .inner
}

/// Where the frames are captured.
fn place(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let own = words("ラボの中", "in the lab").get(lang);
    ui.add_enabled_ui(model.lab.running.is_none(), |ui| {
        let note = words(
            "ラボの中：この実験だけのネットワーク（名前空間）を作ります。管理者権限は不要です。",
            "In the lab: a network (name space) made for this run only; needs no administrator.",
        );
        let label = WHERE.get(lang);
        let column = column(ui, model);
        field(ui, column, label, note.get(lang), width(ui, own) + FIELD + ARROW, |ui| {
            let now = model.lab.interface.as_deref().unwrap_or(own);
            let combo = ComboBox::from_id_salt("place").selected_text(now).width(ui.available_width()).truncate();
            let response = combo.show_ui(ui, |ui| {
                if ui.selectable_label(model.lab.interface.is_none(), own).clicked() {
                    actions.push(Action::SetInterface(None));
                }
                for name in &model.lab.interfaces {
                    let on = model.lab.interface.as_ref() == Some(name);
                    if ui.selectable_label(on, name).clicked() {
                        actions.push(Action::SetInterface(Some(name.clone())));
                    }
                }
                if model.lab.interfaces.is_empty() {
                    let why = words("ほかの場所でのキャプチャには権限が必要です…", "To capture elsewhere takes a right…");
                    if ui.button(why.get(lang)).clicked() {
                        actions.push(Action::ShowDialog(Dialog::Doctor));
                        ui.close();
                    }
                }
            });
            response.response.accessible_name(label).on_hover_text(note.get(lang));
        });
        if model.lab.interface.is_some() {
            let label = FILTER.get(lang);
            let note = words("キャプチャフィルタ（空なら全部）", "Capture filter (empty: all)").get(lang);
            field(ui, column, label, note, width(ui, "e.g. port 80") + FIELD, |ui| {
                let mut filter = model.lab.filter.clone();
                let edit = TextEdit::singleline(&mut filter).hint_text(words("例：port 80", "e.g. port 80").get(lang)).desired_width(f32::INFINITY);
                if ui.add(edit).accessible_name(label).changed() {
                    actions.push(Action::SetFilter(filter));
                }
            });
            let mut only = model.lab.only_capture;
            let text = words("キャプチャだけする", "Only capture").get(lang);
            let note = words("実験はせず、流れているフレームをキャプチャします。", "Runs no exchange: captures the frames that pass anyway.");
            if ui.checkbox(&mut only, text).on_hover_text(note.get(lang)).changed() {
                actions.push(Action::SetOnlyCapture(only));
            }
        }
    });
}

fn start_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let c = *Colors::here(ui);
    let width = ui.available_width();
    let key = tip(words("ラボを開始 / 停止", "Start / stop the lab"), lang);
    if let Some(running) = &model.lab.running {
        let text = if running.stopping { words("止めています…", "Stopping…") } else { words("停止", "Stop") };
        if side_button(ui, Some(Icon::Stop), text.get(lang), !running.stopping, width).on_hover_text(key).clicked() {
            actions.push(Action::Stop);
        }
        let state = match (&model.lab.note, running.started) {
            (Some(note), _) => note.get(lang).to_owned(),
            (None, true) => words("実行中", "Running").get(lang).to_owned(),
            (None, false) => words("準備しています…", "Getting ready…").get(lang).to_owned(),
        };
        elided(ui, &state, Font::Small, c.secondary);
        return;
    }
    let possible = model.lab.interface.is_some() || model.lab.rootless_works();
    let enabled = possible && model.lab.exchange().is_some() && model.lab.problem().is_none();
    let response = main_button(ui, Some(Icon::Play), words("開始", "Start").get(lang), enabled, width);
    if response.on_hover_text(key).clicked() {
        actions.push(Action::Start);
    }
    let (note, color) = match (model.lab.problem(), &model.lab.note) {
        (Some(problem), _) => (problem.get(lang).to_owned(), c.error),
        (None, Some(note)) => (note.get(lang).to_owned(), c.secondary),
        (None, None) if !possible => (CANNOT.get(lang).to_owned(), c.warn),
        (None, None) if model.lab.interface.is_none() => {
            (words("本物のパケット・管理者権限は不要", "Real packets, no administrator").get(lang).to_owned(), c.secondary)
        }
        (None, None) => (words("本物のパケット", "Real packets").get(lang).to_owned(), c.secondary),
    };
    elided(ui, &note, Font::Small, color);
}

const CANNOT: Words = words("ここではラボは動きません", "The lab cannot run here");

/// The lab does not work on this machine: why, what would help, and what can be done at once.
fn broken(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let c = *Colors::here(ui);
    ui.label(rich(CANNOT.get(lang), Font::Strong).color(c.warn));
    if let Some(service) = model.lab.services.as_ref().and_then(|s| s.first()) {
        ui.label(RichText::new(service.found.get(lang)).font(reading()).color(c.secondary));
        if let Some(advice) = &service.advice {
            ui.label(RichText::new(advice.get(lang)).font(reading()));
        }
        if let Some(line) = &service.command {
            actions.extend(command(ui, lang, line));
        }
    }
    if ui.button(words("詳しく調べる…", "Look closer…").get(lang)).clicked() {
        actions.push(Action::ShowDialog(Dialog::Doctor));
    }
    if !model.samples.is_empty() {
        ui.add_space(4.0);
        section(ui, words("サンプルならすぐ見られます", "SAMPLES WORK AT ONCE").get(lang));
        actions.extend(welcome::samples(ui, model));
    }
}
