//! The fields of SMTP.

use crate::fields;
use crate::wire::Kind;

fields! {
    REQ: "smtp.req", Kind::Bool, ("要求", "Request"),
        ("クライアントからサーバへの言葉です。", "Said by the client to the server.");
    RSP: "smtp.rsp", Kind::Bool, ("応答", "Response"),
        ("サーバからクライアントへの返事です。", "The server's reply to the client.");
    COMMAND_LINE: "smtp.command_line", Kind::Text, ("コマンド行", "Command line"),
        ("コマンドとその引数の 1 行です（RFC 5321 §4.1.1）。", "A line with a command and its arguments (RFC 5321 §4.1.1).");
    COMMAND: "smtp.req.command", Kind::Text, ("コマンド", "Command"),
        ("何をしてほしいかを表す言葉です（RFC 5321 §4.1.1）。", "The word that says what is wanted (RFC 5321 §4.1.1).");
    PARAMETER: "smtp.req.parameter", Kind::Text, ("引数", "Request parameter"),
        ("コマンドの対象で、差出人や宛先などです（RFC 5321 §4.1.1）。", "What the command is about: the sender, a recipient (RFC 5321 §4.1.1).");
    RESPONSE: "smtp.response", Kind::Text, ("応答行", "Response"),
        ("結果の番号と説明です（RFC 5321 §4.2）。", "The result as a number and in words (RFC 5321 §4.2).");
    CODE: "smtp.response.code", Kind::Dec, ("応答コード", "Response code"),
        ("2 は成功、3 は続きを待つ、4 と 5 は失敗で始まる番号です（RFC 5321 §4.2.1）。", "Begins with 2: success, 3: go on, 4 or 5: failure (RFC 5321 §4.2.1).");
    RSP_PARAMETER: "smtp.rsp.parameter", Kind::Text, ("応答の説明", "Response parameter"),
        ("番号に続く言葉で、EHLO への返事では使える拡張です（RFC 5321 §4.2.1）。", "The words behind the number; after EHLO, the extensions that may be used (RFC 5321 §4.2.1).");
    USERNAME: "smtp.auth.username", Kind::Text, ("ユーザ名", "Username"),
        ("認証のためのユーザ名で、Base64 で書かれているだけです（RFC 4954 §4）。", "The user name for authentication, merely written in Base64 (RFC 4954 §4).");
    PASSWORD: "smtp.auth.password", Kind::Text, ("パスワード", "Password"),
        ("認証のためのパスワードで、Base64 は暗号ではありません（RFC 4954 §4）。", "The password for authentication; Base64 hides nothing (RFC 4954 §4).");
    BOTH: "smtp.auth.username_password", Kind::Text, ("ユーザ名とパスワード", "Username/Password"),
        ("ユーザ名とパスワードを NUL で区切り、Base64 で書いたものです（RFC 4616 §2）。", "User name and password with a NUL between them, in Base64 (RFC 4616 §2).");
    BASE64: "smtp.base64_decode", Kind::Group, ("Base64 のまま", "Base64 as it is"),
        ("ここでは Base64 を読み解かずに示します。", "The Base64 is shown as it is.");
    EOM: "smtp.eom", Kind::Group, ("メールの終わり", "EOM"),
        ("点だけの行がメールの終わりです（RFC 5321 §4.1.1.4）。", "A line with a single dot ends the mail (RFC 5321 §4.1.1.4).");
    FRAGMENTS: "smtp.data.fragments", Kind::Group, ("メールの断片", "DATA fragments"),
        ("メールはいくつかのセグメントに分かれて届きます。", "The mail comes in several segments.");
    LENGTH: "smtp.data.reassembled.length", Kind::Dec, ("メールの長さ", "Reassembled DATA length"),
        ("組み立てたメールのバイト数です。", "How many bytes the mail has when put together.");
}
