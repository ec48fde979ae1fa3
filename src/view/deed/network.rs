//! L3: addresses, the way, and pieces of a packet.

use super::{Side, WIDTH_MAX, own_layers, width};
use crate::lang::Text;
use crate::view::caption::now::{Carrier, Now};
use crate::view::caption::words::ip_name;
use crate::wire::{Layer, Osi, Value};
use std::net::IpAddr;

fn ip_of(layer: &Layer, names: [&str; 2]) -> Option<IpAddr> {
    names.iter().find_map(|n| layer.field(n)).and_then(|f| match f.value {
        Value::Ipv4(a) => Some(a.into()),
        Value::Ipv6(a) => Some(a.into()),
        _ => None,
    })
}

/// A piece of an IP packet: nothing above L3 gets it before all pieces are there.
pub(super) fn is_fragment(now: &Now) -> bool {
    let number = |l: &Layer, name: &str| l.field(name).and_then(|f| f.value.as_uint());
    own_layers(now).any(|l| {
        l.proto == "ip" && (number(l, "ip.frag_offset").is_some_and(|n| n > 0) || number(l, "ip.flags.mf") == Some(1))
            || l.field("ipv6.fraghdr.offset").is_some()
    })
}

pub(super) fn network(now: &Now, side: Side) -> Text {
    if let Carrier::Arp(_) = now.carrier {
        return match side {
            Side::Sender => Text::new("IP パケットはまだ送れない：MAC を調べる", "No IP packet yet: it needs a MAC address"),
            Side::Receiver => Text::new("ARP 表を調べる（IP パケットではない）", "Looks into its ARP table (no IP packet)"),
        };
    }
    // The last of several IP headers (a tunnel) is the one that the transport stands on.
    let Some(ip) = own_layers(now).filter(|l| matches!(l.proto, "ip" | "ipv6")).last() else {
        return Text::new("IP のヘッダはない", "There is no IP header");
    };
    let (src, dst) = (ip_of(ip, ["ip.src", "ipv6.src"]), ip_of(ip, ["ip.dst", "ipv6.dst"]));
    match side {
        Side::Sender => {
            let name = |a: Option<IpAddr>| a.map_or_else(|| "?".into(), ip_name);
            let ttl = now.print_in(ip, "ip.ttl").map(|t| format!("  TTL {t}"));
            let ttl = ttl.or_else(|| now.print_in(ip, "ipv6.hlim").map(|h| format!("  HL {h}"))).unwrap_or_default();
            let with = format!("{} → {}{ttl}", name(src), name(dst));
            if width(&with) <= WIDTH_MAX {
                return Text::same(with);
            }
            // Long IPv6 addresses: what counts on the way is where it goes.
            Text::same(format!("→ {}{ttl}", name(dst)))
        }
        Side::Receiver if is_fragment(now) => Text::new("断片：全部そろうまで待つ", "A fragment: waits until all are here"),
        Side::Receiver => {
            let above = match now.carrier {
                Carrier::Tcp => "TCP".to_owned(),
                Carrier::Udp => "UDP".to_owned(),
                Carrier::Icmp(_) => {
                    return Text::new("宛先は私の IP → ICMP は L3 が読む", "To my IP → ICMP is read here, in L3");
                }
                _ => own_layers(now).find(|l| l.osi > Osi::Network).map_or_else(|| "上".into(), |l| l.title.to_owned()),
            };
            let en = if above == "上" { "up" } else { above.as_str() };
            let ja = if above == "上" { "上へ".to_owned() } else { format!("上の {above} へ") };
            match dst {
                Some(IpAddr::V4(a)) if a.is_broadcast() => Text::new(format!("全員あて → {ja}"), format!("To everyone → {en}")),
                Some(a) if a.is_multicast() => Text::new(format!("グループあて → {ja}"), format!("To a group → {en}")),
                _ => Text::new(format!("宛先は私の IP → {ja}"), format!("To my IP address → on to {en}")),
            }
        }
    }
}
