//! TCP echo server: sends back every byte it gets. Usage: server [ADDRESS [PORT]]
use std::io::{Read, Write};
use std::net::TcpListener;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() -> std::io::Result<()> {
    let at = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "7"));
    // bind is four calls of the kernel in one.
    let listener = TcpListener::bind(at)?; //~ socket setsockopt bind listen

    // One client is enough here; a real server would loop around accept.
    let (mut conn, _peer) = listener.accept()?; //~ accept
    let mut buffer = [0; 65536];
    loop {
        let n = conn.read(&mut buffer)?; //~ read
        if n == 0 {
            // The client has said FIN. //~ read(end)
            break;
        }
        conn.write_all(&buffer[..n])?; //~ write
    }
    drop(conn); //~ close(connection)
    drop(listener); //~ close(listener)
    Ok(())
}
