//! One conversation's bytes: what the client says in one colour, what the server says in the other, each line a frame away.

use crate::app::{Action, Model, Turn};
use crate::flow::Dir;
use crate::flow::tables::{Page, Said};
use crate::gui::panes::list::{self, List};
use crate::gui::panes::text;
use crate::gui::theme::{self, Colors};
use crate::lang::words;
use crate::trace::frame_number;
use crate::view::Font;
use eframe::egui::{Align2, Color32, Id, Key, Modifiers, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// Room for who speaks and in which frame.
const SIDE: f32 = 92.0;

/// The colour of an end.
pub fn ink(c: &Colors, dir: Dir) -> Color32 {
    match dir {
        Dir::ToServer => c.accent,
        Dir::ToClient => c.ok,
    }
}

pub fn follow_ui(ui: &mut Ui, rect: Rect, model: &Model, page: &Page, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let c = *Colors::here(ui);
    let id = Id::unique("analysis follow").with((page.flow, page.from.at, page.from.frame, page.from.message));
    ui.painter().rect_filled(rect, 4, c.canvas);
    let selected = model.analysis.selected();
    let list = List { id, rect: rect.shrink2(vec2(0.0, 4.0)), row: theme::ROW, count: page.lines.len(), name: words("送られたバイト", "What was sent").get(lang) };
    let keys = [(Key::ArrowUp, -1), (Key::ArrowDown, 1)];
    let by: i64 = ui.input_mut(|i| keys.iter().filter(|(key, _)| i.consume_key(Modifiers::NONE, *key)).map(|(_, by)| by).sum());
    let to = list::moved(Some(selected), by, page.lines.len()).filter(|_| by != 0);
    let shown = list.show(ui, to, lang);
    if let Some(line) = to.and_then(|to| page.lines.get(to)) {
        actions.extend([Action::Analyse(Turn::Select(to.unwrap_or(0))), Action::Go(line.frame)]);
    }
    let mut inner = ui.new_child(UiBuilder::new().id_salt("follow rows").max_rect(shown.body));
    inner.set_clip_rect(ui.clip_rect().intersect(shown.body));
    let ui = &mut inner;
    for (at, place) in shown.rows() {
        let Some(line) = page.lines.get(at) else { continue };
        let before = at.checked_sub(1).and_then(|n| page.lines.get(n));
        let on = at == selected && to.is_none();
        let words = line.words(lang);
        let who = lang.pick(["クライアント", "サーバ"], ["client", "server"])[line.dir.index()];
        let response = ui.interact(place.intersect(ui.clip_rect()), id.with(("line", at)), Sense::CLICK);
        let name = format!("{who} {}: {words}", frame_number(line.frame));
        response.widget_info(|| WidgetInfo::selected(Role::Row, true, on, &name));
        if on {
            ui.painter().rect_filled(place, 0, c.selected);
        } else if response.hovered() {
            ui.painter().rect_filled(place, 0, c.raised);
        }
        let ink = ink(&c, line.dir);
        ui.painter().rect_filled(Rect::from_min_size(place.min, vec2(3.0, place.height())), 0, ink);
        if before.is_none_or(|b| b.frame != line.frame || b.dir != line.dir) {
            let arrow = if line.dir == Dir::ToServer { "→" } else { "←" };
            let room = Rect::from_min_max(pos2(place.left() + 10.0, place.top()), pos2(place.left() + SIDE - 8.0, place.bottom()));
            text(ui, room, Align2::LEFT_CENTER, &format!("{arrow} {}", frame_number(line.frame)), Font::MonoSmall, c.secondary);
        }
        let room = Rect::from_min_max(pos2(place.left() + SIDE, place.top()), place.max);
        let (font, color) = match line.said {
            Said::Bytes(_) => (Font::Mono, if on { c.text } else { ink }),
            Said::Gap(_) | Said::Cut => (Font::Body, c.warn),
            Said::Conflict(_) => (Font::Body, c.error),
        };
        text(ui, room, Align2::LEFT_CENTER, &words, font, color);
        list::hand(ui, &response);
        if response.clicked() {
            actions.extend([Action::Analyse(Turn::Select(at)), Action::Go(line.frame)]);
        }
        if response.double_clicked() {
            actions.push(Action::CloseDialog);
        }
    }
    list::ring(ui, &shown);
}
