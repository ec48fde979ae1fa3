//! Lean and rich against each other and against Wireshark, over captures in the folder that `OSISCOPE_CORPUS` names.

use super::*;
use crate::wire::lean::{self, Lean};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where the rich reader stopped in the IP header itself, or before it, the lean one has nothing to say.
fn network(seen: &Dissected) -> Option<&Layer> {
    let found = seen.layers.iter().rfind(|l| matches!(l.proto, "ip" | "ipv6" | "arp"))?;
    let broken = seen.stop.as_ref().is_some_and(|s| s.proto == found.proto && !matches!(s.why, Why::Unknown(_) | Why::TooDeep));
    (!broken).then_some(found)
}

/// Both readers say the same of one frame.
pub fn agree(seen: &Dissected, lean: Option<&Lean>, what: &str) {
    let frame = &seen.buffers[0].bytes;
    // With a damaged inner header of a tunnel the lean reader stays with the outer one; and it goes less deep.
    let tunnel = seen.layers.iter().filter(|l| matches!(l.proto, "ip" | "ipv6")).count() > 1;
    let Some(lean) = lean else {
        let found = network(seen).map(|l| l.proto);
        assert!(found.is_none() || tunnel || found == Some("arp") && seen.stop.is_some(), "lean read nothing: {found:?} {what}");
        return;
    };
    let Some(net) = network(seen) else {
        assert!(tunnel || lean.is_arp || matches!(lean.proto, 4 | 41 | 47 | 51 | 97 | 137 | 143), "only lean read it: {what}");
        return;
    };
    assert_eq!(lean.l3_at, net.header.start, "{what}");
    let value = |layer: &Layer, name: &str| layer.fields.iter().find(|f| f.def.name == name).map(|f| f.print(frame));
    let number = |layer: &Layer, name: &str| {
        let mut found = None;
        for f in &layer.fields {
            if f.def.name == name {
                found = f.value.as_uint();
            }
        }
        found
    };
    assert_eq!(lean.is_arp, net.proto == "arp", "{what}");
    let names = match net.proto {
        "ip" => ["ip.src", "ip.dst"],
        "ipv6" => ["ipv6.src", "ipv6.dst"],
        _ => ["arp.src.proto_ipv4", "arp.dst.proto_ipv4"],
    };
    for (name, ip) in names.into_iter().zip([lean.src, lean.dst]) {
        if let Some(shown) = value(net, name) {
            assert_eq!(shown, ip.to_string(), "{name} {what}");
        }
    }
    let Some(top) = seen.layers.last().filter(|l| matches!(l.proto, "tcp" | "udp")) else {
        assert!(!matches!(seen.next, Next::Payload { .. }), "{what}");
        assert!(lean.tcp.is_none(), "only lean read TCP: {what}");
        return;
    };
    let whole = seen.stop.is_none();
    assert_eq!(lean.transport, whole, "{:?} {what}", seen.stop);
    for (name, port) in [("srcport", lean.src_port), ("dstport", lean.dst_port)] {
        if let (Some(shown), true) = (number(top, &format!("{}.{name}", top.proto)), whole || top.header.len >= 4) {
            assert_eq!(shown, u64::from(port), "{name} {what}");
        }
    }
    if whole {
        let payload = top.payload;
        assert_eq!((lean.payload_at, lean.payload_len), (payload.start, payload.len), "payload {what}");
    }
    if top.proto != "tcp" {
        return;
    }
    assert_eq!(lean.tcp.is_some(), top.header.len >= 20, "{what}");
    let Some(tcp) = lean.tcp else { return };
    if number(top, "tcp.flags").is_none() {
        assert!(!whole, "a header whose length is wrong: {what}");
        return;
    }
    for (name, n) in [("tcp.seq_raw", tcp.seq), ("tcp.ack_raw", tcp.ack), ("tcp.window_size_value", tcp.window.into())] {
        assert_eq!(number(top, name), Some(n.into()), "{name} {what}");
    }
    assert_eq!(number(top, "tcp.flags").unwrap() as u8, tcp.flags, "flags {what}");
    if whole {
        assert_eq!(number(top, "tcp.len"), Some(lean.payload_full_len.into()), "tcp.len {what}");
    }
    let last = |name: &str| all_fields(top).into_iter().rfind(|f| f.def.name == name).and_then(|f| f.value.as_uint());
    assert_eq!(last("tcp.options.mss_val"), tcp.mss.map(u64::from), "mss {what}");
    assert_eq!(last("tcp.options.wscale.shift"), tcp.wscale.map(u64::from), "wscale {what}");
    if let Some((value, echo)) = tcp.ts {
        assert_eq!((last("tcp.options.timestamp.tsval"), last("tcp.options.timestamp.tsecr")), (Some(value.into()), Some(echo.into())));
    }
    let permitted = all_fields(top).iter().any(|f| f.def.name == "tcp.options.sack_perm" && f.value != Value::None && f.span.len == 2);
    assert_eq!(permitted, tcp.sack_permitted, "sack_perm {what}");
}

#[test]
fn samples_read_alike() {
    for (link, frame) in samples() {
        let seen = show(link, &frame);
        agree(&seen, lean::read(link, &frame, frame.len()).as_ref(), &format!("{frame:02x?}"));
    }
}

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("OSISCOPE_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        // Not eprintln: the test harness would swallow it.
        writeln!(std::io::stderr(), "skipped: OSISCOPE_CORPUS not set").unwrap();
    }
    folder
}

/// A frame's bytes, and its length on the wire.
type Recorded = (Vec<u8>, usize);

/// The records of a classic pcap file.
fn pcap(path: &Path) -> Option<(LinkType, Vec<Recorded>)> {
    let file = std::fs::read(path).unwrap();
    let big = match file.first_chunk::<4>()? {
        [0xd4, 0xc3, 0xb2, 0xa1] | [0x4d, 0x3c, 0xb2, 0xa1] => false,
        [0xa1, 0xb2, 0xc3, 0xd4] | [0xa1, 0xb2, 0x3c, 0x4d] => true,
        _ => return None,
    };
    let word = |at: usize| {
        let bytes = *file.get(at..)?.first_chunk::<4>()?;
        Some(if big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) } as usize)
    };
    let mut at = 24;
    let mut frames = Vec::new();
    while let (Some(len), Some(wire)) = (word(at + 8), word(at + 12)) {
        let Some(bytes) = file.get(at + 16..at + 16 + len) else { break };
        frames.push((bytes.to_vec(), wire));
        at += 16 + len;
    }
    Some((LinkType(word(20)? as u16), frames))
}

fn captures(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> = std::fs::read_dir(folder.join("open")).unwrap().map(|e| e.unwrap().path()).collect();
    all.retain(|p| p.extension().is_some_and(|e| e == "pcap"));
    all.sort();
    assert!(all.len() > 10, "no captures in {}", folder.display());
    all
}

#[test]
fn captures_read_alike() {
    let Some(folder) = folder() else { return };
    let mut count = 0;
    for path in captures(&folder) {
        let Some((link, frames)) = pcap(&path) else { continue };
        for (n, (frame, wire)) in frames.iter().enumerate() {
            let what = format!("{} frame {}", path.display(), n + 1);
            agree(&dissect(link, frame, *wire), lean::read(link, frame, *wire).as_ref(), &what);
            count += 1;
        }
    }
    assert!(count > 2000, "only {count} frames");
}

/// Fields compared with tshark's. It prints the fields of reassembled packets too, so fragments are not compared; a quoted
/// packet's fields follow the frame's own.
const COMPARED: [&str; 24] = [
    "eth.src",
    "eth.dst",
    "ip.src",
    "ip.dst",
    "ipv6.src",
    "ipv6.dst",
    "tcp.srcport",
    "tcp.dstport",
    "tcp.seq_raw",
    "tcp.ack_raw",
    "tcp.len",
    "tcp.flags",
    "tcp.window_size_value",
    "udp.srcport",
    "udp.dstport",
    "udp.length",
    "ip.id",
    "ip.flags.mf",
    "vlan.id",
    "arp.opcode",
    "icmp.type",
    "icmp.code",
    "icmpv6.type",
    "tcp.options.sack.count",
];

/// All values of a field, joined as tshark joins them.
fn printed(seen: &Dissected, name: &str) -> String {
    let mut out = Vec::new();
    for layer in &seen.layers {
        for field in all_fields(layer).into_iter().filter(|f| f.def.name == name) {
            out.push(field.print(seen.bytes(layer)));
        }
    }
    out.join("|")
}

#[test]
fn fields_print_what_tshark_prints() {
    let Some(folder) = folder() else { return };
    let mut compared = 0;
    for path in captures(&folder) {
        let Some((link, frames)) = pcap(&path) else { continue };
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let table = std::fs::read_to_string(folder.join("oracle").join(format!("{name}.tsv"))).unwrap();
        let mut lines = table.lines().map(|l| l.split('\t').collect::<Vec<_>>());
        let head = lines.next().unwrap();
        let column = |name: &str| head.iter().position(|h| *h == name).unwrap();
        for (n, row) in lines.enumerate() {
            let Some((frame, wire)) = frames.get(n) else { break };
            let get = |name: &str| row.get(column(name)).copied().unwrap_or_default();
            let fragment = get("ip.flags.mf") == "1" || !matches!(get("ip.frag_offset"), "0" | "");
            if fragment || !get("ipv6.fraghdr.offset").is_empty() {
                continue;
            }
            let seen = dissect(link, frame, *wire);
            for field in COMPARED {
                assert_eq!(printed(&seen, field), get(field), "{field} in {name} frame {}", n + 1);
                compared += usize::from(!get(field).is_empty());
            }
        }
    }
    assert!(compared > 20_000, "only {compared} values compared");
}

#[test]
fn fragments_stand_where_tshark_says() {
    let Some(folder) = folder() else { return };
    let (_, frames) = pcap(&folder.join("open/ndpi__dns_fragmented.pcap")).unwrap();
    let seen = |n: usize| dissect(LinkType::ETHERNET, &frames[n - 1].0, frames[n - 1].1);
    assert_eq!(seen(2).print("ip.flags.mf").unwrap(), "1");
    assert_eq!(seen(3).print("ip.frag_offset").unwrap(), "185");
    assert!(seen(3).layer("udp").is_none());
}
