//! ICMPv6 (RFC 4443): echo and errors; and neighbour discovery (RFC 4861), whose options are read in `icmpv6_opt`.
//!
//! In: a message. Out: its fields. A quoted packet's headers hang below `icmpv6.quoted`, as in ICMP.

use super::read::{Head, array, be16, be32};
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, Next, Osi, Span, Step, Value, checksum, icmpv6_opt, quote};
use crate::lang::{Words, words};
use pnet::packet::icmpv6::Icmpv6Packet;
use std::net::Ipv6Addr;

crate::fields! {
    TYPE: "icmpv6.type", Kind::Dec, ("タイプ", "Type"),
        ("メッセージの種類です。128 は ping の要求、135 は近隣の MAC アドレスの問い合わせです（RFC 4443）。", "What kind of message this is: 128 asks for an echo, 135 for a neighbour's MAC address. (RFC 4443)");
    CODE: "icmpv6.code", Kind::Dec, ("コード", "Code"),
        ("種類の中での細かい理由です。", "The exact reason within the type.");
    CHECKSUM: "icmpv6.checksum", Kind::Hex(4), ("チェックサム", "Checksum"),
        ("アドレスとメッセージ全体が途中で壊れていないかを確かめる値です。", "Shows whether addresses or message were damaged on the way.");
    CHECKSUM_STATUS: "icmpv6.checksum.status", Kind::Dec, ("チェックサムの判定", "Checksum status"),
        ("計算し直した結果です。1 は正しい、0 は誤り、2 は未確認です。", "The result of computing it again: 1 good, 0 bad, 2 not checked.");
    RESERVED: "icmpv6.reserved", Kind::Bytes, ("予約", "Reserved"),
        ("使われないバイトで、0 で送ります。", "Not used, sent as zero.");
    MTU: "icmpv6.mtu", Kind::Dec, ("MTU", "MTU"),
        ("ここまで小さくすれば通れる、という大きさです（RFC 8201）。", "How small a packet must be to pass. (RFC 8201)");
    POINTER: "icmpv6.pointer", Kind::Dec, ("誤りの位置", "Pointer"),
        ("元のパケットの何バイト目に誤りがあるかを示します。", "Which byte of the quoted packet is wrong.");
    IDENT: "icmpv6.echo.identifier", Kind::Hex(4), ("識別子", "Identifier"),
        ("どの ping コマンドの要求かを見分ける番号です。返事にも同じ値が入ります。", "Tells which ping program asked; the answer carries the same value.");
    SEQ: "icmpv6.echo.sequence_number", Kind::Dec, ("シーケンス番号", "Sequence number"),
        ("何回目の要求かを示し、返事と組にするための番号です。", "Which of the requests this is, to match answers with them.");
    RA_HOPS: "icmpv6.nd.ra.cur_hop_limit", Kind::Dec, ("推奨ホップリミット", "Hop limit to use"),
        ("このネットワークの端末が使うとよいホップリミットです。", "The hop limit that hosts here should use.");
    RA_FLAGS: "icmpv6.nd.ra.flag", Kind::Hex(2), ("フラグ", "Flags"),
        ("アドレスの決め方などを端末に知らせる印です（RFC 4861 §4.2）。", "Marks that tell hosts how to get addresses. (RFC 4861 §4.2)");
    RA_MANAGED: "icmpv6.nd.ra.flag.m", Kind::Bool, ("アドレスは DHCPv6 で", "Managed addresses"),
        ("1 なら、アドレスを DHCPv6 でもらいます。", "If set, addresses come from DHCPv6.");
    RA_OTHER: "icmpv6.nd.ra.flag.o", Kind::Bool, ("他の設定は DHCPv6 で", "Other configuration"),
        ("1 なら、DNS などの設定を DHCPv6 でもらいます。", "If set, other settings such as DNS come from DHCPv6.");
    RA_REST: "icmpv6.nd.ra.flag.rsv", Kind::Dec, ("その他の印", "Other flags"),
        ("ルータの優先度などの、残りの 6 ビットです。", "The other six bits: router preference and more.");
    RA_LIFETIME: "icmpv6.nd.ra.router_lifetime", Kind::Dec, ("ルータの有効時間", "Router lifetime"),
        ("このルータを使ってよい秒数です。0 なら既定のルータではありません。", "For how many seconds this router may be used; 0: not a default router.");
    RA_REACHABLE: "icmpv6.nd.ra.reachable_time", Kind::Dec, ("到達可能とみなす時間", "Reachable time"),
        ("近隣を確認してから届くとみなしてよいミリ秒数です。", "For how many milliseconds a confirmed neighbour counts as reachable.");
    RA_RETRANS: "icmpv6.nd.ra.retrans_timer", Kind::Dec, ("問い合わせの間隔", "Retransmission timer"),
        ("問い合わせを繰り返す間隔のミリ秒数です。", "Milliseconds between repeated questions.");
    NS_TARGET: "icmpv6.nd.ns.target_address", Kind::Ipv6, ("探しているアドレス", "Target address"),
        ("「このアドレスは誰ですか」と尋ねている IPv6 アドレスです（RFC 4861 §4.3）。", "The IPv6 address whose owner is looked for. (RFC 4861 §4.3)");
    NA_FLAGS: "icmpv6.nd.na.flag", Kind::Hex(8), ("フラグ", "Flags"),
        ("返事の性質を示す印です（RFC 4861 §4.4）。", "Marks that say what kind of answer this is. (RFC 4861 §4.4)");
    NA_ROUTER: "icmpv6.nd.na.flag.r", Kind::Bool, ("ルータ", "Router"),
        ("1 なら、答えているのはルータです。", "If set, the sender is a router.");
    NA_SOLICITED: "icmpv6.nd.na.flag.s", Kind::Bool, ("要請への返事", "Solicited"),
        ("1 なら、尋ねられて答えたものです。", "If set, this answers a question.");
    NA_OVERRIDE: "icmpv6.nd.na.flag.o", Kind::Bool, ("上書き", "Override"),
        ("1 なら、覚えている MAC アドレスを書き換えます。", "If set, a remembered MAC address is replaced.");
    NA_RESERVED: "icmpv6.nd.na.flag.rsv", Kind::Dec, ("予約", "Reserved"),
        ("使われないビットです。", "Bits that are not used.");
    NA_TARGET: "icmpv6.nd.na.target_address", Kind::Ipv6, ("対象アドレス", "Target address"),
        ("「これは私です」と答えている IPv6 アドレスです。", "The IPv6 address that the sender owns.");
    RD_TARGET: "icmpv6.nd.rd.target_address", Kind::Ipv6, ("より良い次の相手", "Target address"),
        ("この宛先へは、次からここへ送るほうが近いという知らせです（RFC 4861 §4.5）。", "The better next hop for the destination. (RFC 4861 §4.5)");
    RD_DST: "icmpv6.rd.na.destination_address", Kind::Ipv6, ("宛先アドレス", "Destination address"),
        ("道を変える対象の宛先です。", "The destination whose way is changed.");
    MLD_DELAY: "icmpv6.mld.maximum_response_delay", Kind::Dec, ("返事までの最大時間", "Maximum response delay"),
        ("返事をこのミリ秒数以内にばらけさせます（RFC 2710）。", "Answers are spread over this many milliseconds. (RFC 2710)");
    MLD_ADDR: "icmpv6.mld.multicast_address", Kind::Ipv6, ("マルチキャストアドレス", "Multicast address"),
        ("参加している、または尋ねているグループのアドレスです。", "The group that is joined or asked about.");
    MLD_RECORDS: "icmpv6.mldr.nb_mcast_records", Kind::Dec, ("記録の数", "Number of records"),
        ("続くグループの記録の数です（RFC 3810 §5.2）。", "How many group records follow. (RFC 3810 §5.2)");
    OPT: "icmpv6.opt", Kind::Group, ("オプション", "Option"),
        ("近隣探索の 1 つのオプションです（RFC 4861 §4.6）。", "One option of neighbour discovery. (RFC 4861 §4.6)");
    OPT_TYPE: "icmpv6.opt.type", Kind::Dec, ("種類", "Type"),
        ("オプションの種類を示す番号です。", "Which option it is.");
    OPT_LEN: "icmpv6.opt.length", Kind::Dec, ("長さ", "Length"),
        ("オプション全体の長さを 8 バイト単位で示します。", "Length of the whole option in units of eight bytes.");
    OPT_LINK: "icmpv6.opt.linkaddr", Kind::Mac, ("リンクのアドレス", "Link-layer address"),
        ("送信側または対象の MAC アドレスです。", "The MAC address of the sender or of the target.");
    OPT_MTU: "icmpv6.opt.mtu", Kind::Dec, ("MTU", "MTU"),
        ("このリンクで使う最大のパケットの大きさです。", "The largest packet on this link.");
    OPT_PREFIX_LEN: "icmpv6.opt.prefix.length", Kind::Dec, ("プレフィックス長", "Prefix length"),
        ("アドレスの先頭の何ビットがこのネットワークを表すかを示します。", "How many leading bits of an address name this network.");
    OPT_PREFIX_FLAGS: "icmpv6.opt.prefix.flag", Kind::Hex(2), ("フラグ", "Flags"),
        ("このプレフィックスの使い方です。", "How the prefix may be used.");
    OPT_VALID: "icmpv6.opt.prefix.valid_lifetime", Kind::Dec, ("有効時間", "Valid lifetime"),
        ("プレフィックスが有効な秒数です。", "For how many seconds the prefix is valid.");
    OPT_PREFERRED: "icmpv6.opt.prefix.preferred_lifetime", Kind::Dec, ("推奨時間", "Preferred lifetime"),
        ("このプレフィックスから作ったアドレスを新しい通信に使ってよい秒数です。", "For how many seconds addresses made from it are used for new conversations.");
    OPT_PREFIX: "icmpv6.opt.prefix", Kind::Ipv6, ("プレフィックス", "Prefix"),
        ("このネットワークのアドレスの前半です。端末はこれから自分のアドレスを作ります。", "The first part of addresses here; hosts make their own from it.");
    OPT_DATA: "icmpv6.data", Kind::Bytes, ("データ", "Data"),
        ("ここでは解釈しないデータです。", "Data that is not interpreted here.");
    RESP_TO: "icmpv6.resp_to", Kind::Dec, ("要求のフレーム", "Request frame"),
        ("この返事が答えている要求のフレームの番号です。", "The frame of the request that this answers.");
    RESP_TIME: "icmpv6.resptime", Kind::Text, ("返事までの時間（ミリ秒）", "Response time (ms)"),
        ("要求から返事までのミリ秒数で、ping が示す往復時間にあたります。", "Milliseconds from the request to this answer: the round trip that ping shows.");
    QUOTED: "icmpv6.quoted", Kind::Group, ("引用された元のパケット", "Quoted packet"),
        ("この知らせの原因になったパケットの先頭部分です（RFC 4443 §2.4）。", "The beginning of the packet that caused this message. (RFC 4443 §2.4)");
    QUOTED_LAYER: "icmpv6.quoted.layer", Kind::Group, ("引用されたヘッダ", "Quoted header"),
        ("元のパケットのヘッダの 1 つです。", "One header of the quoted packet.");
}

const FIXED: usize = Icmpv6Packet::minimum_packet_size();
/// Its IP protocol number.
pub const PROTO: u8 = 58;

/// Does this type quote the packet it is about? (RFC 4443 §2.1: types below 128 are errors)
pub(super) fn is_error(kind: u8) -> bool {
    (1..=4).contains(&kind)
}

pub struct Icmpv6;

impl Header for Icmpv6 {
    fn proto(&self) -> &'static str {
        "icmpv6"
    }

    fn title(&self) -> &'static str {
        "ICMPv6"
    }

    fn about(&self) -> Words {
        words(
            "IPv6 の知らせと、近隣の機器やルータを見つける仕組みです。",
            "IPv6's messages: errors, echo, and finding neighbours and routers.",
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
        let Some(view) = Icmpv6Packet::new(&head.bytes) else {
            return Step::truncated(self.proto(), base, FIXED, head.have);
        };
        let at = |from, len| Span::new(base + from, len);
        let (kind, code) = (view.get_icmpv6_type().0, view.get_icmpv6_code().0);
        let verdict = checksum::transport(input, PROTO, input.full_len, 2);
        let mut code_field = Field::new(&CODE, Value::Uint(code.into()), at(1, 1));
        code_field.meaning = code_name(kind, code).map(str::to_owned);
        let mut fields = vec![
            Field::new(&TYPE, Value::Uint(kind.into()), at(0, 1)).means(type_name(kind)),
            code_field,
            checksum::field(&CHECKSUM, &CHECKSUM_STATUS, view.get_checksum(), at(2, 2), verdict),
        ];
        let (fixed, more) = body(area, base, kind);
        fields.extend(more);
        if area.len() < fixed {
            return Step::cut(self, input, fixed, fields);
        }
        // Neighbour discovery is a fixed part and options to the end of the message.
        let mut need = fixed;
        if (133..=137).contains(&kind) && !input.partial {
            need = area.len();
            fields.extend(icmpv6_opt::options(area, base, fixed));
        }
        let payload = at(need, area.len() - need);
        if is_error(kind) && !input.quoted {
            fields.extend(quote::fields(input, payload, Key::EtherType(0x86dd), &QUOTED, &QUOTED_LAYER));
        }
        let summary = summary(area, kind, code);
        let layer = Layer::of(self, at(0, need), payload, summary, fields);
        Step::read(layer, Next::Nothing, input.full_len.saturating_sub(need))
    }
}

/// The fields between checksum and options, and where they end.
fn body(area: &[u8], base: usize, kind: u8) -> (usize, Vec<Field>) {
    let at = |from, len| Span::new(base + from, len);
    let byte = |def, from: usize| Field::new(def, Value::Uint(area.get(from).copied().unwrap_or_default().into()), at(from, 1));
    let short = |def, from| Field::new(def, Value::Uint(be16(area, from).unwrap_or_default().into()), at(from, 2));
    let long = |def, from| Field::new(def, Value::Uint(be32(area, from).unwrap_or_default().into()), at(from, 4));
    let address = |def, from| Field::new(def, Value::Ipv6(array::<16>(area, from).unwrap_or_default().into()), at(from, 16));
    let reserved = |from, len| Field::new(&RESERVED, Value::Bytes, at(from, len));
    let flag = |def, from: usize, n: u32| {
        let on = area.get(from).is_some_and(|b| b & (0x80 >> n) != 0);
        Field::new(def, Value::Bool(on), at(from, 1)).bits(from as u32 * 8 + n, 1)
    };
    match kind {
        1 | 3 | 133 => (8, vec![reserved(4, 4)]),
        2 => (8, vec![long(&MTU, 4)]),
        4 => (8, vec![long(&POINTER, 4)]),
        128 | 129 => (8, vec![short(&IDENT, 4), short(&SEQ, 6)]),
        130..=132 => (24, vec![short(&MLD_DELAY, 4), reserved(6, 2), address(&MLD_ADDR, 8)]),
        134 => {
            let rest = area.get(5).copied().unwrap_or_default() & 0x3f;
            let flags = byte(&RA_FLAGS, 5).with(vec![
                flag(&RA_MANAGED, 5, 0),
                flag(&RA_OTHER, 5, 1),
                Field::new(&RA_REST, Value::Uint(rest.into()), at(5, 1)).bits(42, 6),
            ]);
            let times = [short(&RA_LIFETIME, 6), long(&RA_REACHABLE, 8), long(&RA_RETRANS, 12)];
            (16, [byte(&RA_HOPS, 4), flags].into_iter().chain(times).collect())
        }
        135 => (24, vec![reserved(4, 4), address(&NS_TARGET, 8)]),
        136 => {
            let rest = be32(area, 4).unwrap_or_default() & 0x1fff_ffff;
            let flags = long(&NA_FLAGS, 4).with(vec![
                flag(&NA_ROUTER, 4, 0),
                flag(&NA_SOLICITED, 4, 1),
                flag(&NA_OVERRIDE, 4, 2),
                Field::new(&NA_RESERVED, Value::Uint(rest.into()), at(4, 4)).bits(35, 29),
            ]);
            (24, vec![flags, address(&NA_TARGET, 8)])
        }
        137 => (40, vec![reserved(4, 4), address(&RD_TARGET, 8), address(&RD_DST, 24)]),
        143 => (8, vec![reserved(4, 2), short(&MLD_RECORDS, 6)]),
        _ => (FIXED, Vec::new()),
    }
}

fn summary(area: &[u8], kind: u8, code: u8) -> String {
    let name = type_name(kind);
    let target = || array::<16>(area, 8).map(Ipv6Addr::from);
    match (kind, target(), code_name(kind, code)) {
        (128 | 129, ..) => {
            let (id, seq) = (be16(area, 4).unwrap_or_default(), be16(area, 6).unwrap_or_default());
            format!("{name} id=0x{id:04x}, seq={seq}")
        }
        (135, Some(target), _) => format!("{name} for {target}"),
        (136, Some(target), _) => format!("{name} {target}"),
        (_, _, Some(reason)) => format!("{name} ({reason})"),
        _ => name.to_owned(),
    }
}

fn type_name(kind: u8) -> &'static str {
    match kind {
        1 => "Destination unreachable",
        2 => "Packet too big",
        3 => "Time exceeded",
        4 => "Parameter problem",
        128 => "Echo (ping) request",
        129 => "Echo (ping) reply",
        130 => "Multicast listener query",
        131 => "Multicast listener report",
        132 => "Multicast listener done",
        133 => "Router solicitation",
        134 => "Router advertisement",
        135 => "Neighbor solicitation",
        136 => "Neighbor advertisement",
        137 => "Redirect",
        143 => "Multicast listener report v2",
        _ => "Unknown ICMPv6 type",
    }
}

fn code_name(kind: u8, code: u8) -> Option<&'static str> {
    Some(match (kind, code) {
        (1, 0) => "no route to destination",
        (1, 1) => "administratively prohibited",
        (1, 2) => "beyond scope of source address",
        (1, 3) => "address unreachable",
        (1, 4) => "port unreachable",
        (1, 5) => "source address failed policy",
        (1, 6) => "reject route to destination",
        (3, 0) => "hop limit exceeded in transit",
        (3, 1) => "fragment reassembly time exceeded",
        (4, 0) => "erroneous header field",
        (4, 1) => "unrecognized next header",
        (4, 2) => "unrecognized IPv6 option",
        _ => return None,
    })
}
