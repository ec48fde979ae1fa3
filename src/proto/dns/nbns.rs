//! NetBIOS's name service (RFC 1002 §4.2): datagrams in a form like that of DNS, which are only named.

use crate::lang::{Words, words};
use crate::proto::claim::{Ask, Claim};
use crate::proto::{About, Framer, MessageLayers, Protocol};
use crate::wire::{FieldDef, Layer, Osi, Span};

const TITLE: &str = "NetBIOS name service";

/// The row of NetBIOS's name service in the table.
pub struct Nbns;

impl Protocol for Nbns {
    fn name(&self) -> &'static str {
        "nbns"
    }

    fn title(&self) -> &'static str {
        "NBNS"
    }

    fn about(&self) -> Words {
        words(
            "Windows の古い名前解決で、形は DNS に似ています。ここでは名前だけを示します（RFC 1002 §4.2）。",
            "The older name service of Windows, in a form like that of DNS; here it is only named (RFC 1002 §4.2).",
        )
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        &[]
    }

    fn udp_ports(&self) -> &'static [u16] {
        &[137]
    }

    fn claim(&self, ask: &Ask<'_>) -> Claim {
        ask.vouched()
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        None
    }

    fn headline(&self, _datagram: &[u8]) -> String {
        TITLE.to_owned()
    }

    fn dissect(&self, message: &[u8], _about: About<'_>) -> MessageLayers {
        let layer = Layer {
            proto: self.name(),
            title: self.title(),
            osi: Osi::Application,
            buffer: 0,
            header: Span::new(0, message.len()),
            payload: Span::new(message.len(), 0),
            summary: TITLE.to_owned(),
            fields: Vec::new(),
        };
        MessageLayers { buffers: Vec::new(), layers: vec![layer], stop: None }
    }
}
