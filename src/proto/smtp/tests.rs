#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::proto::tests::{c, messages, s, titles};

/// Messages of clients and servers, with the title of the client's message before.
pub fn samples() -> Vec<(Dir, Option<&'static str>, &'static str)> {
    vec![
        (Dir::ToClient, None, "220 mail.example.org ESMTP ready\r\n"),
        (Dir::ToServer, None, "EHLO client.example\r\n"),
        (Dir::ToClient, None, "250-mail.example.org\r\n250-AUTH LOGIN\r\n250 SIZE\r\n"),
        (Dir::ToServer, None, "MAIL FROM:<a@example.org>\r\n"),
        (Dir::ToServer, None, "AUTH PLAIN AGEAYg==\r\n"),
        (Dir::ToServer, Some("AUTH LOGIN"), "YQ==\r\n"),
        (Dir::ToServer, Some(USER), "Yg==\r\n"),
        (Dir::ToServer, Some("DATA"), "Subject: hi\r\n\r\nHello\r\n.\r\n"),
    ]
}

#[test]
fn a_mail_is_one_message_and_its_dots_do_not_end_it() {
    let got = titles("smtp", &[
        s("220 x ESMTP\r\n"),
        c("EHLO a\r\n"),
        s("250-x\r\n250 SIZE\r\n"),
        c("MAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\n"),
        s("250 ok\r\n250 ok\r\n354 go\r\n"),
        c("Subject: x\r\n\r\n..\r\nQUIT\r\n.\r\nQUIT\r\n"),
        s("250 taken\r\n221 bye\r\n"),
    ]);
    assert_eq!(got, [
        "> 0..8 EHLO a", "> 8..23 MAIL FROM:<a>", "> 23..36 RCPT TO:<b>", "> 36..42 DATA", "> 42..69 Mail", "> 69..75 QUIT",
        "< 0..13 220 x ESMTP", "< 13..30 250-x", "< 30..38 250 ok", "< 38..46 250 ok", "< 46..54 354 go", "< 54..65 250 taken",
        "< 65..74 221 bye",
    ]);
}

#[test]
fn counted_bytes_are_a_mail_whatever_they_are() {
    let got = titles("smtp", &[c("BDAT 7 LAST\r\n"), c("a\r\n.\r\nQ"), c("QUIT\r\n")]);
    assert_eq!(got, ["> 0..13 BDAT 7 LAST", "> 13..20 Mail", "> 20..26 QUIT"]);
}

#[test]
fn secrets_are_in_no_title() {
    let talk = [c("AUTH LOGIN\r\n"), s("334 VXNlcm5hbWU6\r\n"), c("c2VjcmV0\r\n"), s("334 UGFzc3dvcmQ6\r\n"), c("c2VjcmV0\r\n"), s("235 ok\r\n"),
        c("AUTH PLAIN c2VjcmV0\r\n"), c("AUTH PLAIN\r\n"), c("c2VjcmV0\r\n"), c("NOOP\r\n")];
    let got: Vec<_> = messages("smtp", &talk).into_iter().filter(|m| m.dir == Dir::ToServer).map(|m| m.title).collect();
    assert_eq!(got, ["AUTH LOGIN", USER, PASSWORD, "AUTH PLAIN …", "AUTH PLAIN", BOTH, "NOOP"]);
}

#[test]
fn after_starttls_and_its_yes_tls_is_spoken() {
    let framed = |answer: &str| {
        let mut framer = Smtp.framer().unwrap();
        let mut found = Vec::new();
        framer.push(Dir::ToServer, 0, b"STARTTLS\r\n", &mut |f| found.push(f));
        framer.push(Dir::ToClient, 0, answer.as_bytes(), &mut |f| found.push(f));
        found.pop().unwrap()
    };
    assert_eq!(framed("220 go\r\n"), crate::proto::Framed::Switch { to: "tls", at: [10, 8] });
    assert!(matches!(framed("454 no\r\n"), crate::proto::Framed::End { .. }));
}

#[test]
fn greetings_of_other_servers_are_not_smtp() {
    let claim = |dir, bytes: &[u8]| Smtp.claim(&Ask::stream(dir, bytes));
    assert_eq!(claim(Dir::ToClient, b"220 mail.example.org ESMTP\r\n"), Claim::Guess);
    assert_eq!(claim(Dir::ToClient, b"220 ftp.example.org FTP mail\r\n"), Claim::No);
    assert_eq!(claim(Dir::ToClient, b"220"), Claim::Perhaps);
    assert_eq!(claim(Dir::ToClient, b"+OK"), Claim::No);
    assert_eq!(claim(Dir::ToServer, b"EHLO me\r\n"), Claim::Guess);
    assert_eq!(claim(Dir::ToServer, b"HELLO WORLD\r\n"), Claim::No);
}
