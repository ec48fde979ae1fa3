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
    /// A protocol is there; this many of its bytes are its own, the rest is what it carries. (`Present`: all are its own.)
    Layer(usize),
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

    /// Is there anything under this name?
    fn has(&mut self, name: Name) -> bool {
        let mut there = false;
        self.each(name, &mut |_, _| {
            there = true;
            false
        });
        there
    }

    /// As [`Facts::each`], and before each value the number of its header among the frame's headers of that protocol, from 1: what
    /// `ip.src#2` asks for. Whoever knows the headers says so; else the n-th value of a field is taken to be in the n-th.
    fn each_at(&mut self, name: Name, found: &mut dyn FnMut(u32, Fact<'_>, &[u8]) -> bool) {
        let one = |def: &&'static FieldDef| Name::Field(def);
        let names: Vec<Name> = match name {
            Name::Fields(some) => some.iter().map(one).collect(),
            _ => vec![name],
        };
        let mut go_on = true;
        for name in names {
            let mut number = 0;
            if go_on {
                self.each(name, &mut |fact, bytes| {
                    number += 1;
                    go_on = found(number, fact, bytes);
                    go_on
                });
            }
        }
    }
}

/// Which names there are.
pub trait Names {
    /// What a name stands for. Names are Wireshark's; upper and lower case differ.
    fn find(&self, name: &str) -> Option<Name>;
    /// Every name, sorted.
    fn all(&self) -> &[&'static str];
}
