//! The load pass: the bytes of a capture file in, records and index batches out.
//!
//! The same pass serves files, pipes and spools that still grow. It does no I/O: whoever has the bytes feeds them.

use crate::flow::Batch;
use crate::flow::{Order, Tracker};
use crate::trace::read::Parser;
use crate::trace::{Damage, Frame, FrameId, Record};
use crate::wire::LinkType;

/// Reads a capture once, in order.
pub struct Intake {
    parser: Parser,
    tracker: Tracker,
    links: Vec<LinkType>,
    frames: FrameId,
    records: Vec<Record>,
}

impl Default for Intake {
    fn default() -> Self {
        Self::new()
    }
}

impl Intake {
    pub fn new() -> Self {
        Self::reading(Order::Sent)
    }

    /// Reads streams in this order.
    pub fn reading(order: Order) -> Self {
        Self { parser: Parser::new(), tracker: Tracker::reading(order), links: Vec::new(), frames: 0, records: Vec::new() }
    }

    /// Takes in the next bytes of the file.
    pub fn feed(&mut self, bytes: &[u8]) {
        let Self { parser, tracker, links, frames, records } = self;
        parser.feed(bytes, &mut |record, bytes| {
            match &record {
                Record::Interface(interface) => links.push(interface.link),
                Record::Frame(meta, _) => {
                    let link = links.get(usize::from(meta.interface)).copied().unwrap_or(LinkType(u16::MAX));
                    tracker.push(&Frame { id: *frames, meta: *meta, link, bytes });
                    *frames += 1;
                }
                _ => {}
            }
            records.push(record);
        });
    }

    /// What was found since the last time.
    pub fn take(&mut self) -> (Vec<Record>, Batch) {
        (std::mem::take(&mut self.records), self.tracker.take())
    }

    /// The file has ended: closes what is open, and says whether the file was whole. [`Intake::take`] once more after this.
    pub fn finish(&mut self) -> Option<Damage> {
        let damage = self.parser.finish();
        self.tracker.finish();
        damage
    }

    /// Frames so far.
    pub fn frames(&self) -> FrameId {
        self.frames
    }
}
