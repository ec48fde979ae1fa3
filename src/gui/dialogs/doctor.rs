//! What works on this machine, and for what does not: why, and the command that would help.

use crate::app::{Action, Model};
use crate::gui::theme::{Colors, RADIUS};
use crate::gui::widgets::{command, rich, weak};
use crate::lang::words;
use crate::view::Font;
use eframe::egui::{Frame, Label, Margin, ScrollArea, Ui};

pub fn doctor_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let lang = model.lang();
    let c = *Colors::here(ui);
    let mut actions = Vec::new();
    let Some(services) = &model.lab.services else {
        ui.label(weak(ui, words("調べています…", "Looking…").get(lang), Font::Body));
        return actions;
    };
    ScrollArea::vertical().max_height(ui.available_height()).show(ui, |ui| {
        for service in services {
            Frame::new().fill(c.raised).corner_radius(RADIUS).inner_margin(Margin::symmetric(14, 10)).show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.horizontal(|ui| {
                    ui.label(rich(service.name.get(lang), Font::Strong));
                    let (state, color) = match service.works {
                        true => (words("使えます", "works"), c.ok),
                        false => (words("使えません", "does not work"), c.warn),
                    };
                    ui.label(rich(state.get(lang), Font::Body).color(color));
                });
                ui.add(Label::new(weak(ui, service.found.get(lang), Font::Body)).wrap().selectable(true));
                if let Some(advice) = &service.advice {
                    ui.label(rich(advice.get(lang), Font::Body));
                }
                if let Some(line) = &service.command {
                    actions.extend(command(ui, lang, line));
                }
            });
            ui.add_space(4.0);
        }
    });
    actions
}
