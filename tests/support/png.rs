//! Small PNG files: 256 colours in a palette are all that a picture of a window needs.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{GrayImage, RgbaImage};
use std::collections::HashMap;

/// The picture as a PNG file, opaque, with its 256 most frequent colours; the others become the nearest of these.
pub fn small(picture: &RgbaImage) -> Vec<u8> {
    let mut counts: HashMap<[u8; 3], usize> = HashMap::new();
    for pixel in picture.pixels() {
        *counts.entry(rgb(pixel.0)).or_default() += 1;
    }
    let mut palette: Vec<[u8; 3]> = counts.keys().copied().collect();
    // The colour itself decides between equals: the same picture is the same file.
    palette.sort_by_key(|color| (std::cmp::Reverse(counts[color]), *color));
    palette.truncate(256);
    let mut nearest: HashMap<[u8; 3], u8> = palette.iter().enumerate().map(|(i, c)| (*c, i as u8)).collect();
    for color in counts.into_keys() {
        let far = |other: &[u8; 3]| color.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum::<u32>();
        nearest.entry(color).or_insert_with(|| (0..palette.len()).min_by_key(|i| far(&palette[*i])).unwrap() as u8);
    }
    let indices = picture.pixels().map(|p| nearest[&rgb(p.0)]).collect();
    let gray = GrayImage::from_raw(picture.width(), picture.height(), indices).unwrap();
    let mut file = Vec::new();
    gray.write_with_encoder(PngEncoder::new_with_quality(&mut file, CompressionType::Best, FilterType::NoFilter)).unwrap();
    with_palette(file, &palette)
}

fn rgb([r, g, b, _]: [u8; 4]) -> [u8; 3] {
    [r, g, b]
}

/// Makes a file with grey levels one in which these are numbers of colours (PNG, sections 11.2.2 and 11.2.3).
fn with_palette(mut file: Vec<u8>, palette: &[[u8; 3]]) -> Vec<u8> {
    const HEADER: std::ops::Range<usize> = 12..29;
    const COLOUR_TYPE: usize = 25;
    file[COLOUR_TYPE] = 3;
    let check = crc(&file[HEADER]).to_be_bytes();
    file[29..33].copy_from_slice(&check);
    let mut chunk = b"PLTE".to_vec();
    chunk.extend(palette.iter().flatten());
    let check = crc(&chunk).to_be_bytes();
    let size = (palette.len() as u32 * 3).to_be_bytes();
    file.splice(33..33, size.into_iter().chain(chunk).chain(check));
    file
}

/// The check of a PNG chunk (annex D).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}
