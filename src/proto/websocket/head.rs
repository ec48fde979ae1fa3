//! The header of one frame (RFC 6455 §5.2), and the title that it and the payload's beginning give.

use crate::proto::{MessageKind, snippet};

/// Payload bytes that a text's title may wait for.
pub const TITLE_BYTES: usize = 160;
/// Characters of a text that its title shows.
const TITLE_CHARS: usize = 40;

/// The header of one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub fin: bool,
    pub rsv: u8,
    pub opcode: u8,
    pub mask: Option<[u8; 4]>,
    /// The 7 bits as sent.
    pub short: u8,
    pub payload: u64,
    /// Bytes of the header.
    pub len: usize,
}

pub enum HeadError {
    /// Bytes the header needs, as far as is known.
    TooFew(usize),
    /// "the most significant bit MUST be 0" (RFC 6455 §5.2).
    Impossible,
}

impl Head {
    pub fn read(bytes: &[u8]) -> Result<Self, HeadError> {
        let &[first, second, ref rest @ ..] = bytes else { return Err(HeadError::TooFew(2)) };
        let short = second & 0x7f;
        let extra = match short {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let len = 2 + extra + if second & 0x80 != 0 { 4 } else { 0 };
        let (Some(wide), Some(key)) = (rest.get(..extra), rest.get(extra..len - 2)) else {
            return Err(HeadError::TooFew(len));
        };
        let payload = match extra {
            0 => u64::from(short),
            _ => wide.iter().fold(0, |n, &b| n << 8 | u64::from(b)),
        };
        if payload >> 63 != 0 {
            return Err(HeadError::Impossible);
        }
        Ok(Self {
            fin: first & 0x80 != 0,
            rsv: first >> 4 & 7,
            opcode: first & 0x0f,
            mask: key.try_into().ok(),
            short,
            payload,
            len,
        })
    }

    pub fn kind(&self) -> MessageKind {
        match self.opcode {
            0 => MessageKind::Continuation,
            1 => MessageKind::Text,
            2 => MessageKind::Binary,
            8 => MessageKind::Close,
            9 => MessageKind::Ping,
            10 => MessageKind::Pong,
            _ => MessageKind::Data,
        }
    }

    pub fn is_control(&self) -> bool {
        self.opcode >= 8
    }

    pub fn opcode_name(&self) -> &'static str {
        match self.opcode {
            0 => "Continuation",
            1 => "Text",
            2 => "Binary",
            8 => "Connection Close",
            9 => "Ping",
            10 => "Pong",
            _ => "reserved",
        }
    }

    /// The payload's first bytes as they were before masking.
    pub fn unmask(&self, payload: &[u8]) -> Vec<u8> {
        match self.mask {
            Some(key) => payload.iter().zip(key.iter().cycle()).map(|(b, k)| b ^ k).collect(),
            None => payload.to_vec(),
        }
    }

    /// The title; `start` is the unmasked beginning of the payload, `of_text` says that a continuation goes on with text.
    pub fn title(&self, start: &[u8], of_text: bool) -> String {
        let n = self.payload;
        match self.opcode {
            _ if self.rsv & 4 != 0 && !self.is_control() => format!("{} {n} B (compressed)", self.opcode_name()),
            1 => format!("Text {}", quoted(start, n)),
            0 if of_text => format!("Continuation {}", quoted(start, n)),
            0 | 2 => format!("{} {n} B", self.opcode_name()),
            8 => match start {
                [a, b, ..] => format!("Close {}", u16::from_be_bytes([*a, *b])),
                _ => "Close".into(),
            },
            9 => "Ping".into(),
            10 => "Pong".into(),
            other => format!("Opcode {other} {n} B"),
        }
    }
}

fn quoted(start: &[u8], len: u64) -> String {
    // A cut in the middle of a character is not the sender's fault.
    let whole = match std::str::from_utf8(start) {
        Err(e) if e.error_len().is_none() && (start.len() as u64) < len => start.get(..e.valid_up_to()).unwrap_or(start),
        _ => start,
    };
    let mut text = snippet(whole, TITLE_CHARS);
    if (whole.len() as u64) < len && !text.ends_with('…') {
        text.push('…');
    }
    format!("\"{text}\"")
}
