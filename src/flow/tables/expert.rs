//! What is worth a look: the marks of the analysis, and what is damaged or missing, by kind and weight.
//!
//! In: a capture. Out: one row a weight, the heaviest first, and below it one row a kind, with its count and its first frames.
//! Broken headers are looked for in every frame: one that is known well enough to belong to a conversation may break a rule
//! further up.

use super::{Column, Going, Row, STEP};
use crate::flow::{Index, MarkKind, Row as Seen, Severity, Transport};
use crate::lang::{Lang, Words, words};
use crate::trace::{FrameId, Trace, frame_number};
use crate::wire::{Why, dissect};

/// From left to right.
pub static COLUMNS: &[Column] = &[
    Column { title: words("重さ", "Weight"), about: words("どれだけ注意すべきかです（エラー、警告、注意、記録）。", "How much attention it asks for."), number: false },
    Column { title: words("内容", "What"), about: words("何が起きたかです。", "What happened."), number: false },
    Column { title: words("件数", "Count"), about: words("何回あったかです。", "How often it happened."), number: true },
    Column { title: words("最初のフレーム", "First frames"), about: words("最初のいくつかのフレームの番号です。", "The numbers of the first frames."), number: false },
    Column { title: words("フィルタ", "Filter"), about: words("該当するフレームを表示するフィルタです。", "The filter that shows them."), number: false },
];

/// Frames of a kind that are remembered by number, for those that no field tells.
const NAMED: usize = 256;
/// ... and that are shown.
const SHOWN: usize = 6;

/// The weights, from the heaviest: Wireshark's error, warning, note, chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Error,
    Warn,
    Note,
    Chat,
}

impl Level {
    pub const ALL: [Self; 4] = [Self::Error, Self::Warn, Self::Note, Self::Chat];

    pub fn words(self) -> Words {
        match self {
            Self::Error => words("エラー", "Error"),
            Self::Warn => words("警告", "Warning"),
            Self::Note => words("注意", "Note"),
            Self::Chat => words("記録", "Chat"),
        }
    }
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The file is damaged behind its last frame.
    Damage,
    /// A rule of a header's protocol is broken.
    Malformed,
    Mark(MarkKind),
    Reset,
    /// Frames that the capture lost.
    Dropped,
    /// Messages whose end was not seen.
    Unfinished,
    /// Frames of which only a part was kept.
    Cut,
    Syn,
    SynAck,
    Fin,
}

/// One kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    pub what: What,
    pub level: Level,
    pub count: u64,
    /// The first of them.
    pub first: Vec<FrameId>,
}

/// One row: a weight with all that has it, or a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Group { level: Level, kinds: usize, count: u64, first: Option<FrameId>, filter: Option<String> },
    Kind(Issue),
}

/// All kinds that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Expert {
    pub rows: Vec<Entry>,
    pub frames: FrameId,
}

impl Expert {
    pub fn of(trace: &Trace, index: &Index, going: Going<'_>) -> Option<Self> {
        let mut all = Vec::new();
        let mut buf = Vec::new();
        let len = trace.len().min(FrameId::try_from(index.rows.len()).unwrap_or(FrameId::MAX));
        for frame in 0..len {
            if frame % STEP == 0 && !going(frame.into(), len.into()) {
                return None;
            }
            let (Some(row), Some(meta)) = (index.rows.get(frame as usize), trace.meta(frame)) else { break };
            if row.marks != 0 {
                for kind in MarkKind::ALL.into_iter().filter(|k| row.marked(*k)) {
                    note(&mut all, What::Mark(kind), frame, 1);
                }
            }
            if row.transport == Transport::Tcp {
                match (row.has(Seen::SYN), row.has(Seen::ACK)) {
                    (true, false) => note(&mut all, What::Syn, frame, 1),
                    (true, true) => note(&mut all, What::SynAck, frame, 1),
                    _ => {}
                }
                for (flag, what) in [(Seen::FIN, What::Fin), (Seen::RST, What::Reset)] {
                    if row.has(flag) {
                        note(&mut all, what, frame, 1);
                    }
                }
            }
            if meta.cap_len < meta.wire_len {
                note(&mut all, What::Cut, frame, 1);
            }
            if broken(trace, frame, &mut buf) {
                note(&mut all, What::Malformed, frame, 1);
            }
        }
        for at in 0..index.messages.len() {
            let Some(message) = u32::try_from(at).ok().and_then(|id| index.message(id)) else { break };
            if !message.complete && message.proto != "data" {
                note(&mut all, What::Unfinished, message.first_frame, 1);
            }
        }
        if trace.total_dropped() > 0 {
            note(&mut all, What::Dropped, FrameId::MAX, trace.total_dropped());
        }
        if trace.damage.is_some() {
            note(&mut all, What::Damage, FrameId::MAX, 1);
        }
        all.sort_by_key(|i: &Issue| (i.level, std::cmp::Reverse(i.count)));
        going(len.into(), len.into()).then(|| Self { rows: grouped(all), frames: len })
    }

    pub fn row(&self, at: usize, lang: Lang) -> Option<Row> {
        let issue = match self.rows.get(at)? {
            Entry::Group { level, kinds, count, first, filter } => {
                let s = if *kinds == 1 { "" } else { "s" };
                let kinds = lang.pick(format!("{kinds} 種類"), format!("{kinds} kind{s}"));
                let cells = vec![level.words().get(lang).to_owned(), kinds, count.to_string(), String::new(), filter.clone().unwrap_or_default()];
                return Some(Row { cells, filter: filter.clone(), first: *first, level: Some(*level), ..Row::default() });
            }
            Entry::Kind(issue) => issue,
        };
        let filter = issue.filter();
        let mut frames: Vec<String> = issue.first.iter().take(SHOWN).map(|f| frame_number(*f).to_string()).collect();
        if !issue.first.is_empty() && issue.count > SHOWN as u64 {
            frames.push("…".to_owned());
        }
        let cells = vec![
            String::new(),
            issue.what.words().get(lang).to_owned(),
            issue.count.to_string(),
            frames.join(", "),
            filter.clone().unwrap_or_default(),
        ];
        Some(Row { cells, filter, first: issue.first.first().copied(), depth: 1, level: Some(issue.level), ..Row::default() })
    }
}

/// Kinds, heaviest first, each weight with a row of its own above them.
fn grouped(all: Vec<Issue>) -> Vec<Entry> {
    let mut rows = Vec::new();
    for level in Level::ALL {
        let kinds: Vec<&Issue> = all.iter().filter(|i| i.level == level).collect();
        if kinds.is_empty() {
            continue;
        }
        let filters: Vec<String> = kinds.iter().filter_map(|i| i.filter()).collect();
        rows.push(Entry::Group {
            level,
            kinds: kinds.len(),
            count: kinds.iter().map(|i| i.count).sum(),
            first: kinds.iter().filter_map(|i| i.first.first().copied()).min(),
            filter: either(&filters),
        });
        rows.extend(kinds.into_iter().cloned().map(Entry::Kind));
    }
    rows
}

/// One filter for the frames of any of these.
fn either(filters: &[String]) -> Option<String> {
    match filters {
        [] => None,
        [one] => Some(one.clone()),
        several => {
            let whole = |f: &String| if f.contains("&&") { format!("({f})") } else { f.clone() };
            Some(several.iter().map(whole).collect::<Vec<_>>().join(" || "))
        }
    }
}

/// `3, 5..9`: numbers of frames, as a set of a filter has them. They come in order.
fn set(frames: &[FrameId]) -> String {
    let mut runs: Vec<[u64; 2]> = Vec::new();
    for frame in frames {
        let number = u64::from(frame_number(*frame));
        match runs.last_mut() {
            Some([_, last]) if *last + 1 == number => *last = number,
            _ => runs.push([number, number]),
        }
    }
    let words = |[first, last]: &[u64; 2]| if first == last { first.to_string() } else { format!("{first}..{last}") };
    runs.iter().map(words).collect::<Vec<_>>().join(", ")
}

fn broken(trace: &Trace, frame: FrameId, buf: &mut Vec<u8>) -> bool {
    let Some(found) = trace.frame(frame, buf) else { return false };
    let dissected = dissect(found.link, found.bytes, found.meta.wire_len as usize);
    matches!(dissected.stop.map(|s| s.why), Some(Why::Malformed(_)))
}

fn note(all: &mut Vec<Issue>, what: What, frame: FrameId, count: u64) {
    let at = match all.iter().position(|i| i.what == what) {
        Some(at) => at,
        None => {
            all.push(Issue { what, level: what.level(), count: 0, first: Vec::new() });
            all.len() - 1
        }
    };
    if let Some(issue) = all.get_mut(at) {
        issue.count += count;
        if frame != FrameId::MAX && issue.first.len() < NAMED && issue.first.last() != Some(&frame) {
            issue.first.push(frame);
        }
    }
}

impl Issue {
    /// The filter that shows its frames; where no field tells them, the numbers of the first [`NAMED`].
    fn filter(&self) -> Option<String> {
        let field = match self.what {
            What::Mark(kind) => kind.field(),
            What::Reset => "tcp.flags.reset == 1",
            What::Syn => "tcp.flags.syn == 1 && tcp.flags.ack == 0",
            What::SynAck => "tcp.flags.syn == 1 && tcp.flags.ack == 1",
            What::Fin => "tcp.flags.fin == 1",
            What::Cut => "frame.cap_len < frame.len",
            What::Damage | What::Dropped => return None,
            What::Malformed | What::Unfinished => {
                let mut frames = self.first.clone();
                frames.sort_unstable();
                frames.dedup();
                return (!frames.is_empty()).then(|| format!("frame.number in {{{}}}", set(&frames)));
            }
        };
        Some(field.to_owned())
    }
}

impl What {
    pub fn level(self) -> Level {
        match self {
            Self::Damage | Self::Malformed => Level::Error,
            Self::Mark(kind) => match kind.severity() {
                Severity::Warn => Level::Warn,
                Severity::Note => Level::Note,
                Severity::Chat => Level::Chat,
            },
            Self::Reset | Self::Dropped => Level::Warn,
            Self::Unfinished | Self::Cut => Level::Note,
            Self::Syn | Self::SynAck | Self::Fin => Level::Chat,
        }
    }

    pub fn words(self) -> Words {
        match self {
            Self::Damage => words("キャプチャファイルが壊れているか、途中で切れています", "The capture file is damaged or cut off"),
            Self::Malformed => words("規則に反するヘッダ", "A header that breaks its protocol's rules"),
            Self::Reset => words("接続のリセット（RST）", "Connection reset (RST)"),
            Self::Dropped => words("キャプチャが取りこぼしたフレーム", "Frames that the capture lost"),
            Self::Unfinished => words("終わりが見えないメッセージ", "Messages whose end was not seen"),
            Self::Cut => words("一部だけ記録されたフレーム", "Frames of which only a part was kept"),
            Self::Syn => words("接続の要求（SYN）", "Connection requested (SYN)"),
            Self::SynAck => words("接続の受け入れ（SYN+ACK）", "Connection accepted (SYN+ACK)"),
            Self::Fin => words("接続を閉じる合図（FIN）", "Connection being closed (FIN)"),
            Self::Mark(kind) => match kind {
                MarkKind::Retransmission => words("再送", "Retransmission"),
                MarkKind::FastRetransmission => words("高速再送", "Fast retransmission"),
                MarkKind::SpuriousRetransmission => words("不要な再送", "Spurious retransmission"),
                MarkKind::OutOfOrder => words("順序の入れ替わり", "Out of order"),
                MarkKind::LostSegment => words("手前のセグメントが見えない", "Previous segment not captured"),
                MarkKind::AckLostSegment => words("見えないセグメントへの ACK", "ACK of a segment not captured"),
                MarkKind::DuplicateAck => words("重複 ACK", "Duplicate ACK"),
                MarkKind::KeepAlive => words("キープアライブ", "Keep-alive"),
                MarkKind::KeepAliveAck => words("キープアライブへの ACK", "ACK of a keep-alive"),
                MarkKind::ZeroWindow => words("ウィンドウが 0", "Zero window"),
                MarkKind::ZeroWindowProbe => words("ゼロウィンドウの確認", "Zero window probe"),
                MarkKind::ZeroWindowProbeAck => words("ゼロウィンドウの確認への ACK", "ACK of a zero window probe"),
                MarkKind::WindowUpdate => words("ウィンドウの更新", "Window update"),
                MarkKind::WindowFull => words("ウィンドウを使い切った", "Window full"),
                MarkKind::ReusedPorts => words("同じポートの再利用", "Ports used again"),
            },
        }
    }
}
