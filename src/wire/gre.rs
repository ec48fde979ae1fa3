//! GRE: a tunnel for any protocol over IP (RFC 2784, RFC 2890), and its variant for PPP in PPTP (RFC 2637).
//!
//! In: the bytes behind an IP header with protocol 47. Out: which parts the header has, its key and numbers, and the protocol
//! inside. Source routes (RFC 1701) are stepped over.

use super::dissect::Hop;
use super::read::{array, be16, be32};
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, Next, Osi, Span, Step, Value, checksum, names};
use crate::lang::{Words, words};

crate::fields! {
    FLAGS: "gre.flags_and_version", Kind::Hex(4), ("フラグとバージョン", "Flags and version"),
        ("ヘッダのどの部分が続くかと、バージョンを示します。", "Which parts the header has, and its version.");
    HAS_SUM: "gre.flags.checksum", Kind::Bool, ("チェックサムあり", "Checksum bit"),
        ("チェックサムの欄があるかどうかです（RFC 2784 §2.2）。", "Whether there is a checksum. (RFC 2784 §2.2)");
    HAS_ROUTE: "gre.flags.routing", Kind::Bool, ("経路あり", "Routing bit"),
        ("経路の指定があるかどうかです。今は使われません（RFC 1701）。", "Whether there is a source route; not used any more. (RFC 1701)");
    HAS_KEY: "gre.flags.key", Kind::Bool, ("キーあり", "Key bit"),
        ("キーの欄があるかどうかです（RFC 2890 §2.1）。", "Whether there is a key. (RFC 2890 §2.1)");
    HAS_SEQ: "gre.flags.sequence_number", Kind::Bool, ("順序番号あり", "Sequence number bit"),
        ("順序番号の欄があるかどうかです（RFC 2890 §2.2）。", "Whether there is a sequence number. (RFC 2890 §2.2)");
    STRICT: "gre.flags.strict_source_route", Kind::Bool, ("厳密な経路", "Strict source route bit"),
        ("経路の指定をそのまま守るかどうかです（RFC 1701）。", "Whether the source route must be followed exactly. (RFC 1701)");
    RECUR: "gre.flags.recursion_control", Kind::Dec, ("入れ子の許容数", "Recursion control"),
        ("さらに何回までトンネルに入れてよいかです（RFC 1701）。", "How many more tunnels it may be put into. (RFC 1701)");
    HAS_ACK: "gre.flags.ack", Kind::Bool, ("確認番号あり", "Acknowledgment"),
        ("PPTP で、受け取った番号の欄があるかどうかです（RFC 2637 §4.1）。", "In PPTP: whether there is an acknowledgment number. (RFC 2637 §4.1)");
    RESERVED: "gre.flags.reserved", Kind::Dec, ("予約", "Flags (reserved)"),
        ("使われていないビットです。", "Bits that are not used.");
    VERSION: "gre.flags.version", Kind::Dec, ("バージョン", "Version"),
        ("0 は普通の GRE、1 は PPTP です。", "0 for plain GRE, 1 for PPTP.");
    PROTO: "gre.proto", Kind::Hex(4), ("プロトコル", "Protocol type"),
        ("中身がどのプロトコルかを示す番号（EtherType）です。", "Says which protocol is inside (an EtherType).");
    SUM: "gre.checksum", Kind::Hex(4), ("チェックサム", "Checksum"),
        ("GRE ヘッダと中身が途中で変わっていないかを確かめる値です（RFC 2784 §2.5）。", "Lets the receiver notice changed bytes in header and payload. (RFC 2784 §2.5)");
    SUM_STATUS: "gre.checksum.status", Kind::Dec, ("チェックサムの状態", "Checksum status"),
        ("1 は正しい、0 は誤り、2 は確かめていないことを示します。", "1 good, 0 bad, 2 not verified.");
    OFFSET: "gre.offset", Kind::Dec, ("経路の位置", "Offset"),
        ("経路のうち今使う部分の位置です（RFC 1701）。", "Which part of the source route is in use. (RFC 1701)");
    KEY: "gre.key", Kind::Hex(8), ("キー", "Key"),
        ("同じ二者の間にある複数のトンネルを見分ける番号です（RFC 2890 §2.1）。", "Tells several tunnels between the same two ends apart. (RFC 2890 §2.1)");
    KEY_LEN: "gre.key.payload_length", Kind::Dec, ("中身の長さ", "Payload length"),
        ("PPTP で、GRE ヘッダより後ろのバイト数です（RFC 2637 §4.1）。", "In PPTP: bytes behind the GRE header. (RFC 2637 §4.1)");
    KEY_CALL: "gre.key.call_id", Kind::Dec, ("呼び出し番号", "Call ID"),
        ("PPTP で、どの接続のパケットかを示します（RFC 2637 §4.1）。", "In PPTP: which call the packet belongs to. (RFC 2637 §4.1)");
    SEQ: "gre.sequence_number", Kind::Dec, ("順序番号", "Sequence number"),
        ("順番の入れ替わりに気付くための番号です（RFC 2890 §2.2）。", "Lets the receiver notice packets out of order. (RFC 2890 §2.2)");
    ACK: "gre.ack_number", Kind::Dec, ("確認番号", "Acknowledgment number"),
        ("PPTP で、どこまで受け取ったかを伝える番号です（RFC 2637 §4.1）。", "In PPTP: the highest number received. (RFC 2637 §4.1)");
    ROUTING: "gre.routing", Kind::Group, ("経路", "Routing"),
        ("通るべき経路の一部です（RFC 1701）。", "A part of the way to go. (RFC 1701)");
    ROUTE_FAMILY: "gre.routing.address_family", Kind::Dec, ("アドレスの種類", "Address family"),
        ("経路のアドレスがどのプロトコルのものかです。", "Which protocol's addresses the route is made of.");
    ROUTE_OFFSET: "gre.routing.sre_offset", Kind::Dec, ("位置", "SRE offset"),
        ("次のアドレスが何バイト目にあるかです。", "At which byte the next address stands.");
    ROUTE_LEN: "gre.routing.src_length", Kind::Dec, ("長さ", "SRE length"),
        ("経路のバイト数です。0 が最後を示します。", "Bytes of addresses; 0 ends the list.");
    ROUTE_INFO: "gre.routing.information", Kind::Bytes, ("経路の内容", "Routing information"),
        ("通るべきルータのアドレスです。", "The addresses of the routers to pass.");
    WCCP: "gre.wccp.redirect_header", Kind::Group, ("転送ヘッダ", "WCCP redirect header"),
        ("ルータがキャッシュサーバへ通信を回すときに付ける 4 バイトです（WCCP 2）。", "Four bytes that a router adds when it hands traffic to a cache (WCCP 2).");
    WCCP_DYNAMIC: "gre.wccp.dynamic_service", Kind::Bool, ("動的サービス", "Dynamic service"),
        ("サービスがキャッシュサーバの側で決められたかどうかです。", "Whether the caches defined the service.");
    WCCP_ALT_USED: "gre.wccp.alternative_bucket_used", Kind::Bool, ("予備の区分を使用", "Alternative bucket used"),
        ("振り分けに予備の区分を使ったかどうかです。", "Whether the alternative bucket was used.");
    WCCP_VALID: "gre.wccp.redirect_header_valid", Kind::Bool, ("転送ヘッダは有効", "Redirect header is valid"),
        ("この転送ヘッダが有効かどうかです。", "Whether this redirect header is valid.");
    WCCP_RESERVED: "gre.wccp.reserved", Kind::Dec, ("予約", "Reserved"),
        ("使われていないビットです。Wireshark には名前がありません。", "Bits that are not used; Wireshark has no name for them.");
    WCCP_SERVICE: "gre.wccp.service_id", Kind::Dec, ("サービス番号", "Service ID"),
        ("どの種類の通信を回したかです。0 は Web です。", "Which kind of traffic is handed over; 0 is the web.");
    WCCP_ALT: "gre.wccp.alternative_bucket", Kind::Dec, ("予備の区分", "Alternative bucket"),
        ("振り分けの予備の区分です。", "The alternative bucket of the distribution.");
    WCCP_PRIMARY: "gre.wccp.primary_bucket", Kind::Dec, ("主な区分", "Primary bucket"),
        ("振り分けの区分です。", "The bucket of the distribution.");
}

const IP: u8 = 47;
const PPP: u16 = 0x880b;
const WCCP_PROTO: u16 = 0x883e;
/// Routing entries that are read at most.
const MAX_ROUTES: usize = 64;

/// What a protocol number in GRE means here: unlike behind Ethernet, only some EtherTypes are used.
pub(super) fn carried(proto: u16) -> Key {
    match proto {
        0x0800 | 0x86dd | 0x0806 | 0x6558 | 0x8847 | 0x8848 => Key::EtherType(proto),
        PPP => Key::PppFrame,
        0x88be => Key::Erspan(2),
        0x22eb => Key::Erspan(3),
        WCCP_PROTO => Key::EtherType(0x0800),
        _ => Key::Gre(proto),
    }
}

pub struct Gre;

impl Header for Gre {
    fn proto(&self) -> &'static str {
        "gre"
    }

    fn title(&self) -> &'static str {
        "GRE"
    }

    fn about(&self) -> Words {
        words(
            "別のネットワークのパケットを丸ごと IP の中に入れて運ぶトンネルです。",
            "A tunnel: carries whole packets of another network inside IP.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::Network
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::IpProto(IP)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let base = input.area.start as usize;
        let (Some(flags), Some(proto)) = (be16(area, 0), be16(area, 2)) else {
            return Step::truncated(self.proto(), base, 4, area.len());
        };
        let at = |from, len| Span::new(base + from, len);
        let has = Parts::of(flags, proto);
        let mut fields = vec![flag_fields(flags, has.ppp, at(0, 2))];
        let mut field = Field::new(&PROTO, Value::Uint(proto.into()), at(2, 2));
        field.meaning = names::ether_type(proto).map(str::to_owned);
        fields.push(field);
        let mut from = 4;
        if has.checksum {
            let sum = Field::new(&SUM, Value::Uint(be16(area, from).unwrap_or_default().into()), at(from, 2));
            fields.push(sum.with(vec![status(input, flags)]));
            fields.push(Field::new(&OFFSET, Value::Uint(be16(area, from + 2).unwrap_or_default().into()), at(from + 2, 2)));
            from += 4;
        }
        let number = |def, from| Field::new(def, Value::Uint(be32(area, from).unwrap_or_default().into()), at(from, 4));
        if has.key && has.ppp {
            for (def, at_byte) in [(&KEY_LEN, from), (&KEY_CALL, from + 2)] {
                let n = be16(area, at_byte).unwrap_or_default();
                fields.push(Field::new(def, Value::Uint(n.into()), at(at_byte, 2)));
            }
            from += 4;
        } else if has.key {
            fields.push(number(&KEY, from));
            from += 4;
        }
        for (def, present) in [(&SEQ, has.seq), (&ACK, has.ack)] {
            if present {
                fields.push(number(def, from));
                from += 4;
            }
        }
        if has.routing {
            for _ in 0..MAX_ROUTES {
                let Some([a, b, offset, len]) = array::<4>(area, from) else { break };
                let byte = |def, n: u8, at_byte| Field::new(def, Value::Uint(n.into()), at(at_byte, 1));
                let family = Value::Uint(u16::from_be_bytes([a, b]).into());
                let mut parts = vec![
                    Field::new(&ROUTE_FAMILY, family, at(from, 2)),
                    byte(&ROUTE_OFFSET, offset, from + 2),
                    byte(&ROUTE_LEN, len, from + 3),
                ];
                let len = usize::from(len);
                if len > 0 {
                    parts.push(Field::new(&ROUTE_INFO, Value::Bytes, at(from + 4, len)));
                }
                fields.push(Field::new(&ROUTING, Value::None, at(from, 4 + len)).with(parts));
                from += 4 + len;
                if (a, b, len) == (0, 0, 0) {
                    break;
                }
            }
        }
        let Some(hop) = hop(area, input.full_len) else { return Step::cut(self, input, from.max(5), fields) };
        if hop.from > from {
            fields.push(redirect(area, from, base));
        }
        let inside = names::ether_type(proto).map_or_else(|| format!("0x{proto:04x}"), str::to_owned);
        let summary = format!("carries {inside}");
        if hop.full == 0 {
            let layer = Layer::of(self, at(0, hop.from), at(hop.from, 0), summary, fields);
            return Step::read(layer, Next::Nothing, 0);
        }
        Step::hop(self, input, hop, summary, fields)
    }

    fn hop(&self, _key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(area, full_len)
    }
}

/// Which optional parts follow the first four bytes.
struct Parts {
    checksum: bool,
    routing: bool,
    key: bool,
    seq: bool,
    ack: bool,
    ppp: bool,
}

impl Parts {
    fn of(flags: u16, proto: u16) -> Self {
        let bit = |mask: u16| flags & mask != 0;
        let ppp = proto == PPP;
        // RFC 1701: the checksum field is there when either bit is set.
        let checksum = bit(0x8000) || bit(0x4000);
        let ack = bit(0x0080) && ppp;
        Self { checksum, routing: bit(0x4000), key: bit(0x2000), seq: bit(0x1000), ack, ppp }
    }
}

fn hop(area: &[u8], full_len: usize) -> Option<Hop> {
    let (flags, proto) = (be16(area, 0)?, be16(area, 2)?);
    let has = Parts::of(flags, proto);
    let words = [has.checksum, has.key, has.seq, has.ack].into_iter().filter(|p| *p).count();
    let mut from = 4 + 4 * words;
    if has.routing {
        let mut last = false;
        for _ in 0..MAX_ROUTES {
            let [a, b, _, len] = array::<4>(area, from)?;
            from += 4 + usize::from(len);
            last = (a, b, len) == (0, 0, 0);
            if last {
                break;
            }
        }
        if !last {
            return None;
        }
    }
    let next = match carried(proto) {
        // Without a sequence number there is no ERSPAN header at all.
        Key::Erspan(2) if !has.seq => Key::Erspan(1),
        key => key,
    };
    if proto == WCCP_PROTO && area.get(from).is_some_and(|b| b >> 4 != 4) {
        from += 4;
    }
    Hop::rest(next, from, area, full_len)
}

fn flag_fields(flags: u16, ppp: bool, span: Span) -> Field {
    let flag = |def, bit: u32| Field::new(def, Value::Bool(flags & (0x8000 >> bit) != 0), span).bits(bit, 1);
    let number = |def, first: u32, len: u32| {
        let n = u64::from(flags) >> (16 - first - len) & ((1 << len) - 1);
        Field::new(def, Value::Uint(n), span).bits(first, len)
    };
    let mut bits = vec![
        flag(&HAS_SUM, 0),
        flag(&HAS_ROUTE, 1),
        flag(&HAS_KEY, 2),
        flag(&HAS_SEQ, 3),
        flag(&STRICT, 4),
        number(&RECUR, 5, 3),
    ];
    if ppp {
        bits.push(flag(&HAS_ACK, 8));
        // Wireshark's mask of the reserved bits has the acknowledgment bit in it; its value here is 0 all the same.
        bits.push(number(&RESERVED, 9, 4));
    } else {
        bits.push(number(&RESERVED, 8, 5));
    }
    bits.push(number(&VERSION, 13, 3));
    Field::new(&FLAGS, Value::Uint(flags.into()), span).with(bits)
}

/// What a router says about the cache that it chose.
fn redirect(area: &[u8], from: usize, base: usize) -> Field {
    let [flags, service, alternative, primary] = array::<4>(area, from).unwrap_or_default();
    let at = |n: usize| Span::new(base + from + n, 1);
    let first = from as u32 * 8;
    let flag = |def, bit: u32| Field::new(def, Value::Bool(flags >> bit & 1 != 0), at(0)).bits(first + 7 - bit, 1);
    let number = |def, n: u8, span| Field::new(def, Value::Uint(n.into()), span);
    Field::new(&WCCP, Value::None, Span::new(base + from, 4)).with(vec![
        number(&WCCP_RESERVED, flags >> 3, at(0)).bits(first, 5),
        flag(&WCCP_VALID, 2),
        flag(&WCCP_ALT_USED, 1),
        flag(&WCCP_DYNAMIC, 0),
        number(&WCCP_SERVICE, service, at(1)),
        number(&WCCP_ALT, alternative, at(2)),
        number(&WCCP_PRIMARY, primary, at(3)),
    ])
}

/// The checksum covers header and payload; with a route only, the field is there but means nothing.
fn status(input: &Input<'_>, flags: u16) -> Field {
    let area = input.slice();
    let (status, words) = if flags & 0x8000 == 0 || input.partial || area.len() < input.full_len {
        (2, "not verified")
    } else if checksum::fold(checksum::add(0, area)) == 0xffff {
        (1, "good")
    } else {
        (0, "bad")
    };
    Field::new(&SUM_STATUS, Value::Uint(status), Span::NONE).means(words)
}
