//! What plays the part of OSI's layer 6 over the bytes of an application: media type, character encoding, compression.
//!
//! In: the bytes of a body and what its header says of them. Out: its layers, named as Wireshark names them in
//! `frame.protocols`: "json", "data-text-lines", "media", "data". TCP/IP has no header for this layer: its work is done by
//! names such as `Content-Type`, and this says so instead of inventing one.

use super::media::{self, Reads};
use crate::fields;
use crate::lang::Text;
use crate::wire::{Field, Kind, Layer, Osi, Span, Value};
use std::fmt::Write as _;

fields! {
    MEDIA_TYPE: "presentation.media_type", Kind::Text, ("メディアタイプ", "Media type"),
        ("データの種類で、TCP/IP では第 6 層のヘッダの代わりにこの名前が約束を伝えます（RFC 9110 §8.3.1）。", "What kind of data it is: in TCP/IP this name does the work of a layer 6 header (RFC 9110 §8.3.1).");
    CHARSET: "presentation.charset", Kind::Text, ("文字コード", "Character encoding"),
        ("バイト列をどの文字として読むかの約束です（RFC 9110 §8.3.2）。", "How bytes are read as characters (RFC 9110 §8.3.2).");
    CODING: "presentation.content_coding", Kind::Text, ("圧縮方式", "Content coding"),
        ("送る前に掛けた圧縮で、受け手は元に戻してから読みます（RFC 9110 §8.4.1）。", "The compression applied before sending; the receiver undoes it before reading (RFC 9110 §8.4.1).");
    JSON: "presentation.json", Kind::Text, ("JSON", "JSON"),
        ("名前と値の組で構造を表すテキスト形式で、見やすく字下げしてあります（RFC 8259）。", "Structured data as text, in names and values; shown here with indentation (RFC 8259).");
    OBJECT: "json.object", Kind::Group, ("JSON のオブジェクト", "JSON object"),
        ("名前と値の組を波かっこで囲んだもので、入れ子の中のものも 1 つずつ数えます（RFC 8259 §4）。", "Names and values between braces; those inside others count one by one (RFC 8259 §4).");
    TEXT: "presentation.text", Kind::Text, ("テキスト", "Text"),
        ("バイト列を文字として読んだものです。", "The bytes, read as characters.");
    DATA: "data.data", Kind::Bytes, ("データ", "Data"),
        ("アプリケーションが渡したバイト列そのもので、下の層は中身を気にせず運びます。", "The bytes as the application handed them over; the layers below carry them without looking.");
    MEDIA: "media.type", Kind::Bytes, ("メディアのデータ", "Media data"),
        ("種類の名前はわかるが、中までは読まないデータのバイト列です。", "The bytes of data whose kind has a name but which is not read further.");
    LIMIT: "presentation.limit", Kind::Text, ("上限", "Limit"),
        ("ここで表示や展開をやめたことを表します。敵意のあるデータからメモリを守るためです。", "Says that showing or unpacking ended here, which keeps hostile data from eating the memory.");
    LEN: "data.len", Kind::Dec, ("長さ", "Length"),
        ("データのバイト数です。", "How many bytes of data there are.");
}

/// Text that is kept of one body, in bytes; what is longer ends in `…`.
pub const MAX_TEXT: usize = 64 * 1024;

/// Objects of one JSON text that are listed at most.
const MAX_OBJECTS: usize = 10_000;

/// A name that a header gave, and where it stands in the layer's buffer ([`Span::NONE`]: in another one).
pub type Named = Option<(String, Span)>;

/// What the header says of a body.
#[derive(Clone, Debug, Default)]
pub struct Nature {
    pub media_type: Named,
    pub charset: Named,
    pub coding: Named,
    /// What separates the parts of a multipart body.
    pub boundary: Option<String>,
    /// The coding has been undone: these are the bytes as they were before.
    pub unpacked: bool,
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
                let text = text.split(u8::is_ascii_whitespace).next().unwrap_or(text);
                let name = String::from_utf8_lossy(text).to_ascii_lowercase();
                self.media_type = Some((name, Span::new(base + at + lead, text.len())));
            } else if let Some((b"charset=", set)) =
                text.split_at_checked(8).map(|(k, v)| (k.to_ascii_lowercase(), v)).as_ref().map(|(k, v)| (k.as_slice(), *v))
            {
                let name = String::from_utf8_lossy(set).trim_matches('"').to_ascii_lowercase();
                self.charset = Some((name, Span::new(base + at + lead + 8, set.len())));
            }
            if text.split_at_checked(9).is_some_and(|(k, _)| k.eq_ignore_ascii_case(b"boundary=")) {
                let name = String::from_utf8_lossy(text.get(9..).unwrap_or(&[]));
                self.boundary = Some(name.trim_matches('"').to_owned()).filter(|b| !b.is_empty());
            }
            at += part.len() + 1;
        }
    }

    fn is_packed(&self) -> bool {
        !self.unpacked && self.coding.as_ref().is_some_and(|(name, _)| name != "identity")
    }

    /// The same names, for a layer over another buffer than the one the header stands in.
    pub fn without_spans(mut self) -> Self {
        for (_, span) in [&mut self.media_type, &mut self.charset, &mut self.coding].into_iter().flatten() {
            *span = Span::NONE;
        }
        self
    }
}

/// Says that a limit ended this.
pub fn limit(why: Text) -> Field {
    let mut field = Field::new(&LIMIT, Value::Text(why.en.clone()), Span::NONE);
    field.because = Some(why);
    field
}

/// Bytes as Wireshark's ASCII strings show them: up to the first NUL, and U+FFFD for each byte above 127.
pub fn ascii(bytes: &[u8]) -> String {
    let upto = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
    let kept = bytes.get(..upto).unwrap_or(bytes);
    match std::str::from_utf8(kept).ok().filter(|_| kept.is_ascii()) {
        Some(text) => text.to_owned(),
        None => kept.iter().map(|&b| if b < 0x80 { char::from(b) } else { char::REPLACEMENT_CHARACTER }).collect(),
    }
}

/// Bytes as Wireshark's UTF-8 strings show them: up to the first NUL, and U+FFFD for what is no character.
pub fn utf8(bytes: &[u8]) -> String {
    let upto = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(bytes.get(..upto).unwrap_or(bytes)).into_owned()
}

fn is_json(media: &str) -> bool {
    media == "application/json" || media == "text/json" || media.ends_with("+json")
}

fn is_text(media: &str) -> bool {
    media.starts_with("text/")
        || media.ends_with("+xml")
        || matches!(media, "application/xml" | "application/javascript" | "application/x-www-form-urlencoded")
}

/// Where a body stands.
#[derive(Clone, Copy)]
pub struct Place {
    /// The number of its buffer, as [`Layer::buffer`] wants it.
    pub buffer: usize,
    pub area: Span,
}

/// The layer over a place of `bytes` for this reader.
pub fn read_as(reads: Reads, bytes: &[u8], place: Place) -> Layer {
    one(place.area.of(bytes), place, &Nature::default(), reads)
}

/// The layers over a place of `bytes`, which are those of its buffer: one for the body, more for what is inside it.
pub fn layers(bytes: &[u8], place: Place, nature: &Nature) -> Vec<Layer> {
    let body = place.area.of(bytes);
    let mut out = Vec::new();
    let media = nature.media_type.as_ref().map(|(name, _)| name.as_str());
    let reads = match nature.is_packed() {
        true => Reads::DATA,
        false => media::reads(media, body),
    };
    out.push(one(body, place, nature, reads));
    match reads.proto {
        "json" if !is_json_text(body) => {
            out.push(one(body, place, &Nature::default(), Reads::TEXT));
        }
        "mime_multipart" => match nature.boundary.as_deref() {
            Some(boundary) => {
                for part in media::parts(body, boundary) {
                    let bytes = part.body.of(body);
                    if bytes.is_empty() {
                        continue;
                    }
                    let area = Span::new(place.area.start as usize + part.body.start as usize, bytes.len());
                    let nature = Nature { media_type: part.media.map(|m| (m, Span::NONE)), ..Nature::default() };
                    let reads = media::reads(nature.media_type.as_ref().map(|(m, _)| m.as_str()), bytes);
                    out.push(one(bytes, Place { area, ..place }, &nature, reads));
                }
            }
            None => out.push(one(body, place, &Nature::default(), Reads::DATA)),
        },
        _ => {}
    }
    out
}

/// The one layer over bytes of which nothing is known.
pub fn layer(bytes: &[u8], buffer: usize, area: Span, nature: &Nature) -> Layer {
    one(area.of(bytes), Place { buffer, area }, nature, Reads::DATA)
}

/// Bytes that nobody describes, as a person would read them: a layer of ours, which Wireshark does not have (protocol
/// "text"). `None`: they are no text.
pub fn for_reading(bytes: &[u8], place: Place) -> Option<Layer> {
    let body = place.area.of(bytes);
    let title = match pretty_json(body).filter(|_| matches!(body.trim_ascii_start().first(), Some(b'{' | b'['))) {
        Some(_) => "JSON",
        None if !body.is_empty() && readable(body) => "Text",
        None => return None,
    };
    Some(one(body, place, &Nature::default(), Reads { proto: "text", title, column: None }))
}

/// One layer over `place`, whose own bytes are `body`.
fn one(body: &[u8], place: Place, nature: &Nature, reads: Reads) -> Layer {
    let area = place.area;
    let media = nature.media_type.as_ref().map(|(name, _)| name.as_str());
    let compressed = nature.is_packed();
    let charset = nature.charset.as_ref().map(|(name, _)| name.as_str());
    let looks_json = media.is_none() && matches!(body.trim_ascii_start().first(), Some(b'{' | b'['));
    let pretty = if !compressed && (media.is_some_and(is_json) || looks_json) { pretty_json(body) } else { None };
    let json = pretty.is_some();
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
    match pretty {
        Some(pretty) => fields.push(Field::new(&JSON, Value::Text(pretty), area)),
        None if text => fields.push(Field::new(&TEXT, Value::Text(decode(body, charset)), area)),
        None => {}
    }
    match reads.proto {
        "data" => {
            fields.push(Field::new(&DATA, Value::Bytes, area));
            fields.push(Field::new(&LEN, Value::Uint(u64::from(area.len)), Span::NONE));
        }
        "media" => fields.push(Field::new(&MEDIA, Value::Bytes, area)),
        "json" if is_json_text(body) => fields.extend(objects(body).map(|at| {
            let span = Span::new(area.start as usize + at, 1);
            Field::new(&OBJECT, Value::None, span)
        })),
        _ => {}
    }
    let mut summary = format!("{}, {}", reads.title, super::bytes_of(area.len.into()));
    for name in [media, charset, nature.coding.as_ref().map(|(name, _)| name.as_str())].into_iter().flatten() {
        let _ = write!(summary, ", {name}");
    }
    Layer {
        proto: reads.proto,
        title: reads.title,
        osi: Osi::Presentation,
        buffer: place.buffer,
        header: Span::new(area.start as usize, 0),
        payload: area,
        summary,
        fields,
    }
}

/// One or more JSON objects or arrays, and nothing else (RFC 8259 §2; Wireshark reads several, one after another).
fn is_json_text(body: &[u8]) -> bool {
    let open = |bytes: &[u8]| matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['));
    let mut values = serde_json::Deserializer::from_slice(body).into_iter::<serde::de::IgnoredAny>();
    let mut any = false;
    loop {
        let rest = body.get(values.byte_offset()..).unwrap_or(&[]);
        if rest.trim_ascii_start().is_empty() {
            return any;
        }
        if !open(rest) || !matches!(values.next(), Some(Ok(_))) {
            return false;
        }
        any = true;
    }
}

/// Where the objects of a valid JSON text begin.
fn objects(body: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let mut in_string = false;
    let mut escaped = false;
    let begins = move |(at, b): (usize, &u8)| {
        if in_string {
            in_string = escaped || *b != b'"';
            escaped = *b == b'\\' && !escaped;
            return None;
        }
        in_string = *b == b'"';
        (*b == b'{').then_some(at)
    };
    body.iter().enumerate().filter_map(begins).take(MAX_OBJECTS)
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
        let layers = layers(b"{}", Place { buffer: 0, area: Span::new(0, 2) }, &nature);
        assert_eq!(layers[0].proto, "data");
        assert_eq!(layers[0].summary, "Data, 2 bytes, application/json, gzip");
    }

    #[test]
    fn json_is_one_or_more_objects_or_arrays() {
        for good in ["{\"a\":1}", "[]", " {\"a\":1} ", "{}\n{}"] {
            assert!(is_json_text(good.as_bytes()), "{good}");
        }
        for bad in ["1", "\"x\"", "null", "{\"a\":1}x", "{a:1}", "{\"a\":", "[1,2", "", "\u{feff}{}"] {
            assert!(!is_json_text(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn every_object_counts_but_no_brace_inside_a_string() {
        let at = |text: &str| objects(text.as_bytes()).collect::<Vec<_>>();
        assert_eq!(at(r#"{"a{":[{"b\\":{}},"\"{"]}"#), [0, 7, 14]);
        assert!(at("[1,2]").is_empty());
    }

    #[test]
    fn strings_end_at_nul_and_replace_what_is_no_character() {
        assert_eq!(ascii(b"a\xe3\x81\x82b\0c"), "a\u{fffd}\u{fffd}\u{fffd}b");
        assert_eq!(utf8(b"\xe3\x81\x82\xe3\x81\0c"), "あ\u{fffd}");
    }
}
