//! Who reads what inside a certificate (RFC 5280 §4.1): the names that Wireshark adds to `frame.protocols`.
//!
//! In: a certificate, or a name of somebody, in DER. Out: one name for each object identifier that Wireshark 4.0 has a reader
//! for, in the order of the bytes. The values themselves are not read. Bytes that are no DER end the list, never the program.

/// Names that are listed of one certificate at most.
const MAX_NAMES: usize = 4096;
/// General names and algorithms inside each other that are followed.
const MAX_DEPTH: usize = 8;

const SEQUENCE: u8 = 0x30;
const OID: u8 = 0x06;
/// `extensions [3] EXPLICIT`, `version [0] EXPLICIT`.
const EXTENSIONS: u8 = 0xa3;
const VERSION: u8 = 0xa0;
/// Of a GeneralName: `otherName [0]` and `directoryName [4]` (RFC 5280 §4.2.1.6).
const OTHER_NAME: u8 = 0xa0;
const DIRECTORY_NAME: u8 = 0xa4;

/// Object identifiers by their first numbers and the last ones, and who reads their values.
const READERS: &[(&str, &[(u32, u32)], &str)] = &[
    (
        "2.5.4",
        &[(0, 0), (2, 21), (23, 30), (35, 35), (41, 48), (50, 52), (54, 54), (56, 56), (65, 67)],
        "x509sat",
    ),
    ("2.5.4", &[(36, 40), (53, 53), (58, 59)], "x509af"),
    ("2.5.4", &[(1, 1), (31, 34), (49, 49)], "x509if"),
    ("2.5.4", &[(55, 55), (72, 72)], "pkixac"),
    ("0.9.2342.19200300.100.1", &[(25, 25)], "x509sat"),
    ("0.9.2342.19200300.100.1", &[(1, 1)], "x509af"),
    ("0.9.2342.19200300.100.1", &[(60, 60)], "jpeg"),
    ("1.2.840.113549.1.9", &[(1, 1), (7, 8), (13, 13), (20, 21)], "x509sat"),
    ("1.2.840.113549.1.9", &[(3, 4), (6, 6), (15, 15)], "cms"),
    ("1.2.840.113549.1.9", &[(9, 9)], "pkcs10"),
    ("1.2.840.113549.1.9", &[(14, 14)], "pkix1explicit"),
    ("1.3.6.1.4.1.311.60.2.1", &[(1, 3)], "x509sat"),
    ("1.3.6.1.5.5.7.9", &[(1, 5)], "x509sat"),
    ("2.16.840.1.113730.3.1", &[(3, 3)], "x509sat"),
    ("2.16.840.1.101.2.2.1", &[(45, 45)], "x509sat"),
    ("1.2.840.113549.1.1", &[(8, 8), (10, 10)], "pkcs-1"),
    ("1.2.840.10045.2", &[(1, 1)], "pkcs-1"),
    ("1.2.840.10046.2", &[(1, 1)], "pkix1explicit"),
    ("1.2.840.10040.4", &[(1, 1)], "x509af"),
    (
        "2.5.29",
        &[
            (3, 3), (9, 9), (14, 21), (23, 24), (27, 33), (35, 37), (40, 40), (44, 47), (51, 51), (53, 54), (58, 61),
        ],
        "x509ce",
    ),
    ("2.5.29", &[(55, 55)], "pkixac"),
    ("1.3.6.1.5.5.7.1", &[(1, 1)], "pkix1implicit"),
    ("1.3.6.1.5.5.7.1", &[(2, 3)], "pkixqualified"),
    ("1.3.6.1.5.5.7.1", &[(6, 6), (10, 10)], "pkixac"),
    ("1.3.6.1.5.5.7.1", &[(7, 8), (24, 24)], "pkix1explicit"),
    ("1.3.6.1.5.5.7.1", &[(12, 12)], "logotypecertextn"),
    ("1.3.6.1.5.5.7.1", &[(13, 13)], "wlancertextn"),
    ("1.3.6.1.5.5.7.1", &[(14, 14)], "pkixproxy"),
    ("1.3.6.1.5.5.7.1", &[(25, 25)], "mudurl"),
    ("1.3.6.1.5.5.7.2", &[(1, 1)], "pkix1explicit"),
    ("1.3.6.1.5.5.7.2", &[(2, 2)], "pkix1implicit"),
    ("1.3.6.1.5.5.7.8", &[(4, 4)], "cms"),
    ("1.3.6.1.5.5.7.8", &[(5, 5), (7, 7)], "pkixqualified"),
    ("1.3.6.1.5.5.7.48.1", &[(5, 5)], "ocsp"),
    ("1.3.6.1.5.2", &[(2, 2)], "pkinit"),
    ("1.3.6.1.4.1.11129.2.4", &[(2, 2), (5, 5)], "tls"),
    ("1.3.6.1.4.1.311.20", &[(2, 2)], "x509sat"),
    ("1.3.6.1.4.1.311.20.2", &[(3, 3)], "x509sat"),
    ("1.3.6.1.4.1.311.21", &[(1, 4)], "x509sat"),
    ("1.3.6.1.4.1.311.21", &[(5, 6), (19, 19)], "pkix1implicit"),
    ("1.3.6.1.4.1.311.21", &[(7, 7), (10, 10)], "x509ce"),
    ("1.2.840.113533.7.65", &[(0, 0)], "x509ce"),
    ("2.16.840.1.113730.1", &[(1, 4), (7, 8), (12, 13)], "ns_cert_exts"),
];

/// The readers of the values in a certificate (RFC 5280 §4.1).
pub fn of_certificate(der: &[u8]) -> Vec<&'static str> {
    let mut found = Found::default();
    let _ = found.certificate(der);
    found.names
}

/// ... and in a Name (RFC 5280 §4.1.2.4).
pub fn of_name(der: &[u8]) -> Vec<&'static str> {
    let mut found = Found::default();
    if let Some((SEQUENCE, name, _)) = value(der) {
        let _ = found.name(name);
    }
    found.names
}

/// The first value: its tag, its content, and what stands behind it (X.690 §8.1).
fn value(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (short, rest) = rest.split_first()?;
    let (len, rest) = match short {
        0..=0x7f => (usize::from(*short), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(short & 0x7f))?;
            (digits.iter().fold(0, |sum, b| sum << 8 | usize::from(*b)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(len)?;
    Some((*tag, content, rest))
}

/// The values of these bytes, one after another.
fn values(mut bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let (tag, content, rest) = value(bytes)?;
        bytes = rest;
        Some((tag, content))
    })
}

/// The content of the first value.
fn inside(bytes: &[u8]) -> Option<&[u8]> {
    value(bytes).map(|(_, content, _)| content)
}

/// An object identifier in numbers (X.690 §8.19).
fn dotted(bytes: &[u8]) -> Option<String> {
    let mut parts = Vec::new();
    let mut number = 0_u64;
    for b in bytes {
        number = number.checked_mul(128)?.checked_add(u64::from(b & 0x7f))?;
        if b & 0x80 == 0 {
            parts.push(number);
            number = 0;
        }
    }
    let (first, rest) = parts.split_first()?;
    let root = (first / 40).min(2);
    let mut out = format!("{root}.{}", first - root * 40);
    for part in rest {
        out += &format!(".{part}");
    }
    Some(out)
}

fn reader(oid: &str) -> Option<&'static str> {
    let (head, last) = oid.rsplit_once('.')?;
    let last: u32 = last.parse().ok()?;
    let mine = |ranges: &[(u32, u32)]| ranges.iter().any(|(from, to)| (*from..=*to).contains(&last));
    READERS.iter().find(|(prefix, ranges, _)| *prefix == head && mine(ranges)).map(|(_, _, name)| *name)
}

#[derive(Default)]
struct Found {
    names: Vec<&'static str>,
}

impl Found {
    /// Notes who reads the value of this identifier, and returns it.
    fn note(&mut self, oid: &[u8]) -> Option<String> {
        let oid = dotted(oid)?;
        if let Some(name) = reader(&oid).filter(|_| self.names.len() < MAX_NAMES) {
            self.names.push(name);
        }
        Some(oid)
    }

    fn certificate(&mut self, der: &[u8]) -> Option<()> {
        let mut outer = values(inside(der)?);
        let (_, signed) = outer.next()?;
        let mut fields = values(signed).skip_while(|(tag, _)| *tag == VERSION).skip(1);
        self.algorithm(fields.next()?.1, 0);
        self.name(fields.next()?.1);
        fields.next()?;
        self.name(fields.next()?.1);
        self.algorithm(inside(fields.next()?.1)?, 0);
        for (_, list) in fields.filter(|(tag, _)| *tag == EXTENSIONS) {
            for (_, extension) in values(inside(list)?) {
                self.extension(extension);
            }
        }
        self.algorithm(outer.next()?.1, 0)
    }

    /// An AlgorithmIdentifier. Without parameters there is nothing to read.
    fn algorithm(&mut self, content: &[u8], depth: usize) -> Option<()> {
        let (_, oid, parameters) = value(content)?;
        let (tag, inner, _) = value(parameters)?;
        let known = dotted(oid)?;
        // Of a curve only the name is read.
        if known == "1.2.840.10045.2.1" && tag != OID {
            return Some(());
        }
        self.note(oid)?;
        match known.as_str() {
            _ if depth >= MAX_DEPTH => {}
            // RSASSA-PSS (RFC 4055 §3.1): a hash, and a mask generation function with a hash of its own.
            "1.2.840.113549.1.1.10" => {
                for (_, part) in values(inner).filter(|(tag, _)| matches!(tag, 0xa0 | 0xa1)) {
                    self.algorithm(inside(part)?, depth + 1);
                }
            }
            "1.2.840.113549.1.1.8" => self.algorithm(inner, depth + 1)?,
            _ => {}
        }
        Some(())
    }

    /// The content of a Name: sets of attributes.
    fn name(&mut self, content: &[u8]) -> Option<()> {
        for (_, set) in values(content) {
            for (_, attribute) in values(set) {
                self.note(inside(attribute)?);
            }
        }
        Some(())
    }

    fn general_names(&mut self, content: &[u8]) -> Option<()> {
        for (tag, one) in values(content) {
            match tag {
                DIRECTORY_NAME => self.name(inside(one)?)?,
                OTHER_NAME => {
                    self.note(inside(one)?);
                }
                _ => {}
            }
        }
        Some(())
    }

    /// Who it is for, and whether it must be understood; then its value, in an octet string (RFC 5280 §4.2).
    fn extension(&mut self, content: &[u8]) -> Option<()> {
        let oid = self.note(inside(content)?)?;
        let (_, octets) = values(content).last()?;
        let list = inside(octets)?;
        match oid.as_str() {
            // Certificate policies: each with qualifiers.
            "2.5.29.32" => {
                for (_, policy) in values(list) {
                    for (_, qualifiers) in values(policy).skip(1) {
                        for (_, qualifier) in values(qualifiers) {
                            self.note(inside(qualifier)?);
                        }
                    }
                }
            }
            "2.5.29.17" | "2.5.29.18" => self.general_names(list)?,
            // The authority's key: `authorityCertIssuer [1]`.
            "2.5.29.35" => {
                for (_, names) in values(list).filter(|(tag, _)| *tag == 0xa1) {
                    self.general_names(names)?;
                }
            }
            // Where revocation lists are: `distributionPoint [0]` with `fullName [0]`, and `cRLIssuer [2]`.
            "2.5.29.31" | "2.5.29.46" => {
                for (_, point) in values(list) {
                    for (tag, part) in values(point) {
                        match tag {
                            0xa0 => values(part).filter(|(tag, _)| *tag == 0xa0).try_for_each(|(_, n)| self.general_names(n))?,
                            0xa2 => self.general_names(part)?,
                            _ => {}
                        }
                    }
                }
            }
            "1.3.6.1.5.5.7.1.1" => {
                for (_, access) in values(list) {
                    self.general_names(value(access)?.2)?;
                }
            }
            "2.5.29.30" => {
                for (_, subtrees) in values(list) {
                    for (_, subtree) in values(subtrees) {
                        self.general_names(subtree)?;
                    }
                }
            }
            _ => {}
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let mut out = vec![tag, 0x82, (content.len() >> 8) as u8, content.len() as u8];
        out.extend(content);
        out
    }

    fn oid(text: &str) -> Vec<u8> {
        let numbers: Vec<u64> = text.split('.').map(|n| n.parse().unwrap()).collect();
        let mut content = Vec::new();
        for n in std::iter::once(numbers[0] * 40 + numbers[1]).chain(numbers[2..].iter().copied()) {
            let digits = (0..10).rev().map(|i| (n >> (7 * i) & 0x7f) as u8).skip_while(|d| *d == 0).collect::<Vec<_>>();
            let digits = if digits.is_empty() { vec![0] } else { digits };
            let last = digits.len() - 1;
            content.extend(digits.iter().enumerate().map(|(i, d)| if i < last { d | 0x80 } else { *d }));
        }
        der(OID, &[&content])
    }

    fn certificate(issuer: &[&str], parameters: &[u8], extension: &[u8]) -> Vec<u8> {
        let rdn = |attribute: &&str| der(0x31, &[&der(SEQUENCE, &[&oid(attribute), &[0x13, 1, b'x']])]);
        let names: Vec<u8> = issuer.iter().flat_map(rdn).collect();
        let rsa = der(SEQUENCE, &[&oid("1.2.840.113549.1.1.11"), &[5, 0]]);
        let key = der(SEQUENCE, &[&der(SEQUENCE, &[&oid("1.2.840.10045.2.1"), parameters]), &[3, 1, 0]]);
        let extensions = der(EXTENSIONS, &[&der(SEQUENCE, &[extension])]);
        let name = der(SEQUENCE, &[&names]);
        let signed = der(
            SEQUENCE,
            &[&[VERSION, 3, 2, 1, 2], &[2, 1, 1], &rsa, &name, &der(SEQUENCE, &[]), &der(SEQUENCE, &[]), &key, &extensions],
        );
        der(SEQUENCE, &[&signed, &rsa, &[3, 1, 0]])
    }

    #[test]
    fn attributes_keys_and_extensions_have_their_readers_in_the_order_of_the_bytes() {
        let policy = der(SEQUENCE, &[&oid("1.2.3"), &der(SEQUENCE, &[&der(SEQUENCE, &[&oid("1.3.6.1.5.5.7.2.1")])])]);
        let policies = der(SEQUENCE, &[&oid("2.5.29.32"), &der(4, &[&der(SEQUENCE, &[&policy])])]);
        let made = certificate(&["2.5.4.3", "2.5.4.97", "0.9.2342.19200300.100.1.1"], &oid("1.3.132.0.34"), &policies);
        assert_eq!(of_certificate(&made), ["x509sat", "x509af", "pkcs-1", "x509ce", "pkix1explicit"]);
    }

    #[test]
    fn a_directory_name_in_an_extension_counts_its_attributes() {
        let name = der(SEQUENCE, &[&der(0x31, &[&der(SEQUENCE, &[&oid("2.5.4.10")])])]);
        let names = der(SEQUENCE, &[&der(DIRECTORY_NAME, &[&name])]);
        let extension = der(SEQUENCE, &[&oid("2.5.29.17"), &[1, 1, 0xff], &der(4, &[&names])]);
        assert_eq!(of_certificate(&certificate(&[], &[5, 0], &extension)), ["x509ce", "x509sat"]);
        assert_eq!(of_name(&name), ["x509sat"]);
    }

    #[test]
    fn a_certificate_cut_anywhere_names_what_came_before_and_nothing_else() {
        let whole = certificate(&["2.5.4.3"], &oid("1.3.132.0.34"), &der(SEQUENCE, &[&oid("2.5.29.14"), &der(4, &[])]));
        let names = of_certificate(&whole);
        assert_eq!(names, ["x509sat", "pkcs-1", "x509ce"]);
        for cut in 0..whole.len() {
            assert!(names.starts_with(&of_certificate(&whole[..cut])));
        }
    }
}
