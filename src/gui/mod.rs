//! The window: layout, theme, panels, keys. The only room that names egui.
//!
//! In: the [`Model`], read only. Out: [`Action`]s. A panel is a function `fn(&mut Ui, &Model) -> Vec<Action>`; it never
//! writes the model.
//!
//! Pointing: while the pointer rests on something with bytes, the panel gives `Action::Hover(Some(..))` with *every*
//! picture; when no panel does, the window takes the light away by itself.

pub mod app;
pub mod dialogs;
pub mod filter;
mod filter_menus;
pub mod find;
pub mod fonts;
pub mod keys;
pub mod lab;
pub mod notices;
pub mod paint;
pub mod panes;
pub mod player;
pub mod raster;
pub mod run;
pub mod sized;
pub mod stage;
pub mod status;
pub mod theme;
pub mod top;
pub mod welcome;
pub mod widgets;
pub mod window;

pub use app::App;
pub use run::{run, start};

use crate::app::{Action, Model};
use crate::lang::{Words, words};
use eframe::egui::Ui;

/// A part of the window that can stand by itself.
pub struct Panel {
    pub name: &'static str,
    pub title: Words,
    pub ui: fn(&mut Ui, &Model) -> Vec<Action>,
}

/// Every panel; a test draws each of them in all sizes, languages and themes.
pub static PANELS: &[Panel] = &[
    Panel { name: "top", title: words("上の帯", "Top bar"), ui: top::top_ui },
    Panel { name: "lab", title: words("ラボ", "Lab"), ui: lab::lab_ui },
    Panel { name: "stage", title: words("ステージ", "Stage"), ui: stage::stage_ui },
    Panel { name: "caption", title: words("字幕", "Caption"), ui: stage::caption_ui },
    Panel { name: "player", title: words("再生", "Player"), ui: player::player_ui },
    Panel { name: "ladder", title: words("シーケンス図", "Sequence diagram"), ui: stage::ladder_ui },
    Panel { name: "packets", title: words("パケット", "Packets"), ui: panes::packets_ui },
    Panel { name: "layers", title: words("層", "Layers"), ui: panes::layers_ui },
    Panel { name: "bytes", title: words("バイト", "Bytes"), ui: panes::bytes_ui },
    Panel { name: "messages", title: words("メッセージ", "Messages"), ui: panes::messages_ui },
    Panel { name: "notices", title: words("お知らせ", "Notices"), ui: notices::notices_ui },
    Panel { name: "filter", title: words("表示フィルタ", "Display filter"), ui: filter::filter_ui },
    Panel { name: "find", title: words("検索", "Find"), ui: find::find_ui },
    Panel { name: "status", title: words("状態", "Status"), ui: status::status_ui },
    Panel { name: "dialog", title: words("ダイアログ", "Dialog"), ui: dialogs::dialog_ui },
    Panel { name: "window", title: words("窓", "Window"), ui: window::window_ui },
];
