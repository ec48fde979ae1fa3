//! What happens when a URL is typed: the URL is read, its name looked up by DNS, then TCP, HTTP, and the end of the connection.

mod dns;
mod url;

use self::dns::{Found, Habit};
use self::url::{Site, Url};
use super::ctx::{Ctx, both, could_not};
use super::web::reply::{self, escape};
use super::web::server::{Handler, handled, line, logged, talk};
use super::web::{AGENT, Answer, Connection};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::trace::Host;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http_body_util::Full;
use hyper::header::{ACCEPT, HOST, USER_AGENT};
use hyper::{Request, StatusCode};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Where the web server of every name is: an address of its own, so that it is not taken for the client's.
const WEB: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 80);
/// The server host's programs.
const WEB_PROGRAM: u8 = 0;
const DNS_PROGRAM: u8 = 1;

static INFO: ExchangeInfo = ExchangeInfo {
    name: "open-url",
    badge: "URL",
    title: words("URL を開く", "Opening a URL"),
    tagline: words("入力から切断まで", "From typing to the close"),
    about: words(
        "ブラウザに URL を入れると、何が起きるのでしょう。URL を分け、名前を DNS（UDP）でアドレスに変え、そのアドレスへ TCP でつなぎ、HTTP でページをもらい、接続を閉じます。\
         ひと続きの話として見て、それぞれの時間を比べてください。2 回目は DNS の答えを覚えている（キャッシュ）ので、質問がありません。\
         ここの相手は全部この中にあり、リゾルバは答えをはじめから知っています。本物のリゾルバは、ルートから順に聞いて回ります。",
        "What happens when you type a URL? It is taken apart, DNS (over UDP) turns its name into an address, TCP connects to that \
         address, HTTP fetches the page, and the connection is closed. Follow it as one story and compare the times. The second \
         visit remembers the answer of DNS (a cache) and asks no question. Everybody here is inside the lab, and the resolver \
         knows the answer beforehand; a real one asks its way down from the root.",
    ),
    params: &[
        Param {
            name: "url",
            label: words("URL", "URL"),
            note: words(
                "http:// で始まる URL です。名前は何でもよく、この中のサーバが答えます。",
                "A URL that begins with http://. Any name will do: the lab's own server answers.",
            ),
            kind: ParamKind::Text { default: "http://www.osiscope.example/hello?lang=ja#top", max_bytes: 200 },
        },
        Param {
            name: "answer",
            label: words("DNS の返事", "Answer of DNS"),
            note: words("リゾルバがどう答えるかです。", "What the resolver does with the question."),
            kind: ParamKind::Choice {
                options: &[
                    ("address", words("アドレス（A）", "the address (A)")),
                    ("alias", words("別名（CNAME）とそのアドレス", "an alias (CNAME) and its address")),
                    ("no-such-name", words("そんな名前はない（NXDOMAIN）", "no such name (NXDOMAIN)")),
                    ("lost", words("最初の質問がなくなる", "the first question gets lost")),
                ],
            },
        },
        Param {
            name: "visits",
            label: words("訪問の回数", "Visits"),
            note: words("2 回目からは DNS の答えを覚えています。", "From the second on, the answer of DNS is remembered."),
            kind: ParamKind::Number { default: 2, min: 1, max: 20, unit: words("回", "times") },
        },
        Param {
            name: "resolver",
            label: words("リゾルバ", "Resolver"),
            note: words(
                "DNS サーバのアドレスとポート（127. で始まるもの）です。この機械の設定は読みません。",
                "Address and port of the DNS server (beginning with 127.). The machine's own setting is not read.",
            ),
            kind: ParamKind::Text { default: "127.0.0.53:53", max_bytes: 30 },
        },
        params::PAUSE,
    ],
};

pub struct OpenUrl;

impl Exchange for OpenUrl {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(run(ctx))
    }
}

async fn run(ctx: Ctx) -> Result<(), Text> {
    let url = Url::parse(ctx.params.text("url"))?;
    let address = match &url.site {
        Site::Address(address) => *address,
        Site::Name(_) => WEB,
    };
    let (listener, web) = ctx.listen_at(WEB_PROGRAM, (address, url.port).into())?;
    let handler = handler(&ctx);
    if matches!(url.site, Site::Address(_)) {
        ctx.started(&[web]);
        return talk(listener, handler, client(ctx, url, web, None)).await;
    }
    let (socket, resolver) = ctx.bind_udp_at(DNS_PROGRAM, resolver(ctx.params.text("resolver"))?)?;
    ctx.started(&[web, resolver]);
    let habit = match ctx.params.text("answer") {
        "alias" => Habit::Alias(address),
        "no-such-name" => Habit::NoSuchName,
        "lost" => Habit::LateFor(address),
        _ => Habit::Address(address),
    };
    let recorder = ctx.program(Host::Server, DNS_PROGRAM);
    let (done, until) = oneshot::channel::<()>();
    let browsing = async move {
        let out = talk(listener, handler, client(ctx, url, web, Some(resolver))).await;
        drop(done);
        out
    };
    both(dns::serve(recorder, socket, habit, until), browsing).await
}

/// The resolver's address, from the parameter: "127.0.0.53:53", or without the port.
fn resolver(text: &str) -> Result<SocketAddr, Text> {
    let at = text.parse::<SocketAddr>().ok().or_else(|| Some((text.parse::<Ipv4Addr>().ok()?, dns::PORT).into()));
    at.filter(|at| at.is_ipv4() && at.ip().is_loopback()).ok_or_else(|| {
        Text::new(
            format!("リゾルバ「{text}」は、127.0.0.53:53 のように 127. で始まるアドレスにしてください。"),
            format!("The resolver “{text}” must be an address that begins with 127., such as 127.0.0.53:53."),
        )
    })
}

/// A page for every path: what counts here is the way to it.
fn handler(ctx: &Ctx) -> Handler {
    let recorder = ctx.program(Host::Server, WEB_PROGRAM);
    Arc::new(move |request| {
        let recorder = recorder.clone();
        Box::pin(async move {
            let asked = line(&request);
            let host = request.headers().get(HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
            let title = format!("Welcome to {}", escape(host));
            let page = format!("<!DOCTYPE html>\n<title>{title}</title>\n<h1>{title}</h1>\n<p>{}</p>\n", escape(&asked));
            let made = async { reply::whole(StatusCode::OK, reply::HTML, page) };
            logged(&recorder, &asked, handled(&recorder, &asked, made)).await
        })
    })
}

/// How long each part of a visit took.
#[derive(Default)]
struct Times {
    dns: Duration,
    tcp: Duration,
    wait: Duration,
    load: Duration,
    close: Duration,
}

async fn client(ctx: Ctx, url: Url, web: SocketAddr, resolver: Option<SocketAddr>) -> Result<(), Text> {
    let recorder = ctx.recorder(Host::Client);
    recorder.step(format!("parse {}", ctx.params.text("url")), async {}).await;
    ctx.note(url.told());
    let mut cache: Option<(Found, Instant)> = None;
    let visits = ctx.params.number("visits");
    for visit in 1..=visits {
        if visit > 1 {
            tokio::time::sleep(Duration::from_millis(ctx.params.number("pause"))).await;
        }
        let mut times = Times::default();
        let mut at = web;
        if let (Site::Name(name), Some(resolver)) = (&url.site, resolver) {
            let known = cache.as_ref().filter(|(found, since)| since.elapsed() < found.time_to_live()).map(|(found, _)| found);
            let hit = if known.is_some() { "hit" } else { "miss" };
            recorder.step(format!("DNS cache: {}, {hit}", url::plain(name)), async {}).await;
            let address = match known {
                Some(found) => {
                    ctx.note(found.told_again(name));
                    found.address
                }
                None => {
                    let since = Instant::now();
                    let answer = dns::look_up(&ctx, recorder.clone(), resolver, name).await?;
                    times.dns = since.elapsed();
                    // No address, so nobody to connect to: the story ends here.
                    let Some(found) = answer else { return Ok(()) };
                    let address = found.address;
                    cache = Some((found, Instant::now()));
                    address
                }
            };
            at.set_ip(address.into());
        }
        let since = Instant::now();
        let mut connection = Connection::open(recorder.clone(), at).await?;
        times.tcp = since.elapsed();
        let answer = connection.ask(request(&url)?).await?;
        (times.wait, times.load) = (answer.waited, answer.loaded);
        tell_page(&ctx, &url, at, &answer)?;
        let since = Instant::now();
        connection.close().await?;
        times.close = since.elapsed();
        ctx.note(times.told(visit));
    }
    Ok(())
}

fn request(url: &Url) -> Result<Request<Full<Bytes>>, Text> {
    let builder = Request::get(&url.target).header(HOST, url.host()).header(USER_AGENT, AGENT).header(ACCEPT, "text/html, */*");
    builder.body(Full::default()).map_err(could_not("リクエストの組み立て", "Making the request"))
}

fn tell_page(ctx: &Ctx, url: &Url, at: SocketAddr, answer: &Answer) -> Result<(), Text> {
    let (status, len, host, target) = (answer.status, answer.body.len(), url.host(), &url.target);
    ctx.note(Text::new(
        format!("TCP で {at} につなぎ、GET {target}（Host: {host}）→ {status}、{len} B"),
        format!("TCP to {at}, then GET {target} (Host: {host}) → {status}, {len} B"),
    ));
    if status == StatusCode::OK && answer.body.windows(host.len()).any(|part| part == host.as_bytes()) {
        return Ok(());
    }
    Err(Text::new(format!("{target} のページが来ませんでした（{status}）。"), format!("The page {target} did not come ({status}).")))
}

impl Times {
    fn total(&self) -> Duration {
        self.dns + self.tcp + self.wait + self.load + self.close
    }

    fn told(&self, visit: u64) -> Text {
        let ms = |time: Duration| format!("{:.2}", time.as_secs_f64() * 1000.0);
        let (dns, tcp, wait, load, close) = (ms(self.dns), ms(self.tcp), ms(self.wait), ms(self.load), ms(self.close));
        let total = ms(self.total());
        Text::new(
            format!("{visit} 回目の時間：DNS {dns} + TCP 接続 {tcp} + 返事を待つ {wait} + 受け取る {load} + 閉じる {close} = {total} ms"),
            format!("visit {visit} took: DNS {dns} + TCP connection {tcp} + waiting {wait} + loading {load} + closing {close} = {total} ms"),
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_resolver_is_on_loopback_or_refused() {
        assert_eq!(resolver("127.0.0.53:5353").unwrap().port(), 5353);
        assert_eq!(resolver("127.0.0.1").unwrap().port(), dns::PORT);
        for bad in ["8.8.8.8:53", "", "[::1]:53", "localhost"] {
            assert!(resolver(bad).is_err(), "{bad}");
        }
    }
}
