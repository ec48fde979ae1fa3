//! What several tests of the window share.

use eframe::egui::{Color32, Context, FullOutput, TexturesDelta};
use egui_kittest::TestRenderer;
use osiscope::gui::raster::{Textures, rasterise};

/// Draws a harness's pictures on the processor: the same pixels on every machine.
#[derive(Default)]
pub struct CpuRenderer {
    textures: Textures,
}

impl TestRenderer for CpuRenderer {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.textures.apply(delta);
    }

    fn render(&mut self, ctx: &Context, output: &FullOutput) -> Result<image::RgbaImage, String> {
        let scale = output.pixels_per_point;
        let points = ctx.content_rect().size();
        let size = [(points.x * scale).round() as usize, (points.y * scale).round() as usize];
        let primitives = ctx.tessellate(output.shapes.clone(), scale);
        let picture = rasterise(&primitives, &self.textures, size, scale, Color32::BLACK);
        let bytes = picture.pixels.iter().flat_map(|p| p.to_array()).collect();
        image::RgbaImage::from_raw(size[0] as u32, size[1] as u32, bytes).ok_or_else(|| "wrong size".to_owned())
    }
}
