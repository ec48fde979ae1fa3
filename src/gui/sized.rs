//! Panels whose size a person sets by dragging their edge.
//!
//! In: a panel's name and what it is by default. Out: the panel drawn; and, when its edge is let go, the size to be kept from one
//! start to the next. A size holds for windows of about the same size: one made much larger divides itself anew. A double
//! click on the edge gives back the default.

use crate::app::{Action, Model};
use eframe::egui::{IdSalt, Panel, Ui, Vec2};

/// Where a panel stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
    Bottom,
}

/// A panel before it is shown. Sizes are outer ones, in points.
pub struct Sized<'a> {
    pub name: &'static str,
    pub side: Side,
    pub default: f32,
    pub range: std::ops::RangeInclusive<f32>,
    pub model: &'a Model,
    /// Of the window.
    pub room: Vec2,
}

impl Sized<'_> {
    /// What the size is kept under.
    fn key(&self) -> String {
        format!("{} {}x{}", self.name, (self.room.x / 320.0) as i32, (self.room.y / 200.0) as i32)
    }

    pub fn show(self, ui: &mut Ui, dress: impl FnOnce(Panel) -> Panel, add: impl FnOnce(&mut Ui), actions: &mut Vec<Action>) {
        let key = self.key();
        let size = self.model.prefs.panels.get(&key).copied().unwrap_or(self.default);
        // Another layout is another panel: egui forgets what it knew of the one before.
        let salt = (key.clone(), self.model.layout);
        let id = ui.scope_id().with_salt(IdSalt::new(&salt));
        let panel = match self.side {
            Side::Left => Panel::left(&salt),
            Side::Right => Panel::right(&salt),
            Side::Bottom => Panel::bottom(&salt),
        };
        let panel = dress(panel.resizable(true).default_size(size).size_range(self.range));
        let shown = panel.show(ui, add).response.rect;
        let Some(edge) = ui.read_response(id.with("__resize")) else { return };
        if edge.double_clicked() {
            actions.push(Action::SizePanel { key, size: None });
        } else if edge.drag_stopped() {
            let size = if self.side == Side::Bottom { shown.height() } else { shown.width() };
            actions.push(Action::SizePanel { key, size: Some(size) });
        }
    }
}
