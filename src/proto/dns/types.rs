//! The numbers of DNS and their names (IANA, Domain Name System Parameters).

pub const A: u16 = 1;
pub const NS: u16 = 2;
pub const CNAME: u16 = 5;
pub const SOA: u16 = 6;
pub const PTR: u16 = 12;
pub const MX: u16 = 15;
pub const TXT: u16 = 16;
pub const AAAA: u16 = 28;
pub const SRV: u16 = 33;
pub const OPT: u16 = 41;

/// A type's name, and what it is for.
pub fn type_name(ty: u16) -> Option<(&'static str, &'static str)> {
    Some(match ty {
        A => ("A", "host address"),
        NS => ("NS", "authoritative name server"),
        CNAME => ("CNAME", "canonical name for an alias"),
        SOA => ("SOA", "start of a zone of authority"),
        PTR => ("PTR", "domain name pointer"),
        13 => ("HINFO", "host information"),
        MX => ("MX", "mail exchange"),
        TXT => ("TXT", "text strings"),
        AAAA => ("AAAA", "IPv6 address"),
        SRV => ("SRV", "server selection"),
        35 => ("NAPTR", "naming authority pointer"),
        39 => ("DNAME", "redirection of a subtree"),
        OPT => ("OPT", "EDNS option"),
        43 => ("DS", "delegation signer"),
        46 => ("RRSIG", "DNSSEC signature"),
        47 => ("NSEC", "next secure"),
        48 => ("DNSKEY", "DNSSEC key"),
        50 => ("NSEC3", "next secure, hashed"),
        52 => ("TLSA", "TLS certificate association"),
        64 => ("SVCB", "service binding"),
        65 => ("HTTPS", "HTTPS service binding"),
        249 => ("TKEY", "transaction key"),
        250 => ("TSIG", "transaction signature"),
        251 => ("IXFR", "incremental zone transfer"),
        252 => ("AXFR", "zone transfer"),
        255 => ("ANY", "all records"),
        257 => ("CAA", "certification authority authorisation"),
        _ => return None,
    })
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
        5 => "Dynamic update",
        6 => "DNS stateful operations",
        _ => return None,
    })
}

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
