#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use std::io::Write;

/// Packs by hand: what the crates write is not under test.
fn gz(bytes: &[u8], name: Option<&str>) -> Vec<u8> {
    let mut builder = flate2::GzBuilder::new().comment("note").extra(vec![1, 2, 3]);
    if let Some(name) = name {
        builder = builder.filename(name);
    }
    let mut out = builder.write(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// Bytes that look like a capture: some repetition, some noise.
fn sample(len: usize) -> Vec<u8> {
    let mut n = 7u32;
    (0..len)
        .map(|i| {
            n = n.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if i % 64 < 40 { (i % 64) as u8 } else { (n >> 24) as u8 }
        })
        .collect()
}

/// Gives its bytes in small pieces, as a pipe may.
struct Drip<'a>(&'a [u8], usize);

impl Read for Drip<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.1.min(out.len()).min(self.0.len());
        out[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

fn unpack(packed: &[u8], limits: Limits) -> (Vec<u8>, Option<Text>, u64) {
    let kind = packing(packed).unwrap();
    let mut from = Unpacker::with_limits(kind, packed, limits);
    let mut out = Vec::new();
    from.read_to_end(&mut out).unwrap();
    (out, from.fault().cloned(), from.packed())
}

fn all(packed: &[u8]) -> (Vec<u8>, Option<Text>) {
    let (out, fault, _) = unpack(packed, Limits::default());
    (out, fault)
}

#[test]
fn both_kinds_unpack_in_pieces_of_any_size() {
    let plain = sample(200_000);
    for packed in [gz(&plain, Some("a.pcap")), zst(&plain), [zst(&plain[..9]), zst(&plain[9..])].concat()] {
        assert_eq!(all(&packed), (plain.clone(), None));
        for (piece, room) in [(1, 100_000), (700, 3), (4096, 33_000)] {
            let mut from = Unpacker::new(packing(&packed).unwrap(), Drip(&packed, piece));
            let (mut out, mut buffer) = (Vec::new(), vec![0; room]);
            loop {
                match from.read(&mut buffer).unwrap() {
                    0 => break,
                    n => out.extend_from_slice(&buffer[..n]),
                }
            }
            assert!(out == plain && from.fault().is_none(), "{piece} {room}");
            assert_eq!((from.packed(), from.unpacked()), (packed.len() as u64, plain.len() as u64));
        }
    }
}

#[test]
fn several_members_padding_and_frames_to_skip_are_understood() {
    let (a, b) = (sample(1000), sample(70_000));
    let both = [a.clone(), b.clone()].concat();
    assert_eq!(all(&[gz(&a, None), gz(&b, Some("b")), vec![0; 700]].concat()), (both.clone(), None));
    let skip = [0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9];
    assert_eq!(all(&[&skip[..], &zst(&a), &skip, &zst(&b)].concat()), (both, None));
    assert_eq!(all(&gz(b"", None)), (vec![], None));
}

#[test]
fn a_cut_at_any_place_gives_what_stands_before_it() {
    let plain = sample(400_000);
    for packed in [gz(&plain, None), zst(&plain)] {
        let mut least = 0;
        for cut in (1..packed.len()).step_by(packed.len() / 40).filter(|c| *c >= 4) {
            let (out, fault) = all(&packed[..cut]);
            assert!(plain.starts_with(&out), "cut at {cut}");
            assert!(out.len() >= least);
            least = out.len();
            assert!(fault.as_ref().is_some_and(|f| f.en.contains("cut off") && f.ja.contains("切れて")), "{fault:?}");
        }
        // Blocks of zstd have up to 128 KiB.
        assert!(least > plain.len() / 2, "only {least} bytes of {} were given", plain.len());
    }
}

#[test]
fn changed_bytes_are_noticed_and_what_comes_behind_is_named() {
    let plain = sample(50_000);
    let mut packed = gz(&plain, None);
    let at = packed.len() - 6;
    packed[at] ^= 1;
    let (out, fault) = all(&packed);
    assert_eq!(out, plain);
    assert!(fault.unwrap().en.contains("checksum"));
    let (out, fault) = all(&[gz(&plain, None), b"garbage".to_vec()].concat());
    assert_eq!(out, plain);
    assert!(fault.unwrap().en.contains("other data follows"));
    let (out, fault) = all(&[zst(&plain), b"garbage".to_vec()].concat());
    assert_eq!(out, plain);
    assert!(fault.unwrap().en.contains("other data follows"));
    assert!(all(&[0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0]).1.unwrap().en.contains("broken (method)"));
}

#[test]
fn a_bomb_is_stopped_at_the_limits_and_they_are_named() {
    let plain = vec![0; 3_000_000];
    for packed in [gz(&plain, None), zst(&plain)] {
        let limits = Limits { unpacked: 1 << 20, ..Limits::default() };
        let (out, fault, _) = unpack(&packed, limits);
        assert!(out.len() <= 1 << 20 && fault.unwrap().en.contains("more than 1048576 bytes"));
        let limits = Limits { ratio: 50, any_ratio: 500_000, ..Limits::default() };
        let (out, fault, used) = unpack(&packed, limits);
        assert!(out.len() < 3_000_000 && out.len() as u64 <= (used * 50).max(500_000));
        assert!(fault.unwrap().ja.contains("50 倍"));
        assert_eq!(unpack(&packed, Limits::default()).0.len(), plain.len());
    }
}

#[test]
fn a_window_that_costs_too_much_memory_is_refused_with_advice() {
    // A window descriptor with exponent 20 asks for 2^30 bytes.
    let (out, fault) = all(&[0x28, 0xb5, 0x2f, 0xfd, 0, 20 << 3, 1, 0, 0]);
    assert!(out.is_empty() && fault.unwrap().en.contains("--long=31"));
}

#[test]
fn data_that_gives_nothing_lets_its_caller_breathe() {
    let empty = gz(b"", None);
    let many = empty.repeat((PATIENCE as usize * 2) / empty.len());
    let mut from = Unpacker::new(Packing::Gzip, many.as_slice());
    let mut out = [0; 10];
    assert_eq!(from.read(&mut out).unwrap_err().kind(), io::ErrorKind::Interrupted);
    while from.read(&mut out).is_err() {}
    assert_eq!((from.packed(), from.fault()), (many.len() as u64, None));
}

#[test]
fn a_reader_that_fails_is_not_taken_for_broken_data() {
    struct Fails<'a>(&'a [u8]);
    impl Read for Fails<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() { Err(io::Error::other("the stick was pulled out")) } else { Drip(std::mem::take(&mut self.0), 90).read(out) }
        }
    }
    for packed in [gz(&sample(9000), None), zst(&sample(9000))] {
        let mut from = Unpacker::new(packing(&packed).unwrap(), Fails(&packed[..90]));
        let error = from.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "the stick was pulled out");
    }
}
