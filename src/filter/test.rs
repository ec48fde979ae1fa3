//! A checked filter: every name found, every literal read for the type it is compared with.

use super::Name;
use super::tree::Parts;
use super::types::Type;
use super::value::Held;
use memchr::memmem::Finder;
use regex::bytes::Regex;

/// What is true or false of a frame.
#[derive(Clone, Debug)]
pub enum Test {
    /// The empty filter.
    Any,
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    /// It is there; of arithmetic: it is not zero.
    Is(Entity),
    /// Some pair of values, or all of them, stand so to each other.
    Compare { left: Entity, how: How, all: bool, right: Entity },
    /// Some value (or all) is one of these, or between two of them.
    In { left: Entity, all: bool, set: Vec<(Entity, Option<Entity>)> },
}

/// A comparison.
#[derive(Clone, Debug)]
pub enum How {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// With the bytes looked for, where they are known.
    Contains(Option<Box<Finder<'static>>>),
    Matches(Box<Regex>),
}

#[derive(Clone, Debug)]
pub struct FieldRef {
    pub text: String,
    pub name: Name,
    pub ty: Type,
    /// Only in these headers of its protocol.
    pub layers: Option<Parts>,
}

/// What has values.
#[derive(Clone, Debug)]
pub enum Entity {
    Field(FieldRef),
    Const { value: Held, shown: String },
    Slice(Box<Entity>, Parts),
    Call(Function, Vec<Entity>),
    Math { op: char, left: Box<Entity>, right: Box<Entity>, wide: bool },
    Minus { of: Box<Entity>, wide: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Len,
    Count,
    Lower,
    Upper,
    Max,
    Min,
    Abs,
    String,
}

impl Function {
    pub const ALL: [(&'static str, Self); 8] = [
        ("len", Self::Len),
        ("count", Self::Count),
        ("lower", Self::Lower),
        ("upper", Self::Upper),
        ("max", Self::Max),
        ("min", Self::Min),
        ("abs", Self::Abs),
        ("string", Self::String),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, f)| *f == self).map_or("", |(name, _)| name)
    }
}

impl Test {
    /// Every field asked for, in the order of the filter.
    pub fn fields<'a>(&'a self, visit: &mut dyn FnMut(&'a FieldRef)) {
        match self {
            Self::Any => {}
            Self::And(all) | Self::Or(all) => all.iter().for_each(|t| t.fields(visit)),
            Self::Not(inner) => inner.fields(visit),
            Self::Is(one) => one.fields(visit),
            Self::Compare { left, right, .. } => {
                left.fields(visit);
                right.fields(visit);
            }
            Self::In { left, set, .. } => {
                left.fields(visit);
                for (low, high) in set {
                    low.fields(visit);
                    if let Some(high) = high {
                        high.fields(visit);
                    }
                }
            }
        }
    }
}

impl Entity {
    pub fn fields<'a>(&'a self, visit: &mut dyn FnMut(&'a FieldRef)) {
        match self {
            Self::Field(field) => visit(field),
            Self::Const { .. } => {}
            Self::Slice(of, _) | Self::Minus { of, .. } => of.fields(visit),
            Self::Call(_, arguments) => arguments.iter().for_each(|a| a.fields(visit)),
            Self::Math { left, right, .. } => {
                left.fields(visit);
                right.fields(visit);
            }
        }
    }
}
