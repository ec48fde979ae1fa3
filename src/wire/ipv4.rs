//! IPv4 (RFC 791), with its options.
//!
//! In: a datagram or fragment. Out: its header, and its payload cut to the total length (what is behind it is the link's
//! padding). Fragments other than the first carry no transport header and are not read further.

use super::ipv4_options::{last_stop, options};
use super::read::Head;
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
    OPT_ALERT: "ip.opt.ra", Kind::Dec, ("ルータ警告", "Router alert"),
        ("途中のルータにも中身を調べるよう頼みます（RFC 2113）。", "Asks routers on the way to look at the packet too. (RFC 2113)");
    OPT_COPY: "ip.opt.type.copy", Kind::Bool, ("断片にも写す", "Copy on fragmentation"),
        ("1 なら、分割されたときすべての断片に写されます。", "If set, every fragment gets a copy.");
    OPT_CLASS: "ip.opt.type.class", Kind::Dec, ("分類", "Class"),
        ("0 は制御、2 は測定のためのオプションです。", "0: for control, 2: for measuring.");
    OPT_NUMBER: "ip.opt.type.number", Kind::Dec, ("番号", "Number"),
        ("分類の中での番号です。", "Its number within the class.");
    OPT_LEN_INVALID: "ip.opt.len.invalid", Kind::Group, ("誤った長さ", "Invalid length"),
        ("オプションの長さが規則に合いません。", "The length of this option breaks its rule.");
    OPT_PTR_BEFORE: "ip.opt.ptr.before_address", Kind::Group, ("ポインタが手前すぎる", "Pointer before first address"),
        ("ポインタが最初のアドレスより前を指しています。", "The pointer points before the first address.");
    OPT_PTR_MIDDLE: "ip.opt.ptr.middle_address", Kind::Group, ("ポインタが途中を指す", "Pointer to middle of address"),
        ("ポインタがアドレスの途中を指しています。", "The pointer points to the middle of an address.");
    SUBOPTION_TOO_LONG: "ip.subopt_too_long", Kind::Group, ("はみ出す項目", "Suboption too long"),
        ("項目がオプションの終わりからはみ出しています。", "An entry would go past the end of the option.");
    RECORDED_ROUTE: "ip.rec_rt", Kind::Ipv4, ("記録された経路", "Recorded route"),
        ("ここまでに通ったルータのアドレスです。", "A router that was passed so far.");
    SOURCE_ROUTE: "ip.src_rt", Kind::Ipv4, ("指定された経路", "Source route"),
        ("これから通るように指定されたルータのアドレスです。", "A router that must be passed yet.");
    CURRENT_ROUTE: "ip.cur_rt", Kind::Ipv4, ("次の経由地", "Current route"),
        ("経路が指定されているので、ヘッダの宛先は次の経由地です。", "With a source route, the destination in the header is the next stop.");
    EMPTY_ROUTE: "ip.empty_rt", Kind::Ipv4, ("空いた場所", "Empty route"),
        ("これから通るルータが書き込む場所です。", "Room for the routers that will be passed.");
    OPT_OVERFLOW: "ip.opt.overflow", Kind::Dec, ("書けなかった数", "Overflow"),
        ("場所がなくて時刻を書けなかったルータの数です。", "Routers that found no room for their time.");
    OPT_FLAG: "ip.opt.flag", Kind::Hex(2), ("書き方", "Flag"),
        ("時刻だけか、アドレスも書くかを示します。", "Whether only times or addresses too are written.");
    OPT_TIME: "ip.opt.time_stamp", Kind::Dec, ("時刻", "Time stamp"),
        ("その日の 0 時からのミリ秒数です。", "Milliseconds since midnight UTC.");
    OPT_TIME_ADDR: "ip.opt.time_stamp_addr", Kind::Ipv4, ("アドレス", "Address"),
        ("時刻を書いたルータのアドレスです。", "The router that wrote its time.");
    OPT_SEC_LEVEL: "ip.opt.sec_cl", Kind::Hex(2), ("機密の段階", "Classification level"),
        ("軍用の網で使われる機密の段階です（RFC 1108）。", "The level of secrecy in military networks. (RFC 1108)");
    OPT_SEC_FLAGS: "ip.opt.sec_prot_auth_flags", Kind::Hex(2), ("保護の規則", "Protection authority flags"),
        ("どの機関の規則で守るかを示します。", "Whose rules protect it.");
    OPT_SEC_GENSER: "ip.opt.sec_prot_auth_genser", Kind::Bool, ("GENSER", "GENSER"),
        ("GENSER の規則です。", "The rules of GENSER.");
    OPT_SEC_SIOP: "ip.opt.sec_prot_auth_siop_esi", Kind::Bool, ("SIOP-ESI", "SIOP-ESI"),
        ("SIOP-ESI の規則です。", "The rules of SIOP-ESI.");
    OPT_SEC_SCI: "ip.opt.sec_prot_auth_sci", Kind::Bool, ("SCI", "SCI"),
        ("SCI の規則です。", "The rules of SCI.");
    OPT_SEC_NSA: "ip.opt.sec_prot_auth_nsa", Kind::Bool, ("NSA", "NSA"),
        ("NSA の規則です。", "The rules of the NSA.");
    OPT_SEC_DOE: "ip.opt.sec_prot_auth_doe", Kind::Bool, ("DOE", "DOE"),
        ("DOE の規則です。", "The rules of the DOE.");
    OPT_SEC_REST: "ip.opt.sec_prot_auth_unassigned", Kind::Hex(2), ("未使用", "Unassigned"),
        ("使われないビットです。", "Bits that are not used.");
    OPT_SEC_MORE: "ip.opt.sec_prot_auth_fti", Kind::Bool, ("続きあり", "Field termination indicator"),
        ("1 なら、次のバイトに続きます。", "If set, another byte follows.");
    OPT_EXT_FORMAT: "ip.opt.ext_sec_add_sec_info_format_code", Kind::Hex(2), ("形式", "Format code"),
        ("追加の機密情報の形式です。", "The format of further security information.");
    OPT_EXT_INFO: "ip.opt.ext_sec_add_sec_info", Kind::Bytes, ("追加の情報", "Additional information"),
        ("追加の機密情報です。", "Further security information.");
    OPT_MTU: "ip.opt.mtu", Kind::Dec, ("MTU", "MTU"),
        ("経路で通れる大きさを調べる古いオプションの値です（RFC 1063）。", "Of an old way to find the size that passes. (RFC 1063)");
    OPT_STREAM: "ip.opt.sid", Kind::Dec, ("ストリーム ID", "Stream identifier"),
        ("昔の衛星網で使われた番号です。", "A number that an old satellite network used.");
    OPT_TRACE_ID: "ip.opt.id_number", Kind::Dec, ("ID 番号", "ID number"),
        ("どの調査のものかを見分ける番号です（RFC 1393）。", "Tells which trace it belongs to. (RFC 1393)");
    OPT_OUT_HOPS: "ip.opt.ohc", Kind::Dec, ("行きの段数", "Outbound hop count"),
        ("行きに通ったルータの数です。", "Routers passed on the way there.");
    OPT_RETURN_HOPS: "ip.opt.rhc", Kind::Dec, ("帰りの段数", "Return hop count"),
        ("帰りに通ったルータの数です。", "Routers passed on the way back.");
    OPT_ORIGINATOR: "ip.opt.originator", Kind::Ipv4, ("始めたホスト", "Originator"),
        ("調査を始めたホストのアドレスです。", "The host that began the trace.");
    OPT_QS_FUNC: "ip.opt.qs_func", Kind::Dec, ("働き", "Function"),
        ("0 は速さの要求、8 は承認された速さの報告です（RFC 4782）。", "0 asks for a rate, 8 reports the approved one. (RFC 4782)");
    OPT_QS_RATE: "ip.opt.qs_rate", Kind::Dec, ("速さ", "Rate"),
        ("送りたい速さの段階です。", "The step of speed that is asked for.");
    OPT_QS_TTL: "ip.opt.qs_ttl", Kind::Dec, ("QS の TTL", "QS TTL"),
        ("途中のすべてのルータが答えたかを確かめる値です。", "Shows whether every router on the way has answered.");
    OPT_QS_UNUSED: "ip.opt.qs_unused", Kind::Dec, ("未使用", "Not used"),
        ("使われないバイトです。", "A byte that is not used.");
    OPT_QS_NONCE: "ip.opt.qs_nonce", Kind::Hex(8), ("乱数", "Nonce"),
        ("ごまかしを見つけるための乱数です。", "A random number against cheating.");
    OPT_QS_RESERVED: "ip.opt.qs_reserved", Kind::Hex(8), ("予約", "Reserved"),
        ("使われないビットです。", "Bits that are not used.");
    BOGUS_LENGTH: "ip.bogus_ip_length", Kind::Group, ("誤った全長", "Bogus IP length"),
        ("全長がヘッダより短いか、フレームより長くなっています。", "The total length is shorter than the header or longer than the frame.");
    BOGUS_VERSION: "ip.bogus_ip_version", Kind::Group, ("誤った版", "Bogus IP version"),
        ("版が 4 ではありません。", "The version is not 4.");
    BOGUS_HEADER: "ip.bogus_header_length", Kind::Group, ("誤ったヘッダ長", "Bogus IP header length"),
        ("ヘッダ長が 20 バイト未満です。", "The header length is below 20 bytes.");
    FRAGMENTS: "ip.fragments", Kind::Bytes, ("断片", "Fragments"),
        ("断片を集めて元に戻したデータです。", "The data, put together from its fragments.");
    FRAGMENT: "ip.fragment", Kind::Dec, ("断片のフレーム", "Fragment"),
        ("断片が入っていたフレームの番号です。", "The frame that brought a fragment.");
    FRAGMENT_ERROR: "ip.fragment.error", Kind::Dec, ("おかしな断片のフレーム", "Defragmentation error"),
        ("ほかの断片と重なるなど、おかしなところのある断片のフレームの番号です。", "The frame of a fragment with something wrong, such as an overlap with another.");
    FRAGMENT_OVERLAP: "ip.fragment.overlap", Kind::Bool, ("断片の重なり", "Fragment overlap"),
        ("前の断片と重なっています。正しい送信側なら起こりません（RFC 5722）。", "It overlaps a fragment before it, which no honest sender does. (RFC 5722)");
    FRAGMENT_CONFLICT: "ip.fragment.overlap.conflict", Kind::Bool, ("重なりの食い違い", "Conflicting data in fragment overlap"),
        ("重なった部分の中身が違います。どちらを読むかは受信側によって違い、攻撃に使われます（RFC 1858）。", "Where they overlap the data differs; receivers choose differently, which attacks make use of. (RFC 1858)");
    FRAGMENT_TAILS: "ip.fragment.multipletails", Kind::Bool, ("複数の終わり", "Multiple tail fragments found"),
        ("最後の断片が、別々の長さを示しています。", "Last fragments that say different lengths.");
    FRAGMENT_TOO_LONG: "ip.fragment.toolongfragment", Kind::Bool, ("長すぎる断片", "Fragment too long"),
        ("データグラムの終わりより先まで届く断片です。", "It reaches beyond the end of the datagram.");
    FRAGMENT_COUNT: "ip.fragment.count", Kind::Dec, ("断片の数", "Fragment count"),
        ("いくつの断片で届いたかです。", "How many fragments it came in.");
    REASSEMBLED_IN: "ip.reassembled_in", Kind::Dec, ("組み立てたフレーム", "Reassembled in frame"),
        ("全体が揃ったフレームの番号です。", "The frame with which the datagram was whole.");
    REASSEMBLED_LENGTH: "ip.reassembled.length", Kind::Dec, ("全体の長さ", "Reassembled length"),
        ("元に戻したデータのバイト数です。", "Bytes of the data that was put together.");
    REASSEMBLED_DATA: "ip.reassembled.data", Kind::Bytes, ("全体のデータ", "Reassembled data"),
        ("元に戻したデータです。", "The data that was put together.");
}

/// The fields about a datagram that came in fragments.
pub static FRAGMENT_FIELDS: FragmentFields = FragmentFields {
    all: &FRAGMENTS,
    fragment: &FRAGMENT,
    error: &FRAGMENT_ERROR,
    overlap: &FRAGMENT_OVERLAP,
    conflict: &FRAGMENT_CONFLICT,
    tails: &FRAGMENT_TAILS,
    too_long: &FRAGMENT_TOO_LONG,
    count: &FRAGMENT_COUNT,
    length: &REASSEMBLED_LENGTH,
    data: &REASSEMBLED_DATA,
};

/// Names of what is told about fragments, of IPv4 or of IPv6.
pub struct FragmentFields {
    pub all: &'static FieldDef,
    pub fragment: &'static FieldDef,
    pub error: &'static FieldDef,
    pub overlap: &'static FieldDef,
    pub conflict: &'static FieldDef,
    pub tails: &'static FieldDef,
    pub too_long: &'static FieldDef,
    pub count: &'static FieldDef,
    pub length: &'static FieldDef,
    pub data: &'static FieldDef,
}

pub(super) const FIXED: usize = Ipv4Packet::minimum_packet_size();

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
        let header = area.get(..need.min(area.len())).unwrap_or(&[]);
        if let Some(field) = options(header, base, need) {
            fields.push(field);
        }
        let final_stop = last_stop(header, need);
        if final_stop.is_some()
            && let Some(dst) = fields.iter_mut().find(|f| f.def.name == "ip.dst")
        {
            dst.def = &CURRENT_ROUTE;
        }
        // Wireshark reads no header whose version or length cannot be.
        let broken = |keep: &[&str], add: &'static FieldDef, fields: &mut Vec<Field>| {
            fields.retain(|f| keep.contains(&f.def.name));
            if let Some(last) = fields.last_mut() {
                last.children.push(Field::new(add, Value::None, Span::NONE));
            }
        };
        if view.get_version() != 4 {
            broken(&["ip.version"], &BOGUS_VERSION, &mut fields);
        } else if header_len < FIXED {
            broken(&["ip.version", "ip.hdr_len"], &BOGUS_HEADER, &mut fields);
        }
        if area.len() < need {
            return Step::cut(self, input, need, fields);
        }
        let (src, dst) = (Ipv4Addr::from(view.get_source().octets()), Ipv4Addr::from(view.get_destination().octets()));
        let beyond = total > input.full_len && !input.quoted && !input.partial;
        if (total < header_len && total > 0 || beyond)
            && let Some(len) = fields.iter_mut().find(|f| f.def.name == "ip.len")
        {
            len.children.push(Field::new(&BOGUS_LENGTH, Value::None, Span::NONE));
        }
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
        // A fragment with all its bytes waits for the others; one that is cut off shows what it has.
        let held = (offset > 0 || more) && total > header_len && total <= area.len();
        let next = if offset > 0 || held { Next::Nothing } else { Next::Header(Key::IpProto(proto)) };
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
        checksum::unverified(&CHECKSUM, &CHECKSUM_STATUS, view.get_checksum(), at(10, 2), verdict),
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
