//! A header as the RFCs draw it: 32 bits a row, one cell a field.
//!
//! In: a layer and the width there is. Out: a [`Scene`] with one pointable place a cell. Rows that one long field fills
//! (an IPv6 address, options) are drawn as one, so that the drawing stays low; the offsets at the left say so.

use super::{Anchor, Font, Ink, Pt, Rect, Scene, layers, pt};
use crate::app::Action;
use crate::lang::Lang;
use crate::trace::FrameId;
use crate::wire::{Field, Kind, Layer, Osi, Span, Value};
use std::collections::HashMap;
use std::ops::Range;

/// Bits in a row.
const ROW: u32 = 32;
/// Room for the byte offsets at the left.
const GUTTER: f32 = 26.0;
/// Height of the ruler with the bit numbers.
const RULER: f32 = 15.0;
const LOW: f32 = 22.0;
const TALL: f32 = 48.0;
/// The largest header that is drawn, in bytes.
const MAX_BYTES: u32 = 96;

/// A field in the drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The way to its field.
    pub path: layers::Path,
    /// From the first bit of the header.
    pub bits: Range<u32>,
    /// The same bits said in another way: a relative number beside the raw one.
    pub also: Option<layers::Path>,
}

/// A drawing, and which field each of its hits is.
#[derive(Clone, Default)]
pub struct Diagram {
    pub scene: Scene,
    /// One for each of `scene.hits`.
    pub paths: Vec<layers::Path>,
}

/// What lights up in a drawing.
#[derive(Clone, Copy, Default)]
pub struct Light<'a> {
    /// Bytes of the layer's buffer.
    pub spans: &'a [Span],
    /// The one field that is meant, where bits share a byte.
    pub exact: Option<&'a [usize]>,
}

/// How many bytes of the header are drawn; `None`: this layer is words, not fixed places.
pub fn extent(layer: &Layer) -> Option<u32> {
    let bytes = match (layer.proto, layer.osi) {
        // The fixed header of RFC 1035 §4.1.1; what follows has no fixed places.
        ("dns" | "mdns", _) => layer.header.len.max(layer.payload.len).min(12),
        ("websocket" | "tls", _) => layer.header.len.min(16),
        (_, Osi::DataLink | Osi::Network | Osi::Transport) => layer.header.len.min(MAX_BYTES),
        _ => 0,
    };
    (bytes > 0).then_some(bytes)
}

/// The cells of a header in the order of their bits, without overlap.
pub fn cells(layer: &Layer) -> Vec<Cell> {
    let Some(extent) = extent(layer) else { return Vec::new() };
    let mut found = Vec::new();
    collect(layer, &layer.fields, extent * 8, &mut Vec::new(), &mut found);
    found.sort_by_key(|c: &Cell| (c.bits.start, c.bits.end));
    let mut out: Vec<Cell> = Vec::new();
    for cell in found {
        match out.last_mut() {
            Some(last) if last.bits == cell.bits => {
                // On the wire stands the raw number; the relative one is a help for reading.
                let raw = |path: &[usize]| layers::at(layer, path).is_some_and(|f| f.def.name.ends_with("_raw"));
                if last.also.is_none() {
                    let other = if raw(&cell.path) { std::mem::replace(&mut last.path, cell.path) } else { cell.path };
                    last.also = raw(&last.path).then_some(other);
                }
            }
            Some(last) if cell.bits.start < last.bits.end => {}
            _ => out.push(cell),
        }
    }
    out
}

fn place(layer: &Layer, field: &Field) -> Option<Range<u32>> {
    if let Some(bits) = field.bits {
        return Some(bits.first..bits.first.checked_add(bits.len)?);
    }
    let start = field.span.start.checked_sub(layer.header.start)?.checked_mul(8)?;
    let end = start.checked_add(field.span.len.checked_mul(8)?)?;
    (end > start).then_some(start..end)
}

fn collect(layer: &Layer, fields: &[Field], limit: u32, path: &mut layers::Path, out: &mut Vec<Cell>) {
    for (i, field) in fields.iter().enumerate() {
        path.push(i);
        let places: Vec<_> = field.children.iter().filter_map(|c| place(layer, c)).collect();
        let own = place(layer, field).or_else(|| {
            let start = places.iter().map(|p| p.start).min()?;
            Some(start..places.iter().map(|p| p.end).max()?)
        });
        if let Some(own) = own.filter(|o| o.end <= limit) {
            let length = own.end - own.start;
            let inside = places.iter().all(|p| p.start >= own.start && p.end <= own.end);
            let covered: u32 = places.iter().map(|p| p.end - p.start).sum();
            // A field is drawn as its parts if they fill it (flags), and as one if they are only remarks on it (a MAC
            // address and its group bit). An option is one cell: its kind and length are the same in all of them.
            if inside && covered <= length && covered * 10 >= length * 6 && !field.def.name.contains(".options.") {
                collect(layer, &field.children, limit, path, out);
            } else {
                out.push(Cell { path: path.clone(), bits: own, also: None });
            }
        }
        path.pop();
    }
}

/// One row of the drawing: its first bit, the bits of the header it stands for, its place.
struct Line {
    bits: Range<u32>,
    y: f32,
    h: f32,
}

/// Draws a header.
pub fn diagram(frame: FrameId, index: usize, layer: &Layer, bytes: &[u8], width: f32, lang: Lang, light: Light<'_>) -> Diagram {
    let cells = cells(layer);
    let Some(last) = cells.last().map(|c| c.bits.end) else { return Diagram::default() };
    let unit = ((width - GUTTER - 1.0) / ROW as f32).max(4.0);
    let total = last.max(extent(layer).unwrap_or(0) * 8);
    let lines = lines(&cells, total, layer, unit);
    let height = lines.last().map_or(RULER, |l| l.y + l.h) + 1.0;
    let mut drawing = Diagram { scene: Scene::new(GUTTER + unit * ROW as f32 + 1.0, height), paths: Vec::new() };
    ruler(&mut drawing.scene, unit);
    for line in &lines {
        let at = pt(GUTTER - 6.0, line.y + line.h / 2.0);
        drawing.scene.text(at, Anchor::RightCenter, (line.bits.start / 8).to_string(), Font::MonoSmall, faint(), GUTTER);
    }
    let mut lit = Vec::new();
    let mut names: HashMap<String, usize> = HashMap::new();
    for cell in &cells {
        let Some(field) = layers::at(layer, &cell.path) else { continue };
        let is_lit = match light.exact {
            Some(path) => cell.path.starts_with(path) || path.starts_with(&cell.path),
            None => light.spans.iter().any(|s| s.overlaps(field.span)),
        };
        let pieces = pieces(cell, &lines, unit);
        let mut value = cell_value(field, bytes, lang);
        if let Some(also) = cell.also.as_ref().and_then(|path| layers::at(layer, path)) {
            let relative = lang.pick("相対", "relative");
            value = format!("{value} ({relative} {})", also.print(bytes));
        }
        draw(&mut drawing.scene, layer.osi, field, &pieces, &value, bytes, lang, is_lit);
        let target = layers::byte_ref(frame, index, layer, field);
        let label = field.def.label.get(lang);
        for rect in &pieces {
            let mut name = format!("{} {label}: {value}", field.def.name);
            // A cell of several pieces, or an option that is there twice.
            let n = names.entry(name.clone()).or_default();
            *n += 1;
            if *n > 1 {
                name.push_str(&format!(" ({n})"));
            }
            drawing.scene.hit(*rect, name, Some(target), Some(Action::Pin(Some(target))));
            drawing.paths.push(cell.path.clone());
        }
        if is_lit {
            lit.push(pieces);
        }
    }
    // Outlines of what is lit lie over the lines of its neighbours.
    for pieces in lit {
        outline(&mut drawing.scene, &pieces, 1.5, Ink::Accent.solid());
    }
    drawing
}

fn faint() -> super::Paint {
    Ink::Secondary.alpha(0.8)
}

fn ruler(scene: &mut Scene, unit: f32) {
    let step = if unit >= 18.0 { 1 } else { 4 };
    for bit in (0..ROW).filter(|b| b % step == 0 || *b == ROW - 1) {
        let at = pt(GUTTER + (bit as f32 + 0.5) * unit, RULER - 3.0 - Font::MonoSmall.size() / 2.0);
        scene.text(at, Anchor::Center, bit.to_string(), Font::MonoSmall, faint(), 40.0);
    }
}

/// Rows of 32 bits; those that lie wholly within one long field become one.
fn lines(cells: &[Cell], total: u32, layer: &Layer, unit: f32) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut y = RULER;
    let mut bit = 0;
    while bit < total {
        let filling = cells.iter().find(|c| c.bits.start <= bit && c.bits.end >= bit + 2 * ROW);
        let next = match filling {
            Some(cell) => cell.bits.end / ROW * ROW,
            None => bit + ROW,
        };
        let narrow = cells.iter().any(|c| {
            let bits = c.bits.end - c.bits.start;
            let inside = c.bits.start >= bit && c.bits.start < next;
            // A flag's name and its bit: side by side in a wide window, else under each other.
            let words = layers::at(layer, &c.path).map(|f| format!("{} 0", short(f.def.name)));
            inside && bits <= 2 && words.is_some_and(|w| estimate(&w, Font::MonoSmall) + 4.0 > unit * bits as f32)
        });
        let h = if narrow { TALL } else { LOW };
        out.push(Line { bits: bit..next.min(total.next_multiple_of(ROW)), y, h });
        y += h;
        bit = next;
    }
    out
}

/// Where a cell stands: one rectangle a row.
fn pieces(cell: &Cell, lines: &[Line], unit: f32) -> Vec<Rect> {
    let mut out = Vec::new();
    for line in lines {
        let start = cell.bits.start.max(line.bits.start);
        let end = cell.bits.end.min(line.bits.end);
        if start >= end {
            continue;
        }
        let from = (start - line.bits.start) % ROW;
        let to = if end == line.bits.end { ROW } else { (end - line.bits.start) % ROW };
        let to = if to == 0 { ROW } else { to };
        out.push(Rect::new(GUTTER + from as f32 * unit, line.y, (to - from.min(to)) as f32 * unit, line.h));
    }
    out
}

fn cell_value(field: &Field, bytes: &[u8], lang: Lang) -> String {
    match (&field.value, &field.meaning) {
        (Value::None, None) if field.def.kind == Kind::Group => format!("{} B", field.span.len),
        (Value::Bool(on), _) => u8::from(*on).to_string(),
        _ => layers::value(field, bytes, lang),
    }
}

#[expect(clippy::too_many_arguments, reason = "one cell and how it is to look")]
fn draw(scene: &mut Scene, osi: Osi, field: &Field, pieces: &[Rect], value: &str, bytes: &[u8], lang: Lang, lit: bool) {
    let ink = Ink::Layer(osi);
    for rect in pieces {
        scene.rect(*rect, 0.0, if lit { Ink::Accent.alpha(0.30) } else { ink.alpha(0.10) });
    }
    outline(scene, pieces, 1.0, ink.alpha(0.45));
    // The words stand in the widest piece, the first of equals.
    let Some(rect) = pieces.iter().copied().reduce(|a, b| if b.w > a.w + 0.5 { b } else { a }) else { return };
    let short = short(field.def.name);
    let set = !matches!(field.value, Value::Bool(false) | Value::Uint(0));
    let strong = if set { Ink::Text.solid() } else { Ink::Secondary.solid() };
    let bits = field.bits.map_or(8, |b| b.len);
    if bits <= 2 {
        let value = field.value.as_uint().map_or_else(String::new, |n| n.to_string());
        flag(scene, rect, &short, &value, set);
        return;
    }
    let label = field.def.label.get(lang);
    let plain = if matches!(field.value, Value::Bytes) { value.to_owned() } else { field.print(bytes) };
    let pad = if rect.w < 60.0 { 3.0 } else { 6.0 };
    let room = rect.w - 2.0 * pad;
    if rect.h >= TALL {
        let label = if estimate(label, Font::Small) <= room { label } else { &short };
        let bare = field.value.as_uint().map_or_else(String::new, |n| n.to_string());
        let fits = |v: &&str| estimate(v, Font::Mono) <= room;
        let value = [value, &plain, &bare].into_iter().find(fits).unwrap_or(value);
        scene.text(pt(rect.x + pad, rect.y + 14.0), Anchor::LeftCenter, label, Font::Small, Ink::Secondary.solid(), room);
        scene.text(pt(rect.x + pad, rect.y + 33.0), Anchor::LeftCenter, value, Font::Mono, strong, room);
        return;
    }
    // On one line: the whole label and value, else the short label and value, else the value, else what fits of it.
    let middle = rect.y + rect.h / 2.0;
    for (label, value) in [(label, value), (label, &plain), (short.as_str(), value), (short.as_str(), &plain)] {
        let width = estimate(label, Font::Small) + 6.0;
        if width + estimate(value, Font::Mono) <= room {
            scene.text(pt(rect.x + pad, middle), Anchor::LeftCenter, label, Font::Small, Ink::Secondary.solid(), width);
            scene.text(pt(rect.x + pad + width, middle), Anchor::LeftCenter, value, Font::Mono, strong, room - width + 2.0);
            return;
        }
    }
    if matches!(field.value, Value::Bytes) && estimate(&short, Font::Mono) <= room && field.span.len <= 4 {
        // A small option is told by its name.
        scene.text(pt(rect.x + pad, middle), Anchor::LeftCenter, short, Font::Mono, strong, room);
        return;
    }
    let label_width = estimate(label, Font::Small) + 6.0;
    let font = if rect.w < 60.0 { Font::MonoSmall } else { Font::Mono };
    if label_width < room * 0.5 {
        // Long values (options, addresses in a narrow window) keep their label and end in an ellipsis.
        scene.text(pt(rect.x + pad, middle), Anchor::LeftCenter, label, Font::Small, Ink::Secondary.solid(), label_width);
        let left = room - label_width;
        scene.text(pt(rect.x + pad + label_width, middle), Anchor::LeftCenter, value, font, strong, left);
    } else {
        scene.text(pt(rect.x + pad, middle), Anchor::LeftCenter, plain, font, strong, room);
    }
}

/// One or two bits: the letters of the flag under each other where they do not fit side by side, as in RFC 9293 §3.1.
fn flag(scene: &mut Scene, rect: Rect, short: &str, value: &str, set: bool) {
    let paint = if set { Ink::Text.solid() } else { Ink::Secondary.alpha(0.75) };
    let x = rect.center().x;
    let letters: Vec<char> = short.chars().take(3).collect();
    if rect.h < TALL || estimate(short, Font::MonoSmall) + 4.0 <= rect.w {
        let middle = rect.y + rect.h / 2.0;
        if rect.h >= TALL {
            scene.text(pt(x, rect.y + 14.0), Anchor::Center, short, Font::MonoSmall, paint, rect.w);
            scene.text(pt(x, rect.y + 33.0), Anchor::Center, value, Font::Mono, paint, rect.w);
        } else {
            let text = format!("{short} {value}");
            let text = if estimate(&text, Font::MonoSmall) <= rect.w { text } else { value.to_owned() };
            scene.text(pt(x, middle), Anchor::Center, text, Font::MonoSmall, paint, rect.w);
        }
        return;
    }
    let pitch = 10.0;
    let top = rect.y + 8.0 + (3 - letters.len().min(3)) as f32 * pitch / 2.0;
    for (i, letter) in letters.iter().enumerate() {
        scene.text(pt(x, top + i as f32 * pitch), Anchor::Center, letter.to_string(), Font::MonoSmall, paint, 40.0);
    }
    scene.text(pt(x, rect.y + TALL - 8.0), Anchor::Center, value, Font::Mono, paint, 40.0);
}

/// The outline of a cell, without the joints between its pieces.
fn outline(scene: &mut Scene, pieces: &[Rect], width: f32, paint: super::Paint) {
    let mut edge = |y: f32, from: f32, to: f32| {
        if to - from > 0.5 {
            scene.line(&[pt(from, y), pt(to, y)], width, paint);
        }
    };
    for (i, rect) in pieces.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| pieces.get(i));
        let after = pieces.get(i + 1);
        for (y, other) in [(rect.y, before), (rect.bottom(), after)] {
            match other {
                None => edge(y, rect.x, rect.right()),
                Some(other) => {
                    edge(y, rect.x, rect.right().min(other.x));
                    edge(y, rect.x.max(other.right()), rect.right());
                }
            }
        }
    }
    for rect in pieces {
        for x in [rect.x, rect.right()] {
            let ends: [Pt; 2] = [pt(x, rect.y), pt(x, rect.bottom())];
            scene.line(&ends, width, paint);
        }
    }
}

/// A name for narrow cells: what the RFCs write there, else the last word of the field's name.
pub fn short(name: &str) -> String {
    let known = match name {
        "ip.version" | "ipv6.version" => "Ver",
        "ip.hdr_len" => "IHL",
        "ip.len" => "Len",
        "ip.flags.rb" | "ip.flags.reserved" | "tcp.flags.res" => "Res",
        "ipv6.tclass.dscp" => "DSCP",
        "ipv6.tclass.ecn" => "ECN",
        "ipv6.hlim" => "Hop",
        "ipv6.nxt" => "Next",
        "tcp.hdr_len" => "Off",
        "tcp.flags.cwr" => "CWR",
        "tcp.flags.ece" => "ECE",
        "tcp.flags.urg" => "URG",
        "tcp.flags.ack" => "ACK",
        "tcp.flags.push" => "PSH",
        "tcp.flags.reset" => "RST",
        "tcp.flags.syn" => "SYN",
        "tcp.flags.fin" => "FIN",
        "tcp.window_size_value" => "Win",
        "tcp.urgent_pointer" => "Urg",
        "dns.flags.response" => "QR",
        "dns.flags.opcode" => "Op",
        "dns.flags.authoritative" => "AA",
        "dns.flags.truncated" => "TC",
        "dns.flags.recdesired" => "RD",
        "dns.flags.recavail" => "RA",
        "dns.flags.authenticated" => "AD",
        "dns.flags.checkdisable" => "CD",
        "dns.flags.rcode" => "RC",
        "vlan.priority" => "PCP",
        "vlan.dei" => "DEI",
        "vlan.id" => "VID",
        "websocket.rsv" => "RSV",
        "websocket.opcode" => "Op",
        "websocket.mask" => "M",
        "websocket.payload_length" => "Len",
        "websocket.payload_length_ext_16" => "Len 16",
        "websocket.payload_length_ext_64" => "Len 64",
        "websocket.masking_key" => "Key",
        "tcp.options.nop" => "NOP",
        _ => "",
    };
    if known.is_empty() {
        name.rsplit(['.', '_']).next().unwrap_or(name).to_uppercase()
    } else {
        known.to_owned()
    }
}

/// About how wide a text is, rather too wide: nothing here knows the fonts.
pub fn estimate(text: &str, font: Font) -> f32 {
    let mono = matches!(font, Font::Mono | Font::MonoSmall);
    let em = |c: char| match c {
        _ if !c.is_ascii() => 1.02,
        _ if mono => 0.61,
        'i' | 'l' | 'j' | '.' | ',' | ':' | '\'' | '|' | ' ' => 0.32,
        'm' | 'w' | 'M' | 'W' | '@' => 0.92,
        'A'..='Z' => 0.70,
        _ => 0.62,
    };
    text.chars().map(em).sum::<f32>() * font.size()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::super::Shape;
    use super::*;
    use crate::lang::words;
    use crate::wire::FieldDef;

    static ADDRESS: FieldDef =
        FieldDef { name: "t.addr", kind: Kind::Bytes, label: words("アドレス", "Address"), note: words("。", ".") };
    static NUMBER: FieldDef =
        FieldDef { name: "t.number", kind: Kind::Dec, label: words("番号", "Number"), note: words("。", ".") };
    static FLAGS: FieldDef =
        FieldDef { name: "t.flags", kind: Kind::Hex(2), label: words("フラグ", "Flags"), note: words("。", ".") };
    static BIT: FieldDef =
        FieldDef { name: "t.flags.syn", kind: Kind::Bool, label: words("始める", "Begin"), note: words("。", ".") };

    fn layer(fields: Vec<Field>, len: usize) -> Layer {
        Layer {
            proto: "t",
            title: "T",
            osi: Osi::Network,
            buffer: 0,
            header: Span::new(14, len),
            payload: Span::NONE,
            summary: String::new(),
            fields,
        }
    }

    fn field(def: &'static FieldDef, start: usize, len: usize) -> Field {
        Field::new(def, Value::Uint(1), Span::new(start, len))
    }

    fn bit(first: u32, len: u32) -> Field {
        field(&BIT, 14 + first as usize / 8, 1).bits(first, len)
    }

    #[test]
    fn parts_that_fill_a_field_are_drawn_and_remarks_on_it_are_not() {
        let flags = field(&FLAGS, 14, 1).with((0..8).map(|b| bit(b, 1)).collect());
        let address = field(&ADDRESS, 15, 6).with(vec![bit(8, 1), bit(9, 1)]);
        let computed = field(&NUMBER, 0, 0);
        let cells = cells(&layer(vec![flags, address, computed], 7));
        assert_eq!(cells.len(), 9);
        assert_eq!(cells[3], Cell { path: vec![0, 3], bits: 3..4, also: None });
        assert_eq!(cells[8], Cell { path: vec![1], bits: 8..56, also: None });
    }

    #[test]
    fn a_field_said_twice_is_drawn_once_and_one_outside_the_header_is_not() {
        let twice = vec![field(&NUMBER, 14, 2), field(&NUMBER, 14, 2), field(&NUMBER, 40, 2), field(&NUMBER, 2, 2)];
        assert_eq!(cells(&layer(twice, 4)), [Cell { path: vec![0], bits: 0..16, also: None }]);
    }

    #[test]
    fn the_raw_number_is_drawn_with_the_relative_one_beside_it() {
        static RELATIVE: FieldDef =
            FieldDef { name: "t.seq", kind: Kind::Dec, label: words("相対", "Relative"), note: words("。", ".") };
        static RAW: FieldDef =
            FieldDef { name: "t.seq_raw", kind: Kind::Dec, label: words("番号", "Number"), note: words("。", ".") };
        for fields in [vec![field(&RELATIVE, 14, 4), field(&RAW, 14, 4)], vec![field(&RAW, 14, 4), field(&RELATIVE, 14, 4)]] {
            let l = layer(fields, 4);
            let [cell] = &cells(&l)[..] else { panic!("one cell") };
            assert_eq!(layers::at(&l, &cell.path).unwrap().def.name, "t.seq_raw");
            assert_eq!(layers::at(&l, cell.also.as_ref().unwrap()).unwrap().def.name, "t.seq");
        }
    }

    #[test]
    fn a_cell_over_two_rows_has_two_pieces_that_meet_the_edges() {
        let d = diagram(0, 0, &layer(vec![field(&ADDRESS, 14, 6), field(&NUMBER, 20, 2)], 8), &[], 346.0, Lang::En, Light::default());
        assert_eq!(d.scene.hits.len(), 3);
        assert_eq!(d.paths, [vec![0], vec![0], vec![1]]);
        let [first, second, third] = [0, 1, 2].map(|i| d.scene.hits[i].rect);
        assert_eq!((first.x, second.x), (GUTTER, GUTTER));
        assert!((first.w - 2.0 * second.w).abs() < 0.01 && (second.right() - third.x).abs() < 0.01);
        assert!(first.bottom() <= second.y && (second.y - third.y).abs() < 0.01);
        assert!(third.right() <= d.scene.size.x && third.bottom() <= d.scene.size.y);
    }

    #[test]
    fn a_long_address_fills_one_row_and_the_offsets_say_how_long_it_is() {
        let d = diagram(0, 0, &layer(vec![field(&ADDRESS, 14, 16), field(&NUMBER, 30, 4)], 20), &[], 346.0, Lang::Ja, Light::default());
        assert_eq!(d.scene.hits.len(), 2);
        let offsets: Vec<_> = d
            .scene
            .shapes
            .iter()
            .filter_map(|s| match s {
                Shape::Text { text, anchor: Anchor::RightCenter, .. } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(offsets, ["0", "16"]);
    }

    #[test]
    fn of_bits_in_one_byte_only_the_one_that_is_meant_lights_up() {
        let l = layer(vec![field(&FLAGS, 14, 1).with((0..8).map(|b| bit(b, 1)).collect())], 1);
        let lit = |light| {
            let d = diagram(0, 0, &l, &[], 346.0, Lang::En, light);
            let accent = |s: &&Shape| matches!(s, Shape::Rect { fill: Some(p), .. } if p.ink == Ink::Accent);
            d.scene.shapes.iter().filter(accent).count()
        };
        let spans = [Span::new(14, 1)];
        assert_eq!(lit(Light { spans: &spans, exact: None }), 8);
        assert_eq!(lit(Light { spans: &spans, exact: Some(&[0, 3]) }), 1);
        assert_eq!(lit(Light { spans: &spans, exact: Some(&[0]) }), 8);
        assert_eq!(lit(Light::default()), 0);
    }

    #[test]
    fn words_and_damaged_lengths_draw_nothing() {
        let mut text = layer(vec![field(&NUMBER, 14, 2)], 4);
        text.osi = Osi::Application;
        assert!(cells(&text).is_empty());
        let huge = Field::new(&NUMBER, Value::Uint(1), Span { start: 14, len: u32::MAX }).bits(u32::MAX, u32::MAX);
        assert!(cells(&layer(vec![huge], 4)).is_empty());
    }
}
