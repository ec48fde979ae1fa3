//! What both ends have agreed on so far, as far as it can be seen without keys.
//!
//! In: each record in the order in which they came, with what was readable in it. Out: the state before the next one, which
//! travels to the dissection as a [`Note`](crate::proto::About::note): 32 bits a message, so that no record needs to read
//! those before it again.

use super::names;
use super::suites::Agreement;
use crate::proto::Dir;

pub const SSL2: u16 = 0x0002;
pub const SSL3: u16 = 0x0300;
pub const TLS12: u16 = 0x0303;
pub const TLS13: u16 = 0x0304;

/// Versions a session may have; the place in this list is what the note holds.
const VERSIONS: [u16; 7] = [0, SSL2, SSL3, 0x0301, 0x0302, TLS12, TLS13];

/// What is spoken inside, as ALPN says: prefix of the name, and Wireshark's name of the protocol.
const INSIDE: [(&str, &str); 7] = [
    ("", ""),
    ("h2", "HyperText Transfer Protocol 2"),
    ("http/0.9", "Hypertext Transfer Protocol"),
    ("http/1.0", "Hypertext Transfer Protocol"),
    ("http/1.1", "Hypertext Transfer Protocol"),
    ("dot", "Domain Name System"),
    ("imap", "Internet Message Access Protocol"),
];

/// What is agreed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// As in a hello; 0: not known yet.
    pub version: u16,
    pub agreement: Agreement,
    /// In [`INSIDE`]; 0: not said.
    inside: u8,
    /// Change Cipher Spec was seen from: client, server.
    changed: [bool; 2],
}

/// What else must be known of one record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// It begins inside a handshake message that an earlier record began.
    pub continues: bool,
    /// It is a record of SSL 2.0.
    pub ssl2: bool,
    /// Its bytes are no record: the middle of one whose begin was not captured.
    pub lost: bool,
}

/// The name of a version as Wireshark's Protocol column has it.
pub fn column(version: u16) -> &'static str {
    match version {
        SSL2 => "SSLv2",
        SSL3 => "SSLv3",
        0x0301 => "TLSv1",
        0x0302 => "TLSv1.1",
        TLS12 => "TLSv1.2",
        TLS13 => "TLSv1.3",
        _ => "SSL",
    }
}

/// Is this the number of TLS 1.3 or of one of its drafts?
fn is_13(version: u16) -> bool {
    matches!(version, TLS13 | 0x7f0e..=0x7f1c | 0xfb17 | 0xfb1a)
}

impl Session {
    /// Nothing is known but the version. QUIC carries TLS 1.3 only.
    pub fn of_version(version: u16) -> Self {
        Self { version, ..Self::default() }
    }

    /// A record's header tells the version, unless a hello has told it before. A Client Hello only offers one.
    pub fn see_record(&mut self, content_type: u8, first: Option<u8>, version: u16) {
        const CLIENT_HELLO: u8 = 1;
        let tells = match (content_type, first) {
            (22, Some(kind)) => kind != CLIENT_HELLO && names::handshake(kind).is_some(),
            (22, None) => false,
            _ => names::content_type(content_type).is_some(),
        };
        if self.version == 0 && tells {
            self.set_version(version);
        }
    }

    fn set_version(&mut self, version: u16) {
        if is_13(version) {
            self.version = TLS13;
        } else if VERSIONS.contains(&version) && version != SSL2 {
            self.version = version;
        }
    }

    /// The server has chosen.
    pub fn see_server_hello(&mut self, version: u16, suite: u16, alpn: Option<&str>) {
        self.set_version(version);
        self.agreement = Agreement::of(suite);
        if let Some(alpn) = alpn {
            let at = INSIDE.iter().skip(1).position(|(name, _)| alpn == *name || (alpn.starts_with("h2-") && *name == "h2"));
            self.inside = at.and_then(|i| u8::try_from(i + 1).ok()).unwrap_or(0);
        }
    }

    pub fn see_ssl2(&mut self) {
        if self.version == 0 {
            self.version = SSL2;
        }
    }

    /// Data before the handshake is over exist in TLS 1.3 only (RFC 8446 §4.2.10).
    pub fn see_early_data(&mut self) {
        self.version = TLS13;
    }

    /// In TLS 1.3 the message means nothing: a second Client Hello may still follow it in plain (RFC 8446 §D.4).
    pub fn see_change(&mut self, dir: Dir) {
        if self.version == TLS13 {
            return;
        }
        if let Some(changed) = self.changed.get_mut(dir.index()) {
            *changed = true;
        }
    }

    /// Everything that this end sends is encrypted from here on.
    pub fn is_changed(&self, dir: Dir) -> bool {
        self.changed.get(dir.index()).copied().unwrap_or(false)
    }

    /// What is spoken inside, by ALPN.
    pub fn inside(&self) -> Option<&'static str> {
        INSIDE.get(usize::from(self.inside)).map(|(_, name)| *name).filter(|name| !name.is_empty())
    }

    /// The state before a record of this direction.
    pub fn note(&self, mark: Mark) -> u32 {
        let version = VERSIONS.iter().position(|v| *v == self.version).unwrap_or(0) as u32;
        let flags = [self.changed[0], self.changed[1], mark.continues, mark.ssl2, mark.lost];
        let flags = flags.iter().enumerate().fold(0, |sum, (i, on)| sum | u32::from(*on) << i);
        version | u32::from(self.agreement.number()) << 4 | u32::from(self.inside & 15) << 8 | flags << 12
    }

    pub fn of_note(note: u32) -> (Self, Mark) {
        let part = |shift: u32| (note >> shift & 15) as u8;
        let flag = |i: u32| note >> (12 + i) & 1 == 1;
        let session = Self {
            version: VERSIONS.get(usize::from(part(0))).copied().unwrap_or(0),
            agreement: Agreement::of_number(part(4)),
            inside: part(8),
            changed: [flag(0), flag(1)],
        };
        (session, Mark { continues: flag(2), ssl2: flag(3), lost: flag(4) })
    }
}

/// What is spoken inside, by the port of either end, as Wireshark's table says; with STARTTLS: what was spoken before.
pub fn inside_by_port(ports: [u16; 2]) -> Option<&'static str> {
    ports.into_iter().find_map(|port| {
        Some(match port {
            443 => "Hypertext Transfer Protocol",
            25 | 465 | 587 => "Simple Mail Transfer Protocol",
            110 | 995 => "Post Office Protocol",
            143 | 993 => "Internet Message Access Protocol",
            21 => "File Transfer Protocol (FTP)",
            853 => "Domain Name System",
            389 | 636 => "Lightweight Directory Access Protocol",
            3306 => "MySQL Protocol",
            5432 => "PostgreSQL",
            5061 => "Session Initiation Protocol",
            5671 => "Advanced Message Queuing Protocol",
            5222 | 5269 => "XMPP Protocol",
            8883 => "MQ Telemetry Transport Protocol",
            27017 => "Mongo Wire Protocol",
            3389 => "TPKT - ISO on TCP - RFC1006",
            _ => return None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_holds_the_whole_state() {
        let mut session = Session::default();
        session.see_server_hello(TLS12, 0xc02f, Some("h2"));
        session.see_change(Dir::ToClient);
        let mark = Mark { continues: true, ssl2: false, lost: true };
        assert_eq!(Session::of_note(session.note(mark)), (session, mark));
        assert_eq!(session.inside(), Some("HyperText Transfer Protocol 2"));
        assert_eq!(Session::of_note(0), (Session::default(), Mark::default()));
        let _ = Session::of_note(u32::MAX);
    }

    #[test]
    fn a_client_hello_only_offers_a_version() {
        let mut session = Session::default();
        session.see_record(22, Some(1), 0x0301);
        assert_eq!(session.version, 0);
        session.see_record(22, Some(2), TLS12);
        assert_eq!(session.version, TLS12);
        session.see_record(23, None, 0x0301);
        assert_eq!(session.version, TLS12);
    }
}
