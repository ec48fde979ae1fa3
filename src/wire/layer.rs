//! Layers: what one header is, where its bytes are and what it carries; and the whole of a dissected frame.

use super::{Field, Header, Key, Next, Span};
use crate::lang::{Text, Words, words};

/// A layer of the OSI reference model (ISO/IEC 7498-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Osi {
    Physical = 1,
    DataLink,
    Network,
    Transport,
    Session,
    Presentation,
    Application,
}

impl Osi {
    /// From the wire up.
    pub const ALL: [Self; 7] =
        [Self::Physical, Self::DataLink, Self::Network, Self::Transport, Self::Session, Self::Presentation, Self::Application];

    /// 1 to 7.
    pub fn number(self) -> u8 {
        self as u8
    }

    pub fn name(self) -> Words {
        match self {
            Self::Physical => words("物理層", "Physical"),
            Self::DataLink => words("データリンク層", "Data link"),
            Self::Network => words("ネットワーク層", "Network"),
            Self::Transport => words("トランスポート層", "Transport"),
            Self::Session => words("セッション層", "Session"),
            Self::Presentation => words("プレゼンテーション層", "Presentation"),
            Self::Application => words("アプリケーション層", "Application"),
        }
    }
}

/// Bytes that layers point into. Buffer 0 is the frame; others were put together or decoded from it.
#[derive(Clone, Debug)]
pub struct Buffer {
    /// What it is: "frame", "reassembled HTTP message (3 segments)", "unmasked payload".
    pub name: Text,
    pub bytes: Vec<u8>,
    /// Where its bytes stand in the frame: (start in this buffer, span in buffer 0). Parts from other frames are absent.
    pub in_frame: Vec<(u32, Span)>,
}

/// One header of one frame, with all its fields.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Wireshark's protocol name as in `frame.protocols`: "tcp".
    pub proto: &'static str,
    /// For people: "TCP".
    pub title: &'static str,
    pub osi: Osi,
    /// Which of [`Dissected::buffers`] the spans of this layer mean.
    pub buffer: usize,
    pub header: Span,
    pub payload: Span,
    /// The technical line of Wireshark's Info column: "49152 → 80 [SYN] Seq=0 Win=64240 Len=0". Language-neutral.
    pub summary: String,
    pub fields: Vec<Field>,
}

impl Layer {
    /// A layer in the frame's own buffer.
    pub fn of(read_by: &dyn Header, header: Span, payload: Span, summary: String, fields: Vec<Field>) -> Self {
        let (proto, title, osi) = (read_by.proto(), read_by.title(), read_by.osi());
        Self { proto, title, osi, buffer: 0, header, payload, summary, fields }
    }

    /// The first field of this name, at any depth.
    pub fn field(&self, name: &str) -> Option<&Field> {
        let mut found = None;
        for field in &self.fields {
            field.walk(&mut |f| {
                if found.is_none() && f.def.name == name {
                    found = Some(f);
                }
            });
        }
        found
    }
}

/// Why dissection ended before the last byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The header needs more bytes than there are (cut by the snapshot length, or by the sender).
    Truncated { need: usize, have: usize },
    /// A rule of the protocol is broken.
    Malformed(Words),
    /// No dissector is known for what comes next.
    Unknown(Key),
    /// Headers inside headers inside headers, beyond [`dissect::MAX_DEPTH`](super::dissect::MAX_DEPTH).
    TooDeep,
}

/// Where and why dissection stopped: a value, not an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    pub proto: &'static str,
    /// Offset in the layer's buffer.
    pub at: usize,
    pub why: Why,
}

impl Stop {
    pub fn text(&self) -> Text {
        let proto = self.proto;
        let at = self.at;
        match &self.why {
            Why::Truncated { need, have } => Text::new(
                format!("{proto}: {at} バイト目で途切れています（{need} バイト必要、{have} バイトしかない）"),
                format!("{proto}: cut off at byte {at} (needs {need} bytes, has {have})"),
            ),
            Why::Malformed(rule) => Text::new(
                format!("{proto}: {at} バイト目に誤り：{}", rule.ja),
                format!("{proto}: malformed at byte {at}: {}", rule.en),
            ),
            Why::Unknown(key) => Text::new(
                format!("{proto}: この先（{key}）はまだ読めません"),
                format!("{proto}: what follows ({key}) is not known to osiscope"),
            ),
            Why::TooDeep => Text::new(
                format!("{proto}: ヘッダの入れ子が深すぎます"),
                format!("{proto}: headers are nested too deeply"),
            ),
        }
    }
}

/// A frame, or as much of it as could be read.
#[derive(Clone, Debug)]
pub struct Dissected {
    pub buffers: Vec<Buffer>,
    pub layers: Vec<Layer>,
    /// What the transport header carries, if one was reached: the next room (flow, proto) goes on from here.
    pub next: Next,
    pub stop: Option<Stop>,
}

impl Dissected {
    /// The first layer of this protocol.
    pub fn layer(&self, proto: &str) -> Option<&Layer> {
        self.layers.iter().find(|l| l.proto == proto)
    }

    /// The bytes a layer's spans mean.
    pub fn bytes(&self, layer: &Layer) -> &[u8] {
        self.buffers.get(layer.buffer).map_or(&[], |b| &b.bytes)
    }

    /// The first field of this name in any layer, as tshark would print it.
    pub fn print(&self, name: &str) -> Option<String> {
        self.layers.iter().find_map(|l| l.field(name).map(|f| f.print(self.bytes(l))))
    }
}
