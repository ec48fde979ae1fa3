//! Unix sockets and pipes: two programs of one machine, and no packet.
//!
//! In: a path in the file system, or nothing (a pipe). Out: the same [`Stream`] as TCP's, whose calls are written down; the
//! address of a pipe's ends is the kernel's name for it, "pipe:[4711]".

use super::{Inner, Stream, close, fd, make};
use crate::lab::record::{Ends, Recorder};
use crate::trace::{Addr, CallResult, What};
use rustix::net::{AddressFamily, Shutdown, SocketAddrUnix, SocketFlags, SocketType, accept_with, bind, connect, listen};
use rustix::net::{shutdown, socket_with};
use rustix::pipe::{PipeFlags, pipe_with};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How many connections may wait for `accept`.
const BACKLOG: u32 = 16;

/// Which of the two: a stream of bytes, or messages that keep their borders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Local {
    Stream,
    SeqPacket,
}

impl Local {
    fn make(self, recorder: &Recorder) -> io::Result<(OwnedFd, Ends)> {
        let (name, kind) = match self {
            Self::Stream => ("AF_UNIX SOCK_STREAM", SocketType::STREAM),
            Self::SeqPacket => ("AF_UNIX SOCK_SEQPACKET", SocketType::SEQPACKET),
        };
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        make(recorder, name, || Ok(socket_with(AddressFamily::UNIX, kind, flags, None)?))
    }
}

/// A connected Unix socket or one end of a pipe.
pub type LocalStream = Stream<Descriptor>;

/// Any descriptor that can be waited for.
pub struct Descriptor(AsyncFd<OwnedFd>);

/// Waits for a descriptor by the runtime's epoll.
#[allow(deprecated)] // Its successor is unsafe: one must promise that the descriptor stays open, and an `OwnedFd` does.
fn watched(fd: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::new(fd)
}

impl Inner for Descriptor {
    const ON_WIRE: bool = false;
}

impl Descriptor {
    fn new(fd: OwnedFd) -> io::Result<Self> {
        watched(fd).map(Self)
    }
}

impl AsFd for Descriptor {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.get_ref().as_fd()
    }
}

impl AsRawFd for Descriptor {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

impl AsyncRead for Descriptor {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            let mut ready = ready!(self.0.poll_read_ready(cx))?;
            let read = ready.try_io(|fd| Ok(rustix::io::read(fd, buf.initialize_unfilled())?));
            if let Ok(read) = read {
                return Poll::Ready(read.map(|n| buf.advance(n)));
            }
        }
    }
}

impl AsyncWrite for Descriptor {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            let mut ready = ready!(self.0.poll_write_ready(cx))?;
            if let Ok(written) = ready.try_io(|fd| Ok(rustix::io::write(fd, bytes)?)) {
                return Poll::Ready(written);
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(shutdown(&self.0, Shutdown::Write).map_err(Into::into))
    }
}

impl Stream<Descriptor> {
    /// socket, connect: the client's end has no name. The kernel connects at once, whether or not the server accepts yet.
    pub fn connect_path(recorder: Recorder, kind: Local, path: &Path) -> io::Result<Self> {
        let (socket, mut ends) = kind.make(&recorder)?;
        let to = Addr::Path(path.to_string_lossy().into_owned());
        let ask = || Ok(connect(&socket, &SocketAddrUnix::new(path)?)?);
        let connected = recorder.call(&mut ends, What::Connect { to: to.clone() }, ask, |(), ends| {
            (ends.local, ends.peer) = (Some(Addr::Path(String::new())), Some(to));
            CallResult::Done
        });
        match connected {
            Ok(()) => Ok(Self::new(Descriptor::new(socket)?, recorder, ends)),
            Err(e) => {
                close(&recorder, ends, socket);
                Err(e)
            }
        }
    }
}

/// A listening Unix socket. Its path stays in the file system when it is closed: see [`unlink`](Self::unlink).
pub struct LocalListener {
    inner: Option<AsyncFd<OwnedFd>>,
    recorder: Recorder,
    ends: Ends,
    path: PathBuf,
}

impl LocalListener {
    /// socket, bind, listen.
    pub fn open(recorder: Recorder, kind: Local, path: &Path) -> io::Result<Self> {
        let (socket, mut ends) = kind.make(&recorder)?;
        let name = Addr::Path(path.to_string_lossy().into_owned());
        let mut prepare = || {
            let ask = || Ok(bind(&socket, &SocketAddrUnix::new(path)?)?);
            recorder.call(&mut ends, What::Bind { to: name.clone() }, ask, |(), ends| {
                ends.local = Some(name.clone());
                CallResult::Done
            })?;
            let ask = || Ok(listen(&socket, BACKLOG.cast_signed())?);
            recorder.call(&mut ends, What::Listen { backlog: BACKLOG }, ask, |(), _| CallResult::Done)
        };
        if let Err(e) = prepare() {
            close(&recorder, ends, socket);
            return Err(e);
        }
        Ok(Self { inner: Some(watched(socket)?), recorder, ends, path: path.to_owned() })
    }

    /// The number by which the kernel knows the socket: /proc/PID/fd shows it as "socket:[4711]".
    pub fn inode(&self) -> Option<u64> {
        Some(rustix::fs::fstat(self.inner.as_ref()?).ok()?.st_ino)
    }

    /// Waits for the next connection.
    pub async fn accept(&mut self) -> io::Result<LocalStream> {
        let Some(inner) = &self.inner else { return Err(io::ErrorKind::NotConnected.into()) };
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let wait = async {
            loop {
                let mut ready = inner.readable().await?;
                if let Ok(accepted) = ready.try_io(|socket| Ok(accept_with(socket, flags)?)) {
                    return Descriptor::new(accepted?);
                }
            }
        };
        let mut ends = Ends { peer: Some(Addr::Path(String::new())), ..self.ends.clone() };
        let accepted = self.recorder.wait(&mut ends, What::Accept, wait, |socket, _| CallResult::Fd(fd(socket))).await?;
        let ends = Ends { fd: fd(&accepted), ..ends };
        Ok(LocalStream::new(accepted, self.recorder.clone(), ends))
    }

    /// Removes a path as a server does that wants to leave nothing behind, or to begin anew.
    ///
    /// # Errors
    /// Of the kernel: ENOENT if there is none.
    pub fn unlink(recorder: &Recorder, path: &Path) -> io::Result<()> {
        let mut ends = Ends { fd: -1, ..Ends::default() };
        let what = What::Unlink { path: path.to_string_lossy().into_owned() };
        recorder.call(&mut ends, what, || std::fs::remove_file(path), |(), _| CallResult::Done)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for LocalListener {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.take() {
            close(&self.recorder, self.ends.clone(), inner);
        }
    }
}

/// Makes a pipe: `reader`'s program made it and reads from it, `writer`'s has inherited the other end.
pub fn pipe(reader: &Recorder, writer: &Recorder) -> io::Result<(LocalStream, LocalStream)> {
    let mut ends = Ends { fd: -1, ..Ends::default() };
    let ask = || Ok(pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?);
    let (from, to) = reader.call(&mut ends, What::Pipe, ask, |(from, to), ends| {
        let name = rustix::fs::fstat(from).map(|s| format!("pipe:[{}]", s.st_ino)).unwrap_or_default();
        (ends.fd, ends.local) = (fd(from), Some(Addr::Path(name)));
        CallResult::Fd(fd(to))
    })?;
    let other = Ends { fd: fd(&to), ..ends.clone() };
    let from = LocalStream::new(Descriptor::new(from)?, reader.clone(), ends);
    Ok((from, LocalStream::new(Descriptor::new(to)?, writer.clone(), other)))
}
