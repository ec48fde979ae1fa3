//! The frame in question with its flow so far: everything a sentence may be made of.

use super::past::{Past, stream_of};
use super::words::{end_name, ip_name};
use crate::flow::explain::Explained;
use crate::flow::{Dir, Flow, Row, Transport};
use crate::lang::Text;
use crate::timeline::Capture;
use crate::trace::frame_number;
use crate::wire::{Layer, Value};
use std::net::IpAddr;

/// Which header a frame's sentence is about; a number is its place among the layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    Tcp,
    Udp,
    /// ICMP or ICMPv6; the layers after it are quoted.
    Icmp(usize),
    Arp(usize),
    Other,
}

/// One frame, its flow and what came before it.
pub struct Now<'a> {
    pub capture: &'a Capture,
    pub explained: &'a Explained,
    pub row: Option<Row>,
    pub flow: Option<&'a Flow>,
    pub carrier: Carrier,
    pub past: Past<'a>,
}

/// How positions in a stream are called: bytes where the start was seen, mere numbers where it was not.
pub struct Unit {
    pub ja: &'static str,
    pub one: &'static str,
    pub many: &'static str,
}

impl<'a> Now<'a> {
    pub fn new(capture: &'a Capture, explained: &'a Explained) -> Self {
        let row = capture.index.row(explained.frame);
        let flow = row.and_then(|r| capture.index.flow(r.flow));
        let layers = &explained.dissected.layers;
        let first = layers.iter().position(|l| matches!(l.proto, "tcp" | "udp" | "icmp" | "icmpv6" | "arp"));
        let carrier = match first.and_then(|i| layers.get(i).map(|l| (i, l.proto))) {
            Some((_, "tcp")) if row.is_some_and(|r| r.transport == Transport::Tcp) && flow.is_some() => Carrier::Tcp,
            // A fragment's first piece has ports, but it is not the whole datagram.
            Some((_, "udp")) if row.is_some_and(|r| r.transport == Transport::Udp) => Carrier::Udp,
            Some((i, "icmp" | "icmpv6")) => Carrier::Icmp(i),
            Some((i, "arp")) => Carrier::Arp(i),
            _ => Carrier::Other,
        };
        Self { capture, explained, row, flow, carrier, past: Past::of(capture, explained.frame) }
    }

    pub fn dir(&self) -> Dir {
        self.row.map_or(Dir::ToServer, |r| r.dir)
    }

    /// The flow began within the capture: the ends are known, and numbers count bytes.
    pub fn start_seen(&self) -> bool {
        self.flow.is_some_and(|f| f.start_seen)
    }

    pub fn unit(&self) -> Unit {
        if self.start_seen() {
            Unit { ja: "バイト目", one: "byte", many: "bytes" }
        } else {
            Unit { ja: "番", one: "number", many: "numbers" }
        }
    }

    /// The sender of a direction: client or server where that is known, address and port where it is not.
    pub fn who(&self, dir: Dir) -> Text {
        match (self.flow, dir) {
            (Some(f), Dir::ToServer) if f.start_seen => Text::new("クライアント", "Client"),
            (Some(f), Dir::ToClient) if f.start_seen => Text::new("サーバ", "Server"),
            (Some(f), dir) => Text::same(end_name(if dir == Dir::ToServer { f.ends[0] } else { f.ends[1] })),
            (None, _) => self.source(),
        }
    }

    /// This frame's sender.
    pub fn sender(&self) -> Text {
        self.who(self.dir())
    }

    /// The sender by its address, as the lowest header that has one says.
    pub fn source(&self) -> Text {
        if let Some(ip) = self.source_ip() {
            return Text::same(ip_name(ip));
        }
        let mac = self.print("eth.src").or_else(|| self.print("sll.src.eth"));
        mac.map_or_else(|| Text::new("送り手", "Sender"), Text::same)
    }

    pub fn source_ip(&self) -> Option<IpAddr> {
        let layers = &self.explained.dissected.layers;
        layers.iter().find_map(|l| l.field("ip.src").or_else(|| l.field("ipv6.src"))).and_then(|f| match f.value {
            Value::Ipv4(a) => Some(a.into()),
            Value::Ipv6(a) => Some(a.into()),
            _ => None,
        })
    }

    /// The first field of this name as tshark prints it, if it is not empty.
    pub fn print(&self, name: &str) -> Option<String> {
        self.explained.dissected.print(name).filter(|p| !p.is_empty())
    }

    /// The same in one layer only.
    pub fn print_in(&self, layer: &Layer, name: &str) -> Option<String> {
        let bytes = self.explained.dissected.bytes(layer);
        layer.field(name).map(|f| f.print(bytes)).filter(|p| !p.is_empty())
    }

    /// The number in the first field of this name.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.explained.dissected.layers.iter().find_map(|l| l.field(name)).and_then(|f| f.value.as_uint())
    }

    fn raw(&self, name: &str) -> Option<u32> {
        u32::try_from(self.explained.dissected.layer("tcp")?.field(name)?.value.as_uint()?).ok()
    }

    pub fn ack_raw(&self) -> Option<u32> {
        self.raw("tcp.ack_raw")
    }

    pub fn seq_raw(&self) -> Option<u32> {
        self.raw("tcp.seq_raw")
    }

    fn isn(&self, dir: Dir) -> Option<u32> {
        self.flow?.isn.get(dir.index()).copied().flatten()
    }

    /// The relative sequence number (the SYN has 0), modulo 2³² as in Wireshark.
    pub fn seq(&self) -> Option<u32> {
        // Before the start of the stream, a relative number would be negative: the raw one speaks then.
        self.row.filter(|r| r.has(Row::SYN) || stream_of(&r).0 >= -1)?;
        Some(self.seq_raw()?.wrapping_sub(self.isn(self.dir())?))
    }

    /// The relative acknowledgement number, which does not wrap.
    pub fn ack(&self) -> Option<i64> {
        self.relative_ack(self.ack_raw()?)
    }

    /// A raw number acknowledged by this frame's sender, relative to the other side's stream: of the numbers that are
    /// equal modulo 2³² the one nearest to where that stream is.
    pub fn relative_ack(&self, raw: u32) -> Option<i64> {
        let other = self.dir().reverse();
        let low = i64::from(raw.wrapping_sub(self.isn(other)?));
        let near = self.past.last(other).map_or(0, |(_, r)| stream_of(&r).1.max(0));
        let round = 1i64 << 32;
        let base = near - near.rem_euclid(round);
        let numbers = [base.saturating_sub(round), base, base.saturating_add(round)].map(|b| b.saturating_add(low));
        let nearest = numbers.into_iter().min_by_key(|n| n.abs_diff(near));
        // Further away than the largest window (RFC 7323 §2.3) it belongs to another connection on these ports.
        nearest.filter(|n| (0..=near.saturating_add(1 << 30)).contains(n) && n.abs_diff(near) <= 1 << 30)
    }

    /// The first and last data byte of this segment, relative (the first of the stream is 1), and how many there are.
    pub fn data(&self) -> Option<(i64, i64, i64)> {
        let row = self.row?;
        let full = self.explained.dissected.layer("tcp").and_then(|l| l.field("tcp.len")).and_then(|f| f.value.as_uint());
        let len = i64::try_from(full.unwrap_or(0)).unwrap_or(0).max(i64::from(row.payload_len));
        let start = stream_of(&row).0;
        (len > 0).then(|| (start.saturating_add(1), start.saturating_add(len), len))
    }

    /// The window in bytes. `None`: how it is scaled is not known.
    pub fn window(&self) -> Option<u64> {
        let raw = u64::from(self.raw("tcp.window_size_value")?);
        let flow = self.flow?;
        match flow.wscale {
            // RFC 7323 §2.2: the window of a SYN itself is never scaled; §2.3: the shift is at most 14.
            _ if self.row?.has(Row::SYN) => Some(raw),
            [Some(_), Some(_)] => {
                let shift = flow.wscale.get(self.dir().index()).copied().flatten().unwrap_or(0);
                Some(raw << shift.min(14))
            }
            _ if raw == 0 => Some(0),
            _ if flow.start_seen => Some(raw),
            _ => None,
        }
    }

    /// Nanoseconds since an earlier frame.
    pub fn since(&self, earlier: u32) -> Option<i64> {
        self.capture.trace.meta(earlier).map(|m| self.explained.meta.at.since(m.at))
    }

    /// The reasons of the marks on this frame.
    pub fn reasons(&self) -> Vec<Text> {
        let marks = self.capture.index.marks_of(self.explained.frame);
        marks.iter().map(|(_, m)| m.because()).collect()
    }
}

/// A frame as people call it: "#12".
pub fn number(frame: u32) -> String {
    format!("#{}", frame_number(frame))
}

/// A span of time for people: "203 ms", "1.2 s".
pub fn span(nanos: i64) -> String {
    let nanos = nanos.max(0);
    match nanos {
        0..1_000 => format!("{nanos} ns"),
        1_000..1_000_000 => format!("{} µs", nanos / 1_000),
        1_000_000..1_000_000_000 => format!("{} ms", nanos / 1_000_000),
        _ => format!("{}.{} s", nanos / 1_000_000_000, nanos / 100_000_000 % 10),
    }
}
