//! The packets in one datagram (RFC 9000 §17, RFC 8999): what their headers say without keys.
//!
//! In: a datagram. Out: [`Packet`]s with the ranges of their parts, at most [`MAX_PACKETS`].

use std::ops::Range;

/// Packets that are looked for in one datagram; the smallest has about 20 bytes.
pub const MAX_PACKETS: usize = 64;
/// RFC 9000 §17.2: longer connection IDs are not allowed.
const MAX_ID: usize = 20;
/// RFC 9369.
pub const V2: u32 = 0x6b33_43cf;

/// What a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Initial,
    ZeroRtt,
    Handshake,
    Retry,
    Negotiation,
    Short,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Initial => "Initial",
            Self::ZeroRtt => "0-RTT",
            Self::Handshake => "Handshake",
            Self::Retry => "Retry",
            Self::Negotiation => "Version Negotiation",
            Self::Short => "Protected Payload",
        }
    }
}

/// A number of variable length (RFC 9000 §16): its value, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    pub value: u64,
    pub at: Range<usize>,
}

/// One packet. Ranges are offsets in the datagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    pub kind: Kind,
    /// 0 in a version negotiation; unknown (0) in a short header.
    pub version: u32,
    pub all: Range<usize>,
    pub dcid: Range<usize>,
    pub scid: Range<usize>,
    pub token: Option<(Number, Range<usize>)>,
    pub length: Option<Number>,
    /// From the packet number on; the versions of a negotiation; the token and the tag of a retry.
    pub rest: Range<usize>,
    /// The datagram ends before the packet does.
    pub cut: bool,
}

/// Is this a version that Wireshark 4.0 takes a datagram for QUIC by?
pub fn is_known(version: u32) -> bool {
    // A version that asks for a negotiation (RFC 9000 §15), a draft, version 1, version 2 and its draft, Facebook's.
    let asks = version & 0x0f0f_0f0f == 0x0a0a_0a0a;
    asks || matches!(version, 1 | V2 | 0x709a_50c4 | 0xff00_000b..=0xff00_0022 | 0xface_b001 | 0xface_b002 | 0xface_b00e)
}

/// Does this datagram begin a QUIC connection?
pub fn begins(bytes: &[u8]) -> bool {
    let version = bytes.get(1..).and_then(|b| b.first_chunk()).map(|b| u32::from_be_bytes(*b));
    let long = bytes.first().is_some_and(|b| b & 0xc0 == 0xc0);
    long && bytes.len() >= 13 && version.is_some_and(is_known) && read(bytes, 0).is_some_and(|p| !p.cut)
}

/// Does this datagram begin with the header of a packet?
pub fn is_packet(bytes: &[u8]) -> bool {
    read(bytes, 0).is_some()
}

/// All packets of a datagram.
pub fn all(bytes: &[u8]) -> Vec<Packet> {
    let mut found: Vec<Packet> = Vec::new();
    let mut at = 0;
    while at < bytes.len() && found.len() < MAX_PACKETS {
        let Some(packet) = read(bytes, at) else { break };
        at = packet.all.end.max(at + 1);
        found.push(packet);
    }
    found
}

/// RFC 9000 §16.
pub fn number(bytes: &[u8], at: usize) -> Option<Number> {
    let first = *bytes.get(at)?;
    let len = 1 << (first >> 6);
    let end = at.checked_add(len)?;
    let value = bytes.get(at..end)?.iter().skip(1).fold(u64::from(first & 0x3f), |n, b| n << 8 | u64::from(*b));
    Some(Number { value, at: at..end })
}

/// The packet that begins at `at`. `None`: its header is not whole.
fn read(bytes: &[u8], at: usize) -> Option<Packet> {
    let first = *bytes.get(at)?;
    let end = bytes.len();
    if first & 0x80 == 0 {
        let nothing = at + 1..at + 1;
        return Some(Packet {
            kind: Kind::Short,
            version: 0,
            all: at..end,
            dcid: nothing.clone(),
            scid: nothing,
            token: None,
            length: None,
            rest: at + 1..end,
            cut: false,
        });
    }
    let version = u32::from_be_bytes(*bytes.get(at + 1..)?.first_chunk()?);
    let id = |at: usize| {
        let len = usize::from(*bytes.get(at)?);
        let range = at + 1..at + 1 + len;
        (len <= MAX_ID && range.end <= end).then_some(range)
    };
    let dcid = id(at + 5)?;
    let scid = id(dcid.end)?;
    let kind = match (version, first >> 4 & 3) {
        (0, _) => Kind::Negotiation,
        (V2, 1) => Kind::Initial,
        (V2, 2) => Kind::ZeroRtt,
        (V2, 3) => Kind::Handshake,
        (V2, _) => Kind::Retry,
        (_, 0) => Kind::Initial,
        (_, 1) => Kind::ZeroRtt,
        (_, 2) => Kind::Handshake,
        _ => Kind::Retry,
    };
    let behind = scid.end;
    let mut packet =
        Packet { kind, version, all: at..end, dcid, scid, token: None, length: None, rest: behind..end, cut: false };
    if matches!(kind, Kind::Negotiation | Kind::Retry) {
        return Some(packet);
    }
    let mut from = behind;
    if kind == Kind::Initial {
        let len = number(bytes, from)?;
        let begin = len.at.end;
        let token = begin..begin.checked_add(usize::try_from(len.value).ok()?).filter(|e| *e <= end)?;
        from = token.end;
        packet.token = Some((len, token));
    }
    let length = number(bytes, from)?;
    let begin = length.at.end;
    let told = usize::try_from(length.value).ok().and_then(|len| begin.checked_add(len)).unwrap_or(usize::MAX);
    packet.cut = told > end;
    packet.all.end = told.min(end);
    packet.rest = begin..told.min(end);
    packet.length = Some(length);
    Some(packet)
}
