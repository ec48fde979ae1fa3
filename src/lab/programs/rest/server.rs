//! A small JSON API: the URL says what, the method what to do. Usage: server [ADDRESS [PORT]]
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;

/// Each user is the JSON text that was sent.
type Users = BTreeMap<u32, String>;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

/// Gives status and answer; needs nothing but the request: the connection is not asked.
fn handler(users: &mut Users, method: &str, path: &str, body: &str) -> (&'static str, String) {
    let mut number = path.strip_prefix("/users/").and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut status = "200 OK";
    if (method, path) == ("POST", "/users") {
        number = users.last_key_value().map_or(1, |(last, _)| last + 1);
        status = "201 Created";
    }
    if method == "POST" || method == "PUT" && number > 0 {
        // PUT done twice leaves the same: it is idempotent.
        users.insert(number, body.to_owned());
    }
    let found = match method {
        "DELETE" => users.remove(&number),
        _ => users.get(&number).cloned(),
    };
    match found {
        Some(user) => (status, user), //~ handler
        None => ("404 Not Found", r#"{"error": "not found"}"#.to_owned()),
    }
}

fn main() -> std::io::Result<()> {
    let at = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "80"));
    let mut users = Users::from([(1, r#"{"name": "Taro"}"#.to_owned())]);
    let listener = TcpListener::bind(at)?; //~ socket setsockopt bind listen
    loop {
        // One connection for each request, until it is stopped. //~ close(listener)
        let (mut conn, _peer) = listener.accept()?; //~ accept
        // One read is enough for a request that comes in one segment; a real server reads on.
        let mut request = [0; 4096];
        let n = conn.read(&mut request)?; //~ read
        let request = String::from_utf8_lossy(&request[..n]).into_owned();
        let (head, body) = request.split_once("\r\n\r\n").unwrap_or((&request, ""));
        let mut words = head.split(' ');
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let (status, answer) = handler(&mut users, method, path, body);
        let length = answer.len() + 1;
        let fields = format!("Content-Length: {length}\r\nConnection: close");
        let kind = "Content-Type: application/json";
        let answer = format!("HTTP/1.1 {status}\r\n{kind}\r\n{fields}\r\n\r\n{answer}\n");
        conn.write_all(answer.as_bytes())?; //~ write
    } //~ close(connection)
}
