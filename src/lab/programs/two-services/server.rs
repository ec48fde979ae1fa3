//! One host, two services: the port decides. Usage: server [ADDRESS [WEB [MAIL]]]
use std::io::{BufRead, BufReader, Read, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::spawn;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

/// The client speaks first: a request, then the answer.
fn web(mut conn: TcpStream) -> Result<()> {
    conn.read(&mut [0; 65536])?; //~ read(80)
    let body = "<h1>web</h1>\n";
    let fields = format!("Content-Length: {}\r\nConnection: close", body.len());
    conn.write_all(format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n{body}").as_bytes()) //~ write(80)
} //~ close(connection)

/// The server speaks first; then a line is answered with a number and a line.
fn mail(mut conn: TcpStream) -> Result<()> {
    conn.write_all(b"220 mail.example.com ESMTP\r\n")?; //~ write(1)
    let mut in_mail = false;
    for line in BufReader::new(conn.try_clone()?).lines() {
        let line = line?; //~ read
        if in_mail && line != "." {
            continue; // a line of the mail itself
        }
        in_mail = line == "DATA";
        let answer = match line.as_str() {
            "DATA" => "354 end with a line of one dot\r\n",
            "QUIT" => "221 bye\r\n",
            _ => "250 ok\r\n",
        };
        conn.write_all(answer.as_bytes())?; //~ write
        if line == "QUIT" {
            break;
        }
    }
    Ok(())
}

fn main() -> Result<()> {
    let address = arg(1, "127.0.0.1");
    let listen = |port: String| TcpListener::bind(format!("{address}:{port}")); //~ socket setsockopt bind listen
    let (web_port, mail_port) = (listen(arg(2, "80"))?, listen(arg(3, "25"))?);
    let web = spawn(move || web(web_port.accept()?.0)); //~ accept close(listener)
    let mail = spawn(move || mail(mail_port.accept()?.0));
    web.join().expect("no panic")?;
    mail.join().expect("no panic")
}
