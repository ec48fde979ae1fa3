//! The search field: finds the next frame whose line in the table holds the words.

use super::keys::tip;
use super::theme::{Colors, MARGIN};
use super::widgets::{Icon, icon_button, rich};
use crate::app::{Action, Model};
use crate::lang::words;
use crate::view::Font;
use eframe::egui::{Frame, Id, Key, Margin, Panel, TextEdit, Ui};

/// A strip under the top bar, while a search is open.
pub fn find_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let id = Id::unique("find was open");
    let was_open = ui.data_mut(|d| std::mem::replace(d.get_temp_mut_or_default::<bool>(id), model.find.open));
    if !model.find.open {
        return Vec::new();
    }
    let lang = model.lang();
    let c = *Colors::here(ui);
    let mut actions = Vec::new();
    let frame = Frame::new().fill(c.panel).inner_margin(Margin::symmetric(MARGIN, 4));
    Panel::top("find").resizable(false).frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            let name = words("検索", "Find").get(lang);
            ui.label(rich(name, Font::Strong));
            let mut text = model.find.text.clone();
            let hint = words("プロトコルや内容のことば（例：GET、SYN）", "words of a frame's line, such as GET or SYN").get(lang);
            let field = ui.add(TextEdit::singleline(&mut text).hint_text(hint).desired_width(320.0)).accessible_name(name);
            if !was_open {
                field.request_focus();
            }
            if field.changed() {
                actions.push(Action::FindText(text));
            }
            if field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter)) {
                let forward = !ui.input(|i| i.modifiers.shift);
                actions.push(Action::FindNext { forward });
                field.request_focus();
            }
            let next = words("次の検索結果へ（検索欄では Enter）", "Next hit (in the search field: Enter)");
            let previous = words("前の検索結果へ", "Previous hit");
            let some = !model.find.text.trim().is_empty();
            for (icon, words, forward) in [(Icon::Previous, previous, false), (Icon::Next, next, true)] {
                if icon_button(ui, icon, words.get(lang), &tip(words, lang), some, false).clicked() {
                    actions.push(Action::FindNext { forward });
                }
            }
            let close = words("検索を閉じる", "Close the search").get(lang);
            if icon_button(ui, Icon::Close, close, &format!("{close}  [Esc]"), true, false).clicked() {
                actions.push(Action::CloseFind);
            }
            if model.find.running.is_some() {
                ui.label(rich(words("探しています…", "Searching…").get(lang), Font::Body).color(c.secondary));
            } else if model.find.nothing {
                ui.label(rich(words("見つかりません", "Nothing found").get(lang), Font::Body).color(c.warn));
            }
        });
    });
    actions
}
