//! TLS (RFC 8446, RFC 5246) and its forerunners SSL 3.0 and, in name, SSL 2.0: one record is one message.
//!
//! In: the bytes of both directions. Out: records, and for the eye all that stands in them before encryption begins. Nothing
//! is decrypted. What is encrypted is said to be.
//!
//! **Where decryption will come in.** A record's plain bytes need the session's secrets (from a key log, or a block of secrets in
//! a pcapng) and the number of records before it in its direction. `framer` would decrypt a record when its last byte came, and
//! give what was inside to a framer of its own: the inner protocol, found through ALPN or by content, is one more row of
//! [`TABLE`](super::TABLE), which sees a stream like any other. `dissect` would put the plain bytes into a further buffer, as
//! WebSocket does with an unmasked payload, and hang the layers of the inner protocol behind its own. The note of each
//! message has room for the record's number. What was agreed on is in `session` already.

mod dissect;
mod extension;
pub mod fields;
mod framer;
pub mod handshake;
mod hello;
mod md5;
pub mod names;
mod quic_params;
mod record;
pub mod session;
mod ssl2;
pub mod suites;
#[cfg(test)]
mod tests;
mod time;
pub mod x509;

use super::claim::{Ask, Claim, Hint};
use super::{About, Framer, MessageLayers, Protocol};
use crate::lang::{Words, words};
use crate::wire::{FieldDef, Osi};

/// Does a conversation begin with a record of TLS, or with a Client Hello of SSL 2.0?
fn begins(first: &[u8]) -> Option<bool> {
    match record::Header::begins_talk(first) {
        Some(false) => match ssl2::is_client_hello(first) {
            // The rest of its header tells whether the first two bytes are its length.
            Some(found) => Some(found),
            None if first.len() < 11 => None,
            None => Some(false),
        },
        found => found,
    }
}

/// Real records do not begin with text.
fn is_text(first: &[u8]) -> bool {
    first.iter().take(4).all(|b| b.is_ascii_graphic() || *b == b' ')
}

/// The row of TLS in the table.
pub struct Tls;

impl Protocol for Tls {
    fn name(&self) -> &'static str {
        "tls"
    }

    fn title(&self) -> &'static str {
        "TLS"
    }

    fn about(&self) -> Words {
        words(
            "ほかのプロトコルを包んで、盗み見と改ざんを防ぎ、相手が本物かを確かめます。",
            "Wraps other protocols so that nobody can read or change them, and proves who the other end is.",
        )
    }

    /// Encryption is a matter of how data is represented, not of what it means: layer 6, as far as TCP/IP has one.
    fn osi(&self) -> Osi {
        Osi::Presentation
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        fields::FIELDS
    }

    fn tcp_ports(&self) -> &'static [u16] {
        &[
            443, 465, 636, 853, 993, 995, 324, 802, 1300, 2221, 2443, 3249, 3250, 3251, 3252, 3496, 5061, 5671, 5684, 5868, 8883,
            11207, 19999, 27017,
        ]
    }

    fn claim(&self, ask: &Ask<'_>) -> Claim {
        match ask.begins(|_, first| begins(first)) {
            Claim::Begins => Claim::Unmistakable,
            Claim::No if ask.hint == Hint::Port && !is_text(ask.bytes) => Claim::Middle,
            told => told,
        }
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        Some(Box::<framer::TlsFramer>::default())
    }

    fn dissect(&self, message: &[u8], about: About<'_>) -> MessageLayers {
        dissect::dissect(message, about)
    }
}

#[cfg(test)]
pub use tests::samples;
