//! What a strict receiver says of a head that was read leniently.
//!
//! In: a piece whose headers are read. Out: where it breaks a rule, or how much of it is missing.

use super::{PROTO, Piece};
use crate::lang::words;
use crate::proto::Member;
use crate::proto::http::body::{self, Asked, Length};
use crate::proto::http::head;
use crate::proto::http::tell::Begins;
use crate::wire::{Stop, Why};

impl Piece<'_> {
    /// What a strict receiver says of a head, `len` bytes long, that was read leniently here.
    pub(super) fn verdict(&self, len: usize, ended: bool) -> Option<Stop> {
        let stop = |at: usize, why| Some(Stop { proto: PROTO, at, why });
        let have = self.message.len();
        if !ended {
            return match len >= have {
                true => stop(have, Why::Truncated { need: have + 1, have }),
                false => stop(len, Why::Malformed(words(
                    "「名前: 値」でない行があり、Wireshark はここでヘッダが終わると見ます",
                    "a line is no “name: value”; Wireshark takes the head to end here",
                ))),
            };
        }
        let from = self.start.start as usize;
        let head = self.message.get(from..len).unwrap_or(&[]);
        let headers = head::headers(head);
        let mut room = vec![httparse::EMPTY_HEADER; headers.len() + 1];
        let result = match self.begins {
            Some(Begins::Response) => httparse::Response::new(&mut room).parse(head),
            _ => httparse::Request::new(&mut room).parse(head),
        };
        if let Err(error) = result {
            let rule = match error {
                httparse::Error::HeaderName => words("ヘッダの名前に使えない文字があります", "a header's name holds a character it may not hold"),
                httparse::Error::HeaderValue => words("ヘッダの値に使えない文字があります", "a header's value holds a character it may not hold"),
                httparse::Error::NewLine => words("行の終わりが正しくありません", "a line does not end as it should"),
                _ => words("1 行目が規則どおりではありません", "the start line is not as the rules want it"),
            };
            let bad = |h: &&head::Header| {
                let name = h.name.of(head);
                name.is_empty() || !name.iter().all(|&b| head::is_token(b)) || h.value.of(head).iter().any(|&b| b < 0x20 && b != b'\t')
            };
            return stop(from + headers.iter().find(bad).map_or(0, |h| h.line.start as usize), Why::Malformed(rule));
        }
        let start = head::lenient(self.start.of(self.message))?;
        let request = self.about.around.peer(Member::Request);
        let method = request.as_ref().and_then(|peer| peer.title.split(' ').next());
        let asked = Asked { head: method == Some("HEAD"), connect: method == Some("CONNECT") };
        if let Length::Known(told) = body::length(&start, head, &headers, asked) {
            let body = (have - len.min(have)) as u64;
            // An answer without a body, to nobody knows what, may answer a HEAD.
            let may_be_head = request.is_none() && body == 0 && self.about.complete;
            if body < told && !(may_be_head && self.begins == Some(Begins::Response)) {
                let need = usize::try_from(told).unwrap_or(usize::MAX).saturating_add(len);
                return stop(have, Why::Truncated { need, have });
            }
        }
        None
    }
}
