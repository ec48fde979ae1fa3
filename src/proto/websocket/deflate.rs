//! Compression of messages (RFC 7692): what the 101 agreed on, and messages whose window goes on from one to the next.
//!
//! In: the payload of a message's last frame, without its mask, and what was said before. Out: the message as it was. Who
//! reads frames in order remembers the window; anybody else has the messages before read again, up to a limit.

use super::head::Head;
use crate::proto::unpack::{self, Unpacked};
use crate::proto::{About, Dir, Member, Memory};

/// Bytes of a message in parts that wait for their last one at most.
const MAX_PENDING: usize = 1 << 20;

/// What the opening handshake says of compression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreed {
    /// permessage-deflate was agreed on.
    pub compress: bool,
    /// The handshake was not captured.
    unknown: bool,
    /// This direction begins each message with an empty window (RFC 7692 §7.1.1).
    afresh: bool,
}

impl Agreed {
    /// A message with RSV1 may be taken for a compressed one.
    pub fn may_compress(self) -> bool {
        self.compress || self.unknown
    }

    fn pack(self) -> u32 {
        u32::from(self.compress) | u32::from(self.unknown) << 1 | u32::from(self.afresh) << 2
    }

    fn unpack(bits: u32) -> Self {
        Self { compress: bits & 1 != 0, unknown: bits & 2 != 0, afresh: bits & 4 != 0 }
    }
}

/// What was agreed on for this message's direction.
pub fn agreed(about: &About<'_>) -> Agreed {
    let mut found = Agreed::default();
    about.around.remember(&mut |memory| {
        found = match memory.agreed {
            Some(bits) => Agreed::unpack(bits),
            None => read(&about.around.head(Member::Opening), about.dir),
        };
        memory.agreed = Some(found.pack());
    });
    found
}

fn read(head: &[u8], dir: Dir) -> Agreed {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.lines();
    if !lines.next().is_some_and(|line| line.starts_with("HTTP/")) {
        return Agreed { unknown: true, ..Agreed::default() };
    }
    let value = lines.take_while(|line| !line.is_empty()).filter_map(|line| line.split_once(':'));
    let value = value.filter(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-extensions")).last().map_or("", |(_, v)| v);
    let afresh = match dir {
        Dir::ToServer => "client_no_context_takeover",
        Dir::ToClient => "server_no_context_takeover",
    };
    Agreed { compress: value.contains("permessage-deflate"), unknown: false, afresh: value.contains(afresh) }
}

/// The message that ends with this frame, unpacked. `None`: the bytes break the rules, or what came before is missing.
pub fn inflate(head: &Head, plain: &[u8], about: &About<'_>) -> Option<Unpacked> {
    let agreed = agreed(about);
    let me = about.around.number();
    let mut out = None;
    about.around.remember(&mut |memory| {
        if memory.upto.is_some_and(|upto| upto >= me) {
            *memory = Memory { agreed: memory.agreed, ..Memory::default() };
        }
        // A message of one frame that begins with an empty window needs nothing of what came before.
        let alone = agreed.afresh && head.opcode != 0;
        let all = alone || about.around.earlier(memory.upto, &mut |frame| {
            if let Ok(head) = Head::read(frame) {
                next(memory, &head, &head.unmask(frame.get(head.len..).unwrap_or(&[])), agreed);
            }
            true
        });
        memory.broken |= !all && !agreed.afresh && me != 0;
        out = next(memory, head, plain, agreed);
        memory.upto = Some(me);
    });
    out
}

/// Takes the next frame of this direction; gives the message that it ends, if it was compressed.
fn next(memory: &mut Memory, head: &Head, plain: &[u8], agreed: Agreed) -> Option<Unpacked> {
    if head.is_control() {
        return None;
    }
    match (head.opcode, &mut memory.pending) {
        (0, Some(pending)) if pending.len() + plain.len() <= MAX_PENDING => pending.extend_from_slice(plain),
        (0, pending) => {
            memory.broken |= pending.take().is_some();
            return None;
        }
        (_, pending) => *pending = (head.rsv & 4 != 0).then(|| plain.to_vec()),
    }
    if !head.fin {
        return None;
    }
    let packed = memory.pending.take()?;
    if agreed.afresh {
        return unpack::with_window(&packed, &mut Vec::new());
    }
    if memory.broken {
        return None;
    }
    let out = unpack::with_window(&packed, &mut memory.window);
    memory.broken = out.is_none();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_says_what_was_agreed_on() {
        let head = |value: &str| format!("HTTP/1.1 101 S\r\nUpgrade: websocket\r\nSec-WebSocket-Extensions: {value}\r\n\r\n");
        let of = |value: &str, dir| read(head(value).as_bytes(), dir);
        assert!(of("permessage-deflate", Dir::ToServer).compress);
        assert!(!of("Permessage-Deflate", Dir::ToServer).compress, "as Wireshark reads it");
        let server = of("foo, permessage-deflate; server_no_context_takeover", Dir::ToClient);
        assert!(server.compress && server.afresh && !of("permessage-deflate; server_no_context_takeover", Dir::ToServer).afresh);
        assert!(read(b"", Dir::ToServer).may_compress(), "a handshake that was not captured forbids nothing");
        assert_eq!(Agreed::unpack(server.pack()), server);
    }
}
