//! The Internet checksum (RFC 1071), and what a header's checksum field says about the bytes that were captured.
//!
//! In: a header with its body, and for transport headers the addresses of the IP header. Out: a [`Verdict`]. A checksum that the
//! sender's kernel left to the network card must never be called bad, and one that cannot be checked must never be called good.

use super::read::be16;
use super::{Field, FieldDef, Input, Span, Value};
use std::net::IpAddr;

/// What a checksum field is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Good,
    Bad { should: u16 },
    /// Only the pseudo header's sum is filled in, or for IPv4 nothing: the network card does the rest (or, on loopback, nobody).
    Offload,
    /// UDP over IPv4 with 0: the sender made none (RFC 768).
    Unused,
    /// Not all bytes that it covers are here.
    Unverified,
    /// UDP over IPv6 with 0 (RFC 8200 §8.1).
    Illegal,
}

impl Verdict {
    /// The words after the value.
    pub fn meaning(self) -> String {
        match self {
            Self::Good => "correct".into(),
            Self::Bad { should } => format!("bad, should be 0x{should:04x}"),
            Self::Offload => "not yet computed (offload)".into(),
            Self::Unused => "not used".into(),
            Self::Unverified => "unverified: not all bytes are here".into(),
            Self::Illegal => "zero is not allowed over IPv6".into(),
        }
    }

    /// Wireshark's number for `*.checksum.status` and its name.
    pub fn status(self) -> (u64, &'static str) {
        match self {
            Self::Bad { .. } => (0, "Bad"),
            Self::Good => (1, "Good"),
            Self::Offload | Self::Unverified => (2, "Unverified"),
            Self::Unused => (3, "Not present"),
            Self::Illegal => (4, "Illegal"),
        }
    }
}

/// Adds 16-bit words; an odd last byte counts as the high one. Call only the last time with an odd length.
pub fn add(sum: u64, bytes: &[u8]) -> u64 {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let words: u64 = pairs.iter().map(|p| u64::from(u16::from_be_bytes(*p))).sum();
    sum + words + rest.first().map_or(0, |b| u64::from(*b) << 8)
}

/// Folds the carries in: the ones' complement sum.
pub fn fold(mut sum: u64) -> u16 {
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    sum as u16
}

/// The sum of the pseudo header (RFC 9293 §3.1, RFC 8200 §8.1).
pub fn pseudo((src, dst): (IpAddr, IpAddr), proto: u8, len: usize) -> u64 {
    let octets = |sum, ip| match ip {
        IpAddr::V4(a) => add(sum, &std::net::Ipv4Addr::octets(&a)),
        IpAddr::V6(a) => add(sum, &std::net::Ipv6Addr::octets(&a)),
    };
    octets(octets(0, src), dst) + u64::from(proto) + (len as u64 >> 16) + (len as u64 & 0xffff)
}

/// Judges the checksum at `at` in `covered`; `start` is the pseudo header's sum, or 0.
pub fn judge(covered: &[u8], at: usize, start: u64) -> Verdict {
    let Some(stored) = be16(covered, at) else { return Verdict::Unverified };
    let sum = add(start, covered);
    if fold(sum) == 0xffff {
        return Verdict::Good;
    }
    if start != 0 && fold(start) == stored {
        return Verdict::Offload;
    }
    Verdict::Bad { should: !fold(sum - u64::from(stored)) }
}

/// Judges the checksum at `at` of the transport header in `input`, which is `len` bytes long with its payload.
pub fn transport(input: &Input<'_>, proto: u8, len: usize, at: usize) -> Verdict {
    match (input.ips, input.slice().get(..len)) {
        (Some(ips), Some(covered)) if !input.partial => match judge(covered, at, pseudo(ips, proto, len)) {
            // Segmentation offload leaves the length out of the sum too: the card knows it only when it has split the data.
            Verdict::Bad { .. } if be16(covered, at) == Some(fold(pseudo(ips, proto, 0))) => Verdict::Offload,
            verdict => verdict,
        },
        _ => Verdict::Unverified,
    }
}

/// As [`field`], for IP, TCP and UDP, where Wireshark does not compute the sum unless it is told to: the status says so, the
/// meaning tells what the sum is in truth.
pub fn unverified(def: &'static FieldDef, status: &'static FieldDef, stored: u16, span: Span, verdict: Verdict) -> Field {
    let number = if matches!(verdict, Verdict::Unused | Verdict::Illegal) { verdict.status() } else { Verdict::Unverified.status() };
    let status = Field::new(status, Value::Uint(number.0), Span::NONE).means(number.1);
    Field::new(def, Value::Uint(u64::from(stored)), span).means(verdict.meaning()).with(vec![status])
}

/// The checksum's field with its computed status below it.
pub fn field(def: &'static FieldDef, status: &'static FieldDef, stored: u16, span: Span, verdict: Verdict) -> Field {
    let (number, name) = verdict.status();
    let status = Field::new(status, Value::Uint(number), Span::NONE).means(name);
    Field::new(def, Value::Uint(u64::from(stored)), span).means(verdict.meaning()).with(vec![status])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    /// The numbers of RFC 1071 §3.
    #[test]
    fn carries_are_folded_back() {
        assert_eq!(fold(add(0, &[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7])), 0xddf2);
    }

    #[test]
    fn an_odd_last_byte_is_the_high_one() {
        assert_eq!(add(0, &[0x12, 0x34, 0x56]), 0x1234 + 0x5600);
    }

    #[test]
    fn a_partial_sum_is_offload_and_never_bad() {
        let ips = ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        let mut datagram = vec![0x10, 0x00, 0x20, 0x00, 0x00, 0x0a, 0, 0, 7, 7];
        let start = pseudo(ips, 17, datagram.len());
        datagram[6..8].copy_from_slice(&fold(start).to_be_bytes());
        assert_eq!(judge(&datagram, 6, start), Verdict::Offload);
    }

    #[test]
    fn a_wrong_sum_names_the_right_one() {
        let mut header = vec![0x45, 0, 0, 20, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
        let Verdict::Bad { should } = judge(&header, 10, 0) else { panic!("zero is not its checksum") };
        header[10..12].copy_from_slice(&should.to_be_bytes());
        assert_eq!(judge(&header, 10, 0), Verdict::Good);
    }
}
