//! The rich form of one frame.

use crate::flow::Index;
use crate::trace::{FrameId, FrameMeta, Trace};
use crate::wire::{Dissected, dissect};

/// One frame with all its layers, from the frame itself to the messages that have bytes in it.
#[derive(Clone, Debug)]
pub struct Explained {
    pub frame: FrameId,
    pub meta: FrameMeta,
    pub dissected: Dissected,
}

/// Dissects one frame for the eye. `None`: no such frame, or its file cannot be read any more.
pub fn explain(trace: &Trace, _index: &Index, frame: FrameId) -> Option<Explained> {
    let mut buf = Vec::new();
    let f = trace.frame(frame, &mut buf)?;
    Some(Explained { frame, meta: f.meta, dissected: dissect(f.link, f.bytes, f.meta.wire_len as usize) })
}

/// The words of the Protocol column.
pub fn protocol_column(_explained: &Explained) -> &str {
    ""
}

/// The words of the Info column.
pub fn info(_explained: &Explained) -> String {
    String::new()
}
