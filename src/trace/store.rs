//! The frames of a capture in memory: where each stands, not what is in it.
//!
//! In: [`Record`]s in the order of the file. Out: the lists below, which grow at their end only, and single frames fetched
//! from the file. The bytes of a whole capture are never held.

use super::shared::Shared;
use super::shelf::Shelf;
use super::{
    Calls, Damage, Frame, FrameId, FrameMeta, Frames, Interface, Kept, NO_INTERFACE, Note, Part, Record, Sockets, origin,
};
use crate::wire::LinkType;
use std::io;
use std::net::IpAddr;
use std::ops::Range;
use std::sync::Arc;

/// Random access to the bytes of a capture file.
pub trait ReadAt: Send + Sync {
    /// Fills `buf` from `offset`; an error if there are not that many bytes.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()>;
}

impl ReadAt for std::fs::File {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(self, buf, offset)
    }
}

impl ReadAt for Vec<u8> {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).map_err(io::Error::other)?;
        let from = start.checked_add(buf.len()).and_then(|end| self.get(start..end));
        buf.copy_from_slice(from.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

/// The capture: append-only. Frames are fetched from `source`. A copy costs next to nothing, and stays as it is.
#[derive(Clone)]
pub struct Trace {
    pub interfaces: Shared<Interface>,
    pub frames: Frames,
    /// Comments by frame, in the order of frames.
    pub comments: Shared<(FrameId, String)>,
    /// Comments on the whole.
    pub about: Shared<String>,
    pub calls: Calls,
    /// What the kernel said of its sockets, in order of time.
    pub sockets: Shelf<Sockets>,
    /// What the exchange said of itself, in order of time.
    pub notes: Shared<Note>,
    /// Frames lost, by interface.
    pub dropped: Shared<u64>,
    /// What a pcapng file holds besides frames, in its order: see [`Part`]. Empty for other sources.
    pub kept: Shared<Kept>,
    /// What the file itself calls addresses, in its order (Name Resolution Blocks); at most
    /// [`MAX_NAMES`](super::read::MAX_NAMES). The first name of an address is its main one.
    pub names: Shared<(IpAddr, String)>,
    /// Frames without a time of their own, as ranges in order. Their `at` is that of the frame before.
    pub untimed: Shared<Range<FrameId>>,
    /// Times that do not fit into [`Nanos`](super::Nanos), by frame: nanoseconds since 1970. These frames' `at` is the end of its range.
    pub far: Shared<(FrameId, i128)>,
    pub damage: Option<Damage>,
    pub source: Arc<dyn ReadAt>,
}

impl Trace {
    pub fn new(source: Arc<dyn ReadAt>) -> Self {
        Self {
            interfaces: Shared::default(),
            frames: Frames::default(),
            comments: Shared::default(),
            about: Shared::default(),
            calls: Calls::default(),
            sockets: Shelf::default(),
            notes: Shared::default(),
            dropped: Shared::default(),
            kept: Shared::default(),
            names: Shared::default(),
            untimed: Shared::default(),
            far: Shared::default(),
            damage: None,
            source,
        }
    }

    /// Adds what the reader found next.
    pub fn append(&mut self, record: Record) {
        match record {
            Record::Interface(interface) => {
                self.interfaces.push(interface);
                self.dropped.push(0);
            }
            Record::Frame(meta, comments) => {
                let id = self.len();
                self.frames.push(meta);
                self.comments.extend(comments.into_iter().map(|c| (id, c)));
            }
            Record::Frames(metas) => self.frames.extend(metas),
            Record::Call(call) => self.calls.push(call),
            Record::Sockets(sockets) => self.sockets.push(sockets),
            Record::Note(note) => self.notes.push(note),
            Record::Dropped { interface, frames } => {
                if let Some(dropped) = self.dropped.get_mut(interface as usize) {
                    *dropped = frames;
                }
            }
            Record::Comment(text) => self.about.push(text),
            Record::Block(block) => origin::push(&mut self.kept, block),
            Record::Untimed => {
                let id = self.len();
                match self.untimed.last_mut() {
                    Some(run) if run.end == id => run.end = id.saturating_add(1),
                    _ => self.untimed.push(id..id.saturating_add(1)),
                }
            }
            Record::Far(nanos) => {
                let id = self.len();
                self.far.push((id, nanos));
            }
            Record::Name(address, name) => self.names.push((address, name)),
        }
    }

    /// How many frames there are (so far).
    pub fn len(&self) -> FrameId {
        FrameId::try_from(self.frames.len()).unwrap_or(FrameId::MAX)
    }

    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    pub fn meta(&self, id: FrameId) -> Option<FrameMeta> {
        self.frames.get(id as usize)
    }

    /// The link type a frame begins with.
    pub fn link(&self, meta: &FrameMeta) -> LinkType {
        self.interfaces.get(meta.interface as usize).map_or(LinkType(u16::MAX), |i| i.link)
    }

    /// Fetches one frame's bytes into `buf`. `None`: no such frame, or the file can no longer be read there.
    pub fn frame<'a>(&self, id: FrameId, buf: &'a mut Vec<u8>) -> Option<Frame<'a>> {
        let meta = self.meta(id)?;
        buf.resize(meta.cap_len as usize, 0);
        self.source.read_at(meta.offset, buf).ok()?;
        Some(Frame { id, meta, link: self.link(&meta), bytes: buf })
    }

    /// Whether the capture says when this frame was seen.
    pub fn is_timed(&self, id: FrameId) -> bool {
        if self.untimed.is_empty() {
            return true;
        }
        let after = self.untimed.partition_point(|run| run.end <= id);
        self.untimed.get(after).is_none_or(|run| id < run.start)
    }

    /// The time that another frame's is counted from, in nanoseconds since 1970, as Wireshark does it: a packet without a time counts as 1970, a record
    /// that is no packet and has no time does not count.
    pub fn counted_from(&self, id: FrameId) -> Option<i128> {
        // More such records in a row than this are not looked behind.
        const FAR_ENOUGH: FrameId = 64;
        for id in (id.saturating_sub(FAR_ENOUGH)..=id).rev() {
            let meta = self.meta(id)?;
            match self.exact_time(id) {
                Some(at) => return Some(at),
                None if meta.interface != NO_INTERFACE => return Some(0),
                None => {}
            }
        }
        None
    }

    /// When a frame was seen, in nanoseconds since 1970, also where that does not fit into [`Nanos`](super::Nanos). `None`:
    /// no such frame, or the capture does not say it.
    pub fn exact_time(&self, id: FrameId) -> Option<i128> {
        let at = self.meta(id)?.at.0;
        match at {
            _ if !self.is_timed(id) => None,
            i64::MIN | i64::MAX => {
                let far = self.far.binary_search_by_key(&id, |(id, _)| *id).ok().and_then(|n| self.far.get(n));
                Some(far.map_or(i128::from(at), |(_, nanos)| *nanos))
            }
            _ => Some(i128::from(at)),
        }
    }

    /// Bytes of frame check sequence at a frame's end. `None`: the capture does not say; 0: there is none.
    pub fn fcs_len(&self, meta: &FrameMeta) -> Option<u8> {
        self.interfaces.get(meta.interface as usize).and_then(|i| i.fcs_len)
    }

    /// Where the file keeps secrets to decrypt with: their kind, and where their bytes stand in `source`.
    pub fn secrets(&self) -> impl Iterator<Item = (u32, Range<u64>)> {
        // Type, length, kind of secrets, length of secrets; behind them at least the block's length again.
        self.kept.iter().filter_map(|block| match block.part {
            Part::Secrets(kind) => Some((kind, block.at.saturating_add(16)..block.end().saturating_sub(4))),
            _ => None,
        })
    }

    /// Frames lost on all interfaces together.
    pub fn total_dropped(&self) -> u64 {
        self.dropped.iter().sum()
    }
}
