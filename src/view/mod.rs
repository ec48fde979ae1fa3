//! From the model to rows and shapes to draw. No egui: what is drawn on the screen is drawn from the same shapes into a file.
//!
//! In: a [`Model`](crate::app::Model) and a size. Out: [`Scene`]s and rows of text. Nothing here changes anything.

pub mod bits;
pub mod bytes;
pub mod calls;
pub mod caption;
pub mod deed;
pub mod filters;
pub mod fit;
pub mod label;
pub mod ladder;
pub mod layers;
pub mod lifecycle;
pub mod messages;
pub mod packets;
pub mod program;
pub mod shape;
pub mod sockets;
pub mod stage;
pub mod states;
pub mod talks;
pub mod unseen;

pub use shape::{Anchor, Font, Hit, Ink, Paint, Pt, Rect, Scene, Shape, pt};
