//! Answers each ping, and otherwise keeps quiet. Usage: server [ADDRESS [PORT]]
use std::io::{Read, Write};
use std::net::TcpListener;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() -> std::io::Result<()> {
    let at = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "7"));
    let listener = TcpListener::bind(at)?; //~ socket setsockopt bind listen
    let (mut conn, _peer) = listener.accept()?; //~ accept
    // TCP's keep-alive is answered by the kernel: this program does not wake up for it.
    let mut buffer = [0; 64];
    loop {
        let n = conn.read(&mut buffer)?; //~ read
        match &buffer[..n] {
            b"" => break, //~ read(end)
            b"ping\n" => conn.write_all(b"pong\n")?, //~ write
            _ => {}
        }
    }
    drop(conn); //~ close(connection)
    drop(listener); //~ close(listener)
    Ok(())
}
