//! The fields of HTTP, and which header line is which field.

use crate::fields;
use crate::wire::{FieldDef, Kind};

fields! {
    CHAT: "http.chat", Kind::Group, ("1 行目", "First line"),
        ("メッセージの 1 行目です。リクエストなら頼みごと、レスポンスなら結果が書かれています（RFC 9112 §3、§4）。", "The first line of the message: what is asked for, or how it turned out (RFC 9112 §3, §4).");
    REQUEST: "http.request", Kind::Bool, ("リクエスト", "Request"),
        ("1 なら、クライアントの頼みごとです（RFC 9110 §3.4）。", "1: this is what a client asks for (RFC 9110 §3.4).");
    RESPONSE: "http.response", Kind::Bool, ("レスポンス", "Response"),
        ("1 なら、サーバの答えです（RFC 9110 §3.4）。", "1: this is a server's answer (RFC 9110 §3.4).");
    NOTIFICATION: "http.notification", Kind::Bool, ("通知", "Notification"),
        ("1 なら、機器どうしの知らせ（UPnP の NOTIFY など）です。", "1: this is news between devices, such as UPnP's NOTIFY.");
    REQUEST_NUMBER: "http.request_number", Kind::Dec, ("リクエストの番号", "Request number"),
        ("このコネクションで何回目のやり取りかで、パケットには書かれていません。", "Which turn of this connection it is; it is not in the packet.");
    RESPONSE_NUMBER: "http.response_number", Kind::Dec, ("レスポンスの番号", "Response number"),
        ("このコネクションで何回目のやり取りかで、パケットには書かれていません。", "Which turn of this connection it is; it is not in the packet.");
    REQUEST_IN: "http.request_in", Kind::Dec, ("リクエストのフレーム", "Request in frame"),
        ("この答えのもとになったリクエストがあるフレームの番号です。", "The frame with the request that this answers.");
    PREV_REQUEST_IN: "http.prev_request_in", Kind::Dec, ("前のリクエスト", "Previous request in frame"),
        ("1 つ前のやり取りのリクエストがあるフレームの番号です。", "The frame with the request of the turn before.");
    PREV_RESPONSE_IN: "http.prev_response_in", Kind::Dec, ("前のレスポンス", "Previous response in frame"),
        ("1 つ前のやり取りのレスポンスがあるフレームの番号です。", "The frame with the answer of the turn before.");
    TIME: "http.time", Kind::Seconds, ("リクエストからの時間", "Time since request"),
        ("リクエストが届ききってから答えが届ききるまでの秒数で、待たされた時間がわかります。", "Seconds from the whole request to the whole answer: how long the client had to wait.");
    RESPONSE_FOR: "http.response_for.uri", Kind::Text, ("答えているリソース", "Request URI"),
        ("どのリソースへの答えかを、リクエストから写したものです。", "Which resource this answer is about, copied from the request.");
    FULL_URI: "http.request.full_uri", Kind::Text, ("完全な URI", "Full request URI"),
        ("Host とリクエスト対象をつないだ、ブラウザのアドレス欄に書く形です（RFC 9110 §7.1）。", "Host and target put together, as in a browser's address bar (RFC 9110 §7.1).");
    URI_PATH: "http.request.uri.path", Kind::Text, ("パス", "Path"),
        ("URI の「?」より前で、サーバの中の場所を表します（RFC 3986 §3.3）。", "The URI up to its “?”: the place on the server (RFC 3986 §3.3).");
    URI_QUERY: "http.request.uri.query", Kind::Text, ("クエリ", "Query"),
        ("URI の「?」より後で、サーバに渡す条件です（RFC 3986 §3.4）。", "The URI behind its “?”: conditions handed to the server (RFC 3986 §3.4).");
    URI_PARAMETER: "http.request.uri.query.parameter", Kind::Text, ("クエリの項目", "Query parameter"),
        ("クエリを「&」で区切った 1 つで、ふつうは「名前=値」です。", "One of the query's parts between “&”, usually “name=value”.");
    METHOD: "http.request.method", Kind::Text, ("メソッド", "Method"),
        ("リソースに対して何をしたいかを表します（RFC 9110 §9）。", "What the client wants done with the resource (RFC 9110 §9).");
    URI: "http.request.uri", Kind::Text, ("リクエスト対象（URI）", "Request target (URI)"),
        ("サーバの中のどのリソースかを指します（RFC 9112 §3.2）。", "Which resource on the server is meant (RFC 9112 §3.2).");
    REQUEST_VERSION: "http.request.version", Kind::Text, ("HTTP バージョン", "HTTP version"),
        ("クライアントが話す HTTP の版で、サーバはこれに合わせて答えます（RFC 9110 §2.5）。", "The version of HTTP the client speaks, so that the server can answer in kind (RFC 9110 §2.5).");
    RESPONSE_VERSION: "http.response.version", Kind::Text, ("HTTP バージョン", "HTTP version"),
        ("サーバが話す HTTP の版です（RFC 9110 §2.5）。", "The version of HTTP the server speaks (RFC 9110 §2.5).");
    CODE: "http.response.code", Kind::Dec, ("ステータスコード", "Status code"),
        ("結果を表す 3 桁の数で、最初の桁が大まかな分類です（RFC 9110 §15）。", "The result as three digits; the first one gives its class (RFC 9110 §15).");
    CODE_DESC: "http.response.code.desc", Kind::Text, ("コードの意味", "Status code description"),
        ("このコードの登録された名前で、パケットにはなく、数から引いたものです（RFC 9110 §15）。", "The registered name of this code: not in the packet, but looked up from the number (RFC 9110 §15).");
    PHRASE: "http.response.phrase", Kind::Text, ("理由句", "Reason phrase"),
        ("人が読むための短い説明で、プログラムは無視します（RFC 9112 §4）。", "A short explanation for people; programs ignore it (RFC 9112 §4).");
    REQUEST_LINE: "http.request.line", Kind::Text, ("リクエストのヘッダ", "Request header"),
        ("リクエストに付けられた「名前: 値」の追加情報です（RFC 9110 §6.3）。", "More about the request, as “name: value” (RFC 9110 §6.3).");
    RESPONSE_LINE: "http.response.line", Kind::Text, ("レスポンスのヘッダ", "Response header"),
        ("レスポンスに付けられた「名前: 値」の追加情報です（RFC 9110 §6.3）。", "More about the response, as “name: value” (RFC 9110 §6.3).");
    HOST: "http.host", Kind::Text, ("Host", "Host"),
        ("1 台のサーバに同居する複数のサイトから、どれかを選ぶ名前です（RFC 9110 §7.2）。", "Which of the sites living on the same server is meant (RFC 9110 §7.2).");
    USER_AGENT: "http.user_agent", Kind::Text, ("User-Agent", "User-Agent"),
        ("リクエストを送ったプログラムの名前です（RFC 9110 §10.1.5）。", "The program that sent the request (RFC 9110 §10.1.5).");
    ACCEPT: "http.accept", Kind::Text, ("Accept", "Accept"),
        ("クライアントが受け取れるデータの種類です（RFC 9110 §12.5.1）。", "The kinds of data the client can take (RFC 9110 §12.5.1).");
    ACCEPT_LANGUAGE: "http.accept_language", Kind::Text, ("Accept-Language", "Accept-Language"),
        ("利用者が読みたい言語を好みの順に伝えます（RFC 9110 §12.5.4）。", "The languages the user would like, by preference (RFC 9110 §12.5.4).");
    ACCEPT_ENCODING: "http.accept_encoding", Kind::Text, ("Accept-Encoding", "Accept-Encoding"),
        ("クライアントが元に戻せる圧縮方式です（RFC 9110 §12.5.3）。", "The compressions the client can undo (RFC 9110 §12.5.3).");
    REFERER: "http.referer", Kind::Text, ("Referer", "Referer"),
        ("どのページからたどってきたかを伝えます（RFC 9110 §10.1.3）。", "The page that led to this request (RFC 9110 §10.1.3).");
    CONNECTION: "http.connection", Kind::Text, ("Connection", "Connection"),
        ("この TCP コネクションを続けるか、閉じるか、切り替えるかを決めます（RFC 9110 §7.6.1）。", "Whether this TCP connection is kept, closed or changed to something else (RFC 9110 §7.6.1).");
    CONTENT_TYPE: "http.content_type", Kind::Text, ("Content-Type", "Content-Type"),
        ("ボディのデータの種類と文字コードで、OSI の第 6 層の役目を担います（RFC 9110 §8.3）。", "What kind of data the body is and in which character encoding: the work of OSI's layer 6 (RFC 9110 §8.3).");
    CONTENT_LENGTH_HEADER: "http.content_length_header", Kind::Text, ("Content-Length", "Content-Length"),
        ("ボディのバイト数で、受け手はこれでメッセージの終わりを知ります（RFC 9110 §8.6）。", "How many bytes the body has: this is how the receiver knows where the message ends (RFC 9110 §8.6).");
    CONTENT_LENGTH: "http.content_length", Kind::Dec, ("ボディの長さ（数値）", "Content length (number)"),
        ("Content-Length を数として読んだ値です（バイト）。", "Content-Length read as a number, in bytes.");
    TRANSFER_ENCODING: "http.transfer_encoding", Kind::Text, ("Transfer-Encoding", "Transfer-Encoding"),
        ("ボディの運び方で、chunked なら長さを先に知らなくても送れます（RFC 9112 §6.1）。", "How the body is carried; “chunked” lets it be sent before its length is known (RFC 9112 §6.1).");
    CONTENT_ENCODING: "http.content_encoding", Kind::Text, ("Content-Encoding", "Content-Encoding"),
        ("ボディの圧縮方式です（RFC 9110 §8.4）。", "How the body is compressed (RFC 9110 §8.4).");
    COOKIE: "http.cookie", Kind::Text, ("Cookie", "Cookie"),
        ("サーバから以前預かった値を返し、同じ利用者だと分かるようにします（RFC 6265 §4.2）。", "Gives back values the server handed out before, so that it knows the user again (RFC 6265 §4.2).");
    COOKIE_PAIR: "http.cookie_pair", Kind::Text, ("Cookie の 1 つ", "Cookie pair"),
        ("Cookie を「;」で区切った 1 つで、「名前=値」です（RFC 6265 §4.2.1）。", "One of the cookies between “;”, as “name=value” (RFC 6265 §4.2.1).");
    SET_COOKIE: "http.set_cookie", Kind::Text, ("Set-Cookie", "Set-Cookie"),
        ("次からのリクエストで返してほしい値をクライアントに預けます（RFC 6265 §4.1）。", "A value the client is to give back with its next requests (RFC 6265 §4.1).");
    LOCATION: "http.location", Kind::Text, ("Location", "Location"),
        ("リダイレクト先、または新しく作られたリソースの場所です（RFC 9110 §10.2.2）。", "Where to go instead, or where the new resource is (RFC 9110 §10.2.2).");
    UPGRADE: "http.upgrade", Kind::Text, ("Upgrade", "Upgrade"),
        ("同じコネクションの上で、別のプロトコルに切り替えたいことを表します（RFC 9110 §7.8）。", "Asks to go on with another protocol on the same connection (RFC 9110 §7.8).");
    WS_KEY: "http.sec_websocket_key", Kind::Text, ("Sec-WebSocket-Key", "Sec-WebSocket-Key"),
        ("サーバが本当に WebSocket を理解しているか確かめるための乱数です（RFC 6455 §11.3.1）。", "A random number to test that the server really understands WebSocket (RFC 6455 §11.3.1).");
    WS_ACCEPT: "http.sec_websocket_accept", Kind::Text, ("Sec-WebSocket-Accept", "Sec-WebSocket-Accept"),
        ("鍵から SHA-1 で計算した返事で、サーバが WebSocket を理解した証拠です（RFC 6455 §11.3.3）。", "The answer computed from the key with SHA-1: proof that the server understood (RFC 6455 §11.3.3).");
    WS_VERSION: "http.sec_websocket_version", Kind::Text, ("Sec-WebSocket-Version", "Sec-WebSocket-Version"),
        ("WebSocket の版で、今は 13 です（RFC 6455 §11.3.5）。", "The version of WebSocket; today it is 13 (RFC 6455 §11.3.5).");
    WS_PROTOCOL: "http.sec_websocket_protocol", Kind::Text, ("Sec-WebSocket-Protocol", "Sec-WebSocket-Protocol"),
        ("WebSocket の上で話すアプリケーションの約束を選びます（RFC 6455 §11.3.4）。", "Chooses what is spoken on top of WebSocket (RFC 6455 §11.3.4).");
    WS_EXTENSIONS: "http.sec_websocket_extensions", Kind::Text, ("Sec-WebSocket-Extensions", "Sec-WebSocket-Extensions"),
        ("圧縮などの WebSocket の拡張を取り決めます（RFC 6455 §11.3.2）。", "Agrees on extensions of WebSocket, such as compression (RFC 6455 §11.3.2).");
    CACHE_CONTROL: "http.cache_control", Kind::Text, ("Cache-Control", "Cache-Control"),
        ("コピーを保存して使い回してよいか、いつまでよいかを決めます（RFC 9111 §5.2）。", "Whether, and for how long, a stored copy may be used again (RFC 9111 §5.2).");
    DATE: "http.date", Kind::Text, ("Date", "Date"),
        ("メッセージが作られた日時です（RFC 9110 §6.6.1）。", "When the message was made (RFC 9110 §6.6.1).");
    LAST_MODIFIED: "http.last_modified", Kind::Text, ("Last-Modified", "Last-Modified"),
        ("リソースが最後に変更された日時です（RFC 9110 §8.8.2）。", "When the resource was last changed (RFC 9110 §8.8.2).");
    SERVER: "http.server", Kind::Text, ("Server", "Server"),
        ("答えたサーバのプログラムの名前です（RFC 9110 §10.2.4）。", "The program that answered (RFC 9110 §10.2.4).");
    AUTHORIZATION: "http.authorization", Kind::Text, ("Authorization", "Authorization"),
        ("利用者が誰かを示す資格情報で、暗号化されていないコネクションでは誰でも読めます（RFC 9110 §11.6.2）。", "Credentials that say who the user is; without encryption anyone on the way can read them (RFC 9110 §11.6.2).");
    AUTH_BASIC: "http.authbasic", Kind::Text, ("資格情報", "Credentials"),
        ("Basic 認証の「利用者名:パスワード」で、Base64 は暗号ではないので誰でも元に戻せます（RFC 7617 §2）。", "Basic's “user:password”: Base64 is no encryption, anyone can undo it (RFC 7617 §2).");
    PROXY_AUTHENTICATE: "http.proxy_authenticate", Kind::Text, ("Proxy-Authenticate", "Proxy-Authenticate"),
        ("どの方法で認証してほしいかをプロキシが伝えます（RFC 9110 §11.7.1）。", "How the proxy wants the user to prove who they are (RFC 9110 §11.7.1).");
    PROXY_AUTHORIZATION: "http.proxy_authorization", Kind::Text, ("Proxy-Authorization", "Proxy-Authorization"),
        ("プロキシに示す資格情報です（RFC 9110 §11.7.2）。", "Credentials for the proxy (RFC 9110 §11.7.2).");
    HTTP2_SETTINGS: "http.http2_settings", Kind::Text, ("HTTP2-Settings", "HTTP2-Settings"),
        ("HTTP/2 に切り替えるときの設定を Base64 で伝えます（RFC 7540 §3.2.1）。", "The settings for a change to HTTP/2, in Base64 (RFC 7540 §3.2.1).");
    UNKNOWN_HEADER: "http.unknown_header", Kind::Text, ("ヘッダ", "Header"),
        ("リクエストでもレスポンスでもないメッセージの「名前: 値」です。", "A “name: value” of a message that is neither request nor response.");
    BAD_HEADER_NAME: "http.bad_header_name", Kind::Group, ("名前に使えない文字", "Illegal header name"),
        ("ヘッダの名前に使ってはいけない文字があります（RFC 9110 §5.1）。", "The header's name holds a character that it may not hold (RFC 9110 §5.1).");
    LEADING_CRLF: "http.leading_crlf", Kind::Group, ("先頭の空行", "Leading CRLF"),
        ("1 行目の前に余分な空行があり、前のメッセージの残りかもしれません（RFC 9112 §2.2）。", "An empty line stands before the first one, perhaps left over from the message before (RFC 9112 §2.2).");
    TE_AND_LENGTH: "http.te_and_length", Kind::Group, ("長さの矛盾", "Transfer-Encoding and Content-Length"),
        ("長さの示し方が 2 つあり、Content-Length は無視されます。攻撃の手口でもあります（RFC 9112 §6.3）。", "The length is told in two ways; Content-Length is ignored. Attacks use this (RFC 9112 §6.3).");
    TE_UNKNOWN: "http.te_unknown", Kind::Group, ("知らない転送方法", "Unknown transfer coding"),
        ("Transfer-Encoding に登録されていない名前があります（RFC 9112 §7）。", "Transfer-Encoding names something that is not registered (RFC 9112 §7).");
    DECOMPRESSION_FAILED: "http.decompression_failed", Kind::Group, ("展開できない", "Decompression failed"),
        ("Content-Encoding のとおりに元に戻せませんでした（RFC 9110 §8.4）。", "The body could not be unpacked as Content-Encoding says (RFC 9110 §8.4).");
    WWW_AUTHENTICATE: "http.www_authenticate", Kind::Text, ("WWW-Authenticate", "WWW-Authenticate"),
        ("どの方法で認証してほしいかをサーバが伝えます（RFC 9110 §11.6.1）。", "How the server wants the user to prove who they are (RFC 9110 §11.6.1).");
    X_FORWARDED_FOR: "http.x_forwarded_for", Kind::Text, ("X-Forwarded-For", "X-Forwarded-For"),
        ("プロキシが書き加えた、元のクライアントのアドレスです。", "The address of the original client, added by a proxy.");
    FILE_DATA: "http.file_data", Kind::Text, ("ボディ", "Body"),
        ("ヘッダの後の空行に続く、運びたいデータそのものです（RFC 9112 §6）。", "The data itself, after the empty line that ends the headers (RFC 9112 §6).");
    CHUNK_SIZE: "http.chunk_size", Kind::Dec, ("チャンクの長さ", "Chunk size"),
        ("この後に続くひとかたまりのバイト数で、16 進数で書かれ、0 なら終わりです（RFC 9112 §7.1）。", "How many bytes follow in this piece, written in hexadecimal; 0 is the end (RFC 9112 §7.1).");
    CHUNK_BOUNDARY: "http.chunk_boundary", Kind::Bytes, ("チャンクの終わり", "Chunk boundary"),
        ("チャンクの後の改行で、データには含まれません（RFC 9112 §7.1）。", "The line end behind a chunk; it is no part of the data (RFC 9112 §7.1).");
    CHUNK_DATA: "http.chunk_data", Kind::Bytes, ("チャンクのデータ", "Chunk data"),
        ("ボディの一部で、つなぎ合わせるとボディになります（RFC 9112 §7.1）。", "A piece of the body; all of them together are the body (RFC 9112 §7.1).");
    TRAILER: "http.chunked_trailer_part", Kind::Text, ("トレーラ", "Trailer"),
        ("ボディを送り終えてから分かる追加のヘッダです（RFC 9112 §7.1.2）。", "A header that was only known once the body had been sent (RFC 9112 §7.1.2).");
}

/// The field of a header line, by its name in lower case.
pub fn of_header(name: &str) -> Option<&'static FieldDef> {
    Some(match name {
        "host" => &HOST,
        "user-agent" => &USER_AGENT,
        "accept" => &ACCEPT,
        "accept-language" => &ACCEPT_LANGUAGE,
        "accept-encoding" => &ACCEPT_ENCODING,
        "referer" => &REFERER,
        "connection" => &CONNECTION,
        "content-type" => &CONTENT_TYPE,
        "content-length" => &CONTENT_LENGTH_HEADER,
        "transfer-encoding" => &TRANSFER_ENCODING,
        "content-encoding" => &CONTENT_ENCODING,
        "cookie" => &COOKIE,
        "set-cookie" => &SET_COOKIE,
        "location" => &LOCATION,
        "upgrade" => &UPGRADE,
        "sec-websocket-key" => &WS_KEY,
        "sec-websocket-accept" => &WS_ACCEPT,
        "sec-websocket-version" => &WS_VERSION,
        "sec-websocket-protocol" => &WS_PROTOCOL,
        "sec-websocket-extensions" => &WS_EXTENSIONS,
        "cache-control" => &CACHE_CONTROL,
        "date" => &DATE,
        "last-modified" => &LAST_MODIFIED,
        "server" => &SERVER,
        "authorization" => &AUTHORIZATION,
        "www-authenticate" => &WWW_AUTHENTICATE,
        "x-forwarded-for" => &X_FORWARDED_FOR,
        "proxy-authenticate" => &PROXY_AUTHENTICATE,
        "proxy-authorization" => &PROXY_AUTHORIZATION,
        "http2-settings" => &HTTP2_SETTINGS,
        _ => return None,
    })
}
