//! The layers of one frame as a tree of fields: which rows there are, which light up, which one the note is about.
//!
//! In: a dissected frame, and what is open and pointed at. Out: rows in order. What is open is the panel's own memory.

use super::bytes::{innermost, translate};
use crate::app::ByteRef;
use crate::lang::Lang;
use crate::trace::FrameId;
use crate::wire::{Dissected, Field, Kind, Layer, Osi, Span};

/// The way from a layer's fields down to one field.
pub type Path = Vec<usize>;

/// One visible row of the tree below a layer.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    pub path: Path,
    pub field: &'a Field,
    /// It has fields below it, and they are shown.
    pub open: bool,
}

impl Row<'_> {
    /// 0: directly below the layer.
    pub fn depth(&self) -> usize {
        self.path.len().saturating_sub(1)
    }
}

/// Rows that one layer may fill: of more (a DNS answer of thousands of records) the first are listed.
pub const MAX_ROWS: usize = 2_000;

/// The rows of a layer, depth first; `open` says which fields show what is below them.
pub fn rows<'a>(layer: &'a Layer, open: &dyn Fn(&[usize]) -> bool) -> Vec<Row<'a>> {
    fn go<'a>(fields: &'a [Field], path: &mut Path, open: &dyn Fn(&[usize]) -> bool, out: &mut Vec<Row<'a>>) {
        for (i, field) in fields.iter().enumerate() {
            if out.len() >= MAX_ROWS {
                return;
            }
            path.push(i);
            let shown = !field.children.is_empty() && open(path);
            out.push(Row { path: path.clone(), field, open: shown });
            if shown {
                go(&field.children, path, open, out);
            }
            path.pop();
        }
    }
    let mut out = Vec::new();
    go(&layer.fields, &mut Vec::new(), open, &mut out);
    out
}

/// The field at the end of this way.
pub fn at<'a>(layer: &'a Layer, path: &[usize]) -> Option<&'a Field> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(layer.fields.get(*first)?, |field, &i| field.children.get(i))
}

/// What pointing at a field points at.
pub fn byte_ref(frame: FrameId, index: usize, layer: &Layer, field: &Field) -> ByteRef {
    ByteRef { frame, buffer: layer.buffer, span: field.span, layer: Some(index) }
}

/// What pointing at a layer points at: its header, or all of it where it has none of its own.
pub fn layer_ref(frame: FrameId, index: usize, layer: &Layer) -> ByteRef {
    let span = if layer.header.is_empty() { layer.payload } else { layer.header };
    ByteRef { frame, buffer: layer.buffer, span, layer: Some(index) }
}

/// Layers that are open as long as nobody has opened or closed one: the transport header and the topmost with fields.
pub fn open_by_default(dissected: &Dissected, index: usize) -> bool {
    let top = dissected.layers.iter().rposition(|l| !l.fields.is_empty());
    top == Some(index) || dissected.layers.get(index).is_some_and(|l| l.osi == Osi::Transport)
}

/// The field that is meant by what is pointed at, with its layer: the one with just these bytes, else the innermost at
/// their start. `None` where a frame or a layer as a whole is meant.
pub fn meant(dissected: &Dissected, lit: ByteRef) -> Option<(usize, Path)> {
    if lit.span.is_empty() || whole_layer(dissected, lit).is_some() {
        return None;
    }
    let mut exact: Option<(usize, Path)> = None;
    for (index, layer) in dissected.layers.iter().enumerate() {
        if lit.layer.is_some_and(|l| l != index) {
            continue;
        }
        for span in translate(&dissected.buffers, lit.buffer, lit.span, layer.buffer) {
            for row in rows(layer, &|_| true) {
                // Of nested fields with the same bytes the outer one is meant: it groups the others. Of a relative and a
                // raw number it is the raw one, which stands in the bytes.
                let raw = row.field.def.name.ends_with("_raw");
                if row.field.span == span && row.field.bits.is_none_or(|b| b.len >= 8) && (exact.is_none() || raw) {
                    exact = Some((index, row.path));
                }
            }
        }
    }
    exact.or_else(|| {
        let found = innermost(dissected, lit.buffer, lit.span.start)?;
        lit.layer.is_none_or(|l| l == found.layer).then_some((found.layer, found.path))
    })
}

/// The layer that is lit as a whole, if what is pointed at is all of its header.
pub fn whole_layer(dissected: &Dissected, lit: ByteRef) -> Option<usize> {
    let index = lit.layer?;
    let layer = dissected.layers.get(index)?;
    let whole = layer_ref(lit.frame, index, layer);
    // A header that is one field only is not told apart from that field; then both light up.
    (whole.buffer == lit.buffer && whole.span == lit.span && !lit.span.is_empty()).then_some(index)
}

/// The bytes of a layer's buffer that light up.
pub fn lit_spans(dissected: &Dissected, frame: FrameId, lit: Option<ByteRef>, index: usize) -> Vec<Span> {
    let (Some(lit), Some(layer)) = (lit, dissected.layers.get(index)) else { return Vec::new() };
    let other = lit.layer.is_some_and(|l| l != index);
    if lit.frame != frame || other || whole_layer(dissected, lit).is_some() {
        return Vec::new();
    }
    translate(&dissected.buffers, lit.buffer, lit.span, layer.buffer)
}

/// Does a row light up? A field with open rows below it leaves the light to them, unless just its bytes are meant.
pub fn is_lit(row: &Row<'_>, spans: &[Span]) -> bool {
    let span = row.field.span;
    !span.is_empty() && spans.iter().any(|s| if row.open { *s == span } else { s.overlaps(span) })
}

/// Bytes of the layer: of its header, or of all of it where the header is all there is.
pub fn size(layer: &Layer) -> u32 {
    if layer.header.is_empty() { layer.payload.len } else { layer.header.len }
}

/// What a field says, on one line of the tree; long bytes and texts are cut.
pub fn value(field: &Field, bytes: &[u8], lang: Lang) -> String {
    const MAX: usize = 160;
    if let Some(because) = &field.because {
        return because.get(lang).to_owned();
    }
    if field.def.kind == Kind::Group && field.meaning.is_none() {
        return if field.span.is_empty() { String::new() } else { format!("{} B", field.span.len) };
    }
    let plain = field.meaning.as_deref().is_none_or(|m| matches!(m, "set" | "not set"));
    if let (crate::wire::Value::Bool(yes), true) = (&field.value, plain) {
        let words = if *yes { lang.pick("1（セット）", "1 (set)") } else { lang.pick("0（なし）", "0 (not set)") };
        return words.to_owned();
    }
    // What the bytes of a group mean stands in its children: an option is not read from its digits.
    if let (crate::wire::Value::Bytes, Some(meaning), false) = (&field.value, &field.meaning, field.children.is_empty()) {
        return meaning.clone();
    }
    // A megabyte of body is not printed to show its beginning.
    if matches!(field.value, crate::wire::Value::Bytes) && field.span.len as usize > MAX / 2 {
        let head = field.span.of(bytes).get(..MAX / 2).unwrap_or_default();
        let head: String = head.iter().map(|b| format!("{b:02x}")).collect();
        return format!("{head}… ({} B)", field.span.len);
    }
    let shown = field.show(bytes);
    let clean: String = shown.chars().take(MAX).map(|c| if c.is_control() { '·' } else { c }).collect();
    if shown.chars().nth(MAX).is_some() { format!("{clean}…") } else { clean }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::lang::{Text, words};
    use crate::wire::{Buffer, FieldDef, Next, Value};

    static FLAGS: FieldDef =
        FieldDef { name: "t.flags", kind: Kind::Hex(2), label: words("フラグ", "Flags"), note: words("。", ".") };
    static FLAG: FieldDef =
        FieldDef { name: "t.flags.a", kind: Kind::Bool, label: words("A", "A"), note: words("。", ".") };
    static NUMBER: FieldDef =
        FieldDef { name: "t.n", kind: Kind::Dec, label: words("番号", "Number"), note: words("。", ".") };

    fn frame() -> Dissected {
        let flag = |bit, on| Field::new(&FLAG, Value::Bool(on), Span::new(2, 1)).bits(bit, 1);
        let fields = vec![
            Field::new(&NUMBER, Value::Uint(7), Span::new(0, 2)),
            Field::new(&FLAGS, Value::Uint(0x80), Span::new(2, 1)).with(vec![flag(16, true), flag(17, false)]),
        ];
        let layer = |osi, fields| Layer {
            proto: "t",
            title: "T",
            osi,
            buffer: 0,
            header: Span::new(0, 3),
            payload: Span::NONE,
            summary: String::new(),
            fields,
        };
        Dissected {
            buffers: vec![Buffer { name: Text::same("f"), bytes: vec![0, 7, 0x80], in_frame: vec![(0, Span::new(0, 3))] }],
            layers: vec![layer(Osi::Transport, fields), layer(Osi::Application, Vec::new())],
            next: Next::Nothing,
            stop: None,
        }
    }

    fn lit(start: usize, len: usize) -> ByteRef {
        ByteRef { frame: 0, buffer: 0, span: Span::new(start, len), layer: None }
    }

    #[test]
    fn closed_fields_hide_what_is_below_them() {
        let d = frame();
        assert_eq!(rows(&d.layers[0], &|_| false).len(), 2);
        let open = rows(&d.layers[0], &|p| p == [1]);
        assert_eq!(open.iter().map(|r| r.depth()).collect::<Vec<_>>(), [0, 0, 1, 1]);
        assert_eq!(at(&d.layers[0], &open[2].path).unwrap().def.name, "t.flags.a");
        assert!(at(&d.layers[0], &[1, 5]).is_none());
    }

    #[test]
    fn bytes_that_two_bits_share_mean_the_field_around_them() {
        assert_eq!(meant(&frame(), lit(2, 1)), Some((0, vec![1])));
        assert_eq!(meant(&frame(), lit(0, 1)), Some((0, vec![0])));
        assert_eq!(meant(&frame(), lit(0, 0)), None);
    }

    #[test]
    fn an_open_field_leaves_the_light_to_its_children_unless_it_is_meant_itself() {
        let d = frame();
        let all = rows(&d.layers[0], &|_| true);
        let light = |r: ByteRef| all.iter().map(|row| is_lit(row, &lit_spans(&d, 0, Some(r), 0))).collect::<Vec<_>>();
        assert_eq!(light(lit(0, 1)), [true, false, false, false]);
        assert_eq!(light(lit(2, 1)), [false, true, true, true]);
        assert_eq!(light(lit(1, 2)), [true, false, true, true]);
        assert_eq!(light(ByteRef { frame: 1, ..lit(0, 1) }), [false; 4]);
    }

    #[test]
    fn pointing_at_a_layer_lights_its_head_and_not_every_field_in_it() {
        let d = frame();
        let whole = layer_ref(0, 0, &d.layers[0]);
        assert_eq!(whole_layer(&d, whole), Some(0));
        assert!(lit_spans(&d, 0, Some(whole), 0).is_empty());
    }

    #[test]
    fn a_layer_without_fields_is_not_the_one_to_open() {
        let d = frame();
        assert!(open_by_default(&d, 0) && !open_by_default(&d, 1));
    }

    #[test]
    fn long_values_are_cut_and_say_how_long_they_are() {
        let field = Field::new(&FLAGS, Value::Bytes, Span::new(0, 500));
        let shown = value(&field, &[0xab; 500], Lang::En);
        assert!(shown.ends_with("… (500 B)") && shown.len() < 200, "{shown}");
        let text = Field::new(&NUMBER, Value::Text("a\nb".into()), Span::NONE);
        assert_eq!(value(&text, &[], Lang::Ja), "a·b");
    }
}
