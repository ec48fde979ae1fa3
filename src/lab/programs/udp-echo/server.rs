//! UDP echo server: sends back every datagram. Usage: server [ADDRESS [PORT]]
use std::net::UdpSocket;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() -> std::io::Result<()> {
    let at = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "7"));
    // No listen, no accept: there are no connections.
    let socket = UdpSocket::bind(at)?; //~ socket bind

    // Nothing tells a UDP server that its client has gone: it loops until it is stopped.
    let mut buffer = [0; 65507];
    loop {
        let (n, peer) = socket.recv_from(&mut buffer)?; //~ recvfrom
        socket.send_to(&buffer[..n], peer)?; //~ sendto
    }
    // Whoever stops the program closes its socket. //~ close
}
