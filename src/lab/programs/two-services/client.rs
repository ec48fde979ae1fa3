//! Fetches a page and sends a mail, both at one address. Usage: client [ADDRESS [WEB [MAIL]]]
use std::io::{BufRead, BufReader, Read, Result, Write};
use std::net::TcpStream;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

fn main() -> Result<()> {
    let address = arg(1, "127.0.0.1");
    // The same address: only the port differs.
    let connect = |port: String| TcpStream::connect(format!("{address}:{port}")); //~ socket connect

    let mut conn = connect(arg(2, "80"))?;
    conn.write_all(format!("GET / HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes())?; //~ write(80)
    let mut page = String::new();
    conn.read_to_string(&mut page)?; //~ read(80)
    print!("{page}");
    drop(conn); //~ close(80)

    let mut conn = connect(arg(3, "25"))?;
    let mut lines = BufReader::new(conn.try_clone()?).lines();
    println!("{}", lines.next().unwrap_or(Ok(String::new()))?); // here the server speaks first
    for command in [
        "HELO taro-pc.example.com",
        "MAIL FROM:<taro@example.com>",
        "RCPT TO:<hanako@example.com>",
        "DATA",
        "Subject: ports\r\n\r\nHello over port 25.\r\n.",
        "QUIT",
    ] {
        conn.write_all(format!("{command}\r\n").as_bytes())?; //~ write
        println!("{}", lines.next().unwrap_or(Ok(String::new()))?); //~ read
    }
    Ok(()) //~ close
}
