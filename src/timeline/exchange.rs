//! What the lab can run, described; and the words between the program and its lab agent.

use crate::lang::{Text, Words};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One exchange: its name on the command line, its words, and what a person may choose.
#[derive(Debug)]
pub struct ExchangeInfo {
    /// "tcp-echo".
    pub name: &'static str,
    /// At most five letters for its badge: "TCP".
    pub badge: &'static str,
    pub title: Words,
    /// One line under the title in the list.
    pub tagline: Words,
    /// One paragraph: what to look at and why.
    pub about: Words,
    pub params: &'static [Param],
}

/// One choice a person has.
#[derive(Debug)]
pub struct Param {
    /// "text", "count".
    pub name: &'static str,
    pub label: Words,
    pub note: Words,
    pub kind: ParamKind,
}

#[derive(Debug)]
pub enum ParamKind {
    Text { default: &'static str, max_bytes: usize },
    Number { default: u64, min: u64, max: u64, unit: Words },
    /// (value, words for people); the first is the default.
    Choice { options: &'static [(&'static str, Words)] },
}

impl Param {
    pub fn default_value(&self) -> String {
        match &self.kind {
            ParamKind::Text { default, .. } => (*default).to_owned(),
            ParamKind::Number { default, .. } => default.to_string(),
            ParamKind::Choice { options } => options.first().map_or_else(String::new, |o| o.0.to_owned()),
        }
    }

    /// Is this a value the exchange can run with? The error says what is allowed.
    pub fn check(&self, value: &str) -> Result<(), Text> {
        match &self.kind {
            ParamKind::Text { max_bytes, .. } if value.len() > *max_bytes => Err(Text::new(
                format!("{}：{max_bytes} バイトまで（今は {} バイト）", self.label.ja, value.len()),
                format!("{}: at most {max_bytes} bytes (now {})", self.label.en, value.len()),
            )),
            ParamKind::Text { .. } => Ok(()),
            ParamKind::Number { min, max, .. } => match value.parse::<u64>() {
                Ok(n) if (*min..=*max).contains(&n) => Ok(()),
                _ => Err(Text::new(
                    format!("{}：{min} から {max} までの整数", self.label.ja),
                    format!("{}: a whole number from {min} to {max}", self.label.en),
                )),
            },
            ParamKind::Choice { options } if options.iter().any(|o| o.0 == value) => Ok(()),
            ParamKind::Choice { options } => {
                let names: Vec<_> = options.iter().map(|o| o.0).collect();
                Err(Text::new(
                    format!("{}：{} のどれか", self.label.ja, names.join("、")),
                    format!("{}: one of {}", self.label.en, names.join(", ")),
                ))
            }
        }
    }
}

/// Where frames are captured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The loopback of a name space made for this run: needs no right.
    Own,
    /// An interface of this machine, with a capture filter ("" = all): needs the right to capture.
    Interface { name: String, filter: String },
}

/// What to run: everything the agent needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSpec {
    /// `None`: only capture, until stopped.
    pub exchange: Option<String>,
    /// Values by parameter name; a missing one has its default.
    pub params: BTreeMap<String, String>,
    pub place: Place,
}

/// One line from the agent: JSON on its standard output. Frames and calls are not here: they are in the spool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum LabEvent {
    /// The capture runs; the exchange begins. `server`: where its server listens, for people.
    Started { interface: String, server: Option<String> },
    /// The spool is good up to `bytes`; it holds `frames` frames; the capture has lost `dropped`.
    Spooled { bytes: u64, frames: u64, dropped: u64 },
    /// What the exchange says of itself ("3 of 5 echoed").
    Note { text: Text },
    /// The exchange could not do what it was to do. The capture so far is kept.
    Failed { text: Text },
    /// Nothing more comes. `cancelled`: by the user.
    Ended { cancelled: bool },
}

/// Whether something can be done on this machine, and if not, why and what would help. Made by `doctor`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// "rootless lab", "live capture".
    pub name: Text,
    pub works: bool,
    /// What was tried and what came back.
    pub found: Text,
    /// What to do, in words.
    pub advice: Option<Text>,
    /// The exact command that would cure it.
    pub command: Option<String>,
}
