//! Sends a megabyte as fast as it may. Usage: client [ADDRESS [PORT]]
use std::io::Write;
use std::net::TcpStream;
use std::time::Instant;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() -> std::io::Result<()> {
    let mut conn = TcpStream::connect(format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "7")))?; //~ socket connect
    let began = Instant::now();
    for _ in 0..64 {
        // Returns when the kernel has taken the bytes: once both buffers are full, it waits here.
        conn.write_all(&[0; 16384])?; //~ write
    }
    println!("handed over in {:.2} s", began.elapsed().as_secs_f32());
    drop(conn); //~ close
    Ok(())
}
