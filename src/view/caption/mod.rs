//! Captions: the one large sentence under the stage, its technical tag, and the line with reasons and numbers.
//!
//! In: a capture and one frame of it, explained. Out: a [`Caption`] in both languages. It says only what is in the frame
//! and in its flow so far (a bounded look back): where a sentence claims a reason, the reason must be proven,
//! otherwise the plain sentence speaks. Values of cookies, of `Authorization` and of form fields never get into a caption.
//!
//! Of several events in one frame the first speaks: RST, SYN, retransmission, message, zero window, FIN, data, ACK. The
//! others go to the second line.

mod below;
mod dns;
mod http;
pub(super) mod message;
pub(super) mod now;
mod past;
mod tcp;
mod tls;
mod websocket;
pub(super) mod words;

use crate::flow::explain::Explained;
use crate::lang::Text;
use crate::timeline::Capture;
use crate::wire::Why;
use now::{Carrier, Now};
pub use words::LARGE_MAX;

/// What stands under the stage for one frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caption {
    /// What is said, in a voice: at most [`LARGE_MAX`] characters in each language.
    pub large: Text,
    /// The same in the words of the protocol: `SYN + ACK  seq=0 ack=1`.
    pub tag: String,
    /// Reasons and numbers; may be empty.
    pub second: Text,
}

/// The caption of one frame. `explained` must be of this `capture`.
pub fn caption(capture: &Capture, explained: &Explained) -> Caption {
    let now = Now::new(capture, explained);
    let mut caption = match now.carrier {
        Carrier::Tcp => tcp::caption(&now),
        Carrier::Udp => message::datagram(&now),
        Carrier::Icmp(at) => below::icmp(&now, at),
        Carrier::Arp(at) => below::arp(&now, at),
        Carrier::Other => below::other(&now),
    };
    // What could not be read is said wherever it ended, unless the sentence itself says it already.
    if let Some(stop) = &now.explained.dissected.stop
        && !(now.carrier == Carrier::Other && matches!(stop.why, Why::Unknown(_)))
    {
        words::add(&mut caption.second, stop.text());
    }
    caption.large = words::clamp(caption.large);
    caption
}
