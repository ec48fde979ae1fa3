//! The programs beside their calls: which line of each is now, and where a line leads.
//!
//! In: the model. Out: for each host the line that made the call of the current frame, and for a line its next frame. Nothing
//! here walks further through a capture than a bound, however long it is.

use super::Ink;
use crate::app::Model;
use crate::lang::{Lang, Words, words};
use crate::timeline::{Nth, Program};
use crate::trace::{Call, CallId, CallResult, FrameId, Host, Nanos, What, frame_number};

/// Calls that are looked at to find the latest one of a host.
const BACK: usize = 256;
/// Calls of one socket that are looked at to find the first or last of a name.
const NEAR: usize = 64;
/// Frames that are looked at for the next one of a line.
const AHEAD: usize = 20_000;

/// What a line has to do with what is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Its call sent the current frame.
    Sent,
    /// Its call returned because of the current frame.
    Woke,
    /// The program is still inside this call.
    Waits,
    /// The latest call before the current frame.
    Before,
}

impl How {
    pub fn ink(self) -> Ink {
        match self {
            Self::Sent => Ink::Accent,
            Self::Woke => Ink::Ok,
            Self::Waits => Ink::Warn,
            Self::Before => Ink::Secondary,
        }
    }

    /// In a word or two.
    pub fn words(self) -> Words {
        match self {
            Self::Sent => words("送った", "sent"),
            Self::Woke => words("届いて戻った", "returned by"),
            Self::Waits => words("待っている", "waits"),
            Self::Before => words("済んだ", "done"),
        }
    }
}

/// The line that is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lit {
    /// From 0.
    pub line: usize,
    pub call: CallId,
    pub how: How,
}

/// The line of this program that belongs to the current frame.
pub fn lit(model: &Model, program: &Program) -> Option<Lit> {
    let calls = &model.capture.trace.calls;
    let now = model.current();
    let joined = now.and_then(|frame| model.joins.of_frame(&model.capture, frame));
    let of_frame = joined.iter().flat_map(|j| {
        let sent = j.sent_by.iter().map(|id| (*id, How::Sent));
        sent.chain(j.woke.iter().map(|id| (*id, How::Woke)))
    });
    let at = now.and_then(|frame| model.capture.trace.meta(frame)).map_or(Nanos(i64::MAX), |m| m.at);
    let latest = calls.ids_until(at).rev().take(BACK).filter_map(|id| {
        let how = if calls.get(id)?.at_return > at { How::Waits } else { How::Before };
        Some((id, how))
    });
    of_frame.chain(latest).find_map(|(call, how)| Some(Lit { line: line_of(model, program, call)?, call, how }))
}

/// The line that made this call.
pub fn line_of(model: &Model, program: &Program, id: CallId) -> Option<usize> {
    let call = model.capture.trace.calls.get(id)?;
    program.line_of(call, nth(model, id, call))
}

/// Is it the first, or the last, of its name on its socket, and does the socket listen?
fn nth(model: &Model, id: CallId, call: &Call) -> Nth {
    let Some(socket) = model.joins.socket_of(id) else { return Nth::default() };
    let same = |other: &&CallId| model.capture.trace.calls.get(**other).is_some_and(|c| c.what.name() == call.what.name());
    Nth {
        first: socket.calls.iter().take(NEAR).find(same) == Some(&id),
        listens: socket.calls.iter().take(NEAR).any(|id| model.capture.trace.calls.get(*id).is_some_and(|c| matches!(c.what, What::Listen { .. }))),
        last: !socket.is_open() && socket.calls.iter().rev().take(NEAR).find(same) == Some(&id),
    }
}

/// The next frame, after the current one and then from the start, that a call of this line sent or that woke it.
pub fn next_frame(model: &Model, program: &Program, line: usize) -> Option<FrameId> {
    let len = model.sequence.len();
    let from = model.play.at.map_or(0, |at| at + 1);
    let around = (from..len).chain(0..from.min(len)).take(AHEAD);
    around.filter_map(|at| model.sequence.frame(at)).find(|frame| {
        model.joins.of_frame(&model.capture, *frame).is_some_and(|joined| {
            joined.sent_by.iter().chain(&joined.woke).any(|id| line_of(model, program, *id) == Some(line))
        })
    })
}

/// What is said beside the line that is now: the call, its answer, and the frame.
pub fn beside(model: &Model, lit: Lit, lang: Lang) -> String {
    let Some(call) = model.capture.trace.calls.get(lit.call) else { return String::new() };
    let how = lit.how.words().get(lang);
    let frame = model.current().map(|f| format!(" #{}", frame_number(f)));
    let frame = frame.filter(|_| matches!(lit.how, How::Sent | How::Woke)).unwrap_or_default();
    let answer = match &call.result {
        _ if lit.how == How::Waits => String::new(),
        CallResult::Bytes(n) => format!(" = {n}"),
        CallResult::Fd(fd) => format!(" = {fd}"),
        CallResult::Failed { text, .. } => format!(" = {}", text.split(':').next().unwrap_or_default()),
        CallResult::Done | CallResult::Cancelled => String::new(),
    };
    let text = call.text();
    match call.program {
        0 => format!("{text}{answer}  {how}{frame}"),
        n => format!("{} {text}{answer}  {how}{frame}", u32::from(n) + 1),
    }
}

/// What is said of a line under the pointer.
pub fn about(program: &Program, line: usize, lang: Lang) -> String {
    let marks = program.calls_at(line);
    let names: Vec<_> = marks.iter().map(|m| m.name.as_str()).collect();
    let names = names.join(", ");
    if marks.iter().any(|m| m.reaches_the_wire()) {
        lang.pick(
            format!("この行の呼び出し：{names}\nクリックすると、次のフレームへ移ります。"),
            format!("Calls of this line: {names}\nClick to go to its next frame."),
        )
    } else {
        lang.pick(
            format!("この行の呼び出し：{names}\nカーネルに頼むだけで、パケットは出ません。"),
            format!("Calls of this line: {names}\nIt only asks the kernel: no packet leaves."),
        )
    }
}

/// Whose program it is.
pub fn host(host: Host) -> Words {
    match host {
        Host::Client => words("クライアント", "Client"),
        Host::Server => words("サーバ", "Server"),
    }
}

/// Why there is no text to show.
pub fn missing(model: &Model, host: Host) -> [Words; 2] {
    let known = model.exchange_shown().is_some_and(|e| model.lab.programs.iter().any(|p| p.exchange == e.name));
    match (known, host) {
        (true, Host::Server) => [
            words("この実験にはサーバのプログラムがありません。", "This exchange has no server program."),
            words("だれも待ち受けていないことが見どころです。", "That nobody listens is what there is to see."),
        ],
        _ => [
            words("この実験のプログラムはまだありません。", "There is no program of this exchange yet."),
            words("ほかの実験を選んでください。", "Choose another exchange."),
        ],
    }
}
