//! The layer below all headers: what the capture says about a frame, and not the frame about itself.

use super::explain;
use crate::proto::tls::{self, x509};
use crate::trace::{FrameId, FrameMeta, Trace, frame_number};
use crate::wire::{Dissected, Field, Kind, Layer, LinkType, Osi, Span, Value, dissect};

crate::fields! {
    NUMBER: "frame.number", Kind::Dec, ("フレーム番号", "Frame number"),
        ("このキャプチャで何番目に記録されたかです。フレームの中には書かれていません。", "Which frame of this capture it is, counted from 1; it is not written in the frame.");
    INTERFACE: "frame.interface_id", Kind::Dec, ("インタフェース", "Interface"),
        ("どのネットワークインタフェースで記録されたかです。", "Which network interface it was captured on.");
    TIME: "frame.time_epoch", Kind::Seconds, ("時刻", "Epoch time"),
        ("記録した機器の時計の時刻で、1970 年 1 月 1 日 0 時（UTC）からの秒数です。", "When it was captured, by the clock of the capturing host: seconds since 1970-01-01 00:00 UTC.");
    RELATIVE: "frame.time_relative", Kind::Seconds, ("最初のフレームから", "Time since first frame"),
        ("キャプチャの最初のフレームからの秒数です。", "Seconds since the first frame of the capture.");
    DELTA: "frame.time_delta", Kind::Seconds, ("前のフレームから", "Time since previous frame"),
        ("直前のフレームからの秒数です。待ち時間がどこにあるかがわかります。", "Seconds since the frame before: shows where time was spent waiting.");
    LEN: "frame.len", Kind::Dec, ("長さ", "Frame length"),
        ("通信路を流れたときのバイト数です。", "Bytes that it had on the wire.");
    CAP_LEN: "frame.cap_len", Kind::Dec, ("記録した長さ", "Capture length"),
        ("実際に記録されたバイト数です。長さより小さければ、残りは捨てられています。", "Bytes that were kept; where this is less than the length, the rest was thrown away.");
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
        let mut field = computed(&INTERFACE, Value::Uint(place.id.into()));
        field.meaning = interface.name.clone();
        fields.push(field);
    }
    if let Some(at) = trace.exact_time(frame) {
        let since = |id: Option<FrameId>| time(at - id.and_then(|id| trace.counted_from(id)).unwrap_or(at));
        fields.extend([
            computed(&TIME, time(at)),
            computed(&RELATIVE, since(Some(0))),
            computed(&DELTA, since(frame.checked_sub(1))),
        ]);
    }
    fields.extend([
        computed(&LEN, Value::Uint(meta.wire_len.into())),
        computed(&CAP_LEN, Value::Uint(meta.cap_len.into())),
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
        let message = layer.proto == "http" || explain::speaks(layer);
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
        if layer.buffer != 0 && (inside_http || matches!(layer.proto, "websocket" | "http2")) && seen.insert("http") {
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
