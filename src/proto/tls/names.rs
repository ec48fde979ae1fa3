//! Names of numbers in TLS, as Wireshark words them.
//!
//! In: a number of a record, a handshake message or an extension. Out: its name, or `None` if it is not registered.

/// Values that mean nothing and are sent to keep servers used to values they do not know (RFC 8701).
pub fn is_grease(number: u16) -> bool {
    number & 0x0f0f == 0x0a0a && number >> 8 == number & 0xff
}

const GREASE: &str = "Reserved (GREASE)";

fn find(table: &[(u16, &'static str)], number: u16) -> Option<&'static str> {
    table.iter().find(|(n, _)| *n == number).map(|(_, name)| *name)
}

pub fn content_type(number: u8) -> Option<&'static str> {
    Some(match number {
        20 => "Change Cipher Spec",
        21 => "Alert",
        22 => "Handshake",
        23 => "Application Data",
        24 => "Heartbeat",
        25 => "Connection ID",
        _ => return None,
    })
}

/// A version's number as it stands in records and hellos.
pub fn version(number: u16) -> Option<&'static str> {
    Some(match number {
        0x0002 => "SSL 2.0",
        0x0300 => "SSL 3.0",
        0x0301 => "TLS 1.0",
        0x0302 => "TLS 1.1",
        0x0303 => "TLS 1.2",
        0x0304 => "TLS 1.3",
        0x7f0e..=0x7f1c => "TLS 1.3 (draft)",
        _ if is_grease(number) => GREASE,
        _ => return None,
    })
}

/// RFC 8446 §4, RFC 5246 §7.4, RFC 5077, RFC 6066, RFC 8879.
pub fn handshake(number: u8) -> Option<&'static str> {
    Some(match number {
        0 => "Hello Request",
        1 => "Client Hello",
        2 => "Server Hello",
        3 => "Hello Verify Request",
        4 => "New Session Ticket",
        5 => "End of Early Data",
        6 => "Hello Retry Request",
        8 => "Encrypted Extensions",
        11 => "Certificate",
        12 => "Server Key Exchange",
        13 => "Certificate Request",
        14 => "Server Hello Done",
        15 => "Certificate Verify",
        16 => "Client Key Exchange",
        20 => "Finished",
        21 => "Client Certificate URL",
        22 => "Certificate Status",
        23 => "Supplemental Data",
        24 => "Key Update",
        25 => "Compressed Certificate",
        67 => "Encrypted Extensions",
        _ => return None,
    })
}

/// Messages of SSL 2.0.
pub fn ssl2_message(number: u8) -> Option<&'static str> {
    Some(match number {
        0 => "Error",
        1 => "Client Hello",
        2 => "Client Master Key",
        3 => "Client Finished",
        4 => "Server Hello",
        5 => "Server Verify",
        6 => "Server Finished",
        7 => "Request Certificate",
        8 => "Client Certificate",
        _ => return None,
    })
}

pub fn alert_level(number: u8) -> Option<&'static str> {
    match number {
        1 => Some("Warning"),
        2 => Some("Fatal"),
        _ => None,
    }
}

/// RFC 8446 §6 and the versions before it.
pub fn alert(number: u8) -> Option<&'static str> {
    Some(match number {
        0 => "Close Notify",
        1 => "End of Early Data",
        10 => "Unexpected Message",
        20 => "Bad Record MAC",
        21 => "Decryption Failed",
        22 => "Record Overflow",
        30 => "Decompression Failure",
        40 => "Handshake Failure",
        41 => "No Certificate",
        42 => "Bad Certificate",
        43 => "Unsupported Certificate",
        44 => "Certificate Revoked",
        45 => "Certificate Expired",
        46 => "Certificate Unknown",
        47 => "Illegal Parameter",
        48 => "Unknown CA",
        49 => "Access Denied",
        50 => "Decode Error",
        51 => "Decrypt Error",
        60 => "Export Restriction",
        70 => "Protocol Version",
        71 => "Insufficient Security",
        80 => "Internal Error",
        86 => "Inappropriate Fallback",
        90 => "User Canceled",
        100 => "No Renegotiation",
        109 => "Missing Extension",
        110 => "Unsupported Extension",
        111 => "Certificate Unobtainable",
        112 => "Unrecognized Name",
        113 => "Bad Certificate Status Response",
        114 => "Bad Certificate Hash Value",
        115 => "Unknown PSK Identity",
        116 => "Certificate Required",
        120 => "No application Protocol",
        121 => "ECH Required",
        _ => return None,
    })
}

/// IANA's registry "TLS ExtensionType Values".
pub fn extension(number: u16) -> Option<&'static str> {
    const NAMES: &[(u16, &str)] = &[
        (0, "server_name"),
        (1, "max_fragment_length"),
        (2, "client_certificate_url"),
        (3, "trusted_ca_keys"),
        (4, "truncated_hmac"),
        (5, "status_request"),
        (6, "user_mapping"),
        (7, "client_authz"),
        (8, "server_authz"),
        (9, "cert_type"),
        (10, "supported_groups"),
        (11, "ec_point_formats"),
        (12, "srp"),
        (13, "signature_algorithms"),
        (14, "use_srtp"),
        (15, "heartbeat"),
        (16, "application_layer_protocol_negotiation"),
        (17, "status_request_v2"),
        (18, "signed_certificate_timestamp"),
        (19, "client_certificate_type"),
        (20, "server_certificate_type"),
        (21, "padding"),
        (22, "encrypt_then_mac"),
        (23, "extended_master_secret"),
        (24, "token_binding"),
        (25, "cached_info"),
        (27, "compress_certificate"),
        (28, "record_size_limit"),
        (34, "delegated_credentials"),
        (35, "session_ticket"),
        (41, "pre_shared_key"),
        (42, "early_data"),
        (43, "supported_versions"),
        (44, "cookie"),
        (45, "psk_key_exchange_modes"),
        (47, "certificate_authorities"),
        (48, "oid_filters"),
        (49, "post_handshake_auth"),
        (50, "signature_algorithms_cert"),
        (51, "key_share"),
        (52, "transparency_info"),
        (54, "connection_id"),
        (55, "external_id_hash"),
        (56, "external_session_id"),
        (57, "quic_transport_parameters"),
        (58, "ticket_request"),
        (59, "dnssec_chain"),
        (13172, "next_protocol_negotiation"),
        (17513, "application_settings"),
        (30031, "channel_id_old"),
        (30032, "channel_id"),
        (0xfe0d, "encrypted_client_hello"),
        (0xff01, "renegotiation_info"),
        (0xffa5, "quic_transport_parameters (draft)"),
        (0xffce, "encrypted_server_name"),
    ];
    if is_grease(number) { Some(GREASE) } else { find(NAMES, number) }
}

/// IANA's registry "TLS Supported Groups".
pub fn group(number: u16) -> Option<&'static str> {
    const NAMES: &[(u16, &str)] = &[
        (1, "sect163k1"),
        (2, "sect163r1"),
        (3, "sect163r2"),
        (4, "sect193r1"),
        (5, "sect193r2"),
        (6, "sect233k1"),
        (7, "sect233r1"),
        (8, "sect239k1"),
        (9, "sect283k1"),
        (10, "sect283r1"),
        (11, "sect409k1"),
        (12, "sect409r1"),
        (13, "sect571k1"),
        (14, "sect571r1"),
        (15, "secp160k1"),
        (16, "secp160r1"),
        (17, "secp160r2"),
        (18, "secp192k1"),
        (19, "secp192r1"),
        (20, "secp224k1"),
        (21, "secp224r1"),
        (22, "secp256k1"),
        (23, "secp256r1"),
        (24, "secp384r1"),
        (25, "secp521r1"),
        (26, "brainpoolP256r1"),
        (27, "brainpoolP384r1"),
        (28, "brainpoolP512r1"),
        (29, "x25519"),
        (30, "x448"),
        (41, "curveSM2"),
        (0x100, "ffdhe2048"),
        (0x101, "ffdhe3072"),
        (0x102, "ffdhe4096"),
        (0x103, "ffdhe6144"),
        (0x104, "ffdhe8192"),
        (0x200, "MLKEM512"),
        (0x201, "MLKEM768"),
        (0x202, "MLKEM1024"),
        (0x11eb, "SecP256r1MLKEM768"),
        (0x11ec, "X25519MLKEM768"),
        (0x11ed, "SecP384r1MLKEM1024"),
        (0x6399, "X25519Kyber768Draft00"),
    ];
    if is_grease(number) { Some(GREASE) } else { find(NAMES, number) }
}

/// RFC 8446 §4.2.3.
pub fn signature_scheme(number: u16) -> Option<&'static str> {
    const NAMES: &[(u16, &str)] = &[
        (0x0201, "rsa_pkcs1_sha1"),
        (0x0203, "ecdsa_sha1"),
        (0x0401, "rsa_pkcs1_sha256"),
        (0x0403, "ecdsa_secp256r1_sha256"),
        (0x0501, "rsa_pkcs1_sha384"),
        (0x0503, "ecdsa_secp384r1_sha384"),
        (0x0601, "rsa_pkcs1_sha512"),
        (0x0603, "ecdsa_secp521r1_sha512"),
        (0x0708, "sm2sig_sm3"),
        (0x0804, "rsa_pss_rsae_sha256"),
        (0x0805, "rsa_pss_rsae_sha384"),
        (0x0806, "rsa_pss_rsae_sha512"),
        (0x0807, "ed25519"),
        (0x0808, "ed448"),
        (0x0809, "rsa_pss_pss_sha256"),
        (0x080a, "rsa_pss_pss_sha384"),
        (0x080b, "rsa_pss_pss_sha512"),
    ];
    if is_grease(number) { Some(GREASE) } else { find(NAMES, number) }
}

/// The upper byte of a signature algorithm of TLS 1.2 (RFC 5246 §7.4.1.4.1).
pub fn hash(number: u8) -> Option<&'static str> {
    ["None", "MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "SM3"].get(usize::from(number)).copied()
}

/// ... and its lower byte.
pub fn signature(number: u8) -> Option<&'static str> {
    ["Anonymous", "RSA", "DSA", "ECDSA", "SM2"].get(usize::from(number)).copied()
}

/// Certificate types a server accepts (RFC 5246 §7.4.4, RFC 8422 §5.5).
pub fn certificate_type(number: u8) -> Option<&'static str> {
    Some(match number {
        1 => "RSA Sign",
        2 => "DSS Sign",
        3 => "RSA Fixed DH",
        4 => "DSS Fixed DH",
        64 => "ECDSA Sign",
        65 => "RSA Fixed ECDH",
        66 => "ECDSA Fixed ECDH",
        _ => return None,
    })
}

pub fn point_format(number: u8) -> Option<&'static str> {
    ["uncompressed", "ansiX962_compressed_prime", "ansiX962_compressed_char2"].get(usize::from(number)).copied()
}

pub fn compression(number: u8) -> Option<&'static str> {
    match number {
        0 => Some("null"),
        1 => Some("DEFLATE"),
        64 => Some("LZS"),
        _ => None,
    }
}

/// How a certificate may be packed (RFC 8879 §3).
pub fn certificate_compression(number: u16) -> Option<&'static str> {
    match number {
        1 => Some("zlib"),
        2 => Some("brotli"),
        3 => Some("zstd"),
        _ => None,
    }
}

pub fn psk_mode(number: u8) -> Option<&'static str> {
    match number {
        0 => Some("PSK-only key establishment (psk_ke)"),
        1 => Some("PSK with (EC)DHE key establishment (psk_dhe_ke)"),
        _ => None,
    }
}
