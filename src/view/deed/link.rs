//! L1 and L2: signals on a wire, and the frame that a network card sends or takes in.

use super::{Side, own_layers};
use crate::lang::Text;
use crate::view::caption::now::Now;
use crate::wire::{Layer, Osi, Value};

/// Headers that the capturing system invents and no wire carries.
pub(super) fn not_on_the_wire(layer: &Layer) -> bool {
    matches!(layer.proto, "sll" | "null" | "loop" | "raw")
}

/// Is there any link header that a wire would carry?
fn has_link(now: &Now) -> bool {
    own_layers(now).any(|l| l.osi == Osi::DataLink && !not_on_the_wire(l))
}

pub(super) fn physical(now: &Now, side: Side) -> Text {
    let len = now.explained.meta.wire_len;
    if now.explained.loopback {
        return Text::new("ループバック：本物の線はない", "Loopback: there is no real wire");
    }
    if !has_link(now) {
        return Text::new("線の上の姿は記録されていない", "How it looked on the wire was not captured");
    }
    match side {
        Side::Sender => Text::new(format!("{len} バイトを 0 と 1 の信号にする"), format!("Makes {len} bytes into signals of 0 and 1")),
        Side::Receiver => Text::new(format!("信号から {len} バイトを取り出す"), format!("Takes {len} bytes out of the signals")),
    }
}

/// What follows the link headers, by name.
fn above_link<'a>(now: &Now<'a>) -> &'a str {
    own_layers(now).find(|l| l.osi > Osi::DataLink || l.proto == "arp").map_or("?", |l| l.title)
}

pub(super) fn link(now: &Now, side: Side) -> Text {
    if now.explained.loopback {
        return Text::new("ループバック：Ethernet はない", "Loopback: there is no Ethernet");
    }
    let Some(eth) = own_layers(now).find(|l| l.proto == "eth") else {
        return match own_layers(now).find(|l| l.osi == Osi::DataLink) {
            Some(l) if l.proto == "sll" => Text::new(
                "Linux cooked：L2 のかわりの記録用ヘッダ",
                "Linux cooked: a stand-in for the real L2 header",
            ),
            Some(l) if !not_on_the_wire(l) => Text::same(l.title),
            _ => Text::new("リンク層のヘッダは記録されていない", "The link header was not captured"),
        };
    };
    let vlan = now.number("vlan.id").map(|id| format!("  VLAN {id}")).unwrap_or_default();
    match side {
        Side::Sender => {
            let typ = now.print_in(eth, "eth.type").map(|t| format!("  type {t}")).unwrap_or_default();
            let title = if typ.is_empty() { "IEEE 802.3" } else { "Ethernet II" };
            Text::same(format!("{title}{typ}{vlan}"))
        }
        Side::Receiver => {
            let above = above_link(now);
            let dst = eth.field("eth.dst").map(|f| &f.value);
            match dst {
                Some(Value::Mac(mac)) if mac.iter().all(|&b| b == 0xff) => {
                    Text::new(format!("全員あて → 中身は {above}"), format!("To everyone → it holds {above}"))
                }
                Some(Value::Mac([first, ..])) if first & 1 == 1 => {
                    Text::new(format!("グループあて → 中身は {above}"), format!("To a group → it holds {above}"))
                }
                _ => Text::new(format!("私の MAC あて → 中身は {above}"), format!("To my MAC address → it holds {above}")),
            }
        }
    }
}
