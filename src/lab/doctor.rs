//! What works on this machine, what does not, why, and what would help.
//!
//! In: this machine. Out: one [`Service`] for each thing the program may want to do. Everything is tried, nothing guessed;
//! nothing is changed.

use crate::capture::rights::{Capturer, Rights, install_command, rights};
use crate::lang::{Text, words};
use crate::netns::{Report, probe};
use crate::timeline::Service;
use std::path::Path;

/// Tries everything with this program; `spools` is the folder where it keeps recordings. Takes about 100 ms: it starts
/// processes.
pub fn doctor(spools: &Path) -> Vec<Service> {
    doctor_with(Path::new("/proc/self/exe"), spools)
}

/// The same with the program file `exe` as the one to try.
pub fn doctor_with(exe: &Path, spools: &Path) -> Vec<Service> {
    vec![lab(exe), live(exe), spool(spools), display(|name| std::env::var(name).ok())]
}

fn lab(exe: &Path) -> Service {
    let report = probe(exe);
    let (advice, command) = report.advice().unzip();
    let found = match &report {
        Report::Works => words(
            "管理者の権限なしで専用のネットワークを作り、その中でキャプチャできました。",
            "A network of its own was made without root, and a capture works inside.",
        )
        .into(),
        Report::Fails(error) => error.found(),
        Report::Silent(why) => Text::new(
            format!("試すためのプロセスから答えがありません（{why}）。"),
            format!("The trial process gave no answer ({why})."),
        ),
    };
    Service {
        name: words("専用ネットワークでの通信（権限不要）", "lab in a network of its own (needs no right)").into(),
        works: report == Report::Works,
        found,
        advice,
        command: command.flatten(),
    }
}

fn live(exe: &Path) -> Service {
    let name = words("実際のインタフェースのキャプチャ", "live capture on real interfaces").into();
    // For the command, the path a person can see.
    let seen = std::fs::canonicalize(exe).unwrap_or_else(|_| exe.to_owned());
    match rights(&seen) {
        Rights::Can(Capturer::Itself) => Service {
            name,
            works: true,
            found: words(
                "このプロセスはキャプチャする権限を持っています（たいていは root で動いているため）。",
                "This process has the right to capture (mostly because it runs as root).",
            )
            .into(),
            advice: Some(
                words(
                    "ふだんは一般ユーザで動かし、権限は小さな写しだけに渡すほうが安全です。",
                    "It is safer to run as an ordinary user and give the right to a small copy only.",
                )
                .into(),
            ),
            command: Some(install_command(&seen)),
        },
        Rights::Can(Capturer::Helper(path)) => Service {
            name,
            works: true,
            found: Text::new(
                format!("{} がキャプチャする権限を持っています。", path.display()),
                format!("{} has the right to capture.", path.display()),
            ),
            advice: None,
            command: None,
        },
        Rights::Cannot { found, advice, command } => {
            Service { name, works: false, found, advice: Some(advice), command: Some(command) }
        }
    }
}

fn spool(folder: &Path) -> Service {
    let place = folder.display();
    let trial = folder.join(format!(".osiscope-doctor-{}", std::process::id()));
    // At the first start it is not there yet; where it cannot be made, the trial below says why.
    let _ = std::fs::create_dir_all(folder);
    let tried = std::fs::OpenOptions::new().write(true).create_new(true).open(&trial);
    let found = match &tried {
        Ok(_) => Text::new(format!("{place} に書けます。"), format!("{place} can be written to.")),
        Err(e) => Text::new(format!("{place} に書けません（{e}）。"), format!("{place} cannot be written to ({e}).")),
    };
    let works = tried.is_ok();
    if works {
        let _ = std::fs::remove_file(&trial);
    }
    Service {
        name: words("記録用のフォルダ", "folder for recordings").into(),
        works,
        found,
        advice: (!works).then(|| {
            words(
                "環境変数 XDG_STATE_HOME で、書けるフォルダを指定してください。",
                "Name a folder that can be written to in the variable XDG_STATE_HOME.",
            )
                .into()
        }),
        command: (!works).then(|| "XDG_STATE_HOME=/tmp osiscope".to_owned()),
    }
}

fn display(variable: impl Fn(&str) -> Option<String>) -> Service {
    let set = |name: &str| variable(name).filter(|v| !v.is_empty()).map(|v| format!("{name}={v}"));
    let found = set("WAYLAND_DISPLAY").or_else(|| set("WAYLAND_SOCKET")).or_else(|| set("DISPLAY"));
    let built = cfg!(feature = "gui");
    Service {
        name: words("画面（ウィンドウ）", "display (the window)").into(),
        works: built && found.is_some(),
        found: match (&found, built) {
            (_, false) => words("この osiscope はウィンドウなしでビルドされています。", "This osiscope was built without a window.").into(),
            (Some(found), true) => Text::same(found.clone()),
            (None, true) => words("WAYLAND_DISPLAY も DISPLAY も設定されていません。", "Neither WAYLAND_DISPLAY nor DISPLAY is set.").into(),
        },
        advice: (!built || found.is_none()).then(|| {
            words(
                "デスクトップの端末から起動してください。画面がなくても、コマンドラインの機能は使えます。",
                "Start it from a terminal on a desktop. The command line works without a display.",
            )
            .into()
        }),
        command: None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_written_is_found_out_and_nothing_is_left_in_a_good_one() {
        let folder = tempfile::tempdir().unwrap();
        assert!(spool(folder.path()).works);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let file = folder.path().join("file");
        std::fs::write(&file, b"").unwrap();
        let gone = spool(&file.join("below a file there is no folder"));
        assert!(!gone.works && gone.advice.is_some() && gone.command.is_some());
    }

    #[test]
    fn no_display_variable_means_no_window() {
        assert!(!display(|_| None).works);
        assert!(!display(|_| Some(String::new())).works, "an empty variable names no display");
        assert_eq!(display(|n| (n == "DISPLAY").then(|| ":0".into())).works, cfg!(feature = "gui"));
    }
}
