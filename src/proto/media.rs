//! What Wireshark makes of a body: which of its dissectors reads a media type, by the names in `frame.protocols`.
//!
//! In: a media type and the body. Out: [`Reads`]. The table holds what Wireshark 4.0 registers and what is seen on the web;
//! bytes are looked at only where Wireshark does so too.

use crate::wire::Span;

/// Who reads a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reads {
    /// In `frame.protocols`.
    pub proto: &'static str,
    /// For people.
    pub title: &'static str,
    /// What the Protocol column says of an HTTP message with such a body, if that is not "HTTP".
    pub column: Option<&'static str>,
}

const fn reader(proto: &'static str, title: &'static str, column: Option<&'static str>) -> Reads {
    Reads { proto, title, column }
}

impl Reads {
    pub const DATA: Self = reader("data", "Data", None);
    pub const TEXT: Self = reader("data-text-lines", "Text", None);
}

/// Everything that is read by name. Those whose insides are not shown here are named all the same.
pub const READERS: &[Reads] = &[
    Reads::DATA,
    Reads::TEXT,
    reader("media", "Media", None),
    reader("json", "JSON", Some("HTTP/JSON")),
    reader("xml", "XML", Some("HTTP/XML")),
    reader("urlencoded-form", "Form", None),
    reader("mime_multipart", "Multipart", None),
    reader("image-gif", "GIF", None),
    reader("png", "PNG", None),
    reader("image-jfif", "JPEG", None),
    reader("mp4", "MP4", Some("MP4")),
    reader("message-http", "HTTP message", None),
    reader("imf", "Mail", Some("HTTP/IMF")),
    reader("sipfrag", "SIP fragment", Some("HTTP/sipfrag")),
    reader("sdp", "SDP", Some("HTTP/SDP")),
    reader("wbxml", "WBXML", None),
    reader("grpc", "gRPC", None),
    reader("cbor", "CBOR", None),
    reader("amf", "AMF", None),
    reader("cms", "CMS", None),
    reader("cmp", "CMP", Some("CMP")),
    reader("ocsp", "OCSP", Some("OCSP")),
    reader("pkixtsp", "Time stamp", Some("PKIXTSP")),
    reader("pkix-cert", "Certificate", None),
    reader("x509af", "Revocation list", Some("PKIX-CRL")),
    reader("pkcs10", "Certificate request", None),
    reader("ipp", "IPP", Some("IPP")),
    reader("dns", "DNS over HTTPS", Some("DoH")),
    reader("mmse", "MMS", Some("MMSE")),
    reader("mikey", "MIKEY", None),
];

/// Whose reader is which, by the media type in lower case.
const TYPES: &[(&str, &[&str])] = &[
    ("data-text-lines", &[
        "text/plain", "text/html", "text/css", "text/javascript", "text/richtext", "text/parameters",
        "text/xml-external-parsed-entity", "application/xml-external-parsed-entity", "application/x-javascript",
        "application/x-ns-proxy-autoconfig",
    ]),
    ("json", &[
        "application/json", "application/json-rpc", "application/jsonrequest", "application/dds-web+json",
        "application/problem+json", "application/senml+json", "application/x-ndjson", "application/json-patch+json",
        "application/merge-patch+json",
    ]),
    ("xml", &[
        "text/xml", "text/vnd.wap.wml", "text/vnd.wap.si", "text/vnd.wap.sl", "application/xml", "application/soap+xml",
        "application/rss+xml", "application/atom+xml", "application/xml-dtd", "application/rdf+xml",
        "application/mathml+xml", "application/xslt+xml", "application/pidf+xml", "application/cpim-pidf+xml",
        "application/smil", "application/x-wms-logconnectstats", "image/svg+xml", "application/im-iscomposing+xml",
        "application/resource-lists+xml", "application/rlmi+xml", "application/simple-filter+xml",
        "application/auth-policy+xml", "application/xcap-diff+xml", "application/vnd.3gpp.cw+xml",
        "application/vnd.wv.csp.xml", "application/vnd.etsi.mcid+xml", "message/imdn+xml",
    ]),
    ("urlencoded-form", &["application/x-www-form-urlencoded"]),
    ("data", &["application/octet-stream"]),
    ("wbxml", &[
        "application/vnd.ms-sync.wbxml", "application/vnd.syncml+wbxml", "application/vnd.wap.wbxml",
        "application/vnd.wap.sic", "application/vnd.wap.slc", "application/vnd.wap.wmlc",
        "application/x-wap-prov.browser-settings", "application/vnd.wv.csp.wbxml",
    ]),
    ("grpc", &["application/grpc", "application/grpc+proto", "application/grpc-web"]),
    ("cmp", &["application/pkixcmp", "application/pkixcmp-poll", "application/x-pkixcmp"]),
    ("ocsp", &["application/ocsp-request", "application/ocsp-response"]),
    ("cms", &["application/pkcs7-mime", "application/pkcs7-signature"]),
    ("pkixtsp", &["application/timestamp-query", "application/timestamp-reply"]),
    ("cbor", &["application/cbor"]),
    ("pkix-cert", &["application/pkix-cert"]),
    ("x509af", &["application/pkix-crl"]),
    ("pkcs10", &["application/pkcs10"]),
    ("ipp", &["application/ipp"]),
    ("sdp", &["application/sdp"]),
    ("dns", &["application/dns-message"]),
    ("mmse", &["application/vnd.wap.mms-message"]),
    ("amf", &["application/x-amf"]),
    ("mikey", &["application/mikey"]),
    ("message-http", &["message/http"]),
    ("imf", &["message/rfc822"]),
    ("sipfrag", &["message/sipfrag"]),
];

fn named(proto: &str) -> Reads {
    READERS.iter().find(|r| r.proto == proto).copied().unwrap_or(Reads::DATA)
}

/// The Protocol column of an HTTP message whose body this protocol reads, if it is not "HTTP".
pub fn column(proto: &str) -> Option<&'static str> {
    READERS.iter().find(|r| r.proto == proto).and_then(|r| r.column)
}

/// Is this the name of something that reads bodies?
pub fn is_reader(proto: &str) -> bool {
    READERS.iter().any(|r| r.proto == proto)
}

/// Wireshark's name for the dissector of this media type ("text/html", without parameters). `None`: it has none.
pub fn media_protocol(media: &str) -> Option<&'static str> {
    let name = media.to_ascii_lowercase();
    if name.starts_with("multipart/") {
        return Some("mime_multipart");
    }
    TYPES.iter().find(|(_, all)| all.contains(&name.as_str())).map(|(proto, _)| *proto)
}

/// The reader of an HTTP body: by its media type, else by what its first bytes are.
pub fn reads(media: Option<&str>, body: &[u8]) -> Reads {
    if let Some(proto) = media.and_then(media_protocol) {
        return named(proto);
    }
    let whole = |least: usize| body.len() >= least;
    match (body, media) {
        ([b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..], _) if whole(13) => named("image-gif"),
        ([0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..], _) if whole(20) => named("png"),
        ([0xff, 0xd8, 0xff, 0xe0, _, _, b'J', b'F', b'I', b'F', 0, ..], _) => named("image-jfif"),
        ([_, _, _, _, b'f', b't', b'y', b'p', ..], Some("video/mp4" | "audio/mp4")) => named("mp4"),
        (_, None | Some("")) => Reads::DATA,
        _ => named("media"),
    }
}

/// One part of a multipart body.
pub struct Part {
    pub media: Option<String>,
    /// In the multipart body.
    pub body: Span,
}

/// Parts that are read at most.
const MAX_PARTS: usize = 64;

/// The parts of a multipart body (RFC 2046 §5.1.1), as far as they are whole.
pub fn parts(body: &[u8], boundary: &str) -> Vec<Part> {
    let mark = [b"--", boundary.as_bytes()].concat();
    let finder = memchr::memmem::Finder::new(&mark);
    let line_begins = |at: &usize| *at == 0 || body.get(at - 1) == Some(&b'\n');
    let mut marks = finder.find_iter(body).filter(line_begins).take(MAX_PARTS + 1);
    let mut out = Vec::new();
    let Some(mut from) = marks.next() else { return out };
    for next in marks {
        let behind = from + mark.len();
        let begin = body.get(behind..next).and_then(|rest| rest.iter().position(|&b| b == b'\n')).map_or(next, |n| behind + n + 1);
        let piece = body.get(begin..next).unwrap_or(&[]);
        // The line end before a boundary belongs to the boundary.
        let piece = piece.strip_suffix(b"\r\n").or_else(|| piece.strip_suffix(b"\n")).unwrap_or(piece);
        let (head, at) = if let Some(rest) = piece.strip_prefix(b"\r\n") {
            (&b""[..], piece.len() - rest.len())
        } else {
            let end = memchr::memmem::find(piece, b"\r\n\r\n").map(|i| (i, i + 4));
            let end = end.or_else(|| memchr::memmem::find(piece, b"\n\n").map(|i| (i, i + 2)));
            end.map_or((piece, piece.len()), |(head, at)| (piece.get(..head).unwrap_or(&[]), at))
        };
        let media = head.split(|&b| b == b'\n').find_map(|line| {
            let (name, value) = line.split_at_checked(13)?;
            name.eq_ignore_ascii_case(b"content-type:").then(|| {
                let value = value.split(|&b| b == b';').next().unwrap_or(value).trim_ascii();
                String::from_utf8_lossy(value).to_ascii_lowercase()
            })
        });
        out.push(Part { media, body: Span::new(begin + at, piece.len().saturating_sub(at)) });
        from = next;
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn every_type_has_a_reader() {
        for (proto, types) in TYPES {
            assert!(READERS.iter().any(|r| r.proto == *proto), "{proto}");
            assert!(types.iter().all(|t| *t == t.to_ascii_lowercase()));
        }
    }

    #[test]
    fn a_type_nobody_reads_is_media_and_none_is_data_unless_the_bytes_tell() {
        let of = |media: Option<&str>, body: &[u8]| reads(media, body).proto;
        assert_eq!(of(Some("image/webp"), b"x"), "media");
        assert_eq!(of(None, b"x"), "data");
        assert_eq!(of(Some("image/gif"), b"GIF89a\x01\0\x01\0\x80\0\0;"), "image-gif");
        assert_eq!(of(Some("text/html"), b"GIF89a\x01\0\x01\0\x80\0\0;"), "data-text-lines");
        assert_eq!(of(Some("application/javascript"), b"x"), "media");
        assert_eq!(of(Some("multipart/x"), b"x"), "mime_multipart");
    }

    #[test]
    fn parts_are_found_between_their_boundaries() {
        let body = b"--x\r\nContent-Type: text/plain; a=b\r\n\r\nhello\r\n--x\r\n\r\n{}\r\n--x--\r\n";
        let got: Vec<_> = parts(body, "x").into_iter().map(|p| (p.media, p.body.of(body).to_vec())).collect();
        assert_eq!(got, [(Some("text/plain".to_owned()), b"hello".to_vec()), (None, b"{}".to_vec())]);
        assert!(parts(b"--y\r\n", "x").is_empty());
    }
}
