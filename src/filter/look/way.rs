//! How a field is found at the least cost.
//!
//! In: a field. Out: its [`Way`]. A way that cannot answer for a frame leads to a thorough one; none may answer differently.

use super::plain::{self, Place, Plain};
use crate::filter::Name;
use crate::filter::names::{self, Home};
use crate::flow::MarkKind;
use crate::wire::FieldDef;

#[derive(Clone, Copy)]
pub enum Way {
    /// The capture says it about the frame.
    Meta(Meta),
    /// At a fixed place of a plain frame.
    Place(Place),
    /// The index knows it of a plain frame.
    Known(Known),
    /// What a plain frame carries is nobody's: its bytes, or their number.
    Data { len: bool },
    /// In the headers; of a plain frame only if this is one of its protocols.
    Headers(&'static str),
    /// In messages of the protocols that have this field.
    Messages(&'static [&'static str]),
    /// Anywhere.
    Whole,
}

#[derive(Clone, Copy)]
pub enum Meta {
    Number,
    Epoch,
    Relative,
    Delta,
    Len,
    CapLen,
}

#[derive(Clone, Copy)]
pub enum Known {
    /// Wireshark gives it to IPv6 too.
    IpVersion,
    TcpFlow,
    UdpFlow,
    TcpLen,
    Seq,
    Ack,
    Window,
    Mark(MarkKind),
    TcpPayload,
    UdpPayload,
    /// A number in the option of TCP of this kind.
    Option { kind: u8, at: usize, len: usize },
    /// Since the conversation's first frame, or the one before.
    TcpTime { first: bool },
    UdpTime { first: bool },
}

impl Way {
    /// The way to a field.
    pub fn of(def: &'static FieldDef) -> Self {
        if let Some(place) = plain::place(def) {
            return Self::Place(place);
        }
        if let Some(kind) = MarkKind::ALL.into_iter().find(|k| k.field() == def.name) {
            return Self::Known(Known::Mark(kind));
        }
        match def.name {
            "frame.number" => Self::Meta(Meta::Number),
            "frame.time_epoch" => Self::Meta(Meta::Epoch),
            "frame.time_relative" => Self::Meta(Meta::Relative),
            "frame.time_delta" => Self::Meta(Meta::Delta),
            "frame.len" => Self::Meta(Meta::Len),
            "frame.cap_len" => Self::Meta(Meta::CapLen),
            "ip.version" => Self::Known(Known::IpVersion),
            "tcp.stream" => Self::Known(Known::TcpFlow),
            "udp.stream" => Self::Known(Known::UdpFlow),
            "tcp.len" => Self::Known(Known::TcpLen),
            "tcp.seq" => Self::Known(Known::Seq),
            "tcp.ack" => Self::Known(Known::Ack),
            "tcp.window_size" => Self::Known(Known::Window),
            "tcp.payload" => Self::Known(Known::TcpPayload),
            "udp.payload" => Self::Known(Known::UdpPayload),
            "tcp.segments" | "tcp.segment" | "tcp.segment.count" | "tcp.reassembled.length" => Self::Whole,
            "tcp.options.mss_val" => Self::Known(Known::Option { kind: 2, at: 2, len: 2 }),
            "tcp.options.wscale.shift" => Self::Known(Known::Option { kind: 3, at: 2, len: 1 }),
            "tcp.options.timestamp.tsval" => Self::Known(Known::Option { kind: 8, at: 2, len: 4 }),
            "tcp.options.timestamp.tsecr" => Self::Known(Known::Option { kind: 8, at: 6, len: 4 }),
            "tcp.time_relative" => Self::Known(Known::TcpTime { first: true }),
            "tcp.time_delta" => Self::Known(Known::TcpTime { first: false }),
            "udp.time_relative" => Self::Known(Known::UdpTime { first: true }),
            "udp.time_delta" => Self::Known(Known::UdpTime { first: false }),
            "data.data" => Self::Data { len: false },
            "data.len" => Self::Data { len: true },
            _ => match names::home(def) {
                Home::Header(proto) => Self::Headers(proto),
                Home::Messages(protos) => Self::Messages(protos),
                Home::Anywhere => Self::Whole,
            },
        }
    }
}

/// Is this answered from headers alone, and never from what is said above them?
pub fn is_in_headers(name: Name) -> bool {
    const TCP: [&str; 6] = ["tcp.flags", "tcp.options", "tcp.analysis", "tcp.checksum", "tcp.hdr_len", "tcp.urgent_pointer"];
    let one = |def: &'static FieldDef| match Way::of(def) {
        Way::Meta(_) | Way::Place(_) => true,
        Way::Known(Known::TcpPayload | Known::UdpPayload) => false,
        Way::Known(_) => true,
        // What is put together from segments, and how long messages are, stands in the header of TCP, too.
        Way::Headers("tcp") => TCP.iter().any(|name| def.name.starts_with(name)),
        Way::Headers(proto) => matches!(proto, "eth" | "ip" | "ipv6" | "udp" | "arp" | "icmp" | "icmpv6"),
        _ => false,
    };
    match name {
        Name::Field(def) => one(def),
        Name::Fields(defs) => defs.iter().all(|def| one(def)),
        Name::Protocol(proto) => matches!(proto, "frame" | "eth" | "ip" | "ipv6" | "tcp" | "udp" | "arp"),
    }
}

/// Does a plain frame have this header?
pub fn has(plain: &Plain, proto: &str) -> bool {
    match proto {
        "frame" => true,
        "eth" => plain.ethernet,
        "raw" => !plain.ethernet,
        "ip" => !plain.version_6,
        "ipv6" => plain.version_6,
        "tcp" => plain.tcp,
        "udp" => !plain.tcp,
        _ => false,
    }
}
