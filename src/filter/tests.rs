//! Laws of filters, and hostile texts. What single filters let through is held against tshark in `tests/filters.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::complete::{Join, complete, join, of_field, quote};
use super::*;
use crate::lang::Lang;
use std::net::Ipv4Addr;

/// A frame made by hand.
struct Made(Vec<(&'static str, Fact<'static>, &'static [u8])>);

impl Facts for Made {
    fn each(&mut self, name: Name, found: &mut dyn FnMut(Fact<'_>, &[u8]) -> bool) {
        let wanted = |text: &str| match name {
            Name::Field(def) => def.name == text,
            Name::Fields(all) => all.iter().any(|def| def.name == text),
            Name::Protocol(proto) => proto == text,
        };
        for (text, fact, bytes) in &self.0 {
            if wanted(text) && !found(*fact, bytes) {
                return;
            }
        }
    }
}

fn frames() -> Vec<Made> {
    let ip = |last| Fact::Ipv4(Ipv4Addr::new(192, 0, 2, last));
    vec![
        Made(vec![]),
        Made(vec![
            ("tcp", Fact::Layer(4), b"headGET / HTTP"),
            ("ip.src", ip(1), &[192, 0, 2, 1]),
            ("ip.dst", ip(2), &[192, 0, 2, 2]),
            ("tcp.srcport", Fact::Uint(80), &[]),
            ("tcp.dstport", Fact::Uint(40_000), &[]),
            ("tcp.flags", Fact::Uint(0x12), &[]),
            ("tcp.flags.syn", Fact::Bool(true), &[]),
            ("http.host", Fact::Text("bro.org"), b"bro.org"),
            ("frame.time_delta", Fact::Nanos(-5), &[]),
        ]),
        Made(vec![
            ("tcp", Fact::Layer(4), b"head"),
            ("tcp.srcport", Fact::Uint(443), &[]),
            ("tcp.dstport", Fact::Uint(443), &[]),
            ("data.data", Fact::Bytes(b"\x00\xff"), b"\x00\xff"),
            ("eth.src", Fact::Mac([0, 1, 2, 3, 4, 5]), &[0, 1, 2, 3, 4, 5]),
        ]),
    ]
}

fn parse(text: &str) -> Filter {
    Filter::parse(text, &Every).unwrap_or_else(|e| panic!("{text}: {}\n{}", e.why.en, e.underline(text)))
}

fn passes(text: &str) -> Vec<bool> {
    let filter = parse(text);
    frames().iter_mut().map(|frame| filter.passes(frame)).collect()
}

const SOME: &[&str] = &[
    "tcp",
    "tcp.port == 80",
    "tcp.port != 443",
    "tcp.port === 443",
    "tcp.port !== 80",
    "all tcp.port > 80",
    "ip.addr in {192.0.2.0/24, 10.0.0.1 .. 10.0.0.9}",
    "not ip.src == 192.0.2.1",
    "http.host matches \"^BRO\\\\.\"",
    "tcp contains \"GET\"",
    "tcp[0:4] == \"head\"",
    "tcp.flags & 2",
    "len(tcp) == 4",
    "count(tcp.port) > 1",
    "tcp.srcport + 1 == 81",
    "frame.time_delta < 0",
    "eth.src[3:] == 03:04:05",
    "max(tcp.port) == 443",
    "tcp.port not in {80}",
];

#[test]
fn not_and_or_obey_de_morgan() {
    for a in SOME {
        assert_eq!(passes(&format!("not not {a}")), passes(a), "{a}");
        for b in SOME {
            assert_eq!(passes(&format!("not ({a} and {b})")), passes(&format!("not {a} or not {b}")), "{a} and {b}");
            assert_eq!(passes(&format!("not ({a} or {b})")), passes(&format!("not {a} and not {b}")), "{a} or {b}");
            assert_eq!(passes(&format!("{a} and {b}")), passes(&format!("{b} and {a}")), "{a} and {b}");
        }
    }
}

#[test]
fn the_empty_filter_lets_everything_through() {
    assert_eq!(passes(" \n"), [true; 3]);
    assert!(parse("").is_empty() && parse("").to_string().is_empty());
}

#[test]
fn names_are_listed_once_in_their_order() {
    let filter = parse("tcp.port == 80 and len(http.host) > 2 or tcp.port == 81 and ip.src in {ip.dst}");
    let names: Vec<&str> = filter.names().iter().map(|(text, _)| *text).collect();
    assert_eq!(names, ["tcp.port", "http.host", "ip.src", "ip.dst"]);
}

#[test]
fn what_a_protocol_carries_is_searched_but_not_sliced() {
    assert_eq!(passes("tcp contains \"GET\""), [false, true, false]);
    assert_eq!(passes("tcp[4:3] == \"GET\""), [false; 3]);
    assert_eq!(passes("len(tcp) == 4"), [false, true, true]);
}

#[test]
fn an_error_stands_under_the_wrong_word_and_names_the_nearest() {
    let text = "http and tcp.prot == 80";
    let error = Filter::parse(text, &Every).unwrap_err();
    assert_eq!(&text[error.at.clone()], "tcp.prot");
    assert!(error.why.get(Lang::En).contains("tcp.port") && error.why.get(Lang::Ja).contains("tcp.port"), "{:?}", error.why);
    assert_eq!(error.underline(text), "http and tcp.prot == 80\n         ^^^^^^^^");
    let end = Filter::parse("tcp and ", &Every).unwrap_err();
    assert_eq!(end.at, 7..7);
}

#[test]
fn patterns_that_need_backtracking_are_refused_with_the_reason() {
    for pattern in ["(?<=b)ro", "(a)\\\\1", "a(?!b)", "a++", "a{2}+"] {
        let error = Filter::parse(&format!("http.host matches \"{pattern}\""), &Every).unwrap_err();
        assert!(error.why.en.contains("not supported"), "{pattern}: {}", error.why.en);
    }
    assert_eq!(passes("http.host matches \"org$\""), [false, true, false]);
    assert_eq!(passes("http.host matches \"[++]|\\\\++|^b\""), [false, true, false]);
    assert_eq!(passes("http.host matches \"[[:alpha:]]{3}\\\\.\""), [false, true, false]);
    assert_eq!(passes("data.data matches \"\\xff\""), [false, false, true]);
}

#[test]
fn hostile_texts_end_soon_in_an_answer() {
    let many = |piece: &str, n: usize| piece.repeat(n);
    let texts = [
        many("(", 60_000),
        many("not ", 15_000) + "tcp",
        "tcp.port == ".to_owned() + &many("{", 50_000),
        "tcp.port == 1".to_owned() + &many(" + 1", 15_000),
        "tcp".to_owned() + &many(" or tcp", 9_000),
        "tcp.port in {1".to_owned() + &many(",1", 30_000) + "}",
        "tcp".to_owned() + &many("[0:1]", 10_000),
        "tcp[0".to_owned() + &many(",0", 30_000) + "]",
        many("max(", 15_000),
        "ip.src == ".to_owned() + &many("00:", 20_000),
        "http.host matches \"".to_owned() + &many("(a{9}", 9_000) + "\"",
        "http.host matches \"((a{99}){99}){99}\"".to_owned(),
        "http.host == \"".to_owned() + &many("\\", 60_000),
        many("-", 60_000),
        many("a.", 30_000),
        many("tcp.srcport < ", 4_000) + "1",
        many("x", 70_000),
    ];
    for text in texts {
        let outcome = Filter::parse(&text, &Every);
        if let Err(error) = outcome {
            assert!(text.get(error.at.clone()).is_some());
        }
    }
}

/// Small random numbers, the same in each run (xorshift).
fn random(state: &mut u64, below: usize) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state % below.max(1) as u64) as usize
}

#[test]
fn changed_texts_never_panic_and_are_blamed_within_themselves() {
    let mut state = 0x9e37_79b9_7f4a_7c15;
    let pieces = ["\"", "\\", "(", "{", "[", "]", "..", ",", "#", "-", "日", "\0", "'", ":", "::", "/", "0x", " in ", "not ", "9".repeat(30).leak()];
    for round in 0..5_000 {
        let mut text: Vec<char> = SOME[random(&mut state, SOME.len())].chars().collect();
        for _ in 0..=random(&mut state, 3) {
            let at = random(&mut state, text.len() + 1);
            match random(&mut state, 3) {
                0 if at < text.len() => drop(text.remove(at)),
                1 => {
                    let piece = pieces[random(&mut state, pieces.len())];
                    text.splice(at..at, piece.chars());
                }
                _ => {
                    let other = SOME[random(&mut state, SOME.len())];
                    text.truncate(at);
                    text.extend(other.chars().skip(random(&mut state, other.len())));
                }
            }
        }
        let text: String = text.into_iter().collect();
        match Filter::parse(&text, &Every) {
            Ok(filter) => {
                let shown = filter.to_string();
                let again = parse(&shown);
                assert_eq!(again.to_string(), shown, "{text}");
                for frame in &mut frames() {
                    assert_eq!(filter.passes(frame), again.passes(frame), "{text} became {shown}");
                }
            }
            Err(error) => assert!(text.get(error.at.clone()).is_some(), "{text}: {:?}", error.at),
        }
        if round % 20 == 0 {
            (0..=text.len()).for_each(|cursor| drop(complete(&text, cursor, &Every)));
        }
    }
}

#[test]
fn a_value_pointed_at_becomes_a_filter_that_finds_it() {
    let find = |name: &str| names::find(name).unwrap();
    let made = |name: &str, fact| of_field(name, find(name), fact);
    assert_eq!(made("ip.src", Fact::Ipv4(Ipv4Addr::new(10, 0, 0, 1))), "ip.src == 10.0.0.1");
    assert_eq!(made("http.host", Fact::Text("a\"b\\c")), r#"http.host == "a\"b\\c""#);
    assert_eq!(made("data.data", Fact::Bytes(&[0, 255])), "data.data == 00:ff");
    assert_eq!(made("tcp.flags", Fact::Uint(0x12)), "tcp.flags == 0x12");
    assert_eq!(made("tcp.analysis.retransmission", Fact::Present), "tcp.analysis.retransmission");
    for frame in &mut frames() {
        for (name, fact, bytes) in frame.0.clone() {
            let filter = parse(&made(name, fact));
            assert!(filter.passes(&mut Made(vec![(name, fact, bytes)])), "{filter}");
        }
    }
    let odd = "a\r\n\t\u{1}\"日本\\";
    assert!(parse(&format!("http.host == {}", quote(odd.as_bytes()))).passes(&mut Made(vec![("http.host", Fact::Text("a\r\n\t\u{1}\"日本\\"), b"")])));
}

#[test]
fn filters_are_joined_without_changing_what_they_mean() {
    assert_eq!(join("", Join::And, "tcp"), "tcp");
    assert_eq!(join("tcp or udp", Join::And, "ip.src == 10.0.0.1"), "(tcp or udp) and ip.src == 10.0.0.1");
    assert_eq!(join("tcp and udp", Join::Or, "dns"), "tcp and udp or dns");
    assert_eq!(join("tcp", Join::AndNot, "dns or http"), "tcp and not (dns or http)");
    assert_eq!(join("tcp", Join::InsteadNot, "dns and http"), "not (dns and http)");
}

#[test]
fn what_is_offered_at_the_cursor_can_be_read() {
    let offered = |text: &str| -> Vec<String> { complete(text, text.len(), &Every).into_iter().map(|c| c.with).collect() };
    assert_eq!(offered("tcp.srcp"), ["tcp.srcport"]);
    assert!(offered("tcp").contains(&"tcp.port".to_owned()));
    assert!(offered("srcport").contains(&"tcp.srcport".to_owned()));
    assert_eq!(offered("tcp.port c"), Vec::<String>::new());
    assert_eq!(offered("http.host c"), ["contains "]);
    assert!(offered("tcp.port ").contains(&"== ".to_owned()));
    assert!(offered("tcp.port == 80 ").contains(&"and ".to_owned()));
    assert!(offered("tcp.flags.syn == ").contains(&"Set".to_owned()));
    assert_eq!(offered("http.host == \"tc"), Vec::<String>::new());
    assert!(offered("tcp.port == 80 and ht").contains(&"http".to_owned()));
    let one = complete("tcp.srcp == 80", 8, &Every);
    assert_eq!((one[0].replace.clone(), one[0].with.as_str()), (0..8, "tcp.srcport"));
}

#[test]
fn dates_are_read_as_they_are_shown() {
    for nanos in [0, 1_300_475_168_892_000_000, -1, 951_782_400_000_000_000, 4_102_444_800_000_000_001] {
        assert_eq!(time::parse(&time::show(nanos)), Some(nanos), "{}", time::show(nanos));
    }
    assert_eq!(time::parse("1970-01-02T01:00:00+01:00"), Some(86_400_000_000_000));
    assert_eq!(time::parse("Jan  2, 1970 00:00:00.5"), Some(86_400_500_000_000));
    assert_eq!(time::parse("2011-02-29"), None);
}
