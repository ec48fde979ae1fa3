//! A reader slower than its sender: the window shrinks to zero, the sender asks, the window opens again; and a transfer without such a brake.

use super::ctx::{Ctx, both, could_not, in_time, millis};
use super::socket::{BACKLOG, Listener, Opt, Stream};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::trace::Host;
use futures_util::future::BoxFuture;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What is asked for as receive and send buffer, where the reader is to be slow; the kernel doubles it.
const SMALL: usize = 4096;
/// What a slow reader takes at once, and how often it comes.
const SIP: usize = 2000;
const SIPS_APART: Duration = Duration::from_millis(25);
const SIPS_AT_MOST: u64 = 100;
const BUFFER: usize = 64 * 1024;

static INFO: ExchangeInfo = ExchangeInfo {
    name: "flow-control",
    badge: "WIN",
    title: words("フロー制御", "Flow control"),
    tagline: words("遅い読み手を待つ", "Waiting for a slow reader"),
    about: words(
        "クライアントは速く送り、サーバはなかなか読みません。ACK に書かれたウィンドウ（あと何バイト受け取れるか）が小さくなり、0 になると、送り手は止まります。\
         write は戻らず、プログラムも待たされます。送り手のカーネルは時々ウィンドウプローブで「もう空いたか」と尋ね、\
         サーバが読むとウィンドウの更新が届いて、また流れ始めます。「速い読み手」と比べてください。",
        "The client sends fast, and the server is slow to read. The window in its ACKs (how many bytes more it can take) shrinks; at 0 the \
         sender stops. Its write does not return: the program waits, too. From time to time its kernel asks by a window probe whether \
         there is room; once the server reads, a window update comes and the bytes flow on. Compare it with the fast reader.",
    ),
    params: &[
        Param {
            name: "reader",
            label: words("読み手", "Reader"),
            note: words("サーバがどう読むかです。", "How the server reads."),
            kind: ParamKind::Choice {
                options: &[
                    ("sleeps", words("しばらく読まない", "sleeps first")),
                    ("slow", words("少しずつ読む", "takes little at a time")),
                    ("fast", words("すぐに読む（大きな転送）", "reads at once")),
                ],
            },
        },
        Param {
            name: "size",
            label: words("送る大きさ", "Bytes to send"),
            note: words("遅い読み手では、大きいと時間がかかります。", "With a slow reader much takes long."),
            kind: ParamKind::Number { default: 60_000, min: 1, max: 10_000_000, unit: words("バイト", "bytes") },
        },
        Param {
            name: "sleep",
            label: words("読まない時間", "Sleep"),
            note: words("「しばらく読まない」読み手が待つ時間です。", "How long the reader that sleeps does not read."),
            kind: ParamKind::Number { default: 1500, min: 500, max: 8000, unit: words("ミリ秒", "ms") },
        },
        params::port(7),
    ],
};

pub struct FlowControl;

impl Exchange for FlowControl {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            let reader = ctx.params.text("reader").to_owned();
            let max = SIPS_AT_MOST * SIP as u64;
            if reader == "slow" && ctx.params.number("size") > max {
                return Err(Text::new(
                    format!("少しずつ読む読み手には {max} バイトまでにしてください。"),
                    format!("To a reader that takes little at a time send at most {max} bytes."),
                ));
            }
            let options: &[Opt] = if reader == "fast" { &[Opt::ReuseAddr] } else { &[Opt::ReuseAddr, Opt::ReceiveBuffer(SMALL)] };
            // Of the listening socket, because the window scale is agreed in the handshake.
            let (listener, at) = ctx.listen_with(BACKLOG, options)?;
            both(serve(ctx.clone(), listener, reader), client(ctx, at)).await
        })
    }
}

async fn serve(ctx: Ctx, mut listener: Listener, reader: String) -> Result<(), Text> {
    let mut stream = listener.accept().await.map_err(could_not("サーバの accept", "The server's accept"))?;
    if reader == "sleeps" {
        tokio::time::sleep(Duration::from_millis(ctx.params.number("sleep"))).await;
        ctx.note(Text::new("サーバが読み始めます。", "The server begins to read."));
    }
    let slow = reader == "slow";
    let mut buffer = vec![0; if slow { SIP } else { BUFFER }];
    let (mut total, mut reads) = (0, 0_u64);
    loop {
        let n = stream.read(&mut buffer).await.map_err(could_not("サーバの read", "The server's read"))?;
        if n == 0 {
            break;
        }
        (total, reads) = (total + n, reads + 1);
        if slow {
            tokio::time::sleep(SIPS_APART).await;
        }
    }
    ctx.note(Text::new(
        format!("サーバは {reads} 回の read で {total} バイトを全部受け取りました。"),
        format!("The server has read all {total} bytes, in {reads} reads."),
    ));
    Ok(())
}

async fn client(ctx: Ctx, server: SocketAddr) -> Result<(), Text> {
    let fast = ctx.params.text("reader") == "fast";
    let options: &[Opt] = if fast { &[] } else { &[Opt::SendBuffer(SMALL)] };
    let connect = Stream::connect_with(ctx.recorder(Host::Client), server, None, options);
    let mut stream = in_time(async { connect.await.map_err(could_not("接続", "The connection")) }).await?;
    let data: Vec<u8> = (b'a'..=b'z').cycle().take(ctx.params.size("size")).collect();
    let (began, mut longest) = (Instant::now(), Duration::ZERO);
    let mut rest = data.as_slice();
    in_time(async {
        while !rest.is_empty() {
            let before = Instant::now();
            let n = stream.write(rest.get(..BUFFER).unwrap_or(rest)).await.map_err(could_not("送信", "Sending"))?;
            longest = longest.max(before.elapsed());
            rest = rest.get(n..).unwrap_or_default();
        }
        stream.shutdown().await.map_err(could_not("shutdown", "shutdown"))?;
        // Until the server has read everything and closes.
        stream.read(&mut [0; 1]).await.map_err(could_not("受信", "Receiving"))
    })
    .await?;
    let (took, longest) = (began.elapsed(), millis(longest));
    if ctx.params.text("reader") == "sleeps" {
        ctx.note(Text::new(
            "ウィンドウが 0 の間に送り手が出したのがウィンドウプローブです。Linux のプローブはデータを運ばず 1 つ前の番号を使うので、Wireshark では Keep-Alive と表示されます。",
            "What the sender sent while the window was 0 are window probes. Those of Linux carry no data and the number before the next: Wireshark shows them as Keep-Alive.",
        ));
    }
    let rate = data.len() as f64 / took.as_secs_f64().max(1e-9) / 1e6;
    let (size, took) = (data.len(), millis(took));
    ctx.note(Text::new(
        format!("クライアントは {size} バイトを {took} で送りました（毎秒 {rate:.2} MB）。いちばん長く待たされた write は {longest} でした。"),
        format!("The client sent {size} bytes in {took} ({rate:.2} MB/s). The write that was held up longest took {longest}."),
    ));
    Ok(())
}
