//! UDP echo client: sends three datagrams. Usage: client [ADDRESS [PORT]]
use std::net::UdpSocket;
use std::time::Duration;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() -> std::io::Result<()> {
    let at = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "7"));
    let socket = UdpSocket::bind("0.0.0.0:0")?; //~ socket bind
    // Sends nothing: the kernel only notes whom to talk to, and whose errors to report.
    socket.connect(at)?; //~ connect
    // UDP never says that an answer was lost: wait one second.
    socket.set_read_timeout(Some(Duration::from_secs(1)))?;

    for _ in 0..3 {
        socket.send(b"hello, osiscope\n")?; //~ sendto
        let mut buffer = [0; 65507];
        match socket.recv(&mut buffer) { //~ recvfrom
            Ok(n) => print!("{}", String::from_utf8_lossy(&buffer[..n])),
            // "Connection refused" came as ICMP: nobody listens on that port.
            Err(e) => println!("{e}"), //~ recvfrom(failed)
        }
    }
    drop(socket); //~ close
    Ok(())
}
