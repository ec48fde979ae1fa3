//! The model: everything the window shows.

use super::{Analysis, Browse, Filtering, Find, Lab, Prefs, Sorting};
use crate::flow::explain::{Explained, Shown, explain_after};
use crate::flow::history::Histories;
use crate::lang::{Lang, Text};
use crate::timeline::{Capture, ExchangeInfo, Joins, Playback, Program, Scope, Sequence};
use crate::trace::{FrameId, Host};
use crate::wire::Span;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

/// Some bytes of one frame: what a pointer is over, or what is pinned. All panels light up what overlaps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteRef {
    pub frame: FrameId,
    /// Which of the frame's buffers; 0 is the frame itself.
    pub buffer: usize,
    /// Empty: the frame as a whole.
    pub span: Span,
    /// The layer it came from, as an index into the frame's layers, where one is meant.
    pub layer: Option<usize>,
}

impl ByteRef {
    /// A frame as a whole.
    pub fn frame(frame: FrameId) -> Self {
        Self { frame, buffer: 0, span: Span::NONE, layer: None }
    }
}

/// What is open.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Source {
    #[default]
    Nothing,
    File(PathBuf),
    /// One of the captures that come with the program, by name.
    Sample(String),
    Stdin,
    /// A run of the lab; the spool it is kept in, and whether it has been saved since.
    Lab { title: Text, spool: Option<PathBuf>, saved: bool },
}

/// A load under way. Bytes; `total` is unknown for a pipe or a live capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loading {
    pub read: u64,
    pub total: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    Info,
    Warning,
    Error,
}

/// Something the user should know; stays until dismissed.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub kind: NoticeKind,
    pub text: Text,
    /// A file that the notice offers to open.
    pub open: Option<PathBuf>,
}

/// What fills the window above the lower panes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    Stage,
    /// The packet table at full size.
    Packets,
    Messages,
    /// The programs that talk, and the line that is now.
    Program,
    /// Both ends' sockets: their life, their states, what the kernel says of them.
    Sockets,
}

impl Tab {
    pub const ALL: [Self; 5] = [Self::Stage, Self::Packets, Self::Messages, Self::Program, Self::Sockets];
}

/// What stands in front of the window.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// All keys.
    Help,
    Browse(Browse),
    /// What works on this machine, and the commands that would help.
    Doctor,
    /// The tables: conversations, endpoints, protocols, one conversation's bytes, what is worth a look.
    Analysis,
}

/// How many dissected frames are kept at hand: more than a table shows at once.
const CACHE: usize = 256;

#[derive(Default)]
struct Cache {
    frames: VecDeque<(FrameId, usize, Rc<Explained>)>,
    histories: Option<Histories>,
}

/// All the state of the window.
pub struct Model {
    /// Shared with who works on it in another thread.
    pub capture: Arc<Capture>,
    /// Which calls sent and woke which frames.
    pub joins: Joins,
    pub source: Source,
    pub loading: Option<Loading>,
    /// Counts what has been opened, so that late news of an earlier capture is recognised.
    pub generation: u64,
    pub sequence: Sequence,
    pub play: Playback,
    /// Bytes pinned by a click.
    pub pinned: Option<ByteRef>,
    /// Bytes under the pointer.
    pub hover: Option<ByteRef>,
    pub lab: Lab,
    pub notices: Vec<Notice>,
    pub prefs: Prefs,
    /// The language of this machine's locale, where the user has not chosen one.
    pub locale: Lang,
    pub tab: Tab,
    pub dialog: Option<Dialog>,
    pub find: Find,
    /// The display filter.
    pub filter: Filtering,
    /// The order of the packet table.
    pub sorting: Sorting,
    pub analysis: Analysis,
    pub full_screen: bool,
    /// Counts how often panels were given back their defaults.
    pub layout: u64,
    /// The position at the top of the ladder, where the user has scrolled it; `None`: it follows the cursor.
    pub ladder_top: Option<f64>,
    /// Names of the captures that come with the program, with a line on each.
    pub samples: Vec<(String, Text)>,
    cache: RefCell<Cache>,
}

impl Model {
    pub fn new(prefs: Prefs, locale: Lang) -> Self {
        Self {
            capture: Arc::new(Capture::empty()),
            joins: Joins::default(),
            source: Source::Nothing,
            loading: None,
            generation: 0,
            sequence: Sequence::default(),
            play: Playback::default(),
            pinned: None,
            hover: None,
            lab: Lab::default(),
            notices: Vec::new(),
            prefs,
            locale,
            tab: Tab::Stage,
            dialog: None,
            find: Find::default(),
            filter: Filtering::default(),
            sorting: Sorting::default(),
            analysis: Analysis::default(),
            full_screen: false,
            layout: 0,
            ladder_top: None,
            samples: Vec::new(),
            cache: RefCell::default(),
        }
    }

    /// Takes over what the preferences remember of the lab; the exchanges must be known.
    pub fn remember(&mut self) {
        self.lab.params.clone_from(&self.prefs.params);
        let remembered = self.prefs.exchange.as_deref();
        self.lab.chosen = self.lab.exchanges.iter().position(|e| Some(e.name) == remembered).unwrap_or(0);
    }

    /// The exchange whose programs belong to what is open: the one that ran, or the one the file is named after; else
    /// the one that is chosen.
    pub fn exchange_shown(&self) -> Option<&'static ExchangeInfo> {
        let named = |name: &str| self.lab.exchanges.iter().filter(|e| name.starts_with(e.name)).max_by_key(|e| e.name.len()).copied();
        let found = match &self.source {
            Source::Lab { .. } => self.lab.ran.as_deref().and_then(named),
            Source::Sample(name) => named(name),
            Source::File(path) => path.file_name().and_then(|name| named(&name.to_string_lossy())),
            Source::Nothing | Source::Stdin => None,
        };
        found.or_else(|| self.lab.exchange())
    }

    /// The program of this host in the language that is chosen.
    pub fn program(&self, host: Host) -> Option<&'static Program> {
        let (exchange, language) = (self.exchange_shown()?.name, self.prefs.language);
        self.lab.programs.iter().find(|p| p.exchange == exchange && p.host == host && p.language == language)
    }

    pub fn lang(&self) -> Lang {
        self.prefs.lang.unwrap_or(self.locale)
    }

    /// The frame that is now.
    pub fn current(&self) -> Option<FrameId> {
        self.sequence.frame(self.play.at?)
    }

    /// More frames may still come.
    pub fn open_end(&self) -> bool {
        self.lab.running.is_some() || self.loading.is_some()
    }

    /// What all panels light up: what is under the pointer, else what is pinned.
    pub fn lit(&self) -> Option<ByteRef> {
        self.hover.or(self.pinned)
    }

    pub fn scope(&self) -> Scope {
        self.sequence.scope()
    }

    /// A frame with all its layers. The last few hundred are kept.
    pub fn explain(&self, frame: FrameId) -> Option<Rc<Explained>> {
        let mut cache = self.cache.borrow_mut();
        // While a capture grows, a frame's message may still grow: an older explanation is not reused.
        let messages = self.capture.index.messages.len();
        let fresh = |(f, m, _): &&(FrameId, usize, Rc<Explained>)| *f == frame && (*m == messages || self.loading.is_none());
        if let Some((_, _, explained)) = cache.frames.iter().find(fresh) {
            return Some(Rc::clone(explained));
        }
        let Cache { frames, histories } = &mut *cache;
        let histories = histories.get_or_insert_with(Histories::brief);
        let (trace, index) = (&self.capture.trace, &self.capture.index);
        let explained = Rc::new(explain_after(trace, index, frame, &Shown::Everywhere, histories)?);
        frames.retain(|(f, _, _)| *f != frame);
        if frames.len() >= CACHE {
            frames.pop_front();
        }
        frames.push_back((frame, messages, Rc::clone(&explained)));
        Some(explained)
    }

    /// Forgets the kept explanations: another capture, or a load that has ended.
    pub fn forget(&self) {
        *self.cache.borrow_mut() = Cache::default();
    }
}
