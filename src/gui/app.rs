//! The program in its window: draws the model, applies what was done, hands effects to the world.
//!
//! Nothing moves unless it must: a picture is drawn when something was done, when the world has news, or while a frame
//! travels. At rest it costs nothing.

use super::{keys, theme, window};
use crate::app::{Action, Effect, Model, World, update};
use eframe::egui::{Context, Ui, ViewportCommand};
use std::time::{Duration, Instant};

/// How long news may be taken in before the next picture.
const BUDGET: Duration = Duration::from_millis(4);
/// The longest time that one picture lets pass, in seconds: after a stall nothing jumps.
const LONGEST: f64 = 0.5;
/// Time between two pictures while something moves.
const PICTURE: Duration = Duration::from_millis(16);

/// Pictures drawn after something was done.
const SETTLING: u8 = 3;

pub struct App {
    pub model: Model,
    world: Box<dyn World>,
    /// When time last passed for what moves; `None` while nothing does.
    ticked: Option<Instant>,
    /// The zoom and the title the window was last given.
    zoom: f32,
    title: String,
    /// Pictures still to be drawn after something was done: a tooltip or a menu takes one or two to notice.
    settling: u8,
}

impl App {
    pub fn new(ctx: &Context, model: Model, world: Box<dyn World>) -> Self {
        theme::apply(ctx);
        ctx.set_theme(theme::preference(model.prefs.theme));
        let zoom = model.prefs.zoom.unwrap_or(1.0).clamp(0.5, 3.0);
        ctx.set_zoom_factor(zoom);
        Self { model, world, zoom, title: String::new(), settling: 0, ticked: None }
    }

    /// Takes in news and lets time pass. Also called while the window is hidden.
    pub fn think(&mut self, ctx: &Context) {
        let news = self.world.news(BUDGET);
        let some = !news.is_empty();
        self.act(ctx, news);
        if self.model.play.moving() || self.model.find.running.is_some() {
            // The true time: a slow picture must not slow the story down.
            let now = Instant::now();
            let seconds = self.ticked.map_or(0.0, |at| now.duration_since(at).as_secs_f64()).min(LONGEST);
            self.ticked = Some(now);
            self.act(ctx, vec![Action::Tick(seconds)]);
        } else {
            self.ticked = None;
        }
        if some {
            // There may be more than the budget had room for.
            ctx.request_repaint();
        } else if self.animates() && !ctx.input(|i| i.viewport().minimized.unwrap_or(false)) {
            ctx.request_repaint_after(PICTURE);
        }
    }

    /// The next picture will differ from this one though nobody does anything.
    fn animates(&self) -> bool {
        let play = &self.model.play;
        // At the end of what there is, one more tick ends the playing; where more may come, its coming is news.
        let more = |at| at + 1 < self.model.sequence.len() || !self.model.open_end();
        let goes_on = play.playing && play.at.is_some_and(more);
        (play.at.is_some() && play.progress < 1.0) || goes_on || self.model.find.running.is_some()
    }

    /// Draws the window and applies what was done in it.
    pub fn draw(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        self.keep_up(&ctx);
        let mut actions = keys::read(&ctx, &self.model);
        actions.extend(window::window_ui(ui, &self.model));
        let actions = settle(&self.model, actions);
        self.settling = if actions.is_empty() { self.settling.saturating_sub(1) } else { SETTLING };
        if self.settling > 0 {
            ctx.request_repaint();
        }
        self.act(&ctx, actions);
    }

    /// Applies actions in their order.
    pub fn act(&mut self, ctx: &Context, actions: Vec<Action>) {
        for action in actions {
            let effects = update(&mut self.model, action);
            let rest = effects.into_iter().filter(|effect| !done_here(ctx, effect)).collect::<Vec<_>>();
            if !rest.is_empty() {
                self.world.run(rest, &self.model.prefs);
            }
        }
    }

    /// What the window has of its own, brought in line with the model; and a zoom by keyboard remembered.
    fn keep_up(&mut self, ctx: &Context) {
        let theme = theme::preference(self.model.prefs.theme);
        if ctx.options(|o| o.theme_preference) != theme {
            ctx.set_theme(theme);
        }
        let zoom = ctx.zoom_factor();
        if (zoom - self.zoom).abs() > 0.001 {
            self.zoom = zoom;
            if (self.model.prefs.zoom.unwrap_or(1.0) - zoom).abs() > 0.001 {
                self.act(ctx, vec![Action::SetZoom(zoom)]);
            }
        }
        let title = format!("{} — osiscope", super::top::source_name(&self.model));
        if self.title != title {
            self.title.clone_from(&title);
            ctx.send_viewport_cmd(ViewportCommand::Title(title));
        }
    }
}

/// Carries out what only the window can; false for what is the engine's.
fn done_here(ctx: &Context, effect: &Effect) -> bool {
    match effect {
        Effect::Copy(text) => ctx.copy_text(text.clone()),
        Effect::Zoom(zoom) => ctx.set_zoom_factor(*zoom),
        Effect::FullScreen(on) => ctx.send_viewport_cmd(ViewportCommand::Fullscreen(*on)),
        Effect::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
        _ => return false,
    }
    true
}

/// Of all panels' pointing the last counts, and only if it is news; where nobody points, the light goes out.
fn settle(model: &Model, actions: Vec<Action>) -> Vec<Action> {
    let mut hover = None;
    let mut rest = Vec::with_capacity(actions.len());
    for action in actions {
        match action {
            Action::Hover(Some(at)) => hover = Some(at),
            Action::Hover(None) => {}
            other => rest.push(other),
        }
    }
    if hover != model.hover {
        rest.push(Action::Hover(hover));
    }
    rest
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.think(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.draw(ui);
    }

    fn persist_egui_memory(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{ByteRef, Prefs};
    use crate::lang::Lang;

    #[test]
    fn only_the_last_pointing_counts_and_only_once() {
        let mut model = Model::new(Prefs::default(), Lang::En);
        let point = |frame| Action::Hover(Some(ByteRef::frame(frame)));
        let settled = settle(&model, vec![point(1), Action::First, point(2)]);
        assert!(matches!(settled.as_slice(), [Action::First, Action::Hover(Some(at))] if at.frame == 2));
        model.hover = Some(ByteRef::frame(2));
        assert!(settle(&model, vec![point(2)]).is_empty(), "the same light again is no news: it would repaint for ever");
        assert!(matches!(settle(&model, Vec::new()).as_slice(), [Action::Hover(None)]), "nobody points: the light goes out");
    }
}
