//! The slower way to an IP packet: over any header of the table that wraps one.
//!
//! In: a frame whose link header the fast way does not know, or an IP packet with a tunnel in it. Out: what the innermost IP or
//! ARP header says. Each wrapper says itself where its payload stands ([`Header::hop`](crate::wire::Header::hop)), so the rich
//! reader cannot go another way. It allocates nothing and takes [`MAX_DEPTH`] steps at most.

use super::{Lean, Net, arp, ip, v4, v6};
use crate::wire::dissect::{Hop, MAX_DEPTH, reader};
use crate::wire::{Key, LinkType};

/// A whole frame.
#[cold]
pub(super) fn frame(link: LinkType, bytes: &[u8], full: usize) -> Option<Lean> {
    walk(Key::Link(link), bytes, 0, bytes.len(), full, 0)
}

/// What an IP packet with protocol `proto` carries, if that is a tunnel.
#[cold]
pub(super) fn inner(proto: u8, bytes: &[u8], net: &Net, depth: usize) -> Option<Lean> {
    // GRE, EtherIP, MPLS and Ethernet: the only ones that are worth a search in the table.
    if !matches!(proto, 47 | 97 | 137 | 143) {
        return None;
    }
    walk(Key::IpProto(proto), bytes, net.from, net.to, net.full, depth)
}

/// From the header that `key` announces at `at`; `depth` headers were read before it.
fn walk(mut key: Key, bytes: &[u8], mut at: usize, mut end: usize, mut full: usize, mut depth: usize) -> Option<Lean> {
    loop {
        depth += 1;
        if depth > MAX_DEPTH {
            return None;
        }
        match key {
            Key::EtherType(0x0800) => return v4(bytes, at, end, full).map(|net| ip(bytes, at, net, depth)),
            Key::EtherType(0x86dd) => {
                let net = v6(bytes, at, end, full, &mut depth)?;
                return Some(ip(bytes, at, net, depth));
            }
            Key::EtherType(0x0806 | 0x8035) => return arp(bytes.get(..end)?, at),
            _ => {
                let Hop { next, from, to, full: left } = reader(key)?.hop(key, bytes.get(at..end)?, full)?;
                (key, end, at, full) = (next, at + to, at + from, left);
            }
        }
    }
}
