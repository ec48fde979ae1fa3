//! TCP's header (RFC 9293 §3.1); its options are read in `tcp_options`.
//!
//! In: a segment. Out: ports, raw sequence and acknowledgement numbers, flags, window, checksum and options, and what the segment
//! carries. Relative numbers, the stream's index and the scaled window need the whole conversation: their fields are defined
//! here and filled in by `flow`.

use super::read::Head;
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, Next, Osi, Span, Step, Value, checksum, names, tcp_options};
use crate::lang::{Words, words};
use pnet::packet::tcp::TcpPacket;
use std::net::IpAddr;

crate::fields! {
    SRCPORT: "tcp.srcport", Kind::Dec, ("送信元ポート", "Source port"),
        ("送った側のプログラムの番号です。クライアントでは OS が空いている番号を選びます（RFC 9293 §3.1）。", "The sending program's number; for a client the system picks a free one. (RFC 9293 §3.1)");
    DSTPORT: "tcp.dstport", Kind::Dec, ("宛先ポート", "Destination port"),
        ("受け取る側のどのプログラムに渡すかを決める番号です。HTTP なら 80 です。", "Decides which program of the receiving host gets the data; 80 is HTTP.");
    STREAM: "tcp.stream", Kind::Dec, ("ストリーム番号", "Stream index"),
        ("キャプチャの中の何番目の接続かを示す通し番号です。ヘッダにはありません。", "Which connection of the capture this is, counted from 0; not in the header.");
    LEN: "tcp.len", Kind::Dec, ("データ長", "Segment length"),
        ("このセグメントが運ぶデータのバイト数です。IP の長さから計算します。", "Bytes of data in this segment, computed from the length in the IP header.");
    SEQ: "tcp.seq", Kind::Dec, ("シーケンス番号（相対）", "Sequence number (relative)"),
        ("接続の始まりを 0 としたシーケンス番号です。読みやすくするための値です。", "The sequence number counted from the start of the connection, to be easier to read.");
    SEQ_RAW: "tcp.seq_raw", Kind::Dec, ("シーケンス番号", "Sequence number"),
        ("データの先頭のバイトが、送信側の何番目のバイトかを示します（RFC 9293 §3.4）。", "Which byte of the sender's stream the first data byte is. (RFC 9293 §3.4)");
    ACK: "tcp.ack", Kind::Dec, ("確認応答番号（相対）", "Acknowledgment number (relative)"),
        ("接続の始まりを 0 とした確認応答番号です。読みやすくするための値です。", "The acknowledgment number counted from the start of the connection, to be easier to read.");
    ACK_RAW: "tcp.ack_raw", Kind::Dec, ("確認応答番号", "Acknowledgment number"),
        ("次に欲しいバイトの番号です。その手前まではすべて届いています（RFC 9293 §3.4）。", "The next byte expected: everything before it has arrived. (RFC 9293 §3.4)");
    HDR_LEN: "tcp.hdr_len", Kind::Dec, ("ヘッダ長", "Header length"),
        ("ヘッダのバイト数です。4 バイト単位で書かれ、オプションがなければ 20 です。", "Bytes in the header, written in units of four; 20 without options.");
    FLAGS: "tcp.flags", Kind::Hex(4), ("フラグ", "Flags"),
        ("このセグメントが何をするものかを示す 1 ビットずつの印です。", "One-bit marks that say what this segment does.");
    RES: "tcp.flags.res", Kind::Bool, ("予約", "Reserved"),
        ("将来のために空けてある 3 ビットで、0 で送ります。", "Three bits kept for the future, sent as zero.");
    AE: "tcp.flags.ae", Kind::Bool, ("AE", "Accurate ECN"),
        ("混雑の印をより詳しく伝える拡張で使います（RFC 9768）。", "Used by the extension that reports congestion marks more precisely. (RFC 9768)");
    CWR: "tcp.flags.cwr", Kind::Bool, ("CWR", "Congestion window reduced"),
        ("混雑の知らせを受けて送る量を減らしました、という返事です（RFC 3168 §6.1）。", "The sender has slowed down after hearing of congestion. (RFC 3168 §6.1)");
    ECE: "tcp.flags.ece", Kind::Bool, ("ECE", "ECN-Echo"),
        ("混雑の印が付いたパケットを受け取った、という知らせです。SYN では ECN を使えるという意味です（RFC 3168 §6.1）。", "A packet marked for congestion has arrived; on a SYN: ECN can be used. (RFC 3168 §6.1)");
    URG: "tcp.flags.urg", Kind::Bool, ("URG", "Urgent"),
        ("緊急ポインタが有効です。今ではほとんど使われません（RFC 6093）。", "The urgent pointer counts; hardly used today. (RFC 6093)");
    FLAG_ACK: "tcp.flags.ack", Kind::Bool, ("ACK", "Acknowledgment"),
        ("確認応答番号が有効です。最初の SYN を除くほぼすべてのセグメントで 1 です。", "The acknowledgment number counts; set on nearly every segment but the first SYN.");
    PUSH: "tcp.flags.push", Kind::Bool, ("PSH", "Push"),
        ("ためずにすぐプログラムへ渡してほしい、という印です（RFC 9293 §3.9.1.2）。", "The data should go to the program at once. (RFC 9293 §3.9.1.2)");
    RESET: "tcp.flags.reset", Kind::Bool, ("RST", "Reset"),
        ("接続を拒否する、または即座に打ち切ります（RFC 9293 §3.5.2）。", "Refuses the connection or breaks it off at once. (RFC 9293 §3.5.2)");
    SYN: "tcp.flags.syn", Kind::Bool, ("SYN", "Syn"),
        ("接続を始め、シーケンス番号の出発点を知らせます（RFC 9293 §3.5）。", "Opens the connection and announces where sequence numbers start. (RFC 9293 §3.5)");
    FIN: "tcp.flags.fin", Kind::Bool, ("FIN", "Fin"),
        ("こちらからはもう送るデータがない、と知らせます（RFC 9293 §3.6）。", "The sender has no more data to send. (RFC 9293 §3.6)");
    FLAGS_STR: "tcp.flags.str", Kind::Text, ("フラグの一覧", "Flags as letters"),
        ("立っているフラグを 1 文字ずつで並べたものです。", "The flags that are set, a letter each.");
    WINDOW: "tcp.window_size_value", Kind::Dec, ("ウィンドウ", "Window"),
        ("あと何バイト受け取れるかを相手に伝えます。スケールを掛ける前の値です（RFC 9293 §3.8.6）。", "How many more bytes can be received, before scaling. (RFC 9293 §3.8.6)");
    WINDOW_SIZE: "tcp.window_size", Kind::Dec, ("実際のウィンドウ", "Calculated window size"),
        ("接続時に決めたスケールを掛けた、本当に受け取れるバイト数です（RFC 7323 §2）。", "The window multiplied by the scale agreed at the start: the bytes that really fit. (RFC 7323 §2)");
    CHECKSUM: "tcp.checksum", Kind::Hex(4), ("チェックサム", "Checksum"),
        ("アドレス、ヘッダ、データが途中で壊れていないかを確かめる値です。", "Shows whether addresses, header or data were damaged on the way.");
    CHECKSUM_STATUS: "tcp.checksum.status", Kind::Dec, ("チェックサムの判定", "Checksum status"),
        ("計算し直した結果です。1 は正しい、0 は誤り、2 は未確認です。", "The result of computing it again: 1 good, 0 bad, 2 not checked.");
    URGENT: "tcp.urgent_pointer", Kind::Dec, ("緊急ポインタ", "Urgent pointer"),
        ("URG が 1 のとき、緊急のデータがどこまでかを示します。", "With URG set, where the urgent data ends.");
    OPTIONS: "tcp.options", Kind::Bytes, ("オプション", "Options"),
        ("接続の条件や時刻などを伝える、必要なときだけ付く追加の情報です（RFC 9293 §3.2）。", "Extras added when needed: terms of the connection, time stamps and so on. (RFC 9293 §3.2)");
    OPT_KIND: "tcp.option_kind", Kind::Dec, ("種類", "Kind"),
        ("オプションの種類を示す番号です。", "Which option it is.");
    OPT_LEN: "tcp.option_len", Kind::Dec, ("長さ", "Length"),
        ("種類と長さを含むオプション全体のバイト数です。", "Bytes in the whole option, with its kind and length.");
    EOL: "tcp.options.eol", Kind::Bytes, ("オプションの終わり", "End of option list"),
        ("ここでオプションが終わります（RFC 9293 §3.2）。", "The options end here. (RFC 9293 §3.2)");
    NOP: "tcp.options.nop", Kind::Bytes, ("NOP", "No-operation"),
        ("次のオプションの位置を揃えるための 1 バイトの詰め物です（RFC 9293 §3.2）。", "One byte of padding to align the next option. (RFC 9293 §3.2)");
    MSS: "tcp.options.mss", Kind::Bytes, ("最大セグメント長", "Maximum segment size"),
        ("1 つのセグメントで受け取れるデータの最大量を、接続のはじめに伝えます（RFC 9293 §3.7.1）。", "Tells at the start how much data one segment may bring. (RFC 9293 §3.7.1)");
    MSS_VAL: "tcp.options.mss_val", Kind::Dec, ("MSS の値", "MSS value"),
        ("受け取れるデータのバイト数です。Ethernet では多くが 1460 です。", "The bytes of data; mostly 1460 on Ethernet.");
    WSCALE: "tcp.options.wscale", Kind::Bytes, ("ウィンドウスケール", "Window scale"),
        ("64 kB を超えるウィンドウを使うための倍率を、接続のはじめに伝えます（RFC 7323 §2）。", "Announces at the start a factor for windows beyond 64 kB. (RFC 7323 §2)");
    WSCALE_SHIFT: "tcp.options.wscale.shift", Kind::Dec, ("シフト量", "Shift count"),
        ("ウィンドウの値を左へ何ビットずらすかを示します（最大 14）。", "How many bits the window is shifted to the left (at most 14).");
    WSCALE_FACTOR: "tcp.options.wscale.multiplier", Kind::Dec, ("倍率", "Multiplier"),
        ("シフト量を倍率に直した値です。", "The shift count as a factor.");
    SACK_PERM: "tcp.options.sack_perm", Kind::Bytes, ("SACK 許可", "SACK permitted"),
        ("飛び飛びに届いたデータを SACK で知らせてよい、という合意です（RFC 2018 §2）。", "Agrees that data arriving with holes may be reported by SACK. (RFC 2018 §2)");
    SACK: "tcp.options.sack", Kind::Bytes, ("SACK", "SACK"),
        ("抜けの後ろで、すでに届いている範囲を知らせます。送り直しが抜けだけで済みます（RFC 2018 §3）。", "Reports ranges that arrived behind a hole, so that only the hole is sent again. (RFC 2018 §3)");
    SACK_LE: "tcp.options.sack_le", Kind::Dec, ("左端", "Left edge"),
        ("届いている範囲の先頭のシーケンス番号です。", "Sequence number of the first byte of the range.");
    SACK_RE: "tcp.options.sack_re", Kind::Dec, ("右端", "Right edge"),
        ("届いている範囲のすぐ後ろのシーケンス番号です。", "Sequence number just behind the range.");
    SACK_COUNT: "tcp.options.sack.count", Kind::Dec, ("SACK の数", "SACK count"),
        ("知らせている範囲の数です。", "How many ranges are reported.");
    TIMESTAMP: "tcp.options.timestamp", Kind::Bytes, ("タイムスタンプ", "Timestamps"),
        ("往復時間を測り、古いセグメントの紛れ込みを見分けるための時刻です（RFC 7323 §3）。", "Clock values to measure the round trip and to recognise old segments. (RFC 7323 §3)");
    TSVAL: "tcp.options.timestamp.tsval", Kind::Dec, ("自分の時刻", "Timestamp value"),
        ("送信側の時計の値です。", "The sender's clock.");
    TSECR: "tcp.options.timestamp.tsecr", Kind::Dec, ("返す時刻", "Timestamp echo reply"),
        ("相手から最後に受け取った時刻をそのまま返した値です。", "The clock value last received from the other end, sent back.");
    TFO: "tcp.options.tfo", Kind::Bytes, ("Fast Open", "TCP Fast Open"),
        ("前回もらったクッキーを見せて、最初の SYN からデータを送ります（RFC 7413 §4.1.1）。", "Shows a cookie from an earlier connection, to send data with the SYN already. (RFC 7413 §4.1.1)");
    TFO_COOKIE: "tcp.options.tfo.cookie", Kind::Bytes, ("クッキー", "Fast Open cookie"),
        ("サーバが以前に渡した合言葉です。", "The token that the server handed out before.");
    EXPERIMENTAL: "tcp.options.experimental", Kind::Bytes, ("実験用オプション", "Experimental option"),
        ("正式な番号がまだない実験用のオプションです（RFC 6994）。", "An option under test that has no number of its own yet. (RFC 6994)");
    EXPERIMENT_ID: "tcp.options.experimental.exid", Kind::Hex(4), ("実験の番号", "Experiment identifier"),
        ("どの実験のオプションかを見分ける番号です。", "Tells which experiment the option belongs to.");
    EXPERIMENT_DATA: "tcp.options.experimental.data", Kind::Bytes, ("データ", "Data"),
        ("オプションの中身です。", "What the option holds.");
    UNKNOWN: "tcp.options.unknown", Kind::Bytes, ("その他のオプション", "Other option"),
        ("中身をここでは解釈しないオプションです。", "An option that is not interpreted here.");
    UNKNOWN_PAYLOAD: "tcp.options.unknown.payload", Kind::Bytes, ("データ", "Payload"),
        ("オプションの中身です。", "What the option holds.");
    DSACK: "tcp.options.sack.dsack", Kind::Group, ("D-SACK", "D-SACK"),
        ("もう届いていた範囲を、二重に受け取ったと知らせます（RFC 2883）。", "Reports a range that arrived twice. (RFC 2883)");
    DSACK_LE: "tcp.options.sack.dsack_le", Kind::Dec, ("D-SACK の左端", "D-SACK left edge"),
        ("二重に届いた範囲の先頭のシーケンス番号です。", "Sequence number of the first byte that arrived twice.");
    DSACK_RE: "tcp.options.sack.dsack_re", Kind::Dec, ("D-SACK の右端", "D-SACK right edge"),
        ("二重に届いた範囲のすぐ後ろのシーケンス番号です。", "Sequence number just behind what arrived twice.");
    BOGUS: "tcp.bogus_header_length", Kind::Group, ("誤ったヘッダ長", "Bogus header length"),
        ("ヘッダ長が 20 バイト未満で、読み進められません。", "The header length is below 20 bytes: nothing after it can be read.");
    ACE: "tcp.flags.ace", Kind::Dec, ("ACE", "ACE"),
        ("AE、CWR、ECE の 3 ビットで、混雑の印を受けたパケットを数えます（RFC 9768）。", "AE, CWR and ECE together count packets marked for congestion. (RFC 9768)");
    URGENT_NONZERO: "tcp.urgent_pointer.non_zero", Kind::Group, ("無効な緊急ポインタ", "Urgent pointer without URG"),
        ("URG が 0 なのに、緊急ポインタが 0 ではありません。", "The urgent pointer is not zero although URG is not set.");
    RESET_CAUSE: "tcp.reset_cause", Kind::Text, ("打ち切りの理由", "Reset cause"),
        ("RST に付いた文です。なぜ打ち切ったかを書けます（RFC 9293 §3.5.3）。", "Text in a RST: it may say why. (RFC 9293 §3.5.3)");
    NOPS: "tcp.nop", Kind::Group, ("4 つ続く NOP", "Four NOPs in a row"),
        ("NOP が 4 つ続いています。途中の機器がオプションを消したのかもしれません。", "Four NOPs in a row: a device on the way may have removed an option.");
    LEN_INVALID: "tcp.option.len.invalid", Kind::Group, ("誤った長さ", "Invalid length"),
        ("オプションの長さが規則に合いません。", "The length of this option breaks its rule.");
    AFTER_END: "tcp.non_zero_bytes_after_eol", Kind::Group, ("終わりの後のデータ", "Data behind the end of options"),
        ("オプションの終わりの後は 0 で埋めるはずですが、0 ではありません。", "What follows the end of the options should be zeros, and is not.");
    SHIFT_INVALID: "tcp.options.wscale.shift.invalid", Kind::Group, ("大きすぎるシフト量", "Shift exceeds 14"),
        ("シフト量は 14 までです。14 として使われます（RFC 7323 §2.3）。", "Shifts go up to 14; this one is used as 14. (RFC 7323 §2.3)");
    MSS_ABSENT: "tcp.options.mss.absent", Kind::Group, ("MSS がない", "SYN without MSS"),
        ("SYN に MSS オプションがありません。536 バイトと見なされます（RFC 9293 §3.7.1）。", "This SYN has no MSS option: 536 bytes are assumed. (RFC 9293 §3.7.1)");
    MSS_PRESENT: "tcp.options.mss.present", Kind::Group, ("SYN でない MSS", "MSS without SYN"),
        ("MSS オプションは SYN にしか付けられません。", "The MSS option belongs on a SYN only.");
    ECHO: "tcp.options.echo", Kind::Bytes, ("エコー", "Echo"),
        ("往復時間を測る古いオプションです。今はタイムスタンプを使います（RFC 1072）。", "An old way to measure the round trip; time stamps are used today. (RFC 1072)");
    ECHO_VALUE: "tcp.options.echo_value", Kind::Dec, ("エコーの値", "Echo value"),
        ("相手がそのまま返す値です。", "The value that the other end sends back.");
    CC: "tcp.options.cc", Kind::Bytes, ("接続カウント", "Connection count"),
        ("短い接続を速くする古い実験（T/TCP）のものです（RFC 1644）。", "Of T/TCP, an old experiment with quick short connections. (RFC 1644)");
    CC_VALUE: "tcp.options.cc_value", Kind::Dec, ("カウントの値", "Connection count value"),
        ("接続を数えた値です。", "The count.");
    MD5: "tcp.options.md5", Kind::Bytes, ("MD5 署名", "MD5 signature"),
        ("セグメントが偽物でないことを示す署名で、BGP で使われます（RFC 2385）。", "Shows that the segment is not forged; used by BGP. (RFC 2385)");
    MD5_DIGEST: "tcp.options.md5.digest", Kind::Bytes, ("ダイジェスト", "Digest"),
        ("鍵とセグメントから計算した値です。", "Computed from a key and the segment.");
    QS: "tcp.options.qs", Kind::Bytes, ("Quick-Start 応答", "Quick-Start response"),
        ("はじめから速く送ってよいかを、途中のルータに尋ねた答えです（RFC 4782）。", "The answer of routers to whether sending may start fast. (RFC 4782)");
    QS_RATE: "tcp.options.qs.rate", Kind::Dec, ("速さ", "Rate"),
        ("許された速さの段階です。", "The step of speed that is allowed.");
    QS_TTL: "tcp.options.qs.ttl_diff", Kind::Dec, ("TTL の差", "TTL difference"),
        ("途中のすべてのルータが答えたかを確かめる値です。", "Shows whether every router on the way has answered.");
    USER_TIMEOUT: "tcp.options.user_to", Kind::Bytes, ("ユーザタイムアウト", "User timeout"),
        ("確認応答がないまま、どれだけ待つかを相手に知らせます（RFC 5482）。", "Tells the other end how long to wait for an acknowledgement. (RFC 5482)");
    USER_TIMEOUT_UNIT: "tcp.options.user_to_granularity", Kind::Bool, ("単位", "Granularity"),
        ("1 なら分、0 なら秒です。", "Set: minutes; else seconds.");
    USER_TIMEOUT_VAL: "tcp.options.user_to_val", Kind::Dec, ("時間", "User timeout"),
        ("待つ時間です。", "How long to wait.");
    AO: "tcp.options.ao", Kind::Bytes, ("認証", "TCP-AO"),
        ("セグメントが偽物でないことを示します。MD5 署名の後継です（RFC 5925）。", "Shows that the segment is not forged; replaces the MD5 signature. (RFC 5925)");
    AO_KEY: "tcp.options.ao.keyid", Kind::Dec, ("鍵の番号", "Key ID"),
        ("認証に使った鍵の番号です。", "Which key was used.");
    AO_NEXT: "tcp.options.ao.rnextkeyid", Kind::Dec, ("次の鍵の番号", "Next key ID"),
        ("次に使ってほしい鍵の番号です。", "Which key should be used next.");
    AO_MAC: "tcp.options.ao.mac", Kind::Bytes, ("認証コード", "MAC"),
        ("鍵とセグメントから計算した値です。", "Computed from the key and the segment.");
    ACC_ECN: "tcp.options.acc_ecn", Kind::Bytes, ("Accurate ECN", "Accurate ECN"),
        ("混雑の印が付いて届いたバイト数を知らせます（RFC 9768）。", "Reports how many bytes arrived with which congestion mark. (RFC 9768)");
    ACC_ECN_E0: "tcp.options.acc_ecn.ee0b", Kind::Dec, ("ECT(0) のバイト数", "ECT(0) bytes"),
        ("ECT(0) の印で届いたバイト数です。", "Bytes that arrived marked ECT(0).");
    ACC_ECN_CE: "tcp.options.acc_ecn.eceb", Kind::Dec, ("CE のバイト数", "CE bytes"),
        ("混雑の印（CE）が付いて届いたバイト数です。", "Bytes that arrived marked CE: congestion experienced.");
    ACC_ECN_E1: "tcp.options.acc_ecn.ee1b", Kind::Dec, ("ECT(1) のバイト数", "ECT(1) bytes"),
        ("ECT(1) の印で届いたバイト数です。", "Bytes that arrived marked ECT(1).");
    TFO_REQUEST: "tcp.options.tfo.request", Kind::Group, ("クッキーの要求", "Cookie request"),
        ("次から SYN でデータを送れるように、クッキーを求めています（RFC 7413 §4.1.1）。", "Asks for a cookie, to send data with the next SYN. (RFC 7413 §4.1.1)");
    MPTCP: "tcp.options.mptcp", Kind::Bytes, ("Multipath TCP", "Multipath TCP"),
        ("1 つの接続を、複数の道（Wi-Fi と携帯回線など）で運びます（RFC 8684）。", "Carries one connection over several paths, such as Wi-Fi and mobile. (RFC 8684)");
    MP_SUBTYPE: "tcp.options.mptcp.subtype", Kind::Dec, ("種別", "Subtype"),
        ("Multipath TCP の何をするかを示します。0 は開始、1 は道の追加、2 はデータの番号です。", "What it does: 0 begins, 1 joins a path, 2 numbers data.");
    MP_VERSION: "tcp.options.mptcp.version", Kind::Dec, ("版", "Version"),
        ("Multipath TCP の版です。", "The version of Multipath TCP.");
    MP_FLAGS: "tcp.options.mptcp.flags", Kind::Hex(2), ("フラグ", "Flags"),
        ("Multipath TCP の印です。", "Marks of Multipath TCP.");
    MP_CHECKSUM_REQ: "tcp.options.mptcp.checksumreq.flags", Kind::Dec, ("チェックサムが必要", "Checksum required"),
        ("データの番号にチェックサムを付けます。", "Data numbers carry a checksum.");
    MP_EXTENSIBILITY: "tcp.options.mptcp.extensibility.flag", Kind::Dec, ("拡張", "Extensibility"),
        ("将来のための印です。", "Kept for the future.");
    MP_NO_MORE: "tcp.options.mptcp.nomoresubflows.flag", Kind::Dec, ("道を増やさない", "No more subflows"),
        ("このアドレスには道を増やさないでほしい、という印です。", "No further paths to this address, please.");
    MP_SHA1: "tcp.options.mptcp.sha1.flag", Kind::Dec, ("HMAC-SHA1", "HMAC-SHA1"),
        ("鍵の計算に SHA-1 を使います。", "Keys are computed with SHA-1.");
    MP_SHA256: "tcp.options.mptcp.sha256.flag", Kind::Dec, ("HMAC-SHA256", "HMAC-SHA256"),
        ("鍵の計算に SHA-256 を使います。", "Keys are computed with SHA-256.");
    MP_RESERVED: "tcp.options.mptcp.reserved.flag", Kind::Hex(2), ("予約", "Reserved"),
        ("使われない印です。", "Marks that are not used.");
    MP_SEND_KEY: "tcp.options.mptcp.sendkey", Kind::Dec, ("送り手の鍵", "Sender's key"),
        ("あとで道を加えるときに、同じ相手だと示す鍵です。", "Proves later that a new path comes from the same end.");
    MP_RECV_KEY: "tcp.options.mptcp.recvkey", Kind::Dec, ("受け手の鍵", "Receiver's key"),
        ("受け手から受け取った鍵です。", "The key that the receiver sent.");
    MP_BACKUP: "tcp.options.mptcp.backup.flag", Kind::Dec, ("予備", "Backup flag"),
        ("ほかの道が使えないときだけ使う道です。", "To be used only when no other path works.");
    MP_ADDRESS_ID: "tcp.options.mptcp.addrid", Kind::Dec, ("アドレスの番号", "Address ID"),
        ("どのアドレスの話かを示す番号です。", "Which address is meant.");
    MP_TOKEN: "tcp.options.mptcp.recvtok", Kind::Dec, ("受け手のトークン", "Receiver's token"),
        ("どの接続に加わるかを示します。", "Tells which connection is joined.");
    MP_RANDOM: "tcp.options.mptcp.sendrand", Kind::Dec, ("乱数", "Random number"),
        ("成りすましを防ぐための乱数です。", "A random number against forgery.");
    MP_DATA_FIN: "tcp.options.mptcp.datafin.flag", Kind::Dec, ("DATA_FIN", "DATA_FIN"),
        ("接続全体のデータがここで終わります。", "The data of the whole connection ends here.");
    MP_DSN8: "tcp.options.mptcp.dseqn8.flag", Kind::Dec, ("データ番号は 8 バイト", "Data sequence number is 8 octets"),
        ("データの番号が 8 バイトで書かれています。", "The data sequence number has eight bytes.");
    MP_DSN: "tcp.options.mptcp.dseqnpresent.flag", Kind::Dec, ("データ番号あり", "Data sequence number present"),
        ("データの番号と長さが書かれています。", "A data sequence number and its length are there.");
    MP_ACK8: "tcp.options.mptcp.dataack8.flag", Kind::Dec, ("データ ACK は 8 バイト", "Data ACK is 8 octets"),
        ("データの確認応答が 8 バイトで書かれています。", "The data acknowledgement has eight bytes.");
    MP_ACK: "tcp.options.mptcp.dataackpresent.flag", Kind::Dec, ("データ ACK あり", "Data ACK present"),
        ("データの確認応答が書かれています。", "A data acknowledgement is there.");
    MP_RAW_ACK: "tcp.options.mptcp.rawdataack", Kind::Dec, ("データ ACK", "Data ACK"),
        ("接続全体で、次に欲しいデータの番号です。", "The next byte expected of the whole connection.");
    MP_RAW_SEQ: "tcp.options.mptcp.rawdataseqno", Kind::Dec, ("データ番号", "Data sequence number"),
        ("接続全体での、このデータの番号です。", "The number of this data in the whole connection.");
    MP_SUB_SEQ: "tcp.options.mptcp.subflowseqno", Kind::Dec, ("この道での番号", "Subflow sequence number"),
        ("この道の中での番号です。", "Its number on this path.");
    MP_LEN: "tcp.options.mptcp.datalvllen", Kind::Dec, ("データの長さ", "Data-level length"),
        ("番号を付けたデータのバイト数です。", "Bytes that are numbered.");
    MP_SUM: "tcp.options.mptcp.checksum", Kind::Hex(4), ("チェックサム", "Checksum"),
        ("データの番号が壊れていないかを確かめる値です。", "Shows whether the numbering was damaged.");
    PAYLOAD: "tcp.payload", Kind::Bytes, ("データ", "TCP payload"),
        ("このセグメントが運ぶデータです。", "The data that this segment carries.");
    OPT_PADDING: "tcp.options.padding", Kind::Bytes, ("パディング", "Padding"),
        ("終わりの印の後ろを 4 バイトの倍数まで埋めるバイトです。", "Fills the header up to a multiple of four bytes behind the end mark.");
}

pub(super) const FIXED: usize = TcpPacket::minimum_packet_size();
/// Its IP protocol number.
pub const PROTO: u8 = 6;

pub struct Tcp;

impl Header for Tcp {
    fn proto(&self) -> &'static str {
        "tcp"
    }

    fn title(&self) -> &'static str {
        "TCP"
    }

    fn about(&self) -> Words {
        words(
            "番号と確認応答で、データを抜けも重なりもなく順番どおりに届けます。",
            "Delivers data in order, without holes or doubles, by numbering bytes and acknowledging them.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::Transport
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
        let Some(view) = TcpPacket::new(&head.bytes) else {
            return Step::truncated(self.proto(), base, FIXED, head.have);
        };
        let header_len = usize::from(view.get_data_offset()) * 4;
        let need = header_len.max(FIXED);
        let len = input.full_len.saturating_sub(need);
        let verdict = checksum::transport(input, PROTO, input.full_len, 16);
        let mut fields = fixed_fields(&view, base, len, verdict);
        if input.quoted {
            quoted(&mut fields, matches!(input.ips, Some((IpAddr::V4(_), _))));
        }
        let header = area.get(..need.min(area.len())).unwrap_or(&[]);
        let (options, words_of_options) = tcp_options::fields(header, base, need);
        fields.extend(options);
        // Nothing but the ports is taken from a header that ends before its window: the flags say what the rest means.
        if head.have < 16 {
            let ports = if input.quoted { 3 } else { 2 };
            fields.truncate(ports);
        }
        if let Some(options) = fields.iter_mut().find(|f| f.def.name == "tcp.options") {
            // What there is of cut options is shown.
            options.span.len = options.span.len.min(input.area.end().saturating_sub(options.span.start));
        }
        if area.len() < need {
            // Without the whole fixed part, the length of the data is not known.
            fields.retain(|f| head.whole() || !f.span.is_empty());
            return Step::cut(self, input, need, fields);
        }
        let header = Span::new(base, need);
        let payload = Span::new(base + need, area.len() - need);
        if !payload.is_empty() && !input.quoted {
            let cause = view.get_flags() & 4 != 0;
            fields.push(match cause {
                true => Field::new(&RESET_CAUSE, Value::Text(ascii(payload.of(input.bytes))), payload),
                false => Field::new(&PAYLOAD, Value::Bytes, payload),
            });
        }
        let summary = summary(&view, len) + &words_of_options;
        if header_len < FIXED {
            fields.retain(|f| ["tcp.srcport", "tcp.dstport", "tcp.len", "tcp.seq_raw", "tcp.hdr_len"].contains(&f.def.name));
            if let Some(len) = fields.iter_mut().find(|f| f.def.name == "tcp.len") {
                len.value = Value::Uint(input.full_len.saturating_sub(header_len) as u64);
            }
            if let Some(length) = fields.iter_mut().find(|f| f.def.name == "tcp.hdr_len") {
                length.children.push(Field::new(&BOGUS, Value::None, Span::NONE));
            }
        }
        let layer = Layer::of(self, header, payload, summary, fields);
        if header_len < FIXED {
            return Step::malformed(layer, words("ヘッダ長が 20 バイト未満です", "the header length is below 20 bytes"));
        }
        let (src_port, dst_port) = (view.get_source(), view.get_destination());
        Step::read(layer, Next::Payload { proto: PROTO, src_port, dst_port }, len)
    }
}

/// The flags with their fields, from the highest bit (bit 103 of the header) down.
const BITS: [(&FieldDef, char); 9] = [
    (&AE, 'A'),
    (&CWR, 'C'),
    (&ECE, 'E'),
    (&URG, 'U'),
    (&FLAG_ACK, 'A'),
    (&PUSH, 'P'),
    (&RESET, 'R'),
    (&SYN, 'S'),
    (&FIN, 'F'),
];

fn fixed_fields(view: &TcpPacket<'_>, base: usize, len: usize, verdict: checksum::Verdict) -> Vec<Field> {
    let at = |from, len| Span::new(base + from, len);
    let number = |def, value: u64, from, len| Field::new(def, Value::Uint(value), at(from, len));
    let port = |def, n: u16, from| {
        let mut field = number(def, n.into(), from, 2);
        field.meaning = names::port(n).map(str::to_owned);
        field
    };
    let reserved = view.get_reserved();
    let flags = u16::from(reserved) << 8 | u16::from(view.get_flags());
    let set = |on| if on { "set" } else { "not set" };
    let mut children = vec![Field::new(&RES, Value::Bool(reserved > 1), at(12, 1)).bits(100, 3).means(set(reserved > 1))];
    let mut letters: String = [8, 4, 2].iter().map(|bit| if reserved & bit != 0 { 'R' } else { '·' }).collect();
    for (n, (def, letter)) in BITS.iter().enumerate() {
        let on = flags & (0x100 >> n) != 0;
        letters.push(if on { *letter } else { '·' });
        children.push(Field::new(def, Value::Bool(on), at(12 + usize::from(n > 0), 1)).bits(103 + n as u32, 1).means(set(on)));
    }
    children.push(Field::new(&FLAGS_STR, Value::Text(letters), Span::NONE));
    let words = u64::from(view.get_data_offset());
    let list = flag_list(flags);
    let mut urgent = number(&URGENT, view.get_urgent_ptr().into(), 18, 2);
    if view.get_urgent_ptr() != 0 && flags & 0x20 == 0 {
        urgent.children.push(Field::new(&URGENT_NONZERO, Value::None, Span::NONE));
    }
    vec![
        port(&SRCPORT, view.get_source(), 0),
        port(&DSTPORT, view.get_destination(), 2),
        Field::new(&LEN, Value::Uint(len as u64), Span::NONE),
        number(&SEQ_RAW, view.get_sequence().into(), 4, 4),
        number(&ACK_RAW, view.get_acknowledgement().into(), 8, 4),
        number(&HDR_LEN, words * 4, 12, 1).bits(96, 4).means(format!("{words} × 4 bytes")),
        number(&FLAGS, flags.into(), 12, 2).bits(100, 12).means(list).with(children),
        number(&WINDOW, view.get_window().into(), 14, 2),
        checksum::unverified(&CHECKSUM, &CHECKSUM_STATUS, view.get_checksum(), at(16, 2), verdict),
        urgent,
    ]
}

/// Bytes of ASCII up to a NUL; what is none is shown as U+FFFD.
fn ascii(bytes: &[u8]) -> String {
    bytes.iter().take_while(|b| **b != 0).map(|b| if b.is_ascii() { char::from(*b) } else { '\u{fffd}' }).collect()
}

/// What of a quoted header Wireshark shows: numbers as they are, no length; over IPv4 the sequence number as if it were relative.
fn quoted(fields: &mut Vec<Field>, v4: bool) {
    fields.retain(|f| f.def.name != "tcp.len");
    let as_relative = |fields: &mut Vec<Field>, raw: &str, def: &'static FieldDef, keep: bool| {
        let Some(at) = fields.iter().position(|f| f.def.name == raw) else { return };
        let Some(field) = fields.get(at) else { return };
        let relative = Field::new(def, field.value.clone(), field.span);
        match fields.get_mut(at) {
            Some(field) if !keep => *field = relative,
            _ => fields.insert(at, relative),
        }
    };
    as_relative(fields, "tcp.seq_raw", &SEQ, !v4);
    as_relative(fields, "tcp.ack_raw", &ACK, true);
    as_relative(fields, "tcp.window_size_value", &WINDOW_SIZE, true);
}

/// "SYN, ACK", in the order in which people name them.
fn flag_list(flags: u16) -> String {
    const NAMES: [&str; 9] = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"];
    let set: Vec<&str> = NAMES.iter().enumerate().filter(|(n, _)| flags & (1 << n) != 0).map(|(_, name)| *name).collect();
    if set.is_empty() { "none".into() } else { set.join(", ") }
}

fn summary(view: &TcpPacket<'_>, len: usize) -> String {
    let flags = u16::from(view.get_reserved()) << 8 | u16::from(view.get_flags());
    let ack = if flags & 0x10 != 0 { format!(" Ack={}", view.get_acknowledgement()) } else { String::new() };
    format!(
        "{} → {} [{}] Seq={}{ack} Win={} Len={len}",
        view.get_source(),
        view.get_destination(),
        flag_list(flags),
        view.get_sequence(),
        view.get_window()
    )
}
