//! Which frames a question about messages concerns: those on which such messages are shown.
//!
//! In: what a test asks for, and the messages of a capture by the frame that completed them. Out: of a block of frames, those that
//! may have it, and those that surely do. A frame without such messages is not looked into.

use super::look::never_in;
use super::names::{self, Home};
use super::test::FieldRef;
use super::Name;
use crate::flow::explain::{Completed, WhenWhole};
use crate::flow::{Index, MessageKind};
use crate::proto;
use crate::trace::FrameId;
use std::sync::Arc;

/// What a test asks of messages.
pub struct Shown {
    all: Arc<Vec<Completed>>,
    /// Protocols, as bits by their numbers, in whose messages it may be.
    hosts: u32,
    /// Protocols in whose messages it surely is.
    sure: u32,
    /// Messages of HTTP of this kind do not have it.
    never: Option<MessageKind>,
    /// Frames of unusual kinds may have it without a message.
    pub usual_only: bool,
}

impl Shown {
    /// `None`: a frame without a message may have it. `presence`: it is asked whether it is there, and nothing else.
    pub fn of(field: &FieldRef, presence: bool, whole: &WhenWhole, index: &Index) -> Option<Self> {
        let all = whole.all().clone();
        let bit = |name: &str| proto::number(name).map_or(0, |n| 1 << (n & 31));
        match field.name {
            _ if field.layers.is_some() => None,
            Name::Field(def) => match names::home(def) {
                Home::Messages(protos) => {
                    let hosts = protos.iter().fold(0, |bits, name| bits | bit(name));
                    Some(Self { all, hosts, sure: 0, never: never_in(def), usual_only: false })
                }
                _ => None,
            },
            Name::Protocol(name) => {
                let protocol = proto::by_name(name)?;
                if name == "data" || protocol.in_parts() || named_without_message(name, &all, index) {
                    return None;
                }
                let sure = if presence { bit(name) } else { 0 };
                Some(Self { all, hosts: proto::hosts(name), sure, never: None, usual_only: true })
            }
            Name::Fields(_) => None,
        }
    }

    /// Gives `found` the place in the block of each frame that may have it, and whether it surely does. `first` is the block's
    /// first frame, `end` the one behind its last.
    pub fn frames(&self, first: FrameId, end: FrameId, found: &mut dyn FnMut(FrameId, bool)) {
        let http = proto::number("http");
        let from = self.all.partition_point(|c| c.frame < first);
        for completed in self.all.iter().skip(from).take_while(|c| c.frame < end) {
            let bit = 1u32.checked_shl(completed.proto.into()).unwrap_or(0);
            let never = Some(completed.proto) == http && self.never == Some(completed.kind);
            if self.hosts & bit != 0 && !never {
                found(completed.frame - first, self.sure & bit != 0);
            }
        }
    }
}

/// May this protocol be named on a frame on which none of its messages is shown: TLS where a record begins, HTTP where bytes go
/// through a tunnel?
fn named_without_message(name: &str, all: &[Completed], index: &Index) -> bool {
    match name {
        "tls" => index.flows.iter().any(|flow| flow.app == Some("tls")),
        "http" => {
            let http = proto::number("http");
            let mut asked = all.iter().filter(|c| Some(c.proto) == http && c.kind == MessageKind::Request);
            asked.any(|c| index.message(c.id).is_some_and(|m| m.title.starts_with("CONNECT ")))
        }
        _ => false,
    }
}
