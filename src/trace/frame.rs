//! One frame of a capture, and what the capture said about it.
//!
//! In: nothing, these are the words that the other rooms speak. Nothing here holds a frame's bytes for longer than a borrow.

use crate::wire::LinkType;

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

/// The interface number of a record that is no frame of any interface: Wireshark counts it as a frame all the same (a
/// foreign custom block, an entry of the systemd journal). Its link type is unknown, its bytes are shown as bytes.
pub const NO_INTERFACE: u16 = u16::MAX;

/// An interface of a capture (pcapng's Interface Description Block; a pcap file has one).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// `if_name`; without one `if_description`, then `if_hardware` (what Wireshark's `frame.interface_name` says).
    pub name: Option<String>,
    pub link: LinkType,
    /// The longest piece of a frame that was kept, in bytes; 0 = no limit.
    pub snap_len: u32,
    /// The capture filter it ran with.
    pub filter: Option<String>,
    /// `if_description`, Wireshark's `frame.interface_description`.
    pub description: Option<String>,
    /// Bytes of frame check sequence at the end of each frame. `None`: the capture does not say; 0: there is none.
    pub fcs_len: Option<u8>,
    /// Bits a second, where the capture says it (`if_speed`).
    pub speed: Option<u64>,
    /// Where a pcapng file describes it; a pcap file has no such place.
    pub place: Option<Place>,
}

/// A pcapng interface by the numbers that its file gives. In a trace, interfaces are numbered over all sections instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The section, from 1: Wireshark's `frame.section_number`.
    pub section: u32,
    /// Its number in the section, from 0: Wireshark's `frame.interface_id`.
    pub id: u32,
}

impl Interface {
    /// An interface of which only the link type is known.
    pub fn new(link: LinkType) -> Self {
        Self { name: None, link, snap_len: 0, filter: None, description: None, fcs_len: None, speed: None, place: None }
    }
}

/// Where a frame stands and what the capture said about it. 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameMeta {
    pub at: Nanos,
    /// Where its bytes begin in the capture file.
    pub offset: u64,
    /// Bytes kept.
    pub cap_len: u32,
    /// Bytes the frame had on the wire; never less than `cap_len`.
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
