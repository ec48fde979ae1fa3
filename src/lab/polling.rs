//! The same chat three ways: asking again and again, asking and being kept waiting, and WebSocket.

use super::carried::{Carried, told};
use super::ctx::{Ctx, both, could_not, in_time};
use super::socket::{Listener, Opt, Stream};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::trace::Host;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, client, server};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request as Asked, Response as Answer};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async, client_async};

/// How long the server holds a question of long polling at most.
const HOLD: Duration = Duration::from_secs(1);
/// What the server takes of a request's body at most.
const MAX_BODY: usize = 64 * 1024;
/// After a way's connections are closed the last segments are on their way.
const SETTLE: Duration = Duration::from_millis(50);
/// Listeners wait longer than the speaker's longest pause.
const SILENCE: Duration = Duration::from_secs(15);

static INFO: ExchangeInfo = ExchangeInfo {
    name: "polling-vs-websocket",
    badge: "PUSH",
    title: words("ポーリングと WS", "Polling and WS"),
    tagline: words("聞き続けるか、届くか", "Keep asking, or be told"),
    about: words(
        "1 人が話し、1 人が聞く同じチャットを 3 通りで行います。ポーリングは「新しいものはありますか」と一定の間隔で聞き、たいてい何もありません。\
         ロングポーリングでは、サーバが新しいものが来るまで返事を待たせます。WebSocket では、サーバが自分から送ります。\
         パケットの数、バイト数、届くまでの遅れを比べてください。",
        "One speaks and one listens: the same chat in three ways. Polling asks \"anything new?\" again and again, mostly for nothing. \
         With long polling the server keeps the question waiting until there is something. With WebSocket the server sends by \
         itself. Compare packets, bytes, and the delay until a message has come.",
    ),
    params: &[
        Param {
            name: "way",
            label: words("方法", "Way"),
            note: words("1 つだけ、または 3 つを順に行います。", "One of them, or all three, one after the other."),
            kind: ParamKind::Choice {
                options: &[
                    ("all", words("3 つとも", "all three")),
                    ("polling", words("ポーリング", "polling")),
                    ("long-polling", words("ロングポーリング", "long polling")),
                    ("websocket", words("WebSocket", "WebSocket")),
                ],
            },
        },
        Param {
            name: "text",
            label: words("言葉", "Text"),
            note: words("話す人が送る文字です。", "What the speaker sends."),
            kind: ParamKind::Text { default: "こんにちは", max_bytes: 4096 },
        },
        Param {
            name: "count",
            label: words("回数", "Count"),
            note: words("何通送るかです。", "How many messages are sent."),
            kind: ParamKind::Number { default: 4, min: 1, max: 100, unit: words("通", "") },
        },
        Param {
            name: "pause",
            label: words("話す間隔", "Pause"),
            note: words("次の 1 通までの時間です。", "The time until the next message."),
            kind: ParamKind::Number { default: 200, min: 0, max: 5000, unit: words("ミリ秒", "ms") },
        },
        Param {
            name: "interval",
            label: words("聞く間隔", "Interval"),
            note: words(
                "ポーリングで次に聞くまでの時間です。短いほど速く、むだも増えます。",
                "The time until polling asks again: the shorter, the faster, and the more is wasted.",
            ),
            kind: ParamKind::Number { default: 70, min: 1, max: 5000, unit: words("ミリ秒", "ms") },
        },
        params::port(80),
    ],
};

pub struct Polling;

impl Exchange for Polling {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            let ways: Vec<Way> = Way::ALL.into_iter().filter(|w| ["all", w.name()].contains(&ctx.params.text("way"))).collect();
            let (listener, at) = ctx.listen()?;
            both(serve(listener, ways.clone()), clients(ctx, ways, at)).await
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Polling,
    LongPolling,
    WebSocket,
}

impl Way {
    const ALL: [Self; 3] = [Self::Polling, Self::LongPolling, Self::WebSocket];

    fn name(self) -> &'static str {
        match self {
            Self::Polling => "polling",
            Self::LongPolling => "long-polling",
            Self::WebSocket => "websocket",
        }
    }

    fn title(self) -> Text {
        match self {
            Self::Polling => Text::new("ポーリング", "Polling"),
            Self::LongPolling => Text::new("ロングポーリング", "Long polling"),
            Self::WebSocket => Text::same("WebSocket"),
        }
    }
}

/// What was said; whoever waits for more is woken.
type Log = watch::Sender<Vec<String>>;

/// For each way a log of its own and two connections.
async fn serve(mut listener: Listener, ways: Vec<Way>) -> Result<(), Text> {
    for way in ways {
        let log: Arc<Log> = Arc::new(watch::channel(Vec::new()).0);
        let mut tasks = JoinSet::new();
        for _ in 0..2 {
            let stream = listener.accept().await.map_err(could_not("サーバの accept", "The server's accept"))?;
            // Served from its first moment: the second may come only after it.
            tasks.spawn(connection(way, stream, log.clone()));
        }
        while let Some(ended) = tasks.join_next().await {
            ended.unwrap_or(Ok(()))?;
        }
    }
    Ok(())
}

async fn connection(way: Way, stream: Stream, log: Arc<Log>) -> Result<(), Text> {
    if way == Way::WebSocket {
        return push(stream, log).await;
    }
    let service = service_fn(move |request| {
        let log = log.clone();
        async move { Ok::<_, Infallible>(answer(request, &log).await) }
    });
    let connection = server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    connection.await.map_err(could_not("HTTP サーバの処理", "The HTTP server"))
}

/// POST /messages says something; GET /messages?seen=N asks for what was said since, and with &wait it is kept waiting.
async fn answer(request: Request<Incoming>, log: &Log) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    if head.method == Method::POST {
        let Ok(body) = Limited::new(body, MAX_BODY).collect().await else { return respond(StatusCode::PAYLOAD_TOO_LARGE, "") };
        let text = String::from_utf8_lossy(&body.to_bytes()).into_owned();
        log.send_modify(|log| log.push(text));
        return respond(StatusCode::CREATED, "");
    }
    let query = head.uri.query().unwrap_or_default();
    let seen = query.split('&').find_map(|pair| pair.strip_prefix("seen=")).and_then(|n| n.parse().ok()).unwrap_or(0);
    if query.ends_with("&wait") {
        // What has not come by then is asked for again: nobody on the way should think that the connection is dead.
        let _ = timeout(HOLD, log.subscribe().wait_for(|log| log.len() > seen)).await;
    }
    let news: Vec<_> = log.borrow().iter().skip(seen).cloned().collect();
    if news.is_empty() { respond(StatusCode::NO_CONTENT, "") } else { respond(StatusCode::OK, serde_json::json!(news).to_string()) }
}

fn respond(status: StatusCode, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let body = body.into();
    let json = !body.is_empty();
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    if json {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    }
    response
}

/// WebSocket at the server: what comes is said; who has asked for /listen is told at once.
async fn push(mut stream: Stream, log: Arc<Log>) -> Result<(), Text> {
    // Else a message may wait for the ACK of the one before (Nagle's algorithm): servers that push switch it off.
    let _ = stream.set(Opt::NoDelay);
    let listens = Arc::new(Mutex::new(false));
    let note = listens.clone();
    let callback = move |asked: &Asked, answer: Answer| -> Result<Answer, ErrorResponse> {
        *note.lock().unwrap_or_else(PoisonError::into_inner) = asked.uri().path() == "/listen";
        Ok(answer)
    };
    let switched = accept_hdr_async(stream, callback).await;
    let mut socket = switched.map_err(could_not("WebSocket への切り替え", "The switch to WebSocket"))?;
    let listens = *listens.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut news, mut told) = (log.subscribe(), 0);
    loop {
        tokio::select! {
            heard = socket.next() => match heard {
                Some(Ok(Message::Text(text))) => log.send_modify(|log| log.push(text.to_string())),
                Some(Ok(_)) => {}
                Some(Err(e)) => return Err(could_not("サーバの受信", "The server's receiving")(e)),
                None => break,
            },
            Ok(()) = async { news.wait_for(|log| log.len() > told).await.map(drop) }, if listens => {
                let new: Vec<_> = log.borrow().iter().skip(told).cloned().collect();
                told += new.len();
                for text in new {
                    socket.send(Message::text(text)).await.map_err(could_not("サーバの送信", "The server's sending"))?;
                }
            }
        }
    }
    socket.get_mut().shutdown().await.map_err(could_not("サーバの shutdown", "The server's shutdown"))
}

/// What both clients of one way have seen.
#[derive(Default)]
struct Seen {
    /// When each message was sent.
    sent: Vec<Instant>,
    delays: Vec<Duration>,
    requests: u32,
    /// Questions whose answer was: nothing new.
    empty: u32,
}

type Shared = Arc<Mutex<Seen>>;

fn note<T>(seen: &Shared, change: impl FnOnce(&mut Seen) -> T) -> T {
    change(&mut seen.lock().unwrap_or_else(PoisonError::into_inner))
}

async fn clients(ctx: Ctx, ways: Vec<Way>, at: SocketAddr) -> Result<(), Text> {
    let mut lines = Vec::new();
    for way in ways {
        let seen = Shared::default();
        let before = Carried::now();
        both(speaker(ctx.clone(), way, at, seen.clone()), listener(ctx.clone(), way, at, seen.clone())).await?;
        tokio::time::sleep(SETTLE).await;
        let line = note(&seen, |seen| told_of(&ctx, way, seen, before));
        ctx.note(line.clone());
        lines.push(line);
    }
    if lines.len() > 1 {
        let count = ctx.params.number("count");
        let bytes = count * ctx.params.text("text").len() as u64;
        ctx.note(Text::new(
            format!("どれも同じ {count} 通、文字は全部で {bytes} バイトでした。ここの HTTP ヘッダは最小限です。ブラウザはもっと長いヘッダを送ります。"),
            format!("Each carried the same {count} messages, {bytes} bytes of text. The HTTP headers here are short; a browser sends much longer ones."),
        ));
    }
    Ok(())
}

fn told_of(ctx: &Ctx, way: Way, seen: &Seen, before: Option<Carried>) -> Text {
    let millis = |d: Duration| d.as_secs_f64() * 1000.0;
    let n = u32::try_from(seen.delays.len()).unwrap_or(u32::MAX).max(1);
    let mean = millis(seen.delays.iter().sum::<Duration>() / n);
    let most = millis(seen.delays.iter().copied().max().unwrap_or_default());
    let (title, packets) = (way.title(), told(before, ctx.own));
    let (requests, empty) = (seen.requests, seen.empty);
    Text::new(
        format!("{}：リクエスト {requests} 回（うち {empty} 回は何もなし）、{}、届くまで平均 {mean:.1} ミリ秒・最大 {most:.1} ミリ秒。", title.ja, packets.ja),
        format!("{}: {requests} requests ({empty} of them for nothing), {}, a delay of {mean:.1} ms on average and {most:.1} ms at most.", title.en, packets.en),
    )
}

/// A connection of HTTP; the tasks in the set drive it.
async fn http(ctx: &Ctx, program: u8, at: SocketAddr) -> Result<(SendRequest<Full<Bytes>>, JoinSet<hyper::Result<()>>), Text> {
    let connect = Stream::connect(ctx.program(Host::Client, program), at);
    let stream = in_time(async { connect.await.map_err(could_not("接続", "The connection")) }).await?;
    let (sender, connection) =
        client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(could_not("HTTP の開始", "The start of HTTP"))?;
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    Ok((sender, driver))
}

/// Asks and gives the answer's body.
async fn ask(sender: &mut SendRequest<Full<Bytes>>, at: SocketAddr, seen: &Shared, method: Method, target: &str, body: &str) -> Result<Bytes, Text> {
    let host = if at.port() == 80 { at.ip().to_string() } else { at.to_string() };
    let request = Request::builder().method(method).uri(target).header(HOST, host).header(USER_AGENT, "osiscope-lab/1");
    let request = request.body(Full::new(Bytes::from(body.to_owned()))).map_err(could_not("リクエストの組み立て", "Making the request"))?;
    note(seen, |seen| seen.requests += 1);
    in_time(async {
        sender.ready().await.map_err(could_not("接続の再利用", "Using the connection again"))?;
        let response = sender.send_request(request).await.map_err(could_not("リクエスト", "The request"))?;
        let status = response.status();
        if !status.is_success() {
            return Err(Text::new(format!("サーバの返事は {status} でした。"), format!("The server answered {status}.")));
        }
        Ok(response.into_body().collect().await.map_err(could_not("レスポンスの受信", "The response"))?.to_bytes())
    })
    .await
}

/// Without a sender hyper closes the connection.
async fn hang_up(sender: SendRequest<Full<Bytes>>, mut driver: JoinSet<hyper::Result<()>>) -> Result<(), Text> {
    drop(sender);
    in_time(async {
        match driver.join_next().await {
            Some(Ok(Err(e))) => Err(could_not("HTTP の終了", "The end of HTTP")(e)),
            _ => Ok(()),
        }
    })
    .await
}

async fn websocket(ctx: &Ctx, program: u8, at: SocketAddr, path: &str, seen: &Shared) -> Result<WebSocketStream<Stream>, Text> {
    let connect = Stream::connect(ctx.program(Host::Client, program), at);
    let stream = in_time(async { connect.await.map_err(could_not("接続", "The connection")) }).await?;
    let host = if at.port() == 80 { at.ip().to_string() } else { at.to_string() };
    note(seen, |seen| seen.requests += 1);
    in_time(async {
        let asked = client_async(format!("ws://{host}{path}"), stream).await;
        asked.map(|(socket, _)| socket).map_err(could_not("WebSocket への切り替え", "The switch to WebSocket"))
    })
    .await
}

async fn goodbye(mut socket: WebSocketStream<Stream>) -> Result<(), Text> {
    in_time(async {
        socket.close(None).await.map_err(could_not("Close の送信", "Sending Close"))?;
        while let Some(Ok(_)) = socket.next().await {}
        Ok(())
    })
    .await
}

/// The client that speaks, now and then.
async fn speaker(ctx: Ctx, way: Way, at: SocketAddr, seen: Shared) -> Result<(), Text> {
    let (count, pause, text) = (ctx.params.number("count"), Duration::from_millis(ctx.params.number("pause")), ctx.params.text("text"));
    if way == Way::WebSocket {
        let mut socket = websocket(&ctx, 0, at, "/speak", &seen).await?;
        for _ in 0..count {
            tokio::time::sleep(pause).await;
            note(&seen, |seen| seen.sent.push(Instant::now()));
            in_time(async { socket.send(Message::text(text)).await.map_err(could_not("送信", "Sending")) }).await?;
        }
        return goodbye(socket).await;
    }
    let (mut sender, driver) = http(&ctx, 0, at).await?;
    for _ in 0..count {
        tokio::time::sleep(pause).await;
        note(&seen, |seen| seen.sent.push(Instant::now()));
        ask(&mut sender, at, &seen, Method::POST, "/messages", text).await?;
    }
    hang_up(sender, driver).await
}

/// The client that wants to hear of everything as soon as it can.
async fn listener(ctx: Ctx, way: Way, at: SocketAddr, seen: Shared) -> Result<(), Text> {
    let (count, interval) = (ctx.params.size("count"), Duration::from_millis(ctx.params.number("interval")));
    let mut heard = 0;
    let came = |heard: &mut usize| {
        let now = Instant::now();
        note(&seen, |seen| seen.delays.extend(seen.sent.get(*heard).map(|sent| now - *sent)));
        *heard += 1;
    };
    if way == Way::WebSocket {
        let mut socket = websocket(&ctx, 1, at, "/listen", &seen).await?;
        while heard < count {
            match timeout(SILENCE, socket.next()).await {
                Ok(Some(Ok(Message::Text(_)))) => came(&mut heard),
                Ok(Some(Ok(_))) => {}
                other => return Err(Text::new(format!("受信に失敗しました（{other:?}）。"), format!("Receiving failed ({other:?})."))),
            }
        }
        return goodbye(socket).await;
    }
    let (mut sender, driver) = http(&ctx, 1, at).await?;
    let wait = if way == Way::LongPolling { "&wait" } else { "" };
    while heard < count {
        let body = ask(&mut sender, at, &seen, Method::GET, &format!("/messages?seen={heard}{wait}"), "").await?;
        let news: Vec<String> = serde_json::from_slice(&body).unwrap_or_default();
        if news.is_empty() {
            note(&seen, |seen| seen.empty += 1);
        }
        news.iter().for_each(|_| came(&mut heard));
        if way == Way::Polling && heard < count {
            tokio::time::sleep(interval).await;
        }
    }
    hang_up(sender, driver).await
}
