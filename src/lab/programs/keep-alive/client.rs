//! TCP keep-alive, then a ping of the application's own. Usage: client [ADDRESS [PORT]]
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::time::Duration;

unsafe extern "C" {
    /// setsockopt(2): the standard library knows nothing of keep-alive.
    fn setsockopt(fd: i32, level: i32, name: i32, value: *const i32, length: u32) -> i32;
}
const SOL_SOCKET: i32 = 1;
const SO_KEEPALIVE: i32 = 9;
const IPPROTO_TCP: i32 = 6;
const TCP_KEEPIDLE: i32 = 4;
const TCP_KEEPINTVL: i32 = 5;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() -> std::io::Result<()> {
    let mut conn = TcpStream::connect(format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "7")))?; //~ socket connect
    // First probe after 1 second of silence, then one a second (usual: the first after 2 hours).
    let tcp = [(IPPROTO_TCP, TCP_KEEPIDLE), (IPPROTO_TCP, TCP_KEEPINTVL)];
    for (level, name) in [(SOL_SOCKET, SO_KEEPALIVE)].into_iter().chain(tcp) {
        // SAFETY: the kernel reads 4 bytes, which live until the call returns.
        unsafe { setsockopt(conn.as_raw_fd(), level, name, &1, 4) }; //~ setsockopt
    }
    std::thread::sleep(Duration::from_millis(2500)); // the kernels talk, no program does

    // A ping of our own also proves that the program over there still works.
    conn.write_all(b"ping\n")?; //~ write
    let mut buffer = [0; 64];
    let n = conn.read(&mut buffer)?; //~ read
    print!("{}", String::from_utf8_lossy(&buffer[..n]));
    drop(conn); //~ close
    Ok(())
}
