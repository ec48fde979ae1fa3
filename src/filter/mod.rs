//! Wireshark's display-filter language over osiscope's fields, as tshark 4.0 understands it.
//!
//! In: the text of a filter, and frames that can be asked for the values of a field ([`Facts`]). Out: which frames it lets
//! through, or where in the text it is wrong and why. Nothing here reads a file or knows how a value is found.
//!
//! ```text
//! text ─ lex ─ parse ─► tree (as written) ─ check ─► test (names found, literals read) ─ eval ─► yes or no
//! ```
//!
//! Where it differs from tshark 4.0, on purpose: patterns that need backtracking (`(?=…)`, `\1`, `a++`) are refused, so that no
//! pattern can take long; a date without a zone is UTC, so that a filter means the same on every machine; numbers have names
//! only where `value_names` lists them; `${field}` has no selected frame to mean; nesting and length are bounded; names of
//! protocols that osiscope does not read are unknown.

mod check;
pub mod columns;
pub mod complete;
mod error;
mod eval;
pub mod facts;
mod lex;
mod literal;
pub mod look;
pub mod names;
mod nearest;
mod parse;
mod pattern;
mod print;
mod shown;
mod test;
mod time;
mod tree;
mod type_names;
mod types;
mod value;
mod value_names;

pub use columns::Plan;
pub use error::Error;
pub use facts::{Fact, Facts, Name, Names};
pub use look::Look;
pub use names::Every;
pub use types::Type;

use std::fmt;
use test::Test;

/// A filter that means something.
#[derive(Clone, Debug)]
pub struct Filter {
    test: Test,
}

impl Filter {
    /// Reads a filter; one without words lets every frame through.
    pub fn parse(text: &str, names: &dyn Names) -> Result<Self, Error> {
        let test = match parse::parse(text)? {
            None => Test::Any,
            Some(said) => check::Checker { text, names }.said(&said)?,
        };
        Ok(Self { test })
    }

    /// Does it let this frame through?
    pub fn passes(&self, facts: &mut dyn Facts) -> bool {
        self.test.passes(facts)
    }

    /// It lets everything through.
    pub fn is_empty(&self) -> bool {
        matches!(self.test, Test::Any)
    }

    /// The names it asks for, each once, in its order.
    pub fn names(&self) -> Vec<(&str, Name)> {
        let mut all: Vec<(&str, Name)> = Vec::new();
        self.test.fields(&mut |field| {
            if !all.iter().any(|(text, _)| *text == field.text) {
                all.push((&field.text, field.name));
            }
        });
        all
    }
}

impl fmt::Display for Filter {
    /// The normal form: read again, it means the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.test.fmt(f)
    }
}

#[cfg(test)]
mod tests;
