//! Meaning: names are looked up, literals read for the type beside them, and what cannot be compared is refused.
//!
//! In: the tree as written. Out: a [`Test`], or the first thing that is wrong. The rules are those of tshark 4.0, so that a
//! filter is refused here when it is refused there.

use super::literal::{self, Literal};
use super::nearest::nearest;
use super::test::{Entity, FieldRef, Function, How, Test};
use super::tree::{Operand, Part, Parts, Said, Until, What};
use super::types::Type;
use super::value::{self, Held};
use super::{Error, Names, pattern};
use memchr::memmem::Finder;
use std::ops::Range;

pub struct Checker<'a> {
    pub text: &'a str,
    pub names: &'a dyn Names,
}

/// What a literal is read for: a type, and the field whose numbers may have names.
#[derive(Clone)]
struct Hint {
    ty: Type,
    field: Option<String>,
    partial: bool,
}

impl Checker<'_> {
    pub fn said(&self, said: &Said) -> Result<Test, Error> {
        let all = |list: &[Said]| list.iter().map(|s| self.said(s)).collect::<Result<Vec<_>, _>>();
        Ok(match said {
            Said::And(list) => Test::And(all(list)?),
            Said::Or(list) => Test::Or(all(list)?),
            Said::Not(inner) => Test::Not(Box::new(self.said(inner)?)),
            Said::Is(operand) => self.is(operand)?,
            Said::Relation { left, op, op_at, quantifier, right } => self.relation(left, op, op_at, *quantifier, right)?,
            Said::In { left, quantifier, set } => self.set(left, *quantifier, set)?,
        })
    }

    fn is(&self, operand: &Operand) -> Result<Test, Error> {
        match &operand.what {
            What::Word(_) | What::Dotted(_) | What::Text(_) | What::Char(_) if self.field(operand)?.is_none() => {
                Err(self.unknown(operand))
            }
            What::Call(name, _) => {
                function(name, &operand.at)?;
                let (ja, en) = (
                    format!("{name}() の値を何と比べるかが要ります。例：{name}(…) > 0"),
                    format!("What is {name}() compared with? For example: {name}(…) > 0"),
                );
                Err(Error::new(operand.at.clone(), ja, en))
            }
            _ => Ok(Test::Is(self.entity(operand, None)?.0)),
        }
    }

    fn relation(
        &self,
        left: &Operand,
        op: &'static str,
        op_at: &Range<usize>,
        quantifier: Option<bool>,
        right: &Operand,
    ) -> Result<Test, Error> {
        let (mut entity, ty) = self.left(left, op)?;
        let by_default = matches!(op, "!=" | "===");
        let all = quantifier.unwrap_or(by_default);
        let how = match op {
            "contains" | "matches" => {
                if !ty.can_search() {
                    return Err(self.cannot(left, ty, op));
                }
                if op == "matches" {
                    let What::Text(text) = &right.what else {
                        let (ja, en) = ("matches の右には、二重引用符で囲んだ正規表現を書きます。", "To the right of matches stands a pattern in double quotes.");
                        return Err(Error::new(right.at.clone(), ja, en));
                    };
                    let regex = pattern::compile(text, &right.at)?;
                    let right = Entity::Const { value: Held::Text(text.clone()), shown: self.shown(right) };
                    return Ok(Test::Compare { left: entity, how: How::Matches(Box::new(regex)), all, right });
                }
                How::Contains(None)
            }
            "==" | "===" => How::Equal,
            "!=" | "!==" => How::NotEqual,
            "<" => How::Less,
            "<=" => How::LessOrEqual,
            ">" => How::Greater,
            ">=" => How::GreaterOrEqual,
            _ => return Err(Error::new(op_at.clone(), "知らない演算子です。", "An unknown operator.")),
        };
        if !ty.can_compare() {
            return Err(self.cannot(left, ty, op));
        }
        let hint = Hint { ty, field: field_of(&entity), partial: op == "contains" };
        let (mut beside, other) = self.entity(right, Some(&hint))?;
        if !ty.compatible(other) && !matches!(beside, Entity::Const { .. }) {
            // A slice beside an address or a text: both are taken for their bytes.
            let whole = || Parts(vec![Part { start: 0, until: Until::End }]);
            match (&entity, &beside) {
                (_, Entity::Slice(..)) if ty.can_slice() => entity = Entity::Slice(Box::new(entity), whole()),
                (Entity::Slice(..), _) if other.can_slice() => beside = Entity::Slice(Box::new(beside), whole()),
                _ => return Err(incompatible(ty, other, right)),
            }
        }
        let how = match (how, &beside) {
            (How::Contains(_), Entity::Const { value, .. }) => {
                How::Contains(value.val().haystack().map(|needle| Box::new(Finder::new(needle).into_owned())))
            }
            (how, _) => how,
        };
        Ok(Test::Compare { left: entity, how, all, right: beside })
    }

    fn set(&self, left: &Operand, quantifier: Option<bool>, set: &[(Operand, Option<Operand>)]) -> Result<Test, Error> {
        let (entity, ty) = self.left(left, "in")?;
        let Entity::Field(_) = entity else {
            let (ja, en) = ("in の左に置けるのはフィールドだけです。", "Only a field can stand to the left of in.");
            return Err(Error::new(left.at.clone(), ja, en));
        };
        if !ty.can_compare() {
            return Err(self.cannot(left, ty, "in"));
        }
        let hint = Hint { ty, field: field_of(&entity), partial: false };
        let one = |operand: &Operand| {
            let (value, other) = self.entity(operand, Some(&hint))?;
            let fits = ty.compatible(other) || matches!(value, Entity::Const { .. });
            if fits { Ok(value) } else { Err(incompatible(ty, other, operand)) }
        };
        let mut all = Vec::new();
        for (low, high) in set {
            all.push((one(low)?, high.as_ref().map(one).transpose()?));
        }
        Ok(Test::In { left: entity, all: quantifier.unwrap_or(false), set: all })
    }

    /// What stands to the left of an operator: anything but a literal.
    fn left(&self, operand: &Operand, op: &str) -> Result<(Entity, Type), Error> {
        let literal = match &operand.what {
            What::Word(_) => self.field(operand)?.is_none(),
            What::Text(_) | What::Char(_) => true,
            _ => false,
        };
        if literal {
            if let What::Word(word) = &operand.what
                && word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            {
                return Err(self.unknown(operand));
            }
            let shown = self.shown(operand);
            let (ja, en) = (
                format!("{op} の左にはフィールドを書きます。「{shown}」は値です。"),
                format!("To the left of {op} stands a field; {shown} is a value."),
            );
            return Err(Error::new(operand.at.clone(), ja, en));
        }
        self.entity(operand, None)
    }

    /// The field of this name; an error where it must be one and is not.
    fn field(&self, operand: &Operand) -> Result<Option<FieldRef>, Error> {
        let (word, must) = match &operand.what {
            What::Word(word) => (word, false),
            What::Dotted(word) => (word, true),
            _ => return Ok(None),
        };
        // The old name of TLS is still understood.
        let old = word.strip_prefix("ssl").filter(|rest| rest.is_empty() || rest.starts_with('.'));
        let word = &old.map_or_else(|| word.clone(), |rest| format!("tls{rest}"));
        match self.names.find(word) {
            Some(name) => Ok(Some(FieldRef { text: word.clone(), name, ty: Type::of(word, name), layers: None })),
            None if must => Err(self.unknown(operand)),
            None => Ok(None),
        }
    }

    fn unknown(&self, operand: &Operand) -> Error {
        let shown = self.shown(operand);
        let name = shown.trim_start_matches('.');
        let (mut ja, mut en) = (
            format!("「{shown}」というフィールドやプロトコルはありません。"),
            format!("{shown} is neither a field nor a protocol that is known here."),
        );
        if let Some(near) = nearest(self.names, name) {
            ja += &format!("「{near}」のことですか？");
            en += &format!(" Did you mean {near}?");
        }
        Error { unknown: true, ..Error::new(operand.at.clone(), ja, en) }
    }

    fn cannot(&self, left: &Operand, ty: Type, op: &str) -> Error {
        let (ja, en) = ty.words();
        let shown = self.shown(left);
        Error::new(
            left.at.clone(),
            format!("{shown} は{ja}なので、{op} では比べられません。"),
            format!("{shown} is {en}: {op} cannot be used with it."),
        )
    }

    fn shown(&self, operand: &Operand) -> String {
        self.text.get(operand.at.clone()).unwrap_or("").to_owned()
    }

    /// What has values, and their type. Without a hint a literal means nothing.
    fn entity(&self, operand: &Operand, hint: Option<&Hint>) -> Result<(Entity, Type), Error> {
        match &operand.what {
            What::Word(word) => match (self.field(operand)?, hint) {
                (Some(field), _) => {
                    let ty = field.ty;
                    Ok((Entity::Field(field), ty))
                }
                (None, Some(hint)) => self.literal(Literal::Word(word), operand, hint),
                (None, None) => Err(self.no_constant(operand)),
            },
            What::Dotted(_) => match self.field(operand)? {
                Some(field) => {
                    let ty = field.ty;
                    Ok((Entity::Field(field), ty))
                }
                None => Err(self.unknown(operand)),
            },
            What::Text(text) => match hint {
                Some(hint) => self.literal(Literal::Text(text), operand, hint),
                None => Err(self.no_constant(operand)),
            },
            What::Char(byte) => match hint {
                Some(hint) => self.literal(Literal::Char(*byte), operand, hint),
                None => Err(self.no_constant(operand)),
            },
            What::Layer(of, parts) => match self.field(of)? {
                Some(field) => {
                    let ty = field.ty;
                    Ok((Entity::Field(FieldRef { layers: Some(parts.clone()), ..field }), ty))
                }
                None => Err(self.unknown(of)),
            },
            What::Slice(of, parts) => {
                let unknown = matches!(of.what, What::Word(_)) && self.field(of)?.is_none();
                let (inner, ty) = if unknown { Err(self.unknown(of)) } else { self.entity(of, None) }?;
                if !ty.can_slice() {
                    let (ja, en) = ty.words();
                    let shown = self.shown(of);
                    return Err(Error::new(
                        operand.at.clone(),
                        format!("{shown} は{ja}なので、[ ] で一部を取り出せません。"),
                        format!("{shown} is {en}: no part of it can be taken with [ ]."),
                    ));
                }
                Ok((Entity::Slice(Box::new(inner), parts.clone()), Type::Bytes))
            }
            What::Call(name, arguments) => self.call(name, arguments, operand, hint),
            What::Math(op, left, right) => self.math(*op, left, right, hint),
            What::Minus(of) => {
                let (inner, ty) = self.entity(of, hint)?;
                if !ty.can_add() {
                    return Err(self.no_math('-', ty, of));
                }
                let wide = is_wide(ty);
                if let Entity::Const { value, shown } = &inner
                    && let Some(value) = value::minus(value.val(), wide)
                {
                    return Ok((Entity::Const { value, shown: format!("-{shown}") }, ty));
                }
                Ok((Entity::Minus { of: Box::new(inner), wide }, ty))
            }
        }
    }

    fn literal(&self, literal: Literal<'_>, operand: &Operand, hint: &Hint) -> Result<(Entity, Type), Error> {
        let value = literal::value(&literal, hint.ty, hint.field.as_deref(), hint.partial, &operand.at)?;
        Ok((Entity::Const { value, shown: self.shown(operand) }, hint.ty))
    }

    fn no_constant(&self, operand: &Operand) -> Error {
        let shown = self.shown(operand);
        if matches!(&operand.what, What::Word(w) if w.starts_with(|c: char| c.is_ascii_alphabetic())) {
            return self.unknown(operand);
        }
        Error::new(
            operand.at.clone(),
            format!("演算子の左側の計算は、「{shown}」のような値ではなくフィールドで始めます。"),
            format!("To the left of an operator arithmetic begins with a field, not with a value such as {shown}."),
        )
    }

    fn math(&self, op: char, left: &Operand, right: &Operand, hint: Option<&Hint>) -> Result<(Entity, Type), Error> {
        let (a, ty) = self.entity(left, hint)?;
        let able = match op {
            '&' => ty.can_mask(),
            '+' | '-' => ty.can_add(),
            _ => ty.can_multiply(),
        };
        if !able {
            return Err(self.no_math(op, ty, left));
        }
        let own = Hint { ty, field: None, partial: false };
        let (b, other) = self.entity(right, Some(&own))?;
        if !ty.compatible(other) {
            return Err(incompatible(ty, other, right));
        }
        let wide = is_wide(ty);
        if let (Entity::Const { value: x, shown: p }, Entity::Const { value: y, shown: q }) = (&a, &b)
            && let Some(value) = value::math(op, x.val(), y.val(), wide)
        {
            return Ok((Entity::Const { value, shown: format!("{{{p} {op} {q}}}") }, ty));
        }
        Ok((Entity::Math { op, left: Box::new(a), right: Box::new(b), wide }, ty))
    }

    fn no_math(&self, op: char, ty: Type, operand: &Operand) -> Error {
        let (ja, en) = ty.words();
        Error::new(operand.at.clone(), format!("{ja}に {op} は使えません。"), format!("{op} cannot be used with {en}."))
    }

    fn call(&self, name: &str, arguments: &[Operand], operand: &Operand, hint: Option<&Hint>) -> Result<(Entity, Type), Error> {
        let function = function(name, &operand.at)?;
        let many = matches!(function, Function::Max | Function::Min);
        let Some((first, rest)) = arguments.split_first().filter(|(_, rest)| many || rest.is_empty()) else {
            let (ja, en) = if many {
                (format!("{name}() には引数が要ります。"), format!("{name}() needs arguments."))
            } else {
                (format!("{name}() の引数は 1 つです。"), format!("{name}() takes one argument."))
            };
            return Err(Error::new(operand.at.clone(), ja, en));
        };
        let bad = |at: &Operand, ja: &str, en: &str| Err(Error::new(at.at.clone(), format!("{name}() {ja}"), format!("{name}() {en}")));
        if matches!(function, Function::Max | Function::Min | Function::Abs) {
            let literal = matches!(first.what, What::Text(_) | What::Char(_));
            let (value, ty) = self.entity(first, hint)?;
            if literal || !ty.can_compare() || function == Function::Abs && !ty.can_abs() {
                return bad(first, "にこの引数は使えません。", "does not take this argument.");
            }
            let own = Hint { ty, field: None, partial: false };
            let mut all = vec![value];
            for other in rest {
                let (value, kind) = self.entity(other, Some(&own))?;
                if kind != ty || matches!(other.what, What::Text(_) | What::Char(_)) {
                    return bad(other, "の引数は同じ型の値でなければなりません。", "takes arguments of one type.");
                }
                all.push(value);
            }
            return Ok((Entity::Call(function, all), ty));
        }
        let known = match &first.what {
            What::Word(_) | What::Dotted(_) => self.field(first)?.is_some(),
            What::Layer(..) => true,
            _ => false,
        };
        if !known {
            let named = matches!(&first.what, What::Word(w) if w.starts_with(|c: char| c.is_ascii_alphabetic()));
            return if named { Err(self.unknown(first)) } else { bad(first, "の引数はフィールドです。", "takes a field.") };
        }
        let (value, ty) = self.entity(first, None)?;
        let result = match function {
            Function::Len | Function::Count => Type::Uint(32),
            Function::Lower | Function::Upper if ty != Type::Text => return bad(first, "の引数は文字列のフィールドです。", "takes a field of text."),
            Function::String if !ty.can_print() => {
                return bad(first, "の引数は数かアドレスのフィールドです。", "takes a field with a number or an address.");
            }
            _ => Type::Text,
        };
        Ok((Entity::Call(function, vec![value]), result))
    }
}

fn is_wide(ty: Type) -> bool {
    matches!(ty, Type::Uint(33..) | Type::Int(33..))
}

/// The field whose values have names, if it stands alone.
fn field_of(entity: &Entity) -> Option<String> {
    match entity {
        Entity::Field(field) => Some(field.text.clone()),
        _ => None,
    }
}

fn function(name: &str, at: &Range<usize>) -> Result<Function, Error> {
    let found = Function::ALL.iter().find(|(known, _)| *known == name).map(|(_, f)| *f);
    found.ok_or_else(|| {
        let all: Vec<&str> = Function::ALL.iter().map(|(n, _)| *n).collect();
        let all = all.join(", ");
        Error::new(
            at.start..at.start + name.len(),
            format!("関数 {name} はありません。あるのは {all} です。"),
            format!("There is no function {name}. There are: {all}."),
        )
    })
}

fn incompatible(left: Type, right: Type, operand: &Operand) -> Error {
    let ((left_ja, left_en), (right_ja, right_en)) = (left.words(), right.words());
    Error::new(
        operand.at.clone(),
        format!("左は{left_ja}、右は{right_ja}なので、並べて使えません。"),
        format!("The left side is {left_en} and the right side {right_en}: they do not go together."),
    )
}
