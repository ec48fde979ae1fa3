//! The layers of the frame that is now: each header as a bit diagram and as a tree of fields, and a note on what is lit.
//!
//! In: the model. Out: pointing at fields, pinning them, copying their words. The note has a place of its own at the bottom,
//! so that nothing jumps while the pointer wanders over the tree.

use super::super::filter_menus::choices_ui;
use super::super::paint::scene_at;
use super::super::theme::Colors;
use super::{empty_ui, focus_ring, list, remember, remembered, text, width};
use crate::app::{Action, ByteRef, Model};
use crate::flow::explain::Explained;
use crate::lang::{Lang, Words, words};
use crate::trace::FrameId;
use crate::view::layers::{self, Path};
use crate::view::{Font, Ink, bits, filters, packets};
use crate::wire::{Kind, Layer, Osi, dissect};
use eframe::egui::{
    Align, Align2, Id, Label, Rect, Response, RichText, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use std::collections::HashMap;

const HEAD: f32 = 24.0;
const ROW: f32 = 21.0;
const NOTE: f32 = 74.0;
/// A pane lower than this has no room for the note below the tree: the notes appear beside the pointer.
const LOW: f32 = 250.0;

/// What the pane keeps.
#[derive(Clone, Default)]
struct State {
    /// Layers that were opened or closed by hand, by protocol.
    layers: HashMap<&'static str, bool>,
    /// Fields that were opened or closed by hand, by name.
    fields: HashMap<&'static str, bool>,
    /// The field that a pointer or a pin of this pane meant: bits that share a byte are one and the same to the others.
    pointed: Option<(ByteRef, usize, Path)>,
    pinned: Option<(ByteRef, usize, Path)>,
    /// What was lit in the last picture, to bring it into sight once.
    followed: Option<ByteRef>,
}

/// Shows the layers in all the room there is.
pub fn layers_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let rect = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(rect);
    let mut actions = Vec::new();
    ui.scope_builder(UiBuilder::new().id_salt("layers").max_rect(rect), |ui| {
        ui.set_clip_rect(ui.clip_rect().intersect(rect));
        let Some(explained) = model.current().and_then(|frame| model.explain(frame)) else {
            let words = if model.sequence.is_empty() { packets::empty(model) } else { none_chosen() };
            empty_ui(ui, rect, words, model.lang());
            return;
        };
        Pane::new(ui, rect, model, &explained).show(ui, &mut actions);
    });
    actions
}

fn none_chosen() -> [Words; 2] {
    [
        words("フレームが選ばれていません。", "No frame is chosen."),
        words("一覧から 1 つ選んでください。", "Choose one from the table."),
    ]
}

struct Pane<'a> {
    id: Id,
    rect: Rect,
    lang: Lang,
    frame: FrameId,
    explained: &'a Explained,
    model: &'a Model,
    /// What is lit in this frame.
    lit: Option<ByteRef>,
    pinned: Option<ByteRef>,
    /// The field that is meant by it: its layer and its place.
    meant: Option<(usize, Path)>,
    /// Only this field is lit, of all that share its bytes.
    exact: bool,
    /// What is lit was pointed at in another pane, or pinned: it is brought into sight.
    from_outside: bool,
    /// What is meant has been brought into sight in the diagram, and is not looked for in the tree.
    revealed: bool,
    state: State,
}

impl<'a> Pane<'a> {
    fn new(ui: &Ui, rect: Rect, model: &'a Model, explained: &'a Explained) -> Self {
        let id = ui.scope_id().with("pane");
        let state: State = remembered(ui, id);
        let frame = explained.frame;
        let lit = model.lit().filter(|lit| lit.frame == frame);
        let kept = [&state.pointed, &state.pinned].into_iter().flatten().find(|(bytes, _, _)| Some(*bytes) == lit);
        let exact = kept.is_some();
        let meant = match kept {
            Some((_, layer, path)) => Some((*layer, path.clone())),
            None => lit.and_then(|lit| layers::meant(&explained.dissected, lit)),
        };
        let from_outside = !ui.rect_contains_pointer(rect);
        Self { id, rect, lang: model.lang(), frame, explained, model, lit, pinned: model.pinned, meant, exact, from_outside, revealed: false, state }
    }

    fn show(mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let noted = self.rect.height() >= LOW;
        let bottom = if noted { self.rect.bottom() - NOTE } else { self.rect.bottom() };
        let tree = Rect::from_min_max(self.rect.min, pos2(self.rect.right(), bottom));
        ui.scope_builder(UiBuilder::new().id_salt("tree").max_rect(tree), |ui| {
            ScrollArea::vertical().id_salt("scroll").auto_shrink(false).show(ui, |ui| {
                ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
                super::around::around_ui(ui, self.model, self.frame, actions);
                for index in 0..self.explained.dissected.layers.len() {
                    self.layer_ui(ui, index, actions);
                }
                self.stop_ui(ui);
            });
        });
        if noted {
            self.note_ui(ui, Rect::from_min_max(pos2(self.rect.left(), bottom), self.rect.max));
        }
        self.state.followed = self.lit;
        remember(ui, self.id, self.state);
    }

    fn layer(&self, index: usize) -> Option<&'a Layer> {
        self.explained.dissected.layers.get(index)
    }

    /// Something else is lit than in the last picture, and not by this pane.
    fn news(&self) -> bool {
        self.state.followed != self.lit && self.from_outside
    }

    /// A layer with a field that is lit from elsewhere is open for as long as it is lit.
    fn is_open(&self, index: usize, layer: &Layer) -> bool {
        let lit = self.from_outside && self.meant.as_ref().is_some_and(|(l, _)| *l == index);
        let by_hand = self.state.layers.get(layer.proto).copied();
        lit || by_hand.unwrap_or_else(|| layers::open_by_default(&self.explained.dissected, index))
    }

    fn layer_ui(&mut self, ui: &mut Ui, index: usize, actions: &mut Vec<Action>) {
        let Some(layer) = self.layer(index) else { return };
        let open = self.is_open(index, layer);
        if self.head_ui(ui, index, layer, open, actions) {
            self.state.layers.insert(layer.proto, !open);
        }
        if !open {
            return;
        }
        let spans = layers::lit_spans(&self.explained.dissected, self.frame, self.lit, index);
        self.diagram_ui(ui, index, layer, &spans, actions);
        let rows = layers::rows(layer, &|path| self.field_is_open(index, layer, path));
        // Values stand under each other, behind the longest label.
        let label = |row: &layers::Row<'_>| indent(row) + width(ui, row.field.def.label.get(self.lang), Font::Body);
        let column = rows.iter().take(200).map(label).fold(0.0, f32::max).min(ui.available_width() * 0.46) + 14.0;
        for row in rows {
            let lit = match &self.meant {
                Some((l, path)) if self.exact => *l == index && *path == row.path,
                _ => layers::is_lit(&row, &spans),
            };
            self.field_ui(ui, index, layer, &row, column, lit, actions);
        }
        ui.add_space(6.0);
    }

    fn field_is_open(&self, index: usize, layer: &Layer, path: &[usize]) -> bool {
        let Some(field) = layers::at(layer, path) else { return false };
        let around = |(l, meant): &(usize, Path)| *l == index && meant.len() > path.len() && meant.starts_with(path);
        if self.from_outside && self.meant.as_ref().is_some_and(around) {
            return true;
        }
        let by_hand = self.state.fields.get(field.def.name).copied();
        by_hand.unwrap_or(field.def.kind == Kind::Group || (layer.osi == Osi::Application && path.len() == 1))
    }

    /// The line of a layer; true if it is to be opened or closed.
    fn head_ui(&self, ui: &mut Ui, index: usize, layer: &Layer, open: bool, actions: &mut Vec<Action>) -> bool {
        let colors = Colors::here(ui);
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), HEAD));
        if !ui.is_rect_visible(rect) {
            return false;
        }
        let number = format!("L{}", layer.osi.number());
        let size = format!("{} B", layers::size(layer));
        let response = ui.interact(rect, self.id.with(("layer", index)), Sense::click());
        response.widget_info(|| {
            let label = format!("{number} {} {size}  {}", layer.title, layer.summary);
            WidgetInfo::selected(Role::DisclosureTriangle, true, open, label)
        });
        let whole = layers::layer_ref(self.frame, index, layer);
        let lit = self.lit.is_some_and(|lit| lit.layer == Some(index) && layers::whole_layer(&self.explained.dissected, lit).is_some());
        if lit {
            ui.painter().rect_filled(rect, 0, colors.accent.gamma_multiply(0.22));
        } else if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(rect, 0, colors.raised);
        }
        let ink = colors.ink(Ink::Layer(layer.osi));
        triangle(ui, pos2(rect.left() + 9.0, rect.center().y), open, colors.secondary);
        let chip = Rect::from_center_size(pos2(rect.left() + 32.0, rect.center().y), vec2(24.0, 16.0));
        ui.painter().rect_filled(chip, 3, ink);
        text(ui, chip, Align2::CENTER_CENTER, &number, Font::Small, colors.on_layer);
        let mut rest = Rect::from_min_max(pos2(chip.right() + 7.0, rect.top()), pos2(rect.right() - 6.0, rect.bottom()));
        rest.min.x += text(ui, rest, Align2::LEFT_CENTER, layer.title, Font::Strong, colors.text) + 8.0;
        rest.min.x += text(ui, rest, Align2::LEFT_CENTER, &size, Font::MonoSmall, colors.secondary) + 10.0;
        text(ui, rest, Align2::LEFT_CENTER, &layer.summary, Font::Body, colors.secondary);
        list::hand(ui, &response);
        if response.hovered() || response.has_focus() {
            actions.push(Action::Hover(Some(whole)));
        }
        if response.has_focus() {
            focus_ring(ui.painter(), rect, colors);
        }
        let lang = self.lang;
        response.context_menu(|ui| {
            if ui.button(lang.pick("要約をコピー", "Copy the summary")).clicked() {
                actions.push(Action::Copy(format!("{} {}", layer.title, layer.summary)));
                ui.close();
            }
            if ui.button(lang.pick("この層を固定して光らせる", "Pin this layer")).clicked() {
                actions.push(Action::Pin(Some(whole)));
                ui.close();
            }
        });
        response.clicked()
    }

    fn diagram_ui(&mut self, ui: &mut Ui, index: usize, layer: &Layer, spans: &[crate::wire::Span], actions: &mut Vec<Action>) {
        let exact = match &self.meant {
            Some((l, path)) if *l == index && self.exact => Some(path.as_slice()),
            // Another field of the layer is meant: none of the cells, even where bytes are shared.
            _ => None,
        };
        let light = bits::Light { spans, exact };
        let bytes = self.explained.dissected.bytes(layer);
        let wide = (ui.available_width() - 12.0).min(820.0);
        let drawing = bits::diagram(self.frame, index, layer, bytes, wide, self.lang, light);
        if drawing.paths.is_empty() {
            return;
        }
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), drawing.scene.size.y + 8.0));
        let origin = rect.min + vec2(2.0, 1.0);
        let found = scene_at(ui, self.id.with(("diagram", index)), origin, &drawing.scene);
        // Where there is little room the diagram is what is read.
        if self.news() && self.rect.height() < LOW && let Some((l, path)) = &self.meant && *l == index {
            let cell = drawing.paths.iter().position(|p| p == path).and_then(|i| drawing.scene.hits.get(i));
            if let Some(r) = cell.map(|h| h.rect) {
                let place = Rect::from_min_size(origin + vec2(r.x, r.y), vec2(r.w, r.h));
                ui.scroll_to_rect(place.expand2(vec2(0.0, 26.0)), None::<Align>);
                self.revealed = true;
            }
        }
        // The cell under the pointer is the last that holds it, as in the painting of scenes.
        let under = ui.ctx().pointer_latest_pos().and_then(|pointer| {
            let (x, y) = (pointer.x - origin.x, pointer.y - origin.y);
            let inside = |r: crate::view::Rect| x >= r.x && x < r.right() && y >= r.y && y < r.bottom();
            let at = drawing.scene.hits.iter().rposition(|h| inside(h.rect))?;
            drawing.paths.get(at)
        });
        for action in found {
            match (action, under) {
                (Action::Hover(Some(bytes)), Some(path)) => {
                    self.state.pointed = Some((bytes, index, path.clone()));
                    actions.push(Action::Hover(Some(bytes)));
                }
                (Action::Pin(Some(bytes)), Some(path)) => self.pin(bytes, index, path.clone(), actions),
                (action, _) => actions.push(action),
            }
        }
    }

    /// Keeps a field lit; doing so again lets it go.
    fn pin(&mut self, target: ByteRef, index: usize, path: Path, actions: &mut Vec<Action>) {
        let chosen = (target, index, path);
        let again = self.pinned == Some(target) && self.state.pinned.as_ref().is_none_or(|p| *p == chosen);
        actions.push(Action::Pin((!again).then_some(target)));
        self.state.pinned = (!again).then_some(chosen);
    }

    #[expect(clippy::too_many_arguments, reason = "one row and how it is to look")]
    fn field_ui(
        &mut self,
        ui: &mut Ui,
        index: usize,
        layer: &Layer,
        row: &layers::Row<'_>,
        column: f32,
        lit: bool,
        actions: &mut Vec<Action>,
    ) {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
        if self.news() && !self.revealed && self.meant.as_ref().is_some_and(|(l, path)| *l == index && *path == row.path) {
            ui.scroll_to_rect(rect.expand2(vec2(0.0, 8.0)), None::<Align>);
        }
        if !ui.is_rect_visible(rect) {
            return;
        }
        let colors = Colors::here(ui);
        let field = row.field;
        let label = field.def.label.get(self.lang);
        let value = layers::value(field, self.explained.dissected.bytes(layer), self.lang);
        let id = self.id.with(("field", index, &row.path));
        let response = ui.interact(rect, id, Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::TreeItem, true, lit, format!("{label}: {value} ({})", field.def.name)));
        if lit {
            ui.painter().rect_filled(rect, 0, colors.accent.gamma_multiply(0.22));
            ui.painter().rect_filled(Rect::from_min_size(rect.min, vec2(3.0, rect.height())), 0, colors.accent);
        } else if response.hovered() {
            ui.painter().rect_filled(rect, 0, colors.raised);
        }
        let left = rect.left() + indent(row);
        let target = layers::byte_ref(self.frame, index, layer, field);
        if !field.children.is_empty() {
            self.fold_ui(ui, Rect::from_center_size(pos2(left - 9.0, rect.center().y), vec2(18.0, ROW)), id, row, label);
        }
        let values = (rect.left() + column).max(left + 40.0);
        let place = Rect::from_min_max(pos2(left, rect.top()), pos2(values - 8.0, rect.bottom()));
        text(ui, place, Align2::LEFT_CENTER, label, Font::Body, colors.secondary);
        let mut rest = Rect::from_min_max(pos2(values, rect.top()), pos2(rect.right() - 8.0, rect.bottom()));
        let name = width(ui, field.def.name, Font::MonoSmall);
        if width(ui, &value, Font::Mono) + name + 16.0 < rest.width() {
            text(ui, rest, Align2::RIGHT_CENTER, field.def.name, Font::MonoSmall, colors.secondary);
            rest.max.x -= name + 10.0;
        }
        text(ui, rest, Align2::LEFT_CENTER, &value, Font::Mono, colors.text);
        list::hand(ui, &response);
        if response.hovered() || response.has_focus() {
            self.state.pointed = Some((target, index, row.path.clone()));
            actions.push(Action::Hover(Some(target)));
        }
        if response.has_focus() {
            focus_ring(ui.painter(), rect, colors);
        }
        if response.clicked() {
            self.pin(target, index, row.path.clone(), actions);
        }
        if response.double_clicked() && !field.children.is_empty() {
            self.state.fields.insert(field.def.name, !row.open);
        }
        if self.rect.height() < LOW {
            response.clone().on_hover_text(field.def.note.get(self.lang));
        }
        self.field_menu(&response, layer, row, actions);
    }

    /// The triangle of a field with others below it.
    fn fold_ui(&mut self, ui: &Ui, place: Rect, id: Id, row: &layers::Row<'_>, label: &str) {
        let colors = Colors::here(ui);
        let response = ui.interact(place, id.with("fold"), Sense::click());
        let action = if row.open { self.lang.pick("閉じる", "Close") } else { self.lang.pick("開く", "Open") };
        response.widget_info(|| WidgetInfo::selected(Role::DisclosureTriangle, true, row.open, format!("{action}: {label}")));
        let color = if response.hovered() || response.has_focus() { colors.accent } else { colors.secondary };
        triangle(ui, place.center(), row.open, color);
        if response.clicked() {
            self.state.fields.insert(row.field.def.name, !row.open);
        }
    }

    fn field_menu(&self, response: &Response, layer: &Layer, row: &layers::Row<'_>, actions: &mut Vec<Action>) {
        let bytes = self.explained.dissected.bytes(layer);
        let (field, lang) = (row.field, self.lang);
        response.context_menu(|ui| {
            let choices = [
                (lang.pick("値をコピー", "Copy the value"), field.print(bytes)),
                (lang.pick("フィールド名をコピー", "Copy the field's name"), field.def.name.to_owned()),
                (lang.pick("名前と値をコピー", "Copy name and value"), format!("{}: {}", field.def.name, field.show(bytes))),
            ];
            for (words, copied) in choices {
                if ui.button(words).clicked() {
                    actions.push(Action::Copy(copied));
                    ui.close();
                }
            }
            let (new, exists) = (filters::of_field(field, bytes), filters::exists(field));
            if exists.is_some() {
                let name = lang.pick("このフィールドで絞り込む", "Filter by this");
                ui.menu_button(name, |ui| choices_ui(ui, self.model, new.as_deref(), exists.as_deref(), actions));
            }
        });
    }

    /// Where dissection ended, and why.
    fn stop_ui(&self, ui: &mut Ui) {
        let Some(stop) = &self.explained.dissected.stop else { return };
        let colors = Colors::here(ui);
        let said = stop.text();
        let words = said.get(self.lang);
        ui.add_space(4.0);
        let response = ui
            .horizontal_top(|ui| {
                ui.add_space(10.0);
                ui.label(RichText::new("!").color(colors.warn).strong());
                ui.add_space(8.0);
                ui.add(Label::new(RichText::new(words).color(colors.warn)).wrap());
            })
            .response;
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
        ui.add_space(4.0);
    }

    fn note_ui(&self, ui: &mut Ui, rect: Rect) {
        let colors = Colors::here(ui);
        ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, colors.line));
        let inner = rect.shrink2(vec2(8.0, 6.0));
        let (title, name, note) = self.note();
        let mut head = Rect::from_min_size(inner.min, vec2(inner.width(), 20.0));
        head.min.x += text(ui, head, Align2::LEFT_CENTER, &title, Font::Strong, colors.text) + 10.0;
        text(ui, head, Align2::LEFT_CENTER, &name, Font::MonoSmall, colors.secondary);
        let top = if title.is_empty() { inner.top() } else { inner.top() + 22.0 };
        let place = Rect::from_min_max(pos2(inner.left(), top), inner.max);
        ui.scope_builder(UiBuilder::new().id_salt("note").max_rect(place), |ui| {
            ui.set_clip_rect(ui.clip_rect().intersect(place));
            ui.add(Label::new(RichText::new(note).color(colors.secondary)).wrap());
        });
    }

    /// The note's title, the Wireshark name, and its sentence.
    fn note(&self) -> (String, String, &'static str) {
        if let Some((index, path)) = &self.meant
            && let Some(layer) = self.layer(*index)
            && let Some(field) = layers::at(layer, path)
        {
            let value = layers::value(field, self.explained.dissected.bytes(layer), self.lang);
            let title = format!("{}  {value}", field.def.label.get(self.lang));
            return (title, field.def.name.to_owned(), field.def.note.get(self.lang));
        }
        if let Some(layer) = self.lit.and_then(|lit| self.layer(lit.layer?)) {
            let title = format!("L{} {}", layer.osi.number(), layer.osi.name().get(self.lang));
            return (title, layer.title.to_owned(), about(layer.proto).get(self.lang));
        }
        let hint = words(
            "フィールドやバイトを指すと、その意味がここに出ます。クリックすると光らせたままにできます。",
            "Point at a field or a byte and its meaning appears here. A click keeps it lit.",
        );
        (String::new(), String::new(), hint.get(self.lang))
    }
}

/// Where the words of a row begin.
fn indent(row: &layers::Row<'_>) -> f32 {
    26.0 + row.depth() as f32 * 16.0
}

/// The sentence that says what a protocol is for.
fn about(proto: &str) -> Words {
    let header = dissect::TABLE.iter().find(|h| h.proto() == proto).map(|h| h.about());
    header.or_else(|| crate::proto::by_name(proto).map(|p| p.about())).unwrap_or(words("", ""))
}

/// Points down when open, right when closed.
pub(super) fn triangle(ui: &Ui, at: eframe::egui::Pos2, open: bool, color: eframe::egui::Color32) {
    let points = if open {
        vec![at + vec2(-4.0, -2.0), at + vec2(4.0, -2.0), at + vec2(0.0, 3.0)]
    } else {
        vec![at + vec2(-2.0, -4.0), at + vec2(3.0, 0.0), at + vec2(-2.0, 4.0)]
    };
    ui.painter().add(eframe::egui::Shape::convex_polygon(points, color, Stroke::NONE));
}
