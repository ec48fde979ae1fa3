//! Types of fields, by which a filter is checked before any frame is asked: Wireshark's, as far as its rules tell them apart.

use super::Name;
use super::type_names::TYPES;
use crate::wire::{FieldDef, Kind};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Is there or not, and has no value (FT_NONE).
    Label,
    Protocol,
    Bool,
    /// Width in bits.
    Uint(u8),
    Int(u8),
    Float,
    /// A point in time.
    Time,
    /// A duration.
    Span,
    Text,
    Bytes,
    Ether,
    Ipv4,
    Ipv6,
}

impl Type {
    /// The type of what a name stands for.
    pub fn of(text: &str, name: Name) -> Self {
        let listed = TYPES.iter().find(|(_, names)| names.split_ascii_whitespace().any(|n| n == text)).map(|(t, _)| *t);
        match (name, listed) {
            (Name::Protocol(_), _) => Self::Protocol,
            (_, Some(listed)) => listed,
            (Name::Field(def), _) => Self::of_kind(def.kind),
            (Name::Fields(some), _) => some.first().map_or(Self::Label, |def: &&FieldDef| Self::of_kind(def.kind)),
        }
    }

    fn of_kind(kind: Kind) -> Self {
        match kind {
            Kind::Dec => Self::Uint(32),
            Kind::Hex(0..=2) => Self::Uint(8),
            Kind::Hex(3..=4) => Self::Uint(16),
            Kind::Hex(5..=6) => Self::Uint(24),
            Kind::Hex(7..=8) => Self::Uint(32),
            Kind::Hex(_) => Self::Uint(64),
            Kind::Bool => Self::Bool,
            Kind::Mac => Self::Ether,
            Kind::Ipv4 => Self::Ipv4,
            Kind::Ipv6 => Self::Ipv6,
            Kind::Text => Self::Text,
            Kind::Bytes => Self::Bytes,
            Kind::Seconds => Self::Span,
            Kind::Group => Self::Label,
        }
    }

    /// What the type is called, in Japanese and in English.
    pub fn words(self) -> (String, String) {
        let (ja, en) = match self {
            Self::Label => ("値のない見出し", "a label without a value"),
            Self::Protocol => ("プロトコル", "a protocol"),
            Self::Bool => ("真偽値", "a boolean"),
            Self::Uint(bits) => return (format!("{bits} ビットの整数"), format!("an integer of {bits} bits")),
            Self::Int(bits) => return (format!("{bits} ビットの符号付き整数"), format!("a signed integer of {bits} bits")),
            Self::Float => ("小数", "a floating-point number"),
            Self::Time => ("日時", "a date and time"),
            Self::Span => ("秒数", "a time in seconds"),
            Self::Text => ("文字列", "text"),
            Self::Bytes => ("バイト列", "bytes"),
            Self::Ether => ("MAC アドレス", "a MAC address"),
            Self::Ipv4 => ("IPv4 アドレス", "an IPv4 address"),
            Self::Ipv6 => ("IPv6 アドレス", "an IPv6 address"),
        };
        (ja.to_owned(), en.to_owned())
    }

    pub fn is_number(self) -> bool {
        matches!(self, Self::Uint(_) | Self::Int(_))
    }

    /// `[i:j]` can take a part of its bytes.
    pub fn can_slice(self) -> bool {
        matches!(self, Self::Text | Self::Bytes | Self::Protocol | Self::Ether | Self::Ipv4 | Self::Ipv6)
    }

    /// `contains` and `matches` can look into it.
    pub fn can_search(self) -> bool {
        matches!(self, Self::Text | Self::Bytes | Self::Protocol | Self::Ether)
    }

    /// `==`, `<` and their like.
    pub fn can_compare(self) -> bool {
        self != Self::Label
    }

    pub fn can_mask(self) -> bool {
        self.is_number() || matches!(self, Self::Bytes | Self::Ether | Self::Ipv4 | Self::Ipv6)
    }

    /// `+` and `-`.
    pub fn can_add(self) -> bool {
        self.is_number() || matches!(self, Self::Float | Self::Span)
    }

    /// `*`, `/` and `%`.
    pub fn can_multiply(self) -> bool {
        self.is_number() || self == Self::Float
    }

    /// `string()` can print it.
    pub fn can_print(self) -> bool {
        self.is_number() || matches!(self, Self::Ether | Self::Ipv4 | Self::Ipv6 | Self::Float)
    }

    /// `abs()`.
    pub fn can_abs(self) -> bool {
        self.can_add() || self == Self::Bool
    }

    /// Two fields of these types may stand on the two sides of one operator.
    pub fn compatible(self, other: Self) -> bool {
        self == other
            || self.is_number() && other.is_number()
            || matches!((self, other), (Self::Bytes | Self::Ether, Self::Bytes | Self::Ether))
    }

    /// Bytes of a value of a fixed width, as `len()` counts them.
    pub fn width(self) -> Option<u64> {
        Some(match self {
            Self::Uint(bits) | Self::Int(bits) => u64::from(bits / 8),
            Self::Label | Self::Bool | Self::Time | Self::Span => 0,
            Self::Float => 8,
            Self::Ether => 6,
            Self::Ipv4 => 4,
            Self::Ipv6 => 16,
            Self::Text | Self::Bytes | Self::Protocol => return None,
        })
    }

    /// The largest number of an unsigned type.
    pub fn max(self) -> u64 {
        match self {
            Self::Uint(bits) if bits < 64 => (1 << bits) - 1,
            _ => u64::MAX,
        }
    }
}
