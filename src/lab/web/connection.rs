//! One connection of a client, by hyper over the lab's stream.

use crate::lab::ctx::{could_not, in_time};
use crate::lab::record::Recorder;
use crate::lab::socket::Stream;
use crate::lang::Text;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{Builder, SendRequest};
use hyper::header::{CONNECTION, HeaderMap};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    running: JoinSet<hyper::Result<()>>,
}

/// A whole answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// From the request to the head of the answer, and from there to the end of the body.
    pub waited: Duration,
    pub loaded: Duration,
}

impl Answer {
    /// A header's value, where it is text.
    pub fn header(&self, name: impl hyper::header::AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The server closes the connection after this answer (RFC 9112, 9.6).
    pub fn closes(&self) -> bool {
        self.header(CONNECTION).is_some_and(|v| v.eq_ignore_ascii_case("close"))
    }
}

impl Connection {
    /// socket, connect; hyper sends nothing yet.
    pub async fn open(recorder: Recorder, server: SocketAddr) -> Result<Self, Text> {
        in_time(async {
            let stream = Stream::connect(recorder, server).await.map_err(could_not("接続", "The connection"))?;
            let mut builder = Builder::new();
            let begun = builder.title_case_headers(true).handshake(TokioIo::new(stream)).await;
            let (sender, connection) = begun.map_err(could_not("HTTP の開始", "The start of HTTP"))?;
            // In a set, because a set stops its tasks when it is dropped: a cancelled run closes this socket, too.
            let mut running = JoinSet::new();
            running.spawn(connection);
            Ok(Self { sender, running })
        })
        .await
    }

    /// Sends a request and reads its answer to the end.
    pub async fn ask(&mut self, request: Request<Full<Bytes>>) -> Result<Answer, Text> {
        in_time(async {
            self.sender.ready().await.map_err(could_not("接続の再利用", "Using the connection again"))?;
            let since = Instant::now();
            let answered = self.sender.send_request(request).await;
            let (head, body) = answered.map_err(could_not("リクエスト", "The request"))?.into_parts();
            let waited = since.elapsed();
            let body = body.collect().await.map_err(could_not("レスポンスの受信", "The response"))?.to_bytes();
            let loaded = since.elapsed().saturating_sub(waited);
            Ok(Answer { status: head.status, headers: head.headers, body, waited, loaded })
        })
        .await
    }

    /// Without a sender hyper closes the connection; this waits until it has.
    pub async fn close(self) -> Result<(), Text> {
        let Self { sender, mut running } = self;
        drop(sender);
        in_time(async {
            match running.join_next().await {
                Some(Ok(Err(e))) => Err(could_not("HTTP の終了", "The end of HTTP")(e)),
                _ => Ok(()),
            }
        })
        .await
    }
}
