//! The client of the HTTP exchange: one scene for each choice of `request`.

use super::{by_hand, files, server};
use crate::lab::ctx::Ctx;
use crate::lab::web::browser::Ask;
use crate::lab::web::reply::JSON;
use crate::lab::web::{Answer, Browser};
use crate::lang::Text;
use bytes::Bytes;
use futures_util::future::try_join;
use hyper::header::{ETAG, IF_NONE_MATCH};
use hyper::{Method, StatusCode};
use std::net::SocketAddr;

pub async fn run(ctx: Ctx, server: SocketAddr) -> Result<(), Text> {
    match ctx.params.text("request") {
        "expect" | "expect-refused" => by_hand::upload(&ctx, server).await,
        "pipeline" => by_hand::pipeline(&ctx, server).await,
        "page" => page(&ctx, server).await,
        _ => again(&ctx, server).await,
    }
}

fn browser(ctx: &Ctx, server: SocketAddr) -> Browser {
    Browser::new(ctx, 0, server).one_shot(ctx.params.text("connection") == "close")
}

/// The same request several times.
async fn again(ctx: &Ctx, server: SocketAddr) -> Result<(), Text> {
    let mut browser = browser(ctx, server);
    let request = ctx.params.text("request");
    let mut etag = None;
    for _ in 0..ctx.params.number("count") {
        let (mut ask, mut expected) = ask(ctx);
        if let Some(etag) = etag.take() {
            (ask, expected) = (ask.header(IF_NONE_MATCH, etag), StatusCode::NOT_MODIFIED);
        }
        let answer = browser.follow(&ask).await?;
        let whole = match request {
            "get-large" => answer.body == server::large(ctx.params.number("size")),
            "head" => answer.body.is_empty() && answer.header("content-length").is_some(),
            "chunked" => answer.body.split(|b| *b == b'\n').count() == server::PIECES as usize + 1,
            _ => true,
        };
        check(&ask, &answer, whole && answer.status == expected)?;
        if request == "get-file" {
            etag = answer.header(ETAG).map(str::to_owned);
        }
    }
    browser.close().await
}

/// The next request, and the status that it must end in.
fn ask(ctx: &Ctx) -> (Ask, StatusCode) {
    match ctx.params.text("request") {
        "get-file" => (Ask::get("/hello.txt"), StatusCode::OK),
        "get-large" => (Ask::get(format!("/big?size={}", ctx.params.number("size"))), StatusCode::OK),
        "post" => {
            let user = serde_json::json!({"name": ctx.params.text("text")});
            (Ask::new(Method::POST, "/users").body(JSON, user.to_string()), StatusCode::CREATED)
        }
        "head" => (Ask::new(Method::HEAD, "/hello.txt"), StatusCode::OK),
        "not-found" => (Ask::get("/nothing"), StatusCode::NOT_FOUND),
        "redirect" => (Ask::get("/old"), StatusCode::OK),
        "chunked" => (Ask::get("/stream"), StatusCode::OK),
        _ => (Ask::get("/users/1"), StatusCode::OK),
    }
}

pub fn check(ask: &Ask, answer: &Answer, good: bool) -> Result<(), Text> {
    if good {
        return Ok(());
    }
    let (line, status, len) = (format!("{} {}", ask.method, ask.target), answer.status, answer.body.len());
    Err(Text::new(
        format!("{line} のレスポンスが期待と違います（{status}、{len} バイト）。"),
        format!("The response to {line} is not the expected one ({status}, {len} bytes)."),
    ))
}

/// Gets a page, reads in it what else it needs, and gets that: the first over the same connection, the second over another one at
/// the same time, as browsers do.
async fn page(ctx: &Ctx, server: SocketAddr) -> Result<(), Text> {
    for _ in 0..ctx.params.number("count") {
        let (mut first, mut second) = (browser(ctx, server), browser(ctx, server));
        let page = Ask::get("/");
        let answer = first.ask(&page).await?;
        check(&page, &answer, answer.status == StatusCode::OK)?;
        let links = files::links(&String::from_utf8_lossy(&answer.body));
        ctx.note(Text::new(
            format!("ページを読むと、あと {} 個のファイルが必要だとわかります：{}", links.len(), links.join("、")),
            format!("The page says that it needs {} more files: {}", links.len(), links.join(", ")),
        ));
        let [style, picture] = links.as_slice() else {
            return check(&page, &answer, false);
        };
        try_join(load(&mut first, style), load(&mut second, picture)).await?;
        try_join(first.close(), second.close()).await?;
    }
    Ok(())
}

async fn load(browser: &mut Browser, target: &str) -> Result<(), Text> {
    let ask = Ask::get(target);
    let answer = browser.ask(&ask).await?;
    let good = files::at(target).is_some_and(|file| Bytes::clone(&file.bytes) == answer.body);
    check(&ask, &answer, good)
}
