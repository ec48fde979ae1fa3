//! PPI: a header that says which link type follows, with what the capturing program knew of the frame.
//!
//! In: eight bytes and a list of fields. Out: the link type, and for 802.11 whether the frame ends with its check sequence; the
//! other fields are shown as bytes.

use super::dissect::Hop;
use super::read::array;
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, LinkType, Osi, Span, Step, Value, wlan};
use crate::lang::{Words, words};

crate::fields! {
    VERSION: "ppi.version", Kind::Dec, ("バージョン", "Version"), ("この形式のバージョンで、0 です。", "The version of this format: 0.");
    FLAGS: "ppi.flags", Kind::Hex(2), ("フラグ", "Flags"), ("項目の並べ方の印です。", "How the fields are aligned.");
    LENGTH: "ppi.length", Kind::Dec, ("長さ", "Header length"), ("この見出しのバイト数です。", "Bytes of this header.");
    DLT: "ppi.dlt", Kind::Dec, ("リンクの種類", "DLT"), ("続くフレームのリンクタイプです。", "The link type of the frame that follows.");
    FIELD_TYPE: "ppi.field_type", Kind::Dec, ("項目の種類", "Field type"), ("続く項目が何についてかです。", "What the field that follows is about.");
    FIELD_LEN: "ppi.field_len", Kind::Dec, ("項目の長さ", "Field length"), ("続く項目のバイト数です。", "Bytes of the field that follows.");
    DATA: "ppi.field_data", Kind::Bytes, ("項目", "Field data"), ("項目の中身です。この名前は Wireshark にはありません。", "The field itself; Wireshark has no name for it.");
}

const NEED: usize = 8;
/// Fields that are read at most.
const MAX_FIELDS: usize = 64;
/// The field with what 802.11 cards have in common; its flags stand here.
const COMMON: u16 = 2;
const COMMON_FLAGS_AT: usize = 8;

pub struct Ppi;

/// The fields: type, where the data stands and how long it is.
fn entries(area: &[u8], len: usize) -> impl Iterator<Item = (u16, usize, usize)> + '_ {
    let mut at = NEED;
    let next = move || {
        let [t0, t1, l0, l1] = array::<4>(area, at)?;
        let size = usize::from(u16::from_le_bytes([l0, l1]));
        let from = at + 4;
        at = from + size;
        (at <= len).then_some((u16::from_le_bytes([t0, t1]), from, size))
    };
    std::iter::from_fn(next).take(MAX_FIELDS)
}

fn hop(area: &[u8], full_len: usize) -> Option<Hop> {
    let len = usize::from(u16::from_le_bytes(array(area, 2)?)).max(NEED);
    let dlt = u32::from_le_bytes(array(area, 4)?);
    let next = match u16::try_from(dlt).map(LinkType) {
        Ok(LinkType::IEEE802_11) => {
            let common = entries(area, len).find(|(kind, ..)| *kind == COMMON);
            let flags = common.and_then(|(_, from, _)| area.get(from + COMMON_FLAGS_AT)).copied().unwrap_or_default();
            Key::Wlan(if flags & 1 != 0 { wlan::ENDS_WITH_FCS } else { 0 })
        }
        Ok(link) => Key::Link(link),
        Err(_) => Key::Named("data"),
    };
    Hop::rest(next, len, area, full_len)
}

impl Header for Ppi {
    fn proto(&self) -> &'static str {
        "ppi"
    }

    fn title(&self) -> &'static str {
        "PPI"
    }

    fn about(&self) -> Words {
        words(
            "記録したプログラムが、フレームの種類と受信の様子を書き添えたものです。",
            "Written by the capturing program: what kind of frame follows, and how it was received.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::Physical
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::Link(LinkType::PPI)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let base = input.area.start as usize;
        let at = |from, len| Span::new(base + from, len);
        let Some([version, flags, l0, l1]) = array::<4>(area, 0) else {
            return Step::truncated(self.proto(), base, NEED, area.len());
        };
        let number = |def, n: u64, span| Field::new(def, Value::Uint(n), span);
        let length = u16::from_le_bytes([l0, l1]);
        let dlt = array(area, 4).map(u32::from_le_bytes).unwrap_or_default();
        let mut fields = vec![
            number(&VERSION, version.into(), at(0, 1)),
            number(&FLAGS, flags.into(), at(1, 1)),
            number(&LENGTH, length.into(), at(2, 2)),
            number(&DLT, dlt.into(), at(4, 4)),
        ];
        let Some(hop) = hop(area, input.full_len) else {
            return Step::cut(self, input, usize::from(length).max(NEED), fields);
        };
        for (kind, from, len) in entries(area, hop.from) {
            fields.push(number(&FIELD_TYPE, kind.into(), at(from - 4, 2)));
            fields.push(number(&FIELD_LEN, len as u64, at(from - 2, 2)));
            if len > 0 {
                fields.push(Field::new(&DATA, Value::Bytes, at(from, len)));
            }
        }
        Step::hop(self, input, hop, format!("link type {dlt}"), fields)
    }

    fn hop(&self, _key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(area, full_len)
    }

    fn through(&self, layer: &Layer) -> Option<&'static str> {
        let dlt = layer.field(DLT.name)?.value.as_uint()?;
        Some(if dlt == u64::from(LinkType::IEEE802_11.0) { "wlan_radio" } else { "pcap_pktdata" })
    }
}
