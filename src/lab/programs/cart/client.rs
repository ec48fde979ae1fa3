//! Two browsers with a cart each, and one that keeps no cookies. Usage: client [ADDRESS [PORT]]
use std::io::{Read, Write};
use std::net::TcpStream;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

/// Asks for a path; gives the cookie to send the next time.
fn get(path: &str, cookie: &str) -> std::io::Result<String> {
    let mut conn = TcpStream::connect(format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "80")))?; //~ socket connect
    let field = if cookie.is_empty() { String::new() } else { format!("Cookie: {cookie}\r\n") };
    let request = format!("GET {path} HTTP/1.1\r\nHost: shop.example\r\n{field}\r\n");
    conn.write_all(request.as_bytes())?; //~ write
    let mut answer = String::new();
    conn.read_to_string(&mut answer)?; //~ read
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    print!("{path} [{cookie}] → {body}");
    let set = head.lines().find_map(|line| line.strip_prefix("Set-Cookie: "));
    Ok(set.and_then(|s| s.split(';').next()).unwrap_or(cookie).to_owned())
} //~ close

fn main() -> std::io::Result<()> {
    let hanako = get("/add/apple", "")?;
    let taro = get("/add/tea", "")?;
    get("/add/pear", &hanako)?;
    get("/cart", &hanako)?;
    get("/cart", &taro)?;
    get("/cart", "")?; // without the cookie the server has never seen us
    Ok(())
}
