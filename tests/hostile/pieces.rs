//! Single pieces of the program, many thousand times a second: headers, messages, files.
//!
//! In: seeds. Out: nothing, or a panic. What holds across pieces is `judge`'s.

use crate::mutate::{self, Random};
use crate::seeds::{BLOCKS, HEADERS, Seeds};
use osiscope::proto::claim::{Ask, Claim, Hint};
use osiscope::proto::{self, About, Dir, Framed, Protocol};
use osiscope::trace::read::Parser;
use osiscope::wire::{LinkType, dissect, lean};

/// Numbers of link types, those that are read and others.
const LINKS: [u16; 24] =
    [0, 1, 9, 12, 14, 50, 51, 101, 104, 105, 108, 113, 119, 127, 147, 163, 166, 192, 204, 228, 229, 239, 276, 290];

/// One damaged frame, read by both readers of headers.
pub fn headers(random: &mut Random, seeds: &Seeds) {
    let capture = random.pick(&seeds.captures).unwrap();
    let (good, other) = (random.pick(capture).unwrap(), random.clone().pick(capture).unwrap());
    let (mut bytes, mut link) = (good.bytes.clone(), good.link);
    mutate::bytes(random, &mut bytes, &other.bytes, HEADERS);
    if random.once_in(10) {
        link = LinkType(LINKS[random.below(LINKS.len())]);
    }
    let wire_len = bytes.len() + random.below(4) * random.below(500);
    let seen = dissect(link, &bytes, wire_len);
    let len = bytes.len() as u32;
    for layer in &seen.layers {
        assert!(layer.header.end() <= len && layer.payload.end() <= len, "{} reaches beyond the frame", layer.proto);
        for field in &layer.fields {
            field.walk(&mut |field| {
                assert!(field.span.end() <= len, "{} reaches beyond the frame", field.def.name);
                field.print(&bytes);
            });
        }
    }
    assert!(seen.stop.as_ref().is_none_or(|stop| !stop.text().ja.is_empty() && !stop.text().en.is_empty()));
    if let Some(lean) = lean::read(link, &bytes, wire_len) {
        assert!(lean.fragment || lean.payload_at.saturating_add(lean.payload_len) <= len, "{lean:?}");
    }
}

/// One conversation of a few damaged turns: framed as a stream, with gaps, and each turn dissected as a message.
pub fn message(random: &mut Random, seeds: &Seeds) {
    let mut talk = random.pick(&seeds.talks).unwrap().clone();
    let other = random.pick(&seeds.talks).unwrap();
    talk.damage(random, other);
    let turns = talk.turns();
    let protocol: &dyn Protocol = match turns.iter().find_map(|(dir, bytes)| proto::TABLE.iter().find(|p| p.claim(&Ask::stream(*dir, bytes)) >= Claim::Begins)) {
        Some(found) if !random.once_in(6) => *found,
        _ => *random.pick(proto::TABLE).unwrap(),
    };
    let mut framer = protocol.framer();
    let (mut at, mut unread) = ([0u64; 2], [Vec::new(), Vec::new()]);
    let skip = random.below(turns.len());
    for (dir, bytes) in turns.iter().skip(skip).take(4) {
        let head = bytes.get(..4096).unwrap_or(bytes);
        let out = protocol.dissect(head, About { complete: random.once_in(2), note: random.below(4) as u32, ..About::alone(*dir) });
        for layer in &out.layers {
            let of = if layer.buffer == 0 { head } else { &out.buffers[layer.buffer - 1].bytes };
            let len = of.len() as u32;
            assert!(layer.header.end() <= len && layer.payload.end() <= len, "{} reaches beyond its bytes", layer.proto);
            for field in &layer.fields {
                field.walk(&mut |field| {
                    assert!(field.span.end() <= len, "{} reaches beyond its bytes", field.def.name);
                    field.print(of);
                });
            }
        }
        for hint in [Hint::Nothing, Hint::Port, Hint::ClientPort, Hint::Announced, Hint::Before] {
            protocol.claim(&Ask::stream(*dir, head).with(hint));
            protocol.claim(&Ask::datagram(head).with(hint));
        }
        (protocol.kind(head), protocol.headline(head));
        let Some(framer) = framer.as_mut() else { continue };
        let n = dir.index();
        unread[n].extend_from_slice(head);
        let end = at[n] + unread[n].len() as u64;
        let mut reached = 0;
        let mut found = |event: Framed| {
            if let Framed::Begin { at, .. } | Framed::End { at, .. } = event {
                reached = reached.max(at);
            }
        };
        let took = framer.push(*dir, at[n], &unread[n], &mut found);
        assert!(took <= unread[n].len(), "{} took more than there is", protocol.name());
        unread[n].drain(..took);
        at[n] += took as u64;
        if unread[n].len() > proto::MAX_HEAD || random.once_in(12) {
            unread[n].clear();
            let hole = random.below(5000) as u64;
            framer.gap(*dir, end, hole, &mut found);
            at[n] = end + hole;
        }
    }
    if let Some(framer) = framer.as_mut() {
        Dir::BOTH.into_iter().for_each(|dir| framer.end(dir, at[dir.index()] + unread[dir.index()].len() as u64, &mut |_| {}));
    }
}

/// One damaged file, read by the readers of files alone.
pub fn blocks(random: &mut Random, seeds: &Seeds) {
    let mut file = random.pick(&seeds.files).unwrap().clone();
    let len = file.len().min(200 + random.below(6000));
    file.truncate(len);
    mutate::bytes(random, &mut file, &random.clone().pick(&seeds.files).unwrap()[..], BLOCKS);
    let mut parser = Parser::new();
    let (mut given, mut records) = (0, 0);
    let piece = [file.len(), 64, 1 + random.below(40)][random.below(3)].max(1);
    for bytes in file.chunks(piece) {
        parser.feed(bytes, &mut |_, bytes| {
            given += bytes.len();
            records += 1;
        });
        assert!(parser.held() <= file.len() && parser.at() <= file.len() as u64);
    }
    let damage = parser.finish();
    assert!(given <= file.len() && records <= file.len() / 4 + 2, "{records} records of {} bytes", file.len());
    assert!(damage.is_none_or(|d| d.at <= file.len() as u64 && !d.why.ja.is_empty() && !d.why.en.is_empty()));
}
