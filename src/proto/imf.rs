//! A mail for the eye (RFC 5322): its header lines, and what its Content-Type says of the rest.
//!
//! In: the bytes of a mail, as they stand in a message of SMTP or POP3. Out: the layer of the mail and those of its parts, named
//! as Wireshark names them. Encoded words and Base64 are shown as they were sent.

use super::media;
use super::presentation::{self, Nature, Place};
use crate::fields;
use crate::wire::{Field, FieldDef, Kind, Layer, Osi, Span, Value};

fields! {
    DATE: "imf.date", Kind::Text, ("日付", "Date"),
        ("メールが書き上げられた日時です（RFC 5322 §3.6.1）。", "When the mail was finished (RFC 5322 §3.6.1).");
    FROM: "imf.from", Kind::Text, ("差出人", "From"),
        ("書いた人です。ここの名前は誰でも自由に書けます（RFC 5322 §3.6.2）。", "Who wrote it; anybody can put any name here (RFC 5322 §3.6.2).");
    SENDER: "imf.sender", Kind::Text, ("送信者", "Sender"),
        ("書いた人に代わって送った人です（RFC 5322 §3.6.2）。", "Who sent it on behalf of the author (RFC 5322 §3.6.2).");
    REPLY_TO: "imf.reply_to", Kind::Text, ("返信先", "Reply-To"),
        ("返事を送ってほしい宛先です（RFC 5322 §3.6.2）。", "Where answers should go (RFC 5322 §3.6.2).");
    TO: "imf.to", Kind::Text, ("宛先", "To"),
        ("主な受取人です。実際の配送先は SMTP の RCPT が決めます（RFC 5322 §3.6.3）。", "Those it is meant for; where it is delivered, SMTP's RCPT says (RFC 5322 §3.6.3).");
    CC: "imf.cc", Kind::Text, ("写しの宛先", "Cc"),
        ("写しを受け取る人です（RFC 5322 §3.6.3）。", "Those who get a copy (RFC 5322 §3.6.3).");
    BCC: "imf.bcc", Kind::Text, ("隠れた宛先", "Bcc"),
        ("ほかの人に知らせずに写しを受け取る人です（RFC 5322 §3.6.3）。", "Those who get a copy without the others knowing (RFC 5322 §3.6.3).");
    MESSAGE_ID: "imf.message_id", Kind::Text, ("メールの ID", "Message-ID"),
        ("このメールだけの名前です（RFC 5322 §3.6.4）。", "A name that only this mail has (RFC 5322 §3.6.4).");
    IN_REPLY_TO: "imf.in_reply_to", Kind::Text, ("返信元", "In-Reply-To"),
        ("返事をしている相手のメールの ID です（RFC 5322 §3.6.4）。", "The ID of the mail that this one answers (RFC 5322 §3.6.4).");
    REFERENCES: "imf.references", Kind::Text, ("参照", "References"),
        ("これまでのやり取りのメールの ID です（RFC 5322 §3.6.4）。", "The IDs of the mails before it in the talk (RFC 5322 §3.6.4).");
    SUBJECT: "imf.subject", Kind::Text, ("件名", "Subject"),
        ("件名で、ASCII 以外は =?…?= の形に符号化されています（RFC 5322 §3.6.5、RFC 2047）。", "The subject; what is not ASCII is encoded as =?…?= (RFC 5322 §3.6.5, RFC 2047).");
    USER_AGENT: "imf.user_agent", Kind::Text, ("メールソフト", "User-Agent"),
        ("メールを作ったプログラムです。", "The program that made the mail.");
    RETURN_PATH: "imf.return_path", Kind::Text, ("戻り先", "Return-Path"),
        ("届かなかったときの知らせの宛先です（RFC 5322 §3.6.7）。", "Where news of a failed delivery goes (RFC 5322 §3.6.7).");
    RECEIVED: "imf.received", Kind::Text, ("経由", "Received"),
        ("通ったサーバが 1 行ずつ書き足した記録です（RFC 5322 §3.6.7）。", "A trace: each server on the way adds a line (RFC 5322 §3.6.7).");
    CONTENT_TYPE: "imf.content.type", Kind::Text, ("本文の種類", "Content-Type"),
        ("本文のメディアタイプです（RFC 2045 §5）。", "The media type of the body (RFC 2045 §5).");
    TYPE: "imf.content.type.type", Kind::Text, ("種類", "Type"),
        ("メディアタイプの名前です（RFC 2045 §5）。", "The name of the media type (RFC 2045 §5).");
    PARAMETERS: "imf.content.type.parameters", Kind::Text, ("パラメータ", "Parameters"),
        ("種類に添えられた文字コードや区切りなどです（RFC 2045 §5）。", "What is added to the type: the character encoding, a boundary (RFC 2045 §5).");
    TRANSFER_ENCODING: "imf.content.transfer_encoding", Kind::Text, ("転送時の符号化", "Content-Transfer-Encoding"),
        ("7 ビットしか通らない経路のための符号化です（RFC 2045 §6）。", "How the body is encoded for ways that carry 7 bits only (RFC 2045 §6).");
    MIME_VERSION: "imf.mime_version", Kind::Text, ("MIME の版", "MIME-Version"),
        ("本文が MIME の約束に従うことを表します（RFC 2045 §4）。", "Says that the body follows MIME (RFC 2045 §4).");
    MAILER: "imf.ext.mailer", Kind::Text, ("メールソフト", "X-Mailer"),
        ("メールを作ったプログラムです。", "The program that made the mail.");
    DELIVERED_TO: "imf.delivered_to", Kind::Text, ("配達先", "Delivered-To"),
        ("届けられた受信箱です。", "The mailbox it was delivered to.");
}

/// Header lines that are read at most.
const MAX_LINES: usize = 1024;

fn known(name: &str) -> Option<&'static FieldDef> {
    Some(match name {
        "date" => &DATE,
        "from" => &FROM,
        "sender" => &SENDER,
        "reply-to" => &REPLY_TO,
        "to" => &TO,
        "cc" => &CC,
        "bcc" => &BCC,
        "message-id" => &MESSAGE_ID,
        "in-reply-to" => &IN_REPLY_TO,
        "references" => &REFERENCES,
        "subject" => &SUBJECT,
        "user-agent" => &USER_AGENT,
        "return-path" => &RETURN_PATH,
        "received" => &RECEIVED,
        "content-type" => &CONTENT_TYPE,
        "content-transfer-encoding" => &TRANSFER_ENCODING,
        "mime-version" => &MIME_VERSION,
        "x-mailer" => &MAILER,
        "delivered-to" => &DELIVERED_TO,
        _ => return None,
    })
}

/// The layers of the mail that stands in `area` of a message.
pub fn layers(message: &[u8], area: Span) -> Vec<Layer> {
    let mail = area.of(message);
    let base = area.start as usize;
    let mut fields = Vec::new();
    let mut nature = Nature::default();
    let mut at = 0;
    for _ in 0..MAX_LINES {
        let len = header_len(mail.get(at..).unwrap_or(&[]));
        let Some(header) = mail.get(at..at + len).filter(|h| !matches!(**h, [] | [b'\n'] | [b'\r', b'\n'])) else {
            at += len;
            break;
        };
        let Some(colon) = memchr::memchr(b':', header) else { break };
        let bare = header.strip_suffix(b"\n").map_or(header, |h| h.strip_suffix(b"\r").unwrap_or(h));
        let value = bare.get(colon + 1..).unwrap_or(&[]);
        let lead = value.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let span = Span::new(base + at + colon + 1 + lead, value.len() - lead);
        let text = |span: Span| Value::Text(presentation::utf8(span.of(message)));
        let name = String::from_utf8_lossy(header.get(..colon).unwrap_or(&[])).to_ascii_lowercase();
        if let Some(def) = known(&name) {
            let mut field = Field::new(def, text(span), span);
            if std::ptr::eq(def, &CONTENT_TYPE) {
                let value = span.of(message);
                // Wireshark takes a type to be one only if parameters follow.
                if let Some(end) = memchr::memchr(b';', value) {
                    nature.set_content_type(value, span);
                    let first = Span::new(span.start as usize, end);
                    let rest = Span::new(span.start as usize + end + 1, value.len() - end - 1);
                    field.children.push(Field::new(&TYPE, text(first), first));
                    field.children.push(Field::new(&PARAMETERS, text(rest), rest));
                }
            }
            fields.push(field);
        }
        at += len;
    }
    let at = at.min(mail.len());
    let body = Span::new(base + at, mail.len() - at);
    let layer = Layer {
        proto: "imf",
        title: "IMF",
        osi: Osi::Presentation,
        buffer: 0,
        header: Span::new(base, at),
        payload: body,
        summary: "Internet Message Format".to_owned(),
        fields,
    };
    let mut out = vec![layer];
    // Wireshark leaves a body of a type that it has no reader for as it is.
    if nature.media_type.as_ref().is_some_and(|(name, _)| media::media_protocol(name).is_some()) && !body.is_empty() {
        out.extend(presentation::layers(message, Place { buffer: 0, area: body }, &nature));
    }
    out
}

/// The length of a header with the lines that go on with it (RFC 5322 §2.2.3), or of the empty line behind the last.
fn header_len(bytes: &[u8]) -> usize {
    let mut at = 0;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let begins = !matches!(line.first(), Some(b' ' | b'\t'));
        let empty_first = matches!(bytes, [b'\n', ..] | [b'\r', b'\n', ..]);
        if at > 0 && (begins || empty_first) {
            break;
        }
        at += line.len();
    }
    at
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn read(mail: &str) -> Vec<Layer> {
        layers(mail.as_bytes(), Span::new(0, mail.len()))
    }

    #[test]
    fn headers_are_read_with_the_lines_that_go_on_with_them() {
        let out = read("Subject: a\r\nRECEIVED: from a;\r\n\tby b\r\nX-Own: 1\r\n\r\nTo: nobody\r\n");
        let print = |name: &str| out[0].field(name).map(|f| f.print(&[]));
        assert_eq!(print("imf.subject"), Some("a".into()));
        assert_eq!(print("imf.received"), Some("from a;\r\n\tby b".into()));
        assert_eq!(print("imf.to"), None);
        assert_eq!(out.len(), 1);
    }

    #[test]
    fn the_body_is_read_by_its_type_and_its_parts_by_theirs() {
        let protos = |mail: &str| read(mail).iter().map(|l| l.proto).collect::<Vec<_>>();
        assert_eq!(protos("Content-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n"), ["imf", "data-text-lines"]);
        assert_eq!(protos("Content-Type: text/plain\r\n\r\nHello\r\n"), ["imf"]);
        assert_eq!(protos("Content-Type: x/unknown; a=b\r\n\r\nHello\r\n"), ["imf"]);
        let mail = "Content-Type: multipart/mixed;\r\n boundary=\"b\"\r\n\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>\r\n--b--\r\n";
        assert_eq!(protos(mail)[..2], ["imf", "mime_multipart"]);
        assert_eq!(protos(mail).last(), Some(&"data-text-lines"));
        assert_eq!(protos("no header at all\r\n"), ["imf"]);
        assert_eq!(protos(""), ["imf"]);
    }
}
