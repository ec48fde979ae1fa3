//! REST: URLs that name things, methods that say what to do with them; and one URL whose answer depends on who asked before.

mod api;

use super::ctx::Ctx;
use super::web::browser::Ask;
use super::web::form::{FORM, encode};
use super::web::reply::JSON;
use super::web::server::talk;
use super::web::{Answer, Browser};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::trace::Host;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use hyper::header::LOCATION;
use hyper::{Method, StatusCode};
use std::net::SocketAddr;

static INFO: ExchangeInfo = ExchangeInfo {
    name: "rest",
    badge: "REST",
    title: words("REST API", "REST API"),
    tagline: words("URL がすべてを言う", "The URL says it all"),
    about: words(
        "小さな JSON の API です。URL は「何を」、メソッドは「どうする」を表します：GET は読む、POST は作る、PUT は置き換える、DELETE は消す。\
         GET /carlist/page/2 は、いつ、だれが頼んでも 2 ページ目です。比べるのは、URL が /carlist ひとつだけで、答えがセッションしだいの作り方です。\
         そこではブックマークも「戻る」も「進む」も、別のところへ着きます。",
        "A small JSON API. The URL says what is meant, the method what to do with it: GET reads, POST makes, PUT replaces, DELETE \
         removes. GET /carlist/page/2 is page 2 whenever and by whomever it is asked for. Compare it with a site that has only \
         one URL, /carlist, and answers by what is in the session: there a bookmark, back and forward all lead elsewhere.",
    ),
    params: &[
        Param {
            name: "part",
            label: words("内容", "Part"),
            note: words("どの場面を見るかです。", "Which scenes are played."),
            kind: ParamKind::Choice {
                options: &[
                    ("all", words("全部", "all")),
                    ("users", words("ユーザの作成・変更・削除", "users: make, change, remove")),
                    ("pages", words("URL がページを決める", "pages named by URLs")),
                    ("session", words("セッションがページを決める", "pages that a session decides")),
                ],
            },
        },
        Param {
            name: "text",
            label: words("名前", "Name"),
            note: words("POST で作るユーザの name です。", "The name of the user that POST makes."),
            kind: ParamKind::Text { default: "大阪 花子", max_bytes: 4096 },
        },
        params::PAUSE,
        params::port(80),
    ],
};

pub struct Rest;

impl Exchange for Rest {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            let (listener, at) = ctx.listen()?;
            let handler = api::handler(ctx.recorder(Host::Server));
            talk(listener, handler, client(ctx, at)).await
        })
    }
}

async fn client(ctx: Ctx, server: SocketAddr) -> Result<(), Text> {
    let part = ctx.params.text("part");
    let wanted = |name: &str| part == "all" || part == name;
    let mut first = Browser::new(&ctx, 0, server);
    if wanted("users") {
        users(&ctx, &mut first).await?;
    }
    if wanted("pages") {
        pages(&ctx, &mut first, server).await?;
    }
    if wanted("session") {
        session(&ctx, &mut first, server).await?;
    }
    first.close().await
}

/// Asks, and makes sure of the status.
async fn ask(browser: &mut Browser, ask: Ask, expected: StatusCode) -> Result<Answer, Text> {
    let answer = browser.ask(&ask).await?;
    if answer.status == expected {
        return Ok(answer);
    }
    let (line, status) = (format!("{} {}", ask.method, ask.target), answer.status);
    Err(Text::new(
        format!("{line} は {expected} になるはずでしたが、{status} でした。"),
        format!("{line} should have been answered by {expected}, but was by {status}."),
    ))
}

async fn users(ctx: &Ctx, browser: &mut Browser) -> Result<(), Text> {
    let name = ctx.params.text("text");
    let user = |city: &str| serde_json::json!({"name": name, "city": city}).to_string();
    ask(browser, Ask::get("/users"), StatusCode::OK).await?;
    ask(browser, Ask::get("/users/1"), StatusCode::OK).await?;
    let made = ask(browser, Ask::new(Method::POST, "/users").body(JSON, user("Osaka")), StatusCode::CREATED).await?;
    let at = made.header(LOCATION).unwrap_or_default().to_owned();
    ask(browser, Ask::get(&at), StatusCode::OK).await?;
    let put = || Ask::new(Method::PUT, &at).body(JSON, user("Kyoto"));
    let once = ask(browser, put(), StatusCode::OK).await?;
    let twice = ask(browser, put(), StatusCode::OK).await?;
    if once.body != twice.body {
        return Err(differs("PUT"));
    }
    ctx.note(Text::new(
        "PUT は 2 回送っても結果が同じです（冪等）。返事がなくなっても、もう一度送れます。POST を 2 回送ると、ユーザが 2 人できます。",
        "PUT has the same result when it is sent twice (it is idempotent): if the answer is lost, send it again. POST twice makes two users.",
    ));
    ask(browser, Ask::new(Method::DELETE, &at), StatusCode::NO_CONTENT).await?;
    ask(browser, Ask::get(&at), StatusCode::NOT_FOUND).await?;
    ask(browser, Ask::new(Method::DELETE, "/users"), StatusCode::METHOD_NOT_ALLOWED).await?;
    ctx.note(Text::new(
        "URL は「何を」、メソッドは「どうする」、ステータスコードは「どうなった」を表します。サーバは前のリクエストを覚えていなくても答えられます。",
        "The URL says what, the method what to do, the status code what came of it. The server need not remember any earlier request.",
    ));
    Ok(())
}

async fn pages(ctx: &Ctx, browser: &mut Browser, server: SocketAddr) -> Result<(), Text> {
    let page = |n: u32| Ask::get(format!("/carlist/page/{n}"));
    ask(browser, page(1), StatusCode::OK).await?;
    let second = ask(browser, page(2), StatusCode::OK).await?.body;
    let third = ask(browser, page(3), StatusCode::OK).await?.body;
    let back = ask(browser, page(2), StatusCode::OK).await?.body;
    let forward = ask(browser, page(3), StatusCode::OK).await?.body;
    ctx.note(Text::new(
        "「戻る」で 2 ページ目、「進む」で 3 ページ目。URL が言うとおりのページです。",
        "Back led to page 2, forward to page 3: the pages that the URLs say.",
    ));
    let bookmark = elsewhere(ctx, server, page(2)).await?;
    if (&back, &forward, &bookmark) != (&second, &third, &second) {
        return Err(differs("GET /carlist/page/2"));
    }
    ctx.note(Text::new(
        "ほかの人がブックマークから開いても、同じ 2 ページ目です。途中のキャッシュも、検索エンジンも、この URL を使えます。",
        "Another person opens the bookmark and sees the same page 2. Caches on the way and search engines can use this URL, too.",
    ));
    Ok(())
}

async fn session(ctx: &Ctx, browser: &mut Browser, server: SocketAddr) -> Result<(), Text> {
    let next = || Ask::new(Method::POST, "/carlist").body(FORM, encode(&[("go", "next")]));
    ask(browser, Ask::get("/carlist"), StatusCode::OK).await?;
    let second = ask(browser, next(), StatusCode::OK).await?.body;
    let third = ask(browser, next(), StatusCode::OK).await?.body;
    ctx.note(Text::new(
        "URL はずっと /carlist のままで、ページは 1、2、3 と変わりました。何ページ目かは、サーバのセッション表の中にあります。",
        "The URL was /carlist all the time while the pages were 1, 2, 3. Which page it is stands in the server's table of sessions.",
    ));
    let back = ask(browser, Ask::get("/carlist"), StatusCode::OK).await?.body;
    if back != third || back == second {
        return Err(differs("GET /carlist"));
    }
    ctx.note(Text::new(
        "2 ページ目に戻ろうとして読み直しても、3 ページ目が来ます。サーバの覚えている位置は戻っていないからです。\
         （ブラウザが自分で取っておいた 2 ページ目を見せると、今度は画面とサーバが食い違います。）",
        "Going back to page 2 and loading it again brings page 3, because the server's place did not go back. (If the browser shows \
         a page 2 that it has kept itself, screen and server disagree instead.)",
    ));
    let bookmark = elsewhere(ctx, server, Ask::get("/carlist")).await?;
    if bookmark == third {
        return Err(differs("GET /carlist"));
    }
    ctx.note(Text::new(
        "ほかの人が同じ URL をブックマークから開くと、1 ページ目です。同じ URL が、人によって別のものを指しています。",
        "Another person opens the same URL from a bookmark and sees page 1. One URL means another thing for each person.",
    ));
    Ok(())
}

/// The same request by another person, who has never been here.
async fn elsewhere(ctx: &Ctx, server: SocketAddr, what: Ask) -> Result<Bytes, Text> {
    let mut other = Browser::new(ctx, 1, server);
    let answer = ask(&mut other, what, StatusCode::OK).await?;
    other.close().await?;
    Ok(answer.body)
}

fn differs(line: &str) -> Text {
    Text::new(format!("{line} の返事が、思っていたものと違います。"), format!("The answer to {line} is not the expected one."))
}
