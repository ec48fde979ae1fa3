//! One direction's bytes in the order in which their segments came, as tshark reads them unless told otherwise.
//!
//! In: the payload of each segment, in the order of the capture, and how far the message goes that is open now. Out:
//! [`Piece`]s. Nothing waits for a hole but the message in which the hole is: a segment that is not a part of it is read as
//! a beginning of its own, wherever it stands in the stream. This follows Wireshark 4.0 without
//! `tcp.reassemble_out_of_order`, so that the columns of `read` can be compared; the true order is [`super::assemble`]'s.

use super::assemble::{MAX_HELD, MAX_HELD_SEGMENTS, Piece, Source};
use std::collections::BTreeMap;

/// Messages of several segments that are remembered, so that copies of them are known.
const MAX_KNOWN: usize = 4096;

/// The message that is being read in a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    pub begin: u64,
    /// It surely goes up to here; `None`: its end is not known yet.
    pub until: Option<u64>,
}

/// A segment's payload.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Offset in the stream.
    pub at: i64,
    pub bytes: &'a [u8],
    /// The capture has only a part of it.
    pub cut: bool,
    /// Wireshark calls it a retransmission (and not a fast or a spurious one, which it reads again).
    pub again: bool,
    pub from: Source,
}

/// Who reads the bytes.
pub trait Reads {
    /// The message that is open now.
    fn open(&self) -> Option<Open>;
    fn take(&mut self, piece: Piece<'_>);
    /// What is open ends here for this reader, cut off, and is shown on the frame at hand as far as it goes.
    fn cut_off(&mut self);
}

/// One direction of one connection.
#[derive(Default)]
pub struct Arrival {
    /// The offset behind the byte that was delivered last.
    next: u64,
    /// What came too early for the open message, by offset.
    held: BTreeMap<u64, (Box<[u8]>, Source)>,
    held_bytes: usize,
    /// Messages that took several segments: begin and end.
    known: BTreeMap<u64, u64>,
    over: bool,
}

impl Arrival {
    pub fn push(&mut self, part: Part<'_>, reader: &mut dyn Reads) {
        let skip = usize::try_from(part.at.saturating_neg()).unwrap_or(0);
        let bytes = part.bytes.get(skip..).unwrap_or(&[]);
        let at = part.at.max(0) as u64;
        let end = at + bytes.len() as u64;
        if self.over || bytes.is_empty() || part.again || self.known.contains_key(&at) {
            return;
        }
        let part = Part { bytes, ..part };
        if part.cut {
            self.jump(at, reader);
            self.deliver(at, part.bytes, part.from, reader);
            reader.cut_off();
            return;
        }
        match reader.open() {
            Some(open) => {
                let until = open.until.unwrap_or(self.next.saturating_add(1)).max(self.next.saturating_add(1));
                if at <= self.next && end > self.next {
                    let new = bytes.get((self.next - at) as usize..).unwrap_or(&[]);
                    self.deliver(self.next, new, part.from, reader);
                } else if at > self.next && at < until {
                    self.hold(at, bytes, part.from);
                } else if at >= until {
                    self.jump(at, reader);
                    self.deliver(at, bytes, part.from, reader);
                }
            }
            None => {
                let inside = self.known.range(..=at).next_back().is_some_and(|(_, known_end)| at < *known_end);
                if at != self.next && !inside {
                    self.jump(at, reader);
                }
                let from = if inside { self.next.max(at) } else { at };
                let new = usize::try_from(from - at).ok().and_then(|skip| bytes.get(skip..)).unwrap_or(&[]);
                if !new.is_empty() {
                    self.deliver(from, new, part.from, reader);
                }
            }
        }
        self.release(reader);
    }

    /// A FIN: what goes on until the end of the stream ends here.
    pub fn fin(&mut self, reader: &mut dyn Reads) {
        if !self.over && reader.open().is_some_and(|open| open.until.is_none()) {
            self.over = true;
            reader.take(Piece::End { at: self.next, orderly: true });
        }
    }

    /// Nothing more comes.
    pub fn finish(&mut self, reader: &mut dyn Reads) {
        if !std::mem::replace(&mut self.over, true) {
            reader.take(Piece::End { at: self.next, orderly: false });
        }
        self.held.clear();
    }

    fn deliver(&mut self, at: u64, bytes: &[u8], from: Source, reader: &mut dyn Reads) {
        let before = reader.open();
        self.next = at + bytes.len() as u64;
        reader.take(Piece::Bytes { at, bytes, from });
        let after = reader.open();
        if let Some(open) = before.filter(|b| after.is_none_or(|a| a.begin != b.begin)) {
            // It went at most as far as the next one begins.
            let end = after.map_or(self.next, |a| a.begin);
            self.known.insert(open.begin, open.until.unwrap_or(end).min(end));
        }
        if let Some(open) = after {
            self.known.insert(open.begin, self.next);
        }
        if self.known.len() > MAX_KNOWN {
            self.known.pop_first();
        }
    }

    fn jump(&mut self, to: u64, reader: &mut dyn Reads) {
        if to != self.next || reader.open().is_some() {
            self.next = to;
            self.held.clear();
            self.held_bytes = 0;
            reader.take(Piece::Jump { to });
        }
    }

    fn hold(&mut self, at: u64, bytes: &[u8], from: Source) {
        if self.held_bytes + bytes.len() <= MAX_HELD && self.held.len() < MAX_HELD_SEGMENTS {
            self.held.entry(at).or_insert_with(|| {
                self.held_bytes += bytes.len();
                (bytes.into(), from)
            });
        }
    }

    fn release(&mut self, reader: &mut dyn Reads) {
        while let Some(entry) = self.held.first_entry() {
            if *entry.key() > self.next {
                break;
            }
            let (at, (bytes, from)) = entry.remove_entry();
            self.held_bytes = self.held_bytes.saturating_sub(bytes.len());
            let new = usize::try_from(self.next - at).ok().and_then(|skip| bytes.get(skip..)).unwrap_or(&[]);
            if !new.is_empty() {
                self.deliver(self.next, new, from, reader);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::trace::Nanos;

    /// A protocol of messages that begin with their length in one digit.
    #[derive(Default)]
    struct Digits {
        at: u64,
        open: Option<Open>,
        text: String,
        said: Vec<String>,
    }

    impl Reads for Digits {
        fn open(&self) -> Option<Open> {
            self.open
        }

        fn take(&mut self, piece: Piece<'_>) {
            match piece {
                Piece::Bytes { at, bytes, .. } => {
                    assert_eq!(at, self.at, "bytes come where the reading stands");
                    for b in bytes {
                        let open = *self.open.get_or_insert_with(|| Open {
                            begin: self.at,
                            until: Some(self.at + 1 + u64::from(b.saturating_sub(b'0'))),
                        });
                        self.text.push(char::from(*b));
                        self.at += 1;
                        if open.until == Some(self.at) {
                            self.open = None;
                            self.said.push(std::mem::take(&mut self.text));
                        }
                    }
                }
                Piece::Jump { to } => {
                    self.at = to;
                    self.open = None;
                    self.text.clear();
                }
                Piece::Gap { .. } | Piece::End { .. } => {}
            }
        }

        fn cut_off(&mut self) {
            self.open = None;
            self.said.push(format!("{}…", std::mem::take(&mut self.text)));
        }
    }

    fn said(parts: &[(i64, &str, bool)]) -> Vec<String> {
        let (mut arrival, mut digits) = (Arrival::default(), Digits::default());
        for (n, (at, text, again)) in parts.iter().enumerate() {
            let from = Source { frame: n as u32, at: Nanos(0) };
            let part = Part { at: *at, bytes: text.as_bytes(), cut: text.ends_with('~'), again: *again, from };
            arrival.push(part, &mut digits);
        }
        digits.said
    }

    #[test]
    fn a_hole_in_a_message_is_waited_for() {
        assert_eq!(said(&[(0, "5ab", false), (4, "de", false), (3, "c", false)]), ["5abcde"]);
    }

    #[test]
    fn a_segment_behind_a_hole_between_messages_is_read_at_once_and_the_late_one_on_its_own() {
        assert_eq!(said(&[(0, "1a", false), (4, "1c", false), (2, "1b", false), (6, "1d", false)]), ["1a", "1c", "1b", "1d"]);
    }

    #[test]
    fn a_retransmission_is_not_read_again_but_a_spurious_one_is() {
        assert_eq!(said(&[(0, "1a", false), (0, "1a", true)]), ["1a"]);
        assert_eq!(said(&[(0, "1a", false), (0, "1a", false)]), ["1a", "1a"]);
    }

    #[test]
    fn copies_of_a_message_of_several_segments_are_known() {
        assert_eq!(said(&[(0, "3a", false), (2, "bc", false), (0, "3a", false), (2, "bc", false)]), ["3abc"]);
    }

    #[test]
    fn a_segment_beyond_the_open_message_is_a_beginning() {
        assert_eq!(said(&[(0, "5ab", false), (6, "1z", false)]), ["1z"]);
    }

    #[test]
    fn what_the_capture_cut_is_shown_as_far_as_it_goes() {
        assert_eq!(said(&[(0, "9ab~", false), (20, "1z", false)]), ["9ab~…", "1z"]);
    }
}
