//! The keys of Initial packets (RFC 9001 §5.2), which anyone who sees the first packet can make, and their use.
//!
//! In: a packet and the connection ID that the client chose first. Out: the packet's number and its plain payload, or `None`
//! where the check value does not fit. This is not secrecy: it keeps devices on the way from meddling.

use super::packet::{Kind, Packet, V2};
use crate::proto::Dir;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::aes::Aes128;
use aes_gcm::aes::cipher::BlockCipherEncrypt;
use aes_gcm::{Aes128Gcm, Nonce};
use hkdf::Hkdf;
use sha2::Sha256;

/// An opened packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The first byte, without its mask.
    pub first: u8,
    pub number: u32,
    /// How many bytes the number has.
    pub number_len: usize,
    pub payload: Vec<u8>,
}

/// The salt of a version, and what its labels begin with (RFC 9001 §5.2, RFC 9369 §3.3).
fn salt(version: u32) -> Option<([u8; 20], &'static str)> {
    const V1: [u8; 20] = [
        0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a,
    ];
    const DRAFT_29: [u8; 20] = [
        0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99,
    ];
    const DRAFT_23: [u8; 20] = [
        0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02,
    ];
    const TWO: [u8; 20] = [
        0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9,
    ];
    const TWO_DRAFT: [u8; 20] = [
        0xa7, 0x07, 0xc2, 0x03, 0xa5, 0x9b, 0x47, 0x18, 0x4a, 0x1d, 0x62, 0xca, 0x57, 0x04, 0x06, 0xea, 0x7a, 0xe3, 0xe5, 0xd3,
    ];
    Some(match version {
        1 | 0xff00_0021 | 0xff00_0022 => (V1, "quic"),
        0xff00_001d..=0xff00_0020 => (DRAFT_29, "quic"),
        0xff00_0017..=0xff00_001c => (DRAFT_23, "quic"),
        V2 => (TWO, "quicv2"),
        0x709a_50c4 => (TWO_DRAFT, "quicv2"),
        _ => return None,
    })
}

/// HKDF-Expand-Label (RFC 8446 §7.1) with an empty context.
fn expand<const N: usize>(secret: &Hkdf<Sha256>, label: &str) -> Option<[u8; N]> {
    let label = format!("tls13 {label}");
    let mut info = u16::try_from(N).ok()?.to_be_bytes().to_vec();
    info.push(u8::try_from(label.len()).ok()?);
    info.extend_from_slice(label.as_bytes());
    info.push(0);
    let mut out = [0; N];
    secret.expand(&info, &mut out).ok()?;
    Some(out)
}

/// What an Initial packet of one direction is sealed with.
struct Keys {
    cipher: Aes128Gcm,
    nonce: [u8; 12],
    mask: Aes128,
}

impl Keys {
    /// `id`: the destination in the client's first packet. `None`: a version whose salt is not known.
    fn of(version: u32, dir: Dir, id: &[u8]) -> Option<Self> {
        let (salt, label) = salt(version)?;
        let (_, initial) = Hkdf::<Sha256>::extract(Some(&salt), id);
        let side = if dir == Dir::ToServer { "client in" } else { "server in" };
        let secret: [u8; 32] = expand(&initial, side)?;
        let secret = Hkdf::<Sha256>::from_prk(&secret).ok()?;
        let key: [u8; 16] = expand(&secret, &format!("{label} key"))?;
        let mask: [u8; 16] = expand(&secret, &format!("{label} hp"))?;
        let nonce = expand(&secret, &format!("{label} iv"))?;
        Some(Self { cipher: Aes128Gcm::new(&key.into()), nonce, mask: Aes128::new(&mask.into()) })
    }

    /// RFC 9001 §5.3.
    fn nonce(&self, number: u32) -> Nonce<aes_gcm::aead::consts::U12> {
        let mut nonce = self.nonce;
        for (byte, number) in nonce.iter_mut().rev().zip(number.to_be_bytes().into_iter().rev()) {
            *byte ^= number;
        }
        Nonce::from(nonce)
    }

    /// RFC 9001 §5.4.3: what hides the first byte and the packet number. `rest` begins with the packet number.
    fn mask(&self, rest: &[u8]) -> Option<[u8; 16]> {
        // RFC 9001 §5.4.2: the sample stands four bytes behind the begin of the packet number.
        let sample: [u8; 16] = *rest.get(4..)?.first_chunk()?;
        let mut block = sample.into();
        self.mask.encrypt_block(&mut block);
        Some(block.into())
    }
}

/// Opens an Initial packet of this direction. `id`: the destination in the client's first packet.
pub fn open(datagram: &[u8], packet: &Packet, dir: Dir, id: &[u8]) -> Option<Opened> {
    if packet.kind != Kind::Initial || packet.cut {
        return None;
    }
    let keys = Keys::of(packet.version, dir, id)?;
    let rest = datagram.get(packet.rest.clone())?;
    let [first_mask, masks @ ..] = keys.mask(rest)?;
    let first = datagram.get(packet.all.start)? ^ first_mask & 0x0f;
    let number_len = usize::from(first & 3) + 1;
    let mut head = datagram.get(packet.all.start..packet.rest.start + number_len)?.to_vec();
    *head.first_mut()? = first;
    let numbers = head.len() - number_len;
    let mut number = 0_u32;
    for (byte, mask) in head.iter_mut().skip(numbers).zip(masks) {
        *byte ^= mask;
        number = number << 8 | u32::from(*byte);
    }
    let sealed = Payload { msg: rest.get(number_len..)?, aad: &head };
    let payload = keys.cipher.decrypt(&keys.nonce(number), sealed).ok()?;
    Some(Opened { first, number, number_len, payload })
}

/// Makes a client's first packet of version 1 with this payload, number 2.
#[cfg(test)]
pub fn seal(id: [u8; 8], payload: &[u8]) -> Option<Vec<u8>> {
    let keys = Keys::of(1, Dir::ToServer, &id)?;
    let len = 4 + payload.len() + 16;
    let mut head = [&[0xc3, 0, 0, 0, 1, 8][..], &id, &[0, 0]].concat();
    head.extend_from_slice(&(0x4000 | u16::try_from(len).ok()?).to_be_bytes());
    let numbers = head.len();
    head.extend_from_slice(&[0, 0, 0, 2]);
    let sealed = keys.cipher.encrypt(&keys.nonce(2), Payload { msg: payload, aad: &head }).ok()?;
    let [first, masks @ ..] = keys.mask(&[&[0; 4][..], &sealed].concat())?;
    *head.first_mut()? ^= first & 0x0f;
    head.iter_mut().skip(numbers).zip(masks).for_each(|(byte, mask)| *byte ^= mask);
    head.extend_from_slice(&sealed);
    Some(head)
}
