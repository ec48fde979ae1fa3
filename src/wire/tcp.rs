//! TCP's header (RFC 9293 §3.1); its options are read in `tcp_options`.
//!
//! In: a segment. Out: ports, raw sequence and acknowledgement numbers, flags, window, checksum and options, and what the segment
//! carries. Relative numbers, the stream's index and the scaled window need the whole conversation: their fields are defined
//! here and filled in by `flow`.

use super::read::Head;
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, Next, Osi, Span, Step, Value, checksum, names, tcp_options};
use crate::lang::{Words, words};
use pnet::packet::tcp::TcpPacket;

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
        let header = area.get(..need.min(area.len())).unwrap_or(&[]);
        let (options, words_of_options) = tcp_options::fields(header, base, need);
        fields.extend(options);
        if area.len() < need {
            // Without the whole fixed part, the length of the data is not known.
            fields.retain(|f| head.whole() || !f.span.is_empty());
            return Step::cut(self, input, need, fields);
        }
        let header = Span::new(base, need);
        let payload = Span::new(base + need, area.len() - need);
        let summary = summary(&view, len) + &words_of_options;
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
    let mut letters = if reserved > 1 { "R".repeat(3) } else { "·".repeat(3) };
    for (n, (def, letter)) in BITS.iter().enumerate() {
        let on = flags & (0x100 >> n) != 0;
        letters.push(if on { *letter } else { '·' });
        children.push(Field::new(def, Value::Bool(on), at(12 + usize::from(n > 0), 1)).bits(103 + n as u32, 1).means(set(on)));
    }
    children.push(Field::new(&FLAGS_STR, Value::Text(letters), Span::NONE));
    let words = u64::from(view.get_data_offset());
    let list = flag_list(flags);
    vec![
        port(&SRCPORT, view.get_source(), 0),
        port(&DSTPORT, view.get_destination(), 2),
        Field::new(&LEN, Value::Uint(len as u64), Span::NONE),
        number(&SEQ_RAW, view.get_sequence().into(), 4, 4),
        number(&ACK_RAW, view.get_acknowledgement().into(), 8, 4),
        number(&HDR_LEN, words * 4, 12, 1).bits(96, 4).means(format!("{words} × 4 bytes")),
        number(&FLAGS, flags.into(), 12, 2).bits(100, 12).means(list).with(children),
        number(&WINDOW, view.get_window().into(), 14, 2),
        checksum::field(&CHECKSUM, &CHECKSUM_STATUS, view.get_checksum(), at(16, 2), verdict),
        number(&URGENT, view.get_urgent_ptr().into(), 18, 2),
    ]
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
