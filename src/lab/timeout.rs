//! No answer: a server that never accepts, until its queue is full and the kernel ignores every SYN.

use super::ctx::{Ctx, could_not, in_time, millis, told};
use super::socket::{Opt, Stream};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::trace::Host;
use futures_util::future::BoxFuture;
use std::io::ErrorKind;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Connections that are tried before the queue must be full: a queue of 0 holds one.
const TRIES: usize = 5;
/// When the server comes back to work: after the first SYN was ignored, before the client gives up.
const LATE: Duration = Duration::from_millis(500);

static INFO: ExchangeInfo = ExchangeInfo {
    name: "timeout",
    badge: "SYN",
    title: words("返事が来ない", "No answer"),
    tagline: words("SYN を送り直して待つ", "SYN again, and waiting"),
    about: words(
        "サーバは listen(0) をしたまま accept しません。最初の接続は成立します：ハンドシェイクをするのはプログラムではなくカーネルだからです。\
         列がいっぱいになると、カーネルは SYN を黙って捨てます。RST も返らないので、クライアントのカーネルは同じ SYN を送り直し、\
         TCP_USER_TIMEOUT がたつと connect が ETIMEDOUT で終わります。これがなければ 2 分ほど待ちます。",
        "The server has called listen(0) and never accepts. The first connection stands all the same: the handshake is done by the kernel, \
         not by the program. Once the queue is full, the kernel silently drops every SYN. No RST comes either, so the client's kernel sends \
         the same SYN again, until TCP_USER_TIMEOUT is over and connect ends with ETIMEDOUT. Without it that takes about two minutes.",
    ),
    params: &[
        Param {
            name: "kind",
            label: words("どうなるか", "What happens"),
            note: words("接続できないのと、接続できても返事がないのは違います。", "Not being connected is not the same as getting no answer."),
            kind: ParamKind::Choice {
                options: &[
                    ("give-up", words("SYN に返事がなく、あきらめる", "no answer to SYN; give up")),
                    ("late", words("サーバが遅れて accept する", "the server accepts late")),
                    ("silent", words("接続できたが、返事がない", "connected, but no reply")),
                ],
            },
        },
        Param {
            name: "wait",
            label: words("待つ時間", "Patience"),
            note: words("クライアントがあきらめるまでの時間です。", "How long the client waits before it gives up."),
            kind: ParamKind::Number { default: 3000, min: 1500, max: 10_000, unit: words("ミリ秒", "ms") },
        },
        params::port(7),
    ],
};

pub struct Timeout;

impl Exchange for Timeout {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            match ctx.params.text("kind") {
                "silent" => silent(ctx).await,
                kind => queue(&ctx, kind == "late").await,
            }
        })
    }
}

/// Connects until a connection does not stand at once.
async fn queue(ctx: &Ctx, late: bool) -> Result<(), Text> {
    let (mut listener, at) = ctx.listen_with(0, &[Opt::ReuseAddr])?;
    let patience = Duration::from_millis(ctx.params.number("wait"));
    let options = [Opt::UserTimeout(patience)];
    let (mut waiting, mut accepted) = (Vec::new(), Vec::new());
    for n in 1..=TRIES {
        let began = Instant::now();
        let connect = Stream::connect_with(ctx.recorder(Host::Client), at, None, &options);
        let server = async {
            // One leaves the queue, so the SYN that is sent again finds room.
            tokio::time::sleep(LATE).await;
            accepted.extend(listener.accept().await.ok());
            std::future::pending::<()>().await;
        };
        let connected = async {
            tokio::select! {
                connected = connect => Ok(connected),
                () = server, if late => Ok(Err(ErrorKind::Other.into())),
            }
        };
        match in_time(connected).await? {
            Ok(stream) => {
                waiting.push(stream);
                let took = millis(began.elapsed());
                ctx.note(Text::new(
                    format!("{n} 本目の接続ができました（{took}）。accept を待っています。"),
                    format!("Connection {n} stands ({took}) and waits for accept."),
                ));
                if late && began.elapsed() > LATE {
                    ctx.note(Text::new(
                        "列が空いたので、送り直した SYN に返事が来ました。",
                        "The queue had room again: the SYN that was sent again got its answer.",
                    ));
                    accepted.push(listener.accept().await.map_err(could_not("サーバの accept", "The server's accept"))?);
                    return Ok(());
                }
            }
            Err(e) if e.kind() == ErrorKind::TimedOut => {
                let took = millis(began.elapsed());
                ctx.note(Text::new(
                    format!("{n} 本目は {took} 待っても返事がありませんでした。"),
                    format!("Connection {n} got no answer in {took}."),
                ));
                ctx.note(told("connect", &e));
                return Ok(());
            }
            Err(e) => return Err(could_not("接続", "The connection")(e)),
        }
    }
    Err(Text::new("このカーネルでは、接続を待つ列がいっぱいになりませんでした。", "With this kernel the queue of connections did not fill up."))
}

/// The connection stands and the request is confirmed, but no program reads it: only the client itself can stop waiting.
async fn silent(ctx: Ctx) -> Result<(), Text> {
    let (_listener, at) = ctx.listen()?;
    let connect = Stream::connect(ctx.recorder(Host::Client), at);
    let mut stream = in_time(async { connect.await.map_err(could_not("接続", "The connection")) }).await?;
    stream.write_all(b"hello?\n").await.map_err(could_not("送信", "Sending"))?;
    ctx.note(Text::new(
        "write は成功し、カーネルの ACK も来ました。でもサーバのプログラムは accept もしていません。",
        "write has worked, and the kernel's ACK has come. But the server's program has not even called accept.",
    ));
    let patience = Duration::from_millis(ctx.params.number("wait"));
    let mut buffer = [0; 64];
    match tokio::time::timeout(patience, stream.read(&mut buffer)).await {
        Err(_) => {
            let waited = patience.as_millis();
            ctx.note(Text::new(
                format!("{waited} ミリ秒待っても返事がないので、クライアントが自分であきらめました。TCP は「届いたか」は教えますが、「返事が来るか」は教えません。"),
                format!("No reply in {waited} ms: the client gave up by itself. TCP tells whether bytes have arrived, not whether a reply will come."),
            ));
            Ok(())
        }
        Ok(_) => Err(Text::new("思いがけない返事が来ました。", "A reply came that nobody has sent.")),
    }
}
