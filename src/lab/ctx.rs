//! What an exchange is given to run with.

use super::params::Params;
use super::record::{Recorder, Sink};
use super::socket::{BACKLOG, Listener, Opt, Udp};
use crate::lang::Text;
use crate::netns::errno;
use crate::timeline::LabEvent;
use crate::timeline::errors;
use crate::trace::Host;
use futures_util::future::BoxFuture;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// No step on loopback takes this long; an exchange that does is stuck (a firewall on the machine's own loopback).
const STUCK: Duration = Duration::from_secs(15);

/// Parameters, recorders, a voice. To cancel an exchange, drop its future.
#[derive(Clone)]
pub struct Ctx {
    pub params: Params,
    pub sink: Arc<Sink>,
    /// Where events go.
    pub say: Arc<dyn Fn(LabEvent) + Send + Sync>,
    /// What is captured, for people: "lo".
    pub interface: String,
    /// The run has a network of its own, where every port is free and allowed.
    pub own: bool,
}

impl Ctx {
    /// For the calls of this host's program, where it has one.
    pub fn recorder(&self, host: Host) -> Recorder {
        self.program(host, 0)
    }

    /// For the calls of one of several programs of a host, from 0.
    pub fn program(&self, host: Host, program: u8) -> Recorder {
        Recorder {
            host,
            program,
            sink: self.sink.clone(),
        }
    }

    pub fn note(&self, text: Text) {
        (self.say)(LabEvent::Note { text });
    }

    /// Says how far a repeated step is, but not more than about twenty times in a run.
    pub fn progress(&self, done: u64, of: u64, ja: &str, en: &str) {
        if of <= 20 || done == of || done.is_multiple_of(of / 20) {
            self.note(Text::new(format!("{of} 回中 {done} 回{ja}"), format!("{done} of {of} {en}")));
        }
    }

    /// The servers stand ready: the exchange begins. An exchange says this once.
    pub fn started(&self, at: &[SocketAddr]) {
        let all: Vec<_> = at.iter().map(ToString::to_string).collect();
        (self.say)(LabEvent::Started { interface: self.interface.clone(), server: Some(all.join(", ")) });
    }

    /// The server's listening socket on the port of the parameters.
    pub fn listen(&self) -> Result<(Listener, SocketAddr), Text> {
        self.listen_with(BACKLOG, &[Opt::ReuseAddr])
    }

    /// The same with a queue and options of the exchange's choice.
    pub fn listen_with(&self, backlog: u32, options: &[Opt]) -> Result<(Listener, SocketAddr), Text> {
        let (listener, at) = self.at_port(self.params.number("port"), |at| {
            listener(Listener::open_with(self.recorder(Host::Server), at, backlog, options)?, at)
        })?;
        self.started(&[at]);
        Ok((listener, at))
    }

    /// One of several servers: the server host's program of this number on this port. Say [`Ctx::started`] when all stand.
    pub fn listen_as(&self, program: u8, port: u64) -> Result<(Listener, SocketAddr), Text> {
        self.listen_at(program, address(port))
    }

    /// The server's UDP socket on the port of the parameters.
    pub fn bind_udp(&self) -> Result<(Udp, SocketAddr), Text> {
        let (socket, at) = self.bind_udp_as(0)?;
        self.started(&[at]);
        Ok((socket, at))
    }

    /// The UDP socket of one of several servers. Say [`Ctx::started`] when all stand.
    pub fn bind_udp_as(&self, program: u8) -> Result<(Udp, SocketAddr), Text> {
        self.bind_udp_at(program, address(self.params.number("port")))
    }

    /// The listening socket of one of several servers, at an address of its own. Say [`Ctx::started`] when all stand.
    pub fn listen_at(&self, program: u8, wanted: SocketAddr) -> Result<(Listener, SocketAddr), Text> {
        self.at_port(wanted.port().into(), |at| {
            let at = (wanted.ip(), at.port()).into();
            listener(Listener::open(self.program(Host::Server, program), at)?, at)
        })
    }

    /// The UDP socket of one of several servers, at an address of its own. Say [`Ctx::started`] when all stand.
    pub fn bind_udp_at(&self, program: u8, wanted: SocketAddr) -> Result<(Udp, SocketAddr), Text> {
        self.at_port(wanted.port().into(), |at| {
            let at = (wanted.ip(), at.port()).into();
            let socket = Udp::open(self.program(Host::Server, program), Some(at))?;
            let at = socket.local().unwrap_or(at);
            Ok((socket, at))
        })
    }

    /// No server: the client will talk to a port where nobody listens.
    pub fn nobody_at_port(&self) -> SocketAddr {
        let at = address(self.params.number("port"));
        self.started(&[at]);
        at
    }

    /// Opens on the wanted port; where an ordinary user may not use it, on one above 4000 instead, and says so.
    fn at_port<T>(&self, wanted: u64, open: impl Fn(SocketAddr) -> io::Result<T>) -> Result<T, Text> {
        match open(address(wanted)) {
            Err(e) if e.kind() == io::ErrorKind::PermissionDenied && wanted < 1024 => {
                let instead = 4000 + wanted;
                self.note(Text::new(
                    format!("この場所では、1024 未満のポート {wanted} は管理者だけが使えます。{instead} を使います。"),
                    format!("Here port {wanted} (below 1024) is for the administrator only. Port {instead} is used instead."),
                ));
                open(address(instead)).map_err(|e| failed_to_listen(instead, &e))
            }
            other => other.map_err(|e| failed_to_listen(wanted, &e)),
        }
    }
}

fn listener(listener: Listener, wanted: SocketAddr) -> io::Result<(Listener, SocketAddr)> {
    let at = listener.local().unwrap_or(wanted);
    Ok((listener, at))
}

fn address(port: u64) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, u16::try_from(port).unwrap_or(0)).into()
}

fn failed_to_listen(port: u64, error: &io::Error) -> Text {
    if error.kind() == io::ErrorKind::AddrInUse {
        return Text::new(
            format!("ポート {port} は、ほかのプログラムがすでに使っています（EADDRINUSE）。別のポートを選んでください。"),
            format!("Port {port} is already used by another program (EADDRINUSE). Choose another port."),
        );
    }
    let why = said(error);
    Text::new(
        format!("サーバがポート {port} で待ち受けられませんでした（{why}）。"),
        format!("The server could not listen on port {port} ({why})."),
    )
}

/// What the kernel or a library said, in one language: a term.
pub fn said(error: &io::Error) -> String {
    error.raw_os_error().map_or_else(|| error.to_string(), errno::text)
}

/// A call that failed as it was to, in short: "connect → ECONNREFUSED (Connection refused)". The usual causes stand at the call itself.
pub fn told(call: &str, error: &io::Error) -> Text {
    match error.raw_os_error().and_then(|errno| errors::of(errno, call, false)) {
        Some(known) => {
            let (name, short) = (known.name, known.short);
            Text::new(format!("{call} → {name}（{}）", short.ja), format!("{call} → {name} ({})", short.en))
        }
        None => Text::same(format!("{call} → {}", said(error))),
    }
}

/// Milliseconds for people: "0.12 ms".
pub fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// Turns an error into a sentence: who could not do what, and why.
pub fn could_not<E: std::fmt::Display>(ja: &'static str, en: &'static str) -> impl Fn(E) -> Text {
    move |error| {
        // Errors of the kernel end in "(os error 111)": of no use to a learner.
        let why = error.to_string();
        let why = why.split(" (os error").next().unwrap_or_default();
        Text::new(format!("{ja}に失敗しました（{why}）。"), format!("{en} failed ({why})."))
    }
}

/// Gives a step the time it may take.
pub async fn in_time<T>(step: impl Future<Output = Result<T, Text>>) -> Result<T, Text> {
    tokio::time::timeout(STUCK, step).await.unwrap_or_else(|_| {
        let seconds = STUCK.as_secs();
        Err(Text::new(
            format!("{seconds} 秒待っても返事がありません。この機械のファイアウォールが止めているかもしれません。"),
            format!("No answer within {seconds} seconds. A firewall of this machine may be in the way."),
        ))
    })
}

/// Runs server and client as two tasks until both are done. When one fails the other is stopped.
pub async fn both(
    server: impl Future<Output = Result<(), Text>> + Send + 'static,
    client: impl Future<Output = Result<(), Text>> + Send + 'static,
) -> Result<(), Text> {
    all([Box::pin(server) as BoxFuture<_>, Box::pin(client)]).await
}

/// Runs programs as tasks until all are done. When one fails the others are stopped.
pub async fn all(programs: impl IntoIterator<Item = BoxFuture<'static, Result<(), Text>>>) -> Result<(), Text> {
    let mut tasks: JoinSet<_> = programs.into_iter().collect();
    let mut out = Ok(());
    while let Some(ended) = tasks.join_next().await {
        let ended = ended.unwrap_or_else(|e| if e.is_cancelled() { Ok(()) } else { Err(Text::same(e.to_string())) });
        if ended.is_err() {
            tasks.abort_all();
        }
        out = out.and(ended);
    }
    out
}
