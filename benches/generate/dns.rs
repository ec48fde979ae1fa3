//! DNS questions from ever new ports, and answers to two thirds of them.

use super::Random;
use super::wire::{End, Out};
use std::collections::VecDeque;
use std::io::{self, Write};

const NAMES: [&str; 6] = ["www", "mail", "cdn", "api", "img", "static"];

fn name(out: &mut Vec<u8>, random: &mut Random) {
    let host = NAMES[random.below(6) as usize];
    let domain = format!("site{}", random.below(20_000));
    for label in [host, &domain, "example", "org"] {
        out.push(label.len() as u8);
        out.extend(label.bytes());
    }
    out.push(0);
}

pub fn questions<W: Write>(out: &mut Out<W>, random: &mut Random) -> io::Result<()> {
    let mut waiting: VecDeque<(End, End, Vec<u8>, u16)> = VecDeque::new();
    let mut flow = 0u64;
    while !out.full() {
        // Each port of each client once: a multiplication modulo a prime visits all numbers in a wild order.
        let number = flow.wrapping_mul(2_654_435_761) % 4_294_967_291;
        flow += 1;
        let client = End {
            ip: [10, (number >> 24) as u8, (number >> 16) as u8, (number % 250) as u8 + 1],
            port: 1024 + (number as u16) % 60_000,
        };
        let server = End { ip: [192, 0, 2, (random.below(4) + 53) as u8], port: 53 };
        let kind = if random.below(3) == 0 { 28 } else { 1 };
        let id = random.next() as u16;
        let mut question = id.to_be_bytes().to_vec();
        question.extend([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
        name(&mut question, random);
        question.extend([0, kind, 0, 1]);
        out.udp(client, server, &question)?;
        out.micros += 3 + random.below(20);
        if random.below(1000) < 639 {
            waiting.push_back((client, server, question, u16::from(kind)));
        }
        if waiting.len() > 40 && let Some((client, server, mut message, kind)) = waiting.pop_front() {
            let answers = random.below(3) as u8 + 1;
            message[2..8].copy_from_slice(&[0x81, 0x80, 0, 1, 0, answers]);
            for i in 0..answers {
                message.extend([0xc0, 12, 0, kind as u8, 0, 1, 0, 0, 1, 44]);
                match kind {
                    1 => message.extend([0, 4, 198, 51, 100, i + 1]),
                    _ => message.extend([0, 16, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, i + 1]),
                }
            }
            out.udp(server, client, &message)?;
            out.micros += 3 + random.below(20);
        }
    }
    Ok(())
}
