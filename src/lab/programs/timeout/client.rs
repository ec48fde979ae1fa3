//! Connects until nobody answers any more. Usage: client [ADDRESS [PORT]]
use std::net::TcpStream;
use std::time::{Duration, Instant};

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() {
    let at = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "7"));
    let at = at.parse().expect("an address and a port");
    let mut opened = Vec::new();
    for n in 1..=5 {
        let began = Instant::now();
        // Without a limit the kernel sends its SYN again and again for two minutes.
        match TcpStream::connect_timeout(&at, Duration::from_secs(3)) { //~ socket connect
            Ok(conn) => {
                println!("connection {n} stands, though nobody has accepted it");
                opened.push(conn);
            }
            Err(_) => {
                let seconds = began.elapsed().as_secs_f32();
                println!("connection {n}: no answer in {seconds:.1} s"); //~ connect(failed)
                break;
            }
        }
    }
    drop(opened); //~ close
}
