//! Damaged frames: dissection ends in a statement, never in a panic, and never points outside the frame.

use super::*;
use crate::wire::lean;

struct XorShift(u64);

impl XorShift {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

fn check(seen: &Dissected, len: u32, frame: &[u8]) {
    for layer in &seen.layers {
        assert!(layer.header.end() <= len && layer.payload.end() <= len, "{}: {frame:02x?}", layer.proto);
        for field in all_fields(layer) {
            assert!(field.span.end() <= len, "{} in {frame:02x?}", field.def.name);
            field.print(frame);
        }
    }
    if let Some(stop) = &seen.stop {
        assert!(!stop.text().ja.is_empty() && stop.at <= len as usize, "{stop:?} in {frame:02x?}");
    }
}

#[test]
fn damaged_frames_never_panic_and_never_point_outside() {
    const LINKS: [u16; 22] =
        [0, 1, 9, 12, 14, 50, 51, 101, 104, 105, 108, 113, 119, 127, 147, 163, 192, 204, 228, 229, 239, 276];
    let samples = samples();
    let mut random = XorShift(0x9e37_79b9_7f4a_7c15);
    for round in 0..200_000 {
        let (mut link, mut frame) = samples[round % samples.len()].clone();
        for _ in 0..1 + random.below(4) {
            let at = random.below(frame.len());
            match random.below(6) {
                0 => frame.truncate(at),
                1 => frame.extend((0..random.below(40)).map(|n| n as u8)),
                2 => frame.splice(at..at, [random.next() as u8]).for_each(drop),
                3 => frame.iter_mut().skip(at).take(1).for_each(|b| *b = [0, 0xff, 1, 0x7f][at % 4]),
                _ => frame.iter_mut().skip(at).take(1).for_each(|b| *b ^= 1 << (at % 8)),
            }
        }
        if random.below(20) == 0 {
            link = LinkType(LINKS[random.below(LINKS.len())]);
        }
        let wire_len = frame.len() + if random.below(4) == 0 { random.below(2000) } else { 0 };
        let seen = dissect(link, &frame, wire_len);
        check(&seen, frame.len() as u32, &frame);
        let lean = lean::read(link, &frame, wire_len);
        corpus::agree(&seen, lean.as_ref(), &format!("round {round}: {frame:02x?}"));
    }
}

#[test]
fn every_cut_of_every_sample_is_stated_or_harmless() {
    for (link, whole) in samples() {
        for len in 0..whole.len() {
            let frame = &whole[..len];
            let seen = dissect(link, frame, whole.len());
            check(&seen, len as u32, frame);
            corpus::agree(&seen, lean::read(link, frame, whole.len()).as_ref(), &format!("{len} of {whole:02x?}"));
        }
    }
}

#[test]
fn headers_nested_without_end() {
    let mut frame = ip4(17, &udp(false, b"core"));
    for _ in 0..200 {
        frame = ip4(4, &frame);
    }
    let seen = show(LinkType::RAW, &frame);
    assert!(matches!(seen.stop, Some(Stop { why: Why::TooDeep, .. })), "{:?}", seen.stop);
    assert_eq!(lean::read(LinkType::RAW, &frame, frame.len()).unwrap().src_port, 0);
}
