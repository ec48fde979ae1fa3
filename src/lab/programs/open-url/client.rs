//! What happens when you type a URL. Usage: client [RESOLVER [DNS [WEB]]]
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() -> std::io::Result<()> {
    let name = "www.osiscope.example";
    let began = Instant::now();
    let step = |what: &str| println!("{:7.2} ms  {what}", began.elapsed().as_secs_f64() * 1e3);

    // 1. DNS: which address has the name? A header, the name in pieces with their lengths,
    // type A, class IN. (to_socket_addrs would do this, with the resolver of the system.)
    let mut question = b"os\x01\0\0\x01\0\0\0\0\0\0".to_vec();
    for piece in name.split('.') {
        question.push(piece.len() as u8);
        question.extend(piece.as_bytes());
    }
    question.extend(b"\0\0\x01\0\x01");
    let socket = UdpSocket::bind("0.0.0.0:0")?; //~ socket(DGRAM) bind
    socket.set_read_timeout(Some(Duration::from_secs(2)))?;
    let resolver = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "53"));
    socket.send_to(&question, resolver)?; //~ sendto
    let mut answer = [0; 512];
    let (n, _) = socket.recv_from(&mut answer)?; //~ recvfrom
    drop(socket); //~ close(53)
    // Here the only record is the last one.
    let last: [u8; 4] = answer[n - 4..n].try_into().expect("four bytes");
    let address = Ipv4Addr::from(last);
    step(&format!("{name} is {address}"));

    // 2. TCP: a connection to that address.
    let mut conn = TcpStream::connect(format!("{address}:{}", arg(3, "80")))?; //~ socket connect
    step("connected");

    // 3. HTTP: the request names the host again, for one address may serve many.
    conn.write_all(format!("GET /hello?lang=ja HTTP/1.1\r\nHost: {name}\r\n\r\n").as_bytes())?; //~ write
    let mut page = String::new();
    conn.read_to_string(&mut page)?; //~ read
    step(page.lines().next().unwrap_or_default());

    // 4. Both sides have said FIN.
    drop(conn); //~ close
    step("closed");
    Ok(())
}
