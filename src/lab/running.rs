//! The labs that run now, found by looking at the processes: a running agent cannot be out of date, as a note of it in a file can.
//!
//! In: /proc. Out: the agents of this user that have a network of their own, and what listens in a process.

use super::agent;
use crate::netns::enter::shared;
use crate::timeline::{Place, RunSpec};
use std::collections::HashSet;
use std::fs::{metadata, read, read_dir, read_link, read_to_string};
use std::os::unix::fs::MetadataExt;

/// A lab that is running.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// Its agent: any process inside leads into its network.
    pub pid: u32,
    /// Who started the agent.
    pub parent: u32,
    pub spec: RunSpec,
}

/// The running labs with a network of their own, the latest started last.
pub fn labs() -> Vec<Running> {
    let Ok(processes) = read_dir("/proc") else { return Vec::new() };
    let pids = processes.flatten().filter_map(|e| e.file_name().to_str()?.parse().ok());
    let mut labs: Vec<(u64, Running)> = pids.filter_map(lab).collect();
    labs.sort_by_key(|(started, lab)| (*started, lab.pid));
    labs.into_iter().map(|(_, lab)| lab).collect()
}

/// The lab whose agent this process is, and when it was started.
fn lab(pid: u32) -> Option<(u64, Running)> {
    let line = read(format!("/proc/{pid}/cmdline")).ok()?;
    let mut words = line.split(|b| *b == 0);
    if words.next() != Some(b"osiscope") || words.next() != Some(agent::SUBCOMMAND.as_bytes()) {
        return None;
    }
    let spec: RunSpec = serde_json::from_slice(words.next()?).ok()?;
    let mine = metadata("/proc/self").ok()?.uid() == metadata(format!("/proc/{pid}")).ok()?.uid();
    if !mine || spec.place != Place::Own || shared("net", pid) != Some(false) {
        return None;
    }
    let (parent, started) = parent_and_start(&read_to_string(format!("/proc/{pid}/stat")).ok()?)?;
    Some((started, Running { pid, parent, spec }))
}

/// Fields 4 and 22 of `stat` (proc(5)): the name in brackets before them may hold anything.
fn parent_and_start(stat: &str) -> Option<(u32, u64)> {
    let mut rest = stat.rsplit_once(')')?.1.split_whitespace();
    let parent = rest.nth(1)?.parse().ok()?;
    Some((parent, rest.nth(17)?.parse().ok()?))
}

/// The sockets of a process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sockets {
    pub all: usize,
    /// Those that wait for somebody: listening ones, and UDP sockets with a port.
    pub waiting: usize,
}

/// Counts the sockets of this process. `None`: it has ended, or is another user's.
pub fn sockets(pid: u32) -> Option<Sockets> {
    let mut inodes = HashSet::new();
    for entry in read_dir(format!("/proc/{pid}/fd")).ok()?.flatten() {
        let target = read_link(entry.path()).unwrap_or_default();
        let target = target.to_string_lossy();
        inodes.extend(target.strip_prefix("socket:[").and_then(|t| t.strip_suffix(']')).map(str::to_owned));
    }
    let table = |name: &str| read_to_string(format!("/proc/{pid}/net/{name}")).unwrap_or_default();
    // tcp(5)-like tables: column 4 is the state, 10 the inode; 0A is LISTEN, 07 an open UDP socket.
    let inet = |name: &str, state: &str| {
        let text = table(name);
        let column = |line: &str, n: usize| line.split_whitespace().nth(n).map(str::to_owned);
        let ours = |line: &&str| {
            column(line, 3).as_deref() == Some(state) && column(line, 9).is_some_and(|inode| inodes.contains(&inode))
        };
        text.lines().skip(1).filter(ours).count()
    };
    // unix: column 4 holds the flags (00010000: listening), 7 the inode.
    let unix = table("unix");
    let unix = unix.lines().skip(1).filter(|line| {
        let mut columns = line.split_whitespace();
        columns.nth(3) == Some("00010000") && columns.nth(2).is_some_and(|inode| inodes.contains(inode))
    });
    let waiting = inet("tcp", "0A") + inet("udp", "07") + unix.count();
    Some(Sockets { all: inodes.len(), waiting })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn the_parent_is_found_behind_a_name_that_looks_like_fields() {
        let own = parent_and_start(&read_to_string("/proc/self/stat").unwrap()).unwrap();
        assert_eq!(own.0, std::os::unix::process::parent_id());
        let fields: Vec<String> = (3..=30).map(|n| n.to_string()).collect();
        assert_eq!(parent_and_start(&format!("7 (a) R 9 (x) {}", fields.join(" "))), Some((4, 22)));
    }

    #[test]
    fn sockets_that_wait_are_found_by_their_process() {
        let own = std::process::id();
        let tcp = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let udp = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        // Other tests of this process have sockets, too.
        let found = sockets(own).unwrap();
        assert!(found.waiting >= 2 && found.all >= found.waiting, "{found:?}");
        drop((tcp, udp));
        assert_eq!(sockets(u32::MAX), None);
    }
}
