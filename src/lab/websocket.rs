//! WebSocket (RFC 6455): begins as HTTP, then both sides send messages, and both close.

use super::ctx::{Ctx, both, could_not, in_time};
use super::socket::{Listener, Stream};
use super::ws::{self, BINARY, Frame, GUID, Heard, PING, PONG, Peer};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::trace::Host;
use futures_util::future::BoxFuture;
use std::fmt::Write;
use std::net::SocketAddr;
use std::time::Duration;

const MAX_SIZE: u64 = 10_000_000;
/// How much longer than the client's messages a message may be before the server calls it too big.
const SPARE: usize = 1000;
/// What the ping carries; the pong must bring it back (section 5.5.3).
const CARRIED: &[u8] = b"osiscope";
const EXTENSION: &str = "permessage-deflate";
/// The page that the server of a refused request does not know.
const STRANGER: &str = "http://evil.example";
/// A version of the protocol that was given up before the standard.
const OLD: &str = "8";

static INFO: ExchangeInfo = ExchangeInfo {
    name: "websocket",
    badge: "WS",
    title: words("WebSocket", "WebSocket"),
    tagline: words("どちらからでも話せる", "Either side may speak"),
    about: words(
        "チャットやゲームが使うプロトコルです。最初は HTTP の GET で、サーバが 101 Switching Protocols と答えた瞬間から別のプロトコルになります。\
         クライアントの送るフレームだけがマスクされること、1 つのフレームのヘッダが 2 バイトからで済むこと、ping と pong、そして両側が Close を送り合ってから TCP を閉じることを見てください。\
         メッセージを分ける、圧縮する、断られる、終わり方を変える、も試せます。",
        "What chats and games use. It starts as an HTTP GET; from the answer 101 Switching Protocols on, the same connection speaks \
         another protocol. See that only the client's frames are masked, that a frame's header takes as little as 2 bytes, how \
         ping gets its pong, and how both sides send Close before TCP is closed. Also try fragments, compression, a server that \
         refuses, and other ways to end.",
    ),
    params: &[
        Param {
            name: "text",
            label: words("送る文字", "Text"),
            note: words("JSON のメッセージの中に入れて送ります。", "Sent inside a JSON message."),
            kind: ParamKind::Text { default: "こんにちは", max_bytes: 4096 },
        },
        params::count(3, words("メッセージの往復の回数です。", "How many messages go there and back.")),
        Param {
            name: "size",
            label: words("1 通の大きさ", "Size of each"),
            note: words(
                "0 なら文字のまま。126 と 65536 で長さの書き方が変わります。",
                "0 sends the text as it is. At 126 and 65536 bytes the length is written in another way.",
            ),
            kind: ParamKind::Number { default: 0, min: 0, max: MAX_SIZE, unit: words("バイト", "bytes") },
        },
        Param {
            name: "fragments",
            label: words("分ける数", "Fragments"),
            note: words(
                "1 通をいくつのフレームに分けるかです。最初の 1 通では、その間に ping が割り込みます。",
                "Into how many frames each message is split. In the first message a ping goes in between.",
            ),
            kind: ParamKind::Number { default: 1, min: 1, max: 20, unit: words("個", "") },
        },
        Param {
            name: "deflate",
            label: words("圧縮", "Compression"),
            note: words("permessage-deflate（RFC 7692）を申し出るかです。", "Whether permessage-deflate (RFC 7692) is offered."),
            kind: ParamKind::Choice { options: &[("off", words("しない", "off")), ("on", words("する", "on"))] },
        },
        Param {
            name: "server",
            label: words("サーバの返事", "Server's answer"),
            note: words("断られたときは HTTP のままです。", "When it refuses, HTTP stays HTTP."),
            kind: ParamKind::Choice {
                options: &[
                    ("101", words("101：受け入れる", "101: accepts")),
                    ("403", words("403：知らない Origin なので断る", "403: refuses an unknown Origin")),
                    ("426", words("426：版が違うので断る", "426: refuses the version")),
                ],
            },
        },
        Param {
            name: "close",
            label: words("終わり方", "How it ends"),
            note: words("Close の番号は理由を表します（RFC 6455 7.4.1）。", "The code of Close says why (RFC 6455, 7.4.1)."),
            kind: ParamKind::Choice {
                options: &[
                    ("1000", words("1000：ふつうに終わる", "1000: normal")),
                    ("1001", words("1001：サーバが去る", "1001: the server goes away")),
                    ("1002", words("1002：クライアントがマスクを忘れる", "1002: the client forgets to mask")),
                    ("1003", words("1003：受け取れない種類のデータ", "1003: data of a kind that is not taken")),
                    ("1007", words("1007：UTF-8 でない文字", "1007: text that is not UTF-8")),
                    ("1009", words("1009：大きすぎる", "1009: too big")),
                    ("1005", words("1005：番号のない Close", "1005: Close without a code")),
                    ("1006", words("1006：Close なしで切れる", "1006: cut off without Close")),
                ],
            },
        },
        params::PAUSE,
        params::port(80),
    ],
};

pub struct WebSocket;

impl Exchange for WebSocket {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            let (listener, at) = ctx.listen()?;
            both(serve(ctx.clone(), listener), client(ctx, at)).await
        })
    }
}

/// The header of this name in a head of HTTP.
fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let fields = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    fields.into_iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

async fn serve(ctx: Ctx, mut listener: Listener) -> Result<(), Text> {
    let failed = could_not("WebSocket への切り替え", "The switch to WebSocket");
    let stream = listener.accept().await.map_err(could_not("サーバの accept", "The server's accept"))?;
    let mut peer = Peer::new(stream, false);
    let head = peer.head().await.map_err(&failed)?;
    let head = String::from_utf8_lossy(&head).into_owned();
    if let Some(refusal) = refusal(&head) {
        peer.write(refusal.as_bytes()).await.map_err(&failed)?;
        return peer.end().await.map_err(could_not("サーバの shutdown", "The server's shutdown"));
    }
    let mut answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n",
        ws::accept(header(&head, "Sec-WebSocket-Key").unwrap_or_default()).0,
    );
    let deflate = header(&head, "Sec-WebSocket-Extensions").is_some_and(|e| e.split(';').next() == Some(EXTENSION));
    if deflate {
        let _ = write!(answer, "Sec-WebSocket-Extensions: {EXTENSION}\r\n");
        peer.compress();
    }
    answer.push_str("\r\n");
    peer.write(answer.as_bytes()).await.map_err(&failed)?;
    peer.limit = message(&ctx, u64::MAX).len() + SPARE;
    converse(&ctx, &mut peer).await?;
    // The server closes TCP first, so that the client need not keep the port in TIME_WAIT (section 7.1.1).
    peer.end().await.map_err(could_not("サーバの shutdown", "The server's shutdown"))
}

/// Answers every message with another, until one side has said Close.
async fn converse(ctx: &Ctx, peer: &mut Peer) -> Result<(), Text> {
    let (failed, lost) = (could_not("サーバの送信", "The server's sending"), could_not("サーバの受信", "The server's receiving"));
    let mut closing = false;
    // It goes when the last message is answered, and the ping that comes with the first.
    let (mut answered, mut pinged, goes) = (0, false, ctx.params.text("close") == "1001");
    loop {
        let heard = peer.hear().await.map_err(&lost)?;
        let reply = match heard {
            Heard::Text(text) => {
                let heard: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
                let reply = serde_json::json!({"from": "server", "n": heard.get("n"), "echo": heard.get("text")});
                answered += 1;
                peer.text(&reply.to_string(), 1)
            }
            Heard::Ping(carried) => {
                pinged = true;
                vec![Frame::whole(PONG, carried)]
            }
            Heard::Pong(_) => vec![],
            Heard::Close(_) if closing => return Ok(()),
            Heard::Close(said) => {
                let (code, reason) = said.unzip();
                peer.send(Frame::close(code, &reason.unwrap_or_default())).await.map_err(&failed)?;
                return Ok(());
            }
            Heard::Broken(broken) => {
                let (code, reason) = broken.close();
                closing = true;
                vec![Frame::close(Some(code), reason)]
            }
            Heard::End => {
                ctx.note(Text::new(
                    "サーバ：Close が来ないまま TCP が終わりました。プログラムには 1006 と伝わります（1006 がネットワークを流れることはありません）。",
                    "Server: TCP ended without a Close. The program is told 1006 (which never travels on the wire).",
                ));
                return Ok(());
            }
        };
        for frame in reply {
            peer.send(frame).await.map_err(&failed)?;
        }
        if goes && !closing && pinged && answered == ctx.params.number("count") {
            closing = true;
            peer.send(Frame::close(Some(1001), "going away")).await.map_err(&failed)?;
        }
    }
}

/// Why the server does not want to switch, as the response it gives (sections 4.2.2, 4.4 and 10.2).
fn refusal(head: &str) -> Option<String> {
    let (status, extra, why) = if header(head, "Origin") == Some(STRANGER) {
        ("403 Forbidden", "", "pages of this origin may not connect\n")
    } else if header(head, "Sec-WebSocket-Version") != Some("13") {
        ("426 Upgrade Required", "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n", "this server speaks version 13\n")
    } else {
        return None;
    };
    let len = why.len();
    Some(format!(
        "HTTP/1.1 {status}\r\n{extra}Content-Type: text/plain\r\nContent-Length: {len}\r\nConnection: close\r\n\r\n{why}"
    ))
}

/// The n-th message of the client.
fn message(ctx: &Ctx, n: u64) -> String {
    serde_json::json!({"from": "client", "n": n, "text": text(ctx)}).to_string()
}

/// The text, repeated up to the size asked for; never cut within a character.
fn text(ctx: &Ctx) -> String {
    let text = ctx.params.text("text");
    match ctx.params.size("size") {
        0 => text.to_owned(),
        size => {
            let mut out = String::with_capacity(size);
            let letters = if text.is_empty() { "x" } else { text };
            out.extend(letters.chars().cycle().scan(size, |left, c| {
                *left = left.checked_sub(c.len_utf8())?;
                Some(c)
            }));
            out
        }
    }
}

async fn client(ctx: Ctx, server: SocketAddr) -> Result<(), Text> {
    let connect = Stream::connect(ctx.recorder(Host::Client), server);
    let stream = in_time(async { connect.await.map_err(could_not("接続", "The connection")) }).await?;
    let mut peer = Peer::new(stream, true);
    if !in_time(upgrade(&ctx, &mut peer, server)).await? {
        return in_time(async { peer.end().await.map_err(could_not("受信", "Receiving")) }).await;
    }
    let (sending, count) = (could_not("送信", "Sending"), ctx.params.number("count"));
    let pause = Duration::from_millis(ctx.params.number("pause"));
    for n in 1..=count {
        in_time(round(&ctx, &mut peer, n)).await?;
        ctx.progress(n, count, "、返事が来ました", "answered");
        if n < count && !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    in_time(async {
        let mut own = None;
        match ctx.params.text("close") {
            "1001" => {}
            "1002" => peer.write(&Frame::whole(ws::TEXT, "no mask").bytes()).await.map_err(&sending)?,
            "1003" => _ = peer.send(Frame::whole(BINARY, [0, 1, 2, 3])).await.map_err(&sending)?,
            // 0xE3 0x81 begins a Japanese letter and does not end it.
            "1007" => _ = peer.send(Frame::whole(ws::TEXT, [b'"', 0xE3, 0x81, b'"'])).await.map_err(&sending)?,
            "1009" => {
                let long = "x".repeat(message(&ctx, u64::MAX).len() + SPARE + 1);
                _ = peer.send(Frame::whole(ws::TEXT, long)).await.map_err(&sending)?;
            }
            "1006" => {
                // Its end of TCP is all that the server will see.
                return peer.end().await.map_err(could_not("受信", "Receiving"));
            }
            code => {
                own = Some(Frame::close(code.parse().ok().filter(|c| *c == 1000), "bye"));
            }
        }
        let said_first = own.is_some();
        if let Some(close) = own {
            peer.send(close).await.map_err(&sending)?;
        }
        let said = match peer.hear().await.map_err(could_not("受信", "Receiving"))? {
            Heard::Close(said) => said,
            other => return Err(unexpected(&format!("{other:?}"))),
        };
        ctx.note(closed(said.as_ref(), said_first));
        if !said_first {
            let (code, reason) = said.unzip();
            peer.send(Frame::close(code, &reason.unwrap_or_default())).await.map_err(&sending)?;
        }
        // Until the server has closed the TCP connection.
        match peer.hear().await.map_err(could_not("受信", "Receiving"))? {
            Heard::End => Ok(()),
            other => Err(unexpected(&format!("{other:?}"))),
        }
    })
    .await
}

fn closed(said: Option<&(u16, String)>, answer: bool) -> Text {
    let (ja, en) = if answer { ("返事の Close", "The answering Close") } else { ("サーバからの Close", "Close from the server") };
    match said {
        Some((code, reason)) => Text::new(format!("{ja}：{code}「{reason}」"), format!("{en}: {code} \"{reason}\"")),
        None => Text::new(
            format!("{ja}：番号なし。プログラムには 1005 と伝わります（1005 がネットワークを流れることはありません）。"),
            format!("{en}: no code. The program is told 1005 (which never travels on the wire)."),
        ),
    }
}

/// Asks for the switch, and checks the answer. False: the server does not want to.
async fn upgrade(ctx: &Ctx, peer: &mut Peer, server: SocketAddr) -> Result<bool, Text> {
    let failed = could_not("WebSocket への切り替え", "The switch to WebSocket");
    let host = if server.port() == 80 { server.ip().to_string() } else { server.to_string() };
    let key = ws::key();
    let (origin, version) = match ctx.params.text("server") {
        "403" => (STRANGER.to_owned(), "13"),
        "426" => (format!("http://{host}"), OLD),
        _ => (format!("http://{host}"), "13"),
    };
    let mut request = format!(
        "GET /chat HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: {origin}\r\n\
         Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: {version}\r\n"
    );
    if ctx.params.text("deflate") == "on" {
        let _ = write!(request, "Sec-WebSocket-Extensions: {EXTENSION}\r\n");
    }
    request.push_str("\r\n");
    peer.write(request.as_bytes()).await.map_err(&failed)?;
    let (accept, hash) = ws::accept(&key);
    let hash: String = hash.iter().map(|b| format!("{b:02x}")).collect();
    ctx.note(Text::new(
        format!("Sec-WebSocket-Key「{key}」の後ろに「{GUID}」をつなぎ、SHA-1 を計算すると {hash}。これを Base64 で書くと {accept}。サーバの Sec-WebSocket-Accept はこうなるはずです。"),
        format!("Sec-WebSocket-Key \"{key}\" followed by \"{GUID}\" has the SHA-1 {hash}; in Base64 that is {accept}: what the server's Sec-WebSocket-Accept must be."),
    ));
    let head = peer.head().await.map_err(&failed)?;
    let head = String::from_utf8_lossy(&head).into_owned();
    let status = head.lines().next().unwrap_or_default().to_owned();
    if !status.starts_with("HTTP/1.1 101 ") {
        let len = header(&head, "Content-Length").and_then(|n| n.parse().ok()).unwrap_or(0);
        let why = peer.body(len).await.map_err(&failed)?;
        let why = String::from_utf8_lossy(&why).trim().to_owned();
        ctx.note(Text::new(
            format!("サーバは切り替えを断りました：{status}「{why}」。接続は HTTP のままで、WebSocket のフレームは 1 つも流れません。"),
            format!("The server refuses to switch: {status} \"{why}\". The connection stays HTTP, and no frame of WebSocket follows."),
        ));
        return Ok(false);
    }
    let got = header(&head, "Sec-WebSocket-Accept").unwrap_or_default();
    if got != accept {
        return Err(unexpected(&format!("Sec-WebSocket-Accept: {got}")));
    }
    ctx.note(Text::new(
        format!("サーバの返事は {got}。計算と同じなので、相手は WebSocket を理解しています。"),
        format!("The server answers {got}, the same: it understands WebSocket."),
    ));
    if header(&head, "Sec-WebSocket-Extensions").is_some_and(|e| e.starts_with(EXTENSION)) {
        peer.compress();
    }
    Ok(true)
}

/// One message there and one back.
async fn round(ctx: &Ctx, peer: &mut Peer, n: u64) -> Result<(), Text> {
    let sending = could_not("送信", "Sending");
    let message = message(ctx, n);
    let pieces = ctx.params.size("fragments");
    let frames = peer.text(&message, pieces);
    let sent: usize = frames.iter().map(|f| f.payload.len()).sum();
    let compressed = frames.first().is_some_and(|f| f.rsv1);
    let (mut ping, last) = (n == 1, frames.len().saturating_sub(1));
    for (at, frame) in frames.into_iter().enumerate() {
        let shown = (n == 1 && at == 0).then(|| frame.payload.clone());
        let mask = peer.send(frame).await.map_err(&sending)?;
        if let (Some(plain), Some(mask)) = (shown, mask) {
            ctx.note(masking(mask, &plain));
        }
        if ping && at < last {
            ping = false;
            peer.send(Frame::whole(PING, CARRIED)).await.map_err(&sending)?;
        }
    }
    if compressed {
        let (plain, n) = (message.len(), n.to_string());
        ctx.note(Text::new(
            format!("{n} 通目：{plain} バイトが圧縮で {sent} バイトになりました（RSV1 のビットが印です）。前の通を覚えているので、似た通ほど縮みます。"),
            format!("Message {n}: {plain} bytes became {sent} by compression (the bit RSV1 says so). It remembers the messages before: the more alike, the shorter."),
        ));
    }
    let (mut reply, mut pong) = (None, n > 1);
    if ping {
        // Behind the message: then the reply comes first.
        reply = Some(hear_text(ctx, peer, &mut pong).await?);
        peer.send(Frame::whole(PING, CARRIED)).await.map_err(&sending)?;
    }
    if reply.is_none() {
        reply = Some(hear_text(ctx, peer, &mut pong).await?);
    }
    if !pong {
        match peer.hear().await.map_err(could_not("受信", "Receiving"))? {
            Heard::Pong(same) if same == CARRIED => ponged(ctx),
            other => return Err(unexpected(&format!("{other:?}"))),
        }
    }
    let reply: serde_json::Value = serde_json::from_str(&reply.unwrap_or_default()).unwrap_or_default();
    if reply.get("echo").and_then(|e| e.as_str()) == Some(&text(ctx)) {
        Ok(())
    } else {
        Err(unexpected(&reply.to_string().chars().take(200).collect::<String>()))
    }
}

/// The next text message; a pong may come before it.
async fn hear_text(ctx: &Ctx, peer: &mut Peer, pong: &mut bool) -> Result<String, Text> {
    loop {
        match peer.hear().await.map_err(could_not("受信", "Receiving"))? {
            Heard::Text(text) => return Ok(text),
            Heard::Pong(same) if same == CARRIED => {
                *pong = true;
                ponged(ctx);
            }
            other => return Err(unexpected(&format!("{other:?}"))),
        }
    }
}

fn ponged(ctx: &Ctx) {
    ctx.note(Text::new("ping に pong が返りました", "The ping got its pong"));
}

/// The first bytes of a masked payload, one by one.
fn masking(mask: [u8; 4], plain: &[u8]) -> Text {
    let steps: Vec<_> = plain
        .iter()
        .zip(mask.iter().cycle())
        .take(6)
        .map(|(byte, key)| {
            let letter = if byte.is_ascii_graphic() { format!(" '{}'", char::from(*byte)) } else { String::new() };
            format!("{byte:02x}{letter} XOR {key:02x} = {:02x}", byte ^ key)
        })
        .collect();
    let (steps, key) = (steps.join(", "), mask.map(|b| format!("{b:02x}")).join(" "));
    Text::new(
        format!("マスク {key} を 4 バイトごとにくり返します：{steps} … 秘密にするためではなく、途中の古い装置が HTTP と取り違えないためです。"),
        format!("The mask {key} repeats every 4 bytes: {steps} ... Not to keep a secret, but so that no old device on the way takes it for HTTP."),
    )
}

fn unexpected(what: &str) -> Text {
    Text::new(format!("思っていたのと違うものが届きました：{what}"), format!("Something unexpected arrived: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_not_switch_is_told_why_and_all_others_may() {
        let head = |origin: &str, version: &str| {
            format!("GET /chat HTTP/1.1\r\norigin: {origin}\r\nSec-WebSocket-Version: {version}\r\n\r\n")
        };
        assert_eq!(refusal(&head("http://127.0.0.1", "13")), None);
        assert!(refusal(&head(STRANGER, "13")).is_some_and(|r| r.starts_with("HTTP/1.1 403 ")));
        assert!(refusal(&head("http://127.0.0.1", OLD)).is_some_and(|r| r.contains("Sec-WebSocket-Version: 13\r\n")));
    }

    #[test]
    fn the_mask_is_shown_as_it_is_applied() {
        let text = masking([0x37, 0xfa, 0x21, 0x3d], b"Hello");
        assert!(text.en.contains("48 'H' XOR 37 = 7f") && text.en.contains("6f 'o' XOR 37 = 58"), "{text:?}");
    }
}
