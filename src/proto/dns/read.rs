//! A hand that goes along a message and writes down fields: what it cannot reach ends the reading, with the place.

use super::name::{self, Name};
use crate::lang::words;
use crate::wire::{Field, FieldDef, Span, Stop, Value, Why};
use std::net::{Ipv4Addr, Ipv6Addr};

pub type Read<T> = Result<T, Stop>;

/// Reads forward from `at`. Like Wireshark's, its bounds are the message's, not the record's.
pub struct Hand<'a> {
    pub bytes: &'a [u8],
    pub base: usize,
    pub at: usize,
    pub fields: Vec<Field>,
}

impl<'a> Hand<'a> {
    pub fn new(bytes: &'a [u8], base: usize, at: usize) -> Self {
        Self { bytes, base, at, fields: Vec::new() }
    }

    /// There are not `len` bytes at the hand.
    fn short(&self, len: usize) -> Stop {
        let have = self.bytes.len();
        Stop { proto: "dns", at: self.at.min(have), why: Why::Truncated { need: self.at.saturating_add(len), have } }
    }

    pub fn wrong(&self, ja: &'static str, en: &'static str) -> Stop {
        Stop { proto: "dns", at: self.at.min(self.bytes.len()), why: Why::Malformed(words(ja, en)) }
    }

    /// The next `len` bytes, without going on.
    pub fn peek(&self, len: usize) -> Read<&'a [u8]> {
        let end = self.at.checked_add(len);
        end.and_then(|end| self.bytes.get(self.at..end)).ok_or_else(|| self.short(len))
    }

    pub fn array<const N: usize>(&self) -> Read<[u8; N]> {
        self.peek(N)?.try_into().map_err(|_| self.short(N))
    }

    pub fn note(&mut self, field: Field) {
        self.fields.push(field);
    }

    fn push(&mut self, def: &'static FieldDef, value: Value, len: usize) {
        self.fields.push(Field::new(def, value, Span::new(self.at, len)));
        self.at += len;
    }

    pub fn u8(&mut self, def: &'static FieldDef) -> Read<u8> {
        let [n] = self.array()?;
        self.push(def, Value::Uint(n.into()), 1);
        Ok(n)
    }

    pub fn u16(&mut self, def: &'static FieldDef) -> Read<u16> {
        let n = u16::from_be_bytes(self.array()?);
        self.push(def, Value::Uint(n.into()), 2);
        Ok(n)
    }

    pub fn u32(&mut self, def: &'static FieldDef) -> Read<u32> {
        let n = u32::from_be_bytes(self.array()?);
        self.push(def, Value::Uint(n.into()), 4);
        Ok(n)
    }

    /// Seconds since 1970, in so many bytes.
    pub fn time(&mut self, def: &'static FieldDef, len: usize) -> Read<()> {
        let seconds = self.peek(len)?.iter().fold(0, |n: u64, b| n << 8 | u64::from(*b));
        self.push(def, Value::Text(date(seconds)), len);
        Ok(())
    }

    pub fn v4(&mut self, def: &'static FieldDef) -> Read<()> {
        let a = Ipv4Addr::from(self.array::<4>()?);
        self.push(def, Value::Ipv4(a), 4);
        Ok(())
    }

    pub fn v6(&mut self, def: &'static FieldDef) -> Read<()> {
        let a = Ipv6Addr::from(self.array::<16>()?);
        self.push(def, Value::Ipv6(a), 16);
        Ok(())
    }

    /// What Wireshark says of bytes that are none.
    pub fn data(&mut self, def: &'static FieldDef, len: usize) -> Read<()> {
        self.peek(len)?;
        let value = if len == 0 { Value::Text("<MISSING>".to_owned()) } else { Value::Bytes };
        self.push(def, value, len);
        Ok(())
    }

    pub fn text(&mut self, def: &'static FieldDef, len: usize) -> Read<String> {
        let text = ascii(self.peek(len)?);
        self.push(def, Value::Text(text.clone()), len);
        Ok(text)
    }

    /// A text behind its length (RFC 1035 §3.3).
    pub fn string(&mut self, len_def: &'static FieldDef, def: &'static FieldDef) -> Read<()> {
        let len = self.u8(len_def)?;
        self.text(def, len.into())?;
        Ok(())
    }

    pub fn name(&mut self, def: &'static FieldDef) -> Read<Name> {
        let name = name::read(self.bytes, self.base, self.at)?;
        self.push(def, Value::Text(name.text.clone()), name.next.saturating_sub(self.at));
        Ok(name)
    }
}

/// Bytes as text of ASCII: others are shown as the replacement character, as Wireshark does.
pub fn ascii(bytes: &[u8]) -> String {
    bytes.iter().map(|b| if b.is_ascii() { char::from(*b) } else { '\u{fffd}' }).collect()
}

/// "Nov 14, 2023 22:13:20.000000000 UTC".
pub fn date(seconds: u64) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (mut days, rest) = (seconds / 86_400, seconds % 86_400);
    let leap = |y: u64| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    // 400 years always have the same number of days.
    let mut year = 1970 + days / 146_097 * 400;
    days %= 146_097;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = "Dec";
    for (name, len) in MONTHS.into_iter().zip(lengths) {
        if days < len {
            month = name;
            break;
        }
        days -= len;
    }
    let (h, m, s) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{month} {:>2}, {year} {h:02}:{m:02}:{s:02}.000000000 UTC", days + 1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn dates_are_written_as_wireshark_does() {
        assert_eq!(super::date(0), "Jan  1, 1970 00:00:00.000000000 UTC");
        assert_eq!(super::date(1_700_000_000), "Nov 14, 2023 22:13:20.000000000 UTC");
        assert_eq!(super::date(951_782_400), "Feb 29, 2000 00:00:00.000000000 UTC");
        assert_eq!(super::date(4_107_542_399), "Feb 28, 2100 23:59:59.000000000 UTC");
        assert!(super::date((1 << 48) - 1).ends_with("UTC"));
    }
}
