//! Menus of display filters: those that were kept, and the ways to filter by something that was pointed at.
//!
//! In: the model, and the filter that is meant. Out: filters put in force, kept, forgotten and copied.

use super::theme::Colors;
use super::widgets::{Icon, icon_button, rich};
use crate::app::{Action, Model};
use crate::filter::{Every, Filter};
use crate::lang::words;
use crate::view::{Font, filters};
use eframe::egui::{Button, Ui};

/// Filters kept by hand, and those used lately.
pub fn kept_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let prefs = &model.prefs;
    let title = words("保存済み", "Saved").get(lang);
    let about = words("保存したフィルタと、最近使ったフィルタ", "Filters that were saved or used lately").get(lang);
    let shown = ui.menu_button(title, |ui| {
        ui.set_max_width(420.0);
        let text = model.filter.text.trim();
        let new = !text.is_empty() && model.filter.error.is_none() && !prefs.filters.iter().any(|f| f == text);
        if ui.add_enabled(new, Button::new(words("このフィルタを保存", "Save this filter").get(lang))).clicked() {
            actions.push(Action::SaveFilter(text.to_owned()));
            ui.close();
        }
        let parts = [
            (words("保存済み", "Saved").get(lang), &prefs.filters, true),
            (words("最近使ったもの", "Used lately").get(lang), &prefs.recent_filters, false),
        ];
        for (name, all, saved) in parts {
            if all.is_empty() {
                continue;
            }
            ui.separator();
            ui.label(rich(name, Font::Small).color(Colors::here(ui).secondary));
            for filter in all {
                ui.horizontal(|ui| {
                    if saved {
                        let forget = format!("{} {filter}", words("削除：", "Remove").get(lang));
                        if icon_button(ui, Icon::Close, &forget, "", true, false).clicked() {
                            actions.push(Action::ForgetFilter(filter.clone()));
                        }
                    }
                    if ui.add(Button::new(rich(filter, Font::Mono)).truncate()).clicked() {
                        actions.push(Action::Filter(filter.clone()));
                        ui.close();
                    }
                });
            }
        }
    });
    shown.response.on_hover_text(about);
}

/// The ways to filter by something that was pointed at, as lines of a menu. `exists`: the filter for frames that have it at all.
pub fn choices_ui(ui: &mut Ui, model: &Model, new: Option<&str>, exists: Option<&str>, actions: &mut Vec<Action>) {
    let lang = model.lang();
    ui.set_max_width(420.0);
    for (filter, only) in [(new, false), (exists.filter(|e| Some(*e) != new), true)] {
        let Some(filter) = filter.filter(|f| Filter::parse(f, &Every).is_ok()) else { continue };
        if only && new.is_some() {
            ui.separator();
        }
        ui.label(rich(filter, Font::MonoSmall).color(Colors::here(ui).secondary));
        let all = filters::choices(&model.filter.applied, filter);
        let all = all.into_iter().take(if only { 1 } else { usize::MAX });
        for choice in all {
            let name = if only { words("このフィールドがあるものだけ", "Show frames that have it") } else { choice.words };
            if ui.button(name.get(lang)).on_hover_text(rich(&choice.filter, Font::MonoSmall)).clicked() {
                actions.push(Action::Filter(choice.filter));
                ui.close();
            }
        }
        if !only && ui.button(words("フィルタをコピー", "Copy the filter").get(lang)).clicked() {
            actions.push(Action::Copy(filter.to_owned()));
            ui.close();
        }
    }
}
