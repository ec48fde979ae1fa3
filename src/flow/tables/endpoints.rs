//! The table of endpoints: every IP address, and what it sent and received.
//!
//! In: a capture and an order. Out: one row an address. A frame in a tunnel counts for the addresses of each of its IP
//! headers; what an ICMP error quotes does not count.

use super::amounts::by_flow;
use super::{Column, Going, Order, Row, address_filter};
use crate::flow::{Index, Transport};
use crate::lang::words;
use crate::trace::{FrameId, Trace};
use crate::wire::dissect;
use std::collections::HashMap;
use std::net::IpAddr;

/// From left to right.
pub static COLUMNS: &[Column] = &[
    Column { title: words("アドレス", "Address"), about: words("IP アドレスです。", "The IP address."), number: false },
    Column {
        title: words("フレーム", "Frames"),
        about: words("送ったフレームと受けたフレームの合計です。", "Frames sent and received, added up."),
        number: true,
    },
    Column {
        title: words("バイト", "Bytes"),
        about: words("送ったバイトと受けたバイトの合計です（線の上での長さ）。", "Bytes sent and received, as on the wire."),
        number: true,
    },
    Column { title: words("送信フレーム", "Frames sent"), about: words("送ったフレームの数です。", "Frames it sent."), number: true },
    Column { title: words("送信バイト", "Bytes sent"), about: words("送ったバイトの数です。", "Bytes it sent."), number: true },
    Column { title: words("受信フレーム", "Frames received"), about: words("受けたフレームの数です。", "Frames it received."), number: true },
    Column { title: words("受信バイト", "Bytes received"), about: words("受けたバイトの数です。", "Bytes it received."), number: true },
];

/// One address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub ip: IpAddr,
    /// Sent and received.
    pub frames: [u64; 2],
    pub bytes: [u64; 2],
    pub first: FrameId,
}

/// The addresses of a capture, in an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoints {
    pub rows: Vec<Endpoint>,
    pub order: Order,
    pub frames: FrameId,
}

impl Endpoints {
    /// `known`: the same capture's, in another order.
    pub fn of(trace: &Trace, index: &Index, order: Order, known: Option<&Self>, going: Going<'_>) -> Option<Self> {
        let (mut rows, frames) = match known {
            Some(known) => (known.rows.clone(), known.frames),
            None => count(trace, index, going)?,
        };
        rows.sort_by(|a, b| {
            let by = match order.column {
                0 => a.ip.cmp(&b.ip),
                1 => (a.frames[0] + a.frames[1]).cmp(&(b.frames[0] + b.frames[1])),
                2 => (a.bytes[0] + a.bytes[1]).cmp(&(b.bytes[0] + b.bytes[1])),
                3 => a.frames[0].cmp(&b.frames[0]),
                4 => a.bytes[0].cmp(&b.bytes[0]),
                5 => a.frames[1].cmp(&b.frames[1]),
                _ => a.bytes[1].cmp(&b.bytes[1]),
            };
            let by = if order.descending { by.reverse() } else { by };
            by.then(a.ip.cmp(&b.ip))
        });
        Some(Self { rows, order, frames })
    }

    pub fn row(&self, at: usize) -> Option<Row> {
        let of = self.rows.get(at)?;
        let numbers = [
            of.frames[0] + of.frames[1],
            of.bytes[0] + of.bytes[1],
            of.frames[0],
            of.bytes[0],
            of.frames[1],
            of.bytes[1],
        ];
        let cells = std::iter::once(of.ip.to_string()).chain(numbers.map(|n| n.to_string())).collect();
        Some(Row { cells, filter: Some(address_filter(of.ip)), first: Some(of.first), ..Row::default() })
    }
}

#[derive(Default)]
struct Count {
    places: HashMap<IpAddr, usize>,
    rows: Vec<Endpoint>,
}

impl Count {
    /// `way`: 0 sent, 1 received.
    fn add(&mut self, ip: IpAddr, way: usize, frames: u64, bytes: u64, first: FrameId) {
        let next = self.rows.len();
        let at = *self.places.entry(ip).or_insert(next);
        if at == next {
            self.rows.push(Endpoint { ip, frames: [0; 2], bytes: [0; 2], first });
        }
        let Some(row) = self.rows.get_mut(at) else { return };
        if let (Some(f), Some(b)) = (row.frames.get_mut(way), row.bytes.get_mut(way)) {
            *f += frames;
            *b += bytes;
        }
        row.first = row.first.min(first);
    }
}

fn count(trace: &Trace, index: &Index, going: Going<'_>) -> Option<(Vec<Endpoint>, FrameId)> {
    let mut all = Count::default();
    // What those frames that are looked into have in common with their flow is taken off again.
    let mut apart: HashMap<u32, [(u64, u64); 2]> = HashMap::new();
    let mut buf = Vec::new();
    let (amounts, frames) = by_flow(trace, index, going, &mut |frame, row| {
        let Some(meta) = trace.meta(frame) else { return };
        let bytes = u64::from(meta.wire_len);
        if index.flow(row.flow).is_some_and(|f| f.transport == row.transport) {
            let [to, from] = apart.entry(row.flow).or_default();
            let way = if row.dir.index() == 0 { to } else { from };
            (way.0, way.1) = (way.0 + 1, way.1 + bytes);
        }
        if row.transport == Transport::Arp {
            return;
        }
        let Some(found) = trace.frame(frame, &mut buf) else { return };
        let dissected = dissect(found.link, found.bytes, meta.wire_len as usize);
        let outer = dissected.layers.iter().take_while(|l| !matches!(l.proto, "icmp" | "icmpv6"));
        for layer in outer.filter(|l| matches!(l.proto, "ip" | "ipv6")) {
            let names = if layer.proto == "ip" { ["ip.src", "ip.dst"] } else { ["ipv6.src", "ipv6.dst"] };
            for (way, name) in names.into_iter().enumerate() {
                let printed = layer.field(name).map(|f| f.print(dissected.bytes(layer)));
                if let Some(ip) = printed.and_then(|p| p.parse().ok()) {
                    all.add(ip, way, 1, bytes, frame);
                }
            }
        }
    })?;
    for (id, of) in amounts.iter().enumerate() {
        let Some(flow) = u32::try_from(id).ok().and_then(|id| index.flow(id)) else { continue };
        if flow.transport == Transport::Arp {
            continue;
        }
        let apart = u32::try_from(id).ok().and_then(|id| apart.get(&id)).copied().unwrap_or_default();
        for (dir, taken) in apart.into_iter().enumerate() {
            let frames = of.frames.get(dir).map_or(0, |n| u64::from(*n)).saturating_sub(taken.0);
            let bytes = of.bytes.get(dir).map_or(0, |n| *n).saturating_sub(taken.1);
            if frames > 0 {
                let [from, to] = if dir == 0 { [flow.ends[0], flow.ends[1]] } else { [flow.ends[1], flow.ends[0]] };
                all.add(from.ip(), 0, frames, bytes, flow.first_frame);
                all.add(to.ip(), 1, frames, bytes, flow.first_frame);
            }
        }
    }
    Some((all.rows, frames))
}
