//! What each method and each class of status codes is for: the same field, with a note of its own for the value at hand.

use crate::wire::FieldDef;

/// The same fields as in `fields`, one definition a value, so that the note can say what exactly this value does.
#[allow(dead_code, reason = "the table that the macro makes is not a table of further fields")]
mod by_value {
    use crate::fields;
    use crate::wire::Kind;

    fields! {
        GET: "http.request.method", Kind::Text, ("メソッド", "Method"),
            ("GET は、リソースを見せてほしいという頼みで、サーバ側の状態は変わりません（RFC 9110 §9.3.1）。", "GET asks to be shown the resource; nothing changes on the server (RFC 9110 §9.3.1).");
        HEAD: "http.request.method", Kind::Text, ("メソッド", "Method"),
            ("HEAD は GET と同じですが、ヘッダだけを求め、ボディは返ってきません（RFC 9110 §9.3.2）。", "HEAD is GET without the body: only the headers come back (RFC 9110 §9.3.2).");
        POST: "http.request.method", Kind::Text, ("メソッド", "Method"),
            ("POST はデータを渡して処理を頼み、2 回送ると 2 回実行されることがあります（RFC 9110 §9.3.3）。", "POST hands over data to be processed; sending it twice may do it twice (RFC 9110 §9.3.3).");
        PUT: "http.request.method", Kind::Text, ("メソッド", "Method"),
            ("PUT はリソースを送った内容で置き換え、何度送っても結果は同じです（RFC 9110 §9.3.4）。", "PUT replaces the resource by what is sent; repeating it changes nothing more (RFC 9110 §9.3.4).");
        DELETE: "http.request.method", Kind::Text, ("メソッド", "Method"),
            ("DELETE はリソースを消してほしいという頼みです（RFC 9110 §9.3.5）。", "DELETE asks for the resource to be removed (RFC 9110 §9.3.5).");
        CONNECT: "http.request.method", Kind::Text, ("メソッド", "Method"),
            ("CONNECT は相手先までのトンネルをプロキシに頼み、成功後はただのバイト列が流れます（RFC 9110 §9.3.6）。", "CONNECT asks a proxy for a tunnel; once granted, only plain bytes flow (RFC 9110 §9.3.6).");
        OPTIONS: "http.request.method", Kind::Text, ("メソッド", "Method"),
            ("OPTIONS はそのリソースに何ができるかを尋ねます（RFC 9110 §9.3.7）。", "OPTIONS asks what may be done with the resource (RFC 9110 §9.3.7).");
        TRACE: "http.request.method", Kind::Text, ("メソッド", "Method"),
            ("TRACE は届いたリクエストをそのまま送り返してもらい、途中の変化を調べます（RFC 9110 §9.3.8）。", "TRACE has the request sent back as it arrived, to see what happened on the way (RFC 9110 §9.3.8).");
        PATCH: "http.request.method", Kind::Text, ("メソッド", "Method"),
            ("PATCH はリソースの一部だけを書き換えます（RFC 5789）。", "PATCH changes a part of the resource (RFC 5789).");
        CODE_1XX: "http.response.code", Kind::Dec, ("ステータスコード", "Status code"),
            ("1xx は途中経過で、最終的な答えはこの後に来ます（RFC 9110 §15.2）。", "1xx is interim news; the final answer is still to come (RFC 9110 §15.2).");
        CODE_2XX: "http.response.code", Kind::Dec, ("ステータスコード", "Status code"),
            ("2xx は成功で、頼まれたことができたという意味です（RFC 9110 §15.3）。", "2xx is success: what was asked for has been done (RFC 9110 §15.3).");
        CODE_3XX: "http.response.code", Kind::Dec, ("ステータスコード", "Status code"),
            ("3xx はリダイレクトで、別の場所や手元のコピーを使ってくださいという意味です（RFC 9110 §15.4）。", "3xx sends the client elsewhere, or to its own stored copy (RFC 9110 §15.4).");
        CODE_4XX: "http.response.code", Kind::Dec, ("ステータスコード", "Status code"),
            ("4xx はクライアントの誤りで、リクエストの側に問題があります（RFC 9110 §15.5）。", "4xx is the client's error: something is wrong with the request (RFC 9110 §15.5).");
        CODE_5XX: "http.response.code", Kind::Dec, ("ステータスコード", "Status code"),
            ("5xx はサーバの誤りで、リクエストは正しくてもサーバが応えられませんでした（RFC 9110 §15.6）。", "5xx is the server's error: the request may be fine, but the server failed (RFC 9110 §15.6).");
    }
}
use by_value as v;

/// The definition for this method, and its properties in the words of RFC 9110 §9.2.
pub fn method(name: &str) -> (&'static FieldDef, Option<&'static str>) {
    match name {
        "GET" => (&v::GET, Some("safe, idempotent")),
        "HEAD" => (&v::HEAD, Some("safe, idempotent")),
        "POST" => (&v::POST, Some("not idempotent")),
        "PUT" => (&v::PUT, Some("idempotent")),
        "DELETE" => (&v::DELETE, Some("idempotent")),
        "CONNECT" => (&v::CONNECT, Some("tunnel")),
        "OPTIONS" => (&v::OPTIONS, Some("safe, idempotent")),
        "TRACE" => (&v::TRACE, Some("safe, idempotent")),
        "PATCH" => (&v::PATCH, Some("not idempotent")),
        _ => (&super::fields::METHOD, None),
    }
}

/// The definition for this status code's class, and the class in RFC 9110's words.
pub fn class(code: u16) -> (&'static FieldDef, Option<&'static str>) {
    match code / 100 {
        1 => (&v::CODE_1XX, Some("Informational")),
        2 => (&v::CODE_2XX, Some("Successful")),
        3 => (&v::CODE_3XX, Some("Redirection")),
        4 => (&v::CODE_4XX, Some("Client error")),
        5 => (&v::CODE_5XX, Some("Server error")),
        _ => (&super::fields::CODE, None),
    }
}

/// The name of a status code (IANA, HTTP Status Code Registry), in the words of Wireshark 4.0, which are partly those of RFC 2616.
pub fn reason(code: u16) -> Option<&'static str> {
    Some(match code {
        100 => "Continue",
        101 => "Switching Protocols",
        102 => "Processing",
        103 => "Early Hints",
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        203 => "Non-authoritative Information",
        204 => "No Content",
        205 => "Reset Content",
        206 => "Partial Content",
        207 => "Multi-Status",
        208 => "Already Reported",
        226 => "IM Used",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        305 => "Use Proxy",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Authentication Required",
        408 => "Request Time-out",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Request Entity Too Large",
        414 => "Request-URI Too Long",
        415 => "Unsupported Media Type",
        416 => "Requested Range Not Satisfiable",
        417 => "Expectation Failed",
        418 => "I'm a teapot",
        421 => "Misdirected Request",
        422 => "Unprocessable Entity",
        423 => "Locked",
        424 => "Failed Dependency",
        425 => "Too Early",
        426 => "Upgrade Required",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        451 => "Unavailable For Legal Reasons",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Time-out",
        505 => "HTTP Version not supported",
        506 => "Variant Also Negotiates",
        507 => "Insufficient Storage",
        508 => "Loop Detected",
        510 => "Not Extended",
        511 => "Network Authentication Required",
        199 => "Informational - Others",
        299 => "Success - Others",
        399 => "Redirection - Others",
        499 => "Client Error - Others",
        599 => "Server Error - Others",
        _ => return None,
    })
}
