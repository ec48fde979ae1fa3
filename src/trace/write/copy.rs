//! Saving a trace that was read from pcapng: its blocks are copied, and only what the trace says otherwise is written anew.
//!
//! In: a trace whose [`Trace::kept`] tells where sections, interfaces and all other blocks stand in its source. Out: the same
//! blocks in the same order and byte order. A block is changed only where the trace has other comments or other socket calls
//! on it than the source; its other options then keep their order. Memory does not grow with the file: what a frame has
//! besides its bytes is looked up at its place when its turn comes. Sections lose their length, which need not be right any
//! more, and this program's own custom blocks become options of frames and of the first section.

use super::block::Block;
use super::fetch::Window;
use super::{Comments, Deal, Unsaved, Which, each_frame, payload};
use crate::trace::payload::{CALL_COMMENT, Payload};
use crate::trace::read::clock::Clock;
use crate::trace::read::options::{self, Options, text};
use crate::trace::read::order::Order;
use crate::trace::read::{MAX_BLOCK, pcapng};
use crate::trace::{Call, FrameId, FrameMeta, Kept, NO_INTERFACE, Part, Trace};
use std::collections::HashMap;
use std::io::{self, Write};

const COMMENT: u16 = options::COMMENT;
const ISB_IFDROP: u16 = 5;

/// Bytes of comments added to one block at most, so that readers still take it.
const ROOM: usize = MAX_BLOCK as usize / 2;

/// Fixed fields of a packet block, its type and length included.
const PACKET_HEAD: usize = 28;
const SIMPLE_HEAD: usize = 12;

/// Whether the source is pcapng and all interfaces of the trace are described there.
pub fn can(trace: &Trace) -> bool {
    let described = trace.kept.iter().filter(|k| k.part == Part::Interface).count();
    trace.kept.first().is_some_and(|k| k.part == Part::Section) && described == trace.interfaces.len()
}

pub fn save(
    trace: &Trace,
    which: Which,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64) -> bool,
) -> Result<u64, Unsaved> {
    let mut copy = Copy {
        trace,
        out,
        window: Window::new(trace),
        block: Block::default(),
        order: Order::default(),
        kept: trace.kept.iter(),
        begun: 0,
        base: 0,
        clocks: Vec::new(),
        about: count(trace.about.iter().map(String::as_str)),
        added: Vec::new(),
        dropped: vec![0; trace.interfaces.len()],
        last: None,
    };
    copy.added = copy.not_in_source()?;
    let mut comments = Comments::of(trace);
    let mut calls = Deal::of(trace);
    let last = which.ids(trace).last();
    let written = each_frame(trace, which, progress, |id, meta| {
        copy.up_to(meta.offset)?;
        let more = More { comments: comments.for_frame(id), calls: calls.for_frame(meta, Some(id) == last) };
        copy.frame(id, meta, &more)
    })?;
    copy.up_to(u64::MAX)?;
    copy.losses()?;
    for call in calls.left() {
        copy.custom(&payload::of_call(call))?;
    }
    for rest in payload::of_rest(trace) {
        copy.custom(&rest)?;
    }
    Ok(written)
}

/// What the trace puts on a frame.
struct More<'t> {
    comments: Vec<&'t str>,
    calls: Vec<(&'t Call, Vec<u8>)>,
}

struct Copy<'t, 'o> {
    trace: &'t Trace,
    out: &'o mut dyn Write,
    window: Window<'t>,
    block: Block,
    /// Byte order of the section that is being copied.
    order: Order,
    kept: std::slice::Iter<'t, Kept>,
    /// Sections begun.
    begun: usize,
    /// Interfaces of earlier sections.
    base: usize,
    /// Clocks of all interfaces so far.
    clocks: Vec<Clock>,
    /// Comments on the whole that have not been written yet, and how often each.
    about: HashMap<&'t str, usize>,
    /// Comments on the whole that are nowhere in the source's headers.
    added: Vec<&'t str>,
    /// Losses as a reader of what has been written would count them.
    dropped: Vec<u64>,
    last: Option<FrameMeta>,
}

fn count<'a>(texts: impl Iterator<Item = &'a str>) -> HashMap<&'a str, usize> {
    let mut counts = HashMap::new();
    texts.for_each(|t| *counts.entry(t).or_insert(0) += 1);
    counts
}

/// Takes one of the texts out, if there is one.
fn take(counts: &mut HashMap<&str, usize>, text: &str) -> bool {
    match counts.get_mut(text) {
        Some(n) if *n > 0 => {
            *n -= 1;
            true
        }
        _ => false,
    }
}

fn gone(at: u64) -> Unsaved {
    Unsaved::Io(io::Error::new(io::ErrorKind::UnexpectedEof, format!("the capture can no longer be read at byte {at}")))
}

/// Where the options of a section's or an interface's header begin.
fn options_at(part: Part) -> usize {
    if part == Part::Section { 24 } else { 16 }
}

fn options_of(block: &[u8], part: Part) -> &[u8] {
    let end = block.len().saturating_sub(4);
    block.get(options_at(part)..end).unwrap_or_default()
}

/// The byte order of a section by its header.
fn order_of(header: &[u8]) -> Order {
    if header.get(8..12) == Some(&[0x1a, 0x2b, 0x3c, 0x4d]) { Order::Big } else { Order::Little }
}

impl<'t> Copy<'t, '_> {
    /// Those comments on the whole that came from this program's own custom blocks or were added since.
    fn not_in_source(&mut self) -> Result<Vec<&'t str>, Unsaved> {
        let mut left = self.about.clone();
        let mut order = Order::default();
        for kept in self.trace.kept.iter().filter(|k| matches!(k.part, Part::Section | Part::Interface)) {
            let len = usize::try_from(kept.len).unwrap_or(usize::MAX);
            let block = self.window.at(kept.at, len).ok_or_else(|| gone(kept.at))?;
            if kept.part == Part::Section {
                order = order_of(block);
            }
            for (code, value) in Options::new(options_of(block, kept.part), order) {
                if code == COMMENT {
                    take(&mut left, &text(value));
                }
            }
        }
        // From the last on, since of equal ones the first stand in the source.
        let mut added: Vec<_> = self.trace.about.iter().rev().map(String::as_str).filter(|t| take(&mut left, t)).collect();
        added.reverse();
        Ok(added)
    }

    /// Copies all blocks that begin before `offset`.
    fn up_to(&mut self, offset: u64) -> Result<(), Unsaved> {
        while let Some(kept) = self.kept.as_slice().first().filter(|k| k.at < offset) {
            self.kept.next();
            match kept.part {
                Part::Section | Part::Interface => self.header(*kept)?,
                Part::Secrets(_) | Part::Other => self.others(*kept)?,
            }
        }
        Ok(())
    }

    /// A section header or an interface description: as it is, unless comments were added or taken away.
    fn header(&mut self, kept: Kept) -> Result<(), Unsaved> {
        if kept.part == Part::Section && self.begun > 0 {
            self.losses()?;
        }
        let len = usize::try_from(kept.len).unwrap_or(usize::MAX);
        let source = self.window.at(kept.at, len).ok_or_else(|| gone(kept.at))?;
        if kept.part == Part::Section {
            self.order = order_of(source);
            self.base = self.clocks.len();
            self.begun += 1;
        }
        let mut clock = Clock::default();
        self.block.set_order(self.order);
        self.block.begin(self.order.u32(source, 0));
        match kept.part {
            // The section's length is not known any more: -1.
            Part::Section => self.block.raw(source.get(8..16).unwrap_or_default()).raw(&[0xff; 8]),
            _ => self.block.raw(source.get(8..16).unwrap_or_default()),
        };
        for (code, value) in Options::new(options_of(source, kept.part), self.order) {
            clock.option(code, value, self.order);
            if code != COMMENT || take(&mut self.about, &text(value)) {
                self.block.option(code, value);
            }
        }
        if kept.part == Part::Interface {
            self.clocks.push(clock);
        } else if self.begun == 1 {
            let mut room = ROOM.saturating_sub(self.block.len());
            for comment in &self.added {
                let Some(left) = room.checked_sub(comment.len() + 8) else { break };
                room = left;
                self.block.text(COMMENT, comment);
            }
        }
        self.out.write_all(self.block.end()?)?;
        Ok(())
    }

    /// Blocks that nothing is known of, byte for byte; statistics are looked at on the way.
    fn others(&mut self, kept: Kept) -> Result<(), Unsaved> {
        let mut at = kept.at;
        while at < kept.end() {
            let head = self.window.at(at, 8).ok_or_else(|| gone(at))?;
            let kind = self.order.u32(head, 0);
            let len = self.order.u32(head, 4).next_multiple_of(4);
            if len < pcapng::AROUND as u32 || len > MAX_BLOCK || u64::from(len) > kept.end() - at {
                // The source has been changed since it was read.
                return Err(gone(at));
            }
            let block = self.window.at(at, len as usize).ok_or_else(|| gone(at))?;
            self.out.write_all(block)?;
            if kind == pcapng::STATISTICS {
                let body = block.get(pcapng::BEFORE..block.len().saturating_sub(4)).unwrap_or_default();
                let interface = self.base.saturating_add(self.order.u32(body, 0) as usize);
                if let (Some(known), Some(lost)) = (self.dropped.get_mut(interface), pcapng::drops(self.order, body)) {
                    *known = lost.max(*known);
                }
            }
            at += u64::from(len);
        }
        Ok(())
    }

    fn frame(&mut self, id: FrameId, meta: &FrameMeta, more: &More) -> Result<(), Unsaved> {
        self.last = Some(*meta);
        if meta.interface == NO_INTERFACE {
            return self.no_frame(id, meta);
        }
        let Some(found) = self.find(meta) else { return self.anew(id, meta, more) };
        let source = self.window.at(found.at, found.len).ok_or(Unsaved::Unreadable(id))?;
        let end = source.len().saturating_sub(4);
        let rest = found.options.and_then(|at| source.get(at..end)).unwrap_or_default();
        if rest.is_empty() && more.comments.is_empty() && more.calls.is_empty() {
            self.out.write_all(source)?;
            return self.lost(meta, found.lost);
        }
        let Some(options_at) = found.options else { return self.anew(id, meta, more) };
        let order = self.order;
        let is_own = |code: u16, value: &[u8]| {
            use options::{CUSTOM_BYTES, CUSTOM_BYTES_STAYS, CUSTOM_TEXT, CUSTOM_TEXT_STAYS};
            matches!(code, CUSTOM_TEXT | CUSTOM_BYTES | CUSTOM_TEXT_STAYS | CUSTOM_BYTES_STAYS)
                && matches!(pcapng::own(order, value), Some(Payload::Call(_)))
        };
        let has_calls = Options::new(rest, order).any(|(code, value)| is_own(code, value));
        let mut lost = found.lost;
        let mut wanted = count(more.comments.iter().copied());
        let mut same = !has_calls && more.calls.is_empty();
        self.block.set_order(order);
        self.block.begin(order.u32(source, 0)).raw(source.get(8..options_at).unwrap_or_default());
        let fixed = self.block.len();
        for (code, value) in Options::new(rest, order) {
            if code == pcapng::EPB_DROPCOUNT && value.len() == 8 {
                lost = order.u64(value, 0);
            }
            let stays = match code {
                COMMENT => {
                    let comment = text(value);
                    let repeats_call = has_calls && comment.starts_with(CALL_COMMENT);
                    let stays = !repeats_call && take(&mut wanted, &comment);
                    same &= stays;
                    stays
                }
                _ => !is_own(code, value),
            };
            if stays {
                self.block.option(code, value);
            }
        }
        // What the source does not have yet, in its order, behind what it has.
        let mut added: Vec<&str> = more.comments.iter().rev().filter(|c| take(&mut wanted, c)).copied().collect();
        added.reverse();
        if same && added.is_empty() {
            self.out.write_all(source)?;
            return self.lost(meta, lost);
        }
        let too_long = put_on(&mut self.block, fixed, &added, &more.calls);
        self.out.write_all(self.block.end()?)?;
        for call in too_long {
            self.custom(&payload::of_call(call))?;
        }
        self.lost(meta, lost)
    }

    /// The source's block of a frame, if it still says of it what the trace says.
    fn find(&mut self, meta: &FrameMeta) -> Option<Found> {
        let (order, base) = (self.order, self.base);
        let local = usize::from(meta.interface).checked_sub(base)?;
        let clock = *self.clocks.get(usize::from(meta.interface))?;
        // In front of the bytes of an enhanced packet stand its two lengths; in front of those of a simple one, the block's
        // length, which is greater than theirs, and the length on the wire.
        let at = meta.offset.checked_sub(SIMPLE_HEAD as u64)?;
        let head = self.window.at(at, SIMPLE_HEAD)?;
        let padded = meta.cap_len.checked_next_multiple_of(4)? as usize;
        if order.u32(head, 4) != meta.cap_len {
            let len = order.u32(head, 4).checked_next_multiple_of(4)? as usize;
            let is_it = order.u32(head, 0) == pcapng::SIMPLE_PACKET
                && (SIMPLE_HEAD + padded + 4..=MAX_BLOCK as usize).contains(&len)
                && order.u32(head, 8).max(meta.cap_len) == meta.wire_len
                && local == 0;
            return is_it.then_some(Found { at, len, options: None, lost: 0 });
        }
        let at = meta.offset.checked_sub(PACKET_HEAD as u64)?;
        let head = self.window.at(at, PACKET_HEAD)?;
        let (kind, len) = (order.u32(head, 0), order.u32(head, 4).checked_next_multiple_of(4)? as usize);
        let (interface, lost) = match kind {
            pcapng::ENHANCED_PACKET => (order.u32(head, 8), 0),
            pcapng::PACKET => (u32::from(order.u16(head, 8)), order.u16(head, 10)),
            _ => return None,
        };
        let lost = if lost == pcapng::DROPS_UNKNOWN { 0 } else { u64::from(lost) };
        let ticks = u64::from(order.u32(head, 12)) << 32 | u64::from(order.u32(head, 16));
        let is_it = usize::try_from(interface).is_ok_and(|i| i == local)
            && clock.nanos(ticks) == meta.at
            && order.u32(head, 24).max(meta.cap_len) == meta.wire_len
            && (PACKET_HEAD + meta.cap_len as usize + 4..=MAX_BLOCK as usize).contains(&len);
        // Padding that is not there leaves no room for options either.
        let options = (PACKET_HEAD + padded).min(len - 4);
        is_it.then_some(Found { at, len, options: Some(options), lost })
    }

    /// A frame of which the source has no block of the kind that is needed, as an enhanced packet.
    fn anew(&mut self, id: FrameId, meta: &FrameMeta, more: &More) -> Result<(), Unsaved> {
        let local = usize::from(meta.interface).checked_sub(self.base);
        let (Some(local), Some(clock)) = (local, self.clocks.get(usize::from(meta.interface))) else {
            let words = format!("interface {} has not been described", meta.interface);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, words).into());
        };
        let ticks = clock.ticks(meta.at);
        let bytes = self.window.frame(id).ok_or(Unsaved::Unreadable(id))?;
        self.block.set_order(self.order);
        self.block.begin(pcapng::ENHANCED_PACKET).u32(local as u32).ticks(ticks);
        self.block.u32(meta.cap_len).u32(meta.wire_len.max(meta.cap_len)).raw(bytes).pad(0);
        let fixed = self.block.len();
        let too_long = put_on(&mut self.block, fixed, &more.comments, &more.calls);
        self.out.write_all(self.block.end()?)?;
        for call in too_long {
            self.custom(&payload::of_call(call))?;
        }
        Ok(())
    }

    /// A custom block or an entry of a journal, byte for byte.
    fn no_frame(&mut self, id: FrameId, meta: &FrameMeta) -> Result<(), Unsaved> {
        let order = self.order;
        let mut block = None;
        for (before, is_it) in [
            (12, [pcapng::CUSTOM, pcapng::CUSTOM_STAYS].as_slice()),
            (8, [pcapng::JOURNAL].as_slice()),
        ] {
            let Some(at) = meta.offset.checked_sub(before) else { continue };
            let Some(head) = self.window.at(at, 8) else { continue };
            let len = order.u32(head, 4).checked_next_multiple_of(4).unwrap_or(0);
            // Behind an entry of a journal there may be padding.
            let least = meta.wire_len.saturating_add(before as u32 + 4);
            if is_it.contains(&order.u32(head, 0)) && (least..=MAX_BLOCK).contains(&len) {
                block = Some((at, len as usize));
                break;
            }
        }
        let (at, len) = block.ok_or(Unsaved::Unreadable(id))?;
        let source = self.window.at(at, len).ok_or(Unsaved::Unreadable(id))?;
        self.out.write_all(source)?;
        Ok(())
    }

    fn lost(&mut self, meta: &FrameMeta, lost: u64) -> Result<(), Unsaved> {
        if let Some(known) = self.dropped.get_mut(usize::from(meta.interface)) {
            *known = known.saturating_add(lost);
        }
        Ok(())
    }

    /// Statistics for the interfaces of this section whose losses are not in what was copied.
    fn losses(&mut self) -> Result<(), Unsaved> {
        let at = self.last.map(|m| m.at).unwrap_or_default();
        for interface in self.base..self.clocks.len() {
            let (Some(known), Some(truth)) = (self.dropped.get(interface), self.trace.dropped.get(interface)) else { break };
            if known < truth {
                let ticks = self.clocks.get(interface).map_or(0, |c| c.ticks(at));
                self.block.set_order(self.order);
                self.block.begin(pcapng::STATISTICS).u32((interface - self.base) as u32).ticks(ticks);
                self.block.option(ISB_IFDROP, &self.order.bytes64(*truth));
                self.out.write_all(self.block.end()?)?;
            }
        }
        Ok(())
    }

    /// What found no place on a frame, as a block of its own.
    fn custom(&mut self, payload: &[u8]) -> Result<(), Unsaved> {
        if payload.len() > ROOM {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "this note is too long for a capture file").into());
        }
        self.block.set_order(self.order);
        self.block.begin(pcapng::CUSTOM).u32(payload::ENTERPRISE).raw(payload).pad(b' ');
        self.out.write_all(self.block.end()?)?;
        Ok(())
    }
}

/// Where a frame's block stands, and what of it matters here.
struct Found {
    at: u64,
    len: usize,
    /// Where in the block its options begin. `None`: a simple packet, which has none.
    options: Option<usize>,
    /// Frames that its fixed fields say were lost before it.
    lost: u64,
}

/// Adds comments and calls to a block whose fixed part and frame take `fixed` bytes. Gives back the calls that would make
/// it longer than readers take.
fn put_on<'t>(block: &mut Block, fixed: usize, comments: &[&str], calls: &[(&'t Call, Vec<u8>)]) -> Vec<&'t Call> {
    let mut room = ROOM.saturating_sub(block.len() - fixed);
    for comment in comments {
        let Some(left) = room.checked_sub(comment.len() + 8) else { break };
        room = left;
        block.text(COMMENT, comment);
    }
    let mut too_long = Vec::new();
    for (call, payload) in calls {
        let sentence = payload::sentence(call);
        if block.len() + sentence.len() + payload.len() + 64 > MAX_BLOCK as usize {
            too_long.push(*call);
            continue;
        }
        block.text(COMMENT, &sentence).custom(payload);
    }
    too_long
}
