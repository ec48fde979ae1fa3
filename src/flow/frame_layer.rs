//! The layer below all headers: what the capture says about a frame, and not the frame about itself.

use super::brief;
use crate::proto::named;
use crate::proto::tls::{self, x509};
use crate::trace::{FrameId, FrameMeta, Trace, frame_number};
use crate::wire::{Dissected, Field, Kind, Layer, LinkType, Osi, Span, Value, dissect};

crate::fields! {
    NUMBER: "frame.number", Kind::Dec, ("フレーム番号", "Frame number"),
        ("このキャプチャで何番目に記録されたかです。フレームの中には書かれていません。", "Which frame of this capture it is, counted from 1; it is not written in the frame.");
    SECTION: "frame.section_number", Kind::Dec, ("区画", "Section number"),
        ("pcapng ファイルの何番目の区画（section）にあるかです。", "Which section of the pcapng file it stands in, counted from 1.");
    INTERFACE: "frame.interface_id", Kind::Dec, ("インタフェース", "Interface"),
        ("どのネットワークインタフェースで記録されたかです。", "Which network interface it was captured on.");
    INTERFACE_NAME: "frame.interface_name", Kind::Text, ("インタフェース名", "Interface name"),
        ("記録したネットワークインタフェースの名前です。", "What the capturing host calls that interface.");
    INTERFACE_DESCRIPTION: "frame.interface_description", Kind::Text, ("インタフェースの説明", "Interface description"),
        ("記録したネットワークインタフェースの説明です。", "What the capturing host says about that interface.");
    ENCAP: "frame.encap_type", Kind::Dec, ("最初のヘッダの種類", "Encapsulation type"),
        ("フレームがどのヘッダで始まるかを、Wireshark の番号で表したものです。1 は Ethernet です。", "With which header it begins, by Wireshark's own number: 1 is Ethernet.");
    COMMENT: "frame.comment", Kind::Text, ("コメント", "Comment"),
        ("キャプチャファイルの中で、だれかがこのフレームに付けた言葉です。", "What somebody wrote about this frame in the capture file.");
    COMMENT_EXPERT: "frame.comment.expert", Kind::Group, ("コメントがある", "Has a comment"),
        ("このフレームにはコメントが付いています。", "Somebody wrote a comment about this frame.");
    DATE: "frame.time", Kind::Text, ("日時", "Arrival time"),
        ("記録した機器の時計の日時です（協定世界時）。", "When it was captured, by the clock of the capturing host, as a date (UTC).");
    SHIFT: "frame.offset_shift", Kind::Seconds, ("時刻のずらし", "Time shift"),
        ("読んだあとに時刻をずらした秒数です。osiscope はずらさないので、いつも 0 です。", "Seconds by which its time was moved after reading: always 0, osiscope moves none.");
    TIME: "frame.time_epoch", Kind::Seconds, ("時刻", "Epoch time"),
        ("記録した機器の時計の時刻で、1970 年 1 月 1 日 0 時（UTC）からの秒数です。", "When it was captured, by the clock of the capturing host: seconds since 1970-01-01 00:00 UTC.");
    RELATIVE: "frame.time_relative", Kind::Seconds, ("最初のフレームから", "Time since first frame"),
        ("キャプチャの最初のフレームからの秒数です。", "Seconds since the first frame of the capture.");
    DELTA: "frame.time_delta", Kind::Seconds, ("前のフレームから", "Time since previous frame"),
        ("直前のフレームからの秒数です。待ち時間がどこにあるかがわかります。", "Seconds since the frame before: shows where time was spent waiting.");
    DELTA_DISPLAYED: "frame.time_delta_displayed", Kind::Seconds, ("表示中の前のフレームから", "Time since previous displayed frame"),
        ("直前に表示されたフレームからの秒数です。", "Seconds since the frame displayed before.");
    LEN: "frame.len", Kind::Dec, ("長さ", "Frame length"),
        ("通信路を流れたときのバイト数です。", "Bytes that it had on the wire.");
    CAP_LEN: "frame.cap_len", Kind::Dec, ("記録した長さ", "Capture length"),
        ("実際に記録されたバイト数です。長さより小さければ、残りは捨てられています。", "Bytes that were kept; where this is less than the length, the rest was thrown away.");
    MARKED: "frame.marked", Kind::Bool, ("印", "Marked"),
        ("Wireshark で人が付ける印です。ファイルには残らないので、いつも 0 です。", "A mark people set in Wireshark; no file keeps it, so it is always 0.");
    IGNORED: "frame.ignored", Kind::Bool, ("無視", "Ignored"),
        ("Wireshark で人が無視させたフレームかどうかです。ファイルには残らないので、いつも 0 です。", "Whether somebody had Wireshark ignore it; no file keeps that, so it is always 0.");
    PROTOCOLS: "frame.protocols", Kind::Text, ("プロトコルの並び", "Protocols in frame"),
        ("下の層から順に、このフレームに入っているプロトコルです。", "The protocols in this frame, from the lowest layer up.");
}

/// The layer "frame" for a frame whose headers are in `dissected`.
pub fn layer(trace: &Trace, frame: FrameId, meta: &FrameMeta, loopback: bool, inside_http: bool, dissected: &Dissected) -> Layer {
    let computed = |def, value| Field::new(def, value, Span::NONE);
    let mut fields = vec![computed(&NUMBER, Value::Uint(frame_number(frame)))];
    // A pcap file does not number its one interface.
    let interface = trace.interfaces.get(meta.interface as usize);
    if let Some((interface, place)) = interface.and_then(|i| Some((i, i.place?))) {
        let name = interface.name.clone().unwrap_or_else(|| "unknown".to_owned());
        let mut names = vec![computed(&INTERFACE_NAME, Value::Text(name))];
        names.extend(interface.description.clone().map(|d| computed(&INTERFACE_DESCRIPTION, Value::Text(d))));
        let mut field = computed(&INTERFACE, Value::Uint(place.id.into())).with(names);
        field.meaning = interface.name.clone();
        fields.extend([computed(&SECTION, Value::Uint(place.section.into())), field]);
    }
    if let Some(encap) = interface.and_then(|i| i.link.encap()) {
        fields.push(computed(&ENCAP, Value::Uint(encap.into())));
    }
    let from = trace.comments.partition_point(|(id, _)| *id < frame);
    for (_, text) in trace.comments.iter().skip(from).take_while(|(id, _)| *id == frame) {
        fields.push(computed(&COMMENT, Value::Text(text.clone())).with(vec![computed(&COMMENT_EXPERT, Value::None)]));
    }
    if let Some(at) = trace.exact_time(frame) {
        fields.push(computed(&DATE, Value::Text(date(at))));
        let since = |id: Option<FrameId>| time(at - id.and_then(|id| trace.counted_from(id)).unwrap_or(at));
        fields.extend([
            computed(&SHIFT, Value::Nanos(0)),
            computed(&TIME, time(at)),
            computed(&RELATIVE, since(Some(0))),
            computed(&DELTA, since(frame.checked_sub(1))),
            computed(&DELTA_DISPLAYED, since(frame.checked_sub(1))),
        ]);
    }
    fields.extend([
        computed(&LEN, Value::Uint(meta.wire_len.into())),
        computed(&CAP_LEN, Value::Uint(meta.cap_len.into())),
        computed(&MARKED, Value::Bool(false)),
        computed(&IGNORED, Value::Bool(false)),
        computed(&PROTOCOLS, Value::Text(protocols(dissected, inside_http))),
    ]);
    let cut = if meta.cap_len < meta.wire_len { format!(" ({} captured)", meta.cap_len) } else { String::new() };
    let medium = if loopback { ", loopback: no physical medium" } else { "" };
    Layer {
        proto: "frame",
        title: "Frame",
        osi: Osi::Physical,
        buffer: 0,
        header: Span::NONE,
        payload: Span::new(0, meta.cap_len as usize),
        summary: format!("Frame {}: {} bytes{cut}{medium}", frame_number(frame), meta.wire_len),
        fields,
    }
}

/// A number of nanoseconds; in words where it is more than 292 years.
fn time(nanos: i128) -> Value {
    const BILLION: u128 = 1_000_000_000;
    i64::try_from(nanos).map_or_else(
        |_| {
            let (sign, n) = (if nanos < 0 { "-" } else { "" }, nanos.unsigned_abs());
            Value::Text(format!("{sign}{}.{:09}", n / BILLION, n % BILLION))
        },
        Value::Nanos,
    )
}

/// "Oct 19, 2025 14:34:36.000000000 UTC".
pub(super) fn date(nanos: i128) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (seconds, nanos) = (nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000));
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Years begin in March here, so that a leap day is the last of its year.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 2 } else { month - 10 };
    let year = year_of_era + era * 400 + i128::from(month < 2);
    let name = MONTHS.get(month as usize).copied().unwrap_or("");
    format!("{name} {day:2}, {year} {:02}:{:02}:{:02}.{nanos:09} UTC", second / 3600, second / 60 % 60, second % 60)
}

/// Did this frame stay inside one host? Linux shows its loopback as Ethernet with zeros for addresses.
pub fn is_loopback(trace: &Trace, meta: &FrameMeta, dissected: &Dissected) -> bool {
    let link = trace.link(meta);
    let zero = |name| dissected.layer("eth").and_then(|l| l.field(name)).map(|f| &f.value) == Some(&Value::Mac([0; 6]));
    let local = |name| match dissected.layers.iter().find_map(|l| l.field(name)).map(|f| &f.value) {
        Some(Value::Ipv4(ip)) => ip.is_loopback(),
        Some(Value::Ipv6(ip)) => ip.is_loopback(),
        _ => false,
    };
    let interface = trace.interfaces.get(meta.interface as usize).and_then(|i| i.name.as_deref());
    matches!(link, LinkType::NULL | LinkType::LOOP)
        || interface.is_some_and(|name| name == "lo" || name == "lo0")
        || (link == LinkType::ETHERNET && zero("eth.src") && zero("eth.dst"))
        || local("ip.src")
        || local("ipv6.src")
}

/// As tshark prints it: "eth:ethertype:ip:tcp:http". `inside_http`: HTTP carries what comes behind TCP.
pub fn protocols(dissected: &Dissected, inside_http: bool) -> String {
    let mut out = String::new();
    let mut seen = std::collections::HashSet::new();
    for layer in dissected.layers.iter().filter(|l| l.proto != "frame") {
        // Further messages of one frame do not repeat their protocol, but what each of them carries; headers in headers are
        // said again. "text" is our own word for bytes that Wireshark calls data.
        let message = layer.proto == "http" || brief::speaks(layer);
        let again = message && !seen.insert(layer.proto);
        if again || layer.proto == "text" {
            certificates(dissected, layer, &mut out);
            continue;
        }
        // TLS goes on with a further record of a tunnel.
        if inside_http && layer.proto == "tls" && layer.buffer == 0 && !out.ends_with("http") {
            out.push_str(":http");
        }
        // WebSocket and HTTP/2 run inside what began as HTTP.
        if brief::speaks_or_carries(layer) && (inside_http || matches!(layer.proto, "websocket" | "http2")) && seen.insert("http") {
            out.push_str(":http");
        }
        if !out.is_empty() {
            out.push(':');
        }
        out.push_str(layer.proto);
        if let Some(table) = dissect::through(dissected, layer) {
            out.push(':');
            out.push_str(table);
        }
        certificates(dissected, layer, &mut out);
        for name in quoted(layer, dissected.bytes(layer)) {
            out.push(':');
            out.push_str(name);
        }
    }
    out
}

/// The names of those who read what is inside the certificates of this layer.
fn certificates(dissected: &Dissected, layer: &Layer, out: &mut String) {
    if layer.proto != "tls" {
        return;
    }
    let bytes = dissected.bytes(layer);
    let mut note = |field: &Field| {
        let of = match field.def.name {
            name if name == tls::fields::CERTIFICATE.name => x509::of_certificate,
            name if name == tls::fields::DNAME.name => x509::of_name,
            _ => return,
        };
        for name in of(field.span.of(bytes)) {
            out.push(':');
            out.push_str(name);
        }
    };
    layer.fields.iter().for_each(|field| field.walk(&mut note));
}

/// The protocols of the packet that an ICMP error quotes, and who is spoken in it where its ports tell.
fn quoted(layer: &Layer, bytes: &[u8]) -> Vec<&'static str> {
    let mut out = Vec::new();
    let Some(quote) = layer.fields.iter().find(|f| f.def.name.ends_with(".quoted")) else { return out };
    for header in &quote.children {
        let Some(first) = header.children.first() else { continue };
        let name = first.def.name.split('.').next().unwrap_or_default();
        out.push(name);
        let number = |name: &str| header.children.iter().find(|f| f.def.name == name).and_then(|f| u16::try_from(f.value.as_uint()?).ok());
        let payload = header.children.iter().find(|f| f.def.name == "udp.payload").filter(|f| !f.span.is_empty());
        if let (Some(payload), Some(from), Some(to)) = (payload, number("udp.srcport"), number("udp.dstport")) {
            let known = by_port(from.min(to)).or_else(|| by_port(from.max(to)));
            out.push(known.unwrap_or_else(|| named::of(false, [from, to], payload.span.of(bytes)).map_or("data", |n| n.proto)));
        }
    }
    out
}

/// What is spoken on a port of UDP, of the protocols of the table.
fn by_port(port: u16) -> Option<&'static str> {
    match port {
        53 => Some("dns"),
        5353 => Some("mdns"),
        5355 => Some("llmnr"),
        _ => None,
    }
}
