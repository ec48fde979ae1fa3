//! Conversations: which frames belong together, the TCP state of both ends, the byte streams and their messages, and the
//! analysis marks with their reasons.
//!
//! In: the frames of a trace, each once and in order ([`Tracker`](track::Tracker), the lean pass). Out: [`Batch`]es that are
//! appended to the [`Index`], one compact [`Row`] a frame; and, for one frame that somebody looks at, the whole rich
//! dissection ([`explain`](explain::explain)). The two agree: a test holds them together.

pub mod analyse;
mod arrival;
pub mod around;
mod assemble;
mod brief;
mod claims;
mod enrich;
pub mod explain;
pub mod fragments;
pub mod frame_layer;
pub mod history;
pub mod index;
pub mod mark_fields;
mod messages;
mod packed;
pub mod reason;
pub mod rows;
mod shown;
pub mod state;
pub mod stream;
mod table;
pub mod tables;
pub mod tally;
pub mod tcp_fields;
pub mod track;

pub use crate::proto::{Dir, MessageKind};
pub use index::{
    Batch, Flow, FlowId, Index, Mark, MarkKind, Message, MessageId, NO_FLOW, NO_FRAME, Severity, Transport,
};
pub use rows::{Row, Rows};
pub use state::TcpState;
pub use track::{Order, Tracker};
