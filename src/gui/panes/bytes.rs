//! The bytes of the frame that is now, and of what was put together from it: hexadecimal digits and text, row by row.
//!
//! In: the model. Out: pointing at bytes, pinning a field or a dragged range, copying. Each byte has its layer's colour; what
//! is lit is filled. Only rows in sight are drawn, so that a megabyte costs as much as a segment.

use super::super::theme::{Colors, font_id};
use super::list::{self, List, Shown};
use super::{empty_ui, remember, remembered, text, width};
use crate::app::{Action, ByteRef, Model};
use crate::flow::explain::Explained;
use crate::lang::Lang;
use crate::trace::FrameId;
use crate::view::bytes::{Run, ascii, c_array, glyph, hex, lit, owner, point, row_count, runs};
use crate::view::{Font, Ink, messages, packets};
use crate::wire::{Buffer, Span};
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{
    Align2, Color32, CursorIcon, Id, PointerButton, Pos2, Rect, Response, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo,
    pos2, vec2,
};

const ROW: f32 = 19.0;
const TABS: f32 = 28.0;
const PAD: f32 = 8.0;

/// Makes what is copied out of bytes.
type Printer = fn(&[u8]) -> String;

/// What the pane keeps.
#[derive(Clone, Copy, Default)]
struct State {
    frame: Option<FrameId>,
    /// The buffer that was chosen, by hand or by a pin.
    buffer: usize,
    followed: Option<ByteRef>,
    /// Where a drag began.
    dragged: Option<u32>,
    /// What the menu is about.
    menu: Option<Span>,
}

/// Shows the bytes in all the room there is.
pub fn bytes_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let rect = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(rect);
    let mut actions = Vec::new();
    ui.scope_builder(UiBuilder::new().id_salt("bytes").max_rect(rect), |ui| {
        ui.set_clip_rect(ui.clip_rect().intersect(rect));
        match model.current().and_then(|frame| model.explain(frame)) {
            Some(explained) => pane(ui, rect, model, &explained, &mut actions),
            None => empty_ui(ui, rect, packets::empty(model), model.lang()),
        }
    });
    actions
}

fn pane(ui: &mut Ui, rect: Rect, model: &Model, explained: &Explained, actions: &mut Vec<Action>) {
    let id = ui.scope_id().with("pane");
    let lang = model.lang();
    let dissected = &explained.dissected;
    let mut state: State = remembered(ui, id);
    if state.frame != Some(explained.frame) {
        state = State { frame: Some(explained.frame), followed: state.followed, ..State::default() };
    }
    // What is pointed at in another pane comes into sight; what is pointed at in this one is there already.
    let outside = !ui.rect_contains_pointer(rect);
    let now = model.lit().filter(|l| l.frame == explained.frame && !l.span.is_empty());
    let mut shown_buffer = state.buffer;
    if let Some(l) = now.filter(|l| outside && l.buffer < dissected.buffers.len()) {
        shown_buffer = l.buffer;
        if model.pinned == Some(l) && state.followed != Some(l) {
            state.buffer = l.buffer;
        }
    }
    let mut top = rect.top();
    if dissected.buffers.len() > 1 {
        tabs_ui(ui, rect, &dissected.buffers, shown_buffer, &mut state, lang);
        top += TABS;
    }
    let Some(buffer) = dissected.buffers.get(shown_buffer).or(dissected.buffers.first()) else { return };
    let missing = if shown_buffer == 0 { missing(explained, lang) } else { None };
    let bottom = if missing.is_some() { rect.bottom() - 24.0 } else { rect.bottom() };
    let spans = lit(dissected, explained.frame, model.lit(), shown_buffer);
    let grid = Grid::new(ui, Rect::from_min_max(pos2(rect.left(), top), pos2(rect.right(), bottom)), buffer.bytes.len());
    let news = outside && state.followed != now;
    let reveal = spans.first().filter(|_| news).map(|s| s.start as usize / grid.per_row);
    state.followed = now;
    let list = List {
        id: id.with(("list", explained.frame, shown_buffer)),
        rect: grid.rect,
        row: ROW,
        count: row_count(buffer.bytes.len(), grid.per_row),
        name: lang.pick("バイト列", "Bytes"),
    };
    let rows = list.show(ui, reveal, lang);
    let runs = runs(dissected, shown_buffer);
    {
        let mut clipped = ui.new_child(UiBuilder::new().id_salt("rows").max_rect(rows.body));
        clipped.set_clip_rect(ui.clip_rect().intersect(rows.body));
        for (row, place) in rows.rows() {
            grid.row_ui(&clipped, id, row, place, &buffer.bytes, &runs, &spans);
        }
        let response = clipped.interact(rows.body, id.with("grid"), Sense::CLICK | Sense::DRAG);
        pointing(&clipped, &response, &grid, &rows, model, explained, shown_buffer, &mut state, actions);
        menu(&response, buffer, &spans, &mut state, lang, actions);
    }
    list::ring(ui, &rows);
    if let Some(words) = missing {
        let place = Rect::from_min_max(pos2(rect.left() + PAD, bottom), pos2(rect.right() - PAD, rect.bottom()));
        let colors = Colors::here(ui);
        text(ui, place, Align2::LEFT_CENTER, &words, Font::Body, colors.warn);
        let response = ui.interact(place, id.with("missing"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
        response.on_hover_text(&words);
    }
    remember(ui, id, state);
}

/// Says which bytes of the frame the capture did not keep.
fn missing(explained: &Explained, lang: Lang) -> Option<String> {
    let (kept, all) = (explained.meta.cap_len, explained.meta.wire_len);
    (kept < all).then(|| {
        lang.pick(
            format!("先頭の {kept} / {all} B だけ保存されています"),
            format!("Only {kept} of {all} B were captured"),
        )
    })
}

/// One tab for each buffer.
fn tabs_ui(ui: &mut Ui, rect: Rect, buffers: &[Buffer], shown: usize, state: &mut State, lang: Lang) {
    let place = Rect::from_min_size(rect.min, vec2(rect.width(), TABS));
    let colors = Colors::here(ui);
    ui.painter().hline(place.x_range(), place.bottom() - 0.5, Stroke::new(1.0, colors.line));
    let words: Vec<String> =
        buffers.iter().map(|b| format!("{} {}", b.name.get(lang), messages::size(b.bytes.len() as u64))).collect();
    let widths: Vec<f32> = words.iter().map(|w| width(ui, w, Font::Body) + 16.0).collect();
    let cap = widest_tab(&widths, place.width() - 6.0);
    ui.scope_builder(UiBuilder::new().id_salt("tabs").max_rect(place.shrink2(vec2(2.0, 0.0))), |ui| {
        ScrollArea::horizontal().id_salt("tabs").show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.horizontal(|ui| {
                for (i, (words, wide)) in words.iter().zip(&widths).enumerate() {
                    let (_, tab) = ui.allocate_space(vec2(wide.min(cap), TABS - 1.0));
                    tab_ui(ui, tab, i, i == shown, words, state);
                }
            });
        });
    });
}

/// How wide a tab may be, so that all fit: long names are cut alike, and short ones give what they do not need.
fn widest_tab(widths: &[f32], room: f32) -> f32 {
    const LEAST: f32 = 56.0;
    if widths.iter().sum::<f32>() <= room {
        return f32::INFINITY;
    }
    let even = room / widths.len().max(1) as f32;
    let short: f32 = widths.iter().filter(|w| **w <= even).sum();
    let long = widths.iter().filter(|w| **w > even).count().max(1);
    ((room - short) / long as f32).max(LEAST)
}

fn tab_ui(ui: &Ui, tab: Rect, i: usize, shown: bool, words: &str, state: &mut State) {
    let colors = Colors::here(ui);
    let response = ui.interact(tab, ui.scope_id().with(("tab", i)), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, shown, words));
    let color = if shown { colors.text } else { colors.secondary };
    text(ui, tab.shrink2(vec2(6.0, 0.0)), Align2::CENTER_CENTER, words, Font::Body, color);
    if shown {
        let line = Rect::from_min_max(pos2(tab.left() + 4.0, tab.bottom() - 2.0), pos2(tab.right() - 4.0, tab.bottom()));
        ui.painter().rect_filled(line, 0, colors.accent);
    }
    if response.has_focus() {
        super::focus_ring(ui.painter(), tab, colors);
    }
    list::hand(ui, &response);
    if response.clicked() {
        state.buffer = i;
    }
    response.on_hover_text(words);
}

/// Where digits and characters stand.
struct Grid {
    rect: Rect,
    per_row: usize,
    font: Font,
    /// Width of one character.
    char: f32,
    offset_digits: usize,
    hex_x: f32,
    ascii_x: f32,
}

impl Grid {
    fn new(ui: &Ui, rect: Rect, len: usize) -> Self {
        let offset_digits = if len > 0x1_0000 { 6 } else { 4 };
        let of = |per_row: usize, font: Font| {
            let char = width(ui, "0000000000", font) / 10.0;
            let hex_x = rect.left() + PAD + offset_digits as f32 * char + 14.0;
            let gap = if per_row > 8 { 8.0 } else { 0.0 };
            let ascii_x = hex_x + per_row as f32 * 3.0 * char + gap + 4.0;
            Self { rect, per_row, font, char, offset_digits, hex_x, ascii_x }
        };
        let fits = |g: &Self| g.ascii_x + g.per_row as f32 * g.char + PAD + list::BAR <= rect.right();
        let choices = [(16, Font::Mono), (16, Font::MonoSmall), (8, Font::Mono), (8, Font::MonoSmall), (4, Font::MonoSmall)];
        choices.into_iter().map(|(n, font)| of(n, font)).find(fits).unwrap_or_else(|| of(4, Font::MonoSmall))
    }

    fn gap(&self, column: usize) -> f32 {
        if self.per_row > 8 && column >= self.per_row / 2 { 8.0 } else { 0.0 }
    }

    fn hex_cell(&self, column: usize, place: Rect) -> Rect {
        let x = self.hex_x + column as f32 * 3.0 * self.char + self.gap(column);
        Rect::from_min_size(pos2(x, place.top()), vec2(self.char * 2.0, place.height()))
    }

    fn ascii_cell(&self, column: usize, place: Rect) -> Rect {
        Rect::from_min_size(pos2(self.ascii_x + column as f32 * self.char, place.top()), vec2(self.char, place.height()))
    }

    /// The byte under a place in the rows, among the digits or among the characters.
    fn byte_at(&self, rows: &Shown, at: Pos2, len: usize) -> Option<u32> {
        if !rows.body.contains(at) {
            return None;
        }
        let row = rows.at(at.y)?;
        let column = if at.x >= self.ascii_x - 2.0 {
            ((at.x - self.ascii_x) / self.char).floor()
        } else {
            let middle = self.hex_x + (self.per_row / 2) as f32 * 3.0 * self.char;
            let gap = if self.per_row > 8 && at.x > middle + self.gap(self.per_row / 2) / 2.0 { self.gap(self.per_row / 2) } else { 0.0 };
            ((at.x - self.hex_x - gap + self.char / 2.0) / (3.0 * self.char)).floor()
        };
        let column = (column >= 0.0 && column < self.per_row as f32).then_some(column as usize)?;
        let byte = row.checked_mul(self.per_row)?.checked_add(column).filter(|&b| b < len)?;
        u32::try_from(byte).ok()
    }

    #[expect(clippy::too_many_arguments, reason = "one row and how it is to look")]
    fn row_ui(&self, ui: &Ui, id: Id, row: usize, place: Rect, bytes: &[u8], runs: &[Run], lit: &[Span]) {
        let colors = Colors::here(ui);
        let start = row * self.per_row;
        let slice = bytes.get(start..(start + self.per_row).min(bytes.len())).unwrap_or_default();
        let offset = format!("{start:0width$x}", width = self.offset_digits);
        let response = ui.interact(place.intersect(ui.clip_rect()), id.with(("row", row)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{offset}  {}  {}", hex(slice), ascii(slice))));
        let is_lit = |i: usize| u32::try_from(start + i).is_ok_and(|at| lit.iter().any(|s| s.contains(at)));
        for (i, _) in slice.iter().enumerate().filter(|(i, _)| is_lit(*i)) {
            let mut cell = self.hex_cell(i, place).expand2(vec2(self.char / 2.0, 0.0));
            if i + 1 < slice.len() && is_lit(i + 1) {
                cell.max.x = self.hex_cell(i + 1, place).left() - self.char / 2.0;
            }
            for rect in [cell, self.ascii_cell(i, place)] {
                ui.painter().rect_filled(rect.shrink2(vec2(0.0, 1.0)), 0, colors.accent);
            }
        }
        let color = |i: usize| match u32::try_from(start + i).ok().and_then(|at| owner(runs, at)) {
            _ if is_lit(i) => colors.on_accent,
            Some(run) if run.header => colors.ink(Ink::Layer(run.osi)),
            // The body of a message is its layer's, and less important than its head.
            Some(run) => colors.ink(Ink::Layer(run.osi)).gamma_multiply(0.85),
            None => colors.text,
        };
        let first = pos2(place.left() + PAD, place.top());
        let offset_job = |ui: &Ui| {
            let mut job = LayoutJob::default();
            job.append(&offset, 0.0, TextFormat::simple(font_id(self.font), colors.secondary));
            ui.painter().layout_job(job)
        };
        let galley = offset_job(ui);
        let y = place.center().y - galley.size().y / 2.0;
        ui.painter().galley(pos2(first.x, y), galley, Color32::PLACEHOLDER);
        let half = if self.per_row > 8 { self.per_row / 2 } else { self.per_row };
        for (n, part) in slice.chunks(half).enumerate() {
            let mut job = LayoutJob::default();
            for (i, byte) in part.iter().enumerate() {
                let gap = if i + 1 < part.len() { " " } else { "" };
                job.append(&format!("{byte:02x}{gap}"), 0.0, TextFormat::simple(font_id(self.font), color(n * half + i)));
            }
            ui.painter().galley(pos2(self.hex_cell(n * half, place).left(), y), ui.painter().layout_job(job), Color32::PLACEHOLDER);
        }
        let mut job = LayoutJob::default();
        for (i, byte) in slice.iter().enumerate() {
            let character = glyph(*byte);
            let shown = if byte.is_ascii_graphic() || *byte == b' ' || is_lit(i) { color(i) } else { colors.secondary };
            job.append(character.encode_utf8(&mut [0; 4]), 0.0, TextFormat::simple(font_id(self.font), shown));
        }
        ui.painter().galley(pos2(self.ascii_x, y), ui.painter().layout_job(job), Color32::PLACEHOLDER);
    }
}

#[expect(clippy::too_many_arguments, reason = "what is under the pointer follows from all of them")]
fn pointing(
    ui: &Ui,
    response: &Response,
    grid: &Grid,
    rows: &Shown,
    model: &Model,
    explained: &Explained,
    buffer: usize,
    state: &mut State,
    actions: &mut Vec<Action>,
) {
    let dissected = &explained.dissected;
    let len = dissected.buffers.get(buffer).map_or(0, |b| b.bytes.len());
    let under = response.hover_pos().or(response.interact_pointer_pos()).and_then(|at| grid.byte_at(rows, at, len));
    if response.drag_started_by(PointerButton::Primary) {
        let from = ui.input(|i| i.pointer.press_origin()).and_then(|at| grid.byte_at(rows, at, len));
        state.dragged = from;
    }
    let range = |from: u32, to: u32| ByteRef {
        frame: explained.frame,
        buffer,
        span: Span { start: from.min(to), len: from.abs_diff(to) + 1 },
        layer: None,
    };
    if let (Some(from), Some(to)) = (state.dragged, under) {
        actions.push(Action::Hover(Some(range(from, to))));
        if response.drag_stopped() {
            actions.push(Action::Pin(Some(range(from, to))));
        }
    } else if let Some(at) = under.filter(|_| response.hovered()) {
        let target = point(dissected, explained.frame, buffer, at);
        ui.set_cursor_icon(CursorIcon::PointingHand);
        actions.push(Action::Hover(Some(target)));
        if response.clicked() {
            // A click on what is pinned lets it go.
            let same = model.pinned == Some(target);
            actions.push(Action::Pin((!same).then_some(target)));
            state.buffer = buffer;
        }
    } else if response.clicked() && model.pinned.is_some() {
        actions.push(Action::Pin(None));
    }
    if response.drag_stopped() || !response.is_pointer_button_down_on() {
        state.dragged = None;
    }
    if response.secondary_clicked() {
        // The menu is about the pinned range if it was opened on it, else about the field under the pointer.
        let pinned = model.pinned.map(|p| lit(dissected, explained.frame, Some(p), buffer)).unwrap_or_default();
        let on_pin = pinned.into_iter().find(|s| under.is_some_and(|at| s.contains(at)));
        state.menu = on_pin.or_else(|| under.map(|at| point(dissected, explained.frame, buffer, at).span));
    }
}

fn menu(response: &Response, buffer: &Buffer, lit: &[Span], state: &mut State, lang: Lang, actions: &mut Vec<Action>) {
    let all = Span::new(0, buffer.bytes.len());
    let chosen = state.menu.or(lit.first().copied());
    response.context_menu(|ui| {
        for (span, what) in [(chosen, None), (Some(all), Some(lang.pick("全体", "all")))] {
            let Some(span) = span.filter(|s| !s.is_empty()) else { continue };
            let bytes = span.of(&buffer.bytes);
            let what = what.map_or(String::new(), |w| format!("{w}, ")) + &format!("{} B", bytes.len());
            // Made when chosen: a megabyte is not printed for every picture with the menu in it.
            let choices: [(&str, Printer); 3] = [
                (lang.pick("16 進でコピー", "Copy as hexadecimal"), hex),
                (lang.pick("文字としてコピー", "Copy as text"), |b| String::from_utf8_lossy(b).into_owned()),
                (lang.pick("C の配列としてコピー", "Copy as C array"), |b| c_array("bytes", b)),
            ];
            for (words, copied) in choices {
                if ui.button(format!("{words} ({what})")).clicked() {
                    actions.push(Action::Copy(copied(bytes)));
                    ui.close();
                }
            }
        }
    });
}
