//! A DNS message at first sight: its header, what it asks or answers in words, and whether it is DNS at all (RFC 1035 §4.1).
//!
//! In: bytes, and where the message begins in them (2 over TCP, behind the length). Out: [`Head`], and a title. It is asked of
//! every datagram of a capture: nothing is kept, and only the title is allocated.

use super::{name, types};
use std::fmt::Write;
use std::net::{Ipv4Addr, Ipv6Addr};

pub const HEADER: usize = 12;

/// Questions and records that a title names.
const SHOWN: usize = 4;
/// A title's length, after which nothing more is added.
const MAX_TITLE: usize = 240;

/// The big-endian number of 2 bytes at `at`.
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_be_bytes)
}

/// The twelve bytes at the front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub id: u16,
    pub flags: u16,
    /// Questions, answers, authorities, additionals.
    pub counts: [u16; 4],
}

/// One entry of the message: where it stands, without what its name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub at: usize,
    pub ty: u16,
    pub class: u16,
    /// Of a record: where its data stands, and how long it is said to be.
    pub data: usize,
    pub len: usize,
}

impl Head {
    pub fn read(bytes: &[u8], base: usize) -> Option<Self> {
        let bytes: [u8; HEADER] = bytes.get(base..base.checked_add(HEADER)?)?.try_into().ok()?;
        let [a, b, c, d, e, f, g, h, i, j, k, l] = bytes;
        let at = |high: u8, low: u8| u16::from_be_bytes([high, low]);
        Some(Self { id: at(a, b), flags: at(c, d), counts: [at(e, f), at(g, h), at(i, j), at(k, l)] })
    }

    pub fn is_response(self) -> bool {
        self.flags & 0x8000 != 0
    }

    pub fn opcode(self) -> u16 {
        self.flags >> 11 & 15
    }

    pub fn rcode(self) -> u16 {
        self.flags & 15
    }
}

fn question(bytes: &[u8], at: usize) -> Option<(Entry, usize)> {
    let next = name::skip(bytes, at)?;
    let (ty, class) = (u16_at(bytes, next)?, u16_at(bytes, next + 2)?);
    Some((Entry { at, ty, class, data: next + 4, len: 0 }, next + 4))
}

fn record(bytes: &[u8], at: usize) -> Option<(Entry, usize)> {
    let next = name::skip(bytes, at)?;
    let (ty, class) = (u16_at(bytes, next)?, u16_at(bytes, next + 2)?);
    let len = usize::from(u16_at(bytes, next + 8)?);
    Some((Entry { at, ty, class, data: next + 10, len }, next + 10 + len))
}

/// The first entries of a message: the questions, then the answers; `None` where one cannot be read.
fn entries(bytes: &[u8], base: usize, head: Head) -> impl Iterator<Item = Option<(bool, Entry)>> + '_ {
    let [questions, answers, ..] = head.counts;
    let mut at = Some(base + HEADER);
    let kinds = std::iter::repeat_n(false, questions.into()).chain(std::iter::repeat_n(true, answers.into()));
    kinds.map_while(move |is_answer| {
        let here = at?;
        let read = if is_answer { record(bytes, here) } else { question(bytes, here) };
        at = read.map(|(_, next)| next);
        Some(read.map(|(entry, _)| (is_answer, entry)))
    })
}

/// "Standard query A example.org", "Standard query response A 192.0.2.1".
pub fn title(bytes: &[u8], base: usize, head: Head) -> String {
    let mut title = String::with_capacity(64);
    title.push_str(types::opcode_name(head.opcode()).unwrap_or("Unknown operation"));
    if head.is_response() {
        title.push_str(" response");
        if head.rcode() != 0 {
            title.push(' ');
            title.push_str(types::rcode_name(head.rcode()).unwrap_or("error"));
        }
    }
    let with_answers = head.is_response() && head.counts[1] > 0;
    // Questions are only passed over where there are answers; nobody writes hundreds of them.
    let wanted = entries(bytes, base, head).take(64).map_while(|e| e).filter(|(is_answer, _)| *is_answer == with_answers);
    for (i, (_, entry)) in wanted.take(SHOWN + 1).enumerate() {
        if i == SHOWN || title.len() > MAX_TITLE {
            title.push_str(" …");
            break;
        }
        title.push(' ');
        match types::type_name(entry.ty) {
            Some((name, _)) => title.push_str(name),
            None => {
                let _ = write!(title, "TYPE{}", entry.ty);
            }
        }
        if with_answers {
            say(bytes, base, entry, &mut title);
        } else {
            say_name(bytes, base, entry.at, &mut title);
        }
    }
    title
}

fn say_name(bytes: &[u8], base: usize, at: usize, title: &mut String) {
    if let Ok(name) = name::read(bytes, base, at) {
        title.push(' ');
        title.push_str(&name.text);
    }
}

/// The data of a record, if it is an address or a name.
fn say(bytes: &[u8], base: usize, entry: Entry, title: &mut String) {
    let data = entry.data.checked_add(entry.len).and_then(|end| bytes.get(entry.data..end)).unwrap_or(&[]);
    let skip = match entry.ty {
        types::A => {
            if let Ok(a) = <[u8; 4]>::try_from(data) {
                let _ = write!(title, " {}", Ipv4Addr::from(a));
            }
            return;
        }
        types::AAAA => {
            if let Ok(a) = <[u8; 16]>::try_from(data) {
                let _ = write!(title, " {}", Ipv6Addr::from(a));
            }
            return;
        }
        types::CNAME | types::NS | types::PTR | types::SOA | types::DNAME => 0,
        types::MX | types::SVCB | types::HTTPS => 2,
        types::SRV => 6,
        _ => return,
    };
    if data.len() > skip {
        say_name(bytes, base, entry.data + skip, title);
    }
}

/// Could these bytes, which may be cut, be DNS? Asked of a stream whose port says so, and of what stands behind a length.
pub fn is_plausible(bytes: &[u8], base: usize) -> bool {
    let Some(head) = Head::read(bytes, base) else { return false };
    let known = |class: u16| types::class_name(class & 0x7fff).is_some();
    let [questions, answers, authorities, additionals] = head.counts;
    if types::opcode_name(head.opcode()).is_none() || head.flags & 0x40 != 0 || questions > 64 {
        return false;
    }
    if questions > 0 {
        return question(bytes, base + HEADER).is_some_and(|(q, _)| known(q.class));
    }
    if !head.is_response() {
        return false;
    }
    // mDNS answers nobody asked for have no question; nor has the rest of a zone transfer.
    match answers.max(authorities).max(additionals) {
        0 => head.rcode() != 0,
        _ => record(bytes, base + HEADER).is_some_and(|(r, _)| known(r.class) || r.ty == types::OPT),
    }
}

/// Are these bytes DNS as far as their header says? Asked of datagrams on ports that are nobody's. These are the limits of
/// Wireshark's own guess, so that both take the same datagrams for DNS.
pub fn is_likely(bytes: &[u8]) -> bool {
    let Some(head) = Head::read(bytes, 0).filter(|_| bytes.len() > HEADER) else { return false };
    let [questions, answers, authorities, additionals] = head.counts;
    let counts = match head.is_response() {
        true => questions <= 1 && answers <= 100 && authorities <= 10,
        false => questions == 1 && answers == 0 && authorities == 0,
    };
    head.opcode() == 0 && counts && additionals <= 10
}
