//! One file a header: bytes in, layers with fields out.
//!
//! In: the bytes of one frame and its link type. Out: [`Dissected`]: the layers up to the transport header, what comes
//! after it, and where and why dissection stopped. It never fails and never panics: damaged bytes end in a [`Stop`].
//! pnet's types stay inside these files. Nothing here knows conversations, streams or time.

pub mod dissect;
pub mod field;
pub mod layer;
pub mod link;

pub use dissect::{Header, Input, Key, Next, Step, dissect};
pub use field::{Bits, Field, FieldDef, Kind, Span, Value};
pub use layer::{Buffer, Dissected, Layer, Osi, Stop, Why};
pub use link::LinkType;
