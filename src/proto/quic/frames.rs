//! The frames in a packet that was opened (RFC 9000 §19): those that an Initial packet may hold.
//!
//! In: a plain payload. Out: fields, and where pieces of the TLS handshake stand in it.

use super::fields::*;
use super::packet::number;
use crate::wire::{Field, FieldDef, Span, Value};
use std::ops::Range;

/// Frames of one packet that are shown at most.
const MAX_FRAMES: usize = 1024;

/// What a payload holds.
#[derive(Default)]
pub struct Frames {
    pub fields: Vec<Field>,
    /// "CRYPTO, PADDING", as in Wireshark's Info column.
    pub names: Vec<&'static str>,
    /// Offset in the stream of TLS messages, and where the bytes are.
    pub crypto: Vec<(u64, Range<usize>)>,
    /// The first byte that could not be read as a frame.
    pub fault: Option<usize>,
}

/// Reads all frames.
pub fn read(payload: &[u8]) -> Frames {
    let mut out = Frames::default();
    let mut at = 0;
    while at < payload.len() && out.fields.len() < MAX_FRAMES {
        match one(payload, at, &mut out) {
            Some(end) if end > at => at = end,
            _ => {
                out.fault = Some(at);
                break;
            }
        }
    }
    out
}

/// A variable-length number as a field.
fn int(payload: &[u8], at: &mut usize, def: &'static FieldDef, fields: &mut Vec<Field>) -> Option<u64> {
    let n = number(payload, *at)?;
    fields.push(Field::new(def, Value::Uint(n.value), Span::new(n.at.start, n.at.len())));
    *at = n.at.end;
    Some(n.value)
}

fn one(payload: &[u8], start: usize, out: &mut Frames) -> Option<usize> {
    let mut at = start;
    let mut fields = Vec::new();
    let kind = int(payload, &mut at, &FRAME_TYPE, &mut fields)?;
    let name = match kind {
        0 => {
            let run = payload.get(start..)?.iter().take_while(|b| **b == 0).count();
            at = start + run;
            fields.push(Field::new(&PADDING_LENGTH, Value::Uint(run as u64), Span::new(start, run)));
            "PADDING"
        }
        1 => "PING",
        2 | 3 => {
            for def in [&ACK_LARGEST, &ACK_DELAY] {
                int(payload, &mut at, def, &mut fields)?;
            }
            let ranges = int(payload, &mut at, &ACK_RANGE_COUNT, &mut fields)?;
            int(payload, &mut at, &ACK_FIRST_RANGE, &mut fields)?;
            // Two numbers a range, and three counts with ECN: each takes a byte at least, so the loop ends with the payload.
            let more = ranges.checked_mul(2)?.checked_add(if kind == 3 { 3 } else { 0 })?;
            for _ in 0..more {
                at = number(payload, at)?.at.end;
            }
            if kind == 3 { "ACK_ECN" } else { "ACK" }
        }
        6 => {
            let offset = int(payload, &mut at, &CRYPTO_OFFSET, &mut fields)?;
            let len = usize::try_from(int(payload, &mut at, &CRYPTO_LENGTH, &mut fields)?).ok()?;
            let end = at.checked_add(len).filter(|e| *e <= payload.len())?;
            fields.push(Field::new(&CRYPTO_DATA, Value::None, Span::new(at, len)));
            out.crypto.push((offset, at..end));
            at = end;
            "CRYPTO"
        }
        0x1c | 0x1d => {
            int(payload, &mut at, &CLOSE_ERROR, &mut fields)?;
            if kind == 0x1c {
                int(payload, &mut at, &CLOSE_FRAME, &mut fields)?;
            }
            let len = usize::try_from(int(payload, &mut at, &CLOSE_REASON_LENGTH, &mut fields)?).ok()?;
            let end = at.checked_add(len).filter(|e| *e <= payload.len())?;
            let reason = String::from_utf8_lossy(payload.get(at..end)?).into_owned();
            fields.push(Field::new(&CLOSE_REASON, Value::Text(reason), Span::new(at, len)));
            at = end;
            "CC"
        }
        _ => return None,
    };
    out.names.push(name);
    if let Some(field) = fields.first_mut() {
        field.meaning = Some(name.to_owned());
    }
    out.fields.push(Field::new(&FRAME, Value::None, Span::new(start, at - start)).means(name).with(fields));
    Some(at)
}
