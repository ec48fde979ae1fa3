//! Frames of Ethernet, IPv4, TCP and UDP, with right checksums, into a pcap file.

use std::io::{self, Write};

const ETHERNET: usize = 14;
const IP: usize = 20;

/// One end: address and port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    pub ip: [u8; 4],
    pub port: u16,
}

/// One TCP segment.
pub struct Segment<'a> {
    pub from: End,
    pub to: End,
    pub seq: u32,
    pub ack: u32,
    pub flags: u8,
    pub window: u16,
    /// Their length is a multiple of 4.
    pub options: &'a [u8],
    /// The payload stands in two parts, as a head and a body do.
    pub payload: [&'a [u8]; 2],
}

/// A pcap file that grows to a number of frames and no further.
pub struct Out<W: Write> {
    to: W,
    left: u64,
    /// Microseconds since 1970.
    pub micros: u64,
    id: u16,
    frame: Vec<u8>,
}

impl<W: Write> Out<W> {
    pub fn new(mut to: W, frames: u64) -> io::Result<Self> {
        for word in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 262_144, 1] {
            to.write_all(&word.to_le_bytes())?;
        }
        Ok(Self { to, left: frames, micros: 1_700_000_000_000_000, id: 0, frame: Vec::new() })
    }

    /// All frames that were asked for are written.
    pub fn full(&self) -> bool {
        self.left == 0
    }

    /// There is no limit of frames.
    pub fn unlimited(&mut self) {
        self.left = u64::MAX;
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.to.flush()
    }

    fn begin(&mut self, from: End, to: End, proto: u8, len: usize) {
        let total = (IP + len) as u16;
        self.id = self.id.wrapping_add(1);
        let f = &mut self.frame;
        f.clear();
        f.extend([2, 0, to.ip[0], to.ip[1], to.ip[2], to.ip[3]]);
        f.extend([2, 0, from.ip[0], from.ip[1], from.ip[2], from.ip[3]]);
        f.extend([8, 0, 0x45, 0]);
        f.extend(total.to_be_bytes());
        f.extend(self.id.to_be_bytes());
        f.extend([0x40, 0, 64, proto, 0, 0]);
        f.extend(from.ip);
        f.extend(to.ip);
        let sum = fold(sum(&f[ETHERNET..]));
        f[ETHERNET + 10..ETHERNET + 12].copy_from_slice(&(!sum).to_be_bytes());
    }

    /// Fills in the checksum of the transport header, which stands `at` bytes behind its beginning, and writes the frame.
    fn end(&mut self, proto: u8, at: usize) -> io::Result<()> {
        let f = &mut self.frame;
        let from = ETHERNET + IP;
        let pseudo = sum(&f[ETHERNET + 12..from]) + u64::from(proto) + (f.len() - from) as u64;
        let sum = !fold(pseudo + sum(&f[from..]));
        let sum = if sum == 0 { 0xffff } else { sum };
        f[from + at..from + at + 2].copy_from_slice(&sum.to_be_bytes());
        if self.left == 0 {
            return Ok(());
        }
        self.left -= 1;
        let (secs, micros) = (self.micros / 1_000_000, self.micros % 1_000_000);
        for word in [secs as u32, micros as u32, f.len() as u32, f.len() as u32] {
            self.to.write_all(&word.to_le_bytes())?;
        }
        self.to.write_all(f)
    }

    pub fn tcp(&mut self, s: &Segment<'_>) -> io::Result<()> {
        let [head, body] = s.payload;
        let header = 20 + s.options.len();
        self.begin(s.from, s.to, 6, header + head.len() + body.len());
        let f = &mut self.frame;
        f.extend(s.from.port.to_be_bytes());
        f.extend(s.to.port.to_be_bytes());
        f.extend(s.seq.to_be_bytes());
        f.extend(s.ack.to_be_bytes());
        f.extend([(header << 2) as u8, s.flags]);
        f.extend(s.window.to_be_bytes());
        f.extend([0; 4]);
        f.extend(s.options);
        f.extend(head);
        f.extend(body);
        self.end(6, 16)
    }

    pub fn udp(&mut self, from: End, to: End, payload: &[u8]) -> io::Result<()> {
        let len = 8 + payload.len();
        self.begin(from, to, 17, len);
        let f = &mut self.frame;
        f.extend(from.port.to_be_bytes());
        f.extend(to.port.to_be_bytes());
        f.extend((len as u16).to_be_bytes());
        f.extend([0; 2]);
        f.extend(payload);
        self.end(17, 6)
    }
}

/// The Internet checksum's sum (RFC 1071), not folded.
fn sum(bytes: &[u8]) -> u64 {
    let mut pairs = bytes.chunks_exact(2);
    let whole: u64 = pairs.by_ref().map(|p| u64::from(u16::from_be_bytes([p[0], p[1]]))).sum();
    whole + pairs.remainder().first().map_or(0, |b| u64::from(*b) << 8)
}

fn fold(mut sum: u64) -> u16 {
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum as u16
}
