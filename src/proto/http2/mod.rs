//! HTTP/2 (RFC 9113) in plain text, after its magic words or after an upgrade from HTTP/1.1: one frame is one message.
//!
//! In: the bytes of both directions. Out: frames and their fields. Header blocks are compressed by HPACK (RFC 7541), whose table
//! grows with each block of a direction: they are shown as bytes. A reader of HPACK would take the blocks before one from
//! [`Around::earlier`](super::Around::earlier), or from a bounded table that the framer keeps, and its result would be fields
//! behind `HEADERS`. Over TLS the same framer would read what TLS decrypted.

mod dissect;
pub mod fields;
mod framer;
#[cfg(test)]
mod tests;

use super::claim::{Ask, Claim};
use super::{About, Dir, Framer, MessageKind, MessageLayers, Protocol};
use crate::lang::{Words, words};
use crate::wire::FieldDef;

/// What every client sends first (RFC 9113 §3.4).
pub const MAGIC: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// A frame's header (RFC 9113 §4.1).
pub const HEADER: usize = 9;

/// A frame's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub len: usize,
    pub kind: u8,
    pub flags: u8,
    /// With the reserved bit.
    pub stream: u32,
}

impl Header {
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let &[a, b, c, kind, flags, s, t, u, v] = bytes.first_chunk::<HEADER>()?;
        let len = usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c);
        Some(Self { len, kind, flags, stream: u32::from_be_bytes([s, t, u, v]) })
    }

    /// "HEADERS[13]", as in Wireshark's Info column.
    pub fn title(self) -> String {
        format!("{}[{}]", kind_name(self.kind).unwrap_or("Unknown"), self.stream & 0x7fff_ffff)
    }

    pub fn message_kind(self) -> MessageKind {
        match (self.kind, self.flags & 1) {
            (6, 0) => MessageKind::Ping,
            (6, _) => MessageKind::Pong,
            (7, _) => MessageKind::Close,
            (9, _) => MessageKind::Continuation,
            _ => MessageKind::Data,
        }
    }
}

/// RFC 9113 §6, RFC 7838 §4, RFC 8336, RFC 9218.
pub fn kind_name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        0 => "DATA",
        1 => "HEADERS",
        2 => "PRIORITY",
        3 => "RST_STREAM",
        4 => "SETTINGS",
        5 => "PUSH_PROMISE",
        6 => "PING",
        7 => "GOAWAY",
        8 => "WINDOW_UPDATE",
        9 => "CONTINUATION",
        10 => "ALTSVC",
        11 => "BLOCKED",
        12 => "ORIGIN",
        16 => "PRIORITY_UPDATE",
        _ => return None,
    })
}

/// RFC 9113 §7.
fn error_name(code: u32) -> Option<&'static str> {
    const NAMES: [&str; 14] = [
        "NO_ERROR",
        "PROTOCOL_ERROR",
        "INTERNAL_ERROR",
        "FLOW_CONTROL_ERROR",
        "SETTINGS_TIMEOUT",
        "STREAM_CLOSED",
        "FRAME_SIZE_ERROR",
        "REFUSED_STREAM",
        "CANCEL",
        "COMPRESSION_ERROR",
        "CONNECT_ERROR",
        "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY",
        "HTTP_1_1_REQUIRED",
    ];
    usize::try_from(code).ok().and_then(|i| NAMES.get(i)).copied()
}

/// The row of HTTP/2 in the table.
pub struct Http2;

impl Protocol for Http2 {
    fn name(&self) -> &'static str {
        "http2"
    }

    fn title(&self) -> &'static str {
        "HTTP2"
    }

    fn about(&self) -> Words {
        words(
            "一つの接続で多くのリクエストを同時に進められる、二進数で書かれた HTTP です。",
            "HTTP in binary frames, with many requests at once on one connection.",
        )
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        fields::FIELDS
    }

    fn claim(&self, ask: &Ask<'_>) -> Claim {
        let told = ask.begins(|dir, first| {
            if dir == Dir::ToClient || !MAGIC.starts_with(first.get(..first.len().min(MAGIC.len())).unwrap_or(&[])) {
                return Some(false);
            }
            (first.len() >= MAGIC.len()).then_some(true)
        });
        if told == Claim::Begins { Claim::Unmistakable } else { told }
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        Some(Box::<framer::Http2Framer>::default())
    }

    fn dissect(&self, message: &[u8], _about: About<'_>) -> MessageLayers {
        dissect::dissect(message)
    }
}

#[cfg(test)]
pub use tests::samples;
