//! Where every panel stands.
//!
//! ```text
//!   ┌ name · file · tabs ─────────────────────────────── status · view · language ┐
//!   │ notices, search, display filter                                             │
//!   ├ lab ─────┬ stage ──────────────────────────────────────────┬ ladder ────────┤
//!   │ exchange │                                                 │                │
//!   │ settings ├ caption ────────────────────────────────────────┤                │
//!   │ Start    │ player                                          │                │
//!   ├ packets ─┴────────────────┬ layers ───────────────┬ bytes ─┴────────────────┤
//!   └ what is lit ──────────────┴───────────────────────┴──────────── keys ───────┘
//! ```
//!
//! The other tabs give the room above to the packets or the messages, with layers and bytes beside them, or to the programs, with
//! packets and layers beside them.

use super::sized::{Side, Sized};
use super::theme::{Colors, MARGIN};
use super::{dialogs, filter, find, lab, notices, panes, player, stage, status, top};
use crate::app::{Action, Model, Source, Tab};
use crate::lang::words;
use crate::view::Font;
use eframe::egui::{Align2, CentralPanel, Color32, Frame, Margin, Panel, Ui, Vec2};

/// Draws the whole window and collects what was done in it.
pub fn window_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let mut actions = Vec::new();
    let c = *Colors::here(ui);
    let room = ui.available_size();
    let plain = |margin: Margin| Frame::new().fill(c.panel).inner_margin(margin);
    let bar = Panel::top("top").exact_size(44.0).resizable(false).frame(top::frame(ui));
    actions.extend(bar.show(ui, |ui| top::top_ui(ui, model)).inner);
    actions.extend(notices::notices_ui(ui, model));
    actions.extend(find::find_ui(ui, model));
    actions.extend(filter::filter_ui(ui, model));
    let line = Panel::bottom("status").exact_size(24.0).resizable(false).frame(plain(Margin::symmetric(MARGIN, 0)));
    actions.extend(line.show(ui, |ui| status::status_ui(ui, model)).inner);
    match model.tab {
        Tab::Stage => stage_tab(ui, model, room, &mut actions),
        Tab::Packets => table_tab(ui, model, room, &detailed(panes::packets_ui), &mut actions),
        Tab::Messages => table_tab(ui, model, room, &detailed(panes::messages_ui), &mut actions),
        Tab::Program => table_tab(ui, model, room, &PROGRAMS, &mut actions),
        Tab::Sockets => sockets_tab(ui, model, room, &mut actions),
    }
    if model.dialog.is_some() {
        // A dialog takes the light with it: what lies under it is not pointed at.
        actions.retain(|a| !matches!(a, Action::Hover(_)));
    }
    actions.extend(dialogs::dialog_ui(ui, model));
    actions.extend(drop_ui(ui, model));
    actions
}

fn stage_tab(ui: &mut Ui, model: &Model, room: Vec2, actions: &mut Vec<Action>) {
    let c = *Colors::here(ui);
    let plain = |margin: Margin| Frame::new().fill(c.panel).inner_margin(margin);
    if model.source == Source::Nothing && model.sequence.is_empty() {
        // Nothing is open: only what can be done next.
        let left = left_panel(model, room);
        let mut inner = Vec::new();
        left.show(ui, |p| p.frame(plain(Margin::same(MARGIN))), |ui| inner.extend(fill(ui, model, lab::lab_ui)), actions);
        actions.extend(inner);
        let centre = CentralPanel::no_frame().frame(Frame::new().fill(c.canvas).inner_margin(Margin::same(MARGIN)));
        actions.extend(centre.show(ui, |ui| stage::stage_ui(ui, model)).inner);
        return;
    }
    let default = (room.y * 0.24).clamp(140.0, 340.0);
    let most = (room.y - 300.0).max(default);
    let low = Sized { name: "panes", side: Side::Bottom, default, range: 80.0..=most, model, room };
    let mut inner = Vec::new();
    low.show(ui, |p| p.frame(Frame::new().fill(c.canvas)), |ui| lower(ui, model, room, &mut inner), actions);
    let left = left_panel(model, room);
    left.show(ui, |p| p.frame(plain(Margin::same(MARGIN))), |ui| inner.extend(fill(ui, model, lab::lab_ui)), actions);
    // The calls of a recorded run want room beside the arrows.
    let (name, default) = match model.capture.trace.calls.is_empty() {
        true => ("ladder", (room.x * 0.25).clamp(196.0, 480.0)),
        false => ("ladder and calls", (room.x * 0.29).clamp(196.0, 560.0)),
    };
    let right = Sized { name, side: Side::Right, default, range: 180.0..=700.0, model, room };
    let margin = plain(Margin { left: 4, right: 4, top: 8, bottom: 4 });
    right.show(ui, |p| p.frame(margin), |ui| inner.extend(fill(ui, model, stage::ladder_ui)), actions);
    actions.extend(inner);
    let foot = Panel::bottom("player").exact_size(114.0).resizable(false).frame(plain(Margin::symmetric(MARGIN, 10)));
    foot.show(ui, |ui| {
        actions.extend(stage::caption_ui(ui, model));
        actions.extend(player::player_ui(ui, model));
    });
    let centre = CentralPanel::no_frame().frame(Frame::new().fill(c.canvas).inner_margin(Margin::same(MARGIN)));
    actions.extend(centre.show(ui, |ui| stage::stage_ui(ui, model)).inner);
}

fn left_panel(model: &Model, room: Vec2) -> Sized<'_> {
    let default = (room.x * 0.175).clamp(196.0, 300.0);
    Sized { name: "lab", side: Side::Left, default, range: 180.0..=420.0, model, room }
}

/// Packets, layers and bytes of one frame, side by side.
fn lower(ui: &mut Ui, model: &Model, room: Vec2, actions: &mut Vec<Action>) {
    let c = *Colors::here(ui);
    let width = ui.available_width();
    let frame = Frame::new().fill(c.panel).inner_margin(Margin::symmetric(8, 6));
    let mut inner = Vec::new();
    let packets = Sized { name: "packets", side: Side::Left, default: width * 0.42, range: 160.0..=width * 0.7, model, room };
    packets.show(ui, |p| p.frame(frame), |ui| inner.extend(fill(ui, model, panes::packets_ui)), actions);
    let bytes = Sized { name: "bytes", side: Side::Right, default: width * 0.29, range: 160.0..=width * 0.5, model, room };
    bytes.show(ui, |p| p.frame(frame), |ui| inner.extend(fill(ui, model, panes::bytes_ui)), actions);
    actions.extend(inner);
    let layers = CentralPanel::no_frame().frame(frame);
    actions.extend(layers.show(ui, |ui| panes::layers_ui(ui, model)).inner);
}

/// A tab with one large pane and two smaller ones beside it, above each other.
struct Table {
    main: Pane,
    upper: Pane,
    lower: Pane,
    /// How wide the side is at first, at most, in points.
    side: f32,
    /// Under which the sizes of the side and of its lower pane are remembered.
    names: [&'static str; 2],
}

type Pane = fn(&mut Ui, &Model) -> Vec<Action>;

/// A list, with the layers and bytes of the current frame.
fn detailed(main: Pane) -> Table {
    Table { main, upper: panes::layers_ui, lower: panes::bytes_ui, side: f32::INFINITY, names: ["detail", "bytes below"] }
}

/// The programs, with the packets and the layers of the current one.
const PROGRAMS: Table = Table {
    main: panes::program_ui,
    upper: panes::packets_ui,
    lower: panes::layers_ui,
    side: 540.0,
    names: ["beside programs", "layers below"],
};

fn table_tab(
    ui: &mut Ui,
    model: &Model,
    room: Vec2,
    table: &Table,
    actions: &mut Vec<Action>,
) {
    let c = *Colors::here(ui);
    let plain = |margin: Margin| Frame::new().fill(c.panel).inner_margin(margin);
    let foot = Panel::bottom("player small").exact_size(46.0).resizable(false).frame(plain(Margin::symmetric(MARGIN, 10)));
    actions.extend(foot.show(ui, |ui| player::player_ui(ui, model)).inner);
    let width = ui.available_width();
    let (mut inner, mut sizes) = (Vec::new(), Vec::new());
    let side = Sized { name: table.names[0], side: Side::Right, default: (width * 0.4).min(table.side), range: 240.0..=width * 0.65, model, room };
    let detail = |ui: &mut Ui| {
        let height = ui.available_height();
        let below = Sized { name: table.names[1], side: Side::Bottom, default: height * 0.42, range: 80.0..=height * 0.8, model, room };
        let dress = |p: Panel| p.frame(plain(Margin::same(8)));
        below.show(ui, dress, |ui| inner.extend(fill(ui, model, table.lower)), &mut sizes);
        let upper = CentralPanel::no_frame().frame(plain(Margin::same(8)));
        inner.extend(upper.show(ui, |ui| (table.upper)(ui, model)).inner);
    };
    side.show(ui, |p| p.frame(Frame::new().fill(c.panel)), detail, actions);
    actions.extend(inner);
    actions.extend(sizes);
    let centre = CentralPanel::no_frame().frame(plain(Margin::same(8)));
    actions.extend(centre.show(ui, |ui| (table.main)(ui, model)).inner);
}

/// The sockets of both hosts, beside the ladder: that is where the cursor is moved.
fn sockets_tab(ui: &mut Ui, model: &Model, room: Vec2, actions: &mut Vec<Action>) {
    let c = *Colors::here(ui);
    let plain = |margin: Margin| Frame::new().fill(c.panel).inner_margin(margin);
    let foot = Panel::bottom("player small").exact_size(46.0).resizable(false).frame(plain(Margin::symmetric(MARGIN, 10)));
    actions.extend(foot.show(ui, |ui| player::player_ui(ui, model)).inner);
    let default = (room.x * 0.3).clamp(196.0, 560.0);
    let right = Sized { name: "ladder of sockets", side: Side::Right, default, range: 180.0..=700.0, model, room };
    let mut inner = Vec::new();
    let margin = plain(Margin { left: 4, right: 4, top: 8, bottom: 4 });
    right.show(ui, |p| p.frame(margin), |ui| inner.extend(fill(ui, model, stage::ladder_ui)), actions);
    actions.extend(inner);
    let centre = CentralPanel::no_frame().frame(plain(Margin::same(MARGIN)));
    actions.extend(centre.show(ui, |ui| panes::sockets_ui(ui, model)).inner);
}

/// A panel keeps its size however little there is in it.
fn fill(ui: &mut Ui, model: &Model, panel: fn(&mut Ui, &Model) -> Vec<Action>) -> Vec<Action> {
    let actions = panel(ui, model);
    ui.expand_to_include_rect(ui.max_rect());
    actions
}

/// Files held over the window, and files let go.
fn drop_ui(ui: &Ui, model: &Model) -> Vec<Action> {
    let hovering = ui.input(|i| !i.raw.hovered_files.is_empty());
    if hovering {
        let c = *Colors::here(ui);
        let rect = ui.content_rect();
        let layer = eframe::egui::LayerId::new(eframe::egui::Order::Foreground, eframe::egui::Id::unique("drop"));
        let painter = ui.layer_painter(layer);
        painter.rect_filled(rect, 0, Color32::from_black_alpha(150));
        painter.rect_stroke(rect.shrink(16.0), 12, (3.0, c.accent), eframe::egui::StrokeKind::Inside);
        let words = words("ここで放すと開きます", "Let go to open").get(model.lang());
        painter.text(rect.center(), Align2::CENTER_CENTER, words, super::theme::font_id(Font::Heading), Color32::WHITE);
    }
    let dropped = ui.input(|i| i.raw.dropped_files.clone());
    dropped.first().map(|f| Action::Open(f.path().to_path_buf())).into_iter().collect()
}
