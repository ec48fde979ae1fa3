//! Makes, reads, changes and deletes a user. Usage: client [ADDRESS [PORT]]
use std::io::{Read, Write};
use std::net::TcpStream;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn ask(method: &str, path: &str, body: &str) -> std::io::Result<()> {
    let mut conn = TcpStream::connect(format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "80")))?; //~ socket connect
    let mut fields = "Host: api.example\r\n".to_owned();
    if !body.is_empty() {
        fields += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    }
    conn.write_all(format!("{method} {path} HTTP/1.1\r\n{fields}\r\n{body}").as_bytes())?; //~ write
    let mut answer = String::new();
    conn.read_to_string(&mut answer)?; //~ read
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    let status = head.split(' ').nth(1).unwrap_or_default();
    print!("{method} {path} → {status} {body}");
    Ok(())
} //~ close

fn main() -> std::io::Result<()> {
    ask("GET", "/users/1", "")?;
    ask("POST", "/users", r#"{"name": "Hanako"}"#)?;
    ask("PUT", "/users/2", r#"{"name": "Hanako Osaka"}"#)?;
    ask("GET", "/users/2", "")?; // this URL can be kept as a bookmark: it says all
    ask("DELETE", "/users/2", "")?;
    ask("GET", "/users/2", "")
}
