//! The fields of FTP.

use crate::fields;
use crate::wire::Kind;

fields! {
    REQUEST: "ftp.request", Kind::Bool, ("要求", "Request"),
        ("1 なら、クライアントからサーバへの言葉です。", "1: said by the client to the server.");
    RESPONSE: "ftp.response", Kind::Bool, ("応答", "Response"),
        ("1 なら、サーバからクライアントへの返事です。", "1: the server's reply to the client.");
    COMMAND: "ftp.request.command", Kind::Text, ("コマンド", "Request command"),
        ("何をしてほしいかを表す言葉です（RFC 959 §4.1）。", "The word that says what is wanted (RFC 959 §4.1).");
    ARG: "ftp.request.arg", Kind::Text, ("引数", "Request arg"),
        ("コマンドの対象で、ファイル名などです（RFC 959 §4.1）。", "What the command is about, such as a file's name (RFC 959 §4.1).");
    CODE: "ftp.response.code", Kind::Dec, ("応答コード", "Response code"),
        ("1 は途中、2 は成功、3 は続きを待つ、4 と 5 は失敗で始まる番号です（RFC 959 §4.2）。", "Begins with 1: under way, 2: success, 3: go on, 4 or 5: failure (RFC 959 §4.2).");
    RESPONSE_ARG: "ftp.response.arg", Kind::Text, ("応答の説明", "Response arg"),
        ("番号に続く説明です（RFC 959 §4.2）。", "The words behind the number (RFC 959 §4.2).");
    PASSIVE_IP: "ftp.passive.ip", Kind::Ipv4, ("待つ側のアドレス", "Passive IP address"),
        ("データの接続を待つサーバのアドレスです（RFC 959 §4.1.2）。", "The server's address that waits for the data connection (RFC 959 §4.1.2).");
    PASSIVE_PORT: "ftp.passive.port", Kind::Dec, ("待つ側のポート", "Passive port"),
        ("データの接続を待つサーバのポートです（RFC 959 §4.1.2）。", "The server's port that waits for the data connection (RFC 959 §4.1.2).");
    ACTIVE_IP: "ftp.active.cip", Kind::Ipv4, ("クライアントのアドレス", "Active IP address"),
        ("データの接続を待つクライアントのアドレスです（RFC 959 §4.1.2）。", "The client's address that waits for the data connection (RFC 959 §4.1.2).");
    ACTIVE_PORT: "ftp.active.port", Kind::Dec, ("クライアントのポート", "Active port"),
        ("データの接続を待つクライアントのポートです（RFC 959 §4.1.2）。", "The client's port that waits for the data connection (RFC 959 §4.1.2).");
    EPRT_AF: "ftp.eprt.af", Kind::Dec, ("アドレスの種類", "Extended active address family"),
        ("1 は IPv4、2 は IPv6 です（RFC 2428 §2）。", "1 is IPv4, 2 is IPv6 (RFC 2428 §2).");
    EPRT_IP: "ftp.eprt.ip", Kind::Ipv4, ("クライアントの IPv4 アドレス", "Extended active IP address"),
        ("データの接続を待つクライアントの IPv4 アドレスです（RFC 2428 §2）。", "The client's IPv4 address that waits for the data connection (RFC 2428 §2).");
    EPRT_IPV6: "ftp.eprt.ipv6", Kind::Ipv6, ("クライアントの IPv6 アドレス", "Extended active IPv6 address"),
        ("データの接続を待つクライアントの IPv6 アドレスです（RFC 2428 §2）。", "The client's IPv6 address that waits for the data connection (RFC 2428 §2).");
    EPRT_PORT: "ftp.eprt.port", Kind::Dec, ("クライアントのポート", "Extended active port"),
        ("データの接続を待つクライアントのポートです（RFC 2428 §2）。", "The client's port that waits for the data connection (RFC 2428 §2).");
    EPSV_PORT: "ftp.epsv.port", Kind::Dec, ("待つ側のポート", "Extended passive port"),
        ("データの接続を待つサーバのポートです（RFC 2428 §3）。", "The server's port that waits for the data connection (RFC 2428 §3).");
}
