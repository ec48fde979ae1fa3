//! New bytes that no application's message speaks for.

use super::{Event, Said, said};
use crate::flow::{MarkKind, Row};
use crate::lang::Text;
use crate::view::caption::message;
use crate::view::caption::now::Now;
use crate::view::caption::words::{add, say};

pub(super) fn data(now: &Now, row: &Row) -> Option<Said> {
    let (a, b, len) = now.data()?;
    let (unit, who) = (now.unit(), now.sender());
    let large = match (a, b) {
        (..1, _) => say(&who, &format!("{len} バイト送るよ"), &format!("Here are {len} byte(s).")),
        (a, b) if a == b => {
            say(&who, &format!("1 バイト送るよ（{a} {}）", unit.ja), &format!("Here is 1 byte (number {a})."))
        }
        (a, b) => say(
            &who,
            &format!("{len} バイト送るよ（{a}〜{b} {}）", unit.ja),
            &format!("Here are {len} bytes ({a} to {b})."),
        ),
    };
    let mut second = if row.marked(MarkKind::OutOfOrder) {
        Text::new(
            format!("順番が前後して届いたデータ。次に続くのは {} 番。", b + 1),
            format!("Data out of order. The next number after it is {}.", b + 1),
        )
    } else if row.marked(MarkKind::LostSegment) {
        Text::new(
            "この前のデータが、まだ見えていない。届いても順番がそろうまでプログラムには渡らない。",
            "Data before it has not been seen. It is not handed to the program until the order is complete.",
        )
    } else {
        Text::new(
            format!("届けば、次に待たれるのは {} 番。境目はアプリケーションのメッセージと一致するとは限らない。", b + 1),
            format!("Once it arrives, {} is wanted next. Segments need not end where messages end.", b + 1),
        )
    };
    if let Some(text) = message::unknown_text(now) {
        let why = std::mem::replace(&mut second, text);
        add(&mut second, why);
    }
    Some(said(Event::Data, large, second))
}
