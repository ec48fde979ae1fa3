//! What stands in front of the window: the help, the file browser, the analysis, and what works on this machine.

mod analysis;
mod browse;
mod doctor;
mod help;

use super::theme::{Colors, RADIUS};
use super::widgets::{Icon, icon_button, rich};
use crate::app::{Action, Dialog, Model};
use crate::lang::{Words, words};
use crate::view::Font;
use eframe::egui::{Align, Color32, Frame, Id, Layout, Margin, Modal, Ui};

/// The open dialog, if there is one.
pub fn dialog_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let Some(dialog) = &model.dialog else { return Vec::new() };
    let c = *Colors::here(ui);
    let room = ui.content_rect().size();
    let mut actions = Vec::new();
    let frame = Frame::popup(ui.style()).fill(c.panel).corner_radius(RADIUS).inner_margin(Margin::same(20));
    let modal = Modal::new(Id::unique("dialog")).frame(frame).backdrop_color(Color32::from_black_alpha(120));
    let shown = modal.show(ui, |ui| {
        let wide = *dialog == Dialog::Analysis;
        let most = if wide { 1600.0 } else { 720.0 };
        ui.set_width((room.x - if wide { 72.0 } else { 80.0 }).clamp(240.0, most));
        ui.set_max_height((room.y - 80.0).max(160.0));
        match dialog {
            Dialog::Help => {
                title(ui, model, words("キー", "Keys"), &mut actions);
                help::help_ui(ui, model);
            }
            Dialog::Browse(browse) => {
                let name = match browse.purpose {
                    crate::app::Purpose::Open => words("キャプチャを開く", "Open a capture"),
                    crate::app::Purpose::Save => words("キャプチャを保存", "Save the capture"),
                    crate::app::Purpose::Program(_) => words("プログラムを保存", "Save the program"),
                    crate::app::Purpose::Stream(_) => words("ストリームを保存", "Save the stream"),
                };
                title(ui, model, name, &mut actions);
                actions.extend(browse::browse_ui(ui, model, browse));
            }
            Dialog::Analysis => {
                title(ui, model, words("分析", "Analysis"), &mut actions);
                actions.extend(analysis::analysis_ui(ui, model));
            }
            Dialog::Doctor => {
                title(ui, model, words("この環境で使えるもの", "What works on this machine"), &mut actions);
                actions.extend(doctor::doctor_ui(ui, model));
            }
        }
    });
    if shown.should_close() {
        actions.push(Action::CloseDialog);
    }
    actions
}

fn title(ui: &mut Ui, model: &Model, words: Words, actions: &mut Vec<Action>) {
    let lang = model.lang();
    ui.horizontal(|ui| {
        ui.label(rich(words.get(lang), Font::Heading));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let close = crate::lang::words("閉じる", "Close").get(lang);
            if icon_button(ui, Icon::Close, close, &format!("{close}  [Esc]"), true, false).clicked() {
                actions.push(Action::CloseDialog);
            }
        });
    });
    ui.add_space(8.0);
}
