//! DNS: the question for a name, and what the answer says about it (RFC 1035).

use super::message::{Found, title_of};
use super::now::Now;
use super::words::{add, cut, say, shrink};
use crate::flow::Message;
use crate::lang::Text;
use crate::wire::{Field, Layer};

pub fn speak(now: &Now, m: &Message, layer: Option<&Layer>) -> Found {
    let dns = now.explained.dissected.layers.iter().find(|l| matches!(l.proto, "dns" | "mdns" | "llmnr"));
    if let Some(layer) = layer.or(dns) {
        return read(now, layer);
    }
    let title = title_of(m);
    Found {
        large: shrink(|n| say(&now.sender(), &cut(&title, n), &cut(&title, n))),
        tag: "DNS".into(),
        second: Text::new("DNS のメッセージ。", "A DNS message."),
        ..Found::default()
    }
}

/// What a dissected DNS message says.
pub fn read(now: &Now, layer: &Layer) -> Found {
    let is_answer = now.print_in(layer, "dns.flags.response").is_some_and(|v| v == "1" || v == "True");
    let name = now.print_in(layer, "dns.qry.name").unwrap_or_default();
    let record = layer.field("dns.qry.type").map(|f| meaning(f, now, layer)).unwrap_or_default();
    let multicast = [now.number("udp.srcport"), now.number("udp.dstport")].contains(&Some(5353));
    let sender = now.sender();
    if !is_answer {
        let large = shrink(|n| {
            let name = cut(&name, n);
            match record.as_str() {
                _ if name.is_empty() => say(&sender, "名前について教えて", "I have a question about a name."),
                "A" | "AAAA" => {
                    say(&sender, &format!("{name} の IP アドレス、教えて"), &format!("What is the IP address of {name}?"))
                }
                _ => say(
                    &sender,
                    &format!("{name} の {record} レコード、教えて"),
                    &format!("What is the {record} record of {name}?"),
                ),
            }
        });
        let mut second = if multicast {
            Text::new(
                "マルチキャスト DNS：サーバのかわりに、同じネットワークの全員に聞く。",
                "Multicast DNS: it asks everyone in the same network instead of a server.",
            )
        } else {
            Text::new(
            "ID が同じ答えを待つ。名前は「長さ + 文字」の並びで書かれている。",
            "It waits for an answer with the same ID. A name is written as lengths and letters.",
            )
        };
        if record == "AAAA" {
            add(&mut second, Text::new("AAAA は IPv6 のアドレス。", "AAAA asks for an IPv6 address."));
        }
        return Found { large, tag: tag("query", layer, now, &record), second, ..Found::default() };
    }
    let server = if multicast { sender } else { Text::new("DNS サーバ", "DNS server") };
    let rcode = now.print_in(layer, "dns.flags.rcode").and_then(|c| c.parse::<u64>().ok()).unwrap_or(0);
    let count = now.print_in(layer, "dns.count.answers").and_then(|c| c.parse::<u64>().ok()).unwrap_or(0);
    // Without answers, an address in the message belongs to a name server, not to the name.
    let address = record_with(layer, &["dns.a", "dns.aaaa"]).filter(|_| count > 0);
    let large = shrink(|n| {
        let name = cut(&name, n);
        match (rcode, &address) {
            (3, _) => say(&server, &format!("{name} という名前はないよ"), &format!("There is no such name as {name}.")),
            (1.., _) => say(
                &server,
                &format!("{name} のことは答えられないよ（{rcode}）"),
                &format!("I cannot answer about {name} ({rcode})."),
            ),
            (0, Some((value, siblings))) if matches!(record.as_str(), "A" | "AAAA" | "") => {
                let bytes = now.explained.dissected.bytes(layer);
                let addr = value.print(bytes);
                let ttl = siblings.iter().find(|f| f.def.name == "dns.resp.ttl").map(|f| f.print(bytes));
                match ttl.filter(|_| addr.len() <= 15) {
                    Some(ttl) => say(
                        &server,
                        &format!("{name} は {addr} だよ（{ttl} 秒間は覚えておいていいよ）"),
                        &format!("{name} is {addr}. (You may remember it for {ttl} s.)"),
                    ),
                    None => say(&server, &format!("{name} は {addr} だよ"), &format!("{name} is {addr}.")),
                }
            }
            // Records of the authority section do not answer the question.
            (0, _) => match other_value(now, layer).filter(|_| count > 0) {
                Some((kind, value)) => {
                    let value = cut(&value, n);
                    say(
                        &server,
                        &format!("{name} の {kind} レコードは {value} だよ"),
                        &format!("The {kind} record of {name} is {value}."),
                    )
                }
                None => say(
                    &server,
                    &format!("{name} に {record} レコードはないよ"),
                    &format!("{name} has no {record} record."),
                ),
            },
        }
    });
    let mut second = Text::new(
        "質問と同じ ID の答え。TTL の間は、もう一度聞かなくてよい。",
        "The answer to the question with the same ID. Within the TTL nobody needs to ask again.",
    );
    if count > 1 {
        add(&mut second, Text::new(format!("答えのレコードは {count} 個。"), format!("It holds {count} answer records.")));
    }
    if rcode == 3 {
        second = Text::new("NXDOMAIN（rcode 3）：この名前は存在しない。", "NXDOMAIN (rcode 3): the name does not exist.");
    }
    Found { large, tag: tag("answer", layer, now, &record), second, ..Found::default() }
}

fn tag(what: &str, layer: &Layer, now: &Now, record: &str) -> String {
    let id = now.print_in(layer, "dns.id").map(|id| format!("  id={id}")).unwrap_or_default();
    format!("DNS {what} {record}{id}")
}

/// The name of a number, or the number.
fn meaning(field: &Field, now: &Now, layer: &Layer) -> String {
    let printed = || field.print(now.explained.dissected.bytes(layer));
    let full = field.meaning.clone().unwrap_or_else(printed);
    cut(full.split([' ', '(', ',']).next().unwrap_or_default(), 12)
}

/// The first field of one of these names, and the fields beside it.
fn record_with<'a>(layer: &'a Layer, names: &[&str]) -> Option<(&'a Field, &'a [Field])> {
    fn search<'a>(fields: &'a [Field], names: &[&str]) -> Option<(&'a Field, &'a [Field])> {
        if let Some(hit) = fields.iter().find(|f| names.contains(&f.def.name)) {
            return Some((hit, fields));
        }
        fields.iter().find_map(|f| search(&f.children, names))
    }
    search(&layer.fields, names)
}

/// Type and value of the first answer that is no address.
fn other_value(now: &Now, layer: &Layer) -> Option<(String, String)> {
    let kinds = [
        ("MX", "dns.mx.mail_exchange"),
        ("TXT", "dns.txt"),
        ("SRV", "dns.srv.target"),
        ("PTR", "dns.ptr.domain_name"),
        ("CNAME", "dns.cname"),
        ("NS", "dns.ns"),
        ("A", "dns.a"),
        ("AAAA", "dns.aaaa"),
    ];
    let wanted = layer.field("dns.qry.type").map(|f| meaning(f, now, layer)).unwrap_or_default();
    let hit = |(kind, name): &(&'static str, &'static str)| now.print_in(layer, name).map(|v| ((*kind).to_owned(), v));
    kinds.iter().filter(|(kind, _)| *kind == wanted).find_map(hit).or_else(|| kinds.iter().find_map(hit))
}
