//! Names of numbers, as the registries of IANA and IEEE have them; the ones a learner meets.

/// An EtherType (IEEE registration authority).
pub fn ether_type(n: u16) -> Option<&'static str> {
    Some(match n {
        0x0800 => "IPv4",
        0x0806 => "ARP",
        0x0842 => "Wake on LAN",
        0x6558 => "Transparent Ethernet bridging",
        0x8035 => "RARP",
        0x8100 => "802.1Q VLAN tag",
        0x86dd => "IPv6",
        0x8808 => "Ethernet flow control",
        0x8847 => "MPLS",
        0x8863 => "PPPoE discovery",
        0x8864 => "PPPoE session",
        0x888e => "802.1X authentication",
        0x88a8 => "802.1ad service VLAN tag",
        0x88cc => "LLDP",
        0x88e5 => "MACsec",
        0x88f7 => "PTP",
        0x9000 => "Loopback test",
        0x9100 => "VLAN tag (old QinQ)",
        _ => return None,
    })
}

/// An IP protocol or IPv6 next header number (IANA).
pub fn ip_proto(n: u8) -> Option<&'static str> {
    Some(match n {
        0 => "IPv6 hop-by-hop options",
        1 => "ICMP",
        2 => "IGMP",
        4 => "IPv4 in IP",
        6 => "TCP",
        17 => "UDP",
        41 => "IPv6 in IP",
        43 => "IPv6 routing header",
        44 => "IPv6 fragment header",
        47 => "GRE",
        50 => "ESP",
        51 => "AH",
        58 => "ICMPv6",
        59 => "no next header",
        60 => "IPv6 destination options",
        88 => "EIGRP",
        89 => "OSPF",
        103 => "PIM",
        112 => "VRRP",
        132 => "SCTP",
        136 => "UDP-Lite",
        _ => return None,
    })
}

/// A well-known TCP or UDP port (IANA).
pub fn port(n: u16) -> Option<&'static str> {
    Some(match n {
        7 => "echo",
        20 => "ftp-data",
        21 => "ftp",
        22 => "ssh",
        23 => "telnet",
        25 => "smtp",
        53 => "domain",
        67 => "dhcp server",
        68 => "dhcp client",
        69 => "tftp",
        80 => "http",
        88 => "kerberos",
        110 => "pop3",
        123 => "ntp",
        137 => "netbios-ns",
        139 => "netbios-ssn",
        143 => "imap",
        161 => "snmp",
        179 => "bgp",
        389 => "ldap",
        443 => "https",
        445 => "microsoft-ds",
        465 => "submissions",
        514 => "syslog",
        554 => "rtsp",
        587 => "submission",
        631 => "ipp",
        853 => "domain-s",
        993 => "imaps",
        995 => "pop3s",
        1883 => "mqtt",
        1900 => "ssdp",
        3306 => "mysql",
        3389 => "rdp",
        5060 => "sip",
        5353 => "mdns",
        5432 => "postgresql",
        6379 => "redis",
        8080 => "http-alt",
        _ => return None,
    })
}

/// A Differentiated Services codepoint (RFC 2474, RFC 4594).
pub fn dscp(n: u8) -> Option<&'static str> {
    Some(match n {
        0 => "CS0, default",
        8 => "CS1",
        10 => "AF11",
        12 => "AF12",
        14 => "AF13",
        16 => "CS2",
        18 => "AF21",
        20 => "AF22",
        22 => "AF23",
        24 => "CS3",
        26 => "AF31",
        28 => "AF32",
        30 => "AF33",
        32 => "CS4",
        34 => "AF41",
        36 => "AF42",
        38 => "AF43",
        40 => "CS5",
        46 => "EF, expedited forwarding",
        48 => "CS6",
        56 => "CS7",
        _ => return None,
    })
}

/// The two ECN bits of an IP header (RFC 3168 §5).
pub fn ecn(n: u8) -> &'static str {
    match n & 3 {
        0 => "Not-ECT",
        1 => "ECT(1)",
        2 => "ECT(0)",
        _ => "CE, congestion experienced",
    }
}

/// An ARP hardware type, as in Linux "cooked" headers too (IANA; above 255: Linux's own).
pub fn hardware(n: u16) -> Option<&'static str> {
    Some(match n {
        1 => "Ethernet",
        6 => "IEEE 802",
        512 => "PPP",
        768 => "IP in IP tunnel",
        772 => "loopback",
        776 => "IPv6 in IPv4 tunnel",
        778 => "GRE over IP",
        801 => "Wi-Fi",
        803 => "Wi-Fi with radiotap",
        824 => "netlink",
        65534 => "no hardware address (TUN)",
        _ => return None,
    })
}

/// What a MAC address says by its first bits.
pub fn mac(m: [u8; 6]) -> Option<&'static str> {
    match m {
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff] => Some("broadcast"),
        [0, 0, 0, 0, 0, 0] => Some("all zero"),
        [0x01, 0x00, 0x5e, ..] => Some("IPv4 multicast"),
        [0x33, 0x33, ..] => Some("IPv6 multicast"),
        [first, ..] if first & 1 != 0 => Some("multicast"),
        [first, ..] if first & 2 != 0 => Some("locally administered"),
        _ => None,
    }
}
