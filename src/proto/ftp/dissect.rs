//! One FTP message for the eye: a command or a reply, with the addresses that they announce.

use super::fields as f;
use super::shown;
use crate::proto::lines::{bare, code, is_command, words};
use crate::proto::{About, Dir, Member, MessageLayers, snippet};
use crate::wire::{Field, FieldDef, Layer, Osi, Span, Value};
use std::net::{Ipv4Addr, Ipv6Addr};

fn text(def: &'static FieldDef, bytes: &[u8], at: usize, len: usize) -> Field {
    let span = Span::new(at, len);
    Field::new(def, Value::Text(String::from_utf8_lossy(span.of(bytes)).into_owned()), span)
}

pub fn dissect(bytes: &[u8], about: About<'_>) -> MessageLayers {
    let line = bare(bytes.split_inclusive(|b| *b == b'\n').next().unwrap_or(bytes));
    let is_request = about.dir == Dir::ToServer;
    // Wireshark reads the first line of a segment only.
    let first = about.around.peer(Member::Before).is_none_or(|b| b.nanos != about.nanos);
    let mut fields = Vec::new();
    if first {
        fields.push(Field::new(&f::REQUEST, Value::Bool(is_request), Span::NONE));
        fields.push(Field::new(&f::RESPONSE, Value::Bool(!is_request), Span::NONE));
        if is_request { request(line, bytes, &mut fields) } else { reply(line, bytes, &mut fields) }
    }
    let layer = Layer {
        proto: "ftp",
        title: "FTP",
        osi: Osi::Application,
        buffer: 0,
        header: Span::new(0, bytes.len()),
        payload: Span::new(bytes.len(), 0),
        summary: if is_request { shown(line) } else { snippet(line, 60) },
        fields,
    };
    MessageLayers { buffers: Vec::new(), layers: vec![layer], stop: None }
}

fn request(line: &[u8], bytes: &[u8], fields: &mut Vec<Field>) {
    let (command, argument) = words(line);
    if !command.is_empty() {
        fields.push(text(&f::COMMAND, bytes, 0, command.len()));
    }
    if argument.is_empty() {
        return;
    }
    let at = line.len() - argument.len();
    fields.push(text(&f::ARG, bytes, at, argument.len()));
    if is_command(command, &["PORT"])
        && let Some((ip, port, span)) = six_numbers(argument, at)
    {
        fields.push(Field::new(&f::ACTIVE_IP, Value::Ipv4(ip), span));
        fields.push(Field::new(&f::ACTIVE_PORT, Value::Uint(port.into()), span));
    }
    if is_command(command, &["EPRT"]) {
        extended(argument, at, fields);
    }
}

fn reply(line: &[u8], bytes: &[u8], fields: &mut Vec<Field>) {
    let Some((number, _)) = code(line) else {
        fields.push(text(&f::RESPONSE_ARG, bytes, 0, line.len()));
        return;
    };
    fields.push(Field::new(&f::CODE, Value::Uint(number.into()), Span::new(0, 3)));
    let argument = line.get(4..).unwrap_or(&[]);
    if !argument.is_empty() {
        fields.push(text(&f::RESPONSE_ARG, bytes, 4, argument.len()));
    }
    match number {
        227 => {
            if let Some((ip, port, span)) = six_numbers(argument, 4) {
                fields.push(Field::new(&f::PASSIVE_IP, Value::Ipv4(ip), span));
                fields.push(Field::new(&f::PASSIVE_PORT, Value::Uint(port.into()), span));
            }
        }
        229 => {
            if let Some((port, span)) = port_in_bars(argument, 4) {
                fields.push(Field::new(&f::EPSV_PORT, Value::Uint(port.into()), span));
            }
        }
        _ => {}
    }
}

/// RFC 959 §4.1.2: h1,h2,h3,h4,p1,p2, wherever it stands in the text.
fn six_numbers(text: &[u8], at: usize) -> Option<(Ipv4Addr, u16, Span)> {
    let wanted = |b: &u8| b.is_ascii_digit() || *b == b',';
    let mut from = 0;
    for part in text.split(|b| !wanted(b)) {
        let numbers: Vec<u8> =
            part.split(|b| *b == b',').map_while(|n| std::str::from_utf8(n).ok()?.parse().ok()).take(7).collect();
        if let [a, b, c, d, high, low] = numbers[..] {
            return Some((Ipv4Addr::new(a, b, c, d), u16::from_be_bytes([high, low]), Span::new(at + from, part.len())));
        }
        from += part.len() + 1;
    }
    None
}

/// RFC 2428 §3: (|||port|), with any character for the bar.
fn port_in_bars(text: &[u8], at: usize) -> Option<(u16, Span)> {
    let open = text.iter().position(|b| *b == b'(')?;
    let [a, b, c, rest @ ..] = text.get(open + 1..)? else { return None };
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    if a != b || b != c || rest.get(digits) != Some(a) {
        return None;
    }
    let port = std::str::from_utf8(rest.get(..digits)?).ok()?.parse().ok()?;
    Some((port, Span::new(at + open + 4, digits)))
}

/// RFC 2428 §2: |family|address|port|.
fn extended(text: &[u8], at: usize, fields: &mut Vec<Field>) {
    let Some(bar) = text.first() else { return };
    let mut from = at;
    let mut parts = text.split(|b| b == bar).map(|part| {
        let span = Span::new(from, part.len());
        from += part.len() + 1;
        (std::str::from_utf8(part).unwrap_or(""), span)
    });
    let (Some(_), Some(family), Some(address), Some(port)) = (parts.next(), parts.next(), parts.next(), parts.next()) else { return };
    let (Ok(number), Ok(to)) = (family.0.parse::<u8>(), port.0.parse::<u16>()) else { return };
    let address_field = match number {
        1 => address.0.parse::<Ipv4Addr>().map(|a| Field::new(&f::EPRT_IP, Value::Ipv4(a), address.1)),
        _ => address.0.parse::<Ipv6Addr>().map(|a| Field::new(&f::EPRT_IPV6, Value::Ipv6(a), address.1)),
    };
    fields.push(Field::new(&f::EPRT_AF, Value::Uint(number.into()), family.1));
    fields.extend(address_field.ok());
    fields.push(Field::new(&f::EPRT_PORT, Value::Uint(to.into()), port.1));
}
