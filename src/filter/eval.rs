//! Asking a frame: is the filter true of it?
//!
//! Values come one by one and are compared as they come; the first that decides ends the questions. Nothing is allocated where a
//! field stands beside literals. Memory is bounded by the values of one frame.

use super::test::{Entity, FieldRef, Function, How, Test};
use super::tree::Parts;
use super::types::Type;
use super::value::{Held, Val, math, minus};
use super::{Fact, Facts};
use std::cmp::Ordering;

/// Values of one entity in one frame that are kept at most.
const MAX_KEPT: usize = 4096;

impl Test {
    pub fn passes(&self, facts: &mut dyn Facts) -> bool {
        match self {
            Self::Any => true,
            Self::And(all) => all.iter().all(|t| t.passes(facts)),
            Self::Or(all) => all.iter().any(|t| t.passes(facts)),
            Self::Not(inner) => !inner.passes(facts),
            Self::Is(Entity::Field(FieldRef { name, layers: None, .. })) => facts.has(*name),
            Self::Is(entity) => {
                let counts = matches!(entity, Entity::Math { .. } | Entity::Minus { .. });
                let mut found = false;
                entity.each(facts, &mut |val| {
                    found = !counts || !val.is_zero();
                    !found
                });
                found
            }
            Self::Compare { left, how, all, right } => compare(left, how, *all, right, facts),
            Self::In { left, all, set } => set.iter().any(|(low, high)| member(left, *all, low, high.as_ref(), facts)),
        }
    }
}

/// Does some value of `left` (or all, and there is one) pass?
fn some(left: &Entity, all: bool, facts: &mut dyn Facts, pass: &mut dyn FnMut(Val<'_>) -> bool) -> bool {
    let (mut any, mut every) = (false, true);
    left.each(facts, &mut |val| {
        let yes = pass(val);
        any |= yes;
        every &= yes;
        if all { every } else { !any }
    });
    any && (every || !all)
}

fn compare(left: &Entity, how: &How, all: bool, right: &Entity, facts: &mut dyn Facts) -> bool {
    if let Entity::Const { value, .. } = right {
        let right = value.val();
        return some(left, all, facts, &mut |val| how.holds(val, right));
    }
    let right = right.collect(facts);
    if right.is_empty() {
        return false;
    }
    some(left, all, facts, &mut |val| {
        let mut each = right.iter().map(|r| how.holds(val, r.val()));
        if all { each.all(|yes| yes) } else { each.any(|yes| yes) }
    })
}

fn member(left: &Entity, all: bool, low: &Entity, high: Option<&Entity>, facts: &mut dyn Facts) -> bool {
    let Some(high) = high else { return compare(left, &How::Equal, all, low, facts) };
    let between = |val: Val<'_>, low: Val<'_>, high: Val<'_>| {
        How::GreaterOrEqual.holds(val, low) && How::LessOrEqual.holds(val, high)
    };
    if let (Entity::Const { value: low, .. }, Entity::Const { value: high, .. }) = (low, high) {
        return some(left, all, facts, &mut |val| between(val, low.val(), high.val()));
    }
    let (low, high) = (low.collect(facts), high.collect(facts));
    some(left, all, facts, &mut |val| low.iter().any(|l| high.iter().any(|h| between(val, l.val(), h.val()))))
}

impl How {
    pub fn holds(&self, left: Val<'_>, right: Val<'_>) -> bool {
        let order = || left.order(right);
        match self {
            Self::Equal => order() == Some(Ordering::Equal),
            Self::NotEqual => order() != Some(Ordering::Equal),
            Self::Less => order() == Some(Ordering::Less),
            Self::LessOrEqual => matches!(order(), Some(Ordering::Less | Ordering::Equal)),
            Self::Greater => order() == Some(Ordering::Greater),
            Self::GreaterOrEqual => matches!(order(), Some(Ordering::Greater | Ordering::Equal)),
            Self::Contains(finder) => left.haystack().is_some_and(|hay| match finder {
                Some(finder) => finder.find(hay).is_some(),
                None => right.haystack().is_some_and(|needle| memchr::memmem::find(hay, needle).is_some()),
            }),
            Self::Matches(regex) => left.haystack().is_some_and(|hay| regex.is_match(hay)),
        }
    }
}

impl Entity {
    /// Gives each value to `found`, until it is false.
    pub fn each(&self, facts: &mut dyn Facts, found: &mut dyn FnMut(Val<'_>) -> bool) {
        match self {
            Self::Const { value, .. } => {
                found(value.val());
            }
            Self::Field(field) => field.each(facts, &mut |fact, bytes| value(field.ty, fact, bytes, found)),
            Self::Slice(of, parts) => of.each(facts, &mut |val| slice(val, parts, found)),
            Self::Call(function, arguments) => call(*function, arguments, facts, found),
            Self::Math { op, left, right, wide } => {
                if let Self::Const { value, .. } = right.as_ref() {
                    let right = value.val();
                    left.each(facts, &mut |val| math(*op, val, right, *wide).is_none_or(|held| found(held.val())));
                    return;
                }
                let right = right.collect(facts);
                left.each(facts, &mut |val| {
                    right.iter().all(|r| math(*op, val, r.val(), *wide).is_none_or(|held| found(held.val())))
                });
            }
            Self::Minus { of, wide } => of.each(facts, &mut |val| minus(val, *wide).is_none_or(|held| found(held.val()))),
        }
    }

    fn collect(&self, facts: &mut dyn Facts) -> Vec<Held> {
        let mut all = Vec::new();
        self.each(facts, &mut |val| {
            all.push(val.hold());
            all.len() < MAX_KEPT
        });
        all
    }
}

impl FieldRef {
    fn each(&self, facts: &mut dyn Facts, found: &mut dyn FnMut(Fact<'_>, &[u8]) -> bool) {
        let Some(layers) = &self.layers else { return facts.each(self.name, found) };
        // Numbers from the end need the number of all.
        let mut of = 0;
        facts.each_at(self.name, &mut |number, _, _| {
            of = of.max(number);
            true
        });
        facts.each_at(self.name, &mut |number, fact, bytes| !layers.holds(number, of) || found(fact, bytes));
    }
}

/// A fact as a value of the field's type. A fact that its type cannot be made of is passed over.
fn value(ty: Type, fact: Fact<'_>, bytes: &[u8], found: &mut dyn FnMut(Val<'_>) -> bool) -> bool {
    let mut text = |shown: String| found(Val::Text(shown.as_bytes()));
    match (ty, fact) {
        (Type::Protocol, Fact::Layer(own)) => found(Val::Layer(bytes, own.min(bytes.len()))),
        (Type::Protocol, _) => found(Val::Layer(bytes, bytes.len())),
        (Type::Text, Fact::Ipv4(address)) => text(address.to_string()),
        (Type::Text, Fact::Ipv6(address)) => text(address.to_string()),
        (Type::Text, Fact::Uint(n)) => text(n.to_string()),
        (Type::Bool, Fact::Present) => found(Val::Uint(1)),
        (Type::Bool, Fact::Uint(n)) => found(Val::Uint(u64::from(n != 0))),
        (Type::Int(_), Fact::Uint(n)) => i64::try_from(n).map_or(true, |n| found(Val::Int(n))),
        (Type::Bytes | Type::Ether, Fact::Text(_)) => found(Val::Bytes(bytes)),
        (Type::Uint(_), Fact::Text(t)) => t.parse().map_or(true, |n| found(Val::Uint(n))),
        (Type::Float, Fact::Text(t)) => t.parse().map_or(true, |n| found(Val::Float(n))),
        (Type::Float, Fact::Nanos(n)) => found(Val::Float(n as f64 / 1e9)),
        (Type::Span, Fact::Text(t)) => super::literal::span(t).is_none_or(|n| found(Val::Nanos(n))),
        (Type::Time, Fact::Text(t)) => super::time::parse(t).is_none_or(|n| found(Val::Nanos(n))),
        (Type::Text, Fact::Bytes(b)) => found(Val::Text(b)),
        (_, Fact::Present | Fact::Layer(_)) => found(Val::Label),
        (_, Fact::Uint(n)) => found(Val::Uint(n)),
        (_, Fact::Int(n)) => found(Val::Int(n)),
        (_, Fact::Bool(b)) => found(Val::Uint(u64::from(b))),
        (_, Fact::Mac(mac)) => found(Val::Bytes(&mac)),
        (_, Fact::Ipv4(address)) => found(Val::V4(u32::from(address), 32)),
        (_, Fact::Ipv6(address)) => found(Val::V6(u128::from(address), 128)),
        (_, Fact::Text(t)) => found(Val::Text(t.as_bytes())),
        (_, Fact::Bytes(b)) => found(Val::Bytes(b)),
        (_, Fact::Nanos(n)) => found(Val::Nanos(n)),
    }
}

/// The part of a value's bytes; where it has not so many there is none.
fn slice(val: Val<'_>, parts: &Parts, found: &mut dyn FnMut(Val<'_>) -> bool) -> bool {
    let go_on = val.with_bytes(|bytes| {
        if let [part] = parts.0.as_slice() {
            let Some(piece) = part.bounds(bytes.len()).and_then(|range| bytes.get(range)) else { return true };
            return found(Val::Bytes(piece));
        }
        let pieces = parts.bounds(bytes.len()).filter_map(|range| bytes.get(range?));
        let joined: Vec<u8> = pieces.flatten().copied().collect();
        joined.is_empty() || found(Val::Bytes(&joined))
    });
    go_on.unwrap_or(true)
}

fn call(function: Function, arguments: &[Entity], facts: &mut dyn Facts, found: &mut dyn FnMut(Val<'_>) -> bool) {
    let Some(first) = arguments.first() else { return };
    match function {
        Function::Len => {
            let width = match first {
                Entity::Field(field) => field.ty.width(),
                _ => None,
            };
            first.each(facts, &mut |val| {
                let len = width.or_else(|| val.with_bytes(|bytes| bytes.len() as u64)).unwrap_or(0);
                found(Val::Uint(len))
            });
        }
        Function::Count => {
            let mut count = 0;
            first.each(facts, &mut |_| {
                count += 1;
                true
            });
            if count > 0 {
                found(Val::Uint(count));
            }
        }
        Function::Lower | Function::Upper => first.each(facts, &mut |val| {
            let turn = |bytes: &[u8]| if function == Function::Lower { bytes.to_ascii_lowercase() } else { bytes.to_ascii_uppercase() };
            val.with_bytes(turn).is_none_or(|text| found(Val::Text(&text)))
        }),
        Function::String => first.each(facts, &mut |val| print(val).is_none_or(|text| found(Val::Text(text.as_bytes())))),
        Function::Abs => first.each(facts, &mut |val| {
            let held = match val {
                Val::Int(n) => n.checked_abs().map(Held::Int),
                // Wireshark 4.0 turns the seconds' sign, and so leaves what is less than one second negative.
                Val::Nanos(n) if n > -1_000_000_000 => Some(Held::Nanos(n)),
                Val::Nanos(n) => n.checked_abs().map(Held::Nanos),
                Val::Float(n) => Some(Held::Float(n.abs())),
                other => Some(other.hold()),
            };
            held.is_none_or(|held| found(held.val()))
        }),
        Function::Max | Function::Min => {
            let better = if function == Function::Max { Ordering::Greater } else { Ordering::Less };
            let mut best: Option<Held> = None;
            for argument in arguments {
                argument.each(facts, &mut |val| {
                    if best.as_ref().is_none_or(|b| val.order(b.val()) == Some(better)) {
                        best = Some(val.hold());
                    }
                    true
                });
            }
            if let Some(best) = best {
                found(best.val());
            }
        }
    }
}

/// A number or an address as `string()` writes it.
fn print(val: Val<'_>) -> Option<String> {
    Some(match val {
        Val::Uint(n) => n.to_string(),
        Val::Int(n) => n.to_string(),
        Val::Float(n) => n.to_string(),
        Val::V4(a, _) => std::net::Ipv4Addr::from(a).to_string(),
        Val::V6(a, _) => std::net::Ipv6Addr::from(a).to_string(),
        Val::Bytes(b) => b.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(":"),
        _ => return None,
    })
}
