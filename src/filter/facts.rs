//! What a filter asks of a frame: the values of a field, by its name.

use crate::wire::FieldDef;
use std::net::{Ipv4Addr, Ipv6Addr};

/// What a name in a filter stands for.
#[derive(Clone, Copy, Debug)]
pub enum Name {
    Field(&'static FieldDef),
    /// Several fields under one name, in Wireshark's order: `ip.addr` is `ip.src` and `ip.dst`.
    Fields(&'static [&'static FieldDef]),
    /// A protocol by Wireshark's name: "tcp". Its bytes are its header and what it carries.
    Protocol(&'static str),
}

/// One value of one field. Text and bytes are borrowed from the frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fact<'a> {
    /// The field or protocol is there, and has no value of its own.
    Present,
    Uint(u64),
    Int(i64),
    Bool(bool),
    Mac([u8; 6]),
    Ipv4(Ipv4Addr),
    Ipv6(Ipv6Addr),
    Text(&'a str),
    Bytes(&'a [u8]),
    /// Nanoseconds: a duration, or since 1970-01-01 00:00 UTC.
    Nanos(i64),
}

/// A frame that can be asked.
pub trait Facts {
    /// Gives `found` each value that this frame has under a name, in the order of the frame, with the bytes it was read from
    /// (none for a computed one), until `found` is false.
    fn each(&mut self, name: Name, found: &mut dyn FnMut(Fact<'_>, &[u8]) -> bool);
}
