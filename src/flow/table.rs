//! The flow table: addresses and ports to the newest flow between them.
//!
//! In: the ends of each packet. Out: its flow and direction. A flow costs 16 bytes for its ends (IPv6: 48) and about 12 in the table;
//! places are chosen with numbers that differ from run to run, so that no capture can be made to fill one of them.

use super::{Dir, FlowId, Transport};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4};

/// Makes quick hashes of small numbers, with a secret of its own.
#[derive(Clone, Debug)]
pub struct Quick(u64);

impl Default for Quick {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0u8))
    }
}

impl BuildHasher for Quick {
    type Hasher = Mixed;

    fn build_hasher(&self) -> Mixed {
        Mixed(self.0)
    }
}

/// A hash in the making.
pub struct Mixed(u64);

impl Mixed {
    fn mix(&mut self, n: u64) {
        let product = u128::from(self.0 ^ n) * 0x9e37_79b9_7f4a_7c15;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }
}

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.mix(u64::from(*b)));
    }

    fn write_u16(&mut self, n: u16) {
        self.mix(u64::from(n));
    }

    fn write_u32(&mut self, n: u32) {
        self.mix(u64::from(n));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A flow's two ends, in an order that does not depend on who sends. 16 bytes: most addresses are IPv4.
#[derive(Clone, Copy, Debug)]
struct Key {
    /// IPv4 addresses; of IPv6 ends the place in [`Table::wide`], and 0.
    low: u32,
    high: u32,
    ports: [u16; 2],
    transport: Transport,
    v4: bool,
    client_is_low: bool,
}

/// IPv6 addresses, as [`Key`] orders them.
type Wide = [u128; 2];

/// Finds flows by the ends of a packet.
pub struct Table {
    /// The ends of each flow, by its number.
    keys: Vec<Key>,
    wide: Vec<Wide>,
    /// A part of the hash in the upper half, the flow's number plus 1 in the lower; 0: nothing.
    slots: Vec<u64>,
    used: usize,
    secret: [u64; 3],
}

impl Default for Table {
    fn default() -> Self {
        let random = RandomState::new();
        let secret = [1u8, 2, 3].map(|n| random.hash_one(n) | 1);
        Self { keys: Vec::new(), wide: Vec::new(), slots: vec![0; 64], used: 0, secret }
    }
}

/// The key of two ends as if `src` were the client, and their addresses if they are of IPv6.
#[inline]
fn key(transport: Transport, src: SocketAddr, dst: SocketAddr) -> (Key, Wide) {
    if let (SocketAddr::V4(src), SocketAddr::V4(dst)) = (src, dst) {
        let end = |end: SocketAddrV4| u64::from(end.ip().to_bits()) << 16 | u64::from(end.port());
        let (a, b) = (end(src), end(dst));
        let (low, high) = (a.min(b), a.max(b));
        let ports = [low as u16, high as u16];
        let key = Key { low: (low >> 16) as u32, high: (high >> 16) as u32, ports, transport, v4: true, client_is_low: a <= b };
        return (key, [0; 2]);
    }
    wide_key(transport, src, dst)
}

fn wide_key(transport: Transport, src: SocketAddr, dst: SocketAddr) -> (Key, Wide) {
    let (a, b) = ((number(src.ip()), src.port()), (number(dst.ip()), dst.port()));
    let (low, high) = (a.min(b), a.max(b));
    let ports = [low.1, high.1];
    (Key { low: 0, high: 0, ports, transport, v4: false, client_is_low: a <= b }, [low.0, high.0])
}

/// An IPv4 address beside an IPv6 address counts as the one that stands for it (RFC 4291 §2.5.5.2).
fn number(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().into(),
        IpAddr::V6(ip) => ip.into(),
    }
}

impl Table {
    #[inline]
    fn hash(&self, key: &Key, wide: &Wide) -> u64 {
        let [a, b, c] = self.secret;
        let mix = |x: u64, y: u64| {
            let product = u128::from(x) * u128::from(y);
            product as u64 ^ (product >> 64) as u64
        };
        let ports = u64::from(key.ports[0]) << 24 | u64::from(key.ports[1]) << 8 | key.transport as u64;
        if key.v4 {
            return mix(mix((u64::from(key.low) << 32 | u64::from(key.high)) ^ a, ports ^ b), c);
        }
        let [low, high] = wide;
        let lower = mix(*low as u64 ^ a, *high as u64 ^ b);
        mix(lower ^ ports.rotate_left(20) ^ (low >> 64) as u64, ((high >> 64) as u64).rotate_left(32) ^ c)
    }

    /// Is `known` the key of these ends, whoever is the client?
    #[inline]
    fn same(&self, known: &Key, key: &Key, wide: &Wide) -> bool {
        let alike = (known.high, known.ports, known.transport, known.v4) == (key.high, key.ports, key.transport, key.v4);
        alike && if key.v4 { known.low == key.low } else { self.wide.get(known.low as usize) == Some(wide) }
    }

    /// The flow between two ends, and the direction of a packet from `src` to `dst` in it.
    #[inline]
    pub fn find(&self, transport: Transport, src: SocketAddr, dst: SocketAddr) -> Option<(FlowId, Dir)> {
        let (key, wide) = key(transport, src, dst);
        let (flow, client_is_low) = self.look_up(&key, &wide)?;
        // Between an end and itself (the same address and port) the directions cannot be told apart.
        Some((flow, if key.client_is_low == client_is_low { Dir::ToServer } else { Dir::ToClient }))
    }

    #[inline]
    fn look_up(&self, key: &Key, wide: &Wide) -> Option<(FlowId, bool)> {
        let hash = self.hash(key, wide);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots.get(at).copied().unwrap_or(0);
            let flow = (slot as u32).checked_sub(1)?;
            if slot >> 32 == hash >> 32
                && let Some(known) = self.keys.get(flow as usize).filter(|known| self.same(known, key, wide))
            {
                return Some((flow, known.client_is_low));
            }
            at = (at + 1) & mask;
        }
    }

    /// Makes `flow` the newest between its ends. Flows are numbered in the order in which they are inserted.
    pub fn insert(&mut self, transport: Transport, client: SocketAddr, server: SocketAddr, flow: FlowId) {
        let (key, wide) = key(transport, client, server);
        let low = if key.v4 { key.low } else { self.wide.len() as u32 };
        self.keys.push(Key { low, ..key });
        if !key.v4 {
            self.wide.push(wide);
        }
        if (self.used + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        self.used += usize::from(self.place(&key, &wide, flow));
    }

    /// Puts a flow where its key belongs. False if it took the place of another flow with that key.
    fn place(&mut self, key: &Key, wide: &Wide, flow: FlowId) -> bool {
        let hash = self.hash(key, wide);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let Some(slot) = self.slots.get(at).copied() else { return false };
            let same = || {
                let old = (slot as u32).wrapping_sub(1) as usize;
                slot >> 32 == hash >> 32 && self.keys.get(old).is_some_and(|known| self.same(known, key, wide))
            };
            if slot == 0 || same() {
                if let Some(slot) = self.slots.get_mut(at) {
                    *slot = hash >> 32 << 32 | u64::from(flow.wrapping_add(1));
                }
                return slot == 0;
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.slots);
        self.slots = vec![0; old.len() * 2];
        for slot in old {
            let Some(flow) = (slot as u32).checked_sub(1) else { continue };
            if let Some(key) = self.keys.get(flow as usize).copied() {
                self.place(&key, &self.addresses(&key), flow);
            }
        }
    }

    /// The addresses of IPv6 ends.
    fn addresses(&self, key: &Key) -> Wide {
        if key.v4 { [0; 2] } else { self.wide.get(key.low as usize).copied().unwrap_or_default() }
    }

    /// Client and server of a flow.
    pub fn ends(&self, flow: FlowId) -> [SocketAddr; 2] {
        let Some(key) = self.keys.get(flow as usize) else {
            return [SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), 0); 2];
        };
        let addresses = match key.v4 {
            true => [key.low, key.high].map(|n| Ipv4Addr::from(n).into()),
            false => self.addresses(key).map(|n| Ipv6Addr::from(n).into()),
        };
        let [low, high] = addresses;
        let [low, high] = [SocketAddr::new(low, key.ports[0]), SocketAddr::new(high, key.ports[1])];
        if key.client_is_low { [low, high] } else { [high, low] }
    }

    /// The ports of client and server.
    #[inline]
    pub fn ports(&self, flow: FlowId) -> [u16; 2] {
        let Some(key) = self.keys.get(flow as usize) else { return [0; 2] };
        let [low, high] = key.ports;
        if key.client_is_low { [low, high] } else { [high, low] }
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
        table.insert(Transport::Tcp, c, s, 0);
        assert_eq!(table.find(Transport::Tcp, c, s), Some((0, Dir::ToServer)));
        assert_eq!(table.find(Transport::Tcp, s, c), Some((0, Dir::ToClient)));
        assert_eq!(table.find(Transport::Udp, s, c), None, "UDP's ports are not TCP's");
        table.insert(Transport::Tcp, s, c, 1);
        assert_eq!(table.find(Transport::Tcp, s, c), Some((1, Dir::ToServer)));
    }

    #[test]
    fn same_address_on_both_sides_is_told_apart_by_port() {
        let (c, s): (SocketAddr, SocketAddr) = ("127.0.0.1:80".parse().unwrap(), "127.0.0.1:40000".parse().unwrap());
        let mut table = Table::default();
        table.insert(Transport::Udp, s, c, 0);
        assert_eq!(table.find(Transport::Udp, c, s), Some((0, Dir::ToClient)));
    }

    #[test]
    fn a_hundred_thousand_flows_are_all_found_again_with_their_ends() {
        let end = |i: u32| SocketAddr::new(Ipv4Addr::from(0x0a00_0000 | i % 5000).into(), (i / 5000) as u16 + 1);
        let server: SocketAddr = "[2001:db8::1]:53".parse().unwrap();
        let mut table = Table::default();
        for i in 0..100_000 {
            assert_eq!(table.find(Transport::Udp, end(i), server), None);
            table.insert(Transport::Udp, end(i), server, i);
        }
        for i in 0..100_000 {
            assert_eq!(table.find(Transport::Udp, server, end(i)), Some((i, Dir::ToClient)));
            assert_eq!(table.ports(i), [(i / 5000) as u16 + 1, 53]);
        }
        let [a, b]: [SocketAddr; 2] = ["10.0.0.1:9", "10.0.0.2:8"].map(|e| e.parse().unwrap());
        table.insert(Transport::Tcp, b, a, 100_000);
        assert_eq!(table.ends(100_000), [b, a]);
    }
}
