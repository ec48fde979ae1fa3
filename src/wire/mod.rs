//! One file a header: bytes in, layers with fields out.
//!
//! In: the bytes of one frame and its link type. Out: [`Dissected`]: the layers up to the transport header, what comes
//! after it, and where and why dissection stopped. It never fails and never panics: damaged bytes end in a [`Stop`].
//! pnet's types stay inside these files. Nothing here knows conversations, streams or time.

mod ah;
pub mod arp;
pub mod checksum;
mod chdlc;
pub mod dissect;
mod erspan;
pub mod ethernet;
mod etherip;
pub mod field;
mod gre;
pub mod icmp;
pub mod icmpv6;
mod icmpv6_opt;
pub mod ipv4;
mod ipv4_options;
pub mod ipv6;
pub mod ipv6_ext;
pub mod layer;
pub mod lean;
pub mod link;
mod llc;
mod mpls;
mod named;
pub mod names;
mod nflog;
pub mod null;
mod ppi;
mod ppp;
mod pppoe;
mod prism;
mod pseudowire;
mod quote;
mod radiotap;
pub mod raw;
mod read;
pub mod sll;
pub mod tcp;
mod tcp_options;
pub mod udp;
pub mod vlan;
mod wlan;
mod wlancap;

#[cfg(test)]
mod tests;

pub use dissect::{Header, Input, Key, Next, Step, dissect};
pub use field::{Bits, Field, FieldDef, Kind, Span, Value, hex, in_a_line, seconds};
pub use layer::{Buffer, Dissected, Layer, Osi, Stop, Why};
pub use link::LinkType;
