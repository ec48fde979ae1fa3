//! May this process, or a copy of it, capture from a real interface?
//!
//! In: what the kernel answers when a packet socket is asked for, and the places where `osiscope-capture` may be. Out:
//! [`Rights`], with the command that would cure a lack. It asks by trying, never by guessing from user ids.

use super::helper::{self, Probe};
use crate::lang::{Text, words};
use crate::netns::errno;
use rustix::io::Errno;
use rustix::process::getuid;
use rustix::thread::capabilities;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The name of the copy that carries the right; under this name the program only captures.
pub const HELPER: &str = "osiscope-capture";

/// Who can capture from a real interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Capturer {
    /// This program itself: it runs as root or has the right.
    Itself,
    /// The copy at this place.
    Helper(PathBuf),
}

/// What was found out about the right to capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rights {
    Can(Capturer),
    Cannot {
        /// What was tried and what came back.
        found: Text,
        advice: Text,
        command: String,
    },
}

/// May this very process open a packet socket?
pub fn may_capture() -> Result<(), Errno> {
    crate::netns::make::packet_socket()
}

/// Looks for somebody who may capture; `exe` is the file of this program. Takes a few milliseconds: it starts a process.
pub fn rights(exe: &Path) -> Rights {
    let own = match may_capture() {
        Ok(()) => return Rights::Can(Capturer::Itself),
        Err(e) => errno::text(e.raw_os_error()),
    };
    let Some(helper) = find_helper(exe) else {
        return Rights::Cannot {
            found: Text::new(
                format!("このプログラムにはキャプチャの権限がなく（{own}）、{HELPER} も見つかりません。"),
                format!("This program has no right to capture ({own}), and there is no {HELPER}."),
            ),
            advice: words(
                "小さな写しにだけ権限を渡すと、osiscope 本体は一般ユーザのまま実際のインタフェースをキャプチャできます。",
                "Give the right to a small copy only: osiscope itself stays an ordinary program and can still capture from real interfaces.",
            )
            .into(),
            command: install_command(exe),
        };
    };
    let place = helper.display();
    let why = match ask(&helper) {
        Ok(Probe { errno: 0, .. }) => return Rights::Can(Capturer::Helper(helper)),
        Ok(probe) => errno::text(probe.errno),
        Err(e) => e,
    };
    Rights::Cannot {
        found: Text::new(
            format!("{place} はありますが、キャプチャできません（{why}）。"),
            format!("There is {place}, but it cannot capture ({why})."),
        ),
        advice: words(
            "写しを作り直すと（ファイルをコピーすると）権限が消えます。もう一度付けてください。",
            "A right is lost whenever the file is copied again. Give it once more.",
        )
        .into(),
        command: install_command(exe),
    }
}

/// The copy: next to this program, in PATH, or where the install command puts it.
fn find_helper(exe: &Path) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = exe.parent().map(Path::to_path_buf).into_iter().chain(std::env::split_paths(&path));
    folders
        .chain(["/usr/local/bin", "/usr/local/sbin"].map(PathBuf::from))
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(HELPER))
        .find(|file| file.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0))
}

/// Starts the copy to ask whether it has the right.
fn ask(helper: &Path) -> Result<Probe, String> {
    let run = Command::new(helper).args([helper::SUBCOMMAND, "--probe"]).stdin(Stdio::null()).stderr(Stdio::null()).output();
    let out = run.map_err(|e| e.to_string())?;
    serde_json::from_slice(&out.stdout).map_err(|_| out.status.to_string())
}

/// The exact command that makes the copy: only this user's group may run it, and it has `cap_net_raw` alone.
pub fn install_command(exe: &Path) -> String {
    let exe = exe.display().to_string().replace('\'', r"'\''");
    format!(
        "sudo install -o root -g \"$(id -gn)\" -m 0750 '{exe}' /usr/local/bin/{HELPER} && \
         sudo setcap cap_net_raw=ep /usr/local/bin/{HELPER}"
    )
}

/// Does this process have rights because of its file, that the one who started it has not? The kernel tells every program
/// in its auxiliary vector (AT_SECURE); security modules set that too, so rights must be there as well. Unreadable means
/// yes: such a process may not read its own.
pub fn runs_with_borrowed_rights() -> bool {
    const AT_SECURE: usize = 23;
    if getuid().is_root() || capabilities(None).is_ok_and(|sets| sets.permitted.is_empty()) {
        return false;
    }
    let Ok(vector) = std::fs::read("/proc/self/auxv") else { return true };
    let word = |bytes: &[u8]| bytes.try_into().map(usize::from_ne_bytes).unwrap_or(0);
    let size = size_of::<usize>();
    vector.chunks_exact(2 * size).any(|pair| {
        let (key, value) = pair.split_at(size);
        word(key) == AT_SECURE && word(value) != 0
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_path_with_quotes_stays_one_word_in_the_command() {
        let command = install_command(Path::new("/home/o'hara/osi scope"));
        assert!(command.contains(r"'/home/o'\''hara/osi scope'"), "{command}");
        assert!(command.contains("-m 0750") && command.contains("setcap cap_net_raw=ep"));
    }

    #[test]
    fn the_copy_is_found_next_to_the_program_but_only_if_it_can_run() {
        let folder = tempfile::tempdir().unwrap();
        let helper = folder.path().join(HELPER);
        std::fs::write(&helper, "").unwrap();
        let exe = folder.path().join("osiscope");
        assert_ne!(find_helper(&exe).as_deref(), Some(helper.as_path()), "not executable");
        std::fs::set_permissions(&helper, PermissionsExt::from_mode(0o755)).unwrap();
        assert_eq!(find_helper(&exe), Some(helper));
    }
}
