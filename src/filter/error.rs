//! What is wrong with a filter, and where.

use crate::lang::Text;
use std::ops::Range;

/// A filter that means nothing: where in its text, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The bytes of the text that are to blame; empty at the end where something is missing. Always on character bounds.
    pub at: Range<usize>,
    pub why: Text,
    /// The word stands where a name must, and is none of the names there are.
    pub unknown: bool,
}

impl Error {
    pub(super) fn new(at: Range<usize>, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { at, why: Text::new(ja, en), unknown: false }
    }

    /// The text with a line under the wrong word, for a terminal.
    pub fn underline(&self, text: &str) -> String {
        let before = text.get(..self.at.start).unwrap_or(text);
        let wrong = text.get(self.at.clone()).unwrap_or("");
        let wide = |s: &str| s.chars().count();
        format!("{text}\n{}{}", " ".repeat(wide(before)), "^".repeat(wide(wrong).max(1)))
    }
}
