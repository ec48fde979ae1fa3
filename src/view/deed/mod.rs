//! Deeds: what each OSI layer does with a frame, on the sending and on the receiving side.
//!
//! In: a frame of a capture, explained; a layer and a side. Out: one short line for the layer's box on the stage. Where the
//! model has a layer but the frame has no header for it, the line says so, or names what plays its part.

mod link;
mod network;
mod transport;
mod upper;

use super::caption::now::{Carrier, Now};
use super::caption::words::cut;
use crate::flow::explain::Explained;
use crate::lang::Text;
use crate::timeline::Capture;
use crate::wire::{Layer, Osi};

/// The widest line that a box takes: 34 Japanese or 48 Latin characters, in the unit of [`width`].
pub const WIDTH_MAX: u32 = 34 * WIDE;
const WIDE: u32 = 24;
const NARROW: u32 = 17;

/// How wide a line is: Japanese characters (and arrows) are wider than Latin ones.
pub fn width(text: &str) -> u32 {
    text.chars().map(|c| if c < '\u{2000}' { NARROW } else { WIDE }).sum()
}

/// As much of a line as a box takes.
fn fit(text: &str) -> String {
    let count = text.chars().count();
    (1..=count).rev().map(|n| cut(text, n)).find(|t| width(t) <= WIDTH_MAX).unwrap_or_default()
}

/// Whose boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Sender,
    Receiver,
}

/// What a layer does with the frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    pub text: Text,
    /// The frame has bytes of this layer's own: a header or a message.
    pub header: bool,
}

/// What this layer does with the frame on this side.
pub fn deed(capture: &Capture, explained: &Explained, osi: Osi, side: Side) -> Deed {
    let now = Now::new(capture, explained);
    let text = match osi {
        Osi::Session | Osi::Presentation | Osi::Application if upper::carries_data(&now) && transport::held_back(&now, side) => {
            Text::new("渡されない（L4 で止まる）", "Not handed up: it stops at L4")
        }
        Osi::Physical => link::physical(&now, side),
        Osi::DataLink => link::link(&now, side),
        Osi::Network => network::network(&now, side),
        Osi::Transport => transport::transport(&now, side),
        Osi::Session => upper::session(&now, side),
        Osi::Presentation => upper::presentation(&now),
        Osi::Application => upper::application(&now, side),
    };
    let own = |l: &&Layer| l.osi == osi && l.proto != "frame" && !l.header.is_empty() && (osi != Osi::DataLink || !link::not_on_the_wire(l));
    let header = own_layers(&now).find(own).is_some();
    Deed { text: Text::new(fit(&text.ja), fit(&text.en)), header }
}

/// The layers of the frame itself, without those that an ICMP message quotes.
fn own_layers<'a>(now: &Now<'a>) -> impl Iterator<Item = &'a Layer> {
    let layers = &now.explained.dissected.layers;
    let upto = match now.carrier {
        Carrier::Icmp(at) => at + 1,
        _ => layers.len(),
    };
    layers.iter().take(upto)
}
