//! The numbers of DNS and their names (IANA, Domain Name System Parameters).

pub const A: u16 = 1;
pub const NS: u16 = 2;
pub const CNAME: u16 = 5;
pub const SOA: u16 = 6;
pub const NULL: u16 = 10;
pub const PTR: u16 = 12;
pub const HINFO: u16 = 13;
pub const MX: u16 = 15;
pub const TXT: u16 = 16;
pub const RP: u16 = 17;
pub const SIG: u16 = 24;
pub const AAAA: u16 = 28;
pub const LOC: u16 = 29;
pub const SRV: u16 = 33;
pub const NAPTR: u16 = 35;
pub const DNAME: u16 = 39;
pub const OPT: u16 = 41;
pub const DS: u16 = 43;
pub const SSHFP: u16 = 44;
pub const RRSIG: u16 = 46;
pub const NSEC: u16 = 47;
pub const DNSKEY: u16 = 48;
pub const NSEC3: u16 = 50;
pub const NSEC3PARAM: u16 = 51;
pub const TLSA: u16 = 52;
pub const CDS: u16 = 59;
pub const CDNSKEY: u16 = 60;
pub const SVCB: u16 = 64;
pub const HTTPS: u16 = 65;
pub const SPF: u16 = 99;
pub const TSIG: u16 = 250;
pub const CAA: u16 = 257;
pub const DLV: u16 = 32769;

/// A type's name, and what it is for.
pub fn type_name(ty: u16) -> Option<(&'static str, &'static str)> {
    Some(match ty {
        A => ("A", "host address"),
        NS => ("NS", "authoritative name server"),
        3 => ("MD", "mail destination"),
        4 => ("MF", "mail forwarder"),
        CNAME => ("CNAME", "canonical name for an alias"),
        SOA => ("SOA", "start of a zone of authority"),
        7 => ("MB", "mailbox domain name"),
        8 => ("MG", "mail group member"),
        9 => ("MR", "mail rename domain name"),
        NULL => ("NULL", "any bytes"),
        11 => ("WKS", "well known services"),
        PTR => ("PTR", "domain name pointer"),
        HINFO => ("HINFO", "host information"),
        14 => ("MINFO", "mailbox information"),
        MX => ("MX", "mail exchange"),
        TXT => ("TXT", "text strings"),
        RP => ("RP", "responsible person"),
        18 => ("AFSDB", "AFS data base"),
        19 => ("X25", "X.25 address"),
        20 => ("ISDN", "ISDN address"),
        21 => ("RT", "route through"),
        22 => ("NSAP", "NSAP address"),
        23 => ("NSAP-PTR", "NSAP pointer"),
        SIG => ("SIG", "signature"),
        25 => ("KEY", "key"),
        26 => ("PX", "X.400 mail mapping"),
        27 => ("GPOS", "geographical position"),
        AAAA => ("AAAA", "IPv6 address"),
        LOC => ("LOC", "location"),
        30 => ("NXT", "next domain"),
        SRV => ("SRV", "server selection"),
        NAPTR => ("NAPTR", "naming authority pointer"),
        36 => ("KX", "key exchanger"),
        37 => ("CERT", "certificate"),
        38 => ("A6", "IPv6 address, obsolete"),
        DNAME => ("DNAME", "redirection of a subtree"),
        OPT => ("OPT", "EDNS option"),
        42 => ("APL", "address prefixes"),
        DS => ("DS", "delegation signer"),
        SSHFP => ("SSHFP", "SSH key fingerprint"),
        45 => ("IPSECKEY", "IPsec key"),
        RRSIG => ("RRSIG", "DNSSEC signature"),
        NSEC => ("NSEC", "next secure"),
        DNSKEY => ("DNSKEY", "DNSSEC key"),
        49 => ("DHCID", "DHCP information"),
        NSEC3 => ("NSEC3", "next secure, hashed"),
        NSEC3PARAM => ("NSEC3PARAM", "how names are hashed"),
        TLSA => ("TLSA", "TLS certificate association"),
        55 => ("HIP", "host identity"),
        CDS => ("CDS", "child's DS"),
        CDNSKEY => ("CDNSKEY", "child's DNSKEY"),
        61 => ("OPENPGPKEY", "OpenPGP key"),
        62 => ("CSYNC", "child to parent synchronisation"),
        63 => ("ZONEMD", "zone digest"),
        SVCB => ("SVCB", "service binding"),
        HTTPS => ("HTTPS", "HTTPS service binding"),
        SPF => ("SPF", "sender policy"),
        104 => ("NID", "node identifier"),
        105 => ("L32", "32-bit locator"),
        106 => ("L64", "64-bit locator"),
        107 => ("LP", "locator name"),
        108 => ("EUI48", "48-bit address"),
        109 => ("EUI64", "64-bit address"),
        249 => ("TKEY", "transaction key"),
        TSIG => ("TSIG", "transaction signature"),
        251 => ("IXFR", "incremental zone transfer"),
        252 => ("AXFR", "zone transfer"),
        255 => ("ANY", "all records"),
        256 => ("URI", "URI"),
        CAA => ("CAA", "certification authority authorisation"),
        DLV => ("DLV", "DNSSEC lookaside validation"),
        65281 => ("WINS", "WINS"),
        65282 => ("WINS-R", "WINS reverse"),
        65422 => ("XPF", "forwarded address"),
        _ => return None,
    })
}

/// Types whose data Wireshark 4.0 shows as bytes: it does not know them, or only by name.
pub fn is_undecoded(ty: u16) -> bool {
    type_name(ty).is_none() || matches!(ty, 251 | 252 | 255 | 256)
}

/// "A", or "TYPE4711".
pub fn short_type(ty: u16) -> String {
    type_name(ty).map_or_else(|| format!("TYPE{ty}"), |(name, _)| name.to_owned())
}

/// "A (host address)" without the number.
pub fn long_type(ty: u16) -> String {
    type_name(ty).map_or_else(|| format!("TYPE{ty}"), |(name, about)| format!("{name}, {about}"))
}

pub fn class_name(class: u16) -> Option<&'static str> {
    Some(match class {
        1 => "IN",
        3 => "CH",
        4 => "HS",
        254 => "NONE",
        255 => "ANY",
        _ => return None,
    })
}

pub fn opcode_name(opcode: u16) -> Option<&'static str> {
    Some(match opcode {
        0 => "Standard query",
        1 => "Inverse query",
        2 => "Server status request",
        4 => "Zone change notification",
        UPDATE => "Dynamic update",
        6 => "DNS stateful operations",
        _ => return None,
    })
}

/// RFC 2136 §2.2.
pub const UPDATE: u16 = 5;

pub fn rcode_name(rcode: u16) -> Option<&'static str> {
    Some(match rcode {
        0 => "No error",
        1 => "Format error",
        2 => "Server failure",
        3 => "No such name",
        4 => "Not implemented",
        5 => "Refused",
        6 => "Name exists",
        7 => "RRset exists",
        8 => "RRset does not exist",
        9 => "Not authoritative",
        10 => "Name out of zone",
        _ => return None,
    })
}

/// EDNS options.
pub mod option {
    pub const NSID: u16 = 3;
    pub const DAU: u16 = 5;
    pub const DHU: u16 = 6;
    pub const N3U: u16 = 7;
    pub const SUBNET: u16 = 8;
    pub const COOKIE: u16 = 10;
    pub const KEEPALIVE: u16 = 11;
    pub const PADDING: u16 = 12;
    pub const CHAIN: u16 = 13;
    pub const ERROR: u16 = 15;

    pub fn name(code: u16) -> Option<&'static str> {
        Some(match code {
            1 => "long-lived query",
            2 => "update lease",
            NSID => "name server identifier",
            DAU => "DNSSEC algorithm understood",
            DHU => "DS hash understood",
            N3U => "NSEC3 hash understood",
            SUBNET => "client subnet",
            9 => "expire",
            COOKIE => "cookie",
            KEEPALIVE => "TCP keepalive",
            PADDING => "padding",
            CHAIN => "chain",
            ERROR => "extended error",
            _ => return None,
        })
    }
}

/// Parameters of SVCB and HTTPS records.
pub mod param {
    pub const MANDATORY: u16 = 0;
    pub const ALPN: u16 = 1;
    pub const NO_DEFAULT_ALPN: u16 = 2;
    pub const PORT: u16 = 3;
    pub const IPV4HINT: u16 = 4;
    pub const ECH: u16 = 5;
    pub const IPV6HINT: u16 = 6;
    pub const ODOH: u16 = 32769;

    pub fn name(key: u16) -> Option<&'static str> {
        Some(match key {
            MANDATORY => "mandatory",
            ALPN => "alpn",
            NO_DEFAULT_ALPN => "no-default-alpn",
            PORT => "port",
            IPV4HINT => "ipv4hint",
            ECH => "ech",
            IPV6HINT => "ipv6hint",
            7 => "dohpath",
            ODOH => "odohconfig",
            _ => return None,
        })
    }
}

/// Algorithms of DNSSEC.
pub fn algorithm(number: u8) -> Option<&'static str> {
    Some(match number {
        RSA_MD5 => "RSA/MD5",
        3 => "DSA/SHA-1",
        5 => "RSA/SHA-1",
        7 => "RSA/SHA-1, NSEC3",
        8 => "RSA/SHA-256",
        10 => "RSA/SHA-512",
        13 => "ECDSA P-256",
        14 => "ECDSA P-384",
        15 => "Ed25519",
        16 => "Ed448",
        _ => return None,
    })
}

/// RFC 4034, appendix B.1: its key tag is computed in another way.
pub const RSA_MD5: u8 = 1;
