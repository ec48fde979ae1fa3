//! The lean reader: what conversations need of a frame, by offset reads only.
//!
//! In: a link type and the bytes of a frame. Out: a small [`Lean`] with addresses, ports, numbers and where the payload stands;
//! `None` where no IP or ARP header can be read. It goes the same way as [`dissect`](super::dissect()) and a test holds the two
//! together. It allocates nothing: a capture's every frame goes through here once. Headers that are rare around an IP packet
//! are stepped over by `tunnel`.

mod tunnel;
mod usual;

use super::dissect::MAX_DEPTH;
use super::read::{array, be16, be32};
use super::tcp_options::kind;
use super::{LinkType, Span, ah, icmp, icmpv6, ipv6_ext, null, raw, sll, tcp, udp, vlan};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// One frame, read leanly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lean {
    /// Where the (innermost) IP or ARP header begins in the frame.
    pub l3_at: u32,
    /// The IP protocol of what the IP header and its extension headers carry: 6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6. 0 for ARP.
    pub proto: u8,
    /// Addresses of the IP header, or the protocol addresses in ARP.
    pub src: IpAddr,
    pub dst: IpAddr,
    /// Where the header behind the IP header begins in the frame.
    pub transport_at: u32,
    /// 0 where there are none.
    pub src_port: u16,
    pub dst_port: u16,
    /// The header of TCP (with its options), UDP or ICMP was read whole.
    pub transport: bool,
    /// What TCP or UDP carry; empty if their header is cut off. For all else, ICMP too: what the IP header carries.
    pub payload_at: u32,
    /// Bytes of payload that were captured.
    pub payload_len: u32,
    /// Bytes of payload that the frame had on the wire.
    pub payload_full_len: u32,
    /// The fixed part of a TCP header, if it was captured.
    pub tcp: Option<LeanTcp>,
    /// For ICMP errors: the packet they are about.
    pub icmp_quote: Option<Quote>,
    pub is_arp: bool,
    /// A fragment of a datagram; only the first can have ports.
    pub fragment: bool,
    /// A fragment with all its bytes: it is not read further, but waits for the others (see [`piece`]).
    pub held: bool,
}

/// The fixed part of a TCP header, and the options that matter to a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeanTcp {
    pub seq: u32,
    pub ack: u32,
    /// CWR ECE URG ACK PSH RST SYN FIN from the highest bit.
    pub flags: u8,
    /// As in the header, not scaled.
    pub window: u16,
    /// Shift count as in the option; values above 14 count as 14 (RFC 7323 §2.3).
    pub wscale: Option<u8>,
    pub mss: Option<u16>,
    pub sack_permitted: bool,
    /// TSval and TSecr.
    pub ts: Option<(u32, u32)>,
    /// The first SACK block: left and right edge. A block at or below the acknowledgement is a D-SACK (RFC 2883).
    pub sack: Option<(u32, u32)>,
}

/// The packet that an ICMP error quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    pub proto: u8,
    pub src: IpAddr,
    pub dst: IpAddr,
    /// 0 where they were not quoted or do not exist.
    pub src_port: u16,
    pub dst_port: u16,
    /// Enough of the transport header is quoted to say which conversation it belongs to, even if it is the first of it.
    pub telling: bool,
}

/// What the IP header and its extension headers say.
struct Net {
    proto: u8,
    src: IpAddr,
    dst: IpAddr,
    /// The payload, in the frame.
    from: usize,
    to: usize,
    /// Bytes that the payload had on the wire.
    full: usize,
    fragment: bool,
    first: bool,
    /// A fragment, and all its bytes are here.
    held: bool,
}

/// Reads one frame; `wire_len` is its length on the wire.
#[inline]
pub fn read(link: LinkType, bytes: &[u8], wire_len: usize) -> Option<Lean> {
    if link == LinkType::ETHERNET
        && let Some(lean) = usual::read(bytes)
    {
        return Some(lean);
    }
    any(link, bytes, wire_len)
}

/// The same, of whatever there is.
fn any(link: LinkType, bytes: &[u8], wire_len: usize) -> Option<Lean> {
    let full = wire_len.max(bytes.len());
    let (mut kind, mut at) = match link {
        LinkType::ETHERNET => (be16(bytes, 12)?, 14),
        LinkType::LINUX_SLL if sll::plain(be16(bytes, 2)?) => (be16(bytes, 14)?, sll::LEN[0]),
        LinkType::LINUX_SLL2 if bytes.len() >= sll::LEN[1] && sll::plain(be16(bytes, 8)?) => (be16(bytes, 0)?, sll::LEN[1]),
        LinkType::NULL | LinkType::LOOP => match null::plain(array(bytes, 0)?, link == LinkType::LOOP) {
            Some(kind) => (kind, 4),
            None => return tunnel::frame(link, bytes, full),
        },
        LinkType::RAW | LinkType(12 | 14) => match raw::ether_type(*bytes.first()?) {
            Some(kind) => (kind, 0),
            None => return tunnel::frame(link, bytes, full),
        },
        LinkType::IPV4 => (0x0800, 0),
        LinkType::IPV6 => (0x86dd, 0),
        _ => return tunnel::frame(link, bytes, full),
    };
    let mut depth = 1;
    loop {
        depth += 1;
        if depth > MAX_DEPTH {
            return None;
        }
        match kind {
            0x0800 => return v4(bytes, at, bytes.len(), full.saturating_sub(at)).map(|net| ip(bytes, at, net, depth)),
            0x86dd => {
                let net = v6(bytes, at, bytes.len(), full.saturating_sub(at), &mut depth)?;
                return Some(ip(bytes, at, net, depth));
            }
            0x0806 | 0x8035 => return arp(bytes, at),
            _ if vlan::TAGS.contains(&kind) => {
                kind = be16(bytes, at + 2)?;
                at += 4;
            }
            _ => return tunnel::frame(link, bytes, full),
        }
    }
}

/// ARP between IPv4 addresses.
fn arp(bytes: &[u8], at: usize) -> Option<Lean> {
    let ips = match array::<6>(bytes, at)? {
        [_, _, 8, 0, hardware, 4] => {
            let from = at + 8 + usize::from(hardware);
            array::<4>(bytes, from).zip(array::<4>(bytes, from + 4 + usize::from(hardware)))
        }
        _ => None,
    };
    let (src, dst) = ips.map_or((Ipv4Addr::UNSPECIFIED, Ipv4Addr::UNSPECIFIED), |(s, d)| (s.into(), d.into()));
    Some(Lean {
        l3_at: at as u32,
        proto: 0,
        src: src.into(),
        dst: dst.into(),
        transport_at: bytes.len() as u32,
        src_port: 0,
        dst_port: 0,
        transport: false,
        payload_at: bytes.len() as u32,
        payload_len: 0,
        payload_full_len: 0,
        tcp: None,
        icmp_quote: None,
        is_arp: true,
        fragment: false,
        held: false,
    })
}

/// From the IP header at `at`, which says `net`, through IP in IP and on to the transport header.
#[inline]
fn ip(bytes: &[u8], mut at: usize, mut net: Net, mut depth: usize) -> Lean {
    while (!net.fragment || net.first) && !net.held && depth < MAX_DEPTH {
        let inner = match net.proto {
            4 => v4(bytes, net.from, net.to, net.full),
            41 => v6(bytes, net.from, net.to, net.full, &mut depth),
            tcp::PROTO | udp::PROTO | icmp::PROTO | icmpv6::PROTO => break,
            ah::PROTO => {
                let area = bytes.get(net.from..net.to).unwrap_or_default();
                let Some(len) = ah::header_len(area).filter(|len| *len <= area.len()) else { break };
                net.proto = area.first().copied().unwrap_or_default();
                net.from += len;
                net.full = net.full.saturating_sub(len);
                depth += 1;
                continue;
            }
            proto => match tunnel::inner(proto, bytes, &net, depth) {
                Some(inner) => return Lean { fragment: inner.fragment || net.fragment, ..inner },
                None => break,
            },
        };
        let Some(mut inner) = inner else { break };
        depth += 1;
        at = net.from;
        inner.fragment |= net.fragment;
        net = inner;
    }
    let mut lean = Lean {
        l3_at: at as u32,
        proto: net.proto,
        src: net.src,
        dst: net.dst,
        transport_at: net.from as u32,
        src_port: 0,
        dst_port: 0,
        transport: false,
        payload_at: net.from as u32,
        payload_len: net.to.saturating_sub(net.from) as u32,
        payload_full_len: net.full as u32,
        tcp: None,
        icmp_quote: None,
        is_arp: false,
        fragment: net.fragment,
        held: net.held,
    };
    if depth < MAX_DEPTH && (!net.fragment || net.first) && !net.held {
        let area = bytes.get(..net.to).unwrap_or(bytes);
        match net.proto {
            tcp::PROTO => tcp_header(area, &net, &mut lean),
            udp::PROTO => udp_header(area, &net, &mut lean),
            icmp::PROTO | icmpv6::PROTO => icmp_header(area, &net, &mut lean),
            _ => {}
        }
    }
    lean
}

/// IPv4 between `at` and `end`, where `full` bytes were on the wire.
#[inline]
fn v4(bytes: &[u8], at: usize, end: usize, full: usize) -> Option<Net> {
    let header: [u8; 20] = array(bytes.get(..end)?, at)?;
    let header_len = usize::from(header[0] & 15) * 4;
    let total = usize::from(u16::from_be_bytes([header[2], header[3]]));
    let claimed = if total == 0 { full } else { total };
    if header[0] >> 4 != 4 || header_len < 20 || at + header_len > end || claimed < header_len {
        return None;
    }
    let fragment = u16::from_be_bytes([header[6], header[7]]);
    Some(Net {
        proto: header[9],
        src: Ipv4Addr::new(header[12], header[13], header[14], header[15]).into(),
        dst: Ipv4Addr::new(header[16], header[17], header[18], header[19]).into(),
        from: at + header_len,
        to: end.min(at + claimed),
        full: claimed.min(full) - header_len,
        fragment: fragment & 0x3fff != 0,
        first: fragment & 0x1fff == 0,
        held: fragment & 0x3fff != 0 && total > header_len && at + total <= end,
    })
}

/// IPv6 between `at` and `end`, and its extension headers, as far as they can be read.
#[inline]
fn v6(bytes: &[u8], at: usize, end: usize, full: usize, depth: &mut usize) -> Option<Net> {
    let header: [u8; 40] = array(bytes.get(..end)?, at)?;
    if header[0] >> 4 != 6 {
        return None;
    }
    let claimed = usize::from(u16::from_be_bytes([header[4], header[5]]));
    let after = full.saturating_sub(40);
    let claimed = if claimed == 0 { after } else { claimed };
    let address = |from| array::<16>(&header, from).map(|a| IpAddr::from(Ipv6Addr::from(a)));
    let to = end.min(at + 40 + claimed);
    let (src, dst) = (address(8)?, address(24)?);
    let mut net = Net { proto: header[6], src, dst, from: at + 40, to, full: claimed.min(after), fragment: false, first: true, held: false };
    let all_here = at + 40 + claimed <= end;
    let area = bytes.get(..to)?;
    extensions(area, &mut net, all_here, depth)?;
    Some(net)
}

/// IPv6's extension headers from `net.from` on, as far as they can be read.
fn extensions(area: &[u8], net: &mut Net, all_here: bool, depth: &mut usize) -> Option<()> {
    let to = net.to;
    while *depth < MAX_DEPTH && (!net.fragment || net.first) && !net.held {
        let len = match net.proto {
            ipv6_ext::HOPOPTS | ipv6_ext::ROUTING | ipv6_ext::DSTOPTS => {
                array::<2>(area, net.from).map(|b| (usize::from(b[1]) + 1) * 8)
            }
            ipv6_ext::FRAGMENT => Some(8),
            _ => break,
        };
        let Some(len) = len.filter(|len| net.from + len <= to) else { break };
        if net.proto == ipv6_ext::FRAGMENT {
            let word = be16(area, net.from + 2)?;
            net.fragment |= word & 0xfff9 != 0;
            net.first &= word & 0xfff8 == 0;
            net.held = word & 0xfff9 != 0 && all_here && to > net.from + len;
        }
        net.proto = *area.get(net.from)?;
        net.from += len;
        net.full = net.full.saturating_sub(len);
        *depth += 1;
    }
    Some(())
}

/// A fragment that waits for the others of its datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Tells which fragments belong together.
    pub id: u32,
    /// The protocol of what the datagram carries.
    pub proto: u8,
    /// Where it belongs in the datagram, in bytes.
    pub offset: u32,
    /// Others follow.
    pub more: bool,
    /// Its part of the datagram, in the frame.
    pub payload: Span,
}

/// The fragment in a frame that was read as `lean`, if it is one with all its bytes.
pub fn piece(bytes: &[u8], lean: &Lean) -> Option<Piece> {
    if !lean.held {
        return None;
    }
    let payload = Span { start: lean.payload_at, len: lean.payload_len };
    let (at, proto) = (lean.l3_at as usize, lean.proto);
    if lean.src.is_ipv4() {
        let (id, word) = (be16(bytes, at + 4)?, be16(bytes, at + 6)?);
        return Some(Piece { id: id.into(), proto, offset: u32::from(word & 0x1fff) * 8, more: word & 0x2000 != 0, payload });
    }
    // The fragment header is the last that was read.
    let at = (lean.payload_at as usize).checked_sub(8)?;
    let (word, id) = (be16(bytes, at + 2)?, be32(bytes, at + 4)?);
    Some(Piece { id, proto, offset: u32::from(word & 0xfff8), more: word & 1 != 0, payload })
}

/// Reads what an IP header between these ends carries: of a datagram that was put together from fragments.
pub fn carried(bytes: &[u8], proto: u8, src: IpAddr, dst: IpAddr) -> Lean {
    let (to, full) = (bytes.len(), bytes.len());
    let mut net = Net { proto, src, dst, from: 0, to, full, fragment: false, first: true, held: false };
    let mut depth = 1;
    if src.is_ipv6() {
        let _ = extensions(bytes, &mut net, true, &mut depth);
    }
    let mut lean = ip(bytes, 0, net, depth);
    // Fragments in fragments are left alone.
    lean.held = false;
    lean
}

/// Options of TCP that only some questions need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rare {
    /// SACK blocks (RFC 2018 §3).
    pub sack: [Option<(u32, u32)>; 4],
    /// A cookie of TCP Fast Open (RFC 7413 §4.1.1).
    pub cookie: bool,
    /// Accurate ECN (RFC 9768 §3.2.3).
    pub accurate_ecn: bool,
}

/// Those options in the TCP header of a frame that was read as `lean`.
pub fn rare_options(bytes: &[u8], lean: &Lean) -> Rare {
    let mut out = Rare::default();
    let start = lean.transport_at as usize;
    let words = bytes.get(start.saturating_add(12)).map_or(0, |b| usize::from(b >> 4));
    let opts = bytes.get(start.saturating_add(20)..).unwrap_or(&[]);
    let opts = opts.get(..(words * 4).saturating_sub(20)).unwrap_or(opts);
    let mut at = 0;
    while let Some(&what) = opts.get(at) {
        if what == kind::EOL {
            break;
        }
        if what == kind::NOP {
            at += 1;
            continue;
        }
        let Some(len) = opts.get(at + 1).map(|l| usize::from(*l)).filter(|l| *l >= 2 && at + l <= opts.len()) else { break };
        match what {
            kind::SACK => {
                for (slot, from) in out.sack.iter_mut().zip((at + 2..(at + len).saturating_sub(7)).step_by(8)) {
                    *slot = be32(opts, from).zip(be32(opts, from + 4));
                }
            }
            kind::TFO => out.cookie = len > 2,
            253 | 254 if be16(opts, at + 2) == Some(super::tcp_options::FAST_OPEN) => out.cookie = len > 4,
            172 | 174 => out.accurate_ecn = matches!(len, 2 | 5 | 8 | 11),
            _ => {}
        }
        at += len;
    }
    out
}

#[inline]
fn tcp_header(area: &[u8], net: &Net, lean: &mut Lean) {
    let at = net.from;
    // Whatever cannot be read of the header, what stands there is not payload.
    lean.payload_at = net.to as u32;
    lean.payload_len = 0;
    if let Some(ports) = array::<4>(area, at) {
        lean.src_port = u16::from_be_bytes([ports[0], ports[1]]);
        lean.dst_port = u16::from_be_bytes([ports[2], ports[3]]);
    }
    let Some(header) = array::<20>(area, at) else {
        lean.payload_full_len = 0;
        return;
    };
    let header_len = usize::from(header[12] >> 4) * 4;
    let mut tcp = LeanTcp {
        seq: u32::from_be_bytes([header[4], header[5], header[6], header[7]]),
        ack: u32::from_be_bytes([header[8], header[9], header[10], header[11]]),
        flags: header[13],
        window: u16::from_be_bytes([header[14], header[15]]),
        wscale: None,
        mss: None,
        sack_permitted: false,
        ts: None,
        sack: None,
    };
    lean.payload_full_len = net.full.saturating_sub(header_len.max(20)) as u32;
    if header_len < 20 {
        lean.tcp = Some(tcp);
        lean.payload_full_len = 0;
        return;
    }
    let end = at + header_len;
    if header_len > 20 {
        options(area.get(at + 20..end.min(area.len())).unwrap_or(&[]), header_len - 20, &mut tcp);
    }
    lean.tcp = Some(tcp);
    if end <= area.len() {
        lean.transport = true;
        lean.payload_at = end as u32;
        lean.payload_len = (area.len() - end) as u32;
    }
}

/// Reads `opts`, which should be `need` bytes long.
#[inline]
fn options(opts: &[u8], need: usize, tcp: &mut LeanTcp) {
    // NOP, NOP, timestamps: what nearly every segment of an established connection carries.
    if let [1, 1, 8, 10, ..] = opts
        && need == 12
    {
        tcp.ts = be32(opts, 4).zip(be32(opts, 8));
        return;
    }
    let mut at = 0;
    while let Some(&what) = opts.get(at) {
        if what == kind::EOL {
            return;
        }
        if what == kind::NOP {
            at += 1;
            continue;
        }
        let Some(len) = opts.get(at + 1).map(|l| usize::from(*l)).filter(|l| *l >= 2 && at + l <= need) else { return };
        match (what, len) {
            (kind::MSS, 4) => tcp.mss = be16(opts, at + 2),
            (kind::WSCALE, 3) => tcp.wscale = opts.get(at + 2).copied(),
            (kind::SACK_PERM, 2) => tcp.sack_permitted = true,
            (kind::TIMESTAMP, 10) => tcp.ts = be32(opts, at + 2).zip(be32(opts, at + 6)),
            (kind::SACK, 10 | 18 | 26 | 34) => tcp.sack = be32(opts, at + 2).zip(be32(opts, at + 6)),
            _ => {}
        }
        at += len;
    }
}

#[inline]
fn udp_header(area: &[u8], net: &Net, lean: &mut Lean) {
    let at = net.from;
    let Some(header) = array::<8>(area, at) else {
        lean.payload_at = net.to as u32;
        lean.payload_len = 0;
        lean.payload_full_len = 0;
        if let Some(ports) = array::<4>(area, at) {
            lean.src_port = u16::from_be_bytes([ports[0], ports[1]]);
            lean.dst_port = u16::from_be_bytes([ports[2], ports[3]]);
        }
        return;
    };
    lean.src_port = u16::from_be_bytes([header[0], header[1]]);
    lean.dst_port = u16::from_be_bytes([header[2], header[3]]);
    let length = usize::from(u16::from_be_bytes([header[4], header[5]]));
    let claimed = if length == 0 { net.full } else { length };
    let full = if net.fragment { claimed } else { claimed.min(net.full) }.saturating_sub(8);
    lean.transport = claimed >= 8;
    lean.payload_at = (at + 8) as u32;
    lean.payload_len = full.min(area.len() - at - 8) as u32;
    lean.payload_full_len = full as u32;
}

#[inline]
fn icmp_header(area: &[u8], net: &Net, lean: &mut Lean) {
    let Some(&kind) = area.get(net.from) else { return };
    let v6_message = net.proto == icmpv6::PROTO;
    let error = if v6_message { icmpv6::is_error(kind) } else { icmp::is_error(kind) };
    lean.transport = area.len() >= net.from + icmp::QUOTE_AT;
    if error && lean.transport {
        lean.icmp_quote = quote(area, net.from + icmp::QUOTE_AT, v6_message);
    }
}

/// The quoted packet at `at`: its lengths are those of the original, so they are not trusted to be here.
fn quote(area: &[u8], at: usize, version_6: bool) -> Option<Quote> {
    let whole = usize::from(u16::MAX);
    let net = if version_6 { v6(area, at, area.len(), whole, &mut 0) } else { v4(area, at, area.len(), whole) }?;
    let carries_ports = matches!(net.proto, tcp::PROTO | udp::PROTO) && (!net.fragment || net.first);
    let ports = array::<4>(area.get(..net.to)?, net.from).filter(|_| carries_ports).unwrap_or_default();
    Some(Quote {
        proto: net.proto,
        src: net.src,
        dst: net.dst,
        src_port: u16::from_be_bytes([ports[0], ports[1]]),
        dst_port: u16::from_be_bytes([ports[2], ports[3]]),
        telling: carries_ports && net.to.saturating_sub(net.from) >= if net.proto == tcp::PROTO { 16 } else { 8 },
    })
}
