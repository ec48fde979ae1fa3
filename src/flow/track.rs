//! The lean pass: every frame once, in order; which flow it belongs to, what it did to both ends, what it means.
//!
//! In: the frames of a trace. Out: [`Batch`]es for the [`Index`](super::Index). Memory grows with flows and messages, not
//! with bytes: what waits for a missing segment is bounded (`assemble`), bodies are never kept. It must not allocate for
//! a frame of the usual kind, and never fails: what it cannot read becomes a row without a flow.

use super::analyse::{Analysis, Segment};
use super::arrival::{Arrival, Part};
use super::assemble::{Assembler, Piece, Source};
use super::messages::{Arriving, Datagrams, Found, Scene, Talk};
use super::fragments::Fragments;
use super::state::{Ends, Step};
use super::table::Table;
use super::{Batch, Dir, Flow, FlowId, MarkKind, NO_FLOW, NO_FRAME, Row, Transport};
use crate::proto;
use crate::trace::{Frame, FrameId};
use crate::wire::lean::{self, Lean, LeanTcp};
use std::net::SocketAddr;

/// In which order the bytes of a stream are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As they were sent: what came too early waits for what is missing.
    #[default]
    Sent,
    /// As their segments came: see [`super::arrival`].
    Arrived,
}

/// The lean pass over one capture.
#[derive(Default)]
pub struct Tracker {
    order: Order,
    table: Table,
    flows: Vec<Entry>,
    tcp: Vec<Tcp>,
    /// Flows so far, by transport.
    counts: [u32; 5],
    datagrams: Datagrams,
    fragments: Fragments,
    found: Found,
    /// Bytes that wait for a missing segment, of all flows.
    held: usize,
    batch: Batch,
    /// The frame of `batch.rows[0]`.
    first_row: FrameId,
    /// Flows that changed since they were last taken.
    changed: Vec<FlowId>,
}

struct Entry {
    flow: Flow,
    /// In `Tracker::tcp`.
    tcp: usize,
    changed: bool,
}

/// What a TCP flow needs besides.
#[derive(Default)]
struct Tcp {
    analysis: Analysis,
    ends: Ends,
    sides: [Assembler; 2],
    /// In [`Order::Arrived`] only: what the sides deliver is not read then.
    arrivals: Option<Box<[Arrival; 2]>>,
    /// The number before the first byte of each stream. It follows the analysis until the first byte was delivered: a
    /// stream's offsets must not move any more.
    stream_isn: [Option<u32>; 2],
    talk: Talk,
}

impl Tcp {
    /// Nothing more comes in this direction.
    fn finish(&mut self, dir: Dir, scene: &mut Scene<'_>, held: &mut usize) {
        let Self { sides, talk, arrivals, .. } = self;
        let sent = arrivals.is_none();
        sides[dir.index()].finish(held, &mut |piece| {
            if sent {
                talk.take(scene, dir, piece);
            }
        });
        if let Some(arrivals) = arrivals {
            arrivals[dir.index()].finish(&mut Arriving { talk, scene, dir });
        }
    }
}

impl Tracker {
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads streams in this order.
    pub fn reading(order: Order) -> Self {
        Self { order, ..Self::default() }
    }

    /// The next frame of the capture. Frames come in the order of their numbers, each once.
    pub fn push(&mut self, frame: &Frame<'_>) {
        if self.batch.rows.is_empty() {
            self.first_row = frame.id;
        }
        let lean = lean::read(frame.link, frame.bytes, frame.meta.wire_len as usize);
        let end = u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX);
        // The last fragment of a datagram stands for all of it.
        let whole = lean.filter(|l| l.held).and_then(|l| self.fragments.push(frame.id, frame.bytes, &l));
        let (frame, lean) = match &whole {
            Some(whole) => {
                self.batch.wholes.push((frame.id, whole.frames.clone()));
                let lean = lean::carried(&whole.bytes, whole.proto, whole.src, whole.dst);
                (&Frame { bytes: &whole.bytes, ..*frame }, Some(lean))
            }
            None => (frame, lean),
        };
        let (at, len) = lean.map_or((end, 0), |l| (l.payload_at, l.payload_len));
        let mut row = Row {
            flow: NO_FLOW,
            next_in_flow: NO_FRAME,
            stream_at: 0,
            payload_at: u16::try_from(at).unwrap_or(u16::MAX),
            payload_len: len,
            flags: 0,
            transport: Transport::Other,
            dir: Dir::ToServer,
            states: Default::default(),
            marks: 0,
        };
        if let Some(lean) = &lean {
            match (lean.tcp, lean.proto) {
                _ if lean.is_arp => {
                    row.transport = Transport::Arp;
                    row.dir = arp_dir(frame.bytes, lean);
                }
                // It waits for the others; or it is cut off, and they will never be put together.
                _ if lean.fragment => {}
                (Some(tcp), _) => self.tcp_segment(frame, lean, &tcp, &mut row),
                (None, 17) if lean.transport => self.udp_datagram(frame, lean, &mut row),
                (None, 1 | 58) if lean.transport => self.icmp(frame, lean, &mut row),
                _ => {}
            }
        }
        self.batch.rows.push(row);
    }

    /// All that was found since the last time.
    pub fn take(&mut self) -> Batch {
        let mut batch = std::mem::take(&mut self.batch);
        batch.messages = std::mem::take(&mut self.found.done);
        self.changed.sort_unstable();
        for id in self.changed.drain(..) {
            let Some(entry) = self.flows.get_mut(id as usize) else { continue };
            entry.changed = false;
            batch.flows.push((id, entry.flow.clone()));
            if let Some(tcp) = self.tcp.get(entry.tcp) {
                batch.messages.extend(tcp.talk.open());
            }
        }
        batch.messages.sort_by_key(|(id, _)| *id);
        batch
    }

    /// The capture is over: what is still open stays incomplete.
    pub fn finish(&mut self) {
        for id in 0..self.flows.len() {
            let Some(entry) = self.flows.get_mut(id) else { break };
            let Some(tcp) = self.tcp.get_mut(entry.tcp).filter(|tcp| !tcp.talk.is_over()) else { continue };
            let now = entry.flow.last_frame;
            let mut scene = Scene { id: id as FlowId, now, flow: &mut entry.flow, found: &mut self.found };
            for dir in Dir::BOTH {
                tcp.finish(dir, &mut scene, &mut self.held);
            }
            if !entry.changed {
                entry.changed = true;
                self.changed.push(id as FlowId);
            }
        }
    }

    fn tcp_segment(&mut self, frame: &Frame<'_>, lean: &Lean, tcp: &LeanTcp, row: &mut Row) {
        row.transport = Transport::Tcp;
        row.flags = tcp.flags;
        let (src, dst) = (SocketAddr::new(lean.src, lean.src_port), SocketAddr::new(lean.dst, lean.dst_port));
        let segment = Segment {
            frame: frame.id,
            at: frame.meta.at,
            seq: tcp.seq,
            ack: tcp.ack,
            len: lean.payload_full_len,
            flags: tcp.flags,
            window: tcp.window,
            wscale: tcp.wscale,
        };
        let (syn, ack) = (row.has(Row::SYN), row.has(Row::ACK));
        let known = self.table.find(Transport::Tcp, src, dst);
        let mut reused = None;
        let (id, dir) = match known.and_then(|(id, dir)| {
            let old = &self.tcp.get(self.flows.get(id as usize)?.tcp)?.analysis;
            if old.begins_anew(dir, &segment) {
                reused = Some((id, old.isn()[dir.index()]));
                return None;
            }
            Some((id, dir))
        }) {
            Some(found) => found,
            None => {
                if let Some((old, _)) = reused {
                    self.end_flow(old);
                }
                // RFC 9293 §3.5: who sends the first SYN asks for the connection. Without it: servers listen on low ports.
                let from_client = match (syn, ack) {
                    (true, false) => true,
                    (true, true) => false,
                    _ => src.port() >= dst.port(),
                };
                let (client, server) = if from_client { (src, dst) } else { (dst, src) };
                let id = self.new_flow(Transport::Tcp, client, server, syn, frame);
                (id, if from_client { Dir::ToServer } else { Dir::ToClient })
            }
        };
        row.dir = dir;
        row.flow = id;
        self.enter(id, row, frame, lean.payload_full_len);
        let Some(entry) = self.flows.get_mut(id as usize) else { return };
        let order = self.order;
        let Some(conversation) = self.tcp.get_mut(entry.tcp) else { return };
        if order == Order::Arrived {
            conversation.arrivals.get_or_insert_default();
        }
        let Tcp { analysis, ends, sides, stream_isn, talk, .. } = conversation;

        let marks = &mut self.batch.marks;
        if let Some((_, old)) = reused {
            let mark = Analysis::reused(&segment, old);
            row.marks |= mark.kind.bit();
            marks.push((frame.id, mark));
        }
        // Refused, and asked again with the same number: the streams have not begun yet.
        if syn && talk.is_over() && sides.iter().all(|side| side.next() == 0) {
            (*sides, *talk) = Default::default();
        }
        row.marks |= analysis.judge(dir, &segment, &mut |mark| marks.push((frame.id, mark)));
        ends.step(
            dir.index(),
            Step {
                syn,
                ack,
                fin: row.has(Row::FIN),
                rst: row.has(Row::RST),
                seq: tcp.seq,
                ack_number: tcp.ack,
                len: lean.payload_full_len,
            },
        );
        row.states = ends.states;
        let flow = &mut entry.flow;
        flow.states = ends.states;
        flow.isn = analysis.isn();
        flow.wscale = analysis.wscale();

        for side in [0, 1] {
            if sides[side].is_untouched() {
                stream_isn[side] = flow.isn[side];
            }
        }
        // Stream offsets: numbers are compared with the next one expected, so they may wrap.
        let offset = |side: &Assembler, isn: Option<u32>, number: u32| {
            let next = side.next();
            let expected = isn.unwrap_or(0).wrapping_add(1).wrapping_add(next as u32);
            (next as i64).saturating_add(i64::from(number.wrapping_sub(expected) as i32))
        };
        let [mine, its] = [dir.index(), dir.reverse().index()];
        let at = offset(&sides[mine], stream_isn[mine], tcp.seq.wrapping_add(u32::from(syn)));
        row.stream_at = at as u64;
        let acked = offset(&sides[its], stream_isn[its], tcp.ack);
        if talk.is_over() {
            return;
        }
        let mut scene = Scene { id, now: frame.id, flow, found: &mut self.found };
        let known_start = ack && stream_isn[its].is_some();
        let Tcp { sides, talk, arrivals, .. } = conversation;
        let sent = arrivals.is_none();
        let mut read = |dir: Dir, scene: &mut Scene<'_>, piece: Piece<'_>| {
            if sent {
                talk.take(scene, dir, piece);
            }
        };
        if known_start {
            sides[its].acknowledged(acked, &mut self.held, &mut |piece| read(dir.reverse(), &mut scene, piece));
        }
        if row.has(Row::RST) {
            for d in Dir::BOTH {
                conversation.finish(d, &mut scene, &mut self.held);
            }
            return;
        }
        let from = Source { frame: frame.id, at: frame.meta.at };
        let payload = payload(frame.bytes, lean);
        let cut = u64::from(lean.payload_full_len).saturating_sub(payload.len() as u64);
        if lean.payload_full_len > 0 {
            sides[mine].push(at, payload, cut, from, &mut self.held, &mut |piece| read(dir, &mut scene, piece));
        }
        if row.has(Row::FIN) {
            let fin = at.saturating_add(i64::from(lean.payload_full_len));
            sides[mine].fin(fin, &mut self.held, &mut |piece| read(dir, &mut scene, piece));
        }
        if let Some(arrivals) = arrivals {
            let mut reader = Arriving { talk, scene: &mut scene, dir };
            let again = MarkKind::FastRetransmission.bit() | MarkKind::SpuriousRetransmission.bit();
            let again = row.marked(MarkKind::Retransmission) && row.marks & again == 0;
            arrivals[mine].push(Part { at, bytes: payload, cut: cut > 0, again, from }, &mut reader);
            if row.has(Row::FIN) {
                arrivals[mine].fin(&mut reader);
            }
        }
    }

    fn udp_datagram(&mut self, frame: &Frame<'_>, lean: &Lean, row: &mut Row) {
        row.transport = Transport::Udp;
        let (src, dst) = (SocketAddr::new(lean.src, lean.src_port), SocketAddr::new(lean.dst, lean.dst_port));
        (row.flow, row.dir) = match self.table.find(Transport::Udp, src, dst) {
            Some(found) => found,
            // A well-known port that speaks first answers a question that was not captured.
            None if is_service(src) && !is_service(dst) => {
                (self.new_flow(Transport::Udp, dst, src, false, frame), Dir::ToClient)
            }
            None => (self.new_flow(Transport::Udp, src, dst, true, frame), Dir::ToServer),
        };
        self.enter(row.flow, row, frame, lean.payload_full_len);
        let Some(entry) = self.flows.get_mut(row.flow as usize) else { return };
        let payload = payload(frame.bytes, lean);
        if payload.is_empty() {
            return;
        }
        let complete = payload.len() >= lean.payload_full_len as usize;
        let mut scene = Scene { id: row.flow, now: frame.id, flow: &mut entry.flow, found: &mut self.found };
        self.datagrams.take(&mut scene, row.dir, payload, complete, Source { frame: frame.id, at: frame.meta.at });
    }

    fn icmp(&mut self, frame: &Frame<'_>, lean: &Lean, row: &mut Row) {
        row.transport = Transport::Icmp;
        // An error message quotes the packet it is about (RFC 792; RFC 4443 §2.4): it belongs to that packet's flow.
        let about = lean.icmp_quote.and_then(|quote| {
            let transport = match quote.proto {
                6 => Transport::Tcp,
                17 => Transport::Udp,
                1 | 58 => Transport::Icmp,
                _ => return None,
            };
            let (src, dst) = (SocketAddr::new(quote.src, quote.src_port), SocketAddr::new(quote.dst, quote.dst_port));
            self.table.find(transport, src, dst).or_else(|| {
                // A packet that only its error shows begins a conversation too, as Wireshark counts them.
                let ported = matches!(transport, Transport::Tcp | Transport::Udp);
                (quote.telling && ported).then(|| (self.new_flow(transport, src, dst, false, frame), Dir::ToServer))
            })
        });
        let found = about.map(|(id, dir)| (id, dir.reverse()));
        let (src, dst) = (SocketAddr::new(lean.src, 0), SocketAddr::new(lean.dst, 0));
        (row.flow, row.dir) = match found.or_else(|| self.table.find(Transport::Icmp, src, dst)) {
            Some(found) => found,
            None => (self.new_flow(Transport::Icmp, src, dst, true, frame), Dir::ToServer),
        };
        self.enter(row.flow, row, frame, lean.payload_full_len);
        if let Some(entry) = self.flows.get(row.flow as usize) {
            row.states = entry.flow.states;
        }
    }

    fn new_flow(
        &mut self,
        transport: Transport,
        client: SocketAddr,
        server: SocketAddr,
        start_seen: bool,
        frame: &Frame<'_>,
    ) -> FlowId {
        let id = FlowId::try_from(self.flows.len()).unwrap_or(NO_FLOW);
        let count = self.counts.get_mut(transport as usize);
        let number = count.map_or(0, |n| std::mem::replace(n, n.wrapping_add(1)));
        let flow = Flow {
            transport,
            number,
            ends: [client, server],
            start_seen,
            first_frame: frame.id,
            last_frame: frame.id,
            first_at: frame.meta.at,
            last_at: frame.meta.at,
            frames: [0; 2],
            bytes: [0; 2],
            isn: [None; 2],
            wscale: [None; 2],
            states: Default::default(),
            app: None,
        };
        let tcp = if transport == Transport::Tcp {
            self.tcp.push(Tcp::default());
            self.tcp.len() - 1
        } else {
            usize::MAX
        };
        self.flows.push(Entry { flow, tcp, changed: false });
        self.table.insert(transport, client, server, id);
        id
    }

    /// Counts a frame in its flow and links it to the one before.
    fn enter(&mut self, id: FlowId, row: &Row, frame: &Frame<'_>, bytes: u32) {
        let Some(entry) = self.flows.get_mut(id as usize) else { return };
        if !entry.changed {
            entry.changed = true;
            self.changed.push(id);
        }
        let flow = &mut entry.flow;
        let dir = row.dir.index();
        flow.frames[dir] = flow.frames[dir].saturating_add(1);
        flow.bytes[dir] += u64::from(bytes);
        let before = flow.last_frame;
        if before != frame.id {
            let earlier = before.checked_sub(self.first_row).and_then(|i| self.batch.rows.get_mut(i as usize));
            match earlier {
                Some(earlier) => earlier.next_in_flow = frame.id,
                None => self.batch.links.push((before, frame.id)),
            }
        }
        flow.last_frame = frame.id;
        flow.last_at = frame.meta.at;
    }

    /// Another connection takes this one's addresses and ports.
    fn end_flow(&mut self, id: FlowId) {
        let Some(entry) = self.flows.get_mut(id as usize) else { return };
        let Some(tcp) = self.tcp.get_mut(entry.tcp) else { return };
        if !entry.changed {
            entry.changed = true;
            self.changed.push(id);
        }
        let now = entry.flow.last_frame;
        let mut scene = Scene { id, now, flow: &mut entry.flow, found: &mut self.found };
        for dir in Dir::BOTH {
            tcp.finish(dir, &mut scene, &mut self.held);
        }
    }
}

fn payload<'a>(bytes: &'a [u8], lean: &Lean) -> &'a [u8] {
    let rest = bytes.get(lean.payload_at as usize..).unwrap_or(&[]);
    rest.get(..lean.payload_len as usize).unwrap_or(rest)
}


/// Is this the port of a service over datagrams that osiscope knows?
fn is_service(end: SocketAddr) -> bool {
    proto::TABLE.iter().any(|p| p.udp_ports().contains(&end.port()))
}

/// An ARP reply (operation 2, RFC 826) goes back to whoever asked.
fn arp_dir(bytes: &[u8], lean: &Lean) -> Dir {
    const OPERATION: usize = 6;
    let at = (lean.l3_at as usize).saturating_add(OPERATION);
    if bytes.get(at..at.saturating_add(2)) == Some(&[0, 2]) { Dir::ToClient } else { Dir::ToServer }
}
