//! The file browser inside the window: it works without a desktop's dialogs, over X forwarding and by keyboard.

use crate::flow::tables::Part;
use crate::trace::Host;
use std::path::PathBuf;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Open,
    Save,
    /// Save the text of this host's program.
    Program(Host),
    /// To save what was said in a conversation.
    Stream(Part),
}

impl Purpose {
    /// Files that are no captures are shown, too: what is written may meet one of any name.
    pub fn lists_all(self) -> bool {
        matches!(self, Self::Stream(_) | Self::Program(_))
    }

    /// Something is written where the browser leads.
    pub fn saves(self) -> bool {
        self != Self::Open
    }
}

/// One line of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub folder: bool,
    /// Bytes, for files.
    pub size: u64,
}

/// The state of the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Browse {
    pub purpose: Purpose,
    pub folder: PathBuf,
    /// Folders first, then capture files, by name. `Err`: why the folder cannot be read.
    pub entries: Result<Vec<Entry>, String>,
    /// The name typed or picked.
    pub name: String,
    /// Saving would replace this file: asked once.
    pub confirm: bool,
}

impl Browse {
    pub fn new(purpose: Purpose, folder: PathBuf, name: String) -> Self {
        Self { purpose, folder, entries: Ok(Vec::new()), name, confirm: false }
    }

    /// The path that the name means; an absolute name stands for itself.
    pub fn path(&self) -> PathBuf {
        self.folder.join(self.name.trim())
    }

    /// Would saving replace something that is listed?
    pub fn replaces(&self) -> bool {
        self.purpose.saves()
            && self.entries.as_ref().is_ok_and(|e| e.iter().any(|e| !e.folder && e.name == self.name.trim()))
    }
}
