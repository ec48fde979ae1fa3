//! WebSocket (RFC 6455): begins as HTTP, then both sides send messages, and both close.

use super::ctx::{Ctx, both, could_not, in_time};
use super::socket::{Listener, Stream};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::ExchangeInfo;
use crate::trace::Host;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{SinkExt, StreamExt};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::{WebSocketStream, accept_async, client_async};

static INFO: ExchangeInfo = ExchangeInfo {
    name: "websocket",
    badge: "WS",
    title: words("WebSocket", "WebSocket"),
    tagline: words("どちらからでも話せる", "Either side may speak"),
    about: words(
        "チャットやゲームが使うプロトコルです。最初は HTTP の GET で、サーバが 101 Switching Protocols と答えた瞬間から別のプロトコルになります。\
         クライアントの送るフレームだけがマスクされること、1 つのフレームのヘッダが 2 バイトからで済むこと、ping と pong、そして両側が Close を送り合ってから TCP を閉じることを見てください。",
        "What chats and games use. It starts as an HTTP GET; from the answer 101 Switching Protocols on, the same connection speaks \
         another protocol. See that only the client's frames are masked, that a frame's header takes as little as 2 bytes, how \
         ping gets its pong, and how both sides send Close before TCP is closed.",
    ),
    params: &[
        crate::timeline::Param {
            name: "text",
            label: words("送る文字", "Text"),
            note: words("JSON のメッセージの中に入れて送ります。", "Sent inside a JSON message."),
            kind: crate::timeline::ParamKind::Text { default: "こんにちは", max_bytes: 4096 },
        },
        params::count(3, words("メッセージの往復の回数です。", "How many messages go there and back.")),
        params::PAUSE,
        params::port(80),
    ],
};

/// What the ping carries; the pong must bring it back (section 5.5.3).
const PING: &[u8] = b"osiscope";

pub struct WebSocket;

impl Exchange for WebSocket {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            let (listener, at) = ctx.listen()?;
            both(serve(listener), client(ctx, at)).await
        })
    }
}

/// Answers every text message with another; tungstenite answers pings and the close by itself.
async fn serve(mut listener: Listener) -> Result<(), Text> {
    let stream = listener.accept().await.map_err(could_not("サーバの accept", "The server's accept"))?;
    let mut socket = accept_async(stream).await.map_err(could_not("WebSocket への切り替え", "The switch to WebSocket"))?;
    while let Some(message) = socket.next().await {
        let message = message.map_err(could_not("サーバの受信", "The server's receiving"))?;
        if let Message::Text(text) = message {
            let heard: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
            let reply = serde_json::json!({"from": "server", "n": heard.get("n"), "echo": heard.get("text")});
            send(&mut socket, Message::text(reply.to_string())).await?;
        }
    }
    // The server closes TCP first, so that the client need not keep the port in TIME_WAIT (section 7.1.1).
    socket.get_mut().shutdown().await.map_err(could_not("サーバの shutdown", "The server's shutdown"))
}

async fn client(ctx: Ctx, server: SocketAddr) -> Result<(), Text> {
    let connect = Stream::connect(ctx.recorder(Host::Client), server);
    let stream = in_time(async { connect.await.map_err(could_not("接続", "The connection")) }).await?;
    let host = if server.port() == 80 { server.ip().to_string() } else { server.to_string() };
    let mut socket = in_time(async {
        let upgraded = client_async(format!("ws://{host}/chat"), stream).await;
        upgraded.map(|(socket, _)| socket).map_err(could_not("WebSocket への切り替え", "The switch to WebSocket"))
    })
    .await?;
    let (text, count) = (ctx.params.text("text"), ctx.params.number("count"));
    let pause = Duration::from_millis(ctx.params.number("pause"));
    for n in 1..=count {
        let message = serde_json::json!({"from": "client", "n": n, "text": text});
        send(&mut socket, Message::text(message.to_string())).await?;
        let reply = receive(&mut socket).await?.into_text().unwrap_or_default();
        let reply: serde_json::Value = serde_json::from_str(&reply).unwrap_or_default();
        if reply.get("echo").and_then(|e| e.as_str()) != Some(text) {
            return Err(unexpected(&reply.to_string()));
        }
        ctx.progress(n, count, "、返事が来ました", "answered");
        if n == 1 {
            send(&mut socket, Message::Ping(Bytes::from_static(PING))).await?;
            match receive(&mut socket).await? {
                Message::Pong(same) if same == PING => ctx.note(Text::new("ping に pong が返りました", "The ping got its pong")),
                other => return Err(unexpected(&other.to_string())),
            }
        }
        if n < count && !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    let bye = CloseFrame { code: CloseCode::Normal, reason: "bye".into() };
    in_time(async { socket.close(Some(bye)).await.map_err(could_not("Close の送信", "Sending Close")) }).await?;
    match receive(&mut socket).await? {
        Message::Close(Some(frame)) if frame.code == CloseCode::Normal => {}
        other => return Err(unexpected(&other.to_string())),
    }
    // Until the server has closed the TCP connection.
    in_time(async {
        while let Some(rest) = socket.next().await {
            rest.map_err(could_not("受信", "Receiving"))?;
        }
        Ok(())
    })
    .await
}

async fn send(socket: &mut WebSocketStream<Stream>, message: Message) -> Result<(), Text> {
    in_time(async { socket.send(message).await.map_err(could_not("送信", "Sending")) }).await
}

async fn receive(socket: &mut WebSocketStream<Stream>) -> Result<Message, Text> {
    in_time(async {
        match socket.next().await {
            Some(message) => message.map_err(could_not("受信", "Receiving")),
            None => Err(unexpected("FIN")),
        }
    })
    .await
}

fn unexpected(what: &str) -> Text {
    Text::new(format!("思っていたのと違うものが届きました：{what}"), format!("Something unexpected arrived: {what}"))
}
