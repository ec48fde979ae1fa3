//! Why no name space could be made, and what would help.
//!
//! In: the step, its errno and the settings of this kernel. Out: words and, where one exists, the exact command. The advice
//! is a function of its arguments, so that every row of it can be tested on any machine.

use super::errno;
use crate::lang::{Text, words};
use serde::{Deserialize, Serialize};

/// What was being done when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Unshare,
    Setgroups,
    UidMap,
    GidMap,
    LoopbackUp,
    /// Opening a packet socket inside: the last proof that the name space is good for a capture.
    PacketSocket,
}

impl Step {
    /// The call or file, as a person would look it up.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unshare => "unshare(CLONE_NEWUSER | CLONE_NEWNET)",
            Self::Setgroups => "/proc/self/setgroups",
            Self::UidMap => "/proc/self/uid_map",
            Self::GidMap => "/proc/self/gid_map",
            Self::LoopbackUp => "ioctl(SIOCSIFFLAGS) lo up",
            Self::PacketSocket => "socket(AF_PACKET)",
        }
    }
}

/// A step that failed, with its errno.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetnsError {
    pub step: Step,
    pub errno: i32,
}

/// The kernel's settings that decide about name spaces; `None` where this kernel has no such setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// `kernel.apparmor_restrict_unprivileged_userns` (Ubuntu 23.10 and later).
    pub apparmor_restricts: Option<i64>,
    /// `kernel.unprivileged_userns_clone` (Debian and others).
    pub userns_clone: Option<i64>,
    /// `user.max_user_namespaces`.
    pub max_user: Option<i64>,
    /// `user.max_net_namespaces`.
    pub max_net: Option<i64>,
}

impl Settings {
    /// Those of the running kernel.
    pub fn read() -> Self {
        let get = |path: &str| std::fs::read_to_string(path).ok()?.trim().parse().ok();
        Self {
            apparmor_restricts: get("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
            userns_clone: get("/proc/sys/kernel/unprivileged_userns_clone"),
            max_user: get("/proc/sys/user/max_user_namespaces"),
            max_net: get("/proc/sys/user/max_net_namespaces"),
        }
    }
}

impl NetnsError {
    /// What was tried and what came back.
    pub fn found(self) -> Text {
        let (step, why) = (self.step.name(), errno::text(self.errno));
        Text::new(
            format!("自分専用のネットワーク（名前空間）を作れませんでした：{step} が {why} で失敗しました。"),
            format!("A network of one's own (a name space) could not be made: {step} failed with {why}."),
        )
    }

    /// What would help, and the exact command if there is one.
    pub fn advice(self, settings: Settings) -> (Text, Option<String>) {
        let command = |c: &str| Some(c.to_owned());
        let denied = matches!(self.errno, libc::EPERM | libc::EACCES);
        if self.step == Step::Unshare && self.errno == libc::ENOSPC {
            let mut line = String::from("sudo sysctl");
            if settings.max_user.is_none_or(|n| n == 0) {
                line.push_str(" user.max_user_namespaces=15000");
            }
            if settings.max_net.is_none_or(|n| n == 0) {
                line.push_str(" user.max_net_namespaces=15000");
            }
            let text = words(
                "名前空間の数の上限に達しています。上限を上げてください。",
                "The limit of name spaces is reached. Raise the limit.",
            );
            // Neither limit is 0: they are used up, and only somebody who sees the machine knows a good number.
            return (text.into(), (line != "sudo sysctl").then_some(line));
        }
        if self.step == Step::Unshare && denied && settings.userns_clone == Some(0) {
            let text = words(
                "この Linux では一般ユーザの名前空間が止められています。次のコマンドで許可できます（再起動で元に戻ります）。",
                "This Linux forbids name spaces to ordinary users. The command allows them until the next restart.",
            );
            return (text.into(), command("sudo sysctl kernel.unprivileged_userns_clone=1"));
        }
        if denied && settings.apparmor_restricts == Some(1) {
            let text = words(
                "Ubuntu の AppArmor が一般ユーザの名前空間を制限しています。次のコマンドで再起動まで許可するか、\
                 osiscope のパスに「userns,」を許す AppArmor プロファイルを入れてください。",
                "Ubuntu's AppArmor restricts name spaces of ordinary users. Allow them until the next restart with this \
                 command, or install an AppArmor profile with “userns,” for the path of osiscope.",
            );
            return (text.into(), command("sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"));
        }
        if self.step == Step::Unshare && denied {
            let text = words(
                "コンテナや Flatpak の中では名前空間を作れないことがあります。その外で実行するか、保存済みのキャプチャを開いてください。",
                "Inside a container or Flatpak name spaces are often forbidden. Run osiscope outside, or open a recorded capture.",
            );
            return (text.into(), None);
        }
        if self.step == Step::Unshare && self.errno == libc::EINVAL {
            let text = words(
                "このカーネルに名前空間の機能がないか、プログラムが複数のスレッドから呼びました。保存済みのキャプチャは開けます。",
                "This kernel has no such name spaces, or the program asked from a process with several threads. Recorded captures can still be opened.",
            );
            return (text.into(), None);
        }
        if denied && matches!(self.step, Step::Setgroups | Step::UidMap | Step::GidMap) {
            let text = words(
                "osiscope の実行ファイル自体に権限（file capability）が付いていると、この書き込みは拒否されます。\
                 権限は osiscope-capture という写しだけに付け、本体からは外してください。",
                "This write is refused when the program file of osiscope itself carries file capabilities. Give them only to \
                 the copy named osiscope-capture and remove them from osiscope.",
            );
            return (text.into(), command("sudo setcap -r \"$(command -v osiscope)\""));
        }
        let text = words(
            "実際のインタフェースでのキャプチャ（osiscope-capture）を使うか、保存済みのキャプチャを開いてください。",
            "Use the capture on a real interface (osiscope-capture), or open a recorded capture.",
        );
        (text.into(), None)
    }

    /// Everything in one text, for a place that has room for one only.
    pub fn text(self) -> Text {
        let (found, (advice, command)) = (self.found(), self.advice(Settings::read()));
        let command = command.map(|c| format!("\n$ {c}")).unwrap_or_default();
        Text::new(format!("{}{}{command}", found.ja, advice.ja), format!("{} {}{command}", found.en, advice.en))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(step: Step, errno: i32, settings: Settings) -> Option<String> {
        NetnsError { step, errno }.advice(settings).1
    }

    #[test]
    fn each_known_cause_gets_its_own_command() {
        let none = Settings::default();
        let ubuntu = Settings { apparmor_restricts: Some(1), ..none };
        let debian = Settings { userns_clone: Some(0), ..none };
        let zero = Settings { max_user: Some(0), max_net: Some(500), ..none };
        let has = |found: Option<String>, part: &str| assert!(found.as_deref().is_some_and(|c| c.contains(part)), "{found:?}");
        has(command(Step::UidMap, libc::EACCES, ubuntu), "apparmor_restrict_unprivileged_userns=0");
        has(command(Step::LoopbackUp, libc::EPERM, ubuntu), "apparmor_restrict_unprivileged_userns=0");
        has(command(Step::Unshare, libc::EPERM, debian), "unprivileged_userns_clone=1");
        has(command(Step::Unshare, libc::ENOSPC, zero), "max_user_namespaces=15000");
        has(command(Step::Setgroups, libc::EACCES, none), "setcap -r");
        assert!(!command(Step::Unshare, libc::ENOSPC, zero).is_some_and(|c| c.contains("max_net")));
        assert_eq!(command(Step::Unshare, libc::EPERM, none), None, "no command opens a container from inside");
    }

    #[test]
    fn the_error_names_step_and_errno_in_both_languages() {
        let text = NetnsError { step: Step::GidMap, errno: libc::EPERM }.found();
        for text in [text.ja, text.en] {
            assert!(text.contains("gid_map") && text.contains("EPERM"), "{text}");
        }
    }
}
