//! The packet that an ICMP error quotes, as fields of the ICMP layer.
//!
//! In: where the quoted bytes stand. Out: one group with a group for each quoted header. They are children and not layers: a
//! quoted TCP header belongs to another packet, and nobody may take it for this frame's.

use super::{Field, FieldDef, Input, Key, Layer, Span, Value, dissect};

/// The quoted packet at `area`, a header by `key` first. Bits are counted from the header that quotes.
pub(super) fn fields(
    input: &Input<'_>,
    area: Span,
    key: Key,
    group: &'static FieldDef,
    layer: &'static FieldDef,
) -> Option<Field> {
    if area.is_empty() {
        return None;
    }
    let inner = Input { key, area, full_len: area.len as usize, ips: None, partial: true, cut: false, quoted: true, ..*input };
    let (layers, _, stop) = dissect::walk(inner);
    let words: Vec<&str> = layers.iter().map(|l| l.title).collect();
    let mut children: Vec<Field> = layers.into_iter().map(|l| header(l, input.area.start, layer)).collect();
    if let Some(stop) = stop.filter(|_| children.is_empty()) {
        children.push(Field::new(layer, Value::None, area).means(stop.text().en));
    }
    Some(Field::new(group, Value::None, area).means(words.join(" / ")).with(children))
}

fn header(quoted: Layer, outer: u32, def: &'static FieldDef) -> Field {
    let shift = quoted.header.start.saturating_sub(outer) * 8;
    let mut fields = quoted.fields;
    fields.iter_mut().for_each(|f| rebase(f, shift));
    let end = fields.iter().map(|f| f.span.end()).fold(quoted.header.end(), u32::max);
    let span = Span { len: end.saturating_sub(quoted.header.start), ..quoted.header };
    Field::new(def, Value::None, span).means(format!("{}: {}", quoted.title, quoted.summary)).with(fields)
}

fn rebase(field: &mut Field, shift: u32) {
    if let Some(bits) = &mut field.bits {
        bits.first += shift;
    }
    field.children.iter_mut().for_each(|f| rebase(f, shift));
}
