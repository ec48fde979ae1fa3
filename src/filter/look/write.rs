//! Values as `tshark -T fields` prints them.

use crate::filter::Fact;
use crate::wire::{FieldDef, Kind};

/// A value as `tshark -T fields` prints it.
pub fn print(def: &FieldDef, fact: Fact<'_>) -> String {
    let mut out = String::new();
    write(&mut out, def, fact);
    out
}

/// What is no field's value: the words alone.
pub(super) fn write_text(out: &mut String, fact: Fact<'_>) {
    if let Fact::Text(text) = fact {
        out.push_str(text);
    }
}

/// Appends a value as `tshark -T fields` prints it.
pub(super) fn write(out: &mut String, def: &FieldDef, fact: Fact<'_>) {
    use std::fmt::Write;
    // Writing to a string cannot fail.
    let _ = match fact {
        // Wireshark's fields without a value (FT_NONE) show that they are there.
        Fact::Present if matches!(def.kind, Kind::Group | Kind::Text) => out.write_str("1"),
        Fact::Present | Fact::Layer(_) => Ok(()),
        Fact::Bool(b) => out.write_str(if b { "1" } else { "0" }),
        Fact::Uint(n) => match def.kind {
            Kind::Hex(digits) => {
                hexadecimal(out, n, digits.into());
                Ok(())
            }
            _ => {
                decimal(out, n);
                Ok(())
            }
        },
        Fact::Int(n) => write!(out, "{n}"),
        Fact::Mac([a, b, c, d, e, f]) => write!(out, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}"),
        Fact::Ipv4(a) => {
            for (n, octet) in a.octets().into_iter().enumerate() {
                if n > 0 {
                    out.push('.');
                }
                decimal(out, octet.into());
            }
            Ok(())
        }
        Fact::Ipv6(a) => write!(out, "{a}"),
        Fact::Text(t) if is_plain(t) => out.write_str(t),
        Fact::Text(t) => out.write_str(&crate::wire::in_a_line(t)),
        // tshark 4.0 says so of a field of bytes that has none.
        Fact::Bytes([]) => out.write_str("<MISSING>"),
        Fact::Bytes(bytes) => out.write_str(&crate::wire::hex(bytes)),
        Fact::Nanos(n) => {
            if n < 0 {
                out.push('-');
            }
            decimal(out, n.unsigned_abs() / 1_000_000_000);
            // Nine digits, with zeros before.
            let from = out.len();
            decimal(out, 1_000_000_000 + n.unsigned_abs() % 1_000_000_000);
            out.replace_range(from..=from, ".");
            Ok(())
        }
    };
}

/// Appends a number, faster than formatting does: there are as many as cells.
fn decimal(out: &mut String, mut n: u64) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        if let Some(digit) = digits.get_mut(at) {
            *digit = b'0' + (n % 10) as u8;
        }
        n /= 10;
        if n == 0 {
            break;
        }
    }
    out.push_str(digits.get(at..).and_then(|d| std::str::from_utf8(d).ok()).unwrap_or_default());
}

/// Nothing in it ends a line or a cell.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| b >= b' ')
}

/// Appends a number with so many digits at least.
fn hexadecimal(out: &mut String, n: u64, least: usize) {
    let needed = (16 - n.leading_zeros() as usize / 4).max(least);
    out.push_str("0x");
    for digit in (0..needed).rev() {
        let shift = u32::try_from(digit * 4).unwrap_or(u32::MAX);
        out.push(char::from_digit(n.checked_shr(shift).unwrap_or(0) as u32 & 15, 16).unwrap_or('0'));
    }
}
