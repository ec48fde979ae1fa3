//! Writing pcapng, one block at a time (draft-ietf-opsawg-pcapng): for a live spool, and under [`super::save`].
//!
//! In: interfaces, frames, calls, losses and comments as they come. Out: one `write_all` a block, little-endian,
//! nanoseconds. Nothing is buffered here: give a `BufWriter` and flush it when a reader should see the blocks. A live spool's
//! calls and comments are custom blocks, which other programs skip (tshark counts them as frames); in a saved file the calls
//! are options of frames instead.

use super::block::Block;
use crate::trace::payload::{self, ENTERPRISE};
use crate::trace::read::{MAX_BLOCK, MAX_FRAME};
use crate::trace::{Call, FrameMeta, Interface, Nanos, Note, Sockets};
use std::io::{self, Write};

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const STATISTICS: u32 = 5;
const ENHANCED_PACKET: u32 = 6;
const CUSTOM: u32 = 0x0000_0bad;

const COMMENT: u16 = 1;
const SHB_USERAPPL: u16 = 4;
const IF_NAME: u16 = 2;
const IF_DESCRIPTION: u16 = 3;
const IF_SPEED: u16 = 8;
const IF_FCSLEN: u16 = 13;
const IF_TSRESOL: u16 = 9;
const IF_FILTER: u16 = 11;
const IF_TSOFFSET: u16 = 14;
const ISB_IFDROP: u16 = 5;

#[derive(Debug)]
pub struct PcapngWriter<W: Write> {
    out: W,
    block: Block,
    /// Seconds since 1970 from which the time stamps count.
    epoch_secs: i64,
    interfaces: u32,
    written: u64,
}

impl<W: Write> PcapngWriter<W> {
    /// Begins a file. `about`: comments on the whole capture that are known by now.
    pub fn new(out: W, about: &[String]) -> io::Result<Self> {
        Self::with_epoch(out, about, 0)
    }

    /// As [`Self::new`], for frames from before 1970: time stamps count from `epoch_secs`.
    pub(super) fn with_epoch(out: W, about: &[String], epoch_secs: i64) -> io::Result<Self> {
        let mut writer = Self { out, block: Block::default(), epoch_secs, interfaces: 0, written: 0 };
        let block = writer.block.begin(SECTION).u32(0x1a2b_3c4d).u16(1).u16(0);
        // The length of the section is not known: -1.
        block.raw(&(-1i64).to_le_bytes()).text(SHB_USERAPPL, "osiscope");
        // The header is one block that every reader must take: a comment that would make it too long stays out.
        let mut room = MAX_BLOCK as usize / 2;
        for comment in about {
            let Some(left) = room.checked_sub(comment.len() + 8) else { break };
            room = left;
            block.text(COMMENT, comment);
        }
        writer.put()?;
        Ok(writer)
    }

    /// Describes the next interface. The first is number 0.
    pub fn interface(&mut self, interface: &Interface) -> io::Result<()> {
        let block = self.block.begin(INTERFACE).u16(interface.link.0).u16(0).u32(interface.snap_len);
        if let Some(name) = &interface.name {
            block.text(IF_NAME, name);
        }
        if let Some(description) = &interface.description {
            block.text(IF_DESCRIPTION, description);
        }
        if let Some(speed) = interface.speed {
            block.option(IF_SPEED, &speed.to_le_bytes());
        }
        if let Some(len) = interface.fcs_len {
            // Readers, ours too, take small numbers for bytes and others for bits.
            block.option(IF_FCSLEN, &[if len < 8 { len } else { len.saturating_mul(8) }]);
        }
        if let Some(filter) = &interface.filter {
            // 0: the filter in words.
            block.text(IF_FILTER, &format!("\0{filter}"));
        }
        block.option(IF_TSRESOL, &[9]);
        if self.epoch_secs != 0 {
            block.option(IF_TSOFFSET, &self.epoch_secs.to_le_bytes());
        }
        self.interfaces += 1;
        self.put().map(drop)
    }

    /// Adds a frame and says where its bytes begin in the file. Of `meta`, its place and `cap_len` do not count: `bytes` do.
    pub fn frame(&mut self, meta: &FrameMeta, bytes: &[u8], comments: &[&str]) -> io::Result<u64> {
        self.frame_with_calls(meta, bytes, comments, &[])
    }

    /// A frame that carries socket calls: each as a custom option, and in words as a comment.
    pub(super) fn frame_with_calls(
        &mut self,
        meta: &FrameMeta,
        bytes: &[u8],
        comments: &[&str],
        calls: &[(&Call, Vec<u8>)],
    ) -> io::Result<u64> {
        if u32::from(meta.interface) >= self.interfaces {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("interface {} has not been described", meta.interface),
            ));
        }
        let cap_len = u32::try_from(bytes.len()).ok().filter(|n| *n <= MAX_FRAME);
        let Some(cap_len) = cap_len else {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("a frame of {} bytes is too long", bytes.len()),
            ));
        };
        let ticks = self.ticks(meta.at);
        let block = self.block.begin(ENHANCED_PACKET).u32(u32::from(meta.interface)).ticks(ticks);
        block.u32(cap_len).u32(meta.wire_len.max(cap_len)).raw(bytes).pad(0);
        let mut room = MAX_BLOCK as usize / 2;
        for comment in comments {
            let Some(left) = room.checked_sub(comment.len() + 8) else { break };
            room = left;
            block.text(COMMENT, comment);
        }
        for (call, payload) in calls {
            block.text(COMMENT, &payload::sentence(call)).custom(payload);
        }
        // Block type, length, interface, time, two lengths.
        self.put().map(|at| at + 28)
    }

    /// Adds a socket call, at once, as a block of its own.
    pub fn call(&mut self, call: &Call) -> io::Result<()> {
        self.custom(&payload::of_call(call))
    }

    /// Adds what the kernel said of its sockets.
    pub fn sockets(&mut self, sockets: &Sockets) -> io::Result<()> {
        self.custom(&payload::of_sockets(sockets))
    }

    /// Adds what an exchange said of itself.
    pub fn note(&mut self, note: &Note) -> io::Result<()> {
        self.custom(&payload::of_note(note))
    }

    /// Adds a comment on the whole capture.
    pub fn comment(&mut self, comment: &str) -> io::Result<()> {
        self.custom(&payload::of_comment(comment))
    }

    /// Tells how many frames this interface has lost since the capture began, as of `at`.
    pub fn dropped(&mut self, interface: u16, frames: u64, at: Nanos) -> io::Result<()> {
        let ticks = self.ticks(at);
        let block = self.block.begin(STATISTICS).u32(u32::from(interface)).ticks(ticks);
        block.option(ISB_IFDROP, &frames.to_le_bytes());
        self.put().map(drop)
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Bytes written so far.
    pub fn written(&self) -> u64 {
        self.written
    }

    pub fn into_inner(self) -> W {
        self.out
    }

    pub(super) fn custom(&mut self, payload: &[u8]) -> io::Result<()> {
        if payload.len() > MAX_BLOCK as usize / 2 {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "this note is too long for a capture file"));
        }
        // A custom block does not say how long its data is: blanks at the end mean nothing in JSON.
        self.block.begin(CUSTOM).u32(ENTERPRISE).raw(payload).pad(b' ');
        self.put().map(drop)
    }

    /// Nanoseconds from the epoch; a time before it is written as the epoch itself.
    fn ticks(&self, at: Nanos) -> u64 {
        let ticks = i128::from(at.0) - i128::from(self.epoch_secs) * 1_000_000_000;
        u64::try_from(ticks.max(0)).unwrap_or(u64::MAX)
    }

    /// Writes the block and says where it begins.
    fn put(&mut self) -> io::Result<u64> {
        let bytes = self.block.end()?;
        self.out.write_all(bytes)?;
        let at = self.written;
        self.written += bytes.len() as u64;
        Ok(at)
    }
}
