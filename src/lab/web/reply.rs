//! The answers of the lab's web servers.

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, SERVER};
use hyper::{Response, StatusCode};
use std::convert::Infallible;

/// A body that never fails: whole in memory, or made piece by piece.
pub type Body = UnsyncBoxBody<Bytes, Infallible>;
pub type Reply = Response<Body>;

pub const JSON: &str = "application/json; charset=utf-8";
pub const TEXT: &str = "text/plain; charset=utf-8";
pub const HTML: &str = "text/html; charset=utf-8";

/// A body that is known already: hyper states its Content-Length.
pub fn whole(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Reply {
    with_body(status, kind, Full::new(body.into()).boxed_unsync())
}

pub fn with_body(status: StatusCode, kind: &'static str, body: Body) -> Reply {
    let mut reply = bare(status, body);
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    reply
}

/// No body, and so no type of one.
pub fn empty(status: StatusCode) -> Reply {
    bare(status, Full::default().boxed_unsync())
}

fn bare(status: StatusCode, body: Body) -> Reply {
    let mut reply = Response::new(body);
    *reply.status_mut() = status;
    reply.headers_mut().insert(SERVER, HeaderValue::from_static("osiscope-lab"));
    reply
}

pub fn json(status: StatusCode, value: &serde_json::Value) -> Reply {
    whole(status, JSON, value.to_string())
}

/// An error, told in the language of an API.
pub fn problem(status: StatusCode, why: &str) -> Reply {
    json(status, &serde_json::json!({"error": why}))
}

/// "It is there": the client asks again, at this target (RFC 9110, 15.4).
pub fn elsewhere(status: StatusCode, target: &'static str) -> Reply {
    with(empty(status), LOCATION, target)
}

/// The same with one more header. A value that no header can carry is left out.
pub fn with(mut reply: Reply, name: HeaderName, value: &str) -> Reply {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().append(name, value);
    }
    reply
}

/// Text for a page: what a person wrote must not become part of the page's own marks.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
