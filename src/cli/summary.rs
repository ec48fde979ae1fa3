//! `osiscope summary FILE`: what a capture holds, in numbers. One pass; nothing is kept of a frame.

use super::print::Out;
use crate::engine::stream::{Piece, Stream};
use crate::flow::tally::{Amount, Messages, Tally};
use crate::flow::{MarkKind, MessageKind, Transport};
use crate::lang::{Lang, Text, Words, words};
use crate::proto;
use crate::timeline::Census;
use crate::trace::{Damage, Nanos};
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::process::ExitCode;

/// Bytes read at once: they stay in the processor's cache while they are looked at.
const PIECE: usize = 128 << 10;

#[derive(clap::Args)]
pub struct Args {
    /// A .pcap or .pcapng; `-` reads from standard input
    file: PathBuf,
    /// One JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Prints the summary. A damaged capture: of all frames before the damage, then what is wrong, and exit code 1.
pub fn run(args: &Args, lang: Lang) -> Result<ExitCode, Text> {
    let shown = args.file.display();
    let cannot = |e: io::Error| Text::new(format!("{shown} を読めません：{e}"), format!("cannot read {shown}: {e}"));
    let (census, damage) = match args.file.as_os_str() == "-" {
        true => count(&mut io::stdin().lock()),
        false => File::open(&args.file).and_then(|mut file| count(&mut file)),
    }
    .map_err(cannot)?;
    let mut out = Out::new();
    let written = match args.json {
        true => out.line(&as_json(&census, damage.as_ref(), lang).to_string()),
        false => as_text(&census, lang).iter().try_fold(true, |on, line| Ok(on && out.line(line)?)),
    }?;
    if written {
        out.flush()?;
    }
    match damage {
        Some(damage) => Err(damage.why),
        None => Ok(ExitCode::SUCCESS),
    }
}

fn count(from: &mut dyn Read) -> io::Result<(Census, Option<Damage>)> {
    let mut census = Census::new();
    let mut from = Stream::open(from)?;
    let mut at = 0;
    let mut piece = Piece::new(PIECE);
    loop {
        match from.read(piece.room()) {
            Ok(0) => break,
            Ok(n) => {
                census.feed(piece.first(n));
                at += n as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    let inner = census.finish();
    let damage = from.damage(at, u64::from(census.frames()), inner);
    Ok((census, damage))
}

fn transport(transport: Transport) -> Words {
    match transport {
        Transport::Tcp => words("TCP", "TCP"),
        Transport::Udp => words("UDP", "UDP"),
        Transport::Icmp => words("ICMP", "ICMP"),
        Transport::Arp => words("ARP", "ARP"),
        Transport::Other => words("その他", "other"),
    }
}

fn kind(kind: MessageKind) -> (&'static str, Words) {
    match kind {
        MessageKind::Request => ("requests", words("要求", "requests")),
        MessageKind::Response => ("responses", words("応答", "responses")),
        MessageKind::Text => ("texts", words("テキスト", "texts")),
        MessageKind::Binary => ("binaries", words("バイナリ", "binary messages")),
        MessageKind::Ping => ("pings", words("Ping", "pings")),
        MessageKind::Pong => ("pongs", words("Pong", "pongs")),
        MessageKind::Close => ("closes", words("Close", "closes")),
        MessageKind::Continuation => ("continuations", words("続き", "continuations")),
        MessageKind::Data => ("data", words("データ", "data")),
    }
}

/// What each limit is called in JSON, how often it was hit, and what that means.
fn limits(tally: &Tally) -> Vec<(&'static str, u64, Words)> {
    let all = [
        (
            "holes",
            tally.limits.holes,
            words("欠けたバイトを待つのをやめた回数（待つデータが多すぎました）", "holes given up, because too much data waited behind them"),
        ),
        ("heads", tally.limits.heads, words("長すぎて読むのをやめたヘッダの数", "heads too long to be believed")),
        (
            "questions",
            tally.limits.questions,
            words("応答を待つ要求が多すぎて忘れたものの数", "questions forgotten, because too many waited for an answer"),
        ),
        (
            "fragments",
            tally.limits.fragments,
            words("断片がそろう前に手放したデータグラムの数", "datagrams given up before all their fragments had come"),
        ),
    ];
    all.into_iter().filter(|(_, n, _)| *n > 0).collect()
}

/// "1,234,567".
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Seconds since 1970, to the nanosecond.
fn seconds(at: Nanos) -> String {
    let sign = if at.0 < 0 { "-" } else { "" };
    let n = at.0.unsigned_abs();
    format!("{sign}{}.{:09}", n / 1_000_000_000, n % 1_000_000_000)
}

/// The messages of each protocol that has some, with its name.
fn messages(tally: &Tally) -> impl Iterator<Item = (&'static dyn proto::Protocol, &Messages)> {
    let all = proto::TABLE.iter().copied().zip(&tally.messages);
    all.filter(|(_, m)| m.kinds.iter().any(|n| *n > 0))
}

/// Conversations by application protocol: frames and bytes carried. The name is `None` where nothing was carried.
fn apps(tally: &Tally) -> impl Iterator<Item = (Option<&'static dyn proto::Protocol>, Amount)> {
    let names = proto::TABLE.iter().copied().map(Some).chain([None]);
    names.zip(tally.apps.iter().copied()).filter(|(_, a)| a.frames > 0)
}

fn as_text(census: &Census, lang: Lang) -> Vec<String> {
    let tally = census.tally();
    let mut out = Vec::new();
    let mut say = |name: Words, value: String| out.push(format!("{}{}{value}", name.get(lang), lang.pick("：", ": ")));
    let amount = |a: Amount| {
        let (frames, bytes) = (grouped(a.frames), grouped(a.bytes));
        lang.pick(format!("{frames} フレーム、{bytes} バイト"), format!("{frames} frames, {bytes} bytes"))
    };
    say(words("フレーム", "Frames"), amount(tally.all));
    if tally.captured != tally.all.bytes {
        say(words("うちファイルにあるバイト", "Bytes of them in the file"), grouped(tally.captured));
    }
    if let Some((first, last)) = tally.span {
        let nanos = last.since(first);
        say(words("最初と最後の時刻（1970 年からの秒）", "First and last time (seconds since 1970)"), format!("{} … {}", seconds(first), seconds(last)));
        say(words("期間（秒）", "Duration (seconds)"), seconds(Nanos(nanos)));
    }
    for (n, of) in census.interfaces.iter().enumerate() {
        let name = of.name.clone().unwrap_or_else(|| n.to_string());
        let lost = match of.dropped {
            0 => String::new(),
            d => lang.pick(format!("、取りこぼし {}", grouped(d)), format!(", {} lost", grouped(d))),
        };
        say(words("インタフェース", "Interface"), format!("{name} ({}): {}{lost}", of.link.name(), amount(of.amount)));
    }
    for (title, of) in [("IPv4", 0), ("IPv6", 1)] {
        if tally.ip[of].frames > 0 {
            say(words(title, title), amount(tally.ip[of]));
        }
    }
    if tally.fragments > 0 {
        say(words("断片（フラグメント）", "Fragments"), grouped(tally.fragments));
    }
    for (i, t) in Transport::ALL.into_iter().enumerate().rev() {
        if tally.transports[i].frames > 0 {
            let flows = match tally.flows[i] {
                0 => String::new(),
                n => lang.pick(format!("、フロー {}", grouped(n)), format!(", {} flows", grouped(n))),
            };
            say(transport(t), amount(tally.transports[i]) + &flows);
        }
    }
    for (app, of) in apps(tally) {
        let name = app.map_or(lang.pick("データのない会話", "Conversations without data"), |p| p.title());
        let (frames, bytes) = (grouped(of.frames), grouped(of.bytes));
        let text = lang.pick(format!("{frames} フレーム、運んだデータ {bytes} バイト"), format!("{frames} frames that carried {bytes} bytes"));
        say(words(name, name), text);
    }
    for (app, of) in messages(tally) {
        let all = MessageKind::ALL.into_iter().zip(of.kinds).filter(|(_, n)| *n > 0);
        let mut parts: Vec<String> = all.map(|(k, n)| format!("{} {}", kind(k).1.get(lang), grouped(n))).collect();
        if of.cut > 0 {
            parts.push(format!("{} {}", lang.pick("（終わりが見えないもの", "(of them cut off"), grouped(of.cut)) + lang.pick("）", ")"));
        }
        say(words("メッセージ", "Messages"), format!("{} — {}", app.title(), parts.join(lang.pick("、", ", "))));
    }
    if !tally.methods.is_empty() {
        let all: Vec<String> = tally.methods.iter().map(|(m, n)| format!("{m} {}", grouped(*n))).collect();
        say(words("HTTP のメソッド", "HTTP methods"), all.join(lang.pick("、", ", ")));
    }
    let classes: Vec<String> = tally.statuses.iter().enumerate().filter(|(_, n)| **n > 0).map(|(c, n)| format!("{c}xx {}", grouped(*n))).collect();
    if !classes.is_empty() {
        say(words("HTTP のステータス", "HTTP status codes"), classes.join(lang.pick("、", ", ")));
    }
    for (mark, n) in MarkKind::ALL.into_iter().zip(tally.marks).filter(|(_, n)| *n > 0) {
        say(words(mark.field(), mark.field()), grouped(n));
    }
    if census.calls > 0 {
        say(words("ソケット呼び出し", "Socket calls"), grouped(census.calls));
    }
    if census.comments > 0 {
        say(words("コメント", "Comments"), grouped(census.comments));
    }
    for (_, n, meaning) in limits(tally) {
        say(words("上限", "Limit"), format!("{}: {}", meaning.get(lang), grouped(n)));
    }
    out
}

fn as_json(census: &Census, damage: Option<&Damage>, lang: Lang) -> Value {
    let tally = census.tally();
    let amount = |a: Amount| json!({"frames": a.frames, "bytes": a.bytes});
    let interfaces: Vec<Value> = census
        .interfaces
        .iter()
        .map(|i| json!({"name": i.name, "link": i.link.name(), "frames": i.amount.frames, "bytes": i.amount.bytes, "dropped": i.dropped}))
        .collect();
    let mut transports = Map::new();
    for (i, t) in Transport::ALL.into_iter().enumerate() {
        let of = tally.transports[i];
        if of.frames > 0 {
            let name = transport(t).en.to_ascii_lowercase();
            transports.insert(name, json!({"frames": of.frames, "bytes": of.bytes, "flows": tally.flows[i]}));
        }
    }
    let mut protocols = Map::new();
    for (name, of) in [("ip", tally.ip[0]), ("ipv6", tally.ip[1])] {
        if of.frames > 0 {
            protocols.insert(name.to_owned(), amount(of));
        }
    }
    for (app, of) in apps(tally).filter_map(|(app, of)| Some((app?, of))) {
        protocols.insert(app.name().to_owned(), amount(of));
    }
    let said: Map<String, Value> = messages(tally)
        .map(|(app, of)| {
            let kinds = MessageKind::ALL.into_iter().zip(of.kinds).filter(|(_, n)| *n > 0);
            let mut all: Map<String, Value> = kinds.map(|(k, n)| (kind(k).0.to_owned(), n.into())).collect();
            all.insert("cut_off".to_owned(), of.cut.into());
            all.insert("bytes".to_owned(), of.bytes.into());
            (app.name().to_owned(), all.into())
        })
        .collect();
    let methods: Map<String, Value> = tally.methods.iter().map(|(m, n)| (m.to_string(), (*n).into())).collect();
    let marks = MarkKind::ALL.into_iter().zip(tally.marks).filter(|(_, n)| *n > 0);
    let marks: Map<String, Value> = marks.map(|(m, n)| (m.field().to_owned(), n.into())).collect();
    let classes = tally.statuses.iter().enumerate().filter(|(_, n)| **n > 0);
    let classes: Map<String, Value> = classes.map(|(c, n)| (format!("{c}xx"), (*n).into())).collect();
    let limits: Map<String, Value> = limits(tally).into_iter().map(|(name, n, _)| (name.to_owned(), n.into())).collect();
    json!({
        "frames": tally.all.frames,
        "bytes": tally.all.bytes,
        "captured_bytes": tally.captured,
        "first": tally.span.map(|(first, _)| seconds(first)),
        "last": tally.span.map(|(_, last)| seconds(last)),
        "interfaces": interfaces,
        "fragments": tally.fragments,
        "transports": transports,
        "protocols": protocols,
        "marks": marks,
        "messages": said,
        "http_methods": methods,
        "http_statuses": classes,
        "calls": census.calls,
        "comments": census.comments,
        "limits": limits,
        "damage": damage.map(|d| json!({"at": d.at, "why": d.why.get(lang)})),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_from_the_right() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([Nanos(-1), Nanos(1_500_000_000)].map(seconds), ["-0.000000001", "1.500000000"]);
    }
}
