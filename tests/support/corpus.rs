//! The captures of others that tests read.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::io::Write;
use std::path::{Path, PathBuf};

/// The folder that `OSISCOPE_CORPUS` names. Without it tests say so and look at nothing.
pub fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("OSISCOPE_CORPUS").map(PathBuf::from).filter(|d| d.is_dir());
    if folder.is_none() {
        // Not `eprintln!`, which is heard only when a test fails: one that looked at nothing must say so.
        std::io::stderr().write_all(b"SKIPPED: OSISCOPE_CORPUS names no folder of captures\n").unwrap();
    }
    folder
}

/// The capture files in a folder, sorted.
pub fn captures(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    all.retain(|p| p.extension().is_some_and(|e| e == "pcap" || e == "pcapng"));
    all.sort();
    assert!(!all.is_empty(), "no captures in {}", folder.display());
    all
}

/// A file's name, for people.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
