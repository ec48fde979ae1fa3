//! The normal form of a filter: one spelling for each operator, and what is read back means the same.

use super::test::{Entity, How, Test};
use super::tree::{Parts, Until};
use std::fmt;

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => Ok(()),
            Self::And(all) => joined(f, all, " and ", |t| matches!(t, Test::Or(_))),
            Self::Or(all) => joined(f, all, " or ", |_| false),
            Self::Not(inner) if matches!(**inner, Self::And(_) | Self::Or(_)) => write!(f, "not ({inner})"),
            Self::Not(inner) => write!(f, "not {inner}"),
            Self::Is(entity) => write!(f, "{entity}"),
            Self::Compare { left, how, all, right } => {
                let (op, quantify) = match (how, all) {
                    (How::Equal, false) => ("==", false),
                    (How::Equal, true) => ("===", false),
                    (How::NotEqual, true) => ("!=", false),
                    (How::NotEqual, false) => ("!==", false),
                    (How::Less, all) => ("<", *all),
                    (How::LessOrEqual, all) => ("<=", *all),
                    (How::Greater, all) => (">", *all),
                    (How::GreaterOrEqual, all) => (">=", *all),
                    (How::Contains(_), all) => ("contains", *all),
                    (How::Matches(_), all) => ("matches", *all),
                };
                write!(f, "{}{left} {op} {right}", if quantify { "all " } else { "" })
            }
            Self::In { left, all, set } => {
                write!(f, "{}{left} in {{", if *all { "all " } else { "" })?;
                for (i, (low, high)) in set.iter().enumerate() {
                    write!(f, "{}{low}", if i > 0 { ", " } else { "" })?;
                    if let Some(high) = high {
                        write!(f, " .. {high}")?;
                    }
                }
                f.write_str("}")
            }
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, all: &[Test], by: &str, brackets: fn(&Test) -> bool) -> fmt::Result {
    for (i, test) in all.iter().enumerate() {
        f.write_str(if i > 0 { by } else { "" })?;
        if brackets(test) {
            write!(f, "({test})")?;
        } else {
            write!(f, "{test}")?;
        }
    }
    Ok(())
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => {
                f.write_str(&field.text)?;
                field.layers.as_ref().map_or(Ok(()), |layers| write!(f, "#[{layers}]"))
            }
            Self::Const { shown, .. } => f.write_str(shown),
            Self::Slice(of, parts) => write!(f, "{of}[{parts}]"),
            Self::Call(function, arguments) => {
                let all: Vec<String> = arguments.iter().map(ToString::to_string).collect();
                write!(f, "{}({})", function.name(), all.join(", "))
            }
            Self::Math { op, left, right, .. } => {
                side(f, left)?;
                write!(f, " {op} ")?;
                side(f, right)
            }
            Self::Minus { of, .. } => write!(f, "-{of}"),
        }
    }
}

/// A side of an arithmetic operator: in braces if it is arithmetic itself.
fn side(f: &mut fmt::Formatter<'_>, entity: &Entity) -> fmt::Result {
    if matches!(entity, Entity::Math { .. }) { write!(f, "{{{entity}}}") } else { write!(f, "{entity}") }
}

impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, part) in self.0.iter().enumerate() {
            f.write_str(if i > 0 { "," } else { "" })?;
            match part.until {
                Until::Len(len) => write!(f, "{}:{len}", part.start)?,
                Until::Last(last) => write!(f, "{}-{last}", part.start)?,
                Until::End => write!(f, "{}:", part.start)?,
            }
        }
        Ok(())
    }
}
