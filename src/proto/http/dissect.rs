//! One HTTP message for the eye: every part of its head and its body with the bytes it was read from.
//!
//! In: a message's bytes. Out: its fields as Wireshark 4.0 reads them, to the byte, also where the message breaks the rules; what
//! the RFC says of that is the [`Stop`]. Bytes that belong to no request or answer are a continuation: a layer without a
//! first line.

use super::body::{self, Asked, Chunked, Length};
use super::fields as f;
use super::framer::UNASKED;
use super::head;
use super::meaning;
use super::tell::{self, Begins};
use crate::lang::{Text, words};
use crate::proto::presentation::{self, Nature, Place, ascii};
use crate::proto::unpack;
use crate::proto::{About, Member, MessageLayers, snippet};
use crate::wire::{Buffer, Field, FieldDef, Layer, Osi, Span, Stop, Value, Why};

const PROTO: &str = "http";
/// Parts of one message's bytes that are read one after the other at most.
const MAX_PIECES: usize = 16;
/// Header lines that are read at most.
const MAX_HEADERS: usize = 4096;
/// Bytes of a body that are shown as text at most.
const MAX_FILE_DATA: usize = 4 << 20;
/// Parts of a query, and cookies of a line, that are listed at most.
const MAX_PARTS: usize = 1024;

/// Reads one message; its first byte is the first of its start line, or of an empty line before it.
pub fn dissect(message: &[u8], about: About<'_>) -> MessageLayers {
    let mut out = MessageLayers { buffers: Vec::new(), layers: Vec::new(), stop: None };
    let mut at = 0;
    for _ in 0..MAX_PIECES {
        at += Piece::read(message, at, about, &mut out).max(1);
        if at >= message.len() {
            break;
        }
    }
    out
}

/// A message, or what follows one.
struct Piece<'a> {
    message: &'a [u8],
    about: About<'a>,
    begins: Option<Begins>,
    /// Without its line end.
    start: Span,
    fields: Vec<Field>,
    told: Told,
}

/// What the header lines say of the body.
#[derive(Default)]
struct Told {
    length: Option<u64>,
    has_length_line: bool,
    chunked: bool,
    /// A transfer coding that packs.
    packed: bool,
    any_transfer: bool,
    coding: Option<String>,
    host: Option<Vec<u8>>,
    nature: Nature,
    typed: bool,
}

fn printable(b: u8) -> bool {
    (0x20..0x7f).contains(&b)
}

impl<'a> Piece<'a> {
    /// Reads what begins at `at`; returns how many bytes it had.
    fn read(message: &'a [u8], at: usize, about: About<'a>, out: &mut MessageLayers) -> usize {
        let rest = message.get(at..).unwrap_or(&[]);
        let (mut bare, mut full) = tell::line(rest);
        let mut pos = 0;
        // RFC 9112 §2.2: "A server that is expecting to receive and parse a request-line SHOULD ignore at least one empty line".
        let second = rest.get(full..).unwrap_or(&[]);
        let (second_bare, second_full) = tell::line(second);
        let leading = bare == 0 && full > 0 && second.get(..second_bare).is_some_and(|line| tell::begins(line).is_some());
        if leading {
            pos = full;
            (bare, full) = (second_bare, second_full);
        }
        let line = rest.get(pos..pos + bare).unwrap_or(&[]);
        // A method that Wireshark does not know, in an otherwise plain request.
        let plain = || head::start(line).filter(|_| at == 0).map(|s| match s {
            head::Start::Request { .. } => Begins::Request,
            head::Start::Response { .. } => Begins::Response,
        });
        let begins = tell::begins(line).or_else(plain);
        let start = Span::new(at + pos, bare);
        let mut piece = Piece { message, about, begins, start, fields: Vec::new(), told: Told::default() };
        if begins.is_none() && !rest.first().is_some_and(|&b| printable(b)) {
            return piece.opaque(at, out);
        }
        if leading {
            piece.fields.push(Field::new(&f::LEADING_CRLF, Value::None, Span::new(at, pos)).means("an empty line before the first"));
        }
        if begins.is_some() {
            piece.start_line(line, full);
            pos += full;
        }
        let (head_len, ended) = piece.headers(rest, at, pos);
        pos = head_len;
        if at == 0 && begins.is_some() {
            out.stop = piece.verdict(pos, ended);
        }
        piece.after_headers();
        let body = piece.body_len(rest.len() - pos);
        let area = Span::new(at + pos, body);
        let (end, presented) = piece.body(area, out);
        let unasked = begins.is_none() && about.note == UNASKED;
        let layer = Layer {
            proto: PROTO,
            title: if unasked { "TCP" } else { "HTTP" },
            osi: Osi::Application,
            buffer: 0,
            header: Span::new(at, pos),
            payload: area,
            summary: if begins.is_some() { snippet(line, 200) } else { "Continuation".into() },
            fields: piece.fields,
        };
        out.layers.push(layer);
        out.layers.extend(presented);
        end.saturating_sub(at)
    }

    /// Bytes that are not even text.
    fn opaque(self, at: usize, out: &mut MessageLayers) -> usize {
        let area = Span::new(at, self.message.len().saturating_sub(at));
        if at == 0 && self.about.complete && self.message.first().is_some() {
            let rule = words("HTTP/1.x の 1 行目ではありません", "this is not a start line of HTTP/1.x");
            out.stop = Some(Stop { proto: PROTO, at: 0, why: Why::Malformed(rule) });
        }
        out.layers.push(Layer {
            proto: PROTO,
            title: "HTTP",
            osi: Osi::Application,
            buffer: 0,
            header: Span::new(at, 0),
            payload: area,
            summary: "Continuation".into(),
            fields: Vec::new(),
        });
        if !area.is_empty() {
            out.layers.push(presentation::layer(self.message, 0, area, &Nature::default()));
        }
        area.len as usize
    }

    fn text(&self, def: &'static FieldDef, span: Span) -> Field {
        Field::new(def, Value::Text(ascii(span.of(self.message))), span)
    }

    fn start_line(&mut self, line: &[u8], full: usize) {
        let base = self.start.start as usize;
        let at = |from: usize, len: usize| Span::new(base + from, len);
        let (first, second) = tell::word(line, 0);
        let mut parts = Vec::new();
        if self.begins == Some(Begins::Response) {
            let (len, third) = tell::word(line, second);
            parts.push(self.text(&f::RESPONSE_VERSION, at(0, first)));
            if len >= 3 {
                let code = status(line.get(second..second + 3).unwrap_or(&[]));
                let (def, class) = meaning::class(u16::try_from(code).unwrap_or(0));
                let mut field = Field::new(def, Value::Uint(code), at(second, 3));
                field.meaning = class.map(str::to_owned);
                parts.push(field);
                let named = u16::try_from(code).ok().and_then(meaning::reason).map(str::to_owned);
                let named = named.unwrap_or_else(|| format!("Unknown ({})", code as u32 as i32));
                parts.push(Field::new(&f::CODE_DESC, Value::Text(named), Span::NONE));
                if third < line.len() {
                    parts.push(self.text(&f::PHRASE, at(third, line.len() - third)));
                }
            }
        } else {
            let (def, meaning) = meaning::method(&String::from_utf8_lossy(line.get(..first).unwrap_or(&[])));
            let mut method = self.text(def, at(0, first));
            method.meaning = meaning.map(str::to_owned);
            parts.push(method);
            // Two spaces: the target between them is empty.
            let second = if second > first + 1 { first + 1 } else { second };
            let (len, third) = tell::word(line, second);
            if second <= line.len() && first < line.len() {
                parts.push(self.target(at(second, len)));
                parts.push(self.text(&f::REQUEST_VERSION, at(third, line.len().saturating_sub(third))));
            }
        }
        let heading = Field::new(&f::CHAT, Value::None, at(0, full)).means(snippet(line, 200));
        self.fields.push(heading.with(parts));
    }

    fn target(&self, span: Span) -> Field {
        let uri = self.text(&f::URI, span);
        let bytes = span.of(self.message);
        let Some(mark) = bytes.iter().position(|&b| b == b'?').filter(|m| m + 1 < bytes.len()) else { return uri };
        let from = span.start as usize;
        let mut parts = Vec::new();
        if mark > 0 {
            parts.push(self.text(&f::URI_PATH, Span::new(from, mark)));
        }
        let query = Span::new(from + mark + 1, bytes.len() - mark - 1);
        let parameters = split(query, query.of(self.message), b'&').map(|part| self.text(&f::URI_PARAMETER, part));
        parts.push(self.text(&f::URI_QUERY, query).with(parameters.take(MAX_PARTS).collect()));
        uri.with(parts)
    }

    /// Reads header lines from `pos` of `rest` on. Returns where the body begins, and whether the empty line was there.
    fn headers(&mut self, rest: &[u8], at: usize, mut pos: usize) -> (usize, bool) {
        let mut seen = self.begins.is_some();
        for count in 0.. {
            let here = rest.get(pos..).unwrap_or(&[]);
            let (bare, full) = tell::line(here);
            if full == 0 {
                return (pos, false);
            }
            if bare == 0 {
                return (pos + full, true);
            }
            let line = here.get(..bare).unwrap_or(&[]);
            let colon = memchr::memchr(b':', line).filter(|&c| seen || is_name(line.get(..c).unwrap_or(&[])));
            let last = pos + full >= rest.len();
            if colon.is_none() && !(seen && last && self.begins.is_some()) {
                return (pos, false);
            }
            if count >= MAX_HEADERS {
                self.fields.push(presentation::limit(Text::new(
                    format!("ヘッダは {MAX_HEADERS} 行までを示します"),
                    format!("only the first {MAX_HEADERS} header lines are shown"),
                )));
                let end = head::end(rest, pos.saturating_sub(2)).unwrap_or(rest.len());
                return (end, true);
            }
            self.header(Span::new(at + pos, full), line, colon);
            seen = true;
            pos += full;
        }
        (pos, false)
    }

    /// One header line.
    fn header(&mut self, span: Span, line: &[u8], colon: Option<usize>) {
        let name = line.get(..colon.unwrap_or(0)).unwrap_or(&[]);
        let after = colon.map_or(0, |c| c + 1);
        let skipped = line.get(after..).unwrap_or(&[]).iter().take_while(|&&b| b == b' ' || b == b'\t').count();
        let value = Span::new(span.start as usize + after + skipped, line.len().saturating_sub(after + skipped));
        let whole = match self.begins {
            Some(Begins::Request) => Some(self.text(&f::REQUEST_LINE, span)),
            Some(Begins::Response) => Some(self.text(&f::RESPONSE_LINE, span)),
            _ => None,
        };
        let lower = String::from_utf8_lossy(name).to_ascii_lowercase();
        let Some(def) = f::of_header(&lower).filter(|_| colon.is_some()) else {
            let mut field = whole.unwrap_or_else(|| self.text(&f::UNKNOWN_HEADER, span));
            if colon.is_some() && !is_name(name) {
                field.children.push(Field::new(&f::BAD_HEADER_NAME, Value::None, Span::new(span.start as usize, name.len())));
            }
            self.fields.push(field);
            return;
        };
        let mut field = Field::new(def, Value::Text(ascii(value.of(self.message))), span);
        field.children = self.learn(&lower, value);
        field.children.extend(whole);
        self.fields.push(field);
    }

    /// What a known header says; the fields inside its value.
    fn learn(&mut self, name: &str, span: Span) -> Vec<Field> {
        let bytes = span.of(self.message);
        let value = ascii(bytes);
        let told = &mut self.told;
        match name {
            "content-length" => {
                told.has_length_line = true;
                if let Some(n) = body::number(&value) {
                    told.length = Some(n);
                    return vec![Field::new(&f::CONTENT_LENGTH, Value::Uint(n), span)];
                }
            }
            "content-type" => {
                told.typed = true;
                told.nature = Nature { coding: told.nature.coding.take(), ..Nature::default() };
                told.nature.set_content_type(bytes, span);
            }
            "content-encoding" => {
                told.nature.coding = Some((value.to_ascii_lowercase(), span));
                told.coding = Some(value);
            }
            "transfer-encoding" => {
                told.any_transfer = true;
                let mut unknown = false;
                for item in value.split(',') {
                    match item.trim() {
                        "chunked" => told.chunked = true,
                        "gzip" | "x-gzip" | "deflate" | "compress" | "x-compress" => told.packed = true,
                        "identity" | "" => {}
                        other => {
                            unknown = true;
                            told.chunked |= other.starts_with("chunked");
                        }
                    }
                }
                if unknown {
                    return vec![Field::new(&f::TE_UNKNOWN, Value::None, span)];
                }
            }
            "host" => told.host = Some(bytes.to_vec()),
            "cookie" => {
                let pairs = split(span, bytes, b';').filter_map(|part| {
                    let kept = part.of(self.message);
                    let lead = kept.iter().take_while(|b| b.is_ascii_whitespace()).count();
                    (lead < kept.len()).then(|| self.text(&f::COOKIE_PAIR, Span::new(part.start as usize + lead, kept.len() - lead)))
                });
                return pairs.take(MAX_PARTS).collect();
            }
            "authorization" | "proxy-authorization" => {
                if let Some(coded) = bytes.strip_prefix(b"Basic ") {
                    let plain = presentation::utf8(&base64(coded.trim_ascii_start()));
                    return vec![Field::new(&f::AUTH_BASIC, Value::Text(plain), span)];
                }
            }
            _ => {}
        }
        Vec::new()
    }

    /// The fields that stand behind the headers: what the conversation says of this message.
    fn after_headers(&mut self) {
        let Some(begins) = self.begins else { return };
        let fact = |def, value| Field::new(def, value, Span::NONE);
        let frame = |def, frame: Option<u64>| frame.map(|n| fact(def, Value::Uint(n)));
        if begins == Begins::Response {
            self.fields.push(fact(&f::RESPONSE, Value::Bool(true)));
            let Some(turn) = self.about.around.turn() else { return };
            self.fields.push(fact(&f::RESPONSE_NUMBER, Value::Uint(turn.number.into())));
            if let Some((_, asked)) = turn.request {
                self.fields.push(fact(&f::TIME, Value::Nanos(self.about.nanos.saturating_sub(asked))));
            }
            let [request, response] = turn.before;
            self.fields.extend(frame(&f::PREV_REQUEST_IN, request));
            self.fields.extend(frame(&f::PREV_RESPONSE_IN, response));
            self.fields.extend(frame(&f::REQUEST_IN, turn.request.map(|(n, _)| n)));
            let mut uri = None;
            self.about.around.requests(&mut |head| {
                let (full, bare) = uris(head);
                // Without a Host, the address before stays the one that is known.
                let found = full.is_some();
                uri = full.or(uri.take().or(bare));
                !found
            });
            self.fields.extend(uri.map(|uri| fact(&f::RESPONSE_FOR, Value::Text(uri))));
            return;
        }
        let target = self.start.of(self.message);
        if let Some(host) = &self.told.host {
            self.fields.push(fact(&f::FULL_URI, Value::Text(full_uri(target, host))));
        }
        if begins == Begins::Notification {
            self.fields.push(fact(&f::NOTIFICATION, Value::Bool(true)));
            return;
        }
        self.fields.push(fact(&f::REQUEST, Value::Bool(true)));
        if let Some(turn) = self.about.around.turn() {
            self.fields.push(fact(&f::REQUEST_NUMBER, Value::Uint(turn.number.into())));
            self.fields.extend(frame(&f::PREV_REQUEST_IN, turn.before[0]));
        }
    }

    fn code(&self) -> u64 {
        let line = self.start.of(self.message);
        let (_, second) = tell::word(line, 0);
        status(line.get(second..second + 3).unwrap_or(&[]))
    }

    /// How many of the `have` bytes behind the head are its body.
    fn body_len(&self, have: usize) -> usize {
        match (self.told.length, self.begins) {
            (Some(n), _) if !self.told.any_transfer => usize::try_from(n).unwrap_or(usize::MAX).min(have),
            (_, Some(Begins::Request)) if !self.told.any_transfer => 0,
            (_, Some(Begins::Response)) if matches!(self.code(), 100..=199 | 204 | 304) => 0,
            _ => have,
        }
    }

    /// Reads the body in `area`; returns where it ends, and the layers that say what its bytes mean.
    fn body(&mut self, area: Span, out: &mut MessageLayers) -> (usize, Vec<Layer>) {
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

    /// What a strict receiver says of a head, `len` bytes long, that was read leniently here.
    fn verdict(&self, len: usize, ended: bool) -> Option<Stop> {
        let stop = |at: usize, why| Some(Stop { proto: PROTO, at, why });
        let have = self.message.len();
        if !ended {
            return match len >= have {
                true => stop(have, Why::Truncated { need: have + 1, have }),
                false => stop(len, Why::Malformed(words(
                    "「名前: 値」でない行があり、Wireshark はここでヘッダが終わると見ます",
                    "a line is no “name: value”; Wireshark takes the head to end here",
                ))),
            };
        }
        let from = self.start.start as usize;
        let head = self.message.get(from..len).unwrap_or(&[]);
        let headers = head::headers(head);
        let mut room = vec![httparse::EMPTY_HEADER; headers.len() + 1];
        let result = match self.begins {
            Some(Begins::Response) => httparse::Response::new(&mut room).parse(head),
            _ => httparse::Request::new(&mut room).parse(head),
        };
        if let Err(error) = result {
            let rule = match error {
                httparse::Error::HeaderName => words("ヘッダの名前に使えない文字があります", "a header's name holds a character it may not hold"),
                httparse::Error::HeaderValue => words("ヘッダの値に使えない文字があります", "a header's value holds a character it may not hold"),
                httparse::Error::NewLine => words("行の終わりが正しくありません", "a line does not end as it should"),
                _ => words("1 行目が規則どおりではありません", "the start line is not as the rules want it"),
            };
            let bad = |h: &&head::Header| {
                let name = h.name.of(head);
                name.is_empty() || !name.iter().all(|&b| head::is_token(b)) || h.value.of(head).iter().any(|&b| b < 0x20 && b != b'\t')
            };
            return stop(from + headers.iter().find(bad).map_or(0, |h| h.line.start as usize), Why::Malformed(rule));
        }
        let start = head::lenient(self.start.of(self.message))?;
        let request = self.about.around.peer(Member::Request);
        let method = request.as_ref().and_then(|peer| peer.title.split(' ').next());
        let asked = Asked { head: method == Some("HEAD"), connect: method == Some("CONNECT") };
        if let Length::Known(told) = body::length(&start, head, &headers, asked) {
            let body = (have - len.min(have)) as u64;
            // An answer without a body, to nobody knows what, may answer a HEAD.
            let may_be_head = request.is_none() && body == 0 && self.about.complete;
            if body < told && !(may_be_head && self.begins == Some(Begins::Response)) {
                let need = usize::try_from(told).unwrap_or(usize::MAX).saturating_add(len);
                return stop(have, Why::Truncated { need, have });
            }
        }
        None
    }
}

fn bytes_of<'b>(message: &'b [u8], out: &'b MessageLayers, place: Place) -> &'b [u8] {
    match place.buffer.checked_sub(1) {
        None => message,
        Some(i) => out.buffers.get(i).map_or(&[], |b| &b.bytes),
    }
}

/// A header's name as Wireshark wants it: letters, digits and some marks (RFC 9110 §5.6.2, without the apostrophe).
fn is_name(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|&b| head::is_token(b) && b != b'\'')
}

/// The non-empty parts between separators.
fn split<'b>(span: Span, bytes: &'b [u8], separator: u8) -> impl Iterator<Item = Span> + 'b {
    let mut at = span.start as usize;
    bytes.split(move |&b| b == separator).filter_map(move |part| {
        let here = Span::new(at, part.len());
        at += part.len() + 1;
        (!part.is_empty()).then_some(here)
    })
}

/// The number of three characters, as C's `strtoul` reads it: what is no number is 0, and `-1` wraps.
fn status(chars: &[u8]) -> u64 {
    let digits = |text: &[u8]| text.iter().take_while(|b| b.is_ascii_digit()).fold(0u32, |n, d| n * 10 + u32::from(d - b'0'));
    match chars.trim_ascii_start() {
        [b'-', rest @ ..] => digits(rest).wrapping_neg().into(),
        [b'+', rest @ ..] => digits(rest).into(),
        rest => digits(rest).into(),
    }
}

/// The address of a request: its target, with the host before it unless it holds one already.
fn full_uri(start_line: &[u8], host: &[u8]) -> String {
    let (first, second) = tell::word(start_line, 0);
    let second = if second > first + 1 { first + 1 } else { second };
    let (len, _) = tell::word(start_line, second);
    let target = ascii(start_line.get(second..second + len).unwrap_or(&[]));
    let has = |scheme: &str| target.get(..scheme.len()).is_some_and(|t| t.eq_ignore_ascii_case(scheme));
    if has("http://") || has("https://") || start_line.get(..first) == Some(b"CONNECT") {
        return target;
    }
    format!("http://{}{target}", presentation::utf8(host).trim())
}

/// Of a request's head: its full address, if it names a host, and its bare target.
fn uris(head: &[u8]) -> (Option<String>, Option<String>) {
    let skipped = head.iter().take_while(|&&b| b == b'\r' || b == b'\n').count();
    let head = head.get(skipped..).unwrap_or(&[]);
    let (bare, full) = tell::line(head);
    let start = head.get(..bare).unwrap_or(&[]);
    let mut host = None;
    let mut at = full;
    for _ in 0..MAX_HEADERS {
        let rest = head.get(at..).unwrap_or(&[]);
        let (bare, full) = tell::line(rest);
        let line = rest.get(..bare).unwrap_or(&[]);
        let Some(colon) = memchr::memchr(b':', line) else { break };
        if line.get(..colon).is_some_and(|name| name.eq_ignore_ascii_case(b"host")) {
            let value = line.get(colon + 1..).unwrap_or(&[]);
            host = Some(value.iter().position(|&b| b != b' ' && b != b'\t').and_then(|i| value.get(i..)).unwrap_or(&[]));
        }
        at += full;
    }
    let (_, second) = tell::word(start, 0);
    let (len, _) = tell::word(start, second);
    let target = ascii(start.get(second..second + len).unwrap_or(&[]));
    (host.map(|host| full_uri(start, host)), Some(target))
}

/// Base64 (RFC 4648 §4), as far as it goes; what is no digit of it is skipped.
fn base64(coded: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(coded.len() / 4 * 3);
    let (mut bits, mut have) = (0u32, 0);
    for &b in coded.iter().take_while(|&&b| b != b'=') {
        let digit = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(digit);
        have += 6;
        if have >= 8 {
            have -= 8;
            out.push((bits >> have) as u8);
        }
    }
    out
}
