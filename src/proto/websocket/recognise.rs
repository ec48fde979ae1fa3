//! Is it WebSocket, where the handshake was not captured? By a run of frames that fills the bytes exactly.
//!
//! In: the first bytes of a segment. Out: a verdict, which is careful: a frame has little that marks it (RFC 6455 §5.2), so
//! all of its rules must be kept, and what it says must be plausible too.

use super::head::Head;
use crate::proto::Dir;

/// Payload bytes of one frame that are believed at most.
const MAX_PAYLOAD: u64 = 1 << 24;
/// Characters of text that convince in a single frame.
const CONVINCING: usize = 4;

/// Do these bytes of a direction look like whole frames, one after the other?
pub fn looks_like_frames(dir: Dir, bytes: &[u8]) -> bool {
    let (mut at, mut frames, mut convinced) = (0, 0, false);
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or(&[]);
        let Some(head) = Head::read(rest).ok().filter(|head| is_plausible(dir, head)) else { return false };
        let len = usize::try_from(head.payload).unwrap_or(usize::MAX);
        let Some(payload) = rest.get(head.len..head.len.saturating_add(len)) else { return false };
        let plain = head.unmask(payload);
        match head.opcode {
            // A text may be cut into frames inside a character, but not here.
            1 if head.rsv == 0 => {
                let Some(text) = std::str::from_utf8(&plain).ok().filter(|_| head.fin) else { return false };
                if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
                    return false;
                }
                convinced |= text.chars().count() >= CONVINCING;
            }
            8 => match plain.as_slice() {
                [] => {}
                [a, b, reason @ ..] => {
                    let code = u16::from_be_bytes([*a, *b]);
                    if !(1000..5000).contains(&code) || std::str::from_utf8(reason).is_err() {
                        return false;
                    }
                    convinced = true;
                }
                _ => return false,
            },
            _ => {}
        }
        at += head.len + len;
        frames += 1;
    }
    // Two frames that end where the segment ends are no accident; neither is one that says something readable.
    frames > 0 && (convinced || frames >= 3)
}

/// The rules of RFC 6455 §5 that a header alone can break.
fn is_plausible(dir: Dir, head: &Head) -> bool {
    let shortest = match head.short {
        126 => head.payload > 125,
        127 => head.payload > 0xffff,
        _ => true,
    };
    let kind = match head.opcode {
        0..=2 => head.rsv == 0 || head.rsv == 4,
        8..=10 => head.rsv == 0 && head.fin && head.payload <= 125,
        _ => false,
    };
    // §5.1: "a client MUST mask all frames"; "a server MUST NOT mask any frames".
    let masked = head.mask.is_some() == (dir == Dir::ToServer);
    shortest && kind && masked && head.payload <= MAX_PAYLOAD
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELLO: &[u8] = &[0x81, 0x05, b'h', b'e', b'l', b'l', b'o'];
    const MASKED: &[u8] = &[0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];

    #[test]
    fn whole_frames_of_the_right_end_are_believed() {
        assert!(looks_like_frames(Dir::ToClient, HELLO));
        assert!(looks_like_frames(Dir::ToServer, MASKED));
        assert!(looks_like_frames(Dir::ToClient, &[HELLO, &[0x89, 0], HELLO].concat()));
        assert!(looks_like_frames(Dir::ToClient, &[0x88, 2, 0x03, 0xe8]));
    }

    #[test]
    fn what_breaks_a_rule_or_says_too_little_is_not() {
        for (why, bytes) in [
            ("a server does not mask", MASKED),
            ("cut", &HELLO[..6]),
            ("more follows", &[HELLO, b"x"].concat()),
            ("not text", &[0x81, 4, 1, 2, 3, 4]),
            ("short", &[0x81, 1, b'a']),
            ("binary alone", &[0x82, 4, 1, 2, 3, 4]),
            ("a longer form than needed", &[0x81, 126, 0, 5, b'h', b'e', b'l', b'l', b'o']),
            ("a reserved opcode", &[0x83, 5, b'h', b'e', b'l', b'l', b'o']),
            ("nothing", b""),
        ] {
            assert!(!looks_like_frames(Dir::ToClient, bytes), "{why}");
        }
        assert!(!looks_like_frames(Dir::ToServer, HELLO), "a client masks");
    }
}
