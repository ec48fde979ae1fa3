//! The pcapng format: blocks of a type, a length, a body and the length again (draft-ietf-opsawg-pcapng).
//!
//! In: bytes that begin where a block begins. Out: the records of one block, or what stands in the way. Each section has
//! its own byte order and its own interfaces; the numbers given out go on counting over all sections, in the order of the
//! descriptions. Blocks that are no frames are told as [`Record::Block`], so that a saved file can have them again. A broken
//! list of options costs the options behind the break, not the frame.

use super::clock::{Clock, IF_TSOFFSET, IF_TSRESOL};
use super::options::{self, Options, text};
use super::order::Order;
use super::{MAX_BLOCK, MAX_FRAME, MAX_NAMES, Out, Step, fault, names};
use crate::lang::Text;
use crate::trace::payload::{self, CALL_COMMENT, ENTERPRISE, Payload};
use crate::trace::{FrameMeta, Interface, Kept, NO_INTERFACE, Nanos, Part, Place, Record};
use crate::wire::LinkType;

/// Section Header Block. The number reads the same in both byte orders.
pub const SECTION: u32 = 0x0a0d_0d0a;
const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;
const INTERFACE: u32 = 1;
/// Packet Block, replaced by the enhanced one but still found.
pub const PACKET: u32 = 2;
pub const SIMPLE_PACKET: u32 = 3;
const NAMES: u32 = 4;
pub const STATISTICS: u32 = 5;
pub const ENHANCED_PACKET: u32 = 6;
/// An entry of the systemd journal in its export format.
pub const JOURNAL: u32 = 9;
const SECRETS: u32 = 10;
pub const CUSTOM: u32 = 0x0000_0bad;
/// A custom block that tools must not copy into another file.
pub const CUSTOM_STAYS: u32 = 0x4000_0bad;

/// Type and length before the body, length behind it.
pub const BEFORE: usize = 8;
pub const AROUND: usize = 12;

/// The shortest entry of a journal: the name of its time, and a digit. Wireshark calls shorter ones damage too.
const JOURNAL_LEAST: usize = 23;
const JOURNAL_TIME: &[u8] = b"__REALTIME_TIMESTAMP=";

/// The options that matter, by block.
const IF_NAME: u16 = 2;
const IF_DESCRIPTION: u16 = 3;
const IF_SPEED: u16 = 8;
const IF_FILTER: u16 = 11;
const IF_FCSLEN: u16 = 13;
const IF_HARDWARE: u16 = 15;
const ISB_IFDROP: u16 = 5;
const ISB_OSDROP: u16 = 7;
pub const EPB_DROPCOUNT: u16 = 4;
/// In a Packet Block: the number of frames lost before this one is not known.
pub const DROPS_UNKNOWN: u16 = u16::MAX;

#[derive(Debug)]
pub struct Reader {
    order: Order,
    /// Interfaces of earlier sections.
    base: u16,
    /// Interfaces of this section.
    interfaces: Vec<Known>,
    /// Time of the last frame that had one.
    last: Nanos,
    /// Sections so far.
    section: u32,
    /// Names that may still be taken.
    names_left: u32,
}

/// What is needed to read the frames of an interface.
#[derive(Debug)]
struct Known {
    clock: Clock,
    snap_len: u32,
    dropped: u64,
}

/// A frame as a block describes it, before its lengths are checked.
struct Claim {
    interface: u32,
    ticks: Option<u64>,
    cap_len: u32,
    wire_len: u32,
    /// Where its bytes begin in the body.
    begin: usize,
    /// Frames lost since the one before.
    lost: u64,
}

impl Default for Reader {
    fn default() -> Self {
        Self { order: Order::Little, base: 0, interfaces: Vec::new(), last: Nanos(0), section: 0, names_left: MAX_NAMES }
    }
}

impl Reader {
    #[inline]
    pub(super) fn step(&mut self, at: u64, bytes: &[u8], out: &mut Out) -> Step {
        if bytes.len() < AROUND {
            return Step::Need(AROUND);
        }
        let is_section = self.order.u32(bytes, 0) == SECTION;
        let order = match (is_section, Order::Little.u32(bytes, 8)) {
            (false, _) => self.order,
            (true, BYTE_ORDER_MAGIC) => Order::Little,
            (true, magic) if magic.swap_bytes() == BYTE_ORDER_MAGIC => Order::Big,
            (true, _) => return Step::Broken(fault::byte_order()),
        };
        let claimed = order.u32(bytes, 4);
        if !(AROUND as u32..=MAX_BLOCK).contains(&claimed) {
            return Step::Broken(fault::block_length(claimed, MAX_BLOCK));
        }
        // The draft wants a multiple of 4. Some writers do not count the padding: as Wireshark, count it for them.
        let total = claimed.next_multiple_of(4) as usize;
        let Some(block) = bytes.get(..total) else { return Step::Need(total) };
        let trailer = order.u32(block, total - 4);
        if trailer != claimed && u64::from(trailer).next_multiple_of(4) != total as u64 {
            return Step::Broken(fault::block_ends(claimed, trailer));
        }
        let body = block.get(BEFORE..total - 4).unwrap_or_default();
        let kept = |part| Kept { at, len: total as u64, part };
        let done = if is_section { self.section(order, body, kept, out) } else { self.block(order.u32(block, 0), body, kept, out) };
        match done {
            Ok(()) => Step::Used(total),
            Err(what) => Step::Broken(what),
        }
    }

    #[inline]
    fn block(&mut self, kind: u32, body: &[u8], kept: impl Fn(Part) -> Kept, out: &mut Out) -> Result<(), Text> {
        match kind {
            ENHANCED_PACKET => {
                need("Enhanced Packet Block", body, 20)?;
                let claim = Claim {
                    interface: self.order.u32(body, 0),
                    ticks: Some(self.ticks(body, 4)),
                    cap_len: self.order.u32(body, 12),
                    wire_len: self.order.u32(body, 16),
                    begin: 20,
                    lost: 0,
                };
                self.frame(&claim, kept(Part::Other).at, body, out)
            }
            PACKET => {
                need("Packet Block", body, 20)?;
                let lost = self.order.u16(body, 2);
                let claim = Claim {
                    interface: u32::from(self.order.u16(body, 0)),
                    ticks: Some(self.ticks(body, 4)),
                    cap_len: self.order.u32(body, 12),
                    wire_len: self.order.u32(body, 16),
                    begin: 20,
                    lost: if lost == DROPS_UNKNOWN { 0 } else { u64::from(lost) },
                };
                self.frame(&claim, kept(Part::Other).at, body, out)
            }
            SIMPLE_PACKET => {
                need("Simple Packet Block", body, 4)?;
                let wire_len = self.order.u32(body, 0);
                // Section 4.4: the kept length is not written down; it follows from the first interface's limit.
                let limit = self.interfaces.first().map_or(0, |i| i.snap_len);
                let cap_len = if limit == 0 { wire_len } else { wire_len.min(limit) };
                let claim = Claim { interface: 0, ticks: None, cap_len, wire_len, begin: 4, lost: 0 };
                self.frame(&claim, kept(Part::Other).at, body, out)
            }
            INTERFACE => self.interface(body, kept(Part::Interface), out),
            _ => self.other(kind, body, kept, out),
        }
    }

    /// Blocks that are neither frames nor needed to read frames.
    fn other(&mut self, kind: u32, body: &[u8], kept: impl Fn(Part) -> Kept, out: &mut Out) -> Result<(), Text> {
        let mut part = Part::Other;
        match kind {
            CUSTOM | CUSTOM_STAYS => {
                need("Custom Block", body, 4)?;
                match own(self.order, body) {
                    Some(Payload::Call(call)) => out.record(Record::Call(call)),
                    Some(Payload::Comment(comment)) => out.record(Record::Comment(comment)),
                    Some(Payload::Sockets(sockets)) => out.record(Record::Sockets(sockets)),
                    Some(Payload::Note(note)) => out.record(Record::Note(note)),
                    Some(Payload::Rest { sockets, notes }) => {
                        sockets.into_iter().for_each(|s| out.record(Record::Sockets(s)));
                        notes.into_iter().for_each(|n| out.record(Record::Note(n)));
                    }
                    None => self.no_frame(None, kept(part).at + 12, body.get(4..), out),
                }
                return Ok(());
            }
            JOURNAL => {
                need("systemd Journal Export Block", body, JOURNAL_LEAST)?;
                // Its length is not written down: as Wireshark, take the zeros at its end for padding.
                let end = body.iter().rposition(|b| *b != 0).map_or(0, |last| last + 1);
                self.no_frame(journal_time(body), kept(part).at + 8, body.get(..end), out);
                return Ok(());
            }
            STATISTICS => self.statistics(body, out)?,
            NAMES => names::read(self.order, body, &mut |address, name| {
                let room = self.names_left > 0;
                if room {
                    self.names_left -= 1;
                    out.record(Record::Name(address, name));
                }
                room
            }),
            SECRETS if body.len() >= 8 => part = Part::Secrets(self.order.u32(body, 0)),
            _ => {}
        }
        out.record(Record::Block(kept(part)));
        Ok(())
    }

    /// A record that Wireshark counts as a frame though no interface saw it. It keeps its number and its bytes.
    fn no_frame(&mut self, at: Option<Nanos>, offset: u64, bytes: Option<&[u8]>, out: &mut Out) {
        let bytes = bytes.unwrap_or_default();
        // A block is shorter than 2^32 bytes, but may be longer than a frame: what is beyond is not shown.
        let len = bytes.len() as u32;
        let bytes = bytes.get(..MAX_FRAME as usize).unwrap_or(bytes);
        if at.is_none() {
            out.record(Record::Untimed);
        }
        let meta = FrameMeta {
            at: at.unwrap_or(self.last),
            offset,
            cap_len: bytes.len() as u32,
            wire_len: len,
            interface: NO_INTERFACE,
        };
        self.last = meta.at;
        out.frame(meta, Vec::new(), bytes);
    }

    /// A time stamp: the upper half stands first, in either byte order.
    #[inline]
    fn ticks(&self, body: &[u8], at: usize) -> u64 {
        u64::from(self.order.u32(body, at)) << 32 | u64::from(self.order.u32(body, at + 4))
    }

    #[inline]
    fn frame(&mut self, claim: &Claim, at: u64, body: &[u8], out: &mut Out) -> Result<(), Text> {
        let known = self.interfaces.len();
        let Some(interface) = self.interfaces.get_mut(claim.interface as usize) else {
            return Err(fault::no_interface(claim.interface, known));
        };
        if claim.cap_len > MAX_FRAME {
            return Err(fault::frame_too_long(claim.cap_len, MAX_FRAME));
        }
        let end = claim.begin + claim.cap_len as usize;
        let Some(bytes) = body.get(claim.begin..end) else {
            return Err(fault::frame_exceeds_block(claim.cap_len, body.len().saturating_sub(claim.begin)));
        };
        // A frame without a time stamp keeps its place: it gets the time of the one before it.
        match claim.ticks {
            Some(ticks) => {
                self.last = interface.clock.nanos(ticks);
                if matches!(self.last.0, i64::MIN | i64::MAX) {
                    out.record(Record::Far(interface.clock.exact(ticks)));
                }
            }
            None => out.record(Record::Untimed),
        }
        // `claim.interface` is the index of one of at most `u16::MAX - base` interfaces.
        let id = self.base.saturating_add(u16::try_from(claim.interface).unwrap_or(u16::MAX));
        let meta = FrameMeta {
            at: self.last,
            offset: at + (BEFORE + claim.begin) as u64,
            cap_len: claim.cap_len,
            wire_len: claim.wire_len.max(claim.cap_len),
            interface: id,
        };
        let rest = body.get(end.next_multiple_of(4)..).unwrap_or_default();
        let mut lost = claim.lost;
        let mut comments = Vec::new();
        // A Simple Packet Block has no options.
        if claim.ticks.is_some() && !rest.is_empty() {
            let mut has_calls = false;
            for (code, value) in Options::new(rest, self.order) {
                match code {
                    options::COMMENT => comments.push(text(value)),
                    options::CUSTOM_TEXT
                    | options::CUSTOM_BYTES
                    | options::CUSTOM_TEXT_STAYS
                    | options::CUSTOM_BYTES_STAYS => {
                        if let Some(Payload::Call(call)) = own(self.order, value) {
                            has_calls = true;
                            out.record(Record::Call(call));
                        }
                    }
                    EPB_DROPCOUNT if value.len() == 8 => lost = self.order.u64(value, 0),
                    _ => {}
                }
            }
            if has_calls {
                comments.retain(|c| !c.starts_with(CALL_COMMENT));
            }
        }
        out.frame(meta, comments, bytes);
        if lost > 0 {
            interface.dropped = interface.dropped.saturating_add(lost);
            out.record(Record::Dropped { interface: id, frames: interface.dropped });
        }
        Ok(())
    }

    fn section(&mut self, order: Order, body: &[u8], kept: impl Fn(Part) -> Kept, out: &mut Out) -> Result<(), Text> {
        need("Section Header Block", body, 16)?;
        let (major, minor) = (order.u16(body, 4), order.u16(body, 6));
        if major != 1 {
            return Err(fault::version(major, minor));
        }
        self.order = order;
        self.base = self.base.saturating_add(u16::try_from(self.interfaces.len()).unwrap_or(u16::MAX));
        self.interfaces.clear();
        self.section = self.section.saturating_add(1);
        out.record(Record::Block(kept(Part::Section)));
        // The length of the section (8 bytes from here) is not needed: the next section header ends this one.
        self.comments(body.get(16..), out);
        Ok(())
    }

    fn comments(&self, rest: Option<&[u8]>, out: &mut Out) {
        for (code, value) in Options::new(rest.unwrap_or_default(), self.order) {
            if code == options::COMMENT {
                out.record(Record::Comment(text(value)));
            }
        }
    }

    fn interface(&mut self, body: &[u8], kept: Kept, out: &mut Out) -> Result<(), Text> {
        need("Interface Description Block", body, 8)?;
        if usize::from(self.base) + self.interfaces.len() >= usize::from(u16::MAX) {
            return Err(fault::too_many_interfaces());
        }
        let order = self.order;
        let snap_len = order.u32(body, 4);
        let mut clock = Clock::default();
        let (mut name, mut description, mut hardware, mut filter) = (None, None, None, None);
        let (mut fcs_len, mut speed) = (None, None);
        let rest = body.get(8..).unwrap_or_default();
        let mut list = Options::new(rest, order);
        for (code, value) in &mut list {
            match code {
                IF_NAME => name = Some(text(value)),
                IF_DESCRIPTION => description = Some(text(value)),
                IF_HARDWARE => hardware = Some(text(value)),
                IF_SPEED if value.len() == 8 => speed = Some(order.u64(value, 0)),
                IF_FCSLEN => fcs_len = value.first().map(|n| fcs_bytes(*n)),
                IF_TSRESOL | IF_TSOFFSET => clock.option(code, value, order),
                // The first byte tells the kind: 0 is a filter in words, 1 is BPF code.
                IF_FILTER => filter = value.strip_prefix(&[0]).map(text),
                _ => {}
            }
        }
        if list.broken {
            return Err(fault::interface_options());
        }
        let id = u32::try_from(self.interfaces.len()).unwrap_or(u32::MAX);
        self.interfaces.push(Known { clock, snap_len, dropped: 0 });
        out.record(Record::Block(kept));
        out.record(Record::Interface(Interface {
            name: name.or_else(|| description.clone()).or(hardware),
            link: LinkType(order.u16(body, 0)),
            snap_len,
            filter,
            description,
            fcs_len,
            speed,
            place: Some(Place { section: self.section, id }),
        }));
        self.comments(Some(rest), out);
        Ok(())
    }

    fn statistics(&mut self, body: &[u8], out: &mut Out) -> Result<(), Text> {
        need("Interface Statistics Block", body, 12)?;
        let local = self.order.u32(body, 0);
        // Statistics of an interface that was never described say nothing about any frame.
        let Some(interface) = self.interfaces.get_mut(local as usize) else { return Ok(()) };
        if let Some(lost) = drops(self.order, body) {
            interface.dropped = interface.dropped.max(lost);
            let id = self.base.saturating_add(u16::try_from(local).unwrap_or(u16::MAX));
            out.record(Record::Dropped { interface: id, frames: interface.dropped });
        }
        Ok(())
    }
}

/// How many frames an Interface Statistics Block says were lost: by the interface and by the system.
pub fn drops(order: Order, body: &[u8]) -> Option<u64> {
    let mut lost = None;
    for (code, value) in Options::new(body.get(12..).unwrap_or_default(), order) {
        if matches!(code, ISB_IFDROP | ISB_OSDROP) && value.len() == 8 {
            lost = Some(lost.unwrap_or(0u64).saturating_add(order.u64(value, 0)));
        }
    }
    lost
}

/// `if_fcslen` is in bits by the draft's words and in bytes by its example; both are found.
fn fcs_bytes(value: u8) -> u8 {
    if value < 8 { value } else { value / 8 }
}

/// The time of a journal's entry: microseconds in decimal, in a line of its own.
fn journal_time(body: &[u8]) -> Option<Nanos> {
    let line = body.split(|b| *b == b'\n').find_map(|line| line.strip_prefix(JOURNAL_TIME))?;
    let micros: i64 = std::str::from_utf8(line).ok()?.trim_matches(['\0', ' ']).parse().ok()?;
    Some(Nanos(micros.saturating_mul(1000)))
}

#[inline]
fn need(name: &str, body: &[u8], bytes: usize) -> Result<(), Text> {
    if body.len() < bytes { Err(fault::block_too_short(name, body.len(), bytes)) } else { Ok(()) }
}

/// What this program wrote into a custom block or option: the enterprise number, then the payload.
pub fn own(order: Order, body: &[u8]) -> Option<Payload> {
    (order.u32(body, 0) == ENTERPRISE).then(|| payload::decode(body.get(4..)?)).flatten()
}
