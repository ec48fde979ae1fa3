//! The analysis thread: finds out what a table holds, and says how far it is.

use super::Post;
use crate::app::{Action, Question};
use crate::flow::tables::answer;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Time between two words on progress.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// Answers one question; nothing is posted of one that was called off.
pub fn run(question: &Question, post: &Post, cancel: &AtomicBool) {
    let (generation, serial) = (question.generation, question.serial);
    let capture = &question.snapshot.0;
    let mut told = Instant::now();
    let mut going = |done, total| {
        if told.elapsed() >= TELL_EVERY {
            told = Instant::now();
            post.send(Action::Analysing { generation, serial, done, total });
        }
        !cancel.load(Ordering::Relaxed)
    };
    let found = answer(&capture.trace, &capture.index, &question.ask, question.before.as_deref(), &mut going);
    if let Some(found) = found.filter(|_| !cancel.load(Ordering::Relaxed)) {
        post.send(Action::Analysed { generation, serial, found: Arc::new(found) });
    }
}
