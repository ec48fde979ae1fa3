//! The fields of POP3.

use crate::fields;
use crate::wire::Kind;

fields! {
    REQUEST: "pop.request", Kind::Text, ("要求", "Request"),
        ("クライアントからサーバへの 1 行です（RFC 1939 §3）。", "A line of the client to the server (RFC 1939 §3).");
    COMMAND: "pop.request.command", Kind::Text, ("コマンド", "Request command"),
        ("何をしてほしいかを表す言葉です（RFC 1939 §3）。", "The word that says what is wanted (RFC 1939 §3).");
    PARAMETER: "pop.request.parameter", Kind::Text, ("引数", "Request parameter"),
        ("コマンドの対象で、メールの番号などです（RFC 1939 §3）。", "What the command is about, such as the number of a mail (RFC 1939 §3).");
    RESPONSE: "pop.response", Kind::Text, ("応答", "Response"),
        ("サーバからの返事の 1 行です（RFC 1939 §3）。", "A line of the server in reply (RFC 1939 §3).");
    INDICATOR: "pop.response.indicator", Kind::Text, ("結果", "Response indicator"),
        ("+OK なら成功、-ERR なら失敗です（RFC 1939 §3）。", "+OK is success, -ERR is failure (RFC 1939 §3).");
    DESCRIPTION: "pop.response.description", Kind::Text, ("説明", "Response description"),
        ("結果についての説明です（RFC 1939 §3）。", "Words about the result (RFC 1939 §3).");
    DATA: "pop.response.data", Kind::Text, ("データ", "Data"),
        ("返事に続く一覧やメールの 1 行で、点だけの行で終わります（RFC 1939 §3）。", "A line of the list or mail behind a reply; a single dot ends it (RFC 1939 §3).");
}
