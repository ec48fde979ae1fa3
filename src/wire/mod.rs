//! One file a header: bytes in, layers with fields out.
//!
//! In: the bytes of one frame and its link type. Out: [`Dissected`]: the layers up to the transport header, what comes
//! after it, and where and why dissection stopped. It never fails and never panics: damaged bytes end in a [`Stop`].
//! pnet's types stay inside these files. Nothing here knows conversations, streams or time.

pub mod arp;
pub mod checksum;
pub mod dissect;
pub mod ethernet;
pub mod field;
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
pub mod names;
pub mod null;
mod quote;
pub mod raw;
mod read;
pub mod sll;
pub mod tcp;
mod tcp_options;
pub mod udp;
pub mod vlan;

#[cfg(test)]
mod tests;

pub use dissect::{Header, Input, Key, Next, Step, dissect};
pub use field::{Bits, Field, FieldDef, Kind, Span, Value};
pub use layer::{Buffer, Dissected, Layer, Osi, Stop, Why};
pub use link::LinkType;
