//! IPv4 (RFC 791), with its options.
//!
//! In: a datagram or fragment. Out: its header, and its payload cut to the total length (what is behind it is the link's
//! padding). Fragments other than the first carry no transport header and are not read further.

use super::read::{Head, array, be16};
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, Next, Osi, Span, Step, Value, checksum, names};
use crate::lang::{Words, words};
use pnet::packet::ipv4::Ipv4Packet;
use std::net::Ipv4Addr;

crate::fields! {
    VERSION: "ip.version", Kind::Dec, ("バージョン", "Version"),
        ("IP の版です。4 なら IPv4 です（RFC 791 §3.1）。", "The version of IP; 4 here. (RFC 791 §3.1)");
    HDR_LEN: "ip.hdr_len", Kind::Dec, ("ヘッダ長", "Header length"),
        ("ヘッダのバイト数です。4 バイト単位で書かれ、オプションがなければ 20 です。", "Bytes in the header, written in units of four; 20 without options.");
    DSFIELD: "ip.dsfield", Kind::Hex(2), ("DS フィールド", "Differentiated services"),
        ("ルータでの扱い（DSCP）と混雑の通知（ECN）をまとめた 1 バイトです（RFC 2474）。", "One byte for the treatment by routers (DSCP) and congestion signals (ECN). (RFC 2474)");
    DSCP: "ip.dsfield.dscp", Kind::Dec, ("DSCP", "DSCP"),
        ("音声などを優先させたいとき、ルータに頼む扱いの種類です（RFC 2474 §3）。", "The treatment asked of routers, for instance priority for voice. (RFC 2474 §3)");
    ECN: "ip.dsfield.ecn", Kind::Dec, ("ECN", "ECN"),
        ("混雑したルータが、捨てる代わりに印を付けるための 2 ビットです（RFC 3168 §5）。", "Two bits that let a congested router mark a packet instead of dropping it. (RFC 3168 §5)");
    LEN: "ip.len", Kind::Dec, ("全長", "Total length"),
        ("ヘッダと中身を合わせたバイト数です。これより後ろは詰め物です。", "Bytes of header and data together; what follows in the frame is padding.");
    ID: "ip.id", Kind::Hex(4), ("識別子", "Identification"),
        ("分割されたとき、どの断片が同じデータグラムのものかを見分ける番号です（RFC 6864）。", "Tells which fragments belong to the same datagram. (RFC 6864)");
    FLAGS: "ip.flags", Kind::Hex(2), ("フラグ", "Flags"),
        ("分割してよいか、続きの断片があるかを示す 3 ビットです。", "Three bits: may it be fragmented, and do more fragments follow.");
    RB: "ip.flags.rb", Kind::Bool, ("予約", "Reserved bit"),
        ("使われないビットで、0 でなければなりません。", "Not used; must be zero.");
    DF: "ip.flags.df", Kind::Bool, ("分割禁止", "Don't fragment"),
        ("1 なら、途中のルータは分割せず、大きすぎれば捨てて ICMP で知らせます。", "If set, routers may not split the packet; too big a one is dropped and reported by ICMP.");
    MF: "ip.flags.mf", Kind::Bool, ("続きあり", "More fragments"),
        ("1 なら、この断片の後にまだ続きの断片があります。", "If set, further fragments of the datagram follow this one.");
    FRAG_OFFSET: "ip.frag_offset", Kind::Dec, ("断片の位置", "Fragment offset"),
        ("この断片が元のデータの何番目からかを 8 バイト単位で示します。", "Where in the datagram this fragment belongs, in units of eight bytes.");
    TTL: "ip.ttl", Kind::Dec, ("生存時間", "Time to live"),
        ("ルータを 1 つ越えるたびに 1 減り、0 になると捨てられます。迷子のパケットを止める仕組みです。", "Every router takes one off and drops the packet at zero, so that lost packets do not circle for ever.");
    PROTO: "ip.proto", Kind::Dec, ("プロトコル", "Protocol"),
        ("中身がどのプロトコルかを示す番号です。TCP は 6、UDP は 17 です。", "Says which protocol the packet carries: 6 is TCP, 17 is UDP.");
    CHECKSUM: "ip.checksum", Kind::Hex(4), ("ヘッダチェックサム", "Header checksum"),
        ("ヘッダが途中で壊れていないかを確かめる値です（RFC 1071）。", "Shows whether the header was damaged on its way. (RFC 1071)");
    CHECKSUM_STATUS: "ip.checksum.status", Kind::Dec, ("チェックサムの判定", "Checksum status"),
        ("計算し直した結果です。1 は正しい、0 は誤り、2 は未確認です。", "The result of computing it again: 1 good, 0 bad, 2 not checked.");
    SRC: "ip.src", Kind::Ipv4, ("送信元アドレス", "Source address"),
        ("パケットを送り出したホストの IPv4 アドレスです。", "The IPv4 address of the host that sent the packet.");
    DST: "ip.dst", Kind::Ipv4, ("宛先アドレス", "Destination address"),
        ("パケットを受け取るホストの IPv4 アドレスです。ルータはこれを見て行き先を選びます。", "The IPv4 address of the host it is for; routers choose the way by it.");
    OPTIONS: "ip.options", Kind::Bytes, ("オプション", "Options"),
        ("経路の記録など、まれにしか使われない追加の情報です。", "Rarely used extras such as recording the route.");
    OPTION: "ip.opt", Kind::Group, ("オプション", "Option"),
        ("1 つのオプションです。", "One option.");
    OPT_TYPE: "ip.opt.type", Kind::Dec, ("種類", "Type"),
        ("オプションの種類を示す番号です。", "Which option it is.");
    OPT_LEN: "ip.opt.len", Kind::Dec, ("長さ", "Length"),
        ("種類と長さを含むオプション全体のバイト数です。", "Bytes in the whole option, with its type and length.");
    OPT_PTR: "ip.opt.ptr", Kind::Dec, ("ポインタ", "Pointer"),
        ("次に書き込まれる場所を示します。", "Where in the option the next entry goes.");
    OPT_ADDR: "ip.opt.addr", Kind::Ipv4, ("アドレス", "IP address"),
        ("経路として指定された、または記録されたルータのアドレスです。", "A router's address, prescribed or recorded.");
    OPT_ALERT: "ip.opt.ra", Kind::Dec, ("ルータ警告", "Router alert"),
        ("途中のルータにも中身を調べるよう頼みます（RFC 2113）。", "Asks routers on the way to look at the packet too. (RFC 2113)");
    OPT_DATA: "ip.opt.data", Kind::Bytes, ("データ", "Data"),
        ("オプションの中身です。", "What the option holds.");
    OPT_PADDING: "ip.opt.padding", Kind::Bytes, ("パディング", "Padding"),
        ("ヘッダを 4 バイトの倍数にするための詰め物です。", "Fills the header up to a multiple of four bytes.");
}

const FIXED: usize = Ipv4Packet::minimum_packet_size();

pub struct Ipv4;

impl Header for Ipv4 {
    fn proto(&self) -> &'static str {
        "ip"
    }

    fn title(&self) -> &'static str {
        "IPv4"
    }

    fn about(&self) -> Words {
        words(
            "世界中のどのホストへも、ルータからルータへとパケットを運びます。",
            "Carries packets from router to router, to any host in the world.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::Network
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::Link(super::LinkType::IPV4), Key::EtherType(0x0800), Key::IpProto(4)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let head = Head::<FIXED>::of(area);
        let base = input.area.start as usize;
        let Some(view) = Ipv4Packet::new(&head.bytes) else {
            return Step::truncated(self.proto(), base, FIXED, head.have);
        };
        let header_len = usize::from(view.get_header_length()) * 4;
        let total = usize::from(view.get_total_length());
        let verdict = match area.get(..header_len) {
            Some(header) if header_len >= FIXED => match checksum::judge(header, 10, 0) {
                checksum::Verdict::Bad { .. } if view.get_checksum() == 0 => checksum::Verdict::Offload,
                verdict => verdict,
            },
            _ => checksum::Verdict::Unverified,
        };
        let mut fields = fixed_fields(&view, input, verdict);
        let need = header_len.max(FIXED);
        if let Some(field) = options(area.get(..need.min(area.len())).unwrap_or(&[]), base, need) {
            fields.push(field);
        }
        if area.len() < need {
            return Step::cut(self, input, need, fields);
        }
        let (src, dst) = (Ipv4Addr::from(view.get_source().octets()), Ipv4Addr::from(view.get_destination().octets()));
        // A total length of 0 means that the network card splits this packet later (segmentation offload).
        let claimed = if total == 0 { input.full_len } else { total };
        let end = claimed.min(area.len()).max(need);
        let mut layer =
            Layer::of(self, Span::new(base, need), Span::new(base + need, end - need), format!("{src} → {dst}"), fields);
        if view.get_version() != 4 {
            return Step::malformed(layer, words("バージョンが 4 ではありません", "the version is not 4"));
        }
        if header_len < FIXED {
            return Step::malformed(layer, words("ヘッダ長が 20 バイト未満です", "the header length is below 20 bytes"));
        }
        if claimed < header_len {
            return Step::malformed(layer, words("全長がヘッダ長より短くなっています", "the total length is shorter than the header"));
        }
        // A quoted packet is cut by whoever quotes it; its total length is that of the original.
        let full = if input.quoted { claimed } else { claimed.min(input.full_len) } - header_len;
        let proto = view.get_next_level_protocol().0;
        let offset = usize::from(view.get_fragment_offset()) * 8;
        let more = view.get_flags() & 1 != 0;
        if offset > 0 || more {
            let name = names::ip_proto(proto).unwrap_or("unknown");
            layer.summary = format!("{src} → {dst} fragment of {name} ({proto}), offset {offset}, ID 0x{:04x}", view.get_identification());
        }
        let next = if offset > 0 { Next::Nothing } else { Next::Header(Key::IpProto(proto)) };
        Step { ips: Some((src.into(), dst.into())), partial: offset > 0 || more, ..Step::read(layer, next, full) }
    }
}

fn fixed_fields(view: &Ipv4Packet<'_>, input: &Input<'_>, verdict: checksum::Verdict) -> Vec<Field> {
    let base = input.area.start as usize;
    let at = |from, len| Span::new(base + from, len);
    let number = |def, value: u64, from, len| Field::new(def, Value::Uint(value), at(from, len));
    let bit = |def, n: u32| {
        let set = view.get_flags() & (4 >> n) != 0;
        Field::new(def, Value::Bool(set), at(6, 1)).bits(48 + n, 1).means(if set { "set" } else { "not set" })
    };
    let named = |mut f: Field, name: Option<String>| {
        f.meaning = name;
        f
    };
    let (dscp, ecn, total, proto) =
        (view.get_dscp(), view.get_ecn(), view.get_total_length(), view.get_next_level_protocol().0);
    let over = usize::from(total).saturating_sub(input.full_len);
    let total_means = match () {
        () if total == 0 => Some("not filled in: segmentation offload".to_owned()),
        () if over > 0 && !input.quoted && !input.partial => Some(format!("{over} bytes more than the frame has")),
        () => None,
    };
    let words = u64::from(view.get_header_length());
    let offset = u64::from(view.get_fragment_offset());
    let address = |def, a: Ipv4Addr, from| named(Field::new(def, Value::Ipv4(a), at(from, 4)), kind(a).map(str::to_owned));
    vec![
        number(&VERSION, view.get_version().into(), 0, 1).bits(0, 4),
        number(&HDR_LEN, words * 4, 0, 1).bits(4, 4).means(format!("{words} × 4 bytes")),
        number(&DSFIELD, (dscp << 2 | ecn).into(), 1, 1).with(vec![
            named(number(&DSCP, dscp.into(), 1, 1).bits(8, 6), names::dscp(dscp).map(str::to_owned)),
            number(&ECN, ecn.into(), 1, 1).bits(14, 2).means(names::ecn(ecn)),
        ]),
        named(number(&LEN, total.into(), 2, 2), total_means),
        number(&ID, view.get_identification().into(), 4, 2),
        number(&FLAGS, view.get_flags().into(), 6, 1).bits(48, 3).with(vec![bit(&RB, 0), bit(&DF, 1), bit(&MF, 2)]),
        named(
            number(&FRAG_OFFSET, offset, 6, 2).bits(51, 13),
            (offset > 0).then(|| format!("{} bytes into the datagram", offset * 8)),
        ),
        number(&TTL, view.get_ttl().into(), 8, 1),
        named(number(&PROTO, proto.into(), 9, 1), names::ip_proto(proto).map(str::to_owned)),
        checksum::field(&CHECKSUM, &CHECKSUM_STATUS, view.get_checksum(), at(10, 2), verdict),
        address(&SRC, view.get_source().octets().into(), 12),
        address(&DST, view.get_destination().octets().into(), 16),
    ]
}

/// What kind of address it is, where that is worth saying (RFC 6890).
fn kind(a: Ipv4Addr) -> Option<&'static str> {
    match a {
        _ if a.is_broadcast() => Some("broadcast"),
        _ if a.is_multicast() => Some("multicast"),
        _ if a.is_loopback() => Some("loopback: this host itself"),
        _ if a.is_link_local() => Some("link-local"),
        _ if a.is_private() => Some("private"),
        _ if a.is_unspecified() => Some("no address"),
        _ => None,
    }
}

/// The options between the fixed part and `end`; `header` may end earlier.
fn options(header: &[u8], base: usize, end: usize) -> Option<Field> {
    if end <= FIXED {
        return None;
    }
    let at = |from, len| Span::new(base + from, len);
    let number = |def, value: u64, from, len| Field::new(def, Value::Uint(value), at(from, len));
    let mut all = Vec::new();
    let mut from = FIXED;
    while let Some(&kind) = header.get(from).filter(|_| from < end) {
        let type_field = number(&OPT_TYPE, kind.into(), from, 1).means(option_name(kind));
        let group = |len, children| Field::new(&OPTION, Value::None, at(from, len)).means(option_name(kind)).with(children);
        if kind < 2 {
            all.push(group(1, vec![type_field]));
            from += 1;
            if kind == 0 {
                break;
            }
            continue;
        }
        let Some(len) = header.get(from + 1).map(|l| usize::from(*l)).filter(|l| *l >= 2 && from + l <= end) else {
            let rest = Field::new(&OPT_DATA, Value::Bytes, at(from, end - from));
            all.push(rest.means("length is wrong: the rest cannot be read"));
            return Some(Field::new(&OPTIONS, Value::Bytes, at(FIXED, end - FIXED)).with(all));
        };
        let mut children = vec![type_field, number(&OPT_LEN, len as u64, from + 1, 1)];
        let mut inside = from + 2;
        match kind {
            // Record route, loose and strict source route.
            7 | 131 | 137 if len >= 3 => {
                children.push(number(&OPT_PTR, header.get(inside).copied().unwrap_or_default().into(), inside, 1));
                inside += 1;
                while inside + 4 <= from + len {
                    let Some(ip) = array::<4>(header, inside) else { break };
                    children.push(Field::new(&OPT_ADDR, Value::Ipv4(ip.into()), at(inside, 4)));
                    inside += 4;
                }
            }
            148 if len == 4 => {
                children.push(number(&OPT_ALERT, be16(header, inside).unwrap_or_default().into(), inside, 2));
                inside += 2;
            }
            _ => {}
        }
        if inside < from + len {
            children.push(Field::new(&OPT_DATA, Value::Bytes, at(inside, from + len - inside)));
        }
        all.push(group(len, children));
        from += len;
    }
    if from < end {
        all.push(Field::new(&OPT_PADDING, Value::Bytes, at(from, end - from)));
    }
    Some(Field::new(&OPTIONS, Value::Bytes, at(FIXED, end - FIXED)).with(all))
}

fn option_name(kind: u8) -> &'static str {
    match kind {
        0 => "end of options",
        1 => "no operation",
        7 => "record route",
        68 => "time stamp",
        130 => "security",
        131 => "loose source route",
        136 => "stream ID",
        137 => "strict source route",
        148 => "router alert",
        _ => "unknown option",
    }
}
