//! Draws what egui has tessellated into an image, without a graphics card: for the pictures in the documents and for tests.
//!
//! In: clipped triangle meshes and the textures they use. Out: pixels. It multiplies and blends in gamma space with
//! premultiplied alpha, as egui's own painter for OpenGL does, so that the picture is the one a person sees.

use eframe::egui::epaint::{ClippedPrimitive, Mesh, Primitive, Vertex, WHITE_UV};
use eframe::egui::{Color32, ColorImage, ImageData, Pos2, Rect, TextureId, TexturesDelta, pos2};
use std::collections::HashMap;

/// The textures as egui has last described them.
#[derive(Default)]
pub struct Textures(HashMap<TextureId, ColorImage>);

impl Textures {
    /// Takes over all changes and leaves nothing to be done.
    pub fn apply(&mut self, delta: &mut TexturesDelta) {
        for (id, changes) in delta.set.drain() {
            for change in changes {
                let ImageData::Color(part) = &change.image;
                match (change.pos, self.0.get_mut(&id)) {
                    (Some([x, y]), Some(whole)) => copy(part, whole, x, y),
                    _ => {
                        self.0.insert(id, (**part).clone());
                    }
                }
            }
        }
        for id in delta.free.drain() {
            self.0.remove(&id);
        }
    }
}

fn copy(part: &ColorImage, whole: &mut ColorImage, x: usize, y: usize) {
    let (from, to) = (part.size[0], whole.size[0]);
    for (row, pixels) in part.pixels.chunks_exact(from.max(1)).enumerate() {
        let start = (y + row) * to + x;
        if let Some(target) = whole.pixels.get_mut(start..start + from) {
            target.copy_from_slice(pixels);
        }
    }
}

/// Draws on an opaque ground. `size` is in pixels.
pub fn rasterise(
    primitives: &[ClippedPrimitive],
    textures: &Textures,
    size: [usize; 2],
    pixels_per_point: f32,
    ground: Color32,
) -> ColorImage {
    let mut image = ColorImage::filled(size, ground);
    for ClippedPrimitive { clip_rect, primitive } in primitives {
        let Primitive::Mesh(mesh) = primitive else { continue };
        let Some(texture) = textures.0.get(&mesh.texture_id) else { continue };
        let clip = Clip::new(*clip_rect, pixels_per_point, size);
        triangles(mesh, texture, &clip, pixels_per_point, &mut image);
    }
    image
}

/// The pixels that may be touched: `x0..x1`, `y0..y1`.
struct Clip {
    x0: i64,
    y0: i64,
    x1: i64,
    y1: i64,
}

impl Clip {
    fn new(rect: Rect, scale: f32, [w, h]: [usize; 2]) -> Self {
        let pixel = |v: f32, max: usize| ((v * scale).round() as i64).clamp(0, max as i64);
        Self { x0: pixel(rect.min.x, w), y0: pixel(rect.min.y, h), x1: pixel(rect.max.x, w), y1: pixel(rect.max.y, h) }
    }
}

fn triangles(mesh: &Mesh, texture: &ColorImage, clip: &Clip, scale: f32, image: &mut ColorImage) {
    for corners in mesh.indices.chunks_exact(3) {
        let [Some(a), Some(b), Some(c)] = [0, 1, 2].map(|i| corners.get(i).and_then(|&at| mesh.vertices.get(at as usize)))
        else {
            continue;
        };
        Triangle::new(a, b, c, scale).draw(texture, clip, image);
    }
}

/// Parts of a pixel that corners are rounded to, so that edges two triangles share are the same line for both.
const SUB: i64 = 256;

struct Triangle {
    x: [i64; 3],
    y: [i64; 3],
    color: [[f32; 4]; 3],
    uv: [Pos2; 3],
    /// One colour and no picture: nothing to be mixed from corner to corner.
    flat: Option<Color32>,
}

impl Triangle {
    fn new(a: &Vertex, b: &Vertex, c: &Vertex, scale: f32) -> Self {
        let corners = [a, b, c];
        let white = corners.iter().all(|v| v.uv == WHITE_UV);
        let same = a.color == b.color && b.color == c.color;
        Self {
            x: corners.map(|v| (v.pos.x * scale * SUB as f32).round() as i64),
            y: corners.map(|v| (v.pos.y * scale * SUB as f32).round() as i64),
            color: corners.map(|v| v.color.to_array().map(f32::from)),
            uv: corners.map(|v| v.uv),
            flat: (white && same).then_some(a.color),
        }
    }

    /// Twice the area of the triangle of two corners and a point; positive on the inner side once the corners go round.
    fn edge(&self, from: usize, to: usize, x: i64, y: i64) -> i64 {
        (self.x[to] - self.x[from]) * (y - self.y[from]) - (self.y[to] - self.y[from]) * (x - self.x[from])
    }

    fn draw(mut self, texture: &ColorImage, clip: &Clip, image: &mut ColorImage) {
        let mut area = self.edge(0, 1, self.x[2], self.y[2]);
        if area == 0 || self.flat.is_some_and(|c| c == Color32::TRANSPARENT) {
            return;
        }
        if area < 0 {
            self.x.swap(1, 2);
            self.y.swap(1, 2);
            self.color.swap(1, 2);
            self.uv.swap(1, 2);
            area = -area;
        }
        let least = |v: &[i64; 3]| v.iter().copied().min().unwrap_or(0).div_euclid(SUB);
        let most = |v: &[i64; 3]| v.iter().copied().max().unwrap_or(0).div_euclid(SUB) + 1;
        let (x0, x1) = (least(&self.x).max(clip.x0), most(&self.x).min(clip.x1));
        let (y0, y1) = (least(&self.y).max(clip.y0), most(&self.y).min(clip.y1));
        if x0 >= x1 || y0 >= y1 {
            return;
        }
        // A pixel's middle on an edge belongs to the triangle for which that edge is a top or a left one.
        let edges = [(1, 2), (2, 0), (0, 1)];
        let bias = edges.map(|(from, to)| {
            let (dx, dy) = (self.x[to] - self.x[from], self.y[to] - self.y[from]);
            i64::from(!(dy < 0 || (dy == 0 && dx > 0)))
        });
        let step = edges.map(|(from, to)| -(self.y[to] - self.y[from]) * SUB);
        let width = image.size[0];
        for y in y0..y1 {
            let (px, py) = (x0 * SUB + SUB / 2, y * SUB + SUB / 2);
            let mut w = edges.map(|(from, to)| self.edge(from, to, px, py));
            for x in x0..x1 {
                if w[0] >= bias[0] && w[1] >= bias[1] && w[2] >= bias[2] {
                    let color = match self.flat {
                        Some(color) => color,
                        None => self.mix(w, area, texture),
                    };
                    if let Some(pixel) = image.pixels.get_mut(y as usize * width + x as usize) {
                        *pixel = over(color, *pixel);
                    }
                }
                for (w, step) in w.iter_mut().zip(step) {
                    *w += step;
                }
            }
        }
    }

    fn mix(&self, w: [i64; 3], area: i64, texture: &ColorImage) -> Color32 {
        let part = w.map(|w| w as f32 / area as f32);
        let of = |f: &dyn Fn(usize) -> f32| part[0] * f(0) + part[1] * f(1) + part[2] * f(2);
        let uv = pos2(of(&|i| self.uv[i].x), of(&|i| self.uv[i].y));
        let texel = sample(texture, uv);
        let channel = |c: usize| (of(&|i| self.color[i][c]) * texel[c] / 255.0).round().clamp(0.0, 255.0) as u8;
        Color32::from_rgba_premultiplied(channel(0), channel(1), channel(2), channel(3))
    }
}

/// The four texels around a place, weighted; 0 to 255 a channel.
fn sample(texture: &ColorImage, uv: Pos2) -> [f32; 4] {
    let [w, h] = texture.size;
    let (x, y) = (uv.x * w as f32 - 0.5, uv.y * h as f32 - 0.5);
    let (fx, fy) = (x - x.floor(), y - y.floor());
    let texel = |x: f32, y: f32| {
        let at = (x.clamp(0.0, w as f32 - 1.0) as usize, y.clamp(0.0, h as f32 - 1.0) as usize);
        texture.pixels.get(at.1 * w + at.0).map_or([0.0; 4], |c| c.to_array().map(f32::from))
    };
    let (x, y) = (x.floor(), y.floor());
    let corners = [texel(x, y), texel(x + 1.0, y), texel(x, y + 1.0), texel(x + 1.0, y + 1.0)];
    let weights = [(1.0 - fx) * (1.0 - fy), fx * (1.0 - fy), (1.0 - fx) * fy, fx * fy];
    std::array::from_fn(|c| corners.iter().zip(weights).map(|(t, weight)| t[c] * weight).sum())
}

fn over(top: Color32, below: Color32) -> Color32 {
    if top.a() == 255 {
        return top;
    }
    let keep = 255 - u32::from(top.a());
    let channel = |t: u8, b: u8| (u32::from(t) + (u32::from(b) * keep + 127) / 255).min(255) as u8;
    Color32::from_rgba_premultiplied(
        channel(top.r(), below.r()),
        channel(top.g(), below.g()),
        channel(top.b(), below.b()),
        channel(top.a(), below.a()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quad(color: Color32) -> (Vec<ClippedPrimitive>, Textures) {
        let mut mesh = Mesh::default();
        mesh.add_colored_rect(Rect::from_min_max(pos2(1.0, 1.0), pos2(3.0, 4.0)), color);
        let clip_rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(8.0, 3.0));
        let mut textures = Textures::default();
        textures.0.insert(TextureId::default(), ColorImage::filled([1, 1], Color32::WHITE));
        (vec![ClippedPrimitive { clip_rect, primitive: Primitive::Mesh(mesh) }], textures)
    }

    #[test]
    fn the_two_halves_of_a_rectangle_cover_each_pixel_once() {
        let half = Color32::from_rgba_premultiplied(100, 0, 0, 128);
        let (primitives, textures) = quad(half);
        let image = rasterise(&primitives, &textures, [8, 8], 1.0, Color32::BLACK);
        let red: Vec<_> = image.pixels.iter().map(|p| p.r()).collect();
        assert_eq!(red.iter().filter(|&&r| r == 100).count(), 4, "2 × 3 pixels, of which the clip keeps two rows");
        assert_eq!(red.iter().filter(|&&r| r != 0 && r != 100).count(), 0, "the diagonal is not blended twice");
    }

    #[test]
    fn points_become_pixels_by_the_scale() {
        let (primitives, textures) = quad(Color32::RED);
        let image = rasterise(&primitives, &textures, [16, 16], 2.0, Color32::BLACK);
        assert_eq!(image.pixels.iter().filter(|p| p.r() == 255).count(), 4 * 4);
    }
}
