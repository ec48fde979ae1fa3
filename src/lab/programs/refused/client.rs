//! Connects to a port where nobody listens. Usage: client [ADDRESS [PORT]]
use std::io::ErrorKind;
use std::net::TcpStream;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() {
    // The kernel over there answers our SYN with RST: no program is asked.
    // When connect fails the socket is closed at once.
    match TcpStream::connect(format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "9"))) { //~ socket connect close
        Err(e) if e.kind() == ErrorKind::ConnectionRefused => println!("ECONNREFUSED {e}"),
        other => println!("{other:?}"),
    }
}
