//! Where the program keeps things: settings, the spools of running captures, and the last runs.
//!
//! A spool is locked while its program lives. What is found unlocked at the next start was left by a crash.

use rustix::fs::{FlockOperation, flock};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Finished runs that are kept, the latest ones.
const KEEP: usize = 10;

/// The program's folders (XDG Base Directory Specification).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// `$XDG_CONFIG_HOME/osiscope`
    pub config: PathBuf,
    /// `$XDG_STATE_HOME/osiscope`
    pub state: PathBuf,
}

impl Folders {
    /// As the environment says; without a home, below the folder for temporary files.
    pub fn of_environment() -> Self {
        let home = std::env::var_os("HOME").map_or_else(std::env::temp_dir, PathBuf::from);
        let folder = |variable: &str, otherwise: &str| {
            // The specification says that a relative path is to be ignored.
            let set = std::env::var_os(variable).map(PathBuf::from).filter(|p| p.is_absolute());
            set.unwrap_or_else(|| home.join(otherwise)).join("osiscope")
        };
        Self { config: folder("XDG_CONFIG_HOME", ".config"), state: folder("XDG_STATE_HOME", ".local/state") }
    }

    pub fn settings(&self) -> PathBuf {
        self.config.join("settings.json")
    }

    /// Finished runs that nobody has saved elsewhere.
    pub fn runs(&self) -> PathBuf {
        self.state.join("runs")
    }

    /// Makes a new, locked spool. The lock lasts as long as the file is open.
    ///
    /// # Errors
    /// The folder cannot be made, or the file cannot be created there.
    pub fn spool(&self, kind: &str) -> io::Result<(PathBuf, File)> {
        fs::create_dir_all(&self.state)?;
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
        for n in 0..100 {
            let path = self.state.join(format!("{kind}-{seconds}-{}-{n}.pcapng", std::process::id()));
            match OpenOptions::new().read(true).write(true).create_new(true).open(&path) {
                Ok(file) => {
                    flock(&file, FlockOperation::NonBlockingLockShared)?;
                    return Ok((path, file));
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Moves what a crash left behind to the finished runs and names it there. Empty spools are removed.
    pub fn recover(&self) -> Vec<PathBuf> {
        let left = self.spools().into_iter().filter(|path| !locked(path));
        let mut found: Vec<_> = left.filter_map(|path| self.keep(&path)).collect();
        found.sort();
        found
    }

    /// At an orderly end: this process's spools go to the finished runs, and the oldest of those go.
    pub fn put_away(&self) {
        let own = format!("-{}-", std::process::id());
        for path in self.spools() {
            if path.file_name().is_some_and(|n| n.to_string_lossy().contains(&own)) {
                self.keep(&path);
            }
        }
        let mut runs = captures(&self.runs());
        runs.sort_by_key(|p| fs::metadata(p).and_then(|m| m.modified()).unwrap_or(UNIX_EPOCH));
        for path in runs.iter().rev().skip(KEEP) {
            let _ = fs::remove_file(path);
        }
    }

    fn spools(&self) -> Vec<PathBuf> {
        captures(&self.state)
    }

    /// Moves a spool to the finished runs; an empty one is removed.
    fn keep(&self, path: &Path) -> Option<PathBuf> {
        if fs::metadata(path).is_ok_and(|m| m.len() == 0) {
            let _ = fs::remove_file(path);
            return None;
        }
        fs::create_dir_all(self.runs()).ok()?;
        let to = self.runs().join(path.file_name()?);
        fs::rename(path, &to).ok()?;
        Some(to)
    }
}

/// The capture files of a folder.
fn captures(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "pcapng")).collect()
}

/// Some program still has it open.
fn locked(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| flock(&file, FlockOperation::NonBlockingLockExclusive).is_err())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn folders(root: &Path) -> Folders {
        Folders { config: root.join("config"), state: root.join("state") }
    }

    #[test]
    fn a_spool_in_use_is_not_taken_for_a_left_one() {
        let root = tempfile::tempdir().unwrap();
        let folders = folders(root.path());
        let (path, file) = folders.spool("run").unwrap();
        fs::write(&path, b"frames").unwrap();
        assert_eq!(folders.recover(), Vec::<PathBuf>::new());
        drop(file);
        let found = folders.recover();
        assert_eq!(found.len(), 1, "after a crash the lock is gone and the spool is offered");
        assert_eq!(fs::read(&found[0]).unwrap(), b"frames");
        assert_eq!(folders.recover(), Vec::<PathBuf>::new(), "and it is offered only once");
    }

    #[test]
    fn an_orderly_end_keeps_the_last_runs_and_no_more() {
        let root = tempfile::tempdir().unwrap();
        let folders = folders(root.path());
        for _ in 0..KEEP + 3 {
            let (path, _file) = folders.spool("run").unwrap();
            fs::write(path, b"frames").unwrap();
        }
        folders.put_away();
        assert_eq!(captures(&folders.runs()).len(), KEEP);
        assert_eq!(folders.spools().len(), 0);
    }

    #[test]
    fn an_empty_spool_is_not_offered() {
        let root = tempfile::tempdir().unwrap();
        let folders = folders(root.path());
        drop(folders.spool("run").unwrap());
        assert_eq!(folders.recover(), Vec::<PathBuf>::new());
        assert_eq!(folders.spools().len(), 0);
    }
}
