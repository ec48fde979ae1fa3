//! The engine: runs effects, owns threads and child processes, brings back news.
//!
//! In: [`Effect`]s. Out: [`Action`]s, through a channel; after each the window is woken. Nothing here is shown or decided.

mod ahead;
pub mod analyse;
pub mod files;
pub mod filter;
pub mod folders;
mod growing;
pub mod load;
pub mod run;
pub mod samples;
pub mod settings;
pub mod stream;

use crate::app::{Action, Effect, Notice, NoticeKind, Prefs, Snapshot, Sort, Source, World};
use crate::lab::session::THIS_PROGRAM;
use crate::lang::Text;
use crate::timeline::order::Order;
use crate::trace::ReadAt;
use folders::Folders;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Wakes the window so that it fetches news; callable from any thread.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// News that may wait at once: a slow window slows the loader down instead of filling memory.
const NEWS: usize = 64;

/// The latest of what is said again and again; `None` where it was taken.
pub type Latest = Arc<Mutex<Option<Action>>>;

/// What waits for the window.
enum News {
    Action(Action),
    /// Whatever is the latest when it is taken.
    Latest(Latest),
}

/// Sends news and wakes the window.
#[derive(Clone)]
pub struct Post {
    to: SyncSender<News>,
    wake: Wake,
}

impl Post {
    /// False when nobody listens any more.
    pub fn send(&self, action: Action) -> bool {
        self.put(News::Action(action))
    }

    /// Sends what makes the one before worthless: that is let go of if it still waits. False when nobody listens any more.
    pub fn latest(&self, latest: &Latest, action: Action) -> bool {
        let before = latest.lock().unwrap_or_else(PoisonError::into_inner).replace(action);
        before.is_some() || self.put(News::Latest(Arc::clone(latest)))
    }

    fn put(&self, news: News) -> bool {
        let sent = self.to.send(news).is_ok();
        (self.wake)();
        sent
    }

    pub fn notify(&self, kind: NoticeKind, text: Text) {
        self.send(Action::Notify(Notice { kind, text, open: None }));
    }
}

/// The source of the capture that is open: a save reads it again from the start.
type Open = Arc<Mutex<Option<(Arc<dyn ReadAt>, Arc<std::sync::atomic::AtomicU64>)>>>;

/// Threads and child processes behind the window.
pub struct Engine {
    post: Post,
    news: Receiver<News>,
    /// The model has more to do with the next picture.
    go_on: bool,
    /// What is let go of: to take a capture to pieces may take a while.
    away: Sender<Snapshot>,
    folders: Folders,
    /// Set to end the load under way.
    cancel_load: Arc<AtomicBool>,
    /// Set to end what is being found out.
    cancel_analysis: Arc<AtomicBool>,
    /// Set to end the run under way.
    stop_run: Arc<AtomicBool>,
    running: Option<thread::JoinHandle<()>>,
    /// Set to end the filter's pass under way.
    stop_filter: Arc<AtomicBool>,
    /// Set to end the ordering under way.
    stop_sort: Arc<AtomicBool>,
    open: Open,
    /// The program file that helper processes are started from.
    program: PathBuf,
}

impl Engine {
    /// An engine whose helper processes are this program.
    pub fn new(wake: Wake, folders: Folders) -> Self {
        Self::of_program(wake, folders, PathBuf::from(THIS_PROGRAM))
    }

    /// An engine that starts its helper processes from this file: a test is another program than the one under test.
    pub fn of_program(wake: Wake, folders: Folders, program: PathBuf) -> Self {
        let (to, news) = sync_channel(NEWS);
        let (away, let_go) = channel();
        thread::spawn(move || let_go.into_iter().for_each(drop));
        Self {
            post: Post { to, wake },
            news,
            go_on: false,
            away,
            folders,
            cancel_load: Arc::default(),
            cancel_analysis: Arc::default(),
            stop_run: Arc::default(),
            running: None,
            stop_filter: Arc::default(),
            stop_sort: Arc::default(),
            open: Arc::default(),
            program,
        }
    }

    /// What a start of the program begins with: what works here, and what an earlier run left behind.
    pub fn begin(&self) {
        let post = self.post.clone();
        let folders = self.folders.clone();
        thread::spawn(move || {
            let left = folders.recover();
            if !left.is_empty() {
                post.send(Action::Recovered(left));
            }
            examine(&post, &folders);
        });
    }

    fn load(&mut self, source: Source, generation: u64) {
        self.cancel_load.store(true, Ordering::Relaxed);
        self.cancel_load = Arc::default();
        let job = load::Job {
            generation,
            post: self.post.clone(),
            cancel: Arc::clone(&self.cancel_load),
            folders: self.folders.clone(),
            open: Arc::clone(&self.open),
        };
        thread::spawn(move || job.run(source));
    }

    fn save(&self, path: PathBuf) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let post = self.post.clone();
        thread::spawn(move || {
            let Some((source, len)) = open else { return };
            match files::save(source, len.load(Ordering::Acquire), &path) {
                Ok(losses) => {
                    post.send(Action::Saved { path });
                    losses.into_iter().for_each(|lost| post.notify(NoticeKind::Info, lost));
                }
                Err(why) => post.notify(NoticeKind::Error, why),
            }
        });
    }
}

impl World for Engine {
    fn run(&mut self, effects: Vec<Effect>, prefs: &Prefs) {
        for effect in effects {
            match effect {
                Effect::Load { source, generation } => self.load(source, generation),
                Effect::CancelLoad => self.cancel_load.store(true, Ordering::Relaxed),
                Effect::Run { spec, generation } => {
                    self.cancel_load.store(true, Ordering::Relaxed);
                    self.stop_run.store(true, Ordering::Relaxed);
                    self.stop_run = Arc::default();
                    let job = run::Job {
                        generation,
                        program: self.program.clone(),
                        spec,
                        post: self.post.clone(),
                        stop: Arc::clone(&self.stop_run),
                        folders: self.folders.clone(),
                        open: Arc::clone(&self.open),
                    };
                    self.running = Some(thread::spawn(move || job.run()));
                }
                Effect::StopRun => self.stop_run.store(true, Ordering::Relaxed),
                Effect::Filter(pass) => {
                    self.stop_filter.store(true, Ordering::Relaxed);
                    self.stop_filter = Arc::default();
                    let (post, stop) = (self.post.clone(), Arc::clone(&self.stop_filter));
                    thread::spawn(move || filter::run(&pass, &stop, &mut |news| post.send(news)));
                }
                Effect::Sort(sort) => {
                    self.stop_sort.store(true, Ordering::Relaxed);
                    self.stop_sort = Arc::default();
                    let (post, stop) = (self.post.clone(), Arc::clone(&self.stop_sort));
                    thread::spawn(move || {
                        let mut going = |_| !stop.load(Ordering::Relaxed);
                        let Sort { serial, by, descending, snapshot, sequence } = sort;
                        if let Some(order) = Order::of(&snapshot.0, &sequence, by, descending, &mut going) {
                            post.send(Action::Sorted { serial, order: Arc::new(order) });
                        }
                    });
                }
                Effect::StopFilter => self.stop_filter.store(true, Ordering::Relaxed),
                Effect::Save { path } => self.save(path),
                Effect::List { folder, all } => {
                    let post = self.post.clone();
                    thread::spawn(move || post.send(Action::Listed { entries: files::list(&folder, all), folder }));
                }
                Effect::SaveStream { path, what, replace } => {
                    let post = self.post.clone();
                    thread::spawn(move || match files::save_stream(&what, &path, replace) {
                        Ok(written) => post.notify(NoticeKind::Info, written),
                        Err(why) => post.notify(NoticeKind::Error, why),
                    });
                }
                Effect::SaveText { path, text, replace } => {
                    let post = self.post.clone();
                    thread::spawn(move || match files::save_text(&text, &path, replace) {
                        Ok(written) => post.notify(NoticeKind::Info, written),
                        Err(why) => post.notify(NoticeKind::Error, why),
                    });
                }
                Effect::SavePrefs => {
                    if let Err(why) = settings::save(&self.folders, prefs) {
                        // Said once, then quietly: settings are not worth a stream of notices.
                        eprintln!("osiscope: {}", why.en);
                    }
                }
                Effect::Examine => {
                    let (post, folders) = (self.post.clone(), self.folders.clone());
                    thread::spawn(move || examine(&post, &folders));
                }
                Effect::Analyse(question) => {
                    self.cancel_analysis.store(true, Ordering::Relaxed);
                    self.cancel_analysis = Arc::default();
                    let (post, cancel) = (self.post.clone(), Arc::clone(&self.cancel_analysis));
                    thread::spawn(move || analyse::run(&question, &post, &cancel));
                }
                Effect::CancelAnalysis => self.cancel_analysis.store(true, Ordering::Relaxed),
                Effect::CopyTable { found, snapshot, lang } => {
                    let post = self.post.clone();
                    thread::spawn(move || post.send(Action::Copy(found.copy(&snapshot.0.index, snapshot.0.start(), lang))));
                }
                Effect::GoOn => {
                    self.go_on = true;
                    (self.post.wake)();
                }
                // If the thread is gone it is let go of here.
                Effect::LetGo(capture) => drop(self.away.send(capture)),
                // The window's own business; without a window there is nothing to do.
                Effect::Copy(_) | Effect::Zoom(_) | Effect::FullScreen(_) | Effect::Quit => {}
            }
        }
    }

    fn news(&mut self, budget: Duration) -> Vec<Action> {
        let begun = Instant::now();
        let mut news = Vec::new();
        if std::mem::take(&mut self.go_on) {
            news.push(Action::GoOn);
        }
        while let Ok(next) = self.news.try_recv() {
            news.extend(match next {
                News::Action(action) => Some(action),
                News::Latest(latest) => latest.lock().unwrap_or_else(PoisonError::into_inner).take(),
            });
            if begun.elapsed() >= budget {
                // The rest comes with the next picture.
                (self.post.wake)();
                break;
            }
        }
        news
    }
}

impl Drop for Engine {
    /// Ends the run in an orderly way, so that its spool is whole; a little patience, then the agent ends with us.
    fn drop(&mut self) {
        self.stop_run.store(true, Ordering::Relaxed);
        self.cancel_load.store(true, Ordering::Relaxed);
        self.stop_filter.store(true, Ordering::Relaxed);
        self.stop_sort.store(true, Ordering::Relaxed);
        self.cancel_analysis.store(true, Ordering::Relaxed);
        let until = Instant::now() + Duration::from_secs(2);
        if let Some(running) = self.running.take() {
            while !running.is_finished() && Instant::now() < until {
                // The run may be waiting for room in the channel.
                while self.news.try_recv().is_ok() {}
                thread::sleep(Duration::from_millis(5));
            }
        }
        self.folders.put_away();
    }
}

fn examine(post: &Post, folders: &Folders) {
    post.send(Action::Services(crate::lab::doctor(&folders.state)));
    post.send(Action::Interfaces(crate::capture::devices::capturable()));
}
