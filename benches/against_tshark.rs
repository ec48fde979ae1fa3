//! `cargo bench`: what the whole pass costs beside tshark, on captures made for it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod generate;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let Some(at) = args.iter().position(|a| a == "generate") {
        let kind = generate::Kind::of(&args[at + 1]).expect("web, ws, dns, bulk, lo, bodyN");
        generate::write(kind, args[at + 2].parse().expect("a number of frames"), args[at + 3].as_ref()).expect("written");
    }
}
