//! What the exchanges over HTTP promise, found again in the files they write: by our own reading, and by tshark where it is.

use super::{EXE, possible, run};
use osiscope::timeline::LabEvent;
use osiscope::trace::{Host, What};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A run's file.
struct Saved {
    file: PathBuf,
    _folder: TempDir,
}

fn saved(exchange: &str, params: &[(&str, &str)]) -> Saved {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.pcapng");
    let mut command = Command::new(EXE);
    command.args(["lab", exchange, "-q", "-w"]).arg(&file);
    for (name, value) in params {
        command.args(["-p", &format!("{name}={value}")]);
    }
    let out = command.stdin(Stdio::null()).output().unwrap();
    assert!(out.status.success(), "{exchange} {params:?}: {out:?}");
    Saved { file, _folder: folder }
}

impl Saved {
    /// The values of these fields in each frame that the filter lets through. tshark must find the very same.
    fn rows(&self, filter: &str, fields: &[&str]) -> Vec<Vec<String>> {
        let columns: Vec<_> = fields.iter().flat_map(|f| ["-e", f]).collect();
        let ask = |program: &str, before: &[&str]| {
            let mut command = Command::new(program);
            command.args(before).arg(&self.file).args(["-Y", filter, "-T", "fields"]).args(&columns);
            let out = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
            assert!(out.status.success(), "{program}: {out:?}");
            Some(String::from_utf8(out.stdout).unwrap())
        };
        let ours = ask(EXE, &["read"]).unwrap();
        match ask("tshark", &["-n", "-r"]) {
            Some(theirs) => assert_eq!(ours, theirs, "{filter} {fields:?}"),
            None => eprintln!("SKIPPED: no tshark here to compare with"),
        }
        ours.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
    }

    /// "GET /users/1", "200", in their order.
    fn talk(&self) -> Vec<String> {
        let rows = self.rows("http", &["http.request.method", "http.request.uri", "http.response.code"]);
        rows.iter().map(|r| if r[2].is_empty() { format!("{} {}", r[0], r[1]) } else { r[2].clone() }).collect()
    }

    fn streams(&self) -> usize {
        self.rows("tcp", &["tcp.stream"]).into_iter().collect::<BTreeSet<_>>().len()
    }
}

#[test]
fn each_choice_of_http_is_the_talk_it_says_it_is() {
    if !possible() {
        return;
    }
    let cases: &[(&str, &[&str])] = &[
        ("get-json", &["GET /users/1", "200", "GET /users/1", "200"]),
        ("get-file", &["GET /hello.txt", "200", "GET /hello.txt", "304"]),
        ("head", &["HEAD /hello.txt", "200", "HEAD /hello.txt", "200"]),
        ("post", &["POST /users", "201", "POST /users", "201"]),
        ("not-found", &["GET /nothing", "404", "GET /nothing", "404"]),
        ("redirect", &["GET /old", "301", "GET /users/1", "200", "GET /old", "301", "GET /users/1", "200"]),
        ("chunked", &["GET /stream", "200", "GET /stream", "200"]),
    ];
    for (request, talk) in cases {
        for (connection, streams) in [("keep-alive", 1), ("close", talk.len() / 2)] {
            let saved = saved("http", &[("request", request), ("connection", connection)]);
            assert_eq!((saved.talk(), saved.streams()), (talk.iter().map(|t| (*t).to_owned()).collect(), streams), "{request} {connection}");
        }
    }
}

#[test]
fn a_head_says_how_long_the_file_is_and_brings_nothing_of_it() {
    if !possible() {
        return;
    }
    let length = |request| saved("http", &[("request", request), ("count", "1")]).rows("http.response", &["http.content_length", "tcp.len"]);
    let (head, get) = (length("head"), length("get-file"));
    assert_eq!(head[0][0], get[0][0], "the same length is announced");
    let n = |row: &[String]| row[1].parse::<usize>().unwrap();
    assert_eq!(n(&head[0]) + get[0][0].parse::<usize>().unwrap(), n(&get[0]), "the body makes the whole difference");
}

#[test]
fn a_chunked_answer_comes_piece_by_piece_and_has_no_length() {
    if !possible() {
        return;
    }
    let saved = saved("http", &[("request", "chunked"), ("count", "1")]);
    let rows = saved.rows("http.response", &["http.transfer_encoding", "http.content_length_header", "http.chunk_size"]);
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0][0].as_str(), rows[0][1].as_str()), ("chunked", ""));
    assert_eq!(rows[0][2].split(',').count(), 6, "five pieces and the end: {rows:?}");
    let sent = saved.rows("tcp.srcport == 80 && tcp.len > 0", &["frame.number"]).len();
    assert!(sent >= 5, "each piece goes when it is made: {sent}");
}

#[test]
fn the_body_waits_for_100_and_never_goes_when_it_is_refused() {
    if !possible() {
        return;
    }
    let accepted = saved("http", &[("request", "expect"), ("count", "1"), ("size", "5000")]);
    assert_eq!(accepted.rows("http.response", &["http.response.code"]), [["100"], ["200"]]);
    let after = accepted.rows("http.response.code == 100", &["frame.number"])[0][0].parse::<u32>().unwrap();
    let sizes = accepted.rows("tcp.dstport == 80 && tcp.len > 0", &["frame.number", "tcp.len"]);
    let (before, later): (Vec<_>, Vec<_>) = sizes.iter().partition(|r| r[0].parse::<u32>().unwrap() < after);
    assert_eq!(before.len(), 1, "the head alone: {sizes:?}");
    assert_eq!(later.iter().map(|r| r[1].parse::<usize>().unwrap()).sum::<usize>(), 5000);
    let refused = saved("http", &[("request", "expect-refused"), ("count", "1")]);
    assert_eq!(refused.rows("http.response", &["http.response.code"]), [["413"]]);
    let sent: usize = refused.rows("tcp.dstport == 80", &["tcp.len"]).iter().map(|r| r[0].parse::<usize>().unwrap()).sum();
    assert!((1..500).contains(&sent), "{sent}");
}

#[test]
fn pipelined_requests_share_a_segment_and_are_answered_in_order() {
    if !possible() {
        return;
    }
    let saved = saved("http", &[("request", "pipeline"), ("count", "3")]);
    assert_eq!(saved.rows("http.request", &["http.request.uri"]), [["/users/1,/hello.txt,/nothing"]]);
    let codes: Vec<_> = saved.rows("http.response", &["http.response.code"]).into_iter().flatten().collect();
    assert_eq!(codes.join(","), "200,200,404");
}

#[test]
fn a_page_causes_the_requests_for_what_it_links_to_over_two_connections() {
    if !possible() {
        return;
    }
    let saved = saved("http", &[("request", "page"), ("count", "1")]);
    let asked = saved.rows("http.request", &["http.request.uri", "tcp.stream"]);
    assert_eq!(asked[0], ["/", "0"]);
    let rest: BTreeSet<_> = asked[1..].iter().map(|r| (r[0].as_str(), r[1].as_str())).collect();
    assert_eq!(rest, BTreeSet::from([("/style.css", "0"), ("/picture.png", "1")]));
    let kinds: BTreeSet<_> = saved.rows("http.response", &["http.content_type"]).into_iter().flatten().collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["image/png", "text/css; charset=utf-8", "text/html; charset=utf-8"]);
}

#[test]
fn middleware_stands_before_and_after_the_handler_between_read_and_write() {
    if !possible() {
        return;
    }
    let steps = |exchange: &str, params: &[(&str, &str)]| {
        let (_, content) = run(exchange, params);
        let mut calls = content.calls_of(Host::Server);
        calls.sort_by_key(|c| c.at_enter);
        let handler = calls.iter().position(|c| c.what.name() == "handler").unwrap();
        let told = |c: &&osiscope::trace::Call| match &c.what {
            What::Step { name } => name.clone(),
            other => other.name().to_owned(),
        };
        // A library's next read has begun long before.
        let near: Vec<_> = calls.iter().filter(|c| c.what.name() != "read").map(told).collect();
        let at = near.iter().position(|n| n.starts_with("handler")).unwrap();
        assert!(calls[..handler].iter().any(|c| c.what.name() == "read"), "{near:?}");
        near[at.saturating_sub(2)..(at + 4).min(near.len())].to_vec()
    };
    let http = steps("http", &[("count", "1")]);
    assert_eq!(http[1..5], ["middleware log: before", "handler GET /users/1", "middleware log: after, GET /users/1 -> 200", "write"]);
    let cart = steps("cart", &[("memory", "cookie")]);
    assert_eq!(
        cart[..5],
        ["middleware log: before", "middleware session: before, no session", "handler GET /cart",
         "middleware session: after, nothing new", "middleware log: after, GET /cart -> 303"]
    );
}

#[test]
fn a_rest_url_says_it_all_and_a_session_url_does_not() {
    if !possible() {
        return;
    }
    let users = saved("rest", &[("part", "users")]);
    assert_eq!(
        users.talk(),
        ["GET /users", "200", "GET /users/1", "200", "POST /users", "201", "GET /users/3", "200", "PUT /users/3", "200",
         "PUT /users/3", "200", "DELETE /users/3", "204", "GET /users/3", "404", "DELETE /users", "405"]
    );
    assert_eq!(users.rows("http.location", &["http.location"]), [["/users/3"]]);
    let pages = saved("rest", &[("part", "pages")]);
    assert_eq!(pages.streams(), 2, "two persons");
    assert!(pages.rows("http.cookie || http.set_cookie", &["frame.number"]).is_empty(), "nobody had to be known");
    let session = saved("rest", &[("part", "session")]);
    let uris: BTreeSet<_> = session.rows("http.request", &["http.request.uri"]).into_iter().flatten().collect();
    assert_eq!(uris.into_iter().collect::<Vec<_>>(), ["/carlist"]);
    let given: BTreeSet<_> = session.rows("http.set_cookie", &["http.set_cookie"]).into_iter().flatten().collect();
    assert_eq!(given.len(), 2, "each person has a session of one's own");
}

#[test]
fn two_clients_have_two_cookies_and_two_carts() {
    if !possible() {
        return;
    }
    let forgetful = saved("cart", &[("memory", "none")]);
    assert_eq!(forgetful.talk(), ["POST /forgetful/cart", "200", "GET /forgetful/cart", "200"]);
    assert!(forgetful.rows("http.cookie || http.set_cookie", &["frame.number"]).is_empty());
    let cart = saved("cart", &[("memory", "cookie")]);
    let given = cart.rows("http.set_cookie", &["tcp.stream", "http.set_cookie"]);
    let id = |line: &str| line.split([';', '=']).nth(1).unwrap().to_owned();
    assert_eq!(given.len(), 3, "two come, one is taken back: {given:?}");
    assert!(given[2][1].contains("Max-Age=0") && id(&given[2][1]).is_empty());
    let ids = [id(&given[0][1]), id(&given[1][1])];
    assert!(ids[0] != ids[1] && ids.iter().all(|i| i.len() == 32), "{given:?}");
    for row in cart.rows("http.cookie", &["tcp.stream", "http.cookie"]) {
        let own = given.iter().position(|g| g[0] == row[0]).unwrap();
        assert_eq!(row[1], format!("sid={}", ids[own]), "each brings its own");
    }
    assert_eq!(cart.rows("http.request.uri == \"/cart\" && http.request.method == \"POST\" && !http.cookie", &["frame.number"]).len(), 0);
    let (run, content) = run("cart", &[]);
    let programs: BTreeSet<_> = content.calls_of(Host::Client).iter().map(|c| c.program).collect();
    assert_eq!(programs, BTreeSet::from([0, 1]));
    assert!(run.seen.iter().any(|e| matches!(e, LabEvent::Note { text } if text.en.contains("There are two carts"))), "{:?}", run.seen);
}

#[test]
fn a_url_is_opened_by_dns_then_tcp_then_http_and_the_second_time_without_a_question() {
    if !possible() {
        return;
    }
    let twice = saved("open-url", &[("visits", "2")]);
    let dns = twice.rows("dns", &["dns.flags.response", "dns.qry.name", "dns.a", "ip.dst", "frame.number"]);
    assert_eq!(dns.len(), 2, "one question, one answer: {dns:?}");
    assert_eq!(dns[0][..4], ["0", "www.osiscope.example", "", "127.0.0.53"]);
    assert_eq!(dns[1][..3], ["1", "www.osiscope.example", "127.0.0.80"]);
    let syns = twice.rows("tcp.flags.syn == 1 && tcp.flags.ack == 0", &["ip.dst", "frame.number"]);
    assert_eq!(syns.iter().map(|s| s[0].as_str()).collect::<Vec<_>>(), ["127.0.0.80"; 2]);
    assert_eq!(syns[0][1], "3", "the answer comes first");
    assert_eq!(
        twice.rows("http.request", &["http.host", "http.request.uri"]),
        [["www.osiscope.example", "/hello?lang=ja"], ["www.osiscope.example", "/hello?lang=ja"]]
    );
    let (run, _) = run("open-url", &[]);
    let times = run.seen.iter().filter(|e| matches!(e, LabEvent::Note { text } if text.en.contains("took: DNS")));
    assert_eq!(times.count(), 2);
}

#[test]
fn dns_may_answer_by_an_alias_with_no_or_not_at_once() {
    if !possible() {
        return;
    }
    let with = |answer| saved("open-url", &[("answer", answer), ("visits", "1"), ("url", "http://日本語.example/")]);
    let alias = with("alias").rows("dns.flags.response == 1", &["dns.cname", "dns.a"]);
    assert_eq!(alias, [["web.example", "127.0.0.80"]]);
    let none = with("no-such-name");
    assert_eq!(none.rows("dns.flags.response == 1", &["dns.flags.rcode", "dns.qry.name"]), [["3", "xn--wgv71a119e.example"]]);
    assert_eq!(none.rows("tcp", &["frame.number"]).len(), 0, "nobody to connect to");
    let lost = with("lost").rows("dns.flags.response == 0", &["frame.time_relative", "dns.id"]);
    assert_eq!((lost.len(), &lost[0][1]), (2, &lost[1][1]), "the same question again: {lost:?}");
    assert!(lost[1][0].parse::<f64>().unwrap() >= 1.0, "{lost:?}");
}
