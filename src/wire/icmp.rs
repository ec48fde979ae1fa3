//! ICMP (RFC 792): echo, and the errors that routers and hosts report, with the packet they quote.
//!
//! In: a message. Out: its fields. The quoted packet's headers hang below the field `icmp.quoted`, so that they are never taken for
//! this frame's own: the layer after ICMP does not exist, and what follows it is [`Next::Nothing`].

use super::read::{Head, array, be16, be32};
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, Next, Osi, Span, Step, Value, checksum, quote};
use crate::lang::{Words, words};
use pnet::packet::icmp::IcmpPacket;

crate::fields! {
    TYPE: "icmp.type", Kind::Dec, ("タイプ", "Type"),
        ("メッセージの種類です。8 は ping の要求、0 はその返事、3 は届かないという知らせです（RFC 792）。", "What kind of message this is: 8 asks for an echo, 0 is the echo, 3 says unreachable. (RFC 792)");
    CODE: "icmp.code", Kind::Dec, ("コード", "Code"),
        ("種類の中での細かい理由です。", "The exact reason within the type.");
    CHECKSUM: "icmp.checksum", Kind::Hex(4), ("チェックサム", "Checksum"),
        ("メッセージ全体が途中で壊れていないかを確かめる値です。", "Shows whether the message was damaged on its way.");
    CHECKSUM_STATUS: "icmp.checksum.status", Kind::Dec, ("チェックサムの判定", "Checksum status"),
        ("計算し直した結果です。1 は正しい、0 は誤り、2 は未確認です。", "The result of computing it again: 1 good, 0 bad, 2 not checked.");
    IDENT: "icmp.ident", Kind::Dec, ("識別子", "Identifier"),
        ("どの ping コマンドの要求かを見分ける番号です。返事にも同じ値が入ります。", "Tells which ping program asked; the answer carries the same value.");
    SEQ: "icmp.seq", Kind::Dec, ("シーケンス番号", "Sequence number"),
        ("何回目の要求かを示し、返事と組にするための番号です。", "Which of the requests this is, to match answers with them.");
    UNUSED: "icmp.unused", Kind::Bytes, ("未使用", "Unused"),
        ("使われないバイトで、0 で送ります。", "Not used, sent as zero.");
    MTU: "icmp.mtu", Kind::Dec, ("次の区間の MTU", "MTU of next hop"),
        ("ここまで小さくすれば通れる、という大きさです。経路 MTU 探索に使います（RFC 1191）。", "How small a packet must be to pass; used to find the path's MTU. (RFC 1191)");
    GATEWAY: "icmp.redir_gw", Kind::Ipv4, ("より良いルータ", "Gateway address"),
        ("次からはこのルータに送るほうが近い、という知らせです。", "The router that is closer to the destination.");
    POINTER: "icmp.pointer", Kind::Dec, ("誤りの位置", "Pointer"),
        ("元のパケットの何バイト目に誤りがあるかを示します。", "Which byte of the quoted packet is wrong.");
    ORIGINATE: "icmp.originate_timestamp", Kind::Dec, ("送信時刻", "Originate timestamp"),
        ("要求を送った時刻を、その日の 0 時からのミリ秒で示します。", "When the request was sent, in milliseconds since midnight UTC.");
    RECEIVE: "icmp.receive_timestamp", Kind::Dec, ("受信時刻", "Receive timestamp"),
        ("要求を受け取った時刻です。", "When the request arrived.");
    TRANSMIT: "icmp.transmit_timestamp", Kind::Dec, ("返信時刻", "Transmit timestamp"),
        ("返事を送った時刻です。", "When the answer was sent.");
    RESP_TO: "icmp.resp_to", Kind::Dec, ("要求のフレーム", "Request frame"),
        ("この返事が答えている要求のフレームの番号です。", "The frame of the request that this answers.");
    RESP_TIME: "icmp.resptime", Kind::Text, ("返事までの時間（ミリ秒）", "Response time (ms)"),
        ("要求から返事までのミリ秒数で、ping が示す往復時間にあたります。", "Milliseconds from the request to this answer: the round trip that ping shows.");
    QUOTED: "icmp.quoted", Kind::Group, ("引用された元のパケット", "Quoted packet"),
        ("この知らせの原因になったパケットの先頭部分です。どの通信の話かが分かります（RFC 792）。", "The beginning of the packet that caused this message: it tells which conversation it is about. (RFC 792)");
    QUOTED_LAYER: "icmp.quoted.layer", Kind::Group, ("引用されたヘッダ", "Quoted header"),
        ("元のパケットのヘッダの 1 つです。", "One header of the quoted packet.");
}

const FIXED: usize = IcmpPacket::minimum_packet_size();
/// Its IP protocol number.
pub const PROTO: u8 = 1;

/// Does this type quote the packet it is about? (RFC 792)
pub(super) fn is_error(kind: u8) -> bool {
    matches!(kind, 3 | 4 | 5 | 11 | 12)
}

/// Where the quoted packet begins.
pub(super) const QUOTE_AT: usize = 8;

pub struct Icmp;

impl Header for Icmp {
    fn proto(&self) -> &'static str {
        "icmp"
    }

    fn title(&self) -> &'static str {
        "ICMP"
    }

    fn about(&self) -> Words {
        words(
            "IP の通信がうまくいったか、いかなかったかを知らせ合います。ping もこれを使います。",
            "Reports how IP fares: errors on the way, and the echo that ping uses.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::Network
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::IpProto(PROTO)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let head = Head::<FIXED>::of(area);
        let base = input.area.start as usize;
        let Some(view) = IcmpPacket::new(&head.bytes) else {
            return Step::truncated(self.proto(), base, FIXED, head.have);
        };
        let at = |from, len| Span::new(base + from, len);
        let (kind, code) = (view.get_icmp_type().0, view.get_icmp_code().0);
        let verdict = match area.get(..input.full_len) {
            Some(all) if !input.partial => checksum::judge(all, 2, 0),
            _ => checksum::Verdict::Unverified,
        };
        let mut code_field = Field::new(&CODE, Value::Uint(code.into()), at(1, 1));
        code_field.meaning = code_name(kind, code).map(str::to_owned);
        let mut fields = vec![
            Field::new(&TYPE, Value::Uint(kind.into()), at(0, 1)).means(type_name(kind)),
            code_field,
            checksum::field(&CHECKSUM, &CHECKSUM_STATUS, view.get_checksum(), at(2, 2), verdict),
        ];
        let mut summary = type_name(kind).to_owned();
        if let Some(reason) = code_name(kind, code) {
            summary += &format!(" ({reason})");
        }
        let number = |def, from| Field::new(def, Value::Uint(be16(area, from).unwrap_or_default().into()), at(from, 2));
        let long = |def, from| Field::new(def, Value::Uint(be32(area, from).unwrap_or_default().into()), at(from, 4));
        let unused = |from, len| Field::new(&UNUSED, Value::Bytes, at(from, len));
        let (need, more) = match kind {
            0 | 8 => (8, vec![number(&IDENT, 4), number(&SEQ, 6)]),
            3 if code == 4 => (8, vec![unused(4, 2), number(&MTU, 6)]),
            5 => {
                let router = array::<4>(area, 4).unwrap_or_default();
                (8, vec![Field::new(&GATEWAY, Value::Ipv4(router.into()), at(4, 4))])
            }
            12 => {
                let pointer = area.get(4).copied().unwrap_or_default();
                (8, vec![Field::new(&POINTER, Value::Uint(pointer.into()), at(4, 1)), unused(5, 3)])
            }
            3 | 4 | 10 | 11 => (8, vec![unused(4, 4)]),
            13 | 14 => {
                let times = [long(&ORIGINATE, 8), long(&RECEIVE, 12), long(&TRANSMIT, 16)];
                (20, [number(&IDENT, 4), number(&SEQ, 6)].into_iter().chain(times).collect())
            }
            _ => (FIXED, Vec::new()),
        };
        fields.extend(more);
        if area.len() < need {
            return Step::cut(self, input, need, fields);
        }
        if matches!(kind, 0 | 8) {
            let (id, seq) = (be16(area, 4).unwrap_or_default(), be16(area, 6).unwrap_or_default());
            summary += &format!("  id=0x{id:04x}, seq={seq}");
        }
        let payload = at(need, area.len() - need);
        if is_error(kind) && !input.quoted {
            fields.extend(quote::fields(input, payload, Key::EtherType(0x0800), &QUOTED, &QUOTED_LAYER));
        }
        let layer = Layer::of(self, at(0, need), payload, summary, fields);
        Step::read(layer, Next::Nothing, input.full_len.saturating_sub(need))
    }
}

fn type_name(kind: u8) -> &'static str {
    match kind {
        0 => "Echo (ping) reply",
        3 => "Destination unreachable",
        4 => "Source quench",
        5 => "Redirect",
        8 => "Echo (ping) request",
        9 => "Router advertisement",
        10 => "Router solicitation",
        11 => "Time-to-live exceeded",
        12 => "Parameter problem",
        13 => "Timestamp request",
        14 => "Timestamp reply",
        _ => "Unknown ICMP type",
    }
}

fn code_name(kind: u8, code: u8) -> Option<&'static str> {
    Some(match (kind, code) {
        (3, 0) => "Network unreachable",
        (3, 1) => "Host unreachable",
        (3, 2) => "Protocol unreachable",
        (3, 3) => "Port unreachable",
        (3, 4) => "Fragmentation needed",
        (3, 5) => "Source route failed",
        (3, 6) => "Destination network unknown",
        (3, 7) => "Destination host unknown",
        (3, 9) => "Network administratively prohibited",
        (3, 10) => "Host administratively prohibited",
        (3, 13) => "Communication administratively filtered",
        (5, 0) => "Redirect for network",
        (5, 1) => "Redirect for host",
        (11, 0) => "Time to live exceeded in transit",
        (11, 1) => "Fragment reassembly time exceeded",
        (12, 0) => "Pointer indicates the error",
        (12, 1) => "Required option missing",
        _ => return None,
    })
}
