//! Patterns of `matches`: Perl-compatible ones, read by an engine that cannot hang.
//!
//! In: the pattern's bytes. Out: a [`Regex`] over bytes, case-insensitive unless `(?-i)` says otherwise, as Wireshark's. What
//! needs backtracking (looking around, references to groups) has no such engine and is refused with a reason.

use super::Error;
use regex::bytes::{Regex, RegexBuilder};
use std::ops::Range;

/// The most memory that a pattern may take, in bytes.
const SIZE: usize = 4 << 20;
/// Groups in groups at most.
const NEST: u32 = 100;

/// Compiles a pattern; `at` is where it stands in the filter.
pub fn compile(pattern: &[u8], at: &Range<usize>) -> Result<Regex, Error> {
    let (text, possessive) = translate(pattern);
    if possessive {
        return Err(unsupported("++", at));
    }
    let built = RegexBuilder::new(&text)
        .unicode(false)
        .case_insensitive(true)
        .size_limit(SIZE)
        .dfa_size_limit(SIZE)
        .nest_limit(NEST)
        .build();
    built.map_err(|error| {
        if let Some(what) = backtracking(&text) {
            return unsupported(what, at);
        }
        match error {
            regex::Error::CompiledTooBig(_) => Error::new(at.clone(), "正規表現が大きすぎます。", "The pattern is too large."),
            other => {
                let full = other.to_string();
                let reason = full.lines().last().unwrap_or("").trim().trim_start_matches("error: ").to_owned();
                Error::new(at.clone(), format!("正規表現の誤りです：{reason}"), format!("The pattern is wrong: {reason}"))
            }
        }
    })
}

fn unsupported(what: &str, at: &Range<usize>) -> Error {
    Error::new(
        at.clone(),
        format!("正規表現の {what} は使えません。どんなデータでも時間のかかりすぎない方式で照合するためです。"),
        format!("{what} in patterns is not supported: patterns are matched in a way that never takes long, whatever the data."),
    )
}

/// What only a backtracking engine knows, if the pattern uses it.
fn backtracking(text: &str) -> Option<&'static str> {
    let marks = [
        ("(?=", "(?=…)"), ("(?!", "(?!…)"), ("(?<=", "(?<=…)"), ("(?<!", "(?<!…)"), ("(?>", "(?>…)"), ("(?R", "(?R)"), ("(?(", "(?(…)"),
        ("(?|", "(?|…)"), ("(*", "(*…)"), ("\\K", "\\K"), ("\\G", "\\G"), ("\\k", "\\k"),
    ];
    let reference = text.as_bytes().windows(2).any(|w| matches!(w, [b'\\', b'1'..=b'9']));
    marks.iter().find(|(mark, _)| text.contains(mark)).map(|(_, shown)| *shown).or(reference.then_some("\\1"))
}

/// From Perl's spelling to the engine's: other bytes than ASCII by number, `$` also before a last line feed, `\h`, `\Q…\E`. True: it has a count that gives nothing back (`a++`).
fn translate(pattern: &[u8]) -> (String, bool) {
    let mut out = String::new();
    let many_lines = pattern.windows(2).enumerate().any(|(i, w)| {
        let flags = pattern.get(i + 2..).unwrap_or(&[]).iter().take_while(|b| b.is_ascii_alphabetic());
        w == b"(?" && flags.into_iter().any(|b| *b == b'm')
    });
    let (mut i, mut class) = (0, false);
    let (mut counted, mut possessive) = (false, false);
    while let Some(&byte) = pattern.get(i) {
        i += 1;
        possessive |= counted && byte == b'+';
        counted = !class && !counted && matches!(byte, b'+' | b'*' | b'?' | b'}') && i > 1 && !out.ends_with('(');
        match byte {
            b'\\' => {
                let next = pattern.get(i).copied();
                i += 1;
                match next {
                    Some(b'Q') => {
                        let rest = pattern.get(i..).unwrap_or(&[]);
                        let len = rest.windows(2).position(|w| w == b"\\E").unwrap_or(rest.len());
                        for b in rest.iter().take(len) {
                            out += &format!("\\x{b:02x}");
                        }
                        i += len + 2;
                    }
                    Some(b'E') => {}
                    Some(b'h') if class => out += " \\t",
                    Some(b'h') => out += "[ \\t]",
                    Some(b'H') => out += "[^ \\t]",
                    Some(b'R') => out += "(?:\\r\\n|[\\n\\x0b\\x0c\\r])",
                    Some(b'N') => out += "[^\\n]",
                    Some(b'Z') => out += "(?:\\n?\\z)",
                    Some(b'e') => out += "\\x1b",
                    Some(b'0') => out += "\\x00",
                    // Perl takes a backslash before any sign for the sign.
                    Some(b) if b.is_ascii_alphanumeric() => out.extend(['\\', char::from(b)]),
                    Some(b) => out += &format!("\\x{b:02x}"),
                    None => out.push('\\'),
                }
            }
            b'[' if !class => {
                class = true;
                out.push('[');
                if pattern.get(i) == Some(&b'^') {
                    out.push('^');
                    i += 1;
                }
                if pattern.get(i) == Some(&b']') {
                    out += "\\]";
                    i += 1;
                }
            }
            b'[' if matches!(pattern.get(i), Some(b':')) => {
                let rest = pattern.get(i..).unwrap_or(&[]);
                let len = rest.windows(2).position(|w| w == b":]").map_or(0, |n| n + 2);
                out.push('[');
                out.extend(rest.iter().take(len).map(|b| char::from(*b)));
                i += len;
            }
            b'[' => out += "\\[",
            b']' => {
                out += if class { "]" } else { "\\]" };
                class = false;
            }
            // Signs between two sets in the engine's classes, mere characters in Perl's.
            b'&' | b'~' if class => out += &format!("\\x{byte:02x}"),
            b'-' if class && pattern.get(i) == Some(&b'-') => out += "\\-",
            b'{' if !class && !counts(pattern.get(i..).unwrap_or(&[])) => out += "\\{",
            b'}' if !class && !out_counts(&out) => out += "\\}",
            b'$' if !class && !many_lines => out += "(?:\\n?\\z)",
            0x80.. => out += &format!("\\x{byte:02x}"),
            0 => out += "\\x00",
            _ => out.push(char::from(byte)),
        }
    }
    (out, possessive)
}

/// Do these bytes, behind a `{`, make a count: `3}`, `3,}`, `3,5}`?
fn counts(rest: &[u8]) -> bool {
    let len = rest.iter().take_while(|b| b.is_ascii_digit() || **b == b',').count();
    rest.first().is_some_and(u8::is_ascii_digit) && rest.get(len) == Some(&b'}')
}

/// Does what was written end in an open count?
fn out_counts(out: &str) -> bool {
    let digits = out.trim_end_matches(|c: char| c.is_ascii_digit() || c == ',');
    digits.len() < out.len() && digits.ends_with('{') && !digits.ends_with("\\{") || out.contains("\\x{") || out.contains("\\p{")
}
