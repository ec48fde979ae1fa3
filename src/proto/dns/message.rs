//! A DNS message taken apart: header, questions, records (RFC 1035 §4.1), without a word about how they are shown.
//!
//! In: bytes, and where the message begins in them (2 over TCP, behind the length). Out: [`Message`] with what could be
//! read, and a [`Stop`] where that ended. Compression pointers only ever lead backwards, so reading ends.

use super::types;
use crate::lang::words;
use crate::wire::{Span, Stop, Why};
use std::net::{Ipv4Addr, Ipv6Addr};

/// RFC 1035 §2.3.4.
const MAX_NAME: usize = 255;
const MAX_JUMPS: usize = 128;
/// Records read at most; a message of 64 kB holds fewer than 6000.
const MAX_RECORDS: usize = 6000;
pub const HEADER: usize = 12;

fn malformed(at: usize, rule: crate::lang::Words) -> Stop {
    Stop { proto: "dns", at, why: Why::Malformed(rule) }
}

fn truncated(at: usize, need: usize, have: usize) -> Stop {
    Stop { proto: "dns", at, why: Why::Truncated { need, have } }
}

/// The big-endian number of 2 bytes at `at`.
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_be_bytes)
}

/// The big-endian number of 4 bytes at `at`.
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes)
}

/// Reads a name: its text, and the offset behind it. `base` is where the message begins.
pub fn name(bytes: &[u8], base: usize, at: usize) -> Result<(String, usize), Stop> {
    let mut text = String::new();
    let mut octets = 1;
    let mut here = at;
    let mut behind = None;
    let mut limit = at;
    for _ in 0..=MAX_JUMPS {
        loop {
            let cut = || truncated(here, here + 1, bytes.len());
            let len = *bytes.get(here).ok_or_else(cut)?;
            match len {
                0 => {
                    if text.is_empty() {
                        text.push_str("<Root>");
                    }
                    return Ok((text, behind.unwrap_or(here + 1)));
                }
                1..=63 => {
                    let label = bytes.get(here + 1..here + 1 + len as usize).ok_or_else(cut)?;
                    octets += 1 + label.len();
                    if octets > MAX_NAME {
                        return Err(malformed(here, words("名前が 255 バイトを超えています", "a name is longer than 255 bytes")));
                    }
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.extend(String::from_utf8_lossy(label).chars().map(|c| if c.is_control() { '·' } else { c }));
                    here += 1 + label.len();
                }
                0xc0.. => {
                    let pointer = u16_at(bytes, here).ok_or_else(cut)?;
                    let to = base + usize::from(pointer & 0x3fff);
                    behind = behind.or(Some(here + 2));
                    // RFC 1035 §4.1.4: "a prior occurrence" — a pointer to itself or ahead would never end.
                    if to >= limit {
                        return Err(malformed(here, words("名前の参照が前を指していません", "a name's pointer does not lead backwards")));
                    }
                    limit = to;
                    here = to;
                    break;
                }
                _ => return Err(malformed(here, words("ラベルの種類が不明です", "a label of unknown kind"))),
            }
        }
    }
    Err(malformed(at, words("名前の参照が多すぎます", "a name has too many pointers")))
}

#[derive(Clone, Debug)]
pub struct Question {
    pub name: String,
    pub name_span: Span,
    /// Where type (2 bytes) and class (2 bytes) stand.
    pub at: usize,
    pub ty: u16,
    pub class: u16,
}

#[derive(Clone, Debug)]
pub struct Record {
    /// 0 answer, 1 authority, 2 additional.
    pub section: usize,
    pub name: String,
    pub name_span: Span,
    /// Where type, class, time to live and length stand.
    pub at: usize,
    pub ty: u16,
    pub class: u16,
    pub ttl: u32,
    pub len: u16,
    pub data: Span,
}

/// A message as far as it could be read.
#[derive(Clone, Debug)]
pub struct Message {
    pub base: usize,
    pub id: u16,
    pub flags: u16,
    /// Questions, answers, authorities, additionals.
    pub counts: [u16; 4],
    pub questions: Vec<Question>,
    pub records: Vec<Record>,
    pub stop: Option<Stop>,
    /// Where reading ended.
    pub end: usize,
}

impl Message {
    /// Reads the message that begins at `base`. The error: not even its header is there.
    pub fn read(bytes: &[u8], base: usize) -> Result<Self, Stop> {
        let header = || {
            let at = |i: usize| u16_at(bytes, base + 2 * i);
            Some((at(0)?, at(1)?, [at(2)?, at(3)?, at(4)?, at(5)?]))
        };
        let (id, flags, counts) = header().ok_or_else(|| truncated(base, base + HEADER, bytes.len()))?;
        let end = base + HEADER;
        let mut message = Self { base, id, flags, counts, questions: Vec::new(), records: Vec::new(), stop: None, end };
        message.stop = message.read_all(bytes).err();
        Ok(message)
    }

    fn read_all(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let [questions, sections @ ..] = self.counts;
        for _ in 0..questions {
            let (name, at) = name(bytes, self.base, self.end)?;
            let cut = || truncated(at, at + 4, bytes.len());
            let ty = u16_at(bytes, at).ok_or_else(cut)?;
            let class = u16_at(bytes, at + 2).ok_or_else(cut)?;
            self.questions.push(Question { name, name_span: Span::new(self.end, at - self.end), at, ty, class });
            self.end = at + 4;
        }
        for (section, count) in sections.into_iter().enumerate() {
            for _ in 0..count {
                let (name, at) = name(bytes, self.base, self.end)?;
                let cut = || truncated(at, at + 10, bytes.len());
                let ty = u16_at(bytes, at).ok_or_else(cut)?;
                let class = u16_at(bytes, at + 2).ok_or_else(cut)?;
                let ttl = u32_at(bytes, at + 4).ok_or_else(cut)?;
                let len = u16_at(bytes, at + 8).ok_or_else(cut)?;
                let data = at + 10;
                let have = bytes.len() - data;
                let name_span = Span::new(self.end, at - self.end);
                let data_span = Span::new(data, have.min(len.into()));
                self.records.push(Record { section, name, name_span, at, ty, class, ttl, len, data: data_span });
                if have < usize::from(len) {
                    return Err(truncated(data, data + usize::from(len), bytes.len()));
                }
                self.end = data + usize::from(len);
                if self.records.len() >= MAX_RECORDS {
                    return Err(malformed(self.end, words("レコードが多すぎます", "too many records")));
                }
            }
        }
        Ok(())
    }

    pub fn is_response(&self) -> bool {
        self.flags & 0x8000 != 0
    }

    pub fn opcode(&self) -> u16 {
        self.flags >> 11 & 15
    }

    pub fn rcode(&self) -> u16 {
        self.flags & 15
    }

    /// "Standard query A example.org", "Standard query response A 192.0.2.1".
    pub fn title(&self, bytes: &[u8]) -> String {
        const SHOWN: usize = 4;
        let mut title = types::opcode_name(self.opcode()).unwrap_or("Unknown operation").to_owned();
        let mut said: Vec<String> = Vec::new();
        if self.is_response() {
            title.push_str(" response");
            if self.rcode() != 0 {
                title.push(' ');
                title.push_str(types::rcode_name(self.rcode()).unwrap_or("error"));
            }
            said.extend(self.records.iter().filter(|r| r.section == 0).take(SHOWN + 1).map(|r| r.short(bytes, self.base)));
        }
        if said.is_empty() {
            said.extend(self.questions.iter().take(SHOWN + 1).map(|q| format!("{} {}", types::short_type(q.ty), q.name)));
        }
        for (i, part) in said.iter().enumerate() {
            title.push(' ');
            title.push_str(if i < SHOWN { part } else { "…" });
        }
        title
    }

    /// Could these bytes really be DNS? Asked of bytes nobody vouches for.
    pub fn is_plausible(&self) -> bool {
        let known = |class: u16| types::class_name(class & 0x7fff).is_some();
        let [questions, answers, ..] = self.counts;
        let first = match (self.questions.first(), self.records.first()) {
            (Some(question), _) => known(question.class),
            // mDNS answers nobody asked for have no question.
            (None, Some(record)) => questions == 0 && self.is_response() && (known(record.class) || record.ty == types::OPT),
            (None, None) => questions == 0 && self.is_response() && answers == 0 && self.rcode() != 0,
        };
        types::opcode_name(self.opcode()).is_some() && self.flags & 0x40 == 0 && questions <= 64 && first
    }
}

impl Record {
    /// "A 192.0.2.1".
    fn short(&self, bytes: &[u8], base: usize) -> String {
        let ty = types::short_type(self.ty);
        let target = |skip: usize| name(bytes, base, self.data.start as usize + skip).ok().map(|(name, _)| name);
        let data = match self.ty {
            types::A => self.ipv4(bytes).map(|a| a.to_string()),
            types::AAAA => self.ipv6(bytes).map(|a| a.to_string()),
            types::CNAME | types::NS | types::PTR | types::SOA => target(0),
            types::MX => target(2),
            types::SRV => target(6),
            _ => None,
        };
        data.map_or(ty.clone(), |data| format!("{ty} {data}"))
    }

    pub fn ipv4(&self, bytes: &[u8]) -> Option<Ipv4Addr> {
        <[u8; 4]>::try_from(self.data.of(bytes)).ok().map(Ipv4Addr::from)
    }

    pub fn ipv6(&self, bytes: &[u8]) -> Option<Ipv6Addr> {
        <[u8; 16]>::try_from(self.data.of(bytes)).ok().map(Ipv6Addr::from)
    }
}
