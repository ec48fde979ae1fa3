//! Link types: what kind of header a captured frame begins with.

/// A link type of <https://www.tcpdump.org/linktypes.html>, by its number in capture files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinkType(pub u16);

impl LinkType {
    /// BSD loopback: four bytes of address family in the byte order of the capturing host.
    pub const NULL: Self = Self(0);
    pub const ETHERNET: Self = Self(1);
    /// IPv4 or IPv6 with no link header (also 12 and 14 in files of some systems).
    pub const RAW: Self = Self(101);
    /// OpenBSD loopback: as NULL, in network byte order.
    pub const LOOP: Self = Self(108);
    /// PPP, with or without the address and control bytes of HDLC.
    pub const PPP: Self = Self(9);
    /// PPP in HDLC-like framing (RFC 1662).
    pub const PPP_SERIAL: Self = Self(50);
    /// PPP over Ethernet, from the PPPoE header on.
    pub const PPP_ETHER: Self = Self(51);
    /// PPP or Cisco HDLC.
    pub const C_HDLC: Self = Self(104);
    pub const IEEE802_11: Self = Self(105);
    /// 802.11 behind a header of Prism cards.
    pub const IEEE802_11_PRISM: Self = Self(119);
    /// 802.11 behind a radiotap header.
    pub const IEEE802_11_RADIOTAP: Self = Self(127);
    /// 802.11 behind a header of AVS drivers.
    pub const IEEE802_11_AVS: Self = Self(163);
    /// PPP behind one byte that tells the direction.
    pub const PPP_PPPD: Self = Self(166);
    pub const PPP_WITH_DIR: Self = Self(204);
    /// A header that says which other link type follows.
    pub const PPI: Self = Self(192);
    /// Packets that Linux's packet filter logged.
    pub const NFLOG: Self = Self(239);
    /// Linux "cooked" capture.
    pub const LINUX_SLL: Self = Self(113);
    pub const IPV4: Self = Self(228);
    pub const IPV6: Self = Self(229);
    /// Linux "cooked" capture v2, with the interface's number.
    pub const LINUX_SLL2: Self = Self(276);

    /// The name in the registry, for people.
    pub fn name(self) -> String {
        match self {
            Self::NULL => "NULL".into(),
            Self::ETHERNET => "EN10MB".into(),
            Self(12 | 14) | Self::RAW => "RAW".into(),
            Self::LOOP => "LOOP".into(),
            Self::PPP => "PPP".into(),
            Self::PPP_SERIAL => "PPP_SERIAL".into(),
            Self::PPP_ETHER => "PPP_ETHER".into(),
            Self::C_HDLC => "C_HDLC".into(),
            Self::IEEE802_11 => "IEEE802_11".into(),
            Self::IEEE802_11_PRISM => "IEEE802_11_PRISM".into(),
            Self::IEEE802_11_RADIOTAP => "IEEE802_11_RADIOTAP".into(),
            Self::IEEE802_11_AVS => "IEEE802_11_AVS".into(),
            Self::PPP_PPPD => "PPP_PPPD".into(),
            Self::PPP_WITH_DIR => "PPP_WITH_DIR".into(),
            Self::PPI => "PPI".into(),
            Self::NFLOG => "NFLOG".into(),
            Self(n @ 147..=162) => format!("USER{}", n - 147),
            Self::LINUX_SLL => "LINUX_SLL".into(),
            Self::IPV4 => "IPV4".into(),
            Self::IPV6 => "IPV6".into(),
            Self::LINUX_SLL2 => "LINUX_SLL2".into(),
            Self(n) => format!("LINKTYPE_{n}"),
        }
    }

    /// Wireshark's own number for it, as `tshark -e frame.encap_type` (4.0) prints; `None` where it has none.
    pub fn encap(self) -> Option<u32> {
        if let 147..=162 = self.0 {
            return Some(u32::from(self.0) - 102);
        }
        ENCAPS.iter().find(|(link, _)| *link == self.0).map(|(_, encap)| (*encap).into())
    }
}

/// Link type and Wireshark's encapsulation number, where it has one; the user's own types are left out.
#[rustfmt::skip]
const ENCAPS: &[(u16, u16)] = &[
    (0, 15), (1, 1), (2, 184), (3, 148), (6, 2), (7, 8), (8, 3), (9, 4), (10, 6), (11, 10), (12, 7), (13, 38),
    (14, 7), (16, 11), (18, 11), (19, 11), (32, 69), (50, 4), (51, 139), (99, 61), (100, 10), (101, 7), (104, 28),
    (105, 20), (106, 11), (107, 26), (108, 174), (109, 38), (112, 28), (113, 25), (114, 30), (117, 39), (118, 29),
    (119, 21), (121, 32), (122, 18), (123, 13), (127, 23), (128, 37), (129, 9), (130, 81), (131, 82), (133, 87),
    (135, 68), (136, 151), (137, 67), (138, 62), (139, 75), (140, 42), (141, 43), (142, 101), (143, 33), (163, 24),
    (165, 63), (166, 19), (167, 76), (169, 66), (170, 178), (171, 179), (172, 77), (173, 78), (178, 83), (179, 84),
    (180, 85), (181, 86), (183, 91), (184, 181), (186, 92), (187, 41), (188, 93), (189, 95), (190, 109), (192, 97),
    (195, 104), (196, 100), (197, 98), (199, 103), (200, 197), (201, 99), (202, 147), (203, 131), (204, 19),
    (209, 112), (210, 106), (211, 108), (212, 107), (213, 111), (214, 105), (215, 113), (220, 115), (224, 121),
    (225, 122), (226, 124), (227, 125), (228, 129), (229, 130), (230, 127), (231, 146), (235, 132), (236, 133),
    (237, 157), (239, 141), (240, 135), (241, 136), (242, 180), (243, 138), (245, 140), (248, 149), (249, 152),
    (250, 153), (251, 154), (252, 155), (253, 158), (254, 159), (255, 160), (256, 161), (258, 171), (259, 172),
    (260, 173), (264, 177), (266, 182), (268, 36), (270, 183), (271, 185), (272, 186), (273, 199), (274, 198),
    (275, 200), (276, 210), (279, 204), (280, 205), (283, 206), (287, 211), (288, 208), (290, 212), (292, 214),
    (293, 215), (294, 216), (295, 217),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn an_encapsulation_number_that_tshark_does_not_print() {
        let numbers = [(0, 15), (1, 1), (9, 4), (101, 7), (12, 7), (113, 25), (127, 23), (147, 45), (162, 60), (239, 141), (276, 210)];
        for (link, encap) in numbers {
            assert_eq!(LinkType(link).encap(), Some(encap), "link type {link}");
        }
        assert_eq!(LinkType(300).encap(), None);
    }
}
