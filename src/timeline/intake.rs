//! The load pass: the bytes of a capture file in, records and index batches out.
//!
//! The same pass serves files, pipes and spools that still grow. It does no I/O: whoever has the bytes feeds them.

use crate::flow::tally::{Amount, Tally};
use crate::flow::{Batch, Order, Tracker};
use crate::trace::read::Parser;
use crate::trace::{Damage, Frame, FrameId, FrameMeta, Record};
use crate::wire::LinkType;

/// Reads a capture once, in order.
pub struct Intake {
    parser: Parser,
    tracker: Tracker,
    links: Vec<LinkType>,
    frames: FrameId,
    records: Vec<Record>,
    /// Frames without comments that follow each other: they go into one record.
    run: Vec<FrameMeta>,
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
        let (records, run) = (Vec::new(), Vec::new());
        Self { parser: Parser::new(), tracker: Tracker::reading(order), links: Vec::new(), frames: 0, records, run }
    }

    /// Takes in the next bytes of the file.
    pub fn feed(&mut self, bytes: &[u8]) {
        let Self { parser, tracker, links, frames, records, run } = self;
        parser.feed(bytes, &mut |record, bytes| {
            match &record {
                Record::Interface(interface) => links.push(interface.link),
                Record::Frame(meta, comments) => {
                    tracker.push(&Frame { id: *frames, meta: *meta, link: link(links, meta), bytes });
                    *frames += 1;
                    if comments.is_empty() {
                        run.push(*meta);
                        return;
                    }
                }
                _ => {}
            }
            if !run.is_empty() {
                records.push(Record::Frames(std::mem::take(run)));
            }
            records.push(record);
        });
    }

    /// What was found since the last time.
    pub fn take(&mut self) -> (Vec<Record>, Batch) {
        if !self.run.is_empty() {
            self.records.push(Record::Frames(std::mem::take(&mut self.run)));
        }
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

#[inline]
fn link(links: &[LinkType], meta: &FrameMeta) -> LinkType {
    links.get(usize::from(meta.interface)).copied().unwrap_or(LinkType(u16::MAX))
}

/// The same pass when only its counts are wanted: nothing is kept of a frame, a mark or a message.
pub struct Census {
    parser: Parser,
    tracker: Tracker,
    links: Vec<LinkType>,
    frames: FrameId,
    pub interfaces: Vec<Counted>,
    /// Socket calls, and comments on the whole or on frames.
    pub calls: u64,
    pub comments: u64,
}

/// An interface, and what came in on it.
pub struct Counted {
    pub name: Option<String>,
    pub link: LinkType,
    pub amount: Amount,
    /// Frames that it lost.
    pub dropped: u64,
}

impl Default for Census {
    fn default() -> Self {
        Self::new()
    }
}

impl Census {
    pub fn new() -> Self {
        let tracker = Tracker::counting();
        Self { parser: Parser::new(), tracker, links: Vec::new(), frames: 0, interfaces: Vec::new(), calls: 0, comments: 0 }
    }

    /// Frames so far.
    pub fn frames(&self) -> FrameId {
        self.frames
    }

    /// Takes in the next bytes of the file.
    pub fn feed(&mut self, bytes: &[u8]) {
        let Self { parser, tracker, links, frames, interfaces, calls, comments } = self;
        parser.feed(bytes, &mut |record, bytes| match record {
            Record::Frame(meta, said) => {
                tracker.push(&Frame { id: *frames, meta, link: link(links, &meta), bytes });
                *frames = frames.saturating_add(1);
                *comments += said.len() as u64;
                if let Some(of) = interfaces.get_mut(usize::from(meta.interface)) {
                    of.amount.add(meta.wire_len);
                }
            }
            Record::Interface(interface) => {
                links.push(interface.link);
                let (name, link) = (interface.name, interface.link);
                interfaces.push(Counted { name, link, amount: Amount::default(), dropped: 0 });
            }
            Record::Dropped { interface, frames } => {
                if let Some(of) = interfaces.get_mut(usize::from(interface)) {
                    of.dropped = frames;
                }
            }
            Record::Call(_) => *calls += 1,
            Record::Comment(_) => *comments += 1,
            _ => {}
        });
    }

    /// The file has ended.
    pub fn finish(&mut self) -> Option<Damage> {
        let damage = self.parser.finish();
        self.tracker.finish();
        damage
    }

    pub fn tally(&self) -> &Tally {
        self.tracker.tally()
    }
}
