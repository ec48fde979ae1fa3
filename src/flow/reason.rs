//! Why a mark stands on a frame: the rule, with the numbers that were compared; its words are made when somebody reads them.
//!
//! In: numbers, from the analysis. Out: a sentence in both languages. Numbers of a stream count from its start (RFC 9293
//! §3.4: relative, modulo 2^32); times are nanoseconds.

use super::{Mark, MarkKind};
use crate::lang::Text;
use crate::trace::{FrameId, frame_number};
use std::num::NonZeroI64;

/// The numbers behind a mark. Which rule they belong to follows from the variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A SYN+ACK with a sequence number that is not the connection's (both raw).
    OtherStart { seq: u32, base: u32 },
    /// A SYN where another connection was before (both raw).
    NewConnection { seq: u32, old: u32 },
    ZeroWindowProbe { seq: u32 },
    ZeroWindow,
    LostSegment { next: u32, seq: u32, missing: u32 },
    KeepAlive { seq: u32, len: u32, truth: Doubt },
    WindowUpdate { old: u32, new: u32 },
    WindowFull { end: u32, acked: u32, room: u32 },
    KeepAliveAck { ack: u32 },
    ZeroWindowProbeAck,
    DuplicateAck { ack: u32, times: u32, first: FrameId },
    AckLostSegment { ack: u32, seen: u32 },
    Spurious { seq: u32, to: u32, acked: u32 },
    Fast { seq: u32, repeats: u32, since: i64 },
    /// `limit`: `None` where the first round trip is not known.
    OutOfOrder { seq: u32, next: u32, since: i64, limit: Option<NonZeroI64> },
    /// Too late to be a reordering.
    Late { seq: u32, next: u32, since: i64, limit: Option<NonZeroI64> },
    /// It ends where what was seen ends.
    SameEnd { seq: u32, next: u32 },
}

/// What a keep-alive may be in truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    None,
    Probe,
    Resent,
}

impl Mark {
    /// The rule and the numbers, for a reader.
    pub fn because(&self) -> Text {
        words(self.kind, self.reason)
    }
}

fn words(kind: MarkKind, reason: Reason) -> Text {
    match reason {
        Reason::OtherStart { seq, base } => Text::new(
            format!("SYN+ACK のシーケンス番号 {seq} が、この接続の初期値 {base} と異なります。"),
            format!("The sequence number {seq} of this SYN+ACK is not the initial one of this connection, {base}."),
        ),
        Reason::NewConnection { seq, old } => Text::new(
            format!("同じアドレスとポートの接続が前にあり、その初期シーケンス番号は {old} でした。この SYN は {seq} なので、新しい接続です。"),
            format!("The same addresses and ports were used before, with initial sequence number {old}. This SYN has {seq}: a new connection."),
        ),
        Reason::ZeroWindowProbe { seq } => Text::new(
            format!("相手のウィンドウが 0 なので、次の番号 {seq} の 1 バイトだけを送り、空きができたかを尋ねています。"),
            format!("The other end's window is 0, and this is just 1 byte at the next number {seq}: it asks whether there is room again."),
        ),
        Reason::ZeroWindow => Text::new(
            "ウィンドウが 0：受信バッファが一杯で、今は 1 バイトも受け取れません。",
            "The window is 0: the receive buffer is full, not one byte can be taken now.",
        ),
        Reason::LostSegment { next, seq, missing } => Text::new(
            format!("次に来るはずの番号は {next} なのに {seq} が来ました。間の {missing} バイトがこのキャプチャにありません。"),
            format!("The next number should be {next}, but this is {seq}: the {missing} bytes between are not in this capture."),
        ),
        Reason::KeepAlive { seq, len, truth } => {
            let (ja, en) = match truth {
                Doubt::None => ("", ""),
                Doubt::Probe => (
                    "相手のウィンドウが 0 なので、実際にはゼロウィンドウプローブです。",
                    " The other end's window is 0, so in truth it is a zero window probe.",
                ),
                Doubt::Resent => (
                    "前に送った 1 バイトの再送かもしれません。番号だけでは区別できません。",
                    " It may also be the last byte sent again: the numbers alone cannot tell.",
                ),
            };
            Text::new(
                format!("番号 {seq} は次に来る番号の 1 つ前で、データは {len} バイト：相手がまだいるかを確かめています。{ja}"),
                format!("Number {seq} is one before the next one, with {len} bytes of data: it checks that the other end is still there.{en}"),
            )
        }
        Reason::WindowUpdate { old, new } => Text::new(
            format!("番号も確認応答も同じまま、ウィンドウだけが {old} から {new} バイトに変わりました。"),
            format!("The same numbers as before, only the window changed from {old} to {new} bytes."),
        ),
        Reason::WindowFull { end, acked, room } => Text::new(
            format!("このセグメントは {end} まで：相手が許した {acked} + {room} バイトを使い切りました。次の ACK まで送れません。"),
            format!("This segment ends at {end}, just where the other end's window ends ({acked} + {room}): no more may be sent before the next ACK."),
        ),
        Reason::KeepAliveAck { ack } => Text::new(
            format!("直前のキープアライブへの返事です：確認応答番号 {ack} もウィンドウも変わりません。"),
            format!("The answer to the keep-alive just before: acknowledgement {ack} and window are unchanged."),
        ),
        Reason::ZeroWindowProbeAck => Text::new(
            "直前のプローブへの返事です：ウィンドウはまだ 0 です。",
            "The answer to the probe just before: the window is still 0.",
        ),
        Reason::DuplicateAck { ack, times, first } => {
            let first = frame_number(first);
            Text::new(
                format!("確認応答番号 {ack} の {times} 回目の繰り返しです（最初は #{first}）。{ack} から先のバイトをまだ待っています。"),
                format!("Acknowledgement {ack} for the {times}. time again (first in #{first}): it still waits for the bytes from {ack} on."),
            )
        }
        Reason::AckLostSegment { ack, seen } => Text::new(
            format!("{ack} より前をすべて受け取ったと言っていますが、このキャプチャには {seen} までしかありません。見ていないセグメントがあります。"),
            format!("It acknowledges all before {ack}, but this capture has the other direction only up to {seen}: a segment was not captured."),
        ),
        Reason::Spurious { seq, to, acked } => Text::new(
            format!("{seq} から {to} の手前までは、相手が {acked} までの受信をもう確認しています：不要な再送です。"),
            format!("The bytes from {seq} to before {to} were already acknowledged (up to {acked}): they were sent again in vain."),
        ),
        Reason::Fast { .. } | Reason::OutOfOrder { .. } | Reason::Late { .. } | Reason::SameEnd { .. } => resent(kind, reason),
    }
}

fn resent(kind: MarkKind, reason: Reason) -> Text {
    let limit_ja = |limit: Option<NonZeroI64>| match limit {
        None => "往復時間が不明なので 3 ms".to_owned(),
        Some(n) => format!("最初の往復時間 {}", time(n.get())),
    };
    let limit_en = |limit: Option<NonZeroI64>| match limit {
        None => "3 ms, as the round trip is not known".to_owned(),
        Some(n) => format!("the first round trip, {}", time(n.get())),
    };
    match reason {
        Reason::Fast { seq, repeats, since } => {
            let (ja, en) = if repeats >= 2 {
                (format!("相手が {seq} を {repeats} 回繰り返し求め"), format!("The other end asked for {seq} {repeats} times again"))
            } else {
                (
                    format!("相手は {seq} を求めていて（重複 ACK はキャプチャから漏れたと見ます）"),
                    format!("The other end asks for {seq} (repeats of it may be missing from this capture)"),
                )
            };
            let t = time(since);
            Text::new(
                format!("{ja}、最後の ACK から {t} で再送しました（20 ms 未満）。タイマを待っていません。（RFC 5681 §3.2）"),
                format!("{en}, and it is sent {t} after the last ACK (under 20 ms): without waiting for the timer. (RFC 5681 §3.2)"),
            )
        }
        Reason::OutOfOrder { seq, next, since, limit } => {
            let t = time(since);
            Text::new(
                format!(
                    "番号 {seq} は次に来る番号 {next} より前ですが、{next} の直前から {t} しか経っていません（限度は{}）：再送ではなく、順番が入れ替わったと見ます。",
                    limit_ja(limit)
                ),
                format!(
                    "Number {seq} is before {next}, the next one, but only {t} after the segment that reached {next} (limit: {}): taken as overtaken on the way, not sent again.",
                    limit_en(limit)
                ),
            )
        }
        Reason::Late { seq, next, since, limit } => {
            let t = time(since);
            Text::new(
                format!("番号 {seq} は次に来る番号 {next} より前で、{next} に達してから {t} 後です（入れ替わりと見る限度は{}）：もう一度送られました。", limit_ja(limit)),
                format!("Number {seq} is before {next}, the next one, and {t} after {next} was reached (limit for a reordering: {}): it was sent again.", limit_en(limit)),
            )
        }
        Reason::SameEnd { seq, next } => Text::new(
            format!("番号 {seq} は次に来る番号 {next} より前で、同じ {next} で終わります：もう一度送られました。"),
            format!("Number {seq} is before {next}, the next one, and it ends at {next} as well: it was sent again."),
        ),
        _ => Text::same(kind.field()),
    }
}

/// "35 µs", "12.3 ms", "1.20 s".
pub(crate) fn time(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let n = nanos.unsigned_abs();
    match n {
        0..=9_999 => format!("{sign}{}.{} µs", n / 1000, n % 1000 / 100),
        10_000..=999_999 => format!("{sign}{} µs", n / 1000),
        1_000_000..=999_999_999 => format!("{sign}{}.{} ms", n / 1_000_000, n % 1_000_000 / 100_000),
        _ => format!("{sign}{}.{:02} s", n / 1_000_000_000, n % 1_000_000_000 / 10_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_unit_that_reads_best() {
        let shown: Vec<_> = [0, 1_500, 35_000, 1_234_567, 12_345_678_901, -2_000_000].into_iter().map(time).collect();
        assert_eq!(shown, ["0.0 µs", "1.5 µs", "35 µs", "1.2 ms", "12.34 s", "-2.0 ms"]);
    }

    #[test]
    fn a_mark_stays_small() {
        assert!(std::mem::size_of::<(FrameId, Mark)>() <= 48);
    }
}
