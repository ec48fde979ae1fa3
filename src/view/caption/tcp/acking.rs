//! What has arrived: the ACK number, whether it has moved, and ACKs that say the same again.

use super::{Event, Said, closing, opening, said};
use crate::flow::{MarkKind, Row};
use crate::lang::Text;
use crate::view::caption::now::Now;
use crate::view::caption::words::say;

/// How this frame's ACK number stands to what its sender acknowledged before.
pub(super) struct Acked {
    pub ack: i64,
    /// `None`: nothing to compare with.
    pub before: Option<i64>,
}

impl Acked {
    pub fn of(now: &Now, row: &Row) -> Option<Self> {
        if !row.has(Row::ACK) {
            return None;
        }
        let ack = now.ack()?;
        let last = now.past.last_ack_raw(row.dir);
        // Whoever has sent a SYN and no ACK yet has received nothing.
        let nothing = now.past.syn(row.dir, false).map(|_| 0);
        Some(Self { ack, before: last.and_then(|raw| now.relative_ack(raw)).or(nothing) })
    }

    pub fn moved(&self) -> bool {
        self.before.is_some_and(|before| self.ack > before)
    }

    /// This is the first ACK that covers this number.
    pub fn newly(&self, number: i64) -> bool {
        self.ack >= number && self.before.is_none_or(|before| before < number)
    }
}

pub(super) fn ack(now: &Now, row: &Row) -> Said {
    let (who, unit) = (now.sender(), now.unit());
    let other = row.dir.reverse();
    let Some(acked) = Acked::of(now, row) else {
        let large = if row.has(Row::ACK) {
            say(&who, "待っているのは、別の番号だよ", "I wait for quite another number.")
        } else {
            Text::new(format!("{}：何も言わないセグメント（フラグなし）", who.ja), format!("{}: a segment that says nothing (no flags)", who.en))
        };
        let second = match now.ack_raw().filter(|_| row.has(Row::ACK)) {
            Some(raw) => Text::new(
                format!("確認応答番号 {raw} は、この接続で見えている番号と合わない。"),
                format!("The ACK number {raw} does not fit the numbers seen in this connection."),
            ),
            None => Text::default(),
        };
        return said(Event::Ack, large, second);
    };
    let n = acked.ack;
    if let Some(done) = opening::handshake_ack(now, row, &acked) {
        return done;
    }
    if let Some((_, fin)) = now.past.fin(other)
        && acked.newly(fin)
    {
        return closing::fin_ack(now, row, &who);
    }
    if row.marked(MarkKind::DuplicateAck) {
        return dup_ack(now, row, n);
    }
    if acked.moved() && n > 1 {
        let large = say(
            &who,
            &format!("{} {}まで届いたよ。次は {n} {}からね", n - 1, unit.ja, unit.ja),
            &format!("I have everything up to {} {}. Next I want {} {n}.", unit.one, n - 1, unit.one),
        );
        let second = Text::new(
            "届いた先は相手のカーネル。プログラムが読んだとは限らない。",
            "It has reached the other kernel. The program may not have read it yet.",
        );
        return said(Event::Ack, large, second);
    }
    let large = say(&who, &format!("次に待っているのは {n} {}だよ", unit.ja), &format!("The next {} I wait for is {n}.", unit.one));
    let second = match acked.before {
        Some(before) if n < before => Text::new(
            format!("もっと新しい ACK（{before}）がすでに出ている。古いものが遅れて来た。"),
            format!("A newer ACK ({before}) was there already: this older one came late."),
        ),
        Some(_) => Text::new("確認応答番号は前と同じ。", "The ACK number is the same as before."),
        None => Text::new("この向きの ACK を初めて見る。", "The first ACK seen in this direction."),
    };
    said(Event::Ack, large, second)
}

fn dup_ack(now: &Now, row: &Row, n: i64) -> Said {
    let (who, unit) = (now.sender(), now.unit());
    let told = now.number("tcp.analysis.duplicate_ack_num");
    let counted = || now.ack_raw().and_then(|raw| now.past.duplicates(row.dir, raw)).map(|c| u64::from(c) + 1);
    let ja = format!("{n} {}から待ってるよ", unit.ja);
    let en = format!("I am still waiting for {} {n}.", unit.one);
    let large = match told.or_else(counted) {
        Some(count) => say(
            &who,
            &format!("{ja}（同じ返事の {count} 回目）"),
            &format!("{en} (Repeat number {count}.)"),
        ),
        None => say(&who, &ja, &en),
    };
    let second = Text::new(
        "重複 ACK：番号が抜けると、受け手は同じ番号を言い続ける。",
        "Duplicate ACK: when a number is missing, the receiver keeps naming the same one.",
    );
    said(Event::Ack, large, second)
}
