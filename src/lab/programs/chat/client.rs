//! Chat over plain TCP: two people in one program. Usage: client [ADDRESS [PORT]]
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

fn arg(n: usize, otherwise: &str) -> String {
    std::env::args().nth(n).unwrap_or_else(|| otherwise.to_owned())
}

struct Person {
    name: &'static str,
    conn: BufReader<TcpStream>,
}

impl Person {
    fn join(name: &'static str) -> std::io::Result<Self> {
        let at = format!("{}:{}", arg(1, "127.0.0.1"), arg(2, "7000"));
        let mut person = Self { name, conn: BufReader::new(TcpStream::connect(at)?) }; //~ socket connect
        person.hear()?; // the server speaks first
        Ok(person)
    }

    fn hear(&mut self) -> std::io::Result<()> {
        let mut line = String::new();
        self.conn.read_line(&mut line)?; //~ read
        print!("to {}: {line}", self.name);
        Ok(())
    }
}

fn main() -> std::io::Result<()> {
    let mut people = [Person::join("hanako")?, Person::join("taro")?];
    for i in 0..people.len() {
        let name = people[i].name;
        people[i].conn.get_mut().write_all(format!("{name}: hello\n").as_bytes())?; //~ write
        for person in &mut people {
            person.hear()?; // everybody gets it, also the one who said it
        }
    }
    drop(people); //~ close
    Ok(())
}
