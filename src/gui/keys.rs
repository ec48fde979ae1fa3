//! The keys: one table, used by the handler and by the help.
//!
//! A key that could also be meant for a text field is not taken while one has the focus; while a dialog is open the keys
//! belong to the dialog.

use crate::app::{Action, Dialog, Model, Purpose, Tab};
use crate::lang::{Lang, Words, words};
use crate::view::filters;
use eframe::egui::{Context, Key, KeyboardShortcut, Modifiers, Popup};

/// One row of the table.
pub struct Binding {
    /// Any of them.
    pub keys: &'static [KeyboardShortcut],
    pub words: Words,
    /// What it does to this model; `None`: nothing at present.
    pub action: fn(&Model) -> Option<Action>,
}

const fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

const fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::CTRL, key)
}

const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}

/// All keys, in the order of the help. One with Shift stands before the same without.
pub static TABLE: &[Binding] = &[
    Binding {
        keys: &[plain(Key::ArrowRight)],
        words: words("次のフレームへ", "Next frame"),
        action: |_| Some(Action::Step { forward: true }),
    },
    Binding {
        keys: &[plain(Key::ArrowLeft)],
        words: words("前のフレームへ", "Previous frame"),
        action: |_| Some(Action::Step { forward: false }),
    },
    Binding {
        keys: &[plain(Key::Space)],
        words: words("再生 / 一時停止", "Play / pause"),
        action: |_| Some(Action::TogglePlay),
    },
    Binding {
        keys: &[plain(Key::Home)],
        words: words("最初のフレームへ", "First frame"),
        action: |_| Some(Action::First),
    },
    Binding {
        keys: &[plain(Key::End)],
        words: words("最後のフレームへ", "Last frame"),
        action: |_| Some(Action::Last),
    },
    Binding {
        keys: &[ctrl(Key::F), plain(Key::Slash)],
        words: words("検索", "Find"),
        action: |_| Some(Action::OpenFind),
    },
    Binding {
        keys: &[ctrl(Key::Slash)],
        words: words("表示フィルタを書く", "Write a display filter"),
        action: |_| Some(Action::FocusFilter),
    },
    Binding {
        keys: &[plain(Key::F)],
        words: words("光っているフィールドの値で絞り込む", "Filter by the field that is lit"),
        action: |model| filters::of_lit(model).map(Action::Filter),
    },
    Binding {
        keys: &[shift(Key::F3)],
        words: words("前の検索結果へ", "Previous hit"),
        action: |_| Some(Action::FindNext { forward: false }),
    },
    Binding {
        keys: &[plain(Key::F3)],
        words: words("次の検索結果へ（検索欄では Enter）", "Next hit (in the search field: Enter)"),
        action: |_| Some(Action::FindNext { forward: true }),
    },
    Binding {
        keys: &[plain(Key::F9)],
        words: words("ラボを開始 / 停止", "Start / stop the lab"),
        action: |model| Some(if model.lab.running.is_some() { Action::Stop } else { Action::Start }),
    },
    Binding {
        keys: &[ctrl(Key::O)],
        words: words("ファイルを開く", "Open a file"),
        action: |_| Some(Action::Browse(Purpose::Open)),
    },
    Binding {
        keys: &[ctrl(Key::S)],
        words: words("キャプチャを保存", "Save the capture"),
        action: |_| Some(Action::Browse(Purpose::Save)),
    },
    Binding {
        keys: &[ctrl(Key::Num1)],
        words: words("ステージ", "Stage"),
        action: |_| Some(Action::SetTab(Tab::Stage)),
    },
    Binding {
        keys: &[ctrl(Key::Num2)],
        words: words("パケット", "Packets"),
        action: |_| Some(Action::SetTab(Tab::Packets)),
    },
    Binding {
        keys: &[ctrl(Key::Num3)],
        words: words("メッセージ", "Messages"),
        action: |_| Some(Action::SetTab(Tab::Messages)),
    },
    Binding {
        keys: &[ctrl(Key::Num4)],
        words: words("プログラム", "Programs"),
        action: |_| Some(Action::SetTab(Tab::Program)),
    },
    Binding {
        keys: &[ctrl(Key::Num5)],
        words: words("ソケット", "Sockets"),
        action: |_| Some(Action::SetTab(Tab::Sockets)),
    },
    Binding {
        keys: &[plain(Key::F4)],
        words: words("分析の表（会話、エンドポイント、階層…）", "Analysis tables (conversations, endpoints, hierarchy…)"),
        action: |_| Some(Action::ShowDialog(Dialog::Analysis)),
    },
    Binding {
        keys: &[plain(Key::Escape)],
        words: words("検索を閉じる、絞り込みを止める、固定を外す", "Close the search, stop filtering, unpin"),
        action: |model| {
            if model.find.open {
                Some(Action::CloseFind)
            } else if model.filter.running.is_some() {
                Some(Action::StopFilter)
            } else {
                model.pinned.map(|_| Action::Pin(None))
            }
        },
    },
    Binding {
        keys: &[plain(Key::F11)],
        words: words("全画面表示", "Full screen"),
        action: |_| Some(Action::ToggleFullScreen),
    },
    Binding {
        keys: &[plain(Key::F1)],
        words: words("このヘルプ", "This help"),
        action: |_| Some(Action::ShowDialog(Dialog::Help)),
    },
    Binding { keys: &[ctrl(Key::Q)], words: words("終了", "Quit"), action: |_| Some(Action::Quit) },
];

/// Keys that egui itself listens to, for the help.
pub static BUILT_IN: &[(&str, Words)] = &[
    ("Tab", words("次のボタンや入力欄へ", "Next button or field")),
    ("↓  ↑  /  Tab  /  Enter", words("表示フィルタの候補を選ぶ / 入れる", "Choose / put in a completion of the display filter")),
    ("Ctrl +  /  Ctrl −  /  Ctrl 0", words("拡大 / 縮小 / 元の大きさ", "Larger / smaller / normal size")),
];

/// A key's name as it is printed: "Ctrl+O".
pub fn name(shortcut: &KeyboardShortcut) -> String {
    let key = match shortcut.logical_key {
        Key::ArrowLeft => "←",
        Key::ArrowRight => "→",
        Key::Slash => "/",
        Key::Escape => "Esc",
        key => key.name(),
    };
    let mut out = String::new();
    for (on, word) in [(shortcut.modifiers.ctrl, "Ctrl+"), (shortcut.modifiers.shift, "Shift+")] {
        if on {
            out.push_str(word);
        }
    }
    out + key
}

/// A tooltip's words, with the keys that do the same.
pub fn tip(words: Words, lang: Lang) -> String {
    let keys = TABLE.iter().find(|b| b.words == words).map_or(&[][..], |b| b.keys);
    let names: Vec<_> = keys.iter().map(name).collect();
    if names.is_empty() { words.get(lang).to_owned() } else { format!("{}  [{}]", words.get(lang), names.join(" / ")) }
}

/// Could this key be meant for a text field or for the widget with the focus?
fn typing(shortcut: &KeyboardShortcut) -> bool {
    let function = matches!(shortcut.logical_key, Key::F1 | Key::F3 | Key::F4 | Key::F9 | Key::F11 | Key::Escape);
    !shortcut.modifiers.ctrl && !function
}

/// Takes the pressed keys from the input and says what they do.
pub fn read(ctx: &Context, model: &Model) -> Vec<Action> {
    if model.dialog.is_some() {
        return Vec::new();
    }
    let field = ctx.text_edit_focused();
    // Space and the arrows move within a menu, and press a button that the keyboard has reached.
    let elsewhere = field || Popup::is_any_open(ctx);
    let focused = ctx.egui_wants_keyboard_input();
    let listing = super::filter::is_listing(ctx);
    let mut actions = Vec::new();
    for binding in TABLE {
        for shortcut in binding.keys {
            let taken = (listing && shortcut.logical_key == Key::Escape)
                || typing(shortcut) && (elsewhere || (focused && shortcut.logical_key == Key::Space));
            if !taken && ctx.input_mut(|i| i.consume_shortcut(shortcut)) {
                actions.extend((binding.action)(model));
            }
        }
    }
    actions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_has_two_meanings() {
        let all: Vec<_> = TABLE.iter().flat_map(|b| b.keys).collect();
        for (i, a) in all.iter().enumerate() {
            assert!(all.iter().skip(i + 1).all(|b| a != b), "{} stands twice", name(a));
        }
    }

    #[test]
    fn a_key_with_shift_is_asked_for_before_the_same_without() {
        let place = |wanted: KeyboardShortcut| TABLE.iter().position(|b| b.keys.contains(&wanted));
        assert!(place(shift(Key::F3)) < place(plain(Key::F3)), "egui lets F3 answer to Shift+F3 too");
    }
}
