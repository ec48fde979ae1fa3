//! Reads frames from an interface and writes them as a pcapng stream, until told to stop.
//!
//! In: [`Options`] and a pipe whose end (or the word "stop") means stop. Out: the pcapng stream: header and interface at
//! once when the capture runs, then frames in chunks, statistics at the end. Never a file.

use crate::lang::Text;
use crate::trace::write::PcapngWriter;
use crate::trace::{FrameMeta, Interface, Nanos};
use crate::wire::LinkType;
use pcap::{Active, Capture, Precision};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities, set_no_new_privs};
use std::io::{self, BufWriter, Write};
use std::os::fd::{AsFd, AsRawFd};
use std::time::{Duration, Instant};

/// How long a frame may wait in the ring before it is handed over, in milliseconds. More than 10 feels slow; "immediate"
/// (0) uses fixed slots and loses frames in bursts.
const HAND_OVER_MILLIS: i32 = 5;
/// Bytes kept of a frame: more than loopback's or any offload's longest.
const SNAP_LEN: i32 = 262_144;
/// Frames taken from the ring at a time, and how often before anything else is looked at.
const BATCH: usize = 1024;
const BATCHES: usize = 16;
/// How often losses are asked for while the capture runs.
const STATISTICS_EVERY: Duration = Duration::from_millis(500);
/// After "stop": the ring is empty when nothing has come for this long …
const DRAIN_QUIET_MILLIS: i64 = 4 * HAND_OVER_MILLIS as i64;
/// … and on a busy interface it never is, so this is the limit.
const DRAIN_AT_MOST: Duration = Duration::from_millis(200);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    pub interface: String,
    /// libpcap's filter language; "" = everything.
    pub filter: String,
    /// The kernel's ring, in MiB.
    pub buffer_mib: u16,
}

/// Opens the interface and gives back the process's rights. The error says what libpcap said.
pub fn open(options: &Options) -> Result<Capture<Active>, Text> {
    let failed = |e: pcap::Error| {
        let e = said(&e);
        Text::new(
            format!("インタフェース {} でキャプチャを開始できませんでした：{e}", options.interface),
            format!("The capture on interface {} could not be started: {e}", options.interface),
        )
    };
    let mut capture = Capture::from_device(options.interface.as_str())
        .map_err(failed)?
        .snaplen(SNAP_LEN)
        .buffer_size(i32::from(options.buffer_mib) << 20)
        .timeout(HAND_OVER_MILLIS)
        .immediate_mode(false)
        .precision(Precision::Nano)
        .open()
        .map_err(failed)?;
    // From here on nothing needs a right, and what follows compiles a filter that a user typed. Refusal is harmless: then
    // the process had no right to give back.
    let none = CapabilitySet::empty();
    let _ = set_no_new_privs(true);
    let _ = set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none });
    if !options.filter.trim().is_empty() {
        capture.filter(&options.filter, true).map_err(|e| {
            let e = said(&e);
            Text::new(
                format!("キャプチャフィルタ「{}」を理解できません：{e}", options.filter),
                format!("The capture filter “{}” is not understood: {e}", options.filter),
            )
        })?;
    }
    if is_loopback(&options.interface) {
        ignore_outgoing(&capture);
    }
    capture.setnonblock().map_err(failed)
}

/// ARPHRD_LOOPBACK (linux/if_arp.h).
const LOOPBACK: &str = "772";

fn is_loopback(interface: &str) -> bool {
    // A name may not lead elsewhere.
    let named = !interface.is_empty() && !interface.contains(['/', '.']);
    named && std::fs::read_to_string(format!("/sys/class/net/{interface}/type")).is_ok_and(|t| t.trim() == LOOPBACK)
}

/// On a loopback every frame passes twice, on its way out and on its way in; libpcap drops the first. With this the kernel
/// does it, and they take no room in the ring: it lasts twice as long (packet(7), PACKET_IGNORE_OUTGOING). An old kernel
/// refuses; then all is as without.
#[allow(unsafe_code)]
fn ignore_outgoing(capture: &Capture<Active>) {
    let on: libc::c_int = 1;
    let len = std::mem::size_of_val(&on) as libc::socklen_t;
    // SAFETY: the kernel reads `len` bytes from a local variable that outlives the call.
    let _ = unsafe {
        libc::setsockopt(capture.as_raw_fd(), libc::SOL_PACKET, libc::PACKET_IGNORE_OUTGOING, (&raw const on).cast(), len)
    };
}

/// Captures until `stop` ends or says something, or nobody reads `out` any more.
pub fn run(mut capture: Capture<Active>, options: &Options, out: impl Write + AsFd, stop: impl AsFd) -> Result<(), Text> {
    let Ok(reader) = out.as_fd().try_clone_to_owned() else { return Ok(()) };
    let filter = options.filter.trim();
    let mut writer = Writer::new(out, &capture, options, (!filter.is_empty()).then(|| filter.to_owned()))?;
    let mut asked = Instant::now();
    let mut stopping = false;
    while !stopping {
        let patience = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
        let mut fds = [
            PollFd::new(&capture, PollFlags::IN),
            PollFd::new(&stop, PollFlags::IN),
            // No event asked for: only "the reader is gone" (POLLERR) wakes.
            PollFd::new(&reader, PollFlags::empty()),
        ];
        match poll(&mut fds, Some(&patience)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(e) => return Err(Text::same(format!("poll: {e}"))),
        }
        let [_, stop_fd, reader_fd] = &fds;
        if reader_fd.revents().intersects(PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL) {
            return Ok(());
        }
        // Whatever comes there, a word or the end, means stop.
        stopping = !stop_fd.revents().is_empty();
        if writer.take(&mut capture)? == Reader::Gone {
            return Ok(());
        }
        if asked.elapsed() >= STATISTICS_EVERY {
            asked = Instant::now();
            if writer.statistics(&mut capture, false) == Reader::Gone {
                return Ok(());
            }
        }
    }
    let since = Instant::now();
    let quiet = Timespec { tv_sec: 0, tv_nsec: DRAIN_QUIET_MILLIS * 1_000_000 };
    while since.elapsed() < DRAIN_AT_MOST
        && matches!(poll(&mut [PollFd::new(&capture, PollFlags::IN)], Some(&quiet)), Ok(n) if n > 0)
    {
        if writer.take(&mut capture)? == Reader::Gone {
            return Ok(());
        }
    }
    writer.statistics(&mut capture, true);
    Ok(())
}

/// Whether somebody still reads what is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    Reads,
    Gone,
}

struct Writer<W: Write> {
    pcapng: PcapngWriter<BufWriter<W>>,
    dropped: u64,
    /// When the newest frame was seen.
    last: Nanos,
}

impl<W: Write> Writer<W> {
    fn new(out: W, capture: &Capture<Active>, options: &Options, filter: Option<String>) -> Result<Self, Text> {
        let interface = Interface {
            name: Some(options.interface.clone()),
            snap_len: SNAP_LEN.unsigned_abs(),
            filter,
            ..Interface::new(link_type(capture.get_datalink().0))
        };
        let writer = || -> io::Result<Self> {
            let mut pcapng = PcapngWriter::new(BufWriter::with_capacity(1 << 20, out), &[])?;
            pcapng.interface(&interface)?;
            pcapng.flush()?;
            Ok(Self { pcapng, dropped: 0, last: Nanos::default() })
        };
        writer().map_err(|e| Text::same(e.to_string()))
    }

    /// Moves what is in the ring to the reader, but no more than a few batches: on a busy interface it is never empty.
    fn take(&mut self, capture: &mut Capture<Active>) -> Result<Reader, Text> {
        let mut written = Ok(());
        for _ in 0..BATCHES {
            let taken = capture.dispatch(Some(BATCH), |packet| {
                if written.is_ok() {
                    let at = packet.header.ts;
                    // With nanosecond precision `tv_usec` holds nanoseconds.
                    let at = Nanos(at.tv_sec.saturating_mul(1_000_000_000).saturating_add(at.tv_usec));
                    self.last = at;
                    let meta = FrameMeta { at, offset: 0, cap_len: packet.header.caplen, wire_len: packet.header.len, interface: 0 };
                    written = self.pcapng.frame(&meta, packet.data, &[]).map(drop);
                }
            });
            let taken = match taken {
                Ok(n) => n,
                Err(pcap::Error::TimeoutExpired) => 0,
                Err(e) => {
                    self.statistics(capture, true);
                    let e = said(&e);
                    return Err(Text::new(format!("キャプチャが止まりました：{e}"), format!("The capture stopped: {e}")));
                }
            };
            if written.is_err() {
                return Ok(Reader::Gone);
            }
            if taken == 0 {
                break;
            }
        }
        Ok(if self.pcapng.flush().is_ok() { Reader::Reads } else { Reader::Gone })
    }

    /// Writes how many frames were lost: when that changed, and at the end.
    fn statistics(&mut self, capture: &mut Capture<Active>, end: bool) -> Reader {
        let lost = capture.stats().map_or(self.dropped, |s| u64::from(s.dropped) + u64::from(s.if_dropped));
        if lost == self.dropped && !end {
            return Reader::Reads;
        }
        self.dropped = lost;
        let written = self.pcapng.dropped(0, lost, self.last).and_then(|()| self.pcapng.flush());
        if written.is_ok() { Reader::Reads } else { Reader::Gone }
    }
}

/// libpcap's own words, without the crate's.
fn said(error: &pcap::Error) -> String {
    match error {
        pcap::Error::PcapError(words) => words.clone(),
        other => other.to_string(),
    }
}

/// libpcap's numbers (DLT) are those of capture files but for raw IP, whose number differs between systems.
fn link_type(dlt: i32) -> LinkType {
    match dlt {
        12 | 14 => LinkType::RAW,
        other => LinkType(u16::try_from(other).unwrap_or(u16::MAX)),
    }
}
