//! The records of a pcapng Name Resolution Block (draft-ietf-opsawg-pcapng, section 4.5).
//!
//! In: a block's body. Out: addresses with their names, one by one. A record that claims more bytes than are left ends the
//! list; kinds of addresses that are not IP are passed over.

use super::order::Order;
use std::net::IpAddr;

const IPV4: u16 = 1;
const IPV6: u16 = 2;

/// The longest name believed, in bytes: that of the DNS (RFC 1035, section 2.3.4).
const LONGEST: usize = 255;

/// Gives `each` every address with every name it has, until that returns false.
pub fn read(order: Order, body: &[u8], each: &mut dyn FnMut(IpAddr, String) -> bool) {
    let mut rest = body;
    while let Some((head, behind)) = rest.split_first_chunk::<4>() {
        let (kind, len) = (order.u16(head, 0), usize::from(order.u16(head, 2)));
        // nrb_record_end
        if kind == 0 {
            return;
        }
        let Some(value) = behind.get(..len) else { return };
        rest = behind.get(len.next_multiple_of(4)..).unwrap_or_default();
        let address = match kind {
            IPV4 => value.split_first_chunk::<4>().map(|(a, names)| (IpAddr::from(*a), names)),
            IPV6 => value.split_first_chunk::<16>().map(|(a, names)| (IpAddr::from(*a), names)),
            _ => None,
        };
        let Some((address, names)) = address else { continue };
        // Names end with a zero each.
        for name in names.split(|b| *b == 0).filter(|n| !n.is_empty() && n.len() <= LONGEST) {
            if !each(address, String::from_utf8_lossy(name).into_owned()) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn all(body: &[u8]) -> Vec<String> {
        let mut seen = Vec::new();
        read(Order::Big, body, &mut |a, n| {
            seen.push(format!("{a} {n}"));
            seen.len() < 5
        });
        seen
    }

    #[test]
    fn every_name_of_every_address_until_the_end_record() {
        let v4 = [&[0, 1, 0, 13, 10, 0, 0, 1][..], b"ab\0lo\0", b"xyz", &[0; 3]].concat();
        let v6 = [&[0, 2, 0, 19][..], &[0; 15], &[1], b"v6\0", &[0]].concat();
        let mac = [0, 3, 0, 8, 1, 2, 3, 4, 5, 6, b'm', 0];
        let end = [0, 0, 0, 0];
        let body = [&mac[..], &v4, &v6, &end, &v4].concat();
        assert_eq!(all(&body), ["10.0.0.1 ab", "10.0.0.1 lo", "10.0.0.1 xyz", "::1 v6"]);
        assert_eq!(all(&v4.repeat(9)).len(), 5, "stops when told");
    }

    #[test]
    fn a_record_longer_than_the_block_ends_the_list() {
        assert_eq!(all(&[0, 1, 0, 7, 10, 0, 0, 1, b'a', 0, 0, 0, 0, 1, 0xff, 0xff, 10, 0, 0, 2, b'b']), ["10.0.0.1 a"]);
        assert_eq!(all(&[0, 1, 0, 2, 10, 0]), Vec::<String>::new());
        assert_eq!(all(&[0, 1]), Vec::<String>::new());
    }
}
