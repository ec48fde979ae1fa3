//! Domain names: labels behind their lengths, with pointers to names said before (RFC 1035 §3.1, §4.1.4).
//!
//! In: a message and where a name stands in it. Out: the name as Wireshark prints it, and where it ends. The work for one name
//! is bounded whatever its pointers do: a loop ends in a statement, as Wireshark's does.

use crate::lang::words;
use crate::wire::{Stop, Why};

/// Characters of a name in text; RFC 1035 §2.3.4 allows 255 octets with the lengths.
const MAX_TEXT: usize = 253;
/// Labels and pointers that are followed for one name.
const MAX_STEPS: usize = 600;
/// Pointers: more than a name can have labels.
const MAX_JUMPS: usize = 256;

const ROOT: &str = "<Root>";
const LOOPS: &str = "<Name contains a pointer that loops>";
const UNKNOWN_EXTENDED: &str = "<Unknown extended label>";
const TOO_LONG: &str = "<Name too long>";

/// A name that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As Wireshark prints it: labels with dots, control characters and wrong UTF-8 escaped.
    pub text: String,
    /// Bytes of the text before anything in it was escaped.
    pub len: usize,
    pub labels: usize,
    /// The offset behind it.
    pub next: usize,
    /// It could be read to its end, and is no statement about why not.
    pub good: bool,
}

/// What walking over a name found.
struct Walk {
    /// The labels with dots between them.
    raw: Vec<u8>,
    next: usize,
    /// Said instead of the labels.
    instead: Option<&'static str>,
}

/// Reads the name at `at`; `base` is where the message begins. The error: it needs bytes that are not there.
pub fn read(bytes: &[u8], base: usize, at: usize) -> Result<Name, Stop> {
    let walk = walk(bytes, base, at)?;
    if let Some(text) = walk.instead {
        return Ok(Name { text: text.to_owned(), len: text.len(), labels: 1, next: walk.next, good: text == ROOT });
    }
    let labels = 1 + walk.raw.iter().filter(|b| **b == b'.').count();
    Ok(Name { text: printed(&walk.raw), len: walk.raw.len(), labels, next: walk.next, good: true })
}

fn walk(bytes: &[u8], base: usize, at: usize) -> Result<Walk, Stop> {
    let cut = |at: usize| Stop { proto: "dns", at: at.min(bytes.len()), why: Why::Truncated { need: at.saturating_add(1), have: bytes.len() } };
    let mut raw = Vec::new();
    let mut here = at;
    let mut behind = None;
    let mut jumps = 0;
    let mut too_long = false;
    for _ in 0..MAX_STEPS {
        let len = usize::from(*bytes.get(here).ok_or_else(|| cut(here))?);
        let done = |instead, next| Ok(Walk { raw: Vec::new(), next: behind.unwrap_or(next), instead: Some(instead) });
        match len {
            0 if too_long => return done(TOO_LONG, here + 1),
            0 if raw.is_empty() => return done(ROOT, here + 1),
            0 => return Ok(Walk { raw, next: behind.unwrap_or(here + 1), instead: None }),
            1..=63 => {
                let label = bytes.get(here + 1..here + 1 + len).ok_or_else(|| cut(bytes.len()))?;
                let dot = usize::from(!raw.is_empty());
                too_long |= raw.len() + dot + len > MAX_TEXT;
                if !too_long {
                    raw.extend(".".as_bytes().iter().take(dot));
                    raw.extend_from_slice(label);
                }
                here += 1 + len;
            }
            // RFC 6891 §5: extended labels, of which none is in use. Wherever that was read, the name ends there.
            0x40..=0x7f if len != 0x41 && here > at => {
                return Ok(Walk { raw: Vec::new(), next: here + 1, instead: Some(UNKNOWN_EXTENDED) });
            }
            0x40..=0xbf => {
                let rule = words("ラベルの種類が不明です", "a label of unknown kind");
                return Err(Stop { proto: "dns", at: here, why: Why::Malformed(rule) });
            }
            _ => {
                let low = usize::from(*bytes.get(here + 1).ok_or_else(|| cut(here + 1))?);
                let to = base + ((len & 0x3f) << 8 | low);
                behind = behind.or(Some(here + 2));
                jumps += 1;
                if to == here || jumps > MAX_JUMPS {
                    break;
                }
                here = to;
            }
        }
    }
    match behind {
        Some(next) => Ok(Walk { raw: Vec::new(), next, instead: Some(LOOPS) }),
        // Hundreds of labels without a pointer: nobody's name.
        None => Err(Stop { proto: "dns", at, why: Why::Malformed(words("名前が長すぎます", "a name is too long")) }),
    }
}

/// Text as Wireshark escapes it: UTF-8 stays, control characters become `\n` or `\001`, others that cannot be seen `\u200B`, and
/// bytes that are no UTF-8 the replacement character.
pub fn printed(raw: &[u8]) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&first, after)) = rest.split_first() {
        if first < 0x80 {
            escape_ascii(first, &mut out);
            rest = after;
            continue;
        }
        let more = match first {
            0xc0..=0xdf => 1,
            0xe0..=0xef => 2,
            0xf0..=0xf7 => 3,
            0xf8..=0xfb => 4,
            0xfc..=0xfd => 5,
            _ => 0,
        };
        let follow = after.iter().take(more).take_while(|b| **b & 0xc0 == 0x80).count();
        let bits = after.iter().take(follow).fold(u32::from(first) & (0x7f >> (more + 1)), |v, b| v << 6 | u32::from(b & 0x3f));
        let c = char::from_u32(bits).filter(|_| more > 0 && follow == more);
        match c {
            Some(c) if seen(c) => out.push(c),
            Some(c) if bits > 0xffff => out.push_str(&format!("\\U{:08X}", u32::from(c))),
            Some(c) => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            None => out.push('\u{fffd}'),
        }
        rest = after.get(follow..).unwrap_or(&[]);
    }
    out
}

fn escape_ascii(b: u8, out: &mut String) {
    match b {
        0x20..=0x7e => out.push(char::from(b)),
        7 => out.push_str("\\a"),
        8 => out.push_str("\\b"),
        9 => out.push_str("\\t"),
        10 => out.push_str("\\n"),
        11 => out.push_str("\\v"),
        12 => out.push_str("\\f"),
        13 => out.push_str("\\r"),
        _ => out.push_str(&format!("\\{b:03o}")),
    }
}

/// Can this character be seen? Controls, format characters (Unicode category Cf) and those that are none cannot.
fn seen(c: char) -> bool {
    let hidden = matches!(c,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{d7fc}'..='\u{d7ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}'
        | '\u{fff0}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}' | '\u{e0000}'..='\u{e007f}');
    !c.is_control() && !hidden
}

/// The offset behind the name at `at`, without reading what it says; no pointer is followed.
pub fn skip(bytes: &[u8], mut at: usize) -> Option<usize> {
    for _ in 0..MAX_STEPS {
        match *bytes.get(at)? {
            0 => return Some(at + 1),
            len @ 1..=63 => at += 1 + usize::from(len),
            0xc0.. => return Some(at + 2),
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_escaped_as_wireshark_does() {
        for (raw, text) in [
            (&b"a b\\\""[..], "a b\\\""),
            (b"\0\x07\n\x0e\x7f", "\\000\\a\\n\\016\\177"),
            (b"\xc3\xa4\xe2\x82\xac", "ä€"),
            (b"\xe2\x82", "\u{fffd}"),
            (b"\xe2\x28\xa1", "\u{fffd}(\u{fffd}"),
            (b"\xed\xa0\x80", "\u{fffd}"),
            (b"\xf4\x90\x80\x80", "\u{fffd}"),
            (b"\xc0\xc1", "\u{fffd}\u{fffd}"),
            (b"\xc0\x80", "\\u0000"),
            (b"\xc2\x85\xe2\x80\x8b\xf3\xa0\x80\x81", "\\u0085\\u200B\\U000E0001"),
        ] {
            assert_eq!(printed(raw), text);
        }
    }

    #[test]
    fn pointers_that_never_end_are_said_and_cost_little() {
        let own = read(b"\xc0\x00", 0, 0).unwrap();
        assert_eq!((own.text.as_str(), own.next, own.good), (LOOPS, 2, false));
        assert_eq!(read(b"\x03abc\xc0\x00", 0, 0).unwrap().text, LOOPS);
        assert_eq!(read(b"\xc0\x02\xc0\x00", 0, 2).unwrap().text, LOOPS);
        assert!(read(b"\xff\xff", 0, 0).is_err());
    }

    #[test]
    fn a_pointer_may_lead_ahead() {
        let name = read(b"\x01a\xc0\x04\x01b\x00", 0, 0).unwrap();
        assert_eq!((name.text.as_str(), name.next, name.labels), ("a.b", 4, 2));
    }

    #[test]
    fn names_have_at_most_253_characters() {
        let long = |n: usize| {
            let mut raw = Vec::new();
            let mut left = n;
            while left > 0 {
                let label = left.min(49);
                raw.push(label as u8);
                raw.extend(vec![b'x'; label]);
                left = left.saturating_sub(label + 1);
            }
            raw.push(0);
            raw
        };
        assert_eq!(read(&long(253), 0, 0).unwrap().len, 253);
        let far = read(&long(254), 0, 0).unwrap();
        assert_eq!((far.text.as_str(), far.len), (TOO_LONG, 15));
    }
}
