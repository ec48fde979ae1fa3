//! Frames of the usual kind, read at fixed places: Ethernet (or no link header), IP without options, TCP or UDP.
//!
//! In: the bytes of a frame. Out: where its headers stand, and single values of them, without dissecting anything. Whatever is
//! not of the usual kind (a tag, a tunnel, a fragment, a cut frame, an option of IP) is not plain: it is dissected instead. A
//! test holds each place against dissection.

use super::Fact;
use crate::wire::{FieldDef, Kind, LinkType};
use std::collections::HashMap;
use std::sync::LazyLock;

/// The headers of a plain frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    Ethernet,
    Ipv4,
    Ipv6,
    Tcp,
    Udp,
}

/// Where the headers of a plain frame stand.
#[derive(Clone, Copy, Debug)]
pub struct Plain {
    pub ethernet: bool,
    pub version_6: bool,
    pub tcp: bool,
    net_at: u16,
    transport_at: u16,
    /// What TCP or UDP carry.
    pub payload: (u32, u32),
}

fn be16(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?])))
}

impl Plain {
    /// `None`: not of the usual kind.
    pub fn read(link: LinkType, bytes: &[u8], wire_len: u32) -> Option<Self> {
        let (kind, net) = match link {
            LinkType::ETHERNET => (be16(bytes, 12)?, 14),
            LinkType::RAW => match bytes.first()? >> 4 {
                4 => (0x0800, 0),
                6 => (0x86dd, 0),
                _ => return None,
            },
            _ => return None,
        };
        if bytes.len() != wire_len as usize {
            return None;
        }
        let (proto, transport, end) = match kind {
            0x0800 => {
                let total = be16(bytes, net + 2)?;
                let fragment = be16(bytes, net + 6)? & 0x3fff;
                if *bytes.get(net)? != 0x45 || fragment != 0 || total < 20 {
                    return None;
                }
                (*bytes.get(net + 9)?, net + 20, net + total)
            }
            0x86dd => {
                let len = be16(bytes, net + 4)?;
                if bytes.get(net)? >> 4 != 6 || len == 0 {
                    return None;
                }
                (*bytes.get(net + 6)?, net + 40, net + 40 + len)
            }
            _ => return None,
        };
        let area = bytes.get(transport..end)?;
        let header = match proto {
            6 => usize::from(area.get(12)? >> 4) * 4,
            17 if be16(area, 4)? == area.len() => 8,
            _ => return None,
        };
        if header < if proto == 6 { 20 } else { 8 } || header > area.len() {
            return None;
        }
        Some(Self {
            ethernet: link == LinkType::ETHERNET,
            version_6: kind == 0x86dd,
            tcp: proto == 6,
            net_at: net as u16,
            transport_at: transport as u16,
            payload: ((transport + header) as u32, (area.len() - header) as u32),
        })
    }

    /// Where the header of IP begins.
    pub fn net(&self) -> usize {
        self.net_at.into()
    }

    /// Where the header of TCP or UDP begins.
    pub fn transport(&self) -> usize {
        self.transport_at.into()
    }

    /// The ports of TCP or UDP: source and destination.
    pub fn ports(&self, bytes: &[u8]) -> [u16; 2] {
        [0, 2].map(|from| be16(bytes, self.transport() + from).map_or(0, |port| port as u16))
    }

    /// What TCP or UDP carry.
    pub fn carried<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        let (from, len) = (self.payload.0 as usize, self.payload.1 as usize);
        bytes.get(from..from + len).unwrap_or(&[])
    }

    /// The bytes of a header with all that it carries, and how many of them are its own; `None` where it takes more to know.
    pub fn protocol<'a>(&self, bytes: &'a [u8], proto: &str) -> Option<(usize, &'a [u8])> {
        let end = (self.payload.0 + self.payload.1) as usize;
        let (net, transport) = (usize::from(self.net_at), self.transport());
        let (start, own) = match proto {
            "ip" if !self.version_6 => (net, transport - net),
            "ipv6" if self.version_6 => (net, transport - net),
            "tcp" if self.tcp => (transport, (self.payload.0 as usize).checked_sub(transport)?),
            "udp" if !self.tcp => (transport, (self.payload.0 as usize).checked_sub(transport)?),
            _ => return None,
        };
        Some((own, bytes.get(start..end)?))
    }

    /// `frame.protocols` and the Protocol column of a frame that carries nothing that is shown.
    pub fn protocols(&self) -> (String, &'static str) {
        let link = if self.ethernet { "eth:ethertype" } else { "raw" };
        let net = if self.version_6 { "ipv6" } else { "ip" };
        let (transport, column) = if self.tcp { ("tcp", "TCP") } else { ("udp", "UDP") };
        (format!("{link}:{net}:{transport}"), column)
    }

    fn start(&self, header: Header) -> Option<usize> {
        match header {
            Header::Ethernet => self.ethernet.then_some(0),
            Header::Ipv4 => (!self.version_6).then_some(self.net_at.into()),
            Header::Ipv6 => self.version_6.then_some(self.net_at.into()),
            Header::Tcp => self.tcp.then_some(self.transport_at.into()),
            Header::Udp => (!self.tcp).then_some(self.transport_at.into()),
        }
    }

    /// The value at a place, and its bytes; `None` where this frame has no such header.
    pub fn fact<'a>(&self, bytes: &'a [u8], place: &Place) -> Option<(Fact<'a>, &'a [u8])> {
        let start = self.start(place.header)?;
        let first = usize::from(place.first);
        let (from, to) = (start + first / 8, start + (first + usize::from(place.len)).div_ceil(8));
        let raw = bytes.get(from..to)?;
        let fact = match place.kind {
            Kind::Mac => Fact::Mac(raw.try_into().ok()?),
            Kind::Ipv4 => Fact::Ipv4(<[u8; 4]>::try_from(raw).ok()?.into()),
            Kind::Ipv6 => Fact::Ipv6(<[u8; 16]>::try_from(raw).ok()?.into()),
            kind => {
                let whole = raw.iter().fold(0u64, |n, b| n << 8 | u64::from(*b));
                let behind = (8 - (first + usize::from(place.len)) % 8) % 8;
                let value = whole >> behind & ((1u64 << place.len) - 1);
                if kind == Kind::Bool { Fact::Bool(value != 0) } else { Fact::Uint(value * u64::from(place.times)) }
            }
        };
        Some((fact, raw))
    }
}

/// Where a field stands in its header.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    header: Header,
    kind: Kind,
    /// In bits.
    first: u16,
    len: u16,
    /// What one stands for (a header's length counts words of 4 bytes).
    times: u8,
}

/// Names, and bits in the header: first and number; IP (RFC 791 §3.1, RFC 8200 §3), TCP (RFC 9293 §3.1), UDP (RFC 768).
const PLACES: &[(Header, &str, u16, u16, u8)] = &[
    (Header::Ethernet, "eth.dst", 0, 48, 1),
    (Header::Ethernet, "eth.src", 48, 48, 1),
    (Header::Ethernet, "eth.type", 96, 16, 1),
    (Header::Ipv4, "ip.hdr_len", 4, 4, 4),
    (Header::Ipv4, "ip.dsfield", 8, 8, 1),
    (Header::Ipv4, "ip.dsfield.dscp", 8, 6, 1),
    (Header::Ipv4, "ip.dsfield.ecn", 14, 2, 1),
    (Header::Ipv4, "ip.len", 16, 16, 1),
    (Header::Ipv4, "ip.id", 32, 16, 1),
    (Header::Ipv4, "ip.flags.rb", 48, 1, 1),
    (Header::Ipv4, "ip.flags.df", 49, 1, 1),
    (Header::Ipv4, "ip.flags.mf", 50, 1, 1),
    (Header::Ipv4, "ip.frag_offset", 51, 13, 8),
    (Header::Ipv4, "ip.ttl", 64, 8, 1),
    (Header::Ipv4, "ip.proto", 72, 8, 1),
    (Header::Ipv4, "ip.checksum", 80, 16, 1),
    (Header::Ipv4, "ip.src", 96, 32, 1),
    (Header::Ipv4, "ip.dst", 128, 32, 1),
    (Header::Ipv6, "ipv6.version", 0, 4, 1),
    (Header::Ipv6, "ipv6.tclass", 4, 8, 1),
    (Header::Ipv6, "ipv6.tclass.dscp", 4, 6, 1),
    (Header::Ipv6, "ipv6.tclass.ecn", 10, 2, 1),
    (Header::Ipv6, "ipv6.flow", 12, 20, 1),
    (Header::Ipv6, "ipv6.plen", 32, 16, 1),
    (Header::Ipv6, "ipv6.nxt", 48, 8, 1),
    (Header::Ipv6, "ipv6.hlim", 56, 8, 1),
    (Header::Ipv6, "ipv6.src", 64, 128, 1),
    (Header::Ipv6, "ipv6.dst", 192, 128, 1),
    (Header::Tcp, "tcp.srcport", 0, 16, 1),
    (Header::Tcp, "tcp.dstport", 16, 16, 1),
    (Header::Tcp, "tcp.seq_raw", 32, 32, 1),
    (Header::Tcp, "tcp.ack_raw", 64, 32, 1),
    (Header::Tcp, "tcp.hdr_len", 96, 4, 4),
    (Header::Tcp, "tcp.flags", 100, 12, 1),
    (Header::Tcp, "tcp.flags.res", 100, 3, 1),
    (Header::Tcp, "tcp.flags.ns", 103, 1, 1),
    (Header::Tcp, "tcp.flags.ae", 103, 1, 1),
    (Header::Tcp, "tcp.flags.cwr", 104, 1, 1),
    (Header::Tcp, "tcp.flags.ecn", 105, 1, 1),
    (Header::Tcp, "tcp.flags.ece", 105, 1, 1),
    (Header::Tcp, "tcp.flags.urg", 106, 1, 1),
    (Header::Tcp, "tcp.flags.ack", 107, 1, 1),
    (Header::Tcp, "tcp.flags.push", 108, 1, 1),
    (Header::Tcp, "tcp.flags.reset", 109, 1, 1),
    (Header::Tcp, "tcp.flags.syn", 110, 1, 1),
    (Header::Tcp, "tcp.flags.fin", 111, 1, 1),
    (Header::Tcp, "tcp.window_size_value", 112, 16, 1),
    (Header::Tcp, "tcp.checksum", 128, 16, 1),
    (Header::Tcp, "tcp.urgent_pointer", 144, 16, 1),
    (Header::Udp, "udp.srcport", 0, 16, 1),
    (Header::Udp, "udp.dstport", 16, 16, 1),
    (Header::Udp, "udp.length", 32, 16, 1),
    (Header::Udp, "udp.checksum", 48, 16, 1),
];

static BY_NAME: LazyLock<HashMap<&'static str, (Header, u16, u16, u8)>> =
    LazyLock::new(|| PLACES.iter().map(|&(header, name, first, len, times)| (name, (header, first, len, times))).collect());

/// Where this field stands in plain frames, if it stands at a fixed place.
pub fn place(def: &FieldDef) -> Option<Place> {
    let &(header, first, len, times) = BY_NAME.get(def.name)?;
    Some(Place { header, kind: def.kind, first, len, times })
}
