//! Protocols that Wireshark has a name for and osiscope no fields: their bytes are shown as bytes, under that name.
//!
//! In: the number by which a header announces what follows. Out: Wireshark's name of it and a title for people; "data" for
//! numbers without a name. Nothing of the bytes is read here.

use super::{Key, Layer, LinkType, Osi, Span};

/// Wireshark's name, as in `frame.protocols`, and the title, as in its Protocol column.
type Name = (&'static str, &'static str);

/// The opaque layer for what `key` announces; none where nothing follows.
pub(super) fn layer(key: Key, area: Span) -> Option<Layer> {
    let (proto, title) = name(key).unwrap_or(("data", "Data"));
    let header = Span::new(area.start as usize, 0);
    let summary = format!("{} bytes", area.len);
    let osi = osi(key);
    (!area.is_empty()).then(|| Layer { proto, title, osi, buffer: 0, header, payload: area, summary, fields: Vec::new() })
}

/// On which layer of the model it works.
fn osi(key: Key) -> Osi {
    match key {
        Key::IpProto(_) => Osi::Transport,
        Key::EtherType(_) | Key::Ppp(_) | Key::Sap(_) | Key::Snap { .. } => Osi::Network,
        _ => Osi::DataLink,
    }
}

pub(super) fn name(key: Key) -> Option<Name> {
    match key {
        Key::EtherType(n) => find(ETHER_TYPES, n),
        Key::Ppp(n) => find(PPP, n),
        Key::Sap(n) => find(SAPS, n.into()),
        Key::IpProto(n) => find(IP_PROTOS, n.into()),
        Key::Snap { oui: 0x00_000c, pid } => find(CISCO, pid),
        Key::Snap { oui: 0x00_80c2, pid: 0x0e } => Some(("stp", "STP")),
        Key::Gre(n) => find(GRE, n),
        Key::Link(LinkType(n @ 147..=162)) if n != 149 => Some(("user_dlt", "USER")),
        Key::Named(name) => OTHERS.iter().find(|(n, _)| *n == name).copied(),
        _ => None,
    }
}

fn find(table: &[(u16, &'static str, &'static str)], n: u16) -> Option<Name> {
    table.iter().find(|(number, ..)| *number == n).map(|(_, proto, title)| (*proto, *title))
}

const OTHERS: &[Name] = &[
    ("can", "CAN"),
    ("canfd", "CANFD"),
    ("cdp", "CDP"),
    ("ipx", "IPX"),
    ("netlink", "Netlink"),
    ("osi", "OSI"),
    ("pwach", "PW ACH"),
    ("slarp", "SLARP"),
    ("wpan", "IEEE 802.15.4"),
];

#[rustfmt::skip]
const ETHER_TYPES: &[(u16, &str, &str)] = &[
    (0x0600, "idp", "IDP"), (0x0bad, "vines_ip", "Vines IP"), (0x22f0, "ieee1722", "IEEE1722"), (0x4305, "batadv", "BATADV"),
    (0x6003, "dec_dna", "DEC DNA"), (0x6004, "lat", "LAT"), (0x809b, "ddp", "DDP"), (0x80f3, "aarp", "AARP"),
    (0x8137, "ipx", "IPX"), (0x8808, "macc", "MAC CTRL"), (0x8809, "slow", "Slow Protocols"), (0x8847, "mpls", "MPLS"),
    (0x886f, "msnlb", "MS NLB"), (0x887b, "homeplug", "HomePlug"), (0x888e, "eapol", "EAPOL"), (0x8892, "pn_rt", "PN-RT"),
    (0x889a, "hyperscsi", "HyperSCSI"), (0x88a2, "aoe", "AoE"), (0x88a4, "ecatf", "ECATF"), (0x88ab, "epl", "POWERLINK"),
    (0x88b7, "ieee802a", "IEEE802a"), (0x88b8, "goose", "GOOSE"), (0x88ba, "sv", "IEC61850 Sampled Values"),
    (0x88ca, "tipc", "TIPC"), (0x88cc, "lldp", "LLDP"), (0x88cd, "siii", "SERCOS III"), (0x88d9, "lltd", "LLTD"),
    (0x88dc, "wsmp", "WSMP"), (0x88e1, "homeplug-av", "HomePlug AV"), (0x88e3, "pn_mrp", "PN-MRP"), (0x88e5, "macsec", "MACSEC"),
    (0x88e7, "ieee8021ah", "IEEE 802.1ah"), (0x88f5, "mrp-mvrp", "MRP-MVRP"), (0x88f7, "ptp", "PTPv2"),
    (0x88fb, "hsr_prp_supervision", "HSR/PRP"), (0x8902, "cfm", "CFM"), (0x8906, "fcoe", "FCoE"), (0x8914, "fip", "FIP"),
    (0x8915, "infiniband", "RoCE"), (0x8926, "vntag", "VNTAG"), (0x892d, "bluecom", "bluecom"), (0x892f, "hsr", "HSR"),
    (0x893a, "ieee1905", "ieee1905"), (0x8940, "ecp21", "ECP"), (0x894f, "nsh", "NSH"), (0x9000, "loop", "LOOP"),
];

#[rustfmt::skip]
const PPP: &[(u16, &str, &str)] = &[
    (0x0023, "osi", "OSI"), (0x0029, "ddp", "DDP"), (0x002b, "ipx", "IPX"), (0x002d, "vjc", "VJC"), (0x002f, "vjc", "VJC"),
    (0x0031, "bcp_bpdu", "PPP BCP"), (0x003d, "mp", "PPP MP"), (0x004d, "sna", "SNA"), (0x00fd, "comp_data", "PPP Comp"),
    (0x0207, "cdp", "CDP"), (0x8021, "ipcp", "PPP IPCP"), (0x8023, "osinlcp", "PPP OSINLCP"), (0x8031, "bcp_ncp", "PPP BCP NCP"),
    (0x8057, "ipv6cp", "PPP IPV6CP"), (0x80fd, "ccp", "PPP CCP"), (0x8207, "cdpcp", "PPP CDPCP"), (0x8281, "mplscp", "PPP MPLSCP"),
    (0xc021, "lcp", "PPP LCP"), (0xc023, "pap", "PPP PAP"), (0xc029, "cbcp", "PPP CBCP"), (0xc02b, "bacp", "PPP BACP"),
    (0xc02d, "bap", "PPP BAP"), (0xc223, "chap", "PPP CHAP"), (0xc227, "eap", "EAP"),
];

#[rustfmt::skip]
const SAPS: &[(u16, &str, &str)] = &[
    (0x04, "sna", "SNA"), (0x05, "sna", "SNA"), (0x08, "sna", "SNA"), (0x0c, "sna", "SNA"), (0x10, "ipx", "IPX"), (0x40, "sna", "SNA"),
    (0x42, "stp", "STP"), (0x7e, "x25", "X.25"), (0x80, "3comxns", "3Com XNS"), (0xbc, "vines_llc", "Vines LLC"),
    (0xc8, "sna", "SNA"), (0xe0, "ipx", "IPX"), (0xf0, "netbios", "NetBIOS"), (0xf8, "hpext", "HPEXT"), (0xfc, "rpl", "RPL"),
    (0xfe, "osi", "OSI"),
];

#[rustfmt::skip]
const IP_PROTOS: &[(u16, &str, &str)] = &[
    (2, "igmp", "IGMP"), (8, "egp", "EGP"), (9, "igrp", "IGRP"), (33, "dccp", "DCCP"), (46, "rsvp", "RSVP"), (50, "esp", "ESP"),
    (54, "narp", "NARP"), (88, "eigrp", "EIGRP"), (89, "ospf", "OSPF"), (97, "etherip", "ETHERIP"),
    (103, "pim", "PIM"), (108, "ipcomp", "IPComp"), (112, "vrrp", "VRRP"), (113, "pgm", "PGM"), (115, "l2tp", "L2TPv3"),
    (132, "sctp", "SCTP"), (136, "udp", "UDP-Lite"), (139, "hip", "HIP"), (140, "shim6", "SHIM6"),
];

#[rustfmt::skip]
const CISCO: &[(u16, &str, &str)] = &[
    (0x0104, "dtp", "DTP"), (0x010b, "stp", "STP"), (0x0111, "udld", "UDLD"), (0x2000, "cdp", "CDP"), (0x2001, "cgmp", "CGMP"),
    (0x2003, "vtp", "VTP"), (0x2004, "dtp", "DTP"), (0x200a, "stp", "STP"),
];

const GRE: &[(u16, &str, &str)] = &[(0x00fe, "osi", "OSI"), (0x2001, "nhrp", "NHRP"), (0x894f, "nsh", "NSH")];
