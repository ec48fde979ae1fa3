//! DNS among neighbours, without a server: mDNS (RFC 6762) and LLMNR (RFC 4795). Their datagrams are DNS messages; the rows differ
//! in names, ports and a few bits.

use super::dissect::{self, Flavour};
use super::{fields, glance, headline, kind_of};
use crate::lang::{Words, words};
use crate::proto::claim::{Ask, Claim};
use crate::proto::glance::{Found, Glimpse};
use crate::proto::{About, Framer, MessageKind, MessageLayers, Protocol};
use crate::wire::FieldDef;

/// A row of the table.
pub struct Neighbour {
    flavour: Flavour,
    port: &'static [u16],
    about: Words,
}

pub static MDNS: Neighbour = Neighbour {
    flavour: Flavour::Mdns,
    port: &[5353],
    about: words(
        "サーバなしに、同じネットワークの全員に名前やサービスを尋ねる DNS です（RFC 6762）。",
        "DNS without a server: everyone in the same network is asked for names and services (RFC 6762).",
    ),
};

pub static LLMNR: Neighbour = Neighbour {
    flavour: Flavour::Llmnr,
    port: &[5355],
    about: words(
        "DNS サーバのないネットワークで、近くのホストの名前を尋ねます（RFC 4795）。",
        "Finds hosts nearby by their names where there is no DNS server (RFC 4795).",
    ),
};

impl Protocol for Neighbour {
    fn name(&self) -> &'static str {
        self.flavour.names().0
    }

    fn title(&self) -> &'static str {
        self.flavour.names().1
    }

    fn about(&self) -> Words {
        self.about
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        fields::FIELDS
    }

    fn udp_ports(&self) -> &'static [u16] {
        self.port
    }

    fn claim(&self, ask: &Ask<'_>) -> Claim {
        ask.vouched()
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        None
    }

    fn kind(&self, datagram: &[u8]) -> MessageKind {
        kind_of(datagram)
    }

    fn headline(&self, datagram: &[u8]) -> String {
        headline(datagram, self.title())
    }

    fn dissect(&self, message: &[u8], about: About<'_>) -> MessageLayers {
        dissect::dissect(message, self.flavour, about)
    }

    fn glance(&self, def: &FieldDef, seen: &Glimpse<'_>, found: &mut Found<'_>) -> Option<bool> {
        match self.flavour {
            Flavour::Mdns => glance::glance(def, self.flavour, seen, found),
            _ => None,
        }
    }
}
