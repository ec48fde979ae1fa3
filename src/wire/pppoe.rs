//! PPP over Ethernet (RFC 2516): finding an access concentrator, and the session with it.
//!
//! In: the bytes behind EtherTypes 0x8863 and 0x8864. Out: the session's number and the PPP frame, or the tags of a discovery.

use super::dissect::Hop;
use super::read::{array, be16};
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, LinkType, Next, Osi, Span, Step, Value};
use crate::lang::{Words, words};

crate::fields! {
    VERSION: "pppoe.version", Kind::Dec, ("バージョン", "Version"),
        ("PPPoE のバージョンで、1 です（RFC 2516 §4）。", "The version of PPPoE: 1. (RFC 2516 §4)");
    TYPE: "pppoe.type", Kind::Dec, ("種類", "Type"),
        ("常に 1 です（RFC 2516 §4）。", "Always 1. (RFC 2516 §4)");
    CODE: "pppoe.code", Kind::Hex(2), ("コード", "Code"),
        ("セッションでは 0、発見では質問や返事の別を示します。", "0 in a session; in discovery, which question or answer it is.");
    SESSION: "pppoe.session_id", Kind::Hex(4), ("セッション番号", "Session ID"),
        ("事業者の装置が決めた、この接続の番号です。", "The number of this connection, chosen by the access concentrator.");
    LENGTH: "pppoe.payload_length", Kind::Dec, ("中身の長さ", "Payload length"),
        ("PPPoE ヘッダより後ろのバイト数です。後ろの詰め物は含みません。", "Bytes behind the PPPoE header, padding not counted.");
}

mod discovery {
    crate::fields! {
        TAGS: "pppoed.tags", Kind::Group, ("タグ", "PPPoE tags"),
            ("相手を選ぶための情報の並びです（RFC 2516 付録 A）。", "What the two ends need to find each other. (RFC 2516 appendix A)");
        SERVICE_NAME: "pppoed.tags.service_name", Kind::Text, ("サービス名", "Service-Name"),
            ("利用したい（または提供する）サービスの名前です。", "The service that is asked for or offered.");
        AC_NAME: "pppoed.tags.ac_name", Kind::Text, ("装置名", "AC-Name"),
            ("事業者の装置の名前です。", "The name of the access concentrator.");
        HOST_UNIQ: "pppoed.tags.host_uniq", Kind::Bytes, ("ホストの印", "Host-Uniq"),
            ("質問と返事を対応させるために、質問した側が付けた印です。", "A mark by which the asking host knows the answer to its question.");
        AC_COOKIE: "pppoed.tags.ac_cookie", Kind::Bytes, ("クッキー", "AC-Cookie"),
            ("偽の質問の洪水から装置を守るための印です。", "Protects the access concentrator against floods of false questions.");
        RELAY: "pppoed.tags.relay_session_id", Kind::Bytes, ("中継セッション番号", "Relay-Session-Id"),
            ("途中で中継する装置が付けた印です。", "A mark added by a relay on the way.");
        OTHER: "pppoed.tags.head", Kind::Hex(4), ("タグの種類と長さ", "Tag type and length"),
            ("続くタグが何かと、その長さです。この名前は Wireshark にはありません。", "Which tag follows and how long it is; Wireshark has no name for it.");
    }
    use crate::wire::Kind;
}

const NEED: usize = 6;
/// Tags that are read at most.
const MAX_TAGS: usize = 64;

pub struct Session;

impl Header for Session {
    fn proto(&self) -> &'static str {
        "pppoes"
    }

    fn title(&self) -> &'static str {
        "PPPoE session"
    }

    fn about(&self) -> Words {
        words(
            "Ethernet の上で PPP の接続を保ち、家庭から事業者の網へつなぎます。",
            "Keeps a PPP connection over Ethernet: the way from a home into a provider's network.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::EtherType(0x8864), Key::Link(LinkType::PPP_ETHER)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let Some((fields, session)) = head(input) else {
            return Step::truncated(self.proto(), input.area.start as usize, NEED, input.area.len as usize);
        };
        let Some(hop) = hop(input.slice(), input.full_len) else {
            return Step::cut(self, input, NEED, fields);
        };
        let summary = format!("session 0x{session:04x}");
        if hop.from == hop.to {
            // Nothing of what it carries was captured.
            let base = input.area.start as usize;
            let layer = Layer::of(self, Span::new(base, NEED), Span::new(base + NEED, 0), summary, fields);
            return Step { tail: true, ..Step::read(layer, Next::Nothing, hop.full) };
        }
        Step { tail: true, ..Step::hop(self, input, hop, summary, fields) }
    }

    fn hop(&self, _key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(area, full_len)
    }
}

pub struct Discovery;

impl Header for Discovery {
    fn proto(&self) -> &'static str {
        "pppoed"
    }

    fn title(&self) -> &'static str {
        "PPPoED"
    }

    fn about(&self) -> Words {
        words(
            "PPPoE の接続を始める前に、事業者の装置を探します。",
            "Finds the provider's access concentrator before a PPPoE session begins.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::EtherType(0x8863)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        discovery::FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let base = input.area.start as usize;
        let Some((mut fields, _)) = head(input) else {
            return Step::truncated(self.proto(), base, NEED, input.area.len as usize);
        };
        let area = input.slice();
        let length = usize::from(be16(area, 4).unwrap_or_default());
        let end = (NEED + length).min(area.len());
        if end > NEED {
            let span = Span::new(base + NEED, end - NEED);
            fields.push(Field::new(&discovery::TAGS, Value::None, span).with(tags(area, end, base)));
        }
        let code = area.get(1).copied().unwrap_or_default();
        let summary = code_name(code).unwrap_or("unknown code").to_owned();
        let layer = Layer::of(self, Span::new(base, end), Span::new(base + end, 0), summary, fields);
        Step { tail: true, ..Step::read(layer, Next::Nothing, 0) }
    }
}

fn hop(area: &[u8], full_len: usize) -> Option<Hop> {
    Hop::claimed(Key::PppBare, NEED, be16(area, 4)?.into(), area, full_len)
}

/// The six bytes that both have, and the session's number in them.
fn head(input: &Input<'_>) -> Option<(Vec<Field>, u16)> {
    let [first, code, s1, s2, l1, l2] = array::<NEED>(input.slice(), 0)?;
    let base = input.area.start as usize;
    let at = |from, len| Span::new(base + from, len);
    let number = |def, n: u16, span| Field::new(def, Value::Uint(n.into()), span);
    let session = u16::from_be_bytes([s1, s2]);
    let mut code_field = number(&CODE, code.into(), at(1, 1));
    code_field.meaning = code_name(code).map(str::to_owned);
    let fields = vec![
        number(&VERSION, (first >> 4).into(), at(0, 1)).bits(0, 4),
        number(&TYPE, (first & 15).into(), at(0, 1)).bits(4, 4),
        code_field,
        number(&SESSION, session, at(2, 2)),
        number(&LENGTH, u16::from_be_bytes([l1, l2]), at(4, 2)),
    ];
    Some((fields, session))
}

fn code_name(code: u8) -> Option<&'static str> {
    Some(match code {
        0x00 => "Session Data",
        0x07 => "Active Discovery Offer (PADO)",
        0x09 => "Active Discovery Initiation (PADI)",
        0x19 => "Active Discovery Request (PADR)",
        0x65 => "Active Discovery Session-confirmation (PADS)",
        0xa7 => "Active Discovery Terminate (PADT)",
        _ => return None,
    })
}

/// The tags up to `end`; one that goes beyond it ends the list.
fn tags(area: &[u8], end: usize, base: usize) -> Vec<Field> {
    let mut out = Vec::new();
    let mut at = NEED;
    while let (Some(kind), Some(len)) = (be16(area, at), be16(area, at + 2)) {
        let len = usize::from(len);
        if at + 4 + len > end || out.len() >= MAX_TAGS {
            break;
        }
        // The whole tag is the field's place, so that no byte is without a name; the bytes of its value are printed.
        let value = Span::new(base + at + 4, len);
        let bytes = area.get(at + 4..at + 4 + len).unwrap_or_default();
        let text = Value::Text(String::from_utf8_lossy(bytes).into_owned());
        let field = match kind {
            _ if len == 0 => None,
            0x0101 => Some(Field::new(&discovery::SERVICE_NAME, text, value)),
            0x0102 => Some(Field::new(&discovery::AC_NAME, text, value)),
            0x0103 => Some(Field::new(&discovery::HOST_UNIQ, Value::Bytes, value)),
            0x0104 => Some(Field::new(&discovery::AC_COOKIE, Value::Bytes, value)),
            0x0110 => Some(Field::new(&discovery::RELAY, Value::Bytes, value)),
            _ => None,
        };
        let heading = if field.is_some() { Span::new(base + at, 4) } else { Span::new(base + at, 4 + len) };
        out.push(Field::new(&discovery::OTHER, Value::Uint(kind.into()), heading));
        out.extend(field);
        at += 4 + len;
    }
    out
}
