//! Colours, type and spacing of the window: meanings in, values out. No panel names a colour or a size of its own.
//!
//! The colours of the seven layers were chosen to stay apart for every kind of colour sight and to be readable on a panel;
//! a layer is never told by its colour alone.

use super::fonts;
use crate::app;
use crate::view::{Font, Ink, Paint};
use eframe::egui::{
    self, Color32, Context, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle, ThemePreference, Ui,
    Vec2, vec2,
};

/// Radius of corners, in points.
pub const RADIUS: u8 = 6;
/// Space between a panel's edge and what is in it.
pub const MARGIN: i8 = 12;
/// Height of a table's row.
pub const ROW: f32 = 20.0;

/// One set of colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colors {
    pub canvas: Color32,
    pub panel: Color32,
    pub raised: Color32,
    pub line: Color32,
    pub text: Color32,
    pub secondary: Color32,
    pub selected: Color32,
    pub accent: Color32,
    pub on_accent: Color32,
    pub ok: Color32,
    pub warn: Color32,
    pub error: Color32,
    /// From L1 to L7.
    pub layers: [Color32; 7],
    pub on_layer: Color32,
}

const fn hex(rgb: u32) -> Color32 {
    Color32::from_rgb((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8)
}

const DARK: Colors = Colors {
    canvas: hex(0x0E1116),
    panel: hex(0x151A21),
    raised: hex(0x1E252E),
    line: hex(0x2B343F),
    text: hex(0xE6EAF0),
    secondary: hex(0xA3ADBA),
    selected: hex(0x1F4E79),
    accent: hex(0x4DA3FF),
    on_accent: hex(0x0E1116),
    ok: hex(0x5BD19A),
    warn: hex(0xFFB454),
    error: hex(0xFF6B6B),
    layers: [
        hex(0xECEFF7),
        hex(0xF37422),
        hex(0xFDE20F),
        hex(0x9ECFA3),
        hex(0x55B3FA),
        hex(0x896BF1),
        hex(0xD183AF),
    ],
    on_layer: hex(0x0E1116),
};

const LIGHT: Colors = Colors {
    canvas: hex(0xFFFFFF),
    panel: hex(0xF5F7FA),
    raised: hex(0xE9EDF2),
    line: hex(0xD0D7E0),
    text: hex(0x1B222C),
    secondary: hex(0x56616F),
    selected: hex(0xCFE4F7),
    accent: hex(0x0B63C5),
    on_accent: hex(0xFFFFFF),
    ok: hex(0x1B7F4B),
    warn: hex(0x8A5A00),
    error: hex(0xB3261E),
    layers: [
        hex(0x131C23),
        hex(0xA1530A),
        hex(0x3B3B00),
        hex(0x307D6B),
        hex(0x234C8C),
        hex(0x9142F6),
        hex(0x890F55),
    ],
    on_layer: hex(0xFFFFFF),
};

impl Colors {
    pub fn of(theme: egui::Theme) -> &'static Self {
        match theme {
            egui::Theme::Dark => &DARK,
            egui::Theme::Light => &LIGHT,
        }
    }

    /// The colours of the theme this `ui` is drawn in.
    pub fn here(ui: &Ui) -> &'static Self {
        if ui.visuals().dark_mode { &DARK } else { &LIGHT }
    }

    pub fn ink(&self, ink: Ink) -> Color32 {
        match ink {
            Ink::Canvas => self.canvas,
            Ink::Panel => self.panel,
            Ink::Raised => self.raised,
            Ink::Line => self.line,
            Ink::Text => self.text,
            Ink::Secondary => self.secondary,
            Ink::Selected => self.selected,
            Ink::Accent => self.accent,
            Ink::OnAccent => self.on_accent,
            Ink::Ok => self.ok,
            Ink::Warn => self.warn,
            Ink::Error => self.error,
            Ink::Layer(osi) => self.layers.get(osi.number() as usize - 1).copied().unwrap_or(self.text),
            Ink::OnLayer => self.on_layer,
        }
    }

    pub fn color(&self, paint: Paint) -> Color32 {
        let ink = self.ink(paint.ink);
        if paint.alpha >= 1.0 { ink } else { ink.gamma_multiply(paint.alpha.max(0.0)) }
    }
}

/// The typeface and size of a kind of type.
pub fn font_id(font: Font) -> FontId {
    let family = match font {
        Font::Mono | Font::MonoSmall => FontFamily::Monospace,
        Font::Strong | Font::Subtitle | Font::Heading | Font::Caption => fonts::strong(),
        Font::Small | Font::Body => FontFamily::Proportional,
    };
    FontId::new(font.size(), family)
}

/// The kind of theme egui is to use.
pub fn preference(theme: app::Theme) -> ThemePreference {
    match theme {
        app::Theme::System => ThemePreference::System,
        app::Theme::Dark => ThemePreference::Dark,
        app::Theme::Light => ThemePreference::Light,
    }
}

/// Gives a context our fonts and, for both themes, our style.
pub fn apply(ctx: &Context) {
    fonts::install(ctx);
    for theme in [egui::Theme::Dark, egui::Theme::Light] {
        ctx.set_style_of(theme, style(theme));
    }
}

fn style(theme: egui::Theme) -> Style {
    let c = Colors::of(theme);
    let mut style = theme.default_style();
    style.text_styles = [
        (TextStyle::Small, font_id(Font::Small)),
        (TextStyle::Body, font_id(Font::Body)),
        (TextStyle::Button, font_id(Font::Body)),
        (TextStyle::Monospace, font_id(Font::Mono)),
        (TextStyle::Heading, font_id(Font::Heading)),
    ]
    .into();
    spacing(&mut style.spacing);
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.3;
    style.animation_time = 0.1;
    let v = &mut style.visuals;
    v.panel_fill = c.panel;
    v.window_fill = c.panel;
    v.window_stroke = Stroke::new(1.0, c.line);
    v.window_corner_radius = CornerRadius::same(RADIUS);
    v.menu_corner_radius = CornerRadius::same(RADIUS);
    v.extreme_bg_color = c.canvas;
    v.text_edit_bg_color = Some(c.canvas);
    v.faint_bg_color = c.raised;
    v.code_bg_color = c.raised;
    v.hyperlink_color = c.accent;
    v.warn_fg_color = c.warn;
    v.error_fg_color = c.error;
    v.weak_text_color = Some(c.secondary);
    v.selection.bg_fill = c.selected;
    v.selection.stroke = Stroke::new(1.0, c.text);
    v.button_frame = true;
    v.striped = false;
    v.indent_has_left_vline = false;
    v.disabled_alpha = 0.55;
    // Shadows stand under pop-ups only.
    v.window_shadow = Shadow { offset: [0, 8], blur: 24, spread: 0, color: Color32::from_black_alpha(110) };
    v.popup_shadow = Shadow { offset: [0, 4], blur: 12, spread: 0, color: Color32::from_black_alpha(90) };
    let widgets = &mut v.widgets;
    let all = [
        (&mut widgets.noninteractive, c.panel, c.line, c.text),
        (&mut widgets.inactive, c.raised, Color32::TRANSPARENT, c.text),
        (&mut widgets.hovered, c.line, c.line, c.text),
        (&mut widgets.active, c.selected, c.accent, c.text),
        (&mut widgets.open, c.raised, c.line, c.text),
    ];
    for (widget, fill, stroke, text) in all {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.bg_stroke = Stroke::new(1.0, stroke);
        widget.fg_stroke = Stroke::new(1.0, text);
        widget.corner_radius = CornerRadius::same(RADIUS);
        widget.expansion = 0.0;
    }
    style
}

fn spacing(s: &mut egui::style::Spacing) {
    s.item_spacing = vec2(8.0, 6.0);
    s.button_padding = vec2(10.0, 4.0);
    s.interact_size = vec2(24.0, 24.0);
    s.window_margin = Margin::same(16);
    s.menu_margin = Margin::same(8);
    s.icon_width = 16.0;
    s.icon_width_inner = 8.0;
    s.icon_spacing = 6.0;
    s.combo_width = 80.0;
    s.text_edit_width = 160.0;
    s.tooltip_width = 420.0;
    s.menu_width = 420.0;
    s.scroll.bar_width = 8.0;
    s.scroll.floating_width = 4.0;
    // What scrolls on fades out whole: half a line at the edge would look like a fault.
    s.scroll.fade.strength = 1.0;
    s.scroll.fade.size = 28.0;
    s.default_area_size = Vec2::new(600.0, 400.0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Osi;

    /// WCAG 2.2's contrast ratio of two opaque colours.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let luminance = |c: Color32| {
            let linear = |v: u8| {
                let v = f64::from(v) / 255.0;
                if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * linear(c.r()) + 0.7152 * linear(c.g()) + 0.0722 * linear(c.b())
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_can_be_read_on_everything_it_stands_on() {
        for theme in [egui::Theme::Dark, egui::Theme::Light] {
            let c = Colors::of(theme);
            for ground in [c.canvas, c.panel, c.raised, c.selected] {
                assert!(contrast(c.text, ground) >= 4.5, "{theme:?}: text on {ground:?}");
            }
            for ground in [c.canvas, c.panel, c.raised] {
                assert!(contrast(c.secondary, ground) >= 4.5, "{theme:?}: secondary on {ground:?}");
            }
            for (name, state) in [("accent", c.accent), ("ok", c.ok), ("warn", c.warn), ("error", c.error)] {
                for ground in [c.canvas, c.panel] {
                    assert!(contrast(state, ground) >= 4.5, "{theme:?}: {name} on {ground:?}");
                }
            }
            assert!(contrast(c.on_accent, c.accent) >= 4.5, "{theme:?}: on accent");
            for osi in Osi::ALL {
                let layer = c.ink(Ink::Layer(osi));
                assert!(contrast(layer, c.panel) >= 4.5, "{theme:?}: {osi:?} on a panel");
                assert!(contrast(c.on_layer, layer) >= 4.5, "{theme:?}: text on {osi:?}");
            }
        }
    }

    #[test]
    fn every_layer_has_a_colour_of_its_own() {
        for theme in [egui::Theme::Dark, egui::Theme::Light] {
            let c = Colors::of(theme);
            for (i, a) in c.layers.iter().enumerate() {
                assert!(!c.layers.iter().skip(i + 1).any(|b| a == b));
                assert!(![c.ok, c.warn, c.error, c.accent].contains(a), "a layer's colour is used for nothing else");
            }
        }
    }
}
