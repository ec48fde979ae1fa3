//! The flow table: addresses and ports to the newest flow between them.
//!
//! In: the ends of each packet. Out: its flow and direction. A flow costs 16 bytes for its ends (IPv6: 48) and about 12 in the table;
//! places are chosen with numbers that differ from run to run, so that no capture can be made to fill one of them.

use super::{Dir, FlowId, Transport};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

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

impl Key {
    /// The same but for the lower address, whoever is the client.
    #[inline]
    fn alike(&self, other: &Self) -> bool {
        (self.high, self.small(), self.v4) == (other.high, other.small(), other.v4)
    }

    /// Ports and transport.
    #[inline]
    fn small(&self) -> u64 {
        u64::from(self.ports[0]) << 24 | u64::from(self.ports[1]) << 8 | self.transport as u64
    }
}

/// A product, folded.
#[inline]
fn mix(x: u64, y: u64) -> u64 {
    let product = u128::from(x) * u128::from(y);
    product as u64 ^ (product >> 64) as u64
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

/// An address and a port.
pub type End = (IpAddr, u16);

/// The key of two ends as if `src` were the client, where both are of IPv4.
#[inline]
fn key(transport: Transport, src: End, dst: End) -> Option<Key> {
    let (IpAddr::V4(from), IpAddr::V4(to)) = (src.0, dst.0) else { return None };
    let end = |ip: Ipv4Addr, port: u16| u64::from(ip.to_bits()) << 16 | u64::from(port);
    let (a, b) = (end(from, src.1), end(to, dst.1));
    let (low, high) = (a.min(b), a.max(b));
    let ports = [low as u16, high as u16];
    Some(Key { low: (low >> 16) as u32, high: (high >> 16) as u32, ports, transport, v4: true, client_is_low: a <= b })
}

/// The same for other ends, and their addresses.
fn wide_key(transport: Transport, src: End, dst: End) -> (Key, Wide) {
    let (a, b) = ((number(src.0), src.1), (number(dst.0), dst.1));
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
    fn hash(&self, key: &Key) -> u64 {
        let [a, b, c] = self.secret;
        mix(mix((u64::from(key.low) << 32 | u64::from(key.high)) ^ a, key.small() ^ b), c)
    }

    fn wide_hash(&self, key: &Key, [low, high]: &Wide) -> u64 {
        let [a, b, c] = self.secret;
        let lower = mix(*low as u64 ^ a, *high as u64 ^ b);
        mix(lower ^ key.small().rotate_left(20) ^ (low >> 64) as u64, ((high >> 64) as u64).rotate_left(32) ^ c)
    }

    /// The flow between two ends, and the direction of a packet from `src` to `dst` in it.
    #[inline]
    pub fn find(&self, transport: Transport, src: End, dst: End) -> Option<(FlowId, Dir)> {
        let Some(key) = key(transport, src, dst) else { return self.find_wide(transport, src, dst) };
        self.look_up(&key, self.hash(&key), |known| known.low == key.low)
    }

    #[inline(never)]
    fn find_wide(&self, transport: Transport, src: End, dst: End) -> Option<(FlowId, Dir)> {
        let (key, wide) = wide_key(transport, src, dst);
        self.look_up(&key, self.wide_hash(&key, &wide), |known| self.addresses(known) == wide)
    }

    /// `between`: of a key that is the same otherwise, are its addresses these, too?
    #[inline]
    fn look_up(&self, key: &Key, hash: u64, between: impl Fn(&Key) -> bool) -> Option<(FlowId, Dir)> {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots.get(at).copied().unwrap_or(0);
            let flow = (slot as u32).checked_sub(1)?;
            if slot >> 32 == hash >> 32
                && let Some(known) = self.keys.get(flow as usize).filter(|known| known.alike(key) && between(known))
            {
                // Between an end and itself (the same address and port) the directions cannot be told apart.
                return Some((flow, if key.client_is_low == known.client_is_low { Dir::ToServer } else { Dir::ToClient }));
            }
            at = (at + 1) & mask;
        }
    }

    /// Makes `flow` the newest between its ends. Flows are numbered in the order in which they are inserted.
    pub fn insert(&mut self, transport: Transport, client: End, server: End, flow: FlowId) {
        let key = key(transport, client, server).unwrap_or_else(|| {
            let (key, wide) = wide_key(transport, client, server);
            self.wide.push(wide);
            Key { low: (self.wide.len() - 1) as u32, ..key }
        });
        self.keys.push(key);
        if (self.used + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        self.used += usize::from(self.place(&key, flow));
    }

    /// Puts a flow where its key belongs. False if it took the place of another flow with that key.
    fn place(&mut self, key: &Key, flow: FlowId) -> bool {
        let hash = if key.v4 { self.hash(key) } else { self.wide_hash(key, &self.addresses(key)) };
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let Some(slot) = self.slots.get(at).copied() else { return false };
            let same = || {
                let old = self.keys.get((slot as u32).wrapping_sub(1) as usize);
                let between = |old: &Key| if key.v4 { old.low == key.low } else { self.addresses(old) == self.addresses(key) };
                slot >> 32 == hash >> 32 && old.is_some_and(|old| old.alike(key) && between(old))
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
                self.place(&key, flow);
            }
        }
    }

    /// The addresses of IPv6 ends.
    fn addresses(&self, key: &Key) -> Wide {
        self.wide.get(key.low as usize).copied().unwrap_or_default()
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

    fn end(text: &str) -> End {
        let end: SocketAddr = text.parse().unwrap();
        (end.ip(), end.port())
    }

    #[test]
    fn both_directions_find_one_flow_and_the_newest_wins() {
        let (c, s) = (end("10.0.0.9:40000"), end("10.0.0.1:80"));
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
        let (c, s) = (end("127.0.0.1:80"), end("127.0.0.1:40000"));
        let mut table = Table::default();
        table.insert(Transport::Udp, s, c, 0);
        assert_eq!(table.find(Transport::Udp, c, s), Some((0, Dir::ToClient)));
    }

    #[test]
    fn a_hundred_thousand_flows_are_all_found_again_with_their_ends() {
        let port = |i: u32| (i / 5000) as u16 + 1;
        let narrow = |i: u32| (Ipv4Addr::from(0x0a00_0000 | i % 5000).into(), port(i));
        let wide = |i: u32| (Ipv6Addr::from(0x2001_0db8_u128 << 96 | u128::from(i % 5000)).into(), port(i));
        let mut table = Table::default();
        let servers = [end("192.0.2.1:53"), end("[2001:db8::53]:53")];
        let client = |i: u32| if i.is_multiple_of(2) { narrow(i) } else { wide(i) };
        let server = |i: u32| servers[i as usize % 2];
        for i in 0..100_000 {
            assert_eq!(table.find(Transport::Udp, client(i), server(i)), None);
            table.insert(Transport::Udp, client(i), server(i), i);
        }
        for i in 0..100_000 {
            assert_eq!(table.find(Transport::Udp, server(i), client(i)), Some((i, Dir::ToClient)));
            assert_eq!(table.ports(i), [port(i), 53]);
            assert_eq!(table.ends(i), [client(i), server(i)].map(SocketAddr::from));
        }
        let [a, b] = ["10.0.0.1:9", "10.0.0.2:8"].map(end);
        table.insert(Transport::Tcp, b, a, 100_000);
        assert_eq!(table.ends(100_000), [b, a].map(SocketAddr::from));
    }
}
