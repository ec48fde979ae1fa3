//! QUIC (RFC 9000, RFC 9369 and the drafts) over UDP: one datagram, which may hold several packets, is one message.
//!
//! In: datagrams. Out: packets with what their headers say and, of Initial packets, which are encrypted with keys that anyone can
//! make (RFC 9001 §5.2), the frames and the Client Hello or Server Hello in them. All else is encrypted and said to be.
//!
//! **Where more decryption will come in.** The other packets need secrets from a key log; `initial::open` would take its key from
//! there instead of from the salt, `frames` would learn the other frames, and streams put together from them would feed HTTP/3,
//! one more row of [`TABLE`](super::TABLE).

mod dissect;
pub mod fields;
mod frames;
mod initial;
mod packet;
#[cfg(test)]
mod tests;

use super::claim::{Ask, Claim, Hint};
use super::{About, Framer, MessageLayers, Protocol};
use crate::lang::{Words, words};
use crate::wire::{FieldDef, Osi};

/// The row of QUIC in the table.
pub struct Quic;

impl Protocol for Quic {
    fn name(&self) -> &'static str {
        "quic"
    }

    fn title(&self) -> &'static str {
        "QUIC"
    }

    fn about(&self) -> Words {
        words(
            "UDP の上で、TCP の役目と TLS の暗号化をまとめて行う、HTTP/3 のためのプロトコルです。",
            "Does the work of TCP and the encryption of TLS in one, over UDP; made for HTTP/3.",
        )
    }

    /// It does TCP's work: order, repetition, congestion control.
    fn osi(&self) -> Osi {
        Osi::Transport
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        fields::FIELDS
    }

    fn carries(&self) -> &'static [&'static str] {
        &["tls"]
    }

    /// Behind the first packets, short headers tell nothing: only the conversation says that it is QUIC.
    fn claim(&self, ask: &Ask<'_>) -> Claim {
        match ask.hint {
            Hint::Before => ask.is(packet::is_packet),
            _ => ask.is(packet::begins),
        }
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        None
    }

    /// "Initial, Handshake": the packets of a datagram.
    fn headline(&self, datagram: &[u8]) -> String {
        let mut names: Vec<&str> = packet::all(datagram).iter().map(|packet| packet.kind.name()).collect();
        names.dedup();
        names.join(", ")
    }

    fn dissect(&self, message: &[u8], about: About<'_>) -> MessageLayers {
        dissect::dissect(message, about)
    }
}

#[cfg(test)]
pub use tests::{Talk, samples};
