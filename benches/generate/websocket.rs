//! WebSocket connections after their upgrade: texts and bytes in both directions, the client's masked (RFC 6455 §5.3).

use super::Random;
use super::http::ends;
use super::tcp::{Connection, Luck};
use super::wire::Out;
use std::io::{self, Write};

struct Client {
    connection: Connection,
    /// Turns said so far: 0 is the request to upgrade, 1 its answer.
    turns: u64,
}

fn turn(random: &mut Random, turns: u64) -> (usize, Vec<u8>) {
    match turns {
        0 => (0, b"GET /chat HTTP/1.1\r\nHost: chat.example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".to_vec()),
        1 => (1, b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n".to_vec()),
        _ => {
            let from = random.below(2) as usize;
            let mut out = Vec::new();
            // Sometimes several frames stand in one segment.
            for _ in 0..=random.below(5) / 4 {
                frame(&mut out, random, from == 0);
            }
            (from, out)
        }
    }
}

fn frame(out: &mut Vec<u8>, random: &mut Random, masked: bool) {
    let (opcode, payload) = match random.below(20) {
        0 => (9, b"are you there?".to_vec()),
        1..=5 => (2, (0..random.of_order(8, 1200)).map(|i| (i * 37) as u8).collect()),
        _ => {
            let words = "message ".repeat(random.of_order(1, 80) as usize);
            (1, format!("{{\"id\":{},\"text\":\"{words}\"}}", random.below(1_000_000)).into_bytes())
        }
    };
    out.push(0x80 | opcode);
    let mask = if masked { 0x80 } else { 0 };
    match payload.len() {
        n @ 0..=125 => out.push(mask | n as u8),
        n => {
            out.push(mask | 126);
            out.extend((n as u16).to_be_bytes());
        }
    }
    let key = (random.next() as u32).to_be_bytes();
    if masked {
        out.extend(key);
        out.extend(payload.iter().zip(key.iter().cycle()).map(|(b, k)| b ^ k));
    } else {
        out.extend(payload);
    }
}

pub fn talk<W: Write>(out: &mut Out<W>, random: &mut Random, clients: u32) -> io::Result<()> {
    let pool = vec![0; 1 << 17];
    let mut all: Vec<Client> =
        (0..clients).map(|i| Client { connection: Connection::new(ends(i, 80), 1448, random), turns: 0 }).collect();
    while !out.full() {
        let i = random.below(u64::from(clients)) as usize;
        let Client { connection, turns } = &mut all[i];
        for _ in 0..=random.below(3) {
            if connection.idle() {
                if connection.started {
                    let (from, said) = turn(random, *turns);
                    *turns += 1;
                    let ack = random.below(2) == 0;
                    connection.say(from, said, 0, 0, ack, Luck::NONE, random);
                } else {
                    connection.open();
                }
            }
            connection.step(out, &pool)?;
            out.micros += 5 + random.below(40);
        }
    }
    Ok(())
}
