//! The frames of a capture: read, write, append.
//!
//! In: the bytes of a `.pcap` or `.pcapng` as they come. Out: a [`Trace`] that grows at its end only: where each frame
//! stands in the file, when it was seen and on which interface, and the socket calls saved with it. The frames stay in the
//! file and are fetched one by one. Nothing here looks into a frame, and nothing here opens a file: the bytes are given.

pub mod call;
mod calls;
pub mod column;
mod frame;
mod frames;
pub mod kernel;
mod origin;
pub mod pages;
mod payload;
pub mod read;
pub mod shared;
pub mod shelf;
mod store;
mod sweep;
pub mod unpack;
pub mod write;

pub use call::{Addr, Call, CallResult, Host, What};
pub use calls::{CallId, Calls};
pub use frame::{Frame, FrameId, FrameMeta, Interface, NO_INTERFACE, Nanos, Place, frame_number};
pub use frames::Frames;
pub use kernel::{KernelSocket, Note, Sockets};
pub use origin::{Kept, Part};
pub use store::{ReadAt, Trace};
pub use sweep::Sweep;

use crate::lang::Text;
use std::net::IpAddr;

/// Where a capture is broken. All frames before it are good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Offset in the file.
    pub at: u64,
    /// What is wrong there and how many frames stand before it.
    pub why: Text,
}

/// What a capture file says, one thing at a time and in its order.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    Interface(Interface),
    /// A frame, and the comments people or programs left on it.
    Frame(FrameMeta, Vec<String>),
    /// Frames without comments, one behind the other: many [`Record::Frame`]s in one, which no reader of files makes.
    Frames(Vec<FrameMeta>),
    /// A socket call of a lab run.
    Call(Call),
    /// The kernel's sockets at one moment of a lab run.
    Sockets(Sockets),
    /// What an exchange said of itself.
    Note(Note),
    /// How many frames this interface lost so far (pcapng's `isb_ifdrop` + `isb_osdrop`, libpcap's `ps_drop`).
    Dropped { interface: u16, frames: u64 },
    /// A comment on the whole capture.
    Comment(String),
    /// A block of a pcapng file that is no frame: it is kept where it stands, so that saving loses nothing.
    Block(Kept),
    /// The next frame has no time of its own (a Simple Packet Block); it was given that of the frame before it.
    Untimed,
    /// The next frame's time does not fit into [`Nanos`]; this is it, in nanoseconds since 1970.
    Far(i128),
    /// What a Name Resolution Block calls an address.
    Name(IpAddr, String),
}
