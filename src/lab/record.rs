//! Writes down socket calls: when a program asked its kernel, when it got the answer, and which.
//!
//! In: operations of the sockets in `lab::socket`. Out: [`Call`]s, given to the [`Sink`] when they return. Times are of
//! CLOCK_REALTIME, the clock of the captured frames.

use super::pace::Pace;
use crate::netns::errno;
use crate::trace::{Addr, Call, CallResult, Host, Nanos, What};
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::Poll;
use std::time::SystemTime;

/// Now, on the clock of the capture.
pub fn now() -> Nanos {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Nanos(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

/// Where calls go.
pub struct Sink {
    take: Box<dyn Fn(Call) + Send + Sync>,
    cancelled: AtomicBool,
    heard: AtomicU64,
    /// Streams keep to it.
    pub pace: Arc<Pace>,
}

impl Sink {
    pub fn new(pace: Arc<Pace>, take: impl Fn(Call) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { take: Box::new(take), cancelled: AtomicBool::new(false), heard: AtomicU64::new(0), pace })
    }

    /// From now on a socket that is closed while its program waits was cancelled by the user.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// How many calls so far have received bytes or accepted a connection: as long as it grows, somebody talks to us.
    pub fn heard(&self) -> u64 {
        self.heard.load(Ordering::Relaxed)
    }

    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// A socket as the calls name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    pub fd: i32,
    pub local: Option<Addr>,
    pub peer: Option<Addr>,
}

/// Writes down the calls of one program.
#[derive(Clone)]
pub struct Recorder {
    pub host: Host,
    /// Which of the host's programs, from 0.
    pub program: u8,
    pub sink: Arc<Sink>,
}

/// A call that has begun.
#[derive(Debug)]
pub struct Open {
    at_enter: Nanos,
    what: What,
    pub waits: u32,
}

impl Open {
    pub fn begin(what: What) -> Self {
        Self { at_enter: now(), what, waits: 0 }
    }
}

impl Recorder {
    /// The call has returned, at `at_return`: taken before anything else was done with its answer.
    pub fn end(&self, open: Open, at_return: Nanos, ends: Ends, result: CallResult) {
        let call = Call {
            at_enter: open.at_enter,
            at_return,
            host: self.host,
            program: self.program,
            fd: ends.fd,
            what: open.what,
            result,
            local: ends.local,
            peer: ends.peer,
            waits: open.waits,
        };
        let received = matches!(call.what, What::Read { .. } | What::Recvfrom { .. }) && call.bytes() > 0;
        if received || matches!((&call.what, &call.result), (What::Accept, CallResult::Fd(_))) {
            self.sink.heard.fetch_add(1, Ordering::Relaxed);
        }
        (self.sink.take)(call);
    }

    /// A call that returns at once. `answer` reads the result and may learn addresses from it.
    pub fn call<T>(
        &self,
        ends: &mut Ends,
        what: What,
        run: impl FnOnce() -> io::Result<T>,
        answer: impl FnOnce(&T, &mut Ends) -> CallResult,
    ) -> io::Result<T> {
        let open = Open::begin(what);
        let out = run();
        self.finish(open, now(), ends, out, answer)
    }

    /// A call that may have to wait. If it is dropped before its end, it is written down as cancelled.
    pub async fn wait<T>(
        &self,
        ends: &mut Ends,
        what: What,
        run: impl Future<Output = io::Result<T>>,
        answer: impl FnOnce(&T, &mut Ends) -> CallResult,
    ) -> io::Result<T> {
        self.wait_on(Open::begin(what), ends, run, answer).await
    }

    /// The same for a call that has begun already.
    pub async fn wait_on<T>(
        &self,
        open: Open,
        ends: &mut Ends,
        run: impl Future<Output = io::Result<T>>,
        answer: impl FnOnce(&T, &mut Ends) -> CallResult,
    ) -> io::Result<T> {
        let mut guard = Guard {
            recorder: self,
            ends: ends.clone(),
            open: Some(open),
        };
        let mut run = pin!(run);
        let out = std::future::poll_fn(|cx| {
            let poll = run.as_mut().poll(cx);
            if let (Poll::Pending, Some(open)) = (&poll, &mut guard.open) {
                open.waits = open.waits.saturating_add(1);
            }
            poll
        })
        .await;
        let at_return = now();
        match guard.open.take() {
            Some(open) => self.finish(open, at_return, ends, out, answer),
            None => out,
        }
    }

    /// A step of the program itself, such as a handler: its name stands in the program's text.
    pub async fn step<T>(&self, name: impl Into<String>, run: impl Future<Output = T>) -> T {
        let mut guard = Guard {
            recorder: self,
            ends: Ends {
                fd: -1,
                ..Ends::default()
            },
            open: None,
        };
        guard.open = Some(Open::begin(What::Step { name: name.into() }));
        let out = run.await;
        if let Some(open) = guard.open.take() {
            self.end(open, now(), guard.ends.clone(), CallResult::Done);
        }
        out
    }

    fn finish<T>(
        &self,
        open: Open,
        at_return: Nanos,
        ends: &mut Ends,
        out: io::Result<T>,
        answer: impl FnOnce(&T, &mut Ends) -> CallResult,
    ) -> io::Result<T> {
        let result = match &out {
            Ok(value) => answer(value, ends),
            Err(e) => failed(e),
        };
        self.end(open, at_return, ends.clone(), result);
        out
    }
}

/// What a program is told when its call fails.
pub fn failed(error: &io::Error) -> CallResult {
    match error.raw_os_error() {
        Some(code) => CallResult::Failed { errno: code, text: errno::text(code) },
        None => CallResult::Failed { errno: 0, text: error.to_string() },
    }
}

struct Guard<'a> {
    recorder: &'a Recorder,
    ends: Ends,
    open: Option<Open>,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if let Some(open) = self.open.take() {
            self.recorder
                .end(open, now(), self.ends.clone(), CallResult::Cancelled);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use std::sync::Mutex;

    #[tokio::test]
    async fn a_call_dropped_while_it_waits_is_written_down_as_cancelled() {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let taken = calls.clone();
        let recorder = Recorder {
            host: Host::Server,
            program: 0,
            sink: Sink::new(Arc::new(Pace::free()), move |c| {
                taken.lock().unwrap().push(c)
            }),
        };
        let mut ends = Ends {
            fd: 9,
            ..Ends::default()
        };
        let waiting = recorder.wait(
            &mut ends,
            What::Accept,
            std::future::pending::<io::Result<()>>(),
            |_, _| CallResult::Done,
        );
        assert!(
            tokio::time::timeout(std::time::Duration::from_millis(5), waiting)
                .await
                .is_err()
        );
        let calls = calls.lock().unwrap();
        let [call] = calls.as_slice() else { panic!("{calls:?}") };
        assert_eq!((call.fd, &call.what, &call.result), (9, &What::Accept, &CallResult::Cancelled));
        assert!(call.at_return.since(call.at_enter) >= 4_000_000 && call.waits > 0, "{call:?}");
    }
}
