//! Bytes as lines that people read: text, hexadecimal, or escaped.
//!
//! In: the pieces of a conversation in the order in which they could be read. Out: lines, each with the frame of its first byte.

use super::{Form, Line, Piece, Said, What};
use crate::flow::Dir;
use crate::trace::FrameId;
use std::fmt::Write;

/// Bytes of a line of text on a page.
pub const WIDTH: usize = 110;
/// Bytes of a line of hexadecimal digits.
const HEX: usize = 16;

/// Pieces as lines. What one end says without a pause is one text: its lines do not end where segments end.
pub fn write(pieces: Vec<Piece>, form: Form, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut run = Run::default();
    for piece in pieces {
        if run.dir != piece.dir || !matches!(piece.what, What::Bytes(_)) {
            run.end(form, width, &mut lines);
        }
        match piece.what {
            What::Bytes(bytes) => {
                if run.bytes.is_empty() {
                    (run.dir, run.at) = (piece.dir, piece.at);
                }
                run.frames.push((run.bytes.len(), piece.frame));
                run.bytes.extend(bytes);
            }
            What::Note(said) => lines.push(Line { dir: piece.dir, frame: piece.frame, said }),
            What::Break => {}
        }
    }
    run.end(form, width, &mut lines);
    lines
}

#[derive(Default)]
struct Run {
    dir: Dir,
    at: u64,
    bytes: Vec<u8>,
    /// From which byte on which frame brought them.
    frames: Vec<(usize, FrameId)>,
}

impl Run {
    fn end(&mut self, form: Form, width: usize, lines: &mut Vec<Line>) {
        let run = std::mem::take(self);
        let mut at = 0;
        while let Some(rest) = run.bytes.get(at..).filter(|r| !r.is_empty()) {
            let (len, text) = match form {
                Form::Text => text(rest, width),
                Form::Hex => hex(rest, run.at + at as u64),
                Form::Escaped => escaped(rest),
            };
            let before = run.frames.partition_point(|(from, _)| *from <= at);
            let frame = before.checked_sub(1).and_then(|n| run.frames.get(n)).map_or(0, |f| f.1);
            lines.push(Line { dir: run.dir, frame, said: Said::Bytes(text) });
            at += len.max(1);
        }
    }
}

/// The bytes of the next line, at most `width`, and its words.
fn text(rest: &[u8], width: usize) -> (usize, String) {
    let most = rest.get(..width).unwrap_or(rest);
    let len = match most.iter().position(|b| *b == b'\n') {
        Some(at) => at + 1,
        // Not in the middle of a character, where it can be helped.
        None if most.len() < rest.len() => {
            let inside = |n: usize| rest.get(n).is_some_and(|b| b & 0xc0 == 0x80);
            (most.len() - 3..=most.len()).rev().find(|n| !inside(*n)).unwrap_or(most.len())
        }
        None => most.len(),
    };
    let line = rest.get(..len).unwrap_or(rest);
    let line = line.strip_suffix(b"\n").map_or(line, |l| l.strip_suffix(b"\r").unwrap_or(l));
    let mut out = String::new();
    for c in String::from_utf8_lossy(line).chars() {
        match c {
            '\t' => out.push_str("    "),
            c if c.is_control() || c == char::REPLACEMENT_CHARACTER => out.push('·'),
            c => out.push(c),
        }
    }
    (len, out)
}

fn hex(rest: &[u8], at: u64) -> (usize, String) {
    let bytes = rest.get(..HEX).unwrap_or(rest);
    let mut out = format!("{at:08x}  ");
    for n in 0..HEX {
        let _ = match bytes.get(n) {
            Some(b) => write!(out, "{b:02x} "),
            None => write!(out, "   "),
        };
        if n == HEX / 2 - 1 {
            out.push(' ');
        }
    }
    out.push(' ');
    out.extend(bytes.iter().map(|b| if (0x20..0x7f).contains(b) { char::from(*b) } else { '.' }));
    (bytes.len(), out)
}

fn escaped(rest: &[u8]) -> (usize, String) {
    let mut out = String::new();
    let mut len = 0;
    for b in rest {
        match b {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'\\' => out.push_str("\\\\"),
            0x20..0x7f => out.push(char::from(*b)),
            b => {
                let _ = write!(out, "\\x{b:02x}");
            }
        }
        len += 1;
        if *b == b'\n' || out.len() >= WIDTH {
            break;
        }
    }
    (len, out)
}
