//! The file browser: by pointer or by keyboard alone (arrows pick, Enter goes in or opens, Esc leaves).

use crate::app::{Action, Browse, Entry, Model, Purpose};
use crate::flow::Dir;
use crate::flow::tables::Part;
use crate::gui::theme::{Colors, font_id};
use crate::gui::widgets::{Icon, focus_ring, icon_button, main_button, rich, section, side_button, size, weak};
use crate::gui::{paint, welcome};
use crate::lang::words;
use crate::view::Font;
use eframe::egui::{
    Align, Color32, Id, Key, Layout, Modifiers, Role, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, pos2, vec2,
};
use std::path::PathBuf;

/// Height of one line of the list.
const LINE: f32 = 24.0;

pub fn browse_ui(ui: &mut Ui, model: &Model, browse: &Browse) -> Vec<Action> {
    let mut actions = Vec::new();
    keyboard(ui, browse, &mut actions);
    folder(ui, model, browse, &mut actions);
    ui.add_space(4.0);
    let extra = match browse.purpose {
        Purpose::Open => 150.0,
        Purpose::Save | Purpose::Stream(_) | Purpose::Program(_) => 100.0,
    };
    let height = (ui.available_height() - extra).clamp(72.0, 340.0);
    list(ui, model, browse, height, &mut actions);
    ui.add_space(4.0);
    name(ui, model, browse, &mut actions);
    if browse.purpose == Purpose::Open {
        recent(ui, model, &mut actions);
    }
    actions
}

/// Up and down pick a line of the list, wherever the focus is; Enter is the main button.
fn keyboard(ui: &Ui, browse: &Browse, actions: &mut Vec<Action>) {
    let Ok(entries) = &browse.entries else { return };
    let at = entries.iter().position(|e| e.name == browse.name);
    let down = ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::ArrowDown));
    let up = ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::ArrowUp));
    let to = match (down, up, at) {
        (true, _, None) => Some(0),
        (true, _, Some(at)) => Some(at + 1),
        (_, true, Some(at)) => at.checked_sub(1),
        _ => None,
    };
    if let Some(entry) = to.and_then(|to| entries.get(to)) {
        actions.push(Action::Name(entry.name.clone()));
    }
}

fn folder(ui: &mut Ui, model: &Model, browse: &Browse, actions: &mut Vec<Action>) {
    let lang = model.lang();
    ui.horizontal(|ui| {
        let up = words("上のフォルダへ", "Folder above").get(lang);
        let parent = parent(&browse.folder);
        if icon_button(ui, Icon::Up, up, up, parent.is_some(), false).clicked()
            && let Some(parent) = parent
        {
            actions.push(Action::Folder(parent));
        }
        let label = words("フォルダ", "Folder").get(lang);
        // What is typed is kept here until Enter: the folder itself is the model's.
        let id = Id::unique("folder typed");
        let shown = browse.folder.display().to_string();
        let mut text = ui.data_mut(|d| d.get_temp::<String>(id)).unwrap_or_else(|| shown.clone());
        let edit = TextEdit::singleline(&mut text).font(font_id(Font::Mono)).desired_width(ui.available_width() - 8.0);
        let field = ui.add(edit).accessible_name(label);
        if field.lost_focus() && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter)) {
            actions.push(Action::Folder(PathBuf::from(text.trim())));
        }
        if field.has_focus() {
            ui.data_mut(|d| d.insert_temp(id, text));
        } else {
            ui.data_mut(|d| d.remove_temp::<String>(id));
        }
    });
}

/// The folder above; for a relative one that has no name above it, one step out.
fn parent(folder: &std::path::Path) -> Option<PathBuf> {
    match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => Some(parent.to_owned()),
        _ if folder.is_absolute() => None,
        _ => Some(folder.join("..")),
    }
}

fn list(ui: &mut Ui, model: &Model, browse: &Browse, height: f32, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let c = *Colors::here(ui);
    let entries = match &browse.entries {
        Ok(entries) => entries,
        Err(why) => {
            ui.allocate_ui(vec2(ui.available_width(), height), |ui| {
                ui.set_min_size(vec2(ui.available_width(), height));
                let cannot = words("このフォルダは読めません", "This folder cannot be read").get(lang);
                ui.label(rich(cannot, Font::Strong).color(c.error));
                ui.label(weak(ui, why, Font::Body));
            });
            return;
        }
    };
    let scroll = ScrollArea::vertical().id_salt("entries").auto_shrink(false).max_height(height);
    scroll.show_rows(ui, LINE, entries.len().max(1), |ui, rows| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if entries.is_empty() {
            let empty = words("キャプチャのファイル（.pcap、.pcapng）もフォルダもありません", "No captures (.pcap, .pcapng) and no folders here");
            ui.label(weak(ui, empty.get(lang), Font::Body));
        }
        for entry in entries.get(rows).unwrap_or(&[]) {
            entry_ui(ui, browse, entry, actions);
        }
    });
}

fn entry_ui(ui: &mut Ui, browse: &Browse, entry: &Entry, actions: &mut Vec<Action>) {
    let c = *Colors::here(ui);
    let on = entry.name == browse.name;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, &entry.name));
    let fill = match (on, response.hovered()) {
        (true, _) => c.selected,
        (false, true) => c.raised,
        (false, false) => Color32::TRANSPARENT,
    };
    let painter = ui.painter();
    painter.rect_filled(rect, 4, fill);
    focus_ring(ui, &response, rect);
    let icon = if entry.folder { Icon::Folder } else { Icon::File };
    icon.draw(painter, pos2(rect.left() + 14.0, rect.center().y), 12.0, c.secondary);
    let right = if entry.folder { String::new() } else { size(entry.size) };
    let side = paint::line(ui, &right, font_id(Font::Mono), c.secondary, 120.0);
    let width = rect.width() - 44.0 - side.size().x;
    let main = paint::line(ui, &entry.name, font_id(Font::Body), c.text, width);
    painter.galley(pos2(rect.left() + 28.0, rect.center().y - main.size().y / 2.0), main, c.text);
    painter.galley(pos2(rect.right() - 8.0 - side.size().x, rect.center().y - side.size().y / 2.0), side, c.secondary);
    if on && !ui.clip_rect().contains_rect(rect) && ui.input(|i| i.key_down(Key::ArrowDown) || i.key_down(Key::ArrowUp)) {
        ui.scroll_to_rect(rect, None);
    }
    if response.clicked() {
        actions.push(Action::Name(entry.name.clone()));
    }
    if response.double_clicked() {
        match entry.folder {
            true => actions.push(Action::Folder(browse.folder.join(&entry.name))),
            false => actions.extend([Action::Name(entry.name.clone()), Action::Chosen]),
        }
    }
}

fn name(ui: &mut Ui, model: &Model, browse: &Browse, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let c = *Colors::here(ui);
    let mut enter = false;
    ui.horizontal(|ui| {
        let label = words("名前", "Name").get(lang);
        ui.label(rich(label, Font::Body));
        let mut text = browse.name.clone();
        let edit = TextEdit::singleline(&mut text).desired_width(ui.available_width() - 8.0);
        let field = ui.add(edit).accessible_name(label);
        let free = ui.memory(|m| m.focused()).is_none();
        if (free || field.lost_focus()) && ui.input(|i| i.key_pressed(Key::Enter)) {
            enter = true;
        }
        if free {
            field.request_focus();
        }
        if field.changed() {
            actions.push(Action::Name(text));
        }
    });
    if browse.purpose == Purpose::Save {
        let hint = words(
            ".pcapng：フレームとソケットの呼び出しを保存。.pcap：フレームだけ（古いソフトでも読めます）。",
            ".pcapng keeps frames and socket calls; .pcap keeps the frames only (older programs read it).",
        );
        ui.label(weak(ui, hint.get(lang), Font::Small));
    }
    if let Purpose::Stream(part) = browse.purpose {
        let hint = match part {
            Part::Way(Dir::ToServer) => words("クライアントが送ったバイトだけを、そのまま保存します。", "Keeps the bytes that the client sent, as they are."),
            Part::Way(Dir::ToClient) => words("サーバが送ったバイトだけを、そのまま保存します。", "Keeps the bytes that the server sent, as they are."),
            Part::Both => words("両方のバイトを、読めた順につなげて保存します。", "Keeps the bytes of both, in the order in which they could be read."),
            Part::Text(..) => words("画面と同じ書き方の行を保存します。話し手が替わるところに見出しが付きます。", "Keeps lines as they are shown, with a heading where the other end begins to speak."),
        };
        ui.label(weak(ui, hint.get(lang), Font::Small));
    }
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let main = match (browse.purpose, browse.confirm) {
                (Purpose::Open, _) => words("開く", "Open"),
                (_, false) => words("保存", "Save"),
                (_, true) => words("置き換える", "Replace"),
            };
            let some = !browse.name.trim().is_empty();
            if main_button(ui, None, main.get(lang), some, 96.0).clicked() || (enter && some) {
                actions.push(Action::Chosen);
            }
            if side_button(ui, None, words("やめる", "Cancel").get(lang), true, 80.0).clicked() {
                actions.push(Action::CloseDialog);
            }
            if browse.confirm {
                let warn = words("同じ名前のファイルがあります。置き換えますか？", "A file of this name exists. Replace it?");
                ui.label(rich(warn.get(lang), Font::Body).color(c.warn));
            }
        });
    });
}

/// What was open lately, and what comes with the program.
fn recent(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let lang = model.lang();
    if model.prefs.recent.is_empty() && model.samples.is_empty() {
        return;
    }
    ui.separator();
    ScrollArea::vertical().id_salt("recent").max_height(ui.available_height().max(60.0)).show(ui, |ui| {
        if !model.prefs.recent.is_empty() {
            section(ui, words("最近使ったファイル", "RECENT").get(lang));
            ui.horizontal_wrapped(|ui| {
                for path in &model.prefs.recent {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    if ui.button(name).on_hover_text(path.display().to_string()).clicked() {
                        actions.push(Action::Open(path.clone()));
                    }
                }
            });
        }
        if !model.samples.is_empty() {
            section(ui, words("サンプル", "SAMPLES").get(lang));
            actions.extend(welcome::samples(ui, model));
        }
    });
}
