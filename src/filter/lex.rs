//! Words of a filter: its text cut into tokens, each with its place.
//!
//! In: the text. Out: [`Token`]s, or the first place that is no word. What a word means is decided later: `1.2.3.4`, `tcp.port`
//! and `GET` are all [`Kind::Word`]. Linear in the text's length.

use super::Error;
use std::ops::Range;

/// The longest filter that is read, in bytes.
pub const MAX_LEN: usize = 64 << 10;

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A name, a number, an address, a word: its meaning depends on where it stands.
    Word,
    /// A word behind a dot: a field or protocol, whatever else it could be.
    Dotted,
    /// What was between double quotes, escapes resolved.
    Text(Vec<u8>),
    /// A character constant.
    Char(u8),
    /// An operator, a bracket, or a word that is one (`and`, `contains`): see [`Token::is`].
    Sign(&'static str),
    /// What stands between `[` and `]`.
    Range,
    /// `#` and a number, or `#[…]`: what stands between the brackets.
    Layer,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub kind: Kind,
    pub at: Range<usize>,
}

impl Token {
    pub fn is(&self, sign: &str) -> bool {
        matches!(self.kind, Kind::Sign(s) if s == sign)
    }
}

/// Operators, longest first; several spellings of one are told apart for nobody but `~=`.
const SIGNS: &[(&str, &str)] = &[
    ("===", "==="), ("!==", "!=="), ("==", "=="), ("!=", "!="), ("~=", "!=="), (">=", ">="), ("<=", "<="), ("&&", "and"),
    ("||", "or"), ("..", ".."), (">", ">"), ("<", "<"), ("~", "matches"), ("!", "not"), ("&", "&"), ("+", "+"), ("-", "-"),
    ("*", "*"), ("/", "/"), ("%", "%"), ("(", "("), (")", ")"), ("{", "{"), ("}", "}"), (",", ","),
];

/// Words that are operators. Only in lower case.
pub const WORDS: &[(&str, &str)] = &[
    ("eq", "=="), ("any_eq", "=="), ("ne", "!="), ("all_ne", "!="), ("all_eq", "==="), ("any_ne", "!=="), ("gt", ">"),
    ("ge", ">="), ("lt", "<"), ("le", "<="), ("contains", "contains"), ("matches", "matches"), ("in", "in"), ("not", "not"),
    ("and", "and"), ("or", "or"), ("bitwise_and", "&"), ("any", "any"), ("all", "all"),
];

/// Cuts a text into tokens.
pub fn tokens(text: &str) -> Result<Vec<Token>, Error> {
    if text.len() > MAX_LEN {
        return Err(Error::new(0..0, "フィルタが長すぎます（64 KiB まで）。", "The filter is too long (64 KiB at most)."));
    }
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = text.get(at..).unwrap_or("");
        let (kind, len) = match byte {
            b' ' | b'\t' | b'\n' | b'\r' => {
                at += 1;
                continue;
            }
            b'"' => quoted(rest, at, 1, false)?,
            b'r' | b'R' if bytes.get(at + 1) == Some(&b'"') => quoted(rest, at, 2, true)?,
            b'\'' => character(rest, at)?,
            b'[' => range(rest, at, 1, Kind::Range)?,
            b'#' => match bytes.get(at + 1) {
                Some(b'[') => range(rest, at, 2, Kind::Layer)?,
                Some(b'0'..=b'9') => (Kind::Layer, 1 + rest.bytes().skip(1).take_while(u8::is_ascii_digit).count()),
                _ => {
                    let (ja, en) = ("# の後にはヘッダの番号（#1）か範囲（#[1-2]）が続きます。", "After # comes the number of a header (#1) or a range (#[1-2]).");
                    return Err(Error::new(at..at + 1, ja, en));
                }
            },
            b'.' if bytes.get(at + 1) != Some(&b'.') && word(bytes.get(at + 1..).unwrap_or(&[])) > 0 => {
                (Kind::Dotted, 1 + word(bytes.get(at + 1..).unwrap_or(&[])))
            }
            _ => plain(rest, at)?,
        };
        out.push(Token { kind, at: at..at + len });
        at += len.max(1);
    }
    Ok(out)
}

/// A word, an address with colons or a prefix, or an operator: the longest that fits.
fn plain(rest: &str, at: usize) -> Result<(Kind, usize), Error> {
    let bytes = rest.as_bytes();
    let mut len = word(bytes);
    let with_colons = colons(bytes);
    if with_colons > len {
        len = with_colons;
        let v6 = rest.get(..len).is_some_and(|w| w.parse::<std::net::Ipv6Addr>().is_ok());
        len += if v6 { prefix(bytes.get(len..).unwrap_or(&[]), 3) } else { 0 };
    } else if rest.get(..len).is_some_and(|w| w.parse::<std::net::Ipv4Addr>().is_ok()) {
        len += prefix(bytes.get(len..).unwrap_or(&[]), 2);
    }
    if len > 0 {
        let sign = WORDS.iter().find(|(w, _)| rest.get(..len) == Some(*w));
        return Ok((sign.map_or(Kind::Word, |(_, sign)| Kind::Sign(sign)), len));
    }
    if let Some((sign, means)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
        return Ok((Kind::Sign(means), sign.len()));
    }
    let wrong = rest.chars().next().map_or(0, char::len_utf8);
    let at = at..at + wrong;
    let shown = rest.get(..wrong).unwrap_or("");
    Err(match shown {
        "=" => Error::new(at, "等しいかどうかは = ではなく == で比べます。", "To compare, write == and not =."),
        "|" => Error::new(at, "「または」は | ではなく || か or と書きます。", "For \"or\" write || or or, not |."),
        "^" => Error::new(at, "tshark 4.0 のフィルタに xor はありません。", "Filters of tshark 4.0 have no xor."),
        "@" => Error::new(at, "生の値を取る @ は tshark 4.0 にはありません。", "tshark 4.0 has no @ for raw values."),
        _ if !shown.is_ascii() => Error::new(
            at,
            format!("「{shown}」は二重引用符 \"…\" の中でだけ使えます。"),
            format!("{shown} may stand only within double quotes."),
        ),
        _ => Error::new(at, format!("「{shown}」はここでは使えません。"), format!("{shown} cannot stand here.")),
    })
}

/// The length of a word: letters, digits, `_` and `-`, with single dots between.
fn word(bytes: &[u8]) -> usize {
    let letter = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let mut len = 0;
    if !bytes.first().is_some_and(letter) {
        return 0;
    }
    while let Some(byte) = bytes.get(len) {
        let inside = letter(byte) || *byte == b'-';
        let dot = *byte == b'.' && bytes.get(len + 1).is_some_and(|b| letter(b) || *b == b'-');
        if !inside && !dot {
            break;
        }
        len += 1;
    }
    len
}

/// The length of bytes with colons (`00:1c:42`) or an IPv6 address at the start; 0 if there is none.
fn colons(bytes: &[u8]) -> usize {
    let hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let mut list = 0;
    let mut at = 0;
    while hex(at) && hex(at + 1) && !hex(at + 2) {
        at += 2;
        list = at;
        if bytes.get(at) != Some(&b':') {
            break;
        }
        at += 1;
    }
    // An IPv6 address has 45 characters at most.
    let run = bytes.iter().take(45).take_while(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.')).count();
    let text = std::str::from_utf8(bytes.get(..run).unwrap_or(&[])).unwrap_or("");
    let address = |len: &usize| text.get(..*len).is_some_and(|t| t.parse::<std::net::Ipv6Addr>().is_ok());
    list.max((2..=run).rev().find(address).unwrap_or(0))
}

/// The length of `/24` at the start, with at most so many digits.
fn prefix(bytes: &[u8], digits: usize) -> usize {
    let count = bytes.iter().skip(1).take(digits).take_while(|b| b.is_ascii_digit()).count();
    if bytes.first() == Some(&b'/') && count > 0 { 1 + count } else { 0 }
}

fn range(rest: &str, at: usize, open: usize, kind: Kind) -> Result<(Kind, usize), Error> {
    let end = rest.find(']').ok_or_else(|| Error::new(at..at + open, "] がありません。", "The ] is missing."))?;
    Ok((kind, end + 1))
}

/// A quoted text; `open` bytes before its content. In a raw one a backslash stands for itself.
fn quoted(rest: &str, at: usize, open: usize, raw: bool) -> Result<(Kind, usize), Error> {
    let bytes = rest.as_bytes();
    let mut out = Vec::new();
    let mut i = open;
    loop {
        match bytes.get(i) {
            None => {
                let (ja, en) = ("文字列を閉じる \" がありません。", "The closing \" of this text is missing.");
                return Err(Error::new(at..at + rest.len(), ja, en));
            }
            Some(b'"') => return Ok((Kind::Text(out), i + 1)),
            Some(b'\\') if raw => {
                let len = if matches!(bytes.get(i + 1), Some(b'"' | b'\\')) { 2 } else { 1 };
                out.extend(bytes.get(i..i + len).unwrap_or(&[]));
                i += len;
            }
            Some(b'\\') => i += escape(rest.get(i..).unwrap_or(""), at + i, &mut out)?,
            Some(byte) => {
                out.push(*byte);
                i += 1;
            }
        }
    }
}

/// Reads an escape at the start of `rest`; returns its length.
fn escape(rest: &str, at: usize, out: &mut Vec<u8>) -> Result<usize, Error> {
    let bytes = rest.as_bytes();
    let wrong = |len: usize| {
        let shown: String = rest.chars().take(len).collect();
        let (ja, en) = (format!("「{shown}」というエスケープはありません。\\ そのものは \\\\ と書きます。"), format!("There is no escape {shown}. For a backslash write \\\\."));
        Error::new(at..at + shown.len(), ja, en)
    };
    let simple = |byte: u8, out: &mut Vec<u8>| {
        out.push(byte);
        Ok(2)
    };
    match bytes.get(1) {
        Some(b @ (b'\'' | b'"' | b'\\')) => simple(*b, out),
        Some(b'a') => simple(7, out),
        Some(b'b') => simple(8, out),
        Some(b'f') => simple(12, out),
        Some(b'n') => simple(10, out),
        Some(b'r') => simple(13, out),
        Some(b't') => simple(9, out),
        Some(b'v') => simple(11, out),
        Some(b'x') => {
            let digits = bytes.iter().skip(2).take(2).take_while(|b| b.is_ascii_hexdigit()).count();
            let value = rest.get(2..2 + digits).and_then(|d| u8::from_str_radix(d, 16).ok()).ok_or_else(|| wrong(2))?;
            out.push(value);
            Ok(2 + digits)
        }
        Some(b'0'..=b'7') => {
            let digits = bytes.iter().skip(1).take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
            let value = rest.get(1..1 + digits).and_then(|d| u16::from_str_radix(d, 8).ok());
            out.push(value.and_then(|v| u8::try_from(v).ok()).ok_or_else(|| wrong(1 + digits))?);
            Ok(1 + digits)
        }
        Some(u @ (b'u' | b'U')) => {
            let digits = if *u == b'u' { 4 } else { 8 };
            let value = rest.get(2..2 + digits).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
            let value = value.and_then(|d| u32::from_str_radix(d, 16).ok());
            // C's rule for universal names: what ASCII can write is written in ASCII.
            let value = value.filter(|v| *v >= 0xa0 || matches!(v, 0x24 | 0x40 | 0x60));
            let c = value.and_then(char::from_u32).ok_or_else(|| wrong(2 + digits))?;
            out.extend(c.encode_utf8(&mut [0; 4]).bytes());
            Ok(2 + digits)
        }
        _ => Err(wrong(2)),
    }
}

fn character(rest: &str, at: usize) -> Result<(Kind, usize), Error> {
    let bytes = rest.as_bytes();
    let mut i = 1;
    let mut out = Vec::new();
    loop {
        match bytes.get(i) {
            None => return Err(Error::new(at..at + rest.len(), "文字を閉じる ' がありません。", "The closing ' is missing.")),
            Some(b'\'') => break,
            Some(b'\\') => i += escape(rest.get(i..).unwrap_or(""), at + i, &mut out)?,
            Some(byte) => {
                out.push(*byte);
                i += 1;
            }
        }
    }
    match out.as_slice() {
        [one] => Ok((Kind::Char(*one), i + 1)),
        _ => {
            let (ja, en) = ("'…' の中は 1 文字（1 バイト）です。文字列は \"…\" で囲みます。", "Between '…' stands one character of one byte. Text stands in \"…\".");
            Err(Error::new(at..at + i + 1, ja, en))
        }
    }
}
