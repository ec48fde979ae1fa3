//! What a whole capture holds, counted while it is read.
//!
//! In: frames, flows, marks and messages, each once. Out: counts. Its size does not grow with the capture.

use super::{MarkKind, Message, MessageKind, Transport};
use crate::proto::{self, Protocol};
use crate::trace::Nanos;

/// Request methods that are counted by name; further ones are counted together.
const MAX_METHODS: usize = 24;

/// The application protocol of a conversation, as its place in [`proto::TABLE`]: one byte instead of a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct App(u8);

impl App {
    pub const NONE: Self = Self(0);

    pub fn of(protocol: &'static dyn Protocol) -> Self {
        let at = proto::TABLE.iter().position(|p| p.name() == protocol.name());
        Self(at.and_then(|i| u8::try_from(i + 1).ok()).unwrap_or(0))
    }

    pub fn protocol(self) -> Option<&'static dyn Protocol> {
        proto::TABLE.get(usize::from(self.0).checked_sub(1)?).copied()
    }

    pub fn name(self) -> Option<&'static str> {
        self.protocol().map(Protocol::name)
    }
}

/// How many, and how many bytes (as on the wire).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    pub frames: u64,
    pub bytes: u64,
}

impl Amount {
    #[inline]
    pub fn add(&mut self, bytes: u32) {
        self.frames += 1;
        self.bytes += u64::from(bytes);
    }
}

/// The messages of one protocol.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Messages {
    /// By [`MessageKind`].
    pub kinds: [u64; MessageKind::ALL.len()],
    /// Their end was not seen.
    pub cut: u64,
    /// Bytes of the stream, or of the datagrams.
    pub bytes: u64,
}

/// Bounds that the capture ran into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Holes given up because too many bytes waited behind them.
    pub holes: u64,
    /// Heads longer than is believed.
    pub heads: u64,
    /// Questions forgotten because too many waited for their answers.
    pub questions: u64,
    /// Datagrams whose fragments gave way because too many waited, or too long.
    pub fragments: u64,
}

/// The counts of a capture.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub all: Amount,
    /// Bytes of frames that are in the file.
    pub captured: u64,
    /// The earliest and the latest time of a frame.
    pub span: Option<(Nanos, Nanos)>,
    /// By [`Transport`].
    pub transports: [Amount; Transport::ALL.len()],
    /// IPv4 and IPv6.
    pub ip: [Amount; 2],
    pub fragments: u64,
    /// Flows by [`Transport`].
    pub flows: [u64; Transport::ALL.len()],
    /// Frames by [`MarkKind`].
    pub marks: [u64; MarkKind::ALL.len()],
    /// By place in [`proto::TABLE`].
    pub messages: Vec<Messages>,
    /// Frames of conversations, and the bytes that they carried for it, by place in [`proto::TABLE`]; the last one: of
    /// conversations that carried nothing.
    pub apps: Vec<Amount>,
    /// HTTP requests by method, in the order in which each came first; further methods together under "…".
    pub methods: Vec<(Box<str>, u64)>,
    /// HTTP answers by the first digit of their status; 0 where it is none.
    pub statuses: [u64; 10],
    pub limits: Limits,
}

impl Tally {
    #[inline]
    pub fn frame(&mut self, at: Nanos, cap_len: u32, wire_len: u32) {
        self.all.add(wire_len);
        self.captured += u64::from(cap_len);
        self.span = Some(self.span.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
    }

    pub fn marks(&mut self, bits: u16) {
        for kind in MarkKind::ALL.into_iter().filter(|k| bits & k.bit() != 0) {
            if let Some(count) = self.marks.get_mut(kind as usize) {
                *count += 1;
            }
        }
    }

    /// A message that is finished.
    pub fn message(&mut self, app: App, message: &Message) {
        let len = message.range.end.saturating_sub(message.range.start);
        self.said(app, message.kind, len, message.complete, &message.title);
    }

    /// The same, of its parts.
    pub fn said(&mut self, app: App, kind: MessageKind, len: u64, complete: bool, title: &str) {
        let at = usize::from(app.0).wrapping_sub(1);
        if self.messages.is_empty() {
            self.messages.resize(proto::TABLE.len(), Messages::default());
        }
        let Some(of) = self.messages.get_mut(at) else { return };
        if let Some(count) = of.kinds.get_mut(kind as usize) {
            *count += 1;
        }
        of.cut += u64::from(!complete);
        of.bytes += len;
        // Whoever wants no titles has none; HTTP's are made all the same.
        if !title.is_empty() && app.name() == Some("http") {
            match kind {
                MessageKind::Request => self.method(title.split(' ').next().unwrap_or("")),
                MessageKind::Response => {
                    let code = title.strip_prefix("HTTP/1.").and_then(|t| t.as_bytes().get(2));
                    let class = code.filter(|c| c.is_ascii_digit()).map_or(0, |c| usize::from(c - b'0'));
                    if let Some(count) = self.statuses.get_mut(class) {
                        *count += 1;
                    }
                }
                _ => {}
            }
        }
    }

    fn method(&mut self, name: &str) {
        if let Some((_, count)) = self.methods.iter_mut().find(|(m, _)| **m == *name) {
            *count += 1;
        } else if self.methods.len() < MAX_METHODS {
            self.methods.push((name.into(), 1));
        } else {
            let name = "…";
            match self.methods.last_mut() {
                Some((last, count)) if **last == *name => *count += 1,
                _ => self.methods.push((name.into(), 1)),
            }
        }
    }

    /// A whole conversation: what it spoke, its frames and the bytes they carried.
    pub fn flow(&mut self, app: App, frames: u64, bytes: u64) {
        if self.apps.is_empty() {
            self.apps.resize(proto::TABLE.len() + 1, Amount::default());
        }
        let at = usize::from(app.0).checked_sub(1).unwrap_or(proto::TABLE.len());
        if let Some(of) = self.apps.get_mut(at) {
            of.frames += frames;
            of.bytes += bytes;
        }
    }
}
