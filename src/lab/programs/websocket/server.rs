//! WebSocket server by hand (RFC 6455). Usage: server [ADDRESS [PORT]]
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener};

const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

/// SHA-1 (RFC 3174): the standard library has none.
fn sha1(text: &str) -> Vec<u8> {
    let mut h: [u32; 5] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];
    let mut bytes = text.as_bytes().to_vec();
    bytes.push(0x80);
    while bytes.len() % 64 != 56 {
        bytes.push(0);
    }
    bytes.extend((text.len() as u64 * 8).to_be_bytes());
    for block in bytes.chunks(64) {
        let word = |c: &[u8]| u32::from_be_bytes([c[0], c[1], c[2], c[3]]);
        let mut w: Vec<u32> = block.chunks(4).map(word).collect();
        let [mut a, mut b, mut c, mut d, mut e] = h;
        for i in 0..80 {
            if i >= 16 {
                w.push((w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16]).rotate_left(1));
            }
            let (f, k) = match i {
                0..20 => ((b & c) | (!b & d), 0x5A82_7999_u32),
                20..40 => (b ^ c ^ d, 0x6ED9_EBA1),
                40..60 => ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC),
                _ => (b ^ c ^ d, 0xCA62_C1D6),
            };
            let t = [f, k, e, w[i]].into_iter().fold(a.rotate_left(5), u32::wrapping_add);
            (a, b, c, d, e) = (t, a, b.rotate_left(30), c, d);
        }
        for (sum, part) in h.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(part);
        }
    }
    h.iter().flat_map(|n| n.to_be_bytes()).collect()
}

fn base64(bytes: &[u8]) -> String {
    let abc = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let v = three.iter().fold(0, |v, b| v << 8 | usize::from(*b)) << (8 * (3 - three.len()));
        for k in 0..4 {
            out.push(if k > three.len() { '=' } else { abc[v >> (18 - 6 * k) & 63] as char });
        }
    }
    out
}

fn main() -> std::io::Result<()> {
    let at = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "80"));
    let listener = TcpListener::bind(at)?; //~ socket setsockopt bind listen
    let (mut conn, _peer) = listener.accept()?; //~ accept
    let mut reader = BufReader::new(conn.try_clone()?);

    // It begins as HTTP: the head of a GET with a random key.
    let (mut line, mut key) = (String::new(), String::new());
    while line != "\r\n" {
        line.clear();
        reader.read_line(&mut line)?; //~ read(1)
        if let Some(value) = line.strip_prefix("Sec-WebSocket-Key: ") {
            key = value.trim().to_owned();
        }
    }
    // The proof that this server speaks WebSocket: the key and a fixed text, hashed.
    let proof = base64(&sha1(&(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
    let answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade";
    conn.write_all(format!("{answer}\r\nSec-WebSocket-Accept: {proof}\r\n\r\n").as_bytes())?; //~ write(1)

    loop {
        // From here on: frames. The client's are masked: each byte XOR one of four key bytes.
        let (mut header, mut mask) = ([0; 2], [0; 4]);
        reader.read_exact(&mut header)?; //~ read
        let (opcode, mut length) = (header[0] & 0x0F, usize::from(header[1] & 0x7F));
        if length == 126 {
            let mut more = [0; 2];
            reader.read_exact(&mut more)?;
            length = usize::from(u16::from_be_bytes(more));
        }
        reader.read_exact(&mut mask)?;
        let mut data = vec![0; length];
        reader.read_exact(&mut data)?;
        data.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, key)| *byte ^= key);
        let mut frame = vec![0x80 | if opcode == PING { PONG } else { opcode }];
        match length {
            0..126 => frame.push(length as u8),
            _ => frame.extend([126, (length >> 8) as u8, length as u8]),
        }
        frame.extend(data);
        conn.write_all(&frame)?; //~ write
        if opcode == CLOSE {
            break;
        }
    }
    conn.shutdown(Shutdown::Write)?; // the server ends the TCP connection first //~ shutdown
    reader.read(&mut [0])?; //~ read(end)
    drop((reader, conn)); //~ close(connection)
    drop(listener); //~ close(listener)
    Ok(())
}
