//! The files of the lab's web server: a text, and a page with a style sheet and a picture.

use bytes::Bytes;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use flate2::Crc;
use sha2::{Digest, Sha256};
use std::io::Write;

/// A file as a server has it: nothing in it depends on who asks.
pub struct File {
    pub kind: &'static str,
    pub bytes: Bytes,
}

impl File {
    /// Its name for this very content: another content has another one (RFC 9110, 8.8.3).
    pub fn etag(&self) -> String {
        let hash = Sha256::digest(&self.bytes);
        let hex: String = hash.iter().take(8).map(|b| format!("{b:02x}")).collect();
        format!("\"{hex}\"")
    }
}

const HELLO: &str = "Hello from a file.\nNo program has made this text: the server reads it and sends it as it is.\n";

const PAGE: &str = "<!DOCTYPE html>\n\
<html lang=\"en\">\n\
<head>\n\
<meta charset=\"utf-8\">\n\
<title>osiscope</title>\n\
<link rel=\"stylesheet\" href=\"/style.css\">\n\
</head>\n\
<body>\n\
<h1>こんにちは</h1>\n\
<p>This page needs two more requests: a style sheet and a picture.</p>\n\
<img src=\"/picture.png\" alt=\"a gradient\" width=\"64\" height=\"64\">\n\
</body>\n\
</html>\n";

const STYLE: &str = "body { font-family: sans-serif; background: #f4f6f8; }\nh1 { color: #2060a0; }\n";

/// The file at this path of the site.
pub fn at(path: &str) -> Option<File> {
    let (kind, bytes) = match path {
        "/" => (crate::lab::web::reply::HTML, Bytes::from_static(PAGE.as_bytes())),
        "/hello.txt" => (crate::lab::web::reply::TEXT, Bytes::from_static(HELLO.as_bytes())),
        "/style.css" => ("text/css; charset=utf-8", Bytes::from_static(STYLE.as_bytes())),
        "/picture.png" => ("image/png", picture(64).into()),
        _ => return None,
    };
    Some(File { kind, bytes })
}

/// A small picture with a colour gradient, as PNG (ISO/IEC 15948).
fn picture(side: u8) -> Vec<u8> {
    let mut rows = Vec::new();
    for y in 0..side {
        rows.push(0); // no filter
        (0..side).for_each(|x| rows.extend([x.wrapping_mul(4), y.wrapping_mul(4), 160]));
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    let data = packed.write_all(&rows).and_then(|()| packed.finish()).unwrap_or_default();
    let side = [0, 0, 0, side];
    // Width, height, 8 bits a sample, RGB, deflate, adaptive filters, not interlaced.
    let header = [&side[..], &side[..], &[8, 2, 0, 0, 0]].concat();
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, data) in [(b"IHDR", header), (b"IDAT", data), (b"IEND", Vec::new())] {
        let chunk = [name.as_slice(), &data].concat();
        let mut sum = Crc::new();
        sum.update(&chunk);
        out.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
        out.extend(chunk);
        out.extend(sum.sum().to_be_bytes());
    }
    out
}

/// What a page needs besides itself: its style sheets and pictures, in their order.
pub fn links(html: &str) -> Vec<String> {
    let tags = html.split('<').skip(1).filter_map(|tag| tag.split('>').next());
    let wanted = tags.filter_map(|tag| {
        let (name, attributes) = tag.split_once(' ')?;
        match name {
            "link" if attributes.contains("rel=\"stylesheet\"") => value(attributes, "href"),
            "img" => value(attributes, "src"),
            _ => None,
        }
    });
    wanted.collect()
}

fn value(attributes: &str, name: &str) -> Option<String> {
    let (_, after) = attributes.split_once(&format!("{name}=\""))?;
    Some(after.split('"').next()?.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn everything_that_the_page_links_to_is_there_and_named_by_its_content() {
        let links = links(PAGE);
        assert_eq!(links, ["/style.css", "/picture.png"]);
        let mut tags: Vec<_> = links.iter().chain([&"/hello.txt".to_owned()]).map(|l| at(l).unwrap().etag()).collect();
        tags.sort();
        tags.dedup();
        assert_eq!(tags.len(), 3, "{tags:?}");
    }

    #[test]
    fn the_picture_can_be_decoded() {
        let image = image::load_from_memory(&picture(64)).unwrap().to_rgb8();
        assert_eq!((image.dimensions(), image.get_pixel(2, 3).0), ((64, 64), [8, 12, 160]));
    }
}
