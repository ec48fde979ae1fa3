//! A server that never accepts: its queue is soon full. Usage: server [ADDRESS [PORT]]
use std::net::TcpListener;
use std::os::fd::AsRawFd;

unsafe extern "C" {
    /// listen(2): the standard library does not let one choose the length of the queue.
    safe fn listen(fd: i32, backlog: i32) -> i32;
}

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() -> std::io::Result<()> {
    let at = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "7"));
    let listener = TcpListener::bind(at)?; //~ socket setsockopt bind
    // Listening once more makes the queue short: a queue of 0 still holds one connection;
    // while it is full, the kernel ignores every SYN.
    listen(listener.as_raw_fd(), 0); //~ listen

    loop {
        std::thread::park(); // no accept: it waits until it is stopped //~ close
    }
}
