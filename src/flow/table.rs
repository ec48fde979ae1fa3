//! The flow table: addresses and ports to the newest flow between them.

use super::{Dir, FlowId, Transport};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// A flow's two ends, in an order that does not depend on who sends.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    low: (u128, u16),
    high: (u128, u16),
    transport: Transport,
}

/// Finds flows by the ends of a packet.
#[derive(Default)]
pub struct Table {
    flows: HashMap<Key, (FlowId, bool)>,
    /// The flow of the packet before: packets come in trains.
    last: Option<(Key, FlowId, bool)>,
}

fn key(transport: Transport, src: SocketAddr, dst: SocketAddr) -> (Key, bool) {
    let (a, b) = ((number(src.ip()), src.port()), (number(dst.ip()), dst.port()));
    let src_is_low = a <= b;
    let (low, high) = if src_is_low { (a, b) } else { (b, a) };
    (Key { low, high, transport }, src_is_low)
}

/// An IPv4 address as the IPv6 address that stands for it (RFC 4291 §2.5.5.2): one kind of key for both.
fn number(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(v4) => u128::from_be_bytes(v4.to_ipv6_mapped().octets()),
        IpAddr::V6(v6) => u128::from_be_bytes(Ipv6Addr::octets(&v6)),
    }
}

impl Table {
    /// The newest flow between these ends, and the direction of a packet from `src` in it.
    pub fn find(&mut self, transport: Transport, src: SocketAddr, dst: SocketAddr) -> Option<(FlowId, Dir)> {
        let (key, src_is_low) = key(transport, src, dst);
        let (flow, client_is_low) = match self.last {
            Some((last, flow, client_is_low)) if last == key => (flow, client_is_low),
            _ => {
                let (flow, client_is_low) = *self.flows.get(&key)?;
                self.last = Some((key, flow, client_is_low));
                (flow, client_is_low)
            }
        };
        // Between an end and itself (the same address and port) the directions cannot be told apart.
        Some((flow, if src_is_low == client_is_low { Dir::ToServer } else { Dir::ToClient }))
    }

    /// Makes `flow` the newest between its ends.
    pub fn insert(&mut self, transport: Transport, client: SocketAddr, server: SocketAddr, flow: FlowId) {
        let (key, client_is_low) = key(transport, client, server);
        self.flows.insert(key, (flow, client_is_low));
        self.last = Some((key, flow, client_is_low));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn both_directions_find_one_flow_and_the_newest_wins() {
        let (c, s): (SocketAddr, SocketAddr) = ("10.0.0.9:40000".parse().unwrap(), "10.0.0.1:80".parse().unwrap());
        let mut table = Table::default();
        assert_eq!(table.find(Transport::Tcp, c, s), None);
        table.insert(Transport::Tcp, c, s, 3);
        assert_eq!(table.find(Transport::Tcp, c, s), Some((3, Dir::ToServer)));
        assert_eq!(table.find(Transport::Tcp, s, c), Some((3, Dir::ToClient)));
        assert_eq!(table.find(Transport::Udp, s, c), None, "UDP's ports are not TCP's");
        table.insert(Transport::Tcp, s, c, 4);
        assert_eq!(table.find(Transport::Tcp, s, c), Some((4, Dir::ToServer)));
    }

    #[test]
    fn same_address_on_both_sides_is_told_apart_by_port() {
        let (c, s): (SocketAddr, SocketAddr) = ("127.0.0.1:80".parse().unwrap(), "127.0.0.1:40000".parse().unwrap());
        let mut table = Table::default();
        table.insert(Transport::Udp, s, c, 0);
        assert_eq!(table.find(Transport::Udp, c, s), Some((0, Dir::ToClient)));
    }
}
