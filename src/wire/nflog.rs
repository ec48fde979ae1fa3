//! NFLOG: packets that Linux's packet filter logged, each behind a list of what the filter knew.
//!
//! In: four bytes and a list of attributes, one of which is the packet. Out: the attributes, and the packet at its place. The
//! header was never on a wire. Lengths and kinds are in the byte order of the logging host, which no byte tells: little endian
//! is assumed, as Wireshark does.

use super::dissect::Hop;
use super::read::{array, be16, be32};
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, LinkType, Next, Osi, Span, Step, Value, names};
use crate::lang::{Words, words};

crate::fields! {
    FAMILY: "nflog.family", Kind::Dec, ("アドレスファミリ", "Family"),
        ("2 は IPv4、10 は IPv6 です（Linux の番号）。", "2 is IPv4, 10 is IPv6 (Linux's numbers).");
    VERSION: "nflog.version", Kind::Dec, ("バージョン", "Version"),
        ("この形式のバージョンで、0 です。", "The version of this format: 0.");
    RES_ID: "nflog.res_id", Kind::Dec, ("グループ", "Resource id"),
        ("フィルタの規則が記録先として選んだ番号です。", "The group that the filter's rule logs to.");
    TLV: "nflog.tlv", Kind::Bytes, ("属性", "TLV"),
        ("フィルタが知っていたことの 1 つ、またはパケットそのものです。", "One thing that the filter knew, or the packet itself.");
    TLV_LENGTH: "nflog.tlv_length", Kind::Dec, ("長さ", "Length"),
        ("この属性のバイト数で、長さと種類の 4 バイトを含みます。", "Bytes of this attribute, with the four of its length and type.");
    TLV_TYPE: "nflog.tlv_type", Kind::Dec, ("種類", "Type"),
        ("何についての属性かです。9 がパケットです。", "What it is about; 9 is the packet.");
    PROTOCOL: "nflog.protocol", Kind::Hex(4), ("プロトコル", "HW protocol"),
        ("パケットのプロトコル（EtherType）です。", "The packet's protocol (an EtherType).");
    HOOK: "nflog.hook", Kind::Dec, ("場所", "Netfilter hook"),
        ("処理のどの段階で記録したかです。1 は入力、3 は出力です。", "At which stage it was logged: 1 on its way in, 3 out.");
    INDEV: "nflog.ifindex_indev", Kind::Dec, ("入力デバイス", "IFINDEX_INDEV"),
        ("パケットが入ってきたデバイスの番号です。", "The device that the packet came in by.");
    OUTDEV: "nflog.ifindex_outdev", Kind::Dec, ("出力デバイス", "IFINDEX_OUTDEV"),
        ("パケットが出ていくデバイスの番号です。", "The device that the packet goes out by.");
    PHYSINDEV: "nflog.ifindex_physindev", Kind::Dec, ("物理入力デバイス", "IFINDEX_PHYSINDEV"),
        ("ブリッジの中で、実際に入ってきたデバイスの番号です。", "In a bridge: the real device that it came in by.");
    PHYSOUTDEV: "nflog.ifindex_physoutdev", Kind::Dec, ("物理出力デバイス", "IFINDEX_PHYSOUTDEV"),
        ("ブリッジの中で、実際に出ていくデバイスの番号です。", "In a bridge: the real device that it goes out by.");
    PREFIX: "nflog.prefix", Kind::Text, ("目印", "Prefix"),
        ("フィルタの規則が付けた目印の文字です。", "A word that the filter's rule adds.");
    UID: "nflog.uid", Kind::Dec, ("利用者", "UID"),
        ("パケットを送ったプログラムの利用者の番号です。", "The user of the program that sent the packet.");
    GID: "nflog.gid", Kind::Dec, ("グループ ID", "GID"),
        ("パケットを送ったプログラムのグループの番号です。", "The group of the program that sent the packet.");
    TIMESTAMP: "nflog.timestamp", Kind::Text, ("時刻", "Timestamp"),
        ("カーネルがパケットを受け取った時刻です。", "When the kernel got the packet.");
    TLV_VALUE: "nflog.tlv_value", Kind::Bytes, ("値", "Value"),
        ("その他の属性の値です。", "The value of any other attribute.");
}

const NEED: usize = 4;
/// Attributes that are read at most.
const MAX_TLVS: usize = 256;

mod kind {
    pub const HEADER: u16 = 1;
    pub const PAYLOAD: u16 = 9;
}

pub struct Nflog;

/// One attribute: its type, and where it stands.
struct Tlv {
    kind: u16,
    at: usize,
    len: usize,
}

/// The attributes, up to the first that is not whole.
fn tlvs(area: &[u8]) -> impl Iterator<Item = Tlv> + '_ {
    let mut at = NEED;
    let next = move || {
        let word = array::<4>(area, at)?;
        let len = usize::from(u16::from_le_bytes([word[0], word[1]]));
        let tlv = Tlv { kind: u16::from_le_bytes([word[2], word[3]]) & 0x7fff, at, len };
        // Each begins at a multiple of four; a length below four would never end.
        at += len.next_multiple_of(4);
        (len >= 4 && tlv.at + len <= area.len()).then_some(tlv)
    };
    std::iter::from_fn(next).take(MAX_TLVS)
}

impl Header for Nflog {
    fn proto(&self) -> &'static str {
        "nflog"
    }

    fn title(&self) -> &'static str {
        "NFLOG"
    }

    fn about(&self) -> Words {
        words(
            "Linux のパケットフィルタが記録したパケットに付ける見出しです。",
            "What Linux's packet filter writes before a packet that it logs.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::Link(LinkType::NFLOG)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let base = input.area.start as usize;
        let byte = |def, at: usize| {
            Field::new(def, Value::Uint(area.get(at).copied().unwrap_or_default().into()), Span::new(base + at, 1))
        };
        let group = Value::Uint(be16(area, 2).unwrap_or_default().into());
        let mut fields = vec![byte(&FAMILY, 0), byte(&VERSION, 1), Field::new(&RES_ID, group, Span::new(base + 2, 2))];
        if area.len() < NEED {
            return Step::cut(self, input, NEED, fields);
        }
        let mut end = NEED;
        for tlv in tlvs(area) {
            fields.push(attribute(&tlv, area, base));
            end = (tlv.at + tlv.len.next_multiple_of(4)).min(area.len());
        }
        let summary = format!("group {}", be16(area, 2).unwrap_or_default());
        match hop(area, input.full_len) {
            Some(hop) => {
                let payload = Span::new(base + hop.from, hop.to - hop.from);
                let layer = Layer::of(self, Span::new(base, hop.from), payload, summary, fields);
                Step { tail: true, ..Step::read(layer, Next::Header(hop.next), hop.full) }
            }
            None if end < area.len() || area.len() < input.full_len => Step::cut(self, input, area.len() + 1, fields),
            None => {
                let (header, none) = (Span::new(base, end), Span::new(base + end, 0));
                Step::read(Layer::of(self, header, none, summary, fields), Next::Nothing, 0)
            }
        }
    }

    fn hop(&self, _key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(area, full_len)
    }
}

fn attribute(tlv: &Tlv, area: &[u8], base: usize) -> Field {
    let at = |from, len| Span::new(base + tlv.at + from, len);
    let number = |def, n: u32, span| Field::new(def, Value::Uint(n.into()), span);
    let mut parts = vec![number(&TLV_LENGTH, tlv.len as u32, at(0, 2)), number(&TLV_TYPE, tlv.kind.into(), at(2, 2))];
    let len = tlv.len - 4;
    let value = area.get(tlv.at + 4..tlv.at + tlv.len).unwrap_or_default();
    let (word, span) = (be32(value, 0), at(4, len));
    let device = |def| word.filter(|_| len == 4).map(|n| number(def, n, span));
    let known = match tlv.kind {
        kind::HEADER if len >= 3 => {
            let protocol = be16(value, 0).unwrap_or_default();
            let mut field = number(&PROTOCOL, protocol.into(), at(4, 2));
            field.meaning = names::ether_type(protocol).map(str::to_owned);
            parts.push(field);
            Some(number(&HOOK, value.get(2).copied().unwrap_or_default().into(), at(6, len - 2)))
        }
        4 => device(&INDEV),
        5 => device(&OUTDEV),
        6 => device(&PHYSINDEV),
        7 => device(&PHYSOUTDEV),
        3 if len == 16 => {
            let [seconds, micros] = [0, 8].map(|at| array(value, at).map(u64::from_be_bytes).unwrap_or_default());
            Some(Field::new(&TIMESTAMP, Value::Text(utc(seconds, micros)), span))
        }
        10 if len > 0 => {
            let text = value.split(|b| *b == 0).next().unwrap_or_default();
            Some(Field::new(&PREFIX, Value::Text(String::from_utf8_lossy(text).into_owned()), span))
        }
        // Wireshark reads both as signed numbers.
        11 | 14 => word.filter(|_| len == 4).map(|n| {
            let def = if tlv.kind == 11 { &UID } else { &GID };
            let n = n.cast_signed();
            Field::new(def, u64::try_from(n).map_or_else(|_| Value::Text(n.to_string()), Value::Uint), span)
        }),
        _ => None,
    };
    match known {
        Some(field) => parts.push(field),
        None if tlv.kind == kind::PAYLOAD => {}
        None => parts.push(Field::new(&TLV_VALUE, Value::Bytes, span)),
    }
    Field::new(&TLV, Value::Bytes, at(0, tlv.len)).with(parts)
}

/// As Wireshark writes a time, in UTC: "Mar 15, 2017 18:51:10.937225000 UTC".
fn utc(seconds: u64, micros: u64) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const DAY: u64 = 86_400;
    // Days are counted in eras of 400 years that begin on a first of March.
    let days = (seconds / DAY).min(1 << 40) + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let year = era * 400 + year_of_era + u64::from(month >= 10);
    let name = MONTHS.get(((month + 2) % 12) as usize).copied().unwrap_or_default();
    let (hour, minute, second) = (seconds % DAY / 3600, seconds % 3600 / 60, seconds % 60);
    let nanos = micros.saturating_mul(1000) % 1_000_000_000;
    format!("{name} {day:>2}, {year} {hour:02}:{minute:02}:{second:02}.{nanos:09} UTC")
}

/// The packet: the first attribute of its type. What it is, the filter's header attribute says, or else the family.
fn hop(area: &[u8], full_len: usize) -> Option<Hop> {
    let mut protocol = 0;
    let mut packet = None;
    for tlv in tlvs(area) {
        match tlv.kind {
            kind::HEADER => protocol = be16(area, tlv.at + 4)?,
            kind::PAYLOAD if packet.is_none() => packet = Some((tlv.at + 4, tlv.at + tlv.len)),
            _ => {}
        }
    }
    let (from, to) = packet?;
    let next = match (protocol, area.first()?) {
        (0, 2) => Key::EtherType(0x0800),
        (0, 10) => Key::EtherType(0x86dd),
        (0, _) => Key::Named("data"),
        (n, _) => Key::EtherType(n),
    };
    let _ = full_len;
    Some(Hop { next, from, to, full: to - from })
}
