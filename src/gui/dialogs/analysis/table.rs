//! One of the tables: heads that sort, rows that can be chosen. It draws only the rows in sight.

use super::apply;
use crate::app::{Action, Model, Turn};
use crate::flow::tables::{Found, Level, Row};
use crate::gui::panes::list::{self, List};
use crate::gui::panes::{remember, remembered, text, width};
use crate::gui::theme::{self, Colors};
use crate::view::Font;
use eframe::egui::{
    Align2, Color32, Id, Key, Modifiers, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

const HEADER: f32 = 24.0;
const PAD: f32 = 6.0;
/// How far a row stands in for each row that carries it.
const INDENT: f32 = 16.0;
/// What a column of words is narrowed to before numbers are cut.
const NARROW: f32 = 72.0;

/// What the table keeps: the widest text seen in each column, and the row that was brought into sight last.
#[derive(Clone, Default)]
struct State {
    of: (u64, usize),
    seen: Vec<f32>,
    followed: Option<usize>,
}

/// Shows the table; gives the row that is chosen.
pub fn table_ui(ui: &mut Ui, rect: Rect, model: &Model, found: &Found, actions: &mut Vec<Action>) -> Option<Row> {
    let lang = model.lang();
    let now = &model.analysis;
    let id = Id::unique("analysis").with(now.table as u8);
    let (index, start) = (&model.capture.index, model.capture.start());
    let mut state: State = remembered(ui, id);
    let of = (model.generation, now.table as usize);
    if state.of != of || state.seen.len() != found.columns().len() {
        state = State { of, seen: vec![0.0; found.columns().len()], followed: None };
    }
    let selected = now.selected();
    let list = List {
        id,
        rect: Rect::from_min_max(pos2(rect.left(), rect.top() + HEADER), rect.max),
        row: theme::ROW,
        count: found.len(),
        name: super::name(now.table).get(lang),
    };
    let reveal = Some(selected).filter(|_| state.followed != Some(selected));
    state.followed = Some(selected);
    let shown = list.show(ui, reveal, lang);
    let rows: Vec<(usize, Rect, Row)> = shown.rows().filter_map(|(i, r)| Some((i, r, found.row(index, start, i, lang)?))).collect();
    for (at, (column, seen)) in found.columns().iter().zip(&mut state.seen).enumerate() {
        *seen = seen.max(width(ui, column.title.get(lang), Font::Small) + 12.0);
        for (_, _, row) in &rows {
            let inside = if at == 0 { row.depth as f32 * INDENT } else { 0.0 };
            *seen = seen.max(row.cells.get(at).map_or(0.0, |c| width(ui, c, font(found, row, at))) + inside);
        }
    }
    let edges = edges(&state.seen, found, shown.body);
    let head = Rect::from_min_max(rect.min, pos2(shown.body.right(), rect.top() + HEADER));
    header_ui(ui, id, head, &edges, model, found, actions);
    let mut inner = ui.new_child(UiBuilder::new().id_salt("analysis rows").max_rect(shown.body));
    inner.set_clip_rect(ui.clip_rect().intersect(shown.body));
    for (at, place, row) in &rows {
        row_ui(&mut inner, id, (*at, *place), row, &edges, found, model, actions);
    }
    let chosen = found.row(index, start, selected, lang);
    keyboard(ui, &shown, selected, found.len(), chosen.as_ref(), actions);
    list::ring(ui, &shown);
    remember(ui, id, state);
    chosen
}

fn font(found: &Found, row: &Row, column: usize) -> Font {
    match found {
        // A weight stands out from its kinds.
        Found::Expert(_) if column < 2 && row.depth == 0 => Font::Strong,
        Found::Conversations(_) => Font::MonoSmall,
        Found::Expert(_) if column < 2 => Font::Body,
        _ => Font::Mono,
    }
}

/// Arrows and pages choose a row, wherever the focus is; Enter applies it unless a button has the focus.
fn keyboard(ui: &Ui, shown: &list::Shown, selected: usize, len: usize, chosen: Option<&Row>, actions: &mut Vec<Action>) {
    let page = (shown.body.height() / shown.row).max(1.0) as i64;
    let keys = [(Key::ArrowUp, -1), (Key::ArrowDown, 1), (Key::PageUp, -page), (Key::PageDown, page)];
    let by: i64 = ui.input_mut(|i| keys.iter().filter(|(key, _)| i.consume_key(Modifiers::NONE, *key)).map(|(_, by)| by).sum());
    if let Some(to) = list::moved(Some(selected), by, len).filter(|to| *to != selected) {
        actions.push(Action::Analyse(Turn::Select(to)));
    }
    let free = ui.memory(|m| m.focused()).is_none_or(|id| id == shown.response.id);
    if let Some(row) = chosen.filter(|_| free)
        && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter))
    {
        actions.extend(apply(row));
    }
}

/// Columns that are left out of a narrow table, in this order.
fn optional(found: &Found) -> &'static [usize] {
    match found {
        Found::Conversations(_) => &[10, 8, 11, 9, 16, 15, 12],
        Found::Endpoints(_) => &[5, 3],
        _ => &[],
    }
}

/// Left and right edge of each column. Words give way to numbers where there is too little room.
fn edges(seen: &[f32], found: &Found, body: Rect) -> Vec<(f32, f32)> {
    let mut widths: Vec<f32> = seen.iter().map(|w| w + 2.0 * PAD).collect();
    let words = |at: usize| found.columns().get(at).is_some_and(|c| !c.number);
    // Where even narrow words do not make room, what each direction sent gives way to what tells more.
    let least = |widths: &[f32]| -> f32 { widths.iter().enumerate().map(|(i, w)| if words(i) { w.min(NARROW) } else { *w }).sum() };
    for at in optional(found) {
        if let Some(width) = widths.get(*at).copied().filter(|_| least(&widths) > body.width()) {
            widths[*at] -= width;
        }
    }
    let mut lacking = widths.iter().sum::<f32>() - body.width();
    // The filters of several kinds are one long text: nothing else gives way to it.
    if let (Found::Expert(_), Some(last)) = (found, widths.last_mut()) {
        let give = lacking.clamp(0.0, (*last - NARROW).max(0.0));
        *last -= give;
        lacking -= give;
    }
    if lacking > 0.0 {
        let room: f32 = widths.iter().enumerate().filter(|(i, _)| words(*i)).map(|(_, w)| (w - NARROW).max(0.0)).sum();
        let share = if room > 0.0 { (lacking / room).min(1.0) } else { 0.0 };
        for (_, width) in widths.iter_mut().enumerate().filter(|(i, _)| words(*i)) {
            *width -= (*width - NARROW).max(0.0) * share;
        }
    }
    let mut x = body.left();
    let place = |width: &f32| {
        let left = x;
        x = (x + width).min(body.right());
        (left, x)
    };
    widths.iter().map(place).collect()
}

fn header_ui(ui: &Ui, id: Id, rect: Rect, edges: &[(f32, f32)], model: &Model, found: &Found, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let c = *Colors::here(ui);
    let order = found.order();
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, c.line));
    for (at, (column, (left, right))) in found.columns().iter().zip(edges).enumerate() {
        if right - left < 4.0 {
            continue;
        }
        let cell = Rect::from_min_max(pos2(*left, rect.top()), pos2(*right, rect.bottom()));
        let title = column.title.get(lang);
        let sense = if order.is_some() { Sense::click() } else { Sense::hover() };
        let response = ui.interact(cell, id.with(("head", at)), sense);
        let name = format!("{title} — {}", column.about.get(lang));
        response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, &name));
        let here = order.filter(|o| o.column == at);
        let color = if here.is_some() || (response.hovered() && order.is_some()) { c.text } else { c.secondary };
        let mut place = cell.shrink2(vec2(PAD, 0.0));
        if let Some(order) = here {
            list::sort_arrow(ui.painter(), pos2(place.right() - 4.0, place.center().y), order.descending, c.accent);
            place.max.x -= 12.0;
        }
        let align = if column.number { Align2::RIGHT_CENTER } else { Align2::LEFT_CENTER };
        text(ui, place, align, title, Font::Small, color);
        if response.has_focus() {
            ui.painter().rect_stroke(cell, 3, Stroke::new(2.0, c.accent), eframe::egui::StrokeKind::Inside);
        }
        if order.is_some() {
            list::hand(ui, &response);
        }
        if response.clicked() {
            actions.push(Action::Analyse(Turn::Sort(at)));
        }
        response.on_hover_text(column.about.get(lang));
    }
}

#[expect(clippy::too_many_arguments, reason = "one row and how it is to look")]
fn row_ui(
    ui: &mut Ui,
    id: Id,
    (at, place): (usize, Rect),
    row: &Row,
    edges: &[(f32, f32)],
    found: &Found,
    model: &Model,
    actions: &mut Vec<Action>,
) {
    let c = *Colors::here(ui);
    let on = model.analysis.selected() == at;
    let response = ui.interact(place.intersect(ui.clip_rect()), id.with(("row", at)), Sense::CLICK);
    response.widget_info(|| WidgetInfo::selected(Role::Row, true, on, row.cells.join(" ")));
    if on {
        ui.painter().rect_filled(place, 0, c.selected);
        ui.painter().rect_filled(Rect::from_min_size(place.min, vec2(3.0, place.height())), 0, c.accent);
    } else if response.hovered() {
        ui.painter().rect_filled(place, 0, c.raised);
    }
    for (column, ((left, right), cell)) in edges.iter().zip(&row.cells).enumerate() {
        let mut room = Rect::from_min_max(pos2(left + PAD, place.top()), pos2(right - PAD, place.bottom()));
        if column == 0 {
            room.min.x += row.depth as f32 * INDENT;
        }
        let number = found.columns().get(column).is_some_and(|c| c.number);
        let align = if number { Align2::RIGHT_CENTER } else { Align2::LEFT_CENTER };
        let color = match row.level {
            Some(level) if column == 0 => level_ink(&c, level),
            _ => c.text,
        };
        text(ui, room, align, cell, font(found, row, column), color);
    }
    list::hand(ui, &response);
    if response.clicked() && !on {
        actions.push(Action::Analyse(Turn::Select(at)));
    }
    if response.double_clicked() {
        actions.extend(apply(row));
    }
}

fn level_ink(c: &Colors, level: Level) -> Color32 {
    match level {
        Level::Error => c.error,
        Level::Warn => c.warn,
        Level::Note => c.accent,
        Level::Chat => c.secondary,
    }
}
