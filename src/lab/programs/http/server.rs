//! HTTP/1.1 server by hand: shows that HTTP is text over TCP. Usage: server [ADDRESS [PORT]]
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

/// Gives the status and the body for one request.
fn handler(request: &str) -> (&'static str, &'static str) {
    if request.starts_with("GET /users/1 ") {
        return ("200 OK", r#"{"id": 1, "name": "Osaka Taro"}"#); //~ handler
    }
    ("404 Not Found", r#"{"error": "nothing here"}"#)
}

fn main() -> std::io::Result<()> {
    let at = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "80"));
    let listener = TcpListener::bind(at)?; //~ socket setsockopt bind listen
    let (mut conn, _peer) = listener.accept()?; //~ accept

    let mut lines = BufReader::new(conn.try_clone()?).lines();
    // lines() reads as much as there is, and gives one line after the other.
    while let Some(request) = lines.next() { //~ read
        let request = request?;
        // The head ends with an empty line.
        while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
        let (status, body) = handler(&request);
        // Content-Length says where the next response begins: the connection stays open.
        let fields = format!("Content-Type: application/json\r\nContent-Length: {}", body.len());
        let answer = format!("HTTP/1.1 {status}\r\n{fields}\r\n\r\n{body}");
        conn.write_all(answer.as_bytes())?; //~ write
    } // the client asks for nothing more //~ read(end)
    drop((lines, conn)); //~ close(connection)
    drop(listener); //~ close(listener)
    Ok(())
}
