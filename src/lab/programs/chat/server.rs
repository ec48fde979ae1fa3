//! Chat over plain TCP: what one client says goes to all. Usage: server [ADDRESS [PORT]]
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Mutex;

/// A thread for each client: they share this list.
static CLIENTS: Mutex<Vec<TcpStream>> = Mutex::new(Vec::new());

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

/// Passes on what one client says, until it goes.
fn talk(mut conn: TcpStream) {
    let mut buffer = [0; 65536];
    loop {
        let n = conn.read(&mut buffer).unwrap_or(0); //~ read
        let mut clients = CLIENTS.lock().expect("no panic");
        if n == 0 {
            // This one has gone. //~ read(end)
            let peer = |c: &TcpStream| c.peer_addr().ok();
            clients.retain(|c| peer(c).is_some() && peer(c) != peer(&conn));
            if clients.is_empty() {
                std::process::exit(0); // the last one //~ close(listener)
            }
            return; //~ close(connection)
        }
        for client in clients.iter_mut() {
            let _ = client.write_all(&buffer[..n]); //~ write
        }
    }
}

fn main() -> std::io::Result<()> {
    let at = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "7000"));
    let listener = TcpListener::bind(at)?; //~ socket setsockopt bind listen
    loop {
        let (mut conn, _peer) = listener.accept()?; //~ accept
        let mut clients = CLIENTS.lock().expect("no panic");
        conn.write_all(b"welcome\n")?; // here the server speaks first //~ write(1)
        clients.push(conn.try_clone()?);
        std::thread::spawn(move || talk(conn));
    }
}
