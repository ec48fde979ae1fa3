//! What happened, in order: frames, socket calls and notes on one time axis; and what the lab can be asked to run.
//!
//! In: a trace and its index. Out: the frames in question and the playback cursor over them. It reads no clock: the time
//! that has passed is an argument.

pub mod capture;
pub mod errors;
pub mod exchange;
pub mod intake;
pub mod join;
pub mod order;
pub mod playback;
pub mod program;

pub use capture::{Capture, Scope, Sequence};
pub use exchange::{ExchangeInfo, LabEvent, Param, ParamKind, Place, RunSpec, Service};
pub use intake::{Census, Intake};
pub use join::{Joined, Joins, Sender};
pub use playback::{Playback, Timing};
pub use program::{Language, Nth, Program};
