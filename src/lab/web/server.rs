//! A web server by hyper over the lab's sockets: it accepts until its clients are done.

use super::reply::Reply;
use crate::lab::ctx::{both, could_not};
use crate::lab::record::Recorder;
use crate::lab::socket::Listener;
use crate::lang::Text;
use futures_util::future::BoxFuture;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// Answers one request.
pub type Handler = Arc<dyn Fn(Request<Incoming>) -> BoxFuture<'static, Reply> + Send + Sync>;

/// Runs the server until the client is done. A web server would wait for its next client for ever.
pub async fn talk(
    listener: Listener,
    handler: Handler,
    client: impl Future<Output = Result<(), Text>> + Send + 'static,
) -> Result<(), Text> {
    let (done, until) = oneshot::channel::<()>();
    let client = async move {
        let out = client.await;
        drop(done);
        out
    };
    both(serve(listener, handler, until), client).await
}

/// Accepts and answers, each connection in a task of its own, until there is no more client.
async fn serve(mut listener: Listener, handler: Handler, until: oneshot::Receiver<()>) -> Result<(), Text> {
    // A set stops its tasks when it is dropped: a cancelled run closes these sockets, too.
    let mut connections = JoinSet::new();
    let accepting = async {
        loop {
            let stream = listener.accept().await.map_err(could_not("サーバの accept", "The server's accept"))?;
            let handler = handler.clone();
            let service = service_fn(move |request| {
                let answer = handler(request);
                async { Ok::<_, Infallible>(answer.await) }
            });
            let mut builder = http1::Builder::new();
            connections.spawn(builder.title_case_headers(true).serve_connection(TokioIo::new(stream), service));
        }
    };
    tokio::select! {
        failed = accepting => return failed,
        _ = until => {}
    }
    drop(listener);
    let mut out = Ok(());
    while let Some(ended) = connections.join_next().await {
        if let Ok(Err(e)) = ended {
            out = Err(could_not("HTTP サーバの処理", "The HTTP server")(e));
        }
    }
    out
}

/// The outermost middleware, the one that writes the log: a step before everything else, and one after.
pub async fn logged(recorder: &Recorder, line: &str, inner: impl Future<Output = Reply>) -> Reply {
    recorder.step("middleware log: before", async {}).await;
    let reply = inner.await;
    let status = reply.status().as_u16();
    recorder.step(format!("middleware log: after, {line} -> {status}"), async {}).await;
    reply
}

/// The handler itself, as a step beside the calls.
pub async fn handled(recorder: &Recorder, line: &str, handler: impl Future<Output = Reply>) -> Reply {
    recorder.step(format!("handler {line}"), handler).await
}

/// The line of a request as the log has it.
pub fn line<B>(request: &Request<B>) -> String {
    format!("{} {}", request.method(), request.uri())
}
