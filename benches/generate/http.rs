//! HTTP/1.1 between many clients and servers; one long body; one long stream.

use super::Random;
use super::tcp::{Connection, Luck};
use super::wire::{End, Out};
use std::io::{self, Write};

/// Text that bodies are cut from.
fn pool() -> Vec<u8> {
    let mut random = Random(7);
    let mut pool = Vec::new();
    while pool.len() < 1 << 20 {
        let word = random.below(9) + 2;
        pool.extend((0..word).map(|_| b'a' + random.below(26) as u8));
        pool.push(if random.below(12) == 0 { b'\n' } else { b' ' });
    }
    pool
}

const PATHS: [&str; 8] = ["/", "/index.html", "/style/site.css", "/api/users/", "/images/", "/search?q=tcp&page=", "/static/app.js?v=", "/news/2024/"];
const TYPES: [&str; 4] = ["text/html; charset=utf-8", "text/css", "application/javascript", "text/plain"];

fn request(random: &mut Random) -> Vec<u8> {
    let method = if random.below(20) == 0 { "HEAD" } else { "GET" };
    let path = PATHS[random.below(8) as usize];
    format!(
        "{method} {path}{} HTTP/1.1\r\nHost: www{}.example.org\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: */*\r\nAccept-Encoding: identity\r\nCookie: session={:016x}\r\nConnection: keep-alive\r\n\r\n",
        random.below(10_000),
        random.below(50),
        random.next()
    )
    .into_bytes()
}

fn answer(random: &mut Random, len: usize) -> Vec<u8> {
    let (status, len) = match random.below(40) {
        0 => ("404 Not Found", len),
        1 => ("304 Not Modified", 0),
        2 => ("500 Internal Server Error", len),
        _ => ("200 OK", len),
    };
    format!(
        "HTTP/1.1 {status}\r\nServer: nginx/1.24.0\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\nContent-Type: {}\r\nContent-Length: {len}\r\nConnection: keep-alive\r\nETag: \"{:x}\"\r\n\r\n",
        TYPES[random.below(4) as usize],
        random.next() >> 20
    )
    .into_bytes()
}

pub fn ends(i: u32, port: u16) -> [End; 2] {
    let client = End { ip: [10, 1, (i >> 8) as u8, i as u8], port: 32_768 + (i.wrapping_mul(7919) % 28_000) as u16 };
    [client, End { ip: [192, 0, 2, (i % 20) as u8 + 1], port }]
}

struct Client {
    connection: Connection,
    /// The request was said, the answer is next.
    asked: Option<bool>,
}

pub fn web<W: Write>(out: &mut Out<W>, random: &mut Random, clients: u32, mss: usize, longest: u64) -> io::Result<()> {
    let pool = pool();
    let mut all: Vec<Client> = (0..clients)
        .map(|i| Client { connection: Connection::new(ends(i, 80), mss, random), asked: None })
        .collect();
    let luck = if mss > 4096 { Luck::NONE } else { Luck::WEB };
    while !out.full() {
        let i = random.below(u64::from(clients)) as usize;
        let Client { connection, asked } = &mut all[i];
        for _ in 0..=random.below(6) {
            if connection.idle() {
                if !connection.started {
                    connection.open();
                } else if let Some(head) = asked.take() {
                    let len = random.of_order(200, longest) as usize;
                    let text = answer(random, len);
                    let empty = head || text.windows(10).any(|w| w == b"HTTP/1.1 3");
                    let body_at = random.below(1 << 20) as usize;
                    connection.say(1, text, if empty { 0 } else { len }, body_at, true, luck, random);
                } else {
                    let text = request(random);
                    *asked = Some(text.starts_with(b"HEAD"));
                    connection.say(0, text, 0, 0, true, luck, random);
                }
            }
            connection.step(out, &pool)?;
            out.micros += 3 + random.below(30);
        }
    }
    Ok(())
}

/// One answer with a long body.
pub fn body<W: Write>(out: &mut Out<W>, len: u64) -> io::Result<()> {
    out.unlimited();
    let (pool, random) = (pool(), &mut Random(1));
    let mut connection = Connection::new(ends(1, 80), 1448, random);
    connection.open();
    finish(&mut connection, out, &pool)?;
    connection.say(0, request(&mut Random(3)), 0, 0, true, Luck::NONE, random);
    finish(&mut connection, out, &pool)?;
    let len = len as usize;
    let head = format!("HTTP/1.1 200 OK\r\nServer: nginx/1.24.0\r\nContent-Type: application/octet-stream\r\nContent-Length: {len}\r\n\r\n");
    connection.say(1, head.into_bytes(), len, 0, true, Luck::NONE, random);
    finish(&mut connection, out, &pool)
}

fn finish<W: Write>(connection: &mut Connection, out: &mut Out<W>, pool: &[u8]) -> io::Result<()> {
    while !connection.idle() && !out.full() {
        connection.step(out, pool)?;
        out.micros += 12;
    }
    Ok(())
}

/// One long stream of bytes that are no text, to a port that means nothing.
pub fn bulk<W: Write>(out: &mut Out<W>) -> io::Result<()> {
    let random = &mut Random(11);
    let mut pool = Vec::new();
    while pool.len() < 1 << 20 {
        pool.extend((random.next() | 0x8080_8080_8080_8080).to_le_bytes());
    }
    let mut connection = Connection::new(ends(1, 50_001), 1448, random);
    connection.open();
    let mut at = 0;
    while !out.full() {
        finish(&mut connection, out, &pool)?;
        let len = 1448 * 64;
        connection.say(0, Vec::new(), len, at, false, Luck::NONE, random);
        at += len;
    }
    Ok(())
}
