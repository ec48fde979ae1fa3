//! What the server of the HTTP exchange answers: resources made by a program, and files.

use super::files;
use super::MAX_SIZE;
use crate::lab::record::Recorder;
use crate::lab::web::reply::{self, Reply};
use crate::lab::web::server::{Handler, handled, line, logged};
use bytes::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, ETAG, IF_NONE_MATCH, LOCATION};
use hyper::http::request::Parts;
use hyper::{Method, Request, StatusCode};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

/// What the server takes of a request's body at most: of JSON, and of an upload.
const MAX_JSON: usize = 64 * 1024;
pub const MAX_UPLOAD: u64 = 1_000_000;
/// The pieces of the answer whose length nobody knows at its beginning, and the time it takes to make each.
pub const PIECES: u32 = 5;
const PIECE: Duration = Duration::from_millis(60);

pub fn handler(recorder: Recorder) -> Handler {
    Arc::new(move |request| {
        let recorder = recorder.clone();
        Box::pin(async move {
            let line = line(&request);
            logged(&recorder, &line, handled(&recorder, &line, answer(request))).await
        })
    })
}

/// A program makes these; everything else is looked for among the files.
async fn answer(request: Request<Incoming>) -> Reply {
    let (head, body) = request.into_parts();
    match (&head.method, head.uri.path()) {
        (&Method::GET | &Method::HEAD, "/users/1") => {
            let user = serde_json::json!({"id": 1, "name": "大阪 太郎", "city": "Osaka"});
            // Made anew for each request: nobody may keep it.
            reply::with(reply::json(StatusCode::OK, &user), CACHE_CONTROL, "no-store")
        }
        (&Method::GET | &Method::HEAD, "/big") => {
            let size = head.uri.query().and_then(|q| q.strip_prefix("size=")).and_then(|n| n.parse::<u64>().ok());
            match size.filter(|n| *n <= MAX_SIZE) {
                Some(size) => reply::whole(StatusCode::OK, reply::TEXT, large(size)),
                None => reply::problem(StatusCode::BAD_REQUEST, "size must be a whole number up to 10000000"),
            }
        }
        (&Method::GET, "/old") => reply::elsewhere(StatusCode::MOVED_PERMANENTLY, "/users/1"),
        (&Method::GET, "/stream") => reply::with_body(StatusCode::OK, reply::TEXT, pieces()),
        (&Method::POST, "/users") => create(body).await,
        (&Method::POST, "/upload") => upload(&head, body).await,
        (&Method::GET | &Method::HEAD, path) => file(&head, path),
        (_, path) => nothing(path),
    }
}

fn nothing(path: &str) -> Reply {
    reply::problem(StatusCode::NOT_FOUND, &format!("there is nothing at {path}"))
}

/// The file itself, or 304 for whoever has this very content already (RFC 9110, 13.1.2).
fn file(head: &Parts, path: &str) -> Reply {
    let Some(file) = files::at(path) else { return nothing(path) };
    let etag = file.etag();
    let known = head.headers.get(IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == etag.as_bytes());
    let reply = if known {
        reply::empty(StatusCode::NOT_MODIFIED)
    } else {
        let length = file.bytes.len().to_string();
        reply::with(reply::whole(StatusCode::OK, file.kind, file.bytes), CONTENT_LENGTH, &length)
    };
    reply::with(reply, ETAG, &etag)
}

async fn create(body: Incoming) -> Reply {
    let Ok(body) = Limited::new(body, MAX_JSON).collect().await else {
        return reply::problem(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large");
    };
    let Ok(sent) = serde_json::from_slice::<serde_json::Value>(&body.to_bytes()) else {
        return reply::problem(StatusCode::BAD_REQUEST, "the body is not JSON");
    };
    let created = serde_json::json!({"id": 2, "received": sent});
    reply::with(reply::json(StatusCode::CREATED, &created), LOCATION, "/users/2")
}

/// Decides by the head alone. Only when the body is read does hyper say 100 Continue.
async fn upload(head: &Parts, body: Incoming) -> Reply {
    let announced = head.headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<u64>().ok());
    let too_large = || {
        let problem = reply::problem(StatusCode::PAYLOAD_TOO_LARGE, &format!("at most {MAX_UPLOAD} bytes"));
        // The body that was announced will not come: what follows on this connection would be misread as it.
        reply::with(problem, CONNECTION, "close")
    };
    if announced.is_none_or(|n| n > MAX_UPLOAD) {
        return too_large();
    }
    match Limited::new(body, MAX_UPLOAD as usize).collect().await {
        Ok(body) => reply::json(StatusCode::OK, &serde_json::json!({"received": body.to_bytes().len()})),
        Err(_) => too_large(),
    }
}

/// An answer that is sent while it is still being made: its length is unknown, so each piece has its own (RFC 9112, 7.1).
fn pieces() -> reply::Body {
    let pieces = stream::unfold(1, |n| async move {
        if n > PIECES {
            return None;
        }
        if n > 1 {
            tokio::time::sleep(PIECE).await;
        }
        let piece = Bytes::from(format!("piece {n} of {PIECES}\n"));
        Some((Ok::<_, Infallible>(Frame::data(piece)), n + 1))
    });
    StreamBody::new(pieces).boxed_unsync()
}

/// Numbered lines, so that one sees in any segment where in the whole one is.
pub fn large(size: u64) -> Vec<u8> {
    let size = usize::try_from(size).unwrap_or(0);
    let mut out = Vec::with_capacity(size + 40);
    for line in 1.. {
        if out.len() >= size {
            break;
        }
        out.extend_from_slice(format!("line {line:06}: the quick brown fox jumps\n").as_bytes());
    }
    out.truncate(size);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_large_body_has_exactly_the_size_asked_for() {
        for size in [0, 1, 41, 42, 100_000] {
            assert_eq!(large(size).len() as u64, size);
        }
    }
}
