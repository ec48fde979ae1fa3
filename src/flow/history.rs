//! The histories of conversations, told up to the frame that is asked for.
//!
//! In: the trace, the index and a frame. Out: what its conversation knows of it ([`Seen`]). Frames asked for in order cost one
//! reading each; for one that stands alone its conversation is told again from its start, within a limit. A conversation that
//! is over is forgotten.

use super::analyse::Segment;
use super::tcp_fields::{History, Known, Told};
use super::{Flow, FlowId, Index, MarkKind, NO_FRAME, Row, Transport, fragments};
use crate::trace::{FrameId, Nanos, Trace};
use crate::wire::lean::{self, Lean};
use std::collections::HashMap;

/// Earlier frames of a conversation that are told again for a frame that somebody looks at.
pub const MAX_AGAIN: u32 = 4096;
/// Questions (echo requests) of a conversation that wait for their answer.
const MAX_ASKED: usize = 4096;

/// What a conversation knows of one of its frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Seen {
    Tcp(Known),
    Udp { since_first: i64, since_before: i64 },
    /// An echo reply: the frame of its request, and how long ago that was, in nanoseconds.
    Echo { request: FrameId, since: i64 },
}

enum Tale {
    Tcp(Box<History>),
    Udp(Option<[Nanos; 2]>),
    /// Requests by identifier and sequence number.
    Icmp(HashMap<(u16, u16), (FrameId, Nanos)>),
}

struct Memo {
    tale: Tale,
    /// The frame told last, and what was known of it.
    upto: FrameId,
    seen: Option<Seen>,
}

/// The conversations that were asked about.
#[derive(Default)]
pub struct Histories {
    flows: HashMap<FlowId, Memo>,
    limit: Option<u32>,
    /// The first frame of each conversation that was too far from its start.
    far: HashMap<FlowId, FrameId>,
}

impl Histories {
    /// For a frame here and there: a conversation with more than [`MAX_AGAIN`] frames before the one asked for is not told.
    pub fn brief() -> Self {
        Self { limit: Some(MAX_AGAIN), ..Self::default() }
    }

    /// For all frames of a capture in order.
    pub fn whole() -> Self {
        Self::default()
    }

    pub fn forget(&mut self) {
        self.flows.clear();
        self.far.clear();
    }

    /// What is known of this frame. `None`: nothing, or it would take too long to find out.
    pub fn seen(&mut self, trace: &Trace, index: &Index, frame: FrameId) -> Option<Seen> {
        let (id, flow) = index.flow_of(frame)?;
        let mut memo = match self.flows.remove(&id) {
            Some(memo) if memo.upto < frame => memo,
            Some(memo) if memo.upto == frame => {
                let seen = memo.seen;
                self.flows.insert(id, memo);
                return seen;
            }
            // It is not counted again for each frame how far it is.
            _ if self.far.get(&id).is_some_and(|far| frame >= *far) => return None,
            _ => Memo { tale: Tale::of(flow)?, upto: NO_FRAME, seen: None },
        };
        let mut next = if memo.upto == NO_FRAME { Some(flow.first_frame) } else { index.next_in_flow(id, memo.upto) };
        if let Some(limit) = self.limit {
            let ahead = std::iter::successors(next, |f| index.next_in_flow(id, *f)).take_while(|f| *f < frame);
            let ahead = ahead.take(limit as usize + 1).count();
            if ahead > limit as usize {
                let far = self.far.entry(id).or_insert(frame);
                *far = frame.min(*far);
                if memo.upto != NO_FRAME {
                    self.flows.insert(id, memo);
                }
                return None;
            }
        }
        let mut buf = Vec::new();
        while let Some(at) = next.filter(|at| *at <= frame) {
            memo.seen = index.row(at).and_then(|row| memo.tale.tell(trace, index, at, &row, &mut buf));
            memo.upto = at;
            next = index.next_in_flow(id, at);
        }
        let seen = memo.seen.filter(|_| memo.upto == frame);
        if frame < flow.last_frame || self.limit.is_some() {
            self.flows.insert(id, memo);
        }
        seen
    }
}

impl Tale {
    fn of(flow: &Flow) -> Option<Self> {
        match flow.transport {
            Transport::Tcp => Some(Self::Tcp(Box::default())),
            Transport::Udp => Some(Self::Udp(None)),
            Transport::Icmp => Some(Self::Icmp(HashMap::new())),
            _ => None,
        }
    }

    fn tell(&mut self, trace: &Trace, index: &Index, frame: FrameId, row: &Row, buf: &mut Vec<u8>) -> Option<Seen> {
        let at = trace.meta(frame)?.at;
        match self {
            // An ICMP error belongs to the conversation it is about, but it is none of its segments.
            Self::Tcp(history) if row.transport == Transport::Tcp => {
                let (lean, bytes) = fragments::read_again(trace, index, frame, buf)?;
                let told = told(&lean, &bytes, frame, at, row)?;
                let mut known = history.next(row.dir, &told);
                history.turns(row.dir, &told, &mut known);
                Some(Seen::Tcp(known))
            }
            Self::Udp(times) if row.transport == Transport::Udp => {
                let [first, latest] = *times.get_or_insert([at; 2]);
                *times = Some([first, at]);
                Some(Seen::Udp { since_first: at.since(first), since_before: at.since(latest) })
            }
            Self::Icmp(asked) => {
                let (lean, bytes) = fragments::read_again(trace, index, frame, buf)?;
                let head = bytes.get(lean.payload_at as usize..)?.first_chunk::<8>()?;
                let number = |at: usize| u16::from_be_bytes([head[at & 7], head[(at + 1) & 7]]);
                let (ident, seq) = (number(4), number(6));
                match (lean.proto, head[0]) {
                    (1, 8) | (58, 128) => {
                        if asked.len() >= MAX_ASKED {
                            asked.clear();
                        }
                        asked.insert((ident, seq), (frame, at));
                        None
                    }
                    (1, 0) | (58, 129) => {
                        let (request, then) = asked.get(&(ident, seq)).copied()?;
                        Some(Seen::Echo { request, since: at.since(then) })
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

fn told(lean: &Lean, bytes: &[u8], frame: FrameId, at: Nanos, row: &Row) -> Option<Told> {
    let tcp = lean.tcp?;
    let segment = Segment {
        frame,
        at,
        seq: tcp.seq,
        ack: tcp.ack,
        len: lean.payload_full_len,
        flags: tcp.flags,
        window: tcp.window,
        wscale: tcp.wscale,
        cut: !lean.transport,
    };
    let begins = row.has(Row::SYN) && !row.has(Row::ACK);
    let mut told = Told { segment, reuses: begins && row.marked(MarkKind::ReusedPorts), ..Told::default() };
    let rare = lean::rare_options(bytes, lean);
    (told.sack, told.cookie, told.accurate_ecn) = (rare.sack, rare.cookie, rare.accurate_ecn);
    let high = bytes.get((lean.transport_at as usize).saturating_add(12)).map_or(0, |b| b & 1);
    told.ecn = high << 2 | tcp.flags >> 6;
    Some(told)
}
