//! The conversation: messages as bubbles, the client's at the left and the server's at the right.
//!
//! In: the model. Out: going to the frames that carried a message, pointing at them. Bubbles have one height, so that of ten
//! thousand messages only those in sight are put together.

use super::super::theme::{Colors, RADIUS};
use super::super::widgets::grouped;
use super::list::{self, List};
use super::{empty_ui, remember, remembered, text, width};
use crate::app::{Action, ByteRef, Model};
use crate::flow::{Dir, MessageId, MessageKind, Transport};
use crate::lang::Lang;
use crate::timeline::Scope;
use crate::trace::{FrameId, frame_number};
use crate::view::messages::{
    Card, PREVIEW_LINES, Preview, body, card, carried, empty, incomplete, incomplete_note, kind, kind_ink,
};
use crate::view::talks::Talks;
use crate::view::{Font, Ink};
use eframe::egui::{
    Align2, Color32, Id, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

const HEADER: f32 = 26.0;
const HEAD: f32 = 24.0;
const LINE: f32 = 17.0;
const FOOT: f32 = 22.0;
const PAD: f32 = 8.0;
const BUBBLE: f32 = HEAD + PREVIEW_LINES as f32 * LINE + FOOT + 2.0 * PAD;
/// A bubble and the space below it.
const ROW: f32 = BUBBLE + 8.0;
const WIDEST: f32 = 760.0;
/// Previews that are kept.
const KEPT: usize = 64;

/// What a preview was made of: a growing message gets a new one.
type Key = (u64, MessageId, usize, bool);

/// What the pane keeps.
#[derive(Clone, Default)]
struct State {
    /// The messages in question; shared, so that keeping them from picture to picture costs nothing.
    talks: Arc<Mutex<Talks>>,
    followed: Option<FrameId>,
    previews: VecDeque<(Key, Arc<Preview>)>,
}

/// Shows the messages in all the room there is.
pub fn messages_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let rect = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(rect);
    let mut actions = Vec::new();
    ui.scope_builder(UiBuilder::new().id_salt("messages").max_rect(rect), |ui| {
        ui.set_clip_rect(ui.clip_rect().intersect(rect));
        pane(ui, rect, model, &mut actions);
    });
    actions
}

fn pane(ui: &mut Ui, rect: Rect, model: &Model, actions: &mut Vec<Action>) {
    let id = ui.scope_id().with("pane");
    let lang = model.lang();
    let mut state: State = remembered(ui, id);
    let talks = Arc::clone(&state.talks);
    let mut talks = talks.lock().unwrap_or_else(PoisonError::into_inner);
    if !talks.keep_up(model) {
        ui.request_repaint();
    }
    if talks.is_empty() {
        empty_ui(ui, rect, empty(model), lang);
        remember(ui, id, state);
        return;
    }
    let now = model.current();
    let current = now.map(|frame| model.capture.index.messages_in(frame)).unwrap_or_default();
    let reveal = (now != state.followed).then(|| talks.position(*current.first()?)).flatten();
    state.followed = now;
    let list = List {
        id,
        rect: Rect::from_min_max(pos2(rect.left(), rect.top() + HEADER), rect.max),
        row: ROW,
        count: talks.len(),
        name: lang.pick("メッセージ", "Messages"),
    };
    let shown = list.show(ui, reveal, lang);
    {
        let mut clipped = ui.new_child(UiBuilder::new().id_salt("rows").max_rect(shown.body));
        clipped.set_clip_rect(ui.clip_rect().intersect(shown.body));
        for (row, place) in shown.rows() {
            let Some(card) = talks.get(row).and_then(|m| card(model, m)) else { continue };
            let preview = preview(&mut state.previews, model, &card);
            let bubble = Bubble { id: id.with(("bubble", card.id)), card: &card, preview: &preview, model, lang };
            bubble.show(&mut clipped, place, current.contains(&card.id), actions);
        }
    }
    header_ui(ui, Rect::from_min_size(rect.min, vec2(shown.body.width(), HEADER)), id, &away(model, talks.len()), lang);
    if let Some(to) = list::arrows(ui, &shown).and_then(|by| {
        let at = current.first().and_then(|m| talks.position(*m));
        talks.get(list::moved(at, by, talks.len())?)
    }) {
        actions.extend(model.capture.index.message(to).map(|m| Action::Go(m.first_frame)));
    }
    list::ring(ui, &shown);
    remember(ui, id, state);
}

fn preview(kept: &mut VecDeque<(Key, Arc<Preview>)>, model: &Model, card: &Card) -> Arc<Preview> {
    let key = (model.generation, card.id, card.frame_count, card.complete);
    if let Some((_, preview)) = kept.iter().find(|(k, _)| *k == key) {
        return Arc::clone(preview);
    }
    let made = Arc::new(body(model, card.id));
    if kept.len() >= KEPT {
        kept.pop_front();
    }
    kept.push_back((key, Arc::clone(&made)));
    made
}

/// What the filter leaves out, in a few words; nothing where there is none.
fn away(model: &Model, shown: usize) -> String {
    if !model.sequence.is_filtered() {
        return String::new();
    }
    let (shown, all) = (grouped(shown as u64), grouped(model.capture.index.messages.len() as u64));
    model.lang().pick(format!("フィルタ：{all} 件中 {shown} 件"), format!("filter: {shown} of {all} messages"))
}

/// Whose side is whose, and between them what is left out.
fn header_ui(ui: &Ui, rect: Rect, id: Id, away: &str, lang: Lang) {
    let colors = Colors::here(ui);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, colors.line));
    let inner = rect.shrink2(vec2(12.0, 0.0));
    text(ui, inner.shrink2(vec2(90.0_f32.min(inner.width() / 4.0), 0.0)), Align2::CENTER_CENTER, away, Font::Small, colors.warn);
    if !away.is_empty() {
        let middle = Rect::from_center_size(rect.center(), vec2(2.0, rect.height()));
        let response = ui.interact(middle, id.with("away"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Status, true, away));
    }
    let sides = [
        (Align2::LEFT_CENTER, lang.pick("クライアント →", "Client →")),
        (Align2::RIGHT_CENTER, lang.pick("← サーバ", "← Server")),
    ];
    for (align, words) in sides {
        text(ui, inner, align, words, Font::Small, colors.secondary);
        let half = Rect::from_center_size(align.pos_in_rect(&rect), rect.size() / 2.0).intersect(rect);
        let response = ui.interact(half, id.with(("side", words)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    }
}

struct Bubble<'a> {
    id: Id,
    card: &'a Card,
    preview: &'a Preview,
    model: &'a Model,
    lang: Lang,
}

impl Bubble<'_> {
    fn show(&self, ui: &mut Ui, place: Rect, current: bool, actions: &mut Vec<Action>) {
        let colors = Colors::here(ui);
        let wide = (place.width() * 0.78).clamp(place.width().min(260.0), WIDEST.max(place.width() * 0.55)).min(place.width() - 12.0);
        let left = match self.card.dir {
            Dir::ToServer => place.left() + 8.0,
            Dir::ToClient => place.right() - wide - 4.0,
        };
        let rect = Rect::from_min_size(pos2(left, place.top() + 6.0), vec2(wide, BUBBLE));
        let response = ui.interact(rect.intersect(ui.clip_rect()), self.id, Sense::CLICK);
        response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, current, self.card.name(self.lang)));
        let pointed = self.model.hover.is_some_and(|h| self.card.frames.contains(&h.frame));
        let fill = if response.hovered() || pointed { colors.line } else { colors.raised };
        ui.painter().rect_filled(rect, RADIUS, fill);
        // The layer's bar stands on the side of who speaks.
        let ink = colors.ink(Ink::Layer(self.card.osi));
        let x = if self.card.dir == Dir::ToServer { rect.left() } else { rect.right() - 4.0 };
        ui.painter().rect_filled(Rect::from_min_size(pos2(x, rect.top() + 6.0), vec2(4.0, rect.height() - 12.0)), 0, ink);
        if current {
            ui.painter().rect_stroke(rect, RADIUS, Stroke::new(2.0, colors.accent), StrokeKind::Inside);
        }
        let inner = rect.shrink2(vec2(PAD + 6.0, PAD));
        let (head, rest) = inner.split_top_bottom_at_y(inner.top() + HEAD);
        let (middle, foot) = rest.split_top_bottom_at_y(rest.bottom() - FOOT);
        self.head_ui(ui, head);
        self.preview_ui(ui, middle);
        self.foot_ui(ui, foot, actions);
        list::hand(ui, &response);
        if response.hovered() {
            let first = self.card.frames.first().copied();
            actions.extend(first.map(|frame| Action::Hover(Some(ByteRef::frame(frame)))));
        }
        if response.clicked() {
            actions.extend(self.card.frames.first().copied().map(Action::Go));
        }
        response.context_menu(|ui| self.menu(ui, actions));
    }

    /// Badge, title, and at the right size and time.
    fn head_ui(&self, ui: &Ui, rect: Rect) {
        let colors = Colors::here(ui);
        let mut rest = rect;
        let said = format!("{}  {}", self.card.size, self.card.time);
        if rect.width() > 300.0 {
            rest.max.x -= text(ui, rest, Align2::RIGHT_CENTER, &said, Font::MonoSmall, colors.secondary) + 10.0;
        }
        let badge = |ui: &Ui, rest: &mut Rect, words: &str, color: Color32| {
            let wide = width(ui, words, Font::Small) + 12.0;
            let plate = Rect::from_min_size(pos2(rest.left(), rect.center().y - 9.0), vec2(wide.min(rest.width()), 18.0));
            ui.painter().rect_stroke(plate, 3, Stroke::new(1.0, color), StrokeKind::Inside);
            text(ui, plate.shrink2(vec2(4.0, 0.0)), Align2::CENTER_CENTER, words, Font::Small, color);
            rest.min.x += wide + 6.0;
        };
        text(ui, rest, Align2::LEFT_CENTER, self.card.proto, Font::Small, colors.ink(Ink::Layer(self.card.osi)));
        rest.min.x += width(ui, self.card.proto, Font::Small) + 8.0;
        if self.card.kind != MessageKind::Data {
            badge(ui, &mut rest, kind(self.card.kind).get(self.lang), colors.ink(kind_ink(self.card.kind)));
        }
        if !self.card.complete {
            let before = rest.left();
            badge(ui, &mut rest, incomplete().get(self.lang), colors.warn);
            let plate = Rect::from_min_max(pos2(before, rect.top()), pos2(rest.left(), rect.bottom()));
            let response = ui.interact(plate, self.id.with("incomplete"), Sense::hover());
            response.on_hover_text(incomplete_note().get(self.lang));
        }
        text(ui, rest, Align2::LEFT_CENTER, &self.card.title, Font::Strong, colors.text);
    }

    fn preview_ui(&self, ui: &Ui, rect: Rect) {
        let colors = Colors::here(ui);
        let last = self.preview.lines.len().saturating_sub(1);
        for (i, line) in self.preview.lines.iter().enumerate() {
            let top = rect.top() + i as f32 * LINE;
            let place = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), LINE));
            let more = if i == last && self.preview.more { " …" } else { "" };
            let color = if self.preview.hex { colors.secondary } else { colors.text };
            let font = if self.preview.hex && rect.width() < 520.0 { Font::MonoSmall } else { Font::Mono };
            text(ui, place, Align2::LEFT_CENTER, &format!("{line}{more}"), font, color);
        }
    }

    /// How it was carried, the frames to go to, and between whom.
    fn foot_ui(&self, ui: &Ui, rect: Rect, actions: &mut Vec<Action>) {
        let colors = Colors::here(ui);
        let mut rest = rect;
        if self.model.scope() == Scope::All && rect.width() > 520.0 {
            rest.max.x -= text(ui, rest, Align2::RIGHT_CENTER, &self.card.ends, Font::MonoSmall, colors.secondary) + 12.0;
        }
        let tcp = self.card.frames.first().and_then(|&f| self.model.capture.index.row(f)).is_some_and(|r| r.transport == Transport::Tcp);
        let how = carried(self.card, tcp);
        rest.min.x += text(ui, rest, Align2::LEFT_CENTER, how.get(self.lang), Font::Small, colors.secondary) + 8.0;
        for (n, &frame) in self.card.frames.iter().enumerate() {
            let words = format!("#{}", frame_number(frame));
            let wide = width(ui, &words, Font::MonoSmall) + 8.0;
            let left = self.card.frame_count - n;
            let more = format!("+{left}");
            let room_for_more = if left > 1 { width(ui, &more, Font::MonoSmall) + 8.0 } else { 0.0 };
            if rest.width() < wide + room_for_more {
                text(ui, rest, Align2::LEFT_CENTER, &more, Font::MonoSmall, colors.secondary);
                return;
            }
            let place = Rect::from_min_max(rest.min, pos2(rest.left() + wide, rest.bottom()));
            self.frame_ui(ui, place, frame, &words, actions);
            rest.min.x += wide + 2.0;
        }
        let unnamed = self.card.frame_count.saturating_sub(self.card.frames.len());
        if unnamed > 0 {
            text(ui, rest, Align2::LEFT_CENTER, &format!("+{unnamed}"), Font::MonoSmall, colors.secondary);
        }
    }

    /// A frame that carried a part of the message.
    fn frame_ui(&self, ui: &Ui, place: Rect, frame: FrameId, words: &str, actions: &mut Vec<Action>) {
        let colors = Colors::here(ui);
        let response = ui.interact(place.intersect(ui.clip_rect()), self.id.with(("frame", frame)), Sense::click());
        let number = frame_number(frame);
        let name = self.lang.pick(format!("フレーム {number} へ"), format!("Go to frame {number}"));
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &name));
        let now = self.model.current() == Some(frame);
        if now {
            ui.painter().rect_filled(place.shrink2(vec2(0.0, 2.0)), 3, colors.selected);
        }
        let color = if now { colors.text } else { colors.accent };
        text(ui, place, Align2::CENTER_CENTER, words, Font::MonoSmall, color);
        if response.hovered() || response.has_focus() {
            ui.painter().hline(place.shrink(4.0).x_range(), place.bottom() - 4.0, Stroke::new(1.0, color));
            actions.push(Action::Hover(Some(ByteRef::frame(frame))));
        }
        list::hand(ui, &response);
        if response.clicked() {
            actions.push(Action::Go(frame));
        }
    }

    fn menu(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let lang = self.lang;
        if ui.button(lang.pick("見出しをコピー", "Copy the title")).clicked() {
            actions.push(Action::Copy(self.card.title.clone()));
            ui.close();
        }
        if let Some(message) = self.model.capture.index.message(self.card.id)
            && self.model.scope() == Scope::All
            && ui.button(lang.pick("この会話だけを表示", "Show only this conversation")).clicked()
        {
            actions.push(Action::SetScope(Scope::Flow(message.flow)));
            ui.close();
        }
        if self.model.scope() != Scope::All && ui.button(lang.pick("すべて表示", "Show all")).clicked() {
            actions.push(Action::SetScope(Scope::All));
            ui.close();
        }
    }
}
