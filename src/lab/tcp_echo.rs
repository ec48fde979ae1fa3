//! TCP echo (RFC 862): the server sends back every byte it gets.

use super::ctx::{Ctx, both, could_not, in_time, millis};
use super::socket::{Listener, Opt, Stream};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::trace::Host;
use futures_util::future::{BoxFuture, try_join};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, split};

/// The longest single message, and the most that one run may send in all: the spool keeps both directions.
const MAX_SIZE: u64 = 10_000_000;
const MAX_TOTAL: u64 = 200_000_000;
/// What a program typically gives `write` and offers `read` at once.
const BUFFER: usize = 64 * 1024;

/// With one byte a write, this many bytes in all: each is a call, and the window shows each.
const MAX_SMALL: u64 = 5000;
/// What the server keeps until the client has finished, where it answers only then.
const MAX_KEPT: u64 = 10_000_000;

static INFO: ExchangeInfo = ExchangeInfo {
    name: "tcp-echo",
    badge: "TCP",
    title: words("TCP エコー", "TCP echo"),
    tagline: words("送った文字がそのまま返る", "What you send comes back"),
    about: words(
        "クライアントがサーバに接続し、送った文字がそのまま返ってきます。データの前の 3 つのセグメント（3 ウェイハンドシェイク）、\
         バイトを数えるシーケンス番号と確認応答、最後の FIN を見てください。write と read の回数がセグメントの数と同じとは限りません：\
         1 バイトずつ書くと、Nagle のアルゴリズムが小さなデータをまとめます。「送り終えてから返す」では、片方だけが閉じた接続をデータが流れます。",
        "The client connects, and the server sends back what it gets. Look at the three segments before any data (the three-way \
         handshake), at the sequence and acknowledgment numbers that count bytes, and at the FINs at the end. And see that \
         the number of writes and reads need not be the number of segments: written byte by byte, Nagle's algorithm gathers small data. \
         Where the answer comes after the end, data flows over a connection that is closed on one side only.",
    ),
    params: &[
        params::TEXT,
        params::count(3, words("同じ接続の上で何回くり返すかです。", "How often, over the same connection.")),
        params::size(MAX_SIZE),
        Param {
            name: "writes",
            label: words("書き方", "Writing"),
            note: words(
                "1 バイトずつ write しても、セグメントが 1 バイトずつになるとは限りません。",
                "One byte a write need not mean one byte a segment.",
            ),
            kind: ParamKind::Choice {
                options: &[
                    ("whole", words("1 回の write で全部", "all in one write")),
                    ("bytes", words("1 バイトずつ（Nagle あり）", "byte by byte (Nagle)")),
                    ("bytes-nodelay", words("1 バイトずつ（TCP_NODELAY）", "byte by byte (TCP_NODELAY)")),
                ],
            },
        },
        Param {
            name: "answer",
            label: words("返し方", "Answering"),
            note: words(
                "shutdown は「もう送らない」です。受け取ることはまだできます（半分閉じた接続）。",
                "shutdown says \"I send no more\"; receiving goes on (a half-closed connection).",
            ),
            kind: ParamKind::Choice {
                options: &[
                    ("at-once", words("届いたらすぐ返す", "at once")),
                    ("after-end", words("送り終えてから返す（片側クローズ）", "after the end (half close)")),
                ],
            },
        },
        params::PAUSE,
        params::port(7),
    ],
};

pub struct TcpEcho;

impl Exchange for TcpEcho {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            let total = ctx.params.number("count") * ctx.params.message().len() as u64;
            let (bytewise, half) = (ctx.params.text("writes") != "whole", ctx.params.text("answer") == "after-end");
            let max = if bytewise { MAX_SMALL } else if half { MAX_KEPT } else { MAX_TOTAL };
            if total > max {
                return Err(Text::new(
                    format!("回数×大きさは、この選び方では {max} バイトまでにしてください（今は {total} バイト）。"),
                    format!("Count times size may be at most {max} bytes with these choices (now {total})."),
                ));
            }
            let (listener, at) = ctx.listen()?;
            let reads = Arc::new(AtomicU64::new(0));
            both(serve(listener, half, reads.clone()), client(ctx, at, reads)).await
        })
    }
}

async fn serve(mut listener: Listener, half: bool, reads: Arc<AtomicU64>) -> Result<(), Text> {
    let mut stream = listener.accept().await.map_err(could_not("サーバの accept", "The server's accept"))?;
    let (mut buffer, mut kept) = (vec![0; BUFFER], Vec::new());
    loop {
        let n = stream.read(&mut buffer).await.map_err(could_not("サーバの read", "The server's read"))?;
        // 0 means: the client will send nothing more (its FIN has come). Closing answers with our own FIN.
        let Some(bytes) = buffer.get(..n).filter(|b| !b.is_empty()) else { break };
        reads.fetch_add(1, Relaxed);
        if half {
            kept.extend_from_slice(bytes);
        } else {
            stream.write_all(bytes).await.map_err(could_not("サーバの write", "The server's write"))?;
        }
    }
    // One side is closed, and the other still sends.
    stream.write_all(&kept).await.map_err(could_not("サーバの write", "The server's write"))
}

async fn client(ctx: Ctx, server: SocketAddr, server_reads: Arc<AtomicU64>) -> Result<(), Text> {
    let writes = ctx.params.text("writes");
    let options: &[Opt] = if writes == "bytes-nodelay" { &[Opt::NoDelay] } else { &[] };
    let connect = Stream::connect_with(ctx.recorder(Host::Client), server, None, options);
    let stream = in_time(async { connect.await.map_err(could_not("接続", "The connection")) }).await?;
    let (mut reader, mut writer) = split(stream);
    let message = ctx.params.message();
    let piece = if writes == "whole" { BUFFER } else { 1 };
    let half = ctx.params.text("answer") == "after-end";
    let (count, pause) = (ctx.params.number("count"), Duration::from_millis(ctx.params.number("pause")));
    let (began, mut rested) = (Instant::now(), Duration::ZERO);
    for i in 1..=count {
        // At the same time: a long message fills both directions, and whoever only writes waits for ever.
        let send = async {
            for piece in message.chunks(piece) {
                writer.write_all(piece).await.map_err(could_not("送信", "Sending"))?;
            }
            Ok(())
        };
        if half {
            in_time(send).await?;
        } else {
            in_time(try_join(send, compare(&mut reader, &message))).await?;
            ctx.progress(i, count, "、同じものが返りました", "came back unchanged");
        }
        if i < count && !pause.is_zero() {
            tokio::time::sleep(pause).await;
            rested += pause;
        }
    }
    let took = began.elapsed().saturating_sub(rested);
    in_time(async {
        writer.shutdown().await.map_err(could_not("shutdown", "shutdown"))?;
        for _ in 0..if half { count } else { 0 } {
            compare(&mut reader, &message).await?;
        }
        let mut rest = Vec::new();
        reader.read_to_end(&mut rest).await.map_err(could_not("受信", "Receiving"))?;
        if rest.is_empty() { Ok(()) } else { Err(differs(message.len())) }
    })
    .await?;
    if half {
        ctx.note(Text::new(
            "クライアントの FIN のあとで、全部が返ってきました：閉じたのは片方の向きだけです。",
            "All came back after the client's FIN: only one direction was closed.",
        ));
    } else {
        measured(&ctx, count, message.len(), took);
    }
    if writes == "bytes" {
        ctx.note(Text::new(
            "はじめのうち、サーバのカーネルはすぐ ACK を返すので、1 バイトずつのセグメントが出ます。あとになると ACK を遅らせるので、Nagle は 1 バイト目の ACK を待ち、残りを 1 つにまとめます。",
            "At first the server's kernel confirms at once, so each byte goes in a segment of its own. Later it delays its ACKs: Nagle then waits for the first byte's ACK and gathers the rest into one segment.",
        ));
    }
    let (wrote, read) = (count * message.len().div_ceil(piece) as u64, server_reads.load(Relaxed));
    ctx.note(Text::new(
        format!("クライアントの write は {wrote} 回、サーバの read は {read} 回でした。TCP はバイトの列で、区切りはありません。"),
        format!("The client wrote {wrote} times, the server read {read} times. TCP is a row of bytes; it has no boundaries."),
    ));
    Ok(())
}

/// How fast it was: round trips and bytes a second, pauses left out.
fn measured(ctx: &Ctx, count: u64, size: usize, took: Duration) {
    let seconds = took.as_secs_f64().max(1e-9);
    let (trips, megabytes) = (count as f64 / seconds, count as f64 * size as f64 / seconds / 1e6);
    let took = millis(took);
    ctx.note(Text::new(
        format!("{count} 往復に {took}：毎秒 {trips:.0} 往復、片道 毎秒 {megabytes:.2} MB。同じ機械の中なので、線の遅れはありません。"),
        format!("{count} round trips in {took}: {trips:.0} a second, {megabytes:.2} MB/s each way. Inside one machine there is no line to be slow."),
    ));
}

/// Reads as much as was sent and compares it.
async fn compare(reader: &mut ReadHalf<Stream>, sent: &[u8]) -> Result<(), Text> {
    let mut buffer = vec![0; BUFFER.min(sent.len())];
    let mut rest = sent;
    while !rest.is_empty() {
        let len = buffer.len().min(rest.len());
        let Some(space) = buffer.get_mut(..len) else { break };
        let n = reader.read(space).await.map_err(could_not("受信", "Receiving"))?;
        let (Some(got), Some((want, later))) = (buffer.get(..n), rest.split_at_checked(n)) else { break };
        if n == 0 || got != want {
            return Err(differs(sent.len() - rest.len()));
        }
        rest = later;
    }
    Ok(())
}

fn differs(at: usize) -> Text {
    Text::new(
        format!("{at} バイト目から、返ってきたものが送ったものと違います。"),
        format!("What came back differs from what was sent, from byte {at} on."),
    )
}
