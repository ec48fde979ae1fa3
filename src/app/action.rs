//! What can happen to the model, and what it asks of the world.

use super::{Browse, ByteRef, Dialog, Entry, Notice, OsiView, Pass, Purpose, Question, Sort, Source, Tab, Theme, Told, Turn};
use crate::flow::tables::Found;
use crate::lang::{Lang, Text};
use crate::timeline::order::{By, Order};
use crate::timeline::{Capture, LabEvent, Language, RunSpec, Scope, Service, Timing};
use crate::trace::{CallId, Damage, FrameId, ReadAt};
use std::path::PathBuf;
use std::sync::Arc;

/// One thing that happened: a key, a click, news from the engine.
#[derive(Clone)]
pub enum Action {
    // --- files
    Open(PathBuf),
    OpenSample(String),
    OpenStdin,
    /// Shows the file browser.
    Browse(Purpose),
    /// Goes to another folder in the browser.
    Folder(PathBuf),
    /// What is typed as the name.
    Name(String),
    /// The browser's main button.
    Chosen,
    CancelLoad,
    CloseCapture,

    // --- news from the engine; those with a generation are ignored when it is not the present one
    /// A capture is open; its frames follow.
    Opened { generation: u64, source: Arc<dyn ReadAt> },
    /// All that is known of the capture by now; what was said of it before is in it.
    Loaded { generation: u64, capture: Arc<Capture>, read: u64, total: Option<u64> },
    /// There is more to do than one picture had time for: see [`Effect::GoOn`].
    GoOn,
    LoadEnded { generation: u64, damage: Option<Damage> },
    LoadFailed { generation: u64, why: Text },
    Saved { path: PathBuf },
    Listed { folder: PathBuf, entries: Result<Vec<Entry>, String> },
    Lab { generation: u64, event: LabEvent },
    /// The spool a run is kept in.
    Spool { generation: u64, path: PathBuf },
    Services(Vec<Service>),
    Interfaces(Vec<String>),
    /// Captures that an earlier run left unsaved.
    Recovered(Vec<PathBuf>),
    Notify(Notice),
    /// A table of the analysis; and how far it is.
    Analysed { generation: u64, serial: u64, found: Arc<Found> },
    Analysing { generation: u64, serial: u64, done: u64, total: u64 },

    // --- lab
    Choose(usize),
    SetParam { name: String, value: String },
    SetInterface(Option<String>),
    SetFilter(String),
    SetOnlyCapture(bool),
    Start,
    Stop,

    // --- time
    /// Seconds have passed.
    Tick(f64),
    TogglePlay,
    Step { forward: bool },
    First,
    Last,
    /// Makes this frame the one that is now.
    Go(FrameId),
    /// Makes this position of the sequence the one that is now.
    GoPosition(usize),
    /// Goes to a frame that this call sent or that woke it; where one of them is now, to the next of them.
    GoCall(CallId),
    SetTiming(Timing),
    SetSpeed(f64),
    SetScope(Scope),
    /// Scrolls the ladder to this position at its top.
    ScrollLadder(f64),

    // --- pointing
    Hover(Option<ByteRef>),
    Pin(Option<ByteRef>),
    Copy(String),

    // --- the display filter
    /// What is typed into its field.
    FilterEdit(String),
    /// Puts this filter in force; one without words takes the present one off.
    Filter(String),
    /// The pass has found these frames among those before `upto`. News with another generation than the present are ignored.
    FilterFound { generation: u64, frames: Vec<FrameId>, upto: FrameId, done: bool },
    /// Ends the pass under way; what it has found stays.
    StopFilter,
    /// Keeps this filter among the saved ones.
    SaveFilter(String),
    ForgetFilter(String),
    /// Sends the keyboard to the filter's field.
    FocusFilter,

    // --- analysis
    /// Something done in the tables of the analysis.
    Analyse(Turn),

    // --- the packet table's order
    /// By this column; by the same again: the other way, then by time.
    SortBy(By),
    Sorted { serial: u64, order: Arc<Order> },

    // --- finding
    OpenFind,
    CloseFind,
    FindText(String),
    FindNext { forward: bool },

    // --- window
    SetTab(Tab),
    SetLang(Lang),
    /// The language that programs are shown in.
    SetLanguage(Language),
    SetTheme(Theme),
    SetOsi(OsiView),
    SetZoom(f32),
    /// Keeps a panel's size, or gives back its default.
    SizePanel { key: String, size: Option<f32> },
    /// Gives back all panels' defaults.
    ResetPanels,
    ToggleFullScreen,
    ShowDialog(Dialog),
    CloseDialog,
    DismissNotice(usize),
    Quit,
}

/// Something the engine is to do. Its answers come back as actions.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Open and read this; answers carry `generation`.
    Load { source: Source, generation: u64 },
    CancelLoad,
    /// Run this in the lab, into a new spool, and load the spool as it grows.
    Run { spec: RunSpec, generation: u64 },
    StopRun,
    /// Judge these frames; ends the pass before.
    Filter(Pass),
    StopFilter,
    /// Order these rows; ends what was being ordered.
    Sort(Sort),
    /// Write the present capture; the format follows from the name's ending.
    Save { path: PathBuf },
    /// What a folder holds; `all`: also files that are no captures.
    List { folder: PathBuf, all: bool },
    /// Write a part of what was said in a conversation; `replace`: whatever stands there.
    SaveStream { path: PathBuf, what: Told, replace: bool },
    /// Write this text; `replace`: whatever stands there.
    SaveText { path: PathBuf, text: String, replace: bool },
    SavePrefs,
    /// Say [`Action::GoOn`] with the next news.
    GoOn,
    /// Nobody needs this copy any more.
    LetGo(super::Snapshot),
    /// Look at what works on this machine.
    Examine,
    /// Find out what a table of the analysis holds; the answer carries its generation and serial. One at a time: it ends what
    /// was asked before.
    Analyse(Question),
    CancelAnalysis,
    /// Write this table for the clipboard, which may take a while.
    CopyTable { found: Arc<Found>, snapshot: super::Snapshot, lang: Lang },
    Copy(String),
    Zoom(f32),
    FullScreen(bool),
    Quit,
}

impl Action {
    /// The browser for this purpose, beginning at a folder.
    pub(super) fn browser(purpose: Purpose, folder: PathBuf, name: String) -> (Dialog, Effect) {
        let list = Effect::List { folder: folder.clone(), all: purpose.lists_all() };
        (Dialog::Browse(Browse::new(purpose, folder, name)), list)
    }
}
