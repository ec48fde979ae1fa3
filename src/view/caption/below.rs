//! Below the transport: ARP, ICMP and ICMPv6, fragments, and frames that cannot be read further.

use super::Caption;
use super::now::Now;
use super::words::{add, ip_name, say, say_note};
use crate::lang::Text;
use crate::wire::{Key, Layer, Value, Why};
use std::net::IpAddr;

pub fn arp(now: &Now, at: usize) -> Caption {
    let Some(arp) = now.explained.dissected.layers.get(at) else { return Caption::default() };
    let get = |name: &str| now.print_in(arp, name);
    let sender_ip = get("arp.src.proto_ipv4");
    let target = get("arp.dst.proto_ipv4").unwrap_or_else(|| "?".into());
    let mac = get("arp.src.hw_mac").unwrap_or_else(|| "?".into());
    let unset = sender_ip.as_deref().is_none_or(|ip| ip == "0.0.0.0");
    let who = Text::same(if unset { mac.clone() } else { sender_ip.clone().unwrap_or_default() });
    let opcode = arp.field("arp.opcode").and_then(|f| f.value.as_uint());
    let mine = sender_ip.unwrap_or_else(|| "?".into());
    let (large, tag, second) = match opcode {
        Some(1) if mine == target && !unset => (
            say(&who, &format!("{mine} は私だよ。覚えておいて"), &format!("{mine} is me. Please remember.")),
            "ARP announcement",
            Text::new(
                "自分のアドレスを聞く ARP（gratuitous ARP）：まわりの ARP 表を新しくする。",
                "It asks for its own address (gratuitous ARP): this renews the tables around it.",
            ),
        ),
        Some(1) if unset => (
            say_note(
                &who,
                &format!("{target} を使っている人、いる？"),
                &format!("Does anybody use {target}?"),
                "全員あて",
                "to everyone",
            ),
            "ARP probe",
            Text::new(
                "ARP プローブ：アドレスを使い始める前に、空いているか確かめる（RFC 5227）。",
                "An ARP probe: before it takes the address, it checks that nobody has it (RFC 5227).",
            ),
        ),
        Some(1) => (
            say_note(
                &who,
                &format!("{target} の人、MAC アドレスを教えて"),
                &format!("Whoever has {target}, what is your MAC address?"),
                "全員あて",
                "to everyone",
            ),
            "ARP request",
            Text::new(
                "IP のパケットを送る前に、同じネットワークの中で届け先の MAC アドレスを調べる。",
                "Before an IP packet can go out, the MAC address of its next stop must be found.",
            ),
        ),
        Some(2) => (
            say(
                &who,
                &format!("{mine} は私だよ。MAC アドレスは {mac}"),
                &format!("{mine} is me. My MAC address is {mac}."),
            ),
            "ARP reply",
            Text::new(
                "聞いた側は、この答えをしばらく ARP 表に覚えておく。",
                "The asking side keeps this in its ARP table for a while.",
            ),
        ),
        other => {
            let n = other.map_or_else(|| "?".into(), |n| n.to_string());
            (
                say(&who, &format!("ARP のメッセージだよ（opcode {n}）"), &format!("An ARP message (opcode {n}).")),
                "ARP",
                Text::default(),
            )
        }
    };
    Caption { large, tag: tag.into(), second }
}

/// The sender of an ICMP message: one of the ends of the flow that it speaks of, or somebody on the way.
fn icmp_sender(now: &Now) -> Text {
    let Some(ip) = now.source_ip() else { return now.source() };
    match now.flow {
        Some(f) if f.start_seen && f.ends[0].port() != 0 && f.ends[0].ip() == f.ends[1].ip() => Text::same(ip_name(ip)),
        Some(f) if f.start_seen && f.ends[0].port() != 0 && f.ends[0].ip() == ip => Text::new("クライアント", "Client"),
        Some(f) if f.start_seen && f.ends[0].port() != 0 && f.ends[1].ip() == ip => Text::new("サーバ", "Server"),
        _ => Text::same(ip_name(ip)),
    }
}

/// What kinds of ICMP there are for both versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    EchoRequest,
    EchoReply,
    PortUnreachable,
    Unreachable(u64),
    TooBig,
    TimeExceeded,
    Redirect,
    RouterSolicitation,
    RouterAdvertisement,
    NeighborSolicitation,
    NeighborAdvertisement,
    Groups,
    Other,
}

fn kind(v6: bool, typ: u64, code: u64) -> Kind {
    match (v6, typ, code) {
        (false, 0, _) | (true, 129, _) => Kind::EchoReply,
        (false, 8, _) | (true, 128, _) => Kind::EchoRequest,
        (false, 3, 3) | (true, 1, 4) => Kind::PortUnreachable,
        (false, 3, 4) | (true, 2, _) => Kind::TooBig,
        (false, 3, code) | (true, 1, code) => Kind::Unreachable(code),
        (false, 11, _) | (true, 3, _) => Kind::TimeExceeded,
        (false, 5, _) | (true, 137, _) => Kind::Redirect,
        (true, 133, _) => Kind::RouterSolicitation,
        (true, 134, _) => Kind::RouterAdvertisement,
        (true, 135, _) => Kind::NeighborSolicitation,
        (true, 136, _) => Kind::NeighborAdvertisement,
        (true, 130..=132 | 143, _) => Kind::Groups,
        _ => Kind::Other,
    }
}

/// The first address in one of these fields.
fn address(layer: &Layer, names: &[&str]) -> Option<IpAddr> {
    names.iter().find_map(|n| layer.field(n)).and_then(|f| match f.value {
        Value::Ipv4(a) => Some(a.into()),
        Value::Ipv6(a) => Some(a.into()),
        _ => None,
    })
}

pub fn icmp(now: &Now, at: usize) -> Caption {
    let layers = &now.explained.dissected.layers;
    let Some(icmp) = layers.get(at) else { return Caption::default() };
    let v6 = icmp.proto == "icmpv6";
    let uint = |name: &str| icmp.field(name).and_then(|f| f.value.as_uint());
    let pick = |four: &'static str, six: &'static str| uint(if v6 { six } else { four });
    let (typ, code) = (pick("icmp.type", "icmpv6.type").unwrap_or(255), pick("icmp.code", "icmpv6.code").unwrap_or(0));
    let who = icmp_sender(now);
    // The quoted headers are fields of the ICMP layer, or layers behind it.
    let quoted = layers.get(at..).unwrap_or(&[]);
    let port = ["udp.dstport", "tcp.dstport"].iter().find_map(|n| quoted.iter().find_map(|l| l.field(n)));
    let port = port.and_then(|f| f.value.as_uint());
    let target = address(icmp, &["icmpv6.nd.ns.target_address", "icmpv6.nd.na.target_address"]).map(ip_name);
    let target = target.unwrap_or_else(|| "?".into());
    let name = if v6 { "ICMPv6" } else { "ICMP" };
    let (large, what, second) = match kind(v6, typ, code) {
        Kind::EchoRequest => (
            say(&who, "聞こえる？", "Can you hear me?"),
            "echo request",
            Text::new(
                "ping：同じ中身を返してもらい、往復の時間を測る。",
                "ping: the same content should come back; this measures the time there and back.",
            ),
        ),
        Kind::EchoReply => (
            say(&who, "聞こえるよー", "I hear you."),
            "echo reply",
            Text::new("ping への答え。ID と番号で組になる。", "The answer to a ping: ID and number make the pair."),
        ),
        Kind::PortUnreachable => (
            match port {
                Some(port) => say(
                    &who,
                    &format!("ポート {port} では、受け取れないよ"),
                    &format!("Port {port} cannot be reached here."),
                ),
                None => say(&who, "そのポートでは、受け取れないよ", "That port cannot be reached here."),
            },
            "port unreachable",
            Text::new(
                "UDP には断る言葉がないので、ICMP が知らせる。もとのパケットの先頭が引用されている。",
                "UDP has no word for no, so ICMP tells it. The beginning of the packet in question is quoted.",
            ),
        ),
        Kind::Unreachable(code) => (
            say(&who, "そのあて先には届けられないよ", "I cannot deliver to that destination."),
            "destination unreachable",
            Text::new(format!("到達不能、コード {code}。"), format!("Destination unreachable, code {code}.")),
        ),
        Kind::TooBig => {
            let mtu = pick("icmp.mtu", "icmpv6.mtu").filter(|&m| m > 0);
            (
                match mtu {
                    Some(mtu) => say(
                        &who,
                        &format!("大きすぎて通せないよ。{mtu} バイトまでにして"),
                        &format!("Too big to pass. At most {mtu} bytes, please."),
                    ),
                    None => say(&who, "大きすぎて通せないよ", "Too big to pass."),
                },
                "packet too big",
                Text::new(
                    "この知らせで、送り手は途中の MTU を知る（Path MTU Discovery）。",
                    "From this the sender learns the MTU on the way (Path MTU Discovery).",
                ),
            )
        }
        Kind::TimeExceeded => (
            say(&who, "期限切れ。ここで捨てたよ", "Its time is up: I dropped it here."),
            "time exceeded",
            Text::new(
                "TTL（Hop Limit）が 0 になったか、断片がそろわなかった。traceroute はこれを使う。",
                "Its TTL (hop limit) reached 0, or its fragments did not all come. traceroute uses this.",
            ),
        ),
        Kind::Redirect => (
            say(&who, "そこへは、もっと近い道があるよ", "There is a shorter way to that place."),
            "redirect",
            Text::new("ルータが、よりよい次の届け先を教えている。", "A router names a better next hop."),
        ),
        Kind::RouterSolicitation => (
            say(&who, "ルータはいる？", "Is there a router?"),
            "router solicitation",
            Text::new("自分の IPv6 アドレスを決めるために、ルータを探す。", "It looks for a router to make its IPv6 address."),
        ),
        Kind::RouterAdvertisement => (
            say(&who, "私がルータだよ", "I am the router."),
            "router advertisement",
            Text::new("ネットワークのプレフィックスと、使ってよい時間を知らせる。", "It tells the prefix and how long it may be used."),
        ),
        Kind::NeighborSolicitation => (
            say(
                &who,
                &format!("{target} の人、MAC アドレスを教えて"),
                &format!("Whoever has {target}, what is your MAC address?"),
            ),
            "neighbor solicitation",
            Text::new("IPv6 では、ARP のかわりに近隣探索（ND）がこれをする。", "In IPv6, Neighbor Discovery does this instead of ARP."),
        ),
        Kind::NeighborAdvertisement => (
            match now.print_in(icmp, "icmpv6.opt.linkaddr") {
                Some(mac) => say(
                    &who,
                    &format!("{target} は私だよ。MAC アドレスは {mac}"),
                    &format!("{target} is me. My MAC address is {mac}."),
                ),
                None => say(&who, &format!("{target} は私だよ"), &format!("{target} is me.")),
            },
            "neighbor advertisement",
            Text::new("近隣探索の答え。ARP の応答にあたる。", "The answer of Neighbor Discovery, as a reply is in ARP."),
        ),
        Kind::Groups => (
            say(&who, "どのグループあてのものを受け取るか、の話だよ", "This is about which groups I listen to."),
            "multicast listener",
            Text::new("MLD：マルチキャストの聞き手を、ルータやスイッチに知らせる。", "MLD: it tells routers and switches who listens to a group."),
        ),
        Kind::Other => (
            say(
                &who,
                &format!("{name} のメッセージだよ（type {typ}、code {code}）"),
                &format!("An {name} message (type {typ}, code {code})."),
            ),
            "message",
            Text::default(),
        ),
    };
    let pair = [("id", pick("icmp.ident", "icmpv6.echo.identifier")), ("seq", pick("icmp.seq", "icmpv6.echo.sequence_number"))];
    let numbers: String = pair.iter().filter_map(|(n, v)| v.map(|v| format!(" {n}={v}"))).collect();
    let tag = format!("{name} {what} {numbers}").trim_end().to_owned();
    Caption { large, tag, second }
}

/// A piece of an IP packet: where it stands in the whole, in bytes (the header counts in eights), and whether more follows.
fn fragment(now: &Now) -> Option<(u64, bool, &'static str)> {
    for layer in &now.explained.dissected.layers {
        let uint = |name: &str| layer.field(name).and_then(|f| f.value.as_uint());
        if let Some(offset) = uint("ip.frag_offset") {
            let more = uint("ip.flags.mf") == Some(1);
            if offset > 0 || more {
                return Some((offset.saturating_mul(8), more, "IPv4"));
            }
        }
        if let Some(offset) = uint("ipv6.fraghdr.offset") {
            return Some((offset.saturating_mul(8), uint("ipv6.fraghdr.more") == Some(1), "IPv6"));
        }
    }
    None
}

/// The name of what the last IP header carries.
fn protocol(now: &Now) -> Option<String> {
    let named = |name: &str| now.explained.dissected.layers.iter().rev().find_map(|l| l.field(name)?.meaning.clone());
    named("ip.proto").or_else(|| named("ipv6.nxt"))
}

/// A frame without a transport header of ours.
pub fn other(now: &Now) -> Caption {
    let who = now.source();
    let dissected = &now.explained.dissected;
    let last = dissected.layers.last();
    let tag = last.map_or_else(|| "?".to_owned(), |l| l.title.to_owned());
    if let Some((offset, more, ip)) = fragment(now) {
        let (ja, en) = match (offset, more) {
            (0, _) => ("大きいから、分けて送るよ。これが最初".to_owned(), "It is big, so I send it in pieces: here is the first.".to_owned()),
            (n, true) => (format!("分けたものの続きだよ（{n} バイト目から）"), format!("The next piece, from byte {n} on.")),
            (n, false) => (format!("分けたものの最後だよ（{n} バイト目から）"), format!("The last piece, from byte {n} on.")),
        };
        let second = Text::new(
            format!("{ip} の断片（フラグメント）。全部そろってから、受け手の IP が 1 つに戻して上に渡す。"),
            format!("A fragment of {ip}. The receiver's IP puts all of them together before it hands them up."),
        );
        return Caption { large: say(&who, &ja, &en), tag: format!("{ip} fragment  offset={offset}"), second };
    }
    let mut second = Text::default();
    let large = match dissected.stop.as_ref().map(|s| (&s.why, s.proto)) {
        Some((Why::Unknown(key), _)) => {
            add(
                &mut second,
                Text::new(
                    format!("この先（{key}）を読む表の行がまだない。バイトは下の表で見られる。"),
                    format!("There is no reader yet for what follows ({key}). Its bytes are in the table below."),
                ),
            );
            let name = match key {
                Key::Link(link) => link.name(),
                Key::IpProto(_) => protocol(now).unwrap_or_else(|| key.to_string()),
                _ => key.to_string(),
            };
            if matches!(key, Key::Link(_)) {
                Text::new(format!("{name}：osiscope にはまだ読めません"), format!("{name}: osiscope cannot read it yet."))
            } else {
                Text::new(
                    format!("{}「…」（{name}：osiscope にはまだ読めません）", who.ja),
                    format!("{}: \"…\" ({name}: osiscope cannot read it yet)", who.en),
                )
            }
        }
        Some((Why::Truncated { need, have }, proto)) => Text::new(
            format!("ここから先は記録にありません（{proto}：{need} バイト必要、{have} バイトだけ）"),
            format!("The rest is not in the capture ({proto}: {need} bytes needed, {have} kept)."),
        ),
        Some((Why::Malformed(_), proto)) => Text::new(
            format!("このフレームには {proto} の決まりに合わないところがあります"),
            format!("Something in this frame breaks a rule of {proto}."),
        ),
        Some((Why::TooDeep, _)) => {
            Text::new("ヘッダの中のヘッダが深すぎて、ここまでしか読みません", "Headers within headers: read only down to here.")
        }
        None => match last {
            Some(layer) => Text::new(
                format!("{}「{} のフレームだよ」", who.ja, layer.title),
                format!("{}: \"This is {}.\"", who.en, layer.title),
            ),
            None => Text::new("このフレームには、まだ読める中身がありません", "Nothing in this frame can be read yet."),
        },
    };
    if second.ja.is_empty()
        && let Some(layer) = last
        && !layer.summary.is_empty()
    {
        second = Text::same(super::words::cut(&layer.summary, 120));
    }
    Caption { large, tag, second }
}
