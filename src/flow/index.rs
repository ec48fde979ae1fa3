//! The index: what the lean pass found, in columns that grow at their end.

use super::TcpState;
use crate::lang::Text;
use crate::proto::{Dir, MessageKind};
use crate::trace::{FrameId, Nanos};
use std::net::SocketAddr;
use std::ops::Range;

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

/// One frame in the index. Kept small: there may be ten million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub flow: FlowId,
    /// The flow's next frame, or [`NO_FRAME`].
    pub next_in_flow: FrameId,
    /// Where the payload stands in its direction's stream: the first byte after the SYN is 0. TCP only.
    ///
    /// A payload that begins before the stream (a keep-alive's byte, or older data where the start was not captured) has
    /// the negative number as two's complement: read it through [`Row::stream_range`].
    pub stream_at: u64,
    /// The payload of the transport header: offset in the frame (in the datagram that it completed, see [`Index::whole`]), and
    /// length as captured.
    pub payload_at: u16,
    pub payload_len: u32,
    /// TCP's flags: CWR ECE URG ACK PSH RST SYN FIN from the highest bit.
    pub flags: u8,
    pub transport: Transport,
    pub dir: Dir,
    /// State of client and server after this frame.
    pub states: [TcpState; 2],
    /// One bit a [`MarkKind`].
    pub marks: u16,
}

impl Row {
    pub const FIN: u8 = 1;
    pub const SYN: u8 = 2;
    pub const RST: u8 = 4;
    pub const PSH: u8 = 8;
    pub const ACK: u8 = 16;

    pub fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// The part of the stream that this frame's payload covers; empty if there is none.
    pub fn stream_range(&self) -> Range<u64> {
        // Streams are shorter than 2^63 bytes, so the sign is exact.
        let start = self.stream_at as i64;
        let end = start.saturating_add(i64::from(self.payload_len)).max(0);
        start.max(0) as u64..end as u64
    }

    pub fn marked(&self, kind: MarkKind) -> bool {
        self.marks & kind.bit() != 0
    }
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
    /// The message it answers (an HTTP response its request).
    pub answers: Option<MessageId>,
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

/// A verdict on a frame, and the rule and numbers it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub kind: MarkKind,
    pub because: Text,
}

/// What the tracker adds to the index. Rows, marks and new links are appended; flows and messages are new or replaced.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    pub rows: Vec<Row>,
    /// (earlier frame, the next one of its flow), where the earlier one's row has already been handed over or is in `rows`.
    pub links: Vec<(FrameId, FrameId)>,
    pub marks: Vec<(FrameId, Mark)>,
    pub flows: Vec<(FlowId, Flow)>,
    pub messages: Vec<(MessageId, Message)>,
    /// Frames that completed a datagram, and the frames of its fragments.
    pub wholes: Vec<(FrameId, Box<[FrameId]>)>,
}

/// All that the lean pass knows of a capture so far.
#[derive(Clone, Debug, Default)]
pub struct Index {
    pub rows: Vec<Row>,
    pub flows: Vec<Flow>,
    pub messages: Vec<Message>,
    /// In the order of frames.
    pub marks: Vec<(FrameId, Mark)>,
    /// Frames that completed a datagram, in order, and the frames of its fragments.
    wholes: Vec<(FrameId, Box<[FrameId]>)>,
    /// The messages of each flow and direction (at `2 * flow + direction`), in the order of their stream.
    talk: Vec<Vec<MessageId>>,
}

impl Index {
    pub fn apply(&mut self, batch: Batch) {
        self.rows.extend(batch.rows);
        for (from, to) in batch.links {
            if let Some(row) = self.rows.get_mut(from as usize) {
                row.next_in_flow = to;
            }
        }
        self.marks.extend(batch.marks);
        self.wholes.extend(batch.wholes);
        upsert(&mut self.flows, batch.flows);
        let known = self.messages.len();
        upsert(&mut self.messages, batch.messages);
        for (id, message) in self.messages.iter().enumerate().skip(known) {
            let slot = talk_slot(message.flow, message.dir);
            // A message of an unknown flow cannot be asked for; and a wild number must not cost memory.
            if message.flow as usize >= self.flows.len() {
                continue;
            }
            if self.talk.len() <= slot {
                self.talk.resize_with(slot + 1, Vec::new);
            }
            if let Some(list) = self.talk.get_mut(slot) {
                list.push(id as MessageId);
            }
        }
    }

    pub fn row(&self, frame: FrameId) -> Option<&Row> {
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
        let end = frame as usize;
        let earlier = self.rows.get(end.saturating_sub(LOOK_BACK)..end).unwrap_or(&[]);
        earlier.iter().rev().find(|r| r.flow == row.flow).map_or(row.states, |r| r.states)
    }

    pub fn message(&self, id: MessageId) -> Option<&Message> {
        self.messages.get(id as usize)
    }

    /// The frames of a flow, in order.
    pub fn frames_of(&self, flow: FlowId) -> impl Iterator<Item = FrameId> + '_ {
        self.frames_of_from(self.flow(flow).map_or(NO_FRAME, |f| f.first_frame))
    }

    /// This frame and those after it in its flow.
    pub fn frames_of_from(&self, first: FrameId) -> impl Iterator<Item = FrameId> + '_ {
        let first = Some(first).filter(|f| *f != NO_FRAME);
        std::iter::successors(first, |&f| self.row(f).map(|r| r.next_in_flow).filter(|&n| n != NO_FRAME && n > f))
    }

    /// The frames whose fragments became a whole datagram with this one, itself among them. `None`: it completed none.
    pub fn whole(&self, frame: FrameId) -> Option<&[FrameId]> {
        let at = self.wholes.binary_search_by_key(&frame, |(f, _)| *f).ok()?;
        self.wholes.get(at).map(|(_, frames)| &frames[..])
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
        self.talk.get(talk_slot(flow, dir)).map_or(&[][..], Vec::as_slice)
    }

    /// The messages of a flow, in the order they began.
    pub fn messages_of(&self, flow: FlowId) -> Vec<MessageId> {
        let mut all = [self.said(flow, Dir::ToServer), self.said(flow, Dir::ToClient)].concat();
        // Messages are numbered as they begin.
        all.sort_unstable();
        all
    }

    /// The marks of one frame.
    pub fn marks_of(&self, frame: FrameId) -> &[(FrameId, Mark)] {
        let from = self.marks.partition_point(|(f, _)| *f < frame);
        let to = self.marks.partition_point(|(f, _)| *f <= frame);
        self.marks.get(from..to).unwrap_or(&[])
    }
}

fn talk_slot(flow: FlowId, dir: Dir) -> usize {
    (flow as usize).saturating_mul(2).saturating_add(dir.index())
}

fn upsert<T>(all: &mut Vec<T>, news: Vec<(u32, T)>) {
    for (id, item) in news {
        match all.get_mut(id as usize) {
            Some(old) => *old = item,
            None => all.push(item),
        }
    }
}
