//! Single fields of a message read where they stand, without dissecting the message.
//!
//! In: the first bytes of a message, as they stand in one frame ([`Glimpse`]). Out: the values of one field ([`Glance`]), the same as
//! dissection gives; or that it takes dissection. A protocol that knows no such way says so of every field. Whoever reads at a
//! glance must be sure before the first value is given: nothing can be taken back. A test asks both ways over whole captures.

use super::About;
use std::net::{Ipv4Addr, Ipv6Addr};

/// One value of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Glance<'a> {
    Present,
    Bool(bool),
    Uint(u64),
    Text(&'a str),
    Bytes(&'a [u8]),
    Ipv4(Ipv4Addr),
    Ipv6(Ipv6Addr),
    /// Nanoseconds.
    Nanos(i64),
}

/// A message, as far as it stands in the frame in which it begins.
pub struct Glimpse<'a> {
    /// Its first bytes, at least one.
    pub bytes: &'a [u8],
    /// Bytes of all of it.
    pub len: u64,
    /// What dissection would be told.
    pub about: &'a dyn Fn(&mut dyn FnMut(About<'_>)),
}

impl<'a> Glimpse<'a> {
    /// All of the message, if it stands in one frame.
    pub fn whole(&self) -> Option<&'a [u8]> {
        (self.bytes.len() as u64 == self.len).then_some(self.bytes)
    }
}

/// Takes each value and the bytes it was read from; false to end it.
pub type Found<'f> = dyn FnMut(Glance<'_>, &[u8]) -> bool + 'f;
