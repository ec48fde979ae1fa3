//! What the program remembers from one start to the next.

use crate::lang::Lang;
use crate::timeline::Language;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Light, dark, or as the desktop says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    System,
    #[default]
    Dark,
    Light,
}

/// Seven layers of the OSI reference model, or the four of TCP/IP (RFC 1122 §1.1.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OsiView {
    #[default]
    Osi,
    Tcpip,
}

/// Remembered settings. Unknown or damaged values fall back to the defaults, field by field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Prefs {
    /// `None`: as the locale says.
    pub lang: Option<Lang>,
    pub theme: Theme,
    pub osi: OsiView,
    /// The language that programs are shown in.
    pub language: Language,
    /// Files opened, the latest first.
    pub recent: Vec<PathBuf>,
    /// The exchange chosen last, and its parameters by exchange and name.
    pub exchange: Option<String>,
    pub params: BTreeMap<String, BTreeMap<String, String>>,
    /// The folder the file browser showed last.
    pub folder: Option<PathBuf>,
    pub zoom: Option<f32>,
    /// Display filters that were kept by hand, in the order they were.
    pub filters: Vec<String>,
    /// Display filters used, the latest first.
    pub recent_filters: Vec<String>,
    /// Sizes of panels that were set by hand, in points, by name and about which window.
    pub panels: BTreeMap<String, f32>,
}

impl Prefs {
    /// How many recent files and filters are kept.
    pub const RECENT: usize = 12;

    pub fn filtered(&mut self, text: &str) {
        self.recent_filters.retain(|f| f != text);
        self.recent_filters.insert(0, text.to_owned());
        self.recent_filters.truncate(Self::RECENT);
    }

    pub fn opened(&mut self, path: PathBuf) {
        self.recent.retain(|p| *p != path);
        self.recent.insert(0, path);
        self.recent.truncate(Self::RECENT);
    }
}
