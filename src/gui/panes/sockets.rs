//! The sockets of both hosts at the cursor: their life, their states, what the kernel says of them, and the lines for a terminal
//! that show the same.
//!
//! In: the model. Out: going to a call's frames, copying a line. Little room stacks what stands side by side, and scrolls.

use super::super::paint::scene_ui;
use super::super::theme::Colors;
use super::super::widgets::{command, rich, weak};
use super::{empty_ui, width};
use crate::app::{Action, Model};
use crate::lang::words;
use crate::view::sockets::{self, COLUMNS};
use crate::view::{Font, lifecycle, packets, states};
use eframe::egui::{Align, Grid, Layout, Role, ScrollArea, Ui, WidgetInfo, vec2};

/// Both drawings stand side by side from this width on.
const WIDE: f32 = 560.0;

pub fn sockets_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let mut actions = Vec::new();
    if model.sequence.is_empty() {
        empty_ui(ui, ui.available_rect_before_wrap(), packets::empty(model), model.lang());
        return actions;
    }
    let room = ui.available_size();
    ScrollArea::vertical().id_salt("sockets").auto_shrink(false).show(ui, |ui| {
        let below = 292.0;
        let height = (room.y - below).clamp(320.0, 620.0);
        let w = ui.available_width() - 8.0;
        if w >= WIDE {
            let life = (w * 0.42).min(520.0);
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
                actions.extend(scene_ui(ui, &lifecycle::scene(model, life, height)));
                ui.add_space(24.0);
                actions.extend(scene_ui(ui, &states::scene(model, (w - life - 24.0).min(720.0), height)));
            });
        } else {
            actions.extend(scene_ui(ui, &lifecycle::scene(model, w, 330.0)));
            ui.add_space(12.0);
            actions.extend(scene_ui(ui, &states::scene(model, w, 380.0)));
        }
        ui.add_space(12.0);
        ui.spacing_mut().item_spacing.y = 3.0;
        table_ui(ui, model);
        ui.add_space(8.0);
        commands_ui(ui, model, w, &mut actions);
    });
    actions
}

fn table_ui(ui: &mut Ui, model: &Model) {
    let lang = model.lang();
    let c = *Colors::here(ui);
    let table = sockets::table(model);
    ui.horizontal(|ui| {
        ui.label(rich(words("ソケットの表", "The sockets").get(lang), Font::Strong));
        let ink = if table.measured { c.ok } else { c.secondary };
        ui.label(rich(table.about.get(lang), Font::Small).color(ink));
    });
    ui.add_space(2.0);
    // What is empty in every row is left out: no room is lost to it.
    let some = |at: usize| table.rows.iter().any(|r| r.cells.get(at).is_some_and(|cell| !cell.is_empty()));
    let shown: Vec<usize> = (0..COLUMNS.len()).filter(|at| *at < 5 || some(*at)).collect();
    ScrollArea::horizontal().id_salt("table").auto_shrink([false, true]).show(ui, |ui| {
        Grid::new("sockets table").spacing(vec2(14.0, 3.0)).striped(false).show(ui, |ui| {
            for column in shown.iter().filter_map(|at| COLUMNS.get(*at)) {
                let title = weak(ui, column.title.get(lang), Font::Small);
                cell(ui, column.right, |ui| {
                    ui.label(title).on_hover_text(column.about.get(lang));
                });
            }
            ui.end_row();
            for row in &table.rows {
                for (at, column) in shown.iter().filter_map(|at| Some((*at, COLUMNS.get(*at)?))) {
                    let words = row.cells.get(at).map_or("", String::as_str);
                    let color = if row.here { c.text } else { c.secondary };
                    cell(ui, column.right, |ui| {
                        let text = rich(words, Font::MonoSmall).color(color);
                        let response = ui.label(text);
                        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{}: {words}", column.title.get(lang))));
                    });
                }
                ui.end_row();
            }
        });
    });
}

fn cell(ui: &mut Ui, right: bool, add: impl FnOnce(&mut Ui)) {
    let align = if right { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
    ui.with_layout(align, add);
}

fn commands_ui(ui: &mut Ui, model: &Model, w: f32, actions: &mut Vec<Action>) {
    let lang = model.lang();
    let title = words("外から同じものを見る", "The same, seen from outside").get(lang);
    ui.label(rich(title, Font::Strong));
    for line in sockets::commands(model) {
        let about = line.about.get(lang);
        let beside = width(ui, about, Font::Small) + 16.0;
        let wide = w - beside > 380.0;
        ui.horizontal(|ui| {
            ui.scope(|ui| {
                ui.set_max_width(if wide { (w - beside).min(520.0) } else { w });
                actions.extend(command(ui, lang, &line.line));
            });
            if wide {
                ui.label(weak(ui, about, Font::Small));
            }
        });
        if !wide {
            ui.label(weak(ui, about, Font::Small));
        }
    }
}
