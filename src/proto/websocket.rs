//! WebSocket (RFC 6455): frames in both directions after an HTTP upgrade.
//!
//! In: the bytes behind the 101 answer. Out: one message a WebSocket frame. Payloads are counted, never kept; a title needs
//! the first [`TITLE_BYTES`] of a text only.

use super::presentation::{self, Nature};
use super::{About, Dir, Framed, Framer, MessageKind, MessageLayers, Protocol, snippet};
use crate::fields;
use crate::lang::{Text, Words, words};
use crate::wire::{Buffer, Field, FieldDef, Kind, Layer, Osi, Span, Stop, Value, Why};

fields! {
    FIN: "websocket.fin", Kind::Bool, ("FIN", "Fin"),
        ("1 ならこれがメッセージの最後のフレームです（RFC 6455 §5.2）。", "1: this is the last frame of its message (RFC 6455 §5.2).");
    RSV: "websocket.rsv", Kind::Hex(2), ("予約ビット", "Reserved"),
        ("拡張のための 3 ビットで、圧縮の拡張は最初のビットを使います（RFC 6455 §5.2、RFC 7692 §6）。", "Three bits for extensions; the compression extension uses the first (RFC 6455 §5.2, RFC 7692 §6).");
    OPCODE: "websocket.opcode", Kind::Dec, ("オペコード", "Opcode"),
        ("フレームの種類で、データか制御かを表します（RFC 6455 §5.2）。", "What kind of frame this is, data or control (RFC 6455 §5.2).");
    MASK: "websocket.mask", Kind::Bool, ("マスク", "Mask"),
        ("1 ならペイロードは鍵で変形され、クライアントは必ずそうします（RFC 6455 §5.3）。", "1: the payload is disguised with a key, as clients always must (RFC 6455 §5.3).");
    LENGTH: "websocket.payload_length", Kind::Dec, ("ペイロード長", "Payload length"),
        ("125 までは長さそのもので、126 と 127 は続く 2 バイトまたは 8 バイトに長さがある印です（RFC 6455 §5.2）。", "Up to 125 the length itself; 126 and 127 say that it follows in 2 or 8 bytes (RFC 6455 §5.2).");
    LENGTH_16: "websocket.payload_length_ext_16", Kind::Dec, ("拡張ペイロード長（16 ビット）", "Extended payload length (16 bits)"),
        ("126 バイト以上 65535 バイト以下のペイロードの長さです（RFC 6455 §5.2）。", "The length of a payload of 126 to 65535 bytes (RFC 6455 §5.2).");
    LENGTH_64: "websocket.payload_length_ext_64", Kind::Dec, ("拡張ペイロード長（64 ビット）", "Extended payload length (64 bits)"),
        ("65536 バイト以上のペイロードの長さです（RFC 6455 §5.2）。", "The length of a payload of 65536 bytes or more (RFC 6455 §5.2).");
    KEY: "websocket.masking_key", Kind::Bytes, ("マスキングキー", "Masking-Key"),
        ("この 4 バイトを繰り返しペイロードと XOR すると元に戻り、途中の古い機器が HTTP と誤解するのを防ぎます（RFC 6455 §5.3、§10.3）。", "XOR the payload with these 4 bytes again and again to read it; it keeps old devices on the way from mistaking it for HTTP (RFC 6455 §5.3, §10.3).");
    MASKED: "websocket.masked_payload", Kind::Bytes, ("マスクされたペイロード", "Masked payload"),
        ("通信路を実際に流れたバイト列で、各バイトが鍵と XOR されています（RFC 6455 §5.3）。", "The bytes as they went over the wire, each XORed with the key (RFC 6455 §5.3).");
    PAYLOAD: "websocket.payload", Kind::Group, ("ペイロード", "Payload"),
        ("アプリケーションが渡した中身です（RFC 6455 §5.2）。", "What the application handed over (RFC 6455 §5.2).");
    TEXT: "websocket.payload.text", Kind::Text, ("テキスト", "Text"),
        ("UTF-8 の文字として送られた中身です（RFC 6455 §5.6）。", "The payload, sent as UTF-8 text (RFC 6455 §5.6).");
    CONTINUE: "websocket.payload.continue", Kind::Text, ("続き", "Continue"),
        ("前のフレームから続くメッセージの一部です（RFC 6455 §5.4）。", "A further part of the message that an earlier frame began (RFC 6455 §5.4).");
    UNKNOWN: "websocket.payload.unknown", Kind::Text, ("バイナリ", "Binary"),
        ("文字ではないデータで、意味はアプリケーションが決めます（RFC 6455 §5.6）。", "Data that is not text; the application says what it means (RFC 6455 §5.6).");
    CLOSE: "websocket.payload.close", Kind::Group, ("クローズ", "Close"),
        ("会話を終える知らせで、相手も Close を返してから TCP を閉じます（RFC 6455 §5.5.1）。", "Ends the conversation: the other end answers with Close, then TCP is closed (RFC 6455 §5.5.1).");
    STATUS: "websocket.payload.close.status_code", Kind::Dec, ("終了コード", "Status code"),
        ("なぜ閉じるのかを表す数です（RFC 6455 §7.4）。", "Why the connection is closed, as a number (RFC 6455 §7.4).");
    REASON: "websocket.payload.close.reason", Kind::Text, ("終了の理由", "Reason"),
        ("なぜ閉じるのかを人が読むための文です（RFC 6455 §7.1.6）。", "Why the connection is closed, for people (RFC 6455 §7.1.6).");
    PING: "websocket.payload.ping", Kind::Text, ("Ping", "Ping"),
        ("相手が生きているか確かめるための中身で、Pong がそのまま返します（RFC 6455 §5.5.2）。", "Asks whether the other end is alive; its Pong gives this back unchanged (RFC 6455 §5.5.2).");
    PONG: "websocket.payload.pong", Kind::Text, ("Pong", "Pong"),
        ("Ping の中身をそのまま返したものです（RFC 6455 §5.5.3）。", "What the Ping held, given back unchanged (RFC 6455 §5.5.3).");
}

/// Payload bytes that a text's title may wait for.
pub const TITLE_BYTES: usize = 160;
/// Characters of a text that its title shows.
const TITLE_CHARS: usize = 40;

/// The header of one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Head {
    fin: bool,
    rsv: u8,
    opcode: u8,
    mask: Option<[u8; 4]>,
    /// The 7 bits as sent.
    short: u8,
    payload: u64,
    /// Bytes of the header.
    len: usize,
}

enum HeadError {
    /// Bytes the header needs, as far as is known.
    TooFew(usize),
    /// "the most significant bit MUST be 0" (RFC 6455 §5.2).
    Impossible,
}

impl Head {
    fn read(bytes: &[u8]) -> Result<Self, HeadError> {
        let &[first, second, ref rest @ ..] = bytes else { return Err(HeadError::TooFew(2)) };
        let short = second & 0x7f;
        let extra = match short {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let len = 2 + extra + if second & 0x80 != 0 { 4 } else { 0 };
        let (Some(wide), Some(key)) = (rest.get(..extra), rest.get(extra..len - 2)) else {
            return Err(HeadError::TooFew(len));
        };
        let payload = match extra {
            0 => u64::from(short),
            _ => wide.iter().fold(0, |n, &b| n << 8 | u64::from(b)),
        };
        if payload >> 63 != 0 {
            return Err(HeadError::Impossible);
        }
        Ok(Self {
            fin: first & 0x80 != 0,
            rsv: first >> 4 & 7,
            opcode: first & 0x0f,
            mask: key.try_into().ok(),
            short,
            payload,
            len,
        })
    }

    fn kind(&self) -> MessageKind {
        match self.opcode {
            0 => MessageKind::Continuation,
            1 => MessageKind::Text,
            2 => MessageKind::Binary,
            8 => MessageKind::Close,
            9 => MessageKind::Ping,
            10 => MessageKind::Pong,
            _ => MessageKind::Data,
        }
    }

    fn is_control(&self) -> bool {
        self.opcode >= 8
    }

    fn opcode_name(&self) -> &'static str {
        match self.opcode {
            0 => "Continuation",
            1 => "Text",
            2 => "Binary",
            8 => "Connection Close",
            9 => "Ping",
            10 => "Pong",
            _ => "reserved",
        }
    }

    /// The payload's first bytes as they were before masking.
    fn unmask(&self, payload: &[u8]) -> Vec<u8> {
        match self.mask {
            Some(key) => payload.iter().zip(key.iter().cycle()).map(|(b, k)| b ^ k).collect(),
            None => payload.to_vec(),
        }
    }

    /// The title; `start` is the unmasked beginning of the payload, `of_text` says that a continuation goes on with text.
    fn title(&self, start: &[u8], of_text: bool) -> String {
        let n = self.payload;
        match self.opcode {
            _ if self.rsv & 4 != 0 && !self.is_control() => format!("{} {n} B (compressed)", self.opcode_name()),
            1 => format!("Text {}", quoted(start, n)),
            0 if of_text => format!("Continuation {}", quoted(start, n)),
            0 | 2 => format!("{} {n} B", self.opcode_name()),
            8 => match start {
                [a, b, ..] => format!("Close {}", u16::from_be_bytes([*a, *b])),
                _ => "Close".into(),
            },
            9 => "Ping".into(),
            10 => "Pong".into(),
            other => format!("Opcode {other} {n} B"),
        }
    }
}

fn quoted(start: &[u8], len: u64) -> String {
    // A cut in the middle of a character is not the sender's fault.
    let whole = match std::str::from_utf8(start) {
        Err(e) if e.error_len().is_none() && (start.len() as u64) < len => start.get(..e.valid_up_to()).unwrap_or(start),
        _ => start,
    };
    let mut text = snippet(whole, TITLE_CHARS);
    if (whole.len() as u64) < len && !text.ends_with('…') {
        text.push('…');
    }
    format!("\"{text}\"")
}

#[derive(Debug, Default)]
struct Side {
    /// The open frame began here.
    open: Option<u64>,
    /// Payload bytes of the open frame still to come; `None`: its header is not read yet.
    left: Option<u64>,
    titled: bool,
    holed: bool,
    /// The message that is being sent in pieces is uncompressed text.
    of_text: bool,
    taken: u64,
}

/// The framer of WebSocket.
#[derive(Debug, Default)]
pub struct WebSocketFramer {
    sides: [Side; 2],
    over: bool,
}

impl WebSocketFramer {
    fn side(&mut self, dir: Dir) -> &mut Side {
        let [client, server] = &mut self.sides;
        match dir {
            Dir::ToServer => client,
            Dir::ToClient => server,
        }
    }

    fn finish(&mut self, dir: Dir, at: u64, complete: bool, found: &mut dyn FnMut(Framed)) {
        let side = self.side(dir);
        side.left = None;
        let titled = std::mem::take(&mut side.titled);
        let holed = std::mem::take(&mut side.holed);
        let Some(begin) = side.open.take() else { return };
        if !titled && at > begin {
            found(Framed::Title { dir, kind: MessageKind::Data, title: "WebSocket …".into() });
        }
        found(Framed::End { dir, at, complete: complete && !holed });
    }

    fn give_up(&mut self, found: &mut dyn FnMut(Framed)) {
        for dir in Dir::BOTH {
            let at = self.side(dir).taken;
            self.finish(dir, at, false, found);
        }
        self.over = true;
        found(Framed::GiveUp);
    }

    /// Reads a header and as much of the payload as the title needs. `false`: it needs more bytes, or gave up.
    fn head(&mut self, dir: Dir, bytes: &[u8], found: &mut dyn FnMut(Framed)) -> bool {
        let head = match Head::read(bytes) {
            Ok(head) => head,
            Err(HeadError::TooFew(_)) => return false,
            Err(HeadError::Impossible) => {
                self.give_up(found);
                return false;
            }
        };
        let side = self.side(dir);
        let of_text = match head.opcode {
            0 => side.of_text,
            op => op == 1 && head.rsv & 4 == 0,
        };
        let wanted = match head.opcode {
            _ if of_text => TITLE_BYTES,
            8 => 2,
            _ => 0,
        };
        let wanted = usize::try_from(head.payload).unwrap_or(usize::MAX).min(wanted);
        let Some(start) = bytes.get(head.len..head.len + wanted) else { return false };
        if !head.is_control() {
            side.of_text = of_text && !head.fin;
        }
        side.taken += head.len as u64;
        side.left = Some(head.payload);
        side.titled = true;
        let title = head.title(&head.unmask(start), of_text);
        found(Framed::Title { dir, kind: head.kind(), title });
        true
    }
}

impl Framer for WebSocketFramer {
    fn push(&mut self, dir: Dir, at: u64, bytes: &[u8], found: &mut dyn FnMut(Framed)) -> usize {
        self.side(dir).taken = at;
        while !self.over {
            let side = self.side(dir);
            let from = usize::try_from(side.taken.saturating_sub(at)).unwrap_or(usize::MAX);
            let rest = bytes.get(from..).unwrap_or(&[]);
            if let Some(left) = side.left {
                let take = left.min(rest.len() as u64);
                side.taken += take;
                side.left = Some(left - take);
                if left > take {
                    break;
                }
                let at = side.taken;
                self.finish(dir, at, true, found);
                continue;
            }
            if rest.is_empty() {
                break;
            }
            if side.open.is_none() {
                side.open = Some(side.taken);
                found(Framed::Begin { dir, at: side.taken });
            }
            if !self.head(dir, rest, found) {
                break;
            }
        }
        let taken = self.side(dir).taken.saturating_sub(at);
        usize::try_from(taken).unwrap_or(usize::MAX).min(bytes.len())
    }

    fn gap(&mut self, dir: Dir, at: u64, len: u64, found: &mut dyn FnMut(Framed)) {
        if self.over {
            return;
        }
        let side = self.side(dir);
        side.holed = true;
        match side.left {
            Some(left) if len <= left => {
                side.taken = at.saturating_add(len);
                side.left = Some(left - len);
                if left == len {
                    let at = side.taken;
                    self.finish(dir, at, false, found);
                }
            }
            left => {
                // Frames are found by counting only: once the count is lost, nothing marks where the next one begins.
                self.finish(dir, at.saturating_add(left.unwrap_or(0)), false, found);
                self.side(dir).taken = at.saturating_add(len);
                self.give_up(found);
            }
        }
    }

    fn end(&mut self, dir: Dir, at: u64, found: &mut dyn FnMut(Framed)) {
        if !self.over {
            self.finish(dir, at, false, found);
        }
    }
}

/// The row of WebSocket in the table.
pub struct WebSocket;

impl Protocol for WebSocket {
    fn name(&self) -> &'static str {
        "websocket"
    }

    fn title(&self) -> &'static str {
        "WebSocket"
    }

    fn about(&self) -> Words {
        words(
            "HTTP で始めたコネクションの上で、両側がいつでもメッセージを送れるようにします。",
            "Lets both ends send messages whenever they like, over a connection that began as HTTP.",
        )
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    /// Never by content: it begins with the switch that HTTP's framer finds.
    fn recognise(&self, _dir: Dir, _first: &[u8]) -> Option<bool> {
        Some(false)
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        Some(Box::<WebSocketFramer>::default())
    }

    fn dissect(&self, message: &[u8], _about: About<'_>) -> MessageLayers {
        dissect(message)
    }
}

const PROTO: &str = "websocket";

fn dissect(message: &[u8]) -> MessageLayers {
    let head = match Head::read(message) {
        Ok(head) => head,
        Err(error) => {
            let why = match error {
                HeadError::TooFew(need) => Why::Truncated { need, have: message.len() },
                HeadError::Impossible => Why::Malformed(words("64 ビット長の最上位ビットは 0 でなければなりません", "the highest bit of a 64-bit length must be 0")),
            };
            let layer = presentation::layer(message, 0, Span::new(0, message.len()), &Nature::default());
            return MessageLayers { buffers: Vec::new(), layers: vec![layer], stop: Some(Stop { proto: PROTO, at: 0, why }) };
        }
    };
    let have = message.len().saturating_sub(head.len);
    let told = usize::try_from(head.payload).unwrap_or(usize::MAX);
    let span = Span::new(head.len, have.min(told));
    let plain = head.unmask(span.of(message));
    let mut fields = header_fields(&head);
    if head.mask.is_some() && !span.is_empty() {
        fields.push(Field::new(&MASKED, Value::Bytes, span));
    }
    if !span.is_empty() {
        fields.push(Field::new(&PAYLOAD, Value::None, span).with(payload_fields(&head, &plain, span)));
    }
    let mut out = MessageLayers { buffers: Vec::new(), layers: Vec::new(), stop: broken_rule(&head, have, told, message.len()) };
    out.layers.push(Layer {
        proto: PROTO,
        title: "WebSocket",
        osi: Osi::Application,
        buffer: 0,
        header: Span::new(0, head.len),
        payload: span,
        summary: format!(
            "WebSocket {}{}{}",
            head.opcode_name(),
            if head.fin { " [FIN]" } else { "" },
            if head.mask.is_some() { " [MASKED]" } else { "" }
        ),
        fields,
    });
    if span.is_empty() {
        return out;
    }
    let mut nature = Nature::default();
    if head.rsv & 4 != 0 && !head.is_control() {
        nature.coding = Some(("permessage-deflate".into(), Span::NONE));
    }
    let area = Span::new(0, plain.len());
    let presents = matches!(head.opcode, 0..=2);
    if head.mask.is_some() {
        if presents {
            out.layers.push(presentation::layer(&plain, 1, area, &nature));
        }
        let name = Text::new("マスクを外したペイロード", "Unmasked payload");
        out.buffers.push(Buffer { name, bytes: plain, in_frame: Vec::new() });
    } else if presents {
        out.layers.push(presentation::layer(message, 0, span, &nature));
    }
    out
}

fn header_fields(head: &Head) -> Vec<Field> {
    let flag = |def, bit, on: bool| Field::new(def, Value::Bool(on), Span::new(bit as usize / 8, 1)).bits(bit, 1);
    let rsv = Field::new(&RSV, Value::Uint(head.rsv.into()), Span::new(0, 1)).bits(1, 3);
    let length = Field::new(&LENGTH, Value::Uint(head.short.into()), Span::new(1, 1)).bits(9, 7);
    let mut fields = vec![
        flag(&FIN, 0, head.fin),
        if head.rsv & 4 != 0 && !head.is_control() { rsv.means("RSV1: compressed") } else { rsv },
        Field::new(&OPCODE, Value::Uint(head.opcode.into()), Span::new(0, 1)).bits(4, 4).means(head.opcode_name()),
        flag(&MASK, 8, head.mask.is_some()),
        length,
    ];
    let key_at = match head.short {
        126 => {
            fields.push(Field::new(&LENGTH_16, Value::Uint(head.payload), Span::new(2, 2)));
            4
        }
        127 => {
            fields.push(Field::new(&LENGTH_64, Value::Uint(head.payload), Span::new(2, 8)));
            10
        }
        _ => 2,
    };
    if head.mask.is_some() {
        fields.push(Field::new(&KEY, Value::Bytes, Span::new(key_at, 4)));
    }
    fields
}

/// What the payload says. Spans are those of the (masked) bytes it was read from.
fn payload_fields(head: &Head, plain: &[u8], span: Span) -> Vec<Field> {
    let hex = |bytes: &[u8]| bytes.iter().take(presentation::MAX_TEXT).map(|b| format!("{b:02x}")).collect::<String>();
    let one = |def, text: String| vec![Field::new(def, Value::Text(text), span)];
    match head.opcode {
        _ if head.rsv & 4 != 0 && !head.is_control() => one(&UNKNOWN, hex(plain)),
        0 => one(&CONTINUE, hex(plain)),
        1 => one(&TEXT, presentation::decode(plain, None)),
        8 => vec![Field::new(&CLOSE, Value::None, span).with(close_fields(plain, span))],
        9 => one(&PING, hex(plain)),
        10 => one(&PONG, hex(plain)),
        _ => one(&UNKNOWN, hex(plain)),
    }
}

fn close_fields(plain: &[u8], span: Span) -> Vec<Field> {
    let [a, b, reason @ ..] = plain else { return Vec::new() };
    let code = u16::from_be_bytes([*a, *b]);
    let at = span.start as usize;
    let mut status = Field::new(&STATUS, Value::Uint(code.into()), Span::new(at, 2));
    status.meaning = close_meaning(code).map(str::to_owned);
    let mut fields = vec![status];
    if !reason.is_empty() {
        fields.push(Field::new(&REASON, Value::Text(presentation::decode(reason, None)), Span::new(at + 2, reason.len())));
    }
    fields
}

/// RFC 6455 §7.4.1 and the IANA registry of close codes.
fn close_meaning(code: u16) -> Option<&'static str> {
    Some(match code {
        1000 => "Normal Closure",
        1001 => "Going Away",
        1002 => "Protocol error",
        1003 => "Unsupported Data",
        1007 => "Invalid frame payload data",
        1008 => "Policy Violation",
        1009 => "Message Too Big",
        1010 => "Mandatory Extension",
        1011 => "Internal Error",
        1012 => "Service Restart",
        1013 => "Try Again Later",
        1014 => "Bad Gateway",
        3000..=3999 => "registered use",
        4000..=4999 => "private use",
        _ => return None,
    })
}

fn broken_rule(head: &Head, have: usize, told: usize, len: usize) -> Option<Stop> {
    let stop = |at, why| Some(Stop { proto: PROTO, at, why });
    if have < told {
        return stop(len, Why::Truncated { need: told.saturating_add(head.len), have: len });
    }
    if matches!(head.opcode, 3..=7 | 11..=15) {
        return stop(0, Why::Malformed(words("予約されたオペコードです（RFC 6455 §5.2）", "a reserved opcode (RFC 6455 §5.2)")));
    }
    if head.is_control() && (head.payload > 125 || !head.fin) {
        return stop(0, Why::Malformed(words(
            "制御フレームは 125 バイト以下で、分割できません（RFC 6455 §5.5）",
            "a control frame has at most 125 bytes and is never split (RFC 6455 §5.5)",
        )));
    }
    None
}

#[cfg(test)]
pub use tests::samples;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::proto::tests::{Item, c, messages, s, titles};

    const MASK: [u8; 4] = [0xe1, 0x7e, 0x8e, 0xb9];

    fn frame(first: u8, masked: bool, payload: &[u8]) -> Vec<u8> {
        let mut out = vec![first];
        let bit = if masked { 0x80 } else { 0 };
        match payload.len() {
            n @ 0..=125 => out.push(bit | n as u8),
            n @ 126..=0xffff => {
                out.push(bit | 126);
                out.extend((n as u16).to_be_bytes());
            }
            n => {
                out.push(bit | 127);
                out.extend((n as u64).to_be_bytes());
            }
        }
        if masked {
            out.extend(MASK);
        }
        out.extend(payload.iter().enumerate().map(|(i, b)| if masked { b ^ MASK[i % 4] } else { *b }));
        out
    }

    /// Frames that together show every field.
    pub fn samples() -> Vec<Vec<u8>> {
        vec![
            frame(0x81, true, b"test message"),
            frame(0x81, false, br#"{"type": "chat"}"#),
            frame(0x82, true, &[7; 200]),
            frame(0x82, false, &[0xff; 66_000]),
            frame(0x01, true, "こん".as_bytes()),
            frame(0x80, true, "にちは".as_bytes()),
            frame(0xc1, true, &[1, 2, 3]),
            frame(0x88, true, b"\x03\xe8bye"),
            frame(0x88, false, b""),
            frame(0x89, true, b"ping"),
            frame(0x8a, false, b"ping"),
            frame(0x83, false, b"?"),
        ]
    }

    #[test]
    fn each_frame_is_a_message_and_its_text_is_readable() {
        let got: Vec<_> = titles("websocket", &[c(samples().concat())]).iter().map(|t| t.split_once(' ').unwrap().1.split_once(' ').unwrap().1.to_owned()).collect();
        assert_eq!(got, [
            "Text \"test message\"",
            "Text \"{\"type\": \"chat\"}\"",
            "Binary 200 B",
            "Binary 66000 B",
            "Text \"こん\"",
            "Continuation \"にちは\"",
            "Text 3 B (compressed)",
            "Close 1000",
            "Close",
            "Ping",
            "Pong",
            "Opcode 3 1 B"
        ]);
    }

    #[test]
    fn a_long_text_is_cut_in_its_title_and_not_held_back() {
        let long = frame(0x81, true, "あ".repeat(40_000).as_bytes());
        let got = titles("websocket", &[c(&long)]);
        assert_eq!(got, [format!("> 0..{} Text \"{}…\"", long.len(), "あ".repeat(40))]);
        let mut framer = WebSocketFramer::default();
        let taken = framer.push(Dir::ToServer, 0, &long[..200], &mut |_| {});
        assert_eq!(taken, 200);
    }

    #[test]
    fn a_continuation_goes_on_with_what_was_begun() {
        let kinds: Vec<_> = messages("websocket", &[s([frame(1, false, b"a"), frame(0x89, false, b""), frame(0x80, false, b"b"), frame(0x80, false, b"c")].concat())])
            .into_iter()
            .map(|m| (m.kind.unwrap(), m.title))
            .collect();
        assert_eq!(kinds[0], (MessageKind::Text, "Text \"a\"".into()));
        assert_eq!(kinds[2], (MessageKind::Continuation, "Continuation \"b\"".into()));
        assert_eq!(kinds[3], (MessageKind::Continuation, "Continuation 1 B".into()));
    }

    #[test]
    fn a_huge_length_is_counted_and_an_impossible_one_given_up() {
        let huge = [&[0x82, 127][..], &(1u64 << 62).to_be_bytes(), b"abc"].concat();
        assert_eq!(titles("websocket", &[s(&huge)]), [format!("< 0..13 Binary {} B (cut)", 1u64 << 62)]);
        let mut found = Vec::new();
        let impossible = [&[0x82, 127][..], &u64::MAX.to_be_bytes()].concat();
        WebSocketFramer::default().push(Dir::ToClient, 0, &impossible, &mut |f| found.push(f));
        assert_eq!(found.last(), Some(&Framed::GiveUp));
        assert!(matches!(dissect(&impossible).stop.unwrap().why, Why::Malformed(_)));
        assert!(dissect(&huge).layers[0].payload.len == 3);
    }

    #[test]
    fn a_gap_in_a_payload_is_counted_and_one_across_frames_gives_up() {
        let f = frame(0x82, false, &[5; 50]);
        let got = titles("websocket", &[s(&f[..10]), Item::Gap(Dir::ToClient, 30), s(&f[40..]), s(frame(0x8a, false, b""))]);
        assert_eq!(got, ["< 0..52 Binary 50 B (cut)", "< 52..54 Pong"]);
        let got = messages("websocket", &[s(&f[..10]), Item::Gap(Dir::ToClient, 60), s("abc\n")]);
        assert_eq!((got[0].range.clone(), got[1].proto), (0..52, "data"));
    }

    #[test]
    fn a_masked_text_is_shown_as_sent_and_as_meant() {
        let bytes = frame(0x81, true, b"test message");
        let out = dissect(&bytes);
        assert_eq!(out.stop, None);
        let layer = &out.layers[0];
        let print = |name: &str| layer.field(name).unwrap_or_else(|| panic!("no {name}")).print(&bytes);
        for (name, value) in [
            ("websocket.fin", "1"),
            ("websocket.rsv", "0x00"),
            ("websocket.opcode", "1"),
            ("websocket.mask", "1"),
            ("websocket.payload_length", "12"),
            ("websocket.masking_key", "e17e8eb9"),
            ("websocket.payload.text", "test message"),
        ] {
            assert_eq!(print(name), value, "{name}");
        }
        assert_eq!(layer.field("websocket.masked_payload").unwrap().span.of(&bytes), &bytes[6..]);
        assert_eq!(out.buffers[0].bytes, b"test message");
        assert_eq!((out.layers[1].proto, out.layers[1].buffer, out.layers[1].osi), ("text", 1, Osi::Presentation));
    }

    #[test]
    fn close_says_why() {
        let bytes = frame(0x88, true, b"\x03\xe9bye");
        let out = dissect(&bytes);
        let show = |name: &str| out.layers[0].field(name).unwrap().show(&bytes);
        assert_eq!(show("websocket.payload.close.status_code"), "1001 (Going Away)");
        assert_eq!(show("websocket.payload.close.reason"), "bye");
    }

    #[test]
    fn rules_of_control_frames_are_checked() {
        assert!(matches!(dissect(&frame(0x09, false, b"x")).stop.unwrap().why, Why::Malformed(_)));
        assert!(matches!(dissect(&frame(0x89, false, &[0; 126])).stop.unwrap().why, Why::Malformed(_)));
        assert!(matches!(dissect(&frame(0x83, false, b"")).stop.unwrap().why, Why::Malformed(_)));
        assert_eq!(dissect(&frame(0x81, true, b"abc")[..8]).stop.unwrap().why, Why::Truncated { need: 9, have: 8 });
    }
}
