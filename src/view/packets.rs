//! The packet table: one line of words for each frame of the sequence.
//!
//! In: the model and a position. Out: the words of that row. Only rows that somebody sees are made, because making one
//! dissects its frame.

use crate::app::Model;
use crate::app::sorting::order;
use crate::flow::explain::{Explained, info, protocol_column};
use crate::flow::{MarkKind, Severity};
use crate::lang::{Lang, Words, words};
use crate::timeline::order::By;
use crate::trace::{FrameId, frame_number};
use crate::wire::{Dissected, Layer, Osi};

/// The columns, from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Number,
    Time,
    Source,
    Destination,
    Protocol,
    Length,
    Info,
}

impl Column {
    pub const ALL: [Self; 7] =
        [Self::Number, Self::Time, Self::Source, Self::Destination, Self::Protocol, Self::Length, Self::Info];

    pub fn title(self) -> Words {
        match self {
            Self::Number => words("#", "#"),
            Self::Time => words("時刻 s", "Time s"),
            Self::Source => words("送信元", "Source"),
            Self::Destination => words("宛先", "Destination"),
            Self::Protocol => words("プロトコル", "Protocol"),
            Self::Length => words("長さ", "Length"),
            Self::Info => words("内容", "Info"),
        }
    }

    /// What the column says, for those who ask.
    pub fn about(self) -> Words {
        match self {
            Self::Number => words(
                "フレームの番号です。キャプチャの先頭を 1 として数えます（frame.number）。",
                "The frame's number, counted from 1 (frame.number).",
            ),
            Self::Time => words(
                "最初のフレームから何秒後かです（frame.time_relative）。",
                "Seconds since the first frame (frame.time_relative).",
            ),
            Self::Source => words(
                "送った側の IP アドレスとポート番号です。IP がないときは MAC アドレスです。",
                "IP address and port of the sender; the MAC address where there is no IP.",
            ),
            Self::Destination => words(
                "届け先の IP アドレスとポート番号です。IP がないときは MAC アドレスです。",
                "IP address and port it is meant for; the MAC address where there is no IP.",
            ),
            Self::Protocol => words(
                "読み取れたなかで、いちばん上の層のプロトコルです。",
                "The highest protocol that could be read.",
            ),
            Self::Length => words(
                "回線を流れたときのフレーム全体のバイト数です（frame.len）。",
                "Bytes of the whole frame on the wire (frame.len).",
            ),
            Self::Info => words(
                "ヘッダの要点です。書き方は Wireshark と同じです。",
                "The header's main points, written as Wireshark writes them.",
            ),
        }
    }

    /// What a click on its head orders the table by. The line of words has no order that tells anything.
    pub fn by(self) -> Option<By> {
        Some(match self {
            Self::Number => By::Number,
            Self::Time => By::Time,
            Self::Source => By::Source,
            Self::Destination => By::Destination,
            Self::Protocol => By::Protocol,
            Self::Length => By::Length,
            Self::Info => return None,
        })
    }

    /// Numbers stand at the right edge of their column, so that digits of one value stand under each other.
    pub fn right_aligned(self) -> bool {
        matches!(self, Self::Number | Self::Time | Self::Length)
    }
}

/// A short verdict on a frame, with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    pub kind: MarkKind,
    pub text: &'static str,
    /// The rule and the numbers that it came from.
    pub because: String,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub frame: FrameId,
    /// The words of [`Column::ALL`], in their order.
    pub cells: [String; 7],
    /// The layer that the protocol is of.
    pub osi: Option<Osi>,
    pub chips: Vec<Chip>,
}

impl Row {
    pub fn cell(&self, column: Column) -> &str {
        self.cells.get(column as usize).map_or("", String::as_str)
    }

    /// The Info column without the ports it begins with: they stand in the address columns as well.
    pub fn short_info(&self) -> &str {
        let info = self.cell(Column::Info);
        let port = |column| self.cell(column).rsplit_once(':').map(|(_, port)| port);
        let (Some(from), Some(to)) = (port(Column::Source), port(Column::Destination)) else { return info };
        let rest = info.strip_prefix(from).and_then(|r| r.strip_prefix(" → ")).and_then(|r| r.strip_prefix(to));
        rest.map_or(info, str::trim_start)
    }

    /// What a screen reader says: "frame 2: TCP 80 → 49152 [SYN, ACK]".
    pub fn name(&self, lang: Lang) -> String {
        let frame = lang.pick("フレーム", "frame");
        let mut name = format!("{frame} {}: {} {}", self.cells[0], self.cell(Column::Protocol), self.cell(Column::Info));
        for chip in &self.chips {
            name.push_str(", ");
            name.push_str(chip.text);
        }
        name
    }

    /// The row as one line, cells separated by tabs.
    pub fn line(&self) -> String {
        let mut line = self.cells.join("\t");
        for chip in &self.chips {
            line.push_str(&format!(" [{}]", chip.text));
        }
        line
    }
}

/// The position of the sequence that a row of the table shows: they differ where the table has an order of its own.
pub fn position(model: &Model, row: usize) -> usize {
    order(model).map_or(row, |order| order.position(row))
}

/// The row that shows a position.
pub fn row_of(model: &Model, position: usize) -> usize {
    order(model).map_or(position, |order| order.row(position))
}

/// The row of the table with this number, from 0. `None`: no such row.
pub fn row(model: &Model, row: usize) -> Option<Row> {
    let frame = model.sequence.frame(position(model, row))?;
    let lang = model.lang();
    let number = frame_number(frame).to_string();
    let time = seconds(model.capture.relative(frame));
    let marks = model.capture.index.marks_of(frame);
    let chips = marks
        .iter()
        .map(|(_, m)| Chip { kind: m.kind, text: mark(m.kind).get(lang), because: m.because().get(lang).to_owned() })
        .collect();
    let Some(explained) = model.explain(frame) else {
        let length = model.capture.trace.meta(frame).map_or_else(String::new, |m| m.wire_len.to_string());
        let why = lang.pick("ファイルから読めません", "cannot be read from the file").to_owned();
        let none = || NOTHING.to_owned();
        return Some(Row { frame, cells: [number, time, none(), none(), none(), length, why], osi: None, chips });
    };
    let [source, destination] = ends(&explained.dissected);
    let (protocol, osi) = protocol(&explained);
    let length = explained.meta.wire_len.to_string();
    let info = without_verdicts(info(&explained), &explained.verdicts, !chips.is_empty());
    Some(Row { frame, cells: [number, time, source, destination, protocol, length, info], osi, chips })
}

/// The chips say what Wireshark writes in front of the line in brackets.
fn without_verdicts(info: String, verdicts: &[&str], chips: bool) -> String {
    let mut rest = info.as_str();
    while let Some(found) = verdicts.iter().filter(|_| chips).find_map(|v| rest.strip_prefix('[')?.strip_prefix(v)?.strip_prefix("] ")) {
        rest = found;
    }
    rest.to_owned()
}

/// Stands where there is nothing to say.
pub const NOTHING: &str = "—";

fn protocol(explained: &Explained) -> (String, Option<Osi>) {
    let top = explained.dissected.layers.last();
    let said = protocol_column(explained);
    let said = if said.is_empty() { top.map_or(NOTHING, |l| l.title) } else { said };
    // The column may name a layer below the last one (an unreadable payload): its colour is that of what it names.
    // What stands behind a stroke is what that layer carries ("HTTP/JSON").
    let base = said.split('/').next().unwrap_or(said);
    let named = explained.dissected.layers.iter().rev().find(|l| l.title.eq_ignore_ascii_case(base));
    (said.to_owned(), named.or(top).map(|l| l.osi))
}

/// Source and destination as people write them: `10.0.0.1:80`, `[::1]:80`, a MAC address, or a dash.
///
/// In tunnels these are the innermost addresses; what an ICMP message quotes is not its own.
pub fn ends(dissected: &Dissected) -> [String; 2] {
    let mut addresses: Option<(&Layer, [&'static str; 2], bool)> = None;
    let mut ports: Option<(&Layer, [&'static str; 2])> = None;
    for layer in &dissected.layers {
        match layer.proto {
            "eth" => addresses = Some((layer, ["eth.src", "eth.dst"], false)),
            "sll" | "sll2" => addresses = Some((layer, ["sll.src.eth", ""], false)),
            "ip" => (addresses, ports) = (Some((layer, ["ip.src", "ip.dst"], false)), None),
            "ipv6" => (addresses, ports) = (Some((layer, ["ipv6.src", "ipv6.dst"], true)), None),
            "tcp" => ports = Some((layer, ["tcp.srcport", "tcp.dstport"])),
            "udp" => ports = Some((layer, ["udp.srcport", "udp.dstport"])),
            "icmp" | "icmpv6" => break,
            _ => {}
        }
    }
    let print = |layer: &Layer, name: &str| layer.field(name).map(|f| f.print(dissected.bytes(layer)));
    [0, 1].map(|end| {
        let address = addresses.and_then(|(layer, names, v6)| Some((print(layer, names[end])?, v6)));
        let port = ports.and_then(|(layer, names)| print(layer, names[end]));
        match (address, port) {
            (Some((address, true)), Some(port)) => format!("[{address}]:{port}"),
            (Some((address, false)), Some(port)) => format!("{address}:{port}"),
            (Some((address, _)), None) => address,
            (None, _) => NOTHING.to_owned(),
        }
    })
}

/// Seconds with microseconds, in groups of three so that milliseconds can be read off: `0.020 311`.
pub fn seconds(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let micros = nanos.unsigned_abs() / 1_000;
    format!("{sign}{}.{:03} {:03}", micros / 1_000_000, micros / 1_000 % 1_000, micros % 1_000)
}

/// A verdict in a word or two.
pub fn mark(kind: MarkKind) -> Words {
    match kind {
        MarkKind::Retransmission => words("再送", "Retransmission"),
        MarkKind::FastRetransmission => words("高速再送", "Fast retransmission"),
        MarkKind::SpuriousRetransmission => words("不要な再送", "Spurious retransmission"),
        MarkKind::OutOfOrder => words("順序の入れ替わり", "Out of order"),
        MarkKind::LostSegment => words("直前のセグメントなし", "Previous segment missing"),
        MarkKind::AckLostSegment => words("見ていないデータへの ACK", "ACK of unseen data"),
        MarkKind::DuplicateAck => words("重複 ACK", "Duplicate ACK"),
        MarkKind::KeepAlive => words("キープアライブ", "Keep-alive"),
        MarkKind::KeepAliveAck => words("キープアライブへの ACK", "Keep-alive ACK"),
        MarkKind::ZeroWindow => words("ウィンドウ 0", "Zero window"),
        MarkKind::ZeroWindowProbe => words("ゼロウィンドウプローブ", "Zero-window probe"),
        MarkKind::ZeroWindowProbeAck => words("プローブへの ACK", "Zero-window probe ACK"),
        MarkKind::WindowUpdate => words("ウィンドウ更新", "Window update"),
        MarkKind::WindowFull => words("ウィンドウ満杯", "Window full"),
        MarkKind::ReusedPorts => words("ポートの再使用", "Reused ports"),
    }
}

/// The ink of a verdict: attention for warnings, plain for what only informs.
pub fn mark_ink(kind: MarkKind) -> super::Ink {
    match kind.severity() {
        Severity::Warn => super::Ink::Error,
        Severity::Note => super::Ink::Warn,
        Severity::Chat => super::Ink::Secondary,
    }
}

/// What the empty table says: (what is missing, what to do).
pub fn empty(model: &Model) -> [Words; 2] {
    if model.filter.is_on() && model.filter.running.is_some() {
        [
            words("フィルタを通るフレームを探しています。", "Looking for frames that pass the filter."),
            words("やめるには Esc を押してください。", "Esc stops it."),
        ]
    } else if model.filter.is_on() && !model.capture.trace.is_empty() {
        [
            words("このフィルタを通るフレームはありません。", "No frame passes this filter."),
            words("フィルタ欄の横の × で外すか、条件をゆるめてください。", "Clear it with the × beside its field, or ask for less."),
        ]
    } else if let Some(why) = super::unseen::why(model) {
        [words("パケットはひとつもありません。", "There is not one packet."), why]
    } else if model.loading.is_some() || model.lab.running.is_some() {
        [
            words("まだフレームがありません。", "No frames yet."),
            words("届いたものから順に、ここに並びます。", "They appear here as they arrive."),
        ]
    } else if model.source == crate::app::Source::Nothing {
        [
            words("まだ何も開いていません。", "Nothing is open yet."),
            words("実験を開始するか、キャプチャを開いてください。", "Start an exchange, or open a capture."),
        ]
    } else {
        [
            words("このキャプチャにはフレームがありません。", "This capture holds no frames."),
            words("別の実験か、別のキャプチャを試してください。", "Try another exchange or another capture."),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn times_are_grouped_so_that_milliseconds_can_be_read_off() {
        assert_eq!(seconds(20_311_000), "0.020 311");
        assert_eq!(seconds(0), "0.000 000");
        assert_eq!(seconds(61_000_000_999), "61.000 000");
        assert_eq!(seconds(-1_500_000), "-0.001 500");
    }

    #[test]
    fn ports_are_left_out_of_the_info_only_where_it_begins_with_them() {
        let row = |source: &str, info: &str| {
            let cells = ["1", "", source, "[::1]:80", "TCP", "", info].map(str::to_owned);
            Row { frame: 0, cells, osi: None, chips: Vec::new() }.short_info().to_owned()
        };
        assert_eq!(row("[::1]:5000", "5000 → 80 [SYN] Seq=0"), "[SYN] Seq=0");
        assert_eq!(row("[::1]:5000", "GET / HTTP/1.1"), "GET / HTTP/1.1");
        assert_eq!(row(NOTHING, "5000 → 80 [SYN]"), "5000 → 80 [SYN]");
    }

    #[test]
    fn a_verdict_is_not_said_twice() {
        let info = || "[TCP Dup ACK] [TCP Window Update] 1 → 2 [ACK]".to_owned();
        assert_eq!(without_verdicts(info(), &["TCP Window Update", "TCP Dup ACK"], true), "1 → 2 [ACK]");
        assert_eq!(without_verdicts(info(), &["TCP Dup ACK"], false), info());
    }

    #[test]
    fn every_verdict_has_words_of_its_own_in_both_languages() {
        for lang in Lang::ALL {
            let mut all: Vec<_> = MarkKind::ALL.iter().map(|&k| mark(k).get(lang)).collect();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), MarkKind::ALL.len());
        }
    }
}
