//! Names of WebSocket's fields: Wireshark's names, with what each one is for.

use crate::fields;
use crate::wire::Kind;

fields! {
    FIN: "websocket.fin", Kind::Bool, ("FIN", "Fin"),
        ("1 ならこれがメッセージの最後のフレームです（RFC 6455 §5.2）。", "1: this is the last frame of its message (RFC 6455 §5.2).");
    RSV: "websocket.rsv", Kind::Hex(2), ("予約ビット", "Reserved"),
        ("拡張のための 3 ビットで、圧縮の拡張は最初のビットを使います（RFC 6455 §5.2、RFC 7692 §6）。", "Three bits for extensions; the compression extension uses the first (RFC 6455 §5.2, RFC 7692 §6).");
    PMC: "websocket.pmc", Kind::Bool, ("メッセージ単位の圧縮", "Per-Message Compressed"),
        ("圧縮の拡張が取り決められているとき、1 ならこのメッセージは圧縮されています（RFC 7692 §6）。", "Where the compression extension was agreed on, 1: this message is compressed (RFC 7692 §6).");
    OPCODE: "websocket.opcode", Kind::Dec, ("オペコード", "Opcode"),
        ("フレームの種類で、データか制御かを表します（RFC 6455 §5.2）。", "What kind of frame this is, data or control (RFC 6455 §5.2).");
    MASK: "websocket.mask", Kind::Bool, ("マスク", "Mask"),
        ("1 ならペイロードは鍵で変形され、クライアントは必ずそうします（RFC 6455 §5.3）。", "1: the payload is disguised with a key, as clients always must (RFC 6455 §5.3).");
    LENGTH: "websocket.payload_length", Kind::Dec, ("ペイロード長", "Payload length"),
        ("125 までは長さそのもので、126 と 127 は続く 2 バイトまたは 8 バイトに長さがある印です（RFC 6455 §5.2）。", "Up to 125 the length itself; 126 and 127 say that it follows in 2 or 8 bytes (RFC 6455 §5.2).");
    LENGTH_16: "websocket.payload_length_ext_16", Kind::Dec, ("拡張ペイロード長（16 ビット）", "Extended payload length (16 bits)"),
        ("126 バイト以上 65535 バイト以下のペイロードの長さです（RFC 6455 §5.2）。", "The length of a payload of 126 to 65535 bytes (RFC 6455 §5.2).");
    LENGTH_64: "websocket.payload_length_ext_64", Kind::Dec, ("拡張ペイロード長（64 ビット）", "Extended payload length (64 bits)"),
        ("65536 バイト以上のペイロードの長さです（RFC 6455 §5.2）。", "The length of a payload of 65536 bytes or more (RFC 6455 §5.2).");
    KEY: "websocket.masking_key", Kind::Bytes, ("マスキングキー", "Masking-Key"),
        ("この 4 バイトを繰り返しペイロードと XOR すると元に戻り、途中の古い機器が HTTP と誤解するのを防ぎます（RFC 6455 §5.3、§10.3）。", "XOR the payload with these 4 bytes again and again to read it; it keeps old devices on the way from mistaking it for HTTP (RFC 6455 §5.3, §10.3).");
    MASKED: "websocket.masked_payload", Kind::Group, ("マスクされたペイロード", "Masked payload"),
        ("通信路を実際に流れたバイト列で、各バイトが鍵と XOR されています（RFC 6455 §5.3）。", "The bytes as they went over the wire, each XORed with the key (RFC 6455 §5.3).");
    PAYLOAD: "websocket.payload", Kind::Group, ("ペイロード", "Payload"),
        ("アプリケーションが渡した中身です（RFC 6455 §5.2）。", "What the application handed over (RFC 6455 §5.2).");
    TEXT: "websocket.payload.text", Kind::Text, ("テキスト", "Text"),
        ("UTF-8 の文字として送られた中身です（RFC 6455 §5.6）。", "The payload, sent as UTF-8 text (RFC 6455 §5.6).");
    CONTINUE: "websocket.payload.continue", Kind::Text, ("続き", "Continue"),
        ("前のフレームから続くメッセージの一部です（RFC 6455 §5.4）。", "A further part of the message that an earlier frame began (RFC 6455 §5.4).");
    UNKNOWN: "websocket.payload.unknown", Kind::Text, ("知らないデータ", "Unknown"),
        ("種類が決まっていないフレームの中身です（RFC 6455 §5.2）。", "The payload of a frame whose kind is not defined (RFC 6455 §5.2).");
    CLOSE: "websocket.payload.close", Kind::Group, ("クローズ", "Close"),
        ("会話を終える知らせで、相手も Close を返してから TCP を閉じます（RFC 6455 §5.5.1）。", "Ends the conversation: the other end answers with Close, then TCP is closed (RFC 6455 §5.5.1).");
    STATUS: "websocket.payload.close.status_code", Kind::Dec, ("終了コード", "Status code"),
        ("なぜ閉じるのかを表す数です（RFC 6455 §7.4）。", "Why the connection is closed, as a number (RFC 6455 §7.4).");
    REASON: "websocket.payload.close.reason", Kind::Text, ("終了の理由", "Reason"),
        ("なぜ閉じるのかを人が読むための文です（RFC 6455 §7.1.6）。", "Why the connection is closed, for people (RFC 6455 §7.1.6).");
    PING: "websocket.payload.ping", Kind::Text, ("Ping", "Ping"),
        ("相手が生きているか確かめるための中身で、Pong がそのまま返します（RFC 6455 §5.5.2）。", "Asks whether the other end is alive; its Pong gives this back unchanged (RFC 6455 §5.5.2).");
    PONG: "websocket.payload.pong", Kind::Text, ("Pong", "Pong"),
        ("Ping の中身をそのまま返したものです（RFC 6455 §5.5.3）。", "What the Ping held, given back unchanged (RFC 6455 §5.5.3).");
    UNKNOWN_OPCODE: "websocket.payload.unknown.expert", Kind::Group, ("知らない種類", "Unknown opcode"),
        ("この種類のデータの読み方は決まっていません（RFC 6455 §5.2）。", "How data of this kind is read is not defined (RFC 6455 §5.2).");
    FAILED: "websocket.decompression.failed.expert", Kind::Group, ("展開できない", "Decompression failed"),
        ("圧縮されたメッセージを元に戻せません。前のメッセージが欠けていると起こります（RFC 7692 §7.2.2）。", "A compressed message cannot be unpacked, as when messages before it are missing (RFC 7692 §7.2.2).");
    FRAGMENTS: "websocket.fragments", Kind::Group, ("分割されたメッセージ", "Reassembled fragments"),
        ("いくつかのフレームに分けて送られた 1 つのメッセージをつないだものです（RFC 6455 §5.4）。", "One message, put together from the frames it was sent in (RFC 6455 §5.4).");
    FRAGMENT: "websocket.fragment", Kind::Dec, ("部分のフレーム", "Fragment in frame"),
        ("部分の 1 つがあるフレームの番号です。", "The number of the frame with one of the parts.");
    FRAGMENT_COUNT: "websocket.fragment.count", Kind::Dec, ("部分の数", "Fragment count"),
        ("メッセージがいくつに分けられていたかです。", "How many parts the message was sent in.");
    REASSEMBLED: "websocket.reassembled.length", Kind::Dec, ("つないだ長さ", "Reassembled length"),
        ("つないだメッセージのバイト数です。", "How many bytes the message has when put together.");
}
