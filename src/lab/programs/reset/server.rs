//! A server that breaks off instead of saying goodbye. Usage: server [ADDRESS [PORT]]
use std::io::Read;
use std::net::TcpListener;
use std::os::fd::AsRawFd;

unsafe extern "C" {
    /// setsockopt(2): the standard library's set_linger is not stable yet.
    fn setsockopt(fd: i32, level: i32, name: i32, value: *const [i32; 2], length: u32) -> i32;
}
const SOL_SOCKET: i32 = 1;
const SO_LINGER: i32 = 13;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() -> std::io::Result<()> {
    let at = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "7"));
    let listener = TcpListener::bind(at)?; //~ socket setsockopt(SO_REUSEADDR) bind listen
    let (mut conn, _peer) = listener.accept()?; //~ accept
    conn.read(&mut [0; 65536])?; //~ read

    // "On, for 0 seconds": close sends RST, forgets all data on its way, and leaves no TIME_WAIT.
    let linger = [1, 0];
    // SAFETY: the kernel reads 8 bytes, which live until the call returns.
    unsafe { setsockopt(conn.as_raw_fd(), SOL_SOCKET, SO_LINGER, &linger, 8) }; //~ setsockopt(SO_LINGER)
    drop(conn); //~ close(connection)
    drop(listener); //~ close(listener)
    Ok(())
}
