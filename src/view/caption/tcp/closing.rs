//! How a connection ends: FIN and the ACK of a FIN. (RST is in [`super::opening`]: it refuses as often as it ends.)

use super::acking::Acked;
use super::{Event, Said, said};
use crate::flow::{Row, TcpState};
use crate::lang::Text;
use crate::view::caption::now::Now;
use crate::view::caption::words::{add, say, say_note};

pub(super) fn fin(now: &Now, row: &Row) -> Said {
    let who = now.sender();
    let acked = Acked::of(now, row);
    let other_fin = now.past.fin(row.dir.reverse());
    let covers = other_fin.zip(acked.as_ref()).filter(|((_, fin), acked)| acked.ack >= *fin);
    let (large, mut second) = match covers {
        Some(((_, fin), acked)) if acked.newly(fin) && acked.before.is_some() => (
            say(&who, "わかった。こっちも、もう送るものはないよ", "Understood. I have nothing more to send either."),
            Text::new(
                "相手の FIN への ACK と自分の FIN が 1 つのセグメントに入っている：4 回ではなく 3 回で終わる。",
                "The ACK of the other's FIN and its own FIN in one segment: three steps instead of four.",
            ),
        ),
        Some(_) => (
            say(&who, "こっちも、もう送るものはないよ", "I have nothing more to send either."),
            Text::new("これで両方向が閉じられる。", "With this, both directions are being closed."),
        ),
        None => (
            say(&who, "こっちから送るものは、もうないよ", "I have nothing more to send."),
            Text::new("閉じるのは片方向だけ。相手はまだ送れる。", "This closes one direction only. The other side may still send."),
        ),
    };
    if other_fin.is_some() && covers.is_none() {
        second = Text::new(
            "相手の FIN と行き違い：両方が同時に閉じようとしている。",
            "It crosses the other side's FIN: both are closing at the same time.",
        );
    }
    if now.past.fin(row.dir).is_some() {
        add(&mut second, Text::new("同じ FIN をもう一度送っている。", "The same FIN is sent once more."));
    }
    add(&mut second, Text::new("FIN も番号を 1 つ使う。", "A FIN uses up one number too."));
    said(Event::Fin, large, second)
}

pub(super) fn fin_ack(now: &Now, row: &Row, who: &Text) -> Said {
    let mine = now.past.fin(row.dir);
    let theirs = now.past.fin(row.dir.reverse());
    let state = row.states.get(row.dir.index()).copied().unwrap_or_default();
    match mine.zip(theirs) {
        None => said(
            Event::Ack,
            say_note(who, "わかった", "Understood.", "こっちは、まだ送るかも", "I may still send."),
            Text::new(
                "相手の FIN への ACK。この側の read() は 0 を返す：もう来ない、という意味。",
                "The ACK of the other's FIN. On this side read() returns 0: nothing more will come.",
            ),
        ),
        // Whoever closed first and got the other's FIN waits (RFC 9293 §3.6, TIME-WAIT).
        Some(((first, _), (second, _))) if first < second && state == TcpState::TimeWait => said(
            Event::Ack,
            say(who, "わかった。念のため、少し待ってから片づけるね", "Understood. To be safe, I wait a little before clearing up."),
            Text::new(
                "TIME_WAIT：この ACK がなくなって FIN がもう一度来ても、答えられるように待つ。",
                "TIME_WAIT: it stays, so that it can answer if this ACK is lost and the FIN comes again.",
            ),
        ),
        Some(_) => said(
            Event::Ack,
            say(who, "わかった", "Understood."),
            Text::new("相手の FIN への ACK。", "The ACK of the other's FIN."),
        ),
    }
}
