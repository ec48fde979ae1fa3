//! Captures made for measuring: the same bytes for the same seed, valid to the last checksum, of any length.
//!
//! In: a [`Kind`], how many frames, a seed. Out: a pcap file, written as it is made. Memory is that of the connections
//! which are open, never that of the file.

mod dns;
mod http;
mod tcp;
mod websocket;
mod wire;

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

/// What is said in the capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 600 HTTP/1.1 connections kept alive and interleaved: answers of 200 B to 60 kB in segments of 1448 bytes with time
    /// stamps, an ACK for two, 1 % of the segments lost before the capture, overtaken or doubled.
    Web,
    /// 100 WebSocket connections, the client's frames masked.
    Ws,
    /// Questions and answers: 610,000 flows in a million frames.
    Dns,
    /// One connection, one direction, one long stream of unknown bytes.
    Bulk,
    /// One HTTP answer with a body of so many MB.
    Body(u32),
    /// As web, in the large segments of a loopback: about 5 kB a frame.
    Lo,
}

impl Kind {
    pub fn of(name: &str) -> Option<Self> {
        Some(match name {
            "web" => Self::Web,
            "ws" => Self::Ws,
            "dns" => Self::Dns,
            "bulk" => Self::Bulk,
            "lo" => Self::Lo,
            _ => Self::Body(name.strip_prefix("body")?.parse().ok()?),
        })
    }
}

/// Writes a capture of `frames` frames (of a body: as many as it needs).
///
/// # Errors
/// The file cannot be written.
pub fn write(kind: Kind, frames: u64, path: &Path) -> io::Result<()> {
    let file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut out = wire::Out::new(file, frames)?;
    let mut random = Random(0x0515_0c0b_e5ee_d000 ^ frames);
    match kind {
        Kind::Web => http::web(&mut out, &mut random, 600, 1448, 60_000)?,
        Kind::Lo => http::web(&mut out, &mut random, 64, 32_741, 150_000)?,
        Kind::Bulk => http::bulk(&mut out)?,
        Kind::Body(mega) => http::body(&mut out, u64::from(mega) * 1_000_000)?,
        Kind::Ws => websocket::talk(&mut out, &mut random, 100)?,
        Kind::Dns => dns::questions(&mut out, &mut random)?,
    }
    out.finish()
}

/// A small generator of numbers (splitmix64).
pub struct Random(u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `n` - 1.
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    /// Between the two, small numbers as likely as large ones of the same order.
    pub fn of_order(&mut self, from: u64, to: u64) -> u64 {
        let unit = self.below(1 << 20) as f64 / f64::from(1 << 20);
        (from as f64 * (to as f64 / from as f64).powf(unit)) as u64
    }
}
