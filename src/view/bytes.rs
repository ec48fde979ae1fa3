//! The bytes of a frame: which buffer, which colour, which field, and the way from one buffer to another.
//!
//! In: a dissected frame. Out: spans and rows of text. Buffer 0 is the frame; the others were put together or decoded from
//! it (a reassembled message, an unmasked payload), and [`Buffer::in_frame`] says which of their bytes stand in the frame.

use crate::app::ByteRef;
use crate::trace::FrameId;
use crate::wire::{Buffer, Dissected, Field, Osi, Span};
use std::collections::BTreeSet;

/// The bytes of the frame that a span of this buffer stands for: none, one or several pieces, in order.
pub fn to_frame(buffer: &Buffer, span: Span) -> Vec<Span> {
    pieces(buffer.in_frame.iter().map(|&(at, in_frame)| (at, in_frame.start, in_frame.len)), span)
}

/// The bytes of this buffer that a span of the frame became: none, one or several pieces, in the order of `in_frame`.
pub fn from_frame(buffer: &Buffer, span: Span) -> Vec<Span> {
    pieces(buffer.in_frame.iter().map(|&(at, in_frame)| (in_frame.start, at, in_frame.len)), span)
}

/// Maps `span` through pieces (from, to, length); neighbouring results are joined.
fn pieces(map: impl Iterator<Item = (u32, u32, u32)>, span: Span) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for (from, to, len) in map {
        let start = span.start.max(from);
        let end = span.end().min(from.saturating_add(len));
        if start >= end {
            continue;
        }
        let piece = Span { start: to.saturating_add(start - from), len: end - start };
        match out.last_mut() {
            Some(last) if last.end() == piece.start => last.len = last.len.saturating_add(piece.len),
            _ => out.push(piece),
        }
    }
    out
}

/// A span of one buffer in terms of another, through the frame. The same buffer: the span itself.
pub fn translate(buffers: &[Buffer], from: usize, span: Span, to: usize) -> Vec<Span> {
    if span.is_empty() {
        return Vec::new();
    }
    if from == to {
        return vec![span];
    }
    let in_frame = match (from, buffers.get(from)) {
        (0, _) => vec![span],
        (_, Some(buffer)) => to_frame(buffer, span),
        (_, None) => Vec::new(),
    };
    match (to, buffers.get(to)) {
        (0, _) => in_frame,
        (_, Some(buffer)) => in_frame.into_iter().flat_map(|s| from_frame(buffer, s)).collect(),
        (_, None) => Vec::new(),
    }
}

/// What of a buffer lights up, for what is pointed at. Nothing for another frame or a frame as a whole.
pub fn lit(dissected: &Dissected, frame: FrameId, lit: Option<ByteRef>, buffer: usize) -> Vec<Span> {
    match lit {
        Some(lit) if lit.frame == frame => translate(&dissected.buffers, lit.buffer, lit.span, buffer),
        _ => Vec::new(),
    }
}

/// A field within a dissected frame: the layer's index, and the way from its fields down.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    pub layer: usize,
    pub path: Vec<usize>,
    pub field: &'a Field,
    /// Its bytes, in the buffer that was asked about.
    pub span: Span,
}

/// The innermost field that covers this byte: the shortest, and of equals the one of the highest layer, deepest.
///
/// A field of a few bits shares its byte with others, so it is meant only where nothing else covers the byte.
pub fn innermost(dissected: &Dissected, buffer: usize, at: u32) -> Option<Found<'_>> {
    let byte = Span { start: at, len: 1 };
    let rank = |field: &Field| (field.bits.is_some_and(|b| b.len < 8), field.span.len);
    let mut best: Option<Found<'_>> = None;
    for (index, layer) in dissected.layers.iter().enumerate() {
        for place in translate(&dissected.buffers, buffer, byte, layer.buffer) {
            search(&layer.fields, place.start, &mut Vec::new(), &mut |path, field| {
                if best.as_ref().is_none_or(|b| rank(field) <= rank(b.field)) {
                    best = Some(Found { layer: index, path: path.to_vec(), field, span: field.span });
                }
            });
        }
    }
    let mut best = best?;
    let layer = dissected.layers.get(best.layer)?;
    // Of a field that stands in several pieces, the piece that was pointed at.
    let here = translate(&dissected.buffers, layer.buffer, best.field.span, buffer);
    best.span = here.into_iter().find(|s| s.contains(at)).unwrap_or(byte);
    Some(best)
}

fn search<'a>(fields: &'a [Field], at: u32, path: &mut Vec<usize>, visit: &mut dyn FnMut(&[usize], &'a Field)) {
    for (i, field) in fields.iter().enumerate() {
        path.push(i);
        if field.span.contains(at) {
            visit(path, field);
        }
        search(&field.children, at, path, visit);
        path.pop();
    }
}

/// What a pointer over this byte points at: the innermost field's bytes, else this byte alone.
pub fn point(dissected: &Dissected, frame: FrameId, buffer: usize, at: u32) -> ByteRef {
    match innermost(dissected, buffer, at) {
        Some(found) => ByteRef { frame, buffer, span: found.span, layer: Some(found.layer) },
        None => {
            let layer = owner(&runs(dissected, buffer), at).map(|r| r.layer);
            ByteRef { frame, buffer, span: Span { start: at, len: 1 }, layer }
        }
    }
}

/// Bytes of one layer, side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    pub span: Span,
    pub osi: Osi,
    pub layer: usize,
    /// Of the header; otherwise of what an application's message carries.
    pub header: bool,
}

/// Whose bytes are whose in a buffer, in order and without overlap: of two layers that claim a byte, the higher has it.
pub fn runs(dissected: &Dissected, buffer: usize) -> Vec<Run> {
    let mut claims: Vec<Run> = Vec::new();
    for (layer, l) in dissected.layers.iter().enumerate() {
        let mut claim = |span: Span, header: bool| {
            for span in translate(&dissected.buffers, l.buffer, span, buffer) {
                claims.push(Run { span, osi: l.osi, layer, header });
            }
        };
        if l.osi >= Osi::Session {
            claim(l.payload, false);
        }
        claim(l.header, true);
    }
    // A body in very many chunks makes very many claims: one sweep, with the claims that cover the place it is at.
    let mut edges: Vec<(u32, usize)> =
        claims.iter().enumerate().flat_map(|(i, c)| [(c.span.start, i), (c.span.end(), i)]).collect();
    edges.sort_unstable();
    let mut open = BTreeSet::new();
    let mut out: Vec<Run> = Vec::new();
    for (n, &(start, i)) in edges.iter().enumerate() {
        if !open.remove(&i) {
            open.insert(i);
        }
        let end = edges.get(n + 1).map_or(start, |e| e.0);
        // Later claims are of higher layers, or of the header over its own payload.
        let Some(claim) = open.last().and_then(|&i| claims.get(i)).filter(|_| start < end) else { continue };
        let span = Span { start, len: end - start };
        match out.last_mut() {
            Some(last) if last.layer == claim.layer && last.header == claim.header && last.span.end() == start => {
                last.span.len += span.len;
            }
            _ => out.push(Run { span, ..*claim }),
        }
    }
    out
}

/// The run that a byte belongs to.
pub fn owner(runs: &[Run], at: u32) -> Option<&Run> {
    let next = runs.partition_point(|r| r.span.start <= at);
    runs.get(next.checked_sub(1)?).filter(|r| r.span.contains(at))
}

/// Bytes as pairs of digits with spaces.
pub fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 3);
    for (i, b) in bytes.iter().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        out.push(digit(b >> 4));
        out.push(digit(b & 15));
    }
    out
}

fn digit(nibble: u8) -> char {
    char::from_digit(u32::from(nibble), 16).unwrap_or('0')
}

/// What stands in the text column for a byte: itself if it is printable ASCII, else a dot.
pub fn glyph(byte: u8) -> char {
    if byte.is_ascii_graphic() || byte == b' ' { char::from(byte) } else { '.' }
}

/// The text column of a row.
pub fn ascii(bytes: &[u8]) -> String {
    bytes.iter().map(|&b| glyph(b)).collect()
}

/// Bytes as an array in C.
pub fn c_array(name: &str, bytes: &[u8]) -> String {
    let mut out = format!("const unsigned char {name}[{}] = {{", bytes.len());
    for (i, b) in bytes.iter().enumerate() {
        out.push_str(if i % 12 == 0 { "\n    " } else { " " });
        out.push_str(&format!("0x{b:02x},"));
    }
    out.push_str("\n};\n");
    out
}

/// Rows with `per_row` bytes each that a buffer of this length fills; at least one.
pub fn row_count(len: usize, per_row: usize) -> usize {
    len.div_ceil(per_row.max(1)).max(1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::lang::{Text, words};
    use crate::wire::{FieldDef, Kind, Layer, Next, Value};

    static WHOLE: FieldDef =
        FieldDef { name: "t.whole", kind: Kind::Bytes, label: words("全体", "Whole"), note: words("。", ".") };
    static PART: FieldDef =
        FieldDef { name: "t.part", kind: Kind::Dec, label: words("部分", "Part"), note: words("。", ".") };

    /// A message of 10 bytes, of which 4 came in an earlier frame and 6 stand at 20 in this one.
    fn message() -> Buffer {
        Buffer { name: Text::same("m"), bytes: b"GET / HTTP".to_vec(), in_frame: vec![(4, Span::new(20, 6))] }
    }

    fn frame() -> Dissected {
        let layer = |proto, osi, buffer, header, payload, fields| Layer {
            proto,
            title: "T",
            osi,
            buffer,
            header,
            payload,
            summary: String::new(),
            fields,
        };
        let part = Field::new(&PART, Value::Uint(1), Span::new(2, 2));
        let whole = Field::new(&WHOLE, Value::Bytes, Span::new(0, 20)).with(vec![part]);
        let line = Field::new(&WHOLE, Value::Bytes, Span::new(2, 6));
        Dissected {
            buffers: vec![
                Buffer { name: Text::same("frame"), bytes: vec![0; 26], in_frame: vec![(0, Span::new(0, 26))] },
                message(),
            ],
            layers: vec![
                layer("tcp", Osi::Transport, 0, Span::new(0, 20), Span::new(20, 6), vec![whole]),
                layer("http", Osi::Application, 1, Span::new(0, 8), Span::new(8, 2), vec![line]),
            ],
            next: Next::Nothing,
            stop: None,
        }
    }

    #[test]
    fn a_span_of_a_message_is_only_as_long_in_the_frame_as_the_frame_carries() {
        let m = message();
        assert_eq!(to_frame(&m, Span::new(0, 10)), [Span::new(20, 6)]);
        assert_eq!(to_frame(&m, Span::new(0, 4)), []);
        assert_eq!(to_frame(&m, Span::new(3, 3)), [Span::new(20, 2)]);
        assert_eq!(from_frame(&m, Span::new(0, 26)), [Span::new(4, 6)]);
        assert_eq!(from_frame(&m, Span::new(25, 1)), [Span::new(9, 1)]);
        assert_eq!(from_frame(&m, Span::new(0, 20)), []);
    }

    #[test]
    fn pieces_that_touch_become_one_and_others_stay_apart() {
        let apart = Buffer { in_frame: vec![(0, Span::new(10, 2)), (2, Span::new(20, 2)), (4, Span::new(22, 2))], ..message() };
        assert_eq!(to_frame(&apart, Span::new(1, 5)), [Span::new(11, 1), Span::new(20, 4)]);
    }

    #[test]
    fn hovering_a_byte_of_the_frame_finds_the_field_of_the_message_and_stays_in_the_frame() {
        let d = frame();
        // Byte 21 is byte 5 of the message, in its request line 2..8, of which 4..8 stand here as 20..24.
        let at = point(&d, 7, 0, 21);
        assert_eq!(at, ByteRef { frame: 7, buffer: 0, span: Span::new(20, 4), layer: Some(1) });
        assert_eq!(lit(&d, 7, Some(at), 1), [Span::new(4, 4)]);
        assert_eq!(lit(&d, 8, Some(at), 1), []);
    }

    #[test]
    fn the_shortest_field_that_covers_a_byte_is_meant() {
        let d = frame();
        assert_eq!(innermost(&d, 0, 3).unwrap().path, [0, 0]);
        assert_eq!(innermost(&d, 0, 5).unwrap().path, [0]);
        assert_eq!(point(&d, 7, 0, 25), ByteRef { frame: 7, buffer: 0, span: Span::new(25, 1), layer: Some(1) });
        assert!(innermost(&d, 1, 9).is_none());
    }

    #[test]
    fn colours_follow_the_highest_layer_that_has_the_byte() {
        let d = frame();
        let of = |buffer, at| owner(&runs(&d, buffer), at).map(|r| (r.layer, r.header));
        assert_eq!(of(0, 0), Some((0, true)));
        assert_eq!(of(0, 19), Some((0, true)));
        assert_eq!(of(0, 20), Some((1, true)));
        assert_eq!(of(0, 25), Some((1, false)));
        assert_eq!(of(0, 26), None);
        assert_eq!(of(1, 0), Some((1, true)));
        assert_eq!(of(1, 10), None);
    }

    #[test]
    fn ten_thousand_pieces_are_coloured_in_one_sweep() {
        let mut d = frame();
        let pieces: Vec<_> = (0..10_000u32).map(|i| (i, Span { start: 26 + i * 6, len: 1 })).collect();
        d.buffers[0].bytes.resize(26 + 60_000, 0);
        d.buffers[1].in_frame.push((10, Span::new(26, 60_000)));
        d.buffers.push(Buffer { name: Text::same("joined"), bytes: vec![0; 10_000], in_frame: pieces });
        d.layers[1].payload = Span::new(8, 60_002);
        let text = Layer { osi: Osi::Presentation, buffer: 2, header: Span::NONE, payload: Span::new(0, 10_000), ..d.layers[1].clone() };
        d.layers.push(text);
        let runs = runs(&d, 0);
        // The start of the frame, the head and the body in it, and of each chunk its byte and what stands around it.
        assert_eq!(runs.len(), 3 + 2 * 10_000);
        let of = |at| owner(&runs, at).map(|r| (r.layer, r.span.len));
        assert_eq!((of(26), of(27), of(32), of(26 + 60_000)), (Some((2, 1)), Some((1, 5)), Some((2, 1)), None));
    }

    #[test]
    fn copies_read_as_what_they_claim_to_be() {
        assert_eq!(hex(&[0, 0x4f, 0xff]), "00 4f ff");
        assert_eq!(ascii(b"a b\r\n\xff"), "a b...");
        assert_eq!(c_array("x", &[1, 2]), "const unsigned char x[2] = {\n    0x01, 0x02,\n};\n");
        assert_eq!((row_count(0, 16), row_count(16, 16), row_count(17, 16)), (1, 1, 2));
    }
}
