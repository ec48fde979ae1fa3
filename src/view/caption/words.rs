//! The voice: who speaks, how a sentence is put between quotes, and how long it may be.

use crate::lang::Text;
use std::net::{IpAddr, SocketAddr};

/// Characters of the large sentence at most, in each language.
pub const LARGE_MAX: usize = 90;
/// Characters of a quoted text (a path, a name, a message) at most.
pub const QUOTE_MAX: usize = 40;

/// What somebody says: `クライアント「…」`, `Client: "…"`.
pub fn say(who: &Text, ja: &str, en: &str) -> Text {
    Text::new(format!("{}「{ja}」", who.ja), format!("{}: \"{en}\"", who.en))
}

/// As [`say`], with a remark that is not part of what is said.
pub fn say_note(who: &Text, ja: &str, en: &str, note_ja: &str, note_en: &str) -> Text {
    let said = say(who, ja, en);
    Text::new(format!("{}（{note_ja}）", said.ja), format!("{} ({note_en})", said.en))
}

/// Does it fit on the stage in both languages?
pub fn fits(text: &Text) -> bool {
    text.ja.chars().count() <= LARGE_MAX && text.en.chars().count() <= LARGE_MAX
}

/// The longest of the sentences that `make` gives for shorter and shorter quotations that still fits; each language for
/// itself.
pub fn shrink(make: impl Fn(usize) -> Text) -> Text {
    let mut found = Text::default();
    for n in [QUOTE_MAX, 32, 28, 24, 18, 12, 8] {
        let Text { ja, en } = make(n);
        if found.ja.is_empty() && (n == 8 || ja.chars().count() <= LARGE_MAX) {
            found.ja = ja;
        }
        if found.en.is_empty() && (n == 8 || en.chars().count() <= LARGE_MAX) {
            found.en = en;
        }
    }
    clamp(found)
}

/// This sentence where it fits, the other one where it does not; each language for itself.
pub fn or_shorter(full: Text, shorter: Text) -> Text {
    let pick = |full: String, shorter| if full.chars().count() <= LARGE_MAX { full } else { shorter };
    Text { ja: pick(full.ja, shorter.ja), en: pick(full.en, shorter.en) }
}

/// The first of these sentences that fits; the last one if none does.
pub fn first_fitting(candidates: Vec<Text>) -> Text {
    let mut last = Text::default();
    for text in candidates {
        if fits(&text) {
            return text;
        }
        last = text;
    }
    last
}

/// The last resort against a sentence that is too long.
pub fn clamp(text: Text) -> Text {
    Text { ja: cut(&text.ja, LARGE_MAX), en: cut(&text.en, LARGE_MAX) }
}

/// At most `max` characters, the last of them `…` if there were more; control characters become `·`.
pub fn cut(text: &str, max: usize) -> String {
    let clean = |c: char| if c.is_control() { '·' } else { c };
    if text.chars().count() <= max {
        return text.chars().map(clean).collect();
    }
    let mut out: String = text.chars().take(max.saturating_sub(1)).map(clean).collect();
    out.push('…');
    out
}

/// Adds a sentence to a line: Japanese runs on, English has a blank between sentences.
pub fn add(line: &mut Text, more: Text) {
    if more.ja.is_empty() && more.en.is_empty() {
        return;
    }
    if !line.en.is_empty() && !line.en.ends_with(' ') {
        line.en.push(' ');
    }
    if !line.ja.is_empty() && !line.ja.ends_with('。') {
        line.ja.push('。');
    }
    line.ja.push_str(&more.ja);
    line.en.push_str(&more.en);
    if !line.ja.ends_with(['。', '」', '）']) {
        line.ja.push('。');
    }
    if !line.en.ends_with(['.', '?', '!', ')', '"']) {
        line.en.push('.');
    }
}

/// An address, short enough to be a name: the middle of a long IPv6 address is left out.
pub fn ip_name(ip: IpAddr) -> String {
    let text = ip.to_string();
    if text.len() <= 20 {
        return text;
    }
    let head: String = text.chars().take(9).collect();
    let tail: String = text.chars().skip(text.chars().count().saturating_sub(9)).collect();
    format!("{head}…{tail}")
}

/// Address and port as a name; port 0 (ICMP) is left out.
pub fn end_name(end: SocketAddr) -> String {
    match (end.ip(), end.port()) {
        (ip, 0) => ip_name(ip),
        (IpAddr::V4(ip), port) => format!("{ip}:{port}"),
        (ip, port) => format!("[{}]:{port}", ip_name(ip)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_cut_text_counts_characters_and_hides_control_bytes() {
        assert_eq!(cut("あいうえお", 5), "あいうえお");
        assert_eq!(cut("あいうえお", 4), "あいう…");
        assert_eq!(cut("a\r\nb", 9), "a··b");
    }

    #[test]
    fn sentences_are_joined_with_an_end_between_them() {
        let mut line = Text::new("一つ", "One");
        add(&mut line, Text::default());
        assert_eq!(line.ja, "一つ", "nothing to add changes nothing");
        add(&mut line, Text::new("二つ", "two"));
        assert_eq!((line.ja.as_str(), line.en.as_str()), ("一つ。二つ。", "One two."));
    }

    #[test]
    fn the_longest_address_still_leaves_room_for_a_sentence() {
        let end: SocketAddr = "[2001:db8:1111:2222:3333:4444:5555:6666]:65535".parse().unwrap();
        assert!(end_name(end).chars().count() <= 27, "{}", end_name(end));
        assert_eq!(end_name("10.0.0.1:80".parse().unwrap()), "10.0.0.1:80");
        assert_eq!(end_name("[::1]:80".parse().unwrap()), "[::1]:80");
    }

    #[test]
    fn a_long_quotation_gives_way_before_the_sentence_does() {
        let name = "x".repeat(60);
        let text = shrink(|n| Text::new("短い", format!("{:>50}{}", "", cut(&name, n))));
        assert!(fits(&text) && text.en.ends_with('…'));
    }
}
