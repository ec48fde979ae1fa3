//! HTTP/1.x (RFC 9110, RFC 9112): requests and responses as text with counted bodies.

mod body;
mod dissect;
pub mod fields;
mod framer;
mod head;
mod meaning;
mod recognise;
mod tell;
#[cfg(test)]
mod tests;

use super::{About, Dir, Framer, MessageLayers, Protocol};
use crate::lang::{Words, words};
use crate::wire::FieldDef;

/// The row of HTTP/1.x in the table.
pub struct Http;

impl Protocol for Http {
    fn name(&self) -> &'static str {
        "http"
    }

    fn title(&self) -> &'static str {
        "HTTP"
    }

    fn about(&self) -> Words {
        words(
            "ウェブの会話の約束で、クライアントが 1 つ頼むとサーバが 1 つ答えます。",
            "How the web talks: the client asks for one thing, the server gives one answer.",
        )
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        fields::FIELDS
    }

    fn tcp_ports(&self) -> &'static [u16] {
        &[80, 3000, 5000, 8000, 8080, 8888]
    }

    fn recognise(&self, dir: Dir, first: &[u8]) -> Option<bool> {
        recognise::looks_like_start(dir, first)
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        Some(Box::<framer::HttpFramer>::default())
    }

    fn dissect(&self, message: &[u8], about: About<'_>) -> MessageLayers {
        dissect::dissect(message, about)
    }
}

#[cfg(test)]
pub use tests::samples;
