//! What the lab's own wire has carried so far: the kernel's counters of its loopback.
//!
//! In: nothing but `/proc/self/net/dev`. Out: frames and bytes; `None` where nobody can tell. On the machine's own loopback other programs
//! are counted, too: ask only in a network of the run's own.

use crate::lang::Text;

/// The counters now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    pub frames: u64,
    /// From the IP header on: the kernel leaves out the Ethernet header that loopback makes up.
    pub bytes: u64,
}

impl Carried {
    pub fn now() -> Option<Self> {
        Self::read(&std::fs::read_to_string("/proc/self/net/dev").ok()?)
    }

    /// `lo: ` and 16 numbers: eight of receiving, eight of sending; bytes and packets come first.
    fn read(table: &str) -> Option<Self> {
        let line = table.lines().find_map(|l| l.trim_start().strip_prefix("lo:"))?;
        let mut numbers = line.split_whitespace().skip(8).map(|n| n.parse().ok());
        let (bytes, frames) = (numbers.next()??, numbers.next()??);
        Some(Self { frames, bytes })
    }

    /// What was carried since `earlier`.
    pub fn since(self, earlier: Self) -> Self {
        Self { frames: self.frames.saturating_sub(earlier.frames), bytes: self.bytes.saturating_sub(earlier.bytes) }
    }

    /// What was no data: the headers of IP and of what it carries.
    pub fn headers(self, data: u64) -> u64 {
        self.bytes.saturating_sub(data)
    }
}

/// What was carried since `earlier`, for people. `own`: nobody else talks in this network.
pub fn told(earlier: Option<Carried>, own: bool) -> Text {
    match earlier.zip(Carried::now()).filter(|_| own) {
        Some((earlier, now)) => {
            let all = now.since(earlier);
            let (n, bytes) = (all.frames, all.headers(0));
            Text::new(format!("パケット {n} 個・IP ヘッダから数えて {bytes} バイト"), format!("{n} packets, {bytes} bytes with their IP headers"))
        }
        // On a network that others use, too, the counters say nothing about this exchange alone.
        None => Text::new("パケット数は一覧で数えてください", "for the packets, count them in the list"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counters_of_sending_are_taken_and_anything_else_is_nothing() {
        let table = "Inter-| Receive\n face |bytes\n  eth0: 1 2 3 4 5 6 7 8 9 10 0 0 0 0 0 0\n    lo:  1 2 0 0 0 0 0 0 1008 18 0 0 0 0 0 0\n";
        let carried = Carried::read(table);
        assert_eq!(carried, Some(Carried { frames: 18, bytes: 1008 }));
        assert_eq!(carried.map(|c| c.headers(100)), Some(1008 - 100));
        for cut in ["", "lo:", "lo: 1 2 3 4 5 6 7 8 9", "lo: a b c d e f g h i j"] {
            assert_eq!(Carried::read(cut), None, "{cut}");
        }
    }
}
