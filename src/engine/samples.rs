//! The captures that come with the program, recorded by its own lab: there where nothing may be captured.

use crate::lang::{Text, words};

/// A capture inside the program.
pub struct Sample {
    /// The file's name in `captures/`.
    pub name: &'static str,
    pub about: crate::lang::Words,
    pub bytes: &'static [u8],
}

pub static SAMPLES: &[Sample] = &[
    Sample {
        name: "tcp-echo.pcapng",
        about: words("TCP エコー：接続、データ、切断", "TCP echo: connect, data, close"),
        bytes: include_bytes!("../../captures/tcp-echo.pcapng"),
    },
    Sample {
        name: "udp-echo.pcapng",
        about: words("UDP エコー：接続なしのデータグラム", "UDP echo: datagrams without a connection"),
        bytes: include_bytes!("../../captures/udp-echo.pcapng"),
    },
    Sample {
        name: "http.pcapng",
        about: words("HTTP：リクエストとレスポンス", "HTTP: request and response"),
        bytes: include_bytes!("../../captures/http.pcapng"),
    },
    Sample {
        name: "websocket.pcapng",
        about: words("WebSocket：切り替え、メッセージ、終了", "WebSocket: upgrade, messages, close"),
        bytes: include_bytes!("../../captures/websocket.pcapng"),
    },
];

/// The sample of this name.
pub fn by_name(name: &str) -> Option<&'static Sample> {
    SAMPLES.iter().find(|s| s.name == name)
}

/// Names and words, for the model.
pub fn list() -> Vec<(String, Text)> {
    SAMPLES.iter().map(|s| (s.name.to_owned(), s.about.into())).collect()
}
