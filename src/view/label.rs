//! The few words on an arrow: what a frame is, for the ladder and for the parcel on the wire.

use crate::flow::explain::{Explained, info, protocol_column};
use crate::flow::{MarkKind, Message, MessageKind, Row, Transport};
use crate::timeline::Capture;
use crate::trace::FrameId;
use crate::wire::Osi;
use std::ops::Range;

/// The flags of a segment as people say them: "SYN, ACK".
pub fn flags(row: &Row) -> String {
    let names = [(Row::SYN, "SYN"), (Row::FIN, "FIN"), (Row::RST, "RST"), (Row::PSH, "PSH"), (Row::ACK, "ACK")];
    let set: Vec<_> = names.iter().filter(|(bit, _)| row.has(*bit)).map(|(_, name)| *name).collect();
    set.join(", ")
}

/// Two words at most: "SYN, ACK", "GET /users/1", "UDP 12 B".
pub fn short(capture: &Capture, explained: &Explained) -> String {
    let Some(row) = capture.index.row(explained.frame) else { return String::new() };
    if let Some((message, first)) = message(capture, explained.frame)
        && (first || message.kind != MessageKind::Data)
    {
        return title(message, first);
    }
    match row.transport {
        Transport::Tcp if row.payload_len == 0 || row.has(Row::SYN | Row::FIN | Row::RST) => flags(&row),
        Transport::Tcp => format!("TCP {} B", row.payload_len),
        Transport::Udp => format!("UDP {} B", row.payload_len),
        _ => protocol_column(explained).to_owned(),
    }
}

/// The whole line of an arrow: flags with relative numbers, the range of data, or what the message is.
pub fn long(capture: &Capture, explained: &Explained) -> String {
    let Some(row) = capture.index.row(explained.frame) else { return String::new() };
    let number = |name: &str| explained.dissected.print(name).unwrap_or_default();
    let mut line = match (row.transport, message(capture, explained.frame)) {
        (Transport::Tcp, _) if row.payload_len == 0 => {
            let seq = if row.has(Row::SYN | Row::FIN | Row::RST) { format!(" seq={}", number("tcp.seq")) } else { String::new() };
            let ack = if row.has(Row::ACK) { format!(" ack={}", number("tcp.ack")) } else { String::new() };
            format!("{}{seq}{ack}", flags(&row))
        }
        (Transport::Tcp, found) => {
            // Relative numbers: the first byte is 1. Before the start of what was seen they are below it, and not said.
            let Range { start, end } = row.stream_range();
            let range = if start < end { format!("{}–{end}", start + 1) } else { String::new() };
            let extra = if row.has(Row::FIN) { "FIN, " } else { "" };
            match found {
                Some((message, first)) => format!("{extra}{}  {range}", title(message, first)),
                None => format!("{extra}{}  {range}", flags(&row)),
            }
        }
        (Transport::Udp, Some((message, first))) => format!("UDP {} B  {}", row.payload_len, title(message, first)),
        _ => info(explained),
    };
    if let Some(mark) = strongest(&row) {
        line = format!("{line}  [{mark}]");
    }
    line
}

/// The message that speaks for a frame: the first that begins in it, else the one it continues.
fn message(capture: &Capture, frame: FrameId) -> Option<(&Message, bool)> {
    let all = capture.index.messages_in(frame);
    let messages = || all.iter().filter_map(|&m| capture.index.message(m));
    let begins = messages().find(|m| m.first_frame == frame);
    begins.map(|m| (m, true)).or_else(|| messages().next().map(|m| (m, false)))
}

fn title(message: &Message, first: bool) -> String {
    let name = crate::proto::by_name(message.proto).map_or(message.proto, |p| p.title());
    let words = message.title.strip_suffix(" HTTP/1.1").or(message.title.strip_prefix("HTTP/1.1 ")).unwrap_or(&message.title);
    match (first, message.proto) {
        (false, _) => format!("… {words}"),
        (true, "data" | "http") => words.to_owned(),
        (true, "websocket") => format!("WS {words}"),
        (true, _) => format!("{name} {words}"),
    }
}

/// The mark to name on an arrow, in Wireshark's words.
fn strongest(row: &Row) -> Option<&'static str> {
    MarkKind::ALL.iter().rev().find(|k| row.marked(**k) && **k != MarkKind::Retransmission).or_else(|| {
        MarkKind::ALL.iter().find(|k| row.marked(**k))
    }).map(|k| k.field().trim_start_matches("tcp.analysis."))
}

/// The layer whose colour a frame's arrow has: the highest that speaks.
pub fn colour(capture: &Capture, frame: FrameId) -> Osi {
    let Some(row) = capture.index.row(frame) else { return Osi::DataLink };
    match row.transport {
        Transport::Tcp | Transport::Udp if row.payload_len > 0 => Osi::Application,
        Transport::Tcp | Transport::Udp => Osi::Transport,
        Transport::Icmp => Osi::Network,
        Transport::Arp | Transport::Other => Osi::DataLink,
    }
}
