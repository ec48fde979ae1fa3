//! The small parts that several panels share: buttons with drawn icons, commands to copy, numbers as people read them.

use super::paint;
use super::theme::{Colors, RADIUS, font_id};
use crate::app::Action;
use crate::lang::{Lang, words};
use crate::view::Font;
use eframe::egui::{
    self, Color32, CursorIcon, Frame, Margin, Pos2, Rect, Response, RichText, Role, Sense, Shape, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

/// Drawn signs: no font is needed for them, and they are the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    First,
    Back,
    Play,
    Pause,
    Forward,
    Last,
    Stop,
    Close,
    Help,
    Sun,
    Moon,
    Up,
    Folder,
    File,
    Previous,
    Next,
    Copy,
}

impl Icon {
    /// Draws the sign into a square around `center`.
    pub fn draw(self, painter: &egui::Painter, center: Pos2, size: f32, color: Color32) {
        let r = size / 2.0;
        let p = |x: f32, y: f32| pos2(center.x + x * r, center.y + y * r);
        let thin = Stroke::new((size / 9.0).max(1.3), color);
        let fill = |points: Vec<Pos2>| Shape::convex_polygon(points, color, Stroke::NONE);
        let bar = |x: f32, w: f32| Shape::rect_filled(Rect::from_min_max(p(x, -0.75), p(x + w, 0.75)), 1, color);
        let line = |points: Vec<Pos2>| Shape::line(points, thin);
        let shapes = match self {
            Self::First => vec![bar(-0.8, 0.28), fill(vec![p(0.8, -0.75), p(0.8, 0.75), p(-0.4, 0.0)])],
            Self::Last => vec![bar(0.52, 0.28), fill(vec![p(-0.8, -0.75), p(0.4, 0.0), p(-0.8, 0.75)])],
            Self::Back => vec![fill(vec![p(0.55, -0.75), p(0.55, 0.75), p(-0.65, 0.0)])],
            Self::Forward => vec![fill(vec![p(-0.55, -0.75), p(0.65, 0.0), p(-0.55, 0.75)])],
            Self::Play => vec![fill(vec![p(-0.6, -0.85), p(0.8, 0.0), p(-0.6, 0.85)])],
            Self::Pause => vec![bar(-0.6, 0.42), bar(0.18, 0.42)],
            Self::Stop => vec![Shape::rect_filled(Rect::from_min_max(p(-0.65, -0.65), p(0.65, 0.65)), 1, color)],
            Self::Close => vec![line(vec![p(-0.55, -0.55), p(0.55, 0.55)]), line(vec![p(0.55, -0.55), p(-0.55, 0.55)])],
            Self::Sun => {
                let rays = (0..8).map(|i| {
                    let (sin, cos) = (i as f32 * std::f32::consts::TAU / 8.0).sin_cos();
                    line(vec![p(cos * 0.7, sin * 0.7), p(cos * 0.98, sin * 0.98)])
                });
                rays.chain([Shape::circle_filled(center, r * 0.42, color)]).collect()
            }
            Self::Moon => {
                // The outline of a crescent: out along one circle, back along another.
                let outer = (0..=20).map(|i| {
                    let (sin, cos) = (0.6 + i as f32 / 20.0 * 4.3).sin_cos();
                    p(cos * 0.8, sin * 0.8)
                });
                let inner = (0..=14).map(|i| {
                    let (sin, cos) = (4.35 - i as f32 / 14.0 * 3.2).sin_cos();
                    p(0.38 + cos * 0.66, -0.12 + sin * 0.66)
                });
                vec![Shape::closed_line(outer.chain(inner).collect(), thin)]
            }
            Self::Help => {
                let curve = (0..=12).map(|i| {
                    let (sin, cos) = (3.4 + i as f32 / 12.0 * 4.2).sin_cos();
                    p(cos * 0.42, -0.38 + sin * 0.42)
                });
                let stem = [p(0.0, 0.15), p(0.0, 0.35)];
                vec![line(curve.chain(stem).collect()), Shape::circle_filled(p(0.0, 0.75), thin.width * 0.75, color)]
            }
            Self::Up => vec![
                line(vec![p(0.0, 0.75), p(0.0, -0.65)]),
                line(vec![p(-0.55, -0.1), p(0.0, -0.7), p(0.55, -0.1)]),
            ],
            Self::Previous => vec![line(vec![p(-0.6, 0.3), p(0.0, -0.35), p(0.6, 0.3)])],
            Self::Next => vec![line(vec![p(-0.6, -0.3), p(0.0, 0.35), p(0.6, -0.3)])],
            Self::Folder => vec![Shape::closed_line(
                vec![p(-0.85, 0.65), p(-0.85, -0.6), p(-0.25, -0.6), p(-0.05, -0.35), p(0.85, -0.35), p(0.85, 0.65)],
                thin,
            )],
            Self::File => vec![
                Shape::closed_line(vec![p(-0.6, 0.85), p(-0.6, -0.85), p(0.2, -0.85), p(0.6, -0.45), p(0.6, 0.85)], thin),
                line(vec![p(-0.25, 0.05), p(0.25, 0.05)]),
                line(vec![p(-0.25, 0.45), p(0.25, 0.45)]),
            ],
            Self::Copy => vec![
                Shape::closed_line(vec![p(-0.75, -0.75), p(0.3, -0.75), p(0.3, 0.3), p(-0.75, 0.3)], thin),
                line(vec![p(0.3, -0.3), p(0.75, -0.3), p(0.75, 0.75), p(-0.3, 0.75), p(-0.3, 0.3)]),
            ],
        };
        painter.extend(shapes);
    }
}

/// A button with a drawn sign. `name` is what a screen reader says; `tip` appears beside the pointer. `on`: it is the one
/// that matters now.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str, tip: &str, enabled: bool, on: bool) -> Response {
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(30.0, 26.0), sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    let c = Colors::here(ui);
    let (fill, sign) = match (enabled, on) {
        (false, _) => (Color32::TRANSPARENT, c.secondary.gamma_multiply(0.45)),
        (true, true) => (c.accent, c.on_accent),
        (true, false) if response.hovered() => (c.line, c.text),
        (true, false) => (c.raised, c.text),
    };
    ui.painter().rect_filled(rect, RADIUS, fill);
    focus_ring(ui, &response, rect);
    icon.draw(ui.painter(), rect.center(), 12.0, sign);
    if response.hovered() && enabled {
        ui.set_cursor_icon(CursorIcon::PointingHand);
    }
    response.on_hover_text(if tip.is_empty() { name } else { tip })
}

/// Shows where the keyboard is.
pub fn focus_ring(ui: &Ui, response: &Response, rect: Rect) {
    if response.has_focus() {
        let ring = Stroke::new(2.0, Colors::here(ui).accent);
        ui.painter().rect_stroke(rect, RADIUS, ring, StrokeKind::Inside);
    }
}

/// A text in one of the kinds of type, in the colour of text.
pub fn rich(text: impl Into<String>, font: Font) -> RichText {
    RichText::new(text).font(font_id(font))
}

/// A text that stands back.
pub fn weak(ui: &Ui, text: impl Into<String>, font: Font) -> RichText {
    rich(text, font).color(Colors::here(ui).secondary)
}

/// The heading of a part of a panel.
pub fn section(ui: &mut Ui, text: &str) {
    let text = weak(ui, text, Font::Small);
    ui.label(text);
}

/// One line of text in the space that is left, elided; gives the response of the whole line.
pub fn elided(ui: &mut Ui, text: &str, font: Font, color: Color32) -> Response {
    let galley = paint::line(ui, text, font_id(font), color, ui.available_width());
    let elided = galley.elided;
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    ui.painter().galley(rect.min, galley, color);
    if elided { response.on_hover_text(text) } else { response }
}

/// The button that a panel or a dialog is for.
pub fn main_button(ui: &mut Ui, icon: Option<Icon>, text: &str, enabled: bool, width: f32) -> Response {
    let c = *Colors::here(ui);
    solid_button(ui, icon, text, enabled, width, (c.accent, c.on_accent))
}

/// A button of the height and weight of the main one, but not the one that is meant.
pub fn side_button(ui: &mut Ui, icon: Option<Icon>, text: &str, enabled: bool, width: f32) -> Response {
    let c = *Colors::here(ui);
    solid_button(ui, icon, text, enabled, width, (c.raised, c.text))
}

fn solid_button(
    ui: &mut Ui,
    icon: Option<Icon>,
    text: &str,
    enabled: bool,
    width: f32,
    (fill, ink): (Color32, Color32),
) -> Response {
    let enabled = enabled && ui.is_enabled();
    let fade = if enabled { 1.0 } else { 0.4 };
    let galley = paint::line(ui, text, font_id(Font::Strong), ink.gamma_multiply(fade), f32::INFINITY);
    let room = if icon.is_some() { 20.0 } else { 0.0 };
    let content = galley.size().x + room;
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2((content + 28.0).max(width), 32.0), sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, text));
    let fill = if response.hovered() && enabled { fill.lerp_to_gamma(ink, 0.12) } else { fill.gamma_multiply(fade) };
    ui.painter().rect_filled(rect, RADIUS, fill);
    focus_ring(ui, &response, rect);
    let left = rect.center().x - content / 2.0;
    if let Some(icon) = icon {
        icon.draw(ui.painter(), pos2(left + 6.0, rect.center().y), 12.0, ink.gamma_multiply(fade));
    }
    ui.painter().galley(pos2(left + room, rect.center().y - galley.size().y / 2.0), galley, ink);
    if response.hovered() && enabled {
        ui.set_cursor_icon(CursorIcon::PointingHand);
    }
    response
}

/// A few words of which one holds, side by side in one box; gives the one that was clicked.
pub fn choice<T: PartialEq + Copy>(ui: &mut Ui, all: &[(T, &str)], now: T) -> Option<T> {
    let c = *Colors::here(ui);
    let galleys: Vec<_> = all
        .iter()
        .map(|(value, name)| {
            let color = if *value == now { c.text } else { c.secondary };
            paint::line(ui, name, font_id(Font::Body), color, f32::INFINITY)
        })
        .collect();
    let width = galleys.iter().map(|g| g.size().x + 16.0).sum();
    let (rect, whole) = ui.allocate_exact_size(vec2(width, 26.0), Sense::hover());
    ui.painter().rect_filled(rect, RADIUS, c.raised);
    let mut chosen = None;
    let mut x = rect.left();
    for ((value, name), galley) in all.iter().zip(galleys) {
        let part = Rect::from_min_size(pos2(x, rect.top()), vec2(galley.size().x + 16.0, rect.height()));
        x = part.right();
        let on = *value == now;
        let response = ui.interact(part, whole.id.with(name), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, name));
        if on {
            ui.painter().rect_filled(part, RADIUS, c.selected);
        }
        focus_ring(ui, &response, part);
        ui.painter().galley(part.center() - galley.size() / 2.0, galley, c.text);
        if response.hovered() {
            ui.set_cursor_icon(CursorIcon::PointingHand);
        }
        if response.clicked() && !on {
            chosen = Some(*value);
        }
    }
    chosen
}

/// A command line in a box, with a button that copies it.
pub fn command(ui: &mut Ui, lang: Lang, command: &str) -> Option<Action> {
    let c = *Colors::here(ui);
    let mut action = None;
    Frame::new().fill(c.canvas).corner_radius(RADIUS).inner_margin(Margin::symmetric(8, 6)).show(ui, |ui| {
        ui.horizontal(|ui| {
            let width = (ui.available_width() - 40.0).max(40.0);
            // One line stands in the middle of the button beside it.
            let height = paint::line(ui, command, font_id(Font::MonoSmall), c.text, f32::INFINITY).size().y;
            ui.vertical(|ui| {
                ui.set_width(width);
                ui.add_space(((26.0 - height) / 2.0).max(0.0));
                ui.add(egui::Label::new(rich(command, Font::MonoSmall)).wrap().selectable(true));
            });
            let copy = words("コマンドをコピー", "Copy the command").get(lang);
            if icon_button(ui, Icon::Copy, copy, copy, true, false).clicked() {
                action = Some(Action::Copy(command.to_owned()));
            }
        });
    });
    action
}

/// Seconds with microseconds, in groups of three: "0.020 311".
pub fn seconds(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let micros = nanos.unsigned_abs() / 1_000;
    let (whole, rest) = (micros / 1_000_000, micros % 1_000_000);
    format!("{sign}{whole}.{:03} {:03}", rest / 1_000, rest % 1_000)
}

/// A number of bytes in the unit that suits it.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

/// A whole number in groups of three: "12 345".
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_read_as_in_the_words_of_the_interface() {
        assert_eq!(seconds(20_311_000), "0.020 311");
        assert_eq!(seconds(-1_500_000_999), "-1.500 000");
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1_500), "1.5 kB");
        assert_eq!(grouped(12_345_678), "12 345 678");
        assert_eq!(grouped(123), "123");
    }
}
