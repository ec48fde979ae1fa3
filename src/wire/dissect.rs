//! The walk from header to header: each says what comes next, the table says who reads it.

use super::{Buffer, Dissected, Field, FieldDef, Layer, LinkType, Osi, Span, Stop, Value, Why, named};
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
    /// A service access point in an LLC header: who its user is (IEEE 802.2 §3.3.1).
    Sap(u8),
    /// A SNAP protocol number of an organisation that does not use EtherTypes (IEEE 802 §9).
    Snap { oui: u32, pid: u16 },
    /// A PPP frame inside another header.
    PppFrame,
    /// The same inside PPPoE, where it has neither address nor control byte (RFC 2516 §7).
    PppBare,
    /// A PPP protocol number (RFC 1661 §2).
    Ppp(u16),
    /// A protocol number in a GRE header that is not an EtherType read here.
    Gre(u16),
    /// What Cisco's remote mirroring puts before the mirrored frame, by its type: 1, 2 or 3.
    Erspan(u8),
    /// An 802.11 frame behind a capture header: bit 0, it ends with its check sequence; bit 1, its header is padded to four bytes.
    Wlan(u8),
    /// An Ethernet frame over MPLS whose form has to be guessed (RFC 4448).
    PseudoWire,
    /// The same, with or without a control word.
    PseudoWireEth { control: bool },
    /// Bytes that are encrypted.
    Encrypted,
    /// Wireshark has a name for what follows, osiscope nothing more; "data" where it has none.
    Named(&'static str),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link(link) => write!(f, "link type {}", link.name()),
            Self::EtherType(n) => write!(f, "EtherType 0x{n:04x}"),
            Self::IpProto(n) => write!(f, "IP protocol {n}"),
            Self::Llc => f.write_str("IEEE 802.2 LLC"),
            Self::Sap(n) => write!(f, "LLC service access point 0x{n:02x}"),
            Self::Snap { oui, pid } => write!(f, "SNAP OUI 0x{oui:06x}, protocol 0x{pid:04x}"),
            Self::PppFrame | Self::PppBare => f.write_str("PPP"),
            Self::Ppp(n) => write!(f, "PPP protocol 0x{n:04x}"),
            Self::Gre(n) => write!(f, "GRE protocol 0x{n:04x}"),
            Self::Erspan(n) => write!(f, "ERSPAN type {n}"),
            Self::Wlan(_) => f.write_str("IEEE 802.11"),
            Self::PseudoWire | Self::PseudoWireEth { .. } => f.write_str("Ethernet pseudowire"),
            Self::Encrypted => f.write_str("encrypted bytes"),
            Self::Named(name) => f.write_str(name),
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
    /// How long the whole frame was on the wire.
    pub frame_len: usize,
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
    /// The bytes behind the payload are this header's own affair: they are no trailer of the header before.
    pub tail: bool,
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
            tail: false,
            cut: false,
            stop: Some(Stop { proto, at, why: Why::Truncated { need, have } }),
        }
    }

    /// A header that was read, and what follows it.
    pub fn read(layer: Layer, next: Next, payload_full_len: usize) -> Self {
        Self { layer: Some(layer), next, ips: None, payload_full_len, partial: false, tail: false, cut: false, stop: None }
    }

    /// A wrapper that was read: its layer goes on where [`Hop`] says.
    pub(super) fn hop(header: &dyn Header, input: &Input<'_>, hop: Hop, summary: String, fields: Vec<Field>) -> Self {
        let base = input.area.start as usize;
        let payload = Span::new(base + hop.from, hop.to.saturating_sub(hop.from));
        let layer = Layer::of(header, Span::new(base, hop.from), payload, summary, fields);
        Self::read(layer, Next::Header(hop.next), hop.full)
    }

    /// The header was read, but a rule is broken and nothing that follows can be trusted.
    pub fn malformed(layer: Layer, rule: Words) -> Self {
        let stop = Stop { proto: layer.proto, at: layer.header.start as usize, why: Why::Malformed(rule) };
        let next = Next::Nothing;
        Self { layer: Some(layer), next, ips: None, payload_full_len: 0, partial: false, tail: false, cut: false, stop: Some(stop) }
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
    /// For headers around a packet: where the packet stands. The lean reader goes this way, so it must allocate nothing.
    fn hop(&self, _key: Key, _area: &[u8], _full_len: usize) -> Option<Hop> {
        None
    }
    /// The fields for bytes behind the payload that the next header did not claim: padding, a trailer.
    fn trailer(&self, _tail: &Tail<'_>) -> Vec<Field> {
        Vec::new()
    }
    /// Such bytes are the affair of the header before this one.
    fn passes_tail(&self) -> bool {
        false
    }
    /// What tshark writes in `frame.protocols` between this header (which was read as `layer`) and the next one.
    fn through(&self, _layer: &Layer) -> Option<&'static str> {
        None
    }
}

/// Where the payload of a wrapper stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hop {
    /// What reads it.
    pub next: Key,
    /// Offsets from the wrapper's first byte; `from <= to <=` the bytes captured.
    pub from: usize,
    pub to: usize,
    /// Bytes of it on the wire.
    pub full: usize,
}

impl Hop {
    /// All that follows a header of `len` bytes; `None` if they are not all there.
    pub fn rest(next: Key, len: usize, area: &[u8], full_len: usize) -> Option<Self> {
        (len <= area.len()).then(|| Self { next, from: len, to: area.len(), full: full_len.saturating_sub(len) })
    }

    /// The same, but `claimed` bytes at most.
    pub fn claimed(next: Key, len: usize, claimed: usize, area: &[u8], full_len: usize) -> Option<Self> {
        let rest = Self::rest(next, len, area, full_len)?;
        Some(Self { to: rest.to.min(len.saturating_add(claimed)), full: rest.full.min(claimed), ..rest })
    }
}

/// Bytes behind a packet that belong to none of its headers.
pub struct Tail<'a> {
    pub bytes: &'a [u8],
    /// The captured ones, never empty.
    pub span: Span,
    /// How many there were on the wire.
    pub full_len: usize,
    /// What the header around them was found by, and how long it was on the wire with all it carries.
    pub key: Key,
    pub area_len: usize,
    /// What the header around them carries.
    pub next: Key,
    /// How long the frame was on the wire.
    pub frame_len: usize,
}

/// The header that reads what `key` announces.
pub fn reader(key: Key) -> Option<&'static dyn Header> {
    TABLE.iter().find(|h| h.claims().contains(&key)).copied()
}

/// The header of this name.
pub fn by_proto(proto: &str) -> Option<&'static dyn Header> {
    TABLE.iter().find(|h| h.proto() == proto).copied()
}

/// Every header osiscope reads. A new one is one new file and one row here.
pub static TABLE: &[&dyn Header] = &[
    &super::ethernet::Ethernet,
    &super::vlan::Vlan,
    &super::vlan::ServiceTag,
    &super::llc::Llc,
    &super::sll::Sll,
    &super::null::Null,
    &super::raw::Raw,
    &super::ppp::Ppp,
    &super::chdlc::Chdlc,
    &super::pppoe::Session,
    &super::pppoe::Discovery,
    &super::nflog::Nflog,
    &super::radiotap::Radiotap,
    &super::prism::Prism,
    &super::wlancap::WlanCap,
    &super::ppi::Ppi,
    &super::wlan::Wlan,
    &super::mpls::Mpls,
    &super::pseudowire::Heuristic,
    &super::pseudowire::Control,
    &super::pseudowire::Plain,
    &super::gre::Gre,
    &super::erspan::Erspan,
    &super::etherip::EtherIp,
    &super::ah::Ah,
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

/// The table by which the header behind `layer` was found, where tshark names it in `frame.protocols`; none if `layer` itself
/// could not be read.
pub fn through(dissected: &Dissected, layer: &Layer) -> Option<&'static str> {
    let last = dissected.layers.last().is_some_and(|l| std::ptr::eq(l, layer));
    let unread = |s: &Stop| last && s.proto == layer.proto && !matches!(s.why, Why::Unknown(_) | Why::TooDeep);
    if layer.buffer != 0 || dissected.stop.as_ref().is_some_and(unread) {
        return None;
    }
    by_proto(layer.proto)?.through(layer)
}

/// Dissects one frame up to and including its transport header.
///
/// `wire_len` is the frame's length on the wire; `bytes` may be shorter (snapshot length).
pub fn dissect(link: LinkType, bytes: &[u8], wire_len: usize) -> Dissected {
    let start = Input {
        key: Key::Link(link),
        bytes,
        area: Span::new(0, bytes.len()),
        full_len: wire_len.max(bytes.len()),
        frame_len: wire_len.max(bytes.len()),
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

/// A header that was read, as much as its trailer needs to know of it.
struct Around {
    header: &'static dyn Header,
    key: Key,
    full_len: usize,
    next: Key,
}

/// Dissects what an IP header between these ends carries, up to and including its transport header: a datagram that was put
/// together from fragments.
pub fn carried(proto: u8, bytes: &[u8], ips: (IpAddr, IpAddr)) -> (Vec<Layer>, Next, Option<Stop>) {
    let key = Key::IpProto(proto);
    let area = Span::new(0, bytes.len());
    walk(Input { key, bytes, area, full_len: bytes.len(), frame_len: bytes.len(), ips: Some(ips), partial: false, cut: false, quoted: false })
}

/// Reads header after header from `input` on.
pub(super) fn walk(mut input: Input<'_>) -> (Vec<Layer>, Next, Option<Stop>) {
    let mut layers: Vec<Layer> = Vec::new();
    let mut around: Vec<Around> = Vec::new();
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
        let Some(header) = reader(key) else {
            stop = Some(Stop { proto, at, why: Why::Unknown(key) });
            layers.extend(named::layer(key, input.area));
            break;
        };
        input.key = key;
        let step = header.dissect(&input);
        let full_len = input.full_len;
        let layer = step.layer.or_else(|| {
            // Not even a part of it could be read; that it was announced is known all the same.
            let nothing = Span::new(at, 0);
            let cut = step.stop.as_ref().is_some_and(|s| matches!(s.why, Why::Truncated { .. }));
            cut.then(|| Layer::of(header, nothing, nothing, format!("{} (cut off)", header.title()), Vec::new()))
        });
        if let Some(layer) = layer {
            // What the header before carried behind this one's end belongs to neither: padding or a trailer.
            let end = layer.header.end().max(layer.payload.end());
            let span = Span::new(end as usize, input.area.end().saturating_sub(end) as usize);
            let behind = full_len.saturating_sub(layer.header.len as usize + step.payload_full_len);
            if !span.is_empty() && step.stop.is_none() && !step.tail {
                let tail = |a: &Around| {
                    let (bytes, frame_len, area_len) = (input.bytes, input.frame_len, a.full_len);
                    let full_len = behind.max(span.len as usize);
                    a.header.trailer(&Tail { bytes, span, full_len, key: a.key, area_len, next: a.next, frame_len })
                };
                let owner = around.iter().rposition(|a| !a.header.passes_tail());
                if let Some((around, before)) = owner.and_then(|i| around.get(i).zip(layers.get_mut(i))) {
                    before.fields.extend(tail(around));
                }
            }
            input.area = layer.payload;
            layers.push(layer);
            let next = if let Next::Header(next) = step.next { next } else { Key::Named("data") };
            around.push(Around { header, key, full_len, next });
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
