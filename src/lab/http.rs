//! HTTP/1.1 (RFC 9112): a client and a server by hyper, several requests over one connection.

use super::ctx::{Ctx, both, could_not, in_time};
use super::socket::{Listener, Stream};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::trace::Host;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{ACCEPT, CONTENT_TYPE, HOST, LOCATION, SERVER, USER_AGENT};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, client, server};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::net::SocketAddr;
use tokio::task::JoinSet;

const MAX_SIZE: u64 = 10_000_000;
/// What the server takes of a request's body at most.
const MAX_BODY: usize = 64 * 1024;
const JSON: &str = "application/json; charset=utf-8";

static INFO: ExchangeInfo = ExchangeInfo {
    name: "http",
    badge: "HTTP",
    title: words("HTTP", "HTTP"),
    tagline: words("リクエストとレスポンス", "Request and response"),
    about: words(
        "Web の API がしていることです。リクエスト行、ヘッダ、空行、ボディという文字の並びが、TCP のバイト列の上をそのまま流れます。\
         Content-Length が次のメッセージの始まりを決めること、同じ接続が使い回されること（keep-alive）、大きなレスポンスがいくつものセグメントに分かれることを見てください。",
        "What a web API does. A request line, headers, an empty line and a body run as plain text over TCP's bytes. Look how \
         Content-Length decides where the next message begins, how one connection is used again (keep-alive), and how a large \
         response is split into segments.",
    ),
    params: &[
        Param {
            name: "request",
            label: words("リクエスト", "Request"),
            note: words("サーバに何を頼むかです。", "What is asked of the server."),
            kind: ParamKind::Choice {
                options: &[
                    ("get-json", words("GET /users/1（JSON を読む）", "GET /users/1 (read JSON)")),
                    ("get-large", words("GET /big（大きなデータを読む）", "GET /big (read much data)")),
                    ("post", words("POST /users（JSON を送る）", "POST /users (send JSON)")),
                    ("not-found", words("GET /nothing（404 になる）", "GET /nothing (ends in 404)")),
                ],
            },
        },
        Param {
            name: "text",
            label: words("名前", "Name"),
            note: words("POST で送る JSON の name に入ります。", "The name in the JSON that POST sends."),
            kind: ParamKind::Text { default: "大阪 花子", max_bytes: 4096 },
        },
        Param {
            name: "size",
            label: words("大きなデータの大きさ", "Size of /big"),
            note: words("GET /big のボディのバイト数です。", "The bytes in the body of GET /big."),
            kind: ParamKind::Number { default: 200_000, min: 0, max: MAX_SIZE, unit: words("バイト", "bytes") },
        },
        Param {
            name: "count",
            label: words("回数", "Count"),
            note: words("同じ接続で何回頼むかです（keep-alive）。", "How many requests over the same connection (keep-alive)."),
            kind: ParamKind::Number { default: 2, min: 1, max: 100, unit: words("回", "times") },
        },
        params::PAUSE,
        params::port(80),
    ],
};

pub struct Http;

impl Exchange for Http {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            let (listener, at) = ctx.listen()?;
            both(serve(listener), run_client(ctx, at)).await
        })
    }
}

async fn serve(mut listener: Listener) -> Result<(), Text> {
    let stream = listener.accept().await.map_err(could_not("サーバの accept", "The server's accept"))?;
    let service = service_fn(|request| async { Ok::<_, Infallible>(answer(request).await) });
    let connection = server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    connection.await.map_err(could_not("HTTP サーバの処理", "The HTTP server"))
}

/// The server's three resources; everything else is 404.
async fn answer(request: Request<Incoming>) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    match (&head.method, head.uri.path()) {
        (&Method::GET, "/users/1") => {
            let user = serde_json::json!({"id": 1, "name": "大阪 太郎", "city": "Osaka"});
            respond(StatusCode::OK, JSON, user.to_string())
        }
        (&Method::GET, "/big") => {
            let size = head.uri.query().and_then(|q| q.strip_prefix("size=")).and_then(|n| n.parse::<u64>().ok());
            match size.filter(|n| *n <= MAX_SIZE) {
                Some(size) => respond(StatusCode::OK, "text/plain; charset=utf-8", large(size)),
                None => problem(StatusCode::BAD_REQUEST, "size must be a whole number up to 10000000"),
            }
        }
        (&Method::POST, "/users") => match Limited::new(body, MAX_BODY).collect().await.map(|b| b.to_bytes()) {
            Err(_) => problem(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"),
            Ok(body) => match serde_json::from_slice::<serde_json::Value>(&body) {
                Err(_) => problem(StatusCode::BAD_REQUEST, "the body is not JSON"),
                Ok(sent) => {
                    let created = serde_json::json!({"id": 2, "received": sent});
                    let mut response = respond(StatusCode::CREATED, JSON, created.to_string());
                    response.headers_mut().insert(LOCATION, hyper::header::HeaderValue::from_static("/users/2"));
                    response
                }
            },
        },
        (_, path) => problem(StatusCode::NOT_FOUND, &format!("there is nothing at {path}")),
    }
}

fn respond(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(kind));
    response.headers_mut().insert(SERVER, hyper::header::HeaderValue::from_static("osiscope-lab"));
    response
}

fn problem(status: StatusCode, why: &str) -> Response<Full<Bytes>> {
    respond(status, JSON, serde_json::json!({"error": why}).to_string())
}

/// Numbered lines, so that one sees in any segment where in the whole one is.
fn large(size: u64) -> Vec<u8> {
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

async fn run_client(ctx: Ctx, server: SocketAddr) -> Result<(), Text> {
    let connect = Stream::connect(ctx.recorder(Host::Client), server);
    let stream = in_time(async { connect.await.map_err(could_not("接続", "The connection")) }).await?;
    let (mut sender, connection) = client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(could_not("HTTP の開始", "The start of HTTP"))?;
    // In a set, because a set stops its tasks when it is dropped: a cancelled run closes this socket, too.
    let mut connections = JoinSet::new();
    connections.spawn(connection);
    let count = ctx.params.number("count");
    let pause = std::time::Duration::from_millis(ctx.params.number("pause"));
    for i in 1..=count {
        in_time(async {
            sender.ready().await.map_err(could_not("接続の再利用", "Using the connection again"))?;
            let (request, expected) = request(&ctx, server)?;
            let line = format!("{} {}", request.method(), request.uri());
            let response = sender.send_request(request).await.map_err(could_not("リクエスト", "The request"))?;
            let status = response.status();
            let body = response.into_body().collect().await.map_err(could_not("レスポンスの受信", "The response"))?.to_bytes();
            ctx.note(Text::same(format!("{line} → {status}, {} B", body.len())));
            if status != expected || (ctx.params.text("request") == "get-large" && body != large(ctx.params.number("size"))) {
                return Err(Text::new(
                    format!("{line} のレスポンスが期待と違います（{status}、{} バイト）。", body.len()),
                    format!("The response to {line} is not the expected one ({status}, {} bytes).", body.len()),
                ));
            }
            Ok(())
        })
        .await?;
        if i < count && !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    // Without a sender hyper closes the connection.
    drop(sender);
    in_time(async {
        match connections.join_next().await {
            Some(Ok(Err(e))) => Err(could_not("HTTP の終了", "The end of HTTP")(e)),
            _ => Ok(()),
        }
    })
    .await
}

/// The next request, and the status it must be answered with.
fn request(ctx: &Ctx, server: SocketAddr) -> Result<(Request<Full<Bytes>>, StatusCode), Text> {
    let (method, target, body, expected) = match ctx.params.text("request") {
        "get-large" => (Method::GET, format!("/big?size={}", ctx.params.number("size")), None, StatusCode::OK),
        "post" => {
            let user = serde_json::json!({"name": ctx.params.text("text")});
            (Method::POST, "/users".into(), Some(user.to_string()), StatusCode::CREATED)
        }
        "not-found" => (Method::GET, "/nothing".into(), None, StatusCode::NOT_FOUND),
        _ => (Method::GET, "/users/1".into(), None, StatusCode::OK),
    };
    // The default port is left out (RFC 9110, 4.2.3).
    let host = if server.port() == 80 { server.ip().to_string() } else { server.to_string() };
    let mut builder = Request::builder()
        .method(method)
        .uri(target)
        .header(HOST, host)
        .header(USER_AGENT, "osiscope-lab/1")
        .header(ACCEPT, "*/*");
    if body.is_some() {
        builder = builder.header(CONTENT_TYPE, JSON);
    }
    let request = builder.body(Full::new(Bytes::from(body.unwrap_or_default())));
    Ok((request.map_err(could_not("リクエストの組み立て", "Making the request"))?, expected))
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
