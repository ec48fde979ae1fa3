//! Reads one value after another from a part of some bytes, and notes each as a field.
//!
//! In: bytes and the part to read. Out: [`Field`]s with their spans. A length that claims more than there is gives what there
//! is, and is remembered in the shared flag `short`: never a panic, never a byte outside the part.

use crate::wire::{Field, FieldDef, Span, Value};
use std::cell::Cell;

/// A part of a buffer, read from its start.
#[derive(Clone)]
pub struct Take<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
    short: &'a Cell<bool>,
}

impl<'a> Take<'a> {
    /// The part `start..end` of `bytes`.
    pub fn new(bytes: &'a [u8], start: usize, end: usize, short: &'a Cell<bool>) -> Self {
        let end = end.min(bytes.len());
        Self { bytes, at: start.min(end), end, short }
    }

    /// Where the next byte stands in the buffer.
    pub fn at(&self) -> usize {
        self.at
    }

    pub fn left(&self) -> usize {
        self.end - self.at
    }

    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..self.end).unwrap_or(&[])
    }

    /// The next `n` bytes, or `None` (and remembered) if there are fewer.
    pub fn slice(&mut self, n: usize) -> Option<&'a [u8]> {
        let Some(found) = self.rest().get(..n) else {
            self.short.set(true);
            return None;
        };
        self.at += n;
        Some(found)
    }

    /// The next number of `n` bytes (at most 8), big-endian.
    pub fn number(&mut self, n: usize) -> Option<u64> {
        self.slice(n).map(|b| b.iter().fold(0, |sum, b| sum << 8 | u64::from(*b)))
    }

    pub fn u16(&mut self) -> Option<u16> {
        self.number(2).and_then(|n| u16::try_from(n).ok())
    }

    pub fn u8(&mut self) -> Option<u8> {
        self.number(1).and_then(|n| u8::try_from(n).ok())
    }

    /// The next number of `n` bytes, as a field.
    pub fn uint(&mut self, def: &'static FieldDef, n: usize, out: &mut Vec<Field>) -> Option<u64> {
        let span = Span::new(self.at, n);
        let value = self.number(n)?;
        out.push(Field::new(def, Value::Uint(value), span));
        Some(value)
    }

    /// ... with the name that the number has.
    pub fn named(
        &mut self,
        def: &'static FieldDef,
        n: usize,
        name: impl Fn(u16) -> Option<&'static str>,
        out: &mut Vec<Field>,
    ) -> Option<u16> {
        let value = self.uint(def, n, out)?;
        let value = u16::try_from(value).ok()?;
        if let (Some(name), Some(field)) = (name(value), out.last_mut()) {
            field.meaning = Some(name.to_owned());
        }
        Some(value)
    }

    /// A number that says how many bytes follow.
    pub fn length(&mut self, def: &'static FieldDef, n: usize, out: &mut Vec<Field>) -> Option<usize> {
        self.uint(def, n, out).and_then(|n| usize::try_from(n).ok())
    }

    /// The next `n` bytes as a field of bytes; fewer if there are fewer.
    pub fn bytes(&mut self, def: &'static FieldDef, n: usize, out: &mut Vec<Field>) -> &'a [u8] {
        let part = self.part(n);
        out.push(Field::new(def, Value::Bytes, Span::new(part.at, part.left())));
        part.rest()
    }

    /// The next `n` bytes as text; each byte beyond ASCII becomes U+FFFD, as in Wireshark.
    pub fn text(&mut self, def: &'static FieldDef, n: usize, out: &mut Vec<Field>) -> String {
        let part = self.part(n);
        let text: String = part.rest().iter().map(|b| if b.is_ascii() { char::from(*b) } else { '\u{fffd}' }).collect();
        out.push(Field::new(def, Value::Text(text.clone()), Span::new(part.at, part.left())));
        text
    }

    /// A heading over the next `n` bytes; what stands in them is its children.
    pub fn group(&mut self, def: &'static FieldDef, n: usize, out: &mut Vec<Field>, fill: impl FnOnce(Take<'a>, &mut Vec<Field>)) {
        let part = self.part(n);
        let span = Span::new(part.at, part.left());
        let mut children = Vec::new();
        fill(part, &mut children);
        out.push(Field::new(def, Value::None, span).with(children));
    }

    /// The next `n` bytes as a part of their own; fewer (and remembered) if there are fewer.
    pub fn part(&mut self, n: usize) -> Take<'a> {
        if n > self.left() {
            self.short.set(true);
        }
        let end = self.at.saturating_add(n).min(self.end);
        let part = Take { bytes: self.bytes, at: self.at, end, short: self.short };
        self.at = end;
        part
    }

    /// A number of 1, 2, 4 or 8 bytes: the first two bits tell which (RFC 9000 §16).
    pub fn varint(&mut self, def: &'static FieldDef, out: &mut Vec<Field>) -> Option<u64> {
        let at = self.at;
        let len = 1 << (self.clone().u8()? >> 6);
        let value = self.number(len)? & (u64::MAX >> (66 - 8 * len));
        out.push(Field::new(def, Value::Uint(value), Span::new(at, len)));
        Some(value)
    }

    /// Reads 32-bit numbers until the part ends.
    pub fn list32(&mut self, def: &'static FieldDef, out: &mut Vec<Field>) {
        while self.left() >= 4 && self.uint(def, 4, out).is_some() {}
    }

    /// Reads numbers of `n` bytes until the part ends.
    pub fn list(
        &mut self,
        def: &'static FieldDef,
        n: usize,
        name: impl Fn(u16) -> Option<&'static str> + Copy,
        out: &mut Vec<Field>,
    ) -> Vec<u16> {
        let mut found = Vec::new();
        while self.left() >= n.max(1) {
            let Some(value) = self.named(def, n, name, out) else { break };
            found.push(value);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_number_of_variable_length_has_its_first_two_bits_off() {
        let short = Cell::new(false);
        for (bytes, value) in [
            (&[0x25][..], 37),
            (&[0x7b, 0xbd][..], 15_293),
            (&[0x9d, 0x7f, 0x3e, 0x7d][..], 494_878_333),
            (&[0xc2, 0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c][..], 151_288_809_941_952_652),
        ] {
            let mut take = Take::new(bytes, 0, 8, &short);
            assert_eq!(take.varint(&crate::proto::tls::fields::QP_TYPE, &mut Vec::new()), Some(value));
            assert_eq!(take.left(), 0);
        }
        assert_eq!(Take::new(&[0xc0, 1], 0, 2, &short).varint(&crate::proto::tls::fields::QP_TYPE, &mut Vec::new()), None);
    }

    #[test]
    fn a_length_beyond_the_end_gives_what_there_is_and_is_remembered() {
        let short = Cell::new(false);
        let mut take = Take::new(&[1, 2, 3, 4], 1, 9, &short);
        assert_eq!(take.u16(), Some(0x0203));
        assert!(!short.get());
        assert_eq!(take.part(9).rest(), [4]);
        assert!(short.get());
        assert_eq!(take.u8(), None);
        assert_eq!(Take::new(&[], 5, 2, &short).left(), 0);
    }
}
