//! One whole handshake message (RFC 8446 §4, RFC 5246 §7.4).
//!
//! In: the message with its header of 4 bytes, and what is agreed on so far. Out: its fields, and the session with what the
//! message changed. QUIC carries the same messages without records.

use super::extension::{self, Place};
use super::fields::*;
use super::hello::{self, Peek};
use super::names;
use super::session::{Session, TLS12, TLS13};
use super::suites::Agreement;
use crate::proto::take::Take;
use crate::wire::{Field, Span, Value};
use std::cell::Cell;

pub const CLIENT_HELLO: u8 = 1;
pub const SERVER_HELLO: u8 = 2;
/// The header of a handshake message.
pub const HEADER: usize = 4;

/// The words for a whole message: "Client Hello (SNI=example.org)". It changes the session as the message does.
pub fn title(message: &[u8], session: &mut Session) -> String {
    let kind = message.first().copied().unwrap_or(u8::MAX);
    let name = names::handshake(kind).unwrap_or("Encrypted Handshake Message");
    let body = message.get(HEADER..).unwrap_or(&[]);
    match kind {
        CLIENT_HELLO => {
            let peek = Peek::read(body, true);
            if peek.early_data {
                session.see_early_data();
            }
            match peek.server_name {
                Some(sni) => format!("{name} (SNI={})", crate::proto::snippet(sni.as_bytes(), 120)),
                None => name.to_owned(),
            }
        }
        SERVER_HELLO => {
            let peek = Peek::read(body, false);
            session.see_server_hello(peek.version, peek.suite, peek.alpn.as_deref());
            if peek.retry { "Hello Retry Request".to_owned() } else { name.to_owned() }
        }
        _ => name.to_owned(),
    }
}

/// The fields of the message that stands at `at..end` of a buffer.
pub fn dissect(buffer: &[u8], at: usize, end: usize, session: &mut Session, short: &Cell<bool>) -> Field {
    let mut take = Take::new(buffer, at, end, short);
    let group = Field::new(&HANDSHAKE, Value::None, Span::new(at, take.left()));
    let mut out = Vec::new();
    let kind = take.named(&TYPE, 1, |n| u8::try_from(n).ok().and_then(names::handshake), &mut out);
    let name = kind.and_then(|k| u8::try_from(k).ok()).and_then(names::handshake);
    let group = match name {
        Some(name) => group.means(name),
        None => group,
    };
    let len = take.length(&LENGTH, 3, &mut out).unwrap_or(0);
    let mut body = take.part(len);
    // A body that ends early shows what it has; `short` says so.
    let _ = match kind.unwrap_or(u16::MAX) {
        1 => hello::client(&mut body, session, &mut out),
        2 => {
            let peek = Peek::read(body.rest(), false);
            hello::server(&mut body, &peek, session, &mut out)
        }
        4 => ticket(&mut body, session, &mut out),
        11 => certificate(&mut body, &mut out),
        12 => server_key_exchange(&mut body, session, &mut out),
        13 => certificate_request(&mut body, session, &mut out),
        15 => signature(&mut body, session, (&VERIFY_SIG_LEN, &VERIFY_SIG), &mut out),
        16 => client_key_exchange(&mut body, session, &mut out),
        20 => {
            body.group(&VERIFY_DATA, body.left(), &mut out, |_, _| {});
            Some(())
        }
        22 => certificate_status(&mut body, &mut out),
        _ => Some(()),
    };
    group.with(out)
}

/// RFC 5077 §3.3, RFC 8446 §4.6.1.
fn ticket(take: &mut Take<'_>, session: &Session, out: &mut Vec<Field>) -> Option<()> {
    take.uint(&TICKET_LIFETIME, 4, out)?;
    let newer = session.version == TLS13;
    if newer {
        take.uint(&TICKET_AGE_ADD, 4, out)?;
        let len = take.length(&TICKET_NONCE_LENGTH, 1, out)?;
        take.bytes(&TICKET_NONCE, len, out);
    }
    let len = take.length(&TICKET_LENGTH, 2, out)?;
    take.bytes(&TICKET, len, out);
    if newer {
        extension::read(take, Place::Ticket, out);
    }
    Some(())
}

/// RFC 5246 §7.4.2. What the certificates say is not read.
fn certificate(take: &mut Take<'_>, out: &mut Vec<Field>) -> Option<()> {
    let len = take.length(&CERTIFICATES_LENGTH, 3, out)?;
    if len > 0 {
        take.group(&CERTIFICATES, len, out, |mut list, out| {
            while list.left() > 0 {
                let Some(len) = list.length(&CERTIFICATE_LENGTH, 3, out) else { break };
                let mut one = list.part(len);
                one.bytes(&CERTIFICATE, der_length(one.rest()).min(one.left()), out);
            }
        });
    }
    Some(())
}

/// How many bytes the outermost DER value of a certificate says it has (X.690 §8.1.3): Wireshark shows no more of it.
fn der_length(bytes: &[u8]) -> usize {
    match bytes {
        [_, short @ 0..=0x7f, ..] => 2 + usize::from(*short),
        [_, long @ 0x81..=0x84, rest @ ..] => {
            let n = usize::from(long & 0x7f);
            let len = rest.iter().take(n).fold(0_usize, |sum, b| sum << 8 | usize::from(*b));
            len.saturating_add(2 + n)
        }
        _ => usize::MAX,
    }
}

/// RFC 5246 §7.4.3, RFC 8422 §5.4, RFC 4279 §2. What it looks like depends on the cipher suite.
fn server_key_exchange(take: &mut Take<'_>, session: &Session, out: &mut Vec<Field>) -> Option<()> {
    use Agreement::{DhAnon, Dhe, DhePsk, EcdhAnon, Ecdhe, EcdhePsk, Psk, RsaPsk};
    let how = session.agreement;
    if matches!(how, Psk | DhePsk | EcdhePsk | RsaPsk) {
        let len = take.length(&HINT_LEN, 2, out)?;
        take.bytes(&HINT, len, out);
    }
    match how {
        Dhe | DhAnon | DhePsk => {
            for (len, def) in [(&P_LEN, &P), (&G_LEN, &G), (&YS_LEN, &YS)] {
                let len = take.length(len, 2, out)?;
                take.bytes(def, len, out);
            }
        }
        Ecdhe | EcdhAnon | EcdhePsk => {
            let name = |n| (n == 3).then_some("named_curve");
            // Curves that are written out have not been allowed since RFC 8422.
            if take.named(&CURVE_TYPE, 1, name, out)? != 3 {
                return Some(());
            }
            take.named(&NAMED_CURVE, 2, names::group, out)?;
            let len = take.length(&SERVER_POINT_LEN, 1, out)?;
            take.bytes(&SERVER_POINT, len, out);
        }
        _ => {}
    }
    if matches!(how, Dhe | Ecdhe) { signature(take, session, (&SIG_LEN, &SIG), out) } else { Some(()) }
}

/// A signature behind its length; in TLS 1.2, behind its algorithm too (RFC 5246 §4.7).
fn signature(
    take: &mut Take<'_>,
    session: &Session,
    (len_def, def): (&'static crate::wire::FieldDef, &'static crate::wire::FieldDef),
    out: &mut Vec<Field>,
) -> Option<()> {
    if matches!(session.version, TLS12 | TLS13) {
        extension::signature_algorithm(take, out)?;
    }
    let len = take.length(len_def, 2, out)?;
    take.bytes(def, len, out);
    Some(())
}

/// RFC 5246 §7.4.7, RFC 8422 §5.7, RFC 4279 §2.
fn client_key_exchange(take: &mut Take<'_>, session: &Session, out: &mut Vec<Field>) -> Option<()> {
    use Agreement::{Dh, DhAnon, Dhe, DhePsk, Ecdh, EcdhAnon, Ecdhe, EcdhePsk, Psk, Rsa, RsaPsk};
    let how = session.agreement;
    if matches!(how, Psk | DhePsk | EcdhePsk | RsaPsk) {
        let len = take.length(&IDENTITY_LEN, 2, out)?;
        take.bytes(&IDENTITY, len, out);
    }
    match how {
        // SSL 3.0 gives no length.
        Rsa if session.version == super::session::SSL3 => {
            take.bytes(&EPMS, take.left(), out);
        }
        Rsa | RsaPsk => {
            let len = take.length(&EPMS_LEN, 2, out)?;
            take.bytes(&EPMS, len, out);
        }
        Dh | DhAnon | Dhe | DhePsk => {
            let len = take.length(&YC_LEN, 2, out)?;
            take.bytes(&YC, len, out);
        }
        Ecdh | EcdhAnon | Ecdhe | EcdhePsk => {
            let len = take.length(&CLIENT_POINT_LEN, 1, out)?;
            take.bytes(&CLIENT_POINT, len, out);
        }
        Psk | Agreement::Unknown => {}
    }
    Some(())
}

/// RFC 5246 §7.4.4.
fn certificate_request(take: &mut Take<'_>, session: &Session, out: &mut Vec<Field>) -> Option<()> {
    let count = take.length(&CERT_TYPES_COUNT, 1, out)?;
    let name = |n: u16| u8::try_from(n).ok().and_then(names::certificate_type);
    if count > 0 {
        take.group(&CERT_TYPES, count, out, |mut part, out| {
            part.list(&CERT_TYPE, 1, name, out);
        });
    }
    if session.version == TLS12 {
        extension::signature_algorithms(take, out)?;
    }
    let len = take.length(&DNAMES_LEN, 2, out)?;
    if len > 0 {
        take.group(&DNAMES, len, out, |mut list, out| {
            while list.left() > 0 {
                let Some(len) = list.length(&DNAME_LEN, 2, out) else { break };
                list.group(&DNAME, len, out, |_, _| {});
            }
        });
    }
    Some(())
}

/// RFC 6066 §8. What the OCSP response says is not read.
fn certificate_status(take: &mut Take<'_>, out: &mut Vec<Field>) -> Option<()> {
    let kind = take.named(&STATUS_TYPE, 1, |n| (n == 1).then_some("OCSP"), out)?;
    if kind == 1 {
        take.uint(&OCSP_LENGTH, 3, out)?;
    }
    Some(())
}
