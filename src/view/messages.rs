//! The conversation: one card a message, on the side of the end that said it.
//!
//! In: the model and a message's number. Out: the words of its card, and a preview of its bytes. Only cards that somebody
//! sees are made, because the preview gathers the message from its segments.

use super::Ink;
use super::packets::seconds;
use crate::app::Model;
use crate::flow::{around, fragments};
use crate::flow::{Dir, Message, MessageId, MessageKind, Transport};
use crate::lang::{Lang, Text, Words, words};
use crate::timeline::Scope;
use crate::trace::FrameId;
use crate::wire::{Osi, Span};

/// Frames of one message that are named; the others are counted.
pub const MAX_FRAMES: usize = 24;
/// Bytes of one message that are fetched for its preview.
pub const PREVIEW_BYTES: usize = 1_024;
/// Bytes of one message that are put together and dissected for its preview.
pub const GATHER_BYTES: usize = 16 * 1_024;
/// Lines of a preview.
pub const PREVIEW_LINES: usize = 3;
/// Frames of a conversation that are looked through for one card: a message may go on for millions.
const LOOKED: usize = 4_096;

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    pub id: MessageId,
    pub dir: Dir,
    pub kind: MessageKind,
    /// "HTTP".
    pub proto: &'static str,
    pub osi: Osi,
    pub title: String,
    /// "82 B".
    pub size: String,
    /// Seconds since the first frame.
    pub time: String,
    /// `127.0.0.1:49152 → 127.0.0.1:80`.
    pub ends: String,
    /// The frames that carried a byte of it, at most [`MAX_FRAMES`]; and how many there are.
    pub frames: Vec<FrameId>,
    pub frame_count: usize,
    /// Only some were counted: there may be more.
    pub uncounted: bool,
    pub complete: bool,
    /// The request that it answers.
    pub answers: Option<MessageId>,
}

impl Card {
    /// What a screen reader says.
    pub fn name(&self, lang: Lang) -> String {
        let who = lang.pick(["クライアント", "サーバ"], ["client", "server"])[self.dir.index()];
        let cut = if self.complete { "" } else { incomplete().get(lang) };
        format!("{who}: {} {} {} {} {cut}", kind(self.kind).get(lang), self.title, self.size, self.time).trim_end().to_owned()
    }
}

/// The card of one message.
pub fn card(model: &Model, id: MessageId) -> Option<Card> {
    let index = &model.capture.index;
    let message = index.message(id)?;
    let flow = index.flow(message.flow)?;
    let (frames, frame_count, uncounted) = carriers(model, message);
    let proto = crate::proto::by_name(message.proto);
    let [from, to] = match message.dir {
        Dir::ToServer => [flow.ends[0], flow.ends[1]],
        Dir::ToClient => [flow.ends[1], flow.ends[0]],
    };
    Some(Card {
        id,
        dir: message.dir,
        kind: message.kind,
        proto: proto.map_or(message.proto, |p| p.title()),
        osi: proto.map_or(Osi::Application, |p| p.osi()),
        title: message.title.clone(),
        size: size(message.range.end.saturating_sub(message.range.start)),
        time: seconds(message.at.since(model.capture.start())),
        ends: format!("{from} → {to}"),
        frames,
        frame_count,
        uncounted,
        complete: message.complete,
        answers: message.answers,
    })
}

/// The frames that carried a byte of a message, the first [`MAX_FRAMES`] of them; how many there are; and whether there may
/// be more than were counted.
fn carriers(model: &Model, message: &Message) -> (Vec<FrameId>, usize, bool) {
    let index = &model.capture.index;
    let mut frames = Vec::new();
    let mut count = 0;
    let mut next = Some(message.first_frame);
    for _ in 0..LOOKED {
        let Some((frame, row)) = next.and_then(|f| Some((f, index.row(f)?))) else { return (frames, count, false) };
        let end = row.stream_at.saturating_add(u64::from(row.payload_len));
        let carries = match row.transport {
            Transport::Tcp => row.stream_at < message.range.end && message.range.start < end,
            _ => frame == message.first_frame,
        };
        if carries && row.dir == message.dir && row.flow == message.flow {
            count += 1;
            if frames.len() < MAX_FRAMES {
                frames.push(frame);
            }
        }
        // A message that never ended goes on to the end of its flow.
        next = index.next_in_flow(message.flow, frame).filter(|_| frame < message.last_frame);
    }
    (frames, count, next.is_some())
}

/// The first bytes of a message as its frames carried them, at most `limit`, up to the first gap.
pub fn gather(model: &Model, message: &Message, limit: usize) -> Vec<u8> {
    let (trace, index) = (&model.capture.trace, &model.capture.index);
    let mut out: Vec<u8> = Vec::new();
    let mut buf = Vec::new();
    let mut next = Some(message.first_frame);
    for _ in 0..LOOKED {
        let Some((frame, row)) = next.and_then(|f| Some((f, index.row(f)?))) else { break };
        // Where the next byte that is wanted stands in the stream.
        let at = message.range.start.saturating_add(out.len() as u64);
        let rest = usize::try_from(message.range.end.saturating_sub(at)).unwrap_or(usize::MAX).min(limit - out.len());
        if rest == 0 {
            break;
        }
        let start = if row.transport == Transport::Tcp { row.stream_at } else { 0 };
        let holds = row.flow == message.flow && row.dir == message.dir && row.payload_len > 0 && start <= at;
        // Of a datagram in fragments the last frame stands for all of it.
        if holds && let Some(bytes) = fragments::bytes_of(trace, index, frame, &mut buf) {
            let payload = Span::new(row.payload_at.into(), row.payload_len as usize).of(&bytes);
            let skip = usize::try_from(at - start).unwrap_or(usize::MAX);
            let fresh = payload.get(skip..).unwrap_or_default();
            out.extend_from_slice(fresh.get(..rest.min(fresh.len())).unwrap_or_default());
        }
        next = index.next_in_flow(message.flow, frame).filter(|_| frame < message.last_frame);
    }
    out
}

/// A preview of what a message says: its body, decoded and unmasked, where it has one; else all of it.
pub fn body(model: &Model, id: MessageId) -> Preview {
    let index = &model.capture.index;
    let Some(message) = index.message(id) else { return Preview::default() };
    let whole = message.range.end.saturating_sub(message.range.start);
    let bytes = gather(model, message, GATHER_BYTES);
    let cut = bytes.len() as u64 != whole;
    let Some(proto) = crate::proto::by_name(message.proto) else { return preview(&bytes, whole) };
    let talk = around::Talk::new(&model.capture.trace, index, id);
    let about = crate::proto::About { complete: message.complete && !cut, ..around::about(message, &talk) };
    let found = proto.dissect(&bytes, about);
    if let Some(decoded) = found.buffers.iter().rev().find(|b| !b.bytes.is_empty()) {
        return preview(&decoded.bytes, decoded.bytes.len() as u64 + u64::from(cut));
    }
    let head = found.layers.iter().filter(|l| l.buffer == 0).map(|l| l.header.end()).max().unwrap_or(0) as usize;
    let payload = found.layers.iter().rev().find(|l| l.buffer == 0 && !l.payload.is_empty());
    match payload {
        Some(layer) => preview(layer.payload.of(&bytes), whole.saturating_sub(u64::from(layer.payload.start))),
        // A message that is all head: the first line is its title, what follows says more.
        None if head > 0 && head >= bytes.len() => {
            let line = bytes.iter().position(|&b| b == b'\n').map_or(0, |i| i + 1);
            preview(bytes.get(line..).unwrap_or_default(), whole.saturating_sub(line as u64))
        }
        None => preview(bytes.get(head..).unwrap_or_default(), whole.saturating_sub(head as u64)),
    }
}

/// The beginning of a message, for reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    pub lines: Vec<String>,
    /// The lines are bytes in hexadecimal, not text.
    pub hex: bool,
    /// There is more than is shown.
    pub more: bool,
}

/// A preview of bytes: lines of text, or of hexadecimal digits where it is no text. `whole`: the length of all of it.
pub fn preview(bytes: &[u8], whole: u64) -> Preview {
    const WIDTH: usize = 160;
    let head = bytes.get(..bytes.len().min(PREVIEW_BYTES)).unwrap_or_default();
    let more = whole > head.len() as u64;
    let text = match std::str::from_utf8(head) {
        Ok(text) => Some(text),
        // Cut in the middle of a character, which is no fault of the text.
        Err(e) if e.error_len().is_none() && head.len() >= 4 && (more || e.valid_up_to() + 4 > head.len()) => {
            head.get(..e.valid_up_to()).and_then(|h| std::str::from_utf8(h).ok())
        }
        Err(_) => None,
    };
    let printable = |t: &&str| t.chars().all(|c| !c.is_control() || matches!(c, '\r' | '\n' | '\t'));
    if let Some(text) = text.filter(printable) {
        let mut all = text.trim_start_matches(['\r', '\n']).trim_end().lines();
        let clip = |line: &str| -> String {
            let line: String = line.trim_end().chars().map(|c| if c == '\t' { ' ' } else { c }).collect();
            if line.chars().nth(WIDTH).is_some() { line.chars().take(WIDTH).chain(['…']).collect() } else { line }
        };
        let lines: Vec<String> = all.by_ref().take(PREVIEW_LINES).map(clip).collect();
        let more = more || all.next().is_some();
        return Preview { lines, hex: false, more };
    }
    let lines: Vec<String> = head
        .chunks(16)
        .take(PREVIEW_LINES)
        .map(|row| format!("{:<47}  {}", super::bytes::hex(row), super::bytes::ascii(row)))
        .collect();
    let more = more || head.len() > PREVIEW_LINES * 16;
    Preview { lines, hex: true, more }
}

/// "82 B", "1.5 KiB".
pub fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    match bytes {
        0..10_000 => format!("{bytes} B"),
        10_000..10_240_000 => format!("{:.1} KiB", bytes as f64 / KIB as f64),
        _ => format!("{:.1} MiB", bytes as f64 / (KIB * KIB) as f64),
    }
}

/// What kind of message it is, on its badge.
pub fn kind(kind: MessageKind) -> Words {
    match kind {
        MessageKind::Request => words("リクエスト", "Request"),
        MessageKind::Response => words("レスポンス", "Response"),
        MessageKind::Text => words("テキスト", "Text"),
        MessageKind::Binary => words("バイナリ", "Binary"),
        MessageKind::Ping => words("Ping", "Ping"),
        MessageKind::Pong => words("Pong", "Pong"),
        MessageKind::Close => words("Close", "Close"),
        MessageKind::Continuation => words("続き", "Continuation"),
        MessageKind::Data => words("データ", "Data"),
    }
}

/// Stands on a message whose end was not seen.
pub fn incomplete() -> Words {
    words("途中まで", "Incomplete")
}

/// Why a message may be incomplete.
pub fn incomplete_note() -> Words {
    words(
        "このメッセージの終わりは届いていないか、キャプチャされていません。",
        "The end of this message has not arrived, or was not captured.",
    )
}

/// The ink of a badge: control messages are told apart from those that carry data.
pub fn kind_ink(kind: MessageKind) -> Ink {
    match kind {
        MessageKind::Ping | MessageKind::Pong | MessageKind::Continuation => Ink::Secondary,
        MessageKind::Close => Ink::Warn,
        _ => Ink::Text,
    }
}

/// How many segments carried it.
pub fn carried(card: &Card, transport_is_tcp: bool) -> Text {
    let n = card.frame_count;
    if transport_is_tcp {
        let plural = if n == 1 { "" } else { "s" };
        let more = if card.uncounted { "+" } else { "" };
        Text::new(format!("{n}{more} セグメント"), format!("{n}{more} segment{plural}"))
    } else {
        Text::new("1 データグラム", "1 datagram")
    }
}

/// What the empty view says: (what is missing, what to do).
pub fn empty(model: &Model) -> [Words; 2] {
    if model.sequence.is_empty() {
        return super::packets::empty(model);
    }
    match model.scope() {
        _ if model.sequence.is_filtered() => [
            words("フィルタを通るフレームは、メッセージを運んでいません。", "The frames that pass the filter carry no message."),
            words("ほかのメッセージも見るには、フィルタを外してください。", "Clear the filter to see the others."),
        ],
        Scope::All => [
            words("アプリケーションのメッセージはまだありません。", "No application message yet."),
            words(
                "TCP や UDP がデータを運ぶと、ここに会話として並びます。",
                "Once TCP or UDP carries data, it is shown here as a conversation.",
            ),
        ],
        Scope::Flow(_) => [
            words("この会話はデータを運んでいません。", "This conversation carried no data."),
            words("ほかの会話も見るには、絞り込みを外してください。", "To see the others, show all conversations."),
        ],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::flow::{Batch, Flow, Row, TcpState};
    use crate::trace::Nanos;

    fn row(dir: Dir, stream_at: u64, payload_len: u32) -> Row {
        Row {
            flow: 0,
            stream_at,
            payload_at: 54,
            payload_len,
            flags: Row::ACK,
            transport: Transport::Tcp,
            dir,
            states: [TcpState::Established; 2],
            marks: 0,
            alone: true,
        }
    }

    #[test]
    fn only_frames_with_bytes_of_the_message_in_its_direction_carried_it() {
        let mut model = Model::new(Default::default(), Lang::En);
        let end = "10.0.0.1:1".parse().unwrap();
        std::sync::Arc::make_mut(&mut model.capture).index.apply(Batch {
            rows: vec![
                row(Dir::ToServer, 0, 10),
                row(Dir::ToClient, 0, 5),
                row(Dir::ToServer, 10, 10),
                row(Dir::ToServer, 20, 0),
                row(Dir::ToServer, 20, 5),
            ],
            flows: vec![(
                0,
                Flow {
                    transport: Transport::Tcp,
                    number: 0,
                    ends: [end, end],
                    start_seen: true,
                    first_frame: 0,
                    last_frame: 4,
                    first_at: Nanos(0),
                    last_at: Nanos(0),
                    frames: [4, 1],
                    bytes: [25, 5],
                    isn: [None; 2],
                    renumbered: false,
                    wscale: [None; 2],
                    states: [TcpState::Established; 2],
                    app: None,
                },
            )],
            messages: vec![(
                0,
                Message {
                    flow: 0,
                    dir: Dir::ToServer,
                    proto: "http",
                    kind: MessageKind::Request,
                    title: "GET /".into(),
                    range: 5..20,
                    first_frame: 0,
                    last_frame: 2,
                    shown_in: 2,
                    at: Nanos(0),
                    complete: false,
                    answers: None,
                    note: 0,
                },
            )],
            ..Batch::default()
        });
        let card = card(&model, 0).unwrap();
        assert_eq!((card.frames.as_slice(), card.frame_count, card.size.as_str()), (&[0, 2][..], 2, "15 B"));
        assert!(card.name(Lang::En).ends_with("Incomplete"));
        assert!(super::card(&model, 1).is_none());
    }

    #[test]
    fn text_is_shown_as_lines_and_anything_else_as_digits() {
        let p = preview(b"{\r\n  \"a\": 1\r\n}\r\n", 16);
        assert_eq!(p, Preview { lines: vec!["{".into(), "  \"a\": 1".into(), "}".into()], hex: false, more: false });
        let p = preview(b"1\n2\n3\n4\n5", 9);
        assert_eq!((p.lines.len(), p.more), (PREVIEW_LINES, true));
        let p = preview(&[0xff, 0, 1], 3);
        assert!(p.hex && p.lines[0].starts_with("ff 00 01 ") && p.lines[0].ends_with("..."));
        assert_eq!(preview(b"", 0), Preview::default());
    }

    #[test]
    fn a_text_cut_within_a_character_is_still_text() {
        let p = preview(&"あいう".as_bytes()[..8], 9);
        assert_eq!((p.lines[0].as_str(), p.hex, p.more), ("あい", false, true));
    }

    #[test]
    fn sizes_stay_short() {
        assert_eq!([size(82), size(9_999), size(15_360), size(20 << 20)], ["82 B", "9999 B", "15.0 KiB", "20.0 MiB"]);
    }
}
