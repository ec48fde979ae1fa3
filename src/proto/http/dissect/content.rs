//! The body of a message (RFC 9112 §6, §7): its chunks, its coding, its text.
//!
//! In: a piece behind its head. Out: fields, and the layers that say what the bytes mean.

use super::{PROTO, Piece};
use crate::lang::{Text, words};
use crate::proto::http::body::{self, Chunked};
use crate::proto::http::fields as f;
use crate::proto::http::tell::Begins;
use crate::proto::presentation::{self, Nature, Place, ascii};
use crate::proto::{MessageLayers, unpack};
use crate::wire::{Buffer, Field, Layer, Span, Stop, Value, Why};

/// Bytes of a body that are shown as text at most.
const MAX_FILE_DATA: usize = 4 << 20;

impl Piece<'_> {
    /// How many of the `have` bytes behind the head are its body.
    pub(super) fn body_len(&self, have: usize) -> usize {
        match (self.told.length, self.begins) {
            (Some(n), _) if !self.told.any_transfer => usize::try_from(n).unwrap_or(usize::MAX).min(have),
            (_, Some(Begins::Request)) if !self.told.any_transfer => 0,
            (_, Some(Begins::Response)) if matches!(self.code(), 100..=199 | 204 | 304) => 0,
            _ => have,
        }
    }

    /// Reads the body in `area`; returns where it ends, and the layers that say what its bytes mean.
    pub(super) fn body(&mut self, area: Span, out: &mut MessageLayers) -> (usize, Vec<Layer>) {
        let mut end = area.end() as usize;
        if area.is_empty() {
            return (end, Vec::new());
        }
        let mut nature = std::mem::take(&mut self.told.nature);
        let mut place = Place { buffer: 0, area };
        let mut made: Option<Vec<u8>> = None;
        if self.told.chunked {
            if self.told.has_length_line {
                self.fields.push(Field::new(&f::TE_AND_LENGTH, Value::None, Span::NONE));
            }
            let chunked = body::chunks(self.message.get(..end).unwrap_or(self.message), area.start as usize);
            end = chunked.end;
            self.chunk_fields(&chunked, out);
            if chunked.joined.is_empty() {
                return (end, Vec::new());
            }
            place = Place { buffer: out.buffers.len() + 1, area: Span::new(0, chunked.joined.len()) };
            nature = nature.without_spans();
            out.buffers.push(Buffer {
                name: Text::new("チャンクをつないだボディ", "De-chunked body"),
                bytes: chunked.joined,
                in_frame: chunked.pieces,
            });
        }
        if self.told.packed {
            let layer = presentation::layer(bytes_of(self.message, out, place), place.buffer, place.area, &Nature::default());
            return (end, vec![layer]);
        }
        if let Some(coding) = self.told.coding.take().filter(|c| !c.eq_ignore_ascii_case("identity")) {
            match unpack::content(&coding, place.area.of(bytes_of(self.message, out, place))) {
                Some(unpacked) => {
                    self.fields.extend(unpacked.limit().map(presentation::limit));
                    nature = nature.without_spans();
                    nature.unpacked = true;
                    place = Place { buffer: out.buffers.len() + 1, area: Span::new(0, unpacked.bytes.len()) };
                    made = Some(unpacked.bytes);
                }
                None => {
                    self.fields.push(Field::new(&f::DECOMPRESSION_FAILED, Value::None, area).means(coding));
                    let bytes = bytes_of(self.message, out, place);
                    return (end, vec![presentation::layer(bytes, place.buffer, place.area, &nature)]);
                }
            }
        }
        if let Some(bytes) = made {
            out.buffers.push(Buffer { name: Text::new("展開したボディ", "Uncompressed body"), bytes, in_frame: Vec::new() });
        }
        if !self.told.typed {
            nature.media_type = None;
        }
        let bytes = bytes_of(self.message, out, place);
        let body = place.area.of(bytes);
        let shown = body.get(..MAX_FILE_DATA).unwrap_or(body);
        self.fields.push(Field::new(&f::FILE_DATA, Value::Text(ascii(shown)), area));
        if shown.len() < body.len() {
            self.fields.push(presentation::limit(Text::new(
                format!("ボディは {MAX_FILE_DATA} バイトまでを文字で示します"),
                format!("only the first {MAX_FILE_DATA} bytes of the body are shown as text"),
            )));
        }
        (end, presentation::layers(bytes, place, &nature))
    }

    fn chunk_fields(&mut self, chunked: &Chunked, out: &mut MessageLayers) {
        if let Some((at, ran_out)) = chunked.stopped {
            let why = match ran_out {
                true => Why::Truncated { need: self.message.len() + 1, have: self.message.len() },
                false => Why::Malformed(words("チャンクの長さの行が読めません", "a chunk's size line cannot be read")),
            };
            out.stop = out.stop.take().or(Some(Stop { proto: PROTO, at, why }));
        }
        for chunk in &chunked.chunks {
            let meaning = if chunk.size == 0 { "last chunk".to_owned() } else { format!("0x{:x}", chunk.size) };
            let data = (!chunk.data.is_empty()).then(|| Field::new(&f::CHUNK_DATA, Value::Bytes, chunk.data));
            let behind = (!chunk.behind.is_empty()).then(|| Field::new(&f::CHUNK_BOUNDARY, Value::Bytes, chunk.behind));
            let size = Field::new(&f::CHUNK_SIZE, Value::Uint(chunk.size), chunk.line).means(meaning);
            self.fields.push(size.with(data.into_iter().chain(behind).collect()));
        }
        if !chunked.trailer.is_empty() {
            self.fields.push(self.text(&f::TRAILER, chunked.trailer));
        }
        if chunked.unlisted {
            let n = chunked.chunks.len();
            self.fields.push(presentation::limit(Text::new(
                format!("チャンクは {n} 個までを 1 つずつ示します"),
                format!("only {n} chunks are listed one by one"),
            )));
        }
    }
}

fn bytes_of<'b>(message: &'b [u8], out: &'b MessageLayers, place: Place) -> &'b [u8] {
    match place.buffer.checked_sub(1) {
        None => message,
        Some(i) => out.buffers.get(i).map_or(&[], |b| &b.bytes),
    }
}
