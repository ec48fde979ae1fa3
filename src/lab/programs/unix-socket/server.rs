//! Echo over a Unix socket: a path instead of address and port. Usage: server [PATH]
use std::io::{Read, Write};
use std::os::unix::net::UnixListener;

fn main() -> std::io::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "/tmp/osiscope-echo.sock".to_owned());
    // Left behind by an earlier server: bind would fail with EADDRINUSE.
    let _ = std::fs::remove_file(&path);
    // Makes a file of the kind "socket".
    let listener = UnixListener::bind(&path)?; //~ socket bind listen

    let (mut conn, _peer) = listener.accept()?; //~ accept
    let mut buffer = [0; 65536];
    loop {
        let n = conn.read(&mut buffer)?; //~ read
        if n == 0 {
            break; //~ read(end)
        }
        conn.write_all(&buffer[..n])?; // no packet: the kernel copies it to the other process //~ write
    }
    drop(conn); //~ close(connection)
    drop(listener); //~ close(listener)
    std::fs::remove_file(path) // close alone leaves the file //~ unlink
}
