//! The line at the bottom: the name of what is lit, and the keys that matter.

use super::theme::Colors;
use super::widgets::{elided, rich};
use crate::app::{Action, ByteRef, Model};
use crate::flow::explain::Explained;
use crate::lang::words;
use crate::trace::frame_number;
use crate::view::Font;
use crate::wire::{Field, Layer};
use eframe::egui::{Align, Layout, Ui};

pub fn status_ui(ui: &mut Ui, model: &Model) -> Vec<Action> {
    let lang = model.lang();
    let c = *Colors::here(ui);
    ui.horizontal_centered(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let hints = words(
                "← → 1 ステップ    Space 再生    / 検索    F1 キー一覧",
                "← → step    Space play    / find    F1 all keys",
            );
            ui.label(rich(hints.get(lang), Font::Small).color(c.secondary));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let (text, color) = match model.lit() {
                    Some(lit) => (described(model, lit), c.text),
                    None => {
                        let hint = words(
                            "層、矢印、バイトを指すと、同じものがすべての場所で光ります。クリックで固定します。",
                            "Point at a layer, an arrow or a byte: the same lights up everywhere. A click pins it.",
                        );
                        (hint.get(lang).to_owned(), c.secondary)
                    }
                };
                elided(ui, &text, Font::Small, color);
            });
        });
    });
    Vec::new()
}

/// "Frame 2   TCP Acknowledgment number (tcp.ack)   bytes 42–45".
pub fn described(model: &Model, lit: ByteRef) -> String {
    let lang = model.lang();
    let number = frame_number(lit.frame);
    let mut out = vec![lang.pick(format!("フレーム {number}"), format!("Frame {number}"))];
    if lit.span.is_empty() {
        return out.remove(0);
    }
    if let Some(explained) = model.explain(lit.frame)
        && let Some((layer, field)) = smallest(&explained, lit)
    {
        out.push(match field {
            Some(field) => format!("{} {} ({})", layer.title, field.def.label.get(lang), field.def.name),
            None => layer.title.to_owned(),
        });
    }
    let (first, last) = (lit.span.start, lit.span.end().saturating_sub(1));
    let bytes = if first == last { first.to_string() } else { format!("{first}–{last}") };
    out.push(lang.pick(format!("バイト {bytes}"), format!("bytes {bytes}")));
    out.join("    ")
}

/// The field with the fewest bytes that holds all of the lit ones; else the layer that does.
fn smallest(explained: &Explained, lit: ByteRef) -> Option<(&Layer, Option<&Field>)> {
    let layers = &explained.dissected.layers;
    let mut best: Option<(&Layer, &Field)> = None;
    for (at, layer) in layers.iter().enumerate() {
        if layer.buffer != lit.buffer || lit.layer.is_some_and(|l| l != at) {
            continue;
        }
        for field in &layer.fields {
            field.walk(&mut |field| {
                let holds = field.span.start <= lit.span.start && lit.span.end() <= field.span.end();
                if holds && best.is_none_or(|(_, b)| field.span.len < b.span.len) {
                    best = Some((layer, field));
                }
            });
        }
    }
    if let Some((layer, field)) = best.filter(|(l, f)| f.span != l.header || f.span == lit.span) {
        return Some((layer, Some(field)));
    }
    let own = lit.layer.and_then(|at| layers.get(at));
    let holds = |l: &&Layer| l.buffer == lit.buffer && l.header.start <= lit.span.start && lit.span.end() <= l.header.end();
    own.or_else(|| layers.iter().rev().find(holds)).map(|l| (l, None))
}
