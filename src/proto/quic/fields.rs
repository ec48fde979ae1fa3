//! Names of the fields of QUIC: Wireshark's names, with what each one is for.

use crate::fields;
use crate::wire::Kind;

fields! {
    PACKET_LENGTH: "quic.packet_length", Kind::Dec, ("パケットの長さ", "Packet length"),
        ("一つのデータグラムに並ぶ QUIC パケットの、これのバイト数です（RFC 9000 §12.2）。", "How many bytes this one has of the QUIC packets in the datagram (RFC 9000 §12.2).");
    HEADER_FORM: "quic.header_form", Kind::Bool, ("ヘッダの形", "Header form"),
        ("1 は接続の準備に使う長いヘッダ、0 はその後の短いヘッダです（RFC 9000 §17）。", "1: the long header, used to set up a connection; 0: the short one, used afterwards (RFC 9000 §17).");
    FIXED_BIT: "quic.fixed_bit", Kind::Bool, ("固定ビット", "Fixed bit"),
        ("ほかのプロトコルと見分けるための、いつも 1 のビットです（RFC 9000 §17.2）。", "Always 1, to tell QUIC from other protocols (RFC 9000 §17.2).");
    TYPE: "quic.long.packet_type", Kind::Dec, ("パケットの種類", "Packet type"),
        ("接続の準備のどの段階かを表します（RFC 9000 §17.2）。", "Which step of setting up the connection this is (RFC 9000 §17.2).");
    TYPE_V2: "quic.long.packet_type_v2", Kind::Dec, ("パケットの種類（第 2 版）", "Packet type (version 2)"),
        ("第 2 版では、種類の番号が入れ替えてあります（RFC 9369 §3.2）。", "In version 2 the numbers of the types are shuffled (RFC 9369 §3.2).");
    RESERVED: "quic.long.reserved", Kind::Dec, ("予約", "Reserved"),
        ("使われない 2 ビットで、隠されて送られます（RFC 9000 §17.2）。", "Two bits that are not used, sent hidden (RFC 9000 §17.2).");
    NUMBER_LENGTH: "quic.packet_number_length", Kind::Dec, ("パケット番号の長さ", "Packet number length"),
        ("パケット番号のバイト数から 1 を引いた数で、隠されて送られます（RFC 9000 §17.2）。", "How many bytes the packet number has, minus one; sent hidden (RFC 9000 §17.2).");
    VERSION: "quic.version", Kind::Hex(8), ("版", "Version"),
        ("QUIC の版で、0 なら版の相談です（RFC 9000 §15）。", "The version of QUIC; 0: the versions are being negotiated (RFC 9000 §15).");
    DCIL: "quic.dcil", Kind::Dec, ("宛先 ID の長さ", "Destination connection ID length"),
        ("宛先の接続 ID のバイト数です（RFC 9000 §17.2）。", "How many bytes the destination's connection ID has (RFC 9000 §17.2).");
    DCID: "quic.dcid", Kind::Bytes, ("宛先の接続 ID", "Destination connection ID"),
        ("受け手が選んだ名札で、IP アドレスやポートが変わっても接続が続きます（RFC 9000 §5.1）。", "A label chosen by the receiver; with it a connection survives a change of address (RFC 9000 §5.1).");
    SCIL: "quic.scil", Kind::Dec, ("送り元 ID の長さ", "Source connection ID length"),
        ("送り元の接続 ID のバイト数です（RFC 9000 §17.2）。", "How many bytes the source's connection ID has (RFC 9000 §17.2).");
    SCID: "quic.scid", Kind::Bytes, ("送り元の接続 ID", "Source connection ID"),
        ("送り手が選んだ名札で、返事の宛先になります（RFC 9000 §5.1）。", "A label chosen by the sender; answers are to carry it (RFC 9000 §5.1).");
    TOKEN_LENGTH: "quic.token_length", Kind::Dec, ("トークンの長さ", "Token length"),
        ("トークンのバイト数です（RFC 9000 §17.2.2）。", "How many bytes the token has (RFC 9000 §17.2.2).");
    TOKEN: "quic.token", Kind::Bytes, ("トークン", "Token"),
        ("送り手のアドレスが本物だという、サーバからもらった証明です（RFC 9000 §8.1）。", "Given by the server earlier: proves that the sender's address is real (RFC 9000 §8.1).");
    LENGTH: "quic.length", Kind::Dec, ("長さ", "Length"),
        ("この先のパケット番号と中身のバイト数です（RFC 9000 §17.2）。", "How many bytes the packet number and the payload have (RFC 9000 §17.2).");
    NUMBER: "quic.packet_number", Kind::Dec, ("パケット番号", "Packet number"),
        ("送るたびに増える番号で、隠されて送られます（RFC 9000 §12.3）。", "Grows with each packet; sent hidden (RFC 9000 §12.3).");
    PAYLOAD: "quic.payload", Kind::Bytes, ("暗号化された中身", "Payload"),
        ("最初のパケットの中身は誰でも作れる鍵で暗号化されていて、ここでは解いてあります（RFC 9001 §5.2）。", "The first packets are encrypted with keys that anyone can make; here they were undone (RFC 9001 §5.2).");
    REMAINING: "quic.remaining_payload", Kind::Bytes, ("暗号化された中身", "Remaining payload"),
        ("鍵を持つ両端だけが読める中身です（RFC 9001 §5）。", "What only the two ends, who have the keys, can read (RFC 9001 §5).");
    SHORT: "quic.short", Kind::Group, ("短いヘッダ", "Short header"),
        ("接続ができた後の、データを運ぶパケットです（RFC 9000 §17.3）。", "A packet that carries data once the connection stands (RFC 9000 §17.3).");
    SPIN: "quic.spin_bit", Kind::Bool, ("スピンビット", "Spin bit"),
        ("一往復ごとに反転し、途中の機器が往復時間を測れます（RFC 9000 §17.4）。", "Flips once a round trip, so that devices on the way can measure the time (RFC 9000 §17.4).");
    VN_UNUSED: "quic.vn.unused", Kind::Hex(2), ("未使用", "Unused"),
        ("版の相談では使われない 7 ビットです（RFC 9000 §17.2.1）。", "Seven bits that are not used in version negotiation (RFC 9000 §17.2.1).");
    SUPPORTED_VERSION: "quic.supported_version", Kind::Hex(8), ("話せる版", "Supported version"),
        ("サーバが話せる版の一つです（RFC 9000 §17.2.1）。", "A version that the server can speak (RFC 9000 §17.2.1).");
    RETRY_TOKEN: "quic.retry_token", Kind::Bytes, ("やり直しのトークン", "Retry token"),
        ("クライアントはこれを付けて最初からやり直します（RFC 9000 §17.2.5）。", "The client begins again and sends this along (RFC 9000 §17.2.5).");
    RETRY_TAG: "quic.retry_integrity_tag", Kind::Bytes, ("やり直しの検査値", "Retry integrity tag"),
        ("途中で壊れていないことを確かめる値です（RFC 9001 §5.8）。", "Shows that it was not damaged on the way (RFC 9001 §5.8).");
    FRAME: "quic.frame", Kind::Group, ("フレーム", "Frame"),
        ("パケットの中身は「フレーム」の列です（RFC 9000 §12.4）。", "A packet holds a sequence of frames (RFC 9000 §12.4).");
    FRAME_TYPE: "quic.frame_type", Kind::Dec, ("フレームの種類", "Frame type"),
        ("確認応答か、TLS のメッセージか、詰めものかなどを表します（RFC 9000 §19）。", "An acknowledgement, a message of TLS, padding and so on (RFC 9000 §19).");
    PADDING_LENGTH: "quic.padding_length", Kind::Dec, ("詰めものの長さ", "Padding length"),
        ("最初のデータグラムは 1200 バイト以上と決まっていて、足りない分は 0 で埋めます（RFC 9000 §14.1）。", "The first datagrams must have 1200 bytes or more: zeros fill them up (RFC 9000 §14.1).");
    ACK_LARGEST: "quic.ack.largest_acknowledged", Kind::Dec, ("届いた最大の番号", "Largest acknowledged"),
        ("受け取ったパケット番号のうち最大のものです（RFC 9000 §19.3）。", "The largest packet number that has arrived (RFC 9000 §19.3).");
    ACK_DELAY: "quic.ack.ack_delay", Kind::Dec, ("応答の遅れ", "ACK delay"),
        ("受け取ってから応答するまでの時間を、縮めて表した数です（RFC 9000 §19.3）。", "How long the answer waited, scaled down (RFC 9000 §19.3).");
    ACK_RANGE_COUNT: "quic.ack.ack_range_count", Kind::Dec, ("範囲の数", "ACK range count"),
        ("最初のほかに、届いた範囲がいくつあるかです（RFC 9000 §19.3）。", "How many more ranges of numbers have arrived (RFC 9000 §19.3).");
    ACK_FIRST_RANGE: "quic.ack.first_ack_range", Kind::Dec, ("最初の範囲", "First ACK range"),
        ("最大の番号の前に、続けていくつ届いたかです（RFC 9000 §19.3）。", "How many numbers just before the largest have arrived too (RFC 9000 §19.3).");
    CRYPTO_OFFSET: "quic.crypto.offset", Kind::Dec, ("位置", "Offset"),
        ("TLS のメッセージの列の中での位置です（RFC 9000 §19.6）。", "Where it stands in the stream of TLS messages (RFC 9000 §19.6).");
    CRYPTO_LENGTH: "quic.crypto.length", Kind::Dec, ("長さ", "Length"),
        ("このフレームが運ぶ TLS のバイト数です（RFC 9000 §19.6）。", "How many bytes of TLS this frame carries (RFC 9000 §19.6).");
    CRYPTO_DATA: "quic.crypto.crypto_data", Kind::Group, ("TLS のメッセージ", "Crypto data"),
        ("QUIC は TLS のハンドシェイクを、レコードなしで運びます（RFC 9001 §4）。", "QUIC carries the handshake of TLS, without records (RFC 9001 §4).");
    CLOSE_ERROR: "quic.cc.error_code", Kind::Dec, ("誤りの番号", "Error code"),
        ("接続を閉じる理由です（RFC 9000 §20）。", "Why the connection is closed (RFC 9000 §20).");
    CLOSE_FRAME: "quic.cc.frame_type", Kind::Dec, ("きっかけのフレーム", "Frame type"),
        ("誤りのきっかけになったフレームの種類です（RFC 9000 §19.19）。", "The type of the frame that caused the error (RFC 9000 §19.19).");
    CLOSE_REASON_LENGTH: "quic.cc.reason_phrase.length", Kind::Dec, ("理由の長さ", "Reason phrase length"),
        ("理由の文のバイト数です（RFC 9000 §19.19）。", "How many bytes the reason has (RFC 9000 §19.19).");
    CLOSE_REASON: "quic.cc.reason_phrase", Kind::Text, ("理由", "Reason phrase"),
        ("接続を閉じる理由を人が読むための文です（RFC 9000 §19.19）。", "Why the connection is closed, for people (RFC 9000 §19.19).");
}
