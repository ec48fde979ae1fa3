#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::proto::tests::{c, s, titles};

/// Messages of clients and servers.
pub fn samples() -> Vec<(Dir, Option<&'static str>, &'static str)> {
    vec![
        (Dir::ToClient, None, "220 FTP ready\r\n"),
        (Dir::ToServer, None, "USER anonymous\r\n"),
        (Dir::ToServer, None, "PORT 10,0,0,1,195,81\r\n"),
        (Dir::ToServer, None, "EPRT |1|10.0.0.1|50002|\r\n"),
        (Dir::ToServer, None, "EPRT |2|::1|50003|\r\n"),
        (Dir::ToClient, None, "227 Entering Passive Mode (10,0,0,2,200,10).\r\n"),
        (Dir::ToClient, None, "229 Entering Extended Passive Mode (|||51210|)\r\n"),
        (Dir::ToClient, None, "230-Welcome\r\n230-to\r\n230 ok\r\n"),
    ]
}

#[test]
fn a_reply_of_several_lines_ends_with_its_own_code() {
    let got = titles("ftp", &[s("230-a\r\n220 b\r\n 230 c\r\n230 d\r\n221 e\r\n"), c("PASS secret\r\nQUIT\r\n")]);
    assert_eq!(got, ["> 0..13 PASS …", "> 13..19 QUIT", "< 0..30 230-a", "< 30..37 221 e"]);
}

#[test]
fn announced_addresses_are_read() {
    let print = |dir, line: &str, name: &str| {
        let out = Ftp.dissect(line.as_bytes(), About::alone(dir));
        out.layers[0].field(name).map(|f| f.print(line.as_bytes()))
    };
    let passive = "227 Entering Passive Mode (10,0,0,2,200,10).\r\n";
    assert_eq!(print(Dir::ToClient, passive, "ftp.passive.ip").unwrap(), "10.0.0.2");
    assert_eq!(print(Dir::ToClient, passive, "ftp.passive.port").unwrap(), "51210");
    assert_eq!(print(Dir::ToClient, "229 x (|||51210|)\r\n", "ftp.epsv.port").unwrap(), "51210");
    assert_eq!(print(Dir::ToServer, "EPRT |2|::1|50003|\r\n", "ftp.eprt.ipv6").unwrap(), "::1");
    assert_eq!(print(Dir::ToServer, "PORT 10,0,0,1,195\r\n", "ftp.active.port"), None);
    assert_eq!(print(Dir::ToServer, "PORT 10,0,0,1,999,1\r\n", "ftp.active.port"), None);
}

#[test]
fn after_auth_tls_and_its_yes_tls_is_spoken() {
    let mut framer = Ftp.framer().unwrap();
    let mut found = Vec::new();
    framer.push(Dir::ToServer, 0, b"AUTH TLS\r\n", &mut |f| found.push(f));
    framer.push(Dir::ToClient, 0, b"234 go\r\n", &mut |f| found.push(f));
    assert_eq!(found.pop().unwrap(), crate::proto::Framed::Switch { to: "tls", at: [10, 8] });
}
