//! The index: what the lean pass found, in columns that grow at their end.

use super::reason::Reason;
use super::rows::{Row, Rows};
use super::TcpState;
use crate::proto::{Dir, MessageKind};
use crate::trace::pages::{Item, Pages};
use crate::trace::shelf::Shelf;
use crate::trace::{FrameId, Nanos};
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;

pub type FlowId = u32;
pub type MessageId = u32;
/// The frame belongs to no flow (ARP, a fragment, an unknown protocol).
pub const NO_FLOW: FlowId = FlowId::MAX;
/// "No such frame" in links between frames.
pub const NO_FRAME: FrameId = FrameId::MAX;

/// Frames that [`Index::states_before`] looks back at most.
pub const LOOK_BACK: usize = 512;

/// What carries a frame's data, as far as the lean pass reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Transport {
    #[default]
    Other,
    Arp,
    /// ICMP or ICMPv6. One that quotes a packet of a known flow belongs to that flow.
    Icmp,
    Udp,
    Tcp,
}

impl Transport {
    pub const ALL: [Self; 5] = [Self::Other, Self::Arp, Self::Icmp, Self::Udp, Self::Tcp];
}

/// One conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    pub transport: Transport,
    /// Its number among the flows of its transport, from 0: Wireshark's `tcp.stream`, `udp.stream`.
    pub number: u32,
    /// Client (the end that began) and server. ICMP between hosts: port 0.
    pub ends: [SocketAddr; 2],
    /// Which end is the client is known (a SYN was seen, or the first datagram) or only guessed (start not captured).
    pub start_seen: bool,
    pub first_frame: FrameId,
    pub last_frame: FrameId,
    pub first_at: Nanos,
    pub last_at: Nanos,
    /// Frames and transport payload bytes, by direction.
    pub frames: [u32; 2],
    pub bytes: [u64; 2],
    /// Initial sequence numbers (of the SYN); for a flow without its start: the first number seen, minus one.
    pub isn: [Option<u32>; 2],
    /// A number of `isn` has changed on the way: relative numbers of earlier segments counted from another.
    pub renumbered: bool,
    /// Window scale shifts offered; `None`: not seen.
    pub wscale: [Option<u8>; 2],
    pub states: [TcpState; 2],
    /// The application protocol, by its name in `proto::TABLE`.
    pub app: Option<&'static str>,
}

/// A message of an application. Its bytes: `flow::stream::gather` with `range`.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub flow: FlowId,
    pub dir: Dir,
    /// Name in `proto::TABLE`.
    pub proto: &'static str,
    pub kind: MessageKind,
    pub title: String,
    /// Offsets in the direction's stream. For a datagram: 0 to its length.
    pub range: Range<u64>,
    /// The frames that carried its first and its last byte.
    pub first_frame: FrameId,
    pub last_frame: FrameId,
    pub at: Nanos,
    /// The frame with which it became whole, in whatever order its parts came; [`NO_FRAME`] until then.
    pub shown_in: FrameId,
    /// Its end was seen.
    pub complete: bool,
    /// The message it answers (an HTTP response its request). Of a request sent again: the first sending.
    pub answers: Option<MessageId>,
    /// What its protocol's framer noted for dissection ([`Framed::Note`](crate::proto::Framed::Note)); 0: nothing.
    pub note: u32,
}

/// Verdicts of Wireshark's TCP analysis, by its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum MarkKind {
    Retransmission,
    FastRetransmission,
    SpuriousRetransmission,
    OutOfOrder,
    LostSegment,
    AckLostSegment,
    DuplicateAck,
    KeepAlive,
    KeepAliveAck,
    ZeroWindow,
    ZeroWindowProbe,
    ZeroWindowProbeAck,
    WindowUpdate,
    WindowFull,
    ReusedPorts,
}

/// How much attention a mark asks for (Wireshark's expert severities).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Chat,
    Note,
    Warn,
}

impl MarkKind {
    pub const ALL: [Self; 15] = [
        Self::Retransmission,
        Self::FastRetransmission,
        Self::SpuriousRetransmission,
        Self::OutOfOrder,
        Self::LostSegment,
        Self::AckLostSegment,
        Self::DuplicateAck,
        Self::KeepAlive,
        Self::KeepAliveAck,
        Self::ZeroWindow,
        Self::ZeroWindowProbe,
        Self::ZeroWindowProbeAck,
        Self::WindowUpdate,
        Self::WindowFull,
        Self::ReusedPorts,
    ];

    pub fn bit(self) -> u16 {
        1 << self as u8
    }

    /// Wireshark's field: "tcp.analysis.retransmission".
    pub fn field(self) -> &'static str {
        match self {
            Self::Retransmission => "tcp.analysis.retransmission",
            Self::FastRetransmission => "tcp.analysis.fast_retransmission",
            Self::SpuriousRetransmission => "tcp.analysis.spurious_retransmission",
            Self::OutOfOrder => "tcp.analysis.out_of_order",
            Self::LostSegment => "tcp.analysis.lost_segment",
            Self::AckLostSegment => "tcp.analysis.ack_lost_segment",
            Self::DuplicateAck => "tcp.analysis.duplicate_ack",
            Self::KeepAlive => "tcp.analysis.keep_alive",
            Self::KeepAliveAck => "tcp.analysis.keep_alive_ack",
            Self::ZeroWindow => "tcp.analysis.zero_window",
            Self::ZeroWindowProbe => "tcp.analysis.zero_window_probe",
            Self::ZeroWindowProbeAck => "tcp.analysis.zero_window_probe_ack",
            Self::WindowUpdate => "tcp.analysis.window_update",
            Self::WindowFull => "tcp.analysis.window_full",
            Self::ReusedPorts => "tcp.analysis.reused_ports",
        }
    }

    pub fn severity(self) -> Severity {
        match self {
            Self::LostSegment | Self::OutOfOrder | Self::ZeroWindow | Self::WindowFull | Self::AckLostSegment => {
                Severity::Warn
            }
            Self::WindowUpdate => Severity::Chat,
            _ => Severity::Note,
        }
    }
}

/// A verdict on a frame, and the numbers it came from; [`Mark::because`] makes the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub kind: MarkKind,
    pub reason: Reason,
}

/// What the tracker adds to the index. Rows and marks are appended; flows and messages are new or replaced.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    pub rows: Vec<Row>,
    pub marks: Vec<(FrameId, Mark)>,
    pub flows: Vec<(FlowId, Flow)>,
    pub messages: Vec<(MessageId, Message)>,
    /// Frames that completed a datagram, and the frames of its fragments.
    pub wholes: Vec<(FrameId, Box<[FrameId]>)>,
}

/// All that the lean pass knows of a capture so far. A copy costs next to nothing, and stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Index {
    pub rows: Rows,
    pub flows: Pages<Flow>,
    pub messages: Pages<Message>,
    /// In the order of frames.
    pub marks: Shelf<(FrameId, Mark)>,
    /// Frames that completed a datagram, in order, and the frames of its fragments.
    wholes: Shelf<(FrameId, Arc<[FrameId]>)>,
    /// The messages of each flow and direction (at `2 * flow + direction`), in the order of their stream.
    talk: Shelf<Said>,
}

/// The messages of one direction of a flow. Most conversations over datagrams say one thing each way.
#[derive(Clone, Debug)]
enum Said {
    None,
    One(MessageId),
    Many(Arc<Vec<MessageId>>),
}

impl Said {
    fn push(&mut self, id: MessageId) {
        match self {
            Self::None => *self = Self::One(id),
            Self::One(first) => *self = Self::Many(Arc::new(vec![*first, id])),
            Self::Many(list) => Arc::make_mut(list).push(id),
        }
    }

    fn all(&self) -> &[MessageId] {
        match self {
            Self::None => &[],
            Self::One(id) => std::slice::from_ref(id),
            Self::Many(list) => list,
        }
    }
}

impl Index {
    pub fn apply(&mut self, batch: Batch) {
        self.rows.extend(batch.rows);
        self.marks.extend(batch.marks);
        self.wholes.extend(batch.wholes.into_iter().map(|(frame, frames)| (frame, frames.into())));
        upsert(&mut self.flows, batch.flows);
        for (id, message) in batch.messages {
            if id as usize >= self.messages.len() {
                self.list(self.messages.len(), &message);
            }
            self.messages.put(id as usize, message);
        }
        self.flows.rest();
        self.messages.rest();
    }

    /// Notes that a message, which becomes the one at this place, was said in its conversation.
    fn list(&mut self, id: usize, message: &Message) {
        // A message of an unknown flow cannot be asked for; and a wild number must not cost memory.
        if message.flow as usize >= self.flows.len() {
            return;
        }
        let slot = talk_slot(message.flow, message.dir);
        while self.talk.len() <= slot {
            self.talk.push(Said::None);
        }
        if let Some(said) = self.talk.get_mut(slot) {
            said.push(id as MessageId);
        }
    }

    pub fn row(&self, frame: FrameId) -> Option<Row> {
        self.rows.get(frame as usize)
    }

    pub fn flow(&self, flow: FlowId) -> Option<&Flow> {
        self.flows.get(flow as usize)
    }

    pub fn flow_of(&self, frame: FrameId) -> Option<(FlowId, &Flow)> {
        let id = self.row(frame)?.flow;
        Some((id, self.flow(id)?))
    }

    /// The states of both ends before this frame: those after the frame before it in its flow. A first SYN leaves CLOSED, for
    /// somebody who is taken to LISTEN. That frame is looked for among the last [`LOOK_BACK`]; from further back no change
    /// is claimed.
    pub fn states_before(&self, frame: FrameId) -> [TcpState; 2] {
        let Some(row) = self.row(frame) else { return Default::default() };
        let first = self.flow(row.flow).is_some_and(|f| f.first_frame == frame);
        if first && row.has(Row::SYN) && !row.has(Row::ACK) {
            return [TcpState::Closed, TcpState::Listen];
        }
        let before = (frame.saturating_sub(LOOK_BACK as FrameId)..frame).rev();
        let earlier = before.filter(|f| self.rows.flow(*f) == row.flow).find_map(|f| self.row(f));
        earlier.map_or(row.states, |r| r.states)
    }

    pub fn message(&self, id: MessageId) -> Option<&Message> {
        self.messages.get(id as usize)
    }

    /// The frames of a flow, in order.
    pub fn frames_of(&self, flow: FlowId) -> impl Iterator<Item = FrameId> + '_ {
        let first = self.flow(flow).map(|f| f.first_frame);
        std::iter::successors(first, move |&f| self.next_in_flow(flow, f))
    }

    /// The frame of a flow behind this one.
    pub fn next_in_flow(&self, flow: FlowId, frame: FrameId) -> Option<FrameId> {
        if self.flow(flow)?.last_frame <= frame {
            return None;
        }
        self.rows.of_flow(flow, frame.checked_add(1)?)
    }

    /// The frames whose fragments became a whole datagram with this one, itself among them. `None`: it completed none.
    pub fn whole(&self, frame: FrameId) -> Option<&[FrameId]> {
        let at = self.wholes.partition_point(|(f, _)| *f < frame);
        self.wholes.get(at).filter(|(f, _)| *f == frame).map(|(_, frames)| &frames[..])
    }

    /// The messages that some byte of this frame's payload belongs to, in the order of the stream.
    pub fn messages_in(&self, frame: FrameId) -> Vec<MessageId> {
        let Some(row) = self.row(frame) else { return Vec::new() };
        let list = self.said(row.flow, row.dir);
        let get = |id: &MessageId| self.message(*id);
        // Within one direction messages follow each other in the stream; datagrams follow each other in time.
        let (from, to) = match row.transport {
            Transport::Tcp => {
                let range = row.stream_range();
                if range.is_empty() {
                    return Vec::new();
                }
                (
                    list.partition_point(|id| get(id).is_some_and(|m| m.range.end <= range.start)),
                    list.partition_point(|id| get(id).is_some_and(|m| m.range.start < range.end)),
                )
            }
            _ => (
                list.partition_point(|id| get(id).is_some_and(|m| m.first_frame < frame)),
                list.partition_point(|id| get(id).is_some_and(|m| m.first_frame <= frame)),
            ),
        };
        list.get(from..to).unwrap_or(&[]).to_vec()
    }

    /// The messages of one direction of a flow, in the order of their stream.
    pub fn said(&self, flow: FlowId, dir: Dir) -> &[MessageId] {
        self.talk.get(talk_slot(flow, dir)).map_or(&[], Said::all)
    }

    /// The messages of a flow, in the order they began.
    pub fn messages_of(&self, flow: FlowId) -> Vec<MessageId> {
        let mut all = [self.said(flow, Dir::ToServer), self.said(flow, Dir::ToClient)].concat();
        // Messages are numbered as they begin.
        all.sort_unstable();
        all
    }

    /// The marks of one frame.
    pub fn marks_of(&self, frame: FrameId) -> Vec<(FrameId, Mark)> {
        let from = self.marks.partition_point(|(f, _)| *f < frame);
        self.marks.from(from).take_while(|(f, _)| *f == frame).copied().collect()
    }
}

fn talk_slot(flow: FlowId, dir: Dir) -> usize {
    (flow as usize).saturating_mul(2).saturating_add(dir.index())
}

fn upsert<T: Item>(all: &mut Pages<T>, news: Vec<(u32, T)>) {
    for (id, item) in news {
        all.put(id as usize, item);
    }
}
