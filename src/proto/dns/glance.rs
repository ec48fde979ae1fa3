//! Fields of a DNS message at a glance: its head, its questions, and the records that most answers have.
//!
//! In: a message that stands in one frame. Out: the values of one field, as dissection gives them. Updates, LLMNR, and messages
//! with records whose data is more than an address or a name are dissected.

use super::dissect::{Flavour, base};
use super::message::{HEADER, u16_at};
use super::{name, types};
use crate::proto::glance::{Found, Glance, Glimpse};
use crate::wire::FieldDef;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Questions and records that are read at a glance at most.
const MAX_ENTRIES: usize = 64;

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// 16 bits of the head, at an offset in it.
    Word(usize),
    /// A bit of the flags, counted from the highest; only in answers.
    Bit(usize, bool),
    Opcode,
    Rcode,
    Question(Asked),
    Record(Told),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Name,
    NameLen,
    Labels,
    Type,
    Class,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Name,
    Type,
    Class,
    Ttl,
    Len,
    A,
    Aaaa,
    Cname,
}

fn part(name: &str) -> Option<Part> {
    Some(match name {
        "dns.id" => Part::Word(0),
        "dns.flags" => Part::Word(2),
        "dns.flags.response" => Part::Bit(0, false),
        "dns.flags.opcode" => Part::Opcode,
        "dns.flags.authoritative" => Part::Bit(5, true),
        "dns.flags.truncated" => Part::Bit(6, false),
        "dns.flags.recdesired" => Part::Bit(7, false),
        "dns.flags.recavail" => Part::Bit(8, true),
        "dns.flags.z" => Part::Bit(9, false),
        "dns.flags.checkdisable" => Part::Bit(11, false),
        "dns.flags.rcode" => Part::Rcode,
        "dns.count.queries" => Part::Word(4),
        "dns.count.answers" => Part::Word(6),
        "dns.count.auth_rr" => Part::Word(8),
        "dns.count.add_rr" => Part::Word(10),
        "dns.qry.name" => Part::Question(Asked::Name),
        "dns.qry.name.len" => Part::Question(Asked::NameLen),
        "dns.count.labels" => Part::Question(Asked::Labels),
        "dns.qry.type" => Part::Question(Asked::Type),
        "dns.qry.class" => Part::Question(Asked::Class),
        "dns.resp.name" => Part::Record(Told::Name),
        "dns.resp.type" => Part::Record(Told::Type),
        "dns.resp.class" => Part::Record(Told::Class),
        "dns.resp.ttl" => Part::Record(Told::Ttl),
        "dns.resp.len" => Part::Record(Told::Len),
        "dns.a" => Part::Record(Told::A),
        "dns.aaaa" => Part::Record(Told::Aaaa),
        "dns.cname" => Part::Record(Told::Cname),
        _ => return None,
    })
}

/// A message in one frame.
struct Message<'a> {
    bytes: &'a [u8],
    /// Where it begins: behind its length, over TCP.
    base: usize,
    flavour: Flavour,
}

/// Each value of this field; true to go on. `None`: it takes dissection.
pub fn glance(def: &FieldDef, flavour: Flavour, seen: &Glimpse<'_>, found: &mut Found<'_>) -> Option<bool> {
    let part = part(def.name)?;
    let bytes = seen.whole().filter(|_| flavour != Flavour::Llmnr)?;
    let base = base(bytes);
    let head = bytes.get(base..base + HEADER)?;
    let word = |at: usize| u16_at(head, at).unwrap_or(0);
    let flags = word(2);
    if flags >> 11 & 15 == types::UPDATE {
        return None;
    }
    let is_response = flags & 0x8000 != 0;
    let message = Message { bytes, base, flavour };
    Some(match part {
        Part::Word(at) => found(Glance::Uint(word(at).into()), head.get(at..at + 2)?),
        Part::Bit(_, true) if !is_response => true,
        Part::Bit(index, _) => found(Glance::Bool(flags >> (15 - index) & 1 != 0), head.get(2 + index / 8..3 + index / 8)?),
        Part::Opcode => found(Glance::Uint((flags >> 11 & 15).into()), head.get(2..3)?),
        Part::Rcode => !is_response || found(Glance::Uint((flags & 15).into()), head.get(3..4)?),
        Part::Question(asked) => {
            let count = usize::from(word(4));
            if count > MAX_ENTRIES {
                return None;
            }
            let mut at = base + HEADER;
            for _ in 0..count {
                let Some((go_on, next)) = message.question(at, Some(asked), found) else { break };
                if !go_on {
                    return Some(false);
                }
                at = next;
            }
            true
        }
        Part::Record(told) => {
            let [questions, records] = [usize::from(word(4)), [6, 8, 10].map(|at| usize::from(word(at))).iter().sum()];
            if questions > MAX_ENTRIES || records > MAX_ENTRIES {
                return None;
            }
            let mut at = base + HEADER;
            for _ in 0..questions {
                match message.question(at, None, found) {
                    Some((_, next)) => at = next,
                    // Nothing can be read behind it.
                    None => return Some(true),
                }
            }
            // First all of them, then what is asked for: nothing can be taken back.
            let mut end = at;
            for _ in 0..records {
                end = message.record(end)?.next;
            }
            for _ in 0..records {
                let record = message.record(at)?;
                if !record.tell(&message, told, found) {
                    return Some(false);
                }
                at = record.next;
            }
            true
        }
    })
}

impl<'a> Message<'a> {
    fn at<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.bytes.get(at..at.checked_add(N)?)?.try_into().ok()
    }

    fn class(&self, raw: u16) -> u64 {
        u64::from(if self.flavour == Flavour::Mdns { raw & 0x7fff } else { raw })
    }

    /// The question at `at`: whether to go on, and where it ends. `None`: it cannot be read.
    fn question(&self, at: usize, asked: Option<Asked>, found: &mut Found<'_>) -> Option<(bool, usize)> {
        // Mostly only its place is of interest.
        let plain = if matches!(asked, Some(Asked::NameLen | Asked::Labels)) { None } else { Plain::read(self.bytes, at) };
        let (read, next) = match plain {
            Some(_) => (None, plain.as_ref()?.next),
            None => {
                let name = name::read(self.bytes, self.base, at).ok()?;
                let next = name.next;
                (Some(name), next)
            }
        };
        let [t0, t1, c0, c1] = self.at(next)?;
        let span = |from: usize, to: usize| self.bytes.get(from..to).unwrap_or(&[]);
        let go_on = match (asked, &read) {
            (None, _) => true,
            (Some(Asked::Name), _) => {
                let text = plain.as_ref().map(Plain::text).or(read.as_ref().map(|n| n.text.as_str()))?;
                found(Glance::Text(text), span(at, next))
            }
            // A name of one character counts as none.
            (Some(Asked::NameLen), Some(name)) => found(Glance::Uint(if name.len > 1 { name.len as u64 } else { 0 }), &[]),
            (Some(Asked::Labels), Some(name)) => found(Glance::Uint(if name.len > 1 { name.labels as u64 } else { 0 }), &[]),
            (Some(Asked::NameLen | Asked::Labels), None) => return None,
            (Some(Asked::Type), _) => found(Glance::Uint(u16::from_be_bytes([t0, t1]).into()), span(next, next + 2)),
            (Some(Asked::Class), _) => found(Glance::Uint(self.class(u16::from_be_bytes([c0, c1]))), span(next + 2, next + 4)),
        };
        Some((go_on, next + 4))
    }

    /// The record at `at`. `None`: it takes dissection.
    fn record(&self, at: usize) -> Option<Record> {
        let behind = match self.at(at)? {
            // A pointer to an earlier name: what it says is only read where that is asked for, but it must lead to a name.
            [0xc0, to] if Plain::read(self.bytes, self.base + usize::from(to)).is_some() => at + 2,
            _ => name::read(self.bytes, self.base, at).ok()?.next,
        };
        let [t0, t1, _, _, ttl, _, _, _, l0, l1] = self.at(behind)?;
        let (ty, len) = (u16::from_be_bytes([t0, t1]), usize::from(u16::from_be_bytes([l0, l1])));
        let data = behind + 10;
        self.bytes.get(data..data + len)?;
        let plain = match ty {
            types::A => len == 4,
            types::AAAA => len == 16,
            types::CNAME | types::NS | types::PTR => len > 0 && name::read(self.bytes, self.base, data).is_ok(),
            types::OPT => len == 0,
            _ => false,
        };
        // The highest bit of a TTL is remarked on.
        (plain && ttl & 0x80 == 0 || plain && ty == types::OPT).then_some(Record { at, behind, ty, len, next: data + len })
    }
}

/// Where a record stands whose data is read at a glance.
struct Record {
    at: usize,
    /// Behind its name.
    behind: usize,
    ty: u16,
    len: usize,
    next: usize,
}

impl Record {
    fn tell(&self, of: &Message<'_>, told: Told, found: &mut Found<'_>) -> bool {
        let span = |from: usize, len: usize| of.bytes.get(from..from + len).unwrap_or(&[]);
        let number = |from: usize, len: usize| span(from, len).iter().fold(0u64, |n, b| n << 8 | u64::from(*b));
        let (behind, data) = (self.behind, self.behind + 10);
        let named = |at: usize, len: usize, found: &mut Found<'_>| match name::read(of.bytes, of.base, at) {
            Ok(name) => found(Glance::Text(&name.text), span(at, if len == 0 { name.next.saturating_sub(at) } else { len })),
            Err(_) => true,
        };
        match told {
            Told::Name => named(self.at, 0, found),
            Told::Type => found(Glance::Uint(self.ty.into()), span(behind, 2)),
            Told::Len => found(Glance::Uint(self.len as u64), span(behind + 8, 2)),
            // RFC 6891 §6.1.2: of an OPT record they are something else.
            Told::Class | Told::Ttl if self.ty == types::OPT => true,
            Told::Class => found(Glance::Uint(of.class(number(behind + 2, 2) as u16)), span(behind + 2, 2)),
            Told::Ttl => found(Glance::Uint(number(behind + 4, 4)), span(behind + 4, 4)),
            Told::A if self.ty == types::A => {
                of.at::<4>(data).is_none_or(|a| found(Glance::Ipv4(Ipv4Addr::from(a)), span(data, 4)))
            }
            Told::Aaaa if self.ty == types::AAAA => {
                of.at::<16>(data).is_none_or(|a| found(Glance::Ipv6(Ipv6Addr::from(a)), span(data, 16)))
            }
            Told::Cname if self.ty == types::CNAME => named(data, 0, found),
            _ => true,
        }
    }
}

/// A name of letters, digits, `-` and `_` without pointers: what nearly all are.
struct Plain {
    text: [u8; 256],
    len: usize,
    /// The offset behind it.
    next: usize,
}

impl Plain {
    fn read(bytes: &[u8], at: usize) -> Option<Self> {
        let mut out = Self { text: [0; 256], len: 0, next: at };
        loop {
            let label = usize::from(*bytes.get(out.next)?);
            if label == 0 {
                out.next += 1;
                // The root is written in words, and what is too long is said so.
                return (1..=253).contains(&out.len).then_some(out);
            }
            let from = bytes.get(out.next + 1..out.next + 1 + label).filter(|_| label < 64)?;
            if !from.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
                return None;
            }
            if out.len > 0 {
                *out.text.get_mut(out.len)? = b'.';
                out.len += 1;
            }
            out.text.get_mut(out.len..out.len + label)?.copy_from_slice(from);
            out.len += label;
            out.next += 1 + label;
        }
    }

    fn text(&self) -> &str {
        self.text.get(..self.len).and_then(|t| std::str::from_utf8(t).ok()).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_plain_name_is_read_as_the_careful_way_reads_it_or_not_at_all() {
        let names: [&[u8]; 6] = [b"\x03www\x07example\x03com\0", b"\x01a\0", b"\0", b"\x03a.b\0", b"\x03www\xc0\x00", b"\x05abc"];
        let read: Vec<bool> = names.iter().map(|bytes| Plain::read(bytes, 0).is_some()).collect();
        assert_eq!(read, [true, true, false, false, false, false]);
        for bytes in names.iter().filter(|bytes| Plain::read(bytes, 0).is_some()) {
            let (plain, careful) = (Plain::read(bytes, 0).unwrap(), name::read(bytes, 0, 0).unwrap());
            assert_eq!((plain.text(), plain.next), (careful.text.as_str(), careful.next));
        }
    }
}
