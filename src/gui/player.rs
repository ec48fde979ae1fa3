//! The player: the cursor in time, by buttons and by a strip of all frames.

use super::keys::tip;
use super::paint::line;
use super::theme::{Colors, font_id};
use super::widgets::{Icon, focus_ring, grouped, icon_button, seconds};
use crate::app::{Action, Model};
use crate::flow::{MarkKind, Severity};
use crate::lang::words;
use crate::timeline::Timing;
use crate::timeline::playback::{ORIGINAL_SPEEDS, STEP_SPEEDS};
use crate::trace::FrameId;
use crate::view::{Font, Ink, label};
use crate::wire::Osi;
use eframe::egui::{Align, ComboBox, CursorIcon, Layout, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Ticks stand at least this far apart, in points.
const TICK: f32 = 4.0;
/// Of so many frames behind one tick the colour is asked.
const SAMPLES: usize = 8;

pub fn player_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let mut actions = Vec::new();
    let lang = model.lang();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let len = model.sequence.len();
        let some = len > 0;
        let last = some && model.play.at == Some(len - 1) && model.play.progress >= 1.0;
        let play = words("再生 / 一時停止", "Play / pause");
        let (icon, name) = match model.play.playing {
            true => (Icon::Pause, words("一時停止", "Pause")),
            false => (Icon::Play, words("再生", "Play")),
        };
        let buttons = [
            (Icon::First, words("最初のフレームへ", "First frame"), words("最初のフレームへ", "First frame"), some, Action::First),
            (
                Icon::Back,
                words("前のフレームへ", "Previous frame"),
                words("前のフレームへ", "Previous frame"),
                model.play.at.is_some(),
                Action::Step { forward: false },
            ),
            (icon, name, play, some, Action::TogglePlay),
            (
                Icon::Forward,
                words("次のフレームへ", "Next frame"),
                words("次のフレームへ", "Next frame"),
                some && !last,
                Action::Step { forward: true },
            ),
            (Icon::Last, words("最後のフレームへ", "Last frame"), words("最後のフレームへ", "Last frame"), some, Action::Last),
        ];
        for (icon, name, key, enabled, action) in buttons {
            let main = matches!(action, Action::TogglePlay) && some;
            if icon_button(ui, icon, name.get(lang), &tip(key, lang), enabled, main).clicked() {
                actions.push(action);
            }
        }
        if ui.available_width() > 330.0 {
            ui.add_space(4.0);
            timing(ui, model, &mut actions);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            position(ui, model);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                actions.extend(strip(ui, model));
            });
        });
    });
    actions
}

fn timing(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let names = [
        (Timing::Steps, words("同じ間隔", "Even steps")),
        (Timing::Original, words("実際の間隔", "Real timing")),
    ];
    let name = |t: Timing| names.iter().find(|n| n.0 == t).map_or("", |n| n.1.get(lang));
    let speeds = match model.play.timing {
        Timing::Steps => STEP_SPEEDS,
        Timing::Original => ORIGINAL_SPEEDS,
    };
    let speed = |s: f64| if s < 0.01 { format!("1/{:.0}", 1.0 / s) } else { format!("×{s}") };
    let text = format!("{} {}", name(model.play.timing), speed(model.play.speed()));
    let combo = ComboBox::from_id_salt("timing").selected_text(text).width(132.0).height(420.0);
    let shown = combo.show_ui(ui, |ui| {
        for (timing, words) in names {
            if ui.selectable_label(model.play.timing == timing, words.get(lang)).clicked() {
                actions.push(Action::SetTiming(timing));
            }
        }
        ui.separator();
        for s in speeds {
            if ui.selectable_label(model.play.speed() == s, speed(s)).clicked() {
                actions.push(Action::SetSpeed(s));
            }
        }
    });
    let about = words(
        "同じ間隔：1 フレームずつ同じ速さで。実際の間隔：キャプチャの時間のとおりに、速さだけ変えて。",
        "Even steps: each frame takes the same time. Real timing: the pauses of the capture, slower or faster.",
    );
    let name = words("再生の速さ", "Speed of playback").get(lang);
    shown.response.accessible_name(name).on_hover_text(about.get(lang));
}

/// "2 / 12" and "0.020 311 s", from right to left, in columns that do not move while it plays.
fn position(ui: &mut Ui, model: &Model) {
    let c = *Colors::here(ui);
    let font = font_id(Font::Mono);
    let time = model.current().map_or_else(String::new, |f| format!("{} s", seconds(model.capture.relative(f))));
    let len = model.sequence.len();
    let at = model.play.at.map_or(0, |at| at + 1);
    let place = format!("{} / {}", grouped(at as u64), grouped(len as u64));
    let widest = format!("{0} / {0}", grouped(len as u64));
    if len == 0 {
        return;
    }
    for (text, widest, color) in [(&time, "00.000 000 s", c.secondary), (&place, widest.as_str(), c.text)] {
        if ui.available_width() < 160.0 {
            break;
        }
        let room = line(ui, widest, font.clone(), color, f32::INFINITY).size().x;
        let galley = line(ui, text, font.clone(), color, f32::INFINITY);
        let size = vec2(room.max(galley.size().x) + 6.0, 24.0);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
        let corner = pos2(rect.right() - galley.size().x, rect.center().y - galley.size().y / 2.0);
        ui.painter().galley(corner, galley, color);
    }
}

/// All frames from left to right, one tick each or, where there are too many, one tick for several.
fn strip(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let lang = model.lang();
    let c = *Colors::here(ui);
    let width = ui.available_width() - 6.0;
    if width < 40.0 {
        return Vec::new();
    }
    let (rect, response) = ui.allocate_exact_size(vec2(width, 26.0), Sense::click_and_drag());
    let len = model.sequence.len();
    let name = words("フレームの帯：クリックか左右のドラッグで移る", "Strip of frames: click or drag to go there").get(lang);
    response.widget_info(|| WidgetInfo::slider(len > 0, model.play.at.map_or(0.0, |at| at as f64 + 1.0), name));
    let painter = ui.painter().with_clip_rect(ui.clip_rect().intersect(rect));
    painter.rect_filled(rect, 4, c.canvas);
    focus_ring(ui, &response, rect);
    if len == 0 {
        return Vec::new();
    }
    let inner = rect.shrink2(vec2(8.0, 4.0));
    let x = |at: usize| if len == 1 { inner.center().x } else { inner.left() + inner.width() * at as f32 / (len - 1) as f32 };
    let ticks = len.min((inner.width() / TICK).max(1.0) as usize);
    for tick in 0..ticks {
        let (from, to) = (tick * len / ticks, (tick + 1) * len / ticks);
        let (osi, marked) = look(model, from, to.max(from + 1));
        let x = if ticks == len { x(from) } else { inner.left() + inner.width() * (tick as f32 + 0.5) / ticks as f32 };
        let past = model.play.at.is_some_and(|at| from <= at);
        let color = c.ink(Ink::Layer(osi)).gamma_multiply(if past { 0.95 } else { 0.45 });
        let tall = if osi >= Osi::Session { 0.0 } else { 3.0 };
        let mark = Rect::from_min_max(pos2(x - 1.0, inner.top() + tall), pos2(x + 1.0, inner.bottom() - tall));
        painter.rect_filled(mark, 0, color);
        if marked {
            painter.rect_filled(Rect::from_center_size(pos2(x, rect.bottom() - 2.0), vec2(4.0, 3.0)), 0, c.warn);
        }
    }
    if let Some(at) = model.play.at {
        let here = Rect::from_center_size(pos2(x(at), rect.center().y), vec2(8.0, rect.height()));
        painter.rect(here, 3, c.accent.gamma_multiply(0.25), (1.5, c.accent), eframe::egui::StrokeKind::Inside);
    }
    if response.hovered() {
        ui.set_cursor_icon(CursorIcon::PointingHand);
    }
    let Some(pointer) = response.interact_pointer_pos().filter(|_| response.clicked() || response.dragged()) else {
        return Vec::new();
    };
    let part = ((pointer.x - inner.left()) / inner.width()).clamp(0.0, 1.0);
    let at = (part * (len - 1) as f32).round() as usize;
    let moved = model.play.at != Some(at.min(len - 1));
    if moved { vec![Action::GoPosition(at.min(len - 1))] } else { Vec::new() }
}

/// The highest layer among a few frames of a range, and whether one of them has a mark to be noted.
fn look(model: &Model, from: usize, to: usize) -> (Osi, bool) {
    let step = (to - from).div_ceil(SAMPLES).max(1);
    let frames = (from..to).step_by(step).filter_map(|at| model.sequence.frame(at));
    let of = |frame: FrameId| {
        let marked = model.capture.index.row(frame).is_some_and(|row| {
            MarkKind::ALL.iter().any(|k| k.severity() >= Severity::Note && row.marked(*k))
        });
        (label::colour(&model.capture, frame), marked)
    };
    frames.map(of).fold((Osi::Physical, false), |(a, m), (b, n)| (a.max(b), m || n))
}
