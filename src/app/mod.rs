//! The program as a state machine: a [`Model`], [`Action`]s that change it, [`Effect`]s that it asks for.
//!
//! In: actions from panels and from the engine. Out: the new model and the effects that the engine is to run. Nothing here
//! reads a clock, opens a file or draws.

pub mod action;
pub mod analysis;
pub mod browse;
pub mod filter;
pub mod find;
pub mod lab;
pub mod model;
pub mod prefs;
pub mod sorting;
pub mod update;
pub mod world;

pub use action::{Action, Effect};
pub use analysis::{Analysis, Question, Snapshot, Table, Told, Turn};
pub use browse::{Browse, Entry, Purpose};
pub use filter::{Filtering, Pass};
pub use find::Find;
pub use lab::Lab;
pub use model::{ByteRef, Dialog, Loading, Model, Notice, NoticeKind, Source, Tab};
pub use prefs::{OsiView, Prefs, Theme};
pub use sorting::{Sort, Sorting};
pub use update::update;
pub use world::{Still, World};
