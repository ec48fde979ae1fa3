//! The extensions of hellos (RFC 8446 §4.2, RFC 6066 and others).
//!
//! In: the bytes behind "extensions length". Out: fields, and what the hello's title and its fingerprint need.

use super::fields::*;
use super::names;
use crate::proto::take::Take;
use super::time;
use crate::wire::{Field, Span, Value};

/// The message that an extension stands in: several look different in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Client,
    Server,
    /// A Server Hello that asks to begin again (RFC 8446 §4.1.4).
    Retry,
    Ticket,
}

/// What was found on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub types: Vec<u16>,
    pub groups: Vec<u16>,
    pub points: Vec<u16>,
    pub server_name: Option<String>,
    pub alpn: Vec<String>,
    /// The version that the server chose.
    pub version: Option<u16>,
    pub early_data: bool,
}

/// Reads "extensions length" and all extensions.
pub fn read(take: &mut Take<'_>, place: Place, out: &mut Vec<Field>) -> Seen {
    let mut seen = Seen::default();
    if take.left() == 0 {
        return seen;
    }
    let Some(len) = take.length(&EXTENSIONS_LENGTH, 2, out) else { return seen };
    let mut part = take.part(len);
    while part.left() >= 4 {
        let start = part.at();
        let mut children = Vec::new();
        let Some(kind) = part.named(&EXTENSION_TYPE, 2, names::extension, &mut children) else { break };
        let Some(len) = part.length(&EXTENSION_LEN, 2, &mut children) else { break };
        seen.types.push(kind);
        let mut body = part.part(len);
        // A body that ends early shows what it has.
        let _ = one(kind, &mut body, place, &mut seen, &mut children);
        // The type heads its extension: the rest stands below it.
        let mut head = children.remove(0);
        head.span = Span::new(start, 2);
        head.children = children;
        out.push(head);
    }
    seen
}

fn one(kind: u16, body: &mut Take<'_>, place: Place, seen: &mut Seen, out: &mut Vec<Field>) -> Option<()> {
    match kind {
        0 if body.left() > 0 => server_name(body, seen, out),
        1 => body.uint(&MAX_FRAGMENT, 1, out).map(|_| ()),
        5 if place == Place::Client => status_request(body, out),
        0 | 5 | 22 | 23 | 49 => Some(()),
        10 => {
            let len = body.length(&GROUPS_LENGTH, 2, out)?;
            body.group(&GROUPS, len, out, |mut part, out| seen.groups = part.list(&GROUP, 2, names::group, out));
            Some(())
        }
        11 => {
            let len = body.length(&POINTS_LENGTH, 1, out)?;
            let name = |n: u16| u8::try_from(n).ok().and_then(names::point_format);
            body.group(&POINTS, len, out, |mut part, out| seen.points = part.list(&POINT, 1, name, out));
            Some(())
        }
        12 => {
            let len = body.length(&SRP_LEN, 1, out)?;
            body.text(&SRP, len, out);
            Some(())
        }
        13 | 34 | 50 => signature_algorithms(body, out),
        15 => {
            let name = |n| match n {
                1 => Some("Peer allowed to send requests"),
                2 => Some("Peer not allowed to send requests"),
                _ => None,
            };
            body.named(&HEARTBEAT_MODE, 1, name, out).map(|_| ())
        }
        16 => {
            let len = body.length(&ALPN_LEN, 2, out)?;
            body.group(&ALPN_LIST, len, out, |mut part, out| seen.alpn = strings(&mut part, (&ALPN_STR_LEN, &ALPN_STR), out));
            Some(())
        }
        17 => {
            let len = body.length(&STATUS_LIST_LEN, 2, out)?;
            let mut list = body.part(len);
            while list.left() > 0 {
                list.uint(&STATUS_TYPE, 1, out)?;
                let len = list.length(&STATUS_LEN, 2, out)?;
                let mut item = list.part(len);
                let ids = item.length(&STATUS_IDS_LEN, 2, out)?;
                item.part(ids);
                let extensions = item.length(&STATUS_EXTS_LEN, 2, out)?;
                item.part(extensions);
            }
            Some(())
        }
        18 if place == Place::Client => Some(()),
        18 => timestamps(body, out),
        21 => {
            body.bytes(&PADDING, body.left(), out);
            Some(())
        }
        27 => {
            let len = body.length(&COMPRESS_LENGTH, 1, out)?;
            body.part(len).list(&COMPRESS, 2, names::certificate_compression, out);
            Some(())
        }
        28 => body.uint(&RECORD_SIZE_LIMIT, 2, out).map(|_| ()),
        41 => pre_shared_key(body, place, out),
        42 => {
            seen.early_data = place == Place::Client;
            if place == Place::Ticket { body.uint(&EARLY_DATA_MAX, 4, out).map(|_| ()) } else { Some(()) }
        }
        43 if place == Place::Client => {
            let len = body.length(&VERSIONS_LEN, 1, out)?;
            body.part(len).list(&SUPPORTED_VERSION, 2, names::version, out);
            Some(())
        }
        43 => {
            seen.version = body.named(&SUPPORTED_VERSION, 2, names::version, out);
            Some(())
        }
        44 => {
            let len = body.length(&COOKIE_LEN, 2, out)?;
            body.bytes(&COOKIE, len, out);
            Some(())
        }
        45 => {
            let len = body.length(&PSK_MODES_LENGTH, 1, out)?;
            body.part(len).list(&PSK_MODE, 1, |n| u8::try_from(n).ok().and_then(names::psk_mode), out);
            Some(())
        }
        57 | 0xffa5 => super::quic_params::read(body, out),
        51 => key_share(body, place, out),
        13172 => {
            while body.left() > 0 {
                let len = body.length(&NPN_STR_LEN, 1, out)?;
                body.text(&NPN, len, out);
            }
            Some(())
        }
        17513 => {
            let len = body.length(&ALPS_LEN, 2, out)?;
            body.group(&ALPS_LIST, len, out, |mut part, out| {
                strings(&mut part, (&ALPS_STR_LEN, &ALPS_STR), out);
            });
            Some(())
        }
        0xff01 => {
            let len = body.length(&RENEGOTIATION_LEN, 1, out)?;
            if len > 0 {
                body.bytes(&RENEGOTIATION, len, out);
            }
            Some(())
        }
        _ => {
            body.bytes(&EXTENSION_DATA, body.left(), out);
            Some(())
        }
    }
}

/// RFC 6066 §3.
fn server_name(body: &mut Take<'_>, seen: &mut Seen, out: &mut Vec<Field>) -> Option<()> {
    let len = body.length(&SNI_LIST_LEN, 2, out)?;
    let mut list = body.part(len);
    while list.left() > 0 {
        let name = |n| (n == 0).then_some("host_name");
        list.named(&SNI_TYPE, 1, name, out)?;
        let len = list.length(&SNI_LEN, 2, out)?;
        let text = list.text(&SNI, len, out);
        seen.server_name.get_or_insert(text);
    }
    Some(())
}

/// RFC 6066 §8.
fn status_request(body: &mut Take<'_>, out: &mut Vec<Field>) -> Option<()> {
    let name = |n| (n == 1).then_some("OCSP");
    body.named(&STATUS_TYPE, 1, name, out)?;
    let ids = body.length(&STATUS_IDS_LEN, 2, out)?;
    body.part(ids);
    let extensions = body.length(&STATUS_EXTS_LEN, 2, out)?;
    body.part(extensions);
    Some(())
}

/// A list of signature algorithms behind its length (RFC 8446 §4.2.3).
pub fn signature_algorithms(body: &mut Take<'_>, out: &mut Vec<Field>) -> Option<()> {
    let len = body.length(&SIG_ALGS_LEN, 2, out)?;
    body.group(&SIG_ALGS, len, out, |mut part, out| while part.left() >= 2 && signature_algorithm(&mut part, out).is_some() {});
    Some(())
}

/// One signature algorithm, and how TLS 1.2 reads its two bytes.
pub fn signature_algorithm(take: &mut Take<'_>, out: &mut Vec<Field>) -> Option<()> {
    let mut halves = take.clone();
    take.named(&SIG_ALG, 2, names::signature_scheme, out)?;
    let mut children = Vec::new();
    halves.named(&SIG_HASH, 1, |n| u8::try_from(n).ok().and_then(names::hash), &mut children)?;
    halves.named(&SIG_SIG, 1, |n| u8::try_from(n).ok().and_then(names::signature), &mut children)?;
    if let Some(field) = out.last_mut() {
        field.children = children;
    }
    Some(())
}

/// Strings, each behind a byte of length.
fn strings(
    part: &mut Take<'_>,
    (len_def, def): (&'static crate::wire::FieldDef, &'static crate::wire::FieldDef),
    out: &mut Vec<Field>,
) -> Vec<String> {
    let mut found = Vec::new();
    while part.left() > 0 {
        let Some(len) = part.length(len_def, 1, out) else { break };
        found.push(part.text(def, len, out));
    }
    found
}

/// Certificate transparency (RFC 6962 §3.3).
fn timestamps(body: &mut Take<'_>, out: &mut Vec<Field>) -> Option<()> {
    let len = body.length(&SCTS_LENGTH, 2, out)?;
    let mut list = body.part(len);
    while list.left() > 0 {
        let len = list.length(&SCT_LENGTH, 2, out)?;
        let mut sct = list.part(len);
        sct.uint(&SCT_VERSION, 1, out)?;
        sct.bytes(&SCT_LOGID, 32, out);
        let span = Span::new(sct.at(), 8);
        let millis = sct.number(8)?;
        out.push(Field::new(&SCT_TIMESTAMP, Value::Text(time::of_millis(millis)), span));
        let extensions = sct.length(&SCT_EXTENSIONS_LENGTH, 2, out)?;
        sct.part(extensions);
        signature_algorithm(&mut sct, out)?;
        let signature = sct.length(&SCT_SIGNATURE_LENGTH, 2, out)?;
        sct.bytes(&SCT_SIGNATURE, signature, out);
    }
    Some(())
}

/// RFC 8446 §4.2.11.
fn pre_shared_key(body: &mut Take<'_>, place: Place, out: &mut Vec<Field>) -> Option<()> {
    if place != Place::Client {
        return body.uint(&PSK_SELECTED, 2, out).map(|_| ());
    }
    let len = body.length(&PSK_IDS_LENGTH, 2, out)?;
    let mut list = body.part(len);
    while list.left() > 0 {
        let len = list.length(&PSK_ID_LENGTH, 2, out)?;
        list.bytes(&PSK_ID, len, out);
        list.uint(&PSK_AGE, 4, out)?;
    }
    let len = body.length(&PSK_BINDERS_LEN, 2, out)?;
    body.group(&PSK_BINDERS, len, out, |_, _| {});
    Some(())
}

/// RFC 8446 §4.2.8.
fn key_share(body: &mut Take<'_>, place: Place, out: &mut Vec<Field>) -> Option<()> {
    let mut list = match place {
        Place::Retry => return body.named(&KEY_SHARE_SELECTED, 2, names::group, out).map(|_| ()),
        Place::Client => {
            let len = body.length(&KEY_SHARE_LENGTH, 2, out)?;
            body.part(len)
        }
        _ => body.clone(),
    };
    while list.left() > 0 {
        list.named(&KEY_SHARE_GROUP, 2, names::group, out)?;
        let len = list.length(&KEY_SHARE_LEN, 2, out)?;
        list.bytes(&KEY_SHARE, len, out);
    }
    Some(())
}
