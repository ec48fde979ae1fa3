//! The thread on which a capture grows: what the pass finds is put in its place here, while the pass goes on.
//!
//! In: what was found, in the order of the file. Out: copies of the capture as it is, posted so that only the latest one waits:
//! whoever takes it in is busy for a moment, however much has come. A copy shares all that does not change any more.

use super::{Latest, Post};
use crate::app::Action;
use crate::flow::Batch;
use crate::timeline::Capture;
use crate::trace::{Damage, ReadAt, Record};
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

/// How long what was found may wait before it is shown.
const SHOW_EVERY: Duration = Duration::from_millis(30);
/// Parts of the time that may not all go into copies: one does.
const PARTS: u32 = 10;
/// Findings that wait at most: a pass that is faster than this thread is held up.
const WAITING: usize = 4;

/// What the pass has found.
pub struct Found {
    pub records: Vec<Record>,
    pub batch: Batch,
    /// Bytes read until then.
    pub read: u64,
}

enum Next {
    Found(Found),
    End(Option<Damage>),
}

/// The thread as the pass sees it.
pub struct Growing {
    to: SyncSender<Next>,
    thread: JoinHandle<()>,
}

impl Growing {
    /// Opens an empty capture.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn begin(generation: u64, post: Post, source: Arc<dyn ReadAt>, total: Option<u64>) -> io::Result<Self> {
        post.send(Action::Opened { generation, source: Arc::clone(&source) });
        let (to, from) = sync_channel(WAITING);
        let capture = Capture::new(source);
        let grower = Grower { generation, post, total, latest: Latest::default(), capture, read: 0, due: Instant::now() };
        let thread = Builder::new().name("capture".into()).spawn(move || grower.run(&from))?;
        Ok(Self { to, thread })
    }

    /// False when nobody listens any more.
    pub fn add(&self, found: Found) -> bool {
        self.to.send(Next::Found(found)).is_ok()
    }

    /// Nothing more comes. All that was found, and that this is the end, has been posted afterwards.
    pub fn end(self, damage: Option<Damage>) {
        // The thread may have ended because nobody listens.
        let _ = self.to.send(Next::End(damage));
        drop(self.to);
        let _ = self.thread.join();
    }
}

struct Grower {
    generation: u64,
    post: Post,
    total: Option<u64>,
    latest: Latest,
    capture: Capture,
    read: u64,
    /// When the next copy is to be shown.
    due: Instant,
}

impl Grower {
    fn run(mut self, from: &Receiver<Next>) {
        let mut shown = true;
        loop {
            let next = if shown { from.recv().map_err(RecvTimeoutError::from) } else { from.recv_timeout(self.until_due()) };
            match next {
                Ok(Next::Found(Found { records, batch, read })) => {
                    records.into_iter().for_each(|record| self.capture.trace.append(record));
                    self.capture.index.apply(batch);
                    self.read = read;
                    shown = false;
                }
                Ok(Next::End(damage)) => {
                    self.capture.trace.damage.clone_from(&damage);
                    let Self { generation, post, total, latest, capture, read, .. } = self;
                    post.latest(&latest, Action::Loaded { generation, capture: Arc::new(capture), read, total });
                    post.send(Action::LoadEnded { generation, damage });
                    return;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if !shown && self.until_due().is_zero() {
                shown = true;
                if !self.show() {
                    return;
                }
            }
        }
    }

    fn until_due(&self) -> Duration {
        self.due.saturating_duration_since(Instant::now())
    }

    /// Posts the capture as it is. False when nobody listens any more.
    fn show(&mut self) -> bool {
        let begun = Instant::now();
        let capture = Arc::new(self.capture.clone());
        let (generation, read, total) = (self.generation, self.read, self.total);
        let heard = self.post.latest(&self.latest, Action::Loaded { generation, capture, read, total });
        self.due = Instant::now() + SHOW_EVERY.max(begun.elapsed() * PARTS);
        heard
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::engine::News;
    use crate::timeline::Intake;

    #[test]
    fn a_window_that_looks_late_takes_in_one_copy_with_all_that_came() {
        let bytes = include_bytes!("../../captures/http.pcapng");
        let (to, news) = sync_channel(64);
        let post = Post { to, wake: Arc::new(|| {}) };
        let growing = Growing::begin(7, post, Arc::new(bytes.to_vec()), None).unwrap();
        let mut intake = Intake::new();
        let mut read = 0;
        for part in bytes.chunks(100) {
            intake.feed(part);
            read += part.len() as u64;
            let (records, batch) = intake.take();
            assert!(growing.add(Found { records, batch, read }));
        }
        growing.end(intake.finish());
        let news: Vec<_> = news.try_iter().collect();
        let [News::Action(Action::Opened { .. }), News::Latest(latest), News::Action(Action::LoadEnded { damage: None, .. })] = news.as_slice() else {
            panic!("{} news", news.len())
        };
        let Some(Action::Loaded { generation: 7, capture, read, .. }) = latest.lock().unwrap().take() else { panic!() };
        assert_eq!((capture.trace.len(), capture.index.rows.len(), read), (12, 12, bytes.len() as u64));
    }

    #[test]
    fn who_does_not_listen_any_more_ends_the_load() {
        let (to, news) = sync_channel(64);
        let growing = Growing::begin(1, Post { to, wake: Arc::new(|| {}) }, Arc::new(Vec::new()), None).unwrap();
        drop(news);
        let add = || growing.add(Found { records: Vec::new(), batch: Batch::default(), read: 0 });
        assert!((0..1000).any(|_| { std::thread::sleep(Duration::from_millis(1)); !add() }));
    }
}
