//! Protocols over TCP and UDP that Wireshark has a name for and osiscope no fields: their bytes stay bytes, under that name.
//!
//! In: the ports and the first bytes of a payload that no protocol of the table claimed. Out: Wireshark's name and what its
//! Protocol column says. Only a few telling bytes are looked at; nothing is said about what the rest means.

/// A protocol by its name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// As in `frame.protocols`.
    pub proto: &'static str,
    /// As in the Protocol column.
    pub title: &'static str,
}

/// Whether these first bytes can be of that protocol.
type Test = fn(&[u8]) -> bool;

/// Port, names and test.
type Row = (u16, &'static str, &'static str, Test);

/// Who is spoken in a payload between these ports (TCP or UDP). As Wireshark does it, the lower port is asked first, then the
/// other one, then the content.
pub fn of(tcp: bool, ports: [u16; 2], bytes: &[u8]) -> Option<Named> {
    let [low, high] = [ports[0].min(ports[1]), ports[0].max(ports[1])];
    let table = if tcp { TCP } else { UDP };
    let on = |port: u16| table.iter().filter(move |row| row.0 == port).find(|row| row.3(bytes));
    let by_content = || table.iter().filter(|row| row.0 == ANY).find(|row| row.3(bytes));
    let (_, proto, title, _) = *on(low).or_else(|| on(high)).or_else(by_content)?;
    Some(Named { proto, title })
}

/// Does Wireshark read these bytes of a stream as one of these protocols because of this port?
pub fn on_port(port: u16, bytes: &[u8]) -> bool {
    port != ANY && TCP.iter().any(|row| row.0 == port && row.3(bytes))
}

/// Is it one of these names?
pub fn is_named(proto: &str) -> bool {
    TCP.iter().chain(UDP).any(|row| row.1 == proto)
}

/// Recognised on any port.
const ANY: u16 = 0;

fn any(_: &[u8]) -> bool {
    true
}

fn starts(bytes: &[u8], with: &[u8]) -> bool {
    bytes.starts_with(with)
}

/// The first line of a message of RTSP: a status line, or a request line that ends with the version (RFC 2326 §6.1, §7.1).
fn rtsp(bytes: &[u8]) -> bool {
    starts(bytes, b"RTSP/") || first_line(bytes).is_some_and(|l| memchr::memmem::find(l, b" RTSP/").is_some())
}

/// The same of SIP (RFC 3261 §7.1, §7.2).
fn sip(bytes: &[u8]) -> bool {
    starts(bytes, b"SIP/2.0 ") || first_line(bytes).is_some_and(|l| l.ends_with(b" SIP/2.0"))
}

fn first_line(bytes: &[u8]) -> Option<&[u8]> {
    let head = bytes.get(..bytes.len().min(1024))?;
    let end = memchr::memchr(b'\n', head)?;
    let line = head.get(..end)?;
    Some(line.strip_suffix(b"\r").unwrap_or(line))
}

/// A SEQUENCE of ASN.1, by its tag.
fn sequence(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0x30)
}

/// A header of STUN with its magic cookie and its true length (RFC 8489 §5).
fn stun(bytes: &[u8]) -> bool {
    let Some((&[a, _, hi, lo], rest)) = bytes.split_first_chunk::<4>() else { return false };
    let len = usize::from(u16::from_be_bytes([hi, lo]));
    a & 0xc0 == 0 && rest.starts_with(&[0x21, 0x12, 0xa4, 0x42]) && len % 4 == 0 && bytes.len() == len + 20
}

/// A message of WireGuard: type, three zeros, and the length that its type has.
fn wireguard(bytes: &[u8]) -> bool {
    match (bytes.first_chunk::<4>(), bytes.len()) {
        (Some([1, 0, 0, 0]), 148) | (Some([2, 0, 0, 0]), 92) | (Some([3, 0, 0, 0]), 64) => true,
        (Some([4, 0, 0, 0]), len) => len >= 32,
        _ => false,
    }
}

/// A session message of NetBIOS that holds SMB, of version 1 (`0xff`) or 2 (`0xfe`).
fn smb(bytes: &[u8], version: u8) -> bool {
    bytes.first() == Some(&0) && bytes.get(4..8) == Some(&[version, b'S', b'M', b'B'])
}

/// Numbers, names and titles are those of Wireshark 4.0.
#[rustfmt::skip]
static TCP: &[Row] = &[
    (7, "echo", "ECHO", any), (13, "daytime", "DAYTIME", any), (19, "chargen", "Chargen", any), (22, "ssh", "SSH", any),
    (23, "telnet", "TELNET", any), (37, "time", "TIME", any), (43, "whois", "WHOIS", any), (70, "gopher", "Gopher", any),
    (79, "finger", "FINGER", any), (88, "kerberos", "KRB5", any), (119, "nntp", "NNTP", any),
    (139, "nbss:smb2", "SMB2", |b| smb(b, 0xfe)), (139, "nbss:smb", "SMB", |b| smb(b, 0xff)), (139, "nbss", "NBSS", any),
    (143, "imap", "IMAP", any), (179, "bgp", "BGP", any), (389, "ldap", "LDAP", sequence),
    (445, "nbss:smb2", "SMB2", |b| smb(b, 0xfe)), (445, "nbss:smb", "SMB", |b| smb(b, 0xff)), (445, "nbss", "NBSS", any),
    (502, "mbtcp:modbus", "Modbus/TCP", |b| b.get(2..4) == Some(&[0, 0])), (514, "rsh", "RSH", any), (554, "rtsp", "RTSP", any), (873, "rsync", "RSYNC", any), (1080, "socks", "Socks", any),
    (1433, "tds", "TDS", any), (1883, "mqtt", "MQTT", any),
    (1935, "rtmpt", "RTMP", any), (3306, "mysql", "MySQL", any), (5060, "sip", "SIP", any), (5222, "xmpp", "XMPP/XML", any),
    (5432, "pgsql", "PGSQL", any), (5900, "vnc", "VNC", any), (5901, "vnc", "VNC", any), (6000, "x11", "X11", any),
    (6001, "x11", "X11", any), (6002, "x11", "X11", any), (6010, "x11", "X11", any), (6379, "resp", "RESP", any),
    (6667, "irc", "IRC", any), (9418, "git", "GIT", any), (11211, "memcache", "MEMCACHE", any),
    (ANY, "rtsp", "RTSP", rtsp), (ANY, "sip", "SIP", sip), (ANY, "bittorrent", "BitTorrent", |b| starts(b, b"\x13BitTorrent protocol")),
];

#[rustfmt::skip]
static UDP: &[Row] = &[
    (7, "echo", "ECHO", any), (13, "daytime", "DAYTIME", any), (19, "chargen", "Chargen", any), (37, "time", "TIME", any),
    (67, "dhcp", "DHCP", any), (68, "dhcp", "DHCP", any), (69, "tftp", "TFTP", any), (88, "kerberos", "KRB5", any),
    (123, "ntp", "NTP", any), (137, "nbns", "NBNS", any), (161, "snmp", "SNMP", sequence), (162, "snmp", "SNMP", sequence),
    (389, "cldap", "CLDAP", sequence), (427, "srvloc", "SRVLOC", any), (500, "isakmp", "ISAKMP", any), (514, "syslog", "Syslog", any),
    (520, "rip", "RIP", any), (521, "ripng", "RIPng", any), (546, "dhcpv6", "DHCPv6", any), (547, "dhcpv6", "DHCPv6", any),
    (1194, "openvpn", "OpenVPN", any), (1645, "radius", "RADIUS", any), (1646, "radius", "RADIUS", any), (1701, "l2tp", "L2TP", any),
    (1812, "radius", "RADIUS", any), (1813, "radius", "RADIUS", any), (1985, "hsrp", "HSRP", any), (3784, "bfd", "BFD Control", any),
    (4500, "udpencap:isakmp", "ISAKMP", |b| b.len() > 4 && starts(b, &[0; 4])),
    (4500, "udpencap", "UDPENCAP", |b| b == [0xff]), (4500, "udpencap:esp", "ESP", any),
    (5060, "sip", "SIP", sip), (5683, "coap", "CoAP", any),
    (138, "nbdgm", "NBDS", |b| memchr::memmem::find(b, b"\xffSMB").is_none()),
    (138, "nbdgm:smb:browser", "BROWSER", any), (17_500, "db-lsp-disc:json", "DB-LSP-DISC/JSON", |b| starts(b, b"{")),
    (ANY, "stun", "STUN", stun), (ANY, "sip", "SIP", sip), (ANY, "wg", "WireGuard", wireguard),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn name(tcp: bool, ports: [u16; 2], bytes: &[u8]) -> &'static str {
        of(tcp, ports, bytes).map_or("data", |n| n.proto)
    }

    #[test]
    fn a_port_names_its_protocol_and_the_lower_one_is_asked_first() {
        assert_eq!(name(true, [50_000, 22], b"SSH-2.0-x\r\n"), "ssh");
        assert_eq!(name(true, [3306, 22], b"x"), "ssh", "whichever end it is");
        assert_eq!(name(false, [123, 40_000], &[0x1b; 48]), "ntp");
        assert_eq!(name(true, [123, 40_000], &[0x1b; 48]), "data", "a port of UDP is none of TCP");
        assert_eq!(name(true, [40_000, 9000], b"hello"), "data");
    }

    #[test]
    fn content_names_what_no_port_does_and_refuses_what_a_port_cannot_be() {
        assert_eq!(name(true, [8554, 52_472], b"OPTIONS rtsp://h/ RTSP/1.0\r\nCSeq: 1\r\n\r\n"), "rtsp");
        assert_eq!(name(false, [161, 40_000], b"no sequence"), "data");
        assert_eq!(name(true, [445, 40_000], b"\0\0\0\x08\xfeSMB1234"), "nbss:smb2");
        let mut binding = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
        binding.resize(20, 7);
        assert_eq!(name(false, [40_000, 40_001], &binding), "stun");
        binding.push(0);
        assert_eq!(name(false, [40_000, 40_001], &binding), "data", "its length is another one");
        assert_eq!(name(false, [4500, 4500], &[0, 0, 0, 0, 9]), "udpencap:isakmp");
    }
}
