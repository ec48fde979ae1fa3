//! What goes wrong in practice, and how it ends: each in a clear statement, with everything up to there in the capture.

use super::ctx::{Ctx, could_not, in_time, told};
use super::socket::{Listener, Stream, Udp};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::trace::Host;
use futures_util::future::BoxFuture;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What is on its way on loopback has arrived after this time.
const MOMENT: Duration = Duration::from_millis(20);
const LARGE: usize = 10_000_000;
const BUFFER: usize = 64 * 1024;
/// Of a message in two halves the server sees only the first.
const HALVES: [&[u8]; 2] = [b"the first half, ", b"and the second half\n"];
/// 大阪 in Shift_JIS: no UTF-8.
const SHIFT_JIS: &[u8] = b"\x91\xe5\x8d\xe3\n";
const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

static INFO: ExchangeInfo = ExchangeInfo {
    name: "trouble",
    badge: "!",
    title: words("うまくいかないとき", "When things go wrong"),
    tagline: words("よくある失敗とその終わり", "Usual failures, their ends"),
    about: words(
        "エコーサーバを相手に、実際によくある失敗をします：ポートがふさがっている、途中でサーバやクライアントがいなくなる、大きすぎる、空っぽ、UTF-8 でない、プロトコルが違う。\
         どの呼び出しが何で失敗したか（または失敗しなかったか）と、そのとき線の上を何が流れたかを見比べてください。",
        "With an echo server, the failures of every day: the port is taken, server or client goes away in the middle, too large, empty, not \
         UTF-8, another protocol. Compare which call failed how (or did not fail), and what went over the wire.",
    ),
    params: &[
        Param {
            name: "kind",
            label: words("何が起きるか", "What happens"),
            note: words("どれも最後まで説明が出て、キャプチャは残ります。", "Each ends with an explanation, and the capture stays."),
            kind: ParamKind::Choice {
                options: &[
                    ("port-taken", words("ポートがふさがっている", "the port is taken")),
                    ("server-gone", words("途中でサーバが終わる", "the server ends midway")),
                    ("client-killed", words("クライアントが kill される", "the client is killed")),
                    ("empty", words("0 バイトのメッセージ", "a message of 0 bytes")),
                    ("one-byte", words("1 バイトのメッセージ", "a message of 1 byte")),
                    ("large", words("10 MB のメッセージ", "a message of 10 MB")),
                    ("not-utf8", words("UTF-8 でない文字", "text that is not UTF-8")),
                    ("wrong-protocol", words("エコーサーバに HTTP", "HTTP to the echo server")),
                ],
            },
        },
        params::port(7),
    ],
};

pub struct Trouble;

impl Exchange for Trouble {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            let (listener, at) = ctx.listen()?;
            in_time(async {
                match ctx.params.text("kind") {
                    "server-gone" => server_gone(&ctx, listener, at).await,
                    "client-killed" => client_killed(&ctx, listener, at).await,
                    "empty" => empty(&ctx, listener, at).await,
                    "one-byte" => one_byte(&ctx, listener, at).await,
                    "large" => large(&ctx, listener, at).await,
                    "not-utf8" => not_utf8(&ctx, listener, at).await,
                    "wrong-protocol" => wrong_protocol(&ctx, listener, at).await,
                    _ => port_taken(&ctx, listener, at).await,
                }
            })
            .await
        })
    }
}

async fn connect(ctx: &Ctx, at: SocketAddr) -> Result<Stream, Text> {
    Stream::connect(ctx.recorder(Host::Client), at).await.map_err(could_not("接続", "The connection"))
}

async fn accept(listener: &mut Listener) -> Result<Stream, Text> {
    listener.accept().await.map_err(could_not("サーバの accept", "The server's accept"))
}

async fn send(stream: &mut Stream, bytes: &[u8]) -> Result<(), Text> {
    stream.write_all(bytes).await.map_err(could_not("送信", "Sending"))
}

async fn receive(stream: &mut Stream, buffer: &mut [u8]) -> Result<usize, Text> {
    stream.read(buffer).await.map_err(could_not("受信", "Receiving"))
}

/// Sends everything back until the client has finished.
async fn echo(mut listener: Listener) -> Result<(), Text> {
    let mut stream = accept(&mut listener).await?;
    let mut buffer = vec![0; BUFFER];
    loop {
        let n = receive(&mut stream, &mut buffer).await?;
        let Some(bytes) = buffer.get(..n).filter(|b| !b.is_empty()) else { return Ok(()) };
        send(&mut stream, bytes).await?;
    }
}

/// Sends a message to an echo server, finishes, and takes what comes back.
async fn there_and_back(ctx: &Ctx, listener: Listener, at: SocketAddr, message: &[u8]) -> Result<Vec<u8>, Text> {
    let client = async {
        let stream = connect(ctx, at).await?;
        let (mut reader, mut writer) = tokio::io::split(stream);
        let sending = async {
            for piece in message.chunks(BUFFER) {
                writer.write_all(piece).await.map_err(could_not("送信", "Sending"))?;
            }
            writer.shutdown().await.map_err(could_not("shutdown", "shutdown"))
        };
        let receiving = async {
            let (mut back, mut buffer) = (Vec::new(), vec![0; BUFFER]);
            loop {
                let n = reader.read(&mut buffer).await.map_err(could_not("受信", "Receiving"))?;
                let Some(bytes) = buffer.get(..n).filter(|b| !b.is_empty()) else { return Ok(back) };
                back.extend_from_slice(bytes);
            }
        };
        let ((), back) = tokio::try_join!(sending, receiving)?;
        Ok(back)
    };
    let ((), back) = tokio::try_join!(echo(listener), client)?;
    if back == message {
        return Ok(back);
    }
    Err(Text::new("返ってきたものが送ったものと違います。", "What came back differs from what was sent."))
}

/// A second server on the same port; the first one is not disturbed.
async fn port_taken(ctx: &Ctx, listener: Listener, at: SocketAddr) -> Result<(), Text> {
    match Listener::open(ctx.program(Host::Server, 1), at) {
        Err(e) if e.kind() == ErrorKind::AddrInUse => ctx.note(told("bind", &e)),
        Err(e) => return Err(could_not("bind", "bind")(e)),
        Ok(_) => return Err(Text::new("2 つ目のサーバも bind できてしまいました。", "A second server could bind the same port.")),
    }
    ctx.note(Text::new(
        "SO_REUSEADDR を設定していても、待ち受けているポートは奪えません。先にいたサーバは何も気づかず、そのまま答えます。",
        "Even SO_REUSEADDR does not take a port from one who listens. The first server notices nothing and goes on answering.",
    ));
    there_and_back(ctx, listener, at, b"still here?\n").await.map(drop)
}

async fn server_gone(ctx: &Ctx, mut listener: Listener, at: SocketAddr) -> Result<(), Text> {
    let (mut client, mut server) = tokio::try_join!(connect(ctx, at), accept(&mut listener))?;
    let [first, second] = HALVES;
    send(&mut client, first).await?;
    let mut buffer = [0; 64];
    let n = receive(&mut server, &mut buffer).await?;
    send(&mut server, buffer.get(..n).unwrap_or_default()).await?;
    // All of its sockets are closed by the kernel when a program ends, whether it wants or not.
    drop(server);
    drop(listener);
    tokio::time::sleep(MOMENT).await;
    let back = receive(&mut client, &mut buffer).await?;
    send(&mut client, second).await?;
    tokio::time::sleep(MOMENT).await;
    let sent = first.len() + second.len();
    match client.write(b"hello?\n").await {
        Err(e) => ctx.note(told("write", &e)),
        Ok(_) => return Err(Text::new("RST のあとでも write できてしまいました。", "write has worked even after the RST.")),
    }
    ctx.note(Text::new(
        format!("送った {sent} バイトのうち、返ってきたのは {back} バイトです。後半の write は成功しましたが、届けた先はもうなく、RST が返りました。write の成功は「相手が読んだ」ではありません。"),
        format!("Of {sent} bytes sent, {back} came back. The second write worked, but there was nobody left: a RST was the answer. That write works does not mean that somebody has read."),
    ));
    match Stream::connect(ctx.recorder(Host::Client), at).await {
        Err(e) => ctx.note(told("connect", &e)),
        Ok(_) => return Err(Text::new("終わったはずのサーバが答えました。", "A server that has ended has answered.")),
    }
    Ok(())
}

async fn client_killed(ctx: &Ctx, mut listener: Listener, at: SocketAddr) -> Result<(), Text> {
    let (mut client, mut server) = tokio::try_join!(connect(ctx, at), accept(&mut listener))?;
    let [first, second] = HALVES;
    send(&mut client, first).await?;
    let mut buffer = [0; 64];
    let got = receive(&mut server, &mut buffer).await?;
    ctx.recorder(Host::Client).step("killed SIGKILL", async { drop(client) }).await;
    ctx.note(Text::new(
        "クライアントが SIGKILL で終わった、とします。プログラムは何もできませんが、カーネルがソケットを全部 close するので、FIN はちゃんと送られます。",
        "Suppose that SIGKILL ended the client. The program can do nothing any more, but the kernel closes all of its sockets: the FIN is sent all the same.",
    ));
    let end = receive(&mut server, &mut buffer).await?;
    let all = got + second.len();
    ctx.note(Text::new(
        format!("サーバの read は {end} を返しました：普通の終わりと区別できません。メッセージは {all} バイトのはずが {got} バイトで切れています。長さや終わりの印で確かめるのはアプリケーションの仕事です。"),
        format!("The server's read returned {end}: no difference from a normal end. The message should have {all} bytes and is cut after {got}. To notice that, by a length or a mark at the end, is the application's work."),
    ));
    Ok(())
}

/// Nothing, sent over a stream and sent as a datagram.
async fn empty(ctx: &Ctx, mut listener: Listener, at: SocketAddr) -> Result<(), Text> {
    let (mut client, mut server) = tokio::try_join!(connect(ctx, at), accept(&mut listener))?;
    let n = client.write(b"").await.map_err(could_not("送信", "Sending"))?;
    let mut buffer = [0; 64];
    let heard = tokio::time::timeout(MOMENT * 5, server.read(&mut buffer)).await.is_ok();
    if heard {
        return Err(Text::new("何も送っていないのに read が戻りました。", "read returned though nothing was sent."));
    }
    ctx.note(Text::new(
        format!("TCP：write は {n} を返しましたが、セグメントは 1 つも出ず、サーバの read は待ったままです。バイトの列に「空のメッセージ」はありません。"),
        format!("TCP: write returned {n}, but no segment was sent, and the server's read goes on waiting. A row of bytes has no empty message."),
    ));
    client.shutdown().await.map_err(could_not("shutdown", "shutdown"))?;
    let n = receive(&mut server, &mut buffer).await?;
    ctx.note(Text::new(
        format!("shutdown すると、サーバの read が {n} を返しました：0 は「空」ではなく「終わり」です。"),
        format!("After shutdown the server's read returned {n}: 0 does not mean empty, it means the end."),
    ));
    let (socket, to) = ctx.bind_udp_as(0)?;
    let letter = Udp::open(ctx.recorder(Host::Client), None).map_err(could_not("socket", "socket"))?;
    letter.send(b"", Some(to)).await.map_err(could_not("sendto", "sendto"))?;
    let (n, _) = socket.receive(&mut buffer).await.map_err(could_not("サーバの recvfrom", "The server's recvfrom"))?;
    ctx.note(Text::new(
        format!("UDP：ヘッダだけのデータグラムが届き、recvfrom が {n} を返しました。UDP には空のメッセージがあります。"),
        format!("UDP: a datagram of nothing but headers arrived, and recvfrom returned {n}. UDP has empty messages."),
    ));
    Ok(())
}

async fn one_byte(ctx: &Ctx, listener: Listener, at: SocketAddr) -> Result<(), Text> {
    there_and_back(ctx, listener, at, b"a").await?;
    ctx.note(Text::new(
        "1 バイトのために、IP ヘッダ 20 バイトと TCP ヘッダ 32 バイト（タイムスタンプ付き）が付きました。",
        "For 1 byte there are 20 bytes of IP header and 32 bytes of TCP header (with time stamps).",
    ));
    Ok(())
}

/// Ten million bytes: a stream takes them in parts, a datagram cannot.
async fn large(ctx: &Ctx, listener: Listener, at: SocketAddr) -> Result<(), Text> {
    let message: Vec<u8> = (b'a'..=b'z').cycle().take(LARGE).collect();
    let back = there_and_back(ctx, listener, at, &message).await?.len();
    ctx.note(Text::new(
        format!("TCP：{back} バイトが、たくさんのセグメントに分かれて、欠けずに返りました。"),
        format!("TCP: {back} bytes came back complete, in many segments."),
    ));
    let letter = Udp::open(ctx.recorder(Host::Client), None).map_err(could_not("socket", "socket"))?;
    match letter.send(message.get(..BUFFER).unwrap_or_default(), Some(at)).await {
        Err(e) => ctx.note(told("sendto", &e)),
        Ok(_) => return Err(Text::new("大きすぎるデータグラムが送れてしまいました。", "A datagram that is too large was sent.")),
    }
    Ok(())
}

async fn not_utf8(ctx: &Ctx, listener: Listener, at: SocketAddr) -> Result<(), Text> {
    let back = there_and_back(ctx, listener, at, SHIFT_JIS).await?;
    let place = std::str::from_utf8(&back).err().map_or(0, |e| e.valid_up_to());
    let wrong = back.get(place).copied().unwrap_or_default();
    ctx.note(Text::new(
        format!("Shift_JIS の「大阪」です。{place} バイト目の 0x{wrong:02x} は UTF-8 として読めません。TCP には関係なく、{} バイトがそのまま返りました：文字の約束はアプリケーションどうしのものです。", back.len()),
        format!("This is Osaka in Shift_JIS. Byte {place}, 0x{wrong:02x}, is no UTF-8. TCP does not care: all {} bytes came back. What bytes mean as characters is agreed between applications.", back.len()),
    ));
    Ok(())
}

async fn wrong_protocol(ctx: &Ctx, listener: Listener, at: SocketAddr) -> Result<(), Text> {
    let back = there_and_back(ctx, listener, at, GET).await?;
    let line = String::from_utf8_lossy(back.split(|b| *b == b'\r').next().unwrap_or_default()).into_owned();
    ctx.note(Text::new(
        format!("ブラウザが受け取った「レスポンス」は「{line}」、自分のリクエストでした。ステータス行ではないので、ブラウザは表示をあきらめます。TCP の接続はできても、プロトコルが合わなければ話は通じません。"),
        format!("The “response” that the browser got is “{line}”, its own request. That is no status line, so the browser gives up. A TCP connection is not enough: both must speak one protocol."),
    ));
    Ok(())
}
