//! One TCP connection as a capture beside the client sees it: what each end sends, in the order in which it comes past.
//!
//! In: what an end says. Out: segments, acknowledgements as a receiver sends them, and the accidents of a network.

use super::Random;
use super::wire::{End, Out, Segment};
use std::collections::VecDeque;
use std::io::{self, Write};

const SYN: u8 = 2;
const PSH: u8 = 8;
const ACK: u8 = 16;

/// A segment that is still to be written.
struct Planned {
    /// 0: from the client.
    from: usize,
    flags: u8,
    seq: u32,
    ack: u32,
    /// The part of what is being said.
    at: usize,
    len: usize,
}

/// What an end says: a head and a body of so many bytes from the pool.
#[derive(Default)]
struct Said {
    head: Vec<u8>,
    body: usize,
    body_at: usize,
}

/// Accidents in 10,000 segments of data.
#[derive(Clone, Copy)]
pub struct Luck {
    pub lost: u64,
    pub overtaken: u64,
    pub doubled: u64,
}

impl Luck {
    pub const NONE: Self = Self { lost: 0, overtaken: 0, doubled: 0 };
    pub const WEB: Self = Self { lost: 34, overtaken: 33, doubled: 33 };
}

/// A connection.
pub struct Connection {
    pub ends: [End; 2],
    /// The next number of each end.
    next: [u32; 2],
    acked: [u32; 2],
    clock: [u32; 2],
    mss: usize,
    plan: VecDeque<Planned>,
    said: Said,
    pub started: bool,
}

impl Connection {
    pub fn new(ends: [End; 2], mss: usize, random: &mut Random) -> Self {
        let isn = [random.next() as u32, random.next() as u32];
        let clock = [random.next() as u32 >> 1, random.next() as u32 >> 1];
        Self { ends, next: isn, acked: [0; 2], clock, mss, plan: VecDeque::new(), said: Said::default(), started: false }
    }

    /// Nothing is left to write of what was said.
    pub fn idle(&self) -> bool {
        self.plan.is_empty()
    }

    /// The three segments of the opening.
    pub fn open(&mut self) {
        let [client, server] = self.next;
        let bare = |from, flags, seq, ack| Planned { from, flags, seq, ack, at: 0, len: 0 };
        self.plan.push_back(bare(0, SYN, client, 0));
        self.plan.push_back(bare(1, SYN | ACK, server, client.wrapping_add(1)));
        self.plan.push_back(bare(0, ACK, client.wrapping_add(1), server.wrapping_add(1)));
        self.next = [client.wrapping_add(1), server.wrapping_add(1)];
        self.acked = self.next;
        self.started = true;
    }

    /// `from` says something, to be written before anything else is said. `ack_all`: the other end acknowledges the last
    /// segment at once; otherwise it answers with data soon.
    pub fn say(&mut self, from: usize, head: Vec<u8>, body: usize, body_at: usize, ack_all: bool, luck: Luck, random: &mut Random) {
        let to = from ^ 1;
        let total = head.len() + body;
        self.said = Said { head, body, body_at };
        let first = self.next[from];
        // The order of arrival: (offset, length).
        let mut way: Vec<(usize, usize)> = (0..total).step_by(self.mss).map(|at| (at, self.mss.min(total - at))).collect();
        let mut i = 0;
        while luck.lost + luck.overtaken + luck.doubled > 0 && i < way.len() {
            let die = random.below(10_000);
            if die < luck.lost {
                // Sent again when the ACKs of those behind it have told, or after a while.
                let lost = way.remove(i);
                let again = (i + 4 + random.below(8) as usize).min(way.len());
                way.insert(again, lost);
            } else if die < luck.lost + luck.overtaken && i + 1 < way.len() {
                way.swap(i, i + 1);
                i += 1;
            } else if die < luck.lost + luck.overtaken + luck.doubled {
                way.insert(i + 1, way[i]);
                i += 1;
            }
            i += 1;
        }
        // The receiver: how far it has everything, and what came too early.
        let (mut have, mut early, mut unacked): (usize, Vec<(usize, usize)>, _) = (0, Vec::new(), 0);
        for (at, len) in way {
            let push = if at + len == total { PSH } else { 0 };
            let seq = first.wrapping_add(at as u32);
            self.plan.push_back(Planned { from, flags: ACK | push, seq, ack: self.next[to], at, len });
            let in_order = at == have && early.is_empty();
            if at <= have {
                have = have.max(at + len);
            } else {
                early.push((at, len));
            }
            early.sort_unstable();
            early.retain(|(at, len)| {
                let joins = *at <= have;
                if joins {
                    have = have.max(at + len);
                }
                !joins
            });
            unacked += 1;
            let done = have == total;
            if !in_order || unacked == 2 || (done && ack_all) {
                unacked = 0;
                let ack = first.wrapping_add(have as u32);
                self.plan.push_back(Planned { from: to, flags: ACK, seq: self.next[to], ack, at: 0, len: 0 });
                self.acked[from] = ack;
            }
        }
        self.next[from] = first.wrapping_add(total as u32);
    }

    /// Writes the next segment.
    pub fn step<W: Write>(&mut self, out: &mut Out<W>, pool: &[u8]) -> io::Result<()> {
        let Some(p) = self.plan.pop_front() else { return Ok(()) };
        let now = [0, 1].map(|i: usize| self.clock[i].wrapping_add((out.micros / 1000) as u32));
        let mut options = [1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0];
        options[4..8].copy_from_slice(&now[p.from].to_be_bytes());
        options[8..12].copy_from_slice(&now[p.from ^ 1].wrapping_sub(2).to_be_bytes());
        let mut syn = [2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 3, 7];
        syn[8..12].copy_from_slice(&now[p.from].to_be_bytes());
        let said = &self.said;
        let head = said.head.get(p.at..(p.at + p.len).min(said.head.len())).unwrap_or(&[]);
        let body_at = p.at.saturating_sub(said.head.len());
        let len = (p.len - head.len()).min(said.body.saturating_sub(body_at));
        let from = (said.body_at + body_at) % (pool.len() - 65_536);
        out.tcp(&Segment {
            from: self.ends[p.from],
            to: self.ends[p.from ^ 1],
            seq: p.seq,
            ack: p.ack,
            flags: p.flags,
            window: if p.flags & SYN != 0 { 64_240 } else { 2_000 },
            options: if p.flags & SYN != 0 { &syn } else { &options },
            payload: [head, &pool[from..from + len]],
        })
    }
}
