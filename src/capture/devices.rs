//! The interfaces of this machine that can be captured from.
//!
//! In: what libpcap and `/sys/class/net` say. Out: [`Device`]s, loopback first. Listing needs no right.

use std::net::IpAddr;

/// The folder whose entries are the network interfaces of this network name space.
const SYS: &str = "/sys/class/net";

/// One interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// "lo", "eth0", or "any" for all at once.
    pub name: String,
    pub up: bool,
    pub loopback: bool,
    pub wireless: bool,
    pub addresses: Vec<IpAddr>,
}

/// All interfaces, loopback first, then those that are up, then by name.
pub fn devices() -> Vec<Device> {
    let names = system_names();
    let mut found: Vec<Device> = match pcap::Device::list() {
        // libpcap also lists things that are no network interface (USB, D-Bus, netfilter logs).
        Ok(list) => list
            .into_iter()
            .filter(|d| d.name == "any" || names.contains(&d.name))
            .map(|d| Device {
                up: d.flags.is_up(),
                loopback: d.flags.is_loopback(),
                wireless: d.flags.is_wireless(),
                addresses: d.addresses.iter().map(|a| a.addr).collect(),
                name: d.name,
            })
            .collect(),
        Err(_) => Vec::new(),
    };
    if found.iter().all(|d| d.name == "any") {
        found.extend(names.into_iter().map(from_sys));
    }
    found.sort_by(|a, b| (!a.loopback, !a.up, &a.name).cmp(&(!b.loopback, !b.up, &b.name)));
    found
}

/// The names of the interfaces that this program, or its capturing copy, may capture from; none without the right to.
pub fn capturable() -> Vec<String> {
    let Ok(exe) = std::env::current_exe() else { return Vec::new() };
    match super::rights::rights(&exe) {
        super::Rights::Can(_) => devices().into_iter().filter(|d| d.up || d.name == "any").map(|d| d.name).collect(),
        super::Rights::Cannot { .. } => Vec::new(),
    }
}

fn system_names() -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(SYS) else { return Vec::new() };
    folder.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
}

fn from_sys(name: String) -> Device {
    let flags = std::fs::read_to_string(format!("{SYS}/{name}/flags")).unwrap_or_default();
    let flags = i32::from_str_radix(flags.trim().trim_start_matches("0x"), 16).unwrap_or(0);
    Device {
        up: flags & libc::IFF_UP != 0,
        loopback: flags & libc::IFF_LOOPBACK != 0,
        wireless: std::fs::exists(format!("{SYS}/{name}/wireless")).unwrap_or(false),
        addresses: Vec::new(),
        name,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn loopback_is_there_and_first() {
        let found = devices();
        let first = found.first().expect("every Linux has lo");
        assert!(first.loopback && first.name == "lo", "{found:?}");
        assert!(!from_sys("lo".into()).wireless && from_sys("lo".into()).loopback);
    }
}
