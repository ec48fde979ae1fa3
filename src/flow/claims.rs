//! Which protocol bytes are of: the claims of the table's rows, weighed.
//!
//! In: the first bytes of a stream's direction, or a datagram, with the ports. Out: a protocol. Nothing is remembered.

use super::Dir;
use crate::proto::claim::{Ask, Claim, Hint};
use crate::proto::data::Data;
use crate::proto::ftp::data::FtpData;
use crate::proto::http;
use crate::proto::{self, Protocol, named, ports};

/// Bytes that may wait while no protocol has recognised its own yet.
const MAX_UNDECIDED: usize = 4096;

/// A place in a stream about which the protocols are asked.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub dir: Dir,
    /// Of client and server.
    pub ports: [u16; 2],
    /// FTP said that its data would come to one of the ports.
    pub announced: bool,
    /// A guess is good enough ([`Claim::Guess`]); Wireshark makes none.
    pub guesses: bool,
}

/// The strongest claim on some bytes, and whose it is.
#[derive(Clone, Copy)]
pub struct Verdict {
    pub claim: Claim,
    proto: &'static dyn Protocol,
    /// No more bytes are waited for.
    enough: bool,
}

impl Verdict {
    /// The protocol that is spoken. `None`: more bytes may tell, if they come (`at_last` is false).
    pub fn protocol(self, at_last: bool) -> Option<&'static dyn Protocol> {
        match self.claim {
            Claim::Perhaps | Claim::Likely if !at_last && !self.enough => None,
            Claim::Perhaps | Claim::No => Some(&Data),
            _ => Some(self.proto),
        }
    }
}

/// Whose are these bytes of a stream? Among equal claims that of the table's first row is heard.
pub fn of_stream(place: Place, bytes: &[u8]) -> Verdict {
    let [client, server] = place.ports.map(ports::tcp);
    let mut best = Verdict { claim: Claim::No, proto: &Data, enough: bytes.len() >= MAX_UNDECIDED };
    if let Some(proto) = (!place.guesses).then(|| of_port(place, bytes)).flatten() {
        return Verdict { claim: if proto.name() == Data.name() { Claim::No } else { Claim::Vouched }, proto, ..best };
    }
    for (row, &proto) in proto::TABLE.iter().enumerate() {
        let hint = match Some(row) {
            row if row == server => Hint::Port,
            row if row == client => Hint::ClientPort,
            // Wireshark reads DNS on the port of mDNS, too.
            _ if proto.name() == "dns" && place.ports.contains(&5353) => Hint::ClientPort,
            _ if place.announced && proto.name() == FtpData.name() => Hint::Announced,
            _ => Hint::Nothing,
        };
        let claim = proto.claim(&Ask::stream(place.dir, bytes).with(hint));
        if claim > best.claim && is_heard(place, proto, claim) {
            best = Verdict { claim, proto, ..best };
        }
        if claim >= Claim::Begins {
            break;
        }
    }
    best
}

/// Whose bytes are these by their ports alone, whatever they say? Wireshark asks the lower port first, then the other one, and the
/// content only if both refuse. What it only has a name for is [`Data`] here. `None`: ports do not decide.
fn of_port(place: Place, bytes: &[u8]) -> Option<&'static dyn Protocol> {
    let [a, b] = place.ports;
    for port in [a.min(b), a.max(b)] {
        if named::on_port(port, bytes) {
            // Many of them go on in TLS when both ends agreed to: its records tell.
            let ask = Ask::stream(place.dir, bytes);
            let unmistakable = proto::TABLE.iter().any(|p| p.claim(&ask) == Claim::Unmistakable);
            return (!unmistakable).then_some(&Data);
        }
        let proto = ports::tcp(port).and_then(|row| proto::TABLE.get(row));
        let vouched = |p: &&&'static dyn Protocol| p.claim(&Ask::stream(place.dir, bytes).with(Hint::ClientPort)) >= Claim::Vouched;
        match proto {
            Some(proto) if vouched(&proto) => return Some(*proto),
            // It waits for more, or reads a part of a message.
            Some(proto) if proto.claim(&Ask::stream(place.dir, bytes).with(Hint::Port)) > Claim::No => return None,
            _ => {}
        }
    }
    None
}

/// Where segments are read as Wireshark reads them, it hears less than the bytes say, and once more.
fn is_heard(place: Place, proto: &dyn Protocol, claim: Claim) -> bool {
    let [_, server] = place.ports;
    match (proto.name(), claim) {
        (_, Claim::Guess) => place.guesses,
        // A line with a colon is said by many: it is the rest of a head only where Wireshark expects HTTP, and only as it does.
        ("http", Claim::Middle) => !place.guesses && http::PORTS.contains(&server),
        // Its first line is found by the reader of HTTP, on the ports of HTTP.
        ("http2", _) => place.guesses || place.ports.iter().any(|port| http::PORTS.contains(port)),
        _ => true,
    }
}

/// Whose is this datagram? By what was spoken before, by its ports (the lower one first, as Wireshark), and only then by its
/// content.
pub fn of_datagram(spoken: Option<&'static dyn Protocol>, [a, b]: [u16; 2], bytes: &[u8]) -> &'static dyn Protocol {
    let ask = Ask::datagram(bytes);
    if let Some(proto) = spoken.filter(|p| p.claim(&ask.with(Hint::Before)) >= Claim::Begins) {
        return proto;
    }
    for port in [a.min(b), a.max(b)] {
        let owner = ports::udp(port).and_then(|row| proto::TABLE.get(row));
        if let Some(proto) = owner.filter(|p| p.claim(&ask.with(Hint::Port)) >= Claim::Vouched) {
            return *proto;
        }
    }
    if ports::is_taken(a) || ports::is_taken(b) {
        return &Data;
    }
    proto::TABLE.iter().find(|p| p.claim(&ask) >= Claim::Begins).copied().unwrap_or(&Data)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(ports: [u16; 2], bytes: &[u8], at_last: bool) -> Option<&'static str> {
        let place = Place { dir: Dir::ToServer, ports, announced: false, guesses: true };
        of_stream(place, bytes).protocol(at_last).map(|p| p.name())
    }

    #[test]
    fn content_beats_the_port_and_the_port_beats_nothing() {
        assert_eq!(spoken([50_000, 21], b"GET / HTTP/1.1\r\n", false), Some("http"));
        assert_eq!(spoken([50_000, 21], b"hello", false), Some("ftp"));
        assert_eq!(spoken([21, 50_000], b"hello", false), Some("ftp"), "either end's port decides");
        assert_eq!(spoken([50_000, 9], b"hello", false), Some("data"));
    }

    #[test]
    fn too_few_bytes_are_waited_for_and_at_last_the_servers_port_tells() {
        for (ports, at_last) in [([50_000, 80], "http"), ([80, 50_000], "data"), ([50_000, 9], "data")] {
            assert_eq!(spoken(ports, b"GE", false), None);
            assert_eq!(spoken(ports, b"GE", true), Some(at_last));
        }
    }

    #[test]
    fn the_middle_of_a_record_is_believed_on_its_port_only() {
        let middle = [0xde, 0xad, 0xbe, 0xef, 1, 2, 3];
        assert_eq!(spoken([50_000, 443], &middle, false), Some("tls"));
        assert_eq!(spoken([443, 50_000], &middle, false), Some("data"));
    }

    #[test]
    fn a_guess_is_heard_where_it_may_be() {
        let hello = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
        for (guesses, is) in [(true, "websocket"), (false, "data")] {
            let place = Place { dir: Dir::ToServer, ports: [50_000, 9], announced: false, guesses };
            assert_eq!(of_stream(place, &hello).protocol(false).map(|p| p.name()), Some(is));
        }
    }

    #[test]
    fn what_wireshark_knows_by_its_port_is_elsewhere_heard_only_where_guesses_are() {
        for (guesses, port, is) in [(true, 9, "smtp"), (false, 9, "data"), (false, 25, "smtp")] {
            let place = Place { dir: Dir::ToClient, ports: [50_000, port], announced: false, guesses };
            let hello = of_stream(place, b"220 mail.example ESMTP ready\r\n");
            assert_eq!(hello.protocol(true).map(|p| p.name()), Some(is), "{port} {guesses}");
        }
    }

    #[test]
    fn where_wireshark_reads_something_else_the_port_beats_the_content() {
        let get = b"GET / HTTP/1.1\r\n\r\n";
        for (ports, is) in [([50_000, 22], "data"), ([50_000, 25], "smtp"), ([6000, 80], "http"), ([50_000, 6000], "data"), ([50_000, 443], "http")] {
            let place = Place { dir: Dir::ToServer, ports, announced: false, guesses: false };
            assert_eq!(of_stream(place, get).protocol(false).map(|p| p.name()), Some(is), "{ports:?}");
        }
        let place = Place { dir: Dir::ToServer, ports: [50_000, 3306], announced: false, guesses: false };
        let tls = [22, 3, 1, 0, 5, 1, 0, 0, 1, 0];
        assert_eq!(of_stream(place, &tls).protocol(false).map(|p| p.name()), Some("tls"), "agreed to in its own words");
        assert_eq!(spoken([50_000, 22], get, false), Some("http"), "for the eye the content tells");
    }

    #[test]
    fn an_announced_port_is_ftps_if_nothing_else_is_said() {
        let place = Place { dir: Dir::ToServer, ports: [50_000, 50_001], announced: true, guesses: true };
        assert_eq!(of_stream(place, b"any file").protocol(false).map(|p| p.name()), Some("ftp-data"));
        let tls = [22, 3, 1, 0, 5, 1, 0, 0, 1, 0];
        assert_eq!(of_stream(place, &tls).protocol(false).map(|p| p.name()), Some("tls"));
    }

    #[test]
    fn datagrams_of_a_port_that_wireshark_reads_are_not_guessed_at() {
        let name = |ports, bytes: &[u8]| of_datagram(None, ports, bytes).name();
        let notify = b"NOTIFY * HTTP/1.1\r\n\r\n";
        assert_eq!(name([50_000, 50_001], notify), "ssdp");
        assert_eq!(name([50_000, 69], notify), "data");
        assert_eq!(name([50_000, 53], notify), "dns");
        assert_eq!(name([5353, 53], notify), "dns", "the lower port first");
    }

    #[test]
    fn what_was_spoken_before_needs_to_say_less() {
        let short_header = [0x40, 1, 2, 3];
        assert_eq!(of_datagram(None, [50_000, 50_001], &short_header).name(), "data");
        assert_eq!(of_datagram(proto::by_name("quic"), [50_000, 50_001], &short_header).name(), "quic");
    }
}
