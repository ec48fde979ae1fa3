//! Frames made by hand, and the tests that walk the whole table with them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod corpus;
mod headers;
mod laws;
mod mutation;
mod tshark;
mod wrappers;

use super::checksum;
use super::*;
use std::net::IpAddr;

pub const A4: [u8; 4] = [192, 0, 2, 1];
pub const B4: [u8; 4] = [198, 51, 100, 2];

pub fn a6() -> [u8; 16] {
    "2001:db8::1".parse::<std::net::Ipv6Addr>().unwrap().octets()
}

pub fn b6() -> [u8; 16] {
    "2001:db8::2".parse::<std::net::Ipv6Addr>().unwrap().octets()
}

fn cat(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

pub fn eth(kind: u16, inner: &[u8]) -> Vec<u8> {
    cat(&[&[0, 1, 2, 3, 4, 5], &[2, 1, 2, 3, 4, 6], &kind.to_be_bytes(), inner])
}

pub fn vlan(id: u16, kind: u16, inner: &[u8]) -> Vec<u8> {
    cat(&[&(0x6000 | id).to_be_bytes(), &kind.to_be_bytes(), inner])
}

/// IPv4 with options (a multiple of four bytes) and `flags` with the fragment offset, checksum correct.
pub fn ip4_with(proto: u8, flags: u16, options: &[u8], inner: &[u8]) -> Vec<u8> {
    let len = (20 + options.len() + inner.len()) as u16;
    let first = 0x45 + (options.len() / 4) as u8;
    let mut h = vec![first, 0x2a];
    h.extend(len.to_be_bytes());
    h.extend([0x30, 0xa7]);
    h.extend(flags.to_be_bytes());
    h.extend([64, proto, 0, 0]);
    h.extend(A4);
    h.extend(B4);
    h.extend(options);
    let sum = !checksum::fold(checksum::add(0, &h));
    h[10..12].copy_from_slice(&sum.to_be_bytes());
    h.extend(inner);
    h
}

pub fn ip4(proto: u8, inner: &[u8]) -> Vec<u8> {
    ip4_with(proto, 0x4000, &[], inner)
}

pub fn ip6(proto: u8, inner: &[u8]) -> Vec<u8> {
    let len = (inner.len() as u16).to_be_bytes();
    cat(&[&[0x6b, 0x8a, 0xbc, 0xde], &len, &[proto, 60], &a6(), &b6(), inner])
}

pub fn ips(v6: bool) -> (IpAddr, IpAddr) {
    if v6 { (a6().into(), b6().into()) } else { (A4.into(), B4.into()) }
}

/// Fills in the checksum at `at`.
pub fn sealed(mut body: Vec<u8>, at: usize, start: u64) -> Vec<u8> {
    let sum = !checksum::fold(checksum::add(start, &body));
    body[at..at + 2].copy_from_slice(&sum.to_be_bytes());
    body
}

pub fn tcp(v6: bool, flags: u8, options: &[u8], data: &[u8]) -> Vec<u8> {
    let mut h = vec![0xc0, 0x00, 0, 80, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88];
    h.extend([((5 + options.len() / 4) << 4) as u8, flags, 0xfa, 0xf0, 0, 0, 0, 0]);
    h.extend(options);
    h.extend(data);
    let start = checksum::pseudo(ips(v6), 6, h.len());
    sealed(h, 16, start)
}

pub fn udp(v6: bool, data: &[u8]) -> Vec<u8> {
    let len = (8 + data.len() as u16).to_be_bytes();
    let h = cat(&[&[0xc0, 0x01, 0, 53], &len, &[0, 0], data]);
    let start = checksum::pseudo(ips(v6), 17, h.len());
    sealed(h, 6, start)
}

pub fn icmp(kind: u8, code: u8, rest: &[u8]) -> Vec<u8> {
    sealed(cat(&[&[kind, code, 0, 0], rest]), 2, 0)
}

pub fn icmp6(kind: u8, code: u8, rest: &[u8]) -> Vec<u8> {
    let h = cat(&[&[kind, code, 0, 0], rest]);
    let start = checksum::pseudo(ips(true), 58, h.len());
    sealed(h, 2, start)
}

/// MSS 1460, SACK permitted, timestamps, NOP, window scale 7: what Linux offers.
pub const SYN_OPTIONS: [u8; 20] = [2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 1, 2, 0, 0, 0, 0, 1, 3, 3, 7];

pub fn arp(opcode: u8) -> Vec<u8> {
    cat(&[&[0, 1, 8, 0, 6, 4, 0, opcode], &[2, 1, 2, 3, 4, 6], &A4, &[0; 6], &B4])
}

/// Valid frames of every kind.
pub fn samples() -> Vec<(LinkType, Vec<u8>)> {
    let e = LinkType::ETHERNET;
    let web = tcp(false, 0x18, &[1, 1, 8, 10, 0, 0, 0, 9, 0, 0, 0, 8], b"GET / HTTP/1.1\r\n\r\n");
    let sack = [1, 1, 5, 18, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 1, 0, 0, 0, 2, 0];
    let odd = [34, 6, 1, 2, 3, 4, 30, 4, 0x20, 1, 0, 0];
    let fast = [254, 8, 0xf9, 0x89, 1, 2, 3, 4, 253, 6, 0xab, 0xcd, 1, 2, 0, 7];
    let hop = [58, 0, 5, 2, 0, 0, 1, 0];
    let option = cat(&[&[1, 1], &[0, 1, 2, 3, 4, 5]]);
    let prefix = cat(&[&[3, 4, 64, 0xc0, 0, 0, 14, 16, 0, 0, 14, 16, 0, 0, 0, 0], &a6()]);
    let error = cat(&[&[0; 4], &ip4(6, &tcp(false, 2, &[], &[])[..8])]);
    let error6 = cat(&[&[0; 4], &ip6(17, &udp(true, b"quoted"))]);
    let route = cat(&[&[6, 2, 0, 1, 0, 0, 0, 0], &b6()]);
    let record_route = [7, 11, 4, 10, 0, 0, 1, 0, 0, 0, 0, 0];
    let sll = |proto: u16, inner: &[u8]| {
        cat(&[&[0, 4, 0, 1, 0, 6, 2, 1, 2, 3, 4, 6, 0, 0], &proto.to_be_bytes(), inner])
    };
    let sll2 = |proto: u16, inner: &[u8]| {
        cat(&[&proto.to_be_bytes(), &[0, 0, 0, 0, 0, 2, 3, 4, 0, 6, 2, 1, 2, 3, 4, 6, 0, 0], inner])
    };
    vec![
        (e, eth(0x0800, &ip4(6, &tcp(false, 2, &SYN_OPTIONS, &[])))),
        (e, eth(0x0800, &ip4(6, &web))),
        (e, eth(0x0800, &ip4(6, &tcp(false, 0x10, &sack, &[])))),
        (e, eth(0x0800, &ip4(6, &tcp(false, 2, &odd, &[])))),
        (e, eth(0x0800, &ip4(6, &tcp(false, 2, &fast, &[])))),
        (e, eth(0x0800, &ip4(17, &udp(false, b"dns?")))),
        (e, eth(0x0800, &ip4_with(17, 0x2000, &[], &udp(false, &[7; 40])))),
        (e, eth(0x0800, &ip4_with(17, 0x0005, &[], &[7; 40]))),
        (e, eth(0x0800, &ip4_with(1, 0, &record_route, &icmp(8, 0, b"\0\x01\0\x02ping")))),
        (e, eth(0x0800, &ip4(1, &icmp(3, 3, &error)))),
        (e, eth(0x0800, &ip4(1, &icmp(3, 4, &error)))),
        (e, eth(0x0800, &ip4(1, &icmp(11, 0, &error)))),
        (e, eth(0x0800, &ip4(1, &icmp(5, 1, &error)))),
        (e, eth(0x0800, &ip4(1, &icmp(12, 0, &error)))),
        (e, eth(0x0800, &ip4(1, &icmp(13, 0, &[0; 16])))),
        (e, eth(0x0800, &ip4(4, &ip4(17, &udp(false, b"tunnel"))))),
        (e, eth(0x0806, &arp(1))),
        (e, cat(&[&eth(0x0806, &arp(2)), &[0; 18]])),
        (e, eth(0x8100, &vlan(30, 0x88a8, &vlan(5, 0x0800, &ip4(6, &web))))),
        (e, eth(0x86dd, &ip6(6, &tcp(true, 2, &SYN_OPTIONS, &[])))),
        (e, eth(0x86dd, &ip6(17, &udp(true, b"dns?")))),
        (e, eth(0x86dd, &ip6(0, &cat(&[&hop, &icmp6(143, 0, &[0, 0, 0, 0])])))),
        (e, eth(0x86dd, &ip6(43, &cat(&[&route, &tcp(true, 2, &[], &[])])))),
        (e, eth(0x86dd, &ip6(44, &cat(&[&[17, 0, 0, 1, 1, 2, 3, 4], &udp(true, &[7; 40])[..]])))),
        (e, eth(0x86dd, &ip6(44, &cat(&[&[17, 0, 0, 48, 1, 2, 3, 4], &[7; 40]])))),
        (e, eth(0x86dd, &ip6(60, &cat(&[&[17, 0, 1, 4, 0, 0, 0, 0], &udp(true, b"x")[..]])))),
        (e, eth(0x86dd, &ip6(58, &icmp6(128, 0, b"\0\x01\0\x02ping")))),
        (e, eth(0x86dd, &ip6(58, &icmp6(1, 4, &error6)))),
        (e, eth(0x86dd, &ip6(58, &icmp6(2, 0, &error6)))),
        (e, eth(0x86dd, &ip6(58, &icmp6(4, 0, &error6)))),
        (e, eth(0x86dd, &ip6(58, &icmp6(130, 0, &cat(&[&[0, 9, 0, 0], &b6()]))))),
        (e, eth(0x86dd, &ip6(58, &icmp6(133, 0, &cat(&[&[0; 4], &option]))))),
        (e, eth(0x86dd, &ip6(58, &icmp6(134, 0, &cat(&[&[64, 0xc8, 7, 8], &[0; 8], &prefix, &[5, 1, 0, 0, 0, 0, 5, 220]]))))),
        (e, eth(0x86dd, &ip6(58, &icmp6(135, 0, &cat(&[&[0; 4], &b6(), &option]))))),
        (e, eth(0x86dd, &ip6(58, &icmp6(136, 0, &cat(&[&[0x60, 0, 0, 0], &b6(), &option]))))),
        (e, eth(0x86dd, &ip6(58, &icmp6(137, 0, &cat(&[&[0; 4], &a6(), &b6(), &[4, 1, 0, 0, 0, 0, 0, 0]]))))),
        (e, eth(12, &[0x42, 0x42, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
        (LinkType::LINUX_SLL, sll(0x0800, &ip4(6, &web))),
        (LinkType::LINUX_SLL, sll(4, &[0x42, 0x42, 3])),
        (LinkType::LINUX_SLL2, sll2(0x86dd, &ip6(17, &udp(true, b"x")))),
        (LinkType::NULL, cat(&[&[2, 0, 0, 0], &ip4(6, &web)])),
        (LinkType::NULL, cat(&[&[0, 0, 0, 30], &ip6(17, &udp(true, b"x"))])),
        (LinkType::LOOP, cat(&[&[0, 0, 0, 2], &ip4(6, &web)])),
        (LinkType::RAW, ip6(6, &tcp(true, 0x14, &[], &[]))),
        (LinkType(12), ip4(6, &web)),
        (LinkType(14), ip4(6, &web)),
        (LinkType::IPV4, ip4(6, &web)),
        (LinkType::IPV6, ip6(6, &tcp(true, 0x11, &[], b"bye"))),
    ]
    .into_iter()
    .chain(wrapped())
    .collect()
}

/// One frame or more for every wrapper, in [`wrappers`].
pub use wrappers::frames as wrapped;

/// All fields of a layer, at any depth.
pub fn all_fields(layer: &Layer) -> Vec<&Field> {
    let mut out = Vec::new();
    for field in &layer.fields {
        field.walk(&mut |f| out.push(f));
    }
    out
}

pub fn show(link: LinkType, frame: &[u8]) -> Dissected {
    dissect(link, frame, frame.len())
}
