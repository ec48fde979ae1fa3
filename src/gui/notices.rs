//! What the user should know, until dismissed; and a load that takes long enough to be seen.

use super::theme::{Colors, MARGIN};
use super::widgets::{Icon, grouped, icon_button, rich, size, weak};
use crate::app::{Action, Model, NoticeKind};
use crate::lang::words;
use crate::view::Font;
use eframe::egui::{Align, Frame, Id, Label, Layout, Margin, Panel, ProgressBar, Ui};
use std::time::Duration;

/// Notices on screen at the same time; the newest first.
const SHOWN: usize = 3;
/// Seconds after which a load shows how far it is.
const PATIENCE: f64 = 0.3;

/// Strips under the top bar: nothing when there is nothing to say.
pub fn notices_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let mut actions = loading(ui, model);
    let lang = model.lang();
    let c = *Colors::here(ui);
    for (at, notice) in model.notices.iter().enumerate().rev().take(SHOWN) {
        let color = match notice.kind {
            NoticeKind::Info => c.accent,
            NoticeKind::Warning => c.warn,
            NoticeKind::Error => c.error,
        };
        let frame = Frame::new().fill(c.raised).inner_margin(Margin::symmetric(MARGIN, 4));
        Panel::top(("notice", at)).resizable(false).frame(frame).show(ui, |ui| {
            ui.horizontal(|ui| ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let dismiss = words("閉じる", "Dismiss").get(lang);
                let name = format!("{dismiss} {}", at + 1);
                if icon_button(ui, Icon::Close, &name, dismiss, true, false).clicked() {
                    actions.push(Action::DismissNotice(at));
                }
                if let Some(path) = &notice.open
                    && ui.button(words("開く", "Open").get(lang)).clicked()
                {
                    actions.push(Action::Open(path.clone()));
                }
                if at + SHOWN == model.notices.len() && at > 0 {
                    ui.label(weak(ui, lang.pick(format!("ほか {at} 件"), format!("{at} more")), Font::Small));
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let kind = match notice.kind {
                        NoticeKind::Info => words("お知らせ", "Note"),
                        NoticeKind::Warning => words("注意", "Warning"),
                        NoticeKind::Error => words("エラー", "Error"),
                    };
                    ui.add_space(2.0);
                    ui.label(rich(kind.get(lang), Font::Strong).color(color));
                    ui.add(Label::new(rich(notice.text.get(lang), Font::Body)).wrap().selectable(true));
                });
            }));
        });
    }
    actions
}

fn loading(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let Some(loading) = model.loading.filter(|_| model.lab.running.is_none()) else { return Vec::new() };
    // When this load was first seen, by the window's own clock.
    let id = Id::unique(("loading since", model.generation));
    let now = ui.input(|i| i.time);
    let since = ui.data_mut(|d| *d.get_temp_mut_or_insert_with(id, || now));
    if now - since < PATIENCE {
        ui.request_repaint_after(Duration::from_secs_f64(PATIENCE));
        return Vec::new();
    }
    let lang = model.lang();
    let c = *Colors::here(ui);
    let mut actions = Vec::new();
    let frame = Frame::new().fill(c.raised).inner_margin(Margin::symmetric(MARGIN, 4));
    Panel::top("loading").resizable(false).frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            let frames = grouped(model.capture.trace.frames.len() as u64);
            let frames = lang.pick(format!("{frames} フレーム"), format!("{frames} frames"));
            let words = words("読み込んでいます", "Loading").get(lang);
            ui.label(rich(format!("{words}  {}  {frames}", size(loading.read)), Font::Body));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button(crate::lang::words("中止", "Cancel").get(lang)).clicked() {
                    actions.push(Action::CancelLoad);
                }
                if let Some(total) = loading.total.filter(|t| *t > 0) {
                    let part = loading.read as f32 / total as f32;
                    let bar = ProgressBar::new(part).desired_width(ui.available_width()).desired_height(8.0).fill(c.accent);
                    ui.add(bar).accessible_name(words);
                }
            });
        });
    });
    actions
}
