//! What stands before bytes that go through a tunnel made by CONNECT: where the tunnel leads.
//!
//! In: host and port from the request. Out: a layer without bytes of its own. Its fields stand beside those of HTTP's messages,
//! because they are shown with messages of other protocols.

use crate::fields;
use crate::wire::{Field, Kind, Layer, Osi, Span, Value};

fields! {
    PROXY_HOST: "http.proxy_connect_host", Kind::Text, ("プロキシの先のホスト", "Proxy-Connect-Hostname"),
        ("このバイト列は HTTP のトンネルを通っていて、これがその先のホストです（RFC 9110 §9.3.6）。", "These bytes go through a tunnel made by HTTP; this is the host at its other end (RFC 9110 §9.3.6).");
    PROXY_PORT: "http.proxy_connect_port", Kind::Dec, ("プロキシの先のポート", "Proxy-Connect-Port"),
        ("トンネルの先のポート番号です（RFC 9110 §9.3.6）。", "The port at the tunnel's other end (RFC 9110 §9.3.6).");
}

/// The layer that stands before what goes through a tunnel made by CONNECT.
pub fn layer(host: &str, port: Option<u16>) -> Layer {
    let fact = |def, value| Field::new(def, value, Span::NONE);
    let mut fields = vec![fact(&PROXY_HOST, Value::Text(host.to_owned()))];
    fields.extend(port.map(|port| fact(&PROXY_PORT, Value::Uint(port.into()))));
    let summary = format!("tunnel to {host}{}", port.map(|port| format!(":{port}")).unwrap_or_default());
    Layer {
        proto: "http",
        title: "HTTP",
        osi: Osi::Application,
        buffer: 0,
        header: Span::NONE,
        payload: Span::NONE,
        summary,
        fields,
    }
}
