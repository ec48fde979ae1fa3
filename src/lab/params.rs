//! The values an exchange runs with: checked once, then read by name.

use crate::lang::Text;
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::lang::words;
use std::collections::BTreeMap;

/// Every parameter of one exchange with a value that has passed its check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(BTreeMap<&'static str, String>);

impl Params {
    /// Takes what a person gave; what is missing has its default. The error says which value is wrong and what is allowed.
    pub fn new(info: &ExchangeInfo, given: &BTreeMap<String, String>) -> Result<Self, Text> {
        if let Some(name) = given.keys().find(|name| info.params.iter().all(|p| p.name != name.as_str())) {
            let known: Vec<_> = info.params.iter().map(|p| p.name).collect();
            return Err(Text::new(
                format!("{} に「{name}」という設定はありません（あるのは {}）。", info.name, known.join("、")),
                format!("{} has no setting “{name}” (it has {}).", info.name, known.join(", ")),
            ));
        }
        let mut values = BTreeMap::new();
        for param in info.params {
            let value = given.get(param.name).cloned().unwrap_or_else(|| param.default_value());
            param.check(&value)?;
            values.insert(param.name, value);
        }
        Ok(Self(values))
    }

    /// A text or the value of a choice.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// A whole number; the check has made sure that it is one.
    pub fn number(&self, name: &str) -> u64 {
        self.text(name).parse().unwrap_or(0)
    }

    /// A number that counts bytes or messages in memory.
    pub fn size(&self, name: &str) -> usize {
        usize::try_from(self.number(name)).unwrap_or(usize::MAX)
    }

    /// The message of an echo: the text as a line, or repeated and cut to `size` bytes if that is not 0.
    ///
    /// A line end is added where there is none, because both ends of a byte stream must know where a line ends.
    pub fn message(&self) -> Vec<u8> {
        let mut line = self.text("text").as_bytes().to_vec();
        if line.last() != Some(&b'\n') {
            line.push(b'\n');
        }
        match self.size("size") {
            0 => line,
            size => line.iter().copied().cycle().take(size).collect(),
        }
    }
}

/// Where the server listens. `default` is the protocol's well-known port.
pub const fn port(default: u64) -> Param {
    Param {
        name: "port",
        label: words("ポート", "Port"),
        note: words(
            "サーバが待ち受ける番号です。専用ネットワークの中では 1024 未満も使えます。",
            "The number the server listens on. Inside the lab's own network, ports below 1024 may be used too.",
        ),
        kind: ParamKind::Number { default, min: 1, max: 65_535, unit: words("", "") },
    }
}

/// How often something is done.
pub const fn count(default: u64, note: crate::lang::Words) -> Param {
    Param {
        name: "count",
        label: words("回数", "Count"),
        note,
        kind: ParamKind::Number { default, min: 1, max: 1000, unit: words("回", "times") },
    }
}

/// A wait between two messages, so that eyes can follow.
pub const PAUSE: Param = Param {
    name: "pause",
    label: words("間隔", "Pause"),
    note: words("次のメッセージまで待つ時間です。", "How long to wait before the next message."),
    kind: ParamKind::Number { default: 0, min: 0, max: 5000, unit: words("ミリ秒", "ms") },
};

/// The text of an echo.
pub const TEXT: Param = Param {
    name: "text",
    label: words("送る文字", "Text"),
    note: words("改行がなければ最後に付けて送ります。", "A line end is added if there is none."),
    kind: ParamKind::Text { default: "hello, osiscope", max_bytes: 4096 },
};

/// The size of one message.
pub const fn size(max: u64) -> Param {
    Param {
        name: "size",
        label: words("1 回の大きさ", "Size of each"),
        note: words(
            "0 なら書いたとおり。それ以外は、文字をこのバイト数まで繰り返して送ります。",
            "0 sends the text as written. Otherwise the text is repeated up to this many bytes.",
        ),
        kind: ParamKind::Number { default: 0, min: 0, max, unit: words("バイト", "bytes") },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::lab::by_name;

    fn params(given: &[(&str, &str)]) -> Result<Params, Text> {
        let given = given.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Params::new(by_name("tcp-echo").unwrap().info(), &given)
    }

    #[test]
    fn a_misspelt_or_bad_value_is_named() {
        assert!(params(&[("cuont", "3")]).unwrap_err().en.contains("cuont"));
        assert!(params(&[("count", "0")]).is_err());
        assert!(params(&[("count", "many")]).is_err());
        assert_eq!(params(&[("count", "7")]).unwrap().number("count"), 7);
    }

    #[test]
    fn a_message_is_a_line_or_exactly_the_size_asked_for() {
        assert_eq!(params(&[]).unwrap().message(), b"hello, osiscope\n");
        assert_eq!(params(&[("text", "ab"), ("size", "5")]).unwrap().message(), b"ab\nab");
        assert_eq!(params(&[("text", "")]).unwrap().message(), b"\n", "an echo of nothing would never end");
    }
}
