//! Is the other side still there? TCP's keep-alive, answered by the kernel, against a ping that the program itself must answer.

use super::ctx::{Ctx, both, could_not, in_time};
use super::lines::Lines;
use super::socket::{Listener, Opt, Stream};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::trace::Host;
use futures_util::future::BoxFuture;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::oneshot;

const EVERY: Duration = Duration::from_secs(1);
/// A ping that is not answered by then was not heard.
const ANSWER: Duration = Duration::from_secs(1);
const PING: &str = "ping";
const PONG: &str = "pong";
/// Probes without an answer before the kernel gives up.
const PROBES: u32 = 3;

static INFO: ExchangeInfo = ExchangeInfo {
    name: "keep-alive",
    badge: "ACK?",
    title: words("キープアライブ", "Keep-alive"),
    tagline: words("相手はまだいるか", "Is anybody still there?"),
    about: words(
        "だれも話さない接続では、相手がいなくなっても分かりません。TCP のキープアライブは、黙って 1 秒たつとカーネルが「もう受け取ったはずの番号」のセグメントを送り、\
         相手のカーネルが ACK を返します。データは 0 バイトで、プログラムは何も知りません。アプリケーションの ping は普通のデータで、相手のプログラムが答えます。\
         サーバのプログラムを固まらせると違いが分かります：カーネルは答え続け、ping には返事が来ません。",
        "On a connection where nobody talks, nobody sees that the other side has gone. With TCP's keep-alive, after a second of silence the \
         kernel sends a segment with a number that was confirmed long ago, and the other kernel answers by an ACK: no data, and the \
         programs know nothing. An application's ping is plain data, which the other program must answer. Let the server's program \
         hang, and see the difference: its kernel goes on answering, and the ping gets no pong.",
    ),
    params: &[
        Param {
            name: "way",
            label: words("確かめ方", "The way"),
            note: words("だれが尋ね、だれが答えるかです。", "Who asks, and who answers."),
            kind: ParamKind::Choice {
                options: &[
                    ("both", words("キープアライブ、最後に ping", "keep-alive, then a ping")),
                    ("tcp", words("TCP キープアライブだけ", "TCP keep-alive only")),
                    ("ping", words("アプリケーションの ping だけ", "application's pings only")),
                ],
            },
        },
        Param {
            name: "server",
            label: words("サーバのプログラム", "The server's program"),
            note: words("固まったプログラムは、読みも書きもしません。", "A program that hangs neither reads nor writes."),
            kind: ParamKind::Choice { options: &[("works", words("動いている", "works")), ("hangs", words("固まっている", "hangs"))] },
        },
        Param {
            name: "seconds",
            label: words("時間", "How long"),
            note: words("接続を開いたままにする時間です。1 秒に 1 回確かめます。", "How long the connection stays open; asked once a second."),
            kind: ParamKind::Number { default: 3, min: 2, max: 12, unit: words("秒", "s") },
        },
        params::port(7),
    ],
};

pub struct KeepAlive;

impl Exchange for KeepAlive {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            let (listener, at) = ctx.listen()?;
            let hangs = ctx.params.text("server") == "hangs";
            let (over, until) = oneshot::channel();
            let client = async move {
                let out = client(&ctx, at).await;
                drop(over);
                out
            };
            both(serve(listener, hangs, until), client).await
        })
    }
}

async fn serve(mut listener: Listener, hangs: bool, until: oneshot::Receiver<()>) -> Result<(), Text> {
    let mut talk = Lines::new(listener.accept().await.map_err(could_not("サーバの accept", "The server's accept"))?);
    if hangs {
        // It does nothing at all until the client has gone.
        let _ = until.await;
    }
    while let Some(line) = talk.next().await? {
        if !hangs && line == PING {
            talk.send(format!("{PONG}\n").as_bytes()).await?;
        }
    }
    Ok(())
}

async fn client(ctx: &Ctx, server: SocketAddr) -> Result<(), Text> {
    let way = ctx.params.text("way");
    let tcp = way != "ping";
    let probe = Opt::KeepAlive { idle: EVERY, interval: EVERY, probes: PROBES };
    let options: &[Opt] = if tcp { &[probe] } else { &[] };
    let connect = Stream::connect_with(ctx.recorder(Host::Client), server, None, options);
    let stream = in_time(async { connect.await.map_err(could_not("接続", "The connection")) }).await?;
    let mut talk = Lines::new(stream);
    let seconds = ctx.params.number("seconds");
    if tcp {
        // A little longer, so that the answer to the last probe is in the capture.
        tokio::time::sleep(EVERY * u32::try_from(seconds).unwrap_or(1) + EVERY / 4).await;
        ctx.note(Text::new(
            format!("{seconds} 秒の間、プログラムは何も呼んでいません。尋ねたのも答えたのもカーネルです（サーバのプログラムが固まっていても同じです）。"),
            format!("In {seconds} seconds no program has called anything. Kernels have asked and answered (and would if the server's program hung)."),
        ));
    }
    match way {
        "tcp" => Ok(()),
        "ping" => pings(ctx, &mut talk, seconds, EVERY).await,
        _ => pings(ctx, &mut talk, 1, Duration::ZERO).await,
    }
}

/// Asks so many times, each after a rest; one that is not answered is the last.
async fn pings(ctx: &Ctx, talk: &mut Lines, count: u64, rest: Duration) -> Result<(), Text> {
    for n in 1..=count {
        tokio::time::sleep(rest).await;
        talk.send(format!("{PING}\n").as_bytes()).await?;
        match tokio::time::timeout(ANSWER, talk.expect()).await.map(|answer| answer.map(|a| a == PONG)) {
            Ok(Ok(true)) => ctx.progress(n, count, "、pong が返りました：相手のプログラムは動いています", "answered by pong: the program over there works"),
            Ok(Err(why)) => return Err(why),
            Ok(Ok(false)) => return Err(Text::new("pong ではない返事が来ました。", "Something else than pong came.")),
            Err(_) => {
                let waited = ANSWER.as_secs();
                ctx.note(Text::new(
                    format!("{waited} 秒待っても pong が来ません。カーネルは ACK を返したので機械は動いていますが、プログラムは固まっています。"),
                    format!("No pong within {waited} second. The kernel has sent its ACK, so the machine runs; but the program hangs."),
                ));
                return Ok(());
            }
        }
    }
    Ok(())
}
