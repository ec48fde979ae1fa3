//! Names of the fields of TLS: Wireshark's names, with what each one is for.

use crate::fields;
use crate::wire::Kind;

fields! {
    RECORD: "tls.record", Kind::Group, ("レコード", "Record layer"),
        ("TLS は、すべてをこの「レコード」という包みに入れて送ります（RFC 8446 §5.1）。", "TLS sends everything in parcels, called records (RFC 8446 §5.1).");
    CONTENT_TYPE: "tls.record.content_type", Kind::Dec, ("内容の種類", "Content type"),
        ("レコードの中身が、準備の相談か、警告か、アプリケーションのデータかを表します（RFC 8446 §5.1）。", "What the record holds: the handshake, an alert, or data of the application (RFC 8446 §5.1).");
    OPAQUE_TYPE: "tls.record.opaque_type", Kind::Dec, ("見かけの種類", "Opaque type"),
        ("TLS 1.3 の暗号化されたレコードは、本当の種類を隠すため、いつも 23 と名乗ります（RFC 8446 §5.2）。", "An encrypted record of TLS 1.3 always says 23 here, to hide what it really holds (RFC 8446 §5.2).");
    RECORD_VERSION: "tls.record.version", Kind::Hex(4), ("レコードの版", "Version"),
        ("古い機器に断られないための、形だけの版番号です（RFC 8446 §5.1）。", "A version number kept mostly so that old devices let the record pass (RFC 8446 §5.1).");
    RECORD_LENGTH: "tls.record.length", Kind::Dec, ("レコードの長さ", "Length"),
        ("この 5 バイトのヘッダに続くバイト数です（RFC 8446 §5.1）。", "How many bytes follow this header of 5 bytes (RFC 8446 §5.1).");
    APP_DATA: "tls.app_data", Kind::Bytes, ("暗号化されたデータ", "Encrypted application data"),
        ("アプリケーションのデータを暗号にしたもので、鍵を持つ両端だけが読めます（RFC 8446 §5.2）。", "Data of the application, encrypted: only the two ends, who have the keys, can read it (RFC 8446 §5.2).");
    APP_PROTO: "tls.app_data_proto", Kind::Text, ("中のプロトコル", "Application data protocol"),
        ("ポート番号や ALPN からわかる、暗号の中で話されているはずのプロトコルです。", "The protocol that is probably spoken inside, by the port or by ALPN.");
    CHANGE_CIPHER_SPEC: "tls.change_cipher_spec", Kind::Group, ("暗号の切り替え", "Change cipher spec"),
        ("これから先は決めた鍵で暗号化する、という合図です（RFC 5246 §7.1、TLS 1.3 では形だけ）。", "The sign that from here on the agreed keys are used (RFC 5246 §7.1; in TLS 1.3 only a matter of form).");
    ALERT: "tls.alert_message", Kind::Group, ("警告", "Alert message"),
        ("誤りや終わりを相手に知らせます（RFC 8446 §6）。", "Tells the other end of an error, or of the end (RFC 8446 §6).");
    ALERT_LEVEL: "tls.alert_message.level", Kind::Dec, ("重さ", "Level"),
        ("1 は注意、2 は致命的で接続が終わります（RFC 8446 §6）。", "1 is a warning; 2 is fatal and ends the connection (RFC 8446 §6).");
    ALERT_DESC: "tls.alert_message.desc", Kind::Dec, ("理由", "Description"),
        ("何が起きたのかを表す番号です（RFC 8446 §6）。", "What happened, as a number (RFC 8446 §6).");
    HEARTBEAT: "tls.heartbeat_message", Kind::Group, ("ハートビート", "Heartbeat message"),
        ("相手が生きているかを確かめます（RFC 6520）。", "Asks whether the other end is alive (RFC 6520).");
    HEARTBEAT_TYPE: "tls.heartbeat_message.type", Kind::Dec, ("種類", "Type"),
        ("1 は問い、2 は答えです（RFC 6520 §3）。", "1 asks, 2 answers (RFC 6520 §3).");
    HEARTBEAT_LENGTH: "tls.heartbeat_message.payload_length", Kind::Dec, ("中身の長さ", "Payload length"),
        ("送り返してほしいバイト数で、実物より長い値を信じたのが Heartbleed です（RFC 6520 §4）。", "How many bytes are to be sent back; believing more than were sent was the Heartbleed bug (RFC 6520 §4).");
    HEARTBEAT_PAYLOAD: "tls.heartbeat_message.payload", Kind::Bytes, ("中身", "Payload"),
        ("答えはこのバイト列をそのまま返します（RFC 6520 §4）。", "The answer gives these bytes back unchanged (RFC 6520 §4).");
    HEARTBEAT_PADDING: "tls.heartbeat_message.padding", Kind::Bytes, ("詰めもの", "Padding"),
        ("長さを隠すための無意味なバイト列です（RFC 6520 §4）。", "Meaningless bytes that hide the length (RFC 6520 §4).");
    IS_ESCAPE: "tls.record.is_escape", Kind::Bool, ("エスケープ", "Is escape"),
        ("SSL 2.0 の 3 バイトのヘッダにあった、使われない印です。", "A flag in the 3-byte header of SSL 2.0, never used.");
    PADDING_LENGTH: "tls.record.padding_length", Kind::Dec, ("詰めものの長さ", "Padding length"),
        ("SSL 2.0 で、ブロック暗号のために足したバイト数です。", "SSL 2.0: how many bytes were added for a block cipher.");

    HANDSHAKE: "tls.handshake", Kind::Group, ("ハンドシェイク", "Handshake protocol"),
        ("どの暗号をどの鍵で使うかを決める相談の、一つのメッセージです（RFC 8446 §4）。", "One message of the talk in which both ends agree on ciphers and keys (RFC 8446 §4).");
    TYPE: "tls.handshake.type", Kind::Dec, ("メッセージの種類", "Handshake type"),
        ("相談のどの段階かを表します（RFC 8446 §4）。", "Which step of the talk this is (RFC 8446 §4).");
    LENGTH: "tls.handshake.length", Kind::Dec, ("メッセージの長さ", "Length"),
        ("この 4 バイトのヘッダに続くバイト数です（RFC 8446 §4）。", "How many bytes follow this header of 4 bytes (RFC 8446 §4).");
    VERSION: "tls.handshake.version", Kind::Hex(4), ("版", "Version"),
        ("TLS 1.2 までの版番号で、TLS 1.3 は 1.2 と名乗り、本当の版は拡張で伝えます（RFC 8446 §4.1.2）。", "The version, up to TLS 1.2; TLS 1.3 says 1.2 here and tells the true one in an extension (RFC 8446 §4.1.2).");
    RANDOM: "tls.handshake.random", Kind::Bytes, ("乱数", "Random"),
        ("毎回ちがう 32 バイトで、同じやりとりの録音を使い回せないようにします（RFC 8446 §4.1.2）。", "32 bytes, different each time, so that a recorded exchange cannot be played again (RFC 8446 §4.1.2).");
    RANDOM_TIME: "tls.handshake.random_time", Kind::Text, ("時刻", "GMT Unix time"),
        ("昔は乱数の最初の 4 バイトが送り手の時計で、いまは多くがただの乱数です（RFC 5246 §7.4.1.2）。", "Once the first 4 bytes of the random were the sender's clock; today most send chance (RFC 5246 §7.4.1.2).");
    RANDOM_BYTES: "tls.handshake.random_bytes", Kind::Bytes, ("乱数のバイト", "Random bytes"),
        ("時刻に続く 28 バイトの乱数です（RFC 5246 §7.4.1.2）。", "The 28 random bytes behind the time (RFC 5246 §7.4.1.2).");
    SESSION_ID_LENGTH: "tls.handshake.session_id_length", Kind::Dec, ("セッション ID の長さ", "Session ID length"),
        ("セッション ID のバイト数で、0 ならありません（RFC 5246 §7.4.1.2）。", "How many bytes the session ID has; 0: there is none (RFC 5246 §7.4.1.2).");
    SESSION_ID: "tls.handshake.session_id", Kind::Bytes, ("セッション ID", "Session ID"),
        ("前の接続で決めた鍵を使い回すための番号です（RFC 5246 §7.4.1.2、TLS 1.3 では形だけ）。", "Names keys agreed on earlier, to use them again (RFC 5246 §7.4.1.2; in TLS 1.3 only a matter of form).");
    SUITES_LENGTH: "tls.handshake.cipher_suites_length", Kind::Dec, ("暗号スイートの長さ", "Cipher suites length"),
        ("暗号スイートの一覧のバイト数で、一つは 2 バイトです（RFC 8446 §4.1.2）。", "How many bytes the list of cipher suites has, 2 for each (RFC 8446 §4.1.2).");
    SUITES: "tls.handshake.ciphersuites", Kind::Group, ("暗号スイート", "Cipher suites"),
        ("クライアントが使える暗号の組み合わせの一覧です（RFC 8446 §4.1.2）。", "The combinations of ciphers that the client can use (RFC 8446 §4.1.2).");
    SUITE: "tls.handshake.ciphersuite", Kind::Hex(4), ("暗号スイート", "Cipher suite"),
        ("暗号化の方式と改ざん検出の方式の組み合わせで、サーバが一つを選びます（RFC 8446 §B.4）。", "How to encrypt and how to detect changes; the server chooses one (RFC 8446 §B.4).");
    COMPS_LENGTH: "tls.handshake.comp_methods_length", Kind::Dec, ("圧縮方式の数", "Compression methods length"),
        ("圧縮方式の一覧のバイト数です（RFC 5246 §7.4.1.2）。", "How many bytes the list of compression methods has (RFC 5246 §7.4.1.2).");
    COMPS: "tls.handshake.comp_methods", Kind::Group, ("圧縮方式", "Compression methods"),
        ("クライアントが使える圧縮方式の一覧です（RFC 5246 §7.4.1.2）。", "The compression methods that the client can use (RFC 5246 §7.4.1.2).");
    COMP: "tls.handshake.comp_method", Kind::Dec, ("圧縮方式", "Compression method"),
        ("圧縮は中身を推測される元になるため、いまは「なし」だけです（RFC 8446 §4.1.2）。", "Compression helps guessing what is encrypted, so today it is always none (RFC 8446 §4.1.2).");
    EXTENSIONS_LENGTH: "tls.handshake.extensions_length", Kind::Dec, ("拡張の長さ", "Extensions length"),
        ("続く拡張全体のバイト数です（RFC 8446 §4.2）。", "How many bytes all extensions have together (RFC 8446 §4.2).");
    EXTENSION_TYPE: "tls.handshake.extension.type", Kind::Dec, ("拡張の種類", "Type"),
        ("あとから TLS に加わった項目の番号です（RFC 8446 §4.2）。", "The number of an item that was added to TLS later (RFC 8446 §4.2).");
    EXTENSION_LEN: "tls.handshake.extension.len", Kind::Dec, ("拡張の中身の長さ", "Length"),
        ("この拡張の中身のバイト数です（RFC 8446 §4.2）。", "How many bytes this extension holds (RFC 8446 §4.2).");
    EXTENSION_DATA: "tls.handshake.extension.data", Kind::Bytes, ("拡張の中身", "Data"),
        ("この拡張の中身のバイト列です（RFC 8446 §4.2）。", "The bytes of this extension (RFC 8446 §4.2).");

    SNI_LIST_LEN: "tls.handshake.extensions_server_name_list_len", Kind::Dec, ("サーバ名の一覧の長さ", "Server name list length"),
        ("サーバ名の一覧のバイト数です（RFC 6066 §3）。", "How many bytes the list of server names has (RFC 6066 §3).");
    SNI_TYPE: "tls.handshake.extensions_server_name_type", Kind::Dec, ("名前の種類", "Server name type"),
        ("0 はホスト名で、ほかはありません（RFC 6066 §3）。", "0 is a host name; there is no other kind (RFC 6066 §3).");
    SNI_LEN: "tls.handshake.extensions_server_name_len", Kind::Dec, ("サーバ名の長さ", "Server name length"),
        ("サーバ名のバイト数です（RFC 6066 §3）。", "How many bytes the server's name has (RFC 6066 §3).");
    SNI: "tls.handshake.extensions_server_name", Kind::Text, ("サーバ名（SNI）", "Server name (SNI)"),
        ("どのサイトに来たのかを伝える名前で、暗号化の前なので誰にでも見えます（RFC 6066 §3）。", "Which site is wanted; it is sent before encryption begins, so anyone can read it (RFC 6066 §3).");
    MAX_FRAGMENT: "tls.handshake.max_fragment_length", Kind::Dec, ("最大の断片長", "Maximum fragment length"),
        ("メモリの少ない機器が、小さなレコードを頼みます（RFC 6066 §4）。", "A device with little memory asks for small records (RFC 6066 §4).");
    STATUS_TYPE: "tls.handshake.extensions_status_request_type", Kind::Dec, ("証明書の状態の種類", "Certificate status type"),
        ("証明書が取り消されていないことの証明（OCSP）を頼みます（RFC 6066 §8）。", "Asks for proof (OCSP) that the certificate was not withdrawn (RFC 6066 §8).");
    STATUS_LEN: "tls.handshake.extensions_status_request_len", Kind::Dec, ("状態の要求の長さ", "Certificate status length"),
        ("この要求のバイト数です（RFC 6961 §2.2）。", "How many bytes this request has (RFC 6961 §2.2).");
    STATUS_LIST_LEN: "tls.handshake.extensions_status_request_list_len", Kind::Dec, ("状態の要求の一覧の長さ", "Certificate status list length"),
        ("要求の一覧のバイト数です（RFC 6961 §2.2）。", "How many bytes the list of requests has (RFC 6961 §2.2).");
    STATUS_IDS_LEN: "tls.handshake.extensions_status_request_responder_ids_len", Kind::Dec, ("応答者の一覧の長さ", "Responder ID list length"),
        ("信用する応答者の一覧のバイト数で、ふつう 0 です（RFC 6066 §8）。", "How many bytes the list of trusted responders has, usually 0 (RFC 6066 §8).");
    STATUS_EXTS_LEN: "tls.handshake.extensions_status_request_exts_len", Kind::Dec, ("要求の拡張の長さ", "Request extensions length"),
        ("OCSP の拡張のバイト数で、ふつう 0 です（RFC 6066 §8）。", "How many bytes the extensions of OCSP have, usually 0 (RFC 6066 §8).");
    OCSP_LENGTH: "tls.handshake.ocsp_response_len", Kind::Dec, ("OCSP 応答の長さ", "OCSP response length"),
        ("証明書が有効だという証明のバイト数です（RFC 6066 §8）。", "How many bytes the proof of validity has (RFC 6066 §8).");
    GROUPS_LENGTH: "tls.handshake.extensions_supported_groups_length", Kind::Dec, ("グループの一覧の長さ", "Supported groups list length"),
        ("グループの一覧のバイト数です（RFC 8446 §4.2.7）。", "How many bytes the list of groups has (RFC 8446 §4.2.7).");
    GROUPS: "tls.handshake.extensions_supported_groups", Kind::Group, ("使えるグループ", "Supported groups"),
        ("鍵を決める計算に使える楕円曲線などの一覧です（RFC 8446 §4.2.7）。", "The curves and groups that can be used to agree on a key (RFC 8446 §4.2.7).");
    GROUP: "tls.handshake.extensions_supported_group", Kind::Hex(4), ("グループ", "Supported group"),
        ("鍵を決める計算に使える楕円曲線などの一つです（RFC 8446 §4.2.7）。", "A curve or group that can be used to agree on a key (RFC 8446 §4.2.7).");
    POINTS_LENGTH: "tls.handshake.extensions_ec_point_formats_length", Kind::Dec, ("点の形式の数", "EC point formats length"),
        ("点の形式の一覧のバイト数です（RFC 8422 §5.1.2）。", "How many bytes the list of point formats has (RFC 8422 §5.1.2).");
    POINTS: "tls.handshake.extensions_ec_point_formats", Kind::Group, ("点の形式", "EC point formats"),
        ("楕円曲線の点をどう書けるかの一覧です（RFC 8422 §5.1.2）。", "The ways in which a point of a curve may be written (RFC 8422 §5.1.2).");
    POINT: "tls.handshake.extensions_ec_point_format", Kind::Dec, ("点の形式", "EC point format"),
        ("楕円曲線の点の書き方で、いまは非圧縮（0）だけです（RFC 8422 §5.1.2）。", "How a point of a curve is written; today always uncompressed, 0 (RFC 8422 §5.1.2).");
    SRP_LEN: "tls.handshake.extensions_srp_len", Kind::Dec, ("SRP のユーザ名の長さ", "SRP username length"),
        ("パスワードで鍵を決めるときの、ユーザ名のバイト数です（RFC 5054 §2.8.1）。", "How many bytes the user name has, where keys come from a password (RFC 5054 §2.8.1).");
    SRP: "tls.handshake.extensions_srp_username", Kind::Text, ("SRP のユーザ名", "SRP username"),
        ("パスワードで鍵を決めるときのユーザ名です（RFC 5054 §2.8.1）。", "The user's name, where keys come from a password (RFC 5054 §2.8.1).");
    SIG_ALGS_LEN: "tls.handshake.sig_hash_alg_len", Kind::Dec, ("署名方式の一覧の長さ", "Signature hash algorithms length"),
        ("署名方式の一覧のバイト数です（RFC 8446 §4.2.3）。", "How many bytes the list of signature algorithms has (RFC 8446 §4.2.3).");
    SIG_ALGS: "tls.handshake.sig_hash_algs", Kind::Group, ("署名方式の一覧", "Signature algorithms"),
        ("確かめることのできる署名の方式です（RFC 8446 §4.2.3）。", "The kinds of signature that can be verified (RFC 8446 §4.2.3).");
    SIG_ALG: "tls.handshake.sig_hash_alg", Kind::Hex(4), ("署名方式", "Signature algorithm"),
        ("本人であることを示す署名の方式です（RFC 8446 §4.2.3）。", "A kind of signature, with which an end proves who it is (RFC 8446 §4.2.3).");
    SIG_HASH: "tls.handshake.sig_hash_hash", Kind::Dec, ("ハッシュ", "Hash"),
        ("TLS 1.2 の読み方での上位バイト、ハッシュ関数です（RFC 5246 §7.4.1.4.1）。", "The upper byte, as TLS 1.2 reads it: the hash (RFC 5246 §7.4.1.4.1).");
    SIG_SIG: "tls.handshake.sig_hash_sig", Kind::Dec, ("署名", "Signature"),
        ("TLS 1.2 の読み方での下位バイト、署名の種類です（RFC 5246 §7.4.1.4.1）。", "The lower byte, as TLS 1.2 reads it: the signature (RFC 5246 §7.4.1.4.1).");
    HEARTBEAT_MODE: "tls.handshake.extension.heartbeat.mode", Kind::Dec, ("ハートビートの可否", "Heartbeat mode"),
        ("1 なら、ハートビートの問いを受け取れます（RFC 6520 §2）。", "1: heartbeats may be sent to this end (RFC 6520 §2).");
    ALPN_LEN: "tls.handshake.extensions_alpn_len", Kind::Dec, ("ALPN の長さ", "ALPN extension length"),
        ("プロトコル名の一覧のバイト数です（RFC 7301 §3.1）。", "How many bytes the list of protocol names has (RFC 7301 §3.1).");
    ALPN_LIST: "tls.handshake.extensions_alpn_list", Kind::Group, ("ALPN", "ALPN protocol"),
        ("暗号の中で話したいプロトコルの一覧です（RFC 7301 §3.1）。", "The protocols that the client wants to speak inside (RFC 7301 §3.1).");
    ALPN_STR_LEN: "tls.handshake.extensions_alpn_str_len", Kind::Dec, ("名前の長さ", "ALPN string length"),
        ("プロトコル名のバイト数です（RFC 7301 §3.1）。", "How many bytes the protocol's name has (RFC 7301 §3.1).");
    ALPN_STR: "tls.handshake.extensions_alpn_str", Kind::Text, ("プロトコル（ALPN）", "ALPN next protocol"),
        ("暗号の中で話すプロトコルの名前で、h2 は HTTP/2 です（RFC 7301 §3.1）。", "The name of the protocol spoken inside; h2 is HTTP/2 (RFC 7301 §3.1).");
    NPN_STR_LEN: "tls.handshake.extensions_npn_str_len", Kind::Dec, ("名前の長さ", "Protocol string length"),
        ("ALPN の前身 NPN での、プロトコル名のバイト数です。", "How many bytes a protocol's name has in NPN, which came before ALPN.");
    NPN: "tls.handshake.extensions_npn", Kind::Text, ("プロトコル（NPN）", "Next protocol"),
        ("ALPN の前身 NPN での、プロトコルの名前です。", "A protocol's name in NPN, which came before ALPN.");
    ALPS_LEN: "tls.handshake.extensions_alps_len", Kind::Dec, ("ALPS の長さ", "ALPS extension length"),
        ("設定を先に送りたいプロトコルの一覧のバイト数です。", "How many bytes the list has of protocols whose settings are sent early.");
    ALPS_LIST: "tls.handshake.extensions_alps_alpn_list", Kind::Group, ("ALPS", "Supported ALPN list"),
        ("設定を先に送りたいプロトコルの一覧です。", "The protocols whose settings are sent early.");
    ALPS_STR_LEN: "tls.handshake.extensions_alps_alpn_str_len", Kind::Dec, ("名前の長さ", "Supported ALPN length"),
        ("プロトコル名のバイト数です。", "How many bytes the protocol's name has.");
    ALPS_STR: "tls.handshake.extensions_alps_alpn_str", Kind::Text, ("プロトコル（ALPS）", "Supported ALPN"),
        ("設定を先に送りたいプロトコルの名前です。", "A protocol whose settings are sent early.");
    SCTS_LENGTH: "tls.sct.scts_length", Kind::Dec, ("SCT の一覧の長さ", "Serialized SCT list length"),
        ("証明書の公開記録の一覧のバイト数です（RFC 6962 §3.3）。", "How many bytes the list of proofs of publication has (RFC 6962 §3.3).");
    SCT_LENGTH: "tls.sct.sct_length", Kind::Dec, ("SCT の長さ", "Serialized SCT length"),
        ("公開記録の一つのバイト数です（RFC 6962 §3.3）。", "How many bytes one proof of publication has (RFC 6962 §3.3).");
    SCT_VERSION: "tls.sct.sct_version", Kind::Dec, ("SCT の版", "SCT version"),
        ("公開記録の版で、0 が第 1 版です（RFC 6962 §3.2）。", "The version of the proof; 0 is version 1 (RFC 6962 §3.2).");
    SCT_LOGID: "tls.sct.sct_logid", Kind::Bytes, ("記録簿の ID", "Log ID"),
        ("どの公開記録簿に載ったかを表します（RFC 6962 §3.2）。", "The public log in which the certificate stands (RFC 6962 §3.2).");
    SCT_TIMESTAMP: "tls.sct.sct_timestamp", Kind::Text, ("記録の時刻", "Timestamp"),
        ("公開記録簿に載った時刻です（RFC 6962 §3.2）。", "When it came into the log (RFC 6962 §3.2).");
    SCT_EXTENSIONS_LENGTH: "tls.sct.sct_extensions_length", Kind::Dec, ("SCT の拡張の長さ", "Extensions length"),
        ("拡張のバイト数で、ふつう 0 です（RFC 6962 §3.2）。", "How many bytes the extensions have, usually 0 (RFC 6962 §3.2).");
    SCT_SIGNATURE_LENGTH: "tls.sct.sct_signature_length", Kind::Dec, ("署名の長さ", "Signature length"),
        ("記録簿の署名のバイト数です（RFC 6962 §3.2）。", "How many bytes the log's signature has (RFC 6962 §3.2).");
    SCT_SIGNATURE: "tls.sct.sct_signature", Kind::Bytes, ("署名", "Signature"),
        ("記録簿の署名です（RFC 6962 §3.2）。", "The log's signature (RFC 6962 §3.2).");
    PADDING: "tls.handshake.extensions_padding_data", Kind::Bytes, ("詰めもの", "Padding data"),
        ("長さを変えるためだけの 0 の列です（RFC 7685）。", "Zeros that only change the length (RFC 7685).");
    COMPRESS_LENGTH: "tls.compress_certificate.algorithms_length", Kind::Dec, ("方式の一覧の長さ", "Algorithms length"),
        ("証明書の圧縮方式の一覧のバイト数です（RFC 8879 §3）。", "How many bytes the list of methods to pack certificates has (RFC 8879 §3).");
    COMPRESS: "tls.compress_certificate.algorithm", Kind::Dec, ("証明書の圧縮方式", "Algorithm"),
        ("証明書を小さくして送るための圧縮方式です（RFC 8879 §3）。", "A way to send the certificate packed (RFC 8879 §3).");
    RECORD_SIZE_LIMIT: "tls.record_size_limit", Kind::Dec, ("レコードの大きさの上限", "Record size limit"),
        ("受け取れるレコードの最大のバイト数です（RFC 8449）。", "The largest record that this end can take, in bytes (RFC 8449).");
    PSK_IDS_LENGTH: "tls.handshake.extensions.psk.identities.length", Kind::Dec, ("鍵の名前の一覧の長さ", "Identities length"),
        ("前に決めた鍵の名前の一覧のバイト数です（RFC 8446 §4.2.11）。", "How many bytes the list of names of earlier keys has (RFC 8446 §4.2.11).");
    PSK_ID_LENGTH: "tls.handshake.extensions.psk.identity.identity_length", Kind::Dec, ("鍵の名前の長さ", "Identity length"),
        ("前に決めた鍵の名前のバイト数です（RFC 8446 §4.2.11）。", "How many bytes the name of an earlier key has (RFC 8446 §4.2.11).");
    PSK_ID: "tls.handshake.extensions.psk.identity.identity", Kind::Bytes, ("鍵の名前", "Identity"),
        ("前の接続でもらったチケットなど、使い回したい鍵の名前です（RFC 8446 §4.2.11）。", "Names a key to use again: a ticket from an earlier connection (RFC 8446 §4.2.11).");
    PSK_AGE: "tls.handshake.extensions.psk.identity.obfuscated_ticket_age", Kind::Dec, ("チケットの古さ", "Obfuscated ticket age"),
        ("チケットをもらってからのミリ秒に、乱数を足して隠した値です（RFC 8446 §4.2.11.1）。", "The ticket's age in milliseconds, hidden by adding a random number (RFC 8446 §4.2.11.1).");
    PSK_BINDERS_LEN: "tls.handshake.extensions.psk.binders_len", Kind::Dec, ("証明の一覧の長さ", "PSK binders length"),
        ("鍵を本当に持っている証明の一覧のバイト数です（RFC 8446 §4.2.11.2）。", "How many bytes the proofs of really having the keys have (RFC 8446 §4.2.11.2).");
    PSK_BINDERS: "tls.handshake.extensions.psk.binders", Kind::Group, ("鍵を持つ証明", "PSK binders"),
        ("鍵を本当に持っている証明です（RFC 8446 §4.2.11.2）。", "Proofs of really having the keys (RFC 8446 §4.2.11.2).");
    PSK_SELECTED: "tls.handshake.extensions.psk.identity.selected", Kind::Dec, ("選んだ鍵", "Selected identity"),
        ("サーバが選んだ鍵の、一覧での番号です（RFC 8446 §4.2.11）。", "Which key of the list the server took, from 0 (RFC 8446 §4.2.11).");
    EARLY_DATA_MAX: "tls.early_data.max_early_data_size", Kind::Dec, ("早期データの上限", "Maximum early data size"),
        ("次の接続で、相談の前に送ってよいバイト数です（RFC 8446 §4.6.1）。", "How many bytes may be sent before the handshake next time (RFC 8446 §4.6.1).");
    VERSIONS_LEN: "tls.handshake.extensions.supported_versions_len", Kind::Dec, ("版の一覧の長さ", "Supported versions length"),
        ("版の一覧のバイト数です（RFC 8446 §4.2.1）。", "How many bytes the list of versions has (RFC 8446 §4.2.1).");
    SUPPORTED_VERSION: "tls.handshake.extensions.supported_version", Kind::Hex(4), ("使える版", "Supported version"),
        ("話せる TLS の版で、サーバの返事では選ばれた版です（RFC 8446 §4.2.1）。", "A version of TLS that can be spoken; from the server: the one chosen (RFC 8446 §4.2.1).");
    COOKIE_LEN: "tls.handshake.extensions.cookie_len", Kind::Dec, ("クッキーの長さ", "Cookie length"),
        ("クッキーのバイト数です（RFC 8446 §4.2.2）。", "How many bytes the cookie has (RFC 8446 §4.2.2).");
    COOKIE: "tls.handshake.extensions.cookie", Kind::Bytes, ("クッキー", "Cookie"),
        ("サーバが預け、やり直しの Client Hello で返してもらう値です（RFC 8446 §4.2.2）。", "The server hands it over and gets it back with the second Client Hello (RFC 8446 §4.2.2).");
    PSK_MODES_LENGTH: "tls.extension.psk_ke_modes_length", Kind::Dec, ("鍵の使い方の数", "PSK key exchange modes length"),
        ("鍵の使い方の一覧のバイト数です（RFC 8446 §4.2.9）。", "How many bytes the list of ways to use an earlier key has (RFC 8446 §4.2.9).");
    PSK_MODE: "tls.extension.psk_ke_mode", Kind::Dec, ("鍵の使い方", "PSK key exchange mode"),
        ("前の鍵だけで済ませるか、新しい鍵の計算も加えるかを表します（RFC 8446 §4.2.9）。", "Whether an earlier key is used alone or with a fresh agreement (RFC 8446 §4.2.9).");
    KEY_SHARE_LENGTH: "tls.handshake.extensions_key_share_client_length", Kind::Dec, ("鍵の材料の長さ", "Client key share length"),
        ("クライアントの鍵の材料全体のバイト数です（RFC 8446 §4.2.8）。", "How many bytes the client's key shares have (RFC 8446 §4.2.8).");
    KEY_SHARE_GROUP: "tls.handshake.extensions_key_share_group", Kind::Dec, ("グループ", "Group"),
        ("この鍵の材料を作った曲線です（RFC 8446 §4.2.8）。", "The curve that this key share belongs to (RFC 8446 §4.2.8).");
    KEY_SHARE_LEN: "tls.handshake.extensions_key_share_key_exchange_length", Kind::Dec, ("鍵の材料の長さ", "Key exchange length"),
        ("鍵の材料のバイト数です（RFC 8446 §4.2.8）。", "How many bytes the key share has (RFC 8446 §4.2.8).");
    KEY_SHARE: "tls.handshake.extensions_key_share_key_exchange", Kind::Bytes, ("鍵の材料", "Key exchange"),
        ("公開してよい半分で、両端の半分を合わせると、見ている人には作れない共通の鍵になります（RFC 8446 §4.2.8）。", "The public half; both halves make a common key that nobody who watches can make (RFC 8446 §4.2.8).");
    KEY_SHARE_SELECTED: "tls.handshake.extensions_key_share_selected_group", Kind::Dec, ("選んだグループ", "Selected group"),
        ("サーバが、この曲線でやり直すよう頼んでいます（RFC 8446 §4.2.8）。", "The server asks to begin again with this curve (RFC 8446 §4.2.8).");
    RENEGOTIATION_LEN: "tls.handshake.extensions_reneg_info_len", Kind::Dec, ("再交渉の情報の長さ", "Renegotiation info extension length"),
        ("再交渉の情報のバイト数で、最初の相談では 0 です（RFC 5746 §3.2）。", "How many bytes the renegotiation info has; 0 in the first handshake (RFC 5746 §3.2).");
    RENEGOTIATION: "tls.handshake.extensions_reneg_info", Kind::Bytes, ("再交渉の情報", "Renegotiation info"),
        ("前の相談と同じ相手であることの証明です（RFC 5746 §3.2）。", "Proves that this is the same end as in the handshake before (RFC 5746 §3.2).");

    CERTIFICATES_LENGTH: "tls.handshake.certificates_length", Kind::Dec, ("証明書全体の長さ", "Certificates length"),
        ("証明書の列のバイト数です（RFC 5246 §7.4.2）。", "How many bytes all certificates have (RFC 5246 §7.4.2).");
    CERTIFICATES: "tls.handshake.certificates", Kind::Group, ("証明書の列", "Certificates"),
        ("本人の証明書と、それを保証する側の証明書の列です（RFC 5246 §7.4.2）。", "The certificate of this end, then those of whoever vouches for it (RFC 5246 §7.4.2).");
    CERTIFICATE_LENGTH: "tls.handshake.certificate_length", Kind::Dec, ("証明書の長さ", "Certificate length"),
        ("一つの証明書のバイト数です（RFC 5246 §7.4.2）。", "How many bytes one certificate has (RFC 5246 §7.4.2).");
    CERTIFICATE: "tls.handshake.certificate", Kind::Bytes, ("証明書", "Certificate"),
        ("名前と公開鍵の組に、認証局が署名したものです（RFC 5246 §7.4.2、RFC 5280）。", "A name and its public key, signed by an authority (RFC 5246 §7.4.2, RFC 5280).");
    CURVE_TYPE: "tls.handshake.server_curve_type", Kind::Hex(2), ("曲線の指定", "Curve type"),
        ("3 は、名前のついた曲線を使うという意味です（RFC 8422 §5.4）。", "3: a curve that has a name (RFC 8422 §5.4).");
    NAMED_CURVE: "tls.handshake.server_named_curve", Kind::Hex(4), ("曲線", "Named curve"),
        ("鍵を決める計算に使う楕円曲線です（RFC 8422 §5.4）。", "The curve on which the key is agreed (RFC 8422 §5.4).");
    SERVER_POINT_LEN: "tls.handshake.server_point_len", Kind::Dec, ("公開値の長さ", "Pubkey length"),
        ("サーバの公開値のバイト数です（RFC 8422 §5.4）。", "How many bytes the server's public value has (RFC 8422 §5.4).");
    SERVER_POINT: "tls.handshake.server_point", Kind::Bytes, ("サーバの公開値", "Pubkey"),
        ("鍵の材料の、サーバ側の半分です（RFC 8422 §5.4）。", "The server's half of what makes the key (RFC 8422 §5.4).");
    CLIENT_POINT_LEN: "tls.handshake.client_point_len", Kind::Dec, ("公開値の長さ", "Pubkey length"),
        ("クライアントの公開値のバイト数です（RFC 8422 §5.7）。", "How many bytes the client's public value has (RFC 8422 §5.7).");
    CLIENT_POINT: "tls.handshake.client_point", Kind::Bytes, ("クライアントの公開値", "Pubkey"),
        ("鍵の材料の、クライアント側の半分です（RFC 8422 §5.7）。", "The client's half of what makes the key (RFC 8422 §5.7).");
    P_LEN: "tls.handshake.p_len", Kind::Dec, ("p の長さ", "p length"),
        ("素数 p のバイト数です（RFC 5246 §7.4.3）。", "How many bytes the prime p has (RFC 5246 §7.4.3).");
    P: "tls.handshake.p", Kind::Bytes, ("素数 p", "p"),
        ("DH の計算で割る素数で、2048 ビット以上が要ります（RFC 5246 §7.4.3）。", "The prime of Diffie-Hellman; it should have 2048 bits or more (RFC 5246 §7.4.3).");
    G_LEN: "tls.handshake.g_len", Kind::Dec, ("g の長さ", "g length"),
        ("底 g のバイト数です（RFC 5246 §7.4.3）。", "How many bytes the base g has (RFC 5246 §7.4.3).");
    G: "tls.handshake.g", Kind::Bytes, ("底 g", "g"),
        ("DH の計算で何乗もする数です（RFC 5246 §7.4.3）。", "The base of Diffie-Hellman (RFC 5246 §7.4.3).");
    YS_LEN: "tls.handshake.ys_len", Kind::Dec, ("公開値の長さ", "Pubkey length"),
        ("サーバの公開値のバイト数です（RFC 5246 §7.4.3）。", "How many bytes the server's public value has (RFC 5246 §7.4.3).");
    YS: "tls.handshake.ys", Kind::Bytes, ("サーバの公開値", "Pubkey"),
        ("鍵の材料の、サーバ側の半分です（RFC 5246 §7.4.3）。", "The server's half of what makes the key (RFC 5246 §7.4.3).");
    YC_LEN: "tls.handshake.yc_len", Kind::Dec, ("公開値の長さ", "Pubkey length"),
        ("クライアントの公開値のバイト数です（RFC 5246 §7.4.7.2）。", "How many bytes the client's public value has (RFC 5246 §7.4.7.2).");
    YC: "tls.handshake.yc", Kind::Bytes, ("クライアントの公開値", "Pubkey"),
        ("鍵の材料の、クライアント側の半分です（RFC 5246 §7.4.7.2）。", "The client's half of what makes the key (RFC 5246 §7.4.7.2).");
    EPMS_LEN: "tls.handshake.epms_len", Kind::Dec, ("暗号化された秘密の長さ", "Encrypted PreMaster length"),
        ("暗号化された秘密のバイト数です（RFC 5246 §7.4.7.1）。", "How many bytes the encrypted secret has (RFC 5246 §7.4.7.1).");
    EPMS: "tls.handshake.epms", Kind::Bytes, ("暗号化された秘密", "Encrypted PreMaster"),
        ("鍵の元を証明書の公開鍵で暗号にしたもので、その秘密鍵が漏れると昔の通信も読まれます（RFC 5246 §7.4.7.1）。", "What the keys are made from, encrypted for the certificate's key; if that leaks, old talks can be read (RFC 5246 §7.4.7.1).");
    HINT_LEN: "tls.handshake.hint_len", Kind::Dec, ("手がかりの長さ", "Hint length"),
        ("手がかりのバイト数です（RFC 4279 §2）。", "How many bytes the hint has (RFC 4279 §2).");
    HINT: "tls.handshake.hint", Kind::Bytes, ("手がかり", "Hint"),
        ("どの事前共有鍵を使うかの手がかりです（RFC 4279 §2）。", "Helps the client to choose one of the keys shared before (RFC 4279 §2).");
    IDENTITY_LEN: "tls.handshake.identity_len", Kind::Dec, ("鍵の名前の長さ", "Identity length"),
        ("鍵の名前のバイト数です（RFC 4279 §2）。", "How many bytes the key's name has (RFC 4279 §2).");
    IDENTITY: "tls.handshake.identity", Kind::Bytes, ("鍵の名前", "Identity"),
        ("使う事前共有鍵の名前です（RFC 4279 §2）。", "The name of the key shared before (RFC 4279 §2).");
    SIG_LEN: "tls.handshake.sig_len", Kind::Dec, ("署名の長さ", "Signature length"),
        ("署名のバイト数です（RFC 5246 §7.4.3）。", "How many bytes the signature has (RFC 5246 §7.4.3).");
    SIG: "tls.handshake.sig", Kind::Bytes, ("署名", "Signature"),
        ("この公開値が証明書の持ち主のものだという署名です（RFC 5246 §7.4.3）。", "Proves that the public value comes from the certificate's owner (RFC 5246 §7.4.3).");
    CERT_TYPES_COUNT: "tls.handshake.cert_types_count", Kind::Dec, ("証明書の種類の数", "Certificate types count"),
        ("受け付ける証明書の種類の数です（RFC 5246 §7.4.4）。", "How many types of certificate are accepted (RFC 5246 §7.4.4).");
    CERT_TYPES: "tls.handshake.cert_types", Kind::Group, ("証明書の種類", "Certificate types"),
        ("サーバが受け付ける証明書の種類の一覧です（RFC 5246 §7.4.4）。", "The types of certificate that the server accepts (RFC 5246 §7.4.4).");
    CERT_TYPE: "tls.handshake.cert_type", Kind::Dec, ("証明書の種類", "Certificate type"),
        ("サーバが受け付ける証明書の種類です（RFC 5246 §7.4.4）。", "A type of certificate that the server accepts (RFC 5246 §7.4.4).");
    DNAMES_LEN: "tls.handshake.dnames_len", Kind::Dec, ("認証局の一覧の長さ", "Distinguished names length"),
        ("認証局の名前の一覧のバイト数です（RFC 5246 §7.4.4）。", "How many bytes the list of authorities has (RFC 5246 §7.4.4).");
    DNAMES: "tls.handshake.dnames", Kind::Group, ("認証局の一覧", "Distinguished names"),
        ("サーバが信用する認証局の名前の一覧です（RFC 5246 §7.4.4）。", "The authorities that the server trusts (RFC 5246 §7.4.4).");
    DNAME_LEN: "tls.handshake.dname_len", Kind::Dec, ("認証局の名前の長さ", "Distinguished name length"),
        ("認証局の名前のバイト数です（RFC 5246 §7.4.4）。", "How many bytes the authority's name has (RFC 5246 §7.4.4).");
    DNAME: "tls.handshake.dname", Kind::Group, ("認証局の名前", "Distinguished name"),
        ("サーバが信用する認証局の名前です（RFC 5246 §7.4.4）。", "The name of an authority that the server trusts (RFC 5246 §7.4.4).");
    VERIFY_SIG_LEN: "tls.handshake.client_cert_vrfy.sig_len", Kind::Dec, ("署名の長さ", "Signature length"),
        ("署名のバイト数です（RFC 5246 §7.4.8）。", "How many bytes the signature has (RFC 5246 §7.4.8).");
    VERIFY_SIG: "tls.handshake.client_cert_vrfy.sig", Kind::Bytes, ("署名", "Signature"),
        ("証明書の秘密鍵を本当に持っている証明です（RFC 5246 §7.4.8）。", "Proves that this end really has the certificate's private key (RFC 5246 §7.4.8).");
    TICKET_LIFETIME: "tls.handshake.session_ticket_lifetime_hint", Kind::Dec, ("チケットの寿命", "Session ticket lifetime hint"),
        ("チケットを使える秒数です（RFC 5077 §3.3、RFC 8446 §4.6.1）。", "For how many seconds the ticket may be used (RFC 5077 §3.3, RFC 8446 §4.6.1).");
    TICKET_LENGTH: "tls.handshake.session_ticket_length", Kind::Dec, ("チケットの長さ", "Session ticket length"),
        ("チケットのバイト数です（RFC 5077 §3.3）。", "How many bytes the ticket has (RFC 5077 §3.3).");
    TICKET: "tls.handshake.session_ticket", Kind::Bytes, ("チケット", "Session ticket"),
        ("次の接続で相談を短くするための券で、読めるのはサーバだけです（RFC 5077 §3.3）。", "Makes the next handshake shorter; only the server can read it (RFC 5077 §3.3).");
    TICKET_AGE_ADD: "tls.handshake.session_ticket_age_add", Kind::Dec, ("古さに足す数", "Session ticket age add"),
        ("チケットの古さを隠すために足す乱数です（RFC 8446 §4.6.1）。", "A random number that hides the ticket's age (RFC 8446 §4.6.1).");
    TICKET_NONCE_LENGTH: "tls.handshake.session_ticket_nonce_length", Kind::Dec, ("ナンスの長さ", "Session ticket nonce length"),
        ("ナンスのバイト数です（RFC 8446 §4.6.1）。", "How many bytes the nonce has (RFC 8446 §4.6.1).");
    TICKET_NONCE: "tls.handshake.session_ticket_nonce", Kind::Bytes, ("ナンス", "Session ticket nonce"),
        ("チケットごとに鍵を変えるための値です（RFC 8446 §4.6.1）。", "Makes the keys of each ticket different (RFC 8446 §4.6.1).");
    VERIFY_DATA: "tls.handshake.verify_data", Kind::Group, ("照合の値", "Verify data"),
        ("ここまでの相談が改ざんされていないことを確かめる値です（RFC 8446 §4.4.4）。", "Shows that nobody has changed the handshake so far (RFC 8446 §4.4.4).");

    CIPHER_SPEC_LEN: "tls.handshake.cipher_spec_len", Kind::Dec, ("暗号の一覧の長さ", "Cipher spec length"),
        ("SSL 2.0 の暗号の一覧のバイト数で、一つは 3 バイトです（RFC 5246 §E.2）。", "SSL 2.0: how many bytes the list of ciphers has, 3 for each (RFC 5246 §E.2).");
    CHALLENGE_LENGTH: "tls.handshake.challenge_length", Kind::Dec, ("乱数の長さ", "Challenge length"),
        ("SSL 2.0 の乱数のバイト数です（RFC 5246 §E.2）。", "SSL 2.0: how many bytes the random has (RFC 5246 §E.2).");
    CIPHERSPEC: "tls.handshake.cipherspec", Kind::Hex(6), ("暗号", "Cipher spec"),
        ("SSL 2.0 の暗号の番号で、先頭が 0 なら TLS の暗号スイートです（RFC 5246 §E.2）。", "A cipher of SSL 2.0; with 0 in front, a cipher suite of TLS (RFC 5246 §E.2).");
    CHALLENGE: "tls.handshake.challenge", Kind::Group, ("乱数", "Challenge"),
        ("SSL 2.0 での、クライアントの乱数です（RFC 5246 §E.2）。", "SSL 2.0: the client's random (RFC 5246 §E.2).");

    QP_TYPE: "tls.quic.parameter.type", Kind::Dec, ("QUIC の条件の番号", "QUIC parameter"),
        ("QUIC の接続で守ってほしい条件の、どれかを表します（RFC 9000 §18.2）。", "Which of the terms on which this end speaks QUIC (RFC 9000 §18.2).");
    QP_LENGTH: "tls.quic.parameter.length", Kind::Dec, ("長さ", "Length"),
        ("値のバイト数です（RFC 9000 §18）。", "How many bytes the value has (RFC 9000 §18).");
    QP_VALUE: "tls.quic.parameter.value", Kind::Bytes, ("値", "Value"),
        ("値のバイト列です（RFC 9000 §18）。", "The bytes of the value (RFC 9000 §18).");
    QP_ORIGINAL_ID: "tls.quic.parameter.original_destination_connection_id", Kind::Bytes, ("最初の宛先 ID", "Original destination connection ID"),
        ("クライアントが最初に選んだ宛先 ID で、途中で変えられていない証明です（RFC 9000 §7.3）。", "The ID that the client chose first: proves that nobody has changed it (RFC 9000 §7.3).");
    QP_IDLE: "tls.quic.parameter.max_idle_timeout", Kind::Dec, ("無通信の上限", "Max idle timeout"),
        ("これだけ（ミリ秒）何も届かなければ、接続は終わります（RFC 9000 §10.1）。", "The connection ends after so many milliseconds of silence (RFC 9000 §10.1).");
    QP_RESET_TOKEN: "tls.quic.parameter.stateless_reset_token", Kind::Bytes, ("リセットの合言葉", "Stateless reset token"),
        ("接続を忘れたサーバが、これを見せて終わりを告げます（RFC 9000 §10.3）。", "A server that has forgotten the connection shows this to end it (RFC 9000 §10.3).");
    QP_UDP_SIZE: "tls.quic.parameter.max_udp_payload_size", Kind::Dec, ("データグラムの上限", "Max UDP payload size"),
        ("受け取れるデータグラムの最大のバイト数です（RFC 9000 §18.2）。", "The largest datagram that can be taken, in bytes (RFC 9000 §18.2).");
    QP_DATA: "tls.quic.parameter.initial_max_data", Kind::Dec, ("接続全体の上限", "Initial max data"),
        ("接続全体で、最初に送ってよいバイト数です（RFC 9000 §18.2）。", "How many bytes may be sent at first on the whole connection (RFC 9000 §18.2).");
    QP_BIDI_LOCAL: "tls.quic.parameter.initial_max_stream_data_bidi_local", Kind::Dec, ("双方向ストリームの上限（自分から）", "Initial max stream data, bidirectional, local"),
        ("自分が開いた双方向ストリームで、受け取れるバイト数です（RFC 9000 §18.2）。", "How many bytes can be taken on a two-way stream that this end opened (RFC 9000 §18.2).");
    QP_BIDI_REMOTE: "tls.quic.parameter.initial_max_stream_data_bidi_remote", Kind::Dec, ("双方向ストリームの上限（相手から）", "Initial max stream data, bidirectional, remote"),
        ("相手が開いた双方向ストリームで、受け取れるバイト数です（RFC 9000 §18.2）。", "How many bytes can be taken on a two-way stream that the other end opened (RFC 9000 §18.2).");
    QP_UNI: "tls.quic.parameter.initial_max_stream_data_uni", Kind::Dec, ("片方向ストリームの上限", "Initial max stream data, unidirectional"),
        ("片方向のストリームで、受け取れるバイト数です（RFC 9000 §18.2）。", "How many bytes can be taken on a one-way stream (RFC 9000 §18.2).");
    QP_STREAMS_BIDI: "tls.quic.parameter.initial_max_streams_bidi", Kind::Dec, ("双方向ストリームの数", "Initial max streams, bidirectional"),
        ("相手が開いてよい双方向ストリームの数です（RFC 9000 §18.2）。", "How many two-way streams the other end may open (RFC 9000 §18.2).");
    QP_STREAMS_UNI: "tls.quic.parameter.initial_max_streams_uni", Kind::Dec, ("片方向ストリームの数", "Initial max streams, unidirectional"),
        ("相手が開いてよい片方向ストリームの数です（RFC 9000 §18.2）。", "How many one-way streams the other end may open (RFC 9000 §18.2).");
    QP_ACK_EXPONENT: "tls.quic.parameter.ack_delay_exponent", Kind::Dec, ("応答の遅れの縮尺", "ACK delay exponent"),
        ("応答の遅れを 2 の何乗で割って伝えるかです（RFC 9000 §18.2）。", "By which power of 2 the delay of acknowledgements is divided (RFC 9000 §18.2).");
    QP_ACK_DELAY: "tls.quic.parameter.max_ack_delay", Kind::Dec, ("応答の遅れの上限", "Max ACK delay"),
        ("応答を待たせる最大のミリ秒です（RFC 9000 §18.2）。", "For how many milliseconds an acknowledgement may wait (RFC 9000 §18.2).");
    QP_ID_LIMIT: "tls.quic.parameter.active_connection_id_limit", Kind::Dec, ("接続 ID の数", "Active connection ID limit"),
        ("覚えておける相手の接続 ID の数です（RFC 9000 §18.2）。", "How many connection IDs of the other end can be kept (RFC 9000 §18.2).");
    QP_SOURCE_ID: "tls.quic.parameter.initial_source_connection_id", Kind::Bytes, ("最初の送り元 ID", "Initial source connection ID"),
        ("最初のパケットの送り元 ID で、途中で変えられていない証明です（RFC 9000 §7.3）。", "The source ID of the first packet: proves that nobody has changed it (RFC 9000 §7.3).");
    QP_RETRY_ID: "tls.quic.parameter.retry_source_connection_id", Kind::Bytes, ("やり直しの送り元 ID", "Retry source connection ID"),
        ("Retry パケットの送り元 ID です（RFC 9000 §7.3）。", "The source ID of the Retry packet (RFC 9000 §7.3).");
    QP_DATAGRAM: "tls.quic.parameter.max_datagram_frame_size", Kind::Dec, ("DATAGRAM の上限", "Max datagram frame size"),
        ("届くとは限らない DATAGRAM フレームの、受け取れる最大のバイト数です（RFC 9221 §3）。", "The largest DATAGRAM frame, sent without repetition, that can be taken (RFC 9221 §3).");

    JA3_FULL: "tls.handshake.ja3_full", Kind::Text, ("JA3 の元", "JA3 fullstring"),
        ("版、暗号、拡張、グループ、点の形式の番号を並べた、クライアントの「指紋」の元です。", "The numbers of version, ciphers, extensions, groups and point formats: what the client's fingerprint is made from.");
    JA3: "tls.handshake.ja3", Kind::Text, ("JA3", "JA3"),
        ("Client Hello の癖から作る「指紋」で、どのプログラムかを推測できます。", "A fingerprint of the Client Hello, from which the program can be guessed.");
    JA3S_FULL: "tls.handshake.ja3s_full", Kind::Text, ("JA3S の元", "JA3S fullstring"),
        ("版、暗号、拡張の番号を並べた、サーバの「指紋」の元です。", "The numbers of version, cipher and extensions: what the server's fingerprint is made from.");
    JA3S: "tls.handshake.ja3s", Kind::Text, ("JA3S", "JA3S"),
        ("Server Hello の癖から作る、サーバの「指紋」です。", "A fingerprint of the Server Hello.");
}
