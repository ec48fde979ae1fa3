//! HTTP/1.1 client by hand: two requests over one connection. Usage: client [ADDRESS [PORT]]
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() -> std::io::Result<()> {
    let host = arg(1, "127.0.0.1");
    let mut conn = TcpStream::connect(format!("{host}:{}", arg(2, "80")))?; //~ socket connect
    let mut reader = BufReader::new(conn.try_clone()?);

    for _ in 0..2 {
        let request = format!("GET /users/1 HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n\r\n");
        conn.write_all(request.as_bytes())?; //~ write
        let (mut status, mut length) = (String::new(), 0);
        reader.read_line(&mut status)?; //~ read
        println!("{}", status.trim_end());
        // The head ends with an empty line.
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            match line.trim_end().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().unwrap_or(0);
                }
                None => break,
                Some(_) => {}
            }
        }
        // The body is as long as Content-Length says: nothing else marks its end.
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        println!("{}", String::from_utf8_lossy(&body));
    }
    drop((reader, conn)); //~ close
    Ok(())
}
