//! A connected socket: TCP's, or one that never leaves the machine.

use super::{Inner, Opt, close, make_inet, own_address};
use crate::lab::pace::{BREATH, Breath};
use crate::lab::record::{Ends, Open, Recorder, failed, now};
use crate::trace::{Addr, CallResult, What};
use rustix::io::Errno;
use rustix::net::SocketType;
use std::future::Future;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// TCP, unless another [`Inner`] is named.
pub struct Stream<T: Inner = TcpStream> {
    /// `None` only while it is being dropped.
    inner: Option<T>,
    recorder: Recorder,
    ends: Ends,
    /// A read and a write may wait at the same time.
    reading: Option<Open>,
    writing: Option<Open>,
    breath: Breath,
    /// The next write waits for this, because the capture is behind.
    resting: Option<Pin<Box<Sleep>>>,
}

impl<T: Inner> Stream<T> {
    pub(super) fn new(inner: T, recorder: Recorder, ends: Ends) -> Self {
        let breath = Breath::new(recorder.sink.pace.clone());
        Self { inner: Some(inner), recorder, ends, reading: None, writing: None, breath, resting: None }
    }

    /// Ready when the next write may begin. A write that has begun is never held.
    fn poll_turn(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while T::ON_WIRE && self.writing.is_none() && (self.resting.is_some() || self.breath.more()) {
            let resting = self.resting.get_or_insert_with(|| Box::pin(sleep(BREATH)));
            ready!(resting.as_mut().poll(cx));
            self.resting = None;
        }
        Poll::Ready(())
    }

    fn poll_write_call(
        &mut self,
        cx: &mut Context<'_>,
        bytes: u64,
        write: impl FnOnce(Pin<&mut T>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_turn(cx));
        let Self { inner, recorder, ends, writing, .. } = self;
        let write = |stream: Pin<&mut T>| write(stream, cx);
        Self::poll_call(
            inner,
            writing,
            recorder,
            ends,
            || What::Write { bytes },
            write,
            |n| {
                if T::ON_WIRE {
                    recorder.sink.pace.sent(*n as u64);
                }
                CallResult::Bytes(*n as u64)
            },
        )
    }

    /// Polls one operation of the socket and keeps its call open until it is ready.
    fn poll_call<A>(
        inner: &mut Option<T>,
        open: &mut Option<Open>,
        recorder: &Recorder,
        ends: &Ends,
        what: impl FnOnce() -> What,
        run: impl FnOnce(Pin<&mut T>) -> Poll<io::Result<A>>,
        answer: impl FnOnce(&A) -> CallResult,
    ) -> Poll<io::Result<A>> {
        let Some(inner) = inner else { return Poll::Ready(Err(io::ErrorKind::NotConnected.into())) };
        let call = open.get_or_insert_with(|| Open::begin(what()));
        let poll = run(Pin::new(inner));
        if poll.is_pending() {
            call.waits = call.waits.saturating_add(1);
        }
        let out = ready!(poll);
        let at_return = now();
        if let Some(call) = open.take() {
            let result = match &out {
                Ok(value) => answer(value),
                Err(e) => failed(e),
            };
            recorder.end(call, at_return, ends.clone(), result);
        }
        Poll::Ready(out)
    }
}

impl Stream {
    /// socket, connect. The kernel picks the client's port.
    pub async fn connect(recorder: Recorder, to: SocketAddr) -> io::Result<Self> {
        Self::connect_with(recorder, to, None, &[]).await
    }

    /// The same from an address of one's own choice (`bind`), and with options set before.
    pub async fn connect_with(
        recorder: Recorder,
        to: SocketAddr,
        from: Option<SocketAddr>,
        options: &[Opt],
    ) -> io::Result<Self> {
        let (socket, mut ends) = make_inet(&recorder, SocketType::STREAM, to)?;
        let prepared = options
            .iter()
            .try_for_each(|o| o.set(&recorder, &mut ends, &socket))
            .and_then(|()| match from {
                Some(from) => recorder.call(
                    &mut ends,
                    What::Bind { to: from.into() },
                    || Ok(rustix::net::bind(&socket, &from)?),
                    |(), ends| {
                        ends.local = own_address(&socket).map(Addr::Inet);
                        CallResult::Done
                    },
                ),
                None => Ok(()),
            });
        if let Err(e) = prepared {
            close(&recorder, ends, socket);
            return Err(e);
        }
        let open = Open::begin(What::Connect { to: to.into() });
        let begun = match rustix::net::connect(&socket, &to) {
            Ok(()) | Err(Errno::INPROGRESS) => Ok(()),
            Err(e) => Err(io::Error::from(e)),
        };
        // Known from here on, whatever comes of it: the SYN of a refused connection has its call, too.
        ends.local = own_address(&socket).map(Addr::Inet);
        ends.peer = Some(to.into());
        // From here on whoever drops it, the failure of connect or a run that is over meanwhile, closes it, and that is written down.
        let made = Self::new(TcpStream::from_std(socket.into())?, recorder.clone(), ends.clone());
        let connected = async {
            begun?;
            let stream = made.inner.as_ref().ok_or(io::ErrorKind::NotConnected)?;
            stream.writable().await?;
            stream.take_error()?.map_or(Ok(()), Err)
        };
        recorder.wait_on(open, &mut ends, connected, |(), _| CallResult::Done).await?;
        Ok(made)
    }

    /// Sets an option while the connection stands.
    pub fn set(&mut self, option: Opt) -> io::Result<()> {
        let Some(inner) = &self.inner else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        option.set(&self.recorder, &mut self.ends, inner)
    }

    pub fn local(&self) -> Option<SocketAddr> {
        self.ends.local.as_ref().and_then(Addr::inet)
    }

    pub fn peer(&self) -> Option<SocketAddr> {
        self.ends.peer.as_ref().and_then(Addr::inet)
    }
}

impl<T: Inner> AsyncRead for Stream<T> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let Self { inner, recorder, ends, reading, .. } = self.get_mut();
        let (up_to, before) = (buf.remaining() as u64, buf.filled().len());
        let read = |stream: Pin<&mut T>| {
            stream
                .poll_read(cx, buf)
                .map_ok(|()| buf.filled().len() - before)
        };
        Self::poll_call(
            inner,
            reading,
            recorder,
            ends,
            || What::Read { up_to },
            read,
            |n| CallResult::Bytes(*n as u64),
        )
        .map_ok(drop)
    }
}

impl<T: Inner> AsyncWrite for Stream<T> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.get_mut().poll_write_call(cx, bytes.len() as u64, |stream, cx| stream.poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let bytes = pieces.iter().map(|p| p.len() as u64).sum();
        self.get_mut().poll_write_call(cx, bytes, |stream, cx| stream.poll_write_vectored(cx, pieces))
    }

    /// As the socket does: hyper then writes head and body in one call.
    fn is_write_vectored(&self) -> bool {
        self.inner.as_ref().is_some_and(AsyncWrite::is_write_vectored)
    }

    /// A TCP socket has nothing to flush: no call is made.
    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { inner, recorder, ends, writing, .. } = self.get_mut();
        let shut = |stream: Pin<&mut T>| stream.poll_shutdown(cx);
        Self::poll_call(
            inner,
            writing,
            recorder,
            ends,
            || What::Shutdown,
            shut,
            |()| CallResult::Done,
        )
    }
}

impl<T: Inner> Drop for Stream<T> {
    fn drop(&mut self) {
        // Libraries begin to read long before they need it and drop that read at the end. It is news only when the user
        // has cancelled the run; then it is what the program was waiting for.
        let open = [self.writing.take(), self.reading.take()].into_iter().flatten();
        if self.recorder.sink.is_cancelled() {
            open.for_each(|call| {
                self.recorder
                    .end(call, now(), self.ends.clone(), CallResult::Cancelled)
            });
        }
        if let Some(inner) = self.inner.take() {
            close(&self.recorder, self.ends.clone(), inner);
        }
    }
}
