//! Draws a [`Scene`] into the window and says what was pointed at.
//!
//! In: shapes with meanings for colours. Out: egui shapes, and the actions of the places under the pointer. A scene is never
//! changed here, and nothing is drawn that is not in it.

use super::theme::{Colors, font_id};
use crate::app::Action;
use crate::view::{self, Anchor, Pt, Scene, Shape};
use eframe::egui::text::{LayoutJob, TextFormat, TextWrapping};
use eframe::egui::{
    self, Align2, Color32, CursorIcon, FontId, Galley, Id, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};
use std::collections::HashMap;
use std::sync::Arc;

/// Takes the scene's size from the `ui`, draws it there, and gives the actions of the pointer. While the pointer rests on a
/// place with bytes, its [`Action::Hover`] comes with every picture.
pub fn scene_ui(ui: &mut Ui, scene: &Scene) -> Vec<Action> {
    let (id, rect) = ui.allocate_space(vec2(scene.size.x, scene.size.y));
    scene_at(ui, id, rect.min, scene)
}

/// Draws a scene with its top left corner at `origin`; takes no space.
pub fn scene_at(ui: &mut Ui, id: Id, origin: Pos2, scene: &Scene) -> Vec<Action> {
    let bounds = Rect::from_min_size(origin, vec2(scene.size.x, scene.size.y));
    if !ui.is_rect_visible(bounds) {
        return Vec::new();
    }
    draw(ui, origin, bounds, &scene.shapes);
    point(ui, id, origin, bounds, scene)
}

fn draw(ui: &Ui, origin: Pos2, bounds: Rect, shapes: &[Shape]) {
    let colors = Colors::here(ui);
    let painter = ui.painter().with_clip_rect(ui.clip_rect().intersect(bounds));
    let at = |p: Pt| origin + vec2(p.x, p.y);
    let mut out = Vec::with_capacity(shapes.len());
    for shape in shapes {
        match shape {
            Shape::Rect { rect, radius, fill, stroke } => {
                let rect = rect_at(origin, *rect);
                let fill = fill.map_or(Color32::TRANSPARENT, |p| colors.color(p));
                let radius = radius.clamp(0.0, 255.0) as u8;
                match stroke {
                    None => out.push(egui::Shape::rect_filled(rect, radius, fill)),
                    Some((width, paint)) => out.push(
                        egui::epaint::RectShape::new(
                            rect,
                            radius,
                            fill,
                            Stroke::new(*width, colors.color(*paint)),
                            StrokeKind::Inside,
                        )
                        .into(),
                    ),
                }
            }
            Shape::Line { points, width, paint, dash } => {
                let points: Vec<_> = points.iter().map(|p| at(*p)).collect();
                let stroke = Stroke::new(*width, colors.color(*paint));
                match dash {
                    None => out.push(egui::Shape::line(points, stroke)),
                    Some((dash, gap)) => out.extend(egui::Shape::dashed_line(&points, stroke, *dash, *gap)),
                }
            }
            Shape::Polygon { points, fill } => {
                let points = points.iter().map(|p| at(*p)).collect();
                out.push(egui::Shape::convex_polygon(points, colors.color(*fill), Stroke::NONE));
            }
            Shape::Text { at: place, anchor, text, font, paint, max_width } => {
                let galley = line(ui, text, font_id(*font), colors.color(*paint), *max_width);
                let corner = align(*anchor).anchor_size(at(*place), galley.size()).min;
                out.push(egui::Shape::galley(corner, galley, Color32::PLACEHOLDER));
            }
        }
    }
    painter.extend(out);
}

/// One line of text, elided with `…` beyond `max_width` points.
pub fn line(ui: &Ui, text: &str, font: FontId, color: Color32, max_width: f32) -> Arc<Galley> {
    lines(ui, text, font, color, max_width, 1)
}

/// So many lines of text, of which the last is elided with `…`.
pub fn lines(ui: &Ui, text: &str, font: FontId, color: Color32, max_width: f32, max_rows: usize) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(one_line(text), TextFormat::simple(font, color));
    job.wrap = TextWrapping { max_width, max_rows, break_anywhere: max_rows == 1, overflow_character: Some('…') };
    ui.painter().layout_job(job)
}

/// Captured text may hold line breaks; a label has one line.
fn one_line(text: &str) -> String {
    if text.contains(char::is_control) {
        text.chars().map(|c| if c.is_control() { '·' } else { c }).collect()
    } else {
        text.to_owned()
    }
}

fn align(anchor: Anchor) -> Align2 {
    match anchor {
        Anchor::LeftTop => Align2::LEFT_TOP,
        Anchor::LeftCenter => Align2::LEFT_CENTER,
        Anchor::Center => Align2::CENTER_CENTER,
        Anchor::RightCenter => Align2::RIGHT_CENTER,
        Anchor::CenterTop => Align2::CENTER_TOP,
        Anchor::RightTop => Align2::RIGHT_TOP,
    }
}

fn rect_at(origin: Pos2, rect: view::Rect) -> Rect {
    Rect::from_min_size(pos2(origin.x + rect.x, origin.y + rect.y), Vec2::new(rect.w, rect.h))
}

fn point(ui: &mut Ui, id: Id, origin: Pos2, bounds: Rect, scene: &Scene) -> Vec<Action> {
    let mut actions = Vec::new();
    let mut hovered = None;
    // Names are unique in a scene; where captured data makes two the same all the same, both still work.
    let mut twins: HashMap<&str, u32> = HashMap::new();
    for hit in &scene.hits {
        let twin = twins.entry(&hit.name).and_modify(|n| *n += 1).or_default();
        let rect = rect_at(origin, hit.rect).intersect(bounds);
        if !rect.is_positive() {
            continue;
        }
        let clickable = hit.click.is_some();
        let sense = if clickable { Sense::click() } else { Sense::hover() };
        let response = ui.interact(rect, id.with((&hit.name, *twin)), sense);
        let role = if clickable { Role::Button } else { Role::Image };
        response.widget_info(|| WidgetInfo::labeled(role, true, &hit.name));
        if response.hovered() || response.has_focus() {
            hovered = hit.hover.or(hovered);
        }
        if response.has_focus() {
            let ring = Stroke::new(2.0, Colors::here(ui).accent);
            ui.painter().rect_stroke(rect, 4, ring, StrokeKind::Inside);
        }
        if response.clicked() {
            actions.extend(hit.click.clone());
        }
        if clickable && response.hovered() {
            ui.set_cursor_icon(CursorIcon::PointingHand);
        }
        if let Some(tip) = &hit.tip {
            response.on_hover_text(tip);
        }
    }
    actions.extend(hovered.map(|bytes| Action::Hover(Some(bytes))));
    actions
}
