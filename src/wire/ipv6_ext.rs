//! IPv6's extension headers (RFC 8200 §4): hop-by-hop options, routing, fragment, destination options.
//!
//! In: the bytes that a next header number announced. Out: a layer each, and the next header number that goes on. A fragment other
//! than the first carries no transport header and is not read further.

use super::read::{Head, array, be16, be32};
use super::ipv4::FragmentFields;
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, Next, Osi, Span, Step, Value, ipv6, names};
use crate::lang::{Words, words};
use std::net::{IpAddr, Ipv6Addr};

crate::fields! {
    HOP_NXT: "ipv6.hopopts.nxt", Kind::Dec, ("次のヘッダ", "Next header"),
        ("この拡張ヘッダの後ろのヘッダの種類です。", "Which header follows this one.");
    HOP_LEN: "ipv6.hopopts.len", Kind::Dec, ("長さ", "Length"),
        ("最初の 8 バイトを除いた長さを 8 バイト単位で示します（RFC 8200 §4.3）。", "Length beyond the first eight bytes, in units of eight. (RFC 8200 §4.3)");
    DST_NXT: "ipv6.dstopts.nxt", Kind::Dec, ("次のヘッダ", "Next header"),
        ("この拡張ヘッダの後ろのヘッダの種類です。", "Which header follows this one.");
    DST_LEN: "ipv6.dstopts.len", Kind::Dec, ("長さ", "Length"),
        ("最初の 8 バイトを除いた長さを 8 バイト単位で示します（RFC 8200 §4.6）。", "Length beyond the first eight bytes, in units of eight. (RFC 8200 §4.6)");
    OPT: "ipv6.opt", Kind::Group, ("オプション", "Option"),
        ("1 つのオプションです（RFC 8200 §4.2）。", "One option. (RFC 8200 §4.2)");
    OPT_TYPE: "ipv6.opt.type", Kind::Hex(2), ("種類", "Type"),
        ("オプションの種類です。上位 2 ビットは、知らない種類のときどうするかを示します。", "Which option it is; its two highest bits say what to do if it is not known.");
    OPT_LENGTH: "ipv6.opt.length", Kind::Dec, ("長さ", "Length"),
        ("オプションの中身のバイト数です。", "Bytes of data in the option.");
    OPT_ACTION: "ipv6.opt.type.action", Kind::Dec, ("知らないとき", "Action"),
        ("この種類を知らない機器がどうするかです。0 は無視、1 以上は捨てます（RFC 8200 §4.2）。", "What a node does that does not know it: 0 skips it, others discard. (RFC 8200 §4.2)");
    OPT_CHANGE: "ipv6.opt.type.change", Kind::Bool, ("途中で変わる", "May change"),
        ("1 なら、途中のルータが値を変えることがあります。", "If set, routers on the way may change it.");
    OPT_REST: "ipv6.opt.type.rest", Kind::Hex(2), ("番号", "Low-order bits"),
        ("種類の下位 5 ビットです。", "The five lower bits of the type.");
    HOP_OCTETS: "ipv6.hopopts.len_oct", Kind::Dec, ("バイト数", "Length in bytes"),
        ("ヘッダ全体のバイト数です。", "Bytes in the whole header.");
    DST_OCTETS: "ipv6.dstopts.len_oct", Kind::Dec, ("バイト数", "Length in bytes"),
        ("ヘッダ全体のバイト数です。", "Bytes in the whole header.");
    ROUTE_OCTETS: "ipv6.routing.len_oct", Kind::Dec, ("バイト数", "Length in bytes"),
        ("ヘッダ全体のバイト数です。", "Bytes in the whole header.");
    HOME: "ipv6.opt.mipv6.home_address", Kind::Ipv6, ("ホームアドレス", "Home address"),
        ("移動中の端末が、元の場所で持っているアドレスです（RFC 6275 §6.3）。", "The address that a moving host has at home. (RFC 6275 §6.3)");
    TUNNEL_LIMIT: "ipv6.opt.tel", Kind::Dec, ("トンネルの限度", "Tunnel encapsulation limit"),
        ("あと何回トンネルに包んでよいかです（RFC 2473）。", "How many more times it may be put into a tunnel. (RFC 2473)");
    ROUTE_RESERVED: "ipv6.routing.src.reserved", Kind::Bytes, ("予約", "Reserved"),
        ("使われないバイトです。", "Bytes that are not used.");
    ROUTE_ADDRESS: "ipv6.routing.src.addr", Kind::Ipv6, ("経由地", "Address"),
        ("通るべき経由地です。この方式は危険なので、もう使われません（RFC 5095）。", "A stop on the way. This kind is dangerous and no longer used. (RFC 5095)");
    ROUTE_DEPRECATED: "ipv6.routing.deprecated", Kind::Group, ("使わない方式", "Deprecated"),
        ("この方式はもう使わないことになっています（RFC 5095）。", "This kind of routing must not be used any more. (RFC 5095)");
    ROUTE_SEGLEFT_BAD: "ipv6.routing.invalid_segleft", Kind::Group, ("誤った残り数", "Invalid segments left"),
        ("残りの経由地の数が、並んでいる数と合いません。", "More stops are left than there are.");
    MOBILE_RESERVED: "ipv6.routing.mipv6.reserved", Kind::Bytes, ("予約", "Reserved"),
        ("使われないバイトです。", "Bytes that are not used.");
    MOBILE_HOME: "ipv6.routing.mipv6.home_address", Kind::Ipv6, ("ホームアドレス", "Home address"),
        ("移動中の端末が、元の場所で持っているアドレスです（RFC 6275 §6.4）。", "The address that a moving host has at home. (RFC 6275 §6.4)");
    SRH_LAST: "ipv6.routing.srh.last_entry", Kind::Dec, ("最後の番号", "Last entry"),
        ("経由地の一覧の最後の番号です（RFC 8754 §2）。", "The index of the last entry in the list of stops. (RFC 8754 §2)");
    SRH_FLAGS: "ipv6.routing.srh.flags", Kind::Hex(2), ("フラグ", "Flags"),
        ("セグメントルーティングの印です。", "Marks of segment routing.");
    SRH_TAG: "ipv6.routing.srh.tag", Kind::Bytes, ("タグ", "Tag"),
        ("同じ性質のパケットに付ける印です。", "Marks packets of the same kind.");
    SRH_ADDRESS: "ipv6.routing.srh.addr", Kind::Ipv6, ("セグメント", "Segment"),
        ("通るべき経由地です。最後のものから順に並びます。", "A stop on the way; the last one comes first.");
    PAD1: "ipv6.opt.pad1", Kind::Group, ("Pad1", "Pad1"),
        ("1 バイトの詰め物です。", "One byte of padding.");
    PADN: "ipv6.opt.padn", Kind::Bytes, ("PadN", "PadN"),
        ("ヘッダを 8 バイトの倍数にするための詰め物です。", "Fills the header up to a multiple of eight bytes.");
    ALERT: "ipv6.opt.router_alert", Kind::Dec, ("ルータ警告", "Router alert"),
        ("途中のルータにも中身を調べるよう頼みます（RFC 2711）。", "Asks routers on the way to look at the packet too. (RFC 2711)");
    JUMBO: "ipv6.opt.jumbo", Kind::Dec, ("ジャンボペイロード長", "Jumbo payload length"),
        ("64 kB を超えるパケットの長さです（RFC 2675）。", "The length of a packet beyond 64 kB. (RFC 2675)");
    OPT_DATA: "ipv6.opt.unknown", Kind::Bytes, ("データ", "Data"),
        ("オプションの中身です。", "What the option holds.");
    ROUTE_NXT: "ipv6.routing.nxt", Kind::Dec, ("次のヘッダ", "Next header"),
        ("この拡張ヘッダの後ろのヘッダの種類です。", "Which header follows this one.");
    ROUTE_LEN: "ipv6.routing.len", Kind::Dec, ("長さ", "Length"),
        ("最初の 8 バイトを除いた長さを 8 バイト単位で示します（RFC 8200 §4.4）。", "Length beyond the first eight bytes, in units of eight. (RFC 8200 §4.4)");
    ROUTE_TYPE: "ipv6.routing.type", Kind::Dec, ("種類", "Type"),
        ("経路指定の方式です。4 はセグメントルーティングです（RFC 8754）。", "The kind of routing asked for; 4 is segment routing. (RFC 8754)");
    ROUTE_LEFT: "ipv6.routing.segleft", Kind::Dec, ("残りの経由地", "Segments left"),
        ("まだ通っていない経由地の数です。0 なら宛先に着いています。", "How many stops are still ahead; 0 at the last one.");
    ROUTE_DATA: "ipv6.routing.unknown_data", Kind::Bytes, ("経路のデータ", "Type-specific data"),
        ("方式ごとのデータで、多くは経由地のアドレスです。", "Data of this kind of routing, mostly the addresses of the stops.");
    FRAG_NXT: "ipv6.fraghdr.nxt", Kind::Dec, ("次のヘッダ", "Next header"),
        ("分割された中身の最初のヘッダの種類です。", "The first header of the packet that was split.");
    FRAG_RESERVED: "ipv6.fraghdr.reserved_octet", Kind::Hex(2), ("予約", "Reserved octet"),
        ("使われないバイトで、0 で送ります。", "Not used, sent as zero.");
    FRAG_OFFSET: "ipv6.fraghdr.offset", Kind::Dec, ("断片の位置", "Offset"),
        ("この断片が元のデータの何番目からかを 8 バイト単位で示します（RFC 8200 §4.5）。", "Where in the packet this fragment belongs, in units of eight bytes. (RFC 8200 §4.5)");
    FRAG_BITS: "ipv6.fraghdr.reserved_bits", Kind::Dec, ("予約ビット", "Reserved bits"),
        ("使われない 2 ビットです。", "Two bits that are not used.");
    FRAG_MORE: "ipv6.fraghdr.more", Kind::Bool, ("続きあり", "More fragments"),
        ("1 なら、この断片の後にまだ続きの断片があります。", "If set, further fragments follow this one.");
    FRAG_ID: "ipv6.fraghdr.ident", Kind::Hex(8), ("識別子", "Identification"),
        ("どの断片が同じパケットのものかを見分ける番号です。", "Tells which fragments belong to the same packet.");
    FRAGMENTS: "ipv6.fragments", Kind::Group, ("断片", "Fragments"),
        ("断片を集めて元に戻したデータです。", "The data, put together from its fragments.");
    FRAGMENT_IN: "ipv6.fragment", Kind::Dec, ("断片のフレーム", "Fragment"),
        ("断片が入っていたフレームの番号です。", "The frame that brought a fragment.");
    FRAGMENT_ERROR: "ipv6.fragment.error", Kind::Dec, ("おかしな断片のフレーム", "Defragmentation error"),
        ("ほかの断片と重なるなど、おかしなところのある断片のフレームの番号です。", "The frame of a fragment with something wrong, such as an overlap with another.");
    FRAGMENT_OVERLAP: "ipv6.fragment.overlap", Kind::Bool, ("断片の重なり", "Fragment overlap"),
        ("前の断片と重なっています。正しい送信側なら起こりません（RFC 5722）。", "It overlaps a fragment before it, which no honest sender does. (RFC 5722)");
    FRAGMENT_CONFLICT: "ipv6.fragment.overlap.conflict", Kind::Bool, ("重なりの食い違い", "Conflicting data in fragment overlap"),
        ("重なった部分の中身が違います。どちらを読むかは受信側によって違い、攻撃に使われます（RFC 1858）。", "Where they overlap the data differs; receivers choose differently, which attacks make use of. (RFC 1858)");
    FRAGMENT_TAILS: "ipv6.fragment.multipletails", Kind::Bool, ("複数の終わり", "Multiple tail fragments found"),
        ("最後の断片が、別々の長さを示しています。", "Last fragments that say different lengths.");
    FRAGMENT_TOO_LONG: "ipv6.fragment.toolongfragment", Kind::Bool, ("長すぎる断片", "Fragment too long"),
        ("データグラムの終わりより先まで届く断片です。", "It reaches beyond the end of the datagram.");
    FRAGMENT_COUNT: "ipv6.fragment.count", Kind::Dec, ("断片の数", "Fragment count"),
        ("いくつの断片で届いたかです。", "How many fragments it came in.");
    REASSEMBLED_IN: "ipv6.reassembled_in", Kind::Dec, ("組み立てたフレーム", "Reassembled in frame"),
        ("全体が揃ったフレームの番号です。", "The frame with which the datagram was whole.");
    REASSEMBLED_LENGTH: "ipv6.reassembled.length", Kind::Dec, ("全体の長さ", "Reassembled length"),
        ("元に戻したデータのバイト数です。", "Bytes of the data that was put together.");
    REASSEMBLED_DATA: "ipv6.reassembled.data", Kind::Bytes, ("全体のデータ", "Reassembled data"),
        ("元に戻したデータです。", "The data that was put together.");
}

/// The fields about a datagram that came in fragments.
pub static FRAGMENT_FIELDS: FragmentFields = FragmentFields {
    all: &FRAGMENTS,
    fragment: &FRAGMENT_IN,
    error: &FRAGMENT_ERROR,
    overlap: &FRAGMENT_OVERLAP,
    conflict: &FRAGMENT_CONFLICT,
    tails: &FRAGMENT_TAILS,
    too_long: &FRAGMENT_TOO_LONG,
    count: &FRAGMENT_COUNT,
    length: &REASSEMBLED_LENGTH,
    data: &REASSEMBLED_DATA,
};

/// Hop-by-hop options, routing, fragment, destination options.
pub(super) const HOPOPTS: u8 = 0;
pub(super) const ROUTING: u8 = 43;
pub(super) const FRAGMENT: u8 = 44;
pub(super) const DSTOPTS: u8 = 60;

/// One of the four; they differ in what stands behind the next header number.
pub struct Ext(pub(super) u8);

impl Header for Ext {
    fn proto(&self) -> &'static str {
        match self.0 {
            HOPOPTS => "ipv6.hopopts",
            ROUTING => "ipv6.routing",
            FRAGMENT => "ipv6.fraghdr",
            _ => "ipv6.dstopts",
        }
    }

    fn title(&self) -> &'static str {
        match self.0 {
            HOPOPTS => "IPv6 hop-by-hop options",
            ROUTING => "IPv6 routing",
            FRAGMENT => "IPv6 fragment",
            _ => "IPv6 destination options",
        }
    }

    fn about(&self) -> Words {
        match self.0 {
            HOPOPTS => words("通り道のすべてのルータに向けた追加の指示です。", "Extra instructions for every router on the way."),
            ROUTING => words("パケットが通るべき経由地を並べたものです。", "The stops that the packet must pass on its way."),
            FRAGMENT => words(
                "大きすぎて送信側が分割したパケットの、どの部分かを示します。",
                "Says which part this is of a packet that its sender had to split.",
            ),
            _ => words("宛先のホストに向けた追加の指示です。", "Extra instructions for the destination host."),
        }
    }

    fn osi(&self) -> Osi {
        Osi::Network
    }

    fn claims(&self) -> &'static [Key] {
        match self.0 {
            HOPOPTS => &[Key::IpProto(HOPOPTS)],
            ROUTING => &[Key::IpProto(ROUTING)],
            FRAGMENT => &[Key::IpProto(FRAGMENT)],
            _ => &[Key::IpProto(DSTOPTS)],
        }
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let head = Head::<8>::of(input.slice());
        let at = |from, len| Span::new(input.area.start as usize + from, len);
        let proto = head.bytes[0];
        let nxt = match self.0 {
            HOPOPTS => &HOP_NXT,
            ROUTING => &ROUTE_NXT,
            FRAGMENT => &FRAG_NXT,
            _ => &DST_NXT,
        };
        let mut first = Field::new(nxt, Value::Uint(proto.into()), at(0, 1));
        first.meaning = names::ip_proto(proto).map(str::to_owned);
        if self.0 == FRAGMENT {
            return self.fragment(input, &head, first);
        }
        let units = head.bytes[1];
        let need = (usize::from(units) + 1) * 8;
        let len_def = match self.0 {
            HOPOPTS => &HOP_LEN,
            ROUTING => &ROUTE_LEN,
            _ => &DST_LEN,
        };
        let length = Field::new(len_def, Value::Uint(units.into()), at(1, 1)).means(format!("{need} bytes"));
        let octets = match self.0 {
            HOPOPTS => &HOP_OCTETS,
            ROUTING => &ROUTE_OCTETS,
            _ => &DST_OCTETS,
        };
        let mut fields = vec![first, length, Field::new(octets, Value::Uint(need as u64), Span::NONE)];
        let area = input.slice();
        let header = area.get(..need.min(area.len())).unwrap_or(&[]);
        let summary;
        let mut ips = None;
        if self.0 == ROUTING {
            let (kind, left) = (head.bytes[2], head.bytes[3]);
            fields.push(Field::new(&ROUTE_TYPE, Value::Uint(kind.into()), at(2, 1)));
            fields.push(Field::new(&ROUTE_LEFT, Value::Uint(left.into()), at(3, 1)));
            fields.extend(route(header, input.area.start as usize, need, kind, left));
            summary = format!("type {kind}, {left} segments left");
            ips = last_stop(header, kind, left).and_then(|last| input.ips.map(|(src, _)| (src, IpAddr::V6(last))));
        } else {
            let options = options(header, input.area.start as usize, need);
            summary = options.iter().filter_map(|o| o.meaning.as_deref()).collect::<Vec<_>>().join(", ");
            fields.extend(options);
        }
        if area.len() < need {
            return Step::cut(self, input, need, fields);
        }
        let layer = Layer::of(self, at(0, need), at(need, area.len() - need), summary, fields);
        Step { ips, ..Step::read(layer, ipv6::next(proto), input.full_len.saturating_sub(need)) }
    }
}

impl Ext {
    fn fragment(&self, input: &Input<'_>, head: &Head<8>, first: Field) -> Step {
        let at = |from, len| Span::new(input.area.start as usize + from, len);
        let b = &head.bytes;
        let word = be16(b, 2).unwrap_or_default();
        let ident = be32(b, 4).unwrap_or_default();
        let (offset, more) = (usize::from(word >> 3) * 8, word & 1 != 0);
        let proto = b[0];
        let name = names::ip_proto(proto).unwrap_or("unknown");
        let fields = vec![
            first,
            Field::new(&FRAG_RESERVED, Value::Uint(b[1].into()), at(1, 1)),
            Field::new(&FRAG_OFFSET, Value::Uint((word >> 3).into()), at(2, 2)).bits(16, 13).means(format!("{offset} bytes")),
            Field::new(&FRAG_BITS, Value::Uint((word >> 1 & 3).into()), at(3, 1)).bits(29, 2),
            Field::new(&FRAG_MORE, Value::Bool(more), at(3, 1)).bits(31, 1),
            Field::new(&FRAG_ID, Value::Uint(ident.into()), at(4, 4)),
        ];
        if !head.whole() {
            return Step::cut(self, input, 8, fields);
        }
        let payload = at(8, input.slice().len() - 8);
        let summary = format!("fragment of {name} ({proto}), offset {offset}, ID 0x{ident:08x}");
        let layer = Layer::of(self, at(0, 8), payload, summary, fields);
        let held = (offset > 0 || more) && !payload.is_empty() && !input.cut;
        let next = if offset > 0 || held { Next::Nothing } else { ipv6::next(proto) };
        Step { partial: offset > 0 || more, ..Step::read(layer, next, input.full_len.saturating_sub(8)) }
    }
}

/// What a routing header of this kind holds behind its first four bytes; `end` is where it ends.
fn route(header: &[u8], base: usize, end: usize, kind: u8, left: u8) -> Vec<Field> {
    let at = |from, len| Span::new(base + from, len);
    let address = |def, from| Field::new(def, Value::Ipv6(array::<16>(header, from).unwrap_or_default().into()), at(from, 16));
    let byte = |def, from: usize| Field::new(def, Value::Uint(header.get(from).copied().unwrap_or_default().into()), at(from, 1));
    let stops = |from: usize, n: usize, def| (0..n).map(|i| from + i * 16).filter(|from| from + 16 <= end).map(|from| address(def, from)).collect::<Vec<_>>();
    let mut out = Vec::new();
    match kind {
        0 => {
            out.push(Field::new(&ROUTE_DEPRECATED, Value::None, Span::NONE));
            out.push(Field::new(&ROUTE_RESERVED, Value::Bytes, at(4, 4)));
            out.extend(stops(8, (end - 8) / 16, &ROUTE_ADDRESS));
        }
        2 => {
            if left != 1 {
                out.push(Field::new(&ROUTE_SEGLEFT_BAD, Value::None, Span::NONE));
            }
            out.push(Field::new(&MOBILE_RESERVED, Value::Bytes, at(4, 4)));
            if end >= 24 {
                out.push(address(&MOBILE_HOME, 8));
            }
        }
        4 => {
            let last = header.get(4).copied().unwrap_or_default();
            if left > last {
                out.push(Field::new(&ROUTE_SEGLEFT_BAD, Value::None, Span::NONE));
            }
            out.extend([byte(&SRH_LAST, 4), byte(&SRH_FLAGS, 5), Field::new(&SRH_TAG, Value::Bytes, at(6, 2))]);
            out.extend(stops(8, usize::from(last) + 1, &SRH_ADDRESS));
        }
        _ => out.push(Field::new(&ROUTE_DATA, Value::Bytes, at(4, end - 4))),
    }
    out
}

/// The final destination, which the pseudo header's checksum is made over (RFC 8200 §8.1): the last address of types 0 and 2, the
/// first of segment routing (type 4).
fn last_stop(header: &[u8], kind: u8, left: u8) -> Option<Ipv6Addr> {
    let at = match kind {
        _ if left == 0 => return None,
        0 | 2 => header.len().checked_sub(16)?,
        4 => 8,
        _ => return None,
    };
    array::<16>(header, at).map(Ipv6Addr::from)
}

fn options(header: &[u8], base: usize, end: usize) -> Vec<Field> {
    let at = |from, len| Span::new(base + from, len);
    let mut all = Vec::new();
    let mut from = 2;
    while let Some(&kind) = header.get(from).filter(|_| from < end) {
        if kind == 0 {
            let kind = Field::new(&OPT_TYPE, Value::Uint(0), at(from, 1)).means("Pad1");
            let pad = Field::new(&PAD1, Value::None, Span::NONE);
            all.push(Field::new(&OPT, Value::None, at(from, 1)).means("Pad1").with(vec![kind, pad]));
            from += 1;
            continue;
        }
        let Some(len) = header.get(from + 1).map(|l| usize::from(*l)).filter(|l| from + 2 + l <= end) else {
            let rest = Field::new(&OPT_DATA, Value::Bytes, at(from, end - from));
            all.push(rest.means("length is wrong: the rest cannot be read"));
            return all;
        };
        let name = match kind {
            1 => "PadN",
            5 => "router alert",
            0xc2 => "jumbo payload",
            0xc9 => "home address",
            _ => "unknown option",
        };
        let data = from + 2;
        let mut children = vec![
            Field::new(&OPT_TYPE, Value::Uint(kind.into()), at(from, 1)).means(name).with(vec![
                Field::new(&OPT_ACTION, Value::Uint((kind >> 6).into()), at(from, 1)).bits(from as u32 * 8, 2),
                Field::new(&OPT_CHANGE, Value::Bool(kind & 0x20 != 0), at(from, 1)).bits(from as u32 * 8 + 2, 1),
                Field::new(&OPT_REST, Value::Uint((kind & 31).into()), at(from, 1)).bits(from as u32 * 8 + 3, 5),
            ]),
            Field::new(&OPT_LENGTH, Value::Uint(len as u64), at(from + 1, 1)),
        ];
        match (kind, len) {
            (1, 0) => children.push(Field::new(&PADN, Value::Text("<none>".into()), at(data, 0))),
            (_, 0) => {}
            (1, _) => children.push(Field::new(&PADN, Value::Bytes, at(data, len))),
            (5, 2) => {
                let value = be16(header, data).unwrap_or_default();
                children.push(Field::new(&ALERT, Value::Uint(value.into()), at(data, 2)));
            }
            (0xc2, 4) => {
                let value = be32(header, data).unwrap_or_default();
                children.push(Field::new(&JUMBO, Value::Uint(value.into()), at(data, 4)));
            }
            (0xc9, 16) => {
                let home = array::<16>(header, data).unwrap_or_default();
                children.push(Field::new(&HOME, Value::Ipv6(home.into()), at(data, 16)));
            }
            (4, 1) => children.push(Field::new(&TUNNEL_LIMIT, Value::Uint(header.get(data).copied().unwrap_or_default().into()), at(data, 1))),
            _ => children.push(Field::new(&OPT_DATA, Value::Bytes, at(data, len))),
        }
        all.push(Field::new(&OPT, Value::None, at(from, len + 2)).means(name).with(children));
        from += len + 2;
    }
    all
}
