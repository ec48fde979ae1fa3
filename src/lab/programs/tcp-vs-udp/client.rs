//! Sends the same messages over TCP, then over UDP. Usage: client [ADDRESS [PORT]]
use std::io::{Read, Write};
use std::net::{TcpStream, UdpSocket};
use std::time::{Duration, Instant};

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() -> std::io::Result<()> {
    let at = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "7"));
    let mut answer = [0; 64];

    let began = Instant::now();
    let mut conn = TcpStream::connect(&at)?; //~ socket connect
    for n in 1..=10 {
        let message = format!("message {n:2}\n");
        conn.write_all(message.as_bytes())?; //~ write
        conn.read_exact(&mut answer[..message.len()])?; //~ read
    }
    drop(conn); //~ close
    println!("TCP: {:?}", began.elapsed());

    let began = Instant::now();
    let letters = UdpSocket::bind("0.0.0.0:0")?; //~ socket(DGRAM) bind
    letters.set_read_timeout(Some(Duration::from_secs(1)))?; // a letter may get lost
    for n in 1..=10 {
        // No connect: each one carries its address.
        letters.send_to(format!("message {n:2}\n").as_bytes(), &at)?; //~ sendto
        if letters.recv_from(&mut answer).is_err() { //~ recvfrom
            println!("lost: message {n}");
        }
    }
    println!("UDP: {:?}", began.elapsed());
    Ok(())
}
