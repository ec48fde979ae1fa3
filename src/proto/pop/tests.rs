#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::proto::tests::{c, s, titles};

/// Messages of clients and servers, with the title of the message before.
pub fn samples() -> Vec<(Dir, Option<&'static str>, &'static str)> {
    vec![
        (Dir::ToClient, None, "+OK POP3 ready <1@example.org>\r\n"),
        (Dir::ToServer, None, "USER bob\r\n"),
        (Dir::ToServer, None, "PASS secret\r\n"),
        (Dir::ToClient, None, "-ERR no\r\n"),
        (Dir::ToClient, None, "1 120\r\n2 200\r\n.\r\n"),
    ]
}

#[test]
fn lists_and_mails_follow_only_the_replies_that_have_them() {
    let got = titles("pop", &[
        s("+OK x\r\n"),
        c("USER a\r\nPASS b\r\nLIST\r\nLIST 1\r\nRETR 9\r\nRETR 1\r\nQUIT\r\n"),
        s("+OK\r\n+OK\r\n+OK\r\n1 2\r\n.\r\n+OK 1 2\r\n-ERR\r\n+OK\r\n..\r\n+OK\r\n.\r\n+OK\r\n"),
    ]);
    assert_eq!(got[..3], ["> 0..8 USER a", "> 8..16 PASS …", "> 16..22 LIST"]);
    let contents: Vec<_> = got.iter().filter(|t| t.ends_with("Content")).collect();
    assert_eq!(contents.len(), 2, "{got:?}");
}

#[test]
fn after_stls_and_its_ok_tls_is_spoken() {
    let mut framer = Pop.framer().unwrap();
    let mut found = Vec::new();
    framer.push(Dir::ToServer, 0, b"STLS\r\n", &mut |f| found.push(f));
    framer.push(Dir::ToClient, 0, b"+OK\r\n", &mut |f| found.push(f));
    assert_eq!(found.pop().unwrap(), crate::proto::Framed::Switch { to: "tls", at: [6, 5] });
}

#[test]
fn secrets_are_in_no_title() {
    let got = titles("pop", &[c("AUTH PLAIN\r\n"), s("+ \r\n"), c("c2VjcmV0\r\n"), s("+OK\r\n"), c("APOP bob c2VjcmV0\r\n"), c("AUTH PLAIN c2VjcmV0\r\n")]);
    assert!(got.iter().all(|t| !t.contains("c2V")), "{got:?}");
}

#[test]
fn segments_read_as_they_come_are_one_message_each_but_for_a_mail_of_announced_length() {
    let mut framer = Pop.framer().unwrap();
    framer.arriving();
    let mut found = Vec::new();
    let mut at = [0, 0];
    let segments = [
        (Dir::ToServer, "STAT\r\nLI"),
        (Dir::ToServer, "RETR 1\r\n"),
        (Dir::ToClient, "+OK 12 octets\r\n"),
        (Dir::ToClient, "Subject"),
        (Dir::ToClient, ": a\r\n"),
        (Dir::ToClient, ".\r\n"),
    ];
    for (dir, text) in segments {
        framer.push(dir, at[dir.index()], text.as_bytes(), &mut |f| found.push(f));
        at[dir.index()] += text.len() as u64;
    }
    let ends = found.iter().filter_map(|f| match f {
        crate::proto::Framed::End { dir, at, complete } => Some((*dir, *at, *complete)),
        _ => None,
    });
    let (up, down) = (Dir::ToServer, Dir::ToClient);
    assert_eq!(ends.collect::<Vec<_>>(), [(up, 8, true), (up, 16, true), (down, 15, true), (down, 27, true), (down, 30, true)]);
}
