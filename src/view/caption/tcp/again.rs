//! Bytes that were sent before: a retransmission and its reason, or one packet that was captured twice.
//!
//! A reason (a timer, duplicate ACKs) is named only where the frames prove it; otherwise the plain sentence speaks.

use super::{Event, Said, said};
use crate::flow::{MarkKind, Row};
use crate::lang::Text;
use crate::view::caption::now::{Now, number, span};
use crate::view::caption::past::stream_of;
use crate::view::caption::words::{first_fitting, say};

/// A retransmission timer never fires earlier (Linux; RFC 6298 §2.4 wants a second).
const RTO_MIN_NANOS: i64 = 200_000_000;
/// RFC 5681 §3.2: so many duplicate ACKs start a fast retransmit.
const FAST_DUPACKS: u32 = 3;

/// A segment that analysis takes for a repetition, but which is one packet captured twice: nobody sent it again.
pub(super) fn copied(now: &Now, row: &Row) -> Option<Said> {
    let marked = is_again(row) || [MarkKind::DuplicateAck, MarkKind::OutOfOrder].iter().any(|&kind| row.marked(kind));
    let again = marked || row.has(Row::SYN) && now.past.segments(row.dir).any(|(_, r)| r.flags == row.flags);
    let first = again.then(|| now.past.same_packet(row, &now.explained.dissected)).flatten()?;
    let n = number(first);
    let large = Text::new(
        format!("（{}：パケット {n} が、もう一度記録されている）", now.sender().ja),
        format!("({}: packet {n} was captured once more.)", now.sender().en),
    );
    let second = Text::new(
        format!("IP の識別番号もチェックサムも {n} と同じ：送り直しではなく、同じパケットが 2 か所で記録された。"),
        format!("Its IP identification and checksum are those of {n}: not sent again, but captured in two places."),
    );
    Some(said(Event::Copy, large, second))
}

fn is_again(row: &Row) -> bool {
    [MarkKind::Retransmission, MarkKind::FastRetransmission, MarkKind::SpuriousRetransmission]
        .iter()
        .any(|&kind| row.marked(kind))
}

/// The byte of this one-byte "keep-alive" has not been confirmed yet: then it is simply sent again.
fn unconfirmed_byte(now: &Now, row: &Row) -> bool {
    let Some((a, _, 1)) = now.data() else { return false };
    let acked = now.past.last_ack_raw(row.dir.reverse()).zip(now.seq_raw());
    row.marked(MarkKind::KeepAlive) && a > 0 && acked.is_some_and(|(ack, seq)| ack == seq)
}

pub(super) fn retransmission(now: &Now, row: &Row) -> Option<Said> {
    let (a, b, _) = now.data()?;
    if !is_again(row) && !unconfirmed_byte(now, row) {
        return None;
    }
    let (who, unit) = (now.sender(), now.unit());
    let other = row.dir.reverse();
    let plain = match (a, b) {
        // Numbers of another connection on the same ports.
        (..0, _) => say(&who, "同じところを、もう一度送るね", "Here is the same once more."),
        (0, _) => say(&who, "1 つ前の番号から、もう一度送るね", "Here is the number before once more."),
        (a, b) if a == b => say(
            &who,
            &format!("{a} {}を、もう一度送るね", unit.ja),
            &format!("Here is {} {a} once more.", unit.one),
        ),
        (a, b) => say(
            &who,
            &format!("{a}〜{b} {}を、もう一度送るね", unit.ja),
            &format!("Here are {} {a} to {b} once more.", unit.many),
        ),
    };
    let repeats = now.seq_raw().filter(|_| a > 0).and_then(|seq| now.past.duplicates(other, seq));
    let original = now.past.carried(row.dir, stream_of(row).0);
    let waited = original.and_then(|frame| now.since(frame).map(|nanos| (frame, nanos)));
    let spurious = row.marked(MarkKind::SpuriousRetransmission);

    // Fast: Wireshark's verdict, and as many duplicate ACKs for exactly this byte as the RFC asks for.
    if let Some(n) = repeats.filter(|&n| n >= FAST_DUPACKS && row.marked(MarkKind::FastRetransmission) && !spurious) {
        let fast = say(
            &who,
            &format!("同じ返事ばかり来る（{n} 回）。{a} {}からが抜けたみたいだから、もう一度送るね", unit.ja),
            &format!("The same ACK came {n} more times: {} {a} seems lost, so I send it again.", unit.one),
        );
        let second = Text::new(
            format!("高速再送：重複 ACK が {n} 個来たので、タイマを待たずに送る（RFC 5681 §3.2）。"),
            format!("Fast retransmit: {n} duplicate ACKs, so it does not wait for the timer (RFC 5681 §3.2)."),
        );
        return Some(said(Event::Again, first_fitting(vec![fast, plain]), second));
    }
    // Timeout: seen before, nothing confirmed it, no duplicate ACK asked for it, and a timer could have fired.
    let unconfirmed = now.past.last_ack_raw(other).zip(now.seq_raw()).is_none_or(|(ack, seq)| ack.wrapping_sub(seq) as i32 <= 0);
    if let Some((frame, nanos)) =
        waited.filter(|&(_, nanos)| nanos >= RTO_MIN_NANOS && !spurious && unconfirmed && repeats == Some(0))
    {
        let timeout = if a == b {
            say(
                &who,
                &format!("届いたって返事がこないな。{a} {}を、もう一度送るね", unit.ja),
                &format!("Nobody confirmed {} {a}, so I send it again.", unit.one),
            )
        } else {
            say(
                &who,
                &format!("届いたって返事がこないな。{a}〜{b} {}を、もう一度送るね", unit.ja),
                &format!("Nobody confirmed {} {a} to {b}, so I send them again.", unit.many),
            )
        };
        let second = Text::new(
            format!("再送タイムアウト：{} で送ってから {} の間、確認応答がない。", number(frame), span(nanos)),
            format!("Retransmission timeout: sent in {}, and no ACK for {}.", number(frame), span(nanos)),
        );
        return Some(said(Event::Again, first_fitting(vec![timeout, plain]), second));
    }
    let second = match waited {
        Some((frame, nanos)) => Text::new(
            format!("同じ番号のデータは {}（{} 前）にもあった。", number(frame), span(nanos)),
            format!("Data with the same number was in {}, {} ago.", number(frame), span(nanos)),
        ),
        None => Text::new("この番号まではもう送られている。", "Numbers up to here have been sent already."),
    };
    Some(said(Event::Again, plain, second))
}
