//! Eight HTTP clients at full speed over the loopback of a network of its own, captured, spooled and indexed at the same
//! time; `tcpdump -w` with its usual buffer does its work beside it.
//!
//! The way is the program's own: the capture writes pcapng into a pipe, whole blocks go into the spool, and what has
//! reached the spool is read back and indexed.

use osiscope::capture::{Splitter, live};
use osiscope::lab::spool;
use osiscope::timeline::{Intake, LabEvent};
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const CLIENTS: usize = 8;
const SECONDS: u64 = 5;
const BODY: usize = 10_000;

/// One client: asks and reads until it is told to stop.
async fn client(port: u16, stop: Arc<AtomicBool>, asked: Arc<AtomicU64>) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let mut buffer = vec![0; 1 << 16];
    while !stop.load(Ordering::Relaxed) {
        stream.write_all(b"GET /load HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n").await?;
        let mut left = BODY + HEAD.len();
        while left > 0 {
            let n = stream.read(&mut buffer).await?;
            if n == 0 {
                return Ok(());
            }
            left = left.saturating_sub(n);
        }
        asked.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 10000\r\n\r\n";

async fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let mut answer = HEAD.to_vec();
    answer.resize(HEAD.len() + BODY, b'x');
    let mut buffer = [0; 4096];
    let mut open = Vec::new();
    loop {
        let n = stream.read(&mut buffer).await?;
        if n == 0 {
            return Ok(());
        }
        open.extend_from_slice(&buffer[..n]);
        while let Some(at) = open.windows(4).position(|w| w == b"\r\n\r\n") {
            open.drain(..at + 4);
            stream.write_all(&answer).await?;
        }
    }
}

/// Server and clients on one thread; how long it took.
fn load(stop: &Arc<AtomicBool>, asked: &Arc<AtomicU64>) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let begun = Instant::now();
    runtime.block_on(async {
        let seconds = load(&stop, &asked);
    std::thread::sleep(Duration::from_millis(300));
    let on_lo = passed() - before;
    drop(stop_capture);
    let captured = capturing.join();
    let _ = (splitting.join(), spooling.join());
    let (frames, messages, bytes, lost) = indexing.join().unwrap_or_default();
    if let Ok(Err(why)) = captured {
        println!("live: the capture stopped: {}", why.en);
    }
    println!(
        "live: {CLIENTS} clients, {seconds:.1} s, {} requests; {on_lo} frames over lo, {frames} captured, spooled and indexed ({:.0} MB, {messages} messages), {lost} lost",
        asked.load(Ordering::Relaxed),
        bytes as f64 / 1e6
    );
    if let Some(child) = beside.as_mut() {
        let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        let mut said = String::new();
        if let Some(err) = child.stderr.as_mut() {
            let _ = err.read_to_string(&mut said);
        }
        let _ = child.wait();
        let counts: Vec<&str> = said.lines().filter(|l| l.contains("packets ")).collect();
        println!("live: tcpdump -w beside it, its usual buffer: {}", counts.join(", "));
    }
}
