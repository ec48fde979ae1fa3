//! What several tests of the window share.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

pub mod png;

use eframe::egui::{self, Color32, Context, FullOutput, TexturesDelta, Ui};
use egui_kittest::{Harness, TestRenderer};
use osiscope::app::{Action, Dialog, Effect, Model, OsiView, Prefs, Question, Source, World, update};
use osiscope::engine::samples;
use osiscope::flow::tables::answer;
use osiscope::gui::raster::{Textures, rasterise};
use osiscope::gui::theme;
use osiscope::lang::{Lang, Text};
use osiscope::timeline::{Capture, Intake, Scope, Sequence, Service};
use std::sync::Arc;
use std::time::Duration;

/// Draws a harness's pictures on the processor: the same pixels on every machine.
#[derive(Default)]
pub struct CpuRenderer {
    textures: Textures,
}

impl TestRenderer for CpuRenderer {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.textures.apply(delta);
    }

    fn render(&mut self, ctx: &Context, output: &FullOutput) -> Result<image::RgbaImage, String> {
        let scale = output.pixels_per_point;
        let points = ctx.content_rect().size();
        let size = [(points.x * scale).round() as usize, (points.y * scale).round() as usize];
        let primitives = ctx.tessellate(output.shapes.clone(), scale);
        let picture = rasterise(&primitives, &self.textures, size, scale, Color32::BLACK);
        let bytes = picture.pixels.iter().flat_map(|p| p.to_array()).collect();
        image::RgbaImage::from_raw(size[0] as u32, size[1] as u32, bytes).ok_or_else(|| "wrong size".to_owned())
    }
}

/// How a picture is to be made.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub size: egui::Vec2,
    pub theme: egui::Theme,
    pub lang: Lang,
}

impl Look {
    /// A harness around any part of the window.
    pub fn harness<'a, S: 'a>(self, mut draw: impl FnMut(&mut Ui, &mut S) + 'a, state: S) -> Harness<'a, S> {
        // As in the program, and other than in a harness, the window has no margin.
        let ui = move |ui: &mut Ui, state: &mut S| {
            let whole = ui.ctx().content_rect();
            let mut inner = ui.new_child(egui::UiBuilder::new().id_salt("whole").max_rect(whole));
            inner.set_clip_rect(whole);
            draw(&mut inner, state);
        };
        Harness::builder()
            .with_size(self.size)
            .with_theme(self.theme)
            .with_context_setup(theme::apply)
            .with_render_cursor(false)
            .renderer(CpuRenderer::default())
            .build_ui_state(ui, state)
    }
}

/// A model as it is at the start of the program.
pub fn empty(lang: Lang) -> Model {
    let mut model = Model::new(Prefs { lang: Some(lang), osi: OsiView::Osi, ..Prefs::default() }, lang);
    model.lab.exchanges = osiscope::lab::infos();
    model.lab.programs = osiscope::lab::programs::all();
    model.samples = samples::list();
    model
}

/// The model with a capture open that comes with the program.
pub fn sample(lang: Lang, name: &str) -> Model {
    let mut model = with_capture(lang, samples::by_name(name).expect("a sample").bytes);
    model.source = Source::Sample(name.to_owned());
    model
}

/// Puts a run of the chosen exchange under way, with all that the model holds already as what came of it.
pub fn run(model: &mut Model, started: bool) {
    let mut other = empty(model.lang());
    other.lab.chosen = model.lab.chosen;
    update(&mut other, Action::Start);
    model.lab.running = other.lab.running.take();
    model.lab.running.as_mut().expect("it was started").started = started;
    model.source = other.source;
}

/// A service that does not work, with all that can be said of it.
pub fn broken() -> Service {
    Service {
        name: Text::new("権限なしのラボ", "Rootless lab"),
        works: false,
        found: Text::new("名前空間を作れません：EPERM", "No name space can be made: EPERM"),
        advice: Some(Text::new("次のコマンドを実行してください。", "Run this command.")),
        command: Some("sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0".into()),
    }
}

/// The model with this capture open.
pub fn with_capture(lang: Lang, bytes: &[u8]) -> Model {
    let mut model = empty(lang);
    let mut capture = Capture::new(Arc::new(bytes.to_vec()));
    let mut intake = Intake::new();
    intake.feed(bytes);
    intake.finish();
    let (records, batch) = intake.take();
    for record in records {
        capture.trace.append(record);
    }
    capture.index.apply(batch);
    model.joins.grow(&capture);
    model.sequence = Sequence::of(Scope::All, &capture);
    model.capture = std::sync::Arc::new(capture);
    model.source = Source::File("/captures/get.pcap".into());
    model.play.put(Some(0), false);
    model
}

/// The answer of the background to a question of the analysis.
pub fn analysed(question: &Question) -> Action {
    let capture = &question.snapshot.0;
    let found = answer(&capture.trace, &capture.index, &question.ask, question.before.as_deref(), &mut |_, _| true).unwrap();
    Action::Analysed { generation: question.generation, serial: question.serial, found: Arc::new(found) }
}

/// Does this to the model, and answers what it asks of the analysis.
pub fn act(model: &mut Model, action: Action) {
    for effect in update(model, action) {
        if let Effect::Analyse(question) = effect {
            update(model, analysed(&question));
        }
    }
}

/// The model with the analysis open at a table.
pub fn analysing(mut model: Model, turns: Vec<osiscope::app::Turn>) -> Model {
    act(&mut model, Action::ShowDialog(Dialog::Analysis));
    turns.into_iter().for_each(|turn| act(&mut model, Action::Analyse(turn)));
    model
}

/// A world in which only the analysis is answered; what else was asked for is kept.
#[derive(Default)]
pub struct Analyst {
    news: Vec<Action>,
}

impl World for Analyst {
    fn run(&mut self, effects: Vec<Effect>, _prefs: &Prefs) {
        for effect in effects {
            match effect {
                Effect::Analyse(question) => self.news.push(analysed(&question)),
                Effect::CopyTable { found, snapshot, lang } => {
                    self.news.push(Action::Copy(found.copy(&snapshot.0.index, snapshot.0.start(), lang)));
                }
                _ => {}
            }
        }
    }

    fn news(&mut self, _budget: Duration) -> Vec<Action> {
        std::mem::take(&mut self.news)
    }
}
