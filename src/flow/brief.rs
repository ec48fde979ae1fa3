//! A frame in brief: the words of a row's columns Protocol and Info.
//!
//! In: the layers of an explained frame. Out: words, as Wireshark would put them.

use super::explain::Explained;
use crate::proto;
use crate::trace::frame_number;
use crate::wire::{Layer, dissect};

/// Is this layer an application protocol (and not a header, a body's content, or bytes that nobody claims)?
pub(super) fn speaks(layer: &Layer) -> bool {
    layer.buffer != 0 && layer.proto != "data" && proto::by_name(layer.proto).is_some_and(|p| p.osi() == layer.osi)
}

/// Does this layer stand behind the headers?
pub(super) fn speaks_or_carries(layer: &Layer) -> bool {
    layer.buffer != 0 && !is_header(layer)
}

/// Is this layer one of the headers below the applications?
fn is_header(layer: &Layer) -> bool {
    layer.proto != "data" && (layer.buffer == 0 || dissect::TABLE.iter().any(|h| h.proto() == layer.proto))
}

/// The words of the Protocol column: the topmost protocol that has a name.
pub fn protocol_column(explained: &Explained) -> &'static str {
    let layers = &explained.dissected.layers;
    let header = || layers.iter().rfind(|l| is_header(l) && !l.proto.starts_with("ipv6.")).map_or("", |l| l.title);
    let named = || layers.iter().rev().filter(|l| l.buffer != 0).find(|l| proto::named::is_named(l.proto)).map(|l| l.title);
    column_of(layers).or_else(named).unwrap_or_else(header)
}

/// What messages say of the Protocol column: nothing, if there is none.
pub fn column_of(layers: &[Layer]) -> Option<&'static str> {
    // What a message carries inside (QUIC a handshake of TLS) does not take its name away.
    let inside = |l: &&Layer| layers.iter().any(|o| speaks(o) && proto::by_name(o.proto).is_some_and(|p| p.carries().contains(&l.proto)));
    let at = layers.iter().rposition(|l| speaks(l) && !inside(&l))?;
    let spoken = layers.get(at).map_or("", |l| l.title);
    let inside = layers.get(at + 1..).unwrap_or(&[]).iter().filter_map(|l| proto::media::column(l.proto));
    Some(if spoken == "HTTP" { inside.last().unwrap_or(spoken) } else { spoken })
}

/// The words of the Info column, as Wireshark would put them. Language-neutral.
pub fn info(explained: &Explained) -> String {
    let layers = &explained.dissected.layers;
    let mut said: Vec<&str> = layers.iter().filter(|l| speaks(l)).map(|l| l.summary.as_str()).collect();
    if said.is_empty() {
        let header = layers.iter().rfind(|l| is_header(l));
        return header.map_or_else(String::new, |l| l.summary.clone());
    }
    let more = said.len().saturating_sub(3);
    said.truncate(3);
    let mut out: String = explained.verdicts.iter().map(|v| format!("[{v}] ")).collect();
    if let Some(first) = explained.continues {
        out += &format!("[continuation of #{}] ", frame_number(first));
    }
    out += &said.join(" | ");
    if more > 0 {
        out += &format!(" (+{more})");
    }
    out
}
