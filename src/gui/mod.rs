//! The window: layout, theme, panels, keys. The only room that names egui.
//!
//! In: the [`Model`](crate::app::Model), read only. Out: [`Action`](crate::app::Action)s. A panel is a function
//! `fn(&mut Ui, &Model) -> Vec<Action>`; it never writes the model.
//!
//! Pointing: while the pointer rests on something with bytes, the panel gives `Action::Hover(Some(..))` with *every*
//! picture; when no panel does, the window takes the light away by itself.

pub mod fonts;
pub mod paint;
pub mod panes;
pub mod raster;
pub mod theme;
