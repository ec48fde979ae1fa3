//! Writes the few pcapng blocks a live capture needs.

use crate::trace::{Call, Interface, Nanos};
use std::io::{self, Write};

pub struct PcapngWriter<W: Write> {
    out: W,
    interfaces: u16,
}

fn option(to: &mut Vec<u8>, code: u16, value: &[u8]) {
    to.extend(code.to_le_bytes());
    to.extend((value.len() as u16).to_le_bytes());
    to.extend(value);
    to.resize(to.len().next_multiple_of(4), 0);
}

fn block(kind: u32, mut body: Vec<u8>) -> Vec<u8> {
    body.resize(body.len().next_multiple_of(4), 0);
    let len = (body.len() + 12) as u32;
    [&kind.to_le_bytes()[..], &len.to_le_bytes(), &body, &len.to_le_bytes()].concat()
}

pub fn call_block(call: &Call) -> Vec<u8> {
    let mut body = 32473u32.to_le_bytes().to_vec();
    body.extend(serde_json::to_vec(call).unwrap_or_default());
    while !body.len().is_multiple_of(4) {
        body.push(b' ');
    }
    block(0xBAD, body)
}

impl<W: Write> PcapngWriter<W> {
    pub fn new(mut out: W) -> io::Result<Self> {
        let mut body = 0x1A2B3C4Du32.to_le_bytes().to_vec();
        body.extend([1, 0, 0, 0]);
        body.extend(u64::MAX.to_le_bytes());
        out.write_all(&block(0x0A0D0D0A, body))?;
        Ok(Self { out, interfaces: 0 })
    }

    pub fn interface(&mut self, interface: &Interface) -> io::Result<u16> {
        let mut body = interface.link.0.to_le_bytes().to_vec();
        body.extend([0; 2]);
        body.extend(interface.snap_len.to_le_bytes());
        option(&mut body, 2, interface.name.as_deref().unwrap_or("").as_bytes());
        option(&mut body, 9, &[9]);
        option(&mut body, 0, &[]);
        self.out.write_all(&block(1, body))?;
        self.interfaces += 1;
        Ok(self.interfaces - 1)
    }

    pub fn frame(&mut self, interface: u16, at: Nanos, wire_len: u32, bytes: &[u8], _: &[String]) -> io::Result<()> {
        let mut body = u32::from(interface).to_le_bytes().to_vec();
        let at = at.0 as u64;
        body.extend(((at >> 32) as u32).to_le_bytes());
        body.extend((at as u32).to_le_bytes());
        body.extend((bytes.len() as u32).to_le_bytes());
        body.extend(wire_len.to_le_bytes());
        body.extend(bytes);
        self.out.write_all(&block(6, body))
    }

    pub fn dropped(&mut self, interface: u16, frames: u64) -> io::Result<()> {
        let mut body = u32::from(interface).to_le_bytes().to_vec();
        let at = crate::lab::record::now().0 as u64 / 1000;
        body.extend(((at >> 32) as u32).to_le_bytes());
        body.extend((at as u32).to_le_bytes());
        option(&mut body, 5, &frames.to_le_bytes());
        option(&mut body, 0, &[]);
        self.out.write_all(&block(5, body))
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
