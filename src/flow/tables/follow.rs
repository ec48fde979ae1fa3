//! One conversation read from beginning to end: the bytes of both ends in the order in which they could be read.
//!
//! In: a flow, a place to begin at, a form. Out: a [`Page`] of lines, each of which knows its frame, and where the next page
//! begins. A page holds a bounded number of bytes however long the conversation is; what is missing, or came twice with
//! different bytes, is a line of its own.

mod lines;

use super::Going;
use crate::flow::explain::of_message_layers;
use crate::flow::stream::{ChunkKind, datagram, gather};
use crate::flow::{Dir, FlowId, Index, MessageId, Row, Transport};
use crate::lang::Lang;
use crate::trace::{FrameId, Trace, frame_number};

/// Bytes of each direction on one page, at most.
pub const PAGE: u64 = 128 << 10;
/// Unpacked messages on one page, at most.
const MAX_MESSAGES: usize = 256;
/// Bytes of one message that are unpacked.
const MAX_MESSAGE: u64 = 256 << 10;

/// How bytes are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    #[default]
    Text,
    Hex,
    /// ASCII, and all else as in a string of C: `\r\n`, `\x00`.
    Escaped,
}

impl Form {
    pub const ALL: [Self; 3] = [Self::Text, Self::Hex, Self::Escaped];
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// In the stream of each direction.
    pub at: [u64; 2],
    /// Without streams: the frame.
    pub frame: FrameId,
    /// Unpacked: how many messages come before.
    pub message: usize,
}

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Bytes(String),
    /// So many bytes were never captured.
    Gap(u64),
    /// So many bytes that were there already came again, and were others.
    Conflict(u64),
    /// The message goes on for longer than is unpacked.
    Cut,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub dir: Dir,
    /// The frame that brought its first byte.
    pub frame: FrameId,
    pub said: Said,
}

impl Line {
    pub fn words(&self, lang: Lang) -> String {
        let number = frame_number(self.frame);
        match &self.said {
            Said::Bytes(text) => text.clone(),
            Said::Gap(len) => lang.pick(
                format!("［ここの {len} バイトはキャプチャされていません］"),
                format!("[{len} bytes were not captured here]"),
            ),
            Said::Conflict(len) => lang.pick(
                format!("［フレーム {number} は、同じ場所に別の {len} バイトを送りました］"),
                format!("[frame {number} sent other bytes for {len} of these]"),
            ),
            Said::Cut => lang.pick("［続きは長いので省きます］".to_owned(), "[the rest is left out: it is long]".to_owned()),
        }
    }
}

/// A page of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub flow: FlowId,
    pub form: Form,
    pub unpacked: bool,
    pub from: Place,
    /// Where the next page begins, if there is more.
    pub next: Option<Place>,
    pub lines: Vec<Line>,
    /// Bytes on this page, by direction.
    pub bytes: [u64; 2],
    pub frames: FrameId,
}

/// A run of a direction's bytes, or a note in their place.
struct Piece {
    dir: Dir,
    /// The frame with which it could be read.
    ready: FrameId,
    frame: FrameId,
    /// Behind its last byte, in the stream.
    end: u64,
    /// Where its first byte stands.
    at: u64,
    what: What,
}

enum What {
    Bytes(Vec<u8>),
    Note(Said),
    /// What follows begins a line.
    Break,
}

/// Reads one page.
pub fn page(
    trace: &Trace,
    index: &Index,
    flow: FlowId,
    from: Place,
    form: Form,
    unpacked: bool,
    going: Going<'_>,
) -> Option<Page> {
    let (pieces, next) = pieces(trace, index, flow, from, unpacked, PAGE, going)?;
    let mut bytes = [0; 2];
    for piece in &pieces {
        if let (What::Bytes(b), Some(n)) = (&piece.what, bytes.get_mut(piece.dir.index())) {
            *n += b.len() as u64;
        }
    }
    let lines = lines::write(pieces, form, lines::WIDTH);
    Some(Page { flow, form, unpacked, from, next, lines, bytes, frames: trace.len() })
}

/// What is written of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The bytes of one direction, and nothing else.
    Way(Dir),
    /// The bytes of both, in the order in which they could be read.
    Both,
    /// Lines in a form, with a line where the other end begins to speak.
    Text(Form, Lang),
}

/// How much was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub bytes: u64,
    /// Bytes of the stream that are not there: never captured, or left out because they are too long.
    pub missing: u64,
}

/// Bytes of each direction that are read at once for writing: each time all frames of the conversation are walked.
const LOAD: u64 = crate::flow::stream::MAX_BYTES;
/// Bytes of a line of text that is written.
const LINE: usize = 1 << 16;

/// Gives all of a conversation to `out`, piece by piece; `out` says whether to go on. `None`: told to stop.
pub fn all(
    trace: &Trace,
    index: &Index,
    flow: FlowId,
    part: Part,
    unpacked: bool,
    out: &mut dyn FnMut(&[u8]) -> bool,
) -> Option<Written> {
    let mut written = Written::default();
    let mut from = Place::default();
    let mut before: Option<Dir> = None;
    loop {
        let (pieces, next) = pieces(trace, index, flow, from, unpacked, LOAD, &mut |_, _| true)?;
        for piece in &pieces {
            match &piece.what {
                What::Note(Said::Gap(len)) if !matches!(part, Part::Way(dir) if dir != piece.dir) => written.missing += len,
                What::Bytes(bytes) if matches!(part, Part::Both) || part == Part::Way(piece.dir) => {
                    written.bytes += bytes.len() as u64;
                    if !out(bytes) {
                        return None;
                    }
                }
                _ => {}
            }
        }
        if let Part::Text(form, lang) = part {
            for line in lines::write(pieces, form, LINE) {
                let mut words = String::new();
                if before != Some(line.dir) {
                    before = Some(line.dir);
                    let who = match line.dir {
                        Dir::ToServer => lang.pick("クライアント → サーバ", "client → server"),
                        Dir::ToClient => lang.pick("サーバ → クライアント", "server → client"),
                    };
                    let number = frame_number(line.frame);
                    words = lang.pick(format!("［{who}、フレーム {number}］\n"), format!("[{who}, frame {number}]\n"));
                }
                words.push_str(&line.words(lang));
                words.push('\n');
                written.bytes += words.len() as u64;
                if !out(words.as_bytes()) {
                    return None;
                }
            }
        }
        match next.filter(|next| *next != from) {
            Some(next) => from = next,
            None => return Some(written),
        }
    }
}

/// What stands between a place and the next: at most `most` bytes of each direction.
fn pieces(
    trace: &Trace,
    index: &Index,
    flow: FlowId,
    from: Place,
    unpacked: bool,
    most: u64,
    going: Going<'_>,
) -> Option<(Vec<Piece>, Option<Place>)> {
    Some(match index.flow(flow).map(|f| f.transport) {
        _ if unpacked => messages(trace, index, flow, from, going)?,
        Some(Transport::Tcp) => streams(trace, index, flow, from, most, going)?,
        Some(_) => datagrams(trace, index, flow, from, most),
        None => (Vec::new(), None),
    })
}

/// The two streams of a connection, one piece a segment.
fn streams(
    trace: &Trace,
    index: &Index,
    flow: FlowId,
    from: Place,
    most: u64,
    going: Going<'_>,
) -> Option<(Vec<Piece>, Option<Place>)> {
    // How far each stream goes; and where, behind the place, its next byte is.
    let mut ends = [0u64; 2];
    let mut resume = [u64::MAX; 2];
    for (n, frame) in index.frames_of(flow).enumerate() {
        if n % 4096 == 0 && !going(n as u64, 0) {
            return None;
        }
        let Some(row) = index.row(frame) else { break };
        let range = row.stream_range();
        if row.transport != Transport::Tcp || row.has(Row::RST) || range.is_empty() {
            continue;
        }
        let dir = row.dir.index();
        let (Some(end), Some(next), Some(at)) = (ends.get_mut(dir), resume.get_mut(dir), from.at.get(dir)) else { continue };
        *end = range.end.max(*end);
        if range.end > *at {
            *next = range.start.max(*at).min(*next);
        }
    }
    let mut sides = Vec::new();
    let mut limit = FrameId::MAX;
    for dir in Dir::BOTH {
        let d = dir.index();
        let (at, end) = (from.at[d], ends[d]);
        let mut pieces = Vec::new();
        let begin = resume[d].max(at);
        if at < end && begin < end {
            if begin > at {
                let gap = What::Note(Said::Gap(begin - at));
                pieces.push(Piece { dir, ready: 0, frame: FrameId::MAX, at, end: begin, what: gap });
            }
            let until = end.min(begin.saturating_add(most));
            pieces.extend(side(trace, index, flow, dir, begin..until));
            // A gap has the frame of what follows it; a note that nothing follows, of what came before.
            let mut ready = 0;
            let first = pieces.iter().find(|p| p.frame != FrameId::MAX).map_or(0, |p| p.frame);
            let mut known = first;
            for piece in pieces.iter_mut().rev() {
                if piece.frame == FrameId::MAX {
                    piece.frame = known;
                }
                known = piece.frame;
            }
            for piece in &mut pieces {
                if !matches!(piece.what, What::Note(Said::Conflict(_))) {
                    ready = piece.frame.max(ready);
                }
                piece.ready = ready;
            }
            let upto = pieces.last().map_or(end, |p| p.end);
            if upto < end {
                limit = limit.min(ready);
            }
        }
        sides.push(pieces);
    }
    let mut next = from;
    let mut more = limit != FrameId::MAX;
    let mut all = Vec::new();
    for piece in sides.into_iter().flatten() {
        if piece.ready > limit {
            more = true;
            continue;
        }
        if let Some(at) = next.at.get_mut(piece.dir.index()) {
            *at = piece.end.max(*at);
        }
        all.push(piece);
    }
    // Stable: within a direction the order of the stream stays.
    all.sort_by_key(|p| p.ready);
    Some((all, more.then_some(next)))
}

/// A part of one direction's stream: its segments in the order of the stream, and what is to be noted on them.
fn side(trace: &Trace, index: &Index, flow: FlowId, dir: Dir, range: std::ops::Range<u64>) -> Vec<Piece> {
    let found = gather(trace, index, flow, dir, range);
    let mut pieces = Vec::new();
    for chunk in &found.chunks {
        let (at, len) = (chunk.stream_at, u64::from(chunk.len));
        let what = match chunk.kind {
            ChunkKind::Retransmitted => continue,
            ChunkKind::Conflict => What::Note(Said::Conflict(len)),
            ChunkKind::New => {
                let start = usize::try_from(at.saturating_sub(found.at)).unwrap_or(usize::MAX);
                let bytes = start.checked_add(chunk.len as usize).and_then(|end| found.bytes.get(start..end));
                What::Bytes(bytes.unwrap_or(&[]).to_vec())
            }
        };
        let end = if chunk.kind == ChunkKind::New { at + len } else { at };
        pieces.push(Piece { dir, ready: 0, frame: chunk.frame, at, end, what });
    }
    for gap in &found.gaps {
        let what = What::Note(Said::Gap(gap.end - gap.start));
        pieces.push(Piece { dir, ready: 0, frame: FrameId::MAX, at: gap.start, end: gap.end, what });
    }
    // What is noted on bytes stands behind them.
    pieces.sort_by_key(|p| (p.at, matches!(p.what, What::Note(Said::Conflict(_)))));
    pieces
}

/// What has no streams: one piece a datagram.
fn datagrams(trace: &Trace, index: &Index, flow: FlowId, from: Place, most: u64) -> (Vec<Piece>, Option<Place>) {
    let mut pieces = Vec::new();
    let mut sum = 0;
    let first = index.flow(flow).map(|f| f.first_frame.max(from.frame));
    let mut next = first.and_then(|first| index.rows.of_flow(flow, first));
    while let Some(frame) = next {
        if sum >= most {
            return (pieces, Some(Place { frame, ..from }));
        }
        if let Some(row) = index.row(frame).filter(|r| r.payload_len > 0) {
            let bytes = datagram(trace, index, frame).bytes;
            sum += bytes.len() as u64;
            let dir = row.dir;
            pieces.push(Piece { dir, ready: frame, frame, at: 0, end: 0, what: What::Break });
            pieces.push(Piece { dir, ready: frame, frame, at: 0, end: 0, what: What::Bytes(bytes) });
        }
        next = index.next_in_flow(flow, frame);
    }
    (pieces, None)
}

/// The messages, each with its head as it was sent and its body unpacked.
fn messages(
    trace: &Trace,
    index: &Index,
    flow: FlowId,
    from: Place,
    going: Going<'_>,
) -> Option<(Vec<Piece>, Option<Place>)> {
    let all = index.messages_of(flow);
    let mut pieces = Vec::new();
    let mut sum = 0;
    for (n, id) in all.iter().enumerate().skip(from.message) {
        if !going(n as u64, all.len() as u64) {
            return None;
        }
        if sum >= PAGE || n - from.message >= MAX_MESSAGES {
            return Some((pieces, Some(Place { message: n, ..from })));
        }
        sum += message(trace, index, *id, &mut pieces);
    }
    Some((pieces, None))
}

fn message(trace: &Trace, index: &Index, id: MessageId, pieces: &mut Vec<Piece>) -> u64 {
    let Some(message) = index.message(id) else { return 0 };
    let (dir, frame) = (message.dir, message.first_frame);
    let mut push = |what| pieces.push(Piece { dir, ready: frame, frame, at: message.range.start, end: message.range.end, what });
    push(What::Break);
    let Some((gathered, found)) = of_message_layers(trace, index, id, frame, MAX_MESSAGE, false, None) else { return 0 };
    let missing: u64 = gathered.gaps.iter().map(|g| g.end - g.start).sum();
    let decoded = found.buffers.iter().rev().find(|b| !b.bytes.is_empty()).map(|b| b.bytes.as_slice());
    let head = match decoded {
        Some(_) => found.layers.iter().filter(|l| l.buffer == 0).map(|l| l.header.end()).max().unwrap_or(0) as usize,
        None => gathered.bytes.len(),
    };
    let head = gathered.bytes.get(..head).unwrap_or(&gathered.bytes);
    let mut sum = head.len() as u64;
    push(What::Bytes(head.to_vec()));
    if let Some(body) = decoded {
        push(What::Break);
        let shown = body.get(..MAX_MESSAGE as usize).unwrap_or(body);
        sum += shown.len() as u64;
        push(What::Bytes(shown.to_vec()));
        if shown.len() < body.len() {
            push(What::Note(Said::Cut));
        }
    }
    if missing > 0 {
        push(What::Note(Said::Gap(missing)));
    } else if gathered.capped || (gathered.bytes.len() as u64) < message.range.end.saturating_sub(message.range.start).min(MAX_MESSAGE) {
        push(What::Note(Said::Cut));
    }
    sum
}
