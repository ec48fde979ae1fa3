//! The fields of DNS.

use crate::fields;
use crate::wire::Kind;

fields! {
    LENGTH: "dns.length", Kind::Dec, ("メッセージ長", "Message length"),
        ("TCP では区切りがないので、メッセージの長さを先頭に付けます（RFC 1035 §4.2.2）。", "TCP has no message borders, so the length is put in front (RFC 1035 §4.2.2).");
    ID: "dns.id", Kind::Hex(4), ("トランザクション ID", "Transaction ID"),
        ("応答がどの問い合わせへのものかを見分ける番号で、応答は同じ値を返します（RFC 1035 §4.1.1）。", "Tells which query a response belongs to: the response repeats it (RFC 1035 §4.1.1).");
    FLAGS: "dns.flags", Kind::Hex(4), ("フラグ", "Flags"),
        ("問い合わせか応答か、結果はどうかを表すビットの集まりです（RFC 1035 §4.1.1）。", "Bits that say whether this is a query or a response, and how it went (RFC 1035 §4.1.1).");
    RESPONSE: "dns.flags.response", Kind::Bool, ("応答", "Response"),
        ("0 なら問い合わせ、1 なら応答です（RFC 1035 §4.1.1）。", "0 is a query, 1 is a response (RFC 1035 §4.1.1).");
    OPCODE: "dns.flags.opcode", Kind::Dec, ("オペコード", "Opcode"),
        ("問い合わせの種類で、普段は 0（標準の問い合わせ）です（RFC 1035 §4.1.1）。", "What kind of query this is; nearly always 0, a standard query (RFC 1035 §4.1.1).");
    AUTHORITATIVE: "dns.flags.authoritative", Kind::Bool, ("権威ある応答", "Authoritative"),
        ("1 なら、その名前を管理するサーバ自身が答えています（RFC 1035 §4.1.1）。", "1: the server that is in charge of the name answers itself (RFC 1035 §4.1.1).");
    TRUNCATED: "dns.flags.truncated", Kind::Bool, ("切り詰め", "Truncated"),
        ("1 なら UDP に入りきらず切られているので、TCP で聞き直します（RFC 1035 §4.1.1）。", "1: it did not fit into UDP and was cut; ask again over TCP (RFC 1035 §4.1.1).");
    RECDESIRED: "dns.flags.recdesired", Kind::Bool, ("再帰を希望", "Recursion desired"),
        ("1 なら、答えが見つかるまで他のサーバにも聞いてほしいという頼みです（RFC 1035 §4.1.1）。", "1: please ask other servers too until the answer is found (RFC 1035 §4.1.1).");
    RECAVAIL: "dns.flags.recavail", Kind::Bool, ("再帰が可能", "Recursion available"),
        ("1 なら、このサーバは代わりに他のサーバへ聞いてくれます（RFC 1035 §4.1.1）。", "1: this server does ask other servers on your behalf (RFC 1035 §4.1.1).");
    Z: "dns.flags.z", Kind::Bool, ("予約", "Z"),
        ("将来のために 0 と決められたビットです（RFC 1035 §4.1.1）。", "Kept 0 for the future (RFC 1035 §4.1.1).");
    AUTHENTICATED: "dns.flags.authenticated", Kind::Bool, ("検証済み", "Answer authenticated"),
        ("1 なら、サーバが DNSSEC の署名を確かめました（RFC 4035 §3.2.3）。", "1: the server has checked the DNSSEC signatures (RFC 4035 §3.2.3).");
    CHECKDISABLE: "dns.flags.checkdisable", Kind::Bool, ("検証の省略", "Checking disabled"),
        ("1 なら、署名の検証をしなくてよいという頼みです（RFC 4035 §3.2.2）。", "1: signatures need not be checked (RFC 4035 §3.2.2).");
    RCODE: "dns.flags.rcode", Kind::Dec, ("応答コード", "Reply code"),
        ("結果を表す数で、0 が成功、3 はその名前が存在しないという意味です（RFC 1035 §4.1.1）。", "How it went: 0 is success, 3 means there is no such name (RFC 1035 §4.1.1).");
    QUERIES: "dns.count.queries", Kind::Dec, ("質問の数", "Questions"),
        ("この後に並ぶ質問の数です（RFC 1035 §4.1.1）。", "How many questions follow (RFC 1035 §4.1.1).");
    ANSWERS: "dns.count.answers", Kind::Dec, ("回答の数", "Answer RRs"),
        ("質問への答えであるレコードの数です（RFC 1035 §4.1.1）。", "How many records answer the question (RFC 1035 §4.1.1).");
    AUTH_RR: "dns.count.auth_rr", Kind::Dec, ("権威の数", "Authority RRs"),
        ("どのサーバがその名前を管理するかを示すレコードの数です（RFC 1035 §4.1.1）。", "How many records say which servers are in charge of the name (RFC 1035 §4.1.1).");
    ADD_RR: "dns.count.add_rr", Kind::Dec, ("追加情報の数", "Additional RRs"),
        ("聞かれる前に添えられたレコードの数です（RFC 1035 §4.1.1）。", "How many records are added because they will be useful (RFC 1035 §4.1.1).");
    QRY_NAME: "dns.qry.name", Kind::Text, ("質問の名前", "Query name"),
        ("知りたいドメイン名で、ラベルごとに長さを付けて並べてあります（RFC 1035 §4.1.2）。", "The domain name asked about, written as labels with their lengths (RFC 1035 §4.1.2).");
    QRY_TYPE: "dns.qry.type", Kind::Dec, ("質問の型", "Query type"),
        ("その名前の何を知りたいかです（RFC 1035 §3.2.3）。", "What is to be known about the name (RFC 1035 §3.2.3).");
    QRY_CLASS: "dns.qry.class", Kind::Hex(4), ("質問のクラス", "Query class"),
        ("名前空間の種類で、ふつうは IN（インターネット）です（RFC 1035 §3.2.4）。", "Which name space is meant; nearly always IN, the Internet (RFC 1035 §3.2.4).");
    QRY_QU: "dns.qry.qu", Kind::Bool, ("ユニキャストで返答", "“QU” question"),
        ("mDNS で、皆にではなく自分だけに答えてほしいという頼みです（RFC 6762 §5.4）。", "In mDNS: please answer to me alone instead of to everybody (RFC 6762 §5.4).");
    RESP_NAME: "dns.resp.name", Kind::Text, ("レコードの名前", "Record name"),
        ("このレコードがどの名前についてのものかで、前に出た名前は 2 バイトの参照で済ませます（RFC 1035 §4.1.4）。", "Which name this record is about; a name seen before is only pointed at, with two bytes (RFC 1035 §4.1.4).");
    RESP_TYPE: "dns.resp.type", Kind::Dec, ("レコードの型", "Record type"),
        ("データの種類で、A なら IPv4 アドレスです（RFC 1035 §3.2.2）。", "What kind of data it holds; A is an IPv4 address (RFC 1035 §3.2.2).");
    RESP_CLASS: "dns.resp.class", Kind::Hex(4), ("レコードのクラス", "Record class"),
        ("名前空間の種類で、ふつうは IN（インターネット）です（RFC 1035 §3.2.4）。", "Which name space is meant; nearly always IN, the Internet (RFC 1035 §3.2.4).");
    CACHE_FLUSH: "dns.resp.cache_flush", Kind::Bool, ("キャッシュの破棄", "Cache flush"),
        ("mDNS で、覚えている古いレコードを捨ててこれに置き換えるよう伝えます（RFC 6762 §10.2）。", "In mDNS: forget the records remembered so far, this one replaces them (RFC 6762 §10.2).");
    TTL: "dns.resp.ttl", Kind::Dec, ("生存時間（TTL）", "Time to live"),
        ("この答えを何秒間覚えて使い回してよいかです（RFC 1035 §3.2.1）。", "For how many seconds this answer may be remembered and used again (RFC 1035 §3.2.1).");
    RESP_LEN: "dns.resp.len", Kind::Dec, ("データ長", "Data length"),
        ("この後のデータのバイト数です（RFC 1035 §3.2.1）。", "How many bytes of data follow (RFC 1035 §3.2.1).");
    A: "dns.a", Kind::Ipv4, ("IPv4 アドレス", "Address"),
        ("この名前の IPv4 アドレスです（RFC 1035 §3.4.1）。", "The IPv4 address of the name (RFC 1035 §3.4.1).");
    AAAA: "dns.aaaa", Kind::Ipv6, ("IPv6 アドレス", "AAAA address"),
        ("この名前の IPv6 アドレスです（RFC 3596 §2.2）。", "The IPv6 address of the name (RFC 3596 §2.2).");
    CNAME: "dns.cname", Kind::Text, ("正式名（CNAME）", "CNAME"),
        ("この名前は別名で、本当の名前はこちらです（RFC 1035 §3.3.1）。", "The name is an alias; this is the real one (RFC 1035 §3.3.1).");
    NS: "dns.ns", Kind::Text, ("ネームサーバ", "Name server"),
        ("このドメインを管理するサーバの名前です（RFC 1035 §3.3.11）。", "A server that is in charge of this domain (RFC 1035 §3.3.11).");
    PTR: "dns.ptr.domain_name", Kind::Text, ("ドメイン名（PTR）", "Domain name"),
        ("アドレスなどから逆向きに引いた名前です（RFC 1035 §3.3.12）。", "The name found by looking the other way round, from an address for instance (RFC 1035 §3.3.12).");
    MX_PREFERENCE: "dns.mx.preference", Kind::Dec, ("優先度", "Preference"),
        ("小さいほど先に試すメールサーバです（RFC 1035 §3.3.9）。", "The mail server with the smallest number is tried first (RFC 1035 §3.3.9).");
    MX: "dns.mx.mail_exchange", Kind::Text, ("メールサーバ", "Mail exchange"),
        ("このドメイン宛てのメールを受け取るサーバです（RFC 1035 §3.3.9）。", "The server that takes mail for this domain (RFC 1035 §3.3.9).");
    TXT_LENGTH: "dns.txt.length", Kind::Dec, ("文字列の長さ", "TXT length"),
        ("続く文字列のバイト数です（RFC 1035 §3.3）。", "How many bytes of text follow (RFC 1035 §3.3).");
    TXT: "dns.txt", Kind::Text, ("テキスト（TXT）", "TXT"),
        ("自由な文字列で、ドメインの持ち主の確認などに使います（RFC 1035 §3.3.14）。", "Free text, used for instance to prove who owns a domain (RFC 1035 §3.3.14).");
    SRV_PRIORITY: "dns.srv.priority", Kind::Dec, ("優先度", "Priority"),
        ("小さいほど先に試すサーバです（RFC 2782）。", "The server with the smallest number is tried first (RFC 2782).");
    SRV_WEIGHT: "dns.srv.weight", Kind::Dec, ("重み", "Weight"),
        ("同じ優先度の中で、どのくらいの割合で選ぶかです（RFC 2782）。", "How often it is chosen among those of the same priority (RFC 2782).");
    SRV_PORT: "dns.srv.port", Kind::Dec, ("ポート", "Port"),
        ("サービスが待っているポート番号です（RFC 2782）。", "The port on which the service waits (RFC 2782).");
    SRV_TARGET: "dns.srv.target", Kind::Text, ("サーバ", "Target"),
        ("サービスを提供するホストの名前です（RFC 2782）。", "The host that offers the service (RFC 2782).");
    SOA_MNAME: "dns.soa.mname", Kind::Text, ("主サーバ", "Primary name server"),
        ("このゾーンの原本を持つサーバです（RFC 1035 §3.3.13）。", "The server that holds the original of this zone (RFC 1035 §3.3.13).");
    SOA_RNAME: "dns.soa.rname", Kind::Text, ("管理者", "Responsible authority's mailbox"),
        ("管理者のメールアドレスで、最初の点は @ と読みます（RFC 1035 §3.3.13）。", "The administrator's mail address; read the first dot as @ (RFC 1035 §3.3.13).");
    SOA_SERIAL: "dns.soa.serial_number", Kind::Dec, ("通し番号", "Serial number"),
        ("ゾーンが変わるたびに増える番号です（RFC 1035 §3.3.13）。", "Grows whenever the zone changes (RFC 1035 §3.3.13).");
    SOA_REFRESH: "dns.soa.refresh_interval", Kind::Dec, ("更新の間隔", "Refresh interval"),
        ("副サーバが変更を確かめに来る間隔（秒）です（RFC 1035 §3.3.13）。", "How often secondary servers look for changes, in seconds (RFC 1035 §3.3.13).");
    SOA_RETRY: "dns.soa.retry_interval", Kind::Dec, ("再試行の間隔", "Retry interval"),
        ("失敗したときに確かめ直すまでの時間（秒）です（RFC 1035 §3.3.13）。", "How long to wait after a failure, in seconds (RFC 1035 §3.3.13).");
    SOA_EXPIRE: "dns.soa.expire_limit", Kind::Dec, ("期限", "Expire limit"),
        ("確かめられないまま使ってよい時間（秒）です（RFC 1035 §3.3.13）。", "How long the copy may be used unchecked, in seconds (RFC 1035 §3.3.13).");
    SOA_MINIMUM: "dns.soa.minimum_ttl", Kind::Dec, ("否定応答の TTL", "Minimum TTL"),
        ("「存在しない」という答えを覚えてよい時間（秒）です（RFC 2308 §4）。", "How long “there is no such name” may be remembered, in seconds (RFC 2308 §4).");
    UDP_SIZE: "dns.rr.udp_payload_size", Kind::Hex(4), ("UDP の最大サイズ", "UDP payload size"),
        ("送り手が UDP で受け取れる応答の大きさ（バイト）です（RFC 6891 §6.2.3）。", "How large a response the sender can take over UDP, in bytes (RFC 6891 §6.2.3).");
    EXT_RCODE: "dns.resp.ext_rcode", Kind::Hex(2), ("拡張応答コード", "Higher bits in extended RCODE"),
        ("応答コードの上位ビットです（RFC 6891 §6.1.3）。", "The higher bits of the reply code (RFC 6891 §6.1.3).");
    EDNS_VERSION: "dns.resp.edns0_version", Kind::Dec, ("EDNS の版", "EDNS0 version"),
        ("DNS の拡張の版で、今は 0 です（RFC 6891 §6.1.3）。", "The version of the extension; today it is 0 (RFC 6891 §6.1.3).");
    EDNS_Z: "dns.resp.z", Kind::Hex(4), ("拡張フラグ", "Z"),
        ("最上位ビットは、DNSSEC の署名も欲しいという印です（RFC 6891 §6.1.4）。", "The highest bit asks for DNSSEC signatures as well (RFC 6891 §6.1.4).");
    OPT: "dns.opt", Kind::Bytes, ("拡張オプション", "Option"),
        ("拡張（EDNS）の追加オプションです（RFC 6891 §6.1.2）。", "Options of the extension EDNS (RFC 6891 §6.1.2).");
    RDATA: "dns.unknown.rdata", Kind::Bytes, ("データ", "Data"),
        ("この型のデータは、バイト列のまま示します。", "Data of a type that is shown as plain bytes.");
}
