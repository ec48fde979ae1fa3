//! Unix sockets: the echo of TCP between two programs of one machine, by a path and without a packet; a pipe beside it.

use super::counters::{Counters, told};
use super::ctx::{Ctx, both, could_not, in_time, said};
use super::socket::{Inner, Local, LocalListener, LocalStream, Stream, pipe};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, LabEvent, Param, ParamKind};
use crate::trace::Host;
use futures_util::future::BoxFuture;
use std::fs::symlink_metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What both socket buffers hold in any case, so that a program that only writes need not wait.
const MAX_SIZE: u64 = 50_000;
const BUFFER: usize = 64 * 1024;
/// Two messages, written one right after the other.
const TWO: [&[u8]; 2] = [b"first\n", b"second\n"];

static INFO: ExchangeInfo = ExchangeInfo {
    name: "unix-socket",
    badge: "UNIX",
    title: words("Unix ソケット", "Unix socket"),
    tagline: words("パケットのない通信", "A talk without packets"),
    about: words(
        "TCP エコーと同じ呼び出しですが、アドレスの代わりにファイルのパスを使います。両方のプログラムが同じ機械にあり、カーネルがバイトを渡すので、\
         パケットは 1 つもできず、L1 から L4 は空です。bind がパスにファイルを作ること、close してもそのファイルが残ること、\
         SOCK_SEQPACKET ではメッセージの境目が残ることを見てください。続けて同じエコーを TCP とパイプでも行い、比べます。",
        "The calls of the TCP echo, but with a path in the file system in place of an address. Both programs are on one machine and \
         the kernel hands the bytes over: no packet is made, and L1 to L4 stay empty. See how bind makes a file at the path, how the \
         file stays after close, and how SOCK_SEQPACKET keeps the borders of messages. Then the same echo runs over TCP and over \
         pipes, to compare.",
    ),
    params: &[
        Param {
            name: "kind",
            label: words("ソケットの種類", "Kind of socket"),
            note: words("バイトの列か、境目のあるメッセージかです。", "A stream of bytes, or messages with borders."),
            kind: ParamKind::Choice {
                options: &[
                    ("stream", words("SOCK_STREAM（バイトの列）", "SOCK_STREAM (a stream of bytes)")),
                    ("seqpacket", words("SOCK_SEQPACKET（境目が残る）", "SOCK_SEQPACKET (keeps borders)")),
                ],
            },
        },
        params::TEXT,
        params::count(3, words("何回くり返すかです。", "How often.")),
        params::size(MAX_SIZE),
        Param {
            name: "beside",
            label: words("比べる相手", "Beside it"),
            note: words("同じエコーを、ほかの方法でも行います。", "The same echo by other means."),
            kind: ParamKind::Choice {
                options: &[
                    ("all", words("TCP とパイプ", "TCP and pipes")),
                    ("tcp", words("TCP", "TCP")),
                    ("pipe", words("パイプ", "pipes")),
                    ("none", words("なし（パケットは 0 個）", "nothing (no packet at all)")),
                ],
            },
        },
        Param {
            name: "left",
            label: words("残ったファイル", "The file left behind"),
            note: words("close のあとに残るファイルをどうするかです。", "What is done with the file that stays after close."),
            kind: ParamKind::Choice {
                options: &[
                    ("unlink", words("unlink で消す", "remove it (unlink)")),
                    ("again", words("消さずにもう一度 bind してみる", "bind again before removing it")),
                ],
            },
        },
        params::port(7),
    ],
};

pub struct UnixSocket;

impl Exchange for UnixSocket {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            local(&ctx).await?;
            let beside = ctx.params.text("beside").to_owned();
            if ["all", "pipe"].contains(&beside.as_str()) {
                pipes(&ctx).await?;
            }
            if ["all", "tcp"].contains(&beside.as_str()) {
                tcp(&ctx).await?;
            }
            Ok(())
        })
    }
}

/// A path that is gone at the end, however the end comes.
struct Left(PathBuf);

impl Drop for Left {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The echo over a Unix socket, and what becomes of its path.
async fn local(ctx: &Ctx) -> Result<(), Text> {
    let kind = if ctx.params.text("kind") == "seqpacket" { Local::SeqPacket } else { Local::Stream };
    let server = ctx.recorder(Host::Server);
    let path = Left(std::env::temp_dir().join(format!("osiscope-{}.sock", std::process::id())));
    let path = path.0.as_path();
    if symlink_metadata(path).is_ok() {
        // Left by a program with our process number that was killed.
        LocalListener::unlink(&server, path).map_err(could_not("unlink", "unlink"))?;
    }
    let listener = LocalListener::open(server.clone(), kind, path).map_err(|e| {
        let (shown, why) = (path.display(), said(&e));
        Text::new(format!("サーバが {shown} で待ち受けられませんでした（{why}）。"), format!("The server could not listen on {shown} ({why})."))
    })?;
    (ctx.say)(LabEvent::Started { interface: ctx.interface.clone(), server: Some(path.display().to_string()) });
    ctx.note(made(&listener));
    let before = Counters::now();
    let since = Instant::now();
    let client = {
        let (ctx, path) = (ctx.clone(), path.to_owned());
        async move {
            let stream = LocalStream::connect_path(ctx.recorder(Host::Client), kind, &path);
            echo(&ctx, stream.map_err(could_not("接続", "The connection"))?, kind == Local::SeqPacket).await
        }
    };
    let serve = async move {
        let mut listener = listener;
        let stream = listener.accept().await.map_err(could_not("サーバの accept", "The server's accept"))?;
        answer(stream).await
    };
    in_time(both(serve, client)).await?;
    let (count, micros) = (ctx.params.number("count"), since.elapsed().as_micros());
    let packets = told(before, ctx.own);
    ctx.note(Text::new(
        format!("Unix ソケット：{count} 往復とその後の 2 通で {micros} µs。カーネルの数えでは{}。", packets.ja),
        format!("Unix socket: {count} round trips and two more messages in {micros} µs. The kernel counted {}.", packets.en),
    ));
    left_behind(ctx, kind, path)
}

/// Both sockets are closed, and the name is still there.
fn left_behind(ctx: &Ctx, kind: Local, path: &Path) -> Result<(), Text> {
    let server = ctx.recorder(Host::Server);
    if symlink_metadata(path).is_ok() {
        ctx.note(Text::new(
            format!("ソケットは両方とも閉じましたが、ファイル {} は残っています。close はパスを消しません。", path.display()),
            format!("Both sockets are closed, but the file {} is still there: close does not remove a path.", path.display()),
        ));
    }
    if ctx.params.text("left") == "again" {
        if let Err(e) = LocalStream::connect_path(ctx.recorder(Host::Client), kind, path) {
            let why = said(&e);
            ctx.note(Text::new(
                format!("connect：{why}。ファイルはあっても、その後ろで待つソケットがありません。"),
                format!("connect: {why}. There is a file, but no socket waits behind it."),
            ));
        }
        if let Err(e) = LocalListener::open(server.clone(), kind, path) {
            let why = said(&e);
            ctx.note(Text::new(
                format!("bind：{why}。残ったファイルのために、サーバは起動し直せません。TCP の TIME_WAIT と違い、待っても消えません。"),
                format!("bind: {why}. Because of the file the server cannot start again. Unlike TCP's TIME_WAIT, it does not go away with time."),
            ));
        }
    }
    LocalListener::unlink(&server, path).map_err(could_not("unlink", "unlink"))?;
    ctx.note(Text::new("unlink でファイルが消えました。", "unlink has removed the file."));
    Ok(())
}

/// What `bind` has made, as `ls -li` would show it.
fn made(listener: &LocalListener) -> Text {
    let path = listener.path().display();
    let file = symlink_metadata(listener.path());
    let (inode, mode) = file.map_or((0, 0), |f| (f.ino(), f.mode() & 0o7777));
    let socket = listener.inode().unwrap_or(0);
    Text::new(
        format!(
            "bind がファイル {path} を作りました（種類はソケット、inode {inode}、権限 {mode:o}）。中身はなく、名前だけです。\
             ソケットそのものは socket:[{socket}] という別の番号を持ちます（外からは ls -li {path} と ss -xl で見えます）。"
        ),
        format!(
            "bind has made the file {path} (a socket, inode {inode}, mode {mode:o}). It holds no data: it is only a name. \
             The socket itself has another number, socket:[{socket}] (outside, ls -li {path} and ss -xl show them)."
        ),
    )
}

/// The same over two pipes: each goes one way only.
async fn pipes(ctx: &Ctx) -> Result<(), Text> {
    let (server, client) = (ctx.recorder(Host::Server), ctx.recorder(Host::Client));
    let failed = could_not("pipe", "pipe");
    let (from_client, to_server) = pipe(&server, &client).map_err(&failed)?;
    let (from_server, to_client) = pipe(&client, &server).map_err(&failed)?;
    let since = Instant::now();
    let serve = async move {
        let (mut from, mut to) = (from_client, to_client);
        let mut buffer = vec![0; BUFFER];
        loop {
            let n = from.read(&mut buffer).await.map_err(could_not("サーバの read", "The server's read"))?;
            let Some(bytes) = buffer.get(..n).filter(|b| !b.is_empty()) else { return Ok(()) };
            to.write_all(bytes).await.map_err(could_not("サーバの write", "The server's write"))?;
        }
    };
    let talk = {
        let ctx = ctx.clone();
        async move {
            let (mut from, mut to) = (from_server, to_server);
            let message = ctx.params.message();
            for _ in 0..ctx.params.number("count") {
                to.write_all(&message).await.map_err(could_not("送信", "Sending"))?;
                same(&mut from, &message).await?;
            }
            Ok(())
        }
    };
    in_time(both(serve, talk)).await?;
    let micros = since.elapsed().as_micros();
    ctx.note(Text::new(
        format!("パイプ：同じ往復が {micros} µs。パイプは一方通行なので 2 本要ります。名前もアドレスもなく、親から受け継ぐ（または渡される）しかありません。"),
        format!(
            "Pipes: the same round trips in {micros} µs. A pipe goes one way, so two are needed. It has no name and no address: \
             one must inherit it or be handed it."
        ),
    ));
    Ok(())
}

/// The same over TCP.
async fn tcp(ctx: &Ctx) -> Result<(), Text> {
    let (mut listener, at) = ctx.listen()?;
    let before = Counters::now();
    let since = Instant::now();
    let client = {
        let ctx = ctx.clone();
        async move {
            let stream = Stream::connect(ctx.recorder(Host::Client), at).await;
            echo(&ctx, stream.map_err(could_not("接続", "The connection"))?, false).await
        }
    };
    let serve = async move {
        let stream = listener.accept().await.map_err(could_not("サーバの accept", "The server's accept"))?;
        answer(stream).await
    };
    in_time(both(serve, client)).await?;
    let micros = since.elapsed().as_micros();
    let packets = told(before, ctx.own);
    ctx.note(Text::new(
        format!("TCP：同じことが {micros} µs、カーネルの数えで{}。呼び出しは同じで、違うのはアドレスだけです。", packets.ja),
        format!("TCP: the same in {micros} µs; the kernel counted {}. The calls are the same, only the address differs.", packets.en),
    ));
    Ok(())
}

/// The server's side: sends back what it reads, until the other side ends.
async fn answer<T: Inner>(mut stream: Stream<T>) -> Result<(), Text> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let n = stream.read(&mut buffer).await.map_err(could_not("サーバの read", "The server's read"))?;
        let Some(bytes) = buffer.get(..n).filter(|b| !b.is_empty()) else { return Ok(()) };
        stream.write_all(bytes).await.map_err(could_not("サーバの write", "The server's write"))?;
    }
}

/// The client's side: the messages, then two at once, then the end. `borders`: each message comes back as one.
async fn echo<T: Inner>(ctx: &Ctx, mut stream: Stream<T>, borders: bool) -> Result<(), Text> {
    let message = ctx.params.message();
    for _ in 0..ctx.params.number("count") {
        stream.write_all(&message).await.map_err(could_not("送信", "Sending"))?;
        same(&mut stream, &message).await?;
    }
    for part in TWO {
        stream.write_all(part).await.map_err(could_not("送信", "Sending"))?;
    }
    // Both answers are there before the client reads, as with any program that is busy with something else.
    tokio::time::sleep(Duration::from_millis(20)).await;
    let reads = same(&mut stream, &TWO.concat()).await?;
    let (ja, en) = if borders {
        ("メッセージの境目が残り、1 回の read は 1 通だけを返します", "borders are kept, and one read returns one message")
    } else {
        ("バイトの列に境目はなく、1 回の read が 2 通をまとめて返すことがあります", "a stream has no borders, and one read may return both")
    };
    ctx.note(Text::new(format!("write 2 回 → read {reads} 回：{ja}。"), format!("2 writes, {reads} reads: {en}.")));
    stream.shutdown().await.map_err(could_not("shutdown", "shutdown"))?;
    let rest = stream.read(&mut [0; 16]).await.map_err(could_not("受信", "Receiving"))?;
    if rest == 0 { Ok(()) } else { Err(differs()) }
}

/// Reads as much as was sent, compares it, and says in how many reads it came.
async fn same<T: Inner>(stream: &mut Stream<T>, sent: &[u8]) -> Result<u32, Text> {
    let (mut buffer, mut got, mut reads) = (vec![0; BUFFER], Vec::new(), 0);
    while got.len() < sent.len() {
        let n = stream.read(&mut buffer).await.map_err(could_not("受信", "Receiving"))?;
        got.extend_from_slice(buffer.get(..n).filter(|b| !b.is_empty()).ok_or_else(differs)?);
        reads += 1;
    }
    if got == sent { Ok(reads) } else { Err(differs()) }
}

fn differs() -> Text {
    Text::new("返ってきたものが送ったものと違います。", "What came back differs from what was sent.")
}
