//! A few parts of the window as pictures: what moved, vanished or changed its colour is noticed.
//!
//! They are drawn on the processor with the program's own fonts, so no screen is needed and every machine draws the same.
//! Where one differs, `tests/snapshots/NAME.new.png` is the new picture and `NAME.diff.png` shows the difference. Where it
//! is meant: `OSISCOPE_BLESS=1 cargo test --test images`, and look at what git says has changed.
#![cfg(feature = "gui")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use eframe::egui::{Theme, Ui, Vec2, vec2};
use image::{Rgba, RgbaImage};
use osiscope::app::{Action, Model, update};
use osiscope::gui::panes::{layers_ui, packets_ui, sockets_ui};
use osiscope::gui::stage::{ladder_ui, stage_ui};
use osiscope::gui::theme::Colors;
use osiscope::lang::Lang;
use std::path::Path;
use support::Look;

/// A channel of a pixel (0 to 255) may be off by so much: the stored pictures have 256 colours.
const SHADE: u8 = 40;
/// One pixel in so many may be off by more than that: edges, where another machine rounds otherwise. A word is more.
const PIXELS: u32 = 1_000;

/// The frame, by its number, is there: nothing moves.
fn at(lang: Lang, sample: &str, number: u32) -> Model {
    let mut model = support::sample(lang, sample);
    update(&mut model, Action::Go(number - 1));
    model.play.progress = 1.0;
    model
}

fn picture(part: fn(&mut Ui, &Model) -> Vec<Action>, size: Vec2, theme: Theme, model: Model) -> RgbaImage {
    let look = Look { size, theme, lang: model.lang() };
    let draw = move |ui: &mut Ui, model: &mut Model| {
        let ground = Colors::here(ui).panel;
        ui.painter().rect_filled(ui.max_rect(), 0, ground);
        part(ui, model);
    };
    let mut harness = look.harness(draw, model);
    harness.run_steps(4);
    harness.render().unwrap()
}

/// Where the two differ, in red over a pale copy of the new one; `None` where they are the same.
fn difference(stored: &RgbaImage, new: &RgbaImage) -> Option<RgbaImage> {
    if stored.dimensions() != new.dimensions() {
        return Some(new.clone());
    }
    let mut shown = new.clone();
    let mut wrong = 0;
    for (old, pixel) in stored.pixels().zip(shown.pixels_mut()) {
        if old.0.iter().zip(pixel.0).any(|(a, b)| a.abs_diff(b) > SHADE) {
            wrong += 1;
            *pixel = Rgba([255, 0, 0, 255]);
        } else {
            pixel.0 = pixel.0.map(|c| c / 4 + 191);
        }
    }
    (wrong > stored.width() * stored.height() / PIXELS).then_some(shown)
}

fn same(name: &str, picture: &RgbaImage) {
    let file = |kind: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(format!("{name}{kind}.png"));
    if std::env::var_os("OSISCOPE_BLESS").is_some() {
        std::fs::create_dir_all(file("").parent().unwrap()).unwrap();
        std::fs::write(file(""), support::png::small(picture)).unwrap();
    }
    let stored = image::open(file("")).map(|image| image.into_rgba8()).unwrap_or_default();
    let difference = difference(&stored, picture);
    for (kind, image) in [(".new", difference.as_ref().map(|_| picture)), (".diff", difference.as_ref())] {
        match image {
            Some(image) => image.save(file(kind)).unwrap(),
            None => drop(std::fs::remove_file(file(kind))),
        }
    }
    assert!(
        difference.is_none(),
        "{name} looks different: see tests/snapshots/{name}.new.png and {name}.diff.png (red). \
         If it is meant: OSISCOPE_BLESS=1 cargo test --test images"
    );
}

#[test]
fn the_header_of_a_syn_is_drawn_bit_by_bit() {
    let whole = picture(layers_ui, vec2(520.0, 520.0), Theme::Dark, at(Lang::En, "tcp-echo.pcapng", 1));
    // The diagram stands under the line of the calls and those of the layers below TCP.
    same("tcp-syn", &image::imageops::crop_imm(&whole, 0, 96, 520, 240).to_image());
}

#[test]
fn the_ladder_of_an_http_exchange_at_its_request() {
    same("ladder", &picture(ladder_ui, vec2(320.0, 400.0), Theme::Dark, at(Lang::En, "http.pcapng", 4)));
}

#[test]
fn the_calls_beside_the_ladder() {
    same("calls", &picture(ladder_ui, vec2(400.0, 420.0), Theme::Light, at(Lang::En, "http.pcapng", 4)));
}

#[test]
fn the_life_and_the_states_of_both_sockets() {
    same("sockets", &picture(sockets_ui, vec2(820.0, 640.0), Theme::Dark, at(Lang::Ja, "tcp-echo.pcapng", 10)));
}

#[test]
fn the_stage_in_english_in_the_dark() {
    same("stage-en-dark", &picture(stage_ui, vec2(640.0, 400.0), Theme::Dark, at(Lang::En, "http.pcapng", 4)));
}

#[test]
fn the_stage_in_japanese_in_the_light() {
    same("stage-ja-light", &picture(stage_ui, vec2(640.0, 400.0), Theme::Light, at(Lang::Ja, "http.pcapng", 6)));
}

#[test]
fn the_table_of_packets() {
    same("packets", &picture(packets_ui, vec2(640.0, 180.0), Theme::Light, at(Lang::En, "http.pcapng", 6)));
}

#[test]
fn a_change_the_size_of_a_word_is_noticed_and_one_of_a_shade_is_not() {
    let drawn = picture(packets_ui, vec2(640.0, 180.0), Theme::Dark, at(Lang::Ja, "http.pcapng", 6));
    let mut shade = drawn.clone();
    shade.pixels_mut().for_each(|p| p.0[0] = p.0[0].saturating_add(8));
    assert!(difference(&drawn, &shade).is_none(), "nobody sees this");
    let mut word = drawn.clone();
    let place = || (0..30).flat_map(|x| (0..10).map(move |y| (200 + x, 100 + y)));
    place().for_each(|(x, y)| word.put_pixel(x, y, Rgba([200, 60, 60, 255])));
    let shown = difference(&drawn, &word).expect("this is noticed");
    assert!(place().all(|(x, y)| *shown.get_pixel(x, y) == Rgba([255, 0, 0, 255])), "and shown where it is");
    assert!(difference(&RgbaImage::default(), &drawn).is_some(), "so is a picture that is missing");
}

#[test]
fn a_stored_picture_is_read_as_it_was_drawn() {
    let drawn = picture(ladder_ui, vec2(320.0, 400.0), Theme::Light, at(Lang::Ja, "http.pcapng", 6));
    let file = support::png::small(&drawn);
    assert!(difference(&image::load_from_memory(&file).unwrap().into_rgba8(), &drawn).is_none());
    assert!(file.len() < 40_000, "{} bytes", file.len());
}
