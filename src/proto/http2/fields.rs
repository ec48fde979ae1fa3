//! Names of the fields of HTTP/2: Wireshark's names, with what each one is for.

use crate::fields;
use crate::wire::Kind;

fields! {
    STREAM: "http2.stream", Kind::Group, ("フレーム", "Frame"),
        ("HTTP/2 は、すべてを「フレーム」という小さな単位で送ります（RFC 9113 §4）。", "HTTP/2 sends everything in small units, called frames (RFC 9113 §4).");
    MAGIC_FIELD: "http2.magic", Kind::Text, ("合言葉", "Magic"),
        ("HTTP/2 を知らないサーバに誤解されないよう、クライアントが最初に必ず送る文字列です（RFC 9113 §3.4）。", "What every client sends first, so that no older server misunderstands it (RFC 9113 §3.4).");
    LENGTH: "http2.length", Kind::Dec, ("長さ", "Length"),
        ("この 9 バイトのヘッダに続くバイト数です（RFC 9113 §4.1）。", "How many bytes follow this header of 9 bytes (RFC 9113 §4.1).");
    TYPE: "http2.type", Kind::Dec, ("種類", "Type"),
        ("ヘッダか、本文か、設定かなど、フレームの種類です（RFC 9113 §6）。", "What the frame is: headers, a body, settings and so on (RFC 9113 §6).");
    FLAGS: "http2.flags", Kind::Hex(2), ("フラグ", "Flags"),
        ("種類ごとに意味の決まった 8 ビットです（RFC 9113 §4.1）。", "Eight bits whose meaning depends on the type (RFC 9113 §4.1).");
    END_STREAM: "http2.flags.end_stream", Kind::Bool, ("END_STREAM", "End stream"),
        ("1 なら、この向きではこのストリームの最後のフレームです（RFC 9113 §6.1）。", "1: the last frame of this stream in this direction (RFC 9113 §6.1).");
    END_HEADERS: "http2.flags.eh", Kind::Bool, ("END_HEADERS", "End headers"),
        ("1 なら、ヘッダはここで終わります（RFC 9113 §6.2）。", "1: the headers end here (RFC 9113 §6.2).");
    PADDED: "http2.flags.padded", Kind::Bool, ("PADDED", "Padded"),
        ("1 なら、長さを隠すための詰めものがあります（RFC 9113 §6.1）。", "1: there is padding, which hides the length (RFC 9113 §6.1).");
    PRIORITY: "http2.flags.priority", Kind::Bool, ("PRIORITY", "Priority"),
        ("1 なら、優先度が書かれています（RFC 9113 §6.2）。", "1: a priority is given (RFC 9113 §6.2).");
    ACK_SETTINGS: "http2.flags.ack.settings", Kind::Bool, ("ACK", "ACK"),
        ("1 なら、相手の設定を受け入れたという返事です（RFC 9113 §6.5）。", "1: the other end's settings are accepted (RFC 9113 §6.5).");
    ACK_PING: "http2.flags.ack.ping", Kind::Bool, ("ACK", "ACK"),
        ("1 なら、PING への返事です（RFC 9113 §6.7）。", "1: an answer to a PING (RFC 9113 §6.7).");
    RESERVED: "http2.r", Kind::Hex(8), ("予約", "Reserved"),
        ("使われない 1 ビットで、いつも 0 です（RFC 9113 §4.1）。", "A bit that is not used, always 0 (RFC 9113 §4.1).");
    STREAM_ID: "http2.streamid", Kind::Dec, ("ストリーム番号", "Stream identifier"),
        ("一つの接続で同時に進むやりとりの番号で、0 は接続全体です（RFC 9113 §5.1.1）。", "Which of the exchanges on this connection it belongs to; 0 is the connection itself (RFC 9113 §5.1.1).");
    PAD_LENGTH: "http2.pad_length", Kind::Dec, ("詰めものの長さ", "Pad length"),
        ("末尾の詰めもののバイト数です（RFC 9113 §6.1）。", "How many bytes of padding stand at the end (RFC 9113 §6.1).");
    EXCLUSIVE: "http2.exclusive", Kind::Bool, ("排他", "Exclusive"),
        ("1 なら、ほかのストリームより先に置かれます（RFC 7540 §5.3.1、いまは使われない）。", "1: it is put before the others (RFC 7540 §5.3.1, no longer used).");
    DEPENDENCY: "http2.stream_dependency", Kind::Dec, ("依存先", "Stream dependency"),
        ("このストリームが後回しになる相手の番号です（RFC 7540 §5.3.1、いまは使われない）。", "The stream that comes before this one (RFC 7540 §5.3.1, no longer used).");
    WEIGHT: "http2.headers.weight", Kind::Dec, ("重み", "Weight"),
        ("回線の取り分の大きさから 1 を引いた数です（RFC 7540 §5.3.2、いまは使われない）。", "The share it gets, minus one (RFC 7540 §5.3.2, no longer used).");
    HEADERS: "http2.headers", Kind::Bytes, ("圧縮されたヘッダ", "Header block fragment"),
        ("HPACK で圧縮されたヘッダで、まだ中は読めません（RFC 9113 §6.2、RFC 7541）。", "Headers, compressed by HPACK; not read yet (RFC 9113 §6.2, RFC 7541).");
    CONTINUATION: "http2.continuation.header", Kind::Bytes, ("圧縮されたヘッダの続き", "Continuation header"),
        ("HPACK で圧縮されたヘッダの続きで、まだ中は読めません（RFC 9113 §6.10）。", "More of the headers, compressed by HPACK; not read yet (RFC 9113 §6.10).");
    DATA: "http2.data.data", Kind::Bytes, ("本文", "Data"),
        ("リクエストやレスポンスの本文です（RFC 9113 §6.1）。", "The body of a request or an answer (RFC 9113 §6.1).");
    RST_ERROR: "http2.rst_stream.error", Kind::Dec, ("誤りの番号", "Error"),
        ("このストリームを打ち切る理由です（RFC 9113 §7）。", "Why this stream is cut off (RFC 9113 §7).");
    SETTINGS: "http2.settings", Kind::Group, ("設定", "Settings"),
        ("送り手の都合を相手に知らせます（RFC 9113 §6.5）。", "Tells the other end what the sender wants (RFC 9113 §6.5).");
    SETTING_ID: "http2.settings.id", Kind::Dec, ("設定の番号", "Settings identifier"),
        ("何の設定かを表します（RFC 9113 §6.5.2）。", "Which setting it is (RFC 9113 §6.5.2).");
    HEADER_TABLE_SIZE: "http2.settings.header_table_size", Kind::Dec, ("ヘッダ表の大きさ", "Header table size"),
        ("ヘッダの圧縮に使う表の最大のバイト数です（RFC 9113 §6.5.2）。", "How large the table for compressing headers may be, in bytes (RFC 9113 §6.5.2).");
    ENABLE_PUSH: "http2.settings.enable_push", Kind::Dec, ("プッシュの可否", "Enable PUSH"),
        ("0 なら、頼まれないものをサーバは送れません（RFC 9113 §6.5.2）。", "0: the server must not send what was not asked for (RFC 9113 §6.5.2).");
    MAX_STREAMS: "http2.settings.max_concurrent_streams", Kind::Dec, ("同時ストリーム数", "Max concurrent streams"),
        ("同時に進めてよいやりとりの数です（RFC 9113 §6.5.2）。", "How many exchanges may go on at once (RFC 9113 §6.5.2).");
    WINDOW_SIZE: "http2.settings.initial_window_size", Kind::Dec, ("最初のウィンドウ", "Initial window size"),
        ("ストリームごとに、最初に送ってよいバイト数です（RFC 9113 §6.5.2）。", "How many bytes may be sent at first on each stream (RFC 9113 §6.5.2).");
    MAX_FRAME: "http2.settings.max_frame_size", Kind::Dec, ("フレームの上限", "Max frame size"),
        ("受け取れるフレームの最大のバイト数です（RFC 9113 §6.5.2）。", "The largest frame that can be taken, in bytes (RFC 9113 §6.5.2).");
    MAX_HEADERS: "http2.settings.max_header_list_size", Kind::Dec, ("ヘッダの上限", "Max header list size"),
        ("受け取れるヘッダ全体の最大のバイト数です（RFC 9113 §6.5.2）。", "How large all headers together may be, in bytes (RFC 9113 §6.5.2).");
    EXTENDED_CONNECT: "http2.settings.extended_connect", Kind::Dec, ("拡張 CONNECT", "Extended CONNECT"),
        ("1 なら、この接続の中で WebSocket なども始められます（RFC 8441 §3）。", "1: WebSocket and others can be begun inside (RFC 8441 §3).");
    SETTING_UNKNOWN: "http2.settings.unknown", Kind::Dec, ("知らない設定", "Unknown settings"),
        ("番号の知られていない設定の値です（RFC 9113 §6.5.2）。", "The value of a setting that is not known (RFC 9113 §6.5.2).");
    PROMISED_R: "http2.push_promise.r", Kind::Hex(8), ("予約", "Reserved"),
        ("使われない 1 ビットです（RFC 9113 §6.6）。", "A bit that is not used (RFC 9113 §6.6).");
    PROMISED_ID: "http2.push_promise.promised_stream_id", Kind::Dec, ("予告のストリーム番号", "Promised stream ID"),
        ("サーバがこれから自分で送るものの、ストリーム番号です（RFC 9113 §6.6）。", "The stream on which the server will send something unasked (RFC 9113 §6.6).");
    PROMISED_HEADERS: "http2.push_promise.header", Kind::Bytes, ("圧縮されたヘッダ", "Header block fragment"),
        ("予告するリクエストのヘッダで、HPACK で圧縮されています（RFC 9113 §6.6）。", "Headers of the request that is answered in advance, compressed by HPACK (RFC 9113 §6.6).");
    PING: "http2.ping", Kind::Bytes, ("PING", "Ping"),
        ("相手がこの 8 バイトをそのまま返します（RFC 9113 §6.7）。", "8 bytes that the other end gives back unchanged (RFC 9113 §6.7).");
    PONG: "http2.pong", Kind::Bytes, ("PING の返事", "Pong"),
        ("PING の 8 バイトをそのまま返したものです（RFC 9113 §6.7）。", "The 8 bytes of the PING, given back unchanged (RFC 9113 §6.7).");
    GOAWAY_R: "http2.goway.r", Kind::Hex(8), ("予約", "Reserved"),
        ("使われない 1 ビットです（RFC 9113 §6.8）。", "A bit that is not used (RFC 9113 §6.8).");
    GOAWAY_LAST: "http2.goaway.last_stream_id", Kind::Dec, ("最後のストリーム", "Last stream ID"),
        ("これより後のストリームは、処理されていません（RFC 9113 §6.8）。", "Streams after this one were not worked on (RFC 9113 §6.8).");
    GOAWAY_ERROR: "http2.goaway.error", Kind::Dec, ("誤りの番号", "Error"),
        ("接続を終える理由で、0 は誤りなしです（RFC 9113 §7）。", "Why the connection ends; 0: no error (RFC 9113 §7).");
    GOAWAY_DATA: "http2.goaway.addata", Kind::Bytes, ("追加の情報", "Additional debug data"),
        ("人が調べるときの手がかりです（RFC 9113 §6.8）。", "Helps people who look for the reason (RFC 9113 §6.8).");
    WINDOW_R: "http2.window_update.r", Kind::Hex(8), ("予約", "Reserved"),
        ("使われない 1 ビットです（RFC 9113 §6.9）。", "A bit that is not used (RFC 9113 §6.9).");
    WINDOW_INCREMENT: "http2.window_update.window_size_increment", Kind::Dec, ("ウィンドウの追加", "Window size increment"),
        ("さらに送ってよいバイト数です（RFC 9113 §6.9）。", "How many more bytes may be sent (RFC 9113 §6.9).");
    UNKNOWN: "http2.unknown", Kind::Bytes, ("知らない中身", "Unknown"),
        ("種類の知られていないフレームの中身です（RFC 9113 §5.5）。", "What a frame of an unknown type holds (RFC 9113 §5.5).");
}
