//! Prism: the header of old wireless cards before an 802.11 frame.
//!
//! In: a code, a length, the device's name and a list of values. Out: the first three; the values are only counted. Files of AVS
//! drivers say Prism too: their header is told by its first bytes.

use super::dissect::Hop;
use super::read::{array, be32};
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, LinkType, Osi, Span, Step, Value, wlancap};
use crate::lang::{Words, words};

crate::fields! {
    MSGCODE: "prism.msgcode", Kind::Hex(8), ("コード", "Message code"), ("この見出しの形式を示します。", "Which form of this header it is.");
    MSGLEN: "prism.msglen", Kind::Dec, ("長さ", "Message length"), ("この見出しのバイト数です。", "Bytes of this header.");
    DEVNAME: "prism.devname", Kind::Text, ("デバイス名", "Device name"), ("受信したデバイスの名前です。", "The device that received the frame.");
    DID: "prism.did", Kind::Group, ("値", "DID"), ("受信の様子についての値の 1 つです。", "One value on how it was received.");
}

const NEED: usize = 24;
const DID_LEN: usize = 12;
/// Values that are counted at most.
const MAX_DIDS: usize = 64;

pub struct Prism;

/// The code and the length, in whichever byte order makes the code small.
fn head(area: &[u8]) -> Option<(u32, usize)> {
    let (code, len) = (array(area, 0)?, array(area, 4)?);
    let little = u32::from_le_bytes(code);
    if little <= 0xffff {
        return Some((little, u32::from_le_bytes(len) as usize));
    }
    Some((u32::from_be_bytes(code), u32::from_be_bytes(len) as usize))
}

fn hop(area: &[u8], full_len: usize) -> Option<Hop> {
    if wlancap::is(be32(area, 0)?) {
        return Hop::rest(Key::Link(LinkType::IEEE802_11_AVS), 0, area, full_len);
    }
    Hop::rest(Key::Wlan(0), head(area)?.1.max(NEED), area, full_len)
}

impl Header for Prism {
    fn proto(&self) -> &'static str {
        "prism"
    }

    fn title(&self) -> &'static str {
        "Prism"
    }

    fn about(&self) -> Words {
        words("古い無線カードが、受信の様子を書き添えたものです。", "How an old wireless card received the frame.")
    }

    fn osi(&self) -> Osi {
        Osi::Physical
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::Link(LinkType::IEEE802_11_PRISM)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let base = input.area.start as usize;
        let at = |from, len| Span::new(base + from, len);
        let Some((code, len)) = head(area) else {
            return Step::truncated(self.proto(), base, NEED, area.len());
        };
        let Some(hop) = hop(area, input.full_len) else {
            return Step::truncated(self.proto(), base, len.max(NEED), area.len());
        };
        if hop.from == 0 {
            return Step::hop(self, input, hop, "AVS".into(), Vec::new());
        }
        let name = area.get(8..NEED).and_then(|n| n.split(|b| *b == 0).next()).unwrap_or_default();
        let mut fields = vec![
            Field::new(&MSGCODE, Value::Uint(code.into()), at(0, 4)),
            Field::new(&MSGLEN, Value::Uint(len as u64), at(4, 4)),
            Field::new(&DEVNAME, Value::Text(String::from_utf8_lossy(name).into_owned()), at(8, 16)),
        ];
        let values = (NEED..hop.from).step_by(DID_LEN).take(MAX_DIDS);
        fields.extend(values.map(|from| Field::new(&DID, Value::None, at(from, DID_LEN.min(hop.from - from)))));
        Step::hop(self, input, hop, format!("length {len}"), fields)
    }

    fn hop(&self, _key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(area, full_len)
    }

    fn through(&self, layer: &Layer) -> Option<&'static str> {
        (!layer.header.is_empty()).then_some("wlan_radio")
    }
}
