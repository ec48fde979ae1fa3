//! Fields of a WebSocket frame at a glance: its header, and a text that is neither packed nor in parts.
//!
//! In: a frame as far as it stands in one frame of the capture. Out: the values of one field, as dissection gives them.

use super::head::Head;
use crate::proto::glance::{Found, Glance, Glimpse};
use crate::wire::FieldDef;

/// Each value of this field; true to go on. `None`: it takes dissection.
pub fn glance(def: &FieldDef, seen: &Glimpse<'_>, found: &mut Found<'_>) -> Option<bool> {
    let head = Head::read(seen.bytes).ok()?;
    let bytes = seen.bytes;
    let span = |from: usize, len: usize| bytes.get(from..from + len).unwrap_or(&[]);
    let key_at = match head.short {
        126 => 4,
        127 => 10,
        _ => 2,
    };
    let payload = || {
        let all = seen.whole()?.get(head.len..)?;
        let told = usize::try_from(head.payload).unwrap_or(usize::MAX);
        Some(all.get(..told).unwrap_or(all))
    };
    Some(match def.name {
        "websocket.fin" => found(Glance::Bool(head.fin), span(0, 1)),
        "websocket.rsv" => found(Glance::Uint(head.rsv.into()), span(0, 1)),
        "websocket.opcode" => found(Glance::Uint(head.opcode.into()), span(0, 1)),
        "websocket.mask" => found(Glance::Bool(head.mask.is_some()), span(1, 1)),
        "websocket.payload_length" => found(Glance::Uint(head.short.into()), span(1, 1)),
        "websocket.payload_length_ext_16" => head.short != 126 || found(Glance::Uint(head.payload), span(2, 2)),
        "websocket.payload_length_ext_64" => head.short != 127 || found(Glance::Uint(head.payload), span(2, 8)),
        "websocket.masking_key" => {
            let key = span(key_at, 4);
            head.mask.is_none() || found(Glance::Bytes(key), key)
        }
        "websocket.payload" => {
            let payload = payload()?;
            payload.is_empty() || found(Glance::Present, payload)
        }
        "websocket.masked_payload" => {
            let payload = payload()?;
            head.mask.is_none() || payload.is_empty() || found(Glance::Present, payload)
        }
        "websocket.payload.text" => {
            let raw = payload()?;
            match head.opcode {
                // The whole message is put together behind its last part; what is packed is unpacked.
                0 | 1 | 2 if head.rsv & 4 != 0 => return None,
                0 if head.fin => return None,
                1 if head.fin && !raw.is_empty() => {
                    let plain = head.unmask(raw);
                    let upto = memchr::memchr(0, &plain).unwrap_or(plain.len());
                    found(Glance::Text(&String::from_utf8_lossy(plain.get(..upto).unwrap_or(&[]))), raw)
                }
                _ => true,
            }
        }
        _ => return None,
    })
}
