//! The walk from header to header: each says what comes next, the table says who reads it.

use super::{Buffer, Dissected, FieldDef, Layer, LinkType, Osi, Span, Stop, Why};
use crate::lang::{Text, Words};
use std::fmt;
use std::net::IpAddr;

/// Headers in one frame at most (tunnels, stacked VLAN tags, quoted packets).
pub const MAX_DEPTH: usize = 32;

/// What a header is found by: the number in the header before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Link(LinkType),
    EtherType(u16),
    IpProto(u8),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link(link) => write!(f, "link type {}", link.name()),
            Self::EtherType(n) => write!(f, "EtherType 0x{n:04x}"),
            Self::IpProto(n) => write!(f, "IP protocol {n}"),
        }
    }
}

/// What follows a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another header of this room.
    Header(Key),
    /// The bytes of an application, carried by `proto` 6 (TCP) or 17 (UDP).
    Payload { proto: u8, src_port: u16, dst_port: u16 },
    /// Nothing that could be read further: the end, padding, an opaque body, a fragment.
    Nothing,
}

/// What a header's dissector is given.
pub struct Input<'a> {
    /// The whole buffer (the frame); spans are offsets into it.
    pub bytes: &'a [u8],
    /// The part that belongs to this header and what it carries; already cut to what the header before claimed.
    pub area: Span,
    /// How long the area would be had nothing been cut off by the capture's snapshot length.
    pub full_len: usize,
    /// The addresses of the nearest IP header before, for checksums over the pseudo header.
    pub ips: Option<(IpAddr, IpAddr)>,
}

impl<'a> Input<'a> {
    /// The bytes of the area.
    pub fn slice(&self) -> &'a [u8] {
        self.area.of(self.bytes)
    }
}

/// What a header's dissector gives back.
pub struct Step {
    /// `None` only when not even a part of the header could be read.
    pub layer: Option<Layer>,
    pub next: Next,
    /// For IP headers: the addresses, handed to the headers that follow.
    pub ips: Option<(IpAddr, IpAddr)>,
    /// How long the payload would be had nothing been cut off.
    pub payload_full_len: usize,
    pub stop: Option<Stop>,
}

impl Step {
    /// The header cannot be read: `need` bytes, but there are only `have`.
    pub fn truncated(proto: &'static str, at: usize, need: usize, have: usize) -> Self {
        Self {
            layer: None,
            next: Next::Nothing,
            ips: None,
            payload_full_len: 0,
            stop: Some(Stop { proto, at, why: Why::Truncated { need, have } }),
        }
    }
}

/// One header format: one file, one row in [`TABLE`].
pub trait Header: Sync {
    /// Wireshark's name: "tcp".
    fn proto(&self) -> &'static str;
    /// For people: "TCP".
    fn title(&self) -> &'static str;
    /// One sentence on what it is for.
    fn about(&self) -> Words;
    fn osi(&self) -> Osi;
    /// The numbers it is found by.
    fn claims(&self) -> &'static [Key];
    fn fields(&self) -> &'static [&'static FieldDef];
    fn dissect(&self, input: &Input<'_>) -> Step;
}

/// Every header osiscope reads. A new one is one new file and one row here.
pub static TABLE: &[&dyn Header] = &[];

/// Dissects one frame up to and including its transport header.
///
/// `wire_len` is the frame's length on the wire; `bytes` may be shorter (snapshot length).
pub fn dissect(link: LinkType, bytes: &[u8], wire_len: usize) -> Dissected {
    let mut out = Dissected {
        buffers: vec![Buffer {
            name: Text::new("フレーム", "Frame"),
            bytes: bytes.to_vec(),
            in_frame: vec![(0, Span::new(0, bytes.len()))],
        }],
        layers: Vec::new(),
        next: Next::Header(Key::Link(link)),
        stop: None,
    };
    let mut area = Span::new(0, bytes.len());
    let mut full_len = wire_len.max(bytes.len());
    let mut ips = None;
    while let Next::Header(key) = out.next {
        let before = out.layers.last().map_or("frame", |l| l.proto);
        out.next = Next::Nothing;
        if out.layers.len() >= MAX_DEPTH {
            out.stop = Some(Stop { proto: before, at: area.start as usize, why: Why::TooDeep });
            break;
        }
        let Some(header) = TABLE.iter().find(|h| h.claims().contains(&key)) else {
            out.stop = Some(Stop { proto: before, at: area.start as usize, why: Why::Unknown(key) });
            break;
        };
        let step = header.dissect(&Input { bytes, area, full_len, ips });
        ips = step.ips.or(ips);
        full_len = step.payload_full_len;
        out.next = step.next;
        if let Some(layer) = step.layer {
            area = layer.payload;
            out.layers.push(layer);
        }
        if step.stop.is_some() {
            out.stop = step.stop;
            break;
        }
    }
    if out.stop.is_some() {
        out.next = Next::Nothing;
    }
    out
}
