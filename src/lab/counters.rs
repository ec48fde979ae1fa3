//! What the kernel has counted in this network: how many TCP segments came in, and how many bytes of IP.
//!
//! In: /proc/net of the calling thread's network. Out: two numbers, of which differences are meant. In a network of one's own
//! with nothing but loopback every packet comes in exactly once, so the difference is the number of packets; on a machine's
//! own network other programs are counted, too, which must be said beside it.

use crate::lang::Text;
use std::fs::read_to_string;

/// The counters at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Segments that came in (`Tcp: InSegs`).
    pub segments: u64,
    /// Bytes of IP packets that came in, headers included (`IpExt: InOctets`).
    pub bytes: u64,
}

impl Counters {
    /// `None`: this system does not say.
    pub fn now() -> Option<Self> {
        let read = |name: &str| read_to_string(format!("/proc/thread-self/net/{name}")).ok();
        Some(Self {
            segments: value(&read("snmp")?, "Tcp", "InSegs")?,
            bytes: value(&read("netstat")?, "IpExt", "InOctets")?,
        })
    }

    /// What came in since then.
    pub fn since(self, before: Self) -> Self {
        Self {
            segments: self.segments.saturating_sub(before.segments),
            bytes: self.bytes.saturating_sub(before.bytes),
        }
    }
}

/// What came in since `before`, for people, with where the numbers are from. `own`: nothing else talks in this network.
pub fn told(before: Option<Counters>, own: bool) -> Text {
    let Some(all) = before.and_then(|before| Some(Counters::now()?.since(before))) else {
        return Text::new("パケット数は不明", "packets unknown");
    };
    let (n, bytes) = (all.segments, all.bytes);
    if own {
        Text::new(format!("パケット {n} 個・IP で {bytes} バイト"), format!("{n} packets, {bytes} bytes of IP"))
    } else {
        Text::new(
            format!("この機械全体でパケット {n} 個・IP で {bytes} バイト（ほかのプログラムの分も含む）"),
            format!("{n} packets, {bytes} bytes of IP on the whole machine (other programs included)"),
        )
    }
}

/// The value under a name: a line of names and a line of numbers, both beginning with the table's.
fn value(text: &str, table: &str, name: &str) -> Option<u64> {
    let mut lines = text.lines().filter_map(|line| line.split_once(": ")).filter(|(of, _)| *of == table).map(|(_, rest)| rest);
    let at = lines.next()?.split(' ').position(|n| n == name)?;
    lines.next()?.split(' ').nth(at)?.parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn the_number_is_the_one_under_the_name_in_its_own_table() {
        let text = "Ip: InSegs X\nIp: 1 2\nTcp: MaxConn InSegs OutSegs\nTcp: -1 77 78\n";
        assert_eq!(value(text, "Tcp", "InSegs"), Some(77));
        assert_eq!(value(text, "Tcp", "MaxConn"), None, "a limit of -1 is no number here");
        assert_eq!(value(text, "Udp", "InSegs"), None);
    }

    #[test]
    fn this_kernel_answers_and_counts_upwards() {
        let before = Counters::now().unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let _stream = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        assert!(Counters::now().unwrap().since(before).segments >= 3, "a handshake is three segments");
    }
}
