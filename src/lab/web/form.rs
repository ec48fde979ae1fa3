//! `application/x-www-form-urlencoded`: what a browser makes of the fields of a form (URL standard, section 5).

pub const FORM: &str = "application/x-www-form-urlencoded";

/// `name=%E8%8A%B1&item=apple+pie`.
pub fn encode(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    pairs.join("&")
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The value of a field. Bytes that are no UTF-8 are replaced; a `%` without two digits stands for itself.
pub fn field(body: &[u8], name: &str) -> Option<String> {
    let mut pairs = body.split(|b| *b == b'&').map(|pair| {
        let at = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
        (unescape(pair.get(..at).unwrap_or_default()), pair.get(at + 1..).unwrap_or_default())
    });
    pairs.find(|(n, _)| n == name).map(|(_, value)| unescape(value))
}

fn unescape(bytes: &[u8]) -> String {
    let (mut out, mut rest) = (Vec::new(), bytes);
    while let Some((first, later)) = rest.split_first() {
        rest = later;
        match (first, later.get(..2).and_then(hex)) {
            (b'%', Some(byte)) => {
                out.push(byte);
                rest = later.get(2..).unwrap_or_default();
            }
            (b'+', _) => out.push(b' '),
            _ => out.push(*first),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_goes_into_a_form_comes_out_of_it() {
        for value in ["りんご", "a b+c&d=e%41", "", "100%"] {
            let body = encode(&[("other", "x"), ("item", value)]);
            assert!(body.is_ascii() && !body.contains(' '), "{body}");
            assert_eq!(field(body.as_bytes(), "item").unwrap(), value);
        }
        assert_eq!(field(b"item=%zz%+4%4", "item").unwrap(), "%zz% 4%4");
        assert_eq!(field(b"item", "item").unwrap(), "");
        assert_eq!(field(b"a=b", "item"), None);
    }
}
