//! Echo over a Unix socket: a path instead of address and port. Usage: client [PATH]
use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;

fn main() -> std::io::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "/tmp/osiscope-echo.sock".to_owned());
    let mut conn = UnixStream::connect(path)?; //~ socket connect
    for _ in 0..3 {
        conn.write_all(b"hello, osiscope\n")?; //~ write
        let mut echo = [0; 16];
        conn.read_exact(&mut echo)?; // a stream, as with TCP //~ read
        print!("{}", String::from_utf8_lossy(&echo));
    }
    conn.shutdown(Shutdown::Write)?; //~ shutdown
    conn.read(&mut [0])?; // 0 bytes: the server has closed //~ read(end)
    drop(conn); //~ close
    Ok(())
}
