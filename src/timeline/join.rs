//! Which call sent which frame, and which call it woke.
//!
//! In: the socket calls of a run as they come, and a capture's index. Out: for each frame the calls it belongs to, for each call its
//! frames. A TCP stream has no message boundaries, so bytes are the key: the n-th byte that a program wrote is the n-th byte
//! of its stream, in whatever segments it travels. What the kernel sends without being asked has no call; then the reason is
//! named. Nothing here is guessed from nearness in time where bytes or addresses decide.

use super::Capture;
use crate::flow::{Dir, Flow, FlowId, Index, Row, TcpState, Transport};
use crate::trace::{Addr, Call, CallId, CallResult, FrameId, Host, Nanos, What};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::ops::Range;

/// Frames of one conversation that are looked through for one call.
const WALK: usize = 20_000;

/// Why a frame was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// These calls asked for it.
    Calls,
    /// The kernel answered a SYN for a listening socket: no program is asked before the handshake is over.
    Listening,
    /// The kernel confirms what it has received, or tells of its window.
    Acknowledging,
    /// The kernel refuses: nobody listens, or the socket is closed.
    Refusing,
    /// The kernel reports an error (ICMP).
    Reporting,
    /// No call of this sender is known.
    Unknown,
}

/// What one frame has to do with calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    pub why: Sender,
    /// The calls that caused it; several where one segment carries several writes.
    pub sent_by: Vec<CallId>,
    /// The calls of the other side that returned because of it; several where one segment was read in pieces.
    pub woke: Vec<CallId>,
}

impl Joined {
    fn new(why: Sender) -> Self {
        Self {
            why,
            sent_by: Vec::new(),
            woke: Vec::new(),
        }
    }

    /// Is this call one of them?
    pub fn has(&self, call: CallId) -> bool {
        self.sent_by.contains(&call) || self.woke.contains(&call)
    }
}

/// One descriptor from its making to its close.
#[derive(Clone, Debug)]
pub struct Socket {
    pub host: Host,
    pub program: u8,
    pub fd: i32,
    pub transport: Transport,
    pub local: Option<Addr>,
    pub peer: Option<Addr>,
    /// Where it was accepted from.
    pub parent: Option<usize>,
    /// Every call on it, in the order in which they returned.
    pub calls: Vec<CallId>,
    /// The call that made it a connection: `connect` or `accept`.
    pub opened: Option<CallId>,
    from: Nanos,
    /// Where each call's bytes end in the stream of this direction: for datagrams the number of datagrams.
    written: Vec<(u64, CallId)>,
    read: Vec<(u64, CallId)>,
    shutdown: Option<CallId>,
    closed: Option<CallId>,
    /// The first call that failed because of what the other side did.
    failed: Vec<CallId>,
}

impl Socket {
    fn new(call: &Call, transport: Transport) -> Self {
        Self {
            host: call.host,
            program: call.program,
            fd: call.fd,
            transport,
            local: call.local.clone(),
            peer: call.peer.clone(),
            parent: None,
            calls: Vec::new(),
            opened: None,
            from: call.at_enter,
            written: Vec::new(),
            read: Vec::new(),
            shutdown: None,
            closed: None,
            failed: Vec::new(),
        }
    }

    /// A call that still waits is not here: it has not returned.
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }
}

/// Everything the calls so far say of sockets. Grows at its end only.
#[derive(Clone, Debug, Default)]
pub struct Joins {
    sockets: Vec<Socket>,
    /// The sockets behind a program's descriptor now. Mostly one: calls may come by their entry, and then an `accept` that waited
    /// long comes before the `close` that made room for its descriptor.
    open: HashMap<(Host, u8, i32), Vec<usize>>,
    /// Connections by own and other address, in the order in which they were made; a port may be used again.
    connections: HashMap<(SocketAddr, SocketAddr), Vec<usize>>,
    /// Datagram sockets by own port.
    ports: HashMap<u16, Vec<usize>>,
    /// Unix sockets by path: those that connected to it and those accepted there, each in order. The kernel hands them out so.
    paths: HashMap<String, [Vec<usize>; 2]>,
    /// The ends of pipes by the pipe's name.
    pipes: HashMap<String, Vec<usize>>,
    /// The socket of each call.
    socket_of: Vec<Option<usize>>,
    datagrams: Datagrams,
}

/// Datagrams have no byte numbers: the n-th one sent is the n-th one of its conversation and direction.
#[derive(Clone, Debug, Default)]
struct Datagrams {
    seen: FrameId,
    count: HashMap<FlowId, [u32; 2]>,
    number: HashMap<FrameId, u32>,
}

impl Datagrams {
    /// Looks at so many frames at most. True when there are no others.
    fn step(&mut self, index: &Index, most: usize) -> bool {
        let all = FrameId::try_from(index.rows.len()).unwrap_or(FrameId::MAX);
        let until = all.min(self.seen.saturating_add(FrameId::try_from(most).unwrap_or(FrameId::MAX)));
        for frame in self.seen..until {
            let Some(row) = index.row(frame).filter(|r| r.transport == Transport::Udp) else {
                continue;
            };
            if let Some(count) = self
                .count
                .entry(row.flow)
                .or_default()
                .get_mut(row.dir.index())
            {
                self.number.insert(frame, *count);
                *count += 1;
            }
        }
        self.seen = self.seen.max(until);
        until >= all
    }
}

impl Joins {
    /// Takes in the calls that came since the last time.
    pub fn grow(&mut self, capture: &Capture) {
        self.step(capture, usize::MAX);
    }

    /// As [`Joins::grow`], but takes in no more than `most` calls and frames. True when there are no others.
    pub fn step(&mut self, capture: &Capture, most: usize) -> bool {
        let known = CallId::try_from(self.socket_of.len()).unwrap_or(CallId::MAX);
        for (id, call) in capture.trace.calls.since(known).take(most) {
            let socket = self.take(id, call);
            self.socket_of.push(socket);
        }
        let all = self.socket_of.len() >= capture.trace.calls.len();
        (self.ports.is_empty() || self.datagrams.step(&capture.index, most)) && all
    }

    /// All sockets, in the order of their first call.
    pub fn sockets(&self) -> &[Socket] {
        &self.sockets
    }

    /// The socket a call was made on.
    pub fn socket_of(&self, call: CallId) -> Option<&Socket> {
        self.sockets.get((*self.socket_of.get(call as usize)?)?)
    }

    fn take(&mut self, id: CallId, call: &Call) -> Option<usize> {
        if !call.is_call() || call.fd < 0 {
            return None;
        }
        let key = (call.host, call.program, call.fd);
        let made = matches!(call.what, What::Socket { .. } | What::Pipe);
        let at = match self.behind(key, call.at_enter) {
            Some(at) if !made => at,
            _ => {
                let datagram = match &call.what {
                    What::Socket { kind } => kind.contains("DGRAM"),
                    What::Sendto { .. } | What::Recvfrom { .. } => true,
                    _ => false,
                };
                self.add(Socket::new(
                    call,
                    if datagram {
                        Transport::Udp
                    } else {
                        Transport::Tcp
                    },
                ))
            }
        };
        let socket = self.sockets.get_mut(at)?;
        socket.calls.push(id);
        if !matches!(call.what, What::Accept) && call.local.is_some() {
            socket.local.clone_from(&call.local);
        }
        match &call.what {
            What::Connect { .. } => {
                socket.opened = Some(id);
                socket.peer.clone_from(&call.peer);
                if let Some(pair) = pair(socket).filter(|_| socket.transport == Transport::Tcp) {
                    self.connections.entry(pair).or_default().push(at);
                }
                if let (Some(Addr::Path(path)), CallResult::Done) = (&call.peer, &call.result) {
                    self.paths.entry(path.clone()).or_default()[0].push(at);
                }
            }
            What::Accept => {
                if let CallResult::Fd(fd) = call.result {
                    let mut child = Socket {
                        fd,
                        parent: Some(at),
                        from: call.at_return,
                        ..Socket::new(call, socket.transport)
                    };
                    child.opened = Some(id);
                    let child = self.add(child);
                    if let Some(Addr::Path(path)) = &call.local {
                        self.paths.entry(path.clone()).or_default()[1].push(child);
                    }
                    self.name(child);
                }
            }
            What::Close => {
                socket.closed = Some(id);
                if let Some(open) = self.open.get_mut(&key) {
                    open.retain(|other| *other != at);
                }
            }
            What::Shutdown if call.errno().is_none() => socket.shutdown = Some(id),
            _ => {}
        }
        let socket = self.sockets.get_mut(at)?;
        let step = if socket.transport == Transport::Udp {
            1
        } else {
            call.bytes()
        };
        match (&call.what, &call.result) {
            (_, CallResult::Failed { .. }) => socket.failed.push(id),
            (What::Write { .. } | What::Sendto { .. }, CallResult::Bytes(_)) => {
                let end = socket.written.last().map_or(0, |w| w.0);
                socket.written.push((end + step, id));
            }
            (What::Read { .. } | What::Recvfrom { .. }, CallResult::Bytes(_)) => {
                let end = socket.read.last().map_or(0, |r| r.0);
                socket.read.push((end + step, id));
            }
            _ => {}
        }
        self.name(at);
        Some(at)
    }

    /// The socket that a descriptor meant at this time: the latest that was there already.
    fn behind(&self, key: (Host, u8, i32), at: Nanos) -> Option<usize> {
        let open = self.open.get(&key)?;
        let there = |id: &&usize| self.sockets.get(**id).is_some_and(|s| s.from <= at);
        open.iter().rfind(there).or(open.first()).copied()
    }

    fn add(&mut self, socket: Socket) -> usize {
        let at = self.sockets.len();
        if let Some(Addr::Path(name)) = &socket.local
            && name.starts_with(PIPE)
        {
            self.pipes.entry(name.clone()).or_default().push(at);
        }
        self.open
            .entry((socket.host, socket.program, socket.fd))
            .or_default()
            .push(at);
        self.sockets.push(socket);
        at
    }

    /// Files a socket under its address as soon as it is known.
    fn name(&mut self, at: usize) {
        let Some(socket) = self.sockets.get(at) else {
            return;
        };
        match socket.transport {
            Transport::Udp => {
                let Some(port) = socket
                    .local
                    .as_ref()
                    .and_then(Addr::port)
                    .filter(|p| *p != 0)
                else {
                    return;
                };
                let list = self.ports.entry(port).or_default();
                if !list.contains(&at) {
                    list.push(at);
                }
            }
            _ => {
                let Some(pair) = pair(socket).filter(|_| socket.opened.is_some()) else {
                    return;
                };
                let list = self.connections.entry(pair).or_default();
                if !list.contains(&at) {
                    list.push(at);
                }
            }
        }
    }

    /// The socket that this one was accepted from.
    pub fn parent(&self, socket: &Socket) -> Option<&Socket> {
        self.sockets.get(socket.parent?)
    }

    /// The socket of this host in this conversation.
    pub fn socket_in(&self, capture: &Capture, flow: &Flow, host: Host) -> Option<&Socket> {
        let (own, other) = match host {
            Host::Client => (flow.ends[0], flow.ends[1]),
            Host::Server => (flow.ends[1], flow.ends[0]),
        };
        match flow.transport {
            Transport::Udp => {
                let list = self
                    .ports
                    .get(&own.port())?
                    .iter()
                    .filter_map(|at| self.sockets.get(*at));
                // The last one that was made before the conversation ended.
                list.filter(|s| s.from <= flow.last_at).last()
            }
            _ => {
                let list = self.connections.get(&(own, other))?;
                let sockets = || list.iter().filter_map(|at| self.sockets.get(*at));
                let opened = |s: &Socket| s.opened.and_then(|id| capture.trace.calls.get(id));
                // A client's `connect` begins before its SYN, a server's `accept` returns after it.
                match host {
                    Host::Client => sockets()
                        .rfind(|s| opened(s).is_some_and(|c| c.at_enter <= flow.first_at))
                        .or_else(|| sockets().next()),
                    Host::Server => sockets()
                        .find(|s| opened(s).is_some_and(|c| c.at_return >= flow.first_at))
                        .or_else(|| sockets().last()),
                }
            }
        }
    }

    /// What this frame has to do with calls. `None`: there are no calls, or it is of no conversation.
    pub fn of_frame(&self, capture: &Capture, frame: FrameId) -> Option<Joined> {
        if self.sockets.is_empty() {
            return None;
        }
        let row = capture.index.row(frame)?;
        let (_, flow) = capture.index.flow_of(frame)?;
        let (from, to) = match row.dir {
            Dir::ToServer => (Host::Client, Host::Server),
            Dir::ToClient => (Host::Server, Host::Client),
        };
        let (sender, receiver) = (
            self.socket_in(capture, flow, from),
            self.socket_in(capture, flow, to),
        );
        match row.transport {
            Transport::Tcp => Some(tcp(capture, frame, &row, sender, receiver)),
            Transport::Udp => Some(self.udp(capture, frame, &row, flow, sender, receiver)),
            _ => None,
        }
    }

    /// The frames that a call caused or that woke it, in order; at most some thousands.
    pub fn frames_of(&self, capture: &Capture, call: CallId) -> Vec<FrameId> {
        let (Some(socket), Some(made)) = (self.socket_of(call), capture.trace.calls.get(call))
        else {
            return Vec::new();
        };
        // An accepted connection's frames stand under the call that accepted it.
        let child = match made.what {
            What::Accept => self
                .sockets
                .iter()
                .find(|s| s.opened == Some(call) && s.parent.is_some()),
            _ => None,
        };
        let socket = child.unwrap_or(socket);
        self.frames_of_socket(capture, socket, made)
            .filter(|frame| {
                self.of_frame(capture, *frame)
                    .is_some_and(|joined| joined.has(call))
            })
            .collect()
    }

    /// The frames of a socket's conversations: a datagram socket may have several.
    fn frames_of_socket<'c>(
        &self,
        capture: &'c Capture,
        socket: &Socket,
        made: &Call,
    ) -> impl Iterator<Item = FrameId> + use<'c> {
        let index = &capture.index;
        let transport = socket.transport;
        let own = socket.local.as_ref().and_then(Addr::inet);
        let peer = made
            .peer
            .as_ref()
            .or(socket.peer.as_ref())
            .and_then(Addr::inet);
        let is = |end: SocketAddr, at: Option<SocketAddr>| {
            at.is_some_and(|at| {
                end.port() == at.port() && (at.ip().is_unspecified() || at.ip() == end.ip())
            })
        };
        let ours = move |f: &Flow| {
            let [a, b] = f.ends;
            f.transport == transport && (is(a, own) && is(b, peer) || is(b, own) && is(a, peer))
        };
        let flows = index.flows.iter().zip(0..).filter(move |(f, _)| ours(f));
        flows.flat_map(move |(_, id)| index.frames_of(id).take(WALK))
    }

    /// The calls of the other program that this call is joined to by the bytes themselves: for a write the reads that got them,
    /// for a read the writes they came from, for `connect` the `accept`, and for an end the read that was told of it. It holds
    /// for TCP as for what makes no packets: Unix sockets and pipes.
    pub fn partner(&self, capture: &Capture, call: CallId) -> Vec<CallId> {
        let Some(made) = capture.trace.calls.get(call) else { return Vec::new() };
        let own = match made.what {
            // What was accepted is another socket than the one that was asked.
            What::Accept => self.sockets.iter().position(|s| s.opened == Some(call) && s.parent.is_some()),
            _ => self.socket_of.get(call as usize).copied().flatten(),
        };
        let Some(own) = own else { return Vec::new() };
        let Some((own, other)) = self.sockets.get(own).zip(self.other_end(own)) else { return Vec::new() };
        let end = |id: &CallId| capture.trace.calls.get(*id).is_some_and(|c| c.result == CallResult::Bytes(0));
        match (&made.what, &made.result) {
            (What::Accept | What::Connect { .. }, _) => other.opened.into_iter().collect(),
            (What::Write { .. }, _) => range_of(&own.written, call).map_or_else(Vec::new, |r| overlapping(&other.read, &r)),
            (What::Read { .. }, CallResult::Bytes(0)) => other.shutdown.or(other.closed).into_iter().collect(),
            (What::Read { .. }, _) => range_of(&own.read, call).map_or_else(Vec::new, |r| overlapping(&other.written, &r)),
            (What::Shutdown, _) => other.read.iter().map(|(_, id)| *id).find(end).into_iter().collect(),
            (What::Close, _) if own.shutdown.is_none() => other.read.iter().map(|(_, id)| *id).find(end).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The other end of a connection between two programs whose calls are known, or of a pipe.
    fn other_end(&self, at: usize) -> Option<&Socket> {
        let socket = self.sockets.get(at)?;
        let nth = |list: &[usize]| list.iter().position(|n| *n == at);
        let other = match (&socket.local, &socket.peer) {
            (Some(Addr::Path(name)), _) if name.starts_with(PIPE) => {
                self.pipes.get(name)?.iter().copied().find(|n| *n != at)
            }
            (_, Some(Addr::Path(path))) if !path.is_empty() => {
                let [connected, accepted] = self.paths.get(path)?;
                accepted.get(nth(connected)?).copied()
            }
            (Some(Addr::Path(path)), _) => {
                let [connected, accepted] = self.paths.get(path)?;
                connected.get(nth(accepted)?).copied()
            }
            _ => {
                let (own, other) = pair(socket)?;
                let nth = nth(self.connections.get(&(own, other))?)?;
                self.connections.get(&(other, own))?.get(nth).copied()
            }
        };
        self.sockets.get(other?)
    }

    fn udp(
        &self,
        capture: &Capture,
        frame: FrameId,
        row: &Row,
        flow: &Flow,
        sender: Option<&Socket>,
        receiver: Option<&Socket>,
    ) -> Joined {
        let Some(number) = self.datagrams.number.get(&frame) else {
            return Joined::new(Sender::Unknown);
        };
        let (own, other) = match row.dir {
            Dir::ToServer => (flow.ends[0], flow.ends[1]),
            Dir::ToClient => (flow.ends[1], flow.ends[0]),
        };
        // Sockets of one port follow each other: what was done before this conversation is not of it.
        let nth = |list: &[(u64, CallId)], peer: SocketAddr| {
            let call = |id: &CallId| capture.trace.calls.get(*id);
            let of_this = |c: &Call| {
                c.peer.as_ref().and_then(Addr::inet) == Some(peer) && c.at_return >= flow.first_at
            };
            list.iter()
                .map(|(_, id)| *id)
                .filter(|id| call(id).is_some_and(of_this))
                .nth(*number as usize)
        };
        let sent_by: Vec<_> = sender
            .and_then(|s| nth(&s.written, other))
            .into_iter()
            .collect();
        let why = if sent_by.is_empty() {
            Sender::Unknown
        } else {
            Sender::Calls
        };
        Joined {
            why,
            sent_by,
            woke: receiver
                .and_then(|s| nth(&s.read, own))
                .into_iter()
                .collect(),
        }
    }
}

/// What the kernel calls a pipe: "pipe:[4711]".
const PIPE: &str = "pipe:[";

/// The bytes of a stream that this call moved.
fn range_of(ends: &[(u64, CallId)], call: CallId) -> Option<Range<u64>> {
    let at = ends.iter().position(|(_, id)| *id == call)?;
    let from = at.checked_sub(1).and_then(|before| ends.get(before)).map_or(0, |(end, _)| *end);
    Some(from..ends.get(at)?.0)
}

fn pair(socket: &Socket) -> Option<(SocketAddr, SocketAddr)> {
    Some((
        socket.local.as_ref()?.inet()?,
        socket.peer.as_ref()?.inet()?,
    ))
}

/// The calls whose bytes overlap this range of the stream. `ends` grow.
fn overlapping(ends: &[(u64, CallId)], range: &Range<u64>) -> Vec<CallId> {
    let first = ends.partition_point(|(end, _)| *end <= range.start);
    let mut begins = first
        .checked_sub(1)
        .and_then(|before| ends.get(before))
        .map_or(0, |(end, _)| *end);
    let mut out = Vec::new();
    for (end, id) in ends.get(first..).unwrap_or_default() {
        if begins >= range.end {
            break;
        }
        if *end > begins {
            out.push(*id);
        }
        begins = *end;
    }
    out
}

fn tcp(
    capture: &Capture,
    frame: FrameId,
    row: &Row,
    sender: Option<&Socket>,
    receiver: Option<&Socket>,
) -> Joined {
    let opened = |of: Option<&Socket>| of.and_then(|s| s.opened).into_iter().collect::<Vec<_>>();
    if row.has(Row::SYN) {
        if row.has(Row::ACK) {
            return Joined {
                woke: opened(receiver),
                ..Joined::new(Sender::Listening)
            };
        }
        let sent_by = opened(sender);
        let why = if sent_by.is_empty() {
            Sender::Unknown
        } else {
            Sender::Calls
        };
        return Joined {
            sent_by,
            ..Joined::new(why)
        };
    }
    let mut joined = Joined::new(Sender::Acknowledging);
    let bytes = row.stream_range();
    if !bytes.is_empty() {
        joined.sent_by = sender
            .map(|s| overlapping(&s.written, &bytes))
            .unwrap_or_default();
        joined.woke = receiver
            .map(|s| overlapping(&s.read, &bytes))
            .unwrap_or_default();
        joined.why = Sender::Unknown;
    }
    if row.has(Row::FIN) {
        joined
            .sent_by
            .extend(sender.and_then(|s| s.shutdown.or(s.closed)));
        joined.why = Sender::Unknown;
        // The read that returns 0 has been told of the end.
        let end = |id: &CallId| {
            capture
                .trace
                .calls
                .get(*id)
                .is_some_and(|c| c.result == CallResult::Bytes(0))
        };
        joined
            .woke
            .extend(receiver.and_then(|s| s.read.iter().map(|(_, id)| *id).find(end)));
    } else if row.has(Row::RST) {
        joined.sent_by.extend(sender.and_then(|s| s.closed));
        joined.why = Sender::Refusing;
        joined
            .woke
            .extend(receiver.and_then(|s| s.failed.first().copied()));
    } else if is_third(capture, frame, row) {
        // Now the connection stands in the listener's queue: its `accept` can return.
        joined.woke.extend(
            receiver
                .filter(|s| s.parent.is_some())
                .and_then(|s| s.opened),
        );
    }
    if !joined.sent_by.is_empty() {
        joined.why = Sender::Calls;
    }
    joined
}

/// The segment that completes the handshake for the server.
fn is_third(capture: &Capture, frame: FrameId, row: &Row) -> bool {
    let server = Host::Server.index();
    row.dir == Dir::ToServer
        && capture.index.states_before(frame)[server] == TcpState::SynReceived
        && row.states[server] != TcpState::SynReceived
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::timeline::Intake;
    use std::sync::Arc;

    fn open(name: &str) -> (Capture, Joins) {
        let path = format!("{}/captures/{name}.pcapng", env!("CARGO_MANIFEST_DIR"));
        let bytes = std::fs::read(path).unwrap();
        let mut intake = Intake::new();
        intake.feed(&bytes);
        intake.finish();
        let (records, batch) = intake.take();
        let mut capture = Capture::new(Arc::new(bytes));
        records.into_iter().for_each(|r| capture.trace.append(r));
        capture.index.apply(batch);
        let mut joins = Joins::default();
        joins.grow(&capture);
        (capture, joins)
    }

    fn names(capture: &Capture, ids: &[CallId]) -> Vec<String> {
        ids.iter()
            .map(|id| capture.trace.calls.get(*id).unwrap())
            .map(|c| format!("{} {}", c.who(), c.what.name()))
            .collect()
    }

    #[test]
    fn every_frame_with_data_syn_or_fin_of_a_recorded_run_has_the_call_that_sent_it_and_both_agree_in_time()
     {
        for name in ["tcp-echo", "http", "websocket", "udp-echo"] {
            let (capture, joins) = open(name);
            let mut sent = 0;
            for frame in 0..capture.trace.len() {
                let row = capture.index.row(frame).unwrap();
                let Some(joined) = joins.of_frame(&capture, frame) else {
                    continue;
                };
                let tcp = row.transport == Transport::Tcp;
                let active = row.payload_len > 0
                    || tcp && (row.has(Row::FIN) || row.has(Row::SYN) && !row.has(Row::ACK));
                assert_eq!(
                    joined.why == Sender::Calls,
                    active,
                    "{name} #{frame} {joined:?}"
                );
                let at = capture.trace.meta(frame).unwrap().at;
                for id in &joined.sent_by {
                    let call = capture.trace.calls.get(*id).unwrap();
                    assert!(
                        call.at_enter <= at,
                        "{name} #{frame} {call:?} began after its frame"
                    );
                    assert!(
                        joins.frames_of(&capture, *id).contains(&frame),
                        "{name} #{frame}: not found from its call"
                    );
                    sent += 1;
                }
                for id in &joined.woke {
                    let call = capture.trace.calls.get(*id).unwrap();
                    assert!(
                        call.at_return >= at,
                        "{name} #{frame} {call:?} returned before its frame"
                    );
                }
            }
            assert!(sent >= 2, "{name}");
        }
    }

    #[test]
    fn the_handshake_wakes_connect_and_then_accept() {
        let (capture, joins) = open("tcp-echo");
        let joined: Vec<_> = (0..3)
            .map(|f| joins.of_frame(&capture, f).unwrap())
            .collect();
        assert_eq!(names(&capture, &joined[0].sent_by), ["client connect"]);
        assert_eq!(
            (joined[1].why, names(&capture, &joined[1].woke)),
            (Sender::Listening, vec!["client connect".to_owned()])
        );
        assert_eq!(
            (joined[2].why, names(&capture, &joined[2].woke)),
            (Sender::Acknowledging, vec!["server accept".to_owned()])
        );
    }

    /// As a file has them: by entry. The second `accept` began before the first connection was closed and gave its descriptor again.
    #[test]
    fn a_descriptor_that_is_used_again_belongs_to_the_connection_of_its_time() {
        let at = |port: u16| Some(Addr::from(SocketAddr::from(([127, 0, 0, 1], port))));
        let call = |span: (i64, i64), fd, what, result, peer| Call {
            at_enter: Nanos(span.0),
            at_return: Nanos(span.1),
            host: Host::Server,
            program: 0,
            fd,
            what,
            result,
            local: at(80),
            peer,
            waits: 0,
        };
        let mut calls = [
            call((1, 2), 5, What::Accept, CallResult::Fd(9), at(1001)),
            call((3, 8), 5, What::Accept, CallResult::Fd(9), at(1002)),
            call((4, 5), 9, What::Write { bytes: 10 }, CallResult::Bytes(10), at(1001)),
            call((6, 7), 9, What::Close, CallResult::Done, at(1001)),
            call((9, 10), 9, What::Write { bytes: 20 }, CallResult::Bytes(20), at(1002)),
            call((11, 12), 9, What::Close, CallResult::Done, at(1002)),
        ];
        for _ in 0..2 {
            let mut capture = Capture::new(Arc::new(Vec::new()));
            calls.iter().for_each(|c| capture.trace.calls.push(c.clone()));
            let mut joins = Joins::default();
            joins.grow(&capture);
            for (peer, bytes) in [(1001, 10), (1002, 20)] {
                let socket = joins.sockets().iter().find(|s| s.peer == at(peer) && s.parent.is_some()).unwrap();
                assert_eq!(socket.written.iter().map(|w| w.0).collect::<Vec<_>>(), [bytes], "{peer}");
                assert!(!socket.is_open(), "{peer}");
            }
            // As a run brings them: by return.
            calls.sort_by_key(|c| c.at_return);
        }
    }

    #[test]
    fn what_one_program_wrote_is_found_where_the_other_read_it() {
        for name in ["tcp-echo", "http", "websocket"] {
            let (capture, joins) = open(name);
            let (mut writes, mut opened) = (0, 0);
            for (id, call) in capture.trace.calls.since(0) {
                let partner = joins.partner(&capture, id);
                let moves = matches!(call.what, What::Write { .. } | What::Read { .. }) && call.bytes() > 0;
                let opens = matches!(call.what, What::Connect { .. } | What::Accept);
                assert!(!(moves || opens) || !partner.is_empty(), "{name}: {call:?}");
                for other in &partner {
                    assert!(capture.trace.calls.get(*other).is_some_and(|c| c.host != call.host), "{name}: {call:?}");
                    assert!(joins.partner(&capture, *other).contains(&id) || !(moves || opens), "{name}: {call:?} one way only");
                }
                writes += usize::from(moves);
                opened += usize::from(opens);
            }
            assert!(writes >= 4 && opened == 2, "{name}: {writes} {opened}");
        }
    }

    #[test]
    fn bytes_and_not_calls_are_the_unit_of_a_stream() {
        // Three writes: 10, 0 and 5 bytes.
        let writes = [(10, 0), (10, 1), (15, 2)];
        for (range, calls) in [
            (0..10, vec![0]),
            (0..15, vec![0, 2]),
            (9..11, vec![0, 2]),
            (12..13, vec![2]),
            (15..20, vec![]),
        ] {
            assert_eq!(overlapping(&writes, &range), calls, "{range:?}");
        }
    }
}
