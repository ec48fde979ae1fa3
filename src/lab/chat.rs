//! A chat over WebSocket: several clients, a server that speaks first and tells everybody, and a client that is cut off.

use super::ctx::{Ctx, all, could_not, said};
use super::socket::{Listener, Opt, Stream};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::trace::Host;
use futures_util::future::BoxFuture;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async, client_async};

/// The client that is cut off: the second one.
const VICTIM: usize = 1;
/// How long a client waits before its first new attempt, and at most: each wait is twice the one before.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// What each client waits longer than the one before it, so that not all come back in the same moment.
const APART: Duration = Duration::from_millis(15);
const ATTEMPTS: u32 = 8;
/// How long the server is gone.
const GONE: Duration = Duration::from_millis(250);
/// Nobody is silent for longer, but for the pauses asked for.
const SILENCE: Duration = Duration::from_secs(15);

static INFO: ExchangeInfo = ExchangeInfo {
    name: "chat",
    badge: "CHAT",
    title: words("チャット", "Chat"),
    tagline: words("1 人の言葉が全員に届く", "One speaks, all hear"),
    about: words(
        "何人かのクライアントが 1 つのサーバにつながります。接続すると、頼まれなくてもサーバが先に話します。1 人が言ったことをサーバは全員に送るので、\
         1 通の write が人数分のセグメントになります。途中でクライアント 2 の接続が切れ（RST）、待つ時間を倍にしながらつなぎ直し、聞き逃した分を受け取ります。",
        "Several clients are connected to one server. The server speaks first, without being asked. What one says the server sends to \
         everybody: one write in becomes as many segments out. In the middle client 2 is cut off (RST); it tries again, doubling \
         its wait each time, and gets what it has missed.",
    ),
    params: &[
        Param {
            name: "clients",
            label: words("人数", "Clients"),
            note: words("クライアントのプログラムの数です。", "How many client programs there are."),
            kind: ParamKind::Number { default: 3, min: 2, max: 8, unit: words("人", "") },
        },
        Param {
            name: "text",
            label: words("言葉", "Text"),
            note: words("順番に全員が言います。", "Everybody says it in turn."),
            kind: ParamKind::Text { default: "こんにちは", max_bytes: 4096 },
        },
        params::count(2, words("1 人が何回話すかです。", "How often each of them speaks.")),
        Param {
            name: "cut",
            label: words("切れる接続", "What is cut"),
            note: words("1 周したあとで切れます。", "After everybody has spoken once."),
            kind: ParamKind::Choice {
                options: &[
                    ("client", words("クライアント 2 だけ", "client 2 only")),
                    ("server", words("サーバが落ちて起動し直す", "the server falls and starts again")),
                    ("none", words("切れない", "nothing")),
                ],
            },
        },
        params::PAUSE,
        params::port(80),
    ],
};

pub struct Chat;

impl Exchange for Chat {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            let (listener, at) = ctx.listen()?;
            let clients = ctx.params.size("clients");
            let mut programs: Vec<BoxFuture<'static, Result<(), Text>>> = vec![Box::pin(serve(ctx.clone(), listener, at))];
            for me in 0..clients {
                programs.push(Box::pin(client(ctx.clone(), me, at)));
            }
            all(programs).await
        })
    }
}

/// What a member's task is to do.
enum Order {
    Send(String),
    /// Break off, as a crash or a cable that is pulled would.
    Cut,
}

/// What the server knows.
struct Room {
    clients: usize,
    /// What was said, in order: who was away gets the rest of it.
    log: Vec<String>,
    members: BTreeMap<usize, UnboundedSender<Order>>,
    complete: bool,
    /// Which connections are cut when everybody has spoken once.
    cut: Cut,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    Nobody,
    Client,
    Server,
}

impl Room {
    fn tell(&self, text: &str) {
        for member in self.members.values() {
            let _ = member.send(Order::Send(text.to_owned()));
        }
    }

    /// Somebody has spoken. True: now the server falls.
    fn say(&mut self, from: usize, text: &str) -> bool {
        let said = json!({"seq": self.log.len(), "from": format!("client {}", from + 1), "text": text}).to_string();
        self.log.push(said.clone());
        if self.log.len() == self.clients {
            match std::mem::replace(&mut self.cut, Cut::Nobody) {
                Cut::Client => {
                    if let Some(victim) = self.members.remove(&VICTIM) {
                        let _ = victim.send(Order::Cut);
                    }
                }
                Cut::Server => {
                    for member in std::mem::take(&mut self.members).into_values() {
                        let _ = member.send(Order::Cut);
                    }
                    return true;
                }
                Cut::Nobody => {}
            }
        }
        self.tell(&said);
        false
    }
}

type Shared = Arc<Mutex<Room>>;

fn lock(room: &Shared) -> MutexGuard<'_, Room> {
    room.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(ctx: Ctx, mut listener: Listener, at: SocketAddr) -> Result<(), Text> {
    let accepting = could_not("サーバの accept", "The server's accept");
    let clients = ctx.params.size("clients");
    let cut = match ctx.params.text("cut") {
        "client" => Cut::Client,
        "server" => Cut::Server,
        _ => Cut::Nobody,
    };
    let room = Room { clients, log: Vec::new(), members: BTreeMap::new(), complete: false, cut };
    let (room, fall) = (Arc::new(Mutex::new(room)), Arc::new(Notify::new()));
    let mut members = JoinSet::new();
    for _ in 0..clients {
        let stream = listener.accept().await.map_err(&accepting)?;
        members.spawn(member(stream, room.clone(), fall.clone()));
    }
    match cut {
        Cut::Nobody => {}
        Cut::Client => {
            // Servers under load do so: the way back is not always free at once.
            let stream = listener.accept().await.map_err(&accepting)?;
            refuse(stream).await;
            let stream = listener.accept().await.map_err(&accepting)?;
            members.spawn(member(stream, room.clone(), fall.clone()));
        }
        Cut::Server => {
            fall.notified().await;
            drop(listener);
            ctx.note(Text::new("サーバが落ちました：すべての接続が RST で切れます。", "The server falls: every connection is cut by a RST."));
            tokio::time::sleep(GONE).await;
            listener = Listener::open(ctx.recorder(Host::Server), at).map_err(could_not("サーバの再起動", "The server's new start"))?;
            ctx.note(Text::new("サーバがまた待ち受けています。", "The server listens again."));
            for _ in 0..clients {
                let stream = listener.accept().await.map_err(&accepting)?;
                members.spawn(member(stream, room.clone(), fall.clone()));
            }
        }
    }
    while let Some(ended) = members.join_next().await {
        ended.unwrap_or(Ok(()))?;
    }
    Ok(())
}

/// Answers a request for WebSocket with 503.
async fn refuse(stream: Stream) {
    let busy = |_: &Request, _: Response| {
        let mut response = ErrorResponse::new(Some("busy\n".to_owned()));
        *response.status_mut() = hyper::StatusCode::SERVICE_UNAVAILABLE;
        Err(response)
    };
    // The error is what was asked for.
    let _ = accept_hdr_async(stream, Box::new(busy) as Callback).await;
}

type Callback = Box<dyn FnOnce(&Request, Response) -> Result<Response, ErrorResponse> + Send + Unpin>;

/// One connection at the server: what one says goes to all.
async fn member(stream: Stream, room: Shared, fall: Arc<Notify>) -> Result<(), Text> {
    let sending = could_not("サーバの送信", "The server's sending");
    let asked = Arc::new(Mutex::new((0, 0)));
    let note = asked.clone();
    let callback: Callback = Box::new(move |request: &Request, response: Response| {
        let number = |name: &str| {
            let pairs = request.uri().query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
            pairs.into_iter().find(|(n, _)| *n == name).and_then(|(_, v)| v.parse().ok()).unwrap_or(0)
        };
        *note.lock().unwrap_or_else(PoisonError::into_inner) = (number("client"), number("seen"));
        Ok(response)
    });
    let switched = accept_hdr_async(stream, callback).await;
    let mut socket = switched.map_err(could_not("WebSocket への切り替え", "The switch to WebSocket"))?;
    let (who, seen): (usize, usize) = *asked.lock().unwrap_or_else(PoisonError::into_inner);
    let (orders, mut todo) = unbounded_channel();
    {
        let mut room = lock(&room);
        let missed: Vec<_> = room.log.iter().skip(seen).cloned().collect();
        let here = room.members.len() + 1;
        let hello = json!({"from": "server", "welcome": format!("client {}", who + 1), "here": here, "missed": missed.len()});
        for text in std::iter::once(hello.to_string()).chain(missed) {
            let _ = orders.send(Order::Send(text));
        }
        room.members.insert(who, orders);
        if !room.complete && here == room.clients {
            room.complete = true;
            room.tell(&json!({"from": "server", "all": "here"}).to_string());
        }
    }
    loop {
        tokio::select! {
            heard = socket.next() => match heard {
                Some(Ok(Message::Text(text))) => {
                    if lock(&room).say(who, &text) {
                        fall.notify_one();
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(e)) => return Err(could_not("サーバの受信", "The server's receiving")(e)),
                None => break,
            },
            order = todo.recv() => match order {
                Some(Order::Send(text)) => socket.send(Message::text(text)).await.map_err(&sending)?,
                Some(Order::Cut) => {
                    let _ = socket.get_mut().set(Opt::LingerZero);
                    return Ok(());
                }
                None => {}
            },
        }
    }
    lock(&room).members.remove(&who);
    socket.get_mut().shutdown().await.map_err(could_not("サーバの shutdown", "The server's shutdown"))
}

/// Why a client has no connection.
enum Lost {
    /// It can try again.
    Because(Text),
    Failed(Text),
}

/// One client program: speaks when it is its turn, until everybody has said everything.
async fn client(ctx: Ctx, me: usize, server: SocketAddr) -> Result<(), Text> {
    let name = format!("client {}", me + 1);
    let mut state = State { me, clients: ctx.params.size("clients"), seen: 0, started: false };
    let longer = APART.saturating_mul(u32::try_from(me).unwrap_or(0));
    let (mut wait, mut attempts) = (FIRST_WAIT, 0);
    // Each in its place: the first one to come is the first one to speak.
    tokio::time::sleep(longer).await;
    loop {
        let lost = match join(&ctx, &state, server).await {
            Ok(mut socket) => {
                if attempts > 0 {
                    ctx.note(Text::new(
                        format!("{name}：{attempts} 回目でまたつながりました。「{} 通目まで聞いた」と言って、続きを受け取ります。", state.seen),
                        format!("{name}: back at attempt {attempts}. It says \"I have heard {}\" and gets the rest.", state.seen),
                    ));
                }
                (wait, attempts) = (FIRST_WAIT, 0);
                match talk(&ctx, &mut state, &mut socket).await {
                    Ok(()) => return Ok(()),
                    Err(lost) => lost,
                }
            }
            Err(lost) => lost,
        };
        let why = match lost {
            Lost::Because(why) if attempts < ATTEMPTS => why,
            Lost::Because(text) | Lost::Failed(text) => return Err(text),
        };
        let pause = wait + longer;
        let millis = pause.as_millis();
        ctx.note(Text::new(
            format!("{name}：{}。{millis} ミリ秒待ってから、つなぎ直します（次は倍待ちます。少しずつずらすのは、全員が同時に戻らないためです）。", why.ja),
            format!("{name}: {}. It waits {millis} ms and tries again (the next wait is twice as long; a bit more for each client, so that not all come at once).", why.en),
        ));
        tokio::time::sleep(pause).await;
        attempts += 1;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

struct State {
    me: usize,
    clients: usize,
    /// How many messages of the chat have come.
    seen: usize,
    /// Everybody is there.
    started: bool,
}

async fn join(ctx: &Ctx, state: &State, server: SocketAddr) -> Result<WebSocketStream<Stream>, Lost> {
    let program = u8::try_from(state.me).unwrap_or(0);
    let stream = Stream::connect(ctx.program(Host::Client, program), server).await.map_err(|e| Lost::Because(Text::same(said(&e))))?;
    let host = if server.port() == 80 { server.ip().to_string() } else { server.to_string() };
    let asked = client_async(format!("ws://{host}/chat?client={}&seen={}", state.me, state.seen), stream);
    match tokio::time::timeout(SILENCE, asked).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(Error::Http(response))) => Err(Lost::Because(Text::same(format!("HTTP {}", response.status())))),
        Ok(Err(Error::Io(e))) => Err(Lost::Because(Text::same(said(&e)))),
        Ok(Err(e)) => Err(Lost::Failed(could_not("WebSocket への切り替え", "The switch to WebSocket")(e))),
        Err(_) => Err(Lost::Failed(silent())),
    }
}

async fn talk(ctx: &Ctx, state: &mut State, socket: &mut WebSocketStream<Stream>) -> Result<(), Lost> {
    let sending = |e: Error| Lost::Failed(could_not("送信", "Sending")(e));
    let total = state.clients * ctx.params.size("count");
    let pause = Duration::from_millis(ctx.params.number("pause"));
    let silence = SILENCE + pause.saturating_mul(u32::try_from(state.clients).unwrap_or(1));
    loop {
        let heard = match tokio::time::timeout(silence, socket.next()).await {
            Ok(Some(Ok(Message::Text(text)))) => serde_json::from_str::<Value>(&text).unwrap_or_default(),
            Ok(Some(Ok(_))) => continue,
            Ok(Some(Err(Error::Io(e)))) => return Err(Lost::Because(Text::same(said(&e)))),
            Ok(Some(Err(e))) => return Err(Lost::Because(Text::same(e.to_string()))),
            Ok(None) => return Err(Lost::Because(Text::new("接続が閉じられました", "the connection was closed"))),
            Err(_) => return Err(Lost::Failed(silent())),
        };
        if heard.get("welcome").is_some() && state.me == 0 && state.seen == 0 {
            ctx.note(Text::new(
                "client 1：つないだだけで、サーバが先に話しかけてきました。HTTP ではできないことです。",
                "client 1: it has only connected, and the server speaks first: HTTP cannot do that.",
            ));
        }
        state.started |= heard.get("all").is_some();
        if let Some(seq) = heard.get("seq").and_then(Value::as_u64) {
            state.seen = usize::try_from(seq).unwrap_or(usize::MAX).saturating_add(1);
            // What one client has heard stands for all.
            if state.me == 0 {
                let (seen, clients) = (state.seen as u64, state.clients);
                ctx.progress(seen, total as u64, &format!("、{clients} 人全員に届きました"), &format!("sent on to all {clients}"));
            }
        }
        // Whose turn it is follows from how much was said.
        let news = heard.get("all").is_some() || heard.get("seq").is_some();
        if news && state.started && state.seen < total && state.seen % state.clients == state.me {
            tokio::time::sleep(pause).await;
            socket.send(Message::text(ctx.params.text("text"))).await.map_err(sending)?;
        }
        if state.seen >= total {
            let bye = CloseFrame { code: CloseCode::Normal, reason: "bye".into() };
            socket.close(Some(bye)).await.map_err(sending)?;
            // Until the server has closed the TCP connection.
            let rest = async { while let Some(Ok(_)) = socket.next().await {} };
            return tokio::time::timeout(SILENCE, rest).await.map_err(|_| Lost::Failed(silent()));
        }
    }
}

fn silent() -> Text {
    Text::new("相手が何も言わなくなりました。", "The other side has fallen silent.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn what_one_says_goes_to_all_but_the_one_that_is_cut_and_that_one_finds_it_in_the_log() {
        let mut room = Room { clients: 3, log: vec![], members: BTreeMap::new(), complete: true, cut: Cut::Client };
        let mut ends = Vec::new();
        for who in 0..3 {
            let (to, from) = unbounded_channel();
            room.members.insert(who, to);
            ends.push(from);
        }
        for who in 0..3 {
            assert!(!room.say(who, "hello"), "the server stays");
        }
        let sent = |order: &Order| matches!(order, Order::Send(_));
        for (who, end) in ends.iter_mut().enumerate() {
            let orders: Vec<_> = std::iter::from_fn(|| end.try_recv().ok()).collect();
            assert_eq!(orders.len(), 3);
            assert_eq!(orders.iter().all(sent), who != VICTIM);
        }
        assert_eq!((room.log.len(), room.members.len()), (3, 2));
    }
}
