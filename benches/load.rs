//! What loading a capture into the window costs, without the window: the engine reads, the model takes in.

use crate::measure;
use osiscope::app::{Action, Model, Prefs, World, update};
use osiscope::engine::{Engine, folders::Folders};
use osiscope::lang::Lang;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// One load.
pub struct Loaded {
    pub frames: u64,
    /// Seconds until the first rows can be shown, and until all is loaded.
    pub first: f64,
    pub all: f64,
    /// The longest time that the window's thread was busy with news at once, in milliseconds.
    pub longest: f64,
    /// The most processor time that it took for that, in milliseconds.
    pub busiest: f64,
    /// MB of memory: at the end, and the most there was.
    pub anon: f64,
    pub most: f64,
    /// MB that the tables of frames take.
    pub tables: f64,
}

pub fn load(path: &Path, folder: &Path) -> Loaded {
    let folders = Folders { config: folder.join("config"), state: folder.join("state") };
    let mut engine = Engine::new(Arc::new(|| {}), folders);
    let mut model = Model::new(Prefs::default(), Lang::En);
    let before = measure::anon(std::process::id());
    let begun = Instant::now();
    let effects = update(&mut model, Action::Open(path.to_owned()));
    engine.run(effects, &model.prefs);
    let (mut first, mut longest, mut busiest, mut most) = (None, 0.0f64, 0.0f64, 0.0f64);
    while model.loading.is_some() {
        let (turn, used) = (Instant::now(), measure::thread());
        for action in engine.news(Duration::from_millis(8)) {
            let effects = update(&mut model, action);
            engine.run(effects, &model.prefs);
        }
        longest = longest.max(turn.elapsed().as_secs_f64() * 1e3);
        busiest = busiest.max((measure::thread() - used) * 1e3);
        if first.is_none() && model.capture.trace.len() >= 100 {
            first = Some(begun.elapsed().as_secs_f64());
        }
        most = most.max(measure::anon(std::process::id()));
        std::thread::sleep(Duration::from_millis(4));
    }
    let all = begun.elapsed().as_secs_f64();
    let capture = &model.capture;
    Loaded {
        frames: capture.trace.len().into(),
        first: first.unwrap_or(all),
        all,
        longest,
        busiest,
        anon: measure::anon(std::process::id()) - before,
        most: most - before,
        tables: (capture.index.rows.bytes() + capture.trace.frames.bytes()) as f64 / 1e6,
    }
}
