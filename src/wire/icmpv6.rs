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
    RA_HOME: "icmpv6.nd.ra.flag.h", Kind::Bool, ("ホームエージェント", "Home agent"),
        ("1 なら、移動する端末の留守番もします（RFC 6275）。", "If set, it also looks after hosts that move. (RFC 6275)");
    RA_PREFERENCE: "icmpv6.nd.ra.flag.prf", Kind::Dec, ("優先度", "Router preference"),
        ("どのルータを優先するかです。0 は普通、1 は高い、3 は低いです（RFC 4191）。", "How much this router is preferred: 0 medium, 1 high, 3 low. (RFC 4191)");
    RA_PROXY: "icmpv6.nd.ra.flag.p", Kind::Bool, ("代理", "Proxied"),
        ("1 なら、別のルータの代わりに送っています（RFC 4389）。", "If set, it is sent for another router. (RFC 4389)");
    RA_REST: "icmpv6.nd.ra.flag.rsv", Kind::Dec, ("予約", "Reserved"),
        ("使われないビットです。", "Bits that are not used.");
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
    MLD_CODE: "icmpv6.mld.maximum_response_code", Kind::Dec, ("返事までの最大時間", "Maximum response code"),
        ("返事をこの時間以内にばらけさせます（RFC 3810 §5.1.3）。", "Answers are spread over this time. (RFC 3810 §5.1.3)");
    MLD_FLAGS: "icmpv6.mld.flag", Kind::Hex(2), ("フラグ", "Flags"),
        ("問い合わせの性質を示す印です（RFC 3810 §5.1）。", "Marks of the query. (RFC 3810 §5.1)");
    MLD_SUPPRESS: "icmpv6.mld.flag.s", Kind::Bool, ("ルータの処理を抑える", "Suppress router-side processing"),
        ("1 なら、ほかのルータは時計を進めません。", "If set, other routers leave their timers alone.");
    MLD_ROBUSTNESS: "icmpv6.mld.flag.qrv", Kind::Dec, ("頑健さ", "QRV"),
        ("何回なくなっても困らないように送るかの値です。", "How many losses the sender allows for.");
    MLD_FLAG_REST: "icmpv6.mld.flag.reserved", Kind::Dec, ("予約", "Reserved"),
        ("使われないビットです。", "Bits that are not used.");
    MLD_INTERVAL: "icmpv6.mld.qqi", Kind::Dec, ("問い合わせの間隔", "QQIC"),
        ("問い合わせを送る間隔です。", "The interval between queries.");
    MLD_SOURCES: "icmpv6.mld.nb_sources", Kind::Dec, ("送信元の数", "Number of sources"),
        ("続く送信元アドレスの数です。", "How many source addresses follow.");
    MLD_SOURCE: "icmpv6.mld.source_address", Kind::Ipv6, ("送信元アドレス", "Source address"),
        ("この送信元のものだけについて尋ねています。", "Asked about from this source only.");
    RECORD: "icmpv6.mldr.mar", Kind::Group, ("グループの記録", "Multicast address record"),
        ("1 つのグループについての記録です（RFC 3810 §5.2.4）。", "What is said about one group. (RFC 3810 §5.2.4)");
    RECORD_TYPE: "icmpv6.mldr.mar.record_type", Kind::Dec, ("記録の種類", "Record type"),
        ("参加（2、4）や離脱（1、3）などの種類です。", "Joining (2, 4), leaving (1, 3) and so on.");
    RECORD_AUX: "icmpv6.mldr.mar.aux_data_len", Kind::Dec, ("補足の長さ", "Aux data length"),
        ("補足の長さを 4 バイト単位で示します。", "Length of further data in units of four bytes.");
    RECORD_SOURCES: "icmpv6.mldr.mar.nb_sources", Kind::Dec, ("送信元の数", "Number of sources"),
        ("続く送信元アドレスの数です。", "How many source addresses follow.");
    RECORD_ADDRESS: "icmpv6.mldr.mar.multicast_address", Kind::Ipv6, ("マルチキャストアドレス", "Multicast address"),
        ("参加する、または抜けるグループのアドレスです。", "The group that is joined or left.");
    RECORD_SOURCE: "icmpv6.mldr.mar.source_address", Kind::Ipv6, ("送信元アドレス", "Source address"),
        ("受け取りたい、または受け取りたくない送信元です。", "A source that is wanted or not.");
    RECORD_DATA: "icmpv6.mldr.mar.auxiliary_data", Kind::Bytes, ("補足", "Auxiliary data"),
        ("補足のデータです。", "Further data.");
    DATA_TIME: "icmpv6.echo.data_time", Kind::Text, ("データの中の時刻", "Timestamp in the data"),
        ("ping が送った時刻をデータの先頭に書いたものです。", "When ping sent it, written at the beginning of the data.");
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
    OPT_SOURCE_LINK: "icmpv6.opt.src_linkaddr", Kind::Mac, ("送信元のリンクアドレス", "Source link-layer address"),
        ("送信側の MAC アドレスです。", "The sender's MAC address.");
    OPT_TARGET_LINK: "icmpv6.opt.target_linkaddr", Kind::Mac, ("対象のリンクアドレス", "Target link-layer address"),
        ("対象の MAC アドレスです。", "The target's MAC address.");
    OPT_PREFIX_L: "icmpv6.opt.prefix.flag.l", Kind::Bool, ("同じリンク上", "On-link"),
        ("1 なら、このプレフィックスの相手には直接届きます。", "If set, addresses with this prefix are reached directly.");
    OPT_PREFIX_A: "icmpv6.opt.prefix.flag.a", Kind::Bool, ("アドレスを作ってよい", "Autonomous address configuration"),
        ("1 なら、端末はこれから自分のアドレスを作れます（RFC 4862）。", "If set, hosts may make their own addresses from it. (RFC 4862)");
    OPT_PREFIX_R: "icmpv6.opt.prefix.flag.r", Kind::Bool, ("ルータのアドレス", "Router address"),
        ("1 なら、プレフィックスの欄にルータのアドレスそのものが入っています。", "If set, the whole address of the router stands in it.");
    OPT_PREFIX_REST: "icmpv6.opt.prefix.flag.reserved", Kind::Dec, ("予約", "Reserved"),
        ("使われないビットです。", "Bits that are not used.");
    OPT_RESERVED: "icmpv6.opt.reserved", Kind::Group, ("予約", "Reserved"),
        ("使われないバイトです。", "Bytes that are not used.");
    OPT_PADDING: "icmpv6.opt.padding", Kind::Group, ("パディング", "Padding"),
        ("長さを 8 バイトの倍数にするための詰め物です。", "Fills the option up to a multiple of eight bytes.");
    OPT_REDIRECTED: "icmpv6.opt.redirected_packet", Kind::Group, ("元のパケット", "Redirected packet"),
        ("道を変える原因になったパケットです。", "The packet that caused the redirect.");
    OPT_NONCE: "icmpv6.opt.nonce", Kind::Bytes, ("乱数", "Nonce"),
        ("自分の問い合わせが戻ってきたことを見分ける乱数です（RFC 7527）。", "A random number that shows whether one's own question came back. (RFC 7527)");
    OPT_ROUTE_FLAGS: "icmpv6.opt.route_info.flag", Kind::Hex(2), ("フラグ", "Flags"),
        ("この経路の優先度です（RFC 4191）。", "The preference of this route. (RFC 4191)");
    OPT_ROUTE_PREFERENCE: "icmpv6.opt.route_info.flag.route_preference", Kind::Dec, ("経路の優先度", "Route preference"),
        ("0 は普通、1 は高い、3 は低いです。", "0 medium, 1 high, 3 low.");
    OPT_ROUTE_REST: "icmpv6.opt.route_info.flag.reserved", Kind::Dec, ("予約", "Reserved"),
        ("使われないビットです。", "Bits that are not used.");
    OPT_ROUTE_LIFETIME: "icmpv6.opt.route_lifetime", Kind::Dec, ("経路の有効時間", "Route lifetime"),
        ("この経路が有効な秒数です。", "For how many seconds the route is valid.");
    OPT_RDNSS_LIFETIME: "icmpv6.opt.rdnss.lifetime", Kind::Dec, ("有効時間", "Lifetime"),
        ("この DNS サーバを使ってよい秒数です（RFC 8106）。", "For how many seconds these DNS servers may be used. (RFC 8106)");
    OPT_RDNSS: "icmpv6.opt.rdnss", Kind::Ipv6, ("DNS サーバ", "Recursive DNS server"),
        ("使える DNS サーバのアドレスです。", "A DNS server that can be used.");
    OPT_DNSSL_LIFETIME: "icmpv6.opt.dnssl.lifetime", Kind::Dec, ("有効時間", "Lifetime"),
        ("このドメイン名を使ってよい秒数です。", "For how many seconds these domain names may be used.");
    OPT_DNSSL: "icmpv6.opt.dnssl", Kind::Text, ("検索ドメイン", "DNS search list"),
        ("短い名前の後ろに付けて探すドメイン名です（RFC 8106）。", "A domain that is tried behind short names. (RFC 8106)");
    OPT_INTERVAL: "icmpv6.opt.advertisement_interval", Kind::Dec, ("広告の間隔", "Advertisement interval"),
        ("ルータ広告を送る間隔のミリ秒数です（RFC 6275）。", "Milliseconds between router advertisements. (RFC 6275)");
    OPT_HOME_PREFERENCE: "icmpv6.opt.home_agent_preference", Kind::Dec, ("ホームエージェントの優先度", "Home agent preference"),
        ("大きいほど優先されます。", "The higher, the better.");
    OPT_HOME_LIFETIME: "icmpv6.opt.home_agent_lifetime", Kind::Dec, ("ホームエージェントの有効時間", "Home agent lifetime"),
        ("留守番を頼める秒数です。", "For how many seconds it serves.");
    OPT_EFO: "icmpv6.opt.efo", Kind::Hex(4), ("追加のフラグ", "Flags expansion"),
        ("ルータ広告の印の続きです（RFC 5175）。", "More flags of a router advertisement. (RFC 5175)");
    OPT_PORTAL: "icmpv6.opt.captive_portal", Kind::Text, ("認証ページ", "Captive portal"),
        ("ネットワークを使う前に開くページのアドレスです（RFC 8910）。", "The page to open before the network can be used. (RFC 8910)");
    OPT_PREF64_LIFETIME: "icmpv6.opt.pref64.scaled_lifetime", Kind::Dec, ("有効時間", "Scaled lifetime"),
        ("8 秒単位の有効時間です（RFC 8781）。", "The lifetime in units of eight seconds. (RFC 8781)");
    OPT_PREF64_PLC: "icmpv6.opt.pref64.plc", Kind::Hex(4), ("長さの符号", "Prefix length code"),
        ("プレフィックスの長さを表す符号です。", "A code for the length of the prefix.");
    OPT_PREF64: "icmpv6.opt.pref64.prefix", Kind::Ipv6, ("NAT64 プレフィックス", "NAT64 prefix"),
        ("IPv4 の相手を IPv6 アドレスで表すための前半です（RFC 6052）。", "The first part of IPv6 addresses that stand for IPv4 ones. (RFC 6052)");
    UNDECODED: "icmpv6.undecoded.option", Kind::Group, ("解釈しないオプション", "Undecoded option"),
        ("ここでは解釈しないオプションです。", "An option that is not interpreted here.");
    UNKNOWN_DATA: "icmpv6.unknown_data", Kind::Bytes, ("データ", "Unknown data"),
        ("ここでは解釈しないデータです。", "Data that is not interpreted here.");
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
        // RFC 3810 §8.1: a query longer than 24 bytes is of version 2.
        130 if area.len() >= 28 => {
            let count = be16(area, 26).unwrap_or_default();
            let flags = byte(&MLD_FLAGS, 24).with(vec![
                flag(&MLD_SUPPRESS, 24, 4),
                Field::new(&MLD_ROBUSTNESS, Value::Uint((area.get(24).copied().unwrap_or_default() & 7).into()), at(24, 1)).bits(197, 3),
                Field::new(&MLD_FLAG_REST, Value::Uint((area.get(24).copied().unwrap_or_default() >> 4).into()), at(24, 1)).bits(192, 4),
            ]);
            let mut out = vec![short(&MLD_CODE, 4), reserved(6, 2), address(&MLD_ADDR, 8), flags, byte(&MLD_INTERVAL, 25), short(&MLD_SOURCES, 26)];
            let mut end = 28;
            for _ in 0..count {
                if area.len() < end + 16 {
                    break;
                }
                out.push(address(&MLD_SOURCE, end));
                end += 16;
            }
            (end, out)
        }
        130..=132 => (24, vec![short(&MLD_DELAY, 4), reserved(6, 2), address(&MLD_ADDR, 8)]),
        134 => {
            let rest = area.get(5).copied().unwrap_or_default() & 0x3f;
            let flags = byte(&RA_FLAGS, 5).with(vec![
                flag(&RA_MANAGED, 5, 0),
                flag(&RA_OTHER, 5, 1),
                flag(&RA_HOME, 5, 2),
                Field::new(&RA_PREFERENCE, Value::Uint((rest >> 3 & 3).into()), at(5, 1)).bits(43, 2),
                flag(&RA_PROXY, 5, 5),
                Field::new(&RA_REST, Value::Uint((rest & 3).into()), at(5, 1)).bits(46, 2),
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
        143 => {
            let mut out = vec![reserved(4, 2), short(&MLD_RECORDS, 6)];
            let mut from = 8;
            for _ in 0..be16(area, 6).unwrap_or_default() {
                let Some(head) = array::<20>(area, from) else { break };
                let (aux, sources) = (usize::from(head[1]) * 4, usize::from(u16::from_be_bytes([head[2], head[3]])));
                let mut children = vec![
                    byte(&RECORD_TYPE, from),
                    byte(&RECORD_AUX, from + 1),
                    short(&RECORD_SOURCES, from + 2),
                    address(&RECORD_ADDRESS, from + 4),
                ];
                let mut end = from + 20;
                for _ in 0..sources {
                    if area.len() < end + 16 {
                        break;
                    }
                    children.push(address(&RECORD_SOURCE, end));
                    end += 16;
                }
                if aux > 0 && area.len() >= end + aux {
                    children.push(Field::new(&RECORD_DATA, Value::Bytes, at(end, aux)));
                    end += aux;
                }
                out.push(Field::new(&RECORD, Value::None, at(from, end - from)).with(children));
                from = end;
            }
            (from, out)
        }
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
