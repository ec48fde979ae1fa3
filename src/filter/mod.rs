//! Wireshark's display-filter language over osiscope's fields.
//!
//! In: the text of a filter, and frames that can be asked for the values of a field ([`Facts`]). Out: which frames it lets
//! through, or where in the text it is wrong and why. Nothing here reads a file or knows how a value is found.

pub mod facts;
pub mod look;
pub mod names;
mod plain;

pub use facts::{Fact, Facts, Name};
pub use look::Look;
