//! The panes below and beside the stage: the packet table, the layers with their fields, the bytes, the messages, the programs.
//!
//! In: the model and the room in the `ui`, all of which a pane takes. Out: actions. What a pane remembers for itself (where
//! it is scrolled, what is open) is in egui's memory; it holds nothing that another pane would need.

pub mod around;
mod bytes;
pub mod layers;
pub mod list;
pub mod messages;
pub mod packets;
pub mod program;
pub mod sockets;

pub use bytes::bytes_ui;
pub use layers::layers_ui;
pub use messages::messages_ui;
pub use packets::packets_ui;
pub use program::program_ui;
pub use sockets::sockets_ui;

use super::paint::line;
use super::theme::{Colors, font_id};
use crate::lang::{Lang, Words};
use crate::view::Font;
use eframe::egui::{Align2, Color32, Id, Painter, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

/// Draws one line of text inside `rect`, elided, and gives the width it took.
pub(in crate::gui) fn text(ui: &Ui, rect: Rect, align: Align2, words: &str, font: Font, color: Color32) -> f32 {
    if words.is_empty() || rect.width() < 4.0 {
        return 0.0;
    }
    let galley = line(ui, words, font_id(font), color, rect.width());
    let place = align.align_size_within_rect(galley.size(), rect);
    let width = galley.size().x;
    ui.painter().galley(place.min, galley, color);
    width
}

/// How wide a text is on one line.
pub(in crate::gui) fn width(ui: &Ui, words: &str, font: Font) -> f32 {
    line(ui, words, font_id(font), Color32::WHITE, f32::INFINITY).size().x
}

/// Says in the middle of the room what is missing and what to do about it.
pub(in crate::gui) fn empty_ui(ui: &Ui, rect: Rect, words: [Words; 2], lang: Lang) {
    let colors = Colors::here(ui);
    let middle = rect.center();
    let row = |y: f32| Rect::from_center_size(Pos2::new(middle.x, middle.y + y), vec2((rect.width() - 16.0).max(0.0), 22.0));
    let [missing, advice] = words.map(|w| w.get(lang));
    text(ui, row(-12.0), Align2::CENTER_CENTER, missing, Font::Body, colors.text);
    text(ui, row(12.0), Align2::CENTER_CENTER, advice, Font::Body, colors.secondary);
    for (i, words) in [missing, advice].into_iter().enumerate() {
        let response = ui.interact(row(i as f32 * 24.0 - 12.0), ui.scope_id().with(("empty", i)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    }
}

/// The ring around what the keyboard is on.
fn focus_ring(painter: &Painter, rect: Rect, colors: &Colors) {
    painter.rect_stroke(rect, 3, Stroke::new(2.0, colors.accent), StrokeKind::Inside);
}

/// Something a pane keeps from one picture to the next.
pub(in crate::gui) fn remembered<T: Clone + Default + Send + Sync + 'static>(ui: &Ui, id: Id) -> T {
    ui.data(|data| data.get_temp(id)).unwrap_or_default()
}

pub(in crate::gui) fn remember<T: Clone + Send + Sync + 'static>(ui: &Ui, id: Id, value: T) {
    ui.data_mut(|data| data.insert_temp(id, value));
}
