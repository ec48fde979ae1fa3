//! HTTP written and read by hand, for what libraries do not do by themselves: to wait with the body until the server wants it,
//! and to send requests without waiting for answers.

use super::server::{MAX_UPLOAD, large};
use crate::lab::ctx::{Ctx, could_not, in_time};
use crate::lab::socket::Stream;
use crate::lab::web::{AGENT, host};
use crate::lang::Text;
use crate::trace::Host;
use std::fmt::Display;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The longest head that is read.
const MAX_HEAD: usize = 16 * 1024;

/// A connection, with what was read of it and not used yet.
struct Talk {
    stream: Stream,
    buffer: Vec<u8>,
}

struct Head {
    status: u16,
    reason: String,
    length: usize,
}

impl Display for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status, self.reason)
    }
}

impl Talk {
    async fn open(ctx: &Ctx, server: SocketAddr) -> Result<Self, Text> {
        let connect = Stream::connect(ctx.recorder(Host::Client), server);
        let stream = in_time(async { connect.await.map_err(could_not("接続", "The connection")) }).await?;
        Ok(Self { stream, buffer: Vec::new() })
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), Text> {
        in_time(async { self.stream.write_all(bytes).await.map_err(could_not("送信", "Sending")) }).await
    }

    async fn more(&mut self) -> Result<(), Text> {
        let n = in_time(async {
            self.stream.read_buf(&mut self.buffer).await.map_err(could_not("受信", "Receiving"))
        });
        match n.await? {
            0 => Err(broken("FIN")),
            _ => Ok(()),
        }
    }

    /// The next head: up to its empty line.
    async fn head(&mut self) -> Result<Head, Text> {
        loop {
            if let Some((head, used)) = parse(&self.buffer)? {
                self.buffer.drain(..used);
                return Ok(head);
            }
            if self.buffer.len() > MAX_HEAD {
                return Err(broken("a head without an end"));
            }
            self.more().await?;
        }
    }

    /// The next whole answer: where its body ends, the next head begins.
    async fn answer(&mut self) -> Result<Head, Text> {
        let head = self.head().await?;
        while self.buffer.len() < head.length {
            self.more().await?;
        }
        self.buffer.drain(..head.length);
        Ok(head)
    }

    async fn close(mut self) -> Result<(), Text> {
        in_time(async {
            self.stream.shutdown().await.map_err(could_not("shutdown", "shutdown"))?;
            let mut rest = Vec::new();
            self.stream.read_to_end(&mut rest).await.map_err(could_not("受信", "Receiving"))?;
            if rest.is_empty() && self.buffer.is_empty() { Ok(()) } else { Err(broken("bytes after the last answer")) }
        })
        .await
    }
}

fn broken(what: impl Display) -> Text {
    Text::new(format!("レスポンスが HTTP として読めません（{what}）。"), format!("The response cannot be read as HTTP ({what})."))
}

/// A head and its length, once it is whole.
fn parse(bytes: &[u8]) -> Result<Option<(Head, usize)>, Text> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(used) = response.parse(bytes).map_err(broken)? else { return Ok(None) };
    let length = response.headers.iter().find(|h| h.name.eq_ignore_ascii_case("content-length"));
    let length = match length {
        Some(h) => std::str::from_utf8(h.value).ok().and_then(|v| v.parse().ok()).ok_or_else(|| broken("Content-Length"))?,
        None => 0,
    };
    let head = Head { status: response.code.unwrap_or(0), reason: response.reason.unwrap_or("").to_owned(), length };
    Ok(Some((head, used)))
}

fn start(method: &str, target: &str, server: SocketAddr) -> String {
    format!("{method} {target} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {AGENT}\r\nAccept: */*\r\n", host(server))
}

/// `Expect: 100-continue` (RFC 9110, 10.1.1): the head goes first, and the body only when the server wants it.
pub async fn upload(ctx: &Ctx, server: SocketAddr) -> Result<(), Text> {
    let size = match ctx.params.text("request") {
        "expect-refused" => ctx.params.number("size").max(MAX_UPLOAD + 1),
        _ => ctx.params.number("size"),
    };
    let close = ctx.params.text("connection") == "close";
    let mut open = None;
    for i in 1..=ctx.params.number("count") {
        pause(ctx, i).await;
        let mut talk = match open.take() {
            Some(talk) => talk,
            None => Talk::open(ctx, server).await?,
        };
        let connection = if close { "Connection: close\r\n" } else { "" };
        let head = start("POST", "/upload", server);
        let head = format!("{head}Content-Type: text/plain\r\nContent-Length: {size}\r\nExpect: 100-continue\r\n{connection}\r\n");
        talk.send(head.as_bytes()).await?;
        let first = talk.answer().await?;
        if first.status == 100 {
            ctx.note(Text::new(
                format!("POST /upload → {first}：サーバが欲しいと言ったので、ボディ {size} バイトを送ります"),
                format!("POST /upload → {first}: the server wants it, so the body of {size} bytes goes"),
            ));
            talk.send(&large(size)).await?;
            let last = talk.answer().await?;
            ctx.note(Text::same(format!("POST /upload → {last}")));
            if last.status != 200 {
                return Err(broken(last));
            }
        } else {
            ctx.note(Text::new(
                format!("POST /upload → {first}：ボディ {size} バイトは、1 バイトも送らずにすみました"),
                format!("POST /upload → {first}: not one of the body's {size} bytes had to be sent"),
            ));
            if first.status != 413 || size <= MAX_UPLOAD {
                return Err(broken(first));
            }
        }
        if close || first.status != 100 {
            talk.close().await?;
        } else {
            open = Some(talk);
        }
    }
    match open {
        Some(talk) => talk.close().await,
        None => Ok(()),
    }
}

/// Several requests in one write (RFC 9112, 9.3.2). The answers come in the order of the requests: nothing else tells which is whose.
pub async fn pipeline(ctx: &Ctx, server: SocketAddr) -> Result<(), Text> {
    let targets = [("/users/1", 200), ("/hello.txt", 200), ("/nothing", 404)];
    let count = ctx.params.size("count");
    let asked: Vec<_> = targets.iter().cycle().take(count).collect();
    let mut bytes = Vec::new();
    for (i, (target, _)) in asked.iter().enumerate() {
        bytes.extend(start("GET", target, server).into_bytes());
        let last = i + 1 == count && ctx.params.text("connection") == "close";
        bytes.extend_from_slice(if last { b"Connection: close\r\n\r\n" } else { b"\r\n" });
    }
    let mut talk = Talk::open(ctx, server).await?;
    talk.send(&bytes).await?;
    ctx.note(Text::new(
        format!("{count} 個のリクエスト（{} バイト）を、返事を待たずに 1 回の write で送りました", bytes.len()),
        format!("{count} requests ({} bytes) went in one write, without waiting for an answer", bytes.len()),
    ));
    for (i, (target, status)) in asked.iter().enumerate() {
        let answer = talk.answer().await?;
        ctx.note(Text::new(
            format!("{} 個目の返事：GET {target} → {answer}", i + 1),
            format!("answer {}: GET {target} → {answer}", i + 1),
        ));
        if answer.status != *status {
            return Err(broken(answer));
        }
    }
    talk.close().await
}

/// The pause before the second and every later request.
async fn pause(ctx: &Ctx, i: u64) {
    let pause = Duration::from_millis(ctx.params.number("pause"));
    if i > 1 && !pause.is_zero() {
        tokio::time::sleep(pause).await;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_head_is_taken_when_it_is_whole_and_no_byte_more() {
        let bytes = b"HTTP/1.1 404 Not Found\r\ncontent-length: 3\r\n\r\nabcHTTP/1.1";
        let (head, used) = parse(bytes).unwrap().unwrap();
        assert_eq!((head.to_string(), head.length, &bytes[used..used + 3]), ("404 Not Found".into(), 3, &b"abc"[..]));
        assert!(parse(&bytes[..20]).unwrap().is_none());
        assert!(parse(b"SSH-2.0-x\r\n\r\n").is_err());
        assert!(parse(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n").is_err());
    }
}
