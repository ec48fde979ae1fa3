//! Live capture: the process that reads frames from an interface, the interfaces there are, and the right to do it.
//!
//! In: the name of an interface and a capture filter. Out: a pcapng stream on the standard output of a separate, small
//! process. That process only captures: it never writes a file, never sends, and gives back its rights as soon as it
//! captures.

pub mod blocks;
pub mod devices;
pub mod helper;
pub mod live;
pub mod rights;

pub use blocks::Splitter;
pub use devices::{Device, devices};
pub use rights::{Capturer, Rights};
