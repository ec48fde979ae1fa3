//! A list of any length in rows of one height: only the rows in sight are made.
//!
//! In: how many rows there are and the room. Out: the rows to draw, and where. It keeps the row at its top as an `f64`:
//! scrolling by pixels in `f32`, as egui does, jumps by whole rows in a table of ten million.

use super::super::theme::Colors;
use super::{focus_ring, remember, remembered};
use crate::lang::Lang;
use eframe::egui::{
    Color32, CursorIcon, EventFilter, Id, Key, Modifiers, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui,
    WidgetInfo, pos2, vec2,
};

/// Width of the scroll bar, in points.
pub const BAR: f32 = 10.0;

/// What a list keeps.
#[derive(Clone, Copy, Default)]
struct State {
    /// The row at the top; its fraction is how much of it has been scrolled away.
    top: f64,
    /// While the bar is dragged: the top and the pointer where the drag began.
    grabbed: Option<(f64, f32)>,
}

/// A list, before it is shown.
pub struct List {
    pub id: Id,
    /// All the room, with the scroll bar.
    pub rect: Rect,
    pub row: f32,
    pub count: usize,
    /// What a screen reader says.
    pub name: &'static str,
}

/// A list as it stands in this picture.
pub struct Shown {
    /// The room of the rows, without the bar.
    pub body: Rect,
    pub top: f64,
    pub row: f32,
    pub count: usize,
    /// The list as a whole: one place that the keyboard can be on.
    pub response: Response,
}

impl Shown {
    /// The rows in sight, each with its place; the first and the last may be cut by the edge.
    pub fn rows(&self) -> impl Iterator<Item = (usize, Rect)> + '_ {
        let first = self.top.floor().max(0.0) as usize;
        (first..self.count)
            .map(|i| {
                let y = self.body.top() + ((i as f64 - self.top) * f64::from(self.row)) as f32;
                (i, Rect::from_min_size(pos2(self.body.left(), y), vec2(self.body.width(), self.row)))
            })
            .take_while(|(_, rect)| rect.top() < self.body.bottom())
    }

    /// The row at this height, if there is one.
    pub fn at(&self, y: f32) -> Option<usize> {
        let row = self.top + f64::from((y - self.body.top()) / self.row);
        (row >= 0.0 && row < self.count as f64).then_some(row as usize)
    }
}

impl List {
    /// Scrolls by wheel, bar and keys; `reveal` is a row that must be in sight now.
    pub fn show(&self, ui: &mut Ui, reveal: Option<usize>, lang: Lang) -> Shown {
        let mut state: State = remembered(ui, self.id);
        let body = Rect::from_min_max(self.rect.min, pos2((self.rect.right() - BAR).max(self.rect.left()), self.rect.bottom()));
        let page = f64::from((body.height() / self.row).max(1.0));
        let last_top = (self.count as f64 - page).max(0.0);
        let sense = Sense::HOVER | Sense::FOCUSABLE;
        let response = ui.interact(body, self.id.with("body"), sense);
        response.widget_info(|| WidgetInfo::labeled(Role::List, true, self.name));
        if ui.rect_contains_pointer(self.rect) {
            let by = ui.input_mut(|i| std::mem::take(&mut i.smooth_scroll_delta.y));
            state.top -= f64::from(by / self.row);
        }
        if response.has_focus() {
            let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
            state.top += self.paged(ui, page);
        }
        if let Some(row) = reveal {
            reveal_row(&mut state.top, row as f64, page);
        }
        state.top = state.top.clamp(0.0, last_top);
        self.bar(ui, &mut state, page, last_top, lang);
        state.top = state.top.clamp(0.0, last_top);
        remember(ui, self.id, state);
        Shown { body, top: state.top, row: self.row, count: self.count, response }
    }

    /// Rows to go by the keys that mean pages.
    fn paged(&self, ui: &Ui, page: f64) -> f64 {
        let all = self.count as f64;
        let keys = [(Key::PageDown, page - 1.0), (Key::PageUp, 1.0 - page), (Key::Home, -all), (Key::End, all)];
        ui.input_mut(|i| keys.iter().filter(|(key, _)| i.consume_key(Modifiers::NONE, *key)).map(|(_, by)| by).sum())
    }

    fn bar(&self, ui: &Ui, state: &mut State, page: f64, last_top: f64, lang: Lang) {
        if last_top <= 0.0 {
            state.grabbed = None;
            return;
        }
        let track = Rect::from_min_max(pos2(self.rect.right() - BAR, self.rect.top()), self.rect.max);
        let length = ((page / self.count as f64) as f32 * track.height()).clamp(24.0_f32.min(track.height()), track.height());
        let room = track.height() - length;
        let handle_top = |top: f64| track.top() + (top / last_top) as f32 * room;
        let response = ui.interact(track, self.id.with("bar"), Sense::CLICK | Sense::DRAG);
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::ScrollBar, true, lang.pick("スクロールバー", "Scroll bar"));
            info.value = Some(state.top);
            info
        });
        if let Some(pointer) = response.interact_pointer_pos() {
            let on_handle = (handle_top(state.top)..handle_top(state.top) + length).contains(&pointer.y);
            // What counts is where the button went down, not where the pointer was when that turned into a drag.
            if ui.input(|i| i.pointer.primary_pressed()) {
                state.grabbed = on_handle.then_some((state.top, pointer.y));
            }
            match state.grabbed {
                Some((top, y)) if room > 0.0 => state.top = top + f64::from((pointer.y - y) / room) * last_top,
                _ if response.clicked() => {
                    state.top += if pointer.y < handle_top(state.top) { 1.0 - page } else { page - 1.0 };
                }
                _ => {}
            }
        }
        if !response.is_pointer_button_down_on() && !response.dragged() {
            state.grabbed = None;
        }
        let colors = Colors::here(ui);
        let bright = response.hovered() || state.grabbed.is_some();
        let handle = Rect::from_min_size(pos2(track.left() + 3.0, handle_top(state.top.clamp(0.0, last_top))), vec2(BAR - 5.0, length));
        ui.painter().rect_filled(handle, 2, if bright { colors.secondary } else { colors.line });
    }
}

/// The least scrolling that brings a row into sight; one that is far away comes to a third of the height.
fn reveal_row(top: &mut f64, row: f64, page: f64) {
    if row >= *top && row + 1.0 <= *top + page {
        return;
    }
    if row < *top && *top - row <= 2.0 {
        *top = row;
    } else if row > *top && row + 1.0 - (*top + page) <= 2.0 {
        *top = row + 1.0 - page;
    } else {
        *top = row - (page / 3.0).floor();
    }
}

/// The ring around a list that the keyboard is on.
pub fn ring(ui: &Ui, shown: &Shown) {
    if shown.response.has_focus() {
        focus_ring(ui.painter(), shown.body, Colors::here(ui));
    }
}

/// Up or down on a list that has the keyboard: -1 or 1.
pub fn arrows(ui: &Ui, shown: &Shown) -> Option<i64> {
    if !shown.response.has_focus() {
        return None;
    }
    ui.input_mut(|i| match () {
        () if i.consume_key(Modifiers::NONE, Key::ArrowUp) => Some(-1),
        () if i.consume_key(Modifiers::NONE, Key::ArrowDown) => Some(1),
        () => None,
    })
}

/// The position that a list of `len` comes to from `at` by `by`.
pub fn moved(at: Option<usize>, by: i64, len: usize) -> Option<usize> {
    let last = len.checked_sub(1)?;
    Some(match at {
        None => 0,
        Some(at) => at.saturating_add_signed(isize::try_from(by).ok()?).min(last),
    })
}

/// The arrow in the head of the column that a table is sorted by. It is drawn: no font is needed for it.
pub fn sort_arrow(painter: &Painter, at: Pos2, descending: bool, color: Color32) {
    let tip = if descending { 3.0 } else { -3.0 };
    let points = vec![pos2(at.x - 4.0, at.y - tip), pos2(at.x + 4.0, at.y - tip), pos2(at.x, at.y + tip)];
    painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
}

/// A hand over what can be clicked.
pub fn hand(ui: &Ui, response: &Response) {
    if response.hovered() {
        ui.set_cursor_icon(CursorIcon::PointingHand);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_in_sight_does_not_scroll_and_one_beside_it_scrolls_by_one() {
        let mut top = 10.0;
        reveal_row(&mut top, 12.0, 5.0);
        assert_eq!(top, 10.0);
        reveal_row(&mut top, 15.0, 5.0);
        assert_eq!(top, 11.0);
        reveal_row(&mut top, 10.0, 5.0);
        assert_eq!(top, 10.0);
        reveal_row(&mut top, 9_000_000.0, 6.0);
        assert_eq!(top, 8_999_998.0);
    }

    #[test]
    fn arrows_stop_at_both_ends() {
        assert_eq!([moved(Some(0), -1, 3), moved(Some(2), 1, 3), moved(None, 1, 3), moved(None, 1, 0)], [Some(0), Some(2), Some(0), None]);
    }
}
