//! The bar at the top: what is open, the tabs, and how it is shown.

use super::keys::tip;
use super::paint;
use super::theme::{Colors, font_id};
use super::widgets::{Icon, choice, grouped, icon_button, rich};
use crate::app::{Action, Dialog, Model, OsiView, Purpose, Source, Tab, Theme};
use crate::lang::{Lang, Words, words};
use crate::view::Font;
use eframe::egui::{self, Align, Frame, Layout, Margin, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

/// A window narrower than this has no room for the program's name.
const NARROW: f32 = 1060.0;

/// The name of a tab.
pub fn tab_name(tab: Tab) -> Words {
    match tab {
        Tab::Stage => words("ステージ", "Stage"),
        Tab::Packets => words("パケット", "Packets"),
        Tab::Messages => words("メッセージ", "Messages"),
        Tab::Program => words("プログラム", "Programs"),
        Tab::Sockets => words("ソケット", "Sockets"),
    }
}

pub fn top_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let mut actions = Vec::new();
    ui.horizontal_centered(|ui| {
        // In the least window only what can be pressed has room.
        let narrow = ui.available_width() < NARROW;
        ui.spacing_mut().item_spacing.x = if narrow { 3.0 } else { 6.0 };
        if narrow {
            ui.spacing_mut().button_padding.x = 7.0;
        } else {
            ui.label(rich("osiscope", Font::Subtitle));
            ui.add_space(4.0);
        }
        file_menu(ui, model, &mut actions);
        for tab in Tab::ALL {
            let name = tab_name(tab);
            let here = model.tab == tab;
            let text = rich(name.get(model.lang()), if here { Font::Strong } else { Font::Body });
            let text = if here { text } else { text.color(Colors::here(ui).secondary) };
            if ui.selectable_label(here, text).on_hover_text(tip(name, model.lang())).clicked() {
                actions.push(Action::SetTab(tab));
            }
        }
        let name = words("分析", "Analysis");
        let about = words("分析の表（会話、エンドポイント、階層…）", "Analysis tables (conversations, endpoints, hierarchy…)");
        if ui.button(name.get(model.lang())).on_hover_text(tip(about, model.lang())).clicked() {
            actions.push(Action::ShowDialog(Dialog::Analysis));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            right(ui, model, &mut actions);
        });
    });
    actions
}

fn right(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let help = words("このヘルプ", "This help");
    let name = words("ヘルプ", "Help").get(lang);
    if icon_button(ui, Icon::Help, name, &tip(help, lang), true, false).clicked() {
        actions.push(Action::ShowDialog(Dialog::Help));
    }
    let dark = ui.visuals().dark_mode;
    let (icon, other, name) = match dark {
        true => (Icon::Sun, Theme::Light, words("明るい配色にする", "Light colours")),
        false => (Icon::Moon, Theme::Dark, words("暗い配色にする", "Dark colours")),
    };
    if icon_button(ui, icon, name.get(lang), "", true, false).clicked() {
        actions.push(Action::SetTheme(other));
    }
    actions.extend(choice(ui, &[(Lang::Ja, "日本語"), (Lang::En, "English")], lang).map(Action::SetLang));
    actions.extend(choice(ui, &[(OsiView::Osi, "OSI 7"), (OsiView::Tcpip, "TCP/IP 4")], model.prefs.osi).map(Action::SetOsi));
    status_pill(ui, model);
}

fn file_menu(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let lang = model.lang();
    ui.menu_button(words("ファイル", "File").get(lang), |ui| {
        let mut item = |ui: &mut Ui, words: Words, key: &str, enabled: bool, action: Action| {
            let button = egui::Button::new(words.get(lang)).shortcut_text(key);
            if ui.add_enabled(enabled, button).clicked() {
                actions.push(action);
                ui.close();
            }
        };
        let some = !model.capture.trace.is_empty();
        item(ui, words("開く…", "Open…"), "Ctrl+O", true, Action::Browse(Purpose::Open));
        item(ui, words("保存…", "Save…"), "Ctrl+S", some, Action::Browse(Purpose::Save));
        let open = model.source != Source::Nothing;
        item(ui, words("キャプチャを閉じる", "Close the capture"), "", open, Action::CloseCapture);
        ui.separator();
        ui.menu_button(words("サンプル", "Samples").get(lang), |ui| {
            for (name, about) in &model.samples {
                if ui.button(name).on_hover_text(about.get(lang)).clicked() {
                    actions.push(Action::OpenSample(name.clone()));
                    ui.close();
                }
            }
        });
        if !model.prefs.recent.is_empty() {
            ui.menu_button(words("最近使ったファイル", "Recent files").get(lang), |ui| {
                for path in &model.prefs.recent {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    if ui.button(name).on_hover_text(path.display().to_string()).clicked() {
                        actions.push(Action::Open(path.clone()));
                        ui.close();
                    }
                }
            });
        }
        ui.separator();
        let mut item = |ui: &mut Ui, words: Words, key: &str, action: Action| {
            if ui.add(egui::Button::new(words.get(lang)).shortcut_text(key)).clicked() {
                actions.push(action);
                ui.close();
            }
        };
        item(ui, words("この環境で使えるもの…", "What works here…"), "", Action::ShowDialog(Dialog::Doctor));
        item(ui, words("全画面表示", "Full screen"), "F11", Action::ToggleFullScreen);
        item(ui, words("パネルの大きさを元に戻す", "Reset the panels' sizes"), "", Action::ResetPanels);
        item(ui, words("終了", "Quit"), "Ctrl+Q", Action::Quit);
    });
}

/// What is open, in a few words.
pub fn source_name(model: &Model) -> String {
    let lang = model.lang();
    match &model.source {
        Source::Nothing => words("キャプチャなし", "no capture").get(lang).to_owned(),
        Source::File(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        Source::Sample(name) => format!("{}{name}", words("サンプル：", "sample: ").get(lang)),
        Source::Stdin => words("標準入力", "standard input").get(lang).to_owned(),
        Source::Lab { title, saved, .. } => {
            let unsaved = if *saved { "" } else { words("（未保存）", " (not saved)").get(lang) };
            format!("{}{}{unsaved}", words("ラボ：", "lab: ").get(lang), title.get(lang))
        }
    }
}

fn status_pill(ui: &mut Ui, model: &Model) {
    let lang = model.lang();
    let c = *Colors::here(ui);
    let lost = model.capture.trace.total_dropped();
    let mut parts = vec![source_name(model)];
    if model.source != Source::Nothing {
        let frames = grouped(model.capture.trace.frames.len() as u64);
        parts.push(lang.pick(format!("{frames} フレーム"), format!("{frames} frames")));
        let lost = grouped(lost);
        parts.push(lang.pick(format!("取りこぼし {lost}"), format!("{lost} lost")));
    }
    let text = parts.join(" · ");
    let dot = match &model.lab.running {
        Some(run) if run.started => c.ok,
        Some(_) => c.warn,
        None if model.loading.is_some() => c.accent,
        None => c.secondary,
    };
    let color = if lost > 0 { c.warn } else { c.text };
    let width = ui.available_width() - 38.0;
    if width < 40.0 {
        return;
    }
    let galley = paint::line(ui, &text, font_id(Font::Body), color, width);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 34.0, 26.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
    let painter = ui.painter();
    painter.rect(rect, 13, c.canvas, Stroke::new(1.0, c.line), egui::StrokeKind::Inside);
    painter.circle_filled(rect.left_center() + vec2(14.0, 0.0), 4.0, dot);
    painter.galley(rect.left_center() + vec2(24.0, -galley.size().y / 2.0), galley, color);
    let about = words("開いているキャプチャ、フレームの数、キャプチャが取りこぼしたフレームの数", "The open capture, its frames, and the frames that the capture lost");
    response.on_hover_text(format!("{text}\n{}", about.get(lang)));
}

/// The frame of the bar.
pub fn frame(ui: &Ui) -> Frame {
    Frame::new().fill(Colors::here(ui).panel).inner_margin(Margin::symmetric(12, 0))
}
