//! HTTP/1: what a request asks for and what an answer says, without any value of a cookie, a credential or a form.

use super::message::{Found, short, values};
use super::now::{Now, number};
use super::words::{add, cut, fits, say, shrink};
use crate::flow::{Message, MessageId, MessageKind};
use crate::lang::Text;
use crate::wire::Layer;

/// Earlier answers that are searched for the Set-Cookie of a cookie.
const COOKIE_ANSWERS: usize = 64;
/// Messages looked back over for them.
const COOKIE_MESSAGES: usize = 2_000;

pub fn speak(now: &Now, id: MessageId, m: &Message, layer: Option<&Layer>) -> Option<Found> {
    match m.kind {
        MessageKind::Request => Some(request(now, m, layer)),
        MessageKind::Response => Some(response(now, id, m, layer)),
        _ => None,
    }
}

/// A field of the head; without a dissected layer none is known.
fn field(now: &Now, layer: Option<&Layer>, name: &str) -> Option<String> {
    now.print_in(layer?, name)
}

/// A path as it may be shown: a query may hold the fields of a form.
fn path_of(uri: &str) -> String {
    match uri.split_once('?') {
        Some((path, _)) => format!("{path}?…"),
        None => uri.to_owned(),
    }
}

/// Method and path of a request, from its title ("GET /users/1 HTTP/1.1").
fn asked(title: &str) -> (String, String) {
    let mut words = title.split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    (method, path_of(words.next().unwrap_or_default()))
}

fn request(now: &Now, m: &Message, layer: Option<&Layer>) -> Found {
    let who = now.who(m.dir);
    let (mut method, mut path) = asked(&m.title);
    if let Some(known) = field(now, layer, "http.request.method") {
        method = known;
        path = field(now, layer, "http.request.uri").map_or(path, |uri| path_of(&uri));
    }
    if path.is_empty() || path == "…" {
        return Found {
            large: say(&who, "頼みを送るよ", "Here is a request."),
            tag: "HTTP".into(),
            second: Text::new("リクエスト行がまだ読めない。", "Its request line cannot be read yet."),
            ..Found::default()
        };
    }
    let len = field(now, layer, "http.content_length_header").or_else(|| field(now, layer, "http.content_length"));
    let version = field(now, layer, "http.request.version").unwrap_or_else(|| "HTTP".into());
    let tag = format!("{version} {}", cut(&method, 12));
    if upgrades(now, m, layer) {
        return Found {
            large: say(&who, "ここからは WebSocket で話せる？", "Can we speak WebSocket from here on?"),
            tag: format!("{tag} (Upgrade)"),
            second: Text::new(
                "ふつうの GET に Upgrade: websocket を付けた頼み。鍵（Sec-WebSocket-Key）は暗号のためのものではない。",
                "A plain GET with Upgrade: websocket. Its key (Sec-WebSocket-Key) is not for encryption.",
            ),
            ..Found::default()
        };
    }
    let size = |ja: bool| match &len {
        Some(len) if ja => format!("（{len} バイト）"),
        Some(len) => format!(" ({len} bytes)"),
        None => String::new(),
    };
    let words = |n: usize| -> (String, String) {
        let p = cut(&path, n);
        match method.as_str() {
            "GET" => (format!("{p} をちょうだい"), format!("{p}, please.")),
            "HEAD" => (format!("{p} のヘッダだけちょうだい"), format!("Only the headers of {p}, please.")),
            "POST" => (format!("{p} あてに、これを渡すね{}", size(true)), format!("This is for {p}{}.", size(false))),
            "PUT" => (format!("これを {p} に置いてね{}", size(true)), format!("Please put this at {p}{}.", size(false))),
            "PATCH" => {
                (format!("{p} をこのとおりに直してね{}", size(true)), format!("Please change {p} like this{}.", size(false)))
            }
            "DELETE" => (format!("{p} を消してね"), format!("Please delete {p}.")),
            "OPTIONS" => (format!("{p} では何ができる？"), format!("What can I do with {p}?")),
            "CONNECT" => (format!("{p} までつないで"), format!("Please connect me to {p}.")),
            "TRACE" => (format!("{p} あての頼みを、届いたまま送り返して"), format!("Please send back what you get for {p}.")),
            other => (format!("{} {p} をお願い", cut(other, 12)), format!("{} {p}, please.", cut(other, 12))),
        }
    };
    let base = shrink(|n| {
        let (ja, en) = words(n);
        say(&who, &ja, &en)
    });
    let mut second = match method.as_str() {
        "GET" | "HEAD" => Text::new("本文はない。ヘッダは空行で終わる。", "No body: the head ends with an empty line."),
        "POST" | "PUT" | "PATCH" if len.is_some() => Text::new(
            "空行のあとに本文が続く。長さは Content-Length が言う。",
            "After the empty line comes the body; Content-Length says how long it is.",
        ),
        _ => Text::default(),
    };
    let names = cookie_names(&layer.map_or_else(Vec::new, |l| values(now, l, "http.cookie")), ';');
    let large = match joined(&names) {
        None => base,
        Some(name) => {
            let known = names.iter().all(|n| was_given(now, m, n));
            let (cja, cen) = if known {
                (format!("さっきもらった Cookie（{name}）もつけるね"), format!("With it goes the cookie you gave me ({name})."))
            } else {
                (format!("Cookie（{name}）もつけるね"), format!("With it goes my cookie ({name})."))
            };
            let both = |n| {
                let (ja, en) = words(n);
                say(&who, &format!("{ja}。{cja}"), &format!("{en} {cen}"))
            };
            let mut why = Text::new(
                "サーバは Cookie で利用者を見分ける。HTTP はステートレスのまま。",
                "The server tells users apart by the cookie. HTTP itself stays stateless.",
            );
            std::mem::swap(&mut second, &mut why);
            add(&mut second, why);
            let large = shrink(both);
            if fits(&large) && large.en.contains(&cen) {
                large
            } else {
                second = front(say(&who, &cja, &cen), second);
                base
            }
        }
    };
    if let Some(host) = field(now, layer, "http.host") {
        let host = cut(&host, 40);
        add(&mut second, Text::new(format!("Host: {host} で、どのサイトかを言う。"), format!("Host: {host} names the site.")));
    }
    Found { large, tag, second, ..Found::default() }
}

fn front(first: Text, rest: Text) -> Text {
    let mut line = Text::default();
    add(&mut line, first);
    add(&mut line, rest);
    line
}

/// The names in cookie headers; the values are left where they are.
fn cookie_names(headers: &[String], separator: char) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in headers.iter().flat_map(|h| h.split(separator)) {
        // Without "=" the whole part would be a value (RFC 6265 §5.2): it is not shown.
        if let Some((name, _)) = part.split_once('=') {
            let name = cut(name.trim(), 24);
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// At most two names, and how many more there are.
fn joined(names: &[String]) -> Option<String> {
    match names {
        [] => None,
        [one] => Some(one.clone()),
        [one, two] => Some(format!("{one}, {two}")),
        [one, two, rest @ ..] => Some(format!("{one}, {two} +{}", rest.len())),
    }
}

/// A Set-Cookie of this name was seen before, from this server to this client.
fn was_given(now: &Now, request: &Message, name: &str) -> bool {
    let index = &now.capture.index;
    let Some(flow) = index.flow(request.flow) else { return false };
    let upto = index.messages.partition_point(|m| m.first_frame < now.explained.frame);
    let before = index.messages.before(upto).take(COOKIE_MESSAGES);
    let answers = before.filter(|m| {
        m.proto == "http"
            && m.kind == MessageKind::Response
            && index.flow(m.flow).is_some_and(|f| f.ends[1] == flow.ends[1] && f.ends[0].ip() == flow.ends[0].ip())
    });
    answers.take(COOKIE_ANSWERS).any(|m| {
        head_values(now, m, "set-cookie").iter().any(|v| v.split('=').next().is_some_and(|n| n.trim() == name))
    })
}

/// The values of a header in the first frame of an earlier message; what lies in later frames counts as not known.
fn head_values(now: &Now, m: &Message, name: &str) -> Vec<String> {
    let mut buf = Vec::new();
    let Some(row) = now.capture.index.row(m.first_frame) else { return Vec::new() };
    let Some(frame) = now.capture.trace.frame(m.first_frame, &mut buf) else { return Vec::new() };
    let skip = usize::try_from(m.range.start.saturating_sub(row.stream_at)).unwrap_or(usize::MAX);
    let start = usize::from(row.payload_at).saturating_add(skip);
    let end = usize::from(row.payload_at).saturating_add(row.payload_len as usize).min(frame.bytes.len());
    let head = String::from_utf8_lossy(frame.bytes.get(start..end).unwrap_or(&[])).into_owned();
    let lines = head.split("\r\n").skip(1).take_while(|line| !line.is_empty());
    let value = |line: &str| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    };
    lines.filter_map(value).collect()
}

/// This request asks for WebSocket (RFC 6455 §4.1).
fn upgrades(now: &Now, request: &Message, layer: Option<&Layer>) -> bool {
    let here = layer.is_some_and(|l| values(now, l, "http.upgrade").iter().any(|v| v.eq_ignore_ascii_case("websocket")));
    here || head_values(now, request, "upgrade").iter().any(|v| v.eq_ignore_ascii_case("websocket"))
}

/// The status code, from the head or from the title ("200 OK", "HTTP/1.1 200 OK").
fn status(now: &Now, m: &Message, layer: Option<&Layer>) -> Option<u16> {
    let code = field(now, layer, "http.response.code").and_then(|c| c.parse().ok());
    code.or_else(|| m.title.split(' ').find_map(|w| w.parse().ok().filter(|n| (100..1000).contains(n))))
}

fn response(now: &Now, _id: MessageId, m: &Message, layer: Option<&Layer>) -> Found {
    let who = now.who(m.dir);
    let request = m.answers.and_then(|id| now.capture.index.message(id)).filter(|r| r.first_frame <= now.explained.frame);
    let (method, path) = request.map_or_else(Default::default, |r| asked(&r.title));
    let Some(code) = status(now, m, layer) else {
        return Found {
            large: say(&who, "答えを送るよ", "Here is an answer."),
            tag: "HTTP".into(),
            second: Text::new("ステータス行がまだ読めない。", "Its status line cannot be read yet."),
            ..Found::default()
        };
    };
    let phrase = field(now, layer, "http.response.phrase").unwrap_or_default();
    let version = field(now, layer, "http.response.version").unwrap_or_else(|| "HTTP".into());
    let tag = format!("{version} {code} {}", cut(&phrase, 24)).trim_end().to_owned();
    let kind = field(now, layer, "http.content_type").map(|t| cut(t.split(';').next().unwrap_or_default().trim(), 30));
    let len = field(now, layer, "http.content_length_header").or_else(|| field(now, layer, "http.content_length"));
    let location = field(now, layer, "http.location").map(|l| path_of(&l));
    let wanted_websocket = request.is_some_and(|r| upgrades(now, r, None));
    let switches = layer.is_some_and(|l| values(now, l, "http.upgrade").iter().any(|v| v.eq_ignore_ascii_case("websocket")))
        || head_values(now, m, "upgrade").iter().any(|v| v.eq_ignore_ascii_case("websocket"));

    let of_path = |n: usize| (!path.is_empty()).then(|| cut(&path, n));
    let parts: Vec<String> = [kind.clone(), len.clone()].into_iter().flatten().collect();
    let words = |n: usize| -> (String, String) {
        match code {
            101 if switches => (
                "いいよー。この TCP 接続のまま、ここからは WebSocket ね".into(),
                "Sure. Same TCP connection, WebSocket from here on.".into(),
            ),
            101 => ("いいよー。ここからは別のプロトコルで話そう".into(), "Sure. From here on we speak another protocol.".into()),
            100 => ("続きを送っていいよ".into(), "Go on, send the rest.".into()),
            102..=199 => (format!("ちょっと待ってね（{code}）"), format!("One moment, please ({code}).")),
            200..=599 if wanted_websocket => {
                (format!("WebSocket には切り替えないよ（{code}）"), format!("I do not switch to WebSocket ({code})."))
            }
            200 if method == "GET" => match (parts.is_empty(), &len) {
                (true, _) => ("はい、どうぞ".into(), "Here you are.".into()),
                (false, Some(len)) => {
                    let kind = kind.as_deref().map(|k| (format!("{k}、"), format!("{k}, "))).unwrap_or_default();
                    (format!("はい、どうぞ（{}{len} バイト）", kind.0), format!("Here you are ({}{len} bytes).", kind.1))
                }
                (false, None) => {
                    let kind = kind.as_deref().unwrap_or_default();
                    (format!("はい、どうぞ（{kind}）"), format!("Here you are ({kind})."))
                }
            },
            200..=299 if method == "CONNECT" => ("つないだよ。ここからは、そのまま通すね".into(), "Connected. From here on I only pass bytes.".into()),
            201 => ("作ったよ".into(), "I have made it.".into()),
            202 => ("引き受けたよ。仕事はこれからするね".into(), "Accepted. I will do it later.".into()),
            204 => ("うまくいったよ（返すものはないよ）".into(), "Done. (There is nothing to send back.)".into()),
            206 => ("頼まれたところだけ、どうぞ".into(), "Here is the part you asked for.".into()),
            200..=299 => ("うまくいったよ".into(), "Done.".into()),
            304 => ("前に渡したものから変わってないよ".into(), "It has not changed since you got it.".into()),
            300..=399 => match &location {
                Some(l) => (format!("{} のほうへどうぞ", cut(l, n)), format!("Please go to {}.", cut(l, n))),
                None => (format!("別のところを見てね（{code}）"), format!("Look elsewhere ({code}).")),
            },
            400 => ("その頼みは、書き方がおかしいよ".into(), "I do not understand this request.".into()),
            401 => ("まず、あなたが誰かを示して".into(), "First show me who you are.".into()),
            403 => ("それは許されていないよ".into(), "You are not allowed to do that.".into()),
            404 => match of_path(n) {
                Some(p) => (format!("{p} は見つからないよ"), format!("I cannot find {p}.")),
                None => ("見つからないよ".into(), "I cannot find it.".into()),
            },
            405 => ("その頼み方（メソッド）は受け付けないよ".into(), "I do not take this method here.".into()),
            408 => ("待ちくたびれたよ".into(), "I waited too long for your request.".into()),
            429 => ("頼みすぎだよ。少し待って".into(), "Too many requests. Please wait a little.".into()),
            402..=499 => {
                (format!("その頼みには応えられないよ（{code}）"), format!("I cannot do what you ask ({code})."))
            }
            503 => ("今は手いっぱい。あとでまた来て".into(), "I am too busy now. Please come back later.".into()),
            500..=599 => (format!("ごめん、こっちで失敗したよ（{code}）"), format!("Sorry, something failed on my side ({code}).")),
            _ => (format!("答えは {code} だよ"), format!("The answer is {code}.")),
        }
    };
    let base = shrink(|n| {
        let (ja, en) = words(n);
        say(&who, &ja, &en)
    });
    let mut second = Text::default();
    add(&mut second, class(code));
    if let Some(r) = request {
        let title = short(r);
        add(
            &mut second,
            Text::new(
                format!("{} の「{title}」への答え。", number(r.first_frame)),
                format!("It answers \"{title}\" in {}.", number(r.first_frame)),
            ),
        );
    }
    let given = layer.map_or_else(Vec::new, |l| values(now, l, "http.set_cookie"));
    let names: Vec<String> = given.iter().flat_map(|v| cookie_names(&[first_pair(v)], ';')).collect();
    let large = match joined(&names) {
        None => base,
        Some(name) => {
            let cja = format!("この Cookie（{name}）を持っていて。次に来るときは、つけてきてね");
            let cen = format!("Keep this cookie ({name}) and bring it next time.");
            let (ja, en) = words(24);
            let both = say(&who, &format!("{ja}。{cja}"), &format!("{en} {cen}"));
            if fits(&both) {
                both
            } else {
                second = front(say(&who, &cja, &cen), second);
                base
            }
        }
    };
    Found { large, tag, second, ..Found::default() }
}

/// `name=value` of a Set-Cookie, without its attributes.
fn first_pair(value: &str) -> String {
    value.split(';').next().unwrap_or_default().to_owned()
}

/// What the first digit of a status says (RFC 9110 §15).
fn class(code: u16) -> Text {
    match code {
        101 => Text::new(
            "101 Switching Protocols：HTTP はここで終わり、次のバイトから別のプロトコル。",
            "101 Switching Protocols: HTTP ends here, the next byte belongs to another protocol.",
        ),
        100..=199 => Text::new("1xx：途中経過。", "1xx: informational, the final answer follows."),
        200..=299 => Text::new("2xx：成功。", "2xx: success."),
        300..=399 => Text::new("3xx：もう 1 つ頼みを出すか、手もとのものを使う。", "3xx: ask once more elsewhere, or use what you have."),
        400..=499 => Text::new("4xx：頼みの側に問題がある。", "4xx: the problem is on the asking side."),
        500..=599 => Text::new("5xx：答える側に問題がある。", "5xx: the problem is on the answering side."),
        _ => Text::default(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn no_value_of_a_cookie_is_taken_for_a_name() {
        let names = cookie_names(&["sid=secret; theme=dark; loose-secret; sid=again".into()], ';');
        assert_eq!(names, ["sid", "theme"]);
        assert_eq!(joined(&names).unwrap(), "sid, theme");
        assert_eq!(first_pair("sid=abc; Path=/; HttpOnly"), "sid=abc");
    }

    #[test]
    fn the_query_of_a_path_is_not_shown() {
        assert_eq!(asked("GET /login?user=bob&pw=secret HTTP/1.1").1, "/login?…");
    }
}
