//! The help: every key of the table.

use crate::app::Model;
use crate::gui::keys::{BUILT_IN, TABLE, name};
use crate::gui::theme::Colors;
use crate::gui::widgets::{rich, weak};
use crate::lang::words;
use crate::view::Font;
use eframe::egui::{Frame, Grid, Margin, ScrollArea, Ui, vec2};

pub fn help_ui(ui: &mut Ui, model: &Model) {
    let lang = model.lang();
    let about = words(
        "本物の通信を 1 フレームずつ、7 つの層に分けて見るための道具です。まず実験を選んで「開始」を押すか、.pcap / .pcapng を開きます。",
        "A tool to see a real conversation frame by frame, split into seven layers. Choose an exchange and press Start, or open a .pcap or .pcapng file.",
    );
    ui.label(weak(ui, about.get(lang), Font::Body));
    ui.add_space(8.0);
    ScrollArea::vertical().max_height(ui.available_height()).show(ui, |ui| {
        Grid::new("keys").num_columns(2).spacing(vec2(24.0, 6.0)).show(ui, |ui| {
            for binding in TABLE {
                ui.horizontal(|ui| {
                    for key in binding.keys {
                        cap(ui, &name(key));
                    }
                });
                ui.label(rich(binding.words.get(lang), Font::Body));
                ui.end_row();
            }
            for (keys, words) in BUILT_IN {
                ui.horizontal(|ui| cap(ui, keys));
                ui.label(rich(words.get(lang), Font::Body));
                ui.end_row();
            }
        });
    });
}

fn cap(ui: &mut Ui, name: &str) {
    let c = *Colors::here(ui);
    Frame::new().fill(c.raised).corner_radius(4).inner_margin(Margin::symmetric(8, 2)).show(ui, |ui| {
        ui.label(rich(name, Font::Mono));
    });
}
