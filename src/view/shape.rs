//! Shapes: what a scene is made of. Points are logical pixels from the scene's top left corner, y down.

use crate::app::{Action, ByteRef};
use crate::wire::Osi;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pt {
    pub x: f32,
    pub y: f32,
}

pub fn pt(x: f32, y: f32) -> Pt {
    Pt { x, y }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

impl Rect {
    pub fn new(x: f32, y: f32, w: f32, h: f32) -> Self {
        Self { x, y, w, h }
    }

    pub fn right(self) -> f32 {
        self.x + self.w
    }

    pub fn bottom(self) -> f32 {
        self.y + self.h
    }

    pub fn center(self) -> Pt {
        pt(self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    pub fn shrink(self, by: f32) -> Self {
        Self::new(self.x + by, self.y + by, (self.w - 2.0 * by).max(0.0), (self.h - 2.0 * by).max(0.0))
    }
}

/// A colour by its meaning; the theme gives it its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ink {
    Canvas,
    Panel,
    Raised,
    Line,
    Text,
    Secondary,
    Selected,
    /// Here, now.
    Accent,
    /// Text on a fill of the accent.
    OnAccent,
    Ok,
    Warn,
    Error,
    Layer(Osi),
    /// Text on a fill of a layer's colour.
    OnLayer,
}

/// An ink and how opaque it is, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paint {
    pub ink: Ink,
    pub alpha: f32,
}

impl Ink {
    pub fn solid(self) -> Paint {
        Paint { ink: self, alpha: 1.0 }
    }

    pub fn alpha(self, alpha: f32) -> Paint {
        Paint { ink: self, alpha }
    }
}

/// Type by its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Font {
    /// 11 pt.
    Small,
    /// 13 pt, fixed pitch: bytes, numbers, addresses.
    Mono,
    /// 11 pt, fixed pitch.
    MonoSmall,
    /// 14 pt.
    Body,
    /// 14 pt, semibold.
    Strong,
    /// 16 pt, semibold.
    Subtitle,
    /// 20 pt, semibold.
    Heading,
    /// 21 pt, semibold: the stage's sentence.
    Caption,
}

impl Font {
    pub fn size(self) -> f32 {
        match self {
            Self::Small | Self::MonoSmall => 11.0,
            Self::Mono => 13.0,
            Self::Body | Self::Strong => 14.0,
            Self::Subtitle => 16.0,
            Self::Heading => 20.0,
            Self::Caption => 21.0,
        }
    }
}

/// Which point of a text stands at its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    LeftTop,
    LeftCenter,
    Center,
    RightCenter,
    CenterTop,
    RightTop,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Rect { rect: Rect, radius: f32, fill: Option<Paint>, stroke: Option<(f32, Paint)> },
    /// Joined straight pieces. `dash`: lengths of stroke and gap, where it is not solid.
    Line { points: Vec<Pt>, width: f32, paint: Paint, dash: Option<(f32, f32)> },
    /// A filled polygon, convex.
    Polygon { points: Vec<Pt>, fill: Paint },
    /// One line of text, elided with `…` beyond `max_width`.
    Text { at: Pt, anchor: Anchor, text: String, font: Font, paint: Paint, max_width: f32 },
}

/// A place that can be pointed at.
#[derive(Clone)]
pub struct Hit {
    pub rect: Rect,
    /// What a screen reader says, and tests look for. Unique in its scene.
    pub name: String,
    /// Words that appear beside the pointer, if any.
    pub tip: Option<String>,
    pub hover: Option<ByteRef>,
    pub click: Option<Action>,
}

/// A drawing.
#[derive(Clone, Default)]
pub struct Scene {
    /// Width and height in logical pixels.
    pub size: Pt,
    /// From back to front.
    pub shapes: Vec<Shape>,
    /// From back to front; where they overlap the last one is meant.
    pub hits: Vec<Hit>,
}

impl Scene {
    pub fn new(w: f32, h: f32) -> Self {
        Self { size: pt(w, h), shapes: Vec::new(), hits: Vec::new() }
    }

    pub fn rect(&mut self, rect: Rect, radius: f32, fill: Paint) {
        self.shapes.push(Shape::Rect { rect, radius, fill: Some(fill), stroke: None });
    }

    pub fn frame(&mut self, rect: Rect, radius: f32, fill: Option<Paint>, width: f32, stroke: Paint) {
        self.shapes.push(Shape::Rect { rect, radius, fill, stroke: Some((width, stroke)) });
    }

    pub fn line(&mut self, points: &[Pt], width: f32, paint: Paint) {
        self.shapes.push(Shape::Line { points: points.to_vec(), width, paint, dash: None });
    }

    pub fn dashed(&mut self, points: &[Pt], width: f32, paint: Paint, stroke: f32, gap: f32) {
        self.shapes.push(Shape::Line { points: points.to_vec(), width, paint, dash: Some((stroke, gap)) });
    }

    /// A filled arrow head with its tip at `tip`, pointing from `from`.
    pub fn head(&mut self, from: Pt, tip: Pt, size: f32, paint: Paint) {
        let (dx, dy) = (tip.x - from.x, tip.y - from.y);
        let length = dx.hypot(dy).max(0.001);
        let (ux, uy) = (dx / length, dy / length);
        let base = pt(tip.x - ux * size, tip.y - uy * size);
        let half = size * 0.42;
        let points = vec![tip, pt(base.x - uy * half, base.y + ux * half), pt(base.x + uy * half, base.y - ux * half)];
        self.shapes.push(Shape::Polygon { points, fill: paint });
    }

    /// One line of text; beyond `max_width` it is elided.
    pub fn text(&mut self, at: Pt, anchor: Anchor, text: impl Into<String>, font: Font, paint: Paint, max_width: f32) {
        let text = text.into();
        if !text.is_empty() && max_width > 0.0 {
            self.shapes.push(Shape::Text { at, anchor, text, font, paint, max_width });
        }
    }

    pub fn hit(&mut self, rect: Rect, name: impl Into<String>, hover: Option<ByteRef>, click: Option<Action>) {
        self.hits.push(Hit { rect, name: name.into(), tip: None, hover, click });
    }

    pub fn hit_tip(&mut self, rect: Rect, name: impl Into<String>, tip: String, hover: Option<ByteRef>, click: Option<Action>) {
        self.hits.push(Hit { rect, name: name.into(), tip: Some(tip), hover, click });
    }
}
