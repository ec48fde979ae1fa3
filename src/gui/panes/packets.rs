//! The packet table: one row a frame, the one that is now lit.
//!
//! In: the model's sequence. Out: going to a frame, pointing at it, showing one conversation only, copying a line. It draws
//! its own rows, because a table of millions must not cost more than one of ten.

use super::super::filter_menus::choices_ui;
use super::super::theme::{self, Colors};
use super::super::widgets::rich;
use super::list::{self, List};
use super::{empty_ui, remember, remembered, text, width};
use crate::app::{Action, ByteRef, Dialog, Model, Turn};
use crate::app::sorting::order;
use crate::lang::{Lang, words};
use crate::timeline::Scope;
use crate::trace::{FrameId, frame_number};
use crate::timeline::order::By;
use crate::view::packets::{Chip, Column, NOTHING, Row, empty, mark_ink, position, row, row_of};
use crate::view::{Font, Ink, filters};
use eframe::egui::{
    Align2, Color32, CursorIcon, Id, Rect, Response, Role, Sense, Stroke, Tooltip, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

const HEADER: f32 = 24.0;
/// Space at the left and right of a cell.
const PAD: f32 = 7.0;
/// Below this width numbers are set small and lengths are left out.
const NARROW: f32 = 860.0;
const TINY: f32 = 580.0;
/// Below this width times are left out as well.
const TINIEST: f32 = 420.0;

/// What the table keeps.
#[derive(Clone, Default)]
struct State {
    /// The capture that the widths are of.
    generation: u64,
    small: bool,
    /// The widest text seen in each column: columns grow with what is in sight and do not shrink while one scrolls.
    seen: [f32; 7],
    /// Widths given by hand.
    given: [Option<f32>; 7],
    /// The frame that was brought into sight last.
    followed: Option<FrameId>,
    scope: Scope,
    /// The order whose first rows were shown.
    ordered: Option<(By, bool)>,
}

/// Shows the table in all the room there is.
pub fn packets_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let rect = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(rect);
    let mut actions = Vec::new();
    let builder = UiBuilder::new().id_salt("packets").max_rect(rect);
    ui.scope_builder(builder, |ui| {
        ui.set_clip_rect(ui.clip_rect().intersect(rect));
        if model.sequence.is_empty() {
            empty_ui(ui, rect, empty(model), model.lang());
        } else {
            table(ui, rect, model, &mut actions);
        }
    });
    actions
}

fn table(ui: &mut Ui, rect: Rect, model: &Model, actions: &mut Vec<Action>) {
    let id = ui.scope_id().with("table");
    let lang = model.lang();
    let mut state: State = remembered(ui, id);
    let small = rect.width() < NARROW;
    if state.generation != model.generation || state.small != small {
        state = State { generation: model.generation, small, ..State::default() };
    }
    let scope_row = if model.scope() == Scope::All { 0.0 } else { scope_ui(ui, rect, model, actions) };
    let top = rect.top() + scope_row;
    let list = List {
        id,
        rect: Rect::from_min_max(pos2(rect.left(), top + HEADER), rect.max),
        row: theme::ROW,
        count: model.sequence.len(),
        name: lang.pick("パケット一覧", "Packets"),
    };
    let now = model.current();
    let moved = now != state.followed || model.scope() != state.scope;
    // A new order shows its first rows: that is what was asked for.
    let ordered = state.ordered != model.sorting.by && order(model).is_some() == model.sorting.by.is_some() && !model.sorting.is_running();
    let reveal = match model.play.at.filter(|_| moved) {
        _ if ordered && model.sorting.by.is_some() => Some(0),
        _ if ordered => model.play.at,
        at => at.map(|at| row_of(model, at)),
    };
    if ordered {
        state.ordered = model.sorting.by;
    }
    (state.followed, state.scope) = (now, model.scope());
    let shown = list.show(ui, reveal, lang);
    let rows: Vec<(usize, Rect, Row)> = shown.rows().filter_map(|(i, r)| Some((i, r, row(model, i)?))).collect();
    measure(ui, &mut state, &rows, model.sorting.by, lang);
    let header = Rect::from_min_max(pos2(rect.left(), top), pos2(shown.body.right(), top + HEADER));
    let columns = columns(&state, shown.body);
    {
        let clipped = ui.new_child(UiBuilder::new().id_salt("rows").max_rect(shown.body));
        let mut clipped = clipped;
        clipped.set_clip_rect(ui.clip_rect().intersect(shown.body));
        for (_, place, row) in &rows {
            row_ui(&mut clipped, id, *place, row, &columns, small, model, actions);
        }
    }
    header_ui(ui, id, header, &columns, &mut state, model, actions);
    let here = model.play.at.map(|at| row_of(model, at));
    if let Some(to) = list::arrows(ui, &shown).and_then(|by| list::moved(here, by, model.sequence.len())) {
        actions.push(Action::GoPosition(position(model, to)));
    }
    list::ring(ui, &shown);
    remember(ui, id, state);
}

/// Says that only one conversation is shown, and offers all of them.
fn scope_ui(ui: &mut Ui, rect: Rect, model: &Model, actions: &mut Vec<Action>) -> f32 {
    const HEIGHT: f32 = 26.0;
    let lang = model.lang();
    let colors = Colors::here(ui);
    let row = Rect::from_min_size(rect.min, vec2(rect.width(), HEIGHT));
    let ends = match model.scope() {
        Scope::Flow(flow) => model.capture.index.flow(flow).map(|f| format!("{} ↔ {}", f.ends[0], f.ends[1])),
        Scope::All => None,
    };
    let all = lang.pick("すべて表示", "Show all");
    let button_width = width(ui, all, Font::Body) + 22.0;
    let words = format!("{} {}", lang.pick("この会話だけを表示：", "This conversation only:"), ends.unwrap_or_default());
    let place = Rect::from_min_max(pos2(row.left() + PAD, row.top()), pos2(row.right() - button_width - 8.0, row.bottom()));
    text(ui, place, Align2::LEFT_CENTER, &words, Font::Body, colors.secondary);
    let button = Rect::from_min_size(pos2(row.right() - button_width, row.top() + 1.0), vec2(button_width, HEIGHT - 2.0));
    if ui.put(button, eframe::egui::Button::new(all)).clicked() {
        actions.push(Action::SetScope(Scope::All));
    }
    HEIGHT
}

fn font(column: Column, small: bool) -> Font {
    match column {
        Column::Info | Column::Protocol => Font::Body,
        _ if small => Font::MonoSmall,
        _ => Font::Mono,
    }
}

fn measure(ui: &Ui, state: &mut State, rows: &[(usize, Rect, Row)], sorted: Option<(By, bool)>, lang: Lang) {
    for column in Column::ALL {
        if column == Column::Info {
            continue;
        }
        let arrow = if sorted.is_some_and(|(by, _)| column.by() == Some(by)) { 12.0 } else { 0.0 };
        let title = width(ui, column.title().get(lang), Font::Small) + arrow;
        let font = font(column, state.small);
        let widest = rows.iter().map(|(_, _, r)| width(ui, r.cell(column), font)).fold(title, f32::max);
        if let Some(seen) = state.seen.get_mut(column as usize) {
            *seen = seen.max(widest);
        }
    }
}

/// Left and right edge of each column; empty where there is no room for it.
fn columns(state: &State, body: Rect) -> [(f32, f32); 7] {
    let mut widths = [0.0_f32; 7];
    for (i, width) in widths.iter_mut().enumerate() {
        let natural = state.seen.get(i).copied().unwrap_or(0.0) + 2.0 * PAD + 1.0;
        *width = state.given.get(i).copied().flatten().unwrap_or(natural);
    }
    if body.width() < TINY {
        widths[Column::Length as usize] = 0.0;
    }
    if body.width() < TINIEST {
        widths[Column::Time as usize] = 0.0;
    }
    // Info says most: addresses give way to it, down to what shows the end of an address.
    let wanted = (body.width() * 0.28).clamp(110.0, 420.0);
    let others: f32 = widths.iter().sum();
    let mut lacking = (others + wanted - body.width()).max(0.0);
    for column in [Column::Source, Column::Destination] {
        let i = column as usize;
        if state.given[i].is_none() {
            let give = (widths[i] - 80.0).max(0.0).min(lacking / if column == Column::Source { 2.0 } else { 1.0 });
            widths[i] -= give;
            lacking -= give;
        }
    }
    let mut x = body.left();
    let mut out = [(0.0, 0.0); 7];
    for (i, edges) in out.iter_mut().enumerate() {
        let end = if i == Column::Info as usize { body.right() } else { (x + widths[i]).min(body.right()) };
        *edges = (x, end);
        x = end;
    }
    out
}

fn header_ui(
    ui: &mut Ui,
    id: Id,
    rect: Rect,
    columns: &[(f32, f32); 7],
    state: &mut State,
    model: &Model,
    actions: &mut Vec<Action>,
) {
    let lang = model.lang();
    let colors = Colors::here(ui);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, colors.line));
    for column in Column::ALL {
        let (left, right) = columns[column as usize];
        if right - left < 2.0 {
            continue;
        }
        let cell = Rect::from_min_max(pos2(left, rect.top()), pos2(right, rect.bottom()));
        let align = if column.right_aligned() { Align2::RIGHT_CENTER } else { Align2::LEFT_CENTER };
        let sense = if column.by().is_some() { Sense::CLICK } else { Sense::hover() };
        let response = ui.interact(cell, id.with(("head", column as u8)), sense);
        response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, column.title().get(lang)));
        let sorted = model.sorting.by.filter(|(by, _)| column.by() == Some(*by));
        let color = if sorted.is_some() || response.hovered() && column.by().is_some() { colors.text } else { colors.secondary };
        let mut place = cell.shrink2(vec2(PAD, 0.0));
        if let Some((_, descending)) = sorted {
            let color = if model.sorting.is_running() { colors.secondary } else { colors.accent };
            list::sort_arrow(ui.painter(), pos2(place.right() - 3.0, place.center().y), descending, color);
            place.max.x -= 10.0;
        }
        text(ui, place, align, column.title().get(lang), Font::Small, color);
        if response.clicked() {
            actions.extend(column.by().map(Action::SortBy));
        }
        let about = column.about().get(lang);
        match column.by() {
            Some(_) => {
                list::hand(ui, &response);
                let click = words("クリックすると、この列の順に並べます。", "A click sorts by this column.").get(lang);
                response.on_hover_text(format!("{about}\n{click}"))
            }
            None => response.on_hover_text(about),
        };
        if column != Column::Info {
            separator(ui, id, column, right, rect, left, state);
        }
    }
}

/// The right edge of a column's head: dragging it sets the width, a double click gives it back.
fn separator(ui: &Ui, id: Id, column: Column, x: f32, head: Rect, left: f32, state: &mut State) {
    let place = Rect::from_min_max(pos2(x - 3.0, head.top()), pos2(x + 3.0, head.bottom()));
    let response = ui.interact(place, id.with(("edge", column as u8)), Sense::CLICK | Sense::DRAG);
    if response.hovered() || response.dragged() {
        ui.set_cursor_icon(CursorIcon::ResizeColumn);
        ui.painter().vline(x, head.y_range(), Stroke::new(1.0, Colors::here(ui).accent));
    }
    let Some(given) = state.given.get_mut(column as usize) else { return };
    if let Some(pointer) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        *given = Some((pointer.x - left).clamp(24.0, 600.0));
    }
    if response.double_clicked() {
        *given = None;
    }
}

#[expect(clippy::too_many_arguments, reason = "one row and how it is to look")]
fn row_ui(
    ui: &mut Ui,
    id: Id,
    place: Rect,
    row: &Row,
    columns: &[(f32, f32); 7],
    small: bool,
    model: &Model,
    actions: &mut Vec<Action>,
) {
    let lang = model.lang();
    let colors = Colors::here(ui);
    let now = model.current() == Some(row.frame);
    let response = ui.interact(place.intersect(ui.clip_rect()), id.with(("row", row.frame)), Sense::CLICK);
    response.widget_info(|| WidgetInfo::selected(Role::Row, true, now, row.name(lang)));
    if now {
        ui.painter().rect_filled(place, 0, colors.selected);
        ui.painter().rect_filled(Rect::from_min_size(place.min, vec2(3.0, place.height())), 0, colors.accent);
    } else if response.hovered() || model.lit().is_some_and(|lit| lit.frame == row.frame) {
        ui.painter().rect_filled(place, 0, colors.raised);
    }
    for column in Column::ALL {
        let (left, right) = columns[column as usize];
        let mut cell = Rect::from_min_max(pos2(left + PAD, place.top()), pos2(right - PAD, place.bottom()));
        let words = row.cell(column);
        let color = match column {
            Column::Protocol => row.osi.map_or(colors.secondary, |osi| colors.ink(Ink::Layer(osi))),
            Column::Number | Column::Time | Column::Length if !now => colors.secondary,
            _ if words == NOTHING => colors.secondary,
            _ => colors.text,
        };
        if column == Column::Info {
            cell.max.x = right - 4.0;
            for (i, chip) in row.chips.iter().enumerate() {
                cell.min.x += chip_ui(ui, id.with(("chip", row.frame, i)), cell, chip) + 6.0;
            }
        }
        let align = if column.right_aligned() { Align2::RIGHT_CENTER } else { Align2::LEFT_CENTER };
        let words = if column == Column::Info && small { row.short_info() } else { words };
        match column {
            Column::Source | Column::Destination => address(ui, cell, words, font(column, small), color),
            _ => text(ui, cell, align, words, font(column, small), color),
        };
    }
    list::hand(ui, &response);
    if response.hovered() {
        actions.push(Action::Hover(Some(ByteRef::frame(row.frame))));
    }
    if response.clicked() {
        actions.push(Action::Go(row.frame));
    }
    menu(&response, id.with("pointed"), row, columns, model, actions);
}

/// An address; without room for all of it its end is shown, which tells hosts and ports apart.
fn address(ui: &Ui, cell: Rect, words: &str, font: Font, color: Color32) -> f32 {
    let whole = width(ui, words, font);
    if whole <= cell.width() {
        return text(ui, cell, Align2::LEFT_CENTER, words, font, color);
    }
    let char = width(ui, "0000000000", font) / 10.0;
    let fitting = ((cell.width() / char) as usize).saturating_sub(1);
    let skip = words.chars().count().saturating_sub(fitting);
    let end: String = std::iter::once('…').chain(words.chars().skip(skip)).collect();
    text(ui, cell, Align2::LEFT_CENTER, &end, font, color)
}

/// A verdict as a small plate; gives its width.
fn chip_ui(ui: &Ui, id: Id, cell: Rect, chip: &Chip) -> f32 {
    let colors = Colors::here(ui);
    let color = colors.ink(mark_ink(chip.kind));
    let wide = (width(ui, chip.text, Font::Small) + 10.0).min(cell.width());
    if wide < 12.0 {
        return 0.0;
    }
    let plate = Rect::from_min_max(pos2(cell.left(), cell.top() + 2.0), pos2(cell.left() + wide, cell.bottom() - 2.0));
    ui.painter().rect_filled(plate, 3, color.gamma_multiply(0.16));
    ui.painter().rect_filled(Rect::from_min_size(plate.min, vec2(2.0, plate.height())), 0, color);
    text(ui, plate.shrink2(vec2(5.0, 0.0)), Align2::CENTER_CENTER, chip.text, Font::Small, color);
    let response = ui.interact(plate, id, Sense::hover());
    if !chip.because.is_empty() {
        Tooltip::for_enabled(&response).show(|ui| ui.label(&chip.because));
    }
    wide
}

/// The menu of a row. `pointed` keeps which column the button went down on.
fn menu(response: &Response, pointed: Id, row: &Row, columns: &[(f32, f32); 7], model: &Model, actions: &mut Vec<Action>) {
    let lang = model.lang();
    if response.secondary_clicked()
        && let Some(at) = response.interact_pointer_pos()
    {
        let under = |c: &Column| columns.get(*c as usize).is_some_and(|(left, right)| (*left..*right).contains(&at.x));
        response.ctx.data_mut(|d| d.insert_temp(pointed, Column::ALL.into_iter().find(under)));
    }
    response.context_menu(|ui| {
        let title = words("フレーム", "Frame").get(lang);
        ui.label(format!("{title} {}", frame_number(row.frame)));
        if ui.button(lang.pick("この行をコピー", "Copy this line")).clicked() {
            actions.push(Action::Copy(row.line()));
            ui.close();
        }
        if let Some((flow, _)) = model.capture.index.flow_of(row.frame) {
            if model.scope() != Scope::Flow(flow) && ui.button(lang.pick("この会話だけを表示", "Show only this conversation")).clicked() {
                actions.push(Action::Go(row.frame));
                actions.push(Action::SetScope(Scope::Flow(flow)));
                ui.close();
            }
            if ui.button(lang.pick("ストリームを読む…", "Follow stream…")).clicked() {
                actions.push(Action::Go(row.frame));
                actions.push(Action::Analyse(Turn::Follow(flow)));
                actions.push(Action::ShowDialog(Dialog::Analysis));
                ui.close();
            }
        }
        if model.scope() != Scope::All && ui.button(lang.pick("すべて表示", "Show all")).clicked() {
            actions.push(Action::SetScope(Scope::All));
            ui.close();
        }
        let cell: Option<Column> = ui.data(|d| d.get_temp(pointed)).flatten();
        let offers = filters::of_row(model, row.frame, cell);
        if !offers.is_empty() {
            ui.separator();
            ui.label(rich(lang.pick("表示フィルタ", "Display filter"), Font::Small).color(Colors::here(ui).secondary));
        }
        for offer in offers {
            let name = format!("{}{}{}", offer.words.get(lang), lang.pick("：", ": "), offer.filter);
            ui.menu_button(name, |ui| choices_ui(ui, model, Some(&offer.filter), None, actions));
        }
    });
}
