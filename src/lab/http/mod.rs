//! HTTP/1.1 (RFC 9110, 9112): what a client can ask, what a server can answer, and how one connection serves many requests.

mod by_hand;
mod client;
mod files;
mod server;

use super::ctx::Ctx;
use super::web::server::talk;
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use futures_util::future::BoxFuture;

const MAX_SIZE: u64 = 10_000_000;

static INFO: ExchangeInfo = ExchangeInfo {
    name: "http",
    badge: "HTTP",
    title: words("HTTP", "HTTP"),
    tagline: words("リクエストとレスポンス", "Request and response"),
    about: words(
        "Web の API がしていることです。リクエスト行、ヘッダ、空行、ボディという文字の並びが、TCP のバイト列の上をそのまま流れます。\
         Content-Length が次のメッセージの始まりを決めること、同じ接続が使い回されること（keep-alive）、大きなレスポンスがいくつものセグメントに分かれることを見てください。\
         サーバの中では、ハンドラの前後でミドルウェアが動きます。どちらもソケット呼び出しの横に並びます。",
        "What a web API does. A request line, headers, an empty line and a body run as plain text over TCP's bytes. Look how \
         Content-Length decides where the next message begins, how one connection is used again (keep-alive), and how a large \
         response is split into segments. Inside the server, middleware runs before and after the handler: both stand beside \
         the socket calls.",
    ),
    params: &[
        Param {
            name: "request",
            label: words("リクエスト", "Request"),
            note: words("サーバに何を頼むかです。", "What is asked of the server."),
            kind: ParamKind::Choice {
                options: &[
                    ("get-json", words("GET /users/1（プログラムが JSON を作る）", "GET /users/1 (a program makes JSON)")),
                    ("get-file", words("GET /hello.txt（ファイル。2 回目は 304）", "GET /hello.txt (a file; then 304)")),
                    ("get-large", words("GET /big（大きなデータを読む）", "GET /big (read much data)")),
                    ("post", words("POST /users（JSON を送る）", "POST /users (send JSON)")),
                    ("head", words("HEAD /hello.txt（ヘッダだけ）", "HEAD /hello.txt (headers only)")),
                    ("not-found", words("GET /nothing（404 になる）", "GET /nothing (ends in 404)")),
                    ("redirect", words("GET /old（301 で別の URL へ）", "GET /old (301 to another URL)")),
                    ("chunked", words("GET /stream（長さを決めずに少しずつ）", "GET /stream (piece by piece)")),
                    ("expect", words("POST /upload（100 Continue を待つ）", "POST /upload (wait for 100)")),
                    ("expect-refused", words("POST /upload（大きすぎて断られる）", "POST /upload (refused: too large)")),
                    ("pipeline", words("パイプライン（返事を待たずに送る）", "pipelining (ask without waiting)")),
                    ("page", words("GET /（スタイルシートと画像のあるページ）", "GET / (a page with style and picture)")),
                ],
            },
        },
        Param {
            name: "connection",
            label: words("接続", "Connection"),
            note: words(
                "1 つの接続を使い回すか、毎回 Connection: close で閉じるかです。",
                "Use one connection again, or close it every time by Connection: close.",
            ),
            kind: ParamKind::Choice {
                options: &[
                    ("keep-alive", words("使い回す（keep-alive）", "use again (keep-alive)")),
                    ("close", words("毎回閉じる（close）", "close every time")),
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
            label: words("大きなデータの大きさ", "Size of much data"),
            note: words(
                "GET /big と POST /upload のボディのバイト数です。",
                "The bytes in the body of GET /big and of POST /upload.",
            ),
            kind: ParamKind::Number { default: 200_000, min: 0, max: MAX_SIZE, unit: words("バイト", "bytes") },
        },
        Param {
            name: "count",
            label: words("回数", "Count"),
            note: words(
                "何回頼むかです。パイプラインでは、続けて送る数です。",
                "How many requests; with pipelining, how many are sent at once.",
            ),
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
            let handler = server::handler(ctx.recorder(crate::trace::Host::Server));
            talk(listener, handler, client::run(ctx, at)).await
        })
    }
}
