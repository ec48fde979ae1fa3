//! Which format a file has, by its first bytes; and for one that is no capture, what it seems to be and what to do.
//!
//! In: up to [`LOOK`] bytes. Out: a reader to go on with, or words. The answer depends on the bytes alone, never on the
//! pieces they came in.

use super::order::Order;
use super::pcap::{self, Dialect};
use super::pcapng;
use super::{Format, Step};
use crate::lang::Text;

/// Bytes looked at before a file is called unknown.
const LOOK: usize = 16;

/// The format, or what to tell the caller instead: more bytes are needed, or this is no capture.
pub(super) fn format(bytes: &[u8]) -> Result<Format, Step> {
    let Some(magic) = bytes.first_chunk::<4>() else { return Err(Step::Need(4)) };
    for order in [Order::Little, Order::Big] {
        let magic = order.u32(magic, 0);
        if let Some(dialect) = Dialect::of_magic(magic) {
            return Ok(Format::Pcap(pcap::Reader::new(order, dialect)));
        }
        match magic {
            pcapng::SECTION => return Ok(Format::Pcapng(pcapng::Reader::default())),
            _ => {}
        }
    }
    if bytes.len() < LOOK { Err(Step::Need(LOOK)) } else { Err(Step::NotACapture(seems(bytes))) }
}

/// What a file that is no capture seems to be, and what to do with it. `bytes`: its beginning, or all of it if shorter.
pub(super) fn seems(bytes: &[u8]) -> Text {
    let advice = |ja: String, en: String| Text::new(ja, en);
    let packed = |name: &str, command: &str| {
        advice(
            format!("{name} で圧縮されたファイルのようです。「{command}」で展開してから開いてください"),
            format!("This seems to be compressed with {name}. Unpack it first: {command}"),
        )
    };
    let foreign = |name: &str| {
        advice(
            format!(
                "{name} のようです。Wireshark で開いて pcapng 形式で保存し直すか、「editcap 元 先.pcapng」で変換してください"
            ),
            format!("This seems to be {name}. Open it in Wireshark and save it as pcapng, or run: editcap IN OUT.pcapng"),
        )
    };
    let other = |ja: &str, en: &str| {
        advice(
            format!("{ja}のようです。.pcap か .pcapng のファイルを選んでください"),
            format!("This seems to be {en}, not a capture. Choose a .pcap or .pcapng file"),
        )
    };
    match bytes {
        [] => advice(
            "ファイルが空です。キャプチャを保存したプログラムが、まだ何も書いていないか、途中で失敗したのかもしれません"
                .into(),
            "The file is empty. The program that made it may not have written anything yet, or may have failed".into(),
        ),
        [0x1f, 0x8b, ..] => packed("gzip", "gzip -d FILE"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => packed("zstd", "zstd -d FILE"),
        [0xfd, b'7', b'z', b'X', b'Z', ..] => packed("xz", "xz -d FILE"),
        [b'B', b'Z', b'h', ..] => packed("bzip2", "bzip2 -d FILE"),
        [0x04, 0x22, 0x4d, 0x18, ..] => packed("lz4", "lz4 -d FILE"),
        [b'P', b'K', 3, 4, ..] => packed("zip", "unzip FILE"),
        [b's', b'n', b'o', b'o', b'p', 0, ..] => foreign("a snoop capture (Solaris)"),
        [b'G', b'M', b'B', b'U', ..] | [b'R', b'T', b'S', b'S', ..] => foreign("a Microsoft Network Monitor capture"),
        [0xa1, 0xb2, 0x34, 0xcd, ..] | [0xcd, 0x34, 0xb2, 0xa1, ..] => foreign("a pcap of a patched tcpdump (0xa1b234cd)"),
        [0xa1, 0x2b, 0x3c, 0x4d, ..] | [0x4d, 0x3c, 0x2b, 0xa1, ..] => foreign("a Navtel pcap (0xa12b3c4d)"),
        [0x7f, b'E', b'L', b'F', ..] => other("プログラム（ELF）", "a program (ELF)"),
        [b'%', b'P', b'D', b'F', ..] => other("PDF 文書", "a PDF document"),
        [0x89, b'P', b'N', b'G', ..] => other("画像（PNG）", "a picture (PNG)"),
        _ if bytes.len() < 4 => advice(
            format!("{} バイトしかなく、キャプチャファイルとしては短すぎます", bytes.len()),
            format!("The file has only {} bytes, too few for a capture", bytes.len()),
        ),
        _ if is_text(bytes) => advice(
            "テキストファイルのようです。16 進ダンプなら、Wireshark 付属の「text2pcap 元 先.pcap」で変換できます".into(),
            "This seems to be a text file. If it is a hex dump, Wireshark's text2pcap can convert it: text2pcap IN OUT.pcap"
                .into(),
        ),
        _ => advice(
            format!(
                "pcap でも pcapng でもありません（先頭は {}）。ファイルを確かめるか、Wireshark で開けるなら pcapng 形式で保存し直してください",
                hex(bytes)
            ),
            format!(
                "This is neither pcap nor pcapng (it begins with {}). Check the file; if Wireshark can open it, save it there as pcapng",
                hex(bytes)
            ),
        ),
    }
}

/// Text in UTF-8, or in UTF-16 with its mark. A character may be cut at the end.
fn is_text(bytes: &[u8]) -> bool {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return true;
    }
    let whole = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(e) if e.error_len().is_none() => {
            bytes.get(..e.valid_up_to()).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("")
        }
        Err(_) => return false,
    };
    !whole.is_empty() && whole.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(4).map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(" ")
}
