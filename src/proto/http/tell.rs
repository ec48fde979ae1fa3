//! What a line is to Wireshark: its lenient reading of lines and start lines, so that the same bytes have the same fields.
//!
//! In: bytes of a message. Out: lines, and which of them begin a request or an answer. Whether that is right by the RFC is
//! judged elsewhere.

/// What a start line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    Request,
    /// NOTIFY, SUBSCRIBE and UNSUBSCRIBE (UPnP's GENA): neither asked for nor answered by turns.
    Notification,
    Response,
}

/// Methods that Wireshark 4.0 knows, from HTTP, WebDAV, Exchange, RPC over HTTP and SSTP.
const METHODS: &[&str] = &[
    "GET", "PUT", "POST", "HEAD", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT", "COPY", "LOCK", "MOVE", "POLL", "BCOPY",
    "BMOVE", "MKCOL", "LABEL", "MERGE", "SEARCH", "UNLOCK", "REPORT", "UPDATE", "BDELETE", "CHECKIN", "PROPFIND", "CHECKOUT",
    "CCM_POST", "PROPPATCH", "BPROPFIND", "BPROPPATCH", "UNCHECKOUT", "MKACTIVITY", "MKWORKSPACE", "RPC_CONNECT",
    "RPC_IN_DATA", "RPC_OUT_DATA", "VERSION-CONTROL", "BASELINE-CONTROL", "SSTP_DUPLEX_POST",
];
const NOTIFICATIONS: &[&str] = &["NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE"];

/// The first line: (without its end, with it). It ends with CR LF, LF or CR, or with the bytes.
pub fn line(bytes: &[u8]) -> (usize, usize) {
    match memchr::memchr2(b'\r', b'\n', bytes) {
        None => (bytes.len(), bytes.len()),
        Some(at) if bytes.get(at..at + 2) == Some(b"\r\n") => (at, at + 2),
        Some(at) => (at, at + 1),
    }
}

/// What begins with this line, if anything does.
pub fn begins(line: &[u8]) -> Option<Begins> {
    if line.starts_with(b"HTTP/") {
        return Some(Begins::Response);
    }
    // RFC 2774: a mandatory extension prefixes the method.
    let line = line.strip_prefix(b"M-").unwrap_or(line);
    let method = line.split(|&b| b == b' ').next().unwrap_or(line);
    let is_in = |table: &[&str]| table.iter().any(|m| m.as_bytes() == method);
    match method {
        b"ICY" => Some(Begins::Response),
        _ if is_in(METHODS) => Some(Begins::Request),
        _ if is_in(NOTIFICATIONS) => Some(Begins::Notification),
        _ => None,
    }
}

/// A word up to the next space, and where the one after it begins.
pub fn word(line: &[u8], from: usize) -> (usize, usize) {
    let rest = line.get(from..).unwrap_or(&[]);
    let len = rest.iter().position(|&b| b == b' ').unwrap_or(rest.len());
    let spaces = rest.get(len..).unwrap_or(&[]).iter().take_while(|&&b| b == b' ').count();
    (len, from + len + spaces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_any_line_end() {
        for (bytes, ends) in [(&b"ab\r\nc"[..], (2, 4)), (b"ab\nc", (2, 3)), (b"ab\rc", (2, 3)), (b"ab\r", (2, 3)), (b"ab", (2, 2)), (b"", (0, 0))] {
            assert_eq!(line(bytes), ends, "{bytes:?}");
        }
    }

    #[test]
    fn start_lines_are_told_by_their_first_word() {
        assert_eq!(begins(b"GET"), Some(Begins::Request));
        assert_eq!(begins(b"M-SEARCH * HTTP/1.1"), Some(Begins::Request));
        assert_eq!(begins(b"NOTIFY * HTTP/1.1"), Some(Begins::Notification));
        assert_eq!(begins(b"HTTP/2 200"), Some(Begins::Response));
        assert_eq!(begins(b"ICY 200 OK"), Some(Begins::Response));
        for other in ["get / HTTP/1.1", "GET\t/", "PURGE / HTTP/1.1", "http/1.1 200", ""] {
            assert_eq!(begins(other.as_bytes()), None, "{other}");
        }
    }
}
