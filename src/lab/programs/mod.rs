//! Each exchange's client and server as short programs in four languages, to read beside their calls, to save and to run.
//!
//! In: texts of this folder, one folder an exchange, whose lines carry marks (see [`crate::timeline::program`]). Out:
//! [`Program`]s without the marks. They use standard libraries only, take address and port as arguments, and end by
//! themselves, but for servers over UDP, which nothing tells that their client has gone.

pub mod ready;

use crate::lang::{Words, words};
use crate::timeline::{Language, Program};
use crate::trace::Host;
use std::sync::LazyLock;

/// The texts of one exchange: client and server by [`Language::ALL`].
struct Texts {
    exchange: &'static str,
    client: [&'static str; 4],
    /// `None`: nobody listens, and that is what the exchange is about.
    server: Option<[&'static str; 4]>,
}

macro_rules! of {
    ($exchange:literal, $host:literal) => {
        [
            include_str!(concat!($exchange, "/", $host, ".go")),
            include_str!(concat!($exchange, "/", $host, ".py")),
            include_str!(concat!($exchange, "/", $host, ".c")),
            include_str!(concat!($exchange, "/", $host, ".rs")),
        ]
    };
}

macro_rules! both {
    ($exchange:literal) => {
        Texts { exchange: $exchange, client: of!($exchange, "client"), server: Some(of!($exchange, "server")) }
    };
}

/// One row an exchange.
static TEXTS: &[Texts] = &[
    both!("tcp-echo"),
    both!("udp-echo"),
    both!("http"),
    both!("websocket"),
    Texts { exchange: "refused", client: of!("refused", "client"), server: None },
    both!("timeout"),
    both!("reset"),
    both!("unix-socket"),
    both!("keep-alive"),
    both!("flow-control"),
    both!("two-services"),
    both!("tcp-vs-udp"),
    both!("chat"),
    both!("cart"),
    both!("rest"),
    both!("open-url"),
];

/// Exchanges without programs of their own, and why.
static WITHOUT: &[(&str, Words)] = &[
    ("free-talk", words("相手のプログラムは、あなたのものです。", "The program of the other side is yours.")),
    (
        "polling-vs-websocket",
        words("聞き続けるのは http、届くのを待つのは websocket のプログラムです。", "Asking is in the programs of http, being told in those of websocket."),
    ),
    ("trouble", words("TCP エコーのプログラムが、悪い終わり方をする話です。", "The programs are those of tcp-echo, coming to a bad end.")),
];

/// Why this exchange has no programs; `None`: it has some, or nobody has said why.
pub fn why_none(exchange: &str) -> Option<Words> {
    WITHOUT.iter().find(|(name, _)| *name == exchange).map(|(_, why)| *why)
}

static ALL: LazyLock<Vec<Program>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for texts in TEXTS {
        let title = title(texts.exchange);
        for (host, texts_of) in [(Host::Client, Some(texts.client)), (Host::Server, texts.server)] {
            for (language, text) in Language::ALL.into_iter().zip(texts_of.into_iter().flatten()) {
                all.push(Program::new(texts.exchange, host, language, title, text));
            }
        }
    }
    all
});

/// An exchange's title; its name where it is not (or not yet) in the lab's table.
fn title(exchange: &'static str) -> Words {
    super::by_name(exchange).map_or(Words { ja: exchange, en: exchange }, |e| e.info().title)
}

/// Every program there is.
pub fn all() -> &'static [Program] {
    &ALL
}

/// The program of this exchange's host in this language.
pub fn of(exchange: &str, host: Host, language: Language) -> Option<&'static Program> {
    all().iter().find(|p| p.exchange == exchange && p.host == host && p.language == language)
}

/// The exchanges that have programs.
pub fn exchanges() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().map(|t| t.exchange)
}
