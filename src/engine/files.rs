//! Folders listed and captures saved.

use super::load::PIECE;
use crate::app::{Entry, Told};
use crate::flow::tables::follow;
use crate::lang::Text;
use crate::trace::read::Parser;
use crate::trace::write::{Format, save as write};
use crate::trace::{ReadAt, Trace};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

/// Endings that the browser shows.
const ENDINGS: [&str; 4] = ["pcap", "pcapng", "cap", "ntar"];
/// Endings behind those, of captures that are packed.
const PACKED: [&str; 2] = ["gz", "zst"];
/// Entries of a folder at most; more than anybody reads.
const MOST: usize = 5000;

/// Folders first, then captures (or `all` files), both by name; hidden ones are left out.
///
/// # Errors
/// The system's words on why the folder cannot be read.
pub fn list(folder: &Path, all: bool) -> Result<Vec<Entry>, String> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| e.to_string())?.flatten().take(MOST) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(meta) = fs::metadata(entry.path()) else { continue };
        let capture = all || is_capture(&name);
        if !name.starts_with('.') && (meta.is_dir() || capture) {
            entries.push(Entry { name, folder: meta.is_dir(), size: meta.len() });
        }
    }
    entries.sort_by(|a, b| b.folder.cmp(&a.folder).then_with(|| a.name.to_lowercase().cmp(&b.name.to_lowercase())));
    Ok(entries)
}

/// Whether a file's name is that of a capture, packed or not.
fn is_capture(name: &str) -> bool {
    let name = name.to_lowercase();
    let plain = PACKED.iter().find_map(|e| name.strip_suffix(e)?.strip_suffix('.')).unwrap_or(&name);
    plain.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

/// The format that a file's ending asks for.
pub fn format_of(path: &Path) -> Format {
    Format::of_name(&path.file_name().unwrap_or_default().to_string_lossy())
}

/// Saves the first `len` bytes of an open capture under another name. The file appears when it is complete. Gives a
/// sentence on each thing that the format could not keep.
///
/// # Errors
/// The source cannot be read, the place cannot be written, or the format cannot hold the capture; with what to do.
pub fn save(source: Arc<dyn ReadAt>, len: u64, path: &Path) -> Result<Vec<Text>, Text> {
    let trace = reread(source, len)?;
    save_trace(&trace, path)
}

/// Writes a trace to a file that appears when it is complete.
///
/// # Errors
/// As [`save`].
pub fn save_trace(trace: &Trace, path: &Path) -> Result<Vec<Text>, Text> {
    let shown = path.display();
    let cannot = |e: &dyn std::fmt::Display| {
        Text::new(
            format!("{shown} に保存できません：{e}。別の場所を選んでください。"),
            format!("Cannot save to {shown}: {e}. Choose another place."),
        )
    };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = Path::new(&beside);
    let outcome = (|| {
        let mut out = BufWriter::new(File::create(beside).map_err(|e| cannot(&e))?);
        write(trace, format_of(path), &mut out, &mut |_| true).map_err(|e| e.text())?;
        out.flush().map_err(|e| cannot(&e))?;
        fs::rename(beside, path).map_err(|e| cannot(&e))
    })();
    if outcome.is_err() {
        let _ = fs::remove_file(beside);
    }
    outcome.map(|()| format_of(path).losses(trace))
}

/// Writes a part of what was said in a conversation to a file that appears when it is complete; gives a sentence on it.
///
/// # Errors
/// The place cannot be written, or something stands there and is not to be replaced.
pub fn save_stream(what: &Told, path: &Path, replace: bool) -> Result<Text, Text> {
    let shown = path.display();
    let cannot = |e: &dyn std::fmt::Display| {
        Text::new(
            format!("{shown} に保存できません：{e}。別の場所を選んでください。"),
            format!("Cannot save to {shown}: {e}. Choose another place."),
        )
    };
    if path.exists() && !replace {
        return Err(Text::new(
            format!("{shown} はすでにあります。別の名前を選んでください。"),
            format!("{shown} exists already. Choose another name."),
        ));
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = Path::new(&beside);
    let outcome = (|| {
        let mut out = BufWriter::new(File::create(beside)?);
        let mut failed = None;
        let capture = &what.snapshot.0;
        let written = follow::all(&capture.trace, &capture.index, what.flow, what.part, what.unpacked, &mut |bytes| {
            failed = out.write_all(bytes).err();
            failed.is_none()
        });
        if let Some(e) = failed {
            return Err(e);
        }
        out.flush()?;
        fs::rename(beside, path)?;
        Ok(written.unwrap_or_default())
    })();
    if outcome.is_err() {
        let _ = fs::remove_file(beside);
    }
    let follow::Written { bytes, missing } = outcome.map_err(|e| cannot(&e))?;
    Ok(if missing == 0 {
        Text::new(format!("{bytes} バイトを保存しました：{shown}"), format!("Saved {bytes} bytes: {shown}"))
    } else {
        Text::new(
            format!("{bytes} バイトを保存しました：{shown}。キャプチャされていない {missing} バイトは抜けています。"),
            format!("Saved {bytes} bytes: {shown}. {missing} bytes were never captured and are left out."),
        )
    })
}

/// The trace of a source, read again from the start.
fn reread(source: Arc<dyn ReadAt>, len: u64) -> Result<Trace, Text> {
    let mut trace = Trace::new(Arc::clone(&source));
    let mut parser = Parser::new();
    let mut piece = vec![0; PIECE];
    let mut at = 0;
    while at < len {
        let want = PIECE.min(usize::try_from(len - at).unwrap_or(PIECE));
        let Some(room) = piece.get_mut(..want) else { break };
        source.read_at(at, room).map_err(|e| {
            Text::new(format!("元のキャプチャを読めません：{e}"), format!("The capture can no longer be read: {e}"))
        })?;
        parser.feed(room, &mut |record, _| trace.append(record));
        at += want as u64;
    }
    Ok(trace)
}

/// Writes a text to a new file, or over one that is to be replaced; says what was done.
///
/// # Errors
/// The place cannot be written, or something stands there and is not to be replaced.
pub fn save_text(text: &str, path: &Path, replace: bool) -> Result<Text, Text> {
    let shown = path.display();
    let mut how = fs::OpenOptions::new();
    how.write(true).truncate(true).create(replace).create_new(!replace);
    match how.open(path).and_then(|mut file| file.write_all(text.as_bytes())) {
        Ok(()) => Ok(Text::new(format!("保存しました：{shown}"), format!("Saved: {shown}"))),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Err(Text::new(
            format!("{shown} はすでにあります。別の名前を選んでください。"),
            format!("{shown} exists already. Choose another name."),
        )),
        Err(e) => Err(Text::new(
            format!("{shown} に保存できません：{e}。別の場所を選んでください。"),
            format!("Cannot save to {shown}: {e}. Choose another place."),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_are_known_by_their_names_packed_or_not() {
        for name in ["a.pcap", "A.PCAPNG", "x.cap.gz", "b.pcapng.zst"] {
            assert!(is_capture(name), "{name}");
        }
        for name in ["a.gz", "pcap", "a.tar.gz", "pcap.gz", "a.pcap.xz", "a.pcapgz"] {
            assert!(!is_capture(name), "{name}");
        }
    }
}
