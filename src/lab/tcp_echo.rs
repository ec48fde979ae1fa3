//! TCP echo (RFC 862): the server sends back every byte it gets.

use super::ctx::{Ctx, both, could_not, in_time};
use super::socket::{Listener, Stream};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::ExchangeInfo;
use crate::trace::Host;
use futures_util::future::{BoxFuture, try_join};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, split};

/// The longest single message, and the most that one run may send in all: the spool keeps both directions.
const MAX_SIZE: u64 = 10_000_000;
const MAX_TOTAL: u64 = 200_000_000;
/// What a program typically gives `write` and offers `read` at once.
const BUFFER: usize = 64 * 1024;

static INFO: ExchangeInfo = ExchangeInfo {
    name: "tcp-echo",
    badge: "TCP",
    title: words("TCP エコー", "TCP echo"),
    tagline: words("送った文字がそのまま返る", "What you send comes back"),
    about: words(
        "クライアントがサーバに接続し、送った文字がそのまま返ってきます。データの前の 3 つのセグメント（3 ウェイハンドシェイク）、\
         バイトを数えるシーケンス番号と確認応答、最後の FIN を見てください。write と read の回数がセグメントの数と同じとは限らないことも分かります。",
        "The client connects, and the server sends back what it gets. Look at the three segments before any data (the three-way \
         handshake), at the sequence and acknowledgment numbers that count bytes, and at the FINs at the end. And see that \
         the number of writes and reads need not be the number of segments.",
    ),
    params: &[
        params::TEXT,
        params::count(3, words("同じ接続の上で何回くり返すかです。", "How often, over the same connection.")),
        params::size(MAX_SIZE),
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
            if total > MAX_TOTAL {
                let (total, max) = (total / 1_000_000, MAX_TOTAL / 1_000_000);
                return Err(Text::new(
                    format!("回数×大きさは {max} MB までにしてください（今は {total} MB）。"),
                    format!("Count times size may be at most {max} MB (now {total} MB)."),
                ));
            }
            let (listener, at) = ctx.listen()?;
            both(serve(listener), client(ctx, at)).await
        })
    }
}

async fn serve(mut listener: Listener) -> Result<(), Text> {
    let mut stream = listener.accept().await.map_err(could_not("サーバの accept", "The server's accept"))?;
    let mut buffer = vec![0; BUFFER];
    loop {
        let n = stream.read(&mut buffer).await.map_err(could_not("サーバの read", "The server's read"))?;
        // 0 means: the client will send nothing more (its FIN has come). Closing answers with our own FIN.
        let Some(bytes) = buffer.get(..n).filter(|b| !b.is_empty()) else { return Ok(()) };
        stream.write_all(bytes).await.map_err(could_not("サーバの write", "The server's write"))?;
    }
}

async fn client(ctx: Ctx, server: SocketAddr) -> Result<(), Text> {
    let connect = Stream::connect(ctx.recorder(Host::Client), server);
    let stream = in_time(async { connect.await.map_err(could_not("接続", "The connection")) }).await?;
    let (mut reader, mut writer) = split(stream);
    let message = ctx.params.message();
    let (count, pause) = (ctx.params.number("count"), Duration::from_millis(ctx.params.number("pause")));
    for i in 1..=count {
        // At the same time: a long message fills both directions, and whoever only writes waits for ever.
        let send = async {
            for piece in message.chunks(BUFFER) {
                writer.write_all(piece).await.map_err(could_not("送信", "Sending"))?;
            }
            Ok(())
        };
        in_time(try_join(send, compare(&mut reader, &message))).await?;
        ctx.progress(i, count, "、同じものが返りました", "came back unchanged");
        if i < count && !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    in_time(async {
        writer.shutdown().await.map_err(could_not("shutdown", "shutdown"))?;
        let mut rest = Vec::new();
        reader.read_to_end(&mut rest).await.map_err(could_not("受信", "Receiving"))?;
        if rest.is_empty() { Ok(()) } else { Err(differs(message.len())) }
    })
    .await
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
