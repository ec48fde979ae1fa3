//! The good captures that are damaged: those of the program, those of others where there are any, and words of formats.

use crate::corpus;
use crate::mutate::Random;
use crate::talk::{self, Talk};
use osiscope::timeline::{Capture, Intake};
use osiscope::trace::write::{PcapWriter, PcapngWriter};
use osiscope::trace::{FrameMeta, Interface, Nanos};
use osiscope::wire::LinkType;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// As much of a file as is damaged: more would only make each input slower.
const MAX_FILE: usize = 20 << 10;
/// ... and as much of a capture's frames, in bytes.
const MAX_FRAMES: usize = 200_000;

/// What means something to those who read captures: kinds of blocks, magic numbers, numbers of link types, options.
#[rustfmt::skip]
pub const BLOCKS: &[&[u8]] = &[
    b"\x0a\x0d\x0d\x0a", b"\x1a\x2b\x3c\x4d", b"\x4d\x3c\x2b\x1a", b"\xa1\xb2\xc3\xd4", b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1",
    b"\x34\xcd\xb2\xa1", b"\x01\0\0\0\x14\0\0\0", b"\x02\0\0\0", b"\x03\0\0\0", b"\x04\0\0\0", b"\x05\0\0\0", b"\x06\0\0\0",
    b"\x0a\0\0\0", b"\xad\x0b\0\0", b"\x09\0\x01\0\xff\0\0\0", b"\x09\0\x01\0\x80\0\0\0", b"\x09\0\x01\0\x00\0\0\0",
    b"\x0e\0\x08\0\xff\xff\xff\xff\xff\xff\xff\x7f", b"\x0e\0\x08\0\0\0\0\0\0\0\0\x80", b"\x01\0\xff\xff", b"\0\0\0\0",
    b"\xff\xff\xff\xff", b"\x0c\0\0\0", b"\x1f\x8b\x08\x1c", b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18", b"\x71\0", b"\x93\0", b"\xc0\0",
];

/// What means something in headers: ethertypes, protocols, options.
#[rustfmt::skip]
pub const HEADERS: &[&[u8]] = &[
    b"\x08\x00\x45\x00", b"\x86\xdd\x60\x00", b"\x81\x00\x00\x01", b"\x88\xa8\x00\x01", b"\x91\x00\x00\x01", b"\x88\x47", b"\x88\x63", b"\x88\x64\x11\x00",
    b"\x08\x06\x00\x01", b"\x65\x58", b"\x88\xbe", b"\x22\xeb", b"\x80\x0b", b"\x30\x81\x00\x00", b"\x20\x00\x65\x58", b"\x00\x21", b"\x00\x57", b"\x00\x3d",
    b"\x4f", b"\x45\x00\xff\xff", b"\x46\x00", b"\x07\xff\x04", b"\x44\xff\x05\x00", b"\x83\x03\x04", b"\x29\x00", b"\x3c\x00", b"\x2b\xff", b"\x2c\x00\x00\x01",
    b"\x00\x00\x20\x00", b"\x00\x00\x3f\xff", b"\x1f\xff", b"\x05\xff", b"\x05\x22", b"\x08\x0a\xff", b"\x03\x03\xff", b"\x02\x04\x00\x00", b"\x1e\x04", b"\x22\x02", b"\x01\x01",
    b"\x00\x00\xaa\xaa\x03\x00\x00\x00\x08\x00", b"\xff\x03\x00\x21", b"\x06\x00\x00\x00", b"\x2f\x00", b"\x04\x00", b"\x32\x00", b"\x33\x00", b"\x00\x50", b"\x00\x35", b"\x14\xe9", b"\x01\xbb",
];

/// A frame in itself.
#[derive(Clone)]
pub struct Scrap {
    pub link: LinkType,
    pub at: Nanos,
    /// Bytes that it had on the wire beyond those that are here.
    pub missing: u32,
    pub bytes: Vec<u8>,
}

impl Scrap {
    /// As a capture with a snap length has it.
    pub fn cut(&mut self, random: &mut Random) {
        let len = self.bytes.len();
        self.bytes.truncate(random.below(len + 1));
        self.missing += (len - self.bytes.len()) as u32;
    }
}

pub struct Seeds {
    pub files: Vec<Vec<u8>>,
    pub captures: Vec<Vec<Scrap>>,
    pub talks: Vec<Talk>,
}

impl Seeds {
    pub fn get() -> &'static Self {
        static SEEDS: OnceLock<Seeds> = OnceLock::new();
        SEEDS.get_or_init(Self::read)
    }

    fn read() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut paths = corpus::captures(&here.join("captures"));
        if let Some(folder) = corpus::folder() {
            paths.extend(corpus::captures(&folder.join("open")));
        }
        let packed = ["gz", "zst"].map(|end| std::fs::read(here.join("tests/files/http.pcapng").with_extension(format!("pcapng.{end}"))).unwrap());
        let mut seeds = Self { files: packed.to_vec(), captures: Vec::new(), talks: talk::made() };
        for path in paths {
            let mut file = std::fs::read(&path).unwrap();
            let capture = load(&file);
            seeds.talks.extend(talk::spoken(&capture));
            seeds.captures.push(scraps(&capture));
            file.truncate(MAX_FILE);
            seeds.files.push(file);
        }
        seeds.captures.retain(|c| !c.is_empty());
        seeds
    }
}

fn load(file: &[u8]) -> Capture {
    let mut capture = Capture::new(Arc::new(file.to_vec()));
    let mut intake = Intake::new();
    intake.feed(file);
    intake.finish();
    let (records, batch) = intake.take();
    records.into_iter().for_each(|r| capture.trace.append(r));
    capture.index.apply(batch);
    capture
}

fn scraps(capture: &Capture) -> Vec<Scrap> {
    let (mut out, mut sum, mut buf) = (Vec::new(), 0, Vec::new());
    for frame in (0..capture.trace.len()).map_while(|id| capture.trace.frame(id, &mut buf).map(|f| (f.link, f.meta, f.bytes.to_vec()))) {
        let (link, meta, bytes) = frame;
        sum += bytes.len();
        if sum > MAX_FRAMES {
            break;
        }
        out.push(Scrap { link, at: meta.at, missing: meta.wire_len - meta.cap_len, bytes });
    }
    out
}

/// A capture file of frames: of one link type as pcap or pcapng, of several as pcapng.
pub fn file(random: &mut Random, frames: &[Scrap]) -> Vec<u8> {
    let Some(link) = frames.first().map(|f| f.link) else { return Vec::new() };
    let mut out = Vec::new();
    if random.once_in(2) && frames.iter().all(|f| f.link == link) {
        let mut file = PcapWriter::new(&mut out, link, 1 << 18).unwrap();
        for frame in frames {
            file.frame(frame.at, frame.bytes.len() as u32 + frame.missing, &frame.bytes).unwrap();
        }
        return out;
    }
    let mut links: Vec<LinkType> = Vec::new();
    let mut file = PcapngWriter::new(&mut out, &[]).unwrap();
    for frame in frames {
        let interface = links.iter().position(|l| *l == frame.link).unwrap_or_else(|| {
            links.push(frame.link);
            file.interface(&Interface::new(frame.link)).unwrap();
            links.len() - 1
        });
        let len = frame.bytes.len() as u32;
        let meta = FrameMeta { at: frame.at, offset: 0, cap_len: len, wire_len: len + frame.missing, interface: interface as u16 };
        file.frame(&meta, &frame.bytes, &[]).unwrap();
    }
    out
}
