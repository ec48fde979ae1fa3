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
        let server = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = server.local_addr().map_or(0, |a| a.port());
        tokio::spawn(async move {
            while let Ok((stream, _)) = server.accept().await {
                tokio::spawn(serve(stream));
            }
        });
        let clients: Vec<_> = (0..CLIENTS).map(|_| tokio::spawn(client(port, Arc::clone(stop), Arc::clone(asked)))).collect();
        tokio::time::sleep(Duration::from_secs(SECONDS)).await;
        stop.store(true, Ordering::Relaxed);
        for client in clients {
            let _ = client.await;
        }
    });
    begun.elapsed().as_secs_f64()
}

/// Frames that passed over `lo` so far.
fn passed() -> u64 {
    let text = std::fs::read_to_string("/proc/net/dev").unwrap_or_default();
    let line = text.lines().find_map(|l| l.trim_start().strip_prefix("lo:").map(str::to_owned)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// Made before this process moves into its own network, and let go when it is there: tcpdump cannot start as the root of a
/// user name space.
fn tcpdump(folder: &Path) -> Option<Child> {
    let file = folder.join("tcpdump.pcap");
    // From inside the user name space it cannot be told to stop: it stops by itself.
    let line = format!(
        "read go; exec timeout -s INT {} nsenter --net=/proc/{}/ns/net tcpdump -i lo -w {}",
        SECONDS + 2,
        std::process::id(),
        file.display()
    );
    Command::new("sh").args(["-c", &line]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().ok()
}

/// Must be called while the process has one thread: it moves into a network of its own.
pub fn live(folder: &Path) {
    let mut beside = tcpdump(folder);
    if let Err(e) = osiscope::netns::make() {
        println!("live: skipped, no network of its own can be made here: {e:?}");
        return;
    }
    if let Some(mut go) = beside.as_mut().and_then(|c| c.stdin.take()) {
        let _ = go.write_all(b"go\n");
    }
    let options = live::Options { interface: "lo".into(), filter: String::new(), buffer_mib: 64 };
    let capture = match live::open(&options) {
        Ok(capture) => capture,
        Err(why) => return println!("live: skipped: {}", why.en),
    };
    let path = folder.join("live.pcapng");
    let (mut from_capture, to_spool) = std::io::pipe().expect("a pipe");
    let _ = rustix::pipe::fcntl_setpipe_size(&to_spool, 1 << 20);
    let (wait, stop_capture) = std::io::pipe().expect("a pipe");
    let capturing = std::thread::spawn(move || live::run(capture, &options, to_spool, wait));

    let (items, take) = spool::channel();
    let splitting = std::thread::spawn(move || {
        let (mut splitter, mut piece) = (Splitter::default(), vec![0; 1 << 18]);
        while let Ok(n) = from_capture.read(&mut piece) {
            if n == 0 {
                break;
            }
            let (bytes, counts) = splitter.push(&piece[..n]).expect("whole blocks");
            let _ = items.send(Some(spool::Item::Blocks { bytes, frames: counts.frames, dropped: counts.dropped }));
        }
        let _ = items.send(None);
    });
    let (announce, announced) = std::sync::mpsc::channel();
    let file = File::create(&path).expect("a spool");
    let spooling = std::thread::spawn(move || {
        spool::write(file, &take, |event| {
            let _ = announce.send(event);
        })
    });
    let spool = File::open(&path).expect("the spool");
    let indexing = std::thread::spawn(move || {
        let (mut intake, mut read, mut lost) = (Intake::new(), 0u64, 0);
        let mut piece = vec![0; 1 << 18];
        let (mut frames, mut messages) = (0, 0);
        while let Ok(LabEvent::Spooled { bytes, dropped, .. }) = announced.recv() {
            lost = dropped;
            while read < bytes {
                let n = usize::try_from(bytes - read).unwrap_or(usize::MAX).min(piece.len());
                spool.read_exact_at(&mut piece[..n], read).expect("what was announced");
                intake.feed(&piece[..n]);
                read += n as u64;
            }
            let (_, batch) = intake.take();
            frames += batch.rows.len() as u64;
            messages += batch.messages.iter().filter(|(_, m)| m.complete).count() as u64;
        }
        (frames, messages, read, lost)
    });

    std::thread::sleep(Duration::from_millis(500));
    let before = passed();
    let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
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
        let mut said = String::new();
        if let Some(err) = child.stderr.as_mut() {
            let _ = err.read_to_string(&mut said);
        }
        let _ = child.wait();
        let counts: Vec<&str> = said.lines().filter(|l| l.contains("packets ")).collect();
        println!("live: tcpdump -w beside it, its usual buffer: {}", counts.join(", "));
    }
}
