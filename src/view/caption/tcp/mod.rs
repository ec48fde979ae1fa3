//! TCP: what a segment says, from its flags, its numbers and what both sides have sent before.
//!
//! In: a frame with its flow so far. Out: its caption. Here it is decided which of a segment's events speaks; the sentences
//! stand beside: [`opening`], [`data`], [`again`], [`window`], [`acking`], [`closing`].

mod acking;
mod again;
mod closing;
mod data;
mod opening;
mod window;

use super::now::Now;
use super::words::{add, say};
use super::{Caption, message};
use crate::flow::{MarkKind, Row};
use crate::lang::Text;
use acking::Acked;

pub fn caption(now: &Now) -> Caption {
    let Some(row) = now.row.as_ref() else { return Caption::default() };
    let said = speak(now, row);
    let mut second = said.second;
    for more in also(now, row, said.event) {
        add(&mut second, more);
    }
    for reason in now.reasons() {
        add(&mut second, reason);
    }
    Caption { large: said.large, tag: said.tag.unwrap_or_else(|| tag(now, row)), second }
}

/// Which of the events of a segment speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Copy,
    Rst,
    Syn,
    Again,
    Message,
    Window,
    Fin,
    Data,
    Ack,
}

struct Said {
    event: Event,
    large: Text,
    second: Text,
    tag: Option<String>,
}

fn said(event: Event, large: Text, second: Text) -> Said {
    Said { event, large, second, tag: None }
}

/// The first event that fits.
fn speak(now: &Now, row: &Row) -> Said {
    if let Some(copy) = again::copied(now, row) {
        return copy;
    }
    if row.has(Row::RST) {
        return opening::rst(now, row);
    }
    if row.has(Row::SYN) {
        return opening::syn(now, row);
    }
    if let Some(again) = again::retransmission(now, row) {
        return again;
    }
    if let Some(found) = message::in_segment(now, row) {
        let event = if found.goes_on { Event::Data } else { Event::Message };
        return Said { event, large: found.large, second: found.second, tag: Some(found.tag) };
    }
    if let Some(window) = window::window(now, row) {
        return window;
    }
    if row.has(Row::FIN) {
        return closing::fin(now, row);
    }
    if let Some(data) = data::data(now, row) {
        return data;
    }
    acking::ack(now, row)
}

/// `SYN + ACK  seq=0 ack=1`, relative where the start of the numbers is known.
pub fn tag(now: &Now, row: &Row) -> String {
    format!("{}  {}", flags(row), numbers(now, row))
}

fn flags(row: &Row) -> String {
    let names = [(Row::SYN, "SYN"), (Row::FIN, "FIN"), (Row::RST, "RST"), (Row::PSH, "PSH"), (Row::ACK, "ACK")];
    let set: Vec<_> = names.iter().filter(|(bit, _)| row.has(*bit)).map(|(_, name)| *name).collect();
    if set.is_empty() { "no flags".into() } else { set.join(" + ") }
}

/// `seq=1 ack=83 len=82`.
pub fn numbers(now: &Now, row: &Row) -> String {
    let seq = now.seq().or(now.seq_raw()).map(|n| format!("seq={n}"));
    let ack = if row.has(Row::ACK) { now.ack().or(now.ack_raw().map(i64::from)).map(|n| format!("ack={n}")) } else { None };
    let len = now.data().map(|(_, _, len)| format!("len={len}"));
    let win = if row.has(Row::SYN) || len.is_none() { now.window().map(|n| format!("win={n}")) } else { None };
    let parts: Vec<_> = [seq, ack, len, win].into_iter().flatten().collect();
    parts.join(" ")
}

/// What else is in the segment, for the second line.
fn also(now: &Now, row: &Row, spoke: Event) -> Vec<Text> {
    let mut more = Vec::new();
    if matches!(spoke, Event::Copy | Event::Rst | Event::Syn) {
        return more;
    }
    let data = now.data();
    if spoke != Event::Fin && row.has(Row::FIN) {
        more.push(Text::new(
            "FIN も付いている：これが送る最後。",
            "It carries a FIN too: this is the last it sends.",
        ));
    }
    if let Some((a, b, len)) = data.filter(|_| !matches!(spoke, Event::Data | Event::Again)) {
        more.push(Text::new(
            format!("TCP のデータ {len} バイト（{a}〜{b} {}）。", now.unit().ja),
            format!("TCP data: {len} bytes ({a} to {b})."),
        ));
    }
    let acked = Acked::of(now, row).filter(|a| a.moved() && a.ack > 1 && spoke != Event::Ack);
    if let Some(acked) = acked.filter(|_| spoke != Event::Fin) {
        let fin = now.past.fin(row.dir.reverse()).filter(|(_, fin)| acked.newly(*fin));
        more.push(match fin {
            Some(_) => Text::new("相手の FIN への ACK も付いている。", "It also acknowledges the other side's FIN."),
            None => Text::new(
                format!("ACK も付いている：{} {}まで届いた。", acked.ack - 1, now.unit().ja),
                format!("It also confirms everything up to {} {}.", now.unit().one, acked.ack - 1),
            ),
        });
    }
    if row.marked(MarkKind::WindowFull) {
        more.push(Text::new(
            "これで相手の受信ウィンドウを使い切る。",
            "With this the other side's receive window is used up.",
        ));
    }
    more
}

/// A later segment of a message that began before.
pub fn continuation(now: &Now, ja: &str, en: &str) -> Option<Text> {
    let (a, b, _) = now.data()?;
    let unit = now.unit();
    if a < 1 {
        return Some(say(&now.sender(), ja, &format!("{en}.")));
    }
    Some(say(
        &now.sender(),
        &format!("{ja}：{a}〜{b} {}", unit.ja),
        &format!("{en}: {} {a} to {b}.", unit.many),
    ))
}
