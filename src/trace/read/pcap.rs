//! The classic pcap format: a file header of 24 bytes, then records of a fixed header and a frame.
//!
//! In: bytes that begin where a record begins. Out: one record, or what stands in the way. Both byte orders, microseconds
//! and nanoseconds, and the dialects that Wireshark reads too: see [`Dialect`]. The format is described in
//! draft-ietf-opsawg-pcap. The length in a record is believed only up to [`MAX_FRAME`].

use super::order::Order;
use super::{MAX_FRAME, Out, Step, fault};
use crate::trace::{FrameMeta, Interface, Nanos, Record};
use crate::wire::LinkType;

const MAGIC_MICROS: u32 = 0xa1b2_c3d4;
const MAGIC_NANOS: u32 = 0xa1b2_3c4d;
/// Alexey Kuznetzov's patched libpcap, also of AVM's FRITZ!Box: the record header goes on with interface, protocol and type.
const MAGIC_MODIFIED: u32 = 0xa1b2_cd34;
/// Ixia's "lcap", made by its hardware and its software: the file header goes on with the length of the rest.
const MAGIC_IXIA: [u32; 2] = [0x1c00_01ac, 0x1c00_01ab];

/// Bytes of a record header: seconds, fraction, kept length, length on the wire.
const HEADER: usize = 16;
/// Four bytes that Nokia's IPSO puts behind it.
const HEADER_NOKIA: usize = 20;
/// With interface, protocol and packet type behind it.
const HEADER_MODIFIED: usize = 24;
/// The same of an earlier patch, with the processor's number.
const HEADER_MODIFIED_1999: usize = 28;

const FILE_HEADER: usize = 24;

/// Records looked at to tell dialects apart that have the same magic number.
const LOOK_AT: usize = 3;

/// Which kind of pcap the magic number tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Micros,
    Nanos,
    Modified,
    Ixia,
}

impl Dialect {
    pub fn of_magic(magic: u32) -> Option<Self> {
        match magic {
            MAGIC_MICROS => Some(Self::Micros),
            MAGIC_NANOS => Some(Self::Nanos),
            MAGIC_MODIFIED => Some(Self::Modified),
            _ if MAGIC_IXIA.contains(&magic) => Some(Self::Ixia),
            _ => None,
        }
    }

    fn file_header(self) -> usize {
        if self == Self::Ixia { FILE_HEADER + 4 } else { FILE_HEADER }
    }

    /// Lengths of a record header, the usual one first: patched programs wrote files with other people's magic numbers.
    fn headers(self) -> &'static [usize] {
        match self {
            Self::Micros => &[HEADER, HEADER_MODIFIED, HEADER_NOKIA],
            Self::Modified => &[HEADER_MODIFIED, HEADER_MODIFIED_1999],
            Self::Nanos | Self::Ixia => &[HEADER],
        }
    }
}

#[derive(Debug)]
pub struct Reader {
    order: Order,
    dialect: Dialect,
    nanos_per_unit: i64,
    header: usize,
    lengths: Lengths,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    FileHeader,
    FirstRecord,
    Records,
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
    pub fn new(order: Order, dialect: Dialect) -> Self {
        let nanos_per_unit = if dialect == Dialect::Nanos { 1 } else { 1_000 };
        let header = dialect.headers().first().copied().unwrap_or(HEADER);
        Self { order, dialect, nanos_per_unit, header, lengths: Lengths::KeptFirst, state: State::FileHeader }
    }

    #[inline]
    pub(super) fn step(&mut self, at: u64, bytes: &[u8], out: &mut Out) -> Step {
        if self.state != State::Records {
            if self.state == State::FileHeader {
                return self.file_header(bytes, out);
            }
            if bytes.len() < self.header {
                return Step::Need(self.header);
            }
            self.header = self.likely_header(bytes);
            self.state = State::Records;
        }
        if let Some((meta, frame)) = self.record(at, bytes) {
            out.frame(meta, Vec::new(), frame);
            return Step::Used(self.header + frame.len());
        }
        let Some(header) = bytes.get(..self.header) else { return Step::Need(self.header) };
        match self.lengths(header) {
            (kept, _) if kept > MAX_FRAME => Step::Broken(fault::frame_too_long(kept, MAX_FRAME)),
            (kept, _) => Step::Need(self.header + kept as usize),
        }
    }

    /// Gives out the records at the beginning of `bytes` until there are `most` frames, or one asks for more than the usual. Returns
    /// how many bytes they had.
    #[inline]
    pub(super) fn run(&mut self, at: u64, bytes: &[u8], most: u64, out: &mut Out) -> usize {
        let mut used = 0;
        while self.state == State::Records
            && *out.frames < most
            && let Some((meta, frame)) = bytes.get(used..).and_then(|rest| self.record(at + used as u64, rest))
        {
            used += self.header + frame.len();
            out.frame(meta, Vec::new(), frame);
        }
        used
    }

    /// The record at the beginning of `bytes`, if it is whole and can be believed.
    #[inline]
    fn record<'a>(&self, at: u64, bytes: &'a [u8]) -> Option<(FrameMeta, &'a [u8])> {
        let order = self.order;
        let (header, rest) = bytes.split_at_checked(self.header)?;
        let (kept, wire) = self.lengths(header);
        let frame = rest.get(..kept as usize).filter(|_| kept <= MAX_FRAME)?;
        // 2^32 seconds and 2^32 milliseconds in nanoseconds both fit in an i64.
        let nanos = i64::from(order.u32(header, 0)) * 1_000_000_000 + i64::from(order.u32(header, 4)) * self.nanos_per_unit;
        let offset = at + self.header as u64;
        Some((FrameMeta { at: Nanos(nanos), offset, cap_len: kept, wire_len: wire.max(kept), interface: 0 }, frame))
    }

    /// Bytes kept and bytes on the wire, as a record header says.
    #[inline]
    fn lengths(&self, header: &[u8]) -> (u32, u32) {
        let (first, second) = (self.order.u32(header, 8), self.order.u32(header, 12));
        match self.lengths {
            Lengths::KeptFirst => (first, second),
            Lengths::WireFirst => (second, first),
            Lengths::Smaller => (first.min(second), first.max(second)),
        }
    }

    /// The length of this file's record headers: the usual one, unless its first records look odd with that and in order with
    /// another. Looks at no more bytes than there are: a file of one record, or one that has just begun to grow, is taken for
    /// the usual kind.
    fn likely_header(&self, bytes: &[u8]) -> usize {
        let is_likely = |header: usize, least: usize| {
            let (records, odd) = self.look(bytes, header);
            odd == 0 && records >= least
        };
        let others = self.dialect.headers().iter().copied().skip(1);
        match is_likely(self.header, 0) {
            true => self.header,
            false => others.into_iter().find(|h| is_likely(*h, 2)).unwrap_or(self.header),
        }
    }

    /// How many of the first records can be seen if their headers have `header` bytes, and how much about them is odd.
    fn look(&self, bytes: &[u8], header: usize) -> (usize, u32) {
        let (mut rest, mut records, mut odd, mut last) = (bytes, 0, 0, 0);
        while records < LOOK_AT {
            let Some(head) = rest.get(..HEADER) else { break };
            records += 1;
            let (kept, wire) = self.lengths(head);
            let (seconds, fraction) = (self.order.u32(head, 0), self.order.u32(head, 4));
            odd += u32::from(i64::from(fraction) * self.nanos_per_unit >= 1_000_000_000);
            odd += u32::from(wire < kept) + u32::from(wire > MAX_FRAME) + u32::from(seconds < last);
            last = seconds;
            match rest.get(header.saturating_add(kept as usize)..) {
                Some(behind) if kept <= MAX_FRAME => rest = behind,
                _ => break,
            }
        }
        (records, odd)
    }

    fn file_header(&mut self, bytes: &[u8], out: &mut Out) -> Step {
        let whole = self.dialect.file_header();
        let Some(header) = bytes.get(..whole) else { return Step::Need(whole) };
        let (major, minor) = (self.order.u16(header, 4), self.order.u16(header, 6));
        let network = self.order.u32(header, 20);
        // The upper six bits tell of a frame check sequence; no registered link type needs more than 16 of the others.
        let mut link = network & 0x03ff_ffff;
        self.lengths = match (major, minor) {
            (2, 0..=2) => Lengths::WireFirst,
            (2, 3) => Lengths::Smaller,
            (2, _) => Lengths::KeptFirst,
            // Written by the tcpdump of DG/UX.
            (543, 0) => Lengths::WireFirst,
            _ => return Step::Broken(fault::version(major, minor)),
        };
        if (major, minor) == (2, 2)
            && let Some(known) = aix(link)
        {
            link = known;
            self.nanos_per_unit = 1;
        }
        out.record(Record::Interface(Interface {
            snap_len: self.order.u32(header, 16),
            fcs_len: fcs_len(network),
            ..Interface::new(LinkType(u16::try_from(link).unwrap_or(u16::MAX)))
        }));
        self.state = State::FirstRecord;
        Step::Used(whole)
    }
}

/// Bytes of frame check sequence: the P bit says that the four highest bits count them in units of two bytes.
fn fcs_len(network: u32) -> Option<u8> {
    let units = (network >> 28) as u8;
    (network & 0x0400_0000 != 0).then_some(units * 2)
}

/// AIX writes version 2.2, in nanoseconds, and the interface's type of RFC 1573 in place of the link type.
fn aix(if_type: u32) -> Option<u32> {
    match if_type {
        // Ethernet, token ring, FDDI, loopback.
        6 => Some(1),
        9 => Some(6),
        15 => Some(10),
        24 => Some(0),
        _ => None,
    }
}
