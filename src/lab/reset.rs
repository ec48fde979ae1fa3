//! Connections that end badly: RST in its usual forms, writing to one who has gone, and a port that is still in TIME_WAIT.

use super::ctx::{Ctx, could_not, in_time, told};
use super::socket::{BACKLOG, Listener, Opt, Stream};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::trace::Host;
use futures_util::future::BoxFuture;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What is on its way on loopback has arrived after this time.
const MOMENT: Duration = Duration::from_millis(20);

static INFO: ExchangeInfo = ExchangeInfo {
    name: "reset",
    badge: "RST",
    title: words("接続が切れる", "Connection reset"),
    tagline: words("FIN でなく RST で終わる", "An end by RST, not FIN"),
    about: words(
        "普通の接続は、両側の FIN で終わります。ここでは違う終わり方を見ます：SO_LINGER 0 の close、読み残しのある close、もういない相手への write。\
         どれも RST が飛び、相手の次の呼び出しが ECONNRESET か EPIPE になります。もう 1 つは終わったあとの話で、\
         先に閉じた側のポートは TIME_WAIT でしばらく残り、SO_REUSEADDR なしの bind は EADDRINUSE になります。",
        "A connection mostly ends by a FIN from each side. Here are other ends: close with SO_LINGER 0, close with bytes left unread, \
         and write to one who has gone. Each makes a RST, and the other side's next call fails with ECONNRESET or EPIPE. One more is \
         about the time after: the port of the side that closed first stays in TIME_WAIT for a while, and bind without SO_REUSEADDR \
         fails with EADDRINUSE.",
    ),
    params: &[
        Param {
            name: "kind",
            label: words("終わり方", "How it ends"),
            note: words("だれが何をしたときに切れるかです。", "Who does what to end it."),
            kind: ParamKind::Choice {
                options: &[
                    ("linger", words("SO_LINGER 0 で close", "close with SO_LINGER 0")),
                    ("unread", words("読み残して close", "close with bytes unread")),
                    ("broken-pipe", words("閉じた相手に write", "write to one who closed")),
                    ("time-wait", words("TIME_WAIT のポートに bind", "bind in TIME_WAIT")),
                ],
            },
        },
        params::TEXT,
        params::port(7),
    ],
};

pub struct Reset;

impl Exchange for Reset {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            let (listener, at) = ctx.listen()?;
            in_time(async {
                match ctx.params.text("kind") {
                    "unread" => unread(&ctx, listener, at).await,
                    "broken-pipe" => broken_pipe(&ctx, listener, at).await,
                    "time-wait" => time_wait(&ctx, listener, at).await,
                    _ => linger(&ctx, listener, at).await,
                }
            })
            .await
        })
    }
}

/// A connection's two ends: the client's, the server's.
async fn pair(ctx: &Ctx, listener: &mut Listener, at: SocketAddr) -> Result<(Stream, Stream), Text> {
    let connect = async { Stream::connect(ctx.recorder(Host::Client), at).await.map_err(could_not("接続", "The connection")) };
    let accept = async { listener.accept().await.map_err(could_not("サーバの accept", "The server's accept")) };
    tokio::try_join!(connect, accept)
}

/// The call must fail, and this way; then it is explained.
fn must_fail<T>(ctx: &Ctx, call: &str, out: io::Result<T>, wanted: ErrorKind) -> Result<(), Text> {
    match out {
        Err(e) if e.kind() == wanted => {
            ctx.note(told(call, &e));
            Ok(())
        }
        Err(e) => Err(could_not("呼び出し", "The call")(e)),
        Ok(_) => Err(Text::new(format!("{call} は失敗するはずでした。"), format!("{call} was to fail."))),
    }
}

async fn say(stream: &mut Stream, bytes: &[u8]) -> Result<(), Text> {
    stream.write_all(bytes).await.map_err(could_not("送信", "Sending"))
}

async fn hear(stream: &mut Stream) -> io::Result<usize> {
    stream.read(&mut [0; 8192]).await
}

/// The server breaks off; the client is told once, by ECONNRESET, and from then on by EPIPE.
async fn linger(ctx: &Ctx, mut listener: Listener, at: SocketAddr) -> Result<(), Text> {
    let (mut client, mut server) = pair(ctx, &mut listener, at).await?;
    say(&mut client, &ctx.params.message()).await?;
    hear(&mut server).await.map_err(could_not("サーバの read", "The server's read"))?;
    server.set(Opt::LingerZero).map_err(could_not("setsockopt", "setsockopt"))?;
    drop(server);
    ctx.note(Text::new(
        "サーバは SO_LINGER を 0 秒にして close しました：FIN ではなく RST が送られ、TIME_WAIT も残りません。",
        "The server set SO_LINGER to 0 seconds and closed: a RST goes out instead of a FIN, and no TIME_WAIT stays.",
    ));
    must_fail(ctx, "read", hear(&mut client).await, ErrorKind::ConnectionReset)?;
    must_fail(ctx, "write", client.write(b"still there?\n").await, ErrorKind::BrokenPipe)
}

/// The usual cause of a RST: the server closes before it has read everything.
async fn unread(ctx: &Ctx, mut listener: Listener, at: SocketAddr) -> Result<(), Text> {
    let (mut client, server) = pair(ctx, &mut listener, at).await?;
    say(&mut client, &ctx.params.message()).await?;
    tokio::time::sleep(MOMENT).await;
    drop(server);
    ctx.note(Text::new(
        "サーバは届いたデータを読まずに close しました。読まれなかったと知らせるために、カーネルは FIN ではなく RST を送ります（RFC 2525 2.17）。",
        "The server closed without reading what had come. To tell that it was not read, its kernel sends a RST instead of a FIN (RFC 2525, 2.17).",
    ));
    must_fail(ctx, "read", hear(&mut client).await, ErrorKind::ConnectionReset)
}

/// Writing to a closed connection: the first write goes out and is answered by a RST, the second fails.
async fn broken_pipe(ctx: &Ctx, mut listener: Listener, at: SocketAddr) -> Result<(), Text> {
    let (mut client, server) = pair(ctx, &mut listener, at).await?;
    drop(server);
    tokio::time::sleep(MOMENT).await;
    let n = client.write(&ctx.params.message()).await.map_err(could_not("送信", "Sending"))?;
    ctx.note(Text::new(
        format!("サーバの FIN はもう届いていますが、1 回目の write は成功しました（{n} バイト）。FIN は「もう送らない」であって「もう読まない」ではないからです。返事は RST でした。"),
        format!("The server's FIN has come, and yet the first write worked ({n} bytes): a FIN says “I send no more”, not “I read no more”. The answer was a RST."),
    ));
    tokio::time::sleep(MOMENT).await;
    must_fail(ctx, "write", client.write(b"still there?\n").await, ErrorKind::BrokenPipe)
}

/// The server closes first, ends, and is started again at once.
async fn time_wait(ctx: &Ctx, mut listener: Listener, at: SocketAddr) -> Result<(), Text> {
    let (mut client, mut server) = pair(ctx, &mut listener, at).await?;
    say(&mut client, &ctx.params.message()).await?;
    hear(&mut server).await.map_err(could_not("サーバの read", "The server's read"))?;
    drop(server);
    drop(listener);
    hear(&mut client).await.map_err(could_not("受信", "Receiving"))?;
    drop(client);
    ctx.note(Text::new(
        "サーバが先に閉じたので、サーバのポートが TIME_WAIT で残っています。すぐに起動し直します。",
        "The server closed first, so its port stays in TIME_WAIT. Now it is started again at once.",
    ));
    tokio::time::sleep(MOMENT).await;
    let again = |options: &[Opt]| Listener::open_with(ctx.recorder(Host::Server), at, BACKLOG, options);
    must_fail(ctx, "bind", again(&[]), ErrorKind::AddrInUse)?;
    let mut listener = again(&[Opt::ReuseAddr]).map_err(could_not("2 度目の bind", "The second bind"))?;
    ctx.note(Text::new(
        "SO_REUSEADDR を設定すると bind できました（Linux では、終わったほうのソケットにも設定されていたことが必要です）。",
        "With SO_REUSEADDR bind works (on Linux the socket that has ended must have had it, too).",
    ));
    let (mut client, server) = pair(ctx, &mut listener, at).await?;
    drop(server);
    hear(&mut client).await.map_err(could_not("受信", "Receiving"))?;
    Ok(())
}
