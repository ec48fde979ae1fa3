//! Flows and messages at rest, in a few bytes each.
//!
//! In: many of them. Out: the same, to the last bit. Their numbers stand in columns, as those of frames do; what all have in
//! common takes no room.

use super::{Flow, Message, MessageKind, NO_FRAME, TcpState, Transport};
use crate::proto::{self, Dir, Protocol};
use crate::trace::Nanos;
use crate::trace::column::Chunk;
use crate::trace::pages::Item;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Finds protocols in the table; those that stand beside each other are mostly the same.
#[derive(Default)]
struct Places(Option<(&'static str, i64)>);

impl Places {
    /// A protocol's place; `None`: it is not there.
    fn of(&mut self, name: &'static str) -> Option<i64> {
        if let Some((known, place)) = self.0
            && std::ptr::eq(known, name)
        {
            return Some(place);
        }
        let place = i64::try_from(proto::TABLE.iter().position(|p| p.name() == name)?).ok()?;
        self.0 = Some((name, place));
        Some(place)
    }
}

fn name(place: i64) -> Option<&'static str> {
    proto::TABLE.get(usize::try_from(place).ok()?).copied().map(Protocol::name)
}

fn maybe<T: Into<i64>>(n: Option<T>) -> i64 {
    n.map_or(-1, Into::into)
}

/// The two halves of an address.
fn halves(ip: IpAddr) -> [i64; 2] {
    match ip {
        IpAddr::V4(ip) => [0, ip.to_bits().into()],
        IpAddr::V6(ip) => [(ip.to_bits() >> 64) as i64, ip.to_bits() as i64],
    }
}

fn address(v6: bool, [upper, lower]: [i64; 2]) -> IpAddr {
    match v6 {
        false => Ipv4Addr::from(lower as u32).into(),
        true => Ipv6Addr::from(u128::from(upper as u64) << 64 | u128::from(lower as u64)).into(),
    }
}

/// Flows, as numbers: the small ones together, number, both ends, first and last frame and time, frames, bytes, TCP's.
#[derive(Clone, Debug)]
pub struct FlowPage(Chunk<20>, usize);

impl Item for Flow {
    type Page = FlowPage;

    fn pack(items: &[Self]) -> Option<FlowPage> {
        let mut places = Places::default();
        let numbers = |f: &Self| {
            let app = match f.app {
                None => 0,
                Some(name) => places.of(name)? + 1,
            };
            let [client, server] = f.ends;
            // What stands in no header of ours.
            if f.ends.iter().any(|end| matches!(end, SocketAddr::V6(end) if end.flowinfo() != 0 || end.scope_id() != 0)) {
                return None;
            }
            let small = f.transport as i64
                | i64::from(f.start_seen) << 3
                | i64::from(f.renumbered) << 4
                | i64::from(client.is_ipv6()) << 5
                | i64::from(server.is_ipv6()) << 6
                | (f.states[0] as i64) << 7
                | (f.states[1] as i64) << 11
                | app << 15;
            let ([a, b], [c, d]) = (halves(client.ip()), halves(server.ip()));
            Some([
                small,
                f.number.into(),
                a,
                b,
                c,
                d,
                client.port().into(),
                server.port().into(),
                f.first_frame.into(),
                i64::from(f.last_frame) - i64::from(f.first_frame),
                f.first_at.0,
                f.last_at.0.wrapping_sub(f.first_at.0),
                f.frames[0].into(),
                f.frames[1].into(),
                f.bytes[0] as i64,
                f.bytes[1] as i64,
                maybe(f.isn[0]),
                maybe(f.isn[1]),
                maybe(f.wscale[0]),
                maybe(f.wscale[1]),
            ])
        };
        let rows: Vec<[i64; 20]> = items.iter().map(numbers).collect::<Option<_>>()?;
        Some(FlowPage(Chunk::of(&rows), rows.len()))
    }

    fn unpack(page: &FlowPage) -> Vec<Self> {
        let flow = |row: usize| {
            let [small, number, a, b, c, d, port, other, first, frames, at, nanos, f0, f1, b0, b1, i0, i1, w0, w1] = page.0.row(row);
            let is = |bit: u32| small >> bit & 1 != 0;
            let state = |bit: u32| TcpState::ALL.get((small >> bit & 15) as usize).copied().unwrap_or_default();
            Self {
                transport: Transport::ALL.get((small & 7) as usize).copied().unwrap_or_default(),
                number: number as u32,
                ends: [
                    SocketAddr::new(address(is(5), [a, b]), port as u16),
                    SocketAddr::new(address(is(6), [c, d]), other as u16),
                ],
                start_seen: is(3),
                first_frame: first as u32,
                last_frame: (first + frames) as u32,
                first_at: Nanos(at),
                last_at: Nanos(at.wrapping_add(nanos)),
                frames: [f0 as u32, f1 as u32],
                bytes: [b0 as u64, b1 as u64],
                isn: [i0, i1].map(|n| u32::try_from(n).ok()),
                renumbered: is(4),
                wscale: [w0, w1].map(|n| u8::try_from(n).ok()),
                states: [state(7), state(11)],
                app: (small >> 15).checked_sub(1).and_then(name),
            }
        };
        (0..page.1).map(flow).collect()
    }
}

/// Messages, as numbers (flow, the small ones together, frames, time, range, the one it answers, note, where its title ends)
/// and their titles one behind the other.
#[derive(Clone, Debug)]
pub struct MessagePage(Chunk<11>, usize, Box<str>);

impl Item for Message {
    type Page = MessagePage;

    fn pack(items: &[Self]) -> Option<MessagePage> {
        let mut titles = String::with_capacity(items.iter().map(|m| m.title.len()).sum());
        // Where none is answered stands the number before, so that the column stays narrow.
        let mut answered = items.iter().find_map(|m| m.answers).unwrap_or(0);
        let mut places = Places::default();
        let numbers = |m: &Self| {
            titles.push_str(&m.title);
            answered = m.answers.unwrap_or(answered);
            let shown = m.shown_in != NO_FRAME;
            let small = m.dir.index() as i64
                | (m.kind as i64) << 1
                | i64::from(m.complete) << 5
                | i64::from(shown) << 6
                | i64::from(m.answers.is_some()) << 7
                | places.of(m.proto)? << 8;
            Some([
                m.flow.into(),
                small,
                m.first_frame.into(),
                i64::from(m.last_frame) - i64::from(m.first_frame),
                if shown { i64::from(m.shown_in) - i64::from(m.last_frame) } else { 0 },
                m.at.0,
                m.range.start as i64,
                m.range.end.wrapping_sub(m.range.start) as i64,
                answered.into(),
                m.note.into(),
                i64::try_from(titles.len()).ok()?,
            ])
        };
        let rows: Vec<[i64; 11]> = items.iter().map(numbers).collect::<Option<_>>()?;
        Some(MessagePage(Chunk::of(&rows), rows.len(), titles.into_boxed_str()))
    }

    fn unpack(MessagePage(chunk, len, titles): &MessagePage) -> Vec<Self> {
        let mut from = 0;
        let message = |row: usize| {
            let [flow, small, first, frames, shown, at, start, bytes, answers, note, end] = chunk.row(row);
            let is = |bit: u32| small >> bit & 1 != 0;
            let title = titles.get(from..end as usize).unwrap_or("").to_owned();
            from = end as usize;
            let last = first + frames;
            Self {
                flow: flow as u32,
                dir: if is(0) { Dir::ToClient } else { Dir::ToServer },
                proto: name(small >> 8).unwrap_or("data"),
                kind: MessageKind::ALL.get((small >> 1 & 15) as usize).copied().unwrap_or(MessageKind::Data),
                title,
                range: start as u64..(start as u64).wrapping_add(bytes as u64),
                first_frame: first as u32,
                last_frame: last as u32,
                at: Nanos(at),
                shown_in: if is(6) { (last + shown) as u32 } else { NO_FRAME },
                complete: is(5),
                answers: is(7).then_some(answers as u32),
                note: note as u32,
            }
        };
        (0..*len).map(message).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn end(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn flows_come_back_with_their_extremes() {
        let flow = |i: u32| Flow {
            transport: Transport::ALL[i as usize % 5],
            number: u32::MAX - i,
            ends: match i % 3 {
                0 => [end("255.255.255.255:65535"), end("0.0.0.0:0")],
                1 => [end("[ffff:ffff::ffff]:1"), end("[::]:65535")],
                _ => [end("10.0.0.1:80"), end("[::ffff:10.0.0.1]:80")],
            },
            start_seen: i % 2 == 0,
            first_frame: i * 7,
            last_frame: u32::MAX - 1 - i,
            first_at: Nanos(if i == 4 { i64::MIN } else { 5 }),
            last_at: Nanos(if i == 5 { i64::MIN } else { i64::MAX }),
            frames: [i, u32::MAX],
            bytes: [u64::MAX - u64::from(i), 0],
            isn: [None, Some(u32::MAX - i)],
            renumbered: i % 4 == 1,
            wscale: [Some(14), None],
            states: [TcpState::ALL[i as usize % 12], TcpState::TimeWait],
            app: [None, Some("http"), Some("data")][i as usize % 3],
        };
        let flows: Vec<Flow> = (0..60).map(flow).collect();
        assert_eq!(Flow::unpack(&Flow::pack(&flows).unwrap()), flows);
        let odd = Flow { app: Some("no such protocol"), ..flow(1) };
        assert!(Flow::pack(&[flow(0), odd]).is_none());
    }

    #[test]
    fn messages_come_back_with_their_titles() {
        let message = |i: u32| Message {
            flow: if i == 3 { u32::MAX } else { i },
            dir: Dir::BOTH[i as usize % 2],
            proto: proto::TABLE[i as usize % proto::TABLE.len()].name(),
            kind: MessageKind::ALL[i as usize % 9],
            title: "題".repeat(i as usize % 4),
            range: u64::MAX - 9..u64::MAX - u64::from(i % 9),
            first_frame: u32::MAX - 1 - i,
            last_frame: i,
            at: Nanos(if i == 7 { i64::MIN } else { i64::MAX }),
            shown_in: if i % 3 == 0 { NO_FRAME } else { i },
            complete: i % 2 == 1,
            answers: [None, Some(0), Some(u32::MAX - i)][i as usize % 3],
            note: i * 1_000_003,
        };
        let messages: Vec<Message> = (0..60).map(message).collect();
        assert_eq!(Message::unpack(&Message::pack(&messages).unwrap()), messages);
    }

    #[test]
    fn what_a_name_server_hears_takes_little() {
        let flow = |i: u32| Flow {
            transport: Transport::Udp,
            number: i,
            ends: [SocketAddr::new(Ipv4Addr::from(0x0a00_0000 | i * 77 % 60_000).into(), 1024 + i as u16), end("192.0.2.1:53")],
            start_seen: true,
            first_frame: 2 * i,
            last_frame: 2 * i + 1,
            first_at: Nanos(1_700_000_000_000_000_000 + i64::from(i) * 1_000_000),
            last_at: Nanos(1_700_000_000_000_000_000 + i64::from(i) * 1_000_100),
            frames: [1, 1],
            bytes: [40, 90],
            isn: [None; 2],
            renumbered: false,
            wscale: [None; 2],
            states: [TcpState::None; 2],
            app: Some("dns"),
        };
        let page = Flow::pack(&(0..256).map(flow).collect::<Vec<_>>()).unwrap();
        assert!(page.0.len() < 256 * 24, "{} bytes", page.0.len());
    }
}
