//! FTP's data connections: a file or a list, and nothing else. Which connection it is was announced on another one.

use super::six_numbers_of;
use crate::lang::{Words, words as say};
use crate::proto::data::Data;
use crate::proto::lines::{code, words};
use crate::proto::claim::{Ask, Claim};
use crate::proto::{About, Framer, MessageKind, MessageLayers, Protocol};
use crate::wire::FieldDef;

/// The port that a message of FTP announces for the next data connection, by its title.
pub fn announced(kind: MessageKind, title: &str) -> Option<u16> {
    let line = title.as_bytes();
    match kind {
        MessageKind::Response => match code(line)?.0 {
            227 => six_numbers_of(line),
            229 => super::dissect::port_in_bars(line, 0).map(|(port, _)| port),
            _ => None,
        },
        MessageKind::Request => match words(line) {
            (b"PORT", numbers) => six_numbers_of(numbers),
            // RFC 2428 §2: |family|address|port|.
            (b"EPRT", text) => {
                let bar = text.first()?;
                std::str::from_utf8(text.split(|b| b == bar).nth(3)?).ok()?.parse().ok()
            }
            _ => None,
        },
        _ => None,
    }
}

/// The row of FTP's data in the table.
pub struct FtpData;

impl Protocol for FtpData {
    fn name(&self) -> &'static str {
        "ftp-data"
    }

    fn title(&self) -> &'static str {
        "FTP-DATA"
    }

    fn about(&self) -> Words {
        say("FTP で送り受けするファイルや一覧の中身です。", "The file or list itself that FTP moves.")
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        &[]
    }

    fn tcp_ports(&self) -> &'static [u16] {
        &[20]
    }

    fn in_parts(&self) -> bool {
        true
    }

    fn claim(&self, ask: &Ask<'_>) -> Claim {
        ask.vouched()
    }

    fn framer(&self) -> Option<Box<dyn Framer>> {
        Data.framer()
    }

    fn dissect(&self, message: &[u8], about: About<'_>) -> MessageLayers {
        let mut out = Data.dissect(message, about);
        if let Some(first) = out.layers.first_mut() {
            (first.proto, first.title) = (self.name(), self.title());
        }
        out
    }
}
