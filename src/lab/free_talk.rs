//! Free talk: osiscope is one side, and any program of the user is the other: `nc`, `curl`, a browser, a program of one's own.
//!
//! In: whatever that program sends. Out: an answer by the chosen role, and a note of each thing that came. Nothing that comes may end
//! the run: what makes no sense is answered by a clear statement. It runs until it is stopped, or for a time that was asked for.

use super::ctx::{Ctx, could_not, told};
use super::socket::{Listener, Stream, Udp};
use super::web::reply::{self, HTML, TEXT};
use super::ws::{self, Frame, Heard, Peer};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::trace::Host;
use futures_util::future::BoxFuture;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::fmt::Write;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt, split};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// What `read` is offered at once; the longest datagram fits.
const BUFFER: usize = 64 * 1024;
/// Connections at the same time; the next waits in the kernel's queue.
const GUESTS: usize = 16;
/// The longest body of a request, and the longest WebSocket message.
const MAX_BODY: usize = 1 << 20;
/// What is told at most: a flood is seen in the packets.
const MAX_NOTES: u32 = 500;
/// How much of what came is quoted, in characters.
const QUOTED: usize = 60;
/// How long until somebody is looked for again who was not there.
const AGAIN: Duration = Duration::from_secs(1);
/// How long a client over UDP listens before it sends its next line.
const ANSWER: Duration = Duration::from_millis(300);

static INFO: ExchangeInfo = ExchangeInfo {
    name: "free-talk",
    badge: "FREE",
    title: words("自由に話す", "Free talk"),
    tagline: words("相手は自分のプログラム", "The other side is yours"),
    about: words(
        "相手は、nc、curl、ブラウザ、または好きな言語で書いた自分のプログラムです。osiscope はサーバとして待つか、クライアントとして接続し、届いたものを見せます。\
         最初のメモにあるコマンドを端末で実行してください。専用ネットワークの中では osiscope run が、そのプログラムを同じネットワークの中で動かします。\
         自分の書いた 1 行が、どのパケットになるかを見てください。静かになるまで続きます。",
        "The other side is nc, curl, a browser, or a program of your own in any language. osiscope waits as a server or connects as a client, \
         and shows whatever comes. Run the command of the first note in a terminal: for the lab's own network, osiscope run starts \
         that program inside it. See which packets a line of your own becomes. It goes on until all is quiet.",
    ),
    params: &[
        Param {
            name: "role",
            label: words("osiscope の役", "Role of osiscope"),
            note: words("相手の役は、あなたのプログラムがします。", "Your program plays the other side."),
            kind: ParamKind::Choice {
                options: &[
                    ("tcp-echo", words("TCP エコーサーバ", "TCP echo server")),
                    ("udp-echo", words("UDP エコーサーバ", "UDP echo server")),
                    ("http", words("HTTP サーバ", "HTTP server")),
                    ("websocket", words("WebSocket サーバ", "WebSocket server")),
                    ("tcp-client", words("TCP クライアント", "TCP client")),
                    ("udp-client", words("UDP クライアント", "UDP client")),
                ],
            },
        },
        Param {
            name: "text",
            label: words("送る行", "Lines to send"),
            note: words(
                "クライアントのときに送ります。\\n で行を分けます。",
                "Sent where osiscope is the client; \\n begins a new line.",
            ),
            kind: ParamKind::Text { default: "hello, osiscope", max_bytes: 4096 },
        },
        params::PAUSE,
        Param {
            name: "port",
            label: words("ポート", "Port"),
            note: words(
                "空いている番号ならどれでも使えます。0 なら、エコーは 7、HTTP と WebSocket は 80 です。",
                "Any that is free. 0 stands for the usual one: 7 for an echo, 80 for HTTP and WebSocket.",
            ),
            kind: ParamKind::Number { default: 0, min: 0, max: 65_535, unit: words("", "") },
        },
        Param {
            name: "seconds",
            label: words("静かなら終わる", "End when quiet"),
            note: words(
                "だれも何も送らないまま、この秒数がたつと終わります。0 なら、止めるまで続きます。",
                "It ends when nobody has sent anything for so many seconds. 0 goes on until it is stopped.",
            ),
            kind: ParamKind::Number { default: 30, min: 0, max: 86_400, unit: words("秒", "s") },
        },
    ],
};

pub struct FreeTalk;

impl Exchange for FreeTalk {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            let seconds = ctx.params.number("seconds");
            let talk = talk(Talk { ctx: ctx.clone(), notes: Arc::default() });
            if seconds == 0 {
                return talk.await;
            }
            tokio::select! {
                out = talk => out,
                () = silence(&ctx, Duration::from_secs(seconds)) => {
                    ctx.note(Text::new(
                        format!("{seconds} 秒間だれも何も送らなかったので終わります。"),
                        format!("Nobody has sent anything for {seconds} s: this is the end."),
                    ));
                    Ok(())
                }
            }
        })
    }
}

/// Waits until nothing has been heard for this long.
async fn silence(ctx: &Ctx, long: Duration) {
    let (mut heard, mut since) = (ctx.sink.heard(), Instant::now());
    while since.elapsed() < long {
        sleep(Duration::from_millis(100)).await;
        let now = ctx.sink.heard();
        if now != heard {
            (heard, since) = (now, Instant::now());
        }
    }
}

/// What every part of a talk has: the run, and how much was told.
#[derive(Clone)]
struct Talk {
    ctx: Ctx,
    notes: Arc<AtomicU32>,
}

impl Talk {
    fn tell(&self, ja: impl Into<String>, en: impl Into<String>) {
        match self.notes.fetch_add(1, Relaxed) {
            n if n < MAX_NOTES => self.ctx.note(Text::new(ja, en)),
            MAX_NOTES => self.ctx.note(Text::new(
                format!("メモが {MAX_NOTES} 個になったので、これ以上は書きません。パケットは記録され続けます。"),
                format!("That were {MAX_NOTES} notes; no more will be written. The packets are still captured."),
            )),
            // Stays above, and never comes round.
            _ => self.notes.store(MAX_NOTES + 1, Relaxed),
        }
    }

    fn came(&self, from: SocketAddr, bytes: &[u8]) {
        let (n, what) = (bytes.len(), quote(bytes));
        self.tell(format!("{from} から {n} バイト：{}", what.ja), format!("{n} bytes from {from}: {}", what.en));
    }

    fn failed(&self, from: SocketAddr, call: &str, error: &std::io::Error) {
        let why = told(call, error);
        self.tell(format!("{from} との接続：{}", why.ja), format!("The connection with {from}: {}", why.en));
    }

    /// The port asked for, or the usual one of the role.
    fn port(&self) -> u64 {
        match (self.ctx.params.number("port"), self.ctx.params.text("role")) {
            (0, "http" | "websocket") => 80,
            (0, _) => 7,
            (port, _) => port,
        }
    }

    /// The command that makes the other side, as a shell takes it.
    fn offer(&self, role: &str, at: SocketAddr) {
        let (ip, port) = (at.ip(), at.port());
        let command = match role {
            "udp-echo" => format!("nc -u {ip} {port}"),
            "http" => format!("curl -v http://{at}/"),
            "websocket" => format!(
                "curl -iN -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' \
                 -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' http://{at}/"
            ),
            "tcp-client" => format!("nc -l {ip} {port}"),
            "udp-client" => format!("nc -u -l {ip} {port}"),
            _ => format!("nc {ip} {port}"),
        };
        if self.ctx.own {
            self.tell(
                format!("別の端末で実行してください：osiscope run -- {command}"),
                format!("Run this in another terminal: osiscope run -- {command}"),
            );
        } else {
            self.tell(format!("別の端末で実行してください：{command}"), format!("Run this in another terminal: {command}"));
        }
    }
}

async fn talk(talk: Talk) -> Result<(), Text> {
    let role = talk.ctx.params.text("role").to_owned();
    match role.as_str() {
        "tcp-client" => tcp_client(talk).await,
        "udp-client" => udp_client(talk).await,
        "udp-echo" => {
            let wanted = (std::net::Ipv4Addr::LOCALHOST, u16::try_from(talk.port()).unwrap_or(0)).into();
            let (socket, at) = talk.ctx.bind_udp_at(0, wanted)?;
            talk.ctx.started(&[at]);
            talk.offer(&role, at);
            udp_echo(talk, socket).await
        }
        _ => {
            let (listener, at) = talk.ctx.listen_as(0, talk.port())?;
            talk.ctx.started(&[at]);
            talk.offer(&role, at);
            serve(talk, listener, &role).await
        }
    }
}

/// Every guest in a task of its own.
async fn serve(talk: Talk, mut listener: Listener, role: &str) -> Result<(), Text> {
    let mut guests: JoinSet<()> = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = guests.join_next() => {}
            stream = listener.accept(), if guests.len() < GUESTS => {
                let stream = stream.map_err(could_not("サーバの accept", "The server's accept"))?;
                let Some(from) = stream.peer() else { continue };
                talk.tell(format!("{from} が接続しました。"), format!("{from} has connected."));
                let talk = talk.clone();
                match role {
                    "http" => guests.spawn(http(talk, stream, from)),
                    "websocket" => guests.spawn(websocket(talk, stream, from)),
                    _ => guests.spawn(echo(talk, stream, from)),
                };
            }
        }
    }
}

async fn echo(talk: Talk, mut stream: Stream, from: SocketAddr) {
    let mut buffer = vec![0; BUFFER];
    let mut first = true;
    loop {
        let n = match stream.read(&mut buffer).await {
            Ok(n) => n,
            Err(e) => return talk.failed(from, "read", &e),
        };
        let Some(bytes) = buffer.get(..n).filter(|b| !b.is_empty()) else { break };
        talk.came(from, bytes);
        if let Some(hint) = Some(bytes).filter(|_| std::mem::take(&mut first)).and_then(mistaken) {
            talk.tell(hint.ja, hint.en);
        }
        if let Err(e) = stream.write_all(bytes).await {
            return talk.failed(from, "write", &e);
        }
    }
    talk.tell(format!("{from} が送り終えたので、閉じます。"), format!("{from} has nothing more to say: closing."));
}

/// What an echo server can say of a guest who speaks another protocol.
fn mistaken(bytes: &[u8]) -> Option<Text> {
    // A TLS record of a handshake (RFC 8446, 5.1): a browser that was given https://.
    if bytes.starts_with(&[0x16, 0x03]) {
        return Some(Text::new(
            "これは TLS の ClientHello です（https://）。ここは暗号を使わないエコーサーバなので、同じバイトをそのまま返します。相手はエラーにします。",
            "This is a ClientHello of TLS (https://). An echo server without encryption sends the same bytes back, and the other side calls that an error.",
        ));
    }
    let line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    if line.trim_ascii_end().ends_with(b"HTTP/1.1") {
        return Some(Text::new(
            "これは HTTP のリクエストです。エコーサーバは同じものを返すだけなので、ブラウザはそれをレスポンスとして読めません。役を HTTP サーバにしてください。",
            "This is a request of HTTP. An echo server only sends it back, which no browser can read as a response. Choose the role HTTP server.",
        ));
    }
    std::str::from_utf8(bytes).is_err().then(|| {
        Text::new(
            "UTF-8 の文字ではないバイトがあります。エコーサーバは意味を考えずに、バイトをそのまま返します。",
            "There are bytes that are no UTF-8 text. An echo server asks for no meaning: it sends the bytes back as they are.",
        )
    })
}

async fn http(talk: Talk, stream: Stream, from: SocketAddr) {
    let voice = talk.clone();
    let service = service_fn(move |request| {
        let talk = voice.clone();
        async move { Ok::<_, Infallible>(answer(&talk, from, request).await) }
    });
    let mut builder = http1::Builder::new();
    match builder.title_case_headers(true).serve_connection(TokioIo::new(stream), service).await {
        Ok(()) => talk.tell(format!("{from} との接続が終わりました。"), format!("The connection with {from} has ended.")),
        Err(e) if e.is_parse() => talk.tell(
            format!("{from} が送ったものは HTTP のリクエストとして読めません（{e}）。400 Bad Request と答えて閉じます。"),
            format!("What {from} sent cannot be read as a request of HTTP ({e}). It is answered by 400 Bad Request, and closed."),
        ),
        Err(e) => talk.tell(format!("{from} との接続：{e}"), format!("The connection with {from}: {e}")),
    }
}

/// Shows the guest what came from it: the request's line, its headers, its body.
async fn answer(talk: &Talk, from: SocketAddr, request: Request<Incoming>) -> reply::Reply {
    let (head, body) = request.into_parts();
    let line = format!("{} {} {:?}", head.method, head.uri, head.version);
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
        talk.tell(
            format!("{from}：{} は本文が読めないか、長すぎます → 413", cut(&line)),
            format!("{from}: {}: its body cannot be read or is too long → 413", cut(&line)),
        );
        return reply::whole(StatusCode::PAYLOAD_TOO_LARGE, TEXT, "too long\n");
    };
    let body = body.to_bytes();
    let line_shown = cut(&line);
    talk.tell(
        format!("{from}：{line_shown}、本文 {} バイト → 200", body.len()),
        format!("{from}: {line_shown}, a body of {} bytes → 200", body.len()),
    );
    let mut shown = format!("{line}\n");
    for (name, value) in &head.headers {
        let _ = writeln!(shown, "{name}: {}", String::from_utf8_lossy(value.as_bytes()));
    }
    if !body.is_empty() {
        let _ = write!(shown, "\n{}", String::from_utf8_lossy(&body));
    }
    reply::whole(StatusCode::OK, TEXT, shown)
}

/// What a browser gets that only opens the address: a page that can talk.
const PAGE: &str = "<!doctype html><meta charset=utf-8><title>osiscope</title><form><input autofocus> <button>send</button></form><pre></pre>\
<script>const s=new WebSocket('ws://'+location.host),i=document.querySelector('input'),o=document.querySelector('pre');\
s.onmessage=e=>o.append('< '+e.data+'\\n');s.onclose=e=>o.append('closed '+e.code+'\\n');\
document.forms[0].onsubmit=e=>{e.preventDefault();s.send(i.value);o.append('> '+i.value+'\\n');i.value=''}</script>";

async fn websocket(talk: Talk, stream: Stream, from: SocketAddr) {
    let mut peer = Peer::new(stream, false);
    peer.limit = MAX_BODY;
    if let Err(e) = converse(&talk, &mut peer, from).await {
        talk.failed(from, "read", &e);
    } else if let Err(e) = peer.end().await {
        talk.failed(from, "shutdown", &e);
    }
}

async fn converse(talk: &Talk, peer: &mut Peer, from: SocketAddr) -> std::io::Result<()> {
    let head = match peer.head().await {
        Ok(head) => String::from_utf8_lossy(&head).into_owned(),
        Err(e) if e.kind() == ErrorKind::UnexpectedEof => {
            talk.tell(
                format!("{from} が送ったものは、WebSocket を始める HTTP のリクエストではありません。400 と答えて閉じます。"),
                format!("What {from} sent is not the HTTP request that begins WebSocket. It is answered by 400, and closed."),
            );
            return peer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
        }
        Err(e) => return Err(e),
    };
    let line = cut(head.lines().next().unwrap_or_default());
    let key = head.lines().filter_map(|l| l.split_once(':')).find(|(n, _)| n.eq_ignore_ascii_case("sec-websocket-key"));
    let Some((_, key)) = key else {
        let length = PAGE.len();
        talk.tell(
            format!("{from}：{line}。WebSocket の始まりではないので、WebSocket で話せるページを返します。"),
            format!("{from}: {line}. That does not begin WebSocket: it is given a page that can talk WebSocket."),
        );
        let page = format!("HTTP/1.1 200 OK\r\nContent-Type: {HTML}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{PAGE}");
        return peer.write(page.as_bytes()).await;
    };
    let accept = ws::accept(key.trim()).0;
    talk.tell(format!("{from}：{line} → 101 Switching Protocols"), format!("{from}: {line} → 101 Switching Protocols"));
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    peer.write(head.as_bytes()).await?;
    // Who cannot make frames sees at least that one came.
    say(peer, "osiscope").await?;
    loop {
        match peer.hear().await? {
            Heard::Text(text) => {
                talk.came(from, text.as_bytes());
                say(peer, &text).await?;
            }
            Heard::Ping(bytes) => {
                peer.send(Frame::whole(ws::PONG, bytes)).await?;
            }
            Heard::Pong(_) => {}
            Heard::Close(said) => {
                let code = said.as_ref().map(|s| s.0);
                let shown = code.unwrap_or(1005);
                talk.tell(format!("{from} が Close（{shown}）を送りました。"), format!("{from} has sent Close ({shown})."));
                peer.send(Frame::close(code, "")).await?;
                return Ok(());
            }
            Heard::Broken(broken) => {
                let (code, why) = broken.close();
                talk.tell(
                    format!("{from} が WebSocket の決まりを破りました（{why}）。Close {code} で閉じます。"),
                    format!("{from} has broken a rule of WebSocket ({why}). It is closed by Close {code}."),
                );
                peer.send(Frame::close(Some(code), why)).await?;
                return Ok(());
            }
            Heard::End => {
                talk.tell(format!("{from} は Close なしで切れました（1006）。"), format!("{from} has gone without Close (1006)."));
                return Ok(());
            }
        }
    }
}

async fn say(peer: &mut Peer, text: &str) -> std::io::Result<()> {
    peer.send(Frame::whole(ws::TEXT, text.as_bytes())).await.map(drop)
}

async fn udp_echo(talk: Talk, socket: Udp) -> Result<(), Text> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let received = socket.receive(&mut buffer).await;
        let (n, from) = received.map_err(could_not("サーバの recvfrom", "The server's recvfrom"))?;
        let bytes = buffer.get(..n).unwrap_or_default();
        talk.came(from, bytes);
        if let Err(e) = socket.send(bytes, Some(from)).await {
            talk.failed(from, "sendto", &e);
        }
    }
}

/// The lines of the parameter, each with its end: `\n` may be typed as two characters, because a field has one line.
fn lines(text: &str) -> Vec<Vec<u8>> {
    let text = text.replace("\\n", "\n");
    text.strip_suffix('\n').unwrap_or(&text).split('\n').map(|line| format!("{line}\n").into_bytes()).collect()
}

/// Where the user's server is to be; the same for both clients.
fn target(talk: &Talk, role: &str) -> SocketAddr {
    let at = (std::net::Ipv4Addr::LOCALHOST, u16::try_from(talk.port()).unwrap_or(0)).into();
    talk.ctx.started(&[at]);
    talk.offer(role, at);
    at
}

fn nobody(talk: &Talk, at: SocketAddr, why: &Text) {
    talk.tell(
        format!("{at} ではまだだれも待っていません（{}）。1 秒ごとにもう一度試します。", why.ja),
        format!("Nobody listens on {at} yet ({}). Trying again every second.", why.en),
    );
}

async fn tcp_client(talk: Talk) -> Result<(), Text> {
    let at = target(&talk, "tcp-client");
    let mut told_so = false;
    let stream = loop {
        match Stream::connect(talk.ctx.recorder(Host::Client), at).await {
            Ok(stream) => break stream,
            Err(e) if e.kind() == ErrorKind::ConnectionRefused => {
                if !std::mem::replace(&mut told_so, true) {
                    nobody(&talk, at, &told("connect", &e));
                }
                sleep(AGAIN).await;
            }
            Err(e) => return Err(told("connect", &e)),
        }
    };
    talk.tell(format!("{at} に接続しました。"), format!("Connected to {at}."));
    let (mut reader, mut writer) = split(stream);
    let pause = Duration::from_millis(talk.ctx.params.number("pause"));
    let send = async {
        for (n, line) in lines(talk.ctx.params.text("text")).iter().enumerate() {
            if n > 0 {
                sleep(pause).await;
            }
            if let Err(e) = writer.write_all(line).await {
                return talk.failed(at, "write", &e);
            }
        }
    };
    let hear = async {
        let mut buffer = vec![0; BUFFER];
        loop {
            match reader.read(&mut buffer).await {
                Ok(0) => return talk.tell(format!("{at} が送り終えたので、閉じます。"), format!("{at} has nothing more to say: closing.")),
                Ok(n) => talk.came(at, buffer.get(..n).unwrap_or_default()),
                Err(e) => return talk.failed(at, "read", &e),
            }
        }
    };
    // Like nc: what comes is read while lines go out, and the end of the other side is the end.
    tokio::pin!(send, hear);
    tokio::select! {
        () = &mut hear => {}
        () = &mut send => hear.await,
    }
    Ok(())
}

async fn udp_client(talk: Talk) -> Result<(), Text> {
    let at = target(&talk, "udp-client");
    let mut socket = Udp::open(talk.ctx.recorder(Host::Client), None).map_err(could_not("socket", "socket"))?;
    socket.connect(at).await.map_err(could_not("connect", "connect"))?;
    let pause = Duration::from_millis(talk.ctx.params.number("pause"));
    let (mut buffer, mut told_so) = (vec![0; BUFFER], false);
    for (n, line) in lines(talk.ctx.params.text("text")).iter().enumerate() {
        if n > 0 {
            sleep(pause).await;
        }
        // A line that met a closed port is sent again: over UDP nothing else tells when somebody is there.
        loop {
            let heard = async {
                socket.send(line, None).await?;
                socket.receive(&mut buffer).await
            };
            match timeout(ANSWER, heard).await {
                Ok(Err(e)) if e.kind() == ErrorKind::ConnectionRefused => {
                    if !std::mem::replace(&mut told_so, true) {
                        nobody(&talk, at, &told("recvfrom", &e));
                    }
                    sleep(AGAIN).await;
                }
                Ok(Err(e)) => return Err(told("recvfrom", &e)),
                Ok(Ok((n, from))) => break talk.came(from, buffer.get(..n).unwrap_or_default()),
                Err(_) => break,
            }
        }
    }
    loop {
        match socket.receive(&mut buffer).await {
            Ok((n, from)) => talk.came(from, buffer.get(..n).unwrap_or_default()),
            Err(e) if e.kind() == ErrorKind::ConnectionRefused => talk.failed(at, "recvfrom", &e),
            Err(e) => return Err(told("recvfrom", &e)),
        }
    }
}

/// The beginning of what came, in one line; bytes that are no text as numbers.
fn quote(bytes: &[u8]) -> Text {
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let shown = cut(text.trim_end_matches(['\r', '\n']));
            Text::new(format!("「{shown}」"), format!("“{shown}”"))
        }
        Err(_) => {
            let numbers: Vec<_> = bytes.iter().take(QUOTED / 3).map(|b| format!("{b:02x}")).collect();
            let more = if bytes.len() > numbers.len() { " …" } else { "" };
            let shown = format!("{}{more}", numbers.join(" "));
            Text::new(format!("UTF-8 でないバイト {shown}"), format!("not UTF-8: {shown}"))
        }
    }
}

/// At most [`QUOTED`] characters, none of which moves the cursor.
fn cut(text: &str) -> String {
    let mut out: String = text.chars().take(QUOTED).flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect();
    if text.chars().nth(QUOTED).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_is_quoted_in_one_short_line_whatever_it_is() {
        assert_eq!(quote(b"hi\r\n").en, "“hi”");
        assert_eq!(quote(b"\x1b[2Ja\nb").en, "“\\u{1b}[2Ja\\nb”");
        assert_eq!(quote(&[0xff, 0x00]).en, "not UTF-8: ff 00");
        for many in [vec![b'x'; 10_000], vec![0xfe; 10_000], "あ".repeat(1000).into_bytes()] {
            assert!(quote(&many).en.chars().count() < 100 && quote(&many).en.contains('…'));
        }
    }

    #[test]
    fn lines_end_in_a_line_end_however_they_were_typed() {
        let two = vec![b"GET /\n".to_vec(), b"\n".to_vec()];
        assert_eq!(lines("GET /\\n\\n"), two);
        assert_eq!(lines("GET /\n\n"), two);
        assert_eq!(lines("a"), [b"a\n".to_vec()]);
    }

    #[test]
    fn a_guest_of_another_protocol_is_told_apart() {
        let hint = |bytes: &[u8]| mistaken(bytes).map_or(String::new(), |t| t.en);
        assert!(hint(&[0x16, 3, 1, 2, 0]).contains("TLS"));
        assert!(hint(b"GET / HTTP/1.1\r\nHost: a\r\n").contains("HTTP server"));
        assert!(hint(&[0xff, 0xfe]).contains("UTF-8"));
        assert_eq!(hint("こんにちは\n".as_bytes()), "");
    }
}
