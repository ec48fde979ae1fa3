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
    CONFLICT: "dns.flags.conflict", Kind::Bool, ("競合", "Conflict"),
        ("LLMNR で、同じ名前を名乗るホストが 2 台以上あることを示します（RFC 4795 §2.1.1）。", "In LLMNR: more than one host claims the name (RFC 4795 §2.1.1).");
    TRUNCATED: "dns.flags.truncated", Kind::Bool, ("切り詰め", "Truncated"),
        ("1 なら UDP に入りきらず切られているので、TCP で聞き直します（RFC 1035 §4.1.1）。", "1: it did not fit into UDP and was cut; ask again over TCP (RFC 1035 §4.1.1).");
    RECDESIRED: "dns.flags.recdesired", Kind::Bool, ("再帰を希望", "Recursion desired"),
        ("1 なら、答えが見つかるまで他のサーバにも聞いてほしいという頼みです（RFC 1035 §4.1.1）。", "1: please ask other servers too until the answer is found (RFC 1035 §4.1.1).");
    TENTATIVE: "dns.flags.tentative", Kind::Bool, ("仮", "Tentative"),
        ("LLMNR で、その名前が自分だけのものかをまだ確かめていないことを示します（RFC 4795 §2.1.1）。", "In LLMNR: the sender has not yet made sure that the name is its alone (RFC 4795 §2.1.1).");
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
    ZONES: "dns.count.zones", Kind::Dec, ("ゾーンの数", "Zones"),
        ("動的更新で、更新するゾーンの数です（RFC 2136 §2.2）。", "In a dynamic update: how many zones are to be changed (RFC 2136 §2.2).");
    PREREQUISITES: "dns.count.prerequisites", Kind::Dec, ("前提条件の数", "Prerequisites"),
        ("動的更新の前に満たされているべき条件の数です（RFC 2136 §2.2）。", "How many conditions must hold before the update is made (RFC 2136 §2.2).");
    UPDATES: "dns.count.updates", Kind::Dec, ("更新の数", "Updates"),
        ("足したり消したりするレコードの数です（RFC 2136 §2.2）。", "How many records are to be added or deleted (RFC 2136 §2.2).");
    QRY_NAME: "dns.qry.name", Kind::Text, ("質問の名前", "Query name"),
        ("知りたいドメイン名で、ラベルごとに長さを付けて並べてあります（RFC 1035 §4.1.2）。", "The domain name asked about, written as labels with their lengths (RFC 1035 §4.1.2).");
    QRY_NAME_LEN: "dns.qry.name.len", Kind::Dec, ("名前の長さ", "Name length"),
        ("点でつないで書いた名前の文字数です。", "How many characters the name has, written with dots.");
    QRY_LABELS: "dns.count.labels", Kind::Dec, ("ラベルの数", "Label count"),
        ("点で区切られた部分（ラベル）の数です（RFC 1035 §3.1）。", "How many parts (labels) the name has between its dots (RFC 1035 §3.1).");
    QRY_TYPE: "dns.qry.type", Kind::Dec, ("質問の型", "Query type"),
        ("その名前の何を知りたいかです（RFC 1035 §3.2.3）。", "What is to be known about the name (RFC 1035 §3.2.3).");
    QRY_CLASS: "dns.qry.class", Kind::Hex(4), ("質問のクラス", "Query class"),
        ("名前空間の種類で、ふつうは IN（インターネット）です（RFC 1035 §3.2.4）。", "Which name space is meant; nearly always IN, the Internet (RFC 1035 §3.2.4).");
    QRY_QU: "dns.qry.qu", Kind::Bool, ("ユニキャストで返答", "“QU” question"),
        ("mDNS で、皆にではなく自分だけに答えてほしいという頼みです（RFC 6762 §5.4）。", "In mDNS: please answer to me alone instead of to everybody (RFC 6762 §5.4).");
    RECORD: "dns.record", Kind::Group, ("レコード", "Record"),
        ("SRV レコードです。名前はサービス、プロトコル、ドメインに分けて示します（RFC 2782）。", "An SRV record; its name is given as service, protocol and domain (RFC 2782).");
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
    TTL_HIGH: "dns.ttl.high_bit_set", Kind::Group, ("TTL の最上位ビット", "TTL with its highest bit set"),
        ("最上位ビットは 0 のはずで、1 なら TTL は 0 とみなします（RFC 2181 §8）。", "The highest bit must be 0; with 1 the TTL counts as 0 (RFC 2181 §8).");
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
    SRV_SERVICE: "dns.srv.service", Kind::Text, ("サービス名", "Service"),
        ("レコードの名前の最初の部分で、どのサービスを探すかを示します（RFC 2782）。", "The first part of the record's name: which service is looked for (RFC 2782).");
    SRV_PROTO: "dns.srv.proto", Kind::Text, ("プロトコル", "Protocol"),
        ("レコードの名前の 2 番目の部分で、_tcp か _udp です（RFC 2782）。", "The second part of the record's name: _tcp or _udp (RFC 2782).");
    SRV_NAME: "dns.srv.name", Kind::Text, ("ドメイン", "Name"),
        ("サービスを探すドメインです（RFC 2782）。", "The domain in which the service is looked for (RFC 2782).");
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
    UDP_SIZE: "dns.rr.udp_payload_size", Kind::Dec, ("UDP の最大サイズ", "UDP payload size"),
        ("送り手が UDP で受け取れる応答の大きさ（バイト）です（RFC 6891 §6.2.3）。", "How large a response the sender can take over UDP, in bytes (RFC 6891 §6.2.3).");
    EXT_RCODE: "dns.resp.ext_rcode", Kind::Hex(2), ("拡張応答コード", "Higher bits in extended RCODE"),
        ("応答コードの上位ビットです（RFC 6891 §6.1.3）。", "The higher bits of the reply code (RFC 6891 §6.1.3).");
    EDNS_VERSION: "dns.resp.edns0_version", Kind::Dec, ("EDNS の版", "EDNS0 version"),
        ("DNS の拡張の版で、今は 0 です（RFC 6891 §6.1.3）。", "The version of the extension; today it is 0 (RFC 6891 §6.1.3).");
    EDNS_Z: "dns.resp.z", Kind::Hex(4), ("拡張フラグ", "Z"),
        ("最上位ビットは、DNSSEC の署名も欲しいという印です（RFC 6891 §6.1.4）。", "The highest bit asks for DNSSEC signatures as well (RFC 6891 §6.1.4).");
    EDNS_DO: "dns.resp.z.do", Kind::Bool, ("DNSSEC を希望", "DO bit"),
        ("1 なら、DNSSEC の署名も欲しいという頼みです（RFC 3225 §3）。", "1: please send the DNSSEC signatures as well (RFC 3225 §3).");
    EDNS_RESERVED: "dns.resp.z.reserved", Kind::Hex(4), ("予約", "Reserved"),
        ("将来のために 0 と決められたビットです（RFC 6891 §6.1.4）。", "Bits kept 0 for the future (RFC 6891 §6.1.4).");
    OPT: "dns.opt", Kind::Group, ("拡張オプション", "Option"),
        ("拡張（EDNS）の追加オプションです（RFC 6891 §6.1.2）。", "An option of the extension EDNS (RFC 6891 §6.1.2).");
    OPT_CODE: "dns.opt.code", Kind::Dec, ("オプション番号", "Option code"),
        ("オプションの種類です（RFC 6891 §6.1.2）。", "What kind of option it is (RFC 6891 §6.1.2).");
    OPT_LEN: "dns.opt.len", Kind::Dec, ("オプション長", "Option length"),
        ("続くデータのバイト数です（RFC 6891 §6.1.2）。", "How many bytes of data follow (RFC 6891 §6.1.2).");
    OPT_DATA: "dns.opt.data", Kind::Bytes, ("オプションのデータ", "Option data"),
        ("オプションの中身です。", "What the option holds.");
    OPT_DAU: "dns.opt.dau", Kind::Dec, ("わかる署名方式", "DAU"),
        ("送り手が検証できる DNSSEC の署名方式です（RFC 6975 §3）。", "A DNSSEC signature algorithm that the sender understands (RFC 6975 §3).");
    OPT_DHU: "dns.opt.dhu", Kind::Dec, ("わかるダイジェスト", "DHU"),
        ("送り手が扱える DS のハッシュ方式です（RFC 6975 §3）。", "A DS hash algorithm that the sender understands (RFC 6975 §3).");
    OPT_N3U: "dns.opt.n3u", Kind::Dec, ("わかる NSEC3 方式", "N3U"),
        ("送り手が扱える NSEC3 のハッシュ方式です（RFC 6975 §3）。", "An NSEC3 hash algorithm that the sender understands (RFC 6975 §3).");
    ECS_FAMILY: "dns.opt.client.family", Kind::Dec, ("アドレスの種類", "Family"),
        ("1 は IPv4、2 は IPv6 です（RFC 7871 §6）。", "1 is IPv4, 2 is IPv6 (RFC 7871 §6).");
    ECS_SOURCE: "dns.opt.client.netmask", Kind::Dec, ("送信元プレフィックス", "Source netmask"),
        ("利用者のアドレスの上位何ビットを伝えるかです（RFC 7871 §6）。", "How many bits of the user's address are told (RFC 7871 §6).");
    ECS_SCOPE: "dns.opt.client.scope", Kind::Dec, ("適用範囲", "Scope netmask"),
        ("応答が有効な範囲を、プレフィックスの長さで示します（RFC 7871 §6）。", "For how large a network the answer holds, as a prefix length (RFC 7871 §6).");
    ECS_ADDR: "dns.opt.client.addr", Kind::Bytes, ("利用者のネットワーク", "Client subnet"),
        ("利用者のアドレスの一部です（RFC 7871 §6）。", "A part of the user's address (RFC 7871 §6).");
    ECS_ADDR4: "dns.opt.client.addr4", Kind::Ipv4, ("利用者のネットワーク", "Client subnet"),
        ("近いサーバを答えてもらうために伝える、利用者の IPv4 ネットワークです（RFC 7871 §6）。", "The user's IPv4 network, told so that the answer names a server nearby (RFC 7871 §6).");
    ECS_ADDR6: "dns.opt.client.addr6", Kind::Ipv6, ("利用者のネットワーク", "Client subnet"),
        ("近いサーバを答えてもらうために伝える、利用者の IPv6 ネットワークです（RFC 7871 §6）。", "The user's IPv6 network, told so that the answer names a server nearby (RFC 7871 §6).");
    COOKIE_CLIENT: "dns.opt.cookie.client", Kind::Bytes, ("クライアントのクッキー", "Client cookie"),
        ("偽の応答を見分けるために、問い合わせた側が付ける値です（RFC 7873 §4.1）。", "A value by which the client tells true answers from forged ones (RFC 7873 §4.1).");
    COOKIE_SERVER: "dns.opt.cookie.server", Kind::Bytes, ("サーバのクッキー", "Server cookie"),
        ("前にも来たクライアントだと確かめるための、サーバの値です（RFC 7873 §4.2）。", "A value by which the server knows the client again (RFC 7873 §4.2).");
    KEEPALIVE: "dns.opt.edns_tcp_keepalive.timeout", Kind::Dec, ("TCP 接続の保持", "Timeout"),
        ("何もないとき TCP 接続を保つ時間で、単位は 100 ミリ秒です（RFC 7828 §3.1）。", "How long an idle TCP connection is kept, in units of 100 ms (RFC 7828 §3.1).");
    PADDING: "dns.opt.padding", Kind::Bytes, ("詰め物", "Padding"),
        ("暗号化したとき長さから中身を推測されないようにする詰め物です（RFC 7830 §3）。", "Filling, so that an encrypted message's length says less (RFC 7830 §3).");
    CHAIN: "dns.opt.chain.fqdn", Kind::Text, ("最も近い信頼点", "Closest trust point"),
        ("検証に必要な署名の鎖を、どこから送ってほしいかです（RFC 7901 §4）。", "From where on the chain of signatures is wanted (RFC 7901 §4).");
    EDE_CODE: "dns.opt.ext_error.info_code", Kind::Dec, ("詳しいエラー", "Info code"),
        ("なぜ失敗したかを詳しく表す番号です（RFC 8914 §2）。", "Says in more detail why it failed (RFC 8914 §2).");
    EDE_TEXT: "dns.opt.ext_error.extra_text", Kind::Text, ("エラーの説明", "Extra text"),
        ("人のための説明です（RFC 8914 §2）。", "An explanation for people (RFC 8914 §2).");
    DNAME: "dns.dname", Kind::Text, ("別名の枝（DNAME）", "DNAME"),
        ("この名前より下の枝全体が、こちらの名前に置き換わります（RFC 6672 §2）。", "All names below this one are replaced by names below that one (RFC 6672 §2).");
    HINFO_CPU_LEN: "dns.hinfo.cpu_length", Kind::Dec, ("CPU 名の長さ", "CPU length"),
        ("続く CPU 名のバイト数です（RFC 1035 §3.3.2）。", "How many bytes the name of the CPU has (RFC 1035 §3.3.2).");
    HINFO_CPU: "dns.hinfo.cpu", Kind::Text, ("CPU", "CPU"),
        ("そのホストの CPU の種類です（RFC 1035 §3.3.2）。", "What CPU the host has (RFC 1035 §3.3.2).");
    HINFO_OS_LEN: "dns.hinfo.os_length", Kind::Dec, ("OS 名の長さ", "OS length"),
        ("続く OS 名のバイト数です（RFC 1035 §3.3.2）。", "How many bytes the name of the operating system has (RFC 1035 §3.3.2).");
    HINFO_OS: "dns.hinfo.os", Kind::Text, ("OS", "OS"),
        ("そのホストの OS です（RFC 1035 §3.3.2）。", "What operating system the host runs (RFC 1035 §3.3.2).");
    RP_MAILBOX: "dns.rp.mailbox", Kind::Text, ("担当者のメール", "Mailbox"),
        ("担当者のメールアドレスで、最初の点は @ と読みます（RFC 1183 §2.2）。", "The responsible person's mail address; read the first dot as @ (RFC 1183 §2.2).");
    RP_TXT: "dns.rp.txt_rr", Kind::Text, ("説明のある名前", "TXT RR"),
        ("担当者の説明が TXT レコードにある名前です（RFC 1183 §2.2）。", "A name whose TXT record tells more about the person (RFC 1183 §2.2).");
    SPF_LENGTH: "dns.spf.length", Kind::Dec, ("文字列の長さ", "SPF length"),
        ("続く文字列のバイト数です（RFC 1035 §3.3）。", "How many bytes of text follow (RFC 1035 §3.3).");
    SPF: "dns.spf", Kind::Text, ("SPF", "SPF"),
        ("このドメインからメールを送ってよいサーバの一覧です（RFC 4408 §3.1.1）。", "Which servers may send mail from this domain (RFC 4408 §3.1.1).");
    NULL: "dns.null", Kind::Bytes, ("任意のデータ（NULL）", "Null (data)"),
        ("どんなバイト列でもよい、実験用のデータです（RFC 1035 §3.3.10）。", "Any bytes at all, for experiments (RFC 1035 §3.3.10).");
    NAPTR_ORDER: "dns.naptr.order", Kind::Dec, ("順序", "Order"),
        ("小さいほど先に使う規則です（RFC 3403 §4.1）。", "The rule with the smallest number is used first (RFC 3403 §4.1).");
    NAPTR_PREFERENCE: "dns.naptr.preference", Kind::Dec, ("優先度", "Preference"),
        ("順序が同じ規則の中での優先度です（RFC 3403 §4.1）。", "The preference among rules of the same order (RFC 3403 §4.1).");
    NAPTR_FLAGS_LEN: "dns.naptr.flags_length", Kind::Dec, ("フラグの長さ", "Flags length"),
        ("続くフラグのバイト数です（RFC 3403 §4.1）。", "How many bytes of flags follow (RFC 3403 §4.1).");
    NAPTR_FLAGS: "dns.naptr.flags", Kind::Text, ("フラグ", "Flags"),
        ("書き換えた結果をどう使うかです（RFC 3403 §4.1）。", "How the rewritten result is used (RFC 3403 §4.1).");
    NAPTR_SERVICE_LEN: "dns.naptr.service_length", Kind::Dec, ("サービスの長さ", "Service length"),
        ("続くサービス名のバイト数です（RFC 3403 §4.1）。", "How many bytes the service has (RFC 3403 §4.1).");
    NAPTR_SERVICE: "dns.naptr.service", Kind::Text, ("サービス", "Service"),
        ("この規則で見つかるサービスです（RFC 3403 §4.1）。", "The service that this rule leads to (RFC 3403 §4.1).");
    NAPTR_REGEX_LEN: "dns.naptr.regex_length", Kind::Dec, ("正規表現の長さ", "Regex length"),
        ("続く正規表現のバイト数です（RFC 3403 §4.1）。", "How many bytes the expression has (RFC 3403 §4.1).");
    NAPTR_REGEX: "dns.naptr.regex", Kind::Text, ("正規表現", "Regex"),
        ("名前を書き換える正規表現です（RFC 3403 §4.1）。", "The expression that rewrites the name (RFC 3403 §4.1).");
    NAPTR_REPLACEMENT_LEN: "dns.naptr.replacement_length", Kind::Dec, ("置き換え先の長さ", "Replacement length"),
        ("置き換え先の名前の文字数です。", "How many characters the replacement has.");
    NAPTR_REPLACEMENT: "dns.naptr.replacement", Kind::Text, ("置き換え先", "Replacement"),
        ("次に調べる名前です（RFC 3403 §4.1）。", "The name to look up next (RFC 3403 §4.1).");
    SVCB_PRIORITY: "dns.svcb.svcpriority", Kind::Dec, ("優先度", "SvcPriority"),
        ("小さいほど先に使い、0 は別名を表します（RFC 9460 §2.4.1）。", "The smallest is used first; 0 means an alias (RFC 9460 §2.4.1).");
    SVCB_TARGET: "dns.svcb.targetname", Kind::Text, ("接続先", "TargetName"),
        ("サービスを提供するホストで、<Root> なら同じ名前です（RFC 9460 §2.5）。", "The host that offers the service; <Root> is the same name (RFC 9460 §2.5).");
    SVCB_PARAM: "dns.svcb.svcparam", Kind::Group, ("パラメータ", "SvcParam"),
        ("つなぎ方についての 1 つの情報です（RFC 9460 §2.1）。", "One piece of information on how to connect (RFC 9460 §2.1).");
    SVCB_KEY: "dns.svcb.svcparam.key", Kind::Dec, ("パラメータの種類", "SvcParamKey"),
        ("どの情報かを表す番号です（RFC 9460 §14.3.2）。", "Which piece of information this is (RFC 9460 §14.3.2).");
    SVCB_LENGTH: "dns.svcb.svcparam.value.length", Kind::Dec, ("値の長さ", "SvcParamValue length"),
        ("続く値のバイト数です（RFC 9460 §2.2）。", "How many bytes of value follow (RFC 9460 §2.2).");
    SVCB_VALUE: "dns.svcb.svcparam.value", Kind::Bytes, ("値", "SvcParamValue"),
        ("値をバイト列のまま示します。", "The value as plain bytes.");
    SVCB_MANDATORY: "dns.svcb.svcparam.mandatory.key", Kind::Dec, ("必須のパラメータ", "Mandatory key"),
        ("これがわからないなら使ってはいけないパラメータです（RFC 9460 §8）。", "Who does not understand this parameter must not use the record (RFC 9460 §8).");
    SVCB_ALPN_LENGTH: "dns.svcb.svcparam.alpn.length", Kind::Dec, ("ALPN の長さ", "ALPN length"),
        ("続くプロトコル名のバイト数です（RFC 9460 §7.1）。", "How many bytes the protocol's name has (RFC 9460 §7.1).");
    SVCB_ALPN: "dns.svcb.svcparam.alpn", Kind::Text, ("ALPN", "ALPN"),
        ("話せるプロトコルで、h3 なら HTTP/3 です（RFC 9460 §7.1）。", "A protocol that is spoken there; h3 is HTTP/3 (RFC 9460 §7.1).");
    SVCB_PORT: "dns.svcb.svcparam.port", Kind::Dec, ("ポート", "Port"),
        ("つなぐポート番号です（RFC 9460 §7.2）。", "The port to connect to (RFC 9460 §7.2).");
    SVCB_IPV4: "dns.svcb.svcparam.ipv4hint.ip", Kind::Ipv4, ("IPv4 アドレスの手がかり", "IP"),
        ("調べ直さずにすぐ使える IPv4 アドレスです（RFC 9460 §7.3）。", "An IPv4 address to start with, without another query (RFC 9460 §7.3).");
    SVCB_IPV6: "dns.svcb.svcparam.ipv6hint.ip", Kind::Ipv6, ("IPv6 アドレスの手がかり", "IP"),
        ("調べ直さずにすぐ使える IPv6 アドレスです（RFC 9460 §7.3）。", "An IPv6 address to start with, without another query (RFC 9460 §7.3).");
    SVCB_ECH: "dns.svcb.svcparam.echconfig", Kind::Bytes, ("ECH の設定", "ECHConfig"),
        ("TLS でサーバ名まで暗号化するための鍵などです（RFC 9460 §14.3.2）。", "Keys to encrypt even the server's name in TLS (RFC 9460 §14.3.2).");
    SVCB_ODOH: "dns.svcb.svcparam.odohconfig", Kind::Bytes, ("ODoH の設定", "ODoHConfig"),
        ("中継者に中身を見せない DNS のための鍵です（RFC 9230 §5）。", "Keys for DNS through a proxy that cannot read it (RFC 9230 §5).");
    CAA_FLAGS: "dns.caa.flags", Kind::Hex(2), ("CAA のフラグ", "CAA flags"),
        ("このレコードの扱い方を表すビットです（RFC 8659 §4.1）。", "Bits that say how to treat this record (RFC 8659 §4.1).");
    CAA_CRITICAL: "dns.caa.flags.issuer_critical", Kind::Bool, ("発行者は必ず理解", "Issuer critical"),
        ("1 なら、このタグがわからない認証局は証明書を発行できません（RFC 8659 §4.1）。", "1: an authority that does not know the tag must not issue a certificate (RFC 8659 §4.1).");
    CAA_ISSUE: "dns.caa.issue", Kind::Text, ("発行してよい認証局", "Issue"),
        ("このドメインの証明書を発行してよい認証局です（RFC 8659 §4.2）。", "The authority that may issue certificates for this domain (RFC 8659 §4.2).");
    CAA_ISSUEWILD: "dns.caa.issuewild", Kind::Text, ("ワイルドカードの認証局", "Issue wildcard"),
        ("ワイルドカード証明書を発行してよい認証局です（RFC 8659 §4.3）。", "The authority that may issue wildcard certificates (RFC 8659 §4.3).");
    CAA_IODEF: "dns.caa.iodef", Kind::Text, ("報告先", "Report URL"),
        ("違反する発行の頼みを報告する先です（RFC 8659 §4.4）。", "Where to report requests that break the rules (RFC 8659 §4.4).");
    CAA_UNKNOWN: "dns.caa.unknown", Kind::Text, ("未知のタグ", "Unknown tag"),
        ("知られていないタグの値です。", "The value of a tag that is not known.");
    CAA_TAG_LENGTH: "dns.caa.tag_length", Kind::Dec, ("タグの長さ", "Tag length"),
        ("続くタグのバイト数です（RFC 8659 §4.1）。", "How many bytes the tag has (RFC 8659 §4.1).");
    CAA_TAG: "dns.caa.tag", Kind::Text, ("タグ", "Tag"),
        ("何を定めるレコードかを表す言葉です（RFC 8659 §4.1）。", "What the record is about (RFC 8659 §4.1).");
    CAA_VALUE: "dns.caa.value", Kind::Text, ("値", "Value"),
        ("タグに対する値です（RFC 8659 §4.1）。", "The value for the tag (RFC 8659 §4.1).");
    DS_KEY_ID: "dns.ds.key_id", Kind::Hex(4), ("鍵の番号", "Key id"),
        ("指している DNSKEY を見つけるための番号です（RFC 4034 §5.1）。", "Helps to find the DNSKEY that is meant (RFC 4034 §5.1).");
    DS_ALGORITHM: "dns.ds.algorithm", Kind::Dec, ("署名方式", "Algorithm"),
        ("その鍵の署名方式です（RFC 4034 §5.1）。", "The signature algorithm of that key (RFC 4034 §5.1).");
    DS_DIGEST_TYPE: "dns.ds.digest_type", Kind::Dec, ("ハッシュ方式", "Digest type"),
        ("ダイジェストの作り方です（RFC 4034 §5.1）。", "How the digest was made (RFC 4034 §5.1).");
    DS_DIGEST: "dns.ds.digest", Kind::Bytes, ("ダイジェスト", "Digest"),
        ("下のゾーンの鍵のハッシュ値で、信頼を下へつなぎます（RFC 4034 §5.1）。", "The hash of the child zone's key: it hands trust down (RFC 4034 §5.1).");
    DNSKEY_FLAGS: "dns.dnskey.flags", Kind::Hex(4), ("鍵のフラグ", "Flags"),
        ("鍵の使い道を表すビットです（RFC 4034 §2.1.1）。", "Bits that say what the key is for (RFC 4034 §2.1.1).");
    DNSKEY_ZONE: "dns.dnskey.flags.zone_key", Kind::Bool, ("ゾーンの鍵", "Zone key"),
        ("1 なら、ゾーンのレコードに署名する鍵です（RFC 4034 §2.1.1）。", "1: the key signs the records of the zone (RFC 4034 §2.1.1).");
    DNSKEY_REVOKED: "dns.dnskey.flags.key_revoked", Kind::Bool, ("失効", "Key revoked"),
        ("1 なら、この鍵はもう信頼してはいけません（RFC 5011 §2.1）。", "1: this key must not be trusted any more (RFC 5011 §2.1).");
    DNSKEY_SEP: "dns.dnskey.flags.secure_entry_point", Kind::Bool, ("鍵署名鍵", "Key signing key"),
        ("1 なら、他の鍵に署名するための鍵です（RFC 4034 §2.1.1）。", "1: the key signs the other keys (RFC 4034 §2.1.1).");
    DNSKEY_RESERVED: "dns.dnskey.flags.reserved", Kind::Hex(4), ("予約", "Reserved"),
        ("将来のために 0 と決められたビットです（RFC 4034 §2.1.1）。", "Bits kept 0 for the future (RFC 4034 §2.1.1).");
    DNSKEY_PROTOCOL: "dns.dnskey.protocol", Kind::Dec, ("プロトコル", "Protocol"),
        ("必ず 3 です（RFC 4034 §2.1.2）。", "Always 3 (RFC 4034 §2.1.2).");
    DNSKEY_ALGORITHM: "dns.dnskey.algorithm", Kind::Dec, ("署名方式", "Algorithm"),
        ("この鍵の署名方式です（RFC 4034 §2.1.3）。", "The signature algorithm of this key (RFC 4034 §2.1.3).");
    DNSKEY_ID: "dns.dnskey.key_id", Kind::Dec, ("鍵の番号", "Key id"),
        ("レコード全体から計算した、鍵を見分ける番号です（RFC 4034 付録 B）。", "A number computed over the record that tells keys apart (RFC 4034 appendix B).");
    DNSKEY_KEY: "dns.dnskey.public_key", Kind::Bytes, ("公開鍵", "Public key"),
        ("署名を確かめるための公開鍵です（RFC 4034 §2.1.4）。", "The public key by which signatures are checked (RFC 4034 §2.1.4).");
    RRSIG_TYPE: "dns.rrsig.type_covered", Kind::Dec, ("署名した型", "Type covered"),
        ("どの型のレコードへの署名かです（RFC 4034 §3.1.1）。", "The type of the records that are signed (RFC 4034 §3.1.1).");
    RRSIG_ALGORITHM: "dns.rrsig.algorithm", Kind::Dec, ("署名方式", "Algorithm"),
        ("署名の作り方です（RFC 4034 §3.1.2）。", "How the signature was made (RFC 4034 §3.1.2).");
    RRSIG_LABELS: "dns.rrsig.labels", Kind::Dec, ("ラベルの数", "Labels"),
        ("署名した名前のラベルの数で、ワイルドカードの確認に使います（RFC 4034 §3.1.3）。", "How many labels the signed name had, to recognise wildcards (RFC 4034 §3.1.3).");
    RRSIG_TTL: "dns.rrsig.original_ttl", Kind::Dec, ("元の TTL", "Original TTL"),
        ("署名したときの TTL です（RFC 4034 §3.1.4）。", "The TTL when it was signed (RFC 4034 §3.1.4).");
    RRSIG_EXPIRATION: "dns.rrsig.signature_expiration", Kind::Text, ("署名の期限", "Signature expiration"),
        ("署名が効くのはこの時刻までです（RFC 4034 §3.1.5）。", "The signature holds until this time (RFC 4034 §3.1.5).");
    RRSIG_INCEPTION: "dns.rrsig.signature_inception", Kind::Text, ("署名の開始", "Signature inception"),
        ("署名が効くのはこの時刻からです（RFC 4034 §3.1.5）。", "The signature holds from this time on (RFC 4034 §3.1.5).");
    RRSIG_KEY_TAG: "dns.rrsig.key_tag", Kind::Dec, ("鍵の番号", "Key tag"),
        ("署名を確かめる DNSKEY の番号です（RFC 4034 §3.1.6）。", "The number of the DNSKEY that checks it (RFC 4034 §3.1.6).");
    RRSIG_SIGNER: "dns.rrsig.signers_name", Kind::Text, ("署名者", "Signer's name"),
        ("署名したゾーンの名前です（RFC 4034 §3.1.7）。", "The zone that signed (RFC 4034 §3.1.7).");
    RRSIG_SIGNATURE: "dns.rrsig.signature", Kind::Bytes, ("署名", "Signature"),
        ("署名そのものです（RFC 4034 §3.1.8）。", "The signature itself (RFC 4034 §3.1.8).");
    NSEC_NEXT: "dns.nsec.next_domain_name", Kind::Text, ("次の名前", "Next domain name"),
        ("この名前との間には何もないことを証明します（RFC 4034 §4.1.1）。", "Proves that there is no name between the two (RFC 4034 §4.1.1).");
    NSEC3_ALGO: "dns.nsec3.algo", Kind::Dec, ("ハッシュ方式", "Hash algorithm"),
        ("名前を隠すハッシュの方式です（RFC 5155 §3.1.1）。", "How names are hashed to hide them (RFC 5155 §3.1.1).");
    NSEC3_FLAGS: "dns.nsec3.flags", Kind::Dec, ("NSEC3 のフラグ", "NSEC3 flags"),
        ("NSEC3 の性質を表すビットです（RFC 5155 §3.1.2）。", "Bits about this NSEC3 record (RFC 5155 §3.1.2).");
    NSEC3_OPT_OUT: "dns.nsec3.flags.opt_out", Kind::Bool, ("オプトアウト", "Opt-out"),
        ("1 なら、署名のない委任が間にあるかもしれません（RFC 5155 §3.1.2.1）。", "1: there may be unsigned delegations in between (RFC 5155 §3.1.2.1).");
    NSEC3_ITERATIONS: "dns.nsec3.iterations", Kind::Dec, ("繰り返し", "Iterations"),
        ("ハッシュを何回重ねるかです（RFC 5155 §3.1.3）。", "How often the hash is applied (RFC 5155 §3.1.3).");
    NSEC3_SALT_LENGTH: "dns.nsec3.salt_length", Kind::Dec, ("ソルトの長さ", "Salt length"),
        ("続くソルトのバイト数です（RFC 5155 §3.1.4）。", "How many bytes of salt follow (RFC 5155 §3.1.4).");
    NSEC3_SALT: "dns.nsec3.salt_value", Kind::Bytes, ("ソルト", "Salt value"),
        ("ハッシュに混ぜる値です（RFC 5155 §3.1.5）。", "A value mixed into the hash (RFC 5155 §3.1.5).");
    NSEC3_HASH_LENGTH: "dns.nsec3.hash_length", Kind::Dec, ("ハッシュの長さ", "Hash length"),
        ("続くハッシュ値のバイト数です（RFC 5155 §3.1.6）。", "How many bytes of hash follow (RFC 5155 §3.1.6).");
    NSEC3_HASH: "dns.nsec3.hash_value", Kind::Text, ("次の名前のハッシュ", "Next hashed owner"),
        ("次の名前のハッシュ値を、文字で書いたものです（RFC 5155 §3.1.7）。", "The hash of the next name, in letters (RFC 5155 §3.1.7).");
    TLSA_USAGE: "dns.tlsa.certificate_usage", Kind::Dec, ("証明書の使い方", "Certificate usage"),
        ("どの証明書と比べるかです（RFC 6698 §2.1.1）。", "Which certificate is compared (RFC 6698 §2.1.1).");
    TLSA_SELECTOR: "dns.tlsa.selector", Kind::Dec, ("比べる部分", "Selector"),
        ("証明書全体か、公開鍵だけかです（RFC 6698 §2.1.2）。", "The whole certificate or only its public key (RFC 6698 §2.1.2).");
    TLSA_MATCHING: "dns.tlsa.matching_type", Kind::Dec, ("比べ方", "Matching type"),
        ("そのまま比べるか、ハッシュ値を比べるかです（RFC 6698 §2.1.3）。", "Compared as it is, or by its hash (RFC 6698 §2.1.3).");
    TLSA_DATA: "dns.tlsa.certificate_association_data", Kind::Bytes, ("比べる値", "Association data"),
        ("証明書と比べる値です（RFC 6698 §2.1.4）。", "What the certificate is compared with (RFC 6698 §2.1.4).");
    SSHFP_ALGORITHM: "dns.sshfp.algorithm", Kind::Dec, ("鍵の方式", "Algorithm"),
        ("SSH のホスト鍵の方式です（RFC 4255 §3.1.1）。", "The algorithm of the SSH host key (RFC 4255 §3.1.1).");
    SSHFP_TYPE: "dns.sshfp.fingerprint.type", Kind::Dec, ("指紋の方式", "Fingerprint type"),
        ("指紋を作るハッシュの方式です（RFC 4255 §3.1.2）。", "The hash that makes the fingerprint (RFC 4255 §3.1.2).");
    SSHFP: "dns.sshfp.fingerprint", Kind::Bytes, ("指紋", "Fingerprint"),
        ("SSH サーバの鍵が本物かを確かめる値です（RFC 4255 §3.1.3）。", "By it the key of an SSH server is checked (RFC 4255 §3.1.3).");
    LOC_VERSION: "dns.loc.version", Kind::Dec, ("版", "Version"),
        ("この書式の版で、0 です（RFC 1876 §2）。", "The version of this format: 0 (RFC 1876 §2).");
    LOC_SIZE: "dns.loc.size", Kind::Dec, ("大きさ", "Size"),
        ("その場所の直径を表す値です（RFC 1876 §2）。", "The diameter of the place, in a short form (RFC 1876 §2).");
    LOC_HORIZ: "dns.loc.horizontal_precision", Kind::Dec, ("水平の精度", "Horizontal precision"),
        ("水平方向の誤差を表す値です（RFC 1876 §2）。", "How exact the position is across (RFC 1876 §2).");
    LOC_VERT: "dns.loc.vertical_precision", Kind::Dec, ("垂直の精度", "Vertical precision"),
        ("高さの誤差を表す値です（RFC 1876 §2）。", "How exact the height is (RFC 1876 §2).");
    LOC_LATITUDE: "dns.loc.latitude", Kind::Dec, ("緯度", "Latitude"),
        ("赤道を 2^31 とする、1000 分の 1 秒単位の緯度です（RFC 1876 §2）。", "Thousandths of a second of arc; the equator is 2^31 (RFC 1876 §2).");
    LOC_LONGITUDE: "dns.loc.longitude", Kind::Dec, ("経度", "Longitude"),
        ("本初子午線を 2^31 とする、1000 分の 1 秒単位の経度です（RFC 1876 §2）。", "Thousandths of a second of arc; the prime meridian is 2^31 (RFC 1876 §2).");
    LOC_ALTITUDE: "dns.loc.altitude", Kind::Dec, ("高さ", "Altitude"),
        ("海面下 100 km を 0 とする、センチメートル単位の高さです（RFC 1876 §2）。", "In centimetres, counted from 100 km below sea level (RFC 1876 §2).");
    LOC_UNKNOWN: "dns.loc.unknown_data", Kind::Bytes, ("未知のデータ", "Unknown data"),
        ("知られていない版のデータです。", "Data of a version that is not known.");
    TSIG_ALGORITHM: "dns.tsig.algorithm_name", Kind::Text, ("方式", "Algorithm name"),
        ("メッセージの認証に使う方式です（RFC 8945 §4.2）。", "How the message is authenticated (RFC 8945 §4.2).");
    TSIG_TIME: "dns.tsig.time_signed", Kind::Text, ("署名の時刻", "Time signed"),
        ("いつ署名したかです（RFC 8945 §4.2）。", "When it was signed (RFC 8945 §4.2).");
    TSIG_FUDGE: "dns.tsig.fudge", Kind::Dec, ("許される時計のずれ", "Fudge"),
        ("双方の時計が何秒ずれてよいかです（RFC 8945 §4.2）。", "By how many seconds the clocks may differ (RFC 8945 §4.2).");
    TSIG_MAC_SIZE: "dns.tsig.mac_size", Kind::Dec, ("MAC の長さ", "MAC size"),
        ("続く認証コードのバイト数です（RFC 8945 §4.2）。", "How many bytes of authentication code follow (RFC 8945 §4.2).");
    TSIG_MAC: "dns.tsig.mac", Kind::Group, ("MAC", "MAC"),
        ("共有の鍵で作った認証コードです（RFC 8945 §4.2）。", "The authentication code, made with a shared key (RFC 8945 §4.2).");
    TSIG_ORIGINAL_ID: "dns.tsig.original_id", Kind::Dec, ("元の ID", "Original id"),
        ("中継される前のトランザクション ID です（RFC 8945 §4.2）。", "The transaction ID before it was forwarded (RFC 8945 §4.2).");
    TSIG_ERROR: "dns.tsig.error", Kind::Dec, ("エラー", "Error"),
        ("認証の結果です（RFC 8945 §4.2）。", "How the authentication went (RFC 8945 §4.2).");
    TSIG_OTHER_LEN: "dns.tsig.other_len", Kind::Dec, ("他のデータの長さ", "Other len"),
        ("続くデータのバイト数です（RFC 8945 §4.2）。", "How many bytes of other data follow (RFC 8945 §4.2).");
    TSIG_OTHER: "dns.tsig.other_data", Kind::Bytes, ("他のデータ", "Other data"),
        ("時計がずれていたときのサーバの時刻です（RFC 8945 §4.2）。", "The server's time, if the clocks differ too much (RFC 8945 §4.2).");
    TSIG_NOALG: "dns.tsig.noalg", Kind::Group, ("検証できない方式", "No dissector for algorithm"),
        ("この方式の認証コードは検証しません。", "Codes of this algorithm are not verified here.");
    UNDECODED: "dns.undecoded.type", Kind::Group, ("未対応の型", "Undecoded type"),
        ("この型のデータは、バイト列のまま示します。", "Data of this type is shown as plain bytes.");
    RDATA: "dns.data", Kind::Bytes, ("データ", "Data"),
        ("この型のデータは、バイト列のまま示します。", "Data of a type that is shown as plain bytes.");
    EXTRANEOUS_DATA: "dns.extraneous.data", Kind::Bytes, ("余分なバイト", "Extraneous data bytes"),
        ("メッセージの後ろに残ったバイトです。", "Bytes left behind the message.");
    EXTRANEOUS_LENGTH: "dns.extraneous.length", Kind::Dec, ("余分なバイト数", "Extraneous data length"),
        ("メッセージの後ろに残ったバイト数です。", "How many bytes are left behind the message.");
    EXTRANEOUS: "dns.extraneous", Kind::Group, ("余分なデータ", "Extraneous data"),
        ("メッセージが数えたところより後ろに、まだバイトがあります。", "There are bytes behind what the message counted.");
    RESPONSE_TO: "dns.response_to", Kind::Dec, ("問い合わせのフレーム", "Request in"),
        ("この応答が答えている問い合わせのフレーム番号です。", "The frame of the query that this answers.");
    TIME: "dns.time", Kind::Seconds, ("応答時間", "Time"),
        ("問い合わせから応答までの秒数です。", "Seconds from the query to this response.");
    RETRANSMISSION: "dns.retransmission", Kind::Bool, ("再送", "Retransmission"),
        ("同じ ID のメッセージがもう一度送られています。", "A message of the same ID was sent again.");
    RETRANSMIT_REQUEST_IN: "dns.retransmit_request_in", Kind::Dec, ("最初の問い合わせ", "Original request in"),
        ("最初に同じ問い合わせをしたフレームの番号です。", "The frame in which the query was sent first.");
    RETRANSMIT_RESPONSE_IN: "dns.retransmit_response_in", Kind::Dec, ("最初の応答", "Original response in"),
        ("最初に応答したフレームの番号です。", "The frame in which the response was sent first.");
    RETRANSMIT_REQUEST: "dns.retransmit_request", Kind::Group, ("問い合わせの再送", "DNS query retransmission"),
        ("答えを待たずに、5 秒以内に同じ問い合わせが繰り返されました。", "The query was repeated within 5 seconds and without an answer so far.");
    RETRANSMIT_RESPONSE: "dns.retransmit_response", Kind::Group, ("応答の再送", "DNS response retransmission"),
        ("同じ問い合わせに、もう一度応答しています。", "The same query is answered once more.");
    UNSOLICITED: "dns.unsolicited", Kind::Bool, ("問い合わせなし", "Unsolicited"),
        ("このキャプチャには、この応答に対する問い合わせがありません。", "The capture holds no query for this response.");
}
