//! Datagrams that came in fragments (RFC 791 §3.2, RFC 8200 §4.5), put together again.
//!
//! In: fragments, in the order of the capture. Out: the whole datagram on the frame that completes it; and, when somebody looks at
//! that frame, the same again with the frame of each byte. What waits is bounded by the limits below; the oldest gives way. Where
//! fragments overlap, the bytes of the one that begins first win, and a difference is told (as Wireshark does): there may be an
//! attack behind it (RFC 1858, RFC 5722).

use super::Index;
use crate::trace::{FrameId, Trace, frame_number};
use crate::wire::lean::{self, Lean, Piece};
use crate::wire::{Field, Span, Value, ipv4, ipv6_ext};
use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;

/// Datagrams that wait for fragments at once.
pub const MAX_DATAGRAMS: usize = 1024;
/// Bytes that wait, of all datagrams.
pub const MAX_BYTES: usize = 32 << 20;
/// Fragments of one datagram.
pub const MAX_PARTS: usize = 8192;
/// Frames after which a datagram that is still not whole gives way.
pub const MAX_AGE: FrameId = 1 << 22;
/// What keeping a fragment costs besides its bytes.
const PART_COST: usize = 64;

/// What fragments of one datagram have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    src: IpAddr,
    dst: IpAddr,
    id: u32,
    /// IPv4 only: with IPv6 the first fragment decides.
    proto: u8,
}

/// One fragment.
struct Part {
    frame: FrameId,
    offset: u32,
    bytes: Vec<u8>,
    overlap: bool,
    conflict: bool,
    /// It says that the datagram ends elsewhere than another fragment says.
    other_end: bool,
    too_long: bool,
}

/// A datagram in the making. Parts by offset; at the same offset in the order of their coming.
#[derive(Default)]
struct Datagram {
    parts: Vec<Part>,
    len: Option<u32>,
    held: usize,
    newest: FrameId,
    /// Carried by the first fragment.
    proto: u8,
}

impl Datagram {
    fn add(&mut self, frame: FrameId, piece: &Piece, bytes: &[u8]) {
        let end = piece.offset.saturating_add(bytes.len() as u32);
        let mut part = Part {
            frame,
            offset: piece.offset,
            bytes: bytes.to_vec(),
            overlap: false,
            conflict: false,
            other_end: false,
            too_long: false,
        };
        if !piece.more {
            match self.len {
                Some(len) if len != end => part.other_end = true,
                _ => self.len = Some(end),
            }
        }
        if piece.offset == 0 || self.parts.is_empty() {
            self.proto = piece.proto;
        }
        self.held += bytes.len() + PART_COST;
        self.newest = frame;
        let at = self.parts.partition_point(|p| p.offset <= part.offset);
        self.parts.insert(at, part);
    }

    fn is_whole(&self) -> bool {
        let Some(len) = self.len else { return false };
        let mut reached = 0;
        for part in &self.parts {
            if part.offset > reached {
                break;
            }
            reached = reached.max(part.offset.saturating_add(part.bytes.len() as u32));
        }
        reached >= len
    }

    /// The bytes, and where each run of them came from: (start here, frame, start in the fragment, length).
    fn put_together(&mut self) -> (Vec<u8>, Vec<(u32, FrameId, u32, u32)>) {
        let len = self.len.unwrap_or(0) as usize;
        let mut out: Vec<u8> = Vec::with_capacity(len);
        let mut runs = Vec::new();
        for part in &mut self.parts {
            let from = part.offset as usize;
            if from < out.len() {
                part.overlap = true;
                let both = part.bytes.len().min(out.len() - from);
                part.conflict = out.get(from..from + both) != part.bytes.get(..both);
            }
            part.too_long = from.saturating_add(part.bytes.len()) > len;
            let known = out.len().saturating_sub(from);
            let new = part.bytes.get(known..).unwrap_or(&[]);
            let new = new.get(..len.saturating_sub(out.len())).unwrap_or(new);
            if !new.is_empty() {
                runs.push((out.len() as u32, part.frame, known as u32, new.len() as u32));
                out.extend_from_slice(new);
            }
        }
        (out, runs)
    }
}

/// A datagram that is whole.
pub struct Whole {
    pub src: IpAddr,
    pub dst: IpAddr,
    pub proto: u8,
    /// What the IP header carried.
    pub bytes: Vec<u8>,
    /// The frames of its fragments, in the order of their coming.
    pub frames: Box<[FrameId]>,
}

/// Datagrams that wait for the rest of them.
#[derive(Default)]
pub struct Fragments {
    waiting: HashMap<Key, Datagram>,
    /// Their keys with their first frame, the oldest first; some are gone already.
    order: VecDeque<(FrameId, Key)>,
    held: usize,
    /// Datagrams that gave way before they were whole.
    pub given_up: u64,
}

impl Fragments {
    /// The next fragment. Returns the datagram that it completes.
    pub fn push(&mut self, frame: FrameId, bytes: &[u8], lean: &Lean) -> Option<Whole> {
        let piece = lean::piece(bytes, lean)?;
        let key = Key { src: lean.src, dst: lean.dst, id: piece.id, proto: if lean.src.is_ipv4() { piece.proto } else { 0 } };
        let payload = piece.payload.of(bytes);
        let datagram = self.waiting.entry(key).or_insert_with(|| {
            self.order.push_back((frame, key));
            Datagram::default()
        });
        self.held -= datagram.held;
        datagram.add(frame, &piece, payload);
        if datagram.is_whole() {
            let mut datagram = self.waiting.remove(&key)?;
            let mut frames: Vec<FrameId> = datagram.parts.iter().map(|p| p.frame).collect();
            frames.sort_unstable();
            let (bytes, _) = datagram.put_together();
            return Some(Whole { src: lean.src, dst: lean.dst, proto: datagram.proto, bytes, frames: frames.into() });
        }
        self.held += datagram.held;
        if datagram.parts.len() > MAX_PARTS {
            self.drop(&key);
        }
        self.make_room(frame);
        None
    }

    fn drop(&mut self, key: &Key) {
        if let Some(gone) = self.waiting.remove(key) {
            self.held -= gone.held;
            self.given_up += 1;
        }
    }

    fn make_room(&mut self, now: FrameId) {
        while let Some((since, key)) = self.order.front().copied() {
            let full = self.waiting.len() > MAX_DATAGRAMS || self.held > MAX_BYTES || self.order.len() > 4 * MAX_DATAGRAMS;
            if !full && now.saturating_sub(since) <= MAX_AGE && self.waiting.contains_key(&key) {
                break;
            }
            self.order.pop_front();
            // The key may belong to a younger datagram by now: that one stays.
            if !self.order.iter().take(64).any(|(_, k)| *k == key) {
                self.drop(&key);
            }
        }
    }
}

/// A datagram put together again for the eye.
pub struct Again {
    pub bytes: Vec<u8>,
    pub src: IpAddr,
    pub dst: IpAddr,
    pub proto: u8,
    /// Where the part of the frame that was asked for stands: (start here, span in the frame).
    pub in_frame: Vec<(u32, Span)>,
    pub fragments: usize,
    /// Wireshark's fields about it, for the layer of the IP header.
    pub fields: Vec<Field>,
}

/// The datagram that `frame` completed. `None`: it completed none.
pub fn again(trace: &Trace, index: &Index, frame: FrameId) -> Option<Again> {
    let frames = index.whole(frame)?;
    let mut datagram = Datagram::default();
    let mut buf = Vec::new();
    let mut own = None;
    let mut ips = None;
    for &id in frames {
        let part = trace.frame(id, &mut buf)?;
        let lean = lean::read(part.link, part.bytes, part.meta.wire_len as usize)?;
        let piece = lean::piece(part.bytes, &lean)?;
        datagram.add(id, &piece, piece.payload.of(part.bytes));
        if id == frame {
            own = Some(piece.payload.start);
        }
        ips = Some((lean.src, lean.dst));
    }
    let (src, dst) = ips?;
    let (bytes, runs) = datagram.put_together();
    let start = own?;
    let here = runs.iter().filter(|(_, id, ..)| *id == frame);
    let in_frame = here.map(|&(at, _, from, len)| (at, Span { start: start.saturating_add(from), len })).collect();
    let fields = fields(&datagram, src.is_ipv4(), &bytes);
    Some(Again { src, dst, proto: datagram.proto, in_frame, fragments: datagram.parts.len(), fields, bytes })
}

/// What Wireshark tells of the fragments. The bytes of `ip.fragments` are in another buffer: they are printed here.
fn fields(datagram: &Datagram, v4: bool, bytes: &[u8]) -> Vec<Field> {
    let defs = if v4 { &ipv4::FRAGMENT_FIELDS } else { &ipv6_ext::FRAGMENT_FIELDS };
    let computed = |def, value| Field::new(def, value, Span::NONE);
    let flag = |def| computed(def, Value::Bool(true));
    let mut out = Vec::new();
    for part in &datagram.parts {
        let told = part.conflict || part.other_end || part.too_long;
        let def = if told { defs.error } else { defs.fragment };
        let mut field = computed(def, Value::Uint(frame_number(part.frame)));
        let last = part.offset.saturating_add(part.bytes.len() as u32).saturating_sub(1);
        field.meaning = Some(format!("payload {}-{last} ({} bytes)", part.offset, part.bytes.len()));
        let flags = [
            (part.overlap, defs.overlap),
            (part.conflict, defs.conflict),
            (part.other_end, defs.tails),
            (part.too_long, defs.too_long),
        ];
        field.children = flags.into_iter().filter(|(on, _)| *on).map(|(_, def)| flag(def)).collect();
        out.push(field);
    }
    out.push(computed(defs.count, Value::Uint(datagram.parts.len() as u64)));
    out.push(computed(defs.length, Value::Uint(bytes.len() as u64)));
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    out.push(computed(defs.data, Value::Text(hex.clone())));
    // Wireshark shows IPv4's as bytes, IPv6's as a heading.
    vec![computed(defs.all, if v4 { Value::Text(hex) } else { Value::None }).with(out)]
}

/// A frame's bytes as conversations have them: those of the datagram that it completed, else its own; and how they read leanly.
pub fn read_again<'a>(trace: &Trace, index: &Index, frame: FrameId, buf: &'a mut Vec<u8>) -> Option<(Lean, Cow<'a, [u8]>)> {
    if index.whole(frame).is_some() {
        let again = again(trace, index, frame)?;
        let lean = lean::carried(&again.bytes, again.proto, again.src, again.dst);
        return Some((lean, Cow::Owned(again.bytes)));
    }
    let frame = trace.frame(frame, buf)?;
    let lean = lean::read(frame.link, frame.bytes, frame.meta.wire_len as usize)?;
    Some((lean, Cow::Borrowed(frame.bytes)))
}

/// A frame's bytes as [`Row::payload_at`](super::Row::payload_at) counts in them.
pub fn bytes_of<'a>(trace: &Trace, index: &Index, frame: FrameId, buf: &'a mut Vec<u8>) -> Option<Cow<'a, [u8]>> {
    if index.whole(frame).is_some() {
        return Some(Cow::Owned(again(trace, index, frame)?.bytes));
    }
    Some(Cow::Borrowed(trace.frame(frame, buf)?.bytes))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::wire::LinkType;

    fn packet(id: u16, at: usize, more: bool, data: &[u8]) -> Vec<u8> {
        let total = (20 + data.len()) as u16;
        let word = (at / 8) as u16 | u16::from(more) << 13;
        let mut p = vec![0x45, 0];
        p.extend(total.to_be_bytes());
        p.extend(id.to_be_bytes());
        p.extend(word.to_be_bytes());
        p.extend([64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
        p.extend(data);
        p
    }

    fn push(fragments: &mut Fragments, frame: FrameId, packet: &[u8]) -> Option<Vec<u8>> {
        let lean = lean::read(LinkType::RAW, packet, packet.len()).unwrap();
        assert!(lean.held, "a whole fragment waits");
        fragments.push(frame, packet, &lean).map(|w| w.bytes)
    }

    #[test]
    fn any_order_gives_the_same_datagram() {
        let all: Vec<u8> = (0..40).collect();
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]] {
            let mut fragments = Fragments::default();
            let mut whole = None;
            for (n, i) in order.into_iter().enumerate() {
                let part = &all[i * 16..(i * 16 + 16).min(40)];
                assert!(whole.is_none());
                whole = push(&mut fragments, n as u32, &packet(7, i * 16, i < 2, part));
            }
            assert_eq!(whole.as_deref(), Some(&all[..]), "{order:?}");
            assert_eq!((fragments.held, fragments.waiting.len()), (0, 0));
        }
    }

    #[test]
    fn other_bytes_in_an_overlap_do_not_replace_those_that_begin_first() {
        let mut fragments = Fragments::default();
        assert!(push(&mut fragments, 0, &packet(7, 8, false, &[2; 16])).is_none());
        let whole = push(&mut fragments, 1, &packet(7, 0, true, &[1; 16])).unwrap();
        assert_eq!(whole, [[1u8; 8], [1; 8], [2; 8]].concat());
    }

    #[test]
    fn fragments_of_different_datagrams_are_not_mixed() {
        let mut fragments = Fragments::default();
        assert!(push(&mut fragments, 0, &packet(7, 0, true, &[1; 8])).is_none());
        assert!(push(&mut fragments, 1, &packet(8, 8, false, &[2; 8])).is_none());
    }

    #[test]
    fn a_flood_of_beginnings_is_bounded() {
        let mut fragments = Fragments::default();
        for n in 0..20_000u32 {
            let part = packet(n as u16, (n as usize % 7) * 800, true, &[0; 800]);
            assert!(push(&mut fragments, n, &part).is_none());
        }
        assert!(fragments.waiting.len() <= MAX_DATAGRAMS && fragments.order.len() <= 4 * MAX_DATAGRAMS + 1);
        assert!(fragments.held <= MAX_BYTES && fragments.given_up > 0);
        let held: usize = fragments.waiting.values().map(|d| d.held).sum();
        assert_eq!(held, fragments.held);
    }
}
