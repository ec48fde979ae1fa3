//! Talks to a server that breaks off. Usage: client [ADDRESS [PORT]]
use std::io::{Read, Write};
use std::net::TcpStream;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() -> std::io::Result<()> {
    let mut conn = TcpStream::connect(format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "7")))?; //~ socket connect
    conn.write_all(b"hello, osiscope\n")?; //~ write
    let told = conn.read(&mut [0; 65536]); // told of the RST: ECONNRESET, once only //~ read
    println!("{told:?}");
    let refused = conn.write_all(b"still there?\n"); // EPIPE: nothing is sent any more //~ write(failed)
    println!("{refused:?}");
    drop(conn); //~ close
    Ok(())
}
