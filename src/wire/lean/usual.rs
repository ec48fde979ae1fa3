//! The frames that most captures consist of, read in one go: Ethernet, IPv4 without options or fragments, TCP or UDP, all of it
//! captured.
//!
//! In: an Ethernet frame. Out: what the longer way would say of it (a test holds them together), or `None`: then that way it is.

use super::{Lean, LeanTcp, options};
use crate::wire::{tcp, udp};
use std::net::Ipv4Addr;

/// Where the IP header begins, and where it ends.
const NET: usize = 14;
const CARRIED: usize = NET + 20;

#[inline]
pub(super) fn read(bytes: &[u8]) -> Option<Lean> {
    let head: &[u8; CARRIED + 8] = bytes.first_chunk()?;
    // No options, and neither an offset nor more fragments.
    if head[12..15] != [8, 0, 0x45] || head[20] & 0x3f != 0 || head[21] != 0 {
        return None;
    }
    let total = usize::from(u16::from_be_bytes([head[16], head[17]]));
    // Behind it stands what fills a short frame, or a check sequence.
    let carried = bytes.get(CARRIED..NET + total)?;
    let mut lean = Lean {
        l3_at: NET as u32,
        proto: head[23],
        src: Ipv4Addr::new(head[26], head[27], head[28], head[29]).into(),
        dst: Ipv4Addr::new(head[30], head[31], head[32], head[33]).into(),
        transport_at: CARRIED as u32,
        src_port: u16::from_be_bytes([head[34], head[35]]),
        dst_port: u16::from_be_bytes([head[36], head[37]]),
        transport: true,
        payload_at: 0,
        payload_len: 0,
        payload_full_len: 0,
        tcp: None,
        icmp_quote: None,
        is_arp: false,
        fragment: false,
        held: false,
    };
    let header_len = match head[23] {
        tcp::PROTO => {
            let header: &[u8; 20] = carried.first_chunk()?;
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
            let area = carried.get(20..header_len)?;
            if !area.is_empty() {
                options(area, area.len(), &mut tcp);
            }
            lean.tcp = Some(tcp);
            header_len
        }
        udp::PROTO => {
            // Its own length, where it says the same.
            let length = usize::from(u16::from_be_bytes([head[38], head[39]]));
            if length != carried.len() {
                return None;
            }
            8
        }
        _ => return None,
    };
    lean.payload_at = (CARRIED + header_len) as u32;
    lean.payload_len = (carried.len() - header_len) as u32;
    lean.payload_full_len = lean.payload_len;
    Some(lean)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::wire::LinkType;

    /// Ethernet, IPv4, and what it carries, with two bytes behind it.
    fn frame(proto: u8, carried: &[u8]) -> Vec<u8> {
        let total = (20 + carried.len()) as u16;
        let mut all = vec![2; 12];
        all.extend([8, 0, 0x45, 0]);
        all.extend(total.to_be_bytes());
        all.extend([0, 1, 0x40, 0, 64, proto, 0, 0, 10, 0, 0, 1, 192, 0, 2, 9]);
        all.extend(carried);
        all.extend([0xee, 0xee]);
        all
    }

    #[test]
    fn what_is_read_in_one_go_is_what_the_long_way_reads() {
        let mut segment = vec![0, 80, 0x9c, 0x40, 1, 2, 3, 4, 5, 6, 7, 8, 0x80, 0x18, 1, 0, 0, 0, 0, 0];
        segment.extend([1, 1, 8, 10, 9, 9, 9, 9, 8, 8, 8, 8]);
        segment.extend(b"abc");
        let syn = [0, 80, 1, 2, 1, 2, 3, 4, 0, 0, 0, 0, 0x70, 2, 1, 0, 0, 0, 0, 0, 2, 4, 5, 0xb4, 3, 3, 7, 0];
        let datagram = [0, 53, 1, 2, 0, 12, 0, 0, 1, 2, 3, 4];
        let frames = [frame(6, &segment), frame(6, &syn), frame(17, &datagram)];
        let (mut seed, mut quick) = (7u64, 0);
        for round in 0..60_000 {
            let mut bytes = frames[round % frames.len()].clone();
            // Up to two bytes are changed, and sometimes the end is missing.
            for change in 0..round % 4 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (seed >> 20) as usize % bytes.len();
                match change {
                    2 => bytes.truncate(at),
                    _ => bytes[at] = (seed >> 40) as u8,
                }
            }
            if let Some(lean) = read(&bytes) {
                quick += 1;
                for wire_len in [bytes.len(), bytes.len() + 9] {
                    assert_eq!(Some(lean), super::super::any(LinkType::ETHERNET, &bytes, wire_len), "{bytes:02x?}");
                }
            }
        }
        assert!(quick > 20_000, "{quick} only");
    }
}
