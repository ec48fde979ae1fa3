//! Reading a capture as its bytes come: a push parser that opens nothing.
//!
//! In: the bytes of a `.pcap` or `.pcapng` from its beginning, in pieces of any size. Out: [`Record`]s in the order of the
//! file, with each frame's bytes borrowed from the piece where they lie whole. A length in the file is a claim: it is checked
//! before it is used, so that the memory held stays below [`MAX_BLOCK`] whatever the bytes say. What is broken ends in a
//! [`Damage`] with words; all records before it have been handed out by then.
//!
//! A growing file is read by feeding what has been appended. A record that is not whole yet is kept; only
//! [`Parser::finish`] calls it cut off.

pub(super) mod clock;
mod fault;
mod names;
pub(super) mod options;
pub(super) mod order;
mod pcap;
pub(super) mod pcapng;
mod sniff;

use super::{Damage, FrameMeta, Record};
use crate::lang::Text;

/// The longest frame believed, in bytes: four times libpcap's own limit, since Linux can hand over 512 KiB at once (BIG TCP).
pub const MAX_FRAME: u32 = 1 << 20;

/// The longest pcapng block believed, in bytes. Wireshark has the same limit.
pub const MAX_BLOCK: u32 = 16 << 20;

/// The most frames a capture can have: they are numbered by 32 bits, of which the last numbers mean "none".
pub const MAX_FRAMES: u64 = u32::MAX as u64 - 1;

/// The most names of addresses taken from a file. What is beyond stays in the file and is saved with it.
pub const MAX_NAMES: u32 = 100_000;

/// Room that is kept for the next record that straddles two pieces.
const KEEP: usize = 1 << 18;

/// Reads one capture file. Make one a file.
#[derive(Debug)]
pub struct Parser {
    format: Format,
    /// The beginning of a record whose rest has not come yet.
    carry: Vec<u8>,
    /// Where the next record begins in the file.
    next: u64,
    frames: u64,
    most: u64,
    damage: Option<Damage>,
}

impl Default for Parser {
    fn default() -> Self {
        Self::up_to(MAX_FRAMES)
    }
}

#[derive(Debug, Default)]
enum Format {
    #[default]
    Unknown,
    Pcap(pcap::Reader),
    Pcapng(pcapng::Reader),
}

/// What a reader did with the bytes it was shown.
enum Step {
    /// So many were one whole record.
    Used(usize),
    /// The record is not whole: it needs so many bytes, counted from its beginning, more than there were.
    Need(usize),
    Broken(Text),
    NotACapture(Text),
}

/// Where readers put what they find.
struct Out<'a> {
    frames: &'a mut u64,
    sink: &'a mut dyn FnMut(Record, &[u8]),
}

impl Out<'_> {
    #[inline]
    fn frame(&mut self, meta: FrameMeta, comments: Vec<String>, bytes: &[u8]) {
        *self.frames += 1;
        (self.sink)(Record::Frame(meta, comments), bytes);
    }

    fn record(&mut self, record: Record) {
        (self.sink)(record, &[]);
    }
}

impl Parser {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes at most `frames` frames; one more is damage with words. No more than [`MAX_FRAMES`].
    pub fn up_to(frames: u64) -> Self {
        let most = frames.min(MAX_FRAMES);
        Self { format: Format::Unknown, carry: Vec::new(), next: 0, frames: 0, most, damage: None }
    }

    /// Takes the next bytes of the file and gives `sink` what they complete: a record, and for [`Record::Frame`] its bytes
    /// (else none). After damage nothing more is read.
    pub fn feed(&mut self, bytes: &[u8], sink: &mut dyn FnMut(Record, &[u8])) {
        let mut rest = bytes;
        while self.damage.is_none() && !self.carry.is_empty() {
            let mut carry = std::mem::take(&mut self.carry);
            match self.step(&carry, sink) {
                Step::Used(n) => {
                    carry.drain(..n.min(carry.len()));
                    carry.shrink_to(KEEP);
                    self.carry = carry;
                }
                Step::Need(total) => {
                    let missing = total.saturating_sub(carry.len());
                    let (now, later) = rest.split_at(missing.min(rest.len()));
                    carry.extend_from_slice(now);
                    self.carry = carry;
                    rest = later;
                    if now.len() < missing {
                        return;
                    }
                }
                Step::Broken(_) | Step::NotACapture(_) => return,
            }
        }
        while self.damage.is_none() {
            if let Format::Pcap(reader) = &mut self.format {
                let used = reader.run(self.next, rest, self.most, &mut Out { frames: &mut self.frames, sink });
                self.next += used as u64;
                rest = rest.get(used..).unwrap_or_default();
            }
            match self.step(rest, sink) {
                Step::Used(n) => rest = rest.get(n..).unwrap_or_default(),
                Step::Need(_) => return self.carry.extend_from_slice(rest),
                Step::Broken(_) | Step::NotACapture(_) => return,
            }
        }
    }

    /// The file has ended: a record that is not whole is damage now. Returns what [`Parser::damage`] says.
    pub fn finish(&mut self) -> Option<Damage> {
        if self.damage.is_none() {
            if matches!(self.format, Format::Unknown) {
                self.damage = Some(Damage { at: 0, why: sniff::seems(&self.carry) });
            } else if !self.carry.is_empty() {
                self.damage = Some(fault::damage(self.next, self.frames, &fault::cut_off(self.carry.len())));
            }
            self.carry = Vec::new();
        }
        self.damage.clone()
    }

    /// Where the file is broken, once that has been seen.
    pub fn damage(&self) -> Option<&Damage> {
        self.damage.as_ref()
    }

    /// Bytes taken so far: the offset in the file of what is to be fed next. After damage: where the damage begins.
    pub fn at(&self) -> u64 {
        self.next + self.carry.len() as u64
    }

    /// Bytes kept of a record that is not whole yet; never more than [`MAX_BLOCK`].
    pub fn held(&self) -> usize {
        self.carry.len()
    }

    /// Frames found so far.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    #[inline]
    fn step(&mut self, bytes: &[u8], sink: &mut dyn FnMut(Record, &[u8])) -> Step {
        if self.frames >= self.most && !bytes.is_empty() {
            let what = fault::too_many_frames(self.most);
            self.damage = Some(fault::damage(self.next, self.frames, &what));
            return Step::Broken(what);
        }
        let mut out = Out { frames: &mut self.frames, sink };
        let step = match &mut self.format {
            Format::Pcap(reader) => reader.step(self.next, bytes, &mut out),
            Format::Pcapng(reader) => reader.step(self.next, bytes, &mut out),
            Format::Unknown => match sniff::format(bytes) {
                Ok(format) => {
                    self.format = format;
                    // Nothing has been used yet: the reader begins with the same bytes.
                    Step::Used(0)
                }
                Err(step) => step,
            },
        };
        match &step {
            Step::Used(n) => self.next += *n as u64,
            Step::Need(_) => {}
            Step::Broken(what) => self.damage = Some(fault::damage(self.next, self.frames, what)),
            Step::NotACapture(why) => self.damage = Some(Damage { at: 0, why: why.clone() }),
        }
        step
    }
}
