//! The frames made by hand, read by tshark 4.0 where it is installed: its fields must be ours.

use super::*;
use crate::wire::dissect::{TABLE, through};
use std::collections::BTreeMap;
use std::io::Write;
use std::process::Command;

/// Names that tshark does not know, or that it prints by what it knows of other frames.
const OURS_ALONE: &[&str] = &[
    "gre.wccp.reserved",
    "ppi.field_data",
    "pppoed.tags.head",
    "pwethcw.reserved",
    "sll.reserved",
    "wlan.body",
    "wlan.header_padding",
    "wlancap.ssi_noise",
    "wlancap.ssi_signal",
];

/// Headers whose fields are compared: those that wrap packets.
const LINKS: &[&str] = &[
    "eth", "vlan", "ieee8021ad", "llc", "sll", "null", "ppp", "chdlc", "pppoes", "pppoed", "nflog", "radiotap", "prism", "wlancap",
    "ppi", "wlan", "mpls", "pwethheuristic", "pwethcw", "gre", "erspan", "etherip", "ah", "arp",
];

fn tshark() -> Option<()> {
    let out = Command::new("tshark").arg("--version").output().ok()?;
    let four = String::from_utf8_lossy(&out.stdout).contains(" 4.0.");
    if !four {
        writeln!(std::io::stderr(), "skipped: tshark 4.0 is not here").unwrap();
    }
    four.then_some(())
}

/// A classic capture file.
fn pcap(link: LinkType, frames: &[Vec<u8>]) -> Vec<u8> {
    let word = |n: usize| (n as u32).to_le_bytes();
    let mut out = cat(&[&word(0xa1b2_c3d4), &[2, 0, 4, 0], &[0; 8], &word(0x4_0000), &word(link.0.into())]);
    for frame in frames {
        out.extend(cat(&[&word(1000), &word(0), &word(frame.len()), &word(frame.len()), frame]));
    }
    out
}

/// Rows of cells, as tshark prints these fields of the file.
fn rows(path: &std::path::Path, names: &[&str]) -> Vec<Vec<String>> {
    let mut command = Command::new("tshark");
    command.arg("-n").arg("-r").arg(path).args(["-T", "fields", "-E", "separator=/t", "-E", "aggregator=|"]);
    for name in names {
        command.args(["-e", name]);
    }
    let out = command.output().unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    text.lines().map(|l| l.split('\t').map(str::to_owned).collect()).collect()
}

#[test]
fn frames_made_by_hand_have_the_fields_that_tshark_prints() {
    let Some(()) = tshark() else { return };
    let mut by_link: BTreeMap<u16, Vec<Vec<u8>>> = BTreeMap::new();
    for (link, frame) in wrapped() {
        by_link.entry(link.0).or_default().push(frame);
    }
    let mut names: Vec<&str> = TABLE.iter().filter(|h| LINKS.contains(&h.proto())).flat_map(|h| h.fields()).map(|d| d.name).collect();
    names.retain(|name| !OURS_ALONE.contains(name));
    names.sort_unstable();
    names.dedup();
    names.extend(["ip.src", "ipv6.src", "tcp.srcport", "udp.srcport", "frame.encap_type", "frame.protocols"]);
    let mut compared = 0;
    for (link, frames) in by_link {
        let path = std::env::temp_dir().join(format!("osiscope-wrappers-{}-{link}.pcap", std::process::id()));
        std::fs::write(&path, pcap(LinkType(link), &frames)).unwrap();
        let rows = rows(&path, &names);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(rows.len(), frames.len(), "link type {link}");
        for (frame, row) in frames.iter().zip(&rows) {
            let seen = show(LinkType(link), frame);
            for (name, theirs) in names.iter().zip(row) {
                let ours = match *name {
                    "frame.encap_type" => LinkType(link).encap().unwrap().to_string(),
                    "frame.protocols" => {
                        let names = seen.layers.iter().flat_map(|l| [Some(l.proto), through(&seen, l)]);
                        names.flatten().collect::<Vec<_>>().join(":")
                    }
                    _ => seen
                        .layers
                        .iter()
                        .flat_map(|l| all_fields(l).into_iter().map(move |f| (l, f)))
                        .filter(|(_, f)| f.def.name == *name)
                        .map(|(l, f)| if f.value == Value::None { "1".to_owned() } else { f.print(seen.bytes(l)) })
                        .collect::<Vec<_>>()
                        .join("|"),
                };
                let protocols = row.last().unwrap();
                if *name == "frame.protocols" {
                    // What follows the transport header is not this room's.
                    let end = [":tcp", ":udp"].iter().filter_map(|p| theirs.find(p).map(|i| i + p.len())).min();
                    let theirs = theirs.get(..end.unwrap_or(theirs.len())).unwrap();
                    assert!(theirs.starts_with(&ours) || ours == theirs, "{ours} and not {theirs}");
                    continue;
                }
                assert_eq!(&ours, theirs, "{name} of {protocols} in {frame:02x?}");
                compared += usize::from(!theirs.is_empty());
            }
        }
    }
    assert!(compared > 1000, "only {compared} values compared");
}
