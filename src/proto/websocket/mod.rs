//! WebSocket (RFC 6455): frames in both directions after an HTTP upgrade.
//!
//! In: the bytes behind the 101 answer. Out: one message a WebSocket frame. Payloads are counted, never kept; a title needs
//! the first bytes of a text only.

mod deflate;
mod dissect;
mod fields;
mod framer;
mod glance;
mod head;
mod recognise;
#[cfg(test)]
mod tests;

use super::claim::{Ask, Claim};
use super::glance::{Found, Glimpse};
use super::{About, Framer, MessageLayers, Protocol};
use crate::lang::{Words, words};
use crate::wire::FieldDef;
pub use framer::WebSocketFramer;
#[cfg(test)]
pub use tests::samples;

/// The row of WebSocket in the table.
pub struct WebSocket;

impl Protocol for WebSocket {
    fn name(&self) -> &'static str {
        "websocket"
    }

    fn title(&self) -> &'static str {
        "WebSocket"
    }

    fn about(&self) -> Words {
        words(
            "HTTP で始めたコネクションの上で、両側がいつでもメッセージを送れるようにします。",
            "Lets both ends send messages whenever they like, over a connection that began as HTTP.",
        )
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        fields::FIELDS
    }

    /// It begins with the switch that HTTP's framer finds; without it, its frames must tell, and they have little that does.
    fn claim(&self, ask: &Ask<'_>) -> Claim {
        ask.begins(|dir, first| Some(recognise::looks_like_frames(dir, first))).min(Claim::Guess)
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        Some(Box::<WebSocketFramer>::default())
    }

    fn dissect(&self, message: &[u8], about: About<'_>) -> MessageLayers {
        dissect::dissect(message, about)
    }

    fn glance(&self, def: &FieldDef, seen: &Glimpse<'_>, found: &mut Found<'_>) -> Option<bool> {
        glance::glance(def, seen, found)
    }
}
