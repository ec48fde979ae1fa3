//! Echoes over TCP and over UDP, on one port number. Usage: server [ADDRESS [PORT]]
use std::net::{TcpListener, UdpSocket};

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() -> std::io::Result<()> {
    let at = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "7"));
    // Port 7 of TCP and port 7 of UDP are two different ports.
    let letters = UdpSocket::bind(&at)?; //~ socket(DGRAM) bind
    let listener = TcpListener::bind(&at)?; //~ socket setsockopt bind listen

    // The telephone: one connection, in which bytes arrive in order or not at all.
    let (conn, _peer) = listener.accept()?; //~ accept
    std::io::copy(&mut &conn, &mut &conn)?; //~ read write
    drop(conn); //~ close(connection)
    drop(listener); //~ close(listener)

    // The letter: each datagram comes alone, and nobody says that there will be no more.
    let mut buffer = [0; 65507];
    loop {
        let (n, peer) = letters.recv_from(&mut buffer)?; //~ recvfrom
        letters.send_to(&buffer[..n], peer)?; //~ sendto
    }
}
