//! Conversations: what two programs said, damaged, and put into frames again as networks and evil people do it.

use crate::mutate::{self, Random};
use crate::seeds::Scrap;
use osiscope::flow::{Transport, stream};
use osiscope::proto::Dir;
use osiscope::timeline::Capture;
use osiscope::trace::Nanos;
use osiscope::wire::LinkType;
use std::io::Write;

/// As much of a conversation as is damaged, in turns and bytes.
const MAX_TURNS: usize = 24;
const MAX_BYTES: usize = 24 << 10;

#[derive(Clone)]
pub struct Talk {
    tcp: bool,
    /// Of client and server.
    ports: [u16; 2],
    turns: Vec<(Dir, Vec<u8>)>,
    words: &'static [&'static [u8]],
}

#[rustfmt::skip]
const HTTP: &[&[u8]] = &[
    b"\r\n", b"\r\n\r\n", b"\n\n", b"HTTP/1.1 ", b"HTTP/1.0 200 OK\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n",
    b"HTTP/1.1 204 No Content\r\n\r\n", b"GET / HTTP/1.1\r\n", b"CONNECT a:443 HTTP/1.1\r\n\r\n", b"HEAD / HTTP/1.1\r\n\r\n", b"Content-Length: 18446744073709551615\r\n",
    b"Content-Length: -1\r\n", b"Content-Length: 3, 3\r\n", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip, chunked\r\n", b"Content-Encoding: gzip\r\n",
    b"Content-Encoding: br\r\n", b"Content-Encoding: deflate, gzip, br, gzip\r\n", b"0\r\n\r\n", b"FFFFFFFFFFFFFFFF\r\n", b"7fffffff\r\n", b"1;x=\"\r\n", b"Upgrade: h2c\r\n", b"Upgrade: websocket\r\n",
    b"Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=8\r\n", b"Cookie: a=b; c; =; d=\r\n", b"Set-Cookie: a\r\n", b" folded\r\n", b"\xff\xfe", b"Expect: 100-continue\r\n",
    b"Content-Type: multipart/form-data; boundary=\r\n", b"Content-Type: application/x-www-form-urlencoded\r\n\r\n%%%=&&=%f", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"M-SEARCH * HTTP/1.1\r\n",
    b"Content-Range: bytes 0-99999999999999999999/*\r\n", b"Authorization: Basic ====\r\n",
];
const WEBSOCKET: &[&[u8]] = &[
    b"\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", b"\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", b"\x82\x7e\xff\xff", b"\x01\x00", b"\x00\x00", b"\x80\x00", b"\x88\x02\x03\xe8", b"\x88\x01\x00",
    b"\x89\x00", b"\xc1\x00", b"\x41\x01\x00", b"\xff\xff", b"\x81\xfe\x00\x7e", b"\xf1\x80\0\0\0\0", b"\xc1\x05\xf2\x48\xcd\xc9\xc9", b"\0\0\xff\xff",
];
const DNS: &[&[u8]] = &[
    b"\xc0\x0c", b"\xc0\x00", b"\xff\xff", b"\x00\x01\x00\x01", b"\x00\x1c\x00\x01", b"\x00\x05\x00\x01", b"\x00\x0f\x00\x01", b"\x00\x10\x00\x01", b"\x00\x21\x00\x01", b"\x00\x06\x00\x01", b"\x00\x41\x00\x01",
    b"\x00\x29\x10\x00", b"\x00\x0a\x00\x18", b"\x00\x08\x00\x07\x00\x01\xff\xff", b"\x00\x2e\x00\x01", b"\x00\x2f\x00\x01", b"\x00\x30\x00\x01", b"\x00\x32\x00\x01", b"\x00\xfa\x00\xff", b"\x3f", b"\x40", b"\x80", b"\x00\x00\xff\xff\xff\xff",
];
const TLS: &[&[u8]] = &[
    b"\x16\x03\x01", b"\x16\x03\x03\x40\x00", b"\x17\x03\x03\x00\x00", b"\x15\x03\x03\x00\x02\x02\x28", b"\x14\x03\x03\x00\x01\x01", b"\x18\x03\x03\x00\x03\x01\xff\xff", b"\x01\xff\xff\xff", b"\x02\x00\x00\x00",
    b"\x0b\x00\x00\x03\x00\x00\x00", b"\x0b\xff\xff\xff", b"\x00\x00\xff\xff", b"\x00\x10\x00\x00", b"\x00\x2b\x00\x03\x02\x03\x04", b"\x00\x33\x00\x00", b"\x00\x39\xff\xff", b"\x00\x29\x00\x00", b"\x80\x2e\x01\x03\x01", b"\x0e\x00\x00\x00", b"\x14\x00\x00\x0c",
];
const HTTP2: &[&[u8]] = &[
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x00\x00\x00\x04\x00\x00\x00\x00\x00", b"\xff\xff\xff\x00\x00\x00\x00\x00\x01", b"\x00\x00\x00\x01\x05\x00\x00\x00\x01", b"\x00\x00\x01\x09\x04", b"\x00\x00\x04\x08\x00\x00\x00\x00\x00\x7f\xff\xff\xff",
    b"\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x05\xff\xff\xff\xff", b"\x00\x00\x08\x06\x00", b"\x00\x00\x05\x02\x00\x80\x00\x00\x00", b"\x2d", b"\x08",
];
const QUIC: &[&[u8]] = &[b"\xc0\x00\x00\x00\x01", b"\xc0\x6b\x33\x43\xcf", b"\xc3\xff\x00\x00\x1d", b"\x14", b"\xff\xff\xff\xff\xff\xff\xff\xff", b"\x40\x00", b"\xf0\0\0\0\0", b"\x06\x00\x40"];
const LINES: &[&[u8]] = &[
    b"\r\n", b"\r\n.\r\n", b"DATA\r\n", b"250-", b"250 ok\r\n", b"354 go\r\n", b"BDAT 18446744073709551615 LAST\r\n", b"BDAT 0\r\n", b"STARTTLS\r\n", b"AUTH PLAIN AAAA\r\n", b"AUTH LOGIN\r\n334 ====\r\n", b"+OK 2 200\r\n", b"-ERR\r\n", b"RETR 1\r\n",
    b"STLS\r\n", b"CAPA\r\n", b"227 Entering (256,0,0,1,999,1)\r\n", b"229 Entering (|||70000|)\r\n", b"PORT 1,2,3,4,5\r\n", b"EPRT |2|::1|1|\r\n", b"AUTH TLS\r\n", b"\xff\xff\r\n", b" ", b"\0",
];
const ANY: &[&[u8]] = &[b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", b"220 a ESMTP\r\n", b"+OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"\x81\x02hi", b"\0\0\x01\0\0\x01"];

fn words(protocol: Option<&str>) -> &'static [&'static [u8]] {
    match protocol {
        Some("http" | "ssdp") => HTTP,
        Some("websocket") => WEBSOCKET,
        Some("dns" | "mdns" | "llmnr") => DNS,
        Some("tls") => TLS,
        Some("http2") => HTTP2,
        Some("quic") => QUIC,
        Some("smtp" | "pop" | "ftp") => LINES,
        _ => ANY,
    }
}

/// What was said in a capture.
pub fn spoken(capture: &Capture) -> Vec<Talk> {
    let (index, trace) = (&capture.index, &capture.trace);
    let mut out = Vec::new();
    // A few conversations of each kind are enough of a kind.
    for (id, flow) in index.flows.iter().enumerate().take(40) {
        let id = id as u32;
        let tcp = flow.transport == Transport::Tcp;
        if !tcp && flow.transport != Transport::Udp {
            continue;
        }
        let (mut turns, mut sum) = (Vec::new(), 0);
        for message in index.messages_of(id).into_iter().filter_map(|m| index.message(m)) {
            let bytes = match tcp {
                true => stream::of_message(trace, index, message, MAX_BYTES as u64).bytes,
                false => stream::datagram(trace, index, message.first_frame).bytes,
            };
            sum += bytes.len();
            if turns.len() >= MAX_TURNS || sum > MAX_BYTES {
                break;
            }
            turns.push((message.dir, bytes));
        }
        if !turns.is_empty() {
            out.push(Talk { tcp, ports: flow.ends.map(|e| e.port()), turns, words: words(flow.app) });
        }
    }
    out
}

/// Conversations that captures at hand may lack.
pub fn made() -> Vec<Talk> {
    use Dir::{ToClient as S, ToServer as C};
    let gz = |bytes: &[u8]| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    };
    let packed = gz(&[b'a'; 3000]);
    let mut body = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n", packed.len()).into_bytes();
    body.extend([packed.as_slice(), b"\r\n0\r\nX: y\r\n\r\n"].concat());
    let tcp = |port, words, turns: Vec<(Dir, &[u8])>| Talk {
        tcp: true,
        ports: [40_000, port],
        turns: turns.into_iter().map(|(d, b)| (d, b.to_vec())).collect(),
        words,
    };
    let upgrade: &[u8] = b"HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";
    let ask: &[u8] = b"GET /c HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n";
    let hello = b"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00";
    let masked = b"\x81\x85\x01\x02\x03\x04igohn";
    let query: &[u8] = b"\x00\x1d\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x07example\x03com\x00\x00\x01\x00\x01";
    let answer: &[u8] = b"\x12\x34\x81\x80\x00\x01\x00\x02\x00\x00\x00\x00\x03www\x07example\x03com\x00\x00\x01\x00\x01\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x09\x00\x04\x01a\xc0\x10\xc0\x2d\x00\x01\x00\x01\x00\x00\x00\x09\x00\x04\x7f\x00\x00\x01";
    let udp = Talk { tcp: false, ports: [5353, 53], turns: vec![(C, query.get(2..).unwrap_or_default().to_vec()), (S, answer.to_vec())], words: DNS };
    let length = |b: &[u8]| [&(b.len() as u16).to_be_bytes(), b].concat();
    let client_hello: &[u8] = b"\x16\x03\x01\x00\x41\x01\x00\x00\x3d\x03\x03\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x00\x00\x02\x13\x01\x01\x00\x00\x12\x00\x00\x00\x0e\x00\x0c\x00\x00\x09localhost";
    vec![
        tcp(80, HTTP, vec![(C, b"GET /a?b=c HTTP/1.1\r\nHost: h\r\nCookie: a=b\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n"), (S, &body), (S, b"HTTP/1.1 404 N\r\nContent-Length: 3\r\n\r\nabc")]),
        tcp(8080, HTTP, vec![(C, b"POST /f HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"), (S, b"HTTP/1.1 100 Continue\r\n\r\n"), (C, b"a=1&b=%20"), (S, b"HTTP/1.1 204 No\r\n\r\n")]),
        tcp(80, WEBSOCKET, vec![(C, ask), (S, upgrade), (S, hello), (C, masked), (S, b"\x01\x02ab\x89\x00\x80\x01c"), (C, b"\x88\x82\0\0\0\0\x03\xe8"), (S, b"\x88\x02\x03\xe8")]),
        tcp(53, DNS, vec![(C, query), (S, &length(answer))]),
        udp.clone(),
        Talk { ports: [5353, 5353], ..udp },
        tcp(443, TLS, vec![(C, client_hello), (S, b"\x15\x03\x03\x00\x02\x02\x28")]),
        tcp(25, LINES, vec![(S, b"220 h ESMTP\r\n"), (C, b"EHLO a\r\n"), (S, b"250-h\r\n250-PIPELINING\r\n250 STARTTLS\r\n"), (C, b"MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"), (S, b"250 ok\r\n250 ok\r\n354 go\r\n"), (C, b"Subject: x\r\n\r\nhi\r\n..\r\n.\r\n"), (S, b"250 ok\r\n"), (C, b"BDAT 5 LAST\r\nhello"), (S, b"250 ok\r\n"), (C, b"STARTTLS\r\n"), (S, b"220 go\r\n"), (C, client_hello)]),
        tcp(110, LINES, vec![(S, b"+OK <1@h>\r\n"), (C, b"USER a\r\n"), (S, b"+OK\r\n"), (C, b"LIST\r\n"), (S, b"+OK 2\r\n1 10\r\n2 20\r\n.\r\n"), (C, b"RETR 1\r\n"), (S, b"+OK 10\r\nSubject: x\r\n\r\nb\r\n.\r\n"), (C, b"QUIT\r\n")]),
        tcp(21, LINES, vec![(S, b"220-h\r\n220 x\r\n"), (C, b"USER a\r\n"), (S, b"331 p\r\n"), (C, b"PASV\r\n"), (S, b"227 Entering Passive Mode (127,0,0,1,4,1)\r\n"), (C, b"EPSV\r\n"), (S, b"229 E (|||1025|)\r\n"), (C, b"RETR f\r\n"), (S, b"150 o\r\n226 d\r\n")]),
        tcp(80, HTTP2, vec![(C, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x04\x00\x00\xff\xff\x00\x00\x03\x01\x05\x00\x00\x00\x01\x82\x84\x86"), (S, b"\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x01\x01\x04\x00\x00\x00\x01\x88\x00\x00\x02\x00\x01\x00\x00\x00\x01ok")]),
        tcp(9, ANY, vec![(C, b"hello\n"), (S, b"hello\n")]),
    ]
}

impl Talk {
    pub fn turns(&self) -> &[(Dir, Vec<u8>)] {
        &self.turns
    }

    /// Damages what is said, and who says it when.
    pub fn damage(&mut self, random: &mut Random, other: &Self) {
        for _ in 0..=random.below(3) {
            let at = random.below(self.turns.len());
            let strange = random.pick(&other.turns).cloned();
            match (random.below(12), strange) {
                (0, Some(strange)) => self.turns.insert(at, strange),
                (1, _) if self.turns.len() > 1 => drop(self.turns.remove(at)),
                (2, _) => self.turns.extend(self.turns.get(at).cloned()),
                (3, _) => {
                    let to = random.below(self.turns.len());
                    self.turns.swap(at, to);
                }
                (4, _) => self.words = other.words,
                (5, _) if random.once_in(4) => self.ports = [random.next() as u16, [0, 53, 80, 443, 25, 110, 21, 20, 5353, 8080][random.below(10)]],
                (_, strange) => {
                    if let Some((dir, bytes)) = self.turns.get_mut(at) {
                        mutate::bytes(random, bytes, &strange.map(|s| s.1).unwrap_or_default(), self.words);
                        if random.once_in(30) {
                            *dir = dir.reverse();
                        }
                    }
                }
            }
        }
    }

    /// The frames in which it travels.
    pub fn frames(&self, random: &mut Random) -> Vec<Scrap> {
        let mut clock = Clock(1_700_000_000_000_000_000 * i64::from(!random.once_in(50)));
        let mut frames = match self.tcp {
            true => self.segments(random, &mut clock),
            false => self.turns.iter().map(|(dir, bytes)| clock.scrap(random, &self.datagram(*dir, bytes))).collect(),
        };
        // What a network does: lose, repeat, reorder, cut off.
        for _ in 0..random.below(4) {
            let (at, to) = (random.below(frames.len()), random.below(frames.len()));
            match random.below(6) {
                0 => drop(frames.drain(at..(at + 1).min(frames.len()))),
                1 => frames.extend(frames.get(at).cloned()),
                2 if !frames.is_empty() => frames.swap(at, to),
                3 => frames.iter_mut().skip(at).take(1).for_each(|f| f.cut(random)),
                4 => frames.iter_mut().skip(at).take(1).for_each(|f| f.at = Nanos(f.at.0.wrapping_sub(1_000_000_000 * random.below(1 << 33) as i64))),
                _ => {}
            }
        }
        frames
    }

    fn datagram(&self, dir: Dir, bytes: &[u8]) -> Vec<u8> {
        let ports = if dir == Dir::ToServer { self.ports } else { [self.ports[1], self.ports[0]] };
        let len = (bytes.len() + 8) as u16;
        let head = [ports[0].to_be_bytes(), ports[1].to_be_bytes(), len.to_be_bytes(), [0, 0]].concat();
        packet(dir, 17, &[&head, bytes].concat())
    }

    fn segments(&self, random: &mut Random, clock: &mut Clock) -> Vec<Scrap> {
        // Numbers that wrap are as good as others.
        let mut next = [0, 0].map(|_| if random.once_in(4) { u32::MAX - random.below(3000) as u32 } else { random.next() as u32 });
        let mut out = Vec::new();
        let handshake = !random.once_in(8);
        let (fin, syn, rst, push, ack) = (1, 2, 4, 8, 16);
        let mut send = |random: &mut Random, next: &mut [u32; 2], dir: Dir, flags: u8, back: u32, bytes: &[u8]| {
            let [mine, its] = [dir.index(), dir.reverse().index()];
            let ports = if dir == Dir::ToServer { self.ports } else { [self.ports[1], self.ports[0]] };
            let mut head = [ports[0].to_be_bytes(), ports[1].to_be_bytes()].concat();
            head.extend(next[mine].wrapping_sub(back).to_be_bytes());
            head.extend(if flags & ack != 0 { next[its].to_be_bytes() } else { [0; 4] });
            let options: &[u8] = if flags & syn != 0 { b"\x02\x04\x05\xb4\x03\x03\x07\x01" } else { b"" };
            head.extend([((20 + options.len()) << 2) as u8, flags]);
            head.extend(if random.once_in(20) { [0, 0] } else { [0xff, 0xff] });
            head.extend([0; 4]);
            head.extend(options);
            head.extend(bytes);
            next[mine] = next[mine].wrapping_sub(back).wrapping_add(bytes.len() as u32 + u32::from(flags & (syn | fin) != 0));
            out.push(clock.scrap(random, &packet(dir, 6, &head)));
        };
        if handshake {
            send(random, &mut next, Dir::ToServer, syn, 0, b"");
            send(random, &mut next, Dir::ToClient, syn | ack, 0, b"");
            send(random, &mut next, Dir::ToServer, ack, 0, b"");
        }
        // Segments of a size for the whole conversation, at least so large that it does not become too many.
        let whole: usize = self.turns.iter().map(|t| t.1.len()).sum();
        let size = [1, 7, 100, 1400][random.below(4)].max(whole / 120);
        for (dir, bytes) in &self.turns {
            for piece in bytes.chunks(size) {
                let back = if random.once_in(25) { random.below(40) as u32 } else { 0 };
                send(random, &mut next, *dir, push | ack, back, piece);
                if random.once_in(40) {
                    let ahead = &mut next[dir.index()];
                    *ahead = ahead.wrapping_add([1, 1000, 1 << 20, 1 << 30, 1 << 31][random.below(5)]);
                }
            }
            if random.once_in(2) {
                send(random, &mut next, dir.reverse(), ack, 0, b"");
            }
            if random.once_in(60) {
                let flags = [fin | ack, rst, syn, 0xff][random.below(4)];
                send(random, &mut next, *dir, flags, 0, b"");
            }
        }
        for dir in Dir::BOTH {
            if random.once_in(2) {
                send(random, &mut next, dir, fin | ack, 0, b"");
            }
        }
        out
    }
}

struct Clock(i64);

impl Clock {
    /// An Ethernet frame around a packet, some time after the one before.
    fn scrap(&mut self, random: &mut Random, packet: &[u8]) -> Scrap {
        let most = 1 << [4, 20, 30][random.below(3)];
        self.0 += 1 + random.below(most) as i64;
        let bytes = [b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\x00".as_slice(), packet].concat();
        Scrap { link: LinkType::ETHERNET, at: Nanos(self.0), missing: 0, bytes }
    }
}

fn packet(dir: Dir, proto: u8, payload: &[u8]) -> Vec<u8> {
    let len = (payload.len() + 20).min(65_535) as u16;
    let (from, to) = if dir == Dir::ToServer { (1, 2) } else { (2, 1) };
    let mut out = vec![0x45, 0];
    out.extend(len.to_be_bytes());
    out.extend([0, 1, 0x40, 0, 64, proto, 0, 0, 10, 0, 0, from, 10, 0, 0, to]);
    out.extend(payload);
    out
}
