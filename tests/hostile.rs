//! Any bytes end in a statement: damaged captures go through the whole program.
//!
//! Files, frames and conversations are damaged (`support/mutate`), and each is read by everything that reads captures (`judge`), while it is
//! watched (`watch`): no panic, no more time and memory than a capture of this size may take. A failure names the seed and
//! leaves the capture in the folder for tests' files. `OSISCOPE_MUTATIONS=100000` makes so many of each kind instead of a few,
//! `OSISCOPE_MUTATIONS_SALT=7` makes others, `OSISCOPE_CORPUS` gives more captures to begin with.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/mutate.rs"]
mod mutate;
#[path = "hostile/judge.rs"]
mod judge;
#[path = "hostile/pieces.rs"]
mod pieces;
#[path = "hostile/seeds.rs"]
mod seeds;
#[path = "hostile/talk.rs"]
mod talk;
#[path = "hostile/watch.rs"]
mod watch;

use mutate::{Random, rounds, salt};
use seeds::{Scrap, Seeds};

/// Frames of a capture that is looked at.
const FRAMES: usize = 24;

fn run(kind: &'static str, few: usize, make: impl Fn(&mut Random, &Seeds) -> Vec<u8>) {
    let seeds = Seeds::get();
    let mut watch = watch::Watch::new(kind);
    for n in 0..rounds(few) as u64 {
        let seed = salt().wrapping_mul(1 << 40) + n;
        let mut random = Random(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ kind.len() as u64);
        let file = make(&mut random, seeds);
        watch.input(seed, &file, |file| judge::judge(&mut random, file));
    }
    watch.end();
}

#[test]
fn damaged_files_end_in_a_statement() {
    run("file", 60, |random, seeds| {
        let mut file = random.pick(&seeds.files).unwrap().clone();
        let other = random.pick(&seeds.files).unwrap();
        mutate::bytes(random, &mut file, other, seeds::BLOCKS);
        file
    });
}

#[test]
fn damaged_frames_end_in_a_statement() {
    run("frame", 100, |random, seeds| {
        let all = random.pick(&seeds.captures).unwrap();
        let from = if random.once_in(2) { 0 } else { random.below(all.len()) };
        let mut frames: Vec<Scrap> = all.iter().skip(from).take(FRAMES).cloned().collect();
        for _ in 0..=random.below(6) {
            let at = random.below(frames.len());
            let other = random.pick(random.clone().pick(&seeds.captures).unwrap()).unwrap();
            match random.below(8) {
                0 => drop(frames.remove(at)),
                1 => frames.insert(at, other.clone()),
                2 => frames.insert(at, frames[random.clone().below(frames.len())].clone()),
                3 => {
                    let to = random.below(frames.len());
                    frames.swap(at, to);
                }
                4 => frames[at].cut(random),
                _ => mutate::bytes(random, &mut frames[at].bytes, &other.bytes, seeds::HEADERS),
            }
            if frames.is_empty() {
                frames.push(other.clone());
            }
        }
        seeds::file(random, &frames)
    });
}

#[test]
fn damaged_conversations_end_in_a_statement() {
    run("talk", 150, |random, seeds| {
        let mut talk = random.pick(&seeds.talks).unwrap().clone();
        let other = random.pick(&seeds.talks).unwrap();
        talk.damage(random, other);
        let frames = talk.frames(random);
        let mut file = seeds::file(random, &frames);
        if random.once_in(20) {
            mutate::bytes(random, &mut file, &[], seeds::BLOCKS);
        }
        file
    });
}

/// Inputs of a piece of the program, which take microseconds, for each input of the whole of it.
const PIECES: usize = 40;

#[test]
fn damaged_headers_end_in_a_statement() {
    pieces("header", |random, seeds| pieces::headers(random, seeds));
}

#[test]
fn damaged_messages_end_in_a_statement() {
    pieces("message", |random, seeds| pieces::message(random, seeds));
}

#[test]
fn damaged_blocks_end_in_a_statement() {
    pieces("block", |random, seeds| pieces::blocks(random, seeds));
}

fn pieces(kind: &'static str, one: impl Fn(&mut Random, &Seeds)) {
    let seeds = Seeds::get();
    let mut watch = watch::Watch::new(kind);
    for n in 0..rounds(100) as u64 {
        let seed = salt().wrapping_mul(1 << 40) + n;
        let mut random = Random(seed.wrapping_mul(0x9fb2_1c65_1e98_df25) ^ kind.len() as u64);
        // What fails is found again by its seed.
        watch.input(seed, &[], |_| (0..PIECES).for_each(|_| one(&mut random, seeds)));
    }
    watch.end();
}
