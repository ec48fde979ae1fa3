//! Writing the classic pcap format: one link type, nanoseconds, little-endian.
//!
//! In: frames. Out: a file header and one record a frame. Times outside 1970 to 2106 end at the nearest second it can say.

use crate::trace::Nanos;
use crate::wire::LinkType;
use std::io::{self, Write};

const MAGIC_NANOS: u32 = 0xa1b2_3c4d;
const BILLION: i64 = 1_000_000_000;

#[derive(Debug)]
pub struct PcapWriter<W: Write> {
    out: W,
    written: u64,
}

/// Whole seconds as a record holds them. `None`: the time is out of range.
pub(super) fn seconds(at: Nanos) -> Option<u32> {
    u32::try_from(at.0.div_euclid(BILLION)).ok()
}

impl<W: Write> PcapWriter<W> {
    /// Writes the file header. `snap_len`: the longest piece of a frame that is kept, in bytes; readers cut longer ones.
    pub fn new(mut out: W, link: LinkType, snap_len: u32) -> io::Result<Self> {
        let mut header = Vec::with_capacity(24);
        header.extend_from_slice(&MAGIC_NANOS.to_le_bytes());
        header.extend_from_slice(&2u16.to_le_bytes());
        header.extend_from_slice(&4u16.to_le_bytes());
        header.extend_from_slice(&[0; 8]);
        header.extend_from_slice(&snap_len.to_le_bytes());
        header.extend_from_slice(&u32::from(link.0).to_le_bytes());
        out.write_all(&header)?;
        Ok(Self { out, written: header.len() as u64 })
    }

    /// Adds a frame. `wire_len`: bytes it had on the wire.
    pub fn frame(&mut self, at: Nanos, wire_len: u32, bytes: &[u8]) -> io::Result<()> {
        let cap_len = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        let (secs, nanos) = match seconds(at) {
            Some(secs) => (secs, at.0.rem_euclid(BILLION) as u32),
            None if at.0 < 0 => (0, 0),
            None => (u32::MAX, 999_999_999),
        };
        let mut header = [0; 16];
        for (into, n) in header.chunks_exact_mut(4).zip([secs, nanos, cap_len, wire_len.max(cap_len)]) {
            into.copy_from_slice(&n.to_le_bytes());
        }
        self.out.write_all(&header)?;
        self.out.write_all(bytes)?;
        self.written += (header.len() + bytes.len()) as u64;
        Ok(())
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
}
