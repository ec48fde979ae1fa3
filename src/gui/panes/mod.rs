//! Stand-ins for the four panes.
use crate::app::{Action, Model};
use eframe::egui::Ui;

pub fn packets_ui(_ui: &mut Ui, _model: &Model) -> Vec<Action> {
    Vec::new()
}
pub fn layers_ui(_ui: &mut Ui, _model: &Model) -> Vec<Action> {
    Vec::new()
}
pub fn bytes_ui(_ui: &mut Ui, _model: &Model) -> Vec<Action> {
    Vec::new()
}
pub fn messages_ui(_ui: &mut Ui, _model: &Model) -> Vec<Action> {
    Vec::new()
}
