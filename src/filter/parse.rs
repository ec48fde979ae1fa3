//! The grammar: tokens in, the tree of operators out.
//!
//! From the loosest: `or`; `and`; `not`; comparisons (`a < b < c` means `a < b and b < c`); `&`; `+ -`; `* / %`; a sign.
//! Parentheses group what is true or false, braces group arithmetic. Nesting is bounded.

use super::Error;
use super::lex::{Kind, Token, tokens};
use super::tree::{Operand, Parts, Said, What};
use std::ops::Range;

/// Parentheses in parentheses at most.
const MAX_DEPTH: usize = 100;
/// Arithmetic operators in one filter at most: each may nest what is before it.
const MAX_MATH: usize = 200;

/// Reads a whole filter. `None`: it is empty.
pub fn parse(text: &str) -> Result<Option<Said>, Error> {
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Ok(None);
    }
    let mut parser = Parser { text, tokens, next: 0, depth: 0, math: 0 };
    let said = parser.or()?;
    match parser.peek() {
        None => Ok(Some(said)),
        Some(token) => Err(parser.unexpected(token.at.clone())),
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
    math: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    /// Goes over this sign, if it comes next.
    fn take(&mut self, sign: &str) -> Option<Range<usize>> {
        let at = self.peek().filter(|t| t.is(sign)).map(|t| t.at.clone())?;
        self.next += 1;
        Some(at)
    }

    fn word(&self, at: &Range<usize>) -> &str {
        self.text.get(at.clone()).unwrap_or("")
    }

    fn unexpected(&self, at: Range<usize>) -> Error {
        let shown = self.word(&at);
        let lower = shown.to_ascii_lowercase();
        if lower != shown && super::lex::WORDS.iter().any(|(w, _)| *w == lower) {
            let (ja, en) = (format!("演算子は小文字で「{lower}」と書きます。"), format!("Operators are written in lower case: {lower}."));
            return Error::new(at, ja, en);
        }
        if lower == "xor" {
            return Error::new(at, "tshark 4.0 のフィルタに xor はありません。", "Filters of tshark 4.0 have no xor.");
        }
        Error::new(at, format!("「{shown}」はここには置けません。"), format!("{shown} cannot stand here."))
    }

    /// What is wrong where something else was needed.
    fn wrong(&self) -> Error {
        match self.peek() {
            Some(token) => self.unexpected(token.at.clone()),
            None => {
                let end = self.text.trim_end().len();
                Error::new(end..end, "フィルタが途中で終わっています。", "The filter ends too early.")
            }
        }
    }

    fn need(&mut self, sign: &str) -> Result<Range<usize>, Error> {
        self.take(sign).ok_or_else(|| self.wrong())
    }

    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        if self.depth == MAX_DEPTH {
            let at = self.peek().map_or(0..0, |t| t.at.clone());
            return Err(Error::new(at, "括弧の入れ子が深すぎます。", "Nested too deeply."));
        }
        self.depth += 1;
        let out = inner(self);
        self.depth -= 1;
        out
    }

    fn or(&mut self) -> Result<Said, Error> {
        let mut all = vec![self.and()?];
        while self.take("or").is_some() {
            all.push(self.and()?);
        }
        Ok(single(all, Said::Or))
    }

    fn and(&mut self) -> Result<Said, Error> {
        let mut all = vec![self.not()?];
        while self.take("and").is_some() {
            all.push(self.not()?);
        }
        Ok(single(all, Said::And))
    }

    fn not(&mut self) -> Result<Said, Error> {
        let mut negative = false;
        while self.take("not").is_some() {
            negative = !negative;
        }
        let said = if self.take("(").is_some() {
            let inner = self.deeper(Self::or)?;
            self.need(")")?;
            inner
        } else {
            self.relation()?
        };
        Ok(if negative { Said::Not(Box::new(said)) } else { said })
    }

    fn relation(&mut self) -> Result<Said, Error> {
        let quantifier = match self.peek() {
            Some(token) if token.is("any") => Some(false),
            Some(token) if token.is("all") => Some(true),
            _ => None,
        };
        self.next += usize::from(quantifier.is_some());
        let mut left = self.operand()?;
        let mut all = Vec::new();
        while let Some((op, op_at)) = self.peek().and_then(comparison) {
            self.next += 1;
            let right = self.operand()?;
            let next = right.clone();
            all.push(Said::Relation { left, op, op_at, quantifier, right });
            left = next;
        }
        if !all.is_empty() {
            return Ok(single(all, Said::And));
        }
        for op in ["contains", "matches"] {
            if let Some(op_at) = self.take(op) {
                let right = self.operand()?;
                return Ok(Said::Relation { left, op, op_at, quantifier, right });
            }
        }
        let not = self.peek().is_some_and(|t| t.is("not")) && self.tokens.get(self.next + 1).is_some_and(|t| t.is("in"));
        self.next += usize::from(not);
        if self.peek().is_some_and(|t| t.is("in")) && matches!(left.what, What::Math(..) | What::Minus(_)) {
            return Err(self.wrong());
        }
        if self.take("in").is_some() {
            let set = self.set()?;
            let quantifier = if not { Some(false) } else { quantifier };
            let said = Said::In { left, quantifier, set };
            return Ok(if not { Said::Not(Box::new(said)) } else { said });
        }
        if quantifier.is_some() {
            return Err(self.wrong());
        }
        Ok(Said::Is(left))
    }

    fn set(&mut self) -> Result<Vec<(Operand, Option<Operand>)>, Error> {
        self.need("{")?;
        let mut set = Vec::new();
        loop {
            let low = self.signed()?;
            let high = if self.take("..").is_some() { Some(self.signed()?) } else { None };
            set.push((low, high));
            if self.take(",").is_none() {
                self.need("}")?;
                return Ok(set);
            }
        }
    }

    fn math(&mut self, op: char, left: Operand, right: Operand) -> Result<Operand, Error> {
        let at = left.at.start..right.at.end;
        self.math += 1;
        if self.math > MAX_MATH {
            return Err(Error::new(right.at, "計算が多すぎます。", "Too much arithmetic."));
        }
        Ok(Operand { at, what: What::Math(op, Box::new(left), Box::new(right)) })
    }

    /// A whole arithmetic expression.
    fn operand(&mut self) -> Result<Operand, Error> {
        let mut left = self.sum()?;
        while self.take("&").is_some() {
            let right = self.sum()?;
            left = self.math('&', left, right)?;
        }
        Ok(left)
    }

    fn sum(&mut self) -> Result<Operand, Error> {
        let mut left = self.product()?;
        loop {
            let op = if self.take("+").is_some() {
                '+'
            } else if self.take("-").is_some() {
                '-'
            } else {
                return Ok(left);
            };
            let right = self.product()?;
            left = self.math(op, left, right)?;
        }
    }

    fn product(&mut self) -> Result<Operand, Error> {
        let mut left = self.factor()?;
        loop {
            let op = if self.take("*").is_some() {
                '*'
            } else if self.take("/").is_some() {
                '/'
            } else if self.take("%").is_some() {
                '%'
            } else {
                return Ok(left);
            };
            let right = self.factor()?;
            left = self.math(op, left, right)?;
        }
    }

    fn factor(&mut self) -> Result<Operand, Error> {
        if self.take("{").is_some() {
            let inner = self.deeper(Self::operand)?;
            self.need("}")?;
            return Ok(inner);
        }
        self.signed()
    }

    fn signed(&mut self) -> Result<Operand, Error> {
        if let Some(sign) = self.take("-") {
            let inner = self.entity()?;
            return Ok(Operand { at: sign.start..inner.at.end, what: What::Minus(Box::new(inner)) });
        }
        self.take("+");
        self.entity()
    }

    /// A name, a literal or a call, with what is taken of it.
    fn entity(&mut self) -> Result<Operand, Error> {
        let Some(token) = self.peek().cloned() else { return Err(self.wrong()) };
        let word = self.word(&token.at).to_owned();
        let what = match token.kind {
            Kind::Word => What::Word(word),
            Kind::Dotted => What::Dotted(word.get(1..).unwrap_or("").to_owned()),
            Kind::Text(bytes) => What::Text(bytes),
            Kind::Char(byte) => What::Char(byte),
            _ => return Err(self.wrong()),
        };
        self.next += 1;
        let mut operand = Operand { at: token.at, what };
        if let (What::Word(name), true) = (&operand.what, self.peek().is_some_and(|t| t.is("("))) {
            let name = name.clone();
            self.next += 1;
            let arguments = if self.take(")").is_some() { Vec::new() } else { self.deeper(Self::arguments)? };
            operand.what = What::Call(name, arguments);
        }
        let is_name = matches!(operand.what, What::Word(_) | What::Dotted(_));
        if let Some(token) = self.peek().filter(|t| t.kind == Kind::Layer && is_name).cloned() {
            let inside = self.word(&token.at).trim_start_matches('#').trim_start_matches('[').trim_end_matches(']').to_owned();
            let open = self.word(&token.at).len() - self.word(&token.at).trim_start_matches(['#', '[']).len();
            let parts = Parts::parse(&inside, token.at.start + open)?;
            self.next += 1;
            operand = Operand { at: operand.at.clone(), what: What::Layer(Box::new(operand), parts) };
        }
        let mut slices = 0;
        while let Some(token) = self.peek().filter(|t| t.kind == Kind::Range).cloned() {
            slices += 1;
            if slices > MAX_DEPTH || matches!(operand.what, What::Text(_) | What::Char(_)) {
                return Err(self.unexpected(token.at));
            }
            let inside = self.text.get(token.at.start + 1..token.at.end - 1).unwrap_or("");
            let parts = Parts::parse(inside, token.at.start + 1)?;
            self.next += 1;
            operand = Operand { at: operand.at.clone(), what: What::Slice(Box::new(operand), parts) };
        }
        Ok(operand)
    }

    fn arguments(&mut self) -> Result<Vec<Operand>, Error> {
        let mut all = Vec::new();
        loop {
            all.push(self.operand()?);
            if self.take(",").is_none() {
                self.need(")")?;
                return Ok(all);
            }
        }
    }
}

fn single(mut all: Vec<Said>, join: fn(Vec<Said>) -> Said) -> Said {
    match all.pop() {
        Some(one) if all.is_empty() => one,
        Some(last) => {
            all.push(last);
            join(all)
        }
        None => join(all),
    }
}

fn comparison(token: &Token) -> Option<(&'static str, Range<usize>)> {
    match token.kind {
        Kind::Sign(sign @ ("==" | "!=" | "===" | "!==" | "<" | "<=" | ">" | ">=")) => Some((sign, token.at.clone())),
        _ => None,
    }
}
