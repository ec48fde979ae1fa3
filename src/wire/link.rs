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
            Self::LINUX_SLL => "LINUX_SLL".into(),
            Self::IPV4 => "IPV4".into(),
            Self::IPV6 => "IPV6".into(),
            Self::LINUX_SLL2 => "LINUX_SLL2".into(),
            Self(n) => format!("LINKTYPE_{n}"),
        }
    }
}
