//! Bytes that lie: limits, packed and mutated files.

use super::*;
use osiscope::trace::unpack::{Limits, Unpacker, packing};
use std::io::{Read, Write};

#[test]
fn the_limit_of_frames_ends_in_words_and_not_in_a_wrong_number() {
    let l = Little;
    let pcap = [l.pcap(0xa1b2_c3d4, (2, 4), 1), l.record(1, 2, 4, 4, b"", &[1; 4]).repeat(9)].concat();
    let pcapng = [l.section(&[]), l.interface(1, 0, &[]), l.enhanced(0, 1, 4, &[1; 4], &[]).repeat(9)].concat();
    for file in [pcap, pcapng] {
        for piece in [1, 50, file.len()] {
            let mut parser = Parser::up_to(5);
            let mut frames = 0;
            for bytes in file.chunks(piece) {
                parser.feed(bytes, &mut |r, _| frames += usize::from(matches!(r, Record::Frame(..))));
            }
            let why = parser.finish().unwrap().why;
            assert_eq!((frames, parser.frames()), (5, 5));
            assert!(why.en.contains("limit of 5 frames") && why.ja.contains("5 個に達しました"), "{}", why.en);
        }
    }
    assert!(osiscope::trace::read::MAX_FRAMES < u64::from(u32::MAX));
}

#[test]
fn times_that_no_clock_of_ours_can_say_end_at_the_edge_and_backwards_is_backwards() {
    let l = Little;
    let file = [
        l.section(&[]),
        l.interface(1, 0, &[l.option(9, &[0])]),
        l.interface(1, 0, &[l.option(14, &l.u64(i64::MIN.cast_unsigned()))]),
        l.enhanced(0, u64::MAX, 4, &[1; 4], &[]),
        l.enhanced(1, 5, 4, &[1; 4], &[]),
        l.enhanced(0, 7, 4, &[1; 4], &[]),
    ]
    .concat();
    let trace = load(&file);
    assert_eq!(trace.frames.iter().map(|f| f.at.0).collect::<Vec<_>>(), [i64::MAX, i64::MIN, 7_000_000_000]);
    let exact: Vec<_> = (0..4).map(|id| trace.exact_time(id)).collect();
    let edge = i128::from(i64::MIN) * 1_000_000_000 + 5_000;
    assert_eq!(exact, [Some(i128::from(u64::MAX) * 1_000_000_000), Some(edge), Some(7_000_000_000), None]);
    assert_eq!(contents(&load(&saved(&trace, Format::Pcapng))), contents(&trace));
}

#[test]
fn names_beyond_the_limit_stay_in_the_file() {
    let l = Little;
    let record = [l.u16(1), l.u16(6), vec![10, 0, 0, 1, b'a', 0, 0, 0]].concat();
    let block = l.block(4, &record.repeat(60_000));
    let file = [l.section(&[]), block.clone(), block].concat();
    let trace = load(&file);
    assert_eq!(trace.names.len(), osiscope::trace::read::MAX_NAMES as usize);
    assert_eq!(saved(&trace, Format::Pcapng).len(), file.len());
}

pub fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

pub fn zst(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

const EDGES: [u32; 14] =
    [0, 1, 3, 8, 11, 12, 13, 28, 0x7fff_ffff, u32::MAX, MAX_FRAME, MAX_BLOCK, 0x0a0d_0d0a, 0x0bad];

/// Changes a file in a few places, as disks, editors and evil people do.
fn mutate(random: &mut Random, seed: &[u8], other: &[u8]) -> Vec<u8> {
    let mut file = seed.to_vec();
    for _ in 0..=random.below(4) {
        if file.is_empty() {
            break;
        }
        let at = random.below(file.len() as u64) as usize;
        match random.below(7) {
            0 => file[at] = random.next() as u8,
            1 => file[at] ^= 1 << random.below(8),
            2 => {
                let n = EDGES[random.below(EDGES.len() as u64) as usize];
                let n = if random.below(2) == 0 { n.to_le_bytes() } else { n.to_be_bytes() };
                let at = at & !3;
                let len = file.len().min(at + 4) - at;
                file[at..at + len].copy_from_slice(&n[..len]);
            }
            3 => file.truncate(at.max(1)),
            4 => drop(file.splice(at..at, random.bytes(1 + at % 7))),
            5 => {
                let end = (at + 1 + random.below(40) as usize).min(file.len());
                let piece = file[at..end].to_vec();
                let to = random.below(file.len() as u64) as usize;
                drop(file.splice(to..to, piece));
            }
            _ => {
                let from = random.below(other.len() as u64) as usize;
                let end = (from + 1 + random.below(60) as usize).min(other.len());
                let to = (at + end - from).min(file.len());
                drop(file.splice(at..to, other[from..end].to_vec()));
            }
        }
    }
    file
}

/// Reads, loads and saves: every step ends, and nothing is made up.
fn judge(random: &mut Random, file: Vec<u8>, deep: bool) {
    let mut parser = Parser::new();
    let mut trace = Trace::new(Arc::new(Vec::new()));
    let (mut given, mut records) = (0, 0);
    let piece = [file.len(), 64, 1 + random.below(40) as usize][random.below(3) as usize].max(1);
    for bytes in file.chunks(piece) {
        parser.feed(bytes, &mut |record, bytes| {
            if let Record::Frame(meta, _) = &record {
                assert_eq!(meta.cap_len as usize, bytes.len());
                assert_eq!(&file[meta.offset as usize..][..bytes.len()], bytes);
                assert!(meta.wire_len >= meta.cap_len);
            }
            given += bytes.len();
            records += 1;
            trace.append(record);
        });
        assert!(parser.held() <= file.len() && parser.at() <= file.len() as u64);
    }
    let damage = parser.finish();
    // A custom block of 16 bytes tells that it has no time, and is a frame; a name takes 10 bytes.
    assert!(given <= file.len() && records <= file.len() / 4 + 2, "{records} records of {} bytes", file.len());
    assert!(damage.is_none_or(|d| d.at <= file.len() as u64 && !d.why.ja.is_empty() && !d.why.en.is_empty()));
    assert_eq!(parser.held(), 0);
    if deep {
        let n = trace.len();
        trace.source = Arc::new(file);
        let pcapng = saved(&trace, Format::Pcapng);
        if n > 0 || !trace.interfaces.is_empty() {
            let mut again = load(&pcapng);
            // Words about a call that was broken are taken for those of a call that is put on the same frame.
            for trace in [&mut trace, &mut again] {
                trace.comments.retain(|(_, c)| !c.starts_with("osiscope call: "));
            }
            assert_eq!((again.damage.as_ref().map(|d| &d.why.en), again.len()), (None, n));
            assert_eq!(contents(&again), contents(&trace));
        }
    }
}

fn seeds() -> [(&'static str, Vec<Vec<u8>>); 2] {
    let l = Little;
    let pcap = |o: Order, magic, more: &[u8]| {
        let records = (0..8u32).flat_map(|n| o.record(n, n, 40, 40, more, &[n as u8; 40]));
        [o.pcap(magic, (2, 4), 1), records.collect()].concat()
    };
    let pcaps = vec![
        pcap(l, 0xa1b2_c3d4, b""),
        pcap(Big, 0xa1b2_3c4d, b""),
        pcap(Big, 0xa1b2_cd34, &[0; 8]),
        pcap(l, 0xa1b2_c3d4, &[0; 4]),
        [l.pcap(0x1c00_01ac, (2, 3), 1), vec![0; 4], l.record(1, 1, 4, 4, b"", &[1; 4])].concat(),
    ];
    let names = [l.u16(1), l.u16(6), vec![10, 0, 0, 1, b'a', 0, 0, 0], vec![0; 4]].concat();
    let small = [
        l.section(&[l.option(1, b"about")]),
        l.block(4, &names),
        l.interface(1, 0, &[l.option(9, &[9]), l.option(14, &l.u64(3))]),
        l.block(10, &[l.u32(0x544c_534b), l.u32(4), b"keys".to_vec()].concat()),
        l.enhanced(0, 7, 9, &[1; 9], &[l.option(1, b"hi"), l.option(2, &l.u32(1)), l.option(4, &l.u64(1))]),
        l.block(0x77, b"?"),
        l.block(3, &[l.u32(6), vec![3; 6]].concat()),
        l.block(5, &[l.u32(0), vec![0; 8], l.option(5, &l.u64(4))].concat()),
    ]
    .concat();
    [("pcap", pcaps), ("pcapng", vec![everything(), saved(&random_small(), Format::Pcapng), small])]
}

/// How many mutated inputs each test makes: few by default, more where `OSISCOPE_MUTATIONS` says so.
fn rounds(few: usize) -> usize {
    std::env::var("OSISCOPE_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(few)
}

#[test]
fn mutated_captures_never_panic_never_hold_or_give_more_than_they_have_and_can_be_saved() {
    for (name, seeds) in seeds() {
        let mut random = Random(20_240_517 + name.len() as u64);
        for round in 0..rounds(60_000) {
            let seed = &seeds[round % seeds.len()];
            let file = mutate(&mut random, seed, &seeds[(round / 7) % seeds.len()]);
            judge(&mut random, file, round % 4 == 0);
        }
    }
}

#[test]
fn mutated_packed_captures_end_in_bytes_or_words_within_the_limits() {
    let plain: Vec<u8> = seeds().into_iter().flat_map(|(_, files)| files.concat()).collect();
    let limits = Limits { unpacked: 1 << 20, ratio: 200, any_ratio: 100_000 };
    for (name, pack) in [("gzip", gz as fn(&[u8]) -> Vec<u8>), ("zstd", zst)] {
        let seeds = [pack(&plain), pack(&plain[..200]), pack(&vec![7; 90_000]), [pack(&plain[..90]), pack(&plain[90..400])].concat()];
        let mut random = Random(77 + name.len() as u64);
        let (mut whole, mut broken) = (0, 0);
        let mut room = vec![0; 70_000];
        for round in 0..rounds(4_000) {
            let mut file = mutate(&mut random, &seeds[round % seeds.len()], &seeds[(round / 5) % seeds.len()]);
            // The magic number stays, else nothing would be unpacked.
            let keep = 4.min(file.len());
            file[..keep].copy_from_slice(&seeds[0][..keep]);
            let Some(kind) = packing(&file) else { continue };
            let mut from = Unpacker::with_limits(kind, file.as_slice(), limits);
            let mut parser = Parser::new();
            let mut sum = 0;
            loop {
                match from.read(&mut room) {
                    Ok(0) => break,
                    Ok(n) => {
                        sum += n as u64;
                        parser.feed(&room[..n], &mut |_, _| {});
                    }
                    Err(e) => assert_eq!(e.kind(), std::io::ErrorKind::Interrupted),
                }
            }
            parser.finish();
            assert!(sum <= limits.unpacked && sum == from.unpacked() && from.packed() <= file.len() as u64);
            match from.fault() {
                Some(why) => {
                    assert!(!why.ja.is_empty() && !why.en.is_empty());
                    broken += 1;
                }
                None => whole += 1,
            }
        }
        assert!(broken > whole && whole > 0, "{name}: {whole} whole, {broken} broken");
    }
}
