//! What carries out effects and brings news: the engine in the program, a still one in tests.

use super::{Action, Effect};
use std::time::Duration;

/// The world outside the model.
pub trait World {
    /// Begins these, in their order. Returns at once; what comes of them is news.
    fn run(&mut self, effects: Vec<Effect>, prefs: &super::Prefs);
    /// What has happened since the last time; stops collecting once `budget` is used up.
    fn news(&mut self, budget: Duration) -> Vec<Action>;
}

/// A world in which nothing happens.
#[derive(Debug, Default)]
pub struct Still;

impl World for Still {
    fn run(&mut self, _effects: Vec<Effect>, _prefs: &super::Prefs) {}

    fn news(&mut self, _budget: Duration) -> Vec<Action> {
        Vec::new()
    }
}
