//! Literals: what a word or a quoted text means, once the type it is compared with is known.

use super::types::Type;
use super::value::Held;
use super::value_names;
use super::{Error, time};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

/// Why a word is no integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoInteger {
    NotOne,
    TooLarge,
}

/// An integer: decimal, `0x`, `0b`, or octal with a leading zero.
pub fn integer(text: &str) -> Result<u64, NoInteger> {
    let lower = text.get(..2).map(str::to_ascii_lowercase);
    let (digits, radix) = match lower.as_deref() {
        Some("0x") => (text.get(2..).unwrap_or(""), 16),
        Some("0b") => (text.get(2..).unwrap_or(""), 2),
        _ if text.len() > 1 && text.starts_with('0') => (text.get(1..).unwrap_or(""), 8),
        _ => (text, 10),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(NoInteger::NotOne);
    }
    u64::from_str_radix(digits, radix).map_err(|_| NoInteger::TooLarge)
}

/// Bytes as hexadecimal digits, alone or parted by `:`, `-` or `.`; or one byte as `0x2f`.
pub fn bytes(text: &str) -> Option<Vec<u8>> {
    let hex = |pair: &str| u8::from_str_radix(pair, 16).ok();
    let digits_only = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_hexdigit());
    if let Some(one) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return (one.len() == 2 && digits_only(one)).then(|| hex(one).map(|b| vec![b])).flatten();
    }
    let mut out = Vec::new();
    for group in text.split([':', '-', '.']) {
        if !digits_only(group) {
            return None;
        }
        let mut at = 0;
        while at < group.len() {
            let end = (at + 2).min(group.len());
            out.push(hex(group.get(at..end)?)?);
            at = end;
        }
    }
    Some(out)
}

/// A length of time: seconds, with at most nine decimals.
pub fn span(text: &str) -> Option<i64> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |text| (-1, text));
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 9 {
        return None;
    }
    let nanos: i64 = format!("{part:0<9}").parse().ok()?;
    // Beyond 292 years nothing is longer: the largest value stands for it.
    let seconds: i64 = whole.parse().unwrap_or(i64::MAX);
    Some(seconds.saturating_mul(1_000_000_000).saturating_add(nanos).saturating_mul(sign))
}

/// What stands in a filter where a value is needed.
pub enum Literal<'a> {
    Word(&'a str),
    Text(&'a [u8]),
    Char(u8),
}

/// The value of a literal beside a field of this type; `field` is its name, if it is one. `partial`: for `contains`, where
/// a piece of an address is enough.
pub fn value(literal: &Literal<'_>, ty: Type, field: Option<&str>, partial: bool, at: &Range<usize>) -> Result<Held, Error> {
    match literal {
        Literal::Char(byte) => match ty {
            Type::Uint(_) => Ok(Held::Uint(u64::from(*byte))),
            Type::Int(_) => Ok(Held::Int(i64::from(*byte))),
            Type::Bool => Ok(Held::Uint(u64::from(*byte != 0))),
            Type::Text => Ok(Held::Text(vec![*byte])),
            Type::Bytes | Type::Protocol => Ok(Held::Bytes(vec![*byte])),
            _ => Err(unfit(ty, at, "文字", "A character")),
        },
        Literal::Text(text) => match ty {
            Type::Text => Ok(Held::Text(text.to_vec())),
            Type::Bytes | Type::Protocol => Ok(Held::Bytes(text.to_vec())),
            Type::Time => moment(std::str::from_utf8(text).unwrap_or(""), at),
            _ => named(ty, field, std::str::from_utf8(text).unwrap_or(""), at)
                .unwrap_or_else(|| Err(unfit(ty, at, "二重引用符で囲んだ文字列", "Text in double quotes"))),
        },
        Literal::Word(word) => word_value(word, ty, field, partial, at),
    }
}

fn word_value(word: &str, ty: Type, field: Option<&str>, partial: bool, at: &Range<usize>) -> Result<Held, Error> {
    let no = |ja: &str, en: &str| Err(Error::new(at.clone(), format!("「{word}」は{ja}"), format!("{word} is not {en}")));
    match ty {
        Type::Text => Ok(Held::Text(word.as_bytes().to_vec())),
        Type::Bytes | Type::Protocol => match bytes(word) {
            Some(bytes) => Ok(Held::Bytes(bytes)),
            None => no(
                "バイト列ではありません。47:45:54 のように 16 進で書くか、文字列として \"…\" で囲みます。",
                "a byte string. Write hexadecimal digits as in 47:45:54, or text in \"…\".",
            ),
        },
        Type::Ether => match bytes(word) {
            Some(bytes) if bytes.len() == 6 || partial => Ok(Held::Bytes(bytes)),
            _ => no("MAC アドレスではありません。6 バイトを 00:1c:42:00:00:08 のように書きます。", "a MAC address: six bytes, as in 00:1c:42:00:00:08."),
        },
        Type::Ipv4 => {
            let (address, prefix) = word.split_once('/').unwrap_or((word, "32"));
            match (address.parse::<Ipv4Addr>(), prefix.parse::<u8>()) {
                (Ok(address), Ok(prefix)) if prefix <= 32 => Ok(Held::V4(u32::from(address), prefix)),
                (Ok(_), _) => no("プレフィックス長が 32 を超えています。", "an address with a prefix of at most 32 bits."),
                _ => no("IPv4 アドレスではありません。192.0.2.1 か 192.0.2.0/24 のように書きます。", "an IPv4 address, as in 192.0.2.1 or 192.0.2.0/24."),
            }
        }
        Type::Ipv6 => {
            let (address, prefix) = word.split_once('/').unwrap_or((word, "128"));
            match (address.parse::<Ipv6Addr>(), prefix.parse::<u8>()) {
                (Ok(address), Ok(prefix)) if prefix <= 128 => Ok(Held::V6(u128::from(address), prefix)),
                (Ok(_), _) => no("プレフィックス長が 128 を超えています。", "an address with a prefix of at most 128 bits."),
                _ => no("IPv6 アドレスではありません。2001:db8::1 か 2001:db8::/32 のように書きます。", "an IPv6 address, as in 2001:db8::1 or 2001:db8::/32."),
            }
        }
        Type::Span => match span(word) {
            Some(nanos) => Ok(Held::Nanos(nanos)),
            None => no("秒数ではありません。0.5 のように、小数点以下 9 桁までで書きます。", "a time in seconds, as in 0.5, with at most nine decimals."),
        },
        Type::Time => moment(word, at),
        Type::Float => match word.parse::<f64>() {
            Ok(n) => Ok(Held::Float(n)),
            Err(_) => no("数ではありません。", "a number."),
        },
        Type::Bool => match (word, integer(word)) {
            ("True" | "TRUE", _) => Ok(Held::Uint(1)),
            ("False" | "FALSE", _) => Ok(Held::Uint(0)),
            (_, Ok(n)) => Ok(Held::Uint(u64::from(n != 0))),
            (_, Err(_)) => named(ty, field, word, at)
                .unwrap_or_else(|| no("真偽値ではありません。1 か 0、または True か False と書きます。", "a boolean. Write 1 or 0, or True or False.")),
        },
        Type::Uint(bits) | Type::Int(bits) => {
            let most = if matches!(ty, Type::Int(_)) { (1 << (bits - 1)) - 1 } else { ty.max() };
            match integer(word) {
                Ok(n) if n <= most => Ok(match (ty, i64::try_from(n)) {
                    (Type::Int(_), Ok(n)) => Held::Int(n),
                    _ => Held::Uint(n),
                }),
                Ok(_) | Err(NoInteger::TooLarge) => Err(Error::new(
                    at.clone(),
                    format!("「{word}」はこのフィールドには大きすぎます。最大は {most} です。"),
                    format!("{word} is too large for this field, whose greatest value is {most}."),
                )),
                Err(NoInteger::NotOne) => named(ty, field, word, at).unwrap_or_else(|| {
                    no("整数ではありません。10 進（80）、16 進（0x50）、2 進（0b101）、8 進（0120）で書きます。", "an integer. Write 80, 0x50, 0b101 or (octal) 0120.")
                }),
            }
        }
        Type::Label => Err(unfit(ty, at, "値", "A value")),
    }
}

fn moment(text: &str, at: &Range<usize>) -> Result<Held, Error> {
    time::parse(text).map(Held::Nanos).ok_or_else(|| {
        let (ja, en) = (
            format!("「{text}」は日時ではありません。\"2011-07-04 12:34:56\" のように書きます（UTC）。"),
            format!("{text} is not a date and time. Write \"2011-07-04 12:34:56\" (UTC)."),
        );
        Error::new(at.clone(), ja, en)
    })
}

/// A number by its name, where the field's numbers have names.
fn named(ty: Type, field: Option<&str>, word: &str, at: &Range<usize>) -> Option<Result<Held, Error>> {
    if !matches!(ty, Type::Uint(_) | Type::Bool) {
        return None;
    }
    let names = value_names::of(field?, ty == Type::Bool)?;
    let found = names.iter().find(|(_, name)| name.eq_ignore_ascii_case(word));
    Some(found.map(|(n, _)| Held::Uint(*n)).ok_or_else(|| {
        let all: Vec<String> = names.iter().take(8).map(|(n, name)| format!("{name} ({n})")).collect();
        let all = all.join(", ");
        let (ja, en) = match all.as_str() {
            "" => (String::new(), String::new()),
            _ => (format!("例：{all}"), format!(" For example: {all}")),
        };
        Error::new(
            at.clone(),
            format!("このフィールドの値に「{word}」という名前のものはありません。数で書いてください。{ja}"),
            format!("No value of this field is named {word}. Write the number.{en}"),
        )
    }))
}

fn unfit(ty: Type, at: &Range<usize>, ja: &str, en: &str) -> Error {
    let (type_ja, type_en) = ty.words();
    Error::new(
        at.clone(),
        format!("{ja}は{type_ja}と比べられません。引用符なしで書いてみてください。"),
        format!("{en} cannot be compared with {type_en}. Try it without quotes."),
    )
}
