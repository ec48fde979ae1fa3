//! A slow reader: the client has to wait for it. Usage: server [ADDRESS [PORT]]
use std::io::Read;
use std::net::TcpListener;
use std::os::fd::AsRawFd;
use std::time::Duration;

unsafe extern "C" {
    /// setsockopt(2): the standard library does not let one choose the size of a buffer.
    fn setsockopt(fd: i32, level: i32, name: i32, value: *const i32, length: u32) -> i32;
}
const SOL_SOCKET: i32 = 1;
const SO_RCVBUF: i32 = 8;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() -> std::io::Result<()> {
    let at = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "7"));
    let listener = TcpListener::bind(at)?; //~ socket setsockopt(SO_REUSEADDR) bind listen
    // A small receive buffer, so that it is soon full. Connections inherit it.
    // SAFETY: the kernel reads 4 bytes, which live until the call returns.
    unsafe { setsockopt(listener.as_raw_fd(), SOL_SOCKET, SO_RCVBUF, &65536, 4) }; //~ setsockopt(SO_RCVBUF)
    let (mut conn, _peer) = listener.accept()?; //~ accept

    // Nobody reads: the window shrinks to 0, and the client's kernel asks again and again.
    std::thread::sleep(Duration::from_secs(1));
    let (mut buffer, mut total) = (vec![0; 65536], 0);
    loop {
        // Each read makes room, and the window opens.
        let n = conn.read(&mut buffer)?; //~ read
        if n == 0 {
            break; //~ read(end)
        }
        total += n;
    }
    println!("{total} bytes");
    drop(conn); //~ close(connection)
    drop(listener); //~ close(listener)
    Ok(())
}
