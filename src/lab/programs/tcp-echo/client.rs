//! TCP echo client: says the same line three times. Usage: client [ADDRESS [PORT]]
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() -> std::io::Result<()> {
    let at = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "7"));
    let line = b"hello, osiscope\n";
    let mut conn = TcpStream::connect(at)?; //~ socket connect

    for _ in 0..3 {
        conn.write_all(line)?; //~ write
        // TCP has no messages: read_exact reads until the whole line is here.
        let mut echo = [0; 16];
        conn.read_exact(&mut echo)?; //~ read
        print!("{}", String::from_utf8_lossy(&echo));
    }
    conn.shutdown(Shutdown::Write)?; // FIN: nothing more to say //~ shutdown
    conn.read(&mut [0])?; // 0 bytes once the server's FIN is here //~ read(end)
    drop(conn); //~ close
    Ok(())
}
