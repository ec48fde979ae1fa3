//! The typefaces of the window, built into the program, so that it looks the same on every machine.
//!
//! Inter for Latin and numbers, Noto Sans JP for Japanese in the same family, JetBrains Mono for bytes and addresses; behind
//! them egui's own symbols, and last whatever the system has for the rarer characters of a payload.

use eframe::egui::{Context, FontData, FontDefinitions, FontFamily, FontTweak};
use std::sync::Arc;

/// The family of headings and of words that carry weight; egui has no bold of its own.
pub fn strong() -> FontFamily {
    FontFamily::Name("strong".into())
}

/// (name, file, shift downwards as a part of the size). The shifts bring the middle of a kanji to the middle of a capital.
const FILES: [(&str, &[u8], f32); 5] = [
    ("inter", include_bytes!("fonts/Inter-Medium-tnum.otf"), 0.0),
    ("inter-strong", include_bytes!("fonts/Inter-SemiBold-tnum.otf"), 0.0),
    ("noto-jp", include_bytes!("fonts/NotoSansJP-400Regular-l1.ttf"), -0.06),
    ("noto-jp-strong", include_bytes!("fonts/NotoSansJP-700Bold-l1.ttf"), -0.06),
    ("jetbrains-mono", include_bytes!("fonts/JetBrainsMono-nolig.ttf"), 0.0),
];

/// All families, with egui's own fonts behind ours.
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let symbols = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    for (name, bytes, y_offset_factor) in FILES {
        let tweak = FontTweak { y_offset_factor, ..FontTweak::default() };
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes).tweak(tweak)));
    }
    let family = |own: &[&str]| own.iter().map(|n| (*n).to_owned()).chain(symbols.clone()).collect::<Vec<_>>();
    fonts.families.insert(FontFamily::Proportional, family(&["inter", "noto-jp"]));
    fonts.families.insert(FontFamily::Monospace, family(&["jetbrains-mono", "noto-jp"]));
    fonts.families.insert(strong(), family(&["inter-strong", "noto-jp-strong"]));
    fonts
}

/// Gives a context these fonts; they are there from its next pass on.
pub fn install(ctx: &Context) {
    ctx.set_fonts(definitions());
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::FontId;

    #[test]
    fn every_family_has_the_characters_of_the_interface() {
        let ctx = Context::default();
        install(&ctx);
        let mut output = ctx.run_ui(Default::default(), |ui| {
            ui.fonts_mut(|fonts| {
                for family in [FontFamily::Proportional, FontFamily::Monospace, strong()] {
                    let id = FontId::new(14.0, family.clone());
                    for c in "Aa0あア漢字→←↑↓…·×↔✓「」、。：（）Δ—".chars() {
                        assert!(fonts.has_glyph(&id, c), "{family:?} lacks {c}");
                    }
                }
            });
        });
        output.textures_delta.clear();
    }
}
