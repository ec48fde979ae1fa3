//! Talks without packets: what to say where there are calls but no frames.
//!
//! In: the model. Out: a sentence, where one is due; the layers L1 to L4 are then empty for a reason.

use crate::app::Model;
use crate::lang::{Words, words};
use crate::trace::{Addr, Call, What};

/// Calls that are looked at: a run whose first calls name no Unix socket and no pipe is none of those.
const LOOK: usize = 64;

/// Why there is no frame although programs talk. `None`: there are frames, or no such calls.
pub fn why(model: &Model) -> Option<Words> {
    let trace = &model.capture.trace;
    if !trace.is_empty() {
        return None;
    }
    let mut calls = trace.calls.iter().take(LOOK);
    calls.find_map(of_call)
}

/// Why this call makes no packet. `None`: it may make one.
pub fn of_call(call: &Call) -> Option<Words> {
    let on_path = |at: &Option<Addr>| matches!(at, Some(Addr::Path(_)));
    let unix = match &call.what {
        What::Socket { kind } => kind.starts_with("AF_UNIX"),
        What::Bind { to } | What::Connect { to } => matches!(to, Addr::Path(_)),
        _ => false,
    };
    let pipe = |at: &Option<Addr>| matches!(at, Some(Addr::Path(path)) if path.starts_with("pipe:["));
    if matches!(call.what, What::Pipe) || pipe(&call.local) {
        return Some(words(
            "パイプ：両方のプログラムが同じ機械にあり、カーネルがバイトを写します。パケットはできません（L1 から L4 は空です）。",
            "A pipe: both programs are on the same machine; the kernel copies the bytes, no packet is made (L1 to L4 stay empty).",
        ));
    }
    (unix || on_path(&call.local) || on_path(&call.peer)).then_some(words(
        "Unix ソケット：両方のプログラムが同じ機械にあり、カーネルがバイトを写します。パケットはできません（L1 から L4 は空です）。",
        "A Unix socket: both programs are on the same machine; the kernel copies the bytes, no packet is made (L1 to L4 stay empty).",
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::trace::{CallResult, Host, Nanos};

    fn call(what: What, local: Option<&str>) -> Call {
        let local = local.map(|path| Addr::Path(path.into()));
        let (at_enter, at_return) = (Nanos(1), Nanos(2));
        Call { at_enter, at_return, host: Host::Client, program: 0, fd: 3, what, result: CallResult::Done, local, peer: None, waits: 0 }
    }

    #[test]
    fn a_call_on_a_path_or_a_pipe_makes_no_packet_and_any_other_may() {
        let unix = call(What::Socket { kind: "AF_UNIX SOCK_STREAM".into() }, None);
        assert!(of_call(&unix).unwrap().en.starts_with("A Unix socket"));
        assert!(of_call(&call(What::Write { bytes: 1 }, Some(""))).unwrap().en.starts_with("A Unix socket"));
        assert!(of_call(&call(What::Write { bytes: 1 }, Some("pipe:[7]"))).unwrap().en.starts_with("A pipe"));
        assert_eq!(of_call(&call(What::Socket { kind: "SOCK_STREAM".into() }, None)), None);
        assert_eq!(of_call(&call(What::Write { bytes: 1 }, None)), None);
    }
}
