//! A filter as it was written: the tree of its operators, before anybody asks what the words mean.

use super::Error;
use std::ops::Range;

/// What is true or false.
#[derive(Clone, Debug)]
pub enum Said {
    And(Vec<Said>),
    Or(Vec<Said>),
    Not(Box<Said>),
    /// Something is there, or not zero.
    Is(Operand),
    Relation { left: Operand, op: &'static str, op_at: Range<usize>, quantifier: Option<bool>, right: Operand },
    In { left: Operand, quantifier: Option<bool>, set: Vec<(Operand, Option<Operand>)> },
}

/// What has values.
#[derive(Clone, Debug)]
pub struct Operand {
    pub at: Range<usize>,
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    /// A name or a literal: not known yet.
    Word(String),
    /// Certainly a name.
    Dotted(String),
    Text(Vec<u8>),
    Char(u8),
    Layer(Box<Operand>, Parts),
    Slice(Box<Operand>, Parts),
    Call(String, Vec<Operand>),
    Math(char, Box<Operand>, Box<Operand>),
    Minus(Box<Operand>),
}

/// Pieces `[1:2,5-7]`, joined in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts(pub Vec<Part>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// From the end if negative.
    pub start: i32,
    pub until: Until,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// So many.
    Len(u32),
    /// Up to this one and with it; from the end if negative.
    Last(i32),
    End,
}

/// Pieces in one pair of brackets at most.
const MAX_PARTS: usize = 64;

impl Parts {
    /// Reads what stands between the brackets; `at` is where it stands.
    pub fn parse(text: &str, at: usize) -> Result<Self, Error> {
        let mut parts = Vec::new();
        let mut from = at;
        for piece in text.split(',') {
            if parts.len() == MAX_PARTS {
                return Err(Error::new(from..from, "範囲が多すぎます。", "Too many ranges."));
            }
            parts.push(part(piece, from)?);
            from += piece.len() + 1;
        }
        Ok(Self(parts))
    }

    /// The bounds of each part in something of this length; `None` where it has not so many.
    pub fn bounds(&self, len: usize) -> impl Iterator<Item = Option<Range<usize>>> + '_ {
        self.0.iter().map(move |part| part.bounds(len))
    }
}

impl Part {
    pub fn bounds(self, len: usize) -> Option<Range<usize>> {
        let from_end = |n: i32| if n < 0 { len.checked_sub(n.unsigned_abs() as usize) } else { usize::try_from(n).ok() };
        let start = from_end(self.start)?;
        let end = match self.until {
            Until::Len(n) => start.checked_add(n as usize)?,
            Until::Last(last) => from_end(last)?.checked_add(1)?,
            Until::End => len,
        };
        (start < end && end <= len).then_some(start..end)
    }
}

fn part(piece: &str, at: usize) -> Result<Part, Error> {
    let whole = at..at + piece.len();
    let bad = |ja: &str, en: &str| Error::new(whole.clone(), ja, en);
    let text = piece.trim();
    if text.is_empty() {
        return Err(bad("ここには範囲が入ります。例：[0:4]、[2-5]、[-2:]", "A range belongs here, as in [0:4], [2-5] or [-2:]."));
    }
    let not_number = || bad("範囲は整数で書きます。例：[0:4]、[2-5]、[-2:]", "A range is made of integers, as in [0:4], [2-5] or [-2:].");
    let (start, rest) = number(text).ok_or_else(not_number)?;
    let after = rest.trim_start();
    let last = |text: &str| match number(text.trim_start()) {
        Some((Some(n), rest)) if rest.trim().is_empty() => Some(n),
        _ => None,
    };
    let not_positive = || bad("長さは 1 以上です。", "The length must be at least 1.");
    if let Some(len) = after.strip_prefix(':') {
        let until = match len.trim() {
            "" => Until::End,
            _ => Until::Len(u32::try_from(last(len).ok_or_else(not_number)?).ok().filter(|n| *n > 0).ok_or_else(not_positive)?),
        };
        return Ok(Part { start: start.unwrap_or(0), until });
    }
    let start = start.ok_or_else(not_number)?;
    if after.is_empty() {
        return Ok(Part { start, until: Until::Len(1) });
    }
    let end = after.strip_prefix('-').and_then(last).ok_or_else(not_number)?;
    if (start < 0) != (end < 0) {
        return Err(bad("範囲の両端は、どちらも先頭から、またはどちらも末尾から数えます。", "Both ends of a range count from the start, or both from the end."));
    }
    if start >= end {
        return Err(bad("範囲の終わりは始まりより後です。1 つだけなら [3] と書きます。", "The end of a range comes after its start. For a single one write [3]."));
    }
    Ok(Part { start, until: Until::Last(end) })
}

/// A number with a sign at the start of a text, and what follows; nothing before a colon is no number.
fn number(text: &str) -> Option<(Option<i32>, &str)> {
    if text.starts_with(':') {
        return Some((None, text));
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let len = digits.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let value = i32::try_from(super::literal::integer(digits.get(..len)?).ok()?).ok()?;
    Some((Some(if negative { -value } else { value }), digits.get(len..)?))
}

impl Parts {
    /// Is the header of this number (from 1), of so many in the frame, one of these?
    pub fn holds(&self, number: u32, of: u32) -> bool {
        let (number, of) = (i64::from(number), i64::from(of));
        let from_end = |n: i32| if n < 0 { of + 1 + i64::from(n) } else { i64::from(n) };
        self.0.iter().any(|part| {
            let start = from_end(part.start);
            let end = match part.until {
                Until::Len(n) => start + i64::from(n) - 1,
                Until::Last(last) => from_end(last),
                Until::End => i64::MAX,
            };
            (start..=end).contains(&number)
        })
    }
}
