//! The frames of a capture: read, write, append.
//!
//! In: the bytes of a `.pcap` or `.pcapng` as they come. Out: a [`Trace`] that grows at its end only: where each frame
//! stands in the file, when it was seen and on which interface, and the socket calls saved with it. The frames stay in the
//! file and are fetched one by one. Nothing here looks into a frame, and nothing here opens a file: the bytes are given.

pub mod call;

pub use call::{Call, CallResult, Host, What};

use crate::lang::Text;
use crate::wire::LinkType;
use std::io;
use std::sync::Arc;

/// A frame's number in its capture, from 0. People and Wireshark count from 1: see [`frame_number`].
pub type FrameId = u32;

/// The number people see for a frame: Wireshark's `frame.number`.
pub fn frame_number(id: FrameId) -> u64 {
    u64::from(id) + 1
}

/// A point in time: nanoseconds since 1970-01-01 00:00 UTC (the clock of the capture).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Nanos(pub i64);

impl Nanos {
    /// Nanoseconds from `earlier` to `self`; negative where time went backwards.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// An interface of a capture (pcapng's Interface Description Block; a pcap file has one).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    pub name: Option<String>,
    pub link: LinkType,
    /// The longest piece of a frame that was kept, in bytes; 0 = no limit.
    pub snap_len: u32,
    /// The capture filter it ran with.
    pub filter: Option<String>,
}

/// Where a frame stands and what the capture said about it. 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameMeta {
    pub at: Nanos,
    /// Where its bytes begin in the capture file.
    pub offset: u64,
    /// Bytes kept.
    pub cap_len: u32,
    /// Bytes the frame had on the wire.
    pub wire_len: u32,
    pub interface: u16,
}

/// One frame with its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    pub id: FrameId,
    pub meta: FrameMeta,
    pub link: LinkType,
    pub bytes: &'a [u8],
}

/// Where a capture is broken. All frames before it are good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Offset in the file.
    pub at: u64,
    /// What is wrong there and how many frames stand before it.
    pub why: Text,
}

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

/// What a capture file says, one thing at a time and in its order.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    Interface(Interface),
    /// A frame, and the comments people or programs left on it.
    Frame(FrameMeta, Vec<String>),
    /// A socket call of a lab run.
    Call(Call),
    /// How many frames this interface lost so far (pcapng's `isb_ifdrop` + `isb_osdrop`, libpcap's `ps_drop`).
    Dropped { interface: u16, frames: u64 },
    /// A comment on the whole capture.
    Comment(String),
}

/// The capture: append-only. Frames are fetched from `source`.
#[derive(Clone)]
pub struct Trace {
    pub interfaces: Vec<Interface>,
    pub frames: Vec<FrameMeta>,
    /// Comments by frame, in the order of frames.
    pub comments: Vec<(FrameId, String)>,
    /// Comments on the whole.
    pub about: Vec<String>,
    /// Sorted by `at_enter` (inserted there; nearly always at the end).
    pub calls: Vec<Call>,
    /// Frames lost, by interface.
    pub dropped: Vec<u64>,
    pub damage: Option<Damage>,
    pub source: Arc<dyn ReadAt>,
}

impl Trace {
    pub fn new(source: Arc<dyn ReadAt>) -> Self {
        Self {
            interfaces: Vec::new(),
            frames: Vec::new(),
            comments: Vec::new(),
            about: Vec::new(),
            calls: Vec::new(),
            dropped: Vec::new(),
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
            Record::Call(call) => {
                let at = self.calls.partition_point(|c| c.at_enter <= call.at_enter);
                self.calls.insert(at, call);
            }
            Record::Dropped { interface, frames } => {
                if let Some(dropped) = self.dropped.get_mut(interface as usize) {
                    *dropped = frames;
                }
            }
            Record::Comment(text) => self.about.push(text),
        }
    }

    /// How many frames there are (so far).
    pub fn len(&self) -> FrameId {
        FrameId::try_from(self.frames.len()).unwrap_or(FrameId::MAX)
    }

    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    pub fn meta(&self, id: FrameId) -> Option<&FrameMeta> {
        self.frames.get(id as usize)
    }

    /// The link type a frame begins with.
    pub fn link(&self, meta: &FrameMeta) -> LinkType {
        self.interfaces.get(meta.interface as usize).map_or(LinkType(u16::MAX), |i| i.link)
    }

    /// Fetches one frame's bytes into `buf`. `None`: no such frame, or the file can no longer be read there.
    pub fn frame<'a>(&self, id: FrameId, buf: &'a mut Vec<u8>) -> Option<Frame<'a>> {
        let meta = *self.meta(id)?;
        buf.resize(meta.cap_len as usize, 0);
        self.source.read_at(meta.offset, buf).ok()?;
        Some(Frame { id, meta, link: self.link(&meta), bytes: buf })
    }

    /// Frames lost on all interfaces together.
    pub fn total_dropped(&self) -> u64 {
        self.dropped.iter().sum()
    }
}
