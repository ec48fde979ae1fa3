//! Filters made of what somebody points at: a field of a layer, a cell of the packet table.
//!
//! In: the model and the field or frame. Out: texts of filters, and the ways to join them with the one in force. Nothing here
//! judges a frame.

use super::layers;
use super::packets::Column;
use crate::app::Model;
use crate::filter::complete::{Join, join, of_field as text_of};
use crate::filter::{Name, look, names};
use crate::lang::{Words, words};
use crate::trace::{FrameId, frame_number};
use crate::wire::{Dissected, Field, Layer};

/// A filter longer than this is not offered: nobody reads it, and a body of a megabyte must not become one.
const LONGEST: usize = 400;
/// Bytes of a value that a filter may be made of.
const BYTES: u32 = 64;

/// The filter for frames with this value of this field. `None`: filters do not know the field, or it is too long for one.
pub fn of_field(field: &Field, bytes: &[u8]) -> Option<String> {
    let name = names::find(field.def.name)?;
    if matches!(field.value, crate::wire::Value::Bytes) && field.span.len > BYTES {
        return None;
    }
    let text = text_of(field.def.name, name, look::fact_of(field, bytes));
    (text.len() <= LONGEST).then_some(text)
}

/// The filter for frames that have the field at all.
pub fn exists(field: &Field) -> Option<String> {
    names::find(field.def.name).map(|_| field.def.name.to_owned())
}

/// The filter of the field that is lit, in all panels' sense.
pub fn of_lit(model: &Model) -> Option<String> {
    let lit = model.lit()?;
    let explained = model.explain(lit.frame)?;
    let (layer, path) = layers::meant(&explained.dissected, lit)?;
    let layer = explained.dissected.layers.get(layer)?;
    let field = layers::at(layer, &path)?;
    of_field(field, explained.dissected.bytes(layer)).or_else(|| exists(field))
}

/// What can be done with a new filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub words: Words,
    /// What is then in force.
    pub filter: String,
}

/// The ways to put a new filter in force beside the one that is there (empty: none).
pub fn choices(there: &str, new: &str) -> Vec<Choice> {
    let all = [
        (Join::Instead, words("これだけを表示", "Show only these")),
        (Join::InsteadNot, words("これ以外を表示", "Show all but these")),
        (Join::And, words("いまのフィルタに「かつ」で足す", "… and these")),
        (Join::Or, words("いまのフィルタに「または」で足す", "… or these")),
        (Join::AndNot, words("いまのフィルタに「かつ、これ以外」で足す", "… and not these")),
        (Join::OrNot, words("いまのフィルタに「または、これ以外」で足す", "… or not these")),
    ];
    let possible = |how: Join| !there.trim().is_empty() || matches!(how, Join::Instead | Join::InsteadNot);
    all.into_iter().filter(|(how, _)| possible(*how)).map(|(how, words)| Choice { words, filter: join(there, how, new) }).collect()
}

/// A filter that a row of the packet table offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub words: Words,
    pub filter: String,
}

/// What a row offers: first what the cell says that was pointed at, then what is asked for most, each filter once.
pub fn of_row(model: &Model, frame: FrameId, cell: Option<Column>) -> Vec<Offer> {
    let Some(explained) = model.explain(frame) else { return Vec::new() };
    let dissected = &explained.dissected;
    let (mut addresses, mut ports): (Option<(&Layer, [&str; 2])>, Option<(&Layer, [&str; 2])>) = (None, None);
    // As in the columns: the innermost addresses; what an ICMP message quotes is not its own.
    for layer in &dissected.layers {
        match layer.proto {
            "eth" => addresses = Some((layer, ["eth.src", "eth.dst"])),
            "ip" => (addresses, ports) = (Some((layer, ["ip.src", "ip.dst"])), None),
            "ipv6" => (addresses, ports) = (Some((layer, ["ipv6.src", "ipv6.dst"])), None),
            "tcp" => ports = Some((layer, ["tcp.srcport", "tcp.dstport"])),
            "udp" => ports = Some((layer, ["udp.srcport", "udp.dstport"])),
            "icmp" | "icmpv6" => break,
            _ => {}
        }
    }
    let of = |place: Option<(&Layer, [&str; 2])>, end: usize| {
        let (layer, names) = place?;
        of_field(layer.field(names.get(end)?)?, dissected.bytes(layer))
    };
    let protocol = || dissected.layers.iter().rev().find(|l| matches!(names::find(l.proto), Some(Name::Protocol(_))));
    let offer = |words, filter: Option<String>| filter.map(|filter| Offer { words, filter });
    let source = || offer(words("送信元アドレス", "Source address"), of(addresses, 0));
    let destination = || offer(words("宛先アドレス", "Destination address"), of(addresses, 1));
    let named = || offer(words("プロトコル", "Protocol"), protocol().map(|l| l.proto.to_owned()));
    let mut all = match cell {
        Some(Column::Number) => vec![offer(words("番号", "Number"), Some(format!("frame.number == {}", frame_number(frame))))],
        Some(Column::Time) => {
            let nanos = model.capture.relative(frame).max(0);
            let from = format!("frame.time_relative >= {}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000);
            vec![offer(words("この時刻から後", "From this time on"), Some(from))]
        }
        Some(Column::Source) => vec![source(), offer(words("送信元ポート", "Source port"), of(ports, 0))],
        Some(Column::Destination) => vec![destination(), offer(words("宛先ポート", "Destination port"), of(ports, 1))],
        Some(Column::Protocol) => vec![named()],
        Some(Column::Length) => vec![offer(words("長さ", "Length"), Some(format!("frame.len == {}", explained.meta.wire_len)))],
        Some(Column::Info) => {
            let marks = model.capture.index.marks_of(frame);
            let marks = marks.into_iter().map(|(_, m)| offer(super::packets::mark(m.kind), Some(m.kind.field().to_owned())));
            marks.chain(telling(dissected)).collect()
        }
        None => Vec::new(),
    };
    let flow = model.capture.index.flow_of(frame);
    let conversation = flow.and_then(|(_, flow)| crate::flow::tables::conversations::filter(flow));
    all.extend([source(), destination(), named(), offer(words("会話", "Conversation"), conversation)]);
    let mut offers: Vec<Offer> = Vec::new();
    for offer in all.into_iter().flatten() {
        if !offers.iter().any(|o| o.filter == offer.filter) {
            offers.push(offer);
        }
    }
    offers
}

/// Fields that tell most of what the line says, of the uppermost layer that has one.
const TELLING: [(&str, Words); 7] = [
    ("http.request.method", words("メソッド", "Method")),
    ("http.response.code", words("ステータスコード", "Status code")),
    ("websocket.opcode", words("フレームの種類", "Kind of frame")),
    ("dns.qry.name", words("尋ねた名前", "Name asked for")),
    ("tls.handshake.type", words("ハンドシェイクの種類", "Kind of handshake")),
    ("icmp.type", words("ICMP の種類", "Kind of ICMP")),
    ("tcp.flags", words("TCP のフラグ", "TCP flags")),
];

fn telling(dissected: &Dissected) -> Vec<Option<Offer>> {
    let of = |layer: &Layer, name: &str, words: Words| {
        let mut found = None;
        for field in &layer.fields {
            field.walk(&mut |field| {
                if found.is_none() && field.def.name == name {
                    found = of_field(field, dissected.bytes(layer));
                }
            });
        }
        found.map(|filter| Offer { words, filter })
    };
    let layers = dissected.layers.iter().rev();
    let first = layers.flat_map(|l| TELLING.iter().map(move |(name, words)| (l, *name, *words)));
    vec![first.into_iter().find_map(|(layer, name, words)| of(layer, name, words))]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::filter::{Every, Filter};

    #[test]
    fn every_choice_is_a_filter_and_joins_only_with_what_is_there() {
        assert_eq!(choices("", "tcp.port == 80").len(), 2);
        let all = choices("udp or arp", "tcp.port == 80");
        assert_eq!(all.len(), 6);
        assert!(all.iter().all(|c| Filter::parse(&c.filter, &Every).is_ok()), "{all:?}");
        assert_eq!(all[2].filter, "(udp or arp) and tcp.port == 80");
    }
}
