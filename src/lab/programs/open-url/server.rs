//! A name server and a web server at one address. Usage: server [ADDRESS [DNS [WEB]]]
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, UdpSocket};

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

/// Answers every question with our own address (RFC 1035).
fn names(socket: UdpSocket, address: Ipv4Addr) -> std::io::Result<()> {
    let mut question = [0; 512];
    loop {
        let (n, peer) = socket.recv_from(&mut question)?; //~ recvfrom
        // The same number; flags "answer"; 1 question, 1 answer; the question again; then the
        // record: name as at byte 12, type A, class IN, good for 60 seconds, 4 bytes of address.
        let mut answer = question[..2].to_vec();
        answer.extend(b"\x81\x80\0\x01\0\x01\0\0\0\0");
        answer.extend(&question[12.min(n)..n]);
        answer.extend(b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04");
        answer.extend(address.octets());
        socket.send_to(&answer, peer)?; //~ sendto
    }
}

fn main() -> std::io::Result<()> {
    let address = arg(1, "127.0.0.1");
    let socket = UdpSocket::bind(format!("{address}:{}", arg(2, "53")))?; //~ socket(DGRAM) bind
    let at = format!("{address}:{}", arg(3, "80"));
    let listener = TcpListener::bind(at)?; //~ socket setsockopt bind(80) listen
    let own = address.parse().expect("an IPv4 address");
    std::thread::spawn(move || names(socket, own));

    let (mut conn, _peer) = listener.accept()?; //~ accept
    conn.read(&mut [0; 65536])?; //~ read
    let body = "<h1>Hello</h1>\n";
    let fields = format!("Content-Length: {}\r\nConnection: close\r\n", body.len());
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{fields}\r\n");
    conn.write_all((head + body).as_bytes())?; //~ write
    drop(conn); //~ close(connection)
    drop(listener); //~ close(listener)
    Ok(())
}
