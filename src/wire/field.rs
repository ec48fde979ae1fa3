//! Fields: one value of a header, its name, its bytes and the sentence that explains it.

use crate::lang::Words;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A range of bytes in a [`Buffer`](super::Buffer); an empty one means "no bytes of its own" (a computed value).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    pub start: u32,
    pub len: u32,
}

impl Span {
    pub const NONE: Self = Self { start: 0, len: 0 };

    pub fn new(start: usize, len: usize) -> Self {
        let cap = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: cap(start), len: cap(len) }
    }

    pub fn end(self) -> u32 {
        self.start.saturating_add(self.len)
    }

    pub fn is_empty(self) -> bool {
        self.len == 0
    }

    pub fn contains(self, at: u32) -> bool {
        at >= self.start && at < self.end()
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end() && other.start < self.end()
    }

    /// The part of `bytes` that this span covers; shorter (or empty) where `bytes` ends early.
    pub fn of(self, bytes: &[u8]) -> &[u8] {
        let end = (self.end() as usize).min(bytes.len());
        bytes.get((self.start as usize).min(end)..end).unwrap_or(&[])
    }
}

/// Bits within a header, counted from the first bit of the first byte of the layer's header (network bit order).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits {
    pub first: u32,
    pub len: u32,
}

/// How Wireshark prints a field of this kind (`tshark -T fields`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Unsigned decimal.
    Dec,
    /// `0x` and this many hexadecimal digits.
    Hex(u8),
    /// `1` or `0` (tshark 4.0).
    Bool,
    Mac,
    Ipv4,
    Ipv6,
    Text,
    /// Bytes as hexadecimal digits without separators.
    Bytes,
    /// Seconds with nine decimals.
    Seconds,
    /// A heading that only groups its children.
    Group,
}

/// What a field is, once for the whole program. `name` is Wireshark's.
#[derive(Debug)]
pub struct FieldDef {
    pub name: &'static str,
    pub kind: Kind,
    /// A few words, for the tree.
    pub label: Words,
    /// One sentence for a learner: what it is for. With the RFC's section where there is one.
    pub note: Words,
}

/// A field's decoded value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    None,
    Bool(bool),
    Uint(u64),
    Int(i64),
    Mac([u8; 6]),
    Ipv4(Ipv4Addr),
    Ipv6(Ipv6Addr),
    Text(String),
    /// The bytes themselves: read them through the field's span.
    Bytes,
    Nanos(i64),
}

impl Value {
    /// The number in a `Uint` or `Bool`.
    pub fn as_uint(&self) -> Option<u64> {
        match self {
            Self::Uint(n) => Some(*n),
            Self::Bool(b) => Some(u64::from(*b)),
            _ => None,
        }
    }
}

/// One value of one header in one frame.
#[derive(Clone, Debug)]
pub struct Field {
    pub def: &'static FieldDef,
    pub value: Value,
    /// The bytes it was read from, in the layer's buffer.
    pub span: Span,
    /// Where its bits are, when it does not fill whole bytes.
    pub bits: Option<Bits>,
    /// What the value means, if a number has a name: "TCP", "GET", "Echo request".
    pub meaning: Option<String>,
    /// A reason made at run time, in both languages: why an analysis mark stands here, with the numbers compared.
    pub because: Option<crate::lang::Text>,
    pub children: Vec<Field>,
}

impl Field {
    pub fn new(def: &'static FieldDef, value: Value, span: Span) -> Self {
        Self { def, value, span, bits: None, meaning: None, because: None, children: Vec::new() }
    }

    pub fn bits(mut self, first: u32, len: u32) -> Self {
        self.bits = Some(Bits { first, len });
        self
    }

    pub fn means(mut self, meaning: impl Into<String>) -> Self {
        self.meaning = Some(meaning.into());
        self
    }

    pub fn with(mut self, children: Vec<Field>) -> Self {
        self.children = children;
        self
    }

    /// The value as `tshark -T fields` prints it. `buffer` is the layer's buffer.
    pub fn print(&self, buffer: &[u8]) -> String {
        match (&self.value, self.def.kind) {
            (Value::None, _) => String::new(),
            (Value::Bool(b), _) => u8::from(*b).to_string(),
            (Value::Uint(n), Kind::Hex(digits)) => format!("0x{n:0width$x}", width = digits as usize),
            (Value::Uint(n), _) => n.to_string(),
            (Value::Int(n), _) => n.to_string(),
            (Value::Mac(m), _) => m.map(|b| format!("{b:02x}")).join(":"),
            (Value::Ipv4(a), _) => a.to_string(),
            (Value::Ipv6(a), _) => a.to_string(),
            (Value::Text(t), _) => t.clone(),
            (Value::Bytes, _) => hex(self.span.of(buffer)),
            (Value::Nanos(n), _) => seconds(*n),
        }
    }

    /// The value for people: the printed value, and its meaning in brackets.
    pub fn show(&self, buffer: &[u8]) -> String {
        let printed = self.print(buffer);
        match &self.meaning {
            Some(meaning) if printed.is_empty() => meaning.clone(),
            Some(meaning) => format!("{printed} ({meaning})"),
            None => printed,
        }
    }

    /// This field and all below it, depth first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Field)) {
        visit(self);
        for child in &self.children {
            child.walk(visit);
        }
    }
}

/// A printed text as `tshark -T fields` writes it into a line: up to a NUL, and what would break the line as an escape.
pub fn in_a_line(text: &str) -> String {
    let text = text.split('\0').next().unwrap_or_default();
    if !text.contains(['\u{8}', '\t', '\n', '\u{c}', '\r']) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            _ => out.push(c),
        }
    }
    out
}

/// Bytes as hexadecimal digits without separators.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |n: u8| char::from(DIGITS.get(usize::from(n & 15)).copied().unwrap_or(b'0'));
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(*b)]).collect()
}

/// Nanoseconds as seconds with nine decimals.
pub fn seconds(nanos: i64) -> String {
    let (sign, n) = (if nanos < 0 { "-" } else { "" }, nanos.unsigned_abs());
    format!("{sign}{}.{:09}", n / 1_000_000_000, n % 1_000_000_000)
}

/// Defines the fields of one protocol: statics for the dissector, and `FIELDS`, the table of them all.
///
/// ```ignore
/// fields! {
///     SRCPORT: "tcp.srcport", Kind::Dec, ("送信元ポート", "Source port"), ("…。", "…. (RFC 9293 §3.1)");
/// }
/// ```
#[macro_export]
macro_rules! fields {
    ($($id:ident: $name:literal, $kind:expr, ($lja:literal, $len:literal), ($nja:literal, $nen:literal);)*) => {
        $(pub static $id: $crate::wire::FieldDef = $crate::wire::FieldDef {
            name: $name,
            kind: $kind,
            label: $crate::lang::words($lja, $len),
            note: $crate::lang::words($nja, $nen),
        };)*
        /// Every field of this protocol.
        pub static FIELDS: &[&$crate::wire::FieldDef] = &[$(&$id),*];
    };
}
