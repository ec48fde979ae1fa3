//! osiscope shows a real network exchange happening, layer by layer, slowly enough to understand it.
//!
//! Data flows one way, from the rooms on the left to those on the right:
//!
//! ```text
//!   lab, netns, capture ──► trace ──► flow ──► timeline ──► app ──► view ──► gui
//!   (effects)               wire, proto   filter           (update)   └────► cli
//! ```
//!
//! `wire` to `view` are pure: they read no clock, open nothing, spawn nothing and log nothing. The table of what each
//! room may use is in `docs/ARCHITECTURE.md`, and `tests/layering.rs` holds it.

pub mod app;
pub mod capture;
pub mod cli;
pub mod engine;
pub mod filter;
pub mod flow;
#[cfg(feature = "gui")]
pub mod gui;
pub mod lab;
pub mod lang;
pub mod netns;
pub mod proto;
pub mod timeline;
pub mod trace;
pub mod view;
pub mod wire;
