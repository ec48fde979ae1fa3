//! What happened, in order: frames, socket calls and notes on one time axis; and what the lab can be asked to run.
//!
//! In: a trace and its index. Out: events in time order, and the playback cursor's arithmetic. It reads no clock: the time
//! that has passed is an argument.

pub mod exchange;

pub use exchange::{ExchangeInfo, LabEvent, Param, ParamKind, Place, RunSpec, Service};
