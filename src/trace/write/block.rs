//! One pcapng block while it is made: body first, lengths at the end.
//!
//! In: numbers, bytes and options. Out: the bytes of a whole block in the byte order of its section, padded to four bytes.

use crate::trace::payload::ENTERPRISE;
use crate::trace::read::order::Order;
use std::io;

/// The longest value of an option, in bytes.
const OPTION_MAX: usize = u16::MAX as usize;

/// The longest payload of a custom option: the enterprise number takes four bytes.
pub const CUSTOM_OPTION_MAX: usize = OPTION_MAX - 4;

/// Custom option with UTF-8 text that tools may copy.
const CUSTOM_TEXT: u16 = 2988;

#[derive(Debug, Default)]
pub struct Block {
    bytes: Vec<u8>,
    has_options: bool,
    order: Order,
}

impl Block {
    /// The byte order of what is written from now on.
    pub fn set_order(&mut self, order: Order) {
        self.order = order;
    }

    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    pub fn begin(&mut self, kind: u32) -> &mut Self {
        self.bytes.clear();
        self.has_options = false;
        self.u32(kind).u32(0)
    }

    pub fn u16(&mut self, n: u16) -> &mut Self {
        self.raw(&self.order.bytes16(n))
    }

    pub fn u32(&mut self, n: u32) -> &mut Self {
        self.raw(&self.order.bytes32(n))
    }

    /// A time stamp: the upper half first, in any byte order.
    pub fn ticks(&mut self, n: u64) -> &mut Self {
        self.u32((n >> 32) as u32).u32(n as u32)
    }

    pub fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    pub fn pad(&mut self, with: u8) -> &mut Self {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), with);
        self
    }

    /// `value` is cut at 65535 bytes, the most an option can hold.
    pub fn option(&mut self, code: u16, value: &[u8]) -> &mut Self {
        let len = value.len().min(OPTION_MAX);
        self.has_options = true;
        self.u16(code).u16(len as u16).raw(value.get(..len).unwrap_or_default()).pad(0)
    }

    /// A text option; a longer text ends at the last whole character that fits.
    pub fn text(&mut self, code: u16, text: &str) -> &mut Self {
        let end = text.floor_char_boundary(OPTION_MAX);
        self.option(code, text.get(..end).unwrap_or_default().as_bytes())
    }

    /// `payload`: at most [`CUSTOM_OPTION_MAX`] bytes of JSON.
    pub fn custom(&mut self, payload: &[u8]) -> &mut Self {
        let value = [&self.order.bytes32(ENTERPRISE)[..], payload].concat();
        self.option(CUSTOM_TEXT, &value)
    }

    /// The whole block. An error if it is longer than a block can say.
    pub fn end(&mut self) -> io::Result<&[u8]> {
        if self.has_options {
            self.u16(0).u16(0);
        }
        self.pad(0);
        let total = u32::try_from(self.bytes.len() + 4).map_err(io::Error::other)?;
        self.u32(total);
        if let Some(length) = self.bytes.get_mut(4..8) {
            length.copy_from_slice(&self.order.bytes32(total));
        }
        Ok(&self.bytes)
    }
}
