//! The shopping cart: HTTP forgets, and a cookie makes the server remember.

mod shop;

use super::ctx::Ctx;
use super::web::browser::Ask;
use super::web::form::{FORM, encode};
use super::web::server::talk;
use super::web::session::SID;
use super::web::{Answer, Browser};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::trace::Host;
use futures_util::future::BoxFuture;
use hyper::Method;
use std::net::SocketAddr;

static INFO: ExchangeInfo = ExchangeInfo {
    name: "cart",
    badge: "CART",
    title: words("ショッピングカート", "Shopping cart"),
    tagline: words("Cookie が覚えさせる", "A cookie makes it remember"),
    about: words(
        "HTTP のサーバは、リクエストが終わるとクライアントを忘れます（ステートレス）。はじめの場面では、カートに入れた品物が次のリクエストでなくなっています。\
         次の場面では、ログインすると Set-Cookie でセッション ID が渡され、クライアントは毎回それを Cookie で送り返します。\
         状態がどこにあるかを見てください：Cookie には ID だけ、カートの中身はサーバの表の中です。2 人のクライアントには、2 つのカートがあります。",
        "An HTTP server forgets its client when a request is done (it is stateless). In the first scene what was put into the cart is \
         gone at the next request. In the second, logging in brings a session id by Set-Cookie, and the client sends it back by \
         Cookie every time. Look where the state lives: the cookie holds only an id, the cart is in the server's table. Two \
         clients have two carts.",
    ),
    params: &[
        Param {
            name: "memory",
            label: words("記憶", "Memory"),
            note: words("Cookie のない店とある店の、どちらを見るかです。", "The shop without a cookie, the one with it, or both."),
            kind: ParamKind::Choice {
                options: &[
                    ("both", words("両方をくらべる", "compare both")),
                    ("none", words("Cookie なし（忘れる）", "no cookie (it forgets)")),
                    ("cookie", words("Cookie あり（覚える）", "a cookie (it remembers)")),
                ],
            },
        },
        Param {
            name: "name",
            label: words("1 人目の名前", "First name"),
            note: words("ログインする名前です。", "The name it logs in with."),
            kind: ParamKind::Text { default: "花子", max_bytes: 200 },
        },
        Param {
            name: "item",
            label: words("1 人目の品物", "First item"),
            note: words("カートに入れる物です。", "What goes into the cart."),
            kind: ParamKind::Text { default: "りんご", max_bytes: 200 },
        },
        Param {
            name: "name2",
            label: words("2 人目の名前", "Second name"),
            note: words("もう 1 つのクライアントの名前です。", "The name of the other client."),
            kind: ParamKind::Text { default: "太郎", max_bytes: 200 },
        },
        Param {
            name: "item2",
            label: words("2 人目の品物", "Second item"),
            note: words("もう 1 つのカートに入れる物です。", "What goes into the other cart."),
            kind: ParamKind::Text { default: "みかん", max_bytes: 200 },
        },
        params::PAUSE,
        params::port(80),
    ],
};

pub struct Cart;

impl Exchange for Cart {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            let (listener, at) = ctx.listen()?;
            let handler = shop::handler(ctx.recorder(Host::Server));
            talk(listener, handler, client(ctx, at)).await
        })
    }
}

async fn client(ctx: Ctx, server: SocketAddr) -> Result<(), Text> {
    let memory = ctx.params.text("memory");
    if memory != "cookie" {
        forgotten(&ctx, server).await?;
    }
    if memory != "none" {
        remembered(&ctx, server).await?;
    }
    Ok(())
}

fn add(target: &str, item: &str) -> Ask {
    Ask::new(Method::POST, target).body(FORM, encode(&[("item", item)]))
}

/// The shop without a cookie.
async fn forgotten(ctx: &Ctx, server: SocketAddr) -> Result<(), Text> {
    let item = ctx.params.text("item");
    let mut browser = Browser::new(ctx, 0, server);
    let added = browser.ask(&add("/forgetful/cart", item)).await?;
    expect(&added, &[&shop::row(item)])?;
    let later = browser.ask(&Ask::get("/forgetful/cart")).await?;
    expect(&later, &[shop::EMPTY])?;
    ctx.note(Text::new(
        format!("入れたばかりの「{item}」がありません。同じ接続でも、サーバは 2 つのリクエストが同じ人のものだと知りません。"),
        format!("“{item}” was put in, and is gone. Even on one connection the server does not know that two requests are one person's."),
    ));
    browser.close().await
}

/// The shop with one: two clients, who come at the same time.
async fn remembered(ctx: &Ctx, server: SocketAddr) -> Result<(), Text> {
    let param = |name| ctx.params.text(name);
    let (mut first, mut second) = (Browser::new(ctx, 0, server), Browser::new(ctx, 1, server));
    enter(ctx, &mut first, param("name")).await?;
    enter(ctx, &mut second, param("name2")).await?;
    let (item, item2) = (param("item"), param("item2"));
    let own = first.follow(&add("/cart", item)).await?;
    expect(&own, &[&shop::title(param("name")), &shop::list(&[item.to_owned()])])?;
    let other = second.follow(&add("/cart", item2)).await?;
    expect(&other, &[&shop::title(param("name2")), &shop::list(&[item2.to_owned()])])?;
    let again = first.ask(&Ask::get("/cart")).await?;
    expect(&again, &[&shop::list(&[item.to_owned()])])?;
    ctx.note(Text::new(
        format!("カートは 2 つです：{} には「{item}」、{} には「{item2}」。URL は同じで、Cookie の ID だけが違います。", param("name"), param("name2")),
        format!("There are two carts: “{item}” for {}, “{item2}” for {}. The URL is the same; only the cookie's id differs.", param("name"), param("name2")),
    ));
    first.follow(&Ask::new(Method::POST, "/logout")).await?;
    let out = first.follow(&Ask::get("/cart")).await?;
    expect(&out, &[shop::LOGIN])?;
    let still = second.ask(&Ask::get("/cart")).await?;
    expect(&still, &[&shop::list(&[item2.to_owned()])])?;
    ctx.note(Text::new(
        "ログアウトで、サーバの表から 1 行が消え、Max-Age=0 で Cookie も消えました。もう 1 人のカートはそのままです。",
        "Logging out removed one row of the server's table, and Max-Age=0 the cookie. The other client's cart is untouched.",
    ));
    first.close().await?;
    second.close().await
}

/// Wants its cart, is sent to the log-in page, and logs in.
async fn enter(ctx: &Ctx, browser: &mut Browser, name: &str) -> Result<(), Text> {
    let page = browser.follow(&Ask::get("/cart")).await?;
    expect(&page, &[shop::LOGIN])?;
    let cart = browser.follow(&Ask::new(Method::POST, "/login").body(FORM, encode(&[("name", name)]))).await?;
    expect(&cart, &[&shop::title(name), shop::EMPTY])?;
    let id: String = browser.cookie(SID).unwrap_or_default().chars().take(8).collect();
    ctx.note(Text::new(
        format!("状態のある場所：クライアントの Cookie に sid={id}…、サーバの表に {id}… → {name} のカート"),
        format!("where the state lives: sid={id}… in the client's cookie, {id}… → {name}'s cart in the server's table"),
    ));
    Ok(())
}

/// Makes sure that a page shows this.
fn expect(answer: &Answer, shown: &[&str]) -> Result<(), Text> {
    let page = String::from_utf8_lossy(&answer.body);
    if answer.status.is_success() && shown.iter().all(|part| page.contains(part)) {
        return Ok(());
    }
    Err(Text::new(
        format!("ページの内容が思っていたものと違います（{}）。", answer.status),
        format!("The page is not the expected one ({}).", answer.status),
    ))
}
