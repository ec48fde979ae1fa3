//! The analysis: five tables of the whole capture, each row a filter away.
//!
//! ```text
//!   ┌ Conversations | Endpoints | Hierarchy | Follow | Expert ───── progress ┐
//!   │ TCP | UDP | all          text | hex | escaped · unpacked               │
//!   ├ heads: a click sorts ──────────────────────────────────────────────────┤
//!   │ rows                                                                   │
//!   ├────────────────────────────────────────────────────────────────────────┤
//!   └ what the row's filter is ── copy · follow stream · show these frames ──┘
//! ```
//!
//! Everything shown was found out in the background; only rows in sight are put into words.

mod follow;
mod table;

use crate::app::{Action, Model, Purpose, Table, Turn};
use crate::flow::tables::{Form, Found, Part, Row};
use crate::flow::{Dir, Transport};
use crate::gui::theme::Colors;
use crate::gui::widgets::{Icon, choice, elided, grouped, icon_button, main_button, rich, side_button};
use crate::lang::{Lang, Words, words};
use crate::trace::frame_number;
use crate::view::Font;
use eframe::egui::{Align, Layout, Popup, Rect, Ui, pos2, vec2};

/// Height of what stands below the table.
const FOOT: f32 = 44.0;

pub fn name(table: Table) -> Words {
    match table {
        Table::Conversations => words("会話", "Conversations"),
        Table::Endpoints => words("エンドポイント", "Endpoints"),
        Table::Hierarchy => words("プロトコル階層", "Hierarchy"),
        Table::Follow => words("ストリームを読む", "Follow"),
        Table::Expert => words("気になる点", "Expert"),
    }
}

pub fn analysis_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let lang = model.lang();
    let mut actions = Vec::new();
    let now = &model.analysis;
    ui.horizontal(|ui| {
        let all = Table::ALL.map(|t| (t, name(t).get(lang)));
        let chosen = choice(ui, &all, now.table);
        actions.extend(chosen.map(|t| Action::Analyse(Turn::Table(t))));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| progress(ui, model, &mut actions));
    });
    options(ui, model, &mut actions);
    ui.add_space(2.0);
    let size = vec2(ui.available_width(), (ui.available_height() - FOOT).max(60.0));
    let (_, rect) = ui.allocate_space(size);
    let mut chosen = None;
    match now.found().map(AsRef::as_ref) {
        Some(found) if found.is_empty() => note(ui, rect, nothing(model), lang),
        Some(Found::Follow(page)) => follow::follow_ui(ui, rect, model, page, &mut actions),
        Some(found) => chosen = table::table_ui(ui, rect, model, found, &mut actions),
        None => note(ui, rect, unknown(model), lang),
    }
    ui.add_space(4.0);
    foot(ui, model, chosen, &mut actions);
    actions
}

/// Shows the frames of a row: its filter, then its first frame.
fn apply(row: &Row) -> Vec<Action> {
    let filter = row.filter.clone().map(Action::Filter);
    filter.into_iter().chain(row.first.map(Action::Go)).chain([Action::CloseDialog]).collect()
}

fn note(ui: &mut Ui, rect: Rect, words: [Words; 2], lang: Lang) {
    crate::gui::panes::empty_ui(ui, rect, words, lang);
}

/// Why a table has no rows.
fn nothing(model: &Model) -> [Words; 2] {
    let other = words("別のタブや種類を選んでください。", "Choose another tab or another kind.");
    match model.analysis.table {
        Table::Conversations => [words("この種類の会話はありません。", "There are no conversations of this kind."), other],
        Table::Endpoints => [words("IP アドレスを持つフレームはありません。", "No frame has an IP address."), other],
        Table::Hierarchy => [words("フレームがありません。", "There are no frames."), other],
        Table::Follow => [words("この会話では、まだ何も送られていません。", "Nothing was sent in this conversation."), other],
        Table::Expert => [
            words("気になる点は見つかりませんでした。", "Nothing asks for attention."),
            words("再送、欠け、壊れたヘッダはありません。", "No retransmissions, no gaps, no broken headers."),
        ],
    }
}

/// Why there is no table yet.
fn unknown(model: &Model) -> [Words; 2] {
    let now = &model.analysis;
    if model.capture.trace.is_empty() {
        [
            words("キャプチャがまだありません。", "There is no capture yet."),
            words("ラボを開始するか、ファイルを開いてください。", "Start the lab or open a file."),
        ]
    } else if now.waiting.is_some() {
        [
            words("数えています…", "Counting…"),
            words("キャプチャが大きいと時間がかかります。", "This takes a while with a large capture."),
        ]
    } else if now.table == Table::Follow && now.flow.is_none() {
        [
            words("今のフレームは、どの会話にも属していません。", "The present frame belongs to no conversation."),
            words("「会話」の表で行を選び、「ストリームを読む」を押してください。", "Choose a row of Conversations and press Follow stream."),
        ]
    } else if now.cancelled {
        [words("中止しました。", "Called off."), words("「更新」でもう一度数えます。", "Refresh counts again.")]
    } else {
        [words("まだ数えていません。", "Not counted yet."), words("「更新」で数えます。", "Refresh counts now.")]
    }
}

fn progress(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let now = &model.analysis;
    let c = *Colors::here(ui);
    if let Some(waiting) = now.waiting {
        let stop = words("計算を中止", "Stop counting").get(lang);
        if icon_button(ui, Icon::Stop, stop, stop, true, false).clicked() {
            actions.push(Action::Analyse(Turn::Cancel));
        }
        let share = waiting.done.saturating_mul(100).checked_div(waiting.total).map_or(String::new(), |p| format!(" {p} %"));
        let text = format!("{}{share}", words("計算しています…", "Counting…").get(lang));
        ui.label(rich(text, Font::Body).color(c.secondary));
        return;
    }
    let grown = now.found().filter(|f| f.frames() != model.capture.trace.len());
    if grown.is_some() || now.cancelled {
        if ui.button(words("更新", "Refresh").get(lang)).clicked() {
            actions.push(Action::Analyse(Turn::Refresh));
        }
        if let Some(found) = grown {
            let frames = grouped(found.frames().into());
            let text = lang.pick(format!("{frames} フレームまでの結果"), format!("as of {frames} frames"));
            ui.label(rich(text, Font::Body).color(c.warn));
        }
    }
}

/// What is particular to the table that is open.
fn options(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let now = &model.analysis;
    ui.horizontal(|ui| match now.table {
        Table::Conversations => {
            let all = lang.pick("すべて", "All");
            let kinds = [(None, all), (Some(Transport::Tcp), "TCP"), (Some(Transport::Udp), "UDP"), (Some(Transport::Icmp), "ICMP")];
            actions.extend(choice(ui, &kinds, now.transport).map(|t| Action::Analyse(Turn::Transport(t))));
            count(ui, model);
        }
        Table::Follow => {
            let names = [words("テキスト", "Text"), words("16 進", "Hex"), words("エスケープ", "Escaped")];
            let forms: Vec<_> = Form::ALL.into_iter().zip(names.map(|n| n.get(lang))).collect();
            actions.extend(choice(ui, &forms, now.form).map(|f| Action::Analyse(Turn::Form(f))));
            let ways = [(false, words("送られたまま", "As sent").get(lang)), (true, words("展開した本文", "Unpacked").get(lang))];
            actions.extend(choice(ui, &ways, now.unpacked).map(|u| Action::Analyse(Turn::Unpacked(u))));
            pages(ui, model, actions);
        }
        _ => count(ui, model),
    });
}

fn count(ui: &mut Ui, model: &Model) {
    let lang = model.lang();
    if let Some(found) = model.analysis.found() {
        let n = grouped(found.len() as u64);
        let text = lang.pick(format!("{n} 行"), format!("{n} {}", if found.len() == 1 { "row" } else { "rows" }));
        ui.label(rich(text, Font::Body).color(Colors::here(ui).secondary));
    }
}

fn pages(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let now = &model.analysis;
    let number = now.pages.len().max(1);
    let more = now.next_page().is_some();
    if number > 1 || more {
        let previous = words("前のページ", "Previous page").get(lang);
        if icon_button(ui, Icon::Back, previous, previous, number > 1, false).clicked() {
            actions.push(Action::Analyse(Turn::PreviousPage));
        }
        ui.label(rich(lang.pick(format!("{number} ページ"), format!("page {number}")), Font::Body));
        let next = words("次のページ", "Next page").get(lang);
        if icon_button(ui, Icon::Forward, next, next, more, false).clicked() {
            actions.push(Action::Analyse(Turn::NextPage));
        }
    }
    let flow = now.flow.and_then(|f| model.capture.index.flow(f));
    if let Some(flow) = flow {
        let [client, server] = flow.ends;
        let c = *Colors::here(ui);
        let text = lang.pick(format!("クライアント {client}"), format!("client {client}"));
        ui.label(rich(text, Font::Body).color(follow::ink(&c, crate::flow::Dir::ToServer)));
        let text = lang.pick(format!("サーバ {server}"), format!("server {server}"));
        elided(ui, &text, Font::Body, follow::ink(&c, crate::flow::Dir::ToClient));
    }
}

/// What of the conversation is to be saved: all of it, not the page alone.
fn save_ui(ui: &mut Ui, lang: Lang, form: Form, actions: &mut Vec<Action>) {
    let parts = [
        (words("クライアントのバイト…", "Client's bytes…"), Part::Way(Dir::ToServer)),
        (words("サーバのバイト…", "Server's bytes…"), Part::Way(Dir::ToClient)),
        (words("両方のバイト…", "Bytes of both…"), Part::Both),
        (words("この書き方のテキスト…", "Text in this form…"), Part::Text(form, lang)),
    ];
    let response = side_button(ui, None, words("保存", "Save").get(lang), true, 0.0);
    Popup::menu(&response).show(|ui| {
        for (name, part) in parts {
            if ui.button(name.get(lang)).clicked() {
                actions.push(Action::Browse(Purpose::Stream(part)));
                ui.close();
            }
        }
    });
}

fn foot(ui: &mut Ui, model: &Model, chosen: Option<Row>, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let c = *Colors::here(ui);
    let whole = ui.available_rect_before_wrap();
    let rect = Rect::from_min_max(whole.min, pos2(whole.right(), whole.top() + 34.0));
    ui.scope_builder(eframe::egui::UiBuilder::new().id_salt("foot").max_rect(rect), |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let followed = match model.analysis.found().map(AsRef::as_ref) {
                Some(Found::Follow(page)) => {
                    let flow = model.capture.index.flow(page.flow);
                    flow.map(|f| Row { filter: crate::flow::tables::conversations::filter(f), first: Some(f.first_frame), ..Row::default() })
                }
                _ => None,
            };
            let row = chosen.or(followed);
            if let Some(row) = &row {
                let show = match row.filter {
                    Some(_) => words("このフレームだけを表示", "Show these frames"),
                    None => words("最初のフレームへ", "Go to the first frame"),
                };
                if main_button(ui, None, show.get(lang), row.filter.is_some() || row.first.is_some(), 0.0).clicked() {
                    actions.extend(apply(row));
                }
                if let Some(flow) = row.flow {
                    let read = words("ストリームを読む…", "Follow stream…").get(lang);
                    if side_button(ui, None, read, true, 0.0).clicked() {
                        actions.push(Action::Analyse(Turn::Follow(flow)));
                    }
                }
            }
            if let Some(Found::Follow(page)) = model.analysis.found().map(AsRef::as_ref)
                && !page.lines.is_empty()
            {
                save_ui(ui, lang, page.form, actions);
            }
            if model.analysis.found().is_some_and(|f| !f.is_empty()) {
                let copy = match model.analysis.table {
                    Table::Follow => words("このページをコピー", "Copy this page"),
                    _ => words("表を CSV でコピー", "Copy as CSV"),
                };
                if side_button(ui, Some(Icon::Copy), copy.get(lang), true, 0.0).clicked() {
                    actions.push(Action::Analyse(Turn::CopyTable));
                }
            }
            if let Some(row) = row {
                let text = match (row.filter, row.first) {
                    (Some(filter), _) => format!("{}{filter}", lang.pick("フィルタ：", "Filter: ")),
                    (None, Some(frame)) => format!("{} {}", lang.pick("フレーム", "Frame"), frame_number(frame)),
                    (None, None) => String::new(),
                };
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| elided(ui, &text, Font::Mono, c.secondary));
            }
        });
    });
}
