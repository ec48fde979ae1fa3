//! Sends a megabyte as fast as it may. Usage: client [ADDRESS [PORT]]
use std::io::Write;
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::time::Instant;

unsafe extern "C" {
    /// setsockopt(2): the standard library does not let one choose the size of a buffer.
    fn setsockopt(fd: i32, level: i32, name: i32, value: *const i32, length: u32) -> i32;
}
const SOL_SOCKET: i32 = 1;
const SO_SNDBUF: i32 = 7;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() -> std::io::Result<()> {
    let mut conn = TcpStream::connect(format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "7")))?; //~ socket connect
    // SAFETY: the kernel reads 4 bytes, which live until the call returns.
    unsafe { setsockopt(conn.as_raw_fd(), SOL_SOCKET, SO_SNDBUF, &65536, 4) }; //~ setsockopt(SO_SNDBUF)
    let began = Instant::now();
    for _ in 0..64 {
        // Returns when the kernel has taken the bytes: once both buffers are full, it waits here.
        conn.write_all(&[0; 16384])?; //~ write
    }
    println!("sent in {:.2} s", began.elapsed().as_secs_f32());
    drop(conn); //~ close
    Ok(())
}
