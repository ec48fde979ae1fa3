//! What was meant by a name that nobody knows.
//!
//! In: every known name, and the wrong one. Out: the known name that is most like it, if one is like it at all.

use super::Names;
use std::cmp::Reverse;

/// A wrong name longer than this is no slip of the hand.
const LONGEST: usize = 80;

/// The protocols that are asked for most, the first the most; all others come behind them.
const ASKED_FOR: &[&str] = &["http", "tcp", "ip", "dns", "udp", "tls", "arp", "icmp", "eth", "frame", "ipv6", "http2", "quic", "websocket"];

/// The known name that is most like a wrong one: a slip of at most a third of its letters. Of two that are as near, the one that
/// begins with the same letter, which few people get wrong; then the one that has more in common with it at both ends; then
/// the one whose protocol is asked for more.
pub fn nearest(names: &dyn Names, wrong: &str) -> Option<&'static str> {
    if wrong.len() > LONGEST || wrong.len() < 2 {
        return None;
    }
    let lower = wrong.to_ascii_lowercase();
    let most = (wrong.len() / 3).clamp(1, 4);
    let all = names.all().iter().filter(|n| n.len().abs_diff(lower.len()) <= most);
    let near = all.map(|n| (distance(n, &lower, most), *n)).filter(|(far, _)| *far <= most);
    let best = near.min_by_key(|(far, n)| {
        let other_begin = n.bytes().next() != lower.bytes().next();
        (*far, other_begin, Reverse(in_common(n, &lower)), rank(n), *n)
    });
    best.map(|(_, name)| name)
}

/// Letters that two words share at their beginnings and at their ends.
fn in_common(a: &str, b: &str) -> usize {
    let begin = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let end = a.bytes().rev().zip(b.bytes().rev()).take_while(|(a, b)| a == b).count();
    (begin + end).min(a.len()).min(b.len())
}

fn rank(name: &str) -> usize {
    let proto = name.split('.').next().unwrap_or(name);
    ASKED_FOR.iter().position(|p| *p == proto).unwrap_or(ASKED_FOR.len())
}

/// Letters to insert, delete, change or swap to make one word of the other; more than `most` is not counted on.
fn distance(a: &str, b: &str, most: usize) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut two: Vec<usize> = Vec::new();
    let mut one: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut now = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let get = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let mut best = (get(&one, j) + usize::from(x != y)).min(get(&one, j + 1) + 1).min(get(&now, j) + 1);
            if i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x) {
                best = best.min(get(&two, j - 1) + 1);
            }
            now.push(best);
        }
        if now.iter().min().is_none_or(|m| *m > most) {
            return usize::MAX;
        }
        two = std::mem::replace(&mut one, now);
    }
    one.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::{Every, Name};

    struct Known(&'static [&'static str]);

    impl Names for Known {
        fn find(&self, _name: &str) -> Option<Name> {
            None
        }

        fn all(&self) -> &[&'static str] {
            self.0
        }
    }

    #[test]
    fn of_names_as_near_the_one_that_was_meant_is_named() {
        for (wrong, meant) in [
            ("htp.request", "http.request"),
            ("htpp", "http"),
            ("tpc.port", "tcp.port"),
            ("tcp.prot", "tcp.port"),
            ("udp.prt", "udp.port"),
            ("ip.scr", "ip.src"),
            ("dns.qry.nam", "dns.qry.name"),
            ("HTTP.Hots", "http.host"),
        ] {
            assert_eq!(nearest(&Every, wrong), Some(meant), "{wrong}");
        }
        for nothing_like_it in ["", "x", "qwertyuiop", "http.request.method.of.the.client"] {
            assert_eq!(nearest(&Every, nothing_like_it), None, "{nothing_like_it}");
        }
    }

    #[test]
    fn the_first_letter_counts_before_the_ends_and_the_ends_before_the_protocol() {
        assert_eq!(nearest(&Known(&["ftp.request", "http.request"]), "htp.request"), Some("http.request"));
        assert_eq!(nearest(&Known(&["abc.len", "bbd.len"]), "bbc.len"), Some("bbd.len"));
        assert_eq!(nearest(&Known(&["http.date", "sttp.date"]), "mttp.date"), Some("http.date"));
        assert_eq!(nearest(&Known(&["abcx.len", "axcd.len"]), "abcd.len"), Some("abcx.len"), "in order at last");
    }
}
