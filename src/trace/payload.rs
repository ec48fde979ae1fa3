//! What only this program writes into a pcapng file, and how it stands there: as JSON under a Private Enterprise Number.
//!
//! In: a socket call or a comment. Out: bytes for a custom block or a custom option (pcapng draft, sections 4.7 and 3.5.1),
//! and back. Unknown or damaged JSON is `None`: 32473 is the number for documentation, so others may write under it too.

use super::{Call, CallResult, Note, Sockets, Trace};
use serde::{Deserialize, Serialize};

/// The enterprise number reserved for documentation (RFC 5612).
pub const ENTERPRISE: u32 = 32473;

/// What begins the comments that repeat a call in words for readers of other programs. The custom option beside it is the
/// truth; reading skips the words, so that saving again does not pile them up.
pub const CALL_COMMENT: &str = "osiscope call: ";

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Out<'a> {
    Call(&'a Call),
    Comment(&'a str),
    Sockets(&'a Sockets),
    Note(&'a Note),
    Rest { sockets: &'a [&'a Sockets], notes: &'a [&'a Note] },
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Payload {
    Call(Call),
    Comment(String),
    Sockets(Sockets),
    Note(Note),
    /// What a saved file holds behind its last frame.
    Rest { sockets: Vec<Sockets>, notes: Vec<Note> },
}

/// Empty only if the call cannot be written as JSON, which its types do not allow.
pub fn of_call(call: &Call) -> Vec<u8> {
    serde_json::to_vec(&Out::Call(call)).unwrap_or_default()
}

pub fn of_comment(comment: &str) -> Vec<u8> {
    serde_json::to_vec(&Out::Comment(comment)).unwrap_or_default()
}

pub fn of_sockets(sockets: &Sockets) -> Vec<u8> {
    serde_json::to_vec(&Out::Sockets(sockets)).unwrap_or_default()
}

pub fn of_note(note: &Note) -> Vec<u8> {
    serde_json::to_vec(&Out::Note(note)).unwrap_or_default()
}

/// Moments of the kernel's sockets in one block: with some kilobytes each it stays far below what readers take.
const MOMENTS: usize = 1000;

/// What a run has besides frames and calls: mostly one payload, for one block behind the last frame, because other programs count such
/// blocks as frames.
pub fn of_rest(trace: &Trace) -> Vec<Vec<u8>> {
    let sockets: Vec<_> = trace.sockets.iter().collect();
    let notes: Vec<_> = trace.notes.iter().collect();
    let write = |sockets: &[&Sockets], notes: &[&Note]| serde_json::to_vec(&Out::Rest { sockets, notes }).unwrap_or_default();
    let (first, rest) = sockets.split_at(sockets.len().min(MOMENTS));
    let first = (!first.is_empty() || !notes.is_empty()).then(|| write(first, &notes));
    first.into_iter().chain(rest.chunks(MOMENTS).map(|more| write(more, &[]))).collect()
}

/// Reads a payload back. Padding (zeros or blanks) behind it does not matter.
pub fn decode(bytes: &[u8]) -> Option<Payload> {
    let end = bytes.iter().rposition(|b| *b != 0)?;
    serde_json::from_slice(bytes.get(..=end)?).ok()
}

/// The call in words, for the comment that Wireshark shows: `osiscope call: client: connect(127.0.0.1:80) → done, 35 µs`.
pub fn sentence(call: &Call) -> String {
    let result = match &call.result {
        CallResult::Done => "done".to_string(),
        CallResult::Bytes(n) => format!("{n} B"),
        CallResult::Fd(fd) => format!("fd {fd}"),
        CallResult::Failed { text, .. } => text.clone(),
        CallResult::Cancelled => "cancelled".to_string(),
    };
    format!(
        "{CALL_COMMENT}{}: {} → {result}, {}",
        call.who(),
        call.text(),
        duration(call.at_return.since(call.at_enter))
    )
}

fn duration(nanos: i64) -> String {
    let n = nanos.max(0);
    match n {
        0..1_000 => format!("{n} ns"),
        1_000..1_000_000 => format!("{} µs", n / 1_000),
        1_000_000..1_000_000_000 => format!("{}.{} ms", n / 1_000_000, n / 100_000 % 10),
        _ => format!("{}.{:03} s", n / 1_000_000_000, n / 1_000_000 % 1_000),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::trace::{Addr, Host, Nanos, What};

    fn call() -> Call {
        Call {
            at_enter: Nanos(1_000_000),
            at_return: Nanos(1_035_900),
            host: Host::Client,
            program: 0,
            fd: 5,
            what: What::Connect {
                to: Addr::Inet("127.0.0.1:80".parse().unwrap()),
            },
            result: CallResult::Done,
            local: None,
            peer: Some(Addr::Inet("[::1]:80".parse().unwrap())),
            waits: 1,
        }
    }

    #[test]
    fn a_call_survives_json_and_padding() {
        let mut bytes = of_call(&call());
        bytes.extend_from_slice(b"  \0\0");
        assert_eq!(decode(&bytes), Some(Payload::Call(call())));
        assert_eq!(decode(&of_comment("講義 1")), Some(Payload::Comment("講義 1".into())));
    }

    #[test]
    fn foreign_bytes_under_the_documentation_number_are_not_ours() {
        for bytes in [&b""[..], b"\0\0\0\0", b"{\"call\":{}}", b"{\"other\":1}", b"\xff\xfe", b"[[[[[["] {
            assert_eq!(decode(bytes), None);
        }
    }

    #[test]
    fn the_sentence_says_who_what_result_and_how_long() {
        assert_eq!(sentence(&call()), "osiscope call: client: connect(127.0.0.1:80) → done, 35 µs");
        assert_eq!(duration(999), "999 ns");
        assert_eq!(duration(1_045_678_000), "1.045 s");
        assert_eq!(duration(12_345_678), "12.3 ms");
        assert_eq!(duration(-1), "0 ns");
    }
}
