//! A shop that knows its visitors by a cookie. Usage: server [ADDRESS [PORT]]
use std::io::{Read, Write};
use std::net::TcpListener;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

/// HTTP itself forgets: each request must say again who asks.
fn handler(carts: &mut Vec<Vec<String>>, request: &str) -> (String, String) {
    let cookie = request.lines().find_map(|line| line.strip_prefix("Cookie: session="));
    let known = cookie.and_then(|c| c.parse().ok()).filter(|n| (1..=carts.len()).contains(n));
    let mut fields = String::new();
    let session = known.unwrap_or_else(|| {
        carts.push(Vec::new()); // a real shop takes a number that nobody can guess
        fields = format!("Set-Cookie: session={}; Path=/; HttpOnly\r\n", carts.len());
        carts.len()
    });
    let cart = &mut carts[session - 1];
    let path = request.split(' ').nth(1).unwrap_or_default();
    cart.extend(path.strip_prefix("/add/").map(str::to_owned));
    (fields, format!("cart {session}: {}\n", cart.join(", "))) //~ handler
}

fn main() -> std::io::Result<()> {
    let at = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "80"));
    // The state lives here, in the server; the cookie only says which cart is meant.
    let mut carts = Vec::new();
    let listener = TcpListener::bind(at)?; //~ socket setsockopt bind listen
    loop {
        // One connection for each request, until it is stopped. //~ close(listener)
        let (mut conn, _peer) = listener.accept()?; //~ accept
        let mut request = [0; 65536];
        let n = conn.read(&mut request)?; //~ read
        let (fields, body) = handler(&mut carts, &String::from_utf8_lossy(&request[..n]));
        let fields = format!("{fields}Content-Length: {}\r\nConnection: close\r\n", body.len());
        conn.write_all(format!("HTTP/1.1 200 OK\r\n{fields}\r\n{body}").as_bytes())?; //~ write
    } //~ close(connection)
}
