//! Values while a filter runs, and what can be done with two of them.
//!
//! Numbers are compared as numbers, whatever their sign; but a value that its side's type cannot hold is equal to nothing, and
//! neither less nor greater (Wireshark 4.0 gives up on `tcp.port > -1`). Bytes are ordered by length first, text by letters.

use std::cmp::Ordering;

/// One value. Bytes are borrowed from the frame or from whoever made them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Val<'a> {
    /// There, without a value.
    Label,
    Uint(u64),
    Int(i64),
    Float(f64),
    Nanos(i64),
    /// An address and the length of its prefix.
    V4(u32, u8),
    V6(u128, u8),
    Text(&'a [u8]),
    Bytes(&'a [u8]),
    /// A protocol's bytes, and how many of them are its own.
    Layer(&'a [u8], usize),
}

/// A value that is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Held {
    Label,
    Uint(u64),
    Int(i64),
    Float(f64),
    Nanos(i64),
    V4(u32, u8),
    V6(u128, u8),
    Text(Vec<u8>),
    Bytes(Vec<u8>),
    Layer(Vec<u8>, usize),
}

impl Held {
    pub fn val(&self) -> Val<'_> {
        match self {
            Self::Label => Val::Label,
            Self::Uint(n) => Val::Uint(*n),
            Self::Int(n) => Val::Int(*n),
            Self::Float(n) => Val::Float(*n),
            Self::Nanos(n) => Val::Nanos(*n),
            Self::V4(a, p) => Val::V4(*a, *p),
            Self::V6(a, p) => Val::V6(*a, *p),
            Self::Text(b) => Val::Text(b),
            Self::Bytes(b) => Val::Bytes(b),
            Self::Layer(b, own) => Val::Layer(b, *own),
        }
    }
}

impl Val<'_> {
    pub fn hold(self) -> Held {
        match self {
            Self::Label => Held::Label,
            Self::Uint(n) => Held::Uint(n),
            Self::Int(n) => Held::Int(n),
            Self::Float(n) => Held::Float(n),
            Self::Nanos(n) => Held::Nanos(n),
            Self::V4(a, p) => Held::V4(a, p),
            Self::V6(a, p) => Held::V6(a, p),
            Self::Text(b) => Held::Text(b.to_vec()),
            Self::Bytes(b) => Held::Bytes(b.to_vec()),
            Self::Layer(b, own) => Held::Layer(b.to_vec(), own),
        }
    }

    /// Its bytes: of an address in network order, of a protocol only its own. `false` of `f` where it has none.
    pub fn with_bytes<T>(self, f: impl FnOnce(&[u8]) -> T) -> Option<T> {
        Some(match self {
            Self::Text(b) | Self::Bytes(b) => f(b),
            Self::Layer(b, own) => f(b.get(..own).unwrap_or(b)),
            Self::V4(a, _) => f(&a.to_be_bytes()),
            Self::V6(a, _) => f(&a.to_be_bytes()),
            _ => return None,
        })
    }

    /// The bytes that `contains` and `matches` look into: of a protocol also what it carries.
    pub fn haystack(&self) -> Option<&[u8]> {
        match self {
            Self::Text(b) | Self::Bytes(b) | Self::Layer(b, _) => Some(b),
            _ => None,
        }
    }

    pub fn is_zero(self) -> bool {
        match self {
            Self::Uint(n) => n == 0,
            Self::Int(n) | Self::Nanos(n) => n == 0,
            Self::Float(n) => n == 0.0,
            Self::V4(a, _) => a == 0,
            Self::V6(a, _) => a == 0,
            Self::Text(b) | Self::Bytes(b) => b.iter().all(|b| *b == 0),
            Self::Label | Self::Layer(..) => false,
        }
    }

    /// How it stands to another one; `None` if they cannot be compared.
    pub fn order(self, other: Val<'_>) -> Option<Ordering> {
        Some(match (self, other) {
            (Self::Uint(a), Val::Uint(b)) => a.cmp(&b),
            (Self::Int(a), Val::Int(b)) | (Self::Nanos(a), Val::Nanos(b)) => a.cmp(&b),
            // The other side is made what this one is, if it can be.
            (Self::Uint(a), Val::Int(b)) => a.cmp(&u64::try_from(b).ok()?),
            (Self::Int(a), Val::Uint(b)) => a.cmp(&i64::try_from(b).ok()?),
            (Self::Float(a), Val::Float(b)) => return a.partial_cmp(&b),
            (Self::V4(a, p), Val::V4(b, q)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(p.min(q).min(32))).unwrap_or(0);
                (a & mask).cmp(&(b & mask))
            }
            (Self::V6(a, p), Val::V6(b, q)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(p.min(q).min(128))).unwrap_or(0);
                (a & mask).cmp(&(b & mask))
            }
            (Self::Text(a), Val::Text(b)) => a.cmp(b),
            (Self::Label, Val::Label) => return None,
            _ => {
                let pair = self.with_bytes(|a| other.with_bytes(|b| a.len().cmp(&b.len()).then_with(|| a.cmp(b))));
                return pair.flatten();
            }
        })
    }
}

/// What arithmetic makes of two values; `None` where it has no result (division by zero, a number too large).
///
/// `wide`: the numbers have more than 32 bits.
pub fn math(op: char, left: Val<'_>, right: Val<'_>, wide: bool) -> Option<Held> {
    match (left, right) {
        (Val::Uint(a), b) => {
            let b = match b {
                Val::Uint(b) => b,
                Val::Int(b) => u64::try_from(b).ok()?,
                _ => return None,
            };
            let sum = match op {
                '+' => a.checked_add(b),
                '-' if b > a => return i64::try_from(b - a).ok().map(|n| Held::Int(-n)),
                '-' => Some(a - b),
                '*' => a.checked_mul(b),
                '/' => a.checked_div(b),
                '%' => a.checked_rem(b),
                '&' => Some(a & b),
                _ => None,
            };
            sum.filter(|n| wide || *n <= u64::from(u32::MAX)).map(Held::Uint)
        }
        (Val::Int(a), b) => {
            let b = match b {
                Val::Int(b) => b,
                Val::Uint(b) => i64::try_from(b).ok()?,
                _ => return None,
            };
            let sum = match op {
                '+' => a.checked_add(b),
                '-' => a.checked_sub(b),
                '*' => a.checked_mul(b),
                '/' => a.checked_div(b),
                '%' => a.checked_rem(b),
                '&' => Some(a & b),
                _ => None,
            };
            sum.filter(|n| wide || i32::try_from(*n).is_ok()).map(Held::Int)
        }
        (Val::Float(a), Val::Float(b)) => Some(Held::Float(match op {
            '+' => a + b,
            '-' => a - b,
            '*' => a * b,
            '/' if b != 0.0 => a / b,
            '%' if b != 0.0 => a % b,
            _ => return None,
        })),
        (Val::Nanos(a), Val::Nanos(b)) => match op {
            '+' => a.checked_add(b).map(Held::Nanos),
            '-' => a.checked_sub(b).map(Held::Nanos),
            _ => None,
        },
        (Val::V4(a, _), Val::V4(b, _)) if op == '&' => Some(Held::V4(a & b, 32)),
        (Val::V6(a, _), Val::V6(b, _)) if op == '&' => Some(Held::V6(a & b, 128)),
        (Val::Bytes(a), Val::Bytes(b)) if op == '&' => Some(Held::Bytes(a.iter().zip(b).map(|(a, b)| a & b).collect())),
        _ => None,
    }
}

/// The value with the other sign.
pub fn minus(val: Val<'_>, wide: bool) -> Option<Held> {
    let fits = |n: &i64| wide || i32::try_from(*n).is_ok();
    match val {
        Val::Uint(n) => i64::try_from(n).ok().map(|n| -n).filter(fits).map(Held::Int),
        Val::Int(n) => n.checked_neg().filter(fits).map(Held::Int),
        Val::Float(n) => Some(Held::Float(-n)),
        Val::Nanos(n) => n.checked_neg().map(Held::Nanos),
        _ => None,
    }
}
