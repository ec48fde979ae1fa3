//! The lean pass: every frame once, in order; which flow it belongs to, what it did to both ends, what it means.
//!
//! In: the frames of a trace. Out: [`Batch`]es for the [`Index`](super::Index), or counts only ([`Tally`]). Memory grows
//! with flows and messages, not with bytes: what waits for a missing segment is bounded (`assemble`), bodies are never kept.
//! It must not allocate for a frame of the usual kind, and never fails: what it cannot read becomes a row without a flow.

use super::analyse::{Analysis, Segment};
use super::arrival::{Arrival, Part};
use super::assemble::{Assembler, Budget, Piece, Source};
use super::messages::{Arriving, Datagrams, Found, Scene, Talk};
use super::fragments::Fragments;
use super::state::{Ends, Step};
use super::table::{End, Table};
use super::tally::{App, Tally};
use super::{Batch, Dir, Flow, FlowId, MarkKind, NO_FLOW, Row, TcpState, Transport};
use crate::proto;
use crate::trace::{Frame, FrameId, Nanos};
use crate::wire::LinkType;
use crate::wire::lean::{self, Lean, LeanTcp};
use std::sync::LazyLock;

/// In which order the bytes of a stream are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As they were sent: what came too early waits for what is missing.
    #[default]
    Sent,
    /// As their segments came: see [`super::arrival`].
    Arrived,
    /// Not at all: there are no messages, and rows do not say where they stand in their stream. For who asks of headers only.
    Unread,
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
    budget: Budget,
    batch: Batch,
    /// Flows that changed since they were last taken.
    changed: Vec<FlowId>,
}

/// One conversation, as every frame of it needs it: a line of the processor's cache.
struct Entry {
    first_at: Nanos,
    last_at: Nanos,
    bytes: [u64; 2],
    frames: [u32; 2],
    first_frame: FrameId,
    last_frame: FrameId,
    number: u32,
    /// In [`Tracker::tcp`]; [`NO_TCP`] for other transports.
    tcp: u32,
    transport: Transport,
    app: App,
    start_seen: bool,
    changed: bool,
}

const NO_TCP: u32 = u32::MAX;

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
    voice: Voice,
}

/// What is said over a connection: made with the first byte, gone with the last.
#[derive(Default)]
struct Voice {
    talk: Option<Box<Talk>>,
    over: [bool; 2],
}

impl Voice {
    fn is_over(&self) -> bool {
        self.over == [true; 2]
    }

    #[inline]
    fn take(&mut self, scene: &mut Scene<'_>, dir: Dir, piece: Piece<'_>) {
        let end = matches!(piece, Piece::End { .. });
        if !end || self.talk.is_some() {
            self.talk.get_or_insert_default().take(scene, dir, piece);
        }
        if end {
            self.over[dir.index()] = true;
            if self.is_over() {
                self.talk = None;
            }
        }
    }
}

impl Tcp {
    /// Nothing more comes in this direction.
    fn finish(&mut self, dir: Dir, scene: &mut Scene<'_>, budget: &mut Budget) {
        let Self { sides, voice, arrivals, .. } = self;
        let sent = arrivals.is_none();
        sides[dir.index()].finish(budget, &mut |piece| {
            if sent {
                voice.take(scene, dir, piece);
            }
        });
        if let Some(arrivals) = arrivals {
            let talk = voice.talk.get_or_insert_default();
            arrivals[dir.index()].finish(&mut Arriving { talk, scene, dir });
            voice.over[dir.index()] = true;
        }
    }
}

/// The surroundings of what a flow says in one frame.
fn scene<'a>(id: FlowId, now: FrameId, ports: [u16; 2], entry: &'a mut Entry, found: &'a mut Found) -> Scene<'a> {
    Scene { id, now, ports, start_seen: entry.start_seen, app: &mut entry.app, found }
}

impl Tracker {
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads streams in this order.
    pub fn reading(order: Order) -> Self {
        let found = Found::reading(order == Order::Arrived);
        Self { order, found, ..Self::default() }
    }

    /// Keeps nothing but counts: what it finds is in [`Tracker::tally`], batches stay empty.
    pub fn counting() -> Self {
        Self { found: Found::counting(), ..Self::default() }
    }

    /// The next frame of the capture. Frames come in the order of their numbers, each once.
    pub fn push(&mut self, frame: &Frame<'_>) {
        let (cap_len, wire_len) = (frame.meta.cap_len, frame.meta.wire_len);
        let lean = lean::read(frame.link, frame.bytes, wire_len as usize);
        let end = u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX);
        // The last fragment of a datagram stands for all of it.
        let whole = lean.as_ref().filter(|l| l.held).and_then(|l| self.fragments.push(frame.id, frame.bytes, l));
        let joined = whole.as_ref().map(|whole| {
            self.batch.wholes.push((frame.id, whole.frames.clone()));
            let lean = lean::carried(&whole.bytes, whole.proto, whole.src, whole.dst);
            (Frame { bytes: &whole.bytes, ..*frame }, lean)
        });
        let (frame, lean) = match &joined {
            Some((frame, lean)) => (frame, Some(lean)),
            None => (frame, lean.as_ref()),
        };
        let (at, len) = lean.map_or((end, 0), |l| (l.payload_at, l.payload_len));
        let mut row = Row { payload_at: u16::try_from(at).unwrap_or(u16::MAX), payload_len: len, ..Row::UNKNOWN };
        if let Some(lean) = lean {
            row.alone = is_alone(frame.link, lean);
            match (&lean.tcp, lean.proto) {
                _ if lean.is_arp => {
                    row.transport = Transport::Arp;
                    row.dir = arp_dir(frame.bytes, lean);
                }
                // It waits for the others; or it is cut off, and they will never be put together.
                _ if lean.fragment => self.found.tally.fragments += 1,
                (Some(tcp), _) => self.tcp_segment(frame, lean, tcp, &mut row),
                (None, 17) if lean.transport => self.udp_datagram(frame, lean, &mut row),
                (None, 1 | 58) if lean.transport => self.icmp(frame, lean, &mut row),
                _ => {}
            }
            if !lean.is_arp {
                self.found.tally.ip[usize::from(lean.src.is_ipv6())].add(wire_len);
            }
        }
        let tally = &mut self.found.tally;
        tally.frame(frame.meta.at, cap_len, wire_len);
        if let Some(amount) = tally.transports.get_mut(row.transport as usize) {
            amount.add(wire_len);
        }
        if row.marks != 0 {
            tally.marks(row.marks);
        }
        if !self.found.only_counts {
            self.batch.rows.push(row);
        }
    }

    /// All that was found since the last time.
    pub fn take(&mut self) -> Batch {
        let mut batch = std::mem::take(&mut self.batch);
        batch.messages = std::mem::take(&mut self.found.done);
        let mut changed = std::mem::take(&mut self.changed);
        changed.sort_unstable();
        batch.flows.reserve(changed.len());
        for id in changed.drain(..) {
            let Some(flow) = self.flow(id) else { continue };
            batch.flows.push((id, flow));
            let Some(entry) = self.flows.get_mut(id as usize) else { continue };
            entry.changed = false;
            if let Some(talk) = self.tcp.get(entry.tcp as usize).and_then(|tcp| tcp.voice.talk.as_ref()) {
                batch.messages.extend(talk.open());
            }
        }
        self.changed = changed;
        batch.messages.sort_unstable_by_key(|(id, _)| *id);
        batch
    }

    /// A flow as it is now.
    fn flow(&self, id: FlowId) -> Option<Flow> {
        let entry = self.flows.get(id as usize)?;
        let tcp = self.tcp.get(entry.tcp as usize);
        Some(Flow {
            transport: entry.transport,
            number: entry.number,
            ends: self.table.ends(id),
            start_seen: entry.start_seen,
            first_frame: entry.first_frame,
            last_frame: entry.last_frame,
            first_at: entry.first_at,
            last_at: entry.last_at,
            frames: entry.frames,
            bytes: entry.bytes,
            isn: tcp.map_or([None; 2], |t| t.analysis.isn()),
            renumbered: tcp.is_some_and(|t| t.analysis.renumbered()),
            wscale: tcp.map_or([None; 2], |t| t.analysis.wscale()),
            states: tcp.map_or([TcpState::None; 2], |t| t.ends.states),
            app: entry.app.name(),
        })
    }

    /// The capture is over: what is still open stays incomplete.
    pub fn finish(&mut self) {
        for id in 0..self.flows.len() {
            let ports = self.table.ports(id as FlowId);
            let Some(entry) = self.flows.get_mut(id) else { break };
            if let Some(tcp) = self.tcp.get_mut(entry.tcp as usize).filter(|tcp| !tcp.voice.is_over()) {
                if !entry.changed && !self.found.only_counts {
                    entry.changed = true;
                    self.changed.push(id as FlowId);
                }
                let mut scene = scene(id as FlowId, entry.last_frame, ports, entry, &mut self.found);
                for dir in Dir::BOTH {
                    tcp.finish(dir, &mut scene, &mut self.budget);
                }
                tcp.voice.talk = None;
            }
            let Entry { frames, bytes, app, .. } = *entry;
            let (frames, bytes) = (frames.map(u64::from), bytes);
            self.found.tally.flow(app, frames[0] + frames[1], bytes[0].saturating_add(bytes[1]));
        }
        self.found.tally.limits.holes = self.budget.exceeded;
        self.found.tally.limits.fragments = self.fragments.given_up;
        self.found.tally.flows = self.counts.map(u64::from);
    }

    /// What was counted. Conversations are counted by [`Tracker::finish`].
    pub fn tally(&self) -> &Tally {
        &self.found.tally
    }

    fn tcp_segment(&mut self, frame: &Frame<'_>, lean: &Lean, tcp: &LeanTcp, row: &mut Row) {
        row.transport = Transport::Tcp;
        row.flags = tcp.flags;
        let (src, dst) = ((lean.src, lean.src_port), (lean.dst, lean.dst_port));
        let segment = Segment {
            frame: frame.id,
            at: frame.meta.at,
            seq: tcp.seq,
            ack: tcp.ack,
            len: lean.payload_full_len,
            flags: tcp.flags,
            window: tcp.window,
            wscale: tcp.wscale,
            cut: !lean.transport,
        };
        let (syn, ack) = (row.has(Row::SYN), row.has(Row::ACK));
        let mut known = self.table.find(Transport::Tcp, src, dst);
        let mut reused = None;
        if syn
            && let Some((id, dir)) = known
            && let Some(old) = self.flows.get(id as usize).and_then(|e| self.tcp.get(e.tcp as usize))
            && old.analysis.begins_anew(dir, &segment)
        {
            reused = Some(Analysis::reused(&segment, old.analysis.isn()[dir.index()]));
            known = None;
            self.end_flow(id);
        }
        let (id, dir) = match known {
            Some(found) => found,
            None => {
                // RFC 9293 §3.5: who sends the first SYN asks for the connection. Without it: servers listen on low ports.
                let from_client = match (syn, ack) {
                    (true, false) => true,
                    (true, true) => false,
                    _ => src.1 >= dst.1,
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
        let Some(conversation) = self.tcp.get_mut(entry.tcp as usize) else { return };
        if order == Order::Arrived {
            conversation.arrivals.get_or_insert_default();
        }
        let Tcp { analysis, ends, sides, stream_isn, voice, .. } = conversation;
        if lean.payload_len > 0 && let Some(talk) = &voice.talk {
            talk.warm(dir);
        }

        let keep = !self.found.only_counts;
        let marks = &mut self.batch.marks;
        if let Some(mark) = reused {
            row.marks |= mark.kind.bit();
            if keep {
                marks.push((frame.id, mark));
            }
        }
        // Refused, and asked again with the same number: the streams have not begun yet.
        if syn && voice.is_over() && sides.iter().all(|side| side.next() == 0) {
            (*sides, *voice) = Default::default();
        }
        row.marks |= analysis.judge(dir, &segment, &mut |mark| {
            if keep {
                marks.push((frame.id, mark));
            }
        });
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
        if order == Order::Unread {
            return;
        }

        let [mine, its] = [dir.index(), dir.reverse().index()];
        for side in [0, 1] {
            if sides[side].is_untouched() {
                stream_isn[side] = analysis.isn()[side];
            }
        }
        // Stream offsets: numbers are compared with the next one expected, so they may wrap.
        let offset = |side: &Assembler, isn: Option<u32>, number: u32| {
            let next = side.next();
            let expected = isn.unwrap_or(0).wrapping_add(1).wrapping_add(next as u32);
            (next as i64).saturating_add(i64::from(number.wrapping_sub(expected) as i32))
        };
        let at = offset(&sides[mine], stream_isn[mine], tcp.seq.wrapping_add(u32::from(syn)));
        row.stream_at = at as u64;
        let acked = offset(&sides[its], stream_isn[its], tcp.ack);
        if voice.is_over() {
            return;
        }
        let known_start = ack && stream_isn[its].is_some();
        let ports = if dir == Dir::ToServer { [lean.src_port, lean.dst_port] } else { [lean.dst_port, lean.src_port] };
        let mut scene = scene(id, frame.id, ports, entry, &mut self.found);
        let Tcp { sides, voice, arrivals, .. } = conversation;
        let sent = arrivals.is_none();
        let mut read = |dir: Dir, scene: &mut Scene<'_>, piece: Piece<'_>| {
            if sent {
                voice.take(scene, dir, piece);
            }
        };
        if known_start {
            sides[its].acknowledged(acked, &mut self.budget, &mut |piece| read(dir.reverse(), &mut scene, piece));
        }
        if row.has(Row::RST) {
            for d in Dir::BOTH {
                conversation.finish(d, &mut scene, &mut self.budget);
            }
            conversation.voice.talk = None;
            return;
        }
        let from = Source { frame: frame.id, at: frame.meta.at };
        let payload = payload(frame.bytes, lean);
        let cut = u64::from(lean.payload_full_len).saturating_sub(payload.len() as u64);
        if lean.payload_full_len > 0 {
            sides[mine].push(at, payload, cut, from, &mut self.budget, &mut |piece| read(dir, &mut scene, piece));
        }
        if row.has(Row::FIN) {
            let fin = at.saturating_add(i64::from(lean.payload_full_len));
            sides[mine].fin(fin, &mut self.budget, &mut |piece| read(dir, &mut scene, piece));
        }
        if let Some(arrivals) = arrivals {
            let talk = voice.talk.get_or_insert_default();
            let mut reader = Arriving { talk, scene: &mut scene, dir };
            let again = MarkKind::FastRetransmission.bit() | MarkKind::SpuriousRetransmission.bit();
            let again = row.marked(MarkKind::Retransmission) && row.marks & again == 0 || row.marked(MarkKind::KeepAlive);
            arrivals[mine].push(Part { at, bytes: payload, cut: cut > 0, again, from }, &mut reader);
            if row.has(Row::FIN) {
                arrivals[mine].fin(&mut reader);
            }
            if talk.is_over() {
                (voice.talk, voice.over) = (None, [true; 2]);
            }
        }
    }

    fn udp_datagram(&mut self, frame: &Frame<'_>, lean: &Lean, row: &mut Row) {
        row.transport = Transport::Udp;
        let (src, dst) = ((lean.src, lean.src_port), (lean.dst, lean.dst_port));
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
        if payload.is_empty() || self.order == Order::Unread {
            return;
        }
        let complete = payload.len() >= lean.payload_full_len as usize;
        let ports = match row.dir {
            Dir::ToServer => [lean.src_port, lean.dst_port],
            Dir::ToClient => [lean.dst_port, lean.src_port],
        };
        let mut scene = scene(row.flow, frame.id, ports, entry, &mut self.found);
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
            let (src, dst) = ((quote.src, quote.src_port), (quote.dst, quote.dst_port));
            self.table.find(transport, src, dst).or_else(|| {
                // A packet that only its error shows begins a conversation too, as Wireshark counts them.
                let ported = matches!(transport, Transport::Tcp | Transport::Udp);
                (quote.telling && ported).then(|| (self.new_flow(transport, src, dst, false, frame), Dir::ToServer))
            })
        });
        let found = about.map(|(id, dir)| (id, dir.reverse()));
        let (src, dst) = ((lean.src, 0), (lean.dst, 0));
        (row.flow, row.dir) = match found.or_else(|| self.table.find(Transport::Icmp, src, dst)) {
            Some(found) => found,
            None => (self.new_flow(Transport::Icmp, src, dst, true, frame), Dir::ToServer),
        };
        self.enter(row.flow, row, frame, lean.payload_full_len);
        if let Some(tcp) = self.flows.get(row.flow as usize).and_then(|e| self.tcp.get(e.tcp as usize)) {
            row.states = tcp.ends.states;
        }
    }

    fn new_flow(
        &mut self,
        transport: Transport,
        client: End,
        server: End,
        start_seen: bool,
        frame: &Frame<'_>,
    ) -> FlowId {
        let id = FlowId::try_from(self.flows.len()).unwrap_or(NO_FLOW);
        let count = self.counts.get_mut(transport as usize);
        let number = count.map_or(0, |n| std::mem::replace(n, n.wrapping_add(1)));
        let tcp = match transport {
            Transport::Tcp => {
                self.tcp.push(Tcp::default());
                u32::try_from(self.tcp.len() - 1).unwrap_or(NO_TCP)
            }
            _ => NO_TCP,
        };
        self.flows.push(Entry {
            first_at: frame.meta.at,
            last_at: frame.meta.at,
            bytes: [0; 2],
            frames: [0; 2],
            first_frame: frame.id,
            last_frame: frame.id,
            number,
            tcp,
            transport,
            app: App::NONE,
            start_seen,
            changed: false,
        });
        self.table.insert(transport, client, server, id);
        id
    }

    /// Counts a frame in its flow.
    #[inline]
    fn enter(&mut self, id: FlowId, row: &Row, frame: &Frame<'_>, bytes: u32) {
        let Some(entry) = self.flows.get_mut(id as usize) else { return };
        if !entry.changed && !self.found.only_counts {
            entry.changed = true;
            self.changed.push(id);
        }
        let dir = row.dir.index();
        entry.frames[dir] = entry.frames[dir].saturating_add(1);
        entry.bytes[dir] += u64::from(bytes);
        entry.last_frame = frame.id;
        entry.last_at = frame.meta.at;
    }

    /// Another connection takes this one's addresses and ports.
    fn end_flow(&mut self, id: FlowId) {
        let ports = self.table.ports(id);
        let Some(entry) = self.flows.get_mut(id as usize) else { return };
        let Some(tcp) = self.tcp.get_mut(entry.tcp as usize) else { return };
        if !entry.changed && !self.found.only_counts {
            entry.changed = true;
            self.changed.push(id);
        }
        let mut scene = scene(id, entry.last_frame, ports, entry, &mut self.found);
        for dir in Dir::BOTH {
            tcp.finish(dir, &mut scene, &mut self.budget);
        }
        tcp.voice.talk = None;
    }
}

fn payload<'a>(bytes: &'a [u8], lean: &Lean) -> &'a [u8] {
    let rest = bytes.get(lean.payload_at as usize..).unwrap_or(&[]);
    rest.get(..lean.payload_len as usize).unwrap_or(rest)
}


/// Is this the port of a service over datagrams that osiscope knows?
fn is_service(end: End) -> bool {
    static PORTS: LazyLock<Vec<u16>> = LazyLock::new(|| {
        let mut all: Vec<u16> = proto::TABLE.iter().flat_map(|p| p.udp_ports()).copied().collect();
        all.sort_unstable();
        all
    });
    PORTS.binary_search(&end.1).is_ok()
}

/// Does the frame's innermost IP header stand so near its start that no other one can stand before it?
fn is_alone(link: LinkType, lean: &Lean) -> bool {
    const SHORTEST: u32 = 20;
    let header = match link {
        LinkType::ETHERNET => 14,
        LinkType::LINUX_SLL => 16,
        LinkType::LINUX_SLL2 => 20,
        LinkType::NULL | LinkType::LOOP => 4,
        LinkType::RAW | LinkType::IPV4 | LinkType::IPV6 => 0,
        _ => return false,
    };
    lean.l3_at < header + SHORTEST
}

/// An ARP reply (operation 2, RFC 826) goes back to whoever asked.
fn arp_dir(bytes: &[u8], lean: &Lean) -> Dir {
    const OPERATION: usize = 6;
    let at = (lean.l3_at as usize).saturating_add(OPERATION);
    if bytes.get(at..at.saturating_add(2)) == Some(&[0, 2]) { Dir::ToClient } else { Dir::ToServer }
}
