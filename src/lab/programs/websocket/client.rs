//! WebSocket client by hand (RFC 6455). Usage: client [ADDRESS [PORT]]
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

/// Header, mask, masked data: only what a client sends is masked.
fn frame(opcode: u8, data: &[u8]) -> Vec<u8> {
    // Every RandomState is another: as near to random numbers as the standard library comes.
    let mask = (RandomState::new().hash_one(0) as u32).to_be_bytes();
    let mut out = vec![0x80 | opcode, 0x80 | data.len() as u8];
    out.extend(mask);
    out.extend(data.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
    out
}

fn receive(from: &mut impl Read) -> std::io::Result<String> {
    let mut header = [0; 2];
    from.read_exact(&mut header)?; //~ read
    let mut data = vec![0; usize::from(header[1])];
    from.read_exact(&mut data)?;
    Ok(String::from_utf8_lossy(&data).into_owned())
}

fn main() -> std::io::Result<()> {
    let host = arg(1, "127.0.0.1");
    let mut conn = TcpStream::connect(format!("{host}:{}", arg(2, "80")))?; //~ socket connect
    let mut reader = BufReader::new(conn.try_clone()?);

    // The key of the RFC's own example; the proof that belongs to it is known.
    let upgrade = "Upgrade: websocket\r\nConnection: Upgrade";
    let head = format!("GET /chat HTTP/1.1\r\nHost: {host}\r\n{upgrade}");
    let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13";
    conn.write_all(format!("{head}\r\n{key}\r\n\r\n").as_bytes())?; //~ write(1)
    let mut answer = String::new();
    while !answer.ends_with("\r\n\r\n") && reader.read_line(&mut answer)? > 0 {} //~ read(1)
    assert!(answer.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "this is no WebSocket server");

    for n in 1..=3 {
        conn.write_all(&frame(TEXT, format!(r#"{{"n": {n}, "text": "hello"}}"#).as_bytes()))?; //~ write
        println!("{}", receive(&mut reader)?);
    }
    conn.write_all(&frame(PING, b"osiscope"))?;
    println!("pong {}", receive(&mut reader)?);

    conn.write_all(&frame(CLOSE, b"\x03\xE8bye"))?; // code 1000: a normal end //~ write(last)
    println!("close {:?}", receive(&mut reader)?);
    reader.read(&mut [0])?; // 0 bytes: the server has closed TCP //~ read(end)
    drop((reader, conn)); //~ close
    Ok(())
}
