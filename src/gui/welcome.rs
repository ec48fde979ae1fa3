//! What the stage shows before there is anything to show: what to do next.

use super::theme::{Colors, RADIUS};
use super::widgets::{Icon, main_button, rich, weak};
use crate::app::{Action, Model, Purpose, Source};
use crate::lang::{Words, words};
use crate::view::Font;
use eframe::egui::{Align, Button, Frame, Label, Layout, Margin, ScrollArea, Ui, vec2};

pub fn welcome_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let mut actions = Vec::new();
    let lang = model.lang();
    if let Some(wait) = waiting(model) {
        ui.vertical_centered(|ui| {
            ui.add_space(ui.available_height() * 0.4);
            ui.label(weak(ui, wait.get(lang), Font::Subtitle));
            // Where the other side is the user's own program, this says how to run it.
            if let Some(note) = model.lab.note.as_ref().filter(|_| model.lab.running.is_some()) {
                ui.add_space(8.0);
                ui.add(Label::new(rich(note.get(lang), Font::Body)).selectable(true).wrap());
            }
        });
        return actions;
    }
    let width = (ui.available_width() - 48.0).min(560.0);
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.vertical_centered(|ui| {
            ui.add_space((ui.available_height() * 0.08).min(60.0));
            ui.set_max_width(width);
            let title = words("通信を、1 フレームずつ、7 つの層で見る", "See a conversation frame by frame, in seven layers");
            ui.label(rich(title.get(lang), Font::Heading));
            ui.add_space(14.0);
            card(ui, 1, words("実験を選んで「開始」を押す", "Choose an exchange and press Start"), |ui| {
                let possible = model.lab.rootless_works() && model.lab.exchange().is_some();
                let name = model.lab.exchange().map_or("", |e| e.title.get(lang));
                let text = format!("{}：{name}", words("開始", "Start").get(lang));
                let text = if lang == crate::lang::Lang::En { text.replace('：', ": ") } else { text };
                if main_button(ui, Some(Icon::Play), &text, possible && model.lab.problem().is_none(), 120.0).clicked() {
                    actions.push(Action::Start);
                }
            }, lang);
            card(ui, 2, words("または、ファイルをここに落とす", "Or drop a file here"), |ui| {
                let open = words("ファイルを開く…", "Open a file…").get(lang);
                if ui.add(Button::new(open).min_size(vec2(120.0, 28.0))).clicked() {
                    actions.push(Action::Browse(Purpose::Open));
                }
                ui.label(weak(ui, ".pcap  .pcapng", Font::Mono));
            }, lang);
            if !model.samples.is_empty() {
                card(ui, 3, words("または、サンプルを見る", "Or look at a sample"), |ui| {
                    ui.vertical(|ui| actions.extend(samples(ui, model)));
                }, lang);
            }
        });
    });
    actions
}

/// There is nothing yet, but something is on its way; or there is nothing in what was opened.
fn waiting(model: &Model) -> Option<Words> {
    if model.lab.running.is_some() {
        return Some(words("最初のフレームを待っています…", "Waiting for the first frame…"));
    }
    if model.loading.is_some() {
        return Some(words("読み込んでいます…", "Loading…"));
    }
    (model.source != Source::Nothing)
        .then_some(words("このキャプチャにはフレームがありません", "There are no frames in this capture"))
}

fn card(ui: &mut Ui, number: u8, title: Words, add: impl FnOnce(&mut Ui), lang: crate::lang::Lang) {
    let c = *Colors::here(ui);
    Frame::new().fill(c.panel).corner_radius(RADIUS).inner_margin(Margin::symmetric(16, 12)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            ui.label(rich(format!("{number}.  {}", title.get(lang)), Font::Strong));
            ui.horizontal_wrapped(add);
        });
    });
    ui.add_space(8.0);
}

/// A button for each capture that comes with the program.
pub fn samples(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let lang = model.lang();
    let mut actions = Vec::new();
    // In a narrow column the names stand alone: a few letters of a sentence tell nothing.
    if ui.available_width() < 320.0 {
        for (name, about) in &model.samples {
            let width = ui.available_width();
            if ui.add(Button::new(name).min_size(vec2(width, 24.0))).on_hover_text(about.get(lang)).clicked() {
                actions.push(Action::OpenSample(name.clone()));
            }
        }
        return actions;
    }
    for (name, about) in &model.samples {
        ui.horizontal(|ui| {
            if ui.button(name).on_hover_text(about.get(lang)).clicked() {
                actions.push(Action::OpenSample(name.clone()));
            }
            let about = weak(ui, about.get(lang), Font::Small);
            ui.add(Label::new(about).truncate());
        });
    }
    actions
}
