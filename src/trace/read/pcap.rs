//! The classic pcap format: a file header of 24 bytes, then records of a fixed header and a frame.
//!
//! In: bytes that begin where a record begins. Out: one record, or what stands in the way. Both byte orders, microseconds
//! and nanoseconds, and Kuznetzov's "modified" form with its longer record header. The format is described in
//! draft-ietf-opsawg-pcap. The length in a record is believed only up to [`MAX_FRAME`].

use super::order::Order;
use super::{MAX_FRAME, Out, Step, fault};
use crate::trace::{FrameMeta, Interface, Nanos, Record};
use crate::wire::LinkType;

pub const MAGIC_MICROS: u32 = 0xa1b2_c3d4;
pub const MAGIC_NANOS: u32 = 0xa1b2_3c4d;
/// Alexey Kuznetzov's patched libpcap: the record header goes on with interface, protocol and packet type.
pub const MAGIC_MODIFIED: u32 = 0xa1b2_cd34;

/// Bytes of a record header: seconds, fraction, kept length, length on the wire.
pub const HEADER: usize = 16;
pub const HEADER_MODIFIED: usize = 24;

const FILE_HEADER: usize = 24;

/// What the second half of a time stamp counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Micros,
    Nanos,
}

#[derive(Debug)]
pub struct Reader {
    order: Order,
    nanos_per_unit: i64,
    header: usize,
    lengths: Lengths,
    started: bool,
}

/// In which order a record gives its two lengths. Files before version 2.3 had the length on the wire first; of 2.3 both
/// kinds exist, and the kept length is the smaller one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lengths {
    KeptFirst,
    WireFirst,
    Smaller,
}

impl Reader {
    pub fn new(order: Order, unit: Unit, header: usize) -> Self {
        let nanos_per_unit = match unit {
            Unit::Micros => 1_000,
            Unit::Nanos => 1,
        };
        Self { order, nanos_per_unit, header, lengths: Lengths::KeptFirst, started: false }
    }

    #[inline]
    pub(super) fn step(&mut self, at: u64, bytes: &[u8], out: &mut Out) -> Step {
        if !self.started {
            return self.file_header(bytes, out);
        }
        let order = self.order;
        let Some(header) = bytes.get(..self.header) else { return Step::Need(self.header) };
        let (first, second) = (order.u32(header, 8), order.u32(header, 12));
        let (kept, wire) = match self.lengths {
            Lengths::KeptFirst => (first, second),
            Lengths::WireFirst => (second, first),
            Lengths::Smaller => (first.min(second), first.max(second)),
        };
        if kept > MAX_FRAME {
            return Step::Broken(fault::frame_too_long(kept, MAX_FRAME));
        }
        let end = self.header + kept as usize;
        let Some(frame) = bytes.get(self.header..end) else { return Step::Need(end) };
        // 2^32 seconds and 2^32 milliseconds in nanoseconds both fit in an i64.
        let nanos = i64::from(order.u32(header, 0)) * 1_000_000_000 + i64::from(order.u32(header, 4)) * self.nanos_per_unit;
        let offset = at + self.header as u64;
        let meta = FrameMeta { at: Nanos(nanos), offset, cap_len: kept, wire_len: wire.max(kept), interface: 0 };
        out.frame(meta, Vec::new(), frame);
        Step::Used(end)
    }

    fn file_header(&mut self, bytes: &[u8], out: &mut Out) -> Step {
        let Some(header) = bytes.get(..FILE_HEADER) else { return Step::Need(FILE_HEADER) };
        let (major, minor) = (self.order.u16(header, 4), self.order.u16(header, 6));
        self.lengths = match (major, minor) {
            (2, 0..=2) => Lengths::WireFirst,
            (2, 3) => Lengths::Smaller,
            (2, _) => Lengths::KeptFirst,
            // Written by the tcpdump of DG/UX.
            (543, 0) => Lengths::WireFirst,
            _ => return Step::Broken(fault::version(major, minor)),
        };
        // The upper bits tell the length of a frame check sequence; no registered link type needs more than 16 bits.
        let link = self.order.u32(header, 20) & 0x03ff_ffff;
        out.record(Record::Interface(Interface {
            name: None,
            link: LinkType(u16::try_from(link).unwrap_or(u16::MAX)),
            snap_len: self.order.u32(header, 16),
            filter: None,
        }));
        self.started = true;
        Step::Used(FILE_HEADER)
    }
}
