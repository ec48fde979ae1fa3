//! What plays the part of OSI's layer 6 over the bytes of an application: media type, character encoding, compression.
//!
//! In: the bytes of a body and what its header says of them. Out: one layer, `json`, `text` or `data`. TCP/IP has no header
//! for this layer: its work is done by names such as `Content-Type`, and this says so instead of inventing one.

use crate::fields;
use crate::wire::{Field, Kind, Layer, Osi, Span, Value};
use std::fmt::Write as _;

fields! {
    MEDIA_TYPE: "presentation.media_type", Kind::Text, ("メディアタイプ", "Media type"),
        ("データの種類で、TCP/IP では第 6 層のヘッダの代わりにこの名前が約束を伝えます（RFC 9110 §8.3.1）。", "What kind of data it is: in TCP/IP this name does the work of a layer 6 header (RFC 9110 §8.3.1).");
    CHARSET: "presentation.charset", Kind::Text, ("文字コード", "Character encoding"),
        ("バイト列をどの文字として読むかの約束です（RFC 9110 §8.3.2）。", "How bytes are read as characters (RFC 9110 §8.3.2).");
    CODING: "presentation.content_coding", Kind::Text, ("圧縮方式", "Content coding"),
        ("送る前に掛けた圧縮で、受け手は元に戻してから読みます（RFC 9110 §8.4.1）。", "The compression applied before sending; the receiver undoes it before reading (RFC 9110 §8.4.1).");
    JSON: "json.object", Kind::Text, ("JSON", "JSON"),
        ("名前と値の組で構造を表すテキスト形式で、見やすく字下げしてあります（RFC 8259）。", "Structured data as text, in names and values; shown here with indentation (RFC 8259).");
    TEXT: "data.text", Kind::Text, ("テキスト", "Text"),
        ("バイト列を文字として読んだものです。", "The bytes, read as characters.");
    DATA: "data.data", Kind::Bytes, ("データ", "Data"),
        ("アプリケーションが渡したバイト列そのもので、下の層は中身を気にせず運びます。", "The bytes as the application handed them over; the layers below carry them without looking.");
    LEN: "data.len", Kind::Dec, ("長さ", "Length"),
        ("データのバイト数です。", "How many bytes of data there are.");
}

/// Text that is kept of one body, in bytes; what is longer ends in `…`.
pub const MAX_TEXT: usize = 64 * 1024;

/// A name that a header gave, and where it stands in the layer's buffer ([`Span::NONE`]: in another one).
pub type Named = Option<(String, Span)>;

/// What the header says of a body.
#[derive(Clone, Debug, Default)]
pub struct Nature {
    pub media_type: Named,
    pub charset: Named,
    pub coding: Named,
}

impl Nature {
    /// Reads a `Content-Type` value that stands at `span`: "text/html; charset=utf-8".
    pub fn set_content_type(&mut self, value: &[u8], span: Span) {
        let base = span.start as usize;
        let mut at = 0;
        for (i, part) in value.split(|&b| b == b';').enumerate() {
            let lead = part.len() - part.trim_ascii_start().len();
            let text = part.trim_ascii();
            if i == 0 {
                let name = String::from_utf8_lossy(text).to_ascii_lowercase();
                self.media_type = Some((name, Span::new(base + at + lead, text.len())));
            } else if let Some((b"charset=", set)) =
                text.split_at_checked(8).map(|(k, v)| (k.to_ascii_lowercase(), v)).as_ref().map(|(k, v)| (k.as_slice(), *v))
            {
                let name = String::from_utf8_lossy(set).trim_matches('"').to_ascii_lowercase();
                self.charset = Some((name, Span::new(base + at + lead + 8, set.len())));
            }
            at += part.len() + 1;
        }
    }

    /// The same names, for a layer over another buffer than the one the header stands in.
    pub fn without_spans(mut self) -> Self {
        for (_, span) in [&mut self.media_type, &mut self.charset, &mut self.coding].into_iter().flatten() {
            *span = Span::NONE;
        }
        self
    }
}

fn is_json(media: &str) -> bool {
    media == "application/json" || media == "text/json" || media.ends_with("+json")
}

fn is_text(media: &str) -> bool {
    media.starts_with("text/")
        || media.ends_with("+xml")
        || matches!(media, "application/xml" | "application/javascript" | "application/x-www-form-urlencoded")
}

/// The layer over `area` of the buffer numbered `buffer`, whose bytes are `bytes`.
pub fn layer(bytes: &[u8], buffer: usize, area: Span, nature: &Nature) -> Layer {
    let body = area.of(bytes);
    let media = nature.media_type.as_ref().map(|(name, _)| name.as_str());
    let compressed = nature.coding.as_ref().is_some_and(|(name, _)| name != "identity");
    let charset = nature.charset.as_ref().map(|(name, _)| name.as_str());
    let looks_json = media.is_none() && matches!(body.trim_ascii_start().first(), Some(b'{' | b'['));
    let json = !compressed && (media.is_some_and(is_json) || looks_json) && pretty_json(body).is_some();
    let text = !compressed && (json || media.is_some_and(is_text) || media.is_some_and(is_json) || readable(body));

    let mut fields = Vec::new();
    let named = |def, named: &Named| named.as_ref().map(|(name, span)| Field::new(def, Value::Text(name.clone()), *span));
    fields.extend(named(&MEDIA_TYPE, &nature.media_type));
    fields.extend(named(&CHARSET, &nature.charset));
    if charset.is_none() && text && std::str::from_utf8(body).is_ok() {
        // RFC 8259 §8.1: JSON is UTF-8. Elsewhere it is what the bytes themselves show.
        let set = if body.is_ascii() && !json { "us-ascii" } else { "utf-8" };
        fields.push(Field::new(&CHARSET, Value::Text(set.into()), Span::NONE));
    }
    fields.extend(named(&CODING, &nature.coding));
    let (proto, title) = match (json, text) {
        (true, _) => ("json", "JSON"),
        (_, true) => ("text", "Text"),
        _ => ("data", "Data"),
    };
    if json {
        fields.push(Field::new(&JSON, Value::Text(pretty_json(body).unwrap_or_default()), area));
    } else if text {
        fields.push(Field::new(&TEXT, Value::Text(decode(body, charset)), area));
    } else {
        fields.push(Field::new(&DATA, Value::Bytes, area));
    }
    fields.push(Field::new(&LEN, Value::Uint(u64::from(area.len)), Span::NONE));

    let mut summary = format!("{title}, {}", super::bytes_of(area.len.into()));
    for name in [media, charset, nature.coding.as_ref().map(|(name, _)| name.as_str())].into_iter().flatten() {
        let _ = write!(summary, ", {name}");
    }
    Layer {
        proto,
        title,
        osi: Osi::Presentation,
        buffer,
        header: Span::new(area.start as usize, 0),
        payload: area,
        summary,
        fields,
    }
}

/// UTF-8 without control characters other than those of text.
pub fn readable(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|t| !t.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')))
}

/// Bytes as characters; what cannot be read becomes U+FFFD.
pub fn decode(bytes: &[u8], charset: Option<&str>) -> String {
    let kept = bytes.get(..MAX_TEXT.min(bytes.len())).unwrap_or(bytes);
    let mut text = match charset {
        Some("iso-8859-1" | "latin1") => kept.iter().map(|&b| char::from(b)).collect(),
        _ => String::from_utf8_lossy(kept).into_owned(),
    };
    if kept.len() < bytes.len() {
        // The cut may have gone through a character.
        while text.ends_with('\u{fffd}') {
            text.pop();
        }
        text.push('…');
    }
    text
}

/// Valid JSON with one member a line, all else (order, numbers, escapes) as it was. `None`: not JSON, or too long.
fn pretty_json(bytes: &[u8]) -> Option<String> {
    // Deeper than this, lines are no longer indented further: hostile nesting must not square the length.
    const MAX_INDENT: usize = 24;
    if bytes.len() > MAX_TEXT {
        return None;
    }
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).ok()?;
    let mut out = String::new();
    let mut depth: usize = 0;
    let mut in_string = false;
    let mut escaped = false;
    let mut chars = std::str::from_utf8(bytes).ok()?.chars().peekable();
    let newline = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth.min(MAX_INDENT)));
    };
    while let Some(c) = chars.next() {
        if in_string {
            out.push(c);
            in_string = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            '"' => {
                in_string = true;
                out.push(c);
            }
            '{' | '[' => {
                out.push(c);
                while chars.next_if(|c| c.is_ascii_whitespace()).is_some() {}
                if let Some(close) = chars.next_if(|&c| c == '}' || c == ']') {
                    out.push(close);
                } else {
                    depth += 1;
                    newline(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                newline(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                newline(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => out.push(c),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn json_keeps_its_order_numbers_and_strings() {
        let text = pretty_json(br#"{"b":1.50,"a":["x,{\"y\":1}",{}, []],"n":null}"#).unwrap();
        assert_eq!(text, "{\n  \"b\": 1.50,\n  \"a\": [\n    \"x,{\\\"y\\\":1}\",\n    {},\n    []\n  ],\n  \"n\": null\n}");
    }

    #[test]
    fn deep_nesting_does_not_square_the_length() {
        let deep = [b'['].repeat(100).into_iter().chain([b']'].repeat(100)).collect::<Vec<_>>();
        assert!(pretty_json(&deep).unwrap().len() < 200 * 60);
        assert_eq!(pretty_json(&[b'['].repeat(60_000)), None);
    }

    #[test]
    fn content_type_parts_have_their_own_spans() {
        let value = b"Text/HTML ; q=1; Charset=\"UTF-8\"";
        let mut nature = Nature::default();
        nature.set_content_type(value, Span::new(100, value.len()));
        assert_eq!(nature.media_type, Some(("text/html".into(), Span::new(100, 9))));
        assert_eq!(nature.charset, Some(("utf-8".into(), Span::new(125, 7))));
    }

    #[test]
    fn a_cut_text_does_not_end_in_half_a_character() {
        let long = "あ".repeat(MAX_TEXT);
        let text = decode(long.as_bytes(), None);
        assert!(text.ends_with("あ…") && !text.contains('\u{fffd}'));
    }

    #[test]
    fn compressed_json_is_not_read_as_text() {
        let nature = Nature {
            media_type: Some(("application/json".into(), Span::NONE)),
            coding: Some(("gzip".into(), Span::NONE)),
            ..Nature::default()
        };
        let layer = layer(b"{}", 0, Span::new(0, 2), &nature);
        assert_eq!(layer.proto, "data");
        assert_eq!(layer.summary, "Data, 2 bytes, application/json, gzip");
    }
}
