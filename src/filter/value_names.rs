//! Numbers by their names: what `ip.proto == TCP` or `tcp.flags.syn == "Set"` mean.
//!
//! Only the few that are asked for by name; names are Wireshark's, upper and lower case alike. A field that is not here is
//! compared by number.

type Names = &'static [(u64, &'static str)];

const SET: Names = &[(1, "Set"), (0, "Not set")];
const TRUE: Names = &[(1, "True"), (0, "False")];
const CHECKSUM: Names = &[(0, "Bad"), (1, "Good"), (2, "Unverified"), (3, "Not present"), (4, "Illegal")];
const IP: Names = &[
    (6, "TCP"), (17, "UDP"), (1, "ICMP"), (58, "ICMPv6"), (2, "IGMP"), (4, "IPIP"), (41, "IPv6"), (47, "GRE"), (50, "ESP"),
    (51, "AH"), (0, "IPv6 Hop-by-Hop Option"), (43, "Routing Header for IPv6"), (44, "Fragment Header for IPv6"),
    (59, "No Next Header for IPv6"), (60, "Destination Options for IPv6"), (89, "OSPF IGP"), (132, "SCTP"),
];
const ETHER: Names = &[
    (0x0800, "IPv4"), (0x86dd, "IPv6"), (0x0806, "ARP"), (0x8035, "RARP"), (0x8100, "802.1Q Virtual LAN"),
    (0x88a8, "802.1ad Provider Bridge (Q-in-Q)"), (0x888e, "802.1X Authentication"), (0x88cc, "802.1 Link Layer Discovery Protocol (LLDP)"),
];
const ARP: Names = &[(1, "request"), (2, "reply"), (3, "reverse request"), (4, "reverse reply")];
const WEBSOCKET: Names = &[(0, "Continuation"), (1, "Text"), (2, "Binary"), (8, "Connection Close"), (9, "Ping"), (10, "Pong")];
const RECORD: Names = &[(20, "Change Cipher Spec"), (21, "Alert"), (22, "Handshake"), (23, "Application Data"), (24, "Heartbeat")];
const HANDSHAKE: Names = &[
    (1, "Client Hello"), (2, "Server Hello"), (0, "Hello Request"), (4, "New Session Ticket"), (5, "End of Early Data"),
    (8, "Encrypted Extensions"), (11, "Certificate"), (12, "Server Key Exchange"), (13, "Certificate Request"),
    (14, "Server Hello Done"), (15, "Certificate Verify"), (16, "Client Key Exchange"), (20, "Finished"), (24, "Key Update"),
];
const TLS: Names = &[(0x0300, "SSL 3.0"), (0x0301, "TLS 1.0"), (0x0302, "TLS 1.1"), (0x0303, "TLS 1.2"), (0x0304, "TLS 1.3")];
const OPCODE: Names = &[(0, "Standard query"), (1, "Inverse query"), (2, "Server status request"), (4, "Zone change notification"), (5, "Dynamic update")];
const RCODE: Names = &[
    (0, "No error"), (1, "Format error"), (2, "Server failure"), (3, "No such name"), (4, "Not implemented"), (5, "Refused"),
    (6, "Name exists"), (7, "RRset exists"), (8, "RRset does not exist"), (9, "Not authoritative"), (10, "Name out of zone"),
];
const CLASS: Names = &[(1, "IN"), (2, "CS"), (3, "CH"), (4, "HS"), (254, "NONE"), (255, "ANY")];
const DNS_TYPE: Names = &[
    (1, "A (Host Address)"), (28, "AAAA (IPv6 Address)"), (5, "CNAME (Canonical NAME for an alias)"), (15, "MX (Mail eXchange)"),
    (2, "NS (authoritative Name Server)"), (12, "PTR (domain name PoinTeR)"), (6, "SOA (Start Of a zone of Authority)"),
    (16, "TXT (Text strings)"), (33, "SRV (Server Selection)"), (65, "HTTPS (HTTPS Specific Service Endpoints)"), (41, "OPT"),
];
const PACKET: Names = &[(0, "Unicast to us"), (1, "Broadcast"), (2, "Multicast"), (3, "Unicast to another host"), (4, "Sent by us")];
const DSCP: Names = &[(0, "Default"), (8, "Class Selector 1"), (46, "Expedited Forwarding")];
const OPTION: Names = &[];

/// The names of a field's numbers, if they have any.
pub fn of(field: &str, boolean: bool) -> Option<Names> {
    let set = ["tcp.flags.", "ip.flags.", "icmpv6.nd.", "icmpv6.opt.prefix.flag."];
    Some(match field {
        _ if field.ends_with("checksum.status") => CHECKSUM,
        "ip.proto" | "ipv6.nxt" | "ipv6.hopopts.nxt" | "ipv6.routing.nxt" | "ipv6.fraghdr.nxt" | "ipv6.dstopts.nxt" => IP,
        "eth.type" | "vlan.etype" | "sll.etype" | "arp.proto.type" | "null.type" => ETHER,
        "arp.opcode" => ARP,
        "websocket.opcode" => WEBSOCKET,
        "tls.record.content_type" | "tls.record.opaque_type" => RECORD,
        "tls.handshake.type" => HANDSHAKE,
        "tls.record.version" | "tls.handshake.version" | "tls.handshake.extensions.supported_version" => TLS,
        "dns.flags.opcode" => OPCODE,
        "dns.flags.rcode" => RCODE,
        "dns.qry.class" | "dns.resp.class" => CLASS,
        "dns.qry.type" | "dns.resp.type" => DNS_TYPE,
        "sll.pkttype" => PACKET,
        "ip.dsfield.dscp" | "ipv6.tclass.dscp" => DSCP,
        "tcp.option_kind" | "ip.opt.type" | "ipv6.opt.type" | "icmpv6.type" | "icmpv6.opt.type" => OPTION,
        "tcp.flags.str" => return None,
        "dns.flags.response" => &[(1, "Message is a response"), (0, "Message is a query")],
        "dns.flags.truncated" => &[(1, "Message is truncated"), (0, "Message is not truncated")],
        "dns.flags.recdesired" => &[(1, "Do query recursively"), (0, "Don't do query recursively")],
        "dns.flags.authenticated" => SET,
        "eth.ig" | "eth.dst.ig" | "eth.src.ig" => {
            &[(1, "Group address (multicast/broadcast)"), (0, "Individual address (unicast)")]
        }
        "ipv6.fraghdr.more" => &[(1, "Yes"), (0, "No")],
        "vlan.dei" => &[(1, "Eligible"), (0, "Ineligible")],
        _ if boolean && set.iter().any(|start| field.starts_with(start)) => SET,
        _ if boolean => TRUE,
        _ => return None,
    })
}
