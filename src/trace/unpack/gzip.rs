//! gzip: members one after the other, each a header, deflated data, a checksum and a length (RFC 1952).
//!
//! In: packed bytes. Out: unpacked ones. A wrong checksum is said after the data has been given.

use super::input::Input;
use super::{Step, broken, checksum, cut_off, trailing};
use flate2::{Crc, Decompress, FlushDecompress, Status};
use std::io::{self, Read};

/// RFC 1952, section 2.3.1: which optional parts a header has.
const FHCRC: u8 = 2;
const FEXTRA: u8 = 4;
const FNAME: u8 = 8;
const FCOMMENT: u8 = 16;

/// The longest name or comment passed over in a header, in bytes.
const LONGEST: usize = 1 << 16;

/// The inflater keeps up to 32 KiB back if there is no room for it, and would lose it on an error.
const LEAST_ROOM: usize = 1 << 15;

pub struct Decoder {
    state: State,
    inflate: Decompress,
    crc: Crc,
    members: u64,
    /// Unpacked bytes that did not fit into a small buffer.
    kept: Vec<u8>,
    /// How many of them have been given.
    kept_given: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Header,
    Body,
    Trailer,
}

impl Default for Decoder {
    fn default() -> Self {
        Self { state: State::Header, inflate: Decompress::new(false), crc: Crc::new(), members: 0, kept: Vec::new(), kept_given: 0 }
    }
}

impl Decoder {
    pub fn step<R: Read>(&mut self, input: &mut Input<R>, out: &mut [u8]) -> io::Result<Step> {
        let rest = self.kept.get(self.kept_given..).unwrap_or_default();
        if !rest.is_empty() {
            let n = rest.len().min(out.len());
            out.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            self.kept_given += n;
            return Ok(Step::Gave(n));
        }
        match self.state {
            State::Header => self.header(input),
            State::Body if out.len() >= LEAST_ROOM => self.body(input, out),
            State::Body => {
                let mut room = std::mem::take(&mut self.kept);
                room.resize(LEAST_ROOM, 0);
                let step = self.body(input, &mut room)?;
                let Step::Gave(n) = step else { return Ok(step) };
                room.truncate(n);
                (self.kept, self.kept_given) = (room, 0);
                Ok(Step::Gave(0))
            }
            State::Trailer => self.trailer(input),
        }
    }

    fn header<R: Read>(&mut self, input: &mut Input<R>) -> io::Result<Step> {
        if self.members > 0 {
            if input.only_zeros_left()? {
                return Ok(Step::End);
            }
            if !matches!(input.peek(2)?, [0x1f, 0x8b, ..]) {
                return Ok(Step::Broken(trailing()));
            }
        }
        let Some([_, _, method, flags, ..]) = input.array::<10>()? else { return Ok(Step::Broken(cut_off())) };
        if method != 8 {
            return Ok(Step::Broken(broken("method")));
        }
        if flags & FEXTRA != 0 {
            let len = input.array::<2>()?.map(u16::from_le_bytes);
            if !len.map_or(Ok(false), |len| input.skip(u64::from(len)))? {
                return Ok(Step::Broken(cut_off()));
            }
        }
        for _ in 0..(flags & FNAME).count_ones() + (flags & FCOMMENT).count_ones() {
            let mut len = 0;
            loop {
                match input.byte()? {
                    None => return Ok(Step::Broken(cut_off())),
                    Some(0) => break,
                    Some(_) if len > LONGEST => return Ok(Step::Broken(broken("header"))),
                    Some(_) => len += 1,
                }
            }
        }
        if flags & FHCRC != 0 && input.array::<2>()?.is_none() {
            return Ok(Step::Broken(cut_off()));
        }
        self.inflate.reset(false);
        self.crc.reset();
        self.members += 1;
        self.state = State::Body;
        Ok(Step::Gave(0))
    }

    fn body<R: Read>(&mut self, input: &mut Input<R>, out: &mut [u8]) -> io::Result<Step> {
        let packed = input.peek(1)?;
        let is_end = packed.is_empty();
        let before = (self.inflate.total_in(), self.inflate.total_out());
        let status = self.inflate.decompress(packed, out, FlushDecompress::None);
        let taken = usize::try_from(self.inflate.total_in() - before.0).unwrap_or(0);
        let given = usize::try_from(self.inflate.total_out() - before.1).unwrap_or(0);
        input.take(taken);
        self.crc.update(out.get(..given).unwrap_or_default());
        match status {
            Ok(Status::StreamEnd) => self.state = State::Trailer,
            // What was unpacked before the break is given first; the next call meets the break again.
            Err(_) if given == 0 => return Ok(Step::Broken(broken("deflate"))),
            Ok(_) if given == 0 && taken == 0 => {
                return Ok(Step::Broken(if is_end { cut_off() } else { broken("deflate") }));
            }
            Ok(_) | Err(_) => {}
        }
        Ok(Step::Gave(given))
    }

    fn trailer<R: Read>(&mut self, input: &mut Input<R>) -> io::Result<Step> {
        let (Some(crc), Some(len)) = (input.array::<4>()?, input.array::<4>()?) else { return Ok(Step::Broken(cut_off())) };
        // The length counts modulo 2^32.
        if u32::from_le_bytes(crc) != self.crc.sum() || u32::from_le_bytes(len) != self.crc.amount() {
            return Ok(Step::Broken(checksum()));
        }
        self.state = State::Header;
        Ok(Step::Gave(0))
    }
}
