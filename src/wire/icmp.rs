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
    IDENT_LE: "icmp.ident_le", Kind::Dec, ("識別子（逆順）", "Identifier (LE)"),
        ("バイトの順を逆に読んだ値です。Windows はこの順で書きます。", "The same read in the other byte order, as Windows writes it.");
    SEQ_LE: "icmp.seq_le", Kind::Dec, ("シーケンス番号（逆順）", "Sequence number (LE)"),
        ("バイトの順を逆に読んだ値です。Windows はこの順で書きます。", "The same read in the other byte order, as Windows writes it.");
    LENGTH: "icmp.length", Kind::Dec, ("引用の長さ", "Length"),
        ("引用された元のパケットの長さを 4 バイト単位で示します。後ろに拡張が続きます（RFC 4884）。", "Length of the quoted packet in units of four bytes; extensions follow it. (RFC 4884)");
    LENGTH_BYTES: "icmp.length.original_datagram", Kind::Dec, ("引用のバイト数", "Length of original datagram"),
        ("引用された元のパケットのバイト数です。", "Bytes of the quoted packet.");
    ADDRESSES: "icmp.num_addrs", Kind::Dec, ("アドレスの数", "Number of addresses"),
        ("続くルータのアドレスの数です（RFC 1256）。", "How many routers' addresses follow. (RFC 1256)");
    ADDRESS_SIZE: "icmp.addr_entry_size", Kind::Dec, ("1 件の長さ", "Address entry size"),
        ("1 件の長さを 4 バイト単位で示します。", "Length of one entry in units of four bytes.");
    LIFETIME: "icmp.lifetime", Kind::Dec, ("有効時間", "Lifetime"),
        ("このルータを使ってよい秒数です。", "For how many seconds these routers may be used.");
    ROUTER: "icmp.router_address", Kind::Ipv4, ("ルータのアドレス", "Router address"),
        ("使えるルータのアドレスです。", "A router that can be used.");
    PREFERENCE: "icmp.pref_level", Kind::Dec, ("優先度", "Preference level"),
        ("大きいほど優先されます。", "The higher, the better.");
    MASK: "icmp.address_mask", Kind::Ipv4, ("アドレスマスク", "Address mask"),
        ("このネットワークのアドレスの範囲を示します（RFC 950）。", "Which part of an address names this network. (RFC 950)");
    DATA_TIME: "icmp.data_time", Kind::Text, ("データの中の時刻", "Timestamp in the data"),
        ("ping が送った時刻をデータの先頭に書いたものです。", "When ping sent it, written at the beginning of the data.");
    DATA_TIME_RELATIVE: "icmp.data_time_relative", Kind::Seconds, ("その時刻から", "Time since that timestamp"),
        ("データに書かれた時刻からの秒数です。", "Seconds since the time that is written in the data.");
    EXT: "icmp.ext", Kind::Group, ("拡張", "Extensions"),
        ("引用の後ろに付く追加の情報です（RFC 4884）。", "Further information behind the quoted packet. (RFC 4884)");
    EXT_VERSION: "icmp.ext.version", Kind::Dec, ("版", "Version"),
        ("拡張の版です。2 です。", "The version of the extensions: 2.");
    EXT_RESERVED: "icmp.ext.res", Kind::Hex(4), ("予約", "Reserved"),
        ("使われないビットです。", "Bits that are not used.");
    EXT_CHECKSUM: "icmp.ext.checksum", Kind::Hex(4), ("チェックサム", "Checksum"),
        ("拡張が壊れていないかを確かめる値です。", "Shows whether the extensions were damaged.");
    EXT_CHECKSUM_STATUS: "icmp.ext.checksum.status", Kind::Dec, ("チェックサムの判定", "Checksum status"),
        ("計算し直した結果です。1 は正しい、0 は誤りです。", "The result of computing it again: 1 good, 0 bad.");
    EXT_LENGTH: "icmp.ext.length", Kind::Dec, ("長さ", "Length"),
        ("この項目のバイト数です。", "Bytes of this object.");
    EXT_CLASS: "icmp.ext.class", Kind::Dec, ("分類", "Class"),
        ("何についての項目かです。1 は MPLS のラベルです。", "What it is about; 1: an MPLS label.");
    EXT_TYPE: "icmp.ext.ctype", Kind::Dec, ("種類", "C-Type"),
        ("分類の中での種類です。", "The kind within the class.");
    EXT_DATA: "icmp.ext.data", Kind::Bytes, ("データ", "Data"),
        ("ここでは解釈しないデータです。", "Data that is not interpreted here.");
    MPLS_LABEL: "icmp.mpls.label", Kind::Dec, ("MPLS ラベル", "MPLS label"),
        ("途中のルータがパケットに付けていた MPLS のラベルです（RFC 4950）。", "The MPLS label that the packet had at that router. (RFC 4950)");
    MPLS_EXP: "icmp.mpls.exp", Kind::Dec, ("MPLS の優先度", "MPLS experimental"),
        ("ラベルの優先度の 3 ビットです。", "The three priority bits of the label.");
    MPLS_BOTTOM: "icmp.mpls.s", Kind::Bool, ("最後のラベル", "Bottom of stack"),
        ("1 なら、重ねたラベルの最後です。", "If set, it is the last of the stacked labels.");
    MPLS_TTL: "icmp.mpls.ttl", Kind::Dec, ("MPLS の TTL", "MPLS TTL"),
        ("ラベルの生存時間です。", "The label's time to live.");
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
        // The same bytes a second time.
        let swapped = |def, from| Field::new(def, Value::Uint(be16(area, from).unwrap_or_default().swap_bytes().into()), Span::NONE);
        let byte = |def, from: usize| Field::new(def, Value::Uint(area.get(from).copied().unwrap_or_default().into()), at(from, 1));
        let long = |def, from| Field::new(def, Value::Uint(be32(area, from).unwrap_or_default().into()), at(from, 4));
        let address = |def, from| Field::new(def, Value::Ipv4(array::<4>(area, from).unwrap_or_default().into()), at(from, 4));
        let unused = |from, len| Field::new(&UNUSED, Value::Bytes, at(from, len));
        let numbers = || vec![number(&IDENT, 4), swapped(&IDENT_LE, 4), number(&SEQ, 6), swapped(&SEQ_LE, 6)];
        let words = area.get(5).copied().unwrap_or_default();
        // RFC 4884 §4: where the quoted packet's length is told, extensions follow it.
        let length = || vec![byte(&LENGTH, 5), Field::new(&LENGTH_BYTES, Value::Uint(u64::from(words) * 4), Span::NONE), unused(6, 2)];
        let (need, more) = match kind {
            0 | 8 | 15 | 16 => (8, numbers()),
            3 if code == 4 => (8, vec![unused(4, 2), number(&MTU, 6)]),
            5 => (8, vec![address(&GATEWAY, 4)]),
            9 => {
                let (count, size) = (area.get(4).copied().unwrap_or_default(), words);
                let mut more = vec![byte(&ADDRESSES, 4), byte(&ADDRESS_SIZE, 5), number(&LIFETIME, 6)];
                let mut end = 8;
                if size == 2 {
                    for _ in 0..count {
                        if area.len() < end + 8 {
                            break;
                        }
                        let level = be32(area, end + 4).unwrap_or_default() as i32;
                        more.extend([address(&ROUTER, end), Field::new(&PREFERENCE, Value::Int(level.into()), at(end + 4, 4))]);
                        end += 8;
                    }
                }
                (end, more)
            }
            12 if words > 0 => (8, std::iter::once(byte(&POINTER, 4)).chain(length()).collect()),
            12 => (8, vec![byte(&POINTER, 4), unused(5, 3)]),
            3 | 11 if words > 0 => (8, std::iter::once(unused(4, 1)).chain(length()).collect()),
            3 | 11 => (8, vec![unused(4, 4)]),
            4 | 10 => (8, Vec::new()),
            13 | 14 => {
                let times = [long(&ORIGINATE, 8), long(&RECEIVE, 12), long(&TRANSMIT, 16)];
                (20, numbers().into_iter().chain(times).collect())
            }
            17 | 18 => (12, numbers().into_iter().chain([address(&MASK, 8)]).collect()),
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
            // Without a length, extensions come after 128 bytes (RFC 4884 §5.5).
            let told = usize::from(words) * 4;
            let quoted = if matches!(kind, 3 | 11 | 12) && told > 0 && code != 4 { told } else { 128 };
            let extended = matches!(kind, 3 | 11 | 12) && area.len() >= need + quoted + 4 && (told > 0 || is_extension(area, need + quoted));
            let end = if extended { need + quoted } else { area.len() };
            let mut quote = quote::fields(input, at(need, end - need), Key::EtherType(0x0800), &QUOTED, &QUOTED_LAYER);
            // Wireshark looks for what is spoken only where it says why the packet was lost.
            if let Some(quote) = quote.as_mut().filter(|_| kind == 5) {
                quote.children.iter_mut().for_each(|h| h.children.retain(|f| f.def.name != "udp.payload"));
            }
            fields.extend(quote);
            if extended {
                fields.push(extensions(area, base, end));
            }
        }
        let layer = Layer::of(self, at(0, need), payload, summary, fields);
        Step::read(layer, Next::Nothing, input.full_len.saturating_sub(need))
    }
}

/// Do the bytes at `from` look like the head of extensions (RFC 4884 §7)?
fn is_extension(area: &[u8], from: usize) -> bool {
    let all = area.get(from..).unwrap_or(&[]);
    all.first().is_some_and(|b| b >> 4 == 2) && checksum::judge(all, 2, 0) == checksum::Verdict::Good
}

/// The extensions from `from` to the end.
fn extensions(area: &[u8], base: usize, from: usize) -> Field {
    let at = |from, len| Span::new(base + from, len);
    let all = area.get(from..).unwrap_or(&[]);
    let head = be16(area, from).unwrap_or_default();
    let number = |def, value: u64, from, len| Field::new(def, Value::Uint(value), at(from, len));
    let verdict = checksum::judge(all, 2, 0);
    let sum = be16(area, from + 2).unwrap_or_default();
    let mut out = vec![
        number(&EXT_VERSION, u64::from(head >> 12), from, 1).bits(from as u32 * 8, 4),
        number(&EXT_RESERVED, u64::from(head & 0xfff), from, 2).bits(from as u32 * 8 + 4, 12),
        checksum::field(&EXT_CHECKSUM, &EXT_CHECKSUM_STATUS, sum, at(from + 2, 2), verdict),
    ];
    let mut next = from + 4;
    while let Some(len) = be16(area, next).map(usize::from).filter(|len| *len >= 4 && next + len <= area.len()) {
        let (class, kind) = (area.get(next + 2).copied().unwrap_or_default(), area.get(next + 3).copied().unwrap_or_default());
        out.extend([
            number(&EXT_LENGTH, len as u64, next, 2),
            number(&EXT_CLASS, class.into(), next + 2, 1),
            number(&EXT_TYPE, kind.into(), next + 3, 1),
        ]);
        let data = next + 4;
        if (class, kind) == (1, 1) {
            for entry in (data..(next + len).saturating_sub(3)).step_by(4) {
                let word = be32(area, entry).unwrap_or_default();
                out.extend([
                    number(&MPLS_LABEL, u64::from(word >> 12), entry, 3).bits(entry as u32 * 8, 20),
                    number(&MPLS_EXP, u64::from(word >> 9 & 7), entry + 2, 1).bits(entry as u32 * 8 + 20, 3),
                    Field::new(&MPLS_BOTTOM, Value::Bool(word & 0x100 != 0), at(entry + 2, 1)).bits(entry as u32 * 8 + 23, 1),
                    number(&MPLS_TTL, u64::from(word & 0xff), entry + 3, 1),
                ]);
            }
        } else if len > 4 {
            out.push(Field::new(&EXT_DATA, Value::Bytes, at(data, len - 4)));
        }
        next += len;
    }
    Field::new(&EXT, Value::None, at(from, all.len())).with(out)
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
