//! Every sentence of the table of captions, from captures built by hand; and rules that must hold on real captures.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use osiscope::flow::explain::{Explained, explain};
use osiscope::flow::{
    Batch, Dir, Flow, Index, Mark, MarkKind, Message, MessageKind, NO_FLOW, Row, TcpState, Tracker, Transport,
};
use osiscope::flow::reason::Reason;
use osiscope::lang::Text;
use osiscope::timeline::Capture;
use osiscope::trace::read::Parser;
use osiscope::trace::{
    Addr, Call, CallResult, FrameId, FrameMeta, Host, Interface, Nanos, Record, What, frame_number,
};
use osiscope::view::caption::{Caption, LARGE_MAX, caption};
use osiscope::view::deed::{Side, WIDTH_MAX, deed, width};
use osiscope::wire::{LinkType, Osi};
use std::cell::Cell;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

const C: Dir = Dir::ToServer;
const S: Dir = Dir::ToClient;
const SYN: u8 = Row::SYN;
const ACK: u8 = Row::ACK;
const FIN: u8 = Row::FIN;
const RST: u8 = Row::RST;
const PSH: u8 = Row::PSH;
const ISN: [u32; 2] = [1000, 5000];

/// One conversation, written frame by frame with relative numbers; its bytes are real, its rows as the tracker makes them.
struct Talk {
    file: Vec<u8>,
    metas: Vec<FrameMeta>,
    rows: Vec<Row>,
    marks: Vec<(FrameId, Mark)>,
    flow: Flow,
    messages: Vec<Message>,
    calls: Vec<Call>,
    at: i64,
}

fn addr(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn checksum(bytes: &[u8]) -> u16 {
    let sum = bytes.chunks(2).map(|c| u32::from(c[0]) << 8 | c.get(1).map_or(0, |&b| u32::from(b))).sum::<u32>();
    let folded = (sum & 0xffff) + (sum >> 16);
    !(((folded & 0xffff) + (folded >> 16)) as u16)
}

fn ipv4(from: [u8; 4], to: [u8; 4], proto: u8, body: &[u8], frag: u16) -> Vec<u8> {
    let mut ip = vec![0x45, 0];
    ip.extend((20 + body.len() as u16).to_be_bytes());
    ip.extend([0, 1]);
    ip.extend(frag.to_be_bytes());
    ip.extend([64, proto, 0, 0]);
    ip.extend(from);
    ip.extend(to);
    let sum = checksum(&ip).to_be_bytes();
    ip[10..12].copy_from_slice(&sum);
    ip.extend(body);
    ip
}

fn ethernet(typ: u16, body: &[u8]) -> Vec<u8> {
    let mut frame = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];
    frame.extend(typ.to_be_bytes());
    frame.extend(body);
    frame
}

thread_local! {
    /// Captures get their index from the real tracker, not from the rows written by hand.
    static TRACKED: Cell<bool> = const { Cell::new(false) };
}

fn tracked(capture: &Capture) -> Index {
    let (mut tracker, mut index, mut buf) = (Tracker::new(), Index::default(), Vec::new());
    for id in 0..capture.trace.len() {
        tracker.push(&capture.trace.frame(id, &mut buf).unwrap());
    }
    tracker.finish();
    index.apply(tracker.take());
    index
}

const HOSTS: [[u8; 4]; 2] = [[10, 0, 0, 1], [10, 0, 0, 2]];

impl Talk {
    fn new(transport: Transport, port: u16) -> Self {
        let ends = [addr("10.0.0.1:50000"), SocketAddr::new(HOSTS[1].into(), port)];
        let flow = Flow {
            number: 0,
            transport,
            ends,
            start_seen: true,
            first_frame: 0,
            last_frame: 0,
            first_at: Nanos(0),
            last_at: Nanos(0),
            frames: [0; 2],
            bytes: [0; 2],
            isn: ISN.map(Some),
            renumbered: false,
            wscale: [Some(7), Some(7)],
            states: [TcpState::None; 2],
            app: None,
        };
        Self {
            file: Vec::new(),
            metas: Vec::new(),
            rows: Vec::new(),
            marks: Vec::new(),
            flow,
            messages: Vec::new(),
            calls: Vec::new(),
            at: 0,
        }
    }

    fn tcp() -> Self {
        Self::new(Transport::Tcp, 80)
    }

    /// The same with the three steps of the handshake.
    fn connected() -> Self {
        Self::connected_to(80)
    }

    fn connected_to(port: u16) -> Self {
        let mut talk = Self::new(Transport::Tcp, port);
        talk.seg(C, SYN, 0, 0, 64240, "");
        talk.seg(S, SYN | ACK, 0, 1, 65160, "");
        talk.seg(C, ACK, 1, 1, 502, "");
        talk
    }

    /// A flow whose start was not captured.
    fn midway() -> Self {
        let mut talk = Self::tcp();
        talk.flow.start_seen = false;
        talk.flow.wscale = [None, None];
        talk
    }

    fn frame(&mut self, bytes: &[u8], row: Row) -> FrameId {
        let id = self.rows.len() as FrameId;
        let mut bytes = bytes.to_vec();
        if bytes.get(12..15) == Some(&[8, 0, 0x45]) && bytes.len() >= 34 {
            // Every packet has another identification, as a kernel gives them.
            bytes[18..20].copy_from_slice(&(100 + id as u16).to_be_bytes());
        }
        self.put(&bytes, row)
    }

    /// The last frame once more, byte for byte: captured twice.
    fn copy(&mut self) -> FrameId {
        let last = *self.metas.last().unwrap();
        let bytes = self.file[last.offset as usize..].to_vec();
        let row = Row { marks: 0, ..*self.rows.last().unwrap() };
        self.put(&bytes, row)
    }

    fn put(&mut self, bytes: &[u8], row: Row) -> FrameId {
        let id = self.rows.len() as FrameId;
        let len = bytes.len() as u32;
        self.at += 1_000_000;
        self.metas.push(FrameMeta {
            at: Nanos(self.at),
            offset: self.file.len() as u64,
            cap_len: len,
            wire_len: len,
            interface: 0,
        });
        self.file.extend(bytes);
        self.rows.push(row);
        id
    }

    fn host(&self, end: usize) -> [u8; 4] {
        match self.flow.ends[end] {
            SocketAddr::V4(a) => a.ip().octets(),
            SocketAddr::V6(_) => [0; 4],
        }
    }

    fn wait(&mut self, millis: i64) -> &mut Self {
        self.at += millis * 1_000_000;
        self
    }

    fn row(&self, dir: Dir, flags: u8, transport: Transport, stream_at: u64, at: usize, len: usize) -> Row {
        Row {
            flow: 0,
            stream_at,
            payload_at: at as u16,
            payload_len: len as u32,
            flags,
            transport,
            dir,
            states: [TcpState::None; 2],
            marks: 0,
            alone: true,
        }
    }

    fn seg(&mut self, dir: Dir, flags: u8, seq: u32, ack: u32, win: u16, data: impl AsRef<[u8]>) -> FrameId {
        let data = data.as_ref();
        let (me, other) = (dir.index(), dir.reverse().index());
        let mut tcp = Vec::new();
        tcp.extend(self.flow.ends[me].port().to_be_bytes());
        tcp.extend(self.flow.ends[other].port().to_be_bytes());
        tcp.extend(ISN[me].wrapping_add(seq).to_be_bytes());
        tcp.extend(if flags & ACK != 0 { ISN[other].wrapping_add(ack) } else { 0 }.to_be_bytes());
        // A SYN offers a window scale of 7.
        let options: &[u8] = if flags & SYN != 0 { &[1, 3, 3, 7] } else { &[] };
        tcp.extend([0x50 + (options.len() as u8 / 4) * 16, flags]);
        tcp.extend(win.to_be_bytes());
        tcp.extend([0, 0, 0, 0]);
        tcp.extend(options);
        tcp.extend(data);
        let header = tcp.len() - data.len();
        let bytes = ethernet(0x0800, &ipv4(self.host(me), self.host(other), 6, &tcp, 0));
        let stream_at = if flags & SYN != 0 { 0 } else { (i64::from(seq) - 1) as u64 };
        let row = self.row(dir, flags, Transport::Tcp, stream_at, 34 + header, data.len());
        self.frame(&bytes, row)
    }

    fn udp(&mut self, dir: Dir, data: &[u8]) -> FrameId {
        let (me, other) = (dir.index(), dir.reverse().index());
        let mut udp = Vec::new();
        udp.extend(self.flow.ends[me].port().to_be_bytes());
        udp.extend(self.flow.ends[other].port().to_be_bytes());
        udp.extend((8 + data.len() as u16).to_be_bytes());
        udp.extend([0, 0]);
        udp.extend(data);
        let bytes = ethernet(0x0800, &ipv4(self.host(me), self.host(other), 17, &udp, 0));
        let row = self.row(dir, 0, Transport::Udp, 0, 42, data.len());
        self.frame(&bytes, row)
    }

    /// A frame outside of the flow.
    fn alone(&mut self, bytes: &[u8], transport: Transport) -> FrameId {
        let row = Row { flow: NO_FLOW, ..self.row(C, 0, transport, 0, 0, 0) };
        self.frame(bytes, row)
    }

    fn mark(&mut self, kind: MarkKind) -> &mut Self {
        let id = self.rows.len() - 1;
        self.rows[id].marks |= kind.bit();
        self.marks.push((id as FrameId, Mark { kind, reason: Reason::ZeroWindow }));
        self
    }

    fn states(&mut self, client: TcpState, server: TcpState) {
        self.rows.last_mut().unwrap().states = [client, server];
    }

    /// A message over the payloads of these frames.
    fn message(&mut self, proto: &'static str, kind: MessageKind, title: &str, first: FrameId, last: FrameId) -> u32 {
        let (a, b) = (self.rows[first as usize], self.rows[last as usize]);
        self.messages.push(Message {
            flow: 0,
            dir: a.dir,
            proto,
            kind,
            title: title.into(),
            range: a.stream_at..b.stream_at + u64::from(b.payload_len),
            first_frame: first,
            last_frame: last,
            shown_in: last,
            at: Nanos(0),
            complete: true,
            answers: None,
            note: 0,
        });
        self.messages.len() as u32 - 1
    }

    fn answers(&mut self, request: u32) {
        self.messages.last_mut().unwrap().answers = Some(request);
    }

    fn call(&mut self, host: Host, what: What, local: Option<SocketAddr>) {
        self.calls.push(Call {
            at_enter: Nanos(0),
            at_return: Nanos(1),
            host,
            program: 0,
            fd: 7,
            what,
            result: CallResult::Done,
            local: local.map(Addr::Inet),
            peer: None,
            waits: 0,
        });
    }

    fn capture(&self) -> Capture {
        let mut capture = Capture::new(Arc::new(self.file.clone()));
        capture.trace.append(Record::Interface(Interface::new(LinkType::ETHERNET)));
        self.metas.iter().for_each(|m| capture.trace.append(Record::Frame(*m, Vec::new())));
        self.calls.iter().for_each(|c| capture.trace.append(Record::Call(c.clone())));
        if TRACKED.get() {
            capture.index = tracked(&capture);
            return capture;
        }
        let first = self.rows.iter().position(|r| r.flow == 0).unwrap_or(0) as FrameId;
        let last = self.rows.iter().rposition(|r| r.flow == 0).unwrap_or(0) as FrameId;
        let flow = Flow { first_frame: first, last_frame: last, ..self.flow.clone() };
        capture.index.apply(Batch {
            rows: self.rows.clone(),
            marks: self.marks.clone(),
            flows: vec![(0, flow)],
            messages: self.messages.iter().cloned().enumerate().map(|(i, m)| (i as u32, m)).collect(),
            ..Batch::default()
        });
        capture
    }

    /// The caption of one frame.
    fn says(&self, frame: FrameId) -> Caption {
        let capture = self.capture();
        caption(&capture, &rich(&capture, frame))
    }

    /// The caption of the last frame.
    fn last(&self) -> Caption {
        self.says(self.rows.len() as FrameId - 1)
    }
}

/// The frame with the layers of its messages.
fn rich(capture: &Capture, frame: FrameId) -> Explained {
    explain(&capture.trace, &capture.index, frame).unwrap()
}

/// What a row of the table must say.
struct Said {
    row: &'static str,
    caption: Caption,
    ja: &'static str,
    en: &'static str,
}

#[derive(Default)]
struct Table(Vec<Said>);

impl Table {
    fn row(&mut self, row: &'static str, caption: Caption, ja: &'static str, en: &'static str) {
        self.0.push(Said { row, caption, ja, en });
    }
}

fn tcp_opening(t: &mut Table) {
    let talk = Talk::connected();
    t.row("tcp.syn", talk.says(0), "クライアント「送っていい？」", "Client: \"May I send to you?\"");
    t.row(
        "tcp.syn_ack",
        talk.says(1),
        "サーバ「いいよー。こっちからも送っていい？」",
        "Server: \"Sure. May I send to you too?\"",
    );
    t.row(
        "tcp.handshake_ack",
        talk.says(2),
        "クライアント「いいよー」（サーバに届けば準備完了）",
        "Client: \"Sure.\" (Once this arrives, both sides are ready.)",
    );
    let mut talk = Talk::tcp();
    talk.seg(C, SYN, 0, 0, 64240, "");
    talk.wait(1000).seg(C, SYN, 0, 0, 64240, "");
    talk.mark(MarkKind::Retransmission);
    t.row(
        "tcp.retransmission.syn",
        talk.last(),
        "クライアント「返事がないな。もう一度聞くね。送っていい？」",
        "Client: \"No answer. I ask again: may I send to you?\"",
    );
    let mut talk = Talk::tcp();
    talk.flow.ends = [addr("127.0.0.1:50000"), addr("127.0.0.1:80")];
    talk.seg(C, SYN, 0, 0, 64240, "");
    talk.seg(S, RST | ACK, 0, 1, 0, "");
    t.row(
        "tcp.rst.refused",
        talk.last(),
        "サーバ「ポート 80 には、つなげないよ」",
        "Server: \"You cannot connect to port 80.\"",
    );
    talk.call(Host::Client, What::Connect { to: addr("127.0.0.1:80").into() }, None);
    t.row(
        "tcp.rst.closed_port",
        talk.last(),
        "サーバ「ポート 80 では、誰も待ち受けてないよ」",
        "Server: \"Nobody is listening on port 80.\"",
    );
    let mut talk = Talk::connected();
    talk.seg(C, RST | ACK, 1, 1, 502, "");
    t.row(
        "tcp.rst",
        talk.last(),
        "クライアント「この接続は、ここで打ち切るよ」",
        "Client: \"I am breaking this connection off, now.\"",
    );
}

fn tcp_talking(t: &mut Table) {
    let mut talk = Talk::connected();
    talk.seg(C, PSH | ACK, 1, 1, 502, [7; 82]);
    t.row(
        "tcp.data",
        talk.last(),
        "クライアント「82 バイト送るよ（1〜82 バイト目）」",
        "Client: \"Here are 82 bytes (1 to 82).\"",
    );
    talk.seg(S, ACK, 1, 83, 509, "");
    t.row(
        "tcp.ack",
        talk.last(),
        "サーバ「82 バイト目まで届いたよ。次は 83 バイト目からね」",
        "Server: \"I have everything up to byte 82. Next I want byte 83.\"",
    );

    let mut talk = Talk::connected();
    talk.seg(C, PSH | ACK, 1, 1, 502, [7; 82]);
    talk.wait(40).seg(C, PSH | ACK, 1, 1, 502, [7; 82]);
    talk.mark(MarkKind::Retransmission);
    t.row(
        "tcp.retransmission",
        talk.last(),
        "クライアント「1〜82 バイト目を、もう一度送るね」",
        "Client: \"Here are bytes 1 to 82 once more.\"",
    );
    let mut talk = Talk::connected();
    talk.seg(C, PSH | ACK, 1, 1, 502, [7; 82]);
    talk.wait(210).seg(C, PSH | ACK, 1, 1, 502, [7; 82]);
    talk.mark(MarkKind::Retransmission);
    t.row(
        "tcp.retransmission.timeout",
        talk.last(),
        "クライアント「届いたって返事がこないな。1〜82 バイト目を、もう一度送るね」",
        "Client: \"Nobody confirmed bytes 1 to 82, so I send them again.\"",
    );
    let mut talk = Talk::connected();
    talk.seg(C, ACK, 1, 1, 502, [7; 100]);
    talk.seg(S, ACK, 1, 101, 509, "");
    for i in 1..5 {
        talk.seg(C, ACK, 1 + i * 100, 1, 502, [7; 100]);
    }
    for _ in 0..3 {
        talk.seg(S, ACK, 1, 101, 509, "");
        talk.mark(MarkKind::DuplicateAck);
    }
    t.row(
        "tcp.dup_ack",
        talk.last(),
        "サーバ「101 バイト目から待ってるよ（同じ返事の 3 回目）」",
        "Server: \"I am still waiting for byte 101. (Repeat number 3.)\"",
    );
    talk.seg(C, ACK, 101, 1, 502, [7; 100]);
    talk.mark(MarkKind::Retransmission).mark(MarkKind::FastRetransmission);
    t.row(
        "tcp.retransmission.fast",
        talk.last(),
        "クライアント「同じ返事ばかり来る（3 回）。101 バイト目からが抜けたみたいだから、もう一度送るね」",
        "Client: \"The same ACK came 3 more times: byte 101 seems lost, so I send it again.\"",
    );

    let mut talk = Talk::connected();
    talk.seg(C, PSH | ACK, 1, 1, 502, [7; 82]);
    talk.seg(S, ACK, 1, 83, 0, "");
    talk.mark(MarkKind::ZeroWindow);
    t.row(
        "tcp.zero_window",
        talk.last(),
        "サーバ「受け取る場所がいっぱい。ちょっと待って」",
        "Server: \"My receive buffer is full. Please wait.\"",
    );
    talk.wait(300).seg(C, ACK, 82, 1, 502, "");
    talk.mark(MarkKind::KeepAlive);
    t.row("tcp.zero_window_probe", talk.last(), "クライアント「もう空いた？」", "Client: \"Any room yet?\"");
    talk.wait(20).seg(S, ACK, 1, 83, 500, "");
    talk.mark(MarkKind::WindowUpdate);
    t.row(
        "tcp.window_update",
        talk.last(),
        "サーバ「空いたよ。あと 64000 バイト受け取れるよ」",
        "Server: \"There is room again. I can take 64000 bytes.\"",
    );
}

fn tcp_closing(t: &mut Table) {
    let mut talk = Talk::connected();
    talk.seg(C, FIN | ACK, 1, 1, 502, "");
    t.row(
        "tcp.fin.1",
        talk.last(),
        "クライアント「こっちから送るものは、もうないよ」",
        "Client: \"I have nothing more to send.\"",
    );
    let mut three = Talk::connected();
    three.seg(C, FIN | ACK, 1, 1, 502, "");
    three.seg(S, FIN | ACK, 1, 2, 509, "");
    t.row(
        "tcp.fin.1.ack+fin.2",
        three.last(),
        "サーバ「わかった。こっちも、もう送るものはないよ」",
        "Server: \"Understood. I have nothing more to send either.\"",
    );
    talk.seg(S, ACK, 1, 2, 509, "");
    t.row(
        "tcp.fin.1.ack",
        talk.last(),
        "サーバ「わかった」（こっちは、まだ送るかも）",
        "Server: \"Understood.\" (I may still send.)",
    );
    talk.seg(S, FIN | ACK, 1, 2, 509, "");
    t.row(
        "tcp.fin.2",
        talk.last(),
        "サーバ「こっちも、もう送るものはないよ」",
        "Server: \"I have nothing more to send either.\"",
    );
    talk.seg(C, ACK, 2, 2, 502, "");
    t.row("tcp.fin.2.ack", talk.last(), "クライアント「わかった」", "Client: \"Understood.\"");
    talk.states(TcpState::TimeWait, TcpState::LastAck);
    t.row(
        "tcp.fin.2.ack.time_wait",
        talk.last(),
        "クライアント「わかった。念のため、少し待ってから片づけるね」",
        "Client: \"Understood. To be safe, I wait a little before clearing up.\"",
    );
}

/// A DNS message: one question, and answers as (type, data).
fn dns(answer: bool, rcode: u8, name: &str, qtype: u16, records: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let mut out = vec![0x12, 0x34, if answer { 0x81 } else { 1 }, if answer { 0x80 | rcode } else { 0 }, 0, 1];
    out.extend((records.len() as u16).to_be_bytes());
    out.extend([0; 4]);
    for label in name.split('.') {
        out.push(label.len() as u8);
        out.extend(label.as_bytes());
    }
    out.push(0);
    out.extend(qtype.to_be_bytes());
    out.extend([0, 1]);
    for (typ, data) in records {
        out.extend([0xc0, 12]);
        out.extend(typ.to_be_bytes());
        out.extend([0, 1, 0, 0, 0, 60]);
        out.extend((data.len() as u16).to_be_bytes());
        out.extend(data);
    }
    out
}

fn dns_talk(dir: Dir, bytes: &[u8]) -> Caption {
    let mut talk = Talk::new(Transport::Udp, 53);
    let frame = talk.udp(dir, bytes);
    let kind = if dir == C { MessageKind::Request } else { MessageKind::Response };
    talk.message("dns", kind, "Standard query", frame, frame);
    talk.last()
}

fn arp(op: u8, from: [u8; 4], to: [u8; 4]) -> Vec<u8> {
    let mut body = vec![0, 1, 8, 0, 6, 4, 0, op, 2, 0, 0, 0, 0, 1];
    body.extend(from);
    body.extend([0; 6]);
    body.extend(to);
    ethernet(0x0806, &body)
}

fn icmp(typ: u8, code: u8, rest: &[u8]) -> Vec<u8> {
    let mut body = vec![typ, code, 0, 0];
    body.extend(rest);
    ethernet(0x0800, &ipv4(HOSTS[1], HOSTS[0], 1, &body, 0))
}

fn below(t: &mut Table) {
    let mut talk = Talk::new(Transport::Udp, 9000);
    talk.udp(C, b"hello");
    t.row(
        "udp.datagram",
        talk.last(),
        "クライアント「5 バイト送るよー（届いたかどうか、UDP は確かめないよ）」",
        "Client: \"Here are 5 bytes. (UDP does not check whether they arrive.)\"",
    );
    let mut quoted = vec![0; 4];
    quoted.extend(ipv4(HOSTS[0], HOSTS[1], 17, &[0xc3, 0x50, 0x23, 0x28, 0, 13, 0, 0], 0));
    talk.alone(&icmp(3, 3, &quoted), Transport::Icmp);
    talk.rows.last_mut().unwrap().flow = 0;
    talk.rows.last_mut().unwrap().dir = S;
    t.row(
        "icmp.port_unreachable",
        talk.last(),
        "サーバ「ポート 9000 では、受け取れないよ」",
        "Server: \"Port 9000 cannot be reached here.\"",
    );
    t.row(
        "dns.query.a",
        dns_talk(C, &dns(false, 0, "example.com", 1, &[])),
        "クライアント「example.com の IP アドレス、教えて」",
        "Client: \"What is the IP address of example.com?\"",
    );
    t.row(
        "dns.query.other",
        dns_talk(C, &dns(false, 0, "example.com", 15, &[])),
        "クライアント「example.com の MX レコード、教えて」",
        "Client: \"What is the MX record of example.com?\"",
    );
    t.row(
        "dns.answer.a",
        dns_talk(S, &dns(true, 0, "example.com", 1, &[(1, vec![93, 184, 216, 34])])),
        "DNS サーバ「example.com は 93.184.216.34 だよ（60 秒間は覚えておいていいよ）」",
        "DNS server: \"example.com is 93.184.216.34. (You may remember it for 60 s.)\"",
    );
    t.row(
        "dns.answer.other",
        dns_talk(S, &dns(true, 0, "example.com", 16, &[(16, b"\x05hello".to_vec())])),
        "DNS サーバ「example.com の TXT レコードは hello だよ」",
        "DNS server: \"The TXT record of example.com is hello.\"",
    );
    t.row(
        "dns.nxdomain",
        dns_talk(S, &dns(true, 3, "no.such.name", 1, &[])),
        "DNS サーバ「no.such.name という名前はないよ」",
        "DNS server: \"There is no such name as no.such.name.\"",
    );
    let mut talk = Talk::tcp();
    talk.alone(&arp(1, HOSTS[0], HOSTS[1]), Transport::Arp);
    t.row(
        "arp.request",
        talk.last(),
        "10.0.0.1「10.0.0.2 の人、MAC アドレスを教えて」（全員あて）",
        "10.0.0.1: \"Whoever has 10.0.0.2, what is your MAC address?\" (to everyone)",
    );
    talk.alone(&arp(2, HOSTS[1], HOSTS[0]), Transport::Arp);
    t.row(
        "arp.reply",
        talk.last(),
        "10.0.0.2「10.0.0.2 は私だよ。MAC アドレスは 02:00:00:00:00:01」",
        "10.0.0.2: \"10.0.0.2 is me. My MAC address is 02:00:00:00:00:01.\"",
    );
}

/// A request and its answer on one connection.
fn exchange(request: &str, answer: &str) -> (Caption, Caption) {
    let mut talk = Talk::connected();
    ask(&mut talk, request, answer);
    let n = talk.rows.len() as FrameId;
    (talk.says(n - 2), talk.says(n - 1))
}

fn ask(talk: &mut Talk, request: &str, answer: &str) {
    let first = |text: &str| text.lines().next().unwrap().to_owned();
    let next = |talk: &Talk, dir: Dir| {
        talk.rows.iter().filter(|r| r.dir == dir).map(|r| r.stream_at as u32 + r.payload_len + 1).max().unwrap()
    };
    let (c, s) = (next(talk, C), next(talk, S));
    let q = talk.seg(C, PSH | ACK, c, s, 502, request);
    let id = talk.message("http", MessageKind::Request, &first(request), q, q);
    let a = talk.seg(S, PSH | ACK, s, c + request.len() as u32, 509, answer);
    talk.message("http", MessageKind::Response, &first(answer), a, a);
    talk.answers(id);
}

fn http(t: &mut Table) {
    let json = "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}";
    let (get, ok) = exchange("GET /users/1 HTTP/1.1\r\nHost: a\r\n\r\n", json);
    t.row("http.get", get, "クライアント「/users/1 をちょうだい」", "Client: \"/users/1, please.\"");
    t.row(
        "http.200 (to GET)",
        ok,
        "サーバ「はい、どうぞ（application/json、2 バイト）」",
        "Server: \"Here you are (application/json, 2 bytes).\"",
    );
    let (post, ok) = exchange("POST /users HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\nname=me", json);
    t.row(
        "http.post",
        post,
        "クライアント「/users あてに、これを渡すね（7 バイト）」",
        "Client: \"This is for /users (7 bytes).\"",
    );
    t.row("http.200 (to other methods)", ok, "サーバ「うまくいったよ」", "Server: \"Done.\"");
    let (_, lost) = exchange(
        "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    );
    t.row("http.404", lost, "サーバ「/nothing は見つからないよ」", "Server: \"I cannot find /nothing.\"");
    let (_, moved) = exchange(
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n",
    );
    t.row("http.3xx (with Location)", moved, "サーバ「/login のほうへどうぞ」", "Server: \"Please go to /login.\"");

    let mut talk = Talk::connected();
    let given = "HTTP/1.1 200 OK\r\nSet-Cookie: sid=topsecret; Path=/\r\nContent-Length: 0\r\n\r\n";
    ask(&mut talk, "GET / HTTP/1.1\r\nHost: a\r\nCookie: theme=dark\r\n\r\n", given);
    ask(&mut talk, "GET /cart HTTP/1.1\r\nHost: a\r\nCookie: sid=topsecret\r\n\r\n", given);
    t.row(
        "http.cookie",
        talk.says(3),
        "クライアント「/ をちょうだい。Cookie（theme）もつけるね」",
        "Client: \"/, please. With it goes my cookie (theme).\"",
    );
    t.row(
        "http.set_cookie",
        talk.says(4),
        "サーバ「はい、どうぞ（0 バイト）。この Cookie（sid）を持っていて。次に来るときは、つけてきてね」",
        "Server: \"Here you are (0 bytes). Keep this cookie (sid) and bring it next time.\"",
    );
    t.row(
        "http.cookie.known",
        talk.says(5),
        "クライアント「/cart をちょうだい。さっきもらった Cookie（sid）もつけるね」",
        "Client: \"/cart, please. With it goes the cookie you gave me (sid).\"",
    );
}

const UPGRADE: &str = "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

fn websocket_frame(opcode: u8, payload: &[u8], key: Option<[u8; 4]>) -> Vec<u8> {
    let mut out = vec![0x80 | opcode, payload.len() as u8 | if key.is_some() { 0x80 } else { 0 }];
    out.extend(key.into_iter().flatten());
    let key = key.unwrap_or_default();
    out.extend(payload.iter().zip(key.iter().cycle()).map(|(b, k)| b ^ k));
    out
}

/// Protocols that talk in lines: what one end says, and under which title.
fn lines(t: &mut Table) {
    let said = |port: u16, proto: &'static str, dir: Dir, line: &str, kind: MessageKind, title: &str| {
        let mut talk = Talk::connected_to(port);
        let frame = talk.seg(dir, PSH | ACK, 1, 1, 502, line.as_bytes());
        talk.message(proto, kind, title, frame, frame);
        talk.last()
    };
    let (request, response, data) = (MessageKind::Request, MessageKind::Response, MessageKind::Data);
    t.row(
        "smtp.greeting",
        said(25, "smtp", S, "220 mail.example.org ESMTP\r\n", response, "220 mail.example.org ESMTP"),
        "サーバ「220 mail.example.org ESMTP」",
        "Server: \"220 mail.example.org ESMTP\"",
    );
    t.row(
        "smtp.mail_from",
        said(25, "smtp", C, "MAIL FROM:<a@example.org>\r\n", request, "MAIL FROM:<a@example.org>"),
        "クライアント「メールを出したいな。差出人は FROM:<a@example.org>」",
        "Client: \"I have a mail. It is FROM:<a@example.org>.\"",
    );
    t.row(
        "smtp.unknown",
        said(25, "smtp", C, "FOO bar\r\n", request, "FOO bar"),
        "クライアント「FOO bar」",
        "Client: \"FOO bar\"",
    );
    t.row(
        "smtp.auth",
        said(25, "smtp", C, "AUTH PLAIN c2VjcmV0\r\n", request, "AUTH PLAIN …"),
        "クライアント「わたしが誰か、証明するね」",
        "Client: \"Let me prove who I am.\"",
    );
    t.row(
        "smtp.mail",
        said(25, "smtp", C, "Subject: hi\r\n\r\nHello\r\n.\r\n", data, "Mail"),
        "クライアント「これがメールだよ」",
        "Client: \"Here is the mail.\"",
    );
    t.row(
        "pop.retr",
        said(110, "pop", C, "RETR 3\r\n", request, "RETR 3"),
        "クライアント「3 番のメールをちょうだい」",
        "Client: \"Give me mail number 3.\"",
    );
    t.row(
        "pop.pass",
        said(110, "pop", C, "PASS secret\r\n", request, "PASS …"),
        "クライアント「パスワードを送るね（見せないよ）」",
        "Client: \"Here is my password. (Not shown.)\"",
    );
    t.row("pop.no", said(110, "pop", S, "-ERR no\r\n", response, "-ERR no"), "サーバ「-ERR no」", "Server: \"-ERR no\"");
    t.row(
        "pop.content",
        said(110, "pop", S, "1 120\r\n.\r\n", data, "Content"),
        "サーバ「これが中身だよ」",
        "Server: \"Here is what you asked for.\"",
    );
    t.row(
        "ftp.retr",
        said(21, "ftp", C, "RETR a.txt\r\n", request, "RETR a.txt"),
        "クライアント「ファイル a.txt をちょうだい」",
        "Client: \"Give me the file a.txt.\"",
    );
    t.row(
        "ftp.passive",
        said(21, "ftp", C, "PASV\r\n", request, "PASV"),
        "クライアント「データ用の接続は、そっちで待って」",
        "Client: \"Wait for the data connection at your end.\"",
    );
    t.row(
        "ftp.data",
        said(20, "ftp-data", S, "a file\n", data, "\"a file\""),
        "サーバ「ファイルや一覧の中身だよ」",
        "Server: \"This is what is in the file or list.\"",
    );
}

fn websocket(t: &mut Table) {
    let agreed = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    let (asked, done) = exchange(UPGRADE, agreed);
    t.row(
        "websocket.upgrade_request",
        asked,
        "クライアント「ここからは WebSocket で話せる？」",
        "Client: \"Can we speak WebSocket from here on?\"",
    );
    t.row(
        "websocket.upgrade_101",
        done,
        "サーバ「いいよー。この TCP 接続のまま、ここからは WebSocket ね」",
        "Server: \"Sure. Same TCP connection, WebSocket from here on.\"",
    );
    let (_, refused) = exchange(UPGRADE, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    t.row(
        "websocket.upgrade_refused",
        refused,
        "サーバ「WebSocket には切り替えないよ（403）」",
        "Server: \"I do not switch to WebSocket (403).\"",
    );

    let key = Some([0x37, 0xfa, 0x21, 0x3d]);
    let mut talk = Talk::connected();
    ask(&mut talk, UPGRADE, agreed);
    let mut next = [UPGRADE.len() as u32 + 1, agreed.len() as u32 + 1];
    let mut send = |dir: Dir, opcode: u8, payload: &[u8], kind: MessageKind| {
        let bytes = websocket_frame(opcode, payload, key.filter(|_| dir == C));
        let (me, other) = (dir.index(), dir.reverse().index());
        let frame = talk.seg(dir, PSH | ACK, next[me], next[other], 502, &bytes);
        next[me] += bytes.len() as u32;
        talk.message("websocket", kind, "WebSocket", frame, frame);
        talk.last()
    };
    t.row(
        "websocket.text.masked",
        send(C, 1, "やあ".as_bytes(), MessageKind::Text),
        "クライアント「やあ」（鍵 37fa213d でマスク。暗号ではないよ）",
        "Client: \"やあ\" (Masked with key 37fa213d. This is not encryption.)",
    );
    t.row(
        "websocket.text",
        send(S, 1, b"hello", MessageKind::Text),
        "サーバ「hello」（サーバからは、マスクしないよ）",
        "Server: \"hello\" (The server does not mask.)",
    );
    t.row(
        "websocket.ping",
        send(S, 9, b"x", MessageKind::Ping),
        "サーバ「まだいる？」",
        "Server: \"Are you still there?\"",
    );
    t.row("websocket.pong", send(C, 10, b"x", MessageKind::Pong), "クライアント「いるよー」", "Client: \"I am here.\"");
    t.row(
        "websocket.close (first)",
        send(C, 8, &[3, 232], MessageKind::Close),
        "クライアント「そろそろ終わりにするね（1000）」",
        "Client: \"Let us finish here (1000).\"",
    );
    t.row(
        "websocket.close (answer)",
        send(S, 8, &[3, 232], MessageKind::Close),
        "サーバ「わかった。終わりにしよう」",
        "Server: \"All right, finished.\"",
    );
}

/// A record of TLS: its type and content.
fn tls_record(kind: u8, content: &[u8]) -> Vec<u8> {
    [&[kind, 3, 3][..], &(content.len() as u16).to_be_bytes(), content].concat()
}

/// A handshake message in a record.
fn tls_handshake(kind: u8, body: &[u8]) -> Vec<u8> {
    tls_record(22, &[&[kind, 0][..], &(body.len() as u16).to_be_bytes(), body].concat())
}

fn tls(t: &mut Table) {
    let name = b"example.org";
    let sni = [&[0, 0, 0, 16, 0, 14, 0, 0, 11][..], name].concat();
    let client = [&[3, 3][..], &[7; 32], &[0, 0, 2, 0xc0, 0x2f, 1, 0, 0, 20], &sni].concat();
    let server = [&[3, 3][..], &[8; 32], &[0, 0xc0, 0x2f, 0]].concat();
    let mut talk = Talk::connected();
    let mut next = [1, 1];
    let mut send = |dir: Dir, title: &str, bytes: &[u8]| {
        let (me, other) = (dir.index(), dir.reverse().index());
        let frame = talk.seg(dir, PSH | ACK, next[me], next[other], 502, bytes);
        next[me] += bytes.len() as u32;
        talk.message("tls", MessageKind::Data, title, frame, frame);
        talk.last()
    };
    t.row(
        "tls.client_hello",
        send(C, "Client Hello (SNI=example.org)", &tls_handshake(1, &client)),
        "クライアント「example.org さん、暗号で話そう」",
        "Client: \"example.org, let us speak in secret.\"",
    );
    let hello = send(S, "Server Hello", &tls_handshake(2, &server));
    assert!(hello.second.en.contains("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), "{}", hello.second.en);
    t.row("tls.server_hello", hello, "サーバ「じゃあ、この方式にしよう」", "Server: \"Then let us use this one.\"");
    t.row(
        "tls.change_cipher_spec",
        send(C, "Change Cipher Spec", &tls_record(20, &[1])),
        "クライアント「ここから先は暗号で話すよ」",
        "Client: \"From here on I speak in secret.\"",
    );
    let data = send(C, "Application Data", &tls_record(23, &[9; 30]));
    assert!(data.second.en.contains("encrypted, 30 bytes"), "{}", data.second.en);
    t.row("tls.application_data", data, "クライアント「（暗号化されたデータ）」", "Client: \"(encrypted data)\"");
    t.row(
        "tls.alert",
        send(S, "Alert (Level: Fatal, Description: Bad Certificate)", &tls_record(21, &[2, 42])),
        "サーバ「だめだ、続けられない（Bad Certificate）」",
        "Server: \"I cannot go on: Bad Certificate.\"",
    );
}

/// The rows of the table of captions.
const ROWS: [&str; 66] = [
    "tcp.syn",
    "tcp.syn_ack",
    "tcp.handshake_ack",
    "tcp.data",
    "tcp.ack",
    "tcp.retransmission",
    "tcp.retransmission.timeout",
    "tcp.retransmission.fast",
    "tcp.retransmission.syn",
    "tcp.dup_ack",
    "tcp.zero_window",
    "tcp.zero_window_probe",
    "tcp.window_update",
    "tcp.fin.1",
    "tcp.fin.1.ack",
    "tcp.fin.2",
    "tcp.fin.1.ack+fin.2",
    "tcp.fin.2.ack",
    "tcp.fin.2.ack.time_wait",
    "tcp.rst.refused",
    "tcp.rst.closed_port",
    "tcp.rst",
    "udp.datagram",
    "icmp.port_unreachable",
    "dns.query.a",
    "dns.query.other",
    "dns.answer.a",
    "dns.answer.other",
    "dns.nxdomain",
    "arp.request",
    "arp.reply",
    "http.get",
    "http.post",
    "http.200 (to GET)",
    "http.200 (to other methods)",
    "http.404",
    "http.3xx (with Location)",
    "http.set_cookie",
    "http.cookie",
    "http.cookie.known",
    "websocket.upgrade_request",
    "websocket.upgrade_101",
    "websocket.upgrade_refused",
    "websocket.text.masked",
    "websocket.text",
    "websocket.ping",
    "websocket.pong",
    "websocket.close (first)",
    "websocket.close (answer)",
    "tls.client_hello",
    "tls.server_hello",
    "tls.change_cipher_spec",
    "tls.application_data",
    "tls.alert",
    "smtp.greeting",
    "smtp.mail_from",
    "smtp.unknown",
    "smtp.auth",
    "smtp.mail",
    "pop.retr",
    "pop.pass",
    "pop.no",
    "pop.content",
    "ftp.retr",
    "ftp.passive",
    "ftp.data",
];

fn table() -> Table {
    let mut table = Table::default();
    tcp_opening(&mut table);
    tcp_talking(&mut table);
    tcp_closing(&mut table);
    below(&mut table);
    http(&mut table);
    websocket(&mut table);
    tls(&mut table);
    lines(&mut table);
    table
}

#[test]
fn the_tracker_s_rows_marks_and_messages_lead_to_the_same_sentences() {
    TRACKED.set(true);
    // A mail and a list are known by what was said before.
    check(&table(), &["tcp.fin.2.ack", "smtp.mail", "pop.content"]);
}

#[test]
fn every_row_of_the_table_says_exactly_its_sentence() {
    let table = table();
    check(&table, &[]);
    for row in ROWS {
        assert!(table.0.iter().any(|s| s.row == row), "no scene for {row}");
    }
}

fn check(table: &Table, but: &[&str]) {
    let mut wrong = Vec::new();
    for said in table.0.iter().filter(|s| !but.contains(&s.row)) {
        if said.caption.large != Text::new(said.ja, said.en) {
            wrong.push(format!("{}\n  want {} | {}\n  got  {:?}", said.row, said.ja, said.en, said.caption.large));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_second_lines_that_prevent_a_wrong_belief_are_there() {
    let wanted = [
        ("tcp.syn", "データはまだ 0 バイト。", "No data yet. The SYN uses up one number"),
        ("tcp.syn_ack", "待ち受けソケットは LISTEN のまま。", "The listening socket stays in LISTEN."),
        ("tcp.ack", "届いた先は相手のカーネル。", "It has reached the other kernel."),
        ("tcp.fin.1", "閉じるのは片方向だけ。", "This closes one direction only."),
        ("tcp.zero_window", "相手のプログラムが read しないと、空きができない。", "Room appears only when the program there reads."),
        ("udp.datagram", "返事があるなら、それは UDP ではなく", "If an answer comes, the application sent it, not UDP."),
        ("http.cookie", "サーバは Cookie で利用者を見分ける。", "The server tells users apart by the cookie."),
        ("websocket.text.masked", "鍵は同じフレームに入っている", "The key travels in the same frame"),
    ];
    let table = table();
    for (row, ja, en) in wanted {
        let said = &table.0.iter().find(|s| s.row == row).unwrap().caption.second;
        assert!(said.ja.contains(ja) && said.en.contains(en), "{row}: {said:?}");
    }
}

#[test]
fn tags_have_the_words_and_relative_numbers_of_the_protocol() {
    let talk = Talk::connected();
    assert_eq!(talk.says(0).tag, "SYN  seq=0 win=64240");
    assert_eq!(talk.says(1).tag, "SYN + ACK  seq=0 ack=1 win=65160");
    assert_eq!(talk.says(2).tag, "ACK  seq=1 ack=1 win=64256");
    let (get, ok) = exchange("GET /a HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!(get.tag, "HTTP/1.1 GET  seq=1 ack=1 len=28");
    assert_eq!(ok.tag, "HTTP/1.1 204 No Content  seq=1 ack=29 len=27");
}

/// Who speaks first, in both languages.
fn speaker(text: &Text) -> (&str, &str) {
    (text.ja.split('「').next().unwrap(), text.en.split(": ").next().unwrap())
}

#[test]
fn a_flow_without_its_start_has_addresses_and_numbers_instead_of_roles_and_bytes() {
    let mut talk = Talk::midway();
    talk.seg(C, PSH | ACK, 1, 1, 502, [7; 10]);
    assert_eq!(
        talk.last().large,
        Text::new("10.0.0.1:50000「10 バイト送るよ（1〜10 番）」", "10.0.0.1:50000: \"Here are 10 bytes (1 to 10).\"")
    );
    talk.seg(S, ACK, 1, 1, 509, "");
    assert!(!talk.last().large.ja.contains("届いたよ"), "nothing to compare this ACK with: {:?}", talk.last());
    talk.seg(S, ACK, 1, 11, 509, "");
    assert_eq!(
        talk.last().large,
        Text::new(
            "10.0.0.2:80「10 番まで届いたよ。次は 11 番からね」",
            "10.0.0.2:80: \"I have everything up to number 10. Next I want number 11.\""
        )
    );
    talk.seg(S, FIN | ACK, 1, 11, 509, "");
    talk.seg(C, RST, 11, 0, 0, "");
    for frame in 0..5 {
        let said = talk.says(frame).large;
        assert!(speaker(&said).0.starts_with("10.0.0."), "{said:?}");
    }
}

#[test]
fn an_ack_that_has_not_moved_confirms_nothing_new() {
    let mut talk = Talk::connected();
    talk.seg(C, PSH | ACK, 1, 1, 502, [7; 82]);
    talk.seg(S, ACK, 1, 83, 509, "");
    talk.seg(S, ACK, 1, 83, 400, "");
    let same = talk.last();
    assert!(!same.large.en.contains("everything"), "{same:?}");
    talk.seg(S, ACK, 1, 41, 509, "");
    assert!(talk.last().second.en.contains("came late"), "{:?}", talk.last());
}

#[test]
fn numbers_go_on_where_the_sequence_numbers_wrap() {
    let mut talk = Talk::connected();
    // The stream is 4 GiB and 10 bytes long by now.
    let far = (1u64 << 32) + 10;
    let data = talk.seg(C, ACK, 11, 1, 502, [7; 5]);
    talk.rows[data as usize].stream_at = far;
    assert_eq!(talk.last().large.en, "Client: \"Here are 5 bytes (4294967307 to 4294967311).\"");
    talk.seg(S, ACK, 1, 16, 509, "");
    assert!(talk.last().large.en.contains("4294967311"), "{:?}", talk.last().large);
}

#[test]
fn a_reason_that_is_not_proven_is_not_given() {
    // Acknowledged before: no timeout, whatever time has passed.
    let mut talk = Talk::connected();
    talk.seg(C, PSH | ACK, 1, 1, 502, [7; 82]);
    talk.seg(S, ACK, 1, 83, 509, "");
    talk.wait(900).seg(C, PSH | ACK, 1, 1, 502, [7; 82]);
    talk.mark(MarkKind::Retransmission).mark(MarkKind::SpuriousRetransmission);
    assert_eq!(talk.last().large.en, "Client: \"Here are bytes 1 to 82 once more.\"");
    // Two duplicate ACKs satisfy Wireshark, not RFC 5681.
    let mut talk = Talk::connected();
    talk.seg(C, ACK, 1, 1, 502, [7; 100]);
    talk.seg(C, ACK, 101, 1, 502, [7; 100]);
    for _ in 0..2 {
        talk.seg(S, ACK, 1, 1, 509, "");
        talk.mark(MarkKind::DuplicateAck);
    }
    talk.seg(C, ACK, 1, 1, 502, [7; 100]);
    talk.mark(MarkKind::Retransmission).mark(MarkKind::FastRetransmission);
    assert_eq!(talk.last().large.en, "Client: \"Here are bytes 1 to 100 once more.\"");
    // A cookie that nobody was seen to give.
    let (get, _) = exchange(
        "GET / HTTP/1.1\r\nHost: a\r\nCookie: sid=1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nSet-Cookie: sid=1\r\nContent-Length: 0\r\n\r\n",
    );
    assert!(get.large.en.contains("my cookie (sid)"), "the answer with Set-Cookie comes later: {get:?}");
    // A server that listens elsewhere on that port number is no proof that nobody does.
    let mut talk = Talk::tcp();
    talk.flow.ends = [addr("127.0.0.1:50000"), addr("127.0.0.1:80")];
    talk.seg(C, SYN, 0, 0, 64240, "");
    talk.seg(S, RST | ACK, 0, 1, 0, "");
    talk.call(Host::Client, What::Connect { to: addr("127.0.0.1:80").into() }, None);
    talk.call(Host::Server, What::Listen { backlog: 1 }, Some(addr("127.0.0.1:80")));
    assert_eq!(talk.last().large.en, "Server: \"You cannot connect to port 80.\"");
    // A WebSocket answer of which the question is not known.
    let mut talk = Talk::connected();
    let a = talk.seg(S, PSH | ACK, 1, 1, 509, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    talk.message("http", MessageKind::Response, "HTTP/1.1 200 OK", a, a);
    assert_eq!(talk.last().large.en, "Server: \"Done.\"", "that it was a GET is not known");
}

#[test]
fn no_value_of_a_cookie_a_credential_or_a_form_is_shown() {
    let request = "POST /login?pw=hunter2 HTTP/1.1\r\nHost: a\r\nCookie: sid=hunter2\r\nAuthorization: Basic hunter2\r\n\
        Content-Length: 10\r\n\r\npw=hunter2";
    let answer = "HTTP/1.1 302 Found\r\nSet-Cookie: sid=hunter2; Path=/\r\nLocation: /?token=hunter2\r\nContent-Length: 0\r\n\r\n";
    let (q, a) = exchange(request, answer);
    for said in [q, a] {
        let all = format!("{:?}", said);
        assert!(!all.contains("hunter2"), "{all}");
    }
    let mut talk = Talk::connected();
    ask(&mut talk, request, answer);
    let capture = talk.capture();
    for frame in [3, 4] {
        let explained = rich(&capture, frame);
        for osi in Osi::ALL {
            let done = deed(&capture, &explained, osi, Side::Receiver);
            assert!(!format!("{done:?}").contains("hunter2"), "{done:?}");
        }
    }
}

#[test]
fn a_message_over_several_segments_speaks_once_and_then_goes_on() {
    let body = "x".repeat(3000);
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3000\r\n\r\n{body}");
    let mut talk = Talk::connected();
    let q = talk.seg(C, PSH | ACK, 1, 1, 502, "GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
    let id = talk.message("http", MessageKind::Request, "GET /x HTTP/1.1", q, q);
    let mut frames = Vec::new();
    let mut seq = 1;
    for part in answer.as_bytes().chunks(1460) {
        frames.push(talk.seg(S, ACK, seq, 29, 509, part));
        seq += part.len() as u32;
    }
    talk.message("http", MessageKind::Response, "HTTP/1.1 200 OK", frames[0], frames[2]);
    talk.answers(id);
    assert_eq!(talk.says(frames[0]).large.en, "Server: \"Here you are (text/plain, 3000 bytes).\"");
    assert_eq!(
        talk.says(frames[1]).large,
        Text::new(
            "サーバ「本文の続きだよ：1461〜2920 バイト目」",
            "Server: \"More of the same answer: bytes 1461 to 2920.\""
        )
    );
    assert!(talk.says(frames[1]).second.en.contains(&format!("#{}", frame_number(frames[0]))));
}

#[test]
fn the_louder_event_of_a_frame_speaks_and_the_other_is_not_lost() {
    let mut talk = Talk::connected();
    let q = talk.seg(C, PSH | ACK | FIN, 1, 1, 502, "GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
    talk.message("http", MessageKind::Request, "GET /x HTTP/1.1", q, q);
    let said = talk.last();
    assert_eq!(said.large.en, "Client: \"/x, please.\"");
    assert!(said.second.en.contains("It carries a FIN too"), "{said:?}");
    talk.seg(S, RST | ACK, 1, 30, 509, "gone");
    assert!(talk.last().large.en.contains("breaking this connection off"));
    let mut talk = Talk::connected();
    talk.seg(C, PSH | ACK, 1, 1, 502, [7; 10]);
    talk.seg(C, FIN | ACK, 11, 1, 502, "");
    talk.seg(S, PSH | ACK, 1, 12, 509, [7; 10]);
    let said = talk.last();
    assert!(said.large.en.contains("Here are 10 bytes"), "{said:?}");
    assert!(said.second.en.contains("acknowledges the other side's FIN"), "{said:?}");
    let mut talk = Talk::connected();
    talk.seg(C, PSH | ACK, 1, 1, 502, [7; 10]);
    talk.seg(S, PSH | ACK, 1, 11, 509, [7; 4]);
    let said = talk.last();
    assert!(said.second.en.contains("confirms everything up to byte 10"), "{said:?}");
}

#[test]
fn a_packet_that_was_captured_twice_is_not_called_sent_again() {
    let mut talk = Talk::connected();
    talk.seg(C, PSH | ACK, 1, 1, 502, [7; 82]);
    talk.wait(300).copy();
    talk.mark(MarkKind::Retransmission);
    let said = talk.last();
    assert_eq!(said.large.ja, "（クライアント：パケット #4 が、もう一度記録されている）", "{said:?}");
    talk.seg(S, ACK, 1, 83, 509, "");
    talk.copy();
    talk.mark(MarkKind::DuplicateAck);
    assert!(talk.last().large.en.contains("captured once more"), "{:?}", talk.last());
    // Where all packets have the same identification it proves nothing.
    let mut talk = Talk::connected();
    talk.seg(C, PSH | ACK, 1, 1, 502, [7; 82]);
    talk.wait(300).seg(C, PSH | ACK, 1, 1, 502, [7; 82]);
    talk.mark(MarkKind::Retransmission);
    for meta in talk.metas.clone() {
        talk.file[meta.offset as usize + 18..][..2].copy_from_slice(&[0, 1]);
    }
    assert!(talk.last().large.en.contains("Nobody confirmed"), "{:?}", talk.last());
}

#[test]
fn numbers_of_another_connection_on_the_same_ports_are_not_counted_as_bytes() {
    let mut talk = Talk::connected();
    talk.seg(C, PSH | ACK, 1, 1, 502, [7; 10]);
    talk.seg(S, ACK, 1, 3_000_000_000, 509, "");
    assert_eq!(talk.last().large.en, "Server: \"I wait for quite another number.\"");
    let data = talk.seg(C, PSH | ACK, 3_000_000_000, 1, 502, [7; 10]);
    talk.rows[data as usize].stream_at = (3_000_000_000i64 - (1 << 32)) as u64;
    assert!(!talk.last().large.en.contains('-'), "{:?}", talk.last());
}

#[test]
fn one_byte_is_not_a_range() {
    let mut talk = Talk::connected();
    talk.seg(C, PSH | ACK, 1, 1, 502, "x");
    assert_eq!(
        talk.last().large,
        Text::new("クライアント「1 バイト送るよ（1 バイト目）」", "Client: \"Here is 1 byte (number 1).\"")
    );
}

#[test]
fn crossing_fins_are_two_first_fins() {
    let mut talk = Talk::connected();
    talk.seg(C, FIN | ACK, 1, 1, 502, "");
    talk.seg(S, FIN | ACK, 1, 1, 509, "");
    assert_eq!(talk.last().large.en, "Server: \"I have nothing more to send.\"", "it cannot know of the other FIN");
    talk.seg(C, ACK, 2, 2, 502, "");
    talk.states(TcpState::Closing, TcpState::Closing);
    assert_eq!(talk.last().large.en, "Client: \"Understood.\"");
}

#[test]
fn what_cannot_be_read_is_said_and_not_guessed() {
    let mut talk = Talk::tcp();
    talk.alone(&ethernet(0x88cc, &[1; 30]), Transport::Other);
    let said = talk.last();
    assert!(said.large.ja.contains("0x88cc") && said.large.en.contains("cannot read it yet"), "{said:?}");
    let whole = ethernet(0x0800, &ipv4(HOSTS[0], HOSTS[1], 6, &[0; 20], 0));
    talk.alone(&whole[..24], Transport::Other);
    let said = talk.last();
    assert!(said.large.en.starts_with("The rest is not in the capture"), "{said:?}");
    talk.alone(&[], Transport::Other);
    assert!(!talk.last().large.ja.is_empty());
    talk.alone(&ethernet(0x0800, &ipv4(HOSTS[0], HOSTS[1], 17, &[7; 64], 185)), Transport::Other);
    assert_eq!(talk.last().large.en, "10.0.0.1: \"The last piece, from byte 1480 on.\"");
    talk.alone(&icmp(8, 0, &[0, 1, 0, 2, 5, 5]), Transport::Icmp);
    assert_eq!(talk.last().large.ja, "10.0.0.2「聞こえる？」");
    assert_eq!(talk.last().tag, "ICMP echo request  id=1 seq=2");
}

#[test]
fn every_layer_has_a_deed_on_both_sides_and_it_fits_its_box() {
    let mut talk = Talk::connected();
    ask(&mut talk, "GET /users/1 HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    talk.seg(C, FIN | ACK, 38, 70, 502, "");
    talk.alone(&arp(1, HOSTS[0], HOSTS[1]), Transport::Arp);
    talk.alone(&icmp(8, 0, &[0, 1, 0, 2]), Transport::Icmp);
    talk.alone(&[], Transport::Other);
    let capture = talk.capture();
    for frame in 0..capture.trace.len() {
        let explained = rich(&capture, frame);
        for (osi, side) in Osi::ALL.into_iter().flat_map(|o| [(o, Side::Sender), (o, Side::Receiver)]) {
            let done = deed(&capture, &explained, osi, side);
            let widths = [width(&done.text.ja), width(&done.text.en)];
            assert!(widths.iter().all(|w| (1..=WIDTH_MAX).contains(w)), "{frame} {osi:?} {side:?}: {done:?}");
            assert!(!done.text.en.ends_with('…') && !done.text.ja.ends_with('…'), "{frame} {osi:?} {side:?}: {done:?}");
        }
    }
}

#[test]
fn deeds_say_what_happens_to_this_frame() {
    let mut talk = Talk::connected();
    ask(&mut talk, "GET /users/1 HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    let capture = talk.capture();
    let ja = |frame: FrameId, osi: Osi, side: Side| deed(&capture, &rich(&capture, frame), osi, side).text.ja;
    let (out, inn) = (Side::Sender, Side::Receiver);
    assert_eq!(ja(0, Osi::Transport, inn), "SYN を受けた。LISTEN のソケットが新しい接続を作る");
    assert_eq!(ja(0, Osi::Network, out), "10.0.0.1 → 10.0.0.2  TTL 64");
    assert_eq!(ja(0, Osi::Network, inn), "宛先は私の IP → 上の TCP へ");
    assert_eq!(ja(0, Osi::DataLink, out), "Ethernet II  type 0x0800");
    assert_eq!(ja(0, Osi::DataLink, inn), "私の MAC あて → 中身は IPv4");
    assert_eq!(ja(0, Osi::Session, out), "関わらない（カーネルだけで済む）");
    assert_eq!(ja(0, Osi::Application, out), "まだ何もない");
    assert_eq!(ja(2, Osi::Transport, inn), "ACK を受けた。accept() できる接続になる");
    assert_eq!(ja(3, Osi::Application, out), "GET /users/1");
    assert_eq!(ja(3, Osi::Session, out), "ヘッダなし・ソケット");
    assert_eq!(ja(3, Osi::Presentation, out), "ヘッダなし");
    assert_eq!(ja(4, Osi::Transport, inn), "ポート 50000 → このソケット。順番どおり：72 バイトを渡す");
    assert_eq!(ja(4, Osi::Presentation, inn), "ヘッダなし・JSON・UTF-8");
    let header = |frame: FrameId, osi: Osi| deed(&capture, &rich(&capture, frame), osi, out).header;
    assert_eq!(Osi::ALL.map(|o| header(2, o)), [false, true, true, true, false, false, false]);
    assert_eq!(Osi::ALL.map(|o| header(4, o)), [false, true, true, true, false, false, true]);
}

#[test]
fn what_tcp_holds_back_does_not_reach_the_program() {
    let mut talk = Talk::connected();
    talk.seg(C, PSH | ACK, 11, 1, 502, [7; 10]);
    talk.mark(MarkKind::LostSegment);
    let capture = talk.capture();
    let explained = rich(&capture, 3);
    let en = |osi, side| deed(&capture, &explained, osi, side).text.en;
    assert_eq!(en(Osi::Transport, Side::Receiver), "Data before it is missing: holds it back");
    assert_eq!(en(Osi::Application, Side::Receiver), "Not handed up: it stops at L4");
    assert_ne!(en(Osi::Application, Side::Sender), "Not handed up: it stops at L4");
}

#[test]
fn on_loopback_no_wire_and_no_ethernet_is_invented() {
    let mut talk = Talk::connected();
    talk.file[..12].fill(0);
    let capture = talk.capture();
    let explained = rich(&capture, 0);
    for osi in [Osi::Physical, Osi::DataLink] {
        assert!(deed(&capture, &explained, osi, Side::Sender).text.ja.starts_with("ループバック："), "{osi:?}");
    }
}

#[test]
fn a_look_back_has_a_bound() {
    let mut talk = Talk::connected();
    for _ in 0..5_000 {
        talk.seg(C, ACK, 1, 1, 502, "");
        talk.mark(MarkKind::DuplicateAck);
    }
    let said = talk.last();
    assert!(!said.large.en.contains("Repeat number"), "beyond the bound the count is not known: {said:?}");
    assert!(said.large.ja.chars().count() <= LARGE_MAX);
}

/// The captures of the folder that `OSISCOPE_CORPUS` names, with what the tracker finds in them.
fn corpus() -> Vec<(String, Capture)> {
    let Some(dir) = std::env::var_os("OSISCOPE_CORPUS").map(PathBuf::from).filter(|d| d.is_dir()) else {
        eprintln!("SKIPPED: OSISCOPE_CORPUS names no folder of captures");
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = ["open", "tcp-vectors"]
        .iter()
        .flat_map(|sub| std::fs::read_dir(dir.join(sub)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "pcap" || e == "pcapng"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no captures in {}", dir.display());
    files.iter().map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), load(std::fs::read(p).unwrap()))).collect()
}

fn load(file: Vec<u8>) -> Capture {
    let mut records = Vec::new();
    let mut parser = Parser::new();
    parser.feed(&file, &mut |record, _| records.push(record));
    parser.finish();
    let mut capture = Capture::new(Arc::new(file));
    records.into_iter().for_each(|r| capture.trace.append(r));
    capture.index = tracked(&capture);
    capture
}

/// Frames of one capture that are looked at; the largest have tens of thousands.
const FRAMES: FrameId = 3_000;

const PLACEHOLDERS: [&str; 16] = [
    "{who}", "{Who}", "{a}", "{b}", "{n}", "{ack}", "{len}", "{win}", "{upto}", "{port}", "{name}", "{path}", "{text}", "{key}", "{code}",
    "{}",
];

#[test]
fn over_real_captures_captions_keep_their_rules() {
    let mut wrong = Vec::new();
    for (file, capture) in corpus() {
        let mut acks: HashMap<(u32, Dir), u32> = HashMap::new();
        for frame in 0..capture.trace.len().min(FRAMES) {
            let explained = rich(&capture, frame);
            let said = caption(&capture, &explained);
            let mut bad = |why: &str| wrong.push(format!("{file} #{}: {why}: {said:?}", frame_number(frame)));
            for (large, second) in [(&said.large.ja, &said.second.ja), (&said.large.en, &said.second.en)] {
                if large.is_empty() || said.tag.is_empty() {
                    bad("empty");
                }
                if large.chars().count() > LARGE_MAX {
                    bad("too long");
                }
                // A message may itself hold braces.
                let quotes = capture.index.messages_in(frame).is_empty();
                if quotes && PLACEHOLDERS.iter().any(|p| large.contains(p) || second.contains(p)) {
                    bad("a placeholder");
                }
            }
            let row = capture.index.row(frame).unwrap();
            let flow = capture.index.flow(row.flow);
            let (ja, en) = speaker(&said.large);
            let (ja, en) = (ja.trim_start_matches('（').split('：').next().unwrap(), en.trim_start_matches('('));
            let fixed = ["クライアント", "サーバ", "Client", "Server"];
            if flow.is_some_and(|f| !f.start_seen) && (fixed.contains(&ja) || fixed.contains(&en)) {
                bad("a role in a flow without its start");
            }
            if row.transport == Transport::Tcp && row.has(ACK) && !row.has(RST) {
                let raw = explained.dissected.layer("tcp").unwrap().field("tcp.ack_raw").unwrap().value.as_uint().unwrap();
                let before = acks.insert((row.flow, row.dir), raw as u32);
                let moved = before.is_none_or(|b| (raw as u32).wrapping_sub(b) as i32 > 0);
                let first = before.is_none() && flow.is_some_and(|f| !f.start_seen);
                if said.large.ja.contains("まで届いたよ。次は") && (!moved || first) {
                    bad("an ACK that has not moved");
                }
            }
            for (osi, side) in Osi::ALL.into_iter().flat_map(|o| [(o, Side::Sender), (o, Side::Receiver)]) {
                let done = deed(&capture, &explained, osi, side);
                if [width(&done.text.ja), width(&done.text.en)].iter().any(|w| !(1..=WIDTH_MAX).contains(w)) {
                    bad(&format!("{osi:?} {side:?} {done:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}
