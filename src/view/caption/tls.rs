//! TLS, QUIC and HTTP/2 in plain words: what can be said without the keys, and where the readable part ends.
//!
//! In: a message and its dissected layer. Out: what its sender says. It never guesses what is encrypted.

use super::message::{Found, title_of, values};
use super::now::Now;
use super::words::{add, cut, say, shrink};
use crate::flow::Message;
use crate::lang::Text;
use crate::wire::Layer;

/// One step of the talk: the sentence in Japanese and English, and the reason behind it.
struct Step(&'static str, &'static str, &'static str, &'static str);

/// By the words of the message's title; the more telling ones stand first. A record may hold several messages.
const STEPS: &[(&str, Step)] = &[
    (
        "Client Hello",
        Step(
            "暗号で話そう。私に使える方式はこれだよ",
            "Let us speak in secret. These are the ways I know.",
            "TLS ハンドシェイクの始まり。ここまではまだ誰でも読める。",
            "The TLS handshake begins. So far anyone can read it.",
        ),
    ),
    (
        "Hello Retry Request",
        Step(
            "その鍵の材料では作れない。もう一度お願い",
            "I cannot make a key from that. Please begin again.",
            "サーバが別の曲線を指定して、やり直しを頼んでいる（RFC 8446 §4.1.4）。",
            "The server names another curve and asks to begin again (RFC 8446 §4.1.4).",
        ),
    ),
    (
        "Server Hello",
        Step(
            "じゃあ、この方式にしよう",
            "Then let us use this one.",
            "サーバ側が暗号の方式を選ぶ。",
            "The answering side picks the cipher suite.",
        ),
    ),
    (
        "Certificate Request",
        Step(
            "君が誰なのかも、証明書で見せて",
            "Show me who you are too.",
            "サーバがクライアントの証明書を求めている。",
            "The server asks for the client's certificate.",
        ),
    ),
    (
        "Certificate Verify",
        Step(
            "この証明書は本当に私のものだよ",
            "The certificate is really mine.",
            "秘密鍵を持つ者だけが作れる署名。",
            "A signature that only the owner of the private key can make.",
        ),
    ),
    (
        "Certificate",
        Step(
            "これが私の証明書だよ",
            "This is my certificate.",
            "名前と公開鍵を、認証局が保証している。相手はこれで本物か確かめる。",
            "An authority vouches for a name and its key. The other end checks it.",
        ),
    ),
    (
        "Key Exchange",
        Step(
            "鍵の材料の、私の半分だよ",
            "Here is my half of the key.",
            "両方の半分から、見ている人には作れない共通の鍵ができる。",
            "Both halves make a key that nobody who watches can make.",
        ),
    ),
    (
        "New Session Ticket",
        Step(
            "次はこの券で早く始められるよ",
            "With this ticket we can begin faster next time.",
            "チケット：次の接続でハンドシェイクを短くする。",
            "A ticket makes the next handshake shorter.",
        ),
    ),
    (
        "Change Cipher Spec",
        Step(
            "ここから先は暗号で話すよ",
            "From here on I speak in secret.",
            "この向きは、ここから先が暗号化される。中身は両端だけが読める。",
            "In this direction all is encrypted from here on; only the two ends can read it.",
        ),
    ),
    (
        "Encrypted Handshake Message",
        Step(
            "（暗号化された確認）",
            "(An encrypted check.)",
            "ふつうは Finished：ここまでの相談が改ざんされていないかを確かめる。",
            "Usually Finished: it checks that nobody has changed the handshake.",
        ),
    ),
    (
        "Application Data",
        Step(
            "（暗号化されたデータ）",
            "(encrypted data)",
            "鍵がないと中身は読めない。見えるのは長さだけ。",
            "Without the key nobody can read it: only its length shows.",
        ),
    ),
    (
        "Encrypted Alert",
        Step(
            "（暗号化された警告：TLS Alert）",
            "(encrypted TLS alert)",
            "多くは「もう送らない」という終わりの合図。",
            "Mostly the sign of the end: nothing more will be sent.",
        ),
    ),
    (
        "Close Notify",
        Step(
            "私からはもう送らないよ",
            "I send nothing more.",
            "TLS の終わりの合図。これがないと、途中で切られたのかもしれない。",
            "The end of TLS. Without it somebody may have cut the talk short.",
        ),
    ),
    (
        "Heartbeat",
        Step("まだいる？", "Are you still there?", "TLS のハートビート（RFC 6520）。", "A heartbeat of TLS (RFC 6520)."),
    ),
    (
        "Continuation Data",
        Step(
            "（TLS の途中から）",
            "(from the middle of TLS)",
            "レコードの始まりが記録されていないので、区切りがわからない。",
            "The begin of the record was not captured, so its border is not known.",
        ),
    ),
];

/// What a TLS record says.
pub fn speak(now: &Now, m: &Message, layer: Option<&Layer>) -> Found {
    let who = now.who(m.dir);
    let title = title_of(m);
    let tag = format!("TLS {title}").trim().to_owned();
    let get = |name: &str| layer.and_then(|l| now.print_in(l, name));
    if m.title.starts_with("Alert") && !m.title.contains("Close Notify") {
        let what = m.title.split("Description: ").nth(1).unwrap_or("?").trim_end_matches(')');
        let fatal = m.title.contains("Fatal");
        let (ja, en) = if fatal { ("だめだ、続けられない", "I cannot go on") } else { ("気をつけて", "Take care") };
        let large = shrink(|n| say(&who, &format!("{ja}（{}）", cut(what, n)), &format!("{en}: {}.", cut(what, n))));
        let second = if fatal {
            Text::new("TLS の致命的な警告。接続はここで終わる。", "A fatal alert of TLS: the connection ends here.")
        } else {
            Text::new("TLS の警告。接続は続けられる。", "A warning of TLS: the connection may go on.")
        };
        return Found { large, tag, second, ..Found::default() };
    }
    let found = STEPS.iter().find(|(words, _)| m.title.contains(words));
    let Some((words, Step(ja, en, why_ja, why_en))) = found else {
        let second = Text::new(
            "アプリケーションのデータは、このあと暗号化して送られる。",
            "Application data follows later, encrypted.",
        );
        let large = say(&who, "（TLS の準備の続き）", "(More of the TLS handshake.)");
        return Found { large, tag, second, ..Found::default() };
    };
    let mut large = say(&who, ja, en);
    let mut second = Text::new(*why_ja, *why_en);
    match *words {
        "Client Hello" => {
            if let Some(name) = get("tls.handshake.extensions_server_name") {
                large = shrink(|n| {
                    let name = cut(&name, n);
                    say(&who, &format!("{name} さん、暗号で話そう"), &format!("{name}, let us speak in secret."))
                });
                add(
                    &mut second,
                    Text::new(
                        "行き先の名前（SNI）は暗号になる前に送るので、途中の人にも見える。",
                        "The name of the site (SNI) is sent before encryption begins: those on the way see it.",
                    ),
                );
            }
        }
        "Server Hello" => {
            let suite = layer.and_then(|l| l.field("tls.handshake.ciphersuite")).and_then(|f| f.meaning.clone());
            if let Some(suite) = suite {
                add(&mut second, Text::new(format!("選ばれたのは {suite}。"), format!("It is {suite}.")));
            }
            if layer.is_some_and(|l| l.title == "TLSv1.3") {
                add(
                    &mut second,
                    Text::new("TLS 1.3：このあとの相談は、もう暗号化される。", "TLS 1.3: what follows is already encrypted."),
                );
            }
        }
        "Application Data" => {
            let len = layer.map(|l| values(now, l, "tls.record.length")).and_then(|v| v.first().cloned());
            if let Some(len) = len {
                add(
                    &mut second,
                    Text::new(
                        format!("アプリケーションのデータ、暗号化、{len} バイト。"),
                        format!("Application data, encrypted, {len} bytes."),
                    ),
                );
            }
        }
        _ => {}
    }
    Found { large, tag, second, ..Found::default() }
}

/// What a QUIC datagram says.
pub fn quic(now: &Now, m: &Message) -> Found {
    let who = now.who(m.dir);
    let layers = &now.explained.dissected.layers;
    let hello = layers.iter().find(|l| l.proto == "tls");
    let name = hello.and_then(|l| now.print_in(l, "tls.handshake.extensions_server_name"));
    let has = |word: &str| m.title.contains(word);
    let (large, second) = match (hello, name) {
        (Some(_), Some(name)) => (
            shrink(|n| {
                let name = cut(&name, n);
                say(&who, &format!("{name} さん、QUIC で話そう"), &format!("{name}, let us speak QUIC."))
            }),
            Text::new(
                "最初のパケットの鍵は誰でも作れる。だから行き先の名前（SNI）も読める。",
                "Anyone can make the key of the first packet, so the name of the site (SNI) can be read.",
            ),
        ),
        (Some(hello), None) if hello.summary.contains("Client Hello") => (
            say(&who, "QUIC で話そう。使える方式はこれだよ", "Let us speak QUIC. These are the ways I know."),
            Text::new("QUIC は TLS のハンドシェイクを UDP で運ぶ。", "QUIC carries the handshake of TLS over UDP."),
        ),
        (Some(_), None) => (
            say(&who, "じゃあ、この方式にしよう", "Then let us use this one."),
            Text::new("このあとは両端だけの鍵で暗号化される。", "From here on only the two ends have the keys."),
        ),
        _ if has("Version Negotiation") => (
            say(&who, "その版は話せない。話せるのはこれだよ", "I do not speak that version, but these."),
            Text::new("版の相談：クライアントは選び直す。", "Version negotiation: the client chooses again."),
        ),
        _ if has("Retry") => (
            say(&who, "本当に君なら、これを付けてもう一度", "If it is really you, send it again with this."),
            Text::new("Retry：送り元のアドレスが本物かを確かめる。", "Retry: checks that the sender's address is real."),
        ),
        _ if has("Handshake") || has("Initial") => (
            say(&who, "（QUIC の準備の続き）", "(More of the QUIC handshake.)"),
            Text::new("準備の続き。鍵がないと中身は読めない。", "Setting up goes on. Without the keys it cannot be read."),
        ),
        _ => (
            say(&who, "（暗号化されたデータ）", "(encrypted data)"),
            Text::new(
                "QUIC は、番号も確認応答もデータもすべて暗号化する。",
                "QUIC encrypts everything: numbers, acknowledgements and data.",
            ),
        ),
    };
    Found { large, tag: format!("QUIC {}", title_of(m)), second, ..Found::default() }
}

/// What a frame of HTTP/2 says.
pub fn http2(now: &Now, m: &Message) -> Found {
    let who = now.who(m.dir);
    let kind = m.title.split('[').next().unwrap_or_default();
    let (ja, en, why) = match kind {
        "Magic" => (
            "HTTP/2 で話すよ",
            "I speak HTTP/2.",
            Text::new("クライアントが必ず最初に送る合言葉。", "The magic words that every client sends first."),
        ),
        "SETTINGS" => (
            "私の都合はこうだよ",
            "This is how I want it.",
            Text::new("SETTINGS：同時に進めてよい数などを知らせる。", "SETTINGS: how many exchanges at once, and more."),
        ),
        "HEADERS" | "CONTINUATION" | "PUSH_PROMISE" => (
            "（圧縮されたヘッダ）",
            "(compressed headers)",
            Text::new("ヘッダは HPACK で圧縮されていて、まだ読めない。", "Headers are compressed by HPACK, which is not read yet."),
        ),
        "DATA" => (
            "本文を送るよ",
            "Here is a part of the body.",
            Text::new("DATA：リクエストやレスポンスの本文。", "DATA: the body of a request or an answer."),
        ),
        "WINDOW_UPDATE" => (
            "もっと送っていいよ",
            "You may send more.",
            Text::new("ストリームごとの流量制御。", "Flow control of each stream."),
        ),
        "PING" => ("まだいる？", "Are you still there?", Text::new("PING とその返事。", "A PING or its answer.")),
        "RST_STREAM" => (
            "このやりとりはやめよう",
            "Let us drop this exchange.",
            Text::new("一つのストリームだけを打ち切る。接続は続く。", "Cuts off one stream. The connection goes on."),
        ),
        "GOAWAY" => (
            "そろそろ終わりにするね",
            "Let us finish here.",
            Text::new("GOAWAY：新しいストリームはもう始めない。", "GOAWAY: no new streams are begun."),
        ),
        _ => ("（HTTP/2 のフレーム）", "(a frame of HTTP/2)", Text::new("HTTP/2 のフレーム。", "A frame of HTTP/2.")),
    };
    Found { large: say(&who, ja, en), tag: format!("HTTP2 {}", title_of(m)), second: why, ..Found::default() }
}
