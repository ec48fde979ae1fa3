//! A URL, taken apart as a browser does (RFC 3986, section 3).

use crate::lang::Text;
use hickory_proto::rr::Name;
use std::net::Ipv4Addr;

/// Who is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Site {
    Name(Name),
    /// No name, so no question to DNS.
    Address(Ipv4Addr),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    pub site: Site,
    pub port: u16,
    /// Path and query, as they go into the request line.
    pub target: String,
    /// What stands after `#` stays in the browser.
    pub fragment: Option<String>,
}

impl Url {
    pub fn parse(text: &str) -> Result<Self, Text> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        match scheme.to_ascii_lowercase().as_str() {
            "http" => {}
            "https" => {
                return Err(Text::new(
                    "https は TLS で暗号にします。この実験は中身の見える http だけです。",
                    "https encrypts by TLS. This exchange only does http, whose content can be seen.",
                ));
            }
            other => {
                return Err(Text::new(
                    format!("「{other}」の URL は開けません。http:// で始めてください。"),
                    format!("A URL of “{other}” cannot be opened. Begin with http://."),
                ));
            }
        }
        let (rest, fragment) = match rest.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment.to_owned())),
            None => (rest, None),
        };
        let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok().filter(|p| *p > 0).ok_or_else(|| bad_port(port))?),
            None => (authority, 80),
        };
        let slash = if target.starts_with('/') { "" } else { "/" };
        let target = format!("{slash}{}", percent(target));
        Ok(Self { site: site(host)?, port, target, fragment })
    }

    /// The `Host` header: the name as the person meant it, for one address may have many sites (RFC 9110, 7.2).
    pub fn host(&self) -> String {
        let host = match &self.site {
            Site::Name(name) => plain(name),
            Site::Address(address) => address.to_string(),
        };
        if self.port == 80 { host } else { format!("{host}:{}", self.port) }
    }

    /// What the browser has read in it.
    pub fn told(&self) -> Text {
        let (port, target) = (self.port, &self.target);
        let (who_ja, who_en) = match &self.site {
            Site::Name(name) => (format!("名前 {}（DNS で調べる）", plain(name)), format!("the name {} (to be looked up by DNS)", plain(name))),
            Site::Address(at) => (format!("アドレス {at}（DNS はいらない）"), format!("the address {at} (no DNS needed)")),
        };
        let (rest_ja, rest_en) = match &self.fragment {
            Some(f) => (format!("、#{f} は送らない"), format!(", and #{f}, which is not sent")),
            None => Default::default(),
        };
        Text::new(
            format!("URL を分けると：http、{who_ja}、ポート {port}、{target}{rest_ja}"),
            format!("The URL has these parts: http, {who_en}, port {port}, {target}{rest_en}"),
        )
    }
}

/// A name without the dot of the root at its end.
pub fn plain(name: &Name) -> String {
    name.to_ascii().trim_end_matches('.').to_owned()
}

fn site(host: &str) -> Result<Site, Text> {
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return if address.is_loopback() {
            Ok(Site::Address(address))
        } else {
            Err(Text::new(
                format!("{address} はこの実験の外にあります。名前か、127. で始まるアドレスを使ってください。"),
                format!("{address} is outside of the lab. Use a name, or an address that begins with 127."),
            ))
        };
    }
    // Letters of other alphabets go into DNS as punycode (RFC 5890).
    let name = Name::from_utf8(host).ok().map(|mut name| {
        name.set_fqdn(true);
        name
    });
    let usual = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name = name.filter(|n| !n.is_root() && plain(n).chars().all(usual));
    name.map(Site::Name).ok_or_else(|| {
        Text::new(format!("「{host}」はホスト名として使えません。"), format!("“{host}” cannot be the name of a host."))
    })
}

fn bad_port(port: &str) -> Text {
    Text::new(format!("ポート「{port}」は 1 から 65535 までの整数です。"), format!("The port “{port}” must be a whole number from 1 to 65535."))
}

/// Bytes that a request line cannot hold are written as `%E3` (RFC 3986, 2.1).
fn percent(target: &str) -> String {
    let mut out = String::new();
    for byte in target.bytes() {
        if byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_url_is_taken_apart_as_a_browser_does() {
        let url = Url::parse("HTTP://www.osiscope.example:8080/a b?q=あ#top").unwrap();
        assert_eq!((url.host(), url.port), ("www.osiscope.example:8080".into(), 8080));
        assert_eq!((url.target.as_str(), url.fragment.as_deref()), ("/a%20b?q=%E3%81%82", Some("top")));
        let url = Url::parse("日本語.example?x").unwrap();
        assert_eq!((url.host(), url.target.as_str()), ("xn--wgv71a119e.example".into(), "/?x"));
        assert_eq!(Url::parse("http://127.0.0.9").unwrap().site, Site::Address(Ipv4Addr::new(127, 0, 0, 9)));
    }

    #[test]
    fn what_the_lab_cannot_open_is_refused_in_words() {
        let long = format!("http://{}.example/", "a".repeat(64));
        for bad in ["https://a.example/", "ftp://a/", "http://", "http://a:0/", "http://a:b/", "http://8.8.8.8/", "http://a..b/",
            "http://user@a/", "http://[::1]/", "http://./", "http://a%20b/", long.as_str()]
        {
            let refused = Url::parse(bad).map(|u| u.host()).unwrap_err();
            assert!(!refused.ja.is_empty() && !refused.en.is_empty(), "{bad}");
        }
    }
}
