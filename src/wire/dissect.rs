//! The walk from header to header: each says what comes next, the table says who reads it.

use super::{Buffer, Dissected, Field, FieldDef, Layer, LinkType, Osi, Span, Stop, Value, Why};
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
    /// The LLC header (IEEE 802.2) of an Ethernet frame that carries a length instead of a type.
    Llc,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link(link) => write!(f, "link type {}", link.name()),
            Self::EtherType(n) => write!(f, "EtherType 0x{n:04x}"),
            Self::IpProto(n) => write!(f, "IP protocol {n}"),
            Self::Llc => f.write_str("IEEE 802.2 LLC"),
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
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The number this header was found by, for files that read more than one.
    pub key: Key,
    /// The whole buffer (the frame); spans are offsets into it.
    pub bytes: &'a [u8],
    /// The part that belongs to this header and what it carries; already cut to what the header before claimed.
    pub area: Span,
    /// How long the area would be had nothing been cut off by the capture's snapshot length.
    pub full_len: usize,
    /// The addresses of the nearest IP header before, for checksums over the pseudo header.
    pub ips: Option<(IpAddr, IpAddr)>,
    /// The area holds only the beginning of a datagram (first fragment, quoted packet): no checksum can be verified.
    pub partial: bool,
    /// The IP packet claims more bytes than are here.
    pub cut: bool,
    /// The header is quoted in an ICMP error: it is not this frame's own.
    pub quoted: bool,
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
    /// The payload is only the beginning of what the next header describes: see [`Input::partial`].
    pub partial: bool,
    /// For IP headers: the packet claims more bytes than are here.
    pub cut: bool,
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
            partial: false,
            cut: false,
            stop: Some(Stop { proto, at, why: Why::Truncated { need, have } }),
        }
    }

    /// A header that was read, and what follows it.
    pub fn read(layer: Layer, next: Next, payload_full_len: usize) -> Self {
        Self { layer: Some(layer), next, ips: None, payload_full_len, partial: false, cut: false, stop: None }
    }

    /// The header was read, but a rule is broken and nothing that follows can be trusted.
    pub fn malformed(layer: Layer, rule: Words) -> Self {
        let stop = Stop { proto: layer.proto, at: layer.header.start as usize, why: Why::Malformed(rule) };
        Self { layer: Some(layer), next: Next::Nothing, ips: None, payload_full_len: 0, partial: false, cut: false, stop: Some(stop) }
    }

    /// Only a part of the header was captured: the layer keeps those of its `fields` whose bytes are all there.
    pub fn cut(header: &dyn Header, input: &Input<'_>, need: usize, fields: Vec<Field>) -> Self {
        let mut step = Self::truncated(header.proto(), input.area.start as usize, need, input.area.len as usize);
        let fields = readable(fields, input.area.end());
        if fields.iter().any(|f| !f.span.is_empty()) {
            let payload = Span::new(input.area.end() as usize, 0);
            let summary = format!("{} (cut off)", header.title());
            step.layer = Some(Layer::of(header, input.area, payload, summary, fields));
        }
        step
    }
}

/// Those fields whose bytes end at or before `end`, and computed ones; a field that ends later keeps its readable children, but
/// neither a value nor what was computed from it.
fn readable(fields: Vec<Field>, end: u32) -> Vec<Field> {
    let part = |mut f: Field| {
        let whole = f.span.end() <= end;
        f.children = readable(f.children, end);
        if !whole {
            f.children.retain(|c| !c.span.is_empty());
            f.span.len = end.saturating_sub(f.span.start);
            f.value = Value::None;
            f.meaning = Some("cut off".to_owned());
        }
        (whole || !f.children.is_empty()).then_some(f)
    };
    fields.into_iter().filter_map(part).collect()
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
    /// The field for bytes behind the payload that the next header did not claim: padding, a trailer.
    fn trailer(&self, _bytes: &[u8], _left: Span) -> Vec<Field> {
        Vec::new()
    }
}

/// Every header osiscope reads. A new one is one new file and one row here.
pub static TABLE: &[&dyn Header] = &[
    &super::ethernet::Ethernet,
    &super::vlan::Vlan,
    &super::sll::Sll,
    &super::null::Null,
    &super::raw::Raw,
    &super::arp::Arp,
    &super::ipv4::Ipv4,
    &super::ipv6::Ipv6,
    &super::ipv6_ext::Ext(super::ipv6_ext::HOPOPTS),
    &super::ipv6_ext::Ext(super::ipv6_ext::ROUTING),
    &super::ipv6_ext::Ext(super::ipv6_ext::FRAGMENT),
    &super::ipv6_ext::Ext(super::ipv6_ext::DSTOPTS),
    &super::icmp::Icmp,
    &super::icmpv6::Icmpv6,
    &super::tcp::Tcp,
    &super::udp::Udp,
];

/// Dissects one frame up to and including its transport header.
///
/// `wire_len` is the frame's length on the wire; `bytes` may be shorter (snapshot length).
pub fn dissect(link: LinkType, bytes: &[u8], wire_len: usize) -> Dissected {
    let start = Input {
        key: Key::Link(link),
        bytes,
        area: Span::new(0, bytes.len()),
        full_len: wire_len.max(bytes.len()),
        ips: None,
        partial: false,
        cut: false,
        quoted: false,
    };
    let (layers, next, stop) = walk(start);
    Dissected {
        buffers: vec![Buffer {
            name: Text::new("フレーム", "Frame"),
            bytes: bytes.to_vec(),
            in_frame: vec![(0, Span::new(0, bytes.len()))],
        }],
        layers,
        next,
        stop,
    }
}

/// Dissects what an IP header between these ends carries, up to and including its transport header: a datagram that was put
/// together from fragments.
pub fn carried(proto: u8, bytes: &[u8], ips: (IpAddr, IpAddr)) -> (Vec<Layer>, Next, Option<Stop>) {
    let key = Key::IpProto(proto);
    let area = Span::new(0, bytes.len());
    walk(Input { key, bytes, area, full_len: bytes.len(), ips: Some(ips), partial: false, cut: false, quoted: false })
}

/// Reads header after header from `input` on.
pub(super) fn walk(mut input: Input<'_>) -> (Vec<Layer>, Next, Option<Stop>) {
    let mut layers: Vec<Layer> = Vec::new();
    let mut headers: Vec<&'static dyn Header> = Vec::new();
    let mut next = Next::Header(input.key);
    let mut stop = None;
    while let Next::Header(key) = next {
        next = Next::Nothing;
        let proto = layers.last().map_or("frame", |l| l.proto);
        let at = input.area.start as usize;
        if layers.len() >= MAX_DEPTH {
            stop = Some(Stop { proto, at, why: Why::TooDeep });
            break;
        }
        let Some(header) = TABLE.iter().find(|h| h.claims().contains(&key)) else {
            stop = Some(Stop { proto, at, why: Why::Unknown(key) });
            break;
        };
        input.key = key;
        let step = header.dissect(&input);
        if let Some(layer) = step.layer {
            // What the header before carried behind this one's end belongs to neither: padding or a trailer.
            let end = layer.header.end().max(layer.payload.end());
            let left = Span::new(end as usize, input.area.end().saturating_sub(end) as usize);
            if let (Some(before), Some(carrier)) = (layers.last_mut(), headers.last())
                && !left.is_empty()
                && step.stop.is_none()
            {
                before.fields.extend(carrier.trailer(input.bytes, left));
            }
            input.area = layer.payload;
            layers.push(layer);
            headers.push(*header);
        }
        input.ips = step.ips.or(input.ips);
        input.full_len = step.payload_full_len;
        input.partial |= step.partial;
        input.cut = if step.ips.is_some() { step.cut } else { input.cut };
        stop = step.stop;
        if stop.is_some() {
            break;
        }
        next = step.next;
    }
    (layers, next, stop)
}
